//! The types of interface: a file each beside this one, a line each in the list at the end of this one.
//!
//! [`LinkType`] is what the file of a type answers: what its `link` section means, how VPP makes and removes such an
//! interface, and how it is known again. What all types have in common is in `mod.rs`.

use super::SwIfIndex;
use super::called::{by_name, name_of};
use super::dpdk::Cards;
use super::group::Groups;
use super::memif::Sockets;
use crate::prelude::*;
use crate::{Hosts, TapEnds};
use binapi::codec::Dump;
use binapi::interface::SwInterfaceDetails;
use binapi::text::FixedString;
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use std::collections::HashMap;
use types::MacAddress;

/// A type of interface. The value of this type is what VPP is told to make.
pub(super) trait LinkType:
    Clone + std::fmt::Debug + PartialEq + Send + Sync + Sized + 'static
{
    /// The type in the configuration.
    const TYPE: Type;
    /// What users call such interfaces.
    const NAME: &'static str = name_of(Self::TYPE);
    /// How VPP's own names of such interfaces begin; empty if nothing can be said.
    const PREFIX: &'static str;
    /// Messages without which VPP has no such interfaces.
    const USES: &'static [&'static str];
    /// See [`LinkType::default_mtu`].
    const DEFAULT_MTU: u32 = 9000;
    /// One that names no MTU gets the one that the agent's settings name. The MTU of others follows from what they stand on.
    const TAKES_DEFAULT_MTU: bool = true;
    /// What is done with a MAC address that is asked for.
    const MAC: Mac = Mac::Set;
    /// The interface is set down before it is removed.
    const DOWN_FIRST: bool = true;
    /// VPP sets it up as it makes it.
    const MADE_UP: bool = false;
    /// VPP hides one that is removed, and makes the next one from it, with the MTU that it had.
    const REUSED: bool = false;
    /// VPP has it from its start, under VPP's own name and without a tag: it is taken over and let go, never made.
    const ADOPTED: bool = false;
    /// What the type's own dump tells.
    type Told: Default + Send + Sync;

    /// Is the value of this type? For those of which the section says more than `type`.
    fn is(i: &Interface) -> bool {
        i.r#type() == Self::TYPE
    }
    /// What VPP is told. Whatever is wrong with the section is found here.
    fn of(i: &Interface) -> Result<Self, Invalid>;
    /// The key of what it needs outside of VPP.
    fn outside(&self, _hosts: &Hosts) -> Option<String> {
        None
    }
    /// The interface that this one stands on, whose index `create` gets.
    fn over(&self) -> Option<&str> {
        None
    }
    /// Number and version (IPv6?) of the tables it needs.
    fn tables(&self) -> Vec<(u32, bool)> {
        Vec::new()
    }
    /// The version (IPv6?) for which the interface is in its VRF even if it has no such addresses.
    fn outer(&self) -> Option<bool> {
        None
    }
    /// The MTU of packets that VPP starts with, in bytes; 0 is VPP's word for "none".
    fn default_mtu(&self, _links: &Links) -> u32 {
        Self::DEFAULT_MTU
    }
    /// What only one interface of the type can have.
    fn place(&self) -> Option<String> {
        None
    }
    /// The same in the words in which VPP would tell it.
    fn place_as_told(&self, _told: &Self::Told) -> Option<String> {
        self.place()
    }
    /// Is what was seen as good as this?
    fn settled(&self, seen: &Self) -> bool {
        self == seen
    }
    /// Could what was seen have been made from this? Asked for interfaces that have no name.
    fn resembles(&self, seen: &Self) -> bool {
        self.settled(seen)
    }
    /// Can `old` become this by [`LinkType::adjust`]?
    fn in_place(&self, _old: &Self) -> bool {
        false
    }
    /// Makes the interface.
    async fn create(self, links: &Links, over: Option<SwIfIndex>) -> Result<SwIfIndex>;
    /// Sets what is set on the interface once it is there. `old` is what it is so far, `None` if it was just made.
    async fn adjust(self, _links: &Links, _old: Option<Self>, _index: SwIfIndex) -> Result<()> {
        Ok(())
    }
    /// Removes it.
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()>;
    /// Asks VPP for what it tells of the type; `None` if it has no such interfaces.
    async fn ask(links: &Links) -> Result<Option<Self::Told>>;
    /// The `link` section of an interface; the outer `None` if it is of another type.
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>>;
    /// The VRF of an interface of the type, where that is a part of what VPP was told to make.
    fn vrf(_told: &Self::Told, _index: SwIfIndex) -> u32 {
        0
    }
}

/// What is done with a MAC address that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mac {
    /// It is set when the interface is there.
    Set,
    /// The type's own request holds it, and so its image.
    Made,
    /// There is none, so asking for one is an error.
    None,
}

/// An interface as VPP lists it, with what helps to understand it.
pub(super) struct Sight<'s> {
    pub(super) details: &'s SwInterfaceDetails,
    /// The value that is wanted under its name: for what VPP takes but does not tell.
    pub(super) wanted: Option<&'s Interface>,
    /// Names of the other interfaces.
    pub(super) names: &'s HashMap<u32, String>,
}

impl<'s> Sight<'s> {
    /// Without knowing what is wanted.
    pub(super) fn bare(details: &'s SwInterfaceDetails, names: &'s HashMap<u32, String>) -> Self {
        Sight { details, wanted: None, names }
    }
    pub(super) fn index(&self) -> SwIfIndex {
        SwIfIndex(self.details.sw_if_index)
    }
    /// VPP's own name.
    pub(super) fn internal(&self) -> &str {
        self.details.interface_name.as_str()
    }
    /// The name of another interface.
    pub(super) fn name_of(&self, sw_if_index: u32) -> String {
        self.names.get(&sw_if_index).cloned().unwrap_or_default()
    }
    /// The `link` section that is wanted.
    pub(super) fn section(&self) -> Option<&Section> {
        self.wanted.and_then(|i| i.link.as_ref())
    }
}

/// The section of the type is missing, or there is another one in its place.
pub(super) fn missing(i: &Interface, field: &'static str) -> Invalid {
    match i.link {
        None => Invalid::new(field, "must be given"),
        Some(_) => Invalid::new("link", "is the section of another type of interface"),
    }
}

/// The MAC address that the user asks for, if any.
pub(super) fn mac_of(i: &Interface) -> Result<Option<MacAddress>, Invalid> {
    let mac = if i.phys_address.is_empty() { None } else { Some(mac("phys_address", &i.phys_address)?) };
    Ok(mac.filter(|mac| *mac != MacAddress::default())) // VPP's way to say that there is none
}

/// A name of an interface of Linux. VPP does not check it: a longer one would overrun its memory.
pub(super) fn linux_name(field: &'static str, name: &str) -> Result<FixedString<64>, Invalid> {
    let bad = |byte: u8| matches!(byte, b'/' | b':') || byte.is_ascii_whitespace();
    ensure(!name.is_empty(), field, "must be given: the name of an interface of Linux")?;
    ensure(
        name.len() <= 15,
        field,
        "is longer than the 15 bytes that Linux takes for the name of an interface",
    )?;
    let good = !matches!(name, "." | "..") && !name.bytes().any(bad);
    ensure(good, field, "is not a name that Linux takes for an interface")?;
    fit(field, name)
}

/// With what can be done about it, if VPP refused for this reason.
pub(super) fn advised(error: sched::Error, code: &str, advice: impl FnOnce() -> String) -> sched::Error {
    match error.code {
        Some(it) if it == code => {
            sched::Error { cause: format!("{}; {}", error.cause, advice()).into(), ..error }
        }
        _ => error,
    }
}

/// What the types work with.
pub(super) struct Links {
    pub(super) vpp: Vpp,
    /// The interfaces of Linux.
    pub(super) hosts: Hosts,
    /// The Linux ends of TAPs.
    pub(super) taps: TapEnds,
    /// The physical interfaces, as they were before.
    pub(super) cards: Cards,
    /// The socket files that memifs share.
    pub(super) sockets: Sockets,
    /// The multicast groups of VXLAN, VXLAN-GPE and GTP-U.
    pub(super) vxlan: Groups,
    pub(super) gpe: Groups,
    pub(super) gtpu: Groups,
}

impl Links {
    pub(super) fn new(vpp: &Vpp, hosts: Hosts, taps: TapEnds) -> Self {
        let groups = Groups::default;
        let vpp = vpp.clone();
        Links {
            vpp,
            hosts,
            taps,
            cards: Cards::default(),
            sockets: Sockets::default(),
            vxlan: groups(),
            gpe: groups(),
            gtpu: groups(),
        }
    }
    /// A dump by the index of the interface; `None` if VPP does not offer it.
    pub(super) async fn dump<D: Dump>(
        &self,
        request: D,
        index: fn(&D::Details) -> u32,
    ) -> Result<Option<HashMap<SwIfIndex, D::Details>>> {
        if !self.vpp.has::<D>() {
            return Ok(None);
        }
        let all = self.vpp.dump(request).await?;
        Ok(Some(all.into_iter().map(|details| (SwIfIndex(index(&details)), details)).collect()))
    }
}

/// Writes the enum of all types, and passes each question on to the type it is about.
macro_rules! types {
    ($($name:ident $file:ident,)*) => {
        /// What VPP is told to make.
        #[derive(Clone, Debug, PartialEq)]
        pub(super) enum Link {
            $($name(super::$file::$name),)*
        }

        /// What the types' own dumps told; `None` where VPP has no such interfaces.
        #[derive(Default)]
        pub(super) struct Told {
            $($file: Option<<super::$file::$name as LinkType>::Told>,)*
        }

        /// All types, with the messages without which VPP has no such interfaces.
        pub(super) const TYPES: &[Variant] =
            &[$(Variant {
                name: <super::$file::$name as LinkType>::NAME,
                uses: <super::$file::$name as LinkType>::USES,
            },)*];

        impl Link {
            pub(super) fn of(i: &Interface) -> Result<Link, Invalid> {
                $(if <super::$file::$name as LinkType>::is(i) {
                    return LinkType::of(i).map(Link::$name);
                })*
                Err(match i.r#type() {
                    Type::UndefinedType => Invalid::new("type", "must be given"),
                    other => {
                        Invalid::new("type", format!("{} is not supported by this agent", other.as_str_name()))
                    }
                })
            }
            pub(super) fn uses(&self) -> &'static [&'static str] {
                match self { $(Link::$name(link) => uses(link),)* }
            }
            pub(super) fn mac(&self) -> Mac {
                match self { $(Link::$name(link) => mac_rule(link),)* }
            }
            pub(super) fn takes_default_mtu(&self) -> bool {
                match self { $(Link::$name(link) => takes_default_mtu(link),)* }
            }
            pub(super) fn down_first(&self) -> bool {
                match self { $(Link::$name(link) => down_first(link),)* }
            }
            pub(super) fn made_up(&self) -> bool {
                match self { $(Link::$name(link) => made_up(link),)* }
            }
            pub(super) fn reused(&self) -> bool {
                match self { $(Link::$name(link) => reused(link),)* }
            }
            pub(super) fn adopted(&self) -> bool {
                match self { $(Link::$name(link) => adopted(link),)* }
            }
            pub(super) fn outside(&self, hosts: &Hosts) -> Option<String> {
                match self { $(Link::$name(link) => link.outside(hosts),)* }
            }
            pub(super) fn over(&self) -> Option<&str> {
                match self { $(Link::$name(link) => link.over(),)* }
            }
            pub(super) fn tables(&self) -> Vec<(u32, bool)> {
                match self { $(Link::$name(link) => link.tables(),)* }
            }
            pub(super) fn outer(&self) -> Option<bool> {
                match self { $(Link::$name(link) => link.outer(),)* }
            }
            /// What only one interface can have.
            pub(super) fn place(&self) -> Option<String> {
                match self {
                    $(Link::$name(link) => Some(format!("{} {}", stringify!($file), link.place()?)),)*
                }
            }
            pub(super) fn settled(&self, seen: &Link) -> bool {
                match (self, seen) {
                    $((Link::$name(want), Link::$name(seen)) => want.settled(seen),)*
                    _ => false,
                }
            }
            pub(super) fn resembles(&self, seen: &Link) -> bool {
                match (self, seen) {
                    $((Link::$name(want), Link::$name(seen)) => want.resembles(seen),)*
                    _ => false,
                }
            }
            pub(super) fn in_place(&self, old: &Link) -> bool {
                match (self, old) {
                    $((Link::$name(new), Link::$name(old)) => new.in_place(old),)*
                    _ => false,
                }
            }
        }

        impl Links {
            pub(super) fn default_mtu(&self, link: &Link) -> u32 {
                match link { $(Link::$name(link) => link.default_mtu(self),)* }
            }
            pub(super) async fn create(&self, link: Link, over: Option<SwIfIndex>) -> Result<SwIfIndex> {
                match link { $(Link::$name(link) => link.create(self, over).await,)* }
            }
            pub(super) async fn adjust(&self, new: Link, old: Option<Link>, index: SwIfIndex) -> Result<()> {
                match (new, old) {
                    $((Link::$name(new), Some(Link::$name(old))) => new.adjust(self, Some(old), index).await,)*
                    $((Link::$name(new), None) => new.adjust(self, None, index).await,)*
                    _ => Ok(()), // another type is another interface
                }
            }
            pub(super) async fn delete(&self, link: Link, index: SwIfIndex) -> Result<()> {
                match link { $(Link::$name(link) => link.delete(self, index).await,)* }
            }
            /// All dumps, queued before one is waited for.
            pub(super) async fn ask(&self) -> Result<Told> {
                let told = tokio::try_join!($(<super::$file::$name as LinkType>::ask(self),)*);
                let ($($file,)*) = told?;
                Ok(Told { $($file,)* })
            }
        }

        impl Told {
            /// What only one interface can have, in the words in which VPP would tell it.
            pub(super) fn place(&self, link: &Link) -> Option<String> {
                match link {
                    $(Link::$name(link) => {
                        let place = self.$file.as_ref().and_then(|told| link.place_as_told(told))?;
                        Some(format!("{} {place}", stringify!($file)))
                    })*
                }
            }
            /// Was the interface left out where its type is told?
            pub(super) fn lacks(&self, sight: &Sight<'_>) -> bool {
                let lacks = false $(|| self.$file.as_ref().is_some_and(|_| looks_like::<super::$file::$name>(sight)))*;
                lacks && self.known(sight).is_none()
            }
            /// An interface of one of the types.
            fn known(&self, sight: &Sight<'_>) -> Option<Known> {
                $(if let Some(told) = &self.$file
                    && let Some(known) = known::<super::$file::$name>(told, sight)
                {
                    return Some(known);
                })*
                None
            }
        }
    };
}

fn uses<L: LinkType>(_: &L) -> &'static [&'static str] {
    L::USES
}
fn mac_rule<L: LinkType>(_: &L) -> Mac {
    L::MAC
}
fn takes_default_mtu<L: LinkType>(_: &L) -> bool {
    L::TAKES_DEFAULT_MTU
}
fn adopted<L: LinkType>(_: &L) -> bool {
    L::ADOPTED
}
fn down_first<L: LinkType>(_: &L) -> bool {
    L::DOWN_FIRST
}
fn made_up<L: LinkType>(_: &L) -> bool {
    L::MADE_UP
}
fn reused<L: LinkType>(_: &L) -> bool {
    L::REUSED
}
fn known<L: LinkType>(told: &L::Told, sight: &Sight<'_>) -> Option<Known> {
    let link = L::section(told, sight)?;
    Some(Known { kind: L::TYPE, link, vrf: L::vrf(told, sight.index()) })
}
/// It is called as interfaces of the type are.
fn looks_like<L: LinkType>(sight: &Sight<'_>) -> bool {
    let details = sight.details;
    let own = details.sup_sw_if_index == details.sw_if_index;
    let rest = sight.internal().strip_prefix(L::PREFIX).filter(|_| own && !L::PREFIX.is_empty());
    rest.is_some_and(|rest| L::PREFIX.ends_with('-') || rest.starts_with(|next: char| next.is_ascii_digit()))
}

/// What is known of an interface by its type.
pub(super) struct Known {
    pub(super) kind: Type,
    pub(super) link: Option<Section>,
    pub(super) vrf: u32,
}

impl Told {
    /// What is known of an interface by its type. What no type knows is told by VPP's name for it.
    pub(super) fn of(&self, sight: &Sight<'_>) -> Known {
        if let Some(known) = self.known(sight) {
            return known;
        }
        Known { kind: by_name(sight.details), link: None, vrf: 0 }
    }
    /// What the interface could have been made from, if this agent could make it.
    pub(super) fn link(&self, sight: &Sight<'_>) -> Option<Link> {
        let Known { kind, link, vrf } = self.of(sight);
        let phys_address = sight.details.l2_address.to_string();
        let name = sight.internal().to_owned();
        let value = Interface { name, r#type: kind.into(), link, vrf, phys_address, ..Interface::default() };
        Link::of(&value).ok()
    }
}

types! {
    Dpdk dpdk,
    Rdma rdma,
    Sub sub,
    Loopback loopback,
    Memif memif,
    Vxlan vxlan,
    VxlanGpe vxlan_gpe,
    Gre gre,
    Ipip ipip,
    Gtpu gtpu,
    Ipsec ipsec,
    Wireguard wireguard,
    AfPacket afpacket,
    Tap tap,
    Bond bond,
    Vmxnet3 vmxnet3,
}
