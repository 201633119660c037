//! L2 FIB entry: frames for a MAC address leave a bridge domain through one member, or are dropped.
//! Config `ligato.vpp.l2.FIBEntry` · VPP `l2.api`
//!
//! Entries that VPP learned, and those it makes for its own bridged virtual interfaces, are nobody's configuration.

use crate::interface::{Interfaces, SwIfIndex};
use crate::l2::bd_member::{self, BdMembers};
use crate::l2::bridge_domain::{ANY, BdId, BridgeDomains};
use crate::prelude::*;
use binapi::l2::{L2FibTableDetails, L2FibTableDump, L2fibAddDel};
use model::proto::ligato::vpp::l2::FibEntry;
use model::proto::ligato::vpp::l2::fib_entry::Action;
use std::collections::HashMap;

/// See the module.
pub struct FibEntries(pub Vpp);

impl Descriptor for FibEntries {
    const NAME: &'static str = "vpp-l2-fib";
    const USES: &'static [&'static str] = &[L2fibAddDel::ID, L2FibTableDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = FibEntry;
    type Image = L2fibAddDel;
    type Handle = ();
    type Needs = (Ref<BridgeDomains>, Option<Ref<Interfaces>>, Option<Up<BdMembers>>);
    type Reads = (BridgeDomains, Interfaces);

    fn needs(&self, f: &FibEntry) -> Self::Needs {
        let out = (f.action() == Action::Forward).then_some(&f.outgoing_interface);
        let member = out.map(|out| Up::to(&bd_member::name(&f.bridge_domain, out)));
        (Ref::to(&f.bridge_domain), out.map(|out| Ref::to(out)), member)
    }
    /// An address may be written in upper case.
    fn found_as(&self, f: &FibEntry) -> Option<String> {
        let phys_address = mac("phys_address", &f.phys_address).ok()?.to_string();
        let differs = phys_address != f.phys_address;
        differs.then(|| Model::name(&FibEntry { phys_address, ..f.clone() }))
    }
    fn image(&self, f: &FibEntry) -> Result<L2fibAddDel, Invalid> {
        let action =
            Action::try_from(f.action).map_err(|_| Invalid::new("action", "is neither FORWARD nor DROP"))?;
        let forward = action == Action::Forward;
        ensure(!f.bridge_domain.is_empty(), "bridge_domain", "must be named")?;
        ensure(
            !forward || !f.outgoing_interface.is_empty(),
            "outgoing_interface",
            "must be named to forward",
        )?;
        Ok(L2fibAddDel {
            mac: mac("phys_address", &f.phys_address)?,
            is_add: true,
            sw_if_index: ANY,
            // VPP keeps dropping entries as static ones.
            static_mac: f.static_config || !forward,
            filter_mac: !forward,
            bvi_mac: forward && f.bridged_virtual_interface,
            ..Default::default()
        })
    }
    async fn create(&self, new: L2fibAddDel, (bd, out, _): Resolved<Self>) -> Made<()> {
        let sw_if_index = out.map_or(ANY, |out| out.0);
        Ok(self.0.call(L2fibAddDel { bd_id: bd.0, sw_if_index, ..new }).await.map(drop)?)
    }
    async fn delete(&self, old: L2fibAddDel, (): (), (bd, out, _): Resolved<Self>) -> Result<()> {
        let sw_if_index = out.map_or(ANY, |out| out.0);
        self.0.call(L2fibAddDel { bd_id: bd.0, sw_if_index, is_add: false, ..old }).await.map(drop)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let (domains, ports) = (seen.names::<BridgeDomains>(), seen.names::<Interfaces>());
        // An address may be written in upper case: by its canonical form, the wanted entry.
        let wanted = seen.wanted::<FibEntries>().filter_map(|f| {
            let mac = mac("phys_address", &f.phys_address).ok()?;
            Some(((f.bridge_domain.as_str(), mac), f))
        });
        let wanted: HashMap<_, &FibEntry> = wanted.collect();
        let present = seen.present::<BridgeDomains>();
        let dumps = present.iter().map(|(_, bd, _)| self.0.dump(L2FibTableDump { bd_id: bd.0 }));
        let mut found = Vec::new();
        for entry in try_join_all(dumps).await?.into_iter().flatten() {
            let Some(&bd) = domains.get(&BdId(entry.bd_id)) else { continue };
            let wanted = wanted.get(&(bd, entry.mac)).copied();
            if !(entry.static_mac || entry.filter_mac) && wanted.is_none()
                || entry.bvi_mac && wanted.is_none()
            {
                continue;
            }
            let out = ports.get(&SwIfIndex(entry.sw_if_index)).copied();
            if let Some(value) = value(&entry, bd, out, wanted) {
                let index = if entry.filter_mac { ANY } else { entry.sw_if_index };
                let meta = json!({ "bridge_domain_id": entry.bd_id, "outgoing_interface_sw_if_idx": index });
                found.push(Found::new(value, ()).details(seen, || meta));
            }
        }
        Ok(found)
    }
}

fn value(
    entry: &L2FibTableDetails,
    bd: &str,
    out: Option<&str>,
    wanted: Option<&FibEntry>,
) -> Option<FibEntry> {
    let phys_address = wanted.map_or_else(|| entry.mac.to_string(), |wanted| wanted.phys_address.clone());
    let base = FibEntry { phys_address, bridge_domain: bd.to_owned(), ..FibEntry::default() };
    Some(match entry.filter_mac {
        true => FibEntry { action: Action::Drop.into(), static_config: true, ..base },
        false => FibEntry {
            outgoing_interface: out?.to_owned(),
            static_config: entry.static_mac,
            bridged_virtual_interface: entry.bvi_mac,
            ..base
        },
    })
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/fib",
    descriptor: FibEntries::NAME,
    shape: Shape::Map,
    element: |item| {
        let fib = shown(item);
        let key = fib["phys_address"].as_str()?.to_owned();
        Some((key, json!({ "fib": fib, "fib_meta": item.details })))
    },
}];
