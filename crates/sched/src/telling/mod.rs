//! What is told: statuses, values, history, and why everything is as it is.

pub mod dump;
pub mod explain;
pub mod history;
pub mod observe;
pub mod record;
pub mod revisions;
pub mod slices;
pub mod stats;
pub mod timeline;
pub mod unknown;
pub mod view;
pub mod watch;
pub mod why;
