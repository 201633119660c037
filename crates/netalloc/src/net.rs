//! An address with the length of its network.

use std::fmt;
use std::net::IpAddr;

/// An address in its network, such as `10.1.2.3/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Net {
    /// The address, host bits kept.
    pub address: IpAddr,
    /// Length of the network.
    pub len: u8,
}

impl Net {
    /// An address alone is in the network around it if it lies there, else in one of its own. `None` if it makes no sense.
    pub(crate) fn read(text: &str, around: Option<Net>) -> Option<Net> {
        let (address, len) = match text.split_once('/') {
            Some((address, len)) => (address, Some(len)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().ok()?.to_canonical();
        let most = most(address);
        let len = match len {
            Some(len) => {
                let plain = !len.is_empty() && len.bytes().all(|digit| digit.is_ascii_digit());
                len.parse().ok().filter(|&len: &u8| plain && len <= most)?
            }
            None => around.filter(|net| net.contains(address)).map_or(most, |net| net.len),
        };
        Some(Net { address, len })
    }
    /// An address in a network of its own.
    pub fn alone(address: IpAddr) -> Net {
        Net { address, len: most(address) }
    }
    /// Does the address lie in the network?
    pub fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4() && Net { address, ..self }.network() == self.network()
    }
    /// The network, without host bits.
    pub fn network(self) -> Net {
        let host_bits = u32::from(most(self.address).saturating_sub(self.len));
        let address = match self.address {
            IpAddr::V4(address) => {
                IpAddr::V4((address.to_bits() & u32::MAX.checked_shl(host_bits).unwrap_or(0)).into())
            }
            IpAddr::V6(address) => {
                IpAddr::V6((address.to_bits() & u128::MAX.checked_shl(host_bits).unwrap_or(0)).into())
            }
        };
        Net { address, ..self }
    }
}

fn most(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Net::read(text, Net::read("10.1.2.1/24", None)).map(|net| net.to_string())
    }

    #[test]
    fn an_address_alone_is_in_the_network_around_it_or_in_its_own() {
        let cases = [
            ("10.1.2.9", "10.1.2.9/24"),
            ("10.1.2.9/30", "10.1.2.9/30"),
            ("10.1.3.9", "10.1.3.9/32"),
            ("FD00::9", "fd00::9/128"),
            ("fd00::9/64", "fd00::9/64"),
            ("::ffff:10.1.2.9", "10.1.2.9/24"),
        ];
        for (text, net) in cases {
            assert_eq!(read(text).as_deref(), Some(net), "{text}");
        }
        for bad in ["", "10.1.2", "10.1.2.9/33", "10.1.2.9/", "10.1.2.9/+4", "x/24", "alloc:net1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn networks() {
        let network = |text| Net::read(text, None).unwrap().network().to_string();
        assert_eq!(network("10.1.2.9/24"), "10.1.2.0/24");
        assert_eq!(network("10.1.2.9/0"), "0.0.0.0/0");
        assert_eq!(network("fd00::1:9/112"), "fd00::1:0/112");
        assert_eq!(network("fd00::9/0"), "::/0");
        let net = Net::read("10.1.2.9/24", None).unwrap();
        assert!(net.contains("10.1.2.200".parse().unwrap()));
        assert!(!net.contains("10.1.3.1".parse().unwrap()) && !net.contains("::10.1.2.9".parse().unwrap()));
    }
}
