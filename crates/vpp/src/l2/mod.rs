//! Layer 2: bridge domains, their members, and forwarding entries.

pub mod bd_arp;
pub mod bd_member;
pub mod bridge_domain;
pub mod fib;
pub mod xconnect;
