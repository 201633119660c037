//! Entry of a bridge domain's ARP termination table: VPP answers ARP and neighbour requests for this address itself.
//! Derived from `ligato.vpp.l2.BridgeDomain` · VPP `l2.api`

use crate::l2::bridge_domain::{BdId, BridgeDomains};
use crate::prelude::*;
use binapi::l2::{BdIpMacAddDel, BdIpMacDump};
use model::proto::ligato::vpp::l2::bridge_domain::ArpTerminationEntry;
use types::BdIpMac;

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct BdArp {
    /// Name of the domain.
    pub bd: String,
    /// As in the domain's table.
    pub entry: ArpTerminationEntry,
}

impl Model for BdArp {
    const PREFIX: &'static str = "vpp/bd-arp/";
    fn name(&self) -> String {
        format!("{}/{}", self.bd, address(&self.entry))
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.entry);
        Wire { name: "ligato.vpp.l2.BridgeDomain.ArpTerminationEntry", bytes }
    }
}

/// The canonical address, so that one written in another way is the same entry.
pub(super) fn address(entry: &ArpTerminationEntry) -> String {
    let written = &entry.ip_address;
    ip("ip_address", written).map_or_else(|_| written.clone(), |ip| ip.to_string())
}

/// See the module.
pub struct BdArps(pub Vpp);

impl BdArps {
    async fn send(&self, is_add: bool, entry: BdIpMac, bd: BdId) -> Result<()> {
        let entry = BdIpMac { bd_id: bd.0, ..entry };
        self.0.call(BdIpMacAddDel { is_add, entry }).await.map(drop)
    }
}

impl Descriptor for BdArps {
    const NAME: &'static str = "vpp-bd-arp";
    const USES: &'static [&'static str] = &[BdIpMacAddDel::ID, BdIpMacDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = BdArp;
    type Image = BdIpMac;
    type Handle = ();
    type Needs = Ref<BridgeDomains>;
    type Reads = (BridgeDomains,);

    fn needs(&self, arp: &BdArp) -> Self::Needs {
        Ref::to(&arp.bd)
    }
    fn image(&self, arp: &BdArp) -> Result<BdIpMac, Invalid> {
        let ip = ip("arp_termination_table.ip_address", &arp.entry.ip_address)?.into();
        Ok(BdIpMac { bd_id: 0, ip, mac: mac("arp_termination_table.phys_address", &arp.entry.phys_address)? })
    }
    async fn create(&self, new: BdIpMac, bd: BdId) -> Made<()> {
        Ok(self.send(true, new, bd).await?)
    }
    async fn delete(&self, old: BdIpMac, (): (), bd: BdId) -> Result<()> {
        self.send(false, old, bd).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let domains = seen.names::<BridgeDomains>();
        let present = seen.present::<BridgeDomains>();
        let dumps = present.iter().map(|(_, bd, _)| self.0.dump(BdIpMacDump { bd_id: bd.0 }));
        let dumped = try_join_all(dumps).await?;
        let found = dumped.into_iter().flatten().filter_map(|details| {
            let bd = (*domains.get(&BdId(details.entry.bd_id))?).to_owned();
            let entry = ArpTerminationEntry {
                ip_address: details.entry.ip.ip().to_string(),
                phys_address: details.entry.mac.to_string(),
            };
            Some(Found::new(BdArp { bd, entry }, ()))
        });
        Ok(found.collect())
    }
}
