//! Member of a bridge domain: an interface whose packets are bridged. The bridged virtual interface (BVI) is the member
//! through which VPP itself takes part.
//! Derived from `ligato.vpp.l2.BridgeDomain` · VPP `l2.api`

use crate::interface::span::L2Copies;
use crate::interface::{Interfaces, SwIfIndex};
use crate::l2::bridge_domain::{ANY, BdId, BridgeDomains};
use crate::prelude::*;
use binapi::l2::{BridgeDomainDump, SwInterfaceSetL2Bridge};
use model::proto::ligato::vpp::l2::bridge_domain::Interface as Member;
use types::{InterfaceIndex, L2PortType};

/// One member.
#[derive(Clone, Debug, PartialEq)]
pub struct BdMember {
    /// Name of the domain.
    pub bd: String,
    /// As in the domain's list.
    pub member: Member,
}

impl Model for BdMember {
    const PREFIX: &'static str = "vpp/bd/";
    fn name(&self) -> String {
        name(&self.bd, &self.member.name)
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.member);
        Wire { name: "ligato.vpp.l2.BridgeDomain.Interface", bytes }
    }
}

/// The name of a member.
pub fn name(bd: &str, interface: &str) -> String {
    format!("{bd}/interface/{interface}")
}

/// See the module.
pub struct BdMembers {
    vpp: Vpp,
    copies: L2Copies,
}

impl BdMembers {
    /// The members of this VPP's domains; `copies` of their packets are made on layer 2.
    pub fn new(vpp: &Vpp, copies: &L2Copies) -> Self {
        BdMembers { vpp: vpp.clone(), copies: copies.clone() }
    }
}

impl Descriptor for BdMembers {
    const NAME: &'static str = "vpp-bd-interface";
    const USES: &'static [&'static str] = &[SwInterfaceSetL2Bridge::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = BdMember;
    type Image = SwInterfaceSetL2Bridge;
    type Handle = ();
    type Needs = (Ref<BridgeDomains>, Ref<Interfaces>);
    type Reads = (BridgeDomains, Interfaces);

    fn needs(&self, m: &BdMember) -> Self::Needs {
        (Ref::to(&m.bd), Ref::to(&m.member.name))
    }
    fn place(&self, m: &BdMember) -> Option<String> {
        Some(format!("layer 2 of {}", m.member.name))
    }
    fn image(&self, m: &BdMember) -> Result<SwInterfaceSetL2Bridge, Invalid> {
        let shg = u8::try_from(m.member.split_horizon_group);
        let bvi = m.member.bridged_virtual_interface;
        Ok(SwInterfaceSetL2Bridge {
            port_type: if bvi { L2PortType::BVI } else { L2PortType::NORMAL },
            shg: shg.map_err(|_| Invalid::new("split_horizon_group", "is more than 255"))?,
            enable: true,
            ..Default::default()
        })
    }
    async fn create(&self, new: SwInterfaceSetL2Bridge, (bd, port): (BdId, SwIfIndex)) -> Made<()> {
        let request = SwInterfaceSetL2Bridge { rx_sw_if_index: port.0, bd_id: bd.0, ..new };
        self.vpp.call(request).await?;
        self.copies.again(&self.vpp, port).await.map_err(|error| error.left(()))
    }
    async fn delete(&self, old: SwInterfaceSetL2Bridge, (): (), (bd, port): (BdId, SwIfIndex)) -> Result<()> {
        let request = SwInterfaceSetL2Bridge { rx_sw_if_index: port.0, bd_id: bd.0, enable: false, ..old };
        self.vpp.call(request).await.map(drop)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let (domains, ports) = (seen.names::<BridgeDomains>(), seen.names::<Interfaces>());
        let dumped =
            self.vpp.dump(BridgeDomainDump { bd_id: ANY, sw_if_index: ANY as InterfaceIndex }).await?;
        let members = dumped.iter().flat_map(|d| {
            d.sw_if_details.iter().filter_map(|port| {
                let (bd, name) = (domains.get(&BdId(d.bd_id))?, ports.get(&SwIfIndex(port.sw_if_index))?);
                let member = Member {
                    name: (*name).to_owned(),
                    bridged_virtual_interface: d.bvi_sw_if_index == port.sw_if_index,
                    split_horizon_group: port.shg.into(),
                };
                Some(Found::new(BdMember { bd: (*bd).to_owned(), member }, ()))
            })
        });
        Ok(members.collect())
    }
}
