//! Takes the intents of a transaction into the graph. Decides nothing.

use crate::contract::descriptor::Ownership;
use crate::contract::erased::AnySpec;
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::contract::txn::Intent;
use crate::state::graph::{Graph, NONE, NodeId, type_of};
use crate::state::node::Node;
use model::value::Value;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

impl Graph {
    /// Takes the intents of a transaction in, the last one per key.
    pub(crate) fn load(&mut self, registry: &Registry, mut changes: Vec<Intent>) -> Loaded {
        changes.sort_by(|a, b| a.key.cmp(&b.key)); // stable: the last one per key still wins
        let mut load =
            Load { graph: self, registry, out: Loaded::default(), freed: BTreeSet::new(), strays: None };
        let mut changes = changes.into_iter().peekable();
        while let Some(change) = changes.next() {
            if changes.peek().is_none_or(|next| next.key != change.key) {
                load.change(change);
            }
        }
        load.claim_freed();
        load.out
    }
    /// Values of a type that had no descriptor have one now.
    pub(crate) fn implement(&mut self, registry: &Registry) -> Loaded {
        let without = |n: &NodeId| {
            let node = self.node(*n);
            let value = node.want.as_ref().filter(|_| node.kind == NO_KIND);
            value.is_some_and(|want| registry.kind_of_value(type_of(&**want.value())) != NO_KIND)
        };
        let mut found: Vec<NodeId> = self.ids().filter(without).collect();
        found.sort_by(|&a, &b| self.node(a).key.cmp(&self.node(b).key));
        let mut load =
            Load { graph: self, registry, out: Loaded::default(), freed: BTreeSet::new(), strays: None };
        for n in found {
            let node = load.graph.node_mut(n);
            let (Some(plain), parent) = (node.want.take(), node.parent) else { continue };
            let value = plain.value().clone();
            load.put(n, registry.kind_of_value(type_of(&*value)), value, parent);
        }
        load.out
    }
}

/// What loading found out.
#[derive(Default)]
pub(crate) struct Loaded {
    /// The nodes to plan for, in key order.
    pub dirty: Vec<NodeId>,
    /// Nodes whose submitted value cannot be expressed.
    pub invalid: Vec<NodeId>,
    /// Nodes for which there is nothing to plan, and of which other things are to be told.
    pub reworded: Vec<NodeId>,
}

struct Load<'a> {
    graph: &'a mut Graph,
    registry: &'a Registry,
    out: Loaded,
    /// Values that could not be taken because of another's part, which is free now.
    freed: BTreeSet<NodeId>,
    /// Kinds of what was found and nobody had asked for, looked up once for all values that are loaded together.
    strays: Option<HashSet<Kind>>,
}

impl Load<'_> {
    fn change(&mut self, change: Intent) {
        let n = self.graph.intern_shared(&change.key);
        let node = self.graph.node_mut(n);
        let unusable = node.unusable();
        if node.note.as_ref().and_then(|note| note.refused.as_ref()) != change.refused.as_ref() {
            node.note_mut().refused = change.refused.clone();
            node.tidy();
            self.out.dirty.push(n);
        }
        let (refused, told) = (change.refused.is_some(), self.out.invalid.len());
        match change.value {
            Some(value) => self.put(n, self.registry.kind_of_value(type_of(&*value)), value, NONE),
            // What cannot be used says nothing against what is in force.
            None if refused => {}
            None => self.remove(n),
        }
        if refused {
            // Whoever said something that could not be taken at all knows; what is said of the value before is old.
            self.out.invalid.truncate(told);
        }
        if unusable && !self.graph.node(n).unusable() {
            self.spare_no_longer(n);
        }
    }
    /// Parts that were found, and stayed as long as nobody could tell whether they are wanted.
    fn spare_no_longer(&mut self, n: NodeId) {
        let graph = &*self.graph;
        let found = |m: &NodeId| {
            let node = graph.node(*m);
            node.want.is_none() && node.have.as_ref().is_some_and(|have| have.discovered)
        };
        self.out.dirty.extend(graph.dependents(n).filter(found));
    }
    fn put(&mut self, n: NodeId, kind: Kind, value: Arc<dyn Value>, parent: NodeId) {
        let same = |old: &Arc<dyn AnySpec>| Arc::ptr_eq(old.value(), &value) || old.value().same(&*value);
        if parent == NONE && self.owner(n).is_some_and(|owner| owner != NONE) {
            let (spec, _) = self.graph.spec(self.registry, kind, value);
            self.graph.node_mut(n).kind = kind;
            self.collide(n, spec, n);
            return;
        }
        if parent != NONE {
            self.graph.add_rdep(parent, n);
        }
        let node = self.graph.node_mut(n);
        node.parent = parent;
        let in_force = node.want.as_ref().is_some_and(same);
        match node.note.as_ref().and_then(|note| note.invalid.as_ref()) {
            Some(invalid) if same(invalid) && !self.freed.contains(&n) => {
                self.out.invalid.push(n);
                return;
            }
            Some(_) => {
                let note = node.note_mut();
                (note.invalid, note.collision) = (None, None);
                node.tidy();
                self.out.dirty.push(n);
            }
            None => {}
        }
        if in_force {
            self.try_again(n);
            return;
        }
        self.graph.node_mut(n).kind = kind;
        let (spec, derived) = self.graph.spec(self.registry, kind, value);
        let node = self.graph.node_mut(n);
        self.out.dirty.push(n);
        if spec.invalid().is_some() {
            node.note_mut().invalid = Some(spec);
            self.out.invalid.push(n);
            return;
        }
        let taken = spec.links().derived.iter().copied();
        if let Some(part) = taken.into_iter().find(|&part| self.owner(part).is_some_and(|owner| owner != n)) {
            self.collide(n, spec, part);
            return;
        }
        self.graph.link(n, &*spec);
        if self.graph.leaving(n, |kind| kind != NO_KIND && self.registry.get(kind).fed()) {
            // Whoever waits for it to be made anew does not any more.
            self.out.reworded.extend(self.graph.dependents(n));
        }
        self.take_over(n, kind, &spec);
        let parts = spec.links().derived.to_vec();
        let old = self.graph.node_mut(n).want.replace(spec.clone());
        if let Some(old) = &old {
            self.graph.seek(self.registry, n, &**old, false);
        }
        self.graph.seek(self.registry, n, &*spec, true);
        self.drop_parts(n, old.as_ref(), &parts);
        for ((_, value), part) in derived.items.into_iter().zip(parts) {
            let kind = self.graph.node(part).kind;
            self.put(part, kind, value, n);
        }
    }
    /// Whose part a wanted node is; itself stands for nobody's.
    fn owner(&self, n: NodeId) -> Option<NodeId> {
        let node = self.graph.node(n);
        node.want.as_ref().map(|_| node.parent)
    }
    /// A value claims the key of `part`, which belongs to another one: it has to wait until that is gone.
    fn collide(&mut self, n: NodeId, spec: Arc<dyn AnySpec>, part: NodeId) {
        let owner = match self.graph.node(part).parent {
            NONE => part,
            owner => owner,
        };
        let key = |n: NodeId| &*self.graph.node(n).key;
        let text = format!(
            "{} and {} both claim the key {}; the one that came first keeps it, change or remove one of them",
            key(owner),
            key(n),
            key(part)
        );
        self.graph.shed(&*spec);
        self.graph.collided.entry(part).or_default().insert(n);
        let note = self.graph.node_mut(n).note_mut();
        (note.invalid, note.collision) = (Some(spec), Some(text.into()));
        self.out.dirty.push(n);
        self.out.invalid.push(n);
    }
    /// Whoever waited for a key that is free now gets it, in key order.
    fn claim_freed(&mut self) {
        while !self.freed.is_empty() {
            let mut next: Vec<NodeId> = self.freed.iter().copied().collect();
            next.sort_by(|&a, &b| self.graph.node(a).key.cmp(&self.graph.node(b).key));
            for n in next {
                let note = self.graph.node(n).note.as_ref();
                let waits = note.filter(|note| note.collision.is_some());
                if let Some(spec) = waits.and_then(|note| note.invalid.clone()) {
                    let value = spec.value().clone();
                    self.put(n, self.registry.kind_of_value(type_of(&*value)), value, NONE);
                }
                self.freed.remove(&n);
            }
        }
    }
    /// The value is as before: only what failed, or was changed by others, is worth another try.
    fn try_again(&mut self, n: NodeId) {
        let graph = &*self.graph;
        let parts = graph.node(n).want.iter().flat_map(|want| want.links().derived.iter().copied());
        self.out.dirty.extend(
            std::iter::once(n).chain(parts).filter(|&x| graph.node(x).failed() || graph.node(x).drifted()),
        );
    }
    /// What was found there is ours from now on. If it is as wanted, it stays as it is.
    fn take_over(&mut self, n: NodeId, kind: Kind, want: &Arc<dyn AnySpec>) {
        if self.graph.node(n).have.is_none() {
            self.look_otherwise(kind, want);
            return;
        }
        let node = self.graph.node_mut(n);
        let Some(have) = node.have.as_mut().filter(|have| have.discovered || have.foreign) else { return };
        let foreign = have.foreign;
        (have.discovered, have.foreign) = (false, false);
        if kind != NO_KIND && self.registry.get(kind).settled(&**want, &*have.spec) {
            let seen = std::mem::replace(&mut have.spec, want.clone());
            self.graph.shed(&*seen);
        } else if !foreign {
            self.graph.claimed.insert(kind);
        }
        if foreign {
            self.take_attached(n);
        }
    }
    /// It may have been found under another name, because nobody had said how it is spelled.
    fn look_otherwise(&mut self, kind: Kind, want: &Arc<dyn AnySpec>) {
        if kind == NO_KIND {
            return;
        }
        let descriptor = self.registry.get(kind);
        let name = descriptor.found_as(&**want.value());
        let found = name.and_then(|name| self.graph.find(&format!("{}{name}", descriptor.prefix())));
        let there = found.map(|n| self.graph.node(n));
        let there = there.is_some_and(|node| node.have.is_some() && node.want.is_none());
        let elsewhere = || descriptor.found_elsewhere(&**want.value());
        if there || !self.graph.claimed.contains(&kind) && elsewhere() && self.may_be_there(kind) {
            self.graph.claimed.insert(kind);
        }
    }
    /// Was something of the kind found, or something that may hang on such, that nobody has asked for?
    fn may_be_there(&mut self, kind: Kind) -> bool {
        let graph = &*self.graph;
        let strays = self.strays.get_or_insert_with(|| {
            let nodes = graph.ids().map(|n| graph.node(n));
            let found =
                |node: &&Node| node.want.is_none() && node.have.as_ref().is_some_and(|have| have.discovered);
            nodes.filter(found).map(|node| node.kind).collect()
        });
        let related =
            |&other: &Kind| other == kind || other != NO_KIND && self.registry.reads(other).contains(&kind);
        strays.iter().any(related)
    }
    /// What is attached to an object of ours is ours.
    fn take_attached(&mut self, n: NodeId) {
        let mut todo = vec![n];
        while let Some(n) = todo.pop() {
            for m in self.graph.dependents(n).collect::<Vec<_>>() {
                let Some(have) = self.graph.node(m).have.as_ref().filter(|have| have.foreign) else {
                    continue;
                };
                let attached = self.registry.get(self.graph.node(m).kind).ownership() == Ownership::Attached;
                let ours = |d: NodeId| self.graph.node(d).have.as_ref().is_some_and(|have| !have.foreign);
                if !attached || !have.spec.links().edges().all(|(d, hard)| !hard || ours(d)) {
                    continue;
                }
                if let Some(have) = &mut self.graph.node_mut(m).have {
                    (have.foreign, have.discovered) = (false, true);
                }
                self.out.dirty.push(m);
                todo.push(m);
            }
        }
    }
    fn remove(&mut self, n: NodeId) {
        let node = self.graph.node_mut(n);
        if let Some(have) = &mut node.have {
            have.discovered = false;
        }
        if let Some(note) = &mut node.note {
            (note.missing, note.invalid, note.collision) = (false, None, None);
            node.tidy();
        }
        let old = node.want.take();
        if let Some(old) = &old {
            self.graph.seek(self.registry, n, &**old, false);
        }
        if let Some(waiting) = self.graph.collided.remove(&n) {
            self.freed.extend(waiting);
        }
        self.out.dirty.push(n);
        self.drop_parts(n, old.as_ref(), &[]);
    }
    /// Parts of the old value that the new one does not have.
    fn drop_parts(&mut self, n: NodeId, old: Option<&Arc<dyn AnySpec>>, stay: &[NodeId]) {
        let Some(old) = old else { return };
        let mut stay = stay.to_vec();
        stay.sort_unstable();
        for &part in old.links().derived.iter().filter(|part| stay.binary_search(part).is_err()) {
            // A part that another base has claimed meanwhile is not this one's to drop.
            if self.graph.node(part).parent == n {
                if self.graph.node(part).have.is_some() {
                    self.graph.node_mut(n).note_mut().left.push(part);
                }
                self.remove(part);
            }
        }
        self.graph.shed(&**old);
    }
}
