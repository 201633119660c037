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
