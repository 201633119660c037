//! What is wanted and what is there, and what it was before.

pub mod graph;
pub mod journal;
pub mod load;
pub mod node;
pub mod squatters;
