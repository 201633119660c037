//! What a transaction would do, for whoever wants to read it first.

use crate::contract::descriptor::Change;
use crate::contract::erased::AnySpec;
use crate::contract::status::{Operation, State};
use crate::contract::txn::{Resync, Txn};
use crate::doing::core::Core;
use crate::planning::plan::{Op, Plan, Verb, plan};
use crate::planning::region::Policy;
use crate::state::graph::NodeId;
use model::value::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The plan of a transaction that nobody executes.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// What would be done, in an order in which it can be done. Empty: nothing.
    pub steps: Vec<Step>,
    /// Keys of objects that are there before and after, but would be gone for a moment: whoever uses them loses traffic.
    pub interrupted: Vec<Arc<str>>,
    /// Keys that would wait, each with what for.
    pub waiting: Vec<(Arc<str>, Vec<String>)>,
    /// Keys that would not be wanted any more, and of which nothing is there: what waited would be forgotten.
    pub dropped: Vec<Arc<str>>,
    /// Keys whose new value cannot be used, each with the reason. What is in force stays so.
    pub refused: Vec<(Arc<str>, String)>,
}

/// One operation of a plan.
#[derive(Clone, Debug)]
pub struct Step {
    /// What would be done.
    pub operation: Operation,
    /// To which key.
    pub key: Arc<str>,
    /// The key is a part of another.
    pub derived: bool,
    /// Half of a re-creation.
    pub recreate: bool,
    /// Why, in words.
    pub reason: String,
    /// What is there now.
    pub old: Option<Arc<dyn Value>>,
    /// What would be there then.
    pub new: Option<Arc<dyn Value>>,
}

/// What happens to a node in a plan.
#[derive(Clone, Copy, Default)]
struct Fate {
    created: bool,
    deleted: bool,
}

/// Makes words of a plan. Works on the graph as it would be wanted.
struct Teller<'a> {
    core: &'a Core,
    fates: HashMap<NodeId, Fate, foldhash::fast::FixedState>,
}

impl Core {
    /// Loads and plans a transaction, says what would be done, and undoes the loading.
    pub fn preview(&mut self, txn: Txn) -> Preview {
        drop(self.graph.take_journal());
        let claimed = self.graph.claimed.clone();
        let mut changes = txn.changes;
        if matches!(txn.resync, Resync::Full | Resync::Upstream) {
            self.drop_unlisted(&mut changes);
        }
        let mut dirty = self.graph.load(&self.registry, changes).dirty;
        if txn.resync != Resync::None || txn.complete && !self.complete {
            dirty.extend(self.differing());
        }
        let barred = HashSet::new();
        let policy = Policy {
            barred: &barred,
            blocked: &self.blocked,
            lacking: &self.lacking,
            missing: &self.missing,
            untold: &self.untold,
            complete: self.complete || txn.complete,
        };
        let plan = plan(&self.graph, &self.registry, &policy, &dirty);
        let mut preview = Teller::new(self, &plan).tell(&plan, &dirty);
        let journal = self.graph.take_journal();
        let dropped = journal.iter().filter(|(n, before)| {
            let (node, wanted) = (self.graph.node(*n), before.as_ref().is_some_and(|b| b.want.is_some()));
            wanted && node.want.is_none() && node.have.is_none() && node.is_base()
        });
        preview.dropped = dropped.map(|(n, _)| self.graph.node(*n).key.clone()).collect();
        preview.dropped.sort();
        self.graph.undo(&self.registry, journal, claimed);
        preview
    }
}

impl<'a> Teller<'a> {
    fn new(core: &'a Core, plan: &Plan) -> Self {
        let mut fates: HashMap<NodeId, Fate, foldhash::fast::FixedState> = HashMap::default();
        for op in &plan.ops {
            let fate = fates.entry(op.node).or_default();
            fate.created |= op.verb == Verb::Create;
            fate.deleted |= op.verb == Verb::Delete;
        }
        Teller { core, fates }
    }
    fn tell(&self, plan: &Plan, dirty: &[NodeId]) -> Preview {
        let steps = plan.ops.iter().map(|op| self.step(*op)).collect();
        let (mut interrupted, mut waiting) = (BTreeSet::new(), BTreeSet::new());
        for (&n, fate) in &self.fates {
            if fate.created && fate.deleted {
                interrupted.insert(self.key(n).clone());
            }
        }
        for &n in &plan.touched {
            let node = self.core.graph.node(n);
            let wanted = node.want.as_ref().filter(|_| node.group.is_none());
            if let Some(want) = wanted
                && !self.will_be(n)
            {
                let reader = self.core.reader();
                let unsupported = reader.unsupported(n);
                let mut causes: Vec<String> =
                    unsupported.or_else(|| reader.out_of_reach(node.kind)).into_iter().collect();
                causes.extend(self.unmet(n, &**want).map(|d| self.name(d)));
                waiting.insert((node.key.clone(), causes));
            }
        }
        let mut refused = Vec::new();
        for n in dirty.iter().copied().collect::<BTreeSet<_>>() {
            if self.core.graph.node(n).unusable() {
                let details = self.core.reader().details(n, State::Invalid);
                refused.push((self.key(n).clone(), details.join(", ")));
            }
        }
        refused.sort();
        let (interrupted, waiting) = (interrupted.into_iter().collect(), waiting.into_iter().collect());
        Preview { steps, interrupted, waiting, dropped: Vec::new(), refused }
    }
    fn key(&self, n: NodeId) -> &Arc<str> {
        &self.core.graph.node(n).key
    }
    fn name(&self, n: NodeId) -> String {
        self.key(n).trim_start_matches('?').to_owned()
    }
    fn fate(&self, n: NodeId) -> Fate {
        self.fates.get(&n).copied().unwrap_or_default()
    }
    /// Will it be there when the plan is done?
    fn will_be(&self, n: NodeId) -> bool {
        match &self.core.graph.node(n).group {
            Some(members) => members.iter().any(|&m| self.will_be(m)),
            None => {
                let fate = self.fate(n);
                fate.created || self.core.graph.present(n) && !fate.deleted
            }
        }
    }
    fn unmet<'b>(&'b self, n: NodeId, want: &'b dyn AnySpec) -> impl Iterator<Item = NodeId> + 'b {
        let needs = self.core.graph.hangs_on(n, want).map(|(d, _)| d);
        needs.filter(|&d| !self.will_be(d))
    }
    fn step(&self, op: Op) -> Step {
        let node = self.core.graph.node(op.node);
        let have = node.have.as_ref().map(|have| have.spec.value().clone());
        let want = node.want.as_ref().map(|want| want.value().clone());
        let (old, new) = match op.verb {
            Verb::Create => (None, want.or(have)), // what nobody claimed comes back as it is
            Verb::Update => (have, want),
            Verb::Delete => (have, None),
        };
        Step {
            operation: op.verb.operation(),
            key: node.key.clone(),
            derived: !node.is_base(),
            recreate: op.recreate,
            reason: self.reason(op),
            old,
            new,
        }
    }
    fn reason(&self, op: Op) -> String {
        let node = self.core.graph.node(op.node);
        if op.recreate {
            return self.why_anew(op.node);
        }
        match (op.verb, &node.want, &node.have) {
            (Verb::Create, ..) => {
                let missing = node.note.as_ref().is_some_and(|note| note.missing);
                let text = match (missing, node.is_base()) {
                    (true, _) => "it was there and is gone",
                    (false, true) => "wanted and not there",
                    (false, false) => "part of what is wanted",
                };
                text.to_owned()
            }
            (Verb::Update, Some(want), Some(have)) => {
                format!("changed in place: {}", changed(&**have.spec.value(), &**want.value()))
            }
            (Verb::Delete, Some(_), _) if self.core.reader().unsupported(op.node).is_some() => {
                "what is wanted in its place is not supported".to_owned()
            }
            (Verb::Delete, Some(want), _) => match self.unmet(op.node, &**want).next() {
                Some(d) => format!("{}, which it needs, will not be there", self.name(d)),
                None => "what it needs will not be there".to_owned(),
            },
            (Verb::Delete, None, _) if node.is_base() => "not wanted any more".to_owned(),
            _ => "no part of what is wanted any more".to_owned(),
        }
    }
    /// Why something is removed and made again.
    fn why_anew(&self, n: NodeId) -> String {
        let node = self.core.graph.node(n);
        let Some(have) = &node.have else { return "it has to be made anew".to_owned() };
        if have.unsure {
            return "what became of the last operation on it is not known".to_owned();
        }
        if let Some(want) = &node.want
            && self.core.registry.get(node.kind).change(&*have.spec, &**want) == Some(Change::Recreate)
        {
            return format!("cannot be changed in place: {}", changed(&**have.spec.value(), &**want.value()));
        }
        let anew = |&(d, _): &(NodeId, bool)| {
            let fate = self.fate(d);
            fate.created && (fate.deleted || self.core.graph.node(d).have.is_none())
        };
        match self.core.graph.hangs_on(n, &*have.spec).find(anew) {
            Some((d, _)) => format!("{}, which it uses, is made anew", self.name(d)),
            None => "something that it uses is made anew".to_owned(),
        }
    }
}

/// The fields in which two values differ, as the user writes them.
fn changed(old: &dyn Value, new: &dyn Value) -> String {
    let (old, new) =
        (model::json::to_json_proto_names(&old.wire()), model::json::to_json_proto_names(&new.wire()));
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return "its content".to_owned() };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing: Vec<&str> =
        names.into_iter().filter(|name| old.get(*name) != new.get(*name)).map(String::as_str).collect();
    match differing.is_empty() {
        true => "its content".to_owned(), // in something that its protobuf form does not show
        false => differing.join(", "),
    }
}
