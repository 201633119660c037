//! (wanted, present) -> a DAG of operations in one canonical order. Pure: no I/O, no async, changes nothing.
//!
//! The list order is a topological order of the DAG: deletes (dependents first), creates and updates (dependencies
//! first), deletes that must come last. Only real edges are barriers for the executor.

use crate::contract::erased::AnySpec;
use crate::contract::needs::Slot;
use crate::contract::registry::Registry;
use crate::planning::region::{Policy, Region, Verdict};
use crate::planning::scc::Edges;
use crate::state::graph::{Graph, NONE, NodeId};
use std::collections::{BTreeSet, HashMap};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verb {
    Create,
    Update,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Op {
    pub node: NodeId,
    pub verb: Verb,
    /// Half of a re-creation.
    pub recreate: bool,
}

#[derive(Default, Debug)]
pub(crate) struct Plan {
    pub ops: Vec<Op>,
    /// How many operations each one waits for.
    pub waits: Vec<u32>,
    /// Nodes whose state may have changed, with or without an operation.
    pub touched: Vec<NodeId>,
    /// Nodes whose present value is as good as the wanted one, without an operation.
    pub settled: Vec<NodeId>,
    /// Nodes that nobody wants, and that cannot go.
    pub staying: Vec<NodeId>,
    /// Operations that wait for op `i`: `after[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    after: Vec<u32>,
}

impl Plan {
    pub fn after(&self, op: u32) -> &[u32] {
        &self.after[self.starts[op as usize] as usize..self.starts[op as usize + 1] as usize]
    }
    fn new(ops: Vec<Op>, edges: Vec<(u32, u32)>, region: &Region<'_>) -> Plan {
        let (mut waits, mut starts) = (vec![0; ops.len()], vec![0; ops.len() + 1]);
        for &(a, b) in &edges {
            debug_assert!(a < b, "list order is topological");
            starts[a as usize + 1] += 1;
            waits[b as usize] += 1;
        }
        for i in 0..ops.len() {
            starts[i + 1] += starts[i];
        }
        let (mut fill, mut after) = (starts.clone(), vec![0; edges.len()]);
        for (a, b) in edges {
            after[fill[a as usize] as usize] = b;
            fill[a as usize] += 1;
        }
        let same = (0..region.ids.len()).filter(|&i| region.settled(i));
        let settled = same.map(|i| region.ids[i]).collect();
        let staying = region.staying().collect();
        Plan { ops, waits, touched: region.ids.clone(), settled, staying, starts, after }
    }
}

/// The operations that bring `dirty`, and what hangs on it, from what is present to what is wanted.
pub(crate) fn plan(graph: &Graph, registry: &Registry, policy: &Policy<'_>, dirty: &[NodeId]) -> Plan {
    let mut region = Region::new(graph, registry, policy, dirty);
    let order = region.availability();
    let anew = |&i: &usize| region.verdict[i] == Verdict::Recreate || region.interrupted(i);
    let recreated: Vec<u32> = (0..region.ids.len()).filter(anew).map(|i| i as u32).collect();
    region.spread_bounces(registry, recreated);
    Emit {
        r: &region,
        registry,
        ops: Vec::new(),
        edges: Vec::new(),
        del: vec![],
        make: vec![],
        firsts: HashMap::new(),
    }
    .run(&order)
}

struct Emit<'a> {
    r: &'a Region<'a>,
    registry: &'a Registry,
    ops: Vec<Op>,
    edges: Vec<(u32, u32)>,
    /// Index of the delete and of the create or update of a place, or `NONE`.
    del: Vec<u32>,
    make: Vec<u32>,
    /// By group: the operation that creates its first member, or none if a member is there all the time.
    firsts: HashMap<NodeId, Option<u32>>,
}

impl Emit<'_> {
    fn run(mut self, order: &[u32]) -> Plan {
        let r = self.r;
        let n = r.ids.len();
        (self.del, self.make) = (vec![NONE; n], vec![NONE; n]);
        let lost = self.lost_groups();
        let deletes = self.deletes(&lost);
        let leavers = self.leavers(&lost);
        let late = self.late_deletes(&lost, &leavers);
        for &i in deletes.iter().filter(|&&i| !late[i]) {
            self.del[i] = self.push(i, Verb::Delete);
        }
        for &i in order {
            self.make(i as usize);
        }
        for &i in deletes.iter().filter(|&&i| late[i]) {
            self.del[i] = self.push(i, Verb::Delete);
        }
        for &i in &deletes {
            let before = r.left_edges(i).filter(|&(d, _)| self.del[i] < self.del[d]);
            self.edges.extend(before.map(|(d, _)| (self.del[i], self.del[d])));
        }
        self.last_of_lost(&lost, &deletes, &leavers);
        for &i in deletes.iter().filter(|&&i| r.bounce[i]) {
            // Its handles are those of what went by itself: it must be gone before that is made anew.
            let lost = r.hangs_on(i).filter(|&d| r.have(d).is_none() && self.del[i] < self.make[d]);
            self.edges.extend(lost.filter(|&d| self.make[d] != NONE).map(|d| (self.del[i], self.make[d])));
        }
        for i in (0..n).filter(|&i| r.moved(i)) {
            self.edges.extend(r.left_edges(i).map(|(d, _)| (self.make[i], self.del[d])));
        }
        self.keep_places();
        Plan::new(self.ops, self.edges, r)
    }
    /// What takes a place is made after the one who had it is gone.
    fn keep_places(&mut self) {
        let graph = self.r.graph;
        let places = |n: NodeId, spec: &dyn AnySpec| graph.places(self.registry, n, spec);
        let mut left: HashMap<String, u32> = HashMap::new();
        for (i, op) in self.ops.iter().enumerate().filter(|(_, op)| op.verb == Verb::Delete) {
            let have = graph.node(op.node).have.as_ref();
            let its = have.into_iter().flat_map(|have| places(op.node, &*have.spec));
            left.extend(its.map(|place| (place, i as u32)));
        }
        if left.is_empty() {
            return;
        }
        let mut edges = Vec::new();
        for (j, op) in self.ops.iter().enumerate().filter(|(_, op)| op.verb == Verb::Create) {
            let spec = self.r.place(op.node).and_then(|i| self.r.spec(i));
            let its = spec.into_iter().flat_map(|spec| places(op.node, spec));
            let before = its.filter_map(|place| left.get(&place).copied());
            let other = |&i: &u32| i < j as u32 && self.ops[i as usize].node != op.node;
            edges.extend(before.filter(other).map(|i| (i, j as u32)));
        }
        self.edges.extend(edges);
    }
    /// Groups of which nobody stays.
    fn lost_groups(&self) -> Vec<bool> {
        let r = self.r;
        (0..r.ids.len()).map(|i| r.verdict[i] == Verdict::Group && !r.steady(r.ids[i])).collect()
    }
    /// Who moves away from a group of which nobody stays, with the group.
    fn leavers(&self, lost: &[bool]) -> Vec<(usize, usize)> {
        let r = self.r;
        let moved = (0..r.ids.len()).filter(|&i| r.moved(i));
        moved.flat_map(|i| r.hangs_on(i).filter(|&d| lost[d]).map(move |d| (i, d))).collect()
    }
    /// Who needs one of several goes, or moves away, before the last of them does.
    fn last_of_lost(&mut self, lost: &[bool], deletes: &[usize], leavers: &[(usize, usize)]) {
        let mut last: HashMap<usize, u32> = HashMap::new();
        let mut edges = Vec::new();
        for group in (0..lost.len()).filter(|&i| lost[i]) {
            let Some(end) = self.r.going_members(group).map(|m| self.del[m]).max() else { continue };
            last.insert(group, end);
            edges.extend(self.r.going_members(group).map(|m| (self.del[m], end)));
        }
        for &user in deletes {
            let ends = self.r.hangs_on(user).filter_map(|group| last.get(&group));
            edges.extend(ends.map(|&end| (self.del[user], end)));
        }
        let ends = leavers.iter().filter_map(|(user, group)| Some((self.make[*user], *last.get(group)?)));
        edges.extend(ends);
        self.edges.extend(edges.into_iter().filter(|(first, end)| first < end));
    }
    /// What goes, dependents first.
    fn deletes(&self, lost: &[bool]) -> Vec<usize> {
        let r = self.r;
        let mut going = Edges::default();
        for (i, &lost_group) in lost.iter().enumerate() {
            let members = lost_group.then(|| self.r.going_members(i)).into_iter().flatten();
            let groups = r.hangs_on(i).filter(|&d| lost[d] && r.goes(i));
            let soft = members.chain(groups).map(|d| (d as u32, false));
            let left = r.left_edges(i).filter(|_| r.goes(i)).map(|(d, hard)| (d as u32, hard));
            going.node(left.chain(soft));
        }
        let mut out = Vec::new();
        going.components(|members| {
            out.extend(members.iter().map(|&i| i as usize).filter(|&i| r.goes(i)));
        });
        out.reverse();
        out
    }
    /// What may only go after somebody has moved away from it, or from what hangs on it.
    fn late_deletes(&self, lost: &[bool], leavers: &[(usize, usize)]) -> Vec<bool> {
        let r = self.r;
        let (mut late, mut groups) = (vec![false; r.ids.len()], BTreeSet::new());
        let moved = (0..r.ids.len()).filter(|&i| r.moved(i));
        let mut todo: Vec<usize> = moved.flat_map(|i| r.left_edges(i).map(|(d, _)| d)).collect();
        let mut left: Vec<usize> = leavers.iter().map(|&(_, group)| group).collect();
        loop {
            while let Some(group) = left.pop() {
                if groups.insert(group) {
                    todo.extend(r.going_members(group));
                }
            }
            let Some(i) = todo.pop() else { return late };
            if !std::mem::replace(&mut late[i], true) {
                todo.extend(r.left_edges(i).map(|(d, _)| d));
                left.extend(r.hangs_on(i).filter(|&d| lost[d]));
            }
        }
    }
    fn push(&mut self, i: usize, verb: Verb) -> u32 {
        let recreate = self.r.bounce[i] && verb != Verb::Update;
        self.ops.push(Op { node: self.r.ids[i], verb, recreate });
        self.ops.len() as u32 - 1
    }
    fn make(&mut self, i: usize) {
        let r = self.r;
        let verb = match r.verdict[i] {
            Verdict::Group => return,
            _ if !r.up[i] => return,
            _ if r.bounce[i] || r.have(i).is_none() => Verb::Create,
            Verdict::InPlace | Verdict::Moved => Verb::Update,
            _ => return,
        };
        let Some(spec) = r.spec(i) else { return };
        let me = self.push(i, verb);
        self.make[i] = me;
        if r.bounce[i] {
            self.edges.push((self.del[i], me));
        }
        let parent = Some(r.graph.node(r.ids[i]).parent).filter(|&p| p != NONE).map(Slot::Node);
        for slot in spec.links().slots.iter().copied().chain(parent) {
            match slot {
                Slot::Node(d) | Slot::Up(d) => {
                    let first = self.created(d, me);
                    self.edges.extend(first.map(|op| (op, me)));
                }
                Slot::Any(group) => {
                    let first = self.first_of(group, me);
                    self.edges.extend(first.map(|op| (op, me)));
                }
                Slot::Empty | Slot::Count(_) => {}
            }
        }
    }
    /// The operation that creates the first member of a group; none if a member is there all the time.
    fn first_of(&mut self, group: NodeId, me: u32) -> Option<u32> {
        if let Some(&known) = self.firsts.get(&group) {
            return known;
        }
        let members = || self.r.graph.node(group).group.iter().flat_map(|members| members.iter());
        let first = match self.r.steady(group) {
            true => None,
            // Nothing yet is no answer for those who come later.
            false => Some(members().filter_map(|&m| self.created(m, me)).min()?),
        };
        self.firsts.insert(group, first);
        first
    }
    /// The operation that creates `d`, if it comes before `me`.
    fn created(&self, d: NodeId, me: u32) -> Option<u32> {
        let op = self.make[self.r.place(d)?];
        (op < me && self.ops[op as usize].verb == Verb::Create).then_some(op)
    }
}
