//! The socket: the only place where netlink does I/O. It belongs to the network namespace of the thread that opens it.

use super::Message;
use super::batch::{Answer, Batch, Dump, Ended, Piece, Refusal, Request};
use super::frame::{append, raws};
use super::words;
use netlink_packet_core::NLM_F_DUMP;
use rustix::buffer::spare_capacity;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv, send, socket_with, sockopt,
};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

/// The protocol of number 0, which is what none means.
const ROUTE: Option<rustix::net::Protocol> = None;
/// Room for answers that were not read yet. A link is told in some kilobytes, and a batch may ask for many.
const ROOM: usize = 8 << 20;
/// The kernel fills a datagram of a dump up to 32 KiB if there is room for it.
const DATAGRAM: usize = 64 << 10;
/// How often a dump is asked for again that was interrupted by changes.
const ATTEMPTS: usize = 20;

/// A socket for requests.
pub struct Socket {
    fd: OwnedFd,
    seq: u32,
    /// Numbers of groups that links are removed in: one of its own for each datagram, so that nothing is ever removed that stayed
    /// in a group by accident. They begin somewhere, where nobody else's are.
    leaving: u32,
    buffer: Vec<u8>,
}

/// A socket that is told what changes: `groups` as in `RTMGRP_…`. Reading from it takes no longer than `patience`. There is
/// `room` for what was not read yet, or what is usual.
///
/// # Errors
/// What the kernel says.
pub fn listen(groups: u32, patience: Duration, room: Option<usize>) -> io::Result<OwnedFd> {
    let fd = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, ROUTE)?;
    sockopt::set_socket_timeout(&fd, sockopt::Timeout::Recv, Some(patience))?;
    if let Some(room) = room {
        sockopt::set_socket_recv_buffer_size(&fd, room)?;
    }
    bind(&fd, &SocketAddrNetlink::new(0, groups))?;
    Ok(fd)
}

impl Socket {
    /// Opens one in the namespace of this thread.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn open() -> io::Result<Socket> {
        let fd = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, ROUTE)?;
        bind(&fd, &SocketAddrNetlink::new(0, 0))?;
        // Without the right to have more, there is what the system allows everybody.
        if sockopt::set_socket_recv_buffer_size_force(&fd, ROOM).is_err() {
            sockopt::set_socket_recv_buffer_size(&fd, ROOM)?;
        }
        let _ = words::wanted(fd.as_fd()); // without, there are its numbers
        let leaving = RandomState::new().build_hasher().finish() as u32;
        Ok(Socket { fd, seq: 0, leaving, buffer: Vec::with_capacity(DATAGRAM) })
    }
    /// Sends groups of requests in one datagram, and answers each group.
    pub fn exchange(&mut self, groups: &[Vec<Request>]) -> Vec<Answer> {
        self.leaving = self.leaving.wrapping_add(2);
        let mut batch = Batch::new(groups, self.seq.wrapping_add(1), self.leaving >> 1 | 1 << 30);
        self.seq = self.seq.wrapping_add(batch.count());
        if let Err(error) = send(&self.fd, &batch.datagram, SendFlags::empty()) {
            // Nothing of it was done.
            return groups.iter().map(|_| Err(Refusal::Errno(error.raw_os_error()))).collect();
        }
        loop {
            match self.receive() {
                Ok(()) if batch.take(raws(&self.buffer)) => return batch.answers(None),
                Ok(()) => {}
                Err(error) => return batch.answers(Some(error.to_string())),
            }
        }
    }
    /// Asks for everything of a kind, and reads it as it comes, by kinds of messages and the bytes after their headers; again,
    /// if it changed meanwhile. Each datagram is handed to `take` as it was read.
    pub fn dump<T>(
        &mut self,
        message: &Message,
        read: impl Fn(u16, &[u8]) -> Option<T>,
        mut take: impl FnMut(Piece<T>),
    ) -> Result<(), Refusal> {
        for _ in 0..ATTEMPTS {
            match self.dump_once(message, &read, &mut take) {
                Ok(Ended::Whole) => return Ok(()),
                Ok(Ended::Interrupted) => take(Piece::Again),
                Ok(Ended::Refused(number)) => return Err(Refusal::Errno(number)),
                Err(error) => return Err(Refusal::Lost(error.to_string())),
            }
        }
        Err(Refusal::Lost(format!("it was interrupted by changes {ATTEMPTS} times")))
    }
    fn dump_once<T>(
        &mut self,
        message: &Message,
        read: impl Fn(u16, &[u8]) -> Option<T>,
        take: &mut impl FnMut(Piece<T>),
    ) -> io::Result<Ended> {
        self.seq = self.seq.wrapping_add(1);
        let mut datagram = Vec::new();
        append(&mut datagram, message, NLM_F_DUMP, self.seq);
        send(&self.fd, &datagram, SendFlags::empty())?;
        let mut dump = Dump::default();
        loop {
            self.receive()?;
            let (found, ended) = dump.take(self.seq, raws(&self.buffer), &read);
            if !found.is_empty() {
                take(Piece::More(found));
            }
            if let Some(ended) = ended {
                return Ok(ended);
            }
        }
    }
    /// The next datagram.
    fn receive(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.buffer.reserve(DATAGRAM);
        rustix::io::retry_on_intr(|| recv(&self.fd, spare_capacity(&mut self.buffer), RecvFlags::empty()))?;
        Ok(())
    }
}
