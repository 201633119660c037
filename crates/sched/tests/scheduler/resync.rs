//! Comparing what is wanted with what is there.

use crate::kinds::*;
use crate::logged::Logged;
use crate::setup::Setup;
use crate::world::{Content, Fault};
use sched::*;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_full_resync_deletes_what_is_not_listed_and_heals_the_rest() {
    let setup = Setup::new().await;
    setup
        .commit(vec![put(thing("a", 0)), put(thing("b", 0)), put(thing("c", 13)), put(Stranger("x".into()))])
        .await;
    setup.a.steal(&t("a"));
    setup.a.calls();
    setup.resync(Resync::Full, vec![put(thing("a", 0)), put(thing("d", 0))]).await;
    let mut calls = setup.a.calls();
    calls.sort();
    let expected = ["create a", "create d", "delete b"];
    assert_eq!(calls, expected.map(|call| call.replace(' ', " config/t/")));
    let keys: Vec<_> =
        setup.s.statuses(Select::All).await.into_iter().map(|status| status.value.key).collect();
    assert_eq!(keys, [t("a").into(), t("d").into()]);
    assert_eq!(setup.s.size().await, 2);
}

#[tokio::test(start_paused = true)]
async fn an_upstream_resync_deletes_what_is_not_listed_and_asks_nobody() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    setup.a.steal(&t("a"));
    setup.a.calls();
    setup.a.world().retrieved.clear();
    setup.resync(Resync::Upstream, vec![put(thing("a", 0))]).await;
    assert_eq!(setup.a.calls(), ["delete config/t/b"]);
    assert!(setup.a.world().retrieved.is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_computed_of_what_is_told_to_be_as_wanted() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    let before = setup.a.thoughts();
    setup.resync(Resync::Downstream, vec![]).await;
    // Of one of two handles that follow each other the image, to see that it is as wanted; of the other image and needs.
    assert_eq!(setup.a.thoughts() - before, 1 + 2);
    assert!(setup.a.calls().iter().all(|call| call.starts_with("create")));
}

#[tokio::test(start_paused = true)]
async fn a_downstream_resync_heals_what_changed_behind_our_back() {
    let setup = Setup::new().await;
    let b = Thing { refs: names(&["a"]), parts: vec![part("b", 1, 0)], ..thing("b", 0) };
    setup.commit(vec![put(thing("a", 0)), put(b), put(thing("c", 5))]).await;
    setup.a.steal(&t("a")); // with all that hangs on it
    setup.a.world().objects.get_mut(&t("c")).unwrap().content.rev = 6;
    setup.a.plant(&t("late"), Content::default(), true);
    setup.a.calls();
    setup.resync(Resync::Downstream, vec![]).await;
    let mut calls = setup.a.calls();
    calls.sort();
    let expected = [
        "create config/t/a",
        "create config/t/b",
        "create p/b/1",
        "delete config/t/late",
        "update config/t/c",
    ];
    assert_eq!(calls, expected);
    assert_eq!(setup.a.world().wrong, [""; 0]);
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_leaves_something_out_is_asked_for_again() {
    let setup = Setup::new().await;
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    setup
        .commit(vec![put(thing("a", 0)), put(b.clone()), put(Mark { name: "m".into(), ..Mark::default() })])
        .await;
    setup.a.calls();
    setup.b.calls();
    setup.a.world().short.insert(t("a"));
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    // Also if the agent has just started: what is wanted is expected, and what the record knows.
    let setup = setup.again().await;
    setup.commit(vec![]).await;
    setup.a.world().short.insert(t("b"));
    setup.b.world().short.insert("config/m/m".into());
    setup.resync(Resync::Full, vec![put(thing("a", 0)), put(b)]).await;
    assert_eq!((setup.a.calls(), setup.b.calls()), (vec![], vec![]));
    assert_eq!(setup.made.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn that_something_is_not_there_is_believed_once_two_answers_agree() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    setup.a.calls();
    setup.a.world().short.insert(t("a"));
    setup.a.world().short_then.push([t("a"), t("b")].into());
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    // What is gone is asked for twice, and no more.
    setup.a.steal(&t("a"));
    setup.a.world().retrieved.clear();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.world().retrieved.iter().filter(|kind| **kind == "thing").count(), 2);
    assert_eq!(setup.a.calls(), ["create config/t/a"]);
}

#[tokio::test(start_paused = true)]
async fn before_something_goes_it_is_asked_once_more_what_hangs_on_it() {
    let mut setup = Setup::new().await;
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    setup.commit(vec![put(thing("a", 0)), put(b.clone())]).await;
    // All sources have answered, and it is not wanted; or one of them says that it is not.
    for (complete, changes) in [(true, vec![put(b.clone())]), (false, vec![put(b.clone()), gone(&t("a"))])] {
        setup = setup.again().await;
        setup.a.world().short.insert(t("b"));
        setup.commit(vec![]).await;
        assert_eq!(setup.state(&t("b")).await, State::Nonexistent, "the first answer left it out");
        setup.a.calls();
        setup.s.commit(Txn { changes, complete, ..Txn::default() }).await.unwrap();
        assert_eq!(setup.a.calls(), ["delete config/t/b", "delete config/t/a"]);
        assert_eq!(setup.details(&t("b")).await, [t("a")]);
        assert_eq!(setup.a.world().wrong, [""; 0]);
        setup.s.commit(Txn { changes: vec![put(thing("a", 0))], complete, ..Txn::default() }).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_goes_is_removed_though_it_is_told_only_as_long_as_it_is_wanted() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    let setup = setup.again().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.world().modest.insert(t("a"), None);
    setup.a.calls();
    setup.a.world().retrieved.clear();
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.world().retrieved, ["thing", "part"], "it is asked what hangs on it");
    assert_eq!(setup.a.calls(), ["delete config/t/a"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_found_under_another_name_is_not_removed_when_its_own_is_claimed() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.world().modest.insert(t("a"), Some("otherwise".into()));
    let setup = setup.again().await;
    setup.commit(vec![]).await;
    assert_eq!(setup.state(&t("otherwise")).await, State::Discovered);
    setup.a.calls();
    let (changes, complete) = (vec![put(thing("a", 0))], true);
    setup.s.commit(Txn { changes, complete, ..Txn::default() }).await.unwrap();
    assert_eq!(setup.a.calls(), [""; 0]);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_not_tried_again_because_something_else_is_looked_at() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    let setup = setup.again().await;
    setup.a.world().faults.insert(t("b"), Fault::Refuse);
    let report = setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    assert_eq!(report.failed.len(), 1);
    setup.a.calls();
    setup.a.world().retrieved.clear();
    let report = setup.commit(vec![gone(&t("a"))]).await;
    assert!(setup.a.world().retrieved.contains(&"part"), "it is asked what hangs on it");
    assert_eq!((report.failed.len(), setup.a.calls()), (0, vec!["delete config/t/a".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn what_is_claimed_and_not_as_wanted_is_asked_for_again_with_what_is_named_after_it() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(Mark { name: "m".into(), ..Mark::default() })]).await;
    let setup = setup.again().await;
    setup.commit(vec![]).await;
    let retrieved =
        |setup: &Setup| [&setup.a, &setup.b].map(|fake| std::mem::take(&mut fake.world().retrieved)).concat();
    retrieved(&setup);
    setup.commit(vec![put(Mark { name: "m".into(), rev: 1, ..Mark::default() })]).await;
    assert_eq!(retrieved(&setup), ["mark"]);
    setup.commit(vec![put(thing("a", 1))]).await;
    assert_eq!(retrieved(&setup), ["thing", "part", "mark"]);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_cannot_be_retrieved_blocks_itself_and_what_reads_it() {
    let setup = Setup::with(Config::default());
    setup.a.world().deaf.insert("part");
    let health = setup.s.health();
    let a = || put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) });
    setup.commit(vec![a(), put(Mark { name: "m".into(), rev: 0, on: Some("a".into()) })]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state("config/m/m").await, State::Configured);
    let status = setup.status("p/a/1").await.value;
    let why = "part cannot be compared with alpha: no part today";
    assert_eq!((status.state, &*status.details[0]), (State::Pending, why));
    assert!(!health.borrow().compared);
    // It is asked for again by itself, and so is nothing else.
    setup.a.world().retrieved.clear();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(setup.a.world().retrieved.iter().all(|kind| *kind == "part"));
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(setup.state("p/a/1").await, State::Configured);
    assert!(health.borrow().compared);

    // Things are read by everybody else, in the other southbound too.
    setup.a.world().deaf.insert("thing");
    setup.resync(Resync::Downstream, vec![]).await;
    setup.a.calls();
    setup.b.calls();
    setup.commit(vec![a(), put(thing("b", 0)), put(Mark { name: "n".into(), rev: 0, on: None })]).await;
    assert_eq!((setup.a.calls(), setup.b.calls()), (vec![], vec![]));
    let why = setup.details("config/m/n").await.remove(0);
    assert_eq!(why, "mark cannot be compared with beta: it reads thing, which could not be retrieved");
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(setup.state("config/m/n").await, State::Configured);
    assert_eq!(setup.state(&t("b")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn a_southbound_that_comes_late_is_compared_when_it_comes() {
    let a = crate::world::Fake::new("alpha");
    a.down();
    let setup = Setup::over(&a, &crate::world::Fake::new("beta"), Default::default(), Config::default());
    let health = setup.s.health();
    setup.commit(vec![put(thing("a", 0)), put(Mark { name: "m".into(), ..Mark::default() })]).await;
    assert_eq!(
        (setup.state(&t("a")).await, setup.details(&t("a")).await),
        (State::Pending, vec!["alpha is away".into()])
    );
    assert_eq!(health.borrow().southbounds, [("alpha", Some("alpha is away".to_owned())), ("beta", None)]);
    assert!(!health.borrow().compared);
    setup.a.up();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state("config/m/m").await, State::Configured);
    assert!(health.borrow().compared && !health.borrow().complete);
    // Once is enough: the outage of a moment does not make the agent unready.
    setup.a.down();
    setup.commit(vec![]).await;
    assert!(health.borrow().compared);
}

#[tokio::test(start_paused = true)]
async fn what_is_retrieved_for_a_reader_is_whole_and_changes_nothing() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 4), part("a", 2, 5)], ..thing("a", 3) })]).await;
    setup.a.plant(&t("theirs"), Content { rev: 9, ..Content::default() }, false);
    setup.a.world().objects.get_mut("p/a/2").unwrap().content.rev = 6;
    let (size, cached) = (setup.s.size().await, setup.s.values(View::Cached, Select::All).await);
    setup.a.calls();
    for select in [Select::All, Select::Descriptor("thing".into()), Select::Prefix("config/t/".into())] {
        let items = setup.s.retrieve(select).await.unwrap();
        let seen: Vec<_> = items.iter().map(|item| (&*item.key, item.origin)).collect();
        assert_eq!(seen, [("config/t/a", Origin::Nb), ("config/t/theirs", Origin::Sb)]);
        let value: &dyn std::any::Any = &*items[0].value;
        let whole = value.downcast_ref::<Thing>().unwrap();
        assert_eq!((whole.rev, whole.auto), (3, Some(1500)));
        assert_eq!(whole.parts, [part("a", 1, 4), part("a", 2, 6)]);
        let handle = setup.a.world().objects[&t("a")].handle;
        assert_eq!(items[0].metadata, serde_json::json!({ "index": handle }));
        assert_eq!(items[0].details, serde_json::json!({ "handle": handle }));
    }
    let one = setup.s.retrieve(Select::Key(t("theirs"))).await.unwrap();
    assert_eq!(one.iter().map(|item| &*item.key).collect::<Vec<_>>(), ["config/t/theirs"]);
    let parts = setup.s.retrieve(Select::Descriptor("part".into())).await.unwrap();
    assert_eq!(parts.len(), 2);
    // The graph knows nothing of it.
    assert_eq!(setup.s.size().await, size);
    let again = setup.s.values(View::Cached, Select::All).await;
    assert_eq!(format!("{cached:?}"), format!("{again:?}"));
    assert_eq!(setup.a.calls(), [""; 0]);
    // A transaction that hangs keeps nobody from looking.
    setup.a.fault(&t("b"), Fault::Hang);
    let s = setup.s.clone();
    tokio::spawn(async move { s.commit(Txn { changes: vec![put(thing("b", 0))], ..Txn::default() }).await });
    while setup.a.world().flying == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(setup.s.retrieve(Select::All).await.unwrap().len(), 2);
    setup.a.world().deaf.insert("thing");
    assert_eq!(setup.s.retrieve(Select::All).await.unwrap_err().to_string(), "no thing today");
}

#[tokio::test(start_paused = true)]
async fn what_is_found_is_logged_if_somebody_asks_for_that() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    let logged = Logged::default();
    let _listening = logged.listen();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(logged.lines("found "), [""; 0]);
    let verbose = Txn { resync: Resync::Downstream, verbose: true, ..Txn::default() };
    setup.s.commit(verbose).await.unwrap();
    assert_eq!(logged.lines("found ").len(), 1);
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(logged.lines("found "), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_a_resync_is_told_what_could_not_be_compared() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(Mark { name: "m".into(), ..Mark::default() })]).await;
    assert_eq!(setup.resync(Resync::Downstream, vec![]).await.unread, []);
    setup.a.world().deaf.insert("thing");
    let report = setup.resync(Resync::Downstream, vec![]).await;
    let told: Vec<_> = report.unread.iter().map(|(name, reason)| (*name, &**reason)).collect();
    assert_eq!(told[0], ("thing", "thing cannot be compared with alpha: no thing today"));
    assert!(told[1..].iter().all(|(_, reason)| reason.contains("it reads thing")), "{told:?}");
    assert!(setup.commit(vec![]).await.unread.is_empty());
    setup.b.down();
    let report = setup.resync(Resync::Full, vec![put(thing("a", 0))]).await;
    assert!(report.unread.contains(&("mark", "beta is away".to_owned())), "{:?}", report.unread);
    assert!(setup.a.has(&t("a")) && setup.b.has("config/m/m"));
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_while_what_may_hang_on_it_is_not_known() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 0, 0)], ..thing("a", 0) })]).await;
    setup.a.calls();
    setup.a.world().deaf.insert("part");
    let setup = setup.again().await;
    setup.s.commit(Txn { resync: Resync::Full, complete: true, ..Txn::default() }).await.unwrap();
    assert_eq!(setup.a.calls(), [""; 0]);
    assert!(setup.s.explain(&t("a")).await.summary.contains("no part today"));
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(5)).await;
    setup.commit(vec![]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/0", "delete config/t/a"]);
}

/// `a` stays as it is because its parts cannot be retrieved, and says so; then they can.
async fn parts_are_told_again(setup: &Setup) {
    let reason = "part cannot be compared with alpha: no part today";
    let why = setup.s.explain(&t("a")).await;
    assert_eq!((setup.details(&t("a")).await, why.state), (vec![reason.to_owned()], State::Pending));
    assert!(why.summary.contains(reason) && why.advice.starts_with("nothing"), "{why:?}");
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(5)).await; // on a clock that does not wait: they are asked for again by then
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_until_it_is_known_what_hangs_on_it_says_so() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 0, 0)], ..thing("a", 0) })]).await;
    setup.a.world().deaf.insert("part");
    setup.a.down();
    setup.a.up();
    setup.commit(vec![]).await;
    setup.a.calls();
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    parts_are_told_again(&setup).await;
    assert_eq!(setup.a.calls(), ["delete p/a/0", "delete config/t/a"]);
}

/// It would be gone for a moment, and leave behind what nobody knows of.
#[tokio::test(start_paused = true)]
async fn what_has_to_be_made_anew_waits_until_it_is_known_what_hangs_on_it() {
    let setup = Setup::new().await;
    let stiff = |rev| Thing { stiff: true, parts: vec![part("a", 0, 0)], ..thing("a", rev) };
    setup.commit(vec![put(stiff(0))]).await;
    let setup = setup.again().await;
    setup.a.world().deaf.insert("part");
    setup.a.calls();
    setup.commit(vec![put(stiff(1))]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    parts_are_told_again(&setup).await;
    let calls = ["delete p/a/0", "delete config/t/a", "create config/t/a", "create p/a/0"];
    assert_eq!(setup.a.calls(), calls);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}
