//! Tables and routes. All return values and oddities are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::interface::{DeleteLoopback, SwInterfaceGetTable};
use binapi::ip::{
    IpRouteAddDel, IpRouteAddDelV2, IpRouteDump, IpRouteV2Dump, IpTableAddDelV2, SetIpFlowHashV2,
};
use binapi::types::{
    AddressFamily, FibPath, FibPathNh, FibPathNhProto, FibPathType, IpFlowHashConfig, IpRoute, IpRouteV2,
    IpTable,
};
use common::{Client, prefix, vpp};
use std::net::IpAddr;

const NONE: u32 = u32::MAX;

fn path(next_hop: &str, sw_if_index: u32) -> FibPath {
    let ip: IpAddr = next_hop.parse().unwrap();
    FibPath {
        sw_if_index,
        weight: 1,
        proto: if ip.is_ipv6() { FibPathNhProto::IP6 } else { FibPathNhProto::IP4 },
        nh: FibPathNh {
            address: ip.into(),
            via_label: 0x10_0000,
            classify_table_index: NONE,
            ..Default::default()
        },
        ..Default::default()
    }
}

fn drop_path() -> FibPath {
    FibPath { type_: FibPathType::DROP, ..Default::default() }
}

impl Client {
    fn route(
        &mut self,
        is_add: bool,
        is_multipath: bool,
        table_id: u32,
        to: &str,
        paths: Vec<FibPath>,
    ) -> i32 {
        let route =
            IpRoute { table_id, stats_index: 0, prefix: prefix(to), paths: paths.try_into().unwrap() };
        let reply = self.call(&IpRouteAddDel { is_add, is_multipath, route });
        assert_eq!(reply.stats_index != NONE, is_add && reply.retval == 0, "only an add tells the counters");
        reply.retval
    }
    fn add(&mut self, table: u32, to: &str, via: FibPath) -> i32 {
        self.route(true, true, table, to, vec![via])
    }
    fn remove(&mut self, table: u32, to: &str, via: FibPath) -> i32 {
        self.route(false, true, table, to, vec![via])
    }
    fn routes(&mut self, table_id: u32, is_ip6: bool, src: u8) -> Vec<IpRouteV2> {
        let table = IpTable { table_id, is_ip6, ..Default::default() };
        self.dump(&IpRouteV2Dump { src, table }).into_iter().map(|d| d.route).collect()
    }
    /// Next hop, interface, weight and preference of each path of a route of source API.
    fn paths(&mut self, table: u32, to: &str) -> Vec<(String, u32, u8, u8)> {
        let to = prefix(to);
        let is_ip6 = to.ip().is_ipv6();
        let routes = self.routes(table, is_ip6, 8);
        let Some(route) = routes.iter().find(|r| r.prefix == to) else { return Vec::new() };
        let ip = |p: &FibPath| match p.proto {
            FibPathNhProto::IP6 => IpAddr::V6(p.nh.address.ip6().into()),
            _ => IpAddr::V4(p.nh.address.ip4().into()),
        };
        route.paths.iter().map(|p| (ip(p).to_string(), p.sw_if_index, p.weight, p.preference)).collect()
    }
}

fn shown(paths: &[(&str, u32, u8, u8)]) -> Vec<(String, u32, u8, u8)> {
    paths.iter().map(|(ip, i, w, p)| ((*ip).to_owned(), *i, *w, *p)).collect()
}

#[test]
fn a_fresh_vpp_has_two_tables_with_entries_of_its_own() {
    let (_sim, mut client) = vpp();
    assert_eq!(client.tables(), [(0, false, "ipv4-VRF:0".to_owned()), (0, true, "ipv6-VRF:0".to_owned())]);
    let own = |routes: Vec<IpRouteV2>| -> Vec<(String, u8)> {
        routes.iter().map(|r| (format!("{:?}", r.prefix), r.src)).collect()
    };
    let mut v4 = own(client.routes(0, false, 0));
    v4.sort();
    let want = [
        ("0.0.0.0/0", 20),
        ("0.0.0.0/32", 20),
        ("224.0.0.0/4", 1),
        ("240.0.0.0/4", 1),
        ("255.255.255.255/32", 20),
    ];
    assert_eq!(v4, want.map(|(p, s)| (p.to_owned(), s)));
    assert_eq!(
        own(client.routes(0, true, 0)),
        [("::/0", 20), ("fe80::/10", 1)].map(|(p, s)| (p.to_owned(), s))
    );
    assert!(client.routes(0, false, 8).is_empty());
}

#[test]
fn tables() {
    let (_sim, mut client) = vpp();
    assert_eq!(client.table(true, 5, false, "five"), 0);
    assert_eq!(client.table(true, 5, false, "cinco"), 0, "again, with another name");
    assert_eq!(client.table(true, 6, true, ""), 0);
    assert_eq!(client.table(false, 77, false, ""), 0, "one that is not there");
    assert_eq!(client.table(false, 0, false, ""), 0, "table 0 is not deleted");
    assert_eq!(client.table(true, 0, false, "x"), 0, "nor named");
    let want =
        [(0, false, "ipv4-VRF:0"), (5, false, "five"), (0, true, "ipv6-VRF:0"), (6, true, "ipv6-VRF:6")];
    assert_eq!(client.tables(), want.map(|(id, v6, name)| (id, v6, name.to_owned())));
    assert_eq!(client.routes(5, false, 0).len(), 5);
    assert_eq!(client.table(false, 5, false, ""), 0, "once is enough");
    assert_eq!(client.tables().len(), 3);
    assert!(client.routes(5, false, 0).is_empty());
}

#[test]
fn newer_releases_have_another_message_for_tables() {
    let config = sim::SimConfig { release: "26.06".into(), ..Default::default() };
    let sim = sim::Sim::spawn(common::socket(), config).unwrap();
    let mut client = Client::connect(sim.path());
    let table = IpTable { table_id: 5, name: "five".try_into().unwrap(), ..Default::default() };
    client.ok(&IpTableAddDelV2 { table, ..Default::default() });
    assert!(client.tables().contains(&(5, false, "five".to_owned())));
}

#[test]
fn flow_hash() {
    let (_sim, mut client) = vpp();
    let set = |table_id, af| SetIpFlowHashV2 { table_id, af, flow_hash_config: IpFlowHashConfig(31) };
    assert_eq!(client.retval(&set(0, AddressFamily::IP6)), 0);
    assert_eq!(client.retval(&set(55, AddressFamily::IP4)), -3);
    assert_eq!(client.retval(&set(0, AddressFamily(7))), -97);
}

#[test]
fn binding_interfaces() {
    let (_sim, mut client) = vpp();
    let index = client.loopback();
    assert_eq!(client.bind(index, false, 5), -3);
    client.table(true, 5, false, "");
    assert_eq!(client.bind(index, true, 5), -3, "the other family has no table 5");
    assert_eq!(client.bind(index, false, 5), 0);
    assert_eq!(client.bind(index, false, 5), 0, "again");
    let table =
        |client: &mut Client| client.ok(&SwInterfaceGetTable { sw_if_index: index, is_ipv6: false }).vrf_id;
    assert_eq!(table(&mut client), 5);
    client.address(true, index, "10.0.0.1/24");
    assert_eq!(client.bind(index, false, 0), -114);
    client.address(false, index, "10.0.0.1/24");
    client.table(false, 5, false, "");
    assert!(client.tables().iter().any(|t| t.0 == 5), "an interface holds it");
    assert_eq!(client.bind(index, false, 0), 0);
    assert!(!client.tables().iter().any(|t| t.0 == 5));
    assert_eq!(table(&mut client), 0);
}

#[test]
fn a_deleted_interface_lets_go_of_its_table() {
    let (_sim, mut client) = vpp();
    let index = client.loopback();
    client.table(true, 30, true, "");
    client.bind(index, true, 30);
    client.table(false, 30, true, "");
    client.ok(&DeleteLoopback { sw_if_index: index });
    assert_eq!(client.tables().len(), 2);
}

#[test]
fn paths_are_added_and_removed_one_by_one() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    let to = "1.1.1.0/24";
    for next_hop in ["10.0.0.8", "10.0.0.7", "10.0.0.8"] {
        assert_eq!(client.add(0, to, path(next_hop, i)), 0);
    }
    let both = shown(&[("10.0.0.7", i, 1, 0), ("10.0.0.8", i, 1, 0)]);
    assert_eq!(client.paths(0, to), both);
    assert_eq!(client.add(0, to, FibPath { weight: 5, preference: 3, ..path("10.0.0.8", i) }), 0);
    assert_eq!(client.paths(0, to), both, "weight and preference of a known path do not change");
    assert_eq!(client.remove(0, to, path("10.0.0.99", i)), 0, "one that is not there");
    assert_eq!(client.remove(0, to, FibPath { weight: 9, ..path("10.0.0.8", i) }), 0);
    assert_eq!(client.paths(0, to), shown(&[("10.0.0.7", i, 1, 0)]));
    assert_eq!(client.remove(0, to, path("10.0.0.7", i)), 0);
    assert!(client.routes(0, false, 8).is_empty(), "the last path takes the route along");
    assert_eq!(client.remove(0, to, path("10.0.0.7", i)), 0, "a route that is not there");
    assert_eq!(client.route(false, false, 0, to, vec![]), 0);
}

#[test]
fn paths_are_told_in_order() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    let to = "1.13.0.0/24";
    let some = vec![
        FibPath { preference: 3, ..path("10.0.0.19", i) },
        path("10.0.0.21", i),
        path("9.9.9.9", NONE),
        drop_path(),
        FibPath { weight: 0, ..path("10.0.0.20", i) },
        FibPath { weight: 3, ..path("10.0.0.22", i) },
    ];
    assert_eq!(client.route(true, true, 0, to, some), 0);
    let want = shown(&[
        ("10.0.0.20", i, 1, 0),
        ("10.0.0.21", i, 1, 0),
        ("10.0.0.22", i, 3, 0),
        ("0.0.0.0", 0, 1, 0),
        ("9.9.9.9", NONE, 1, 0),
        ("10.0.0.19", i, 1, 3),
    ]);
    assert_eq!(client.paths(0, to), want);
}

#[test]
fn all_paths_are_replaced_at_once() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    let to = "1.14.0.0/24";
    assert_eq!(client.route(true, false, 0, to, vec![path("10.0.0.21", i), path("10.0.0.20", i)]), 0);
    assert_eq!(client.route(true, false, 0, to, vec![path("10.0.0.25", i)]), 0);
    assert_eq!(client.paths(0, to), shown(&[("10.0.0.25", i, 1, 0)]));
    assert_eq!(client.route(false, false, 0, to, vec![]), 0);
    assert!(client.routes(0, false, 8).is_empty());
}

#[test]
fn what_is_refused() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    let to = "1.1.0.0/24";
    assert_eq!(client.route(true, false, 0, to, vec![]), -52);
    assert_eq!(client.route(true, true, 0, to, vec![]), -52);
    assert_eq!(client.route(false, true, 0, to, vec![]), -52);
    assert_eq!(client.add(44, to, path("1.2.3.4", i)), -3);
    assert_eq!(client.add(0, to, path("1.2.3.4", 998)), -54);
    assert_eq!(client.add(0, to, FibPath { table_id: 44, ..path("1.2.3.4", NONE) }), -3);
    assert_eq!(client.add(0, to, FibPath { proto: FibPathNhProto(9), ..path("1.2.3.4", i) }), -1);
    assert!(client.routes(0, false, 8).is_empty());
    assert_eq!(client.add(0, "1.9.0.0/33", path("10.0.0.7", i)), 0, "accepted");
    assert!(client.routes(0, false, 8).is_empty(), "but never seen");
}

#[test]
fn paths_of_every_kind() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    client.table(true, 5, false, "");
    let kind = |type_, sw_if_index| FibPath { type_, sw_if_index, weight: 0, ..Default::default() };
    let cases = [
        ("1.2.0.0/24", FibPath { table_id: 5, ..path("1.2.3.4", NONE) }, (FibPathType::NORMAL, NONE, 5)),
        ("1.3.0.0/24", FibPath { table_id: 5, ..path("0.0.0.0", NONE) }, (FibPathType::NORMAL, NONE, 5)),
        ("1.4.0.0/24", kind(FibPathType::DROP, NONE), (FibPathType::DROP, 0, 0)),
        ("1.5.0.9/24", path("0.0.0.0", i), (FibPathType::NORMAL, i, 0)),
        ("1.6.0.0/24", kind(FibPathType::LOCAL, NONE), (FibPathType::LOCAL, NONE, 0)),
        ("1.7.0.0/24", kind(FibPathType::LOCAL, i), (FibPathType::LOCAL, i, 0)),
        ("1.8.0.0/24", path("::1", i), (FibPathType::NORMAL, i, 0)),
        ("1.10.0.0/24", kind(FibPathType::ICMP_UNREACH, i), (FibPathType::ICMP_UNREACH, NONE, 0)),
    ];
    for (to, via, want) in cases {
        assert_eq!(client.add(0, to, via), 0, "{to}");
        let routes = client.routes(0, false, 8);
        let found =
            routes.iter().find(|r| r.prefix == prefix(to)).unwrap_or_else(|| panic!("{to} is not dumped"));
        let p = &found.paths[0];
        assert_eq!((p.type_, p.sw_if_index, p.table_id), want, "{to}");
        assert_eq!((p.weight, p.rpf_id, p.nh.via_label, p.nh.classify_table_index), (1, 0, 0, 0), "{to}");
    }
    assert_eq!(client.add(0, "2001:9::/32", path("2001:db8::7", i)), 0);
    assert_eq!(client.paths(0, "2001:9::/32"), shown(&[("2001:db8::7", i, 1, 0)]));
    let all = client.dump(&IpRouteDump { table: IpTable::default() });
    assert_eq!(all.len(), 5 + 8, "VPP's own and these; the entry that resolves 1.2.3.4 is in table 5");
}

#[test]
fn a_next_hop_without_interface_gets_an_entry_that_resolves_it() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    client.add(0, "7.0.0.0/8", path("10.2.0.9", i));
    client.add(0, "7.2.0.0/16", path("7.0.0.9", NONE));
    client.add(0, "7.3.0.0/16", path("7.0.0.9", NONE));
    let found = client.routes(0, false, 18);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].prefix, found[0].paths[0].sw_if_index),
        (prefix("7.0.0.9/32"), i),
        "as what covers it"
    );
    client.remove(0, "7.2.0.0/16", path("7.0.0.9", NONE));
    assert_eq!(client.routes(0, false, 18).len(), 1, "still needed");
    client.remove(0, "7.3.0.0/16", path("7.0.0.9", NONE));
    assert!(client.routes(0, false, 18).is_empty());
}

#[test]
fn the_strongest_source_wins() {
    let (sim, mut client) = vpp();
    let i = client.loopback();
    let cli = IpRouteV2 {
        prefix: prefix("1.20.0.0/24"),
        src: 9,
        paths: vec![path("10.0.0.7", i)].try_into().unwrap(),
        ..Default::default()
    };
    client.ok(&IpRouteAddDelV2 { is_add: true, is_multipath: true, route: cli });
    assert_eq!(client.routes(0, false, 9).len(), 1);
    client.add(0, "1.20.0.0/24", path("10.0.0.5", i));
    assert!(client.routes(0, false, 9).is_empty(), "hidden behind the API's");
    assert_eq!(client.paths(0, "1.20.0.0/24"), shown(&[("10.0.0.5", i, 1, 0)]));
    client.remove(0, "1.20.0.0/24", path("10.0.0.5", i));
    assert_eq!(client.routes(0, false, 9).len(), 1);
    client.address(true, i, "10.0.0.1/24");
    client.set_up(i, true);
    assert_eq!(client.add(0, "10.0.0.1/32", path("10.0.0.7", i)), 0);
    assert!(client.paths(0, "10.0.0.1/32").is_empty(), "the interface's own is stronger");
    client.set_up(i, false);
    assert_eq!(client.paths(0, "10.0.0.1/32").len(), 1);
    sim.cli_add_route(0, "1.21.0.0/24", "10.0.0.9".parse().unwrap(), "loop0").unwrap();
    assert_eq!(client.routes(0, false, 9).len(), 2);
    sim.cli_delete_route(0, "1.21.0.0/24").unwrap();
    sim.cli_delete_route(0, "10.0.0.1/32").unwrap();
    assert_eq!((client.routes(0, false, 9).len(), client.paths(0, "10.0.0.1/32").len()), (1, 0));
}

#[test]
fn routes_outlive_their_interface() {
    let (sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    client.add(0, "7.0.0.0/8", path("10.2.0.9", b));
    client.add(0, "7.1.0.0/16", path("10.2.0.9", b));
    client.ok(&DeleteLoopback { sw_if_index: b });
    assert_eq!(client.paths(0, "7.0.0.0/8"), shown(&[("10.2.0.9", b, 1, 0)]), "still told");
    assert_eq!(client.remove(0, "7.0.0.0/8", path("10.2.0.9", b)), -54, "not to be removed path by path");
    assert_eq!(client.route(false, false, 0, "7.0.0.0/8", vec![]), 0, "only as a whole");
    assert_eq!(client.route(true, false, 0, "7.1.0.0/16", vec![path("10.2.0.10", a)]), 0, "or replaced");
    assert_eq!(client.paths(0, "7.1.0.0/16"), shown(&[("10.2.0.10", a, 1, 0)]));
    assert_eq!(sim.crashes(), 0);
}

#[test]
fn a_path_beside_a_dead_one_is_the_end() {
    let (sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    client.add(0, "7.0.0.0/8", path("10.2.0.9", b));
    client.ok(&DeleteLoopback { sw_if_index: b });
    let route = IpRoute {
        prefix: prefix("7.0.0.0/8"),
        paths: vec![path("10.2.0.10", a)].try_into().unwrap(),
        ..Default::default()
    };
    assert_eq!(client.try_call(&IpRouteAddDel { is_add: true, is_multipath: true, route }), None);
    assert_eq!(sim.crashes(), 1);
}

#[test]
fn a_table_deleted_under_its_routes() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    client.table(true, 7, false, "");
    client.add(7, "5.5.5.0/24", path("10.0.0.7", i));
    client.table(false, 7, false, "");
    assert_eq!(client.tables().len(), 2, "its routes do not hold it");
    assert_eq!(client.add(7, "5.5.6.0/24", path("10.0.0.7", i)), -3);
    assert_eq!(client.bind(i, false, 7), -3);
    client.table(true, 7, false, "");
    assert!(client.routes(7, false, 8).is_empty(), "a new one is empty");
}

#[test]
fn a_table_held_by_paths_of_another() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    client.table(true, 31, false, "");
    let into = FibPath { table_id: 31, ..path("9.9.9.9", NONE) };
    client.add(0, "8.0.0.0/8", into.clone());
    client.table(false, 31, false, "");
    assert!(client.tables().iter().any(|t| t.0 == 31), "it looks present");
    assert_eq!(client.bind(i, false, 31), -3, "but takes no interface");
    assert_eq!(client.add(31, "8.0.0.0/8", path("10.2.0.9", i)), 0);
    assert_eq!(client.remove(0, "8.0.0.0/8", into), 0);
    assert_eq!(client.tables().len(), 2);
}

#[test]
fn twenty_thousand_routes_and_back() {
    let (_sim, mut client) = vpp();
    let i = client.loopback();
    let message = |n: u32, is_add| {
        let ip = IpAddr::V4(std::net::Ipv4Addr::from_bits(0x1400_0000 + (n << 8)));
        let route = IpRoute {
            prefix: (ip, 24).into(),
            paths: vec![path("10.0.0.7", i)].try_into().unwrap(),
            ..Default::default()
        };
        IpRouteAddDel { is_add, is_multipath: true, route }
    };
    for is_add in [true, false] {
        for n in 0..20_000 {
            client.send(&message(n, is_add));
        }
        for _ in 0..20_000 {
            assert_eq!(client.read_frame().unwrap()[6..10], [0; 4]);
        }
        assert_eq!(client.routes(0, false, 8).len(), if is_add { 20_000 } else { 0 });
    }
}
