//! Messages of VPP's module `rd_cp`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `ip6_nd_address_autoconfig`, in 23.06-.
///
/// Answered by [`Ip6NdAddressAutoconfigReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ip6NdAddressAutoconfig {
    pub sw_if_index: types::InterfaceIndex,
    pub enable: bool,
    pub install_default_routes: bool,
}

impl Wire for Ip6NdAddressAutoconfig {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.enable.put(out);
        self.install_default_routes.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "Ip6NdAddressAutoconfig.sw_if_index")?;
        let enable: bool = field(reader, "Ip6NdAddressAutoconfig.enable")?;
        let install_default_routes: bool = field(reader, "Ip6NdAddressAutoconfig.install_default_routes")?;
        Ok(Ip6NdAddressAutoconfig { sw_if_index, enable, install_default_routes })
    }
}

impl crate::codec::Message for Ip6NdAddressAutoconfig {
    const ID: &'static str = "ip6_nd_address_autoconfig_9e14a4a7";
    const NAME: &'static str = "ip6_nd_address_autoconfig";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for Ip6NdAddressAutoconfig {
    type Reply = Ip6NdAddressAutoconfigReply;
}

/// VPP's `ip6_nd_address_autoconfig_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ip6NdAddressAutoconfigReply {
    pub retval: i32,
}

impl Wire for Ip6NdAddressAutoconfigReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "Ip6NdAddressAutoconfigReply.retval")?;
        Ok(Ip6NdAddressAutoconfigReply { retval })
    }
}

impl crate::codec::Message for Ip6NdAddressAutoconfigReply {
    const ID: &'static str = "ip6_nd_address_autoconfig_reply_e8d4e804";
    const NAME: &'static str = "ip6_nd_address_autoconfig_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for Ip6NdAddressAutoconfigReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

