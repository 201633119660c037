//! The messages this client has used so far: their numbers on the current connection, and counters.

use binapi::MessageInfo;
use binapi::codec::Message;
use std::any::TypeId;
use std::collections::HashMap;

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
    /// Whether an answer says that the request was carried out.
    accepted: fn(&[u8]) -> bool,
    /// Numbers of request and answer; `None` if VPP lacks one of them.
    numbers: Option<(u16, u16)>,
    sent: u64,
    ok: u64,
    failed: u64,
}

impl Method {
    fn number(&mut self, table: &MessageTable) {
        self.numbers = table.number(self.ids.0).zip(table.number(self.ids.1));
    }
}

/// How often a request was used since the client was made.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageStats {
    /// Name of the request.
    pub name: &'static str,
    /// Name and CRC of the request.
    pub id: &'static str,
    /// How many were queued for sending.
    pub sent: u64,
    /// How many VPP carried out. What is neither `ok` nor `failed` is in flight or was lost with a connection.
    pub ok: u64,
    /// How many VPP refused, or answered unreadably.
    pub failed: u64,
}

/// All methods used so far.
#[derive(Debug, Default)]
pub(crate) struct Methods {
    list: Vec<Method>,
    by_type: HashMap<(TypeId, TypeId), usize>,
}

impl Methods {
    /// The place of the method `R` answered by `A`. `accepted` judges an answer.
    pub fn index<R: Message, A: Message>(
        &mut self,
        table: &MessageTable,
        accepted: fn(&[u8]) -> bool,
    ) -> usize {
        *self.by_type.entry((TypeId::of::<R>(), TypeId::of::<A>())).or_insert_with(|| {
            let mut method = Method {
                name: R::NAME,
                ids: (R::ID, A::ID),
                accepted,
                numbers: None,
                sent: 0,
                ok: 0,
                failed: 0,
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
            m.sent += 1;
        }
    }
    /// Counts an answer; `expected` says whether it is the message that belongs to the request.
    pub fn count_answer(&mut self, index: usize, expected: bool, body: &[u8]) {
        let Some(m) = self.list.get_mut(index) else { return };
        if expected && (m.accepted)(body) {
            m.ok += 1;
        } else {
            m.failed += 1;
        }
    }
    /// Takes the numbers of a new connection.
    pub fn renumber(&mut self, table: &MessageTable) {
        self.list.iter_mut().for_each(|m| m.number(table));
    }
    pub fn stats(&self) -> Vec<MessageStats> {
        let row =
            |m: &Method| MessageStats { name: m.name, id: m.ids.0, sent: m.sent, ok: m.ok, failed: m.failed };
        let mut rows: Vec<_> = self.list.iter().map(row).collect();
        rows.sort_by_key(|r| r.id);
        rows
    }
}
