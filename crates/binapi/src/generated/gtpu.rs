//! Messages of VPP's module `gtpu`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `gtpu_add_del_tunnel`, in 23.06-.
///
/// Answered by [`GtpuAddDelTunnelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GtpuAddDelTunnel {
    pub is_add: bool,
    pub src_address: types::Address,
    pub dst_address: types::Address,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_next_index: u32,
    pub teid: u32,
    pub tteid: u32,
}

impl Wire for GtpuAddDelTunnel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.src_address.put(out);
        self.dst_address.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_next_index.put(out);
        self.teid.put(out);
        self.tteid.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "GtpuAddDelTunnel.is_add")?;
        let src_address: types::Address = field(reader, "GtpuAddDelTunnel.src_address")?;
        let dst_address: types::Address = field(reader, "GtpuAddDelTunnel.dst_address")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "GtpuAddDelTunnel.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "GtpuAddDelTunnel.encap_vrf_id")?;
        let decap_next_index: u32 = field(reader, "GtpuAddDelTunnel.decap_next_index")?;
        let teid: u32 = field(reader, "GtpuAddDelTunnel.teid")?;
        let tteid: u32 = field(reader, "GtpuAddDelTunnel.tteid")?;
        Ok(GtpuAddDelTunnel { is_add, src_address, dst_address, mcast_sw_if_index, encap_vrf_id, decap_next_index, teid, tteid })
    }
}

impl crate::codec::Message for GtpuAddDelTunnel {
    const ID: &'static str = "gtpu_add_del_tunnel_ca983a2b";
    const NAME: &'static str = "gtpu_add_del_tunnel";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for GtpuAddDelTunnel {
    type Reply = GtpuAddDelTunnelReply;
}

/// VPP's `gtpu_add_del_tunnel_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GtpuAddDelTunnelReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for GtpuAddDelTunnelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "GtpuAddDelTunnelReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "GtpuAddDelTunnelReply.sw_if_index")?;
        Ok(GtpuAddDelTunnelReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for GtpuAddDelTunnelReply {
    const ID: &'static str = "gtpu_add_del_tunnel_reply_5383d31f";
    const NAME: &'static str = "gtpu_add_del_tunnel_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for GtpuAddDelTunnelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `gtpu_tunnel_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GtpuTunnelDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub src_address: types::Address,
    pub dst_address: types::Address,
    pub mcast_sw_if_index: types::InterfaceIndex,
    pub encap_vrf_id: u32,
    pub decap_next_index: u32,
    pub teid: u32,
    pub tteid: u32,
}

impl Wire for GtpuTunnelDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.src_address.put(out);
        self.dst_address.put(out);
        self.mcast_sw_if_index.put(out);
        self.encap_vrf_id.put(out);
        self.decap_next_index.put(out);
        self.teid.put(out);
        self.tteid.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "GtpuTunnelDetails.sw_if_index")?;
        let src_address: types::Address = field(reader, "GtpuTunnelDetails.src_address")?;
        let dst_address: types::Address = field(reader, "GtpuTunnelDetails.dst_address")?;
        let mcast_sw_if_index: types::InterfaceIndex = field(reader, "GtpuTunnelDetails.mcast_sw_if_index")?;
        let encap_vrf_id: u32 = field(reader, "GtpuTunnelDetails.encap_vrf_id")?;
        let decap_next_index: u32 = field(reader, "GtpuTunnelDetails.decap_next_index")?;
        let teid: u32 = field(reader, "GtpuTunnelDetails.teid")?;
        let tteid: u32 = field(reader, "GtpuTunnelDetails.tteid")?;
        Ok(GtpuTunnelDetails { sw_if_index, src_address, dst_address, mcast_sw_if_index, encap_vrf_id, decap_next_index, teid, tteid })
    }
}

impl crate::codec::Message for GtpuTunnelDetails {
    const ID: &'static str = "gtpu_tunnel_details_27f434ae";
    const NAME: &'static str = "gtpu_tunnel_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `gtpu_tunnel_dump`, in 23.06-.
///
/// Answered by any number of [`GtpuTunnelDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GtpuTunnelDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for GtpuTunnelDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "GtpuTunnelDump.sw_if_index")?;
        Ok(GtpuTunnelDump { sw_if_index })
    }
}

impl crate::codec::Message for GtpuTunnelDump {
    const ID: &'static str = "gtpu_tunnel_dump_f9e6675e";
    const NAME: &'static str = "gtpu_tunnel_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for GtpuTunnelDump {
    type Details = GtpuTunnelDetails;
}

