//! In the long run: order, circles, repetition, memory, restarts; and plans that nobody executes.

use crate::case::{Case, Faults, Shape, Wish};
use crate::kinds::*;
use crate::seeds::{self, Rng, note};
use crate::setup::Setup;
use crate::stage::*;
use crate::world::Fault;
use sched::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that can be asked about a scheduler without changing anything.
async fn everything(setup: &Setup) -> String {
    let mut all = format!("{:?} {}", statuses(setup).await, setup.s.size().await);
    for view in [View::Nb, View::Cached] {
        all += &format!("{:?}", setup.s.values(view, Select::All).await);
    }
    all + &format!("{} {:?}", setup.s.history().records().len(), objects(setup))
}

/// What the transaction records as its own plan is done in this order, with one operation in flight. A plan that was asked
/// for before lists the same operations; those that do not depend on each other may stand in another order.
///
/// Catches: a plan that is left in the graph.
#[test]
fn invariant_19_what_is_planned_is_what_is_done_and_planning_changes_nothing() {
    seeds::run(80, |seed| async move {
        let mut rng = Rng::new(seed);
        let shape = Shape::new(&mut rng);
        let config = Config { in_flight: 1, ..Config::default() };
        let mut case = Case::with(seed, rng, shape, 2, Faults::Never, config).await;
        for _ in 0..7 {
            if case.rng.one_in(6) {
                case.toggle().await;
            }
            let mut wishes = case.shape.wishes(&mut case.rng);
            let mut txn = Txn { simulate: true, ..Txn::default() };
            if case.rng.one_in(5) {
                // The same as a complete list.
                txn.resync = Resync::Upstream;
                let newest: BTreeMap<String, Wish> =
                    wishes.iter().map(|wish| (wish.key(), wish.clone())).collect();
                let mut all = case.last.clone();
                all.extend(newest);
                wishes = all.into_values().filter(Wish::is_value).collect();
                let gone = case.last.values().map(Wish::away);
                let listed: BTreeSet<String> = wishes.iter().map(Wish::key).collect();
                let gone: Vec<Wish> = gone.filter(|wish| !listed.contains(&wish.key())).collect();
                case.wish(&gone);
            }
            note(format!("planned {:?} {wishes:?}", txn.resync));
            let before = everything(&case.setup).await;
            let changes: Vec<Intent> = wishes.iter().map(Wish::intent).collect();
            let preview = case.setup.s.plan(Txn { changes, ..txn.clone() }).await.unwrap();
            assert_eq!(everything(&case.setup).await, before);
            let step = |step: &Step| format!("{} {}", step.operation.name().to_lowercase(), step.key);
            let planned: Vec<String> = preview.steps.iter().map(step).collect();
            let went = case.transact(&wishes, txn).await;
            let sorted = |mut all: Vec<String>| {
                all.sort();
                all
            };
            assert_eq!(sorted(planned), sorted(went.spoken()));
            let record = case.setup.s.history().by_seq(went.report.seq).unwrap();
            let told: Vec<String> = record
                .planned
                .iter()
                .flatten()
                .map(|op| format!("{} {}", op.operation.name().to_lowercase(), op.key))
                .collect();
            assert_eq!(told, went.spoken());
            // Who is gone for a moment, and who waits.
            let twice = |key: &str| went.calls.iter().filter(|call| call.key == key).count() == 2;
            let interrupted: BTreeSet<&str> = preview.interrupted.iter().map(|key| &**key).collect();
            let anew: BTreeSet<&str> =
                went.calls.iter().map(|call| &*call.key).filter(|key| twice(key)).collect();
            assert_eq!(interrupted, anew);
            let known = statuses(&case.setup).await;
            for (key, details) in &preview.waiting {
                let (state, _, unmet) = &known[&**key];
                let expected: BTreeSet<&String> = unmet.iter().collect();
                let waits = *state == State::Invalid
                    || *state == State::Pending && details.iter().collect::<BTreeSet<_>>() == expected;
                assert!(waits, "{key} should wait for {details:?} and is {state:?} {unmet:?}");
            }
            for (key, why) in &preview.refused {
                assert_eq!((known[&**key].0, &known[&**key].2.join(", ")), (State::Invalid, why), "{key}");
            }
            case.check("what was planned").await;
        }
    });
}

/// Catches: numbers that stop to grow.
#[test]
fn invariant_33_transactions_are_executed_one_after_the_other_in_order() {
    seeds::run(60, |seed| async move {
        let mut case = Case::plain(seed).await;
        for round in 0..4 {
            let (mut txns, mut of) = (Vec::new(), BTreeMap::new());
            for i in 0..2 + case.rng.below(5) {
                let mut wishes = case.shape.wishes(&mut case.rng);
                for wish in &mut wishes {
                    if let Wish::Thing(thing) = wish {
                        thing.rev = 1000 + round * 100 + i as u32;
                    }
                }
                note(format!("{i} {wishes:?}"));
                let changes = case.wish(&wishes);
                let mutual = case.wishes.outcome().mutual;
                case.setup.a.world().mutual.extend(mutual);
                of.insert(1000 + round * 100 + i as u32, txns.len());
                txns.push(Txn { changes, ..Txn::default() });
            }
            calls(&case.setup);
            let reports =
                futures::future::join_all(txns.into_iter().map(|txn| case.setup.s.commit(txn))).await;
            let seqs: Vec<u64> = reports.into_iter().map(|report| report.unwrap().seq).collect();
            assert!(seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
            // A value tells from which transaction it is: none is sent before one of an earlier transaction.
            let mut latest: BTreeMap<String, usize> = BTreeMap::new();
            let mut ended = 0;
            for call in calls(&case.setup) {
                let rev = call.new.as_ref().map(|(content, ..)| content.rev);
                let Some(&txn) = rev.and_then(|rev| of.get(&rev)) else { continue };
                let last = latest.insert(call.key.clone(), txn);
                assert!(last <= Some(txn), "{} of {txn} after that of {last:?}", call.key);
                assert!(call.start > ended || call.end > ended);
                ended = call.end;
            }
            let records = case.setup.s.history().records();
            assert!(records.is_sorted_by(|a, b| a.seq < b.seq && a.stop <= b.start));
            case.check("several at once").await;
        }
    });
}

/// A scheduler whose last kinds come later.
async fn late(seed: u64, missing: u64) -> (Case, impl AsyncFn(&Case)) {
    let mut case = Case::quiet(seed, Shape::plain(&mut Rng::new(seed)), Config::default()).await;
    let (a, b) = (case.setup.a.clone(), case.setup.b.clone());
    let (a1, b1): (Arc<dyn Southbound>, Arc<dyn Southbound>) = (a.clone(), b.clone());
    let mut registry = Registry::default();
    registry.add(&a1, Signals).unwrap();
    registry.add(&a1, Things(a.clone())).unwrap();
    if missing < 2 {
        registry.add(&a1, Parts(a.clone())).unwrap();
    }
    if missing < 1 {
        registry.add(&b1, Marks(b.clone())).unwrap();
    }
    case.setup.s = Scheduler::spawn(registry, Config::default());
    case.commit(Txn { complete: true, ..Txn::default() }).await;
    let register = async move |case: &Case| {
        let (a1, b1): (Arc<dyn Southbound>, Arc<dyn Southbound>) = (a.clone(), b.clone());
        let (a, b) = (a.clone(), b.clone());
        let add = move |registry: &mut Registry| {
            if missing >= 2 {
                registry.add(&a1, Parts(a))?;
            }
            if missing >= 1 {
                registry.add(&b1, Marks(b))?;
            }
            Ok(())
        };
        case.setup.s.register(add).await.unwrap();
        case.setup.s.barrier().await.unwrap();
    };
    (case, register)
}

/// Catches: values without a descriptor that are forgotten when it comes.
#[test]
fn invariant_36_a_descriptor_that_comes_late_is_as_good_as_one_that_was_there() {
    seeds::run(80, |seed| async move {
        let mut rng = Rng::new(seed);
        let missing = 1 + rng.below(2);
        let (mut case, register) = late(seed, missing).await;
        let shape = case.shape;
        let history: Vec<Vec<Wish>> = (0..6).map(|_| shape.wishes(&mut rng)).collect();
        let at = rng.below(7) as usize;
        for (i, wishes) in history.iter().enumerate() {
            if i == at {
                note("registered".into());
                register(&case).await;
            }
            case.transact(wishes, Txn::default()).await;
        }
        if at == history.len() {
            note("registered".into());
            register(&case).await;
        }
        let mut whole = Case::quiet(seed, shape, Config::default()).await;
        for wishes in &history {
            whole.transact(wishes, Txn::default()).await;
        }
        whole.check("all descriptors").await;
        assert_eq!(contents(&case.setup), contents(&whole.setup));
        let without_errors = |all: BTreeMap<String, (State, Option<String>, Vec<String>)>| all;
        assert_eq!(without_errors(statuses(&case.setup).await), statuses(&whole.setup).await);
        assert_eq!(case.setup.s.size().await, whole.setup.s.size().await);
        // And nothing is left to be done.
        case.transact(&[], Txn { resync: Resync::Downstream, ..Txn::default() }).await;
        assert_eq!(contents(&case.setup), contents(&whole.setup));
        assert_eq!(case.setup.a.world().wrong, [""; 0]);
    });
}

/// Catches: a plan that judges a node once per edge.
#[test]
fn invariant_37_circles_end_and_every_value_is_looked_at_once() {
    seeds::run(40, |seed| async move {
        let mut rng = Rng::new(seed);
        let n = 10 + rng.below(20);
        let shape = Shape { n, invalid: false, strangers: false, ups: 1 + rng.below(8) };
        let mut case = Case::with(seed, rng, shape, 0, Faults::Never, Config::default()).await;
        for _ in 0..6 {
            let wishes: Vec<Wish> = (0..n).map(|_| case.shape.wish(&mut case.rng)).collect();
            let before = case.setup.a.thoughts();
            let went = case.transact(&wishes, Txn::default()).await;
            // Each new value is looked at once; each thing is compared once, however many hang on it.
            let values = went.wishes.values().filter(|wish| wish.is_value()).count();
            let mut things: BTreeSet<&String> = went.had.things.keys().collect();
            things.extend(case.wishes.things.keys());
            let (thoughts, most) = (case.setup.a.thoughts() - before, 2 * values + things.len());
            assert!(thoughts <= most as u64, "{thoughts}, not {most}");
            case.check("circles").await;
        }
    });
}

/// Catches: results that depend on the order of a hash map.
#[test]
fn invariant_38_the_same_history_is_done_and_told_in_the_same_way() {
    seeds::run(40, |seed| async move {
        let mut plays = Vec::new();
        for _ in 0..2 {
            let mut case = Case::new(seed, Faults::Everything).await;
            let start = crate::calls::tick();
            let mut log = Vec::new();
            for _ in 0..5 {
                case.break_something();
                let went = case.go(Txn { retry: Some(Retry::default()), ..Txn::default() }).await;
                log.extend(went.calls);
                case.mend().await;
                log.append(&mut calls(&case.setup));
            }
            let log: Vec<String> = log
                .iter()
                .map(|call| {
                    format!(
                        "{} {} {}-{} {:?}",
                        call.verb,
                        call.key,
                        call.start - start,
                        call.end - start,
                        call.new
                    )
                })
                .collect();
            let mut told = String::new();
            for record in case.setup.s.history().records() {
                let mut record = Record::clone(&record);
                (record.start, record.stop) = (std::time::UNIX_EPOCH, std::time::UNIX_EPOCH);
                told += &format!("{record:?}\n");
            }
            plays.push((log, told, statuses(&case.setup).await));
        }
        assert_eq!(plays[0], plays[1]);
    });
}

/// Catches: what was found removed before every source has answered; nothing that is retrieved taken for as wished.
#[test]
fn invariant_40_an_agent_that_starts_again_with_the_same_wishes_calls_nothing() {
    seeds::run(80, |seed| async move {
        let mut case = Case::new(seed, Faults::Never).await;
        for _ in 0..3 {
            case.some(3).await;
            let (before, content) = (objects(&case.setup), contents(&case.setup));
            let config = Config { in_flight: 1 + case.rng.below(8) as usize, ..Config::default() };
            calls(&case.setup);
            case.another_agent(config).await;
            let mut left = case.everything_again();
            // The sources answer one after the other, by resync or not.
            while !left.is_empty() {
                let at = left.len() - (case.rng.below(left.len() as u64) as usize).min(left.len());
                let some: Vec<Wish> = left.drain(..at).collect();
                let changes = some.iter().map(Wish::intent).collect();
                case.commit(Txn { changes, complete: left.is_empty(), ..Txn::default() }).await;
            }
            let resync = if case.rng.one_in(2) { Resync::Full } else { Resync::Upstream };
            let changes = case.everything_again().iter().map(Wish::intent).collect();
            case.commit(Txn { changes, resync, complete: true, ..Txn::default() }).await;
            let spoken: Vec<String> =
                calls(&case.setup).iter().map(|call| format!("{} {}", call.verb, call.key)).collect();
            assert_eq!(spoken, [""; 0]);
            assert_eq!(
                (format!("{:?}", objects(&case.setup)), contents(&case.setup)),
                (format!("{before:?}"), content)
            );
            // What cannot be expressed has no predecessor any more that the oracle knows of.
            if !case.wishes.invalid.is_empty() {
                return;
            }
            case.check("a restart").await;
        }
    });
}

/// Bytes that this process has in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Many random transactions over few keys; tells memory after the first part and at the end. Run as a process of its own
/// by the test below.
#[test]
fn memory_of_a_long_life() {
    let Ok(parts) = std::env::var("LONG_LIFE") else { return };
    let parts: u64 = parts.parse().unwrap();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut rng = Rng::new(1);
        let shape = Shape { n: 8, ..Shape::plain(&mut rng) };
        let config = Config { history_bytes: 200_000, timeline_bytes: 200_000, ..Config::default() };
        let mut case = Case::with(1, rng, shape, 0, Faults::Calls, config).await;
        for part in 0..parts {
            for _ in 0..100 {
                if case.rng.one_in(4) {
                    case.break_calls(&[Fault::Refuse, Fault::Half, Fault::LostAfter, Fault::LostBefore], 6);
                }
                case.go(Txn { retry: Some(Retry { max: 0, ..Retry::default() }), ..Txn::default() }).await;
                case.setup.a.heal();
                case.setup.b.heal();
                seconds(30).await;
                for fake in [&case.setup.a, &case.setup.b] {
                    let mut world = fake.world();
                    (world.calls, world.started, world.retrieved) = Default::default();
                }
                calls(&case.setup);
                seeds::forget();
                let _ = tokio::time::timeout(std::time::Duration::ZERO, case.watch.next()).await;
            }
            assert!(case.setup.s.size().await < 80);
            println!("part {part}: {} kB", resident() / 1024);
        }
    });
}

/// Catches: a history without bound.
#[test]
fn invariant_39_memory_stays_bounded_however_many_transactions_there_are() {
    let parts = 12;
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "running::memory_of_a_long_life", "--nocapture"])
        .env("LONG_LIFE", parts.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let sizes: Vec<usize> = text
        .lines()
        .filter_map(|line| {
            line.split_once(": ").filter(|(part, _)| part.contains("part "))?.1.strip_suffix(" kB")
        })
        .map(|size| size.parse().unwrap())
        .collect();
    assert_eq!(sizes.len(), parts, "{text}");
    // The history is full after the first quarter; from then on nothing grows.
    let (early, late) = (sizes[parts / 4], sizes[parts - 1]);
    assert!(late < early + 800, "{sizes:?} kB");
}
