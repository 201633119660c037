//! Address of an interface.
//! Derived from `ligato.vpp.interfaces.Interface` · VPP `interface.api`, `ip.api`
//!
//! An address is set once the interface is in its VRF, because VPP refuses to move an interface that has addresses. Those
//! that a virtual router puts there as long as it is the master are left to it. An address that is allocated
//! (`alloc:<network>`) waits for its allocation.

use super::asked::AskedAddresses;
use super::vrf::{self, InterfaceVrfs};
use super::{Interfaces, SwIfIndex, dhcp, ip6nd};
use crate::prelude::*;
use binapi::interface::{SwInterfaceAddDelAddress, SwInterfaceGetTable};
use binapi::ip::IpAddressDump;
use binapi::vrrp::{VrrpVrDetails, VrrpVrDump};
use model::proto::ligato::vpp::interfaces::Interface;
use netalloc::{Allocated, Allocations, Net, Reference, Source};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use types::{Prefix, VrrpVrFlags, VrrpVrState};

/// One address, in its canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct InterfaceAddress {
    /// Name of the interface.
    pub interface: String,
    /// The address and its network.
    pub address: Source<Net>,
    /// The VRF the interface has to be in, if that is known.
    pub vrf: Option<u32>,
}

impl InterfaceAddress {
    /// The addresses of an interface, each once.
    pub(super) fn of(i: &Interface) -> impl Iterator<Item = InterfaceAddress> {
        let addresses: BTreeSet<Source<Net>> =
            i.ip_addresses.iter().filter_map(|text| read(&i.name, text).ok()).collect();
        let (interface, vrf) = (i.name.clone(), Some(i.vrf));
        addresses.into_iter().map(move |address| InterfaceAddress {
            interface: interface.clone(),
            address,
            vrf,
        })
    }
    /// As users write it.
    pub(super) fn text(&self) -> String {
        match &self.address {
            Source::Given(net) => net.to_string(),
            Source::Allocated(reference) => reference.brief(),
        }
    }
    /// Until it is resolved, what is allocated counts as IPv4, as in the reference.
    fn is_ipv6(&self) -> bool {
        matches!(&self.address, Source::Given(net) if net.address.is_ipv6())
    }
}

/// What stands in the list of addresses of an interface.
pub(super) fn read(interface: &str, text: &str) -> Result<Source<Net>, Invalid> {
    const FIELD: &str = "ip_addresses";
    match Reference::own(FIELD, text, interface)? {
        Some(reference) => Ok(Source::Allocated(reference.into())),
        None => own_address(FIELD, text).map(Source::Given),
    }
}

impl Model for InterfaceAddress {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        let source = if let Source::Given(_) = self.address { "static" } else { "alloc_ref" };
        format!("{}/address/{source}/{}", self.interface, self.text())
    }
}

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    address: Source<Net>,
    /// The VRF that the interface joined for what is allocated, whatever its version.
    table: Option<u32>,
}

/// See the module.
pub struct Addresses(pub Vpp, pub AskedAddresses);

impl Addresses {
    async fn send(&self, is_add: bool, net: Net, index: SwIfIndex) -> Result<()> {
        self.1.forget();
        let prefix = Prefix { address: net.address.into(), len: net.len };
        let request = SwInterfaceAddDelAddress { is_add, sw_if_index: index.0, prefix, del_all: false };
        self.0.call(request).await.map(drop)
    }
    /// An interface joins its VRF for the versions that are known of its addresses. What is allocated turns out to be of one
    /// or the other: it must not end up in another table.
    async fn in_table(&self, net: Net, table: Option<u32>, SwIfIndex(sw_if_index): SwIfIndex) -> Result<()> {
        let Some(table) = table.filter(|&table| table != 0 && net.address.is_ipv6()) else { return Ok(()) };
        let is = self.0.call(SwInterfaceGetTable { sw_if_index, is_ipv6: true }).await?.vrf_id;
        let error = || {
            format!(
                "what is allocated is the IPv6 address {net}, and the interface is in VRF {is} for IPv6, not in {table}: \
                 it joins a VRF for IPv6 if one of its addresses is written out as such"
            )
        };
        if is == table { Ok(()) } else { Err(sched::Error::new(error())) }
    }
    /// Addresses that virtual routers put on their interfaces as long as they are masters. An owner's are its own.
    async fn of_masters(&self) -> Result<HashSet<(SwIfIndex, IpAddr)>> {
        if !self.0.has::<VrrpVrDump>() {
            return Ok(HashSet::new());
        }
        let mut routers = self.0.dump(VrrpVrDump { sw_if_index: u32::MAX }).await?;
        routers.retain(|router| {
            let lends =
                router.config.flags.contains(VrrpVrFlags::ACCEPT) && router.config.priority != u8::MAX;
            lends && router.runtime.state == VrrpVrState::MASTER
        });
        let of = |r: &VrrpVrDetails| {
            let on = SwIfIndex(r.config.sw_if_index);
            r.addrs.iter().map(move |address| (on, address.ip())).collect::<Vec<_>>()
        };
        Ok(routers.iter().flat_map(of).collect())
    }
}

impl Descriptor for Addresses {
    const NAME: &'static str = "vpp-interface-address";
    const USES: &'static [&'static str] = &[SwInterfaceAddDelAddress::ID, IpAddressDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = InterfaceAddress;
    type Image = Image;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Option<Up<InterfaceVrfs>>, Option<Ref<Allocations>>);
    type Reads = (Allocations, Interfaces, InterfaceVrfs);

    fn needs(&self, a: &InterfaceAddress) -> Self::Needs {
        let membership = a.vrf.map(|id| Up::to(&vrf::name(&a.interface, id, a.is_ipv6())));
        (Ref::to(&a.interface), membership, a.address.allocation())
    }
    fn image(&self, a: &InterfaceAddress) -> Result<Image, Invalid> {
        let table = a.vrf.filter(|_| matches!(a.address, Source::Allocated(_)));
        Ok(Image { address: a.address.clone(), table })
    }
    fn found_elsewhere(&self, a: &InterfaceAddress) -> bool {
        matches!(a.address, Source::Allocated(_))
    }
    async fn create(&self, new: Image, (index, _, allocation): Resolved<Self>) -> Made<()> {
        let net = new.address.resolve(allocation.as_ref(), |net| net)?;
        self.in_table(net, new.table, index).await?;
        Ok(self.send(true, net, index).await?)
    }
    async fn delete(&self, old: Image, (): (), (index, _, allocation): Resolved<Self>) -> Result<()> {
        let net = old.address.resolve(allocation.as_ref(), |net| net)?;
        self.send(false, net, index).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let interfaces = seen.present::<Interfaces>();
        let asked = interfaces.iter().flat_map(|&(name, index, _)| [false, true].map(|v6| (name, index, v6)));
        let asked: Vec<_> = asked.collect();
        let sides: Vec<_> = asked.iter().map(|&(_, index, v6)| (index, v6)).collect();
        let others = try_join(self.of_masters(), dhcp::addresses(&self.0));
        let (dumped, (lent, leases)) = try_join(self.1.second(&self.0, &sides, seen), others).await?;
        let memberships = seen.present::<InterfaceVrfs>().into_iter();
        let tables: HashMap<_, u32> = memberships.map(|(_, m, _)| ((m.index, m.ipv6), m.vrf)).collect();
        let allocated = Allocated::of(seen);
        let (lent, allocated) = (&lent, &allocated);
        let found = dumped.into_iter().zip(asked).flat_map(|(details, (name, index, v6))| {
            let table = tables.get(&(index, v6)).copied();
            let leased = leases.get(&index).copied().filter(|_| !v6);
            let wanted = seen.desired::<Interface>(name);
            // What routers announced is theirs to take away again.
            let announces = v6 && wanted.is_some_and(ip6nd::takes_addresses);
            let looked_at = wanted.filter(|_| announces || !allocated.is_empty());
            let ours: Vec<(Source<Net>, Option<Net>)> = looked_at
                .into_iter()
                .flat_map(InterfaceAddress::of)
                .map(|a| match &a.address {
                    Source::Given(net) => (a.address.clone(), Some(*net)),
                    Source::Allocated(reference) => (a.address.clone(), allocated.resolve(reference)),
                })
                .collect();
            details.into_iter().filter_map(move |details| {
                let (address, len) = (details.prefix.address.ip(), details.prefix.len);
                let net = Net { address, len };
                let known = |of: Net| move |(_, net): &&(Source<Net>, Option<Net>)| *net == Some(of);
                let reference = ours.iter().find(known(net)).map(|(source, _)| source.clone());
                let announced =
                    announces && ours.iter().all(|(_, net)| net.is_none_or(|net| net.address != address));
                // Everybody whose membership is not told is in table 0.
                let vrf = match &reference {
                    Some(Source::Allocated(_)) => Some(table.unwrap_or(0)),
                    _ => table,
                };
                let address = reference.unwrap_or(Source::Given(net));
                let value = InterfaceAddress { interface: name.to_owned(), address, vrf };
                let others = announced || lent.contains(&(index, net.address));
                (leased != Some(net.address)).then(|| Found::new(value, ()).foreign_if(others))
            })
        });
        Ok(found.collect())
    }
}
