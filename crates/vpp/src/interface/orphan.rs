//! Orphans: interfaces that were being made when the connection broke, so that they have no tag yet, if they are there.
//!
//! Nothing in VPP says that such an interface is ours. It is known again by its number if that was answered; else by
//! being of the right type, down, and new since interfaces were listed last. After a restart of the agent a memif is
//! known again by what nobody else can have: the place that a wanted one needs.

use super::SwIfIndex;
use super::link::{Link, Retrieved};
use binapi::interface::SwInterfaceDetails;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
struct Orphan {
    name: String,
    link: Link,
    index: Option<SwIfIndex>,
    /// The life of VPP in which it was lost; another does not have it.
    life: u64,
}

#[derive(Default)]
struct Inner {
    lost: Vec<Orphan>,
    known: HashSet<SwIfIndex>,
}

/// What is to be looked for.
#[derive(Default)]
pub(super) struct Orphans(Mutex<Inner>);

/// An interface that is being made.
pub(super) struct Making<'o> {
    orphans: &'o Orphans,
    orphan: Option<Orphan>,
}

impl Making<'_> {
    /// It is there, with this number.
    pub(super) fn made(&mut self, index: SwIfIndex) {
        self.orphans.inner().known.insert(index);
        if let Some(orphan) = &mut self.orphan {
            orphan.index = Some(index);
        }
    }
    /// It has its tag, or is not there.
    pub(super) fn done(mut self) {
        self.orphan = None;
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.orphans.inner().lost.extend(self.orphan.take());
    }
}

impl Orphans {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// An interface is going to be made. Unless [`Making::done`] follows, also when nobody waits for it any more, it may
    /// be there without its tag.
    pub(super) fn making(&self, name: &str, link: Link, life: u64) -> Making<'_> {
        Making { orphans: self, orphan: Some(Orphan { name: name.to_owned(), link, index: None, life }) }
    }
    /// An interface is going to be removed: its number may be given to another before anybody knows.
    pub(super) fn leaving(&self, index: SwIfIndex) {
        self.inner().known.remove(&index);
    }
    /// An interface was removed.
    pub(super) fn gone(&self, index: SwIfIndex) {
        self.inner().lost.retain(|orphan| orphan.index != Some(index));
    }
    /// Those of the interfaces that are ours without a tag, with the names they should have. `wanted` are all that should
    /// be there, `life` is the life of VPP that listed them.
    pub(super) fn find<'w>(
        &self,
        interfaces: &[SwInterfaceDetails],
        links: &Retrieved,
        wanted: impl Iterator<Item = (&'w str, Link)>,
        life: u64,
    ) -> Vec<(SwIfIndex, String)> {
        let inner = self.inner();
        let mut free: Vec<_> = interfaces.iter().filter(|details| details.tag.as_str().is_empty()).collect();
        let lost = inner.lost.iter().filter(|orphan| orphan.life == life);
        let found = lost.filter_map(|orphan| {
            let is = |details: &&SwInterfaceDetails| {
                let index = SwIfIndex(details.sw_if_index);
                let new = || details.flags.0 == 0 && !inner.known.contains(&index);
                orphan.index.map_or_else(new, |known| known == index)
                    && links.looks_like(details, &orphan.link)
            };
            let at = free.iter().position(is)?;
            Some((SwIfIndex(free.swap_remove(at).sw_if_index), orphan.name.clone()))
        });
        let mut found: Vec<_> = found.collect();
        let free = free.iter().filter(|details| details.flags.0 == 0);
        let taken = free.filter_map(|details| {
            let (file, id) = links.place(details)?;
            Some(((file.to_owned(), id), SwIfIndex(details.sw_if_index)))
        });
        let mut places: HashMap<_, _> = taken.collect();
        if !places.is_empty() {
            let there: HashSet<&str> = interfaces.iter().map(|details| details.tag.as_str()).collect();
            let again = wanted.filter(|(name, _)| !there.contains(name)).filter_map(|(name, link)| {
                let (file, id) = links.place_of(&link)?;
                Some((places.remove(&(file.to_owned(), id))?, name.to_owned()))
            });
            found.extend(again);
        }
        found
    }
    /// All were looked for, and these are there.
    pub(super) fn settled(&self, interfaces: &[SwInterfaceDetails]) {
        let known = interfaces.iter().map(|details| SwIfIndex(details.sw_if_index)).collect();
        *self.inner() = Inner { lost: Vec::new(), known };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use binapi::text::FixedString;

    fn nameless(sw_if_index: u32) -> Vec<SwInterfaceDetails> {
        let interface_name = FixedString::cut("loop0");
        vec![SwInterfaceDetails { sw_if_index, interface_name, ..SwInterfaceDetails::default() }]
    }
    fn found(orphans: &Orphans, life: u64) -> Vec<(SwIfIndex, String)> {
        orphans.find(&nameless(2), &Retrieved::default(), std::iter::empty(), life)
    }
    fn lost(index: Option<u32>) -> Orphans {
        let orphans = Orphans::default();
        let mut making = orphans.making("a", Link::Loopback(super::super::loopback::Loopback), 7);
        if let Some(index) = index {
            making.made(SwIfIndex(index));
        }
        drop(making);
        orphans
    }

    #[test]
    fn one_is_known_again_by_its_number_and_in_the_same_life_of_vpp() {
        let again = [(SwIfIndex(2), "a".to_owned())];
        assert_eq!(found(&lost(Some(2)), 7), again);
        assert_eq!(found(&lost(None), 7), again);
        assert_eq!(found(&lost(Some(3)), 7), []);
        // After a restart the number is that of another.
        assert_eq!(found(&lost(Some(2)), 8), []);
        assert_eq!(found(&lost(None), 8), []);
    }

    #[test]
    fn one_that_was_removed_is_looked_for_no_more() {
        let orphans = lost(Some(2));
        orphans.gone(SwIfIndex(2));
        assert_eq!(found(&orphans, 7), []);
    }
}
