//! What outlives the agent: VPP, the disk, the sources, and what is known about all of them.

use crate::oracle::{Said, Says};
use crate::rng::Rng;
use crate::tables;
use crate::things::Thing;
use northbound::merge::{Class, Source, Want};
use northbound::store::{Content, Memory};
use sim::{Sim, SimConfig};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::task::AbortHandle;

/// The way to VPP.
#[derive(Default)]
pub struct Way {
    pub up: bool,
    /// How often somebody changed the owner or the mode of the socket file, so that it looks like another.
    pub touched: i128,
    /// The connection there is.
    pub serving: Option<AbortHandle>,
}

/// A batch that a gRPC client sent, in the order in which they were sent.
pub struct Sent {
    pub number: usize,
    pub client: usize,
    pub replace: bool,
    pub ops: Vec<(String, Option<Said>)>,
}

/// What clients sent by gRPC: what is sure to be on disk, and what need not be yet.
#[derive(Default)]
pub struct Clients {
    pub durable: [Says; 2],
    pub sent: VecDeque<Sent>,
    pub count: usize,
}

pub const CLIENTS: [&str; 2] = ["grpc", "tool"];

impl Sent {
    fn apply(&self, says: &mut [Says; 2]) {
        let says = &mut says[self.client];
        if self.replace {
            says.clear();
        }
        for (key, said) in &self.ops {
            match said {
                Some(said) => drop(says.insert(key.clone(), said.clone())),
                None => drop(says.remove(key)),
            }
        }
    }
}

impl Clients {
    /// With all that was sent.
    pub fn newest(&self) -> [Says; 2] {
        let mut says = self.durable.clone();
        self.sent.iter().for_each(|sent| sent.apply(&mut says));
        says
    }
    /// The batch of this number was answered: it and all before are on disk.
    pub fn answered(&mut self, number: usize) {
        while self.sent.front().is_some_and(|sent| sent.number <= number) {
            let sent = self.sent.pop_front().unwrap();
            sent.apply(&mut self.durable);
        }
    }
    /// After a crash: what is on disk must be all that was answered, and some of what was sent after, in order.
    fn recover(&mut self, content: &Content) -> Result<usize, String> {
        let holds = |says: &[Says; 2]| {
            let count: usize = says.iter().map(BTreeMap::len).sum();
            count == content.values.len()
                && content.values.iter().all(|stored| {
                    let client = CLIENTS.iter().position(|name| **name == *stored.source.name);
                    let said = client.and_then(|client| says[client].get(&*stored.key));
                    match (said, &stored.want) {
                        (Some(Said::Put(thing)), Want::Put(value)) => thing.value().same(&**value),
                        _ => false,
                    }
                })
        };
        let mut kept = 0;
        loop {
            if holds(&self.durable) {
                self.sent.clear();
                return Ok(kept);
            }
            let Some(sent) = self.sent.pop_front() else {
                return Err(format!(
                    "the store lost what was answered: it holds {:?}, but clients said {:?}",
                    content.values, self.durable
                ));
            };
            sent.apply(&mut self.durable);
            kept += 1;
        }
    }
}

pub struct World {
    pub rng: Rng,
    pub sim: Arc<Sim>,
    pub way: Arc<Mutex<Way>>,
    /// By which VPP's lives are told apart.
    pid: u32,
    pub memory: Memory,
    pub clients: Clients,
    /// What the key-value store holds, and whether the agent can reach it.
    pub kv: Says,
    pub kv_up: bool,
    /// What the file says.
    pub file: Says,
    /// A thing for each key that was ever named.
    pub known: BTreeMap<String, Thing>,
    /// What others made in VPP.
    pub foreign: BTreeSet<String>,
    /// Nameless interfaces that were being made when the agent crashed: nothing tells a new agent whose they are.
    pub orphans: BTreeSet<String>,
    /// Somebody deleted an interface that the agent believes to be there: until it looks, the number must not be given
    /// to another, because VPP has no other way to say which interface is meant.
    pub gone_behind: bool,
    /// Something happened that only a comparison mends for sure.
    pub unsettled: bool,
    /// The keys that the scheduler had in mind when nothing was wanted any more.
    pub last_keys: Option<BTreeSet<Arc<str>>>,
    pub step: usize,
    pub quiets: usize,
    pub events: VecDeque<String>,
    pub trace: u64,
    /// Every request to VPP goes into the trace, and the trace is kept as it was written.
    pub thorough: bool,
    pub account: Vec<String>,
}

/// As many events are shown with a failure.
const SHOWN: usize = 80;

impl World {
    pub fn new(seed: u64) -> World {
        let mut rng = Rng::new(seed);
        let config = SimConfig { log: 1000, pid: 100, ..SimConfig::default() };
        let mut flush = rng.fork();
        World {
            sim: Arc::new(Sim::in_memory(config).unwrap()),
            way: Arc::new(Mutex::new(Way { up: true, ..Way::default() })),
            pid: 100,
            memory: Memory::new(move || flush.millis(30)),
            rng,
            clients: Clients::default(),
            kv: Says::new(),
            kv_up: true,
            file: Says::new(),
            known: BTreeMap::new(),
            foreign: BTreeSet::new(),
            orphans: BTreeSet::new(),
            gone_behind: false,
            unsettled: false,
            last_keys: None,
            step: 0,
            quiets: 0,
            events: VecDeque::new(),
            trace: 0xcbf2_9ce4_8422_2325,
            thorough: false,
            account: Vec::new(),
        }
    }
    /// Puts into the trace what must be the same in every run.
    pub fn hash(&mut self, text: &str) {
        if self.thorough {
            self.account.push(format!("step {}: {text}", self.step));
        }
        for byte in text.bytes() {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    pub fn note(&mut self, event: String) {
        self.hash(&event);
        if self.events.len() == SHOWN {
            self.events.pop_front();
        }
        self.events.push_back(format!("{:>4}  {event}", self.step));
    }
    /// What the sources say, the strongest first.
    pub fn sources(&self) -> Vec<Says> {
        let [grpc, tool] = self.clients.newest();
        vec![self.kv.clone(), grpc, tool, self.file.clone()]
    }
    /// A random thing under its key, remembered.
    pub fn invent(&mut self) -> (String, Thing) {
        let thing = Thing::random(&mut self.rng);
        let key = thing.value().key();
        self.known.insert(key.clone(), thing.clone());
        (key, thing)
    }
    /// A key that a source holds, most of the time.
    pub fn held(&mut self, says: &Says) -> Option<String> {
        let at = self.rng.below(says.len());
        says.keys().nth(at).cloned()
    }
    pub fn lines(&self) -> BTreeSet<String> {
        tables::lines(&self.sim)
    }
    /// The agent is gone, and with it its connection. The machine may be gone as well.
    pub fn crash(&mut self) {
        self.way.lock().unwrap().serving = None;
        let unflushed = self.memory.unflushed();
        let kept = if self.rng.percent(50) { unflushed } else { self.rng.below(unflushed + 1) };
        self.memory.crash(kept);
        self.note(format!("the agent crashed; {kept} of {unflushed} bytes reached the disk"));
        self.find_orphans();
    }
    /// The agent is gone; what it was just making stays as it is.
    pub fn find_orphans(&mut self) {
        let theirs = |name: &str| {
            let start = format!("interface {name}:");
            self.foreign.iter().any(|line| line.starts_with(&start))
        };
        let nameless = tables::interfaces(&self.sim).into_iter().filter(|(tag, ..)| tag.is_empty());
        let ours: Vec<String> = nameless.map(|(_, name, _)| name).filter(|name| !theirs(name)).collect();
        self.orphans.extend(ours);
    }
    /// The next agent reads the disk.
    pub fn recover(&mut self, content: &Content) -> Result<(), String> {
        let unsure = self.clients.sent.len();
        let kept = self.clients.recover(content)?;
        self.note(format!("{} values on disk; {kept} of {unsure} unanswered batches", content.values.len()));
        Ok(())
    }
    /// Takes notice of a restart that a fault brought about.
    pub fn notice_restart(&mut self) {
        let pid = self.sim.pid();
        if pid != self.pid {
            self.pid = pid;
            self.foreign.clear();
            self.orphans.clear();
            self.gone_behind = false;
        }
    }
    /// VPP starts anew: all is gone that was in it.
    pub fn restart_vpp(&mut self) {
        self.sim.restart();
        self.notice_restart();
    }
}

pub fn kv_source() -> Source {
    Source::new(Class::Kv, "etcd")
}

pub fn file_source() -> Source {
    Source::new(Class::File, "file")
}

pub fn client_source(client: usize) -> Source {
    Source::new(Class::Grpc, CLIENTS[client])
}
