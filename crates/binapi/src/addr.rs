//! Addresses: the bytes of VPP's types, at home with `std::net`.

use crate::codec::{DecodeError, Reader, Wire};
use crate::types::{Address, AddressFamily, AddressUnion, Prefix};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

macro_rules! bytes {
    ($(#[$doc:meta])* $name:ident[$size:literal]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $size]);

        impl Wire for $name {
            const MIN_SIZE: usize = $size;
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.0);
            }
            fn get(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.array(stringify!($name)).map($name)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

bytes! {
    /// An IPv4 address.
    Ip4Address[4]
}
bytes! {
    /// An IPv6 address.
    Ip6Address[16]
}
bytes! {
    /// An Ethernet address; all zeros often means "VPP decides".
    MacAddress[6]
}

macro_rules! like_std {
    ($name:ident $std:ident) => {
        impl From<$std> for $name {
            fn from(address: $std) -> Self {
                $name(address.octets())
            }
        }
        impl From<$name> for $std {
            fn from(address: $name) -> Self {
                address.0.into()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $std::from(*self).fmt(f)
            }
        }
    };
}

like_std!(Ip4Address Ipv4Addr);
like_std!(Ip6Address Ipv6Addr);

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// A text that is no Ethernet address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no MAC address; write it as six pairs of hexadecimal digits, such as 02:fe:00:00:00:01")]
pub struct MacError(String);

/// Reads `02:fe:00:00:00:01`, upper or lower case.
impl FromStr for MacAddress {
    type Err = MacError;
    fn from_str(text: &str) -> Result<Self, MacError> {
        let bad = || MacError(text.to_owned());
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_hexdigit()));
            *byte = part.and_then(|p| u8::from_str_radix(p, 16).ok()).ok_or_else(bad)?;
        }
        if parts.next().is_some() { Err(bad()) } else { Ok(MacAddress(bytes)) }
    }
}

impl From<IpAddr> for AddressUnion {
    fn from(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => AddressUnion::from_ip4(ip.into()),
            IpAddr::V6(ip) => AddressUnion::from_ip6(ip.into()),
        }
    }
}

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        let af = if ip.is_ipv4() { AddressFamily::IP4 } else { AddressFamily::IP6 };
        Address { af, un: ip.into() }
    }
}

impl Address {
    /// The address; what is not marked as IPv4 is IPv6.
    pub fn ip(&self) -> IpAddr {
        match self.af {
            AddressFamily::IP4 => IpAddr::V4(self.un.ip4().into()),
            _ => IpAddr::V6(self.un.ip6().into()),
        }
    }
}

impl From<(IpAddr, u8)> for Prefix {
    fn from((ip, len): (IpAddr, u8)) -> Self {
        Prefix { address: ip.into(), len }
    }
}

impl Prefix {
    /// The address, host bits included.
    pub fn ip(&self) -> IpAddr {
        self.address.ip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macs() {
        let mac: MacAddress = "02:FE:00:00:00:0a".parse().unwrap();
        assert_eq!(mac.to_string(), "02:fe:00:00:00:0a");
        for bad in ["", "02:fe:00:00:00", "02:fe:00:00:00:01:02", "2:fe:00:00:00:01", "02:fe:00:00:00:+1"] {
            assert!(bad.parse::<MacAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ip_addresses_there_and_back() {
        for text in ["10.1.2.3", "2001:db8::1"] {
            let ip: IpAddr = text.parse().unwrap();
            assert_eq!(Address::from(ip).ip(), ip);
            assert_eq!(format!("{:?}", Prefix::from((ip, 24))), format!("{text}/24"));
        }
        let un = AddressUnion::from(IpAddr::from([1, 2, 3, 4]));
        assert_eq!(un.0, [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
