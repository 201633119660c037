//! What is done behind the agent's back: what is ours is put right, what is somebody else's is left alone.

use crate::start;
use crate::world::{loopback, vrfs};
use model::models::erase;
use model::proto::ligato::vpp::interfaces::Span;
use model::proto::ligato::vpp::interfaces::span::Direction;
use model::proto::ligato::vpp::l3::l3x_connect::Path;
use model::proto::ligato::vpp::l3::{L3xConnect, Route, TeibEntry, VrrpEntry};
use sched::{Resync, Select, State};
use std::time::{Duration, Instant};
use testkit::laws::{self, Agent, Anything};
use testkit::target::Target;

fn ours() -> Vec<Anything> {
    let mut all = vrfs();
    all.push(erase(loopback("ours", 0, &["10.1.1.1/24", "10.1.2.1/24"])));
    let via = ("10.1.1.9".to_owned(), "ours".to_owned());
    all.push(erase(Route {
        dst_network: "10.40.0.0/16".into(),
        next_hop_addr: via.0,
        outgoing_interface: via.1,
        weight: 1,
        ..Route::default()
    }));
    all
}

#[tokio::test]
async fn what_is_not_ours_stays_and_is_obtained() {
    let target = Target::new();
    target.cli("create loopback interface");
    target.cli("set interface state loop0 up");
    target.cli("set interface ip address loop0 10.9.9.9/24");
    target.cli("ip route add 10.77.0.0/16 via 10.9.9.7 loop0");
    target.cli("ip table add 99");
    target.cli("create bridge-domain 500");
    let agent = start(&target.socket(), laws::config()).await;
    let before = (agent.raw)().await;
    agent.all(&ours()).await;
    agent.all(&ours()).await;
    for key in [
        "config/vpp/v2/interfaces/UNTAGGED-loop0",
        "config/vpp/v2/vrf-table/id/99/protocol/IPV4",
        "config/vpp/l2/v2/bridge-domain/UNTAGGED-500",
        "vpp/interface/UNTAGGED-loop0/address/static/10.9.9.9/24",
    ] {
        let statuses = agent.scheduler.statuses(Select::Key(key.to_owned())).await;
        assert_eq!(statuses[0].value.state, State::Obtained, "{key}");
    }
    agent.all(&[]).await;
    assert_eq!((agent.raw)().await, before, "VPP as it was before");
}

/// Does something by hand, and expects a comparison to undo it.
async fn mended(commands: &[&str]) {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    agent.all(&ours()).await;
    let before = (agent.raw)().await;
    commands.iter().for_each(|command| drop(target.cli(command)));
    assert_ne!((agent.raw)().await, before, "{commands:?} changed nothing");
    agent.resync(Resync::Downstream, &[]).await;
    assert_eq!((agent.raw)().await, before, "{commands:?} was not undone");
}

#[tokio::test]
async fn an_added_address_is_removed() {
    mended(&["set interface ip address loop0 10.66.0.1/24"]).await;
}

#[tokio::test]
async fn a_removed_address_comes_back() {
    mended(&["set interface ip address del loop0 10.1.2.1/24"]).await;
}

#[tokio::test]
async fn an_interface_set_down_comes_up() {
    mended(&["set interface state loop0 down"]).await;
}

#[tokio::test]
async fn a_deleted_interface_comes_back_with_all_that_hangs_on_it() {
    mended(&["delete loopback interface intfc loop0"]).await;
}

fn router(interval: u32) -> VrrpEntry {
    VrrpEntry {
        interface: "ours".into(),
        vr_id: 7,
        priority: 100,
        interval,
        accept: true,
        ip_addresses: vec!["10.1.1.254".into()],
        enabled: true,
        ..VrrpEntry::default()
    }
}

/// VPP forgets neither cross-connects, nor virtual routers, nor TEIB entries of an interface that is deleted by hand,
/// and the next interface gets its number.
#[tokio::test]
async fn what_a_deleted_interface_leaves_behind_is_replaced() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let mut all = ours();
    let path = Path { outgoing_interface: "out".into(), weight: 1, ..Path::default() };
    all.push(erase(loopback("out", 0, &[])));
    all.push(erase(L3xConnect { interface: "ours".into(), paths: vec![path], ..L3xConnect::default() }));
    all.push(erase(router(60_000)));
    all.push(erase(TeibEntry {
        interface: "ours".into(),
        peer_addr: "10.1.1.9".into(),
        next_hop_addr: "10.3.3.9".into(),
        vrf_id: 0,
    }));
    agent.all(&all).await;
    let before = (agent.raw)().await;
    target.cli("delete loopback interface intfc loop0");
    agent.resync(Resync::Downstream, &[]).await;
    assert_eq!((agent.raw)().await, before);
    agent.all(&[]).await;
}

/// Neither does it forget that packets are copied: the next interface with the number would have its packets copied.
#[tokio::test]
async fn a_copy_to_or_from_an_interface_that_was_deleted_is_cleared() {
    for deleted in ["loop0", "loop1"] {
        let target = Target::new();
        let agent = start(&target.socket(), laws::config()).await;
        let ends = [loopback("from", 0, &[]), loopback("to", 0, &[])].map(erase);
        let (interface_from, interface_to) = ("from".to_owned(), "to".to_owned());
        let span =
            Span { interface_from, interface_to, direction: Direction::Both.into(), ..Span::default() };
        agent.all(&ends).await;
        let before = (agent.raw)().await;
        agent.all(&[&ends[..], &[erase(span)]].concat()).await;
        assert_ne!((agent.raw)().await, before);
        target.cli(&format!("delete loopback interface intfc {deleted}"));
        agent.all(&ends).await;
        assert_eq!((agent.raw)().await, before, "{deleted}");
    }
}

fn address_of(name: &str, address: &str) -> String {
    format!("vpp/interface/{name}/address/static/{address}")
}

async fn state_of(agent: &Agent, key: &str) -> Option<State> {
    let found = agent.scheduler.statuses(Select::Key(key.to_owned())).await;
    found.first().map(|status| status.value.state)
}

/// A virtual router that hears no other becomes master after a moment, and puts its address on the interface.
#[tokio::test]
async fn the_address_of_a_master_is_left_to_it() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let mut all = ours();
    let without = {
        agent.all(&all).await;
        (agent.raw)().await
    };
    all.push(erase(router(10)));
    agent.all(&all).await;
    if let Some(sim) = target.sim() {
        sim.elect_routers("loop0").unwrap();
    }
    let key = address_of("ours", "10.1.1.254/24");
    let began = Instant::now();
    while state_of(&agent, &key).await != Some(State::Obtained) {
        assert!(began.elapsed() < Duration::from_secs(30), "nobody became master");
        agent.resync(Resync::Downstream, &[]).await;
    }
    let before = (agent.sent)();
    agent.resync(Resync::Downstream, &[]).await;
    let changed = |sent: &[(&str, u64)]| sent.iter().filter(|(name, _)| name.contains("address")).count();
    assert_eq!(changed(&(agent.sent)()), changed(&before));
    agent.all(&ours()).await;
    assert_eq!((agent.raw)().await, without, "it takes its address along");
}
