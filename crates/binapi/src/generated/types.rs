//! Types of VPP's API.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

/// VPP's `acl_action`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AclAction(pub u8);

crate::codec::wire_enum! {
    AclAction(u8)
    /// `ACL_ACTION_API_DENY`
    DENY = 0,
    /// `ACL_ACTION_API_PERMIT`
    PERMIT = 1,
    /// `ACL_ACTION_API_PERMIT_REFLECT`
    PERMIT_REFLECT = 2,
}

/// VPP's `acl_rule`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct AclRule {
    pub is_permit: AclAction,
    pub src_prefix: Prefix,
    pub dst_prefix: Prefix,
    pub proto: IpProto,
    pub srcport_or_icmptype_first: u16,
    pub srcport_or_icmptype_last: u16,
    pub dstport_or_icmpcode_first: u16,
    pub dstport_or_icmpcode_last: u16,
    pub tcp_flags_mask: u8,
    pub tcp_flags_value: u8,
}

impl Wire for AclRule {
    const MIN_SIZE: usize = <AclAction as Wire>::MIN_SIZE
        + <Prefix as Wire>::MIN_SIZE
        + <Prefix as Wire>::MIN_SIZE
        + <IpProto as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_permit.put(out);
        self.src_prefix.put(out);
        self.dst_prefix.put(out);
        self.proto.put(out);
        self.srcport_or_icmptype_first.put(out);
        self.srcport_or_icmptype_last.put(out);
        self.dstport_or_icmpcode_first.put(out);
        self.dstport_or_icmpcode_last.put(out);
        self.tcp_flags_mask.put(out);
        self.tcp_flags_value.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_permit: AclAction = field(reader, "AclRule.is_permit")?;
        let src_prefix: Prefix = field(reader, "AclRule.src_prefix")?;
        let dst_prefix: Prefix = field(reader, "AclRule.dst_prefix")?;
        let proto: IpProto = field(reader, "AclRule.proto")?;
        let srcport_or_icmptype_first: u16 = field(reader, "AclRule.srcport_or_icmptype_first")?;
        let srcport_or_icmptype_last: u16 = field(reader, "AclRule.srcport_or_icmptype_last")?;
        let dstport_or_icmpcode_first: u16 = field(reader, "AclRule.dstport_or_icmpcode_first")?;
        let dstport_or_icmpcode_last: u16 = field(reader, "AclRule.dstport_or_icmpcode_last")?;
        let tcp_flags_mask: u8 = field(reader, "AclRule.tcp_flags_mask")?;
        let tcp_flags_value: u8 = field(reader, "AclRule.tcp_flags_value")?;
        Ok(AclRule { is_permit, src_prefix, dst_prefix, proto, srcport_or_icmptype_first, srcport_or_icmptype_last, dstport_or_icmpcode_first, dstport_or_icmpcode_last, tcp_flags_mask, tcp_flags_value })
    }
}

/// VPP's `address`; needed in 23.06-.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Address {
    pub af: AddressFamily,
    pub un: AddressUnion,
}

impl Wire for Address {
    const MIN_SIZE: usize = <AddressFamily as Wire>::MIN_SIZE
        + <AddressUnion as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.af.put(out);
        self.un.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let af: AddressFamily = field(reader, "Address.af")?;
        let un: AddressUnion = field(reader, "Address.un")?;
        Ok(Address { af, un })
    }
}

/// VPP's `address_family`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressFamily(pub u8);

crate::codec::wire_enum! {
    AddressFamily(u8)
    /// `ADDRESS_IP4`
    IP4 = 0,
    /// `ADDRESS_IP6`
    IP6 = 1,
}

/// VPP's `address_union`; needed in 23.06-.
///
/// The bytes of one of its members, zeros behind them; another field tells which.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressUnion(pub [u8; 16]);

crate::codec::wire_union!(AddressUnion[16]);

impl AddressUnion {
    /// The bytes read as `ip4`.
    pub fn ip4(&self) -> Ip4Address {
        Wire::get(&mut Reader::new(&self.0)).unwrap_or_default()
    }
    /// The union that holds a `ip4`.
    pub fn from_ip4(value: Ip4Address) -> Self {
        AddressUnion(crate::codec::padded(&value))
    }
    /// The bytes read as `ip6`.
    pub fn ip6(&self) -> Ip6Address {
        Wire::get(&mut Reader::new(&self.0)).unwrap_or_default()
    }
    /// The union that holds a `ip6`.
    pub fn from_ip6(value: Ip6Address) -> Self {
        AddressUnion(crate::codec::padded(&value))
    }
}

/// VPP's `address_with_prefix`; needed in 23.06-.
pub type AddressWithPrefix = Prefix;

/// VPP's `af_packet_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AfPacketFlags(pub u32);

crate::codec::wire_flags! {
    AfPacketFlags(u32)
    /// `AF_PACKET_API_FLAG_QDISC_BYPASS`
    QDISC_BYPASS = 1,
    /// `AF_PACKET_API_FLAG_CKSUM_GSO`
    CKSUM_GSO = 2,
    /// `AF_PACKET_API_FLAG_VERSION_2`
    VERSION_2 = 8,
}

/// VPP's `af_packet_mode`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AfPacketMode(pub u32);

crate::codec::wire_enum! {
    AfPacketMode(u32)
    /// `AF_PACKET_API_MODE_ETHERNET`
    ETHERNET = 1,
    /// `AF_PACKET_API_MODE_IP`
    IP = 2,
}

/// VPP's `bd_ip_mac`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct BdIpMac {
    pub bd_id: u32,
    pub ip: Address,
    pub mac: MacAddress,
}

impl Wire for BdIpMac {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <MacAddress as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.bd_id.put(out);
        self.ip.put(out);
        self.mac.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bd_id: u32 = field(reader, "BdIpMac.bd_id")?;
        let ip: Address = field(reader, "BdIpMac.ip")?;
        let mac: MacAddress = field(reader, "BdIpMac.mac")?;
        Ok(BdIpMac { bd_id, ip, mac })
    }
}

/// VPP's `bond_lb_algo`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BondLbAlgo(pub u32);

crate::codec::wire_enum! {
    BondLbAlgo(u32)
    /// `BOND_API_LB_ALGO_L2`
    L2 = 0,
    /// `BOND_API_LB_ALGO_L34`
    L34 = 1,
    /// `BOND_API_LB_ALGO_L23`
    L23 = 2,
    /// `BOND_API_LB_ALGO_RR`
    RR = 3,
    /// `BOND_API_LB_ALGO_BC`
    BC = 4,
    /// `BOND_API_LB_ALGO_AB`
    AB = 5,
}

/// VPP's `bond_mode`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BondMode(pub u32);

crate::codec::wire_enum! {
    BondMode(u32)
    /// `BOND_API_MODE_ROUND_ROBIN`
    ROUND_ROBIN = 1,
    /// `BOND_API_MODE_ACTIVE_BACKUP`
    ACTIVE_BACKUP = 2,
    /// `BOND_API_MODE_XOR`
    XOR = 3,
    /// `BOND_API_MODE_BROADCAST`
    BROADCAST = 4,
    /// `BOND_API_MODE_LACP`
    LACP = 5,
}

/// VPP's `bridge_domain_sw_if`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct BridgeDomainSwIf {
    pub context: u32,
    pub sw_if_index: InterfaceIndex,
    pub shg: u8,
}

impl Wire for BridgeDomainSwIf {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.context.put(out);
        self.sw_if_index.put(out);
        self.shg.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let context: u32 = field(reader, "BridgeDomainSwIf.context")?;
        let sw_if_index: InterfaceIndex = field(reader, "BridgeDomainSwIf.sw_if_index")?;
        let shg: u8 = field(reader, "BridgeDomainSwIf.shg")?;
        Ok(BridgeDomainSwIf { context, sw_if_index, shg })
    }
}

/// VPP's `dhcp_client`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DhcpClient {
    pub sw_if_index: InterfaceIndex,
    pub hostname: FixedString<64>,
    pub id: [u8; 64],
    pub want_dhcp_event: bool,
    pub set_broadcast_flag: bool,
    pub dscp: IpDscp,
    pub pid: u32,
}

impl Default for DhcpClient {
    fn default() -> Self {
        DhcpClient {
            sw_if_index: Default::default(),
            hostname: Default::default(),
            id: std::array::from_fn(|_| Default::default()),
            want_dhcp_event: Default::default(),
            set_broadcast_flag: Default::default(),
            dscp: Default::default(),
            pid: Default::default(),
        }
    }
}

impl Wire for DhcpClient {
    const MIN_SIZE: usize = <InterfaceIndex as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <[u8; 64] as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <IpDscp as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.hostname.put(out);
        self.id.put(out);
        self.want_dhcp_event.put(out);
        self.set_broadcast_flag.put(out);
        self.dscp.put(out);
        self.pid.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: InterfaceIndex = field(reader, "DhcpClient.sw_if_index")?;
        let hostname: FixedString<64> = field(reader, "DhcpClient.hostname")?;
        let id: [u8; 64] = field(reader, "DhcpClient.id")?;
        let want_dhcp_event: bool = field(reader, "DhcpClient.want_dhcp_event")?;
        let set_broadcast_flag: bool = field(reader, "DhcpClient.set_broadcast_flag")?;
        let dscp: IpDscp = field(reader, "DhcpClient.dscp")?;
        let pid: u32 = field(reader, "DhcpClient.pid")?;
        Ok(DhcpClient { sw_if_index, hostname, id, want_dhcp_event, set_broadcast_flag, dscp, pid })
    }
}

/// VPP's `dhcp_client_state`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DhcpClientState(pub u32);

crate::codec::wire_enum! {
    DhcpClientState(u32)
    /// `DHCP_CLIENT_STATE_API_DISCOVER`
    DISCOVER = 0,
    /// `DHCP_CLIENT_STATE_API_REQUEST`
    REQUEST = 1,
    /// `DHCP_CLIENT_STATE_API_BOUND`
    BOUND = 2,
}

/// VPP's `dhcp_lease`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct DhcpLease {
    pub sw_if_index: InterfaceIndex,
    pub state: DhcpClientState,
    pub is_ipv6: bool,
    pub hostname: FixedString<64>,
    pub mask_width: u8,
    pub host_address: Address,
    pub router_address: Address,
    pub host_mac: MacAddress,
    pub domain_server: Counted<DomainServer, u8>,
}

impl Wire for DhcpLease {
    const MIN_SIZE: usize = <InterfaceIndex as Wire>::MIN_SIZE
        + <DhcpClientState as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <MacAddress as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<DomainServer, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.state.put(out);
        self.is_ipv6.put(out);
        self.hostname.put(out);
        self.mask_width.put(out);
        self.host_address.put(out);
        self.router_address.put(out);
        self.host_mac.put(out);
        self.domain_server.put_count(out);
        self.domain_server.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: InterfaceIndex = field(reader, "DhcpLease.sw_if_index")?;
        let state: DhcpClientState = field(reader, "DhcpLease.state")?;
        let is_ipv6: bool = field(reader, "DhcpLease.is_ipv6")?;
        let hostname: FixedString<64> = field(reader, "DhcpLease.hostname")?;
        let mask_width: u8 = field(reader, "DhcpLease.mask_width")?;
        let host_address: Address = field(reader, "DhcpLease.host_address")?;
        let router_address: Address = field(reader, "DhcpLease.router_address")?;
        let host_mac: MacAddress = field(reader, "DhcpLease.host_mac")?;
        let count: u8 = field(reader, "DhcpLease.count")?;
        let domain_server = Counted::get_items(reader, "DhcpLease.domain_server", count)?;
        Ok(DhcpLease { sw_if_index, state, is_ipv6, hostname, mask_width, host_address, router_address, host_mac, domain_server })
    }
}

/// VPP's `dhcp_server`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct DhcpServer {
    pub server_vrf_id: u32,
    pub dhcp_server: Address,
}

impl Wire for DhcpServer {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.server_vrf_id.put(out);
        self.dhcp_server.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let server_vrf_id: u32 = field(reader, "DhcpServer.server_vrf_id")?;
        let dhcp_server: Address = field(reader, "DhcpServer.dhcp_server")?;
        Ok(DhcpServer { server_vrf_id, dhcp_server })
    }
}

/// VPP's `domain_server`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct DomainServer {
    pub address: Address,
}

impl Wire for DomainServer {
    const MIN_SIZE: usize = <Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.address.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let address: Address = field(reader, "DomainServer.address")?;
        Ok(DomainServer { address })
    }
}

/// VPP's `fib_mpls_label`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct FibMplsLabel {
    pub is_uniform: u8,
    pub label: u32,
    pub ttl: u8,
    pub exp: u8,
}

impl Wire for FibMplsLabel {
    const MIN_SIZE: usize = <u8 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_uniform.put(out);
        self.label.put(out);
        self.ttl.put(out);
        self.exp.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_uniform: u8 = field(reader, "FibMplsLabel.is_uniform")?;
        let label: u32 = field(reader, "FibMplsLabel.label")?;
        let ttl: u8 = field(reader, "FibMplsLabel.ttl")?;
        let exp: u8 = field(reader, "FibMplsLabel.exp")?;
        Ok(FibMplsLabel { is_uniform, label, ttl, exp })
    }
}

/// VPP's `fib_path`; needed in 23.06-.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct FibPath {
    pub sw_if_index: u32,
    pub table_id: u32,
    pub rpf_id: u32,
    pub weight: u8,
    pub preference: u8,
    pub type_: FibPathType,
    pub flags: FibPathFlags,
    pub proto: FibPathNhProto,
    pub nh: FibPathNh,
    pub n_labels: u8,
    pub label_stack: [FibMplsLabel; 16],
}

impl Wire for FibPath {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <FibPathType as Wire>::MIN_SIZE
        + <FibPathFlags as Wire>::MIN_SIZE
        + <FibPathNhProto as Wire>::MIN_SIZE
        + <FibPathNh as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <[FibMplsLabel; 16] as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.table_id.put(out);
        self.rpf_id.put(out);
        self.weight.put(out);
        self.preference.put(out);
        self.type_.put(out);
        self.flags.put(out);
        self.proto.put(out);
        self.nh.put(out);
        self.n_labels.put(out);
        self.label_stack.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: u32 = field(reader, "FibPath.sw_if_index")?;
        let table_id: u32 = field(reader, "FibPath.table_id")?;
        let rpf_id: u32 = field(reader, "FibPath.rpf_id")?;
        let weight: u8 = field(reader, "FibPath.weight")?;
        let preference: u8 = field(reader, "FibPath.preference")?;
        let type_: FibPathType = field(reader, "FibPath.type_")?;
        let flags: FibPathFlags = field(reader, "FibPath.flags")?;
        let proto: FibPathNhProto = field(reader, "FibPath.proto")?;
        let nh: FibPathNh = field(reader, "FibPath.nh")?;
        let n_labels: u8 = field(reader, "FibPath.n_labels")?;
        let label_stack: [FibMplsLabel; 16] = field(reader, "FibPath.label_stack")?;
        Ok(FibPath { sw_if_index, table_id, rpf_id, weight, preference, type_, flags, proto, nh, n_labels, label_stack })
    }
}

/// VPP's `fib_path_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FibPathFlags(pub u32);

crate::codec::wire_flags! {
    FibPathFlags(u32)
    /// `FIB_API_PATH_FLAG_NONE`
    NONE = 0,
    /// `FIB_API_PATH_FLAG_RESOLVE_VIA_ATTACHED`
    RESOLVE_VIA_ATTACHED = 1,
    /// `FIB_API_PATH_FLAG_RESOLVE_VIA_HOST`
    RESOLVE_VIA_HOST = 2,
    /// `FIB_API_PATH_FLAG_POP_PW_CW`
    POP_PW_CW = 4,
}

/// VPP's `fib_path_nh`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct FibPathNh {
    pub address: AddressUnion,
    pub via_label: u32,
    pub obj_id: u32,
    pub classify_table_index: u32,
}

impl Wire for FibPathNh {
    const MIN_SIZE: usize = <AddressUnion as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.address.put(out);
        self.via_label.put(out);
        self.obj_id.put(out);
        self.classify_table_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let address: AddressUnion = field(reader, "FibPathNh.address")?;
        let via_label: u32 = field(reader, "FibPathNh.via_label")?;
        let obj_id: u32 = field(reader, "FibPathNh.obj_id")?;
        let classify_table_index: u32 = field(reader, "FibPathNh.classify_table_index")?;
        Ok(FibPathNh { address, via_label, obj_id, classify_table_index })
    }
}

/// VPP's `fib_path_nh_proto`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FibPathNhProto(pub u32);

crate::codec::wire_enum! {
    FibPathNhProto(u32)
    /// `FIB_API_PATH_NH_PROTO_IP4`
    IP4 = 0,
    /// `FIB_API_PATH_NH_PROTO_IP6`
    IP6 = 1,
    /// `FIB_API_PATH_NH_PROTO_MPLS`
    MPLS = 2,
    /// `FIB_API_PATH_NH_PROTO_ETHERNET`
    ETHERNET = 3,
    /// `FIB_API_PATH_NH_PROTO_BIER`
    BIER = 4,
}

/// VPP's `fib_path_type`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FibPathType(pub u32);

crate::codec::wire_enum! {
    FibPathType(u32)
    /// `FIB_API_PATH_TYPE_NORMAL`
    NORMAL = 0,
    /// `FIB_API_PATH_TYPE_LOCAL`
    LOCAL = 1,
    /// `FIB_API_PATH_TYPE_DROP`
    DROP = 2,
    /// `FIB_API_PATH_TYPE_UDP_ENCAP`
    UDP_ENCAP = 3,
    /// `FIB_API_PATH_TYPE_BIER_IMP`
    BIER_IMP = 4,
    /// `FIB_API_PATH_TYPE_ICMP_UNREACH`
    ICMP_UNREACH = 5,
    /// `FIB_API_PATH_TYPE_ICMP_PROHIBIT`
    ICMP_PROHIBIT = 6,
    /// `FIB_API_PATH_TYPE_SOURCE_LOOKUP`
    SOURCE_LOOKUP = 7,
    /// `FIB_API_PATH_TYPE_DVR`
    DVR = 8,
    /// `FIB_API_PATH_TYPE_INTERFACE_RX`
    INTERFACE_RX = 9,
    /// `FIB_API_PATH_TYPE_CLASSIFY`
    CLASSIFY = 10,
}

/// VPP's `gre_tunnel`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct GreTunnel {
    pub type_: GreTunnelType,
    pub mode: TunnelMode,
    pub flags: TunnelEncapDecapFlags,
    pub session_id: u16,
    pub instance: u32,
    pub outer_table_id: u32,
    pub sw_if_index: InterfaceIndex,
    pub src: Address,
    pub dst: Address,
}

impl Wire for GreTunnel {
    const MIN_SIZE: usize = <GreTunnelType as Wire>::MIN_SIZE
        + <TunnelMode as Wire>::MIN_SIZE
        + <TunnelEncapDecapFlags as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <InterfaceIndex as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.type_.put(out);
        self.mode.put(out);
        self.flags.put(out);
        self.session_id.put(out);
        self.instance.put(out);
        self.outer_table_id.put(out);
        self.sw_if_index.put(out);
        self.src.put(out);
        self.dst.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let type_: GreTunnelType = field(reader, "GreTunnel.type_")?;
        let mode: TunnelMode = field(reader, "GreTunnel.mode")?;
        let flags: TunnelEncapDecapFlags = field(reader, "GreTunnel.flags")?;
        let session_id: u16 = field(reader, "GreTunnel.session_id")?;
        let instance: u32 = field(reader, "GreTunnel.instance")?;
        let outer_table_id: u32 = field(reader, "GreTunnel.outer_table_id")?;
        let sw_if_index: InterfaceIndex = field(reader, "GreTunnel.sw_if_index")?;
        let src: Address = field(reader, "GreTunnel.src")?;
        let dst: Address = field(reader, "GreTunnel.dst")?;
        Ok(GreTunnel { type_, mode, flags, session_id, instance, outer_table_id, sw_if_index, src, dst })
    }
}

/// VPP's `gre_tunnel_type`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GreTunnelType(pub u8);

crate::codec::wire_enum! {
    GreTunnelType(u8)
    /// `GRE_API_TUNNEL_TYPE_L3`
    L3 = 0,
    /// `GRE_API_TUNNEL_TYPE_TEB`
    TEB = 1,
    /// `GRE_API_TUNNEL_TYPE_ERSPAN`
    ERSPAN = 2,
}

/// VPP's `if_status_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IfStatusFlags(pub u32);

crate::codec::wire_flags! {
    IfStatusFlags(u32)
    /// `IF_STATUS_API_FLAG_ADMIN_UP`
    ADMIN_UP = 1,
    /// `IF_STATUS_API_FLAG_LINK_UP`
    LINK_UP = 2,
}

/// VPP's `if_type`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IfType(pub u32);

crate::codec::wire_enum! {
    IfType(u32)
    /// `IF_API_TYPE_HARDWARE`
    HARDWARE = 0,
    /// `IF_API_TYPE_SUB`
    SUB = 1,
    /// `IF_API_TYPE_P2P`
    P2P = 2,
    /// `IF_API_TYPE_PIPE`
    PIPE = 3,
}

/// VPP's `interface_index`; needed in 23.06-.
pub type InterfaceIndex = u32;

/// VPP's `ip4_address`; needed in 23.06-.
pub use crate::addr::Ip4Address;

/// VPP's `ip4_address_with_prefix`; needed in 23.06-.
pub type Ip4AddressWithPrefix = Ip4Prefix;

/// VPP's `ip4_prefix`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Ip4Prefix {
    pub address: Ip4Address,
    pub len: u8,
}

impl Wire for Ip4Prefix {
    const MIN_SIZE: usize = <Ip4Address as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.address.put(out);
        self.len.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let address: Ip4Address = field(reader, "Ip4Prefix.address")?;
        let len: u8 = field(reader, "Ip4Prefix.len")?;
        Ok(Ip4Prefix { address, len })
    }
}

/// VPP's `ip6_address`; needed in 23.06-.
pub use crate::addr::Ip6Address;

/// VPP's `ip6_address_with_prefix`; needed in 23.06-.
pub type Ip6AddressWithPrefix = Ip6Prefix;

/// VPP's `ip6_prefix`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Ip6Prefix {
    pub address: Ip6Address,
    pub len: u8,
}

impl Wire for Ip6Prefix {
    const MIN_SIZE: usize = <Ip6Address as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.address.put(out);
        self.len.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let address: Ip6Address = field(reader, "Ip6Prefix.address")?;
        let len: u8 = field(reader, "Ip6Prefix.len")?;
        Ok(Ip6Prefix { address, len })
    }
}

/// VPP's `ip_dscp`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpDscp(pub u8);

crate::codec::wire_enum! {
    IpDscp(u8)
    /// `IP_API_DSCP_CS0`
    CS0 = 0,
    /// `IP_API_DSCP_CS1`
    CS1 = 8,
    /// `IP_API_DSCP_AF11`
    AF11 = 10,
    /// `IP_API_DSCP_AF12`
    AF12 = 12,
    /// `IP_API_DSCP_AF13`
    AF13 = 14,
    /// `IP_API_DSCP_CS2`
    CS2 = 16,
    /// `IP_API_DSCP_AF21`
    AF21 = 18,
    /// `IP_API_DSCP_AF22`
    AF22 = 20,
    /// `IP_API_DSCP_AF23`
    AF23 = 22,
    /// `IP_API_DSCP_CS3`
    CS3 = 24,
    /// `IP_API_DSCP_AF31`
    AF31 = 26,
    /// `IP_API_DSCP_AF32`
    AF32 = 28,
    /// `IP_API_DSCP_AF33`
    AF33 = 30,
    /// `IP_API_DSCP_CS4`
    CS4 = 32,
    /// `IP_API_DSCP_AF41`
    AF41 = 34,
    /// `IP_API_DSCP_AF42`
    AF42 = 36,
    /// `IP_API_DSCP_AF43`
    AF43 = 38,
    /// `IP_API_DSCP_CS5`
    CS5 = 40,
    /// `IP_API_DSCP_EF`
    EF = 46,
    /// `IP_API_DSCP_CS6`
    CS6 = 48,
    /// `IP_API_DSCP_CS7`
    CS7 = 50,
}

/// VPP's `ip_flow_hash_config`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpFlowHashConfig(pub u32);

crate::codec::wire_flags! {
    IpFlowHashConfig(u32)
    /// `IP_API_FLOW_HASH_SRC_IP`
    SRC_IP = 1,
    /// `IP_API_FLOW_HASH_DST_IP`
    DST_IP = 2,
    /// `IP_API_FLOW_HASH_SRC_PORT`
    SRC_PORT = 4,
    /// `IP_API_FLOW_HASH_DST_PORT`
    DST_PORT = 8,
    /// `IP_API_FLOW_HASH_PROTO`
    PROTO = 16,
    /// `IP_API_FLOW_HASH_REVERSE`
    REVERSE = 32,
    /// `IP_API_FLOW_HASH_SYMETRIC`
    SYMETRIC = 64,
    /// `IP_API_FLOW_HASH_FLOW_LABEL`
    FLOW_LABEL = 128,
}

/// VPP's `ip_neighbor`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpNeighbor {
    pub sw_if_index: InterfaceIndex,
    pub flags: IpNeighborFlags,
    pub mac_address: MacAddress,
    pub ip_address: Address,
}

impl Wire for IpNeighbor {
    const MIN_SIZE: usize = <InterfaceIndex as Wire>::MIN_SIZE
        + <IpNeighborFlags as Wire>::MIN_SIZE
        + <MacAddress as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.flags.put(out);
        self.mac_address.put(out);
        self.ip_address.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: InterfaceIndex = field(reader, "IpNeighbor.sw_if_index")?;
        let flags: IpNeighborFlags = field(reader, "IpNeighbor.flags")?;
        let mac_address: MacAddress = field(reader, "IpNeighbor.mac_address")?;
        let ip_address: Address = field(reader, "IpNeighbor.ip_address")?;
        Ok(IpNeighbor { sw_if_index, flags, mac_address, ip_address })
    }
}

/// VPP's `ip_neighbor_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpNeighborFlags(pub u8);

crate::codec::wire_flags! {
    IpNeighborFlags(u8)
    /// `IP_API_NEIGHBOR_FLAG_NONE`
    NONE = 0,
    /// `IP_API_NEIGHBOR_FLAG_STATIC`
    STATIC = 1,
    /// `IP_API_NEIGHBOR_FLAG_NO_FIB_ENTRY`
    NO_FIB_ENTRY = 2,
}

/// VPP's `ip_proto`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpProto(pub u8);

crate::codec::wire_enum! {
    IpProto(u8)
    /// `IP_API_PROTO_HOPOPT`
    HOPOPT = 0,
    /// `IP_API_PROTO_ICMP`
    ICMP = 1,
    /// `IP_API_PROTO_IGMP`
    IGMP = 2,
    /// `IP_API_PROTO_TCP`
    TCP = 6,
    /// `IP_API_PROTO_UDP`
    UDP = 17,
    /// `IP_API_PROTO_GRE`
    GRE = 47,
    /// `IP_API_PROTO_ESP`
    ESP = 50,
    /// `IP_API_PROTO_AH`
    AH = 51,
    /// `IP_API_PROTO_ICMP6`
    ICMP6 = 58,
    /// `IP_API_PROTO_EIGRP`
    EIGRP = 88,
    /// `IP_API_PROTO_OSPF`
    OSPF = 89,
    /// `IP_API_PROTO_SCTP`
    SCTP = 132,
    /// `IP_API_PROTO_RESERVED`
    RESERVED = 255,
}

/// VPP's `ip_route`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpRoute {
    pub table_id: u32,
    pub stats_index: u32,
    pub prefix: Prefix,
    pub paths: Counted<FibPath, u8>,
}

impl Wire for IpRoute {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Prefix as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<FibPath, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table_id.put(out);
        self.stats_index.put(out);
        self.prefix.put(out);
        self.paths.put_count(out);
        self.paths.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table_id: u32 = field(reader, "IpRoute.table_id")?;
        let stats_index: u32 = field(reader, "IpRoute.stats_index")?;
        let prefix: Prefix = field(reader, "IpRoute.prefix")?;
        let n_paths: u8 = field(reader, "IpRoute.n_paths")?;
        let paths = Counted::get_items(reader, "IpRoute.paths", n_paths)?;
        Ok(IpRoute { table_id, stats_index, prefix, paths })
    }
}

/// VPP's `ip_route_v2`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpRouteV2 {
    pub table_id: u32,
    pub stats_index: u32,
    pub prefix: Prefix,
    pub src: u8,
    pub paths: Counted<FibPath, u8>,
}

impl Wire for IpRouteV2 {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <Prefix as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<FibPath, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table_id.put(out);
        self.stats_index.put(out);
        self.prefix.put(out);
        self.paths.put_count(out);
        self.src.put(out);
        self.paths.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table_id: u32 = field(reader, "IpRouteV2.table_id")?;
        let stats_index: u32 = field(reader, "IpRouteV2.stats_index")?;
        let prefix: Prefix = field(reader, "IpRouteV2.prefix")?;
        let n_paths: u8 = field(reader, "IpRouteV2.n_paths")?;
        let src: u8 = field(reader, "IpRouteV2.src")?;
        let paths = Counted::get_items(reader, "IpRouteV2.paths", n_paths)?;
        Ok(IpRouteV2 { table_id, stats_index, prefix, src, paths })
    }
}

/// VPP's `ip_table`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpTable {
    pub table_id: u32,
    pub is_ip6: bool,
    pub name: FixedString<64>,
}

impl Wire for IpTable {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table_id.put(out);
        self.is_ip6.put(out);
        self.name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table_id: u32 = field(reader, "IpTable.table_id")?;
        let is_ip6: bool = field(reader, "IpTable.is_ip6")?;
        let name: FixedString<64> = field(reader, "IpTable.name")?;
        Ok(IpTable { table_id, is_ip6, name })
    }
}

/// VPP's `ipip_tunnel`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpipTunnel {
    pub instance: u32,
    pub src: Address,
    pub dst: Address,
    pub sw_if_index: InterfaceIndex,
    pub table_id: u32,
    pub flags: TunnelEncapDecapFlags,
    pub mode: TunnelMode,
    pub dscp: IpDscp,
}

impl Wire for IpipTunnel {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <InterfaceIndex as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <TunnelEncapDecapFlags as Wire>::MIN_SIZE
        + <TunnelMode as Wire>::MIN_SIZE
        + <IpDscp as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.instance.put(out);
        self.src.put(out);
        self.dst.put(out);
        self.sw_if_index.put(out);
        self.table_id.put(out);
        self.flags.put(out);
        self.mode.put(out);
        self.dscp.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let instance: u32 = field(reader, "IpipTunnel.instance")?;
        let src: Address = field(reader, "IpipTunnel.src")?;
        let dst: Address = field(reader, "IpipTunnel.dst")?;
        let sw_if_index: InterfaceIndex = field(reader, "IpipTunnel.sw_if_index")?;
        let table_id: u32 = field(reader, "IpipTunnel.table_id")?;
        let flags: TunnelEncapDecapFlags = field(reader, "IpipTunnel.flags")?;
        let mode: TunnelMode = field(reader, "IpipTunnel.mode")?;
        let dscp: IpDscp = field(reader, "IpipTunnel.dscp")?;
        Ok(IpipTunnel { instance, src, dst, sw_if_index, table_id, flags, mode, dscp })
    }
}

/// VPP's `ipsec_itf`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IpsecItf {
    pub user_instance: u32,
    pub mode: TunnelMode,
    pub sw_if_index: InterfaceIndex,
}

impl Default for IpsecItf {
    fn default() -> Self {
        IpsecItf {
            user_instance: 4294967295,
            mode: Default::default(),
            sw_if_index: Default::default(),
        }
    }
}

impl Wire for IpsecItf {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <TunnelMode as Wire>::MIN_SIZE
        + <InterfaceIndex as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.user_instance.put(out);
        self.mode.put(out);
        self.sw_if_index.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let user_instance: u32 = field(reader, "IpsecItf.user_instance")?;
        let mode: TunnelMode = field(reader, "IpsecItf.mode")?;
        let sw_if_index: InterfaceIndex = field(reader, "IpsecItf.sw_if_index")?;
        Ok(IpsecItf { user_instance, mode, sw_if_index })
    }
}

/// VPP's `l2_port_type`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct L2PortType(pub u32);

crate::codec::wire_enum! {
    L2PortType(u32)
    /// `L2_API_PORT_TYPE_NORMAL`
    NORMAL = 0,
    /// `L2_API_PORT_TYPE_BVI`
    BVI = 1,
    /// `L2_API_PORT_TYPE_UU_FWD`
    UU_FWD = 2,
}

/// VPP's `l3xc`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct L3xc {
    pub sw_if_index: InterfaceIndex,
    pub is_ip6: bool,
    pub paths: Counted<FibPath, u8>,
}

impl Wire for L3xc {
    const MIN_SIZE: usize = <InterfaceIndex as Wire>::MIN_SIZE
        + <bool as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <Counted<FibPath, u8> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.is_ip6.put(out);
        self.paths.put_count(out);
        self.paths.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: InterfaceIndex = field(reader, "L3xc.sw_if_index")?;
        let is_ip6: bool = field(reader, "L3xc.is_ip6")?;
        let n_paths: u8 = field(reader, "L3xc.n_paths")?;
        let paths = Counted::get_items(reader, "L3xc.paths", n_paths)?;
        Ok(L3xc { sw_if_index, is_ip6, paths })
    }
}

/// VPP's `link_duplex`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkDuplex(pub u32);

crate::codec::wire_enum! {
    LinkDuplex(u32)
    /// `LINK_DUPLEX_API_UNKNOWN`
    UNKNOWN = 0,
    /// `LINK_DUPLEX_API_HALF`
    HALF = 1,
    /// `LINK_DUPLEX_API_FULL`
    FULL = 2,
}

/// VPP's `mac_address`; needed in 23.06-.
pub use crate::addr::MacAddress;

/// VPP's `macip_acl_rule`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct MacipAclRule {
    pub is_permit: AclAction,
    pub src_mac: MacAddress,
    pub src_mac_mask: MacAddress,
    pub src_prefix: Prefix,
}

impl Wire for MacipAclRule {
    const MIN_SIZE: usize = <AclAction as Wire>::MIN_SIZE
        + <MacAddress as Wire>::MIN_SIZE
        + <MacAddress as Wire>::MIN_SIZE
        + <Prefix as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.is_permit.put(out);
        self.src_mac.put(out);
        self.src_mac_mask.put(out);
        self.src_prefix.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_permit: AclAction = field(reader, "MacipAclRule.is_permit")?;
        let src_mac: MacAddress = field(reader, "MacipAclRule.src_mac")?;
        let src_mac_mask: MacAddress = field(reader, "MacipAclRule.src_mac_mask")?;
        let src_prefix: Prefix = field(reader, "MacipAclRule.src_prefix")?;
        Ok(MacipAclRule { is_permit, src_mac, src_mac_mask, src_prefix })
    }
}

/// VPP's `memif_mode`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemifMode(pub u32);

crate::codec::wire_enum! {
    MemifMode(u32)
    /// `MEMIF_MODE_API_ETHERNET`
    ETHERNET = 0,
    /// `MEMIF_MODE_API_IP`
    IP = 1,
    /// `MEMIF_MODE_API_PUNT_INJECT`
    PUNT_INJECT = 2,
}

/// VPP's `memif_role`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemifRole(pub u32);

crate::codec::wire_enum! {
    MemifRole(u32)
    /// `MEMIF_ROLE_API_MASTER`
    MASTER = 0,
    /// `MEMIF_ROLE_API_SLAVE`
    SLAVE = 1,
}

/// VPP's `message_table_entry`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct MessageTableEntry {
    pub index: u16,
    pub name: FixedString<64>,
}

impl Wire for MessageTableEntry {
    const MIN_SIZE: usize = <u16 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.index.put(out);
        self.name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let index: u16 = field(reader, "MessageTableEntry.index")?;
        let name: FixedString<64> = field(reader, "MessageTableEntry.name")?;
        Ok(MessageTableEntry { index, name })
    }
}

/// VPP's `module_version`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ModuleVersion {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
    pub name: FixedString<64>,
}

impl Wire for ModuleVersion {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.major.put(out);
        self.minor.put(out);
        self.patch.put(out);
        self.name.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let major: u32 = field(reader, "ModuleVersion.major")?;
        let minor: u32 = field(reader, "ModuleVersion.minor")?;
        let patch: u32 = field(reader, "ModuleVersion.patch")?;
        let name: FixedString<64> = field(reader, "ModuleVersion.name")?;
        Ok(ModuleVersion { major, minor, patch, name })
    }
}

/// VPP's `prefix`; needed in 23.06-.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Prefix {
    pub address: Address,
    pub len: u8,
}

impl Wire for Prefix {
    const MIN_SIZE: usize = <Address as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.address.put(out);
        self.len.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let address: Address = field(reader, "Prefix.address")?;
        let len: u8 = field(reader, "Prefix.len")?;
        Ok(Prefix { address, len })
    }
}

/// VPP's `proxy_arp`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ProxyArp {
    pub table_id: u32,
    pub low: Ip4Address,
    pub hi: Ip4Address,
}

impl Wire for ProxyArp {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <Ip4Address as Wire>::MIN_SIZE
        + <Ip4Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.table_id.put(out);
        self.low.put(out);
        self.hi.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let table_id: u32 = field(reader, "ProxyArp.table_id")?;
        let low: Ip4Address = field(reader, "ProxyArp.low")?;
        let hi: Ip4Address = field(reader, "ProxyArp.hi")?;
        Ok(ProxyArp { table_id, low, hi })
    }
}

/// VPP's `rdma_mode`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RdmaMode(pub u32);

crate::codec::wire_enum! {
    RdmaMode(u32)
    /// `RDMA_API_MODE_AUTO`
    AUTO = 0,
    /// `RDMA_API_MODE_IBV`
    IBV = 1,
    /// `RDMA_API_MODE_DV`
    DV = 2,
}

/// VPP's `rdma_rss4`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RdmaRss4(pub u32);

crate::codec::wire_enum! {
    RdmaRss4(u32)
    /// `RDMA_API_RSS4_AUTO`
    AUTO = 0,
    /// `RDMA_API_RSS4_IP`
    IP = 1,
    /// `RDMA_API_RSS4_IP_UDP`
    IP_UDP = 2,
    /// `RDMA_API_RSS4_IP_TCP`
    IP_TCP = 3,
}

/// VPP's `rdma_rss6`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RdmaRss6(pub u32);

crate::codec::wire_enum! {
    RdmaRss6(u32)
    /// `RDMA_API_RSS6_AUTO`
    AUTO = 0,
    /// `RDMA_API_RSS6_IP`
    IP = 1,
    /// `RDMA_API_RSS6_IP_UDP`
    IP_UDP = 2,
    /// `RDMA_API_RSS6_IP_TCP`
    IP_TCP = 3,
}

/// VPP's `rx_mode`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RxMode(pub u32);

crate::codec::wire_enum! {
    RxMode(u32)
    /// `RX_MODE_API_UNKNOWN`
    UNKNOWN = 0,
    /// `RX_MODE_API_POLLING`
    POLLING = 1,
    /// `RX_MODE_API_INTERRUPT`
    INTERRUPT = 2,
    /// `RX_MODE_API_ADAPTIVE`
    ADAPTIVE = 3,
    /// `RX_MODE_API_DEFAULT`
    DEFAULT = 4,
}

/// VPP's `span_state`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanState(pub u32);

crate::codec::wire_enum! {
    SpanState(u32)
    /// `SPAN_STATE_API_DISABLED`
    DISABLED = 0,
    /// `SPAN_STATE_API_RX`
    RX = 1,
    /// `SPAN_STATE_API_TX`
    TX = 2,
    /// `SPAN_STATE_API_RX_TX`
    RX_TX = 3,
}

/// VPP's `sub_if_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubIfFlags(pub u32);

crate::codec::wire_flags! {
    SubIfFlags(u32)
    /// `SUB_IF_API_FLAG_NO_TAGS`
    NO_TAGS = 1,
    /// `SUB_IF_API_FLAG_ONE_TAG`
    ONE_TAG = 2,
    /// `SUB_IF_API_FLAG_TWO_TAGS`
    TWO_TAGS = 4,
    /// `SUB_IF_API_FLAG_DOT1AD`
    DOT1AD = 8,
    /// `SUB_IF_API_FLAG_EXACT_MATCH`
    EXACT_MATCH = 16,
    /// `SUB_IF_API_FLAG_DEFAULT`
    DEFAULT = 32,
    /// `SUB_IF_API_FLAG_OUTER_VLAN_ID_ANY`
    OUTER_VLAN_ID_ANY = 64,
    /// `SUB_IF_API_FLAG_INNER_VLAN_ID_ANY`
    INNER_VLAN_ID_ANY = 128,
    /// `SUB_IF_API_FLAG_MASK_VNET`
    MASK_VNET = 254,
    /// `SUB_IF_API_FLAG_DOT1AH`
    DOT1AH = 256,
}

/// VPP's `tap_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TapFlags(pub u32);

crate::codec::wire_flags! {
    TapFlags(u32)
    /// `TAP_API_FLAG_GSO`
    GSO = 1,
    /// `TAP_API_FLAG_CSUM_OFFLOAD`
    CSUM_OFFLOAD = 2,
    /// `TAP_API_FLAG_PERSIST`
    PERSIST = 4,
    /// `TAP_API_FLAG_ATTACH`
    ATTACH = 8,
    /// `TAP_API_FLAG_TUN`
    TUN = 16,
    /// `TAP_API_FLAG_GRO_COALESCE`
    GRO_COALESCE = 32,
    /// `TAP_API_FLAG_PACKED`
    PACKED = 64,
    /// `TAP_API_FLAG_IN_ORDER`
    IN_ORDER = 128,
    /// `TAP_API_FLAG_CONSISTENT_QP`
    CONSISTENT_QP = 256,
}

/// VPP's `teib_entry`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct TeibEntry {
    pub sw_if_index: InterfaceIndex,
    pub peer: Address,
    pub nh: Address,
    pub nh_table_id: u32,
}

impl Wire for TeibEntry {
    const MIN_SIZE: usize = <InterfaceIndex as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.peer.put(out);
        self.nh.put(out);
        self.nh_table_id.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: InterfaceIndex = field(reader, "TeibEntry.sw_if_index")?;
        let peer: Address = field(reader, "TeibEntry.peer")?;
        let nh: Address = field(reader, "TeibEntry.nh")?;
        let nh_table_id: u32 = field(reader, "TeibEntry.nh_table_id")?;
        Ok(TeibEntry { sw_if_index, peer, nh, nh_table_id })
    }
}

/// VPP's `thread_data`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ThreadData {
    pub id: u32,
    pub name: FixedString<64>,
    pub type_: FixedString<64>,
    pub pid: u32,
    pub cpu_id: u32,
    pub core: u32,
    pub cpu_socket: u32,
}

impl Wire for ThreadData {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <FixedString<64> as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE
        + <u32 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.id.put(out);
        self.name.put(out);
        self.type_.put(out);
        self.pid.put(out);
        self.cpu_id.put(out);
        self.core.put(out);
        self.cpu_socket.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id: u32 = field(reader, "ThreadData.id")?;
        let name: FixedString<64> = field(reader, "ThreadData.name")?;
        let type_: FixedString<64> = field(reader, "ThreadData.type_")?;
        let pid: u32 = field(reader, "ThreadData.pid")?;
        let cpu_id: u32 = field(reader, "ThreadData.cpu_id")?;
        let core: u32 = field(reader, "ThreadData.core")?;
        let cpu_socket: u32 = field(reader, "ThreadData.cpu_socket")?;
        Ok(ThreadData { id, name, type_, pid, cpu_id, core, cpu_socket })
    }
}

/// VPP's `tunnel_encap_decap_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TunnelEncapDecapFlags(pub u8);

crate::codec::wire_flags! {
    TunnelEncapDecapFlags(u8)
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_NONE`
    NONE = 0,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_DF`
    ENCAP_COPY_DF = 1,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_SET_DF`
    ENCAP_SET_DF = 2,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_DSCP`
    ENCAP_COPY_DSCP = 4,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_ECN`
    ENCAP_COPY_ECN = 8,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_DECAP_COPY_ECN`
    DECAP_COPY_ECN = 16,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_INNER_HASH`
    ENCAP_INNER_HASH = 32,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_HOP_LIMIT`
    ENCAP_COPY_HOP_LIMIT = 64,
    /// `TUNNEL_API_ENCAP_DECAP_FLAG_ENCAP_COPY_FLOW_LABEL`
    ENCAP_COPY_FLOW_LABEL = 128,
}

/// VPP's `tunnel_mode`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TunnelMode(pub u8);

crate::codec::wire_enum! {
    TunnelMode(u8)
    /// `TUNNEL_API_MODE_P2P`
    P2P = 0,
    /// `TUNNEL_API_MODE_MP`
    MP = 1,
}

/// VPP's `vmxnet3_rx_list`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Vmxnet3RxList {
    pub rx_qsize: u16,
    pub rx_fill: [u16; 2],
    pub rx_next: u16,
    pub rx_produce: [u16; 2],
    pub rx_consume: [u16; 2],
}

impl Wire for Vmxnet3RxList {
    const MIN_SIZE: usize = <u16 as Wire>::MIN_SIZE
        + <[u16; 2] as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <[u16; 2] as Wire>::MIN_SIZE
        + <[u16; 2] as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.rx_qsize.put(out);
        self.rx_fill.put(out);
        self.rx_next.put(out);
        self.rx_produce.put(out);
        self.rx_consume.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let rx_qsize: u16 = field(reader, "Vmxnet3RxList.rx_qsize")?;
        let rx_fill: [u16; 2] = field(reader, "Vmxnet3RxList.rx_fill")?;
        let rx_next: u16 = field(reader, "Vmxnet3RxList.rx_next")?;
        let rx_produce: [u16; 2] = field(reader, "Vmxnet3RxList.rx_produce")?;
        let rx_consume: [u16; 2] = field(reader, "Vmxnet3RxList.rx_consume")?;
        Ok(Vmxnet3RxList { rx_qsize, rx_fill, rx_next, rx_produce, rx_consume })
    }
}

/// VPP's `vmxnet3_tx_list`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Vmxnet3TxList {
    pub tx_qsize: u16,
    pub tx_next: u16,
    pub tx_produce: u16,
    pub tx_consume: u16,
}

impl Wire for Vmxnet3TxList {
    const MIN_SIZE: usize = <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.tx_qsize.put(out);
        self.tx_next.put(out);
        self.tx_produce.put(out);
        self.tx_consume.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let tx_qsize: u16 = field(reader, "Vmxnet3TxList.tx_qsize")?;
        let tx_next: u16 = field(reader, "Vmxnet3TxList.tx_next")?;
        let tx_produce: u16 = field(reader, "Vmxnet3TxList.tx_produce")?;
        let tx_consume: u16 = field(reader, "Vmxnet3TxList.tx_consume")?;
        Ok(Vmxnet3TxList { tx_qsize, tx_next, tx_produce, tx_consume })
    }
}

/// VPP's `vrrp_vr_conf`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct VrrpVrConf {
    pub sw_if_index: InterfaceIndex,
    pub vr_id: u8,
    pub priority: u8,
    pub interval: u16,
    pub flags: VrrpVrFlags,
}

impl Wire for VrrpVrConf {
    const MIN_SIZE: usize = <InterfaceIndex as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <VrrpVrFlags as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.sw_if_index.put(out);
        self.vr_id.put(out);
        self.priority.put(out);
        self.interval.put(out);
        self.flags.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sw_if_index: InterfaceIndex = field(reader, "VrrpVrConf.sw_if_index")?;
        let vr_id: u8 = field(reader, "VrrpVrConf.vr_id")?;
        let priority: u8 = field(reader, "VrrpVrConf.priority")?;
        let interval: u16 = field(reader, "VrrpVrConf.interval")?;
        let flags: VrrpVrFlags = field(reader, "VrrpVrConf.flags")?;
        Ok(VrrpVrConf { sw_if_index, vr_id, priority, interval, flags })
    }
}

/// VPP's `vrrp_vr_flags`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VrrpVrFlags(pub u32);

crate::codec::wire_flags! {
    VrrpVrFlags(u32)
    /// `VRRP_API_VR_PREEMPT`
    PREEMPT = 1,
    /// `VRRP_API_VR_ACCEPT`
    ACCEPT = 2,
    /// `VRRP_API_VR_UNICAST`
    UNICAST = 4,
    /// `VRRP_API_VR_IPV6`
    IPV6 = 8,
}

/// VPP's `vrrp_vr_runtime`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct VrrpVrRuntime {
    pub state: VrrpVrState,
    pub master_adv_int: u16,
    pub skew: u16,
    pub master_down_int: u16,
    pub mac: MacAddress,
    pub tracking: VrrpVrTracking,
}

impl Wire for VrrpVrRuntime {
    const MIN_SIZE: usize = <VrrpVrState as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <MacAddress as Wire>::MIN_SIZE
        + <VrrpVrTracking as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.state.put(out);
        self.master_adv_int.put(out);
        self.skew.put(out);
        self.master_down_int.put(out);
        self.mac.put(out);
        self.tracking.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let state: VrrpVrState = field(reader, "VrrpVrRuntime.state")?;
        let master_adv_int: u16 = field(reader, "VrrpVrRuntime.master_adv_int")?;
        let skew: u16 = field(reader, "VrrpVrRuntime.skew")?;
        let master_down_int: u16 = field(reader, "VrrpVrRuntime.master_down_int")?;
        let mac: MacAddress = field(reader, "VrrpVrRuntime.mac")?;
        let tracking: VrrpVrTracking = field(reader, "VrrpVrRuntime.tracking")?;
        Ok(VrrpVrRuntime { state, master_adv_int, skew, master_down_int, mac, tracking })
    }
}

/// VPP's `vrrp_vr_state`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VrrpVrState(pub u32);

crate::codec::wire_enum! {
    VrrpVrState(u32)
    /// `VRRP_API_VR_STATE_INIT`
    INIT = 0,
    /// `VRRP_API_VR_STATE_BACKUP`
    BACKUP = 1,
    /// `VRRP_API_VR_STATE_MASTER`
    MASTER = 2,
    /// `VRRP_API_VR_STATE_INTF_DOWN`
    INTF_DOWN = 3,
}

/// VPP's `vrrp_vr_tracking`; needed in 23.06-.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct VrrpVrTracking {
    pub interfaces_dec: u32,
    pub priority: u8,
}

impl Wire for VrrpVrTracking {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <u8 as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.interfaces_dec.put(out);
        self.priority.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let interfaces_dec: u32 = field(reader, "VrrpVrTracking.interfaces_dec")?;
        let priority: u8 = field(reader, "VrrpVrTracking.priority")?;
        Ok(VrrpVrTracking { interfaces_dec, priority })
    }
}

/// VPP's `vss_type`; needed in 23.06-.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VssType(pub u32);

crate::codec::wire_enum! {
    VssType(u32)
    /// `VSS_TYPE_API_ASCII`
    ASCII = 0,
    /// `VSS_TYPE_API_VPN_ID`
    VPN_ID = 1,
    /// `VSS_TYPE_API_INVALID`
    INVALID = 123,
    /// `VSS_TYPE_API_DEFAULT`
    DEFAULT = 255,
}

/// VPP's `wireguard_interface`; needed in 23.06-.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WireguardInterface {
    pub user_instance: u32,
    pub sw_if_index: InterfaceIndex,
    pub private_key: [u8; 32],
    pub public_key: [u8; 32],
    pub port: u16,
    pub src_ip: Address,
}

impl Default for WireguardInterface {
    fn default() -> Self {
        WireguardInterface {
            user_instance: 4294967295,
            sw_if_index: Default::default(),
            private_key: Default::default(),
            public_key: Default::default(),
            port: Default::default(),
            src_ip: Default::default(),
        }
    }
}

impl Wire for WireguardInterface {
    const MIN_SIZE: usize = <u32 as Wire>::MIN_SIZE
        + <InterfaceIndex as Wire>::MIN_SIZE
        + <[u8; 32] as Wire>::MIN_SIZE
        + <[u8; 32] as Wire>::MIN_SIZE
        + <u16 as Wire>::MIN_SIZE
        + <Address as Wire>::MIN_SIZE;
    fn put(&self, out: &mut Vec<u8>) {
        self.user_instance.put(out);
        self.sw_if_index.put(out);
        self.private_key.put(out);
        self.public_key.put(out);
        self.port.put(out);
        self.src_ip.put(out);
    }
    fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let user_instance: u32 = field(reader, "WireguardInterface.user_instance")?;
        let sw_if_index: InterfaceIndex = field(reader, "WireguardInterface.sw_if_index")?;
        let private_key: [u8; 32] = field(reader, "WireguardInterface.private_key")?;
        let public_key: [u8; 32] = field(reader, "WireguardInterface.public_key")?;
        let port: u16 = field(reader, "WireguardInterface.port")?;
        let src_ip: Address = field(reader, "WireguardInterface.src_ip")?;
        Ok(WireguardInterface { user_instance, sw_if_index, private_key, public_key, port, src_ip })
    }
}

