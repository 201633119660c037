//! Who has a place that only one can have, although nobody wants it there: it was found and not asked for yet, or it could
//! not be removed.

use crate::contract::erased::AnySpec;
use crate::contract::registry::Registry;
use crate::state::graph::{Graph, NONE, NodeId};
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

/// Nodes by the places they had when they were noted. Some of them may have no place any more, or be wanted by now; whoever
/// asks has a second look at each.
#[derive(Default)]
pub(crate) struct Squatters {
    /// A hash of each place, and who has it.
    by_place: BTreeSet<(u64, NodeId)>,
    /// The places of each of them.
    places: HashMap<NodeId, Box<[u64]>, foldhash::fast::FixedState>,
}

impl Squatters {
    fn put(&mut self, n: NodeId, places: &[String]) {
        self.remove(n);
        if !places.is_empty() {
            let hashes: Box<[u64]> = places.iter().map(|place| hash(place)).collect();
            self.by_place.extend(hashes.iter().map(|&hash| (hash, n)));
            self.places.insert(n, hashes);
        }
    }
    pub fn remove(&mut self, n: NodeId) {
        for hash in self.places.remove(&n).into_iter().flatten() {
            self.by_place.remove(&(hash, n));
        }
    }
    fn at(&self, place: &str) -> impl Iterator<Item = NodeId> + '_ {
        let hash = hash(place);
        self.by_place.range((hash, 0)..=(hash, NONE)).map(|&(_, n)| n)
    }
}

impl Graph {
    /// It was found and nobody asks for it, or it cannot go: it has its place, if there is such a thing.
    pub(crate) fn note_squatter(&mut self, registry: &Registry, n: NodeId) {
        let have = self.node(n).have.as_ref();
        let places = have.map(|have| self.places(registry, n, &*have.spec)).unwrap_or_default();
        self.squatters.put(n, &places);
    }
    pub(crate) fn is_squatter(&self, n: NodeId) -> bool {
        self.squatters.places.contains_key(&n) && self.squats(n)
    }
    fn squats(&self, n: NodeId) -> bool {
        self.node(n).want.is_none() && self.node(n).have.is_some()
    }
    /// Whoever has one of the places that an object like this would have.
    pub(crate) fn squatters_of(&self, registry: &Registry, n: NodeId, spec: &dyn AnySpec) -> Vec<NodeId> {
        if self.squatters.places.is_empty() {
            return Vec::new();
        }
        let has = |other: NodeId, place: &String| {
            let have = self.node(other).have.as_ref().filter(|_| self.squats(other));
            have.is_some_and(|have| self.places(registry, other, &*have.spec).contains(place))
        };
        let places = self.places(registry, n, spec);
        let mut out = Vec::new();
        for place in &places {
            out.extend(self.squatters.at(place).filter(|&other| has(other, place)));
        }
        out
    }
    /// Forgets those of these that are gone, or wanted by now.
    pub(crate) fn forget_squatters(&mut self, touched: &[NodeId]) {
        for &n in touched {
            if !self.squats(n) {
                self.squatters.remove(n);
            }
        }
    }
}

pub(crate) fn hash(place: &str) -> u64 {
    foldhash::fast::FixedState::default().hash_one(place)
}
