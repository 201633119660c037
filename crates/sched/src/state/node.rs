//! What is known of one key: the value that is wanted, what is there, and what is remarkable about it.

use crate::contract::erased::{AnySpec, Handle};
use crate::contract::error::Error;
use crate::contract::needs::Slot;
use crate::contract::registry::Kind;
use crate::contract::status::{Operation, State};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Index of a node; reused after the node is dropped.
pub type NodeId = u32;
pub(crate) const NONE: NodeId = NodeId::MAX;

/// Edges computed from a value, once.
#[derive(Default, Debug, PartialEq)]
pub(crate) struct Links {
    pub slots: Box<[Slot]>,
    pub derived: Box<[NodeId]>,
}

impl Links {
    /// Nodes and groups this value needs.
    pub fn deps(&self) -> impl Iterator<Item = NodeId> {
        self.edges().map(|(n, _)| n)
    }
    /// The same; `true` where a handle is passed.
    pub fn edges(&self) -> impl Iterator<Item = (NodeId, bool)> {
        self.slots.iter().filter_map(|slot| match *slot {
            Slot::Node(n) => Some((n, true)),
            Slot::Up(n) | Slot::Any(n) => Some((n, false)),
            Slot::Empty | Slot::Count(_) => None,
        })
    }
}

/// Is it half made?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    No,
    /// Known by its handle alone: the southbound need not show it under its key.
    Fresh,
    /// It could not be removed; if the southbound does not show it, it is not there.
    Tried,
}

/// What is there, as far as is known.
pub(crate) struct Have {
    pub spec: Arc<dyn AnySpec>,
    pub handle: Handle,
    /// Not made by us, and nobody asks for it: never touched.
    pub foreign: bool,
    /// Half made, or changed by an operation whose outcome is unknown: re-create before relying on it.
    pub unsure: bool,
    pub half: Half,
    /// Found there, ours, and no source has asked for it or for its removal yet.
    pub discovered: bool,
    /// Made since the agent started: whatever hangs on it is known.
    pub made: bool,
}

/// What is remarkable about a node; most have nothing.
#[derive(Default)]
pub(crate) struct Note {
    pub error: Option<(Operation, Error)>,
    /// The retry that will mend the error, if one is planned.
    pub retry: Option<u64>,
    /// Why the newest value could not be taken at all.
    pub refused: Option<Arc<str>>,
    /// The newest value, if it cannot be expressed. What was wanted before stays wanted.
    pub invalid: Option<Arc<dyn AnySpec>>,
    /// Why the newest value claims what is another's, if it does: then it cannot be used either.
    pub collision: Option<Arc<str>>,
    /// It was there; a comparison did not find it.
    pub missing: bool,
    /// The handle it had, if it went by itself and left something that hangs on it: for removing that.
    pub ghost: Option<Handle>,
    /// What was changed behind the agent's back and is not to be mended.
    pub drift: Option<Box<str>>,
    /// Parts that it has no more and that were there then.
    pub left: Vec<NodeId>,
}

impl Note {
    /// Worth remembering for its own sake.
    fn speaks(&self) -> bool {
        self.error.is_some() || self.unusable() || self.missing
    }
    /// The newest value cannot be used.
    pub fn unusable(&self) -> bool {
        self.refused.is_some() || self.invalid.is_some() // a collision comes with the value that causes it
    }
}

pub(crate) struct Node {
    pub key: Arc<str>,
    pub kind: Kind,
    pub last_op: Operation,
    /// State last told to watchers, and a fingerprint of what was told beside it.
    pub told: (State, u32),
    /// Base value of a derived one, else NONE.
    pub parent: NodeId,
    /// When the journal took it down.
    pub epoch: u32,
    /// The transaction that made it what it is, and when that was through, in nanoseconds since 1970; 0: not yet.
    pub seq: u32,
    pub since: u64,
    /// What was asked for; always something that can be expressed.
    pub want: Option<Arc<dyn AnySpec>>,
    pub have: Option<Have>,
    pub note: Option<Box<Note>>,
    /// Nodes that (may) depend on this one. Stale entries are harmless and dropped when the list grows.
    pub rdeps: Vec<NodeId>,
    /// For a group node: members, present or not; its prefix is `key` without the leading `?`.
    #[expect(
        clippy::box_collection,
        reason = "few nodes are groups, and every node would be 16 bytes larger"
    )]
    pub group: Option<Box<BTreeSet<NodeId>>>,
}

impl Node {
    pub fn note_mut(&mut self) -> &mut Note {
        self.note.get_or_insert_default()
    }
    /// Drops the note if it says nothing any more.
    pub fn tidy(&mut self) {
        if let Some(note) = &self.note
            && !note.speaks()
            && note.ghost.is_none()
            && note.left.is_empty()
            && note.drift.is_none()
        {
            self.note = None;
        }
    }
    pub fn failed(&self) -> bool {
        self.note.as_ref().is_some_and(|note| note.error.is_some())
    }
    /// It was changed behind the agent's back, and that is not to be mended.
    pub fn drifted(&self) -> bool {
        self.note.as_ref().is_some_and(|note| note.drift.is_some())
    }
    pub fn forget_error(&mut self) {
        if let Some(note) = &mut self.note {
            (note.error, note.retry, note.drift) = (None, None, None);
            self.tidy();
        }
    }
    pub fn forget_drift(&mut self) {
        if let Some(note) = &mut self.note {
            note.drift = None;
            self.tidy();
        }
    }
    pub fn found(&mut self) {
        let as_wanted = self.as_wanted();
        if let Some(note) = &mut self.note {
            (note.missing, note.ghost) = (false, None);
            note.drift = note.drift.take().filter(|_| !as_wanted);
            self.tidy();
        }
    }
    /// Its newest value cannot be used.
    pub fn unusable(&self) -> bool {
        self.note.as_ref().is_some_and(|note| note.unusable())
    }
    /// Wanted, present, or with something to tell.
    pub fn known(&self) -> bool {
        self.want.is_some() || self.have.is_some() || self.note.as_ref().is_some_and(|note| note.speaks())
    }
    /// What is present is what is wanted.
    pub fn as_wanted(&self) -> bool {
        match (&self.want, &self.have) {
            (Some(want), Some(have)) => Arc::ptr_eq(want, &have.spec) && !have.unsure,
            _ => false,
        }
    }
    /// What is there, if it is ours and as wanted, and nothing is remarkable about it.
    pub fn quiet(&self) -> Option<&Have> {
        let plain = |have: &&Have| !have.foreign && !have.discovered && have.half == Half::No;
        self.have.as_ref().filter(plain).filter(|_| self.note.is_none() && self.as_wanted())
    }
    pub fn is_base(&self) -> bool {
        self.parent == NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// There is one of each for every value; what makes them larger costs every user memory. What is rare is boxed.
    #[test]
    fn what_there_is_of_every_value_stays_small() {
        assert_eq!(size_of::<Slot>(), 8);
        assert_eq!(size_of::<Links>(), 32);
        assert_eq!(size_of::<Have>(), 40);
        assert_eq!(size_of::<Option<Have>>(), 40);
        assert_eq!(size_of::<Node>(), 144);
    }
}
