//! How the scheduler works, as its user says.

use crate::contract::txn::Retry;
use crate::doing::drift::DriftPolicy;
use futures::future::BoxFuture;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// Called with a key that leaves no trace in the southbound, and whether it is going to be made or was removed. What is
/// made is made when the future is ready, so that it is never without a record; other futures are dropped.
pub type OnMade = Box<dyn Fn(&str, bool) -> BoxFuture<'static, ()> + Send + Sync>;

/// How the scheduler works.
pub struct Config {
    /// Operations in flight at most. Below 16 a VPP idles; above 256 nothing is gained.
    pub in_flight: usize,
    /// Remove what is not ours as well, as the reference always does.
    pub remove_foreign: bool,
    /// Transactions that may wait; further ones wait for a place, or are refused.
    pub queue: usize,
    /// How long one operation may take until it counts as failed, with an unknown outcome.
    pub deadline: Duration,
    /// Keep the plan of each transaction in the history, beside what was done.
    pub simulate: bool,
    /// Keep a history of transactions.
    pub record: bool,
    /// Bytes that the history may take.
    pub history_bytes: usize,
    /// When to try again what failed in a comparison with the southbound, or after a notification.
    pub resync_retry: Retry,
    /// Keys that we made in an earlier life and that leave no trace in the southbound.
    pub made: HashSet<Arc<str>>,
    /// Told when such a key is made or removed.
    pub on_made: Option<OnMade>,
    /// How old a transaction in the history may become, counted from its end (`transaction-history-age-limit`).
    pub history_age: Duration,
    /// Transactions that started so soon after the scheduler did are kept however old they are
    /// (`permanently-recorded-init-period`), as long as they fit into half of the room.
    pub history_keep_first: Duration,
    /// Bytes that the past revisions of keys may take; they also go with the age of the history. 0 keeps none.
    pub timeline_bytes: usize,
    /// What to do about what is changed behind the agent's back, and how often to look.
    pub drift: DriftPolicy,
    /// After each transaction, retrieve the kinds of what was worked on, and report what is not as it was left. For finding
    /// faults: each transaction costs a dump of its kinds.
    pub verify: bool,
    /// Say in the log what each transaction did, in one line (`print-txn-summary`).
    pub summary: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            in_flight: 256,
            queue: 200,
            deadline: Duration::from_secs(30),
            simulate: false,
            remove_foreign: false,
            record: true,
            history_bytes: 16 << 20,
            resync_retry: Retry { max: 0, ..Retry::default() },
            made: HashSet::new(),
            on_made: None,
            history_age: Duration::from_secs(24 * 3600),
            history_keep_first: Duration::from_secs(3600),
            timeline_bytes: 8 << 20,
            drift: DriftPolicy::default(),
            verify: false,
            summary: false,
        }
    }
}
