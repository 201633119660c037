//! Derived parts and values that cannot be expressed.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;

fn with(rev: u32, parts: Vec<Part>) -> Intent {
    put(Thing { parts, ..thing("a", rev) })
}

#[tokio::test(start_paused = true)]
async fn parts_come_change_and_go_alone() {
    let setup = Setup::new().await;
    setup.commit(vec![with(0, vec![part("a", 1, 0)])]).await;
    setup.a.calls();
    setup.commit(vec![with(0, vec![part("a", 1, 0), part("a", 2, 0)])]).await;
    assert_eq!(setup.a.calls(), ["create p/a/2"]);
    setup.commit(vec![with(0, vec![part("a", 1, 5), part("a", 2, 0)])]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1", "create p/a/1"]);
    setup.commit(vec![with(0, vec![part("a", 2, 0)])]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1"]);
    let status = setup.status(&t("a")).await;
    let parts: Vec<_> = status.derived.iter().map(|part| (&*part.key, part.state)).collect();
    assert_eq!(parts, [("p/a/2", State::Configured)]);
}

#[tokio::test(start_paused = true)]
async fn a_part_that_is_gone_is_not_mistaken_for_what_came_later() {
    let setup = Setup::new().await;
    setup.commit(vec![with(0, vec![part("a", 1, 0)])]).await;
    setup.a.fault(&t("a"), Fault::Refuse);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!((setup.state(&t("a")).await, setup.a.has("p/a/1")), (State::Failed, false));
    for name in ["b", "c", "d"] {
        setup.commit(vec![put(Thing { parts: vec![part(name, 1, 0)], ..thing(name, 0) })]).await;
        assert_eq!(setup.status(&t("a")).await.derived, []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_fails_and_waits_on_its_own() {
    let setup = Setup::new().await;
    setup.a.fault("p/a/1", Fault::Refuse);
    let parts = vec![part("a", 1, 0), part("a", 2, 0), Part { ups: names(&["x"]), ..part("a", 3, 0) }];
    let report = setup.commit(vec![with(0, parts)]).await;
    assert_eq!(report.failed.iter().map(|error| &*error.key).collect::<Vec<_>>(), ["p/a/1"]);
    let status = setup.status(&t("a")).await;
    assert_eq!(status.value.state, State::Configured);
    let states: Vec<_> = status.derived.iter().map(|part| (&*part.key, part.state)).collect();
    let expected = [("p/a/1", State::Failed), ("p/a/2", State::Configured), ("p/a/3", State::Pending)];
    assert_eq!(states, expected);
    assert_eq!(status.derived[0].error.as_deref(), Some("refused"));
    // The same again tries what failed, and only that.
    setup.a.heal();
    setup.a.calls();
    let parts = vec![part("a", 1, 0), part("a", 2, 0), Part { ups: names(&["x"]), ..part("a", 3, 0) }];
    setup.commit(vec![with(0, parts)]).await;
    assert_eq!(setup.a.calls(), ["create p/a/1"]);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_cannot_be_expressed_leaves_the_old_value_and_its_parts_in_force() {
    let setup = Setup::new().await;
    setup.commit(vec![with(1, vec![part("a", 1, 0)])]).await;
    setup.a.calls();
    setup.commit(vec![with(13, vec![part("a", 2, 0)]), put(thing("b", 0))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/b"]);
    let status = setup.status(&t("a")).await;
    assert_eq!(
        (status.value.state, status.value.details),
        (State::Invalid, vec!["rev: must not be 13".to_owned()])
    );
    assert_eq!(status.derived[0].state, State::Configured);
    // What somebody reads back is what he wrote.
    let item = setup.s.values(View::Nb, Select::Key(t("a"))).await.remove(0);
    let value: &dyn std::any::Any = &*item.value;
    assert_eq!(value.downcast_ref::<Thing>().unwrap().rev, 13);
    // Back to what is in force: nothing to do.
    setup.commit(vec![with(1, vec![part("a", 1, 0)])]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
}

#[tokio::test(start_paused = true)]
async fn a_first_value_that_cannot_be_expressed_reaches_nobody_and_can_be_taken_back() {
    let setup = Setup::new().await;
    setup.commit(vec![with(13, vec![part("a", 1, 0)])]).await;
    assert_eq!((setup.state(&t("a")).await, setup.a.calls().len()), (State::Invalid, 0));
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!((setup.state(&t("a")).await, setup.s.size().await), (State::Nonexistent, 0));
}

#[tokio::test(start_paused = true)]
async fn an_invalid_value_whose_dependency_is_made_anew_comes_back_with_its_old_content() {
    let setup = Setup::new().await;
    let b = |rev| Thing { refs: names(&["a"]), parts: vec![part("b", 1, 0)], ..thing("b", rev) };
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) }), put(b(4))]).await;
    setup.commit(vec![put(b(13))]).await;
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 1) })]).await;
    assert_eq!(setup.a.world().objects[&t("b")].content.rev, 4);
    assert!(setup.a.has("p/b/1"));
    assert_eq!(setup.state(&t("b")).await, State::Invalid);
    // Also if the dependency was away for a while.
    setup.commit(vec![gone(&t("a"))]).await;
    assert!(!setup.a.has(&t("b")));
    setup.commit(vec![put(thing("a", 1))]).await;
    assert_eq!(setup.a.world().objects[&t("b")].content.rev, 4);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_value_leaves_the_last_good_one_in_force_and_says_why() {
    let setup = Setup::new().await;
    let why = "line 1: not JSON";
    setup.commit(vec![put(thing("a", 1))]).await;
    setup.a.calls();
    let refused = |value| Intent { value, refused: Some(why.into()), ..gone(&t("a")) };
    let good = put(thing("a", 1)).value;
    for value in [good, None] {
        setup.commit(vec![refused(value)]).await;
        let status = setup.status(&t("a")).await.value;
        assert_eq!((status.state, status.details), (State::Invalid, vec![why.to_owned()]));
        assert_eq!(setup.a.calls(), [""; 0]);
    }
    // A key that never had a good value is INVALID as well, and goes without a trace.
    setup.commit(vec![Intent { refused: Some(why.into()), ..gone(&t("b")) }]).await;
    assert_eq!(setup.state(&t("b")).await, State::Invalid);
    setup.commit(vec![put(thing("a", 1)), gone(&t("b"))]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!((setup.a.calls().len(), setup.s.size().await), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_starts_with_a_refused_value_leaves_alone_what_is_there() {
    let setup = Setup::new().await;
    setup.commit(vec![with(1, vec![part("a", 1, 0)]), put(thing("b", 0))]).await;
    let setup = setup.again().await;
    setup.a.calls();
    let refused = Intent { refused: Some("not JSON".into()), ..gone(&t("a")) };
    setup.s.commit(Txn { changes: vec![refused], complete: true, ..Txn::default() }).await.unwrap();
    // b is wanted by nobody any more; a and its part are what is in force.
    assert_eq!(setup.a.calls(), ["delete config/t/b"]);
    assert_eq!(setup.state(&t("a")).await, State::Invalid);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1", "delete config/t/a"]);
}

#[tokio::test(start_paused = true)]
async fn a_descriptor_that_panics_costs_its_own_value_only() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 666)), put(thing("b", 0))]).await;
    let status = setup.status(&t("a")).await.value;
    assert_eq!(status.state, State::Invalid);
    assert_eq!(status.details, ["value: the descriptor panicked: cannot even look at it"]);
    setup.a.fault(&t("c"), Fault::Panic);
    setup.commit(vec![put(thing("c", 0)), put(thing("d", 0))]).await;
    let status = setup.status(&t("c")).await.value;
    assert_eq!(status.state, State::Failed);
    assert_eq!(status.error.as_deref(), Some("the descriptor panicked: cannot cope with config/t/c"));
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    assert_eq!(setup.state(&t("d")).await, State::Configured);
}
