//! Namespaces come and go by themselves: with a process, with a name. The task here looks which of those that something
//! is to be in are there, makes those that may be made, and tells the scheduler.

use super::namespaces::reference;
use super::{HalfMade, Namespace, Namespaces, Netns, Reference};
use crate::Linux;
use crate::reports::Following;
use model::value::Model;
use sched::{Notice, Scheduler, Select, View};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether a namespace is still the one that it was. Nothing tells of all the ways in which it may
/// become another: the process ends or moves, the name is removed or given away.
const EVERY: Duration = Duration::from_millis(200);

/// Interfaces and chains of iptables; nothing else may be in another namespace.
fn placed() -> Select {
    Select::Prefix("config/linux/i".to_owned())
}

/// Follows the namespaces of what the scheduler is to configure, on the current runtime.
pub(crate) fn follow(linux: &Linux, scheduler: &Scheduler) -> Following {
    let follower = Follower {
        linux: linux.clone(),
        scheduler: scheduler.clone(),
        named: HashMap::new(),
        wanted: BTreeMap::new(),
        complaints: BTreeMap::new(),
        half: HalfMade::default(),
    };
    Following::by(follower.run())
}

struct Follower {
    linux: Linux,
    scheduler: Scheduler,
    /// The namespaces that each value is or was to be in, by its key.
    named: HashMap<Arc<str>, BTreeSet<Reference>>,
    /// How many values are in each.
    wanted: BTreeMap<Reference, usize>,
    /// Why a namespace could not be opened or made, so that it is said once.
    complaints: BTreeMap<Reference, Complaint>,
    half: HalfMade,
}

/// A namespace that could not be opened or made.
#[derive(PartialEq)]
struct Complaint {
    why: String,
    /// There is nothing by that name; of this users know already.
    absent: bool,
}

impl Follower {
    async fn run(mut self) {
        let changes = self.scheduler.watch(placed());
        let mut changed = placed();
        loop {
            let before = self.linux.reported().namespaces.before();
            if self.read(changed).await {
                self.look(before).await;
            }
            changed = loop {
                let pause = async {
                    match self.wanted.is_empty() && self.linux.reported().namespaces.is_empty() {
                        true => std::future::pending().await,
                        false => tokio::time::sleep(EVERY).await,
                    }
                };
                tokio::select! {
                    news = changes.next() => {
                        break Select::Keys(news.into_iter().map(|base| base.value.key).collect());
                    }
                    () = pause => {
                        let mut before = self.linux.reported().namespaces.before();
                        // About others it is not known whether they are wanted.
                        before.retain(|reference, _| self.wanted.contains_key(reference));
                        self.look(before).await;
                    }
                }
            };
        }
    }
    /// Reads again what the selected values are in. Are other namespaces wanted than before?
    async fn read(&mut self, changed: Select) -> bool {
        let mut now: HashMap<Arc<str>, BTreeSet<Reference>> = HashMap::new();
        if let Select::Keys(keys) = &changed {
            now.extend(keys.iter().map(|key| (key.clone(), BTreeSet::new())));
        }
        // What is there is kept in force when its newest value cannot be used, and may still have to be removed.
        for view in [View::Nb, View::Cached] {
            for item in self.scheduler.values(view, changed.clone()).await {
                let value: &dyn Any = &*item.value;
                now.entry(item.key).or_default().extend(reference(&self.linux, value));
            }
        }
        let mut others = false;
        for (key, named) in now {
            // Counted up before it is counted down: what stays is never gone.
            for reference in &named {
                let count = self.wanted.entry(reference.clone()).or_default();
                *count += 1;
                others |= *count == 1;
            }
            let before = match named.is_empty() {
                true => self.named.remove(&key),
                false => self.named.insert(key, named),
            };
            for reference in before.unwrap_or_default() {
                if let Some(count) = self.wanted.get_mut(&reference) {
                    *count -= 1;
                    if *count == 0 {
                        self.wanted.remove(&reference);
                        others = true;
                    }
                }
            }
        }
        others
    }
    /// Looks at all of them, and tells what is otherwise than before.
    async fn look(&mut self, before: BTreeMap<Reference, Netns>) {
        let mut now = BTreeMap::new();
        let mut complaints = BTreeMap::new();
        for reference in self.wanted.keys() {
            match self.linux.open_or_create(reference, &mut self.half) {
                Ok(netns) => drop(now.insert(reference.clone(), netns)),
                Err(error) => {
                    let absent =
                        error.kind() == ErrorKind::NotFound && !matches!(reference, Reference::Name(_));
                    complaints.insert(reference.clone(), Complaint { why: error.to_string(), absent });
                }
            }
        }
        let before_that = std::mem::replace(&mut self.complaints, complaints);
        let name = |reference: &Reference| Namespace(reference.clone());
        let gone = |reference: &Reference| Notice::absent::<Namespace>(&name(reference).name());
        let come = |reference: &Reference, netns: &Netns| {
            Notice::present::<Namespaces>(name(reference), netns.clone())
        };
        let there: BTreeSet<Reference> = now.keys().cloned().collect();
        self.linux.reported().namespaces.tell(&self.scheduler, before, now, gone, come).await;
        // After that and what it waits for: of what is said of one key only the last is heard.
        let over =
            |reference: &&Reference| !self.complaints.contains_key(reference) && !there.contains(reference);
        let because = |reference: &Reference, why| Notice::because::<Namespace>(&name(reference).name(), why);
        let ended = before_that.keys().filter(over);
        let mut notices: Vec<Notice> = ended.map(|reference| because(reference, None)).collect();
        for (reference, complaint) in &self.complaints {
            if before_that.get(reference) != Some(complaint) {
                tracing::warn!("network namespace {}: {}", reference.name(), complaint.why);
                notices.push(because(reference, Some(complaint.why.clone()).filter(|_| !complaint.absent)));
            }
        }
        if !notices.is_empty() {
            self.scheduler.notify(notices);
        }
    }
}
