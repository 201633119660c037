//! What was done: a ring of transactions with a budget in bytes.

use crate::status::{Operation, State};
use crate::txn::Resync;
use model::value::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

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

struct Ring {
    records: VecDeque<(usize, Arc<Record>)>,
    bytes: usize,
}

/// The transactions that are still remembered.
pub struct History {
    budget: usize,
    ring: Mutex<Ring>,
}

impl History {
    /// Keeps about `budget` bytes; 0 keeps nothing.
    pub(crate) fn new(budget: usize) -> Self {
        History { budget, ring: Mutex::new(Ring { records: VecDeque::new(), bytes: 0 }) }
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
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.bytes += size;
        ring.records.push_back((size, Arc::new(record)));
        while ring.bytes > self.budget && ring.records.len() > 1 {
            if let Some((size, _)) = ring.records.pop_front() {
                ring.bytes -= size;
            }
        }
    }
    /// All that is remembered, oldest first.
    pub fn records(&self) -> Vec<Arc<Record>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.records.iter().map(|(_, record)| record.clone()).collect()
    }
    /// The transaction of this number, if it is still remembered.
    pub fn by_seq(&self, seq: u64) -> Option<Arc<Record>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let at = ring.records.binary_search_by_key(&seq, |(_, record)| record.seq).ok()?;
        ring.records.get(at).map(|(_, record)| record.clone())
    }
}
