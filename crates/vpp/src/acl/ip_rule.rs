//! Rule of an IP ACL: source, destination, and what stands in the header above.
//!
//! What a rule leaves open fits every packet: without `ip` any IPv4 address, without a range any port, type or code.

use crate::prelude::*;
use model::proto::ligato::vpp::acl::acl::Rule;
use model::proto::ligato::vpp::acl::acl::rule::ip_rule::icmp::Range;
use model::proto::ligato::vpp::acl::acl::rule::ip_rule::{Icmp, Ip, PortRange, Tcp, Udp};
use model::proto::ligato::vpp::acl::acl::rule::{Action, IpRule};
use types::{AclAction, AclRule, IpProto, Prefix};

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMP6: u8 = 58;

/// Of ports, or of ICMP's types and codes.
type Ends = (u16, u16);
const ANY_PORT: Ends = (0, 65535);
const ANY_ICMP: Ends = (0, 255);

/// What a packet becomes of a rule that fits it.
pub(super) fn action(rule: &Rule) -> Result<AclAction, Invalid> {
    match Action::try_from(rule.action) {
        Ok(Action::Deny) => Ok(AclAction::DENY),
        Ok(Action::Permit) => Ok(AclAction::PERMIT),
        Ok(Action::Reflect) => Ok(AclAction::PERMIT_REFLECT),
        Err(_) => Err(Invalid::new("rules.action", "the action is none of DENY, PERMIT and REFLECT")),
    }
}

/// As VPP is told.
pub(super) fn to_vpp(rule: &Rule) -> Result<AclRule, Invalid> {
    const FIELD: &str = "rules.ip_rule";
    ensure(rule.macip_rule.is_none(), "rules.macip_rule", "there is a MACIP rule among IP rules")?;
    let Some(ip_rule) = &rule.ip_rule else {
        return Err(Invalid::new(FIELD, "neither ip_rule nor macip_rule is given"));
    };
    let IpRule { ip, icmp, tcp, udp } = ip_rule;
    let (src_prefix, dst_prefix, protocol) = addresses(ip.as_ref())?;
    let sections = usize::from(icmp.is_some()) + usize::from(tcp.is_some()) + usize::from(udp.is_some());
    ensure(sections <= 1, FIELD, "icmp, tcp and udp exclude each other")?;
    let section = match (icmp, tcp, udp) {
        (Some(icmp), ..) if icmp.icmpv6 || protocol == ICMP6 => Some(ICMP6),
        (Some(_), ..) => Some(ICMP),
        (_, Some(_), _) => Some(TCP),
        (.., Some(_)) => Some(UDP),
        _ => None,
    };
    let proto = match (protocol, section) {
        (0, section) => section.unwrap_or(0),
        (given, Some(section)) if given != section => {
            let reason = format!("protocol {given} is not that of the section beside it, which is {section}");
            return Err(Invalid::new("rules.ip_rule.ip.protocol", reason));
        }
        (given, _) => given,
    };
    let (src, dst) = match proto {
        ICMP | ICMP6 => types_and_codes(icmp.as_ref())?,
        TCP => {
            let ports = tcp.as_ref().map(|tcp| (tcp.source_port_range, tcp.destination_port_range));
            self::ports(
                "rules.ip_rule.tcp.source_port_range",
                "rules.ip_rule.tcp.destination_port_range",
                ports,
            )?
        }
        UDP => {
            let ports = udp.as_ref().map(|udp| (udp.source_port_range, udp.destination_port_range));
            self::ports(
                "rules.ip_rule.udp.source_port_range",
                "rules.ip_rule.udp.destination_port_range",
                ports,
            )?
        }
        _ => ((0, 0), (0, 0)),
    };
    let flags = |field, flags: u32| {
        u8::try_from(flags).map_err(|_| Invalid::new(field, "TCP flags are more than 255"))
    };
    Ok(AclRule {
        is_permit: action(rule)?,
        src_prefix,
        dst_prefix,
        proto: IpProto(proto),
        srcport_or_icmptype_first: src.0,
        srcport_or_icmptype_last: src.1,
        dstport_or_icmpcode_first: dst.0,
        dstport_or_icmpcode_last: dst.1,
        tcp_flags_mask: tcp
            .map_or(Ok(0), |tcp| flags("rules.ip_rule.tcp.tcp_flags_mask", tcp.tcp_flags_mask))?,
        tcp_flags_value: tcp
            .map_or(Ok(0), |tcp| flags("rules.ip_rule.tcp.tcp_flags_value", tcp.tcp_flags_value))?,
    })
}

/// Source, destination and protocol. VPP refuses networks with host bits, so they go without.
fn addresses(ip: Option<&Ip>) -> Result<(Prefix, Prefix, u8), Invalid> {
    let Some(ip) = ip else { return Ok(Default::default()) };
    let network_of = |field, text: &str| {
        ensure(!text.is_empty(), field, "the network is missing; for any, write 0.0.0.0/0 or ::/0")?;
        cidr(field, text).map(|(address, len)| (network(address, len), len))
    };
    let src = network_of("rules.ip_rule.ip.source_network", &ip.source_network)?;
    let dst = network_of("rules.ip_rule.ip.destination_network", &ip.destination_network)?;
    let one_version = src.0.is_ipv4() == dst.0.is_ipv4();
    ensure(one_version, "rules.ip_rule.ip", "source and destination are of different IP versions")?;
    let protocol = u8::try_from(ip.protocol);
    let protocol =
        protocol.map_err(|_| Invalid::new("rules.ip_rule.ip.protocol", "the protocol is more than 255"))?;
    Ok((src.into(), dst.into(), protocol))
}

fn ends(field: &'static str, (first, last): (u32, u32), most: u16) -> Result<Ends, Invalid> {
    let bad = |why: &str| Invalid::new(field, format!("the range from {first} to {last} {why}"));
    if first > last {
        return Err(bad("ends before it begins"));
    }
    match (u16::try_from(first), u16::try_from(last)) {
        (Ok(first), Ok(last)) if last <= most => Ok((first, last)),
        _ => Err(bad(&format!("ends after {most}"))),
    }
}

type Ranges = (Option<PortRange>, Option<PortRange>);

fn ports(src: &'static str, dst: &'static str, ranges: Option<Ranges>) -> Result<(Ends, Ends), Invalid> {
    let of = |field, range: Option<PortRange>| match range {
        Some(range) => ends(field, (range.lower_port, range.upper_port), ANY_PORT.1),
        None => Ok(ANY_PORT),
    };
    let (source, destination) = ranges.unwrap_or_default();
    Ok((of(src, source)?, of(dst, destination)?))
}

fn types_and_codes(icmp: Option<&Icmp>) -> Result<(Ends, Ends), Invalid> {
    let of = |field, range: Option<Range>| match range {
        Some(range) => ends(field, (range.first, range.last), ANY_ICMP.1),
        None => Ok(ANY_ICMP),
    };
    let types = of("rules.ip_rule.icmp.icmp_type_range", icmp.and_then(|icmp| icmp.icmp_type_range))?;
    let codes = of("rules.ip_rule.icmp.icmp_code_range", icmp.and_then(|icmp| icmp.icmp_code_range))?;
    Ok((types, codes))
}

/// As VPP tells it.
pub(super) fn of_vpp(r: &AclRule) -> Rule {
    let proto = r.proto.0;
    let ip = Ip {
        source_network: prefix_text(&r.src_prefix),
        destination_network: prefix_text(&r.dst_prefix),
        protocol: proto.into(),
    };
    let src = (r.srcport_or_icmptype_first.into(), r.srcport_or_icmptype_last.into());
    let dst = (r.dstport_or_icmpcode_first.into(), r.dstport_or_icmpcode_last.into());
    let ports = |(lower_port, upper_port)| Some(PortRange { lower_port, upper_port });
    // Others say "up to 65535", and mean any.
    let range = |(first, last): (u32, u32)| Some(Range { first: first.min(255), last: last.min(255) });
    let base = IpRule { ip: Some(ip), ..IpRule::default() };
    let ip_rule = match proto {
        ICMP | ICMP6 => {
            let icmpv6 = proto == ICMP6;
            IpRule {
                icmp: Some(Icmp { icmpv6, icmp_type_range: range(src), icmp_code_range: range(dst) }),
                ..base
            }
        }
        TCP => {
            let tcp = Tcp {
                source_port_range: ports(src),
                destination_port_range: ports(dst),
                tcp_flags_mask: r.tcp_flags_mask.into(),
                tcp_flags_value: r.tcp_flags_value.into(),
            };
            IpRule { tcp: Some(tcp), ..base }
        }
        UDP => {
            let udp = Udp { source_port_range: ports(src), destination_port_range: ports(dst) };
            IpRule { udp: Some(udp), ..base }
        }
        _ => base,
    };
    let action = match r.is_permit {
        AclAction::DENY => Action::Deny,
        AclAction::PERMIT_REFLECT => Action::Reflect,
        _ => Action::Permit,
    };
    Rule { action: action.into(), ip_rule: Some(ip_rule), macip_rule: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(source: &str, destination: &str, protocol: u32) -> IpRule {
        let ip = Ip { source_network: source.into(), destination_network: destination.into(), protocol };
        IpRule { ip: Some(ip), ..IpRule::default() }
    }
    fn four(protocol: u32) -> IpRule {
        networks("0.0.0.0/0", "0.0.0.0/0", protocol)
    }
    fn told(ip_rule: IpRule) -> Result<AclRule, Invalid> {
        to_vpp(&Rule { ip_rule: Some(ip_rule), ..Rule::default() })
    }
    fn tcp(lower_port: u32, upper_port: u32) -> Option<Tcp> {
        Some(Tcp { source_port_range: Some(PortRange { lower_port, upper_port }), ..Tcp::default() })
    }
    fn udp(lower_port: u32, upper_port: u32) -> Option<Udp> {
        Some(Udp { destination_port_range: Some(PortRange { lower_port, upper_port }), ..Udp::default() })
    }

    #[test]
    fn what_is_left_open_is_any() {
        let ends = |rule: IpRule| {
            let r = told(rule).unwrap();
            let source = (r.srcport_or_icmptype_first, r.srcport_or_icmptype_last);
            (r.proto.0, source, (r.dstport_or_icmpcode_first, r.dstport_or_icmpcode_last))
        };
        assert_eq!(ends(IpRule::default()), (0, (0, 0), (0, 0)));
        assert_eq!(ends(four(89)), (89, (0, 0), (0, 0)));
        assert_eq!(ends(four(6)), (6, ANY_PORT, ANY_PORT));
        assert_eq!(ends(IpRule { udp: udp(53, 54), ..four(0) }), (17, ANY_PORT, (53, 54)));
        assert_eq!(ends(IpRule { tcp: tcp(7, 7), ..IpRule::default() }), (6, (7, 7), ANY_PORT));
        let icmp = |icmpv6| Some(Icmp { icmpv6, ..Icmp::default() });
        assert_eq!(ends(IpRule { icmp: icmp(false), ..four(0) }), (1, ANY_ICMP, ANY_ICMP));
        assert_eq!(
            ends(IpRule { icmp: icmp(true), ..networks("::/0", "::/0", 0) }),
            (58, ANY_ICMP, ANY_ICMP)
        );
        // The number says enough.
        assert_eq!(
            ends(IpRule { icmp: icmp(false), ..networks("::/0", "::/0", 58) }),
            (58, ANY_ICMP, ANY_ICMP)
        );
    }

    #[test]
    fn what_vpp_tells_is_what_it_was_told() {
        let codes = Some(Range { first: 3, last: 4 });
        let icmp = Some(Icmp { icmpv6: true, icmp_code_range: codes, ..Icmp::default() });
        let flags = Tcp { tcp_flags_mask: 255, tcp_flags_value: 16, ..tcp(1, 65535).unwrap() };
        let rules = [
            IpRule::default(),
            networks("10.1.2.3/16", "192.168.255.255/17", 47),
            IpRule { tcp: Some(flags), ..four(0) },
            IpRule { udp: udp(0, 0), ..networks("2001:DB8::1/32", "::/0", 0) },
            IpRule { icmp, ..networks("::/0", "::/0", 0) },
        ];
        for rule in rules {
            for action in [Action::Deny, Action::Permit, Action::Reflect] {
                let rule = Rule { action: action.into(), ip_rule: Some(rule.clone()), macip_rule: None };
                let told = to_vpp(&rule).unwrap();
                assert_eq!(to_vpp(&of_vpp(&told)), Ok(told), "{rule:?}");
            }
        }
    }

    #[test]
    fn what_makes_no_sense_names_the_field() {
        let icmp = |icmpv6, first, last| {
            let range = Some(Range { first, last });
            Some(Icmp { icmpv6, icmp_type_range: range, icmp_code_range: range })
        };
        let flags =
            |mask, value| Some(Tcp { tcp_flags_mask: mask, tcp_flags_value: value, ..Tcp::default() });
        let cases = [
            (
                networks("", "10.0.0.0/8", 0),
                "ip.source_network: the network is missing; for any, write 0.0.0.0/0",
            ),
            (
                networks("::/0", "", 0),
                "ip.destination_network: the network is missing; for any, write 0.0.0.0/0",
            ),
            (networks("10.1.1.1", "::/0", 0), "ip.source_network: \"10.1.1.1\" has no prefix length"),
            (
                networks("::/0", "::/129", 0),
                "ip.destination_network: \"::/129\" needs a prefix length from 0 to 128",
            ),
            (networks("::/0", "0.0.0.0/0", 0), "ip: source and destination are of different IP versions"),
            (four(256), "ip.protocol: the protocol is more than 255"),
            (
                IpRule { udp: udp(1, 2), ..four(6) },
                "ip.protocol: protocol 6 is not that of the section beside it, which is 17",
            ),
            (
                IpRule { icmp: icmp(true, 0, 0), ..four(1) },
                "ip.protocol: protocol 1 is not that of the section beside it",
            ),
            (IpRule { tcp: tcp(1, 2), udp: udp(1, 2), ..four(0) }, "icmp, tcp and udp exclude each other"),
            (
                IpRule { tcp: tcp(2, 1), ..four(0) },
                "tcp.source_port_range: the range from 2 to 1 ends before it begins",
            ),
            (
                IpRule { udp: udp(80, 0), ..four(0) },
                "udp.destination_port_range: the range from 80 to 0 ends before",
            ),
            (
                IpRule { tcp: tcp(1, 65536), ..four(0) },
                "tcp.source_port_range: the range from 1 to 65536 ends after 65535",
            ),
            (
                IpRule { icmp: icmp(false, 0, 256), ..four(0) },
                "icmp.icmp_type_range: the range from 0 to 256 ends after 255",
            ),
            (IpRule { tcp: flags(256, 0), ..four(0) }, "tcp.tcp_flags_mask: TCP flags are more than 255"),
            (IpRule { tcp: flags(0, 256), ..four(0) }, "tcp.tcp_flags_value: TCP flags are more than 255"),
        ];
        for (rule, reason) in cases {
            let text = told(rule).unwrap_err().to_string();
            let text = text.trim_start_matches("rules.ip_rule").trim_start_matches(['.', ':', ' ']);
            assert!(text.starts_with(reason), "{text:?} is not {reason:?}");
        }
        let none = to_vpp(&Rule::default()).unwrap_err();
        assert_eq!(none.to_string(), "rules.ip_rule: neither ip_rule nor macip_rule is given");
        let odd = to_vpp(&Rule { action: 3, ip_rule: Some(four(0)), ..Rule::default() }).unwrap_err();
        assert_eq!(odd.to_string(), "rules.action: the action is none of DENY, PERMIT and REFLECT");
    }

    #[test]
    fn any_type_as_others_say_it() {
        let other = AclRule { srcport_or_icmptype_last: 65535, ..told(four(1)).unwrap() };
        assert_eq!(to_vpp(&of_vpp(&other)), told(four(1)));
    }
}
