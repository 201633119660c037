//! Those who look on: watchers, the history, readers.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;
use std::time::Duration;

/// What a watcher was told since it last asked; empty if nothing.
async fn news(watch: &StatusWatch) -> Vec<(String, State)> {
    let news = tokio::time::timeout(Duration::ZERO, watch.next()).await.unwrap_or_default();
    news.into_iter().map(|status| (status.value.key.to_string(), status.value.state)).collect()
}

#[tokio::test(start_paused = true)]
async fn watchers_are_told_the_latest_status_of_what_changed_and_lose_nothing() {
    let setup = Setup::new().await;
    let (all, one) = (setup.s.watch(Select::All), setup.s.watch(Select::Key(t("b"))));
    let things = setup.s.watch(Select::Descriptor("thing".into()));
    let part_watch = setup.s.watch(Select::Key("p/a/1".into()));
    // A hundred transactions before anybody looks: one status per key, the latest.
    for rev in 0..100 {
        let parts = vec![part("a", 1, rev)];
        setup
            .commit(vec![
                put(Thing { parts, ..thing("a", rev) }),
                put(Mark { name: "m".into(), rev, on: None }),
            ])
            .await;
    }
    setup.commit(vec![put(Thing { refs: names(&["c"]), ..thing("b", 0) })]).await;
    let (a, b, m) = (t("a"), t("b"), "config/m/m".to_owned());
    let pending = (b.clone(), State::Pending);
    assert_eq!(news(&all).await, [(m, State::Configured), (a.clone(), State::Configured), pending.clone()]);
    assert_eq!(news(&one).await, std::slice::from_ref(&pending));
    assert_eq!(news(&things).await, [(a.clone(), State::Configured), pending]);
    assert_eq!(news(&part_watch).await, [(a.clone(), State::Configured)]);
    // Nothing new, nothing told.
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 99)], ..thing("a", 99) })]).await;
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(news(&all).await, []);
    // A change of details is a change.
    setup.commit(vec![put(Thing { refs: names(&["c", "d"]), ..thing("b", 0) })]).await;
    assert_eq!(news(&one).await, [(b.clone(), State::Pending)]);
    setup.commit(vec![put(thing("c", 0))]).await;
    let told = one.next().await;
    assert_eq!(told[0].value.details, [t("d")]);
    // Removal is told once.
    setup.commit(vec![gone(&b), gone(&a)]).await;
    assert_eq!(news(&one).await, [(b.clone(), State::Removed)]);
    assert_eq!(
        news(&things).await,
        [(a, State::Removed), (b.clone(), State::Removed), (t("c"), State::Configured)]
    );
    setup.commit(vec![gone(&b)]).await;
    assert_eq!((news(&one).await, news(&things).await), (vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn that_nobody_waits_any_more_for_what_was_to_go_is_told() {
    let setup = Setup::new().await;
    let watch = setup.s.watch(Select::Key(t("b")));
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) })]).await;
    setup.commit(vec![put(Thing { refs: names(&["a", "never"]), ..thing("b", 0) })]).await;
    setup.a.fault("p/a/1", Fault::Refuse);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(watch.next().await[0].value.details, [t("a"), t("never")]);
    setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(news(&watch).await, [(t("b"), State::Pending)]);
    assert_eq!(setup.details(&t("b")).await, [t("never")]);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_watcher_wakes_up() {
    let setup = Setup::new().await;
    let watch = setup.s.watch(Select::Prefix("config/t/".into()));
    let waiting = tokio::spawn(async move { watch.next().await });
    tokio::task::yield_now().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    let told = waiting.await.unwrap();
    assert_eq!((&*told[0].value.key, told[0].value.state), ("config/t/a", State::Configured));
}

#[tokio::test(start_paused = true)]
async fn what_others_made_and_took_away_is_told() {
    let setup = Setup::new().await;
    let watch = setup.s.watch(Select::All);
    setup.a.plant(&t("theirs"), Default::default(), false);
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(news(&watch).await, [(t("theirs"), State::Obtained)]);
    setup.a.steal(&t("theirs"));
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(news(&watch).await, [(t("theirs"), State::Removed)]);
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn readers_are_answered_while_a_transaction_hangs() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.fault(&t("b"), Fault::Hang);
    let s = setup.s.clone();
    let running =
        tokio::spawn(
            async move { s.commit(Txn { changes: vec![put(thing("b", 0))], ..Txn::default() }).await },
        );
    while setup.a.world().started.len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.s.values(View::Nb, Select::All).await.len(), 2);
    assert_eq!(setup.s.values(View::Cached, Select::All).await.len(), 1);
    assert!(!running.is_finished());
    setup.a.release();
    assert_eq!(running.await.unwrap().unwrap().done, 1);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_is_executed_even_if_nobody_waits_for_it() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Hang);
    let commit = setup.s.commit(Txn { changes: vec![put(thing("a", 0))], ..Txn::default() });
    assert!(tokio::time::timeout(Duration::from_secs(5), commit).await.is_err());
    setup.a.release();
    setup.commit(vec![]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn the_history_tells_what_was_asked_and_what_was_done() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.commit(vec![]).await;
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    let txn = |changes: Vec<Intent>, description: &str| {
        setup.s.commit(Txn { changes, description: description.into(), ..Txn::default() })
    };
    let first = txn(vec![put(b)], "b alone").await.unwrap().seq;
    setup.a.fault("p/a/1", Fault::Refuse);
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    let second = txn(vec![put(thing("c", 13)), put(a)], "the rest").await.unwrap().seq;
    assert_eq!(second, first + 1);
    let record = setup.s.history().by_seq(first).unwrap();
    assert_eq!(
        (record.kind, record.resync, &*record.description),
        (TxnKind::NbTransaction, Resync::None, "b alone")
    );
    assert_eq!(record.values.iter().map(|(key, ..)| &**key).collect::<Vec<_>>(), [t("b")]);
    let op = &record.executed[0];
    assert_eq!((op.operation, &*op.key, op.noop), (Operation::Create, &*t("b"), true));
    assert_eq!((op.prev_state, op.new_state), (State::Nonexistent, State::Pending));

    let record = setup.s.history().by_seq(second).unwrap();
    let done: Vec<_> =
        record.executed.iter().map(|op| (&*op.key, op.noop, op.derived, op.new_state)).collect();
    let expected = [
        ("config/t/a", false, false, State::Configured),
        ("config/t/b", false, false, State::Configured),
        ("p/a/1", false, true, State::Failed),
        ("config/t/c", true, false, State::Invalid),
    ];
    let mut sorted = done.clone();
    sorted.sort_by_key(|op| (op.1, op.0));
    assert_eq!(sorted, expected);
    let failed = record.executed.iter().find(|op| &*op.key == "p/a/1").unwrap();
    assert_eq!((failed.error.as_deref(), failed.operation), (Some("refused"), Operation::Create));
    assert!(record.start <= record.stop && record.omitted == 0);

    // A quiet transaction that did nothing leaves nothing.
    let before = setup.s.history().records().len();
    setup.s.commit(Txn { quiet: true, ..Txn::default() }).await.unwrap();
    assert_eq!(setup.s.history().records().len(), before);
}

#[tokio::test(start_paused = true)]
async fn the_history_keeps_within_its_budget() {
    let setup = Setup::with(Config { history_bytes: 100_000, ..Config::default() });
    setup.commit(vec![]).await;
    let huge = setup.commit((0..1000).map(|i| put(thing(&format!("{i:04}"), 0))).collect()).await.seq;
    let record = setup.s.history().by_seq(huge).unwrap();
    assert!(record.executed.len() < 1000 && record.values.len() < 1000);
    assert_eq!(record.omitted, 2000 - record.executed.len() - record.values.len());
    let mut last = huge;
    for rev in 1..200 {
        last = setup.commit(vec![put(thing("0000", rev))]).await.seq;
    }
    let records = setup.s.history().records();
    assert!(
        setup.s.history().by_seq(huge).is_none() && (2..199).contains(&records.len()),
        "{}",
        records.len()
    );
    assert!(records.is_sorted_by_key(|record| record.seq));
    assert_eq!(records.last().unwrap().seq, last);
    assert_eq!(setup.s.history().by_seq(last).unwrap().values.len(), 1);

    let setup = Setup::with(Config { record: false, ..Config::default() });
    setup.commit(vec![put(thing("a", 0))]).await;
    assert!(setup.s.history().records().is_empty());
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn readers_select_by_prefix_descriptor_and_keys() {
    let setup = Setup::new().await;
    let m = put(Mark { name: "m".into(), ..Mark::default() });
    setup
        .commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) }), put(thing("ab", 0)), m])
        .await;
    let keys = |select: Select| {
        let s = setup.s.clone();
        async move {
            s.statuses(select)
                .await
                .into_iter()
                .map(|status| status.value.key.to_string())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(keys(Select::All).await, ["config/m/m", "config/t/a", "config/t/ab"]);
    assert_eq!(keys(Select::Prefix("config/t/a".into())).await, ["config/t/a", "config/t/ab"]);
    assert_eq!(keys(Select::Descriptor("mark".into())).await, ["config/m/m"]);
    assert_eq!(keys(Select::Key("p/a/1".into())).await, ["p/a/1"]);
    assert_eq!(
        keys(Select::Keys(vec![t("ab").into(), "nothing".into(), t("a").into()])).await,
        ["config/t/a", "config/t/ab"]
    );
    let list: Vec<_> =
        setup.s.descriptors().iter().map(|info| (info.name, info.prefix, info.derived)).collect();
    let expected = [
        ("signal", "s/", true),
        ("thing", "config/t/", false),
        ("part", "p/", true),
        ("mark", "config/m/", false),
    ];
    assert_eq!(list, expected);
    let item = setup.s.values(View::Cached, Select::Key(t("a"))).await.remove(0);
    assert_eq!(item.metadata, serde_json::json!({ "index": setup.a.world().objects[&t("a")].handle }));
}
