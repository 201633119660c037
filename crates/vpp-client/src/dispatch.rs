//! What is done with messages that have come: replies to their futures, details to their dumps, events to their
//! subscribers.

use crate::frame::{Decoder, TooLong, get_message};
use crate::pending::{Delivery, Sink};
use crate::shared::{Inner, Shared};
use crate::trace::Direction;
use binapi::memclnt::MemclntKeepalive;
use std::sync::MutexGuard;
use std::task::Waker;
use tokio::time::Instant;

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
    /// Messages that came behind the first.
    more: u64,
}

impl Rows {
    fn give_back(self, inner: &mut Inner, now: Instant) -> Option<Sink> {
        inner.replies.count(self.number, self.more);
        inner.pending.give_back(self.context, self.sink, now)
    }
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
            r.more += 1;
            continue;
        }
        let inner = relock(&mut lock, shared, now);
        unwanted.extend(rows.take().and_then(|r| r.give_back(inner, now)));
        if let Some(reply) = inner.keepalive_reply(number) {
            kick |=
                inner.answer_keepalive(reply, get_message::<MemclntKeepalive>(message).map_or(0, |(c, _)| c));
        } else if !inner.subscribers.push(number, message, wake) {
            inner.replies.count(number, 1);
            match inner.pending.deliver(number, context, body, wake) {
                Delivery::Last(answered) => inner.methods.count_answer(&answered, body, now),
                Delivery::More => {}
                Delivery::Rows(sink) => rows = Some(Rows { context, number, sink, more: 0 }),
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
    unwanted.extend(rows.take().and_then(|r| r.give_back(inner, now)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::frame;
    use crate::methods::MessageTable;
    use crate::shared::Link;
    use binapi::ip::{IpTableDetails, IpTableDump};
    use binapi::memclnt::ControlPing;
    use std::time::Duration;

    /// Messages with random numbers, contexts, lengths and content, near enough to real ones to be taken for them.
    #[test]
    fn random_messages_do_no_harm() {
        let mut taken = 0;
        for seed in 1..300_u64 {
            let mut state = seed;
            let mut below = |n: usize| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % n as u64) as usize
            };
            let shared = Shared::new(Config { trace: true, ..Config::new("/") });
            let table = MessageTable::new(binapi::messages().iter().zip(0..).map(|(m, n)| (m.id, n)));
            let keepalive = Some((0, 1));
            let link = Link { client_index: 9, generation: 1, admitted: true, keepalive };
            shared.lock().install(link, table, &mut Vec::new());
            let (mut decoder, mut wake) = (Decoder::new(1 << 20), Vec::new());
            let mut contexts = Vec::new();
            for _ in 0..below(200) {
                if below(4) == 0 {
                    let after = Duration::from_secs(1);
                    contexts.push(shared.call(&ControlPing::default(), after).unwrap());
                    let sink: Sink = Box::new(|row| {
                        let _ = row.map(get_message::<IpTableDetails>);
                    });
                    contexts.push(shared.dump(&IpTableDump::default(), after, sink).unwrap());
                }
                let context =
                    contexts.get(below(contexts.len() + 1)).copied().unwrap_or(below(1 << 31) as u32);
                let number = below(binapi::messages().len() + 5) as u16;
                let body: Vec<u8> = (0..below(120)).map(|_| below(256) as u8).collect();
                frame::put(decoder.space(), |out| {
                    out.extend_from_slice(&number.to_be_bytes());
                    // The dump's own entry is the one before its ping.
                    out.extend_from_slice(&(context - below(2) as u32).to_be_bytes());
                    out.extend_from_slice(&body);
                });
                if below(3) == 0 {
                    dispatch(&shared, &mut decoder, &mut wake).unwrap();
                }
            }
            let stats = shared.lock().methods.stats();
            taken += stats.iter().map(|s| s.ok + s.failed).sum::<u64>();
            assert!(shared.trace.json()["messages"].is_array());
        }
        assert!(taken > 1000, "{taken}");
    }

    #[test]
    fn a_message_too_short_for_its_header_ends_the_stream() {
        let shared = Shared::new(Config::new("/"));
        for length in 0..6 {
            let mut decoder = Decoder::new(100);
            frame::put(decoder.space(), |out| out.resize(out.len() + length, 0));
            let error = dispatch(&shared, &mut decoder, &mut Vec::new()).unwrap_err();
            assert!(matches!(error, Garbled::TooShort(n) if n == length));
        }
    }
}
