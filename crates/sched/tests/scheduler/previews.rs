//! Dry runs: they say exactly what would be done, and change nothing.

use crate::case::{Case, Faults};
use crate::kinds::*;
use crate::setup::Setup;
use sched::*;

fn words(preview: &Preview) -> Vec<String> {
    let step = |step: &Step| {
        let anew = if step.recreate { " anew" } else { "" };
        format!("{}{anew} {}: {}", step.operation.name(), step.key, step.reason)
    };
    preview.steps.iter().map(step).collect()
}

async fn plan(setup: &Setup, changes: Vec<Intent>) -> Preview {
    setup.s.plan(Txn { changes, ..Txn::default() }).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_plan_tells_what_would_be_done_and_why() {
    let setup = Setup::new().await;
    let user = |name: &str| Thing { refs: names(&["a"]), ..thing(name, 0) };
    let base = Thing { stiff: true, parts: vec![part("a", 0, 0)], ..thing("a", 0) };
    setup.commit(vec![put(base.clone()), put(user("b")), put(thing("c", 0)), put(thing("d", 0))]).await;
    setup.a.calls();
    let changed = Thing { rev: 1, parts: vec![part("a", 1, 0)], ..base };
    let changes = vec![
        put(changed),
        put(thing("c", 2)),
        gone(&t("d")),
        put(Thing { ups: names(&["nowhere"]), ..thing("e", 0) }),
        put(thing("f", 13)),
        put(thing("g", 0)),
    ];
    let preview = plan(&setup, changes).await;
    assert_eq!(
        words(&preview),
        [
            "DELETE anew config/t/b: config/t/a, which it uses, is made anew",
            "DELETE config/t/d: not wanted any more",
            "DELETE p/a/0: no part of what is wanted any more",
            "DELETE anew config/t/a: cannot be changed in place: its content",
            "CREATE anew config/t/a: cannot be changed in place: its content",
            "CREATE p/a/1: part of what is wanted",
            "UPDATE config/t/c: changed in place: its content",
            "CREATE config/t/g: wanted and not there",
            "CREATE anew config/t/b: config/t/a, which it uses, is made anew",
        ]
    );
    let interrupted: Vec<_> = preview.interrupted.iter().map(|key| &**key).collect();
    assert_eq!(interrupted, [t("a"), t("b")]);
    assert_eq!(preview.waiting, [(t("e").into(), vec![t("nowhere")])]);
    assert_eq!(preview.refused, [(t("f").into(), "rev: must not be 13".to_owned())]);
    assert!(setup.a.calls().is_empty());
    assert_eq!(setup.state(&t("e")).await, State::Nonexistent);
}

#[tokio::test(start_paused = true)]
async fn without_a_difference_there_is_nothing_to_do() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    let preview = plan(&setup, vec![put(thing("a", 0)), gone(&t("never was"))]).await;
    assert!(preview.steps.is_empty() && preview.waiting.is_empty() && preview.refused.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_waits_and_would_be_forgotten_is_told_and_so_is_what_cannot_be_reached() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { ups: names(&["nowhere"]), ..thing("a", 0) })]).await;
    let preview = plan(&setup, vec![gone(&t("a"))]).await;
    assert_eq!((preview.dropped, preview.steps.len()), (vec![t("a").into()], 0));
    setup.a.down();
    let preview = plan(&setup, vec![put(thing("b", 0)), put(Stranger("s".into()))]).await;
    let waiting = [
        (t("b").into(), vec!["alpha is away".to_owned()]),
        ("config/x/s".into(), vec!["a descriptor for this kind of value".to_owned()]),
    ];
    assert_eq!(preview.waiting, waiting);
}

#[tokio::test(start_paused = true)]
async fn what_is_planned_is_what_is_done_and_planning_changes_nothing() {
    let mut steps = 0;
    for seed in 0..300 {
        let mut case = Case::new(seed, Faults::Never).await;
        for _ in 0..6 {
            let changes = case.changes();
            let resync = if case.rng.one_in(8) { Resync::Upstream } else { Resync::None };
            if resync == Resync::Upstream {
                // What is not listed goes.
                let listed: Vec<_> = changes.iter().map(|change| change.key.to_string()).collect();
                case.forget_unlisted(&listed);
            }
            let txn = Txn { changes, resync, simulate: true, ..Txn::default() };
            let before = observed(&case.setup).await;
            let preview = case.setup.s.plan(txn.clone()).await.unwrap();
            assert_eq!(before, observed(&case.setup).await, "seed {seed}");
            let report = case.commit(txn).await;
            let record = case.setup.s.history().by_seq(report.seq).unwrap();
            let recorded = |ops: &[RecordedOp]| {
                let done = ops.iter().filter(|op| !op.noop);
                let mut done: Vec<_> = done.map(|op| (op.key.clone(), op.operation, op.recreate)).collect();
                done.sort(); // what has nothing to do with each other may come in any order
                done
            };
            let steps_of = preview.steps.iter();
            let mut planned: Vec<_> = steps_of.map(|s| (s.key.clone(), s.operation, s.recreate)).collect();
            planned.sort();
            assert_eq!(planned, recorded(record.planned.as_ref().unwrap()), "seed {seed}");
            assert_eq!(planned, recorded(&record.executed), "seed {seed}");
            steps += planned.len();
            case.check("a planned transaction").await;
        }
    }
    assert!(steps > 3_000, "{steps}");
}

/// All that anybody can see.
async fn observed(setup: &Setup) -> String {
    let statuses = setup.s.statuses(Select::All).await;
    let wanted = setup.s.values(View::Nb, Select::All).await;
    let there = setup.s.values(View::Cached, Select::All).await;
    let objects = &setup.a.world().objects;
    format!("{statuses:#?}{wanted:#?}{there:#?}{objects:#?}")
}
