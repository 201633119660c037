//! What is there now, for whoever wants to see it. Whoever asks does the work: the scheduler only says what it knows.

use crate::core::Core;
use crate::error::{Error, Result};
use crate::graph::{Graph, Half, Have, NodeId};
use crate::history::Origin;
use crate::registry::{Kind, Registry};
use crate::seen::Seen;
use crate::view::{Item, Select};
use model::value::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What has to be known to retrieve some objects without the scheduler.
pub(crate) struct Observation {
    registry: Arc<Registry>,
    select: Select,
    /// Kinds that are shown.
    bases: Vec<Kind>,
    /// Kinds that are put back into these.
    parts: BTreeSet<Kind>,
    /// All kinds that must be retrieved for that, in order.
    kinds: BTreeSet<Kind>,
    /// What is wanted, of these kinds.
    intents: Graph,
    ours: HashSet<Arc<str>>,
}

impl Core {
    /// What is needed to see the selected objects.
    ///
    /// # Errors
    /// The one kind that was asked for is not supported.
    pub fn observation(&self, select: Select) -> Result<Observation> {
        let registry = self.registry.clone();
        let selected = |kind: &Kind| {
            let descriptor = registry.get(*kind);
            !descriptor.fed() && selects(&select, descriptor.name(), descriptor.prefix())
        };
        let bases: Vec<Kind> = registry.kinds().filter(selected).collect();
        if let [only] = *bases
            && let Some(reason) = &self.lacking[only as usize]
        {
            return Err(Error::permanent(reason.clone()));
        }
        let is_part = |kind: &Kind| {
            let descriptor = registry.get(*kind);
            let part = !descriptor.prefix().starts_with("config/") && !descriptor.fed();
            part && registry.reads(*kind).iter().any(|read| bases.contains(read))
        };
        let parts: BTreeSet<Kind> = registry.kinds().filter(is_part).collect();
        let mut kinds: BTreeSet<Kind> = bases.iter().copied().chain(parts.iter().copied()).collect();
        let mut todo: Vec<Kind> = kinds.iter().copied().collect();
        while let Some(kind) = todo.pop() {
            todo.extend(registry.reads(kind).iter().copied().filter(|&read| kinds.insert(read)));
        }
        kinds.retain(|&kind| self.lacking[kind as usize].is_none()); // there is nothing of what is not supported
        let (mut intents, mut ours) = (Graph::default(), HashSet::new());
        for node in self.graph.ids().map(|n| self.graph.node(n)).filter(|node| kinds.contains(&node.kind)) {
            if let Some(want) = &node.want {
                let n = intents.intern_shared(&node.key);
                let wanted = intents.node_mut(n);
                (wanted.kind, wanted.want) = (node.kind, Some(want.clone()));
            } else if node.have.as_ref().is_some_and(|have| !have.foreign) {
                ours.insert(node.key.clone());
            }
        }
        Ok(Observation { registry, select, bases, parts, kinds, intents, ours })
    }
}

impl Observation {
    /// Every selected object with its parts put back into it.
    pub async fn run(self) -> Result<Vec<Item>> {
        let registry = &*self.registry;
        let mut scratch = Graph::default();
        let mut items: Vec<(Kind, Item)> = Vec::new();
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        let mut absorbed: Vec<(usize, Arc<dyn Value>)> = Vec::new();
        for &kind in &self.kinds {
            let descriptor = registry.get(kind);
            let seen = Seen { graph: &scratch, intents: &self.intents, registry, verbose: true };
            let found = descriptor.retrieve(&seen).await?;
            for sighting in found {
                let metadata = descriptor.metadata(&*sighting.value, &sighting.handle);
                let n = scratch.intern(&sighting.key);
                let (spec, _) = scratch.spec(registry, kind, sighting.value);
                let node = scratch.node_mut(n);
                let ours = self.ours.contains(&node.key) || self.intents.find(&node.key).is_some();
                node.kind = kind;
                node.have = Some(Have {
                    spec: spec.clone(),
                    handle: sighting.handle,
                    foreign: !ours,
                    unsure: false,
                    half: Half::No,
                    discovered: false,
                });
                let origin = if ours { Origin::Nb } else { Origin::Sb };
                let key = node.key.clone();
                let (value, details) = (spec.value().clone(), sighting.details);
                if self.bases.contains(&kind) {
                    places.insert(n, items.len());
                    items.push((kind, Item { key, value, origin, metadata, details }));
                } else if self.parts.contains(&kind) {
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
        let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
        items.retain(|item| matches_key(&self.select, &item.key));
        items.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(items)
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
