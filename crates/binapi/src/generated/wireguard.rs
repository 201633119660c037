//! Messages of VPP's module `wireguard`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `wireguard_interface_create`, in 23.06-.
///
/// Answered by [`WireguardInterfaceCreateReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WireguardInterfaceCreate {
    pub interface: types::WireguardInterface,
    pub generate_key: bool,
}

impl Wire for WireguardInterfaceCreate {
    const MIN_SIZE: usize = <types::WireguardInterface as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.interface.put(out);
        self.generate_key.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let interface: types::WireguardInterface = field(reader, "WireguardInterfaceCreate.interface")?;
        let generate_key: bool = field(reader, "WireguardInterfaceCreate.generate_key")?;
        Ok(WireguardInterfaceCreate { interface, generate_key })
    }
}

impl crate::codec::Message for WireguardInterfaceCreate {
    const ID: &'static str = "wireguard_interface_create_a530137e";
    const NAME: &'static str = "wireguard_interface_create";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for WireguardInterfaceCreate {
    type Reply = WireguardInterfaceCreateReply;
}

/// VPP's `wireguard_interface_create_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WireguardInterfaceCreateReply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for WireguardInterfaceCreateReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "WireguardInterfaceCreateReply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "WireguardInterfaceCreateReply.sw_if_index")?;
        Ok(WireguardInterfaceCreateReply { retval, sw_if_index })
    }
}

impl crate::codec::Message for WireguardInterfaceCreateReply {
    const ID: &'static str = "wireguard_interface_create_reply_5383d31f";
    const NAME: &'static str = "wireguard_interface_create_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for WireguardInterfaceCreateReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `wireguard_interface_delete`, in 23.06-.
///
/// Answered by [`WireguardInterfaceDeleteReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WireguardInterfaceDelete {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for WireguardInterfaceDelete {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "WireguardInterfaceDelete.sw_if_index")?;
        Ok(WireguardInterfaceDelete { sw_if_index })
    }
}

impl crate::codec::Message for WireguardInterfaceDelete {
    const ID: &'static str = "wireguard_interface_delete_f9e6675e";
    const NAME: &'static str = "wireguard_interface_delete";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for WireguardInterfaceDelete {
    type Reply = WireguardInterfaceDeleteReply;
}

/// VPP's `wireguard_interface_delete_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WireguardInterfaceDeleteReply {
    pub retval: i32,
}

impl Wire for WireguardInterfaceDeleteReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "WireguardInterfaceDeleteReply.retval")?;
        Ok(WireguardInterfaceDeleteReply { retval })
    }
}

impl crate::codec::Message for WireguardInterfaceDeleteReply {
    const ID: &'static str = "wireguard_interface_delete_reply_e8d4e804";
    const NAME: &'static str = "wireguard_interface_delete_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for WireguardInterfaceDeleteReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `wireguard_interface_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WireguardInterfaceDetails {
    pub interface: types::WireguardInterface,
}

impl Wire for WireguardInterfaceDetails {
    const MIN_SIZE: usize = <types::WireguardInterface as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.interface.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let interface: types::WireguardInterface = field(reader, "WireguardInterfaceDetails.interface")?;
        Ok(WireguardInterfaceDetails { interface })
    }
}

impl crate::codec::Message for WireguardInterfaceDetails {
    const ID: &'static str = "wireguard_interface_details_0dd4865d";
    const NAME: &'static str = "wireguard_interface_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `wireguard_interface_dump`, in 23.06-.
///
/// Answered by any number of [`WireguardInterfaceDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WireguardInterfaceDump {
    pub show_private_key: bool,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for WireguardInterfaceDump {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.show_private_key.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let show_private_key: bool = field(reader, "WireguardInterfaceDump.show_private_key")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "WireguardInterfaceDump.sw_if_index")?;
        Ok(WireguardInterfaceDump { show_private_key, sw_if_index })
    }
}

impl crate::codec::Message for WireguardInterfaceDump {
    const ID: &'static str = "wireguard_interface_dump_2c954158";
    const NAME: &'static str = "wireguard_interface_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for WireguardInterfaceDump {
    type Details = WireguardInterfaceDetails;
}

