//! Messages of VPP's module `vxlan_gpe`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `vxlan_gpe_add_del_tunnel`, in 23.06-.
///
/// Answered by [`VxlanGpeAddDelTunnelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct VxlanGpeAddDelTunnel {
    pub local: types::Address,
    pub remote: types::Address,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_vrf_id: u32,
    pub protocol: types::IpProto,
    pub vni: u32,
    pub is_add: bool,
}

impl Default for VxlanGpeAddDelTunnel {
    fn default() -> Self {
        VxlanGpeAddDelTunnel {
            local: Default::default(),
            remote: Default::default(),
            mcast_sw_if_index: Default::default(),
            encap_vrf_id: Default::default(),
            decap_vrf_id: Default::default(),
            protocol: Default::default(),
            vni: Default::default(),
            is_add: true,
        }
    }
}

impl Wire for VxlanGpeAddDelTunnel {
    const MIN_SIZE: usize = <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::IpProto as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.local.put(out);
        self.remote.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_vrf_id.put(out);
        self.protocol.put(out);
        self.vni.put(out);
        self.is_add.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let local: types::Address = field(reader, "VxlanGpeAddDelTunnel.local")?;
        let remote: types::Address = field(reader, "VxlanGpeAddDelTunnel.remote")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeAddDelTunnel.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanGpeAddDelTunnel.encap_vrf_id")?;
        let decap_vrf_id: u32 = field(reader, "VxlanGpeAddDelTunnel.decap_vrf_id")?;
        let protocol: types::IpProto = field(reader, "VxlanGpeAddDelTunnel.protocol")?;
        let vni: u32 = field(reader, "VxlanGpeAddDelTunnel.vni")?;
        let is_add: bool = field(reader, "VxlanGpeAddDelTunnel.is_add")?;
        Ok(VxlanGpeAddDelTunnel { local, remote, mcast_sw_if_index, encap_vrf_id, decap_vrf_id, protocol, vni, is_add })
    }
}

impl crate::codec::Message for VxlanGpeAddDelTunnel {
    const ID: &'static str = "vxlan_gpe_add_del_tunnel_a645b2b0";
    const NAME: &'static str = "vxlan_gpe_add_del_tunnel";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for VxlanGpeAddDelTunnel {
    type Reply = VxlanGpeAddDelTunnelReply;
}

/// VPP's `vxlan_gpe_add_del_tunnel_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanGpeAddDelTunnelReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanGpeAddDelTunnelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "VxlanGpeAddDelTunnelReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeAddDelTunnelReply.sw_if_index")?;
        Ok(VxlanGpeAddDelTunnelReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for VxlanGpeAddDelTunnelReply {
    const ID: &'static str = "vxlan_gpe_add_del_tunnel_reply_5383d31f";
    const NAME: &'static str = "vxlan_gpe_add_del_tunnel_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for VxlanGpeAddDelTunnelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `vxlan_gpe_add_del_tunnel_v2`, in 23.06-.
///
/// Answered by [`VxlanGpeAddDelTunnelV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct VxlanGpeAddDelTunnelV2 {
    pub local: types::Address,
    pub remote: types::Address,
    pub local_port: u16,
    pub remote_port: u16,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_vrf_id: u32,
    pub protocol: types::IpProto,
    pub vni: u32,
    pub is_add: bool,
}

impl Default for VxlanGpeAddDelTunnelV2 {
    fn default() -> Self {
        VxlanGpeAddDelTunnelV2 {
            local: Default::default(),
            remote: Default::default(),
            local_port: Default::default(),
            remote_port: Default::default(),
            mcast_sw_if_index: Default::default(),
            encap_vrf_id: Default::default(),
            decap_vrf_id: Default::default(),
            protocol: Default::default(),
            vni: Default::default(),
            is_add: true,
        }
    }
}

impl Wire for VxlanGpeAddDelTunnelV2 {
    const MIN_SIZE: usize = <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::IpProto as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.local.put(out);
        self.remote.put(out);
        self.local_port.put(out);
        self.remote_port.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_vrf_id.put(out);
        self.protocol.put(out);
        self.vni.put(out);
        self.is_add.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let local: types::Address = field(reader, "VxlanGpeAddDelTunnelV2.local")?;
        let remote: types::Address = field(reader, "VxlanGpeAddDelTunnelV2.remote")?;
        let local_port: u16 = field(reader, "VxlanGpeAddDelTunnelV2.local_port")?;
        let remote_port: u16 = field(reader, "VxlanGpeAddDelTunnelV2.remote_port")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeAddDelTunnelV2.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanGpeAddDelTunnelV2.encap_vrf_id")?;
        let decap_vrf_id: u32 = field(reader, "VxlanGpeAddDelTunnelV2.decap_vrf_id")?;
        let protocol: types::IpProto = field(reader, "VxlanGpeAddDelTunnelV2.protocol")?;
        let vni: u32 = field(reader, "VxlanGpeAddDelTunnelV2.vni")?;
        let is_add: bool = field(reader, "VxlanGpeAddDelTunnelV2.is_add")?;
        Ok(VxlanGpeAddDelTunnelV2 { local, remote, local_port, remote_port, mcast_sw_if_index, encap_vrf_id, decap_vrf_id, protocol, vni, is_add })
    }
}

impl crate::codec::Message for VxlanGpeAddDelTunnelV2 {
    const ID: &'static str = "vxlan_gpe_add_del_tunnel_v2_d62fdb35";
    const NAME: &'static str = "vxlan_gpe_add_del_tunnel_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for VxlanGpeAddDelTunnelV2 {
    type Reply = VxlanGpeAddDelTunnelV2Reply;
}

/// VPP's `vxlan_gpe_add_del_tunnel_v2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanGpeAddDelTunnelV2Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanGpeAddDelTunnelV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "VxlanGpeAddDelTunnelV2Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeAddDelTunnelV2Reply.sw_if_index")?;
        Ok(VxlanGpeAddDelTunnelV2Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for VxlanGpeAddDelTunnelV2Reply {
    const ID: &'static str = "vxlan_gpe_add_del_tunnel_v2_reply_5383d31f";
    const NAME: &'static str = "vxlan_gpe_add_del_tunnel_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for VxlanGpeAddDelTunnelV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `vxlan_gpe_tunnel_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanGpeTunnelDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub local: types::Address,
    pub remote: types::Address,
    pub vni: u32,
    pub protocol: types::IpProto,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_vrf_id: u32,
    pub is_ipv6: bool,
}

impl Wire for VxlanGpeTunnelDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::IpProto as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.local.put(out);
        self.remote.put(out);
        self.vni.put(out);
        self.protocol.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_vrf_id.put(out);
        self.is_ipv6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeTunnelDetails.sw_if_index")?;
        let local: types::Address = field(reader, "VxlanGpeTunnelDetails.local")?;
        let remote: types::Address = field(reader, "VxlanGpeTunnelDetails.remote")?;
        let vni: u32 = field(reader, "VxlanGpeTunnelDetails.vni")?;
        let protocol: types::IpProto = field(reader, "VxlanGpeTunnelDetails.protocol")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeTunnelDetails.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanGpeTunnelDetails.encap_vrf_id")?;
        let decap_vrf_id: u32 = field(reader, "VxlanGpeTunnelDetails.decap_vrf_id")?;
        let is_ipv6: bool = field(reader, "VxlanGpeTunnelDetails.is_ipv6")?;
        Ok(VxlanGpeTunnelDetails { sw_if_index, local, remote, vni, protocol, mcast_sw_if_index, encap_vrf_id, decap_vrf_id, is_ipv6 })
    }
}

impl crate::codec::Message for VxlanGpeTunnelDetails {
    const ID: &'static str = "vxlan_gpe_tunnel_details_0968fc8b";
    const NAME: &'static str = "vxlan_gpe_tunnel_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `vxlan_gpe_tunnel_dump`, in 23.06-.
///
/// Answered by any number of [`VxlanGpeTunnelDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanGpeTunnelDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanGpeTunnelDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeTunnelDump.sw_if_index")?;
        Ok(VxlanGpeTunnelDump { sw_if_index })
    }
}

impl crate::codec::Message for VxlanGpeTunnelDump {
    const ID: &'static str = "vxlan_gpe_tunnel_dump_f9e6675e";
    const NAME: &'static str = "vxlan_gpe_tunnel_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for VxlanGpeTunnelDump {
    type Details = VxlanGpeTunnelDetails;
}

/// VPP's `vxlan_gpe_tunnel_v2_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanGpeTunnelV2Details {
    pub sw_if_index: types::InterfaceIndex,
    pub local: types::Address,
    pub remote: types::Address,
    pub local_port: u16,
    pub remote_port: u16,
    pub vni: u32,
    pub protocol: types::IpProto,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_vrf_id: u32,
    pub is_ipv6: bool,
}

impl Wire for VxlanGpeTunnelV2Details {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::IpProto as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.local.put(out);
        self.remote.put(out);
        self.local_port.put(out);
        self.remote_port.put(out);
        self.vni.put(out);
        self.protocol.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_vrf_id.put(out);
        self.is_ipv6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeTunnelV2Details.sw_if_index")?;
        let local: types::Address = field(reader, "VxlanGpeTunnelV2Details.local")?;
        let remote: types::Address = field(reader, "VxlanGpeTunnelV2Details.remote")?;
        let local_port: u16 = field(reader, "VxlanGpeTunnelV2Details.local_port")?;
        let remote_port: u16 = field(reader, "VxlanGpeTunnelV2Details.remote_port")?;
        let vni: u32 = field(reader, "VxlanGpeTunnelV2Details.vni")?;
        let protocol: types::IpProto = field(reader, "VxlanGpeTunnelV2Details.protocol")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeTunnelV2Details.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanGpeTunnelV2Details.encap_vrf_id")?;
        let decap_vrf_id: u32 = field(reader, "VxlanGpeTunnelV2Details.decap_vrf_id")?;
        let is_ipv6: bool = field(reader, "VxlanGpeTunnelV2Details.is_ipv6")?;
        Ok(VxlanGpeTunnelV2Details { sw_if_index, local, remote, local_port, remote_port, vni, protocol, mcast_sw_if_index, encap_vrf_id, decap_vrf_id, is_ipv6 })
    }
}

impl crate::codec::Message for VxlanGpeTunnelV2Details {
    const ID: &'static str = "vxlan_gpe_tunnel_v2_details_06be4870";
    const NAME: &'static str = "vxlan_gpe_tunnel_v2_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `vxlan_gpe_tunnel_v2_dump`, in 23.06-.
///
/// Answered by any number of [`VxlanGpeTunnelV2Details`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanGpeTunnelV2Dump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanGpeTunnelV2Dump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanGpeTunnelV2Dump.sw_if_index")?;
        Ok(VxlanGpeTunnelV2Dump { sw_if_index })
    }
}

impl crate::codec::Message for VxlanGpeTunnelV2Dump {
    const ID: &'static str = "vxlan_gpe_tunnel_v2_dump_f9e6675e";
    const NAME: &'static str = "vxlan_gpe_tunnel_v2_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for VxlanGpeTunnelV2Dump {
    type Details = VxlanGpeTunnelV2Details;
}

