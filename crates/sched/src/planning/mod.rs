//! From what is wanted and what is there to the operations that are due. Pure.

pub mod availability;
pub mod plan;
pub mod preview;
pub mod region;
pub mod scc;
