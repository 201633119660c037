//! Neighbours and what else hangs on interfaces at layer 3. All return values and oddities are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::addr::MacAddress;
use binapi::interface::DeleteLoopback;
use binapi::ip_neighbor::{IpNeighborAddDel, IpNeighborConfig, IpNeighborDump};
use binapi::l3xc::{L3xcDel, L3xcDump, L3xcUpdate};
use binapi::teib::{TeibDump, TeibEntryAddDel};
use binapi::types::{
    AddressFamily, FibPath, FibPathNh, FibPathNhProto, IpNeighbor, IpNeighborFlags, L3xc, TeibEntry,
    VrrpVrFlags, VrrpVrState,
};
use binapi::vrrp::{VrrpVrAddDel, VrrpVrDump, VrrpVrStartStop};
use common::{Client, vpp};
use std::net::IpAddr;

const ALL: u32 = u32::MAX;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

impl Client {
    fn neighbour(&mut self, is_add: bool, sw_if_index: u32, address: &str, last: u8, is_static: bool) -> i32 {
        let flags = if is_static { IpNeighborFlags::STATIC } else { IpNeighborFlags::NONE };
        let neighbor = IpNeighbor {
            sw_if_index,
            flags: flags | IpNeighborFlags::NO_FIB_ENTRY,
            mac_address: MacAddress([2, 0, 0, 0, 0, last]),
            ip_address: ip(address).into(),
        };
        self.retval(&IpNeighborAddDel { is_add, neighbor })
    }
    /// Interface, address, last byte of the MAC, flags.
    fn neighbours(&mut self, af: AddressFamily) -> Vec<(u32, String, u8, u8)> {
        let found = self.dump(&IpNeighborDump { sw_if_index: ALL, af });
        let row =
            |n: &IpNeighbor| (n.sw_if_index, n.ip_address.ip().to_string(), n.mac_address.0[5], n.flags.0);
        let mut rows: Vec<_> = found.iter().map(|details| row(&details.neighbor)).collect();
        rows.sort();
        rows
    }
}

#[test]
fn neighbours_are_static_or_forgotten() {
    let (_sim, mut vpp) = vpp();
    let index = vpp.loopback();
    vpp.set_up(index, true);
    assert_eq!(vpp.neighbour(true, 77, "10.1.1.9", 1, true), -2);
    assert_eq!(vpp.neighbour(false, index, "10.1.1.9", 1, true), -6);
    // A dynamic one takes another MAC and becomes static; a static one only takes another MAC.
    for (last, is_static, retval) in
        [(1, false, 0), (2, false, 0), (3, true, 0), (4, true, 0), (4, false, 0), (5, false, -2)]
    {
        assert_eq!(vpp.neighbour(true, index, "10.1.1.9", last, is_static), retval, "{last} {is_static}");
    }
    assert_eq!(vpp.neighbours(AddressFamily::IP4), [(index, "10.1.1.9".into(), 4, 3)]);
    assert_eq!(vpp.neighbours(AddressFamily::IP6), []);
    // The interface goes down: what is not static is forgotten.
    assert_eq!(vpp.neighbour(true, index, "10.1.1.8", 8, false), 0);
    assert_eq!(vpp.neighbour(true, index, "fd01::8", 8, false), 0);
    assert_eq!(vpp.neighbours(AddressFamily::IP6), [(index, "fd01::8".into(), 8, 2)]);
    vpp.set_up(index, false);
    assert_eq!(vpp.neighbours(AddressFamily::IP4), [(index, "10.1.1.9".into(), 4, 3)]);
    assert_eq!(vpp.neighbours(AddressFamily::IP6), []);
    // So is what lies in the network of an address that goes.
    vpp.set_up(index, true);
    assert_eq!(vpp.address(true, index, "10.1.1.1/24"), 0);
    for address in ["10.1.1.8", "10.1.2.8"] {
        assert_eq!(vpp.neighbour(true, index, address, 8, false), 0);
    }
    assert_eq!(vpp.address(false, index, "10.1.1.1/24"), 0);
    let left = [(index, "10.1.1.9".into(), 4, 3), (index, "10.1.2.8".into(), 8, 2)];
    assert_eq!(vpp.neighbours(AddressFamily::IP4), left);
    // A static one stays when the interface is deleted, and is there when its index is used again.
    vpp.ok(&DeleteLoopback { sw_if_index: index });
    assert_eq!(vpp.neighbours(AddressFamily::IP4), [(index, "10.1.1.9".into(), 4, 3)]);
    assert_eq!(vpp.neighbour(false, index, "10.1.1.9", 4, true), -2);
    assert_eq!(vpp.loopback(), index);
    assert_eq!(vpp.neighbour(false, index, "10.1.1.9", 4, true), 0);
}

#[test]
fn more_neighbours_than_allowed_are_refused_or_replace_the_oldest() {
    let (_sim, mut vpp) = vpp();
    let index = vpp.loopback();
    vpp.set_up(index, true);
    let limit = |recycle| IpNeighborConfig { af: AddressFamily::IP4, max_number: 2, max_age: 0, recycle };
    vpp.ok(&limit(false));
    let add = |vpp: &mut Client, last: u8| vpp.neighbour(true, index, &format!("10.1.1.{last}"), last, false);
    assert_eq!([1, 2, 3].map(|last| add(&mut vpp, last)), [0, 0, -162]);
    assert_eq!(vpp.neighbour(true, index, "fd01::1", 1, false), 0);
    vpp.ok(&limit(true));
    assert_eq!(add(&mut vpp, 3), 0);
    let left = [(index, "10.1.1.2".into(), 2, 2), (index, "10.1.1.3".into(), 3, 2)];
    assert_eq!(vpp.neighbours(AddressFamily::IP4), left);
    let wrong = IpNeighborConfig { af: AddressFamily(7), ..limit(true) };
    assert_eq!(vpp.retval(&wrong), -97);
}

#[test]
fn teib_entries_are_not_replaced() {
    let (_sim, mut vpp) = vpp();
    let index = vpp.loopback();
    let entry = |sw_if_index, nh: &str, nh_table_id| TeibEntry {
        sw_if_index,
        peer: ip("10.1.1.9").into(),
        nh: ip(nh).into(),
        nh_table_id,
    };
    let mut send = |is_add, entry| vpp.retval(&TeibEntryAddDel { is_add, entry });
    assert_eq!(send(1, entry(77, "10.2.2.2", 0)), -2);
    assert_eq!(send(1, entry(index, "10.2.2.2", 5)), -3);
    assert_eq!(send(0, entry(index, "10.2.2.2", 0)), -6);
    assert_eq!(send(1, entry(index, "fd02::2", 0)), 0);
    assert_eq!(send(1, entry(index, "10.2.2.2", 0)), -116);
    let found = vpp.dump(&TeibDump {});
    assert_eq!(found.iter().map(|d| d.entry.clone()).collect::<Vec<_>>(), [entry(index, "fd02::2", 0)]);
    // Only interface and peer matter to remove it.
    assert_eq!(vpp.retval(&TeibEntryAddDel { is_add: 0, entry: entry(index, "10.3.3.3", 9) }), 0);
    assert_eq!(vpp.dump(&TeibDump {}).len(), 0);
}

fn path(next_hop: &str, sw_if_index: u32) -> FibPath {
    let ip = ip(next_hop);
    let proto = if ip.is_ipv6() { FibPathNhProto::IP6 } else { FibPathNhProto::IP4 };
    let nh = FibPathNh { address: ip.into(), ..FibPathNh::default() };
    FibPath { sw_if_index, proto, nh, ..FibPath::default() }
}

#[test]
fn layer_3_cross_connects_do_not_tell_their_family() {
    let (_sim, mut vpp) = vpp();
    let (from, to) = (vpp.loopback(), vpp.loopback());
    let mut update = |sw_if_index, is_ip6, paths: Vec<FibPath>| {
        let l3xc = L3xc { sw_if_index, is_ip6, paths: paths.try_into().unwrap() };
        vpp.retval(&L3xcUpdate { l3xc })
    };
    assert_eq!(update(77, false, vec![path("10.1.1.9", to)]), -2);
    assert_eq!(update(from, false, vec![path("10.1.1.9", 77)]), -54);
    assert_eq!(update(from, false, Vec::new()), -7);
    assert_eq!(update(from, true, vec![path("fd01::9", to)]), 0);
    assert_eq!(update(from, false, vec![path("10.1.1.9", to), path("10.1.1.8", to)]), 0);
    assert_eq!(update(from, false, vec![path("10.1.1.7", to)]), 0);
    // For one interface, the one for IPv4 comes first.
    let found = vpp.dump(&L3xcDump { sw_if_index: from });
    let rows: Vec<_> =
        found.iter().map(|d| (d.l3xc.is_ip6, d.l3xc.paths.len(), d.l3xc.paths[0].proto)).collect();
    assert_eq!(rows, [(false, 1, FibPathNhProto::IP4), (false, 1, FibPathNhProto::IP6)]);
    assert_eq!(found[0].l3xc.paths[0].weight, 1);
    assert_eq!(vpp.dump(&L3xcDump { sw_if_index: to }).len(), 0);
    // They outlive their interface.
    vpp.ok(&DeleteLoopback { sw_if_index: from });
    assert_eq!(vpp.dump(&L3xcDump { sw_if_index: ALL }).len(), 2);
    let delete = |is_ip6| L3xcDel { sw_if_index: from, is_ip6 };
    assert_eq!(vpp.retval(&delete(true)), -2);
    assert_eq!(vpp.loopback(), from);
    assert_eq!([false, true, true].map(|is_ip6| vpp.retval(&delete(is_ip6))), [0, 0, -7]);
}

impl Client {
    fn router(&mut self, is_add: bool, sw_if_index: u32, vr_id: u8, priority: u8, addresses: &[&str]) -> i32 {
        let ipv6 = addresses.first().is_some_and(|text| text.contains(':'));
        let flags = if ipv6 { VrrpVrFlags::IPV6 } else { VrrpVrFlags(0) };
        let addrs: Vec<_> = addresses.iter().map(|text| ip(text).into()).collect();
        self.retval(&VrrpVrAddDel {
            is_add: is_add.into(),
            sw_if_index,
            vr_id,
            priority,
            interval: 6000,
            flags: flags | VrrpVrFlags::PREEMPT,
            addrs: addrs.try_into().unwrap(),
        })
    }
    fn start_router(&mut self, is_start: u8, sw_if_index: u32, vr_id: u8) -> i32 {
        self.retval(&VrrpVrStartStop { sw_if_index, vr_id, is_ipv6: 0, is_start })
    }
    fn router_states(&mut self) -> Vec<(u8, VrrpVrState)> {
        let found = self.dump(&VrrpVrDump { sw_if_index: ALL });
        found.iter().map(|d| (d.config.vr_id, d.runtime.state)).collect()
    }
}

#[test]
fn virtual_routers_look_for_an_address_once() {
    let (_sim, mut vpp) = vpp();
    let index = vpp.loopback();
    vpp.set_up(index, true);
    assert_eq!(vpp.router(true, 77, 1, 100, &["10.1.1.254"]), -2);
    assert_eq!(vpp.router(true, index, 0, 100, &["10.1.1.254"]), -7);
    assert_eq!(vpp.router(true, index, 1, 0, &["10.1.1.254"]), -7);
    assert_eq!(vpp.router(true, index, 1, 100, &[]), -57);
    assert_eq!(vpp.router(true, index, 1, 255, &["10.1.1.1"]), -60);
    assert_eq!(vpp.router(true, index, 1, 100, &["10.1.1.254"]), 0);
    assert_eq!(vpp.router(true, index, 1, 100, &["10.1.1.253"]), -116);
    assert_eq!(vpp.router(true, index, 2, 100, &["10.1.1.253", "10.1.1.254"]), -105);
    assert_eq!(vpp.router(true, index, 1, 100, &["fd01::fe"]), 0, "one of each family");
    assert_eq!(vpp.router(false, index, 1, 100, &["fd01::fe"]), 0);
    assert_eq!(vpp.start_router(1, index, 2), -6);
    // Started without an address it stays down, also when it gets one; not when the interface comes up.
    assert_eq!(vpp.start_router(1, index, 1), 0);
    assert_eq!(vpp.router_states(), [(1, VrrpVrState::INTF_DOWN)]);
    assert_eq!(vpp.address(true, index, "10.1.1.1/24"), 0);
    assert_eq!(vpp.router_states(), [(1, VrrpVrState::INTF_DOWN)]);
    vpp.set_up(index, false);
    assert_eq!(vpp.router_states(), [(1, VrrpVrState::INTF_DOWN)]);
    vpp.set_up(index, true);
    assert_eq!(vpp.router_states(), [(1, VrrpVrState::BACKUP)]);
    assert_eq!(vpp.start_router(1, index, 1), 0, "again");
    assert_eq!([vpp.start_router(0, index, 1), vpp.start_router(0, index, 1)], [0, 0]);
    assert_eq!(vpp.router_states(), [(1, VrrpVrState::INIT)]);
    // The owner is master at once.
    assert_eq!(vpp.router(true, index, 3, 255, &["10.1.1.1"]), 0);
    assert_eq!(vpp.start_router(1, index, 3), 0);
    assert_eq!(vpp.router_states(), [(1, VrrpVrState::INIT), (3, VrrpVrState::MASTER)]);
    // Removing one looks at all of it, and runs or not does not matter.
    assert_eq!(vpp.router(false, index, 3, 0, &[]), -7);
    assert_eq!(vpp.router(false, index, 3, 255, &[]), 0);
    assert_eq!(vpp.router(false, index, 3, 255, &[]), -6);
    // They outlive their interface.
    vpp.ok(&DeleteLoopback { sw_if_index: index });
    assert_eq!(vpp.router(false, index, 1, 100, &[]), -2);
    assert_eq!(vpp.loopback(), index);
    assert_eq!(vpp.router(true, index, 1, 100, &["10.1.1.254"]), -116);
    assert_eq!(vpp.router(false, index, 1, 100, &[]), 0);
}
