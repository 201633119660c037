//! Messages of VPP's module `vxlan`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `vxlan_add_del_tunnel`, in 23.06- (deprecated at the end).
///
/// Answered by [`VxlanAddDelTunnelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct VxlanAddDelTunnel {
    pub is_add: bool,
    pub instance: u32,
    pub src_address: types::Address,
    pub dst_address: types::Address,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_next_index: u32,
    pub vni: u32,
}

impl Default for VxlanAddDelTunnel {
    fn default() -> Self {
        VxlanAddDelTunnel {
            is_add: true,
            instance: Default::default(),
            src_address: Default::default(),
            dst_address: Default::default(),
            mcast_sw_if_index: Default::default(),
            encap_vrf_id: Default::default(),
            decap_next_index: Default::default(),
            vni: Default::default(),
        }
    }
}

impl Wire for VxlanAddDelTunnel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.instance.put(out);
        self.src_address.put(out);
        self.dst_address.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_next_index.put(out);
        self.vni.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "VxlanAddDelTunnel.is_add")?;
        let instance: u32 = field(reader, "VxlanAddDelTunnel.instance")?;
        let src_address: types::Address = field(reader, "VxlanAddDelTunnel.src_address")?;
        let dst_address: types::Address = field(reader, "VxlanAddDelTunnel.dst_address")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanAddDelTunnel.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanAddDelTunnel.encap_vrf_id")?;
        let decap_next_index: u32 = field(reader, "VxlanAddDelTunnel.decap_next_index")?;
        let vni: u32 = field(reader, "VxlanAddDelTunnel.vni")?;
        Ok(VxlanAddDelTunnel { is_add, instance, src_address, dst_address, mcast_sw_if_index, encap_vrf_id, decap_next_index, vni })
    }
}

impl crate::codec::Message for VxlanAddDelTunnel {
    const ID: &'static str = "vxlan_add_del_tunnel_0c09dc80";
    const NAME: &'static str = "vxlan_add_del_tunnel";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for VxlanAddDelTunnel {
    type Reply = VxlanAddDelTunnelReply;
}

/// VPP's `vxlan_add_del_tunnel_reply`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanAddDelTunnelReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanAddDelTunnelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "VxlanAddDelTunnelReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanAddDelTunnelReply.sw_if_index")?;
        Ok(VxlanAddDelTunnelReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for VxlanAddDelTunnelReply {
    const ID: &'static str = "vxlan_add_del_tunnel_reply_5383d31f";
    const NAME: &'static str = "vxlan_add_del_tunnel_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for VxlanAddDelTunnelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `vxlan_add_del_tunnel_v3`, in 23.06-.
///
/// Answered by [`VxlanAddDelTunnelV3Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct VxlanAddDelTunnelV3 {
    pub is_add: bool,
    pub instance: u32,
    pub src_address: types::Address,
    pub dst_address: types::Address,
    pub src_port: u16,
    pub dst_port: u16,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_next_index: u32,
    pub vni: u32,
    pub is_l3: bool,
}

impl Default for VxlanAddDelTunnelV3 {
    fn default() -> Self {
        VxlanAddDelTunnelV3 {
            is_add: true,
            instance: 4294967295,
            src_address: Default::default(),
            dst_address: Default::default(),
            src_port: Default::default(),
            dst_port: Default::default(),
            mcast_sw_if_index: Default::default(),
            encap_vrf_id: Default::default(),
            decap_next_index: Default::default(),
            vni: Default::default(),
            is_l3: false,
        }
    }
}

impl Wire for VxlanAddDelTunnelV3 {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.instance.put(out);
        self.src_address.put(out);
        self.dst_address.put(out);
        self.src_port.put(out);
        self.dst_port.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_next_index.put(out);
        self.vni.put(out);
        self.is_l3.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "VxlanAddDelTunnelV3.is_add")?;
        let instance: u32 = field(reader, "VxlanAddDelTunnelV3.instance")?;
        let src_address: types::Address = field(reader, "VxlanAddDelTunnelV3.src_address")?;
        let dst_address: types::Address = field(reader, "VxlanAddDelTunnelV3.dst_address")?;
        let src_port: u16 = field(reader, "VxlanAddDelTunnelV3.src_port")?;
        let dst_port: u16 = field(reader, "VxlanAddDelTunnelV3.dst_port")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanAddDelTunnelV3.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanAddDelTunnelV3.encap_vrf_id")?;
        let decap_next_index: u32 = field(reader, "VxlanAddDelTunnelV3.decap_next_index")?;
        let vni: u32 = field(reader, "VxlanAddDelTunnelV3.vni")?;
        let is_l3: bool = field(reader, "VxlanAddDelTunnelV3.is_l3")?;
        Ok(VxlanAddDelTunnelV3 { is_add, instance, src_address, dst_address, src_port, dst_port, mcast_sw_if_index, encap_vrf_id, decap_next_index, vni, is_l3 })
    }
}

impl crate::codec::Message for VxlanAddDelTunnelV3 {
    const ID: &'static str = "vxlan_add_del_tunnel_v3_0072b037";
    const NAME: &'static str = "vxlan_add_del_tunnel_v3";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for VxlanAddDelTunnelV3 {
    type Reply = VxlanAddDelTunnelV3Reply;
}

/// VPP's `vxlan_add_del_tunnel_v3_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanAddDelTunnelV3Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanAddDelTunnelV3Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "VxlanAddDelTunnelV3Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanAddDelTunnelV3Reply.sw_if_index")?;
        Ok(VxlanAddDelTunnelV3Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for VxlanAddDelTunnelV3Reply {
    const ID: &'static str = "vxlan_add_del_tunnel_v3_reply_5383d31f";
    const NAME: &'static str = "vxlan_add_del_tunnel_v3_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for VxlanAddDelTunnelV3Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `vxlan_tunnel_details`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanTunnelDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub instance: u32,
    pub src_address: types::Address,
    pub dst_address: types::Address,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_next_index: u32,
    pub vni: u32,
}

impl Wire for VxlanTunnelDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.instance.put(out);
        self.src_address.put(out);
        self.dst_address.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_next_index.put(out);
        self.vni.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanTunnelDetails.sw_if_index")?;
        let instance: u32 = field(reader, "VxlanTunnelDetails.instance")?;
        let src_address: types::Address = field(reader, "VxlanTunnelDetails.src_address")?;
        let dst_address: types::Address = field(reader, "VxlanTunnelDetails.dst_address")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanTunnelDetails.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanTunnelDetails.encap_vrf_id")?;
        let decap_next_index: u32 = field(reader, "VxlanTunnelDetails.decap_next_index")?;
        let vni: u32 = field(reader, "VxlanTunnelDetails.vni")?;
        Ok(VxlanTunnelDetails { sw_if_index, instance, src_address, dst_address, mcast_sw_if_index, encap_vrf_id, decap_next_index, vni })
    }
}

impl crate::codec::Message for VxlanTunnelDetails {
    const ID: &'static str = "vxlan_tunnel_details_c3916cb1";
    const NAME: &'static str = "vxlan_tunnel_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `vxlan_tunnel_dump`, in 23.06- (deprecated at the end).
///
/// Answered by any number of [`VxlanTunnelDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanTunnelDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanTunnelDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanTunnelDump.sw_if_index")?;
        Ok(VxlanTunnelDump { sw_if_index })
    }
}

impl crate::codec::Message for VxlanTunnelDump {
    const ID: &'static str = "vxlan_tunnel_dump_f9e6675e";
    const NAME: &'static str = "vxlan_tunnel_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for VxlanTunnelDump {
    type Details = VxlanTunnelDetails;
}

/// VPP's `vxlan_tunnel_v2_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanTunnelV2Details {
    pub sw_if_index: types::InterfaceIndex,
    pub instance: u32,
    pub src_address: types::Address,
    pub dst_address: types::Address,
    pub src_port: u16,
    pub dst_port: u16,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_next_index: u32,
    pub vni: u32,
}

impl Wire for VxlanTunnelV2Details {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.instance.put(out);
        self.src_address.put(out);
        self.dst_address.put(out);
        self.src_port.put(out);
        self.dst_port.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_next_index.put(out);
        self.vni.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanTunnelV2Details.sw_if_index")?;
        let instance: u32 = field(reader, "VxlanTunnelV2Details.instance")?;
        let src_address: types::Address = field(reader, "VxlanTunnelV2Details.src_address")?;
        let dst_address: types::Address = field(reader, "VxlanTunnelV2Details.dst_address")?;
        let src_port: u16 = field(reader, "VxlanTunnelV2Details.src_port")?;
        let dst_port: u16 = field(reader, "VxlanTunnelV2Details.dst_port")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "VxlanTunnelV2Details.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "VxlanTunnelV2Details.encap_vrf_id")?;
        let decap_next_index: u32 = field(reader, "VxlanTunnelV2Details.decap_next_index")?;
        let vni: u32 = field(reader, "VxlanTunnelV2Details.vni")?;
        Ok(VxlanTunnelV2Details { sw_if_index, instance, src_address, dst_address, src_port, dst_port, mcast_sw_if_index, encap_vrf_id, decap_next_index, vni })
    }
}

impl crate::codec::Message for VxlanTunnelV2Details {
    const ID: &'static str = "vxlan_tunnel_v2_details_d3bdd4d9";
    const NAME: &'static str = "vxlan_tunnel_v2_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `vxlan_tunnel_v2_dump`, in 23.06-.
///
/// Answered by any number of [`VxlanTunnelV2Details`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VxlanTunnelV2Dump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VxlanTunnelV2Dump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VxlanTunnelV2Dump.sw_if_index")?;
        Ok(VxlanTunnelV2Dump { sw_if_index })
    }
}

impl crate::codec::Message for VxlanTunnelV2Dump {
    const ID: &'static str = "vxlan_tunnel_v2_dump_f9e6675e";
    const NAME: &'static str = "vxlan_tunnel_v2_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for VxlanTunnelV2Dump {
    type Details = VxlanTunnelV2Details;
}

