//! What handles, futures and the connection share: one lock, the send buffer behind it, and signals.

use crate::config::Config;
use crate::error::Error;
use crate::events::Subscribers;
use crate::frame;
use crate::methods::{MessageTable, Methods};

use crate::pending::{Pending, Sink, Wanted};
use crate::state::State;
use crate::stats::{Failure, Replies};
use crate::trace::{Direction, Trace};
use binapi::codec::{Dump, Message, Reader, Reply, Request};
use binapi::memclnt::{ControlPing, ControlPingReply, MemclntKeepaliveReply};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// The connection as far as senders need it.
pub(crate) struct Link {
    pub client_index: u32,
    pub generation: u64,
    /// Whether calls are accepted.
    pub admitted: bool,
    /// Numbers of `memclnt_keepalive` and its reply, if VPP has them.
    pub keepalive: Option<(u16, u16)>,
}

#[derive(Default)]
pub(crate) struct Inner {
    pub link: Option<Link>,
    /// Numbers of the messages on this connection, or on the last one.
    pub table: MessageTable,
    /// Framed messages that wait to be written.
    pub out: Vec<u8>,
    /// Bytes queued on this connection so far.
    queued: u64,
    pub pending: Pending,
    pub methods: Methods,
    pub replies: Replies,
    pub subscribers: Subscribers,
    /// When VPP was last heard.
    pub heard: Option<Instant>,
}

pub(crate) struct Shared {
    pub config: Config,
    inner: Mutex<Inner>,
    /// There is something to write.
    pub kick: Notify,
    /// A deadline comes sooner than the one known so far.
    pub rearm: Notify,
    /// The last handle is gone.
    pub stop: Notify,
    /// Bytes of this connection that the socket has taken.
    pub written: AtomicU64,
    pub state: watch::Sender<State>,
    pub trace: Trace,
}

/// Where a request goes and what comes back.
struct Route {
    method: usize,
    number: u16,
    answer: (u16, &'static str),
}

/// Longer waits are cut to this, so that deadlines can always be computed.
const LONGEST_WAIT: Duration = Duration::from_secs(u32::MAX as u64);

fn retval<R: Reply>(body: &[u8]) -> Option<i32> {
    R::get(&mut Reader::new(body)).ok().map(|r| r.retval())
}

impl Shared {
    pub fn new(config: Config) -> Self {
        let trace = Trace::new(config.trace, config.trace_bytes);
        let (state, _) = watch::channel(State::Connecting { reason: "just started".into() });
        Shared {
            config,
            inner: Mutex::default(),
            kick: Notify::new(),
            rearm: Notify::new(),
            stop: Notify::new(),
            written: AtomicU64::new(0),
            state,
            trace,
        }
    }

    /// A panic elsewhere leaves nothing half-done behind this lock that matters more than going on.
    pub fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a request; returns its context.
    pub fn call<R: Request>(&self, request: &R, after: Duration) -> Result<u32, Error> {
        let mut inner = self.lock();
        inner.admitted(R::NAME, 1)?;
        let route = inner.resolve::<R, R::Reply>(retval::<R::Reply>)?;
        let wanted = inner.wanted(R::NAME, &route, after);
        let (context, sooner) = inner.pending.call(wanted);
        let idle = inner.send(&self.trace, &route, context, request);
        inner.methods.count_sent(route.method);
        drop(inner);
        self.signal(idle, sooner);
        Ok(context)
    }

    /// Queues a dump and the ping that ends it; returns the context of the ping.
    pub fn dump<D: Dump>(&self, request: &D, after: Duration, sink: Sink) -> Result<u32, Error> {
        let mut inner = self.lock();
        inner.admitted(D::NAME, 2)?;
        let rows = inner.resolve::<D, D::Details>(retval::<ControlPingReply>)?;
        let ping = inner.resolve::<ControlPing, ControlPingReply>(retval::<ControlPingReply>)?;
        let wanted = inner.wanted(D::NAME, &rows, after);
        let dump = inner.pending.dump(wanted, sink);
        let idle = inner.send(&self.trace, &rows, dump, request);
        // The end of the dump counts and fails in the dump's name.
        let end = Route { method: rows.method, ..ping };
        let wanted = inner.wanted(D::NAME, &end, after);
        let (context, sooner) = inner.pending.call(wanted);
        inner.pending.pair(dump, context);
        inner.send(&self.trace, &end, context, &ControlPing::default());
        inner.methods.count_sent(rows.method);
        drop(inner);
        self.signal(idle, sooner);
        Ok(context)
    }

    /// Queues a ping nobody waits for.
    pub fn probe(&self) {
        let mut inner = self.lock();
        if inner.link.is_none() || !inner.pending.has_room_for(1) {
            return;
        }
        let ping = inner.resolve::<ControlPing, ControlPingReply>(retval::<ControlPingReply>);
        let Ok(route) = ping else { return };
        let wanted = inner.wanted(ControlPing::NAME, &route, LONGEST_WAIT);
        let context = inner.pending.orphan(wanted);
        let idle = inner.send(&self.trace, &route, context, &ControlPing::default());
        inner.methods.count_sent(route.method);
        drop(inner);
        self.signal(idle, false);
    }

    fn signal(&self, kick: bool, rearm: bool) {
        if kick {
            self.kick.notify_one();
        }
        if rearm {
            self.rearm.notify_one();
        }
    }

    /// Ends the connection for all who wait.
    pub fn disconnect(&self, wake: &mut Vec<Waker>) {
        let mut inner = self.lock();
        inner.link = None;
        inner.out = Vec::new();
        let Inner { pending, methods, .. } = &mut *inner;
        let sinks = pending
            .fail_all(self.written.load(Relaxed), wake, |lost| methods.count_failed(lost, Failure::Lost));
        drop(inner);
        drop(sinks);
    }
}

impl Inner {
    /// Whether calls are accepted now, and `more` of them fit.
    fn admitted(&self, message: &'static str, more: usize) -> Result<(), Error> {
        if !self.link.as_ref().is_some_and(|l| l.admitted) {
            return Err(Error::Disconnected { message, sent: false });
        }
        if !self.pending.has_room_for(more) {
            return Err(Error::Overloaded { message });
        }
        Ok(())
    }

    /// The numbers of a request and its answer on this connection.
    fn resolve<R: Message, A: Message>(&mut self, retval: fn(&[u8]) -> Option<i32>) -> Result<Route, Error> {
        let method = self.methods.index::<R, A>(&self.table, retval);
        let (number, answer) = self.methods.numbers(method).ok_or(Error::Unknown { message: R::ID })?;
        Ok(Route { method, number, answer: (answer, A::ID) })
    }

    fn wanted(&self, message: &'static str, route: &Route, after: Duration) -> Wanted {
        let (at, after) = (Instant::now(), after.min(LONGEST_WAIT));
        Wanted {
            method: route.method,
            message,
            answer: route.answer,
            begin: self.queued,
            queued: at,
            at,
            after,
        }
    }

    /// Puts a request into the buffer; true if that was empty.
    fn send<R: Message>(&mut self, trace: &Trace, route: &Route, context: u32, request: &R) -> bool {
        let client_index = self.link.as_ref().map_or(0, |l| l.client_index);
        let (at, number) = (self.out.len(), route.number);
        frame::put_message(&mut self.out, number, client_index, context, request);
        self.queued += (self.out.len() - at) as u64;
        if trace.is_on() {
            let message = self.out.get(at + frame::HEADER..).unwrap_or_default();
            trace.record(Direction::Sent, number, &self.table, message);
        }
        at == 0
    }

    /// The number of the answer, if `number` is VPP's question whether this client is alive.
    pub fn keepalive_reply(&self, number: u16) -> Option<u16> {
        let (question, reply) = self.link.as_ref()?.keepalive?;
        (question == number).then_some(reply)
    }

    /// Answers VPP's question whether this client is alive; true if the buffer was empty.
    pub fn answer_keepalive(&mut self, number: u16, context: u32) -> bool {
        let at = self.out.len();
        frame::put_message(&mut self.out, number, 0, context, &MemclntKeepaliveReply::default());
        self.queued += (self.out.len() - at) as u64;
        at == 0
    }

    /// A connection stands.
    pub fn install(&mut self, link: Link, table: MessageTable, wake: &mut Vec<Waker>) {
        let first = link.generation == 1;
        self.methods.renumber(&table);
        self.replies.close(&self.table);
        self.subscribers.renumber(first, |id| table.number(id), wake);
        self.table = table;
        self.queued = 0;
        self.out.clear();
        self.heard = Some(Instant::now());
        self.link = Some(link);
    }
}
