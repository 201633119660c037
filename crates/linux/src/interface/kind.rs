//! The types of interface. What each of them means and how it is made is in the file of its name beside this one.

use super::LinkId;
use super::link::{Changes, Sight, Which, get, set};
use super::{dummy, existing, loopback, tap, veth, vrf};
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
    /// Makes the link, or finds it; it may have another name and be in the agent's own namespace yet.
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
}

impl Making<'_> {
    /// Sends the requests that make a link of a passing name, which is kept for it, and finds that. If it is there already, it
    /// was made together with the other end, or by an earlier agent that ended before it could do more.
    pub(super) async fn parked(
        &self,
        netns: &Netns,
        name: &str,
        kind: &str,
        requests: Vec<Request>,
    ) -> Result<LinkId> {
        let doing = || format!("making a link of type {kind}");
        match netns.ask(requests).await {
            Err(refusal) if refusal.name() == Some("EOPNOTSUPP") => {
                let cause = format!("this kernel has no links of type {kind} ({})", refusal);
                return Err(Error { code: refusal.name(), ..Error::new(cause) });
            }
            Err(refusal) if refusal.name() != Some("EEXIST") => return Err(in_words(&doing(), refusal)),
            _ => {}
        }
        let found = netns.ask(vec![get(Which::Host(name))]).await;
        let found = found.map_err(|refusal| in_words(&format!("{}, {name}", doing()), refusal))?;
        let found = Sight::all(&found).into_iter().find(|sight| sight.kind == kind);
        let missing = || Error::new(format!("{}: {name} is there, but it is none", doing()));
        Ok(LinkId { netns: netns.clone(), index: found.ok_or_else(missing)?.index })
    }
}

/// A name for a link until it gets its own, as the reference makes it: by the FNV-1a hash of the logical name.
pub(super) fn passing_name(kind: &str, name: &str) -> String {
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{kind}-{hash}")
}

/// Gives the link of this name an alias.
pub(super) fn mark(host: &str, alias: &str) -> Request {
    set(Which::Host(host), Changes { alias: Some(alias.to_owned()), ..Changes::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passing_names_are_those_of_the_reference() {
        // Go: h := fnv.New32a(); h.Write([]byte(name)); "veth-" + h.Sum32()
        assert_eq!(passing_name("veth", ""), "veth-2166136261");
        assert_eq!(passing_name("veth", "foobar"), "veth-3214735720");
    }
}
