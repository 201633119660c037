//! What is done in which order, and what is not done at all.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::Fault;
use sched::*;

#[tokio::test(start_paused = true)]
async fn a_value_waits_for_what_it_needs_and_goes_back_to_waiting_without_it() {
    let setup = Setup::new().await;
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    setup.commit(vec![put(b)]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    assert_eq!((setup.state(&t("b")).await, setup.details(&t("b")).await), (State::Pending, vec![t("a")]));

    setup.commit(vec![put(thing("a", 0))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/a", "create config/t/b"]);
    assert_eq!(setup.state(&t("b")).await, State::Configured);

    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.a.calls(), ["delete config/t/b", "delete config/t/a"]);
    assert_eq!((setup.state(&t("b")).await, setup.details(&t("b")).await), (State::Pending, vec![t("a")]));

    setup.commit(vec![gone(&t("a")), gone(&t("b"))]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn both_are_deleted_in_one_transaction_with_two_calls() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(Thing { refs: names(&["a"]), ..thing("b", 0) })]).await;
    setup.a.calls();
    setup.commit(vec![gone(&t("a")), gone(&t("b"))]).await;
    assert_eq!(setup.a.calls(), ["delete config/t/b", "delete config/t/a"]);
}

#[tokio::test(start_paused = true)]
async fn a_dependent_starts_when_the_handle_it_needs_exists() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Hang);
    let changes =
        vec![put(thing("a", 0)), put(Thing { refs: names(&["a"]), ..thing("b", 0) }), put(thing("c", 0))];
    let s = setup.s.clone();
    let running = tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await });
    while !setup.a.has(&t("c")) {
        tokio::task::yield_now().await;
    }
    // What does not depend on it is long done.
    assert_eq!(setup.a.world().started, [t("a"), t("c")]);
    setup.a.release();
    running.await.unwrap().unwrap();
    assert_eq!(setup.a.world().started, [t("a"), t("c"), t("b")]);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn requests_start_in_plan_order_and_no_more_than_allowed_are_in_flight() {
    let setup = Setup::with(Config { in_flight: 7, ..Config::default() });
    let name = |i: u32| format!("{:03}", (i * 7) % 500);
    let report = setup.commit((0..500).map(|i| put(thing(&name(i), 0))).collect()).await;
    assert_eq!(report.done, 500);
    let world = setup.a.world();
    assert!(world.started.is_sorted(), "{:?}", world.started);
    assert_eq!((world.started.len(), world.peak), (500, 7));
}

#[tokio::test(start_paused = true)]
async fn parts_and_dependents_follow_their_base_in_key_order() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    let a = Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    let blocked = Part { ups: names(&["x"]), ..part("b", 2, 0) };
    let b = Thing { parts: vec![Part { ups: names(&["a"]), ..part("b", 1, 0) }, blocked], ..thing("b", 0) };
    let c = Thing { stiff: true, parts: vec![part("c", 1, 0), part("c", 2, 0)], ..thing("c", 0) };
    setup.commit(vec![put(c.clone()), put(b), put(a.clone())]).await;
    let made = ["config/t/a", "p/a/1", "config/t/b", "p/b/1", "config/t/c", "p/c/1", "p/c/2"];
    assert_eq!(setup.a.calls(), made.map(|key| format!("create {key}")));

    // c is made anew with one part less, a changes in place and has another part.
    let a = Thing { rev: 1, parts: vec![part("a", 7, 0)], ..a };
    let c = Thing { rev: 1, parts: vec![part("c", 1, 0)], ..c };
    setup.commit(vec![put(c), put(a)]).await;
    let calls = setup.a.calls();
    let at = |call: &str| calls.iter().position(|other| other == call).unwrap();
    assert_eq!(calls.len(), 8, "{calls:?}");
    assert!(at("delete p/c/1") < at("delete config/t/c") && at("delete p/c/2") < at("delete config/t/c"));
    assert!(
        at("delete config/t/c") < at("create config/t/c") && at("create config/t/c") < at("create p/c/1")
    );
    assert!(at("update config/t/a") < at("create p/a/7"));
    assert!(calls.contains(&"delete p/a/1".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn what_a_value_moves_to_is_made_before_what_it_leaves_goes() {
    let setup = Setup::new().await;
    let on = |name: &str| Thing { refs: names(&[name]), ..thing("x", 0) };
    setup.commit(vec![put(thing("a", 0)), put(on("a"))]).await;
    setup.a.calls();
    setup.commit(vec![gone(&t("a")), put(thing("c", 0)), put(on("c"))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/c", "update config/t/x", "delete config/t/a"]);
}

#[tokio::test(start_paused = true)]
async fn what_takes_a_place_is_made_after_what_leaves_it_is_gone() {
    let setup = Setup::new().await;
    let seat = Some("place".to_owned());
    let user = Thing { refs: names(&["old"]), ..thing("user", 0) };
    let on = |name: &str| put(Thing { seat: seat.clone(), ..thing(name, 0) });
    setup.commit(vec![on("old"), put(user)]).await;
    setup.a.world().started.clear();
    // The old one cannot go before its user, so the new one has to wait for both.
    setup.commit(vec![gone(&t("old")), gone(&t("user")), on("new")]).await;
    assert_eq!(setup.a.world().started, [t("user"), t("old"), t("new")]);
}

/// Who moves from one to the other cannot have both for a moment.
#[tokio::test(start_paused = true)]
async fn who_moves_to_what_takes_the_place_of_what_it_leaves_is_made_anew() {
    let setup = Setup::new().await;
    let on = |name: &str| put(Thing { seat: Some("place".to_owned()), ..thing(name, 0) });
    let user = |of: &str| put(Thing { refs: names(&[of]), ..thing("user", 0) });
    setup.commit(vec![on("old"), user("old")]).await;
    setup.a.calls();
    let report = setup.commit(vec![gone(&t("old")), on("new"), user("new")]).await;
    assert_eq!(report.failed, []);
    let calls = ["delete user", "delete old", "create new", "create user"];
    assert_eq!(setup.a.calls(), calls.map(|call| call.replace(' ', " config/t/")));
}

#[tokio::test(start_paused = true)]
async fn what_is_made_anew_takes_its_dependents_down_and_up_once() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    let b = Thing { refs: names(&["a"]), ..thing("b", 0) };
    let c = Thing { refs: names(&["b"]), ..thing("c", 0) };
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) }), put(b.clone()), put(c.clone())]).await;
    setup.a.calls();
    // b changes in the same transaction: its old content is not made again in between.
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 1) }), put(Thing { rev: 5, ..b })]).await;
    let calls = ["delete c", "delete b", "delete a", "create a", "create b", "create c"];
    assert_eq!(setup.a.calls(), calls.map(|call| call.replace(' ', " config/t/")));
    assert_eq!(setup.a.world().objects[&t("b")].content.rev, 5);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn values_that_need_each_other_come_up_and_go_down_together() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    let circle = |name: &str, ups: &[&str]| put(Thing { ups: names(ups), ..thing(name, 0) });
    setup.commit(vec![circle("v1", &["v2"]), circle("v2", &["v3"]), circle("v3", &["v1", "v4"])]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    setup.commit(vec![put(thing("v4", 0))]).await;
    let calls = setup.a.calls();
    assert_eq!((&*calls[0], calls.len()), ("create config/t/v4", 4));
    setup.commit(vec![gone(&t("v2"))]).await;
    assert_eq!(setup.a.world().objects.keys().collect::<Vec<_>>(), [&t("v4")]);
    assert_eq!(setup.details(&t("v1")).await, [t("v2")]);
    assert_eq!(setup.details(&t("v3")).await, [t("v1")]);
}

#[tokio::test(start_paused = true)]
async fn values_that_need_each_other_by_handle_stay_pending_and_say_so() {
    let setup = Setup::new().await;
    let circle = |name: &str, to: &str| put(Thing { refs: names(&[to]), ..thing(name, 0) });
    let report = setup.commit(vec![circle("a", "b"), circle("b", "a"), put(thing("c", 0))]).await;
    assert_eq!(report.failed, []);
    assert_eq!(setup.a.calls(), ["create config/t/c"]);
    assert_eq!((setup.state(&t("a")).await, setup.details(&t("a")).await), (State::Pending, vec![t("b")]));
}

#[tokio::test(start_paused = true)]
async fn any_of_several_will_do_and_the_last_one_counts() {
    let setup = Setup::new().await;
    let of = |ids: &[u32]| Thing { parts: ids.iter().map(|&id| part("a", id, 0)).collect(), ..thing("a", 0) };
    setup.commit(vec![put(Thing { any: Some("a".into()), ..thing("x", 0) })]).await;
    assert_eq!(setup.details(&t("x")).await, ["p/a/"]);
    setup.commit(vec![put(of(&[1, 2]))]).await;
    assert_eq!(setup.state(&t("x")).await, State::Configured);
    setup.a.calls();
    setup.commit(vec![put(of(&[2]))]).await;
    assert_eq!(setup.a.calls(), ["delete p/a/1"]);
    // Another one in its place in the same transaction: x stands without any for a moment, so it is made anew.
    setup.commit(vec![put(of(&[]))]).await;
    assert_eq!(setup.state(&t("x")).await, State::Pending);
    assert!(!setup.a.has(&t("x")));
    // A longer name is another name.
    setup.commit(vec![put(Thing { parts: vec![part("ab", 1, 0)], ..thing("ab", 0) })]).await;
    assert_eq!(setup.state(&t("x")).await, State::Pending);
}

#[tokio::test(start_paused = true)]
async fn who_needs_one_of_several_goes_before_the_last_of_them() {
    let setup = Setup::new().await;
    let of = |ids: &[u32]| Thing { parts: ids.iter().map(|&id| part("a", id, 0)).collect(), ..thing("a", 0) };
    let user = Thing { any: Some("a".into()), ..thing("x", 0) };
    setup.commit(vec![put(of(&[1, 2])), put(user)]).await;
    setup.a.calls();
    setup.a.world().started.clear();
    setup.commit(vec![put(of(&[]))]).await;
    let started = setup.a.world().started.clone();
    let at = |key: &str| started.iter().position(|other| other == key).unwrap();
    let last = at("p/a/1").max(at("p/a/2"));
    assert!(at(&t("x")) < last, "{started:?}");
    // The last one waits until the user is gone; the other one need not.
    let calls = setup.a.calls();
    let ended = |key: &str| calls.iter().position(|call| call.ends_with(key)).unwrap();
    assert_eq!((ended("/t/x"), ended(&started[last])), (1, 2), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_need_one_of_several_any_more_is_changed_before_the_last_of_them_goes() {
    let setup = Setup::new().await;
    let of = |ids: &[u32]| Thing { parts: ids.iter().map(|&id| part("a", id, 0)).collect(), ..thing("a", 0) };
    let user = Thing { any: Some("a".into()), ..thing("x", 0) };
    let above = Thing { refs: names(&["x"]), ..thing("y", 0) };
    setup.commit(vec![put(of(&[1, 2])), put(user), put(above)]).await;
    setup.a.calls();
    let report = setup.commit(vec![put(of(&[])), put(thing("x", 0))]).await;
    assert_eq!(report.failed, []);
    let calls = setup.a.calls();
    let at = |call: &str| calls.iter().position(|other| other == call);
    let (change, [one, other]) = (at("update config/t/x"), ["delete p/a/1", "delete p/a/2"].map(at));
    assert!(change.is_some() && change < one.max(other), "{calls:?}");
    assert_eq!(calls.len(), 3, "{calls:?}");
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn who_is_left_and_needs_one_of_several_goes_before_the_last_of_them() {
    let setup = Setup::new().await;
    let of = |ids: &[u32]| Thing { parts: ids.iter().map(|&id| part("a", id, 0)).collect(), ..thing("a", 0) };
    let user = Thing { any: Some("a".into()), ..thing("x", 0) };
    let above = |of: &str| put(Thing { refs: names(&[of]), ..thing("y", 0) });
    setup.commit(vec![put(of(&[1])), put(user), put(thing("z", 0)), above("x")]).await;
    setup.a.calls();
    let report = setup.commit(vec![put(of(&[])), gone(&t("x")), above("z")]).await;
    assert_eq!(report.failed, []);
    assert_eq!(setup.a.calls(), ["update config/t/y", "delete config/t/x", "delete p/a/1"]);
}

#[tokio::test(start_paused = true)]
async fn changing_what_means_nothing_calls_nothing_but_is_what_is_wanted() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0))]).await;
    setup.a.calls();
    setup.commit(vec![put(Thing { comment: 7, ..thing("a", 0) })]).await;
    assert_eq!(setup.a.calls(), [""; 0]);
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    for view in [View::Nb, View::Cached] {
        let items = setup.s.values(view, Select::All).await;
        let value: &dyn std::any::Any = &*items[0].value;
        assert_eq!(value.downcast_ref::<Thing>().unwrap().comment, 7, "{view:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_change_of_a_key_wins() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 1)), gone(&t("a")), put(thing("a", 2))]).await;
    assert_eq!(setup.a.calls(), ["create config/t/a"]);
    assert_eq!(setup.a.world().objects[&t("a")].content.rev, 2);
}

#[tokio::test(start_paused = true)]
async fn what_takes_a_place_waits_until_what_leaves_it_is_gone() {
    let setup = Setup::new().await;
    let seated = |name: &str| put(Thing { seat: Some("a".into()), ..thing(name, 0) });
    setup.commit(vec![seated("x"), put(Thing { refs: names(&["x"]), ..thing("z", 0) })]).await;
    setup.a.world().started.clear();
    // Both x and y take the same place. While z hangs, x cannot go; y must not come before it is gone.
    setup.a.fault(&t("z"), Fault::Hang);
    let changes = vec![gone(&t("x")), gone(&t("z")), seated("y"), put(thing("w", 0))];
    let s = setup.s.clone();
    let running = tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await });
    while !setup.a.has(&t("w")) {
        tokio::task::yield_now().await;
    }
    assert_eq!(setup.a.world().started, [t("z"), t("w")]);
    setup.a.release();
    running.await.unwrap().unwrap();
    assert_eq!(setup.a.world().started, [t("z"), t("w"), t("x"), t("y")]);
}
