//! The part of the graph that a plan looks at: changed nodes, and whatever may lose or gain a dependency through them.
//! Judges each of them, and decides what must be taken down for a moment. Linear in the region's nodes and edges.

use crate::contract::capability::{Lacks, Missing};
use crate::contract::descriptor::Change;
use crate::contract::erased::AnySpec;
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::state::graph::{Graph, NodeId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What planning depends on besides the graph.
pub(crate) struct Policy<'a> {
    /// Nodes not to be touched in this round: their operation failed already.
    pub barred: &'a HashSet<NodeId>,
    /// Why a kind cannot be worked on now (southbound away, not compared yet, calls missing), by kind.
    pub blocked: &'a [Option<String>],
    /// Why a kind is not supported at all, by kind.
    pub lacking: &'a [Option<String>],
    /// Calls that some values may need and that do not exist, by kind.
    pub missing: &'a [Missing],
    /// Kinds of which not all was told.
    pub untold: &'a BTreeSet<Kind>,
    /// Every source has answered: what is ours and unwanted may go.
    pub complete: bool,
}

impl Policy<'_> {
    fn is_unknown(&self, kind: Kind) -> bool {
        self.is_blocked(kind) && self.lacking.get(kind as usize).is_some_and(Option::is_none)
    }
    /// Something that hangs on objects of this kind may be there without anybody knowing.
    fn may_be_used(&self, registry: &Registry, kind: Kind) -> bool {
        registry.unknown_reader(kind, |other| self.is_unknown(other)).is_some()
    }
    /// Nobody could tell yet whether this is there, or what it is to be made on.
    fn is_untold(&self, graph: &Graph, registry: &Registry, n: NodeId) -> bool {
        // What is only referred to has no kind yet.
        let untold = |n: NodeId| {
            let key = &graph.node(n).key;
            !graph.present(n) && self.untold.iter().any(|&kind| key.starts_with(registry.get(kind).prefix()))
        };
        let want = || graph.node(n).want.as_deref();
        let on_untold = || want().is_some_and(|want| graph.hangs_on(n, want).any(|(d, _)| untold(d)));
        !self.untold.is_empty() && !graph.present(n) && (untold(n) || on_untold())
    }
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
    /// Must not go, not even for a moment: something that cannot be touched hangs on it.
    pub held: Vec<bool>,
}

pub(crate) fn judge(graph: &Graph, registry: &Registry, policy: &Policy<'_>, n: NodeId) -> Verdict {
    let node = graph.node(n);
    if node.group.is_some() {
        return Verdict::Group;
    }
    let untouchable = policy.barred.contains(&n) || policy.is_blocked(node.kind) || node.kind == NO_KIND;
    // What it needs besides what its kind does is asked last: that is one more question for each value.
    let lacks =
        |want: &dyn AnySpec| Lacks { registry, missing: policy.missing }.of(node.kind, want).is_some();
    let Some(have) = &node.have else {
        let wanted = node.want.as_deref().filter(|_| !untouchable && !registry.get(node.kind).fed());
        return if wanted.is_some_and(|want| !lacks(want)) { Verdict::New } else { Verdict::Nothing };
    };
    // If what it hangs on is not known to be there only because its southbound is away, or because nobody could tell yet,
    // nothing is known to be wrong. In the latter case what is not wanted may go all the same.
    let wanted = node.want.is_some();
    let unknown = |d: NodeId| {
        !graph.present(d) && policy.is_unknown(graph.node(d).kind)
            || wanted && policy.is_untold(graph, registry, d)
    };
    if untouchable || graph.hangs_on(n, &*have.spec).any(|(d, _)| unknown(d)) {
        return Verdict::Stuck;
    }
    if registry.get(node.kind).fed() {
        return Verdict::Same;
    }
    match &node.want {
        None if have.foreign => Verdict::Same,
        None if have.discovered && !policy.complete => Verdict::Same,
        None if graph.spared(n) => Verdict::Same,
        None if policy.may_be_used(registry, node.kind) => Verdict::Stuck,
        None => Verdict::Gone,
        Some(want) => match registry.get(node.kind).change(&*have.spec, &**want) {
            None if !have.unsure => Verdict::Same,
            // It goes, as everything does that cannot become what is wanted.
            _ if lacks(&**want) && policy.may_be_used(registry, node.kind) => Verdict::Stuck,
            _ if lacks(&**want) => Verdict::Gone,
            change if have.unsure || change == Some(Change::Recreate) => {
                // It would go for a moment, with whatever hangs on it.
                if policy.may_be_used(registry, node.kind) { Verdict::Stuck } else { Verdict::Recreate }
            }
            None | Some(Change::Recreate) => Verdict::Same,
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
            held: Vec::new(),
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
        let asked = r.ids.len();
        let mut at = 0;
        while at < work.len() {
            let n = r.ids[work[at] as usize];
            at += 1;
            for m in graph.dependents(n) {
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
        r.leave_taken_places(registry);
        r.leave_failed(asked);
        r.bounce = vec![false; r.ids.len()];
        r
    }
    /// What failed, and only stands beside the first nodes, which are asked for, is not tried again with them, unless
    /// something that it needs comes or changes its place: it has a retry of its own, or none.
    fn leave_failed(&mut self, asked: usize) {
        let stays = |d: NodeId| {
            let comes =
                |i: usize| matches!(self.verdict[i], Verdict::New | Verdict::Recreate | Verdict::Gone);
            self.graph.present(d) && !self.place(d).is_some_and(comes)
        };
        let failed = |&i: &usize| {
            let (n, new) = (self.ids[i], self.verdict[i] == Verdict::New);
            let error = self.graph.node(n).note.as_ref().and_then(|note| note.error.as_ref());
            let want = self.graph.node(n).want.as_deref().filter(|_| new);
            error.is_some() && want.is_some_and(|want| self.graph.hangs_on(n, want).all(|(d, _)| stays(d)))
        };
        let failed: Vec<usize> = (asked..self.ids.len()).filter(failed).collect();
        for i in failed {
            self.verdict[i] = Verdict::Nothing;
        }
    }
    /// Nodes that nobody wants, and that cannot go.
    pub fn staying(&self) -> impl Iterator<Item = NodeId> + '_ {
        let unwanted = |&i: &usize| {
            let node = self.graph.node(self.ids[i]);
            let ours = node.have.as_ref().is_some_and(|have| !have.foreign && !have.discovered);
            self.verdict[i] == Verdict::Stuck && node.want.is_none() && ours
        };
        (0..self.ids.len()).filter(unwanted).map(|i| self.ids[i])
    }
    /// What could not be removed keeps its place, unless it goes now, and so does what others hang on that could not; and
    /// what was found and may still be asked for.
    fn leave_taken_places(&mut self, registry: &Registry) {
        let places = |n: NodeId, spec: &dyn AnySpec| self.graph.places(registry, n, spec);
        let had = |n: NodeId| self.graph.node(n).have.as_ref().map(|have| places(n, &*have.spec));
        let taken: HashSet<String> = self.staying().filter_map(had).flatten().collect();
        let goes = |n: NodeId| self.place(n).is_some_and(|i| self.verdict[i] == Verdict::Gone);
        let waits = |&i: &usize| {
            let (n, new) = (self.ids[i], self.verdict[i] == Verdict::New);
            let Some(want) = self.graph.node(n).want.as_deref().filter(|_| new) else { return false };
            !taken.is_empty() && places(n, want).iter().any(|place| taken.contains(place))
                || self.graph.squatters_of(registry, n, want).into_iter().any(|other| !goes(other))
        };
        let waiting: Vec<usize> = (0..self.ids.len()).filter(waits).collect();
        for i in waiting {
            self.verdict[i] = Verdict::Nothing;
        }
    }
    fn hold_what_stuck_hangs_on(&mut self) {
        self.held = self.verdict.iter().map(|&verdict| verdict == Verdict::Stuck).collect();
        let mut todo: Vec<usize> = (0..self.ids.len()).filter(|&i| self.held[i]).collect();
        while let Some(i) = todo.pop() {
            if matches!(self.verdict[i], Verdict::Gone | Verdict::Recreate) {
                self.verdict[i] = Verdict::Stuck;
            }
            let below = self.have(i).into_iter().flat_map(|spec| self.graph.hangs_on(self.ids[i], spec));
            for d in below.filter_map(|(d, _)| self.place(d)).collect::<Vec<_>>() {
                if self.have(d).is_some() && !std::mem::replace(&mut self.held[d], true) {
                    todo.push(d);
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

    /// Present now and all through the execution?
    pub fn steady(&self, n: NodeId) -> bool {
        match (&self.graph.node(n).group, self.place(n)) {
            (Some(group), _) => group.iter().any(|&m| self.steady(m)),
            (_, Some(i)) => self.up[i] && !self.bounce[i] && self.have(i).is_some(),
            (_, None) => self.graph.present(n),
        }
    }
    /// Stays, but what it hangs on went by itself meanwhile and must be made anew.
    pub fn interrupted(&self, i: usize) -> bool {
        let stays = matches!(self.verdict[i], Verdict::Same | Verdict::InPlace) && self.up[i];
        let mut hangs = self.have(i).into_iter().flat_map(|spec| self.graph.hangs_on(self.ids[i], spec));
        let lost = |d: NodeId| {
            let node = self.graph.node(d);
            node.have.is_none() && node.note.as_ref().is_some_and(|note| note.ghost.is_some())
        };
        stays && !self.held[i] && hangs.any(|(d, _)| lost(d))
    }
    /// What is present and stays, but hangs on something that goes away for a moment, must be re-created too.
    pub fn spread_bounces(&mut self, registry: &Registry, mut work: Vec<u32>) {
        work.iter().for_each(|&i| self.bounce[i as usize] = true);
        let gone = (0..self.ids.len()).filter(|&i| self.have(i).is_some() && !self.up[i] && !self.bounce[i]);
        let mut todo: Vec<u32> = gone.map(|i| i as u32).collect(); // may leave a group without steady member
        todo.append(&mut work);
        let mut witnesses = Witnesses::default();
        while let Some(i) = todo.pop() {
            let (n, bounced) = (self.ids[i as usize], self.bounce[i as usize]);
            for m in self.graph.dependents(n).collect::<Vec<_>>() {
                if self.graph.node(m).group.is_some() {
                    if witnesses.lose(m, |n| self.steady(n), self.graph) {
                        let users: Vec<_> =
                            self.graph.dependents(m).filter_map(|user| self.place(user)).collect();
                        users.into_iter().for_each(|user| self.bounce_one(user, m, &mut todo));
                    }
                } else if bounced && let Some(j) = self.place(m) {
                    self.bounce_one(j, n, &mut todo);
                }
            }
        }
        // Make-before-break is impossible if what is left must go before something that is made: because it comes back, or
        // because something else takes its place.
        let moved: Vec<usize> = (0..self.ids.len()).filter(|&i| self.moved(i)).collect();
        if moved.is_empty() {
            return;
        }
        let leads = self.lead_to_making(registry);
        let mut of_groups: HashMap<usize, bool> = HashMap::new();
        let mut clashes = |&i: &usize| {
            let mut left = self.hangs_on(i).filter(|&d| self.leaves(i, self.ids[d]));
            let group_leads =
                |d: usize| *of_groups.entry(d).or_insert_with(|| self.going_members(d).any(|m| leads[m]));
            self.left_edges(i).any(|(d, _)| leads[d]) || left.any(group_leads)
        };
        let clash: Vec<u32> = moved.into_iter().filter(&mut clashes).map(|i| i as u32).collect();
        if !clash.is_empty() {
            self.spread_bounces(registry, clash);
        }
    }
    /// `j` comes down and up again because what it hangs on, `on`, does.
    fn bounce_one(&mut self, j: usize, on: NodeId, todo: &mut Vec<u32>) {
        let hangs = |spec| self.graph.hangs_on(self.ids[j], spec).any(|(d, _)| d == on);
        if self.up[j]
            && !self.held[j]
            && self.have(j).is_some_and(hangs)
            && !self.leaves(j, on)
            && !std::mem::replace(&mut self.bounce[j], true)
        {
            todo.push(j as u32);
        }
    }
    pub fn goes(&self, i: usize) -> bool {
        self.have(i).is_some() && self.verdict[i] != Verdict::Stuck && (!self.up[i] || self.bounce[i])
    }
    /// Wanted as it is present, though perhaps in other words.
    pub fn settled(&self, i: usize) -> bool {
        let node = self.graph.node(self.ids[i]);
        self.verdict[i] == Verdict::Same
            && self.up[i]
            && !self.bounce[i]
            && node.want.is_some()
            && !node.as_wanted()
    }
    pub fn moved(&self, i: usize) -> bool {
        self.verdict[i] == Verdict::Moved && self.up[i] && !self.bounce[i]
    }
    /// Needs one of a group now, and moves to where it needs none of them.
    pub fn leaves(&self, i: usize, group: NodeId) -> bool {
        let needs = |want: &dyn AnySpec| want.links().deps().any(|d| d == group);
        let want = self.graph.node(self.ids[i]).want.as_deref();
        self.graph.node(group).group.is_some() && self.moved(i) && want.is_some_and(|want| !needs(want))
    }
    /// Members of a group that go.
    pub fn going_members(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        let members = self.graph.node(self.ids[group]).group.as_deref();
        let places = members.into_iter().flatten().filter_map(|&m| self.place(m));
        places.filter(|&m| self.goes(m))
    }
    /// Nodes that the present value of `i` hangs on.
    pub fn hangs_on(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let edges = self.have(i).into_iter().flat_map(move |spec| self.graph.hangs_on(self.ids[i], spec));
        edges.filter_map(|(d, _)| self.place(d))
    }
    /// Going nodes that the present value of `i` hangs on.
    pub fn left_edges(&self, i: usize) -> impl Iterator<Item = (usize, bool)> + '_ {
        let edges = self.have(i).into_iter().flat_map(move |spec| self.graph.hangs_on(self.ids[i], spec));
        edges.filter_map(|(d, hard)| Some((self.place(d)?, hard))).filter(|&(d, _)| self.goes(d))
    }
    /// Going nodes that come back or whose place something else takes, and those that hang on such.
    fn lead_to_making(&self, registry: &Registry) -> Vec<bool> {
        let places = |i: usize, spec: &dyn AnySpec| self.graph.places(registry, self.ids[i], spec);
        let made = |&i: &usize| self.up[i] && (self.bounce[i] || self.have(i).is_none());
        let takes = (0..self.ids.len()).filter(made).flat_map(|i| {
            let its = self.spec(i).map(|spec| places(i, spec)).unwrap_or_default();
            its.into_iter().map(move |place| (place, i))
        });
        let takers: HashMap<String, usize> = takes.collect();
        let contested = |i: usize| {
            let its = self.have(i).filter(|_| !takers.is_empty()).map(|spec| places(i, spec));
            its.is_some_and(|its| its.iter().any(|place| takers.get(place).is_some_and(|&taker| taker != i)))
        };
        let leads = (0..self.ids.len()).map(|i| self.goes(i) && (self.bounce[i] || contested(i)));
        let mut leads: Vec<bool> = leads.collect();
        let mut todo: Vec<usize> = (0..leads.len()).filter(|&i| leads[i]).collect();
        let mut groups = HashSet::new();
        while let Some(i) = todo.pop() {
            let mut above = Vec::new();
            for m in self.graph.dependents(self.ids[i]) {
                if self.graph.node(m).group.is_none() {
                    above.extend(self.place(m).map(|j| (j, self.ids[i])));
                } else if !self.steady(m) && groups.insert(m) {
                    above.extend(self.graph.dependents(m).filter_map(|user| Some((self.place(user)?, m))));
                }
            }
            let hangs = |j: usize, on: NodeId| {
                self.have(j).is_some_and(|spec| self.graph.hangs_on(self.ids[j], spec).any(|(d, _)| d == on))
            };
            for (j, on) in above {
                if self.goes(j) && hangs(j, on) && !std::mem::replace(&mut leads[j], true) {
                    todo.push(j);
                }
            }
        }
        leads
    }
}

/// A member of each group that stays all the time, as far as is known: members are only ever lost, so none is looked at
/// twice.
#[derive(Default)]
struct Witnesses(HashMap<NodeId, Option<NodeId>>);

impl Witnesses {
    /// Did the group lose its last steady member just now?
    fn lose(&mut self, group: NodeId, steady: impl Fn(NodeId) -> bool, graph: &Graph) -> bool {
        let Some(members) = &graph.node(group).group else { return false };
        let first = || members.first().copied();
        let witness = self.0.entry(group).or_insert_with(first);
        let Some(from) = *witness else { return false };
        *witness = members.range(from..).copied().find(|&m| steady(m));
        witness.is_none()
    }
}
