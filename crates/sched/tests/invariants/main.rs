//! What must hold whatever happens: one property per test, over random graphs, groupings, faults and notifications.
//!
//! The numbers are those of the list of invariants that the scheduler was designed by. Each test says which change of
//! the scheduler it was seen to catch. `SEED=17` replays a case, see [`seeds`].

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail like tests")]

#[allow(dead_code, reason = "the stories of the scheduler use all of it")]
#[path = "../scheduler/calls.rs"]
mod calls;
#[allow(dead_code, reason = "the stories of the scheduler use all of it")]
#[path = "../scheduler/case.rs"]
mod case;
#[allow(dead_code, reason = "the stories of the scheduler use all of it")]
#[path = "../scheduler/kinds.rs"]
mod kinds;
#[path = "../scheduler/oracle.rs"]
mod oracle;
#[allow(dead_code, reason = "the stories of the scheduler use all of it")]
#[path = "../scheduler/seeds.rs"]
mod seeds;
#[allow(dead_code, reason = "the stories of the scheduler use all of it")]
#[path = "../scheduler/setup.rs"]
mod setup;
#[allow(dead_code, reason = "the stories of the scheduler use all of it")]
#[path = "../scheduler/world.rs"]
mod world;

mod content;
mod economy;
mod failures;
mod paths;
mod records;
mod replay;
mod running;
mod safety;
mod stage;
mod states;
