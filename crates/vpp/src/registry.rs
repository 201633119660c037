//! The list: every feature is one line here, in the order in which VPP is asked for what it has.

use crate::{Hosts, TapEnds, Vpp, acl, interface, l2, l3};
use sched::{Dump, Registry, RegistryError, Southbound};
use std::sync::Arc;

/// What is said once for all objects.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// MTU of interfaces that name none and whose type takes one; 0 leaves it to VPP.
    pub default_mtu: u16,
    /// Interfaces of Linux beside which VPP is, and which its own may stand on.
    pub hosts: Hosts,
    /// Where others find the Linux ends of TAPs.
    pub taps: TapEnds,
}

/// Adds all VPP features. `netalloc` is registered before, because addresses may be allocated.
///
/// # Errors
/// Two features that cannot stand beside each other; see [`RegistryError`].
pub fn register(registry: &mut Registry, vpp: &Vpp, settings: &Settings) -> Result<(), RegistryError> {
    let southbound: Arc<dyn Southbound> = Arc::new(vpp.clone());
    let at = &southbound;
    let asked = interface::asked::AskedAddresses::default();
    let copies = interface::span::L2Copies::default();
    registry.add(at, interface::Interfaces::new(vpp, settings))?;
    registry.add(at, interface::link_state::LinkStates(vpp.clone()))?;
    registry.add(at, l3::vrf::Vrfs(vpp.clone()))?;
    registry.add(at, interface::vrf::InterfaceVrfs(vpp.clone(), asked.clone()))?;
    registry.add(at, interface::address::Addresses(vpp.clone(), asked))?;
    registry.add(at, interface::span::Spans::new(vpp, &copies))?;
    registry.add(at, interface::bond_member::BondMembers(vpp.clone()))?;
    registry.add(at, interface::dhcp::Clients(vpp.clone()))?;
    registry.add(at, interface::dhcp::Leases(vpp.clone()))?;
    registry.add(at, interface::dhcp::LeasedAddresses(vpp.clone()))?;
    registry.add(at, interface::ip6nd::Autoconfigs(vpp.clone()))?;
    registry.add(at, interface::rx_mode::RxModesOf(vpp.clone()))?;
    registry.add(at, interface::rx_placement::Placements(vpp.clone()))?;
    registry.add(at, interface::unnumbered::InheritedVrfs(vpp.clone()))?;
    registry.add(at, interface::unnumbered::UnnumberedInterfaces(vpp.clone()))?;
    registry.add(at, l3::route::Routes(vpp.clone()))?;
    registry.add(at, l3::neighbour::Neighbours(vpp.clone()))?;
    registry.add(at, l3::teib::TeibEntries::new(vpp))?;
    registry.add(at, l3::l3xc::L3XConnects(vpp.clone()))?;
    registry.add(at, l3::vrrp::VirtualRouters(vpp.clone()))?;
    registry.add(at, l3::dhcp_proxy::DhcpProxies(vpp.clone()))?;
    registry.add(at, l3::ip_scan::IpScan::new(vpp.clone()))?;
    registry.add(at, l3::proxy_arp::ProxyArps(vpp.clone()))?;
    registry.add(at, l3::proxy_arp_range::ProxyArpRanges(vpp.clone()))?;
    registry.add(at, l3::proxy_arp_interface::ProxyArpInterfaces(vpp.clone()))?;
    registry.add(at, l2::bridge_domain::BridgeDomains(vpp.clone()))?;
    registry.add(at, l2::bd_member::BdMembers::new(vpp, &copies))?;
    registry.add(at, l2::bd_arp::BdArps(vpp.clone()))?;
    registry.add(at, l2::fib::FibEntries(vpp.clone()))?;
    registry.add(at, l2::xconnect::XConnects::new(vpp, &copies))?;
    registry.add(at, acl::list::Acls(vpp.clone()))?;
    registry.add(at, acl::binding::Bindings::new(vpp))?;
    Ok(())
}

/// The REST dumps that features serve.
pub const DUMPS: &[&[Dump]] = &[
    interface::DUMPS,
    l2::bridge_domain::DUMPS,
    l2::fib::DUMPS,
    l2::xconnect::DUMPS,
    l3::route::DUMPS,
    l3::neighbour::DUMPS,
    acl::list::DUMPS,
    l3::vrrp::DUMPS,
    l3::ip_scan::DUMPS,
    l3::proxy_arp_range::DUMPS,
    l3::proxy_arp_interface::DUMPS,
];
