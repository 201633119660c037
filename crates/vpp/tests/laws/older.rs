//! What older releases tell less well than the newest, on simulated ones.

use crate::l3::range;
use crate::{start, world};
use model::models::erase;
use model::proto::ligato::vpp::l3::{ProxyArp, VrfTable};
use sched::Resync;
use sim::{Sim, SimConfig};
use testkit::laws::{self, Agent, Anything};
use testkit::target::Dir;

fn proxy_arp(ranges: &[(u32, u8)]) -> Anything {
    let ranges = ranges.iter().map(|&(vrf, last)| range(vrf, last)).collect();
    erase(ProxyArp { ranges, ..ProxyArp::default() })
}

fn changes(agent: &Agent) -> Vec<(&'static str, u64)> {
    (agent.sent)().into_iter().filter(|(name, sent)| name.contains("add_del") && *sent > 0).collect()
}

/// VPP tells a number of its own for the table of a range. Tables that came and went leave numbers unused.
#[tokio::test]
async fn ranges_are_found_by_a_number_that_is_not_the_tables() {
    let dir = Dir::new();
    let socket = dir.path().join("api.sock");
    let sim = Sim::spawn(&socket, SimConfig { release: "23.06".into(), ..SimConfig::default() }).unwrap();
    let agent = start(&socket, laws::config()).await;
    let mut tables: Vec<Anything> =
        [90, 80, 70].map(|id| erase(VrfTable { id, ..VrfTable::default() })).into();
    agent.all(&tables).await;
    // The second goes, and leaves its number unused.
    tables.remove(1);
    tables.extend(world::loopbacks());
    tables.retain(|value| !value.key().ends_with("loop-b"));
    agent.all(&tables).await;
    let mut all = tables.clone();
    all.push(proxy_arp(&[(0, 9), (90, 9), (70, 9), (70, 200)]));
    agent.all(&all).await;
    let before = (agent.raw)().await;
    assert!(before.contains("ProxyArp { table_id: 3,"), "the number of table 70:\n{before}");
    let agent = start(&socket, laws::config()).await;
    agent.all(&all).await;
    assert_eq!(changes(&agent), []);
    // One is removed, in the right table.
    tables.push(proxy_arp(&[(0, 9), (90, 9), (70, 200)]));
    agent.resync(Resync::Full, &tables).await;
    assert_eq!(changes(&agent), [("proxy_arp_add_del", 1)]);
    let left = (agent.raw)().await;
    assert_eq!(left.matches("ProxyArp { table_id: 3,").count(), 1, "{left}");
    assert_eq!(left.matches("ProxyArp { table_id: 1,").count(), 1, "{left}");
    drop(sim);
}
