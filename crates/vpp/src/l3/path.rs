//! Path: one way to forward. Routes and layer 3 cross-connects are made of them.
//! VPP `fib_types.api`

use crate::interface::SwIfIndex;
use crate::prelude::*;
use netalloc::{Reference, Source};
use std::net::IpAddr;
use types::{FibPath, FibPathNh, FibPathNhProto, FibPathType};

/// A path without an interface of its own.
const NO_INTERFACE: u32 = u32::MAX;
/// A label that means "none": VPP's `MPLS_LABEL_INVALID`.
const NO_LABEL: u32 = 0x10_0000;

/// Out of an interface, to a next hop, or both.
pub(super) fn path(out: Option<SwIfIndex>, hop: Option<IpAddr>, is_ip6: bool) -> FibPath {
    let nh = hop.map_or_else(FibPathNh::default, |hop| FibPathNh {
        address: hop.into(),
        via_label: NO_LABEL,
        classify_table_index: u32::MAX,
        ..FibPathNh::default()
    });
    let proto =
        if hop.map_or(is_ip6, |hop| hop.is_ipv6()) { FibPathNhProto::IP6 } else { FibPathNhProto::IP4 };
    FibPath { sw_if_index: out.map_or(NO_INTERFACE, |out| out.0), proto, nh, ..FibPath::default() }
}

/// The interface a path goes out of.
pub(super) fn out(path: &FibPath) -> Option<SwIfIndex> {
    let through = path.sw_if_index != NO_INTERFACE && path.type_ != FibPathType::DROP;
    through.then_some(SwIfIndex(path.sw_if_index))
}

/// The next hop of a path.
pub(super) fn hop(path: &FibPath) -> Option<IpAddr> {
    let hop = match path.proto {
        FibPathNhProto::IP4 => IpAddr::V4(path.nh.address.ip4().into()),
        _ => IpAddr::V6(path.nh.address.ip6().into()),
    };
    Some(hop).filter(|hop| !hop.is_unspecified() && path.type_ != FibPathType::DROP)
}

/// A next hop as users write it; `0.0.0.0` and `::` are none.
pub(super) fn next_hop(field: &'static str, text: &str) -> Result<Option<IpAddr>, Invalid> {
    let hop = if text.is_empty() { None } else { Some(ip(field, text)?) };
    Ok(hop.filter(|hop| !hop.is_unspecified()))
}

/// A next hop that may be allocated; `owner` is the interface that a reference means if it names none.
pub(super) fn next_hop_source(
    field: &'static str,
    text: &str,
    owner: &str,
) -> Result<Option<Source<IpAddr>>, Invalid> {
    Ok(match Reference::read(field, text, owner)? {
        Some(reference) => Some(Source::Allocated(reference.into())),
        None => next_hop(field, text)?.map(Source::Given),
    })
}

/// A weight or a preference.
pub(super) fn byte(field: &'static str, n: u32) -> Result<u8, Invalid> {
    u8::try_from(n).map_err(|_| Invalid::new(field, format!("{n} is more than VPP takes, which is 255")))
}
