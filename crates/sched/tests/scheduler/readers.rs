//! Whoever asks is answered while a long transaction is taken in and planned.

use model::value::Model;
use sched::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

const MANY: u32 = 30_000;

/// What was seen of the readers while the scheduler worked.
#[derive(Default)]
struct Seen {
    answered: AtomicU64,
    /// Answers so far at the first and at the last value that was loaded.
    loading: Mutex<(u64, u64)>,
    asked: AtomicBool,
    /// Somebody was answered while a plan was made.
    planning: AtomicBool,
}

#[derive(Clone, Debug, PartialEq)]
struct Grain(u32, u32);
impl Model for Grain {
    const PREFIX: &'static str = "config/grain/";
    fn name(&self) -> String {
        format!("{:06}", self.0)
    }
}

struct Grains(Arc<Seen>);
impl Descriptor for Grains {
    const NAME: &'static str = "grain";
    type Value = Grain;
    type Image = u32;
    type Handle = ();
    type Needs = ();
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Marked;
    fn needs(&self, _: &Grain) {}
    fn image(&self, value: &Grain) -> std::result::Result<u32, Invalid> {
        let answered = self.0.answered.load(SeqCst);
        match value.0 {
            0 => self.0.loading.lock().unwrap().0 = answered,
            n if n == MANY - 1 => self.0.loading.lock().unwrap().1 = answered,
            n if n % 1000 == 0 => std::thread::sleep(Duration::from_millis(1)), // others get their turn
            _ => {}
        }
        Ok(value.1)
    }
    fn change(&self, _: &u32, _: &u32, _: bool) -> Change {
        // Asked while planning: once, this waits for somebody to be answered.
        if !self.0.asked.swap(true, SeqCst) {
            let (before, start) = (self.0.answered.load(SeqCst), Instant::now());
            while self.0.answered.load(SeqCst) == before && start.elapsed() < Duration::from_secs(10) {
                std::thread::sleep(Duration::from_millis(1));
            }
            self.0.planning.store(self.0.answered.load(SeqCst) > before, SeqCst);
        }
        Change::InPlace
    }
    async fn create(&self, _: u32, _: ()) -> Made<()> {
        Ok(())
    }
    async fn update(&self, _: u32, _: u32, _: (), _: ()) -> Result<()> {
        Ok(())
    }
    async fn delete(&self, _: u32, _: (), _: ()) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, _: &sched::Seen<'_>) -> Result<Vec<Found<Self>>> {
        Ok(Vec::new())
    }
}

struct Nowhere;
impl Southbound for Nowhere {
    fn name(&self) -> &'static str {
        "nowhere"
    }
    fn link(&self) -> watch::Receiver<Link> {
        Link::always()
    }
    fn lacks(&self, _: &str) -> Option<String> {
        None
    }
}

/// A scheduler in a thread of its own, as the agent has it: it works without a pause, and others must not need its thread.
async fn in_its_own_thread(registry: Registry) -> Scheduler {
    let (started, starting) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let s = Scheduler::spawn(registry, Config::default());
            let mut health = s.health();
            started.send(s).ok().unwrap();
            while health.changed().await.is_ok() {}
        });
    });
    starting.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_are_answered_while_a_long_transaction_is_loaded_and_planned() {
    let seen = Arc::new(Seen::default());
    let mut registry = Registry::default();
    let south: Arc<dyn Southbound> = Arc::new(Nowhere);
    registry.add(&south, Grains(seen.clone())).unwrap();
    let s = in_its_own_thread(registry).await;
    let (reader, answers) = (s.clone(), seen.clone());
    let reading = tokio::spawn(async move {
        loop {
            let statuses = reader.statuses(Select::Key("config/grain/000000".into())).await;
            assert_eq!(statuses.len(), 1);
            answers.answered.fetch_add(1, SeqCst);
        }
    });
    for rev in 0..2 {
        let changes = (0..MANY).map(|n| Intent::put(Arc::new(Grain(n, rev)))).collect();
        let report = s.commit(Txn { changes, ..Txn::default() }).await.unwrap();
        assert_eq!((report.done, report.failed.len()), (MANY as usize, 0));
        let (first, last) = *seen.loading.lock().unwrap();
        assert!(last > first, "nobody was answered while {MANY} values were loaded");
    }
    assert!(seen.planning.load(SeqCst), "nobody was answered while a plan was made");
    reading.abort();
}

async fn with_many() -> Scheduler {
    let mut registry = Registry::default();
    let south: Arc<dyn Southbound> = Arc::new(Nowhere);
    registry.add(&south, Grains(Arc::default())).unwrap();
    let s = Scheduler::spawn(registry, Config::default());
    let changes = (0..MANY).map(|n| Intent::put(Arc::new(Grain(n, 0)))).collect();
    s.commit(Txn { changes, ..Txn::default() }).await.unwrap();
    s
}

/// Has `read` going and, once it has begun, commits this many transactions one after the other. Returns how many were
/// through when the reading was.
async fn commits_during<T>(
    s: &Scheduler,
    read: impl Future<Output = T>,
    commits: impl IntoIterator<Item = Vec<Intent>>,
) -> (T, usize) {
    let done = AtomicU64::new(0);
    let committing = async {
        for changes in commits {
            s.commit(Txn { changes, ..Txn::default() }).await.unwrap();
            done.fetch_add(1, SeqCst);
        }
    };
    let reading = async { (read.await, done.load(SeqCst)) };
    let ((told, done), ()) = tokio::join!(reading, committing);
    (told, done as usize)
}

fn key(n: u32) -> Arc<str> {
    model::value::key_of::<Grain>(&Grain(n, 0).name()).into()
}

fn rev(n: u32) -> Vec<Intent> {
    vec![Intent::put(Arc::new(Grain(n, 1)))]
}

#[tokio::test]
async fn whoever_reads_very_many_keys_lets_transactions_pass() {
    let s = with_many().await;
    let all = |keys: Vec<Arc<str>>| {
        assert_eq!(keys.len(), MANY as usize);
        assert!(keys.is_sorted());
    };
    let (told, done) = commits_during(&s, s.statuses(Select::All), (0..3).map(rev)).await;
    all(told.into_iter().map(|status| status.value.key).collect());
    assert_eq!(done, 3, "while statuses were told");
    let keys = (0..MANY).map(key).collect();
    let (told, done) = commits_during(&s, s.statuses(Select::Keys(keys)), (3..6).map(rev)).await;
    all(told.into_iter().map(|status| status.value.key).collect());
    assert_eq!(done, 3, "while statuses of named keys were told");
    let (told, done) = commits_during(&s, s.values(View::Cached, Select::All), (6..9).map(rev)).await;
    all(told.into_iter().map(|item| item.key).collect());
    assert_eq!(done, 3, "while values were told");
    let (told, done) = commits_during(&s, s.snapshot(None), (9..12).map(rev)).await;
    all(told.into_iter().map(|revision| revision.key).collect());
    assert_eq!(done, 3, "while a snapshot was taken");
    let states = s.count_flag(Flag::ValueState, vec![]);
    let (told, done) = commits_during(&s, states, (12..15).map(rev)).await;
    assert!(told["CONFIGURED"] >= u64::from(MANY), "{told:?}");
    assert_eq!(done, 3, "while revisions were counted");
}

#[tokio::test]
async fn what_is_there_all_the_time_is_told_once_whatever_else_comes_and_goes() {
    let s = with_many().await;
    let goes = |n: u32| vec![Intent::delete(key(n))];
    // The first is told, goes, and comes back in the place of the last, which is looked at in the last slice.
    let commits = [goes(0), goes(MANY - 1), rev(0), rev(MANY)];
    let (told, done) = commits_during(&s, s.values(View::Nb, Select::All), commits).await;
    assert_eq!(done, 4);
    let keys: Vec<&str> = told.iter().map(|item| &*item.key).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "something was told twice");
    assert!((0..MANY - 1).all(|n| keys.binary_search(&&*key(n)).is_ok()), "something was not told");
    let first: &dyn std::any::Any = &*told[0].value;
    assert_eq!(first.downcast_ref(), Some(&Grain(0, 1)), "the later of two");
}

#[tokio::test]
async fn a_look_back_is_right_whatever_happens_meanwhile() {
    let s = with_many().await;
    let then = std::time::SystemTime::now();
    let goes = vec![Intent::delete(key(1))];
    let (told, done) = commits_during(&s, s.snapshot(Some(then)), [rev(MANY - 1), goes, rev(MANY)]).await;
    assert_eq!(done, 3);
    assert!(told.iter().map(|revision| revision.key.clone()).eq((0..MANY).map(key)));
    assert!(told.iter().all(|revision| revision.seq == told[0].seq), "all as they were made first");
}
