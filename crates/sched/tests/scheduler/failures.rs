//! What a failure leaves behind.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::{Content, Fault};
use sched::*;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn what_was_half_made_is_removed_before_it_is_made_again() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.a.fault(&t("a"), Fault::Half);
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    setup.commit(vec![put(thing("a", 0)), put(b)]).await;
    assert_eq!(setup.a.calls(), ["create config/t/a"]);
    assert_eq!(setup.state(&t("a")).await, State::Failed);
    // Nothing is built on it, now or later.
    assert_eq!((setup.state(&t("b")).await, setup.details(&t("b")).await), (State::Pending, vec![t("a")]));
    setup.commit(vec![put(Thing { ups: names(&["a"]), ..thing("c", 0) })]).await;
    assert_eq!(setup.state(&t("c")).await, State::Pending);
    setup.a.heal();
    setup.commit(vec![put(thing("a", 0))]).await;
    let calls = ["delete a", "create a", "create b", "create c"];
    assert_eq!(setup.a.calls(), calls.map(|call| call.replace(' ', " config/t/")));
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn failures_are_reported_in_the_order_of_the_plan() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Hang); // fails at its deadline, long after the others
    setup.a.fault(&t("b"), Fault::Forbid);
    setup.a.fault(&t("c"), Fault::Forbid);
    let report = setup.commit(["a", "b", "c"].map(|name| put(thing(name, 0))).to_vec()).await;
    let failed: Vec<&str> = report.failed.iter().map(|failed| &*failed.key).collect();
    assert_eq!(failed, ["config/t/a", "config/t/b", "config/t/c"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_half_made_and_is_not_wanted_any_more_is_removed() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Half);
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.heal();
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/a", "delete config/t/a"]);
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_happened_although_its_reply_was_lost_is_not_repeated() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::LostAfter);
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    let report = setup.commit(vec![put(thing("a", 0)), put(b)]).await;
    assert_eq!(report.failed, []);
    assert_eq!(setup.a.calls(), ["create config/t/a", "create config/t/b"]);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state(&t("b")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_did_not_happen_is_failed() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::LostBefore);
    let report = setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(report.failed.len(), 1);
    assert_eq!(setup.state(&t("a")).await, State::Failed);
    setup.a.heal();
    setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/a"; 2]);
}

#[tokio::test(start_paused = true)]
async fn updates_and_deletes_of_unknown_outcome_are_looked_at() {
    let setup = Setup::new().await;
    setup
        .commit(vec![put(thing("a", 0)), put(thing("b", 0)), put(Thing { stiff: true, ..thing("c", 0) })])
        .await;
    for name in ["a", "b", "c"] {
        setup.a.fault(&t(name), Fault::LostAfter);
    }
    setup.a.calls();
    let changes = vec![put(thing("a", 1)), gone(&t("b")), put(Thing { stiff: true, ..thing("c", 1) })];
    let report = setup.commit(changes).await;
    assert_eq!(report.failed, []);
    let mut calls = setup.a.calls();
    calls.sort();
    let expected = ["create c", "delete b", "delete c", "update a"];
    assert_eq!(calls, expected.map(|call| call.replace(' ', " config/t/")));
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state(&t("b")).await, State::Nonexistent);
    assert_eq!(setup.state(&t("c")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_that_cannot_be_looked_at_is_settled_when_it_can() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::LostAfter);
    setup.a.world().deaf.insert("thing");
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    assert_eq!(setup.state(&t("a")).await, State::Retrying);
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    setup.a.heal();
    setup.a.calls();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.a.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_costs_only_itself_and_what_hangs_on_it() {
    let setup = Setup::new().await;
    let all = |rev| {
        let chain = [("a", ""), ("b", "a"), ("c", "b"), ("x", ""), ("y", "x")];
        let refs = |to: &str| if to.is_empty() { vec![] } else { names(&[to]) };
        chain.map(|(name, to)| put(Thing { stiff: true, refs: refs(to), ..thing(name, rev) })).to_vec()
    };
    setup.a.fault(&t("b"), Fault::Refuse);
    setup.commit(all(0)).await;
    let states = |names: [&'static str; 5]| {
        let setup = &setup;
        async move {
            let mut states = Vec::new();
            for name in names {
                states.push(setup.state(&t(name)).await);
            }
            states
        }
    };
    use State::{Configured, Failed, Pending};
    let names = ["a", "b", "c", "x", "y"];
    assert_eq!(states(names).await, [Configured, Failed, Pending, Configured, Configured]);
    setup.a.heal();
    setup.commit(all(0)).await;
    assert_eq!(states(names).await, [Configured; 5]);
    // b cannot be removed: a, on which it hangs, stays as it is; c, which was taken down for it, comes back.
    setup.a.fault(&t("b"), Fault::Refuse);
    setup.commit(all(1)).await;
    assert_eq!(states(names).await, [Pending, Failed, Configured, Configured, Configured]);
    let rev = |name: &str| setup.a.world().objects[&t(name)].content.rev;
    assert_eq!(names.map(rev), [0, 0, 1, 1, 1]);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_reverted_transaction_brings_back_a_value_that_cannot_be_expressed_and_nothing_else() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.commit(vec![put(thing("a", 13))]).await;
    setup.a.fault(&t("b"), Fault::Refuse);
    let changes = vec![put(thing("a", 0)), put(thing("b", 0))];
    let report = setup.s.commit(Txn { changes, revert: true, ..Txn::default() }).await.unwrap();
    assert!(report.reverted);
    assert_eq!(setup.a.calls(), ["create config/t/a", "create config/t/b", "delete config/t/a"]);
    assert_eq!((setup.state(&t("a")).await, setup.s.size().await), (State::Invalid, 1));
}

#[tokio::test(start_paused = true)]
async fn what_a_reverted_transaction_made_without_being_told_goes_although_others_would_be_spared() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.a.plant(&t("theirs"), Content { auto: Some(9000), ..Content::default() }, false);
    setup.a.world().taken.insert(t("theirs"));
    setup.s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
    // After a value that cannot be expressed; and attached to what belongs to others.
    setup.commit(vec![put(thing("a", 13))]).await;
    let parts = vec![part("theirs", 1, 0)];
    let attached = Thing { parts, auto: Some(9000), ..thing("theirs", 0) };
    for (key, value) in [(t("a"), thing("a", 0)), ("p/theirs/1".into(), attached)] {
        setup.a.world().once = true;
        setup.a.fault(&key, Fault::LostAfter);
        let txn = Txn { changes: vec![put(value)], revert: true, ..Txn::default() };
        assert!(setup.s.commit(txn).await.unwrap().reverted, "{key}");
        assert_eq!(setup.a.calls(), [format!("create {key}"), format!("delete {key}")]);
    }
    assert_eq!(setup.a.world().objects.keys().collect::<Vec<_>>(), [&t("theirs")]);
}

#[tokio::test(start_paused = true)]
async fn a_base_whose_part_cannot_be_removed_stays_until_it_can() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) })]).await;
    setup.a.calls();
    setup.a.fault("p/a/1", Fault::Refuse);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1"]);
    assert_eq!(setup.state(&t("a")).await, State::Pending);
    assert_eq!(setup.state("p/a/1").await, State::Failed);
    // In place it can change meanwhile.
    setup.commit(vec![put(thing("a", 1))]).await;
    assert_eq!(setup.a.calls(), ["update config/t/a"]);
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1"]);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_way_is_looked_at_and_taken_for_what_is_wanted_if_it_is_ours() {
    let setup = Setup::new().await;
    let changed = |rev: u32| if rev == 0 { vec![] } else { vec![format!("update {}", t("a"))] };
    for (planted, change) in [(0, changed(0)), (5, changed(5))] {
        setup.a.plant(&t("a"), Content { rev: planted, ..Content::default() }, true);
        setup.a.world().once = true;
        setup.a.fault(&t("a"), Fault::InTheWay);
        let report =
            setup.commit(vec![put(thing("a", 0)), put(Thing { refs: names(&["a"]), ..thing("b", 0) })]);
        let report = report.await;
        assert_eq!((report.failed, setup.state(&t("a")).await), (vec![], State::Configured));
        let mut expected = vec![format!("create {}", t("a"))];
        expected.extend(change);
        expected.push(format!("create {}", t("b")));
        assert_eq!(setup.a.calls(), expected);
        setup.commit(vec![gone(&t("b")), gone(&t("a"))]).await;
        setup.a.calls();
    }
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_way_of_one_value_is_not_looked_for_at_every_attempt() {
    let setup = Setup::new().await;
    setup.a.world().retrieved.clear();
    setup.a.fault(&t("a"), Fault::InTheWay);
    let retry = Some(Retry { max: 0, ..Retry::default() });
    setup.s.commit(Txn { changes: vec![put(thing("a", 0))], retry, ..Txn::default() }).await.unwrap();
    let looks = std::mem::take(&mut setup.a.world().retrieved);
    assert!(looks.contains(&"thing"));
    tokio::time::sleep(Duration::from_secs(1000)).await;
    assert!(setup.a.calls().len() > 10, "it was not tried again");
    assert_eq!(setup.a.world().retrieved, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn whoever_gets_the_handle_of_another_shows_that_that_one_is_gone() {
    let setup = Setup::new().await;
    let changes = vec![
        put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) }),
        put(Thing { refs: names(&["a"]), ..thing("b", 0) }),
        put(thing("c", 0)),
    ];
    setup.commit(changes).await;
    setup.a.calls();
    let handle = setup.a.world().objects[&t("a")].handle;
    // Somebody removes it with all that hangs on it, and its handle is free.
    setup.a.steal(&t("a"));
    setup.a.world().next = handle - 1;
    let report = setup.commit(vec![put(thing("z", 0))]).await;
    assert_eq!(setup.a.world().objects[&t("z")].handle, handle);
    assert_eq!((report.failed.len(), report.done), (0, 4));
    let made = [t("z"), t("a"), "p/a/1".to_owned(), t("b")].map(|key| format!("create {key}"));
    let mut calls = setup.a.calls();
    calls[1..].sort();
    let mut expected = made.to_vec();
    expected[1..].sort();
    assert_eq!(calls, expected);
    for key in ["a", "b", "c", "z"] {
        assert_eq!(setup.state(&t(key)).await, State::Configured, "{key}");
    }
    assert_eq!(setup.a.world().wrong, [""; 0]);
}
