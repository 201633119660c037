//! Why there are no statistics.

use std::io;
use std::path::PathBuf;

/// Why there are no statistics.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody hands over the memory.
    #[error("VPP does not hand over its statistics at {socket}: {reason}")]
    NotHandedOver {
        /// The statistics socket.
        socket: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The memory cannot be read.
    #[error("VPP's statistics cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Another layout than the one that is known here.
    #[error("VPP's statistics have layout {0}, this program knows layout 2; use a version that knows it")]
    Layout(u64),
    /// VPP changes them for too long.
    #[error("VPP's statistics were being changed all the time for {0:?}; try again")]
    Busy(std::time::Duration),
    /// They make no sense.
    #[error("VPP's statistics make no sense: {0}")]
    Damaged(#[from] Damage),
}

/// What makes no sense in a segment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Something leads out of the memory.
    #[error("{what} reaches beyond the {size} bytes that there are")]
    Outside {
        /// What was to be read.
        what: &'static str,
        /// Size of the memory.
        size: u64,
    },
    /// Vectors that together are longer than the memory they lie in.
    #[error("its vectors are longer than the memory they lie in")]
    TooMuch,
}
