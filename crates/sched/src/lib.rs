//! The scheduler: it knows what is wanted and what is there, plans the least difference, and executes it.
//!
//! [`Descriptor`] is the contract that a feature implements; [`Registry`] lists the features; [`Scheduler`] is the
//! handle to the task that does the work. Planning is pure and does no I/O; executing decides nothing. The crate knows
//! neither VPP, nor Linux, nor any door.

mod contract;
mod doing;
mod planning;
mod scheduler;
mod state;
mod telling;

pub use contract::capability::Capability;
pub use contract::config::{Config, OnMade};
pub use contract::descriptor::{Change, Derived, Descriptor, Kinds, Made, Ownership, Resolved, Variant};
pub use contract::error::{Error, Failed, Invalid, Result, ensure};
pub use contract::needs;
pub use contract::needs::{After, AnyOf, Key, Meant, Needs, Ref, Up};
pub use contract::registry::{DescriptorInfo, Registry, RegistryError};
pub use contract::seen::{Found, Names, Seen, Wanted};
pub use contract::southbound::{Link, Southbound};
pub use contract::status::{BaseStatus, Operation, State, Status};
pub use contract::txn::{Intent, KeyError, Report, Resync, Retry, Txn};
pub use doing::drift::{Drift, DriftAction, DriftPolicy};
pub use doing::notice::Notice;
pub use planning::preview::{Preview, Step};
pub use scheduler::{Closed, Health, Refused, Scheduler};
pub use telling::dump::{Dump, Shape, shown};
pub use telling::explain::{Cause, Explanation, Failure, NextRetry};
pub use telling::history::{History, Origin, Record, RecordedOp, RecordedValue, TxnKind};
pub use telling::stats::{BUCKETS, Statistics, Timing};
pub use telling::timeline::{Flag, Revision, Target};
pub use telling::view::{Item, Select, View};
pub use telling::watch::StatusWatch;
