//! Containers come and go. The task here has the engine tell of it, looks besides whether their processes are there still,
//! and tells the scheduler.

use super::engine::Events;
use super::{Microservice, Microservices, Standing, Tracker};
use crate::Linux;
use crate::reports::Following;
use model::value::Model;
use sched::{Notice, Scheduler};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval};

/// How often it is looked whether the process of a microservice is still there: the engine tells later, or not at all.
const EVERY: Duration = Duration::from_millis(200);
/// The pause before the engine is asked again after it was not there, at first and at last.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// Follows the containers, on the current runtime.
pub(crate) fn follow(linux: &Linux, scheduler: &Scheduler) -> Following {
    let follower = Follower {
        linux: linux.clone(),
        tracker: linux.tracker().clone(),
        scheduler: scheduler.clone(),
        all: false,
    };
    Following::by(follower.run())
}

struct Follower {
    linux: Linux,
    tracker: Arc<Tracker>,
    scheduler: Scheduler,
    /// The scheduler knows that all can be told.
    all: bool,
}

impl Follower {
    async fn run(mut self) {
        if !self.tracker.has_engine() {
            return;
        }
        let mut pause = PAUSES[0];
        loop {
            let before = self.before();
            let begun = self.tracker.begin().await;
            self.tell(before).await;
            if let Ok(events) = begun {
                let began = Instant::now();
                self.listen(events).await;
                if began.elapsed() > PAUSES[1] {
                    pause = PAUSES[0];
                }
            }
            // Containers end without their engine, too.
            let mut passed = Duration::ZERO;
            while passed < pause {
                let part = EVERY.min(pause - passed);
                tokio::time::sleep(part).await;
                passed += part;
                let before = self.before();
                self.tell(before).await;
            }
            pause = (pause * 2).min(PAUSES[1]);
        }
    }
    /// Until the engine says nothing any more.
    async fn listen(&mut self, mut events: Events) {
        let mut list = interval(self.tracker.list_every.max(EVERY));
        list.reset();
        let mut look = interval(EVERY);
        list.set_missed_tick_behavior(MissedTickBehavior::Delay);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let before = self.before();
            let asked = tokio::select! {
                told = events.next() => match told {
                    Some(ids) => self.tracker.inspect(ids).await,
                    None => return,
                },
                _ = list.tick() => self.tracker.list().await,
                _ = look.tick() => Ok(()),
            };
            self.tell(before).await;
            if asked.is_err() {
                return; // what was told of is asked about again then
            }
        }
    }
    fn before(&self) -> BTreeMap<String, Standing> {
        self.linux.reported().microservices.before()
    }
    /// Tells what is otherwise than before.
    async fn tell(&mut self, before: BTreeMap<String, Standing>) {
        let now = self.tracker.refresh().await;
        if !self.all && self.tracker.has_listed() {
            self.all = true;
            // First: what is there of a microservice is found before anything is made for it.
            self.scheduler.notify(vec![Notice::all::<Microservices>()]);
        }
        let name = |label: &String| Microservice(label.clone());
        let gone = |label: &String| Notice::absent::<Microservice>(&name(label).name());
        let come = |label: &String, standing: &Standing| {
            Notice::present::<Microservices>(name(label), standing.clone())
        };
        self.linux.reported().microservices.tell(&self.scheduler, before, now, gone, come).await;
    }
}
