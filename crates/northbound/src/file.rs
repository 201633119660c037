//! The file door: a watched configuration document. Whatever stands in it is in force while it stands there.
//!
//! It does what the reference's initial configuration does at start, and goes on doing it: the file may be edited or
//! replaced at any time. It is looked at twice a second; a change is taken when it has stood still for one look, so
//! that a half-written file is not taken for a short one.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::task::JoinHandle;

use crate::document;
use crate::intake::Intake;
use crate::merge::{Class, Source};

/// The source of what stands in the file.
pub fn source() -> Source {
    Source::new(Class::File, "file")
}

/// The running door. Dropping it stops the door; what it brought stays in force.
pub struct Watched(JoinHandle<()>);

impl Watched {
    /// Starts to watch the file on the current runtime. If it is absent, the source is unknown until it appears.
    pub fn start(path: impl Into<PathBuf>, intake: Intake) -> Watched {
        let watcher = Watcher { path: path.into(), intake, taken: None, absent: false };
        Watched(tokio::spawn(watcher.run()))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Between two looks at the file.
const LOOK_EVERY: Duration = Duration::from_millis(500);

struct Watcher {
    path: PathBuf,
    intake: Intake,
    /// The state of the file that was taken last.
    taken: Option<Look>,
    /// It was said that the file is absent.
    absent: bool,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
    changed: (i64, i64),
}

impl Look {
    async fn at(path: &Path) -> std::io::Result<Look> {
        use std::os::unix::fs::MetadataExt;
        let found = tokio::fs::metadata(path).await?;
        let changed = (found.ctime(), found.ctime_nsec());
        Ok(Look { modified: found.modified().ok(), length: found.len(), inode: found.ino(), changed })
    }

    /// Written long enough ago that a look at it cannot have missed the end of the same write.
    fn is_old(&self) -> bool {
        let age = self.modified.and_then(|modified| modified.elapsed().ok());
        age.is_some_and(|age| age > LOOK_EVERY)
    }
}

impl Watcher {
    async fn run(mut self) {
        let mut before = None;
        loop {
            match Look::at(&self.path).await {
                Ok(look) => {
                    self.absent = false;
                    let still = before == Some(look) || (before.is_none() && look.is_old());
                    if still && self.taken != Some(look) && !self.take(look).await {
                        return;
                    }
                    before = Some(look);
                }
                Err(error) => {
                    self.is_absent(&error);
                    before = None;
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Reads the file. False when the agent shuts down.
    async fn take(&mut self, look: Look) -> bool {
        self.taken = Some(look);
        let path = self.path.display();
        let text = match tokio::fs::read(&self.path).await {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!("reading {path} failed: {error}; what it said before stays in force");
                return true;
            }
        };
        let parsed = String::from_utf8(text).map_err(|error| error.to_string());
        let parsed = parsed.and_then(|text| model::document::parse(&text).map_err(|error| error.to_string()));
        let (mut batch, problems) = match parsed {
            Ok(parsed) => document::batch(parsed, true),
            Err(error) => {
                tracing::error!(
                    "{path}: {error}; what the file said before stays in force until it is corrected"
                );
                return true;
            }
        };
        for problem in problems {
            tracing::error!("{path}: {problem}");
        }
        tracing::info!("{path}: {} values", batch.items.len());
        batch.retry = Some(sched::Retry::default());
        batch.description = format!("file {path}");
        self.intake.submit(source(), batch).await.is_ok()
    }

    /// Says once that the file is not there.
    fn is_absent(&mut self, error: &std::io::Error) {
        if std::mem::replace(&mut self.absent, true) {
            return;
        }
        let path = self.path.display();
        match self.taken {
            Some(_) => {
                tracing::error!("{path} cannot be looked at ({error}); what it said before stays in force");
            }
            None => {
                tracing::error!(
                    "{path} cannot be looked at ({error}); waiting for it, nothing is removed meanwhile"
                );
            }
        }
    }
}
