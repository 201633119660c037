//! A TAP or TUN of Linux, as VPP makes them: it is there as long as somebody keeps it open.

use crate::session::Shared;
use crate::wire;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::ioctl::{Opcode, Setter, ioctl, opcode};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// `TUNSETIFF`.
const SET: Opcode = opcode::write::<i32>(b'T', 202);
const IFF_TUN: u16 = 0x0001;
const IFF_TAP: u16 = 0x0002;
/// Nothing stands before a packet.
const IFF_NO_PI: u16 = 0x1000;

/// `struct ifreq`.
#[repr(C)]
struct Request {
    name: [u8; 16],
    flags: u16,
    unused: [u8; 22],
}

/// How long is waited for a frame before it is looked whether the device is to go.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// The pause after what is no frame.
const PAUSE: Duration = Duration::from_millis(10);

/// One of them. It goes with this.
#[derive(Debug)]
pub(crate) struct Device {
    file: Arc<File>,
    /// It is to go.
    going: Arc<AtomicBool>,
}

impl Device {
    /// Makes one in the network namespace of this path.
    ///
    /// # Errors
    /// What the kernel says: `EBUSY` if there is one of this name.
    pub(crate) fn make(netns: &Path, name: &str, ethernet: bool) -> io::Result<Device> {
        let netns = File::open(netns)?;
        let name = name.to_owned();
        // A thread that ends with this: it stays where it went.
        let made = std::thread::spawn(move || {
            move_into_link_name_space(netns.as_fd(), Some(LinkNameSpaceType::Network))?;
            let mut options = File::options();
            // Whether there is a frame is asked before; nothing is ever waited for in reading.
            options.read(true).write(true).custom_flags(OFlags::NONBLOCK.bits() as i32);
            let device = options.open("/dev/net/tun")?;
            let flags = IFF_NO_PI | if ethernet { IFF_TAP } else { IFF_TUN };
            let mut request = Request { name: [0; 16], flags, unused: [0; 22] };
            // The last byte stays 0.
            request.name[..15].iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
            set(&device, request)?;
            Ok(Device { file: Arc::new(device), going: Arc::default() })
        });
        made.join().unwrap_or_else(|_| Err(io::Error::other("the thread that makes it ended")))
    }
    /// Has a thread take in what comes, as long as the device is there.
    pub(crate) fn attend(&self, sw_if_index: u32, shared: Weak<Shared>) {
        let (device, going) = (Arc::downgrade(&self.file), self.going.clone());
        std::thread::spawn(move || {
            let mut frame = vec![0; 1 << 16];
            while let Some(open) = device.upgrade().filter(|_| !going.load(Ordering::Acquire)) {
                let ready = poll(&mut [PollFd::new(&*open, PollFlags::IN)], Some(&PATIENCE));
                let read = if ready == Ok(1) { (&*open).read(&mut frame).ok() } else { None };
                // Not kept while the lock is waited for: who has it may wait for this.
                drop(open);
                let Some(frame) = read.and_then(|length| frame.get(..length)) else {
                    if ready != Ok(0) {
                        std::thread::sleep(PAUSE); // its network namespace is going
                    }
                    continue;
                };
                let Some(shared) = shared.upgrade() else { return };
                let mut core = shared.lock();
                for (to, frame) in wire::pass(&mut core.state, sw_if_index, frame) {
                    core.state.taps.send(to, &frame);
                }
            }
        });
    }
    /// A frame that Linux does not take is lost, as on any wire.
    pub(crate) fn send(&self, frame: &[u8]) {
        let _ = (&*self.file).write(frame);
    }
}

/// Returns when Linux has it no more.
impl Drop for Device {
    fn drop(&mut self) {
        self.going.store(true, Ordering::Release);
        while Arc::strong_count(&self.file) > 1 {
            std::thread::yield_now();
        }
    }
}

#[allow(unsafe_code)]
fn set(device: &File, request: Request) -> io::Result<()> {
    // SAFETY: the opcode is that of TUNSETIFF, which reads a `struct ifreq`, and so is laid out what it gets.
    unsafe { ioctl(device, Setter::<SET, Request>::new(request)) }?;
    Ok(())
}
