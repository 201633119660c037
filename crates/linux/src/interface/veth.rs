//! VETH: two links with a wire between them, each in a namespace of its own. What goes in at one end comes out at the other.
//! Type `VETH`, section `veth`
//!
//! Each end is an interface of its own, and neither can be without the other: they come and go together. The first of them to
//! be made makes both, under passing names in the agent's own namespace; the second one is taken from there.

use super::alias;
use super::kind::{Kind, Making, mark, passing_name};
use super::link::add_pair;
use super::{LinkId, missing};
use crate::netlink::ethtool::{Ethtool, Offload};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::interface::Link;
use model::proto::ligato::linux::interfaces::veth_link::ChecksumOffloading;
use model::proto::ligato::linux::interfaces::{Interface, VethLink};

pub(super) fn of(i: &Interface) -> Result<Kind, Invalid> {
    let Some(Link::Veth(link)) = &i.link else { return Err(missing(i, "link.veth")) };
    let peer = link.peer_if_name.clone();
    ensure(!peer.is_empty(), "link.veth.peer_if_name", "must be given: the other end of the wire")?;
    ensure(peer != i.name, "link.veth.peer_if_name", "is the interface itself")?;
    Ok(Kind::Veth { peer })
}

pub(super) fn section(peer: &str) -> Link {
    Link::Veth(VethLink { peer_if_name: peer.to_owned(), ..VethLink::default() })
}

/// What of checksums is left to the kernel; links of other types are not asked.
pub(super) fn offload(i: &Interface) -> Offload {
    let on = |offloading| offloading != ChecksumOffloading::ChksmOffloadDisabled;
    match &i.link {
        Some(Link::Veth(link)) => {
            Offload { rx: on(link.rx_checksum_offloading()), tx: on(link.tx_checksum_offloading()) }
        }
        _ => Offload::USUAL,
    }
}

/// Writes down how it was found to be: as it is asked for, if that is the same.
pub(super) fn found_with(i: &mut Interface, wanted: Option<&Interface>, found: Offload) {
    let spelled = wanted.filter(|wanted| offload(wanted) == found).and_then(|wanted| match &wanted.link {
        Some(Link::Veth(link)) => Some((link.rx_checksum_offloading, link.tx_checksum_offloading)),
        _ => None,
    });
    let plain = |on| match on {
        true => ChecksumOffloading::ChksmOffloadDefault.into(),
        false => ChecksumOffloading::ChksmOffloadDisabled.into(),
    };
    if let Some(Link::Veth(link)) = &mut i.link {
        let (rx, tx) = spelled.unwrap_or((plain(found.rx), plain(found.tx)));
        (link.rx_checksum_offloading, link.tx_checksum_offloading) = (rx, tx);
    }
}

/// Leaves checksums to the kernel, or not.
pub(super) async fn set_offload(netns: &Netns, index: u32, offload: Offload) -> Result<()> {
    netns.sent().note("ETHTOOL_MSG_FEATURES_SET");
    let set = netns.run(move || Ethtool::open()?.set(index, offload)).await;
    let set = set.map_err(|refusal| in_words("setting checksum offload", refusal))?;
    set.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::permanent("this kernel has no ethtool over netlink, which checksum offload is set by")
        }
        _ => Error::new(format!("setting checksum offload: {error}")),
    })
}

pub(super) async fn make(at: &Making<'_>, peer: &str) -> Result<LinkId> {
    let [own, other] = [at.name, peer].map(|name| passing_name("veth", name));
    let of_other = alias::of(&at.linux.mark(), peer, &Kind::Veth { peer: at.name.to_owned() });
    // In one datagram, so that no end is ever without its alias, however the agent ends.
    let requests = vec![add_pair(&own, &other), mark(&own, at.alias), mark(&other, &of_other)];
    at.parked(at.linux.home(), &own, "veth", requests).await
}
