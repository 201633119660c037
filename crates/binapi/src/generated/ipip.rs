//! Messages of VPP's module `ipip`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `ipip_add_tunnel`, in 23.06-.
///
/// Answered by [`IpipAddTunnelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpipAddTunnel {
    pub tunnel: types::IpipTunnel,
}

impl Wire for IpipAddTunnel {
    const MIN_SIZE: usize = <types::IpipTunnel as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.tunnel.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tunnel: types::IpipTunnel = field(reader, "IpipAddTunnel.tunnel")?;
        Ok(IpipAddTunnel { tunnel })
    }
}

impl crate::codec::Message for IpipAddTunnel {
    const ID: &'static str = "ipip_add_tunnel_2ac399f5";
    const NAME: &'static str = "ipip_add_tunnel";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpipAddTunnel {
    type Reply = IpipAddTunnelReply;
}

/// VPP's `ipip_add_tunnel_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpipAddTunnelReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for IpipAddTunnelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpipAddTunnelReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "IpipAddTunnelReply.sw_if_index")?;
        Ok(IpipAddTunnelReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for IpipAddTunnelReply {
    const ID: &'static str = "ipip_add_tunnel_reply_5383d31f";
    const NAME: &'static str = "ipip_add_tunnel_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpipAddTunnelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ipip_del_tunnel`, in 23.06-.
///
/// Answered by [`IpipDelTunnelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpipDelTunnel {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for IpipDelTunnel {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpipDelTunnel.sw_if_index")?;
        Ok(IpipDelTunnel { sw_if_index })
    }
}

impl crate::codec::Message for IpipDelTunnel {
    const ID: &'static str = "ipip_del_tunnel_f9e6675e";
    const NAME: &'static str = "ipip_del_tunnel";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpipDelTunnel {
    type Reply = IpipDelTunnelReply;
}

/// VPP's `ipip_del_tunnel_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpipDelTunnelReply {
    pub retval: i32,
}

impl Wire for IpipDelTunnelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpipDelTunnelReply.retval")?;
        Ok(IpipDelTunnelReply { retval })
    }
}

impl crate::codec::Message for IpipDelTunnelReply {
    const ID: &'static str = "ipip_del_tunnel_reply_e8d4e804";
    const NAME: &'static str = "ipip_del_tunnel_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpipDelTunnelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ipip_tunnel_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpipTunnelDetails {
    pub tunnel: types::IpipTunnel,
}

impl Wire for IpipTunnelDetails {
    const MIN_SIZE: usize = <types::IpipTunnel as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.tunnel.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tunnel: types::IpipTunnel = field(reader, "IpipTunnelDetails.tunnel")?;
        Ok(IpipTunnelDetails { tunnel })
    }
}

impl crate::codec::Message for IpipTunnelDetails {
    const ID: &'static str = "ipip_tunnel_details_d31cb34e";
    const NAME: &'static str = "ipip_tunnel_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ipip_tunnel_dump`, in 23.06-.
///
/// Answered by any number of [`IpipTunnelDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpipTunnelDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for IpipTunnelDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpipTunnelDump.sw_if_index")?;
        Ok(IpipTunnelDump { sw_if_index })
    }
}

impl crate::codec::Message for IpipTunnelDump {
    const ID: &'static str = "ipip_tunnel_dump_f9e6675e";
    const NAME: &'static str = "ipip_tunnel_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpipTunnelDump {
    type Details = IpipTunnelDetails;
}

