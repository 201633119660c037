//! IPIP: IP packets in IP packets, to another end, or to many that TEIB entries tell.
//! Type `IPIP_TUNNEL`, section `link.ipip` · VPP `ipip.api`
//!
//! The VRF of the interface is that of the outer packets, too. Old releases do not tell whether a tunnel has many ends: it
//! is the one without a destination.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, missing};
use super::tunnel::{Ends, source};
use crate::prelude::*;
use binapi::ipip::{IpipAddTunnel, IpipDelTunnel, IpipTunnelDetails, IpipTunnelDump};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::ipip_link::Mode;
use model::proto::ligato::vpp::interfaces::{Interface, IpipLink};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use types::{IpipTunnel, TunnelMode};

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ipip {
    src: IpAddr,
    /// `None` for many ends.
    dst: Option<IpAddr>,
    vrf: u32,
}

impl LinkType for Ipip {
    const TYPE: Type = Type::IpipTunnel;
    const PREFIX: &'static str = "ipip";
    const USES: &'static [&'static str] = &[IpipAddTunnel::ID, IpipDelTunnel::ID, IpipTunnelDump::ID];
    const MAC: Mac = Mac::None;
    type Told = HashMap<SwIfIndex, IpipTunnelDetails>;

    fn of(i: &Interface) -> Result<Ipip, Invalid> {
        let Some(Section::Ipip(link)) = &i.link else { return Err(missing(i, "link.ipip")) };
        let src = ("link.ipip.src_addr", link.src_addr.as_str());
        match Mode::try_from(link.tunnel_mode) {
            Ok(Mode::PointToPoint) => {
                let Ends { src, dst } = Ends::of(src, ("link.ipip.dst_addr", &link.dst_addr))?;
                Ok(Ipip { src, dst: Some(dst), vrf: i.vrf })
            }
            // A destination means nothing then.
            Ok(Mode::PointToMultipoint) => Ok(Ipip { src: source(src.0, src.1)?, dst: None, vrf: i.vrf }),
            Err(_) => Err(Invalid::new("link.ipip.tunnel_mode", "is not a known mode")),
        }
    }
    fn tables(&self) -> Vec<(u32, bool)> {
        vec![(self.vrf, self.src.is_ipv6())]
    }
    fn outer(&self) -> Option<bool> {
        Some(self.src.is_ipv6())
    }
    fn place(&self) -> Option<String> {
        let dst = self.dst.map_or("many".to_owned(), |dst| dst.to_string());
        Some(format!("{} to {dst} vrf {}", self.src, self.vrf))
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let none = match self.src {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let tunnel = IpipTunnel {
            instance: u32::MAX, // any
            src: self.src.into(),
            dst: self.dst.unwrap_or(none).into(),
            table_id: self.vrf,
            mode: if self.dst.is_some() { TunnelMode::P2P } else { TunnelMode::MP },
            ..IpipTunnel::default()
        };
        Ok(SwIfIndex(links.vpp.call(IpipAddTunnel { tunnel }).await?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(IpipDelTunnel { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        links.dump(IpipTunnelDump { sw_if_index: u32::MAX }, |details| details.tunnel.sw_if_index).await
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let tunnel = &told.get(&sight.index())?.tunnel;
        let dst = Some(tunnel.dst.ip()).filter(|dst| !dst.is_unspecified());
        let mode = if dst.is_some() { Mode::PointToPoint } else { Mode::PointToMultipoint };
        Some(Some(Section::Ipip(IpipLink {
            tunnel_mode: mode.into(),
            src_addr: tunnel.src.ip().to_string(),
            dst_addr: dst.map_or(String::new(), |dst| dst.to_string()),
        })))
    }
    fn vrf(told: &Self::Told, index: SwIfIndex) -> u32 {
        told.get(&index).map_or(0, |details| details.tunnel.table_id)
    }
}
