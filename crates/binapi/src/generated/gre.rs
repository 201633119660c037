//! Messages of VPP's module `gre`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `gre_tunnel_add_del`, in 23.06-.
///
/// Answered by [`GreTunnelAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GreTunnelAddDel {
    pub is_add: bool,
    pub tunnel: types::GreTunnel,
}

impl Wire for GreTunnelAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::GreTunnel as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.tunnel.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "GreTunnelAddDel.is_add")?;
        let tunnel: types::GreTunnel = field(reader, "GreTunnelAddDel.tunnel")?;
        Ok(GreTunnelAddDel { is_add, tunnel })
    }
}

impl crate::codec::Message for GreTunnelAddDel {
    const ID: &'static str = "gre_tunnel_add_del_a27d7f17";
    const NAME: &'static str = "gre_tunnel_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for GreTunnelAddDel {
    type Reply = GreTunnelAddDelReply;
}

/// VPP's `gre_tunnel_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GreTunnelAddDelReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for GreTunnelAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "GreTunnelAddDelReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "GreTunnelAddDelReply.sw_if_index")?;
        Ok(GreTunnelAddDelReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for GreTunnelAddDelReply {
    const ID: &'static str = "gre_tunnel_add_del_reply_5383d31f";
    const NAME: &'static str = "gre_tunnel_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for GreTunnelAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `gre_tunnel_details`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GreTunnelDetails {
    pub tunnel: types::GreTunnel,
}

impl Wire for GreTunnelDetails {
    const MIN_SIZE: usize = <types::GreTunnel as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.tunnel.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tunnel: types::GreTunnel = field(reader, "GreTunnelDetails.tunnel")?;
        Ok(GreTunnelDetails { tunnel })
    }
}

impl crate::codec::Message for GreTunnelDetails {
    const ID: &'static str = "gre_tunnel_details_24435433";
    const NAME: &'static str = "gre_tunnel_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `gre_tunnel_dump`, in 23.06- (deprecated at the end).
///
/// Answered by any number of [`GreTunnelDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GreTunnelDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for GreTunnelDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "GreTunnelDump.sw_if_index")?;
        Ok(GreTunnelDump { sw_if_index })
    }
}

impl crate::codec::Message for GreTunnelDump {
    const ID: &'static str = "gre_tunnel_dump_f9e6675e";
    const NAME: &'static str = "gre_tunnel_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for GreTunnelDump {
    type Details = GreTunnelDetails;
}

/// VPP's `gre_tunnel_dump_reply`, in 25.10- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GreTunnelDumpReply {
    pub retval: i32,
}

impl Wire for GreTunnelDumpReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "GreTunnelDumpReply.retval")?;
        Ok(GreTunnelDumpReply { retval })
    }
}

impl crate::codec::Message for GreTunnelDumpReply {
    const ID: &'static str = "gre_tunnel_dump_reply_e8d4e804";
    const NAME: &'static str = "gre_tunnel_dump_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

