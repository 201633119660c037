//! Links as the kernel tells of them, and the requests that change them. Pure.

use crate::convert::Mac;
use crate::netlink::{Message, Request};
use netlink_packet_core::{DefaultNla, NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoVeth, LinkAttribute, LinkExtentMask, LinkFlags, LinkInfo, LinkMessage,
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
}

impl Sight {
    /// Reads a message about a link.
    pub fn of(message: &Message) -> Option<Sight> {
        let (Message::NewLink(link) | Message::DelLink(link)) = message else { return None };
        let up = link.header.flags.contains(LinkFlags::Up);
        let mut sight = Sight { index: link.header.index, up, ..Sight::default() };
        for attribute in &link.attributes {
            match attribute {
                LinkAttribute::IfName(name) => sight.host.clone_from(name),
                LinkAttribute::IfAlias(alias) => sight.alias.clone_from(alias),
                LinkAttribute::Address(mac) => sight.mac.clone_from(mac),
                LinkAttribute::Mtu(mtu) => sight.mtu = *mtu,
                LinkAttribute::Link(other) => sight.other = *other,
                LinkAttribute::LinkInfo(info) => {
                    for info in info {
                        if let LinkInfo::Kind(kind) = info {
                            sight.kind = kind.to_string();
                        }
                    }
                }
                _ => {}
            }
        }
        Some(sight)
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

/// Changes a link. Only one that is meant by its number can get another name.
pub(crate) fn set(which: Which<'_>, changes: Changes) -> Request {
    let mut link = link(which);
    let Changes { host, alias, mac, mtu, up, netns } = changes;
    link.attributes.extend(netns.map(LinkAttribute::NetNsFd));
    link.attributes.extend(host.map(LinkAttribute::IfName));
    link.attributes.extend(mac.map(|mac| LinkAttribute::Address(mac.to_vec())));
    link.attributes.extend(mtu.map(LinkAttribute::Mtu));
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
