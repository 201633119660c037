//! The states that clients see.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::{Content, Fake, Fault};
use sched::*;

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_nonexistent_and_a_deleted_one_is_reported_removed() {
    let setup = Setup::new().await;
    let status = setup.status("config/t/nobody").await;
    assert_eq!((&*status.value.key, status.value.state), ("config/t/nobody", State::Nonexistent));
    setup.commit(vec![put(thing("a", 0))]).await;
    let report = setup.commit(vec![gone(&t("a"))]).await;
    let status = &report.statuses[0].value;
    assert_eq!((status.state, status.last_operation), (State::Removed, Operation::Delete));
    assert_eq!(setup.state(&t("a")).await, State::Nonexistent);
}

#[tokio::test(start_paused = true)]
async fn a_report_has_the_statuses_of_the_submitted_keys_in_key_order() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("z", 0))]).await;
    let b = Thing { parts: vec![part("b", 1, 0)], ..thing("b", 0) };
    let report = setup.commit(vec![put(thing("c", 13)), put(b), put(thing("c", 13))]).await;
    let states: Vec<_> =
        report.statuses.iter().map(|status| (&*status.value.key, status.value.state)).collect();
    assert_eq!(states, [("config/t/b", State::Configured), ("config/t/c", State::Invalid)]);
    assert_eq!(&*report.statuses[0].derived[0].key, "p/b/1");
    let report = setup.s.commit(Txn { changes: vec![put(thing("d", 0))], ..Txn::default() }).await.unwrap();
    assert_eq!(report.statuses, []);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_nobody_handles_is_unimplemented() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Stranger("x".into())), put(Thing { ups: names(&["a"]), ..thing("b", 0) })]).await;
    let status = setup.status("config/x/x").await.value;
    assert_eq!(status.state, State::Unimplemented);
    assert_eq!(status.details, ["no descriptor handles this kind of value"]);
    setup.commit(vec![gone("config/x/x"), gone(&t("b"))]).await;
    assert_eq!(setup.s.size().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_kind_whose_calls_are_lacking_is_unimplemented_until_the_southbound_has_them() {
    let setup = Setup::with(Config::default());
    setup.a.world().lacking.insert("thing_add");
    setup.commit(vec![put(thing("a", 0)), put(Mark { name: "m".into(), rev: 0, on: None })]).await;
    let status = setup.status(&t("a")).await.value;
    assert_eq!((status.state, &*status.details[0]), (State::Unimplemented, "alpha has no call thing_add"));
    assert!(setup.b.has("config/m/m"));
    let thing = setup.s.capabilities().await.remove(1);
    assert_eq!((thing.of.name, thing.of.southbound, thing.known), ("thing", "alpha", true));
    assert_eq!(thing.missing, [("thing_add", "alpha has no call thing_add".to_owned())]);
    assert_eq!(setup.a.calls(), [""; 0]);
    // It comes back as another that has it.
    setup.a.crash();
    setup.a.world().lacking.clear();
    setup.a.up();
    setup.commit(vec![]).await;
    assert_eq!(
        (setup.state(&t("a")).await, setup.a.calls()),
        (State::Configured, vec!["create config/t/a".to_owned()])
    );
    assert_eq!(setup.s.capabilities().await[1].missing, []);
}

#[tokio::test(start_paused = true)]
async fn what_a_restarted_southbound_lost_is_missing_until_it_is_made_again() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(Thing { refs: names(&["a"]), ..thing("b", 0) })]).await;
    setup.a.crash();
    setup.a.fault(&t("a"), Fault::Hang);
    setup.a.up();
    while setup.a.world().started.len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(setup.state(&t("a")).await, State::Missing);
    assert_eq!((setup.state(&t("b")).await, setup.details(&t("b")).await), (State::Pending, vec![t("a")]));
    setup.a.release();
    setup.commit(vec![]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_a_southbound_can_do_is_known_from_the_first_connection_on() {
    let (a, b) = (Fake::new("alpha"), Fake::new("beta"));
    a.down();
    a.world().lacking.insert("thing_stiff");
    let setup = Setup::over(&a, &b, Default::default(), Config::default());
    setup.commit(vec![]).await;
    let of = |name: &'static str| {
        let all = setup.s.capabilities();
        async move { all.await.into_iter().find(|one| one.of.name == name).unwrap() }
    };
    let (thing, mark) = (of("thing").await, of("mark").await);
    assert_eq!((thing.known, &*thing.missing, mark.known), (false, &[][..], true));
    a.up();
    setup.commit(vec![]).await;
    let (thing, part) = (of("thing").await, of("part").await);
    assert!(thing.known);
    let stiff = thing.of.variants[0];
    assert_eq!((stiff.name, thing.missing_of(stiff.uses).count()), ("stiff", 1));
    assert_eq!(thing.missing_of(thing.of.uses).count(), 0);
    assert_eq!((thing.of.part_of, part.of.part_of, part.of.derived), (None, Some("thing"), true));
    // What it could do is remembered while it is away.
    a.down();
    setup.commit(vec![]).await;
    assert_eq!(of("thing").await.missing.len(), 1);
}

/// Brings the first southbound back as one that lacks these calls.
async fn come_back(setup: &Setup, lacking: &[&'static str]) {
    setup.a.crash();
    setup.a.world().lacking = lacking.iter().copied().collect();
    setup.a.up();
    setup.commit(vec![]).await;
}

#[tokio::test(start_paused = true)]
async fn a_value_whose_call_is_lacking_is_unimplemented_and_others_of_its_kind_are_not() {
    let setup = Setup::new().await;
    come_back(&setup, &["thing_stiff"]).await;
    let stiff = || Thing { stiff: true, parts: vec![part("a", 1, 0)], ..thing("a", 0) };
    let on_it = || Thing { ups: names(&["a"]), ..thing("c", 0) };
    setup.commit(vec![put(stiff()), put(thing("b", 0)), put(on_it())]).await;
    let a = setup.status(&t("a")).await;
    assert_eq!(a.value.state, State::Unimplemented);
    assert_eq!(a.value.details, ["alpha has no call thing_stiff"]);
    assert_eq!((a.derived[0].state, &*a.derived[0].details), (State::Pending, &[t("a")][..]));
    assert_eq!(setup.state(&t("b")).await, State::Configured);
    assert_eq!((setup.state(&t("c")).await, setup.details(&t("c")).await), (State::Pending, vec![t("a")]));
    assert_eq!(setup.a.calls(), ["create config/t/b"]);
    // One that can do it, and then one that cannot any more.
    for _ in 0..2 {
        come_back(&setup, &[]).await;
        for key in [t("a"), "p/a/1".to_owned(), t("b"), t("c")] {
            assert_eq!(setup.state(&key).await, State::Configured, "{key}");
        }
        come_back(&setup, &["thing_stiff"]).await;
        assert_eq!(setup.state(&t("a")).await, State::Unimplemented);
        assert_eq!(setup.state(&t("b")).await, State::Configured);
        assert_eq!(setup.state(&t("c")).await, State::Pending);
        assert!(!setup.a.has(&t("a")) && !setup.a.has(&t("c")));
    }
    assert_eq!(setup.a.world().wrong, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_there_goes_if_it_becomes_what_is_not_supported() {
    let setup = Setup::new().await;
    come_back(&setup, &["thing_stiff"]).await;
    setup.commit(vec![put(thing("a", 0)), put(Thing { ups: names(&["a"]), ..thing("b", 0) })]).await;
    setup.a.calls();
    let stiff = || vec![put(Thing { stiff: true, ..thing("a", 1) })];
    let preview = setup.s.plan(Txn { changes: stiff(), ..Txn::default() }).await.unwrap();
    let last = preview.steps.last().unwrap();
    assert_eq!((&*last.key, &*last.reason), ("config/t/a", "what is wanted in its place is not supported"));
    assert_eq!(preview.waiting[0], (t("a").into(), vec!["alpha has no call thing_stiff".to_owned()]));
    setup.commit(stiff()).await;
    assert_eq!(setup.a.calls(), ["delete config/t/b", "delete config/t/a"]);
    assert_eq!(setup.state(&t("a")).await, State::Unimplemented);
    // What cannot be removed is said first; the rest once it is gone.
    setup.commit(vec![put(thing("a", 2))]).await;
    setup.a.fault(&t("a"), Fault::Refuse);
    setup.commit(stiff()).await;
    assert_eq!(setup.state(&t("a")).await, State::Failed);
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.state(&t("a")).await, State::Unimplemented);
    assert!(!setup.a.has(&t("a")));
}

#[tokio::test(start_paused = true)]
async fn what_was_found_as_wanted_stays_although_it_could_not_be_made() {
    let setup = Setup::with(Config::default());
    setup.a.world().lacking.insert("thing_stiff");
    setup.a.plant(&t("a"), Content { stiff: true, auto: Some(1500), ..Content::default() }, true);
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) })]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.a.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_supported_is_not_looked_for_twice() {
    let setup = Setup::new().await;
    come_back(&setup, &["thing_stiff"]).await;
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) })]).await;
    setup.a.world().retrieved.clear();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.a.world().retrieved, ["thing", "part"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_missing_and_is_not_wanted_any_more_leaves_nothing() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { parts: vec![part("a", 1, 0)], ..thing("a", 0) })]).await;
    setup.a.fault(&t("a"), Fault::Refuse);
    setup.a.steal(&t("a"));
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.state(&t("a")).await, State::Failed);
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!((setup.state(&t("a")).await, setup.s.size().await), (State::Nonexistent, 0));
}

#[tokio::test(start_paused = true)]
async fn what_others_made_is_obtained_and_what_we_made_in_an_earlier_life_is_discovered() {
    let setup = Setup::with(Config::default());
    setup.a.plant(&t("theirs"), Content::default(), false);
    setup.a.plant(&t("ours"), Content::default(), true);
    setup.commit(vec![]).await;
    assert_eq!(setup.state(&t("theirs")).await, State::Obtained);
    assert_eq!(setup.state(&t("ours")).await, State::Discovered);
    let origins: Vec<_> = setup.s.values(View::Cached, Select::All).await;
    let origins: Vec<_> = origins.iter().map(|item| (&*item.key, item.origin)).collect();
    assert_eq!(origins, [("config/t/ours", Origin::Nb), ("config/t/theirs", Origin::Sb)]);
    assert!(setup.s.values(View::Nb, Select::All).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_comes_and_goes_by_itself_wakes_what_waits_for_it() {
    let setup = Setup::new().await;
    setup.commit(vec![put(Thing { signal: Some("link".into()), ..thing("a", 0) })]).await;
    assert_eq!(setup.details(&t("a")).await, ["s/link"]);
    for _ in 0..2 {
        setup.s.notify(vec![Notice::present::<Signals>(Signal("link".into()), ())]);
        setup.commit(vec![]).await;
        assert_eq!(
            (setup.state(&t("a")).await, setup.state("s/link").await),
            (State::Configured, State::Obtained)
        );
        setup.s.notify(vec![Notice::absent::<Signal>("link")]);
        setup.commit(vec![]).await;
        assert_eq!(
            (setup.state(&t("a")).await, setup.state("s/link").await),
            (State::Pending, State::Nonexistent)
        );
    }
    let calls = setup.a.calls();
    assert_eq!(calls, ["create", "delete", "create", "delete"].map(|verb| format!("{verb} config/t/a")));
    // Unknown keys leave nothing.
    let size = setup.s.size().await;
    setup.s.notify(vec![Notice::absent::<Signal>("other"), Notice::absent::<Thing>("x")]);
    setup.commit(vec![]).await;
    assert_eq!((setup.s.size().await, setup.a.calls()), (size, vec![]));
}

#[tokio::test(start_paused = true)]
async fn of_other_kinds_only_what_is_not_ours_can_be_reported() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 0)), put(Thing { ups: vec!["x".into()], ..thing("b", 0) })]).await;
    setup.a.calls();
    // Each item counts for itself: what is said of `a` is of no interest, what is said of `x` is.
    let x = Notice::present::<Things>(thing("x", 0), 1);
    setup.s.notify(vec![Notice::absent::<Thing>("a"), x]);
    setup.commit(vec![]).await;
    assert_eq!(setup.state(&t("a")).await, State::Configured);
    assert_eq!(setup.state(&t("x")).await, State::Obtained);
    assert_eq!(setup.a.calls(), [format!("create {}", t("b"))]);
    setup.s.notify(vec![Notice::absent::<Thing>("x")]);
    setup.commit(vec![]).await;
    assert_eq!(setup.details(&t("b")).await, [t("x")]);
    assert_eq!(setup.a.calls(), [format!("delete {}", t("b"))]);
}

#[tokio::test(start_paused = true)]
async fn while_a_southbound_is_away_values_wait_and_say_for_what() {
    let setup = Setup::with(Config { in_flight: 1, ..Config::default() });
    setup.commit(vec![put(thing("a", 0)), put(thing("b", 0))]).await;
    setup.a.calls();
    setup.a.down();
    let report = setup.commit(vec![gone(&t("a")), put(thing("b", 1)), put(thing("c", 0))]).await;
    assert_eq!(report.failed, []);
    for name in ["a", "b", "c"] {
        let status = setup.status(&t(name)).await.value;
        assert_eq!((status.state, &*status.details[0]), (State::Pending, "alpha is away"), "{name}");
    }
    setup.a.up();
    setup.commit(vec![]).await;
    let calls = ["delete a", "update b", "create c"];
    assert_eq!(setup.a.calls(), calls.map(|call| call.replace(' ', " config/t/")));
}
