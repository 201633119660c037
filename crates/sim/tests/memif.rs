//! Memifs and their sockets. All return values and oddities are those of VPP 23.06.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::addr::MacAddress;
use binapi::interface::{
    DeleteLoopback, HwInterfaceSetMtu, SwInterfaceDump, SwInterfaceEvent, SwInterfaceSetMacAddress,
    WantInterfaceEvents,
};
use binapi::memif::{
    MemifCreate, MemifCreateV2, MemifDelete, MemifDetails, MemifDump, MemifSocketFilenameAddDel,
    MemifSocketFilenameAddDelV2, MemifSocketFilenameDump,
};
use binapi::types::{IfStatusFlags, MemifMode, MemifRole};
use common::{Client, vpp};

const NONE: u32 = u32::MAX;

impl Client {
    fn socket(&mut self, is_add: bool, socket_id: u32, filename: &str) -> i32 {
        let socket_filename = filename.try_into().unwrap();
        self.retval(&MemifSocketFilenameAddDel { is_add, socket_id, socket_filename })
    }
    fn socket_v2(&mut self, is_add: bool, socket_id: u32, filename: &str) -> (i32, u32) {
        let socket_filename = filename.to_owned();
        let reply = self.call(&MemifSocketFilenameAddDelV2 { is_add, socket_id, socket_filename });
        (reply.retval, reply.socket_id)
    }
    fn sockets(&mut self) -> Vec<(u32, String)> {
        let found = self.dump(&MemifSocketFilenameDump {});
        found.iter().map(|s| (s.socket_id, s.socket_filename.to_string())).collect()
    }
    fn memif(&mut self, id: u32, socket_id: u32, role: MemifRole) -> (i32, u32) {
        let reply = self.call(&MemifCreate { id, socket_id, role, ..Default::default() });
        (reply.retval, reply.sw_if_index)
    }
}

#[test]
fn sockets() {
    let (_sim, mut client) = vpp();
    assert_eq!(client.sockets(), [(0, "/run/vpp/memif.sock".to_owned())]);
    assert_eq!(client.socket(true, 1, "/tmp/a.sock"), 0);
    assert_eq!(client.socket(true, 1, "/tmp/a.sock"), 0, "the same again");
    assert_eq!(client.socket(true, 1, "/tmp/b.sock"), -116);
    assert_eq!(client.socket(true, 2, "/tmp/a.sock"), 0, "one file under two ids");
    assert_eq!(client.socket(true, 3, "rel.sock"), 0);
    assert_eq!(client.socket(true, 0, "/x"), -73);
    assert_eq!(client.socket(true, NONE, "/x"), -73);
    assert_eq!(client.socket(true, 4, ""), -73);
    assert_eq!(client.socket(false, 9, ""), -73);
    let (retval, chosen) = client.socket_v2(true, NONE, "/tmp/q.sock");
    assert!(retval == 0 && chosen != NONE && chosen > 3, "{chosen}");
    assert_eq!(client.socket_v2(true, 0, "/tmp/q.sock"), (-73, 0));
    assert_eq!(client.socket_v2(false, NONE, ""), (-73, NONE));
    let want = [
        (0, "/run/vpp/memif.sock"),
        (1, "/tmp/a.sock"),
        (2, "/tmp/a.sock"),
        (3, "/run/vpp/rel.sock"),
        (chosen, "/tmp/q.sock"),
    ];
    assert_eq!(client.sockets(), want.map(|(id, name)| (id, name.to_owned())));
    assert_eq!(client.socket_v2(false, chosen, ""), (0, chosen));
    assert_eq!(client.sockets().len(), 4);
}

#[test]
fn one_role_and_one_of_each_id_per_socket() {
    let (_sim, mut client) = vpp();
    client.socket(true, 1, "/tmp/a.sock");
    client.socket(true, 3, "/tmp/c.sock");
    assert_eq!(client.memif(0, 1, MemifRole::MASTER), (0, 1));
    assert_eq!(client.memif(0, 1, MemifRole::MASTER), (-68, 0), "the id is taken");
    assert_eq!(client.memif(1, 1, MemifRole::SLAVE), (-68, 0), "the socket is a master's");
    assert_eq!(client.memif(7, 1, MemifRole::MASTER), (0, 2));
    assert_eq!(client.memif(0, 55, MemifRole::MASTER), (-73, 0), "no such socket");
    assert_eq!(client.memif(0, 3, MemifRole::SLAVE), (0, 3));
    let ring = MemifCreate { ring_size: 1000, id: 5, socket_id: 1, ..Default::default() };
    assert_eq!(client.retval(&ring), -73, "no power of two");
    assert_eq!(client.socket(false, 1, ""), -74, "in use");
    client.ok(&MemifDelete { sw_if_index: 1 });
    client.ok(&MemifDelete { sw_if_index: 2 });
    assert_eq!(client.memif(1, 1, MemifRole::SLAVE).0, 0, "an empty socket takes any role");
    client.ok(&MemifDelete { sw_if_index: 2 });
    assert_eq!(client.socket(false, 1, ""), 0);
}

#[test]
fn a_memif_as_it_is_dumped() {
    let (sim, mut client) = vpp();
    client.socket(true, 3, "/tmp/c.sock");
    let request = MemifCreateV2 {
        role: MemifRole::SLAVE,
        id: 9,
        socket_id: 3,
        ring_size: 2048,
        buffer_size: 4096,
        hw_addr: MacAddress([2; 6]),
        secret: "sesame".try_into().unwrap(),
        ..Default::default()
    };
    let sw_if_index = client.ok(&request).sw_if_index;
    let want = MemifDetails {
        sw_if_index,
        hw_addr: MacAddress([2; 6]),
        id: 9,
        role: MemifRole::SLAVE,
        mode: MemifMode::ETHERNET,
        zero_copy: true,
        socket_id: 3,
        ring_size: 1,
        buffer_size: 0,
        flags: IfStatusFlags::default(),
        if_name: "memif3/9".try_into().unwrap(),
    };
    assert_eq!(
        client.dump(&MemifDump {}),
        std::slice::from_ref(&want),
        "nothing is agreed before a peer connects"
    );
    client.ok(&WantInterfaceEvents { enable_disable: 1, pid: 1 });
    client.set_up(sw_if_index, true);
    assert_eq!(client.event::<SwInterfaceEvent>().flags, IfStatusFlags::ADMIN_UP, "no link without a peer");
    sim.set_link("memif3/9", true).unwrap();
    let both = IfStatusFlags::ADMIN_UP | IfStatusFlags::LINK_UP;
    assert_eq!(client.event::<SwInterfaceEvent>().flags, both);
    let connected = MemifDetails { ring_size: 2048, buffer_size: 4096, flags: both, ..want };
    assert_eq!(client.dump(&MemifDump {}), [connected]);
}

#[test]
fn attributes_by_mode() {
    let (_sim, mut client) = vpp();
    let ethernet = client.ok(&MemifCreate::default()).sw_if_index;
    let ip = MemifCreate { id: 1, mode: MemifMode::IP, hw_addr: MacAddress([2; 6]), ..Default::default() };
    let ip = client.ok(&ip).sw_if_index;
    let mac_address = MacAddress([2, 0, 0, 0, 0, 9]);
    assert_eq!(client.retval(&HwInterfaceSetMtu { sw_if_index: ethernet, mtu: 1400 }), 0);
    assert_eq!(client.retval(&HwInterfaceSetMtu { sw_if_index: ip, mtu: 1400 }), -30);
    assert_eq!(client.retval(&SwInterfaceSetMacAddress { sw_if_index: ethernet, mac_address }), 0);
    assert_eq!(client.retval(&SwInterfaceSetMacAddress { sw_if_index: ip, mac_address }), -9);
    let all = client.dump(&SwInterfaceDump::default());
    let rows: Vec<_> = all
        .iter()
        .map(|i| (&*i.interface_name, &*i.interface_dev_type, i.mtu[0], i.link_mtu, i.l2_address))
        .collect();
    let none = MacAddress::default();
    assert_eq!(
        rows,
        [
            ("local0", "local", 0, 0, none),
            ("memif0/0", "memif", 1400, 1400, mac_address),
            ("memif0/1", "memif", 0, 0, none)
        ]
    );
}

#[test]
fn only_memifs_are_deleted_as_memifs() {
    let (_sim, mut client) = vpp();
    let memif = client.ok(&MemifCreate::default()).sw_if_index;
    let loopback = client.loopback();
    assert_eq!(client.retval(&MemifDelete { sw_if_index: loopback }), -2);
    assert_eq!(client.retval(&MemifDelete { sw_if_index: 99 }), -2);
    assert_eq!(client.retval(&DeleteLoopback { sw_if_index: memif }), -2);
    client.ok(&MemifDelete { sw_if_index: memif });
    assert!(client.dump(&MemifDump {}).is_empty());
    assert_eq!(client.memif(0, 0, MemifRole::SLAVE).0, 0, "the id is free again");
}
