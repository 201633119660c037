//! Messages of VPP's module `arp`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `proxy_arp_add_del`, in 23.06-.
///
/// Answered by [`ProxyArpAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpAddDel {
    pub is_add: bool,
    pub proxy: types::ProxyArp,
}

impl Wire for ProxyArpAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::ProxyArp as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.proxy.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "ProxyArpAddDel.is_add")?;
        let proxy: types::ProxyArp = field(reader, "ProxyArpAddDel.proxy")?;
        Ok(ProxyArpAddDel { is_add, proxy })
    }
}

impl crate::codec::Message for ProxyArpAddDel {
    const ID: &'static str = "proxy_arp_add_del_1823c3e7";
    const NAME: &'static str = "proxy_arp_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for ProxyArpAddDel {
    type Reply = ProxyArpAddDelReply;
}

/// VPP's `proxy_arp_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpAddDelReply {
    pub retval: i32,
}

impl Wire for ProxyArpAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "ProxyArpAddDelReply.retval")?;
        Ok(ProxyArpAddDelReply { retval })
    }
}

impl crate::codec::Message for ProxyArpAddDelReply {
    const ID: &'static str = "proxy_arp_add_del_reply_e8d4e804";
    const NAME: &'static str = "proxy_arp_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for ProxyArpAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `proxy_arp_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpDetails {
    pub proxy: types::ProxyArp,
}

impl Wire for ProxyArpDetails {
    const MIN_SIZE: usize = <types::ProxyArp as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.proxy.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let proxy: types::ProxyArp = field(reader, "ProxyArpDetails.proxy")?;
        Ok(ProxyArpDetails { proxy })
    }
}

impl crate::codec::Message for ProxyArpDetails {
    const ID: &'static str = "proxy_arp_details_5b948673";
    const NAME: &'static str = "proxy_arp_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `proxy_arp_dump`, in 23.06-.
///
/// Answered by any number of [`ProxyArpDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpDump {}

impl Wire for ProxyArpDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ProxyArpDump {})
    }
}

impl crate::codec::Message for ProxyArpDump {
    const ID: &'static str = "proxy_arp_dump_51077d14";
    const NAME: &'static str = "proxy_arp_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for ProxyArpDump {
    type Details = ProxyArpDetails;
}

/// VPP's `proxy_arp_intfc_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpIntfcDetails {
    pub sw_if_index: u32,
}

impl Wire for ProxyArpIntfcDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: u32 = field(reader, "ProxyArpIntfcDetails.sw_if_index")?;
        Ok(ProxyArpIntfcDetails { sw_if_index })
    }
}

impl crate::codec::Message for ProxyArpIntfcDetails {
    const ID: &'static str = "proxy_arp_intfc_details_f6458e5f";
    const NAME: &'static str = "proxy_arp_intfc_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `proxy_arp_intfc_dump`, in 23.06-.
///
/// Answered by any number of [`ProxyArpIntfcDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpIntfcDump {}

impl Wire for ProxyArpIntfcDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ProxyArpIntfcDump {})
    }
}

impl crate::codec::Message for ProxyArpIntfcDump {
    const ID: &'static str = "proxy_arp_intfc_dump_51077d14";
    const NAME: &'static str = "proxy_arp_intfc_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for ProxyArpIntfcDump {
    type Details = ProxyArpIntfcDetails;
}

/// VPP's `proxy_arp_intfc_enable_disable`, in 23.06-.
///
/// Answered by [`ProxyArpIntfcEnableDisableReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpIntfcEnableDisable {
    pub sw_if_index: types::InterfaceIndex,
    pub enable: bool,
}

impl Wire for ProxyArpIntfcEnableDisable {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.enable.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "ProxyArpIntfcEnableDisable.sw_if_index")?;
        let enable: bool = field(reader, "ProxyArpIntfcEnableDisable.enable")?;
        Ok(ProxyArpIntfcEnableDisable { sw_if_index, enable })
    }
}

impl crate::codec::Message for ProxyArpIntfcEnableDisable {
    const ID: &'static str = "proxy_arp_intfc_enable_disable_ae6cfcfb";
    const NAME: &'static str = "proxy_arp_intfc_enable_disable";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for ProxyArpIntfcEnableDisable {
    type Reply = ProxyArpIntfcEnableDisableReply;
}

/// VPP's `proxy_arp_intfc_enable_disable_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProxyArpIntfcEnableDisableReply {
    pub retval: i32,
}

impl Wire for ProxyArpIntfcEnableDisableReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "ProxyArpIntfcEnableDisableReply.retval")?;
        Ok(ProxyArpIntfcEnableDisableReply { retval })
    }
}

impl crate::codec::Message for ProxyArpIntfcEnableDisableReply {
    const ID: &'static str = "proxy_arp_intfc_enable_disable_reply_e8d4e804";
    const NAME: &'static str = "proxy_arp_intfc_enable_disable_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for ProxyArpIntfcEnableDisableReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

