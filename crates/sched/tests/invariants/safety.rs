//! Safety of every call: judged by what was there at that moment, as computed from the calls alone.

use crate::case::{Case, Faults, Shape, Wish};
use crate::kinds::*;
use crate::replay::{Event, Replay, events};
use crate::seeds::{self, Rng, note};
use crate::stage::*;
use crate::world::{Fault, Tag};
use sched::*;
use std::collections::{BTreeMap, BTreeSet};

/// What can happen to a single call.
pub const CALL_FAULTS: &[Fault] =
    &[Fault::Refuse, Fault::Forbid, Fault::Half, Fault::LostBefore, Fault::LostAfter, Fault::Panic];

/// A random history, with faults in every second step. `look` sees each start and end of a call just before it counts.
fn watched(cases: u64, look: impl Fn(&Replay, &Event<'_>, &BTreeSet<String>) + Copy) {
    seeds::run(cases, move |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        for _ in 0..7 {
            let before = objects(&case.setup);
            let faulty = case.rng.one_in(2);
            if faulty {
                case.break_calls(CALL_FAULTS, 6);
            }
            let retry = faulty.then_some(Retry { max: 0, ..Retry::default() });
            let mut all = case.go(Txn { retry, ..Txn::default() }).await.calls;
            case.mend().await;
            all.append(&mut calls(&case.setup));
            let spoken = all.iter().map(|call| (call.verb, &call.key, call.start, call.end, call.failed));
            note(format!("all calls {:?}", spoken.collect::<Vec<_>>()));
            let mutual = case.setup.a.world().mutual.clone();
            let mut replay = Replay::new(&before, &case.wishes.signals);
            let updates = all.iter().filter(|call| call.verb == "update");
            replay.updated = updates.map(|call| call.key.clone()).collect();
            replay.stuck = all.iter().any(|call| call.verb == "delete" && call.failed);
            for event in events(&all) {
                look(&replay, &event, &mutual);
                if let Event::End(call) = event {
                    replay.end(call);
                }
            }
            case.check("a watched step").await;
        }
    });
}

/// Catches: dependents that start before what they need was answered; half made objects that count as present.
#[test]
fn invariant_08_what_is_created_is_absent_and_has_what_it_needs() {
    watched(80, |replay, event, mutual| {
        let (Event::Start(call) | Event::End(call)) = event;
        let Some((_, tag, with)) = call.new.as_ref().filter(|_| call.verb == "create") else { return };
        assert!(!replay.there.contains_key(&call.key), "create of {}, which is there", call.key);
        let unmet = replay.unmet(&call.key, tag, with, mutual);
        assert_eq!(unmet, None, "create of {} without what it needs", call.key);
    });
}

/// Who needs one of several has to go before the last of them does, unless it moves to others at the same time. If it
/// could not be removed, it does not hold the last one; who needs that one by itself does.
///
/// Catches: deletes that do not wait for those of their users.
#[test]
fn invariant_09_what_is_deleted_is_there_and_nobody_needs_it() {
    watched(80, |replay, event, mutual| {
        let (Event::Start(call) | Event::End(call)) = event;
        if call.verb != "delete" {
            return;
        }
        assert!(replay.there.contains_key(&call.key), "delete of {}, which is not there", call.key);
        for (key, made) in replay.there.iter().filter(|(key, _)| **key != call.key) {
            let moves = replay.stuck || replay.updated.contains(key) || mutual.contains(key);
            let tag = Tag { any: made.tag.any.clone().filter(|_| !moves), ..made.tag.clone() };
            let needs = replay.needs(key, &tag, &made.with);
            // Circles also come of what could not be removed.
            let circular = mutual.contains(key) && mutual.contains(&call.key);
            let needed = needs.iter().any(|need| *need == [call.key.clone()]);
            assert!(
                !needed || circular || replay.hangs(&call.key, key),
                "delete of {}, which {key} needs",
                call.key
            );
        }
    });
}

/// Catches: a re-creation that is done in place.
#[test]
fn invariant_10_what_is_updated_is_there_as_believed_and_different() {
    watched(80, |replay, event, mutual| {
        let Event::Start(call) = event else { return };
        let (Some((content, tag, with)), Some(old), "update") = (&call.new, &call.old, call.verb) else {
            return;
        };
        let Some(made) = replay.there.get(&call.key) else {
            panic!("update of {}, which is not there", call.key)
        };
        assert!(!made.half, "update of {}, which is half made", call.key);
        assert!(made.is_as_believed(old), "{} is believed to be {old:?} and is {:?}", call.key, made.content);
        assert_eq!(call.handle, Some(made.handle), "{}", call.key);
        let same = made.is(content) && made.tag == *tag && made.with == *with;
        assert!(!same, "update of {} to what it is", call.key);
        assert!(!old.stiff && !content.stiff, "{} can only be made anew", call.key);
        let unmet = replay.unmet(&call.key, tag, with, mutual);
        assert_eq!(unmet, None, "update of {} without what it needs", call.key);
    });
}

/// There is no separate validation that strangers' values could be spared: what is retrieved gets an image as well.
///
/// Catches: objects of others taken for ours.
#[test]
fn invariant_11_nothing_is_called_for_what_is_not_ours_or_cannot_be_there() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Never).await;
        for step in 0..8 {
            if step == 6 && case.rng.one_in(2) {
                // The southbound comes back as one that cannot make things, nor what hangs on them.
                case.setup.a.world().lacking.insert("thing_add");
                case.setup.a.crash();
                case.setup.a.up();
                case.wishes.foreign.clear();
                case.wishes.signals.clear();
                case.commit(Txn::default()).await;
            }
            let unsupported = case.setup.a.world().lacking.contains("thing_add");
            let stranger = put(Stranger("x".into()));
            let went = case.go(Txn::default()).await;
            case.commit(Txn { changes: vec![stranger], ..Txn::default() }).await;
            for call in went.calls.iter().chain(&calls(&case.setup)) {
                let there = went.before.contains_key(&call.key) || went.is.there.contains_key(&call.key);
                let mark =
                    call.key.strip_prefix("config/m/").is_some_and(|name| went.is.marks.contains(name));
                assert!(there || mark, "{} {}", call.verb, call.key);
                assert!(!case.wishes.foreign.contains_key(&call.key), "{} {}", call.verb, call.key);
                assert!(!unsupported || call.key.starts_with("config/m/"), "{} {}", call.verb, call.key);
            }
            for (key, object) in &went.before {
                let same =
                    went.after.get(key).is_some_and(|after| format!("{after:?}") == format!("{object:?}"));
                assert!(!case.wishes.foreign.contains_key(key) || same, "{key} is not what it was");
            }
            for (key, (state, ..)) in statuses(&case.setup).await {
                let lacks = key == "config/x/x" || unsupported && key.starts_with("config/t/");
                let known = [State::Unimplemented, State::Invalid].contains(&state);
                assert!(!lacks || known, "{key} is {state:?}");
            }
        }
        assert_eq!(case.setup.a.world().wrong, [""; 0]);
    });
}

/// Catches: parts made together with their base; a base deleted together with its parts.
#[test]
fn invariant_12_a_part_is_there_only_with_its_base() {
    watched(80, |replay, event, _| {
        let mut then = replay.clone();
        if let Event::End(call) = event {
            then.end(call);
        }
        for part in then.there.keys().filter_map(|key| key.strip_prefix("p/")) {
            let base = t(part.split('/').next().unwrap());
            assert!(then.there.contains_key(&base), "p/{part} is there without {base}");
        }
    });
}

/// Our choice of the two: what was in force stays, is known to be there, and is what others rely on.
///
/// Catches: an invalid value that takes the place of the last good one.
#[test]
fn invariant_13_what_cannot_be_expressed_is_never_sent_and_its_predecessor_stays() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        for _ in 0..8 {
            let mut wishes = case.shape.wishes(&mut case.rng);
            for wish in &mut wishes {
                match wish {
                    Wish::Thing(thing) if case.rng.one_in(3) => thing.rev = 13,
                    Wish::Thing(thing) if !thing.name.starts_with('f') => {
                        thing
                            .parts
                            .iter_mut()
                            .for_each(|part| part.rev = if case.rng.one_in(3) { 13 } else { 1 });
                    }
                    _ => {}
                }
            }
            let faulty = case.rng.one_in(3);
            if faulty {
                case.break_calls(&[Fault::Refuse, Fault::Half, Fault::LostAfter, Fault::LostBefore], 6);
            }
            let went = case.transact(&wishes, Txn::default()).await;
            for call in &went.calls {
                let rev = call.new.as_ref().map(|(content, ..)| content.rev);
                assert_ne!(rev, Some(13), "{} {}", call.verb, call.key);
            }
            // Nothing is there that the scheduler does not know to be there.
            let there: Vec<_> = went.after.keys().map(|key| key.as_str().into()).collect();
            let known = case.setup.s.values(View::Cached, Select::Keys(there)).await;
            let known: BTreeSet<&str> = known.iter().map(|item| &*item.key).collect();
            assert_eq!(known, went.after.keys().map(String::as_str).collect());
            if faulty {
                case.for_good = true;
                case.mend().await;
            }
            case.check("what cannot be expressed").await;
        }
    });
}

/// Needs by handle, by presence and of parts; any-of needs are looked at by 8.
///
/// Catches: plan order without barriers.
#[test]
fn invariant_14_calls_keep_the_order_of_needs_with_many_in_flight() {
    let peak = std::cell::Cell::new(0);
    seeds::run(60, |seed| {
        let peak = &peak;
        async move {
            let mut rng = Rng::new(seed);
            let n = 8 + rng.below(12);
            let shape = Shape { n, invalid: false, strangers: false, ups: 3 * n };
            let config = Config { in_flight: 4 << rng.below(6), ..Config::default() };
            let mut case = Case::with(seed, rng, shape, 0, Faults::Never, config).await;
            for _ in 0..5 {
                let wishes: Vec<Wish> = (0..shape.n).map(|_| shape.wish(&mut case.rng)).collect();
                let went = case.transact(&wishes, Txn::default()).await;
                let mut replay = Replay::new(&went.before, &case.wishes.signals);
                went.calls.iter().for_each(|call| replay.end(call)); // knows the names of all handles now
                let of = |verb: &'static str| {
                    let calls = went.calls.iter().filter(move |call| call.verb == verb);
                    calls.map(|call| (call.key.clone(), call)).collect::<BTreeMap<_, _>>()
                };
                let (made, gone) = (of("create"), of("delete"));
                let bound = |key: &String, need: &String| {
                    !(went.is.mutual.contains(key)
                        || went.was.mutual.contains(key) && went.was.mutual.contains(need))
                };
                for (key, call) in &made {
                    let (_, tag, with) = call.new.as_ref().unwrap();
                    let tag = Tag { any: None, ..tag.clone() };
                    for need in replay.needs(key, &tag, with).into_iter().flatten() {
                        let first = made.get(&need).filter(|_| bound(key, &need));
                        assert!(
                            first.is_none_or(|first| first.end < call.start),
                            "{key} started before {need} was made"
                        );
                    }
                }
                for (key, call) in &gone {
                    let before = &went.before[key];
                    let tag = Tag { any: None, ..before.tag.clone() };
                    for need in replay.needs(key, &tag, &before.with).into_iter().flatten() {
                        let after = gone.get(&need).filter(|_| bound(key, &need));
                        assert!(
                            after.is_none_or(|after| call.end < after.start),
                            "{need} went before {key} was gone"
                        );
                    }
                }
                for fake in [&case.setup.a, &case.setup.b] {
                    assert_eq!(fake.world().wrong, [""; 0]);
                }
            }
            peak.set(peak.get().max(case.setup.a.world().peak));
        }
    });
    assert!(peak.get() > 1, "nothing was ever done at the same time");
}
