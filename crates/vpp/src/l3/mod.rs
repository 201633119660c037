//! Layer 3: tables and routes, neighbours, and what relays or answers for others.

pub mod dhcp_proxy;
pub mod ip_scan;
pub mod l3xc;
pub mod neighbour;
mod path;
pub mod proxy_arp;
pub mod proxy_arp_interface;
pub mod proxy_arp_range;
pub mod route;
pub mod teib;
pub mod vrf;
pub mod vrrp;
