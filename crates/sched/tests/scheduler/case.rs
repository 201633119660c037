//! One random history: how it goes on, what is broken on the way, and what must hold.

use crate::kinds::*;
use crate::oracle::{Outcome, Wishes};
use crate::setup::Setup;
use crate::world::{Content, Fault, Trip};
use model::value::{Model, Value};
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..4).for_each(|_| _ = rng.below(2));
        rng
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub fn pick(&mut self, from: u64, odds: u64) -> Vec<String> {
        (0..from).filter(|_| self.one_in(odds)).map(|i| format!("n{i}")).collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Faults {
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

pub struct Case {
    pub seed: u64,
    pub rng: Rng,
    pub n: u64,
    pub faults: Faults,
    pub setup: Setup,
    pub wishes: Wishes,
    pub watch: StatusWatch,
    pub told: BTreeMap<Arc<str>, BaseStatus>,
    /// Which life of the first southbound is known to the wishes.
    pub instance: u64,
    /// Some failure may be for good, so that only a resync mends it.
    pub for_good: bool,
    pub log: Vec<String>,
}

impl Case {
    pub async fn new(seed: u64, faults: Faults) -> Case {
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
    pub fn name(&mut self) -> String {
        if self.rng.one_in(20) {
            format!("f{}", self.rng.below(3))
        } else {
            format!("n{}", self.rng.below(self.n))
        }
    }
    pub fn thing(&mut self) -> Thing {
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
    pub fn mark(&mut self) -> Mark {
        let name = format!("m{}", self.rng.below(3));
        let on = self.rng.one_in(2).then(|| format!("n{}", self.rng.below(self.n)));
        Mark { name, rev: self.rng.below(3) as u32, on }
    }
    /// Some changes, noted among the wishes: the last one per key.
    pub fn changes(&mut self) -> Vec<Intent> {
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
    pub async fn commit(&mut self, txn: Txn) -> Report {
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
    pub fn break_something(&mut self) {
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
    pub async fn mend(&mut self) {
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
    pub async fn check(&mut self, what: &str) {
        let statuses = self.setup.s.statuses(Select::All).await;
        self.check_content(what, &self.wishes.outcome(), &statuses);
        self.check_told(what, &statuses).await;
    }
    fn check_content(&self, what: &str, outcome: &Outcome, statuses: &[BaseStatus]) {
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
            let (wanted, object) = (&self.wishes.marks[name], &b.objects[&mark_key(name)]);
            let handle = wanted.on.as_ref().map(|on| a.objects[&t(on)].handle.to_string());
            assert_eq!(
                (wanted.rev, handle),
                (object.content.rev, object.tag.signal.clone()),
                "{name} {}",
                story()
            );
        }
        for status in statuses {
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
            .chain(self.wishes.marks.keys().map(|n| mark_key(n)));
        for key in wanted {
            assert!(
                statuses.iter().any(|status| *status.value.key == *key),
                "no status of {key} {}",
                story()
            );
        }
        a.calls.clear();
        b.calls.clear();
    }
    /// Whoever followed all that was told knows the same.
    async fn check_told(&mut self, what: &str, statuses: &[BaseStatus]) {
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
    pub fn check_economy(&self) {
        for fake in [&self.setup.a, &self.setup.b] {
            let calls = &fake.world().calls;
            let once: BTreeSet<&String> = calls.iter().collect();
            assert_eq!(once.len(), calls.len(), "seed {}: {calls:?}\n{}", self.seed, self.log.join("\n"));
        }
    }
    pub fn check_idle(&self, what: &str) {
        for fake in [&self.setup.a, &self.setup.b] {
            let calls = &fake.world().calls;
            assert!(calls.is_empty(), "seed {}: {what}: {calls:?}\n{}", self.seed, self.log.join("\n"));
        }
    }
}

pub fn mark_key(mark: &str) -> String {
    format!("{}{mark}", Mark::PREFIX)
}
