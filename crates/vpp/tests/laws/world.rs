//! Objects that other objects need.

use model::models::erase;
use model::proto::ligato::netalloc::IpAllocation;
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::Type;
use model::proto::ligato::vpp::l2::BridgeDomain;
use model::proto::ligato::vpp::l2::bridge_domain::Interface as Member;
use model::proto::ligato::vpp::l3::VrfTable;
use testkit::laws::Anything;

/// What VPP chooses unless told: MAC and MTU of an interface, the name of a table.
pub const CHOSEN: &[&str] = &["phys_address", "mtu", "label"];

/// A loopback that is up.
pub fn loopback(name: &str, vrf: u32, addresses: &[&str]) -> Interface {
    Interface {
        name: name.into(),
        r#type: Type::SoftwareLoopback.into(),
        enabled: true,
        vrf,
        ip_addresses: addresses.iter().map(|&text| text.to_owned()).collect(),
        ..Interface::default()
    }
}

/// Tables 1 to 3 for both versions.
pub fn vrfs() -> Vec<Anything> {
    let both = (1..=3).flat_map(|id| [0, 1].map(|protocol| (id, protocol)));
    both.map(|(id, protocol)| erase(VrfTable { id, protocol, ..VrfTable::default() })).collect()
}

/// A loopback in table 0, one in table 1, one without addresses.
pub fn loopbacks() -> Vec<Anything> {
    let all = [
        loopback("loop-a", 0, &["10.1.1.1/24", "fd01::1/64"]),
        loopback("loop-b", 1, &["10.1.2.1/24", "fd02::1/64"]),
        loopback("loop-c", 0, &[]),
    ];
    all.map(erase).into()
}

/// Addresses that are allocated in networks blue and red, for interfaces of the world and their neighbours.
pub fn allocations() -> Vec<Anything> {
    let all = [
        ("blue", "loop-x", "10.20.1.1/24", "10.20.1.254"),
        ("red", "loop-x", "10.20.2.1/31", ""),
        ("blue", "loop-a", "10.1.1.1/24", "10.1.1.9"),
        ("blue", "peer", "10.1.1.7/24", "10.1.1.8/24"),
        ("red", "peer", "10.40.9.7/24", ""),
        ("six", "peer", "fd40:9::7/64", "fd01::9/64"),
    ];
    let all = all.map(|(network, interface, address, gw)| IpAllocation {
        network_name: network.into(),
        interface_name: interface.into(),
        address: address.into(),
        gw: gw.into(),
    });
    all.map(erase).into()
}

/// A member of a bridge domain.
pub fn member(name: &str, bvi: bool, split_horizon_group: u32) -> Member {
    Member { name: name.into(), bridged_virtual_interface: bvi, split_horizon_group }
}

/// A bridge domain with the three loopbacks, one of which is its bridged virtual interface.
pub fn domain() -> Vec<Anything> {
    let bd = BridgeDomain {
        name: "bd-a".into(),
        flood: true,
        unknown_unicast_flood: true,
        forward: true,
        learn: true,
        interfaces: vec![member("loop-a", true, 0), member("loop-b", false, 0), member("loop-c", false, 1)],
        ..BridgeDomain::default()
    };
    let mut all = vrfs();
    all.extend(loopbacks());
    all.push(erase(bd));
    all
}
