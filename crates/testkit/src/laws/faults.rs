//! Laws about what is there after things went wrong.

use super::{Agent, Anything, Feature, Stage, Start, View, config, fine, same, same_view, without_chosen};
use crate::wire::{Fault, Faults, Tap};
use std::fmt::Debug;

/// How many values each fault is tried on; every call of each is hit once by every fault.
const SAMPLES: usize = 3;
/// VPP's `VNET_API_ERROR_UNSPECIFIED`, Linux's `EPERM`.
const UNSPECIFIED: i32 = -1;

async fn view(agent: &Agent, wanted: &[Anything], chosen: &[&str]) -> View {
    let mut view = agent.view().await;
    for value in wanted {
        if let Some(seen) = view.remove(&value.key()) {
            view.insert(value.key(), without_chosen(seen, &**value, chosen));
        }
    }
    view
}

/// Whatever call fails, is cut off before it or after it: by retry and comparison all gets as it would have been.
pub async fn faults_heal(start: Start, feature: &Feature) {
    let Some(stage) = Stage::new(start, feature) else { return };
    let socket = stage.target.socket();
    let tap = (!feature.linux).then(|| Tap::listen(&stage.target.dir().join("tap.sock"), &socket));
    let agent = start(tap.as_ref().map_or(&socket, Tap::socket), config()).await;
    let faults = agent.faults.as_ref().or(tap.as_ref().map(Tap::faults)).unwrap();
    fine(&agent.want(&feature.world).await, &"the world");
    agent.settle(&"the world").await;
    let raw = (agent.raw)().await;
    for (a, b) in feature.pairs(SAMPLES) {
        for fault in [Fault::Refuse(UNSPECIFIED), Fault::CutBefore, Fault::CutAfter] {
            let mut n = 0;
            while one_fault(&agent, faults, feature, [&a, &b], fault, n, &raw).await {
                n += 1;
            }
            assert!(n > 2, "{a:?} changed into {b:?} and deleted takes {n} calls");
        }
    }
}

/// Makes `a`, changes it into `b` and deletes it while call `n` fails. Returns false if there were fewer calls.
async fn one_fault(
    agent: &Agent,
    faults: &Faults,
    feature: &Feature,
    [a, b]: [&Anything; 2],
    fault: Fault,
    n: usize,
    raw: &str,
) -> bool {
    let about = format!("{fault:?} at call {n} of {a:?} to {b:?}");
    let wanted = |value| feature.with(value);
    faults.arm(n, fault);
    for value in [a, b] {
        agent.put(value).await;
        agent.settle(&about).await;
        // A part that is not wanted any more may still wait to be removed.
        fine(&agent.mend().await, &about);
        agent.settle(&about).await;
        let got = view(agent, &wanted(value), feature.chosen).await;
        let before = agent.changing();
        fine(&agent.mend().await, &about);
        assert_eq!(agent.changing(), before, "{about}: compared, and still not as wanted");
        assert!(got.contains_key(&value.key()), "{about}: {value:?} is not there");
    }
    agent.delete(b).await;
    agent.settle(&about).await;
    fine(&agent.mend().await, &about);
    let calls = faults.log();
    let met = !faults.disarm();
    same(&(agent.raw)().await, raw, &(about, "left behind after", calls));
    met
}

/// VPP dies and comes back empty while values are put into it: all of them are there in the end.
pub async fn restarts_heal(start: Start, feature: &Feature) {
    let Some(mut stage) = Stage::new(start, feature) else { return };
    let agent = stage.agent_with(&feature.world).await;
    for (a, b) in feature.pairs(SAMPLES) {
        let about: &dyn Debug = &(&a, &b);
        agent.put(&a).await;
        agent.settle(about).await;
        let expected = view(&agent, &feature.with(&a), feature.chosen).await;
        stage.target.restart();
        agent.settle_again(about, &a).await;
        same_view(&view(&agent, &feature.with(&a), feature.chosen).await, &expected, about);
        // In a thread of its own, so that it hits the transaction on its way.
        let Stage { mut target, start } = stage;
        let restart = tokio::task::spawn_blocking(move || {
            target.restart();
            target
        });
        let (_, target) = tokio::join!(agent.put(&b), restart);
        stage = Stage { target: target.unwrap(), start };
        agent.settle_again(about, &b).await;
        let before = agent.changing();
        fine(&agent.mend().await, about);
        assert_eq!(agent.changing(), before, "{b:?} was not as wanted after a restart, yet CONFIGURED");
        fine(&agent.delete(&b).await, &b);
    }
}

impl Agent {
    /// Waits until the VPP that has just started is as wanted.
    async fn settle_again(&self, about: &dyn Debug, value: &Anything) {
        let began = std::time::Instant::now();
        loop {
            // Until the loss is noticed, all seems well; only asking VPP tells.
            if let Ok(items) = self.scheduler.retrieve(sched::Select::Key(value.key())).await
                && !items.is_empty()
            {
                break;
            }
            let health = self.scheduler.health().borrow().clone();
            let late = began.elapsed() >= super::PATIENCE;
            assert!(!late, "{about:?} does not come back: {:?}\n{health:?}", self.unsettled().await);
            tokio::time::sleep(super::POLL).await;
        }
        self.settle(about).await;
    }
}
