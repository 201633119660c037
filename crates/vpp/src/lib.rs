//! The VPP features: one file per object, one line each in [`registry`].
//!
//! A feature file says what the object is, what it needs, what VPP is told, and how VPP shows it. [`southbound`] is what
//! features talk to; [`dump`] turns what they retrieve into the reference's REST dumps.

mod convert;
pub mod dump;
pub mod interface;
pub mod l2;
pub mod l3;
mod prelude;
pub mod registry;
pub mod southbound;

pub use southbound::Vpp;
