//! Member of a bond: an interface that gives its packets to the bond and sends what the bond wants sent.
//! Derived from `ligato.vpp.interfaces.Interface` · VPP `bond.api`
//!
//! VPP gives a member the MAC of the bond, and its own back when it leaves.

use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::bond::{BondAddMember, BondDetachMember, SwBondInterfaceDump, SwMemberInterfaceDump};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::bond_link::BondedInterface;
use model::proto::ligato::vpp::interfaces::interface::Link as Section;

/// One member.
#[derive(Clone, Debug, PartialEq)]
pub struct BondMember {
    /// Name of the bond.
    pub bond: String,
    /// As in the bond's list.
    pub member: BondedInterface,
}

impl BondMember {
    /// The members of a bond; none of an interface of another type.
    pub(super) fn of(i: &Interface) -> impl Iterator<Item = BondMember> {
        let members = match &i.link {
            Some(Section::Bond(bond)) => &bond.bonded_interfaces[..],
            _ => &[],
        };
        members.iter().map(|member| BondMember { bond: i.name.clone(), member: member.clone() })
    }
}

impl Model for BondMember {
    const PREFIX: &'static str = "vpp/bond/";
    fn name(&self) -> String {
        format!("{}/interface/{}", self.bond, self.member.name)
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.member);
        Wire { name: "ligato.vpp.interfaces.BondLink.BondedInterface", bytes }
    }
}

/// See the module.
pub struct BondMembers(pub Vpp);

impl Descriptor for BondMembers {
    const NAME: &'static str = "bond-interface";
    const USES: &'static [&'static str] =
        &[BondAddMember::ID, BondDetachMember::ID, SwBondInterfaceDump::ID, SwMemberInterfaceDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = BondMember;
    type Image = BondAddMember;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Ref<Interfaces>);
    type Reads = (Interfaces,);

    fn needs(&self, m: &BondMember) -> Self::Needs {
        (Ref::to(&m.bond), Ref::to(&m.member.name))
    }
    fn place(&self, m: &BondMember) -> Option<String> {
        Some(m.member.name.clone())
    }
    fn image(&self, m: &BondMember) -> Result<BondAddMember, Invalid> {
        let BondedInterface { is_passive, is_long_timeout, .. } = m.member;
        Ok(BondAddMember { is_passive, is_long_timeout, ..BondAddMember::default() })
    }
    async fn create(&self, new: BondAddMember, (bond, member): (SwIfIndex, SwIfIndex)) -> Made<()> {
        let request = BondAddMember { sw_if_index: member.0, bond_sw_if_index: bond.0, ..new };
        Ok(self.0.call(request).await.map(drop)?)
    }
    async fn delete(&self, _: BondAddMember, (): (), (_, member): (SwIfIndex, SwIfIndex)) -> Result<()> {
        self.0.call(BondDetachMember { sw_if_index: member.0 }).await.map(drop)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let bonds = self.0.dump(SwBondInterfaceDump { sw_if_index: u32::MAX }).await?;
        let bonds: Vec<_> =
            bonds.iter().filter(|bond| bond.members > 0).map(|bond| bond.sw_if_index).collect();
        let dumps = bonds.iter().map(|&sw_if_index| self.0.dump(SwMemberInterfaceDump { sw_if_index }));
        let dumped = try_join_all(dumps).await?;
        let found = bonds.iter().zip(dumped).flat_map(|(&bond, members)| {
            let bond = names.get(&SwIfIndex(bond));
            let names = &names;
            members.into_iter().filter_map(move |details| {
                let member = BondedInterface {
                    name: (*names.get(&SwIfIndex(details.sw_if_index))?).to_owned(),
                    is_passive: details.is_passive,
                    is_long_timeout: details.is_long_timeout,
                };
                Some(Found::new(BondMember { bond: (*bond?).to_owned(), member }, ()))
            })
        });
        Ok(found.collect())
    }
}
