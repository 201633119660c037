//! What users may want: a small world of objects that depend on each other and never contradict each other, so that it
//! can be said exactly what VPP should have. Whatever may be in one bridge domain, or one role of memif, is decided by
//! the name.

use crate::rng::Rng;
use model::proto::ligato::vpp::acl::Acl;
use model::proto::ligato::vpp::acl::acl::rule::{IpRule, ip_rule::Ip};
use model::proto::ligato::vpp::acl::acl::{Interfaces, Rule as AclRule};
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::{Interface, MemifLink, Span, VxlanLink};
use model::proto::ligato::vpp::l2::bridge_domain::{ArpTerminationEntry, Interface as Member};
use model::proto::ligato::vpp::l2::{BridgeDomain, FibEntry, XConnectPair};
use model::proto::ligato::vpp::l3::{ArpEntry, Route, VrfTable};
use model::proto::ligato::vpp::stn::Rule;
use model::value::Value;
use std::fmt;
use std::sync::Arc;

/// What an interface is and what it is for.
#[derive(Clone, Copy, PartialEq)]
enum Port {
    Loop,
    /// Its id, which no other has.
    Memif(u32),
    /// Its network, which no other has.
    Vxlan(u32),
}

const ROUTED: &[(&str, Port)] =
    &[("lan0", Port::Loop), ("lan1", Port::Loop), ("wan0", Port::Memif(10)), ("wan1", Port::Memif(11))];
/// Ports of the domain of the same place in [`DOMAINS`].
const BRIDGED: &[&[(&str, Port)]] = &[
    &[("port0", Port::Loop), ("port1", Port::Loop), ("port2", Port::Memif(20)), ("tunnel0", Port::Vxlan(40))],
    &[("port3", Port::Loop), ("port4", Port::Memif(21)), ("tunnel1", Port::Vxlan(41))],
];
const WIRED: &[(&str, Port)] = &[("end0", Port::Loop), ("end1", Port::Loop), ("end2", Port::Memif(30))];
pub const DOMAINS: &[&str] = &["red", "blue"];
/// Socket files, and whether memifs on them are masters: all on one file have the same role.
const SOCKETS: &[(&str, bool)] = &[("", true), ("/run/a.sock", false), ("/run/b.sock", true)];

/// What is neither in a bridge domain nor wired may have ACLs, and its packets copied to the end of a wire.
const ACLS: &[&str] = &["allow", "block", "guard"];

/// One wanted object.
#[derive(Clone, PartialEq)]
pub struct Thing {
    pub what: What,
    /// Spoilt, so that VPP cannot be told.
    pub broken: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Interface {
        name: &'static str,
        link: Kind,
        up: bool,
        mac: Option<u8>,
        mtu: u32,
        addresses: Vec<String>,
        vrf: u32,
    },
    Vrf {
        id: u32,
        v6: bool,
        label: &'static str,
    },
    Route {
        vrf: u32,
        v6: bool,
        network: String,
        to: To,
        weight: u32,
        preference: u32,
    },
    Domain {
        name: &'static str,
        flags: u8,
        age: u32,
        /// Interface, BVI, split-horizon group.
        members: Vec<(&'static str, bool, u32)>,
        /// Address and MAC.
        arp: Vec<(String, String)>,
    },
    Station {
        domain: &'static str,
        mac: String,
        /// To be dropped if there is none.
        out: Option<&'static str>,
        fixed: bool,
    },
    Wire {
        from: &'static str,
        to: &'static str,
    },
    Neighbour {
        interface: &'static str,
        address: String,
        mac: String,
    },
    Copies {
        from: &'static str,
        to: &'static str,
        direction: i32,
    },
    Acl {
        name: &'static str,
        /// The last byte of each network that is let through.
        rules: Vec<u8>,
        ingress: Vec<&'static str>,
        egress: Vec<&'static str>,
    },
    /// A kind that no feature handles.
    Unhandled {
        name: &'static str,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Loop,
    Memif {
        id: u32,
        socket: &'static str,
        master: bool,
        ip: bool,
    },
    /// The last bytes of both ends, and the network.
    Vxlan {
        src: u8,
        dst: u8,
        vni: u32,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum To {
    Neighbour(&'static str, String),
    /// Looked up in the same table.
    Gateway(String),
    Table(u32),
    Nowhere,
}

impl fmt::Debug for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", if self.broken { "BROKEN " } else { "" }, self.what)
    }
}

fn mac(kind: u8, n: usize) -> String {
    format!("02:00:00:00:{kind:02x}:{n:02x}")
}

/// The end of a tunnel.
pub fn end(n: u8) -> String {
    format!("10.240.0.{n}")
}

/// A network that an ACL lets through.
pub fn network(n: u8) -> String {
    format!("10.230.{n}.0/24")
}

impl Thing {
    /// Any.
    pub fn random(rng: &mut Rng) -> Thing {
        let what = match rng.weighted([30, 10, 25, 12, 12, 8, 7, 5, 9, 3].into_iter()) {
            0 => interface(rng),
            1 => What::Vrf {
                id: 1 + rng.below(2) as u32,
                v6: rng.percent(40),
                label: ["", "", "one", "two"][rng.below(4)],
            },
            2 => route(rng),
            3 => domain(rng),
            4 => {
                let at = rng.below(DOMAINS.len());
                let out = rng.pick(BRIDGED[at]).0;
                let out = (!rng.percent(30)).then_some(out);
                let fixed = out.is_none() || rng.percent(50);
                What::Station { domain: DOMAINS[at], mac: mac(0xf1, rng.below(3)), out, fixed }
            }
            5 => {
                let at = rng.below(WIRED.len());
                let to = (at + 1 + rng.below(WIRED.len() - 1)) % WIRED.len();
                What::Wire { from: WIRED[at].0, to: WIRED[to].0 }
            }
            6 => What::Neighbour {
                interface: rng.pick(ROUTED).0,
                address: if rng.percent(30) { "fd00:50::9" } else { "10.250.0.9" }.to_owned(),
                mac: mac(0xb0, rng.below(2)),
            },
            7 => What::Copies {
                from: rng.pick(ROUTED).0,
                to: rng.pick(WIRED).0,
                direction: 1 + rng.below(3) as i32,
            },
            8 => {
                let mut ports = || ROUTED.iter().map(|(name, _)| *name).filter(|_| rng.percent(35)).collect();
                let (ingress, egress) = (ports(), ports());
                let rules = (0..1 + rng.below(3)).map(|_| rng.below(4) as u8).collect();
                What::Acl { name: ACLS[rng.below(ACLS.len())], rules, ingress, egress }
            }
            _ => What::Unhandled { name: ["stolen0", "stolen1"][rng.below(2)] },
        };
        let breakable = !matches!(what, What::Unhandled { .. } | What::Wire { .. });
        Thing { what, broken: breakable && rng.percent(6) }
    }

    pub fn value(&self) -> Arc<dyn Value> {
        let broken = self.broken;
        match self.what.clone() {
            What::Interface { name, link, up, mac: address, mtu, addresses, vrf } => {
                let (kind, link) = match link {
                    Kind::Loop => (Type::SoftwareLoopback, None),
                    Kind::Memif { id, socket, master, ip } => {
                        let (mode, socket_filename) = (i32::from(ip), socket.to_owned());
                        let memif = MemifLink { id, master, mode, socket_filename, ..MemifLink::default() };
                        (Type::Memif, Some(Link::Memif(memif)))
                    }
                    Kind::Vxlan { src, dst, vni } => {
                        let [src_address, dst_address] = [src, dst].map(end);
                        let vxlan = VxlanLink { src_address, dst_address, vni, ..VxlanLink::default() };
                        (Type::VxlanTunnel, Some(Link::Vxlan(vxlan)))
                    }
                };
                Arc::new(Interface {
                    name: name.to_owned(),
                    r#type: kind.into(),
                    enabled: up,
                    phys_address: address.map(|n| mac(1, n.into())).unwrap_or_default(),
                    mtu: if broken { 70_000 } else { mtu },
                    ip_addresses: addresses,
                    vrf,
                    link,
                    ..Interface::default()
                })
            }
            What::Vrf { id, v6, label } => Arc::new(VrfTable {
                id,
                protocol: v6.into(),
                label: if broken { "x".repeat(100) } else { label.to_owned() },
                flow_hash_settings: None,
            }),
            What::Route { vrf, network, to, weight, preference, .. } => {
                let (kind, interface, hop, via) = match to {
                    To::Neighbour(interface, hop) => (0, interface, hop, 0),
                    To::Gateway(hop) => (0, "", hop, 0),
                    To::Table(via) => (1, "", String::new(), via),
                    To::Nowhere => (2, "", String::new(), 0),
                };
                Arc::new(Route {
                    r#type: kind,
                    vrf_id: vrf,
                    dst_network: network,
                    next_hop_addr: hop,
                    outgoing_interface: interface.to_owned(),
                    weight: if broken { 300 } else { weight },
                    preference,
                    via_vrf_id: via,
                })
            }
            What::Domain { name, flags, age, members, arp } => Arc::new(BridgeDomain {
                name: name.to_owned(),
                flood: flags & 1 != 0,
                unknown_unicast_flood: flags & 2 != 0,
                forward: flags & 4 != 0,
                learn: flags & 8 != 0,
                arp_termination: flags & 16 != 0,
                mac_age: if broken { 300 } else { age },
                interfaces: members
                    .into_iter()
                    .map(|(name, bridged_virtual_interface, split_horizon_group)| Member {
                        name: name.to_owned(),
                        bridged_virtual_interface,
                        split_horizon_group,
                    })
                    .collect(),
                arp_termination_table: arp
                    .into_iter()
                    .map(|(ip_address, phys_address)| ArpTerminationEntry { ip_address, phys_address })
                    .collect(),
            }),
            What::Station { domain, mac, out, fixed } => Arc::new(FibEntry {
                phys_address: mac,
                bridge_domain: domain.to_owned(),
                action: if broken { 7 } else { i32::from(out.is_none()) },
                outgoing_interface: out.unwrap_or_default().to_owned(),
                static_config: fixed,
                bridged_virtual_interface: false,
            }),
            What::Wire { from, to } => Arc::new(XConnectPair {
                receive_interface: from.to_owned(),
                transmit_interface: to.to_owned(),
            }),
            What::Neighbour { interface, address, mac } => Arc::new(ArpEntry {
                interface: interface.to_owned(),
                ip_address: address,
                phys_address: if broken { "02:00".to_owned() } else { mac },
                r#static: true,
            }),
            What::Copies { from, to, direction } => Arc::new(Span {
                interface_from: from.to_owned(),
                interface_to: to.to_owned(),
                direction: if broken { 0 } else { direction },
                is_l2: false,
            }),
            What::Acl { name, rules, ingress, egress } => {
                let rule = |n: u8| AclRule {
                    action: if broken { 7 } else { 1 },
                    ip_rule: Some(IpRule {
                        ip: Some(Ip {
                            source_network: network(n),
                            destination_network: "0.0.0.0/0".to_owned(),
                            protocol: 0,
                        }),
                        ..IpRule::default()
                    }),
                    ..AclRule::default()
                };
                let names = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
                Arc::new(Acl {
                    name: name.to_owned(),
                    rules: rules.into_iter().map(rule).collect(),
                    interfaces: Some(Interfaces { ingress: names(ingress), egress: names(egress) }),
                })
            }
            What::Unhandled { name } => {
                Arc::new(Rule { interface: name.to_owned(), ip_address: "10.0.0.1".to_owned() })
            }
        }
    }
}

fn interface(rng: &mut Rng) -> What {
    let others = || BRIDGED.iter().flat_map(|ports| ports.iter()).chain(WIRED);
    let at = rng.below(ROUTED.len() + others().count());
    let routed = ROUTED.get(at);
    let &(name, port) = routed.or_else(|| others().nth(at - ROUTED.len())).unwrap_or(&ROUTED[0]);
    let link = match port {
        Port::Loop => Kind::Loop,
        Port::Memif(id) => {
            let ip = routed.is_some() && rng.percent(20);
            let (socket, master) = *rng.pick(SOCKETS);
            Kind::Memif { id, socket, master, ip }
        }
        Port::Vxlan(vni) => Kind::Vxlan { src: 1 + rng.below(2) as u8, dst: 11 + rng.below(2) as u8, vni },
    };
    let mut addresses = Vec::new();
    if routed.is_some() {
        addresses.extend((0..3).filter(|_| rng.percent(40)).map(|n| format!("10.{at}.{n}.1/24")));
        addresses
            .extend((0..2).filter(|_| rng.percent(25)).map(|n| format!("fd00:{}:{}::1/64", at + 1, n + 1)));
    }
    let has_mac = !matches!(link, Kind::Memif { ip: true, .. });
    What::Interface {
        name,
        link,
        up: rng.percent(70),
        mac: (has_mac && rng.percent(30)).then(|| (16 * at + rng.below(2)) as u8),
        mtu: *rng.pick(&[0, 0, 1500, 2000]),
        addresses,
        vrf: if routed.is_some() { *rng.pick(&[0, 0, 1, 2]) } else { 0 },
    }
}

fn route(rng: &mut Rng) -> What {
    let (vrf, v6, n) = (*rng.pick(&[0, 0, 1, 2]), rng.percent(30), 1 + rng.below(3));
    // One kind of route per network: they would not stand beside each other.
    let kind = rng.weighted([60, 10, 15, 15].into_iter());
    let network = if v6 { format!("fd10:{}:{n}::/64", kind + 1) } else { format!("10.10{kind}.{n}.0/24") };
    let hop = |n: usize| if v6 { format!("fd20::{}", n + 1) } else { format!("10.200.0.{}", n + 1) };
    let to = match kind {
        0 => To::Neighbour(rng.pick(ROUTED).0, hop(rng.below(2))),
        1 => To::Gateway(hop(rng.below(2))),
        2 => To::Table((vrf + 1 + rng.below(2) as u32) % 3),
        _ => To::Nowhere,
    };
    What::Route { vrf, v6, network, to, weight: 1 + rng.below(2) as u32, preference: rng.below(2) as u32 }
}

fn domain(rng: &mut Rng) -> What {
    let at = rng.below(DOMAINS.len());
    let mut bvi = rng.percent(40);
    let mut members = Vec::new();
    for (name, port) in BRIDGED[at] {
        if rng.percent(60) {
            members.push((*name, *port == Port::Loop && std::mem::take(&mut bvi), rng.below(2) as u32));
        }
    }
    let arp = (0..2).filter(|_| rng.percent(30)).map(|n| format!("10.50.{at}.{n}"));
    let arp = arp.collect::<Vec<_>>();
    let arp = arp.into_iter().map(|address| (address, mac(0xa0, rng.below(2)))).collect();
    let flags = *rng.pick(&[0b01111, 0b01111, 0b11111, 0b00101]);
    What::Domain { name: DOMAINS[at], flags, age: *rng.pick(&[0, 0, 5]), members, arp }
}
