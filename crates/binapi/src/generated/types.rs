//! Types of VPP's API.
// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.

use crate::codec::{DecodeError, Reader, Wire, field};
use crate::list::Counted;
use crate::text::FixedString;

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

/// VPP's `ip6_address`; needed in 23.06-.
pub use crate::addr::Ip6Address;

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

