//! From what users write to what the kernel is told, and back. Each conversion names the field it fails for.

use netalloc::Net;
use sched::Invalid;
use std::net::IpAddr;

/// A MAC address.
pub(crate) type Mac = [u8; 6];

/// An address. The length of its network may stand behind it, and means nothing.
pub(crate) fn ip(field: &'static str, text: &str) -> Result<IpAddr, Invalid> {
    match text.contains('/') {
        true => cidr(field, text).map(|net| net.address),
        false => text.parse().map_err(|_| Invalid::new(field, format!("{text:?} is not an IP address"))),
    }
}

/// An address of an interface. Without a length it is in a network of its own.
pub(crate) fn own_address(field: &'static str, text: &str) -> Result<Net, Invalid> {
    match text.contains('/') {
        true => cidr(field, text),
        false => ip(field, text).map(Net::alone),
    }
}

/// An address with the length of its network, host bits kept: `10.1.2.3/24`.
pub(crate) fn cidr(field: &'static str, text: &str) -> Result<Net, Invalid> {
    let bad = |why: &str| Invalid::new(field, format!("{text:?} {why}"));
    let (address, len) =
        text.split_once('/').ok_or_else(|| bad("has no prefix length; write it as 10.1.2.3/24"))?;
    let address: IpAddr = address.parse().map_err(|_| bad("does not start with an IP address"))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let digits = len.bytes().all(|digit| digit.is_ascii_digit());
    let len = len.parse().ok().filter(|&len: &u8| digits && len <= most);
    let len = len.ok_or_else(|| bad(&format!("needs a prefix length from 0 to {most}")))?;
    Ok(Net { address, len })
}

/// A MAC address as users write it.
pub(crate) fn mac(field: &'static str, text: &str) -> Result<Mac, Invalid> {
    let parts: Vec<&str> = text.split(':').collect();
    let byte =
        |part: &&str| u8::from_str_radix(part, 16).ok().filter(|_| part.len() == 2 && !part.starts_with('+'));
    let bytes: Option<Vec<u8>> = parts.iter().map(byte).collect();
    let mac = bytes.and_then(|bytes| Mac::try_from(bytes).ok());
    let no = "is no MAC address; write it as six pairs of hexadecimal digits, such as 02:fe:00:00:00:01";
    mac.ok_or_else(|| Invalid::new(field, format!("{text:?} {no}")))
}

/// A MAC address as it is shown.
pub(crate) fn mac_text(mac: &[u8]) -> String {
    mac.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_may_be_left_out_where_it_is_known_or_means_nothing() {
        let own = |text| own_address("f", text).unwrap().to_string();
        assert_eq!(["10.1.2.3", "2001:db8::1"].map(own), ["10.1.2.3/32", "2001:db8::1/128"]);
        assert_eq!(own("10.1.2.3/24"), "10.1.2.3/24");
        assert_eq!(ip("f", "10.1.2.3/24").unwrap(), ip("f", "10.1.2.3").unwrap());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for bad in ["10.1.2.3", "10.1.2.3/33", "10.1.2.3/", "10.1.2.3/+4", "::1/129", "", "x/1"] {
            assert_eq!(cidr("f", bad).unwrap_err().field, "f", "{bad}");
        }
        for bad in ["10.1.1", "10.1.1/24", "10.1.1.1/33", "10.1.1.1/"] {
            assert!(ip("f", bad).is_err() && own_address("f", bad).is_err(), "{bad}");
        }
        for bad in [
            "",
            "02:00",
            "02:00:00:00:00:0g",
            "02:00:00:00:00:1",
            "02:00:00:00:00:00:00",
            "+2:00:00:00:00:00",
        ] {
            assert!(mac("f", bad).is_err(), "{bad}");
        }
        assert_eq!(mac_text(&mac("f", "02:FE:00:00:00:0a").unwrap()), "02:fe:00:00:00:0a");
    }
}
