//! The messages this client has used so far: their numbers on the current connection, and counters.

use crate::pending::Answered;
use crate::stats::{Counts, Failure, MessageStats};
use binapi::MessageInfo;
use binapi::codec::Message;
use std::any::TypeId;
use std::collections::HashMap;
use tokio::time::Instant;

/// The numbers of VPP's messages on one connection.
#[derive(Default)]
pub(crate) struct MessageTable {
    numbers: HashMap<Box<str>, u16>,
    /// What is known here of the messages, by number.
    known: Vec<Option<&'static MessageInfo>>,
}

impl MessageTable {
    /// From names with CRC and their numbers.
    pub fn new<'a>(rows: impl Iterator<Item = (&'a str, u16)>) -> Self {
        let mut table = MessageTable::default();
        for (id, number) in rows {
            table.numbers.insert(id.into(), number);
            let at = usize::from(number);
            if let Some(info) = binapi::by_id(id) {
                table.known.resize(table.known.len().max(at + 1), None);
                if let Some(place) = table.known.get_mut(at) {
                    *place = Some(info);
                }
            }
        }
        table
    }
    /// The number of a message, by name and CRC.
    pub fn number(&self, id: &str) -> Option<u16> {
        self.numbers.get(id).copied()
    }
    /// The CRCs with which a name is there.
    pub fn crcs(&self, name: &str) -> Vec<&str> {
        let crc =
            |id: &'_ str| id.rsplit_once('_').filter(|(known, _)| *known == name).map(|(_, crc)| crc.len());
        let crcs = self.numbers.keys().filter_map(|id| id.get(id.len() - crc(id)?..));
        crcs.collect()
    }
    /// The message with a number, if it is one this agent knows.
    pub fn info(&self, number: u16) -> Option<&'static MessageInfo> {
        self.known.get(usize::from(number)).copied().flatten()
    }
}

/// A request with its answer.
#[derive(Debug)]
struct Method {
    name: &'static str,
    /// Names and CRCs of request and answer.
    ids: (&'static str, &'static str),
    /// The return value of an answer; `None` if it is unreadable.
    retval: fn(&[u8]) -> Option<i32>,
    /// Numbers of request and answer; `None` if VPP lacks one of them.
    numbers: Option<(u16, u16)>,
    counts: Counts,
}

impl Method {
    fn number(&mut self, table: &MessageTable) {
        self.numbers = table.number(self.ids.0).zip(table.number(self.ids.1));
    }
}

/// All methods used so far.
#[derive(Debug, Default)]
pub(crate) struct Methods {
    list: Vec<Method>,
    by_type: HashMap<(TypeId, TypeId), usize>,
}

impl Methods {
    /// The place of the method `R` answered by `A`. `retval` reads an answer.
    pub fn index<R: Message, A: Message>(
        &mut self,
        table: &MessageTable,
        retval: fn(&[u8]) -> Option<i32>,
    ) -> usize {
        *self.by_type.entry((TypeId::of::<R>(), TypeId::of::<A>())).or_insert_with(|| {
            let mut method = Method {
                name: R::NAME,
                ids: (R::ID, A::ID),
                retval,
                numbers: None,
                counts: Counts::default(),
            };
            method.number(table);
            self.list.push(method);
            self.list.len() - 1
        })
    }
    /// Numbers of request and answer; `None` if VPP lacks one of them.
    pub fn numbers(&self, index: usize) -> Option<(u16, u16)> {
        self.list.get(index)?.numbers
    }
    pub fn count_sent(&mut self, index: usize) {
        if let Some(m) = self.list.get_mut(index) {
            m.counts.sent += 1;
        }
    }
    /// Counts an answer that came now, unless its request was counted already.
    pub fn count_answer(&mut self, answered: &Answered, body: &[u8], now: Instant) {
        let Some(m) = self.list.get_mut(answered.method).filter(|_| !answered.late) else { return };
        match (m.retval)(body).filter(|_| answered.expected) {
            Some(0..) => m.counts.done(now.saturating_duration_since(answered.queued)),
            Some(refused) => m.counts.failed(Failure::Refused(refused)),
            None => m.counts.failed(Failure::Unreadable),
        }
    }
    /// Counts a request that had no answer.
    pub fn count_failed(&mut self, index: usize, why: Failure) {
        if let Some(m) = self.list.get_mut(index) {
            m.counts.failed(why);
        }
    }
    /// Takes the numbers of a new connection.
    pub fn renumber(&mut self, table: &MessageTable) {
        self.list.iter_mut().for_each(|m| m.number(table));
    }
    pub fn stats(&self) -> Vec<MessageStats> {
        let row = |m: &Method| m.counts.shown(m.name, m.ids.0);
        let mut rows: Vec<_> = self.list.iter().map(row).collect();
        rows.sort_by_key(|r| r.id);
        rows
    }
}
