//! What must hold whenever things are quiet.

use crate::life::Life;
use crate::oracle::{self, Expected, Says, Wanted};
use crate::things::{Thing, What};
use crate::world::World;
use sched::{BaseStatus, Select, State};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Everything is answered within this time once nothing goes wrong.
const PATIENCE: Duration = Duration::from_secs(600);
/// The longest pause before something is tried again, and some more.
const LONGEST_PAUSE: Duration = Duration::from_secs(75);

impl Life {
    /// Waits until nothing is on its way.
    async fn idle(&mut self, world: &mut World) -> Result<(), String> {
        let began = Instant::now();
        let mut health = self.scheduler.health();
        loop {
            self.listen(world)?;
            let up = health.borrow_and_update().southbounds.iter().all(|(_, down)| down.is_none());
            if self.outstanding() == 0 && up {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                let health = health.borrow().clone();
                return Err(format!("{} batches are not answered; {health:?}", self.outstanding()));
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Lets everything settle, and checks all that can be said about it.
    pub async fn quiet(&mut self, world: &mut World) -> Result<(), String> {
        world.quiets += 1;
        world.note("quiet".to_owned());
        world.notice_restart();
        self.calm_down(world);
        self.idle(world).await?;
        if !std::mem::take(&mut world.unsettled) {
            sleep(LONGEST_PAUSE).await;
            self.idle(world).await?;
            self.check(world).await.map_err(|error| format!("without a comparison: {error}"))?;
        }
        sleep(Duration::from_secs(3)).await;
        self.compare().await;
        world.gone_behind = false;
        self.idle(world).await?;
        self.check(world).await?;
        if world.thorough {
            let log = world.sim.log();
            world.hash(&format!("{log:?}"));
        }
        world.sim.clear_calls();
        self.compare().await;
        let calls = world.sim.changing_calls();
        match calls.is_empty() {
            true => Ok(()),
            false => {
                Err(format!("compared again, nothing having changed, VPP was told {:?}", world.sim.log()))
            }
        }
    }

    async fn check(&mut self, world: &mut World) -> Result<(), String> {
        if world.sim.crashes() > 0 {
            return Err(format!("VPP was brought to where the real one crashes: {:?}", world.sim.log()));
        }
        let sources = world.sources();
        let wanted = oracle::merge(&sources.iter().collect::<Vec<_>>());
        let exactly = wanted.values().filter_map(|wanted| match wanted {
            Wanted::Exactly(thing) => Some(thing),
            Wanted::SomethingOlder => None,
        });
        let older = wanted.iter().filter(|(_, wanted)| **wanted == Wanted::SomethingOlder);
        let older = older.filter_map(|(key, _)| world.known.get(key));
        let actual = world.lines();
        let expected = oracle::expected(exactly, older, &actual);
        for line in &actual {
            world.hash(line);
        }
        let statuses = self.scheduler.statuses(Select::All).await;
        compare(&expected, &actual, world)
            .map_err(|error| format!("{error}\n{}", about(&error, &statuses, &sources)))?;
        world.hash(&format!("{statuses:?}"));
        told(&statuses, &wanted, &expected)
    }
}

/// What is known of the keys that an error is about: those that hold the name in one of its lines.
fn about(error: &str, statuses: &[BaseStatus], sources: &[Says]) -> String {
    let words: BTreeSet<&str> = error
        .lines()
        .skip(1)
        .flat_map(|line| line.split([' ', ':']).skip(2).take(2))
        .filter(|word| word.len() > 2)
        .collect();
    let named = |key: &str| words.iter().any(|word| key.contains(word));
    let mut out = String::new();
    for status in statuses.iter().filter(|status| named(&status.value.key)) {
        let parts = status.derived.iter().map(|part| format!("\n    part {part:?}"));
        out += &format!("  {:?}{}\n", status.value, parts.collect::<String>());
    }
    for (rank, says) in sources.iter().enumerate() {
        for (key, said) in says.iter().filter(|(key, _)| named(key)) {
            out += &format!("  source {rank} says {key}: {said:?}\n");
        }
    }
    out
}

/// VPP has what it should have, and what others made.
fn compare(expected: &Expected, actual: &BTreeSet<String>, world: &World) -> Result<(), String> {
    let should: BTreeSet<&String> = expected.lines.iter().chain(&world.foreign).collect();
    // What VPP may choose is compared only if somebody chose it.
    let chosen = |line: &str| {
        let about = |start: &str| line.strip_prefix(start).and_then(|rest| rest.split_once(' '));
        let Some((kind, (name, _))) = ["mac ", "mtu "].iter().find_map(|start| Some((start, about(start)?)))
        else {
            return true;
        };
        let start = format!("{kind}{name} ");
        should.iter().any(|line| line.starts_with(&start))
    };
    // An entry that is not static may as well have been learned: a new agent cannot know it again, and lets it age.
    let learned = |line: &String| line.ends_with("static false") && !should.contains(line);
    let orphan = |line: &String| {
        let name = line.strip_prefix("interface ").and_then(|rest| rest.split_once(':'));
        name.is_some_and(|(name, _)| world.orphans.contains(name))
    };
    let is = actual.iter().filter(|line| chosen(line) && !learned(line) && !orphan(line));
    let is: BTreeSet<&String> = is.collect();
    if is == should {
        return Ok(());
    }
    let (extra, lacking) = (is.difference(&should), should.difference(&is));
    let extra = extra.map(|line| format!("+ {line}"));
    let lines: Vec<String> = extra.chain(lacking.map(|line| format!("- {line}"))).collect();
    Err(format!("VPP has other things (+) than it should (-):\n{}", lines.join("\n")))
}

/// Statuses say what is so.
fn told(
    statuses: &[BaseStatus],
    wanted: &BTreeMap<String, Wanted>,
    expected: &Expected,
) -> Result<(), String> {
    let state_of = |key: &str| match expected.present.contains(key) {
        true => State::Configured,
        false => State::Pending,
    };
    let mut unseen: BTreeSet<&str> = wanted.keys().map(String::as_str).collect();
    for status in statuses {
        let key: &str = &status.value.key;
        unseen.remove(key);
        let should = match wanted.get(key) {
            // A part of something whose newest value is none: it stays as it was found.
            None if !key.starts_with("config/") && status.value.state == State::Discovered => continue,
            None => State::Obtained,
            Some(Wanted::SomethingOlder) => State::Invalid,
            Some(Wanted::Exactly(Thing { what: What::Unhandled { .. }, .. })) => State::Unimplemented,
            Some(Wanted::Exactly(_)) => state_of(key),
        };
        if status.value.state != should {
            return Err(format!("{key} should be {}, but is {status:?}", should.name()));
        }
        let Some(Wanted::Exactly(thing)) = wanted.get(key) else { continue };
        let mut parts = oracle::parts(thing);
        for part in &status.derived {
            let should = state_of(&part.key);
            if !parts.remove(&*part.key) || part.state != should {
                return Err(format!("part {} should be {}, but is {part:?}", part.key, should.name()));
            }
        }
        if !parts.is_empty() {
            return Err(format!("{key} has no status for its parts {parts:?}: {status:?}"));
        }
    }
    match unseen.is_empty() {
        true => Ok(()),
        false => Err(format!("no status for {unseen:?}")),
    }
}
