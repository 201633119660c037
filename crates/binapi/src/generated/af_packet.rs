//! Messages of VPP's module `af_packet`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `af_packet_create_v2`, in 23.06- (deprecated at the end).
///
/// Answered by [`AfPacketCreateV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct AfPacketCreateV2 {
    pub hw_addr: types::MacAddress,
    pub use_random_hw_addr: bool,
    pub host_if_name: FixedString<64>,
    pub rx_frame_size: u32,
    pub tx_frame_size: u32,
    pub rx_frames_per_block: u32,
    pub tx_frames_per_block: u32,
    pub flags: u32,
    pub num_rx_queues: u16,
}

impl Default for AfPacketCreateV2 {
    fn default() -> Self {
        AfPacketCreateV2 {
            hw_addr: Default::default(),
            use_random_hw_addr: Default::default(),
            host_if_name: Default::default(),
            rx_frame_size: Default::default(),
            tx_frame_size: Default::default(),
            rx_frames_per_block: Default::default(),
            tx_frames_per_block: Default::default(),
            flags: Default::default(),
            num_rx_queues: 1,
        }
    }
}

impl Wire for AfPacketCreateV2 {
    const MIN_SIZE: usize = <types::MacAddress as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.hw_addr.put(out);
        self.use_random_hw_addr.put(out);
        self.host_if_name.put(out);
        self.rx_frame_size.put(out);
        self.tx_frame_size.put(out);
        self.rx_frames_per_block.put(out);
        self.tx_frames_per_block.put(out);
        self.flags.put(out);
        self.num_rx_queues.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let hw_addr: types::MacAddress = field(reader, "AfPacketCreateV2.hw_addr")?;
        let use_random_hw_addr: bool = field(reader, "AfPacketCreateV2.use_random_hw_addr")?;
        let host_if_name: FixedString<64> = field(reader, "AfPacketCreateV2.host_if_name")?;
        let rx_frame_size: u32 = field(reader, "AfPacketCreateV2.rx_frame_size")?;
        let tx_frame_size: u32 = field(reader, "AfPacketCreateV2.tx_frame_size")?;
        let rx_frames_per_block: u32 = field(reader, "AfPacketCreateV2.rx_frames_per_block")?;
        let tx_frames_per_block: u32 = field(reader, "AfPacketCreateV2.tx_frames_per_block")?;
        let flags: u32 = field(reader, "AfPacketCreateV2.flags")?;
        let num_rx_queues: u16 = field(reader, "AfPacketCreateV2.num_rx_queues")?;
        Ok(AfPacketCreateV2 { hw_addr, use_random_hw_addr, host_if_name, rx_frame_size, tx_frame_size, rx_frames_per_block, tx_frames_per_block, flags, num_rx_queues })
    }
}

impl crate::codec::Message for AfPacketCreateV2 {
    const ID: &'static str = "af_packet_create_v2_4aff0436";
    const NAME: &'static str = "af_packet_create_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AfPacketCreateV2 {
    type Reply = AfPacketCreateV2Reply;
}

/// VPP's `af_packet_create_v2_reply`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AfPacketCreateV2Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for AfPacketCreateV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "AfPacketCreateV2Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "AfPacketCreateV2Reply.sw_if_index")?;
        Ok(AfPacketCreateV2Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for AfPacketCreateV2Reply {
    const ID: &'static str = "af_packet_create_v2_reply_5383d31f";
    const NAME: &'static str = "af_packet_create_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AfPacketCreateV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `af_packet_create_v3`, in 23.06-.
///
/// Answered by [`AfPacketCreateV3Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct AfPacketCreateV3 {
    pub mode: types::AfPacketMode,
    pub hw_addr: types::MacAddress,
    pub use_random_hw_addr: bool,
    pub host_if_name: FixedString<64>,
    pub rx_frame_size: u32,
    pub tx_frame_size: u32,
    pub rx_frames_per_block: u32,
    pub tx_frames_per_block: u32,
    pub flags: types::AfPacketFlags,
    pub num_rx_queues: u16,
    pub num_tx_queues: u16,
}

impl Default for AfPacketCreateV3 {
    fn default() -> Self {
        AfPacketCreateV3 {
            mode: Default::default(),
            hw_addr: Default::default(),
            use_random_hw_addr: Default::default(),
            host_if_name: Default::default(),
            rx_frame_size: Default::default(),
            tx_frame_size: Default::default(),
            rx_frames_per_block: Default::default(),
            tx_frames_per_block: Default::default(),
            flags: Default::default(),
            num_rx_queues: 1,
            num_tx_queues: 1,
        }
    }
}

impl Wire for AfPacketCreateV3 {
    const MIN_SIZE: usize = <types::AfPacketMode as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::AfPacketFlags as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.mode.put(out);
        self.hw_addr.put(out);
        self.use_random_hw_addr.put(out);
        self.host_if_name.put(out);
        self.rx_frame_size.put(out);
        self.tx_frame_size.put(out);
        self.rx_frames_per_block.put(out);
        self.tx_frames_per_block.put(out);
        self.flags.put(out);
        self.num_rx_queues.put(out);
        self.num_tx_queues.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mode: types::AfPacketMode = field(reader, "AfPacketCreateV3.mode")?;
        let hw_addr: types::MacAddress = field(reader, "AfPacketCreateV3.hw_addr")?;
        let use_random_hw_addr: bool = field(reader, "AfPacketCreateV3.use_random_hw_addr")?;
        let host_if_name: FixedString<64> = field(reader, "AfPacketCreateV3.host_if_name")?;
        let rx_frame_size: u32 = field(reader, "AfPacketCreateV3.rx_frame_size")?;
        let tx_frame_size: u32 = field(reader, "AfPacketCreateV3.tx_frame_size")?;
        let rx_frames_per_block: u32 = field(reader, "AfPacketCreateV3.rx_frames_per_block")?;
        let tx_frames_per_block: u32 = field(reader, "AfPacketCreateV3.tx_frames_per_block")?;
        let flags: types::AfPacketFlags = field(reader, "AfPacketCreateV3.flags")?;
        let num_rx_queues: u16 = field(reader, "AfPacketCreateV3.num_rx_queues")?;
        let num_tx_queues: u16 = field(reader, "AfPacketCreateV3.num_tx_queues")?;
        Ok(AfPacketCreateV3 { mode, hw_addr, use_random_hw_addr, host_if_name, rx_frame_size, tx_frame_size, rx_frames_per_block, tx_frames_per_block, flags, num_rx_queues, num_tx_queues })
    }
}

impl crate::codec::Message for AfPacketCreateV3 {
    const ID: &'static str = "af_packet_create_v3_b3a809d4";
    const NAME: &'static str = "af_packet_create_v3";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AfPacketCreateV3 {
    type Reply = AfPacketCreateV3Reply;
}

/// VPP's `af_packet_create_v3_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AfPacketCreateV3Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for AfPacketCreateV3Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "AfPacketCreateV3Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "AfPacketCreateV3Reply.sw_if_index")?;
        Ok(AfPacketCreateV3Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for AfPacketCreateV3Reply {
    const ID: &'static str = "af_packet_create_v3_reply_5383d31f";
    const NAME: &'static str = "af_packet_create_v3_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AfPacketCreateV3Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `af_packet_delete`, in 23.06-.
///
/// Answered by [`AfPacketDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AfPacketDelete {
    pub host_if_name: FixedString<64>,
}

impl Wire for AfPacketDelete {
    const MIN_SIZE: usize = <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.host_if_name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let host_if_name: FixedString<64> = field(reader, "AfPacketDelete.host_if_name")?;
        Ok(AfPacketDelete { host_if_name })
    }
}

impl crate::codec::Message for AfPacketDelete {
    const ID: &'static str = "af_packet_delete_863fa648";
    const NAME: &'static str = "af_packet_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for AfPacketDelete {
    type Reply = AfPacketDeleteReply;
}

/// VPP's `af_packet_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AfPacketDeleteReply {
    pub retval: i32,
}

impl Wire for AfPacketDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "AfPacketDeleteReply.retval")?;
        Ok(AfPacketDeleteReply { retval })
    }
}

impl crate::codec::Message for AfPacketDeleteReply {
    const ID: &'static str = "af_packet_delete_reply_e8d4e804";
    const NAME: &'static str = "af_packet_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for AfPacketDeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `af_packet_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AfPacketDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub host_if_name: FixedString<64>,
}

impl Wire for AfPacketDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.host_if_name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "AfPacketDetails.sw_if_index")?;
        let host_if_name: FixedString<64> = field(reader, "AfPacketDetails.host_if_name")?;
        Ok(AfPacketDetails { sw_if_index, host_if_name })
    }
}

impl crate::codec::Message for AfPacketDetails {
    const ID: &'static str = "af_packet_details_58c7c042";
    const NAME: &'static str = "af_packet_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `af_packet_dump`, in 23.06-.
///
/// Answered by any number of [`AfPacketDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AfPacketDump {}

impl Wire for AfPacketDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AfPacketDump {})
    }
}

impl crate::codec::Message for AfPacketDump {
    const ID: &'static str = "af_packet_dump_51077d14";
    const NAME: &'static str = "af_packet_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for AfPacketDump {
    type Details = AfPacketDetails;
}

