//! Two VPPs with a memif between them, and their agents.

use agent::Agent;
use agent::config::{Govpp, Ifplugin, Kvscheduler, Linux, Settings, Telemetry};
use northbound::rest;
use sched::{Select, State};
use std::time::{Duration, Instant};
use testkit::target::Target;
use tokio::runtime::Runtime;

/// How long anything may take before the test is given up.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// One side: VPP and the agent that configured it.
pub struct Side {
    pub vpp: Target,
    agent: Agent,
    runtime: Runtime,
}

/// What this side is called in documents: 1 or 2, and the other one.
#[derive(Clone, Copy)]
pub struct Ends {
    pub this: u8,
    pub other: u8,
}

/// Both sides, up and configured: joined by a memif with the addresses 10.1.0.1 and 10.1.0.2, and with the interfaces and
/// the rest of a document that `more` gives for each. `None` without a real VPP.
pub fn pair(more: impl Fn(Ends) -> String) -> Option<[Side; 2]> {
    let vpps = Target::real_pair()?;
    let socket = vpps[0].dir().join("wire.sock");
    let mut sides = vpps.into_iter().zip([Ends { this: 1, other: 2 }, Ends { this: 2, other: 1 }]);
    Some([(); 2].map(|()| {
        let (vpp, ends) = sides.next().unwrap();
        let wire = format!(
            "vppConfig:\n  interfaces:\n    - {{name: wire, type: MEMIF, enabled: true, ipAddresses: [10.1.0.{}/24], \
             memif: {{master: {}, id: 1, socketFilename: {}}}}}\n",
            ends.this,
            ends.this == 1,
            socket.display()
        );
        Side::start(vpp, &(wire + &more(ends)))
    }))
}

impl Side {
    fn start(vpp: Target, document: &str) -> Side {
        let file = vpp.dir().join("configuration.yaml");
        std::fs::write(&file, document).unwrap();
        let settings = Settings {
            label: "vpp1".to_owned(),
            http: rest::Config { endpoint: "127.0.0.1:0".to_owned(), ..rest::Config::default() },
            grpc: None,
            etcd: None,
            govpp: Govpp { binapi_socket_path: vpp.socket(), ..Govpp::default() },
            file: Some(file),
            state_dir: Some(vpp.dir().join("state")),
            kvscheduler: Kvscheduler::default(),
            interfaces: Ifplugin::default(),
            linux: Linux::off(),
            telemetry: Telemetry::default(),
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let agent = runtime.block_on(Agent::start(settings)).unwrap();
        runtime.block_on(async { tokio::time::timeout(PATIENCE, agent.ready()).await }).unwrap();
        let side = Side { vpp, agent, runtime };
        side.wait("everything is configured", || {
            let statuses = side.runtime.block_on(side.agent.scheduler().statuses(Select::All));
            let all = statuses.iter().flat_map(|base| std::iter::once(&base.value).chain(&base.derived));
            let bad = all.filter(|one| !matches!(one.state, State::Configured | State::Obtained));
            let bad: Vec<String> =
                bad.map(|one| format!("{} {:?} {:?}", one.key, one.state, one.error)).collect();
            if bad.is_empty() { Ok(()) } else { Err(bad.join("\n")) }
        });
        side
    }
    /// Waits until an address answers.
    pub fn reaches(&self, address: &str) {
        self.wait(&format!("{address} answers"), || {
            let said = self.vpp.cli(&format!("ping {address} repeat 1"));
            if said.contains(" 1 received") { Ok(()) } else { Err(said + &self.vpp.cli("show errors")) }
        });
    }
    /// How many packets were received by an interface with its name in VPP.
    pub fn received(&self, interface: &str) -> u64 {
        let said = self.vpp.cli(&format!("show interface {interface}"));
        let count = said.lines().find_map(|line| line.split_once("rx packets"));
        count.map_or(0, |(_, count)| count.trim().parse().unwrap())
    }
    fn wait(&self, what: &str, mut is_so: impl FnMut() -> Result<(), String>) {
        let began = Instant::now();
        while let Err(reason) = is_so() {
            assert!(began.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}:\n{reason}");
            std::thread::sleep(POLL);
        }
    }
}
