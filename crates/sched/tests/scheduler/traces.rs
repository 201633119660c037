//! Stories whose calls are known from the agent that this one replaces, call by call, one operation in flight. Where the
//! order here is another one, a comment says why: a plan deletes first, dependents before what they need, and then
//! makes and changes, what is needed first; it never makes what it is going to change.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;

async fn one_at_a_time() -> Setup {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
    setup
}

/// `create a` means the thing, `create a/1` its part.
fn calls(setup: &Setup) -> Vec<String> {
    let short = |call: String| call.replace("config/t/", "").replace("p/", "");
    setup.a.calls().into_iter().map(short).collect()
}

/// Three values with parts; one of them waits.
fn three() -> Vec<Intent> {
    let waits = Part { ups: names(&["x"]), ..part("b", 2, 0) };
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    let b = Thing { parts: vec![Part { ups: names(&["a"]), ..part("b", 1, 0) }, waits], ..thing("b", 0) };
    let c = Thing { stiff: true, parts: vec![part("c", 1, 0), part("c", 2, 0)], ..thing("c", 0) };
    vec![put(a), put(b), put(c)]
}

/// a changes in place and has another part; c has to be made anew with one part less.
fn changed() -> Vec<Intent> {
    let a = Thing { parts: vec![part("a", 7, 0)], ..thing("a", 1) };
    let c = Thing { stiff: true, parts: vec![part("c", 1, 0)], ..thing("c", 1) };
    vec![put(a), put(c)]
}

#[tokio::test(start_paused = true)]
async fn a_fresh_start_makes_bases_then_parts_in_key_order() {
    let setup = one_at_a_time().await;
    setup.commit(three()).await;
    // The same as there; b/2 waits without a call.
    let made = ["a", "a/1", "b", "b/1", "c", "c/1", "c/2"];
    assert_eq!(calls(&setup), made.map(|key| format!("create {key}")));
    assert_eq!(setup.state("p/b/2").await, State::Pending);
}

#[tokio::test(start_paused = true)]
async fn one_changes_and_one_is_made_anew() {
    let setup = one_at_a_time().await;
    setup.commit(three()).await;
    // Waits for a part of b that is not there yet, and comes with it.
    setup.commit(vec![put(Thing { any: Some("d".into()), ..thing("e", 0) })]).await;
    calls(&setup);
    let mut changes = changed();
    changes.push(put(Thing { parts: vec![part("d", 1, 0)], ..thing("d", 0) }));
    setup.commit(changes).await;
    // There c is made anew before a is touched, because re-creations come first. Here all deletes come first, and parts
    // follow when all that they wait for is there.
    let expected = [
        "delete c/1",
        "delete c/2",
        "delete c",
        "delete a/1",
        "update a",
        "create a/7",
        "create c",
        "create d",
        "create d/1",
        "create c/1",
        "create e",
    ];
    assert_eq!(calls(&setup), expected);
}

#[tokio::test(start_paused = true)]
async fn the_same_is_undone_if_a_change_fails() {
    let setup = one_at_a_time().await;
    setup.commit(three()).await;
    calls(&setup);
    setup.a.world().once = true;
    setup.a.fault(&t("a"), Fault::Refuse);
    let watch = setup.s.watch(Select::All);
    setup.a.world().retrieved.clear();
    let txn = Txn { changes: changed(), revert: true, ..Txn::default() };
    let report = setup.s.commit(txn).await.unwrap();
    // There c was made anew before, and is made anew a second time. Here it was only removed when a failed.
    let expected = [
        "delete c/1",
        "delete c/2",
        "delete c",
        "delete a/1",
        "update a",
        "create a/1",
        "create c",
        "create c/1",
        "create c/2",
    ];
    assert_eq!(calls(&setup), expected);
    // What failed is looked at; and once more, because c is missing in the answer: an answer can be short.
    assert_eq!(setup.a.world().retrieved, ["thing", "thing"]);
    let failed: Vec<_> = report.failed.iter().map(|error| (&*error.key, error.operation)).collect();
    assert_eq!(failed, [("config/t/a", Operation::Update)]);
    let told = watch.next().await;
    assert!(told.iter().all(|status| status.value.state == State::Configured), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_base_whose_part_cannot_go() {
    let setup = one_at_a_time().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) })]).await;
    calls(&setup);
    setup.a.fault("p/a/1", Fault::Refuse);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(calls(&setup), ["delete a/1"]);
    // There it stays CONFIGURED although nobody wants it; here it is PENDING and says what for.
    assert_eq!(setup.state(&t("a")).await, State::Pending);
    assert_eq!(setup.state("p/a/1").await, State::Failed);
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(calls(&setup), ["delete a/1", "delete a"]);
}

#[tokio::test(start_paused = true)]
async fn a_dependent_comes_and_goes_with_what_it_needs() {
    let setup = one_at_a_time().await;
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    setup.commit(vec![put(b.clone())]).await;
    setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(calls(&setup), ["create a", "create b"]);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(calls(&setup), ["delete b", "delete a"]);
    assert_eq!((setup.state(&t("b")).await, setup.details(&t("b")).await), (State::Pending, vec![t("a")]));
    setup.commit(vec![put(thing("a", 0))]).await;
    calls(&setup);
    setup.commit(vec![gone(&t("a")), gone(&t("b"))]).await;
    assert_eq!(calls(&setup), ["delete b", "delete a"]);
}

#[tokio::test(start_paused = true)]
async fn a_part_is_made_anew_while_its_base_changes_in_place() {
    let setup = one_at_a_time().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) })]).await;
    calls(&setup);
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 5)], ..thing("a", 1) })]).await;
    // There the base is changed before its part is removed.
    assert_eq!(calls(&setup), ["delete a/1", "update a", "create a/1"]);
}

#[tokio::test(start_paused = true)]
async fn a_resync_over_what_is_there_asks_each_kind_and_calls_nothing() {
    let setup = one_at_a_time().await;
    setup.commit(three()).await;
    let setup = setup.again().await;
    setup.s.barrier().await.unwrap();
    calls(&setup);
    setup.a.world().retrieved.clear();
    let txn = Txn { changes: three(), resync: Resync::Full, complete: true, ..Txn::default() };
    let seq = setup.s.commit(txn).await.unwrap().seq;
    assert_eq!(calls(&setup), [""; 0]);
    assert_eq!(setup.a.world().retrieved, ["thing", "part"]);
    // Only what waits is told.
    let record = setup.s.history().by_seq(seq).unwrap();
    let told: Vec<_> = record.executed.iter().map(|op| (&*op.key, op.noop)).collect();
    assert_eq!(told, [("p/b/2", true)]);
}

#[tokio::test(start_paused = true)]
async fn a_circle_waits_for_what_it_needs_from_outside() {
    let setup = one_at_a_time().await;
    let circle = |name: &str, ups: &[&str]| put(Thing { ups: names(ups), ..thing(name, 0) });
    setup.commit(vec![circle("v1", &["v2"]), circle("v2", &["v3"]), circle("v3", &["v1", "v4"])]).await;
    assert_eq!(calls(&setup), [""; 0]);
    setup.commit(vec![put(thing("v4", 0))]).await;
    // As there: they are reached from the key that appeared.
    assert_eq!(calls(&setup), ["create v4", "create v3", "create v2", "create v1"]);
    setup.commit(vec![gone(&t("v4"))]).await;
    assert_eq!(setup.a.world().objects.len(), 0);
    for name in ["v1", "v2", "v3"] {
        assert_eq!(setup.state(&t(name)).await, State::Pending);
    }
}
