//! Making a network namespace that has a name, as `ip netns add` does.

use rustix::fs::{Mode, OFlags};
use rustix::mount::{MountPropagationFlags, mount_bind, mount_bind_recursive, mount_change};
use rustix::thread::{UnshareFlags, unshare_unsafe};
use std::io;
use std::path::{Path, PathBuf};

/// Makes the namespace `name`, with its file in the directory `names`. It is never removed by this agent: processes of others
/// may live there.
///
/// # Errors
/// What the kernel says, and about what.
pub(crate) fn create(names: &Path, name: &str) -> io::Result<()> {
    let about = |what: &str, error: io::Error| io::Error::new(error.kind(), format!("{what}: {error}"));
    std::fs::create_dir_all(names).map_err(|error| about("making the directory of names", error))?;
    share(names).map_err(|error| about("sharing the directory of names", error))?;
    let path = names.join(name);
    let flags = OFlags::RDONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    rustix::fs::open(&path, flags, Mode::from_raw_mode(0o444))?;
    // A thread that ends with this: whatever namespace it is in goes with it, unless it got its name.
    let bound = {
        let path: PathBuf = path.clone();
        std::thread::Builder::new()
            .name("new-netns".to_owned())
            .spawn(move || -> io::Result<()> {
                unshare()?;
                Ok(mount_bind("/proc/thread-self/ns/net", &path)?)
            })?
            .join()
    };
    let bound = bound.unwrap_or_else(|_| Err(io::Error::other("the thread that makes it ended")));
    bound.inspect_err(|_| {
        let _ = std::fs::remove_file(&path); // without a namespace behind it, it would mislead
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
