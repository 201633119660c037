//! A VPP to test on: the simulator, or a real VPP if the environment names one.
//!
//! `VPP_BIN` is the binary of a real VPP, `VPP_LIB` the path of its libraries, `VPP_PLUGINS` the path of its plugins,
//! `VPPCTL` its command line; it runs in a network namespace of its own, which takes root, and ends with the test, also
//! when that is killed. Without `VPP_BIN` the simulator is used. Every test makes a target of its own.

mod real;
mod simulated;

use crate::netns::Netns;
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
    /// No VPP at all: a network namespace for what works on Linux.
    Linux(Netns),
}

const NO_VPP: &str = "there is no VPP that could be restarted";

/// What a test needs of the machine that VPP runs on.
#[derive(Clone, Copy, Debug)]
pub enum Needed<'n> {
    /// An interface of Linux of this name.
    Link(&'n str),
    /// A network card that VPP has from its start, by VPP's name: `pg` and a number.
    Card(&'n str),
    /// The devices that VPP makes TAPs with.
    Tap,
    /// A VMXNET3 card at this address, packed as VPP does.
    Vmxnet3(u32),
    /// An interface of Linux of this name that has RDMA.
    Rdma(&'n str),
    /// That Linux can make interfaces of this type, such as `vrf table 10`.
    LinkType(&'n str),
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
    /// Two real VPPs, if the environment names one: for packets between them, which a simulated one does not forward.
    pub fn real_pair() -> Option<[Target; 2]> {
        real::Binary::of_environment()?;
        // Two tests with one VPP each would wait for their second ones for ever.
        let _only = real::pairs();
        Some([Target::new(), Target::new()])
    }
    /// A network namespace, for what needs no VPP. Its "socket" is the path that it is entered by.
    pub fn linux() -> Target {
        Target { vpp: Kind::Linux(Netns::new()), dir: Dir::new() }
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
        match &self.vpp {
            Kind::Linux(netns) => netns.path().into(),
            _ => self.dir.0.join("api.sock"),
        }
    }
    /// The statistics socket.
    pub fn stats_socket(&self) -> PathBuf {
        self.dir.0.join("stats.sock")
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
            Kind::Real(_) | Kind::Linux(_) => None,
            Kind::Simulated(simulated) => Some(simulated.sim()),
        }
    }
    /// Sees that the machine has this, and keeps it over restarts of VPP; tells whether it has. A real machine may lack
    /// what only hardware can give.
    pub fn plug(&mut self, needed: Needed<'_>) -> bool {
        match &mut self.vpp {
            Kind::Simulated(simulated) => simulated.plug(needed),
            Kind::Linux(netns) => match needed {
                Needed::Link(name) => netns.wire(name, netns, &format!("{name}-peer")),
                Needed::LinkType(words) => return netns.makes(words),
                _ => return false,
            },
            Kind::Real(process) => match needed {
                Needed::Link(name) => process.netns().wire(name, process.netns(), &format!("{name}-peer")),
                Needed::Card(name) => process.card(name),
                Needed::Tap => {
                    return ["/dev/net/tun", "/dev/vhost-net"].iter().all(|path| Path::new(path).exists());
                }
                Needed::Vmxnet3(_) | Needed::Rdma(_) | Needed::LinkType(_) => return false,
            },
        }
        true
    }
    /// The network namespace of a real VPP, or the one that there is instead of a VPP.
    pub fn netns(&self) -> Option<&Netns> {
        match &self.vpp {
            Kind::Real(process) => Some(process.netns()),
            Kind::Linux(netns) => Some(netns),
            Kind::Simulated(_) => None,
        }
    }
    /// Ends it without warning and starts it again, empty. Returns when it accepts.
    pub fn restart(&mut self) {
        match &mut self.vpp {
            Kind::Real(process) => process.restart(),
            Kind::Simulated(sim) => sim.restart(),
            Kind::Linux(_) => panic!("{NO_VPP}"),
        }
    }
    /// As [`Target::restart`], without these plugins, named as in `memif_plugin.so`, and of this release if one is named:
    /// only a simulated VPP can become another one.
    pub fn restart_as(&mut self, release: Option<&str>, without: &[&str]) {
        match (&mut self.vpp, release) {
            (Kind::Real(process), None) => process.restart_without(without),
            (Kind::Simulated(sim), _) => sim.restart_as(&self.dir.0.join("api.sock"), release, without),
            (Kind::Linux(_), _) => panic!("{NO_VPP}"),
            (Kind::Real(_), Some(release)) => panic!("a real VPP does not become a {release}"),
        }
    }
    /// Does one thing by hand, behind everybody's back. On the real VPP this is a command of its command line; the
    /// simulator knows those that tests use. Without a VPP it is a program.
    pub fn cli(&self, command: &str) -> String {
        match &self.vpp {
            Kind::Real(process) => process.cli(command),
            Kind::Simulated(sim) => sim.cli(command),
            Kind::Linux(netns) => netns.run(command),
        }
    }
}

impl Default for Target {
    fn default() -> Self {
        Target::new()
    }
}
