//! Packets: real VPPs, each configured by an agent of its own, and hosts that are wired to them, reach each other through
//! what was configured.
//!
//! A simulated VPP forwards nothing, so these run only where the environment names a real one (see `testkit::target`).
#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod acls;
mod hosts;
mod pair;
mod site;
mod tunnels;
