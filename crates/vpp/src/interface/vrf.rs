//! Membership of an interface in a VRF, for one IP version.
//! Derived from `ligato.vpp.interfaces.Interface` · VPP `interface.api`
//!
//! As in the reference, an interface joins its VRF for the versions of which it has addresses. Unlike there, the two
//! versions are two objects, so that a first IPv6 address does not take the IPv4 ones down for a moment.

use super::{Interfaces, SwIfIndex};
use crate::l3::vrf as table;
use crate::l3::vrf::Vrfs;
use crate::prelude::*;
use binapi::interface::{SwInterfaceGetTable, SwInterfaceSetTable};
use binapi::ip::IpAddressDump;
use model::proto::ligato::vpp::interfaces::Interface;

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
        let has = |ipv6: bool| i.ip_addresses.iter().any(|text| text.contains(':') == ipv6);
        let versions = [false, true].into_iter().filter(move |&ipv6| has(ipv6));
        versions.map(|ipv6| InterfaceVrf { interface: i.name.clone(), vrf: i.vrf, ipv6 })
    }
}

/// The name of a membership.
pub(super) fn name(interface: &str, vrf: u32, ipv6: bool) -> String {
    format!("{interface}/vrf/{vrf}/ip-version/{}", if ipv6 { "v6" } else { "v4" })
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
pub struct InterfaceVrfs(pub Vpp);

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
        Some(format!("{}/{}", m.interface, m.ipv6))
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
        let calls = asked.iter().map(|&(_, SwIfIndex(sw_if_index), is_ipv6)| {
            try_join(
                self.0.call(SwInterfaceGetTable { sw_if_index, is_ipv6 }),
                self.0.dump(IpAddressDump { sw_if_index, is_ipv6 }),
            )
        });
        let answers = try_join_all(calls).await?;
        let mut found = Vec::new();
        for ((table, addresses), (interface, index, ipv6)) in answers.into_iter().zip(asked) {
            let vrf = table.vrf_id;
            let value = InterfaceVrf { interface: interface.to_owned(), vrf, ipv6 };
            // Everybody is in table 0; it matters to interfaces with addresses.
            let matters = vrf != 0 || !addresses.is_empty();
            if matters || seen.desired::<InterfaceVrf>(&Model::name(&value)).is_some() {
                found.push(Found::new(value, Membership { index, ipv6, vrf }));
            }
        }
        Ok(found)
    }
}
