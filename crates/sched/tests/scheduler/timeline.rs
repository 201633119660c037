//! What was in force at what time.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// Without the values.
fn outline(revisions: &[Revision]) -> Vec<(u64, State, bool)> {
    revisions.iter().map(|revision| (revision.seq, revision.state, revision.until.is_some())).collect()
}
fn rev_of(revision: &Revision) -> u32 {
    let value: &dyn std::any::Any = &**revision.value.as_ref().unwrap();
    value.downcast_ref::<Thing>().unwrap().rev
}
fn stop(setup: &Setup, seq: u64) -> SystemTime {
    setup.s.history().by_seq(seq).unwrap().stop
}

#[tokio::test(start_paused = true)]
async fn a_key_has_one_revision_for_each_time_it_was_different() {
    let setup = Setup::new().await;
    let key = t("a");
    let needs_b = |rev| put(Thing { refs: names(&["b"]), ..thing("a", rev) });
    let waits = setup.commit(vec![needs_b(1)]).await.seq;
    let made = setup.commit(vec![put(thing("b", 0))]).await.seq;
    setup.commit(vec![put(thing("c", 0))]).await;
    setup.commit(vec![needs_b(1)]).await;
    setup.a.fault(&key, Fault::Forbid);
    let failed = setup.commit(vec![needs_b(2)]).await.seq;
    setup.a.heal();
    let changed = setup.commit(vec![needs_b(3)]).await.seq;
    let removed = setup.commit(vec![gone(&key)]).await.seq;
    let back = setup.commit(vec![needs_b(4)]).await.seq;

    let revisions = setup.s.timeline(&key).await;
    let expected = [
        (waits, State::Pending, true),
        (made, State::Configured, true),
        (failed, State::Failed, true),
        (changed, State::Configured, true),
        (back, State::Configured, false),
    ];
    assert_eq!(outline(&revisions), expected);
    assert_eq!(revisions.iter().map(rev_of).collect::<Vec<_>>(), [1, 1, 1, 3, 4]);
    assert_eq!(revisions[2].error.as_deref(), Some("forbidden"));
    let unavailable: Vec<bool> = revisions.iter().map(|revision| revision.unavailable).collect();
    assert_eq!(unavailable, [true, false, false, false, false]);
    assert_eq!(revisions[3].until, Some(stop(&setup, removed)));
    assert_eq!(revisions[4].since, stop(&setup, back));
    assert!(revisions.windows(2).all(|pair| pair[0].until.unwrap() <= pair[1].since));
    let first = &revisions[0];
    assert_eq!((&*first.label, first.descriptor, &first.derived), ("a", "thing", &None));
    let target = |matching: &[&str]| Target {
        derives: false,
        expected: t("b").into(),
        any: false,
        matching: matching.iter().map(|&key| key.into()).collect(),
    };
    assert_eq!(first.targets, [target(&[])]);
    assert_eq!(revisions[1].targets, [target(&["config/t/b"])]);
    assert!(revisions[3].metadata.is_null() && revisions[4].metadata["index"].is_u64());
    assert_eq!(outline(&setup.s.timeline("config/t/nobody").await), []);
    setup.commit(vec![gone(&key)]).await;
    assert!(setup.s.timeline(&key).await.last().unwrap().until.is_some());
}

#[tokio::test(start_paused = true)]
async fn parts_name_their_base_and_groups_their_members() {
    let setup = Setup::new().await;
    let parts = vec![part("b", 1, 0), part("b", 2, 0)];
    let a = Thing { any: Some("b".into()), ..thing("a", 0) };
    setup.commit(vec![put(a), put(Thing { parts, ..thing("b", 0) })]).await;
    let part = setup.s.timeline("p/b/1").await.remove(0);
    assert_eq!((part.derived.as_deref(), part.descriptor, &*part.label), (Some("config/t/b"), "part", "b/1"));
    let base = setup.s.timeline(&t("b")).await.remove(0);
    let derives: Vec<_> = base.targets.iter().map(|target| (target.derives, &*target.expected)).collect();
    assert_eq!(derives, [(true, "p/b/1"), (true, "p/b/2")]);
    let members = ["p/b/1".into(), "p/b/2".into()];
    for revision in [setup.s.timeline(&t("a")).await.remove(0), setup.s.snapshot(None).await.remove(0)] {
        let target = &revision.targets[0];
        assert_eq!((target.any, &*target.expected, &target.matching[..]), (true, "p/b/", &members[..]));
    }
}

/// Everything that can be seen: state, error and what is there, by key.
type Sight = BTreeMap<String, (State, Option<String>, String)>;

async fn live(setup: &Setup) -> Sight {
    let mut seen = Sight::new();
    let cached = setup.s.values(View::Cached, Select::All).await;
    let cached: BTreeMap<_, _> =
        cached.iter().map(|item| (&*item.key, format!("{:?}", item.value))).collect();
    for status in setup.s.statuses(Select::All).await {
        let base = cached.get(&*status.value.key).cloned().unwrap_or_default();
        seen.insert(status.value.key.to_string(), (status.value.state, status.value.error, base));
        for part in status.derived {
            seen.insert(part.key.to_string(), (part.state, part.error, String::new()));
        }
    }
    seen
}
fn past(snapshot: &[Revision]) -> Sight {
    let entry = |revision: &Revision| {
        let there = !revision.unavailable && revision.derived.is_none();
        let value = revision.value.as_ref().filter(|_| there).map(|value| format!("{value:?}"));
        let error = revision.error.as_deref().map(str::to_owned);
        (revision.key.to_string(), (revision.state, error, value.unwrap_or_default()))
    };
    snapshot.iter().map(entry).collect()
}

struct Dice(u64);
impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

/// A transaction of a few changes to six things that refer to each other and have parts.
fn changes(dice: &mut Dice) -> Vec<Intent> {
    let name = |i: u64| ["a", "b", "c", "d", "e", "f"][i as usize].to_owned();
    let change = |dice: &mut Dice| {
        let me = name(dice.roll(6));
        if dice.roll(4) == 0 {
            return gone(&t(&me));
        }
        let refs = (0..dice.roll(2)).map(|_| name(dice.roll(6))).filter(|other| *other > me).collect();
        let parts = (0..dice.roll(3) as u32).map(|id| part(&me, id, dice.roll(2) as u32)).collect();
        let rev = [0, 1, 2, 13][dice.roll(4) as usize];
        let any = (dice.roll(4) == 0).then(|| name(dice.roll(6)));
        put(Thing { refs, parts, any, stiff: dice.roll(3) == 0, ..thing(&me, rev) })
    };
    (0..1 + dice.roll(3)).map(|_| change(dice)).collect()
}

#[tokio::test(start_paused = true)]
async fn the_past_is_remembered_as_it_was() {
    let setup = Setup::new().await;
    let mut dice = Dice(0x5eed_1234_9876);
    let mut moments: Vec<(u64, Sight)> = Vec::new();
    let mut keys = std::collections::BTreeSet::new();
    for round in 0..300 {
        for key in ["a", "b", "c"].map(t) {
            let faults = [None, Some(Fault::Forbid), Some(Fault::Half), Some(Fault::LostAfter)];
            match faults[dice.roll(4) as usize] {
                Some(fault) if dice.roll(4) == 0 => setup.a.fault(&key, fault),
                _ => _ = setup.a.world().faults.remove(&key),
            }
        }
        if round % 40 == 39 {
            setup.a.crash();
            setup.a.up();
        }
        let report = match dice.roll(10) {
            0 => setup.resync(Resync::Full, changes(&mut dice)).await,
            1 => {
                let key = t(["a", "b", "c"][dice.roll(3) as usize]);
                setup.a.steal(&key);
                setup.resync(Resync::Downstream, vec![]).await
            }
            2 => {
                let (changes, revert) = (changes(&mut dice), true);
                setup.s.commit(Txn { changes, revert, ..Txn::default() }).await.unwrap()
            }
            _ => setup.commit(changes(&mut dice)).await,
        };
        let seen = live(&setup).await;
        let mut counts: BTreeMap<State, u64> = BTreeMap::new();
        seen.values().for_each(|(state, ..)| *counts.entry(*state).or_default() += 1);
        assert_eq!(setup.s.statistics().await.values, counts, "round {round}");
        keys.extend(seen.keys().cloned());
        assert_eq!(past(&setup.s.snapshot(None).await), seen, "now, round {round}");
        moments.push((report.seq, seen));
    }
    for (seq, seen) in &moments {
        let snapshot = setup.s.snapshot(Some(stop(&setup, *seq))).await;
        assert_eq!(&past(&snapshot), seen, "after transaction {seq}");
        assert!(snapshot.is_sorted_by(|a, b| a.key < b.key), "each key once, in order");
    }
    let newest = &moments.last().unwrap().1;
    for key in &keys {
        let revisions = setup.s.timeline(key).await;
        assert!(revisions.windows(2).all(|pair| pair[0].until.unwrap() <= pair[1].since), "{key}");
        assert!(revisions.iter().all(|revision| revision.until.is_none_or(|until| revision.since < until)));
        assert_eq!(revisions.last().unwrap().until.is_none(), newest.contains_key(key), "{key}");
    }
    assert!(keys.len() > 12, "parts as well");
}

#[tokio::test(start_paused = true)]
async fn while_a_transaction_runs_readers_see_what_was_before_it() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    let before = past(&setup.s.snapshot(None).await);
    setup.a.fault(&t("c"), Fault::Hang);
    let s = setup.s.clone();
    let changes = vec![put(thing("a", 1)), gone(&t("b")), put(thing("c", 0))];
    let running = tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await });
    while setup.a.has(&t("b")) || setup.a.world().flying == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(past(&setup.s.snapshot(None).await), before);
    assert_eq!(setup.s.timeline(&t("b")).await.len(), 1);
    assert!(setup.s.timeline(&t("c")).await.is_empty());
    setup.a.release();
    running.await.unwrap().unwrap();
    assert_eq!(past(&setup.s.snapshot(None).await).keys().collect::<Vec<_>>(), ["config/t/a", "config/t/c"]);
    assert_eq!(setup.s.timeline(&t("a")).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_past_keeps_within_its_budget_and_its_age() {
    let setup = Setup::with(Config { timeline_bytes: 20_000, ..Config::default() });
    setup.commit(vec![put(thing("quiet", 0))]).await;
    for rev in 0..500 {
        setup.commit(vec![put(thing("a", rev)), put(thing("b", rev))]).await;
    }
    let revisions = setup.s.timeline(&t("a")).await;
    assert!((10..50).contains(&revisions.len()), "{}", revisions.len());
    assert_eq!(revisions.iter().map(rev_of).next_back(), Some(499));
    // Half of the room is for the first, the rest for the newest; in each part nothing is left out.
    let gaps = revisions.windows(2).filter(|pair| pair[0].until != Some(pair[1].since)).count();
    assert!(gaps <= 1, "{gaps}");
    assert_eq!(setup.s.timeline(&t("quiet")).await.len(), 1);
    let none = Duration::ZERO;
    for config in [
        Config { history_age: none, history_keep_first: none, ..Config::default() },
        Config { record: false, ..Config::default() },
        Config { timeline_bytes: 0, ..Config::default() },
    ] {
        let setup = Setup::with(config);
        setup.commit(vec![put(thing("a", 0))]).await;
        let seq = setup.commit(vec![put(thing("a", 1))]).await.seq;
        assert_eq!(outline(&setup.s.timeline(&t("a")).await), [(seq, State::Configured, false)]);
    }
}

#[tokio::test(start_paused = true)]
async fn flags_are_counted_over_all_revisions() {
    let setup = Setup::new().await;
    setup.a.fault(&t("f"), Fault::Forbid);
    let parts = vec![part("a", 1, 0)];
    let waits = Thing { refs: names(&["nobody"]), ..thing("w", 0) };
    let first =
        setup.commit(vec![put(Thing { parts, ..thing("a", 0) }), put(waits), put(thing("f", 0))]).await.seq;
    let second = setup.commit(vec![put(thing("a", 1)), gone(&t("w"))]).await.seq;
    let count = |flag, prefixes: &[&str]| {
        let prefixes = prefixes.iter().map(|&prefix| prefix.to_owned()).collect();
        let s = setup.s.clone();
        async move { s.count_flag(flag, prefixes).await.into_iter().collect::<Vec<_>>() }
    };
    let of = |text: &str, count: u64| (text.to_owned(), count);
    // a twice, its part, w, f.
    let states = [of("CONFIGURED", 3), of("FAILED", 1), of("PENDING", 1)];
    assert_eq!(count(Flag::ValueState, &[]).await, states);
    assert_eq!(count(Flag::ValueState, &[&t("a"), &t("w")]).await, [of("CONFIGURED", 2), of("PENDING", 1)]);
    assert_eq!(count(Flag::Error, &[]).await, [of("forbidden", 1)]);
    assert_eq!(count(Flag::Descriptor, &[]).await, [of("part", 1), of("thing", 4)]);
    assert_eq!(count(Flag::Derived, &[]).await, [of(&t("a"), 1)]);
    assert_eq!(count(Flag::Unavailable, &[]).await, [of("", 2)]);
    let updates = [of(&format!("TXN-{first}"), 4), of(&format!("TXN-{second}"), 1)];
    assert_eq!(count(Flag::LastUpdate, &[]).await, updates);
}
