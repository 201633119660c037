//! Network namespace: a network of its own within one Linux. Each one that the agent works in has a thread that lives there;
//! no other thread ever changes its namespace.
//!
//! A namespace is known by the inode that stands for it, whatever it is called. The thread keeps it open, so that no other
//! one gets that inode.

mod create;
pub(crate) mod follow;
pub mod namespaces;
mod open;
pub mod reference;
mod worker;

pub(crate) use create::{HalfMade, create};
pub use namespaces::{Namespace, Namespaces};
pub(crate) use open::{not_entered, open};
pub use reference::Reference;

use crate::netlink::batch::{Answer, Piece, Refusal, Request, Told};
use crate::netlink::{Message, name_of};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::MetadataExt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::task::{Context, Poll};
use tokio::sync::oneshot;
use worker::Job;

/// Device and inode: what tells namespaces apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    dev: u64,
    ino: u64,
}

impl Identity {
    /// That of the namespace a file stands for.
    pub fn of(file: &std::fs::Metadata) -> Identity {
        Identity { dev: file.dev(), ino: file.ino() }
    }
    #[cfg(test)]
    pub(crate) fn of_number(ino: u64) -> Identity {
        Identity { dev: 0, ino }
    }
}

/// A network namespace that the agent works in. It is left when the last clone is dropped.
#[derive(Clone)]
pub struct Netns(pub(crate) Arc<Inside>);

pub(crate) struct Inside {
    file: File,
    /// No other one ever has this number.
    serial: u64,
    pub(crate) identity: Identity,
    jobs: mpsc::Sender<Job>,
    way: Way,
}

/// How often each kind of request was sent, and in how many datagrams.
#[derive(Default)]
pub(crate) struct Sent {
    requests: Mutex<BTreeMap<&'static str, u64>>,
    pub(crate) datagrams: AtomicU64,
    /// How often events about links were lost because nobody had read those before.
    pub(crate) overruns: AtomicU64,
}

/// Stands between the agent and the kernel, so that tests can lose and refuse requests on their way.
pub trait Between: fmt::Debug + Send + Sync {
    /// Answers each group of requests; `kernel` is how the kernel answers.
    fn exchange(
        &self,
        groups: &[Vec<Request>],
        kernel: &mut dyn FnMut(&[Vec<Request>]) -> Vec<Answer>,
    ) -> Vec<Answer>;
    /// What is to become of a program that is about to be run and changes something, if anything is.
    fn mishap(&self, _program: &'static str) -> Option<Mishap> {
        None
    }
}

/// What may become of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It says no, and does nothing.
    Refused,
    /// It does nothing, and nobody hears of it.
    LostBefore,
    /// It does all, and nobody hears of it.
    LostAfter,
}

/// What all threads share.
#[derive(Clone, Default)]
pub(crate) struct Way {
    pub(crate) sent: Arc<Sent>,
    pub(crate) between: Option<Arc<dyn Between>>,
}

impl Sent {
    fn count(&self, message: &Message) {
        self.note(name_of(message));
    }
    /// Counts what is done in another way, by a name for it.
    pub(crate) fn note(&self, name: &'static str) {
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
    }
    /// The counts so far, by name.
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        let counts = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(name, count)| (*name, *count)).collect()
    }
}

impl PartialEq for Netns {
    fn eq(&self, other: &Netns) -> bool {
        self.0.serial == other.0.serial
    }
}
impl Eq for Netns {}
impl Hash for Netns {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.serial.hash(state);
    }
}
impl fmt::Debug for Netns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "net:[{}]", self.0.identity.ino)
    }
}

impl Netns {
    /// Starts a thread in the namespace that the file stands for; `enter`: the thread is not there already.
    ///
    /// # Errors
    /// What the kernel says against it.
    pub(crate) fn start(file: File, enter: bool, way: &Way) -> io::Result<Netns> {
        static SERIAL: AtomicU64 = AtomicU64::new(0);
        let identity = Identity::of(&file.metadata()?);
        let jobs = worker::start(if enter { Some(file.try_clone()?) } else { None }, way.clone())?;
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        Ok(Netns(Arc::new(Inside { file, serial, identity, jobs, way: way.clone() })))
    }
    /// The open file that stands for it, for requests that move something there. It is open as long as this is there.
    pub fn fd(&self) -> RawFd {
        self.0.file.as_raw_fd()
    }
    /// The counts that its requests are part of.
    pub(crate) fn sent(&self) -> Arc<Sent> {
        self.0.way.sent.clone()
    }
    /// What its requests and programs pass on their way.
    pub(crate) fn way(&self) -> Way {
        self.0.way.clone()
    }
    /// Queues requests now; the answer is that of the kernel to all of them, or its first refusal. They are worked off in
    /// order and together, but one that is refused does not keep the next ones from being done.
    pub fn ask(&self, requests: Vec<Request>) -> Pending {
        requests.iter().for_each(|request| self.0.way.sent.count(&request.message));
        self.queue(|answer| Job::Ask(requests, answer))
    }
    /// Queues a request for everything of a kind; each message is read by the thread of the namespace, by its kind and the bytes
    /// after its header.
    pub(crate) fn list<T: Send + 'static>(
        &self,
        request: Message,
        read: fn(u16, &[u8]) -> Option<T>,
    ) -> impl Future<Output = Result<Vec<T>, Refusal>> + use<T> {
        let mut pieces = self.pieces(request, read);
        async move {
            let mut all = Vec::new();
            while let Some(piece) = pieces.next().await? {
                match piece {
                    Piece::More(more) if all.is_empty() => all = more,
                    Piece::More(more) => all.extend(more),
                    Piece::Again => all.clear(),
                }
            }
            Ok(all)
        }
    }
    /// The same, piece by piece, as the kernel tells it.
    pub(crate) fn pieces<T: Send + 'static>(
        &self,
        request: Message,
        read: fn(u16, &[u8]) -> Option<T>,
    ) -> Pieces<T> {
        self.0.way.sent.count(&request);
        let (tell, pieces) = tokio::sync::mpsc::unbounded_channel();
        let job = Job::Dump(Box::new(move |socket| {
            // Whoever asked may be gone.
            let ended = socket.dump(&request, read, |piece| drop(tell.send(Ok(Some(piece)))));
            let lost = matches!(ended, Err(Refusal::Lost(_)));
            let _ = tell.send(ended.map(|()| None));
            lost
        }));
        // If the thread is gone, so is the other end of the channel that is dropped here.
        let _ = self.0.jobs.send(job);
        Pieces(pieces)
    }
    /// Has something done by the thread: what `/proc/sys/net` shows depends on who looks.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let (done, result) = oneshot::channel();
        let job = Job::Run(Box::new(move || {
            let _ = done.send(work()); // whoever waited may be gone
        }));
        self.0.jobs.send(job).map_err(|_| Refusal::Gone)?;
        result.await.map_err(|_| Refusal::Gone)
    }
    fn queue<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T, Refusal>>) -> Job) -> Pending<T> {
        let (tell, answer) = oneshot::channel();
        // If the thread is gone, so is the other end of the channel that is dropped here.
        let _ = self.0.jobs.send(job(tell));
        Pending(answer)
    }
}

/// An answer that will come piece by piece.
pub(crate) struct Pieces<T>(tokio::sync::mpsc::UnboundedReceiver<Result<Option<Piece<T>>, Refusal>>);

impl<T> Pieces<T> {
    /// The next one; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<Piece<T>>, Refusal> {
        self.0.recv().await.unwrap_or(Err(Refusal::Gone))
    }
}

/// An answer that will come.
pub struct Pending<T = Vec<Told>>(oneshot::Receiver<Result<T, Refusal>>);

impl<T> Future for Pending<T> {
    type Output = Result<T, Refusal>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|answer| answer.unwrap_or(Err(Refusal::Gone)))
    }
}
