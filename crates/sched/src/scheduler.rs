//! The handle by which everybody talks to the scheduler.

use crate::contract::capability::Capability;
use crate::contract::config::Config;
use crate::contract::error::{Error, Result};
use crate::contract::registry::{DescriptorInfo, Registry, RegistryError};
use crate::contract::status::{BaseStatus, Status};
use crate::contract::txn::{Report, Resync, Txn};
use crate::doing::core::{Core, Query, SouthboundState};
use crate::doing::drift::{Drift, Ignored};
use crate::doing::notice::{Notice, Notices};
use crate::doing::task::{Command, Task};
use crate::planning::preview::Preview;
use crate::state::graph::Graph;
use crate::telling::explain::Explanation;
use crate::telling::history::History;
use crate::telling::revisions::{Timeline, Told};
use crate::telling::stats::{Counters, Read, Reads, Statistics};
use crate::telling::timeline::{Flag, Revision};
use crate::telling::view::{Item, Reader, Select, View};
use crate::telling::watch::{StatusWatch, Watchers};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};

/// The scheduler is gone: the agent is shutting down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scheduler has stopped; the agent is shutting down")]
pub struct Closed;

/// Why a transaction was not taken. Nothing of it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The scheduler is gone.
    #[error("{Closed}")]
    Closed,
    /// Too many transactions wait.
    #[error("the queue of {0} transactions is full; wait for some of them")]
    Full(usize),
    /// Options that exclude each other.
    #[error("the transaction cannot be: {0}")]
    Illegal(&'static str),
}

impl From<Closed> for Refused {
    fn from(_: Closed) -> Self {
        Refused::Closed
    }
}

/// How the scheduler is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// Every southbound with the reason why it is down, if it is.
    pub southbounds: Vec<(&'static str, Option<String>)>,
    /// Every southbound was compared with what is wanted at least once.
    pub compared: bool,
    /// Every source had answered when the last transaction ran.
    pub complete: bool,
}

pub(crate) type Descriptors = Arc<RwLock<Arc<[DescriptorInfo]>>>;

struct Shared {
    commands: mpsc::Sender<Command>,
    notices: Arc<Notices>,
    capacity: usize,
    /// Transactions that found no room.
    dropped: AtomicU64,
    queries: mpsc::UnboundedSender<Query>,
    history: Arc<History>,
    watchers: Arc<Watchers>,
    descriptors: Descriptors,
    stop: Arc<AtomicBool>,
    health: watch::Receiver<Health>,
    reads: Mutex<Reads>,
}

/// A handle to the scheduler's task. The task ends when the last handle is dropped.
#[derive(Clone)]
pub struct Scheduler(Arc<Shared>);

impl Scheduler {
    /// Starts the task on the current runtime. A runtime with one thread, shared with the southbound's I/O, is fastest.
    pub fn spawn(registry: Registry, mut config: Config) -> Scheduler {
        let capacity = config.queue.max(1);
        let (commands, command_queue) = mpsc::channel(capacity);
        let notices = Arc::new(Notices::default());
        let stop = Arc::new(AtomicBool::new(false));
        let (queries, query_queue) = mpsc::unbounded_channel();
        let bytes = if config.record { config.history_bytes } else { 0 };
        let history = Arc::new(History::new(bytes, config.history_age, config.history_keep_first));
        let watchers = Arc::new(Watchers::default());
        let descriptors: Descriptors = Arc::new(RwLock::new(registry.descriptors().into()));
        let southbounds = registry.southbounds().iter().map(SouthboundState::new);
        let southbounds: Vec<_> = southbounds.collect();
        let (health, health_seen) = watch::channel(Health::default());
        let count = registry.kinds().count();
        let made = std::mem::take(&mut config.made);
        let timeline = Timeline::new(
            if config.record { config.timeline_bytes } else { 0 },
            config.history_age,
            config.history_keep_first,
        );
        let mut core = Core {
            registry: Arc::new(registry),
            graph: Graph::default(),
            config,
            southbounds,
            blocked: vec![None; count],
            looks: vec![0; count],
            untold: BTreeSet::new(),
            lacking: vec![None; count],
            missing: vec![Vec::new(); count],
            absences: HashMap::new(),
            complete: false,
            made,
            seq: 0,
            history: history.clone(),
            watchers: watchers.clone(),
            retries: Vec::new(),
            jobs: 0,
            touched: Vec::new(),
            verbose: false,
            stop: stop.clone(),
            counters: Counters::default(),
            timeline,
            ignored: Ignored::default(),
            next_check: None,
            last_stop: SystemTime::UNIX_EPOCH,
        };
        for index in 0..core.southbounds.len() {
            let name = core.registry.southbounds()[index].name();
            core.block(index, Some(format!("not compared with {name} yet")));
        }
        core.check_policy();
        core.plan_check();
        let task = Task {
            core,
            commands: command_queue,
            notices: notices.clone(),
            queries: query_queue,
            descriptors: descriptors.clone(),
            health,
        };
        tokio::spawn(task.run());
        let (health, reads, dropped) = (health_seen, Mutex::default(), AtomicU64::default());
        let shared = Shared {
            commands,
            notices,
            capacity,
            dropped,
            queries,
            history,
            watchers,
            descriptors,
            stop,
            health,
            reads,
        };
        Scheduler(Arc::new(shared))
    }

    /// Queues a transaction, and waits until it was executed and all statuses are settled. Waits for a place in the queue
    /// if there is none. Whoever stops waiting gives up the answer, not the transaction, once that is queued.
    ///
    /// # Errors
    /// [`Refused`], at shutdown or for options that exclude each other. What failed of the transaction itself is in the
    /// report.
    pub async fn commit(&self, txn: Txn) -> Result<Report, Refused> {
        legal(&txn)?;
        let (reply, report) = oneshot::channel();
        self.send(Command::Commit(txn, Some(reply), std::time::Instant::now())).await?;
        Ok(report.await.map_err(|_| Closed)?)
    }
    /// Queues a transaction without waiting for anything.
    ///
    /// # Errors
    /// [`Refused`], also if too many are queued.
    pub fn submit(&self, txn: Txn) -> Result<(), Refused> {
        legal(&txn)?;
        let command = Command::Commit(txn, None, std::time::Instant::now());
        self.0.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => {
                self.0.dropped.fetch_add(1, Ordering::Relaxed);
                Refused::Full(self.0.capacity)
            }
            TrySendError::Closed(_) => Refused::Closed,
        })
    }
    /// Waits until everything that was queued before is done.
    ///
    /// # Errors
    /// [`Closed`] at shutdown.
    pub async fn barrier(&self) -> Result<(), Closed> {
        let (reply, done) = oneshot::channel();
        self.send(Command::Barrier(reply)).await?;
        done.await.map_err(|_| Closed)
    }
    /// Looks now whether something was changed behind the agent's back, and does what [`Config::drift`] says.
    ///
    /// # Errors
    /// [`Closed`] at shutdown.
    pub async fn check(&self) -> Result<Drift, Closed> {
        let (reply, drift) = oneshot::channel();
        self.send(Command::Check(reply)).await?;
        drift.await.map_err(|_| Closed)
    }
    /// Adds descriptors. Values that had none until now are tried at once.
    ///
    /// # Errors
    /// Whatever `add` of the registry complains about; then nothing is added.
    pub async fn register(
        &self,
        add: impl FnOnce(&mut Registry) -> Result<(), RegistryError> + Send + 'static,
    ) -> Result<(), RegistryError> {
        let (reply, done) = oneshot::channel();
        let command = Command::Register(Box::new(add), reply);
        self.send(command).await.map_err(|_| RegistryError::Closed)?;
        done.await.unwrap_or(Err(RegistryError::Closed))
    }
    /// Ends the scheduler: nothing new is started, what is in flight gets some seconds to finish, and what is queued is
    /// refused. What was done until then is known and will be found again.
    pub async fn stop(&self) {
        let (reply, done) = oneshot::channel();
        let stop = self.0.stop.clone();
        stop.store(true, Ordering::Relaxed);
        let _ = self.0.queries.send(Box::new(|_| {})); // has whatever is running look up
        if self.send(Command::Stop(reply)).await.is_ok() {
            let _ = done.await;
        }
    }
    async fn send(&self, command: Command) -> Result<(), Closed> {
        self.0.commands.send(command).await.map_err(|_| Closed)
    }
    /// Statuses of base keys with their parts, in key order. An unknown [`Select::Key`] is one NONEXISTENT status. Very
    /// many are told in slices, between which the scheduler works: a key and its parts belong together, and what is there
    /// all the time is told once.
    pub async fn statuses(&self, select: Select) -> Vec<BaseStatus> {
        let tell = |reader: &Reader<'_>, n| Some(reader.base_status(n));
        let mut told = self.tell(Read::Statuses, &select, tell, |status| &status.value.key).await;
        if let Select::Key(key) = select
            && told.is_empty()
        {
            let value = Status { key: key.into(), ..Status::default() };
            told.push(BaseStatus { value, derived: Vec::new() });
        }
        told
    }
    /// Base values in key order, in slices like statuses.
    pub async fn values(&self, view: View, select: Select) -> Vec<Item> {
        let tell = move |reader: &Reader<'_>, n| reader.item(view, n);
        self.tell(Read::Values, &select, tell, |item| &item.key).await
    }
    /// What the southbounds of now lack of what descriptors need, in the order of [`Scheduler::descriptors`].
    pub async fn capabilities(&self) -> Vec<Capability> {
        self.ask(Core::capabilities).await.unwrap_or_default()
    }
    /// Asks the southbound what is there now. Values come in key order with their parts put back, and with details.
    /// The caller's task does the work; transactions go on meanwhile.
    ///
    /// # Errors
    /// The southbound is away, does not support the kind, or failed to answer.
    pub async fn retrieve(&self, select: Select) -> Result<Vec<Item>> {
        let closed = || Error::permanent(Closed.to_string());
        let mut observation = self.ask(|core| core.observation(select)).await.ok_or_else(closed)??;
        let kinds = observation.kinds();
        let known = move |core: &Core, from: usize| core.known_of(&kinds, from);
        self.in_slices(known, |known| observation.learn(known)).await.ok_or_else(closed)?;
        observation.run().await
    }
    /// What the transaction would do if it were committed now. Changes nothing.
    ///
    /// # Errors
    /// [`Closed`] at shutdown.
    pub async fn plan(&self, txn: Txn) -> Result<Preview, Closed> {
        let (reply, preview) = oneshot::channel();
        self.send(Command::Plan(txn, reply)).await?;
        preview.await.map_err(|_| Closed)
    }
    /// Why the key, base or derived, is in its state. At shutdown nothing is known about anything.
    pub async fn explain(&self, key: &str) -> Explanation {
        let key = key.to_owned();
        self.read(Read::Explain, move |core| core.explain(&key)).await.unwrap_or_default()
    }
    /// The revisions of a key, oldest first; the last one is open while the key is known.
    pub async fn timeline(&self, key: &str) -> Vec<Revision> {
        let key = key.to_owned();
        let told = self.read(Read::Timeline, move |core| core.revisions_of(&key)).await;
        told.map_or_else(Vec::new, Told::into_revisions)
    }
    /// All keys, base and derived, as they were at a time, or as they are, in key order. What was so long ago that it is
    /// not remembered is left out. Like statuses, very many are told in slices.
    pub async fn snapshot(&self, at: Option<SystemTime>) -> Vec<Revision> {
        let mut told = self.read_in_slices(Read::Snapshot, move |core, from| core.snapshot(at, from)).await;
        // Last, so that nothing is missed that ended meanwhile.
        if let Some(at) = at {
            told.extend(self.ask(move |core| core.ended_after(at)).await.unwrap_or_default());
        }
        match self.ask(|core| core.registry.clone()).await {
            Some(registry) => Told::at_one_time(registry, told).into_revisions(),
            None => Vec::new(),
        }
    }
    /// Counts the revisions that are still remembered, by the value of a flag. Prefixes select keys; without any, all
    /// count.
    pub async fn count_flag(&self, flag: Flag, prefixes: Vec<String>) -> BTreeMap<String, u64> {
        let prefixes = Arc::new(prefixes);
        let slice = move |core: &Core, from: usize| core.count_flag(flag, &prefixes, from);
        let mut counts = BTreeMap::new();
        for (value, count) in self.read_in_slices(Read::CountFlag, slice).await {
            *counts.entry(value).or_default() += count;
        }
        counts
    }
    /// All counters. At shutdown they are all zero.
    pub async fn statistics(&self) -> Statistics {
        let statistics = self.ask(|core| core.counters.statistics(&core.registry)).await.unwrap_or_default();
        let reads = self.0.reads.lock().unwrap_or_else(PoisonError::into_inner).timings();
        Statistics {
            reads,
            dropped: self.0.dropped.load(Ordering::Relaxed),
            queue_capacity: self.0.capacity,
            queue_length: self.0.capacity.saturating_sub(self.0.commands.capacity()),
            ..statistics
        }
    }
    /// Reports what came or went by itself; each item counts for itself. What is wanted or ours is not changed by that,
    /// unless its kind is fed this way. If something is reported again before it was looked at, the last report counts.
    pub fn notify(&self, notices: Vec<Notice>) {
        self.0.notices.put(notices);
    }
    /// All descriptors, in the order in which they are retrieved.
    pub fn descriptors(&self) -> Arc<[DescriptorInfo]> {
        self.0.descriptors.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Keys that the scheduler keeps in mind: wanted, present, or needed by one of these. 0 when there is nothing to do.
    pub async fn size(&self) -> usize {
        self.ask(|core| core.graph.live()).await.unwrap_or_default()
    }
    /// These keys, in order.
    pub async fn keys(&self) -> Vec<Arc<str>> {
        self.ask(|core| core.graph.keys()).await.unwrap_or_default()
    }
    /// What was done.
    pub fn history(&self) -> Arc<History> {
        self.0.history.clone()
    }
    /// Follows statuses from now on.
    pub fn watch(&self, select: Select) -> StatusWatch {
        self.0.watchers.subscribe(select)
    }
    /// How the scheduler is doing.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.0.health.clone()
    }
    /// The same for a question whose time is counted.
    async fn read<T: Send + 'static>(
        &self,
        read: Read,
        question: impl FnOnce(&Core) -> T + Send + 'static,
    ) -> Option<T> {
        let timed = |core: &Core| {
            let began = std::time::Instant::now();
            let answer = question(core);
            (answer, began.elapsed())
        };
        let (answer, took) = self.ask(timed).await?;
        self.count(read, took);
        Some(answer)
    }
    pub(crate) fn count(&self, read: Read, took: Duration) {
        self.0.reads.lock().unwrap_or_else(PoisonError::into_inner).took(read, took);
    }
    /// Answers a question between two steps of whatever is running.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Core) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        let query: Query = Box::new(move |core| {
            let _ = reply.send(question(core)); // a reader that went away needs no answer
        });
        self.0.queries.send(query).ok()?;
        answer.await.ok()
    }
}

/// Do the options go together?
fn legal(txn: &Txn) -> Result<(), Refused> {
    match txn.resync {
        Resync::Downstream if !txn.changes.is_empty() => {
            Err(Refused::Illegal("a downstream resync takes no values"))
        }
        Resync::Full | Resync::Upstream | Resync::Downstream if txn.revert => {
            Err(Refused::Illegal("a resync cannot be reverted"))
        }
        _ => Ok(()),
    }
}
