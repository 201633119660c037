//! What the nodes of the graph were before the work at hand touched them: to undo it, to say what would change, and to
//! close the revisions that it ended.

use crate::contract::erased::AnySpec;
use crate::contract::error::Error;
use crate::contract::registry::{Kind, NO_KIND, Registry};
use crate::contract::status::{Operation, State};
use crate::state::graph::{Graph, Half, Have, NONE, Node, NodeId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A node as it was. The handle is not kept: undoing never brings back what is there, only what is wanted.
pub(crate) struct Before {
    pub kind: Kind,
    pub parent: NodeId,
    pub last_op: Operation,
    /// The state that was told.
    pub state: State,
    pub want: Option<Arc<dyn AnySpec>>,
    pub have: Option<Had>,
    pub error: Option<(Operation, Error)>,
    pub retry: Option<u64>,
    pub refused: Option<Arc<str>>,
    pub invalid: Option<Arc<dyn AnySpec>>,
    pub collision: Option<Arc<str>>,
    pub missing: bool,
}

/// What was there.
pub(crate) struct Had {
    pub spec: Arc<dyn AnySpec>,
    pub foreign: bool,
    pub unsure: bool,
    pub half: Half,
    pub discovered: bool,
}

impl Before {
    /// `None` for a node that nothing is known about.
    pub fn of(node: &Node) -> Option<Box<Before>> {
        if node.want.is_none() && node.have.is_none() && node.note.is_none() {
            return None;
        }
        let note = node.note.as_deref();
        Some(Box::new(Before {
            kind: node.kind,
            parent: node.parent,
            last_op: node.last_op,
            state: node.told.0,
            want: node.want.clone(),
            have: node.have.as_ref().map(|have| Had {
                spec: have.spec.clone(),
                foreign: have.foreign,
                unsure: have.unsure,
                half: have.half,
                discovered: have.discovered,
            }),
            error: note.and_then(|note| note.error.clone()),
            retry: note.and_then(|note| note.retry),
            refused: note.and_then(|note| note.refused.clone()),
            invalid: note.and_then(|note| note.invalid.clone()),
            collision: note.and_then(|note| note.collision.clone()),
            missing: note.is_some_and(|note| note.missing),
        }))
    }
}

/// What is not as it was while a transaction is being undone.
pub(crate) enum Borrowed {
    /// Wanted although nobody asks for it; and whether it was foreign, and discovered.
    Found(NodeId, bool, bool),
    /// Without what is to be said about its newest value: why it was refused, what it is, with what it collides.
    Unusable(NodeId, Option<Arc<str>>, Option<Arc<dyn AnySpec>>, Option<Arc<str>>),
}

/// One entry: a node, and what it was before it was touched first.
pub(crate) type Entry = (NodeId, Option<Box<Before>>);

impl Graph {
    /// What was touched since this was asked last, each node once, in the order of first touches.
    pub(crate) fn take_journal(&mut self) -> Vec<Entry> {
        self.epoch = self.epoch.wrapping_add(1).max(1);
        std::mem::take(&mut self.journal)
    }
    /// What takes more than wishing to bring back. What was found there, was claimed and changed, and is nobody's again,
    /// is wanted for a while as it was. What is there only since has to go although its newest value cannot be used,
    /// which is forgotten for a while. [`Graph::give_back`] ends both.
    pub(crate) fn borrow(&mut self, registry: &Registry, journal: &[Entry]) -> Vec<Borrowed> {
        let mut borrowed = Vec::new();
        for (n, before) in journal {
            let Some(before) = before else { continue };
            let node = self.node(*n);
            match (&before.want, &before.have, &node.have) {
                (None, Some(had), have) => {
                    let same = |have: &Have| {
                        let equal = || registry.get(node.kind).settled(&*have.spec, &*had.spec);
                        !have.unsure
                            && (Arc::ptr_eq(&have.spec, &had.spec) || node.kind != NO_KIND && equal())
                    };
                    if have.as_ref().is_some_and(same) {
                        if let Some(have) = &mut self.node_mut(*n).have {
                            have.spec = had.spec.clone();
                        }
                        self.link(*n, &*had.spec);
                        continue;
                    }
                    borrowed.push(Borrowed::Found(*n, had.foreign, had.discovered));
                    let node = self.node_mut(*n);
                    node.want = Some(had.spec.clone());
                    if let Some(have) = &mut node.have {
                        (have.foreign, have.discovered) = (false, false);
                    }
                    self.link(*n, &*had.spec);
                }
                (None, None, Some(_)) if node.unusable() => {
                    let note = self.node_mut(*n).note_mut();
                    let (refused, invalid) = (note.refused.take(), note.invalid.take());
                    borrowed.push(Borrowed::Unusable(*n, refused, invalid, note.collision.take()));
                }
                _ => {}
            }
        }
        borrowed
    }
    /// They are as they were.
    pub(crate) fn give_back(&mut self, borrowed: Vec<Borrowed>) {
        for one in borrowed {
            match one {
                Borrowed::Found(n, foreign, discovered) => {
                    let node = self.node_mut(n);
                    let want = node.want.take();
                    if let Some(have) = &mut node.have {
                        (have.foreign, have.discovered) = (foreign, discovered);
                    }
                    node.forget_error();
                    if let Some(want) = want {
                        self.shed(&*want);
                    }
                }
                Borrowed::Unusable(n, refused, invalid, collision) => {
                    let note = self.node_mut(n).note_mut();
                    (note.refused, note.invalid, note.collision) = (refused, invalid, collision);
                }
            }
        }
    }
    /// What was as wanted before and nothing was done to: it was only looked at while it was wanted otherwise, and what
    /// was seen is what was wanted before, in other words.
    pub(crate) fn seen_unchanged(&self, registry: &Registry, journal: &[Entry]) -> Vec<NodeId> {
        let unchanged = |(n, before): &Entry| {
            let (node, before) = (self.node(*n), before.as_ref()?);
            let (want, had, have) = (before.want.as_ref()?, before.have.as_ref()?, node.have.as_ref()?);
            let was = Arc::ptr_eq(want, &had.spec) && !had.unsure;
            // What was done made it what was wanted then.
            let done = have.unsure || node.want.as_ref().is_some_and(|now| Arc::ptr_eq(now, &have.spec));
            let seen = was && !done && !Arc::ptr_eq(want, &have.spec);
            (seen && node.kind != NO_KIND && registry.get(node.kind).settled(&**want, &*have.spec))
                .then_some(*n)
        };
        journal.iter().filter_map(unchanged).collect()
    }
    /// Everything in the journal is wanted again as it was before. What is there stays as it is.
    pub(crate) fn restore_wishes(&mut self, registry: &Registry, journal: &[Entry]) {
        for (n, before) in journal {
            if let Some(new) = self.node(*n).want.clone() {
                self.seek(registry, *n, &*new, false);
            }
            let (new, old) = {
                let node = self.node_mut(*n);
                let old = match before {
                    Some(before) => (before.kind, before.parent, before.want.clone()),
                    None => (node.kind, NONE, None),
                };
                // What is there keeps its kind and its base: it has to go before that does.
                if before.is_some() || node.have.is_none() {
                    node.kind = if before.is_none() { NO_KIND } else { old.0 };
                    node.parent = old.1;
                }
                (std::mem::replace(&mut node.want, old.2.clone()), old.2)
            };
            self.restore_note(*n, before.as_deref());
            if let Some(new) = new.filter(|new| old.as_ref().is_none_or(|old| !Arc::ptr_eq(new, old))) {
                self.shed(&*new);
            }
            if let Some(old) = old {
                self.link(*n, &*old);
                self.seek(registry, *n, &*old, true);
                for part in old.links().derived.iter().copied() {
                    self.add_rdep(*n, part);
                }
            }
        }
    }
    fn restore_note(&mut self, n: NodeId, before: Option<&Before>) {
        let node = self.node_mut(n);
        if node.note.is_none() && before.is_none() {
            return;
        }
        let (mut missing, had) = (false, before.and_then(|before| before.have.as_ref()));
        if let Some(before) = before {
            missing = before.missing && node.have.is_none();
        }
        let note = node.note_mut();
        (note.error, note.retry, note.missing) = (None, None, missing);
        note.refused = before.and_then(|before| before.refused.clone());
        note.invalid = before.and_then(|before| before.invalid.clone());
        note.collision = before.and_then(|before| before.collision.clone());
        node.tidy();
        // Nobody claims it any more.
        if let (Some(have), Some(had)) = (&mut node.have, had) {
            (have.foreign, have.discovered) = (had.foreign, had.discovered);
        }
    }
    /// The same, and all else too: nothing was executed.
    pub(crate) fn undo(&mut self, registry: &Registry, journal: Vec<Entry>, claimed: BTreeSet<Kind>) {
        self.restore_wishes(registry, &journal);
        for (n, before) in &journal {
            let Some(before) = before else { continue };
            let node = self.node_mut(*n);
            node.last_op = before.last_op;
            if let (Some(have), Some(had)) = (&mut node.have, &before.have) {
                have.spec = had.spec.clone();
                (have.unsure, have.half) = (had.unsure, had.half);
            }
            if let Some(error) = &before.error {
                let note = node.note_mut();
                (note.error, note.retry) = (Some(error.clone()), before.retry);
            }
            if let Some(had) = &before.have {
                self.link(*n, &*had.spec);
            }
        }
        self.claimed = claimed;
        drop(self.take_journal()); // undoing leaves no trace
        self.collect(journal.into_iter().map(|(n, _)| n).collect());
    }
}
