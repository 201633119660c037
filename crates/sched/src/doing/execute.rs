//! Runs a plan: as many operations in flight as allowed, started in plan order, results into the graph. Decides nothing.

use crate::contract::descriptor::Ownership;
use crate::contract::erased::{AnySpec, Handle, OpFuture};
use crate::contract::error::{Error, Failed};
use crate::contract::registry::Registry;
use crate::contract::status::Operation;
use crate::contract::txn::KeyError;
use crate::doing::core::{Core, Queries};
use crate::doing::retry::LONGEST;
use crate::planning::plan::{Op, Plan, Verb};
use crate::state::graph::{Graph, Half, Have, Node, NodeId};
use crate::telling::record::Log;
use crate::telling::stats::Call;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

impl Verb {
    pub(crate) fn operation(self) -> Operation {
        match self {
            Verb::Create => Operation::Create,
            Verb::Update => Operation::Update,
            Verb::Delete => Operation::Delete,
        }
    }
}

/// What came of a plan.
#[derive(Default)]
pub(crate) struct Outcome {
    pub done: usize,
    pub failed: Vec<(NodeId, KeyError)>,
    /// Nodes whose operation was not tried: one it waits for failed, or the southbound went.
    pub skipped: Vec<NodeId>,
    /// Nodes whose handle turned out to be another's, so that they are gone. Nothing was started after that.
    pub overtaken: Vec<NodeId>,
    /// Nodes that some operation worked on.
    pub worked: Vec<NodeId>,
}

/// How long what is in flight may go on when the agent shuts down: long enough that nothing is left half made by a
/// southbound that answers at all.
const PARTING: Duration = Duration::from_secs(5);

/// How long each operation was waited for.
struct Patience {
    limit: Duration,
    /// By operation: it is not in flight, or was given up.
    over: Vec<bool>,
    started: VecDeque<(u32, Instant)>,
    /// In flight and waited for.
    open: usize,
}

impl Patience {
    fn new(limit: Duration, operations: usize) -> Self {
        let limit = limit.min(LONGEST); // clocks cannot hold everything
        Patience { limit, over: vec![true; operations], started: VecDeque::new(), open: 0 }
    }
    fn start(&mut self, i: u32, now: Instant) {
        self.over[i as usize] = false;
        self.started.push_back((i, now));
        self.open += 1;
        while self.started.front().is_some_and(|&(i, _)| self.over[i as usize]) {
            self.started.pop_front();
        }
    }
    /// It has answered; false if nobody waits for that any more.
    fn end(&mut self, i: u32) -> bool {
        let waited = !std::mem::replace(&mut self.over[i as usize], true);
        self.open -= usize::from(waited);
        waited
    }
    /// Gives up those that took too long.
    fn expire(&mut self) -> Vec<u32> {
        let now = Instant::now();
        let mut late = Vec::new();
        while let Some(&(i, at)) = self.started.front()
            && (self.over[i as usize] || at + self.limit <= now)
        {
            self.started.pop_front();
            if self.end(i) {
                late.push(i);
            }
        }
        late
    }
    fn shorten(&mut self, limit: Duration) {
        self.limit = self.limit.min(limit);
        // Counted from now on.
        let now = Instant::now();
        self.started.iter_mut().for_each(|(_, at)| *at = now);
    }
    /// When to look again.
    fn next(&self) -> Instant {
        self.started.front().map_or_else(Instant::now, |&(_, at)| at) + self.limit
    }
    fn error(&self) -> Failed<Handle> {
        let text = format!("no answer within {} s", self.limit.as_secs_f32());
        Error { uncertain: true, ..Error::new(text) }.into()
    }
}

type Done = Result<Option<Handle>, Failed<Handle>>;

struct Run<'a> {
    plan: &'a Plan,
    waits: Vec<u32>,
    dead: Vec<bool>,
    ready: BinaryHeap<Reverse<u32>>,
    /// What nobody claimed yet stays; if it must be re-created, it is with its old content.
    kept: HashMap<NodeId, Arc<dyn AnySpec>>,
    out: Outcome,
}

impl Core {
    /// With `at_once`, the first failure keeps everything from starting that did not start before.
    pub(crate) async fn execute(
        &mut self,
        plan: &Plan,
        at_once: bool,
        queries: &mut Queries,
        log: &mut Log,
    ) -> Outcome {
        let registry = self.registry.clone();
        let mut run = Run {
            plan,
            waits: plan.waits.clone(),
            dead: vec![false; plan.ops.len()],
            ready: (0..plan.ops.len() as u32).filter(|&i| plan.waits[i as usize] == 0).map(Reverse).collect(),
            kept: HashMap::new(),
            out: Outcome::default(),
        };
        let mut running = FuturesUnordered::new();
        // Operations in the order of their start, and those that were given up: they are polled no more than needed.
        let mut patience = Patience::new(self.config.deadline, plan.ops.len());
        let mut alarm = std::pin::pin!(tokio::time::sleep(patience.limit));
        let mut parting = false;
        loop {
            let mut finished: Vec<(u32, Option<Duration>, Done)> = Vec::new();
            let hold =
                self.stopping() || at_once && !run.out.failed.is_empty() || !run.out.overtaken.is_empty();
            let now = Instant::now();
            while !hold
                && patience.open < self.config.in_flight.max(1)
                && let Some(Reverse(i)) = run.ready.pop()
            {
                let op = plan.ops[i as usize];
                if run.unreachable(self, op) {
                    run.skip(i);
                    continue;
                }
                match run.start(self, &registry, op) {
                    // Polled below before anything else: the order on the wire is the order of the plan.
                    Ok(operation) => {
                        patience.start(i, now);
                        let began = std::time::Instant::now();
                        running.push(operation.map(move |done| (i, Some(began.elapsed()), done)));
                    }
                    Err(error) => finished.push((i, None, Err(error.into()))),
                }
            }
            if finished.is_empty() && patience.open == 0 {
                break; // what was given up goes with the futures
            }
            // A southbound that always has an answer ready must not keep readers waiting.
            while let Ok(query) = queries.try_recv() {
                query(self);
            }
            while finished.is_empty() {
                if self.stopping() && !std::mem::replace(&mut parting, true) {
                    patience.shorten(PARTING);
                    alarm.as_mut().reset(patience.next());
                }
                tokio::select! {
                    biased;
                    first = running.next(), if patience.open > 0 => match first {
                        Some((i, ..)) if !patience.end(i) => {} // too late
                        Some(first) => finished.push(first),
                        None => break,
                    },
                    Some(query) = queries.recv() => query(self),
                    () = &mut alarm => {
                        let limit = Some(patience.limit);
                        finished.extend(patience.expire().into_iter().map(|i| (i, limit, Err(patience.error()))));
                        alarm.as_mut().reset(patience.next());
                    }
                }
            }
            // Take all that is ready before starting more, so that refills are written together.
            while let Some(Some(more)) = running.next().now_or_never() {
                if patience.end(more.0) {
                    finished.push(more);
                }
            }
            for (i, took, done) in finished {
                run.count(self, i, took, done.is_err());
                run.finish(self, i, done, log);
            }
        }
        // In the order of the plan, whichever was answered first.
        if run.out.failed.len() > 1 {
            let places: HashMap<NodeId, usize> =
                plan.ops.iter().zip(0..).map(|(op, i)| (op.node, i)).collect();
            run.out.failed.sort_by_key(|(n, _)| places.get(n).copied());
        }
        run.out
    }
}

impl Run<'_> {
    /// The content with which a node is made: what is wanted, unless nobody said.
    fn content(&self, node: &Node, n: NodeId) -> Option<Arc<dyn AnySpec>> {
        node.want.as_ref().or_else(|| self.kept.get(&n)).cloned()
    }
    /// The southbound went: nothing can be started, and nothing can fail. The next comparison starts from there.
    fn unreachable(&self, core: &mut Core, op: Op) -> bool {
        let kind = core.graph.node(op.node).kind;
        let reason = core.out_of_reach(kind);
        let gone = reason.is_some();
        if gone && core.blocked[kind as usize].is_none() {
            core.block(core.registry.southbound_of(kind), reason);
        }
        gone
    }
    fn start<'r>(&self, core: &mut Core, registry: &'r Registry, op: Op) -> Result<OpFuture<'r>, Error> {
        let recorded = if op.verb == Verb::Create { core.make(op.node) } else { None };
        let node = core.graph.node(op.node);
        let descriptor = registry.get(node.kind);
        let graph: &Graph = &core.graph;
        let future = match (op.verb, self.content(node, op.node), &node.have) {
            (Verb::Create, Some(want), None) => descriptor.create(&*want, graph),
            (Verb::Update, Some(want), Some(have)) => {
                descriptor.update(&*have.spec, &*want, &have.handle, graph)
            }
            (Verb::Delete, _, Some(have)) => descriptor.delete(&*have.spec, &have.handle, graph),
            _ => None,
        };
        let inexpressible = node.have.as_ref().and_then(|have| have.spec.invalid());
        let future = future.ok_or_else(|| match inexpressible {
            Some(invalid) => Error::permanent(format!("what is there cannot be expressed: {invalid}")),
            None => Error::new("the handle of something it needs is not known"),
        })?;
        Ok(match recorded {
            Some(recorded) => recorded.then(|()| future).boxed(),
            None => future,
        })
    }
    fn count(&self, core: &mut Core, i: u32, took: Option<Duration>, failed: bool) {
        let op = self.plan.ops[i as usize];
        let call = match op.verb {
            Verb::Create => Call::Create,
            Verb::Update => Call::Update,
            Verb::Delete => Call::Delete,
        };
        let kind = core.graph.node(op.node).kind;
        core.counters.operation(op.verb.operation());
        core.counters.errors += u64::from(failed);
        if let Some(took) = took {
            core.counters.called(kind, call, took);
        }
    }
    fn finish(&mut self, core: &mut Core, i: u32, done: Done, log: &mut Log) {
        let op = self.plan.ops[i as usize];
        let content = self.content(core.graph.node(op.node), op.node);
        let mut record = match log.room() {
            true => core.begin_record(op.node, op.verb.operation(), op.recreate),
            false => None,
        };
        let node = core.graph.node_mut(op.node);
        node.last_op = op.verb.operation();
        self.out.worked.push(op.node);
        match done {
            Ok(handle) => {
                self.out.done += 1;
                node.forget_error();
                match (op.verb, handle, content) {
                    (Verb::Create, Some(handle), Some(spec)) => {
                        let returned = node.note.as_ref().is_some_and(|note| note.ghost.is_some());
                        node.found();
                        let discovered = node.want.is_none();
                        node.have = Some(Have {
                            spec,
                            handle,
                            foreign: false,
                            unsure: false,
                            half: Half::No,
                            discovered,
                            made: true,
                        });
                        if returned {
                            core.graph.doubt_dependents(op.node);
                        }
                        self.out.overtaken.extend(core.graph.hold(&core.registry, op.node));
                    }
                    (Verb::Update, _, Some(spec)) => {
                        if let Some(have) = &mut node.have {
                            have.unsure = false;
                            let old = std::mem::replace(&mut have.spec, spec);
                            core.graph.shed(&*old);
                        }
                    }
                    _ => {
                        if let Some(old) = node.have.take() {
                            if node.want.is_none() && op.recreate {
                                self.kept.insert(op.node, old.spec.clone());
                            }
                            core.graph.shed(&*old.spec);
                            core.unmake(op.node);
                        }
                    }
                }
                for &j in self.plan.after(i) {
                    self.waits[j as usize] -= 1;
                    if self.waits[j as usize] == 0 && !self.dead[j as usize] {
                        self.ready.push(Reverse(j));
                    }
                }
            }
            Err(Failed { error, left }) => self.failed(core, i, error, left, content),
        }
        if let Some(record) = &mut record {
            core.end_record(op.node, record);
            record.revert = log.revert;
            log.ops.push(std::mem::take(record));
        }
    }
    fn failed(
        &mut self,
        core: &mut Core,
        i: u32,
        error: Error,
        left: Option<Handle>,
        content: Option<Arc<dyn AnySpec>>,
    ) {
        let op = self.plan.ops[i as usize];
        if op.verb == Verb::Create && !error.uncertain && left.is_none() {
            core.unmake(op.node);
        }
        let node = core.graph.node_mut(op.node);
        if let Some(have) = &mut node.have {
            have.unsure |= error.uncertain;
            if have.half == Half::Fresh {
                have.half = Half::Tried; // whether it is there at all is for the next comparison to tell
            }
        }
        if let (Some(handle), Some(spec), Verb::Create) = (left, content, op.verb) {
            let discovered = node.want.is_none();
            node.have = Some(Have {
                spec,
                handle,
                foreign: false,
                unsure: true,
                half: Half::Fresh,
                discovered,
                made: true,
            });
        }
        node.note_mut().error = Some((op.verb.operation(), error.clone()));
        self.out.overtaken.extend(core.graph.hold(&core.registry, op.node));
        if op.verb == Verb::Delete {
            core.graph.note_squatter(&core.registry, op.node);
        }
        let node = core.graph.node(op.node);
        let failure = KeyError { key: node.key.clone(), operation: op.verb.operation(), error };
        self.out.failed.push((op.node, failure));
        self.skip_after(i);
    }
    /// Leaves an operation out, and what waits for it.
    fn skip(&mut self, i: u32) {
        if !std::mem::replace(&mut self.dead[i as usize], true) {
            self.out.skipped.push(self.plan.ops[i as usize].node);
        }
        self.skip_after(i);
    }
    fn skip_after(&mut self, i: u32) {
        let mut todo = vec![i];
        while let Some(i) = todo.pop() {
            for &j in self.plan.after(i) {
                if !std::mem::replace(&mut self.dead[j as usize], true) {
                    self.out.skipped.push(self.plan.ops[j as usize].node);
                    todo.push(j);
                }
            }
        }
    }
}

impl Core {
    /// It is going to be made, once this is ready: a crash must not make it a stranger.
    fn make(&mut self, n: NodeId) -> Option<BoxFuture<'static, ()>> {
        let node = self.graph.node(n);
        let recorded = self.registry.get(node.kind).ownership() == Ownership::Recorded;
        recorded.then(|| node.key.clone()).and_then(|key| self.remember_made(&key, true))
    }
    /// It is not there any more.
    pub(crate) fn unmake(&mut self, n: NodeId) {
        let node = self.graph.node(n);
        if self.registry.get(node.kind).ownership() == Ownership::Recorded {
            drop(self.remember_made(&node.key.clone(), false));
        }
    }
}
