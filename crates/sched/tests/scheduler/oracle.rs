//! What must be there, computed the naive way.

use crate::kinds::*;
use crate::world::Content;
use model::value::{Model, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What was asked for so far, and what is there without us.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Last good value of each thing.
    pub things: BTreeMap<String, Thing>,
    /// Last good value of each part.
    pub parts: BTreeMap<String, Part>,
    pub marks: BTreeMap<String, Mark>,
    pub signals: BTreeSet<String>,
    /// Things and parts of others, by key.
    pub foreign: BTreeMap<String, Content>,
    /// Keys whose newest value cannot be expressed.
    pub invalid: BTreeSet<String>,
    /// The southbound cannot make stiff things.
    pub limp: bool,
}

/// What must come of the wishes.
pub struct Outcome {
    /// What is there, in the first southbound.
    pub there: BTreeMap<String, Content>,
    /// Names of marks that are there.
    pub marks: BTreeSet<String>,
    /// What each absent key waits for.
    pub unmet: BTreeMap<String, BTreeSet<String>>,
    /// Keys on a circle of needs.
    pub mutual: BTreeSet<String>,
}

impl Wishes {
    pub fn put(&mut self, value: Thing) {
        let key = value.key();
        if value.rev == 13 {
            self.invalid.insert(key);
            return;
        }
        self.invalid.remove(&key);
        let old = self.things.insert(value.name.clone(), value.clone());
        let stay: BTreeSet<String> = value.parts.iter().map(Value::key).collect();
        for part in old.into_iter().flat_map(|old| old.parts).map(|part| part.key()) {
            if !stay.contains(&part) {
                self.parts.remove(&part);
                self.invalid.remove(&part);
            }
        }
        for part in value.parts {
            let key = part.key();
            if part.rev == 13 {
                self.invalid.insert(key);
            } else {
                self.invalid.remove(&key);
                self.parts.insert(key, part);
            }
        }
        // What others have under this key, or attached to it, is ours from now on.
        self.foreign.retain(|other, content| *other != key && !content.uses.contains(&key));
    }
    pub fn remove(&mut self, name: &str) {
        self.invalid.remove(&t(name));
        for part in self.things.remove(name).into_iter().flat_map(|old| old.parts) {
            self.parts.remove(&part.key());
            self.invalid.remove(&part.key());
        }
    }

    /// Is it there in no case, because of what the southbound is?
    pub fn is_unsupported(&self, key: &str) -> bool {
        let thing = key.strip_prefix(Thing::PREFIX).and_then(|name| self.things.get(name));
        self.limp && thing.is_some_and(|thing| thing.stiff)
    }
    /// What each wished key needs. One that ends in a slash is met by any key under it.
    pub fn needs(&self) -> BTreeMap<String, Vec<String>> {
        let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, thing) in &self.things {
            let named = thing.refs.iter().chain(&thing.ups).map(|name| t(name));
            let any = thing.any.iter().map(|name| format!("p/{name}/"));
            let signal = thing.signal.iter().map(|name| format!("s/{name}"));
            let call = (self.limp && thing.stiff).then(|| "a call that nobody has".to_owned());
            needs.insert(t(name), named.chain(any).chain(signal).chain(call).collect());
        }
        for (key, part) in &self.parts {
            needs.insert(
                key.clone(),
                std::iter::once(&part.of).chain(&part.ups).map(|name| t(name)).collect(),
            );
        }
        for (name, mark) in &self.marks {
            needs.insert(format!("config/m/{name}"), mark.on.iter().map(|on| t(on)).collect());
        }
        needs
    }
    pub fn outcome(&self) -> Outcome {
        let needs = self.needs();
        let given: BTreeSet<String> =
            self.foreign.keys().cloned().chain(self.signals.iter().map(|name| format!("s/{name}"))).collect();
        let (up, unmet, mutual) = fixpoint(&needs, &given);
        let mut there = self.foreign.clone();
        for key in &up {
            let content = if let Some(thing) = key.strip_prefix(Thing::PREFIX).map(|name| &self.things[name])
            {
                let uses = thing.refs.iter().map(|name| t(name)).collect();
                Content { rev: thing.rev, stiff: thing.stiff, auto: thing.auto, uses }
            } else if let Some(part) = self.parts.get(key) {
                Content { rev: part.rev, uses: vec![t(&part.of)], ..Content::default() }
            } else {
                continue;
            };
            there.insert(key.clone(), content);
        }
        let marks = up.iter().filter_map(|key| key.strip_prefix(Mark::PREFIX)).map(str::to_owned).collect();
        Outcome { there, marks, unmet, mutual }
    }
}

type Sets = (BTreeSet<String>, BTreeMap<String, BTreeSet<String>>, BTreeSet<String>);

/// What is up: the largest set in which everybody has what he needs. A need that ends in a slash is met by any key under
/// it, one that ends in a text between asterisks by any under it with that text. Sets are bits: there are few keys.
pub fn fixpoint(needs: &BTreeMap<String, Vec<String>>, given: &BTreeSet<String>) -> Sets {
    let keys: Vec<&String> = needs.keys().chain(given).collect();
    assert!(keys.len() <= 128);
    let bit = |i: usize| 1u128 << i;
    let mask = |need: &String| {
        let (start, text) = match need.strip_suffix('*').and_then(|need| need.split_once('*')) {
            Some(parts) => parts,
            None => (need.as_str(), ""),
        };
        let under = |rest: &str| (start.ends_with('/') || rest.is_empty()) && rest.contains(text);
        let meets = |key: &String| key.strip_prefix(start).is_some_and(under);
        (0..keys.len()).filter(|&i| meets(keys[i])).map(bit).fold(0, |a, b| a | b)
    };
    let masks: Vec<Vec<u128>> = needs.values().map(|needs| needs.iter().map(mask).collect()).collect();
    let n = masks.len();
    let closure = |edges: &[u128]| {
        let mut reach = edges.to_vec();
        for via in 0..n {
            for from in 0..n {
                if reach[from] & bit(via) != 0 {
                    reach[from] |= reach[via];
                }
            }
        }
        reach
    };
    let mut up: u128 = (0..keys.len()).map(bit).fold(0, |a, b| a | b);
    loop {
        let stays = |&i: &usize| i >= n || masks[i].iter().all(|need| need & up != 0);
        let next = (0..keys.len()).filter(|&i| up & bit(i) != 0).filter(stays).map(bit).fold(0, |a, b| a | b);
        if next == up {
            break;
        }
        up = next;
    }
    let reach = closure(&masks.iter().map(|needs| needs.iter().fold(0, |a, b| a | b)).collect::<Vec<_>>());
    let list = |wanted: &dyn Fn(usize) -> bool| {
        (0..n).filter(|&i| wanted(i)).map(|i| keys[i].clone()).collect::<BTreeSet<_>>()
    };
    let unmet = |i: usize| {
        let needs = needs[keys[i]].iter().zip(&masks[i]);
        (keys[i].clone(), needs.filter(|(_, mask)| *mask & up == 0).map(|(need, _)| need.clone()).collect())
    };
    let waiting = (0..n).filter(|&i| up & bit(i) == 0).map(unmet).collect();
    (list(&|i| up & bit(i) != 0), waiting, list(&|i| reach[i] & bit(i) != 0))
}
