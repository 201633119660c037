//! Reader of VPP's statistics segment: shared memory in which VPP counts, handed over its statistics socket.
//!
//! [`Stats::read`] copies the entries that are asked for, all of one moment as far as VPP's protocol allows, and takes
//! nothing in them for granted: wherever a pointer leads or a length says, what lies outside is an error. The others
//! make something of such a reading: [`interfaces`], [`nodes`], [`pools`].
//!
//! The memory is read through its file descriptor, not mapped. So nothing here is `unsafe`: memory that its owner cuts
//! off, or that has no huge page to stand on, is an error of a system call, where a mapping would end the process.
//! Every reading asks the socket for the memory anew, because that of a VPP that has died looks as if it were alive.

mod error;
pub mod interfaces;
mod memory;
pub mod nodes;
pub mod pools;
mod reading;
mod segment;
mod socket;

pub use error::{Damage, Error};
pub use memory::Memory;
pub use reading::{Count, Data, Link, Reading};
pub use segment::read;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long VPP may take to hand over its memory, and to finish a change of it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The statistics of the VPP behind a socket.
#[derive(Clone, Debug)]
pub struct Stats {
    socket: PathBuf,
}

impl Stats {
    /// Those that VPP hands out at `socket` (`statseg { socket-name … }` in its start-up configuration).
    pub fn at(socket: impl Into<PathBuf>) -> Stats {
        Stats { socket: socket.into() }
    }
    /// Where they are asked for.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
    /// Copies all entries whose names are `wanted`. Blocks for some time: a system call for every vector, and until VPP
    /// answers at its socket.
    ///
    /// # Errors
    /// VPP hands nothing over, or what it hands over is no statistics segment that can be read.
    pub fn read(&self, wanted: impl Fn(&str) -> bool) -> Result<Reading, Error> {
        let memory = socket::receive(&self.socket, PATIENCE)
            .map_err(|reason| Error::NotHandedOver { socket: self.socket.clone(), reason })?;
        read(&memory, wanted, PATIENCE)
    }
}
