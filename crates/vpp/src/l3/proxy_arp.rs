//! Proxy ARP: VPP answers ARP requests for ranges of addresses with its own MAC, on the interfaces that are named.
//! Config `ligato.vpp.l3.ProxyARP` · VPP `arp.api`
//!
//! There is one for the whole VPP, and nothing of it in VPP but its parts: the ranges and the interfaces.

use crate::convert::ip;
use crate::l3::proxy_arp_interface::ProxyArpInterface;
use crate::l3::proxy_arp_range::ProxyArpRange;
use crate::prelude::*;
use binapi::arp::{ProxyArpDump, ProxyArpIntfcDump};
use model::proto::ligato::vpp::l3::ProxyArp;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// See the module.
pub struct ProxyArps(pub Vpp);

impl Descriptor for ProxyArps {
    const NAME: &'static str = "vpp-proxy-arp";
    const USES: &'static [&'static str] = &[ProxyArpDump::ID, ProxyArpIntfcDump::ID];
    const OWNERSHIP: Ownership = Ownership::Recorded;
    type Value = ProxyArp;
    type Image = ();
    type Handle = ();
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &ProxyArp) {}
    fn image(&self, p: &ProxyArp) -> Result<(), Invalid> {
        for range in &p.ranges {
            let first = ipv4("ranges.first_ip_addr", &range.first_ip_addr)?;
            let last = ipv4("ranges.last_ip_addr", &range.last_ip_addr)?;
            ensure(first <= last, "ranges.last_ip_addr", "is below first_ip_addr")?;
        }
        ensure(p.interfaces.iter().all(|i| !i.name.is_empty()), "interfaces.name", "must not be empty")
    }
    fn derive(&self, p: &ProxyArp, out: &mut Derived) {
        let ranges: BTreeSet<ProxyArpRange> = p.ranges.iter().filter_map(ProxyArpRange::of).collect();
        out.extend(ranges);
        let interfaces: BTreeSet<&String> = p.interfaces.iter().map(|interface| &interface.name).collect();
        out.extend(interfaces.into_iter().map(|name| ProxyArpInterface { interface: name.clone() }));
    }
    fn absorb(&self, p: &mut ProxyArp, part: &dyn Value) {
        let part: &dyn Any = part;
        if let Some(range) = part.downcast_ref::<ProxyArpRange>() {
            p.ranges.push(range.message());
        }
        if let Some(interface) = part.downcast_ref::<ProxyArpInterface>() {
            p.interfaces.push(interface.message());
        }
    }
    async fn create(&self, (): (), (): ()) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, (): (), (): (), (): ()) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let (ranges, interfaces) =
            try_join(self.0.dump(ProxyArpDump {}), self.0.dump(ProxyArpIntfcDump {})).await?;
        let there = !ranges.is_empty() || !interfaces.is_empty();
        // Without parts it is there as soon as somebody wants it.
        let there = there || seen.desired::<ProxyArp>("").is_some();
        Ok(Vec::from_iter(there.then(|| Found::new(ProxyArp::default(), ()))))
    }
}

/// VPP answers for IPv4 only: for IPv6 there is neighbour discovery.
pub(super) fn ipv4(field: &'static str, text: &str) -> Result<Ipv4Addr, Invalid> {
    ensure(!text.is_empty(), field, "must be given")?;
    ensure(!text.contains('/'), field, "is an address without prefix length")?;
    match ip(field, text)? {
        std::net::IpAddr::V4(address) => Ok(address),
        std::net::IpAddr::V6(_) => Err(Invalid::new(field, "is IPv6; there is no ARP for that")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;
    use model::proto::ligato::vpp::l3::proxy_arp::{Interface, Range};

    #[test]
    fn what_is_wrong_is_said() {
        let range = |first: &str, last: &str| ProxyArp {
            ranges: vec![Range { first_ip_addr: first.into(), last_ip_addr: last.into(), vrf_id: 0 }],
            ..ProxyArp::default()
        };
        let nameless = ProxyArp { interfaces: vec![Interface::default()], ..ProxyArp::default() };
        let cases = [
            (range("", "10.1.1.9"), "ranges.first_ip_addr: must be given"),
            (range("10.1.1.1", ""), "ranges.last_ip_addr: must be given"),
            (range("10.1.1.1/24", "10.1.1.9"), "ranges.first_ip_addr: is an address without prefix length"),
            (range("10.1.1.1", "10.1.1.9/24"), "ranges.last_ip_addr: is an address without prefix length"),
            (range("first", "10.1.1.9"), "ranges.first_ip_addr: \"first\" is not an IP address"),
            (range("10.1.1.1", "last"), "ranges.last_ip_addr: \"last\" is not an IP address"),
            (range("fd01::1", "10.1.1.9"), "ranges.first_ip_addr: is IPv6; there is no ARP for that"),
            (range("10.1.1.1", "fd01::9"), "ranges.last_ip_addr: is IPv6; there is no ARP for that"),
            (range("10.1.1.9", "10.1.1.1"), "ranges.last_ip_addr: is below first_ip_addr"),
            (nameless, "interfaces.name: must not be empty"),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(ProxyArps, &value), expected);
        }
        assert_eq!(sentence(ProxyArps, &range("10.1.1.1", "10.1.1.1")), "");
    }
}
