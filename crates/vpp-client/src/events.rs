//! Messages VPP sends by itself, queued per subscriber so that the reader never waits for one.

use crate::frame::get_message;
use binapi::codec::Event;
use futures::Stream;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

/// What a subscriber is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice<E> {
    /// An event.
    Event(E),
    /// Events are or may be missing here: the queue was full, one was unreadable, or the connection is a new one. What
    /// events told so far has to be read from VPP anew, and on a new connection VPP has to be asked for events again.
    Missed,
}

struct Queue<E> {
    items: VecDeque<E>,
    missed: bool,
    closed: bool,
    waker: Option<Waker>,
}

struct Subscription<E> {
    limit: usize,
    queue: Mutex<Queue<E>>,
}

impl<E> Subscription<E> {
    fn queue(&self) -> MutexGuard<'_, Queue<E>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A subscription whose type is forgotten.
pub(crate) trait Subscriber: Send + Sync {
    /// An event came.
    fn push(&self, message: &[u8]) -> Option<Waker>;
    /// Events may be missing.
    fn missed(&self) -> Option<Waker>;
    /// There will be no more.
    fn close(&self) -> Option<Waker>;
}

impl<E: Event> Subscriber for Subscription<E> {
    fn push(&self, message: &[u8]) -> Option<Waker> {
        let Ok((_, event)) = get_message::<E>(message) else {
            tracing::warn!(message = E::NAME, "unreadable event");
            return self.missed();
        };
        let mut queue = self.queue();
        if queue.items.len() >= self.limit {
            drop(queue);
            return self.missed();
        }
        queue.items.push_back(event);
        queue.waker.take()
    }
    fn missed(&self) -> Option<Waker> {
        let mut queue = self.queue();
        // What is older than the gap will be read anew with everything else.
        queue.items.clear();
        queue.missed = true;
        queue.waker.take()
    }
    fn close(&self) -> Option<Waker> {
        let mut queue = self.queue();
        queue.closed = true;
        queue.waker.take()
    }
}

/// Events of one type: a stream that outlives connections and ends with the client.
pub struct Events<E>(Arc<Subscription<E>>);

impl<E: Event> Events<E> {
    pub(crate) fn new(limit: usize) -> (Self, Weak<dyn Subscriber>) {
        let queue = Queue { items: VecDeque::new(), missed: false, closed: false, waker: None };
        let subscription = Arc::new(Subscription { limit: limit.max(1), queue: Mutex::new(queue) });
        let weak: Weak<Subscription<E>> = Arc::downgrade(&subscription);
        (Events(subscription), weak)
    }
    /// The next notice; `None` when the client is gone.
    pub async fn recv(&mut self) -> Option<Notice<E>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<E: Event> Stream for Events<E> {
    type Item = Notice<E>;
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Notice<E>>> {
        let mut queue = self.0.queue();
        if std::mem::take(&mut queue.missed) {
            return Poll::Ready(Some(Notice::Missed));
        }
        if let Some(event) = queue.items.pop_front() {
            return Poll::Ready(Some(Notice::Event(event)));
        }
        if queue.closed {
            return Poll::Ready(None);
        }
        queue.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// All subscriptions of a client. A subscription ends when its stream is dropped.
#[derive(Default)]
pub(crate) struct Subscribers {
    list: Vec<(&'static str, Option<u16>, Weak<dyn Subscriber>)>,
    closed: bool,
}

impl Subscribers {
    pub fn add(&mut self, id: &'static str, number: Option<u16>, subscriber: Weak<dyn Subscriber>) {
        self.list.retain(|(.., s)| s.strong_count() > 0);
        if self.closed
            && let Some(s) = subscriber.upgrade()
        {
            s.close();
        }
        self.list.push((id, number, subscriber));
    }
    /// Passes an event on; false if nobody subscribed to messages of this number.
    pub fn push(&self, number: u16, message: &[u8], wake: &mut Vec<Waker>) -> bool {
        let mut any = false;
        for (_, _, s) in self.list.iter().filter(|(_, n, _)| *n == Some(number)) {
            any = true;
            wake.extend(s.upgrade().and_then(|s| s.push(message)));
        }
        any
    }
    /// A new connection stands; `number` tells a message's number on it.
    pub fn renumber(&mut self, first: bool, number: impl Fn(&str) -> Option<u16>, wake: &mut Vec<Waker>) {
        for (id, n, s) in &mut self.list {
            *n = number(id);
            if !first {
                wake.extend(s.upgrade().and_then(|s| s.missed()));
            }
        }
    }
    /// The client ends.
    pub fn close(&mut self, wake: &mut Vec<Waker>) {
        self.closed = true;
        wake.extend(self.list.drain(..).filter_map(|(.., s)| s.upgrade()?.close()));
    }
}
