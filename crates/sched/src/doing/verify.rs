//! Looks after a transaction whether what was done is there, if [`Config::verify`](crate::Config::verify) asks for it.

use crate::contract::error::Error;
use crate::contract::registry::{Kind, NO_KIND};
use crate::contract::txn::KeyError;
use crate::doing::core::{Core, Queries};
use crate::state::graph::NodeId;
use std::collections::BTreeSet;

impl Core {
    /// Retrieves the kinds of these nodes, which were worked on. Returns those that are not as they were left, each with what
    /// is wrong. What failed has been told of already.
    pub async fn verify(&mut self, worked: &[NodeId], queries: &mut Queries) -> Vec<(NodeId, KeyError)> {
        let done = |&n: &NodeId| self.graph.node(n).kind != NO_KIND && !self.differs(n);
        let done: BTreeSet<NodeId> = worked.iter().copied().filter(done).collect();
        let kinds: BTreeSet<Kind> = done.iter().map(|&n| self.graph.node(n).kind).collect();
        let mut wrong = Vec::new();
        for kind in
            kinds.into_iter().filter(|&kind| self.blocked[kind as usize].is_none()).collect::<Vec<_>>()
        {
            let expected = self.expected(kind);
            match self.refresh(kind, expected, false, queries).await {
                Ok(changed) => wrong.extend(changed.into_iter().filter(|n| done.contains(n))),
                Err(error) => self.unread(kind, &error),
            }
        }
        wrong.sort_by(|&a, &b| self.graph.node(a).key.cmp(&self.graph.node(b).key));
        wrong.into_iter().filter_map(|n| Some((n, self.violation(n)?))).collect()
    }
    fn violation(&self, n: NodeId) -> Option<KeyError> {
        let node = self.graph.node(n);
        let what = match (&node.want, &node.have) {
            (None, Some(_)) => "it is still there",
            (Some(_), None) => "it is not there",
            (Some(_), Some(_)) if !node.as_wanted() => "what is there is not what was asked for",
            _ => return None,
        };
        let southbound = self.registry.southbounds()[self.registry.southbound_of(node.kind)].name();
        let error = Error::new(format!(
            "{southbound} answered that it was done, but {what}; a resync tries again, and if it stays so, report a bug"
        ));
        Some(KeyError { key: node.key.clone(), operation: node.last_op, error })
    }
}
