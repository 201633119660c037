//! IPv6 as a host: addresses and default routes from router advertisements.
//! Derived from `ligato.vpp.interfaces.Interface`, field `ip6_nd` · VPP `rd_cp.api`
//!
//! VPP does not tell whether it does this, so what is known of it is what was asked for.

use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::rd_cp::Ip6NdAddressAutoconfig;
use model::proto::ligato::vpp::interfaces::{Interface, interface::Ip6nd};

/// The setting of one interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoconfig {
    /// Name of the interface.
    pub interface: String,
    /// As in the interface.
    pub nd: Ip6nd,
}

impl Autoconfig {
    pub(super) fn of(i: &Interface) -> Option<Autoconfig> {
        Some(Autoconfig { interface: i.name.clone(), nd: i.ip6_nd? })
    }
}

/// Does the interface take addresses from routers?
pub(super) fn takes_addresses(i: &Interface) -> bool {
    i.ip6_nd.is_some_and(|nd| nd.address_autoconfig)
}

impl Model for Autoconfig {
    const PREFIX: &'static str = "vpp/interface/ip6nd/";
    fn name(&self) -> String {
        self.interface.clone()
    }
    fn wire(&self) -> Wire {
        let bytes = prost::Message::encode_to_vec(&self.nd);
        Wire { name: "ligato.vpp.interfaces.Interface.IP6ND", bytes }
    }
}

/// See the module.
pub struct Autoconfigs(pub Vpp);

impl Autoconfigs {
    async fn send(&self, nd: Ip6nd, SwIfIndex(sw_if_index): SwIfIndex) -> Result<()> {
        let Ip6nd { address_autoconfig: enable, install_default_routes } = nd;
        self.0.call(Ip6NdAddressAutoconfig { sw_if_index, enable, install_default_routes }).await.map(drop)
    }
}

impl Descriptor for Autoconfigs {
    const NAME: &'static str = "vpp-ip6nd";
    const USES: &'static [&'static str] = &[Ip6NdAddressAutoconfig::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    const RETRIEVES: bool = false;
    type Value = Autoconfig;
    type Image = Ip6nd;
    type Handle = SwIfIndex;
    type Needs = Ref<Interfaces>;
    type Reads = (Interfaces,);

    fn needs(&self, a: &Autoconfig) -> Self::Needs {
        Ref::to(&a.interface)
    }
    fn image(&self, a: &Autoconfig) -> Result<Ip6nd, Invalid> {
        let routes_only = a.nd.install_default_routes && !a.nd.address_autoconfig;
        ensure(!routes_only, "ip6_nd.install_default_routes", "works with address_autoconfig only")?;
        Ok(a.nd)
    }
    fn change(&self, _: &Ip6nd, _: &Ip6nd, moved: bool) -> Change {
        if moved { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Ip6nd, index: SwIfIndex) -> Made<SwIfIndex> {
        self.send(new, index).await?;
        Ok(index)
    }
    async fn update(&self, _: Ip6nd, new: Ip6nd, index: SwIfIndex, _: SwIfIndex) -> Result<()> {
        self.send(new, index).await
    }
    async fn delete(&self, _: Ip6nd, index: SwIfIndex, _: SwIfIndex) -> Result<()> {
        self.send(Ip6nd::default(), index).await
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        Ok(Vec::new())
    }
}
