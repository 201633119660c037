//! Values of ACLs.

use crate::{start, world};
use binapi::acl::*;
use binapi::list::Counted;
use binapi::types::{AclRule, IpProto};
use model::models::erase;
use model::proto::ligato::vpp::acl::Acl;
use model::proto::ligato::vpp::acl::acl::rule::ip_rule::icmp::Range;
use model::proto::ligato::vpp::acl::acl::rule::ip_rule::{Icmp, Ip, PortRange, Tcp, Udp};
use model::proto::ligato::vpp::acl::acl::rule::{Action, IpRule, MacIpRule};
use model::proto::ligato::vpp::acl::acl::{Interfaces, Rule};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use sched::{Intent, Resync, Txn};
use std::collections::HashMap;
use testkit::laws::{self, Anything, Feature, of_type};
use testkit::target::Target;

fn ip(source: &str, destination: &str, protocol: u32) -> IpRule {
    let ip = Ip { source_network: source.into(), destination_network: destination.into(), protocol };
    IpRule { ip: Some(ip), ..IpRule::default() }
}

fn ports(lower_port: u32, upper_port: u32) -> Option<PortRange> {
    Some(PortRange { lower_port, upper_port })
}

fn permit(ip_rule: IpRule) -> Rule {
    Rule { action: Action::Permit.into(), ip_rule: Some(ip_rule), macip_rule: None }
}

pub fn udp() -> Rule {
    let udp = Udp { source_port_range: ports(0, 65535), destination_port_range: ports(53, 53) };
    permit(IpRule { udp: Some(udp), ..ip("10.1.0.0/16", "0.0.0.0/0", 17) })
}

pub fn tcp() -> Rule {
    let tcp = Tcp {
        source_port_range: ports(1024, 65535),
        destination_port_range: ports(80, 443),
        tcp_flags_mask: 0x12,
        tcp_flags_value: 2,
    };
    permit(IpRule { tcp: Some(tcp), ..ip("fd01::/64", "::/0", 6) })
}

fn icmp_of(icmpv6: bool, first: u32, last: u32) -> Option<Icmp> {
    let types = Range { first, last };
    Some(Icmp { icmpv6, icmp_type_range: Some(types), icmp_code_range: Some(Range { first: 0, last: 255 }) })
}

pub fn icmp() -> Rule {
    permit(IpRule { icmp: icmp_of(false, 8, 8), ..ip("0.0.0.0/0", "10.1.1.1/32", 1) })
}

fn icmp6() -> Rule {
    permit(IpRule { icmp: icmp_of(true, 128, 129), ..ip("::/0", "::/0", 58) })
}

pub fn macip() -> Rule {
    macip_of("10.1.1.7", 32, "ff:ff:ff:ff:ff:ff")
}

fn macip_of(source_address: &str, source_address_prefix: u32, mask: &str) -> Rule {
    let macip_rule = MacIpRule {
        source_address: source_address.into(),
        source_address_prefix,
        source_mac_address: "02:00:00:00:00:07".into(),
        source_mac_address_mask: mask.into(),
    };
    Rule { action: Action::Permit.into(), ip_rule: None, macip_rule: Some(macip_rule) }
}

fn ip_acl() -> impl Strategy<Value = Acl> {
    let rules = [
        permit(ip("0.0.0.0/0", "0.0.0.0/0", 0)),
        permit(ip("fd01::/64", "fd02::1/128", 0)),
        permit(ip("10.1.0.0/16", "224.0.0.0/4", 89)),
        udp(),
        tcp(),
        icmp(),
        icmp6(),
    ];
    let actions = select(vec![Action::Deny, Action::Permit, Action::Reflect]);
    let rule =
        (select(rules.to_vec()), actions).prop_map(|(rule, action)| Rule { action: action.into(), ..rule });
    let ports = || subsequence(vec!["loop-a", "loop-b", "loop-c"], 0..=3);
    (prop::collection::vec(rule, 1..5), ports(), ports()).prop_map(|(rules, ingress, egress)| {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let interfaces = Interfaces { ingress: owned(ingress), egress: owned(egress) };
        let interfaces = (interfaces != Interfaces::default()).then_some(interfaces);
        Acl { rules, interfaces, ..Acl::default() }
    })
}

fn macip_acl() -> impl Strategy<Value = Acl> {
    let rules =
        [macip(), macip_of("fd01::", 64, "ff:ff:ff:00:00:00"), macip_of("0.0.0.0", 0, "00:00:00:00:00:00")];
    let rule = (select(rules.to_vec()), any::<bool>())
        .prop_map(|(rule, permit)| Rule { action: permit.into(), ..rule });
    // An interface has one at most, in a direction that means nothing.
    (prop::collection::vec(rule, 1..4), 0..3).prop_map(|(rules, applied)| {
        let one = || vec![String::new()];
        let interfaces = match applied {
            0 => None,
            1 => Some(Interfaces { ingress: one(), ..Interfaces::default() }),
            _ => Some(Interfaces { egress: one(), ..Interfaces::default() }),
        };
        Acl { rules, interfaces, ..Acl::default() }
    })
}

/// Applied where no other MACIP ACL is.
fn named(mut acl: Acl, name: &str) -> Acl {
    acl.name = format!("acl-{name}");
    let macip = acl.rules.iter().any(|rule| rule.macip_rule.is_some());
    if let Some(interfaces) = acl.interfaces.as_mut().filter(|_| macip) {
        let Interfaces { ingress, egress } = interfaces;
        ingress.iter_mut().chain(egress).for_each(|port| *port = format!("loop-{name}"));
    }
    acl
}

pub fn acls() -> Feature {
    let acl = prop_oneof![2 => ip_acl(), 1 => macip_acl()];
    let values = (acl, select(vec!["a", "b", "c"])).prop_map(|(acl, name)| named(acl, name));
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    Feature::new("vpp-acl", world, values, |a, b| {
        let (a, b): (&Acl, &Acl) = (of_type(a), of_type(b));
        erase(named(b.clone(), a.name.trim_start_matches("acl-")))
    })
    .chosen(world::CHOSEN)
}

/// An agent's VPP, and another client of it.
async fn beside(target: &Target) -> vpp_client::Vpp {
    let client = vpp_client::Vpp::connect(vpp_client::Config::new(target.socket()));
    client.connected().await.unwrap();
    client
}

/// Tags of the ACLs that the one interface beside `local0` applies to arriving packets, in order.
async fn applied(vpp: &vpp_client::Vpp) -> Vec<String> {
    let acls = vpp.dump(AclDump { acl_index: u32::MAX }).await.unwrap();
    let tags: HashMap<u32, String> = acls.iter().map(|acl| (acl.acl_index, acl.tag.to_string())).collect();
    let lists = vpp.dump(AclInterfaceListDump::default()).await.unwrap();
    let list = lists.last().unwrap();
    assert_eq!(list.acls.len(), usize::from(list.n_input));
    list.acls.iter().map(|acl| tags[acl].clone()).collect()
}

fn on_ours(name: &str, rule: Rule) -> Acl {
    let interfaces = Some(Interfaces { ingress: vec!["ours".into()], ..Interfaces::default() });
    Acl { name: name.into(), rules: vec![rule], interfaces }
}

#[tokio::test]
async fn an_interface_looks_at_acls_in_the_order_of_their_names() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let vpp = beside(&target).await;
    let mut wanted = vec![erase(world::loopback("ours", 0, &[]))];
    for name in ["c", "a"] {
        wanted.push(erase(on_ours(name, udp())));
        agent.all(&wanted).await;
    }
    assert_eq!(applied(&vpp).await, ["a", "c"]);
    // Somebody else adds one, which VPP puts at the end.
    target.cli("set acl-plugin acl deny src 10.9.0.0/16 dst 0.0.0.0/0");
    target.cli("set acl-plugin interface loop0 input acl 2");
    assert_eq!(applied(&vpp).await, ["a", "c", "cli"]);
    wanted.push(erase(on_ours("b", tcp())));
    agent.all(&wanted).await;
    assert_eq!(applied(&vpp).await, ["a", "b", "cli", "c"]);
    let before = (agent.raw)().await;
    // Somebody else takes ours away: VPP moves the last one into the gap.
    target.cli("set acl-plugin interface loop0 input acl 1 del");
    assert_eq!(applied(&vpp).await, ["c", "b", "cli"]);
    agent.resync(Resync::Downstream, &[]).await;
    assert_eq!(applied(&vpp).await, ["a", "b", "cli", "c"]);
    assert_eq!((agent.raw)().await, before);
    // Nothing is missing, but the order is wrong.
    let acls = [3, 1, 2, 0].to_vec().try_into().unwrap();
    vpp.call(AclInterfaceSetAclList { sw_if_index: 1, n_input: 4, acls }).await.unwrap();
    agent.resync(Resync::Downstream, &[]).await;
    assert_eq!((agent.raw)().await, before);
    agent.all(&wanted[..1]).await;
    assert_eq!(applied(&vpp).await, ["cli"], "nobody asks for the others any more");
}

#[tokio::test]
async fn many_acls_come_to_an_interface_at_once_and_leave_it_at_once() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let vpp = beside(&target).await;
    let mut wanted = vec![erase(world::loopback("ours", 0, &[]))];
    wanted.extend((0..50).map(|n| erase(on_ours(&format!("{n:02}"), udp()))));
    agent.all(&wanted).await;
    let names: Vec<String> = (0..50).map(|n| format!("{n:02}")).collect();
    assert_eq!(applied(&vpp).await, names);
    agent.all(&wanted[..1]).await;
    assert_eq!(applied(&vpp).await, [""; 0]);
    let told = (agent.sent)().into_iter().find(|(name, _)| *name == "acl_interface_set_acl_list").unwrap().1;
    assert!(told <= 25, "the list was told {told} times");
}

#[tokio::test]
async fn rules_that_were_replaced_by_hand_are_put_back_in_place() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let vpp = beside(&target).await;
    agent.all(&[erase(world::loopback("ours", 0, &[])), erase(on_ours("acl", udp()))]).await;
    let before = (agent.raw)().await;
    let tag = "acl".try_into().unwrap();
    vpp.call(AclAddReplace { acl_index: 0, tag, r: Counted::one(AclRule::default()) }).await.unwrap();
    assert_ne!((agent.raw)().await, before);
    agent.resync(Resync::Downstream, &[]).await;
    assert_eq!((agent.raw)().await, before, "with the same number, on the same interface");
}

#[tokio::test]
async fn of_two_with_one_tag_ours_is_the_one_it_was() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let vpp = beside(&target).await;
    let tag = || "acl".try_into().unwrap();
    let other = |rule| AclAddReplace { acl_index: u32::MAX, tag: tag(), r: Counted::one(rule) };
    let theirs = AclRule { proto: IpProto(99), ..AclRule::default() };
    vpp.call(AclAddReplace { tag: "first".try_into().unwrap(), ..other(theirs.clone()) }).await.unwrap();
    let wanted = [erase(world::loopback("ours", 0, &[])), erase(on_ours("acl", udp()))];
    agent.all(&wanted).await;
    // The number below ours gets free, and somebody takes it for an ACL of the same name.
    vpp.call(AclDel { acl_index: 0 }).await.unwrap();
    assert_eq!(vpp.call(other(theirs)).await.unwrap().acl_index, 0);
    let before = (agent.raw)().await;
    agent.resync(Resync::Downstream, &[]).await;
    assert_eq!((agent.raw)().await, before);
    // Another agent does not know which one it was: it takes the one that is as it should be.
    drop(agent);
    let agent = start(&target.socket(), laws::config()).await;
    agent.all(&wanted).await;
    assert_eq!((agent.raw)().await, before);
    agent.all(&wanted[..1]).await;
    let left = vpp.dump(AclDump { acl_index: u32::MAX }).await.unwrap();
    assert_eq!(left.iter().map(|acl| acl.acl_index).collect::<Vec<_>>(), [0]);
}

#[tokio::test]
async fn a_macip_acl_that_others_apply_is_not_replaced() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let vpp = beside(&target).await;
    let ours = erase(world::loopback("ours", 0, &[]));
    agent.all(std::slice::from_ref(&ours)).await;
    let theirs = MacipAclAdd { tag: "theirs".try_into().unwrap(), ..MacipAclAdd::default() };
    let acl_index = vpp.call(theirs).await.unwrap().acl_index;
    let apply = MacipAclInterfaceAddDel { is_add: true, sw_if_index: 1, acl_index };
    vpp.call(apply.clone()).await.unwrap();
    let txn = |values: &[Anything]| Txn {
        changes: values.iter().cloned().map(Intent::put).collect(),
        complete: true,
        ..Txn::default()
    };
    let report = agent.scheduler.commit(txn(&[erase(on_ours("acl", macip()))])).await.unwrap();
    let [failed] = &report.failed[..] else { panic!("{:?}", report.failed) };
    assert_eq!(&*failed.key, "vpp/acl/acl/interface/ingress/ours");
    assert_eq!(
        failed.error.to_string(),
        "the interface applies MACIP ACL 0 of somebody else, and VPP allows one at a time; take that away first"
    );
    let there = || vpp.dump(MacipAclInterfaceListDump { sw_if_index: 1 });
    assert_eq!(there().await.unwrap()[0].acls[..], [acl_index]);
    // Nor is it taken away together with ours.
    vpp.call(MacipAclInterfaceAddDel { is_add: false, ..apply.clone() }).await.unwrap();
    agent.resync(Resync::Downstream, &[]).await;
    assert_ne!(there().await.unwrap()[0].acls[..], [acl_index]);
    vpp.call(apply).await.unwrap();
    agent.all(&[ours]).await;
    assert_eq!(there().await.unwrap()[0].acls[..], [acl_index]);
}
