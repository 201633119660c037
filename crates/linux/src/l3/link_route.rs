//! What a route with scope LINK leads to: addresses that are reached without a gateway, and so can be gateways themselves.
//! Derived from `ligato.linux.l3.Route` · nothing is sent for it
//!
//! Its key begins as those of the addresses of the interface do: either will do for a route through a gateway.

use super::route::Routes;
use crate::interface::address::InterfaceAddress;
use crate::prelude::*;
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;

/// A network on the link of an interface.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRoute {
    interface: String,
    network: IpAddr,
    len: u8,
}

impl LinkRoute {
    /// That of a route, if it is one.
    pub(super) fn of(r: &Route) -> Option<LinkRoute> {
        let (address, len) = cidr("dst_network", &r.dst_network).ok().filter(|_| r.scope() == Scope::Link)?;
        Some(LinkRoute { interface: r.outgoing_interface.clone(), network: network(address, len), len })
    }
    fn route(&self) -> String {
        let dst_network = format!("{}/{}", self.network, self.len);
        Model::name(&Route { outgoing_interface: self.interface.clone(), dst_network, ..Route::default() })
    }
}

impl Model for LinkRoute {
    const PREFIX: &'static str = InterfaceAddress::PREFIX;
    fn name(&self) -> String {
        format!("{}/link-local-route/{}/{}", self.interface, self.network, self.len)
    }
}

/// See the module.
pub struct LinkRoutes(pub Linux);

impl Descriptor for LinkRoutes {
    const NAME: &'static str = "linux-link-local-route";
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = LinkRoute;
    type Image = LinkRoute;
    type Handle = ();
    type Needs = Ref<Routes>;
    type Reads = (Routes,);

    fn needs(&self, r: &LinkRoute) -> Self::Needs {
        Ref::to(&r.route())
    }
    fn image(&self, r: &LinkRoute) -> Result<LinkRoute, Invalid> {
        Ok(r.clone())
    }
    async fn create(&self, _: LinkRoute, (): ()) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, _: LinkRoute, (): (), (): ()) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let wanted = seen.wanted::<Routes>().filter(|r| seen.has::<Routes>(&Model::name(*r)));
        Ok(wanted.filter_map(LinkRoute::of).map(|part| Found::new(part, ())).collect())
    }
}
