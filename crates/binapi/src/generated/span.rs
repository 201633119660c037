//! Messages of VPP's module `span`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `sw_interface_span_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSpanDetails {
    pub sw_if_index_from: types::InterfaceIndex,
    pub sw_if_index_to: types::InterfaceIndex,
    pub state: types::SpanState,
    pub is_l2: bool,
}

impl Wire for SwInterfaceSpanDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::SpanState as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index_from.put(out);
        self.sw_if_index_to.put(out);
        self.state.put(out);
        self.is_l2.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index_from: types::InterfaceIndex = field(reader, "SwInterfaceSpanDetails.sw_if_index_from")?;
        let sw_if_index_to: types::InterfaceIndex = field(reader, "SwInterfaceSpanDetails.sw_if_index_to")?;
        let state: types::SpanState = field(reader, "SwInterfaceSpanDetails.state")?;
        let is_l2: bool = field(reader, "SwInterfaceSpanDetails.is_l2")?;
        Ok(SwInterfaceSpanDetails { sw_if_index_from, sw_if_index_to, state, is_l2 })
    }
}

impl crate::codec::Message for SwInterfaceSpanDetails {
    const ID: &'static str = "sw_interface_span_details_8a20e79f";
    const NAME: &'static str = "sw_interface_span_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `sw_interface_span_dump`, in 23.06-.
///
/// Answered by any number of [`SwInterfaceSpanDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSpanDump {
    pub is_l2: bool,
}

impl Wire for SwInterfaceSpanDump {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_l2.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_l2: bool = field(reader, "SwInterfaceSpanDump.is_l2")?;
        Ok(SwInterfaceSpanDump { is_l2 })
    }
}

impl crate::codec::Message for SwInterfaceSpanDump {
    const ID: &'static str = "sw_interface_span_dump_d6cf0c3d";
    const NAME: &'static str = "sw_interface_span_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwInterfaceSpanDump {
    type Details = SwInterfaceSpanDetails;
}

/// VPP's `sw_interface_span_enable_disable`, in 23.06-.
///
/// Answered by [`SwInterfaceSpanEnableDisableReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSpanEnableDisable {
    pub sw_if_index_from: types::InterfaceIndex,
    pub sw_if_index_to: types::InterfaceIndex,
    pub state: types::SpanState,
    pub is_l2: bool,
}

impl Wire for SwInterfaceSpanEnableDisable {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::SpanState as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index_from.put(out);
        self.sw_if_index_to.put(out);
        self.state.put(out);
        self.is_l2.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index_from: types::InterfaceIndex = field(reader, "SwInterfaceSpanEnableDisable.sw_if_index_from")?;
        let sw_if_index_to: types::InterfaceIndex = field(reader, "SwInterfaceSpanEnableDisable.sw_if_index_to")?;
        let state: types::SpanState = field(reader, "SwInterfaceSpanEnableDisable.state")?;
        let is_l2: bool = field(reader, "SwInterfaceSpanEnableDisable.is_l2")?;
        Ok(SwInterfaceSpanEnableDisable { sw_if_index_from, sw_if_index_to, state, is_l2 })
    }
}

impl crate::codec::Message for SwInterfaceSpanEnableDisable {
    const ID: &'static str = "sw_interface_span_enable_disable_23ddd96b";
    const NAME: &'static str = "sw_interface_span_enable_disable";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSpanEnableDisable {
    type Reply = SwInterfaceSpanEnableDisableReply;
}

/// VPP's `sw_interface_span_enable_disable_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSpanEnableDisableReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSpanEnableDisableReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSpanEnableDisableReply.retval")?;
        Ok(SwInterfaceSpanEnableDisableReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSpanEnableDisableReply {
    const ID: &'static str = "sw_interface_span_enable_disable_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_span_enable_disable_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSpanEnableDisableReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

