//! Routes as the kernel lists them. Pure.
//!
//! There may be very many: they are read in the thread of their namespace, and nothing is made of them here that takes memory.

use super::OURS;
use crate::netlink::frame::{address, attributes, number};
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use netalloc::Net;
use netlink_packet_route::AddressFamily;
use netlink_packet_route::route::{RouteScope, RouteType};
use std::net::IpAddr;

/// What the kernel keeps of a route that users do not write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kept {
    /// Number of the interface.
    pub index: u32,
    pub table: u32,
    /// Who made it.
    pub protocol: u8,
    pub scope: u8,
    pub mtu: u32,
}

impl Kept {
    pub fn is_ours(self) -> bool {
        self.protocol == OURS
    }
}

/// A route as the kernel lists it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Listed {
    pub kept: Kept,
    pub network: Net,
    pub gateway: Option<IpAddr>,
    pub scope: Scope,
    pub metric: u32,
}

impl Listed {
    /// As a value, through the interface of this name.
    pub fn route(&self, interface: &str) -> Route {
        Route {
            outgoing_interface: interface.to_owned(),
            scope: self.scope.into(),
            dst_network: self.network.to_string(),
            gw_addr: self.gateway.map_or_else(String::new, |gateway| gateway.to_string()),
            metric: self.metric,
        }
    }
}

/// `RTM_NEWROUTE`.
pub(super) const NEW_ROUTE: u16 = 24;
/// `struct rtmsg`.
const HEADER: usize = 12;
/// `RTM_F_CLONED`: kept for one destination.
const CLONED: u32 = 0x200;
/// `RTAX_MTU`, within the metrics.
const MTU: u16 = 2;

/// The number of an attribute is that of `RTA_…`.
mod attribute {
    pub const DST: u16 = 1;
    pub const OIF: u16 = 4;
    pub const GATEWAY: u16 = 5;
    pub const PRIORITY: u16 = 6;
    pub const METRICS: u16 = 8;
    pub const MULTIPATH: u16 = 9;
    pub const TABLE: u16 = 15;
    pub const VIA: u16 = 18;
    pub const NH_ID: u16 = 30;
}

/// Reads one. Nothing for what this model cannot express.
pub(super) fn read(kind: u16, message: &[u8]) -> Option<Listed> {
    let &[family, len, _, _, table, protocol, scope, r#type, f0, f1, f2, f3] =
        message.first_chunk::<HEADER>()?;
    let cached = u32::from_ne_bytes([f0, f1, f2, f3]) & CLONED != 0;
    if kind != NEW_ROUTE || r#type != u8::from(RouteType::Unicast) || cached {
        return None;
    }
    let family = AddressFamily::from(family);
    let v4 = family == AddressFamily::Inet;
    let (mut table, mut mtu, mut metric) = (u32::from(table), 0, 0);
    let (mut index, mut destination, mut gateway) = (None, None, None);
    for (attribute, value) in attributes(message.get(HEADER..)?) {
        match attribute {
            attribute::OIF => index = number(value),
            attribute::TABLE => table = number(value).unwrap_or(table),
            attribute::METRICS => {
                let found =
                    attributes(value).find_map(|(metric, value)| number(value).filter(|_| metric == MTU));
                mtu = found.unwrap_or(mtu);
            }
            attribute::DST => destination = address(family, value),
            attribute::GATEWAY => gateway = address(family, value),
            attribute::PRIORITY => metric = number(value).unwrap_or_default(),
            attribute::MULTIPATH | attribute::VIA | attribute::NH_ID => return None,
            _ => {}
        }
    }
    let everywhere = if v4 { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
    let destination = destination.unwrap_or(everywhere);
    if matches!(destination, IpAddr::V6(to) if to.is_unicast_link_local() || to.is_multicast()) {
        return None; // the kernel has those on every interface
    }
    let kept = Kept { index: index?, table, protocol, scope, mtu };
    let scope = match RouteScope::from(scope) {
        _ if !v4 => Scope::Global,
        RouteScope::Universe => Scope::Global,
        RouteScope::Site => Scope::Site,
        RouteScope::Link => Scope::Link,
        RouteScope::Host => Scope::Host,
        _ => return None,
    };
    Some(Listed { kept, network: Net { address: destination, len }, gateway, scope, metric })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An attribute.
    fn nla(number: u16, value: &[u8]) -> Vec<u8> {
        let length = 4 + value.len() as u16;
        let mut out = [length.to_ne_bytes(), number.to_ne_bytes()].concat();
        out.extend(value);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }
    /// 10.2.0.0/16 by 10.1.1.1 through link 7, in table 70000, with an MTU.
    fn whole() -> Vec<u8> {
        let header = [2, 16, 0, 0, 0, OURS, 0, 1, 0, 0, 0, 0];
        let four = |number, value: u32| nla(number, &value.to_ne_bytes());
        let parts = [
            nla(attribute::DST, &[10, 2, 0, 0]),
            four(attribute::OIF, 7),
            four(attribute::TABLE, 70_000),
            nla(attribute::GATEWAY, &[10, 1, 1, 1]),
            four(attribute::PRIORITY, 5),
            nla(attribute::METRICS, &four(MTU, 1400)),
        ];
        [header.to_vec(), parts.concat()].concat()
    }

    #[test]
    fn all_is_read_that_is_kept() {
        let listed = read(NEW_ROUTE, &whole()).unwrap();
        let kept = Kept { index: 7, table: 70_000, protocol: OURS, scope: 0, mtu: 1400 };
        assert_eq!((listed.kept, listed.metric), (kept, 5));
        let route = listed.route("left");
        assert_eq!((&*route.dst_network, &*route.gw_addr), ("10.2.0.0/16", "10.1.1.1"));
    }

    #[test]
    fn what_the_model_has_no_words_for_is_left_out() {
        for (at, byte) in [(7, 3), (9, 2)] {
            let mut bytes = whole();
            bytes[at] = byte; // a broadcast; one that is kept for a destination
            assert_eq!(read(NEW_ROUTE, &bytes), None);
        }
        let by_many = [whole(), nla(attribute::MULTIPATH, &[0; 8])].concat();
        assert_eq!((read(NEW_ROUTE, &by_many), read(25, &whole())), (None, None));
    }

    proptest! {
        #[test]
        fn no_message_panics(bytes in prop::collection::vec(any::<u8>(), 0..80), at in 0_usize..64, with: u8) {
            let _ = read(NEW_ROUTE, &bytes);
            let mut one = whole();
            if let Some(byte) = one.get_mut(at) {
                *byte = with;
            }
            let _ = read(NEW_ROUTE, &one);
        }
    }
}
