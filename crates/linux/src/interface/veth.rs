//! VETH: two links with a wire between them, each in a namespace of its own. What goes in at one end comes out at the other.
//! Type `VETH`, section `veth`
//!
//! Each end is an interface of its own, and neither can be without the other: they come and go together. The one whose name
//! comes first makes both, each under its own name and in its own namespace; the other one only takes what is there then.

use super::kind::{Kind, Making};
use super::link::{Which, add_pair, get};
use super::sight::Sight;
use super::{Interfaces, LinkId, missing};
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

/// What an end waits for: the other one.
pub(super) type Needs = (Option<Meant<Interfaces>>, Option<After<Interfaces>>);

/// Is it this end that makes both?
fn makes(name: &str, peer: &str) -> bool {
    name < peer
}

pub(super) fn needs(name: &str, peer: &str) -> Needs {
    match makes(name, peer) {
        true => (Some(Meant::to(peer)), None),
        false => (None, Some(After::the(peer))),
    }
}

/// How the kernel calls the type.
const KIND: &str = "veth";

pub(super) async fn make(at: &Making<'_>, peer: &str) -> Result<LinkId> {
    if !makes(at.name, peer) {
        return take(at, peer).await;
    }
    let doing = format!("making the pair of {} and {peer}", at.name);
    let other = at.other.ok_or_else(|| Error::new(format!("{doing}: {peer} is not wanted any more")))?;
    if other.kind != (Kind::Veth { peer: at.name.to_owned() }) {
        let cause = format!("{doing}: {peer} does not name {} as its other end; let it do so", at.name);
        return Err(Error::permanent(cause));
    }
    let there = at.linux.place(&other.namespace).map_err(|error| Error::new(format!("{doing}: {error}")))?;
    at.made(KIND, add_pair(at.host, &other.host, at.linux.unfinished(), there.fd())).await
}

/// Finds the end that was made together with the other one.
async fn take(at: &Making<'_>, peer: &str) -> Result<LinkId> {
    let doing = || format!("looking for {}, the other end of {peer}", at.host);
    let found = at.netns.ask(vec![get(Which::Host(at.host))]).await;
    let found = found.map_err(|refusal| Error { stale: true, ..in_words(&doing(), refusal) })?;
    let maker = at.maker.map(|maker| maker.index);
    let own = |link: &Sight| Some(link.other) == maker && (at.is_new(link, KIND) || link.alias == at.alias);
    let found = Sight::all(&found).into_iter().find(own);
    let other = || format!("{}: another link is called so, or {peer} names another end", doing());
    let index = found.ok_or_else(|| Error { stale: true, ..Error::new(other()) })?.index;
    Ok(LinkId { netns: at.netns.clone(), index })
}
