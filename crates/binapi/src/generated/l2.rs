//! Messages of VPP's module `l2`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `bd_ip_mac_add_del`, in 23.06-.
///
/// Answered by [`BdIpMacAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct BdIpMacAddDel {
    pub is_add: bool,
    pub entry: types::BdIpMac,
}

impl Default for BdIpMacAddDel {
    fn default() -> Self {
        BdIpMacAddDel {
            is_add: true,
            entry: Default::default(),
        }
    }
}

impl Wire for BdIpMacAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::BdIpMac as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.entry.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "BdIpMacAddDel.is_add")?;
        let entry: types::BdIpMac = field(reader, "BdIpMacAddDel.entry")?;
        Ok(BdIpMacAddDel { is_add, entry })
    }
}

impl crate::codec::Message for BdIpMacAddDel {
    const ID: &'static str = "bd_ip_mac_add_del_0257c869";
    const NAME: &'static str = "bd_ip_mac_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BdIpMacAddDel {
    type Reply = BdIpMacAddDelReply;
}

/// VPP's `bd_ip_mac_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BdIpMacAddDelReply {
    pub retval: i32,
}

impl Wire for BdIpMacAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BdIpMacAddDelReply.retval")?;
        Ok(BdIpMacAddDelReply { retval })
    }
}

impl crate::codec::Message for BdIpMacAddDelReply {
    const ID: &'static str = "bd_ip_mac_add_del_reply_e8d4e804";
    const NAME: &'static str = "bd_ip_mac_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BdIpMacAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `bd_ip_mac_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BdIpMacDetails {
    pub entry: types::BdIpMac,
}

impl Wire for BdIpMacDetails {
    const MIN_SIZE: usize = <types::BdIpMac as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.entry.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let entry: types::BdIpMac = field(reader, "BdIpMacDetails.entry")?;
        Ok(BdIpMacDetails { entry })
    }
}

impl crate::codec::Message for BdIpMacDetails {
    const ID: &'static str = "bd_ip_mac_details_545af86a";
    const NAME: &'static str = "bd_ip_mac_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `bd_ip_mac_dump`, in 23.06-.
///
/// Answered by any number of [`BdIpMacDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BdIpMacDump {
    pub bd_id: u32,
}

impl Wire for BdIpMacDump {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "BdIpMacDump.bd_id")?;
        Ok(BdIpMacDump { bd_id })
    }
}

impl crate::codec::Message for BdIpMacDump {
    const ID: &'static str = "bd_ip_mac_dump_c25fdce6";
    const NAME: &'static str = "bd_ip_mac_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for BdIpMacDump {
    type Details = BdIpMacDetails;
}

/// VPP's `bridge_domain_add_del`, in 23.06- (deprecated at the end).
///
/// Answered by [`BridgeDomainAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct BridgeDomainAddDel {
    pub bd_id: u32,
    pub flood: bool,
    pub uu_flood: bool,
    pub forward: bool,
    pub learn: bool,
    pub arp_term: bool,
    pub arp_ufwd: bool,
    pub mac_age: u8,
    pub bd_tag: FixedString<64>,
    pub is_add: bool,
}

impl Default for BridgeDomainAddDel {
    fn default() -> Self {
        BridgeDomainAddDel {
            bd_id: Default::default(),
            flood: Default::default(),
            uu_flood: Default::default(),
            forward: Default::default(),
            learn: Default::default(),
            arp_term: Default::default(),
            arp_ufwd: Default::default(),
            mac_age: Default::default(),
            bd_tag: Default::default(),
            is_add: true,
        }
    }
}

impl Wire for BridgeDomainAddDel {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
        self.flood.put(out);
        self.uu_flood.put(out);
        self.forward.put(out);
        self.learn.put(out);
        self.arp_term.put(out);
        self.arp_ufwd.put(out);
        self.mac_age.put(out);
        self.bd_tag.put(out);
        self.is_add.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "BridgeDomainAddDel.bd_id")?;
        let flood: bool = field(reader, "BridgeDomainAddDel.flood")?;
        let uu_flood: bool = field(reader, "BridgeDomainAddDel.uu_flood")?;
        let forward: bool = field(reader, "BridgeDomainAddDel.forward")?;
        let learn: bool = field(reader, "BridgeDomainAddDel.learn")?;
        let arp_term: bool = field(reader, "BridgeDomainAddDel.arp_term")?;
        let arp_ufwd: bool = field(reader, "BridgeDomainAddDel.arp_ufwd")?;
        let mac_age: u8 = field(reader, "BridgeDomainAddDel.mac_age")?;
        let bd_tag: FixedString<64> = field(reader, "BridgeDomainAddDel.bd_tag")?;
        let is_add: bool = field(reader, "BridgeDomainAddDel.is_add")?;
        Ok(BridgeDomainAddDel { bd_id, flood, uu_flood, forward, learn, arp_term, arp_ufwd, mac_age, bd_tag, is_add })
    }
}

impl crate::codec::Message for BridgeDomainAddDel {
    const ID: &'static str = "bridge_domain_add_del_600b7170";
    const NAME: &'static str = "bridge_domain_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BridgeDomainAddDel {
    type Reply = BridgeDomainAddDelReply;
}

/// VPP's `bridge_domain_add_del_reply`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BridgeDomainAddDelReply {
    pub retval: i32,
}

impl Wire for BridgeDomainAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BridgeDomainAddDelReply.retval")?;
        Ok(BridgeDomainAddDelReply { retval })
    }
}

impl crate::codec::Message for BridgeDomainAddDelReply {
    const ID: &'static str = "bridge_domain_add_del_reply_e8d4e804";
    const NAME: &'static str = "bridge_domain_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BridgeDomainAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `bridge_domain_add_del_v2`, in 23.06-.
///
/// Answered by [`BridgeDomainAddDelV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct BridgeDomainAddDelV2 {
    pub bd_id: u32,
    pub flood: bool,
    pub uu_flood: bool,
    pub forward: bool,
    pub learn: bool,
    pub arp_term: bool,
    pub arp_ufwd: bool,
    pub mac_age: u8,
    pub bd_tag: FixedString<64>,
    pub is_add: bool,
}

impl Default for BridgeDomainAddDelV2 {
    fn default() -> Self {
        BridgeDomainAddDelV2 {
            bd_id: Default::default(),
            flood: Default::default(),
            uu_flood: Default::default(),
            forward: Default::default(),
            learn: Default::default(),
            arp_term: Default::default(),
            arp_ufwd: Default::default(),
            mac_age: Default::default(),
            bd_tag: Default::default(),
            is_add: true,
        }
    }
}

impl Wire for BridgeDomainAddDelV2 {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
        self.flood.put(out);
        self.uu_flood.put(out);
        self.forward.put(out);
        self.learn.put(out);
        self.arp_term.put(out);
        self.arp_ufwd.put(out);
        self.mac_age.put(out);
        self.bd_tag.put(out);
        self.is_add.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "BridgeDomainAddDelV2.bd_id")?;
        let flood: bool = field(reader, "BridgeDomainAddDelV2.flood")?;
        let uu_flood: bool = field(reader, "BridgeDomainAddDelV2.uu_flood")?;
        let forward: bool = field(reader, "BridgeDomainAddDelV2.forward")?;
        let learn: bool = field(reader, "BridgeDomainAddDelV2.learn")?;
        let arp_term: bool = field(reader, "BridgeDomainAddDelV2.arp_term")?;
        let arp_ufwd: bool = field(reader, "BridgeDomainAddDelV2.arp_ufwd")?;
        let mac_age: u8 = field(reader, "BridgeDomainAddDelV2.mac_age")?;
        let bd_tag: FixedString<64> = field(reader, "BridgeDomainAddDelV2.bd_tag")?;
        let is_add: bool = field(reader, "BridgeDomainAddDelV2.is_add")?;
        Ok(BridgeDomainAddDelV2 { bd_id, flood, uu_flood, forward, learn, arp_term, arp_ufwd, mac_age, bd_tag, is_add })
    }
}

impl crate::codec::Message for BridgeDomainAddDelV2 {
    const ID: &'static str = "bridge_domain_add_del_v2_600b7170";
    const NAME: &'static str = "bridge_domain_add_del_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BridgeDomainAddDelV2 {
    type Reply = BridgeDomainAddDelV2Reply;
}

/// VPP's `bridge_domain_add_del_v2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BridgeDomainAddDelV2Reply {
    pub retval: i32,
    pub bd_id: u32,
}

impl Wire for BridgeDomainAddDelV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.bd_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BridgeDomainAddDelV2Reply.retval")?;
        let bd_id: u32 = field(reader, "BridgeDomainAddDelV2Reply.bd_id")?;
        Ok(BridgeDomainAddDelV2Reply { retval, bd_id })
    }
}

impl crate::codec::Message for BridgeDomainAddDelV2Reply {
    const ID: &'static str = "bridge_domain_add_del_v2_reply_fcb1e980";
    const NAME: &'static str = "bridge_domain_add_del_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BridgeDomainAddDelV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `bridge_domain_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BridgeDomainDetails {
    pub bd_id: u32,
    pub flood: bool,
    pub uu_flood: bool,
    pub forward: bool,
    pub learn: bool,
    pub arp_term: bool,
    pub arp_ufwd: bool,
    pub mac_age: u8,
    pub bd_tag: FixedString<64>,
    pub bvi_sw_if_index: types::InterfaceIndex,
    pub uu_fwd_sw_if_index: types::InterfaceIndex,
    pub sw_if_details: Counted<types::BridgeDomainSwIf, u32>,
}

impl Wire for BridgeDomainDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Counted<types::BridgeDomainSwIf, u32> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
        self.flood.put(out);
        self.uu_flood.put(out);
        self.forward.put(out);
        self.learn.put(out);
        self.arp_term.put(out);
        self.arp_ufwd.put(out);
        self.mac_age.put(out);
        self.bd_tag.put(out);
        self.bvi_sw_if_index.put(out);
        self.uu_fwd_sw_if_index.put(out);
        self.sw_if_details.put_count(out);
        self.sw_if_details.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "BridgeDomainDetails.bd_id")?;
        let flood: bool = field(reader, "BridgeDomainDetails.flood")?;
        let uu_flood: bool = field(reader, "BridgeDomainDetails.uu_flood")?;
        let forward: bool = field(reader, "BridgeDomainDetails.forward")?;
        let learn: bool = field(reader, "BridgeDomainDetails.learn")?;
        let arp_term: bool = field(reader, "BridgeDomainDetails.arp_term")?;
        let arp_ufwd: bool = field(reader, "BridgeDomainDetails.arp_ufwd")?;
        let mac_age: u8 = field(reader, "BridgeDomainDetails.mac_age")?;
        let bd_tag: FixedString<64> = field(reader, "BridgeDomainDetails.bd_tag")?;
        let bvi_sw_if_index: types::InterfaceIndex = field(reader, "BridgeDomainDetails.bvi_sw_if_index")?;
        let uu_fwd_sw_if_index: types::InterfaceIndex = field(reader, "BridgeDomainDetails.uu_fwd_sw_if_index")?;
        let n_sw_ifs: u32 = field(reader, "BridgeDomainDetails.n_sw_ifs")?;
        let sw_if_details = Counted::get_items(reader, "BridgeDomainDetails.sw_if_details", n_sw_ifs)?;
        Ok(BridgeDomainDetails { bd_id, flood, uu_flood, forward, learn, arp_term, arp_ufwd, mac_age, bd_tag, bvi_sw_if_index, uu_fwd_sw_if_index, sw_if_details })
    }
}

impl crate::codec::Message for BridgeDomainDetails {
    const ID: &'static str = "bridge_domain_details_0fa506fd";
    const NAME: &'static str = "bridge_domain_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `bridge_domain_dump`, in 23.06-.
///
/// Answered by any number of [`BridgeDomainDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct BridgeDomainDump {
    pub bd_id: u32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Default for BridgeDomainDump {
    fn default() -> Self {
        BridgeDomainDump {
            bd_id: 4294967295,
            sw_if_index: 4294967295,
        }
    }
}

impl Wire for BridgeDomainDump {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "BridgeDomainDump.bd_id")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "BridgeDomainDump.sw_if_index")?;
        Ok(BridgeDomainDump { bd_id, sw_if_index })
    }
}

impl crate::codec::Message for BridgeDomainDump {
    const ID: &'static str = "bridge_domain_dump_74396a43";
    const NAME: &'static str = "bridge_domain_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for BridgeDomainDump {
    type Details = BridgeDomainDetails;
}

/// VPP's `l2_fib_table_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2FibTableDetails {
    pub bd_id: u32,
    pub mac: types::MacAddress,
    pub sw_if_index: types::InterfaceIndex,
    pub static_mac: bool,
    pub filter_mac: bool,
    pub bvi_mac: bool,
}

impl Wire for L2FibTableDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
        self.mac.put(out);
        self.sw_if_index.put(out);
        self.static_mac.put(out);
        self.filter_mac.put(out);
        self.bvi_mac.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "L2FibTableDetails.bd_id")?;
        let mac: types::MacAddress = field(reader, "L2FibTableDetails.mac")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "L2FibTableDetails.sw_if_index")?;
        let static_mac: bool = field(reader, "L2FibTableDetails.static_mac")?;
        let filter_mac: bool = field(reader, "L2FibTableDetails.filter_mac")?;
        let bvi_mac: bool = field(reader, "L2FibTableDetails.bvi_mac")?;
        Ok(L2FibTableDetails { bd_id, mac, sw_if_index, static_mac, filter_mac, bvi_mac })
    }
}

impl crate::codec::Message for L2FibTableDetails {
    const ID: &'static str = "l2_fib_table_details_a44ef6b8";
    const NAME: &'static str = "l2_fib_table_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `l2_fib_table_dump`, in 23.06-.
///
/// Answered by any number of [`L2FibTableDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2FibTableDump {
    pub bd_id: u32,
}

impl Wire for L2FibTableDump {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "L2FibTableDump.bd_id")?;
        Ok(L2FibTableDump { bd_id })
    }
}

impl crate::codec::Message for L2FibTableDump {
    const ID: &'static str = "l2_fib_table_dump_c25fdce6";
    const NAME: &'static str = "l2_fib_table_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for L2FibTableDump {
    type Details = L2FibTableDetails;
}

/// VPP's `l2_interface_vlan_tag_rewrite`, in 23.06-.
///
/// Answered by [`L2InterfaceVlanTagRewriteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2InterfaceVlanTagRewrite {
    pub sw_if_index: types::InterfaceIndex,
    pub vtr_op: u32,
    pub push_dot1q: u32,
    pub tag1: u32,
    pub tag2: u32,
}

impl Wire for L2InterfaceVlanTagRewrite {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.vtr_op.put(out);
        self.push_dot1q.put(out);
        self.tag1.put(out);
        self.tag2.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "L2InterfaceVlanTagRewrite.sw_if_index")?;
        let vtr_op: u32 = field(reader, "L2InterfaceVlanTagRewrite.vtr_op")?;
        let push_dot1q: u32 = field(reader, "L2InterfaceVlanTagRewrite.push_dot1q")?;
        let tag1: u32 = field(reader, "L2InterfaceVlanTagRewrite.tag1")?;
        let tag2: u32 = field(reader, "L2InterfaceVlanTagRewrite.tag2")?;
        Ok(L2InterfaceVlanTagRewrite { sw_if_index, vtr_op, push_dot1q, tag1, tag2 })
    }
}

impl crate::codec::Message for L2InterfaceVlanTagRewrite {
    const ID: &'static str = "l2_interface_vlan_tag_rewrite_62cc0bbc";
    const NAME: &'static str = "l2_interface_vlan_tag_rewrite";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for L2InterfaceVlanTagRewrite {
    type Reply = L2InterfaceVlanTagRewriteReply;
}

/// VPP's `l2_interface_vlan_tag_rewrite_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2InterfaceVlanTagRewriteReply {
    pub retval: i32,
}

impl Wire for L2InterfaceVlanTagRewriteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "L2InterfaceVlanTagRewriteReply.retval")?;
        Ok(L2InterfaceVlanTagRewriteReply { retval })
    }
}

impl crate::codec::Message for L2InterfaceVlanTagRewriteReply {
    const ID: &'static str = "l2_interface_vlan_tag_rewrite_reply_e8d4e804";
    const NAME: &'static str = "l2_interface_vlan_tag_rewrite_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for L2InterfaceVlanTagRewriteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `l2_xconnect_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2XconnectDetails {
    pub rx_sw_if_index: types::InterfaceIndex,
    pub tx_sw_if_index: types::InterfaceIndex,
}

impl Wire for L2XconnectDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.rx_sw_if_index.put(out);
        self.tx_sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let rx_sw_if_index: types::InterfaceIndex = field(reader, "L2XconnectDetails.rx_sw_if_index")?;
        let tx_sw_if_index: types::InterfaceIndex = field(reader, "L2XconnectDetails.tx_sw_if_index")?;
        Ok(L2XconnectDetails { rx_sw_if_index, tx_sw_if_index })
    }
}

impl crate::codec::Message for L2XconnectDetails {
    const ID: &'static str = "l2_xconnect_details_472b6b67";
    const NAME: &'static str = "l2_xconnect_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `l2_xconnect_dump`, in 23.06-.
///
/// Answered by any number of [`L2XconnectDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2XconnectDump {}

impl Wire for L2XconnectDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(L2XconnectDump {})
    }
}

impl crate::codec::Message for L2XconnectDump {
    const ID: &'static str = "l2_xconnect_dump_51077d14";
    const NAME: &'static str = "l2_xconnect_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for L2XconnectDump {
    type Details = L2XconnectDetails;
}

/// VPP's `l2fib_add_del`, in 23.06-.
///
/// Answered by [`L2fibAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct L2fibAddDel {
    pub mac: types::MacAddress,
    pub bd_id: u32,
    pub sw_if_index: types::InterfaceIndex,
    pub is_add: bool,
    pub static_mac: bool,
    pub filter_mac: bool,
    pub bvi_mac: bool,
}

impl Default for L2fibAddDel {
    fn default() -> Self {
        L2fibAddDel {
            mac: Default::default(),
            bd_id: Default::default(),
            sw_if_index: Default::default(),
            is_add: true,
            static_mac: Default::default(),
            filter_mac: Default::default(),
            bvi_mac: Default::default(),
        }
    }
}

impl Wire for L2fibAddDel {
    const MIN_SIZE: usize = <types::MacAddress as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.mac.put(out);
        self.bd_id.put(out);
        self.sw_if_index.put(out);
        self.is_add.put(out);
        self.static_mac.put(out);
        self.filter_mac.put(out);
        self.bvi_mac.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mac: types::MacAddress = field(reader, "L2fibAddDel.mac")?;
        let bd_id: u32 = field(reader, "L2fibAddDel.bd_id")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "L2fibAddDel.sw_if_index")?;
        let is_add: bool = field(reader, "L2fibAddDel.is_add")?;
        let static_mac: bool = field(reader, "L2fibAddDel.static_mac")?;
        let filter_mac: bool = field(reader, "L2fibAddDel.filter_mac")?;
        let bvi_mac: bool = field(reader, "L2fibAddDel.bvi_mac")?;
        Ok(L2fibAddDel { mac, bd_id, sw_if_index, is_add, static_mac, filter_mac, bvi_mac })
    }
}

impl crate::codec::Message for L2fibAddDel {
    const ID: &'static str = "l2fib_add_del_eddda487";
    const NAME: &'static str = "l2fib_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for L2fibAddDel {
    type Reply = L2fibAddDelReply;
}

/// VPP's `l2fib_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct L2fibAddDelReply {
    pub retval: i32,
}

impl Wire for L2fibAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "L2fibAddDelReply.retval")?;
        Ok(L2fibAddDelReply { retval })
    }
}

impl crate::codec::Message for L2fibAddDelReply {
    const ID: &'static str = "l2fib_add_del_reply_e8d4e804";
    const NAME: &'static str = "l2fib_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for L2fibAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_l2_bridge`, in 23.06-.
///
/// Answered by [`SwInterfaceSetL2BridgeReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct SwInterfaceSetL2Bridge {
    pub rx_sw_if_index: types::InterfaceIndex,
    pub bd_id: u32,
    pub port_type: types::L2PortType,
    pub shg: u8,
    pub enable: bool,
}

impl Default for SwInterfaceSetL2Bridge {
    fn default() -> Self {
        SwInterfaceSetL2Bridge {
            rx_sw_if_index: Default::default(),
            bd_id: Default::default(),
            port_type: Default::default(),
            shg: Default::default(),
            enable: true,
        }
    }
}

impl Wire for SwInterfaceSetL2Bridge {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::L2PortType as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.rx_sw_if_index.put(out);
        self.bd_id.put(out);
        self.port_type.put(out);
        self.shg.put(out);
        self.enable.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let rx_sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetL2Bridge.rx_sw_if_index")?;
        let bd_id: u32 = field(reader, "SwInterfaceSetL2Bridge.bd_id")?;
        let port_type: types::L2PortType = field(reader, "SwInterfaceSetL2Bridge.port_type")?;
        let shg: u8 = field(reader, "SwInterfaceSetL2Bridge.shg")?;
        let enable: bool = field(reader, "SwInterfaceSetL2Bridge.enable")?;
        Ok(SwInterfaceSetL2Bridge { rx_sw_if_index, bd_id, port_type, shg, enable })
    }
}

impl crate::codec::Message for SwInterfaceSetL2Bridge {
    const ID: &'static str = "sw_interface_set_l2_bridge_d0678b13";
    const NAME: &'static str = "sw_interface_set_l2_bridge";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetL2Bridge {
    type Reply = SwInterfaceSetL2BridgeReply;
}

/// VPP's `sw_interface_set_l2_bridge_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetL2BridgeReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetL2BridgeReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetL2BridgeReply.retval")?;
        Ok(SwInterfaceSetL2BridgeReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetL2BridgeReply {
    const ID: &'static str = "sw_interface_set_l2_bridge_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_l2_bridge_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetL2BridgeReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_l2_xconnect`, in 23.06-.
///
/// Answered by [`SwInterfaceSetL2XconnectReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct SwInterfaceSetL2Xconnect {
    pub rx_sw_if_index: types::InterfaceIndex,
    pub tx_sw_if_index: types::InterfaceIndex,
    pub enable: bool,
}

impl Default for SwInterfaceSetL2Xconnect {
    fn default() -> Self {
        SwInterfaceSetL2Xconnect {
            rx_sw_if_index: Default::default(),
            tx_sw_if_index: Default::default(),
            enable: true,
        }
    }
}

impl Wire for SwInterfaceSetL2Xconnect {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.rx_sw_if_index.put(out);
        self.tx_sw_if_index.put(out);
        self.enable.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let rx_sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetL2Xconnect.rx_sw_if_index")?;
        let tx_sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetL2Xconnect.tx_sw_if_index")?;
        let enable: bool = field(reader, "SwInterfaceSetL2Xconnect.enable")?;
        Ok(SwInterfaceSetL2Xconnect { rx_sw_if_index, tx_sw_if_index, enable })
    }
}

impl crate::codec::Message for SwInterfaceSetL2Xconnect {
    const ID: &'static str = "sw_interface_set_l2_xconnect_4fa28a85";
    const NAME: &'static str = "sw_interface_set_l2_xconnect";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetL2Xconnect {
    type Reply = SwInterfaceSetL2XconnectReply;
}

/// VPP's `sw_interface_set_l2_xconnect_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetL2XconnectReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetL2XconnectReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetL2XconnectReply.retval")?;
        Ok(SwInterfaceSetL2XconnectReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetL2XconnectReply {
    const ID: &'static str = "sw_interface_set_l2_xconnect_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_l2_xconnect_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetL2XconnectReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

