//! What was there at every moment, computed from the calls alone.

use crate::calls::Call;
use crate::world::{Content, Object, Tag};
use std::collections::{BTreeMap, BTreeSet};

/// What an object needs: every list holds keys of which one must be there.
pub type Needs = Vec<Vec<String>>;

#[derive(Clone)]
pub struct Made {
    pub content: Content,
    pub tag: Tag,
    pub handle: u64,
    pub with: Vec<u64>,
    pub half: bool,
}

impl Made {
    /// What a call says about it; `None` and 1500 are the same: the southbound chose.
    pub fn is(&self, content: &Content) -> bool {
        let auto = |content: &Content| content.auto.filter(|&auto| auto != 1500);
        let told = |content: &Content| (content.rev, content.stiff, auto(content));
        told(&self.content) == told(content)
    }
    /// Is it what is believed to be there? Who left a field open is content with whatever is in it.
    pub fn is_as_believed(&self, content: &Content) -> bool {
        let auto = content.auto.or(self.content.auto);
        self.is(&Content { auto, ..content.clone() })
    }
}

/// What is there between two calls.
#[derive(Clone)]
pub struct Replay {
    pub there: BTreeMap<String, Made>,
    /// Keys by handle, of all that ever was there.
    names: BTreeMap<u64, String>,
    pub signals: BTreeSet<String>,
    /// What is changed in place at some time.
    pub updated: BTreeSet<String>,
    /// Something cannot be removed.
    pub stuck: bool,
}

/// The start or the end of a call.
pub enum Event<'a> {
    Start(&'a Call),
    End(&'a Call),
}

/// Starts and ends in the order in which they happened.
pub fn events(calls: &[Call]) -> Vec<Event<'_>> {
    let starts = calls.iter().map(|call| (call.start, Event::Start(call)));
    let mut all: Vec<_> = starts.chain(calls.iter().map(|call| (call.end, Event::End(call)))).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, event)| event).collect()
}

impl Replay {
    pub fn new(objects: &BTreeMap<String, Object>, signals: &BTreeSet<String>) -> Replay {
        let made = |object: &Object| Made {
            content: object.content.clone(),
            tag: object.tag.clone(),
            handle: object.handle,
            with: object.with.clone(),
            half: object.half,
        };
        Replay {
            there: objects.iter().map(|(key, object)| (key.clone(), made(object))).collect(),
            names: objects
                .iter()
                .filter(|(key, _)| !is_mark(key))
                .map(|(key, o)| (o.handle, key.clone()))
                .collect(),
            signals: signals.clone(),
            updated: BTreeSet::new(),
            stuck: false,
        }
    }
    /// The call had its effect.
    pub fn end(&mut self, call: &Call) {
        if !call.done {
            return;
        }
        match &call.new {
            Some((content, tag, with)) => {
                let (content, tag, with) = (content.clone(), tag.clone(), with.clone());
                let handle = call.handle.unwrap();
                if !is_mark(&call.key) {
                    self.names.insert(handle, call.key.clone());
                }
                self.there.insert(call.key.clone(), Made { content, tag, handle, with, half: call.half });
            }
            None => drop(self.there.remove(&call.key)),
        }
    }
    /// What an object needs that is like this.
    pub fn needs(&self, key: &str, tag: &Tag, with: &[u64]) -> Needs {
        let named =
            |handle: &u64| self.names.get(handle).cloned().unwrap_or_else(|| format!("handle {handle}"));
        let mut needs: Needs = with.iter().map(|handle| vec![named(handle)]).collect();
        needs.extend(tag.ups.iter().map(|up| vec![up.clone()]));
        match &tag.signal {
            Some(handle) if is_mark(key) => needs.push(vec![named(&handle.parse().unwrap())]),
            Some(signal) => needs.push(vec![format!("s/{signal}")]),
            None => {}
        }
        if let Some(any) = &tag.any {
            let prefix = format!("p/{any}/");
            needs.push(self.there.keys().filter(|key| key.starts_with(&prefix)).cloned().collect());
        }
        needs
    }
    pub fn has(&self, key: &str) -> bool {
        match key.strip_prefix("s/") {
            Some(signal) => self.signals.contains(signal),
            None => self.there.get(key).is_some_and(|made| !made.half),
        }
    }
    /// Does one object that is there need another, by whatever way?
    pub fn hangs(&self, key: &str, on: &str) -> bool {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![key.to_owned()]);
        while let Some(key) = todo.pop() {
            let Some(made) = self.there.get(&key).filter(|_| seen.insert(key.clone())) else { continue };
            todo.extend(self.needs(&key, &made.tag, &made.with).into_iter().flatten());
        }
        seen.contains(on)
    }
    /// A need of `key` that is not met, unless both are on circles, where somebody has to be the first.
    pub fn unmet(
        &self,
        key: &str,
        tag: &Tag,
        with: &[u64],
        mutual: &BTreeSet<String>,
    ) -> Option<Vec<String>> {
        let circular = |need: &String| mutual.contains(key) && mutual.contains(need);
        let on_circle = mutual.contains(key);
        self.needs(key, tag, with).into_iter().find(|need| {
            // Which of several is on the circle is not known any more; some may be half made.
            let any = on_circle && need.iter().all(|need| need.starts_with("p/"));
            !any && !need.iter().any(|need| self.has(need) || circular(need))
        })
    }
}

fn is_mark(key: &str) -> bool {
    key.starts_with("config/m/")
}
