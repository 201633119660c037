//! What comes and goes by itself, told to the scheduler.

use crate::Linux;
use sched::{Notice, Scheduler};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// As long as this is there, something is followed.
pub struct Following {
    _end: oneshot::Sender<()>,
}

impl Following {
    /// Runs this as long as the answer is there, on the current runtime.
    pub(crate) fn by(run: impl Future<Output = ()> + Send + 'static) -> Following {
        let (following, end) = oneshot::channel();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                _ = end => {}
                () = run => {}
            }
        });
        Following { _end: following }
    }
}

/// Follows all that comes and goes by itself, on the current runtime.
pub fn follow(linux: &Linux, scheduler: &Scheduler) -> [Following; 3] {
    [
        crate::microservice::follow::follow(linux, scheduler),
        crate::netns::follow::follow(linux, scheduler),
        crate::interface::host::follow(linux, scheduler),
    ]
}

/// What the scheduler knows of one kind: it was told, or it found it when it compared.
pub(crate) struct Known<K, H>(Mutex<BTreeMap<K, H>>);

impl<K, H> Default for Known<K, H> {
    fn default() -> Self {
        Known(Mutex::default())
    }
}

impl<K: Ord + Clone, H: PartialEq + Clone> Known<K, H> {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, H>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The scheduler found these.
    pub fn found(&self, these: impl IntoIterator<Item = (K, H)>) {
        self.lock().extend(these);
    }
    /// Does it know nothing?
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
    /// What it knows now. To be asked before it is looked what there is: what the scheduler finds meanwhile is newer.
    pub fn before(&self) -> BTreeMap<K, H> {
        self.lock().clone()
    }
    /// Tells what is otherwise now than it was known before: what went, and then what came. What became another went, and
    /// another one came. Returns false if the scheduler has ended.
    pub async fn tell(
        &self,
        scheduler: &Scheduler,
        before: BTreeMap<K, H>,
        now: BTreeMap<K, H>,
        gone: impl Fn(&K) -> Notice,
        come: impl Fn(&K, &H) -> Notice,
    ) -> bool {
        let went: Vec<K> = {
            let mut known = self.lock();
            let went =
                |(key, handle): &(&K, &H)| now.get(key) != Some(handle) && known.get(key) == Some(handle);
            let went: Vec<K> = before.iter().filter(went).map(|(key, _)| key.clone()).collect();
            went.iter().for_each(|key| drop(known.remove(key)));
            went
        };
        if !went.is_empty() {
            scheduler.notify(went.iter().map(gone).collect());
            // Of what is said of one key only the last is heard: the next has to wait until this was.
            if scheduler.barrier().await.is_err() {
                return false;
            }
        }
        let came: Vec<Notice> = {
            let mut known = self.lock();
            let news = |(key, handle): &(K, H)| {
                let newer = known.get(key).is_some() && known.get(key) != before.get(key);
                known.get(key) != Some(handle) && !newer
            };
            let came: Vec<(K, H)> = now.into_iter().filter(news).collect();
            let notices = came.iter().map(|(key, handle)| come(key, handle)).collect();
            known.extend(came);
            notices
        };
        if !came.is_empty() {
            scheduler.notify(came);
        }
        true
    }
}
