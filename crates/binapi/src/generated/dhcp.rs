//! Messages of VPP's module `dhcp`.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use super::types;
use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `dhcp_client_config`, in 23.06-.
///
/// Answered by [`DhcpClientConfigReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpClientConfig {
    pub is_add: bool,
    pub client: types::DhcpClient,
}

impl Wire for DhcpClientConfig {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE
        + <types::DhcpClient as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_add.put(out);
        self.client.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_add: bool = field(reader, "DhcpClientConfig.is_add")?;
        let client: types::DhcpClient = field(reader, "DhcpClientConfig.client")?;
        Ok(DhcpClientConfig { is_add, client })
    }
}

impl crate::codec::Message for DhcpClientConfig {
    const ID: &'static str = "dhcp_client_config_1af013ea";
    const NAME: &'static str = "dhcp_client_config";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for DhcpClientConfig {
    type Reply = DhcpClientConfigReply;
}

/// VPP's `dhcp_client_config_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpClientConfigReply {
    pub retval: i32,
}

impl Wire for DhcpClientConfigReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "DhcpClientConfigReply.retval")?;
        Ok(DhcpClientConfigReply { retval })
    }
}

impl crate::codec::Message for DhcpClientConfigReply {
    const ID: &'static str = "dhcp_client_config_reply_e8d4e804";
    const NAME: &'static str = "dhcp_client_config_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for DhcpClientConfigReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `dhcp_client_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpClientDetails {
    pub client: types::DhcpClient,
    pub lease: types::DhcpLease,
}

impl Wire for DhcpClientDetails {
    const MIN_SIZE: usize = <types::DhcpClient as Wire>::MIN_SIZE
        + <types::DhcpLease as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.client.put(out);
        self.lease.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let client: types::DhcpClient = field(reader, "DhcpClientDetails.client")?;
        let lease: types::DhcpLease = field(reader, "DhcpClientDetails.lease")?;
        Ok(DhcpClientDetails { client, lease })
    }
}

impl crate::codec::Message for DhcpClientDetails {
    const ID: &'static str = "dhcp_client_details_8897b2d8";
    const NAME: &'static str = "dhcp_client_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `dhcp_client_dump`, in 23.06-.
///
/// Answered by any number of [`DhcpClientDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpClientDump {}

impl Wire for DhcpClientDump {
    const MIN_SIZE: usize = 0;
    fn put(&self, _out: &mut Vec<u8>) {
    }
    fn get(_reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(DhcpClientDump {})
    }
}

impl crate::codec::Message for DhcpClientDump {
    const ID: &'static str = "dhcp_client_dump_51077d14";
    const NAME: &'static str = "dhcp_client_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for DhcpClientDump {
    type Details = DhcpClientDetails;
}

/// VPP's `dhcp_compl_event`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpComplEvent {
    pub pid: u32,
    pub lease: types::DhcpLease,
}

impl Wire for DhcpComplEvent {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <types::DhcpLease as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.pid.put(out);
        self.lease.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let pid: u32 = field(reader, "DhcpComplEvent.pid")?;
        let lease: types::DhcpLease = field(reader, "DhcpComplEvent.lease")?;
        Ok(DhcpComplEvent { pid, lease })
    }
}

impl crate::codec::Message for DhcpComplEvent {
    const ID: &'static str = "dhcp_compl_event_e18124b7";
    const NAME: &'static str = "dhcp_compl_event";
    const HEAD: crate::codec::Head = crate::codec::Head::Client;
}

impl crate::codec::Event for DhcpComplEvent {}

/// VPP's `dhcp_proxy_config`, in 23.06-.
///
/// Answered by [`DhcpProxyConfigReply`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpProxyConfig {
    pub rx_vrf_id: u32,
    pub server_vrf_id: u32,
    pub is_add: bool,
    pub dhcp_server: types::Address,
    pub dhcp_src_address: types::Address,
}

impl Wire for DhcpProxyConfig {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.rx_vrf_id.put(out);
        self.server_vrf_id.put(out);
        self.is_add.put(out);
        self.dhcp_server.put(out);
        self.dhcp_src_address.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let rx_vrf_id: u32 = field(reader, "DhcpProxyConfig.rx_vrf_id")?;
        let server_vrf_id: u32 = field(reader, "DhcpProxyConfig.server_vrf_id")?;
        let is_add: bool = field(reader, "DhcpProxyConfig.is_add")?;
        let dhcp_server: types::Address = field(reader, "DhcpProxyConfig.dhcp_server")?;
        let dhcp_src_address: types::Address = field(reader, "DhcpProxyConfig.dhcp_src_address")?;
        Ok(DhcpProxyConfig { rx_vrf_id, server_vrf_id, is_add, dhcp_server, dhcp_src_address })
    }
}

impl crate::codec::Message for DhcpProxyConfig {
    const ID: &'static str = "dhcp_proxy_config_4058a689";
    const NAME: &'static str = "dhcp_proxy_config";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Request for DhcpProxyConfig {
    type Reply = DhcpProxyConfigReply;
}

/// VPP's `dhcp_proxy_config_reply`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpProxyConfigReply {
    pub retval: i32,
}

impl Wire for DhcpProxyConfigReply {
    const MIN_SIZE: usize = <i32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.retval.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval: i32 = field(reader, "DhcpProxyConfigReply.retval")?;
        Ok(DhcpProxyConfigReply { retval })
    }
}

impl crate::codec::Message for DhcpProxyConfigReply {
    const ID: &'static str = "dhcp_proxy_config_reply_e8d4e804";
    const NAME: &'static str = "dhcp_proxy_config_reply";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

impl crate::codec::Reply for DhcpProxyConfigReply {
    fn retval(&self) -> i32 {
        self.retval
    }
}

/// VPP's `dhcp_proxy_details`, in 23.06-.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpProxyDetails {
    pub rx_vrf_id: u32,
    pub vss_oui: u32,
    pub vss_fib_id: u32,
    pub vss_type: types::VssType,
    pub is_ipv6: bool,
    pub vss_vpn_ascii_id: FixedString<129>,
    pub dhcp_src_address: types::Address,
    pub servers: Counted<types::DhcpServer, u8>,
}

impl Wire for DhcpProxyDetails {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <types::VssType as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<129> as Wire>::MIN_SIZE
        + <types::Address as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<types::DhcpServer, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.rx_vrf_id.put(out);
        self.vss_oui.put(out);
        self.vss_fib_id.put(out);
        self.vss_type.put(out);
        self.is_ipv6.put(out);
        self.vss_vpn_ascii_id.put(out);
        self.dhcp_src_address.put(out);
        self.servers.put_count(out);
        self.servers.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let rx_vrf_id: u32 = field(reader, "DhcpProxyDetails.rx_vrf_id")?;
        let vss_oui: u32 = field(reader, "DhcpProxyDetails.vss_oui")?;
        let vss_fib_id: u32 = field(reader, "DhcpProxyDetails.vss_fib_id")?;
        let vss_type: types::VssType = field(reader, "DhcpProxyDetails.vss_type")?;
        let is_ipv6: bool = field(reader, "DhcpProxyDetails.is_ipv6")?;
        let vss_vpn_ascii_id: FixedString<129> = field(reader, "DhcpProxyDetails.vss_vpn_ascii_id")?;
        let dhcp_src_address: types::Address = field(reader, "DhcpProxyDetails.dhcp_src_address")?;
        let count: u8 = field(reader, "DhcpProxyDetails.count")?;
        let servers = Counted::get_items(reader, "DhcpProxyDetails.servers", count)?;
        Ok(DhcpProxyDetails { rx_vrf_id, vss_oui, vss_fib_id, vss_type, is_ipv6, vss_vpn_ascii_id, dhcp_src_address, servers })
    }
}

impl crate::codec::Message for DhcpProxyDetails {
    const ID: &'static str = "dhcp_proxy_details_dcbaf540";
    const NAME: &'static str = "dhcp_proxy_details";
    const HEAD: crate::codec::Head = crate::codec::Head::Context;
}

/// VPP's `dhcp_proxy_dump`, in 23.06-.
///
/// Answered by any number of [`DhcpProxyDetails`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DhcpProxyDump {
    pub is_ip6: bool,
}

impl Wire for DhcpProxyDump {
    const MIN_SIZE: usize = <bool as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_ip6.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_ip6: bool = field(reader, "DhcpProxyDump.is_ip6")?;
        Ok(DhcpProxyDump { is_ip6 })
    }
}

impl crate::codec::Message for DhcpProxyDump {
    const ID: &'static str = "dhcp_proxy_dump_5c5b063f";
    const NAME: &'static str = "dhcp_proxy_dump";
    const HEAD: crate::codec::Head = crate::codec::Head::ClientContext;
}

impl crate::codec::Dump for DhcpProxyDump {
    type Details = DhcpProxyDetails;
}

