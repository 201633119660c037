//! The statistics socket: VPP sends whoever connects the descriptor of its memory, and closes.

use rustix::io::Errno;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SocketAddrUnix, SocketFlags,
    SocketType, connect, recvmsg, socket_with,
};
use std::fs::File;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

/// Receives the memory; the error says why there is none, and what to do.
pub fn receive(socket: &Path, patience: Duration) -> Result<File, String> {
    match ask(socket, patience) {
        Ok(Some(memory)) => Ok(File::from(memory)),
        Ok(None) => {
            Err("whoever listens there sends something else; name the socket of VPP's statseg section"
                .to_owned())
        }
        Err(errno) => Err(reason(errno, patience)),
    }
}

fn ask(socket: &Path, patience: Duration) -> Result<Option<OwnedFd>, Errno> {
    let line = socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    // A queue of clients that is full would make connecting wait as well.
    set_socket_timeout(&line, Timeout::Send, Some(patience))?;
    set_socket_timeout(&line, Timeout::Recv, Some(patience))?;
    connect(&line, &SocketAddrUnix::new(socket)?)?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut sent = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(&line, &mut [IoSliceMut::new(&mut byte)], &mut sent, RecvFlags::CMSG_CLOEXEC)?;
    let descriptors = sent.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    Ok(descriptors.flatten().next())
}

fn reason(errno: Errno, patience: Duration) -> String {
    match errno {
        Errno::NOENT => "no such socket; VPP is not running, or its statseg section names another".to_owned(),
        Errno::CONNREFUSED => "nobody listens at this socket; VPP is not running".to_owned(),
        Errno::ACCESS => "permission denied; run as root or as a member of the socket's group".to_owned(),
        Errno::PROTOTYPE => {
            "a socket of another kind; the statistics socket is the one in VPP's statseg section".to_owned()
        }
        Errno::AGAIN => format!("no answer within {patience:?}; VPP is busy or hangs"),
        errno => format!("cannot connect: {}", std::io::Error::from(errno)),
    }
}
