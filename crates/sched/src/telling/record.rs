//! What was done, for the history and for watchers.

use crate::contract::registry::NO_KIND;
use crate::contract::status::{Operation, State};
use crate::contract::txn::Report;
use crate::doing::core::{Core, Work};
use crate::planning::plan::{Op, Plan, Verb};
use crate::state::graph::NodeId;
use crate::telling::history::{Record, RecordedOp, TxnKind};
use std::collections::BTreeSet;
use tracing::info;

/// Operations of one transaction, as far as there is room for them.
pub(crate) struct Log {
    pub ops: Vec<RecordedOp>,
    limit: usize,
    omitted: usize,
    /// What comes now undoes what was done.
    pub revert: bool,
}

impl Log {
    pub fn new(limit: usize) -> Self {
        Log { ops: Vec::new(), limit, omitted: 0, revert: false }
    }
    /// Is there room for one more? If not, it is counted.
    pub fn room(&mut self) -> bool {
        let room = self.ops.len() < self.limit;
        self.omitted += usize::from(!room);
        room
    }
}

/// Failures that the summary of a transaction names.
const FAILURES_TOLD: usize = 3;

impl Core {
    /// A plan as it would be recorded if all went well.
    pub fn planned(&self, plan: &Plan) -> Vec<RecordedOp> {
        let op = |op: &Op| {
            let mut record = self.begin_record(op.node, op.verb.operation(), op.recreate)?;
            let node = self.graph.node(op.node);
            let content = node.want.as_ref().or(node.have.as_ref().map(|have| &have.spec));
            (record.new_value, record.new_state) = match op.verb {
                Verb::Delete => (None, State::Removed),
                _ => (content.map(|spec| spec.value().clone()), State::Configured),
            };
            Some(record)
        };
        plan.ops.iter().take(self.history.record_limit()).filter_map(op).collect()
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
            prev_state: node.told.0,
            prev_value: node.have.as_ref().map(|have| have.spec.value().clone()),
            prev_error: error.map(|(_, error)| error.cause.clone()),
            derived: !node.is_base(),
            property: !node.is_base() && node.kind == NO_KIND,
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
            _ => node
                .want
                .as_ref()
                .or(node.have.as_ref().map(|have| &have.spec))
                .map(|spec| spec.value().clone()),
        };
        record.new_state = match self.reader().state(n) {
            State::Nonexistent => State::Removed,
            state => state,
        };
    }
    /// Values whose state changed although nothing was sent: pending, invalid, unimplemented, removed while pending.
    pub fn record_without_operation(&self, touched: &[NodeId], worked: &[NodeId], log: &mut Log) {
        for &n in touched.iter().filter(|n| worked.binary_search(n).is_err()) {
            let node = self.graph.node(n);
            if node.group.is_some() || node.told.0 == self.reader().state(n) || !log.room() {
                continue;
            }
            let operation = match &node.want {
                Some(_) if node.told.0 == State::Nonexistent => Operation::Create,
                // What was found turned out to be as wanted: the reference does not record that either.
                Some(_) if node.told.0 == State::Discovered && node.have.is_some() && !node.failed() => {
                    continue;
                }
                Some(_) => Operation::Update,
                None if node.have.is_some() => continue, // it was found; nobody did anything
                None => Operation::Delete,
            };
            if let Some(mut record) = self.begin_record(n, operation, false) {
                self.end_record(n, &mut record);
                record.noop = !record.property;
                record.revert = log.revert;
                log.ops.push(record);
            }
        }
    }
    /// Tells watchers what changed, once per base key. Returns what is in another state now, with the state before.
    pub fn tell(&mut self, touched: &[NodeId], worked: &[NodeId]) -> Vec<(NodeId, State)> {
        let mut restated = Vec::new();
        let mut changed = BTreeSet::new();
        for &n in touched {
            let node = self.graph.node(n);
            if node.group.is_some() {
                continue;
            }
            let summary = self.reader().summary(n);
            if summary != node.told || worked.binary_search(&n).is_ok() {
                let base = if node.is_base() { n } else { node.parent };
                changed.insert(base);
                self.counters.state(match summary.0 {
                    State::Nonexistent => State::Removed,
                    state => state,
                });
            }
            let told = std::mem::replace(&mut self.graph.bare_mut(n).told, summary);
            self.counters.restated(told.0, summary.0);
            restated.extend((told.0 != summary.0).then_some((n, told.0)));
        }
        // Whoever is told about a base is told about all its parts.
        for &base in &changed {
            for n in self.reader().parts(base).into_iter().chain([base]) {
                let summary = self.reader().summary(n);
                let told = std::mem::replace(&mut self.graph.bare_mut(n).told, summary);
                self.counters.restated(told.0, summary.0);
                restated.extend((told.0 != summary.0).then_some((n, told.0)));
            }
            self.graph.forget_left(base);
        }
        if self.watchers.is_empty() {
            return restated;
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
        restated
    }
    /// One line for the log about what a transaction did, if it did something.
    pub fn sum_up(&self, report: &Report, work: &Work) {
        if !self.config.summary || report.done == 0 && report.failed.is_empty() {
            return;
        }
        let description = match &*work.description {
            "" => String::new(),
            text => format!(" ({text})"),
        };
        info!(
            "transaction {}, {}{description}: {} operations done, {} failed, {:.1?}",
            report.seq,
            work.kind.name(),
            report.done,
            report.failed.len(),
            work.began.elapsed()
        );
        for failure in report.failed.iter().take(FAILURES_TOLD) {
            info!(
                "transaction {}: {} {}: {}",
                report.seq,
                failure.operation.name(),
                failure.key,
                failure.error
            );
        }
    }
    pub fn record(&self, report: &Report, work: Work, mut log: Log, planned: Option<Vec<RecordedOp>>) {
        if !self.config.record || work.quiet && log.ops.is_empty() {
            return;
        }
        let omitted = work.submitted.saturating_sub(work.values.len()) + log.omitted;
        for op in &mut log.ops {
            op.retry = work.kind == TxnKind::RetryFailedOps;
        }
        let mut values = work.values;
        values.sort_by(|a, b| a.0.cmp(&b.0));
        self.history.push(Record {
            seq: report.seq,
            kind: work.kind,
            resync: work.resync,
            start: work.started,
            stop: self.last_stop,
            description: work.description,
            retry_for: work.retry_for,
            values,
            planned,
            executed: log.ops,
            omitted,
        });
    }
}
