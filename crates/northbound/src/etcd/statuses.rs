//! The states of values as status keys: `config-status/…` for `config/…`.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use sched::{BaseStatus, Scheduler, Select, State, Status, StatusWatch};

use super::feed::{Entry, Feed};

/// Removals that are remembered until they are written. What is forgotten disappears with the old lease.
const REMOVALS: usize = 1 << 16;

/// Follows the states of all values. Only removals are kept here: the scheduler knows the rest.
pub struct Statuses {
    scheduler: Scheduler,
    watch: StatusWatch,
    /// Removed values whose state is not written yet.
    removed: BTreeMap<Arc<str>, Status>,
}

impl Statuses {
    pub fn new(scheduler: Scheduler) -> Self {
        let watch = scheduler.watch(Select::All);
        Statuses { scheduler, watch, removed: BTreeMap::new() }
    }

    fn note(&mut self, changed: &[BaseStatus]) {
        for BaseStatus { value, .. } in changed {
            match value.state {
                State::Removed => drop(self.removed.insert(value.key.clone(), value.clone())),
                _ => drop(self.removed.remove(&value.key)),
            }
        }
        while self.removed.len() > REMOVALS {
            self.removed.pop_first();
        }
    }
}

impl Feed for Statuses {
    fn changed(&mut self) -> BoxFuture<'_, Vec<Entry>> {
        async {
            let changed = self.watch.next().await;
            self.note(&changed);
            changed.iter().filter_map(|status| entry(&status.value)).collect()
        }
        .boxed()
    }
    /// Only removals are noted.
    fn pass(&mut self) -> BoxFuture<'_, ()> {
        async {
            let changed = self.watch.next().await;
            self.note(&changed);
        }
        .boxed()
    }
    /// Everything that is known now, and what was removed and is not written yet.
    fn all(&mut self) -> BoxFuture<'_, Vec<Entry>> {
        async {
            // What changed until now is part of what is known now.
            while let Some(changed) = self.watch.next().now_or_never() {
                self.note(&changed);
            }
            let known = self.scheduler.statuses(Select::All).await;
            known.iter().for_each(|status| drop(self.removed.remove(&status.value.key)));
            let known = known.iter().map(|status| &status.value);
            known.chain(self.removed.values()).filter_map(entry).collect()
        }
        .boxed()
    }
    fn written(&mut self) {
        self.removed.clear();
    }
}

/// The status key and what stands there; none for what is no configuration.
fn entry(status: &Status) -> Option<Entry> {
    let key = status.key.strip_prefix("config/")?;
    Some((format!("config-status/{key}"), Some(crate::status::json(status).to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sched::Operation;

    #[test]
    fn a_status_as_it_stands_in_the_store() {
        let mut status = Status {
            key: "config/vpp/v2/interfaces/one".into(),
            state: State::Configured,
            last_operation: Operation::Create,
            ..Status::default()
        };
        let (key, json) = entry(&status).unwrap();
        assert_eq!(key, "config-status/vpp/v2/interfaces/one");
        let expected =
            r#"{"key":"config/vpp/v2/interfaces/one","state":"CONFIGURED","last_operation":"CREATE"}"#;
        assert_eq!(json.unwrap(), expected);
        (status.state, status.error) = (State::Failed, Some("no memory".to_owned()));
        status.details = vec!["mtu".to_owned()];
        let expected = r#"{"key":"config/vpp/v2/interfaces/one","state":"FAILED","error":"no memory","last_operation":"CREATE","details":["mtu"]}"#;
        assert_eq!(entry(&status).unwrap().1.unwrap(), expected);
        status.key = "vpp/interface/one/address/static/10.0.0.1/24".into();
        assert_eq!(entry(&status), None, "parts have no status key");
    }
}
