//! What is asked of the scheduler, and what it answers.

use crate::contract::status::{BaseStatus, Operation};
use model::value::Value;
use std::sync::Arc;
use std::time::Duration;

/// One desired change: the value of a key, or its absence.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The whole key.
    pub key: Arc<str>,
    /// The value; `None` removes it.
    pub value: Option<Arc<dyn Value>>,
    /// Why the newest value from outside could not be used. The value above, if any, is then the last good one.
    pub refused: Option<Arc<str>>,
}

impl Intent {
    /// Wants this value under its own key.
    pub fn put(value: Arc<dyn Value>) -> Self {
        Intent { key: value.key().into(), value: Some(value), refused: None }
    }
    /// Wants nothing under this key.
    pub fn delete(key: impl Into<Arc<str>>) -> Self {
        Intent { key: key.into(), value: None, refused: None }
    }
}

/// How the changes relate to all that was wanted before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resync {
    /// They change some keys.
    #[default]
    None,
    /// They are all that is wanted, and the southbound is asked first what is there.
    Full,
    /// They are all that is wanted; what is there is taken as known.
    Upstream,
    /// There are none: what was wanted is compared with what is there, and mended.
    Downstream,
}

/// When to try again what failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Pause before the first retry; doubles each time if `backoff`.
    pub period: Duration,
    /// Retries at most; 0 is without limit.
    pub max: u32,
    /// Double the pause each time, up to one minute.
    pub backoff: bool,
}

impl Default for Retry {
    /// 1 s, 2 s, 4 s: what the reference does by default.
    fn default() -> Self {
        Retry { period: Duration::from_secs(1), max: 3, backoff: true }
    }
}

/// A set of desired changes; the last one per key wins.
#[derive(Clone, Debug, Default)]
pub struct Txn {
    /// The changes.
    pub changes: Vec<Intent>,
    /// How they relate to what was wanted before.
    pub resync: Resync,
    /// Every configured source has answered: what is ours and unwanted may be removed from now on.
    pub complete: bool,
    /// Try again what fails.
    pub retry: Option<Retry>,
    /// All or nothing: stop at the first failure, and bring back what was wanted before. Not with a resync.
    pub revert: bool,
    /// Keep the plan in the history, beside what was done.
    pub simulate: bool,
    /// Log what is retrieved.
    pub verbose: bool,
    /// Answer with the statuses of the submitted keys.
    pub statuses: bool,
    /// Leave no trace in the history if nothing had to be done.
    pub quiet: bool,
    /// Free text for the history.
    pub description: String,
}

/// One failed operation.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyError {
    /// On which key.
    pub key: Arc<str>,
    /// What was tried.
    pub operation: Operation,
    /// Why it failed.
    pub error: crate::contract::error::Error,
}

/// What a transaction did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Its number in the history, from 0.
    pub seq: u64,
    /// Operations that succeeded.
    pub done: usize,
    /// Operations that failed, and submitted values that cannot be expressed (as [`Operation::Validate`]).
    pub failed: Vec<KeyError>,
    /// Descriptors whose objects could not be compared although a resync asked for it, with the reasons. Nothing was done
    /// about them; they are asked again as soon as possible.
    pub unread: Vec<(&'static str, String)>,
    /// A failure had everything undone, as [`Txn::revert`] asked.
    pub reverted: bool,
    /// Statuses of the submitted keys, in key order, if [`Txn::statuses`] asked for them.
    pub statuses: Vec<BaseStatus>,
    /// Time to take the changes in.
    pub load: Duration,
    /// Time to plan.
    pub plan: Duration,
    /// Time to execute.
    pub execute: Duration,
}
