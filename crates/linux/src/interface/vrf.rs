//! VRF_DEVICE: a table of routes of its own within a namespace. Packets that come in by its members are routed by that table.
//! Type `VRF_DEVICE`, section `vrf_dev`
//!
//! Not every kernel has them. Sockets that are bound to no interface hear connections from all of them: the namespace is set
//! to allow that.

use super::kind::{Kind, Making};
use super::link::add_vrf;
use super::{LinkId, missing};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::interface::Link;
use model::proto::ligato::linux::interfaces::{Interface, VrfDevLink};

/// How the kernel calls the type.
pub(super) const KIND: &str = "vrf";
/// Its MTU, unless somebody changes it.
pub(super) const MTU: u32 = 65575;
/// The same of kernels that are older than 5.3.
pub(super) const OLD_MTU: u32 = 65536;
/// Whether sockets hear connections from all VRFs.
const HEARS_ALL: &str = "/proc/sys/net/ipv4/tcp_l3mdev_accept";

pub(super) fn of(i: &Interface) -> Result<Kind, Invalid> {
    let Some(Link::VrfDev(link)) = &i.link else { return Err(missing(i, "link.vrf_dev")) };
    ensure(
        link.routing_table != 0,
        "link.vrf_dev.routing_table",
        "must be given: the number of a table of routes",
    )?;
    ensure(i.phys_address.is_empty(), "phys_address", "cannot be set on a VRF")?;
    ensure(
        i.vrf_master_interface.is_empty(),
        "vrf_master_interface",
        "cannot be given: a VRF is in no other one",
    )?;
    Ok(Kind::Vrf { table: link.routing_table })
}

pub(super) fn section(table: u32) -> Link {
    Link::VrfDev(VrfDevLink { routing_table: table })
}

pub(super) async fn make(at: &Making<'_>, table: u32) -> Result<LinkId> {
    let made = at.made(KIND, add_vrf(at.host, at.linux.unfinished(), table)).await?;
    let set = at
        .netns
        .run(|| std::fs::write(HEARS_ALL, "1").map_err(|error| format!("{HEARS_ALL}: {error}")))
        .await;
    // A namespace that is gone has no sockets.
    if let Ok(Err(error)) = set {
        tracing::warn!("sockets do not hear from all VRFs: {error}");
    }
    Ok(made)
}
