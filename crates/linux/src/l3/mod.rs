//! What is at layer 3: routes and neighbours of Linux.

mod found;
pub mod link_route;
mod listed;
pub mod neighbour;
pub mod route;

/// The number by which the kernel keeps whose a route or a neighbour is: ours have this one. No routing daemon that is known
/// to `iproute2` uses it.
pub(crate) const OURS: u8 = 176;
