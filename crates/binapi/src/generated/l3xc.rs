//! Messages of VPP's module `l3xc`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `l3xc_del`, in 23.06-.
///
/// Answered by [`L3xcDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L3xcDel {
    pub sw_if_index: types::InterfaceIndex,
    pub is_ip6: bool,
}

impl Wire for L3xcDel {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.is_ip6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "L3xcDel.sw_if_index")?;
        let is_ip6: bool = field(reader, "L3xcDel.is_ip6")?;
        Ok(L3xcDel { sw_if_index, is_ip6 })
    }
}

impl crate::codec::Message for L3xcDel {
    const ID: &'static str = "l3xc_del_e7dbef91";
    const NAME: &'static str = "l3xc_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for L3xcDel {
    type Reply = L3xcDelReply;
}

/// VPP's `l3xc_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L3xcDelReply {
    pub retval: i32,
}

impl Wire for L3xcDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "L3xcDelReply.retval")?;
        Ok(L3xcDelReply { retval })
    }
}

impl crate::codec::Message for L3xcDelReply {
    const ID: &'static str = "l3xc_del_reply_e8d4e804";
    const NAME: &'static str = "l3xc_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for L3xcDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `l3xc_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L3xcDetails {
    pub l3xc: types::L3xc,
}

impl Wire for L3xcDetails {
    const MIN_SIZE: usize = <types::L3xc as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.l3xc.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let l3xc: types::L3xc = field(reader, "L3xcDetails.l3xc")?;
        Ok(L3xcDetails { l3xc })
    }
}

impl crate::codec::Message for L3xcDetails {
    const ID: &'static str = "l3xc_details_bc5bf852";
    const NAME: &'static str = "l3xc_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `l3xc_dump`, in 23.06-.
///
/// Answered by any number of [`L3xcDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L3xcDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for L3xcDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "L3xcDump.sw_if_index")?;
        Ok(L3xcDump { sw_if_index })
    }
}

impl crate::codec::Message for L3xcDump {
    const ID: &'static str = "l3xc_dump_f9e6675e";
    const NAME: &'static str = "l3xc_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for L3xcDump {
    type Details = L3xcDetails;
}

/// VPP's `l3xc_update`, in 23.06-.
///
/// Answered by [`L3xcUpdateReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L3xcUpdate {
    pub l3xc: types::L3xc,
}

impl Wire for L3xcUpdate {
    const MIN_SIZE: usize = <types::L3xc as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.l3xc.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let l3xc: types::L3xc = field(reader, "L3xcUpdate.l3xc")?;
        Ok(L3xcUpdate { l3xc })
    }
}

impl crate::codec::Message for L3xcUpdate {
    const ID: &'static str = "l3xc_update_e96aabdf";
    const NAME: &'static str = "l3xc_update";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for L3xcUpdate {
    type Reply = L3xcUpdateReply;
}

/// VPP's `l3xc_update_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L3xcUpdateReply {
    pub retval: i32,
    pub stats_index: u32,
}

impl Wire for L3xcUpdateReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.stats_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "L3xcUpdateReply.retval")?;
        let stats_index: u32 = field(reader, "L3xcUpdateReply.stats_index")?;
        Ok(L3xcUpdateReply { retval, stats_index })
    }
}

impl crate::codec::Message for L3xcUpdateReply {
    const ID: &'static str = "l3xc_update_reply_1992deab";
    const NAME: &'static str = "l3xc_update_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for L3xcUpdateReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

