//! Links and addresses of others, as they come and go.

use crate::agent::start;
use crate::features::veth;
use crate::until::{eventually, until};
use linux::netlink::socket::listen;
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::interfaces::interface::Type;
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use model::value::{Model, Value, key_of};
use sched::{Intent, Resync, State, Txn};
use std::fs::File;
use std::io::Read;
use std::net::UdpSocket;
use std::time::Duration;
use testkit::laws::{Agent, config};
use testkit::target::Target;

#[tokio::test]
async fn addresses_of_others_are_followed_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    let uplink = Interface {
        name: "uplink".into(),
        r#type: Type::Existing.into(),
        host_if_name: "ext0".into(),
        link_only: true,
        ip_addresses: vec!["192.0.2.9/24".into(), "2001:db8::9/64".into()],
        ..Interface::default()
    };
    let txn = Txn { changes: vec![Intent::put(erase(uplink))], ..Txn::default() };
    agent.scheduler.commit(txn).await.unwrap();
    let base = "config/linux/interfaces/v2/interface/uplink";
    let parts = ["192.0.2.9/24", "2001:db8::9/64"]
        .map(|text| format!("linux/interface/uplink/address/existing/{text}"));
    until(&agent.scheduler, base, State::Pending).await;
    own.run("ip link add name ext0 type veth peer name ext1");
    own.run("ip link set ext0 up");
    until(&agent.scheduler, base, State::Configured).await;
    for _ in 0..3 {
        for (part, text) in parts.iter().zip(["192.0.2.9/24", "2001:db8::9/64"]) {
            until(&agent.scheduler, part, State::Pending).await;
            own.run(&format!("ip addr add {text} dev ext0"));
            until(&agent.scheduler, part, State::Configured).await;
        }
        for (part, text) in parts.iter().zip(["192.0.2.9/24", "2001:db8::9/64"]) {
            own.run(&format!("ip addr del {text} dev ext0"));
            until(&agent.scheduler, part, State::Pending).await;
        }
    }
    // What a comparison found before it was told of goes all the same.
    for _ in 0..20 {
        own.run("ip addr add 192.0.2.9/24 dev ext0");
        let txn = Txn { resync: Resync::Downstream, ..Txn::default() };
        agent.scheduler.commit(txn).await.unwrap();
        own.run("ip addr del 192.0.2.9/24 dev ext0");
        until(&agent.scheduler, &parts[0], State::Pending).await;
    }
    // Another link under the name is another one.
    own.run("ip addr add 192.0.2.9/24 dev ext0");
    until(&agent.scheduler, &parts[0], State::Configured).await;
    own.run("ip link del ext0");
    until(&agent.scheduler, base, State::Pending).await;
    own.run("ip link add name ext0 type veth peer name ext1");
    own.run("ip link set ext0 up");
    until(&agent.scheduler, base, State::Configured).await;
    until(&agent.scheduler, &parts[0], State::Pending).await;
}

/// Whatever somebody put in the place of a route of ours is not ours to remove, or to replace.
#[tokio::test]
async fn routes_of_others_stay_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    let pair = [veth("left", "right", &["10.1.1.1/24", "2001:db8:1::1/64"]), veth("right", "left", &[])];
    let txn = Txn { changes: pair.map(|end| Intent::put(erase(end))).into(), ..Txn::default() };
    agent.scheduler.commit(txn).await.unwrap();
    for (to, by, other) in [
        ("10.40.0.0/16", "10.1.1.9", "10.1.1.8"),
        ("10.41.0.0/16", "", "10.1.1.8"),
        ("2001:db8:40::/64", "2001:db8:1::9", "2001:db8:1::8"),
    ] {
        let version = if to.contains(':') { "-6" } else { "-4" };
        let shown = || own.run(&format!("ip {version} route show {to}"));
        let key = key_of::<Route>(&Model::name(&route(to, by)));
        let via =
            if by.is_empty() { "dev left scope global".to_owned() } else { format!("via {by} dev left") };
        for theirs in [format!("{via} proto static metric 100"), format!("{via} proto static")] {
            for update in [false, true] {
                let put = Txn { changes: vec![Intent::put(erase(route(to, by)))], ..Txn::default() };
                agent.scheduler.commit(put).await.unwrap();
                own.run(&format!("ip {version} route del {to}"));
                own.run(&format!("ip {version} route add {to} {theirs}"));
                if update {
                    let put = Txn { changes: vec![Intent::put(erase(route(to, other)))], ..Txn::default() };
                    let _ = agent.scheduler.commit(put).await;
                    assert!(shown().contains("proto static"), "updated: {theirs}: {}", shown());
                }
                let delete = Txn { changes: vec![Intent::delete(key.to_string())], ..Txn::default() };
                agent.scheduler.commit(delete).await.unwrap();
                assert!(shown().contains("proto static"), "deleted: {theirs}: {}", shown());
                assert!(!shown().contains("proto 176"), "deleted: {theirs}: {}", shown());
                own.run(&format!("ip {version} route del {to}"));
            }
        }
        // One that is as it should be is taken as it is, and stays nevertheless.
        own.run(&format!("ip {version} route add {to} {via} proto static"));
        let put = Txn { changes: vec![Intent::put(erase(route(to, by)))], ..Txn::default() };
        agent.scheduler.commit(put).await.unwrap();
        until(&agent.scheduler, &key, State::Configured).await;
        assert!(!shown().contains("proto 176"), "{}", shown());
        let delete = Txn { changes: vec![Intent::delete(key.to_string())], ..Txn::default() };
        agent.scheduler.commit(delete).await.unwrap();
        assert!(shown().contains("proto static"), "{}", shown());
    }
}

/// Packets have a way all the time while a route gets another gateway.
#[tokio::test]
async fn another_gateway_leaves_no_gap_in_netns() {
    const GROUPS: u32 = 0x40 | 0x400; // RTMGRP_IPV4_ROUTE, RTMGRP_IPV6_ROUTE
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    let commit = async |changes| {
        let txn = Txn { changes, ..Txn::default() };
        agent.scheduler.commit(txn).await.unwrap()
    };
    let pair = [veth("left", "right", &["10.1.1.1/24", "2001:db8:1::1/64"]), veth("right", "left", &[])];
    commit(pair.map(|end| Intent::put(erase(end))).into()).await;
    for (to, gateways) in
        [("10.40.0.0/16", ["10.1.1.9", "10.1.1.8"]), ("2001:db8:40::/64", ["2001:db8:1::9", "2001:db8:1::8"])]
    {
        let by = |gateway| vec![Intent::put(erase(route(to, gateway)))];
        commit(by(gateways[0])).await;
        let mut heard = File::from(own.inside(|| listen(GROUPS, Duration::from_secs(10), None).unwrap()));
        commit(by(gateways[1])).await;
        let mut kind = || {
            let mut datagram = [0; 4096];
            let length = heard.read(&mut datagram).unwrap();
            assert!(length > 16, "{length}");
            u16::from_ne_bytes([datagram[4], datagram[5]])
        };
        // RTM_NEWROUTE, RTM_DELROUTE
        assert_eq!([kind(), kind()], [24, 25], "{to}");
    }
}

fn route(dst_network: &str, gw_addr: &str) -> Route {
    Route {
        outgoing_interface: "left".into(),
        scope: Scope::Global.into(),
        dst_network: dst_network.into(),
        gw_addr: gw_addr.into(),
        metric: 0,
    }
}

#[tokio::test]
async fn ipv6_is_enabled_on_the_loopback_too_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    own.run("ip link set lo up");
    own.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
    let pair = [veth("left", "right", &["2001:db8:1::1/64"]), veth("right", "left", &[])];
    put(&agent, pair.map(|end| Intent::put(erase(end))).into()).await;
    // Once nobody else on the wire has the address.
    let heard = || {
        let socket = UdpSocket::bind("[2001:db8:1::1]:0").ok()?;
        socket.set_read_timeout(Some(Duration::from_millis(100))).ok()?;
        socket.send_to(b"itself", socket.local_addr().ok()?).ok()?;
        socket.recv(&mut [0; 9]).ok()
    };
    eventually("packets reach the interface's own address", || own.inside(heard).is_some()).await;
}

#[tokio::test]
async fn addresses_of_links_between_two_are_removed_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    let pair = [veth("left", "right", &["10.9.0.1/32", "10.1.1.1/24"]), veth("right", "left", &[])];
    put(&agent, pair.map(|end| Intent::put(erase(end))).into()).await;
    own.run("ip addr add 10.1.1.7/24 dev left");
    own.run("ip addr add 10.9.0.1 peer 10.9.0.2 dev left");
    own.run("ip addr add 2001:db8:9::1 peer 2001:db8:9::2 dev left");
    let compare = Txn { resync: Resync::Downstream, complete: true, ..Txn::default() };
    let removed = agent.scheduler.commit(compare.clone()).await.unwrap();
    assert_eq!((removed.done, agent.scheduler.commit(compare).await.unwrap().done), (3, 0));
    let shown = own.run("ip addr show dev left");
    assert!(!shown.contains("peer"), "{shown}");
    assert!(shown.contains("10.9.0.1/32") && shown.contains("10.1.1.1/24"), "{shown}");
}

#[tokio::test]
async fn links_that_somebody_renamed_are_removed_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    let pair = [veth("left", "right", &[]), veth("right", "left", &[])];
    let keys = pair.clone().map(|end| end.key());
    put(&agent, pair.map(|end| Intent::put(erase(end))).into()).await;
    for end in ["left", "right"] {
        own.run(&format!("ip link set {end} down"));
        own.run(&format!("ip link set {end} name {end}2"));
    }
    put(&agent, keys.map(Intent::delete).into()).await;
    let links = own.run("ip -br link");
    assert!(!links.contains("left2") && !links.contains("right2"), "{links}");
}

async fn put(agent: &Agent, changes: Vec<Intent>) {
    agent.scheduler.commit(Txn { changes, ..Txn::default() }).await.unwrap();
}

/// What the kernel says about a value that it does not take is said to who asked for it.
#[tokio::test]
async fn refusals_say_why_and_what_to_do_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = start(&target.socket(), config()).await;
    own.run("ip link add name left type veth peer name theirs");
    let pair = [veth("left", "right", &[]), veth("right", "left", &[])];
    let error = refused(&agent, pair.map(|end| Intent::put(erase(end))).into()).await;
    assert!(error.contains("rename that, or give this one another host_if_name"), "{error}");
    own.run("ip link del left");
    let pair = [veth("left", "right", &["10.1.1.1/24"]), veth("right", "left", &[])];
    put(&agent, pair.map(|end| Intent::put(erase(end))).into()).await;
    let broadcast = Route { scope: Scope::Global.into(), ..route("10.40.0.0/16", "10.1.1.255") };
    let error = refused(&agent, vec![Intent::put(erase(broadcast))]).await;
    assert!(error.contains(": Nexthop has invalid gateway"), "{error}");
}

/// What is said about the first of these changes that is not done.
async fn refused(agent: &Agent, changes: Vec<Intent>) -> String {
    format!("{:?}", agent.scheduler.commit(Txn { changes, ..Txn::default() }).await)
}
