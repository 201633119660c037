//! What ACLs make of packets of IPv4: the first rule that fits decides, and nothing passes that none fits. What a rule lets
//! through with REFLECT may be answered. Flags of TCP and fragments are not looked at.

use binapi::types::{AclAction, AclRule, Prefix};
use std::net::{IpAddr, Ipv4Addr};

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;

/// What rules look at. The ports of ICMP are its type and its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Packet {
    protocol: u8,
    from: Ipv4Addr,
    to: Ipv4Addr,
    ports: (u16, u16),
}

/// Which way packets of a conversation go; that of ICMP has no ports.
pub(crate) type Conversation = (u8, (Ipv4Addr, u16), (Ipv4Addr, u16));

impl Packet {
    /// Reads one; nothing if it is cut off.
    pub(crate) fn read(packet: &[u8]) -> Option<Packet> {
        let at = |place: usize| packet.get(place).copied();
        let address = |place: usize| Some(Ipv4Addr::from(*packet.get(place..)?.first_chunk::<4>()?));
        let port = |place: usize| Some(u16::from_be_bytes(*packet.get(place..)?.first_chunk::<2>()?));
        let (protocol, payload) = (at(9)?, usize::from(at(0)? & 15) * 4);
        let ports = match protocol {
            ICMP => (u16::from(at(payload)?), u16::from(at(payload + 1)?)),
            TCP | UDP => (port(payload)?, port(payload + 2)?),
            _ => (0, 0),
        };
        Some(Packet { protocol, from: address(12)?, to: address(16)?, ports })
    }
    /// The conversation that it is part of, as it goes.
    pub(crate) fn conversation(&self) -> Conversation {
        let (from, to) = if self.protocol == ICMP { (0, 0) } else { self.ports };
        (self.protocol, (self.from, from), (self.to, to))
    }
    /// The same as its answers go.
    pub(crate) fn answered(&self) -> Conversation {
        let (protocol, from, to) = self.conversation();
        (protocol, to, from)
    }
    fn fits(&self, rule: &AclRule) -> bool {
        let ports = |port: u16, first: u16, last: u16| (first..=last).contains(&port);
        let protocol = rule.proto.0 == 0
            || rule.proto.0 == self.protocol
                && (![ICMP, TCP, UDP].contains(&self.protocol)
                    || ports(self.ports.0, rule.srcport_or_icmptype_first, rule.srcport_or_icmptype_last)
                        && ports(
                            self.ports.1,
                            rule.dstport_or_icmpcode_first,
                            rule.dstport_or_icmpcode_last,
                        ));
        protocol && holds(&rule.src_prefix, self.from) && holds(&rule.dst_prefix, self.to)
    }
    /// What these rules make of it.
    pub(crate) fn verdict<'r>(&self, mut rules: impl Iterator<Item = &'r AclRule>) -> AclAction {
        rules.find(|rule| self.fits(rule)).map_or(AclAction::DENY, |rule| rule.is_permit)
    }
}

fn holds(network: &Prefix, address: Ipv4Addr) -> bool {
    match network.ip() {
        IpAddr::V4(ip) => {
            let rest = 32_u32.saturating_sub(network.len.into());
            (u64::from(ip.to_bits() ^ address.to_bits()) >> rest) == 0
        }
        IpAddr::V6(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use binapi::types::IpProto;

    fn packet(protocol: u8, from: [u8; 4], to: [u8; 4], payload: &[u8]) -> Packet {
        let header = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0];
        Packet::read(&[&header[..], &from, &to, payload].concat()).unwrap()
    }
    fn rule(action: AclAction, protocol: u8, network: &str, ports: (u16, u16)) -> AclRule {
        let (ip, len) = network.split_once('/').unwrap();
        let any = || Prefix::from((IpAddr::from([0, 0, 0, 0]), 0));
        AclRule {
            is_permit: action,
            proto: IpProto(protocol),
            src_prefix: (ip.parse::<IpAddr>().unwrap(), len.parse().unwrap()).into(),
            dst_prefix: any(),
            srcport_or_icmptype_last: u16::MAX,
            dstport_or_icmpcode_first: ports.0,
            dstport_or_icmpcode_last: ports.1,
            ..AclRule::default()
        }
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let (deny, permit) = (AclAction::DENY, AclAction::PERMIT);
        let rules = [
            rule(deny, UDP, "10.0.0.0/24", (8000, 8000)),
            rule(permit, UDP, "10.0.0.0/16", (0, u16::MAX)),
            rule(AclAction::PERMIT_REFLECT, 0, "10.9.0.0/16", (0, 0)),
        ];
        let udp = |from, port: u16| packet(UDP, from, [10, 1, 1, 1], &[[0, 7], port.to_be_bytes()].concat());
        let verdict = |packet: Packet| packet.verdict(rules.iter());
        assert_eq!(verdict(udp([10, 0, 0, 1], 8000)), deny);
        assert_eq!(verdict(udp([10, 0, 0, 1], 8001)), permit);
        assert_eq!(verdict(udp([10, 0, 1, 1], 8000)), permit);
        assert_eq!(verdict(udp([10, 9, 0, 1], 8000)), AclAction::PERMIT_REFLECT);
        assert_eq!(verdict(packet(ICMP, [10, 0, 0, 1], [10, 1, 1, 1], &[8, 0])), deny, "nothing fits it");
    }

    #[test]
    fn answers_go_the_other_way() {
        let asked = packet(TCP, [10, 0, 0, 1], [10, 0, 0, 2], &[0, 7, 0, 80]);
        let answer = packet(TCP, [10, 0, 0, 2], [10, 0, 0, 1], &[0, 80, 0, 7]);
        assert_eq!(asked.answered(), answer.conversation());
        let asked = packet(ICMP, [10, 0, 0, 1], [10, 0, 0, 2], &[8, 0]);
        let answer = packet(ICMP, [10, 0, 0, 2], [10, 0, 0, 1], &[0, 0]);
        assert_eq!(asked.answered(), answer.conversation());
    }

    #[test]
    fn what_is_cut_off_is_none() {
        let whole = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, ICMP, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 8, 0];
        assert!(Packet::read(&whole).is_some());
        assert!((0..whole.len()).all(|end| Packet::read(&whole[..end]).is_none()));
    }
}
