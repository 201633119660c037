//! The embedded durable store: what came in by gRPC, REST and the local client, and the record of what we made.
//!
//! One append-only file, see `docs/adr/0004-durable-store.md`. All file work is done by a thread of its own; writes that
//! wait for the same disk flush share it. Nothing of the content is kept in memory, unless a test wants a disk there.

mod crc;
mod disk;
mod file;
mod record;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::value::Value;
use tokio::sync::{mpsc, oneshot};

use crate::merge::{Source, Want};
pub use disk::Memory;
use file::LogFile;

/// Labels that a client attached to a value.
pub type Labels = BTreeMap<String, String>;

/// One thing to remember.
#[derive(Clone, Debug)]
pub enum Op {
    /// The source wants this value.
    Put {
        /// Who.
        source: Source,
        /// Under which key.
        key: Arc<str>,
        /// What.
        value: Arc<dyn Value>,
        /// With these labels.
        labels: Option<Arc<Labels>>,
    },
    /// The source no longer wants anything under this key.
    Delete {
        /// Who.
        source: Source,
        /// Which key.
        key: Arc<str>,
    },
    /// We made the object of this key, and nothing there tells so.
    Made(Arc<str>),
    /// What we made under this key is gone.
    Unmade(Arc<str>),
}

/// One stored value of one source.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Who wants it.
    pub source: Source,
    /// Its key.
    pub key: Arc<str>,
    /// The value, or why the stored bytes cannot be used (they stay in the file).
    pub want: Want,
    /// The labels that came with it.
    pub labels: Option<Arc<Labels>>,
}

/// All that the store remembered, in the order of source and key.
#[derive(Debug, Default)]
pub struct Content {
    /// Values.
    pub values: Vec<Stored>,
    /// Keys of what we made.
    pub made: Vec<Arc<str>>,
    /// What was wrong with the file, in sentences for the log.
    pub problems: Vec<String>,
}

/// Why the store cannot be opened, or did not remember something.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be used at all.
    #[error("opening the store {path} failed: {cause}; make its directory writable or configure another")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Arc<str>,
    },
    /// Another process has it.
    #[error("the store {path} is in use by another process; stop that agent or configure another directory")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version.
    #[error(
        "the store {path} has layout version {version:?}, which this agent does not know; \
         start the agent that wrote it, or move the file away to start without what it holds"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version byte of the file.
        version: char,
    },
    /// What was to be remembered is not on disk.
    #[error("writing to the store {path} failed: {cause}; the configuration would be lost with the agent")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Arc<str>,
    },
}

struct Job {
    ops: Vec<Op>,
    done: oneshot::Sender<Result<(), Error>>,
}

/// Handle to the store's thread. The file is closed when the last clone is gone and all writes are done.
#[derive(Clone, Debug)]
pub struct Store {
    jobs: mpsc::UnboundedSender<Job>,
    path: Arc<Path>,
}

/// Garbage below this size is left alone.
const COMPACT_ABOVE: u64 = 16 << 20;

impl Store {
    /// Opens the file, making it and its directory if needed, and reads all that is in it. Blocks.
    ///
    /// # Errors
    /// If the file cannot be read or made, or another process uses it. Damage is no error: see [`Content::problems`].
    pub fn open(path: &Path) -> Result<(Store, Content), Error> {
        Store::open_with(path, COMPACT_ABOVE)
    }

    fn open_with(path: &Path, compact_above: u64) -> Result<(Store, Content), Error> {
        let (file, content) = LogFile::open(path, compact_above)?;
        let (jobs, queue) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new().name("store".into());
        thread.spawn(move || serve(file, queue)).map_err(|cause| Error::Open {
            path: path.to_owned(),
            cause: format!("starting its thread: {cause}").into(),
        })?;
        Ok((Store { jobs, path: path.into() }, content))
    }

    /// Opens a store on a disk in memory. It has a task on the current runtime in the place of a thread.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn in_memory(memory: &Memory) -> Result<(Store, Content), Error> {
        let path = Path::new("in memory");
        let (file, content) = LogFile::on(Box::new(memory.clone()), path, COMPACT_ABOVE)?;
        let (jobs, queue) = mpsc::unbounded_channel();
        tokio::spawn(serve_in_memory(file, memory.clone(), queue));
        Ok((Store { jobs, path: path.into() }, content))
    }

    /// Remembers all of this or, if the machine stops first, nothing of it. Queued when called; resolves when it is on
    /// disk. Later writes never overtake earlier ones.
    pub fn write(&self, ops: Vec<Op>) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let (done, answer) = oneshot::channel();
        let sent = self.jobs.send(Job { ops, done }).is_ok();
        let path = Arc::clone(&self.path);
        async move {
            let gone =
                || Error::Write { path: path.to_path_buf(), cause: "the store's thread has ended".into() };
            if !sent {
                return Err(gone());
            }
            answer.await.unwrap_or_else(|_| Err(gone()))
        }
    }

    /// Remembers that we made the objects of these keys.
    pub fn made(&self, keys: &[Arc<str>]) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        self.write(keys.iter().map(|key| Op::Made(Arc::clone(key))).collect())
    }

    /// Remembers that what we made under these keys is gone.
    pub fn unmade(&self, keys: &[Arc<str>]) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        self.write(keys.iter().map(|key| Op::Unmade(Arc::clone(key))).collect())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn serve(mut file: LogFile, mut queue: mpsc::UnboundedReceiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let jobs = all_that_wait(first, &mut queue);
        let result = file.append(jobs.iter().flat_map(|job| &job.ops));
        answer(jobs, result);
        tidy_up(&mut file);
    }
}

async fn serve_in_memory(mut file: LogFile, memory: Memory, mut queue: mpsc::UnboundedReceiver<Job>) {
    while let Some(first) = queue.recv().await {
        let jobs = all_that_wait(first, &mut queue);
        let written = file.write(jobs.iter().flat_map(|job| &job.ops));
        tokio::time::sleep(memory.pause()).await;
        answer(jobs, written.and_then(|written| file.flush(written)));
        tidy_up(&mut file);
    }
}

fn all_that_wait(first: Job, queue: &mut mpsc::UnboundedReceiver<Job>) -> Vec<Job> {
    let mut jobs = vec![first];
    while let Ok(more) = queue.try_recv() {
        jobs.push(more);
    }
    jobs
}

fn answer(jobs: Vec<Job>, result: Result<(), Error>) {
    if let Err(error) = &result {
        tracing::error!("{error}");
    }
    for job in jobs {
        // Nobody may be waiting any more.
        let _ = job.done.send(result.clone());
    }
}

fn tidy_up(file: &mut LogFile) {
    if let Err(error) = file.compact_if_worth() {
        tracing::warn!("{error}");
    }
}

#[cfg(test)]
mod tests;
