//! The merge against a naive one that keeps a map per source and looks at everything every time.

use std::collections::BTreeMap;

use super::*;
use model::value::Model;
use proptest::prelude::*;

#[derive(Debug, PartialEq)]
struct Thing(u8, u8);

impl Model for Thing {
    const PREFIX: &'static str = "config/thing/";
    fn name(&self) -> String {
        self.0.to_string()
    }
}

fn key(n: u8) -> Arc<str> {
    format!("config/thing/{n}").into()
}

fn put(n: u8, content: u8) -> Item {
    Item::put(Arc::new(Thing(n, content)))
}

fn content(value: &Arc<dyn Value>) -> u8 {
    let any: &dyn std::any::Any = &**value;
    any.downcast_ref::<Thing>().unwrap().1
}

/// What a source holds for a key: its last good value and its complaint.
type Said = (Option<u8>, Option<String>);

#[derive(Default)]
struct Naive(BTreeMap<Source, BTreeMap<Arc<str>, Said>>);

impl Naive {
    fn apply(&mut self, source: &Source, items: &[Item], replace: bool) {
        let mine = self.0.entry(source.clone()).or_default();
        let named: Vec<_> = items.iter().map(|item| item.key.clone()).collect();
        if replace {
            mine.retain(|key, _| named.contains(key));
        }
        for item in items {
            match &item.want {
                Want::Put(value) => {
                    mine.insert(item.key.clone(), (Some(content(value)), None));
                }
                Want::Refused(reason) => {
                    mine.entry(item.key.clone()).or_default().1 = Some(reason.to_string());
                }
                Want::Delete => {
                    mine.remove(&item.key);
                }
            }
        }
    }

    fn effective(&self) -> BTreeMap<Arc<str>, Said> {
        let mut out: BTreeMap<Arc<str>, Said> = BTreeMap::new();
        for held in self.0.values() {
            for (key, (value, refused)) in held {
                let entry = out.entry(key.clone()).or_default();
                if entry.0.is_none() {
                    entry.1 = entry.1.take().or_else(|| refused.clone());
                    entry.0 = *value;
                }
            }
        }
        out
    }
}

fn folded(changes: &[Intent], into: &mut BTreeMap<Arc<str>, Said>) {
    for change in changes {
        let said = (change.value.as_ref().map(content), change.refused.as_ref().map(|r| r.to_string()));
        if said == (None, None) {
            into.remove(&change.key);
        } else {
            into.insert(change.key.clone(), said);
        }
    }
}

type Told = Vec<(Arc<str>, Said)>;

/// Changes of keys that a batch names, in order, and all others: what a replacement removes comes in any order.
fn told(changes: &[Intent], items: &[Item]) -> (Told, BTreeMap<Arc<str>, Said>) {
    let said = |change: &Intent| {
        let refused = change.refused.as_ref().map(|reason| reason.to_string());
        (Arc::clone(&change.key), (change.value.as_ref().map(content), refused))
    };
    let named = |change: &&Intent| items.iter().any(|item| item.key == change.key);
    let others = changes.iter().filter(|change| !named(change)).map(said);
    (changes.iter().filter(named).map(said).collect(), others.collect())
}

fn sources() -> Vec<Source> {
    vec![
        Source::new(Class::File, "file"),
        Source::new(Class::Grpc, "b"),
        Source::new(Class::Kv, "etcd"),
        Source::new(Class::Grpc, "a"),
        Source::new(Class::Local, "local"),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    (0u8..6, 0u8..3, 0u8..4).prop_map(|(n, content, kind)| match kind {
        0 => Item::delete(key(n)),
        1 => Item::refused(key(n), format!("bad {content}")),
        _ => put(n, content),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn same_as_the_naive_merge(
        batches in proptest::collection::vec((0usize..5, proptest::collection::vec(item(), 0..8), any::<bool>()), 1..20)
    ) {
        let sources = sources();
        let (mut merge, mut naive) = (Merge::default(), Naive::default());
        let mut seen = BTreeMap::new();
        for (source, items, replace) in batches {
            let source = &sources[source];
            let before = naive.effective();
            let held_before = naive.0.get(source).cloned().unwrap_or_default();
            let foreseen = merge.preview(source, &items, replace);
            let mut all = BTreeMap::new();
            folded(&merge.all(), &mut all);
            prop_assert_eq!(&all, &before, "looking ahead changes nothing");
            prop_assert_eq!(merge.held(source), held_before.len());
            let merged = merge.apply(source, &items, replace);
            naive.apply(source, &items, replace);
            prop_assert_eq!(told(&foreseen, &items), told(&merged.changes, &items));
            folded(&merged.changes, &mut seen);

            // The changes lead from what was in force to what is.
            prop_assert_eq!(&seen, &naive.effective());
            let mut all = BTreeMap::new();
            folded(&merge.all(), &mut all);
            prop_assert_eq!(&all, &naive.effective());
            for source in &sources {
                let held = naive.0.get(source).cloned().unwrap_or_default();
                prop_assert_eq!(merge.held(source), held.len());
            }
            // Nothing is reported that neither changed nor was said by the batch.
            for change in &merged.changes {
                let touched = items.iter().any(|item| item.key == change.key);
                prop_assert!(touched || before.get(&change.key) != seen.get(&change.key));
            }
            // What the durable store learns is enough to rebuild the source's good values.
            let mut stored: BTreeMap<_, _> =
                held_before.into_iter().filter_map(|(key, said)| Some((key, said.0?))).collect();
            for key in &merged.gone {
                stored.remove(key);
            }
            for index in merged.news {
                match &items[index].want {
                    Want::Put(value) => drop(stored.insert(items[index].key.clone(), content(value))),
                    Want::Delete => drop(stored.remove(&items[index].key)),
                    Want::Refused(_) => {}
                }
            }
            let held = naive.0.get(source).cloned().unwrap_or_default();
            let good: BTreeMap<_, _> = held.into_iter().filter_map(|(key, said)| Some((key, said.0?))).collect();
            prop_assert_eq!(stored, good);
        }
    }
}

#[test]
fn a_deleted_value_falls_back_to_the_next_source() {
    let mut merge = Merge::default();
    let (etcd, file) = (Source::new(Class::Kv, "etcd"), Source::new(Class::File, "file"));
    merge.apply(&file, &[put(1, 10)], false);
    merge.apply(&etcd, &[put(1, 20)], false);
    assert!(merge.apply(&file, &[put(1, 11)], false).changes.is_empty(), "hidden by etcd");
    let merged = merge.apply(&etcd, &[Item::delete(key(1))], false);
    assert_eq!(content(merged.changes[0].value.as_ref().unwrap()), 11);
}

#[test]
fn the_same_value_again_keeps_the_old_pointer() {
    let mut merge = Merge::default();
    let source = Source::grpc();
    let first = merge.apply(&source, &[put(1, 10)], false).changes.remove(0).value.unwrap();
    let merged = merge.apply(&source, &[put(1, 10)], false);
    assert!(Arc::ptr_eq(merged.changes[0].value.as_ref().unwrap(), &first));
    assert!(merged.news.is_empty(), "the store knows it already");
}

#[test]
fn a_refused_item_keeps_the_last_good_value() {
    let mut merge = Merge::default();
    let source = Source::grpc();
    merge.apply(&source, &[put(1, 10), put(2, 5)], false);
    let merged = merge.apply(&source, &[Item::refused(key(1), "unknown field"), put(2, 6)], false);
    assert_eq!(content(merged.changes[0].value.as_ref().unwrap()), 10);
    assert_eq!(merged.changes[0].refused.as_deref(), Some("unknown field"));
    assert_eq!(content(merged.changes[1].value.as_ref().unwrap()), 6);
    let mended = merge.apply(&source, &[put(1, 10)], false);
    assert_eq!(mended.changes[0].refused, None);
}

#[test]
fn looking_ahead_copies_only_what_the_batch_can_touch() {
    let mut merge = Merge::default();
    let (etcd, grpc) = (Source::new(Class::Kv, "etcd"), Source::grpc());
    let all: Vec<Item> = (0..=255).map(|n| put(n, 1)).collect();
    merge.apply(&etcd, &all, false);
    merge.apply(&grpc, &all[..10], false);
    let copied = |items: &[Item], replace| merge.excerpt(&grpc, items, replace).keys.len();
    assert_eq!(copied(&[], false), 0);
    assert_eq!(copied(&[put(1, 2), put(1, 3), Item::delete(key(200))], false), 2);
    assert_eq!(copied(&[], true), 10, "those of the source");
    assert_eq!(copied(&[put(1, 2), put(200, 2)], true), 11);
    let new = Source::new(Class::Grpc, "new");
    assert_eq!(merge.excerpt(&new, &[], true).keys.len(), 0, "a source that has said nothing yet");
}

/// There is one for every key of every source.
#[test]
fn what_is_held_of_a_key_stays_small() {
    assert_eq!(size_of::<Holders>(), 48);
}
