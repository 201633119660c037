//! What a story acts on: a VPP, the agent, and the sources that it reads.

use crate::client::Client;
use crate::containers::{self, Containers};
use crate::etcd::Etcd;
use crate::show;
use agent::config::{ForeignObjects, Govpp, Ifplugin, Kvscheduler, Linux, Nsplugin, Settings, Telemetry};
use agent::{Agent, StartError};
use binapi::ip::IpRouteAddDel;
use binapi::types::{IpRoute, Prefix};
use northbound::{etcd, grpc, rest};
use sched::{Scheduler, Select, Southbound};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use testkit::netns::Netns;
use testkit::target::Target;
use tokio::runtime::Runtime;

/// How long anything may take before the story is given up.
pub const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(5);

pub struct World {
    agent: Option<Life>,
    pub etcd: Option<Etcd>,
    /// The watched file is configured.
    file: bool,
    remove_foreign: bool,
    /// What the agent takes for its own network namespace, if Linux is configured.
    pub netns: Option<Netns>,
    /// Another one.
    pub other: Option<Netns>,
    /// Containers, if there are any.
    pub containers: Option<Containers>,
    /// The system lets the agent change nothing of Linux.
    without_rights: bool,
    /// What `vpp-ifplugin.conf` says of the MTU, from the agent's next start on.
    pub mtu: u16,
    /// What was last shown of each base key.
    known: BTreeMap<String, String>,
    sent: HashMap<&'static str, u64>,
    pub vpp: Target,
}

/// One life of the agent, on a runtime of its own: when it is dropped, nothing of it goes on.
pub struct Life {
    pub agent: Agent,
    grpc: Client,
    pub runtime: Runtime,
}

impl World {
    pub fn new() -> World {
        World {
            agent: None,
            etcd: None,
            file: false,
            remove_foreign: false,
            netns: None,
            other: None,
            containers: None,
            without_rights: false,
            mtu: 0,
            known: BTreeMap::new(),
            sent: HashMap::new(),
            vpp: Target::new(),
        }
    }

    pub fn dir(&self) -> String {
        self.vpp.dir().display().to_string()
    }

    pub fn watched_file(&self) -> PathBuf {
        self.vpp.dir().join("watched.yaml")
    }

    /// What the agent has besides gRPC, REST and VPP.
    pub fn configure(&mut self, words: &str) -> Result<(), String> {
        for word in words.split_whitespace() {
            match word {
                "etcd" => self.etcd = Some(Etcd::start(self.vpp.dir().join("etcd"))),
                "file" => self.file = true,
                "without-rights" => self.without_rights = true,
                "linux" => (self.netns, self.other) = (Some(Netns::new()), Some(Netns::new())),
                "containers" => {
                    self.containers = Some(Containers::start(&self.vpp.dir().join("engine.sock")));
                }
                "remove-foreign" => self.remove_foreign = true,
                _ => {
                    return Err(format!(
                        "unknown part {word:?}: there are etcd, file, linux, containers, without-rights and remove-foreign"
                    ));
                }
            }
        }
        Ok(())
    }

    fn settings(&self) -> Settings {
        let anywhere = "127.0.0.1:0".to_owned();
        let foreign_objects = if self.remove_foreign { ForeignObjects::Remove } else { ForeignObjects::Keep };
        Settings {
            label: "vpp1".to_owned(),
            http: rest::Config { endpoint: anywhere.clone(), ..rest::Config::default() },
            grpc: Some(grpc::Config { endpoint: anywhere, ..grpc::Config::default() }),
            etcd: self.etcd.as_ref().map(|etcd| etcd::Config {
                endpoints: vec![etcd.endpoint()],
                reconnect_interval: Duration::from_millis(100),
                ..etcd::Config::default()
            }),
            govpp: Govpp {
                binapi_socket_path: self.vpp.socket(),
                stats_socket_path: self.vpp.stats_socket(),
                ..Govpp::default()
            },
            kvscheduler: Kvscheduler { foreign_objects, ..Kvscheduler::default() },
            interfaces: Ifplugin { mtu: self.mtu, ..Ifplugin::default() },
            linux: match &self.netns {
                Some(netns) => Linux {
                    home: Some(netns.path().into()),
                    capabilities: self.without_rights.then(linux::Capabilities::none),
                    namespaces: Nsplugin {
                        container_engine: self.containers.as_ref().map(|all| all.engine.address()),
                        container_list_interval: containers::LIST_EVERY,
                        ..Nsplugin::default()
                    },
                    ..Linux::default()
                },
                None => Linux::off(),
            },
            telemetry: Telemetry::default(),
            file: self.file.then(|| self.watched_file()),
            state_dir: Some(self.vpp.dir().join("state")),
        }
    }

    /// Starts the agent; waits until it is ready, or at least has compared VPP with what it knows.
    pub fn start_agent(&mut self, ready: bool) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let began = Instant::now();
        let agent = loop {
            match runtime.block_on(Agent::start(self.settings())) {
                Ok(agent) => break agent,
                // The store of the life before is let go by a thread of its own.
                Err(StartError::Store(_)) if began.elapsed() < PATIENCE => std::thread::sleep(POLL),
                Err(error) => return Err(error.to_string()),
            }
        };
        let grpc = runtime.block_on(async {
            let mut health = agent.scheduler().health();
            let started = async {
                match ready {
                    true => agent.ready().await,
                    false => drop(health.wait_for(|health| health.compared).await),
                }
            };
            if tokio::time::timeout(PATIENCE, started).await.is_err() {
                return Err("the agent does not start as it should".to_owned());
            }
            Client::connect(&agent.grpc_text()).await
        });
        self.agent = Some(Life { agent, grpc: grpc?, runtime });
        self.sent.clear();
        if self.known.is_empty() {
            self.known = self.statuses()?;
        }
        Ok(())
    }

    /// Ends the agent without a word to anybody.
    pub fn stop_agent(&mut self) {
        if let Some(Life { agent, grpc, runtime }) = self.agent.take() {
            drop((agent, grpc));
            runtime.shutdown_background();
        }
    }

    /// The agent, started if it was not yet.
    pub fn life(&mut self) -> Result<&mut Life, String> {
        if self.agent.is_none() && self.known.is_empty() {
            self.start_agent(true)?;
        }
        self.agent.as_mut().ok_or_else(|| "the agent is stopped".to_owned())
    }

    pub fn agent_is_up(&self) -> bool {
        self.agent.is_some()
    }

    /// Restarts VPP; waits until the agent, if there is one, has compared the new one with what is wanted.
    pub fn restart_vpp(&mut self, restart: impl FnOnce(&mut Target)) -> Result<(), String> {
        let compared = |scheduler: &Scheduler| {
            let records = scheduler.history().records();
            records
                .iter()
                .rfind(|record| record.description.starts_with("compared with"))
                .map(|record| record.seq)
        };
        let Some(life) = &self.agent else {
            restart(&mut self.vpp);
            return Ok(());
        };
        let before = compared(life.agent.scheduler());
        let generation = life.agent.vpp().link().borrow().generation;
        restart(&mut self.vpp);
        poll("the agent compares the new VPP with what is wanted", || {
            let link = life.agent.vpp().link().borrow().clone();
            let up = link.down.is_none() && link.generation > generation;
            let whole = || {
                let statuses = life.block_on(|agent| agent.scheduler().statuses(Select::All));
                statuses.iter().all(|status| !show::block(status).contains("compared with VPP"))
            };
            (up && compared(life.agent.scheduler()) > before && whole()).then_some(())
        })
    }

    fn statuses(&mut self) -> Result<BTreeMap<String, String>, String> {
        let mut statuses = self.life()?.block_on(|agent| agent.scheduler().statuses(Select::All));
        // They come when VPP or Linux says so; a story that is about them waits for them.
        let linux = [
            "linux/namespace/",
            "linux/microservice/",
            "linux/interface/host-name/",
            "linux/interface/host-link/",
        ];
        let reported =
            |key: &str| key.contains("/link-state/") || linux.iter().any(|start| key.starts_with(start));
        statuses.retain(|status| !reported(&status.value.key));
        Ok(statuses.iter().map(|status| (status.value.key.to_string(), show::block(status))).collect())
    }

    /// What is otherwise than it was last shown, and these keys in any case.
    pub fn changes(&mut self, keys: &[String]) -> Result<Vec<String>, String> {
        let now = self.statuses()?;
        let before = std::mem::take(&mut self.known);
        let mut shown = BTreeMap::new();
        for key in now.keys().chain(before.keys()).chain(keys) {
            if now.get(key) != before.get(key) || keys.contains(key) {
                shown.insert(key.clone(), now.get(key).cloned().unwrap_or_else(|| show::gone(key)));
            }
        }
        self.known = now;
        Ok(show::blocks(&shown))
    }

    /// Everything that is known.
    pub fn list(&mut self, prefix: &str) -> Result<Vec<String>, String> {
        self.known = self.statuses()?;
        let listed = self.known.iter().filter(|(key, _)| key.starts_with(prefix));
        let listed = show::blocks(&listed.map(|(key, block)| (key.clone(), block.clone())).collect());
        Ok(if listed.is_empty() { vec!["none".to_owned()] } else { listed })
    }

    /// Waits until the key, base or part, has this state.
    pub fn wait(&mut self, state: &str, key: &str) -> Result<(), String> {
        let life = self.life()?;
        let mut last = String::new();
        let settled = poll(state, || {
            let select = Select::Key(key.to_owned());
            let statuses = life.block_on(|agent| agent.scheduler().statuses(select));
            last = statuses.iter().map(show::block).collect::<Vec<_>>().join("; ");
            let mut all =
                statuses.iter().flat_map(|status| std::iter::once(&status.value).chain(&status.derived));
            all.any(|status| &*status.key == key && status.state.name() == state).then_some(())
        });
        settled.map_err(|error| format!("{error}; the last was {last}"))
    }

    /// Waits until the agent has taken over the last change in etcd.
    pub fn follow_etcd(&mut self) -> Result<(), String> {
        let revision = self.etcd.as_ref().map_or(0, |etcd| etcd.revision);
        let Some(connection) = self.agent.as_ref().and_then(|life| life.agent.etcd_connection()) else {
            return Ok(());
        };
        poll("the agent takes over what stands in etcd", || {
            let connection = connection.borrow();
            (connection.down.is_none() && connection.revision >= revision).then_some(())
        })
    }

    /// Has another API client, with our source of routes, remove all paths of a network.
    pub fn unroute(&mut self, table_id: u32, network: &str) -> Result<(), String> {
        let (address, len) = network.split_once('/').ok_or("a network is an address and a length")?;
        let address: IpAddr = address.parse().map_err(|error| format!("{network}: {error}"))?;
        let len = len.parse().map_err(|error| format!("{network}: {error}"))?;
        let prefix = Prefix { address: address.into(), len };
        let route = IpRoute { table_id, prefix, ..IpRoute::default() };
        let request = IpRouteAddDel { is_add: false, is_multipath: false, route };
        let socket = self.vpp.socket();
        self.life()?.runtime.block_on(async {
            let vpp = vpp_client::Vpp::connect(vpp_client::Config::new(socket));
            vpp.connected().await;
            vpp.call(request).await.map(drop).map_err(|error| error.to_string())
        })
    }

    /// Ends etcd; waits until the agent has noticed.
    pub fn stop_etcd(&mut self) -> Result<(), String> {
        self.etcd.as_mut().ok_or("there is no etcd")?.kill();
        let Some(connection) = self.agent.as_ref().and_then(|life| life.agent.etcd_connection()) else {
            return Ok(());
        };
        poll("the agent notices that etcd is gone", || connection.borrow().down.is_some().then_some(()))
    }

    pub fn sent(&mut self) -> Result<Vec<String>, String> {
        let agent = &self.life()?.agent;
        let stats = agent.vpp().client().stats();
        let linux = agent.linux().map(|linux| linux.sent()).unwrap_or_default();
        Ok(show::sent(stats.iter().map(|row| (row.name, row.sent)).chain(linux), &mut self.sent))
    }
}

impl Life {
    pub fn block_on<'a, F: Future>(&'a self, work: impl FnOnce(&'a Agent) -> F) -> F::Output {
        self.runtime.block_on(work(&self.agent))
    }

    pub fn speak<'a, F: Future>(&'a mut self, work: impl FnOnce(&'a mut Client) -> F) -> F::Output {
        self.runtime.block_on(work(&mut self.grpc))
    }
}

/// Asks until there is an answer.
pub fn poll<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> Result<T, String> {
    let began = Instant::now();
    loop {
        match ask() {
            Some(answer) => return Ok(answer),
            None if began.elapsed() < PATIENCE => std::thread::sleep(POLL),
            None => return Err(format!("waited {PATIENCE:?} in vain for: {what}")),
        }
    }
}
