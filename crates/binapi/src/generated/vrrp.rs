//! Messages of VPP's module `vrrp`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `vrrp_vr_add_del`, in 23.06-.
///
/// Answered by [`VrrpVrAddDelReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VrrpVrAddDel {
    pub is_add: u8,
    pub sw_if_index: types::InterfaceIndex,
    pub vr_id: u8,
    pub priority: u8,
    pub interval: u16,
    pub flags: types::VrrpVrFlags,
    pub addrs: Counted<types::Address, u8>,
}

impl Wire for VrrpVrAddDel {
    const MIN_SIZE: usize = <u8 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <types::VrrpVrFlags as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<types::Address, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.sw_if_index.put(out);
        self.vr_id.put(out);
        self.priority.put(out);
        self.interval.put(out);
        self.flags.put(out);
        self.addrs.put_count(out);
        self.addrs.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: u8 = field(reader, "VrrpVrAddDel.is_add")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "VrrpVrAddDel.sw_if_index")?;
        let vr_id: u8 = field(reader, "VrrpVrAddDel.vr_id")?;
        let priority: u8 = field(reader, "VrrpVrAddDel.priority")?;
        let interval: u16 = field(reader, "VrrpVrAddDel.interval")?;
        let flags: types::VrrpVrFlags = field(reader, "VrrpVrAddDel.flags")?;
        let n_addrs: u8 = field(reader, "VrrpVrAddDel.n_addrs")?;
        let addrs = Counted::get_items(reader, "VrrpVrAddDel.addrs", n_addrs)?;
        Ok(VrrpVrAddDel { is_add, sw_if_index, vr_id, priority, interval, flags, addrs })
    }
}

impl crate::codec::Message for VrrpVrAddDel {
    const ID: &'static str = "vrrp_vr_add_del_c5cf15aa";
    const NAME: &'static str = "vrrp_vr_add_del";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for VrrpVrAddDel {
    type Reply = VrrpVrAddDelReply;
}

/// VPP's `vrrp_vr_add_del_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VrrpVrAddDelReply {
    pub retval: i32,
}

impl Wire for VrrpVrAddDelReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "VrrpVrAddDelReply.retval")?;
        Ok(VrrpVrAddDelReply { retval })
    }
}

impl crate::codec::Message for VrrpVrAddDelReply {
    const ID: &'static str = "vrrp_vr_add_del_reply_e8d4e804";
    const NAME: &'static str = "vrrp_vr_add_del_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for VrrpVrAddDelReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `vrrp_vr_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VrrpVrDetails {
    pub config: types::VrrpVrConf,
    pub runtime: types::VrrpVrRuntime,
    pub addrs: Counted<types::Address, u8>,
}

impl Wire for VrrpVrDetails {
    const MIN_SIZE: usize = <types::VrrpVrConf as Wire>::MIN_SIZE
        + <types::VrrpVrRuntime as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<types::Address, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.config.put(out);
        self.runtime.put(out);
        self.addrs.put_count(out);
        self.addrs.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let config: types::VrrpVrConf = field(reader, "VrrpVrDetails.config")?;
        let runtime: types::VrrpVrRuntime = field(reader, "VrrpVrDetails.runtime")?;
        let n_addrs: u8 = field(reader, "VrrpVrDetails.n_addrs")?;
        let addrs = Counted::get_items(reader, "VrrpVrDetails.addrs", n_addrs)?;
        Ok(VrrpVrDetails { config, runtime, addrs })
    }
}

impl crate::codec::Message for VrrpVrDetails {
    const ID: &'static str = "vrrp_vr_details_46edcebd";
    const NAME: &'static str = "vrrp_vr_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `vrrp_vr_dump`, in 23.06-.
///
/// Answered by any number of [`VrrpVrDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VrrpVrDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for VrrpVrDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VrrpVrDump.sw_if_index")?;
        Ok(VrrpVrDump { sw_if_index })
    }
}

impl crate::codec::Message for VrrpVrDump {
    const ID: &'static str = "vrrp_vr_dump_f9e6675e";
    const NAME: &'static str = "vrrp_vr_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for VrrpVrDump {
    type Details = VrrpVrDetails;
}

/// VPP's `vrrp_vr_start_stop`, in 23.06-.
///
/// Answered by [`VrrpVrStartStopReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VrrpVrStartStop {
    pub sw_if_index: types::InterfaceIndex,
    pub vr_id: u8,
    pub is_ipv6: u8,
    pub is_start: u8,
}

impl Wire for VrrpVrStartStop {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.vr_id.put(out);
        self.is_ipv6.put(out);
        self.is_start.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "VrrpVrStartStop.sw_if_index")?;
        let vr_id: u8 = field(reader, "VrrpVrStartStop.vr_id")?;
        let is_ipv6: u8 = field(reader, "VrrpVrStartStop.is_ipv6")?;
        let is_start: u8 = field(reader, "VrrpVrStartStop.is_start")?;
        Ok(VrrpVrStartStop { sw_if_index, vr_id, is_ipv6, is_start })
    }
}

impl crate::codec::Message for VrrpVrStartStop {
    const ID: &'static str = "vrrp_vr_start_stop_0662a3b7";
    const NAME: &'static str = "vrrp_vr_start_stop";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for VrrpVrStartStop {
    type Reply = VrrpVrStartStopReply;
}

/// VPP's `vrrp_vr_start_stop_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct VrrpVrStartStopReply {
    pub retval: i32,
}

impl Wire for VrrpVrStartStopReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "VrrpVrStartStopReply.retval")?;
        Ok(VrrpVrStartStopReply { retval })
    }
}

impl crate::codec::Message for VrrpVrStartStopReply {
    const ID: &'static str = "vrrp_vr_start_stop_reply_e8d4e804";
    const NAME: &'static str = "vrrp_vr_start_stop_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for VrrpVrStartStopReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

