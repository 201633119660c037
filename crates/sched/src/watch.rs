//! Statuses as they change: lossless, coalesced. A slow reader sees the latest status of each key that changed.

use crate::status::BaseStatus;
use crate::view::Select;
use std::collections::BTreeMap;
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
pub(crate) struct Watchers(Mutex<Vec<(Select, Weak<Mailbox>)>>);

impl Watchers {
    pub fn subscribe(&self, select: Select) -> StatusWatch {
        let mailbox = Arc::new(Mailbox::default());
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.push((select, Arc::downgrade(&mailbox)));
        StatusWatch(mailbox)
    }
    pub fn is_empty(&self) -> bool {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.retain(|(_, mailbox)| mailbox.strong_count() > 0);
        list.is_empty()
    }
    pub fn tell(&self, statuses: &[(BaseStatus, &'static str)]) {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (select, mailbox) in list.iter() {
            let Some(mailbox) = mailbox.upgrade() else { continue };
            let mut changed = mailbox.changed.lock().unwrap_or_else(PoisonError::into_inner);
            for (status, descriptor) in statuses {
                let part = |key: &str| status.derived.iter().any(|part| &*part.key == key);
                let selected = match select {
                    Select::Key(key) => *status.value.key == **key || part(key),
                    _ => select.matches(&status.value.key, descriptor),
                };
                if selected {
                    // What was told by itself may have turned out to be a part.
                    status.derived.iter().for_each(|part| _ = changed.remove(&part.key));
                    changed.insert(status.value.key.clone(), status.clone());
                }
            }
            if !changed.is_empty() {
                mailbox.wake.notify_one();
            }
        }
    }
}
