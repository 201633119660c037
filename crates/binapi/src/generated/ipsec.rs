//! Messages of VPP's module `ipsec`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `ipsec_itf_create`, in 23.06-.
///
/// Answered by [`IpsecItfCreateReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpsecItfCreate {
    pub itf: types::IpsecItf,
}

impl Wire for IpsecItfCreate {
    const MIN_SIZE: usize = <types::IpsecItf as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.itf.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let itf: types::IpsecItf = field(reader, "IpsecItfCreate.itf")?;
        Ok(IpsecItfCreate { itf })
    }
}

impl crate::codec::Message for IpsecItfCreate {
    const ID: &'static str = "ipsec_itf_create_6f50b3bc";
    const NAME: &'static str = "ipsec_itf_create";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpsecItfCreate {
    type Reply = IpsecItfCreateReply;
}

/// VPP's `ipsec_itf_create_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpsecItfCreateReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for IpsecItfCreateReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpsecItfCreateReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "IpsecItfCreateReply.sw_if_index")?;
        Ok(IpsecItfCreateReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for IpsecItfCreateReply {
    const ID: &'static str = "ipsec_itf_create_reply_5383d31f";
    const NAME: &'static str = "ipsec_itf_create_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpsecItfCreateReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ipsec_itf_delete`, in 23.06-.
///
/// Answered by [`IpsecItfDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpsecItfDelete {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for IpsecItfDelete {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpsecItfDelete.sw_if_index")?;
        Ok(IpsecItfDelete { sw_if_index })
    }
}

impl crate::codec::Message for IpsecItfDelete {
    const ID: &'static str = "ipsec_itf_delete_f9e6675e";
    const NAME: &'static str = "ipsec_itf_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for IpsecItfDelete {
    type Reply = IpsecItfDeleteReply;
}

/// VPP's `ipsec_itf_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpsecItfDeleteReply {
    pub retval: i32,
}

impl Wire for IpsecItfDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "IpsecItfDeleteReply.retval")?;
        Ok(IpsecItfDeleteReply { retval })
    }
}

impl crate::codec::Message for IpsecItfDeleteReply {
    const ID: &'static str = "ipsec_itf_delete_reply_e8d4e804";
    const NAME: &'static str = "ipsec_itf_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for IpsecItfDeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `ipsec_itf_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpsecItfDetails {
    pub itf: types::IpsecItf,
}

impl Wire for IpsecItfDetails {
    const MIN_SIZE: usize = <types::IpsecItf as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.itf.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let itf: types::IpsecItf = field(reader, "IpsecItfDetails.itf")?;
        Ok(IpsecItfDetails { itf })
    }
}

impl crate::codec::Message for IpsecItfDetails {
    const ID: &'static str = "ipsec_itf_details_548a73b8";
    const NAME: &'static str = "ipsec_itf_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `ipsec_itf_dump`, in 23.06-.
///
/// Answered by any number of [`IpsecItfDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct IpsecItfDump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for IpsecItfDump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "IpsecItfDump.sw_if_index")?;
        Ok(IpsecItfDump { sw_if_index })
    }
}

impl crate::codec::Message for IpsecItfDump {
    const ID: &'static str = "ipsec_itf_dump_f9e6675e";
    const NAME: &'static str = "ipsec_itf_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for IpsecItfDump {
    type Details = IpsecItfDetails;
}

