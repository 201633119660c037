//! rtnetlink: how the kernel is told about links, addresses, routes and neighbours, and asked for them.
//!
//! [`frame`] and [`batch`] are pure: bytes to messages and back, answers to the requests they belong to. [`socket`] is the
//! only file that does I/O. The messages themselves are those of the crate `netlink-packet-route`.

pub mod batch;
pub mod errno;
pub mod frame;
pub mod socket;

pub use batch::{Refusal, Request};
pub use netlink_packet_route::RouteNetlinkMessage as Message;
