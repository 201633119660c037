//! What can be said about a key that nobody has configured.

use crate::state::graph::NodeId;
use crate::telling::explain::Explanation;
use crate::telling::why::{LISTED, Why};

/// Candidates for what a misspelt key was meant to be.
const CANDIDATES: usize = 64;

impl Why<'_> {
    /// Nobody wants the key, and nothing is there.
    pub fn nobody_asked(&self, key: &str, found: Option<NodeId>) -> Explanation {
        let split = self.split(key);
        let mut summary = "Nobody has configured it, and it is not there.".to_owned();
        let users = found.into_iter().flat_map(|n| self.core.graph.dependents(n));
        let users: Vec<NodeId> =
            users.filter(|&m| self.core.graph.node(m).group.is_none()).take(LISTED).collect();
        if let Some(&user) = users.first() {
            summary += &match users.len() {
                1 => format!(" {} waits for it.", self.name(user)),
                LISTED => format!(" {} and many others wait for it.", self.name(user)),
                many => format!(" {} and {} more wait for it.", self.name(user), many - 1),
            };
        }
        let advice = match (split, self.nearest(key)) {
            (_, Some(near)) => format!("did you mean {near}?"),
            (None, None) => {
                let known = self.core.registry.kinds().map(|kind| self.core.registry.get(kind).prefix());
                match model::nearest(key, known) {
                    Some(near) => format!("no descriptor handles keys like this; did you mean one that starts with {near}?"),
                    None => "no descriptor handles keys like this; compare it with the prefixes of the descriptors".to_owned(),
                }
            }
            (Some(_), None) if !users.is_empty() => {
                "configure it, or correct the name where it is used".to_owned()
            }
            (Some(_), None) => String::new(),
        };
        Explanation {
            key: key.into(),
            descriptor: split.map_or("", |(name, _)| name),
            summary,
            advice,
            ..Explanation::default()
        }
    }
    /// A known key that differs in a few letters. Cheap for each key: most differ in more than that.
    pub fn nearest(&self, key: &str) -> Option<&str> {
        let graph = &self.core.graph;
        let (_, label) = self.split(key).unwrap_or(("", key));
        let prefix = &key[..key.len() - label.len()];
        let limit = (label.len() / 3).min(4); // short names are similar to everything
        if limit == 0 {
            return None;
        }
        let close = |other: &str| {
            let (a, b) = (label.as_bytes(), other.as_bytes());
            if a.len().abs_diff(b.len()) > limit || a == b {
                return false;
            }
            let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
            let rest = (a.len() - start).min(b.len() - start);
            let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
            a.len().max(b.len()) - start - end <= limit.max(2)
        };
        let known = graph.ids().filter(|&n| graph.node(n).known());
        let labels = known.filter_map(|n| graph.node(n).key.strip_prefix(prefix));
        let candidates = labels.filter(|other| close(other)).take(CANDIDATES);
        let near = match label.len() <= 64 {
            true => model::nearest(label, candidates),
            false => candidates.min(),
        };
        let n = graph.find(&format!("{prefix}{}", near?))?;
        Some(&graph.node(n).key)
    }
}
