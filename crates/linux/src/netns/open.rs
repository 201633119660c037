//! Opening the file that is to stand for a network namespace, whatever it turns out to be.

use rustix::fs::{FileType, Mode, OFlags};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;

/// What the kernel calls the file system of namespaces, in `<linux/magic.h>`.
const NSFS_MAGIC: u64 = 0x6e73_6673;

/// Opens the file that stands for a namespace.
///
/// # Errors
/// It is not there, may not be opened, or is no namespace.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let named = |error: rustix::io::Errno| {
        let error = io::Error::from(error);
        match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::new(error.kind(), format!("{} is not there", path.display()))
            }
            kind => io::Error::new(kind, format!("{} cannot be opened: {error}", path.display())),
        }
    };
    // Others name the file. A FIFO that is opened in earnest may keep us waiting for ever, and a device may do something.
    let there = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).map_err(named)?;
    if !is_namespace(&there).map_err(named)? {
        let what = what(&there).map_err(named)?;
        return Err(io::Error::other(format!("{} is {what}, and no network namespace", path.display())));
    }
    let same = format!("/proc/self/fd/{}", there.as_raw_fd());
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(same, flags, Mode::empty()).map_err(named)?.into())
}

/// Does it stand for a namespace of any kind?
pub(super) fn is_namespace(file: impl AsFd) -> rustix::io::Result<bool> {
    Ok(rustix::fs::fstatfs(file)?.f_type as u64 == NSFS_MAGIC)
}

/// What it is instead, in words.
fn what(file: impl AsFd) -> rustix::io::Result<&'static str> {
    let found = rustix::fs::fstat(file)?;
    Ok(match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile if found.st_size == 0 => "an empty file",
        FileType::RegularFile => "a file with content",
        FileType::Directory => "a directory",
        FileType::Fifo => "a FIFO",
        FileType::Socket => "a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "a device",
        _ => "something else",
    })
}

/// What it means that a namespace cannot be entered.
pub(crate) fn not_entered(path: &Path, error: &io::Error) -> io::Error {
    let path = path.display();
    match error.kind() {
        // What it says of namespaces that are of another kind than it was asked for.
        io::ErrorKind::InvalidInput => {
            io::Error::other(format!("{path} is a namespace of another kind, and no network namespace"))
        }
        kind => io::Error::new(kind, format!("{path} cannot be entered: {error}")),
    }
}
