//! Counters, kept as the scheduler works and read at any time.

use crate::history::TxnKind;
use crate::status::{Operation, State};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often something happened and how long it took in sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    /// How often.
    pub count: u64,
    /// In sum.
    pub total: Duration,
    /// At most.
    pub max: Duration,
    /// At least; 0 if it never happened.
    pub min: Duration,
    /// The last time.
    pub last: Duration,
    /// Occurrences that took no longer than each of [`BUCKETS`], cumulative.
    pub buckets: [u64; BUCKETS.len()],
}

/// Upper bounds in seconds: the default buckets of Prometheus' client libraries.
pub const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// All counters at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Transactions that were executed.
    pub processed: u64,
    /// Transactions that were refused because the queue was full.
    pub dropped: u64,
    /// How many may wait.
    pub queue_capacity: usize,
    /// How many wait.
    pub queue_length: usize,
    /// How long they waited, by kind.
    pub queue_wait: BTreeMap<TxnKind, Timing>,
    /// How long they took, by kind.
    pub duration: BTreeMap<TxnKind, Timing>,
    /// How long their steps took, by the reference's name of the step, such as `executeTransaction`.
    pub slices: BTreeMap<&'static str, Timing>,
    /// Operations, by what was done.
    pub operations: BTreeMap<Operation, u64>,
    /// Values, by the state that a transaction left them in.
    pub states: BTreeMap<State, u64>,
    /// Operations that failed.
    pub errors: u64,
    /// Calls of descriptors, by name and operation, such as `Create`.
    pub descriptors: BTreeMap<&'static str, BTreeMap<&'static str, Timing>>,
    /// What was changed behind the agent's back, by descriptor and by what was done about it (`repaired`, `reported`,
    /// `ignored`).
    pub drift: BTreeMap<(&'static str, &'static str), u64>,
    /// Readings of the graph, such as `snapshot`.
    pub reads: BTreeMap<&'static str, Timing>,
}
