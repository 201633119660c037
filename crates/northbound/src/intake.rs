//! Where all doors meet: what comes in is merged, remembered and handed to the scheduler, in one order.
//!
//! Batches are taken in the order of [`Intake::submit`]. Those that wait while a transaction runs go into the next one
//! together; each submitter gets his own answer.

mod queue;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use sched::{
    BaseStatus, KeyError, Operation, Preview, Report, Resync, Retry, Scheduler, Select, Status, Txn,
};
use tokio::sync::{mpsc, oneshot, watch};

use self::queue::{Queue, Request, Submission, Work};
use crate::merge::{Item, Merge, Source, Want};
use crate::store::{self, Content, Labels, Op, Store};

/// What a source says at one time. It becomes one transaction, alone or with others.
#[derive(Debug, Default)]
pub struct Batch {
    /// Values, deletions, and what could not be used. The last one of a key counts.
    pub items: Vec<Item>,
    /// The items are all that the source has: its other keys are no longer wanted.
    pub replace: bool,
    /// With this batch a source that was waited for has said what it has.
    pub answers: bool,
    /// Have everything compared with what is really there.
    pub resync: bool,
    /// Try again what fails.
    pub retry: Option<Retry>,
    /// Labels of values, by key. A value that is put without loses those it had.
    pub labels: HashMap<Arc<str>, Arc<Labels>>,
    /// Answer with the statuses of the keys.
    pub statuses: bool,
    /// Free text for the history.
    pub description: String,
}

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Number of the transaction.
    pub seq: u64,
    /// Statuses of the batch's keys in key order, if they were asked for.
    pub statuses: Vec<BaseStatus>,
    /// Operations that failed on the batch's keys, or on keys that no batch of the transaction named; and values of the
    /// batch that turned out to be invalid, as [`Operation::Validate`]. What came in as refused is not among them.
    pub failed: Vec<KeyError>,
    /// Why the batch is not on disk, if it should be and is not. It is in force all the same.
    pub not_stored: Option<store::Error>,
}

impl Outcome {
    /// What went wrong on keys, in the form that clients of the reference know: `<key> (<operation>): <cause>`.
    pub fn key_errors(&self) -> impl Iterator<Item = String> {
        self.failed.iter().map(|f| format!("{} ({}): {}", f.key, f.operation.name(), f.error))
    }
}

/// A batch was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The agent is shutting down.
    #[error("the configuration was not applied: the agent is shutting down; send it again when it is back")]
    Closed,
    /// A client makes up names without end.
    #[error(
        "the configuration was not applied: {0} is one data source more than the {MAX_SOURCES} that are possible; \
         use an existing name as `datasrc`"
    )]
    TooManySources(Arc<str>),
}

/// Sources that can exist. Each key of each source costs memory for good, so names are not free.
const MAX_SOURCES: usize = 1000;

/// Which of the configured sources have answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Each configured source: has it said yet what it has?
    pub answered: BTreeMap<Source, bool>,
}

impl Sources {
    /// Nobody is waited for any more.
    pub fn all_answered(&self) -> bool {
        self.answered.values().all(|answered| *answered)
    }
}

struct Shared {
    queue: mpsc::UnboundedSender<Request>,
    scheduler: Scheduler,
    labels: LabelMap,
    sources: watch::Receiver<Sources>,
}

/// Labels by key, for the few keys that have any.
type LabelMap = Arc<RwLock<HashMap<Arc<str>, Arc<Labels>>>>;

/// Handle to the task that takes everything in. It ends when the last handle is gone.
#[derive(Clone)]
pub struct Intake(Arc<Shared>);

impl Intake {
    /// Starts the task on the current runtime and submits what the store remembered. `expected` are the sources that
    /// have to answer before the agent may remove what nobody asks for.
    pub fn start(
        scheduler: Scheduler,
        store: Option<Store>,
        remembered: Content,
        expected: impl IntoIterator<Item = Source>,
    ) -> Intake {
        let (queue, requests) = mpsc::unbounded_channel();
        let answered = expected.into_iter().map(|source| (source, false)).collect();
        let (told, sources) = watch::channel(Sources { answered });
        let labels = LabelMap::default();
        let task = Task {
            merge: Merge::default(),
            known: HashSet::new(),
            scheduler: scheduler.clone(),
            store,
            sources: told,
            complete: false,
            labels: Arc::clone(&labels),
        };
        tokio::spawn(task.run(Queue::new(requests), remembered));
        Intake(Arc::new(Shared { queue, scheduler, labels, sources }))
    }

    /// Takes in what a source says. Queued when called; resolves when it was executed, all statuses are settled, and it
    /// is on disk where it has to be.
    pub fn submit(
        &self,
        source: Source,
        batch: Batch,
    ) -> impl Future<Output = Result<Outcome, Error>> + Send + use<> {
        let (answer, outcome) = oneshot::channel();
        self.ask(Request::Submit(Submission { source, batch, answer }), outcome)
    }

    /// What [`Intake::submit`] would do to what is there, changing nothing. Queued when called, so it sees all that was
    /// submitted before. The comparison that a `resync` asks for is not foreseen: what is there is taken as known.
    ///
    /// # Errors
    /// Those of `submit`.
    pub fn plan(
        &self,
        source: Source,
        batch: Batch,
    ) -> impl Future<Output = Result<Preview, Error>> + Send + use<> {
        let (answer, preview) = oneshot::channel();
        self.ask(Request::Plan(Submission { source, batch, answer }), preview)
    }

    /// Queues a request now; the answer comes later.
    fn ask<A: Send + 'static>(
        &self,
        request: Request,
        answer: oneshot::Receiver<Result<A, Error>>,
    ) -> impl Future<Output = Result<A, Error>> + Send + use<A> {
        // A request that nobody takes any more is dropped, and with it the other end of the answer.
        let _ = self.0.queue.send(request);
        async move { answer.await.unwrap_or(Err(Error::Closed)) }
    }

    /// The scheduler that all this goes to.
    pub fn scheduler(&self) -> &Scheduler {
        &self.0.scheduler
    }

    /// Which of the configured sources have answered.
    pub fn sources(&self) -> watch::Receiver<Sources> {
        self.0.sources.clone()
    }

    /// Labels that clients gave to the value of this key.
    pub fn labels(&self, key: &str) -> Option<Arc<Labels>> {
        self.0.labels.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}

struct Task {
    merge: Merge,
    /// Sources that have said anything so far.
    known: HashSet<Source>,
    scheduler: Scheduler,
    store: Option<Store>,
    sources: watch::Sender<Sources>,
    /// The scheduler was told that every source has answered.
    complete: bool,
    labels: LabelMap,
}

/// One submission, merged.
struct Taken {
    source: Source,
    batch: Batch,
    /// Indices of the items that the store has to learn.
    news: Vec<usize>,
    /// Keys that a replacement removed.
    gone: Vec<Arc<str>>,
    answer: oneshot::Sender<Result<Outcome, Error>>,
}

impl Taken {
    fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.batch.items.iter().map(|item| &item.key).chain(&self.gone)
    }

    /// What the store has to learn.
    fn ops(&self) -> impl Iterator<Item = Op> {
        let source = &self.source;
        let news = self.news.iter().filter_map(|index| self.batch.items.get(*index));
        let news = news.filter_map(|item| match &item.want {
            Want::Put(value) => Some(Op::Put {
                source: source.clone(),
                key: Arc::clone(&item.key),
                value: Arc::clone(value),
                labels: self.batch.labels.get(&item.key).cloned(),
            }),
            Want::Delete => Some(Op::Delete { source: source.clone(), key: Arc::clone(&item.key) }),
            // The last good value, if there is one, is on disk already.
            Want::Refused(_) => None,
        });
        let gone = self.gone.iter().map(|key| Op::Delete { source: source.clone(), key: Arc::clone(key) });
        news.chain(gone)
    }
}

impl Task {
    async fn run(mut self, mut queue: Queue, remembered: Content) {
        self.recall(remembered).await;
        while let Some(work) = queue.next().await {
            match work {
                Work::Execute(group) => self.execute(group).await,
                Work::Plan(Submission { source, batch, answer }) => {
                    // Whoever asked may be gone.
                    let _ = answer.send(self.plan(&source, &batch).await);
                }
            }
        }
    }

    /// What the store remembered is the first thing that its sources say.
    async fn recall(&mut self, remembered: Content) {
        for problem in &remembered.problems {
            tracing::error!("{problem}");
        }
        let mut changes = Vec::new();
        for values in remembered.values.chunk_by(|a, b| a.source == b.source) {
            let labelled = values.iter().filter_map(|v| Some((Arc::clone(&v.key), v.labels.clone()?)));
            self.labels.write().unwrap_or_else(PoisonError::into_inner).extend(labelled);
            let items = values.iter().map(|v| Item { key: Arc::clone(&v.key), want: v.want.clone() });
            let items: Vec<_> = items.collect();
            if let Some(first) = values.first() {
                self.known.insert(first.source.clone());
                changes.extend(self.merge.apply(&first.source, &items, false).changes);
            }
        }
        let complete = self.all_answered();
        if changes.is_empty() && !complete {
            return;
        }
        let retry = Some(Retry::default());
        let description = "restored from the durable store".into();
        let txn = Txn { changes, complete, retry, description, ..Txn::default() };
        // At shutdown nobody needs to know.
        let _ = self.scheduler.commit(txn).await;
        self.complete = complete;
    }

    /// What a batch would do. Nothing else runs meanwhile, so merge and scheduler are of one time.
    async fn plan(&self, source: &Source, batch: &Batch) -> Result<Preview, Error> {
        if !self.has_room(source) {
            return Err(Error::TooManySources(Arc::clone(&source.name)));
        }
        let changes = self.merge.preview(source, &batch.items, batch.replace);
        let answered = |(other, answered): (&Source, &bool)| *answered || batch.answers && other == source;
        let complete = !self.complete && self.sources.borrow().answered.iter().all(answered);
        let txn = Txn { changes, complete, ..Txn::default() };
        self.scheduler.plan(txn).await.map_err(|_| Error::Closed)
    }

    async fn execute(&mut self, group: Vec<Submission<Outcome>>) {
        let mut txn = Txn::default();
        let mut taken = Vec::with_capacity(group.len());
        for Submission { source, mut batch, answer } in group {
            if !self.admit(&source) {
                let _ = answer.send(Err(Error::TooManySources(source.name)));
                continue;
            }
            let merged = self.merge.apply(&source, &batch.items, batch.replace);
            let news = self.label(&batch, merged.news, &merged.gone);
            if batch.answers {
                self.has_answered(&source);
            }
            txn.resync = if batch.resync { Resync::Full } else { txn.resync };
            txn.retry = txn.retry.or(batch.retry);
            txn.statuses |= batch.statuses;
            if !batch.description.is_empty() {
                txn.description = std::mem::take(&mut batch.description);
            }
            if txn.changes.is_empty() {
                txn.changes = merged.changes;
            } else {
                txn.changes.extend(merged.changes);
            }
            taken.push(Taken { source, batch, news, gone: merged.gone, answer });
        }
        if txn.resync == Resync::Full {
            txn.changes = self.merge.all();
        }
        txn.complete = self.all_answered() && !self.complete;
        self.complete |= txn.complete;

        // The scheduler has the transaction before the store's work is even put together.
        let (report, stored) = tokio::join!(self.scheduler.commit(txn), self.remember(&taken));
        match report {
            Ok(report) => self.tell(taken, report, stored).await,
            Err(_) => taken.into_iter().for_each(|taken| drop(taken.answer.send(Err(Error::Closed)))),
        }
    }

    /// Brings to disk what has to be.
    async fn remember(&self, taken: &[Taken]) -> Result<(), store::Error> {
        let Some(store) = &self.store else { return Ok(()) };
        let stored = taken.iter().filter(|taken| taken.source.is_stored());
        let mut ops =
            Vec::with_capacity(stored.clone().map(|taken| taken.news.len() + taken.gone.len()).sum());
        stored.for_each(|taken| ops.extend(taken.ops()));
        if ops.is_empty() { Ok(()) } else { store.write(ops).await }
    }

    /// Answers each submitter.
    async fn tell(&self, taken: Vec<Taken>, report: Report, stored: Result<(), store::Error>) {
        let alone = taken.len() == 1;
        let mut named: HashSet<&str> = HashSet::new();
        if !report.failed.is_empty() && !alone {
            named.extend(taken.iter().flat_map(Taken::keys).map(|key| &**key));
        }
        let mut outcomes = Vec::with_capacity(taken.len());
        for taken in &taken {
            let mut outcome =
                Outcome { seq: report.seq, not_stored: stored.clone().err(), ..Outcome::default() };
            if taken.batch.statuses {
                outcome.statuses = self.statuses_of(taken.keys().collect(), &report.statuses).await;
            }
            if !report.failed.is_empty() {
                let own: HashSet<&str> = taken.keys().map(|key| &**key).collect();
                let concerned = |f: &&KeyError| match f.operation {
                    // A resync names all that others want as well; what is wrong with that they were told themselves.
                    Operation::Validate => own.contains(&*f.key) || !self.merge.has(&f.key),
                    _ => alone || own.contains(&*f.key) || !named.contains(&*f.key),
                };
                outcome.failed = report.failed.iter().filter(concerned).cloned().collect();
            }
            outcomes.push(outcome);
        }
        drop(named);
        for (Taken { answer, .. }, outcome) in taken.into_iter().zip(outcomes) {
            // A submitter that went away needs no answer.
            let _ = answer.send(Ok(outcome));
        }
    }

    /// Statuses of these keys; those that the transaction did not report (nothing was to be done) are asked for.
    async fn statuses_of(&self, mut keys: Vec<&Arc<str>>, all: &[BaseStatus]) -> Vec<BaseStatus> {
        keys.sort();
        keys.dedup();
        let (mut found, mut missing) = (Vec::with_capacity(keys.len()), Vec::new());
        for key in keys {
            match all.binary_search_by(|status| status.value.key.cmp(key)) {
                Ok(at) => found.push(all[at].clone()),
                Err(_) => missing.push(Arc::clone(key)),
            }
        }
        if !missing.is_empty() {
            let asked = self.scheduler.statuses(Select::Keys(missing.clone())).await;
            let unknown =
                |key: &Arc<str>| asked.binary_search_by(|status| status.value.key.cmp(key)).is_err();
            missing.retain(unknown);
            found.extend(asked);
            found.extend(missing.into_iter().map(|key| {
                let value = Status { key, ..Status::default() };
                BaseStatus { value, derived: Vec::new() }
            }));
            found.sort_by(|a, b| a.value.key.cmp(&b.value.key));
        }
        found
    }

    fn has_room(&self, source: &Source) -> bool {
        self.known.len() < MAX_SOURCES || self.known.contains(source)
    }

    fn admit(&mut self, source: &Source) -> bool {
        let room = self.has_room(source);
        if room && !self.known.contains(source) {
            self.known.insert(source.clone());
        }
        room
    }

    /// Takes the labels in. Returns the indices of all items that are news: `news`, and those with other labels.
    fn label(&self, batch: &Batch, news: Vec<usize>, gone: &[Arc<str>]) -> Vec<usize> {
        let mut labels = self.labels.write().unwrap_or_else(PoisonError::into_inner);
        if labels.is_empty() && batch.labels.is_empty() {
            return news;
        }
        gone.iter().for_each(|key| drop(labels.remove(key)));
        let mut news = news.into_iter().peekable();
        let mut all = Vec::new();
        for (index, item) in batch.items.iter().enumerate() {
            let mut new = news.next_if_eq(&index).is_some();
            match (&item.want, batch.labels.get(&item.key)) {
                (Want::Refused(_), _) => {}
                (Want::Put(_), Some(given)) => {
                    new |= labels.insert(Arc::clone(&item.key), Arc::clone(given)).as_ref() != Some(given);
                }
                (Want::Put(_) | Want::Delete, _) => new |= labels.remove(&item.key).is_some(),
            }
            if new {
                all.push(index);
            }
        }
        all
    }

    fn has_answered(&self, source: &Source) {
        self.sources.send_if_modified(|sources| match sources.answered.get_mut(source) {
            Some(answered) if !*answered => {
                *answered = true;
                true
            }
            _ => false,
        });
    }

    fn all_answered(&self) -> bool {
        self.sources.borrow().all_answered()
    }
}
