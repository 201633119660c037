//! What is done with messages that have come: replies to their futures, details to their dumps, events to their
//! subscribers.

use crate::frame::{Decoder, TooLong, get_message};
use crate::pending::{Delivery, Sink};
use crate::shared::{Inner, Shared};
use crate::trace::Direction;
use binapi::memclnt::MemclntKeepalive;
use std::sync::MutexGuard;
use std::task::Waker;
use std::time::Instant;

/// Why the stream cannot be understood.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Garbled {
    #[error(transparent)]
    TooLong(#[from] TooLong),
    #[error("a message of {0} bytes came, too short for its header; this is not VPP's binary API")]
    TooShort(usize),
}

/// A dump's sink, out of its entry while details messages come in a row.
struct Rows {
    context: u32,
    number: u16,
    sink: Sink,
}

/// Handles all whole messages the decoder holds. The lock is taken once, and released only around sinks, which run
/// code of the caller.
pub(crate) fn dispatch(shared: &Shared, decoder: &mut Decoder, wake: &mut Vec<Waker>) -> Result<(), Garbled> {
    let now = Instant::now();
    let mut lock = None;
    let mut rows: Option<Rows> = None;
    let mut unwanted = Vec::new();
    let mut kick = false;
    let result = loop {
        let message = match decoder.next_message() {
            Ok(Some(message)) => message,
            Ok(None) => break Ok(()),
            Err(e) => break Err(e.into()),
        };
        let Some((number, context, body)) = split(message) else {
            break Err(Garbled::TooShort(message.len()));
        };
        if let Some(r) = &mut rows
            && (r.context, r.number) == (context, number)
        {
            if shared.trace.is_on() {
                shared.trace.record(Direction::Received, number, &shared.lock().table, message);
            }
            (r.sink)(Ok(body));
            continue;
        }
        let inner = relock(&mut lock, shared, now);
        unwanted.extend(rows.take().and_then(|r| inner.pending.give_back(r.context, r.sink, now)));
        if let Some(reply) = inner.keepalive_reply(number) {
            kick |=
                inner.answer_keepalive(reply, get_message::<MemclntKeepalive>(message).map_or(0, |(c, _)| c));
        } else if !inner.subscribers.push(number, message, wake) {
            match inner.pending.deliver(number, context, body, wake) {
                Delivery::Last { method, expected } => inner.methods.count_answer(method, expected, body),
                Delivery::More => {}
                Delivery::Rows(sink) => rows = Some(Rows { context, number, sink }),
                Delivery::Stray => tracing::debug!(number, context, "message nobody waits for"),
            }
        }
        shared.trace.record(Direction::Received, number, &inner.table, message);
        if let Some(r) = &mut rows {
            lock = None;
            (r.sink)(Ok(body));
        }
    };
    let inner = relock(&mut lock, shared, now);
    unwanted.extend(rows.take().and_then(|r| inner.pending.give_back(r.context, r.sink, now)));
    drop(lock);
    if kick {
        shared.kick.notify_one();
    }
    result
}

fn relock<'l, 's>(
    lock: &'l mut Option<MutexGuard<'s, Inner>>,
    shared: &'s Shared,
    now: Instant,
) -> &'l mut MutexGuard<'s, Inner> {
    let inner = lock.get_or_insert_with(|| shared.lock());
    inner.heard = Some(now);
    inner
}

/// Number, context (of an event: the client index) and the fields behind them.
fn split(message: &[u8]) -> Option<(u16, u32, &[u8])> {
    let (number, rest) = message.split_first_chunk()?;
    let (context, body) = rest.split_first_chunk()?;
    Some((u16::from_be_bytes(*number), u32::from_be_bytes(*context), body))
}
