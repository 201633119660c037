//! VXLAN: Ethernet frames in UDP packets, to another end or to a multicast group that several ends listen to.
//! Type `VXLAN_TUNNEL`, section `link.vxlan` without `gpe` · VPP `vxlan.api`
//!
//! The VRF of the interface is that of the outer packets, too. VPP tells IPv6 tunnels and groups apart by destination, VNI
//! and VRF only.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight, missing};
use super::tunnel::Ends;
use crate::prelude::*;
use binapi::vxlan::{VxlanAddDelTunnelV3, VxlanTunnelV2Details, VxlanTunnelV2Dump};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{Interface, VxlanLink};
use std::collections::HashMap;

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vxlan {
    ends: Ends,
    vni: u32,
    vrf: u32,
    /// The interface to the multicast group.
    through: Option<String>,
}

/// A network identifier, of VXLAN and VXLAN-GPE.
pub(super) fn vni(vni: u32) -> Result<u32, Invalid> {
    ensure(vni < 1 << 24, "link.vxlan.vni", "is more than 16777215, what 24 bits can hold")?;
    Ok(vni)
}

/// The ends of a VXLAN or VXLAN-GPE tunnel.
pub(super) fn ends(link: &VxlanLink) -> Result<Ends, Invalid> {
    Ends::of(("link.vxlan.src_address", &link.src_address), ("link.vxlan.dst_address", &link.dst_address))
}

impl Vxlan {
    fn request(&self, is_add: bool, mcast_sw_if_index: u32) -> VxlanAddDelTunnelV3 {
        VxlanAddDelTunnelV3 {
            is_add,
            src_address: self.ends.src.into(),
            dst_address: self.ends.dst.into(),
            mcast_sw_if_index,
            encap_vrf_id: self.vrf,
            decap_next_index: u32::MAX, // to the bridge
            vni: self.vni,
            ..VxlanAddDelTunnelV3::default()
        }
    }
}

impl LinkType for Vxlan {
    const TYPE: Type = Type::VxlanTunnel;
    const PREFIX: &'static str = "vxlan_tunnel";
    const USES: &'static [&'static str] = &[VxlanAddDelTunnelV3::ID, VxlanTunnelV2Dump::ID];
    const TAKES_DEFAULT_MTU: bool = false;
    const MADE_UP: bool = true;
    type Told = HashMap<SwIfIndex, VxlanTunnelV2Details>;

    fn is(i: &Interface) -> bool {
        i.r#type() == Self::TYPE && !matches!(&i.link, Some(Section::Vxlan(link)) if link.gpe.is_some())
    }
    fn of(i: &Interface) -> Result<Vxlan, Invalid> {
        let Some(Section::Vxlan(link)) = &i.link else { return Err(missing(i, "link.vxlan")) };
        let ends = ends(link)?;
        let through = ends.through("link.vxlan.multicast", &link.multicast)?;
        Ok(Vxlan { ends, vni: vni(link.vni)?, vrf: i.vrf, through })
    }
    fn over(&self) -> Option<&str> {
        self.through.as_deref()
    }
    fn tables(&self) -> Vec<(u32, bool)> {
        vec![(self.vrf, self.ends.ipv6())]
    }
    fn outer(&self) -> Option<bool> {
        Some(self.ends.ipv6())
    }
    fn place(&self) -> Option<String> {
        let Ends { src, dst } = self.ends;
        let any_source = dst.is_ipv6() || dst.is_multicast();
        let src = if any_source { String::new() } else { format!("{src} ") };
        Some(format!("{src}to {dst} vni {} vrf {}", self.vni, self.vrf))
    }
    async fn create(self, links: &Links, over: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let through = over.map_or(u32::MAX, |index| index.0);
        let made = async { Ok(links.vpp.call(self.request(true, through)).await?.sw_if_index) };
        links.vxlan.make(self.ends.dst, self.vrf, made).await
    }
    /// VPP goes by the addresses; of a group it wants an interface that is there, whichever.
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(self.request(false, index.0)).await?;
        links.vxlan.left(self.ends.dst, index);
        Ok(())
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        let begun = links.vxlan.begun();
        let told =
            links.dump(VxlanTunnelV2Dump { sw_if_index: u32::MAX }, |details| details.sw_if_index).await?;
        let all = told.iter().flatten().map(|(&index, d)| (index, d.dst_address.ip(), d.encap_vrf_id));
        links.vxlan.told(begun, all);
        Ok(told)
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.get(&sight.index())?;
        Some(Some(Section::Vxlan(VxlanLink {
            src_address: details.src_address.ip().to_string(),
            dst_address: details.dst_address.ip().to_string(),
            vni: details.vni,
            multicast: sight.name_of(details.mcast_sw_if_index),
            gpe: None,
        })))
    }
    fn vrf(told: &Self::Told, index: SwIfIndex) -> u32 {
        told.get(&index).map_or(0, |details| details.encap_vrf_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(src: &str, dst: &str) -> String {
        let ends = Ends { src: src.parse().unwrap(), dst: dst.parse().unwrap() };
        Vxlan { ends, vni: 5, vrf: 1, through: None }.place().unwrap()
    }

    #[test]
    fn a_source_tells_only_unicast_ipv4_tunnels_apart() {
        assert_ne!(place("10.0.0.1", "10.0.0.3"), place("10.0.0.2", "10.0.0.3"));
        assert_eq!(place("10.0.0.1", "239.1.1.1"), place("10.0.0.2", "239.1.1.1"));
        assert_eq!(place("fd00::1", "fd00::3"), place("fd00::2", "fd00::3"));
    }

    #[test]
    fn a_network_identifier_has_24_bits() {
        assert_eq!(vni(0xff_ffff), Ok(0xff_ffff));
        assert_eq!(vni(1 << 24).unwrap_err().field, "link.vxlan.vni");
    }
}
