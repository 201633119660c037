//! What is there now, for whoever wants to see it.

use crate::core::{Core, Queries};
use crate::error::{Error, Result};
use crate::graph::{Graph, Half, Have, NodeId};
use crate::history::Origin;
use crate::registry::Kind;
use crate::seen::Seen;
use crate::view::{Item, Select};
use model::value::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

impl Core {
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
                if bases == [kind] {
                    return Err(Error::permanent(reason.clone()));
                }
                continue; // there is nothing of this kind
            }
            let descriptor = registry.get(kind);
            let found = {
                let seen = Seen { graph: &scratch, intents: &self.graph, registry: &registry, verbose: true };
                let mut answer = descriptor.retrieve(&seen);
                loop {
                    tokio::select! {
                        biased;
                        result = &mut answer => break result?,
                        Some(query) = queries.recv() => query(self),
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
                    half: Half::No,
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
