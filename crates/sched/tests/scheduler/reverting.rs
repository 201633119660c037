//! All or nothing: a transaction that fails leaves everything as it was.

use crate::case::{Case, Faults};
use crate::kinds::*;
use crate::setup::Setup;
use crate::world::{Content, Fault};
use sched::*;

async fn whole(setup: &Setup, changes: Vec<Intent>) -> Report {
    setup.s.commit(Txn { changes, revert: true, ..Txn::default() }).await.unwrap()
}

async fn wanted(setup: &Setup) -> Vec<String> {
    let items = setup.s.values(View::Nb, Select::All).await;
    items.iter().map(|item| format!("{:?}", item.value)).collect()
}

async fn in_order() -> Setup {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.s.commit(Txn { complete: true, ..Txn::default() }).await.unwrap();
    setup
}

#[tokio::test(start_paused = true)]
async fn what_was_done_before_the_failure_is_undone_and_nothing_is_begun_after_it() {
    let setup = in_order().await;
    let a = Thing { parts: vec![part("a", 0, 0)], ..thing("a", 0) };
    setup.commit(vec![put(a), put(thing("b", 0)), put(Thing { stiff: true, ..thing("c", 0) })]).await;
    let before = (wanted(&setup).await, setup.s.statuses(Select::All).await);
    setup.a.calls();
    setup.a.fault(&t("d"), Fault::Refuse);
    let changes = vec![
        put(thing("a", 1)),
        gone(&t("b")),
        put(Thing { stiff: true, ..thing("c", 1) }),
        put(thing("d", 0)),
        put(thing("e", 0)),
    ];
    let report = whole(&setup, changes).await;
    assert!(report.reverted);
    let failed: Vec<_> = report.failed.iter().map(|f| (&*f.key, f.operation)).collect();
    assert_eq!(failed, [("config/t/d", Operation::Create)]);
    let calls = setup.a.calls();
    assert!(!calls.contains(&"create config/t/e".to_owned()), "{calls:?}");
    assert!(calls.contains(&"update config/t/a".to_owned()), "{calls:?}");
    assert_eq!(before.0, wanted(&setup).await);
    let states = |statuses: &[BaseStatus]| {
        let state = |s: &BaseStatus| (s.value.key.clone(), s.value.state, s.derived.len());
        statuses.iter().map(state).collect::<Vec<_>>()
    };
    assert_eq!(states(&before.1), states(&setup.s.statuses(Select::All).await));
    assert_eq!(setup.a.world().objects[&t("c")].content.rev, 0);
    assert!(setup.a.has("p/a/0"));
    let record = setup.s.history().by_seq(report.seq).unwrap();
    let reverts: Vec<_> = record.executed.iter().filter(|op| op.revert).map(|op| &*op.key).collect();
    assert!(reverts.contains(&"config/t/a") && reverts.contains(&"config/t/b"), "{reverts:?}");
    assert_eq!(setup.s.size().await, 4);
}

#[tokio::test(start_paused = true)]
async fn with_a_value_that_cannot_be_expressed_nothing_is_done_at_all() {
    let setup = in_order().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.calls();
    let report = whole(&setup, vec![put(thing("a", 1)), put(thing("b", 13)), gone(&t("a"))]).await;
    assert!(report.reverted && setup.a.calls().is_empty());
    assert_eq!((&*report.failed[0].key, report.failed[0].operation), ("config/t/b", Operation::Validate));
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state(&t("b")).await, State::Nonexistent);
    assert_eq!(wanted(&setup).await, ["a rev 0"]);
}

#[tokio::test(start_paused = true)]
async fn what_belonged_to_others_is_theirs_again_and_as_they_had_it() {
    let setup = in_order().await;
    setup.a.plant(&t("theirs"), Content { rev: 7, ..Content::default() }, false);
    setup.resync(Resync::Downstream, vec![]).await;
    setup.a.world().taken.insert(t("theirs"));
    setup.a.fault(&t("z"), Fault::Forbid);
    let report = whole(&setup, vec![put(thing("theirs", 1)), put(thing("z", 0))]).await;
    assert!(report.reverted);
    assert_eq!(setup.a.calls(), ["update config/t/theirs", "create config/t/z", "update config/t/theirs"]);
    assert_eq!(setup.a.world().objects[&t("theirs")].content.rev, 7);
    assert_eq!(setup.state(&t("theirs")).await, State::Obtained);
    assert!(wanted(&setup).await.is_empty());
    setup.resync(Resync::Full, vec![]).await;
    assert!(setup.a.calls().is_empty() && setup.a.has(&t("theirs")));
}

#[tokio::test(start_paused = true)]
async fn what_was_looked_at_while_it_was_wanted_otherwise_is_as_it_was() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.a.plant(&t("c"), Content { rev: 7, ..Content::default() }, true);
    setup.resync(Resync::Downstream, vec![]).await;
    setup.commit(vec![put(thing("b", 0))]).await;
    setup.a.calls();
    setup.a.fault("p/a/0", Fault::Forbid);
    let a = Thing { parts: vec![part("a", 0, 0)], ..thing("a", 0) };
    // That c is claimed is a reason to look at everything.
    let report = whole(&setup, vec![put(a), put(thing("b", 1)), put(thing("c", 1))]).await;
    assert!(report.reverted);
    let calls = setup.a.calls();
    assert!(!calls.contains(&"update config/t/b".to_owned()), "{calls:?}");
    assert_eq!(setup.state(&t("b")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn what_happened_although_it_failed_is_undone_too() {
    let setup = in_order().await;
    setup.a.fault(&t("b"), Fault::LostAfter);
    let report = whole(&setup, vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    assert!(report.reverted);
    setup.a.heal();
    assert!(!setup.a.has(&t("a")));
    setup.resync(Resync::Downstream, vec![]).await;
    assert!(!setup.a.has(&t("b")));
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_resync_cannot_be_reverted() {
    let setup = in_order().await;
    for resync in [Resync::Full, Resync::Upstream, Resync::Downstream] {
        let txn = Txn { revert: true, resync, ..Txn::default() };
        assert!(matches!(setup.s.commit(txn.clone()).await, Err(Refused::Illegal(_))));
        assert!(matches!(setup.s.submit(txn), Err(Refused::Illegal(_))));
    }
}

#[tokio::test(start_paused = true)]
async fn any_transaction_that_fails_leaves_what_was() {
    let mut reverted = 0;
    for seed in 0..400 {
        let mut case = Case::new(seed, Faults::Never).await;
        for _ in 0..3 {
            let changes = case.changes();
            case.commit(Txn { changes, ..Txn::default() }).await;
            case.check("a transaction").await;
        }
        let wishes = case.wishes.clone();
        let mut changes = case.changes();
        // This one is certain to fail, whatever else there is to do.
        let doomed = thing("doomed", 0);
        case.setup.a.fault(&t("doomed"), Fault::Forbid);
        changes.push(put(doomed));
        let report = case.commit(Txn { changes, revert: true, ..Txn::default() }).await;
        assert!(report.reverted, "seed {seed}: {:?}", report.failed);
        case.wishes = wishes;
        case.setup.a.heal();
        reverted += 1;
        case.check("a reverted transaction").await;
        let changes = case.changes();
        case.commit(Txn { changes, ..Txn::default() }).await;
        case.check("a transaction after that").await;
    }
    assert_eq!(reverted, 400);
}
