//! Nodes, intents, observations, edges. `load` takes a transaction in; it decides nothing.

use crate::descriptor::Derived;
use crate::erased::{AnySpec, Handle, Plain};
use crate::error::Error;
use crate::needs::{Sink, Slot};
use crate::registry::{Kind, NO_KIND, Registry};
use crate::status::{Operation, State};
use crate::txn::Intent;
use model::value::Value;
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

/// Index of a node; reused after the node is dropped.
pub type NodeId = u32;
pub(crate) const NONE: NodeId = NodeId::MAX;

/// Edges computed from a value, once.
#[derive(Default, Debug, PartialEq)]
pub(crate) struct Links {
    pub slots: Box<[Slot]>,
    pub derived: Box<[NodeId]>,
}

impl Links {
    /// Nodes and groups this value needs.
    pub fn deps(&self) -> impl Iterator<Item = NodeId> {
        self.edges().map(|(n, _)| n)
    }
    /// The same; `true` where a handle is passed.
    pub fn edges(&self) -> impl Iterator<Item = (NodeId, bool)> {
        self.slots.iter().filter_map(|slot| match *slot {
            Slot::Node(n) => Some((n, true)),
            Slot::Up(n) | Slot::Any(n) => Some((n, false)),
            Slot::Empty | Slot::Count(_) => None,
        })
    }
}

/// What is there, as far as is known.
pub(crate) struct Have {
    pub spec: Arc<dyn AnySpec>,
    pub handle: Handle,
    /// Not made by us, and nobody asks for it: never touched.
    pub foreign: bool,
    /// Half made, or changed by an operation whose outcome is unknown: re-create before relying on it.
    pub unsure: bool,
    /// Found there, ours, and no source has asked for it or for its removal yet.
    pub discovered: bool,
}

/// What is remarkable about a node; most have nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note {
    pub error: Option<(Operation, Error)>,
    pub retrying: bool,
    /// Why the newest value could not be taken at all.
    pub refused: Option<Arc<str>>,
    /// It was there; a comparison did not find it.
    pub missing: bool,
}

pub(crate) struct Node {
    pub key: Arc<str>,
    pub kind: Kind,
    pub last_op: Operation,
    /// State last told to watchers.
    pub told: State,
    /// Base value of a derived one, else NONE.
    pub parent: NodeId,
    /// What was asked for.
    pub want: Option<Arc<dyn AnySpec>>,
    pub have: Option<Have>,
    pub note: Option<Box<Note>>,
    /// Nodes that (may) depend on this one. Stale entries are harmless and dropped when the list grows.
    rdeps: Vec<NodeId>,
    /// For a group node: members, present or not; its prefix is `key` without the leading `?`.
    pub group: Option<Box<BTreeSet<NodeId>>>,
}

impl Node {
    pub fn note_mut(&mut self) -> &mut Note {
        self.note.get_or_insert_default()
    }
    pub fn failed(&self) -> bool {
        self.note.as_ref().is_some_and(|note| note.error.is_some())
    }
    pub fn forget_error(&mut self) {
        if let Some(note) = &mut self.note {
            (note.error, note.retrying) = (None, false);
            if note.refused.is_none() && !note.missing {
                self.note = None;
            }
        }
    }
    pub fn is_base(&self) -> bool {
        self.parent == NONE
    }
    /// The wanted value, if it can be expressed.
    pub fn valid_want(&self) -> Option<&Arc<dyn AnySpec>> {
        self.want.as_ref().filter(|want| want.invalid().is_none())
    }
}

/// All that is wanted and all that is there.
#[derive(Default)]
pub struct Graph {
    pub(crate) nodes: Vec<Node>,
    free: Vec<NodeId>,
    index: HashMap<Arc<str>, NodeId, foldhash::fast::FixedState>,
    /// Prefix -> group node.
    groups: HashMap<Box<str>, NodeId, foldhash::fast::FixedState>,
    /// All keys in order; kept only once there are groups, to find their members.
    sorted: Option<BTreeMap<Arc<str>, NodeId>>,
}

/// What a transaction replaced, newest last.
pub(crate) type Undo = Vec<(NodeId, Option<Arc<dyn AnySpec>>)>;

impl Graph {
    pub(crate) fn find(&self, key: &str) -> Option<NodeId> {
        self.index.get(key).copied()
    }
    /// Nodes in use.
    pub(crate) fn live(&self) -> usize {
        self.index.len()
    }
    pub(crate) fn node(&self, n: NodeId) -> &Node {
        &self.nodes[n as usize]
    }
    pub(crate) fn node_mut(&mut self, n: NodeId) -> &mut Node {
        &mut self.nodes[n as usize]
    }
    /// All nodes that stand for a key.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.index.values().copied().filter(|&n| self.node(n).group.is_none())
    }
    pub(crate) fn present(&self, n: NodeId) -> bool {
        match &self.node(n).group {
            Some(members) => members.iter().any(|&m| self.node(m).have.is_some()),
            None => self.node(n).have.is_some(),
        }
    }
    pub(crate) fn present_of(&self, kind: Kind) -> impl Iterator<Item = (&str, &Have)> {
        let of_kind = self.nodes.iter().filter(move |node| node.kind == kind);
        of_kind.filter_map(|node| Some((&*node.key, node.have.as_ref()?)))
    }
    /// Does `m` (as wanted or as present) depend on `n`?
    fn depends(&self, m: NodeId, n: NodeId) -> bool {
        let node = self.node(m);
        let in_spec = |spec: &Arc<dyn AnySpec>| spec.links().deps().any(|d| d == n);
        node.group.as_ref().is_some_and(|members| members.contains(&n))
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

    pub(crate) fn intern(&mut self, key: &str) -> NodeId {
        match self.find(key) {
            Some(n) => n,
            None => self.add(key.into()),
        }
    }
    fn intern_shared(&mut self, key: &Arc<str>) -> NodeId {
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
            told: State::Nonexistent,
            parent: NONE,
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
            if let Some(members) = &mut self.node_mut(group).group {
                members.insert(n);
            }
            self.node_mut(n).rdeps.push(group);
        }
        if let Some(sorted) = &mut self.sorted {
            sorted.insert(key.clone(), n);
        }
        self.index.insert(key, n);
        n
    }
    /// Groups whose prefix is `key` cut after some path component.
    fn groups_of(&self, key: &str) -> Vec<NodeId> {
        if self.groups.is_empty() || key.starts_with('?') {
            return Vec::new();
        }
        let cuts = key.match_indices('/').map(|(i, _)| &key[..=i]).chain([key]);
        cuts.filter_map(|prefix| self.groups.get(prefix).copied()).collect()
    }
    fn intern_group(&mut self, prefix: &str) -> NodeId {
        if let Some(&group) = self.groups.get(prefix) {
            return group;
        }
        let group = self.intern(&format!("?{prefix}"));
        let sorted = self.sorted.get_or_insert_with(|| {
            self.index.iter().map(|(key, &n)| (key.clone(), n)).collect::<BTreeMap<_, _>>()
        });
        let start = (Bound::Included(prefix), Bound::Unbounded);
        let under = sorted.range::<str, _>(start).take_while(|(key, _)| key.starts_with(prefix));
        let inside = under.filter(|(key, _)| prefix.ends_with('/') || key.len() == prefix.len());
        let members: BTreeSet<NodeId> = inside.map(|(_, &n)| n).collect();
        for &member in &members {
            self.node_mut(member).rdeps.push(group);
        }
        self.node_mut(group).group = Some(Box::new(members));
        self.groups.insert(prefix.into(), group);
        group
    }
    fn add_rdep(&mut self, of: NodeId, from: NodeId) {
        let mut list = std::mem::take(&mut self.node_mut(of).rdeps);
        if list.last() != Some(&from) {
            if list.len() == list.capacity() && list.len() >= 8 {
                list.sort_unstable();
                list.dedup();
                list.retain(|&m| self.depends(m, of));
                list.reserve(list.len().max(4));
            }
            list.push(from);
        }
        self.node_mut(of).rdeps = list;
    }
    /// Forgets nodes that are neither wanted nor present nor needed.
    pub(crate) fn collect(&mut self, maybe: impl IntoIterator<Item = NodeId>) {
        for n in maybe {
            let node = self.node(n);
            let idle =
                node.want.is_none() && node.have.is_none() && node.group.is_none() && node.note.is_none();
            let used = || self.dependents(n).any(|d| self.node(d).group.is_none());
            if !idle || self.index.get(&node.key) != Some(&n) || used() {
                continue;
            }
            let key = node.key.clone();
            for group in std::mem::take(&mut self.node_mut(n).rdeps) {
                if let Some(members) = &mut self.node_mut(group).group {
                    members.remove(&n);
                }
            }
            self.index.remove(&key);
            if let Some(sorted) = &mut self.sorted {
                sorted.remove(&key);
            }
            self.free.push(n);
        }
    }

    /// Everything computable from a value, with edges as node ids. Derived values are returned, not loaded.
    pub(crate) fn spec(
        &mut self,
        registry: &Registry,
        kind: Kind,
        value: Arc<dyn Value>,
    ) -> (Arc<dyn AnySpec>, Derived) {
        if kind == NO_KIND {
            return (Arc::new(Plain(value, Links::default())), Derived::default());
        }
        let mut slots = Collect(self, Vec::new());
        let (draft, derived) = registry.get(kind).pure(&value, &mut slots);
        let slots = slots.1.into_boxed_slice();
        let ids = derived.items.iter().map(|(t, v)| {
            let n = self.intern(&v.key());
            self.node_mut(n).kind = registry.kind_of_value(*t);
            n
        });
        let links = Links { slots, derived: ids.collect() };
        (registry.get(kind).finish(value, draft, links), derived)
    }
    pub(crate) fn link(&mut self, n: NodeId, spec: &dyn AnySpec) {
        for d in spec.links().deps() {
            self.add_rdep(d, n);
        }
    }

    /// Takes the intents of a transaction in. Returns the nodes to plan for, and the old intents.
    pub(crate) fn load(&mut self, registry: &Registry, mut changes: Vec<Intent>) -> (Vec<NodeId>, Undo) {
        changes.sort_by(|a, b| a.key.cmp(&b.key)); // stable: the last one per key still wins
        let mut load = Load { graph: self, registry, dirty: Vec::new(), undo: Vec::new() };
        let mut changes = changes.into_iter().peekable();
        while let Some(change) = changes.next() {
            if changes.peek().is_none_or(|next| next.key != change.key) {
                load.change(change);
            }
        }
        (load.dirty, load.undo)
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
    fn any(&mut self, prefix: &str) {
        let n = self.0.intern_group(prefix);
        self.1.push(Slot::Any(n));
    }
    fn mark(&mut self, slot: Slot) {
        self.1.push(slot);
    }
}

struct Load<'a> {
    graph: &'a mut Graph,
    registry: &'a Registry,
    dirty: Vec<NodeId>,
    undo: Undo,
}

impl Load<'_> {
    fn change(&mut self, change: Intent) {
        let n = self.graph.intern_shared(&change.key);
        let refused = change.refused.clone();
        let node = self.graph.node_mut(n);
        if node.note.as_ref().and_then(|note| note.refused.clone()) != refused {
            node.note_mut().refused = refused;
            self.dirty.push(n);
            if node
                .note
                .as_ref()
                .is_some_and(|note| note.refused.is_none() && note.error.is_none() && !note.missing)
            {
                node.note = None;
            }
        }
        match change.value {
            Some(value) => {
                let any: &dyn Any = &*value;
                let kind = self.registry.kind_of_value(any.type_id());
                self.put(n, kind, value, NONE);
            }
            None => self.remove(n),
        }
    }
    fn put(&mut self, n: NodeId, kind: Kind, value: Arc<dyn Value>, parent: NodeId) {
        let node = self.graph.node_mut(n);
        if let Some(old) = &node.want
            && (Arc::ptr_eq(old.value(), &value) || old.value().same(&*value))
        {
            let old = old.clone();
            let all = std::iter::once(n).chain(old.links().derived.iter().copied());
            self.dirty.extend(all.filter(|&x| self.graph.node(x).failed()));
            return;
        }
        node.kind = kind;
        node.parent = parent;
        let (spec, derived) = self.graph.spec(self.registry, kind, value);
        self.graph.link(n, &*spec);
        let node = self.graph.node_mut(n);
        // What was found there and turns out to be as wanted is taken over as it is.
        if let Some(have) = &mut node.have
            && (have.discovered || have.foreign)
        {
            (have.discovered, have.foreign) = (false, false);
            if kind != NO_KIND && self.registry.get(kind).settled(&*spec, &*have.spec) {
                have.spec = spec.clone();
            }
        }
        let parts = spec.links().derived.to_vec();
        let old = node.want.replace(spec);
        self.dirty.push(n);
        self.drop_parts(old.as_ref(), &parts);
        self.undo.push((n, old));
        for ((_, value), part) in derived.items.into_iter().zip(parts) {
            let kind = self.graph.node(part).kind;
            self.put(part, kind, value, n);
        }
    }
    fn remove(&mut self, n: NodeId) {
        let node = self.graph.node_mut(n);
        if let Some(have) = &mut node.have {
            have.discovered = false;
        }
        let old = node.want.take();
        self.dirty.push(n);
        self.drop_parts(old.as_ref(), &[]);
        self.undo.push((n, old));
    }
    /// Parts of the old value that the new one does not have.
    fn drop_parts(&mut self, old: Option<&Arc<dyn AnySpec>>, stay: &[NodeId]) {
        let Some(old) = old else { return };
        let mut stay = stay.to_vec();
        stay.sort_unstable();
        for &part in old.links().derived.iter().filter(|part| stay.binary_search(part).is_err()) {
            self.undo.push((part, self.graph.node_mut(part).want.take()));
            self.dirty.push(part);
        }
    }
}

/// The type by which a value finds its descriptor.
pub(crate) fn type_of(value: &dyn Value) -> TypeId {
    (value as &dyn Any).type_id()
}
