//! The state of a value as clients see it.

use std::sync::Arc;

/// State of a value. Numbers and names are those of `ligato.kvscheduler.ValueState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Unknown key, or fully removed.
    #[default]
    Nonexistent = 0,
    /// Was configured; a comparison with the southbound did not find it.
    Missing = 1,
    /// No descriptor, or one that the southbound does not support; the details say which.
    Unimplemented = 2,
    /// Just removed.
    Removed = 3,
    /// Applied.
    Configured = 4,
    /// Present, but not ours.
    Obtained = 5,
    /// Found present and ours; no source has asked for it yet.
    Discovered = 6,
    /// Waits for what the details list.
    Pending = 7,
    /// Cannot be expressed; the details name the field. The last good value, if any, stays in force.
    Invalid = 8,
    /// The last operation failed and no retry is planned.
    Failed = 9,
    /// The last operation failed and a retry is planned.
    Retrying = 10,
}

impl State {
    /// The name on the wire, such as `CONFIGURED`.
    pub fn name(self) -> &'static str {
        match self {
            State::Nonexistent => "NONEXISTENT",
            State::Missing => "MISSING",
            State::Unimplemented => "UNIMPLEMENTED",
            State::Removed => "REMOVED",
            State::Configured => "CONFIGURED",
            State::Obtained => "OBTAINED",
            State::Discovered => "DISCOVERED",
            State::Pending => "PENDING",
            State::Invalid => "INVALID",
            State::Failed => "FAILED",
            State::Retrying => "RETRYING",
        }
    }
}

/// What was last done to a value. Numbers and names are those of `ligato.kvscheduler.TxnOperation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Operation {
    /// Nothing yet.
    #[default]
    Undefined = 0,
    /// The value was checked.
    Validate = 1,
    /// The object was made.
    Create = 2,
    /// The object was changed in place.
    Update = 3,
    /// The object was removed.
    Delete = 4,
}

impl Operation {
    /// The name on the wire, such as `CREATE`.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Undefined => "UNDEFINED",
            Operation::Validate => "VALIDATE",
            Operation::Create => "CREATE",
            Operation::Update => "UPDATE",
            Operation::Delete => "DELETE",
        }
    }
}

/// State of one key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// The key.
    pub key: Arc<str>,
    /// Its state.
    pub state: State,
    /// What failed last, if it did.
    pub error: Option<String>,
    /// What was done last.
    pub last_operation: Operation,
    /// What a pending value waits for, which field is invalid, why a kind is not supported.
    pub details: Vec<String>,
}

/// State of a key with the states of what is derived from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaseStatus {
    /// The key itself.
    pub value: Status,
    /// Its parts.
    pub derived: Vec<Status>,
}
