//! The program beside a simulated VPP, in a network namespace of its own: without rights, and killed in the middle of its work.

use crate::{Dir, PATIENCE, Running, get, rest_of};
use binapi::interface::SwInterfaceDump;
use sim::{Machine, Sim, SimConfig};
use std::process::Stdio;
use std::time::{Duration, Instant};
use testkit::netns::Netns;

/// A namespace, a VPP, and the configuration of the program that is to work on both.
pub struct Site {
    pub netns: Netns,
    vpp: Option<Sim>,
    pub dir: Dir,
}

impl Site {
    /// `name` is that of the directory; the VPP knows these links of Linux.
    fn new(name: &str, links: impl Iterator<Item = String>) -> Site {
        let site = Site::empty(name);
        let machine = Machine { links: links.collect(), ..Machine::default() };
        let vpp = site.simulate_with("api.sock", machine);
        site.dir.write("http.conf", "endpoint: 127.0.0.1:0\n");
        site.dir.write("govpp.conf", &format!("binapi-socket-path: {}\n", vpp.path().display()));
        Site { vpp: Some(vpp), ..site }
    }
    /// One where there is nothing yet.
    pub fn empty(name: &str) -> Site {
        Site { netns: Netns::new(), vpp: None, dir: Dir::new(name) }
    }
    /// A VPP whose socket has this name in the directory.
    pub fn simulate(&self, socket: &str) -> Sim {
        self.simulate_with(socket, Machine::default())
    }
    fn simulate_with(&self, socket: &str, machine: Machine) -> Sim {
        Sim::spawn(self.dir.0.join(socket), SimConfig { machine, ..SimConfig::default() }).unwrap()
    }
    /// What is wanted from now on.
    fn want(&self, document: &str) {
        self.dir.write("next.yaml", document);
        std::fs::rename(self.dir.0.join("next.yaml"), self.dir.0.join("initial-config.yaml")).unwrap();
    }
    /// The program, started by another one that changes what it may do.
    fn start(&self, by: &[&str]) -> (Running, String) {
        let mut words = by.iter().copied().chain([env!("CARGO_BIN_EXE_vpp-agent")]);
        let mut command = self.netns.command(words.next().unwrap());
        // What the machine has set must not matter, but for where the programs of iptables are.
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(words).env_clear().env("PATH", path).stdin(Stdio::null()).current_dir(&self.dir.0);
        command.arg("--config-dir").arg(&self.dir.0).arg("--state-dir").arg(self.dir.0.join("state"));
        let mut agent = Running::start(command);
        let address = rest_of(&agent.wait("REST at"));
        (agent, address)
    }
    fn get(&self, address: &str, path: &str) -> String {
        self.netns.inside(|| get(address, path))
    }
    /// Interfaces of VPP.
    fn interfaces(&self) -> usize {
        self.vpp.as_ref().unwrap().dump(&SwInterfaceDump::default()).unwrap().len()
    }
}

pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "does not happen: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn without_capabilities_vpp_is_configured_and_what_is_missing_is_named_in_netns() {
    let site = Site::new("rights", std::iter::empty());
    site.want(
        "vppConfig: {interfaces: [{name: loop1, type: SOFTWARE_LOOPBACK, enabled: true}]}\n\
         linuxConfig:\n  interfaces:\n\
         \x20 - {name: near, type: VETH, enabled: true, veth: {peer_if_name: far}}\n\
         \x20 - {name: far, type: VETH, enabled: true, namespace: {type: PID, reference: \"1\"}, veth: {peer_if_name: near}}\n",
    );
    let (agent, address) = site.start(&["setpriv", "--inh-caps=-all", "--bounding-set=-all"]);
    let status = |key: &str| site.get(&address, &format!("/scheduler/status?key=config/{key}"));
    eventually("loop1 is configured", || status("vpp/v2/interfaces/loop1").contains("\"CONFIGURED\""));
    assert_eq!(site.interfaces(), 2);
    let near = status("linux/interfaces/v2/interface/near");
    assert!(
        near.contains("\"UNIMPLEMENTED\"") && near.contains("lacks CAP_NET_ADMIN, without which"),
        "{near}"
    );
    let far = status("linux/interfaces/v2/interface/far");
    assert!(far.contains("lacks CAP_NET_ADMIN and CAP_SYS_ADMIN, without which"), "{far}");
    let why = site.get(&address, "/scheduler/why?key=config/linux/interfaces/v2/interface/far");
    assert!(why.contains("give the agent CAP_NET_ADMIN and CAP_SYS_ADMIN"), "{why}");
    agent.stop();
    // With one of the two it names the other one.
    let (agent, address) = site.start(&["setpriv", "--bounding-set=-all,+net_admin"]);
    let status = |key: &str| site.get(&address, &format!("/scheduler/status?key=config/{key}"));
    let far = "linux/interfaces/v2/interface/far";
    eventually("far lacks the other one", || status(far).contains("lacks CAP_SYS_ADMIN, without which"));
    agent.stop();
}

/// Wires from VPP into another namespace.
const WIRES: usize = 30;

fn wires(other: &str) -> String {
    let mut text = "vppConfig:\n  interfaces:\n".to_owned();
    for n in 1..=WIRES {
        text +=
            &format!("  - {{name: vpp{n}, type: AF_PACKET, enabled: true, ip_addresses: [10.{n}.0.1/24], ");
        text += &format!("afpacket: {{linux_interface: near{n}}}}}\n");
    }
    text += "linuxConfig:\n  interfaces:\n";
    for n in 1..=WIRES {
        text +=
            &format!("  - {{name: near{n}, type: VETH, enabled: true, veth: {{peer_if_name: far{n}}}}}\n");
        text += &format!("  - {{name: far{n}, type: VETH, enabled: true, ip_addresses: [10.{n}.0.2/24], ");
        text += &format!("namespace: {{type: FD, reference: {other}}}, veth: {{peer_if_name: near{n}}}}}\n");
    }
    text += "  routes:\n";
    for n in 1..=WIRES {
        text += &format!("  - {{outgoing_interface: far{n}, scope: GLOBAL, dst_network: 10.{n}.7.0/24, ");
        text += &format!("gw_addr: 10.{n}.0.1}}\n");
    }
    text
}

/// A moment within the work that is going on, another one each time, and the same each time the test is run.
fn moment(n: usize) -> Duration {
    Duration::from_micros((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) / 50
}

#[test]
fn killed_in_the_middle_of_its_work_it_goes_on_with_it_in_netns() {
    let site = Site::new("killed", (1..=WIRES).map(|n| format!("near{n}")));
    let other = Netns::new();
    let whole = wires(&other.path());
    // Below two lines of titles, and but for the loopback.
    let links = |netns: &Netns| {
        let told = netns.inside(|| std::fs::read_to_string("/proc/thread-self/net/dev").unwrap());
        told.lines().count() - 3
    };
    let counts = || (links(&site.netns), links(&other), site.interfaces() - 1);
    let kill = |mut agent: Running, n: usize| {
        std::thread::sleep(moment(n));
        agent.child.kill().unwrap();
        agent.child.wait().unwrap();
        counts()
    };
    let mut caught = 0;
    let rounds = 16;
    for n in 0..rounds {
        // On its way up.
        site.want(&whole);
        let (agent, _) = site.start(&["env"]);
        eventually("it begins", || links(&site.netns) > 0 || n % 2 == 1);
        let (here, there, vpp) = kill(agent, n);
        caught += usize::from(here > 0 && (here, there, vpp) != (WIRES, WIRES, WIRES));
        let (agent, address) = site.start(&["env"]);
        eventually("everything is there", || counts() == (WIRES, WIRES, WIRES));
        eventually("everything is configured", || {
            let all = site.get(&address, "/scheduler/status");
            let configured = all.matches("\"CONFIGURED\"").count();
            configured >= 5 * WIRES
                && !all.contains("PENDING")
                && !all.contains("RETRYING")
                && !all.contains("FAILED")
        });
        assert_eq!(other.run("ip route show proto 176").lines().count(), WIRES);
        // On its way down.
        site.want("vppConfig: {}\n");
        eventually("it begins to remove", || counts() != (WIRES, WIRES, WIRES) || n % 2 == 1);
        let (here, _, vpp) = kill(agent, n + rounds);
        caught += usize::from((here, vpp) != (0, 0) && (here, vpp) != (WIRES, WIRES));
        let (agent, _) = site.start(&["env"]);
        eventually("nothing is left", || counts() == (0, 0, 0));
        agent.stop();
    }
    assert!(caught > rounds / 4, "it was killed in the middle of its work {caught} times only");
}
