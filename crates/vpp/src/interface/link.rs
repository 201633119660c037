//! The types of interface: what the `link` section means, how VPP makes and removes one, and how it is recognised.
//!
//! A new type is a file beside this one and a line in each `match` below.

use super::SwIfIndex;
use super::loopback::Loopback;
use super::memif::{Memif, Memifs};
use crate::prelude::*;
use binapi::interface::SwInterfaceDetails;
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};

/// MTU of packets that VPP gives to the types made here.
pub(super) const DEFAULT_MTU: u32 = 9000;

/// What VPP is told to make.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Link {
    Loopback(Loopback),
    Memif(Memif),
}

impl Link {
    pub(super) fn of(i: &Interface) -> Result<Link, Invalid> {
        let mismatch = || Invalid::new("link", "is the section of another type of interface");
        match (i.r#type(), &i.link) {
            (Type::SoftwareLoopback, None) => Ok(Link::Loopback(Loopback)),
            (Type::Memif, Some(Section::Memif(section))) => Memif::of(section).map(Link::Memif),
            (Type::Memif, None) => Err(Invalid::new("link.memif", "must be given")),
            (Type::SoftwareLoopback | Type::Memif, Some(_)) => Err(mismatch()),
            (Type::UndefinedType, _) => Err(Invalid::new("type", "must be given")),
            (other, _) => {
                Err(Invalid::new("type", format!("{} is not supported by this agent", other.as_str_name())))
            }
        }
    }
    /// Does VPP let the interface have a MAC address?
    pub(super) fn has_mac(&self) -> bool {
        match self {
            Link::Memif(memif) => memif.is_ethernet(),
            Link::Loopback(_) => true,
        }
    }
    /// Is what was seen as good as this?
    pub(super) fn settled(&self, seen: &Link) -> bool {
        match (self, seen) {
            (Link::Memif(want), Link::Memif(seen)) => want.settled(seen),
            _ => self == seen,
        }
    }
}

/// What the types need to work.
pub(super) struct Links {
    vpp: Vpp,
    memifs: Memifs,
}

/// What the types' own dumps told.
#[derive(Default)]
pub(super) struct Retrieved {
    memifs: super::memif::Retrieved,
}

impl Links {
    pub(super) fn new(vpp: &Vpp) -> Self {
        Links { vpp: vpp.clone(), memifs: Memifs::new(vpp) }
    }
    pub(super) async fn create(&self, link: Link) -> Result<SwIfIndex> {
        match link {
            Link::Loopback(loopback) => loopback.create(&self.vpp).await,
            Link::Memif(memif) => self.memifs.create(memif).await,
        }
    }
    pub(super) async fn delete(&self, link: Link, index: SwIfIndex) -> Result<()> {
        match link {
            Link::Loopback(loopback) => loopback.delete(&self.vpp, index).await,
            Link::Memif(_) => self.memifs.delete(index).await,
        }
    }
    pub(super) async fn retrieve(&self) -> Result<Retrieved> {
        Ok(Retrieved { memifs: self.memifs.retrieve().await? })
    }
}

impl Retrieved {
    /// Could the interface have been made from this?
    pub(super) fn looks_like(&self, d: &SwInterfaceDetails, link: &Link) -> bool {
        match link {
            Link::Loopback(_) => d.interface_name.as_str().starts_with("loop"),
            Link::Memif(memif) => self.memifs.is_end(SwIfIndex(d.sw_if_index), memif),
        }
    }
    /// What only one interface of its type can have, if there is such a thing.
    pub(super) fn place(&self, d: &SwInterfaceDetails) -> Option<(&str, u32)> {
        self.memifs.place(SwIfIndex(d.sw_if_index))
    }
    /// The same for one that is wanted.
    pub(super) fn place_of<'l>(&self, link: &'l Link) -> Option<(&'l str, u32)> {
        match link {
            Link::Loopback(_) => None,
            Link::Memif(memif) => Some(self.memifs.place_of(memif)),
        }
    }
    /// Was the interface left out where its type is told?
    pub(super) fn lacks(&self, d: &SwInterfaceDetails) -> bool {
        d.interface_name.as_str().starts_with("memif") && self.memifs.lacks(SwIfIndex(d.sw_if_index))
    }
    /// Type and `link` section of an interface; what VPP cannot tell is taken from what is wanted.
    pub(super) fn of(&self, d: &SwInterfaceDetails, wanted: Option<&Interface>) -> (Type, Option<Section>) {
        let internal = d.interface_name.as_str();
        if d.sup_sw_if_index != d.sw_if_index {
            return (Type::SubInterface, None);
        }
        if let Some(section) = self.memifs.section(SwIfIndex(d.sw_if_index), wanted) {
            return (Type::Memif, Some(Section::Memif(section)));
        }
        match internal {
            name if name.starts_with("loop") || name.starts_with("local") => (Type::SoftwareLoopback, None),
            name if name.starts_with("tap") || name.starts_with("tun") => (Type::Tap, None),
            name if name.starts_with("host-") => (Type::AfPacket, None),
            name if name.starts_with("vxlan") => (Type::VxlanTunnel, None),
            name if name.starts_with("gre") => (Type::GreTunnel, None),
            name if name.starts_with("ipip") => (Type::IpipTunnel, None),
            name if name.starts_with("Bond") => (Type::BondInterface, None),
            name if name.starts_with("wg") => (Type::WireguardTunnel, None),
            _ => (Type::Dpdk, None),
        }
    }
}
