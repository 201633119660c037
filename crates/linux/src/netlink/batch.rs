//! Many requests in one datagram, acknowledged in bulk. Pure.
//!
//! The kernel works a datagram off in order before it returns, and tells of each request that failed. So only the last one
//! asks for an acknowledgement: when that comes, whatever was not refused is done.

use super::frame::{Frame, Raw, Said, append};
use super::{Message, errno};
use netlink_packet_core::NLM_F_ACK;
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
    /// The answer was lost: it may have been done.
    Lost(String),
    /// The namespace is not there any more.
    Gone,
}

impl Refusal {
    /// The name of the error, as in `errno.h`.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Refusal::Errno(number) => Some(errno::explain(*number).0).filter(|name| !name.is_empty()),
            _ => None,
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
            Refusal::Lost(why) => write!(f, "the kernel's answer was lost: {why}"),
            Refusal::Gone => f.write_str("the network namespace is gone"),
        }
    }
}

/// The messages that answer a group of requests, or the first refusal.
pub type Answer = Result<Vec<Message>, Refusal>;

/// Requests that belong together, and what was said about them so far.
struct Group {
    first: u32,
    len: u32,
    answer: Answer,
}

/// A datagram on its way.
pub struct Batch {
    /// The bytes to send.
    pub datagram: Vec<u8>,
    groups: Vec<Group>,
    /// The number of the last request, which is acknowledged.
    last: u32,
    closed: bool,
}

impl Batch {
    /// Puts groups of requests into one datagram; the first request gets the number `first`. None of the groups may be
    /// empty.
    pub fn new(groups: &[Vec<Request>], first: u32) -> Batch {
        let mut batch = Batch { datagram: Vec::new(), groups: Vec::new(), last: first, closed: false };
        let mut seq = first;
        let mut left: usize = groups.iter().map(Vec::len).sum();
        for group in groups {
            let len = u32::try_from(group.len()).unwrap_or(u32::MAX);
            batch.groups.push(Group { first: seq, len, answer: Ok(Vec::new()) });
            for request in group {
                left -= 1;
                let flags = if left == 0 { request.flags | NLM_F_ACK } else { request.flags };
                append(&mut batch.datagram, &request.message, flags, seq);
                batch.last = seq;
                seq = seq.wrapping_add(1);
            }
        }
        batch
    }
    /// Takes in what came. Returns true once nothing more will come.
    pub fn take(&mut self, frames: Vec<Frame>) -> bool {
        for frame in frames {
            let last = frame.seq == self.last;
            let group = self.groups.iter_mut().find(|group| frame.seq.wrapping_sub(group.first) < group.len);
            let Some(group) = group else { continue };
            match frame.said {
                Said::Message(message) => {
                    if let Ok(messages) = &mut group.answer {
                        messages.push(*message);
                    }
                }
                Said::Outcome(0) | Said::Done(0) => self.closed |= last,
                Said::Outcome(number) | Said::Done(number) => {
                    if group.answer.is_ok() {
                        group.answer = Err(Refusal::Errno(number));
                    }
                    self.closed |= last;
                }
                Said::Nothing => {}
            }
        }
        self.closed
    }
    /// The answers, group by group; `lost` says why not all of them came.
    pub fn answers(self, lost: Option<String>) -> Vec<Answer> {
        let lost = lost.filter(|_| !self.closed);
        let answer = |group: Group| match (&lost, group.answer) {
            (Some(why), Ok(_)) => Err(Refusal::Lost(why.clone())),
            (_, answer) => answer,
        };
        self.groups.into_iter().map(answer).collect()
    }
}

/// The answer to a request for everything of a kind.
pub struct Dump<T> {
    found: Vec<T>,
    interrupted: bool,
}

/// How a dump ended.
#[derive(Debug, PartialEq)]
pub enum Ended<T> {
    /// With everything.
    Whole(Vec<T>),
    /// It changed meanwhile: ask again.
    Interrupted,
    /// With a refusal.
    Refused(i32),
}

impl<T> Default for Dump<T> {
    fn default() -> Self {
        Dump { found: Vec::new(), interrupted: false }
    }
}

impl<T> Dump<T> {
    /// Takes in what came for request `seq`; tells how it ended once it did.
    pub fn take<'d>(
        &mut self,
        seq: u32,
        came: impl Iterator<Item = Raw<'d>>,
        read: impl Fn(u16, &[u8]) -> Option<T>,
    ) -> Option<Ended<T>> {
        for raw in came.filter(|raw| raw.seq == seq) {
            self.interrupted |= raw.interrupted;
            match raw.end() {
                None => self.found.extend(raw.read(&read)),
                Some(0) if self.interrupted => return Some(Ended::Interrupted),
                Some(0) => return Some(Ended::Whole(std::mem::take(&mut self.found))),
                Some(number) => return Some(Ended::Refused(number)),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_route::link::LinkMessage;
    use proptest::prelude::*;

    fn get() -> Request {
        Request::new(Message::GetLink(LinkMessage::default()))
    }
    fn frame(seq: u32, said: Said) -> Frame {
        Frame { seq, interrupted: false, said }
    }

    #[test]
    fn only_the_last_request_is_acknowledged() {
        let batch = Batch::new(&[vec![get(), get()], vec![get()]], 10);
        let flags = |at: usize| u16::from_ne_bytes([batch.datagram[at + 6], batch.datagram[at + 7]]);
        let length = batch.datagram.len() / 3;
        assert_eq!([flags(0) & 4, flags(length) & 4, flags(2 * length) & 4], [0, 0, 4]);
    }

    #[test]
    fn answers_find_their_requests() {
        let mut batch = Batch::new(&[vec![get(), get()], vec![get()], vec![get()]], u32::MAX);
        let message = Said::Message(Box::new(Message::NewLink(LinkMessage::default())));
        assert!(!batch.take(vec![frame(0, Said::Outcome(17)), frame(77, Said::Outcome(1))]));
        assert!(!batch.take(vec![frame(1, message)]));
        assert!(batch.take(vec![frame(2, Said::Outcome(0))]));
        let answers = batch.answers(Some("no reason".into()));
        assert_eq!(answers[0], Err(Refusal::Errno(17)));
        assert_eq!(answers[1].as_ref().map(Vec::len), Ok(1));
        assert_eq!(answers[2], Ok(vec![]));
    }

    #[test]
    fn what_is_lost_may_have_been_done() {
        let mut batch = Batch::new(&[vec![get()], vec![get()]], 1);
        assert!(!batch.take(vec![frame(1, Said::Outcome(19))]));
        let answers = batch.answers(Some("overrun".into()));
        assert_eq!(answers, [Err(Refusal::Errno(19)), Err(Refusal::Lost("overrun".into()))]);
        assert_eq!(answers[0].as_ref().unwrap_err().to_string(), "there is no such interface (ENODEV, 19)");
    }

    #[test]
    fn a_dump_that_was_interrupted_is_none() {
        const DONE: u16 = 3;
        let done = |seq, code: &'static [u8; 4]| Raw::new(seq, DONE, code);
        let mut begun = Raw::new(3, 24, b"one");
        begun.interrupted = true;
        let read = |kind: u16, body: &[u8]| Some((kind, body.to_vec()));
        let mut dump = Dump::default();
        assert_eq!(dump.take(3, [begun, done(4, &[0; 4])].into_iter(), read), None);
        assert_eq!(dump.take(3, [done(3, &[0; 4])].into_iter(), read), Some(Ended::Interrupted));
        let mut dump = Dump::default();
        let all =
            [Raw::new(3, 24, b"one"), Raw::new(4, 24, b"other"), Raw::new(3, 25, b"two"), done(3, &[0; 4])];
        let found = vec![(24, b"one".to_vec()), (25, b"two".to_vec())];
        assert_eq!(dump.take(3, all.into_iter(), read), Some(Ended::Whole(found)));
        let refused = (-16_i32).to_ne_bytes();
        let refused = Raw::new(3, DONE, &refused);
        assert_eq!(Dump::default().take(3, [refused].into_iter(), read), Some(Ended::Refused(16)));
    }

    proptest! {
        #[test]
        fn no_answer_panics(seqs in prop::collection::vec((any::<u32>(), any::<i32>()), 0..20), first: u32) {
            let mut batch = Batch::new(&[vec![get(); 3], vec![get()]], first);
            let frames = seqs.iter().map(|&(seq, code)| frame(seq % 8, Said::Outcome(code))).collect();
            batch.take(frames);
            prop_assert_eq!(batch.answers(None).len(), 2);
        }
    }
}
