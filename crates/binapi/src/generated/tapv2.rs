//! Messages of VPP's module `tapv2`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `sw_interface_tap_v2_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SwInterfaceTapV2Details {
    pub sw_if_index: u32,
    pub id: u32,
    pub tx_ring_sz: u16,
    pub rx_ring_sz: u16,
    pub host_mtu_size: u32,
    pub host_mac_addr: types::MacAddress,
    pub host_ip4_prefix: types::Ip4AddressWithPrefix,
    pub host_ip6_prefix: types::Ip6AddressWithPrefix,
    pub tap_flags: types::TapFlags,
    pub dev_name: FixedString<64>,
    pub host_if_name: FixedString<64>,
    pub host_namespace: FixedString<64>,
    pub host_bridge: FixedString<64>,
}

impl Wire for SwInterfaceTapV2Details {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <types::Ip4AddressWithPrefix as Wire>::MIN_SIZE
        + <types::Ip6AddressWithPrefix as Wire>::MIN_SIZE
        + <types::TapFlags as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.id.put(out);
        self.tx_ring_sz.put(out);
        self.rx_ring_sz.put(out);
        self.host_mtu_size.put(out);
        self.host_mac_addr.put(out);
        self.host_ip4_prefix.put(out);
        self.host_ip6_prefix.put(out);
        self.tap_flags.put(out);
        self.dev_name.put(out);
        self.host_if_name.put(out);
        self.host_namespace.put(out);
        self.host_bridge.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: u32 = field(reader, "SwInterfaceTapV2Details.sw_if_index")?;
        let id: u32 = field(reader, "SwInterfaceTapV2Details.id")?;
        let tx_ring_sz: u16 = field(reader, "SwInterfaceTapV2Details.tx_ring_sz")?;
        let rx_ring_sz: u16 = field(reader, "SwInterfaceTapV2Details.rx_ring_sz")?;
        let host_mtu_size: u32 = field(reader, "SwInterfaceTapV2Details.host_mtu_size")?;
        let host_mac_addr: types::MacAddress = field(reader, "SwInterfaceTapV2Details.host_mac_addr")?;
        let host_ip4_prefix: types::Ip4AddressWithPrefix = field(reader, "SwInterfaceTapV2Details.host_ip4_prefix")?;
        let host_ip6_prefix: types::Ip6AddressWithPrefix = field(reader, "SwInterfaceTapV2Details.host_ip6_prefix")?;
        let tap_flags: types::TapFlags = field(reader, "SwInterfaceTapV2Details.tap_flags")?;
        let dev_name: FixedString<64> = field(reader, "SwInterfaceTapV2Details.dev_name")?;
        let host_if_name: FixedString<64> = field(reader, "SwInterfaceTapV2Details.host_if_name")?;
        let host_namespace: FixedString<64> = field(reader, "SwInterfaceTapV2Details.host_namespace")?;
        let host_bridge: FixedString<64> = field(reader, "SwInterfaceTapV2Details.host_bridge")?;
        Ok(SwInterfaceTapV2Details { sw_if_index, id, tx_ring_sz, rx_ring_sz, host_mtu_size, host_mac_addr, host_ip4_prefix, host_ip6_prefix, tap_flags, dev_name, host_if_name, host_namespace, host_bridge })
    }
}

impl crate::codec::Message for SwInterfaceTapV2Details {
    const ID: &'static str = "sw_interface_tap_v2_details_1e2b2a47";
    const NAME: &'static str = "sw_interface_tap_v2_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `sw_interface_tap_v2_dump`, in 23.06-.
///
/// Answered by any number of [`SwInterfaceTapV2Details`].
#[derive(Clone, Debug, PartialEq)]
pub struct SwInterfaceTapV2Dump {
    pub sw_if_index: types::InterfaceIndex,
}

impl Default for SwInterfaceTapV2Dump {
    fn default() -> Self {
        SwInterfaceTapV2Dump {
            sw_if_index: 4294967295,
        }
    }
}

impl Wire for SwInterfaceTapV2Dump {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "SwInterfaceTapV2Dump.sw_if_index")?;
        Ok(SwInterfaceTapV2Dump { sw_if_index })
    }
}

impl crate::codec::Message for SwInterfaceTapV2Dump {
    const ID: &'static str = "sw_interface_tap_v2_dump_f9e6675e";
    const NAME: &'static str = "sw_interface_tap_v2_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for SwInterfaceTapV2Dump {
    type Details = SwInterfaceTapV2Details;
}

/// VPP's `tap_create_v2`, in 23.06- (deprecated at the end).
///
/// Answered by [`TapCreateV2Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct TapCreateV2 {
    pub id: u32,
    pub use_random_mac: bool,
    pub mac_address: types::MacAddress,
    pub num_rx_queues: u8,
    pub tx_ring_sz: u16,
    pub rx_ring_sz: u16,
    pub host_mtu_set: bool,
    pub host_mtu_size: u32,
    pub host_mac_addr_set: bool,
    pub host_mac_addr: types::MacAddress,
    pub host_ip4_prefix_set: bool,
    pub host_ip4_prefix: types::Ip4AddressWithPrefix,
    pub host_ip6_prefix_set: bool,
    pub host_ip6_prefix: types::Ip6AddressWithPrefix,
    pub host_ip4_gw_set: bool,
    pub host_ip4_gw: types::Ip4Address,
    pub host_ip6_gw_set: bool,
    pub host_ip6_gw: types::Ip6Address,
    pub tap_flags: types::TapFlags,
    pub host_namespace_set: bool,
    pub host_namespace: FixedString<64>,
    pub host_if_name_set: bool,
    pub host_if_name: FixedString<64>,
    pub host_bridge_set: bool,
    pub host_bridge: FixedString<64>,
    pub tag: String,
}

impl Default for TapCreateV2 {
    fn default() -> Self {
        TapCreateV2 {
            id: 4294967295,
            use_random_mac: true,
            mac_address: Default::default(),
            num_rx_queues: 1,
            tx_ring_sz: 256,
            rx_ring_sz: 256,
            host_mtu_set: Default::default(),
            host_mtu_size: Default::default(),
            host_mac_addr_set: Default::default(),
            host_mac_addr: Default::default(),
            host_ip4_prefix_set: Default::default(),
            host_ip4_prefix: Default::default(),
            host_ip6_prefix_set: Default::default(),
            host_ip6_prefix: Default::default(),
            host_ip4_gw_set: Default::default(),
            host_ip4_gw: Default::default(),
            host_ip6_gw_set: Default::default(),
            host_ip6_gw: Default::default(),
            tap_flags: Default::default(),
            host_namespace_set: Default::default(),
            host_namespace: Default::default(),
            host_if_name_set: Default::default(),
            host_if_name: Default::default(),
            host_bridge_set: Default::default(),
            host_bridge: Default::default(),
            tag: Default::default(),
        }
    }
}

impl Wire for TapCreateV2 {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip4AddressWithPrefix as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip6AddressWithPrefix as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip4Address as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip6Address as Wire>::MIN_SIZE
        + <types::TapFlags as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <String as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.id.put(out);
        self.use_random_mac.put(out);
        self.mac_address.put(out);
        self.num_rx_queues.put(out);
        self.tx_ring_sz.put(out);
        self.rx_ring_sz.put(out);
        self.host_mtu_set.put(out);
        self.host_mtu_size.put(out);
        self.host_mac_addr_set.put(out);
        self.host_mac_addr.put(out);
        self.host_ip4_prefix_set.put(out);
        self.host_ip4_prefix.put(out);
        self.host_ip6_prefix_set.put(out);
        self.host_ip6_prefix.put(out);
        self.host_ip4_gw_set.put(out);
        self.host_ip4_gw.put(out);
        self.host_ip6_gw_set.put(out);
        self.host_ip6_gw.put(out);
        self.tap_flags.put(out);
        self.host_namespace_set.put(out);
        self.host_namespace.put(out);
        self.host_if_name_set.put(out);
        self.host_if_name.put(out);
        self.host_bridge_set.put(out);
        self.host_bridge.put(out);
        self.tag.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id: u32 = field(reader, "TapCreateV2.id")?;
        let use_random_mac: bool = field(reader, "TapCreateV2.use_random_mac")?;
        let mac_address: types::MacAddress = field(reader, "TapCreateV2.mac_address")?;
        let num_rx_queues: u8 = field(reader, "TapCreateV2.num_rx_queues")?;
        let tx_ring_sz: u16 = field(reader, "TapCreateV2.tx_ring_sz")?;
        let rx_ring_sz: u16 = field(reader, "TapCreateV2.rx_ring_sz")?;
        let host_mtu_set: bool = field(reader, "TapCreateV2.host_mtu_set")?;
        let host_mtu_size: u32 = field(reader, "TapCreateV2.host_mtu_size")?;
        let host_mac_addr_set: bool = field(reader, "TapCreateV2.host_mac_addr_set")?;
        let host_mac_addr: types::MacAddress = field(reader, "TapCreateV2.host_mac_addr")?;
        let host_ip4_prefix_set: bool = field(reader, "TapCreateV2.host_ip4_prefix_set")?;
        let host_ip4_prefix: types::Ip4AddressWithPrefix = field(reader, "TapCreateV2.host_ip4_prefix")?;
        let host_ip6_prefix_set: bool = field(reader, "TapCreateV2.host_ip6_prefix_set")?;
        let host_ip6_prefix: types::Ip6AddressWithPrefix = field(reader, "TapCreateV2.host_ip6_prefix")?;
        let host_ip4_gw_set: bool = field(reader, "TapCreateV2.host_ip4_gw_set")?;
        let host_ip4_gw: types::Ip4Address = field(reader, "TapCreateV2.host_ip4_gw")?;
        let host_ip6_gw_set: bool = field(reader, "TapCreateV2.host_ip6_gw_set")?;
        let host_ip6_gw: types::Ip6Address = field(reader, "TapCreateV2.host_ip6_gw")?;
        let tap_flags: types::TapFlags = field(reader, "TapCreateV2.tap_flags")?;
        let host_namespace_set: bool = field(reader, "TapCreateV2.host_namespace_set")?;
        let host_namespace: FixedString<64> = field(reader, "TapCreateV2.host_namespace")?;
        let host_if_name_set: bool = field(reader, "TapCreateV2.host_if_name_set")?;
        let host_if_name: FixedString<64> = field(reader, "TapCreateV2.host_if_name")?;
        let host_bridge_set: bool = field(reader, "TapCreateV2.host_bridge_set")?;
        let host_bridge: FixedString<64> = field(reader, "TapCreateV2.host_bridge")?;
        let tag: String = field(reader, "TapCreateV2.tag")?;
        Ok(TapCreateV2 { id, use_random_mac, mac_address, num_rx_queues, tx_ring_sz, rx_ring_sz, host_mtu_set, host_mtu_size, host_mac_addr_set, host_mac_addr, host_ip4_prefix_set, host_ip4_prefix, host_ip6_prefix_set, host_ip6_prefix, host_ip4_gw_set, host_ip4_gw, host_ip6_gw_set, host_ip6_gw, tap_flags, host_namespace_set, host_namespace, host_if_name_set, host_if_name, host_bridge_set, host_bridge, tag })
    }
}

impl crate::codec::Message for TapCreateV2 {
    const ID: &'static str = "tap_create_v2_2d0d6570";
    const NAME: &'static str = "tap_create_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for TapCreateV2 {
    type Reply = TapCreateV2Reply;
}

/// VPP's `tap_create_v2_reply`, in 23.06- (deprecated at the end).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TapCreateV2Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for TapCreateV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "TapCreateV2Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "TapCreateV2Reply.sw_if_index")?;
        Ok(TapCreateV2Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for TapCreateV2Reply {
    const ID: &'static str = "tap_create_v2_reply_5383d31f";
    const NAME: &'static str = "tap_create_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for TapCreateV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `tap_create_v3`, in 23.06-.
///
/// Answered by [`TapCreateV3Reply`].
#[derive(Clone, Debug, PartialEq)]
pub struct TapCreateV3 {
    pub id: u32,
    pub use_random_mac: bool,
    pub mac_address: types::MacAddress,
    pub num_rx_queues: u16,
    pub num_tx_queues: u16,
    pub tx_ring_sz: u16,
    pub rx_ring_sz: u16,
    pub host_mtu_set: bool,
    pub host_mtu_size: u32,
    pub host_mac_addr_set: bool,
    pub host_mac_addr: types::MacAddress,
    pub host_ip4_prefix_set: bool,
    pub host_ip4_prefix: types::Ip4AddressWithPrefix,
    pub host_ip6_prefix_set: bool,
    pub host_ip6_prefix: types::Ip6AddressWithPrefix,
    pub host_ip4_gw_set: bool,
    pub host_ip4_gw: types::Ip4Address,
    pub host_ip6_gw_set: bool,
    pub host_ip6_gw: types::Ip6Address,
    pub tap_flags: types::TapFlags,
    pub host_namespace_set: bool,
    pub host_namespace: FixedString<64>,
    pub host_if_name_set: bool,
    pub host_if_name: FixedString<64>,
    pub host_bridge_set: bool,
    pub host_bridge: FixedString<64>,
    pub tag: String,
}

impl Default for TapCreateV3 {
    fn default() -> Self {
        TapCreateV3 {
            id: 4294967295,
            use_random_mac: true,
            mac_address: Default::default(),
            num_rx_queues: 1,
            num_tx_queues: 1,
            tx_ring_sz: 256,
            rx_ring_sz: 256,
            host_mtu_set: Default::default(),
            host_mtu_size: Default::default(),
            host_mac_addr_set: Default::default(),
            host_mac_addr: Default::default(),
            host_ip4_prefix_set: Default::default(),
            host_ip4_prefix: Default::default(),
            host_ip6_prefix_set: Default::default(),
            host_ip6_prefix: Default::default(),
            host_ip4_gw_set: Default::default(),
            host_ip4_gw: Default::default(),
            host_ip6_gw_set: Default::default(),
            host_ip6_gw: Default::default(),
            tap_flags: Default::default(),
            host_namespace_set: Default::default(),
            host_namespace: Default::default(),
            host_if_name_set: Default::default(),
            host_if_name: Default::default(),
            host_bridge_set: Default::default(),
            host_bridge: Default::default(),
            tag: Default::default(),
        }
    }
}

impl Wire for TapCreateV3 {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::MacAddress as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip4AddressWithPrefix as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip6AddressWithPrefix as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip4Address as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Ip6Address as Wire>::MIN_SIZE
        + <types::TapFlags as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <String as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.id.put(out);
        self.use_random_mac.put(out);
        self.mac_address.put(out);
        self.num_rx_queues.put(out);
        self.num_tx_queues.put(out);
        self.tx_ring_sz.put(out);
        self.rx_ring_sz.put(out);
        self.host_mtu_set.put(out);
        self.host_mtu_size.put(out);
        self.host_mac_addr_set.put(out);
        self.host_mac_addr.put(out);
        self.host_ip4_prefix_set.put(out);
        self.host_ip4_prefix.put(out);
        self.host_ip6_prefix_set.put(out);
        self.host_ip6_prefix.put(out);
        self.host_ip4_gw_set.put(out);
        self.host_ip4_gw.put(out);
        self.host_ip6_gw_set.put(out);
        self.host_ip6_gw.put(out);
        self.tap_flags.put(out);
        self.host_namespace_set.put(out);
        self.host_namespace.put(out);
        self.host_if_name_set.put(out);
        self.host_if_name.put(out);
        self.host_bridge_set.put(out);
        self.host_bridge.put(out);
        self.tag.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id: u32 = field(reader, "TapCreateV3.id")?;
        let use_random_mac: bool = field(reader, "TapCreateV3.use_random_mac")?;
        let mac_address: types::MacAddress = field(reader, "TapCreateV3.mac_address")?;
        let num_rx_queues: u16 = field(reader, "TapCreateV3.num_rx_queues")?;
        let num_tx_queues: u16 = field(reader, "TapCreateV3.num_tx_queues")?;
        let tx_ring_sz: u16 = field(reader, "TapCreateV3.tx_ring_sz")?;
        let rx_ring_sz: u16 = field(reader, "TapCreateV3.rx_ring_sz")?;
        let host_mtu_set: bool = field(reader, "TapCreateV3.host_mtu_set")?;
        let host_mtu_size: u32 = field(reader, "TapCreateV3.host_mtu_size")?;
        let host_mac_addr_set: bool = field(reader, "TapCreateV3.host_mac_addr_set")?;
        let host_mac_addr: types::MacAddress = field(reader, "TapCreateV3.host_mac_addr")?;
        let host_ip4_prefix_set: bool = field(reader, "TapCreateV3.host_ip4_prefix_set")?;
        let host_ip4_prefix: types::Ip4AddressWithPrefix = field(reader, "TapCreateV3.host_ip4_prefix")?;
        let host_ip6_prefix_set: bool = field(reader, "TapCreateV3.host_ip6_prefix_set")?;
        let host_ip6_prefix: types::Ip6AddressWithPrefix = field(reader, "TapCreateV3.host_ip6_prefix")?;
        let host_ip4_gw_set: bool = field(reader, "TapCreateV3.host_ip4_gw_set")?;
        let host_ip4_gw: types::Ip4Address = field(reader, "TapCreateV3.host_ip4_gw")?;
        let host_ip6_gw_set: bool = field(reader, "TapCreateV3.host_ip6_gw_set")?;
        let host_ip6_gw: types::Ip6Address = field(reader, "TapCreateV3.host_ip6_gw")?;
        let tap_flags: types::TapFlags = field(reader, "TapCreateV3.tap_flags")?;
        let host_namespace_set: bool = field(reader, "TapCreateV3.host_namespace_set")?;
        let host_namespace: FixedString<64> = field(reader, "TapCreateV3.host_namespace")?;
        let host_if_name_set: bool = field(reader, "TapCreateV3.host_if_name_set")?;
        let host_if_name: FixedString<64> = field(reader, "TapCreateV3.host_if_name")?;
        let host_bridge_set: bool = field(reader, "TapCreateV3.host_bridge_set")?;
        let host_bridge: FixedString<64> = field(reader, "TapCreateV3.host_bridge")?;
        let tag: String = field(reader, "TapCreateV3.tag")?;
        Ok(TapCreateV3 { id, use_random_mac, mac_address, num_rx_queues, num_tx_queues, tx_ring_sz, rx_ring_sz, host_mtu_set, host_mtu_size, host_mac_addr_set, host_mac_addr, host_ip4_prefix_set, host_ip4_prefix, host_ip6_prefix_set, host_ip6_prefix, host_ip4_gw_set, host_ip4_gw, host_ip6_gw_set, host_ip6_gw, tap_flags, host_namespace_set, host_namespace, host_if_name_set, host_if_name, host_bridge_set, host_bridge, tag })
    }
}

impl crate::codec::Message for TapCreateV3 {
    const ID: &'static str = "tap_create_v3_3f3fd1df";
    const NAME: &'static str = "tap_create_v3";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for TapCreateV3 {
    type Reply = TapCreateV3Reply;
}

/// VPP's `tap_create_v3_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TapCreateV3Reply {
    pub retval: i32,
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for TapCreateV3Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE
        + <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "TapCreateV3Reply.retval")?;
        let sw_if_index: types::InterfaceIndex = field(reader, "TapCreateV3Reply.sw_if_index")?;
        Ok(TapCreateV3Reply { retval, sw_if_index })
    }
}

impl crate::codec::Message for TapCreateV3Reply {
    const ID: &'static str = "tap_create_v3_reply_5383d31f";
    const NAME: &'static str = "tap_create_v3_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for TapCreateV3Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `tap_delete_v2`, in 23.06-.
///
/// Answered by [`TapDeleteV2Reply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TapDeleteV2 {
    pub sw_if_index: types::InterfaceIndex,
}

impl Wire for TapDeleteV2 {
    const MIN_SIZE: usize = <types::InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: types::InterfaceIndex = field(reader, "TapDeleteV2.sw_if_index")?;
        Ok(TapDeleteV2 { sw_if_index })
    }
}

impl crate::codec::Message for TapDeleteV2 {
    const ID: &'static str = "tap_delete_v2_f9e6675e";
    const NAME: &'static str = "tap_delete_v2";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for TapDeleteV2 {
    type Reply = TapDeleteV2Reply;
}

/// VPP's `tap_delete_v2_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TapDeleteV2Reply {
    pub retval: i32,
}

impl Wire for TapDeleteV2Reply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "TapDeleteV2Reply.retval")?;
        Ok(TapDeleteV2Reply { retval })
    }
}

impl crate::codec::Message for TapDeleteV2Reply {
    const ID: &'static str = "tap_delete_v2_reply_e8d4e804";
    const NAME: &'static str = "tap_delete_v2_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for TapDeleteV2Reply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

