//! A site: a VPP with its agent, and hosts that are wired to it, each in a network of its own.

use agent::Agent;
use agent::config::{Govpp, Ifplugin, Kvscheduler, Linux, Settings, Telemetry};
use northbound::{grpc, rest};
use sched::{Select, State};
use std::ffi::OsString;
use std::time::{Duration, Instant};
use testkit::netns::Netns;
use testkit::target::Target;
use tokio::runtime::Runtime;

/// How long anything may take before the test is given up.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

pub struct Site {
    agent: Option<Agent>,
    runtime: Runtime,
    pub vpp: Target,
}

impl Site {
    /// `None` without a real VPP: a simulated one moves no packets.
    pub fn new() -> Option<Site> {
        let vpp = Target::new();
        if !vpp.is_real() {
            eprintln!("left out: packets need a real VPP, which VPP_BIN names");
            return None;
        }
        Some(Site::of(vpp))
    }
    /// Two of them.
    pub fn pair() -> Option<[Site; 2]> {
        let pair = Target::real_pair();
        if pair.is_none() {
            eprintln!("left out: packets need two real VPPs, which VPP_BIN names");
        }
        Some(pair?.map(Site::of))
    }
    fn of(vpp: Target) -> Site {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let anywhere = || "127.0.0.1:0".to_owned();
        let settings = Settings {
            label: "traffic".to_owned(),
            http: rest::Config { endpoint: anywhere(), ..rest::Config::default() },
            grpc: Some(grpc::Config { endpoint: anywhere(), ..grpc::Config::default() }),
            etcd: None,
            govpp: Govpp {
                binapi_socket_path: vpp.socket(),
                stats_socket_path: vpp.stats_socket(),
                ..Govpp::default()
            },
            kvscheduler: Kvscheduler::default(),
            interfaces: Ifplugin::default(),
            linux: Linux::off(),
            telemetry: Telemetry::default(),
            file: None,
            state_dir: None,
        };
        let agent = runtime.block_on(async {
            let agent = Agent::start(settings).await.unwrap();
            tokio::time::timeout(PATIENCE, agent.ready()).await.unwrap();
            agent
        });
        Site { agent: Some(agent), runtime, vpp }
    }
    fn agent(&self) -> &Agent {
        self.agent.as_ref().unwrap()
    }
    fn netns(&self) -> &Netns {
        self.vpp.netns().unwrap()
    }
    /// A host with a wire to an interface of Linux in VPP's network, `port`. Addresses have prefix lengths.
    pub fn host(&self, port: &str, addresses: &[&str]) -> Host {
        let net = Netns::new();
        self.netns().wire(port, &net, "eth0");
        let host = Host { net };
        addresses.iter().for_each(|address| host.add(address));
        host
    }
    /// Configures this too, by gRPC as `agentctl` does; returns when all is as wanted.
    pub fn configure(&self, document: &str) {
        self.agentctl("update", document);
        self.settle();
    }
    /// VPP dies, and comes back empty; returns when all is as wanted again.
    pub fn restart_vpp(&mut self) {
        let mut health = self.agent().scheduler().health();
        health.mark_unchanged();
        self.vpp.restart();
        // Until the loss is noticed, all seems well.
        self.runtime
            .block_on(async { tokio::time::timeout(PATIENCE, health.changed()).await.unwrap().unwrap() });
        self.settle();
    }
    fn settle(&self) {
        let began = Instant::now();
        loop {
            let statuses = self.runtime.block_on(self.agent().scheduler().statuses(Select::All));
            let all = statuses.iter().flat_map(|base| std::iter::once(&base.value).chain(&base.derived));
            let bad: Vec<_> =
                all.filter(|status| !matches!(status.state, State::Configured | State::Obtained)).collect();
            if bad.is_empty() {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "not as wanted: {bad:#?}");
            std::thread::sleep(POLL);
        }
    }
    /// Removes what the document names.
    pub fn remove(&self, document: &str) {
        self.agentctl("delete", document);
    }
    fn agentctl(&self, verb: &str, document: &str) {
        let file = self.vpp.dir().join("document.yaml");
        std::fs::write(&file, document).unwrap();
        let grpc = self.agent().grpc_text();
        let (_, grpc) = grpc.rsplit_once(':').unwrap();
        let http = self.agent().rest_address().unwrap().port().to_string();
        let words = ["agentctl", "--grpc-port", grpc, "--http-port", &http, "config", verb];
        let words = words.into_iter().map(OsString::from).chain([file.into_os_string()]);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut screen = agentctl::Screen { out: &mut out, err: &mut err, colours: false };
        let exit = self.runtime.block_on(agentctl::run(words, |_| None, &mut screen));
        assert_eq!(exit, agentctl::Exit::Done, "{document}\n{}", String::from_utf8_lossy(&err));
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(agent) = self.agent.take() {
            self.runtime.block_on(agent.stop());
        }
    }
}

pub struct Host {
    net: Netns,
}

impl Host {
    /// Gives it one more address.
    pub fn add(&self, address: &str) {
        // What an IPv6 address would be asked for first is answered by nobody.
        let at_once = if address.contains(':') { "nodad" } else { "" };
        self.net.run(&format!("ip address add {address} dev eth0 {at_once}"));
    }
    /// Sends everything else to this neighbour.
    pub fn gateway(&self, address: &str) {
        self.net.run(&format!("ip route add default via {address}"));
    }
    /// Waits until the address answers: neighbours have to be found first.
    pub fn reaches(&self, address: &str) {
        let began = Instant::now();
        while let Err(why) = self.net.attempt(&format!("ping -n -c 1 -W 1 {address}")) {
            assert!(began.elapsed() < PATIENCE, "no answer: {why}");
        }
        // Not by chance: the way is there now.
        self.net.run(&format!("ping -n -c 5 -i 0.05 -W 2 {address}"));
    }
    /// Waits until the address does not answer any more, and sees that it stays so for some packets.
    pub fn loses(&self, address: &str) {
        let began = Instant::now();
        while self.answers(address) {
            assert!(began.elapsed() < PATIENCE, "{address} still answers");
        }
    }
    /// Does something inside; see [`Netns::inside`].
    pub fn inside<T: Send>(&self, what: impl FnOnce() -> T + Send) -> T {
        self.net.inside(what)
    }
    /// Its packets leave with their sums made. Needs the program `ethtool`.
    pub fn whole_sums(&self) {
        self.net.run("ethtool --offload eth0 tx off");
    }
    /// Of a few packets, does one come back?
    pub fn answers(&self, address: &str) -> bool {
        self.net.attempt(&format!("ping -n -c 5 -i 0.05 -W 1 {address}")).is_ok()
    }
}
