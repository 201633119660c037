//! One random history: how it goes on, what is broken on the way, and what must hold.

use crate::kinds::*;
use crate::oracle::{Outcome, Wishes};
use crate::seeds::{Rng, history, note};
use crate::setup::Setup;
use crate::world::{Content, Fault, Trip};
use model::value::{Model, Value};
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq)]
pub enum Faults {
    Never,
    Calls,
    /// Links too.
    Everything,
}

/// One change that somebody wishes.
#[derive(Clone, Debug)]
pub enum Wish {
    Thing(Thing),
    NoThing(String),
    Mark(Mark),
    NoMark(String),
}

impl Wish {
    pub fn key(&self) -> String {
        match self {
            Wish::Thing(thing) => thing.key(),
            Wish::NoThing(name) => t(name),
            Wish::Mark(mark) => mark.key(),
            Wish::NoMark(name) => mark_key(name),
        }
    }
    pub fn intent(&self) -> Intent {
        match self {
            Wish::Thing(thing) => put(thing.clone()),
            Wish::Mark(mark) => put(mark.clone()),
            Wish::NoThing(_) | Wish::NoMark(_) => gone(&self.key()),
        }
    }
    /// The same key, wished away.
    pub fn away(&self) -> Wish {
        match self {
            Wish::Thing(thing) => Wish::NoThing(thing.name.clone()),
            Wish::Mark(mark) => Wish::NoMark(mark.name.clone()),
            gone => gone.clone(),
        }
    }
    pub fn is_value(&self) -> bool {
        matches!(self, Wish::Thing(_) | Wish::Mark(_))
    }
}

/// What random values are like.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Names of things.
    pub n: u64,
    /// Some cannot be expressed.
    pub invalid: bool,
    /// Some are under names that others use, or hang on what others made.
    pub strangers: bool,
    /// One in so many of the possible needs by presence is there: they make circles.
    pub ups: u64,
}

impl Shape {
    pub fn new(rng: &mut Rng) -> Shape {
        let n = 3 + rng.below(6);
        Shape { n, invalid: true, strangers: true, ups: 2 * n }
    }
    /// Only what can be expressed, and nothing of others.
    pub fn plain(rng: &mut Rng) -> Shape {
        Shape { invalid: false, strangers: false, ..Shape::new(rng) }
    }
    pub fn name(&self, rng: &mut Rng) -> String {
        if rng.one_in(20) && self.strangers {
            format!("f{}", rng.below(3))
        } else {
            format!("n{}", rng.below(self.n))
        }
    }
    pub fn thing(&self, rng: &mut Rng) -> Thing {
        let name = self.name(rng);
        self.named(rng, name)
    }
    pub fn named(&self, rng: &mut Rng, name: String) -> Thing {
        let n = self.n;
        let index: u64 = name[1..].parse().unwrap();
        let stranger = name.starts_with('f');
        let mut rev = |part: bool| match rng.one_in(14) && !(stranger && part) && self.invalid {
            true => 13, // the oracle does not know of what others attached and we spare
            false => rng.below(3) as u32,
        };
        let rev = (rev(false), [rev(true), rev(true), rev(true)]);
        let parts = (0..3).filter(|_| rng.one_in(3)).collect::<Vec<u32>>();
        let parts = parts.into_iter().map(|id| Part {
            of: name.clone(),
            id,
            rev: rev.1[id as usize],
            ups: rng.pick(n, self.ups),
        });
        let parts = parts.collect();
        // To smaller names only: handles cannot be mutual.
        let mut refs = if !stranger { rng.pick(index, n) } else { Vec::new() };
        if !stranger && rng.one_in(12) && self.strangers {
            refs.push(format!("f{}", rng.below(3)));
        }
        Thing {
            rev: rev.0,
            stiff: rng.one_in(3),
            auto: rng.one_in(3).then_some(9000),
            secret: 0,
            comment: rng.below(2) as u32,
            refs,
            ups: rng.pick(n, self.ups),
            any: rng.one_in(5).then(|| format!("n{}", rng.below(n))),
            signal: rng.one_in(8).then(|| format!("{}", rng.below(2))),
            seat: None,
            parts,
            name,
        }
    }
    pub fn mark(&self, rng: &mut Rng) -> Mark {
        let name = format!("m{}", rng.below(3));
        let on = rng.one_in(2).then(|| format!("n{}", rng.below(self.n)));
        Mark { name, rev: rng.below(3) as u32, on }
    }
    pub fn wish(&self, rng: &mut Rng) -> Wish {
        match rng.below(9) {
            0..3 => Wish::NoThing(self.name(rng)),
            3 => {
                let mark = self.mark(rng);
                if rng.one_in(2) { Wish::Mark(mark) } else { Wish::NoMark(mark.name) }
            }
            _ => Wish::Thing(self.thing(rng)),
        }
    }
    pub fn wishes(&self, rng: &mut Rng) -> Vec<Wish> {
        (0..1 + rng.below(self.n)).map(|_| self.wish(rng)).collect()
    }
}

pub struct Case {
    pub seed: u64,
    pub rng: Rng,
    pub shape: Shape,
    pub faults: Faults,
    /// Operations in flight at most.
    pub in_flight: usize,
    pub setup: Setup,
    pub wishes: Wishes,
    /// The newest value of each key, whether it can be expressed or not.
    pub last: BTreeMap<String, Wish>,
    pub watch: StatusWatch,
    pub told: BTreeMap<Arc<str>, BaseStatus>,
    /// Which life of the first southbound is known to the wishes.
    pub instance: u64,
    /// Some failure may be for good, so that only a resync mends it.
    pub for_good: bool,
}

impl Case {
    pub async fn new(seed: u64, faults: Faults) -> Case {
        let mut rng = Rng::new(seed);
        let config = Config { in_flight: 1 + rng.below(8) as usize, ..Config::default() };
        let strangers = rng.below(3);
        let shape = Shape::new(&mut rng);
        Case::with(seed, rng, shape, strangers, faults, config).await
    }
    /// Only what can be expressed, and nothing of others; no faults.
    pub async fn plain(seed: u64) -> Case {
        let mut rng = Rng::new(seed);
        let config = Config { in_flight: 1 + rng.below(8) as usize, ..Config::default() };
        let shape = Shape::plain(&mut rng);
        Case::with(seed, rng, shape, 0, Faults::Never, config).await
    }
    pub async fn with(
        seed: u64,
        rng: Rng,
        shape: Shape,
        strangers: u64,
        faults: Faults,
        config: Config,
    ) -> Case {
        let in_flight = config.in_flight;
        let setup = Setup::with(config);
        setup.a.world().seed(seed);
        setup.b.world().seed(seed);
        let mut wishes = Wishes::default();
        for i in 0..strangers {
            let content = Content { rev: 7, ..Content::default() };
            setup.a.plant(&t(&format!("f{i}")), content.clone(), false);
            wishes.foreign.insert(t(&format!("f{i}")), content);
            let content = Content { rev: 7, uses: vec![t(&format!("f{i}"))], ..Content::default() };
            setup.a.plant(&format!("p/f{i}/0"), content.clone(), false);
            wishes.foreign.insert(format!("p/f{i}/0"), content);
        }
        let watch = setup.s.watch(Select::All);
        let mut case = Case {
            seed,
            rng,
            shape,
            faults,
            in_flight,
            setup,
            wishes,
            last: BTreeMap::new(),
            watch,
            told: BTreeMap::new(),
            instance: 1,
            for_good: false,
        };
        case.commit(Txn { complete: true, ..Txn::default() }).await;
        case
    }
    /// Some changes, noted among the wishes: the last one per key.
    pub fn changes(&mut self) -> Vec<Intent> {
        let wishes = self.shape.wishes(&mut self.rng);
        self.wish(&wishes)
    }
    /// Notes what a transaction wishes.
    pub fn wish(&mut self, wishes: &[Wish]) -> Vec<Intent> {
        let newest: BTreeMap<String, &Wish> = wishes.iter().map(|wish| (wish.key(), wish)).collect();
        for (key, wish) in newest {
            match wish.is_value() {
                true => self.last.insert(key, wish.clone()),
                false => self.last.remove(&key),
            };
            match wish.clone() {
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
        wishes.iter().map(Wish::intent).collect()
    }
    /// Nothing but these keys is wanted any more.
    pub fn forget_unlisted(&mut self, listed: &[String]) {
        let things: Vec<String> = self.wishes.things.keys().cloned().collect();
        let invalid: Vec<String> = self
            .wishes
            .invalid
            .iter()
            .filter_map(|key| key.strip_prefix(Thing::PREFIX))
            .map(str::to_owned)
            .collect();
        for name in things.into_iter().chain(invalid).filter(|name| !listed.contains(&t(name))) {
            self.wishes.remove(&name);
        }
        self.wishes.marks.retain(|name, _| listed.contains(&mark_key(name)));
    }
    pub async fn commit(&mut self, txn: Txn) -> Report {
        let change = |change: &Intent| match &change.value {
            Some(value) => format!("  put {value:?}\n"),
            None => format!("  delete {}\n", change.key),
        };
        let changes: String = txn.changes.iter().map(change).collect();
        let retry = if txn.retry.is_some() { " with retry" } else { "" };
        let complete = if txn.complete { " complete" } else { "" };
        note(format!("transaction {:?}{complete}{retry}\n{changes}", txn.resync));
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
            (&self.setup.a, (0..self.shape.n).map(|i| t(&format!("n{i}"))).collect::<Vec<_>>()),
            (
                &self.setup.a,
                (0..self.shape.n).flat_map(|i| (0..3).map(move |id| format!("p/n{i}/{id}"))).collect(),
            ),
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
            note("the southbound was hit".into());
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
            format!(
                "seed {} after {what}\ncalls {:?} {:?}\nwishes {:#?}",
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
                    _ if self.wishes.is_unsupported(key) => State::Unimplemented,
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
        assert_eq!(told, now, "seed {} after {what}: what was told and what is\n{}", self.seed, history());
    }
    /// Nothing was called more than once per key and verb.
    pub fn check_economy(&self) {
        for fake in [&self.setup.a, &self.setup.b] {
            let calls = &fake.world().calls;
            let once: BTreeSet<&String> = calls.iter().collect();
            assert_eq!(once.len(), calls.len(), "seed {}: {calls:?}", self.seed);
        }
    }
    pub fn check_idle(&self, what: &str) {
        for fake in [&self.setup.a, &self.setup.b] {
            let calls = &fake.world().calls;
            assert!(calls.is_empty(), "seed {}: {what}: {calls:?}", self.seed);
        }
    }
}

pub fn mark_key(mark: &str) -> String {
    format!("{}{mark}", Mark::PREFIX)
}
