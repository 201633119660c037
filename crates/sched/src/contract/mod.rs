//! What features and doors say and hear.

pub mod capability;
pub mod config;
pub mod descriptor;
pub mod erased;
pub mod error;
pub mod needs;
pub mod registry;
pub mod seen;
pub mod sighting;
pub mod southbound;
pub mod status;
pub mod txn;
