//! What was in force of each key at what time, as readers see it.

use crate::contract::status::State;
use model::value::Value;
use std::sync::Arc;
use std::time::SystemTime;

/// One key as it was for some time.
#[derive(Clone, Debug)]
pub struct Revision {
    /// From when on.
    pub since: SystemTime,
    /// Until when; `None` while it is so.
    pub until: Option<SystemTime>,
    /// The key.
    pub key: Arc<str>,
    /// The key without the prefix of its kind.
    pub label: String,
    /// The value that was there, or that waited.
    pub value: Option<Arc<dyn Value>>,
    /// Number of the transaction that made it so.
    pub seq: u64,
    /// The state.
    pub state: State,
    /// What had failed.
    pub error: Option<Box<str>>,
    /// It was not there.
    pub unavailable: bool,
    /// The descriptor, or nothing.
    pub descriptor: &'static str,
    /// The key that it is a part of.
    pub derived: Option<Arc<str>>,
    /// What the descriptor knew about it, as an object; only for the present.
    pub metadata: serde_json::Value,
    /// What it depended on, then its parts.
    pub targets: Vec<Target>,
}

/// An edge to other keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// To a part; otherwise to something it depends on.
    pub derives: bool,
    /// The key, or the prefix of keys of which any will do.
    pub expected: Arc<str>,
    /// Any key that starts so will do.
    pub any: bool,
    /// Keys that are there for it.
    pub matching: Vec<Arc<str>>,
}

/// A property of revisions that can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `last-update`: the transaction, as `TXN-3`.
    LastUpdate,
    /// `error`: its text.
    Error,
    /// `value-state`: the name of the state.
    ValueState,
    /// `unavailable`, without a value.
    Unavailable,
    /// `descriptor`: its name.
    Descriptor,
    /// `derived`: the base key.
    Derived,
}
