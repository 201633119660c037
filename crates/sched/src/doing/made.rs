//! What leaves no trace of who made it: the durable record says that it was us.

use crate::contract::descriptor::Ownership;
use crate::contract::registry::Kind;
use crate::contract::sighting::Sighting;
use crate::doing::core::Core;
use futures::future::BoxFuture;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

impl Core {
    /// Keys of a kind that leaves no trace, and that we made as far as the durable record knows.
    pub fn made_of(&self, kind: Kind) -> impl Iterator<Item = &Arc<str>> {
        let descriptor = self.registry.get(kind);
        let recorded = descriptor.ownership() == Ownership::Recorded;
        self.made.iter().filter(move |key| recorded && key.starts_with(descriptor.prefix()))
    }
    /// Those of them that are not in this answer.
    pub fn made_but_absent(&self, kind: Kind, found: &[Sighting]) -> Vec<Arc<str>> {
        if self.made_of(kind).next().is_none() {
            return Vec::new();
        }
        let keys: HashSet<Cow<'_, str>> = found.iter().map(|sighting| sighting.looks.key()).collect();
        self.made_of(kind).filter(|key| !keys.contains(&***key)).cloned().collect()
    }
    /// What the durable record knows and the southbound does not is not there any more.
    pub fn unmake_absent(&mut self, kind: Kind, found: &[Sighting]) {
        let mut unmade = self.made_but_absent(kind, found);
        unmade.sort_unstable();
        unmade.into_iter().for_each(|key| drop(self.remember_made(&key, false)));
    }
    /// Tells the durable record about an object that leaves no trace of who made it.
    pub fn remember_made(&mut self, key: &Arc<str>, made: bool) -> Option<BoxFuture<'static, ()>> {
        let changed = if made { self.made.insert(key.clone()) } else { self.made.remove(key) };
        self.config.on_made.as_ref().filter(|_| changed).map(|tell| tell(key, made))
    }
}
