//! From what users write to what VPP is told, and back. Each conversion names the field it fails for.

use binapi::text::FixedString;
use binapi::types::{MacAddress, Prefix};
use sched::Invalid;
use std::net::IpAddr;

/// A text that has to fit into a fixed field of `N` bytes.
pub fn fit<const N: usize>(field: &'static str, text: &str) -> Result<FixedString<N>, Invalid> {
    FixedString::try_from(text).map_err(|error| Invalid::new(field, error.to_string()))
}

/// An address.
pub fn ip(field: &'static str, text: &str) -> Result<IpAddr, Invalid> {
    text.parse().map_err(|_| Invalid::new(field, format!("{text:?} is not an IP address")))
}

/// An address with the length of its network, host bits kept: `10.1.2.3/24`.
pub fn cidr(field: &'static str, text: &str) -> Result<(IpAddr, u8), Invalid> {
    let bad = |why: &str| Invalid::new(field, format!("{text:?} {why}"));
    let (address, len) =
        text.split_once('/').ok_or_else(|| bad("has no prefix length; write it as 10.1.2.3/24"))?;
    let address: IpAddr = address.parse().map_err(|_| bad("does not start with an IP address"))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let plain = !len.is_empty() && len.bytes().all(|digit| digit.is_ascii_digit());
    let len = len.parse().ok().filter(|&len: &u8| plain && len <= most);
    Ok((address, len.ok_or_else(|| bad(&format!("needs a prefix length from 0 to {most}")))?))
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
}
