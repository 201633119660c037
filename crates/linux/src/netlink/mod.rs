//! rtnetlink, and a little of generic netlink in [`ethtool`]: how the kernel is told about links, addresses, routes and neighbours, and asked for them.
//!
//! [`frame`] and [`batch`] are pure: bytes to messages and back, answers to the requests they belong to. [`socket`],
//! [`words`] and [`ethtool`] are the only files that do I/O. The messages themselves are those of the crate `netlink-packet-route`.

pub mod batch;
pub mod errno;
pub mod ethtool;
pub mod frame;
pub mod socket;
pub mod words;

pub use batch::{Refusal, Request};
pub use netlink_packet_route::RouteNetlinkMessage as Message;

/// What the kernel calls a request.
pub fn name_of(message: &Message) -> &'static str {
    match message {
        Message::NewLink(_) => "RTM_NEWLINK",
        Message::SetLink(_) => "RTM_SETLINK",
        Message::DelLink(_) => "RTM_DELLINK",
        Message::GetLink(_) => "RTM_GETLINK",
        Message::NewAddress(_) => "RTM_NEWADDR",
        Message::DelAddress(_) => "RTM_DELADDR",
        Message::GetAddress(_) => "RTM_GETADDR",
        Message::NewRoute(_) => "RTM_NEWROUTE",
        Message::DelRoute(_) => "RTM_DELROUTE",
        Message::GetRoute(_) => "RTM_GETROUTE",
        Message::NewNeighbour(_) => "RTM_NEWNEIGH",
        Message::DelNeighbour(_) => "RTM_DELNEIGH",
        Message::GetNeighbour(_) => "RTM_GETNEIGH",
        _ => "another request",
    }
}
