//! Nodes, and the edges between them.

use crate::contract::descriptor::Derived;
use crate::contract::erased::{AnySpec, Plain};
use crate::contract::needs::{Pattern, Sink, Slot};
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::contract::status::{Operation, State};
use crate::state::journal::{Before, Entry};
use crate::state::squatters::{Squatters, hash};
use model::value::Value;
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

pub use crate::state::node::NodeId;
pub(crate) use crate::state::node::{Half, Have, Links, NONE, Node};

/// All that is wanted and all that is there.
#[derive(Default)]
pub struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// Kinds of what was found before anybody asked for it, has been asked for, and does not look as wanted. Retrieving
    /// may not have been able to tell without knowing what is wanted.
    pub(crate) claimed: BTreeSet<Kind>,
    free: Vec<NodeId>,
    index: HashMap<Arc<str>, NodeId, foldhash::fast::FixedState>,
    /// By prefix: the group nodes of its patterns.
    groups: HashMap<Box<str>, Vec<(Pattern, NodeId)>, foldhash::fast::FixedState>,
    /// All keys in order; kept only once there are groups, to find their members.
    sorted: Option<BTreeMap<Arc<str>, NodeId>>,
    /// Nodes that something stopped to hang on and that may not be needed any more.
    loose: Vec<NodeId>,
    /// By key that belongs to another: who claims it too.
    pub(crate) collided: HashMap<NodeId, BTreeSet<NodeId>, foldhash::fast::FixedState>,
    /// Who has a place that only one can have, although nobody wants it there.
    pub(crate) squatters: Squatters,
    /// Who wants a place that only one can have, by a hash of the place.
    seekers: BTreeSet<(u64, NodeId)>,
    /// Who has a handle that is his alone, or had it.
    holders: HashMap<(Kind, u64), NodeId, foldhash::fast::FixedState>,
    /// What nodes were before the work at hand.
    pub(crate) journal: Vec<Entry>,
    /// Which work that is; what was touched in it is in the journal.
    pub(crate) epoch: u32,
}

impl Graph {
    pub(crate) fn find(&self, key: &str) -> Option<NodeId> {
        self.index.get(key).copied()
    }
    /// Nodes in use.
    pub(crate) fn live(&self) -> usize {
        self.index.len()
    }
    /// Their keys, in order.
    pub(crate) fn keys(&self) -> Vec<Arc<str>> {
        let mut keys: Vec<Arc<str>> = self.index.keys().cloned().collect();
        keys.sort_unstable();
        keys
    }
    pub(crate) fn node(&self, n: NodeId) -> &Node {
        &self.nodes[n as usize]
    }
    /// The node, to be changed: what it was is written down first.
    pub(crate) fn node_mut(&mut self, n: NodeId) -> &mut Node {
        let node = &mut self.nodes[n as usize];
        if node.epoch != self.epoch {
            node.epoch = self.epoch;
            self.journal.push((n, Before::of(node)));
        }
        node
    }
    /// Is what it was before the work at hand in the journal?
    pub(crate) fn in_journal(&self, n: NodeId) -> bool {
        self.node(n).epoch == self.epoch
    }
    /// The node, for changing what the journal does not keep: edges that point to it, and what was told.
    pub(crate) fn bare_mut(&mut self, n: NodeId) -> &mut Node {
        &mut self.nodes[n as usize]
    }
    /// All nodes that are no groups, in the order in which they lie in memory. What was taken in together is nearly in key
    /// order then, and quickly sorted. Nothing is known about some of them: they are only needed, or free.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len() as NodeId).filter(|&n| self.node(n).group.is_none())
    }
    /// Is it this spec itself that the node wants?
    pub(crate) fn wants(&self, n: NodeId, spec: &Arc<dyn AnySpec>) -> bool {
        let node = self.nodes.get(n as usize);
        node.and_then(|node| node.want.as_ref()).is_some_and(|want| Arc::ptr_eq(want, spec))
    }
    pub(crate) fn present(&self, n: NodeId) -> bool {
        match &self.node(n).group {
            Some(members) => members.iter().any(|&m| self.sure(m)),
            None => self.sure(n),
        }
    }
    /// What is half made, or may be, is nothing to rely on.
    fn sure(&self, n: NodeId) -> bool {
        self.node(n).have.as_ref().is_some_and(|have| !have.unsure)
    }
    /// Present, and on its way out.
    pub(crate) fn leaving(&self, n: NodeId, fed: impl FnOnce(Kind) -> bool) -> bool {
        let node = self.node(n);
        let have = node.have.as_ref().filter(|have| !have.foreign && !have.discovered);
        have.is_some() && node.want.is_none() && !fed(node.kind)
    }
    /// Found there and ours, but not to be removed although nobody wants it: its newest value, or that of what it is
    /// a part of, cannot be used, and what is in force stays so. A base key has a say of its own.
    pub(crate) fn spared(&self, n: NodeId) -> bool {
        let spares = |n: NodeId| self.node(n).unusable() && self.node(n).want.is_none();
        let found = self.node(n).have.as_ref().filter(|have| have.discovered);
        let part = !self.node(n).key.starts_with("config/");
        // Of what it hangs on by handle, the first is the whole; see `Descriptor::Needs`.
        let whole = |have: &Have| have.spec.links().edges().find(|&(_, hard)| hard);
        found.is_some_and(|have| spares(n) || part && whole(have).is_some_and(|(d, _)| spares(d)))
    }
    pub(crate) fn present_of(&self, kind: Kind) -> impl Iterator<Item = (&str, &Have)> {
        let of_kind = self.nodes.iter().filter(move |node| node.kind == kind);
        of_kind.filter_map(|node| Some((&*node.key, node.have.as_ref()?)))
    }
    /// Does `m` (as wanted or as present) depend on `n`?
    fn depends(&self, m: NodeId, n: NodeId) -> bool {
        let node = self.node(m);
        let in_spec = |spec: &Arc<dyn AnySpec>| spec.links().deps().any(|d| d == n);
        node.parent == n && node.known()
            || node.group.as_ref().is_some_and(|members| members.contains(&n))
            || node.want.as_ref().is_some_and(in_spec)
            || node.have.as_ref().is_some_and(|have| in_spec(&have.spec))
    }
    pub(crate) fn dependents(&self, n: NodeId) -> impl Iterator<Item = NodeId> {
        self.node(n).rdeps.iter().copied().filter(move |&m| self.depends(m, n))
    }
    /// Everything a spec's node hangs on: its slots, then its base. What is foreign hangs on nothing: others' objects
    /// must never be taken down for the sake of ours.
    pub(crate) fn hangs_on<'a>(
        &'a self,
        n: NodeId,
        spec: &'a dyn AnySpec,
    ) -> impl Iterator<Item = (NodeId, bool)> + 'a {
        let node = self.node(n);
        let foreign = node.have.as_ref().is_some_and(|have| have.foreign);
        let parent = Some((node.parent, true)).filter(|&(parent, _)| parent != NONE);
        spec.links().edges().chain(parent).filter(move |_| !foreign)
    }

    /// It has its handle from now on. Returns whoever was believed to have the same one, and so is gone.
    pub(crate) fn hold(&mut self, registry: &Registry, n: NodeId) -> Option<NodeId> {
        let identity = self.identity(registry, n)?;
        let before = self.holders.insert(identity, n).filter(|&before| before != n)?;
        self.share_handle(registry, before, n).then_some(before)
    }
    /// Is its handle another's by now?
    pub(crate) fn overtaken(&self, registry: &Registry, n: NodeId) -> bool {
        let holder = self.identity(registry, n).and_then(|identity| self.holders.get(&identity).copied());
        holder.is_some_and(|holder| holder != n && self.share_handle(registry, holder, n))
    }
    fn identity(&self, registry: &Registry, n: NodeId) -> Option<(Kind, u64)> {
        let node = self.node(n);
        let have = node.have.as_ref().filter(|_| node.kind != NO_KIND)?;
        Some((node.kind, registry.get(node.kind).identity(&have.handle)?))
    }
    fn share_handle(&self, registry: &Registry, a: NodeId, b: NodeId) -> bool {
        let (a, b) = (self.node(a), self.node(b));
        let same =
            |(one, other): (&Have, &Have)| registry.get(b.kind).same_handle(&one.handle, &other.handle);
        a.kind == b.kind && a.have.as_ref().zip(b.have.as_ref()).is_some_and(same)
    }
    /// The places that only one object can have, as far as this one has or wants such places.
    pub(crate) fn places(&self, registry: &Registry, n: NodeId, spec: &dyn AnySpec) -> Vec<String> {
        match self.node(n).kind {
            NO_KIND => Vec::new(),
            kind => registry.get(kind).places(&**spec.value()),
        }
    }

    /// It is wanted in the places of this spec from now on, or not any more.
    pub(crate) fn seek(&mut self, registry: &Registry, n: NodeId, spec: &dyn AnySpec, wanted: bool) {
        for place in self.places(registry, n, spec) {
            match wanted {
                true => self.seekers.insert((hash(&place), n)),
                false => self.seekers.remove(&(hash(&place), n)),
            };
        }
    }
    /// Who is wanted where this one is, and is not there.
    pub(crate) fn displaced(&self, registry: &Registry, n: NodeId) -> Vec<NodeId> {
        let have = self.node(n).have.as_ref();
        let places = have.map(|have| self.places(registry, n, &*have.spec)).unwrap_or_default();
        let seekers = places.iter().flat_map(|place| {
            let of_hash = self.seekers.range((hash(place), 0)..=(hash(place), NONE));
            of_hash.map(|&(_, other)| other).filter(move |&other| {
                let want = self.node(other).want.as_ref().filter(|_| self.node(other).have.is_none());
                want.is_some_and(|want| self.places(registry, other, &**want).contains(place))
            })
        });
        seekers.collect()
    }

    pub(crate) fn intern(&mut self, key: &str) -> NodeId {
        match self.find(key) {
            Some(n) => n,
            None => self.add(key.into()),
        }
    }
    pub(crate) fn intern_shared(&mut self, key: &Arc<str>) -> NodeId {
        match self.find(key) {
            Some(n) => n,
            None => self.add(key.clone()),
        }
    }
    fn add(&mut self, key: Arc<str>) -> NodeId {
        let node = Node {
            key: key.clone(),
            kind: NO_KIND,
            last_op: Operation::Undefined,
            told: (State::Nonexistent, 0),
            parent: NONE,
            epoch: self.epoch.wrapping_sub(1),
            seq: 0,
            since: 0,
            want: None,
            have: None,
            note: None,
            rdeps: Vec::new(),
            group: None,
        };
        let n = match self.free.pop() {
            Some(n) => {
                self.nodes[n as usize] = node;
                n
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() as NodeId - 1
            }
        };
        for group in self.groups_of(&key) {
            if let Some(members) = &mut self.bare_mut(group).group {
                members.insert(n);
            }
            self.bare_mut(n).rdeps.push(group);
        }
        if let Some(sorted) = &mut self.sorted {
            sorted.insert(key.clone(), n);
        }
        self.index.insert(key, n);
        n
    }
    /// Groups whose prefix is `key` cut after some path component, if the rest is as they want it.
    fn groups_of(&self, key: &str) -> Vec<NodeId> {
        if self.groups.is_empty() || key.starts_with('?') {
            return Vec::new();
        }
        let groups = cuts(key).filter_map(|prefix| self.groups.get(prefix)).flatten();
        groups.filter(|(pattern, _)| pattern.fits(key)).map(|&(_, group)| group).collect()
    }
    fn intern_group(&mut self, pattern: &Pattern) -> NodeId {
        let known = self.groups.get(&pattern.prefix).into_iter().flatten();
        if let Some(&(_, group)) = known.into_iter().find(|(known, _)| known == pattern) {
            return group;
        }
        let group = self.intern(&format!("?{pattern}"));
        let prefix = &*pattern.prefix;
        let sorted = self.sorted.get_or_insert_with(|| {
            self.index.iter().map(|(key, &n)| (key.clone(), n)).collect::<BTreeMap<_, _>>()
        });
        let start = (Bound::Included(prefix), Bound::Unbounded);
        let under = sorted.range::<str, _>(start).take_while(|(key, _)| key.starts_with(prefix));
        let inside = under.filter(|(key, _)| pattern.fits(key));
        let members: BTreeSet<NodeId> = inside.map(|(_, &n)| n).collect();
        for &member in &members {
            self.bare_mut(member).rdeps.push(group);
        }
        self.bare_mut(group).group = Some(Box::new(members));
        self.groups.entry(prefix.into()).or_default().push((pattern.clone(), group));
        group
    }
    pub(crate) fn add_rdep(&mut self, of: NodeId, from: NodeId) {
        let mut list = std::mem::take(&mut self.bare_mut(of).rdeps);
        if list.last() != Some(&from) {
            if list.len() == list.capacity() && list.len() >= 8 {
                list.sort_unstable();
                list.dedup();
                list.retain(|&m| self.depends(m, of));
                list.reserve(list.len().max(4));
            }
            list.push(from);
        }
        self.bare_mut(of).rdeps = list;
    }
    /// Does anything hang on it? Drops stale entries on the way, so that asking again and again stays cheap.
    fn needed(&mut self, n: NodeId) -> bool {
        let mut list = std::mem::take(&mut self.bare_mut(n).rdeps);
        let mut groups = Vec::new();
        let needed = loop {
            match list.last() {
                Some(&m) if !self.depends(m, n) => drop(list.pop()),
                Some(&m) if self.node(m).group.is_some() => groups.extend(list.pop()),
                last => break last.is_some(),
            }
        };
        list.append(&mut groups);
        self.bare_mut(n).rdeps = list;
        needed
    }
    /// Whatever depends on it, through groups too.
    pub(crate) fn all_dependents(&self, n: NodeId, out: &mut Vec<NodeId>) {
        let start = out.len();
        out.extend(self.dependents(n).collect::<BTreeSet<_>>());
        for at in start..out.len() {
            if self.node(out[at]).group.is_some() {
                out.extend(self.dependents(out[at]).collect::<BTreeSet<_>>());
            }
        }
    }
    /// It is back with another handle: what hung on the old one and could not be removed is to be made anew.
    pub(crate) fn doubt_dependents(&mut self, n: NodeId) {
        for m in self.dependents(n).collect::<Vec<_>>() {
            if let Some(have) = &mut self.node_mut(m).have
                && !have.foreign
                && have.spec.links().edges().any(|edge| edge == (n, true))
            {
                have.unsure = true;
            }
        }
    }
    /// What is present is what is wanted, in other words: from now on in the same words.
    pub(crate) fn settle(&mut self, n: NodeId) {
        let node = self.node_mut(n);
        if let (Some(want), Some(have)) = (&node.want, &mut node.have) {
            let old = std::mem::replace(&mut have.spec, want.clone());
            self.shed(&*old);
        }
    }
    /// Notes what a spec that is dropped hung on; `collect` looks whether it is still needed.
    pub(crate) fn shed(&mut self, spec: &dyn AnySpec) {
        let links = spec.links();
        let idle = links.deps().chain(links.derived.iter().copied()).filter(|&n| !self.node(n).known());
        let idle: Vec<NodeId> = idle.collect();
        self.loose.extend(idle);
    }
    /// Forgets parts that a base has no more and that are gone.
    pub(crate) fn forget_left(&mut self, base: NodeId) {
        let left = self.node(base).note.as_ref().map_or(&[][..], |note| &*note.left);
        if left.is_empty() {
            return;
        }
        let there = |&part: &NodeId| self.node(part).parent == base && self.node(part).known();
        let left = left.iter().copied().filter(there).collect();
        let node = self.bare_mut(base);
        node.note_mut().left = left;
        node.tidy();
    }
    /// Forgets nodes that are neither wanted nor present nor needed.
    pub(crate) fn collect(&mut self, mut maybe: Vec<NodeId>) {
        maybe.append(&mut self.loose);
        maybe.sort_unstable();
        maybe.dedup();
        while let Some(n) = maybe.pop() {
            let node = self.node(n);
            if node.known() || self.index.get(&node.key) != Some(&n) {
                continue;
            }
            let key = node.key.clone();
            // What is no part of anything any more must not name a base that may be forgotten.
            let parent = std::mem::replace(&mut self.bare_mut(n).parent, NONE);
            maybe.extend(Some(parent).filter(|&parent| parent != NONE));
            if self.needed(n) {
                continue;
            }
            for group in self.groups_of(&key) {
                if let Some(members) = &mut self.bare_mut(group).group {
                    members.remove(&n);
                }
            }
            let node = self.bare_mut(n);
            (node.rdeps, node.note, node.kind) = (Vec::new(), None, NO_KIND);
            if node.group.take().is_some() {
                let shown = &key[1..];
                for prefix in [shown, &Pattern::shown_as(shown).prefix] {
                    let Some(of_prefix) = self.groups.get_mut(prefix) else { continue };
                    of_prefix.retain(|&(_, group)| group != n);
                    if of_prefix.is_empty() {
                        self.groups.remove(prefix);
                    }
                }
            }
            self.squatters.remove(n);
            self.index.remove(&key);
            if let Some(sorted) = &mut self.sorted {
                sorted.remove(&key);
            }
            self.free.push(n);
        }
    }

    /// Everything computable from a value that is wanted, with edges as node ids. Derived values are returned, not loaded.
    pub(crate) fn spec(
        &mut self,
        registry: &Registry,
        kind: Kind,
        value: Arc<dyn Value>,
    ) -> (Arc<dyn AnySpec>, Derived) {
        let mut derived = Derived::default();
        let spec = self.computed(registry, kind, value, Some(&mut derived));
        (spec, derived)
    }
    /// The same of a value that is there, without derived values: parts that are there are retrieved by themselves.
    pub(crate) fn seen(
        &mut self,
        registry: &Registry,
        kind: Kind,
        value: Arc<dyn Value>,
    ) -> Arc<dyn AnySpec> {
        self.computed(registry, kind, value, None)
    }
    fn computed(
        &mut self,
        registry: &Registry,
        kind: Kind,
        value: Arc<dyn Value>,
        mut derived: Option<&mut Derived>,
    ) -> Arc<dyn AnySpec> {
        if kind == NO_KIND {
            return Arc::new(Plain(value, Links::default()));
        }
        let mut slots = Collect(self, Vec::new());
        let draft = registry.get(kind).pure(&value, &mut slots, derived.as_deref_mut());
        let mut slots = slots.1;
        if draft.invalid() {
            // It may have named some needs before it turned out that it cannot be expressed.
            let half = Links { slots: std::mem::take(&mut slots).into(), derived: Box::default() };
            self.loose.extend(half.deps());
        }
        while slots.last() == Some(&Slot::Empty) {
            slots.pop(); // most values leave most of their options out
        }
        let slots = slots.into_boxed_slice();
        let ids = derived.iter().flat_map(|derived| &derived.items).map(|(t, v)| {
            let n = self.intern(&v.key());
            self.node_mut(n).kind = registry.kind_of_value(*t);
            n
        });
        let links = Links { slots, derived: ids.collect() };
        registry.get(kind).finish(value, draft, links)
    }
    pub(crate) fn link(&mut self, n: NodeId, spec: &dyn AnySpec) {
        for d in spec.links().deps() {
            self.add_rdep(d, n);
        }
    }
}

/// Writes slots down and interns the keys they name.
struct Collect<'a>(&'a mut Graph, Vec<Slot>);

impl Sink for Collect<'_> {
    fn node(&mut self, key: &str) {
        let n = self.0.intern(key);
        self.1.push(Slot::Node(n));
    }
    fn up(&mut self, key: &str) {
        let n = self.0.intern(key);
        self.1.push(Slot::Up(n));
    }
    fn any(&mut self, pattern: &Pattern) {
        let n = self.0.intern_group(pattern);
        self.1.push(Slot::Any(n));
    }
    fn mark(&mut self, slot: Slot) {
        self.1.push(slot);
    }
}

/// A key cut after every path component, and the whole of it.
fn cuts(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('/').map(|(i, _)| &key[..=i]).chain([key])
}

/// The type by which a value finds its descriptor.
pub(crate) fn type_of(value: &dyn Value) -> TypeId {
    (value as &dyn Any).type_id()
}
