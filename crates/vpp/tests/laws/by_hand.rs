//! What is done behind the agent's back: what is ours is put right, what is somebody else's is left alone.

use crate::start;
use crate::world::{loopback, vrfs};
use model::models::erase;
use model::proto::ligato::vpp::l3::Route;
use sched::{Resync, Select, State};
use testkit::laws::{self, Anything};
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
