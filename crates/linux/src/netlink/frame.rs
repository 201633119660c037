//! A datagram of netlink: messages one after the other, each with a header of 16 bytes and padded to 4.

use super::Message;
use netlink_packet_core::{
    NLM_F_REQUEST, NLMSG_ALIGNTO, NetlinkDeserializable, NetlinkHeader, NetlinkSerializable,
};
use netlink_packet_route::AddressFamily;
use std::net::IpAddr;

/// Length of the header of a message.
const HEADER: usize = 16;
const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLMSG_OVERRUN: u16 = 4;
/// What came was gathered while it changed.
const NLM_F_DUMP_INTR: u16 = 16;
/// A refusal repeats no more than the header of what is refused.
const NLM_F_CAPPED: u16 = 0x100;
/// Attributes stand at its end.
const NLM_F_ACK_TLVS: u16 = 0x200;
/// The one that says why.
const NLMSGERR_ATTR_MSG: u16 = 1;
/// The bits of the number of an attribute that say what it is.
const NUMBER: u16 = 0x3fff;

/// A message of which nothing was read but its header.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'d> {
    /// The request that it answers; 0 if it answers none.
    pub seq: u32,
    /// The answer was gathered while what is asked for changed.
    pub interrupted: bool,
    kind: u16,
    flags: u16,
    body: &'d [u8],
}

impl<'d> Raw<'d> {
    /// Of this kind, with these bytes after its header.
    pub fn new(seq: u32, kind: u16, body: &'d [u8]) -> Raw<'d> {
        Raw { seq, interrupted: false, kind, flags: 0, body }
    }
    /// The number of the error that ends what was asked for, 0 if it ends well; nothing if it goes on.
    pub fn end(&self) -> Option<i32> {
        let code = || self.body.first_chunk().map(|code| i32::from_ne_bytes(*code));
        // The kernel's errors are negative.
        match self.kind {
            NLMSG_ERROR => Some(code().unwrap_or(-1).saturating_neg()),
            NLMSG_DONE => Some(code().unwrap_or(0).saturating_neg()),
            _ => None,
        }
    }
    /// Why something was refused, in the kernel's own words.
    pub fn why(&self) -> Option<&'d str> {
        if self.kind != NLMSG_ERROR || self.flags & NLM_F_ACK_TLVS == 0 {
            return None;
        }
        let refused = self.body.get(4..)?; // behind the number of the error
        let length = match self.flags & NLM_F_CAPPED {
            0 => u32::from_ne_bytes(*refused.first_chunk()?) as usize,
            _ => HEADER,
        };
        let said = attributes(refused.get(length.checked_next_multiple_of(4)?..)?);
        let (_, why) = { said }.find(|(attribute, _)| *attribute == NLMSGERR_ATTR_MSG)?;
        std::str::from_utf8(why.split(|&byte| byte == 0).next()?).ok().filter(|why| !why.is_empty())
    }
    /// What it says, by its kind and the bytes after its header, if it says anything that can be read.
    pub fn read<T>(&self, read: impl FnOnce(u16, &[u8]) -> Option<T>) -> Option<T> {
        match self.kind {
            NLMSG_NOOP | NLMSG_ERROR | NLMSG_DONE | NLMSG_OVERRUN => None,
            kind => read(kind, self.body),
        }
    }
}

/// Takes a datagram apart. A length that makes no sense ends it.
pub fn raws(mut datagram: &[u8]) -> impl Iterator<Item = Raw<'_>> {
    std::iter::from_fn(move || first(&mut datagram))
}

fn first<'d>(rest: &mut &'d [u8]) -> Option<Raw<'d>> {
    let header = rest.get(..HEADER)?;
    let u32_at = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    let u16_at = |at: usize| header.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes);
    let (length, kind, flags, seq) = (u32_at(0)? as usize, u16_at(4)?, u16_at(6)?, u32_at(8)?);
    let body = rest.get(HEADER..length)?;
    let padded = length.next_multiple_of(usize::from(NLMSG_ALIGNTO));
    *rest = rest.get(padded..).unwrap_or_default();
    Some(Raw { seq, interrupted: flags & NLM_F_DUMP_INTR != 0, kind, flags, body })
}

/// Reads a message by its kind and the bytes after its header.
pub fn message(kind: u16, body: &[u8]) -> Option<Message> {
    let mut header = NetlinkHeader::default();
    header.message_type = kind;
    Message::deserialize(&header, body).ok()
}

/// The attributes of a message, by number. Whatever is cut off is left out.
pub fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes(*bytes.first_chunk()?));
        let number = u16::from_ne_bytes(*bytes.get(2..)?.first_chunk()?);
        let value = bytes.get(4..length)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((number & NUMBER, value))
    })
}

/// The number that an attribute holds.
pub fn number(value: &[u8]) -> Option<u32> {
    value.first_chunk().map(|bytes| u32::from_ne_bytes(*bytes))
}

/// The address that an attribute holds, in a message of this family; nothing in one of another family than those of IP.
pub fn address(family: AddressFamily, value: &[u8]) -> Option<IpAddr> {
    match family {
        AddressFamily::Inet => value.first_chunk::<4>().map(|bytes| IpAddr::from(*bytes)),
        AddressFamily::Inet6 => value.first_chunk::<16>().map(|bytes| IpAddr::from(*bytes)),
        _ => None,
    }
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
        let read: Vec<_> = raws(&datagram).map(|raw| (raw.seq, raw.end(), raw.read(message))).collect();
        assert_eq!(read, [(5, None, Some(link("abc"))), (6, None, Some(link("a-longer-name")))]);
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
        let read: Vec<_> = raws(&datagram).map(|raw| raw.end()).collect();
        assert_eq!(read, [0, 17, 0, 16].map(Some));
        assert!(raws(&datagram).all(|raw| raw.interrupted && raw.seq == 9 && raw.read(message).is_none()));
    }

    /// A refusal with words in it, behind a request of this length.
    fn refusal(flags: u16, length: usize) -> Vec<u8> {
        let said = [&[9, 0, 1, 0][..], b"why?\0\0\0\0"].concat();
        let request = [&(length as u32).to_ne_bytes()[..], &vec![7; length.next_multiple_of(4) - 4]].concat();
        let body = [&(-22_i32).to_ne_bytes()[..], &request, &said].concat();
        let mut datagram = ((HEADER + body.len()) as u32).to_ne_bytes().to_vec();
        datagram.extend(NLMSG_ERROR.to_ne_bytes());
        datagram.extend(flags.to_ne_bytes());
        datagram.extend([9, 0, 0, 0, 0, 0, 0, 0]);
        [datagram, body].concat()
    }

    #[test]
    fn the_words_of_a_refusal_are_read() {
        let why = |bytes: &[u8]| raws(bytes).next().unwrap().why().map(str::to_owned);
        for length in [16, 33] {
            assert_eq!(why(&refusal(NLM_F_ACK_TLVS, length)).as_deref(), Some("why?"));
        }
        assert_eq!(why(&refusal(NLM_F_ACK_TLVS | NLM_F_CAPPED, HEADER)).as_deref(), Some("why?"));
        assert_eq!(why(&refusal(0, 16)), None);
    }

    #[test]
    fn numbers_and_addresses_are_read_if_all_of_them_is_there() {
        assert_eq!((number(&7_u32.to_ne_bytes()), number(&[7, 0, 0])), (Some(7), None));
        let long: Vec<u8> = (1..=16).collect();
        let read = |family, length| address(family, &long[..length]).map(|address| address.to_string());
        assert_eq!(read(AddressFamily::Inet, 4).as_deref(), Some("1.2.3.4"));
        assert_eq!(read(AddressFamily::Inet6, 16).as_deref(), Some("102:304:506:708:90a:b0c:d0e:f10"));
        let short = [(AddressFamily::Inet, 3), (AddressFamily::Inet6, 4), (AddressFamily::Bridge, 16)];
        assert_eq!(short.map(|(family, length)| read(family, length)), [None, None, None]);
    }

    proptest! {
        #[test]
        fn any_refusal_is_taken(at in 0..60_usize, byte in any::<u8>()) {
            let mut datagram = refusal(NLM_F_ACK_TLVS, 20);
            let at = at % datagram.len();
            datagram[at] = byte;
            let _ = raws(&datagram).filter_map(|raw| raw.why()).count();
        }
        #[test]
        fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = raws(&bytes).filter_map(|raw| raw.read(message)).count();
            let _ = attributes(&bytes).count();
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
            prop_assert_eq!(raws(&bytes).inspect(|raw| drop(raw.read(message))).count(), 1);
        }
        #[test]
        fn a_message_with_flipped_bytes_is_taken(at in 0..60_usize, byte in any::<u8>()) {
            let mut datagram = Vec::new();
            append(&mut datagram, &link("abc"), 0, 5);
            let at = at % datagram.len();
            datagram[at] = byte;
            let _ = raws(&datagram).filter_map(|raw| raw.read(message)).count();
        }
    }
}
