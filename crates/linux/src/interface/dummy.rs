//! DUMMY: a link that swallows what is sent, to have addresses on. Type `DUMMY`, no section
//!
//! Not every kernel has them.

use super::LinkId;
use super::kind::Making;
use super::link::add;
use crate::prelude::*;
use netlink_packet_route::link::InfoKind;

pub(super) async fn make(at: &Making<'_>) -> Result<LinkId> {
    at.made("dummy", add(at.host, at.linux.unfinished(), InfoKind::Dummy)).await
}
