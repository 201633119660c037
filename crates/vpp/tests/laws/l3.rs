//! Values of what is at layer 3.

use crate::world;
use binapi::codec::Message;
use model::models::erase;
use model::proto::ligato::vpp::l3::dhcp_proxy::DhcpServer;
use model::proto::ligato::vpp::l3::l3x_connect::Path;
use model::proto::ligato::vpp::l3::proxy_arp;
use model::proto::ligato::vpp::l3::route::RouteType;
use model::proto::ligato::vpp::l3::vrf_table::FlowHashSettings;
use model::proto::ligato::vpp::l3::{
    ArpEntry, DhcpProxy, IpScanNeighbor, L3xConnect, ProxyArp, Route, TeibEntry, VrfTable, VrrpEntry,
};
use model::value::Value;
use proptest::bool::ANY;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use testkit::laws::{Anything, Feature, of_type};

pub fn vrfs() -> Feature {
    let hash = prop::option::of((ANY, ANY, ANY, ANY, ANY, ANY, ANY).prop_map(|bits| FlowHashSettings {
        use_src_ip: bits.0,
        use_dst_ip: bits.1,
        use_src_port: bits.2,
        use_dst_port: bits.3,
        use_protocol: bits.4,
        reverse: bits.5,
        symmetric: bits.6,
    }));
    let ids = select(vec![7, 100, u32::MAX - 1]);
    let values = (ids, 0..2, select(vec!["", "red", "a table with a long name"]), hash).prop_map(
        |(id, protocol, label, flow_hash_settings)| VrfTable {
            id,
            protocol,
            label: label.into(),
            flow_hash_settings,
        },
    );
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let &VrfTable { id, protocol, .. } = of_type(a);
        erase(VrfTable { id, protocol, ..of_type::<VrfTable>(b).clone() })
    };
    Feature::new("vpp-vrf-table", Vec::new(), values, rekey).chosen(world::CHOSEN)
}

fn route(vrf_id: u32, dst_network: &str, next_hop_addr: &str, outgoing_interface: &str) -> Route {
    Route {
        vrf_id,
        dst_network: dst_network.into(),
        next_hop_addr: next_hop_addr.into(),
        outgoing_interface: outgoing_interface.into(),
        weight: 1,
        ..Route::default()
    }
}

/// Every kind of route, with a network, a next hop and an interface that fit.
fn shapes() -> Vec<Route> {
    let inter = |route: Route, via_vrf_id| Route { r#type: RouteType::InterVrf.into(), via_vrf_id, ..route };
    let drop = |route: Route| Route { r#type: RouteType::Drop.into(), ..route };
    vec![
        route(0, "10.40.1.0/24", "10.1.1.9", "loop-a"),
        route(0, "10.40.2.0/24", "", "loop-a"),
        route(0, "10.40.3.0/24", "", "loop-c"),
        route(0, "10.40.4.0/24", "10.1.1.8", ""),
        route(0, "10.40.5.7/32", "10.40.1.3", ""),
        route(0, "0.0.0.0/0", "10.1.1.9", "loop-a"),
        // More paths of a network of the world.
        route(0, "10.50.0.0/16", "10.1.1.3", "loop-a"),
        route(0, "10.50.0.0/16", "10.1.1.4", "loop-a"),
        route(0, "10.50.0.0/16", "10.1.1.4", ""),
        route(0, "10.50.0.0/16", "", "loop-c"),
        route(1, "10.40.1.0/24", "10.1.2.9", "loop-b"),
        route(1, "10.40.4.0/24", "10.1.2.8", ""),
        // Into a table through an interface of another.
        route(2, "10.40.1.0/24", "10.1.1.9", "loop-a"),
        inter(route(2, "10.60.0.0/16", "", ""), 1),
        inter(route(2, "10.61.0.0/16", "10.1.2.9", ""), 1),
        inter(route(1, "10.62.0.0/16", "", ""), 0),
        inter(route(1, "10.63.0.0/16", "10.1.1.9", ""), 0),
        drop(route(0, "10.70.0.0/16", "", "")),
        drop(route(3, "10.70.0.0/16", "", "")),
        route(0, "fd40:1::/64", "fd01::9", "loop-a"),
        route(0, "fd40:2::/64", "", "loop-a"),
        route(0, "fd40:4::/64", "fd01::8", ""),
        route(0, "fd40:5::7/128", "fd40:1::3", ""),
        route(0, "::/0", "fd01::9", "loop-a"),
        route(0, "fd50::/64", "fd01::3", "loop-a"),
        route(1, "fd40:1::/64", "fd02::9", "loop-b"),
        route(2, "fd40:1::/64", "fd01::9", "loop-a"),
        inter(route(2, "fd60::/64", "", ""), 1),
        inter(route(2, "fd61::/64", "fd02::9", ""), 1),
        inter(route(1, "fd62::/64", "", ""), 0),
        inter(route(1, "fd63::/64", "fd01::9", ""), 0),
        drop(route(0, "fd70::/64", "", "")),
        drop(route(3, "fd70::/64", "", "")),
        // Destinations and next hops that are allocated.
        route(0, "alloc:red/peer", "alloc:blue/GW", "loop-a"),
        route(0, "10.40.6.0/24", "alloc:blue/peer", "loop-a"),
        route(0, "10.40.6.0/24", "alloc:blue/peer/GW", ""),
        route(0, "alloc:six/peer", "alloc:six/peer/GW", "loop-a"),
        route(1, "alloc:red/peer", "10.1.2.8", ""),
        drop(route(0, "alloc:red/peer", "", "")),
        // An IPv4 network behind an IPv6 next hop.
        route(0, "10.80.0.0/16", "fd01::9", "loop-a"),
    ]
}

pub fn routes() -> Feature {
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    world.extend(world::allocations());
    world.push(erase(route(0, "10.50.0.0/16", "10.1.1.2", "loop-a")));
    world.push(erase(Route { weight: 3, ..route(0, "fd50::/64", "fd01::2", "loop-a") }));
    let values = (select(shapes()), select(vec![1, 2, 200]), select(vec![0, 1, 200]))
        .prop_map(|(shape, weight, preference)| Route { weight, preference, ..shape });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&Route, &Route) = (of_type(a), of_type(b));
        erase(Route { weight: b.weight, preference: b.preference, ..a.clone() })
    };
    Feature::new("vpp-route", world, values, rekey).chosen(world::CHOSEN)
}

/// Tables and loopbacks.
fn plain_world() -> Vec<Anything> {
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    world
}

pub fn neighbours() -> Feature {
    let places = [
        ("loop-a", "10.1.1.9"),
        ("loop-a", "fd01::9"),
        ("loop-b", "10.1.1.9"),
        ("loop-c", "10.9.9.9"),
        ("loop-c", "fe80::9"),
        ("loop-a", "alloc:blue/peer"),
        ("loop-a", "alloc:blue/peer/GW"),
        ("loop-b", "alloc:six/peer"),
    ];
    let macs = select(vec!["02:00:00:00:00:09", "02:00:00:00:00:0a"]);
    let values =
        (select(places.to_vec()), macs, ANY).prop_map(|((interface, address), mac, is_static)| ArpEntry {
            interface: interface.into(),
            ip_address: address.into(),
            phys_address: mac.into(),
            r#static: is_static,
        });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&ArpEntry, &ArpEntry) = (of_type(a), of_type(b));
        let (interface, ip_address) = (a.interface.clone(), a.ip_address.clone());
        erase(ArpEntry { interface, ip_address, ..b.clone() })
    };
    let mut world = plain_world();
    world.extend(world::allocations());
    Feature::new("vpp-arp", world, values, rekey).chosen(world::CHOSEN)
}

pub fn teib_entries() -> Feature {
    // Those of one IP version have to be in one table.
    let peers =
        [("loop-a", "10.1.1.9"), ("loop-a", "10.1.1.8"), ("loop-b", "fd02::9"), ("loop-b", "fe80::9")];
    let hops = [("10.1.2.8", 0), ("10.1.2.8", 1), ("fd02::8", 0), ("fd02::8", 2)];
    let values =
        (select(peers.to_vec()), select(hops.to_vec())).prop_map(|((interface, peer), (hop, vrf_id))| {
            TeibEntry {
                interface: interface.into(),
                peer_addr: peer.into(),
                next_hop_addr: hop.into(),
                vrf_id,
            }
        });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&TeibEntry, &TeibEntry) = (of_type(a), of_type(b));
        let (interface, peer_addr) = (a.interface.clone(), a.peer_addr.clone());
        erase(TeibEntry { interface, peer_addr, ..b.clone() })
    };
    Feature::new("vpp-teib", plain_world(), values, rekey).chosen(world::CHOSEN)
}

fn path((out, hop, weight, preference): (&str, &str, u32, u32)) -> Path {
    Path { outgoing_interface: out.into(), next_hop_addr: hop.into(), weight, preference }
}

pub fn l3xconnects() -> Feature {
    let ways = [
        [
            ("loop-a", "10.1.1.9", 1, 0),
            ("loop-a", "10.1.1.8", 3, 0),
            ("loop-b", "10.1.2.9", 1, 2),
            ("loop-c", "", 1, 0),
        ],
        [
            ("loop-a", "fd01::9", 1, 0),
            ("loop-a", "fd01::8", 3, 0),
            ("loop-b", "fd02::9", 1, 2),
            ("loop-c", "", 1, 0),
        ],
    ];
    let values = (select(vec!["loop-a", "loop-b"]), 0..2usize, subsequence(vec![0, 1, 2, 3], 1..=4))
        .prop_map(move |(interface, protocol, chosen)| L3xConnect {
            interface: interface.into(),
            protocol: protocol as i32,
            paths: chosen.into_iter().map(|i: usize| path(ways[protocol][i])).collect(),
        });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&L3xConnect, &L3xConnect) = (of_type(a), of_type(b));
        let (interface, protocol) = (a.interface.clone(), a.protocol);
        // Paths are of the version that the key names, so the one of every version is taken instead of others'.
        let paths = if a.protocol == b.protocol { b.paths.clone() } else { vec![path(("loop-c", "", 1, 0))] };
        erase(L3xConnect { interface, protocol, paths })
    };
    Feature::new("vpp-l3xc", plain_world(), values, rekey).chosen(world::CHOSEN)
}

/// An address of a loopback of the world, and one that is in its network.
fn addresses(interface: &str, ipv6: bool) -> (String, String) {
    let n = if interface == "loop-a" { 1 } else { 2 };
    match ipv6 {
        false => (format!("10.1.{n}.1"), format!("10.1.{n}.254")),
        true => (format!("fd0{n}::1"), format!("fd0{n}::fe")),
    }
}

/// Its own address for an owner, one that is shared for others. Nobody waits long enough to become master, and nobody is
/// started without the peers it would need.
fn plausible(v: VrrpEntry, ipv6: bool) -> VrrpEntry {
    let (own, shared) = addresses(&v.interface, ipv6);
    let ip_addresses = if v.priority == 255 { vec![own] } else { vec![shared] };
    VrrpEntry { ip_addresses, enabled: v.enabled && !v.unicast, ..v }
}

pub fn virtual_routers() -> Feature {
    let keys = (select(vec!["loop-a", "loop-b"]), select(vec![1, 255]));
    let numbers = (select(vec![1, 100, 254, 255]), select(vec![60_000, 65_530]));
    let values = (keys, numbers, (ANY, ANY, ANY, ANY), ANY).prop_map(|(key, numbers, flags, ipv6)| {
        let value = VrrpEntry {
            interface: key.0.into(),
            vr_id: key.1,
            priority: numbers.0,
            interval: numbers.1,
            preempt: flags.0,
            accept: flags.1,
            unicast: flags.2,
            enabled: flags.3,
            ip_addresses: Vec::new(),
        };
        plausible(value, ipv6)
    });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&VrrpEntry, &VrrpEntry) = (of_type(a), of_type(b));
        let ipv6 = b.ip_addresses[0].contains(':');
        erase(plausible(VrrpEntry { interface: a.interface.clone(), vr_id: a.vr_id, ..b.clone() }, ipv6))
    };
    Feature::new("vrrp", plain_world(), values, rekey).chosen(world::CHOSEN)
}

pub fn dhcp_proxies() -> Feature {
    let hosts = [["10.1.1.1", "10.9.9.1", "10.9.9.2"], ["fd01::1", "fd09::1", "fd09::2"]];
    let servers = [(0, 1), (1, 1), (3, 2), (0, 2)];
    let servers = subsequence(servers.to_vec(), 1..=4);
    let values =
        (0..2usize, select(vec![0, 2]), ANY, servers).prop_map(move |(family, rx_vrf_id, other, servers)| {
            let hosts = hosts[family];
            let server = |(vrf_id, i): (u32, usize)| DhcpServer { vrf_id, ip_address: hosts[i].into() };
            DhcpProxy {
                source_ip_address: hosts[if other { 2 } else { 0 }].into(),
                rx_vrf_id,
                servers: servers.into_iter().map(server).collect(),
            }
        });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&DhcpProxy, &DhcpProxy) = (of_type(a), of_type(b));
        let same = a.source_ip_address.contains(':') == b.source_ip_address.contains(':');
        // Without the version of the key, only the number of servers is the other's.
        let cut = DhcpProxy { servers: a.servers[..1].to_vec(), ..a.clone() };
        erase(if same { DhcpProxy { rx_vrf_id: a.rx_vrf_id, ..b.clone() } } else { cut })
    };
    Feature::new("dhcp-proxy", plain_world(), values, rekey).chosen(world::CHOSEN)
}

pub fn ip_scan() -> Feature {
    let values = (1..4, select(vec![0, 4, 10])).prop_map(|(mode, stale_threshold)| IpScanNeighbor {
        mode,
        stale_threshold,
        ..IpScanNeighbor::default()
    });
    // There is only one.
    let rekey = |_: &dyn Value, b: &dyn Value| erase(*of_type::<IpScanNeighbor>(b));
    let get = binapi::ip_neighbor::IpNeighborConfigGet::ID;
    Feature::new("vpp-ip-scan-neighbor", Vec::new(), values, rekey).told_by(get)
}

pub fn range(vrf_id: u32, last: u8) -> proxy_arp::Range {
    proxy_arp::Range { first_ip_addr: "10.60.0.1".into(), last_ip_addr: format!("10.60.0.{last}"), vrf_id }
}

pub fn proxy_arps() -> Feature {
    let ranges = subsequence(vec![(0, 1), (0, 9), (1, 9), (3, 9), (3, 200)], 1..=5);
    let interfaces = subsequence(vec!["loop-a", "loop-b", "loop-c"], 0..=3);
    let values = (ranges, interfaces).prop_map(|(ranges, interfaces)| ProxyArp {
        interfaces: interfaces.into_iter().map(|name| proxy_arp::Interface { name: name.into() }).collect(),
        ranges: ranges.into_iter().map(|(vrf, last)| range(vrf, last)).collect(),
    });
    // There is only one.
    let rekey = |_: &dyn Value, b: &dyn Value| erase(of_type::<ProxyArp>(b).clone());
    Feature::new("vpp-proxy-arp", plain_world(), values, rekey).chosen(world::CHOSEN)
}
