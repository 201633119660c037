//! Looking again and again whether something was changed behind the agent's back, and what to do about it.

use crate::contract::registry::Kind;
use crate::doing::compare::Spotted;
use crate::doing::core::{Core, Queries, Work};
use crate::state::graph::{Half, NodeId};
use crate::telling::history::TxnKind;
use model::value::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::{debug, warn};

/// What to do about an object that was changed, removed or made behind the agent's back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum DriftAction {
    /// Mend it.
    #[default]
    Repair = 0,
    /// Show it in the status of the key: MISSING, or details that say so. It is mended when its value is submitted
    /// again, and by a resync.
    Report = 1,
    /// Leave it, and go on as if nothing had happened; only the details of the status say so. A resync mends it all the
    /// same.
    Ignore = 2,
}

/// How often what is there is compared with what is in force, and what is done about differences.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DriftPolicy {
    /// The pause between two comparisons; 0 is never. Only done once every southbound was compared and every source has
    /// answered.
    pub interval: Duration,
    /// Starts of keys with what to do there; the longest that fits decides.
    pub rules: Vec<(String, DriftAction)>,
    /// What to do about all other keys.
    pub default: DriftAction,
    /// Names of descriptors that are not compared, such as `vpp-route`: for kinds that take long to retrieve.
    pub skip: Vec<String>,
}

impl DriftPolicy {
    fn action(&self, key: &str) -> DriftAction {
        let fitting = self.rules.iter().filter(|(prefix, _)| key.starts_with(prefix.as_str()));
        fitting.max_by_key(|(prefix, _)| prefix.len()).map_or(self.default, |(_, action)| *action)
    }
}

/// What one comparison found. What was found and left before does not count again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Keys that were mended, or whose mending failed.
    pub repaired: usize,
    /// Keys that were reported.
    pub reported: usize,
    /// Keys that were left alone.
    pub ignored: usize,
    /// Descriptors that could not be compared, each with the reason.
    pub unread: Vec<(&'static str, String)>,
}

/// What was found and is to be ignored: the kind, and the value; none is there if it is gone. By key.
pub(crate) type Ignored = HashMap<Arc<str>, (Kind, Option<Arc<dyn Value>>)>;

/// Lines in the log for one comparison.
const TOLD: usize = 10;

/// What a comparison has found so far.
#[derive(Default)]
struct Findings {
    drift: Drift,
    dirty: Vec<NodeId>,
    /// Only to be reported.
    spare: HashSet<NodeId>,
    touched: Vec<NodeId>,
    ignored: Ignored,
    checked: HashSet<Kind>,
}

impl Core {
    /// Tells of names that are to be skipped and that nobody has.
    pub fn check_policy(&self) {
        let named = |name: &str| self.registry.kinds().any(|kind| self.registry.get(kind).name() == name);
        for name in self.config.drift.skip.iter().filter(|name| !named(name)) {
            warn!("no descriptor is named {name:?}: it cannot be left out of the search for changes");
        }
    }
    /// Sets the clock for the next comparison.
    pub fn plan_check(&mut self) {
        let interval = self.config.drift.interval;
        self.next_check =
            (!interval.is_zero()).then(|| Instant::now() + interval.min(crate::doing::retry::LONGEST));
    }
    /// The next comparison is due.
    pub async fn check_in_time(&mut self, queries: &mut Queries) {
        if self.complete && self.southbounds.iter().all(|state| state.once) {
            self.check(queries).await;
        }
        self.plan_check();
    }
    /// Compares what is there with what is in force, without touching what could not be retrieved.
    pub async fn check(&mut self, queries: &mut Queries) -> Drift {
        let mut work = Work::new(TxnKind::NbTransaction);
        let mut nodes: HashMap<Kind, Vec<NodeId>> = HashMap::new();
        for n in self.graph.ids() {
            nodes.entry(self.graph.node(n).kind).or_default().push(n);
        }
        let mut findings = Findings::default();
        for kind in self.registry.kinds() {
            let name = self.registry.get(kind).name();
            if !self.comparable(kind) || self.config.drift.skip.iter().any(|skipped| skipped == name) {
                continue;
            }
            let unread = &mut findings.drift.unread;
            let read = |read: &Kind| self.registry.get(*read).name();
            let names = self.registry.reads(kind).iter().map(read);
            if let Some(other) = names.into_iter().find(|name| unread.iter().any(|(other, _)| other == name))
            {
                unread.push((name, format!("it reads {other}, which could not be retrieved")));
                continue;
            }
            let nodes = nodes.remove(&kind).unwrap_or_default();
            let found = self.see(kind, &nodes, queries).await;
            let away = self.out_of_reach(kind).map(crate::Error::new);
            match away.map_or(found, Err) {
                Ok(found) => {
                    self.unmake_absent(kind, &found);
                    let had = |n: &NodeId| {
                        let have = self.graph.node(*n).have.as_ref();
                        have.is_some_and(|have| have.half != Half::Fresh)
                    };
                    let mut gone: BTreeSet<NodeId> = nodes.into_iter().filter(had).collect();
                    for sighting in found {
                        let spotted = self.spot(kind, sighting);
                        gone.remove(&spotted.n);
                        self.look_at(kind, spotted, &mut findings);
                    }
                    gone.into_iter().for_each(|n| self.miss(kind, n, &mut findings));
                    findings.checked.insert(kind);
                }
                Err(error) => {
                    debug!("looking for changes of {name} failed: {error}");
                    findings.drift.unread.push((name, error.to_string()));
                }
            }
        }
        let Findings { drift, dirty, spare, touched, ignored, checked } = findings;
        self.ignored.retain(|_, (kind, _)| !checked.contains(kind));
        self.ignored.extend(ignored);
        let told = drift.repaired + drift.reported + drift.ignored;
        if told > TOLD {
            warn!("{} more keys were changed behind the agent's back", told - TOLD);
        }
        if dirty.is_empty() && touched.is_empty() {
            return drift;
        }
        work.description = format!("drift: {} to be repaired, {} reported", drift.repaired, drift.reported);
        (work.quiet, work.spare) = (true, spare);
        work.retry = Some(self.config.resync_retry); // nobody else would ask for it
        self.touched.extend(touched);
        self.reconcile(dirty, work, queries).await;
        drift
    }
    fn comparable(&self, kind: Kind) -> bool {
        let descriptor = self.registry.get(kind);
        // What is read but not known now cannot give names; as long as it is so, what is known here is as good as ever.
        let unknown =
            |&read: &Kind| self.blocked[read as usize].is_some() && self.lacking[read as usize].is_none();
        !descriptor.fed()
            && descriptor.retrieves()
            && self.blocked[kind as usize].is_none()
            && self.out_of_reach(kind).is_none()
            && !self.registry.reads(kind).iter().any(unknown)
    }
    /// One object that is there.
    fn look_at(&mut self, kind: Kind, spotted: Spotted, findings: &mut Findings) {
        let n = spotted.n;
        let node = self.graph.node(n);
        let descriptor = self.registry.get(kind);
        // Most are as they were: nothing is to be done, and nothing to be written down.
        let known = node.have.as_ref().is_some_and(|have| match spotted.settled {
            true => node.as_wanted(),
            false => !node.as_wanted() && !have.unsure && descriptor.settled(&*have.spec, &*spotted.spec),
        });
        if known {
            if node.as_wanted() && node.drifted() {
                self.graph.node_mut(n).forget_drift(); // somebody put it right
                findings.touched.push(n);
            }
            if !spotted.settled {
                self.graph.shed(&*spotted.spec);
            }
            if let Some(have) = &mut self.graph.bare_mut(n).have {
                have.handle = spotted.handle;
            }
            let _ = self.graph.hold(&self.registry, n); // whoever had it before is not found
            return;
        }
        let drift = match (&node.want, &node.have) {
            _ if spotted.settled || node.failed() => None,
            (Some(_), Some(have)) if have.unsure => None,
            (Some(_), Some(_)) => Some("it is not as it was made"),
            (Some(_), None) => Some("it is there, but not as it is wanted"),
            (None, None) if self.complete && !node.unusable() && self.is_ours(kind, &spotted) => {
                Some("it is there, although nobody wants it")
            }
            (None, _) => None,
        };
        let appears = node.have.is_none();
        let Some(what) = drift else {
            let news = self.take_in(kind, spotted).1;
            findings.touched.extend(news.then_some(n));
            if appears {
                self.graph.all_dependents(n, &mut findings.dirty);
            }
            return;
        };
        match self.config.drift.action(&node.key) {
            DriftAction::Ignore => {
                self.ignore(kind, n, Some(spotted.spec.value().clone()), what, findings);
                self.graph.shed(&*spotted.spec);
                if let Some(have) = &mut self.graph.bare_mut(n).have {
                    have.handle = spotted.handle;
                }
                self.graph.collect(vec![n]);
            }
            action => {
                self.take_in(kind, spotted);
                self.found_out(kind, n, what, action, findings);
                if appears && action == DriftAction::Repair {
                    self.graph.all_dependents(n, &mut findings.dirty);
                }
            }
        }
    }
    /// One object that is not there any more.
    fn miss(&mut self, kind: Kind, n: NodeId, findings: &mut Findings) {
        const WHAT: &str = "it is gone";
        let node = self.graph.node(n);
        let action = self.config.drift.action(&node.key);
        if !node.as_wanted() {
            // Others' objects, what was to go anyway, and what is in doubt.
            let below = node.have.iter().flat_map(|have| self.graph.hangs_on(n, &*have.spec));
            let below: Vec<NodeId> = below.map(|(d, _)| d).filter(|&d| self.unlike(d)).collect();
            self.lose(n);
            findings.dirty.extend(below);
            findings.touched.push(n);
            self.graph.all_dependents(n, &mut findings.dirty);
        } else if action == DriftAction::Ignore {
            self.ignore(kind, n, None, WHAT, findings);
        } else {
            self.lose(n);
            self.found_out(kind, n, WHAT, action, findings);
        }
    }
    /// As far as can be told, an object that nobody asked for was made by us.
    fn is_ours(&self, kind: Kind, spotted: &Spotted) -> bool {
        use crate::Ownership::{Attached, Marked, Recorded};
        let ours = |d: NodeId| self.graph.node(d).have.as_ref().is_some_and(|have| !have.foreign);
        !spotted.foreign
            && match self.registry.get(kind).ownership() {
                Marked => true,
                Recorded => self.made.contains(&self.graph.node(spotted.n).key),
                Attached => spotted.spec.links().edges().all(|(d, hard)| !hard || ours(d)),
            }
            || self.config.remove_foreign
    }
    /// It is taken in already.
    fn found_out(&mut self, kind: Kind, n: NodeId, what: &str, action: DriftAction, findings: &mut Findings) {
        self.tell_drift(kind, n, what, action, &mut findings.drift);
        findings.touched.push(n);
        match action {
            DriftAction::Repair => findings.dirty.push(n),
            _ => {
                findings.spare.insert(n);
                if self.graph.node(n).want.is_some() {
                    let text = format!("changed behind the agent's back: {what}");
                    self.graph.node_mut(n).note_mut().drift = Some(text.into());
                }
            }
        }
    }
    fn ignore(
        &mut self,
        kind: Kind,
        n: NodeId,
        value: Option<Arc<dyn Value>>,
        what: &str,
        findings: &mut Findings,
    ) {
        let key = self.graph.node(n).key.clone();
        let same = |(_, old): &(Kind, Option<Arc<dyn Value>>)| match (old, &value) {
            (Some(old), Some(new)) => old.same(&**new),
            (old, new) => old.is_none() && new.is_none(),
        };
        if !self.ignored.get(&key).is_some_and(same) {
            self.tell_drift(kind, n, what, DriftAction::Ignore, &mut findings.drift);
        }
        let text = format!("changed behind the agent's back and left so: {what}");
        let node = self.graph.node(n);
        let news = node.note.as_ref().and_then(|note| note.drift.as_deref()) != Some(&*text);
        if node.want.is_some() && news {
            self.graph.node_mut(n).note_mut().drift = Some(text.into());
            findings.touched.push(n);
        }
        findings.ignored.insert(key, (kind, value));
    }
    /// Counts it, and says it in the log.
    fn tell_drift(&mut self, kind: Kind, n: NodeId, what: &str, action: DriftAction, drift: &mut Drift) {
        let (count, then) = match action {
            DriftAction::Repair => (&mut drift.repaired, "it is mended"),
            DriftAction::Report => (&mut drift.reported, "it stays so until its value is submitted again"),
            DriftAction::Ignore => (&mut drift.ignored, "it is left so"),
        };
        *count += 1;
        self.counters.drifted(kind, action);
        if drift.repaired + drift.reported + drift.ignored <= TOLD {
            let key = &self.graph.node(n).key;
            warn!("{key} was changed behind the agent's back: {what}; {then}");
        }
    }
}
