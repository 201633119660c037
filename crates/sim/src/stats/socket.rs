//! The statistics socket: whoever connects is sent the descriptor of the memory, and that is all.

use crate::session::Shared;
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix, SocketFlags,
    SocketType, bind, listen, sendmsg, socket_with,
};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use tokio::net::UnixListener;

/// Clients that may wait to be accepted.
const QUEUE: i32 = 5;

/// A socket that listens. Its file goes with it.
pub(crate) struct Socket {
    listener: std::os::unix::net::UnixListener,
    path: PathBuf,
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path); // somebody may have been quicker
    }
}

impl Socket {
    /// Listens; what was left at this place is replaced.
    pub(crate) fn bind(path: &Path) -> io::Result<Socket> {
        let _ = std::fs::remove_file(path); // most of the time there is nothing
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let listener = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
        bind(&listener, &SocketAddrUnix::new(path)?)?;
        listen(&listener, QUEUE)?;
        Ok(Socket { listener: listener.into(), path: path.to_owned() })
    }
    /// Serves until the future is dropped or the system refuses to go on.
    pub(crate) async fn serve(&self, shared: &Shared) -> io::Result<()> {
        // To accept, it does not matter that it carries packets instead of a stream.
        let listener = UnixListener::from_std(self.listener.try_clone()?)?;
        loop {
            let (client, _) = listener.accept().await?;
            hand_over(shared, client.as_fd());
        }
    }
}

fn hand_over(shared: &Shared, client: BorrowedFd<'_>) {
    let core = shared.lock();
    let Some(counters) = &core.state.counters else { return };
    let memory = [counters.memory().as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = SendAncillaryBuffer::new(&mut space);
    message.push(SendAncillaryMessage::ScmRights(&memory));
    if let Err(error) = sendmsg(client, &[], &mut message, SendFlags::empty()) {
        tracing::warn!(%error, "cannot hand over the statistics");
    }
}
