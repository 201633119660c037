//! The types of interface. What each of them means and how it is made is in the file of its name beside this one.

use super::LinkId;
use super::link::{Which, get};
use super::sight::Sight;
use super::{Image, dummy, existing, loopback, tap, veth, vrf};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::interfaces::interface::{Link, Type};

/// A type, with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One end of a pair.
    Veth {
        /// The logical name of the other end.
        peer: String,
    },
    /// The loopback of a namespace.
    Loopback,
    /// One that others made.
    Existing,
    /// One that swallows what is sent.
    Dummy,
    /// A table of routes for its members.
    Vrf {
        /// The number of the table.
        table: u32,
    },
    /// The Linux end of a TAP.
    Tap {
        /// The logical name of the TAP of VPP.
        vpp: String,
    },
}

impl Kind {
    pub(super) fn of(i: &Interface) -> Result<Kind, Invalid> {
        match i.r#type() {
            Type::Veth => veth::of(i),
            Type::Loopback => plain(i, Kind::Loopback),
            Type::Existing => existing::of(i),
            Type::Dummy => plain(i, Kind::Dummy),
            Type::VrfDevice => vrf::of(i),
            Type::TapToVpp => tap::of(i),
            Type::Undefined => Err(Invalid::new("type", "must be given")),
        }
    }
    pub(super) fn of_link(sight: &Sight) -> Option<Kind> {
        match sight.kind.as_str() {
            "veth" => Some(Kind::Veth { peer: String::new() }),
            "dummy" => Some(Kind::Dummy),
            vrf::KIND => Some(Kind::Vrf { table: sight.table }),
            "tun" => Some(Kind::Tap { vpp: String::new() }),
            _ if sight.host == loopback::HOST => Some(Kind::Loopback),
            _ => None,
        }
    }
    /// Does its alias name what is at the other end, too?
    pub(super) fn has_other_end(&self) -> bool {
        matches!(self, Kind::Veth { .. } | Kind::Tap { .. })
    }
    /// The type and its section, as users write them.
    pub(super) fn section(&self) -> (Type, Option<Link>) {
        match self {
            Kind::Veth { peer } => (Type::Veth, Some(veth::section(peer))),
            Kind::Loopback => (Type::Loopback, None),
            Kind::Existing => (Type::Existing, None),
            Kind::Dummy => (Type::Dummy, None),
            Kind::Vrf { table } => (Type::VrfDevice, Some(vrf::section(*table))),
            Kind::Tap { vpp } => (Type::TapToVpp, Some(tap::section(vpp))),
        }
    }
    /// The MTU that the kernel gives it.
    pub(super) fn default_mtu(&self) -> Option<u32> {
        match self {
            Kind::Veth { .. } | Kind::Dummy | Kind::Tap { .. } => Some(1500),
            Kind::Loopback => Some(loopback::MTU),
            Kind::Vrf { .. } => Some(vrf::MTU),
            Kind::Existing => None,
        }
    }
    /// The largest MTU that the kernel lets it have.
    pub(super) fn largest_mtu(&self) -> u32 {
        match self {
            Kind::Veth { .. } => 65535,
            Kind::Tap { .. } => 65521, // with the header of a frame
            Kind::Vrf { .. } => vrf::MTU,
            Kind::Loopback | Kind::Dummy | Kind::Existing => 65536, // it has no limit, but no packet is longer
        }
    }
    /// Makes the link, or finds it. The end of a TAP may have another name and be in the agent's own namespace yet.
    pub(super) async fn make(&self, at: &Making<'_>) -> Result<LinkId> {
        match self {
            Kind::Veth { peer } => veth::make(at, peer).await,
            Kind::Loopback => loopback::find(at).await,
            Kind::Existing => existing::find(at).await,
            Kind::Dummy => dummy::make(at).await,
            Kind::Vrf { table } => vrf::make(at, *table).await,
            Kind::Tap { vpp } => tap::find(at, vpp).await,
        }
    }
}

/// With what can be done if the name is another link's.
pub(super) fn called_so(error: Error) -> Error {
    if error.code != Some("EEXIST") {
        return error;
    }
    let advice = "another interface is called so: rename that, or give this one another host_if_name";
    Error { cause: format!("{}; {advice}", error.cause).into(), ..error }
}

/// A type without a section of its own.
fn plain(i: &Interface, kind: Kind) -> Result<Kind, Invalid> {
    ensure(i.link.is_none(), "link", "is the section of another type of interface")?;
    Ok(kind)
}

/// What the types make links from.
pub(super) struct Making<'m> {
    pub linux: &'m Linux,
    /// Where it will be.
    pub netns: &'m Netns,
    /// Its logical name.
    pub name: &'m str,
    /// Its name in Linux.
    pub host: &'m str,
    pub alias: &'m str,
    /// The other end of a pair, if that is to be made together with this one.
    pub other: Option<&'m Image>,
    /// The other end, if that was made already, and this one with it.
    pub maker: Option<&'m LinkId>,
}

impl Making<'_> {
    /// Has a link made, under its own name, in the group of those that are not finished. One that is called so already is not
    /// touched.
    pub(super) async fn made(&self, kind: &str, request: Request) -> Result<LinkId> {
        let doing = || format!("making {}, a link of type {kind}", self.host);
        // Both go in one datagram.
        let (made, found) =
            (self.netns.ask(vec![request]), self.netns.ask(vec![get(Which::Host(self.host))]));
        match made.await {
            Err(refusal) if refusal.name() == Some("EOPNOTSUPP") => {
                let refusal = refusal.plain();
                let cause = format!("this kernel has no links of type {kind} ({refusal})");
                return Err(Error { code: refusal.name(), ..Error::new(cause) });
            }
            Err(refusal) => return Err(called_so(in_words(&doing(), refusal))),
            Ok(_) => {}
        }
        let found = found.await.map_err(|refusal| in_words(&doing(), refusal))?;
        let found = Sight::all(&found).into_iter().find(|link| self.is_new(link, kind));
        let missing = || Error::new(format!("{}: another link is called so now", doing()));
        Ok(LinkId { netns: self.netns.clone(), index: found.ok_or_else(missing)?.index })
    }
    /// Was it made just now, and is not finished?
    pub(super) fn is_new(&self, link: &Sight, kind: &str) -> bool {
        link.kind == kind && link.alias.is_empty() && link.group == self.linux.unfinished()
    }
}
