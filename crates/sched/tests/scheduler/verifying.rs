//! Looking after each transaction whether what was done is there.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;

fn told(report: &Report) -> Vec<String> {
    let told = report
        .failed
        .iter()
        .map(|failed| format!("{:?} {}: {}", failed.operation, failed.key, failed.error.cause));
    told.map(|text| text.split(';').next().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_not_as_it_was_left_is_reported() {
    let setup = Setup::with(Config { verify: true, ..Config::default() });
    let changes = ["a", "b", "c"].map(|name| put(thing(name, 0))).to_vec();
    let report = setup.s.commit(Txn { changes, complete: true, ..Txn::default() }).await.unwrap();
    assert_eq!(told(&report), [""; 0]);
    for name in ["a", "b", "d"] {
        setup.a.fault(&t(name), Fault::Lie);
    }
    let report =
        setup.commit(vec![gone(&t("a")), put(thing("b", 1)), put(thing("c", 1)), put(thing("d", 0))]).await;
    let done = "alpha answered that it was done, but";
    let wrong = [
        format!("Delete config/t/a: {done} it is still there"),
        format!("Update config/t/b: {done} what is there is not what was asked for"),
        format!("Create config/t/d: {done} it is not there"),
    ];
    assert_eq!(told(&report), wrong);
    assert_eq!(setup.state(&t("d")).await, State::Missing);
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert!(!setup.a.has(&t("a")) && setup.a.has(&t("d")));
    assert_eq!(setup.state(&t("b")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn nobody_looks_unless_asked_to() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Lie);
    let report = setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(told(&report), [""; 0]);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}
