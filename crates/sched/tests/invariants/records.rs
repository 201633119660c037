//! What was in force at what time; and kinds of which nothing can be asked.

use crate::case::{Case, Faults, Shape};
use crate::safety::CALL_FAULTS;
use crate::seeds::{self, Rng, note};
use crate::stage::*;
use model::value::{Model, Wire};
use sched::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// A revision without what may be told later about it.
fn outline(revision: &Revision) -> (String, State, Option<Box<str>>, bool, String, u64) {
    let value = format!("{:?}", revision.value);
    let (key, error) = (revision.key.to_string(), revision.error.clone());
    (key, revision.state, error, revision.unavailable, value, revision.seq)
}

/// Catches: changes of state that do not end a revision.
#[test]
fn invariant_32_the_timeline_knows_what_was_in_force_after_every_transaction() {
    seeds::run(50, |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        let mut past: Vec<(SystemTime, Vec<_>)> = Vec::new();
        for _ in 0..8 {
            if case.rng.one_in(2) {
                case.break_calls(CALL_FAULTS, 6);
            }
            let retry = case.rng.one_in(2).then(Retry::default);
            case.go(Txn { retry, ..Txn::default() }).await;
            case.setup.a.heal();
            case.setup.b.heal();
            if case.rng.one_in(3) {
                seconds(10).await;
            }
            let now: Vec<_> = case.setup.s.snapshot(None).await.iter().map(outline).collect();
            let known = statuses(&case.setup).await;
            let states: BTreeMap<String, State> =
                known.iter().map(|(key, (state, ..))| (key.clone(), *state)).collect();
            let told: BTreeMap<String, State> =
                now.iter().map(|(key, state, ..)| (key.clone(), *state)).collect();
            assert_eq!(told, states);
            past.push((case.setup.s.history().records().last().unwrap().stop, now));
        }
        for (at, then) in &past {
            let told: Vec<_> = case.setup.s.snapshot(Some(*at)).await.iter().map(outline).collect();
            assert_eq!(&told, then);
        }
        let open = &past.last().unwrap().1;
        let keys: std::collections::BTreeSet<&String> =
            past.iter().flat_map(|(_, all)| all).map(|one| &one.0).collect();
        for key in keys {
            let revisions = case.setup.s.timeline(key).await;
            for pair in revisions.windows(2) {
                assert!(pair[0].until.is_some_and(|until| until <= pair[1].since), "{key}: {pair:?}");
            }
            assert!(revisions.iter().all(|one| one.until.is_none_or(|until| one.since < until)), "{key}");
            let last = revisions.last().unwrap();
            assert_eq!(last.until.is_none(), open.iter().any(|one| one.0 == *key), "{key}");
        }
    });
}

/// The history is for people: without it everything goes on in the same way.
///
/// Catches: a retry that depends on what is recorded.
#[test]
fn invariant_32_without_a_history_everything_is_done_in_the_same_way() {
    seeds::run(20, |seed| async move {
        let mut plays = Vec::new();
        for (record, history_bytes) in [(true, 16 << 20), (false, 16 << 20), (true, 2000)] {
            let mut rng = Rng::new(seed);
            let shape = Shape::new(&mut rng);
            let config = Config { record, history_bytes, ..Config::default() };
            let mut case = Case::with(seed, rng, shape, 2, Faults::Calls, config).await;
            let mut play = Vec::new();
            for _ in 0..6 {
                case.break_something();
                let went = case.go(Txn { retry: Some(Retry::default()), ..Txn::default() }).await;
                seconds(30).await;
                let later = calls(&case.setup).into_iter().map(|call| format!("{} {}", call.verb, call.key));
                play.push((went.spoken(), later.collect::<Vec<_>>(), statuses(&case.setup).await));
            }
            assert!(record || case.setup.s.history().records().is_empty());
            plays.push(play);
        }
        assert_eq!(plays[0], plays[1]);
        assert_eq!(plays[0], plays[2]);
    });
}

/// Something that is told to a southbound which never tells.
#[derive(Clone, Debug, PartialEq)]
struct Order {
    name: String,
    rev: u32,
    stiff: bool,
}

impl Model for Order {
    const PREFIX: &'static str = "config/o/";
    fn name(&self) -> String {
        self.name.clone()
    }
    fn wire(&self) -> Wire {
        Wire::EMPTY
    }
}

/// Takes orders; does the same again without complaint, because it may be told again what was done already.
#[derive(Default)]
struct Deaf {
    orders: BTreeMap<String, u32>,
    calls: Vec<String>,
    /// Replies that are lost: by name, whether the order is executed.
    lost: BTreeMap<String, bool>,
}

struct Orders(Arc<Mutex<Deaf>>);

impl Orders {
    fn call(&self, verb: &str, name: &str, rev: Option<u32>) -> Result<()> {
        let mut deaf = self.0.lock().unwrap();
        deaf.calls.push(format!("{verb} {name}"));
        let lost = deaf.lost.remove(name);
        if lost != Some(false) {
            match rev {
                Some(rev) => drop(deaf.orders.insert(name.to_owned(), rev)),
                None => drop(deaf.orders.remove(name)),
            }
        }
        match lost {
            Some(_) => Err(Error { uncertain: true, ..Error::new("the reply was lost") }),
            None => Ok(()),
        }
    }
}

impl Descriptor for Orders {
    const NAME: &'static str = "order";
    type Value = Order;
    type Image = Order;
    type Handle = ();
    type Needs = ();
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Recorded;
    const RETRIEVES: bool = false;

    fn needs(&self, _: &Order) {}
    fn image(&self, order: &Order) -> Result<Order, Invalid> {
        Ok(order.clone())
    }
    fn change(&self, old: &Order, new: &Order, _: bool) -> Change {
        if old.stiff || new.stiff { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Order, _: ()) -> Made<()> {
        tokio::task::yield_now().await;
        Ok(self.call("create", &new.name, Some(new.rev))?)
    }
    async fn update(&self, _: Order, new: Order, _: (), _: ()) -> Result<()> {
        self.call("update", &new.name, Some(new.rev))
    }
    async fn delete(&self, old: Order, _: (), _: ()) -> Result<()> {
        self.call("delete", &old.name, None)
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        panic!("nobody asks it")
    }
}

/// Always there.
struct Ground;

impl Southbound for Ground {
    fn name(&self) -> &'static str {
        "ground"
    }
    fn link(&self) -> watch::Receiver<Link> {
        Link::always()
    }
    fn lacks(&self, _: &str) -> Option<String> {
        None
    }
}

/// Catches: a lost reply taken for success once the value is submitted again; a lost delete that is forgotten.
#[test]
fn invariant_21_where_nothing_can_be_asked_what_is_uncertain_is_really_done_again() {
    seeds::run(100, |seed| async move {
        let mut rng = Rng::new(seed);
        let deaf: Arc<Mutex<Deaf>> = Arc::default();
        let ground: Arc<dyn Southbound> = Arc::new(Ground);
        let mut registry = Registry::default();
        registry.add(&ground, Orders(deaf.clone())).unwrap();
        let s = Scheduler::spawn(registry, Config::default());
        s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
        let mut wished: BTreeMap<String, Order> = BTreeMap::new();
        for _ in 0..10 {
            let mut changes = Vec::new();
            for name in ["a", "b", "c"].into_iter().map(str::to_owned) {
                if rng.one_in(3) {
                    deaf.lock().unwrap().lost.insert(name.clone(), rng.one_in(2));
                }
                match rng.below(4) {
                    0 => {
                        wished.remove(&name);
                        changes.push(Intent::delete(format!("config/o/{name}")));
                    }
                    1 => {}
                    _ => {
                        let order =
                            Order { name: name.clone(), rev: rng.below(3) as u32, stiff: rng.one_in(3) };
                        changes.push(Intent::put(Arc::new(order.clone())));
                        wished.insert(name, order);
                    }
                }
            }
            note(format!("{changes:?} lost {:?}", deaf.lock().unwrap().lost));
            let by_itself = rng.one_in(2);
            let retry = by_itself.then(Retry::default);
            let report = s.commit(Txn { changes, retry, ..Txn::default() }).await.unwrap();
            deaf.lock().unwrap().lost.clear();
            let first = std::mem::take(&mut deaf.lock().unwrap().calls);
            note(format!("  {first:?} failed {:?}", report.failed));
            match by_itself {
                true => tokio::time::sleep(Duration::from_secs(5)).await,
                false => {
                    s.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await.unwrap();
                }
            }
            let again = std::mem::take(&mut deaf.lock().unwrap().calls);
            note(format!("  again {again:?}"));
            for error in &report.failed {
                let name = error.key.strip_prefix("config/o/").unwrap();
                assert!(again.iter().any(|call| call.ends_with(name)), "{error:?} was not done again");
            }
            let there = deaf.lock().unwrap().orders.clone();
            let wished: BTreeMap<String, u32> =
                wished.iter().map(|(name, order)| (name.clone(), order.rev)).collect();
            assert_eq!(there, wished);
            let all = s.statuses(Select::All).await;
            assert!(all.iter().all(|status| status.value.state == State::Configured), "{all:?}");
        }
    });
}
