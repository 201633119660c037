//! Messages of VPP's module `rdma`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `rdma_create_v3`, in 23.06- (deprecated at the end).
///
/// Answered by [`RdmaCreateV3Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct RdmaCreateV3 {
    pub host_if: FixedString<64>,
    pub name: FixedString<64>,
    pub rxq_num: u16,
    pub rxq_size: u16,
    pub txq_size: u16,
    pub mode: types::RdmaMode,
    pub no_multi_seg: bool,
    pub max_pktlen: u16,
    pub rss4: types::RdmaRss4,
    pub rss6: types::RdmaRss6,
}

impl Default for RdmaCreateV3 {
    fn default() -> Self {
        RdmaCreateV3 {
            host_if: Default::default(),
            name: Default::default(),
            rxq_num: 1,
            rxq_size: 1024,
            txq_size: 1024,
            mode: types::RdmaMode(0),
            no_multi_seg: false,
            max_pktlen: 0,
            rss4: types::RdmaRss4(0),
            rss6: types::RdmaRss6(0),
        }
    }
}

impl Wire for RdmaCreateV3 {
    const MIN_SIZE: usize = <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::RdmaMode as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::RdmaRss4 as Wire>::MIN_SIZE
        + <types::RdmaRss6 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.host_if.put(out);
        self.name.put(out);
        self.rxq_num.put(out);
        self.rxq_size.put(out);
        self.txq_size.put(out);
        self.mode.put(out);
        self.no_multi_seg.put(out);
        self.max_pktlen.put(out);
        self.rss4.put(out);
        self.rss6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let host_if: FixedString<64> = field(reader, "RdmaCreateV3.host_if")?;
        let name: FixedString<64> = field(reader, "RdmaCreateV3.name")?;
        let rxq_num: u16 = field(reader, "RdmaCreateV3.rxq_num")?;
        let rxq_size: u16 = field(reader, "RdmaCreateV3.rxq_size")?;
        let txq_size: u16 = field(reader, "RdmaCreateV3.txq_size")?;
        let mode: types::RdmaMode = field(reader, "RdmaCreateV3.mode")?;
        let no_multi_seg: bool = field(reader, "RdmaCreateV3.no_multi_seg")?;
        let max_pktlen: u16 = field(reader, "RdmaCreateV3.max_pktlen")?;
        let rss4: types::RdmaRss4 = field(reader, "RdmaCreateV3.rss4")?;
        let rss6: types::RdmaRss6 = field(reader, "RdmaCreateV3.rss6")?;
        Ok(RdmaCreateV3 { host_if, name, rxq_num, rxq_size, txq_size, mode, no_multi_seg, max_pktlen, rss4, rss6 })
    }
}

impl crate::codec::Message for RdmaCreateV3 {
    const ID: &'static str = "rdma_create_v3_c6287ea8";
    const NAME: &'static str = "rdma_create_v3";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for RdmaCreateV3 {
    type Reply = RdmaCreateV3Reply;
}

/// VPP's `rdma_create_v3_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RdmaCreateV3Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for RdmaCreateV3Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "RdmaCreateV3Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "RdmaCreateV3Reply.sw_if_index")?;
        Ok(RdmaCreateV3Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for RdmaCreateV3Reply {
    const ID: &'static str = "rdma_create_v3_reply_5383d31f";
    const NAME: &'static str = "rdma_create_v3_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for RdmaCreateV3Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `rdma_create_v4`, in 24.06-.
///
/// Answered by [`RdmaCreateV4Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct RdmaCreateV4 {
    pub host_if: FixedString<64>,
    pub name: FixedString<64>,
    pub rxq_num: u16,
    pub rxq_size: u16,
    pub txq_size: u16,
    pub mode: types::RdmaMode,
    pub no_multi_seg: bool,
    pub max_pktlen: u16,
    pub rss4: types::RdmaRss4,
    pub rss6: types::RdmaRss6,
}

impl Default for RdmaCreateV4 {
    fn default() -> Self {
        RdmaCreateV4 {
            host_if: Default::default(),
            name: Default::default(),
            rxq_num: 1,
            rxq_size: 1024,
            txq_size: 1024,
            mode: types::RdmaMode(0),
            no_multi_seg: false,
            max_pktlen: 0,
            rss4: types::RdmaRss4(0),
            rss6: types::RdmaRss6(0),
        }
    }
}

impl Wire for RdmaCreateV4 {
    const MIN_SIZE: usize = <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::RdmaMode as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::RdmaRss4 as Wire>::MIN_SIZE
        + <types::RdmaRss6 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.host_if.put(out);
        self.name.put(out);
        self.rxq_num.put(out);
        self.rxq_size.put(out);
        self.txq_size.put(out);
        self.mode.put(out);
        self.no_multi_seg.put(out);
        self.max_pktlen.put(out);
        self.rss4.put(out);
        self.rss6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let host_if: FixedString<64> = field(reader, "RdmaCreateV4.host_if")?;
        let name: FixedString<64> = field(reader, "RdmaCreateV4.name")?;
        let rxq_num: u16 = field(reader, "RdmaCreateV4.rxq_num")?;
        let rxq_size: u16 = field(reader, "RdmaCreateV4.rxq_size")?;
        let txq_size: u16 = field(reader, "RdmaCreateV4.txq_size")?;
        let mode: types::RdmaMode = field(reader, "RdmaCreateV4.mode")?;
        let no_multi_seg: bool = field(reader, "RdmaCreateV4.no_multi_seg")?;
        let max_pktlen: u16 = field(reader, "RdmaCreateV4.max_pktlen")?;
        let rss4: types::RdmaRss4 = field(reader, "RdmaCreateV4.rss4")?;
        let rss6: types::RdmaRss6 = field(reader, "RdmaCreateV4.rss6")?;
        Ok(RdmaCreateV4 { host_if, name, rxq_num, rxq_size, txq_size, mode, no_multi_seg, max_pktlen, rss4, rss6 })
    }
}

impl crate::codec::Message for RdmaCreateV4 {
    const ID: &'static str = "rdma_create_v4_c6287ea8";
    const NAME: &'static str = "rdma_create_v4";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for RdmaCreateV4 {
    type Reply = RdmaCreateV4Reply;
}

/// VPP's `rdma_create_v4_reply`, in 24.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RdmaCreateV4Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for RdmaCreateV4Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "RdmaCreateV4Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "RdmaCreateV4Reply.sw_if_index")?;
        Ok(RdmaCreateV4Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for RdmaCreateV4Reply {
    const ID: &'static str = "rdma_create_v4_reply_5383d31f";
    const NAME: &'static str = "rdma_create_v4_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for RdmaCreateV4Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `rdma_delete`, in 23.06-.
///
/// Answered by [`RdmaDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RdmaDelete {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for RdmaDelete {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "RdmaDelete.sw_if_index")?;
        Ok(RdmaDelete { sw_if_index })
    }
}

impl crate::codec::Message for RdmaDelete {
    const ID: &'static str = "rdma_delete_f9e6675e";
    const NAME: &'static str = "rdma_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for RdmaDelete {
    type Reply = RdmaDeleteReply;
}

/// VPP's `rdma_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RdmaDeleteReply {
    pub retval: i32,
}

impl Wire for RdmaDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "RdmaDeleteReply.retval")?;
        Ok(RdmaDeleteReply { retval })
    }
}

impl crate::codec::Message for RdmaDeleteReply {
    const ID: &'static str = "rdma_delete_reply_e8d4e804";
    const NAME: &'static str = "rdma_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for RdmaDeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

