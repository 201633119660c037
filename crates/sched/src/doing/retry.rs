//! Trying again what failed.

use crate::contract::txn::Retry;
use crate::doing::core::{Core, Queries, Work};
use crate::state::graph::NodeId;
use crate::telling::history::{Origin, TxnKind};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Failed keys to be tried again at a time.
pub(crate) struct RetryJob {
    /// What the notes of these keys name; a newer value or a newer job takes them away by naming another.
    pub id: u64,
    pub at: Instant,
    keys: Vec<Arc<str>>,
    /// What the failures held back.
    held: Vec<Arc<str>>,
    pub retry: Retry,
    /// The number of the next attempt, from 1.
    pub attempt: u32,
    seq: u64,
}

/// Names the next comparison with the southbound instead of a job: it mends everything.
pub(crate) const COMPARISON: u64 = 0;
/// A pause without end, as far as anybody can tell; timers cannot hold more.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);
/// Doubling stops here.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

impl Retry {
    /// The pause before this attempt, counted from 1.
    fn pause(&self, attempt: u32) -> Duration {
        let doublings = if self.backoff { (attempt - 1).min(16) } else { 0 };
        let limit = if self.backoff { LONGEST_BACKOFF.max(self.period) } else { LONGEST };
        self.period.saturating_mul(1 << doublings).min(limit).min(LONGEST)
    }
}

impl Core {
    /// Who waits for the places of these to be free, whichever transaction they came with.
    fn after(&self, leaving: &[NodeId]) -> BTreeSet<NodeId> {
        let unwanted = leaving.iter().copied().filter(|&n| self.graph.node(n).want.is_none());
        unwanted.flat_map(|n| self.graph.displaced(&self.registry, n)).collect()
    }
    /// Decides what becomes of failures. `touched` are all nodes that the transaction worked on or would have.
    pub fn plan_retry(&mut self, failed: &[NodeId], touched: &[NodeId], work: &Work, seq: u64) {
        let mut again = Vec::new();
        for &n in failed {
            let node = self.graph.node(n);
            let Some((_, error)) = node.note.as_ref().and_then(|note| note.error.as_ref()) else { continue };
            if self.blocked[node.kind as usize].is_some() || self.out_of_reach(node.kind).is_some() {
                self.graph.node_mut(n).note_mut().retry = Some(COMPARISON);
            } else if error.retriable {
                again.push(n);
            }
        }
        let Some(retry) = work.retry else { return };
        let (origin, attempt) = work.retry_for.map_or((seq, 1), |(origin, attempt)| (origin, attempt + 1));
        if again.is_empty() || retry.max != 0 && attempt > retry.max {
            return;
        }
        self.jobs += 1;
        for &n in &again {
            self.graph.node_mut(n).note_mut().retry = Some(self.jobs);
        }
        let held = |&n: &NodeId| {
            let node = self.graph.node(n);
            !node.failed() && self.unlike(n) && (node.have.is_some() || self.reader().taken_by(n).is_some())
        };
        let held = touched.iter().copied().filter(held).map(|n| self.graph.node(n).key.clone()).collect();
        let keys = again.into_iter().map(|n| self.graph.node(n).key.clone()).collect();
        let at = Instant::now() + retry.pause(attempt);
        self.retries.push(RetryJob { id: self.jobs, at, keys, held, retry, attempt, seq: origin });
    }
    /// Tries again what a job lists and is still its to mend.
    pub async fn retry(&mut self, job: RetryJob, queries: &mut Queries) {
        let nodes = job.keys.iter().filter_map(|key| self.graph.find(key));
        let ours =
            |&n: &NodeId| self.graph.node(n).note.as_ref().is_some_and(|note| note.retry == Some(job.id));
        let mut dirty: Vec<NodeId> = nodes.filter(ours).collect();
        if dirty.is_empty() {
            return;
        }
        dirty.extend(job.held.iter().filter_map(|key| self.graph.find(key)).filter(|&n| self.unlike(n)));
        dirty.extend(self.after(&dirty));
        let wanted = |&n: &NodeId| {
            let node = self.graph.node(n);
            (node.key.clone(), node.want.as_ref().map(|want| want.value().clone()), Origin::Nb)
        };
        let work = Work {
            retry: Some(job.retry),
            retry_for: Some((job.seq, job.attempt)),
            submitted: dirty.len(),
            values: dirty.iter().take(self.history.record_limit()).map(wanted).collect(),
            ..Work::new(TxnKind::RetryFailedOps)
        };
        self.reconcile(dirty, work, queries).await;
    }
}
