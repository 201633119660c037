//! What southbounds report by themselves, until it is looked at.

use crate::contract::descriptor::Descriptor;
use crate::contract::erased::Handle;
use model::value::{Model, Value, key_of};
use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Something that a southbound reported by itself.
pub struct Notice {
    pub(crate) key: Arc<str>,
    pub(crate) news: News,
}

/// What it is.
pub(crate) enum News {
    /// It is there now, or changed.
    Present(Arc<dyn Value>, Handle),
    /// It is not there any more.
    Absent,
    /// As long as it is not there, this is why.
    Because(Option<Arc<str>>),
    /// All of this type of value can be told from now on.
    All(TypeId),
}

impl Notice {
    /// The object is there now, or changed.
    pub fn present<D: Descriptor>(value: D::Value, handle: D::Handle) -> Self {
        let value: Arc<dyn Value> = Arc::new(value);
        Notice { key: value.key().into(), news: News::Present(value, Box::new(handle)) }
    }
    /// The object is not there any more.
    pub fn absent<M: Model>(name: &str) -> Self {
        Notice { key: key_of::<M>(name).into(), news: News::Absent }
    }
    /// Why the object is not there, if it is not: a clause that can stand behind a colon, told to whoever waits for it. It
    /// holds until another one is given, or the object is there.
    pub fn because<M: Model>(name: &str, why: Option<String>) -> Self {
        Notice { key: key_of::<M>(name).into(), news: News::Because(why.map(Into::into)) }
    }
    /// From now on, all objects of this kind can be told; see [`crate::Seen::not_all`].
    pub fn all<D: Descriptor>() -> Self {
        Notice { key: D::Value::PREFIX.into(), news: News::All(TypeId::of::<D::Value>()) }
    }
}

/// What southbounds reported and was not looked at yet: the latest of each key. Never full, and never lost.
#[derive(Default)]
pub(crate) struct Notices {
    waiting: Mutex<BTreeMap<Arc<str>, Notice>>,
    /// Since when the oldest waits.
    since: Mutex<Option<std::time::Instant>>,
    pub wake: Notify,
}

impl Notices {
    pub fn put(&self, notices: Vec<Notice>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend(notices.into_iter().map(|notice| (notice.key.clone(), notice)));
        drop(waiting);
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.get_or_insert_with(std::time::Instant::now);
        self.wake.notify_one();
    }
    /// How long the oldest has waited.
    pub fn waited(&self) -> Option<Duration> {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.take().map(|since| since.elapsed())
    }
    pub fn take(&self) -> Vec<Notice> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waiting).into_values().collect()
    }
}
