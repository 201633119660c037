//! The scheduler's state, and how it compares, plans and repairs. Everything here runs in the scheduler's one task.

use crate::graph::{Graph, Have, NodeId};
use crate::history::{Record, RecordedOp, TxnKind};
use crate::plan::plan;
use crate::region::Policy;
use crate::registry::{Kind, NO_KIND, Registry};
use crate::scheduler::Config;
use crate::southbound::Link;
use crate::status::{BaseStatus, Operation, State};
use crate::txn::{Intent, Report, Resync, Retry, Txn};
use crate::view::Reader;
use crate::watch::Watchers;
use crate::{History, Origin};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{mpsc, watch};

/// Questions of readers, answered between two steps of whatever is running.
pub(crate) type Query = Box<dyn FnOnce(&Core) + Send>;
pub(crate) type Queries = mpsc::UnboundedReceiver<Query>;

/// Failed keys to be tried again at a time.
pub(crate) struct RetryJob {
    pub at: Instant,
    pub keys: Vec<Arc<str>>,
    pub retry: Retry,
    pub attempt: u32,
    pub seq: u64,
}

/// A southbound as the scheduler sees it.
pub(crate) struct SouthboundState {
    pub link: watch::Receiver<Link>,
    /// Generation that was compared last.
    pub compared: Option<u64>,
    pub instance: u64,
}

pub(crate) struct Core {
    pub registry: Arc<Registry>,
    pub graph: Graph,
    pub config: Config,
    pub southbounds: Vec<SouthboundState>,
    /// Why a kind cannot be worked on now, by kind.
    pub blocked: Vec<Option<String>>,
    /// Why a kind is not supported by what it talks to, by kind.
    pub lacking: Vec<Option<String>>,
    pub complete: bool,
    pub made: HashSet<Arc<str>>,
    pub seq: u64,
    pub history: Arc<History>,
    pub watchers: Arc<Watchers>,
    pub retries: Vec<RetryJob>,
}

/// What is being done, for the record.
pub(crate) struct Work {
    pub kind: TxnKind,
    pub resync: Resync,
    pub description: String,
    pub retry: Option<Retry>,
    pub retry_for: Option<(u64, u32)>,
    pub values: Vec<(Arc<str>, Option<Arc<dyn model::value::Value>>, Origin)>,
    pub submitted: usize,
    pub load: Duration,
    pub started: SystemTime,
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
            load: Duration::ZERO,
            started: SystemTime::now(),
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

    pub async fn commit(&mut self, txn: Txn, queries: &mut Queries) -> Report {
        let mut work = Work::new(TxnKind::NbTransaction);
        if matches!(txn.resync, Resync::Full | Resync::Downstream) {
            let up: Vec<usize> = (0..self.southbounds.len())
                .filter(|&index| self.southbounds[index].compared.is_some())
                .collect();
            for index in up {
                self.compare(index, queries).await;
            }
        }
        let newly_complete = txn.complete && !self.complete;
        self.complete |= txn.complete;
        let started = Instant::now();
        let submitted: Vec<Arc<str>> = match txn.statuses {
            true => txn.changes.iter().map(|change| change.key.clone()).collect(),
            false => Vec::new(),
        };
        let limit = self.history.record_limit();
        work.submitted = txn.changes.len();
        work.values = txn
            .changes
            .iter()
            .take(limit)
            .map(|change| (change.key.clone(), change.value.clone(), Origin::Nb))
            .collect();
        let mut changes = txn.changes;
        if matches!(txn.resync, Resync::Full | Resync::Upstream) {
            self.drop_unlisted(&mut changes);
        }
        let (mut dirty, _undo) = self.graph.load(&self.registry, changes);
        if txn.resync != Resync::None || newly_complete {
            dirty.extend(self.differing());
        }
        (work.resync, work.description, work.retry) = (txn.resync, txn.description, txn.retry);
        work.load = started.elapsed();
        let mut report = self.reconcile(dirty, work, queries).await;
        let mut keys = submitted;
        keys.sort();
        keys.dedup();
        let reader = self.reader();
        report.statuses = keys
            .iter()
            .map(|key| match reader.graph.find(key) {
                Some(n) => reader.base_status(n),
                None => {
                    let removed = crate::Status {
                        key: key.clone(),
                        state: State::Removed,
                        last_operation: Operation::Delete,
                        ..Default::default()
                    };
                    BaseStatus { value: removed, derived: Vec::new() }
                }
            })
            .collect();
        report
    }
    /// Whatever is wanted and not listed is not wanted any more.
    fn drop_unlisted(&self, changes: &mut Vec<Intent>) {
        let listed: HashSet<Arc<str>> = changes.iter().map(|change| change.key.clone()).collect();
        let wanted = self.graph.ids().map(|n| self.graph.node(n)).filter(|node| {
            let refused = node.note.as_ref().is_some_and(|note| note.refused.is_some());
            node.is_base() && (node.want.is_some() || refused)
        });
        changes.extend(
            wanted.filter(|node| !listed.contains(&node.key)).map(|node| Intent::delete(node.key.clone())),
        );
    }

    /// Plans and executes until nothing is left to try: what a failure held back may have another way.
    pub async fn reconcile(&mut self, mut dirty: Vec<NodeId>, work: Work, queries: &mut Queries) -> Report {
        let mut report = Report { seq: self.seq, load: work.load, ..Report::default() };
        self.seq += 1;
        let mut barred: HashSet<NodeId> = HashSet::new();
        let mut failed: Vec<NodeId> = Vec::new();
        let mut touched = dirty.clone();
        let mut worked: Vec<NodeId> = Vec::new();
        let mut log = Vec::new();
        loop {
            let started = Instant::now();
            for &n in dirty.iter().filter(|n| !barred.contains(n)) {
                self.graph.node_mut(n).forget_error();
            }
            let policy = Policy {
                barred: &barred,
                blocked: &self.blocked,
                complete: self.complete,
                remove_foreign: self.config.remove_foreign,
            };
            let plan = plan(&self.graph, &self.registry, &policy, &dirty);
            report.plan += started.elapsed();
            touched.extend(&plan.touched);
            if plan.ops.is_empty() {
                break;
            }
            let started = Instant::now();
            let out = self.execute(&plan, queries, &mut log).await;
            report.execute += started.elapsed();
            report.done += out.done;
            worked.extend(out.worked);
            if out.failed.is_empty() {
                break;
            }
            for (n, failure) in out.failed {
                barred.insert(n);
                failed.push(n);
                report.failed.push(failure);
            }
            self.settle_uncertain(&out.uncertain, &failed, queries).await;
            dirty = out.skipped;
        }
        self.plan_retry(&failed, &work, report.seq);
        touched.append(&mut failed);
        touched.sort_unstable();
        touched.dedup();
        worked.sort_unstable();
        worked.dedup();
        self.record_without_operation(&touched, &worked, &mut log);
        self.tell(&touched, &worked);
        self.graph.collect(touched);
        self.record(&report, work, log);
        report
    }
    /// Looks what became of operations whose outcome is unknown, so that a retry starts from the truth.
    async fn settle_uncertain(&mut self, kinds: &HashSet<Kind>, failed: &[NodeId], queries: &mut Queries) {
        let mut kinds: Vec<Kind> =
            kinds.iter().copied().filter(|&kind| self.out_of_reach(kind).is_none()).collect();
        kinds.sort_unstable();
        for kind in kinds {
            if self.refresh(kind, queries).await.is_err() {
                continue; // the next comparison will tell
            }
            for &n in failed {
                if self.graph.node(n).kind == kind && !self.unlike(n) {
                    self.graph.node_mut(n).forget_error();
                }
            }
        }
    }
    fn plan_retry(&mut self, failed: &[NodeId], work: &Work, seq: u64) {
        let Some(retry) = work.retry else { return };
        let (origin, attempt) = work.retry_for.map_or((seq, 1), |(origin, attempt)| (origin, attempt + 1));
        if retry.max != 0 && attempt > retry.max {
            return;
        }
        let again = failed.iter().copied().filter(|&n| {
            let note = self.graph.node(n).note.as_ref();
            note.and_then(|note| note.error.as_ref()).is_some_and(|(_, error)| error.retriable)
        });
        let again: Vec<NodeId> = again.collect();
        if again.is_empty() {
            return;
        }
        for &n in &again {
            self.graph.node_mut(n).note_mut().retrying = true;
        }
        let doublings = if retry.backoff { (attempt - 1).min(16) } else { 0 };
        let pause = (retry.period * (1u32 << doublings)).min(Duration::from_secs(60).max(retry.period));
        let keys = again.into_iter().map(|n| self.graph.node(n).key.clone()).collect();
        self.retries.push(RetryJob { at: Instant::now() + pause, keys, retry, attempt, seq: origin });
    }
    /// Tries again what a job lists and is still failing.
    pub async fn retry(&mut self, job: RetryJob, queries: &mut Queries) {
        let nodes = job.keys.iter().filter_map(|key| self.graph.find(key));
        let dirty: Vec<NodeId> = nodes.filter(|&n| self.graph.node(n).failed()).collect();
        if dirty.is_empty() {
            return;
        }
        let work = Work {
            retry: Some(job.retry),
            retry_for: Some((job.seq, job.attempt)),
            ..Work::new(TxnKind::RetryFailedOps)
        };
        self.reconcile(dirty, work, queries).await;
    }

    /// Is the node not as wanted, as far as this can be mended now?
    pub fn differs(&self, n: NodeId) -> bool {
        self.graph.node(n).failed() || self.unlike(n)
    }
    fn unlike(&self, n: NodeId) -> bool {
        let node = self.graph.node(n);
        match (&node.want, &node.have) {
            (None, None) => false,
            (Some(want), Some(have)) => {
                let met = self.graph.hangs_on(n, &**want).all(|(d, _)| self.graph.present(d));
                !Arc::ptr_eq(want, &have.spec) || have.unsure || !met
            }
            (Some(_), None) => true,
            (None, Some(have)) => {
                let held = have.foreign && !self.config.remove_foreign || have.discovered && !self.complete;
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

    /// What a notification says is there now, or not any more.
    pub async fn notice(&mut self, notices: Vec<crate::scheduler::Notice>, queries: &mut Queries) {
        let mut dirty = Vec::new();
        let mut work = Work::new(TxnKind::SbNotification);
        for notice in notices {
            let n = self.graph.intern(&notice.key);
            let kind = match &notice.present {
                Some((value, _)) => self.registry.kind_of_value(crate::graph::type_of(&**value)),
                None => self.graph.node(n).kind,
            };
            if kind == NO_KIND || !self.registry.get(kind).fed() {
                continue; // what the northbound owns is compared, not reported
            }
            self.graph.node_mut(n).kind = kind;
            let value = notice.present.as_ref().map(|(value, _)| value.clone());
            work.values.push((notice.key.clone(), value, Origin::Sb));
            let have = notice.present.map(|(value, handle)| {
                let (spec, _) = self.graph.spec(&self.registry, kind, value);
                Have { spec, handle, foreign: true, unsure: false, discovered: false }
            });
            self.graph.node_mut(n).have = have;
            dirty.push(n);
            // Its dependents gain or lose something without any operation on this node.
            dirty.extend(self.graph.dependents(n).collect::<BTreeSet<_>>());
        }
        let groups: Vec<NodeId> =
            dirty.iter().copied().filter(|&n| self.graph.node(n).group.is_some()).collect();
        for group in groups {
            dirty.extend(self.graph.dependents(group).collect::<BTreeSet<_>>());
        }
        work.submitted = work.values.len();
        self.reconcile(dirty, work, queries).await;
    }

    pub fn begin_record(&self, n: NodeId, operation: Operation, recreate: bool) -> Option<RecordedOp> {
        if !self.config.record {
            return None;
        }
        let node = self.graph.node(n);
        let error = node.note.as_ref().and_then(|note| note.error.as_ref());
        Some(RecordedOp {
            operation,
            key: node.key.clone(),
            prev_state: node.told,
            prev_value: node.have.as_ref().map(|have| have.spec.value().clone()),
            prev_error: error.map(|(_, error)| error.cause.clone()),
            derived: !node.is_base(),
            recreate,
            ..RecordedOp::default()
        })
    }
    pub fn end_record(&self, n: NodeId, record: &mut RecordedOp) {
        let node = self.graph.node(n);
        let error = node.note.as_ref().and_then(|note| note.error.as_ref());
        record.error = error.map(|(_, error)| error.cause.clone());
        record.new_value = match record.operation {
            Operation::Delete => None,
            _ => node.want.as_ref().map(|want| want.value().clone()),
        };
        record.new_state = match self.reader().state(n) {
            State::Nonexistent => State::Removed,
            state => state,
        };
    }
    /// Values whose state changed although nothing was sent: pending, invalid, unimplemented, removed while pending.
    fn record_without_operation(&self, touched: &[NodeId], worked: &[NodeId], log: &mut Vec<RecordedOp>) {
        let limit = self.history.record_limit();
        for &n in touched.iter().filter(|n| worked.binary_search(n).is_err()) {
            let node = self.graph.node(n);
            if log.len() >= limit || node.group.is_some() || node.told == self.reader().state(n) {
                continue;
            }
            let operation = match &node.want {
                Some(_) if node.told == State::Nonexistent => Operation::Create,
                Some(_) => Operation::Update,
                None => Operation::Delete,
            };
            if let Some(mut record) = self.begin_record(n, operation, false) {
                self.end_record(n, &mut record);
                record.noop = true;
                log.push(record);
            }
        }
    }
    /// Tells watchers what changed, once per base key.
    fn tell(&mut self, touched: &[NodeId], worked: &[NodeId]) {
        let mut changed = BTreeSet::new();
        for &n in touched {
            let node = self.graph.node(n);
            if node.group.is_some() {
                continue;
            }
            let state = self.reader().state(n);
            if state != node.told || worked.binary_search(&n).is_ok() {
                let base = if node.is_base() { n } else { node.parent };
                changed.insert(base);
            }
            self.graph.node_mut(n).told = state;
        }
        if self.watchers.is_empty() {
            return;
        }
        let reader = self.reader();
        let status = |&n: &NodeId| {
            let mut status = reader.base_status(n);
            if status.value.state == State::Nonexistent {
                (status.value.state, status.value.last_operation) = (State::Removed, Operation::Delete);
            }
            (status, reader.descriptor(n))
        };
        let statuses: Vec<_> = changed.iter().map(status).collect();
        self.watchers.tell(&statuses);
    }
    fn record(&self, report: &Report, work: Work, mut log: Vec<RecordedOp>) {
        if !self.config.record {
            return;
        }
        let limit = self.history.record_limit();
        let omitted = work.submitted.saturating_sub(work.values.len()) + log.len().saturating_sub(limit);
        log.truncate(limit);
        for op in &mut log {
            op.retry = work.kind == TxnKind::RetryFailedOps;
        }
        let mut values = work.values;
        values.sort_by(|a, b| a.0.cmp(&b.0));
        self.history.push(Record {
            seq: report.seq,
            kind: work.kind,
            resync: work.resync,
            start: work.started,
            stop: SystemTime::now(),
            description: work.description,
            retry_for: work.retry_for,
            values,
            executed: log,
            omitted,
        });
    }
}
