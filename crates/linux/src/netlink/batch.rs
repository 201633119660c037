//! Many requests in one datagram, acknowledged in bulk. Pure.
//!
//! The kernel works a datagram off in order before it returns, and tells of each request that failed. So only the last one
//! asks for an acknowledgement: when that comes, whatever was not refused is done.
//!
//! For each link that is removed the kernel waits until nobody uses it any more, some 20 ms, unless many are removed by one
//! request: so those of a datagram are put into a group of their own, and that is removed.

use super::frame::{Raw, append};
use super::{Message, errno};
use netlink_packet_core::NLM_F_ACK;
use netlink_packet_route::link::{LinkAttribute, LinkMessage};
use std::borrow::Cow;
use std::fmt;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What the kernel is told.
    pub message: Message,
    /// Flags besides those that every request has.
    pub flags: u16,
}

impl Request {
    /// Without flags.
    pub fn new(message: Message) -> Request {
        Request { message, flags: 0 }
    }
    /// With these flags.
    pub fn with(message: Message, flags: u16) -> Request {
        Request { message, flags }
    }
}

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The kernel said so, by this number.
    Errno(i32),
    /// The same, and why, in words of its own.
    Said(i32, Box<str>),
    /// The answer was lost: it may have been done.
    Lost(String),
    /// The namespace is not there any more.
    Gone,
}

impl Refusal {
    /// The name of the error, as in `errno.h`.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Refusal::Errno(number) | Refusal::Said(number, _) => {
                Some(errno::explain(*number).0).filter(|name| !name.is_empty())
            }
            _ => None,
        }
    }
    /// Without the kernel's words, which kernels choose differently.
    pub fn plain(self) -> Refusal {
        match self {
            Refusal::Said(number, _) => Refusal::Errno(number),
            other => other,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Errno(number) => match errno::explain(*number) {
                ("", meaning) => write!(f, "{meaning} (error {number})"),
                (name, meaning) => write!(f, "{meaning} ({name}, {number})"),
            },
            Refusal::Said(number, why) => write!(f, "{}: {why}", Refusal::Errno(*number)),
            Refusal::Lost(why) => write!(f, "the kernel's answer was lost: {why}"),
            Refusal::Gone => f.write_str("the network namespace is gone"),
        }
    }
}

/// A message that answers a request, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is about, as in `RTM_…`.
    pub kind: u16,
    /// The bytes after its header.
    pub body: Box<[u8]>,
}

/// The messages that answer a group of requests, or the first refusal.
pub type Answer = Result<Vec<Told>, Refusal>;

/// Requests that belong together, and what was said about them so far.
struct Group {
    /// How many requests stand before it.
    at: u32,
    len: u32,
    /// A link of it is removed together with others.
    leaves: bool,
    answer: Answer,
}

/// A datagram on its way.
pub struct Batch {
    /// The bytes to send.
    pub datagram: Vec<u8>,
    groups: Vec<Group>,
    /// The number of the first request.
    first: u32,
    /// That of the last one, which is acknowledged.
    last: u32,
    closed: bool,
    /// Behind the groups stands the request that removes links together.
    together: bool,
}

/// The link that a request removes, by its number.
fn removed(request: &Request) -> Option<u32> {
    match &request.message {
        Message::DelLink(link) => Some(link.header.index).filter(|&index| index != 0),
        _ => None,
    }
}

/// A link, or all of a group, that is put into or meant by this group.
fn of_group(index: u32, group: u32) -> LinkMessage {
    let mut link = LinkMessage::default();
    link.header.index = index;
    link.attributes.push(LinkAttribute::Group(group));
    link
}

impl Batch {
    /// Puts groups of requests into one datagram; the first request gets the number `first`. None of the groups may be empty.
    /// Links that are removed leave together in the group `leaving`, which nobody else may use.
    pub fn new(groups: &[Vec<Request>], first: u32, leaving: u32) -> Batch {
        let together = groups.iter().flatten().filter_map(removed).nth(1).is_some();
        let (datagram, of) = (Vec::new(), Vec::with_capacity(groups.len() + 1));
        let mut batch = Batch { datagram, groups: of, first, last: first, closed: false, together };
        let mut left = groups.iter().map(Vec::len).sum::<usize>() + usize::from(together);
        let mut add = |batch: &mut Batch, message: &Message, flags| {
            left -= 1;
            batch.last = first.wrapping_add(batch.count());
            append(
                &mut batch.datagram,
                message,
                if left == 0 { flags | NLM_F_ACK } else { flags },
                batch.last,
            );
            if let Some(group) = batch.groups.last_mut() {
                group.len += 1;
            }
        };
        for group in groups {
            batch.open(together && group.iter().any(|request| removed(request).is_some()));
            for request in group {
                let message = match removed(request).filter(|_| together) {
                    Some(index) => Cow::Owned(Message::SetLink(of_group(index, leaving))),
                    None => Cow::Borrowed(&request.message),
                };
                add(&mut batch, &message, request.flags);
            }
        }
        if together {
            batch.open(false);
            add(&mut batch, &Message::DelLink(of_group(0, leaving)), 0);
        }
        batch
    }
    /// How many requests it has.
    pub fn count(&self) -> u32 {
        self.groups.last().map_or(0, |group| group.at + group.len)
    }
    fn open(&mut self, leaves: bool) {
        self.groups.push(Group { at: self.count(), len: 0, leaves, answer: Ok(Vec::new()) });
    }
    /// Takes in what came. Returns true once nothing more will come.
    pub fn take<'d>(&mut self, came: impl Iterator<Item = Raw<'d>>) -> bool {
        for raw in came {
            let place = raw.seq.wrapping_sub(self.first);
            let group = self.groups.partition_point(|group| group.at <= place).checked_sub(1);
            let group = group.and_then(|group| self.groups.get_mut(group));
            let Some(group) = group.filter(|group| place - group.at < group.len) else { continue };
            match (raw.end(), &mut group.answer) {
                (None, Ok(messages)) => {
                    let told = |kind, body: &[u8]| Some(Told { kind, body: body.into() });
                    messages.extend(raw.read(told));
                }
                (Some(0), _) | (_, Err(_)) => {}
                (Some(number), answer) => {
                    let said = |why: &str| Refusal::Said(number, why.into());
                    *answer = Err(raw.why().map_or(Refusal::Errno(number), said));
                }
            }
            self.closed |= raw.end().is_some() && raw.seq == self.last;
        }
        self.closed
    }
    /// The answers, group by group; `lost` says why not all of them came.
    pub fn answers(mut self, lost: Option<String>) -> Vec<Answer> {
        let lost = lost.filter(|_| !self.closed);
        let removed = if self.together { self.groups.pop() } else { None };
        let stays = removed.and_then(|group| group.answer.err());
        let answer = |group: Group| match (&lost, &stays, group.answer) {
            (Some(why), _, Ok(_)) => Err(Refusal::Lost(why.clone())),
            (_, Some(refusal), Ok(_)) if group.leaves => Err(refusal.clone()),
            (_, _, answer) => answer,
        };
        self.groups.into_iter().map(answer).collect()
    }
}

/// A part of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<T> {
    /// More of it.
    More(Vec<T>),
    /// It changed meanwhile, and comes again from the beginning: what has come so far is void.
    Again,
}

/// The answer to a request for everything of a kind.
#[derive(Default)]
pub struct Dump {
    interrupted: bool,
}

/// How a dump ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// With everything.
    Whole,
    /// It changed meanwhile: ask again.
    Interrupted,
    /// With a refusal.
    Refused(i32),
}

impl Dump {
    /// Takes in what came for request `seq`; tells what it says, and how it ended once it did.
    pub fn take<'d, T>(
        &mut self,
        seq: u32,
        came: impl Iterator<Item = Raw<'d>>,
        read: impl Fn(u16, &[u8]) -> Option<T>,
    ) -> (Vec<T>, Option<Ended>) {
        let mut found = Vec::new();
        for raw in came.filter(|raw| raw.seq == seq) {
            self.interrupted |= raw.interrupted;
            match raw.end() {
                None => found.extend(raw.read(&read)),
                Some(0) if self.interrupted => return (found, Some(Ended::Interrupted)),
                Some(0) => return (found, Some(Ended::Whole)),
                Some(number) => return (found, Some(Ended::Refused(number))),
            }
        }
        (found, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::frame::{message, raws};
    use netlink_packet_route::link::LinkMessage;
    use proptest::prelude::*;

    fn get() -> Request {
        Request::new(Message::GetLink(LinkMessage::default()))
    }
    const ERROR: u16 = 2;
    const DONE: u16 = 3;

    /// Something that the kernel says: a message, or how it ended, which it says with negative numbers.
    fn said(seq: u32, kind: u16, body: &[u8]) -> Raw<'_> {
        Raw::new(seq, kind, body)
    }
    fn code(number: i32) -> [u8; 4] {
        number.wrapping_neg().to_ne_bytes()
    }

    #[test]
    fn only_the_last_request_is_acknowledged() {
        let batch = Batch::new(&[vec![get(), get()], vec![get()]], 10, 0);
        let flags = |at: usize| u16::from_ne_bytes([batch.datagram[at + 6], batch.datagram[at + 7]]);
        let length = batch.datagram.len() / 3;
        assert_eq!([flags(0) & 4, flags(length) & 4, flags(2 * length) & 4], [0, 0, 4]);
    }

    #[test]
    fn answers_find_their_requests() {
        let mut batch = Batch::new(&[vec![get(), get()], vec![get()], vec![get()]], u32::MAX, 0);
        assert!(!batch.take([said(0, ERROR, &code(17)), said(77, ERROR, &code(1))].into_iter()));
        assert!(!batch.take([said(1, 16, b"link"), said(u32::MAX - 1, 16, b"late")].into_iter()));
        assert!(batch.take([said(2, ERROR, &code(0))].into_iter()));
        let answers = batch.answers(Some("no reason".into()));
        let told = Told { kind: 16, body: (*b"link").into() };
        assert_eq!(answers, [Err(Refusal::Errno(17)), Ok(vec![told]), Ok(vec![])]);
    }

    fn delete(index: u32) -> Request {
        let mut link = LinkMessage::default();
        link.header.index = index;
        Request::new(Message::DelLink(link))
    }
    /// The requests of a datagram, and which of them are acknowledged.
    fn sent(batch: &Batch) -> Vec<(Message, bool)> {
        let read = |raw: Raw<'_>| raw.read(message).unwrap();
        let mut flags = Vec::new();
        let mut at = 0;
        while let Some(length) = batch.datagram.get(at..at + 4) {
            flags.push(batch.datagram[at + 6] & 4 != 0);
            at += u32::from_ne_bytes(length.try_into().unwrap()).next_multiple_of(4) as usize;
        }
        raws(&batch.datagram).map(read).zip(flags).collect()
    }

    #[test]
    fn links_are_removed_together() {
        let alone = Batch::new(&[vec![get(), delete(5)]], 1, 77);
        assert_eq!(sent(&alone), [(get().message, false), (delete(5).message, true)]);
        let mut batch = Batch::new(&[vec![get(), delete(5)], vec![get()], vec![delete(6)]], 1, 77);
        let leave = |index| Message::SetLink(of_group(index, 77));
        let expected = [get().message, leave(5), get().message, leave(6), Message::DelLink(of_group(0, 77))];
        let last = expected.len() - 1;
        let acknowledged = expected.into_iter().enumerate().map(|(at, message)| (message, at == last));
        assert_eq!(sent(&batch), acknowledged.collect::<Vec<_>>());
        // One was gone already; the group could not be removed.
        assert!(batch.take([said(4, ERROR, &code(19)), said(5, ERROR, &code(1))].into_iter()));
        let answers = batch.answers(None);
        assert_eq!(answers, [Err(Refusal::Errno(1)), Ok(vec![]), Err(Refusal::Errno(19))]);
    }

    #[test]
    fn what_is_lost_may_have_been_done() {
        let mut batch = Batch::new(&[vec![get()], vec![get()]], 1, 0);
        assert!(!batch.take([said(1, ERROR, &code(19))].into_iter()));
        let answers = batch.answers(Some("overrun".into()));
        assert_eq!(answers, [Err(Refusal::Errno(19)), Err(Refusal::Lost("overrun".into()))]);
        assert_eq!(answers[0].as_ref().unwrap_err().to_string(), "there is no such interface (ENODEV, 19)");
    }

    #[test]
    fn a_dump_that_was_interrupted_is_none() {
        let done = |seq, code: &'static [u8; 4]| Raw::new(seq, DONE, code);
        let mut begun = Raw::new(3, 24, b"one");
        begun.interrupted = true;
        let read = |kind: u16, body: &[u8]| Some((kind, body.to_vec()));
        let mut dump = Dump::default();
        let one = || (24, b"one".to_vec());
        assert_eq!(dump.take(3, [begun, done(4, &[0; 4])].into_iter(), read), (vec![one()], None));
        assert_eq!(dump.take(3, [done(3, &[0; 4])].into_iter(), read), (vec![], Some(Ended::Interrupted)));
        let mut dump = Dump::default();
        let all =
            [Raw::new(3, 24, b"one"), Raw::new(4, 24, b"other"), Raw::new(3, 25, b"two"), done(3, &[0; 4])];
        let found = vec![one(), (25, b"two".to_vec())];
        assert_eq!(dump.take(3, all.into_iter(), read), (found, Some(Ended::Whole)));
        let refused = (-16_i32).to_ne_bytes();
        let refused = Raw::new(3, DONE, &refused);
        let (_, ended) = Dump::default().take(3, [refused].into_iter(), read);
        assert_eq!(ended, Some(Ended::Refused(16)));
    }

    proptest! {
        #[test]
        fn no_answer_panics(seqs in prop::collection::vec((any::<u32>(), any::<i32>()), 0..20), first: u32) {
            let mut batch = Batch::new(&[vec![get(); 3], vec![get()]], first, 0);
            let codes: Vec<(u32, [u8; 4])> = seqs.iter().map(|&(seq, number)| (seq, code(number))).collect();
            batch.take(codes.iter().map(|(seq, code)| said(first.wrapping_add(seq % 8), ERROR, code)));
            prop_assert_eq!(batch.answers(None).len(), 2);
        }
    }
}
