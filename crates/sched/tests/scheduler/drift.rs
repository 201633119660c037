//! What is changed behind the agent's back: found, told, mended or left.

use crate::kinds::*;
use crate::logged::Logged;
use crate::setup::Setup;
use crate::world::{Content, Fault};
use sched::*;
use std::collections::BTreeMap;
use std::time::Duration;

fn policy(rules: &[(&str, DriftAction)]) -> DriftPolicy {
    let rules = rules.iter().map(|(prefix, action)| ((*prefix).to_owned(), *action)).collect();
    DriftPolicy { rules, ..DriftPolicy::default() }
}
async fn with(drift: DriftPolicy) -> Setup {
    let setup = Setup::with(Config { drift, ..Config::default() });
    setup.s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
    setup
}
/// Somebody changes the content of an object.
fn tamper(setup: &Setup, key: &str, rev: u32) {
    setup.a.world().objects.get_mut(key).unwrap().content.rev = rev;
}
fn calls(setup: &Setup) -> Vec<String> {
    [setup.a.calls(), setup.b.calls()].concat()
}
async fn check(setup: &Setup) -> (usize, usize, usize) {
    let drift = setup.s.check().await.unwrap();
    assert_eq!(drift.unread, []);
    (drift.repaired, drift.reported, drift.ignored)
}
async fn counted(setup: &Setup) -> Vec<(&'static str, &'static str, u64)> {
    let drift = setup.s.statistics().await.drift;
    drift.into_iter().map(|((descriptor, action), count)| (descriptor, action, count)).collect()
}

#[tokio::test(start_paused = true)]
async fn nothing_changed_leaves_no_trace() {
    let setup = with(DriftPolicy::default()).await;
    setup.a.plant(&t("theirs"), Content::default(), false);
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    setup.commit(vec![put(a), put(Mark { name: "m".into(), ..Mark::default() })]).await;
    check(&setup).await;
    let (watch, logged) = (setup.s.watch(Select::All), Logged::default());
    let _guard = logged.listen();
    let before = (setup.s.history().records().len(), setup.s.statistics().await.processed);
    calls(&setup);
    for _ in 0..3 {
        assert_eq!(check(&setup).await, (0, 0, 0));
    }
    assert_eq!((setup.s.history().records().len(), setup.s.statistics().await.processed), before);
    assert_eq!((calls(&setup), logged.lines("behind")), (vec![], vec![]));
    assert!(tokio::time::timeout(Duration::from_secs(1), watch.next()).await.is_err());
    assert_eq!(counted(&setup).await, []);
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_removed_or_made_is_mended_in_one_transaction() {
    let setup = with(DriftPolicy::default()).await;
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    setup.commit(vec![put(a), put(thing("b", 0)), put(thing("c", 0))]).await;
    tamper(&setup, &t("a"), 7);
    setup.a.steal(&t("b"));
    setup.a.plant(&t("extra"), Content::default(), true);
    calls(&setup);
    let logged = Logged::default();
    let _guard = logged.listen();
    let before = setup.s.history().records().len();
    assert_eq!(check(&setup).await, (3, 0, 0));
    let mut done = calls(&setup);
    done.sort();
    assert_eq!(done, ["create config/t/b", "delete config/t/extra", "update config/t/a"]);
    let records = setup.s.history().records();
    assert_eq!(records.len(), before + 1);
    let record = records.last().unwrap();
    assert_eq!((record.kind, record.resync), (TxnKind::NbTransaction, Resync::None));
    assert_eq!(record.description, "drift: 3 to be repaired, 0 reported");
    let mut lines = logged.lines("behind");
    lines.sort();
    let expected = [
        "config/t/a was changed behind the agent's back: it is not as it was made; it is mended",
        "config/t/b was changed behind the agent's back: it is gone; it is mended",
        "config/t/extra was changed behind the agent's back: it is there, although nobody wants it; it is mended",
    ];
    assert_eq!(lines, expected);
    assert_eq!(counted(&setup).await, [("thing", "repaired", 3)]);
    assert_eq!(check(&setup).await, (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_hangs_on_something_removed_is_mended_with_it() {
    let setup = with(DriftPolicy::default()).await;
    let on = |name: &str, on: &str| put(Thing { refs: names(&[on]), ..thing(name, 0) });
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    let mark = put(Mark { name: "m".into(), rev: 0, on: Some("a".into()) });
    setup.commit(vec![put(a), on("b", "a"), mark]).await;
    setup.a.steal(&t("a")); // with b and the part; the mark stays in the other southbound
    calls(&setup);
    check(&setup).await;
    for key in [&*t("a"), "p/a/1", &*t("b"), "config/m/m"] {
        assert_eq!(setup.state(key).await, State::Configured, "{key}");
    }
    let handle = setup.a.world().objects[&t("a")].handle.to_string();
    assert_eq!(setup.b.world().objects["config/m/m"].tag.signal, Some(handle));
    assert_eq!(setup.a.world().wrong, [""; 0]);
    assert_eq!(check(&setup).await, (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_only_reported_is_shown_and_not_touched_until_somebody_asks() {
    for by_resync in [false, true] {
        let setup = with(policy(&[("config/t/", DriftAction::Report)])).await;
        let all = || vec![put(thing("a", 0)), put(thing("b", 0))];
        setup.commit(all()).await;
        tamper(&setup, &t("a"), 7);
        setup.a.steal(&t("b"));
        setup.a.plant(&t("extra"), Content::default(), true);
        let watch = setup.s.watch(Select::All);
        calls(&setup);
        assert_eq!(check(&setup).await, (0, 3, 0));
        let told: BTreeMap<_, _> =
            watch.next().await.into_iter().map(|s| (s.value.key.to_string(), s.value.state)).collect();
        let expected = [(t("a"), State::Pending), (t("b"), State::Missing), (t("extra"), State::Discovered)];
        assert_eq!(told, BTreeMap::from(expected));
        assert_eq!(
            setup.details(&t("a")).await,
            ["changed behind the agent's back: it is not as it was made"]
        );
        assert_eq!(setup.details(&t("b")).await, ["changed behind the agent's back: it is gone"]);
        let why = setup.s.explain(&t("a")).await;
        assert!(why.summary.contains("behind the agent's back"), "{}", why.summary);
        // Once is enough, unless it changes again.
        assert_eq!(check(&setup).await, (0, 0, 0));
        setup.commit(vec![put(thing("other", 0))]).await;
        assert_eq!(calls(&setup), ["create config/t/other"]);
        tamper(&setup, &t("a"), 8);
        assert_eq!(check(&setup).await, (0, 1, 0));
        assert_eq!(counted(&setup).await, [("thing", "reported", 4)]);
        assert_eq!(calls(&setup), [""; 0]);
        match by_resync {
            true => drop(setup.resync(Resync::Downstream, vec![]).await),
            false => drop(setup.commit(all()).await),
        }
        for key in [t("a"), t("b")] {
            assert_eq!(
                (setup.state(&key).await, setup.details(&key).await),
                (State::Configured, vec![]),
                "{key}"
            );
        }
        assert_eq!(setup.a.has(&t("extra")), !by_resync);
        assert_eq!(check(&setup).await, (0, 0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_reported_and_put_right_by_others_is_in_force_again() {
    let setup = with(DriftPolicy { default: DriftAction::Report, ..DriftPolicy::default() }).await;
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    tamper(&setup, &t("a"), 7);
    setup.a.steal(&t("b"));
    assert_eq!(check(&setup).await, (0, 2, 0));
    tamper(&setup, &t("a"), 0);
    setup.a.plant(&t("b"), Content { auto: None, ..Content::default() }, true);
    calls(&setup);
    assert_eq!(check(&setup).await, (0, 0, 0));
    for key in [t("a"), t("b")] {
        assert_eq!(
            (setup.state(&key).await, setup.details(&key).await),
            (State::Configured, vec![]),
            "{key}"
        );
    }
    assert_eq!(calls(&setup), [""; 0]);
    // And it goes as any other.
    setup.commit(vec![gone(&t("a")), gone(&t("b"))]).await;
    assert_eq!((setup.a.has(&t("a")), setup.s.size().await), (false, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_ignored_is_counted_once_and_left() {
    let setup =
        with(policy(&[("config/t/", DriftAction::Repair), ("config/t/x", DriftAction::Ignore)])).await;
    setup.commit(vec![put(thing("a", 0)), put(thing("x1", 0)), put(thing("x2", 0))]).await;
    for key in ["a", "x1"] {
        tamper(&setup, &t(key), 7);
    }
    setup.a.steal(&t("x2"));
    setup.a.plant(&t("x3"), Content::default(), true);
    calls(&setup);
    assert_eq!(check(&setup).await, (1, 0, 3));
    assert_eq!(calls(&setup), ["update config/t/a"]);
    assert_eq!(check(&setup).await, (0, 0, 0));
    for key in ["x1", "x2"] {
        assert_eq!(setup.state(&t(key)).await, State::Configured);
    }
    assert_eq!(setup.state(&t("x3")).await, State::Nonexistent);
    tamper(&setup, &t("x1"), 8);
    assert_eq!(check(&setup).await, (0, 0, 1), "changed again");
    tamper(&setup, &t("x1"), 0);
    assert_eq!(check(&setup).await, (0, 0, 0), "put right");
    tamper(&setup, &t("x1"), 8);
    assert_eq!(check(&setup).await, (0, 0, 1), "changed once more");
    assert_eq!(counted(&setup).await, [("thing", "ignored", 5), ("thing", "repaired", 1)]);
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.world().objects[&t("x1")].content.rev, 0);
    assert!(setup.a.has(&t("x2")) && !setup.a.has(&t("x3")));
}

#[tokio::test(start_paused = true)]
async fn what_is_ignored_is_told_to_watchers_once_and_again_when_it_is_over() {
    let setup = with(policy(&[("", DriftAction::Ignore)])).await;
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    setup.commit(vec![put(a), put(thing("b", 0)), put(thing("c", 0))]).await;
    let watch = setup.s.watch(Select::All);
    let told = async || {
        let changed = tokio::time::timeout(Duration::from_secs(1), watch.next()).await.unwrap_or_default();
        let all = changed.into_iter().flat_map(|status| [vec![status.value], status.derived].concat());
        let with = all.map(|status| {
            assert_eq!(status.state, State::Configured, "{}", status.key);
            (status.key.to_string(), status.details.join(", "))
        });
        with.collect::<BTreeMap<_, _>>()
    };
    let texts = |rows: &[(&str, &str)]| {
        let row = |(key, text): &(&str, &str)| ((*key).to_owned(), (*text).to_owned());
        rows.iter().map(row).collect::<BTreeMap<_, _>>()
    };
    let (gone, other) = (
        "changed behind the agent's back and left so: it is gone",
        "changed behind the agent's back and left so: it is not as it was made",
    );
    tamper(&setup, &t("b"), 7);
    setup.a.steal("p/a/1");
    assert_eq!(check(&setup).await, (0, 0, 2));
    let expected = texts(&[(&t("a"), ""), ("p/a/1", gone), (&t("b"), other)]);
    assert_eq!(told().await, expected);
    // Whoever asks later hears the same.
    assert_eq!(setup.details(&t("b")).await, [other]);
    let why = setup.s.explain(&t("b")).await;
    assert!(why.summary.ends_with(&format!("and was {other}.")), "{}", why.summary);
    assert_eq!(check(&setup).await, (0, 0, 0));
    assert_eq!(told().await, texts(&[]));
    // Somebody puts one right; the other is mended by a resync.
    tamper(&setup, &t("b"), 0);
    assert_eq!(check(&setup).await, (0, 0, 0));
    assert_eq!(told().await, texts(&[(&t("b"), "")]));
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(told().await, texts(&[(&t("a"), ""), ("p/a/1", "")]));
    // A resync finds that somebody put it right.
    tamper(&setup, &t("c"), 7);
    check(&setup).await;
    assert_eq!(told().await, texts(&[(&t("c"), other)]));
    tamper(&setup, &t("c"), 0);
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(told().await, texts(&[(&t("c"), "")]));
}

#[tokio::test(start_paused = true)]
async fn reported_parts_stay_even_if_their_base_is_mended() {
    let setup = with(policy(&[("p/", DriftAction::Report)])).await;
    let parts = vec![part("a", 1, 0), part("a", 2, 0)];
    setup.commit(vec![put(Thing { parts, ..thing("a", 0) })]).await;
    tamper(&setup, &t("a"), 7);
    setup.a.steal("p/a/1");
    calls(&setup);
    assert_eq!(check(&setup).await, (1, 1, 0));
    assert_eq!(calls(&setup), ["update config/t/a"]);
    assert_eq!(setup.state("p/a/1").await, State::Missing);
    let status = setup.status(&t("a")).await;
    assert_eq!(status.value.state, State::Configured);
    // The base is submitted again as it is: that is asking for its parts.
    let parts = vec![part("a", 1, 0), part("a", 2, 0)];
    setup.commit(vec![put(Thing { parts, ..thing("a", 0) })]).await;
    assert_eq!(calls(&setup), ["create p/a/1"]);
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_short_or_missing_cause_nothing() {
    let setup = with(DriftPolicy::default()).await;
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    let mark = put(Mark { name: "m".into(), rev: 0, on: Some("a".into()) });
    setup.commit(vec![put(a), mark]).await;
    setup.a.world().short.insert(t("a"));
    calls(&setup);
    assert_eq!(check(&setup).await, (0, 0, 0), "short");
    let before = setup.s.history().records().len();
    setup.a.world().deaf.insert("thing");
    tamper(&setup, &t("a"), 7);
    setup.b.steal("config/m/m");
    let drift = setup.s.check().await.unwrap();
    let unread: Vec<_> = drift.unread.iter().map(|(name, reason)| (*name, &**reason)).collect();
    let because = "it reads thing, which could not be retrieved";
    assert_eq!(unread, [("thing", "no thing today"), ("part", because), ("mark", because)]);
    for key in [&*t("a"), "p/a/1", "config/m/m"] {
        assert_eq!(setup.state(key).await, State::Configured, "{key}");
    }
    assert_eq!((calls(&setup), setup.s.history().records().len()), (vec![], before));
    // Neither is anything held up by it.
    setup.commit(vec![put(thing("b", 0))]).await;
    assert_eq!(calls(&setup), ["create config/t/b"]);
    setup.a.heal();
    assert_eq!(check(&setup).await, (2, 0, 0));
    setup.b.down();
    setup.b.up();
    setup.a.down();
    assert_eq!(check(&setup).await, (0, 0, 0), "away");
}

#[tokio::test(start_paused = true)]
async fn kinds_that_are_skipped_are_not_asked_for() {
    let logged = Logged::default();
    let _guard = logged.listen();
    let setup =
        with(DriftPolicy { skip: names(&["thing", "mark", "think"]), ..DriftPolicy::default() }).await;
    let expected = "no descriptor is named \"think\": it cannot be left out of the search for changes";
    assert_eq!(logged.lines("no descriptor"), [expected]);
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    setup.commit(vec![put(a), put(Mark { name: "m".into(), ..Mark::default() })]).await;
    tamper(&setup, &t("a"), 7);
    setup.a.steal("p/a/1");
    setup.a.world().retrieved.clear();
    setup.b.world().retrieved.clear();
    assert_eq!(check(&setup).await, (1, 0, 0));
    let retrieved = |fake: &crate::world::Fake| fake.world().retrieved.iter().all(|&kind| kind == "part");
    assert!(retrieved(&setup.a) && retrieved(&setup.b));
    assert!(setup.a.has("p/a/1"));
}

#[tokio::test(start_paused = true)]
async fn it_is_looked_at_in_time_once_every_source_has_answered() {
    let interval = Duration::from_secs(10);
    let drift = DriftPolicy { interval, ..DriftPolicy::default() };
    let setup = Setup::with(Config { drift, ..Config::default() });
    setup.commit(vec![put(thing("a", 0))]).await;
    let asked = || setup.a.world().retrieved.len();
    let before = asked();
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert_eq!(asked(), before, "some source has not answered yet");
    setup.s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
    setup.a.steal(&t("a"));
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(!setup.a.has(&t("a")) && asked() == before);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(setup.a.has(&t("a")));
    assert_eq!(counted(&setup).await, [("thing", "repaired", 1)]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_mended_at_once_is_tried_again() {
    let setup = with(DriftPolicy::default()).await;
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.steal(&t("a"));
    setup.a.fault(&t("a"), Fault::Refuse);
    assert_eq!(check(&setup).await, (1, 0, 0));
    assert_eq!(setup.state(&t("a")).await, State::Retrying);
    assert_eq!(check(&setup).await, (0, 0, 0), "it is known");
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(70)).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn what_others_make_or_take_is_listed_and_used_as_ever() {
    let setup = with(DriftPolicy::default()).await;
    setup.commit(vec![put(Thing { refs: names(&["theirs"]), ..thing("a", 0) })]).await;
    assert_eq!(setup.state(&t("a")).await, State::Pending);
    setup.a.plant(&t("theirs"), Content::default(), false);
    assert_eq!(check(&setup).await, (0, 0, 0));
    assert_eq!(setup.state(&t("theirs")).await, State::Obtained);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    setup.a.steal(&t("theirs"));
    check(&setup).await;
    assert_eq!(setup.state(&t("theirs")).await, State::Nonexistent);
    assert_eq!(setup.state(&t("a")).await, State::Pending);
    assert_eq!(setup.a.world().wrong, [""; 0]);
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

/// A few things that refer to each other and have parts.
fn changes(dice: &mut Dice) -> Vec<Intent> {
    let name = |i: u64| ["a", "b", "c", "d", "e"][i as usize].to_owned();
    let change = |i: u64, dice: &mut Dice| {
        let me = name(i);
        if dice.roll(6) == 0 {
            return gone(&t(&me));
        }
        let refs = (0..dice.roll(2)).map(|_| name(dice.roll(5))).filter(|other| *other > me).collect();
        let parts = (0..dice.roll(3) as u32).map(|id| part(&me, id, 0)).collect();
        let any = (dice.roll(4) == 0).then(|| name(dice.roll(5)));
        put(Thing { refs, parts, any, stiff: dice.roll(3) == 0, ..thing(&me, dice.roll(3) as u32) })
    };
    (0..5).filter(|_| dice.roll(3) > 0).collect::<Vec<_>>().into_iter().map(|i| change(i, dice)).collect()
}

#[tokio::test(start_paused = true)]
async fn whatever_is_changed_what_is_reported_is_left_alone_and_the_rest_is_mended() {
    let (mut mended, mut shown) = (0, 0);
    for seed in 1..200 {
        let mut dice = Dice(seed * 0x9e37_79b9);
        for _ in 0..8 {
            dice.roll(2);
        }
        let (of_b, of_parts) = (dice.roll(2), dice.roll(2));
        let action = |toss| if toss == 0 { DriftAction::Repair } else { DriftAction::Report };
        let setup = with(policy(&[("config/t/b", action(of_b)), ("p/", action(of_parts))])).await;
        for round in 0..6 {
            setup.commit(changes(&mut dice)).await;
            for _ in 0..dice.roll(4) {
                let keys: Vec<String> = setup.a.world().objects.keys().cloned().collect();
                let Some(key) = keys.get(dice.roll(keys.len().max(1) as u64) as usize) else { break };
                match dice.roll(3) {
                    0 => setup.a.steal(key),
                    _ => tamper(&setup, key, 50 + dice.roll(5) as u32),
                }
            }
            if dice.roll(4) == 0 {
                setup.a.plant(&t("extra"), Content::default(), true);
            }
            calls(&setup);
            let found = check(&setup).await;
            let (done, at) = (calls(&setup), format!("seed {seed}, round {round}"));
            let statuses = setup.s.statuses(Select::All).await;
            let all =
                statuses.iter().flat_map(|status| std::iter::once(&status.value).chain(&status.derived));
            let behind =
                |status: &&Status| status.details.iter().any(|text| text.starts_with("changed behind"));
            let reported: Vec<_> = all.clone().filter(behind).map(|status| status.key.to_string()).collect();
            for key in &reported {
                assert!(!done.iter().any(|call| call.ends_with(&**key)), "{at}: {key}: {done:?}");
            }
            if reported.is_empty() {
                let mut rest =
                    all.filter(|status| !matches!(status.state, State::Configured | State::Pending));
                assert!(rest.next().is_none(), "{at}: {statuses:?}");
                assert!(!setup.a.has(&t("extra")), "{at}");
            }
            (mended, shown) = (mended + found.0, shown + found.1);
            assert_eq!(check(&setup).await, (0, 0, 0), "{at}");
            assert_eq!(calls(&setup), [""; 0], "{at}");
            if dice.roll(2) == 0 {
                setup.resync(Resync::Downstream, vec![]).await;
                let seen = setup.s.statuses(Select::All).await;
                let fine = |status: &BaseStatus| {
                    let mut all = std::iter::once(&status.value).chain(&status.derived);
                    all.all(|status| {
                        matches!(status.state, State::Configured | State::Pending) && !behind(&status)
                    })
                };
                assert!(seen.iter().all(fine), "{at}: {seen:?}");
            }
        }
        assert_eq!(setup.a.world().wrong, [""; 0], "seed {seed}");
        let counted: u64 = counted(&setup).await.iter().map(|(.., count)| count).sum();
        assert!(counted > 0 || seed % 10 != 0, "seed {seed}: nothing was ever changed");
    }
    assert!(mended > 500 && shown > 200, "{mended} {shown}");
}
