//! Counters, kept as the scheduler works and read at any time.

use crate::contract::registry::{Kind, Registry};
use crate::contract::status::{Operation, State};
use crate::doing::drift::DriftAction;
use crate::telling::history::TxnKind;
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

/// The same bounds in microseconds.
const BOUNDS: [u64; BUCKETS.len()] =
    [5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000];

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
    /// How long they waited, by kind. A retry waits from the moment it is due.
    pub queue_wait: BTreeMap<TxnKind, Timing>,
    /// How long they took, by kind.
    pub duration: BTreeMap<TxnKind, Timing>,
    /// How long their steps took, by the reference's name of the step, such as `executeTransaction`. Steps that never
    /// happened are not listed.
    pub slices: BTreeMap<&'static str, Timing>,
    /// Operations, by what was done.
    pub operations: BTreeMap<Operation, u64>,
    /// Values, by the state that a transaction left them in.
    pub states: BTreeMap<State, u64>,
    /// Keys, base and derived, by the state that they are in, as it was last told. No [`State::Nonexistent`].
    pub values: BTreeMap<State, u64>,
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

/// A [`Timing`] that is being kept: each occurrence is counted in one bucket only.
#[derive(Clone, Default)]
pub(crate) struct Tally(Timing);

impl Tally {
    pub fn add(&mut self, took: Duration) {
        let Tally(timing) = self;
        timing.min = if timing.count == 0 { took } else { timing.min.min(took) };
        timing.max = timing.max.max(took);
        timing.last = took;
        timing.total = timing.total.saturating_add(took);
        timing.count += 1;
        let bucket = BOUNDS.iter().position(|&bound| took <= Duration::from_micros(bound));
        if let Some(bucket) = bucket {
            timing.buckets[bucket] += 1;
        }
    }
    fn timing(&self) -> Timing {
        let mut timing = self.0.clone();
        let mut sum = 0;
        for bucket in &mut timing.buckets {
            sum += *bucket;
            *bucket = sum;
        }
        timing
    }
    fn happened(&self) -> bool {
        self.0.count > 0
    }
}

/// Steps of a transaction.
#[derive(Clone, Copy)]
pub(crate) enum Slice {
    /// Taking the changes in, comparing with the southbound if asked to, and planning.
    PreProcess,
    /// Planning for the history alone.
    Simulate,
    /// Writing down what was asked for.
    PreRecord,
    /// Talking to the southbound.
    Execute,
    /// Scheduling retries, telling watchers, forgetting what nobody needs.
    PostProcess,
    /// Writing the history.
    Record,
    /// All of it.
    Process,
}

const SLICES: [&str; 7] = [
    "preProcessTransaction",
    "simulateTransaction",
    "preRecordTransaction",
    "executeTransaction",
    "postProcessTransaction",
    "recordTransaction",
    "processTransaction",
];

/// Calls of a descriptor.
#[derive(Clone, Copy)]
pub(crate) enum Call {
    Create,
    Update,
    Delete,
    Retrieve,
}

const CALLS: [&str; 4] = ["Create", "Update", "Delete", "Retrieve"];

const KINDS: [TxnKind; 4] =
    [TxnKind::NbTransaction, TxnKind::SbNotification, TxnKind::RetryFailedOps, TxnKind::RetryUnimplOps];
const OPERATIONS: [Operation; 5] =
    [Operation::Undefined, Operation::Validate, Operation::Create, Operation::Update, Operation::Delete];
const STATES: [State; 11] = [
    State::Nonexistent,
    State::Missing,
    State::Unimplemented,
    State::Removed,
    State::Configured,
    State::Obtained,
    State::Discovered,
    State::Pending,
    State::Invalid,
    State::Failed,
    State::Retrying,
];

/// What is counted while working: everything has its place, nothing is looked up by name.
#[derive(Default)]
pub(crate) struct Counters {
    pub processed: u64,
    pub errors: u64,
    queue_wait: [Tally; KINDS.len()],
    duration: [Tally; KINDS.len()],
    slices: [Tally; SLICES.len()],
    operations: [u64; OPERATIONS.len()],
    states: [u64; STATES.len()],
    values: [u64; STATES.len()],
    /// By kind of value.
    calls: Vec<[Tally; CALLS.len()]>,
    /// By kind of value, and what was done about it.
    drift: Vec<[u64; DRIFTS.len()]>,
}

const DRIFTS: [&str; 3] = ["repaired", "reported", "ignored"];

impl Counters {
    pub fn waited(&mut self, kind: TxnKind, time: Duration) {
        self.queue_wait[kind as usize].add(time);
    }
    pub fn took(&mut self, slice: Slice, time: Duration) {
        self.slices[slice as usize].add(time);
    }
    /// A transaction is through.
    pub fn done(&mut self, kind: TxnKind, time: Duration) {
        self.processed += 1;
        self.duration[kind as usize].add(time);
        self.took(Slice::Process, time);
    }
    pub fn operation(&mut self, operation: Operation) {
        self.operations[operation as usize] += 1;
    }
    pub fn state(&mut self, state: State) {
        self.states[state as usize] += 1;
    }
    /// A key is in another state than it was told to be in before.
    pub fn restated(&mut self, old: State, new: State) {
        let values = &mut self.values;
        values[old as usize] = values[old as usize].saturating_sub(1);
        values[new as usize] += 1;
    }
    pub fn called(&mut self, kind: Kind, call: Call, time: Duration) {
        let at = usize::from(kind);
        if at >= self.calls.len() {
            self.calls.resize_with(at + 1, Default::default);
        }
        self.calls[at][call as usize].add(time);
    }
    pub fn drifted(&mut self, kind: Kind, action: DriftAction) {
        let at = usize::from(kind);
        if at >= self.drift.len() {
            self.drift.resize_with(at + 1, Default::default);
        }
        self.drift[at][action as usize] += 1;
    }
    /// Everything by name; what never happened is left out.
    pub fn statistics(&self, registry: &Registry) -> Statistics {
        let by_kind = |tallies: &[Tally]| {
            let happened = KINDS.into_iter().zip(tallies).filter(|(_, tally)| tally.happened());
            happened.map(|(kind, tally)| (kind, tally.timing())).collect()
        };
        let calls = registry
            .kinds()
            .zip(&self.calls)
            .map(|(kind, calls)| (registry.get(kind).name(), named(&CALLS, calls)));
        let drift = registry.kinds().zip(&self.drift).flat_map(|(kind, counts)| {
            let name = registry.get(kind).name();
            let counts = DRIFTS.into_iter().zip(*counts).filter(|&(_, count)| count > 0);
            counts.map(move |(action, count)| ((name, action), count))
        });
        let operations = OPERATIONS.into_iter().zip(self.operations);
        let states = STATES.into_iter().zip(self.states);
        let values = STATES.into_iter().zip(self.values).skip(1); // there is no end of what is not there
        Statistics {
            processed: self.processed,
            queue_wait: by_kind(&self.queue_wait),
            duration: by_kind(&self.duration),
            slices: named(&SLICES, &self.slices),
            operations: operations.filter(|&(_, count)| count > 0).collect(),
            states: states.filter(|&(_, count)| count > 0).collect(),
            values: values.filter(|&(_, count)| count > 0).collect(),
            errors: self.errors,
            drift: drift.collect(),
            descriptors: calls.filter(|(_, calls)| !calls.is_empty()).collect(),
            ..Statistics::default()
        }
    }
}

fn named(names: &[&'static str], tallies: &[Tally]) -> BTreeMap<&'static str, Timing> {
    let happened = names.iter().zip(tallies).filter(|(_, tally)| tally.happened());
    happened.map(|(&name, tally)| (name, tally.timing())).collect()
}

/// Questions of readers that are timed.
#[derive(Clone, Copy)]
pub(crate) enum Read {
    Statuses,
    Values,
    Explain,
    Timeline,
    Snapshot,
    CountFlag,
}

const READS: [&str; 6] = ["statuses", "values", "explain", "timeline", "snapshot", "count_flag"];

/// How long readers kept the scheduler.
#[derive(Default)]
pub(crate) struct Reads([Tally; READS.len()]);

impl Reads {
    pub fn took(&mut self, read: Read, time: Duration) {
        self.0[read as usize].add(time);
    }
    pub fn timings(&self) -> BTreeMap<&'static str, Timing> {
        named(&READS, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_knows_the_extremes_and_fills_its_buckets() {
        let mut tally = Tally::default();
        for millis in [7, 5, 20_000, 1] {
            tally.add(Duration::from_millis(millis));
        }
        let timing = tally.timing();
        assert_eq!((timing.count, timing.total), (4, Duration::from_millis(20_013)));
        assert_eq!((timing.min, timing.max), (Duration::from_millis(1), Duration::from_secs(20)));
        assert_eq!(timing.last, Duration::from_millis(1));
        assert_eq!(timing.buckets, [2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]);
    }

    #[test]
    fn the_lists_are_in_the_order_of_their_numbers() {
        for (i, bound) in BOUNDS.iter().enumerate() {
            assert_eq!(Duration::from_micros(*bound), Duration::from_secs_f64(BUCKETS[i]));
        }
        assert!(KINDS.iter().enumerate().all(|(i, kind)| *kind as usize == i));
        assert!(OPERATIONS.iter().enumerate().all(|(i, operation)| *operation as usize == i));
        assert!(STATES.iter().enumerate().all(|(i, state)| *state as usize == i));
        assert_eq!(SLICES[Slice::Process as usize], "processTransaction");
        assert_eq!(CALLS[Call::Retrieve as usize], "Retrieve");
        assert_eq!(READS[Read::CountFlag as usize], "count_flag");
    }
}
