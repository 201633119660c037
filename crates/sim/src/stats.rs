//! The statistics of a simulated VPP: what it counts, and who is given the memory in which it does.

mod counters;
mod segment;
mod socket;

pub(crate) use counters::Counters;
pub(crate) use socket::Socket;
