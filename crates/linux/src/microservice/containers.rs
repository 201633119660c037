//! Which containers run, as far as the engine told, and which of them a label means. Pure.
//!
//! An event only says where to look: what the engine answers about the container then is what counts. So events may be lost,
//! doubled or late, and nothing is wrong once the containers were listed again.

use super::Standing;
use super::said::{Inspected, Service};
use crate::netns::Identity;
use std::collections::{BTreeMap, BTreeSet};

/// See the module.
#[derive(Debug, Default)]
pub struct Containers {
    services: BTreeMap<String, Placed>,
    /// Those that bear no label: nobody needs to ask about them again.
    plain: BTreeSet<String>,
}

/// A service, with the network namespace that its process was in when the engine told of it.
#[derive(Debug, PartialEq)]
struct Placed {
    service: Service,
    netns: Option<Identity>,
}

impl Containers {
    /// These run, and no others. Answers which of them have to be asked about.
    pub fn listed(&mut self, running: Vec<String>) -> Vec<String> {
        let all: BTreeSet<&String> = running.iter().collect();
        self.services.retain(|id, _| all.contains(id));
        self.plain.retain(|id| all.contains(id));
        running.into_iter().filter(|id| !self.plain.contains(id)).collect()
    }
    /// The engine told this of a container. `place`: the network namespace of a process, if it is there.
    pub fn inspected(&mut self, id: String, said: Inspected, place: impl Fn(u32) -> Option<Identity>) {
        match said {
            Inspected::Service(service) => {
                let netns = place(service.pid);
                self.services.insert(id, Placed { service, netns });
            }
            Inspected::Unlabelled => {
                self.services.remove(&id);
                self.plain.insert(id);
            }
            Inspected::Ended => {
                self.services.remove(&id);
                self.plain.remove(&id);
            }
        }
    }
    /// What each label means now: of those that bear it the one that was made last. One whose process is gone, or is not in
    /// the namespace any more that it was in, is none, whether the engine has told so yet or not.
    pub fn standing(&self, place: impl Fn(u32) -> Option<Identity>) -> BTreeMap<String, Standing> {
        let mut last: BTreeMap<&str, (&Service, &String, Identity)> = BTreeMap::new();
        for (id, Placed { service, netns }) in &self.services {
            let Some(netns) = netns.filter(|netns| place(service.pid) == Some(*netns)) else { continue };
            let newer = last.get(&*service.label).is_none_or(|(other, ..)| service.created >= other.created);
            if newer {
                last.insert(&service.label, (service, id, netns));
            }
        }
        let standing = |(label, (service, id, netns)): (&str, (&Service, &String, Identity))| {
            (
                label.to_owned(),
                Standing { container: format!("{id} {}", service.started), pid: service.pid, netns },
            )
        };
        last.into_iter().map(standing).collect()
    }
    /// Labels whose container runs as a process that cannot be seen.
    pub fn unseen(&self) -> impl Iterator<Item = (&str, u32)> {
        let unseen = self.services.values().filter(|placed| placed.netns.is_none());
        unseen.map(|placed| (&*placed.service.label, placed.service.pid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn service(label: &str, created: i64, pid: u32) -> Inspected {
        let started = format!("at {pid}");
        Inspected::Service(Service { label: label.into(), created: (created, 0), started, pid })
    }
    fn place(pid: u32) -> Option<Identity> {
        (pid < 100).then(|| Identity::of_number(pid.into()))
    }
    fn pids(containers: &Containers) -> Vec<(String, u32)> {
        containers.standing(place).into_iter().map(|(label, standing)| (label, standing.pid)).collect()
    }

    #[test]
    fn the_one_that_was_made_last_has_the_label() {
        let mut containers = Containers::default();
        containers.inspected("b".into(), service("ms", 2, 12), place);
        containers.inspected("a".into(), service("ms", 1, 11), place);
        containers.inspected("c".into(), service("other", 1, 13), place);
        assert_eq!(pids(&containers), [("ms".into(), 12), ("other".into(), 13)]);
        // The other one is there still.
        containers.inspected("b".into(), Inspected::Ended, place);
        assert_eq!(pids(&containers), [("ms".into(), 11), ("other".into(), 13)]);
        // Its process is gone, though nobody told.
        let gone = containers.standing(|pid| place(pid).filter(|_| pid != 11));
        assert_eq!(gone.into_keys().collect::<Vec<_>>(), ["other"]);
        // Another process has its number.
        let another = containers.standing(|pid| place(pid + 1));
        assert_eq!(another.len(), 0);
    }

    #[test]
    fn started_again_it_is_another() {
        let mut containers = Containers::default();
        containers.inspected("a".into(), service("ms", 1, 11), place);
        let before = containers.standing(place);
        containers.inspected("a".into(), service("ms", 1, 11), place);
        assert_eq!(containers.standing(place), before);
        containers.inspected("a".into(), service("ms", 1, 12), place);
        assert_ne!(containers.standing(place), before);
    }

    #[test]
    fn a_list_says_what_runs_and_what_to_ask_about() {
        let mut containers = Containers::default();
        containers.inspected("a".into(), service("ms", 1, 11), place);
        containers.inspected("b".into(), Inspected::Unlabelled, place);
        containers.inspected("c".into(), service("gone", 1, 13), place);
        let ask = containers.listed(["a", "b", "d"].map(str::to_owned).into());
        assert_eq!(ask, ["a", "d"]);
        assert_eq!(pids(&containers), [("ms".into(), 11)]);
        containers.inspected("e".into(), service("far", 1, 1000), place);
        assert_eq!(containers.unseen().collect::<Vec<_>>(), [("far", 1000)]);
        assert_eq!(pids(&containers).len(), 1);
    }

    proptest! {
        /// However many events are lost: after the containers were listed and asked about, what is known is what is so.
        #[test]
        fn a_list_mends_all(
            told in prop::collection::vec((0_usize..6, 0_usize..3, 0_i64..4, 1_u32..120), 0..30),
            real in prop::collection::btree_map(0_usize..6, (0_usize..3, 0_i64..4, 1_u32..100), 0..6),
        ) {
            let id = |n: usize| format!("c{n}");
            let said = |label: usize, created: i64, pid: u32| match label {
                0 => Inspected::Ended,
                _ => service(&format!("ms{label}"), created, pid),
            };
            let (mut old, mut fresh) = (Containers::default(), Containers::default());
            for (n, label, created, pid) in told {
                old.inspected(id(n), said(label, created, pid), place);
            }
            for containers in [&mut old, &mut fresh] {
                for asked in containers.listed(real.keys().map(|&n| id(n)).collect()) {
                    let n: usize = asked[1..].parse().unwrap();
                    let (label, created, pid) = real[&n];
                    containers.inspected(asked, said(label, created, pid), place);
                }
            }
            prop_assert_eq!(old.standing(place), fresh.standing(place));
        }
    }
}
