//! Messages of VPP's module `ip_neighbor`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `ip_neighbor_add_del`, in 23.06-.
///
/// Answered by [`IpNeighborAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborAddDel {
    pub is_add: bool,
    pub neighbor: types::IpNeighbor,
}

impl Wire for IpNeighborAddDel {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::IpNeighbor as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.neighbor.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "IpNeighborAddDel.is_add")?;
        let neighbor: types::IpNeighbor = field(reader, "IpNeighborAddDel.neighbor")?;
        Ok(IpNeighborAddDel { is_add, neighbor })
    }
}

impl crate::codec::Message for IpNeighborAddDel {
    const ID: &'static str = "ip_neighbor_add_del_0607c257";
    const NAME: &'static str = "ip_neighbor_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpNeighborAddDel {
    type Reply = IpNeighborAddDelReply;
}

/// VPP's `ip_neighbor_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborAddDelReply {
    pub retval: i32,
    pub stats_index: u32,
}

impl Wire for IpNeighborAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.stats_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpNeighborAddDelReply.retval")?;
        let stats_index: u32 = field(reader, "IpNeighborAddDelReply.stats_index")?;
        Ok(IpNeighborAddDelReply { retval, stats_index })
    }
}

impl crate::codec::Message for IpNeighborAddDelReply {
    const ID: &'static str = "ip_neighbor_add_del_reply_1992deab";
    const NAME: &'static str = "ip_neighbor_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpNeighborAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_neighbor_config`, in 23.06-.
///
/// Answered by [`IpNeighborConfigReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborConfig {
    pub af: types::AddressFamily,
    pub max_number: u32,
    pub max_age: u32,
    pub recycle: bool,
}

impl Wire for IpNeighborConfig {
    const MIN_SIZE: usize = <types::AddressFamily as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.af.put(out);
        self.max_number.put(out);
        self.max_age.put(out);
        self.recycle.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let af: types::AddressFamily = field(reader, "IpNeighborConfig.af")?;
        let max_number: u32 = field(reader, "IpNeighborConfig.max_number")?;
        let max_age: u32 = field(reader, "IpNeighborConfig.max_age")?;
        let recycle: bool = field(reader, "IpNeighborConfig.recycle")?;
        Ok(IpNeighborConfig { af, max_number, max_age, recycle })
    }
}

impl crate::codec::Message for IpNeighborConfig {
    const ID: &'static str = "ip_neighbor_config_f4a5cf44";
    const NAME: &'static str = "ip_neighbor_config";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpNeighborConfig {
    type Reply = IpNeighborConfigReply;
}

/// VPP's `ip_neighbor_config_get`, in 24.06- (in progress at the end).
///
/// Answered by [`IpNeighborConfigGetReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborConfigGet {
    pub af: types::AddressFamily,
}

impl Wire for IpNeighborConfigGet {
    const MIN_SIZE: usize = <types::AddressFamily as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.af.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let af: types::AddressFamily = field(reader, "IpNeighborConfigGet.af")?;
        Ok(IpNeighborConfigGet { af })
    }
}

impl crate::codec::Message for IpNeighborConfigGet {
    const ID: &'static str = "ip_neighbor_config_get_a5db7bf7";
    const NAME: &'static str = "ip_neighbor_config_get";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpNeighborConfigGet {
    type Reply = IpNeighborConfigGetReply;
}

/// VPP's `ip_neighbor_config_get_reply`, in 24.06- (in progress at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborConfigGetReply {
    pub retval: i32,
    pub af: types::AddressFamily,
    pub max_number: u32,
    pub max_age: u32,
    pub recycle: bool,
}

impl Wire for IpNeighborConfigGetReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::AddressFamily as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.af.put(out);
        self.max_number.put(out);
        self.max_age.put(out);
        self.recycle.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpNeighborConfigGetReply.retval")?;
        let af: types::AddressFamily = field(reader, "IpNeighborConfigGetReply.af")?;
        let max_number: u32 = field(reader, "IpNeighborConfigGetReply.max_number")?;
        let max_age: u32 = field(reader, "IpNeighborConfigGetReply.max_age")?;
        let recycle: bool = field(reader, "IpNeighborConfigGetReply.recycle")?;
        Ok(IpNeighborConfigGetReply { retval, af, max_number, max_age, recycle })
    }
}

impl crate::codec::Message for IpNeighborConfigGetReply {
    const ID: &'static str = "ip_neighbor_config_get_reply_798e6fdd";
    const NAME: &'static str = "ip_neighbor_config_get_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpNeighborConfigGetReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_neighbor_config_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborConfigReply {
    pub retval: i32,
}

impl Wire for IpNeighborConfigReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpNeighborConfigReply.retval")?;
        Ok(IpNeighborConfigReply { retval })
    }
}

impl crate::codec::Message for IpNeighborConfigReply {
    const ID: &'static str = "ip_neighbor_config_reply_e8d4e804";
    const NAME: &'static str = "ip_neighbor_config_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpNeighborConfigReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ip_neighbor_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpNeighborDetails {
    pub age: f64,
    pub neighbor: types::IpNeighbor,
}

impl Wire for IpNeighborDetails {
    const MIN_SIZE: usize = <f64 as Wire>::MIN_SIZE
        + <types::IpNeighbor as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.age.put(out);
        self.neighbor.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let age: f64 = field(reader, "IpNeighborDetails.age")?;
        let neighbor: types::IpNeighbor = field(reader, "IpNeighborDetails.neighbor")?;
        Ok(IpNeighborDetails { age, neighbor })
    }
}

impl crate::codec::Message for IpNeighborDetails {
    const ID: &'static str = "ip_neighbor_details_e29d79f0";
    const NAME: &'static str = "ip_neighbor_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ip_neighbor_dump`, in 23.06-.
///
/// Answered by any number of [`IpNeighborDetails`].
#[derive(Clone, Debug, PartialEq)]
pub struct IpNeighborDump {
    pub sw_if_index: types::InterfaceIndex,
    pub af: types::AddressFamily,
}

impl Default for IpNeighborDump {
    fn default() -> Self {
        IpNeighborDump {
            sw_if_index: 4294967295,
            af: Default::default(),
        }
    }
}

impl Wire for IpNeighborDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <types::AddressFamily as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.af.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpNeighborDump.sw_if_index")?;
        let af: types::AddressFamily = field(reader, "IpNeighborDump.af")?;
        Ok(IpNeighborDump { sw_if_index, af })
    }
}

impl crate::codec::Message for IpNeighborDump {
    const ID: &'static str = "ip_neighbor_dump_d817a484";
    const NAME: &'static str = "ip_neighbor_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpNeighborDump {
    type Details = IpNeighborDetails;
}

