//! Kinds whose objects are reported, and are there to be retrieved as well: lamps, which southbounds switch; shades, which
//! are only there under a lamp; and fringes, which hang on shades.

use crate::calls::Act;
use crate::kinds::{gone, put};
use crate::world::{Content, Fake, Tag};
use model::value::{Model, Value};
use sched::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Clone, Debug, PartialEq)]
struct Lamp(String);

#[derive(Clone, Debug, PartialEq)]
struct Shade(String);

#[derive(Clone, Debug, PartialEq)]
struct Fringe(String);

impl Model for Lamp {
    const PREFIX: &'static str = "lamp/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

impl Model for Shade {
    const PREFIX: &'static str = "config/shade/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

impl Model for Fringe {
    const PREFIX: &'static str = "config/fringe/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// With whether it is dark, so that nobody can see all of them.
struct Lamps(Arc<Fake>, Arc<AtomicBool>);
struct Shades(Arc<Fake>);
struct Fringes(Arc<Fake>);

impl Descriptor for Lamps {
    const NAME: &'static str = "lamp";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = Lamp;
    type Image = ();
    type Handle = u64;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &Lamp) {}
    fn image(&self, _: &Lamp) -> Result<(), Invalid> {
        Ok(())
    }
    async fn create(&self, (): (), (): ()) -> Made<u64> {
        panic!("nobody creates a lamp")
    }
    async fn delete(&self, (): (), _: u64, (): ()) -> Result<()> {
        panic!("nobody deletes a lamp")
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        if self.1.load(Ordering::Relaxed) {
            seen.not_all();
        }
        let lamps = self.0.dump("lamp", Lamp::PREFIX).await?;
        let found = lamps.into_iter().map(|(key, lamp)| (key[Lamp::PREFIX.len()..].to_owned(), lamp.handle));
        Ok(found.map(|(name, handle)| Found::new(Lamp(name), handle)).collect())
    }
}

impl Descriptor for Shades {
    const NAME: &'static str = "shade";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Shade;
    type Image = String;
    type Handle = u64;
    type Needs = Up<Lamps>;
    type Reads = (Lamps,);

    fn needs(&self, shade: &Shade) -> Up<Lamps> {
        Up::to(&shade.0)
    }
    fn image(&self, shade: &Shade) -> Result<String, Invalid> {
        Ok(shade.key())
    }
    async fn create(&self, key: String, (): ()) -> Made<u64> {
        make(&self.0, &key).await
    }
    async fn delete(&self, key: String, handle: u64, (): ()) -> Result<()> {
        remove(&self.0, &key, handle).await
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let shades = self.0.dump("shade", Shade::PREFIX).await?;
        let found =
            shades.into_iter().map(|(key, shade)| (key[Shade::PREFIX.len()..].to_owned(), shade.handle));
        Ok(found.map(|(name, handle)| Found::new(Shade(name), handle)).collect())
    }
}

impl Descriptor for Fringes {
    const NAME: &'static str = "fringe";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Fringe;
    type Image = String;
    type Handle = u64;
    type Needs = Up<Shades>;
    type Reads = (Lamps, Shades);

    fn needs(&self, fringe: &Fringe) -> Up<Shades> {
        Up::to(&fringe.0)
    }
    fn image(&self, fringe: &Fringe) -> Result<String, Invalid> {
        Ok(fringe.key())
    }
    async fn create(&self, key: String, (): ()) -> Made<u64> {
        make(&self.0, &key).await
    }
    async fn delete(&self, key: String, handle: u64, (): ()) -> Result<()> {
        remove(&self.0, &key, handle).await
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let all = self.0.dump("fringe", Fringe::PREFIX).await?;
        let found = all.into_iter().map(|(key, one)| (key[Fringe::PREFIX.len()..].to_owned(), one.handle));
        Ok(found.map(|(name, handle)| Found::new(Fringe(name), handle)).collect())
    }
}

async fn make(fake: &Fake, key: &str) -> Made<u64> {
    fake.call(key, Act::Create(Content::default(), Tag::default(), Vec::new())).await
}
async fn remove(fake: &Fake, key: &str, handle: u64) -> Result<()> {
    let deleted = fake.call(key, Act::Delete(Content::default(), Vec::new(), handle)).await;
    deleted.map(drop).map_err(|failed| failed.error)
}

struct Room {
    fake: Arc<Fake>,
    s: Scheduler,
    dark: Arc<AtomicBool>,
}

impl Room {
    async fn over(fake: &Arc<Fake>) -> Room {
        Room::lit(fake, true)
    }
    /// One in which it is dark at first, or not.
    fn lit(fake: &Arc<Fake>, lit: bool) -> Room {
        let south: Arc<dyn Southbound> = fake.clone();
        let dark = Arc::new(AtomicBool::new(!lit));
        let mut registry = Registry::default();
        registry.add(&south, Lamps(fake.clone(), dark.clone())).unwrap();
        registry.add(&south, Shades(fake.clone())).unwrap();
        registry.add(&south, Fringes(fake.clone())).unwrap();
        let s = Scheduler::spawn(registry, Config::default());
        Room { fake: fake.clone(), s, dark }
    }
    /// From now on all lamps are seen.
    async fn light(&self) {
        self.dark.store(false, Ordering::Relaxed);
        self.s.notify(vec![Notice::all::<Lamps>()]);
        self.settled().await;
    }
    /// The southbound switches a lamp on, and says so.
    fn switch_on(&self, name: &str) {
        let handle = self.fake.plant(&lamp(name), Content::default(), true);
        self.s.notify(vec![Notice::present::<Lamps>(Lamp(name.into()), handle)]);
    }
    async fn settled(&self) {
        self.s.barrier().await.unwrap();
    }
    async fn state(&self, key: &str) -> State {
        self.s.statuses(Select::Key(key.into())).await[0].value.state
    }
    fn transactions(&self) -> usize {
        self.s.history().records().len()
    }
}

fn lamp(name: &str) -> String {
    Lamp(name.into()).key()
}
fn shade(name: &str) -> String {
    Shade(name.into()).key()
}
fn fringe(name: &str) -> String {
    Fringe(name.into()).key()
}
fn wanted(names: &[&str]) -> Txn {
    let changes = names.iter().map(|name| put(Shade((*name).into()))).collect();
    Txn { changes, complete: true, ..Txn::default() }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_them_is_adopted_with_them() {
    let fake = Fake::new("room");
    for key in [lamp("a"), shade("a"), lamp("b"), shade("c")] {
        fake.plant(&key, Content::default(), true);
    }
    let room = Room::over(&fake).await;
    room.s.commit(wanted(&["a", "b", "c"])).await.unwrap();
    // The lamp of a is on, and nothing had to be done. There is no lamp for c any more.
    assert_eq!(room.fake.calls(), ["create config/shade/b", "delete config/shade/c"]);
    assert_eq!(room.state(&lamp("a")).await, State::Obtained);
    assert_eq!(room.state(&shade("a")).await, State::Configured);
    assert_eq!(room.state(&shade("c")).await, State::Pending);
}

#[tokio::test(start_paused = true)]
async fn a_comparison_knows_better_than_what_was_reported() {
    let room = Room::over(&Fake::new("room")).await;
    room.s.commit(wanted(&["a", "b"])).await.unwrap();
    room.switch_on("a");
    room.settled().await;
    assert_eq!(room.state(&shade("a")).await, State::Configured);
    // While nobody listened, one lamp went out and another one on.
    room.fake.down();
    room.fake.world().objects.remove(&lamp("a"));
    room.fake.plant(&lamp("b"), Content::default(), true);
    room.fake.calls();
    room.fake.up();
    room.settled().await;
    assert_eq!(
        (room.state(&lamp("a")).await, room.state(&lamp("b")).await),
        (State::Nonexistent, State::Obtained)
    );
    let mut calls = room.fake.calls();
    calls.sort();
    assert_eq!(calls, ["create config/shade/b", "delete config/shade/a"]);
    // After a crash nothing is there that is not found again.
    room.fake.crash();
    room.fake.up();
    room.settled().await;
    assert_eq!(room.state(&lamp("b")).await, State::Nonexistent);
    assert_eq!(room.state(&shade("b")).await, State::Pending);
}

#[tokio::test(start_paused = true)]
async fn only_news_that_somebody_waits_for_are_a_transaction() {
    let room = Room::over(&Fake::new("room")).await;
    room.s.commit(wanted(&["a"])).await.unwrap();
    let before = room.transactions();
    let watch = room.s.watch(Select::Key(lamp("b")));
    room.switch_on("b");
    room.settled().await;
    assert_eq!(watch.next().await[0].value.state, State::Obtained);
    assert_eq!(room.transactions(), before);
    assert_eq!(room.s.timeline(&lamp("b")).await.len(), 1, "it is part of the past all the same");
    room.s.notify(vec![Notice::absent::<Lamp>("b")]);
    assert_eq!(watch.next().await[0].value.state, State::Removed);

    room.switch_on("a");
    room.settled().await;
    assert_eq!(room.transactions(), before + 1);
    assert_eq!(room.state(&shade("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_is_no_news() {
    let room = Room::over(&Fake::new("room")).await;
    room.s.commit(wanted(&["a"])).await.unwrap();
    room.switch_on("a");
    room.settled().await;
    let before = room.transactions();
    let handle = room.fake.world().objects[&lamp("a")].handle;
    for _ in 0..3 {
        room.s.notify(vec![Notice::present::<Lamps>(Lamp("a".into()), handle), Notice::absent::<Lamp>("b")]);
        room.settled().await;
    }
    assert_eq!(room.transactions(), before);
    // Another one in its place is news.
    room.s.notify(vec![Notice::present::<Lamps>(Lamp("a".into()), handle + 100)]);
    room.settled().await;
    assert_eq!(room.transactions(), before + 1);
    room.s.commit(Txn { changes: vec![gone(&shade("a"))], ..Txn::default() }).await.unwrap();
    assert!(!room.fake.has(&shade("a")));
}

#[tokio::test(start_paused = true)]
async fn what_is_found_gone_is_told_even_if_the_southbound_goes_then() {
    let room = Room::over(&Fake::new("room")).await;
    room.s.commit(wanted(&[])).await.unwrap();
    room.switch_on("a");
    room.settled().await;
    let watch = room.s.watch(Select::Key(lamp("a")));
    room.fake.down();
    room.fake.world().objects.remove(&lamp("a"));
    // What is not there is asked for twice. Then the link is lost again.
    room.fake.world().last = Some(("lamp", 2));
    room.fake.up();
    room.settled().await;
    assert!(room.fake.is_down());
    assert_eq!(room.s.size().await, 0);
    assert_eq!(watch.next().await[0].value.state, State::Removed);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_told_yet_takes_nothing_along() {
    let fake = Fake::new("room");
    let planted =
        [shade("a"), shade("b"), shade("old"), fringe("a"), fringe("c"), fringe("d"), fringe("old")];
    for key in &planted {
        fake.plant(key, Content::default(), true);
    }
    fake.plant(&lamp("a"), Content::default(), true);
    let room = Room::lit(&fake, false);
    let mut txn = wanted(&["a", "b", "c", "d", "e"]);
    txn.changes.extend(["a", "b", "c", "d"].map(|name| put(Fringe(name.into()))));
    txn.resync = Resync::Full;
    room.s.commit(txn).await.unwrap();
    room.s.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await.unwrap();
    // The lamp of a is seen. Those of b, c and d may be on, and then the shades of c and d are there too. Nobody wants what
    // is old.
    let mut calls = room.fake.calls();
    calls.sort();
    assert_eq!(calls, ["create config/fringe/b", "delete config/fringe/old", "delete config/shade/old"]);
    assert_eq!(room.state(&shade("b")).await, State::Configured);
    assert_eq!(room.state(&fringe("c")).await, State::Configured);
    assert_eq!(
        (room.state(&shade("c")).await, room.state(&shade("e")).await),
        (State::Pending, State::Pending)
    );
    // The lamp of c is on, with its shade; those of b and d are not, and whatever hangs on them is not to be there.
    for key in [lamp("c"), shade("c"), lamp("e")] {
        room.fake.plant(&key, Content::default(), true);
    }
    room.light().await;
    let mut calls = room.fake.calls();
    calls.sort();
    let mended = [
        "create config/shade/e",
        "delete config/fringe/b",
        "delete config/fringe/d",
        "delete config/shade/b",
    ];
    assert_eq!(calls, mended);
    assert_eq!(
        (room.state(&shade("c")).await, room.state(&fringe("c")).await),
        (State::Configured, State::Configured)
    );
    // From now on it is as usual, whatever is said.
    room.s.notify(vec![Notice::all::<Lamps>()]);
    room.s.notify(vec![Notice::absent::<Lamp>("c")]);
    room.settled().await;
    assert_eq!(room.fake.calls(), ["delete config/fringe/c", "delete config/shade/c"]);
}

#[tokio::test(start_paused = true)]
async fn why_something_is_absent_is_told_to_whoever_waits_for_it() {
    let room = Room::over(&Fake::new("room")).await;
    let because = |name: &str, why: &str| vec![Notice::because::<Lamp>(name, Some(why.to_owned()))];
    room.s.notify(because("a", "its fuse has blown")); // nobody knows of it yet
    room.settled().await;
    room.s.commit(wanted(&["a", "b"])).await.unwrap();
    let details = async |key: String| room.s.statuses(Select::Key(key)).await[0].value.details.join("; ");
    assert_eq!(details(shade("a")).await, "lamp/a, which cannot be used: its fuse has blown");
    assert_eq!(details(shade("b")).await, "lamp/b");
    let before = room.transactions();
    let watch = room.s.watch(Select::Key(shade("b")));
    room.s.notify(because("b", "it has no bulb"));
    assert_eq!(watch.next().await[0].value.details, ["lamp/b, which cannot be used: it has no bulb"]);
    room.settled().await;
    assert_eq!(room.transactions(), before, "nothing was to be done");
    let explained = room.s.explain(&shade("b")).await;
    assert_eq!(explained.summary, "It waits for lamp b, which cannot be used: it has no bulb.");
    assert_eq!(explained.advice, "remove the cause: all goes on by itself then");
    // It comes, and goes again for no reason that is known.
    room.switch_on("b");
    room.settled().await;
    assert_eq!(room.state(&shade("b")).await, State::Configured);
    room.fake.world().objects.remove(&lamp("b"));
    room.s.notify(vec![Notice::absent::<Lamp>("b")]);
    room.settled().await;
    assert_eq!(details(shade("b")).await, "lamp/b");
    room.s.notify(vec![Notice::because::<Lamp>("a", None)]);
    room.settled().await;
    assert_eq!(details(shade("a")).await, "lamp/a");
    // Something that is there is not absent, whatever is said.
    room.switch_on("a");
    room.settled().await;
    room.s.notify(because("a", "its fuse has blown"));
    room.settled().await;
    assert_eq!(room.state(&shade("a")).await, State::Configured);
}
