//! DUMMY: a link that swallows what is sent, to have addresses on. Type `DUMMY`, no section
//!
//! Not every kernel has them.

use super::LinkId;
use super::kind::{Making, mark, passing_name};
use super::link::add;
use crate::prelude::*;
use netlink_packet_route::link::InfoKind;

pub(super) async fn make(at: &Making<'_>) -> Result<LinkId> {
    let name = passing_name("dum", at.name);
    // In one datagram, so that it is never without its alias, however the agent ends.
    let requests = vec![add(&name, InfoKind::Dummy), mark(&name, at.alias)];
    at.parked(at.netns, &name, "dummy", requests).await
}
