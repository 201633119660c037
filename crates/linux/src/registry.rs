//! The list: every feature is one line here, in the order in which Linux is asked for what it has.

use crate::{Linux, interface, iptables, l3, microservice, netns};
use sched::{Dump, Registry, RegistryError, Southbound};
use std::sync::Arc;

/// Adds all features of Linux. `netalloc` is registered before, because addresses may be allocated.
///
/// # Errors
/// Two features that cannot stand beside each other; see [`RegistryError`].
pub fn register(registry: &mut Registry, linux: &Linux) -> Result<(), RegistryError> {
    let southbound: Arc<dyn Southbound> = Arc::new(linux.clone());
    let at = &southbound;
    registry.add(at, microservice::Microservices(linux.clone()))?;
    registry.add(at, netns::Namespaces(linux.clone()))?;
    registry.add(at, interface::host::HostLinks(linux.clone()))?;
    registry.add(at, interface::host::HostInterfaces(linux.clone()))?;
    registry.add(at, interface::host::HostAddresses(linux.clone()))?;
    registry.add(at, interface::host::HostVrfs(linux.clone()))?;
    registry.add(at, interface::Interfaces(linux.clone()))?;
    registry.add(at, interface::membership::Memberships(linux.clone()))?;
    registry.add(at, interface::state::AdminStates(linux.clone()))?;
    registry.add(at, interface::address::Addresses(linux.clone()))?;
    if linux.has_l3() {
        registry.add(at, l3::route::Routes(linux.clone()))?;
        registry.add(at, l3::link_route::LinkRoutes(linux.clone()))?;
        registry.add(at, l3::link_route::LinkGateways(linux.clone()))?;
        registry.add(at, l3::neighbour::Neighbours(linux.clone()))?;
    }
    if let Some(variant) = linux.iptables() {
        registry.add(at, iptables::chain::RuleChains::new(linux, variant))?;
    }
    Ok(())
}

/// The REST dumps that features serve.
pub const DUMPS: &[&[Dump]] = &[interface::DUMPS, l3::route::DUMPS, l3::neighbour::DUMPS];
