//! What a route with scope LINK leads to: addresses that are reached without a gateway, and so can be gateways themselves.
//! Derived from `ligato.linux.l3.Route` · nothing is sent for it
//!
//! Its key begins as those of the addresses of the interface do: either will do for a route through a gateway. That of a gateway
//! which is allocated begins as those of gateways do that are in the network of the address they are for.

use super::route::{Routes, destination};
use crate::interface::address::InterfaceAddress;
use crate::prelude::*;
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use netalloc::NeighbourGateways;

/// The network that a route with scope LINK leads to.
fn on_link(r: &Route) -> Option<Source<Net>> {
    (r.scope() == Scope::Link).then(|| destination(r).ok()).flatten()
}

/// A network on the link of an interface.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRoute {
    interface: String,
    network: Net,
}

impl LinkRoute {
    /// That of a route, if it is one.
    pub(super) fn of(r: &Route) -> Option<LinkRoute> {
        let Source::Given(network) = on_link(r)? else { return None };
        Some(LinkRoute { interface: r.outgoing_interface.clone(), network })
    }
    fn route(&self) -> String {
        let dst_network = self.network.to_string();
        Model::name(&Route { outgoing_interface: self.interface.clone(), dst_network, ..Route::default() })
    }
}

impl Model for LinkRoute {
    const PREFIX: &'static str = InterfaceAddress::PREFIX;
    fn name(&self) -> String {
        format!("{}/link-local-route/{}", self.interface, self.network)
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
        let there = |r: &&Route| seen.has::<Routes>(&Model::name(*r));
        let parts = seen.wanted::<Routes>().filter_map(|r| LinkRoute::of(r).filter(|_| there(&r)));
        Ok(parts.map(|part| Found::new(part, ())).collect())
    }
}

/// A gateway on the link of an interface, by the reference to it.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkGateway {
    interface: String,
    gateway: netalloc::Reference,
}

impl LinkGateway {
    /// That of a route, if it is one.
    pub(super) fn of(r: &Route) -> Option<LinkGateway> {
        let Source::Allocated(reference) = on_link(r)? else { return None };
        let (interface, gateway) = (r.outgoing_interface.clone(), *reference);
        gateway.is_gateway().then_some(LinkGateway { interface, gateway })
    }
    fn route(&self) -> String {
        let (outgoing_interface, dst_network) = (self.interface.clone(), self.gateway.to_string());
        Model::name(&Route { outgoing_interface, dst_network, ..Route::default() })
    }
}

impl Model for LinkGateway {
    const PREFIX: &'static str = <NeighbourGateways as Descriptor>::Value::PREFIX;
    fn name(&self) -> String {
        self.gateway.said_on_link(&format!("link/{}", self.interface))
    }
}

/// See [`LinkGateway`].
pub struct LinkGateways(pub Linux);

impl Descriptor for LinkGateways {
    const NAME: &'static str = "linux-link-local-gateway";
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = LinkGateway;
    type Image = LinkGateway;
    type Handle = ();
    type Needs = Ref<Routes>;
    type Reads = (Routes,);

    fn needs(&self, gateway: &LinkGateway) -> Self::Needs {
        Ref::to(&gateway.route())
    }
    fn image(&self, gateway: &LinkGateway) -> Result<LinkGateway, Invalid> {
        Ok(gateway.clone())
    }
    async fn create(&self, _: LinkGateway, (): ()) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, _: LinkGateway, (): (), (): ()) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let there = |r: &&Route| seen.has::<Routes>(&Model::name(*r));
        let parts = seen.wanted::<Routes>().filter_map(|r| LinkGateway::of(r).filter(|_| there(&r)));
        Ok(parts.map(|part| Found::new(part, ())).collect())
    }
}
