//! Why a value is in its state, in words.

use crate::kinds::*;
use crate::setup::Setup;
use crate::world::{Content, Fault};
use sched::*;
use std::time::Duration;

async fn why(setup: &Setup, key: &str) -> Explanation {
    let why = setup.s.explain(key).await;
    assert_eq!((&*why.key, why.state), (key, setup.state(key).await));
    why
}
/// Summary and advice.
async fn words(setup: &Setup, key: &str) -> (String, String) {
    let why = why(setup, key).await;
    (why.summary, why.advice)
}
fn on(name: &str, refs: &[&str]) -> Intent {
    put(Thing { refs: names(refs), ..thing(name, 0) })
}

#[tokio::test(start_paused = true)]
async fn what_is_in_force_says_since_when() {
    let setup = Setup::new().await;
    let seq = setup.commit(vec![put(thing("a", 0))]).await.seq;
    setup.commit(vec![put(thing("b", 0))]).await;
    let why = why(&setup, &t("a")).await;
    assert_eq!(why.summary, format!("It is in force as wanted since transaction {seq}."));
    assert_eq!((why.seq, why.origin, why.descriptor, &*why.advice), (Some(seq), Origin::Nb, "thing", ""));
}

#[tokio::test(start_paused = true)]
async fn what_waits_names_each_cause_and_follows_it_to_the_root() {
    let setup = Setup::new().await;
    setup.a.fault(&t("f"), Fault::Forbid);
    let invalid = put(thing("i", 13));
    setup.commit(vec![on("c", &["b"]), on("b", &["a"]), put(thing("f", 0)), invalid]).await;
    let (text, advice) = words(&setup, &t("c")).await;
    assert_eq!(text, "It waits for thing b, which waits for thing a, which nobody has configured.");
    assert_eq!(advice, "configure config/t/a, or correct the name where it is used");

    setup.commit(vec![on("m", &["c", "f", "i", "stil"]), put(thing("still", 0))]).await;
    let why = why(&setup, &t("m")).await;
    let causes: Vec<_> = why.waits_for.iter().map(|c| (&*c.key, c.state, &*c.reason)).collect();
    let expected = [
        (
            "config/t/c",
            State::Pending,
            "waits for thing b, which waits for thing a, which nobody has configured",
        ),
        ("config/t/f", State::Failed, "could not be made: forbidden"),
        ("config/t/i", State::Invalid, "cannot be used as it is written: rev: must not be 13"),
        ("config/t/stil", State::Nonexistent, "nobody has configured"),
    ];
    assert_eq!(causes, expected);
    assert!(
        why.summary.starts_with("It waits for 4 things: thing c, which waits for")
            && why.summary.ends_with("; and 1 more.")
    );
    setup.commit(vec![on("m", &["stil"])]).await;
    let advice = words(&setup, &t("m")).await.1;
    assert_eq!(advice, "configure config/t/stil, or correct the name: config/t/still is known");
}

#[tokio::test(start_paused = true)]
async fn chains_of_any_length_and_circles_come_to_an_end() {
    let setup = Setup::new().await;
    let name = |i: usize| format!("x{i}");
    let chain = (0..1000).map(|i| on(&name(i), &[&name(i + 1)])).collect();
    setup.commit(chain).await;
    let (text, _) = words(&setup, &t("x0")).await;
    assert!(text.ends_with("thing x8, which waits for thing x9, which waits in turn."), "{text}");
    setup.commit(vec![on("p", &["q"]), on("q", &["p"]), on("r", &["r"])]).await;
    let text = words(&setup, &t("p")).await.0;
    assert_eq!(
        text,
        "It waits for thing q, which waits for thing p, which waits for thing q, and so they wait for each other."
    );
    let refs: Vec<String> = (0..100).map(|i| format!("y{i}")).collect();
    setup.commit(vec![put(Thing { refs, ..thing("wide", 0) })]).await;
    let wide = why(&setup, &t("wide")).await;
    assert_eq!(wide.waits_for.len(), 16);
    assert!(wide.summary.ends_with("; and 97 more."), "{}", wide.summary);
}

#[tokio::test(start_paused = true)]
async fn a_group_without_members_and_one_whose_members_wait() {
    let setup = Setup::new().await;
    let a = Thing { any: Some("b".into()), ..thing("a", 0) };
    setup.commit(vec![put(a)]).await;
    let why_a = why(&setup, &t("a")).await;
    assert_eq!(why_a.summary, "It waits for anything under part b/, which nobody has configured.");
    assert_eq!((&*why_a.waits_for[0].key, why_a.waits_for[0].any), ("p/b/", true));
    assert_eq!(why_a.advice, "configure something under p/b/");
    setup.a.fault("p/b/1", Fault::Forbid);
    setup.commit(vec![put(Thing { parts: vec![part("b", 1, 0)], ..thing("b", 0) })]).await;
    let expected = "It waits for anything under part b/, which has nobody there; the first that is known is part b/1, \
                    which could not be made: forbidden.";
    assert_eq!(words(&setup, &t("a")).await.0, expected);
}

#[tokio::test(start_paused = true)]
async fn a_failure_tells_the_call_the_cause_and_the_next_attempt() {
    let setup = Setup::new().await;
    setup.a.fault(&t("a"), Fault::Refuse);
    let retry = Some(Retry { period: Duration::from_secs(4), max: 3, backoff: false });
    setup.s.commit(Txn { changes: vec![put(thing("a", 0))], retry, ..Txn::default() }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let why_a = why(&setup, &t("a")).await;
    assert_eq!(why_a.state, State::Retrying);
    let next = why_a.retry.unwrap();
    assert_eq!((next.attempt, next.of), (2, 3));
    assert!(next.after.unwrap() <= Duration::from_secs(3) && next.after.unwrap() > Duration::from_secs(2));
    let start = "CREATE failed: refused. It is not there. The next attempt is in ";
    assert!(
        why_a.summary.starts_with(start) && why_a.summary.ends_with("s, number 2 of 3."),
        "{}",
        why_a.summary
    );
    let failure = why_a.failure.unwrap();
    assert_eq!((failure.operation, &*failure.cause, failure.retriable), (Operation::Create, "refused", true));
    tokio::time::sleep(Duration::from_secs(20)).await;
    let (text, advice) = words(&setup, &t("a")).await;
    assert_eq!(text, "CREATE failed: refused. It is not there. No further attempt is planned.");
    assert!(advice.starts_with("remove the cause, then submit the value again"));

    setup.commit(vec![put(thing("b", 0))]).await;
    setup.a.fault(&t("b"), Fault::Forbid);
    setup.commit(vec![put(thing("b", 1))]).await;
    let (text, advice) = words(&setup, &t("b")).await;
    let expected = "UPDATE failed: forbidden. What was in force before is still there. Trying the same again cannot help.";
    assert_eq!(text, expected);
    assert!(advice.starts_with("change the value"));
    setup.commit(vec![gone(&t("b"))]).await;
    let text = words(&setup, &t("b")).await.0;
    assert!(
        text.starts_with("DELETE failed: forbidden. It is not wanted any more, and still there."),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_invalid_value_names_the_field_and_what_is_in_force() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("a", 13))]).await;
    let (text, advice) = words(&setup, &t("a")).await;
    assert_eq!(text, "Its newest value cannot be used: rev: must not be 13. Nothing of it is in force.");
    assert_eq!(advice, "correct the value and submit it again");
    setup.commit(vec![put(thing("a", 1))]).await;
    setup.commit(vec![put(thing("a", 13))]).await;
    let text = words(&setup, &t("a")).await.0;
    assert_eq!(
        text,
        "Its newest value cannot be used: rev: must not be 13. The value before it is still in force."
    );
}

#[tokio::test(start_paused = true)]
async fn a_southbound_that_is_away_or_lacks_a_call_is_named() {
    let setup = Setup::new().await;
    setup.a.down();
    setup.commit(vec![put(thing("a", 0)), on("b", &["a"])]).await;
    let (text, advice) = words(&setup, &t("a")).await;
    assert_eq!(text, "It cannot be worked on now: alpha is away.");
    assert_eq!(advice, "nothing: it goes on by itself when that is over");
    setup.a.world().lacking.insert("thing_add");
    setup.a.up();
    setup.commit(vec![]).await;
    let (text, _) = words(&setup, &t("a")).await;
    assert_eq!(text, "thing cannot work with this alpha: alpha has no call thing_add.");
    setup.a.down();
    setup.a.world().lacking = ["thing_stiff"].into();
    setup.a.up();
    setup.commit(vec![put(Thing { stiff: true, ..thing("a", 0) })]).await;
    let (text, _) = words(&setup, &t("a")).await;
    assert_eq!(text, "thing cannot work with this alpha: alpha has no call thing_stiff.");
    let (text, advice) = words(&setup, &t("b")).await;
    assert_eq!(text, "It waits for thing a, which is not supported: alpha has no call thing_stiff.");
    assert_eq!(advice, "give it what it lacks, such as a plugin or a right, or use a version that has it");
    setup.commit(vec![put(Stranger("x".into()))]).await;
    let (text, advice) = words(&setup, "config/x/x").await;
    assert!(text.starts_with("No descriptor handles values of google.protobuf.Empty;"), "{text}");
    assert!(advice.starts_with("remove it"));
}

#[tokio::test(start_paused = true)]
async fn what_was_found_there_says_how_to_keep_it_or_to_be_rid_of_it() {
    let setup = Setup::with(Config::default());
    setup.a.plant(&t("theirs"), Content::default(), false);
    setup.a.plant(&t("ours"), Content::default(), true);
    setup.commit(vec![put(thing("a", 0))]).await;
    let (text, advice) = words(&setup, &t("theirs")).await;
    assert!(text.starts_with("It is there in alpha, but this agent did not make it"), "{text}");
    assert_eq!(advice, "to take it over, put it into the configuration");
    let (text, advice) = words(&setup, &t("ours")).await;
    assert!(text.ends_with("It is kept until every source has answered."), "{text}");
    assert_eq!(advice, "to keep it, put it into the configuration; to remove it now, delete its key");
    setup.s.notify(vec![Notice::present::<Signals>(Signal("s".into()), ())]);
    setup.commit(vec![]).await;
    assert_eq!(words(&setup, "s/s").await.0, "alpha reported it; nobody configures it.");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_nobodys_and_a_misspelt_one_is_recognized() {
    let setup = Setup::new().await;
    setup.commit(vec![put(thing("loop1", 0)), on("user", &["lop2"])]).await;
    let (text, advice) = words(&setup, &t("lopo1")).await;
    assert_eq!(text, "Nobody has configured it, and it is not there.");
    assert_eq!(advice, "did you mean config/t/loop1?");
    let text = words(&setup, &t("lop2")).await.0;
    assert_eq!(text, "Nobody has configured it, and it is not there. thing user waits for it.");
    assert_eq!(words(&setup, &t("entirely-different")).await.1, "");
    assert_eq!(words(&setup, "config/q/loop1").await.1, "did you mean config/t/loop1?");
    let (_, advice) = words(&setup, "config/nothing/like/it").await;
    assert!(advice.starts_with("no descriptor handles keys like this"), "{advice}");
    let explanation = setup.s.explain("config/t/nobody").await;
    assert_eq!((explanation.state, explanation.descriptor), (State::Nonexistent, "thing"));
}

#[tokio::test(start_paused = true)]
async fn a_base_explains_its_parts_also_those_it_has_no_more() {
    let setup = Setup::new().await;
    let with = |ids: &[u32]| {
        let parts = ids.iter().map(|&id| part("a", id, 0)).collect();
        put(Thing { parts, ..thing("a", ids.len() as u32) })
    };
    setup.a.fault("p/a/1", Fault::Forbid);
    setup.commit(vec![with(&[1, 2, 3])]).await;
    let why_a = why(&setup, &t("a")).await;
    assert!(why_a.summary.ends_with(" Its part part a/1 is not as wanted."), "{}", why_a.summary);
    assert_eq!((why_a.parts.len(), &*why_a.parts[0].key), (1, "p/a/1"));
    assert_eq!(why_a.parts[0].part_of.as_deref(), Some("config/t/a"));
    assert_eq!(why_a.advice, why_a.parts[0].advice);
    // A part that the base has no more and that cannot be removed.
    setup.a.fault("p/a/2", Fault::Refuse);
    setup.commit(vec![with(&[3])]).await;
    let status = setup.status(&t("a")).await;
    let parts: Vec<_> = status.derived.iter().map(|part| (&*part.key, part.state)).collect();
    assert_eq!(parts, [("p/a/2", State::Failed), ("p/a/3", State::Configured)]);
    let why_a = why(&setup, &t("a")).await;
    assert_eq!((why_a.parts.len(), &*why_a.parts[0].key), (1, "p/a/2"));
    assert!(
        why_a.parts[0]
            .summary
            .starts_with("DELETE failed: refused. It is not wanted any more, and still there.")
    );
    setup.a.heal();
    setup.resync(Resync::Downstream, vec![]).await;
    assert_eq!(setup.status(&t("a")).await.derived.len(), 1);
    assert!(why(&setup, &t("a")).await.parts.is_empty());
    setup.commit(vec![gone(&t("a"))]).await;
    assert_eq!(setup.s.size().await, 0);
}
