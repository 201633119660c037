//! The queue is bounded, nothing is waited for without end, and the scheduler ends in a known state.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn an_operation_that_never_ends_fails_its_own_value_only() {
    let setup = Setup::with(Config { deadline: Duration::from_secs(7), ..Config::default() });
    setup.a.fault(&t("b"), Fault::Hang);
    let user = Thing { refs: names(&["b"]), ..thing("c", 0) };
    let report = setup.commit(vec![put(thing("a", 0)), put(thing("b", 0)), put(user)]).await;
    let [failure] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!((&*failure.key, &*failure.error.cause), ("config/t/b", "no answer within 7 s"));
    assert!(failure.error.uncertain && failure.error.retriable);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.details(&t("c")).await, [t("b")]);
    // It is no reason not to try again.
    setup.a.release();
    setup.commit(vec![put(thing("b", 0))]).await;
    assert_eq!(setup.state(&t("c")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn what_hangs_does_not_keep_others_from_their_turn() {
    let setup = Setup::with(Config { in_flight: 1, deadline: Duration::from_secs(7), ..Config::default() });
    setup.a.fault(&t("a"), Fault::Hang);
    let report = setup.commit(vec![put(thing("a", 0)), put(thing("b", 0)), put(thing("c", 0))]).await;
    assert_eq!(report.failed.len(), 1);
    assert_eq!(setup.a.calls(), ["create config/t/b", "create config/t/c"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_want_to_wait_is_refused_when_the_queue_is_full() {
    let setup = Setup::with(Config { queue: 2, ..Config::default() });
    setup.commit(vec![]).await;
    setup.a.fault(&t("a"), Fault::Hang);
    let one = |name: &str| Txn { changes: vec![put(thing(name, 0))], ..Txn::default() };
    setup.s.submit(one("a")).unwrap();
    while setup.a.world().started.is_empty() {
        tokio::task::yield_now().await;
    }
    setup.s.submit(one("b")).unwrap();
    setup.s.submit(one("c")).unwrap();
    assert_eq!(setup.s.submit(one("d")), Err(Refused::Full(2)));
    // Whoever waits finds a place. Whoever gives up before that has said nothing.
    let waiting = tokio::time::timeout(Duration::from_secs(1), setup.s.commit(one("e")));
    assert!(waiting.await.is_err());
    let (report, ()) = tokio::join!(setup.s.commit(one("f")), async { setup.a.release() });
    assert_eq!(report.unwrap().failed, []);
    setup.s.barrier().await.unwrap();
    let there = ["a", "b", "c", "d", "e", "f"].map(|name| setup.a.has(&t(name)));
    assert_eq!(there, [true, true, true, false, false, true]);
}

#[tokio::test(start_paused = true)]
async fn at_the_end_nothing_new_is_begun_and_what_was_begun_is_known() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.commit(vec![]).await;
    setup.a.fault(&t("a"), Fault::Hang);
    let s = setup.s.clone();
    let changes = vec![put(thing("a", 0)), put(thing("b", 0))];
    let running = tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await });
    while setup.a.world().started.is_empty() {
        tokio::task::yield_now().await;
    }
    let queued = setup.s.clone();
    let queued = tokio::spawn(async move {
        queued.commit(Txn { changes: vec![put(thing("c", 0))], ..Txn::default() }).await
    });
    tokio::task::yield_now().await;
    let (s, a) = (setup.s.clone(), setup.a.clone());
    tokio::join!(s.stop(), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        a.release();
    });
    let report = running.await.unwrap().unwrap();
    assert_eq!((report.done, report.failed.len()), (1, 0));
    assert_eq!(queued.await.unwrap().unwrap_err(), Refused::Closed);
    assert_eq!(setup.a.calls(), ["create config/t/a"]);
    assert_eq!(setup.s.submit(Txn::default()), Err(Refused::Closed));
    // The next life finds it and goes on from there.
    let setup = setup.again().await;
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/b"]);
}

#[tokio::test(start_paused = true)]
async fn at_the_end_nobody_waits_for_what_hangs() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Hang);
    let s = setup.s.clone();
    let changes = vec![put(thing("a", 0))];
    let running = tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await });
    while setup.a.world().started.is_empty() {
        tokio::task::yield_now().await;
    }
    let before = tokio::time::Instant::now();
    setup.s.stop().await;
    assert!(before.elapsed() < Duration::from_secs(6));
    assert_eq!(running.await.unwrap().unwrap().failed.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_retrieve_that_never_ends_is_given_up_and_repeated() {
    let setup = Setup::with(Config { deadline: Duration::from_secs(7), ..Config::default() });
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.world().silent.insert("thing");
    setup.resync(Resync::Downstream, vec![]).await;
    assert!(setup.a.has(&t("a")));
    assert!(setup.details(&t("a")).await.is_empty() || setup.state(&t("a")).await != State::Missing);
    setup.a.world().silent.clear();
    tokio::time::sleep(Duration::from_secs(60)).await;
    setup.commit(vec![put(thing("a", 1))]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.a.world().objects[&t("a")].content.rev, 1);
}
