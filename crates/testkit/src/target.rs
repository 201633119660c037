//! A VPP to test on: the simulator, or a real VPP if the environment names one.
//!
//! `VPP_BIN` is the binary of a real VPP, `VPP_LIB` the path of its libraries, `VPP_PLUGINS` the path of its plugins,
//! `VPPCTL` its command line. Without `VPP_BIN` the simulator is used. Every test makes a target of its own.

mod real;
mod simulated;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A VPP that is up. It is gone when this is dropped.
pub struct Target {
    vpp: Kind,
    dir: Dir,
}

enum Kind {
    Real(real::Process),
    Simulated(simulated::Simulated),
}

/// A directory with a short path, as sockets want it, that goes with its owner.
pub struct Dir(PathBuf);

impl Dir {
    /// A fresh one.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Dir {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("vt-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // a leftover bothers nobody
    }
}

impl Target {
    /// The VPP that the environment asks for, up and accepting.
    pub fn new() -> Target {
        Target::start(false)
    }
    /// As [`Target::new`], but a real VPP polls as it does by default, which takes a core: for measuring.
    pub fn polling() -> Target {
        Target::start(true)
    }
    fn start(polling: bool) -> Target {
        let dir = Dir::new();
        let socket = dir.0.join("api.sock");
        let vpp = match real::Binary::of_environment() {
            Some(binary) => Kind::Real(real::Process::start(binary, &dir.0, polling)),
            None => Kind::Simulated(simulated::Simulated::start(&socket)),
        };
        Target { vpp, dir }
    }
    /// The API socket.
    pub fn socket(&self) -> PathBuf {
        self.dir.0.join("api.sock")
    }
    /// A directory that goes with the target, for sockets and files of a test.
    pub fn dir(&self) -> &Path {
        &self.dir.0
    }
    /// Is it a real VPP?
    pub fn is_real(&self) -> bool {
        matches!(self.vpp, Kind::Real(_))
    }
    /// The simulated VPP, if it is one: for faults that a real VPP has only by accident.
    pub fn sim(&self) -> Option<&sim::Sim> {
        match &self.vpp {
            Kind::Real(_) => None,
            Kind::Simulated(simulated) => Some(simulated.sim()),
        }
    }
    /// Ends it without warning and starts it again, empty. Returns when it accepts.
    pub fn restart(&mut self) {
        match &mut self.vpp {
            Kind::Real(process) => process.restart(),
            Kind::Simulated(sim) => sim.restart(),
        }
    }
    /// Does one thing by hand, behind everybody's back. On the real VPP this is a command of its command line; the
    /// simulator knows those that tests use.
    pub fn cli(&self, command: &str) -> String {
        match &self.vpp {
            Kind::Real(process) => process.cli(command),
            Kind::Simulated(sim) => sim.cli(command),
        }
    }
}

impl Default for Target {
    fn default() -> Self {
        Target::new()
    }
}
