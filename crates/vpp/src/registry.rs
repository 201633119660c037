//! The list: every feature is one line here, in the order in which VPP is asked for what it has.

use crate::dump::Dump;
use crate::{Vpp, interface, l2, l3};
use sched::{Registry, RegistryError, Southbound};
use std::sync::Arc;

/// Adds all VPP features.
///
/// # Errors
/// Two features that cannot stand beside each other; see [`RegistryError`].
pub fn register(registry: &mut Registry, vpp: &Vpp) -> Result<(), RegistryError> {
    let southbound: Arc<dyn Southbound> = Arc::new(vpp.clone());
    let at = &southbound;
    registry.add(at, interface::Interfaces::new(vpp))?;
    registry.add(at, l3::vrf::Vrfs(vpp.clone()))?;
    registry.add(at, interface::vrf::InterfaceVrfs(vpp.clone()))?;
    registry.add(at, interface::address::Addresses(vpp.clone()))?;
    registry.add(at, l3::route::Routes(vpp.clone()))?;
    registry.add(at, l2::bridge_domain::BridgeDomains(vpp.clone()))?;
    registry.add(at, l2::bd_member::BdMembers(vpp.clone()))?;
    registry.add(at, l2::bd_arp::BdArps(vpp.clone()))?;
    registry.add(at, l2::fib::FibEntries(vpp.clone()))?;
    registry.add(at, l2::xconnect::XConnects(vpp.clone()))?;
    Ok(())
}

/// The REST dumps that features serve.
pub(crate) const DUMPS: &[&[Dump]] =
    &[interface::DUMPS, l2::bridge_domain::DUMPS, l2::fib::DUMPS, l2::xconnect::DUMPS, l3::route::DUMPS];
