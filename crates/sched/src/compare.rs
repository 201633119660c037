//! Asking a southbound what is there, and taking the answer in.

use crate::core::{Core, Queries, Query, Work};
use crate::descriptor::Ownership;
use crate::erased::Sighting;
use crate::error::{Error, Result};
use crate::graph::{Graph, Have, NodeId};
use crate::history::{Origin, TxnKind};
use crate::registry::Kind;
use crate::seen::Seen;
use crate::txn::Resync;
use crate::view::{Item, Select};
use model::value::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use tracing::{info, warn};

impl Core {
    /// A southbound came or went. Returns false if a comparison is due but did not succeed: call again later.
    pub async fn follow(&mut self, index: usize, queries: &mut Queries) -> bool {
        let link = self.southbounds[index].link.borrow_and_update().clone();
        let name = self.registry.southbounds()[index].name();
        if let Some(reason) = link.down {
            self.southbounds[index].compared = None;
            self.block(index, Some(reason));
            return true;
        }
        if self.southbounds[index].compared == Some(link.generation) {
            return true;
        }
        if std::mem::replace(&mut self.southbounds[index].instance, link.instance) != link.instance {
            self.forget(index);
        }
        self.registry.southbounds()[index].admit(link.generation);
        self.assess(index);
        if !self.compare(index, queries).await {
            return false;
        }
        self.southbounds[index].compared = Some(link.generation);
        let mut work = Work::new(TxnKind::NbTransaction);
        work.resync = Resync::Downstream;
        work.description = format!("compared with {name}");
        work.retry = Some(self.config.resync_retry);
        let dirty = self.differing();
        let report = self.reconcile(dirty, work, queries).await;
        info!(operations = report.done, failed = report.failed.len(), "compared with {name}");
        true
    }
    fn kinds_of(&self, index: usize) -> Vec<Kind> {
        self.registry.kinds().filter(|&kind| self.registry.southbound_of(kind) == index).collect()
    }
    pub fn block(&mut self, index: usize, reason: Option<String>) {
        for kind in self.kinds_of(index) {
            let lacking = self.lacking[kind as usize].clone();
            self.blocked[kind as usize] = lacking.or_else(|| reason.clone());
        }
    }
    /// Which kinds does it support?
    fn assess(&mut self, index: usize) {
        let southbound = self.registry.southbounds()[index].clone();
        for kind in self.kinds_of(index) {
            let uses = self.registry.get(kind).uses();
            self.lacking[kind as usize] = uses.iter().find_map(|call| southbound.lacks(call));
        }
        self.block(index, Some(format!("not compared with {} yet", southbound.name())));
    }
    /// It started anew: nothing of what it had is left.
    fn forget(&mut self, index: usize) {
        let gone: Vec<NodeId> = self
            .graph
            .ids()
            .filter(|&n| {
                let node = self.graph.node(n);
                node.have.is_some() && self.registry.southbound_of(node.kind) == index
            })
            .collect();
        for n in gone {
            self.lose(n);
        }
    }
    /// The object is not there any more.
    fn lose(&mut self, n: NodeId) {
        let node = self.graph.node_mut(n);
        node.have = None;
        if node.want.is_some() {
            node.note_mut().missing = true;
        }
    }

    /// Retrieves every kind of a southbound. A kind that cannot be retrieved stays blocked, and so does what reads it.
    pub async fn compare(&mut self, index: usize, queries: &mut Queries) -> bool {
        let name = self.registry.southbounds()[index].name();
        let mut whole = true;
        let mut failed: HashSet<Kind> = HashSet::new();
        for kind in self.kinds_of(index) {
            if self.lacking[kind as usize].is_some() {
                continue;
            }
            let descriptor = self.registry.get(kind).name();
            let unread = self.registry.reads(kind).iter().find(|kind| failed.contains(kind));
            let result = match unread {
                Some(&other) => {
                    let other = self.registry.get(other).name();
                    Err(Error::new(format!("{other} could not be retrieved, which it reads")))
                }
                None => self.refresh(kind, queries).await,
            };
            let link_down = self.southbounds[index].link.borrow().down.clone();
            self.blocked[kind as usize] = match result {
                Ok(()) => None,
                Err(error) => {
                    whole = false;
                    failed.insert(kind);
                    warn!("comparing {descriptor} with {name} failed: {error}");
                    Some(format!("{descriptor} cannot be compared with {name}: {error}"))
                }
            };
            if link_down.is_some() {
                self.block(index, link_down);
                return false;
            }
        }
        whole
    }

    async fn ask(&self, kind: Kind, queries: &mut Queries) -> Result<Vec<Sighting>> {
        let registry = self.registry.clone();
        let seen = Seen { graph: &self.graph, intents: &self.graph, registry: &registry, verbose: false };
        let mut answer = registry.get(kind).retrieve(&seen);
        loop {
            tokio::select! {
                biased;
                result = &mut answer => return result,
                Some(query) = queries.recv() => serve(query, self),
            }
        }
    }
    /// Retrieves one kind and takes the answer in. What was there and is not in the answer is asked for a second time
    /// before it counts as gone: a dump can be short.
    pub async fn refresh(&mut self, kind: Kind, queries: &mut Queries) -> Result<()> {
        if self.registry.get(kind).fed() {
            return Ok(());
        }
        let mut found = self.ask(kind, queries).await?;
        let before: BTreeSet<NodeId> = self
            .graph
            .ids()
            .filter(|&n| self.graph.node(n).kind == kind && self.graph.node(n).have.is_some())
            .collect();
        let is_short = |found: &[Sighting]| {
            let keys: HashSet<&str> = found.iter().map(|sighting| &*sighting.key).collect();
            before.iter().any(|&n| !keys.contains(&*self.graph.node(n).key))
        };
        if is_short(&found) {
            found = self.ask(kind, queries).await?;
        }
        let mut gone = before;
        for sighting in found {
            let n = self.take_in(kind, sighting);
            gone.remove(&n);
        }
        for &n in &gone {
            self.lose(n);
        }
        self.graph.collect(gone);
        Ok(())
    }
    fn take_in(&mut self, kind: Kind, sighting: Sighting) -> NodeId {
        let n = self.graph.intern(&sighting.key);
        self.graph.node_mut(n).kind = kind;
        let (spec, _) = self.graph.spec(&self.registry, kind, sighting.value);
        let node = self.graph.node(n);
        let descriptor = self.registry.get(kind);
        // The wanted spec itself if the observed one means the same: "as wanted" is pointer equality from here on.
        let settled = node.valid_want().filter(|want| descriptor.settled(&***want, &*spec));
        let (spec, settled) = match settled {
            Some(want) => (want.clone(), true),
            None => (spec, false),
        };
        let wanted = node.want.is_some();
        let known = node.have.as_ref();
        let was_ours = known.is_some_and(|have| !have.foreign && !have.discovered);
        let foreign = !wanted && !was_ours && {
            let owned = match descriptor.ownership() {
                Ownership::Marked => true,
                Ownership::Recorded => self.made.contains(&node.key),
                Ownership::Attached => spec.links().edges().filter(|&(_, hard)| hard).all(|(d, _)| {
                    let have = self.graph.node(d).have.as_ref();
                    have.is_some_and(|have| !have.foreign)
                }),
            };
            sighting.foreign || !owned
        };
        let discovered = !wanted && !was_ours && !foreign;
        if !settled {
            self.graph.link(n, &*spec);
        }
        let node = self.graph.node_mut(n);
        node.have = Some(Have { spec, handle: sighting.handle, foreign, unsure: false, discovered });
        if let Some(note) = &mut node.note {
            note.missing = false;
        }
        n
    }

    /// What is there now, without taking it in: every selected object with its parts put back into it.
    pub async fn observe(&self, select: &Select, queries: &mut Queries) -> Result<Vec<Item>> {
        let registry = self.registry.clone();
        let bases = self.registry.kinds().filter(|&kind| {
            let descriptor = registry.get(kind);
            !descriptor.fed() && selects(select, descriptor.name(), descriptor.prefix())
        });
        let bases: Vec<Kind> = bases.collect();
        let mut kinds: BTreeSet<Kind> = bases.iter().copied().collect();
        let parts = self.registry.kinds().filter(|&kind| {
            let descriptor = registry.get(kind);
            let part = !descriptor.prefix().starts_with("config/") && !descriptor.fed();
            part && registry.reads(kind).iter().any(|read| bases.contains(read))
        });
        let parts: BTreeSet<Kind> = parts.collect();
        kinds.extend(&parts);
        let mut todo: Vec<Kind> = kinds.iter().copied().collect();
        while let Some(kind) = todo.pop() {
            todo.extend(registry.reads(kind).iter().copied().filter(|&read| kinds.insert(read)));
        }
        let mut scratch = Graph::default();
        let mut items: Vec<(Kind, Item)> = Vec::new();
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        let mut absorbed: Vec<(usize, Arc<dyn Value>)> = Vec::new();
        for kind in kinds {
            if let Some(reason) = &self.lacking[kind as usize] {
                if bases.contains(&kind) {
                    return Err(Error::permanent(reason.clone()));
                }
                continue;
            }
            let descriptor = registry.get(kind);
            let found = {
                let seen = Seen { graph: &scratch, intents: &self.graph, registry: &registry, verbose: true };
                let mut answer = descriptor.retrieve(&seen);
                loop {
                    tokio::select! {
                        biased;
                        result = &mut answer => break result?,
                        Some(query) = queries.recv() => serve(query, self),
                    }
                }
            };
            for sighting in found {
                let metadata = descriptor.metadata(&*sighting.value, &sighting.handle);
                let n = scratch.intern(&sighting.key);
                let (spec, _) = scratch.spec(&registry, kind, sighting.value);
                let known = self.graph.find(&sighting.key).map(|known| self.graph.node(known));
                let ours = known.is_some_and(|node| {
                    node.want.is_some() || node.have.as_ref().is_some_and(|have| !have.foreign)
                });
                let node = scratch.node_mut(n);
                node.kind = kind;
                let have = Have {
                    spec: spec.clone(),
                    handle: sighting.handle,
                    foreign: !ours,
                    unsure: false,
                    discovered: false,
                };
                node.have = Some(have);
                let origin = if ours { Origin::Nb } else { Origin::Sb };
                let key = node.key.clone();
                let (value, details) = (spec.value().clone(), sighting.details);
                if bases.contains(&kind) {
                    places.insert(n, items.len());
                    items.push((kind, Item { key, value, origin, metadata, details }));
                } else if parts.contains(&kind) {
                    // A part is offered to whatever it hangs on by handle; its base takes it.
                    let hangs_on = spec.links().edges().filter(|&(_, hard)| hard);
                    let bases = hangs_on.filter_map(|(d, _)| places.get(&d));
                    absorbed.extend(bases.map(|&at| (at, value.clone())));
                }
            }
        }
        drop(scratch); // from here on the values are ours alone, and can be completed
        for (at, part) in absorbed {
            let (kind, item) = &mut items[at];
            if let Some(whole) = Arc::get_mut(&mut item.value) {
                registry.get(*kind).absorb(whole, &*part);
            }
        }
        Ok(items.into_iter().map(|(_, item)| item).filter(|item| matches_key(select, &item.key)).collect())
    }
}

fn serve(query: Query, core: &Core) {
    query(core);
}

fn selects(select: &Select, name: &str, prefix: &str) -> bool {
    let base = prefix.starts_with("config/");
    match select {
        Select::All => base,
        Select::Descriptor(wanted) => wanted == name,
        Select::Prefix(wanted) => base && (prefix.starts_with(wanted.as_str()) || wanted.starts_with(prefix)),
        Select::Key(key) => key.starts_with(prefix),
        Select::Keys(keys) => keys.iter().any(|key| key.starts_with(prefix)),
    }
}

fn matches_key(select: &Select, key: &str) -> bool {
    match select {
        Select::All | Select::Descriptor(_) => true,
        _ => select.matches(key, ""),
    }
}
