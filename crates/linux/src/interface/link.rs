//! The requests that make links, change them, and ask for them. Pure.

use crate::convert::Mac;
use crate::netlink::{Message, Request};
use netlink_packet_core::{DefaultNla, NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoVeth, InfoVrf, LinkAttribute, LinkExtentMask, LinkFlags, LinkInfo, LinkMessage,
};
use std::os::fd::RawFd;

/// What the kernel calls the alias of a link.
const IFLA_IFALIAS: u16 = 20;
const IFLA_AF_SPEC: u16 = 26;
const AF_INET: u16 = 2;
const IFLA_INET_CONF: u16 = 1;
const PROMOTE_SECONDARIES: u16 = 20;

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
    /// The number that it can be spoken to by together with others; 0 is that of most.
    pub group: Option<u32>,
    /// It keeps its addresses of IPv4 when the first one of their network goes.
    pub keeps_others: bool,
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
    let Changes { host, alias, mac, mtu, up, netns, master, group, keeps_others } = changes;
    link.attributes.extend(netns.map(LinkAttribute::NetNsFd));
    link.attributes.extend(host.map(LinkAttribute::IfName));
    link.attributes.extend(mac.map(|mac| LinkAttribute::Address(mac.to_vec())));
    link.attributes.extend(mtu.map(LinkAttribute::Mtu));
    link.attributes.extend(master.map(LinkAttribute::Controller));
    link.attributes.extend(group.map(LinkAttribute::Group));
    // Without a byte at its end: an empty one takes the alias away.
    let alias = alias.map(|alias| LinkAttribute::Other(DefaultNla::new(IFLA_IFALIAS, alias.into_bytes())));
    link.attributes.extend(alias);
    link.attributes.extend(keeps_others.then(keeping_others));
    if let Some(up) = up {
        link.header.change_mask = LinkFlags::Up;
        link.header.flags = if up { LinkFlags::Up } else { LinkFlags::empty() };
    }
    Request::new(Message::SetLink(link))
}

/// What `promote_secondaries` is in `/proc/sys`: `IFLA_AF_SPEC` with `AF_INET`, `IFLA_INET_CONF`, and in that
/// `IPV4_DEVCONF_PROMOTE_SECONDARIES`, which is 1.
fn keeping_others() -> LinkAttribute {
    let nested = |number: u16, value: &[u8]| {
        let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
        [&length.to_ne_bytes(), &number.to_ne_bytes(), value].concat()
    };
    let inet = nested(AF_INET, &nested(IFLA_INET_CONF, &nested(PROMOTE_SECONDARIES, &1_u32.to_ne_bytes())));
    LinkAttribute::Other(DefaultNla::new(IFLA_AF_SPEC, inet))
}

/// Makes a link of a kind that needs no more than a name.
pub(crate) fn add(host: &str, group: u32, kind: InfoKind) -> Request {
    new(host, group, vec![LinkInfo::Kind(kind)])
}

/// Makes a VRF.
pub(crate) fn add_vrf(host: &str, group: u32, table: u32) -> Request {
    let data = LinkInfo::Data(InfoData::Vrf(vec![InfoVrf::TableId(table)]));
    new(host, group, vec![LinkInfo::Kind(InfoKind::Vrf), data])
}

/// Makes a pair of links, the other one in this namespace.
pub(crate) fn add_pair(host: &str, other: &str, group: u32, netns: RawFd) -> Request {
    let mut peer = link(Which::Host(other));
    peer.attributes.extend([LinkAttribute::Group(group), LinkAttribute::NetNsFd(netns)]);
    let data = LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer)));
    new(host, group, vec![LinkInfo::Kind(InfoKind::Veth), data])
}

fn new(host: &str, group: u32, info: Vec<LinkInfo>) -> Request {
    let mut link = link(Which::Host(host));
    link.attributes.extend([LinkAttribute::Group(group), LinkAttribute::LinkInfo(info)]);
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
        let request = add_vrf("vrf-1", 7, 4097);
        let nla = |kind: u16, body: &[u8]| {
            let length = u16::try_from(4 + body.len()).unwrap();
            let mut nla = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
            nla.extend(body);
            nla.resize(nla.len().next_multiple_of(4), 0);
            nla
        };
        // RTM_NEWLINK (16) that requests, creates, and refuses what is there; `struct ifinfomsg`; IFLA_IFNAME (3), IFLA_GROUP
        // (27), IFLA_LINKINFO (18) with IFLA_INFO_KIND (1) and IFLA_INFO_DATA (2) with IFLA_VRF_TABLE (1).
        let info = [nla(1, b"vrf"), nla(2, &nla(1, &4097_u32.to_ne_bytes()))].concat();
        let info_kind = [nla(1, b"vrf\0"), nla(2, &nla(1, &4097_u32.to_ne_bytes()))].concat();
        let sent = bytes(&request);
        let body = |info: &[u8]| {
            [vec![0; 16], nla(3, b"vrf-1\0"), nla(27, &7_u32.to_ne_bytes()), nla(18, info)].concat()
        };
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
}
