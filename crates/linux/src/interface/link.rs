//! Links as the kernel tells of them, and the requests that change them. Pure.

use crate::convert::Mac;
use crate::netlink::{Message, Request};
use netlink_packet_core::{DefaultNla, NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoVeth, InfoVrf, LinkAttribute, LinkExtentMask, LinkFlags, LinkHeader, LinkInfo,
    LinkMessage, Stats64,
};
use std::os::fd::RawFd;

/// What the kernel calls the alias of a link.
const IFLA_IFALIAS: u16 = 20;

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
    pub counted: Option<Box<Stats64>>,
}

impl Sight {
    /// Reads a message about a link.
    pub fn of(message: &Message) -> Option<Sight> {
        let (Message::NewLink(link) | Message::DelLink(link)) = message else { return None };
        let LinkHeader { index, flags, link_layer_type, .. } = link.header;
        let (up, layer) = (flags.contains(LinkFlags::Up), link_layer_type.into());
        let mut sight = Sight { index, up, flags: flags.bits(), layer, ..Sight::default() };
        for attribute in &link.attributes {
            match attribute {
                LinkAttribute::IfName(name) => sight.host.clone_from(name),
                LinkAttribute::IfAlias(alias) => sight.alias.clone_from(alias),
                LinkAttribute::Address(mac) => sight.mac.clone_from(mac),
                LinkAttribute::Mtu(mtu) => sight.mtu = *mtu,
                LinkAttribute::Link(other) => sight.other = *other,
                LinkAttribute::Controller(master) => sight.master = *master,
                LinkAttribute::OperState(state) => sight.oper = (*state).into(),
                LinkAttribute::NumRxQueues(queues) => sight.rx_queues = *queues,
                LinkAttribute::NumTxQueues(queues) => sight.tx_queues = *queues,
                LinkAttribute::TxQueueLen(length) => sight.queue_length = *length,
                LinkAttribute::Stats64(counted) => sight.counted = Some(Box::new(*counted)),
                LinkAttribute::LinkInfo(info) => {
                    for info in info {
                        sight.take(info);
                    }
                }
                _ => {}
            }
        }
        Some(sight)
    }
    fn take(&mut self, info: &LinkInfo) {
        match info {
            LinkInfo::Kind(kind) => self.kind = kind.to_string(),
            LinkInfo::Data(InfoData::Vrf(all)) => {
                for one in all {
                    if let InfoVrf::TableId(table) = one {
                        self.table = *table;
                    }
                }
            }
            _ => {}
        }
    }
    /// All links of an answer.
    pub fn all(messages: &[Message]) -> Vec<Sight> {
        messages.iter().filter_map(Sight::of).collect()
    }
}

/// What a link is to become.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Changes {
    pub host: Option<String>,
    pub alias: Option<String>,
    pub mac: Option<Mac>,
    pub mtu: Option<u32>,
    pub up: Option<bool>,
    /// The namespace that it moves to.
    pub netns: Option<RawFd>,
    /// What it becomes part of; 0 is nothing.
    pub master: Option<u32>,
}

/// Which link is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Which<'n> {
    Index(u32),
    Host(&'n str),
}

fn link(which: Which<'_>) -> LinkMessage {
    let mut link = LinkMessage::default();
    match which {
        Which::Index(index) => link.header.index = index,
        Which::Host(name) => link.attributes.push(LinkAttribute::IfName(name.to_owned())),
    }
    link
}

/// Asks for one link.
pub(crate) fn get(which: Which<'_>) -> Request {
    let mut link = link(which);
    link.attributes.push(LinkAttribute::ExtMask(vec![LinkExtentMask::SkipStats]));
    Request::new(Message::GetLink(link))
}

/// Asks for all links.
pub(crate) fn get_all() -> Message {
    let mut link = LinkMessage::default();
    link.attributes.push(LinkAttribute::ExtMask(vec![LinkExtentMask::SkipStats]));
    Message::GetLink(link)
}

/// The same, with what they have counted.
pub(crate) fn get_all_counted() -> Message {
    Message::GetLink(LinkMessage::default())
}

/// Changes a link. Only one that is meant by its number can get another name.
pub(crate) fn set(which: Which<'_>, changes: Changes) -> Request {
    let mut link = link(which);
    let Changes { host, alias, mac, mtu, up, netns, master } = changes;
    link.attributes.extend(netns.map(LinkAttribute::NetNsFd));
    link.attributes.extend(host.map(LinkAttribute::IfName));
    link.attributes.extend(mac.map(|mac| LinkAttribute::Address(mac.to_vec())));
    link.attributes.extend(mtu.map(LinkAttribute::Mtu));
    link.attributes.extend(master.map(LinkAttribute::Controller));
    // Without a byte at its end: an empty one takes the alias away.
    let alias = alias.map(|alias| LinkAttribute::Other(DefaultNla::new(IFLA_IFALIAS, alias.into_bytes())));
    link.attributes.extend(alias);
    if let Some(up) = up {
        link.header.change_mask = LinkFlags::Up;
        link.header.flags = if up { LinkFlags::Up } else { LinkFlags::empty() };
    }
    Request::new(Message::SetLink(link))
}

/// Makes a link of a kind that needs no more than a name.
pub(crate) fn add(host: &str, kind: InfoKind) -> Request {
    new(host, vec![LinkInfo::Kind(kind)])
}

/// Makes a VRF.
pub(crate) fn add_vrf(host: &str, table: u32) -> Request {
    let data = LinkInfo::Data(InfoData::Vrf(vec![InfoVrf::TableId(table)]));
    new(host, vec![LinkInfo::Kind(InfoKind::Vrf), data])
}

/// Makes a pair of links.
pub(crate) fn add_pair(host: &str, other: &str) -> Request {
    let peer = InfoVeth::Peer(link(Which::Host(other)));
    new(host, vec![LinkInfo::Kind(InfoKind::Veth), LinkInfo::Data(InfoData::Veth(peer))])
}

fn new(host: &str, info: Vec<LinkInfo>) -> Request {
    let mut link = link(Which::Host(host));
    link.attributes.push(LinkAttribute::LinkInfo(info));
    Request::with(Message::NewLink(link), NLM_F_CREATE | NLM_F_EXCL)
}

/// Removes a link.
pub(crate) fn delete(index: u32) -> Request {
    Request::new(Message::DelLink(link(Which::Index(index))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::frame::append;

    /// What is sent for a request.
    fn bytes(request: &Request) -> Vec<u8> {
        let mut datagram = Vec::new();
        append(&mut datagram, &request.message, request.flags, 1);
        datagram
    }

    #[test]
    fn a_vrf_is_asked_for_with_its_table() {
        let request = add_vrf("vrf-1", 4097);
        let nla = |kind: u16, body: &[u8]| {
            let length = u16::try_from(4 + body.len()).unwrap();
            let mut nla = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
            nla.extend(body);
            nla.resize(nla.len().next_multiple_of(4), 0);
            nla
        };
        // RTM_NEWLINK (16) that requests, creates, and refuses what is there; `struct ifinfomsg`; IFLA_IFNAME (3), IFLA_LINKINFO
        // (18) with IFLA_INFO_KIND (1) and IFLA_INFO_DATA (2) with IFLA_VRF_TABLE (1).
        let info = [nla(1, b"vrf"), nla(2, &nla(1, &4097_u32.to_ne_bytes()))].concat();
        let info_kind = [nla(1, b"vrf\0"), nla(2, &nla(1, &4097_u32.to_ne_bytes()))].concat();
        let sent = bytes(&request);
        let body = |info: &[u8]| [vec![0; 16], nla(3, b"vrf-1\0"), nla(18, info)].concat();
        assert_eq!(sent.get(4..8), Some(&[16, 0, 0x01, 0x06][..]));
        let rest = sent.get(16..).unwrap();
        assert!(rest == body(&info) || rest == body(&info_kind), "{rest:?}");
    }

    #[test]
    fn a_link_is_put_into_a_vrf_and_taken_out() {
        for master in [7_u32, 0] {
            let request = set(Which::Index(5), Changes { master: Some(master), ..Changes::default() });
            let sent = bytes(&request);
            // RTM_SETLINK (19) of link 5; IFLA_MASTER (10).
            assert_eq!(sent.get(4..6), Some(&[19, 0][..]));
            assert_eq!(sent.get(20..24), Some(&5_u32.to_ne_bytes()[..]));
            let attribute = [[8, 0, 10, 0], master.to_ne_bytes()].concat();
            assert_eq!(sent.get(32..), Some(&attribute[..]));
        }
    }

    #[test]
    fn vrfs_and_their_members_are_read() {
        let request = add_vrf("red", 10);
        let Message::NewLink(mut link) = request.message else { panic!("it is not to make a link") };
        link.attributes.push(LinkAttribute::Controller(3));
        let sight = Sight::of(&Message::NewLink(link)).unwrap();
        let expected = Sight {
            host: "red".into(),
            kind: "vrf".into(),
            table: 10,
            master: 3,
            layer: sight.layer,
            ..Sight::default()
        };
        assert_eq!(sight, expected);
    }
}
