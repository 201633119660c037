//! Values of bridge domains and L2 FIB entries.

use crate::world::{self, loopback, member};
use model::models::erase;
use model::proto::ligato::vpp::l2::bridge_domain::ArpTerminationEntry;
use model::proto::ligato::vpp::l2::fib_entry::Action;
use model::proto::ligato::vpp::l2::{BridgeDomain, FibEntry, XConnectPair};
use model::value::Value;
use proptest::bool::ANY;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use testkit::laws::{Feature, of_type};

pub fn domains() -> Feature {
    let names = ["loop-a", "loop-b", "loop-c", "loop-d"];
    let members = (subsequence(names.to_vec(), 0..=4), 0..8usize, prop::array::uniform4(0..3u32));
    let members = members.prop_map(|(names, bvi, groups)| {
        let numbered = names.into_iter().enumerate();
        numbered.map(|(i, name)| member(name, i == bvi, if i == bvi { 0 } else { groups[i] })).collect()
    });
    let hosts = [
        ("10.1.1.50", "02:00:00:00:00:50"),
        ("fd01::50", "02:00:00:00:00:50"),
        ("10.1.1.51", "02:00:00:00:00:51"),
    ];
    let hosts = subsequence(hosts.to_vec(), 0..=3).prop_map(|hosts| {
        let entry =
            |(ip, mac): (&str, &str)| ArpTerminationEntry { ip_address: ip.into(), phys_address: mac.into() };
        hosts.into_iter().map(entry).collect()
    });
    let flags = (ANY, ANY, ANY, ANY, ANY);
    let values = (flags, select(vec![0, 1, 255]), members, hosts).prop_map(
        |(flags, mac_age, interfaces, arp_termination_table)| BridgeDomain {
            name: "bd-x".into(),
            flood: flags.0,
            unknown_unicast_flood: flags.1,
            forward: flags.2,
            learn: flags.3,
            arp_termination: flags.4,
            mac_age,
            interfaces,
            arp_termination_table,
        },
    );
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    world.push(erase(loopback("loop-d", 0, &["10.1.4.1/24"])));
    // All have one name.
    Feature::new("vpp-bridge-domain", world, values, |_, b| erase(of_type::<BridgeDomain>(b).clone()))
        .chosen(world::CHOSEN)
}

pub fn entries() -> Feature {
    let mac = select(vec!["02:00:00:00:01:01", "02:00:00:00:01:02"]);
    let kinds = select(vec![
        ("loop-b", false, false),
        ("loop-b", true, false),
        ("loop-c", true, false),
        ("loop-a", true, true),
        ("", true, false),
    ]);
    let values = (mac, kinds).prop_map(|(mac, (out, static_config, bvi))| FibEntry {
        phys_address: mac.into(),
        bridge_domain: "bd-a".into(),
        action: if out.is_empty() { Action::Drop } else { Action::Forward }.into(),
        outgoing_interface: out.into(),
        static_config,
        bridged_virtual_interface: bvi,
    });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&FibEntry, &FibEntry) = (of_type(a), of_type(b));
        erase(FibEntry { phys_address: a.phys_address.clone(), ..b.clone() })
    };
    Feature::new("vpp-l2-fib", world::domain(), values, rekey).chosen(world::CHOSEN)
}

pub fn xconnects() -> Feature {
    let ends =
        select(vec![("loop-a", "loop-b"), ("loop-a", "loop-c"), ("loop-b", "loop-a"), ("loop-c", "loop-b")]);
    let values = ends
        .prop_map(|(rx, tx)| XConnectPair { receive_interface: rx.into(), transmit_interface: tx.into() });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&XConnectPair, &XConnectPair) = (of_type(a), of_type(b));
        let receive_interface = a.receive_interface.clone();
        // A loopback that sends to itself what it receives may keep VPP too busy to answer.
        let itself = b.transmit_interface == receive_interface;
        let transmit_interface = if itself { &b.receive_interface } else { &b.transmit_interface }.clone();
        erase(XConnectPair { receive_interface, transmit_interface })
    };
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    Feature::new("vpp-xconnect", world, values, rekey).chosen(world::CHOSEN)
}
