//! What can be up, and in which order it comes up.
//!
//! Up is the largest set of candidates in which everybody has what he needs: values that need each other come up
//! together, and whether something is up never depends on how it came about. What needs each other by handle is the
//! exception: none of it can be made first.

use crate::planning::region::{Region, Verdict};
use crate::planning::scc::Edges;
use crate::state::graph::NodeId;

const NOT_YET: u32 = u32::MAX;

/// Needs among the nodes of a region, by place. A group needs one of its members, everything else all that it lists.
struct Local {
    needs: Rows<(u32, bool)>,
    users: Rows<u32>,
    /// Members of a group that are present and no part of the region.
    others: Vec<u32>,
}

/// Lists, one after the other.
struct Rows<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Rows<T> {
    fn of(&self, i: usize) -> &[T] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.items[start as usize..self.ends[i] as usize]
    }
}

impl Region<'_> {
    fn is_group(&self, i: usize) -> bool {
        self.verdict[i] == Verdict::Group
    }
    fn local(&self) -> Local {
        let n = self.ids.len();
        let mut others = vec![0; n];
        let mut needs = Rows { ends: Vec::with_capacity(n), items: Vec::new() };
        let mut count = vec![0; n];
        for (i, others) in others.iter_mut().enumerate() {
            for (d, hard) in self.needs(i) {
                match self.place(d) {
                    Some(d) => {
                        needs.items.push((d as u32, hard));
                        count[d] += 1;
                    }
                    None => *others += u32::from(self.graph.present(d)),
                }
            }
            needs.ends.push(needs.items.len() as u32);
        }
        // The other way round: each row is filled from its end.
        let mut end = 0;
        let ends = count.iter().map(|count| {
            end += count;
            end
        });
        let ends: Vec<u32> = ends.collect();
        let mut users = Rows { items: vec![0; needs.items.len()], ends };
        let mut fill = users.ends.clone();
        for i in (0..n).rev() {
            for &(d, _) in needs.of(i).iter().rev() {
                fill[d as usize] -= 1;
                users.items[fill[d as usize] as usize] = i as u32;
            }
        }
        Local { needs, users, others }
    }
    /// What decides about a node: members of a group, needs of a value. What is stuck needs nothing.
    fn needs(&self, i: usize) -> impl Iterator<Item = (NodeId, bool)> + '_ {
        let n = self.ids[i];
        let members = self.graph.node(n).group.as_deref();
        let spec = self.spec(i).filter(|_| self.verdict[i] != Verdict::Stuck);
        let members = members.into_iter().flatten().map(|&m| (m, false));
        members.chain(spec.into_iter().flat_map(move |spec| self.graph.hangs_on(n, spec)))
    }

    /// Decides what will be up; returns places, dependencies first.
    pub fn availability(&mut self) -> Vec<u32> {
        let local = self.local();
        let n = self.ids.len();
        self.up = vec![true; n];
        let members = |i: usize| local.others[i] + local.needs.of(i).len() as u32;
        let mut alternatives: Vec<u32> = (0..n).map(members).collect();
        let unmet = |i: usize| match self.verdict[i] {
            Verdict::Group => alternatives[i] == 0,
            Verdict::Stuck => !self.graph.present(self.ids[i]),
            _ => {
                let outside = |d: NodeId| self.place(d).is_none() && !self.graph.present(d);
                self.spec(i).is_none() || self.needs(i).any(|(d, _)| outside(d))
            }
        };
        let first: Vec<u32> = (0..n).filter(|&i| unmet(i)).map(|i| i as u32).collect();
        self.take_down(first, &local, &mut alternatives);
        let circles = self.handle_circles(&local);
        self.take_down(circles, &local, &mut alternatives);
        self.order(&local)
    }
    /// Takes nodes down, and whatever then has not what it needs. What is held stays as it is instead.
    fn take_down(&mut self, mut todo: Vec<u32>, local: &Local, alternatives: &mut [u32]) {
        while let Some(i) = todo.pop() {
            let i = i as usize;
            if !self.up[i] {
                continue;
            }
            if self.held[i] && !self.is_group(i) {
                self.verdict[i] = Verdict::Stuck;
                if self.graph.present(self.ids[i]) {
                    continue;
                }
            }
            self.up[i] = false;
            for &user in local.users.of(i) {
                if !self.is_group(user as usize) {
                    todo.push(user);
                    continue;
                }
                alternatives[user as usize] -= 1;
                if alternatives[user as usize] == 0 {
                    todo.push(user);
                }
            }
        }
    }
    /// Nodes that need each other, or themselves, by handle.
    fn handle_circles(&self, local: &Local) -> Vec<u32> {
        let mut hard = Edges::default();
        for i in 0..self.ids.len() {
            let up = |&(d, hard): &(u32, bool)| hard && self.up[d as usize] && self.up[i];
            hard.node(local.needs.of(i).iter().copied().filter(up));
        }
        let mut circles = Vec::new();
        hard.components(|members| {
            let itself = |i: u32| local.needs.of(i as usize).contains(&(i, true));
            if members.len() > 1 || itself(members[0]) {
                circles.extend(members);
            }
        });
        circles
    }
    /// Places, dependencies first. Only what is on a circle may precede something it needs.
    fn order(&self, local: &Local) -> Vec<u32> {
        let n = self.ids.len();
        // First what stands by itself: when a node is reached, all it needs was reached before.
        let mut reached = vec![NOT_YET; n];
        let mut through = vec![NOT_YET; n];
        let open = |i: usize| match self.is_group(i) {
            true => u32::from(local.others[i] == 0),
            false => local.needs.of(i).len() as u32,
        };
        let mut waits: Vec<u32> = (0..n).map(open).collect();
        let mut queue: Vec<u32> = (0..n).filter(|&i| self.up[i] && waits[i] == 0).map(|i| i as u32).collect();
        let mut at = 0;
        while at < queue.len() {
            let i = queue[at] as usize;
            reached[i] = at as u32;
            at += 1;
            for &user in local.users.of(i) {
                let u = user as usize;
                if self.up[u] && waits[u] > 0 {
                    waits[u] -= 1;
                    if waits[u] == 0 {
                        through[u] = i as u32;
                        queue.push(user);
                    }
                }
            }
        }
        // Then all in the order of the region, each after what it needs.
        let mut edges = Edges::default();
        for i in 0..n {
            let alone = reached[i] != NOT_YET;
            let follows = |&(d, _): &(u32, bool)| {
                self.up[i] && self.up[d as usize] && !(alone && self.is_group(i) && d != through[i])
            };
            edges.node(local.needs.of(i).iter().copied().filter(follows));
        }
        let mut order = Vec::with_capacity(n);
        edges.components(|members| order.extend(members));
        order
    }
}
