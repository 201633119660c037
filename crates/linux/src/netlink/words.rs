//! Has the kernel say in words why it refuses something (`NETLINK_EXT_ACK`), not by a number alone.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// From now on, refusals on this socket end with the kernel's own words, if it has some.
///
/// # Errors
/// The kernel is older than 4.12.
#[allow(unsafe_code)]
pub fn wanted(socket: BorrowedFd<'_>) -> io::Result<()> {
    let (on, length): (libc::c_int, libc::socklen_t) = (1, 4);
    let (level, option) = (libc::SOL_NETLINK, libc::NETLINK_EXT_ACK);
    // SAFETY: the kernel reads an int of 4 bytes, which outlives the call, from a pointer to it.
    let set = unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, (&raw const on).cast(), length) };
    if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
