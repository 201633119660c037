//! Statuses as they change: lossless, coalesced. A slow reader sees the latest status of each key that changed.

use crate::contract::status::{BaseStatus, Operation, State, Status};
use crate::telling::view::Select;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::Notify;

#[derive(Default)]
struct Mailbox {
    changed: Mutex<BTreeMap<Arc<str>, BaseStatus>>,
    wake: Notify,
}

/// The changes of some statuses; see [`crate::Scheduler::watch`].
pub struct StatusWatch(Arc<Mailbox>);

impl StatusWatch {
    /// Waits until something changed since the last call, and returns the latest status of each key that did. Never
    /// returns an empty list.
    pub async fn next(&self) -> Vec<BaseStatus> {
        loop {
            let woken = self.0.wake.notified();
            let changed = std::mem::take(&mut *self.0.changed.lock().unwrap_or_else(PoisonError::into_inner));
            if !changed.is_empty() {
                return changed.into_values().collect();
            }
            woken.await;
        }
    }
}

/// Everybody who watches.
#[derive(Default)]
pub(crate) struct Watchers(Mutex<Vec<(Filter, Weak<Mailbox>)>>);

/// Which statuses somebody follows. Asking it costs the same however many keys it names.
enum Filter {
    Keys(HashSet<Arc<str>, foldhash::fast::RandomState>),
    Other(Select),
}

impl Filter {
    fn takes(&self, status: &BaseStatus, descriptor: &str) -> bool {
        match self {
            Filter::Keys(keys) => keys.contains(&status.value.key),
            Filter::Other(Select::Key(key)) => {
                *status.value.key == **key || status.derived.iter().any(|part| *part.key == **key)
            }
            Filter::Other(select) => select.matches(&status.value.key, descriptor),
        }
    }
}

impl Watchers {
    pub fn subscribe(&self, select: Select) -> StatusWatch {
        let mailbox = Arc::new(Mailbox::default());
        let filter = match select {
            Select::Keys(keys) => Filter::Keys(keys.into_iter().collect()),
            other => Filter::Other(other),
        };
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.push((filter, Arc::downgrade(&mailbox)));
        StatusWatch(mailbox)
    }
    pub fn is_empty(&self) -> bool {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.retain(|(_, mailbox)| mailbox.strong_count() > 0);
        list.is_empty()
    }
    pub fn tell(&self, statuses: &[(BaseStatus, &'static str)]) {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (filter, mailbox) in list.iter() {
            let Some(mailbox) = mailbox.upgrade() else { continue };
            let mut changed = mailbox.changed.lock().unwrap_or_else(PoisonError::into_inner);
            for (status, descriptor) in statuses {
                if filter.takes(status, descriptor) {
                    // What was told by itself may have turned out to be a part.
                    status.derived.iter().for_each(|part| _ = changed.remove(&part.key));
                    let before = changed.insert(status.value.key.clone(), status.clone());
                    // Nobody will hear of parts that came and went meanwhile, and one of them may have been told before,
                    // by itself.
                    let gone = before.into_iter().flat_map(|before| before.derived);
                    for part in gone.filter(|part| status.derived.iter().all(|now| now.key != part.key)) {
                        changed.entry(part.key.clone()).or_insert_with(|| {
                            let (state, last_operation) = (State::Removed, Operation::Delete);
                            let value = Status { key: part.key, state, last_operation, ..Status::default() };
                            BaseStatus { value, derived: Vec::new() }
                        });
                    }
                }
            }
            if !changed.is_empty() {
                mailbox.wake.notify_one();
            }
        }
    }
}
