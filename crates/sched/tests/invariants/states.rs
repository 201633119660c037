//! What is told: states, their order, watchers, metadata, records.

use crate::calls::{Call, tick};
use crate::case::{Case, Faults, Shape, Wish};
use crate::kinds::*;
use crate::seeds::{self, Rng, note};
use crate::stage::*;
use crate::world::Fault;
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Also right after a failure, before anything was mended. What is still there and on its way out is PENDING too.
///
/// Catches: values that are not brought up when one of several alternatives appears.
#[test]
fn invariant_27_every_state_says_what_is_the_case() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        for _ in 0..8 {
            let faults = [Fault::Refuse, Fault::Forbid, Fault::Half, Fault::LostBefore, Fault::LostAfter];
            case.break_calls(&faults, 5);
            let retry = case.rng.one_in(2).then_some(Retry::default());
            let went = case.go(Txn { retry, ..Txn::default() }).await;
            let known = statuses(&case.setup).await;
            let wanted = case.setup.s.values(View::Nb, Select::All).await;
            let wanted: BTreeSet<&str> = wanted.iter().map(|item| &*item.key).collect();
            for (key, (state, error, details)) in &known {
                let fine = |good: bool| assert!(good, "{key} is {state:?} {error:?} {details:?}");
                let there = went.after.get(key).filter(|object| !object.half);
                let foreign = case.wishes.foreign.contains_key(key) || key.starts_with("s/");
                let base = key.starts_with("config/");
                match state {
                    State::Configured => {
                        fine(error.is_none() && details.is_empty());
                        let Some(there) = there else { panic!("{key} is configured and not there") };
                        let told = match (key.strip_prefix("config/t/"), key.strip_prefix("config/m/")) {
                            (Some(name), _) => {
                                let thing = &case.wishes.things[name];
                                fine(there.content.stiff == thing.stiff && there.tag.any == thing.any);
                                thing.rev
                            }
                            (_, Some(name)) => case.wishes.marks[name].rev,
                            _ => case.wishes.parts[key].rev,
                        };
                        fine(there.content.rev == told && (wanted.contains(&**key) || !base));
                    }
                    State::Obtained => fine(foreign && error.is_none() && !wanted.contains(&**key)),
                    State::Pending => fine(!details.is_empty() && error.is_none()),
                    State::Invalid => {
                        fine(case.wishes.invalid.contains(key) && details.len() == 1 && error.is_none());
                    }
                    State::Failed | State::Retrying => fine(error.is_some()),
                    // None of these can come of such a history.
                    _ => fine(false),
                }
            }
            // Whatever is there is known.
            for key in went.after.keys() {
                assert!(known.contains_key(key), "{key} is there and has no state");
            }
            case.for_good = true;
            case.mend().await;
            case.check("states").await; // without faults even the details are exact
        }
    });
}

/// From one state to another, as a watcher may see it after each transaction. Not only the steps of the list of states,
/// but also those that pass through another one within a transaction.
fn may_follow(old: State, new: State) -> bool {
    use State::*;
    match (old, new) {
        (_, Configured | Pending | Invalid | Failed | Retrying | Removed) => true,
        (Nonexistent | Removed, Obtained | Discovered | Unimplemented) => true,
        (Obtained, Obtained) | (Discovered, Discovered) => true,
        (Pending | Failed | Retrying, Discovered) => true, // could not be removed, and nobody asks for it
        (Invalid, Obtained) => true, // what could not be expressed is taken back, and was never more than a claim
        (_, Unimplemented) => true,  // the southbound came back as one without this kind
        (Configured | Pending | Failed | Retrying | Missing, Missing) => true,
        (Invalid, Missing) => true, // the value in force was lost while a newer one could not be expressed
        (Nonexistent | Removed, Missing) => true, // made, and lost again before the watcher looked
        _ => false,
    }
}

/// Catches: strangers told as found and ours; what is missing told as found.
#[test]
fn invariant_28_states_follow_each_other_as_listed() {
    seeds::run(70, |seed| async move {
        let mut case = Case::new(seed, Faults::Everything).await;
        // Somebody listens all the time.
        let heard: Arc<Mutex<Vec<BaseStatus>>> = Arc::default();
        let (all, writer) = (case.setup.s.watch(Select::All), heard.clone());
        let listener = tokio::spawn(async move {
            loop {
                let news = all.next().await;
                writer.lock().unwrap().extend(news);
            }
        });
        let mut told: BTreeMap<String, State> = BTreeMap::new();
        for _ in 0..12 {
            match case.rng.below(4) {
                0 => case.break_something(),
                1 => {
                    let there: Vec<String> = case.setup.a.world().objects.keys().cloned().collect();
                    let ours: Vec<&String> =
                        there.iter().filter(|key| !case.wishes.foreign.contains_key(*key)).collect();
                    if !ours.is_empty() {
                        case.setup.a.steal(ours[case.rng.below(ours.len() as u64) as usize]);
                        case.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await;
                    }
                }
                2 => case.mend().await,
                _ => {}
            }
            case.go(Txn { retry: Some(Retry::default()), ..Txn::default() }).await;
            seconds(case.rng.below(5)).await;
            let news = std::mem::take(&mut *heard.lock().unwrap());
            for status in news.iter().flat_map(|status| status.derived.iter().chain([&status.value])) {
                let old = told.insert(status.key.to_string(), status.state).unwrap_or_default();
                assert!(may_follow(old, status.state), "{}: {old:?}, then {:?}", status.key, status.state);
            }
        }
        listener.abort();
    });
}

/// Each watcher reads when it likes and sees the latest status of what changed.
///
/// Catches: news that are lost when later ones come.
#[test]
fn invariant_29_whoever_folds_the_news_knows_the_present() {
    seeds::run(70, |seed| async move {
        let mut rng = Rng::new(seed);
        let shape = Shape { strangers: false, ..Shape::new(&mut rng) };
        let config = Config { in_flight: 1 + rng.below(8) as usize, ..Config::default() };
        let mut case = Case::with(seed, rng, shape, 0, Faults::Everything, config).await;
        let selects = [
            Select::All,
            Select::Prefix("config/t/n".into()),
            Select::Descriptor("mark".into()),
            Select::Key(t("n0")),
            Select::Keys(vec![t("n1").into(), "config/m/m1".into()]),
        ];
        let mut watchers = Vec::new();
        for select in selects {
            let watch = case.setup.s.watch(select.clone());
            watchers.push((select, watch, BTreeMap::new(), 1 + case.rng.below(4)));
        }
        for step in 0..12 {
            if case.rng.one_in(2) {
                case.break_something();
            }
            case.go(Txn { retry: Some(Retry::default()), ..Txn::default() }).await;
            if case.rng.one_in(3) {
                case.mend().await;
            }
            // A comparison in progress says what it waits for when it is done.
            case.setup.s.barrier().await.unwrap();
            for (select, watch, folded, every) in &mut watchers {
                if step % *every != 0 && step != 11 {
                    continue;
                }
                let news = tokio::time::timeout(Duration::ZERO, watch.next()).await.unwrap_or_default();
                let keys: BTreeSet<_> = news.iter().map(|status| status.value.key.clone()).collect();
                assert_eq!(keys.len(), news.len(), "two statuses of one key at once");
                folded.extend(news.into_iter().map(|status| (status.value.key.clone(), status)));
                folded.retain(|_, status| status.value.state != State::Removed);
                let mut now = case.setup.s.statuses(select.clone()).await;
                now.retain(|status| status.value.state != State::Nonexistent);
                now.sort_by(|a, b| a.value.key.cmp(&b.value.key));
                let folded: Vec<&BaseStatus> = folded.values().collect();
                let short = |status: &BaseStatus| {
                    let one = |status: &Status| (status.key.clone(), status.state, status.details.clone());
                    (one(&status.value), status.derived.iter().map(one).collect::<Vec<_>>())
                };
                let folded: Vec<_> = folded.into_iter().map(short).collect();
                assert_eq!(folded, now.iter().map(short).collect::<Vec<_>>(), "{select:?}");
            }
        }
    });
}

/// When an object was there, with which handle.
fn lives(
    before: &BTreeMap<String, crate::world::Object>,
    calls: &[Call],
) -> BTreeMap<String, Vec<(u64, u64, u64)>> {
    let mut lives: BTreeMap<String, Vec<(u64, u64, u64)>> =
        before.iter().map(|(key, object)| (key.clone(), vec![(object.handle, 0, u64::MAX)])).collect();
    for call in calls.iter().filter(|call| call.done) {
        let of_key = lives.entry(call.key.clone()).or_default();
        match call.verb {
            "create" => of_key.push((call.handle.unwrap(), call.end, u64::MAX)),
            "delete" => of_key.last_mut().unwrap().2 = call.end,
            _ => {}
        }
    }
    lives
}

/// Metadata are computed from handles, and there are no further indexes that could differ from them.
///
/// Catches: metadata of another handle.
#[test]
fn invariant_30_metadata_are_those_of_what_is_there_at_any_moment() {
    seeds::run(80, |seed| async move {
        let mut case = Case::plain(seed).await;
        for _ in 0..6 {
            let before = objects(&case.setup);
            calls(&case.setup);
            let wishes = case.shape.wishes(&mut case.rng);
            let changes = case.wish(&wishes);
            note(format!("{wishes:?}"));
            let mutual = case.wishes.outcome().mutual;
            case.setup.a.world().mutual.extend(mutual);
            let s = case.setup.s.clone();
            let running = tokio::spawn(async move { s.commit(Txn { changes, ..Txn::default() }).await });
            let mut looks = Vec::new();
            loop {
                let from = tick();
                let items = case.setup.s.values(View::Cached, Select::Descriptor("thing".into())).await;
                looks.push((from, tick(), items));
                if running.is_finished() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            running.await.unwrap().unwrap();
            let lives = lives(&before, &calls(&case.setup));
            for (from, to, items) in looks {
                let seen: BTreeMap<String, u64> = items
                    .iter()
                    .map(|item| (item.key.to_string(), item.metadata["index"].as_u64().unwrap()))
                    .collect();
                for (key, handle) in &seen {
                    let alive = |life: &&(u64, u64, u64)| life.0 == *handle && life.1 <= to && life.2 >= from;
                    assert!(lives[key].iter().any(|life| alive(&life)), "{key} has the metadata of {handle}");
                }
                for (key, lives) in lives.iter().filter(|(key, _)| key.starts_with("config/t/")) {
                    let whole = lives.iter().find(|life| life.1 < from && life.2 > to);
                    assert!(whole.is_none_or(|life| seen.get(key) == Some(&life.0)), "{key} has no metadata");
                }
            }
        }
    });
}

/// What others have must never be called a wish of ours, whatever else happens to it.
///
/// Catches: a takeover that leaves the object with the others.
#[test]
fn invariant_35_what_is_taken_over_is_ours_and_what_goes_by_itself_takes_its_dependents_down() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Never).await;
        case.shape.invalid = false;
        case.some(3).await;
        for _ in 0..4 {
            // Taken over, then deleted: it goes, with what was attached to it.
            let foreign: Vec<String> = case
                .wishes
                .foreign
                .keys()
                .filter_map(|key| key.strip_prefix("config/t/"))
                .map(str::to_owned)
                .collect();
            if let Some(name) = foreign.first().filter(|_| case.rng.one_in(2)) {
                let value = case.shape.named(&mut case.rng, name.clone());
                case.transact(&[Wish::Thing(value)], Txn::default()).await;
                case.check("a takeover").await;
                case.transact(&[Wish::NoThing(name.clone())], Txn::default()).await;
                let left: Vec<String> = objects(&case.setup).into_keys().collect();
                assert!(!left.contains(&t(name)) && !left.contains(&format!("p/{name}/0")), "{left:?}");
                case.check("the end of what was taken over").await;
            }
            // A signal goes and comes back: so do those who need it, as they were.
            if case.wishes.signals.is_empty() {
                case.some(1).await;
                continue;
            }
            let (content, known) = (contents(&case.setup), statuses(&case.setup).await);
            for name in case.wishes.signals.clone() {
                case.setup.s.notify(vec![signal(&name, false)]);
                case.wishes.signals.remove(&name);
                case.commit(Txn::default()).await;
                case.check("a signal went").await;
                case.setup.s.notify(vec![signal(&name, true)]);
                case.wishes.signals.insert(name);
                case.commit(Txn::default()).await;
                case.check("a signal came back").await;
            }
            assert_eq!((contents(&case.setup), statuses(&case.setup).await), (content, known));
            case.some(1).await;
        }
    });
}

/// Catches: a notice that is taken for what is ours.
#[test]
fn invariant_34_a_batch_of_notices_is_as_good_as_its_items_and_never_touches_our_values() {
    seeds::run(70, |seed| async move {
        let mut plays = Vec::new();
        for batch in [true, false] {
            let mut case = Case::new(seed, Faults::Never).await;
            let mut play = Vec::new();
            for _ in 0..5 {
                case.some(1).await;
                let mut notices = Vec::new();
                for _ in 0..1 + case.rng.below(5) {
                    let name = case.rng.below(2).to_string();
                    let there = case.rng.one_in(2);
                    let ours: Vec<String> = case.wishes.things.keys().cloned().collect();
                    match case.rng.below(4) {
                        0 if !ours.is_empty() => {
                            // Somebody reports what is not his to report.
                            let name = ours[case.rng.below(ours.len() as u64) as usize].clone();
                            notices.push(Notice::present::<Things>(thing(&name, 77), 99));
                            notices.push(Notice::absent::<Thing>(&name));
                        }
                        _ => {
                            notices.push(signal(&name, there));
                            match there {
                                true => drop(case.wishes.signals.insert(name)),
                                false => drop(case.wishes.signals.remove(&name)),
                            }
                        }
                    }
                }
                let mutual = case.wishes.outcome().mutual;
                case.setup.a.world().mutual.extend(mutual);
                match batch {
                    true => case.setup.s.notify(notices),
                    false => notices.into_iter().for_each(|notice| case.setup.s.notify(vec![notice])),
                }
                case.commit(Txn::default()).await;
                case.check("notices").await;
                play.push((contents(&case.setup), statuses(&case.setup).await));
            }
            plays.push(play);
        }
        assert_eq!(plays[0], plays[1]);
    });
}
