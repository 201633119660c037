//! Random histories: after every transaction the southbounds hold what the oracle says; what failed comes right once
//! faults stop; an agent that starts again over its own work does nothing.
//!
//! `SEED=17` replays one case, `SEEDS=100000` runs more of them.

use crate::kinds::*;
use crate::oracle::Wishes;
use crate::setup::Setup;
use crate::world::{Content, Fault, Trip};
use model::value::{Model, Value};
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

struct Rng(u64);

impl Rng {
    fn new(seed: u64) -> Rng {
        let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..4).for_each(|_| _ = rng.below(2));
        rng
    }
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    fn pick(&mut self, from: u64, odds: u64) -> Vec<String> {
        (0..from).filter(|_| self.one_in(odds)).map(|i| format!("n{i}")).collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Faults {
    Never,
    Calls,
    /// Links too.
    Everything,
}

enum Wish {
    Thing(Thing),
    NoThing(String),
    Mark(Mark),
    NoMark(String),
}

struct Case {
    seed: u64,
    rng: Rng,
    n: u64,
    faults: Faults,
    setup: Setup,
    wishes: Wishes,
    watch: StatusWatch,
    told: BTreeMap<Arc<str>, BaseStatus>,
    /// Which life of the first southbound is known to the wishes.
    instance: u64,
    /// Some failure may be for good, so that only a resync mends it.
    for_good: bool,
    log: Vec<String>,
}

impl Case {
    async fn new(seed: u64, faults: Faults) -> Case {
        let mut rng = Rng::new(seed);
        let setup = Setup::with(Config { in_flight: 1 + rng.below(8) as usize, ..Config::default() });
        setup.a.world().seed(seed);
        setup.b.world().seed(seed);
        let mut wishes = Wishes::default();
        for i in 0..rng.below(3) {
            let content = Content { rev: 7, ..Content::default() };
            setup.a.plant(&t(&format!("f{i}")), content.clone(), false);
            wishes.foreign.insert(t(&format!("f{i}")), content);
            let content = Content { rev: 7, uses: vec![t(&format!("f{i}"))], ..Content::default() };
            setup.a.plant(&format!("p/f{i}/0"), content.clone(), false);
            wishes.foreign.insert(format!("p/f{i}/0"), content);
        }
        let n = 3 + rng.below(6);
        let watch = setup.s.watch(Select::All);
        let mut case = Case {
            seed,
            rng,
            n,
            faults,
            setup,
            wishes,
            watch,
            told: BTreeMap::new(),
            instance: 1,
            for_good: false,
            log: vec![],
        };
        case.commit(Txn { complete: true, ..Txn::default() }).await;
        case
    }
    fn name(&mut self) -> String {
        if self.rng.one_in(20) {
            format!("f{}", self.rng.below(3))
        } else {
            format!("n{}", self.rng.below(self.n))
        }
    }
    fn thing(&mut self) -> Thing {
        let (name, n, rng) = (self.name(), self.n, &mut self.rng);
        let index: u64 = name[1..].parse().unwrap();
        let stranger = name.starts_with('f');
        let mut rev = |part: bool| match rng.one_in(14) && !(stranger && part) {
            true => 13, // the oracle does not know of what others attached and we spare
            false => rng.below(3) as u32,
        };
        let rev = (rev(false), [rev(true), rev(true), rev(true)]);
        let parts = (0..3).filter(|_| rng.one_in(3)).collect::<Vec<u32>>();
        let parts = parts.into_iter().map(|id| Part {
            of: name.clone(),
            id,
            rev: rev.1[id as usize],
            ups: rng.pick(n, 2 * n),
        });
        let parts = parts.collect();
        // To smaller names only: handles cannot be mutual.
        let mut refs = if !stranger { rng.pick(index, n) } else { Vec::new() };
        if !stranger && rng.one_in(12) {
            refs.push(format!("f{}", rng.below(3)));
        }
        Thing {
            rev: rev.0,
            stiff: rng.one_in(3),
            auto: rng.one_in(3).then_some(9000),
            secret: 0,
            comment: rng.below(2) as u32,
            refs,
            ups: rng.pick(n, 2 * n),
            any: rng.one_in(5).then(|| format!("n{}", rng.below(n))),
            signal: rng.one_in(8).then(|| format!("{}", rng.below(2))),
            parts,
            name,
        }
    }
    fn mark(&mut self) -> Mark {
        let name = format!("m{}", self.rng.below(3));
        let on = self.rng.one_in(2).then(|| format!("n{}", self.rng.below(self.n)));
        Mark { name, rev: self.rng.below(3) as u32, on }
    }
    /// Some changes, noted among the wishes: the last one per key.
    fn changes(&mut self) -> Vec<Intent> {
        let mut wishes: BTreeMap<String, Wish> = BTreeMap::new();
        let mut changes = Vec::new();
        for _ in 0..1 + self.rng.below(self.n) {
            let (key, intent, wish) = match self.rng.below(9) {
                0..3 => {
                    let name = self.name();
                    (t(&name), gone(&t(&name)), Wish::NoThing(name))
                }
                3 => {
                    let mark = self.mark();
                    match self.rng.one_in(2) {
                        true => (mark.key(), put(mark.clone()), Wish::Mark(mark)),
                        false => (mark.key(), gone(&mark.key()), Wish::NoMark(mark.name)),
                    }
                }
                _ => {
                    let thing = self.thing();
                    (thing.key(), put(thing.clone()), Wish::Thing(thing))
                }
            };
            changes.push(intent);
            wishes.insert(key, wish);
        }
        for wish in wishes.into_values() {
            match wish {
                Wish::NoThing(name) => self.wishes.remove(&name),
                Wish::NoMark(name) => drop(self.wishes.marks.remove(&name)),
                Wish::Mark(mark) => drop(self.wishes.marks.insert(mark.name.clone(), mark)),
                Wish::Thing(thing) => {
                    if thing.rev != 13 {
                        let taken = &mut self.setup.a.world().taken;
                        taken.insert(thing.key());
                        taken.extend((0..3).map(|id| format!("p/{}/{id}", thing.name)));
                    }
                    self.wishes.put(thing);
                }
            }
        }
        changes
    }
    async fn commit(&mut self, txn: Txn) -> Report {
        let change = |change: &Intent| match &change.value {
            Some(value) => format!("  put {value:?}\n"),
            None => format!("  delete {}\n", change.key),
        };
        let changes: String = txn.changes.iter().map(change).collect();
        let retry = if txn.retry.is_some() { " with retry" } else { "" };
        let complete = if txn.complete { " complete" } else { "" };
        self.log.push(format!("transaction {:?}{complete}{retry}\n{changes}", txn.resync));
        let mutual = self.wishes.outcome().mutual;
        self.setup.a.world().mutual.extend(mutual);
        self.setup.s.commit(txn).await.unwrap()
    }
    /// Breaks something for the next transaction.
    fn break_something(&mut self) {
        let rng = &mut self.rng;
        let kinds =
            [Fault::Refuse, Fault::Forbid, Fault::Half, Fault::LostBefore, Fault::LostAfter, Fault::Panic];
        for (fake, keys) in [
            (&self.setup.a, (0..self.n).map(|i| t(&format!("n{i}"))).collect::<Vec<_>>()),
            (&self.setup.a, (0..self.n).flat_map(|i| (0..3).map(move |id| format!("p/n{i}/{id}"))).collect()),
            (&self.setup.b, (0..3).map(|i| format!("config/m/m{i}")).collect()),
        ] {
            let mut world = fake.world();
            world.strict = false;
            for key in keys {
                if rng.one_in(5) {
                    let fault = kinds[rng.below(kinds.len() as u64) as usize];
                    self.for_good |= matches!(fault, Fault::Forbid | Fault::Panic);
                    world.faults.insert(key, fault);
                }
            }
            if rng.one_in(6) {
                let deaf = ["thing", "part", "mark"][rng.below(3) as usize];
                world.deaf.insert(deaf);
            }
            if rng.one_in(4) {
                let there: Vec<String> = world.objects.keys().cloned().collect();
                world.short.extend(there.into_iter().filter(|_| rng.one_in(4)));
            }
            if self.faults == Faults::Everything && rng.one_in(3) {
                let trip = [Trip::Cut, Trip::Flap, Trip::Restart][rng.below(3) as usize];
                world.trip = Some((rng.below(8) as usize, trip));
            }
        }
    }
    /// Faults stop; everything must come right, by itself or by a resync.
    async fn mend(&mut self) {
        if self.setup.a.is_down() || self.setup.a.instance() != self.instance {
            self.log.push("the southbound was hit".into());
        }
        if self.setup.a.instance() != self.instance {
            self.instance = self.setup.a.instance();
            self.wishes.foreign.clear();
            self.wishes.signals.clear();
        }
        for fake in [&self.setup.a, &self.setup.b] {
            fake.heal();
            if fake.is_down() {
                fake.up();
            }
        }
        if self.for_good || self.rng.one_in(2) {
            // Short dumps and refused comparisons are looked at again within seconds.
            tokio::time::sleep(Duration::from_secs(3)).await;
            self.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await;
        } else {
            tokio::time::sleep(Duration::from_secs(600)).await;
        }
        self.for_good = false;
        self.commit(Txn::default()).await; // whatever was due before is done now
    }

    /// Everything is as it must be.
    async fn check(&mut self, what: &str) {
        let outcome = self.wishes.outcome();
        let statuses = self.setup.s.statuses(Select::All).await;
        let (mut a, mut b) = (self.setup.a.world(), self.setup.b.world());
        let story = || {
            let log = self.log.join("\n");
            format!(
                "seed {} after {what}\n{log}\ncalls {:?} {:?}\nwishes {:#?}",
                self.seed, a.calls, b.calls, self.wishes
            )
        };
        assert!(a.wrong.is_empty() && b.wrong.is_empty(), "{:?} {:?}\n{}", a.wrong, b.wrong, story());
        let mut there: BTreeMap<String, Content> =
            a.objects.iter().map(|(key, object)| (key.clone(), object.content.clone())).collect();
        for (key, content) in &mut there {
            if outcome.there.get(key).is_some_and(|wanted| wanted.auto.is_none()) {
                content.auto = None; // whatever the southbound chose is right
            }
        }
        let differ = |key: &&String| there.get(*key) != outcome.there.get(*key);
        let differing: BTreeSet<&String> = there.keys().chain(outcome.there.keys()).filter(differ).collect();
        let both = differing.iter().map(|key| (key, there.get(*key), outcome.there.get(*key)));
        assert!(
            differing.is_empty(),
            "{}\nthere and wanted {:#?}\n{statuses:#?}",
            story(),
            both.collect::<Vec<_>>()
        );
        let marks: BTreeSet<String> =
            b.objects.keys().map(|key| key[Mark::PREFIX.len()..].to_owned()).collect();
        assert_eq!(marks, outcome.marks, "{}", story());
        for name in &marks {
            let (wanted, object) = (&self.wishes.marks[name], &b.objects[&wanted_key(name)]);
            let handle = wanted.on.as_ref().map(|on| a.objects[&t(on)].handle.to_string());
            assert_eq!(
                (wanted.rev, handle),
                (object.content.rev, object.tag.signal.clone()),
                "{name} {}",
                story()
            );
        }
        for status in &statuses {
            for Status { key, state, error, details, .. } in
                std::iter::once(&status.value).chain(&status.derived)
            {
                let there = outcome.there.contains_key(&**key)
                    || outcome.marks.contains(key.trim_start_matches(Mark::PREFIX))
                    || key.starts_with("s/");
                let foreign = self.wishes.foreign.contains_key(&**key) || key.starts_with("s/");
                let expected = match (self.wishes.invalid.contains(&**key), foreign, there) {
                    (true, ..) => State::Invalid,
                    (_, true, _) => State::Obtained,
                    (.., true) => State::Configured,
                    (.., false) => State::Pending,
                };
                assert_eq!((*state, error), (expected, &None), "{key} {details:?} {}", story());
                if *state == State::Pending {
                    let details: BTreeSet<String> = details.iter().cloned().collect();
                    assert_eq!(details, outcome.unmet[&**key], "{key} {}", story());
                }
            }
        }
        let wanted = self
            .wishes
            .things
            .keys()
            .map(|name| t(name))
            .chain(self.wishes.marks.keys().map(|n| wanted_key(n)));
        for key in wanted {
            assert!(
                statuses.iter().any(|status| *status.value.key == *key),
                "no status of {key} {}",
                story()
            );
        }
        a.calls.clear();
        b.calls.clear();
        drop((a, b));
        // Whoever followed all that was told knows the same.
        if let Ok(news) = tokio::time::timeout(Duration::ZERO, self.watch.next()).await {
            for status in news {
                // What was found there by itself may turn out to be a part of something.
                self.told.retain(|key, _| status.derived.iter().all(|part| part.key != *key));
                self.told.insert(status.value.key.clone(), status);
            }
        }
        self.told.retain(|_, status| status.value.state != State::Removed);
        let told: Vec<_> = self
            .told
            .values()
            .map(|status| (&status.value.key, &status.value.state, &status.value.details))
            .collect();
        let now: Vec<_> = statuses
            .iter()
            .map(|status| (&status.value.key, &status.value.state, &status.value.details))
            .collect();
        assert_eq!(
            told,
            now,
            "seed {} after {what}: what was told and what is\n{}",
            self.seed,
            self.log.join("\n")
        );
    }
    /// Nothing was called more than once per key and verb.
    fn check_economy(&self) {
        for fake in [&self.setup.a, &self.setup.b] {
            let calls = &fake.world().calls;
            let once: BTreeSet<&String> = calls.iter().collect();
            assert_eq!(once.len(), calls.len(), "seed {}: {calls:?}\n{}", self.seed, self.log.join("\n"));
        }
    }
    fn check_idle(&self, what: &str) {
        for fake in [&self.setup.a, &self.setup.b] {
            let calls = &fake.world().calls;
            assert!(calls.is_empty(), "seed {}: {what}: {calls:?}\n{}", self.seed, self.log.join("\n"));
        }
    }

    fn everything(&self) -> Vec<Intent> {
        let things = self.wishes.things.values().cloned().map(put);
        things.chain(self.wishes.marks.values().cloned().map(put)).collect()
    }
    /// Values that cannot be expressed are forgotten; what is in force instead is asked for.
    fn forget_invalid(&mut self) {
        let (parts, things) = (&self.wishes.parts, &self.wishes.things);
        let without =
            |key: &String| key.strip_prefix(Thing::PREFIX).is_some_and(|name| !things.contains_key(name));
        self.wishes.invalid.retain(without);
        for thing in self.wishes.things.values_mut() {
            thing.parts.retain_mut(|part| {
                let good = parts.get(&part.key()).cloned();
                let keep = good.is_some();
                if let Some(good) = good {
                    *part = good;
                }
                keep
            });
        }
    }
    async fn restart_agent(&mut self) {
        self.forget_invalid();
        self.wishes.invalid.clear();
        self.log.push("the agent starts again".into());
        let fresh = Setup::over(&self.setup.a, &self.setup.b, self.setup.made.clone(), Config::default());
        self.setup = fresh;
        self.watch = self.setup.s.watch(Select::All);
        self.told.clear();
        for signal in self.wishes.signals.clone() {
            self.setup.s.notify(vec![Notice::present::<Signals>(Signal(signal), ())]);
        }
        // Some sources have answered: nothing of what the others may want is touched.
        let mut changes = self.everything();
        changes.retain(|_| self.rng.one_in(2));
        let resync = if self.rng.one_in(2) { Resync::None } else { Resync::Full };
        self.commit(Txn { changes, resync, ..Txn::default() }).await;
        self.check_idle("some sources have answered");
        let keep = |name: &String, rng: &mut Rng| name.starts_with('f') || !rng.one_in(5);
        if self.rng.one_in(2) {
            let names: Vec<String> = self.wishes.things.keys().cloned().collect();
            for name in names {
                if !keep(&name, &mut self.rng) {
                    self.wishes.remove(&name);
                }
            }
            let changes = self.everything();
            self.commit(Txn { changes, resync: Resync::Full, complete: true, ..Txn::default() }).await;
            self.check_economy();
        } else {
            let changes = self.everything();
            self.commit(Txn { changes, complete: true, ..Txn::default() }).await;
            self.check_idle("all sources have answered");
        }
    }

    async fn step(&mut self) -> &'static str {
        let faulty = self.faults != Faults::Never && self.rng.one_in(2);
        if faulty {
            self.break_something();
        }
        let retry = faulty.then_some(Retry { max: 0, ..Retry::default() });
        match self.rng.below(16) {
            0 if !faulty => {
                self.restart_agent().await;
                "the agent started again"
            }
            1 if !faulty => {
                self.forget_invalid();
                let changes = self.everything();
                self.commit(Txn { changes, ..Txn::default() }).await;
                self.check_idle("the same again");
                "the same again"
            }
            2 if !faulty => {
                let resync = [Resync::Full, Resync::Upstream, Resync::Downstream][self.rng.below(3) as usize];
                let mut changes = Vec::new();
                if resync != Resync::Downstream {
                    self.forget_invalid();
                    self.wishes.invalid.clear();
                    changes = self.everything();
                }
                self.commit(Txn { changes, resync, ..Txn::default() }).await;
                self.check_idle("a resync of what is there");
                "a resync"
            }
            3 => {
                let there: Vec<String> = {
                    let world = self.setup.a.world();
                    world
                        .objects
                        .keys()
                        .filter(|key| !self.wishes.foreign.contains_key(*key))
                        .cloned()
                        .collect()
                };
                if !there.is_empty() {
                    self.setup.a.steal(&there[self.rng.below(there.len() as u64) as usize]);
                }
                self.commit(Txn { resync: Resync::Downstream, retry, ..Txn::default() }).await;
                "something was stolen"
            }
            4 => {
                self.setup.a.crash();
                self.instance = self.setup.a.instance();
                self.wishes.foreign.clear();
                self.wishes.signals.clear();
                if self.rng.one_in(2) {
                    let changes = self.changes();
                    self.commit(Txn { changes, retry, ..Txn::default() }).await;
                }
                self.setup.a.up();
                self.commit(Txn { retry, ..Txn::default() }).await;
                "the southbound started again"
            }
            5 => {
                let fake = if self.rng.one_in(2) { self.setup.a.clone() } else { self.setup.b.clone() };
                fake.down();
                let changes = self.changes();
                self.commit(Txn { changes, retry, ..Txn::default() }).await;
                fake.up();
                self.commit(Txn { retry, ..Txn::default() }).await;
                "the southbound was away"
            }
            6 | 7 => {
                let name = format!("{}", self.rng.below(2));
                self.log.push(format!("signal {name}"));
                let there = !self.wishes.signals.remove(&name);
                let notice = if there {
                    self.wishes.signals.insert(name.clone());
                    Notice::present::<Signals>(Signal(name), ())
                } else {
                    Notice::absent::<Signal>(&name)
                };
                self.setup.s.notify(vec![notice]);
                self.commit(Txn { retry, ..Txn::default() }).await;
                if !faulty {
                    self.check_economy();
                }
                "a signal"
            }
            _ => {
                let changes = self.changes();
                self.commit(Txn { changes: changes.clone(), retry, ..Txn::default() }).await;
                if !faulty {
                    self.check_economy();
                    self.setup.a.calls();
                    self.setup.b.calls();
                    self.commit(Txn { changes, ..Txn::default() }).await;
                    self.check_idle("the same transaction again");
                }
                "a transaction"
            }
        }
    }
    async fn run(mut self) {
        for _ in 0..10 {
            let what = self.step().await;
            if self.faults != Faults::Never {
                self.mend().await;
            }
            self.check(what).await;
        }
        // Everything away: nothing is left anywhere but what is not ours.
        let mut changes: Vec<Intent> = (0..self.n).map(|i| gone(&t(&format!("n{i}")))).collect();
        changes.extend((0..3).map(|i| gone(&wanted_key(&format!("m{i}")))));
        changes.extend((0..3).map(|i| gone(&t(&format!("f{i}")))));
        let signals: Vec<Notice> =
            self.wishes.signals.iter().map(|name| Notice::absent::<Signal>(name)).collect();
        self.setup.s.notify(signals);
        self.commit(Txn { changes, ..Txn::default() }).await;
        let there: Vec<String> = self.setup.a.world().objects.keys().cloned().collect();
        let foreign: Vec<String> = self.wishes.foreign.keys().cloned().collect();
        assert_eq!(there, foreign, "seed {}\n{}", self.seed, self.log.join("\n"));
        assert!(self.setup.b.world().objects.is_empty(), "seed {}", self.seed);
        assert_eq!(
            self.setup.s.size().await,
            foreign.len(),
            "seed {}: nodes left\n{}",
            self.seed,
            self.log.join("\n")
        );
        let made = self.setup.made.lock().unwrap().clone();
        assert!(made.is_empty(), "seed {}: {made:?}\n{}", self.seed, self.log.join("\n"));
    }
}

fn wanted_key(mark: &str) -> String {
    format!("{}{mark}", Mark::PREFIX)
}

fn run(seeds: u64, faults: Faults) {
    std::panic::set_hook(Box::new(quiet_hook(std::panic::take_hook())));
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let range = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..1 + number("SEEDS").unwrap_or(seeds),
    };
    for seed in range {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async { Case::new(seed, faults).await.run().await });
    }
}

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>;

/// Descriptors of these tests panic on purpose; nobody needs to read that.
fn quiet_hook(loud: Hook) -> impl Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send {
    move |info| {
        let text = info.payload().downcast_ref::<String>().map_or("", String::as_str);
        if !text.starts_with("cannot cope") {
            loud(info);
        }
    }
}

#[test]
fn without_faults_the_southbounds_hold_what_the_oracle_says() {
    run(1500, Faults::Never);
}
#[test]
fn failing_calls_come_right_once_they_stop_to_fail() {
    run(1500, Faults::Calls);
}
#[test]
fn lost_links_and_restarts_in_mid_transaction_come_right() {
    run(1500, Faults::Everything);
}
