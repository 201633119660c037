//! Membership of an interface in a VRF, for one IP version.
//! Derived from `ligato.vpp.interfaces.Interface` · VPP `interface.api`
//!
//! As in the reference, an interface joins its VRF for the versions of which it has addresses, some tunnels also for that
//! of their outer addresses. Unlike there, the two versions are two objects, so that a first IPv6 address does not take the
//! IPv4 ones down for a moment.

use super::asked::AskedAddresses;
use super::link::Link;
use super::{Interfaces, SwIfIndex, ip6nd};
use crate::l3::vrf as table;
use crate::l3::vrf::Vrfs;
use crate::prelude::*;
use binapi::interface::{SwInterfaceGetTable, SwInterfaceSetTable};
use binapi::ip::IpUnnumberedDump;
use model::proto::ligato::vpp::interfaces::Interface;
use netalloc::is_reference;
use std::collections::HashSet;

/// One membership.
#[derive(Clone, Debug, PartialEq)]
pub struct InterfaceVrf {
    /// Name of the interface.
    pub interface: String,
    /// The VRF.
    pub vrf: u32,
    /// IPv6, else IPv4.
    pub ipv6: bool,
}

impl InterfaceVrf {
    /// The memberships of an interface.
    pub(super) fn of(i: &Interface) -> impl Iterator<Item = InterfaceVrf> {
        let outer = Link::of(i).ok().and_then(|link| link.outer());
        // A borrower is where its lender is, which is another object.
        let own = i.unnumbered.is_none();
        // A server will assign an address, or routers will announce some.
        let expects = |ipv6| if ipv6 { ip6nd::takes_addresses(i) } else { i.set_dhcp_client };
        // What is allocated is not known here, and counts as IPv4.
        let is_ipv6 = |text: &str| text.contains(':') && !is_reference(text);
        let addressed = move |ipv6| i.ip_addresses.iter().any(|text| is_ipv6(text) == ipv6);
        let has = move |ipv6| outer == Some(ipv6) || own && (expects(ipv6) || addressed(ipv6));
        let versions = [false, true].into_iter().filter(move |&ipv6| has(ipv6));
        versions.map(|ipv6| InterfaceVrf { interface: i.name.clone(), vrf: i.vrf, ipv6 })
    }
}

/// The name of a membership.
pub(super) fn name(interface: &str, vrf: u32, ipv6: bool) -> String {
    format!("{interface}/vrf/{vrf}/ip-version/{}", if ipv6 { "v6" } else { "v4" })
}

/// The table of an interface for one version, of which there is one.
pub(super) fn place(interface: &str, ipv6: bool) -> String {
    format!("table of {interface} {ipv6}")
}

impl Model for InterfaceVrf {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        name(&self.interface, self.vrf, self.ipv6)
    }
}

/// Which interface is in which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Membership {
    pub(super) index: SwIfIndex,
    pub(super) ipv6: bool,
    pub(super) vrf: u32,
}

/// See the module.
pub struct InterfaceVrfs(pub Vpp, pub AskedAddresses);

impl InterfaceVrfs {
    async fn send(&self, SwIfIndex(sw_if_index): SwIfIndex, vrf_id: u32, is_ipv6: bool) -> Result<()> {
        self.0.call(SwInterfaceSetTable { sw_if_index, is_ipv6, vrf_id }).await.map(drop)
    }
}

impl Descriptor for InterfaceVrfs {
    const NAME: &'static str = "vpp-interface-vrf";
    const USES: &'static [&'static str] = &[SwInterfaceSetTable::ID, SwInterfaceGetTable::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = InterfaceVrf;
    type Image = InterfaceVrf;
    type Handle = Membership;
    type Needs = (Ref<Interfaces>, Option<Up<Vrfs>>);
    type Reads = (Interfaces, Vrfs);

    fn needs(&self, m: &InterfaceVrf) -> Self::Needs {
        (Ref::to(&m.interface), (m.vrf != 0).then(|| Up::to(&table::name(m.vrf, m.ipv6))))
    }
    fn image(&self, m: &InterfaceVrf) -> Result<InterfaceVrf, Invalid> {
        Ok(m.clone())
    }
    fn place(&self, m: &InterfaceVrf) -> Option<String> {
        Some(place(&m.interface, m.ipv6))
    }
    async fn create(&self, new: InterfaceVrf, (index, _): Resolved<Self>) -> Made<Membership> {
        let InterfaceVrf { vrf, ipv6, .. } = new;
        // A fresh interface is in table 0, and one that leaves another table is put back there.
        if vrf != 0 {
            self.send(index, vrf, ipv6).await?;
        }
        Ok(Membership { index, ipv6, vrf })
    }
    async fn delete(&self, old: InterfaceVrf, m: Membership, (index, _): Resolved<Self>) -> Result<()> {
        if old.vrf == 0 { Ok(()) } else { self.send(index, 0, m.ipv6).await }
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let interfaces = seen.present::<Interfaces>();
        let asked = interfaces.iter().flat_map(|&(name, index, _)| [false, true].map(|v6| (name, index, v6)));
        let asked: Vec<_> = asked.collect();
        let sides: Vec<_> = asked.iter().map(|&(_, index, v6)| (index, v6)).collect();
        let tables = sides.iter().map(|&(SwIfIndex(sw_if_index), is_ipv6)| {
            self.0.call(SwInterfaceGetTable { sw_if_index, is_ipv6 })
        });
        let tables = try_join_all(tables.collect::<Vec<_>>());
        let borrowing = self.0.dump(IpUnnumberedDump { sw_if_index: u32::MAX });
        let asking = try_join(self.1.first(&self.0, &sides, seen), borrowing);
        let (tables, (addressed, borrowing)) = try_join(tables, asking).await?;
        let borrowers: HashSet<u32> = borrowing.iter().map(|details| details.sw_if_index).collect();
        let mut found = Vec::new();
        for ((table, addressed), (interface, index, ipv6)) in tables.into_iter().zip(addressed).zip(asked) {
            if borrowers.contains(&index.0) {
                continue; // where its lender is: not for itself
            }
            let vrf = table.vrf_id;
            let value = InterfaceVrf { interface: interface.to_owned(), vrf, ipv6 };
            // Everybody is in table 0; it matters to interfaces with addresses, but for those that are allocated.
            let references = || {
                let wanted = seen.desired::<Interface>(interface);
                wanted.is_some_and(|i| i.ip_addresses.iter().any(|text| is_reference(text)))
            };
            let matters = vrf != 0 || addressed && !(ipv6 && references());
            if matters || seen.desired::<InterfaceVrf>(&Model::name(&value)).is_some() {
                found.push(Found::new(value, Membership { index, ipv6, vrf }));
            }
        }
        Ok(found)
    }
}
