//! Messages of VPP's module `ip`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `ip_address_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpAddressDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub prefix: types::AddressWithPrefix,
}

impl Wire for IpAddressDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::AddressWithPrefix as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.prefix.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpAddressDetails.sw_if_index")?;
        let prefix: types::AddressWithPrefix = field(reader, "IpAddressDetails.prefix")?;
        Ok(IpAddressDetails { sw_if_index, prefix })
    }
}

impl crate::codec::Message for IpAddressDetails {
    const ID: &'static str = "ip_address_details_ee29b797";
    const NAME: &'static str = "ip_address_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ip_address_dump`, in 23.06-.
///
/// Answered by any number of [`IpAddressDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpAddressDump {
    pub sw_if_index: types::InterfaceIndex,
    pub is_ipv6: bool,
}

impl Wire for IpAddressDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.is_ipv6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpAddressDump.sw_if_index")?;
        let is_ipv6: bool = field(reader, "IpAddressDump.is_ipv6")?;
        Ok(IpAddressDump { sw_if_index, is_ipv6 })
    }
}

impl crate::codec::Message for IpAddressDump {
    const ID: &'static str = "ip_address_dump_2d033de4";
    const NAME: &'static str = "ip_address_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpAddressDump {
    type Details = IpAddressDetails;
}

/// VPP's `ip_route_add_del`, in 23.06-.
///
/// Answered by [`IpRouteAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct IpRouteAddDel {
    pub is_add: bool,
    pub is_multipath: bool,
    pub route: types::IpRoute,
}

impl Default for IpRouteAddDel {
    fn default() -> Self {
        IpRouteAddDel {
            is_add: true,
            is_multipath: Default::default(),
            route: Default::default(),
        }
    }
}

impl Wire for IpRouteAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::IpRoute as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.is_multipath.put(out);
        self.route.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "IpRouteAddDel.is_add")?;
        let is_multipath: bool = field(reader, "IpRouteAddDel.is_multipath")?;
        let route: types::IpRoute = field(reader, "IpRouteAddDel.route")?;
        Ok(IpRouteAddDel { is_add, is_multipath, route })
    }
}

impl crate::codec::Message for IpRouteAddDel {
    const ID: &'static str = "ip_route_add_del_b8ecfe0d";
    const NAME: &'static str = "ip_route_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpRouteAddDel {
    type Reply = IpRouteAddDelReply;
}

/// VPP's `ip_route_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpRouteAddDelReply {
    pub retval: i32,
    pub stats_index: u32,
}

impl Wire for IpRouteAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.stats_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpRouteAddDelReply.retval")?;
        let stats_index: u32 = field(reader, "IpRouteAddDelReply.stats_index")?;
        Ok(IpRouteAddDelReply { retval, stats_index })
    }
}

impl crate::codec::Message for IpRouteAddDelReply {
    const ID: &'static str = "ip_route_add_del_reply_1992deab";
    const NAME: &'static str = "ip_route_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpRouteAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_route_add_del_v2`, in 23.06- (in progress at the end).
///
/// Answered by [`IpRouteAddDelV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct IpRouteAddDelV2 {
    pub is_add: bool,
    pub is_multipath: bool,
    pub route: types::IpRouteV2,
}

impl Default for IpRouteAddDelV2 {
    fn default() -> Self {
        IpRouteAddDelV2 {
            is_add: true,
            is_multipath: Default::default(),
            route: Default::default(),
        }
    }
}

impl Wire for IpRouteAddDelV2 {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::IpRouteV2 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.is_multipath.put(out);
        self.route.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "IpRouteAddDelV2.is_add")?;
        let is_multipath: bool = field(reader, "IpRouteAddDelV2.is_multipath")?;
        let route: types::IpRouteV2 = field(reader, "IpRouteAddDelV2.route")?;
        Ok(IpRouteAddDelV2 { is_add, is_multipath, route })
    }
}

impl crate::codec::Message for IpRouteAddDelV2 {
    const ID: &'static str = "ip_route_add_del_v2_521ef330";
    const NAME: &'static str = "ip_route_add_del_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpRouteAddDelV2 {
    type Reply = IpRouteAddDelV2Reply;
}

/// VPP's `ip_route_add_del_v2_reply`, in 23.06- (in progress at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpRouteAddDelV2Reply {
    pub retval: i32,
    pub stats_index: u32,
}

impl Wire for IpRouteAddDelV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.stats_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpRouteAddDelV2Reply.retval")?;
        let stats_index: u32 = field(reader, "IpRouteAddDelV2Reply.stats_index")?;
        Ok(IpRouteAddDelV2Reply { retval, stats_index })
    }
}

impl crate::codec::Message for IpRouteAddDelV2Reply {
    const ID: &'static str = "ip_route_add_del_v2_reply_1992deab";
    const NAME: &'static str = "ip_route_add_del_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpRouteAddDelV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_route_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpRouteDetails {
    pub route: types::IpRoute,
}

impl Wire for IpRouteDetails {
    const MIN_SIZE: usize = <types::IpRoute as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.route.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let route: types::IpRoute = field(reader, "IpRouteDetails.route")?;
        Ok(IpRouteDetails { route })
    }
}

impl crate::codec::Message for IpRouteDetails {
    const ID: &'static str = "ip_route_details_bda8f315";
    const NAME: &'static str = "ip_route_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ip_route_dump`, in 23.06-.
///
/// Answered by any number of [`IpRouteDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpRouteDump {
    pub table: types::IpTable,
}

impl Wire for IpRouteDump {
    const MIN_SIZE: usize = <types::IpTable as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table: types::IpTable = field(reader, "IpRouteDump.table")?;
        Ok(IpRouteDump { table })
    }
}

impl crate::codec::Message for IpRouteDump {
    const ID: &'static str = "ip_route_dump_b9d2e09e";
    const NAME: &'static str = "ip_route_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpRouteDump {
    type Details = IpRouteDetails;
}

/// VPP's `ip_route_v2_details`, in 23.06- (in progress at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpRouteV2Details {
    pub route: types::IpRouteV2,
}

impl Wire for IpRouteV2Details {
    const MIN_SIZE: usize = <types::IpRouteV2 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.route.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let route: types::IpRouteV2 = field(reader, "IpRouteV2Details.route")?;
        Ok(IpRouteV2Details { route })
    }
}

impl crate::codec::Message for IpRouteV2Details {
    const ID: &'static str = "ip_route_v2_details_b09aa6c0";
    const NAME: &'static str = "ip_route_v2_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ip_route_v2_dump`, in 23.06- (in progress at the end).
///
/// Answered by any number of [`IpRouteV2Details`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpRouteV2Dump {
    pub src: u8,
    pub table: types::IpTable,
}

impl Wire for IpRouteV2Dump {
    const MIN_SIZE: usize = <u8 as Wire>::MIN_SIZE
        + <types::IpTable as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.src.put(out);
        self.table.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let src: u8 = field(reader, "IpRouteV2Dump.src")?;
        let table: types::IpTable = field(reader, "IpRouteV2Dump.table")?;
        Ok(IpRouteV2Dump { src, table })
    }
}

impl crate::codec::Message for IpRouteV2Dump {
    const ID: &'static str = "ip_route_v2_dump_d16f72e6";
    const NAME: &'static str = "ip_route_v2_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpRouteV2Dump {
    type Details = IpRouteV2Details;
}

/// VPP's `ip_table_add_del`, in 23.06-.
///
/// Answered by [`IpTableAddDelReply`].
#[derive(Clone, Debug, PartialEq)]
pub struct IpTableAddDel {
    pub is_add: bool,
    pub table: types::IpTable,
}

impl Default for IpTableAddDel {
    fn default() -> Self {
        IpTableAddDel {
            is_add: true,
            table: Default::default(),
        }
    }
}

impl Wire for IpTableAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::IpTable as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.table.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "IpTableAddDel.is_add")?;
        let table: types::IpTable = field(reader, "IpTableAddDel.table")?;
        Ok(IpTableAddDel { is_add, table })
    }
}

impl crate::codec::Message for IpTableAddDel {
    const ID: &'static str = "ip_table_add_del_0ffdaec0";
    const NAME: &'static str = "ip_table_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpTableAddDel {
    type Reply = IpTableAddDelReply;
}

/// VPP's `ip_table_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpTableAddDelReply {
    pub retval: i32,
}

impl Wire for IpTableAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpTableAddDelReply.retval")?;
        Ok(IpTableAddDelReply { retval })
    }
}

impl crate::codec::Message for IpTableAddDelReply {
    const ID: &'static str = "ip_table_add_del_reply_e8d4e804";
    const NAME: &'static str = "ip_table_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpTableAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_table_add_del_v2`, in 24.10-.
///
/// Answered by [`IpTableAddDelV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct IpTableAddDelV2 {
    pub table: types::IpTable,
    pub create_mfib: bool,
    pub is_add: bool,
}

impl Default for IpTableAddDelV2 {
    fn default() -> Self {
        IpTableAddDelV2 {
            table: Default::default(),
            create_mfib: true,
            is_add: true,
        }
    }
}

impl Wire for IpTableAddDelV2 {
    const MIN_SIZE: usize = <types::IpTable as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table.put(out);
        self.create_mfib.put(out);
        self.is_add.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table: types::IpTable = field(reader, "IpTableAddDelV2.table")?;
        let create_mfib: bool = field(reader, "IpTableAddDelV2.create_mfib")?;
        let is_add: bool = field(reader, "IpTableAddDelV2.is_add")?;
        Ok(IpTableAddDelV2 { table, create_mfib, is_add })
    }
}

impl crate::codec::Message for IpTableAddDelV2 {
    const ID: &'static str = "ip_table_add_del_v2_14e5081f";
    const NAME: &'static str = "ip_table_add_del_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpTableAddDelV2 {
    type Reply = IpTableAddDelV2Reply;
}

/// VPP's `ip_table_add_del_v2_reply`, in 24.10-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpTableAddDelV2Reply {
    pub retval: i32,
}

impl Wire for IpTableAddDelV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpTableAddDelV2Reply.retval")?;
        Ok(IpTableAddDelV2Reply { retval })
    }
}

impl crate::codec::Message for IpTableAddDelV2Reply {
    const ID: &'static str = "ip_table_add_del_v2_reply_e8d4e804";
    const NAME: &'static str = "ip_table_add_del_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpTableAddDelV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_table_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpTableDetails {
    pub table: types::IpTable,
}

impl Wire for IpTableDetails {
    const MIN_SIZE: usize = <types::IpTable as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table: types::IpTable = field(reader, "IpTableDetails.table")?;
        Ok(IpTableDetails { table })
    }
}

impl crate::codec::Message for IpTableDetails {
    const ID: &'static str = "ip_table_details_c79fca0f";
    const NAME: &'static str = "ip_table_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ip_table_dump`, in 23.06-.
///
/// Answered by any number of [`IpTableDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpTableDump {}

impl Wire for IpTableDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(IpTableDump {})
    }
}

impl crate::codec::Message for IpTableDump {
    const ID: &'static str = "ip_table_dump_51077d14";
    const NAME: &'static str = "ip_table_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpTableDump {
    type Details = IpTableDetails;
}

/// VPP's `ip_unnumbered_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpUnnumberedDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub ip_sw_if_index: types::InterfaceIndex,
}

impl Wire for IpUnnumberedDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.ip_sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpUnnumberedDetails.sw_if_index")?;
        let ip_sw_if_index: types::InterfaceIndex = field(reader, "IpUnnumberedDetails.ip_sw_if_index")?;
        Ok(IpUnnumberedDetails { sw_if_index, ip_sw_if_index })
    }
}

impl crate::codec::Message for IpUnnumberedDetails {
    const ID: &'static str = "ip_unnumbered_details_cc59bd42";
    const NAME: &'static str = "ip_unnumbered_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ip_unnumbered_dump`, in 23.06-.
///
/// Answered by any number of [`IpUnnumberedDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct IpUnnumberedDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Default for IpUnnumberedDump {
    fn default() -> Self {
        IpUnnumberedDump {
            sw_if_index: 4294967295,
        }
    }
}

impl Wire for IpUnnumberedDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpUnnumberedDump.sw_if_index")?;
        Ok(IpUnnumberedDump { sw_if_index })
    }
}

impl crate::codec::Message for IpUnnumberedDump {
    const ID: &'static str = "ip_unnumbered_dump_f9e6675e";
    const NAME: &'static str = "ip_unnumbered_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpUnnumberedDump {
    type Details = IpUnnumberedDetails;
}

/// VPP's `set_ip_flow_hash_v2`, in 23.06-.
///
/// Answered by [`SetIpFlowHashV2Reply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SetIpFlowHashV2 {
    pub table_id: u32,
    pub af: types::AddressFamily,
    pub flow_hash_config: types::IpFlowHashConfig,
}

impl Wire for SetIpFlowHashV2 {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <types::AddressFamily as Wire>::MIN_SIZE
        + <types::IpFlowHashConfig as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table_id.put(out);
        self.af.put(out);
        self.flow_hash_config.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table_id: u32 = field(reader, "SetIpFlowHashV2.table_id")?;
        let af: types::AddressFamily = field(reader, "SetIpFlowHashV2.af")?;
        let flow_hash_config: types::IpFlowHashConfig = field(reader, "SetIpFlowHashV2.flow_hash_config")?;
        Ok(SetIpFlowHashV2 { table_id, af, flow_hash_config })
    }
}

impl crate::codec::Message for SetIpFlowHashV2 {
    const ID: &'static str = "set_ip_flow_hash_v2_6d132100";
    const NAME: &'static str = "set_ip_flow_hash_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SetIpFlowHashV2 {
    type Reply = SetIpFlowHashV2Reply;
}

/// VPP's `set_ip_flow_hash_v2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SetIpFlowHashV2Reply {
    pub retval: i32,
}

impl Wire for SetIpFlowHashV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SetIpFlowHashV2Reply.retval")?;
        Ok(SetIpFlowHashV2Reply { retval })
    }
}

impl crate::codec::Message for SetIpFlowHashV2Reply {
    const ID: &'static str = "set_ip_flow_hash_v2_reply_e8d4e804";
    const NAME: &'static str = "set_ip_flow_hash_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SetIpFlowHashV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

