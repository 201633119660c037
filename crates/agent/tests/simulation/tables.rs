//! What the simulated VPP has, read without the agent's help, one line for each thing.

use binapi::acl::{AclDump, AclInterfaceListDump};
use binapi::codec::Dump;
use binapi::interface::{SwInterfaceDetails, SwInterfaceDump, SwInterfaceGetTable};
use binapi::ip::{IpAddressDump, IpRouteV2Dump, IpTableDump};
use binapi::ip_neighbor::IpNeighborDump;
use binapi::l2::{BdIpMacDump, BridgeDomainDump, L2FibTableDump, L2XconnectDump};
use binapi::memif::{MemifDump, MemifSocketFilenameDump};
use binapi::span::SwInterfaceSpanDump;
use binapi::types::{
    AddressFamily, FibPath, FibPathNhProto, FibPathType, IfStatusFlags, MemifMode, MemifRole,
};
use binapi::vxlan::VxlanTunnelV2Dump;
use sim::Sim;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

const ANY: u32 = u32::MAX;
/// VPP's numbers for who made a route.
const SOURCES: [(u8, &str); 2] = [(8, "api"), (9, "cli")];

fn dump<D: Dump>(sim: &Sim, request: D) -> Vec<D::Details> {
    sim.dump(&request).unwrap()
}

/// Name of each interface by index: the tag or, without one, VPP's own name.
fn names(sim: &Sim) -> BTreeMap<u32, SwInterfaceDetails> {
    let all = dump(sim, SwInterfaceDump { sw_if_index: ANY, ..SwInterfaceDump::default() });
    all.into_iter().filter(|i| i.sw_if_index != 0).map(|i| (i.sw_if_index, i)).collect()
}

fn name(interface: &SwInterfaceDetails) -> &str {
    match interface.tag.as_str() {
        "" => interface.interface_name.as_str(),
        tag => tag,
    }
}

/// Everything there is.
pub fn lines(sim: &Sim) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let interfaces = names(sim);
    let named =
        |index: u32| interfaces.get(&index).map_or_else(|| format!("?{index}"), |i| name(i).to_owned());
    let sockets: HashMap<u32, String> = dump(sim, MemifSocketFilenameDump {})
        .into_iter()
        .map(|s| (s.socket_id, s.socket_filename.to_string()))
        .collect();
    let mut kinds: HashMap<u32, String> = dump(sim, MemifDump {})
        .into_iter()
        .map(|m| {
            let (master, ip) = (m.role == MemifRole::MASTER, m.mode == MemifMode::IP);
            (m.sw_if_index, format!("memif {} at {} master {master} ip {ip}", m.id, sockets[&m.socket_id]))
        })
        .collect();
    kinds.extend(dump(sim, VxlanTunnelV2Dump { sw_if_index: ANY }).into_iter().map(|t| {
        let [src, dst] = [t.src_address, t.dst_address].map(|end| end.ip());
        (t.sw_if_index, format!("vxlan {} from {src} to {dst}", t.vni))
    }));
    for (index, i) in &interfaces {
        let name = name(i);
        let up = i.flags.contains(IfStatusFlags::ADMIN_UP);
        let kind = kinds.get(index).map_or("loop", String::as_str);
        out.insert(format!("interface {name}: {kind} up {up}"));
        out.insert(format!("mac {name} {}", i.l2_address));
        out.insert(format!("mtu {name} {}", i.mtu[0]));
        for is_ipv6 in [false, true] {
            let version = if is_ipv6 { "v6" } else { "v4" };
            let table = sim.request(&SwInterfaceGetTable { sw_if_index: *index, is_ipv6 }).unwrap().vrf_id;
            if table != 0 {
                out.insert(format!("table of {name} {version}: {table}"));
            }
            for address in dump(sim, IpAddressDump { sw_if_index: *index, is_ipv6 }) {
                let (ip, length) = (address.prefix.address.ip(), address.prefix.len);
                out.insert(format!("address {name} {ip}/{length}"));
            }
        }
    }
    for details in dump(sim, IpTableDump {}) {
        let table = details.table;
        if table.table_id != 0 {
            let version = if table.is_ip6 { "v6" } else { "v4" };
            out.insert(format!("vrf {} {version}: {}", table.table_id, table.name.as_str()));
        }
        for (src, by) in SOURCES {
            for details in dump(sim, IpRouteV2Dump { src, table: table.clone() }) {
                let prefix = format!("{}/{}", details.route.prefix.address.ip(), details.route.prefix.len);
                for path in details.route.paths.iter() {
                    let to = to(path, table.table_id, &named);
                    let (weight, preference) = (path.weight, path.preference);
                    let route = format!("route {} {prefix} by {by}", table.table_id);
                    out.insert(format!("{route}: {to} weight {weight} preference {preference}"));
                }
            }
        }
    }
    let domains = dump(sim, BridgeDomainDump { bd_id: ANY, sw_if_index: ANY });
    for d in &domains {
        let name = match d.bd_tag.as_str() {
            "" => format!("bd{}", d.bd_id),
            tag => tag.to_owned(),
        };
        let flags = [d.flood, d.uu_flood, d.forward, d.learn, d.arp_term];
        let flags: u8 = flags.iter().enumerate().map(|(bit, set)| u8::from(*set) << bit).sum();
        out.insert(format!("domain {name}: flags {flags:05b} age {}", d.mac_age));
        for port in d.sw_if_details.iter() {
            let (bvi, group) = (d.bvi_sw_if_index == port.sw_if_index, port.shg);
            out.insert(format!("member {name} {}: bvi {bvi} group {group}", named(port.sw_if_index)));
        }
        for details in dump(sim, BdIpMacDump { bd_id: d.bd_id }) {
            out.insert(format!("arp {name} {}: {}", details.entry.ip.ip(), details.entry.mac));
        }
        for e in dump(sim, L2FibTableDump { bd_id: d.bd_id }) {
            if !e.bvi_mac {
                let to = if e.filter_mac { "nowhere".to_owned() } else { named(e.sw_if_index) };
                out.insert(format!("station {name} {}: {to} static {}", e.mac, e.static_mac));
            }
        }
    }
    for pair in dump(sim, L2XconnectDump {}) {
        out.insert(format!("wire {}: {}", named(pair.rx_sw_if_index), named(pair.tx_sw_if_index)));
    }
    for af in [AddressFamily::IP4, AddressFamily::IP6] {
        for details in dump(sim, IpNeighborDump { sw_if_index: ANY, af }) {
            let (n, interface) = (&details.neighbor, named(details.neighbor.sw_if_index));
            out.insert(format!("neighbour {interface} {}: {}", n.ip_address.ip(), n.mac_address));
        }
    }
    for is_l2 in [false, true] {
        for d in dump(sim, SwInterfaceSpanDump { is_l2 }) {
            let (from, to) = (named(d.sw_if_index_from), named(d.sw_if_index_to));
            out.insert(format!("copies {from} {to}: {} l2 {is_l2}", d.state.0));
        }
    }
    acls(sim, &named, &mut out);
    out
}

/// An ACL that has the tag of another has its number as well.
fn acls(sim: &Sim, named: &dyn Fn(u32) -> String, out: &mut BTreeSet<String>) {
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    for acl in dump(sim, AclDump { acl_index: ANY }) {
        let mut name = acl.tag.to_string();
        if names.values().any(|other| *other == name) {
            name += &format!("-{}", acl.acl_index);
        }
        let networks: Vec<String> =
            acl.r.iter().map(|rule| format!("{}/{}", rule.src_prefix.ip(), rule.src_prefix.len)).collect();
        out.insert(format!("acl {name}: {}", networks.join(" ")));
        names.insert(acl.acl_index, name);
    }
    for list in dump(sim, AclInterfaceListDump { sw_if_index: ANY }) {
        let (port, (ingress, egress)) = (named(list.sw_if_index), list.acls.split_at(list.n_input.into()));
        for (side, acls) in [("ingress", ingress), ("egress", egress)] {
            let acls: Vec<&str> = acls.iter().map(|acl| names[acl].as_str()).collect();
            out.extend(acls.iter().map(|name| format!("applied {name} {port}: {side}")));
            if !acls.is_sorted() {
                out.insert(format!("disorder {port}: {side} {}", acls.join(" ")));
            }
        }
    }
}

fn to(path: &FibPath, table: u32, named: &dyn Fn(u32) -> String) -> String {
    if path.type_ == FibPathType::DROP {
        return "nowhere".to_owned();
    }
    let hop = match path.proto {
        FibPathNhProto::IP4 => IpAddr::V4(path.nh.address.ip4().into()),
        _ => IpAddr::V6(path.nh.address.ip6().into()),
    };
    match (path.sw_if_index, hop.is_unspecified()) {
        (ANY, true) => format!("table {}", path.table_id),
        (ANY, false) => {
            assert!(path.table_id == table || path.table_id == 0, "{path:?}");
            format!("{hop} in {}", path.table_id)
        }
        (index, _) => format!("{hop} on {}", named(index)),
    }
}

/// Names of all interfaces with VPP's own names.
pub fn interfaces(sim: &Sim) -> Vec<(String, String, u32)> {
    let all = names(sim);
    let rows = all.iter().map(|(index, i)| (i.tag.to_string(), i.interface_name.to_string(), *index));
    rows.collect()
}
