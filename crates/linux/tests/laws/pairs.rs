//! Pairs: two interfaces that come and go together. The laws look at one end; here is what concerns both.

use crate::agent::{LABEL, other, run_in_other, start};
use crate::features::{elsewhere, pair, veth};
use linux::netlink::ethtool::{Ethtool, Offload};
use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::interface::Link;
use model::proto::ligato::linux::interfaces::{Interface, VethLink};
use model::value::Model;
use sched::{Intent, Resync, Select, State, Txn};
use testkit::laws::{Agent, Anything, config, of_type};
use testkit::target::Target;

async fn agent_on(target: &Target) -> Agent {
    start(&target.socket(), config()).await
}

fn values(pair: impl IntoIterator<Item = Interface>) -> Vec<Anything> {
    pair.into_iter().map(erase).collect()
}

/// Requests that changed something since the agent started.
fn changing(agent: &Agent) -> Vec<(&'static str, u64)> {
    (agent.sent)().into_iter().filter(|(name, _)| !testkit::wire::only_asks(name)).collect()
}

async fn state(agent: &Agent, name: &str) -> State {
    let key = model::value::key_of::<Interface>(name);
    agent
        .scheduler
        .statuses(Select::Key(key))
        .await
        .first()
        .map_or(State::Nonexistent, |status| status.value.state)
}

/// The number of a link in the agent's own namespace.
fn index(target: &Target, host: &str) -> String {
    let shown = target.netns().unwrap().run(&format!("ip -o link show {host}"));
    shown.split(':').next().unwrap().to_owned()
}

#[tokio::test]
async fn both_ends_come_and_go_in_netns() {
    let target = Target::linux();
    let agent = agent_on(&target).await;
    let empty = (agent.raw)().await;
    agent.all(&values(pair())).await;
    let shown = run_in_other("ip link show eth0") + &run_in_other("ip addr show eth0");
    for part in
        ["alias /vnf-agent/laws/right/left", "inet 10.1.1.2/24 brd 10.1.1.255", "inet6 2001:db8:1::2/64"]
    {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let own = target.netns().unwrap();
    assert!(own.run("ip link show left").contains("alias /vnf-agent/laws/left/right"));
    own.run("ping -c 1 -W 5 10.1.1.2");
    let delete = Txn { changes: vec![Intent::delete(erase(pair()[1].clone()).key())], ..Txn::default() };
    agent.scheduler.commit(delete).await.unwrap();
    assert_eq!(
        (state(&agent, "left").await, state(&agent, "right").await),
        (State::Pending, State::Nonexistent)
    );
    assert_eq!((agent.raw)().await, empty);
    agent.all(&values(pair())).await;
    agent.all(&[]).await;
    assert_eq!((agent.raw)().await, empty);
}

#[tokio::test]
async fn a_restarted_agent_finds_them_in_netns() {
    let target = Target::linux();
    let slashes = {
        let [left, right] = [veth("a/b", "c/d", &[]), veth("c/d", "a/b", &["10.5.5.1/24"])];
        let host = |i: Interface, host: &str| Interface { host_if_name: host.into(), ..i };
        [host(left, "ab"), Interface { namespace: elsewhere(), ..host(right, "cd") }]
    };
    let wanted: Vec<Anything> = pair().into_iter().chain(slashes).map(erase).collect();
    let first = agent_on(&target).await;
    first.all(&wanted).await;
    let raw = (first.raw)().await;
    let second = agent_on(&target).await;
    second.all(&wanted).await;
    assert_eq!(changing(&second), []);
    assert_eq!((second.raw)().await, raw);
}

#[tokio::test]
async fn what_can_changes_in_place_in_netns() {
    let target = Target::linux();
    let agent = agent_on(&target).await;
    agent.all(&values(pair())).await;
    let before = index(&target, "left");
    let [left, right] = pair();
    let changed = Interface { mtu: 1400, phys_address: "02:00:00:00:00:aa".into(), ..left.clone() };
    agent.all(&values([changed, right.clone()])).await;
    let shown = target.netns().unwrap().run("ip link show left");
    assert!(shown.contains("mtu 1400") && shown.contains("02:00:00:00:00:aa"), "{shown}");
    agent.all(&values([Interface { enabled: false, ..left.clone() }, right.clone()])).await;
    let shown = target.netns().unwrap().run("ip addr show left");
    // The kernel would take the address of IPv6 away.
    for part in ["mtu 1500", "state DOWN", "10.1.1.1/24", "2001:db8:1::1/64"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert_eq!(index(&target, "left"), before);
    // Another name in Linux, or another namespace, is another pair.
    agent.all(&values([Interface { host_if_name: "eth1".into(), ..left.clone() }, right.clone()])).await;
    assert_ne!(index(&target, "eth1"), before);
    agent.all(&values([left, Interface { namespace: None, ..right }])).await;
    assert!(target.netns().unwrap().run("ip addr show eth0").contains("10.1.1.2/24"));
}

#[tokio::test]
async fn removing_an_address_leaves_the_others_of_its_network_in_netns() {
    let target = Target::linux();
    let agent = agent_on(&target).await;
    let with = |addresses: &[&str]| values([veth("left", "right", addresses), pair()[1].clone()]);
    agent.all(&with(&["10.1.1.1/24", "10.1.1.3/24", "10.1.1.4/24"])).await;
    agent.all(&with(&["10.1.1.3/24", "10.1.1.4/24"])).await;
    let shown = target.netns().unwrap().run("ip addr show left");
    assert!(shown.contains("10.1.1.3/24") && shown.contains("10.1.1.4/24"), "{shown}");
    assert!(!shown.contains("10.1.1.1/24"), "{shown}");
}

/// The group of what an agent with this label has not finished: a number made of the label.
fn unfinished() -> u32 {
    let hash = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    LABEL.bytes().fold(0x811c_9dc5, hash) >> 1 | 1 << 30
}

#[tokio::test]
async fn what_an_earlier_agent_did_not_finish_is_finished_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let pair = |left: &str, right: &str, group: &str| {
        own.run(&format!("ip link add name {left} {group} type veth peer name {right} {group}"));
    };
    let mark = |link: &str, alias: &str| {
        own.run(&format!("ip link set dev {link} group 0 alias /vnf-agent/{LABEL}/{alias}"));
    };
    // As it leaves them: right after it made a pair, with one end marked; wanted still, or not any more.
    let group = format!("group {}", unfinished());
    pair("left", "right", &group);
    pair("one", "two", &group);
    mark("one", "one/two");
    pair("gone", "lost", &group);
    // As the reference leaves them, under passing names.
    pair("veth-1", "veth-2", "");
    mark("veth-1", "third/fourth");
    mark("veth-2", "fourth/third");
    // Those of others, one of them in a group.
    pair("theirs", "others", "group 7");
    let agent = agent_on(&target).await;
    let third = [veth("third", "fourth", &[]), veth("fourth", "third", &[])];
    let one = [veth("one", "two", &[]), veth("two", "one", &[])];
    agent.all(&values([self::pair(), third, one].concat())).await;
    let links = own.run("ip -o link show type veth");
    let mut there: Vec<&str> =
        links.lines().map(|line| line.split([' ', '@', ':']).nth(2).unwrap_or_default()).collect();
    there.sort_unstable();
    assert_eq!(there, ["fourth", "left", "one", "others", "theirs", "third", "two"], "{links}");
    assert!(links.lines().all(|line| line.contains("group default") != line.contains("group 7")), "{links}");
    assert!(run_in_other("ip -o link").contains("eth0@"));
    agent.all(&[]).await;
    assert_eq!(own.run("ip -o link show type veth").lines().count(), 2);
}

#[tokio::test]
async fn a_link_that_is_called_so_already_stays_as_it_is_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let agent = agent_on(&target).await;
    for theirs in ["one", "two"] {
        own.run(&format!("ip link add name {theirs} type veth peer name theirs"));
        let before = own.run("ip -o link");
        let wanted = values([veth("one", "two", &[]), veth("two", "one", &[])]);
        let changes = wanted.iter().cloned().map(Intent::put).collect();
        let report = agent.scheduler.commit(Txn { changes, ..Txn::default() }).await.unwrap();
        let said: Vec<String> = report.failed.iter().map(|failed| failed.error.to_string()).collect();
        assert!(said.iter().any(|said| said.contains("EEXIST")), "{said:?}");
        assert_eq!(own.run("ip -o link"), before);
        own.run(&format!("ip link del {theirs}"));
        agent.all(&wanted).await;
        agent.all(&[]).await;
    }
}

#[tokio::test]
async fn ends_that_belong_to_no_pair_are_made_anew_in_netns() {
    let target = Target::linux();
    let agent = agent_on(&target).await;
    agent.all(&values(pair())).await;
    // Somebody takes the other end away and gives it another mark.
    run_in_other("ip link set dev eth0 alias somebody-else");
    let txn = Txn { resync: Resync::Downstream, ..Txn::default() };
    agent.scheduler.commit(txn).await.unwrap();
    agent.all(&values(pair())).await;
    assert!(run_in_other("ip link show eth0").contains("alias /vnf-agent/laws/right/left"));
    // Two that bear the same mark: one of them goes.
    let own = target.netns().unwrap();
    own.run("ip link add name again type veth peer name again-peer");
    own.run("ip link set dev again alias /vnf-agent/laws/left/right");
    agent.all(&values(pair())).await;
    let links = own.run("ip -o link");
    assert!(links.contains("left@") && !links.contains("again"), "{links}");
}

#[tokio::test]
async fn what_others_made_stays_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let netns = testkit::netns::Netns::new();
    own.wire("uplink", &netns, "far");
    own.run("ip link set dev uplink alias /vnf-agent/another/uplink/far");
    own.run("ip addr add 192.0.2.1/24 dev uplink");
    own.run("ip route add 198.51.100.0/24 via 192.0.2.9");
    own.run("ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev uplink");
    let agent = agent_on(&target).await;
    let before = (agent.raw)().await;
    agent.all(&values(pair())).await;
    // Theirs, on an interface of ours.
    own.run("ip route add 203.0.113.0/24 via 10.1.1.9");
    own.run("ip neigh add 10.1.1.8 lladdr 02:00:00:00:00:08 dev left");
    agent.all(&values(pair())).await;
    assert!(own.run("ip route").contains("203.0.113.0/24 via 10.1.1.9"));
    assert!(own.run("ip neigh show nud permanent").contains("10.1.1.8"));
    agent.all(&[]).await;
    assert_eq!((agent.raw)().await, before);
    drop(other());
}

#[tokio::test]
async fn a_kernel_without_dummies_says_so_in_netns() {
    let target = Target::linux();
    let agent = agent_on(&target).await;
    let dummy = Interface { name: "dummy1".into(), r#type: 6, enabled: true, ..Interface::default() };
    let has = target.netns().unwrap().attempt("ip link add name probe type dummy").is_ok();
    let txn = Txn { changes: vec![Intent::put(erase(dummy.clone()))], statuses: true, ..Txn::default() };
    let report = agent.scheduler.commit(txn).await.unwrap();
    match has {
        true => {
            target.netns().unwrap().run("ip link del probe");
            assert!(target.netns().unwrap().run("ip link show dummy1").contains("/vnf-agent/laws/dummy1"));
            agent.all(&[]).await;
            assert!(target.netns().unwrap().attempt("ip link show dummy1").is_err());
        }
        false => {
            let cause = report.failed[0].error.to_string();
            assert_eq!(
                cause,
                "this kernel has no links of type dummy (this kernel does not have that (EOPNOTSUPP, 95))"
            );
            assert_eq!(dummy.name(), "dummy1");
        }
    }
}

/// What the kernel does for the checksums of the links in the agent's own namespace.
async fn offloads(target: &Target) -> Vec<Offload> {
    let home = Some(target.socket());
    let linux = Linux::start(Config { home, ..Config::new("another") }).unwrap();
    let all = linux.home().run(|| Ethtool::open()?.all()).await.unwrap();
    all.unwrap().into_values().collect()
}

#[tokio::test]
async fn checksum_offload_is_set_and_found_in_netns() {
    let target = Target::linux();
    let agent = agent_on(&target).await;
    let with = |rx, tx| {
        let [left, right] = pair();
        let link =
            VethLink { peer_if_name: "right".into(), rx_checksum_offloading: rx, tx_checksum_offloading: tx };
        values([Interface { link: Some(Link::Veth(link)), ..left }, right])
    };
    for (rx, tx) in [(2, 2), (0, 0), (1, 2), (2, 1), (0, 2), (1, 1)] {
        let wanted = with(rx, tx);
        agent.all(&wanted).await;
        let is = Offload { rx: rx != 2, tx: tx != 2 };
        assert!(offloads(&target).await.contains(&is), "{is:?}");
        // Another agent finds it as it was asked for, and has nothing to do.
        let another = agent_on(&target).await;
        another.all(&wanted).await;
        assert_eq!(changing(&another), []);
        let shown = another.scheduler.retrieve(Select::Prefix(wanted[0].key())).await.unwrap();
        let i: &Interface = of_type(&*shown[0].value);
        let Some(Link::Veth(link)) = &i.link else { panic!("{i:?}") };
        assert_eq!((link.rx_checksum_offloading, link.tx_checksum_offloading), (rx, tx));
        // The link stays: it is changed where it is.
        agent.all(&wanted).await;
    }
    // One end asked for both, once.
    let made = (agent.sent)().into_iter().find(|(name, _)| *name == "RTM_NEWLINK").unwrap().1;
    assert_eq!(made, 1);
}
