//! A fake southbound that checks every call: what is created is absent, what is changed or removed is present, handles
//! are fresh, nothing goes while something uses it, and strangers' objects are left alone.

use crate::calls::{Act, Call, End, tick};
pub use crate::calls::{Fault, Trip};
use sched::{Error, Failed, Link, Southbound};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// What an object is like, in the southbound's words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    pub rev: u32,
    pub stiff: bool,
    /// `None`: the southbound chose.
    pub auto: Option<u32>,
    /// Keys of the objects whose handles it was made with.
    pub uses: Vec<String>,
}

/// What the southbound keeps without looking at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tag {
    pub ups: Vec<String>,
    pub any: Option<String>,
    pub signal: Option<String>,
    pub seat: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Object {
    pub content: Content,
    pub tag: Tag,
    pub handle: u64,
    pub with: Vec<u64>,
    pub ours: bool,
    /// Half made.
    pub half: bool,
}

pub struct World {
    pub objects: BTreeMap<String, Object>,
    /// Calls that had their effect or were refused, such as `create config/t/a`, in the order of their effects.
    pub calls: Vec<String>,
    /// The same with all details, and with those whose reply was lost with the link.
    pub log: Vec<Call>,
    /// Calls in the order in which they were started.
    pub started: Vec<String>,
    /// Objects of which kind were asked for, in order.
    pub retrieved: Vec<&'static str>,
    pub faults: BTreeMap<String, Fault>,
    /// Each of them happens once.
    pub once: bool,
    /// Kinds that cannot be retrieved.
    pub deaf: BTreeSet<&'static str>,
    /// Kinds whose retrieval never ends.
    pub silent: BTreeSet<&'static str>,
    /// Objects that the next answer leaves out.
    pub short: BTreeSet<String>,
    /// The same for the answers after the next, one set each.
    pub short_then: Vec<BTreeSet<String>>,
    /// Things that are told only as long as they are wanted, by their keys; else under another name, if there is one.
    pub modest: BTreeMap<String, Option<String>>,
    /// What is told of a thing, retrieved, has a part with this number, which is not there.
    pub imagined: Option<u32>,
    /// The link goes right after so many answers about a kind, from 1.
    pub last: Option<(&'static str, usize)>,
    /// Calls that do not exist here.
    pub lacking: BTreeSet<&'static str>,
    /// What happens at the call after so many.
    pub trip: Option<(usize, Trip)>,
    /// Keys of objects of others that somebody asked us to take over.
    pub taken: BTreeSet<String>,
    /// Keys that need each other; they may come up before what they need.
    pub mutual: BTreeSet<String>,
    /// What must not happen and did.
    pub wrong: Vec<String>,
    /// Calls in flight now, and at most so far.
    pub flying: usize,
    pub peak: usize,
    /// Keys with a call in flight.
    busy: BTreeSet<String>,
    /// No faults so far: then even more must hold.
    pub strict: bool,
    /// The handle that was given last.
    pub next: u64,
    coin: u64,
}

/// The southbound's handle; descriptors hold it.
pub struct Fake {
    name: &'static str,
    /// How often something pure was asked of a descriptor.
    pure: AtomicU64,
    world: Mutex<World>,
    link: watch::Sender<Link>,
    released: Notify,
}

impl Southbound for Fake {
    fn name(&self) -> &'static str {
        self.name
    }
    fn link(&self) -> watch::Receiver<Link> {
        self.link.subscribe()
    }
    fn lacks(&self, call: &str) -> Option<String> {
        self.world().lacking.contains(call).then(|| format!("{} has no call {call}", self.name))
    }
}

impl Fake {
    pub fn new(name: &'static str) -> Arc<Fake> {
        let world = World {
            objects: BTreeMap::new(),
            calls: Vec::new(),
            log: Vec::new(),
            started: Vec::new(),
            retrieved: Vec::new(),
            faults: BTreeMap::new(),
            once: false,
            deaf: BTreeSet::new(),
            silent: BTreeSet::new(),
            short: BTreeSet::new(),
            short_then: Vec::new(),
            modest: BTreeMap::new(),
            imagined: None,
            last: None,
            lacking: BTreeSet::new(),
            trip: None,
            taken: BTreeSet::new(),
            mutual: BTreeSet::new(),
            wrong: Vec::new(),
            flying: 0,
            peak: 0,
            busy: BTreeSet::new(),
            strict: true,
            next: 0,
            coin: 1,
        };
        let link = watch::channel(Link { generation: 1, down: None, instance: 1 }).0;
        let (pure, released) = (AtomicU64::new(0), Notify::new());
        Arc::new(Fake { name, pure, world: Mutex::new(world), link, released })
    }
    /// Something pure is asked of a descriptor.
    pub fn think(&self) {
        self.pure.fetch_add(1, Ordering::Relaxed);
    }
    /// How often that happened so far.
    pub fn thoughts(&self) -> u64 {
        self.pure.load(Ordering::Relaxed)
    }
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
    /// Calls since the last time this was asked.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.world().calls)
    }
    pub fn has(&self, key: &str) -> bool {
        self.world().objects.contains_key(key)
    }
    pub fn fault(&self, key: &str, fault: Fault) {
        self.world().faults.insert(key.to_owned(), fault);
    }
    /// No faults any more.
    pub fn heal(&self) {
        let mut world = self.world();
        world.faults.clear();
        world.deaf.clear();
        world.short.clear();
        world.short_then.clear();
        world.trip = None;
    }
    /// Lets calls that hang go on.
    pub fn release(&self) {
        self.world().faults.retain(|_, fault| *fault != Fault::Hang);
        self.released.notify_waiters();
    }
    pub fn down(&self) {
        self.link.send_modify(|link| link.down = Some(format!("{} is away", self.name)));
    }
    pub fn up(&self) {
        self.link.send_modify(|link| {
            link.generation += 1;
            link.down = None;
        });
    }
    /// Nothing of what was there is left; the link stays down.
    pub fn crash(&self) {
        self.world().objects.clear();
        self.link.send_modify(|link| {
            link.instance += 1;
            link.down = Some(format!("{} is away", self.name));
        });
    }
    pub fn instance(&self) -> u64 {
        self.link.borrow().instance
    }
    pub fn is_down(&self) -> bool {
        self.link.borrow().down.is_some()
    }
    /// An object that others made.
    pub fn plant(&self, key: &str, content: Content, ours: bool) -> u64 {
        let world = &mut *self.world();
        world.next += 1;
        let with = content.uses.iter().map(|key| world.objects[key].handle).collect();
        let (handle, tag) = (world.next, Tag::default());
        world.objects.insert(key.to_owned(), Object { content, tag, handle, with, ours, half: false });
        handle
    }
    /// Somebody removes an object, and whatever was made with it, behind the agent's back.
    pub fn steal(&self, key: &str) {
        self.world().cascade(key);
    }

    pub async fn call(&self, key: &str, act: Act) -> Result<u64, Failed<u64>> {
        let started = self.link.borrow().clone();
        if let Some(reason) = started.down {
            return Err(Error::new(reason).into());
        }
        let mut call = act.call(key);
        let pauses = {
            let mut world = self.world();
            world.started.push(key.to_owned());
            if !world.busy.insert(key.to_owned()) {
                world.wrong(format!("two calls of {key} at once"));
            }
            world.flying += 1;
            world.peak = world.peak.max(world.flying);
            1 + world.toss(3)
        };
        for _ in 0..pauses {
            tokio::task::yield_now().await;
        }
        loop {
            let released = self.released.notified();
            if self.world().faults.get(key) != Some(&Fault::Hang) {
                break;
            }
            released.await;
        }
        self.trip();
        let link = self.link.borrow().clone();
        let end = match link.down.is_some() || link.generation != started.generation {
            true => self.lose(key, act, link.instance == started.instance, &mut call.done),
            false => self.answer(key, act, &mut call.done),
        };
        (call.end, call.at) = (tick(), Instant::now());
        call.failed = !matches!(end, End::Reply(Ok(_)));
        let mut world = self.world();
        if call.verb == "create" && call.done {
            let made = world.objects.get(key);
            (call.handle, call.half) = (made.map(|made| made.handle), made.is_some_and(|made| made.half));
        }
        world.log.push(call);
        world.flying -= 1;
        world.busy.remove(key);
        drop(world);
        match end {
            End::Reply(reply) => reply,
            End::Panic => panic!("cannot cope with {key}"),
        }
    }
    /// The connection broke meanwhile: nobody knows whether the call was executed.
    fn lose(&self, key: &str, act: Act, same: bool, done: &mut bool) -> End {
        let mut world = self.world();
        if same && world.toss(2) == 0 {
            *done = world.act(key, act, false).is_ok();
        }
        End::Reply(Err(Error { uncertain: true, ..Error::new("the connection was lost") }.into()))
    }
    fn answer(&self, key: &str, act: Act, done: &mut bool) -> End {
        let mut world = self.world();
        world.calls.push(format!("{} {key}", act.verb()));
        let lost = || Err(Error { uncertain: true, ..Error::new("the reply was lost") }.into());
        let fault = match world.once {
            true => world.faults.remove(key),
            false => world.faults.get(key).copied(),
        };
        let half = fault == Some(Fault::Half) && matches!(act, Act::Create(..));
        let act = |half| {
            let result = world.act(key, act, half).map_err(Failed::from);
            *done = result.is_ok();
            result
        };
        End::Reply(match fault {
            Some(Fault::Refuse) => Err(Error::new("refused").into()),
            Some(Fault::Forbid) => Err(Error::permanent("forbidden").into()),
            Some(Fault::InTheWay) => Err(Error { stale: true, ..Error::new("there already") }.into()),
            Some(Fault::Half) if half => {
                act(true).and_then(|handle| Err(Error::new("ended half way").left(handle)))
            }
            Some(Fault::Lie) => Ok(0),
            Some(Fault::LostBefore) => lost(),
            Some(Fault::LostAfter) => act(false).and_then(|_| lost()),
            Some(Fault::Panic) => return End::Panic,
            _ => act(false),
        })
    }
    fn trip(&self) {
        let due = match &mut self.world().trip {
            Some((0, trip)) => Some(*trip),
            Some((calls, _)) => {
                *calls -= 1;
                None
            }
            None => None,
        };
        if due.is_some() {
            self.world().trip = None;
        }
        match due {
            Some(Trip::Cut) => self.down(),
            Some(Trip::Flap) => {
                self.down();
                self.up();
            }
            Some(Trip::Restart) => {
                self.crash();
                self.up();
            }
            None => {}
        }
    }

    /// All objects whose key starts so.
    pub async fn dump(&self, kind: &'static str, prefix: &str) -> Result<Vec<(String, Object)>, Error> {
        let started = self.link.borrow().generation;
        tokio::task::yield_now().await;
        let link = self.link.borrow().clone();
        if link.down.is_some() || link.generation != started {
            return Err(Error::new("the connection was lost"));
        }
        if self.world().silent.contains(kind) {
            std::future::pending::<()>().await;
        }
        let mut world = self.world();
        world.retrieved.push(kind);
        if world.deaf.contains(kind) {
            return Err(Error::new(format!("no {kind} today")));
        }
        let short: BTreeSet<String> =
            world.short.iter().filter(|key| key.starts_with(prefix)).cloned().collect();
        world.short.retain(|key| !short.contains(key));
        if !short.is_empty() && !world.short_then.is_empty() {
            world.short = world.short_then.remove(0);
        }
        let found = world.objects.iter().filter(|(key, _)| key.starts_with(prefix) && !short.contains(*key));
        let found = found.map(|(key, object)| (key.clone(), object.clone())).collect();
        world.last = world.last.map(|(of, left)| (of, left - usize::from(of == kind)));
        let goes = world.last.take_if(|(_, left)| *left == 0).is_some();
        drop(world);
        if goes {
            self.down();
        }
        Ok(found)
    }
}

impl World {
    pub fn seed(&mut self, seed: u64) {
        self.coin = seed | 1;
    }
    fn toss(&mut self, sides: u64) -> u64 {
        self.coin ^= self.coin << 13;
        self.coin ^= self.coin >> 7;
        self.coin ^= self.coin << 17;
        (self.coin >> 11) % sides
    }
    fn wrong(&mut self, what: String) {
        self.wrong.push(what);
    }
    fn keys_of(&self, handles: &[u64]) -> Option<Vec<String>> {
        let key = |handle: &u64| self.objects.iter().find(|(_, object)| object.handle == *handle);
        handles.iter().map(|handle| key(handle).map(|(key, _)| key.clone())).collect()
    }
    fn cascade(&mut self, key: &str) {
        let Some(gone) = self.objects.remove(key) else { return };
        let users = self.objects.iter().filter(|(_, object)| object.with.contains(&gone.handle));
        for user in users.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            self.cascade(&user);
        }
    }
    fn act(&mut self, key: &str, act: Act, half: bool) -> Result<u64, Error> {
        if let Some(object) = self.objects.get(key)
            && !object.ours
            && !self.taken.contains(key)
        {
            self.wrong(format!("{} of {key}, which is not ours", act.verb()));
        }
        if let Act::Create(new, ..) | Act::Update(_, new, ..) = &act
            && new.rev == 13
        {
            self.wrong(format!("{} of {key} with what cannot be expressed", act.verb()));
        }
        match act {
            Act::Create(content, tag, with) => self.create(key, content, tag, with, half),
            Act::Update(old, new, tag, with, handle) => self.update(key, old, new, tag, with, handle),
            Act::Delete(old, with, handle) => self.delete(key, old, with, handle),
        }
    }
    /// Whether everything needed is there.
    fn needs(&mut self, key: &str, tag: &Tag, with: &[u64]) -> Result<Vec<String>, Error> {
        let uses = self.keys_of(with);
        let Some(uses) = uses else {
            self.blame(format!("{key} is made with a stale handle"));
            return Err(Error::new("no such object"));
        };
        if let Some(half) = uses.iter().find(|key| self.objects[*key].half) {
            self.wrong(format!("{key} is made with {half}, which is half made"));
        }
        let absent: Vec<&String> = tag.ups.iter().filter(|up| !self.objects.contains_key(*up)).collect();
        if !absent.is_empty() && !self.mutual.contains(key) {
            let text = format!("{key} is made without {absent:?}");
            self.blame(text);
        }
        Ok(uses)
    }
    /// Wrong, unless faults explain it.
    fn blame(&mut self, what: String) {
        if self.strict {
            self.wrong(what);
        }
    }
    fn create(
        &mut self,
        key: &str,
        mut content: Content,
        tag: Tag,
        with: Vec<u64>,
        half: bool,
    ) -> Result<u64, Error> {
        if self.objects.contains_key(key) {
            self.blame(format!("create of {key}, which is there"));
            return Err(Error::new("exists already"));
        }
        content.uses = self.needs(key, &tag, &with)?;
        self.next += 1;
        let handle = self.next;
        self.objects.insert(key.to_owned(), Object { content, tag, handle, with, ours: true, half });
        Ok(handle)
    }
    fn update(
        &mut self,
        key: &str,
        old: Content,
        mut new: Content,
        tag: Tag,
        with: Vec<u64>,
        handle: u64,
    ) -> Result<u64, Error> {
        let Some(before) = self.objects.get(key).cloned() else {
            self.blame(format!("update of {key}, which is not there"));
            return Err(Error::new("does not exist"));
        };
        if before.handle != handle {
            self.blame(format!("update of {key} with a stale handle"));
            return Err(Error::new("does not exist"));
        }
        if before.half {
            self.wrong(format!("update of {key}, which is half made"));
        }
        self.same(key, &old, &before);
        new.uses = self.needs(key, &tag, &with)?;
        let object = Object { content: new, tag, handle, with, ours: true, half: false };
        self.objects.insert(key.to_owned(), object);
        Ok(handle)
    }
    fn delete(&mut self, key: &str, old: Content, with: Vec<u64>, handle: u64) -> Result<u64, Error> {
        let Some(before) = self.objects.get(key).cloned() else {
            self.blame(format!("delete of {key}, which is not there"));
            return Err(Error::new("does not exist"));
        };
        if before.handle != handle || !before.half && before.with != with {
            self.blame(format!("delete of {key} with stale handles"));
            return Err(Error::new("does not exist"));
        }
        if !before.half {
            self.same(key, &old, &before);
        }
        let users = self.objects.iter().filter(|(_, object)| object.with.contains(&handle));
        let users: Vec<String> = users.map(|(key, _)| key.clone()).collect();
        if !users.is_empty() {
            self.blame(format!("delete of {key} while {users:?} use it"));
        }
        self.cascade(key);
        Ok(handle)
    }
    /// The old content is what is there.
    fn same(&mut self, key: &str, old: &Content, there: &Object) {
        let auto = old.auto.is_none() || there.content.auto.is_none() || old.auto == there.content.auto;
        if (old.rev, old.stiff) != (there.content.rev, there.content.stiff) || !auto {
            self.blame(format!("{key} is believed to be {old:?}, but is {there:?}"));
        }
    }
}
