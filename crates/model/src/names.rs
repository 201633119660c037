//! The name of each model's instances: the part of the key after the prefix.
//!
//! One function per name template of the model table, written out because a request may carry 100,000 routes.
//! Every result has gone through [`clean`], as the templates' results do on the reference.

use std::borrow::Cow;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::proto::ligato::{linux, netalloc, vpp};

/// Start of a reference to an allocated address; such a reference stays as written.
const ALLOCATION: &str = "alloc:";

/// What the templates print for an address that cannot be parsed.
const INVALID: &str = "<invalid>";

/// Removes empty and `.` segments, as joining path elements does.
///
/// A `..` segment stays as written: taking it literally would let a name leave its model's prefix.
pub(crate) fn clean(name: String) -> String {
    fn keep(segment: &&str) -> bool {
        !segment.is_empty() && *segment != "."
    }
    if name.split('/').all(|segment| keep(&segment)) {
        return name;
    }
    let mut cleaned = String::with_capacity(name.len());
    for segment in name.split('/').filter(keep) {
        if !cleaned.is_empty() {
            cleaned.push('/');
        }
        cleaned.push_str(segment);
    }
    cleaned
}

/// The name of a model that exists once.
pub(crate) fn singleton<M>(_: &M) -> String {
    String::new()
}

/// `name of an enum value`, or its number when the number has no name.
macro_rules! enum_name {
    ($enum:ty, $number:expr) => {
        match <$enum>::try_from($number) {
            Ok(value) => Cow::Borrowed(value.as_str_name()),
            Err(_) => Cow::Owned($number.to_string()),
        }
    };
}

/// Appends `<network address>/<length>`: the network in canonical form with its host bits cleared.
fn push_network(name: &mut String, network: &str) {
    if network.starts_with(ALLOCATION) {
        name.push_str(network);
        return;
    }
    // Writing to a string cannot fail.
    let _ = match parse_network(network) {
        Some((IpAddr::V6(address), length)) => match address.to_ipv4_mapped() {
            Some(mapped) => write!(name, "{mapped}/{length}"),
            None => write!(name, "{address}/{length}"),
        },
        Some((IpAddr::V4(address), length)) => write!(name, "{address}/{length}"),
        None => write!(name, "{INVALID}/0"),
    };
}

/// The network of `address/length` and its length; `None` when either part is not valid.
fn parse_network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = text.split_once('/')?;
    if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let length: u32 = length.parse().ok()?;
    match address.parse().ok()? {
        IpAddr::V4(address) => {
            let host_bits = 32u32.checked_sub(length)?;
            let mask = u32::MAX.checked_shl(host_bits).unwrap_or(0);
            Some((Ipv4Addr::from(u32::from(address) & mask).into(), length))
        }
        IpAddr::V6(address) => {
            let host_bits = 128u32.checked_sub(length)?;
            let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
            Some((Ipv6Addr::from(u128::from(address) & mask).into(), length))
        }
    }
}

pub(crate) fn route(value: &vpp::l3::Route) -> String {
    let mut name = String::with_capacity(64);
    if !value.outgoing_interface.is_empty() {
        name.push_str("if/");
        name.push_str(&value.outgoing_interface);
        name.push('/');
    }
    let _ = write!(name, "vrf/{}/dst/", value.vrf_id);
    push_network(&mut name, &value.dst_network);
    if !value.next_hop_addr.is_empty() {
        name.push_str("/gw/");
        name.push_str(&value.next_hop_addr);
    }
    name
}

pub(crate) fn linux_route(value: &linux::l3::Route) -> String {
    let mut name = String::with_capacity(48);
    push_network(&mut name, &value.dst_network);
    name.push('/');
    name.push_str(&value.outgoing_interface);
    name
}

pub(crate) fn span(value: &vpp::interfaces::Span) -> String {
    format!("{}/to/{}", value.interface_from, value.interface_to)
}

pub(crate) fn fib(value: &vpp::l2::FibEntry) -> String {
    format!("{}/mac/{}", value.bridge_domain, value.phys_address)
}

pub(crate) fn arp(value: &vpp::l3::ArpEntry) -> String {
    format!("{}/{}", value.interface, value.ip_address)
}

pub(crate) fn linux_arp(value: &linux::l3::ArpEntry) -> String {
    format!("{}/{}", value.interface, value.ip_address)
}

pub(crate) fn vrf(value: &vpp::l3::VrfTable) -> String {
    format!("id/{}/protocol/{}", value.id, enum_name!(vpp::l3::vrf_table::Protocol, value.protocol))
}

pub(crate) fn dhcp_proxy(value: &vpp::l3::DhcpProxy) -> String {
    let family = match value.source_ip_address.parse() {
        Ok(IpAddr::V4(_)) => "IPv4",
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some() => "IPv4",
        Ok(IpAddr::V6(_)) => "IPv6",
        Err(_) => INVALID,
    };
    format!("{family}/rx-vrf/{}", value.rx_vrf_id)
}

pub(crate) fn l3xconnect(value: &vpp::l3::L3xConnect) -> String {
    let protocol = enum_name!(vpp::l3::l3x_connect::Protocol, value.protocol);
    format!("{}/protocol/{protocol}", value.interface)
}

pub(crate) fn teib(value: &vpp::l3::TeibEntry) -> String {
    format!("{}/peer/{}", value.interface, value.peer_addr)
}

pub(crate) fn vrrp(value: &vpp::l3::VrrpEntry) -> String {
    format!("{}/vrid/{}", value.interface, value.vr_id)
}

pub(crate) fn nat44_pool(value: &vpp::nat::Nat44AddressPool) -> String {
    if !value.name.is_empty() {
        return value.name.clone();
    }
    let mut name = format!("vrf/{}/address/{}", value.vrf_id, value.first_ip);
    if !value.last_ip.is_empty() && value.last_ip != value.first_ip {
        name.push('-');
        name.push_str(&value.last_ip);
    }
    name
}

pub(crate) fn nat44_vrf(value: &vpp::nat::Nat44VrfTable) -> String {
    format!("vrfid/{}", value.src_vrf_id)
}

pub(crate) fn nat44_vrf_route(value: &vpp::nat::Nat44VrfRoute) -> String {
    format!("vrfid/{}/destvrfid/{}", value.src_vrf_id, value.dest_vrf_id)
}

pub(crate) fn ipsec_sp(value: &vpp::ipsec::SecurityPolicy) -> String {
    format!(
        "spd/{}/sa/{}/{}/local-addresses/{}-{}/remote-addresses/{}-{}",
        value.spd_index,
        value.sa_index,
        if value.is_outbound { "outbound" } else { "inbound" },
        value.local_addr_start,
        value.local_addr_stop,
        value.remote_addr_start,
        value.remote_addr_stop,
    )
}

pub(crate) fn tunnel_protection(value: &vpp::ipsec::TunnelProtection) -> String {
    if value.next_hop_addr.is_empty() {
        value.interface.clone()
    } else {
        format!("{}/nh/{}", value.interface, value.next_hop_addr)
    }
}

pub(crate) fn ip_redirect(value: &vpp::punt::IpRedirect) -> String {
    format!("l3/{}/tx/{}", enum_name!(vpp::punt::L3Protocol, value.l3_protocol), value.tx_interface)
}

pub(crate) fn to_host(value: &vpp::punt::ToHost) -> String {
    let l3 = enum_name!(vpp::punt::L3Protocol, value.l3_protocol);
    let l4 = enum_name!(vpp::punt::L4Protocol, value.l4_protocol);
    format!("l3/{l3}/l4/{l4}/port/{}", value.port)
}

pub(crate) fn punt_exception(value: &vpp::punt::Exception) -> String {
    format!("reason/{}", value.reason)
}

pub(crate) fn stn_rule(value: &vpp::stn::Rule) -> String {
    format!("{}/ip/{}", value.interface, value.ip_address)
}

pub(crate) fn wireguard_peer(value: &vpp::wireguard::Peer) -> String {
    format!("{}/endpoint/{}/{}", value.wg_if_name, value.endpoint, value.port)
}

pub(crate) fn ip_allocation(value: &netalloc::IpAllocation) -> String {
    format!("network/{}/interface/{}", value.network_name, value.interface_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_like_joined_paths_but_never_leave_the_prefix() {
        for (given, expected) in [
            ("if/with/slash", "if/with/slash"),
            ("/lead//double/trail/", "lead/double/trail"),
            ("a/./b/.", "a/b"),
            ("../x", "../x"),
            ("", ""),
            ("/", ""),
        ] {
            assert_eq!(clean(given.into()), expected, "cleaning {given:?}");
        }
    }

    #[test]
    fn networks_are_canonical_and_bad_ones_marked() {
        for (given, expected) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3/32", "10.1.2.3/32"),
            ("10.1.2.3/00", "0.0.0.0/0"),
            ("2001:DB8:0:0::1/127", "2001:db8::/127"),
            ("1:0:0:2::/64", "1:0:0:2::/64"),
            ("::1:2/128", "::1:2/128"),
            ("::ffff:10.1.2.3/120", "10.1.2.0/120"),
            ("alloc:net1/if1/GW", "alloc:net1/if1/GW"),
            ("10.1.2.3/33", "<invalid>/0"),
            ("::/129", "<invalid>/0"),
            ("10.1.2.3/+8", "<invalid>/0"),
            ("10.1.2.3/", "<invalid>/0"),
            ("10.01.2.3/8", "<invalid>/0"),
            ("fe80::1%eth0/64", "<invalid>/0"),
            ("10.1.2.3/99999999999999999999", "<invalid>/0"),
            ("", "<invalid>/0"),
        ] {
            let mut name = String::new();
            push_network(&mut name, given);
            assert_eq!(name, expected, "network {given:?}");
        }
    }
}
