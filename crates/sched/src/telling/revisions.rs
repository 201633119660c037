//! Revisions of keys: closed at the end of the transaction that ended them, from the journal; the open ones are drawn
//! from the graph when somebody asks.

use crate::contract::erased::AnySpec;
use crate::contract::error::Error;
use crate::contract::needs::Pattern;
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::contract::status::State;
use crate::doing::core::Core;
use crate::state::graph::{NONE, Node, NodeId};
use crate::state::journal::Before;
use crate::telling::slices::keep_later;
use crate::telling::timeline::{Flag, Revision, Target};
use model::value::Value;
use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Keys that one target lists at most.
const MATCHING: usize = 32;
/// What a value is taken to weigh, as if it were shared with nobody.
const VALUE: usize = 256;

/// A revision as it is kept: without what can be found out again.
#[derive(Clone)]
pub(crate) struct Past {
    since: u64,
    /// `NOW` while it is so.
    until: u64,
    key: Arc<str>,
    value: Option<Arc<dyn Value>>,
    error: Option<Box<str>>,
    parent: Option<Arc<str>>,
    edges: Box<[Edge]>,
    seq: u32,
    kind: Kind,
    state: State,
    unavailable: bool,
}

/// The end of what has not ended.
const NOW: u64 = u64::MAX;

#[derive(Clone)]
struct Edge {
    derives: bool,
    any: bool,
    key: Arc<str>,
}

impl Past {
    fn size(&self) -> usize {
        let texts = self.key.len() + self.error.as_ref().map_or(0, |error| error.len());
        size_of::<Past>() + VALUE + texts + self.edges.len() * size_of::<Edge>()
    }
    fn covers(&self, at: u64) -> bool {
        self.since <= at && at < self.until
    }
}

/// Closed revisions in the order in which they ended.
pub(crate) struct Timeline {
    budget: usize,
    bytes: usize,
    age: Duration,
    /// What ended until then is kept however old it is.
    first_until: Option<SystemTime>,
    first: VecDeque<Past>,
    later: VecDeque<Past>,
    first_bytes: usize,
}

impl Timeline {
    /// Keeps about `budget` bytes; the rest as in [`crate::History`].
    pub fn new(budget: usize, age: Duration, keep_first: Duration) -> Self {
        let first_until = SystemTime::now().checked_add(keep_first);
        let (first, later) = (VecDeque::new(), VecDeque::new());
        Timeline { budget, bytes: 0, age, first_until, first, later, first_bytes: 0 }
    }
    fn push(&mut self, past: Past) {
        let size = past.size();
        self.bytes += size;
        let first = self.later.is_empty() && self.first_until.is_none_or(|end| time(past.until) <= end);
        if first {
            self.first_bytes += size;
            self.first.push_back(past);
        } else {
            self.later.push_back(past);
        }
    }
    fn pop_first(&mut self) -> bool {
        let size = self.first.pop_front().map(|past| past.size());
        self.first_bytes -= size.unwrap_or(0);
        self.bytes -= size.unwrap_or(0);
        size.is_some()
    }
    fn pop_later(&mut self) {
        self.bytes -= self.later.pop_front().map_or(0, |past| past.size());
    }
    fn trim(&mut self, now: SystemTime) {
        while self.later.front().is_some_and(|past| self.is_old(past, now)) {
            self.pop_later();
        }
        while self.bytes > self.budget && self.bytes > 0 {
            let crowded = self.first_bytes > self.budget / 2 || self.later.is_empty();
            if !(crowded && self.pop_first()) {
                self.pop_later();
            }
        }
    }
    fn is_old(&self, past: &Past, now: SystemTime) -> bool {
        time(past.until).checked_add(self.age).is_some_and(|end| end < now)
    }
    /// What is remembered, in the order in which it ended.
    fn closed(&self) -> impl Iterator<Item = &Past> {
        let now = SystemTime::now();
        let later = self.later.iter().skip_while(move |past| self.is_old(past, now));
        self.first.iter().chain(later)
    }
}

fn nanos(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(NOW - 1))
}

fn time(nanos: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanos)
}

/// What can be seen of a node, now or before it was touched.
struct Sight<'a> {
    kind: Kind,
    parent: NodeId,
    state: State,
    spec: Option<&'a Arc<dyn AnySpec>>,
    error: Option<&'a Error>,
    unavailable: bool,
}

impl<'a> Sight<'a> {
    /// `None` if nothing is known about it.
    fn of(node: &'a Node) -> Option<Self> {
        let note = node.note.as_deref();
        let have = node.have.as_ref().map(|have| &have.spec);
        let invalid = note.and_then(|note| note.invalid.as_ref());
        node.known().then(|| Sight {
            kind: node.kind,
            parent: node.parent,
            state: node.told.0,
            spec: have.or(node.want.as_ref()).or(invalid),
            error: note.and_then(|note| note.error.as_ref()).map(|(_, error)| error),
            unavailable: have.is_none() && node.told.0 != State::Configured,
        })
    }
    fn before(before: &'a Before) -> Option<Self> {
        let have = before.have.as_ref().map(|had| &had.spec);
        let spec = have.or(before.want.as_ref()).or(before.invalid.as_ref());
        let error = before.error.as_ref().map(|(_, error)| error);
        let known = spec.is_some() || error.is_some() || before.refused.is_some() || before.missing;
        known.then_some(Sight {
            kind: before.kind,
            parent: before.parent,
            state: before.state,
            spec,
            error,
            unavailable: have.is_none() && before.state != State::Configured,
        })
    }
    fn same(&self, other: &Self) -> bool {
        let specs = match (self.spec, other.spec) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a.links() == b.links() && a.value().same(&**b.value()),
            (a, b) => a.is_none() && b.is_none(),
        };
        specs
            && (self.kind, self.parent, self.state) == (other.kind, other.parent, other.state)
            && self.error.map(|error| &error.cause) == other.error.map(|error| &error.cause)
            && self.unavailable == other.unavailable
    }
}

impl Core {
    /// Closes the revisions that a transaction ended, and opens new ones. `restated` are nodes with the states that were
    /// told before.
    pub fn revise(&mut self, restated: Vec<(NodeId, State)>, seq: u64) {
        let now = nanos(self.last_stop);
        let restated: Vec<_> = restated.into_iter().filter(|&(n, _)| !self.graph.in_journal(n)).collect();
        let journal = self.graph.take_journal();
        for (n, before) in &journal {
            let node = self.graph.node(*n);
            let (was, is) = (before.as_deref().and_then(Sight::before), Sight::of(node));
            let same = match (&was, &is) {
                (Some(was), Some(is)) => was.same(is),
                (was, is) => was.is_none() && is.is_none(),
            };
            if node.group.is_none() && !same {
                let closed = was.map(|was| self.past(*n, &was, now));
                self.turn_over(*n, closed, is.is_some(), now, seq);
            }
        }
        for (n, state) in restated {
            let is = Sight::of(self.graph.node(n));
            let known = is.is_some();
            let unavailable = self.graph.node(n).have.is_none() && state != State::Configured;
            let was = is.map(|is| Sight { state, unavailable, ..is });
            let closed = was.map(|was| self.past(n, &was, now));
            self.turn_over(n, closed, known, now, seq);
        }
        self.timeline.trim(self.last_stop);
    }
    fn turn_over(&mut self, n: NodeId, closed: Option<Option<Past>>, known: bool, now: u64, seq: u64) {
        if let Some(Some(past)) = closed {
            self.timeline.push(past);
        }
        let node = self.graph.bare_mut(n);
        (node.since, node.seq) = if known { (now, seq as u32) } else { (0, 0) };
    }
    /// The revision of a node that ends now; `None` if nobody is going to ask for it.
    fn past(&self, n: NodeId, was: &Sight<'_>, until: u64) -> Option<Past> {
        let begun = self.graph.node(n).since != 0;
        (self.timeline.budget > 0 && begun).then(|| self.draw(n, was, until))
    }
    fn draw(&self, n: NodeId, seen: &Sight<'_>, until: u64) -> Past {
        let node = self.graph.node(n);
        let key = |n: NodeId| self.graph.node(n).key.clone();
        let links = seen.spec.map(|spec| spec.links());
        let deps = links.into_iter().flat_map(|links| links.deps());
        let deps =
            deps.map(|d| Edge { derives: false, any: self.graph.node(d).group.is_some(), key: key(d) });
        // What is gone for good is forgotten, and its place may have been taken by something else since.
        let parts = links.into_iter().flat_map(|links| links.derived.iter().copied());
        let parts = parts.filter(|&part| self.graph.node(part).parent == n);
        let parts = parts.map(|part| Edge { derives: true, any: false, key: key(part) });
        Past {
            since: node.since,
            until,
            key: node.key.clone(),
            value: seen.spec.map(|spec| spec.value().clone()),
            error: seen.error.map(|error| error.cause.clone()),
            parent: Some(seen.parent).filter(|&parent| parent != NONE).map(key),
            edges: deps.chain(parts).collect(),
            seq: node.seq,
            kind: seen.kind,
            state: seen.state,
            unavailable: seen.unavailable,
        }
    }
    /// The open revision of a node. While a transaction runs, it is what was before.
    fn open(&self, n: NodeId, working: &HashMap<NodeId, Option<&Before>>) -> Option<Past> {
        let node = self.graph.node(n);
        if node.group.is_some() || node.since == 0 {
            return None;
        }
        let seen = match working.get(&n) {
            Some(before) => before.and_then(Sight::before),
            None => Sight::of(node),
        };
        seen.map(|seen| self.draw(n, &seen, NOW))
    }
    /// What these nodes were before the work at hand.
    fn working(&self, nodes: &Range<usize>) -> HashMap<NodeId, Option<&Before>> {
        let journal = self.graph.journal.iter().filter(|(n, _)| nodes.contains(&(*n as usize)));
        journal.map(|(n, before)| (*n, before.as_deref())).collect()
    }
    /// What the descriptor knows about what is there now.
    fn metadata(&self, n: NodeId) -> serde_json::Value {
        let node = self.graph.node(n);
        match &node.have {
            Some(have) if node.kind != NO_KIND => {
                self.registry.get(node.kind).metadata(&**have.spec.value(), &have.handle)
            }
            _ => serde_json::Value::Null,
        }
    }
    pub(crate) fn revisions_of(&self, key: &str) -> Told {
        let closed = self.timeline.closed().filter(|past| *past.key == *key);
        let mut asked: Vec<Drawn> = closed.map(|past| (past.clone(), serde_json::Value::Null)).collect();
        let working = self.working(&(0..self.graph.nodes.len()));
        let open = self.graph.find(key).and_then(|n| Some((self.open(n, &working)?, self.metadata(n))));
        asked.extend(open);
        // Whoever was a target of these at some time.
        let edges = asked.iter().flat_map(|(past, _)| past.edges.iter());
        let targets: HashSet<&str> = edges.map(|edge| edge.name()).collect();
        let groups: HashSet<&str> = asked
            .iter()
            .flat_map(|(past, _)| past.edges.iter())
            .filter(|edge| edge.any)
            .map(|edge| edge.name())
            .collect();
        let patterns: Vec<Pattern> = groups.iter().map(|shown| Pattern::shown_as(shown)).collect();
        let is_target = |key: &str| targets.contains(key) || patterns.iter().any(|pattern| pattern.fits(key));
        let mut others: Vec<Past> =
            self.timeline.closed().filter(|past| is_target(&past.key)).cloned().collect();
        for target in &targets {
            others.extend(self.graph.find(target).and_then(|n| self.open(n, &working)));
        }
        for shown in &groups {
            let group =
                self.graph.find(&format!("?{shown}")).and_then(|n| self.graph.node(n).group.as_deref());
            let members = group.into_iter().flatten().take(MATCHING);
            others.extend(members.filter_map(|&m| self.open(m, &working)));
        }
        Told { registry: self.registry.clone(), asked, others: Some(others) }
    }
    /// The slice of what is so since this time, or now, and where the next one begins.
    pub(crate) fn snapshot(&self, at: Option<SystemTime>, from: usize) -> (Vec<Drawn>, Option<usize>) {
        let (now, at) = (at.is_none(), at.map_or(NOW - 1, nanos));
        let slice = self.slice(from);
        let working = self.working(&slice.nodes);
        let nodes = slice.nodes.map(|n| n as NodeId).filter(|&n| self.graph.node(n).since <= at);
        let draw = |n: NodeId| {
            let open = self.open(n, &working)?;
            Some((open, if now { self.metadata(n) } else { serde_json::Value::Null }))
        };
        (nodes.filter_map(draw).collect(), slice.next)
    }
    /// What was so then and is not so any more.
    pub(crate) fn ended_after(&self, at: SystemTime) -> Vec<Drawn> {
        let at = nanos(at);
        let closed = self.timeline.closed().filter(|past| past.covers(at));
        closed.map(|past| (past.clone(), serde_json::Value::Null)).collect()
    }
    /// The counts of one slice, what has ended in the first of them, and where the next one begins.
    pub(crate) fn count_flag(
        &self,
        flag: Flag,
        prefixes: &[String],
        from: usize,
    ) -> (Vec<(String, u64)>, Option<usize>) {
        let mut counts: HashMap<Counted<'_>, u64> = HashMap::new();
        let slice = self.slice(from);
        let selected =
            |key: &str| prefixes.is_empty() || prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()));
        let name = |kind: Kind| if kind == NO_KIND { "" } else { self.registry.get(kind).name() };
        let ended = (from == 0).then(|| self.timeline.closed()).into_iter().flatten();
        for past in ended.filter(|past| selected(&past.key)) {
            let value = match flag {
                Flag::LastUpdate => Some(Counted::Txn(past.seq)),
                Flag::Error => past.error.as_deref().map(Counted::Text),
                Flag::ValueState => Some(Counted::Text(past.state.name())),
                Flag::Unavailable => past.unavailable.then_some(Counted::Text("")),
                Flag::Descriptor => {
                    Some(Counted::Text(name(past.kind))).filter(|name| *name != Counted::Text(""))
                }
                Flag::Derived => past.parent.as_deref().map(Counted::Text),
            };
            value.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
        let working = self.working(&slice.nodes);
        let nodes = slice.nodes.map(|n| n as NodeId);
        for n in nodes.filter(|&n| self.graph.node(n).since != 0 && selected(&self.graph.node(n).key)) {
            let node = self.graph.node(n);
            let seen = match working.get(&n) {
                Some(before) => before.and_then(Sight::before),
                None => Sight::of(node),
            };
            let Some(seen) = seen else { continue };
            let value = match flag {
                Flag::LastUpdate => Some(Counted::Txn(node.seq)),
                Flag::Error => seen.error.map(|error| Counted::Text(&error.cause)),
                Flag::ValueState => Some(Counted::Text(seen.state.name())),
                Flag::Unavailable => seen.unavailable.then_some(Counted::Text("")),
                Flag::Descriptor => {
                    Some(Counted::Text(name(seen.kind))).filter(|name| *name != Counted::Text(""))
                }
                Flag::Derived => {
                    Some(seen.parent).filter(|&p| p != NONE).map(|p| Counted::Text(&self.graph.node(p).key))
                }
            };
            value.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
        (counts.into_iter().map(|(value, count)| (value.text(), count)).collect(), slice.next)
    }
}

/// A value of a flag while it is counted.
#[derive(PartialEq, Eq, Hash)]
enum Counted<'a> {
    Txn(u32),
    Text(&'a str),
}

impl Counted<'_> {
    fn text(&self) -> String {
        match self {
            Counted::Txn(seq) => format!("TXN-{seq}"),
            Counted::Text(text) => (*text).to_owned(),
        }
    }
}

impl Edge {
    /// The key or the pattern.
    fn name(&self) -> &str {
        self.key.strip_prefix('?').filter(|_| self.any).unwrap_or(&self.key)
    }
}

/// What the scheduler told a reader, who does the rest: finding out who matched whom.
pub(crate) struct Told {
    registry: Arc<Registry>,
    asked: Vec<Drawn>,
    /// Possible targets; `None` if these are all among what was asked for, at one time.
    others: Option<Vec<Past>>,
}

/// A revision with what the descriptor knows about it.
pub(crate) type Drawn = (Past, serde_json::Value);

impl Told {
    /// All keys at one time, told in slices.
    pub fn at_one_time(registry: Arc<Registry>, mut asked: Vec<Drawn>) -> Told {
        asked.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key)); // stable
        keep_later(&mut asked, |(a, _), (b, _)| a.key == b.key);
        Told { registry, asked, others: None }
    }
    /// In the order of time for one key, in key order otherwise.
    pub fn into_revisions(mut self) -> Vec<Revision> {
        let mut all = self.others.take();
        let one_key = all.is_some();
        let everybody = all.get_or_insert_with(|| self.asked.iter().map(|(past, _)| past.clone()).collect());
        everybody.retain(|past| !past.unavailable);
        everybody.sort_by(|a, b| (&a.key, a.since).cmp(&(&b.key, b.since)));
        everybody.dedup_by(|a, b| a.key == b.key && a.since == b.since);
        let everybody = &*everybody;
        let describe = |(past, metadata): Drawn| {
            let descriptor = (past.kind != NO_KIND).then(|| self.registry.get(past.kind));
            let label = descriptor.and_then(|descriptor| past.key.strip_prefix(descriptor.prefix()));
            let at = past.until - 1;
            let target = |edge: &Edge| Target {
                derives: edge.derives,
                expected: edge.name().into(),
                any: edge.any,
                matching: matching(everybody, edge, at, one_key),
            };
            Revision {
                since: time(past.since),
                until: (past.until != NOW).then(|| time(past.until)),
                label: label.unwrap_or(&past.key).to_owned(),
                value: past.value,
                seq: u64::from(past.seq),
                state: past.state,
                unavailable: past.unavailable,
                descriptor: descriptor.map_or("", |descriptor| descriptor.name()),
                metadata,
                targets: past.edges.iter().map(target).collect(),
                error: past.error,
                derived: past.parent,
                key: past.key,
            }
        };
        self.asked.into_iter().map(describe).collect()
    }
}

/// Keys that were there for an edge: at a time, or among what was taken at one time.
fn matching(everybody: &[Past], edge: &Edge, at: u64, timed: bool) -> Vec<Arc<str>> {
    let name = edge.name();
    let pattern = if edge.any { Pattern::shown_as(name) } else { Pattern::from(name.to_owned()) };
    let prefix = &*pattern.prefix;
    let start = everybody.partition_point(|past| *past.key < *prefix);
    let rest = everybody.get(start..).unwrap_or_default();
    let fits = |past: &&Past| pattern.fits(&past.key) && (edge.any || *past.key == *name);
    let under = rest.iter().take_while(|past| past.key.starts_with(prefix));
    let matches = under.filter(fits).filter(|past| !timed || past.covers(at));
    matches.take(MATCHING).map(|past| past.key.clone()).collect()
}
