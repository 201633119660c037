//! Keys hold addresses as users write them. VPP shows them in one way.

use crate::start;
use crate::world;
use model::models::erase;
use model::proto::ligato::vpp::l2::FibEntry;
use model::proto::ligato::vpp::l3::route::RouteType;
use model::proto::ligato::vpp::l3::{ArpEntry, Route, TeibEntry};
use sched::Resync;
use testkit::laws::{self, Anything};
use testkit::target::Target;

fn odd() -> Vec<Anything> {
    let route = Route { dst_network: "fd40::/64".into(), weight: 1, ..Route::default() };
    let mut all = world::domain();
    all.extend([
        erase(FibEntry {
            phys_address: "02:00:00:00:01:AB".into(),
            bridge_domain: "bd-a".into(),
            outgoing_interface: "loop-b".into(),
            static_config: true,
            ..FibEntry::default()
        }),
        erase(Route {
            next_hop_addr: "FD01:0::9".into(),
            outgoing_interface: "loop-a".into(),
            ..route.clone()
        }),
        erase(Route {
            vrf_id: 1,
            next_hop_addr: "::".into(),
            outgoing_interface: "loop-b".into(),
            ..route.clone()
        }),
        erase(Route {
            vrf_id: 2,
            outgoing_interface: "loop-b".into(),
            r#type: RouteType::Drop.into(),
            ..route
        }),
        erase(ArpEntry {
            interface: "loop-a".into(),
            ip_address: "FD01:0::9".into(),
            phys_address: "02:00:00:00:00:AB".into(),
            r#static: true,
        }),
        erase(TeibEntry {
            interface: "loop-a".into(),
            peer_addr: "FD01:0::9".into(),
            next_hop_addr: "FD02:0::9".into(),
            vrf_id: 0,
        }),
    ]);
    all
}

#[tokio::test]
async fn what_is_spelled_in_another_way_is_found_again() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    agent.all(&odd()).await;
    let before = (agent.raw)().await;
    // It has compared VPP before it hears what is wanted.
    let agent = start(&target.socket(), laws::config()).await;
    agent.resync(Resync::None, &odd()).await;
    let sent = (agent.sent)();
    let changing = sent.iter().filter(|(name, sent)| name.contains("add_del") && *sent > 0);
    assert_eq!(changing.collect::<Vec<_>>(), Vec::<&(&str, u64)>::new());
    assert_eq!((agent.raw)().await, before);
    agent.all(&[]).await;
}
