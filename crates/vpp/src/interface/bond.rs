//! Bond: several interfaces that work as one.
//! Type `BOND_INTERFACE`, section `bond` · VPP `bond.api`
//!
//! The members are objects of their own, so that each comes and goes alone; see `bond_member.rs`. Without a MAC of its
//! own the bond has that of its first member.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, mac_of, missing};
use crate::prelude::*;
use binapi::bond::{BondCreate2, BondDelete, SwBondInterfaceDetails, SwBondInterfaceDump};
use model::proto::ligato::vpp::interfaces::bond_link::{LoadBalance, Mode};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{BondLink, Interface};
use netalloc::is_reference;
use std::collections::{HashMap, HashSet};
use types::{BondLbAlgo, BondMode};

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bond(BondCreate2);

/// The only way in which the packets of a mode can be spread; `None` for modes that let the user choose.
fn implied(mode: Mode) -> Option<LoadBalance> {
    match mode {
        Mode::RoundRobin => Some(LoadBalance::Rr),
        Mode::Broadcast => Some(LoadBalance::Bc),
        Mode::ActiveBackup => Some(LoadBalance::Ab),
        Mode::Unknown | Mode::Xor | Mode::Lacp => None,
    }
}

impl LinkType for Bond {
    const TYPE: Type = Type::BondInterface;
    const PREFIX: &'static str = "BondEthernet";
    const USES: &'static [&'static str] = &[BondCreate2::ID, BondDelete::ID, SwBondInterfaceDump::ID];
    const MAC: Mac = Mac::Made;
    type Told = HashMap<SwIfIndex, SwBondInterfaceDetails>;

    fn of(i: &Interface) -> Result<Bond, Invalid> {
        let Some(Section::Bond(link)) = &i.link else { return Err(missing(i, "link.bond")) };
        ensure(link.id != u32::MAX, "link.bond.id", "is the number by which VPP is told to choose one")?;
        let mode = Mode::try_from(link.mode).ok().filter(|&mode| mode != Mode::Unknown);
        let mode =
            mode.ok_or_else(|| Invalid::new("link.bond.mode", "must be given: how members are used"))?;
        let lb = LoadBalance::try_from(link.lb)
            .map_err(|_| Invalid::new("link.bond.lb", "is not a known load balancing"))?;
        let lb = match (implied(mode), lb) {
            // It means nothing: VPP puts what the mode implies in its place, and refuses to be told that.
            (Some(implied), lb) if lb == implied || hashed(lb).is_some() => BondLbAlgo::L2,
            (None, lb) => hashed(lb).ok_or_else(|| {
                Invalid::new("link.bond.lb", "is of another mode; this one takes L2, L34 or L23")
            })?,
            (Some(_), _) => return Err(Invalid::new("link.bond.lb", "is of another mode")),
        };
        let mut names = HashSet::new();
        for member in &link.bonded_interfaces {
            let field = "link.bond.bonded_interfaces";
            ensure(!member.name.is_empty(), field, "has a member without a name")?;
            ensure(member.name != i.name, field, "has the bond itself among the members")?;
            if !names.insert(&member.name) {
                return Err(Invalid::new(field, format!("has {:?} twice", member.name)));
            }
        }
        if mode == Mode::ActiveBackup {
            announced(i)?;
        }
        let mac = mac_of(i)?;
        Ok(Bond(BondCreate2 {
            id: link.id,
            mode: BondMode(link.mode.cast_unsigned()),
            lb,
            use_custom_mac: mac.is_some(),
            mac_address: mac.unwrap_or_default(),
            ..BondCreate2::default()
        }))
    }
    fn place(&self) -> Option<String> {
        Some(self.0.id.to_string())
    }
    fn settled(&self, seen: &Bond) -> bool {
        self.resembles(seen) && (!self.0.use_custom_mac || self.0.mac_address == seen.0.mac_address)
    }
    fn resembles(&self, seen: &Bond) -> bool {
        (self.0.id, self.0.mode, self.0.lb) == (seen.0.id, seen.0.mode, seen.0.lb)
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        Ok(SwIfIndex(links.vpp.call(self.0).await?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(BondDelete { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        links.dump(SwBondInterfaceDump { sw_if_index: u32::MAX }, |details| details.sw_if_index).await
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.get(&sight.index())?;
        let mode = details.mode.0.cast_signed();
        let wanted = match sight.section() {
            Some(Section::Bond(section)) if section.mode == mode => Some(section.lb),
            _ => None,
        };
        let implied = Mode::try_from(mode).is_ok_and(|mode| implied(mode).is_some());
        Some(Some(Section::Bond(BondLink {
            id: details.id,
            mode,
            // What means nothing is as it was written.
            lb: wanted.filter(|_| implied).unwrap_or(details.lb.0.cast_signed()),
            bonded_interfaces: Vec::new(),
        })))
    }
}

/// When another member takes over, VPP announces an IPv4 address of the bond. It crashes if there are some, but none that
/// it finds by a network on the interface: with host addresses only, or while the bond is down. What is allocated is not
/// known here.
fn announced(i: &Interface) -> Result<(), Invalid> {
    let written = !i.ip_addresses.iter().any(|text| is_reference(text));
    let reason =
        "must be written out on an active-backup bond: with some, VPP crashes when a member takes over";
    ensure(written, "ip_addresses", reason)?;
    let lengths = i.ip_addresses.iter().filter_map(|text| own_address("ip_addresses", text).ok());
    let mut lengths = lengths.filter(|net| net.address.is_ipv4()).map(|net| net.len).peekable();
    let (none, up) = (lengths.peek().is_none(), i.enabled);
    let reason = "must be up as long as it has IPv4 addresses: VPP crashes when a member of an active-backup bond takes over";
    ensure(none || up, "enabled", reason)?;
    let reason = "must have an IPv4 address with a prefix shorter than 32, or none: VPP crashes when a member of an active-backup bond takes over";
    ensure(none || lengths.any(|len| len < 32), "ip_addresses", reason)
}

/// By a hash of the packet, if it is that.
fn hashed(lb: LoadBalance) -> Option<BondLbAlgo> {
    match lb {
        LoadBalance::L2 => Some(BondLbAlgo::L2),
        LoadBalance::L34 => Some(BondLbAlgo::L34),
        LoadBalance::L23 => Some(BondLbAlgo::L23),
        LoadBalance::Rr | LoadBalance::Bc | LoadBalance::Ab => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::proto::ligato::vpp::interfaces::bond_link::BondedInterface;

    fn of(mode: Mode, lb: LoadBalance, members: &[&str]) -> Result<Bond, String> {
        let member = |name: &&str| BondedInterface { name: (*name).into(), ..BondedInterface::default() };
        let bonded_interfaces = members.iter().map(member).collect();
        let link = BondLink { id: 3, mode: mode.into(), lb: lb.into(), bonded_interfaces };
        let link = Some(Section::Bond(link));
        let value = Interface { name: "bond".into(), link, ..Interface::default() };
        Bond::of(&value).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn load_balancing_goes_with_the_mode() {
        use LoadBalance::{Ab, Bc, L2, L23, L34, Rr};
        let good = [
            (Mode::Xor, L34, BondLbAlgo::L34),
            (Mode::Lacp, L23, BondLbAlgo::L23),
            (Mode::RoundRobin, Rr, BondLbAlgo::L2),
            (Mode::RoundRobin, L34, BondLbAlgo::L2),
            (Mode::Broadcast, Bc, BondLbAlgo::L2),
            (Mode::ActiveBackup, L2, BondLbAlgo::L2),
        ];
        for (mode, lb, told) in good {
            assert_eq!(of(mode, lb, &[]).unwrap().0.lb, told, "{mode:?} {lb:?}");
        }
        for (mode, lb) in [(Mode::Xor, Rr), (Mode::Lacp, Ab), (Mode::Broadcast, Ab), (Mode::RoundRobin, Bc)] {
            let error = of(mode, lb, &[]).unwrap_err();
            assert!(error.starts_with("link.bond.lb: is of another mode"), "{mode:?} {lb:?}: {error}");
        }
        assert!(of(Mode::Unknown, L2, &[]).unwrap_err().starts_with("link.bond.mode: must be given"));
    }

    #[test]
    fn what_would_crash_vpp_is_refused() {
        let of = |mode: Mode, enabled, addresses: &[&str]| {
            let link = Some(Section::Bond(BondLink { mode: mode.into(), ..BondLink::default() }));
            let ip_addresses = addresses.iter().map(|text| (*text).to_owned()).collect();
            Bond::of(&Interface { enabled, ip_addresses, link, ..Interface::default() })
        };
        let field = |enabled, addresses: &[&str]| {
            of(Mode::ActiveBackup, enabled, addresses).err().map(|invalid| invalid.field)
        };
        assert_eq!(field(true, &["10.0.0.1/32", "10.0.1.1/31"]), None);
        assert_eq!(field(true, &["10.0.0.1/32"]), Some("ip_addresses"));
        assert_eq!(field(false, &["10.0.0.1/24"]), Some("enabled"));
        assert_eq!(field(true, &["10.0.1.1/31", "alloc:blue"]), Some("ip_addresses"));
        assert_eq!(field(false, &["fd00::1/128"]), None);
        assert_eq!(field(false, &[]), None);
        assert!(of(Mode::Xor, false, &["10.0.0.1/32"]).is_ok());
    }

    #[test]
    fn members_are_named_once() {
        let cases: [(&[&str], _); 3] = [
            (&["a", "b", "a"], "has \"a\" twice"),
            (&["bond"], "has the bond itself among the members"),
            (&["a", ""], "has a member without a name"),
        ];
        for (members, reason) in cases {
            let error = of(Mode::Xor, LoadBalance::L2, members).unwrap_err();
            assert_eq!(error, format!("link.bond.bonded_interfaces: {reason}"));
        }
    }
}
