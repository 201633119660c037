//! Strongly connected components, dependencies first (Tarjan's algorithm, iterative: chains may be long).

use std::collections::HashMap;

/// Edges of node `i`: `to[starts[i]..starts[i + 1]]`; `true` marks a hard one (a handle is passed along it).
#[derive(Default)]
pub(crate) struct Edges {
    starts: Vec<usize>,
    to: Vec<(u32, bool)>,
}

/// The state of one search.
struct Search<'a, F> {
    edges: &'a Edges,
    /// Order of discovery, from 1; 0 is not discovered.
    number: Vec<u32>,
    low: Vec<u32>,
    closed: Vec<bool>,
    stack: Vec<u32>,
    finished: Vec<u32>,
    found: F,
}

impl Edges {
    /// Adds the edges of the next node.
    pub fn node(&mut self, to: impl Iterator<Item = (u32, bool)>) {
        self.starts.push(self.to.len());
        self.to.extend(to);
    }
    fn of(&self, i: u32) -> &[(u32, bool)] {
        let end = self.starts.get(i as usize + 1).copied().unwrap_or(self.to.len());
        &self.to[self.starts[i as usize]..end]
    }
    /// Calls `found(members)` per component. Members are ordered so that hard edges inside the component point backwards,
    /// if that is possible.
    pub fn components(&self, found: impl FnMut(&[u32])) {
        let n = self.starts.len();
        let mut search = Search {
            edges: self,
            number: vec![0; n],
            low: vec![0; n],
            closed: vec![false; n],
            stack: Vec::new(),
            finished: Vec::new(),
            found,
        };
        let mut counter = 0;
        for root in 0..n as u32 {
            if search.number[root as usize] == 0 {
                search.from(root, &mut counter);
            }
        }
    }
    /// Orders members so that what is needed by handle comes first.
    fn hard_first(&self, members: &[u32]) -> Vec<u32> {
        let mut entered: HashMap<u32, bool> = members.iter().map(|&m| (m, false)).collect();
        let (mut out, mut path) = (Vec::new(), Vec::new());
        for &m in members {
            path.push((m, false));
            while let Some((v, leave)) = path.pop() {
                if leave {
                    out.push(v);
                } else if entered.insert(v, true) == Some(false) {
                    path.push((v, true));
                    let inside = |w: &u32| entered.get(w) == Some(&false);
                    path.extend(
                        self.of(v)
                            .iter()
                            .filter(|edge| edge.1)
                            .map(|edge| edge.0)
                            .filter(inside)
                            .map(|w| (w, false)),
                    );
                }
            }
        }
        out
    }
}

impl<F: FnMut(&[u32])> Search<'_, F> {
    fn from(&mut self, root: u32, counter: &mut u32) {
        let mut path = vec![(root, 0)];
        while let Some((v, edge)) = path.last_mut() {
            let (v, i) = (*v, *v as usize);
            if self.number[i] == 0 {
                *counter += 1;
                (self.number[i], self.low[i]) = (*counter, *counter);
                self.stack.push(v);
            }
            if let Some(&(w, _)) = self.edges.of(v).get(*edge) {
                *edge += 1;
                if self.number[w as usize] == 0 {
                    path.push((w, 0));
                } else if !self.closed[w as usize] {
                    self.low[i] = self.low[i].min(self.number[w as usize]);
                }
                continue;
            }
            path.pop();
            if let Some(&(p, _)) = path.last() {
                self.low[p as usize] = self.low[p as usize].min(self.low[i]);
            }
            self.finished.push(v);
            if self.low[i] == self.number[i] {
                self.close(v);
            }
        }
    }
    /// `v` is the first node of its component that was discovered, and the last that was finished.
    fn close(&mut self, v: u32) {
        let i = v as usize;
        if self.stack.last() == Some(&v) {
            self.stack.pop();
            self.finished.pop();
            self.closed[i] = true;
            (self.found)(&[v]);
            return;
        }
        while let Some(w) = self.stack.pop() {
            self.closed[w as usize] = true;
            if w == v {
                break;
            }
        }
        // The component's nodes are the last to finish that are still kept here.
        let before = self.finished.iter().rposition(|&w| self.number[w as usize] < self.number[i]);
        let mut members: Vec<u32> = self.finished.drain(before.map_or(0, |p| p + 1)..).collect();
        members.sort_unstable(); // node order: from what changed outwards
        let members = self.edges.hard_first(&members);
        (self.found)(&members);
    }
}
