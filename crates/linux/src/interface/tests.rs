//! What is wrong with an interface, and what changes it in place.

use super::*;
use crate::Config;
use model::proto::ligato::linux::interfaces::interface::Link;
use model::proto::ligato::linux::interfaces::{TapLink, VethLink, VrfDevLink};
use model::proto::ligato::linux::namespace::NetNamespace;
use sched::Change;

fn interfaces() -> Interfaces {
    // What is asked here sends nothing.
    Interfaces(Linux::start(Config::new("vpp1")).unwrap())
}

fn veth(peer: &str) -> Interface {
    Interface {
        name: "left".into(),
        r#type: Type::Veth.into(),
        link: Some(Link::Veth(VethLink { peer_if_name: peer.into(), ..VethLink::default() })),
        ..Interface::default()
    }
}
fn vrf(table: u32) -> Interface {
    Interface { link: Some(Link::VrfDev(VrfDevLink { routing_table: table })), ..plain(Type::VrfDevice) }
}
fn plain(kind: Type) -> Interface {
    Interface { name: "left".into(), r#type: kind.into(), ..Interface::default() }
}

#[test]
fn what_is_wrong_names_the_field() {
    let interfaces = interfaces();
    let tap = || Some(Link::Tap(TapLink::default()));
    let cases = [
        (Interface { name: String::new(), ..veth("right") }, "name: must not be empty"),
        (plain(Type::Undefined), "type: must be given"),
        (plain(Type::TapToVpp), "link.tap: must be given"),
        (Interface { link: tap(), ..plain(Type::TapToVpp) }, "link.tap.vpp_tap_if_name: must be given"),
        (plain(Type::VrfDevice), "link.vrf_dev: must be given"),
        (vrf(0), "link.vrf_dev.routing_table: must be given"),
        (Interface { phys_address: "02:00:00:00:00:01".into(), ..vrf(10) }, "phys_address: cannot be set"),
        (
            Interface { vrf_master_interface: "red".into(), ..vrf(10) },
            "vrf_master_interface: cannot be given: a VRF",
        ),
        (Interface { link: vrf(10).link, ..plain(Type::Veth) }, "link: is the section of another type"),
        (plain(Type::Veth), "link.veth: must be given"),
        (Interface { link: tap(), ..plain(Type::Veth) }, "link: is the section of another type"),
        (Interface { link: tap(), ..plain(Type::Loopback) }, "link: is the section of another type"),
        (Interface { link: tap(), ..plain(Type::Existing) }, "link: is the section of another type"),
        (veth(""), "link.veth.peer_if_name: must be given"),
        (veth("left"), "link.veth.peer_if_name: is the interface itself"),
        (Interface { host_if_name: "sixteen-bytes-xx".into(), ..veth("right") }, "host_if_name: is longer"),
        (Interface { name: "sixteen-bytes-xx".into(), ..veth("right") }, "name: is longer"),
        (Interface { host_if_name: "a b".into(), ..veth("right") }, "host_if_name: is not a name"),
        (Interface { host_if_name: "..".into(), ..veth("right") }, "host_if_name: is not a name"),
        (Interface { mtu: 67, ..veth("right") }, "mtu: must be from 68"),
        (Interface { mtu: 65536, ..veth("right") }, "mtu: must be from 68 to 65535"),
        (Interface { mtu: 65576, ..vrf(10) }, "mtu: must be from 68 to 65575"),
        (Interface { phys_address: "02".into(), ..veth("right") }, "phys_address: "),
        (Interface { phys_address: "01:00:5e:00:00:01".into(), ..veth("right") }, "phys_address: is no"),
        (Interface { phys_address: "00:00:00:00:00:00".into(), ..veth("right") }, "phys_address: is no"),
        (
            Interface { phys_address: "02:00:00:00:00:01".into(), ..plain(Type::Loopback) },
            "phys_address: cannot",
        ),
        (Interface { ip_addresses: vec!["10.1.1".into()], ..veth("right") }, "ip_addresses: "),
        (Interface { vrf_master_interface: "left".into(), ..veth("right") }, "vrf_master_interface: is the"),
        (
            Interface { vrf_master_interface: "red".into(), ..plain(Type::Loopback) },
            "vrf_master_interface: cannot be given: the kernel",
        ),
        (
            Interface { namespace: Some(NetNamespace::default()), ..veth("right") },
            "namespace.type: must be given",
        ),
        (
            Interface { namespace: Some(Reference::Pid(1).section()), ..plain(Type::Existing) },
            "namespace: cannot be given",
        ),
        (Interface { host_if_name: "a".into(), ..veth(&"long".repeat(60)) }, "name: is too long"),
    ];
    for (value, reason) in cases {
        let error = interfaces.image(&value).unwrap_err().to_string();
        assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
    }
    let member = Interface { vrf_master_interface: "red".into(), ..veth("right") };
    for good in
        [veth("right"), member, plain(Type::Loopback), plain(Type::Existing), plain(Type::Dummy), vrf(10)]
    {
        interfaces.image(&good).unwrap();
    }
}

#[test]
fn state_mtu_and_mac_change_in_place() {
    let interfaces = interfaces();
    let image = |i: Interface| interfaces.image(&i).unwrap();
    let old = image(veth("right"));
    let set =
        Interface { enabled: true, mtu: 1400, phys_address: "02:00:00:00:00:01".into(), ..veth("right") };
    assert_eq!(interfaces.change(&old, &image(set.clone()), false), Change::InPlace);
    assert_eq!(interfaces.change(&old, &image(set), true), Change::Recreate);
    let with = |rx, tx| VethLink {
        peer_if_name: "right".into(),
        rx_checksum_offloading: rx,
        tx_checksum_offloading: tx,
    };
    let offload = |rx, tx| image(Interface { link: Some(Link::Veth(with(rx, tx))), ..veth("right") });
    assert_eq!(offload(1, 1), old, "what is not said is enabled");
    for other in [offload(2, 0), offload(0, 2), offload(2, 2)] {
        assert_eq!(interfaces.change(&old, &other, false), Change::InPlace);
        assert!(!interfaces.settled(&other, &old) && !interfaces.settled(&old, &other));
    }
    for other in [
        image(veth("another")),
        image(plain(Type::Dummy)),
        image(vrf(10)),
        image(Interface { host_if_name: "eth0".into(), ..veth("right") }),
        image(Interface { namespace: Some(Reference::Pid(1).section()), ..veth("right") }),
    ] {
        assert_eq!(interfaces.change(&old, &other, false), Change::Recreate);
    }
}

#[test]
fn unset_is_the_default_and_a_mac_matters_if_it_is_asked_for() {
    let interfaces = interfaces();
    let image = |i: Interface| interfaces.image(&i).unwrap();
    let want = image(veth("right"));
    let with = |mtu, mac: &str| image(Interface { mtu, phys_address: mac.into(), ..veth("right") });
    assert!(interfaces.settled(&want, &with(1500, "02:00:00:00:00:01")));
    assert!(!interfaces.settled(&want, &with(1400, "")));
    assert!(!interfaces.settled(&with(0, "02:00:00:00:00:02"), &with(1500, "02:00:00:00:00:01")));
    assert!(interfaces.settled(&with(0, "02:00:00:00:00:0A"), &with(1500, "02:00:00:00:00:0a")));
}

#[test]
fn the_mtu_of_a_vrf_is_that_of_its_kernel() {
    let interfaces = interfaces();
    let with = |mtu| interfaces.image(&Interface { mtu, ..vrf(10) }).unwrap();
    assert!(interfaces.settled(&with(0), &with(65536)));
    assert!(!interfaces.settled(&with(0), &with(1500)));
    assert!(!interfaces.settled(&with(1500), &with(0)));
    assert!(!interfaces.settled(&with(0), &interfaces.image(&vrf(11)).unwrap()));
}

#[test]
fn what_is_in_a_vrf_waits_for_that() {
    let i = Interface {
        vrf_master_interface: "red".into(),
        ip_addresses: vec!["10.1.1.1/24".into()],
        ..veth("right")
    };
    let mut parts = Derived::default();
    interfaces().derive(&i, &mut parts);
    let keys: Vec<String> = parts.values().map(|part| part.key()).collect();
    assert_eq!(
        keys,
        [
            "linux/interface/state/left/DOWN",
            "linux/interface/left/vrf/red",
            "linux/interface/left/address/static/10.1.1.1/24"
        ]
    );
    let mut whole = Interface { vrf_master_interface: String::new(), ip_addresses: Vec::new(), ..i.clone() };
    parts.values().for_each(|part| interfaces().absorb(&mut whole, &**part));
    assert_eq!(whole, i);
}
