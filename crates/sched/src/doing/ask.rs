//! Asking a southbound what there is of a kind.

use crate::contract::capability::Lacks;
use crate::contract::error::{Error, Result};
use crate::contract::registry::Kind;
use crate::contract::seen::Seen;
use crate::contract::sighting::Sighting;
use crate::doing::core::{Core, Queries};
use crate::state::graph::NodeId;
use crate::telling::stats::Call;
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// All objects of a kind may take so many times longer than an operation on one.
const RETRIEVE_FACTOR: u32 = 4;
/// So many answers are compared until it is believed that something is not there.
const LOOKS: usize = 4;

impl Core {
    async fn ask(&mut self, kind: Kind, queries: &mut Queries) -> Result<Vec<Sighting>> {
        let began = std::time::Instant::now();
        let answer = self.answer(kind, queries).await;
        self.counters.called(kind, Call::Retrieve, began.elapsed());
        let (found, partly) = answer?;
        match partly {
            true => self.untold.insert(kind),
            false => self.untold.remove(&kind),
        };
        Ok(found)
    }
    /// What is there, and whether there may be more.
    async fn answer(&self, kind: Kind, queries: &mut Queries) -> Result<(Vec<Sighting>, bool)> {
        let registry = self.registry.clone();
        let seen = Seen {
            graph: &self.graph,
            intents: &self.graph,
            registry: &registry,
            verbose: false,
            untold: &self.untold,
            partly: AtomicBool::new(false),
        };
        let mut answer = registry.get(kind).retrieve(&seen);
        let patience = self.config.deadline.saturating_mul(RETRIEVE_FACTOR);
        let mut alarm = std::pin::pin!(tokio::time::sleep(patience));
        loop {
            tokio::select! {
                biased;
                result = &mut answer => return Ok((result?, seen.partly.load(Ordering::Relaxed))),
                Some(query) = queries.recv() => {
                    query(self);
                    if self.stopping() {
                        return Err(Error::new("the agent is shutting down"));
                    }
                }
                () = &mut alarm => {
                    return Err(Error::new(format!("no answer within {} s", patience.as_secs_f32())));
                }
            }
        }
    }
    /// All nodes of a kind.
    pub fn expected(&self, kind: Kind) -> Vec<NodeId> {
        self.graph.ids().filter(|&n| self.graph.node(n).kind == kind).collect()
    }
    /// Retrieves one kind. If something that should be there is not in the answer, it is asked for again until two answers
    /// say the same: a dump can be short. `nodes` are all nodes of this kind.
    pub async fn see(
        &mut self,
        kind: Kind,
        nodes: &[NodeId],
        queries: &mut Queries,
    ) -> Result<Vec<Sighting>> {
        let mut found = self.ask(kind, queries).await?;
        let mut last = found.len();
        for _ in 1..LOOKS {
            if !self.lacks_something(kind, nodes, &found) {
                break;
            }
            let again = self.ask(kind, queries).await?;
            // Any answer can be the short one: what is in one of them is there.
            let before = std::mem::replace(&mut found, again);
            let answered = found.len();
            let keys: HashSet<Cow<'_, str>> = found.iter().map(|sighting| sighting.looks.key()).collect();
            let absent = |sighting: &Sighting| !keys.contains(&sighting.looks.key());
            let more: Vec<_> = before.into_iter().filter(absent).collect();
            let same = more.is_empty() && answered == last;
            found.extend(more);
            if same {
                break;
            }
            last = answered;
        }
        Ok(found)
    }
    /// Is something that should be there not in the answer?
    fn lacks_something(&self, kind: Kind, nodes: &[NodeId], found: &[Sighting]) -> bool {
        let there = found.iter().filter_map(|sighting| sighting.looks.node(&self.graph));
        let there: HashSet<NodeId, FixedState> = there.collect();
        let absent = |&n: &NodeId| {
            let node = self.graph.node(n);
            let lacks = Lacks { registry: &self.registry, missing: &self.missing };
            let due = |want| {
                let there = self.graph.hangs_on(n, want).all(|(d, _)| self.graph.present(d));
                there && lacks.of(kind, want).is_none()
            };
            !there.contains(&n) && (node.have.is_some() || node.want.as_deref().is_some_and(due))
        };
        nodes.iter().any(absent) || !self.made_but_absent(kind, found).is_empty()
    }
}
