//! Links as the kernel tells of them. Pure.
//!
//! There may be thousands, and they are told of often: only what counts is read of a message.

use crate::netlink::batch::Told;
use crate::netlink::frame::{self, attributes};

/// `RTM_NEWLINK`.
const NEW_LINK: u16 = 16;
/// `struct ifinfomsg`.
const HEADER: usize = 16;
/// `IFF_UP`.
const UP: u32 = 1;

/// The number of an attribute is that of `IFLA_…`.
mod attribute {
    pub const ADDRESS: u16 = 1;
    pub const IFNAME: u16 = 3;
    pub const MTU: u16 = 4;
    pub const LINK: u16 = 5;
    pub const MASTER: u16 = 10;
    pub const TXQLEN: u16 = 13;
    pub const OPERSTATE: u16 = 16;
    pub const LINKINFO: u16 = 18;
    pub const IFALIAS: u16 = 20;
    pub const STATS64: u16 = 23;
    pub const GROUP: u16 = 27;
    pub const NUM_TX_QUEUES: u16 = 31;
    pub const NUM_RX_QUEUES: u16 = 32;
    /// Within `LINKINFO`.
    pub const INFO_KIND: u16 = 1;
    pub const INFO_DATA: u16 = 2;
    /// Within `INFO_DATA` of a VRF.
    pub const VRF_TABLE: u16 = 1;
}

/// A link as the kernel tells of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sight {
    pub index: u32,
    /// Its name in Linux.
    pub host: String,
    pub alias: String,
    /// Such as `veth`; empty if it has none.
    pub kind: String,
    pub mac: Vec<u8>,
    pub mtu: u32,
    pub up: bool,
    /// The other end of a pair, by its number in its own namespace.
    pub other: u32,
    /// The number of what it is part of, such as a VRF; 0 if it is part of nothing.
    pub master: u32,
    /// The number that it can be spoken to by together with others.
    pub group: u32,
    /// The table of a VRF.
    pub table: u32,
    /// Whether it can carry packets, by the number that RFC 2863 and the kernel give that.
    pub oper: u8,
    /// All that the kernel says in one bit each.
    pub flags: u32,
    /// What its frames are, by the number that ARP gives that.
    pub layer: u16,
    pub rx_queues: u32,
    pub tx_queues: u32,
    pub queue_length: u32,
    /// What it counted, if that was asked for.
    pub counted: Option<Box<Counted>>,
}

/// The counters that come first in `struct rtnl_link_stats64`, in its order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counted {
    pub rx_packets: u64,
    pub tx_packets: u64,
    pub rx_bytes: u64,
    pub tx_bytes: u64,
    pub rx_errors: u64,
    pub tx_errors: u64,
    pub rx_dropped: u64,
    pub tx_dropped: u64,
}

impl Counted {
    fn read(bytes: &[u8]) -> Option<Counted> {
        let mut all = bytes.chunks_exact(8).filter_map(|bytes| bytes.try_into().ok().map(u64::from_ne_bytes));
        let mut next = || all.next();
        Some(Counted {
            rx_packets: next()?,
            tx_packets: next()?,
            rx_bytes: next()?,
            tx_bytes: next()?,
            rx_errors: next()?,
            tx_errors: next()?,
            rx_dropped: next()?,
            tx_dropped: next()?,
        })
    }
}

/// The number that an attribute holds, 0 if it holds none.
fn number(value: &[u8]) -> u32 {
    frame::number(value).unwrap_or_default()
}

/// A text up to its end, or to the zero there.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

impl Sight {
    /// Reads a message by its kind and the bytes after its header. Nothing of what is about no link, or one that went.
    pub fn read(kind: u16, message: &[u8]) -> Option<Sight> {
        let &[_, _, l0, l1, i0, i1, i2, i3, f0, f1, f2, f3, ..] = message.first_chunk::<HEADER>()?;
        if kind != NEW_LINK {
            return None;
        }
        let flags = u32::from_ne_bytes([f0, f1, f2, f3]);
        let index = u32::from_ne_bytes([i0, i1, i2, i3]);
        let layer = u16::from_ne_bytes([l0, l1]);
        let mut sight = Sight { index, up: flags & UP != 0, flags, layer, ..Sight::default() };
        for (attribute, value) in attributes(message.get(HEADER..)?) {
            match attribute {
                attribute::IFNAME => sight.host = text(value),
                attribute::IFALIAS => sight.alias = text(value),
                attribute::ADDRESS => sight.mac = value.to_vec(),
                attribute::MTU => sight.mtu = number(value),
                attribute::LINK => sight.other = number(value),
                attribute::MASTER => sight.master = number(value),
                attribute::GROUP => sight.group = number(value),
                attribute::OPERSTATE => sight.oper = value.first().copied().unwrap_or_default(),
                attribute::NUM_RX_QUEUES => sight.rx_queues = number(value),
                attribute::NUM_TX_QUEUES => sight.tx_queues = number(value),
                attribute::TXQLEN => sight.queue_length = number(value),
                attribute::STATS64 => sight.counted = Counted::read(value).map(Box::new),
                attribute::LINKINFO => sight.take(value),
                _ => {}
            }
        }
        Some(sight)
    }
    /// Its type, and what belongs to that.
    fn take(&mut self, info: &[u8]) {
        for (attribute, value) in attributes(info) {
            match attribute {
                attribute::INFO_KIND => self.kind = text(value),
                attribute::INFO_DATA if self.kind == super::vrf::KIND => {
                    let table = attributes(value).find(|(attribute, _)| *attribute == attribute::VRF_TABLE);
                    self.table = table.map_or(0, |(_, value)| number(value));
                }
                _ => {}
            }
        }
    }
    /// All links of an answer.
    pub fn all(told: &[Told]) -> Vec<Sight> {
        told.iter().filter_map(|told| Sight::read(told.kind, &told.body)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::link::{Changes, Which, add_vrf, set};
    use crate::netlink::frame::append;
    use crate::netlink::{Message, Request};
    use netlink_packet_route::link::{LinkAttribute, LinkFlags, LinkHeader, LinkMessage, State, Stats64};
    use proptest::prelude::*;

    /// What comes after the header of a message.
    fn bytes(message: &Message) -> Vec<u8> {
        let mut datagram = Vec::new();
        append(&mut datagram, message, 0, 1);
        datagram.split_off(16)
    }

    #[test]
    fn vrfs_and_their_members_are_read() {
        let Message::NewLink(mut link) = add_vrf("red", 5, 10).message else {
            panic!("it is not to make a link")
        };
        link.attributes.push(LinkAttribute::Controller(3));
        let sight = Sight::read(NEW_LINK, &bytes(&Message::NewLink(link))).unwrap();
        let expected = Sight {
            host: "red".into(),
            kind: "vrf".into(),
            table: 10,
            master: 3,
            group: 5,
            ..Sight::default()
        };
        assert_eq!(sight, expected);
    }

    /// One with everything in it.
    fn whole() -> LinkMessage {
        let mut counted = Stats64::default();
        (counted.rx_packets, counted.tx_packets, counted.rx_bytes, counted.tx_dropped) = (1, 2, 3, 8);
        let mut link = LinkMessage::default();
        link.header = LinkHeader {
            index: 7,
            flags: LinkFlags::Up | LinkFlags::Running,
            link_layer_type: 1.into(),
            ..LinkHeader::default()
        };
        link.attributes = vec![
            LinkAttribute::IfName("left".into()),
            LinkAttribute::IfAlias("alias".into()),
            LinkAttribute::Address(vec![2, 0, 0, 0, 0, 1]),
            LinkAttribute::Mtu(1400),
            LinkAttribute::Link(9),
            LinkAttribute::Controller(4),
            LinkAttribute::Group(11),
            LinkAttribute::OperState(State::Up),
            LinkAttribute::NumRxQueues(2),
            LinkAttribute::NumTxQueues(3),
            LinkAttribute::TxQueueLen(1000),
            LinkAttribute::Stats64(counted),
        ];
        link
    }

    #[test]
    fn all_is_read_that_counts() {
        let sight = Sight::read(NEW_LINK, &bytes(&Message::NewLink(whole()))).unwrap();
        let counted =
            Counted { rx_packets: 1, tx_packets: 2, rx_bytes: 3, tx_dropped: 8, ..Counted::default() };
        let expected = Sight {
            index: 7,
            host: "left".into(),
            alias: "alias".into(),
            mac: vec![2, 0, 0, 0, 0, 1],
            mtu: 1400,
            up: true,
            other: 9,
            master: 4,
            group: 11,
            oper: 6,
            flags: 0x41,
            layer: 1,
            rx_queues: 2,
            tx_queues: 3,
            queue_length: 1000,
            counted: Some(Box::new(counted)),
            ..Sight::default()
        };
        assert_eq!(sight, expected);
        assert_eq!(Sight::read(17, &bytes(&Message::NewLink(whole()))), None, "it went");
    }

    #[test]
    fn an_alias_is_read_as_it_was_given() {
        let changes = Changes { alias: Some("/vnf-agent/vpp1/a/b".into()), ..Changes::default() };
        let Request { message, .. } = set(Which::Index(5), changes);
        let sight = Sight::read(NEW_LINK, &bytes(&message)).unwrap();
        assert_eq!((sight.index, &*sight.alias), (5, "/vnf-agent/vpp1/a/b"));
    }

    proptest! {
        #[test]
        fn no_message_panics(bytes in prop::collection::vec(any::<u8>(), 0..120), at in 0_usize..300, with: u8) {
            let _ = Sight::read(NEW_LINK, &bytes);
            let mut one = self::bytes(&Message::NewLink(whole()));
            if let Some(byte) = one.get_mut(at) {
                *byte = with;
            }
            let _ = Sight::read(NEW_LINK, &one);
        }
    }
}
