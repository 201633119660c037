//! Economy: nothing is called that need not be, and what is called is told.

use crate::case::{Case, Faults, Wish};
use crate::oracle::Wishes;
use crate::safety::CALL_FAULTS;
use crate::seeds::{self, note};
use crate::stage::*;
use model::value::Value;
use sched::*;
use std::collections::{BTreeMap, BTreeSet};

/// Catches: the first value of a key instead of the last.
#[test]
fn invariant_15_a_superseded_value_is_never_sent_and_no_key_is_called_twice() {
    seeds::run(100, |seed| async move {
        let mut case = Case::plain(seed).await;
        for step in 0..8 {
            // Each value differs from all others.
            let mut wishes: Vec<Wish> = (0..2).flat_map(|_| case.shape.wishes(&mut case.rng)).collect();
            for (i, wish) in wishes.iter_mut().enumerate() {
                if let Wish::Thing(thing) = wish {
                    thing.rev = 1000 + 100 * step + i as u32;
                }
            }
            let went = case.transact(&wishes, Txn::default()).await;
            let mut verbs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for call in &went.calls {
                verbs.entry(&call.key).or_default().push(call.verb);
                let Some((content, ..)) = &call.new else { continue };
                let wished = match (call.key.strip_prefix("config/t/"), call.key.strip_prefix("config/m/")) {
                    (Some(name), _) => case.wishes.things[name].rev,
                    (_, Some(name)) => case.wishes.marks[name].rev,
                    _ => case.wishes.parts[&call.key].rev,
                };
                assert_eq!(content.rev, wished, "{} {}", call.verb, call.key);
            }
            for (key, verbs) in verbs {
                let fine = [&["create"][..], &["update"], &["delete"], &["delete", "create"]];
                assert!(fine.contains(&&*verbs), "{key}: {verbs:?}");
            }
        }
    });
}

/// Everything that hangs on these keys, by what was wished before or is now.
pub fn reach(from: BTreeSet<String>, wishes: [&Wishes; 2]) -> BTreeSet<String> {
    let mut users: Vec<(String, String)> = Vec::new();
    for (user, needs) in wishes.iter().flat_map(|wishes| wishes.needs()) {
        users.extend(needs.into_iter().map(|need| (need, user.clone())));
    }
    let mut reached = from.clone();
    let mut todo: Vec<String> = from.into_iter().collect();
    while let Some(key) = todo.pop() {
        let hangs = |need: &String| *need == key || need.ends_with('/') && key.starts_with(need.as_str());
        for (_, user) in users.iter().filter(|(need, _)| hangs(need)) {
            if reached.insert(user.clone()) {
                todo.push(user.clone());
            }
        }
    }
    reached
}

/// Catches: a plan for everything instead of what hangs on a change.
#[test]
fn invariant_16_only_what_hangs_on_a_change_is_called() {
    seeds::run(100, |seed| async move {
        let mut case = Case::plain(seed).await;
        case.shape.n += 4;
        for _ in 0..8 {
            let went = case.go(Txn::default()).await;
            let mut changed: BTreeSet<String> = BTreeSet::new();
            for (key, wish) in &went.wishes {
                let same = match wish {
                    Wish::Thing(thing) => went.had.things.get(&thing.name) == Some(thing),
                    Wish::Mark(mark) => went.had.marks.get(&mark.name) == Some(mark),
                    Wish::NoThing(name) => !went.had.things.contains_key(name),
                    Wish::NoMark(name) => !went.had.marks.contains_key(name),
                };
                if !same {
                    changed.insert(key.clone());
                }
            }
            if went.signal {
                changed.extend(["s/0".into(), "s/1".into()]);
            }
            let reached = reach(changed.clone(), [&went.had, &case.wishes]);
            let called: BTreeSet<String> = went.calls.iter().map(|call| call.key.clone()).collect();
            assert!(called.is_subset(&reached), "changed {changed:?}: called {called:?}");
        }
    });
}

/// What of a value the southbound is told, whether it can only be made anew, and what it needs in which way.
type Told = (String, bool, Vec<String>);

fn told(wishes: &Wishes, needs: &BTreeMap<String, Vec<String>>, key: &str) -> Told {
    let mut needs = needs[key].clone();
    if let Some(thing) = key.strip_prefix("config/t/").map(|name| &wishes.things[name]) {
        // What is needed by handle comes first; the same thing by presence alone is another need.
        needs.push(format!("{} by handle", thing.refs.len()));
        return (format!("{} {} {:?}", thing.rev, thing.stiff, thing.auto), thing.stiff, needs);
    }
    match key.strip_prefix("config/m/") {
        Some(name) => (wishes.marks[name].rev.to_string(), false, needs),
        None => (wishes.parts[key].rev.to_string(), true, needs),
    }
}

/// Fewest calls that can do it; and most, if everything that moves to another place must be made anew.
fn fewest(went: &Went, now: &Wishes) -> (usize, usize) {
    let up = |outcome: &crate::oracle::Outcome| {
        let marks = outcome.marks.iter().map(|name| crate::case::mark_key(name));
        outcome.there.keys().cloned().chain(marks).collect::<BTreeSet<String>>()
    };
    let (old, new) = (up(&went.was), up(&went.is));
    let (old_needs, new_needs) = (went.had.needs(), now.needs());
    let (mut changed, mut moved, mut anew) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for key in old.intersection(&new) {
        let (was, is) = (told(&went.had, &old_needs, key), told(now, &new_needs, key));
        let moves = was.2 != is.2;
        if (&was.0, moves) != (&is.0, false) {
            changed.insert(key.clone());
            if was.1 || is.1 {
                anew.insert(key.clone());
            } else if moves {
                moved.insert(key.clone());
            }
        }
    }
    let cost = |mut anew: BTreeSet<String>| {
        // What is made anew takes down what hangs on it. Any-of needs hold as long as one member stays all the time, or until
        // who has them is changed to have them no more.
        loop {
            let stays = |key: &&String| new.contains(*key) && !anew.contains(*key);
            let lost = |need: &String| match need.ends_with('/') {
                true => !old.iter().filter(stays).any(|key| key.starts_with(need.as_str())),
                false => anew.contains(need),
            };
            let leaves = |key: &String, need: &String| {
                moved.contains(key) && need.ends_with('/') && !new_needs[key].contains(need)
            };
            let falls = |key: &&String| {
                let stays = new.contains(*key) && !anew.contains(*key);
                stays && old_needs[*key].iter().any(|need| lost(need) && !leaves(key, need))
            };
            let falling: Vec<String> = old.iter().filter(falls).cloned().collect();
            if falling.is_empty() {
                break;
            }
            anew.extend(falling);
        }
        let in_place = changed.iter().filter(|key| !anew.contains(*key)).count();
        old.difference(&new).count() + new.difference(&old).count() + 2 * anew.len() + in_place
    };
    let all: BTreeSet<String> = anew.union(&moved).cloned().collect();
    (cost(anew), cost(all))
}

/// The reference bounces what depends on a change more often; here it is strict.
///
/// Catches: dependents made anew although what they need was changed in place.
#[test]
fn invariant_17_no_transaction_makes_more_calls_than_it_must() {
    let exact = std::cell::Cell::new(0);
    seeds::run(120, |seed| {
        let exact = &exact;
        async move {
            let mut case = Case::plain(seed).await;
            for _ in 0..8 {
                let went = case.go(Txn::default()).await;
                let (least, most) = fewest(&went, &case.wishes);
                let count = went.calls.len();
                assert!(
                    (least..=most).contains(&count),
                    "{count} calls, not {least} to {most}: {:?}",
                    went.spoken()
                );
                exact.set(exact.get() + usize::from(least == most && count > 0));
            }
        }
    });
    assert!(exact.get() > 0, "nothing was compared exactly");
}

/// Catches: failed calls left out.
#[test]
fn invariant_18_the_history_lists_exactly_what_was_called_in_order() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        for _ in 0..8 {
            let faulty = case.rng.one_in(2);
            if faulty {
                case.break_calls(CALL_FAULTS, 6);
            }
            let retry = faulty.then_some(Retry::default());
            let went = case.go(Txn { retry, ..Txn::default() }).await;
            let first = case.setup.s.history().records().last().unwrap().seq.min(went.report.seq);
            let first = first - u64::from(went.signal);
            let mut calls_made = went.calls;
            seconds(20).await;
            calls_made.append(&mut calls(&case.setup));
            let records = case.setup.s.history().records();
            let since = records.iter().filter(|record| record.seq >= first);
            let listed: Vec<String> = since
                .flat_map(|record| &record.executed)
                .filter(|op| !op.noop && !op.property)
                // Nothing to call it with: it never reached the southbound.
                .filter(|op| op.error.as_deref() != Some("the handle of something it needs is not known"))
                .map(|op| format!("{} {}", op.operation.name().to_lowercase(), op.key))
                .collect();
            let made: Vec<String> =
                calls_made.iter().map(|call| format!("{} {}", call.verb, call.key)).collect();
            assert_eq!(listed, made);
            // Values as told are those of the calls.
            for (op, call) in records
                .iter()
                .filter(|record| record.seq >= first)
                .flat_map(|record| record.executed.iter().filter(|op| !op.noop))
                .zip(&calls_made)
            {
                let told = op.new_value.as_ref().map(|value| Value::key(&**value));
                assert_eq!(told.is_some(), call.new.is_some(), "{}", op.key);
                assert_eq!(op.error.is_some(), call.failed, "{}", op.key);
            }
            case.mend().await;
            note("mended".into());
            calls(&case.setup);
        }
    });
}
