//! Bridge domains and the L2 FIB. All return values and oddities are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::addr::MacAddress;
use binapi::interface::{DeleteLoopback, SwInterfaceSetMacAddress};
use binapi::l2::{
    BdIpMacAddDel, BdIpMacDump, BridgeDomainAddDel, BridgeDomainAddDelV2, BridgeDomainDetails,
    BridgeDomainDump, L2FibTableDump, L2fibAddDel, SwInterfaceSetL2Bridge,
};
use binapi::types::{BdIpMac, L2PortType};
use common::{Client, vpp};
use std::net::IpAddr;

const NONE: u32 = u32::MAX;

fn mac(last: u8) -> MacAddress {
    MacAddress([2, 0, 0, 0, 0, last])
}

impl Client {
    fn domain(&mut self, is_add: bool, bd_id: u32) -> (i32, u32) {
        let bd_tag = "tag".try_into().unwrap();
        let request =
            BridgeDomainAddDelV2 { bd_id, is_add, learn: true, flood: true, bd_tag, ..Default::default() };
        let reply = self.call(&request);
        (reply.retval, reply.bd_id)
    }
    fn bridge(&mut self, rx_sw_if_index: u32, bd_id: u32, port_type: L2PortType, enable: bool) -> i32 {
        self.retval(&SwInterfaceSetL2Bridge { rx_sw_if_index, bd_id, port_type, shg: 2, enable })
    }
    fn domains(&mut self) -> Vec<BridgeDomainDetails> {
        self.dump(&BridgeDomainDump::default())
    }
    fn entry(&mut self, is_add: bool, last: u8, bd_id: u32, sw_if_index: u32, filter_mac: bool) -> i32 {
        let static_mac = true;
        self.retval(&L2fibAddDel {
            mac: mac(last),
            bd_id,
            sw_if_index,
            is_add,
            static_mac,
            filter_mac,
            bvi_mac: false,
        })
    }
    /// Bridge domain, last byte of the MAC, interface, static, filter, BVI.
    fn entries(&mut self, bd_id: u32) -> Vec<(u32, u8, u32, bool, bool, bool)> {
        let found = self.dump(&L2FibTableDump { bd_id });
        let row = |e: &binapi::l2::L2FibTableDetails| {
            (e.bd_id, e.mac.0[5], e.sw_if_index, e.static_mac, e.filter_mac, e.bvi_mac)
        };
        found.iter().map(row).collect()
    }
}

#[test]
fn bridge_domains_come_and_go() {
    let (_sim, mut client) = vpp();
    assert!(client.domains().is_empty(), "bridge domain 0 is not told");
    assert_eq!(client.domain(true, 3), (0, 3));
    assert_eq!(client.domain(true, 3), (-119, 3));
    assert_eq!(client.domain(true, 0), (-119, 0));
    assert_eq!(client.domain(true, 0x0100_0000), (-122, 0x0100_0000));
    assert_eq!(client.domain(false, 0), (-121, 0));
    assert_eq!(client.domain(false, 44), (-6, 44));
    let (retval, chosen) = client.domain(true, NONE);
    assert!(retval == 0 && chosen <= 0x00ff_ffff && chosen != 3, "{chosen}");
    let got = client.domains();
    let want = BridgeDomainDetails {
        bd_id: 3,
        learn: true,
        flood: true,
        bd_tag: "tag".try_into().unwrap(),
        bvi_sw_if_index: NONE,
        uu_fwd_sw_if_index: NONE,
        ..Default::default()
    };
    assert_eq!((got.len(), &got[0]), (2, &want));
    assert_eq!(client.dump(&BridgeDomainDump { bd_id: 3, ..Default::default() }), [want]);
    assert!(client.dump(&BridgeDomainDump { bd_id: 0, ..Default::default() }).is_empty());
    assert!(client.dump(&BridgeDomainDump { bd_id: 11, ..Default::default() }).is_empty());
    assert!(client.dump(&BridgeDomainDump { sw_if_index: 0, ..Default::default() }).is_empty());
    assert_eq!(client.domain(false, 3), (0, 3));
    client.ok(&BridgeDomainAddDel { bd_id: 8, mac_age: 5, arp_term: true, ..Default::default() });
    let got = client.domains();
    assert_eq!((got[0].bd_id, got[0].mac_age, got[0].arp_term, got[0].learn), (8, 5, true, false));
}

#[test]
fn members_and_bvi() {
    let (_sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    client.domain(true, 3);
    assert_eq!(client.bridge(99, 3, L2PortType::NORMAL, true), -2);
    assert_eq!(client.bridge(b, 3, L2PortType(9), true), -7);
    assert_eq!(client.bridge(b, 0x0100_0001, L2PortType::NORMAL, true), -122);
    assert_eq!(client.bridge(a, 3, L2PortType::BVI, true), 0);
    assert_eq!(client.bridge(b, 3, L2PortType::BVI, true), -152);
    assert_eq!(client.bridge(b, 3, L2PortType::NORMAL, true), 0);
    let got = client.domains();
    let members: Vec<(u32, u8)> = got[0].sw_if_details.iter().map(|m| (m.sw_if_index, m.shg)).collect();
    assert_eq!((got[0].bvi_sw_if_index, members), (a, vec![(a, 2), (b, 2)]));
    assert_eq!(client.domain(false, 3), (-120, 3));
    assert_eq!(client.bridge(b, 0, L2PortType::NORMAL, false), 0);
    assert_eq!(client.bridge(b, 0, L2PortType::NORMAL, false), 0, "again");
    client.ok(&DeleteLoopback { sw_if_index: a });
    let got = client.domains();
    assert_eq!((got[0].bvi_sw_if_index, got[0].sw_if_details.len()), (NONE, 0));
    assert_eq!(client.domain(false, 3), (0, 3));
}

#[test]
fn an_unknown_bridge_domain_is_made() {
    let (_sim, mut client) = vpp();
    let a = client.loopback();
    assert_eq!(client.bridge(a, 4, L2PortType::NORMAL, true), 0);
    assert_eq!(client.bridge(a, 5, L2PortType::UU_FWD, true), 0, "moves");
    let got = client.domains();
    let rows: Vec<_> = got
        .iter()
        .map(|d| {
            (
                d.bd_id,
                d.flood && d.uu_flood && d.forward && d.learn,
                d.sw_if_details.len(),
                d.uu_fwd_sw_if_index,
            )
        })
        .collect();
    assert_eq!(rows, [(4, true, 0, NONE), (5, true, 0, a)]);
}

#[test]
fn l2_fib_entries() {
    let (_sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    client.domain(true, 3);
    assert_eq!(client.entry(true, 1, 77, a, false), -6, "no such bridge domain");
    assert_eq!(client.entry(true, 1, 3, 99, false), -2, "no such interface");
    assert_eq!(client.entry(true, 1, 3, a, false), -2, "not in bridge mode");
    client.bridge(a, 3, L2PortType::BVI, true);
    client.bridge(b, 3, L2PortType::NORMAL, true);
    assert_eq!(client.entry(true, 1, 3, b, false), 0);
    assert_eq!(client.entry(true, 2, 3, NONE, true), 0);
    let bvi = (3, 0, a, true, false, true);
    let filter = (3, 2, NONE, true, true, false);
    let mut got = client.entries(3);
    got.sort_unstable();
    assert_eq!(got, [bvi, (3, 1, b, true, false, false), filter]);
    assert_eq!(client.entries(NONE).len(), 3);
    assert!(client.entries(77).is_empty());
    assert_eq!(client.entry(true, 1, 3, a, false), 0, "moves");
    assert_eq!(client.entry(false, 1, 3, b, false), -6, "is elsewhere");
    assert_eq!(client.entry(false, 1, 3, a, false), 0);
    assert_eq!(client.entry(false, 2, 3, NONE, true), 0);
    assert_eq!(client.entry(false, 2, 3, NONE, true), -6);
    client.ok(&SwInterfaceSetMacAddress { sw_if_index: a, mac_address: mac(9) });
    assert_eq!(client.entries(3), [(3, 9, a, true, false, true)], "the BVI's follows its MAC");
    client.bridge(a, 3, L2PortType::BVI, false);
    assert!(client.entries(3).is_empty());
}

#[test]
fn entries_outlive_their_bridge_domain() {
    let (_sim, mut client) = vpp();
    let a = client.loopback();
    client.domain(true, 10);
    client.bridge(a, 10, L2PortType::NORMAL, true);
    assert_eq!(client.entry(true, 1, 10, a, false), 0);
    client.bridge(a, 10, L2PortType::NORMAL, false);
    client.domain(false, 10);
    assert_eq!(client.entries(NONE), [(NONE, 1, a, true, false, false)]);
    client.domain(true, 20);
    assert_eq!(client.entries(20), [(20, 1, a, true, false, false)], "the next one inherits them");
}

#[test]
fn arp_termination() {
    let (_sim, mut client) = vpp();
    client.domain(true, 3);
    let mut set = |is_add, bd_id, ip: &str, last| {
        let ip = ip.parse::<IpAddr>().unwrap().into();
        client.retval(&BdIpMacAddDel { is_add, entry: BdIpMac { bd_id, ip, mac: mac(last) } })
    };
    assert_eq!(set(true, 0, "1.1.1.1", 1), -121);
    assert_eq!(set(true, 77, "1.1.1.1", 1), -6);
    assert_eq!([set(true, 3, "1.1.1.1", 1), set(true, 3, "1.1.1.1", 1), set(true, 3, "1.1.1.1", 2)], [0; 3]);
    assert_eq!(set(true, 3, "::1", 2), 0);
    assert_eq!(set(false, 3, "1.1.1.1", 1), -1, "another MAC");
    let dump = |client: &mut Client, bd_id| -> Vec<String> {
        let found = client.dump(&BdIpMacDump { bd_id });
        found.iter().map(|d| format!("{} {:?} {}", d.entry.bd_id, d.entry.ip, d.entry.mac)).collect()
    };
    assert_eq!(dump(&mut client, NONE), ["3 1.1.1.1 02:00:00:00:00:02", "3 ::1 02:00:00:00:00:02"]);
    assert_eq!(dump(&mut client, 3).len(), 2);
    assert!(dump(&mut client, 4).is_empty());
}
