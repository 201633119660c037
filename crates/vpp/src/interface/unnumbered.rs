//! Unnumbered interface: one without addresses of its own, which uses those of another.
//! Derived from `ligato.vpp.interfaces.Interface`, field `unnumbered` · VPP `interface.api`, `ip.api`
//!
//! VPP wants both in the same tables, so the borrower first follows the lender into its: the inherited membership, an
//! object of its own as in the reference. VPP is asked where the lender is, because that may be another's doing.

use super::address::Addresses;
use super::vrf::{self, InterfaceVrfs};
use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::interface::{SwInterfaceGetTable, SwInterfaceSetTable, SwInterfaceSetUnnumbered};
use binapi::ip::IpUnnumberedDump;
use model::proto::ligato::vpp::interfaces::Interface;
use sched::AnyOf;

/// The versions of IP, as VPP's messages say them.
const VERSIONS: [bool; 2] = [false, true];

/// Membership in the tables of another interface.
#[derive(Clone, Debug, PartialEq)]
pub struct InheritedVrf {
    /// The borrower.
    pub interface: String,
    /// The lender.
    pub lender: String,
}

impl InheritedVrf {
    pub(super) fn of(i: &Interface) -> Option<InheritedVrf> {
        let lender = i.unnumbered.as_ref()?.interface_with_ip.clone();
        Some(InheritedVrf { interface: i.name.clone(), lender })
    }
}

/// The name of an inherited membership.
fn inherited_name(interface: &str, lender: &str) -> String {
    format!("{interface}/vrf/from-interface/{lender}")
}

impl Model for InheritedVrf {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        inherited_name(&self.interface, &self.lender)
    }
}

/// See the module.
pub struct InheritedVrfs(pub Vpp);

impl InheritedVrfs {
    /// Tables of an interface for IPv4 and IPv6.
    async fn tables(&self, SwIfIndex(sw_if_index): SwIfIndex) -> Result<[u32; 2]> {
        let asked = VERSIONS.map(|is_ipv6| self.0.call(SwInterfaceGetTable { sw_if_index, is_ipv6 }));
        let [v4, v6] = asked;
        let (v4, v6) = try_join(v4, v6).await?;
        Ok([v4.vrf_id, v6.vrf_id])
    }
    async fn enter(&self, SwIfIndex(sw_if_index): SwIfIndex, from: [u32; 2], to: [u32; 2]) -> Result<()> {
        let versions = VERSIONS.into_iter().zip(from.into_iter().zip(to));
        let moves = versions.filter(|(_, (from, to))| from != to);
        let calls = moves
            .map(|(is_ipv6, (_, vrf_id))| self.0.call(SwInterfaceSetTable { sw_if_index, is_ipv6, vrf_id }));
        try_join_all(calls.collect::<Vec<_>>()).await.map(drop)
    }
}

impl Descriptor for InheritedVrfs {
    const NAME: &'static str = "vpp-interface-inherited-vrf";
    const USES: &'static [&'static str] =
        &[SwInterfaceSetTable::ID, SwInterfaceGetTable::ID, IpUnnumberedDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = InheritedVrf;
    type Image = ();
    type Handle = [u32; 2];
    type Needs = (Ref<Interfaces>, Ref<Interfaces>, AnyOf<InterfaceVrfs>);
    type Reads = (Interfaces,);

    fn needs(&self, m: &InheritedVrf) -> Self::Needs {
        (Ref::to(&m.interface), Ref::to(&m.lender), AnyOf::under(&format!("{}/vrf/", m.lender)))
    }
    fn image(&self, _: &InheritedVrf) -> Result<(), Invalid> {
        Ok(())
    }
    /// Those of the memberships that the interface has when it is numbered.
    fn places(&self, m: &InheritedVrf) -> Vec<String> {
        VERSIONS.map(|ipv6| vrf::place(&m.interface, ipv6)).into()
    }
    async fn create(&self, (): (), (borrower, lender, ()): Resolved<Self>) -> Made<[u32; 2]> {
        let (from, to) = try_join(self.tables(borrower), self.tables(lender)).await?;
        self.enter(borrower, from, to).await.map_err(|error| error.left(to))?;
        Ok(to)
    }
    async fn delete(&self, (): (), tables: [u32; 2], (borrower, ..): Resolved<Self>) -> Result<()> {
        self.enter(borrower, tables, [0, 0]).await
    }
    /// Those that borrow now, if they are where their lenders are.
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let pairs = self.0.dump(IpUnnumberedDump { sw_if_index: u32::MAX }).await?;
        let pairs = pairs.iter().map(|d| (SwIfIndex(d.sw_if_index), SwIfIndex(d.ip_sw_if_index)));
        let asked = pairs.filter_map(|(borrower, lender)| {
            let value = InheritedVrf {
                interface: (*names.get(&borrower)?).to_owned(),
                lender: (*names.get(&lender)?).to_owned(),
            };
            let tables = async move { try_join(self.tables(borrower), self.tables(lender)).await };
            Some(async move { tables.await.map(|tables| (value, tables)) })
        });
        let answers = try_join_all(asked.collect::<Vec<_>>()).await?;
        let found = answers.into_iter().filter(|(_, (own, its))| own == its);
        Ok(found.map(|(value, (own, _))| Found::new(value, own)).collect())
    }
}

/// The borrowing itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Unnumbered {
    /// The borrower.
    pub interface: String,
    /// The lender.
    pub lender: String,
}

impl Unnumbered {
    pub(super) fn of(i: &Interface) -> Option<Unnumbered> {
        InheritedVrf::of(i).map(|InheritedVrf { interface, lender }| Unnumbered { interface, lender })
    }
}

impl Model for Unnumbered {
    const PREFIX: &'static str = "vpp/interface/unnumbered/";
    fn name(&self) -> String {
        self.interface.clone()
    }
}

/// See the module.
pub struct UnnumberedInterfaces(pub Vpp);

impl UnnumberedInterfaces {
    /// VPP's names are the wrong way round: `unnumbered_sw_if_index` borrows the addresses of `sw_if_index`.
    async fn send(&self, is_add: bool, borrower: SwIfIndex, lender: SwIfIndex) -> Result<()> {
        let request =
            SwInterfaceSetUnnumbered { sw_if_index: lender.0, unnumbered_sw_if_index: borrower.0, is_add };
        self.0.call(request).await.map(drop)
    }
}

impl Descriptor for UnnumberedInterfaces {
    const NAME: &'static str = "vpp-unnumbered-interface";
    const USES: &'static [&'static str] = &[SwInterfaceSetUnnumbered::ID, IpUnnumberedDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = Unnumbered;
    type Image = ();
    type Handle = ();
    type Needs = (Ref<Interfaces>, Ref<Interfaces>, Up<InheritedVrfs>, AnyOf<Addresses>);
    type Reads = (Interfaces,);

    fn needs(&self, u: &Unnumbered) -> Self::Needs {
        let inherited = Up::to(&inherited_name(&u.interface, &u.lender));
        let address = AnyOf::under(&format!("{}/address/", u.lender));
        (Ref::to(&u.interface), Ref::to(&u.lender), inherited, address)
    }
    fn image(&self, _: &Unnumbered) -> Result<(), Invalid> {
        Ok(())
    }
    async fn create(&self, (): (), (borrower, lender, ..): Resolved<Self>) -> Made<()> {
        Ok(self.send(true, borrower, lender).await?)
    }
    async fn delete(&self, (): (), (): (), (borrower, lender, ..): Resolved<Self>) -> Result<()> {
        self.send(false, borrower, lender).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let pairs = self.0.dump(IpUnnumberedDump { sw_if_index: u32::MAX }).await?;
        let found = pairs.iter().filter_map(|d| {
            let (interface, lender) = (SwIfIndex(d.sw_if_index), SwIfIndex(d.ip_sw_if_index));
            let (interface, lender) = (names.get(&interface)?, names.get(&lender)?);
            Some(Found::new(
                Unnumbered { interface: (*interface).to_owned(), lender: (*lender).to_owned() },
                (),
            ))
        });
        Ok(found.collect())
    }
}
