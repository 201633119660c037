//! The scheduler's state, and how it compares, plans and repairs. Everything here runs in the scheduler's one task.

use crate::contract::capability::Missing;
use crate::contract::config::Config;
use crate::contract::error::Error;
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::contract::southbound::{Link, Southbound};
use crate::contract::status::Operation;
use crate::contract::txn::{KeyError, Report, Resync, Retry};
use crate::doing::compare::Scope;
use crate::doing::drift::Ignored;
use crate::doing::retry::RetryJob;
use crate::planning::plan::{Plan, plan};
use crate::planning::region::Policy;
use crate::state::graph::{Graph, Half, NodeId};
use crate::state::journal::Borrowed;
use crate::telling::history::{RecordedValue, TxnKind};
use crate::telling::record::Log;
use crate::telling::revisions::Timeline;
use crate::telling::stats::{Counters, Slice};
use crate::telling::view::Reader;
use crate::telling::watch::Watchers;
use crate::{History, RecordedOp};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// From so many changed nodes on, planning takes long enough that readers must not wait for it.
const APART: usize = 20_000;
/// How often readers are looked for while a plan is made.
const GLANCE: Duration = Duration::from_micros(200);

/// Questions of readers, answered between two steps of whatever is running.
pub(crate) type Query = Box<dyn FnOnce(&Core) + Send>;
pub(crate) type Queries = mpsc::UnboundedReceiver<Query>;

/// A southbound as the scheduler sees it.
pub(crate) struct SouthboundState {
    pub link: watch::Receiver<Link>,
    /// Generation that was compared last.
    pub compared: Option<u64>,
    pub instance: u64,
    /// It was asked once what it offers.
    pub assessed: bool,
    /// Some kinds could not be retrieved: when to ask again.
    pub again: Option<Instant>,
    /// Every kind was compared at least once.
    pub once: bool,
}

impl SouthboundState {
    pub fn new(southbound: &Arc<dyn Southbound>) -> Self {
        let mut link = southbound.link();
        link.mark_changed();
        SouthboundState { link, compared: None, instance: 0, assessed: false, again: None, once: false }
    }
}

pub(crate) struct Core {
    pub registry: Arc<Registry>,
    pub graph: Graph,
    pub config: Config,
    pub southbounds: Vec<SouthboundState>,
    /// Why a kind cannot be worked on now, by kind.
    pub blocked: Vec<Option<String>>,
    /// How often each kind was retrieved since the agent or its southbound started.
    pub looks: Vec<u8>,
    /// Kinds of which not all was told when they were retrieved.
    pub untold: BTreeSet<Kind>,
    /// Why a kind is not supported by what it talks to, by kind.
    pub lacking: Vec<Option<String>>,
    /// Calls that a kind, or some of its values, need and that do not exist, by kind.
    pub missing: Vec<Missing>,
    /// Why what comes and goes by itself is not there, by key, as far as its southbound has said.
    pub absences: HashMap<Arc<str>, Arc<str>>,
    pub complete: bool,
    pub made: HashSet<Arc<str>>,
    pub seq: u64,
    pub history: Arc<History>,
    pub watchers: Arc<Watchers>,
    pub retries: Vec<RetryJob>,
    /// Number of the newest retry.
    pub jobs: u64,
    /// Nodes that comparisons changed and that were not looked at since.
    pub touched: Vec<NodeId>,
    /// Log whatever is retrieved.
    pub verbose: bool,
    /// Nothing new is to be started: the agent is shutting down.
    pub stop: Arc<AtomicBool>,
    pub counters: Counters,
    pub timeline: Timeline,
    pub ignored: Ignored,
    /// When to look next whether something was changed behind the agent's back.
    pub next_check: Option<Instant>,
    /// When the last transaction was through: no two have the same time.
    pub last_stop: SystemTime,
}

/// What is being done, for the record.
pub(crate) struct Work {
    pub kind: TxnKind,
    pub resync: Resync,
    pub description: String,
    pub retry: Option<Retry>,
    pub retry_for: Option<(u64, u32)>,
    pub values: Vec<RecordedValue>,
    pub submitted: usize,
    /// Not worth a record if nothing was done.
    pub quiet: bool,
    /// Stop at the first failure, and undo everything.
    pub revert: bool,
    /// Keep the first plan for the record.
    pub simulate: bool,
    /// Nodes not to be touched.
    pub spare: HashSet<NodeId>,
    pub load: Duration,
    pub started: SystemTime,
    /// The same, on a clock that nobody sets.
    pub began: std::time::Instant,
}

impl Work {
    pub fn new(kind: TxnKind) -> Self {
        Work {
            kind,
            resync: Resync::None,
            description: String::new(),
            retry: None,
            retry_for: None,
            values: Vec::new(),
            submitted: 0,
            quiet: false,
            revert: false,
            simulate: false,
            spare: HashSet::new(),
            load: Duration::ZERO,
            started: SystemTime::now(),
            began: std::time::Instant::now(),
        }
    }
}

impl Core {
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            graph: &self.graph,
            registry: &self.registry,
            blocked: &self.blocked,
            lacking: &self.lacking,
            missing: &self.missing,
            absences: &self.absences,
        }
    }
    /// Why nothing of this kind can be sent now.
    pub fn out_of_reach(&self, kind: Kind) -> Option<String> {
        let index = self.registry.southbound_of(kind);
        let state = &self.southbounds[index];
        let link = state.link.borrow();
        match (&link.down, state.compared == Some(link.generation)) {
            (Some(reason), _) => Some(reason.clone()),
            (None, true) => None,
            (None, false) => {
                Some(format!("{} was reconnected meanwhile", self.registry.southbounds()[index].name()))
            }
        }
    }

    /// Plans in a thread of its own, and answers readers meanwhile.
    fn plan_apart(&self, policy: &Policy<'_>, dirty: &[NodeId], queries: &mut Queries) -> Plan {
        let here = std::thread::current();
        std::thread::scope(|scope| {
            let planner = scope.spawn(|| {
                let plan = plan(&self.graph, &self.registry, policy, dirty);
                here.unpark();
                plan
            });
            while !planner.is_finished() {
                match queries.try_recv() {
                    Ok(query) => query(self),
                    Err(_) => std::thread::park_timeout(GLANCE),
                }
            }
            planner.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
    /// Has everything wanted again as it was before the work at hand. Returns what that touches.
    pub fn restore(&mut self) -> (Vec<NodeId>, Vec<Borrowed>) {
        let mut journal = std::mem::take(&mut self.graph.journal);
        let unchanged = self.graph.seen_unchanged(&self.registry, &journal);
        self.graph.restore_wishes(&self.registry, &journal);
        unchanged.into_iter().for_each(|n| self.graph.settle(n));
        let borrowed = self.graph.borrow(&self.registry, &journal);
        journal.append(&mut self.graph.journal);
        let touched = journal.iter().map(|(n, _)| *n).collect();
        self.graph.journal = journal;
        (touched, borrowed)
    }
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Plans and executes until nothing is left to try: what a failure held back may have another way.
    pub async fn reconcile(
        &mut self,
        mut dirty: Vec<NodeId>,
        mut work: Work,
        queries: &mut Queries,
    ) -> Report {
        let mut report = Report { seq: self.seq, load: work.load, ..Report::default() };
        self.seq += 1;
        let before = work.began.elapsed();
        let mut barred: HashSet<NodeId> = std::mem::take(&mut work.spare);
        let mut settled: HashSet<(NodeId, Operation)> = HashSet::new();
        let mut failed: Vec<(NodeId, KeyError)> = Vec::new();
        let mut reverted_for: Vec<KeyError> = Vec::new();
        let mut borrowed = Vec::new();
        let mut touched = dirty.clone();
        let mut worked: Vec<NodeId> = Vec::new();
        let mut log = Log::new(self.history.record_limit());
        let mut planned: Option<Vec<RecordedOp>> = None;
        loop {
            let started = std::time::Instant::now();
            for &n in dirty.iter().filter(|n| !barred.contains(n)) {
                self.graph.node_mut(n).forget_error();
            }
            let policy = Policy {
                barred: &barred,
                blocked: &self.blocked,
                lacking: &self.lacking,
                missing: &self.missing,
                untold: &self.untold,
                complete: self.complete,
            };
            let plan = match dirty.len() >= APART {
                true => self.plan_apart(&policy, &dirty, queries),
                false => plan(&self.graph, &self.registry, &policy, &dirty),
            };
            plan.settled.iter().for_each(|&n| self.graph.settle(n));
            plan.staying.iter().for_each(|&n| self.graph.note_squatter(&self.registry, n));
            report.plan += started.elapsed();
            touched.extend(&plan.touched);
            if work.simulate && planned.is_none() {
                let started = std::time::Instant::now();
                planned = Some(self.planned(&plan));
                self.counters.took(Slice::Simulate, started.elapsed());
            }
            if plan.ops.is_empty() || self.stopping() {
                break;
            }
            let started = std::time::Instant::now();
            let at_once = work.revert && !report.reverted;
            let out = self.execute(&plan, at_once, queries, &mut log).await;
            report.execute += started.elapsed();
            report.done += out.done;
            worked.extend(out.worked);
            let mut untrue = Vec::new();
            if !out.overtaken.is_empty() {
                self.see_again(&out.overtaken, queries).await;
                untrue = plan.touched.clone();
                untrue.extend(self.differing());
            }
            if out.failed.is_empty() {
                if untrue.is_empty() {
                    break;
                }
                dirty = untrue;
                continue;
            }
            if at_once {
                report.reverted = true;
                log.revert = true;
                reverted_for.extend(out.failed.iter().map(|(_, failure)| failure.clone()));
                let kinds = out.failed.iter().map(|(n, _)| self.graph.node(*n).kind).collect();
                (dirty, borrowed) = self.restore();
                dirty.extend(untrue);
                touched.extend(&dirty);
                // Whoever failed is looked at again, so that what is undone is what was done.
                dirty.extend(self.look_again(&kinds, queries).await);
                self.own_up(&out.failed, &mut dirty);
                continue;
            }
            dirty = out.skipped;
            dirty.extend(untrue);
            // Whatever relied on it, by mutual need as well, must be thought over.
            let new = out.failed;
            let unsure = |error: &Error| error.uncertain || error.stale && work.retry_for.is_none();
            let kinds = new.iter().filter(|(_, failure)| unsure(&failure.error));
            let kinds = kinds.map(|(n, _)| self.graph.node(*n).kind).collect();
            dirty.extend(self.look_again(&kinds, queries).await);
            for (n, failure) in &new {
                let n = *n;
                let node = self.graph.node_mut(n);
                let happened = unsure(&failure.error)
                    && match failure.operation {
                        Operation::Delete => node.have.is_none(),
                        // Whatever it looks like: something is there to go on with.
                        Operation::Create => node.have.as_ref().is_some_and(|have| have.half != Half::Fresh),
                        _ => node.as_wanted(),
                    };
                // What did happen all the same is no reason to stop; but once is enough.
                if happened && settled.insert((n, failure.operation)) {
                    node.forget_error();
                    dirty.push(n);
                } else {
                    barred.insert(n);
                }
                if !self.graph.present(n) {
                    self.graph.all_dependents(n, &mut dirty);
                }
            }
            failed.extend(new);
        }
        self.graph.give_back(borrowed);
        self.counters.took(Slice::PreProcess, before + report.plan);
        self.counters.took(Slice::Execute, report.execute);
        let started = std::time::Instant::now();
        self.forgive(&failed, &touched);
        failed.retain(|(n, _)| self.graph.node(*n).failed());
        let (failed, errors): (Vec<_>, Vec<_>) = failed.into_iter().unzip();
        report.failed = reverted_for;
        report.failed.extend(errors);
        worked.sort_unstable();
        worked.dedup();
        if self.config.verify {
            let (wrong, errors): (Vec<_>, Vec<_>) = self.verify(&worked, queries).await.into_iter().unzip();
            touched.extend(wrong);
            report.failed.extend(errors);
        }
        touched.append(&mut self.touched);
        touched.extend(&failed);
        touched.sort_unstable();
        touched.dedup();
        self.plan_retry(&failed, &touched, &work, report.seq);
        self.record_without_operation(&touched, &worked, &mut log);
        self.last_stop = SystemTime::now().max(self.last_stop + Duration::from_nanos(1));
        let restated = self.tell(&touched, &worked);
        self.revise(restated, report.seq);
        self.graph.forget_squatters(&touched);
        self.graph.collect(touched);
        self.counters.took(Slice::PostProcess, started.elapsed());
        let (started, kind, began) = (std::time::Instant::now(), work.kind, work.began);
        self.sum_up(&report, &work);
        self.record(&report, work, log, planned);
        self.counters.took(Slice::Record, started.elapsed());
        self.counters.done(kind, began.elapsed());
        report
    }
    /// What turns out to be there after its creation was said to have failed is of our making: it has to be undone,
    /// whether others would be spared in its place or not.
    fn own_up(&mut self, failed: &[(NodeId, KeyError)], dirty: &mut Vec<NodeId>) {
        let created = |failure: &KeyError| failure.operation == Operation::Create && failure.error.uncertain;
        for &(n, _) in failed.iter().filter(|(_, failure)| created(failure)) {
            if let Some(have) = &mut self.graph.node_mut(n).have {
                (have.foreign, have.discovered) = (false, false);
                dirty.push(n);
            }
        }
    }
    /// A failure is nothing to talk about any more if everything is as it should be all the same.
    fn forgive(&mut self, failed: &[(NodeId, KeyError)], touched: &[NodeId]) {
        let waits = |n: NodeId| {
            let node = self.graph.node(n);
            let unmet = |want| self.graph.hangs_on(n, want).any(|(d, _)| !self.graph.present(d));
            node.have.is_none() && node.want.as_deref().is_some_and(unmet)
        };
        let still = failed.iter().any(|(n, _)| self.unlike(*n));
        if failed.is_empty() || still || touched.iter().any(|&n| self.unlike(n) && !waits(n)) {
            return;
        }
        for (n, _) in failed {
            self.graph.node_mut(*n).forget_error();
        }
    }
    /// What is believed of these is not true: somebody removed them and gave their handles to others. Whatever hung on
    /// these handles may be anywhere, so everything is looked at.
    async fn see_again(&mut self, overtaken: &[NodeId], queries: &mut Queries) {
        let southbounds: BTreeSet<usize> = overtaken
            .iter()
            .map(|&n| self.registry.southbound_of(self.graph.node(n).kind))
            .filter(|&index| self.southbounds[index].compared.is_some())
            .collect();
        for index in southbounds {
            self.compare(index, Scope::All, queries).await;
        }
    }
    /// Looks what became of operations whose outcome is unknown, so that a retry starts from the truth. Returns what
    /// turned out to be otherwise than believed, with what depends on it.
    async fn look_again(&mut self, kinds: &HashSet<Kind>, queries: &mut Queries) -> Vec<NodeId> {
        let mut kinds: Vec<Kind> =
            kinds.iter().copied().filter(|&kind| self.out_of_reach(kind).is_none()).collect();
        kinds.sort_unstable();
        let mut dirty = Vec::new();
        for kind in kinds {
            let expected = self.expected(kind);
            let changed = match self.refresh(kind, expected, false, queries).await {
                Ok(changed) => changed,
                Err(error) => {
                    self.unread(kind, &error);
                    continue;
                }
            };
            for n in changed {
                dirty.push(n);
                self.graph.all_dependents(n, &mut dirty);
            }
        }
        dirty
    }
    /// Is the node not as wanted, as far as this can be mended now?
    pub fn differs(&self, n: NodeId) -> bool {
        self.graph.node(n).failed() || self.unlike(n)
    }
    pub fn unlike(&self, n: NodeId) -> bool {
        let node = self.graph.node(n);
        match (&node.want, &node.have) {
            (None, None) => false,
            (Some(want), Some(_)) => {
                !node.as_wanted() || !self.graph.hangs_on(n, &**want).all(|(d, _)| self.graph.present(d))
            }
            (Some(_), None) => true,
            (None, Some(have)) => {
                let held = have.foreign || have.discovered && !self.complete || self.graph.spared(n);
                node.kind != NO_KIND && !held && !self.registry.get(node.kind).fed()
            }
        }
    }
    /// All nodes that are not as wanted, in key order.
    pub fn differing(&self) -> Vec<NodeId> {
        let mut dirty: Vec<NodeId> = self.graph.ids().filter(|&n| self.differs(n)).collect();
        dirty.sort_by(|&a, &b| self.graph.node(a).key.cmp(&self.graph.node(b).key));
        dirty
    }
}
