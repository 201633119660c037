//! Trying again.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;
use std::time::Duration;

const RETRY: Retry = Retry { period: Duration::from_secs(1), max: 3, backoff: true };

async fn commit(setup: &Setup, changes: Vec<Intent>, retry: Retry) -> Report {
    setup.s.commit(Txn { changes, retry: Some(retry), ..Txn::default() }).await.unwrap()
}

/// After how many milliseconds each call was made, for a while.
async fn times(setup: &Setup, seconds: u64) -> Vec<u64> {
    let start = tokio::time::Instant::now();
    let mut times = Vec::new();
    while start.elapsed() < Duration::from_secs(seconds) {
        let calls = setup.a.calls().len();
        times.extend(std::iter::repeat_n(start.elapsed().as_millis() as u64, calls));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    times.into_iter().map(|time| time / 100 * 100).collect()
}

#[tokio::test(start_paused = true)]
async fn a_failed_value_is_tried_again_after_one_two_and_four_seconds() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    let report = commit(&setup, vec![put(thing("a", 0)), put(thing("b", 0))], RETRY).await;
    assert_eq!(report.failed.len(), 1);
    assert_eq!((&*report.failed[0].key, report.failed[0].operation), ("config/t/a", Operation::Create));
    assert_eq!(setup.state(&t("a")).await, State::Retrying);
    setup.a.calls();
    assert_eq!(times(&setup, 60).await, [1000, 3000, 7000]);
    let status = setup.status(&t("a")).await.value;
    assert_eq!((status.state, status.error.as_deref()), (State::Failed, Some("refused")));
    let history = setup.s.history().records();
    let retries: Vec<_> = history.iter().filter(|record| record.kind == TxnKind::RetryFailedOps).collect();
    assert_eq!(
        retries.iter().map(|record| record.retry_for).collect::<Vec<_>>(),
        [1, 2, 3].map(|n| Some((report.seq, n)))
    );
    assert!(retries.iter().all(|record| record.executed.len() == 1 && record.executed[0].retry));
}

#[tokio::test(start_paused = true)]
async fn without_backoff_the_pause_stays_and_zero_is_without_limit() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    commit(&setup, vec![put(thing("a", 0))], Retry { max: 0, backoff: false, ..RETRY }).await;
    setup.a.calls();
    assert_eq!(times(&setup, 6).await, [1000, 2000, 3000, 4000, 5000]);
    setup.a.heal();
    assert_eq!(times(&setup, 6).await.len(), 1);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn the_pause_grows_to_a_minute_at_most() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    commit(&setup, vec![put(thing("a", 0))], Retry { max: 0, ..RETRY }).await;
    setup.a.calls();
    let times = times(&setup, 250).await;
    assert_eq!(times, [1000, 3000, 7000, 15_000, 31_000, 63_000, 123_000, 183_000, 243_000]);
}

#[tokio::test(start_paused = true)]
async fn any_pause_that_somebody_asks_for_is_possible() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    for backoff in [false, true] {
        let retry = Retry { period: Duration::MAX, max: 0, backoff };
        commit(&setup, vec![put(thing("a", backoff.into()))], retry).await;
        assert_eq!(setup.state(&t("a")).await, State::Retrying);
    }
}

#[tokio::test(start_paused = true)]
async fn a_newer_value_takes_the_place_of_a_retry() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    commit(&setup, vec![put(thing("a", 0))], RETRY).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    commit(&setup, vec![put(thing("a", 1))], RETRY).await;
    setup.a.calls();
    assert_eq!(times(&setup, 60).await, [1000, 3000, 7000]);
    // Without a retry of its own it is not tried again at all.
    commit(&setup, vec![put(thing("a", 2))], RETRY).await;
    setup.commit(vec![put(thing("a", 3))]).await;
    setup.a.calls();
    assert_eq!(setup.state(&t("a")).await, State::Failed);
    assert_eq!(times(&setup, 60).await, [0; 0]);
    // Nor is what nobody wants any more.
    commit(&setup, vec![put(thing("a", 4))], RETRY).await;
    setup.commit(vec![gone(&t("a"))]).await;
    setup.a.calls();
    assert_eq!(times(&setup, 60).await, [0; 0]);
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_mended_by_trying_again_is_not_tried_again() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Forbid);
    commit(&setup, vec![put(thing("a", 0))], RETRY).await;
    setup.a.calls();
    assert_eq!(setup.state(&t("a")).await, State::Failed);
    assert_eq!(times(&setup, 60).await, [0; 0]);
    // A resync does try.
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn what_failed_for_good_is_not_tried_with_others_whose_failure_it_does_not_wait_for() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    setup.a.fault(&t("x"), Fault::Forbid);
    // The retry of one leads to the other, over one of several parts that will do; but all that is needed is there.
    let late = Part { ups: names(&["a"]), ..part("c", 1, 0) };
    let c = Thing { parts: vec![part("c", 0, 0), late], ..thing("c", 0) };
    let b = Thing { any: Some("c".into()), ..thing("b", 0) };
    let x = Thing { refs: names(&["b"]), ..thing("x", 0) };
    commit(&setup, vec![put(thing("a", 0)), put(c), put(b), put(x)], RETRY).await;
    assert_eq!(setup.state(&t("x")).await, State::Failed);
    setup.a.calls();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(setup.a.calls(), ["create config/t/a"; 3]);
    // When what it needs is made anew, it is.
    commit(&setup, vec![put(Thing { stiff: true, any: Some("c".into()), ..thing("b", 1) })], RETRY).await;
    assert_eq!(setup.a.calls(), ["delete config/t/b", "create config/t/b", "create config/t/x"]);
}

#[tokio::test(start_paused = true)]
async fn what_has_a_retry_of_its_own_is_not_tried_with_another() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    setup.a.fault(&t("x"), Fault::Refuse);
    // As above, the retry of one leads to the other.
    let late = Part { ups: names(&["a"]), ..part("c", 1, 0) };
    let c = Thing { parts: vec![part("c", 0, 0), late], ..thing("c", 0) };
    let b = Thing { any: Some("c".into()), ..thing("b", 0) };
    commit(&setup, vec![put(thing("a", 0)), put(c), put(b)], RETRY).await;
    let later = Retry { period: Duration::from_secs(40), ..RETRY };
    commit(&setup, vec![put(Thing { refs: names(&["b"]), ..thing("x", 0) })], later).await;
    setup.a.calls();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(setup.a.calls(), ["create config/t/a"; 3]);
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!(setup.a.calls(), ["create config/t/x"]);
}

#[tokio::test(start_paused = true)]
async fn what_depends_on_a_failure_comes_with_its_retry() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    let b = Thing { refs: names(&["a"]), parts: vec![part("b", 1, 0)], ..thing("b", 0) };
    commit(&setup, vec![put(thing("a", 0)), put(b)], RETRY).await;
    assert_eq!((setup.state(&t("b")).await, setup.details(&t("b")).await), (State::Pending, vec![t("a")]));
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    assert!(setup.a.has("p/b/1"));
}

#[tokio::test(start_paused = true)]
async fn a_retry_also_does_what_the_failure_held_back() {
    let setup = Setup::new().await;
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) }), put(b)]).await;
    setup.a.fault(&t("b"), Fault::Refuse);
    commit(&setup, vec![put(Thing { stiff: true, ..thing("a", 1) }), gone(&t("b"))], RETRY).await;
    assert_eq!(setup.a.world().objects[&t("a")].content.rev, 0);
    let status = setup.status(&t("a")).await.value;
    assert_eq!(status.state, State::Pending);
    assert_eq!(status.details, ["something that hangs on what is there now could not be removed"]);
    setup.a.heal();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(setup.a.world().objects[&t("a")].content.rev, 1);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert!(!setup.a.has(&t("b")));
}
