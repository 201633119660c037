//! What is ours, what is not, and when what is ours and unwanted goes.

use crate::kinds::*;
use crate::setup::{Setup, registry};
use crate::world::{Content, Fake, Fault};
use sched::*;
use std::time::Duration;

fn rev(rev: u32) -> Content {
    Content { rev, ..Content::default() }
}
fn on(key: &str) -> Content {
    Content { uses: vec![t(key)], ..Content::default() }
}
async fn complete(setup: &Setup, changes: Vec<Intent>) {
    setup.s.commit(Txn { changes, complete: true, ..Txn::default() }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_nobody_asked_for_yet_stays_until_every_source_has_answered() {
    let setup = Setup::new().await;
    let b = Thing { refs: names(&["a"]), parts: vec![part("b", 1, 0)], ..thing("b", 0) };
    let mark = |rev| put(Mark { name: "m".into(), rev, on: Some("b".into()) });
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) }), put(b.clone()), mark(0)]).await;
    let setup = setup.again().await;
    setup.a.calls();
    setup.b.calls();
    // One source has answered: a changes, and what hangs on it comes back as it was.
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 1) })]).await;
    assert_eq!(setup.state(&t("b")).await, State::Discovered);
    assert_eq!(setup.state("p/b/1").await, State::Discovered);
    assert!(setup.a.has("p/b/1") && setup.b.has("config/m/m"));
    setup.resync(Resync::Downstream, vec![]).await;
    assert!(setup.a.has(&t("b")) && setup.b.has("config/m/m"));
    setup.a.calls();
    // All have, and nobody wants b.
    complete(&setup, vec![]).await;
    assert_eq!(setup.a.calls(), ["delete p/b/1", "delete config/t/b"]);
    assert!(setup.a.has(&t("a")) && !setup.b.has("config/m/m"));
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_discovered_value_that_a_source_deletes_goes_at_once() {
    let setup = Setup::new().await;
    setup
        .commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) }), put(thing("b", 0))])
        .await;
    let setup = setup.again().await;
    setup.a.calls();
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1", "delete config/t/a"]);
    assert_eq!(setup.state(&t("b")).await, State::Discovered);
}

/// What hangs on it but has a key of its own is no part of it: it goes like anything that nobody asks for.
#[tokio::test(start_paused = true)]
async fn a_found_value_that_cannot_be_expressed_any_more_spares_nothing_but_its_parts() {
    let setup = Setup::new().await;
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    setup.commit(vec![put(a), put(Thing { refs: names(&["a"]), ..thing("b", 0) })]).await;
    let setup = setup.again().await;
    setup.a.calls();
    let changes = vec![put(thing("a", 13))];
    setup.s.commit(Txn { changes, complete: true, ..Txn::default() }).await.unwrap();
    assert_eq!(setup.a.calls(), ["delete config/t/b"]);
    assert_eq!((setup.state("p/a/1").await, setup.state(&t("a")).await), (State::Discovered, State::Invalid));
    // And these until it is known whether they are wanted.
    setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1"]);
    assert_eq!(setup.state("p/a/1").await, State::Nonexistent);
}

#[tokio::test(start_paused = true)]
async fn what_leaves_no_trace_is_made_when_that_is_on_record() {
    let (a, b) = (Fake::new("alpha"), Fake::new("beta"));
    let on_made: OnMade = Box::new(|_, _| Box::pin(tokio::time::sleep(Duration::from_secs(1))));
    let s = Scheduler::spawn(registry(&a, &b), Config { on_made: Some(on_made), ..Config::default() });
    let changes = vec![put(Mark { name: "m".into(), rev: 0, on: None })];
    let mut commit = Box::pin(s.commit(Txn { changes, ..Txn::default() }));
    assert!(tokio::time::timeout(Duration::from_millis(900), &mut commit).await.is_err());
    let calls = || (a.calls(), b.calls());
    assert_eq!(calls(), (vec![], vec![]));
    commit.await.unwrap();
    let (on_a, on_b) = calls();
    assert_eq!([on_a, on_b].concat(), ["create config/m/m"]);
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_starts_again_with_the_same_intent_calls_nothing() {
    let setup = Setup::new().await;
    let changes = || {
        let a = Thing { secret: 7, parts: vec![part("a", 1, 0)], ..thing("a", 0) };
        let b = Thing { refs: names(&["a"]), ups: names(&["a"]), auto: Some(9000), ..thing("b", 0) };
        let c = Thing { any: Some("a".into()), ..thing("c", 0) };
        let m = Mark { name: "m".into(), rev: 0, on: Some("a".into()) };
        vec![put(a), put(b), put(c), put(m), put(Thing { refs: names(&["x"]), ..thing("d", 0) })]
    };
    setup.commit(changes()).await;
    let mut setup = setup;
    for resync in [Resync::Full, Resync::None] {
        setup = setup.again().await;
        setup.a.calls();
        setup.b.calls();
        // Even what the southbound cannot tell is known once it is wanted.
        setup.s.commit(Txn { changes: changes(), resync, complete: true, ..Txn::default() }).await.unwrap();
        assert_eq!((setup.a.calls(), setup.b.calls()), (vec![], vec![]), "{resync:?}");
        for key in ["config/t/a", "config/t/b", "config/t/c", "config/m/m", "p/a/1"] {
            assert_eq!(setup.state(key).await, State::Configured, "{key}");
        }
        assert_eq!(setup.state(&t("d")).await, State::Pending);
    }
}

#[tokio::test(start_paused = true)]
async fn what_others_made_is_never_touched() {
    let setup = Setup::with(Config::default());
    setup.a.plant(&t("theirs"), rev(3), false);
    setup.a.plant("p/theirs/1", on("theirs"), false);
    setup.b.plant("config/m/theirs", rev(3), false);
    complete(&setup, vec![]).await;
    for resync in [Resync::Full, Resync::Upstream, Resync::Downstream] {
        setup.resync(resync, vec![]).await;
    }
    setup.commit(vec![gone(&t("theirs")), gone("config/m/theirs")]).await;
    // It can be built on.
    setup
        .commit(vec![put(Thing { refs: names(&["theirs"]), any: Some("theirs".into()), ..thing("a", 0) })])
        .await;
    assert_eq!(setup.a.calls(), ["create config/t/a"]);
    for key in ["config/t/theirs", "p/theirs/1", "config/m/theirs"] {
        assert_eq!(setup.state(key).await, State::Obtained, "{key}");
    }
    assert_eq!(setup.b.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_cannot_be_expressed_claims_nothing_of_others() {
    let setup = Setup::with(Config::default());
    setup.a.plant(&t("theirs"), rev(3), false);
    complete(&setup, vec![]).await;
    setup.commit(vec![put(thing("theirs", 13))]).await;
    assert_eq!(setup.state(&t("theirs")).await, State::Invalid);
    // Taken back, it is theirs as it was all the time.
    setup.commit(vec![gone(&t("theirs"))]).await;
    assert_eq!(setup.state(&t("theirs")).await, State::Obtained);
    assert_eq!((setup.a.calls(), setup.a.world().objects[&t("theirs")].content.rev), (vec![], 3));
}

#[tokio::test(start_paused = true)]
async fn what_others_made_is_removed_if_so_configured_but_not_before_every_source_has_answered() {
    let setup = Setup::with(Config { remove_foreign: true, ..Config::default() });
    setup.a.plant(&t("theirs"), rev(3), false);
    setup.a.plant("p/theirs/1", on("theirs"), false);
    setup.a.world().taken.extend([t("theirs"), "p/theirs/1".into()]);
    setup.commit(vec![]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    complete(&setup, vec![]).await;
    assert_eq!(setup.a.calls(), ["delete p/theirs/1", "delete config/t/theirs"]);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_others_made_is_taken_over_as_it_is_or_changed_and_then_is_ours() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    for name in ["same", "other", "anew"] {
        setup.a.plant(&t(name), rev(3), false);
        setup.a.world().taken.insert(t(name));
    }
    complete(&setup, vec![]).await;
    let changes =
        vec![put(thing("same", 3)), put(thing("other", 4)), put(Thing { stiff: true, ..thing("anew", 4) })];
    setup.commit(changes).await;
    assert_eq!(setup.a.calls(), ["delete config/t/anew", "create config/t/anew", "update config/t/other"]);
    for name in ["same", "other", "anew"] {
        assert_eq!(setup.state(&t(name)).await, State::Configured);
    }
    setup.commit(vec![gone(&t("same"))]).await;
    assert_eq!(setup.a.calls(), ["delete config/t/same"]);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_attached_to_something_of_ours_is_ours_whoever_attached_it() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) })]).await;
    setup.a.plant("p/a/7", on("a"), false);
    setup.a.world().taken.insert("p/a/7".into());
    setup.a.calls();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/7"]);
    // The same if the base was somebody else's and is taken over.
    setup.a.plant(&t("b"), rev(0), false);
    setup.a.plant("p/b/7", on("b"), false);
    setup.a.world().taken.insert("p/b/7".into());
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    setup.commit(vec![put(thing("b", 0))]).await;
    assert_eq!(setup.a.calls(), ["delete p/b/7"]);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_leaves_no_trace_is_ours_if_the_durable_record_says_so() {
    let setup = Setup::new().await;
    let mark = |name: &str| put(Mark { name: name.into(), rev: 0, on: None });
    setup.commit(vec![mark("kept"), mark("dropped")]).await;
    setup.b.plant("config/m/theirs", rev(0), false);
    let made = |setup: &Setup| {
        let mut made: Vec<_> = setup.made.lock().unwrap().iter().map(|key| key.to_string()).collect();
        made.sort();
        made
    };
    assert_eq!(made(&setup), ["config/m/dropped", "config/m/kept"]);
    let setup = setup.again().await;
    setup.b.calls();
    complete(&setup, vec![mark("kept")]).await;
    assert_eq!(setup.b.calls(), ["delete config/m/dropped"]);
    assert_eq!(setup.state("config/m/theirs").await, State::Obtained);
    assert_eq!(made(&setup), ["config/m/kept"]);
    // What could not be made was not made.
    setup.b.fault("config/m/refused", Fault::Refuse);
    setup.commit(vec![mark("refused")]).await;
    assert_eq!(made(&setup), ["config/m/kept"]);
    setup.commit(vec![gone("config/m/refused")]).await;
    // What vanished with its southbound is forgotten.
    setup.b.crash();
    setup.commit(vec![gone("config/m/kept")]).await;
    setup.b.up();
    setup.commit(vec![]).await;
    assert_eq!(made(&setup), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_was_found_keeps_its_place_until_every_source_has_answered() {
    let seated = |name: &str| put(Thing { seat: Some("here".into()), ..thing(name, 0) });
    let setup = Setup::new().await;
    setup.commit(vec![seated("x")]).await;
    let setup = setup.again().await;
    setup.commit(vec![seated("y")]).await;
    setup.a.calls();
    assert_eq!((setup.state(&t("x")).await, setup.state(&t("y")).await), (State::Discovered, State::Pending));
    let reason = "which was found there and stays until every source has answered";
    assert_eq!(setup.details(&t("y")).await, [format!("{}, {reason}", t("x"))]);
    assert_eq!(setup.s.explain(&t("y")).await.summary, format!("Its place is taken by thing x, {reason}."));
    complete(&setup, vec![]).await;
    assert_eq!(setup.a.calls(), ["delete config/t/x", "create config/t/y"]);
    assert_eq!(setup.state(&t("y")).await, State::Configured);
}

/// What is retrieved may look as if it had parts that are not there.
#[tokio::test(start_paused = true)]
async fn what_is_kept_in_mind_of_others_does_not_depend_on_how_often_they_were_looked_at() {
    let setup = Setup::new().await;
    setup.a.plant(&t("x"), rev(1), false);
    setup.a.world().imagined = Some(7);
    for _ in 0..3 {
        setup.resync(Resync::Downstream, vec![]).await;
        assert_eq!(setup.s.keys().await.iter().map(|key| &**key).collect::<Vec<_>>(), [t("x")]);
    }
}
