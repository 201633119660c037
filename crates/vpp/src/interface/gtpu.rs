//! GTP-U: packets of mobile subscribers in UDP packets, to another end or to a multicast group.
//! Type `GTPU_TUNNEL`, section `link.gtpu` · VPP `gtpu.api`
//!
//! VPP tells tunnels apart by destination and arriving TEID only. Packets inside go to a graph node, by its place among those
//! that follow GTP-U's own: 1 bridge, 2 IPv4, 3 IPv6; the old `decap_next` names these three.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, missing};
use super::tunnel::Ends;
use crate::prelude::*;
use binapi::gtpu::{GtpuAddDelTunnel, GtpuTunnelDetails, GtpuTunnelDump};
use model::proto::ligato::vpp::interfaces::gtpu_link::NextNode;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{GtpuLink, Interface};
use std::collections::HashMap;

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gtpu {
    ends: Ends,
    table: u32,
    /// Of arriving packets.
    teid: u32,
    /// Of leaving packets.
    remote_teid: u32,
    next: u32,
    /// The interface to the multicast group.
    through: Option<String>,
}

/// The bridge, which VPP takes unless told.
const BRIDGE: u32 = 1;

/// Where packets inside go; 0 is VPP's choice.
#[allow(deprecated)] // the old field counts where the new one is not set
fn next(link: &GtpuLink) -> Result<u32, Invalid> {
    let named = NextNode::try_from(link.decap_next)
        .map_err(|_| Invalid::new("link.gtpu.decap_next", "is not a known node; use decap_next_node"))?;
    let next = if link.decap_next_node == 0 { named as u32 } else { link.decap_next_node };
    Ok(if next == 0 { BRIDGE } else { next })
}

impl Gtpu {
    fn request(&self, is_add: bool, mcast_sw_if_index: u32) -> GtpuAddDelTunnel {
        GtpuAddDelTunnel {
            is_add,
            src_address: self.ends.src.into(),
            dst_address: self.ends.dst.into(),
            mcast_sw_if_index,
            encap_vrf_id: self.table,
            decap_next_index: self.next,
            teid: self.teid,
            tteid: self.remote_teid,
        }
    }
}

impl LinkType for Gtpu {
    const TYPE: Type = Type::GtpuTunnel;
    const PREFIX: &'static str = "gtpu_tunnel";
    const USES: &'static [&'static str] = &[GtpuAddDelTunnel::ID, GtpuTunnelDump::ID];
    const DEFAULT_MTU: u32 = 0;
    const MAC: Mac = Mac::None;
    const MADE_UP: bool = true;
    const REUSED: bool = true;
    type Told = HashMap<SwIfIndex, GtpuTunnelDetails>;

    fn of(i: &Interface) -> Result<Gtpu, Invalid> {
        let Some(Section::Gtpu(link)) = &i.link else { return Err(missing(i, "link.gtpu")) };
        let ends = Ends::of(("link.gtpu.src_addr", &link.src_addr), ("link.gtpu.dst_addr", &link.dst_addr))?;
        Ok(Gtpu {
            ends,
            table: link.encap_vrf_id,
            teid: link.teid,
            // VPP takes the same for both directions unless told.
            remote_teid: if link.remote_teid == 0 { link.teid } else { link.remote_teid },
            next: next(link)?,
            through: ends.through("link.gtpu.multicast", &link.multicast)?,
        })
    }
    fn over(&self) -> Option<&str> {
        self.through.as_deref()
    }
    fn tables(&self) -> Vec<(u32, bool)> {
        vec![(self.table, self.ends.ipv6())]
    }
    fn outer(&self) -> Option<bool> {
        Some(self.ends.ipv6())
    }
    /// Whatever the VRF and the source.
    fn place(&self) -> Option<String> {
        Some(format!("{} teid {}", self.ends.dst, self.teid))
    }
    async fn create(self, links: &Links, over: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let through = over.map_or(u32::MAX, |index| index.0);
        let made = async { Ok(links.vpp.call(self.request(true, through)).await?.sw_if_index) };
        links.gtpu.make(self.ends.dst, self.table, made).await
    }
    /// VPP goes by the addresses; of a group it wants an interface that is there, whichever.
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(self.request(false, index.0)).await?;
        links.gtpu.left(self.ends.dst, index);
        Ok(())
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        let begun = links.gtpu.begun();
        let told =
            links.dump(GtpuTunnelDump { sw_if_index: u32::MAX }, |details| details.sw_if_index).await?;
        let all = told.iter().flatten().map(|(&index, d)| (index, d.dst_address.ip(), d.encap_vrf_id));
        links.gtpu.told(begun, all);
        Ok(told)
    }
    /// The node is shown in the words of the configuration, if it is the one that is wanted.
    #[allow(deprecated)]
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.get(&sight.index())?;
        let wanted = match sight.section() {
            Some(Section::Gtpu(section)) => section.clone(),
            _ => GtpuLink::default(),
        };
        let as_wanted = next(&wanted) == Ok(details.decap_next_index);
        let same_teid = wanted.remote_teid == 0 && details.tteid == details.teid;
        Some(Some(Section::Gtpu(GtpuLink {
            src_addr: details.src_address.ip().to_string(),
            dst_addr: details.dst_address.ip().to_string(),
            multicast: sight.name_of(details.mcast_sw_if_index),
            teid: details.teid,
            remote_teid: if same_teid { 0 } else { details.tteid },
            encap_vrf_id: details.encap_vrf_id,
            decap_next: if as_wanted { wanted.decap_next } else { 0 },
            decap_next_node: if as_wanted { wanted.decap_next_node } else { details.decap_next_index },
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(deprecated)]
    fn the_next_node_by_number_by_name_or_by_vpps_choice() {
        let next = |name: i32, number: u32| {
            next(&GtpuLink { decap_next: name, decap_next_node: number, ..GtpuLink::default() }).ok()
        };
        assert_eq!(next(NextNode::Default.into(), 0), Some(BRIDGE));
        assert_eq!(next(NextNode::Ip6.into(), 0), Some(3));
        assert_eq!(next(NextNode::Ip6.into(), 2), Some(2));
        assert_eq!(next(9, 0), None);
    }
}
