//! What every feature must obey, whatever it configures.
//!
//! A [`Feature`] brings values of its kind and the objects they need. Each law takes a feature and a fresh VPP, and
//! drives them through the real scheduler, as an agent would.

mod faults;
mod fields;
mod state;

pub use faults::{faults_heal, restarts_heal};
pub use fields::{Ignored, fields_matter};
pub use state::{
    adopts, deletes_all, repeats_nothing, sets_change_into_sets, shows_what_was_asked, takes_over,
    updates_as_created,
};

use crate::target::{Needed, Target};
use crate::wire::{Faults, only_asks};
use futures::future::BoxFuture;
use model::value::{Model, Value};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sched::{BaseStatus, Config, Intent, Item, Report, Resync, Retry, Scheduler, Select, State, Status, Txn};
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Lists whose order means something, by the name of the field. All other lists are shown sorted.
pub const ORDERED: &[&str] = &["rules"];

/// A value of any kind.
pub type Anything = Arc<dyn Value>;

/// What VPP has, as an agent reads it: JSON by key.
type View = BTreeMap<String, serde_json::Value>;

/// A scheduler with features, connected to a VPP.
pub struct Agent {
    /// The scheduler.
    pub scheduler: Scheduler,
    /// How often each message was sent so far, by name.
    pub sent: Box<dyn Fn() -> Vec<(&'static str, u64)> + Send + Sync>,
    /// All that VPP holds, as text, gathered without the features' help. Two texts are equal if VPP looks the same.
    pub raw: Box<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>,
    /// How its calls are made to fail, if not on the way to a socket.
    pub faults: Option<Faults>,
    /// Does VPP offer the message of this name and CRC?
    pub offers: Box<dyn Fn(&str) -> bool + Send + Sync>,
    /// Is it something that VPP finds out by itself, and forgets when it likes?
    pub passing: fn(&Item) -> bool,
    /// Of all that is wanted, is this rightly not there? Such as one of two that are there together or not at all.
    pub waits: fn(&[BaseStatus], &Status) -> bool,
}

/// Starts an agent at a socket. It returns when VPP was compared.
pub type Start = fn(&Path, Config) -> BoxFuture<'static, Agent>;

/// Values of one kind, and what they need.
pub struct Feature {
    /// Name of the descriptor.
    pub descriptor: &'static str,
    /// Objects that the values refer to.
    pub world: Vec<Anything>,
    /// Canonical values: VPP would show them as they are written.
    pub values: BoxedStrategy<Anything>,
    /// The second value under the key of the first.
    pub rekey: fn(&dyn Value, &dyn Value) -> Anything,
    /// What the machine must have for it; where it has not, there is nothing to try.
    pub needed: Vec<Needed<'static>>,
    /// Fields of the values and the world that VPP chooses if the user does not, such as `phys_address`.
    pub chosen: &'static [&'static str],
    /// The request (name and CRC) by which VPP tells them, if not every VPP has one: where it is missing, each new agent
    /// tells them again.
    pub told_by: Option<&'static str>,
    /// It is one of Linux: there is no VPP, and the agent is started with the path of a network namespace.
    pub linux: bool,
}

impl Feature {
    /// Values from a strategy; `rekey` gives its second argument the key fields of the first.
    pub fn new<M: Model + Clone + Debug>(
        descriptor: &'static str,
        world: Vec<Anything>,
        values: impl Strategy<Value = M> + 'static,
        rekey: fn(&dyn Value, &dyn Value) -> Anything,
    ) -> Feature {
        let values = values.prop_map(model::models::erase).boxed();
        Feature {
            descriptor,
            world,
            values,
            rekey,
            needed: Vec::new(),
            chosen: &[],
            told_by: None,
            linux: false,
        }
    }
    /// Makes it one of Linux.
    pub fn of_linux(self) -> Feature {
        Feature { linux: true, ..self }
    }
    /// Names the request by which VPP tells them, if it has it.
    pub fn told_by(self, request: &'static str) -> Feature {
        Feature { told_by: Some(request), ..self }
    }
    /// Does this VPP tell what there is?
    fn is_told(&self, agent: &Agent) -> bool {
        self.told_by.is_none_or(|request| (agent.offers)(request))
    }
    /// Names the fields that VPP chooses.
    pub fn chosen(self, chosen: &'static [&'static str]) -> Feature {
        Feature { chosen, ..self }
    }
    /// The same values in every run, all different in content.
    fn samples(&self, n: usize) -> Vec<Anything> {
        let mut runner = TestRunner::deterministic();
        let mut draw = || self.values.new_tree(&mut runner).unwrap().current();
        (0..n).map(|_| draw()).collect()
    }
    /// Pairs under one key.
    fn pairs(&self, n: usize) -> Vec<(Anything, Anything)> {
        let all = self.samples(2 * n);
        let pairs = all.chunks(2).map(|two| (two[0].clone(), (self.rekey)(&*two[0], &*two[1])));
        pairs.filter(|(a, b)| a.wire() != b.wire()).collect()
    }
    /// The world and a value.
    fn with(&self, value: &Anything) -> Vec<Anything> {
        self.world.iter().chain([value]).cloned().collect()
    }
}

/// A typed value out of an untyped one.
pub fn of_type<M: Model>(value: &dyn Value) -> &M {
    (value as &dyn Any).downcast_ref().unwrap()
}

/// A retry soon and for ever.
const SOON: Retry = Retry { period: Duration::from_millis(5), max: 0, backoff: false };
/// Everything settles within this time, or never will.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(2);

/// A scheduler that tries again soon.
pub fn config() -> Config {
    Config { resync_retry: SOON, ..Config::default() }
}

impl Agent {
    async fn commit(&self, resync: Resync, changes: Vec<Intent>) -> Report {
        let txn =
            Txn { changes, resync, complete: true, statuses: true, retry: Some(SOON), ..Txn::default() };
        self.scheduler.commit(txn).await.unwrap()
    }
    /// Wants these and nothing else, and waits until it is so.
    pub async fn all(&self, values: &[Anything]) {
        self.resync(Resync::Full, values).await;
    }
    /// Compares with VPP, and waits until all is as wanted.
    pub async fn resync(&self, resync: Resync, values: &[Anything]) {
        let changes = values.iter().cloned().map(Intent::put).collect();
        fine(&self.commit(resync, changes).await, &values);
        self.settle(&values).await;
    }
    /// All that is wanted.
    async fn want(&self, values: &[Anything]) -> Report {
        self.commit(Resync::Full, values.iter().cloned().map(Intent::put).collect()).await
    }
    async fn put(&self, value: &Anything) -> Report {
        self.commit(Resync::None, vec![Intent::put(value.clone())]).await
    }
    async fn delete(&self, value: &Anything) -> Report {
        self.commit(Resync::None, vec![Intent::delete(value.key())]).await
    }
    async fn mend(&self) -> Report {
        self.commit(Resync::Downstream, Vec::new()).await
    }
    /// Messages that may have changed something, with how often each was sent.
    fn changing(&self) -> BTreeMap<&'static str, u64> {
        (self.sent)().into_iter().filter(|(name, _)| !only_asks(name)).collect()
    }
    /// What is not as wanted, in words.
    async fn unsettled(&self) -> Vec<String> {
        let statuses = self.scheduler.statuses(Select::All).await;
        let all = statuses.iter().flat_map(|base| std::iter::once(&base.value).chain(&base.derived));
        let bad = all.filter(|status| !matches!(status.state, State::Configured | State::Obtained));
        let bad = bad.filter(|status| !(self.waits)(&statuses, status));
        bad.map(|status| format!("{status:?}")).collect()
    }
    /// Waits until all is as wanted.
    async fn settle(&self, about: &dyn Debug) {
        let began = Instant::now();
        loop {
            let unsettled = self.unsettled().await;
            if unsettled.is_empty() {
                return;
            }
            let late = began.elapsed() >= PATIENCE;
            let health = self.scheduler.health().borrow().clone();
            assert!(!late, "{about:?} does not settle:\n{}\n{health:?}", unsettled.join("\n"));
            tokio::time::sleep(POLL).await;
        }
    }
    /// What VPP has. Lists are sorted, but for those whose order means something.
    async fn view(&self) -> View {
        let began = Instant::now();
        let items = loop {
            match self.scheduler.retrieve(Select::All).await {
                Ok(items) => break items,
                Err(error) => assert!(began.elapsed() < PATIENCE, "VPP cannot be asked: {error}"),
            }
            tokio::time::sleep(POLL).await;
        };
        let lasting = items.into_iter().filter(|item| !(self.passing)(item));
        lasting.map(|item| (item.key.to_string(), shown(&*item.value))).collect()
    }
}

fn shown(value: &dyn Value) -> serde_json::Value {
    sorted(model::go_json::go_json(&value.wire()))
}

fn sorted(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value::{Array, Object};
    match value {
        Array(items) => {
            let mut items: Vec<_> = items.into_iter().map(sorted).collect();
            items.sort_by_key(ToString::to_string);
            Array(items)
        }
        Object(fields) => {
            let field = |(name, value): (String, _)| match value {
                Array(items) if ORDERED.contains(&&*name) => {
                    (name, Array(items.into_iter().map(sorted).collect()))
                }
                value => (name, sorted(value)),
            };
            let mut fields: Vec<_> = fields.into_iter().map(field).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Object(fields.into_iter().collect())
        }
        plain => plain,
    }
}

/// Removes from `seen` the fields that VPP chose because `wanted` left them open.
fn without_chosen(mut seen: serde_json::Value, wanted: &dyn Value, chosen: &[&str]) -> serde_json::Value {
    let wanted = model::go_json::go_json(&wanted.wire());
    for path in chosen {
        let pointer = format!("/{}", path.replace('.', "/"));
        if wanted.pointer(&pointer).is_some() {
            continue;
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        if let Some(fields) = seen.pointer_mut(parent).and_then(serde_json::Value::as_object_mut) {
            fields.remove(name);
        }
    }
    seen
}

/// Panics unless two accounts of what VPP holds are the same; shows the lines in which they differ.
fn same(is: &str, should: &str, about: &dyn Debug) {
    let lines = |text: &'_ str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (more, less) = (lines(is), lines(should));
    let (extra, lacking) = (more.difference(&less), less.difference(&more));
    let shown: Vec<_> =
        extra.map(|line| format!("+ {line}")).chain(lacking.map(|line| format!("- {line}"))).collect();
    assert!(is == should, "{about:?}: VPP has other things (+) than it should (-):\n{}", shown.join("\n"));
}

/// The same for what an agent reads.
fn same_view(is: &View, should: &View, about: &dyn Debug) {
    let text = |view: &View| view.iter().map(|(key, value)| format!("{key}: {value}\n")).collect::<String>();
    same(&text(is), &text(should), about);
}

/// Panics unless a report is without failures.
fn fine(report: &Report, about: &dyn Debug) {
    assert!(report.failed.is_empty(), "{about:?}: {:#?}", report.failed);
}

/// One VPP with the agents that come and go.
struct Stage {
    target: Target,
    start: Start,
}

impl Stage {
    /// `None` if the machine lacks what the feature needs.
    fn new(start: Start, feature: &Feature) -> Option<Stage> {
        let mut target = if feature.linux { Target::linux() } else { Target::new() };
        let lacks = feature.needed.iter().find(|needed| !target.plug(**needed));
        if let Some(needed) = lacks {
            eprintln!("left out: this machine has no {needed:?}");
            return None;
        }
        Some(Stage { target, start })
    }
    async fn agent(&self) -> Agent {
        (self.start)(&self.target.socket(), config()).await
    }
    /// An agent that has brought these about.
    async fn agent_with(&self, values: &[Anything]) -> Agent {
        let agent = self.agent().await;
        fine(&agent.want(values).await, &values);
        agent.settle(&values).await;
        agent
    }
}

/// How many values a law tries.
const SAMPLES: usize = 16;
