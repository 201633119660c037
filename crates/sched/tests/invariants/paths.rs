//! Edges by prefix: who needs any key under a path is found whatever comes first, the key or the need.

use crate::oracle::fixpoint;
use crate::seeds::{self, Rng, note};
use model::value::{Model, Value, Wire};
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// Something under a path that needs something under other paths.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    name: String,
    rev: u32,
    /// Paths, and what has to stand in the key after them.
    any: Vec<(String, &'static str)>,
}

impl Model for Place {
    const PREFIX: &'static str = "config/g/";
    fn name(&self) -> String {
        self.name.clone()
    }
    fn wire(&self) -> Wire {
        Wire::EMPTY
    }
}

type Map = Arc<Mutex<BTreeMap<String, u32>>>;

struct Places(Map);

/// Always there.
struct Ground;

impl Southbound for Ground {
    fn name(&self) -> &'static str {
        "ground"
    }
    fn link(&self) -> watch::Receiver<Link> {
        Link::always()
    }
    fn lacks(&self, _: &str) -> Option<String> {
        None
    }
}

impl Descriptor for Places {
    const NAME: &'static str = "place";
    type Value = Place;
    type Image = Place;
    type Handle = ();
    type Needs = Vec<AnyOf<Places>>;
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Marked;

    fn needs(&self, place: &Place) -> Self::Needs {
        place.any.iter().map(|(name, text)| AnyOf::under(name).holding(text)).collect()
    }
    fn image(&self, place: &Place) -> Result<Place, Invalid> {
        Ok(place.clone())
    }
    async fn create(&self, new: Place, _: Resolved<Self>) -> Made<()> {
        let old = self.0.lock().unwrap().insert(new.name, new.rev);
        assert_eq!(old, None);
        Ok(())
    }
    async fn delete(&self, old: Place, _: (), _: Resolved<Self>) -> Result<()> {
        let removed = self.0.lock().unwrap().remove(&old.name);
        assert_eq!(removed, Some(old.rev));
        Ok(())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        Ok(Vec::new())
    }
}

/// A path of few words, some of which begin like others; some end in a slash.
fn path(rng: &mut Rng) -> String {
    let words = ["a", "b", "ab"];
    let parts: Vec<&str> = (0..1 + rng.below(3)).map(|_| words[rng.below(3) as usize]).collect();
    parts.join("/") + if rng.one_in(3) { "/" } else { "" }
}

/// Whole path components only: a prefix that ends in a slash stands for all keys under it, one that does not for the key
/// of that name alone. A text may be asked for in what comes after the prefix. Edges cannot be seen from outside; whether
/// they are right is seen by who is up.
///
/// Catches: raw prefixes instead of whole components; members that stay in a group after their key is gone; one group
/// for two texts under one prefix.
#[test]
fn invariant_31_needs_by_prefix_meet_the_same_keys_in_whatever_order_they_appear() {
    seeds::run(120, |seed| async move {
        let mut rng = Rng::new(seed);
        let map = Map::default();
        let mut registry = Registry::default();
        let ground: Arc<dyn Southbound> = Arc::new(Ground);
        registry.add(&ground, Places(map.clone())).unwrap();
        let s = Scheduler::spawn(registry, Config::default());
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        for _ in 0..20 {
            let mut changes = Vec::new();
            for _ in 0..1 + rng.below(4) {
                let name = path(&mut rng);
                note(format!("{name} of {}", places.len()));
                if places.remove(&name).is_some() && rng.one_in(2) {
                    changes.push(Intent::delete(format!("config/g/{name}")));
                    continue;
                }
                let text = |rng: &mut Rng| ["", "", "b", "a/"][rng.below(4) as usize];
                let any = (0..rng.below(3)).map(|_| (path(&mut rng), text(&mut rng))).collect();
                let place = Place { name: name.clone(), rev: rng.below(2) as u32, any };
                note(format!("  {place:?}"));
                changes.push(Intent::put(Arc::new(place.clone())));
                places.insert(name, place);
            }
            s.commit(Txn { changes, ..Txn::default() }).await.unwrap();
            let needs = places.values().map(|place| {
                let shown = |text: &str| if text.is_empty() { String::new() } else { format!("*{text}*") };
                let needs = place.any.iter().map(|(name, text)| format!("config/g/{name}{}", shown(text)));
                let needs = needs.collect();
                (place.key(), needs)
            });
            let (up, ..) = fixpoint(&needs.collect(), &BTreeSet::new());
            let there: BTreeSet<String> =
                map.lock().unwrap().keys().map(|name| format!("config/g/{name}")).collect();
            assert_eq!(there, up);
        }
        let nothing = places.keys().map(|name| Intent::delete(format!("config/g/{name}"))).collect();
        s.commit(Txn { changes: nothing, ..Txn::default() }).await.unwrap();
        let left = map.lock().unwrap().len();
        assert_eq!((left, s.size().await), (0, 0));
    });
}
