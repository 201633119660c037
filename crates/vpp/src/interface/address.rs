//! Address of an interface.
//! Derived from `ligato.vpp.interfaces.Interface` · VPP `interface.api`, `ip.api`
//!
//! An address is set once the interface is in its VRF, because VPP refuses to move an interface that has addresses.

use super::vrf::{self, InterfaceVrfs};
use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::interface::SwInterfaceAddDelAddress;
use binapi::ip::IpAddressDump;
use model::proto::ligato::vpp::interfaces::Interface;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use types::Prefix;

/// One address, in its canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct InterfaceAddress {
    /// Name of the interface.
    pub interface: String,
    /// The address.
    pub address: IpAddr,
    /// Length of its network.
    pub len: u8,
    /// The VRF the interface has to be in, if that is known.
    pub vrf: Option<u32>,
}

impl InterfaceAddress {
    /// The addresses of an interface, each once.
    pub(super) fn of(i: &Interface) -> impl Iterator<Item = InterfaceAddress> {
        let addresses: BTreeSet<(IpAddr, u8)> =
            i.ip_addresses.iter().filter_map(|text| cidr("ip_addresses", text).ok()).collect();
        let (interface, vrf) = (i.name.clone(), Some(i.vrf));
        addresses.into_iter().map(move |(address, len)| InterfaceAddress {
            interface: interface.clone(),
            address,
            len,
            vrf,
        })
    }
    /// As users write it.
    pub(super) fn text(&self) -> String {
        format!("{}/{}", self.address, self.len)
    }
}

impl Model for InterfaceAddress {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        format!("{}/address/static/{}", self.interface, self.text())
    }
}

/// See the module.
pub struct Addresses(pub Vpp);

impl Addresses {
    async fn send(&self, is_add: bool, prefix: Prefix, index: SwIfIndex) -> Result<()> {
        let request = SwInterfaceAddDelAddress { is_add, sw_if_index: index.0, prefix, del_all: false };
        self.0.call(request).await.map(drop)
    }
}

impl Descriptor for Addresses {
    const NAME: &'static str = "vpp-interface-address";
    const USES: &'static [&'static str] = &[SwInterfaceAddDelAddress::ID, IpAddressDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = InterfaceAddress;
    type Image = Prefix;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Option<Up<InterfaceVrfs>>);
    type Reads = (Interfaces, InterfaceVrfs);

    fn needs(&self, a: &InterfaceAddress) -> Self::Needs {
        let membership = a.vrf.map(|id| Up::to(&vrf::name(&a.interface, id, a.address.is_ipv6())));
        (Ref::to(&a.interface), membership)
    }
    fn image(&self, a: &InterfaceAddress) -> Result<Prefix, Invalid> {
        Ok(Prefix { address: a.address.into(), len: a.len })
    }
    async fn create(&self, new: Prefix, (index, _): Resolved<Self>) -> Made<()> {
        Ok(self.send(true, new, index).await?)
    }
    async fn delete(&self, old: Prefix, (): (), (index, _): Resolved<Self>) -> Result<()> {
        self.send(false, old, index).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let interfaces = seen.present::<Interfaces>();
        let asked = interfaces.iter().flat_map(|&(name, index, _)| [false, true].map(|v6| (name, index, v6)));
        let asked: Vec<_> = asked.collect();
        let dumps = asked
            .iter()
            .map(|&(_, SwIfIndex(sw_if_index), is_ipv6)| self.0.dump(IpAddressDump { sw_if_index, is_ipv6 }));
        let dumped = try_join_all(dumps).await?;
        let memberships = seen.names::<InterfaceVrfs>().into_keys();
        let tables: HashMap<_, u32> = memberships.map(|m| ((m.index, m.ipv6), m.vrf)).collect();
        let found = dumped.into_iter().zip(asked).flat_map(|(details, (name, index, v6))| {
            let vrf = tables.get(&(index, v6)).copied();
            details.into_iter().map(move |details| {
                let (address, len) = (details.prefix.address.ip(), details.prefix.len);
                Found::new(InterfaceAddress { interface: name.to_owned(), address, len, vrf }, ())
            })
        });
        Ok(found.collect())
    }
}
