//! Messages of VPP's module `memclnt`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `api_versions`, in 23.06-.
///
/// Answered by [`ApiVersionsReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ApiVersions {}

impl Wire for ApiVersions {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ApiVersions {})
    }
}

impl crate::codec::Message for ApiVersions {
    const ID: &'static str = "api_versions_51077d14";
    const NAME: &'static str = "api_versions";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for ApiVersions {
    type Reply = ApiVersionsReply;
}

/// VPP's `api_versions_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ApiVersionsReply {
    pub retval: i32,
    pub api_versions: Counted<types::ModuleVersion, u32>,
}

impl Wire for ApiVersionsReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::ModuleVersion, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.api_versions.put_count(out);
        self.api_versions.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "ApiVersionsReply.retval")?;
        let count: u32 = field(reader, "ApiVersionsReply.count")?;
        let api_versions = Counted::get_items(reader, "ApiVersionsReply.api_versions", count)?;
        Ok(ApiVersionsReply { retval, api_versions })
    }
}

impl crate::codec::Message for ApiVersionsReply {
    const ID: &'static str = "api_versions_reply_5f0d99d6";
    const NAME: &'static str = "api_versions_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for ApiVersionsReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `control_ping`, in 23.06-.
///
/// Answered by [`ControlPingReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ControlPing {}

impl Wire for ControlPing {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ControlPing {})
    }
}

impl crate::codec::Message for ControlPing {
    const ID: &'static str = "control_ping_51077d14";
    const NAME: &'static str = "control_ping";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for ControlPing {
    type Reply = ControlPingReply;
}

/// VPP's `control_ping_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ControlPingReply {
    pub retval: i32,
    pub client_index: u32,
    pub vpe_pid: u32,
}

impl Wire for ControlPingReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.client_index.put(out);
        self.vpe_pid.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "ControlPingReply.retval")?;
        let client_index: u32 = field(reader, "ControlPingReply.client_index")?;
        let vpe_pid: u32 = field(reader, "ControlPingReply.vpe_pid")?;
        Ok(ControlPingReply { retval, client_index, vpe_pid })
    }
}

impl crate::codec::Message for ControlPingReply {
    const ID: &'static str = "control_ping_reply_f6b0b8ca";
    const NAME: &'static str = "control_ping_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for ControlPingReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `get_first_msg_id`, in 23.06-.
///
/// Answered by [`GetFirstMsgIdReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GetFirstMsgId {
    pub name: FixedString<64>,
}

impl Wire for GetFirstMsgId {
    const MIN_SIZE: usize = <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let name: FixedString<64> = field(reader, "GetFirstMsgId.name")?;
        Ok(GetFirstMsgId { name })
    }
}

impl crate::codec::Message for GetFirstMsgId {
    const ID: &'static str = "get_first_msg_id_ebf79a66";
    const NAME: &'static str = "get_first_msg_id";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for GetFirstMsgId {
    type Reply = GetFirstMsgIdReply;
}

/// VPP's `get_first_msg_id_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GetFirstMsgIdReply {
    pub retval: i32,
    pub first_msg_id: u16,
}

impl Wire for GetFirstMsgIdReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.first_msg_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "GetFirstMsgIdReply.retval")?;
        let first_msg_id: u16 = field(reader, "GetFirstMsgIdReply.first_msg_id")?;
        Ok(GetFirstMsgIdReply { retval, first_msg_id })
    }
}

impl crate::codec::Message for GetFirstMsgIdReply {
    const ID: &'static str = "get_first_msg_id_reply_7d337472";
    const NAME: &'static str = "get_first_msg_id_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for GetFirstMsgIdReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `memclnt_keepalive`, in 23.06-.
///
/// Answered by [`MemclntKeepaliveReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemclntKeepalive {}

impl Wire for MemclntKeepalive {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(MemclntKeepalive {})
    }
}

impl crate::codec::Message for MemclntKeepalive {
    const ID: &'static str = "memclnt_keepalive_51077d14";
    const NAME: &'static str = "memclnt_keepalive";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MemclntKeepalive {
    type Reply = MemclntKeepaliveReply;
}

/// VPP's `memclnt_keepalive_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemclntKeepaliveReply {
    pub retval: i32,
}

impl Wire for MemclntKeepaliveReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MemclntKeepaliveReply.retval")?;
        Ok(MemclntKeepaliveReply { retval })
    }
}

impl crate::codec::Message for MemclntKeepaliveReply {
    const ID: &'static str = "memclnt_keepalive_reply_e8d4e804";
    const NAME: &'static str = "memclnt_keepalive_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MemclntKeepaliveReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sockclnt_create`, in 23.06-.
///
/// Answered by [`SockclntCreateReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SockclntCreate {
    pub name: FixedString<64>,
}

impl Wire for SockclntCreate {
    const MIN_SIZE: usize = <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let name: FixedString<64> = field(reader, "SockclntCreate.name")?;
        Ok(SockclntCreate { name })
    }
}

impl crate::codec::Message for SockclntCreate {
    const ID: &'static str = "sockclnt_create_455fb9c4";
    const NAME: &'static str = "sockclnt_create";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Request for SockclntCreate {
    type Reply = SockclntCreateReply;
}

/// VPP's `sockclnt_create_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SockclntCreateReply {
    pub response: i32,
    pub index: u32,
    pub message_table: Counted<types::MessageTableEntry, u16>,
}

impl Wire for SockclntCreateReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <Counted<types::MessageTableEntry, u16> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.response.put(out);
        self.index.put(out);
        self.message_table.put_count(out);
        self.message_table.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let response: i32 = field(reader, "SockclntCreateReply.response")?;
        let index: u32 = field(reader, "SockclntCreateReply.index")?;
        let count: u16 = field(reader, "SockclntCreateReply.count")?;
        let message_table = Counted::get_items(reader, "SockclntCreateReply.message_table", count)?;
        Ok(SockclntCreateReply { response, index, message_table })
    }
}

impl crate::codec::Message for SockclntCreateReply {
    const ID: &'static str = "sockclnt_create_reply_35166268";
    const NAME: &'static str = "sockclnt_create_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Reply for SockclntCreateReply {
    fn retval(&self) -> i32 {
        self.response
    }
}

/// VPP's `sockclnt_delete`, in 23.06-.
///
/// Answered by [`SockclntDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SockclntDelete {
    pub index: u32,
}

impl Wire for SockclntDelete {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let index: u32 = field(reader, "SockclntDelete.index")?;
        Ok(SockclntDelete { index })
    }
}

impl crate::codec::Message for SockclntDelete {
    const ID: &'static str = "sockclnt_delete_8ac76db6";
    const NAME: &'static str = "sockclnt_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SockclntDelete {
    type Reply = SockclntDeleteReply;
}

/// VPP's `sockclnt_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SockclntDeleteReply {
    pub response: i32,
}

impl Wire for SockclntDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.response.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let response: i32 = field(reader, "SockclntDeleteReply.response")?;
        Ok(SockclntDeleteReply { response })
    }
}

impl crate::codec::Message for SockclntDeleteReply {
    const ID: &'static str = "sockclnt_delete_reply_8f38b1ee";
    const NAME: &'static str = "sockclnt_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SockclntDeleteReply {
    fn retval(&self) -> i32 {
        self.response
    }
}

