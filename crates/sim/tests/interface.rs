//! Interfaces: loopbacks, their attributes, events, addresses, deletion. All return values are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::addr::MacAddress;
use binapi::interface::{
    CreateLoopback, CreateLoopbackInstance, DeleteLoopback, HwInterfaceSetMtu, SwInterfaceAddDelAddress,
    SwInterfaceDetails, SwInterfaceDump, SwInterfaceEvent, SwInterfaceGetTable, SwInterfaceSetFlags,
    SwInterfaceSetMacAddress, SwInterfaceSetMtu, SwInterfaceSetUnnumbered, SwInterfaceTagAddDel,
    WantInterfaceEvents,
};
use binapi::ip::{IpAddressDump, IpRouteV2Dump, IpUnnumberedDump};
use binapi::types::{FibPathType, IfStatusFlags, IpTable};
use common::{Client, prefix, vpp};

fn details(client: &mut Client, sw_if_index: u32) -> SwInterfaceDetails {
    let found = client.dump(&SwInterfaceDump { sw_if_index, ..Default::default() });
    assert_eq!(found.len(), 1);
    found.into_iter().next().unwrap()
}

#[test]
fn local0_is_there_from_the_start() {
    let (_sim, mut client) = vpp();
    let all = client.dump(&SwInterfaceDump::default());
    let names: Vec<(u32, &str, &str)> =
        all.iter().map(|i| (i.sw_if_index, &*i.interface_name, &*i.interface_dev_type)).collect();
    assert_eq!(names, [(0, "local0", "local")]);
}

#[test]
fn a_new_loopback() {
    let (_sim, mut client) = vpp();
    let index = client.loopback();
    let got = details(&mut client, index);
    let want = SwInterfaceDetails {
        sw_if_index: 1,
        sup_sw_if_index: 1,
        l2_address: MacAddress([0xde, 0xad, 0, 0, 0, 0]),
        link_mtu: 9000,
        mtu: [9000, 0, 0, 0],
        interface_name: "loop0".try_into().unwrap(),
        interface_dev_type: "Loopback".try_into().unwrap(),
        ..Default::default()
    };
    assert_eq!(got, want);
}

#[test]
fn instances_and_macs_of_loopbacks() {
    let (_sim, mut client) = vpp();
    let instance =
        |user_instance| CreateLoopbackInstance { is_specified: true, user_instance, ..Default::default() };
    client.ok(&instance(9));
    let refused = client.call(&instance(9));
    assert_eq!((refused.retval, refused.sw_if_index), (-31, u32::MAX));
    assert_eq!(client.retval(&instance(20_000)), -31);
    let mac = MacAddress([2, 1, 2, 3, 4, 5]);
    let index = client.ok(&CreateLoopback { mac_address: mac }).sw_if_index;
    let got = details(&mut client, index);
    assert_eq!((&*got.interface_name, got.l2_address), ("loop0", mac));
    assert_eq!(details(&mut client, 1).l2_address, MacAddress([0xde, 0xad, 0, 0, 0, 9]));
}

#[test]
fn freed_indices_and_instances_come_back() {
    let (_sim, mut client) = vpp();
    let [_, b, c] = [client.loopback(), client.loopback(), client.loopback()];
    client.ok(&DeleteLoopback { sw_if_index: b });
    client.ok(&DeleteLoopback { sw_if_index: c });
    assert_eq!(client.loopback(), c, "the last one freed first");
    assert_eq!(&*details(&mut client, c).interface_name, "loop1");
    assert_eq!(client.loopback(), b);
}

#[test]
fn unknown_interfaces_are_refused() {
    let (_sim, mut client) = vpp();
    let sw_if_index = 99;
    let mac_address = MacAddress::default();
    assert_eq!(client.retval(&SwInterfaceSetFlags { sw_if_index, ..Default::default() }), -2);
    assert_eq!(client.retval(&SwInterfaceSetMtu { sw_if_index, mtu: [1; 4] }), -2);
    assert_eq!(client.retval(&HwInterfaceSetMtu { sw_if_index, mtu: 1 }), -2);
    assert_eq!(client.retval(&SwInterfaceSetMacAddress { sw_if_index, mac_address }), -2);
    assert_eq!(client.retval(&SwInterfaceTagAddDel { sw_if_index, ..Default::default() }), -2);
    assert_eq!(client.retval(&DeleteLoopback { sw_if_index }), -2);
    assert_eq!(client.retval(&DeleteLoopback { sw_if_index: 0 }), -2, "local0 is no loopback");
    assert_eq!(client.address(true, sw_if_index, "10.0.0.1/24"), -2);
    assert_eq!(client.bind(sw_if_index, false, 0), -2);
    let table = client.call(&SwInterfaceGetTable { sw_if_index, is_ipv6: false });
    assert_eq!((table.retval, table.vrf_id), (-2, u32::MAX));
    assert!(client.dump(&IpAddressDump { sw_if_index, is_ipv6: false }).is_empty());
    assert!(client.dump(&SwInterfaceDump { sw_if_index, ..Default::default() }).is_empty());
}

#[test]
fn dump_filters() {
    let (_sim, mut client) = vpp();
    client.loopback();
    client.loopback();
    let names = |client: &mut Client, filter: &str| -> Vec<String> {
        let dump =
            SwInterfaceDump { name_filter_valid: true, name_filter: filter.into(), ..Default::default() };
        client.dump(&dump).iter().map(|i| i.interface_name.to_string()).collect()
    };
    assert_eq!(names(&mut client, "OOP"), ["loop0", "loop1"]);
    assert_eq!(names(&mut client, "loop1"), ["loop1"]);
    assert_eq!(
        client.dump(&SwInterfaceDump { sw_if_index: 0, ..Default::default() }).len(),
        3,
        "0 means all"
    );
}

#[test]
fn attributes() {
    let (_sim, mut client) = vpp();
    let sw_if_index = client.loopback();
    assert_eq!(client.retval(&HwInterfaceSetMtu { sw_if_index, mtu: 1400 }), -126);
    assert_eq!(client.retval(&HwInterfaceSetMtu { sw_if_index: 0, mtu: 1400 }), -30);
    client.ok(&SwInterfaceSetMtu { sw_if_index, mtu: [1400, 0, 1300, 0] });
    let mac_address = MacAddress([2, 0, 0, 0, 0, 9]);
    client.ok(&SwInterfaceSetMacAddress { sw_if_index, mac_address });
    assert_eq!(client.retval(&SwInterfaceSetMacAddress { sw_if_index: 0, mac_address }), -9);
    let tag = |tag: &str, is_add| SwInterfaceTagAddDel { is_add, sw_if_index, tag: tag.try_into().unwrap() };
    client.ok(&tag("one", true));
    client.ok(&tag("two", true));
    assert_eq!(client.retval(&tag("", true)), -7);
    let got = details(&mut client, sw_if_index);
    assert_eq!(
        (got.mtu, got.link_mtu, got.l2_address, &*got.tag),
        ([1400, 0, 1300, 0], 9000, mac_address, "two")
    );
    client.ok(&tag("other", false));
    assert_eq!(&*details(&mut client, sw_if_index).tag, "");
}

#[test]
fn events() {
    let (_sim, mut client) = vpp();
    let want = |enable_disable| WantInterfaceEvents { enable_disable, pid: 7 };
    let retvals: Vec<i32> = [1, 1, 0, 0, 1].map(|e| client.retval(&want(e))).to_vec();
    assert_eq!(retvals, [0, -31, 0, -31, 0]);
    let index = client.loopback();
    client.set_up(index, true);
    client.set_up(index, true);
    client.set_up(index, false);
    client.ok(&DeleteLoopback { sw_if_index: index });
    let both = IfStatusFlags::ADMIN_UP | IfStatusFlags::LINK_UP;
    let none = IfStatusFlags::default();
    for (flags, deleted) in [(none, false), (both, false), (none, false), (none, true)] {
        let event = client.event::<SwInterfaceEvent>();
        assert_eq!(event, SwInterfaceEvent { pid: 7, sw_if_index: index, flags, deleted });
    }
}

#[test]
fn addresses() {
    let (_sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    let add = [
        (a, "10.0.0.1/24", 0),
        (a, "10.0.0.1/24", -105),
        (a, "10.0.0.2/24", 0),
        (a, "10.0.0.3/25", -105),
        (b, "10.0.0.9/24", -105),
        (b, "10.0.0.1/32", -105),
        (b, "10.0.0.0/16", -105),
        (b, "10.0.1.1/24", 0),
        (a, "2001:db8::1/64", 0),
        (a, "2001:db8::1/64", -127),
        (a, "2001:db8::2/65", -127),
        (b, "2001:db8::2/64", -127),
        (a, "fe80::1/64", -59),
        (a, "10.9.0.1/33", -105),
        (a, "10.9.0.1/0", -105),
        (0, "10.7.7.1/24", -126),
    ];
    for (index, address, retval) in add {
        assert_eq!(client.address(true, index, address), retval, "{address} on {index}");
    }
    let list = |client: &mut Client, sw_if_index, is_ipv6| -> Vec<String> {
        let found = client.dump(&IpAddressDump { sw_if_index, is_ipv6 });
        found.iter().map(|d| format!("{:?}", d.prefix)).collect()
    };
    assert_eq!(list(&mut client, a, false), ["10.0.0.1/24", "10.0.0.2/24"]);
    assert_eq!(list(&mut client, a, true), ["2001:db8::1/64"]);
    assert_eq!(client.address(false, b, "10.0.0.1/24"), -60);
    assert_eq!(client.address(false, a, "10.0.9.1/24"), -60);
    assert_eq!(client.address(false, 0, "10.0.9.1/24"), -126);
    assert_eq!(client.address(false, a, "10.0.0.1/25"), 0, "the length does not matter");
    assert_eq!(list(&mut client, a, false), ["10.0.0.2/24"]);
    assert_eq!(client.address(true, b, "10.0.0.1/24"), -105, "the subnet is still taken");
    client.ok(&SwInterfaceAddDelAddress { sw_if_index: a, del_all: true, ..Default::default() });
    assert!(list(&mut client, a, false).is_empty() && list(&mut client, a, true).is_empty());
    assert_eq!(client.address(true, b, "10.0.0.1/24"), 0);
}

#[test]
fn a_length_that_makes_no_sense_alone() {
    let (_sim, mut client) = vpp();
    let index = client.loopback();
    assert_eq!(client.address(true, index, "10.9.0.1/33"), -59);
    assert_eq!(client.address(true, index, "10.9.0.1/0"), -59);
}

#[test]
fn addresses_in_different_tables_do_not_meet() {
    let (_sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    client.table(true, 5, false, "");
    assert_eq!(client.bind(b, false, 5), 0);
    assert_eq!(client.address(true, a, "10.0.0.1/24"), 0);
    assert_eq!(client.address(true, b, "10.0.0.1/24"), 0);
}

/// The routes of source "interface" in table 0.
fn connected(client: &mut Client, is_ip6: bool) -> Vec<(String, FibPathType, u32)> {
    let dump = IpRouteV2Dump { src: 4, table: IpTable { is_ip6, ..Default::default() } };
    let routes = client.dump(&dump);
    let mut routes: Vec<_> = routes
        .iter()
        .map(|d| (format!("{:?}", d.route.prefix), d.route.paths[0].type_, d.route.paths[0].sw_if_index))
        .collect();
    routes.sort_by(|a, b| a.0.cmp(&b.0));
    routes
}

#[test]
fn addresses_bring_routes_while_the_interface_is_up() {
    use FibPathType as T;
    let (_sim, mut client) = vpp();
    let a = client.loopback();
    for address in ["10.0.0.1/24", "10.1.0.1/31", "10.2.0.1/32", "2001:db8::1/64", "2001:db9::1/128"] {
        assert_eq!(client.address(true, a, address), 0);
    }
    assert!(connected(&mut client, false).is_empty(), "not while it is down");
    client.set_up(a, true);
    let v4 = [
        ("10.0.0.0/32", T::DROP, u32::MAX),
        ("10.0.0.1/24", T::NORMAL, a),
        ("10.0.0.1/32", T::LOCAL, a),
        ("10.0.0.255/32", T::DROP, u32::MAX),
        ("10.1.0.0/32", T::NORMAL, a),
        ("10.1.0.1/31", T::NORMAL, a),
        ("10.1.0.1/32", T::LOCAL, a),
        ("10.2.0.1/32", T::LOCAL, a),
    ];
    assert_eq!(connected(&mut client, false), v4.map(|(p, t, i)| (p.to_owned(), t, i)));
    let v6 = [("2001:db8::/64", T::NORMAL), ("2001:db8::1/128", T::LOCAL), ("2001:db9::1/128", T::LOCAL)];
    assert_eq!(connected(&mut client, true), v6.map(|(p, t)| (p.to_owned(), t, a)));
    assert_eq!(client.address(true, a, "10.0.0.2/24"), 0);
    assert_eq!(client.address(false, a, "10.0.0.1/24"), 0);
    let left = connected(&mut client, false);
    assert!(left.iter().any(|(p, ..)| p == "10.0.0.2/24") && !left.iter().any(|(p, ..)| p == "10.0.0.1/32"));
    client.set_up(a, false);
    assert!(connected(&mut client, false).is_empty() && connected(&mut client, true).is_empty());
}

#[test]
fn a_deleted_interface_takes_its_addresses_along() {
    let (_sim, mut client) = vpp();
    let a = client.loopback();
    client.address(true, a, "10.0.0.1/24");
    client.set_up(a, true);
    client.ok(&DeleteLoopback { sw_if_index: a });
    assert!(connected(&mut client, false).is_empty());
    assert_eq!(client.loopback(), a);
    assert!(client.dump(&IpAddressDump { sw_if_index: a, is_ipv6: false }).is_empty());
    assert_eq!(client.address(true, a, "10.0.0.1/24"), 0);
    assert_eq!(details(&mut client, a).flags, IfStatusFlags::default());
}

#[test]
fn unnumbered() {
    let (_sim, mut client) = vpp();
    let [lender, borrower] = [client.loopback(), client.loopback()];
    let set = |sw_if_index, unnumbered_sw_if_index, is_add| SwInterfaceSetUnnumbered {
        sw_if_index,
        unnumbered_sw_if_index,
        is_add,
    };
    assert_eq!(client.retval(&set(99, borrower, true)), -10);
    assert_eq!(client.retval(&set(lender, 99, true)), -2);
    client.table(true, 5, false, "");
    assert_eq!(client.bind(borrower, false, 5), 0);
    assert_eq!(client.retval(&set(lender, borrower, true)), -74, "other tables");
    assert_eq!(client.bind(borrower, false, 0), 0);
    client.address(true, lender, "10.0.0.1/24");
    client.ok(&set(lender, borrower, true));
    let got = client.dump(&IpUnnumberedDump::default());
    assert_eq!(
        got.iter().map(|d| (d.sw_if_index, d.ip_sw_if_index)).collect::<Vec<_>>(),
        [(borrower, lender)]
    );
    assert!(client.dump(&IpAddressDump { sw_if_index: borrower, is_ipv6: false }).is_empty());
    assert_eq!(client.bind(borrower, false, 5), -114, "borrowed addresses count");
    client.ok(&set(lender, borrower, false));
    client.ok(&set(lender, borrower, false));
    assert!(client.dump(&IpUnnumberedDump::default()).is_empty());
}

#[test]
fn changes_by_hand() {
    let (sim, mut client) = vpp();
    let name = sim.cli_create_loopback().unwrap();
    assert_eq!(name, "loop0");
    sim.cli_add_address(&name, "10.0.0.1/24").unwrap();
    sim.cli_set_admin(&name, true).unwrap();
    let got = details(&mut client, 1);
    assert_eq!((&*got.tag, got.flags.contains(IfStatusFlags::ADMIN_UP)), ("", true));
    assert_eq!(
        client.dump(&IpAddressDump { sw_if_index: 1, is_ipv6: false })[0].prefix,
        prefix("10.0.0.1/24")
    );
    let refused = sim.cli_add_address(&name, "10.0.0.1/24").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "simulated VPP: refused, the address is in use already (ADDRESS_IN_USE, -105)"
    );
    sim.cli_delete_address(&name, "10.0.0.1/24").unwrap();
    assert!(client.dump(&IpAddressDump { sw_if_index: 1, is_ipv6: false }).is_empty());
    sim.cli_delete_interface(&name).unwrap();
    assert_eq!(sim.cli_delete_interface(&name).unwrap_err().to_string(), "simulated VPP: no interface loop0");
    assert_eq!(client.dump(&SwInterfaceDump::default()).len(), 1);
}
