//! Values of each kind.

use crate::agent::other;
use model::models::erase;
use model::proto::ligato::linux::interfaces::interface::{Link, Type};
use model::proto::ligato::linux::interfaces::{Interface, VethLink, VrfDevLink};
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::iptables::rule_chain::{ChainType, Policy, Protocol, Table};
use model::proto::ligato::linux::l3::route::Scope;
use model::proto::ligato::linux::l3::{ArpEntry, Route};
use model::proto::ligato::linux::namespace::NetNamespace;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use model::proto::ligato::netalloc::IpAllocation;
use model::value::Value;
use proptest::bool::ANY;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use testkit::laws::{Anything, Feature, of_type};
use testkit::target::Needed;

/// What the kernel chooses unless told.
const CHOSEN: &[&str] = &["phys_address", "mtu"];

/// The second namespace of the test, by its path.
pub fn elsewhere() -> Option<NetNamespace> {
    Some(NetNamespace { r#type: ReferenceType::Fd.into(), reference: other() })
}

/// One end of a pair.
pub fn veth(name: &str, peer: &str, addresses: &[&str]) -> Interface {
    Interface {
        name: name.into(),
        r#type: Type::Veth.into(),
        enabled: true,
        ip_addresses: addresses.iter().map(|&text| text.to_owned()).collect(),
        link: Some(Link::Veth(VethLink { peer_if_name: peer.into(), ..VethLink::default() })),
        ..Interface::default()
    }
}

/// A pair with one end in another namespace.
pub fn pair() -> [Interface; 2] {
    let right = veth("right", "left", &["10.1.1.2/24", "2001:db8:1::2/64"]);
    [
        veth("left", "right", &["10.1.1.1/24", "2001:db8:1::1/64"]),
        Interface { namespace: elsewhere(), host_if_name: "eth0".into(), ..right },
    ]
}

/// The left end of a pair, whose right end is there to be paired: where the left one goes, that waits.
pub fn pairs() -> Feature {
    pairs_with(None)
}

/// The same with the right end in another namespace.
pub fn pairs_elsewhere() -> Feature {
    pairs_with(elsewhere())
}

fn pairs_with(namespace: Option<NetNamespace>) -> Feature {
    let all = addresses(&["10.1.1.1/24", "10.1.1.3/24", "10.1.2.1/32", "2001:db8:1::1/64"]);
    let mac = select(vec!["02:00:00:00:00:a1", "02:00:00:00:00:a2"]);
    let values = (all, mac, select(vec![1500, 1400, 9000]), ANY, select(vec!["", "eth7"])).prop_map(
        |(ip_addresses, mac, mtu, enabled, host_if_name)| Interface {
            ip_addresses,
            phys_address: mac.into(),
            mtu,
            enabled,
            host_if_name: host_if_name.into(),
            ..veth("left", "right", &[])
        },
    );
    let phys_address = "02:00:00:00:00:b1".into();
    let right = Interface { namespace, phys_address, ..veth("right", "left", &["10.1.1.2/24"]) };
    Feature::new("linux-interface", vec![erase(right)], values, rekey_interface).chosen(CHOSEN).of_linux()
}

fn addresses(all: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let some = subsequence(all.to_vec(), 0..=all.len());
    some.prop_map(|some| some.into_iter().map(str::to_owned).collect())
}

fn rekey_interface(a: &dyn Value, b: &dyn Value) -> Anything {
    erase(Interface { name: of_type::<Interface>(a).name.clone(), ..of_type::<Interface>(b).clone() })
}

pub fn loopbacks() -> Feature {
    loopbacks_in(None)
}

/// That of another namespace. An agent that was not told of the namespace does not know what is in it.
pub fn loopbacks_elsewhere() -> Feature {
    loopbacks_in(elsewhere())
}

fn loopbacks_in(namespace: Option<NetNamespace>) -> Feature {
    let all =
        addresses(&["10.7.7.7/32", "10.7.8.1/24", "10.7.8.2/24", "2001:db8:7::7/128", "2001:db8:8::1/64"]);
    let mtu = select(vec![0, 65536, 9000, 1500]);
    let values = (all, mtu).prop_map(move |(ip_addresses, mtu)| Interface {
        name: "loop".into(),
        r#type: Type::Loopback.into(),
        namespace: namespace.clone(),
        enabled: true,
        ip_addresses,
        mtu,
        ..Interface::default()
    });
    Feature::new("linux-interface", Vec::new(), values, rekey_interface).chosen(CHOSEN).of_linux()
}

pub fn dummies() -> Feature {
    let all = addresses(&["10.7.7.7/32", "10.7.8.1/24", "2001:db8:7::7/128"]);
    let values = (all, select(vec![0, 1500, 9000])).prop_map(|(ip_addresses, mtu)| Interface {
        name: "dummy".into(),
        r#type: Type::Dummy.into(),
        enabled: true,
        ip_addresses,
        mtu,
        ..Interface::default()
    });
    let feature = Feature::new("linux-interface", Vec::new(), values, rekey_interface).chosen(CHOSEN);
    Feature { needed: vec![Needed::LinkType("dummy")], ..feature }.of_linux()
}

fn vrf(name: &str, routing_table: u32) -> Interface {
    Interface {
        name: name.into(),
        r#type: Type::VrfDevice.into(),
        enabled: true,
        link: Some(Link::VrfDev(VrfDevLink { routing_table })),
        ..Interface::default()
    }
}

/// VRFs, and an interface that moves from one to the other.
pub fn vrfs() -> Feature {
    let values =
        (select(vec!["", "red", "blue"]), select(vec![0, 10, 300])).prop_map(|(master, table)| match table {
            0 => Interface { vrf_master_interface: master.into(), ..veth("left", "right", &["10.1.1.1/24"]) },
            table => vrf("green", table),
        });
    let world = vec![erase(vrf("red", 11)), erase(vrf("blue", 400)), erase(veth("right", "left", &[]))];
    let feature = Feature::new("linux-interface", world, values, rekey_vrf).chosen(CHOSEN);
    Feature { needed: vec![Needed::LinkType("vrf table 1")], ..feature }.of_linux()
}

fn rekey_vrf(a: &dyn Value, b: &dyn Value) -> Anything {
    let (a, b): (&Interface, &Interface) = (of_type(a), of_type(b));
    // One of the pair stays one.
    erase(if a.name == b.name { b.clone() } else { a.clone() })
}

/// Routes in the table of a VRF.
pub fn vrf_routes() -> Feature {
    let plain = routes();
    let [left, right] = pair();
    let left = Interface { vrf_master_interface: "red".into(), ..left };
    let world = vec![erase(vrf("red", 300)), erase(left), erase(right)];
    Feature { world, needed: vec![Needed::LinkType("vrf table 1")], ..plain }
}

pub fn existing() -> Feature {
    let all =
        addresses(&["10.7.7.7/32", "10.7.8.1/24", "10.7.8.2/24", "2001:db8:7::7/128", "2001:db8:8::1/64"]);
    let values = (all, ANY).prop_map(|(mut ip_addresses, plain)| {
        ip_addresses.push("10.9.9.9/24".into());
        Interface {
            name: "outside".into(),
            r#type: Type::Existing.into(),
            host_if_name: if plain { "ext0".into() } else { "ext0-peer".into() },
            enabled: true,
            ip_addresses,
            ..Interface::default()
        }
    });
    let feature = Feature::new("linux-interface", Vec::new(), values, rekey_interface).chosen(CHOSEN);
    Feature { needed: vec![Needed::Link("ext0")], ..feature }.of_linux()
}

fn route(scope: Scope, dst_network: &str, gw_addr: &str, on: &str, metric: u32) -> Route {
    Route {
        outgoing_interface: on.into(),
        scope: scope.into(),
        dst_network: dst_network.into(),
        gw_addr: gw_addr.into(),
        metric,
    }
}

pub fn routes() -> Feature {
    let shapes = vec![
        route(Scope::Global, "10.40.1.0/24", "10.1.1.9", "left", 0),
        route(Scope::Global, "10.40.1.0/24", "10.1.1.8", "left", 7),
        route(Scope::Link, "10.40.2.0/24", "", "left", 0),
        route(Scope::Site, "10.40.3.0/24", "10.1.1.9", "left", 3),
        route(Scope::Host, "10.40.4.1/32", "", "left", 0),
        route(Scope::Global, "10.40.5.0/24", "", "left", 0),
        route(Scope::Global, "0.0.0.0/0", "10.1.1.9", "left", 0),
        route(Scope::Global, "0.0.0.0/0", "10.1.1.1", "right", 0),
        route(Scope::Global, "10.40.1.0/24", "10.1.1.1", "right", 0),
        route(Scope::Global, "2001:db8:40::/64", "2001:db8:1::9", "left", 0),
        route(Scope::Global, "2001:db8:40::/64", "2001:db8:1::8", "left", 5),
        route(Scope::Global, "2001:db8:41::/64", "", "left", 0),
        route(Scope::Global, "::/0", "2001:db8:1::1", "right", 0),
    ];
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&Route, &Route) = (of_type(a), of_type(b));
        let (four, same) = (a.dst_network.contains('.'), a.outgoing_interface == b.outgoing_interface);
        let fits = same && four == b.dst_network.contains('.');
        let metric = a.metric + 1;
        let gw_addr = if fits { b.gw_addr.clone() } else { a.gw_addr.clone() };
        let scope = if fits { b.scope } else { a.scope };
        erase(Route { metric: if fits { b.metric } else { metric }, gw_addr, scope, ..a.clone() })
    };
    Feature::new("linux-route", pair().map(erase).into(), select(shapes), rekey).chosen(CHOSEN).of_linux()
}

/// The pair, with addresses that are allocated, and what is allocated to others.
fn allocated() -> Vec<Anything> {
    let allocation = |network: &str, interface: &str, address: &str, gw: &str| {
        erase(IpAllocation {
            network_name: network.into(),
            interface_name: interface.into(),
            address: address.into(),
            gw: gw.into(),
        })
    };
    let [mut left, right] = pair();
    left.ip_addresses.extend(["alloc:net1".into(), "alloc:net6".into()]);
    vec![
        erase(left),
        erase(right),
        allocation("net1", "left", "10.7.1.1/24", "10.7.1.254"),
        allocation("net1", "peer", "10.7.1.9", ""),
        allocation("net2", "far", "10.8.0.1/16", ""),
        allocation("net6", "left", "2001:db8:7::1/64", "2001:db8:7::fe"),
        allocation("net6", "far", "2001:db8:8::1/64", ""),
    ]
}

pub fn allocated_routes() -> Feature {
    let shapes = vec![
        route(Scope::Global, "alloc:net2/far", "alloc:net1/GW", "left", 0),
        route(Scope::Global, "alloc:net2/far", "10.1.1.9", "left", 7),
        route(Scope::Global, "10.40.1.0/24", "alloc:net1/left/GW", "left", 0),
        route(Scope::Link, "alloc:net2/far", "", "left", 3),
        route(Scope::Undefined, "alloc:net6/far", "alloc:net6/GW", "left", 0),
        route(Scope::Undefined, "2001:db8:9::/64", "alloc:net6/GW", "left", 5),
    ];
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&Route, &Route) = (of_type(a), of_type(b));
        let six = |r: &Route| r.dst_network.contains(':') && !r.dst_network.contains("net2");
        let other = if six(a) == six(b) { b } else { a };
        let metric = if six(a) == six(b) { b.metric } else { a.metric + 1 };
        erase(Route { metric, gw_addr: other.gw_addr.clone(), scope: other.scope, ..a.clone() })
    };
    Feature::new("linux-route", allocated(), select(shapes), rekey).chosen(CHOSEN).of_linux()
}

pub fn allocated_neighbours() -> Feature {
    let address = select(vec!["alloc:net1/peer", "alloc:net1/GW", "alloc:net6/GW", "10.7.1.77"]);
    let mac = select(vec!["02:00:00:00:00:77", "02:00:00:00:00:78", "02:00:00:00:00:79"]);
    let values = (address, mac).prop_map(|(ip_address, hw_address)| ArpEntry {
        interface: "left".into(),
        ip_address: ip_address.into(),
        hw_address: hw_address.into(),
    });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let hw_address = of_type::<ArpEntry>(b).hw_address.clone();
        erase(ArpEntry { hw_address, ..of_type::<ArpEntry>(a).clone() })
    };
    Feature::new("linux-arp", allocated(), values, rekey).chosen(CHOSEN).of_linux()
}

pub fn neighbours() -> Feature {
    let on = select(vec!["left", "right"]);
    let address = select(vec!["10.1.1.77", "10.1.1.78", "2001:db8:1::77", "2001:db8:1::78"]);
    let mac = select(vec!["02:00:00:00:00:77", "02:00:00:00:00:78", "02:00:00:00:00:79"]);
    let values = (on, address, mac).prop_map(|(interface, ip_address, hw_address)| ArpEntry {
        interface: interface.into(),
        ip_address: ip_address.into(),
        hw_address: hw_address.into(),
    });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let hw_address = of_type::<ArpEntry>(b).hw_address.clone();
        erase(ArpEntry { hw_address, ..of_type::<ArpEntry>(a).clone() })
    };
    Feature::new("linux-arp", pair().map(erase).into(), values, rekey).chosen(CHOSEN).of_linux()
}

pub fn chains() -> Feature {
    chains_in(None)
}

/// Those of another namespace; see [`loopbacks_elsewhere`].
pub fn chains_elsewhere() -> Feature {
    chains_in(elsewhere())
}

fn chains_in(namespace: Option<NetNamespace>) -> Feature {
    use ChainType::{Custom, Forward, Input, Output, Postrouting, Prerouting};
    let place = select(vec![
        (Table::Filter, Input),
        (Table::Filter, Custom),
        (Table::Filter, Output),
        (Table::Nat, Postrouting),
        (Table::Nat, Custom),
        (Table::Mangle, Forward),
        (Table::Raw, Prerouting),
        (Table::Security, Input),
    ]);
    let protocol = select(vec![Protocol::Ipv4, Protocol::Ipv6]);
    let policy = select(vec![Policy::None, Policy::Accept, Policy::Drop]);
    // As iptables tells them, and as it does not.
    let rules = subsequence(
        vec![
            "-j ACCEPT",
            "-p tcp --dport 22 -j ACCEPT",
            "-p tcp -m tcp --dport 22 -j ACCEPT",
            "--protocol udp --source-port 1:7",
            "-m comment --comment \"it's \\\"quoted\\\", isn't it\" -j LOG --log-prefix \"a b\"",
            "-m state --state ESTABLISHED,NEW -j MARK --set-mark 7",
            "-m limit --limit 5/minute",
            "! -p sctp -m mark --mark 7",
        ],
        0..=4,
    );
    let values = (place, protocol, policy, rules, ANY).prop_map(
        move |((table, chain_type), protocol, policy, rules, needy)| {
            // Marks are set in one table only.
            let fits = |rule: &&str| table == Table::Mangle || !rule.contains("-j MARK");
            let settable = table == Table::Filter && chain_type != Custom;
            let custom = chain_type == Custom;
            RuleChain {
                name: format!(
                    "{}/{}/{}",
                    protocol.as_str_name(),
                    table.as_str_name(),
                    chain_type.as_str_name()
                ),
                namespace: namespace.clone(),
                interfaces: if needy { vec!["left".into(), "right".into()] } else { Vec::new() },
                protocol: protocol.into(),
                table: table.into(),
                chain_type: chain_type.into(),
                chain_name: if custom { "custom".into() } else { String::new() },
                default_policy: if settable { policy.into() } else { 0 },
                rules: rules.into_iter().filter(fits).map(str::to_owned).collect(),
            }
        },
    );
    let rekey = |a: &dyn Value, b: &dyn Value| {
        erase(RuleChain { name: of_type::<RuleChain>(a).name.clone(), ..of_type::<RuleChain>(b).clone() })
    };
    let world = pair().map(erase).into();
    Feature::new("linux-ipt-rulechain-descriptor", world, values, rekey).chosen(CHOSEN).of_linux()
}
