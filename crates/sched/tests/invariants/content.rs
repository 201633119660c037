//! Confluence and content: what is there in the end depends on what is wished, and on nothing else.

use crate::case::{Case, Shape, Wish};
use crate::kinds::*;
use crate::seeds::{self, Rng, note};
use crate::stage::*;
use crate::world::Content;
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The same updates in another order that keeps those of one key in theirs.
fn reorder(rng: &mut Rng, updates: &[Wish]) -> Vec<Wish> {
    let mut keys: Vec<String> = updates.iter().map(Wish::key).collect();
    rng.shuffle(&mut keys);
    let mut left: BTreeMap<String, Vec<Wish>> = BTreeMap::new();
    for update in updates.iter().rev() {
        left.entry(update.key()).or_default().push(update.clone());
    }
    keys.iter().map(|key| left.get_mut(key).unwrap().pop().unwrap()).collect()
}

/// Cuts a list into transactions.
fn split(rng: &mut Rng, updates: Vec<Wish>, way: u64) -> Vec<Vec<Wish>> {
    let mut groups: Vec<Vec<Wish>> = Vec::new();
    for update in updates {
        let cut = match way {
            0 => false,
            1 => true,
            _ => rng.one_in(4),
        };
        match groups.last_mut() {
            Some(group) if !cut => group.push(update),
            _ => groups.push(vec![update]),
        }
    }
    groups
}

/// Catches: a plan whose region does not spread through groups of any-of needs; the first value of a key instead of
/// the last.
#[test]
fn invariant_01_any_order_and_grouping_ends_in_the_same_content() {
    seeds::run(60, |seed| async move {
        let mut rng = Rng::new(seed);
        let shape = Shape::plain(&mut rng);
        let updates: Vec<Wish> = (0..4 + rng.below(24)).map(|_| shape.wish(&mut rng)).collect();
        let mut first = None;
        for way in 0..4 {
            let order = if way < 2 { updates.clone() } else { reorder(&mut rng, &updates) };
            let groups = split(&mut rng, order, way);
            note(format!("way {way}"));
            let config = Config { in_flight: 1 + rng.below(8) as usize, ..Config::default() };
            let mut case = Case::quiet(seed + way, shape, config).await;
            for group in groups {
                let simulate = rng.one_in(2);
                case.transact(&group, Txn { simulate, ..Txn::default() }).await;
            }
            case.check("all updates").await;
            let content = contents(&case.setup);
            assert_eq!(*first.get_or_insert_with(|| content.clone()), content);
        }
    });
}

/// Catches: a value that cannot be expressed taken for what is wished.
#[test]
fn invariant_02_the_same_again_calls_nothing_and_changes_no_status() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, crate::case::Faults::Never).await;
        case.some(5).await;
        case.check("some steps").await;
        let (before, size) = (statuses(&case.setup).await, case.setup.s.size().await);
        let again = case.everything_again();
        let went = case.transact(&again, Txn::default()).await;
        assert_eq!(went.spoken(), [""; 0]);
        assert_eq!((statuses(&case.setup).await, case.setup.s.size().await), (before, size));
        let news = tokio::time::timeout(Duration::ZERO, case.watch.next()).await;
        assert!(news.is_err(), "told {news:?}");
    });
}

/// Garbage: objects that an earlier life of ours made, of any content, some on top of each other.
fn litter(case: &mut Case) {
    let (rng, mut planted) = (&mut case.rng, Vec::new());
    for i in 0..case.shape.n + 2 {
        if rng.one_in(2) {
            continue;
        }
        let uses = planted.iter().filter(|_| rng.one_in(4)).cloned().collect();
        let auto = rng.one_in(2).then_some(1500 + rng.below(2) as u32);
        let content = Content { rev: rng.below(4) as u32, stiff: rng.one_in(3), auto, uses };
        note(format!("litter n{i} {content:?}"));
        case.setup.a.plant(&t(&format!("n{i}")), content, true);
        planted.push(t(&format!("n{i}")));
        for id in (0..4).filter(|_| rng.one_in(3)).collect::<Vec<_>>() {
            let content = Content {
                rev: rng.below(4) as u32,
                uses: planted[planted.len() - 1..].to_vec(),
                ..Content::default()
            };
            case.setup.a.plant(&format!("p/n{i}/{id}"), content, true);
        }
    }
    for i in (0..4).filter(|_| rng.one_in(2)).collect::<Vec<_>>() {
        let content = Content { rev: rng.below(4) as u32, ..Content::default() };
        case.setup.b.plant(&format!("config/m/m{i}"), content, true);
        case.setup.made.lock().unwrap().insert(format!("config/m/m{i}").into());
    }
}

/// Catches: objects of others taken for ours; garbage that stays.
#[test]
fn invariant_03_a_full_resync_over_garbage_ends_as_a_fresh_start() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, crate::case::Faults::Never).await;
        case.shape.invalid = false;
        litter(&mut case);
        let strangers: BTreeMap<String, u64> = case
            .wishes
            .foreign
            .keys()
            .map(|key| (key.clone(), case.setup.a.world().objects[key].handle))
            .collect();
        case.another_agent(Config { in_flight: 1 + seed as usize % 8, ..Config::default() }).await;
        let wishes: Vec<Wish> =
            (0..case.shape.n).map(|_| case.shape.wish(&mut case.rng)).filter(Wish::is_value).collect();
        case.transact(&wishes, Txn { resync: Resync::Full, complete: true, ..Txn::default() }).await;
        case.check("a resync over garbage").await;
        for key in case.wishes.foreign.keys() {
            assert_eq!(case.setup.a.world().objects[key].handle, strangers[key], "{key} is not what it was");
        }
        // A fresh start with the same objects of others and the same wishes.
        let mut fresh = Case::new(seed, crate::case::Faults::Never).await;
        fresh.transact(&wishes, Txn::default()).await;
        assert_eq!(case.contents(), fresh.contents());
        assert_eq!(statuses(&case.setup).await, statuses(&fresh.setup).await);
    });
}

/// Catches: nothing that is retrieved taken for as wished; a list that does not remove what is not on it.
#[test]
fn invariant_04_a_resync_of_any_kind_after_convergence_calls_nothing() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, crate::case::Faults::Never).await;
        case.some(5).await;
        let before = statuses(&case.setup).await;
        for resync in [Resync::Downstream, Resync::Upstream, Resync::Full, Resync::Downstream] {
            let wishes = if resync == Resync::Downstream { Vec::new() } else { case.everything_again() };
            let went = case.transact(&wishes, Txn { resync, ..Txn::default() }).await;
            assert_eq!(went.spoken(), [""; 0], "{resync:?}");
            assert_eq!(statuses(&case.setup).await, before, "{resync:?}");
        }
        case.check("resyncs").await;
        // What is not listed any more goes.
        let mut listed = case.everything_again();
        let dropped = listed.split_off(case.rng.below(listed.len() as u64 + 1) as usize);
        let gone: Vec<Wish> = dropped.iter().map(Wish::away).collect();
        case.wish(&gone);
        let resync = if case.rng.one_in(2) { Resync::Full } else { Resync::Upstream };
        case.transact(&listed, Txn { resync, ..Txn::default() }).await;
        case.check("a shorter list").await;
    });
}

/// Catches: nodes that are not forgotten.
#[test]
fn invariant_05_deleting_everything_leaves_nothing() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, crate::case::Faults::Calls).await;
        for _ in 0..4 {
            case.break_something();
            case.go(Txn { retry: Some(Retry { max: 0, ..Retry::default() }), ..Txn::default() }).await;
            case.mend().await;
        }
        let signals = case.wishes.signals.clone();
        case.setup.s.notify(signals.iter().map(|name| signal(name, false)).collect());
        case.wishes.signals.clear();
        let nothing = case.nothing();
        case.transact(&nothing, Txn { retry: Some(Retry::default()), ..Txn::default() }).await;
        let left: Vec<String> = objects(&case.setup).into_keys().collect();
        let foreign: Vec<String> = case.wishes.foreign.keys().cloned().collect();
        assert_eq!(left, foreign);
        assert_eq!(case.setup.s.size().await, foreign.len(), "nodes are left");
        let known: BTreeSet<String> = statuses(&case.setup).await.into_keys().collect();
        assert_eq!(known, foreign.iter().cloned().collect());
        let cached = case.setup.s.values(View::Cached, Select::All).await;
        assert!(cached.iter().all(|item| item.origin == Origin::Sb), "{cached:?}");
        assert_eq!(case.setup.s.values(View::Nb, Select::All).await.len(), 0);
        assert!(case.setup.made.lock().unwrap().is_empty());
        // Nothing is tried again, ever.
        let records = case.setup.s.history().records().len();
        case.setup.a.world().retrieved.clear();
        seconds(3600).await;
        assert_eq!(calls(&case.setup).len(), 0);
        assert_eq!(case.setup.s.history().records().len(), records);
        assert!(case.setup.a.world().retrieved.is_empty());
    });
}

/// Catches: nodes that are not forgotten.
#[test]
fn invariant_06_what_comes_and_goes_leaves_everything_as_it_was() {
    seeds::run(100, |seed| async move {
        let mut case = Case::new(seed, crate::case::Faults::Never).await;
        case.some(4).await;
        let free: Vec<String> = (0..case.shape.n)
            .map(|i| format!("n{i}"))
            .filter(|name| !case.last.contains_key(&t(name)))
            .collect();
        let (before, known, size) =
            (objects(&case.setup), statuses(&case.setup).await, case.setup.s.size().await);
        case.shape.invalid = false;
        if let Some(name) = free.first() {
            let value = case.shape.named(&mut case.rng, name.clone());
            case.transact(&[Wish::Thing(value)], Txn::default()).await;
            case.transact(&[Wish::NoThing(name.clone())], Txn::default()).await;
            let after = objects(&case.setup);
            assert_eq!(format!("{before:?}"), format!("{after:?}"));
            assert_eq!((statuses(&case.setup).await, case.setup.s.size().await), (known.clone(), size));
        }
        // There and back again: the content is the same, though it may have been made anew on the way.
        let good = |wish: &Wish| {
            matches!(wish, Wish::Thing(thing) if thing.rev != 13
            && thing.parts.iter().all(|part| part.rev != 13))
        };
        let Some(Wish::Thing(a)) = case.last.values().find(|wish| good(wish)).cloned() else { return };
        let content = contents(&case.setup);
        let b = case.shape.named(&mut case.rng, a.name.clone());
        let there_and_back = [Wish::Thing(b), Wish::Thing(a)];
        let went = case.transact(&there_and_back, Txn::default()).await;
        assert_eq!(went.spoken(), [""; 0], "in one transaction nothing happened");
        for wish in there_and_back {
            case.transact(&[wish], Txn::default()).await;
        }
        assert_eq!(contents(&case.setup), content);
        assert_eq!((statuses(&case.setup).await, case.setup.s.size().await), (known, size));
    });
}

/// Catches: values compared instead of images.
#[test]
fn invariant_07_what_means_nothing_calls_nothing_and_is_remembered() {
    seeds::run(100, |seed| async move {
        let mut case = Case::new(seed, crate::case::Faults::Never).await;
        case.some(4).await;
        let known = statuses(&case.setup).await;
        let mut wishes: Vec<Wish> = case.everything_again();
        for wish in &mut wishes {
            if let Wish::Thing(thing) = wish {
                thing.comment += 10;
            }
        }
        let went = case.transact(&wishes, Txn::default()).await;
        assert_eq!(went.spoken(), [""; 0]);
        assert_eq!(statuses(&case.setup).await, known);
        for view in [View::Nb, View::Cached] {
            for item in case.setup.s.values(view, Select::Descriptor("thing".into())).await {
                let thing = (&*item.value as &dyn std::any::Any).downcast_ref::<Thing>().unwrap();
                let invalid = case.wishes.invalid.contains(&*item.key);
                let ours = case.last.contains_key(&*item.key) && !(invalid && view == View::Cached);
                assert!(!ours || thing.comment >= 10, "{view:?} {thing:?}");
            }
        }
    });
}
