//! What was sent and received lately, for people. Off, it costs one look at a flag per message.

use crate::methods::MessageTable;
use crate::state::unix_seconds;
use binapi::MessageInfo;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a record takes besides its message, roughly.
const OVERHEAD: usize = size_of::<Record>();

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Direction {
    Sent,
    Received,
}

struct Record {
    at: Duration,
    direction: Direction,
    number: u16,
    info: Option<&'static MessageInfo>,
    /// With its header.
    message: Box<[u8]>,
}

#[derive(Default)]
struct Ring {
    records: VecDeque<Record>,
    bytes: usize,
    dropped: u64,
}

/// The API trace: a ring of messages, the oldest of which make room for new ones. See [`crate::Vpp::trace`].
pub struct Trace {
    on: AtomicBool,
    capacity: usize,
    began: Instant,
    began_unix: f64,
    ring: Mutex<Ring>,
}

impl Trace {
    pub(crate) fn new(on: bool, capacity: usize) -> Self {
        let ring = Mutex::default();
        Trace { on: AtomicBool::new(on), capacity, began: Instant::now(), began_unix: unix_seconds(), ring }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether messages are recorded.
    pub fn is_on(&self) -> bool {
        self.on.load(Relaxed)
    }

    /// Starts or stops recording; what has been recorded stays.
    pub fn set(&self, on: bool) {
        self.on.store(on, Relaxed);
    }

    /// Forgets what has been recorded.
    pub fn clear(&self) {
        *self.ring() = Ring::default();
    }

    /// Records a message if recording is on; the table tells what its number means.
    pub(crate) fn record(&self, direction: Direction, number: u16, table: &MessageTable, message: &[u8]) {
        if !self.is_on() {
            return;
        }
        let (at, info) = (self.began.elapsed(), table.info(number));
        let record = Record { at, direction, number, info, message: message.into() };
        let mut ring = self.ring();
        ring.bytes += record.message.len() + OVERHEAD;
        ring.records.push_back(record);
        while ring.bytes > self.capacity {
            let Some(oldest) = ring.records.pop_front() else { break };
            ring.bytes -= oldest.message.len() + OVERHEAD;
            ring.dropped += 1;
        }
    }

    /// What has been recorded, oldest first: `began` (seconds since 1970), `on`, `dropped` (how many records made room
    /// for others) and `messages`, each with `time` (seconds since `began`), `direction`, `message`, `context` and
    /// `body`. Of a message that is not known here, or not readable, there is `hex` instead of `body`.
    pub fn json(&self) -> Value {
        let ring = self.ring();
        let messages: Vec<Value> = ring.records.iter().map(Record::json).collect();
        json!({ "began": self.began_unix, "on": self.is_on(), "dropped": ring.dropped, "messages": messages })
    }
}

impl Record {
    fn json(&self) -> Value {
        let direction = match self.direction {
            Direction::Sent => "sent",
            Direction::Received => "received",
        };
        let mut row = json!({ "time": self.at.as_secs_f64(), "direction": direction });
        row["message"] =
            self.info.map_or_else(|| format!("number {}", self.number), |i| i.name.into()).into();
        let Some(info) = self.info else {
            row["hex"] = hex(&self.message).into();
            return row;
        };
        let context = info.head.context_at().and_then(|at| self.message.get(at..)?.first_chunk());
        if let Some(context) = context {
            row["context"] = u32::from_be_bytes(*context).into();
        }
        let fields = self.message.get(info.head.fields_at()..).unwrap_or_default();
        match (info.debug)(fields) {
            Ok(text) => row["body"] = text.into(),
            Err(_) => row["hex"] = hex(fields).into(),
        }
        row
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing into a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_keeps_what_fits_and_counts_the_rest() {
        let table = MessageTable::default();
        let trace = Trace::new(true, 10 * (OVERHEAD + 4));
        for i in 0..25 {
            trace.record(Direction::Sent, i, &table, &[0xab, 0, 0, i as u8]);
        }
        let json = trace.json();
        assert_eq!(json["dropped"], 15);
        let messages = json["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 10);
        assert_eq!((&messages[0]["message"], &messages[0]["hex"]), (&json!("number 15"), &json!("ab00000f")));
        trace.clear();
        assert_eq!(trace.json()["messages"], json!([]));
    }

    #[test]
    fn nothing_is_recorded_while_off() {
        let table = MessageTable::default();
        let trace = Trace::new(false, 1 << 20);
        trace.record(Direction::Received, 1, &table, b"x");
        assert_eq!(trace.json()["messages"], json!([]));
        trace.set(true);
        trace.record(Direction::Received, 1, &table, b"x");
        trace.set(false);
        assert_eq!(trace.json()["messages"].as_array().unwrap().len(), 1);
    }
}
