//! Why a value is in its state, in words.

use crate::contract::status::{Operation, State};
use crate::telling::history::Origin;
use std::sync::Arc;
use std::time::Duration;

/// What can be said about one key.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// The key.
    pub key: Arc<str>,
    /// Its state.
    pub state: State,
    /// The whole answer in one or two sentences: why it is in this state.
    pub summary: String,
    /// What to do about it; empty if there is nothing to be done.
    pub advice: String,
    /// The descriptor, or nothing.
    pub descriptor: &'static str,
    /// Who wants it.
    pub origin: Origin,
    /// The value that this key is a part of.
    pub part_of: Option<Arc<str>>,
    /// What it waits for.
    pub waits_for: Vec<Cause>,
    /// What failed last, if it did.
    pub failure: Option<Failure>,
    /// The next attempt, if one is planned.
    pub retry: Option<NextRetry>,
    /// Number of the last transaction that changed it.
    pub seq: Option<u64>,
    /// Its parts that are not as wanted, explained.
    pub parts: Vec<Explanation>,
}

/// One thing that a value waits for.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// The key, or the prefix of keys of which any will do.
    pub key: String,
    /// Any key that starts so will do.
    pub any: bool,
    /// Its state.
    pub state: State,
    /// Why it is not there, in words.
    pub reason: String,
}

/// What failed.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// What was tried.
    pub operation: Operation,
    /// The cause in words.
    pub cause: String,
    /// The southbound's own name for it, such as `NO_SUCH_FIB`.
    pub code: Option<&'static str>,
    /// Trying again may help.
    pub retriable: bool,
    /// Whether it took effect is not known.
    pub uncertain: bool,
}

/// When a failed operation is tried again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextRetry {
    /// From now; `None` when the southbound is back and was compared.
    pub after: Option<Duration>,
    /// The number of that attempt, from 1.
    pub attempt: u32,
    /// Attempts at most; 0 is without limit.
    pub of: u32,
}
