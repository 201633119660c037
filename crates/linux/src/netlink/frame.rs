//! A datagram of netlink: messages one after the other, each with a header of 16 bytes and padded to 4.

use super::Message;
use netlink_packet_core::{
    NLM_F_REQUEST, NLMSG_ALIGNTO, NetlinkDeserializable, NetlinkHeader, NetlinkSerializable,
};

/// Length of the header of a message.
const HEADER: usize = 16;
const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLMSG_OVERRUN: u16 = 4;
/// What came was gathered while it changed.
const NLM_F_DUMP_INTR: u16 = 16;

/// What the kernel says about one request.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// Something that was asked for.
    Message(Box<Message>),
    /// The request was done (0), or the number of the error.
    Outcome(i32),
    /// All that was asked for has come (0), or the number of the error.
    Done(i32),
    /// Nothing that anybody waits for, or nothing that can be read.
    Nothing,
}

/// One message of a datagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The request that it answers; 0 if it answers none.
    pub seq: u32,
    /// The answer was gathered while what is asked for changed.
    pub interrupted: bool,
    /// What it says.
    pub said: Said,
}

/// Takes a datagram apart. What cannot be read is [`Said::Nothing`]; a length that makes no sense ends the datagram.
pub fn frames(mut datagram: &[u8]) -> Vec<Frame> {
    let mut out = Vec::new();
    while let Some(frame) = first(&mut datagram) {
        out.push(frame);
    }
    out
}

fn first(rest: &mut &[u8]) -> Option<Frame> {
    let header = rest.get(..HEADER)?;
    let u32_at = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    let u16_at = |at: usize| header.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes);
    let (length, kind, flags, seq) = (u32_at(0)? as usize, u16_at(4)?, u16_at(6)?, u32_at(8)?);
    let body = rest.get(HEADER..length)?;
    let code = || body.get(..4)?.try_into().ok().map(i32::from_ne_bytes);
    let said = match kind {
        // The kernel's errors are negative.
        NLMSG_ERROR => Said::Outcome(code().unwrap_or(-1).saturating_neg()),
        NLMSG_DONE => Said::Done(code().unwrap_or(0).saturating_neg()),
        NLMSG_NOOP | NLMSG_OVERRUN => Said::Nothing,
        _ => message(kind, body).map_or(Said::Nothing, |message| Said::Message(Box::new(message))),
    };
    let padded = length.next_multiple_of(usize::from(NLMSG_ALIGNTO));
    *rest = rest.get(padded..).unwrap_or_default();
    Some(Frame { seq, interrupted: flags & NLM_F_DUMP_INTR != 0, said })
}

fn message(kind: u16, body: &[u8]) -> Option<Message> {
    let mut header = NetlinkHeader::default();
    header.message_type = kind;
    Message::deserialize(&header, body).ok()
}

/// Adds a request to a datagram.
pub fn append(datagram: &mut Vec<u8>, message: &Message, flags: u16, seq: u32) {
    let at = datagram.len();
    let length = HEADER + message.buffer_len();
    let bytes = u32::try_from(length).unwrap_or(u32::MAX);
    datagram.extend(bytes.to_ne_bytes());
    datagram.extend(message.message_type().to_ne_bytes());
    datagram.extend((flags | NLM_F_REQUEST).to_ne_bytes());
    datagram.extend(seq.to_ne_bytes());
    datagram.extend([0; 4]); // the kernel knows who we are
    datagram.resize(at + length.next_multiple_of(usize::from(NLMSG_ALIGNTO)), 0);
    if let Some(body) = datagram.get_mut(at + HEADER..at + length) {
        message.serialize(body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_route::link::{LinkAttribute, LinkMessage};
    use proptest::prelude::*;

    fn link(name: &str) -> Message {
        let mut link = LinkMessage::default();
        link.header.index = 7;
        link.attributes.push(LinkAttribute::IfName(name.to_owned()));
        Message::NewLink(link)
    }

    #[test]
    fn requests_of_a_datagram_are_read_back() {
        let mut datagram = Vec::new();
        append(&mut datagram, &link("abc"), 0, 5);
        append(&mut datagram, &link("a-longer-name"), 4, 6);
        let read = frames(&datagram);
        let message = |name| Said::Message(Box::new(link(name)));
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].seq, &read[0].said), (5, &message("abc")));
        assert_eq!((read[1].seq, &read[1].said), (6, &message("a-longer-name")));
    }

    #[test]
    fn errors_are_told_by_their_numbers() {
        let mut datagram = Vec::new();
        for (kind, code) in [(NLMSG_ERROR, 0), (NLMSG_ERROR, -17), (NLMSG_DONE, 0), (NLMSG_DONE, -16)] {
            datagram.extend(20_u32.to_ne_bytes());
            datagram.extend(kind.to_ne_bytes());
            datagram.extend(NLM_F_DUMP_INTR.to_ne_bytes());
            datagram.extend([9, 0, 0, 0, 0, 0, 0, 0]);
            datagram.extend(i32::to_ne_bytes(code));
        }
        let read: Vec<Said> = frames(&datagram).into_iter().map(|frame| frame.said).collect();
        assert_eq!(read, [Said::Outcome(0), Said::Outcome(17), Said::Done(0), Said::Done(16)]);
        assert!(frames(&datagram).iter().all(|frame| frame.interrupted && frame.seq == 9));
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            frames(&bytes);
        }
        #[test]
        fn any_body_of_a_known_message_is_taken(
            kind in 16_u16..110,
            body in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut bytes = ((HEADER + body.len()) as u32).to_ne_bytes().to_vec();
            bytes.extend(kind.to_ne_bytes());
            bytes.extend([0; 10]);
            bytes.extend(&body);
            prop_assert_eq!(frames(&bytes).len(), 1);
        }
        #[test]
        fn a_message_with_flipped_bytes_is_taken(at in 0..60_usize, byte in any::<u8>()) {
            let mut datagram = Vec::new();
            append(&mut datagram, &link("abc"), 0, 5);
            let at = at % datagram.len();
            datagram[at] = byte;
            frames(&datagram);
        }
    }
}
