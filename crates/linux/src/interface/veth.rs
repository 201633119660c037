//! VETH: two links with a wire between them, each in a namespace of its own. What goes in at one end comes out at the other.
//! Type `VETH`, section `veth`
//!
//! Each end is an interface of its own, and neither can be without the other: they come and go together. The first of them to
//! be made makes both, under passing names in the agent's own namespace; the second one is taken from there.

use super::alias;
use super::kind::{Kind, Making, mark, passing_name};
use super::link::add_pair;
use super::{LinkId, missing};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::interface::Link;
use model::proto::ligato::linux::interfaces::veth_link::ChecksumOffloading;
use model::proto::ligato::linux::interfaces::{Interface, VethLink};

pub(super) fn of(i: &Interface) -> Result<Kind, Invalid> {
    let Some(Link::Veth(link)) = &i.link else { return Err(missing(i, "link.veth")) };
    let peer = link.peer_if_name.clone();
    ensure(!peer.is_empty(), "link.veth.peer_if_name", "must be given: the other end of the wire")?;
    ensure(peer != i.name, "link.veth.peer_if_name", "is the interface itself")?;
    let fields = [
        ("link.veth.rx_checksum_offloading", link.rx_checksum_offloading()),
        ("link.veth.tx_checksum_offloading", link.tx_checksum_offloading()),
    ];
    for (field, offloading) in fields {
        let on = offloading != ChecksumOffloading::ChksmOffloadDisabled;
        ensure(on, field, "cannot be disabled by this agent yet: the kernel's checksum offload stays on")?;
    }
    Ok(Kind::Veth { peer })
}

pub(super) fn section(peer: &str) -> Link {
    Link::Veth(VethLink { peer_if_name: peer.to_owned(), ..VethLink::default() })
}

pub(super) async fn make(at: &Making<'_>, peer: &str) -> Result<LinkId> {
    let [own, other] = [at.name, peer].map(|name| passing_name("veth", name));
    let of_other = alias::of(&at.linux.mark(), peer, &Kind::Veth { peer: at.name.to_owned() });
    // In one datagram, so that no end is ever without its alias, however the agent ends.
    let requests = vec![add_pair(&own, &other), mark(&own, at.alias), mark(&other, &of_other)];
    at.parked(at.linux.home(), &own, "veth", requests).await
}
