//! What tunnels have in common: their outer addresses.

use crate::prelude::*;
use std::net::IpAddr;

/// The outer addresses of a tunnel between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ends {
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
}

impl Ends {
    /// Source and destination, each with the path of its field.
    pub(super) fn of(src: (&'static str, &str), dst: (&'static str, &str)) -> Result<Ends, Invalid> {
        let ends = Ends { src: source(src.0, src.1)?, dst: end(dst.0, dst.1)? };
        let same = ends.src.is_ipv4() == ends.dst.is_ipv4();
        ensure(same, dst.0, "is of another IP version than the source address")?;
        ensure(ends.src != ends.dst, dst.0, "is the source address, but must be that of the other end")?;
        Ok(ends)
    }
    pub(super) fn ipv6(&self) -> bool {
        self.dst.is_ipv6()
    }
    /// The interface through which a multicast group is reached, from a field with its path.
    pub(super) fn through(&self, field: &'static str, name: &str) -> Result<Option<String>, Invalid> {
        let needed = self.dst.is_multicast() && name.is_empty();
        ensure(!needed, field, "must be given: the interface through which the multicast group is reached")?;
        Ok((!name.is_empty()).then(|| name.to_owned()))
    }
}

/// The address that packets are sent from.
pub(super) fn source(field: &'static str, text: &str) -> Result<IpAddr, Invalid> {
    let src = end(field, text)?;
    ensure(!src.is_multicast(), field, "is a multicast group, but packets are sent from it")?;
    Ok(src)
}

fn end(field: &'static str, text: &str) -> Result<IpAddr, Invalid> {
    ensure(!text.is_empty(), field, "must be given")?;
    let address = ip(field, text)?;
    ensure(!address.is_unspecified(), field, "is not the address of an end")?;
    // What VPP keeps has no version: an address of 96 zeros and something is an IPv4 address to it.
    let short = matches!(address, IpAddr::V6(v6) if v6.octets().iter().take(12).all(|&byte| byte == 0));
    ensure(!short, field, "is an IPv6 address that VPP takes for an IPv4 one")?;
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_two_addresses_of_one_version() {
        let ends = |src, dst| Ends::of(("src", src), ("dst", dst)).map(|_| ());
        let wrong = |field, reason: &str| Err(Invalid::new(field, reason));
        assert_eq!(ends("10.0.0.1", "10.0.0.2"), Ok(()));
        assert_eq!(ends("fd00::1", "fd00::2"), Ok(()));
        assert_eq!(ends("10.0.0.1", "239.1.1.1"), Ok(()));
        assert_eq!(ends("", "10.0.0.2"), wrong("src", "must be given"));
        assert_eq!(ends("10.0.0.1", ""), wrong("dst", "must be given"));
        assert_eq!(ends("10.0.0", "10.0.0.2"), wrong("src", "\"10.0.0\" is not an IP address"));
        assert_eq!(ends("10.0.0.1", "alloc:net").unwrap_err().field, "dst");
        let version = "is of another IP version than the source address";
        assert_eq!(ends("10.0.0.1", "fd00::2"), wrong("dst", version));
        let itself = "is the source address, but must be that of the other end";
        assert_eq!(ends("10.0.0.1", "10.0.0.1"), wrong("dst", itself));
        assert_eq!(ends("0.0.0.0", "10.0.0.1"), wrong("src", "is not the address of an end"));
        assert_eq!(ends("fd00::1", "::"), wrong("dst", "is not the address of an end"));
        let group = "is a multicast group, but packets are sent from it";
        assert_eq!(ends("239.1.1.1", "10.0.0.1"), wrong("src", group));
        let short = "is an IPv6 address that VPP takes for an IPv4 one";
        assert_eq!(ends("::1", "fd00::2"), wrong("src", short));
    }

    #[test]
    fn a_group_needs_an_interface() {
        let through = |dst, name| {
            Ends::of(("src", "10.0.0.1"), ("dst", dst)).and_then(|ends| ends.through("through", name))
        };
        let missing = "must be given: the interface through which the multicast group is reached";
        assert_eq!(through("10.0.0.2", ""), Ok(None));
        assert_eq!(through("239.1.1.1", "loop"), Ok(Some("loop".to_owned())));
        assert_eq!(through("239.1.1.1", ""), Err(Invalid::new("through", missing)));
    }
}
