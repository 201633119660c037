//! Messages of VPP's module `interface`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `create_loopback`, in 23.06-.
///
/// Answered by [`CreateLoopbackReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CreateLoopback {
    pub mac_address: types::MacAddress,
}

impl Wire for CreateLoopback {
    const MIN_SIZE: usize = <types::MacAddress as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.mac_address.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mac_address: types::MacAddress = field(reader, "CreateLoopback.mac_address")?;
        Ok(CreateLoopback { mac_address })
    }
}

impl crate::codec::Message for CreateLoopback {
    const ID: &'static str = "create_loopback_42bb5d22";
    const NAME: &'static str = "create_loopback";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for CreateLoopback {
    type Reply = CreateLoopbackReply;
}

/// VPP's `create_loopback_instance`, in 23.06-.
///
/// Answered by [`CreateLoopbackInstanceReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CreateLoopbackInstance {
    pub mac_address: types::MacAddress,
    pub is_specified: bool,
    pub user_instance: u32,
}

impl Wire for CreateLoopbackInstance {
    const MIN_SIZE: usize = <types::MacAddress as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.mac_address.put(out);
        self.is_specified.put(out);
        self.user_instance.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mac_address: types::MacAddress = field(reader, "CreateLoopbackInstance.mac_address")?;
        let is_specified: bool = field(reader, "CreateLoopbackInstance.is_specified")?;
        let user_instance: u32 = field(reader, "CreateLoopbackInstance.user_instance")?;
        Ok(CreateLoopbackInstance { mac_address, is_specified, user_instance })
    }
}

impl crate::codec::Message for CreateLoopbackInstance {
    const ID: &'static str = "create_loopback_instance_d36a3ee2";
    const NAME: &'static str = "create_loopback_instance";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for CreateLoopbackInstance {
    type Reply = CreateLoopbackInstanceReply;
}

/// VPP's `create_loopback_instance_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CreateLoopbackInstanceReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for CreateLoopbackInstanceReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "CreateLoopbackInstanceReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "CreateLoopbackInstanceReply.sw_if_index")?;
        Ok(CreateLoopbackInstanceReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for CreateLoopbackInstanceReply {
    const ID: &'static str = "create_loopback_instance_reply_5383d31f";
    const NAME: &'static str = "create_loopback_instance_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for CreateLoopbackInstanceReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `create_loopback_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CreateLoopbackReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for CreateLoopbackReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "CreateLoopbackReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "CreateLoopbackReply.sw_if_index")?;
        Ok(CreateLoopbackReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for CreateLoopbackReply {
    const ID: &'static str = "create_loopback_reply_5383d31f";
    const NAME: &'static str = "create_loopback_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for CreateLoopbackReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `create_vlan_subif`, in 23.06-.
///
/// Answered by [`CreateVlanSubifReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CreateVlanSubif {
    pub sw_if_index: types::InterfaceIndex,
    pub vlan_id: u32,
}

impl Wire for CreateVlanSubif {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.vlan_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "CreateVlanSubif.sw_if_index")?;
        let vlan_id: u32 = field(reader, "CreateVlanSubif.vlan_id")?;
        Ok(CreateVlanSubif { sw_if_index, vlan_id })
    }
}

impl crate::codec::Message for CreateVlanSubif {
    const ID: &'static str = "create_vlan_subif_af34ac8b";
    const NAME: &'static str = "create_vlan_subif";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for CreateVlanSubif {
    type Reply = CreateVlanSubifReply;
}

/// VPP's `create_vlan_subif_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CreateVlanSubifReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for CreateVlanSubifReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "CreateVlanSubifReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "CreateVlanSubifReply.sw_if_index")?;
        Ok(CreateVlanSubifReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for CreateVlanSubifReply {
    const ID: &'static str = "create_vlan_subif_reply_5383d31f";
    const NAME: &'static str = "create_vlan_subif_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for CreateVlanSubifReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `delete_loopback`, in 23.06-.
///
/// Answered by [`DeleteLoopbackReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DeleteLoopback {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for DeleteLoopback {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "DeleteLoopback.sw_if_index")?;
        Ok(DeleteLoopback { sw_if_index })
    }
}

impl crate::codec::Message for DeleteLoopback {
    const ID: &'static str = "delete_loopback_f9e6675e";
    const NAME: &'static str = "delete_loopback";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for DeleteLoopback {
    type Reply = DeleteLoopbackReply;
}

/// VPP's `delete_loopback_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DeleteLoopbackReply {
    pub retval: i32,
}

impl Wire for DeleteLoopbackReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "DeleteLoopbackReply.retval")?;
        Ok(DeleteLoopbackReply { retval })
    }
}

impl crate::codec::Message for DeleteLoopbackReply {
    const ID: &'static str = "delete_loopback_reply_e8d4e804";
    const NAME: &'static str = "delete_loopback_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for DeleteLoopbackReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `delete_subif`, in 23.06-.
///
/// Answered by [`DeleteSubifReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DeleteSubif {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for DeleteSubif {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "DeleteSubif.sw_if_index")?;
        Ok(DeleteSubif { sw_if_index })
    }
}

impl crate::codec::Message for DeleteSubif {
    const ID: &'static str = "delete_subif_f9e6675e";
    const NAME: &'static str = "delete_subif";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for DeleteSubif {
    type Reply = DeleteSubifReply;
}

/// VPP's `delete_subif_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DeleteSubifReply {
    pub retval: i32,
}

impl Wire for DeleteSubifReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "DeleteSubifReply.retval")?;
        Ok(DeleteSubifReply { retval })
    }
}

impl crate::codec::Message for DeleteSubifReply {
    const ID: &'static str = "delete_subif_reply_e8d4e804";
    const NAME: &'static str = "delete_subif_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for DeleteSubifReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `hw_interface_set_mtu`, in 23.06-.
///
/// Answered by [`HwInterfaceSetMtuReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct HwInterfaceSetMtu {
    pub sw_if_index: types::InterfaceIndex,
    pub mtu: u16,
}

impl Wire for HwInterfaceSetMtu {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.mtu.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "HwInterfaceSetMtu.sw_if_index")?;
        let mtu: u16 = field(reader, "HwInterfaceSetMtu.mtu")?;
        Ok(HwInterfaceSetMtu { sw_if_index, mtu })
    }
}

impl crate::codec::Message for HwInterfaceSetMtu {
    const ID: &'static str = "hw_interface_set_mtu_e6746899";
    const NAME: &'static str = "hw_interface_set_mtu";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for HwInterfaceSetMtu {
    type Reply = HwInterfaceSetMtuReply;
}

/// VPP's `hw_interface_set_mtu_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct HwInterfaceSetMtuReply {
    pub retval: i32,
}

impl Wire for HwInterfaceSetMtuReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "HwInterfaceSetMtuReply.retval")?;
        Ok(HwInterfaceSetMtuReply { retval })
    }
}

impl crate::codec::Message for HwInterfaceSetMtuReply {
    const ID: &'static str = "hw_interface_set_mtu_reply_e8d4e804";
    const NAME: &'static str = "hw_interface_set_mtu_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for HwInterfaceSetMtuReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_add_del_address`, in 23.06-.
///
/// Answered by [`SwInterfaceAddDelAddressReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceAddDelAddress {
    pub sw_if_index: types::InterfaceIndex,
    pub is_add: bool,
    pub del_all: bool,
    pub prefix: types::AddressWithPrefix,
}

impl Wire for SwInterfaceAddDelAddress {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::AddressWithPrefix as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.is_add.put(out);
        self.del_all.put(out);
        self.prefix.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceAddDelAddress.sw_if_index")?;
        let is_add: bool = field(reader, "SwInterfaceAddDelAddress.is_add")?;
        let del_all: bool = field(reader, "SwInterfaceAddDelAddress.del_all")?;
        let prefix: types::AddressWithPrefix = field(reader, "SwInterfaceAddDelAddress.prefix")?;
        Ok(SwInterfaceAddDelAddress { sw_if_index, is_add, del_all, prefix })
    }
}

impl crate::codec::Message for SwInterfaceAddDelAddress {
    const ID: &'static str = "sw_interface_add_del_address_5463d73b";
    const NAME: &'static str = "sw_interface_add_del_address";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceAddDelAddress {
    type Reply = SwInterfaceAddDelAddressReply;
}

/// VPP's `sw_interface_add_del_address_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceAddDelAddressReply {
    pub retval: i32,
}

impl Wire for SwInterfaceAddDelAddressReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceAddDelAddressReply.retval")?;
        Ok(SwInterfaceAddDelAddressReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceAddDelAddressReply {
    const ID: &'static str = "sw_interface_add_del_address_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_add_del_address_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceAddDelAddressReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub sup_sw_if_index: u32,
    pub l2_address: types::MacAddress,
    pub flags: types::IfStatusFlags,
    pub type_: types::IfType,
    pub link_duplex: types::LinkDuplex,
    pub link_speed: u32,
    pub link_mtu: u16,
    pub mtu: [u32; 4],
    pub sub_id: u32,
    pub sub_number_of_tags: u8,
    pub sub_outer_vlan_id: u16,
    pub sub_inner_vlan_id: u16,
    pub sub_if_flags: types::SubIfFlags,
    pub vtr_op: u32,
    pub vtr_push_dot1q: u32,
    pub vtr_tag1: u32,
    pub vtr_tag2: u32,
    pub outer_tag: u16,
    pub b_dmac: types::MacAddress,
    pub b_smac: types::MacAddress,
    pub b_vlanid: u16,
    pub i_sid: u32,
    pub interface_name: FixedString<64>,
    pub interface_dev_type: FixedString<64>,
    pub tag: FixedString<64>,
}

impl Wire for SwInterfaceDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <types::IfStatusFlags as Wire>::MIN_SIZE
        + <types::IfType as Wire>::MIN_SIZE
        + <types::LinkDuplex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <[u32; 4] as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::SubIfFlags as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.sup_sw_if_index.put(out);
        self.l2_address.put(out);
        self.flags.put(out);
        self.type_.put(out);
        self.link_duplex.put(out);
        self.link_speed.put(out);
        self.link_mtu.put(out);
        self.mtu.put(out);
        self.sub_id.put(out);
        self.sub_number_of_tags.put(out);
        self.sub_outer_vlan_id.put(out);
        self.sub_inner_vlan_id.put(out);
        self.sub_if_flags.put(out);
        self.vtr_op.put(out);
        self.vtr_push_dot1q.put(out);
        self.vtr_tag1.put(out);
        self.vtr_tag2.put(out);
        self.outer_tag.put(out);
        self.b_dmac.put(out);
        self.b_smac.put(out);
        self.b_vlanid.put(out);
        self.i_sid.put(out);
        self.interface_name.put(out);
        self.interface_dev_type.put(out);
        self.tag.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceDetails.sw_if_index")?;
        let sup_sw_if_index: u32 = field(reader, "SwInterfaceDetails.sup_sw_if_index")?;
        let l2_address: types::MacAddress = field(reader, "SwInterfaceDetails.l2_address")?;
        let flags: types::IfStatusFlags = field(reader, "SwInterfaceDetails.flags")?;
        let type_: types::IfType = field(reader, "SwInterfaceDetails.type_")?;
        let link_duplex: types::LinkDuplex = field(reader, "SwInterfaceDetails.link_duplex")?;
        let link_speed: u32 = field(reader, "SwInterfaceDetails.link_speed")?;
        let link_mtu: u16 = field(reader, "SwInterfaceDetails.link_mtu")?;
        let mtu: [u32; 4] = field(reader, "SwInterfaceDetails.mtu")?;
        let sub_id: u32 = field(reader, "SwInterfaceDetails.sub_id")?;
        let sub_number_of_tags: u8 = field(reader, "SwInterfaceDetails.sub_number_of_tags")?;
        let sub_outer_vlan_id: u16 = field(reader, "SwInterfaceDetails.sub_outer_vlan_id")?;
        let sub_inner_vlan_id: u16 = field(reader, "SwInterfaceDetails.sub_inner_vlan_id")?;
        let sub_if_flags: types::SubIfFlags = field(reader, "SwInterfaceDetails.sub_if_flags")?;
        let vtr_op: u32 = field(reader, "SwInterfaceDetails.vtr_op")?;
        let vtr_push_dot1q: u32 = field(reader, "SwInterfaceDetails.vtr_push_dot1q")?;
        let vtr_tag1: u32 = field(reader, "SwInterfaceDetails.vtr_tag1")?;
        let vtr_tag2: u32 = field(reader, "SwInterfaceDetails.vtr_tag2")?;
        let outer_tag: u16 = field(reader, "SwInterfaceDetails.outer_tag")?;
        let b_dmac: types::MacAddress = field(reader, "SwInterfaceDetails.b_dmac")?;
        let b_smac: types::MacAddress = field(reader, "SwInterfaceDetails.b_smac")?;
        let b_vlanid: u16 = field(reader, "SwInterfaceDetails.b_vlanid")?;
        let i_sid: u32 = field(reader, "SwInterfaceDetails.i_sid")?;
        let interface_name: FixedString<64> = field(reader, "SwInterfaceDetails.interface_name")?;
        let interface_dev_type: FixedString<64> = field(reader, "SwInterfaceDetails.interface_dev_type")?;
        let tag: FixedString<64> = field(reader, "SwInterfaceDetails.tag")?;
        Ok(SwInterfaceDetails { sw_if_index, sup_sw_if_index, l2_address, flags, type_, link_duplex, link_speed, link_mtu, mtu, sub_id, sub_number_of_tags, sub_outer_vlan_id, sub_inner_vlan_id, sub_if_flags, vtr_op, vtr_push_dot1q, vtr_tag1, vtr_tag2, outer_tag, b_dmac, b_smac, b_vlanid, i_sid, interface_name, interface_dev_type, tag })
    }
}

impl crate::codec::Message for SwInterfaceDetails {
    const ID: &'static str = "sw_interface_details_6c221fc7";
    const NAME: &'static str = "sw_interface_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `sw_interface_dump`, in 23.06-.
///
/// Answered by any number of [`SwInterfaceDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct SwInterfaceDump {
    pub sw_if_index: types::InterfaceIndex,
    pub name_filter_valid: bool,
    pub name_filter: String,
}

impl Default for SwInterfaceDump {
    fn default() -> Self {
        SwInterfaceDump {
            sw_if_index: 4294967295,
            name_filter_valid: Default::default(),
            name_filter: Default::default(),
        }
    }
}

impl Wire for SwInterfaceDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <String as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.name_filter_valid.put(out);
        self.name_filter.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceDump.sw_if_index")?;
        let name_filter_valid: bool = field(reader, "SwInterfaceDump.name_filter_valid")?;
        let name_filter: String = field(reader, "SwInterfaceDump.name_filter")?;
        Ok(SwInterfaceDump { sw_if_index, name_filter_valid, name_filter })
    }
}

impl crate::codec::Message for SwInterfaceDump {
    const ID: &'static str = "sw_interface_dump_aa610c27";
    const NAME: &'static str = "sw_interface_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwInterfaceDump {
    type Details = SwInterfaceDetails;
}

/// VPP's `sw_interface_event`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceEvent {
    pub pid: u32,
    pub sw_if_index: types::InterfaceIndex,
    pub flags: types::IfStatusFlags,
    pub deleted: bool,
}

impl Wire for SwInterfaceEvent {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::IfStatusFlags as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.pid.put(out);
        self.sw_if_index.put(out);
        self.flags.put(out);
        self.deleted.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let pid: u32 = field(reader, "SwInterfaceEvent.pid")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceEvent.sw_if_index")?;
        let flags: types::IfStatusFlags = field(reader, "SwInterfaceEvent.flags")?;
        let deleted: bool = field(reader, "SwInterfaceEvent.deleted")?;
        Ok(SwInterfaceEvent { pid, sw_if_index, flags, deleted })
    }
}

impl crate::codec::Message for SwInterfaceEvent {
    const ID: &'static str = "sw_interface_event_2d3d95a7";
    const NAME: &'static str = "sw_interface_event";
    const HEAD: crate::codec::Head = crate::codec::Head::Client;
}

impl crate::codec::Event for SwInterfaceEvent {}

/// VPP's `sw_interface_get_table`, in 23.06-.
///
/// Answered by [`SwInterfaceGetTableReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceGetTable {
    pub sw_if_index: types::InterfaceIndex,
    pub is_ipv6: bool,
}

impl Wire for SwInterfaceGetTable {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.is_ipv6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceGetTable.sw_if_index")?;
        let is_ipv6: bool = field(reader, "SwInterfaceGetTable.is_ipv6")?;
        Ok(SwInterfaceGetTable { sw_if_index, is_ipv6 })
    }
}

impl crate::codec::Message for SwInterfaceGetTable {
    const ID: &'static str = "sw_interface_get_table_2d033de4";
    const NAME: &'static str = "sw_interface_get_table";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceGetTable {
    type Reply = SwInterfaceGetTableReply;
}

/// VPP's `sw_interface_get_table_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceGetTableReply {
    pub retval: i32,
    pub vrf_id: u32,
}

impl Wire for SwInterfaceGetTableReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.vrf_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceGetTableReply.retval")?;
        let vrf_id: u32 = field(reader, "SwInterfaceGetTableReply.vrf_id")?;
        Ok(SwInterfaceGetTableReply { retval, vrf_id })
    }
}

impl crate::codec::Message for SwInterfaceGetTableReply {
    const ID: &'static str = "sw_interface_get_table_reply_a6eb0109";
    const NAME: &'static str = "sw_interface_get_table_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceGetTableReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_rx_placement_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceRxPlacementDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub queue_id: u32,
    pub worker_id: u32,
    pub mode: types::RxMode,
}

impl Wire for SwInterfaceRxPlacementDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::RxMode as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.queue_id.put(out);
        self.worker_id.put(out);
        self.mode.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceRxPlacementDetails.sw_if_index")?;
        let queue_id: u32 = field(reader, "SwInterfaceRxPlacementDetails.queue_id")?;
        let worker_id: u32 = field(reader, "SwInterfaceRxPlacementDetails.worker_id")?;
        let mode: types::RxMode = field(reader, "SwInterfaceRxPlacementDetails.mode")?;
        Ok(SwInterfaceRxPlacementDetails { sw_if_index, queue_id, worker_id, mode })
    }
}

impl crate::codec::Message for SwInterfaceRxPlacementDetails {
    const ID: &'static str = "sw_interface_rx_placement_details_9e44a7ce";
    const NAME: &'static str = "sw_interface_rx_placement_details";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

/// VPP's `sw_interface_rx_placement_dump`, in 23.06-.
///
/// Answered by any number of [`SwInterfaceRxPlacementDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceRxPlacementDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for SwInterfaceRxPlacementDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceRxPlacementDump.sw_if_index")?;
        Ok(SwInterfaceRxPlacementDump { sw_if_index })
    }
}

impl crate::codec::Message for SwInterfaceRxPlacementDump {
    const ID: &'static str = "sw_interface_rx_placement_dump_f9e6675e";
    const NAME: &'static str = "sw_interface_rx_placement_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwInterfaceRxPlacementDump {
    type Details = SwInterfaceRxPlacementDetails;
}

/// VPP's `sw_interface_set_flags`, in 23.06-.
///
/// Answered by [`SwInterfaceSetFlagsReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetFlags {
    pub sw_if_index: types::InterfaceIndex,
    pub flags: types::IfStatusFlags,
}

impl Wire for SwInterfaceSetFlags {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::IfStatusFlags as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.flags.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetFlags.sw_if_index")?;
        let flags: types::IfStatusFlags = field(reader, "SwInterfaceSetFlags.flags")?;
        Ok(SwInterfaceSetFlags { sw_if_index, flags })
    }
}

impl crate::codec::Message for SwInterfaceSetFlags {
    const ID: &'static str = "sw_interface_set_flags_f5aec1b8";
    const NAME: &'static str = "sw_interface_set_flags";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetFlags {
    type Reply = SwInterfaceSetFlagsReply;
}

/// VPP's `sw_interface_set_flags_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetFlagsReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetFlagsReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetFlagsReply.retval")?;
        Ok(SwInterfaceSetFlagsReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetFlagsReply {
    const ID: &'static str = "sw_interface_set_flags_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_flags_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetFlagsReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_mac_address`, in 23.06-.
///
/// Answered by [`SwInterfaceSetMacAddressReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetMacAddress {
    pub sw_if_index: types::InterfaceIndex,
    pub mac_address: types::MacAddress,
}

impl Wire for SwInterfaceSetMacAddress {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.mac_address.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetMacAddress.sw_if_index")?;
        let mac_address: types::MacAddress = field(reader, "SwInterfaceSetMacAddress.mac_address")?;
        Ok(SwInterfaceSetMacAddress { sw_if_index, mac_address })
    }
}

impl crate::codec::Message for SwInterfaceSetMacAddress {
    const ID: &'static str = "sw_interface_set_mac_address_c536e7eb";
    const NAME: &'static str = "sw_interface_set_mac_address";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetMacAddress {
    type Reply = SwInterfaceSetMacAddressReply;
}

/// VPP's `sw_interface_set_mac_address_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetMacAddressReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetMacAddressReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetMacAddressReply.retval")?;
        Ok(SwInterfaceSetMacAddressReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetMacAddressReply {
    const ID: &'static str = "sw_interface_set_mac_address_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_mac_address_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetMacAddressReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_mtu`, in 23.06-.
///
/// Answered by [`SwInterfaceSetMtuReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetMtu {
    pub sw_if_index: types::InterfaceIndex,
    pub mtu: [u32; 4],
}

impl Wire for SwInterfaceSetMtu {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <[u32; 4] as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.mtu.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetMtu.sw_if_index")?;
        let mtu: [u32; 4] = field(reader, "SwInterfaceSetMtu.mtu")?;
        Ok(SwInterfaceSetMtu { sw_if_index, mtu })
    }
}

impl crate::codec::Message for SwInterfaceSetMtu {
    const ID: &'static str = "sw_interface_set_mtu_5cbe85e5";
    const NAME: &'static str = "sw_interface_set_mtu";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetMtu {
    type Reply = SwInterfaceSetMtuReply;
}

/// VPP's `sw_interface_set_mtu_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetMtuReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetMtuReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetMtuReply.retval")?;
        Ok(SwInterfaceSetMtuReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetMtuReply {
    const ID: &'static str = "sw_interface_set_mtu_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_mtu_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetMtuReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_rx_mode`, in 23.06-.
///
/// Answered by [`SwInterfaceSetRxModeReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetRxMode {
    pub sw_if_index: types::InterfaceIndex,
    pub queue_id_valid: bool,
    pub queue_id: u32,
    pub mode: types::RxMode,
}

impl Wire for SwInterfaceSetRxMode {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::RxMode as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.queue_id_valid.put(out);
        self.queue_id.put(out);
        self.mode.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetRxMode.sw_if_index")?;
        let queue_id_valid: bool = field(reader, "SwInterfaceSetRxMode.queue_id_valid")?;
        let queue_id: u32 = field(reader, "SwInterfaceSetRxMode.queue_id")?;
        let mode: types::RxMode = field(reader, "SwInterfaceSetRxMode.mode")?;
        Ok(SwInterfaceSetRxMode { sw_if_index, queue_id_valid, queue_id, mode })
    }
}

impl crate::codec::Message for SwInterfaceSetRxMode {
    const ID: &'static str = "sw_interface_set_rx_mode_b04d1cfe";
    const NAME: &'static str = "sw_interface_set_rx_mode";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetRxMode {
    type Reply = SwInterfaceSetRxModeReply;
}

/// VPP's `sw_interface_set_rx_mode_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetRxModeReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetRxModeReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetRxModeReply.retval")?;
        Ok(SwInterfaceSetRxModeReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetRxModeReply {
    const ID: &'static str = "sw_interface_set_rx_mode_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_rx_mode_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetRxModeReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_rx_placement`, in 23.06-.
///
/// Answered by [`SwInterfaceSetRxPlacementReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetRxPlacement {
    pub sw_if_index: types::InterfaceIndex,
    pub queue_id: u32,
    pub worker_id: u32,
    pub is_main: bool,
}

impl Wire for SwInterfaceSetRxPlacement {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.queue_id.put(out);
        self.worker_id.put(out);
        self.is_main.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetRxPlacement.sw_if_index")?;
        let queue_id: u32 = field(reader, "SwInterfaceSetRxPlacement.queue_id")?;
        let worker_id: u32 = field(reader, "SwInterfaceSetRxPlacement.worker_id")?;
        let is_main: bool = field(reader, "SwInterfaceSetRxPlacement.is_main")?;
        Ok(SwInterfaceSetRxPlacement { sw_if_index, queue_id, worker_id, is_main })
    }
}

impl crate::codec::Message for SwInterfaceSetRxPlacement {
    const ID: &'static str = "sw_interface_set_rx_placement_db65f3c9";
    const NAME: &'static str = "sw_interface_set_rx_placement";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetRxPlacement {
    type Reply = SwInterfaceSetRxPlacementReply;
}

/// VPP's `sw_interface_set_rx_placement_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetRxPlacementReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetRxPlacementReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetRxPlacementReply.retval")?;
        Ok(SwInterfaceSetRxPlacementReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetRxPlacementReply {
    const ID: &'static str = "sw_interface_set_rx_placement_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_rx_placement_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetRxPlacementReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_table`, in 23.06-.
///
/// Answered by [`SwInterfaceSetTableReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetTable {
    pub sw_if_index: types::InterfaceIndex,
    pub is_ipv6: bool,
    pub vrf_id: u32,
}

impl Wire for SwInterfaceSetTable {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.is_ipv6.put(out);
        self.vrf_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetTable.sw_if_index")?;
        let is_ipv6: bool = field(reader, "SwInterfaceSetTable.is_ipv6")?;
        let vrf_id: u32 = field(reader, "SwInterfaceSetTable.vrf_id")?;
        Ok(SwInterfaceSetTable { sw_if_index, is_ipv6, vrf_id })
    }
}

impl crate::codec::Message for SwInterfaceSetTable {
    const ID: &'static str = "sw_interface_set_table_df42a577";
    const NAME: &'static str = "sw_interface_set_table";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetTable {
    type Reply = SwInterfaceSetTableReply;
}

/// VPP's `sw_interface_set_table_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetTableReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetTableReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetTableReply.retval")?;
        Ok(SwInterfaceSetTableReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetTableReply {
    const ID: &'static str = "sw_interface_set_table_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_table_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetTableReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_set_unnumbered`, in 23.06-.
///
/// Answered by [`SwInterfaceSetUnnumberedReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetUnnumbered {
    pub sw_if_index: types::InterfaceIndex,
    pub unnumbered_sw_if_index: types::InterfaceIndex,
    pub is_add: bool,
}

impl Wire for SwInterfaceSetUnnumbered {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.unnumbered_sw_if_index.put(out);
        self.is_add.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetUnnumbered.sw_if_index")?;
        let unnumbered_sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceSetUnnumbered.unnumbered_sw_if_index")?;
        let is_add: bool = field(reader, "SwInterfaceSetUnnumbered.is_add")?;
        Ok(SwInterfaceSetUnnumbered { sw_if_index, unnumbered_sw_if_index, is_add })
    }
}

impl crate::codec::Message for SwInterfaceSetUnnumbered {
    const ID: &'static str = "sw_interface_set_unnumbered_154a6439";
    const NAME: &'static str = "sw_interface_set_unnumbered";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceSetUnnumbered {
    type Reply = SwInterfaceSetUnnumberedReply;
}

/// VPP's `sw_interface_set_unnumbered_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceSetUnnumberedReply {
    pub retval: i32,
}

impl Wire for SwInterfaceSetUnnumberedReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceSetUnnumberedReply.retval")?;
        Ok(SwInterfaceSetUnnumberedReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceSetUnnumberedReply {
    const ID: &'static str = "sw_interface_set_unnumbered_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_set_unnumbered_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceSetUnnumberedReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_interface_tag_add_del`, in 23.06-.
///
/// Answered by [`SwInterfaceTagAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceTagAddDel {
    pub is_add: bool,
    pub sw_if_index: types::InterfaceIndex,
    pub tag: FixedString<64>,
}

impl Wire for SwInterfaceTagAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.sw_if_index.put(out);
        self.tag.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "SwInterfaceTagAddDel.is_add")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceTagAddDel.sw_if_index")?;
        let tag: FixedString<64> = field(reader, "SwInterfaceTagAddDel.tag")?;
        Ok(SwInterfaceTagAddDel { is_add, sw_if_index, tag })
    }
}

impl crate::codec::Message for SwInterfaceTagAddDel {
    const ID: &'static str = "sw_interface_tag_add_del_426f8bc1";
    const NAME: &'static str = "sw_interface_tag_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for SwInterfaceTagAddDel {
    type Reply = SwInterfaceTagAddDelReply;
}

/// VPP's `sw_interface_tag_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceTagAddDelReply {
    pub retval: i32,
}

impl Wire for SwInterfaceTagAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "SwInterfaceTagAddDelReply.retval")?;
        Ok(SwInterfaceTagAddDelReply { retval })
    }
}

impl crate::codec::Message for SwInterfaceTagAddDelReply {
    const ID: &'static str = "sw_interface_tag_add_del_reply_e8d4e804";
    const NAME: &'static str = "sw_interface_tag_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for SwInterfaceTagAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `want_interface_events`, in 23.06-.
///
/// Answered by [`WantInterfaceEventsReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WantInterfaceEvents {
    pub enable_disable: u32,
    pub pid: u32,
}

impl Wire for WantInterfaceEvents {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.enable_disable.put(out);
        self.pid.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let enable_disable: u32 = field(reader, "WantInterfaceEvents.enable_disable")?;
        let pid: u32 = field(reader, "WantInterfaceEvents.pid")?;
        Ok(WantInterfaceEvents { enable_disable, pid })
    }
}

impl crate::codec::Message for WantInterfaceEvents {
    const ID: &'static str = "want_interface_events_476f5a08";
    const NAME: &'static str = "want_interface_events";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for WantInterfaceEvents {
    type Reply = WantInterfaceEventsReply;
}

/// VPP's `want_interface_events_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WantInterfaceEventsReply {
    pub retval: i32,
}

impl Wire for WantInterfaceEventsReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "WantInterfaceEventsReply.retval")?;
        Ok(WantInterfaceEventsReply { retval })
    }
}

impl crate::codec::Message for WantInterfaceEventsReply {
    const ID: &'static str = "want_interface_events_reply_e8d4e804";
    const NAME: &'static str = "want_interface_events_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for WantInterfaceEventsReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

