//! The agent: wires VPP, the scheduler and the doors by hand. The only package that sees them all.
//!
//! The scheduler and VPP's I/O share one thread with a runtime of its own: waking nobody else for each batch of replies
//! is what makes them fast. The doors live on the runtime that starts the agent.

pub mod allocator;
pub mod config;
mod console;
mod counters;
pub mod demo;
mod doors;
pub mod heart;
mod telemetry;

pub use doors::{Agent, StartError, stop_signal};
pub use heart::Heart;

/// Version of this build.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
