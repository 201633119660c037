//! What was done: a ring of transactions with a budget in bytes.

use crate::contract::status::{Operation, State};
use crate::contract::txn::Resync;
use model::value::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Who caused a transaction. Names are those of the reference's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TxnKind {
    /// A door: somebody wants something else.
    #[default]
    NbTransaction,
    /// The southbound reported something.
    SbNotification,
    /// What failed is tried again.
    RetryFailedOps,
    /// What had no descriptor is tried again.
    RetryUnimplOps,
}

impl TxnKind {
    /// The name on the wire, such as `NBTransaction`.
    pub fn name(self) -> &'static str {
        match self {
            TxnKind::NbTransaction => "NBTransaction",
            TxnKind::SbNotification => "SBNotification",
            TxnKind::RetryFailedOps => "RetryFailedOps",
            TxnKind::RetryUnimplOps => "RetryUnimplOps",
        }
    }
}

/// Who wants a value. Numbers are those of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Origin {
    /// Not known.
    #[default]
    Unknown = 0,
    /// A door asked for it.
    Nb = 1,
    /// It was found there.
    Sb = 2,
}

/// One operation of a transaction.
#[derive(Clone, Debug, Default)]
pub struct RecordedOp {
    /// What was done.
    pub operation: Operation,
    /// To which key.
    pub key: Arc<str>,
    /// State before.
    pub prev_state: State,
    /// State after.
    pub new_state: State,
    /// Value before.
    pub prev_value: Option<Arc<dyn Value>>,
    /// Value after.
    pub new_value: Option<Arc<dyn Value>>,
    /// What was wrong before.
    pub prev_error: Option<Box<str>>,
    /// What went wrong.
    pub error: Option<Box<str>>,
    /// Nothing was sent.
    pub noop: bool,
    /// The key is a part of another.
    pub derived: bool,
    /// The key has no descriptor; only its presence counts.
    pub property: bool,
    /// Tried again.
    pub retry: bool,
    /// Half of a re-creation.
    pub recreate: bool,
    /// It brought back what was there before a transaction that failed.
    pub revert: bool,
}

/// A key with the value that was asked for (`None`: its absence), and who asked.
pub type RecordedValue = (Arc<str>, Option<Arc<dyn Value>>, Origin);

/// One transaction.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its number, from 0.
    pub seq: u64,
    /// Who caused it.
    pub kind: TxnKind,
    /// How its values relate to what was wanted before.
    pub resync: Resync,
    /// When it started.
    pub start: SystemTime,
    /// When it was done.
    pub stop: SystemTime,
    /// Free text.
    pub description: String,
    /// The transaction whose failures were tried again, and how often.
    pub retry_for: Option<(u64, u32)>,
    /// What was asked for, in key order.
    pub values: Vec<RecordedValue>,
    /// What was planned, if the transaction was simulated first.
    pub planned: Option<Vec<RecordedOp>>,
    /// What was done, in order of completion.
    pub executed: Vec<RecordedOp>,
    /// Values and operations left out for lack of room.
    pub omitted: usize,
}

impl Record {
    /// Bytes that the record keeps alive, roughly: the values are counted as if they were shared with nobody.
    fn size(&self) -> usize {
        let value = 256;
        size_of::<Record>()
            + self.values.len() * (size_of::<RecordedValue>() + value)
            + (self.executed.len() + self.planned.as_ref().map_or(0, Vec::len))
                * (size_of::<RecordedOp>() + value)
    }
}

/// Records with their sizes, oldest first.
#[derive(Default)]
struct Ring {
    records: VecDeque<(usize, Arc<Record>)>,
    bytes: usize,
}

impl Ring {
    fn push(&mut self, size: usize, record: Record) {
        self.bytes += size;
        self.records.push_back((size, Arc::new(record)));
    }
    fn pop(&mut self) -> bool {
        let oldest = self.records.pop_front();
        self.bytes -= oldest.as_ref().map_or(0, |(size, _)| *size);
        oldest.is_some()
    }
    fn find(&self, seq: u64) -> Option<Arc<Record>> {
        let at = self.records.binary_search_by_key(&seq, |(_, record)| record.seq).ok()?;
        self.records.get(at).map(|(_, record)| record.clone())
    }
}

/// What started while the scheduler was young, and what came later.
#[derive(Default)]
struct Rings {
    first: Ring,
    later: Ring,
}

/// The transactions that are still remembered.
pub struct History {
    budget: usize,
    /// How old a record may become after its end, unless it is one of the first.
    age: Duration,
    /// The first are those that started until then.
    first_until: Option<SystemTime>,
    rings: Mutex<Rings>,
}

impl History {
    /// Keeps about `budget` bytes; 0 keeps nothing. Forgets what ended longer than `age` ago, unless it started within
    /// `keep_first` from now. These first ones may take half of the room.
    pub(crate) fn new(budget: usize, age: Duration, keep_first: Duration) -> Self {
        let first_until = SystemTime::now().checked_add(keep_first);
        History { budget, age, first_until, rings: Mutex::default() }
    }
    fn rings(&self) -> MutexGuard<'_, Rings> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn forget_old(&self, rings: &mut Rings, now: SystemTime) {
        let old = |record: &Record| record.stop.checked_add(self.age).is_some_and(|end| end < now);
        while rings.later.records.front().is_some_and(|(_, record)| old(record)) {
            rings.later.pop();
        }
    }
    /// Operations and values that one record may list.
    pub(crate) fn record_limit(&self) -> usize {
        self.budget / 4 / (2 * size_of::<RecordedOp>() + 512)
    }
    pub(crate) fn push(&self, record: Record) {
        if self.budget == 0 {
            return;
        }
        let size = record.size();
        let now = record.stop;
        let rings = &mut *self.rings();
        // Once later is later: also if somebody sets the clock back.
        let first = rings.later.records.is_empty() && self.first_until.is_none_or(|end| record.start <= end);
        match first {
            true => rings.first.push(size, record),
            false => rings.later.push(size, record),
        }
        self.forget_old(rings, now);
        while rings.first.bytes + rings.later.bytes > self.budget
            && rings.first.records.len() + rings.later.records.len() > 1
        {
            let crowded = rings.first.bytes > self.budget / 2 || rings.later.records.len() < 2;
            if !(crowded && rings.first.pop()) {
                rings.later.pop();
            }
        }
    }
    /// All that is remembered, oldest first.
    pub fn records(&self) -> Vec<Arc<Record>> {
        self.records_at(SystemTime::now())
    }
    fn records_at(&self, now: SystemTime) -> Vec<Arc<Record>> {
        let rings = &mut *self.rings();
        self.forget_old(rings, now);
        let all = rings.first.records.iter().chain(&rings.later.records);
        all.map(|(_, record)| record.clone()).collect()
    }
    /// The transaction of this number, if it is still remembered.
    pub fn by_seq(&self, seq: u64) -> Option<Arc<Record>> {
        let rings = &mut *self.rings();
        self.forget_old(rings, SystemTime::now());
        rings.first.find(seq).or_else(|| rings.later.find(seq))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(seq: u64, stop: SystemTime) -> Record {
        Record {
            seq,
            kind: TxnKind::NbTransaction,
            resync: Resync::None,
            start: stop,
            stop,
            description: String::new(),
            retry_for: None,
            values: Vec::new(),
            planned: None,
            executed: Vec::new(),
            omitted: 0,
        }
    }
    fn seqs(history: &History, now: SystemTime) -> Vec<u64> {
        history.records_at(now).iter().map(|record| record.seq).collect()
    }
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn what_is_too_old_is_forgotten_when_somebody_writes_or_reads_but_not_the_first() {
        let born = SystemTime::now();
        let history = History::new(1 << 20, 10 * MINUTE, 3 * MINUTE / 2);
        for minute in 0..20 {
            history.push(record(u64::from(minute), born + minute * MINUTE));
        }
        // At the last write, in minute 19, all until minute 8 had gone, but for the first two.
        let kept = |rings: &Rings| (rings.first.records.len(), rings.later.records.len());
        assert_eq!(kept(&history.rings()), (2, 11));
        assert_eq!(seqs(&history, born + 25 * MINUTE), [0, 1, 15, 16, 17, 18, 19]);
        assert_eq!(seqs(&history, born + 1000 * MINUTE), [0, 1]);
        assert_eq!(history.rings().later.bytes, 0);
    }

    #[test]
    fn what_comes_after_a_step_back_of_the_clock_is_not_first_again() {
        let born = SystemTime::now();
        let history = History::new(1 << 20, 10 * MINUTE, MINUTE);
        for (seq, minute) in [(0, 0), (1, 5), (2, 0), (3, 5)] {
            history.push(record(seq, born + minute * MINUTE));
        }
        assert_eq!(seqs(&history, born + 6 * MINUTE), [0, 1, 2, 3]);
        assert_eq!(history.by_seq(2).map(|record| record.seq), Some(2));
        assert_eq!(seqs(&history, born + 60 * MINUTE), [0]);
    }

    #[test]
    fn the_first_take_half_of_the_room_and_the_newest_is_always_there() {
        let born = SystemTime::now();
        let size = record(0, born).size();
        let history = History::new(10 * size, 1000 * MINUTE, 20 * MINUTE);
        for minute in 0..20 {
            history.push(record(u64::from(minute), born + minute * MINUTE));
        }
        assert_eq!(seqs(&history, born), (10..20).collect::<Vec<_>>());
        for minute in 21..100 {
            history.push(record(u64::from(minute), born + minute * MINUTE));
            assert_eq!(history.by_seq(u64::from(minute)).map(|record| record.seq), Some(u64::from(minute)));
        }
        assert_eq!(seqs(&history, born), [15, 16, 17, 18, 19, 95, 96, 97, 98, 99]);
        // No limit of age at all.
        let history = History::new(3 * size, Duration::MAX, Duration::MAX);
        (0..5).for_each(|seq| history.push(record(seq, born)));
        assert_eq!(seqs(&history, born + 1000 * MINUTE), [2, 3, 4]);
    }
}
