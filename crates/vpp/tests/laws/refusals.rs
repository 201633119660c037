//! What users read when VPP refuses, or when a value makes no sense.

use crate::acl::{macip, udp};
use crate::start;
use crate::world::{loopback, member};
use model::models::erase;
use model::proto::ligato::vpp::acl::Acl;
use model::proto::ligato::vpp::acl::acl::{Interfaces, Rule};
use model::proto::ligato::vpp::interfaces::bond_link::{BondedInterface, Mode};
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::{
    AfpacketLink, BondLink, Interface, MemifLink, Span, TapLink, VmxNet3Link,
};
use model::proto::ligato::vpp::l2::BridgeDomain;
use model::proto::ligato::vpp::l2::bridge_domain::ArpTerminationEntry;
use model::proto::ligato::vpp::l3::Route;
use sched::{Intent, State, Status, Txn};
use testkit::laws::{self, Anything};
use testkit::target::{Dir, Needed, Target};

/// Statuses of the values, and of their parts that are not as wanted.
async fn statuses(values: &[Anything]) -> Vec<Status> {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let changes = values.iter().cloned().map(Intent::put).collect();
    let report = agent.scheduler.commit(Txn { changes, statuses: true, ..Txn::default() }).await.unwrap();
    let all = report.statuses.into_iter().flat_map(|base| std::iter::once(base.value).chain(base.derived));
    all.filter(|status| status.state != State::Configured).collect()
}

fn memif(name: &str, socket_filename: &str) -> Anything {
    let link = MemifLink { id: 3, socket_filename: socket_filename.into(), ..MemifLink::default() };
    erase(Interface {
        name: name.into(),
        r#type: Type::Memif.into(),
        link: Some(Link::Memif(link)),
        ..Interface::default()
    })
}

#[tokio::test]
async fn an_address_that_another_interface_has() {
    let both = ["one", "two"].map(|name| erase(loopback(name, 0, &["10.1.1.1/24"])));
    let bad = statuses(&both).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert!(bad[0].key.ends_with("/address/static/10.1.1.1/24"), "{bad:?}");
    assert_eq!(bad[0].state, State::Failed);
    let text = bad[0].error.clone().unwrap();
    assert!(text.starts_with("sw_interface_add_del_address: VPP refused: "), "{text}");
    assert!(text.ends_with(", -105)"), "{text}");
}

/// Should the agent end then, it would be taken for a stranger's from then on.
#[tokio::test]
async fn an_interface_that_cannot_be_named_is_never_up() {
    let target = Target::new();
    let Some(sim) = target.sim() else { return }; // a real VPP does not refuse names
    sim.faults().always("sw_interface_tag_add_del", sim::Fault::Refuse(-1));
    let agent = start(&target.socket(), laws::config()).await;
    let up = Interface { enabled: true, ..loopback("one", 0, &[]) };
    agent.scheduler.commit(Txn { changes: vec![Intent::put(erase(up))], ..Txn::default() }).await.unwrap();
    let told: Vec<_> = sim.log().into_iter().filter(|call| call.changes).map(|call| call.message).collect();
    assert_eq!(told, ["create_loopback", "sw_interface_tag_add_del"]);
}

/// VPP keeps a copy under the numbers of its interfaces: one that nobody knows of would be another's after these.
#[tokio::test]
async fn a_copy_of_packets_that_failed_is_not_there() {
    let target = Target::new();
    let Some(sim) = target.sim() else { return }; // a real VPP does not refuse it
    sim.faults().once("sw_interface_span_enable_disable", 1, sim::Fault::Refuse(-30));
    let agent = start(&target.socket(), laws::config()).await;
    let (interface_from, interface_to) = ("one".to_owned(), "two".to_owned());
    let span = erase(Span { interface_from, interface_to, direction: 1, is_l2: false });
    let mut changes = vec![Intent::put(span)];
    changes.extend(["one", "two"].map(|name| Intent::put(erase(loopback(name, 0, &[])))));
    let report = agent.scheduler.commit(Txn { changes, ..Txn::default() }).await.unwrap();
    assert_eq!(report.failed.len(), 1, "{report:?}");
    let copies = |call: &sim::Call| call.message == "sw_interface_span_enable_disable";
    let told: Vec<_> = sim.log().into_iter().filter(copies).map(|call| call.request).collect();
    assert!(told.iter().all(|request| request.contains("DISABLED")), "{told:?}");
}

#[tokio::test]
async fn a_memif_id_that_is_taken() {
    let dir = Dir::new();
    let file = dir.path().join("memif.sock").to_string_lossy().into_owned();
    let bad = statuses(&[memif("one", &file), memif("two", &file)]).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    let text = bad[0].error.clone().unwrap();
    assert!(text.starts_with("memif_create: VPP refused: "), "{text}");
    assert!(text.ends_with(" (SUBIF_ALREADY_EXISTS, -68)"), "{text}");
}

#[tokio::test]
async fn a_route_that_waits_says_for_what() {
    let route = Route {
        vrf_id: 5,
        dst_network: "10.2.0.0/16".into(),
        outgoing_interface: "missing".into(),
        ..Route::default()
    };
    let waiting = statuses(&[erase(route)]).await;
    assert_eq!(waiting[0].state, State::Pending);
    let expected = ["config/vpp/v2/interfaces/missing", "config/vpp/v2/vrf-table/id/5/protocol/IPV4"];
    assert_eq!(waiting[0].details, expected);
}

#[tokio::test]
async fn what_cannot_be_expressed_names_the_field() {
    let route = |dst: &str, hop: &str| {
        erase(Route { dst_network: dst.into(), next_hop_addr: hop.into(), ..Route::default() })
    };
    let bd = |members: &[(&str, u32, bool)], hosts: &[(&str, &str)]| {
        let entry = |&(ip, mac): &(&str, &str)| ArpTerminationEntry {
            ip_address: ip.into(),
            phys_address: mac.into(),
        };
        erase(BridgeDomain {
            name: "bd".into(),
            interfaces: members.iter().map(|&(name, shg, bvi)| member(name, bvi, shg)).collect(),
            arp_termination_table: hosts.iter().map(entry).collect(),
            ..BridgeDomain::default()
        })
    };
    let span = |from: &str, to: &str, direction| {
        let (interface_from, interface_to) = (from.to_owned(), to.to_owned());
        erase(Span { interface_from, interface_to, direction, ..Span::default() })
    };
    let acl = |rules: &[Rule], ports: &[&str]| {
        let ingress = ports.iter().map(|&port| port.to_owned()).collect();
        let interfaces = Some(Interfaces { ingress, ..Interfaces::default() });
        erase(Acl { name: "acl".into(), rules: rules.to_vec(), interfaces })
    };
    let long = "x".repeat(64);
    let cases = [
        (route("10.2.0.1/16", ""), "dst_network: has host bits; the network is 10.2.0.0/16"),
        (route("10.2.0.0/33", ""), "dst_network: \"10.2.0.0/33\" needs a prefix length from 0 to 32"),
        (route("10.2.0.0/16", "nowhere"), "next_hop_addr: \"nowhere\" is not an IP address"),
        (erase(loopback("one", 0, &["10.1.1"])), "ip_addresses: \"10.1.1\" is not an IP address"),
        (erase(loopback(&long, 0, &[])), "name: "),
        (erase(Interface { phys_address: "mac".into(), ..loopback("one", 0, &[]) }), "phys_address: "),
        (erase(Interface { mtu: 1 << 20, ..loopback("one", 0, &[]) }), "mtu: is more than 65535 bytes"),
        (erase(Interface { name: "one".into(), ..Interface::default() }), "type: must be given"),
        (bd(&[("a", 1, false), ("a", 2, false)], &[]), "interfaces: lists a twice, with different settings"),
        (bd(&[("a", 0, true), ("a", 0, false)], &[]), "interfaces: lists a twice, with different settings"),
        (bd(&[("", 0, false)], &[]), "interfaces: lists an interface without a name"),
        (
            bd(&[("a", 0, true), ("b", 0, true)], &[]),
            "interfaces: more than one is the bridged virtual interface",
        ),
        (
            bd(&[], &[("10.1.1.1", "02:00:00:00:00:01"), ("10.1.1.1", "02:00:00:00:00:02")]),
            "arp_termination_table: lists 10.1.1.1 twice, with different settings",
        ),
        (
            bd(&[], &[("fd01::1", "02:00:00:00:00:01"), ("FD01:0::1", "02:00:00:00:00:02")]),
            "arp_termination_table: lists fd01::1 twice, with different settings",
        ),
        (span("", "b", 1), "interface_from: must be named"),
        (span("a", "", 1), "interface_to: must be named"),
        (span("a", "a", 1), "interface_to: an interface cannot get its own packets"),
        (span("a", "b", 0), "direction: must be RX, TX or BOTH"),
        (span("a", "b", 4), "direction: must be RX, TX or BOTH"),
        (erase(Acl { rules: vec![udp()], ..Acl::default() }), "name: must not be empty"),
        (erase(Acl { name: long.clone(), rules: vec![udp()], ..Acl::default() }), "name: "),
        (acl(&[], &[]), "rules: must not be empty"),
        (acl(&[udp(), macip()], &[]), "rules.macip_rule: in rule 2, there is a MACIP rule among IP rules"),
        (acl(&[macip(), udp()], &[]), "rules.ip_rule: in rule 2, there is an IP rule among MACIP rules"),
        (acl(&[udp()], &["loop", ""]), "interfaces.ingress: lists an interface without a name"),
    ];
    for (value, reason) in cases {
        let bad = statuses(std::slice::from_ref(&value)).await;
        assert_eq!(bad[0].state, State::Invalid, "{value:?}");
        assert!(bad[0].details[0].starts_with(reason), "{value:?}: {:?} is not {reason:?}", bad[0].details);
    }
}

/// One that needs what the machine does not have, and what users read then.
async fn refused(value: Interface, reason: &str) {
    let bad = statuses(&[erase(value)]).await;
    assert_eq!(bad[0].state, State::Failed, "{bad:?}");
    let text = bad[0].error.clone().unwrap();
    assert!(text.starts_with(reason), "{text:?} is not {reason:?}");
}

fn of_type(name: &str, kind: Type, link: Option<Link>) -> Interface {
    Interface { name: name.into(), r#type: kind.into(), link, ..Interface::default() }
}

#[tokio::test]
async fn an_interface_of_linux_that_is_not_there() {
    let link = AfpacketLink { host_if_name: "nowhere".into(), ..AfpacketLink::default() };
    refused(
        of_type("one", Type::AfPacket, Some(Link::Afpacket(link))),
        "af_packet_create_v3: VPP refused: the interface is not fit for this (INVALID_INTERFACE, -71); nowhere must be",
    )
    .await;
}

#[tokio::test]
async fn a_network_card_that_is_not_there() {
    refused(of_type("Gigabit0/8/0", Type::Dpdk, None), "VPP has no physical interface Gigabit0/8/0; ").await;
    let link = Some(Link::VmxNet3(VmxNet3Link::default()));
    refused(
        of_type("vmxnet3-0/b/1/2", Type::Vmxnet3Interface, link),
        "vmxnet3_create: VPP refused: the interface is not fit for this (INVALID_INTERFACE, -71); is there",
    )
    .await;
}

#[tokio::test]
async fn a_tap_on_a_machine_without_vhost() {
    let mut target = Target::new();
    if target.is_real() && target.plug(Needed::Tap) {
        return; // this machine has it
    }
    if let Some(sim) = target.sim() {
        sim.machine(|machine| machine.no_taps = true);
    }
    let agent = start(&target.socket(), laws::config()).await;
    let link = TapLink { version: 2, ..TapLink::default() };
    let tap = erase(of_type("one", Type::Tap, Some(Link::Tap(link))));
    let txn = Txn { changes: vec![Intent::put(tap)], statuses: true, ..Txn::default() };
    let report = agent.scheduler.commit(txn).await.unwrap();
    let text = report.statuses[0].value.error.clone().unwrap();
    let reason =
        "tap_create_v3: VPP refused: syscall error 1 (SYSCALL_ERROR_1, -11); is there /dev/vhost-net";
    assert!(text.starts_with(reason), "{text:?} is not {reason:?}");
}

#[tokio::test]
async fn a_member_that_is_in_another_bond() {
    let bond = |name: &str, id: u32| {
        let member = BondedInterface { name: "member".into(), ..BondedInterface::default() };
        let bonded_interfaces = vec![member];
        let link = BondLink { id, mode: Mode::Xor.into(), bonded_interfaces, ..BondLink::default() };
        erase(of_type(name, Type::BondInterface, Some(Link::Bond(link))))
    };
    let bad = statuses(&[erase(loopback("member", 0, &[])), bond("one", 1), bond("two", 2)]).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    let text = bad[0].error.clone().unwrap();
    assert_eq!(text, "bond_add_member: VPP refused: the value exists already (VALUE_EXIST, -81)");
}
