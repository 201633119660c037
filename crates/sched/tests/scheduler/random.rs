//! Random histories: after every transaction the southbounds hold what the oracle says; what failed comes right once
//! faults stop; an agent that starts again over its own work does nothing.

use crate::case::{Case, Faults, mark_key};
use crate::kinds::*;
use crate::seeds::{self, Rng, note};
use crate::setup::Setup;
use model::value::{Model, Value};
use sched::*;

impl Case {
    fn everything(&self) -> Vec<Intent> {
        let things = self.wishes.things.values().cloned().map(put);
        things.chain(self.wishes.marks.values().cloned().map(put)).collect()
    }
    /// Values that cannot be expressed are forgotten; what is in force instead is asked for.
    fn forget_invalid(&mut self) {
        let (parts, things) = (&self.wishes.parts, &self.wishes.things);
        let without =
            |key: &String| key.strip_prefix(Thing::PREFIX).is_some_and(|name| !things.contains_key(name));
        self.wishes.invalid.retain(without);
        for thing in self.wishes.things.values_mut() {
            thing.parts.retain_mut(|part| {
                let good = parts.get(&part.key()).cloned();
                let keep = good.is_some();
                if let Some(good) = good {
                    *part = good;
                }
                keep
            });
        }
    }
    async fn restart_agent(&mut self) {
        self.forget_invalid();
        self.wishes.invalid.clear();
        note("the agent starts again".into());
        let fresh = Setup::over(&self.setup.a, &self.setup.b, self.setup.made.clone(), Config::default());
        self.setup = fresh;
        self.watch = self.setup.s.watch(Select::All);
        self.told.clear();
        for signal in self.wishes.signals.clone() {
            self.setup.s.notify(vec![Notice::present::<Signals>(Signal(signal), ())]);
        }
        // Some sources have answered: nothing of what the others may want is touched.
        let mut changes = self.everything();
        changes.retain(|_| self.rng.one_in(2));
        let resync = if self.rng.one_in(2) { Resync::None } else { Resync::Full };
        self.commit(Txn { changes, resync, ..Txn::default() }).await;
        self.check_idle("some sources have answered");
        let keep = |name: &String, rng: &mut Rng| name.starts_with('f') || !rng.one_in(5);
        if self.rng.one_in(2) {
            let names: Vec<String> = self.wishes.things.keys().cloned().collect();
            for name in names {
                if !keep(&name, &mut self.rng) {
                    self.wishes.remove(&name);
                }
            }
            let changes = self.everything();
            self.commit(Txn { changes, resync: Resync::Full, complete: true, ..Txn::default() }).await;
            self.check_economy();
        } else {
            let changes = self.everything();
            self.commit(Txn { changes, complete: true, ..Txn::default() }).await;
            self.check_idle("all sources have answered");
        }
    }

    async fn step(&mut self) -> &'static str {
        let faulty = self.faults != Faults::Never && self.rng.one_in(2);
        if faulty {
            self.break_something();
        }
        let retry = faulty.then_some(Retry { max: 0, ..Retry::default() });
        match self.rng.below(16) {
            0 if !faulty => {
                self.restart_agent().await;
                "the agent started again"
            }
            1 if !faulty => {
                self.forget_invalid();
                let changes = self.everything();
                self.commit(Txn { changes, ..Txn::default() }).await;
                self.check_idle("the same again");
                "the same again"
            }
            2 if !faulty => {
                let resync = [Resync::Full, Resync::Upstream, Resync::Downstream][self.rng.below(3) as usize];
                let mut changes = Vec::new();
                if resync != Resync::Downstream {
                    self.forget_invalid();
                    self.wishes.invalid.clear();
                    changes = self.everything();
                }
                self.commit(Txn { changes, resync, ..Txn::default() }).await;
                self.check_idle("a resync of what is there");
                "a resync"
            }
            3 => {
                let there: Vec<String> = {
                    let world = self.setup.a.world();
                    world
                        .objects
                        .keys()
                        .filter(|key| !self.wishes.foreign.contains_key(*key))
                        .cloned()
                        .collect()
                };
                if !there.is_empty() {
                    self.setup.a.steal(&there[self.rng.below(there.len() as u64) as usize]);
                }
                self.commit(Txn { resync: Resync::Downstream, retry, ..Txn::default() }).await;
                "something was stolen"
            }
            4 => {
                self.setup.a.crash();
                self.instance = self.setup.a.instance();
                self.wishes.foreign.clear();
                self.wishes.signals.clear();
                self.wishes.limp = self.rng.one_in(2);
                let lacking: &[&str] = if self.wishes.limp { &["thing_stiff"] } else { &[] };
                self.setup.a.world().lacking = lacking.iter().copied().collect();
                if self.rng.one_in(2) {
                    let changes = self.changes();
                    self.commit(Txn { changes, retry, ..Txn::default() }).await;
                }
                self.setup.a.up();
                self.commit(Txn { retry, ..Txn::default() }).await;
                "the southbound started again"
            }
            5 => {
                let fake = if self.rng.one_in(2) { self.setup.a.clone() } else { self.setup.b.clone() };
                fake.down();
                let changes = self.changes();
                self.commit(Txn { changes, retry, ..Txn::default() }).await;
                fake.up();
                self.commit(Txn { retry, ..Txn::default() }).await;
                "the southbound was away"
            }
            6 | 7 => {
                let name = format!("{}", self.rng.below(2));
                note(format!("signal {name}"));
                let there = !self.wishes.signals.remove(&name);
                let notice = if there {
                    self.wishes.signals.insert(name.clone());
                    Notice::present::<Signals>(Signal(name), ())
                } else {
                    Notice::absent::<Signal>(&name)
                };
                self.setup.s.notify(vec![notice]);
                self.commit(Txn { retry, ..Txn::default() }).await;
                if !faulty {
                    self.check_economy();
                }
                "a signal"
            }
            _ => {
                let changes = self.changes();
                self.commit(Txn { changes: changes.clone(), retry, ..Txn::default() }).await;
                if !faulty {
                    self.check_economy();
                    self.setup.a.calls();
                    self.setup.b.calls();
                    self.commit(Txn { changes, ..Txn::default() }).await;
                    self.check_idle("the same transaction again");
                }
                "a transaction"
            }
        }
    }
    async fn run(mut self) {
        for _ in 0..10 {
            let what = self.step().await;
            if self.faults != Faults::Never {
                self.mend().await;
            }
            self.check(what).await;
        }
        // Everything away: nothing is left anywhere but what is not ours.
        let mut changes: Vec<Intent> = (0..self.shape.n).map(|i| gone(&t(&format!("n{i}")))).collect();
        changes.extend((0..3).map(|i| gone(&mark_key(&format!("m{i}")))));
        changes.extend((0..3).map(|i| gone(&t(&format!("f{i}")))));
        let signals: Vec<Notice> =
            self.wishes.signals.iter().map(|name| Notice::absent::<Signal>(name)).collect();
        self.setup.s.notify(signals);
        self.commit(Txn { changes, ..Txn::default() }).await;
        let there: Vec<String> = self.setup.a.world().objects.keys().cloned().collect();
        let foreign: Vec<String> = self.wishes.foreign.keys().cloned().collect();
        assert_eq!(there, foreign, "seed {}", self.seed);
        assert!(self.setup.b.world().objects.is_empty(), "seed {}", self.seed);
        assert_eq!(self.setup.s.size().await, foreign.len(), "seed {}: nodes left", self.seed);
        let made = self.setup.made.lock().unwrap().clone();
        assert!(made.is_empty(), "seed {}: {made:?}", self.seed);
    }
}

fn run(cases: u64, faults: Faults) {
    seeds::run(cases, |seed| async move { Case::new(seed, faults).await.run().await });
}

#[test]
fn without_faults_the_southbounds_hold_what_the_oracle_says() {
    run(400, Faults::Never);
}
#[test]
fn failing_calls_come_right_once_they_stop_to_fail() {
    run(400, Faults::Calls);
}
#[test]
fn lost_links_and_restarts_in_mid_transaction_come_right() {
    run(400, Faults::Everything);
}
