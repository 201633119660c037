//! What is there now, for whoever wants to see it. Whoever asks does the work: the scheduler only says what it knows.

use crate::contract::erased::AnySpec;
use crate::contract::error::{Error, Result};
use crate::contract::registry::{Kind, Registry};
use crate::contract::seen::Seen;
use crate::contract::sighting::{Keyed, Sighting};
use crate::doing::core::Core;
use crate::state::graph::{Graph, Half, Have, NodeId};
use crate::telling::history::Origin;
use crate::telling::view::{Item, Select};
use model::value::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
        let (intents, ours) = (Graph::default(), HashSet::new());
        Ok(Observation { registry, select, bases, parts, kinds, intents, ours })
    }
    /// A slice of what is known of these kinds, and where the next one begins.
    pub fn known_of(&self, kinds: &BTreeSet<Kind>, from: usize) -> (Vec<Known>, Option<usize>) {
        let slice = self.slice(from);
        let nodes = slice.nodes.map(|n| self.graph.node(n as NodeId));
        let known = nodes.filter(|node| kinds.contains(&node.kind)).filter_map(|node| {
            let want = node.want.clone();
            let ours = node.have.as_ref().is_some_and(|have| !have.foreign);
            (want.is_some() || ours).then(|| Known { key: node.key.clone(), kind: node.kind, want })
        });
        (known.collect(), slice.next)
    }
}

/// What is wanted of a key; without that, something of ours is there.
pub(crate) struct Known {
    key: Arc<str>,
    kind: Kind,
    want: Option<Arc<dyn AnySpec>>,
}

impl Observation {
    /// The kinds that have to be retrieved.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.kinds.clone()
    }
    /// Takes a slice of what is known.
    pub fn learn(&mut self, known: Vec<Known>) {
        for Known { key, kind, want } in known {
            match want {
                Some(want) => {
                    let n = self.intents.intern_shared(&key);
                    let wanted = self.intents.node_mut(n);
                    (wanted.kind, wanted.want) = (kind, Some(want));
                }
                None => drop(self.ours.insert(key)),
            }
        }
    }
    /// Every selected object with its parts put back into it.
    pub async fn run(self) -> Result<Vec<Item>> {
        let registry = &*self.registry;
        let mut scratch = Graph::default();
        let mut untold = BTreeSet::new();
        let mut items: Vec<(Kind, Item)> = Vec::new();
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        let mut absorbed: Vec<(usize, Arc<dyn Value>)> = Vec::new();
        for &kind in &self.kinds {
            let descriptor = registry.get(kind);
            let (intents, partly) = (&self.intents, AtomicBool::new(false));
            let seen = Seen { graph: &scratch, intents, registry, verbose: true, untold: &untold, partly };
            let found = descriptor.retrieve(&seen).await?;
            if seen.partly.into_inner() {
                untold.insert(kind);
            }
            for sighting in found {
                let Sighting { looks, handle, details, .. } = sighting;
                let details = details.map_or(serde_json::Value::Null, |details| *details);
                let Keyed { key, value } = looks.keyed();
                let metadata = descriptor.metadata(&*value, &handle);
                let n = scratch.intern(&key);
                let (spec, _) = scratch.spec(registry, kind, value);
                let node = scratch.node_mut(n);
                let ours = self.ours.contains(&node.key) || self.intents.find(&node.key).is_some();
                node.kind = kind;
                node.have = Some(Have {
                    spec: spec.clone(),
                    handle,
                    foreign: !ours,
                    unsure: false,
                    half: Half::No,
                    discovered: false,
                    made: false,
                });
                let origin = if ours { Origin::Nb } else { Origin::Sb };
                let key = node.key.clone();
                let value = spec.value().clone();
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
