//! Memory that is read from.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Memory that somebody else may change at any time.
pub trait Memory {
    /// How many bytes there are.
    ///
    /// # Errors
    /// Nobody can tell.
    fn size(&self) -> io::Result<u64>;
    /// Copies what lies from `offset` on.
    ///
    /// # Errors
    /// Not all of it is there.
    fn copy(&self, offset: u64, into: &mut [u8]) -> io::Result<()>;
}

impl Memory for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
    fn copy(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(into, offset)
    }
}

impl Memory for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
    fn copy(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)?.get(..into.len()));
        into.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}
