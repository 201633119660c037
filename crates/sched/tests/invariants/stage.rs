//! What the invariants look at: a step of a random history with all that was there before and after.

use crate::calls::Call;
use crate::case::{Case, Faults, Shape, Wish};
use crate::kinds::*;
use crate::oracle::{Outcome, Wishes};
use crate::seeds::{Rng, note};
use crate::setup::Setup;
use crate::world::{Content, Fault, Object, Tag};
use sched::*;
use std::collections::BTreeMap;
use std::time::Duration;

/// One step of a history.
pub struct Went {
    /// What was wished, by key: the last one counts.
    pub wishes: BTreeMap<String, Wish>,
    /// Whether a signal came or went.
    pub signal: bool,
    /// What was there before and after, in both southbounds.
    pub before: BTreeMap<String, Object>,
    pub after: BTreeMap<String, Object>,
    /// What was called, in the order in which it ended.
    pub calls: Vec<Call>,
    pub report: Report,
    /// What was wished before.
    pub had: Wishes,
    /// What must be there before and after.
    pub was: Outcome,
    pub is: Outcome,
}

impl Went {
    /// Calls as `verb key`.
    pub fn spoken(&self) -> Vec<String> {
        self.calls.iter().map(|call| format!("{} {}", call.verb, call.key)).collect()
    }
}

/// Everything that is there.
pub fn objects(setup: &Setup) -> BTreeMap<String, Object> {
    let mut all = setup.a.world().objects.clone();
    all.extend(setup.b.world().objects.clone());
    all
}

/// What is there, without what differs from life to life.
pub fn contents(setup: &Setup) -> BTreeMap<String, (Content, Tag)> {
    let all = objects(setup);
    let names: BTreeMap<String, &String> =
        all.iter().map(|(key, object)| (object.handle.to_string(), key)).collect();
    let content = |(key, object): (&String, &Object)| {
        let (mut content, mut tag) = (object.content.clone(), object.tag.clone());
        content.auto = content.auto.filter(|&auto| auto != 1500);
        if key.starts_with("config/m/") {
            tag.signal = tag.signal.map(|handle| names[&handle].clone());
        }
        (key.clone(), (content, tag))
    };
    all.iter().map(content).collect()
}

/// All calls since the last time, in the order in which they ended.
pub fn calls(setup: &Setup) -> Vec<Call> {
    let mut all = std::mem::take(&mut setup.a.world().log);
    all.append(&mut setup.b.world().log);
    all.sort_by_key(|call| call.end);
    all
}

/// State, error and details of every key, base or part.
pub async fn statuses(setup: &Setup) -> BTreeMap<String, (State, Option<String>, Vec<String>)> {
    let all = setup.s.statuses(Select::All).await;
    let flat = all.into_iter().flat_map(|status| status.derived.into_iter().chain([status.value]));
    flat.map(|status| (status.key.to_string(), (status.state, status.error, status.details))).collect()
}

/// Lets the scheduler do whatever is due within so many seconds.
pub async fn seconds(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

impl Case {
    /// One case of which nothing is random but what the scheduler may do at the same time.
    pub async fn quiet(seed: u64, shape: Shape, config: Config) -> Case {
        Case::with(seed, Rng::new(seed), shape, 0, Faults::Never, config).await
    }
    /// What is there, without what differs from life to life and what is left to the southbound.
    pub fn contents(&self) -> BTreeMap<String, (Content, Tag)> {
        let mut contents = contents(&self.setup);
        for (name, _) in self.wishes.things.iter().filter(|(_, thing)| thing.auto.is_none()) {
            if let Some((content, _)) = contents.get_mut(&t(name)) {
                content.auto = None;
            }
        }
        contents
    }
    /// A transaction with these wishes.
    pub async fn transact(&mut self, wishes: &[Wish], mut txn: Txn) -> Went {
        let (before, had) = (objects(&self.setup), self.wishes.clone());
        calls(&self.setup);
        txn.changes = self.wish(wishes);
        let report = self.commit(txn).await;
        let wishes = wishes.iter().map(|wish| (wish.key(), wish.clone())).collect();
        self.went(wishes, false, before, had, report)
    }
    fn went(
        &self,
        wishes: BTreeMap<String, Wish>,
        signal: bool,
        before: BTreeMap<String, Object>,
        had: Wishes,
        report: Report,
    ) -> Went {
        let (was, is) = (had.outcome(), self.wishes.outcome());
        let (after, calls) = (objects(&self.setup), calls(&self.setup));
        note(format!("  calls {:?}", calls.iter().map(|call| (call.verb, &call.key)).collect::<Vec<_>>()));
        Went { wishes, signal, before, after, calls, report, had, was, is }
    }
    /// A signal comes or goes.
    pub async fn toggle(&mut self) -> Went {
        let (before, had) = (objects(&self.setup), self.wishes.clone());
        calls(&self.setup);
        let name = self.rng.below(2).to_string();
        note(format!("signal {name}"));
        let there = !self.wishes.signals.remove(&name);
        if there {
            self.wishes.signals.insert(name.clone());
        }
        self.setup.s.notify(vec![signal(&name, there)]);
        let report = self.commit(Txn::default()).await;
        self.went(BTreeMap::new(), true, before, had, report)
    }
    /// The history goes on: mostly by a transaction, sometimes by a signal.
    pub async fn go(&mut self, txn: Txn) -> Went {
        if self.rng.one_in(6) {
            return self.toggle().await;
        }
        let wishes = self.shape.wishes(&mut self.rng);
        self.transact(&wishes, txn).await
    }
    /// Some steps that nobody looks at.
    pub async fn some(&mut self, steps: u64) {
        for _ in 0..steps {
            self.go(Txn::default()).await;
        }
    }
    /// Everything that is wished, in random order.
    pub fn everything_again(&mut self) -> Vec<Wish> {
        let mut all: Vec<Wish> = self.last.values().cloned().collect();
        self.rng.shuffle(&mut all);
        all
    }
    /// All keys that anybody may have heard of, wished away.
    pub fn nothing(&self) -> Vec<Wish> {
        let names = (0..self.shape.n).map(|i| format!("n{i}")).chain((0..3).map(|i| format!("f{i}")));
        let marks = (0..3).map(|i| Wish::NoMark(format!("m{i}")));
        names.map(Wish::NoThing).chain(marks).collect()
    }
    /// Breaks the calls of some keys; tells which.
    pub fn break_calls(&mut self, faults: &[Fault], one_in: u64) -> BTreeMap<String, Fault> {
        let things = (0..self.shape.n).map(|i| t(&format!("n{i}")));
        let parts = (0..self.shape.n).flat_map(|i| (0..3).map(move |id| format!("p/n{i}/{id}")));
        let marks = (0..3).map(|i| format!("config/m/m{i}"));
        let mut broken = BTreeMap::new();
        for key in things.chain(parts).chain(marks) {
            if self.rng.one_in(one_in) {
                broken.insert(key, faults[self.rng.below(faults.len() as u64) as usize]);
            }
        }
        for fake in [&self.setup.a, &self.setup.b] {
            fake.world().strict = false;
            fake.world().faults = broken.clone();
        }
        self.for_good |= broken.values().any(|fault| matches!(fault, Fault::Forbid | Fault::Panic));
        note(format!("broken {broken:?}"));
        broken
    }
    /// The agent ends, and another one starts over the same southbounds with the same record.
    pub async fn another_agent(&mut self, config: Config) {
        note("the agent starts again".into());
        let fresh = Setup::over(&self.setup.a, &self.setup.b, self.setup.made.clone(), config);
        self.setup = fresh;
        tokio::task::yield_now().await;
        self.watch = self.setup.s.watch(Select::All);
        self.told.clear();
        let signals: Vec<Notice> = self.wishes.signals.iter().map(|name| signal(name, true)).collect();
        self.setup.s.notify(signals);
    }
}

/// A signal is there, or not any more.
pub fn signal(name: &str, there: bool) -> Notice {
    match there {
        true => Notice::present::<Signals>(Signal(name.to_owned()), ()),
        false => Notice::absent::<Signal>(name),
    }
}
