//! Layer 3: tables and routes.

pub mod route;
pub mod vrf;
