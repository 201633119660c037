//! Many objects: all of them are retrieved at once, and nothing grows faster than they do.

use crate::start;
use crate::world::loopback;
use model::models::erase;
use testkit::laws::{self, Anything};
use testkit::target::Target;

/// All calls so far.
fn calls(agent: &laws::Agent) -> u64 {
    (agent.sent)().iter().map(|(_, sent)| sent).sum()
}

/// Calls of this name so far.
fn called(agent: &laws::Agent, name: &str) -> u64 {
    (agent.sent)().iter().find(|(sent, _)| *sent == name).map_or(0, |(_, sent)| *sent)
}

#[tokio::test]
async fn each_interface_is_asked_once_for_what_only_it_can_tell() {
    const N: u64 = 20;
    let target = Target::new();
    let loops = (0..N).map(|i| erase(loopback(&format!("loop-{i}"), 0, &[&format!("10.{i}.0.1/24")])));
    let loops: Vec<Anything> = loops.collect();
    start(&target.socket(), laws::config()).await.all(&loops).await;
    let agent = start(&target.socket(), laws::config()).await;
    let asked =
        |agent: &laws::Agent| ["ip_address_dump", "sw_interface_get_table"].map(|name| called(agent, name));
    // Of both versions of IP, and local0 as well.
    let once = 2 * (N + 1);
    assert_eq!(asked(&agent), [once, once], "at the start");
    agent.all(&loops).await;
    assert_eq!(asked(&agent), [2 * once, 2 * once], "at a comparison");
    let select = sched::Select::Descriptor("vpp-interface".to_owned());
    assert_eq!(agent.scheduler.retrieve(select).await.unwrap().len() as u64, N + 1);
    assert_eq!(asked(&agent), [3 * once, 3 * once], "for who only looks");
}

#[tokio::test]
async fn calls_grow_with_the_objects() {
    let target = Target::new();
    let mut before = 0;
    for n in [100u32, 200, 400] {
        let values = (0..n).map(|i| {
            let address = format!("10.{}.{}.1/24", i / 256, i % 256);
            erase(loopback(&format!("loop-{i}"), 0, &[&address]))
        });
        let values: Vec<Anything> = values.collect();
        start(&target.socket(), laws::config()).await.all(&values).await;
        // A new agent that finds them all.
        let agent = start(&target.socket(), laws::config()).await;
        let found = calls(&agent);
        assert!(before == 0 || found < 2 * before + 50, "{found} calls for {n}, {before} for half of them");
        before = found;
    }
}
