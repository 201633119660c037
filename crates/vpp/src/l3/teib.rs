//! TEIB entry: behind which outer address a peer of a tunnel with many ends is. The tunnel endpoint information base.
//! Config `ligato.vpp.l3.TeibEntry` · VPP `teib.api`
//!
//! VPP keeps one count of entries for each IP version of their peers. The first one makes it hold the table that its
//! interface is in; the last one lets go of the table of *its* interface. If that is another one, VPP holds it once too
//! little, and loses it in the end, be it table 0. So all entries of a version are in one table: one that would be in another
//! is not sent, and those of an interface that changes its table are taken away before. Link-local peers do not count.

use crate::interface::vrf::InterfaceVrfs;
use crate::interface::{Interfaces, SwIfIndex};
use crate::l3::vrf::{self, Vrfs};
use crate::one_table::OneTable;
use crate::prelude::*;
use binapi::interface::SwInterfaceGetTable;
use binapi::teib::{TeibDump, TeibEntryAddDel};
use model::proto::ligato::vpp::l3;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use types::TeibEntry;

/// See the module.
pub struct TeibEntries {
    vpp: Vpp,
    /// The entries by version (IPv6?) of their peers.
    tables: OneTable<bool, (SwIfIndex, IpAddr)>,
}

/// Is it among those that VPP counts?
fn counts(peer: IpAddr) -> bool {
    !matches!(peer, IpAddr::V6(peer) if peer.is_unicast_link_local())
}

impl TeibEntries {
    /// The entries of this VPP.
    pub fn new(vpp: &Vpp) -> Self {
        TeibEntries { vpp: vpp.clone(), tables: OneTable::default() }
    }
    /// The tables of an interface for IPv4 and IPv6.
    async fn tables(&self, SwIfIndex(sw_if_index): SwIfIndex) -> Result<[u32; 2]> {
        let ask = |is_ipv6| self.vpp.call(SwInterfaceGetTable { sw_if_index, is_ipv6 });
        let (v4, v6) = try_join(ask(false), ask(true)).await?;
        Ok([v4.vrf_id, v6.vrf_id])
    }
    async fn add(&self, new: TeibEntry, on: SwIfIndex) -> Result<()> {
        match self.send(1, new.clone(), on).await {
            // VPP keeps those of an interface that somebody deleted, for whatever gets that number next.
            Err(error) if error.code == Some("ENTRY_ALREADY_EXISTS") => {
                self.send(0, new.clone(), on).await?;
                self.send(1, new, on).await
            }
            added => added,
        }
    }
    async fn send(&self, is_add: u8, image: TeibEntry, SwIfIndex(sw_if_index): SwIfIndex) -> Result<()> {
        let entry = TeibEntry { sw_if_index, ..image };
        self.vpp.call(TeibEntryAddDel { is_add, entry }).await.map(drop)
    }
}

impl Descriptor for TeibEntries {
    const NAME: &'static str = "vpp-teib";
    const USES: &'static [&'static str] = &[TeibEntryAddDel::ID, TeibDump::ID, SwInterfaceGetTable::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = l3::TeibEntry;
    type Image = TeibEntry;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Option<Up<Vrfs>>, AnyOf<InterfaceVrfs>);
    type Reads = (Interfaces, Vrfs);

    fn needs(&self, e: &l3::TeibEntry) -> Self::Needs {
        let table = (e.vrf_id != 0).then(|| Up::to(&vrf::name(e.vrf_id, e.next_hop_addr.contains(':'))));
        (Ref::to(&e.interface), table, AnyOf::under(&format!("{}/vrf/", e.interface)))
    }
    /// A peer has one entry, however its address is spelled.
    fn place(&self, e: &l3::TeibEntry) -> Option<String> {
        let peer: IpAddr = e.peer_addr.parse().ok()?;
        Some(format!("{}/{peer}", e.interface))
    }
    fn found_as(&self, e: &l3::TeibEntry) -> Option<String> {
        let peer_addr = canonical(&e.peer_addr)?;
        Some(Model::name(&l3::TeibEntry { peer_addr, ..e.clone() }))
    }
    fn image(&self, e: &l3::TeibEntry) -> Result<TeibEntry, Invalid> {
        ensure(!e.interface.is_empty(), "interface", "must be named")?;
        Ok(TeibEntry {
            sw_if_index: 0,
            peer: ip("peer_addr", &e.peer_addr)?.into(),
            nh: ip("next_hop_addr", &e.next_hop_addr)?.into(),
            nh_table_id: e.vrf_id,
        })
    }
    async fn create(&self, new: TeibEntry, (on, ..): Resolved<Self>) -> Made<()> {
        let peer = new.peer.ip();
        if !counts(peer) {
            return Ok(self.add(new, on).await?);
        }
        let version = if peer.is_ipv6() { "IPv6" } else { "IPv4" };
        let tables = self.tables(on).await?;
        let [table, other] = if peer.is_ipv6() { [tables[1], tables[0]] } else { tables };
        if table == 0 && other != 0 {
            return Err(sched::Error::new(format!(
                "not sent: the interface is in VRF {other}, but not yet for {version}, and VPP loses tables when entries move \
                 with it; give the interface an {version} address"
            ))
            .into());
        }
        let number = self.tables.enter(peer.is_ipv6(), table).map_err(|other| {
            sched::Error::new(format!(
                "not sent: there are entries for {version} peers on interfaces in VRF {other}, and VPP would lose a table when \
                 those in two VRFs are removed; this one is in VRF {table}"
            ))
        })?;
        let added = self.add(new, on).await;
        match &added {
            Ok(()) => self.tables.made(peer.is_ipv6(), number, (on, peer)),
            Err(error) => self.tables.failed(peer.is_ipv6(), number, error.uncertain),
        }
        Ok(added?)
    }
    async fn delete(&self, old: TeibEntry, (): (), (on, ..): Resolved<Self>) -> Result<()> {
        let peer = old.peer.ip();
        or_gone(self.send(0, old, on).await)?;
        self.tables.left(peer.is_ipv6(), &(on, peer));
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let spelled = seen.spelled::<TeibEntries>();
        let begun = self.tables.begun();
        let dumped = self.vpp.dump(TeibDump {}).await?;
        // Entries outlive their interfaces; those are in no table.
        let on: BTreeSet<SwIfIndex> =
            dumped.iter().map(|details| SwIfIndex(details.entry.sw_if_index)).collect();
        let on = on.into_iter().filter(|index| names.contains_key(index));
        let asked = on.map(|index| async move { self.tables(index).await.map(|tables| (index, tables)) });
        let tables: HashMap<_, _> = try_join_all(asked.collect::<Vec<_>>()).await?.into_iter().collect();
        let all = dumped.iter().filter_map(|details| {
            let (index, peer) = (SwIfIndex(details.entry.sw_if_index), details.entry.peer.ip());
            let [v4, v6] = *tables.get(&index).filter(|_| counts(peer))?;
            Some(((index, peer), peer.is_ipv6(), if peer.is_ipv6() { v6 } else { v4 }))
        });
        self.tables.told(begun, all);
        let found = dumped.into_iter().filter_map(|details| {
            let e = details.entry;
            let mut value = l3::TeibEntry {
                interface: (*names.get(&SwIfIndex(e.sw_if_index))?).to_owned(),
                peer_addr: e.peer.ip().to_string(),
                next_hop_addr: e.nh.ip().to_string(),
                vrf_id: e.nh_table_id,
            };
            if let Some(otherwise) = spelled.get(&Model::name(&value)) {
                value.peer_addr.clone_from(&otherwise.peer_addr);
            }
            Some(Found::new(value, ()))
        });
        Ok(found.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    #[test]
    fn what_is_wrong_is_said() {
        let good = l3::TeibEntry {
            interface: "gre1".into(),
            peer_addr: "10.1.1.9".into(),
            next_hop_addr: "fd01::9".into(),
            vrf_id: 1,
        };
        let cases = [
            (l3::TeibEntry { interface: String::new(), ..good.clone() }, "interface: must be named"),
            (
                l3::TeibEntry { peer_addr: String::new(), ..good.clone() },
                "peer_addr: \"\" is not an IP address",
            ),
            (
                l3::TeibEntry { next_hop_addr: "x".into(), ..good.clone() },
                "next_hop_addr: \"x\" is not an IP address",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(|vpp| TeibEntries::new(&vpp), &value), expected);
        }
        assert_eq!(sentence(|vpp| TeibEntries::new(&vpp), &good), "");
    }
}
