//! Failures: what they cost, and how everything comes right again.

use crate::calls::Call;
use crate::case::{Case, Faults, Shape, Wish};
use crate::economy::reach;
use crate::kinds::*;
use crate::safety::CALL_FAULTS;
use crate::seeds::{self, Rng, note};
use crate::stage::*;
use crate::world::{Fault, Object};
use futures::FutureExt;
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Also with lost links and restarts in the middle of a transaction, short answers and kinds that cannot be retrieved.
///
/// Catches: a retry that is dropped.
#[test]
fn invariant_20_once_faults_stop_everything_comes_right() {
    seeds::run(80, |seed| async move {
        let faults = if seed % 2 == 0 { Faults::Everything } else { Faults::Calls };
        let mut case = Case::new(seed, faults).await;
        for _ in 0..5 {
            let retry = Some(Retry { max: 0, ..Retry::default() });
            // A restart forgets signals that came later than it, so nothing may come after one.
            let steps = if faults == Faults::Everything { 1 } else { 1 + case.rng.below(3) };
            for _ in 0..steps {
                case.break_something();
                case.go(Txn { retry, ..Txn::default() }).await;
            }
            case.mend().await;
            case.check("faults stopped").await;
        }
    });
}

/// Values that need each other come down and up again while it is found out what became of one of them; there a call may
/// be made twice.
///
/// Catches: an unknown outcome that nobody looks into.
#[test]
fn invariant_21_what_happened_although_its_reply_was_lost_is_known_at_once() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        for _ in 0..6 {
            case.break_calls(&[Fault::LostAfter], 3);
            let went = case.go(Txn::default()).await;
            let circular =
                |call: &Call| went.was.mutual.contains(&call.key) || went.is.mutual.contains(&call.key);
            if went.calls.iter().any(circular) {
                case.for_good = true; // whoever was called twice may have failed at last
                case.mend().await;
            } else {
                let mut failed = went.report.failed.clone();
                failed.retain(|error| error.operation != Operation::Validate);
                assert_eq!(failed, []);
                let spoken = went.spoken();
                let once: BTreeSet<&String> = spoken.iter().collect();
                assert_eq!(once.len(), spoken.len(), "{spoken:?}");
            }
            assert!(went.calls.iter().all(|call| call.done), "{:?}", went.calls);
            case.check("lost replies").await;
        }
    });
}

/// Wider than the text says in one respect: what cannot be touched any more holds what it hangs on as it is, and so what
/// was to follow from that. The reference lets a dependency go although its dependent could not.
///
/// Catches: a failure after which nothing more is started.
#[test]
fn invariant_22_a_failure_costs_only_what_hangs_on_it() {
    seeds::run(100, |seed| async move {
        let mut rng = Rng::new(seed);
        let shape = Shape { n: 8, ..Shape::plain(&mut rng) };
        let config = Config { in_flight: 1 + rng.below(8) as usize, ..Config::default() };
        let mut case = Case::with(seed, rng, shape, 0, Faults::Calls, config).await;
        for _ in 0..6 {
            case.break_calls(&[Fault::Refuse, Fault::Forbid, Fault::Half, Fault::Panic], 8);
            let went = case.go(Txn::default()).await;
            let failed: BTreeSet<String> =
                went.calls.iter().filter(|call| call.failed).map(|call| call.key.clone()).collect();
            // What is there and cannot be touched holds what it hangs on.
            let needs = went.had.needs();
            let mut held: BTreeSet<String> = failed.clone();
            let mut todo: Vec<String> =
                failed.into_iter().filter(|key| went.before.contains_key(key)).collect();
            while let Some(key) = todo.pop() {
                for need in needs.get(&key).into_iter().flatten() {
                    let of_group = |key: &&String| need.ends_with('/') && key.starts_with(need.as_str());
                    let members = went.before.keys().filter(of_group).cloned();
                    todo.extend(members.chain([need.clone()]).filter(|key| held.insert(key.clone())));
                }
            }
            let affected = reach(held, [&went.had, &case.wishes]);
            let known = statuses(&case.setup).await;
            let marks = went.is.marks.iter().map(|name| crate::case::mark_key(name));
            let wished: BTreeSet<String> = went.is.there.keys().cloned().chain(marks).collect();
            for key in case.wishes.needs().keys().filter(|key| !affected.contains(*key)) {
                assert_eq!(
                    went.after.contains_key(key),
                    wished.contains(key),
                    "{key} is hit, {affected:?} are"
                );
                let state = if wished.contains(key) { State::Configured } else { State::Pending };
                assert_eq!(known[key].0, state, "{key}");
                let content = went.after.get(key).map(|object| (object.content.rev, object.content.stiff));
                let good = went.is.there.get(key).map(|content| (content.rev, content.stiff));
                assert!(good.is_none() || content == good, "{key} is {content:?}, not {good:?}");
            }
            for key in went.after.keys().filter(|key| !affected.contains(*key)) {
                assert!(wished.contains(key), "{key} is left, {affected:?} are hit");
            }
            case.for_good = true; // nobody tries again
            case.mend().await;
            case.check("a failure").await;
        }
    });
}

/// With one operation in flight nothing starts after the failure but what undoes; on a circle of needs that may be to
/// make its other members anew. With more, what is in flight ends and is undone as well. A value that cannot be expressed
/// reverts before anything is called.
///
/// Catches: a revert that forgets what was found and claimed.
#[test]
fn invariant_23_a_reverted_transaction_leaves_everything_as_it_was() {
    let reverted = std::cell::Cell::new(0);
    seeds::run(120, |seed| {
        let reverted = &reverted;
        async move {
            let mut case = Case::new(seed, Faults::Calls).await;
            case.some(4).await;
            for _ in 0..4 {
                let (was, last) = (case.wishes.clone(), case.last.clone());
                let mutual = was.outcome().mutual;
                let (content, known) = (case.contents(), statuses(&case.setup).await);
                let intents = |items: Vec<Item>| format!("{items:?}");
                let metadata = |mut items: Vec<Item>| {
                    items.iter_mut().for_each(|item| item.metadata = serde_json::Value::Null);
                    intents(items)
                };
                let nb = metadata(case.setup.s.values(View::Nb, Select::All).await);
                let size = case.setup.s.size().await;
                let wishes = case.shape.wishes(&mut case.rng);
                case.break_calls(CALL_FAULTS, 5);
                for fake in [&case.setup.a, &case.setup.b] {
                    fake.world().once = true;
                }
                let taken = case.setup.a.world().taken.clone();
                let went = case.transact(&wishes, Txn { revert: true, ..Txn::default() }).await;
                case.setup.a.heal();
                case.setup.b.heal();
                let failing = went.calls.iter().position(|call| call.failed);
                let invalid = went.report.failed.iter().any(|error| error.operation == Operation::Validate);
                assert_eq!(went.report.reverted, failing.is_some() || invalid);
                if !went.report.reverted {
                    case.check("a transaction that was not reverted").await;
                    continue;
                }
                reverted.set(reverted.get() + 1);
                (case.wishes, case.last) = (was, last);
                assert!(!invalid || went.calls.is_empty(), "{:?}", went.spoken());
                if let Some(at) = failing {
                    let key = &went.calls[at].key;
                    assert!(
                        went.report.failed.iter().any(|error| *error.key == **key),
                        "{key} is not reported"
                    );
                    if case.in_flight == 1 {
                        let before: BTreeSet<&String> =
                            went.calls[..=at].iter().map(|call| &call.key).collect();
                        for call in &went.calls[at..] {
                            // On a circle, what was left without what it needs is made anew as well.
                            assert!(
                                before.contains(&call.key) || mutual.contains(&call.key),
                                "{} {} after the failure",
                                call.verb,
                                call.key
                            );
                        }
                    }
                }
                assert_eq!(case.contents(), content);
                assert_eq!(statuses(&case.setup).await, known);
                assert_eq!(metadata(case.setup.s.values(View::Nb, Select::All).await), nb);
                assert_eq!(case.setup.s.size().await, size);
                case.setup.a.world().taken = taken;
                case.check("a reverted transaction").await;
                // And it is known to be so: nothing is left to be mended.
                let went = case.transact(&[], Txn { resync: Resync::Downstream, ..Txn::default() }).await;
                assert_eq!(went.spoken(), [""; 0]);
            }
        }
    });
    assert!(reverted.get() > 0, "nothing was reverted");
}

/// Catches: one retry too many; a newer value that leaves the old retry in place.
#[test]
fn invariant_24_retries_keep_their_pauses_and_their_number() {
    seeds::run(150, |seed| async move {
        let mut rng = Rng::new(seed);
        let shape = Shape::plain(&mut rng);
        let mut case = Case::with(seed, rng, shape, 0, Faults::Calls, Config::default()).await;
        let broken = case.break_calls(&[Fault::Refuse, Fault::Forbid], 2);
        let max = 1 + case.rng.below(4) as u32;
        let period = Duration::from_millis(100 + case.rng.below(2000));
        let retry = Retry { period, max, backoff: case.rng.one_in(2) };
        let wishes: Vec<Wish> = (0..case.shape.n)
            .map(|i| Wish::Thing(case.shape.named(&mut case.rng, format!("n{i}"))))
            .collect();
        let went = case.transact(&wishes, Txn { retry: Some(retry), ..Txn::default() }).await;
        let failed: Vec<_> = went.calls.iter().filter(|call| call.failed).cloned().collect();
        let known = statuses(&case.setup).await;
        for call in &failed {
            let live = broken[&call.key] == Fault::Refuse;
            assert_eq!(
                known[&call.key].0,
                if live { State::Retrying } else { State::Failed },
                "{}",
                call.key
            );
        }
        let met = |there: &BTreeMap<String, Object>, need: &String| match need.ends_with('/') {
            true => there.keys().any(|key| key.starts_with(need.as_str())),
            false => there.contains_key(need),
        };
        // A newer value of one of them comes at some time, perhaps with retries of its own.
        let pause = case.rng.below(period.as_millis() as u64 * 3);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let mut all = calls(&case.setup);
        let newer = failed.first().and_then(|call| call.key.strip_prefix("config/t/")).map(str::to_owned);
        let newer = newer.filter(|_| case.rng.one_in(2));
        if let Some(name) = &newer {
            let mut value = case.wishes.things[name].clone();
            (value.rev, value.parts) = (50, Vec::new());
            let retry = case.rng.one_in(2).then_some(Retry { period: period * 2, max: 2, backoff: false });
            let went = case.transact(&[Wish::Thing(value)], Txn { retry, ..Txn::default() }).await;
            let first = went.calls.iter().find(|call| call.key == t(name)).map(|call| call.at);
            let (there, needs) = (objects(&case.setup), case.wishes.needs());
            seconds(1000).await;
            // It waits for something, or is tried whenever what it needs appears.
            let needs = &needs[&t(name)];
            if first.is_none() || needs.iter().any(|need| need.ends_with('/') || !met(&there, need)) {
                return;
            }
            let later = calls(&case.setup);
            let later = later.iter().filter(|call| call.key == t(name)).map(|call| Some(call.at));
            let pauses: Vec<u32> = later
                .filter_map(|at| Some(((at? - first?).as_secs_f64() / period.as_secs_f64()).round() as u32))
                .collect();
            let expected: &[u32] = match (retry, broken[&t(name)]) {
                (Some(_), Fault::Refuse) => &[2, 4],
                _ => &[],
            };
            assert_eq!(pauses, expected, "the newer value of {name}");
            return; // what hangs on it may have been tried again with it
        }
        seconds(1000).await;
        all.append(&mut calls(&case.setup));
        let there = objects(&case.setup);
        for call in &failed {
            // What waits for something else by now is not tried either.
            let needs = &case.wishes.needs()[&call.key];
            // What any of several things will do for is tried with each of them that appears.
            if !needs.iter().all(|need| met(&there, need)) || needs.iter().any(|need| need.ends_with('/')) {
                continue;
            }
            let again: Vec<_> = all.iter().filter(|other| other.key == call.key).collect();
            if broken[&call.key] == Fault::Forbid {
                assert!(again.is_empty(), "{} was tried again", call.key);
                continue;
            }
            assert_eq!(again.len(), max as usize, "{} was tried so often again", call.key);
            let mut last = call.at;
            for (i, other) in again.iter().enumerate() {
                let least = period * if retry.backoff { 1 << i } else { 1 };
                assert!(other.at - last >= least, "{}: pause {i} is {:?}", call.key, other.at - last);
                assert!(other.at - last < least + period, "{}: pause {i} is {:?}", call.key, other.at - last);
                last = other.at;
            }
        }
        // Whatever is left is for good.
        let known = statuses(&case.setup).await;
        assert!(known.values().all(|(state, ..)| *state != State::Retrying), "{known:?}");
    });
}

/// Refused values are told before all operations. What failed and happened all the same is no error of the transaction,
/// nor is anything if all is as wished in the end.
///
/// Catches: all errors but the first left out.
#[test]
fn invariant_25_a_transaction_answers_once_and_tells_exactly_its_errors() {
    seeds::run(60, |seed| async move {
        let mut case = Case::new(seed, Faults::Calls).await;
        for _ in 0..6 {
            case.break_calls(CALL_FAULTS, 5);
            // Several at once; each gets its own answer.
            let count = 1 + case.rng.below(4);
            let mut txns = Vec::new();
            for _ in 0..count {
                let wishes = case.shape.wishes(&mut case.rng);
                let changes = case.wish(&wishes);
                note(format!("submitted {wishes:?}"));
                txns.push(Txn { changes, ..Txn::default() });
            }
            let mutual = case.wishes.outcome().mutual;
            case.setup.a.world().mutual.extend(mutual);
            let reports =
                futures::future::join_all(txns.into_iter().map(|txn| case.setup.s.commit(txn))).await;
            assert_eq!(reports.len(), count as usize);
            let mut last = None;
            for report in reports {
                let report = report.unwrap();
                assert!(last < Some(report.seq), "{last:?} and then {}", report.seq);
                last = Some(report.seq);
                let record = case.setup.s.history().by_seq(report.seq).unwrap();
                let ops =
                    record.executed.iter().map(|op| (op.operation.name(), &op.key, &op.error, op.new_state));
                note(format!("{} {:?}", record.seq, ops.collect::<Vec<_>>()));
                let mut listed: BTreeMap<(String, Operation), usize> = BTreeMap::new();
                for op in record.executed.iter().filter(|op| op.error.is_some() && !op.noop) {
                    *listed.entry((op.key.to_string(), op.operation)).or_default() += 1;
                }
                for error in report.failed.iter().filter(|error| error.operation != Operation::Validate) {
                    let listed = listed.get_mut(&(error.key.to_string(), error.operation));
                    let listed = listed.unwrap_or_else(|| panic!("{error:?} is not in the record"));
                    assert!(*listed > 0, "{error:?} is told twice");
                    *listed -= 1;
                }
                for ((key, operation), _) in listed.into_iter().filter(|(_, left)| *left > 0) {
                    let lost =
                        record.executed.iter().rfind(|op| *op.key == *key && op.operation == operation);
                    let text = lost.and_then(|op| op.error.as_deref());
                    // What happened all the same, or was not needed after all, is no error.
                    let unknown = text.is_some_and(|text| text.contains("lost") || text.contains("panicked"));
                    let forgiven = report.failed.iter().all(|error| error.operation == Operation::Validate);
                    assert!(unknown || forgiven, "{operation:?} of {key} failed and is not told: {text:?}");
                }
            }
            case.for_good = true; // nobody tries again
            case.mend().await;
            case.check("several at once").await;
        }
    });
}

/// Catches: a transaction that is dropped with whoever waits for it.
#[test]
fn invariant_26_a_transaction_is_executed_wholly_or_not_at_all() {
    let refused = std::cell::Cell::new(0);
    seeds::run(60, |seed| {
        let refused = &refused;
        async move {
            let mut rng = Rng::new(seed);
            let shape = Shape::new(&mut rng);
            let (queue, strangers) = (1 + rng.below(4) as usize, rng.below(3));
            let config = Config { in_flight: 1 + rng.below(8) as usize, queue, ..Config::default() };
            let mut case = Case::with(seed, rng, shape, strangers, Faults::Never, config).await;
            case.setup.a.world().strict = false; // what is a circle depends on what is refused
            for round in 0..6 {
                let hanging = t(&format!("n{}", case.rng.below(case.shape.n)));
                case.setup.a.fault(&hanging, Fault::Hang);
                let mut asked = Vec::new();
                for i in 0..8 {
                    let wishes = case.shape.wishes(&mut case.rng);
                    for thing in wishes.iter().filter(|wish| wish.is_value()).map(Wish::key) {
                        let taken = &mut case.setup.a.world().taken;
                        taken.extend((0..3).map(|id| thing.replace("config/t/", "p/") + &format!("/{id}")));
                        taken.insert(thing);
                    }
                    let (changes, description) =
                        (wishes.iter().map(Wish::intent).collect(), format!("{round}.{i}"));
                    let txn = Txn { changes, description: description.clone(), ..Txn::default() };
                    let queued = match case.rng.below(3) {
                        0 => Some(case.setup.s.submit(txn).is_ok()),
                        // Somebody stops waiting; it was queued if there was a place.
                        1 => {
                            let free = case.setup.s.statistics().await.queue_length < queue;
                            let _ = case.setup.s.commit(txn).now_or_never();
                            free.then_some(true)
                        }
                        _ => {
                            drop(case.setup.s.commit(txn));
                            Some(false)
                        }
                    };
                    asked.push((description, wishes, queued));
                    if case.rng.one_in(3) {
                        tokio::task::yield_now().await;
                    }
                }
                case.setup.a.release();
                case.setup.s.barrier().await.unwrap();
                let records = case.setup.s.history().records();
                for (description, wishes, queued) in asked {
                    let record = records.iter().find(|record| record.description == description);
                    assert!(
                        queued.is_none_or(|queued| queued == record.is_some()),
                        "{description} was {queued:?}"
                    );
                    note(format!(
                        "{description} {} {wishes:?}",
                        if record.is_some() { "queued" } else { "refused" }
                    ));
                    let Some(record) = record else {
                        refused.set(refused.get() + 1);
                        continue;
                    };
                    let listed: Vec<&str> = record.values.iter().map(|(key, ..)| &**key).collect();
                    let mut keys: Vec<String> = wishes.iter().map(Wish::key).collect();
                    keys.sort();
                    assert_eq!(listed, keys, "{description}");
                    case.wish(&wishes);
                }
                case.check("all that was queued").await;
            }
        }
    });
    assert!(refused.get() > 0, "nothing was refused");
}
