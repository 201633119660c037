//! Messages of VPP's module `bond`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `bond_add_member`, in 23.06-.
///
/// Answered by [`BondAddMemberReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondAddMember {
    pub sw_if_index: types::InterfaceIndex,
    pub bond_sw_if_index: types::InterfaceIndex,
    pub is_passive: bool,
    pub is_long_timeout: bool,
}

impl Wire for BondAddMember {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.bond_sw_if_index.put(out);
        self.is_passive.put(out);
        self.is_long_timeout.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "BondAddMember.sw_if_index")?;
        let bond_sw_if_index: types::InterfaceIndex = field(reader, "BondAddMember.bond_sw_if_index")?;
        let is_passive: bool = field(reader, "BondAddMember.is_passive")?;
        let is_long_timeout: bool = field(reader, "BondAddMember.is_long_timeout")?;
        Ok(BondAddMember { sw_if_index, bond_sw_if_index, is_passive, is_long_timeout })
    }
}

impl crate::codec::Message for BondAddMember {
    const ID: &'static str = "bond_add_member_e7d14948";
    const NAME: &'static str = "bond_add_member";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BondAddMember {
    type Reply = BondAddMemberReply;
}

/// VPP's `bond_add_member_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondAddMemberReply {
    pub retval: i32,
}

impl Wire for BondAddMemberReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BondAddMemberReply.retval")?;
        Ok(BondAddMemberReply { retval })
    }
}

impl crate::codec::Message for BondAddMemberReply {
    const ID: &'static str = "bond_add_member_reply_e8d4e804";
    const NAME: &'static str = "bond_add_member_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BondAddMemberReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `bond_create2`, in 23.06-.
///
/// Answered by [`BondCreate2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct BondCreate2 {
    pub mode: types::BondMode,
    pub lb: types::BondLbAlgo,
    pub numa_only: bool,
    pub enable_gso: bool,
    pub use_custom_mac: bool,
    pub mac_address: types::MacAddress,
    pub id: u32,
}

impl Default for BondCreate2 {
    fn default() -> Self {
        BondCreate2 {
            mode: Default::default(),
            lb: Default::default(),
            numa_only: Default::default(),
            enable_gso: Default::default(),
            use_custom_mac: Default::default(),
            mac_address: Default::default(),
            id: 4294967295,
        }
    }
}

impl Wire for BondCreate2 {
    const MIN_SIZE: usize = <types::BondMode as Wire>::MIN_SIZE
        + <types::BondLbAlgo as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.mode.put(out);
        self.lb.put(out);
        self.numa_only.put(out);
        self.enable_gso.put(out);
        self.use_custom_mac.put(out);
        self.mac_address.put(out);
        self.id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mode: types::BondMode = field(reader, "BondCreate2.mode")?;
        let lb: types::BondLbAlgo = field(reader, "BondCreate2.lb")?;
        let numa_only: bool = field(reader, "BondCreate2.numa_only")?;
        let enable_gso: bool = field(reader, "BondCreate2.enable_gso")?;
        let use_custom_mac: bool = field(reader, "BondCreate2.use_custom_mac")?;
        let mac_address: types::MacAddress = field(reader, "BondCreate2.mac_address")?;
        let id: u32 = field(reader, "BondCreate2.id")?;
        Ok(BondCreate2 { mode, lb, numa_only, enable_gso, use_custom_mac, mac_address, id })
    }
}

impl crate::codec::Message for BondCreate2 {
    const ID: &'static str = "bond_create2_912fda76";
    const NAME: &'static str = "bond_create2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BondCreate2 {
    type Reply = BondCreate2Reply;
}

/// VPP's `bond_create2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondCreate2Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for BondCreate2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BondCreate2Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "BondCreate2Reply.sw_if_index")?;
        Ok(BondCreate2Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for BondCreate2Reply {
    const ID: &'static str = "bond_create2_reply_5383d31f";
    const NAME: &'static str = "bond_create2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BondCreate2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `bond_delete`, in 23.06-.
///
/// Answered by [`BondDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondDelete {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for BondDelete {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "BondDelete.sw_if_index")?;
        Ok(BondDelete { sw_if_index })
    }
}

impl crate::codec::Message for BondDelete {
    const ID: &'static str = "bond_delete_f9e6675e";
    const NAME: &'static str = "bond_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BondDelete {
    type Reply = BondDeleteReply;
}

/// VPP's `bond_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondDeleteReply {
    pub retval: i32,
}

impl Wire for BondDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BondDeleteReply.retval")?;
        Ok(BondDeleteReply { retval })
    }
}

impl crate::codec::Message for BondDeleteReply {
    const ID: &'static str = "bond_delete_reply_e8d4e804";
    const NAME: &'static str = "bond_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BondDeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `bond_detach_member`, in 23.06-.
///
/// Answered by [`BondDetachMemberReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondDetachMember {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for BondDetachMember {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "BondDetachMember.sw_if_index")?;
        Ok(BondDetachMember { sw_if_index })
    }
}

impl crate::codec::Message for BondDetachMember {
    const ID: &'static str = "bond_detach_member_f9e6675e";
    const NAME: &'static str = "bond_detach_member";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for BondDetachMember {
    type Reply = BondDetachMemberReply;
}

/// VPP's `bond_detach_member_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BondDetachMemberReply {
    pub retval: i32,
}

impl Wire for BondDetachMemberReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "BondDetachMemberReply.retval")?;
        Ok(BondDetachMemberReply { retval })
    }
}

impl crate::codec::Message for BondDetachMemberReply {
    const ID: &'static str = "bond_detach_member_reply_e8d4e804";
    const NAME: &'static str = "bond_detach_member_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for BondDetachMemberReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `sw_bond_interface_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwBondInterfaceDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub id: u32,
    pub mode: types::BondMode,
    pub lb: types::BondLbAlgo,
    pub numa_only: bool,
    pub active_members: u32,
    pub members: u32,
    pub interface_name: FixedString<64>,
}

impl Wire for SwBondInterfaceDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::BondMode as Wire>::MIN_SIZE
        + <types::BondLbAlgo as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.id.put(out);
        self.mode.put(out);
        self.lb.put(out);
        self.numa_only.put(out);
        self.active_members.put(out);
        self.members.put(out);
        self.interface_name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwBondInterfaceDetails.sw_if_index")?;
        let id: u32 = field(reader, "SwBondInterfaceDetails.id")?;
        let mode: types::BondMode = field(reader, "SwBondInterfaceDetails.mode")?;
        let lb: types::BondLbAlgo = field(reader, "SwBondInterfaceDetails.lb")?;
        let numa_only: bool = field(reader, "SwBondInterfaceDetails.numa_only")?;
        let active_members: u32 = field(reader, "SwBondInterfaceDetails.active_members")?;
        let members: u32 = field(reader, "SwBondInterfaceDetails.members")?;
        let interface_name: FixedString<64> = field(reader, "SwBondInterfaceDetails.interface_name")?;
        Ok(SwBondInterfaceDetails { sw_if_index, id, mode, lb, numa_only, active_members, members, interface_name })
    }
}

impl crate::codec::Message for SwBondInterfaceDetails {
    const ID: &'static str = "sw_bond_interface_details_9428a69c";
    const NAME: &'static str = "sw_bond_interface_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `sw_bond_interface_dump`, in 23.06-.
///
/// Answered by any number of [`SwBondInterfaceDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct SwBondInterfaceDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Default for SwBondInterfaceDump {
    fn default() -> Self {
        SwBondInterfaceDump {
            sw_if_index: 4294967295,
        }
    }
}

impl Wire for SwBondInterfaceDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwBondInterfaceDump.sw_if_index")?;
        Ok(SwBondInterfaceDump { sw_if_index })
    }
}

impl crate::codec::Message for SwBondInterfaceDump {
    const ID: &'static str = "sw_bond_interface_dump_f9e6675e";
    const NAME: &'static str = "sw_bond_interface_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwBondInterfaceDump {
    type Details = SwBondInterfaceDetails;
}

/// VPP's `sw_member_interface_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwMemberInterfaceDetails {
    pub sw_if_index: types::InterfaceIndex,
    pub interface_name: FixedString<64>,
    pub is_passive: bool,
    pub is_long_timeout: bool,
    pub is_local_numa: bool,
    pub weight: u32,
}

impl Wire for SwMemberInterfaceDetails {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.interface_name.put(out);
        self.is_passive.put(out);
        self.is_long_timeout.put(out);
        self.is_local_numa.put(out);
        self.weight.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwMemberInterfaceDetails.sw_if_index")?;
        let interface_name: FixedString<64> = field(reader, "SwMemberInterfaceDetails.interface_name")?;
        let is_passive: bool = field(reader, "SwMemberInterfaceDetails.is_passive")?;
        let is_long_timeout: bool = field(reader, "SwMemberInterfaceDetails.is_long_timeout")?;
        let is_local_numa: bool = field(reader, "SwMemberInterfaceDetails.is_local_numa")?;
        let weight: u32 = field(reader, "SwMemberInterfaceDetails.weight")?;
        Ok(SwMemberInterfaceDetails { sw_if_index, interface_name, is_passive, is_long_timeout, is_local_numa, weight })
    }
}

impl crate::codec::Message for SwMemberInterfaceDetails {
    const ID: &'static str = "sw_member_interface_details_3c4a0e23";
    const NAME: &'static str = "sw_member_interface_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `sw_member_interface_dump`, in 23.06-.
///
/// Answered by any number of [`SwMemberInterfaceDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwMemberInterfaceDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for SwMemberInterfaceDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwMemberInterfaceDump.sw_if_index")?;
        Ok(SwMemberInterfaceDump { sw_if_index })
    }
}

impl crate::codec::Message for SwMemberInterfaceDump {
    const ID: &'static str = "sw_member_interface_dump_f9e6675e";
    const NAME: &'static str = "sw_member_interface_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwMemberInterfaceDump {
    type Details = SwMemberInterfaceDetails;
}

