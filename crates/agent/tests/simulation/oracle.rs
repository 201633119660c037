//! What should be: told from what the sources say, in the most naive way.

use crate::things::{Kind, Thing, To, What, end, network};
use std::collections::{BTreeMap, BTreeSet};

/// What a source says about a key now.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Put(Thing),
    /// Something that is no value.
    Garbage,
}

/// What is wanted of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    Exactly(Thing),
    /// The newest value is none; some older one may be in force.
    SomethingOlder,
}

/// All that a source says, by key.
pub type Says = BTreeMap<String, Said>;

/// What is wanted if these are the sources, the strongest first.
pub fn merge(sources: &[&Says]) -> BTreeMap<String, Wanted> {
    let mut wanted = BTreeMap::new();
    let keys: BTreeSet<&String> = sources.iter().flat_map(|says| says.keys()).collect();
    for key in keys {
        let first = sources.iter().find_map(|says| says.get(key));
        let want = match first {
            Some(Said::Put(thing)) if !thing.broken => Wanted::Exactly(thing.clone()),
            Some(_) => Wanted::SomethingOlder,
            None => continue,
        };
        wanted.insert(key.clone(), want);
    }
    wanted
}

/// One object or part of one: its key, the keys it needs, and how it shows in VPP.
struct Object {
    key: String,
    needs: Vec<String>,
    lines: Vec<String>,
}

/// What VPP should have.
#[derive(Default)]
pub struct Expected {
    /// One line each, as [`crate::tables`] writes them.
    pub lines: BTreeSet<String>,
    /// Keys of the objects, parts included, that can be there.
    pub present: BTreeSet<String>,
}

const VRF: &str = "config/vpp/v2/vrf-table/";
const INTERFACE: &str = "config/vpp/v2/interfaces/";
const DOMAIN: &str = "config/vpp/l2/v2/bridge-domain/";

fn version(v6: bool) -> &'static str {
    if v6 { "v6" } else { "v4" }
}

fn vrf_key(id: u32, v6: bool) -> Option<String> {
    (id != 0).then(|| format!("{VRF}id/{id}/protocol/{}", if v6 { "IPV6" } else { "IPV4" }))
}

fn objects(thing: &Thing, out: &mut Vec<Object>) {
    let key = thing.value().key();
    let mut push =
        |key: String, needs: Vec<String>, lines: Vec<String>| out.push(Object { key, needs, lines });
    match &thing.what {
        What::Interface { name, link, up, mac, mtu, addresses, vrf } => {
            let kind = match link {
                Kind::Loop => "loop".to_owned(),
                Kind::Memif { id, socket, master, ip } => {
                    let socket = if socket.is_empty() { "/run/vpp/memif.sock" } else { socket };
                    format!("memif {id} at {socket} master {master} ip {ip}")
                }
                Kind::Vxlan { src, dst, vni } => format!("vxlan {vni} from {} to {}", end(*src), end(*dst)),
            };
            let mut lines = vec![format!("interface {name}: {kind} up {up}")];
            lines.extend(mac.map(|n| format!("mac {name} 02:00:00:00:01:{n:02x}")));
            lines.extend((*mtu != 0).then(|| format!("mtu {name} {mtu}")));
            push(key.clone(), Vec::new(), lines);
            for v6 in [false, true] {
                let of_version: Vec<_> = addresses.iter().filter(|text| text.contains(':') == v6).collect();
                let tunnel = matches!(link, Kind::Vxlan { .. }) && !v6;
                if of_version.is_empty() && !tunnel {
                    continue;
                }
                let membership = format!("vpp/interface/{name}/vrf/{vrf}/ip-version/{}", version(v6));
                let needs = vrf_key(*vrf, v6).into_iter().chain([key.clone()]).collect();
                let line = (*vrf != 0).then(|| format!("table of {name} {}: {vrf}", version(v6)));
                push(membership.clone(), needs, line.into_iter().collect());
                for text in of_version {
                    let part = format!("vpp/interface/{name}/address/static/{text}");
                    push(part, vec![key.clone(), membership.clone()], vec![format!("address {name} {text}")]);
                }
            }
        }
        What::Vrf { id, v6, label } => {
            let default = format!("ip{}-VRF:{id}", version(*v6));
            let label = if label.is_empty() { &default } else { *label };
            push(key, Vec::new(), vec![format!("vrf {id} {}: {label}", version(*v6))]);
        }
        What::Route { vrf, v6, network, to, weight, preference } => {
            let mut needs: Vec<String> = vrf_key(*vrf, *v6).into_iter().collect();
            let to = match to {
                To::Neighbour(interface, hop) => {
                    needs.push(format!("{INTERFACE}{interface}"));
                    format!("{hop} on {interface}")
                }
                To::Gateway(hop) => format!("{hop} in {vrf}"),
                To::Table(via) => {
                    needs.extend(vrf_key(*via, *v6));
                    format!("table {via}")
                }
                To::Nowhere => "nowhere".to_owned(),
            };
            let line = format!("route {vrf} {network} by api: {to} weight {weight} preference {preference}");
            push(key, needs, vec![line]);
        }
        What::Domain { name, flags, age, members, arp } => {
            push(key.clone(), Vec::new(), vec![format!("domain {name}: flags {flags:05b} age {age}")]);
            for (port, bvi, group) in members {
                push(
                    format!("vpp/bd/{name}/interface/{port}"),
                    vec![key.clone(), format!("{INTERFACE}{port}")],
                    vec![format!("member {name} {port}: bvi {bvi} group {group}")],
                );
            }
            for (address, mac) in arp {
                let line = format!("arp {name} {address}: {mac}");
                push(format!("vpp/bd-arp/{name}/{address}"), vec![key.clone()], vec![line]);
            }
        }
        What::Station { domain, mac, out, fixed } => {
            let mut needs = vec![format!("{DOMAIN}{domain}")];
            if let Some(port) = out {
                needs.push(format!("{INTERFACE}{port}"));
                needs.push(format!("vpp/bd/{domain}/interface/{port}"));
            }
            let to = out.unwrap_or("nowhere");
            push(key, needs, vec![format!("station {domain} {mac}: {to} static {fixed}")]);
        }
        What::Wire { from, to } => {
            let needs = [from, to].map(|end| format!("{INTERFACE}{end}"));
            push(key, needs.to_vec(), vec![format!("wire {from}: {to}")]);
        }
        What::Neighbour { interface, address, mac } => {
            let line = format!("neighbour {interface} {address}: {mac}");
            push(key, vec![format!("{INTERFACE}{interface}")], vec![line]);
        }
        What::Copies { from, to, direction } => {
            let needs = [from, to].map(|end| format!("{INTERFACE}{end}"));
            push(key, needs.to_vec(), vec![format!("copies {from} {to}: {direction} l2 false")]);
        }
        What::Acl { name, rules, ingress, egress } => {
            let networks: Vec<String> = rules.iter().map(|n| network(*n)).collect();
            push(key.clone(), Vec::new(), vec![format!("acl {name}: {}", networks.join(" "))]);
            for (side, ports) in [("ingress", ingress), ("egress", egress)] {
                for port in ports {
                    push(
                        format!("vpp/acl/{name}/interface/{side}/{port}"),
                        vec![key.clone(), format!("{INTERFACE}{port}")],
                        vec![format!("applied {name} {port}: {side}")],
                    );
                }
            }
        }
        What::Unhandled { .. } => {}
    }
}

/// Adds what has all it needs until nothing more can be added. What older values left in force is as it is: it depends
/// on how deliveries fell together. What needs it has it if it is there.
pub fn expected<'a>(
    things: impl Iterator<Item = &'a Thing>,
    older: impl Iterator<Item = &'a Thing>,
    actual: &BTreeSet<String>,
) -> Expected {
    let mut waiting = Vec::new();
    things.for_each(|thing| objects(thing, &mut waiting));
    let mut expected = Expected::default();
    for thing in older {
        let starts = starts(thing);
        let own = actual.iter().filter(|line| starts.iter().any(|start| line.starts_with(start)));
        for line in own {
            expected.lines.insert(line.clone());
            expected.present.insert(thing.value().key());
            if let Some(("member", rest)) = line.split_once(' ') {
                let mut words = rest.split([' ', ':']);
                let (domain, port) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                expected.present.insert(format!("vpp/bd/{domain}/interface/{port}"));
            }
        }
    }
    loop {
        let (now, later): (Vec<Object>, _) =
            waiting.into_iter().partition(|o| o.needs.iter().all(|key| expected.present.contains(key)));
        waiting = later;
        if now.is_empty() {
            return expected;
        }
        for object in now {
            expected.present.insert(object.key);
            expected.lines.extend(object.lines);
        }
    }
}

/// How the lines start that show an object of the thing's key, with all its parts.
fn starts(thing: &Thing) -> Vec<String> {
    match &thing.what {
        What::Interface { name, .. } => ["interface", "mac", "mtu", "table of", "address"]
            .iter()
            .flat_map(|kind| [format!("{kind} {name}:"), format!("{kind} {name} ")])
            .collect(),
        // The table is no part of the key.
        What::Route { vrf, network, to: To::Table(_), .. } => {
            vec![format!("route {vrf} {network} by api: table ")]
        }
        What::Domain { name, .. } => {
            vec![format!("domain {name}:"), format!("member {name} "), format!("arp {name} ")]
        }
        What::Acl { name, .. } => vec![format!("acl {name}:"), format!("applied {name} ")],
        _ => {
            let mut own = Vec::new();
            objects(thing, &mut own);
            let lines = own.into_iter().flat_map(|object| object.lines);
            lines
                .map(|line| match line.find(" weight ") {
                    Some(at) => line[..at + 1].to_owned(),
                    None => {
                        line.rsplit_once(": ").map_or_else(|| line.clone(), |(start, _)| format!("{start}:"))
                    }
                })
                .collect()
        }
    }
}

/// Keys of all parts of a thing.
pub fn parts(thing: &Thing) -> BTreeSet<String> {
    let mut all = Vec::new();
    objects(thing, &mut all);
    all.into_iter().map(|object| object.key).filter(|key| !key.starts_with("config/")).collect()
}
