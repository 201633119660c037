//! What is known of interfaces, from two sides: the scheduler knows names and numbers, VPP numbers and states.

use super::{Change, What};
use binapi::interface::SwInterfaceDetails;
use binapi::types::IfStatusFlags;
use model::proto::ligato::vpp::interfaces::InterfaceState;
use model::proto::ligato::vpp::interfaces::interface_state::{Duplex, Status};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is to be told.
#[derive(Default)]
pub(super) struct News {
    /// What is otherwise than it was told last.
    pub changes: Vec<Change>,
    /// Links that were looked at, by name of the interface: up or not, or none. Also those that are as they were: a
    /// comparison may have seen them in between, when they were not.
    pub links: Vec<(String, Option<bool>)>,
}

/// Everything that is known.
#[derive(Default)]
pub(super) struct Known {
    /// What VPP said last, by number.
    seen: HashMap<u32, SwInterfaceDetails>,
    /// Numbers by name.
    numbers: HashMap<String, u32>,
    /// Names by number.
    names: HashMap<u32, String>,
    /// What was told last, by name.
    told: BTreeMap<String, InterfaceState>,
    /// Names of which something may have changed.
    changed: BTreeSet<String>,
}

impl Known {
    /// The scheduler has an interface of this name with this number.
    pub fn name(&mut self, name: &str, number: u32) {
        if self.numbers.get(name) != Some(&number) {
            self.unname(name);
            self.numbers.insert(name.to_owned(), number);
            self.names.insert(number, name.to_owned());
        }
        self.changed.insert(name.to_owned());
    }
    /// The scheduler has no interface of this name any more.
    pub fn unname(&mut self, name: &str) {
        if let Some(number) = self.numbers.remove(name)
            && self.names.get(&number).is_some_and(|now| now == name)
        {
            self.names.remove(&number);
        }
        self.changed.insert(name.to_owned());
    }
    /// VPP said how an interface is.
    pub fn saw(&mut self, details: SwInterfaceDetails) {
        self.touch(details.sw_if_index);
        self.seen.insert(details.sw_if_index, details);
    }
    /// VPP has no interface of this number any more.
    pub fn gone(&mut self, number: u32) {
        self.touch(number);
        self.seen.remove(&number);
    }
    /// VPP said how all its interfaces are.
    pub fn saw_all(&mut self, all: Vec<SwInterfaceDetails>) {
        self.seen.clear();
        self.seen.extend(all.into_iter().map(|details| (details.sw_if_index, details)));
        self.changed.extend(self.numbers.keys().cloned());
    }
    /// VPP started anew: no number means what it did.
    pub fn forget(&mut self) {
        self.changed.extend(self.numbers.drain().map(|(name, _)| name));
        self.names.clear();
        self.seen.clear();
    }
    /// How many interfaces VPP has, as far as is known.
    pub fn count(&self) -> usize {
        self.seen.len()
    }
    fn touch(&mut self, number: u32) {
        self.changed.extend(self.names.get(&number).cloned());
    }
    /// What changed since this was asked last. `now` is in seconds since 1970.
    pub fn news(&mut self, now: i64) -> News {
        let mut news = News::default();
        for name in std::mem::take(&mut self.changed) {
            news.changes.extend(self.change(&name, now));
            let link = self.told.get(&name).map(|state| state.oper_status() == Status::Up);
            news.links.push((name, link));
        }
        news
    }
    fn change(&mut self, name: &str, now: i64) -> Option<Change> {
        let number = self.numbers.get(name);
        // The number may have been given to another one meanwhile; the scheduler will say so.
        let own = |details: &&SwInterfaceDetails| {
            let tag = details.tag.as_str();
            name.strip_prefix(tag)
                .is_some_and(|rest| tag.is_empty() || rest.is_empty() || rest.starts_with('-'))
        };
        let Some(details) = number.and_then(|number| self.seen.get(number)).filter(own) else {
            let last = self.told.remove(name)?;
            let gone = Status::Deleted.into();
            let state = InterfaceState { admin_status: gone, oper_status: gone, last_change: now, ..last };
            let what = if number.is_some() { What::State } else { What::Removed };
            return Some(Change { what, state });
        };
        let mut state = state(name, details);
        let last = self.told.get(name);
        let statuses = |state: &InterfaceState| (state.admin_status, state.oper_status);
        let same = last.is_some_and(|last| statuses(last) == statuses(&state));
        state.last_change = last.filter(|_| same).map_or(now, |last| last.last_change);
        if last == Some(&state) {
            return None;
        }
        self.told.insert(name.to_owned(), state.clone());
        Some(Change { what: if same { What::Details } else { What::State }, state })
    }
}

fn state(name: &str, details: &SwInterfaceDetails) -> InterfaceState {
    let status = |flag| if details.flags.contains(flag) { Status::Up } else { Status::Down };
    let duplex = match details.link_duplex.0 {
        1 => Duplex::Half,
        2 => Duplex::Full,
        _ => Duplex::UnknownDuplex,
    };
    // In kbit/s; all ones is VPP's way to say that it does not know.
    let speed = if details.link_speed == u32::MAX { 0 } else { u64::from(details.link_speed) * 1000 };
    InterfaceState {
        name: name.to_owned(),
        internal_name: details.interface_name.as_str().to_owned(),
        if_index: details.sw_if_index,
        admin_status: status(IfStatusFlags::ADMIN_UP).into(),
        oper_status: status(IfStatusFlags::LINK_UP).into(),
        phys_address: details.l2_address.to_string(),
        speed,
        mtu: details.link_mtu.into(),
        duplex: duplex.into(),
        ..InterfaceState::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use binapi::text::FixedString;

    fn details(number: u32, tag: &str, flags: u32) -> SwInterfaceDetails {
        SwInterfaceDetails {
            sw_if_index: number,
            interface_name: FixedString::cut(&format!("loop{number}")),
            tag: FixedString::cut(tag),
            flags: IfStatusFlags(flags),
            link_mtu: 9000,
            ..SwInterfaceDetails::default()
        }
    }

    /// Name, what changed, admin and link state, time of the last change.
    fn told(known: &mut Known, now: i64) -> Vec<(String, What, i32, i32, i64)> {
        let changes = known.news(now).changes.into_iter();
        changes
            .map(|Change { what, state }| {
                (state.name, what, state.admin_status, state.oper_status, state.last_change)
            })
            .collect()
    }

    const UP: i32 = 1;
    const DOWN: i32 = 2;
    const DELETED: i32 = 3;

    #[test]
    fn an_interface_is_told_when_both_sides_know_it() {
        let mut known = Known::default();
        known.saw(details(1, "a", 1));
        assert_eq!(told(&mut known, 5), []);
        known.name("a", 1);
        assert_eq!(told(&mut known, 6), [("a".into(), What::State, UP, DOWN, 6)]);
        known.name("b", 2);
        assert_eq!(told(&mut known, 7), []);
        known.saw(details(2, "", 0));
        assert_eq!(told(&mut known, 8), [("b".into(), What::State, DOWN, DOWN, 8)]);
        // The same once more is no news, and another MTU is no change of the state.
        known.saw(details(2, "b", 0));
        assert_eq!(told(&mut known, 9), []);
        known.saw(SwInterfaceDetails { link_mtu: 1500, ..details(2, "b", 0) });
        assert_eq!(told(&mut known, 10), [("b".into(), What::Details, DOWN, DOWN, 8)]);
        known.saw(details(2, "b", 3));
        let news = known.news(11);
        assert_eq!((news.changes[0].what, news.links), (What::State, vec![("b".into(), Some(true))]));
        // It may have been down in between: whoever saw that is set right.
        known.saw(details(2, "b", 3));
        let news = known.news(12);
        assert_eq!((news.changes, news.links), (vec![], vec![("b".into(), Some(true))]));
    }

    #[test]
    fn one_that_is_gone_is_told_once_and_by_whom() {
        let mut known = Known::default();
        for (name, number) in [("a", 1), ("b", 2)] {
            known.name(name, number);
            known.saw(details(number, name, 3));
        }
        known.news(1);
        // By hand: the scheduler does not know yet.
        known.gone(1);
        assert_eq!(told(&mut known, 2), [("a".into(), What::State, DELETED, DELETED, 2)]);
        known.unname("a");
        assert_eq!(told(&mut known, 3), []);
        // By the agent.
        known.unname("b");
        assert_eq!(told(&mut known, 4), [("b".into(), What::Removed, DELETED, DELETED, 4)]);
        known.gone(2);
        assert_eq!(told(&mut known, 5), []);
        // One that nobody heard of before cannot go.
        known.name("c", 3);
        known.unname("c");
        assert_eq!(told(&mut known, 6), []);
    }

    #[test]
    fn a_number_that_was_given_to_another_one_says_nothing() {
        let mut known = Known::default();
        known.name("a", 1);
        known.saw(details(1, "a", 3));
        known.news(1);
        known.gone(1);
        known.saw(details(1, "b", 1));
        assert_eq!(told(&mut known, 2), [("a".into(), What::State, DELETED, DELETED, 2)]);
        known.name("b", 1);
        known.unname("a");
        assert_eq!(told(&mut known, 3), [("b".into(), What::State, UP, DOWN, 3)]);
        // Found twice: the second one has a longer name than its tag.
        known.name("b-AGAIN-loop2", 2);
        known.saw(details(2, "b", 0));
        assert_eq!(told(&mut known, 4), [("b-AGAIN-loop2".into(), What::State, DOWN, DOWN, 4)]);
    }

    #[test]
    fn a_vpp_that_started_anew_has_other_numbers() {
        let mut known = Known::default();
        for (name, number) in [("a", 1), ("b", 2)] {
            known.name(name, number);
            known.saw(details(number, name, 3));
        }
        known.news(1);
        known.forget();
        known.saw_all(vec![details(0, "", 0), details(1, "b", 3)]);
        known.name("b", 1);
        assert_eq!(known.count(), 2);
        let told = told(&mut known, 2);
        assert_eq!(told[0], ("a".into(), What::Removed, DELETED, DELETED, 2));
        assert_eq!(told[1], ("b".into(), What::Details, UP, UP, 1), "its number is another one");
    }

    #[test]
    fn what_vpp_says_about_the_link() {
        let link = |speed, duplex| {
            let details = SwInterfaceDetails {
                link_speed: speed,
                link_duplex: binapi::types::LinkDuplex(duplex),
                ..details(1, "a", 0)
            };
            let state = state("a", &details);
            (state.speed, state.duplex())
        };
        assert_eq!(link(10_000_000, 2), (10_000_000_000, Duplex::Full));
        assert_eq!(link(0, 1), (0, Duplex::Half));
        assert_eq!(link(u32::MAX, 0), (0, Duplex::UnknownDuplex));
    }
}
