//! Neighbour: the MAC address behind an IP address on a link, told instead of asked for by ARP or neighbour discovery.
//! Config `ligato.vpp.l3.ARPEntry` · VPP `ip_neighbor.api`
//!
//! VPP learns neighbours too, and those are nobody's configuration. They are told apart by what they make: a learned one is
//! not static and brings a route to itself, one of ours is static or brings none. An entry that is not static VPP forgets
//! when its interface goes down or loses the address that covers it; the next comparison puts it back.
//!
//! The address may be allocated: `alloc:<network>/<interface>`, or `alloc:<network>/GW` for the gateway that the interface
//! uses there.

use crate::interface::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::ip_neighbor::{IpNeighborAddDel, IpNeighborDump};
use model::proto::ligato::vpp::l3::ArpEntry;
use netalloc::{Allocated, Allocations, Source, is_reference};
use std::collections::HashMap;
use std::net::IpAddr;
use types::{AddressFamily, IpNeighbor, IpNeighborFlags, MacAddress};

/// What VPP is told, without interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    address: Source<IpAddr>,
    mac: MacAddress,
    is_static: bool,
}

/// See the module.
pub struct Neighbours(pub Vpp);

impl Neighbours {
    async fn send(&self, is_add: bool, image: Image, (on, allocation): Resolved<Self>) -> Result<()> {
        let Image { address, mac: mac_address, is_static } = image;
        let address: IpAddr = address.resolve(allocation.as_ref(), |net| net.address)?;
        let kept = if is_static { IpNeighborFlags::STATIC } else { IpNeighborFlags::NONE };
        let flags = kept | IpNeighborFlags::NO_FIB_ENTRY;
        let neighbor = IpNeighbor { sw_if_index: on.0, flags, mac_address, ip_address: address.into() };
        self.0.call(IpNeighborAddDel { is_add, neighbor }).await.map(drop)
    }
}

fn address(n: &ArpEntry) -> Result<Source<IpAddr>, Invalid> {
    ip_source("ip_address", &n.ip_address, &n.interface)
}

/// The address as it is found; `None` if that cannot be said.
fn plain(n: &ArpEntry, allocated: &Allocated) -> Option<String> {
    Some(match address(n).ok()? {
        Source::Given(address) => address.to_string(),
        Source::Allocated(reference) => allocated.resolve(&reference)?.address.to_string(),
    })
}

impl Descriptor for Neighbours {
    const NAME: &'static str = "vpp-arp";
    const USES: &'static [&'static str] = &[IpNeighborAddDel::ID, IpNeighborDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = ArpEntry;
    type Image = Image;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Option<Ref<Allocations>>);
    type Reads = (Allocations, Interfaces);

    fn needs(&self, n: &ArpEntry) -> Self::Needs {
        (Ref::to(&n.interface), address(n).ok().and_then(|address| address.allocation()))
    }
    /// One address has one MAC on a link, however it is spelled.
    fn place(&self, n: &ArpEntry) -> Option<String> {
        Some(match address(n).ok()? {
            Source::Given(address) => format!("{}/{address}", n.interface),
            Source::Allocated(reference) => format!("{}/{reference}", n.interface),
        })
    }
    fn found_as(&self, n: &ArpEntry) -> Option<String> {
        let ip_address = plain(n, &Allocated::default()).filter(|plain| *plain != n.ip_address)?;
        Some(Model::name(&ArpEntry { ip_address, ..n.clone() }))
    }
    fn found_elsewhere(&self, n: &ArpEntry) -> bool {
        is_reference(&n.ip_address)
    }
    fn image(&self, n: &ArpEntry) -> Result<Image, Invalid> {
        ensure(!n.interface.is_empty(), "interface", "must be named")?;
        let mac = mac("phys_address", &n.phys_address)?;
        Ok(Image { address: address(n)?, mac, is_static: n.r#static })
    }
    /// VPP takes another MAC, and makes an entry static; it never makes a static one learnable again.
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        let frees = old.is_static && !new.is_static;
        if frees || moved { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Image, on: Resolved<Self>) -> Made<()> {
        Ok(self.send(true, new, on).await?)
    }
    async fn update(&self, _: Image, new: Image, (): (), on: Resolved<Self>) -> Result<()> {
        self.send(true, new, on).await
    }
    async fn delete(&self, old: Image, (): (), on: Resolved<Self>) -> Result<()> {
        or_gone(self.send(false, old, on).await)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let allocated = Allocated::of(seen);
        let spelled = seen.wanted::<Neighbours>().filter_map(|n| {
            let ip_address = plain(n, &allocated).filter(|plain| *plain != n.ip_address)?;
            Some((Model::name(&ArpEntry { ip_address, ..n.clone() }), n))
        });
        let spelled: HashMap<String, &ArpEntry> = spelled.collect();
        let of = |af| self.0.dump(IpNeighborDump { sw_if_index: u32::MAX, af });
        let (v4, v6) = try_join(of(AddressFamily::IP4), of(AddressFamily::IP6)).await?;
        let found = v4.into_iter().chain(v6).filter_map(|details| {
            let n = details.neighbor;
            let mut value = ArpEntry {
                interface: (*names.get(&SwIfIndex(n.sw_if_index))?).to_owned(),
                ip_address: n.ip_address.ip().to_string(),
                phys_address: n.mac_address.to_string(),
                r#static: is_static(&n),
            };
            let name = Model::name(&value);
            let otherwise = spelled.get(&name);
            let wanted = otherwise.is_some() || seen.desired::<ArpEntry>(&name).is_some();
            let learned = !is_static(&n) && !n.flags.contains(IpNeighborFlags::NO_FIB_ENTRY);
            let strange = learned && !wanted;
            if strange && !seen.verbose() {
                return None;
            }
            if let Some(otherwise) = otherwise {
                value.ip_address.clone_from(&otherwise.ip_address);
            }
            let meta = || json!({ "SwIfIndex": n.sw_if_index });
            Some(Found::new(value, ()).foreign_if(strange).details(seen, meta))
        });
        Ok(found.collect())
    }
}

fn is_static(n: &IpNeighbor) -> bool {
    n.flags.contains(IpNeighborFlags::STATIC)
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/arps",
    descriptor: Neighbours::NAME,
    shape: Shape::List,
    element: |item| Some((String::new(), json!({ "Arp": shown(item), "Meta": item.details }))),
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    #[test]
    fn what_is_wrong_is_said() {
        let good = ArpEntry {
            interface: "loop1".into(),
            ip_address: "10.1.1.9".into(),
            phys_address: "02:00:00:00:00:09".into(),
            r#static: true,
        };
        let cases = [
            (ArpEntry { interface: String::new(), ..good.clone() }, "interface: must be named"),
            (
                ArpEntry { ip_address: "10.1.1.0/24".into(), ..good.clone() },
                "ip_address: \"10.1.1.0/24\" is not an IP address",
            ),
            (
                ArpEntry { ip_address: "alloc:".into(), ..good.clone() },
                "ip_address: \"alloc:\" names no network; write it as alloc:<network>/<interface>",
            ),
            (
                ArpEntry { phys_address: "02:00".into(), ..good.clone() },
                "phys_address: \"02:00\" is no MAC address; write it as six pairs of hexadecimal digits, such as 02:fe:00:00:00:01",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(Neighbours, &value), expected);
        }
        assert_eq!(sentence(Neighbours, &good), "");
    }
}
