//! The VPP features: one file per object, one line each in [`registry`].
//!
//! A feature file says what the object is, what it needs, what VPP is told, and how VPP shows it. [`southbound`] is what
//! features talk to; [`registry::DUMPS`] says what the reference's REST dumps show of what they retrieve.

pub mod acl;
mod command;
mod convert;
mod hosts;
pub mod interface;
pub mod l2;
pub mod l3;
mod one_table;
mod prelude;
pub mod registry;
pub mod southbound;
pub mod state;
mod tap_ends;
pub mod telemetry;

pub use hosts::Hosts;
pub use southbound::Vpp;
pub use tap_ends::TapEnds;
