//! The scheduler: it knows what is wanted and what is there, plans the least difference, and executes it.
//!
//! [`Descriptor`] is the contract that a feature implements; [`Registry`] lists the features; [`Scheduler`] is the
//! handle to the task that does the work. Planning is pure and does no I/O; executing decides nothing. The crate knows
//! neither VPP, nor Linux, nor any door.

mod availability;
mod commit;
mod compare;
mod config;
mod core;
mod descriptor;
mod drift;
mod erased;
mod error;
mod execute;
mod explain;
mod graph;
mod history;
mod journal;
mod load;
pub mod needs;
mod node;
mod notice;
mod observe;
mod plan;
mod preview;
mod record;
mod region;
mod registry;
mod retry;
mod revisions;
mod scc;
mod scheduler;
mod seen;
mod southbound;
mod stats;
mod status;
mod task;
mod timeline;
mod txn;
mod unknown;
mod view;
mod watch;
mod why;

pub use config::{Config, OnMade};
pub use descriptor::{Change, Derived, Descriptor, Kinds, Made, Ownership, Resolved};
pub use drift::{Drift, DriftAction, DriftPolicy};
pub use error::{Error, Failed, Invalid, Result, ensure};
pub use explain::{Cause, Explanation, Failure, NextRetry};
pub use history::{History, Origin, Record, RecordedOp, RecordedValue, TxnKind};
pub use needs::{AnyOf, Needs, Ref, Up};
pub use notice::Notice;
pub use preview::{Preview, Step};
pub use registry::{Registry, RegistryError};
pub use scheduler::{Closed, DescriptorInfo, Health, Refused, Scheduler};
pub use seen::{Found, Seen};
pub use southbound::{Link, Southbound};
pub use stats::{BUCKETS, Statistics, Timing};
pub use status::{BaseStatus, Operation, State, Status};
pub use timeline::{Flag, Revision, Target};
pub use txn::{Intent, KeyError, Report, Resync, Retry, Txn};
pub use view::{Item, Select, View};
pub use watch::StatusWatch;
