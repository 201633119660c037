//! A scheduler over two fake southbounds, and short ways to use it.

use crate::kinds::*;
use crate::world::Fake;
use sched::*;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

pub struct Setup {
    /// Has things and parts.
    pub a: Arc<Fake>,
    /// Has marks.
    pub b: Arc<Fake>,
    pub s: Scheduler,
    /// The durable record of marks.
    pub made: Arc<Mutex<HashSet<Arc<str>>>>,
}

pub fn registry(a: &Arc<Fake>, b: &Arc<Fake>) -> Registry {
    let (a1, b1): (Arc<dyn Southbound>, Arc<dyn Southbound>) = (a.clone(), b.clone());
    let mut registry = Registry::default();
    registry.add(&a1, Signals).unwrap();
    registry.add(&a1, Things(a.clone())).unwrap();
    registry.add(&a1, Parts(a.clone())).unwrap();
    registry.add(&b1, Marks(b.clone())).unwrap();
    registry
}

impl Setup {
    /// Everything up and empty; the first comparison is done and every source has answered.
    pub async fn new() -> Setup {
        let setup = Setup::with(Config::default());
        setup.s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
        setup
    }
    pub fn with(config: Config) -> Setup {
        Setup::over(&Fake::new("alpha"), &Fake::new("beta"), Arc::default(), config)
    }
    /// An agent starts over what is there.
    pub fn over(
        a: &Arc<Fake>,
        b: &Arc<Fake>,
        made: Arc<Mutex<HashSet<Arc<str>>>>,
        mut config: Config,
    ) -> Setup {
        config.made = made.lock().unwrap().clone();
        let record = made.clone();
        config.on_made = Some(Box::new(move |key, made| {
            let mut record = record.lock().unwrap();
            if made {
                record.insert(key.into())
            } else {
                record.remove(key)
            };
            Box::pin(std::future::ready(()))
        }));
        let s = Scheduler::spawn(registry(a, b), config);
        Setup { a: a.clone(), b: b.clone(), s, made }
    }
    /// The agent is started again, with the same record.
    pub async fn again(self) -> Setup {
        let Setup { a, b, s, made } = self;
        drop(s);
        tokio::task::yield_now().await; // its task ends now
        Setup::over(&a, &b, made, Config::default())
    }
    pub async fn commit(&self, changes: Vec<Intent>) -> Report {
        self.s.commit(Txn { changes, statuses: true, ..Txn::default() }).await.unwrap()
    }
    pub async fn resync(&self, resync: Resync, changes: Vec<Intent>) -> Report {
        self.s.commit(Txn { changes, resync, ..Txn::default() }).await.unwrap()
    }
    pub async fn status(&self, key: &str) -> BaseStatus {
        self.s.statuses(Select::Key(key.into())).await.remove(0)
    }
    pub async fn state(&self, key: &str) -> State {
        self.status(key).await.value.state
    }
    pub async fn details(&self, key: &str) -> Vec<String> {
        self.status(key).await.value.details
    }
}
