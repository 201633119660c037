//! Making a network namespace that has a name, as `ip netns add` does.
//!
//! A name is a file, and the namespace is mounted over it. There is no way to do both at once, so whoever is killed in between
//! leaves an empty file; where the directory outlives the machine, a restart does. Such a file gets its namespace later.

use super::Identity;
use super::open::is_namespace;
use rustix::fs::{FileType, FlockOperation, Mode, OFlags};
use rustix::mount::{MountPropagationFlags, mount_bind, mount_bind_recursive, mount_change};
use rustix::thread::{UnshareFlags, unshare_unsafe};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a file stays empty before whoever made it is taken for dead. It is a matter of microseconds, and of the same when
/// `ip netns del` takes away first the mount and then the file.
const GIVEN_UP: Duration = Duration::from_secs(1);

/// Files of names that had no namespace when they were looked at, and since when.
#[derive(Default)]
pub(crate) struct HalfMade(HashMap<PathBuf, (Identity, Instant)>);

impl HalfMade {
    /// Has somebody begun to make this one, and never ended? To be asked whenever it cannot be opened.
    pub fn is_given_up(&mut self, path: &Path) -> bool {
        let Some(found) = half_made(path) else {
            self.0.remove(path);
            return false;
        };
        let fresh = (found, Instant::now());
        let known = self.0.entry(path.to_owned()).or_insert(fresh);
        if known.0 != found {
            *known = fresh;
        }
        known.1.elapsed() >= GIVEN_UP
    }
    /// It can be opened.
    pub fn forget(&mut self, path: &Path) {
        self.0.remove(path);
    }
}

/// An empty file where a namespace is to be.
fn half_made(path: &Path) -> Option<Identity> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty()).ok()?);
    let found = rustix::fs::fstat(&file).ok()?;
    let regular = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
    let bare = regular && found.st_size == 0 && !is_namespace(&file).ok()?;
    bare.then(|| Some(Identity::of(&file.metadata().ok()?)))?
}

/// Makes the namespace `name`, with its file in the directory `names`, or with that which was left there. It is never removed
/// by this agent: processes of others may live there.
///
/// # Errors
/// What the kernel says, and about what.
pub(crate) fn create(names: &Path, name: &str, left: bool) -> io::Result<()> {
    let path = names.join(name);
    let about = |what: &str, error: io::Error| {
        io::Error::new(error.kind(), format!("{} cannot be made: {what}: {error}", path.display()))
    };
    std::fs::create_dir_all(names).map_err(|error| about("making the directory of names", error))?;
    // Others who do the same hold it too, so that no name gets two namespaces, one over the other.
    let held = File::open(names).map_err(|error| about("opening the directory of names", error))?;
    rustix::fs::flock(&held, FlockOperation::NonBlockingLockExclusive)
        .map_err(|error| about("locking the directory of names", error.into()))?;
    if left && half_made(&path).is_none() {
        return Ok(()); // somebody else was faster
    }
    share(names).map_err(|error| about("sharing the directory of names", error))?;
    // A thread that ends with this: whatever namespace it is in goes with it, unless it got its name.
    let made = {
        let path = path.clone();
        std::thread::Builder::new().name("new-netns".to_owned()).spawn(move || make(&path, left))?.join()
    };
    made.unwrap_or_else(|_| Err(("making it", io::Error::other("the thread that makes it ended"))))
        .map_err(|(what, error)| about(what, error))
}

/// Puts this thread into a network namespace of its own, which gets this name.
fn make(path: &Path, left: bool) -> Result<(), (&'static str, io::Error)> {
    unshare().map_err(|error| ("making a network namespace", error))?;
    if !left {
        let flags = OFlags::RDONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o444);
        rustix::fs::open(path, flags, mode).map_err(|error| ("making the file", error.into()))?;
    }
    mount_bind("/proc/thread-self/ns/net", path).map_err(|error| {
        if !left {
            let _ = std::fs::remove_file(path); // without a namespace behind it, it would mislead
        }
        ("mounting it over the file", error.into())
    })
}

/// Names are seen by processes in other mount namespaces only if the directory is a shared mount.
fn share(names: &Path) -> io::Result<()> {
    let shared = MountPropagationFlags::SHARED | MountPropagationFlags::REC;
    if mount_change(names, shared).is_ok() {
        return Ok(());
    }
    mount_bind_recursive(names, names)?;
    Ok(mount_change(names, shared)?)
}

/// Puts this thread into a network namespace of its own.
#[allow(unsafe_code)]
fn unshare() -> io::Result<()> {
    // SAFETY: what is unsafe is CLONE_FILES, after which threads do not share their file descriptors; it is not among the
    // flags. This thread was started for nothing else and ends at once.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }?;
    Ok(())
}
