//! What is known about the connection, and whether VPP is still the same process.

use std::path::Path;
use std::time::{Instant, UNIX_EPOCH};

/// State of the connection, watched with [`crate::Vpp::state`].
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// No connection; trying for ever.
    Connecting {
        /// Why there is none, in words.
        reason: String,
    },
    /// Calls go through.
    Connected(Connection),
    /// Connected, but VPP has not answered a ping for a while.
    NotResponding {
        /// The connection.
        connection: Connection,
        /// When the ping was sent that VPP has not answered.
        since: Instant,
    },
    /// The last handle is gone, or the runtime has stopped.
    Closed,
}

impl State {
    /// The connection, if there is one.
    pub fn connection(&self) -> Option<&Connection> {
        match self {
            State::Connected(c) | State::NotResponding { connection: c, .. } => Some(c),
            State::Connecting { .. } | State::Closed => None,
        }
    }
}

/// One connection to VPP.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// 1 for the first connection of this client, one more for each that follows.
    pub generation: u64,
    /// Process id of VPP as VPP itself sees it (`vpe_pid` of `control_ping_reply`).
    pub pid: u32,
    /// Whether VPP is another process than on the connection before; false on the first.
    pub restarted: bool,
    /// Which run of VPP this is; comparable across runs of the agent.
    pub instance: Instance,
}

/// Which run of VPP it is. Two values differ if VPP was restarted between them.
///
/// VPP has no identity of its own, so this is put together from what can be seen outside. A process id alone is not
/// enough: in a container VPP is number 1 every time. The start time is seen only if VPP's process is visible from
/// here (same or nested process namespace). The socket file always is, and VPP makes it anew when it starts; but its
/// change time also moves when somebody else changes its owner or mode, and then a VPP that kept running looks new.
/// That mistake costs a comparison of the configuration, never a wrong one.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// VPP's own process id.
    pub pid: u32,
    /// When the process behind the socket started, in clock ticks after the machine did (`/proc/<pid>/stat`, field 22).
    pub started: Option<u64>,
    /// The socket file.
    pub socket: SocketFile,
}

/// What tells one socket file from another at the same path.
#[derive(Clone, Debug, PartialEq)]
pub struct SocketFile {
    /// Device.
    pub device: u64,
    /// Inode.
    pub inode: u64,
    /// Time of the last change of the inode, in nanoseconds since 1970.
    pub changed: i128,
}

impl SocketFile {
    pub(crate) fn at(path: &Path) -> std::io::Result<SocketFile> {
        use std::os::unix::fs::MetadataExt;
        let m = std::fs::metadata(path)?;
        let changed = i128::from(m.ctime()) * 1_000_000_000 + i128::from(m.ctime_nsec());
        Ok(SocketFile { device: m.dev(), inode: m.ino(), changed })
    }
}

/// Seconds since 1970, for people who read a trace.
pub(crate) fn unix_seconds() -> f64 {
    UNIX_EPOCH.elapsed().map_or(0.0, |d| d.as_secs_f64())
}
