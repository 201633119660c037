//! What the store's bytes lie on: a file, or memory in the place of one.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Error;

/// One file, as far as the store uses it. What is written is sure to be there later only once it is flushed.
pub trait Disk: Send {
    /// All of it.
    fn read(&mut self) -> io::Result<Vec<u8>>;
    /// Writes these bytes from this offset on.
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// Has everything written so far flushed.
    fn flush(&mut self) -> io::Result<()>;
    /// Cuts it off after so many bytes, for sure.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Puts these bytes in the place of all others, in one step and for sure.
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Copies it, and says where to.
    fn set_aside(&mut self) -> io::Result<PathBuf>;
}

/// A file that nobody else uses meanwhile.
pub struct OnFile {
    path: PathBuf,
    file: File,
    /// Held for the life of the store; says that the file is in use.
    _lock: File,
}

impl OnFile {
    /// Opens the file, making it and its directory if needed.
    pub fn open(path: &Path) -> Result<OnFile, Error> {
        let failed =
            |cause: io::Error| Error::Open { path: path.to_owned(), cause: cause.to_string().into() };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(failed)?;
        }
        let lock = OpenOptions::new().create(true).append(true).open(beside(path, "lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(Error::InUse { path: path.to_owned() }),
            Err(std::fs::TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        // Left behind by a compaction that did not get as far as the rename: the file itself is whole.
        remove_if_there(&beside(path, "new")).map_err(failed)?;
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
        Ok(OnFile { path: path.to_owned(), file: file.map_err(failed)?, _lock: lock })
    }
}

impl Disk for OnFile {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.sync_data()
    }
    /// A new file beside the old one, flushed, takes its place in one step.
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        let new = beside(&self.path, "new");
        let mut file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&new, &self.path)?;
        if let Some(directory) = self.path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            File::open(directory)?.sync_all()?;
        }
        self.file = file;
        Ok(())
    }
    /// To the first free name `<path>.damaged-<n>`.
    fn set_aside(&mut self) -> io::Result<PathBuf> {
        let mut number = 1;
        loop {
            let aside = beside(&self.path, &format!("damaged-{number}"));
            if !aside.try_exists()? {
                std::fs::copy(&self.path, &aside)?;
                return Ok(aside);
            }
            number += 1;
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A disk in memory, which outlives the stores that are opened on it, for tests of what a crash leaves behind.
#[derive(Clone)]
pub struct Memory(Arc<Mutex<Inner>>);

struct Inner {
    /// As a reader sees it.
    bytes: Vec<u8>,
    /// How much of it is flushed: the length of the part before the bytes that are not.
    flushed: usize,
    pause: Box<dyn FnMut() -> Duration + Send>,
}

impl Memory {
    /// An empty disk. `pause` tells for each flush how long it takes.
    pub fn new(pause: impl FnMut() -> Duration + Send + 'static) -> Self {
        Memory(Arc::new(Mutex::new(Inner { bytes: Vec::new(), flushed: 0, pause: Box::new(pause) })))
    }
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// How long the next flush takes.
    pub(super) fn pause(&self) -> Duration {
        (self.inner().pause)()
    }
    /// How many bytes a crash may take.
    pub fn unflushed(&self) -> usize {
        let inner = self.inner();
        inner.bytes.len() - inner.flushed
    }
    /// The machine stops, and only the first `kept` of the bytes that were not flushed are there afterwards. Whoever
    /// writes to the disk must be gone.
    pub fn crash(&self, kept: usize) {
        let mut inner = self.inner();
        let length = inner.flushed.saturating_add(kept).min(inner.bytes.len());
        inner.bytes.truncate(length);
        inner.flushed = length;
    }
}

impl Disk for Memory {
    fn read(&mut self) -> io::Result<Vec<u8>> {
        Ok(self.inner().bytes.clone())
    }
    fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.inner();
        let at = at as usize;
        inner.bytes.resize(at, 0);
        inner.bytes.extend_from_slice(bytes);
        inner.flushed = inner.flushed.min(at);
        Ok(())
    }
    fn flush(&mut self) -> io::Result<()> {
        let mut inner = self.inner();
        inner.flushed = inner.bytes.len();
        Ok(())
    }
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.inner().bytes.truncate(length as usize);
        self.flush()
    }
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner().bytes = bytes.to_vec();
        self.flush()
    }
    fn set_aside(&mut self) -> io::Result<PathBuf> {
        Ok("nowhere: it is in memory".into())
    }
}
