//! The whole agent against a simulated VPP, in one thread and in a time of its own: sources that come, go, repeat
//! themselves and contradict each other, a VPP that crashes, loses connections and refuses, others who work on the same
//! VPP, a machine that stops at any moment. Whenever things are quiet, everything must be as a naive account of what the
//! sources say has it.
//!
//! What happens is decided by a seed alone. `SIMULATION_SEED` and `SIMULATION_STEPS` say where to begin and how much to
//! do; `cargo xtask soak agent` sets them.
#![allow(clippy::unwrap_used)]

mod behind;
mod check;
mod life;
mod oracle;
mod rng;
mod tables;
mod things;
mod world;

use life::{End, Life};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use world::World;

/// Events in one world; then comes another with the next seed.
const STEPS: usize = 200;
/// So many failures are looked for before it is enough.
const ENOUGH: usize = 20;
/// Worlds in the normal test run.
const WORLDS: usize = 25;

/// Lives until the steps are done. `Err` tells what is wrong.
fn run(world: &mut World) -> Result<(), String> {
    loop {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.unwrap();
        let end = runtime.block_on(live(world));
        // Whatever the agent was doing ends here, at whichever point it waited.
        drop(runtime);
        match end? {
            End::Crash => world.crash(),
            End::Stop => {
                world.way.lock().unwrap().serving = None;
                world.find_orphans();
            }
            End::Finished => return Ok(()),
        }
    }
}

async fn live(world: &mut World) -> Result<End, String> {
    let mut life = Life::start(world)?;
    if let Some(before) = world.last_keys.clone() {
        life.quiet(world).await?;
        let after: BTreeSet<_> = life.scheduler.keys().await.into_iter().collect();
        let (more, less): (Vec<_>, Vec<_>) =
            (before.difference(&after).collect(), after.difference(&before).collect());
        let error =
            || format!("when nothing is wanted, {more:?} are in mind, but not {less:?} as in a fresh agent");
        // Which of two ACLs of others with one tag has its name depends on who was seen first: as many, then.
        return (after.len() == before.len()).then_some(End::Finished).ok_or_else(error);
    }
    while world.step < STEPS {
        world.step += 1;
        world.notice_restart();
        life.listen(world)?;
        match life.step(world).await {
            Some(End::Stop) => {
                life.stop().await;
                return Ok(End::Stop);
            }
            Some(end) => return Ok(end),
            None => {}
        }
        if world.rng.percent(4) {
            life.quiet(world).await?;
        }
    }
    life.quiet(world).await?;
    life.want_nothing(world);
    life.quiet(world).await?;
    world.last_keys = Some(life.scheduler.keys().await.into_iter().collect());
    Ok(End::Stop)
}

/// A whole world; an error is all that is needed to see the failure again.
fn world(seed: u64, thorough: bool) -> Result<World, String> {
    let mut world = World::new(seed);
    world.thorough = thorough;
    let result = catch_unwind(AssertUnwindSafe(|| run(&mut world)));
    let error = match result {
        Ok(Ok(())) => return Ok(world),
        Ok(Err(error)) => error,
        Err(_) => "panicked, see above".to_owned(),
    };
    let events: Vec<_> = std::mem::take(&mut world.events).into();
    let log = world.sim.log().into_iter().filter(|call| call.changes).map(|call| call.request);
    let log: Vec<_> = log.collect();
    let told = &log[log.len().saturating_sub(60)..];
    Err(format!(
        "{error}\n\nseed {seed}, step {}; what happened last:\n{}\nwhat VPP was told last:\n  {}\n\nTo see it again: cargo \
         xtask soak agent --seed {seed} --steps {STEPS}",
        world.step,
        events.join("\n"),
        told.join("\n  ")
    ))
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[test]
fn whatever_happens_everything_comes_right() {
    let first = number("SIMULATION_SEED").unwrap_or(1) as u64;
    let worlds = number("SIMULATION_STEPS").map_or(WORLDS, |steps| steps.div_ceil(STEPS));
    let (began, mut told) = (Instant::now(), Instant::now());
    let (mut quiets, mut failed) = (0, Vec::new());
    for done in 0..worlds {
        match world(first + done as u64, false) {
            Ok(world) => quiets += world.quiets,
            Err(error) if failed.is_empty() => {
                println!("{error}");
                failed.push(first + done as u64);
            }
            Err(error) => {
                println!(
                    "seed {} as well: {}",
                    first + done as u64,
                    error.lines().take(3).collect::<Vec<_>>().join(" | ")
                );
                failed.push(first + done as u64);
            }
        }
        if failed.len() == ENOUGH {
            break;
        }
        if told.elapsed().as_secs() >= 60 {
            told = Instant::now();
            let (steps, seconds) = ((done + 1) * STEPS, began.elapsed().as_secs_f64());
            println!("{steps} steps, {quiets} checks, {:.0} steps a second", steps as f64 / seconds);
        }
    }
    assert!(
        failed.is_empty(),
        "something is wrong in the worlds with the seeds {failed:?}; the first is shown above"
    );
    let (steps, seconds) = (worlds * STEPS, began.elapsed().as_secs_f64());
    println!(
        "{steps} steps in {worlds} worlds from seed {first} on, {quiets} checks, {seconds:.1} s: all held"
    );
}

#[test]
fn the_same_seed_is_the_same_history() {
    let mut traces = BTreeSet::new();
    for seed in 1..5 {
        let [one, other] = [(); 2].map(|()| world(seed, true).unwrap_or_else(|error| panic!("{error}")));
        let differ = one.account.iter().zip(&other.account).find(|(a, b)| a != b);
        assert_eq!(differ, None, "seed {seed}");
        assert_eq!(one.trace, other.trace, "seed {seed}: {} and {}", one.account.len(), other.account.len());
        traces.insert(one.trace);
    }
    assert_eq!(traces.len(), 4, "different seeds are different histories");
}
