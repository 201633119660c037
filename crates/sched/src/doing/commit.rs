//! Takes in what is asked and what is reported, and has it reconciled.

use crate::contract::erased::Handle;
use crate::contract::error::Error;
use crate::contract::registry::{Kind, NO_KIND};
use crate::contract::status::{BaseStatus, Operation, State, Status};
use crate::contract::txn::{Intent, KeyError, Report, Resync, Txn};
use crate::doing::compare::Scope;
use crate::doing::core::{Core, Queries, Work};
use crate::doing::notice::{News, Notice};
use crate::state::graph::{Half, Have, NodeId, type_of};
use crate::state::load::Loaded;
use crate::telling::history::{Origin, TxnKind};
use crate::telling::stats::Slice;
use model::value::Value;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Changes that are taken in at a time, between two looks at readers' questions.
const PORTION: usize = 4096;

impl Core {
    pub async fn commit(&mut self, txn: Txn, queries: &mut Queries) -> Report {
        let mut work = Work::new(TxnKind::NbTransaction);
        let started = std::time::Instant::now();
        let submitted: Vec<Arc<str>> = match txn.statuses {
            true => txn.changes.iter().map(|change| change.key.clone()).collect(),
            false => Vec::new(),
        };
        let recording = std::time::Instant::now();
        work.submitted = txn.changes.len();
        work.values = txn
            .changes
            .iter()
            .take(self.history.record_limit())
            .map(|change| (change.key.clone(), change.value.clone(), Origin::Nb))
            .collect();
        self.counters.took(Slice::PreRecord, recording.elapsed());
        let mut changes = txn.changes;
        if matches!(txn.resync, Resync::Full | Resync::Upstream) {
            self.drop_unlisted(&mut changes);
        }
        let loaded = self.load(changes, queries);
        let invalid = self.invalid_errors(&loaded.invalid);
        let mut dirty = loaded.dirty;
        let newly_complete = txn.complete && !self.complete;
        self.complete |= txn.complete;
        (work.resync, work.description, work.retry) = (txn.resync, txn.description, txn.retry);
        work.quiet = txn.quiet;
        (work.revert, work.simulate) = (txn.revert, txn.simulate || self.config.simulate);
        work.load = started.elapsed();
        if txn.revert && !invalid.is_empty() {
            // Nothing was done yet, and nothing will be.
            dirty = self.restore().0;
        }
        // A southbound that is not compared yet will be, and then with all that is wanted.
        let compared = self.southbounds.iter().any(|state| state.compared.is_some() && state.again.is_none());
        let mut claimed = std::mem::take(&mut self.graph.claimed);
        claimed.retain(|_| compared);
        let mut once = self.seen_once(dirty.iter().copied());
        if newly_complete {
            once.extend(self.seen_once(self.graph.ids()));
        }
        let looked = !claimed.is_empty() || !once.is_empty();
        self.verbose = txn.verbose;
        if matches!(txn.resync, Resync::Full | Resync::Downstream) {
            // After the changes were taken in: what retrieving cannot tell is filled in from what is wanted now.
            for index in 0..self.southbounds.len() {
                if self.southbounds[index].compared.is_some() {
                    self.compare(index, Scope::All, queries).await;
                }
            }
        } else {
            self.compare_again(claimed, once, queries).await;
        }
        let all = txn.resync != Resync::None || newly_complete;
        if looked || all {
            // What failed has a retry of its own, and is not tried along with what has nothing to do with it.
            dirty.extend(self.differing().into_iter().filter(|&n| all || !self.graph.node(n).failed()));
        }
        let unread = match txn.resync {
            Resync::Full | Resync::Downstream => self.unread_kinds(),
            Resync::None | Resync::Upstream => Vec::new(),
        };
        let mut report = self.reconcile(dirty, work, queries).await;
        report.unread = unread;
        self.verbose = false;
        report.reverted |= txn.revert && !invalid.is_empty();
        report.failed.splice(0..0, invalid);
        let mut keys = submitted;
        keys.sort();
        keys.dedup();
        let reader = self.reader();
        report.statuses = keys
            .iter()
            .map(|key| match reader.graph.find(key) {
                Some(n) => reader.base_status(n),
                None => {
                    let (key, state, last_operation) = (key.clone(), State::Removed, Operation::Delete);
                    let value = Status { key, state, last_operation, ..Status::default() };
                    BaseStatus { value, derived: Vec::new() }
                }
            })
            .collect();
        report
    }
    /// Kinds that should have been compared and could not, with the reasons.
    fn unread_kinds(&self) -> Vec<(&'static str, String)> {
        let reason = |kind: Kind| {
            let supported = self.lacking[kind as usize].is_none();
            self.blocked[kind as usize].clone().filter(|_| supported)
        };
        let kinds = self.registry.kinds();
        kinds.filter_map(|kind| Some((self.registry.get(kind).name(), reason(kind)?))).collect()
    }
    /// Takes the changes in. Readers get their turn in between, so that they wait for no more than a portion.
    fn load(&mut self, mut changes: Vec<Intent>, queries: &mut Queries) -> Loaded {
        if changes.len() <= PORTION {
            let loaded = self.graph.load(&self.registry, changes);
            self.touched.extend(&loaded.reworded);
            return loaded;
        }
        changes.sort_by(|a, b| a.key.cmp(&b.key)); // stable: the last one per key still wins
        let mut loaded = Loaded::default();
        let mut changes = changes.into_iter().peekable();
        while changes.peek().is_some() {
            let mut portion: Vec<Intent> = changes.by_ref().take(PORTION).collect();
            // All that is said of one key belongs together.
            while let Some(more) =
                changes.next_if(|next| portion.last().is_some_and(|last| last.key == next.key))
            {
                portion.push(more);
            }
            let more = self.graph.load(&self.registry, portion);
            loaded.dirty.extend(more.dirty);
            loaded.invalid.extend(more.invalid);
            self.touched.extend(more.reworded);
            while let Ok(query) = queries.try_recv() {
                query(self);
            }
        }
        loaded
    }
    /// What the submitter has to hear about values that cannot be expressed.
    fn invalid_errors(&self, nodes: &[NodeId]) -> Vec<KeyError> {
        let error = |&n: &NodeId| {
            let cause = self.reader().details(n, State::Invalid).join(", ");
            let key = self.graph.node(n).key.clone();
            KeyError { key, operation: Operation::Validate, error: Error::permanent(cause) }
        };
        nodes.iter().map(error).collect()
    }
    /// Whatever is wanted and not listed is not wanted any more.
    pub fn drop_unlisted(&self, changes: &mut Vec<Intent>) {
        let listed: HashSet<Arc<str>> = changes.iter().map(|change| change.key.clone()).collect();
        let wanted = self
            .graph
            .ids()
            .map(|n| self.graph.node(n))
            .filter(|node| node.is_base() && (node.want.is_some() || node.unusable()));
        changes.extend(
            wanted.filter(|node| !listed.contains(&node.key)).map(|node| Intent::delete(node.key.clone())),
        );
    }
    /// Values of these kinds had no descriptor; now they have one.
    pub async fn implement(&mut self, queries: &mut Queries) {
        let loaded = self.graph.implement(&self.registry);
        if loaded.dirty.is_empty() {
            return;
        }
        let mut work = Work::new(TxnKind::RetryUnimplOps);
        let wanted = loaded.dirty.iter().map(|&n| self.graph.node(n)).filter(|node| node.is_base());
        work.values = wanted
            .take(self.history.record_limit())
            .map(|node| {
                let value = node.want.as_ref().map(|want| want.value().clone());
                (node.key.clone(), value, Origin::Nb)
            })
            .collect();
        work.submitted = work.values.len();
        work.retry = Some(self.config.resync_retry);
        self.reconcile(loaded.dirty, work, queries).await;
    }
    /// Is what a notification says known already?
    fn knows(&self, kind: Kind, key: &str, said: Option<&(Arc<dyn Value>, Handle)>) -> bool {
        let node = self.graph.find(key).map(|n| self.graph.node(n));
        match (node.and_then(|node| node.have.as_ref()), said) {
            (None, None) => true,
            (Some(have), Some((value, handle))) => {
                let known = have.spec.value().same(&**value);
                known && !have.unsure && self.registry.get(kind).same_handle(&have.handle, handle)
            }
            _ => false,
        }
    }
    /// All of a kind can be told from now on: what hangs on it is looked at together with it. Returns what is to be mended.
    async fn hear_all(&mut self, kind: Kind, queries: &mut Queries) -> Vec<NodeId> {
        if !self.untold.contains(&kind) {
            return Vec::new();
        }
        let index = self.registry.southbound_of(kind);
        if self.southbounds[index].compared.is_some() {
            self.compare(index, Scope::All, queries).await;
        }
        // What failed has a retry of its own.
        self.differing().into_iter().filter(|&n| !self.graph.node(n).failed()).collect()
    }
    /// Why something is not there. What waits for it waits as before, but there is something else to be told of it.
    fn absent_because(&mut self, key: &Arc<str>, why: Option<Arc<str>>, told: &mut Vec<NodeId>) {
        let before = match why.clone() {
            Some(why) => self.absences.insert(key.clone(), why),
            None => self.absences.remove(key),
        };
        if let Some(n) = self.graph.find(key).filter(|_| before != why) {
            self.graph.all_dependents(n, told);
        }
    }
    /// What a notification says is there now, or not any more.
    pub async fn notice(&mut self, notices: Vec<Notice>, queries: &mut Queries) {
        let (mut dirty, mut told) = (Vec::new(), Vec::new());
        let mut work = Work::new(TxnKind::SbNotification);
        let all = notices.iter().filter_map(|notice| match notice.news {
            News::All(of) => Some(self.registry.kind_of_value(of)),
            _ => None,
        });
        for kind in all.collect::<Vec<_>>() {
            dirty.extend(self.hear_all(kind, queries).await);
        }
        for Notice { key, news } in notices {
            let present = match news {
                News::Present(value, handle) => {
                    self.absences.remove(&key);
                    Some((value, handle))
                }
                News::Absent => None,
                News::Because(why) => {
                    self.absent_because(&key, why, &mut told);
                    continue;
                }
                News::All(_) => continue,
            };
            let kind = match &present {
                Some((value, _)) => self.registry.kind_of_value(type_of(&**value)),
                None => self.graph.find(&key).map_or(NO_KIND, |n| self.graph.node(n).kind),
            };
            if kind == NO_KIND {
                continue;
            }
            if self.knows(kind, &key, present.as_ref()) {
                continue;
            }
            let n = self.graph.intern(&key);
            let node = self.graph.node(n);
            let asked = node.want.is_some() || node.unusable();
            let ours = asked || node.have.as_ref().is_some_and(|have| !have.foreign);
            if !self.registry.get(kind).fed() && ours {
                continue; // what is ours is compared, not reported
            }
            self.graph.node_mut(n).kind = kind;
            let value = present.as_ref().map(|(value, _)| value.clone());
            work.values.push((key, value, Origin::Sb));
            let have = present.map(|(value, handle)| {
                let spec = self.graph.seen(&self.registry, kind, value);
                let (foreign, made) = (true, false);
                Have { spec, handle, foreign, unsure: false, half: Half::No, discovered: false, made }
            });
            let node = self.graph.node_mut(n);
            let old = std::mem::replace(&mut node.have, have);
            node.found();
            let another = match (&old, &node.have) {
                (Some(old), Some(new)) => !self.registry.get(kind).same_handle(&old.handle, &new.handle),
                _ => false,
            };
            if let Some(old) = old {
                self.graph.shed(&*old.spec);
            }
            if another {
                self.graph.doubt_dependents(n);
            }
            told.push(n);
            // Its dependents gain or lose something without any operation on this node.
            self.graph.all_dependents(n, &mut dirty);
        }
        if dirty.is_empty() {
            // Nobody waits for it or hangs on it: it is told, and that is all.
            told.append(&mut self.touched);
            self.last_stop = SystemTime::now().max(self.last_stop + Duration::from_nanos(1));
            let restated = self.tell(&told, &[]);
            self.revise(restated, self.seq.saturating_sub(1));
            self.graph.collect(told);
            return;
        }
        dirty.extend(told);
        work.submitted = work.values.len();
        work.retry = Some(self.config.resync_retry); // nobody else would ask for it
        self.reconcile(dirty, work, queries).await;
    }
}
