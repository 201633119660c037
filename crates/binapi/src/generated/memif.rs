//! Messages of VPP's module `memif`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `memif_create`, in 23.06- (deprecated at the end).
///
/// Answered by [`MemifCreateReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifCreate {
    pub role: types::MemifRole,
    pub mode: types::MemifMode,
    pub rx_queues: u8,
    pub tx_queues: u8,
    pub id: u32,
    pub socket_id: u32,
    pub ring_size: u32,
    pub buffer_size: u16,
    pub no_zero_copy: bool,
    pub hw_addr: types::MacAddress,
    pub secret: FixedString<24>,
}

impl Wire for MemifCreate {
    const MIN_SIZE: usize = <types::MemifRole as Wire>::MIN_SIZE
        + <types::MemifMode as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <FixedString<24> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.role.put(out);
        self.mode.put(out);
        self.rx_queues.put(out);
        self.tx_queues.put(out);
        self.id.put(out);
        self.socket_id.put(out);
        self.ring_size.put(out);
        self.buffer_size.put(out);
        self.no_zero_copy.put(out);
        self.hw_addr.put(out);
        self.secret.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let role: types::MemifRole = field(reader, "MemifCreate.role")?;
        let mode: types::MemifMode = field(reader, "MemifCreate.mode")?;
        let rx_queues: u8 = field(reader, "MemifCreate.rx_queues")?;
        let tx_queues: u8 = field(reader, "MemifCreate.tx_queues")?;
        let id: u32 = field(reader, "MemifCreate.id")?;
        let socket_id: u32 = field(reader, "MemifCreate.socket_id")?;
        let ring_size: u32 = field(reader, "MemifCreate.ring_size")?;
        let buffer_size: u16 = field(reader, "MemifCreate.buffer_size")?;
        let no_zero_copy: bool = field(reader, "MemifCreate.no_zero_copy")?;
        let hw_addr: types::MacAddress = field(reader, "MemifCreate.hw_addr")?;
        let secret: FixedString<24> = field(reader, "MemifCreate.secret")?;
        Ok(MemifCreate { role, mode, rx_queues, tx_queues, id, socket_id, ring_size, buffer_size, no_zero_copy, hw_addr, secret })
    }
}

impl crate::codec::Message for MemifCreate {
    const ID: &'static str = "memif_create_b1b25061";
    const NAME: &'static str = "memif_create";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MemifCreate {
    type Reply = MemifCreateReply;
}

/// VPP's `memif_create_reply`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifCreateReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for MemifCreateReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MemifCreateReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "MemifCreateReply.sw_if_index")?;
        Ok(MemifCreateReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for MemifCreateReply {
    const ID: &'static str = "memif_create_reply_5383d31f";
    const NAME: &'static str = "memif_create_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MemifCreateReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `memif_create_v2`, in 23.06-.
///
/// Answered by [`MemifCreateV2Reply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifCreateV2 {
    pub role: types::MemifRole,
    pub mode: types::MemifMode,
    pub rx_queues: u8,
    pub tx_queues: u8,
    pub id: u32,
    pub socket_id: u32,
    pub ring_size: u32,
    pub buffer_size: u16,
    pub no_zero_copy: bool,
    pub use_dma: bool,
    pub hw_addr: types::MacAddress,
    pub secret: FixedString<24>,
}

impl Wire for MemifCreateV2 {
    const MIN_SIZE: usize = <types::MemifRole as Wire>::MIN_SIZE
        + <types::MemifMode as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <FixedString<24> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.role.put(out);
        self.mode.put(out);
        self.rx_queues.put(out);
        self.tx_queues.put(out);
        self.id.put(out);
        self.socket_id.put(out);
        self.ring_size.put(out);
        self.buffer_size.put(out);
        self.no_zero_copy.put(out);
        self.use_dma.put(out);
        self.hw_addr.put(out);
        self.secret.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let role: types::MemifRole = field(reader, "MemifCreateV2.role")?;
        let mode: types::MemifMode = field(reader, "MemifCreateV2.mode")?;
        let rx_queues: u8 = field(reader, "MemifCreateV2.rx_queues")?;
        let tx_queues: u8 = field(reader, "MemifCreateV2.tx_queues")?;
        let id: u32 = field(reader, "MemifCreateV2.id")?;
        let socket_id: u32 = field(reader, "MemifCreateV2.socket_id")?;
        let ring_size: u32 = field(reader, "MemifCreateV2.ring_size")?;
        let buffer_size: u16 = field(reader, "MemifCreateV2.buffer_size")?;
        let no_zero_copy: bool = field(reader, "MemifCreateV2.no_zero_copy")?;
        let use_dma: bool = field(reader, "MemifCreateV2.use_dma")?;
        let hw_addr: types::MacAddress = field(reader, "MemifCreateV2.hw_addr")?;
        let secret: FixedString<24> = field(reader, "MemifCreateV2.secret")?;
        Ok(MemifCreateV2 { role, mode, rx_queues, tx_queues, id, socket_id, ring_size, buffer_size, no_zero_copy, use_dma, hw_addr, secret })
    }
}

impl crate::codec::Message for MemifCreateV2 {
    const ID: &'static str = "memif_create_v2_8c7de5f7";
    const NAME: &'static str = "memif_create_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MemifCreateV2 {
    type Reply = MemifCreateV2Reply;
}

/// VPP's `memif_create_v2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifCreateV2Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for MemifCreateV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MemifCreateV2Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "MemifCreateV2Reply.sw_if_index")?;
        Ok(MemifCreateV2Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for MemifCreateV2Reply {
    const ID: &'static str = "memif_create_v2_reply_5383d31f";
    const NAME: &'static str = "memif_create_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MemifCreateV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `memif_delete`, in 23.06-.
///
/// Answered by [`MemifDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifDelete {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for MemifDelete {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "MemifDelete.sw_if_index")?;
        Ok(MemifDelete { sw_if_index })
    }
}

impl crate::codec::Message for MemifDelete {
    const ID: &'static str = "memif_delete_f9e6675e";
    const NAME: &'static str = "memif_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MemifDelete {
    type Reply = MemifDeleteReply;
}

/// VPP's `memif_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifDeleteReply {
    pub retval: i32,
}

impl Wire for MemifDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MemifDeleteReply.retval")?;
        Ok(MemifDeleteReply { retval })
    }
}

impl crate::codec::Message for MemifDeleteReply {
    const ID: &'static str = "memif_delete_reply_e8d4e804";
    const NAME: &'static str = "memif_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MemifDeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `memif_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub hw_addr: types::MacAddress,
    pub id: u32,
    pub role: types::MemifRole,
    pub mode: types::MemifMode,
    pub zero_copy: bool,
    pub socket_id: u32,
    pub ring_size: u32,
    pub buffer_size: u16,
    pub flags: types::IfStatusFlags,
    pub if_name: FixedString<64>,
}

impl Wire for MemifDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::MemifRole as Wire>::MIN_SIZE
        + <types::MemifMode as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::IfStatusFlags as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.hw_addr.put(out);
        self.id.put(out);
        self.role.put(out);
        self.mode.put(out);
        self.zero_copy.put(out);
        self.socket_id.put(out);
        self.ring_size.put(out);
        self.buffer_size.put(out);
        self.flags.put(out);
        self.if_name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "MemifDetails.sw_if_index")?;
        let hw_addr: types::MacAddress = field(reader, "MemifDetails.hw_addr")?;
        let id: u32 = field(reader, "MemifDetails.id")?;
        let role: types::MemifRole = field(reader, "MemifDetails.role")?;
        let mode: types::MemifMode = field(reader, "MemifDetails.mode")?;
        let zero_copy: bool = field(reader, "MemifDetails.zero_copy")?;
        let socket_id: u32 = field(reader, "MemifDetails.socket_id")?;
        let ring_size: u32 = field(reader, "MemifDetails.ring_size")?;
        let buffer_size: u16 = field(reader, "MemifDetails.buffer_size")?;
        let flags: types::IfStatusFlags = field(reader, "MemifDetails.flags")?;
        let if_name: FixedString<64> = field(reader, "MemifDetails.if_name")?;
        Ok(MemifDetails { sw_if_index, hw_addr, id, role, mode, zero_copy, socket_id, ring_size, buffer_size, flags, if_name })
    }
}

impl crate::codec::Message for MemifDetails {
    const ID: &'static str = "memif_details_da34feb9";
    const NAME: &'static str = "memif_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `memif_dump`, in 23.06-.
///
/// Answered by any number of [`MemifDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifDump {}

impl Wire for MemifDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(MemifDump {})
    }
}

impl crate::codec::Message for MemifDump {
    const ID: &'static str = "memif_dump_51077d14";
    const NAME: &'static str = "memif_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for MemifDump {
    type Details = MemifDetails;
}

/// VPP's `memif_socket_filename_add_del`, in 23.06- (deprecated at the end).
///
/// Answered by [`MemifSocketFilenameAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifSocketFilenameAddDel {
    pub is_add: bool,
    pub socket_id: u32,
    pub socket_filename: FixedString<108>,
}

impl Wire for MemifSocketFilenameAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <FixedString<108> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.socket_id.put(out);
        self.socket_filename.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "MemifSocketFilenameAddDel.is_add")?;
        let socket_id: u32 = field(reader, "MemifSocketFilenameAddDel.socket_id")?;
        let socket_filename: FixedString<108> = field(reader, "MemifSocketFilenameAddDel.socket_filename")?;
        Ok(MemifSocketFilenameAddDel { is_add, socket_id, socket_filename })
    }
}

impl crate::codec::Message for MemifSocketFilenameAddDel {
    const ID: &'static str = "memif_socket_filename_add_del_a2ce1a10";
    const NAME: &'static str = "memif_socket_filename_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MemifSocketFilenameAddDel {
    type Reply = MemifSocketFilenameAddDelReply;
}

/// VPP's `memif_socket_filename_add_del_reply`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifSocketFilenameAddDelReply {
    pub retval: i32,
}

impl Wire for MemifSocketFilenameAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MemifSocketFilenameAddDelReply.retval")?;
        Ok(MemifSocketFilenameAddDelReply { retval })
    }
}

impl crate::codec::Message for MemifSocketFilenameAddDelReply {
    const ID: &'static str = "memif_socket_filename_add_del_reply_e8d4e804";
    const NAME: &'static str = "memif_socket_filename_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MemifSocketFilenameAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `memif_socket_filename_add_del_v2`, in 23.06-.
///
/// Answered by [`MemifSocketFilenameAddDelV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct MemifSocketFilenameAddDelV2 {
    pub is_add: bool,
    pub socket_id: u32,
    pub socket_filename: String,
}

impl Default for MemifSocketFilenameAddDelV2 {
    fn default() -> Self {
        MemifSocketFilenameAddDelV2 {
            is_add: Default::default(),
            socket_id: 4294967295,
            socket_filename: Default::default(),
        }
    }
}

impl Wire for MemifSocketFilenameAddDelV2 {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <String as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.socket_id.put(out);
        self.socket_filename.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "MemifSocketFilenameAddDelV2.is_add")?;
        let socket_id: u32 = field(reader, "MemifSocketFilenameAddDelV2.socket_id")?;
        let socket_filename: String = field(reader, "MemifSocketFilenameAddDelV2.socket_filename")?;
        Ok(MemifSocketFilenameAddDelV2 { is_add, socket_id, socket_filename })
    }
}

impl crate::codec::Message for MemifSocketFilenameAddDelV2 {
    const ID: &'static str = "memif_socket_filename_add_del_v2_34223bdf";
    const NAME: &'static str = "memif_socket_filename_add_del_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for MemifSocketFilenameAddDelV2 {
    type Reply = MemifSocketFilenameAddDelV2Reply;
}

/// VPP's `memif_socket_filename_add_del_v2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifSocketFilenameAddDelV2Reply {
    pub retval: i32,
    pub socket_id: u32,
}

impl Wire for MemifSocketFilenameAddDelV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.socket_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "MemifSocketFilenameAddDelV2Reply.retval")?;
        let socket_id: u32 = field(reader, "MemifSocketFilenameAddDelV2Reply.socket_id")?;
        Ok(MemifSocketFilenameAddDelV2Reply { retval, socket_id })
    }
}

impl crate::codec::Message for MemifSocketFilenameAddDelV2Reply {
    const ID: &'static str = "memif_socket_filename_add_del_v2_reply_9f29bdb9";
    const NAME: &'static str = "memif_socket_filename_add_del_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for MemifSocketFilenameAddDelV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `memif_socket_filename_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifSocketFilenameDetails {
    pub socket_id: u32,
    pub socket_filename: FixedString<108>,
}

impl Wire for MemifSocketFilenameDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <FixedString<108> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.socket_id.put(out);
        self.socket_filename.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let socket_id: u32 = field(reader, "MemifSocketFilenameDetails.socket_id")?;
        let socket_filename: FixedString<108> = field(reader, "MemifSocketFilenameDetails.socket_filename")?;
        Ok(MemifSocketFilenameDetails { socket_id, socket_filename })
    }
}

impl crate::codec::Message for MemifSocketFilenameDetails {
    const ID: &'static str = "memif_socket_filename_details_7ff326f7";
    const NAME: &'static str = "memif_socket_filename_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `memif_socket_filename_dump`, in 23.06-.
///
/// Answered by any number of [`MemifSocketFilenameDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemifSocketFilenameDump {}

impl Wire for MemifSocketFilenameDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(MemifSocketFilenameDump {})
    }
}

impl crate::codec::Message for MemifSocketFilenameDump {
    const ID: &'static str = "memif_socket_filename_dump_51077d14";
    const NAME: &'static str = "memif_socket_filename_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for MemifSocketFilenameDump {
    type Details = MemifSocketFilenameDetails;
}

