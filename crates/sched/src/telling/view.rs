//! What readers see: statuses and values, computed from the graph between two steps of whatever is running.

use crate::contract::capability::{Lacks, Missing};
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::contract::southbound::Southbound;
use crate::contract::status::{BaseStatus, State, Status};
use crate::state::graph::{Graph, NodeId};
use crate::telling::history::Origin;
use model::value::Value;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Which keys a reader asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Select {
    /// All base keys.
    #[default]
    All,
    /// Keys that start so.
    Prefix(String),
    /// Keys of the descriptor of this name.
    Descriptor(String),
    /// One key, base or derived.
    Key(String),
    /// These keys.
    Keys(Vec<Arc<str>>),
}

impl Select {
    pub(crate) fn matches(&self, key: &str, descriptor: &str) -> bool {
        match self {
            Select::All => true,
            Select::Prefix(prefix) => key.starts_with(prefix.as_str()),
            Select::Descriptor(name) => name == descriptor,
            Select::Key(one) => one == key,
            Select::Keys(keys) => keys.iter().any(|one| **one == *key),
        }
    }
}

/// Which side of the graph a reader asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What is wanted.
    Nb,
    /// What is present, as far as is known.
    Cached,
}

/// One value as a reader sees it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The key.
    pub key: Arc<str>,
    /// The value.
    pub value: Arc<dyn Value>,
    /// Who wants it.
    pub origin: Origin,
    /// What the descriptor knows about it, such as an interface index.
    pub metadata: serde_json::Value,
    /// What only a live dump tells.
    pub details: serde_json::Value,
}

/// What readers need: the graph, and what cannot be worked on now.
pub(crate) struct Reader<'a> {
    pub graph: &'a Graph,
    pub registry: &'a Registry,
    pub blocked: &'a [Option<String>],
    pub lacking: &'a [Option<String>],
    pub missing: &'a [Missing],
    pub absences: &'a HashMap<Arc<str>, Arc<str>>,
}

impl Reader<'_> {
    pub fn reason(list: &[Option<String>], kind: Kind) -> Option<&str> {
        if kind == NO_KIND { None } else { list.get(kind as usize)?.as_deref() }
    }
    /// Why the southbound cannot have what is wanted, ever: a call is missing that its kind, or just this value, needs.
    pub fn unsupported(&self, n: NodeId) -> Option<String> {
        let missing = self.missing_of(n);
        (!missing.is_empty()).then(|| self.southbound(n).map(|southbound| southbound.lacks_all(&missing)))?
    }
    /// What a user can do about that.
    pub fn remedy(&self, n: NodeId) -> Option<String> {
        self.southbound(n)?.remedy(&self.missing_of(n))
    }
    fn southbound(&self, n: NodeId) -> Option<&dyn Southbound> {
        let kind = Some(self.graph.node(n).kind).filter(|&kind| kind != NO_KIND)?;
        Some(&*self.registry.southbounds()[self.registry.southbound_of(kind)])
    }
    /// The calls that are missing and that its kind, or just this value, needs.
    fn missing_of(&self, n: NodeId) -> Vec<&(&'static str, String)> {
        let node = self.graph.node(n);
        let lacks = Lacks { registry: self.registry, missing: self.missing };
        lacks.all(node.kind, node.have.is_none(), node.want.as_deref())
    }
    pub fn state(&self, n: NodeId) -> State {
        let node = self.graph.node(n);
        let note = node.note.as_deref();
        if let Some(note) = note.filter(|note| note.error.is_some()) {
            return if note.retry.is_some() { State::Retrying } else { State::Failed };
        }
        if node.unusable() {
            return State::Invalid;
        }
        match (&node.want, &node.have) {
            (Some(_), _) if node.kind == NO_KIND && !node.is_base() => self.property(node.parent),
            (Some(_), _) if node.kind == NO_KIND => State::Unimplemented,
            (Some(_), Some(_)) if node.as_wanted() => State::Configured,
            (Some(_), _) if !self.missing_of(n).is_empty() => State::Unimplemented,
            (Some(_), Some(_)) => State::Pending,
            (Some(_), None) => {
                let missing = note.is_some_and(|note| note.missing);
                if missing && self.unmet(n).is_empty() { State::Missing } else { State::Pending }
            }
            (None, Some(have)) if have.foreign || self.registry.get(node.kind).fed() => State::Obtained,
            (None, Some(have)) if have.discovered => State::Discovered,
            (None, Some(_)) => State::Pending, // to be removed
            (None, None) => State::Nonexistent,
        }
    }
    /// Why nothing can be done with this kind now: it has no descriptor, lacks a call, or cannot be reached.
    pub fn out_of_reach(&self, kind: Kind) -> Option<String> {
        match kind {
            NO_KIND => Some("a descriptor for this kind of value".to_owned()),
            kind => Self::reason(self.lacking, kind).or(Self::reason(self.blocked, kind)).map(str::to_owned),
        }
    }
    /// Why nothing of this kind is removed or made anew now: what may hang on it could not be retrieved.
    pub fn kept_for(&self, kind: Kind) -> Option<&str> {
        let unknown = |other| {
            Self::reason(self.blocked, other).is_some() && Self::reason(self.lacking, other).is_none()
        };
        let other = self.registry.unknown_reader(kind, unknown)?;
        Self::reason(self.blocked, other)
    }
    /// What has the place that a wanted value needs, although nobody wants it there.
    pub fn taken_by(&self, n: NodeId) -> Option<NodeId> {
        let node = self.graph.node(n);
        let want = node.want.as_ref().filter(|_| node.have.is_none())?;
        self.graph.squatters_of(self.registry, n, &**want).first().copied()
    }
    /// Why it still has its place, as the end of a sentence that begins with its key.
    pub fn staying(&self, n: NodeId) -> &'static str {
        let node = self.graph.node(n);
        let found = node.have.as_ref().is_some_and(|have| have.discovered) && !node.failed();
        match found {
            true if self.graph.spared(n) => {
                "which was found there and stays as long as its newest value cannot be used"
            }
            true => "which was found there and stays until every source has answered",
            false => "which could not be removed",
        }
    }
    /// A part without a descriptor is there as long as its base is.
    fn property(&self, base: NodeId) -> State {
        if self.graph.node(base).as_wanted() { State::Configured } else { State::Pending }
    }
    /// State and a fingerprint of the details: what watchers have to be told when it changes.
    pub fn summary(&self, n: NodeId) -> (State, u32) {
        let state = self.state(n);
        let mut hash = DefaultHasher::new();
        match state {
            State::Pending => {
                Self::reason(self.blocked, self.graph.node(n).kind).hash(&mut hash);
                self.unmet_nodes(n).for_each(|d| (d, self.absence(d)).hash(&mut hash));
                self.taken_by(n).hash(&mut hash);
                if self.graph.node(n).have.is_some() {
                    self.kept_for(self.graph.node(n).kind).hash(&mut hash);
                }
                self.drift(n).hash(&mut hash);
            }
            State::Missing => self.drift(n).hash(&mut hash),
            State::Configured if self.graph.node(n).drifted() => self.drift(n).hash(&mut hash),
            State::Invalid | State::Unimplemented => self.details(n, state).hash(&mut hash),
            _ => return (state, 0),
        }
        (state, hash.finish() as u32)
    }
    /// What a wanted value waits for.
    pub fn unmet_nodes(&self, n: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let want = self.graph.node(n).want.as_deref();
        let needs = want.into_iter().flat_map(move |want| self.graph.hangs_on(n, want)).map(|(d, _)| d);
        let fed = |kind| kind != NO_KIND && self.registry.get(kind).fed();
        needs.filter(move |&d| !self.graph.present(d) || self.graph.leaving(d, fed))
    }
    /// Keys that a wanted value waits for.
    fn unmet(&self, n: NodeId) -> Vec<String> {
        let unmet = self.unmet_nodes(n).map(|d| {
            let key = self.graph.node(d).key.trim_start_matches('?');
            self.absence(d)
                .map_or_else(|| key.to_owned(), |why| format!("{key}, which cannot be used: {why}"))
        });
        let mut keys: Vec<String> = unmet.collect();
        keys.dedup();
        keys
    }
    /// Why something that comes and goes by itself is not there, if its southbound has said so.
    pub fn absence(&self, n: NodeId) -> Option<&str> {
        let node = self.graph.node(n);
        self.absences.get(&node.key).filter(|_| node.have.is_none()).map(|why| &**why)
    }
    pub fn details(&self, n: NodeId, state: State) -> Vec<String> {
        let node = self.graph.node(n);
        match state {
            State::Invalid => {
                let note = node.note.as_deref();
                let refused = note.and_then(|note| note.refused.as_deref().map(str::to_owned));
                let invalid = note.and_then(|note| note.invalid.as_ref()?.invalid().map(ToString::to_string));
                let collision = note.and_then(|note| note.collision.as_deref().map(str::to_owned));
                refused.into_iter().chain(invalid).chain(collision).collect()
            }
            State::Unimplemented => match self.unsupported(n) {
                Some(reason) => vec![reason],
                None => vec!["no descriptor handles this kind of value".to_owned()],
            },
            State::Pending => {
                let blocked = Self::reason(self.blocked, node.kind).map(str::to_owned);
                let taken = self.taken_by(n);
                let taken =
                    taken.map(|other| format!("{}, {}", self.graph.node(other).key, self.staying(other)));
                let mut details: Vec<String> =
                    blocked.into_iter().chain(self.unmet(n)).chain(taken).collect();
                details.extend(self.drift(n).map(str::to_owned));
                if node.have.is_some() && details.is_empty() {
                    details.extend(self.kept_for(node.kind).map(str::to_owned));
                }
                if details.is_empty() {
                    let text = match node.have.is_some() {
                        true => "something that hangs on what is there now could not be removed",
                        false => "what it needs is there, but should have been removed or made anew",
                    };
                    details.push(text.to_owned());
                }
                details
            }
            State::Missing | State::Configured => self.drift(n).map(str::to_owned).into_iter().collect(),
            _ => Vec::new(),
        }
    }
    /// What was changed behind the agent's back and was not to be mended at once.
    pub fn drift(&self, n: NodeId) -> Option<&str> {
        self.graph.node(n).note.as_ref()?.drift.as_deref()
    }
    pub fn status(&self, n: NodeId) -> Status {
        let node = self.graph.node(n);
        let state = self.state(n);
        let error = node.note.as_ref().and_then(|note| note.error.as_ref()).map(|(_, e)| e.to_string());
        let details = self.details(n, state);
        Status { key: node.key.clone(), state, error, last_operation: node.last_op, details }
    }
    /// Parts of a base value, as wanted and as present, also those that it has no more and that could not be removed.
    pub fn parts(&self, n: NodeId) -> Vec<NodeId> {
        let node = self.graph.node(n);
        let specs = node.want.iter().chain(node.have.iter().map(|have| &have.spec));
        let mut parts: Vec<NodeId> = specs.flat_map(|spec| spec.links().derived.iter().copied()).collect();
        let left = node.note.iter().flat_map(|note| note.left.iter().copied());
        parts.extend(left.filter(|&part| self.graph.node(part).parent == n));
        parts.sort_unstable();
        parts.dedup();
        // What is gone for good is forgotten, and its place may have been taken by something else since.
        let known = |part: NodeId| self.graph.node(part).parent == n && self.graph.node(part).known();
        parts.retain(|&part| known(part));
        parts
    }
    /// Status of a key with its parts.
    pub fn base_status(&self, n: NodeId) -> BaseStatus {
        let mut derived: Vec<Status> = self.parts(n).into_iter().map(|part| self.status(part)).collect();
        derived.sort_by(|a, b| a.key.cmp(&b.key));
        BaseStatus { value: self.status(n), derived }
    }
    pub fn descriptor(&self, n: NodeId) -> &'static str {
        match self.graph.node(n).kind {
            NO_KIND => "",
            kind => self.registry.get(kind).name(),
        }
    }
    /// The value of a base key, if there is one on this side.
    pub fn item(&self, view: View, n: NodeId) -> Option<Item> {
        let node = self.graph.node(n);
        let spec = match view {
            View::Nb => {
                let invalid = node.note.as_ref().and_then(|note| note.invalid.as_ref());
                invalid.or(node.want.as_ref())?
            }
            View::Cached => &node.have.as_ref()?.spec,
        };
        let have = node.have.as_ref();
        let metadata = match have {
            Some(have) => self.registry.get(node.kind).metadata(&**have.spec.value(), &have.handle),
            None => serde_json::Value::Null,
        };
        let origin = if have.is_some_and(|have| have.foreign) { Origin::Sb } else { Origin::Nb };
        let value = spec.value().clone();
        Some(Item { key: node.key.clone(), value, origin, metadata, details: serde_json::Value::Null })
    }
}
