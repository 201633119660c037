//! What the tests of the doors share: a scheduler over a small world that is easy to look into.
#![allow(dead_code)] // each test uses a part of it
#![allow(clippy::unwrap_used)] // a fault of the fixture fails the test

pub mod etcd;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::l3::Route;
use model::value::{Model, Value};
use northbound::intake::Intake;
use northbound::merge::Source;
use northbound::store::{Content, Store};
use sched::{Config, Derived, Descriptor, Error, Found, Invalid, Link, Made, Ownership, Ref, Registry, Seen};
use sched::{Scheduler, Southbound};

/// All that was made, by key.
#[derive(Default)]
pub struct World {
    pub objects: Mutex<BTreeMap<String, Arc<dyn Value>>>,
    /// Keys whose creation fails.
    pub failing: Mutex<BTreeSet<String>>,
    /// Calls so far, such as `create config/…`.
    pub calls: Mutex<Vec<String>>,
    next: AtomicU32,
}

impl World {
    pub fn keys(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }
    pub fn interface(&self, name: &str) -> Option<Interface> {
        let objects = self.objects.lock().unwrap();
        let value = objects.get(&model::value::key_of::<Interface>(name))?;
        let any: &dyn std::any::Any = &**value;
        any.downcast_ref::<Interface>().cloned()
    }
    fn make<V: Model>(&self, call: &str, value: V) -> Result<u32, Error> {
        let key = Value::key(&value);
        self.calls.lock().unwrap().push(format!("{call} {key}"));
        if self.failing.lock().unwrap().contains(&key) {
            return Err(Error::new("the world refuses this object"));
        }
        self.objects.lock().unwrap().insert(key, Arc::new(value));
        Ok(self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn remove<V: Model>(&self, value: &V) {
        let key = Value::key(value);
        self.calls.lock().unwrap().push(format!("delete {key}"));
        self.objects.lock().unwrap().remove(&key);
    }
    fn all<V: Model + Clone>(&self) -> Vec<V> {
        let objects = self.objects.lock().unwrap();
        let values = objects.values().filter_map(|value| {
            let any: &dyn std::any::Any = &**value;
            any.downcast_ref::<V>().cloned()
        });
        values.collect()
    }
}

/// A part of each interface that takes no call.
#[derive(Clone, Debug, PartialEq)]
pub struct Part(String);

impl Model for Part {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        format!("{}/x", self.0)
    }
}

pub struct Interfaces(pub Arc<World>);

impl Descriptor for Interfaces {
    const NAME: &'static str = "vpp-interface";
    type Value = Interface;
    type Image = Interface;
    type Handle = u32;
    type Needs = ();
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Marked;

    fn needs(&self, _value: &Interface) {}
    fn image(&self, value: &Interface) -> Result<Interface, Invalid> {
        sched::ensure(value.mtu <= 9216, "mtu", "must be at most 9216")?;
        Ok(value.clone())
    }
    fn derive(&self, value: &Interface, out: &mut Derived) {
        out.push(Part(value.name.clone()));
    }
    fn change(&self, _old: &Interface, _new: &Interface, _moved: bool) -> sched::Change {
        sched::Change::InPlace
    }
    async fn create(&self, new: Interface, (): ()) -> Made<u32> {
        Ok(self.0.make("create", new)?)
    }
    async fn update(&self, _old: Interface, new: Interface, _handle: u32, (): ()) -> Result<(), Error> {
        self.0.make("update", new).map(drop)
    }
    async fn delete(&self, old: Interface, _handle: u32, (): ()) -> Result<(), Error> {
        self.0.remove(&old);
        Ok(())
    }
    async fn retrieve(&self, _seen: &Seen<'_>) -> Result<Vec<Found<Self>>, Error> {
        let all = self.0.all::<Interface>().into_iter().enumerate();
        Ok(all.map(|(n, value)| Found::new(value, n as u32 + 1)).collect())
    }
    fn metadata(&self, _value: &Interface, handle: &u32) -> serde_json::Value {
        serde_json::json!({"SwIfIndex": handle, "Vrf": 0})
    }
}

pub struct Parts(pub Arc<World>);

impl Descriptor for Parts {
    const NAME: &'static str = "interface-part";
    type Value = Part;
    type Image = Part;
    type Handle = ();
    type Needs = Ref<Interfaces>;
    type Reads = (Interfaces,);
    const OWNERSHIP: Ownership = Ownership::Attached;

    fn needs(&self, value: &Part) -> Self::Needs {
        Ref::to(&value.0)
    }
    fn image(&self, value: &Part) -> Result<Part, Invalid> {
        Ok(value.clone())
    }
    async fn create(&self, _new: Part, _interface: u32) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, _old: Part, (): (), _interface: u32) -> Result<(), Error> {
        Ok(())
    }
    async fn retrieve(&self, _seen: &Seen<'_>) -> Result<Vec<Found<Self>>, Error> {
        let all = self.0.all::<Interface>().into_iter();
        Ok(all.map(|interface| Found::new(Part(interface.name), ())).collect())
    }
}

pub struct Routes(pub Arc<World>);

impl Descriptor for Routes {
    const NAME: &'static str = "vpp-route";
    type Value = Route;
    type Image = Route;
    type Handle = u32;
    type Needs = Option<Ref<Interfaces>>;
    type Reads = (Interfaces,);
    const OWNERSHIP: Ownership = Ownership::Marked;

    fn needs(&self, value: &Route) -> Self::Needs {
        (!value.outgoing_interface.is_empty()).then(|| Ref::to(&value.outgoing_interface))
    }
    fn image(&self, value: &Route) -> Result<Route, Invalid> {
        Ok(value.clone())
    }
    async fn create(&self, new: Route, _needs: Option<u32>) -> Made<u32> {
        Ok(self.0.make("create", new)?)
    }
    async fn delete(&self, old: Route, _handle: u32, _needs: Option<u32>) -> Result<(), Error> {
        self.0.remove(&old);
        Ok(())
    }
    async fn retrieve(&self, _seen: &Seen<'_>) -> Result<Vec<Found<Self>>, Error> {
        let all = self.0.all::<Route>().into_iter().enumerate();
        Ok(all.map(|(n, value)| Found::new(value, n as u32 + 1)).collect())
    }
}

struct Reached(tokio::sync::watch::Receiver<Link>);

impl Southbound for Reached {
    fn name(&self) -> &'static str {
        "world"
    }
    fn link(&self) -> tokio::sync::watch::Receiver<Link> {
        self.0.clone()
    }
    fn lacks(&self, _call: &str) -> Option<String> {
        None
    }
}

/// A scheduler over the world, on the current runtime.
pub fn scheduler(world: &Arc<World>) -> Scheduler {
    scheduler_over(world, Link::always())
}

/// The same, where the world is reached over a link of the test's.
pub fn scheduler_over(world: &Arc<World>, link: tokio::sync::watch::Receiver<Link>) -> Scheduler {
    let southbound: Arc<dyn Southbound> = Arc::new(Reached(link));
    let mut registry = Registry::default();
    registry.add(&southbound, Interfaces(Arc::clone(world))).unwrap();
    registry.add(&southbound, Parts(Arc::clone(world))).unwrap();
    registry.add(&southbound, Routes(Arc::clone(world))).unwrap();
    Scheduler::spawn(registry, Config::default())
}

/// World, scheduler and intake without a store; these sources have to answer.
pub fn agent(expected: impl IntoIterator<Item = Source>) -> (Arc<World>, Intake) {
    let world = Arc::new(World::default());
    let intake = Intake::start(scheduler(&world), None, Content::default(), expected);
    (world, intake)
}

/// As [`agent`], with a store, nobody to wait for, and a world that may be there already.
pub async fn stored_agent(world: &Arc<World>, path: &Path) -> Intake {
    loop {
        match Store::open(path) {
            Ok((store, content)) => return Intake::start(scheduler(world), Some(store), content, []),
            // The agent before may still be closing the file.
            Err(northbound::store::Error::InUse { .. }) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Waits until `condition` holds; fails with `what` after ten seconds.
pub async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "did not happen: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub fn interface(name: &str, mtu: u32) -> Interface {
    Interface { name: name.into(), mtu, ..Interface::default() }
}

pub fn put(value: impl Model) -> northbound::merge::Item {
    northbound::merge::Item::put(Arc::new(value))
}

/// A directory that disappears at the end of the test.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("northbound-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// States by key.
pub async fn states(scheduler: &Scheduler) -> HashMap<String, &'static str> {
    let all = scheduler.statuses(sched::Select::All).await;
    all.into_iter().map(|status| (status.value.key.to_string(), status.value.state.name())).collect()
}
