//! Counters, the ages of the history, and the line about each transaction in the log.

use crate::kinds::*;
use crate::logged::Logged;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;
use std::time::Duration;

fn quick() -> Config {
    Config { summary: true, ..Config::default() }
}

#[tokio::test(start_paused = true)]
async fn everything_done_is_counted_once() {
    let setup = Setup::new().await;
    let before = setup.s.statistics().await;
    setup.a.fault(&t("c"), Fault::Forbid);
    let parts = vec![part("a", 1, 0), part("a", 2, 0)];
    let waits = Thing { signal: Some("s".into()), ..thing("w", 0) };
    setup.commit(vec![put(Thing { parts, ..thing("a", 0) }), put(thing("c", 0)), put(waits)]).await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 1) })]).await;
    // One signal that is waited for, and one that is not.
    setup.s.notify(vec![Notice::present::<Signals>(Signal("s".into()), ())]);
    setup.s.barrier().await.unwrap();
    setup.s.notify(vec![Notice::present::<Signals>(Signal("other".into()), ())]);
    setup.s.barrier().await.unwrap();
    setup.resync(Resync::Downstream, vec![]).await;
    let after = setup.s.statistics().await;

    assert_eq!(after.processed - before.processed, 4);
    let of_kind = |statistics: &Statistics, kind| statistics.duration.get(&kind).map_or(0, |t| t.count);
    assert_eq!(of_kind(&after, TxnKind::NbTransaction) - of_kind(&before, TxnKind::NbTransaction), 3);
    assert_eq!(of_kind(&after, TxnKind::SbNotification), 1);
    // Creates of a, its parts, c and w; an update of a; a delete of a part; c once more with the resync.
    let operations: Vec<_> = after.operations.iter().map(|(&operation, &count)| (operation, count)).collect();
    assert_eq!(operations, [(Operation::Create, 6), (Operation::Update, 1), (Operation::Delete, 1)]);
    assert_eq!(after.errors, 2);
    let calls = |descriptor: &str, call: &str| after.descriptors[descriptor][call].count;
    assert_eq!((calls("thing", "Create"), calls("thing", "Update")), (4, 1));
    assert_eq!((calls("part", "Create"), calls("part", "Delete")), (2, 1));
    let retrieved = setup.a.world().retrieved.iter().filter(|&&kind| kind == "thing").count();
    assert_eq!(calls("thing", "Retrieve"), retrieved as u64);
    assert!(!after.descriptors.contains_key("signal") && !after.descriptors["thing"].contains_key("Delete"));
    for (state, count) in [
        (State::Configured, 5), // a with two parts, a again, and w
        (State::Pending, 1),
        (State::Failed, 2),
        (State::Removed, 1),
        (State::Obtained, 2),
    ] {
        assert_eq!(after.states[&state], count, "{}", state.name());
    }
    for slice in
        ["preProcessTransaction", "executeTransaction", "postProcessTransaction", "processTransaction"]
    {
        assert_eq!(after.slices[slice].count, after.processed, "{slice}");
    }
    let timing = &after.duration[&TxnKind::NbTransaction];
    assert!(timing.min <= timing.last && timing.last <= timing.max && timing.max <= timing.total);
    assert!(timing.buckets.is_sorted() && timing.buckets.iter().all(|&count| count <= timing.count));
    assert!(after.slices["executeTransaction"].total <= after.slices["processTransaction"].total);
    assert_eq!(after.queue_wait[&TxnKind::SbNotification].count, 2);
    assert_eq!(after.queue_length, 0);
}

#[tokio::test(start_paused = true)]
async fn counters_are_told_while_a_transaction_hangs_and_the_queue_is_seen() {
    let setup = Setup::new().await;
    setup.a.fault(&t("b"), Fault::Hang);
    let running: Vec<_> = (0..3)
        .map(|rev| {
            let (s, changes) = (setup.s.clone(), vec![put(thing("b", rev))]);
            tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await })
        })
        .collect();
    while setup.a.world().flying == 0 || setup.s.statistics().await.queue_length < 2 {
        tokio::task::yield_now().await;
    }
    let before = setup.s.statistics().await;
    assert_eq!(before.queue_length, 2);
    setup.s.statuses(Select::All).await;
    assert_eq!(setup.s.statistics().await.reads["statuses"].count, 1);
    setup.a.release();
    for commit in running {
        commit.await.unwrap().unwrap();
    }
    let after = setup.s.statistics().await;
    assert_eq!((after.processed - before.processed, after.queue_length), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn retries_are_counted_as_such() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    let retry = Some(Retry { period: Duration::from_secs(1), max: 2, backoff: false });
    setup.s.commit(Txn { changes: vec![put(thing("a", 0))], retry, ..Txn::default() }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let statistics = setup.s.statistics().await;
    assert_eq!(statistics.duration[&TxnKind::RetryFailedOps].count, 2);
    assert_eq!((statistics.errors, statistics.operations[&Operation::Create]), (3, 3));
    assert_eq!(statistics.states[&State::Retrying], 2);
    assert_eq!(statistics.states[&State::Failed], 1);
}

#[tokio::test(start_paused = true)]
async fn the_history_forgets_with_age() {
    let none = Duration::ZERO;
    let setup = Setup::with(Config { history_age: none, history_keep_first: none, ..Config::default() });
    setup.commit(vec![put(thing("a", 0))]).await;
    assert!(setup.s.history().records().is_empty());
    let setup = Setup::with(Config { history_age: none, ..Config::default() });
    let seq = setup.commit(vec![put(thing("a", 0))]).await.seq;
    assert!(setup.s.history().by_seq(seq).is_some(), "the first are kept");
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_did_something_is_told_in_one_line() {
    let logged = Logged::default();
    let _guard = logged.listen();
    let setup = Setup::with(quick());
    setup.commit(vec![]).await;
    assert_eq!(logged.lines("transaction"), [""; 0]);
    let description = "from the file".to_owned();
    let changes = vec![put(thing("a", 0)), put(thing("b", 0))];
    let seq = setup.s.commit(Txn { changes, description, ..Txn::default() }).await.unwrap().seq;
    let lines = logged.lines("transaction");
    let start = format!("transaction {seq}, NBTransaction (from the file): 2 operations done, 0 failed, ");
    assert!(lines.len() == 1 && lines[0].starts_with(&start), "{lines:?}");
    setup.a.fault(&t("c"), Fault::Forbid);
    let seq = setup.commit(vec![put(thing("c", 0))]).await.seq;
    let lines = logged.lines("transaction");
    assert!(
        lines[0].starts_with(&format!("transaction {seq}, NBTransaction: 0 operations done, 1 failed, "))
    );
    assert_eq!(lines[1..], [format!("transaction {seq}: CREATE config/t/c: forbidden")]);
}
