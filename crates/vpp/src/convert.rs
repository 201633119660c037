//! From what users write to what VPP is told, and back. Each conversion names the field it fails for.

use binapi::text::FixedString;
use binapi::types::{MacAddress, Prefix};
use netalloc::{Net, Reference, Source, is_reference};
use sched::{Invalid, ensure};
use std::net::IpAddr;

/// A text that has to fit into a fixed field of `N` bytes.
pub fn fit<const N: usize>(field: &'static str, text: &str) -> Result<FixedString<N>, Invalid> {
    FixedString::try_from(text).map_err(|error| Invalid::new(field, error.to_string()))
}

/// What is written is the thing itself, no reference to something that was allocated.
fn written_out(field: &'static str, text: &str) -> Result<(), Invalid> {
    ensure(
        !is_reference(text),
        field,
        "is a reference to an allocated address, which cannot stand here; write the address itself",
    )
}

/// An address, or a reference to one. `owner` is the interface that is meant if the reference names none.
pub fn ip_source(field: &'static str, text: &str, owner: &str) -> Result<Source<IpAddr>, Invalid> {
    match Reference::read(field, text, owner)? {
        Some(reference) => Ok(Source::Allocated(reference.into())),
        None => ip(field, text).map(Source::Given),
    }
}

/// An address.
pub fn ip(field: &'static str, text: &str) -> Result<IpAddr, Invalid> {
    written_out(field, text)?;
    text.parse().map_err(|_| Invalid::new(field, format!("{text:?} is not an IP address")))
}

/// An address as VPP's is shown, if it is written in another way.
pub fn canonical(text: &str) -> Option<String> {
    let address: IpAddr = text.parse().ok()?;
    Some(address.to_string()).filter(|canonical| canonical != text)
}

/// An address with the length of its network, host bits kept: `10.1.2.3/24`.
pub fn cidr(field: &'static str, text: &str) -> Result<(IpAddr, u8), Invalid> {
    let bad = |why: &str| Invalid::new(field, format!("{text:?} {why}"));
    written_out(field, text)?;
    let (address, len) =
        text.split_once('/').ok_or_else(|| bad("has no prefix length; write it as 10.1.2.3/24"))?;
    let address: IpAddr = address.parse().map_err(|_| bad("does not start with an IP address"))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let plain = !len.is_empty() && len.bytes().all(|digit| digit.is_ascii_digit());
    let len = len.parse().ok().filter(|&len: &u8| plain && len <= most);
    Ok((address, len.ok_or_else(|| bad(&format!("needs a prefix length from 0 to {most}")))?))
}

/// An address of an interface. Without a length it is in a network of its own.
pub fn own_address(field: &'static str, text: &str) -> Result<Net, Invalid> {
    match text.contains('/') {
        true => cidr(field, text).map(|(address, len)| Net { address, len }),
        false => ip(field, text).map(Net::alone),
    }
}

/// The network that an address lies in.
pub fn network(address: IpAddr, len: u8) -> IpAddr {
    let (len, four, six) = (u32::from(len), u32::MAX, u128::MAX);
    match address {
        IpAddr::V4(a) => {
            IpAddr::V4((a.to_bits() & four.checked_shl(32_u32.saturating_sub(len)).unwrap_or(0)).into())
        }
        IpAddr::V6(a) => {
            IpAddr::V6((a.to_bits() & six.checked_shl(128_u32.saturating_sub(len)).unwrap_or(0)).into())
        }
    }
}

/// A MAC address.
pub fn mac(field: &'static str, text: &str) -> Result<MacAddress, Invalid> {
    text.parse().map_err(|error| Invalid::new(field, format!("{error}")))
}

/// A prefix in its canonical form.
pub fn prefix_text(prefix: &Prefix) -> String {
    format!("{}/{}", prefix.address.ip(), prefix.len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_read_strictly() {
        assert_eq!(cidr("f", "10.1.2.3/24").unwrap(), ("10.1.2.3".parse().unwrap(), 24));
        assert_eq!(cidr("f", "2001:DB8::1/64").unwrap(), ("2001:db8::1".parse().unwrap(), 64));
        for bad in
            ["10.1.2.3", "10.1.2.3/33", "10.1.2.3/", "10.1.2.3/+4", "10.1.2/24", "::1/129", "", "/", "x/1"]
        {
            let error = cidr("f", bad).unwrap_err();
            assert_eq!(error.field, "f", "{bad}");
        }
    }

    #[test]
    fn references_to_allocated_addresses_are_told_apart() {
        for error in [ip("f", "alloc:net1").unwrap_err(), cidr("f", "alloc:net1/tap1").unwrap_err()] {
            assert_eq!(
                error.to_string(),
                "f: is a reference to an allocated address, which cannot stand here; write the address itself"
            );
        }
    }

    #[test]
    fn a_network_is_an_address_without_its_host_bits() {
        let cases = [
            ("10.1.2.3", 24, "10.1.2.0"),
            ("10.1.2.3", 32, "10.1.2.3"),
            ("10.1.2.3", 0, "0.0.0.0"),
            ("2001:db8::1:2", 112, "2001:db8::1:0"),
            ("2001:db8::1:2", 128, "2001:db8::1:2"),
            ("2001:db8::1:2", 0, "::"),
        ];
        for (address, len, is) in cases {
            assert_eq!(
                network(address.parse().unwrap(), len),
                is.parse::<IpAddr>().unwrap(),
                "{address}/{len}"
            );
        }
    }
}
