//! Waiting for what has to happen.

use sched::{Scheduler, Select, State};
use std::time::{Duration, Instant};

/// Everything happens within this time, or never will.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until the value or part with this key has this state; answers why it has.
pub async fn until(scheduler: &Scheduler, key: &str, state: State) -> String {
    let began = Instant::now();
    loop {
        let statuses = scheduler.statuses(Select::Prefix("config/linux/".to_owned())).await;
        let mut all = statuses.iter().flat_map(|base| std::iter::once(&base.value).chain(&base.derived));
        if let Some(status) = all.find(|status| &*status.key == key && status.state == state) {
            return status.details.join(", ");
        }
        assert!(began.elapsed() < PATIENCE, "{key} does not become {state:?}: {statuses:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until something is so.
pub async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "does not happen: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
