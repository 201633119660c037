//! Orphans: interfaces that were being made when the connection broke, so that they have no tag yet, if they are there.
//!
//! Nothing in VPP says that such an interface is ours. It is known again by its number if that was answered; else by
//! being of the right type, down, and new since interfaces were listed last.

use super::SwIfIndex;
use super::link::{Link, Retrieved};
use binapi::interface::SwInterfaceDetails;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
struct Orphan {
    name: String,
    link: Link,
    index: Option<SwIfIndex>,
}

#[derive(Default)]
struct Inner {
    lost: Vec<Orphan>,
    known: HashSet<SwIfIndex>,
}

/// What is to be looked for.
#[derive(Default)]
pub(super) struct Orphans(Mutex<Inner>);

impl Orphans {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// An interface may be there without its tag.
    pub(super) fn lost(&self, name: &str, link: Link, index: Option<SwIfIndex>) {
        self.inner().lost.push(Orphan { name: name.to_owned(), link, index });
    }
    /// An interface was made.
    pub(super) fn made(&self, index: SwIfIndex) {
        self.inner().known.insert(index);
    }
    /// An interface was removed: its number may be given to another.
    pub(super) fn gone(&self, index: SwIfIndex) {
        self.inner().known.remove(&index);
    }
    /// Those of the interfaces that are ours without a tag, with the names they should have.
    pub(super) fn find(
        &self,
        interfaces: &[SwInterfaceDetails],
        links: &Retrieved,
    ) -> Vec<(SwIfIndex, String)> {
        let inner = self.inner();
        let mut free: Vec<_> = interfaces.iter().filter(|details| details.tag.as_str().is_empty()).collect();
        let found = inner.lost.iter().filter_map(|orphan| {
            let is = |details: &&SwInterfaceDetails| {
                let index = SwIfIndex(details.sw_if_index);
                let new = || details.flags.0 == 0 && !inner.known.contains(&index);
                orphan.index.map_or_else(new, |known| known == index)
                    && links.looks_like(details, &orphan.link)
            };
            let at = free.iter().position(is)?;
            Some((SwIfIndex(free.swap_remove(at).sw_if_index), orphan.name.clone()))
        });
        found.collect()
    }
    /// All were looked for, and these are there.
    pub(super) fn settled(&self, interfaces: &[SwInterfaceDetails]) {
        let known = interfaces.iter().map(|details| SwIfIndex(details.sw_if_index)).collect();
        *self.inner() = Inner { lost: Vec::new(), known };
    }
}
