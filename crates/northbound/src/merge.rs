//! Who wins: several sources may ask for the same key; this decides, purely, what is wanted of it.
//!
//! Sources are ordered: key-value stores over gRPC and REST over the local client over files, and by name within a
//! class. The value in force is that of the first source that has one. What is refused (the newest value of a source
//! could not be used) changes nothing but the complaint: that source's last good value stays.

use std::collections::hash_map::{Entry, HashMap};
use std::fmt;
use std::sync::Arc;

use foldhash::fast::RandomState;
use model::value::Value;
use sched::Intent;

/// The classes of sources, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A key-value store such as etcd.
    Kv,
    /// gRPC and REST, under the name `grpc` or the one that the client sent as `datasrc`.
    Grpc,
    /// A client in the same process.
    Local,
    /// A file.
    File,
}

/// Who asks for values. The order is the priority: a smaller source hides a greater one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// What kind of source.
    pub class: Class,
    /// Its name, such as `etcd`; decides between sources of one class.
    pub name: Arc<str>,
}

impl Source {
    /// A source of this class and name.
    pub fn new(class: Class, name: impl Into<Arc<str>>) -> Self {
        Source { class, name: name.into() }
    }
    /// The source of gRPC and REST requests that name no other.
    pub fn grpc() -> Self {
        Source::new(Class::Grpc, "grpc")
    }
    /// Do its values have to survive a restart by our own means? Stores and files keep theirs themselves.
    pub fn is_stored(&self) -> bool {
        matches!(self.class, Class::Grpc | Class::Local)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What a source says about one key.
#[derive(Clone, Debug)]
pub enum Want {
    /// This value.
    Put(Arc<dyn Value>),
    /// It said something that cannot be used, for this reason.
    Refused(Arc<str>),
    /// Nothing any more.
    Delete,
}

/// One key and what a source says about it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The whole key.
    pub key: Arc<str>,
    /// What is said about it.
    pub want: Want,
}

impl Item {
    /// The value under its own key.
    pub fn put(value: Arc<dyn Value>) -> Self {
        Item { key: value.key().into(), want: Want::Put(value) }
    }
    /// The key is no longer wanted.
    pub fn delete(key: impl Into<Arc<str>>) -> Self {
        Item { key: key.into(), want: Want::Delete }
    }
    /// What the source said about the key cannot be used.
    pub fn refused(key: impl Into<Arc<str>>, reason: impl Into<Arc<str>>) -> Self {
        Item { key: key.into(), want: Want::Refused(reason.into()) }
    }
}

/// What a batch did.
#[derive(Debug, Default)]
pub struct Merged {
    /// What the scheduler has to be told, in the order of the batch; the last change of a key counts.
    pub changes: Vec<Intent>,
    /// Indices of the items that said something new about their own source: what a durable store must learn.
    pub news: Vec<usize>,
    /// Keys that a replacement removed from the source because it did not name them.
    pub gone: Vec<Arc<str>>,
}

/// What one source holds for one key. At least one of `value` and `refused` is set.
#[derive(Clone, Debug)]
struct Held {
    value: Option<Arc<dyn Value>>,
    refused: Option<Arc<str>>,
    source: u32,
    /// The replacement of the source in which the key was named last.
    round: u32,
}

/// All that is said about one key, the strongest source first. Nearly always it is one.
#[derive(Clone, Debug)]
enum Holders {
    One(Held),
    Many(Vec<Held>),
}

#[derive(Clone, Debug)]
struct Known {
    source: Source,
    /// How many keys it holds.
    held: usize,
    round: u32,
}

/// What is in force for a key.
#[derive(Clone, Default)]
struct Effective {
    value: Option<Arc<dyn Value>>,
    refused: Option<Arc<str>>,
}

/// All sources with all they ask for. Keys and values are shared, never copied.
#[derive(Debug, Default)]
pub struct Merge {
    keys: HashMap<Arc<str>, Holders, RandomState>,
    sources: Vec<Known>,
}

impl Merge {
    /// Takes in what `source` says. With `replace`, keys that the batch does not name are no longer wanted by the source.
    pub fn apply(&mut self, source: &Source, items: &[Item], replace: bool) -> Merged {
        let id = self.id_of(source);
        let held_before = self.sources[id as usize].held;
        if replace {
            let known = &mut self.sources[id as usize];
            known.round = known.round.wrapping_add(1);
        }
        let mut out = Merged { changes: Vec::with_capacity(items.len()), ..Merged::default() };
        // Once for a first long batch, instead of growing step by step; a long batch of known keys needs no more room.
        self.keys.reserve(items.len().saturating_sub(self.keys.len()));
        // Keys of the source that a replacement named again: if they are all, nothing can be gone.
        let mut kept = 0;
        for (index, item) in items.iter().enumerate() {
            kept += usize::from(self.apply_one(id, index, item, &mut out));
        }
        if replace && kept < held_before {
            self.sweep(id, &mut out);
        }
        out
    }

    /// The changes that [`Merge::apply`] would return, without taking anything in.
    pub fn preview(&self, source: &Source, items: &[Item], replace: bool) -> Vec<Intent> {
        self.excerpt(source, items, replace).apply(source, items, replace).changes
    }

    /// A copy of what a batch can touch: the keys that it names and, if it replaces, those of its source.
    fn excerpt(&self, source: &Source, items: &[Item], replace: bool) -> Merge {
        let mut keys = HashMap::with_capacity_and_hasher(items.len(), RandomState::default());
        for item in items {
            if let Some((key, holders)) = self.keys.get_key_value(&item.key) {
                keys.entry(Arc::clone(key)).or_insert_with(|| holders.clone());
            }
        }
        if replace && let Some(id) = self.sources.iter().position(|known| known.source == *source) {
            let holds = |holders: &Holders| holders.as_slice().iter().any(|held| held.source == id as u32);
            // The search ends with the last key of the source, and need not begin if the batch names them all.
            let mut left = self.sources[id].held - keys.values().filter(|holders| holds(holders)).count();
            let mut all = self.keys.iter();
            while left > 0
                && let Some((key, holders)) = all.next()
            {
                if holds(holders)
                    && let Entry::Vacant(vacant) = keys.entry(Arc::clone(key))
                {
                    vacant.insert(holders.clone());
                    left -= 1;
                }
            }
        }
        Merge { keys, sources: self.sources.clone() }
    }

    /// All that is in force, for a full comparison.
    pub fn all(&self) -> Vec<Intent> {
        let changes = self.keys.iter().map(|(key, holders)| change(key, holders.effective()));
        changes.collect()
    }

    /// Whether any source asks for the key.
    pub fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// How many keys the source holds.
    pub fn held(&self, source: &Source) -> usize {
        self.sources.iter().find(|known| known.source == *source).map_or(0, |known| known.held)
    }

    fn id_of(&mut self, source: &Source) -> u32 {
        let found = self.sources.iter().position(|known| known.source == *source);
        found.unwrap_or_else(|| {
            self.sources.push(Known { source: source.clone(), held: 0, round: 0 });
            self.sources.len() - 1
        }) as u32
    }

    /// True if the source held the key before and had not named it yet in this round.
    fn apply_one(&mut self, id: u32, index: usize, item: &Item, out: &mut Merged) -> bool {
        let sources = &mut self.sources;
        let round = sources[id as usize].round;
        match (self.keys.entry(Arc::clone(&item.key)), &item.want) {
            (Entry::Vacant(_), Want::Delete) => false,
            (Entry::Vacant(vacant), want) => {
                let held = Held::new(id, round, want);
                out.news.push(index);
                out.changes.push(change(vacant.key(), held.effective()));
                vacant.insert(Holders::One(held));
                sources[id as usize].held += 1;
                false
            }
            (Entry::Occupied(mut occupied), want) => {
                let before = occupied.get().effective();
                let shared = occupied.get().shared(want);
                let want = shared.as_ref().unwrap_or(want);
                let mine = occupied.get_mut().find(id);
                let named_anew = mine.as_ref().is_some_and(|held| held.round != round);
                let was_held = mine.is_some();
                let new = match (mine, want) {
                    (None, Want::Delete) => false,
                    (Some(_), Want::Delete) => {
                        sources[id as usize].held -= 1;
                        true
                    }
                    (Some(held), want) => held.say(want, round),
                    (None, want) => {
                        let held = Held::new(id, round, want);
                        occupied.get_mut().insert(held, |id| &sources[id as usize].source);
                        sources[id as usize].held += 1;
                        true
                    }
                };
                if new {
                    out.news.push(index);
                }
                if matches!(want, Want::Delete) {
                    if was_held && occupied.get_mut().remove(id) {
                        let (key, _) = occupied.remove_entry();
                        out.changes.push(change(&key, Effective::default()));
                        return named_anew;
                    }
                    let now = occupied.get().effective();
                    if !now.is(&before) {
                        out.changes.push(change(occupied.key(), now));
                    }
                    return named_anew;
                }
                // What is said again is passed on, so that what failed is tried again; what stays hidden is not.
                let now = occupied.get().effective();
                if !now.is(&before) || occupied.get().winner() == Some(id) {
                    out.changes.push(change(occupied.key(), now));
                }
                named_anew
            }
        }
    }

    /// Removes what the source did not name in its current round.
    fn sweep(&mut self, id: u32, out: &mut Merged) {
        let known = &mut self.sources[id as usize];
        let (round, held) = (known.round, &mut known.held);
        self.keys.retain(|key, holders| {
            if holders.find(id).is_none_or(|held| held.round == round) {
                return true;
            }
            let before = holders.effective();
            *held -= 1;
            out.gone.push(Arc::clone(key));
            if holders.remove(id) {
                out.changes.push(change(key, Effective::default()));
                return false;
            }
            let now = holders.effective();
            if !now.is(&before) {
                out.changes.push(change(key, now));
            }
            true
        });
        // The order of the map is another one in each run.
        out.gone.sort_unstable();
    }
}

fn change(key: &Arc<str>, effective: Effective) -> Intent {
    Intent { key: Arc::clone(key), value: effective.value, refused: effective.refused }
}

impl Effective {
    fn is(&self, other: &Effective) -> bool {
        let value = match (&self.value, &other.value) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        value && self.refused == other.refused
    }
}

impl Held {
    fn new(source: u32, round: u32, want: &Want) -> Self {
        let (value, refused) = match want {
            Want::Put(value) => (Some(Arc::clone(value)), None),
            Want::Refused(reason) => (None, Some(Arc::clone(reason))),
            Want::Delete => (None, None),
        };
        Held { value, refused, source, round }
    }

    /// True if this is news.
    fn say(&mut self, want: &Want, round: u32) -> bool {
        self.round = round;
        match want {
            Want::Put(new) => {
                let fresh = self.refused.take().is_some();
                if self.value.as_ref().is_some_and(|old| Arc::ptr_eq(old, new)) {
                    return fresh;
                }
                self.value = Some(Arc::clone(new));
                true
            }
            Want::Refused(reason) => {
                let fresh = self.refused.as_ref() != Some(reason);
                self.refused = Some(Arc::clone(reason));
                fresh
            }
            Want::Delete => false,
        }
    }

    fn effective(&self) -> Effective {
        Effective { value: self.value.clone(), refused: self.refused.clone() }
    }
}

impl Holders {
    fn as_slice(&self) -> &[Held] {
        match self {
            Holders::One(held) => std::slice::from_ref(held),
            Holders::Many(held) => held,
        }
    }

    fn find(&mut self, id: u32) -> Option<&mut Held> {
        match self {
            Holders::One(held) => Some(held).filter(|held| held.source == id),
            Holders::Many(held) => held.iter_mut().find(|held| held.source == id),
        }
    }

    /// The same value, if some source holds it already: then all share one, and can be compared by pointer.
    fn shared(&self, want: &Want) -> Option<Want> {
        let Want::Put(new) = want else { return None };
        let mut values = self.as_slice().iter().filter_map(|held| held.value.as_ref());
        values.find(|old| Arc::ptr_eq(old, new) || old.same(&**new)).map(|old| Want::Put(Arc::clone(old)))
    }

    /// The first good value, and the first complaint of a source at least as strong.
    fn effective(&self) -> Effective {
        let mut refused = None;
        for held in self.as_slice() {
            refused = refused.or_else(|| held.refused.clone());
            if held.value.is_some() {
                return Effective { value: held.value.clone(), refused };
            }
        }
        Effective { value: None, refused }
    }

    /// The source whose value is in force.
    fn winner(&self) -> Option<u32> {
        let held = self.as_slice();
        held.iter().find(|held| held.value.is_some()).or(held.first()).map(|held| held.source)
    }

    fn insert<'a>(&mut self, new: Held, source: impl Fn(u32) -> &'a Source) {
        let mut all = match std::mem::replace(self, Holders::Many(Vec::new())) {
            Holders::One(held) => vec![held],
            Holders::Many(held) => held,
        };
        let place = all.partition_point(|held| source(held.source) < source(new.source));
        all.insert(place, new);
        *self = Holders::Many(all);
    }

    /// True if nobody is left.
    fn remove(&mut self, id: u32) -> bool {
        match self {
            Holders::One(held) => held.source == id,
            Holders::Many(all) => {
                all.retain(|held| held.source != id);
                if all.len() == 1
                    && let Some(last) = all.pop()
                {
                    *self = Holders::One(last);
                    return false;
                }
                all.is_empty()
            }
        }
    }
}

#[cfg(test)]
mod tests;
