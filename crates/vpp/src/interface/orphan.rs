//! Orphans: interfaces that were being made when the connection broke, so that they have no tag yet, if they are there.
//!
//! Nothing in VPP says that such an interface is ours. It is known again by its number if that was answered; else by
//! being of the right type, as VPP makes it, and none of those that were nameless before. After a restart of the agent
//! one is known again by what nobody else can have, if its type has that: the place that a wanted one needs.

use super::link::Link;
use super::{LOCAL0, SwIfIndex};
use binapi::interface::SwInterfaceDetails;
use binapi::text::FixedString;
use binapi::types::IfStatusFlags;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
struct Orphan {
    name: String,
    link: Link,
    index: Option<SwIfIndex>,
    /// It was to be removed, and nobody knows whether it was: its number may be a stranger's.
    leaving: bool,
    /// The life of VPP in which it was lost; another does not have it.
    life: u64,
    /// Counts those that were begun: an answer tells nothing of what was begun after it was asked for.
    number: u64,
}

#[derive(Default)]
struct Inner {
    begun: u64,
    /// Those that may be there, or may come to be there.
    making: Vec<Orphan>,
    lost: Vec<Orphan>,
    /// Nameless ones that are not ours, with VPP's own names. One that an answer leaves out stays one: answers can be short.
    strangers: HashMap<SwIfIndex, FixedString<64>>,
    /// The life of VPP in which they are there.
    life: u64,
}

/// What is to be looked for.
#[derive(Default)]
pub(super) struct Orphans(Mutex<Inner>);

/// An interface that is being made.
pub(super) struct Making<'o> {
    orphans: &'o Orphans,
    number: u64,
}

impl Making<'_> {
    /// It is there, with this number.
    pub(super) fn made(&mut self, index: SwIfIndex) {
        let mut inner = self.orphans.inner();
        inner.strangers.remove(&index);
        let made = inner.making.iter_mut().find(|orphan| orphan.number == self.number);
        if let Some(orphan) = made {
            orphan.index = Some(index);
        }
    }
    /// It has its tag, or is not there.
    pub(super) fn done(self) {
        self.orphans.inner().making.retain(|orphan| orphan.number != self.number);
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let inner = &mut *self.orphans.inner();
        let lost = inner.making.extract_if(.., |orphan| orphan.number == self.number);
        inner.lost.extend(lost);
    }
}

impl Orphans {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// An interface is going to be made. Unless [`Making::done`] follows, also when nobody waits for it any more, it may
    /// be there without its tag.
    pub(super) fn making(&self, name: &str, link: Link, life: u64) -> Making<'_> {
        let mut inner = self.inner();
        inner.begun += 1;
        let number = inner.begun;
        inner.making.push(Orphan { name: name.to_owned(), link, index: None, leaving: false, life, number });
        Making { orphans: self, number }
    }
    /// An interface is going to be removed: its number may be given to another before anybody knows.
    pub(super) fn leaving(&self, index: SwIfIndex) {
        let mut inner = self.inner();
        inner.strangers.remove(&index);
        let going = inner.lost.iter_mut().filter(|orphan| orphan.index == Some(index));
        going.for_each(|orphan| orphan.leaving = true);
    }
    /// An interface was removed.
    pub(super) fn gone(&self, index: SwIfIndex) {
        self.inner().lost.retain(|orphan| orphan.index != Some(index));
    }
    /// How many were begun until now, just before interfaces are listed.
    pub(super) fn begun(&self) -> u64 {
        self.inner().begun
    }
    /// Those of the interfaces that are ours without a tag, with the names they should have. `begun` of ours were begun
    /// before these were listed, `link` says what an interface could have been made from, `place` what only one can have,
    /// `wanted` are all that should be there, `life` is the life of VPP that listed them.
    pub(super) fn find<'w>(
        &self,
        begun: u64,
        interfaces: &[SwInterfaceDetails],
        link: impl Fn(&SwInterfaceDetails) -> Option<Link>,
        place: impl Fn(&Link) -> Option<String>,
        wanted: impl Iterator<Item = (&'w str, Link)>,
        life: u64,
    ) -> Vec<(SwIfIndex, String)> {
        let inner = &mut *self.inner();
        if std::mem::replace(&mut inner.life, life) != life {
            inner.strangers.clear();
        }
        let nobodys = |details: &&SwInterfaceDetails| {
            details.tag.as_str().is_empty() && details.sw_if_index != LOCAL0.0 // that one is always there
        };
        let free = interfaces.iter().filter(nobodys);
        let mut free: Vec<(&SwInterfaceDetails, Option<Link>)> = free.map(|d| (d, link(d))).collect();
        let known = |details: &SwInterfaceDetails| {
            inner.strangers.get(&SwIfIndex(details.sw_if_index)) == Some(&details.interface_name)
        };
        let resembles = |orphan: &Orphan, seen: &Option<Link>| {
            seen.as_ref().is_some_and(|seen| orphan.link.resembles(seen))
        };
        // What has been answered its number has that and no other, whatever else looks alike.
        let number = |details: &SwInterfaceDetails| SwIfIndex(details.sw_if_index);
        let answered: HashSet<SwIfIndex> = inner.making.iter().filter_map(|orphan| orphan.index).collect();
        free.retain(|(details, _)| !answered.contains(&number(details)));
        let lost = inner.lost.iter().filter(|orphan| orphan.life == life && orphan.number <= begun);
        let (numbered, others): (Vec<_>, Vec<_>) = lost.partition(|orphan| orphan.index.is_some());
        let found = numbered.into_iter().chain(others).filter_map(|orphan| {
            let is = |(details, seen): &(&SwInterfaceDetails, Option<Link>)| {
                let new = || as_made(details, seen) && !known(details);
                let here = |index| index == number(details) && (!orphan.leaving || new());
                orphan.index.map_or_else(new, here) && resembles(orphan, seen)
            };
            let at = free.iter().position(is)?;
            Some((number(free.swap_remove(at).0), orphan.name.clone()))
        });
        let mut found: Vec<_> = found.collect();
        let made = free.iter().filter(|(details, seen)| as_made(details, seen));
        let taken =
            made.filter_map(|(details, seen)| Some((place(seen.as_ref()?)?, SwIfIndex(details.sw_if_index))));
        let mut places: HashMap<String, SwIfIndex> = taken.collect();
        if !places.is_empty() {
            let there: HashSet<&str> = interfaces.iter().map(|details| details.tag.as_str()).collect();
            let again = wanted
                .filter(|(name, _)| !there.contains(name))
                .filter_map(|(name, link)| Some((places.remove(&place(&link)?)?, name.to_owned())));
            found.extend(again);
        }
        let ours: HashSet<SwIfIndex> = found.iter().map(|(index, _)| *index).collect();
        // What may be one that is being made is nobody's yet.
        let later = inner.lost.iter().filter(|orphan| orphan.number > begun);
        let open: Vec<&Orphan> = inner.making.iter().chain(later).collect();
        let strange = |(details, seen): &(&SwInterfaceDetails, Option<Link>)| {
            let unclear = || open.iter().any(|orphan| resembles(orphan, seen));
            !ours.contains(&SwIfIndex(details.sw_if_index)) && (known(details) || !unclear())
        };
        free.retain(strange);
        let strangers: Vec<_> =
            free.iter().map(|(d, _)| (SwIfIndex(d.sw_if_index), d.interface_name)).collect();
        // Whoever has another name or another owner now is not the one that was known.
        for details in interfaces {
            inner.strangers.remove(&SwIfIndex(details.sw_if_index));
        }
        inner.strangers.extend(strangers);
        found
    }
    /// Is one of those that were begun by then not among these, although it may be there in this life of VPP?
    pub(super) fn misses(&self, begun: u64, life: u64, found: &[(SwIfIndex, String)]) -> bool {
        let inner = self.inner();
        let mut lost = inner.lost.iter().filter(|orphan| orphan.life == life && orphan.number <= begun);
        lost.any(|orphan| found.iter().all(|(_, name)| *name != orphan.name))
    }
    /// Those that were found have their tags, and no others of those that had been begun are there.
    pub(super) fn settled(&self, begun: u64) {
        self.inner().lost.retain(|orphan| orphan.number > begun);
    }
}

/// Down, as VPP makes interfaces, whatever their link is; of some types it makes them up, so that this says nothing.
fn as_made(details: &SwInterfaceDetails, link: &Option<Link>) -> bool {
    !details.flags.contains(IfStatusFlags::ADMIN_UP) || link.as_ref().is_some_and(Link::made_up)
}

#[cfg(test)]
mod tests {
    use super::super::loopback::Loopback;
    use super::*;
    use binapi::types::IfStatusFlags;

    fn nameless(sw_if_index: u32) -> SwInterfaceDetails {
        let interface_name = FixedString::cut("loop0");
        SwInterfaceDetails { sw_if_index, interface_name, ..SwInterfaceDetails::default() }
    }
    fn look(
        orphans: &Orphans,
        begun: u64,
        there: &[SwInterfaceDetails],
        life: u64,
    ) -> Vec<(SwIfIndex, String)> {
        let loopback = |_: &SwInterfaceDetails| Some(Link::Loopback(Loopback));
        let found = orphans.find(begun, there, loopback, |_| None, std::iter::empty(), life);
        orphans.settled(begun);
        found
    }
    fn found(orphans: &Orphans, life: u64) -> Vec<(SwIfIndex, String)> {
        look(orphans, orphans.begun(), &[nameless(2)], life)
    }
    fn making(orphans: &Orphans) -> Making<'_> {
        orphans.making("a", Link::Loopback(Loopback), 7)
    }
    fn lost(index: Option<u32>) -> Orphans {
        let orphans = Orphans::default();
        let mut making = making(&orphans);
        if let Some(index) = index {
            making.made(SwIfIndex(index));
        }
        drop(making);
        orphans
    }
    fn again() -> [(SwIfIndex, String); 1] {
        [(SwIfIndex(2), "a".to_owned())]
    }

    #[test]
    fn one_is_known_again_by_its_number_and_in_the_same_life_of_vpp() {
        assert_eq!(found(&lost(Some(2)), 7), again());
        assert_eq!(found(&lost(None), 7), again());
        assert_eq!(found(&lost(Some(3)), 7), []);
        // After a restart the number is that of another.
        assert_eq!(found(&lost(Some(2)), 8), []);
        assert_eq!(found(&lost(None), 8), []);
    }

    #[test]
    fn what_is_known_by_its_number_comes_before_what_only_looks_alike() {
        let orphans = Orphans::default();
        drop(making(&orphans));
        let mut other = orphans.making("b", Link::Loopback(Loopback), 7);
        other.made(SwIfIndex(2));
        drop(other);
        let both = [nameless(2), nameless(3)];
        let expected = [(SwIfIndex(2), "b".to_owned()), (SwIfIndex(3), "a".to_owned())];
        assert_eq!(look(&orphans, 2, &both, 7), expected);
    }

    #[test]
    fn one_that_is_being_made_and_has_its_number_is_not_taken_for_a_lost_one() {
        let orphans = Orphans::default();
        drop(making(&orphans));
        let mut other = orphans.making("b", Link::Loopback(Loopback), 7);
        other.made(SwIfIndex(2));
        assert_eq!(look(&orphans, 2, &[nameless(2)], 7), []);
        drop(other);
        assert_eq!(found(&orphans, 7), [(SwIfIndex(2), "b".to_owned())]);
    }

    #[test]
    fn one_that_was_removed_is_looked_for_no_more() {
        let orphans = lost(Some(2));
        orphans.gone(SwIfIndex(2));
        assert_eq!(found(&orphans, 7), []);
    }

    #[test]
    fn a_nameless_one_that_was_there_before_is_a_strangers() {
        let orphans = Orphans::default();
        assert_eq!(found(&orphans, 7), []);
        drop(making(&orphans));
        assert_eq!(found(&orphans, 7), []);
    }

    #[test]
    fn the_number_of_one_that_had_a_name_and_was_removed_by_others_may_be_that_of_a_new_one() {
        let orphans = Orphans::default();
        let named = SwInterfaceDetails { tag: FixedString::cut("b"), ..nameless(2) };
        assert_eq!(look(&orphans, 0, &[named], 7), []);
        drop(making(&orphans));
        assert_eq!(found(&orphans, 7), again());
    }

    #[test]
    fn one_that_is_seen_while_it_is_being_made_is_known_again_when_no_answer_comes() {
        let orphans = Orphans::default();
        let making = making(&orphans);
        assert_eq!(found(&orphans, 7), [], "it may be a stranger's as well");
        drop(making);
        assert_eq!(found(&orphans, 7), again());
    }

    #[test]
    fn an_answer_to_an_older_question_does_not_end_the_search() {
        let orphans = Orphans::default();
        let before = orphans.begun();
        drop(making(&orphans));
        assert_eq!(look(&orphans, before, &[], 7), []);
        assert_eq!(found(&orphans, 7), again());
    }

    #[test]
    fn a_number_that_is_free_after_a_removal_without_an_answer_may_be_a_strangers() {
        let orphans = lost(Some(2));
        orphans.leaving(SwIfIndex(2));
        let strangers = SwInterfaceDetails { flags: IfStatusFlags::ADMIN_UP, ..nameless(2) };
        assert_eq!(look(&orphans, 1, &[strangers], 7), []);
        // One that is down, as ours are, was not removed.
        let orphans = lost(Some(2));
        orphans.leaving(SwIfIndex(2));
        assert_eq!(found(&orphans, 7), again());
    }

    #[test]
    fn one_that_an_answer_left_out_is_missed_as_long_as_it_may_be_there() {
        let orphans = lost(Some(2));
        assert!(orphans.misses(1, 7, &[]));
        assert!(!orphans.misses(0, 7, &[]), "it was begun later");
        assert!(!orphans.misses(1, 8, &[]), "it is not in another life of VPP");
        assert!(!orphans.misses(1, 7, &again()));
        orphans.settled(1);
        assert!(!orphans.misses(1, 7, &[]));
    }

    #[test]
    fn a_stranger_that_an_answer_left_out_stays_one() {
        let orphans = Orphans::default();
        assert_eq!(found(&orphans, 7), []);
        assert_eq!(look(&orphans, 0, &[], 7), []);
        drop(making(&orphans));
        assert_eq!(found(&orphans, 7), []);
        // In another life of VPP it is another.
        drop(orphans.making("a", Link::Loopback(Loopback), 8));
        assert_eq!(found(&orphans, 8), again());
    }

    #[test]
    fn the_interface_that_is_always_there_is_never_taken_for_one_of_ours() {
        let orphans = lost(None);
        assert_eq!(look(&orphans, 1, &[nameless(0)], 7), []);
    }
}
