//! VXLAN-GPE: packets of one protocol in UDP packets, to another end or to a multicast group.
//! Type `VXLAN_TUNNEL`, section `link.vxlan` with `gpe` · VPP `vxlan_gpe.api`
//!
//! The VRF of the interface is that of the outer packets, too. VPP looks up the outer table among the IPv4 ones and the inner
//! one only for IPv4 in IPv4, and else takes numbers for its own indices; what cannot come out right is refused here.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, missing};
use super::tunnel::Ends;
use super::vxlan::{ends, vni};
use crate::prelude::*;
use binapi::vxlan_gpe::{VxlanGpeAddDelTunnel, VxlanGpeTunnelDetails, VxlanGpeTunnelDump};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::vxlan_link::Gpe;
use model::proto::ligato::vpp::interfaces::vxlan_link::gpe::Protocol;
use model::proto::ligato::vpp::interfaces::{Interface, VxlanLink};
use std::collections::HashMap;
use types::IpProto;

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct VxlanGpe {
    ends: Ends,
    vni: u32,
    vrf: u32,
    /// VRF of the packets inside.
    inner_vrf: u32,
    protocol: Protocol,
    /// The interface to the multicast group.
    through: Option<String>,
}

impl VxlanGpe {
    fn request(&self, is_add: bool, mcast_sw_if_index: u32) -> VxlanGpeAddDelTunnel {
        VxlanGpeAddDelTunnel {
            local: self.ends.src.into(),
            remote: self.ends.dst.into(),
            mcast_sw_if_index,
            encap_vrf_id: self.vrf,
            decap_vrf_id: self.inner_vrf,
            // VPP has numbers of its own in this field, the same as the configuration.
            protocol: IpProto(self.protocol as u8),
            vni: self.vni,
            is_add,
        }
    }
}

fn protocol(number: i32) -> Result<Protocol, Invalid> {
    const FIELD: &str = "link.vxlan.gpe.protocol";
    match Protocol::try_from(number) {
        Ok(Protocol::Unknown) => Err(Invalid::new(FIELD, "must be given: IP4, IP6, ETHERNET or NSH")),
        Ok(protocol) => Ok(protocol),
        Err(_) => Err(Invalid::new(FIELD, "is not a known protocol")),
    }
}

impl LinkType for VxlanGpe {
    const TYPE: Type = Type::VxlanTunnel;
    const NAME: &str = "VXLAN_TUNNEL with gpe";
    const PREFIX: &'static str = "vxlan_gpe_tunnel";
    const USES: &'static [&'static str] = &[VxlanGpeAddDelTunnel::ID, VxlanGpeTunnelDump::ID];
    const TAKES_DEFAULT_MTU: bool = false;
    const DEFAULT_MTU: u32 = 0;
    const MAC: Mac = Mac::None;
    const MADE_UP: bool = true;
    const REUSED: bool = true;
    type Told = HashMap<SwIfIndex, VxlanGpeTunnelDetails>;

    fn is(i: &Interface) -> bool {
        i.r#type() == Self::TYPE && matches!(&i.link, Some(Section::Vxlan(link)) if link.gpe.is_some())
    }
    fn of(i: &Interface) -> Result<VxlanGpe, Invalid> {
        let Some(Section::Vxlan(link)) = &i.link else { return Err(missing(i, "link.vxlan")) };
        let Some(gpe) = &link.gpe else { return Err(Invalid::new("link.vxlan.gpe", "must be given")) };
        let ends = ends(link)?;
        let through = ends.through("link.vxlan.multicast", &link.multicast)?;
        let protocol = protocol(gpe.protocol)?;
        let four = protocol == Protocol::Ip4 && !ends.ipv6();
        ensure(
            gpe.decap_vrf_id == 0 || four,
            "link.vxlan.gpe.decap_vrf_id",
            "works for IPv4 in IPv4 only: VPP takes it for another table otherwise",
        )?;
        ensure(
            i.vrf == 0 || !ends.ipv6(),
            "vrf",
            "must be 0 for VXLAN-GPE over IPv6: VPP would take another table",
        )?;
        Ok(VxlanGpe { ends, vni: vni(link.vni)?, vrf: i.vrf, inner_vrf: gpe.decap_vrf_id, protocol, through })
    }
    fn over(&self) -> Option<&str> {
        self.through.as_deref()
    }
    fn tables(&self) -> Vec<(u32, bool)> {
        vec![(self.vrf, self.ends.ipv6()), (self.inner_vrf, false)]
    }
    fn outer(&self) -> Option<bool> {
        Some(self.ends.ipv6())
    }
    /// Whatever the VRF.
    fn place(&self) -> Option<String> {
        Some(format!("{} to {} vni {}", self.ends.src, self.ends.dst, self.vni))
    }
    async fn create(self, links: &Links, over: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let through = over.map_or(u32::MAX, |index| index.0);
        let made = async { Ok(links.vpp.call(self.request(true, through)).await?.sw_if_index) };
        links.gpe.make(self.ends.dst, self.vrf, made).await
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(self.request(false, u32::MAX)).await?;
        links.gpe.left(self.ends.dst, index);
        Ok(())
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        let begun = links.gpe.begun();
        let told =
            links.dump(VxlanGpeTunnelDump { sw_if_index: u32::MAX }, |details| details.sw_if_index).await?;
        let all = told.iter().flatten().map(|(&index, d)| (index, d.remote.ip(), d.encap_vrf_id));
        links.gpe.told(begun, all);
        Ok(told)
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.get(&sight.index())?;
        Some(Some(Section::Vxlan(VxlanLink {
            src_address: details.local.ip().to_string(),
            dst_address: details.remote.ip().to_string(),
            vni: details.vni,
            multicast: sight.name_of(details.mcast_sw_if_index),
            gpe: Some(Gpe { decap_vrf_id: details.decap_vrf_id, protocol: details.protocol.0.into() }),
        })))
    }
    fn vrf(told: &Self::Told, index: SwIfIndex) -> u32 {
        told.get(&index).map_or(0, |details| details.encap_vrf_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_vpp_would_get_wrong_is_refused() {
        let field = |dst: &str, protocol: Protocol, decap_vrf_id, vrf| {
            let src_address = if dst.contains(':') { "fd00::1" } else { "10.0.0.1" }.to_owned();
            let gpe = Some(Gpe { decap_vrf_id, protocol: protocol.into() });
            let link = VxlanLink { src_address, dst_address: dst.to_owned(), gpe, ..VxlanLink::default() };
            let i = Interface { vrf, link: Some(Section::Vxlan(link)), ..Interface::default() };
            VxlanGpe::of(&i).err().map(|invalid| invalid.field)
        };
        assert_eq!(field("10.0.0.2", Protocol::Ip4, 1, 2), None);
        assert_eq!(field("10.0.0.2", Protocol::Nsh, 0, 2), None);
        assert_eq!(field("fd00::2", Protocol::Ip6, 0, 0), None);
        assert_eq!(field("10.0.0.2", Protocol::Unknown, 0, 0), Some("link.vxlan.gpe.protocol"));
        for protocol in [Protocol::Ip6, Protocol::Ethernet, Protocol::Nsh] {
            assert_eq!(field("10.0.0.2", protocol, 1, 0), Some("link.vxlan.gpe.decap_vrf_id"));
        }
        assert_eq!(field("fd00::2", Protocol::Ip4, 1, 0), Some("link.vxlan.gpe.decap_vrf_id"));
        assert_eq!(field("fd00::2", Protocol::Ip4, 0, 1), Some("vrf"));
    }
}
