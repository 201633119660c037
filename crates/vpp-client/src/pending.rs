//! Requests that await their answers. The context of a message names the entry; VPP returns it unchanged.

use crate::error::Error;
use slab::Slab;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::Instant;

/// Most entries at a time; their number takes the lower 20 bits of a context.
pub(crate) const MOST: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 20;
/// A context's upper bits tell users of the same entry apart. The highest bit stays 0: VPP sets it in a client index,
/// which is what an event has in the place of the context.
const GENERATIONS: u32 = 1 << (31 - SLOT_BITS);

/// Takes the details messages of a dump, and what is wrong with them.
pub(crate) type Sink = Box<dyn FnMut(Result<&[u8], Error>) + Send>;

/// The bytes of a reply; up to 15 without an allocation.
#[derive(Debug)]
pub(crate) enum Body {
    Short(u8, [u8; 15]),
    Long(Box<[u8]>),
}

impl Body {
    pub fn new(bytes: &[u8]) -> Self {
        let mut short = [0; 15];
        match short.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Body::Short(bytes.len() as u8, short)
            }
            None => Body::Long(bytes.into()),
        }
    }
    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Short(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Body::Long(bytes) => bytes,
        }
    }
}

enum State {
    /// A future waits for the answer.
    Waiting(Option<Waker>),
    /// The answer is there and the future has not taken it yet.
    Ready(Result<Body, Error>),
    /// The deadline has passed and the future has not been told yet; the answer may still come.
    Late,
    /// Nobody waits. The entry stays until the answer comes, so that no stranger gets it.
    Orphan,
    /// A dump; its sink is out while the reader uses it. Ends with the answer to its ping.
    Rows(Option<Sink>),
    /// A dump nobody waits for.
    Muted,
}

/// What a new entry is made of.
pub(crate) struct Wanted {
    /// Place among the methods.
    pub method: usize,
    /// Name of the request, for errors.
    pub message: &'static str,
    /// Number and name of the answer.
    pub answer: (u16, &'static str),
    /// How many bytes were queued on this connection before the request.
    pub begin: u64,
    /// When it was queued.
    pub queued: Instant,
    /// Since when its answer is waited for, and how long that may take.
    pub at: Instant,
    pub after: Duration,
}

struct Entry {
    wanted: Wanted,
    generation: u32,
    /// Of a dump: the context of its ping. Of such a ping: the context of its dump.
    partner: Option<u32>,
    /// It has been counted as failed.
    failed: bool,
    state: State,
}

/// What the reader has to do with an answer.
pub(crate) enum Delivery {
    /// Nothing: it was one more message of a dump.
    More,
    /// The last message for a request: count it.
    Last(Answered),
    /// Pass it to this sink and give that back.
    Rows(Sink),
    /// Nobody asked.
    Stray,
}

/// A request that has its answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Answered {
    pub method: usize,
    /// The answer is the message that belongs to the request.
    pub expected: bool,
    pub queued: Instant,
    /// It came too late: the request has been counted as failed.
    pub late: bool,
}

#[derive(Default)]
pub(crate) struct Pending {
    entries: Slab<Entry>,
    generation: u32,
    /// No deadline of a waiting future is before this.
    earliest: Option<Instant>,
}

fn slot(context: u32) -> usize {
    context as usize & (MOST - 1)
}

impl Pending {
    pub fn has_room_for(&self, more: usize) -> bool {
        self.entries.len() + more <= MOST
    }
    fn insert(&mut self, wanted: Wanted, state: State) -> u32 {
        self.generation = (self.generation + 1) % GENERATIONS;
        let generation = self.generation;
        self.entries.insert(Entry { wanted, generation, partner: None, failed: false, state }) as u32
            | generation << SLOT_BITS
    }
    /// An entry with a future; true if its deadline is the next one now.
    pub fn call(&mut self, wanted: Wanted) -> (u32, bool) {
        let deadline = wanted.at + wanted.after;
        let first = self.earliest.is_none_or(|e| deadline < e);
        if first {
            self.earliest = Some(deadline);
        }
        (self.insert(wanted, State::Waiting(None)), first)
    }
    /// An entry nobody waits for.
    pub fn orphan(&mut self, wanted: Wanted) -> u32 {
        self.insert(wanted, State::Orphan)
    }
    /// An entry that takes many messages; [`Pending::pair`] must follow.
    pub fn dump(&mut self, wanted: Wanted, sink: Sink) -> u32 {
        self.insert(wanted, State::Rows(Some(sink)))
    }
    /// Makes the answer to `ping` the end of `dump`.
    pub fn pair(&mut self, dump: u32, ping: u32) {
        for (one, other) in [(dump, ping), (ping, dump)] {
            if let Some(e) = self.get(one) {
                e.partner = Some(other);
            }
        }
    }
    fn get(&mut self, context: u32) -> Option<&mut Entry> {
        self.entries.get_mut(slot(context)).filter(|e| e.generation == context >> SLOT_BITS)
    }
    fn remove(&mut self, context: u32) -> Option<Entry> {
        self.get(context)?;
        self.entries.try_remove(slot(context))
    }

    /// A message with this number and context has come.
    pub fn deliver(&mut self, number: u16, context: u32, body: &[u8], wake: &mut Vec<Waker>) -> Delivery {
        let Some(entry) = self.get(context) else { return Delivery::Stray };
        let (Wanted { method, queued, .. }, partner, late) = (&entry.wanted, entry.partner, entry.failed);
        let (method, queued) = (*method, *queued);
        let (expected, want) = entry.wanted.answer;
        let unexpected = |e: &Entry| Error::Unexpected { message: e.wanted.message, want, got: number };
        match &mut entry.state {
            State::Rows(sink) => {
                let Some(mut sink) = sink.take() else { return Delivery::Stray };
                if number == expected {
                    return Delivery::Rows(sink);
                }
                let error = unexpected(entry);
                sink(Err(error));
                entry.state = State::Rows(Some(sink));
                return Delivery::More;
            }
            State::Muted => return Delivery::More,
            State::Ready(_) => return Delivery::Stray,
            State::Orphan => {
                self.remove(context);
            }
            State::Waiting(_) | State::Late => {
                let answer = if number == expected { Ok(Body::new(body)) } else { Err(unexpected(entry)) };
                if let State::Waiting(Some(waker)) = std::mem::replace(&mut entry.state, State::Ready(answer))
                {
                    wake.push(waker);
                }
            }
        }
        if let Some(dump) = partner {
            self.remove(dump);
        }
        Delivery::Last(Answered { method, expected: number == expected, queued, late })
    }

    /// Takes back the sink of a dump; its deadline starts anew. Returns the sink if nobody wants it any more.
    pub fn give_back(&mut self, dump: u32, sink: Sink, now: Instant) -> Option<Sink> {
        let Some(Entry { state: State::Rows(place), partner, .. }) = self.get(dump) else {
            return Some(sink);
        };
        *place = Some(sink);
        if let Some(ping) = *partner
            && let Some(e) = self.get(ping)
        {
            e.wanted.at = now;
        }
        None
    }

    /// For the future of `context`. Puts what must be dropped outside any lock into `out`.
    pub fn poll(
        &mut self,
        context: u32,
        cx: &mut Context<'_>,
        out: &mut Option<Sink>,
    ) -> Poll<Result<Body, Error>> {
        let lost = Error::Disconnected { message: "request", sent: true };
        let Some(entry) = self.get(context) else { return Poll::Ready(Err(lost)) };
        match &mut entry.state {
            State::Waiting(waker) => {
                match waker {
                    Some(w) => w.clone_from(cx.waker()),
                    None => *waker = Some(cx.waker().clone()),
                }
                return Poll::Pending;
            }
            State::Late => {
                entry.state = State::Orphan;
                let Wanted { message, after, .. } = entry.wanted;
                *out = self.mute(context);
                return Poll::Ready(Err(Error::Timeout { message, after }));
            }
            _ => {}
        }
        match self.remove(context).map(|e| e.state) {
            Some(State::Ready(answer)) => Poll::Ready(answer),
            _ => Poll::Ready(Err(lost)),
        }
    }

    /// The future of `context` went away before it was ready. Returns what must be dropped outside any lock.
    pub fn abandon(&mut self, context: u32) -> Option<Sink> {
        let entry = self.get(context)?;
        if matches!(entry.state, State::Ready(_)) {
            self.remove(context);
            return None;
        }
        entry.state = State::Orphan;
        self.mute(context)
    }

    /// Lets the dump that `ping` ends go on without its sink.
    fn mute(&mut self, ping: u32) -> Option<Sink> {
        let dump = self.get(ping)?.partner?;
        match std::mem::replace(&mut self.get(dump)?.state, State::Muted) {
            State::Rows(sink) => sink,
            _ => None,
        }
    }

    /// The earliest moment at which [`Pending::expire`] may have something to do.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.earliest
    }

    /// Ends the wait of all futures whose deadline has passed. Looks at every entry, but not before the deadline of
    /// one that was waiting when it looked last, so at most once per deadline's length and entry. `failed` is told the
    /// method of each.
    pub fn expire(&mut self, now: Instant, wake: &mut Vec<Waker>, mut failed: impl FnMut(usize)) {
        if self.earliest.is_none_or(|e| now < e) {
            return;
        }
        self.earliest = None;
        for (_, entry) in &mut self.entries {
            let State::Waiting(waker) = &mut entry.state else { continue };
            let deadline = entry.wanted.at + entry.wanted.after;
            if deadline <= now {
                wake.extend(waker.take());
                (entry.state, entry.failed) = (State::Late, true);
                failed(entry.wanted.method);
            } else if self.earliest.is_none_or(|e| deadline < e) {
                self.earliest = Some(deadline);
            }
        }
    }

    /// The connection has ended after `written` bytes: nobody will be answered any more. `failed` is told the method of
    /// each request that was not counted yet. Returns what must be dropped outside any lock.
    pub fn fail_all(
        &mut self,
        written: u64,
        wake: &mut Vec<Waker>,
        mut failed: impl FnMut(usize),
    ) -> Vec<Sink> {
        let mut sinks = Vec::new();
        self.earliest = None;
        self.entries.retain(|_, entry| {
            let Wanted { message, after, begin, method, .. } = entry.wanted;
            // A dump is counted with its ping.
            let open = matches!(entry.state, State::Waiting(_) | State::Orphan);
            if open && !std::mem::replace(&mut entry.failed, true) {
                failed(method);
            }
            let error = match &mut entry.state {
                State::Waiting(waker) => {
                    wake.extend(waker.take());
                    Error::Disconnected { message, sent: begin < written }
                }
                State::Late => Error::Timeout { message, after },
                State::Ready(_) => return true,
                State::Rows(sink) => {
                    sinks.extend(sink.take());
                    return false;
                }
                State::Orphan | State::Muted => return false,
            };
            entry.state = State::Ready(Err(error));
            entry.partner = None;
            true
        });
        sinks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    const REPLY: u16 = 7;
    const DETAILS: u16 = 8;

    fn wanted(answer: u16, at: Instant, after: u64) -> Wanted {
        let after = Duration::from_millis(after);
        Wanted { method: 0, message: "m", answer: (answer, "m_reply"), begin: 0, queued: at, at, after }
    }

    fn poll(pending: &mut Pending, context: u32) -> Poll<Result<Body, Error>> {
        pending.poll(context, &mut Context::from_waker(Waker::noop()), &mut None)
    }

    /// Calls, dumps, replies, repeated replies, drops and deadlines in random order: every answer goes to the one who
    /// asked, and in the end nothing is left.
    #[test]
    fn answers_go_to_those_who_asked() {
        let mut late = 0;
        for seed in 1..400_u64 {
            let mut state = seed;
            let mut below = |n: usize| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % n as u64) as usize
            };
            let (mut pending, mut now, mut wake) = (Pending::default(), Instant::now(), Vec::new());
            // Contexts VPP has not answered, those somebody waits for, and those answered before.
            let (mut open, mut waiting, mut old) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..below(3000) {
                match below(5) {
                    0 | 1 => {
                        let (context, _) = pending.call(wanted(REPLY, now, 1 + below(50) as u64));
                        open.push(context);
                        waiting.push(context);
                    }
                    2 if !open.is_empty() => {
                        let context: u32 = open.swap_remove(below(open.len()));
                        let delivery = pending.deliver(REPLY, context, &context.to_be_bytes(), &mut wake);
                        assert!(matches!(delivery, Delivery::Last(Answered { expected: true, .. })));
                        old.push(context);
                    }
                    3 if !waiting.is_empty() => {
                        let context: u32 = waiting.swap_remove(below(waiting.len()));
                        match poll(&mut pending, context) {
                            Poll::Ready(Ok(body)) => assert_eq!(body.bytes(), context.to_be_bytes()),
                            Poll::Ready(Err(e)) => {
                                assert!(matches!(e, Error::Timeout { .. }) && open.contains(&context), "{e}");
                                late += 1;
                            }
                            Poll::Pending => {
                                assert!(open.contains(&context));
                                pending.abandon(context);
                            }
                        }
                    }
                    _ => {
                        now += Duration::from_millis(below(10) as u64);
                        pending.expire(now, &mut wake, |_| {});
                        assert!(pending.next_deadline().is_none_or(|d| d > now));
                    }
                }
                if let Some(context) = old.get(below(old.len().max(1))) {
                    let again = pending.deliver(REPLY, *context, b"again", &mut wake);
                    assert!(matches!(again, Delivery::Stray));
                }
            }
            for context in open {
                pending.deliver(REPLY, context, &context.to_be_bytes(), &mut wake);
            }
            for context in waiting {
                assert!(matches!(poll(&mut pending, context), Poll::Ready(Ok(_))));
            }
            assert!(pending.entries.is_empty(), "seed {seed}");
        }
        assert!(late > 100, "{late}");
    }

    #[test]
    fn the_answer_to_the_ping_ends_the_dump_whether_or_not_anybody_waits() {
        let drops = Arc::new(AtomicUsize::new(0));
        for leave in [false, true] {
            let (mut pending, now, mut wake) = (Pending::default(), Instant::now(), Vec::new());
            let counted = drops.clone();
            let sink: Sink = Box::new(move |row| {
                counted.fetch_add(usize::from(row.is_ok()), Relaxed);
            });
            let dump = pending.dump(wanted(DETAILS, now, 9), sink);
            let (ping, _) = pending.call(wanted(REPLY, now, 9));
            pending.pair(dump, ping);
            let Delivery::Rows(mut sink) = pending.deliver(DETAILS, dump, b"row", &mut wake) else {
                panic!("no row")
            };
            sink(Ok(b"row"));
            // Whoever waits may leave while the reader holds the sink.
            if leave {
                assert!(pending.abandon(ping).is_none());
            }
            let unwanted = pending.give_back(dump, sink, now);
            assert_eq!(unwanted.is_some(), leave);
            drop(unwanted);
            let more = pending.deliver(DETAILS, dump, b"row", &mut wake);
            assert_eq!(matches!(more, Delivery::Rows(_)), !leave);
            if let Delivery::Rows(sink) = more {
                assert!(pending.give_back(dump, sink, now).is_none());
            }
            pending.deliver(REPLY, ping, b"", &mut wake);
            assert!(leave || poll(&mut pending, ping).is_ready());
            assert!(pending.entries.is_empty());
        }
        assert_eq!((Arc::strong_count(&drops), drops.load(Relaxed)), (1, 2));
    }

    #[test]
    fn a_lost_connection_leaves_only_what_futures_still_want() {
        let (mut pending, now, mut wake) = (Pending::default(), Instant::now(), Vec::new());
        let (waits, _) = pending.call(wanted(REPLY, now, 9));
        let (unsent, _) = pending.call(Wanted { begin: 100, ..wanted(REPLY, now, 9) });
        let (answered, _) = pending.call(wanted(REPLY, now, 9));
        pending.deliver(REPLY, answered, b"yes", &mut wake);
        pending.orphan(wanted(REPLY, now, 9));
        let dump = pending.dump(wanted(DETAILS, now, 9), Box::new(|_| {}));
        let (ping, _) = pending.call(wanted(REPLY, now, 9));
        pending.pair(dump, ping);
        assert_eq!(pending.fail_all(100, &mut wake, |_| {}).len(), 1);
        let lost = |p| matches!(p, Poll::Ready(Err(Error::Disconnected { sent: true, .. })));
        assert!(lost(poll(&mut pending, waits)) && lost(poll(&mut pending, ping)));
        let unsent = poll(&mut pending, unsent);
        assert!(matches!(unsent, Poll::Ready(Err(Error::Disconnected { sent: false, .. }))));
        assert!(matches!(poll(&mut pending, answered), Poll::Ready(Ok(_))));
        assert!(pending.entries.is_empty());
    }

    #[test]
    fn contexts_keep_the_highest_bit_free_and_change_with_every_use() {
        let (mut pending, now, mut wake) = (Pending::default(), Instant::now(), Vec::new());
        let mut last = u32::MAX;
        for _ in 0..3 * GENERATIONS {
            let (context, _) = pending.call(wanted(REPLY, now, 9));
            assert!(context >> 31 == 0 && context != last);
            pending.deliver(REPLY, context, b"", &mut wake);
            assert!(poll(&mut pending, context).is_ready());
            last = context;
        }
    }
}
