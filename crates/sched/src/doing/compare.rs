//! Comparing what is known with what a southbound says that is there.

use crate::contract::capability;
use crate::contract::descriptor::Ownership;
use crate::contract::erased::{AnySpec, Handle};
use crate::contract::error::{Error, Result};
use crate::contract::registry::{Kind, NO_KIND};
use crate::contract::sighting::{Keyed, Looks, Sighting};
use crate::contract::southbound::Southbound;
use crate::contract::status::Operation;
use crate::contract::txn::Resync;
use crate::doing::core::{Core, Queries, Work};
use crate::state::graph::{Half, Have, NodeId};
use crate::telling::history::TxnKind;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::{info, warn};

/// Which kinds a comparison asks for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scope<'k> {
    All,
    /// Those that are not compared yet.
    Blocked,
    /// The first ones. Of the second ones, what goes is not looked at itself: some kinds tell of it only as long as it is
    /// wanted.
    Of(&'k BTreeSet<Kind>, &'k BTreeSet<Kind>),
}

/// An object that was seen, and what it is to us.
pub(crate) struct Spotted {
    pub n: NodeId,
    /// What it looks like; the wanted spec itself if that means the same: "as wanted" is pointer equality from then on.
    pub spec: Arc<dyn AnySpec>,
    /// It means the same.
    pub settled: bool,
    pub handle: Handle,
    /// Marked as another's.
    pub foreign: bool,
}

/// Pause before what could not be retrieved is asked for again.
const AGAIN: Duration = Duration::from_secs(1);

impl Core {
    /// A southbound came or went, or some of its kinds could not be retrieved the last time.
    pub async fn follow(&mut self, index: usize, queries: &mut Queries) {
        let mut work = Work::new(TxnKind::NbTransaction);
        let state = &mut self.southbounds[index];
        let link = state.link.borrow_and_update().clone();
        let name = self.registry.southbounds()[index].name();
        if let Some(reason) = link.down {
            (state.compared, state.again) = (None, None);
            self.block(index, Some(reason));
            // Nothing is done, but what waits waits for something else now.
            let touched = std::mem::take(&mut self.touched);
            let restated = self.tell(&touched, &[]);
            self.revise(restated, self.seq.saturating_sub(1));
            self.graph.collect(touched);
            return;
        }
        if state.compared != Some(link.generation) {
            if std::mem::replace(&mut state.instance, link.instance) != link.instance {
                self.forget(index);
            }
            self.registry.southbounds()[index].admit(link.generation);
            self.assess(index);
        } else if state.again.is_none() {
            return;
        }
        self.southbounds[index].again = None;
        if !self.compare(index, Scope::Blocked, queries).await {
            return; // it went again; there will be news of it
        }
        self.southbounds[index].compared = Some(link.generation);
        let once = self.seen_once(self.graph.ids());
        if !self.compare_again(BTreeSet::new(), once, queries).await {
            return;
        }
        work.resync = Resync::Downstream;
        work.description = format!("compared with {name}");
        work.retry = Some(self.config.resync_retry);
        let dirty = self.differing();
        if dirty.is_empty() && !self.registry.southbounds()[index].can_be_away() {
            return; // nothing was ever waited for, and nothing has to be told
        }
        let report = self.reconcile(dirty, work, queries).await;
        info!(operations = report.done, failed = report.failed.len(), "compared with {name}");
    }
    /// Kinds of what was found among these and goes, if only one answer has told what there is of them and hangs on them: it
    /// may have left something out.
    pub fn seen_once(&self, nodes: impl Iterator<Item = NodeId>) -> BTreeSet<Kind> {
        let goes = |n: &NodeId| {
            let node = self.graph.node(*n);
            node.have.as_ref().is_some_and(|have| !have.made) && node.want.is_none() && self.unlike(*n)
        };
        let mut kinds: BTreeSet<Kind> = nodes.filter(goes).map(|n| self.graph.node(n).kind).collect();
        kinds.retain(|&kind| {
            let mut all = self.registry.with_readers([kind].into()).into_iter();
            all.any(|kind| self.looks[kind as usize] == 1)
        });
        kinds
    }
    /// Retrieves kinds once more, and what is named after what they are: those of which something is claimed, which may have
    /// been found under another name; and those that were `seen_once`. Returns false if a southbound went meanwhile.
    pub async fn compare_again(
        &mut self,
        claimed: BTreeSet<Kind>,
        once: BTreeSet<Kind>,
        queries: &mut Queries,
    ) -> bool {
        let mut kinds = self.registry.with_readers(claimed);
        let spared: BTreeSet<Kind> = self.registry.with_readers(once).difference(&kinds).copied().collect();
        kinds.extend(&spared);
        // What comes and goes by itself is looked for by what is wanted, such as the places that values are in.
        let read = kinds.iter().flat_map(|&kind| self.registry.reads(kind)).copied();
        let fed: Vec<Kind> = read.filter(|&kind| self.registry.get(kind).fed()).collect();
        kinds.extend(fed);
        let southbounds: BTreeSet<usize> =
            kinds.iter().map(|&kind| self.registry.southbound_of(kind)).collect();
        let mut there = true;
        for index in southbounds {
            if self.southbounds[index].compared.is_some() {
                there &= self.compare(index, Scope::Of(&kinds, &spared), queries).await;
            }
        }
        there
    }
    fn kinds_of(&self, index: usize) -> Vec<Kind> {
        self.registry.kinds().filter(|&kind| self.registry.southbound_of(kind) == index).collect()
    }
    pub fn block(&mut self, index: usize, reason: Option<String>) {
        for kind in self.kinds_of(index) {
            let lacking = self.lacking[kind as usize].clone();
            self.blocked[kind as usize] = lacking.or_else(|| reason.clone());
        }
        self.reword(|core, kind| core.registry.southbound_of(kind) == index);
    }
    /// What waits and is of these kinds waits for something else: that has to be told.
    fn reword(&mut self, of: impl Fn(&Core, Kind) -> bool) {
        let waits = |n: &NodeId| {
            let node = self.graph.node(*n);
            let foreign = node.have.as_ref().is_some_and(|have| have.foreign);
            node.kind != NO_KIND && !node.as_wanted() && !foreign && node.known() && of(self, node.kind)
        };
        let waiting: Vec<NodeId> = self.graph.ids().filter(waits).collect();
        self.touched.extend(waiting);
    }
    /// Which kinds does it support?
    fn assess(&mut self, index: usize) {
        let southbound = self.registry.southbounds()[index].clone();
        self.southbounds[index].assessed = true;
        for kind in self.kinds_of(index) {
            self.assess_one(kind, &*southbound);
        }
        self.block(index, Some(format!("not compared with {} yet", southbound.name())));
    }
    fn assess_one(&mut self, kind: Kind, southbound: &dyn Southbound) {
        let descriptor = self.registry.get(kind);
        let missing = capability::missing(descriptor, southbound);
        self.lacking[kind as usize] = capability::lacking(descriptor, &missing);
        self.missing[kind as usize] = missing;
    }
    /// A kind that was registered just now: what is there of it is asked for as soon as possible.
    pub fn introduce(&mut self, kind: Kind) {
        let index = self.registry.southbound_of(kind);
        let southbound = self.registry.southbounds()[index].clone();
        self.assess_one(kind, &*southbound);
        let lacks = self.lacking[kind as usize].clone();
        let unknown = || format!("not compared with {} yet", southbound.name());
        self.blocked[kind as usize] = Some(lacks.unwrap_or_else(unknown));
        if self.southbounds[index].compared.is_some() {
            self.southbounds[index].again = Some(Instant::now());
        }
    }
    /// It started anew: nothing of what it had is left.
    fn forget(&mut self, index: usize) {
        let of_it = |&n: &NodeId| {
            let node = self.graph.node(n);
            node.have.is_some() && self.registry.southbound_of(node.kind) == index
        };
        let gone: Vec<NodeId> = self.graph.ids().filter(of_it).collect();
        gone.iter().for_each(|&n| self.lose(n));
        self.touched.extend(gone);
        self.kinds_of(index).into_iter().for_each(|kind| self.looks[kind as usize] = 0);
    }
    /// The object is not there any more. What is on record stays there until the southbound was asked: it may only seem to
    /// have started anew.
    pub fn lose(&mut self, n: NodeId) {
        // What hung on a handle that is another's by now must not be looked for there.
        let leaves = self.graph.dependents(n).any(|m| self.graph.node(m).have.is_some())
            && !self.graph.overtaken(&self.registry, n);
        let node = self.graph.node_mut(n);
        let old = node.have.take();
        // What we removed ourselves, without hearing so, is not missed.
        let removed = node.note.as_ref().and_then(|note| note.error.as_ref());
        let removed = removed.is_some_and(|(verb, error)| *verb == Operation::Delete && error.uncertain);
        if node.want.is_some() && !removed {
            node.note_mut().missing = true;
        }
        if let Some(old) = old {
            if leaves {
                node.note_mut().ghost = Some(old.handle);
            }
            self.graph.shed(&*old.spec);
        }
    }

    /// Retrieves the kinds of a southbound. A kind that cannot be retrieved is blocked, and so is what reads it.
    /// Returns false if the southbound went meanwhile.
    pub async fn compare(&mut self, index: usize, scope: Scope<'_>, queries: &mut Queries) -> bool {
        let name = self.registry.southbounds()[index].name();
        let generation = self.southbounds[index].link.borrow().generation;
        let mut expected: HashMap<Kind, Vec<NodeId>> = HashMap::new();
        for n in self.graph.ids() {
            expected.entry(self.graph.node(n).kind).or_default().push(n);
        }
        let mut whole = true;
        for kind in self.kinds_of(index) {
            let at = kind as usize;
            let asked = match scope {
                Scope::All => true,
                Scope::Blocked => self.blocked[at].is_some(),
                Scope::Of(kinds, _) => kinds.contains(&kind),
            };
            if self.lacking[at].is_some() || !asked {
                continue;
            }
            let unknown =
                |&read: &Kind| self.blocked[read as usize].is_some() && self.lacking[read as usize].is_none();
            let result = match self.registry.reads(kind).iter().copied().find(unknown) {
                // As long as another southbound is away, what is known here is as good as ever.
                Some(other) if self.blocked[at].is_none() && self.is_away(other) => continue,
                Some(other) => {
                    let other = self.registry.get(other).name();
                    Err(Error::new(format!("it reads {other}, which could not be retrieved")))
                }
                None => {
                    let expected = expected.remove(&kind).unwrap_or_default();
                    let spare = matches!(scope, Scope::Of(_, spared) if spared.contains(&kind));
                    self.refresh(kind, expected, spare, queries).await
                }
            };
            // What changed is taken in already, and to be told of whether the southbound is still there or not.
            let result = result.map(|changed| self.touched.extend(changed));
            let link = self.southbounds[index].link.borrow().clone();
            if link.down.is_some() || link.generation != generation {
                let reason = link.down.unwrap_or_else(|| format!("{name} was reconnected meanwhile"));
                self.block(index, Some(reason));
                return false;
            }
            match result {
                Ok(()) => {
                    self.blocked[at] = None;
                    self.looks[at] = self.looks[at].saturating_add(1);
                }
                Err(error) => {
                    whole = false;
                    self.unread(kind, &error);
                }
            }
        }
        let state = &mut self.southbounds[index];
        state.once |= whole;
        if whole && scope == Scope::All {
            state.again = None;
        }
        true
    }
    fn is_away(&self, kind: Kind) -> bool {
        let state = &self.southbounds[self.registry.southbound_of(kind)];
        state.compared.is_none() || state.link.borrow().down.is_some()
    }
    /// A kind could not be retrieved: nothing is done with it until it could.
    pub fn unread(&mut self, kind: Kind, error: &Error) {
        let index = self.registry.southbound_of(kind);
        let (descriptor, name) = (self.registry.get(kind).name(), self.registry.southbounds()[index].name());
        warn!("comparing {descriptor} with {name} failed: {error}");
        self.blocked[kind as usize] = Some(format!("{descriptor} cannot be compared with {name}: {error}"));
        self.southbounds[index].again = Some(Instant::now() + AGAIN);
        self.reword(|core, of| of == kind || core.registry.reads(kind).contains(&of));
    }
    /// Retrieves one kind and takes the answer in. `nodes` are all nodes of this kind; `spare`: what is believed of ours that
    /// nobody wants any more is left as it is. Returns what changed.
    pub async fn refresh(
        &mut self,
        kind: Kind,
        mut nodes: Vec<NodeId>,
        spare: bool,
        queries: &mut Queries,
    ) -> Result<Vec<NodeId>> {
        if !self.registry.get(kind).retrieves() {
            return Ok(Vec::new());
        }
        let spared = |core: &Core, n: NodeId| {
            let node = core.graph.node(n);
            spare && node.want.is_none() && node.have.as_ref().is_some_and(|have| !have.foreign)
        };
        nodes.retain(|&n| !spared(self, n));
        let found = self.see(kind, &nodes, queries).await?;
        self.unmake_absent(kind, &found);
        let had = nodes
            .into_iter()
            .filter(|&n| self.graph.node(n).have.as_ref().is_some_and(|have| have.half != Half::Fresh));
        let mut gone: BTreeSet<NodeId> = had.collect();
        let mut changed = Vec::new();
        for sighting in found {
            let Sighting { looks, .. } = &sighting;
            if looks.node(&self.graph).is_some_and(|n| spared(self, n)) {
                continue;
            }
            if self.verbose {
                info!("found {}: {}", looks.key(), model::text::compact(&looks.value().wire()));
            }
            let spotted = self.spot(kind, sighting);
            let (n, news) = self.take_in(kind, spotted);
            gone.remove(&n);
            changed.extend(news.then_some(n));
        }
        gone.iter().for_each(|&n| self.lose(n));
        changed.extend(gone);
        Ok(changed)
    }
    /// What an object is to us. It is not taken in yet: its spec, if it is another than the wanted one, has to be shed or used.
    pub fn spot(&mut self, kind: Kind, sighting: Sighting) -> Spotted {
        let Sighting { looks, handle, foreign, .. } = sighting;
        let Keyed { key, value } = match looks {
            Looks::AsWanted(n, spec) if self.graph.wants(n, &spec) => {
                return Spotted { n, spec, settled: true, handle, foreign };
            }
            looks => looks.keyed(),
        };
        let n = self.graph.intern(&key);
        if self.graph.node(n).kind != kind {
            self.graph.node_mut(n).kind = kind;
        }
        let seen = self.graph.seen(&self.registry, kind, value);
        let descriptor = self.registry.get(kind);
        let want = self.graph.node(n).want.as_ref();
        match want.filter(|want| descriptor.settled(&***want, &*seen)).cloned() {
            Some(spec) => {
                self.graph.shed(&*seen);
                Spotted { n, spec, settled: true, handle, foreign }
            }
            None => Spotted { n, spec: seen, settled: false, handle, foreign },
        }
    }
    /// Is it ours, as wanted, and known so? Then there is nothing to write down, which is so of nearly all.
    fn is_known(&self, kind: Kind, Spotted { n, settled, handle, .. }: &Spotted) -> bool {
        let quiet = self.graph.node(*n).quiet().filter(|_| *settled);
        quiet.is_some_and(|have| self.registry.get(kind).same_handle(&have.handle, handle))
    }
    /// Takes in one object; tells whether it was not known so.
    pub fn take_in(&mut self, kind: Kind, spotted: Spotted) -> (NodeId, bool) {
        if self.registry.get(kind).ownership() != Ownership::Recorded && self.is_known(kind, &spotted) {
            let _ = self.graph.hold(&self.registry, spotted.n); // whoever had it before is not found
            return (spotted.n, self.graph.node(spotted.n).told.0 != self.reader().state(spotted.n));
        }
        let Spotted { n, spec, settled, handle, foreign: marked } = spotted;
        let node = self.graph.node(n);
        let descriptor = self.registry.get(kind);
        let wanted = node.want.is_some();
        let known = node.have.as_ref();
        let was_ours = known.is_some_and(|have| !have.foreign && !have.discovered);
        // What was another's stays so until somebody asks for it, even if we left our mark on it in between.
        let theirs = !wanted && known.is_some_and(|have| have.foreign);
        let foreign = !wanted && !was_ours && !self.config.remove_foreign && {
            let owned = match descriptor.ownership() {
                Ownership::Marked => true,
                Ownership::Recorded => self.made.contains(&node.key),
                Ownership::Attached => spec.links().edges().filter(|&(_, hard)| hard).all(|(d, _)| {
                    let have = self.graph.node(d).have.as_ref();
                    have.is_some_and(|have| !have.foreign)
                }),
            };
            theirs || marked || !owned
        };
        let before = (known.is_some(), node.as_wanted());
        let (told, drifted) = (node.told.0, node.drifted());
        if !settled {
            self.graph.link(n, &*spec);
        }
        let node = self.graph.node_mut(n);
        let discovered = !wanted && !was_ours;
        // Half made is what we did not finish, whatever it looks like, unless it looks as it should.
        let half = node.have.as_ref().filter(|_| !settled).map_or(Half::No, |have| have.half);
        let made = node.have.as_ref().is_some_and(|have| have.made);
        let have = Have { spec, handle, foreign, unsure: half != Half::No, half, discovered, made };
        let old = node.have.replace(have);
        node.found();
        if let Some(old) = old {
            self.graph.shed(&*old.spec);
        }
        let _ = self.graph.hold(&self.registry, n); // whoever had it before is not found
        if discovered && !foreign || self.graph.is_squatter(n) {
            self.graph.note_squatter(&self.registry, n);
        }
        if wanted && self.registry.get(kind).ownership() == Ownership::Recorded {
            // What was asked for is ours from now on, whoever made it.
            let key = self.graph.node(n).key.clone();
            drop(self.remember_made(&key, true));
        }
        let node = self.graph.node(n);
        let news =
            before != (true, node.as_wanted()) || told != self.reader().state(n) || drifted != node.drifted();
        (n, news)
    }
}
