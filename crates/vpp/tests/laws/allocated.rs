//! What is allocated, found before anybody says what it is.

use crate::{start, world};
use model::models::erase;
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::l3::Route;
use sched::{Intent, State, Txn};
use testkit::laws::{self, Agent, Anything};
use testkit::target::Target;

fn changes(agent: &Agent) -> Vec<(&'static str, u64)> {
    (agent.sent)().into_iter().filter(|(name, sent)| name.contains("add_del") && *sent > 0).collect()
}

/// Its users come first, and wait; then the allocation comes, and with it what they are is known.
#[tokio::test]
async fn users_are_known_again_when_their_allocation_comes() {
    let target = Target::new();
    let ip_addresses = vec!["alloc:blue".to_owned()];
    let mut users: Vec<Anything> =
        vec![erase(Interface { ip_addresses, ..world::loopback("loop-x", 0, &[]) })];
    users.push(erase(Route {
        dst_network: "10.40.1.0/24".into(),
        next_hop_addr: "alloc:blue/GW".into(),
        outgoing_interface: "loop-x".into(),
        weight: 1,
        ..Route::default()
    }));
    let all: Vec<Anything> = world::allocations().into_iter().chain(users.clone()).collect();
    let agent = start(&target.socket(), laws::config()).await;
    agent.all(&all).await;
    let before = (agent.raw)().await;
    drop(agent);
    let agent = start(&target.socket(), laws::config()).await;
    let put = |values: Vec<Anything>| {
        let changes = values.into_iter().map(Intent::put).collect();
        agent.scheduler.commit(Txn { changes, statuses: true, ..Txn::default() })
    };
    let waiting = put(users.clone()).await.unwrap();
    let address = |report: &sched::Report| {
        let parts = report.statuses.iter().flat_map(|status| &status.derived);
        let mut parts = parts.filter(|part| part.key.contains("alloc_ref"));
        parts.next().map(|part| part.state)
    };
    assert_eq!(address(&waiting), Some(State::Pending));
    put(world::allocations()).await.unwrap();
    let there = put(users).await.unwrap();
    assert_eq!(address(&there), Some(State::Configured));
    assert_eq!(changes(&agent), []);
    assert_eq!((agent.raw)().await, before);
}
