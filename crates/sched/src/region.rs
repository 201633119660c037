//! The part of the graph that a plan looks at: changed nodes, and whatever may lose or gain a dependency through them.
//! Decides what will be up, and what must be taken down for a moment. Linear in the region's nodes and edges.

use crate::descriptor::Change;
use crate::erased::AnySpec;
use crate::graph::{Graph, NodeId};
use crate::registry::{Kind, NO_KIND, Registry};
use crate::scc::Edges;
use std::collections::{HashMap, HashSet};

/// What planning depends on besides the graph.
pub(crate) struct Policy<'a> {
    /// Nodes not to be touched in this round: their operation failed already.
    pub barred: &'a HashSet<NodeId>,
    /// Why a kind cannot be worked on now (southbound away, not compared yet, calls missing), by kind.
    pub blocked: &'a [Option<String>],
    /// Every source has answered: what is ours and unwanted may go.
    pub complete: bool,
    /// Remove foreign objects as well.
    pub remove_foreign: bool,
}

impl Policy<'_> {
    pub fn is_blocked(&self, kind: Kind) -> bool {
        kind != NO_KIND && self.blocked.get(kind as usize).is_some_and(Option::is_some)
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Verdict {
    Same,
    InPlace,
    /// In place, to another object.
    Moved,
    Recreate,
    New,
    Gone,
    Nothing,
    Group,
    /// Present, and not to be touched.
    Stuck,
}

pub(crate) struct Region<'a> {
    pub graph: &'a Graph,
    /// Nodes by place.
    pub ids: Vec<NodeId>,
    places: HashMap<NodeId, u32, foldhash::fast::FixedState>,
    pub verdict: Vec<Verdict>,
    pub up: Vec<bool>,
    pub bounce: Vec<bool>,
}

pub(crate) fn judge(graph: &Graph, registry: &Registry, policy: &Policy<'_>, n: NodeId) -> Verdict {
    let node = graph.node(n);
    if node.group.is_some() {
        return Verdict::Group;
    }
    let untouchable = policy.barred.contains(&n) || policy.is_blocked(node.kind) || node.kind == NO_KIND;
    let Some(have) = &node.have else {
        let wanted = node.valid_want().is_some() && !untouchable && !registry.get(node.kind).fed();
        return if wanted { Verdict::New } else { Verdict::Nothing };
    };
    if untouchable {
        return Verdict::Stuck;
    }
    if registry.get(node.kind).fed() {
        return Verdict::Same;
    }
    match &node.want {
        None if have.foreign && !policy.remove_foreign => Verdict::Same,
        None if have.discovered && !policy.complete => Verdict::Same,
        None => Verdict::Gone,
        // What is present stays while what is wanted instead is invalid.
        Some(want) if want.invalid().is_some() => Verdict::Same,
        Some(_) if have.unsure => Verdict::Recreate,
        Some(want) => match registry.get(node.kind).change(&*have.spec, &**want) {
            None => Verdict::Same,
            Some(Change::Recreate) => Verdict::Recreate,
            Some(Change::InPlace) if have.spec.links().slots != want.links().slots => Verdict::Moved,
            Some(Change::InPlace) => Verdict::InPlace,
        },
    }
}

impl<'a> Region<'a> {
    /// Collects the region of `dirty` and judges its nodes.
    pub fn new(graph: &'a Graph, registry: &Registry, policy: &Policy<'_>, dirty: &[NodeId]) -> Self {
        let mut r = Region {
            graph,
            ids: Vec::new(),
            places: HashMap::default(),
            verdict: Vec::new(),
            up: Vec::new(),
            bounce: Vec::new(),
        };
        let mut work = Vec::new();
        let mut spread = Vec::new();
        for &n in dirty {
            let (i, fresh) = r.enter(n);
            if fresh {
                let verdict = judge(graph, registry, policy, n);
                r.verdict.push(verdict);
                let have = graph.node(n).have.as_ref();
                let firm =
                    || have.is_none_or(|have| graph.hangs_on(n, &*have.spec).all(|(d, _)| graph.present(d)));
                let quiet = matches!(verdict, Verdict::Same | Verdict::InPlace | Verdict::Nothing);
                spread.push(!(quiet && firm()));
                if spread[i as usize] {
                    work.push(i);
                }
            }
        }
        let mut at = 0;
        while at < work.len() {
            let n = r.ids[work[at] as usize];
            at += 1;
            let node = graph.node(n);
            let specs = node.want.iter().chain(node.have.iter().map(|have| &have.spec));
            let derived = specs.flat_map(|spec| spec.links().derived.iter().copied());
            for m in graph.dependents(n).chain(derived) {
                let (j, fresh) = r.enter(m);
                if fresh {
                    r.verdict.push(judge(graph, registry, policy, m));
                    spread.push(false);
                }
                if !std::mem::replace(&mut spread[j as usize], true) {
                    work.push(j);
                }
            }
        }
        r.hold_what_stuck_hangs_on();
        r.up = vec![false; r.ids.len()];
        r.bounce = vec![false; r.ids.len()];
        r
    }
    fn hold_what_stuck_hangs_on(&mut self) {
        let mut stuck: Vec<usize> =
            (0..self.ids.len()).filter(|&i| self.verdict[i] == Verdict::Stuck).collect();
        while let Some(i) = stuck.pop() {
            let held = self.have(i).into_iter().flat_map(|spec| self.graph.hangs_on(self.ids[i], spec));
            for d in held.filter_map(|(d, _)| self.place(d)).collect::<Vec<_>>() {
                let before = self.verdict[d];
                if self.have(d).is_some() && before != Verdict::Stuck {
                    self.verdict[d] = Verdict::Stuck;
                    stuck.push(d);
                }
            }
        }
    }
    fn enter(&mut self, n: NodeId) -> (u32, bool) {
        let next = self.ids.len() as u32;
        let i = *self.places.entry(n).or_insert(next);
        if i == next {
            self.ids.push(n);
        }
        (i, i == next)
    }
    pub fn place(&self, n: NodeId) -> Option<usize> {
        self.places.get(&n).map(|&i| i as usize)
    }
    fn will_be_up(&self, n: NodeId) -> bool {
        match self.place(n) {
            Some(i) => self.up[i],
            None => self.graph.present(n),
        }
    }
    pub fn have(&self, i: usize) -> Option<&'a dyn AnySpec> {
        self.graph.node(self.ids[i]).have.as_ref().map(|have| &*have.spec)
    }
    /// The spec that decides about node `i`; None if it is not a candidate.
    pub fn spec(&self, i: usize) -> Option<&'a dyn AnySpec> {
        match self.verdict[i] {
            Verdict::Gone | Verdict::Nothing | Verdict::Group => None,
            Verdict::Same | Verdict::Stuck => self.have(i),
            _ => self.graph.node(self.ids[i]).want.as_deref(),
        }
    }

    /// Decides what will be up; returns places, dependencies first.
    pub fn availability(&mut self) -> Vec<u32> {
        let all: Vec<u32> = (0..self.ids.len() as u32).collect();
        let mut order = Vec::with_capacity(all.len());
        self.edges_among(&all).components(|members, tangled| {
            order.extend(members);
            self.settle(members, tangled);
        });
        order
    }
    /// Edges between these nodes, numbered by position, along needs that are not met yet.
    fn edges_among(&self, nodes: &[u32]) -> Edges {
        let whole = nodes.len() == self.ids.len();
        let positions: HashMap<u32, u32> =
            if whole { HashMap::new() } else { nodes.iter().zip(0..).map(|(&w, k)| (w, k)).collect() };
        let local = |(d, hard): (NodeId, bool)| {
            let i = *self.places.get(&d)?;
            if self.up[i as usize] {
                return None;
            }
            Some((if whole { i } else { *positions.get(&i)? }, hard))
        };
        let mut edges = Edges::default();
        for &i in nodes {
            let n = self.ids[i as usize];
            match (&self.graph.node(n).group, self.spec(i as usize)) {
                _ if self.verdict[i as usize] == Verdict::Stuck => edges.node(std::iter::empty()),
                (Some(members), _) => edges.node(members.iter().map(|&m| (m, false)).filter_map(local)),
                (_, Some(spec)) => edges.node(self.graph.hangs_on(n, spec).filter_map(local)),
                _ => edges.node(std::iter::empty()),
            }
        }
        edges
    }
    /// A component comes up if the needs of its members are met from outside or inside it. A member that needs nothing
    /// from inside comes up by itself first: AnyOf must not make it hostage to its alternatives.
    fn settle(&mut self, members: &[u32], tangled: bool) {
        if let [one] = *members {
            let me = self.ids[one as usize];
            self.up[one as usize] = !tangled && self.ready(one, &|d| d == me);
            return;
        }
        let mut rest = members.to_vec();
        loop {
            let before = rest.len();
            rest.retain(|&w| {
                let ready = self.ready(w, &|_| false);
                self.up[w as usize] |= ready;
                !ready
            });
            if rest.len() == before {
                break;
            }
        }
        if rest.len() < members.len() {
            self.edges_among(&rest).components(|sub, tangled| {
                let sub: Vec<u32> = sub.iter().map(|&k| rest[k as usize]).collect();
                self.settle(&sub, tangled);
            });
            return;
        }
        let inside: HashSet<NodeId> = rest.iter().map(|&w| self.ids[w as usize]).collect();
        let ready = !tangled && rest.iter().all(|&w| self.ready(w, &|d| inside.contains(&d)));
        rest.iter().for_each(|&w| self.up[w as usize] = ready);
    }
    fn ready(&self, w: u32, inside: &dyn Fn(NodeId) -> bool) -> bool {
        let n = self.ids[w as usize];
        let met = |d: NodeId| inside(d) || self.will_be_up(d);
        match (&self.graph.node(n).group, self.spec(w as usize)) {
            (Some(group), _) => group.iter().any(|&m| met(m)),
            _ if self.verdict[w as usize] == Verdict::Stuck => true,
            (_, Some(spec)) => self.graph.hangs_on(n, spec).all(|(d, _)| met(d)),
            _ => false,
        }
    }

    /// Present now and all through the execution?
    pub fn steady(&self, n: NodeId) -> bool {
        match (&self.graph.node(n).group, self.place(n)) {
            (Some(group), _) => group.iter().any(|&m| self.steady(m)),
            (_, Some(i)) => self.up[i] && !self.bounce[i] && self.have(i).is_some(),
            (_, None) => self.graph.present(n),
        }
    }
    /// What is present and stays, but hangs on something that goes away for a moment, must be re-created too.
    pub fn spread_bounces(&mut self, mut work: Vec<u32>) {
        work.iter().for_each(|&i| self.bounce[i as usize] = true);
        let gone = (0..self.ids.len()).filter(|&i| self.have(i).is_some() && !self.up[i] && !self.bounce[i]);
        let mut todo: Vec<u32> = gone.map(|i| i as u32).collect(); // may leave a group without steady member
        todo.append(&mut work);
        while let Some(i) = todo.pop() {
            let (n, bounced) = (self.ids[i as usize], self.bounce[i as usize]);
            let derived =
                self.have(i as usize).into_iter().flat_map(|spec| spec.links().derived.iter().copied());
            let next: Vec<_> = self.graph.dependents(n).chain(derived).collect();
            for m in next {
                if self.graph.node(m).group.is_some() {
                    if !self.steady(m) {
                        let users: Vec<_> =
                            self.graph.dependents(m).filter_map(|user| self.place(user)).collect();
                        users.into_iter().for_each(|user| self.bounce_one(user, &mut todo));
                    }
                } else if bounced && let Some(j) = self.place(m) {
                    self.bounce_one(j, &mut todo);
                }
            }
        }
        // Make-before-break is impossible if what is left must go before something it waits for is made.
        let clash = (0..self.ids.len())
            .filter(|&i| self.moved(i) && self.left_edges(i).any(|(d, _)| self.leads_to_bounce(d)));
        let clash: Vec<u32> = clash.map(|i| i as u32).collect();
        if !clash.is_empty() {
            self.spread_bounces(clash);
        }
    }
    fn bounce_one(&mut self, j: usize, todo: &mut Vec<u32>) {
        let foreign = self.graph.node(self.ids[j]).have.as_ref().is_none_or(|have| have.foreign);
        if self.up[j]
            && !foreign
            && self.verdict[j] != Verdict::Stuck
            && !std::mem::replace(&mut self.bounce[j], true)
        {
            todo.push(j as u32);
        }
    }
    pub fn goes(&self, i: usize) -> bool {
        self.have(i).is_some() && (!self.up[i] || self.bounce[i])
    }
    pub fn moved(&self, i: usize) -> bool {
        self.verdict[i] == Verdict::Moved && self.up[i] && !self.bounce[i]
    }
    /// Going nodes that the present value of `i` hangs on.
    pub fn left_edges(&self, i: usize) -> impl Iterator<Item = (usize, bool)> + '_ {
        let edges = self.have(i).into_iter().flat_map(move |spec| self.graph.hangs_on(self.ids[i], spec));
        edges.filter_map(|(d, hard)| Some((self.place(d)?, hard))).filter(|&(d, _)| self.goes(d))
    }
    fn leads_to_bounce(&self, i: usize) -> bool {
        let (mut seen, mut todo) = (HashSet::new(), vec![i]);
        while let Some(i) = todo.pop() {
            if self.bounce[i] {
                return true;
            }
            if seen.insert(i) {
                todo.extend(self.left_edges(i).map(|(d, _)| d));
            }
        }
        false
    }
}
