//! Types of interface that stand on what the machine has, and bonds.

#![allow(clippy::unwrap_used)]

mod common;

use binapi::addr::MacAddress;
use binapi::af_packet::{AfPacketCreateV3, AfPacketDelete, AfPacketDump};
use binapi::bond::{
    BondAddMember, BondCreate2, BondDelete, BondDetachMember, SwBondInterfaceDump, SwMemberInterfaceDump,
};
use binapi::interface::{DeleteLoopback, SwInterfaceDetails, SwInterfaceDump, SwInterfaceSetFlags};
use binapi::rdma::{RdmaCreateV3, RdmaCreateV4, RdmaDelete};
use binapi::tapv2::{SwInterfaceTapV2Dump, TapCreateV3, TapDeleteV2};
use binapi::types::{AfPacketMode, BondLbAlgo, BondMode, IfStatusFlags, TapFlags};
use binapi::vmxnet3::{SwVmxnet3InterfaceDump, Vmxnet3Create, Vmxnet3Delete};
use common::{Client, vpp};

const ALL: u32 = u32::MAX;

fn details(client: &mut Client, index: u32) -> SwInterfaceDetails {
    let all = client.dump(&SwInterfaceDump { sw_if_index: ALL, ..Default::default() });
    all.into_iter().find(|details| details.sw_if_index == index).unwrap()
}

fn on(host: &str) -> AfPacketCreateV3 {
    let host_if_name = host.try_into().unwrap();
    AfPacketCreateV3 {
        mode: AfPacketMode::ETHERNET,
        use_random_hw_addr: true,
        host_if_name,
        ..AfPacketCreateV3::default()
    }
}

#[test]
fn af_packet_stands_on_an_interface_of_linux() {
    let (sim, mut client) = vpp();
    assert_eq!(client.retval(&on("eth1")), -71);
    sim.machine(|machine| machine.links.extend(["eth1".into()]));
    assert_eq!(client.retval(&AfPacketCreateV3 { mode: AfPacketMode(0), ..on("eth1") }), -7);
    let index = client.ok(&on("eth1")).sw_if_index;
    let got = details(&mut client, index);
    assert_eq!((&*got.interface_name, &*got.interface_dev_type), ("host-eth1", "af-packet"));
    assert_eq!(got.flags, IfStatusFlags::LINK_UP);
    let again = client.call(&on("eth1"));
    assert_eq!((again.retval, again.sw_if_index), (-79, index));
    let dump = client.dump(&AfPacketDump {});
    assert_eq!((dump[0].sw_if_index, dump[0].host_if_name.as_str()), (index, "eth1"));
    let delete = AfPacketDelete { host_if_name: "eth1".try_into().unwrap() };
    client.ok(&delete);
    assert_eq!(client.retval(&delete), -11);
}

fn bond(id: u32, mode: BondMode, lb: BondLbAlgo) -> BondCreate2 {
    BondCreate2 { id, mode, lb, ..BondCreate2::default() }
}

#[test]
fn bonds_and_what_is_refused() {
    let (_sim, mut client) = vpp();
    assert_eq!(client.retval(&bond(1, BondMode(0), BondLbAlgo::L2)), -73);
    assert_eq!(client.retval(&bond(1, BondMode(6), BondLbAlgo::L2)), -73);
    assert_eq!(client.retval(&bond(1, BondMode::ROUND_ROBIN, BondLbAlgo::RR)), -73);
    let one = client.ok(&bond(1, BondMode::ROUND_ROBIN, BondLbAlgo::L34)).sw_if_index;
    assert_eq!(client.retval(&bond(1, BondMode::XOR, BondLbAlgo::L2)), -147);
    let any = client.ok(&bond(ALL, BondMode::XOR, BondLbAlgo::L34)).sw_if_index;
    let dump = client.dump(&SwBondInterfaceDump { sw_if_index: ALL });
    let told: Vec<_> = dump.iter().map(|d| (d.sw_if_index, d.id, d.mode, d.lb)).collect();
    let expected =
        [(one, 1, BondMode::ROUND_ROBIN, BondLbAlgo::RR), (any, 0, BondMode::XOR, BondLbAlgo::L34)];
    assert_eq!(told, expected);
    assert_eq!(&*details(&mut client, one).interface_name, "BondEthernet1");
    client.ok(&BondDelete { sw_if_index: one });
    assert_eq!(client.retval(&BondDelete { sw_if_index: one }), -2);
}

#[test]
fn members_have_the_mac_of_the_bond() {
    let (_sim, mut client) = vpp();
    let [a, b] = [client.loopback(), client.loopback()];
    let [own_a, own_b] = [a, b].map(|index| details(&mut client, index).l2_address);
    let bond_sw_if_index = client.ok(&bond(1, BondMode::XOR, BondLbAlgo::L2)).sw_if_index;
    let add = |sw_if_index| BondAddMember { sw_if_index, bond_sw_if_index, ..BondAddMember::default() };
    assert_eq!(client.retval(&BondAddMember { bond_sw_if_index: b, ..add(a) }), -71);
    assert_eq!(client.retval(&add(99)), -2);
    assert_eq!(client.retval(&add(bond_sw_if_index)), -71);
    client.ok(&add(a));
    client.ok(&BondAddMember { is_passive: true, ..add(b) });
    assert_eq!(client.retval(&add(b)), -81);
    for index in [a, b, bond_sw_if_index] {
        assert_eq!(details(&mut client, index).l2_address, own_a);
    }
    let members = client.dump(&SwMemberInterfaceDump { sw_if_index: bond_sw_if_index });
    let told: Vec<_> = members.iter().map(|m| (m.sw_if_index, m.is_passive)).collect();
    assert_eq!(told, [(a, false), (b, true)]);
    client.ok(&BondDetachMember { sw_if_index: b });
    assert_eq!(client.retval(&BondDetachMember { sw_if_index: b }), -71);
    assert_eq!(details(&mut client, b).l2_address, own_b);
    // Whoever is deleted is no member any more.
    client.ok(&DeleteLoopback { sw_if_index: a });
    assert_eq!(client.dump(&SwMemberInterfaceDump { sw_if_index: bond_sw_if_index }), []);
    let mac = MacAddress([2, 0, 0, 0, 0, 7]);
    let with_mac =
        BondCreate2 { use_custom_mac: true, mac_address: mac, ..bond(2, BondMode::XOR, BondLbAlgo::L2) };
    let bond_sw_if_index = client.ok(&with_mac).sw_if_index;
    client.ok(&BondAddMember { bond_sw_if_index, ..add(b) });
    assert_eq!(details(&mut client, b).l2_address, mac);
    client.ok(&BondDelete { sw_if_index: bond_sw_if_index });
    assert_eq!(details(&mut client, b).l2_address, own_b);
}

#[test]
fn a_bond_is_up_while_a_member_is() {
    let (_sim, mut client) = vpp();
    let member = client.loopback();
    let bond = client.ok(&bond(1, BondMode::XOR, BondLbAlgo::L2)).sw_if_index;
    let up = |sw_if_index| SwInterfaceSetFlags { sw_if_index, flags: IfStatusFlags::ADMIN_UP };
    client.ok(&up(bond));
    client.ok(&BondAddMember { sw_if_index: member, bond_sw_if_index: bond, ..BondAddMember::default() });
    assert!(!details(&mut client, bond).flags.contains(IfStatusFlags::LINK_UP));
    client.ok(&up(member));
    assert!(details(&mut client, bond).flags.contains(IfStatusFlags::LINK_UP));
    client.ok(&BondDetachMember { sw_if_index: member });
    assert!(!details(&mut client, bond).flags.contains(IfStatusFlags::LINK_UP));
}

#[test]
fn an_active_backup_bond_announces_its_address() {
    for (address, up, crashes) in
        [("10.0.0.1/24", true, 0), ("10.0.0.1/32", true, 1), ("10.0.0.1/24", false, 1)]
    {
        let (sim, mut client) = vpp();
        let bond = client.ok(&bond(1, BondMode::ACTIVE_BACKUP, BondLbAlgo::L2)).sw_if_index;
        let member = client.loopback();
        let flags = IfStatusFlags::ADMIN_UP;
        client.ok(&SwInterfaceSetFlags { sw_if_index: member, flags });
        if up {
            client.ok(&SwInterfaceSetFlags { sw_if_index: bond, flags });
        }
        sim.cli_add_address("BondEthernet1", address).unwrap();
        let add = BondAddMember { sw_if_index: member, bond_sw_if_index: bond, ..BondAddMember::default() };
        let answer = client.try_call(&add);
        assert_eq!((sim.crashes(), answer.is_some()), (crashes, crashes == 0), "{address} {up}");
    }
}

#[test]
fn taps() {
    let (sim, mut client) = vpp();
    let named = |host: &str| TapCreateV3 {
        host_if_name_set: true,
        host_if_name: host.try_into().unwrap(),
        ..TapCreateV3::default()
    };
    let tap = client.ok(&TapCreateV3 { rx_ring_sz: 0, tx_ring_sz: 512, ..named("one") }).sw_if_index;
    let tun = client.ok(&TapCreateV3 { tap_flags: TapFlags::TUN, ..named("two") }).sw_if_index;
    let [got_tap, got_tun] = [tap, tun].map(|index| details(&mut client, index));
    assert_eq!((&*got_tap.interface_name, got_tap.mtu[0]), ("tap0", 9000));
    assert_eq!((&*got_tun.interface_name, got_tun.mtu[0]), ("tun1", 1500));
    assert_eq!(got_tun.l2_address, MacAddress::default());
    assert_eq!(client.retval(&named("one")), -13);
    assert_eq!(client.retval(&TapCreateV3 { rx_ring_sz: 100, ..named("three") }), -144);
    assert_eq!(client.retval(&TapCreateV3 { id: 1, ..named("three") }), -71);
    let dump = client.dump(&SwInterfaceTapV2Dump { sw_if_index: tap });
    let told = (dump.len(), dump[0].host_if_name.as_str(), dump[0].rx_ring_sz, dump[0].tx_ring_sz);
    assert_eq!(told, (1, "one", 256, 512));
    // What stands on the Linux end stands on an interface of Linux.
    client.ok(&on("one"));
    client.ok(&TapDeleteV2 { sw_if_index: tap });
    assert_eq!(client.retval(&TapDeleteV2 { sw_if_index: tap }), -2);
    sim.machine(|machine| machine.no_taps = true);
    assert_eq!(client.retval(&named("three")), -11);
}

#[test]
fn cards_are_there_from_the_start() {
    let (sim, _) = vpp();
    sim.machine(|machine| machine.cards.extend(["pg0".into()]));
    let cards = || sim.dump(&SwInterfaceDump { sw_if_index: ALL, ..Default::default() }).unwrap();
    assert_eq!(cards().len(), 2);
    sim.restart();
    let found = &cards()[1];
    assert_eq!((&*found.interface_name, &*found.interface_dev_type, found.mtu[0]), ("pg0", "pg", 9000));
}

#[test]
fn vmxnet3_needs_a_card() {
    let (sim, mut client) = vpp();
    let pci_addr = 0x410b_0000;
    let create = || Vmxnet3Create { pci_addr, ..Vmxnet3Create::default() };
    assert_eq!(client.retval(&Vmxnet3Create { rxq_size: 100, ..create() }), -7);
    assert_eq!(client.retval(&create()), -71);
    sim.machine(|machine| machine.vmxnet3.extend([pci_addr]));
    let sw_if_index = client.ok(&Vmxnet3Create { txq_size: 64, ..create() }).sw_if_index;
    assert_eq!(&*details(&mut client, sw_if_index).interface_name, "vmxnet3-0/b/1/2");
    assert_eq!(client.retval(&create()), -105);
    let dump = client.dump(&SwVmxnet3InterfaceDump { sw_if_index: ALL });
    let told = (dump[0].pci_addr, dump[0].rx_list[0].rx_qsize, dump[0].tx_list[0].tx_qsize);
    assert_eq!(told, (pci_addr, 1024, 64));
    client.ok(&Vmxnet3Delete { sw_if_index });
    assert_eq!(client.retval(&Vmxnet3Delete { sw_if_index }), -2);
}

#[test]
fn rdma_without_a_device_seems_to_work() {
    let (sim, mut client) = vpp();
    let host_if = "mlx0".try_into().unwrap();
    let create = || RdmaCreateV3 { host_if, name: "fast".try_into().unwrap(), ..RdmaCreateV3::default() };
    let seems = client.ok(&create());
    assert_eq!(seems.sw_if_index, 0);
    assert_eq!(client.retval(&RdmaCreateV3 { rxq_size: 128, ..create() }), -7);
    sim.machine(|machine| machine.rdma.extend(["mlx9".into()]));
    assert_eq!(client.retval(&create()), -71);
    sim.machine(|machine| machine.rdma.extend(["mlx0".into()]));
    let sw_if_index = client.ok(&create()).sw_if_index;
    let newer = RdmaCreateV4 { host_if, ..RdmaCreateV4::default() };
    assert_eq!(sim.request(&newer).unwrap().retval, -71, "it is used already");
    let got = details(&mut client, sw_if_index);
    assert_eq!((&*got.interface_name, &*got.interface_dev_type), ("fast", "RDMA interface"));
    client.ok(&RdmaDelete { sw_if_index });
    assert_eq!(client.retval(&RdmaDelete { sw_if_index }), -71);
    assert_eq!(sim.request(&newer).unwrap().retval, 0);
}
