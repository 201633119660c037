//! What happens in VPP behind the agent's back: others make their own objects, and somebody spoils the agent's.

use crate::tables;
use crate::world::World;
use binapi::acl::{AclAddReplace, AclInterfaceListDump, AclInterfaceSetAclList};
use binapi::interface::SwInterfaceSetFlags;
use binapi::ip::{IpRouteAddDel, IpTableAddDel};
use binapi::ip_neighbor::{IpNeighborAddDel, IpNeighborDump};
use binapi::l2::{
    BridgeDomainAddDelV2, BridgeDomainDump, L2FibTableDump, L2fibAddDel, SwInterfaceSetL2Bridge,
};
use binapi::list::Counted;
use binapi::span::{SwInterfaceSpanDump, SwInterfaceSpanEnableDisable};
use binapi::text::FixedString;
use binapi::types::{
    AclRule, AddressFamily, FibPath, FibPathType, IfStatusFlags, IpRoute, IpTable, L2PortType, Prefix,
    SpanState,
};
use std::net::IpAddr;

fn drop_route(table_id: u32, address: [u8; 4], is_add: bool) -> IpRouteAddDel {
    let path = FibPath { sw_if_index: u32::MAX, type_: FibPathType::DROP, weight: 1, ..FibPath::default() };
    let prefix = Prefix { address: IpAddr::from(address).into(), len: 24 };
    let route = IpRoute { table_id, prefix, paths: Counted::one(path), ..IpRoute::default() };
    IpRouteAddDel { is_add, is_multipath: true, route }
}

/// Somebody else makes something of his own. All at once, so that nobody sees it half made.
pub fn make_foreign(world: &mut World) {
    if world.gone_behind {
        return;
    }
    let before = world.lines();
    let sim = world.sim.clone();
    let n = world.rng.below(200) as u8;
    let kind = world.rng.below(5);
    let loopback = || {
        let name = sim.cli_create_loopback().unwrap();
        sim.cli_set_admin(&name, true).unwrap();
        name
    };
    match kind {
        0 => {
            let name = loopback();
            // Refused if another has it already.
            let _ = sim.cli_add_address(&name, &format!("172.16.{n}.1/24"));
        }
        1 => {
            let table_id = 90 + u32::from(n % 4);
            let name = FixedString::try_from("theirs").unwrap();
            let table = IpTable { table_id, is_ip6: false, name };
            sim.request(&IpTableAddDel { is_add: true, table }).unwrap();
            sim.request(&drop_route(table_id, [192, 168, n, 0], true)).unwrap();
        }
        2 => {
            let domain = BridgeDomainAddDelV2 {
                bd_id: u32::MAX,
                flood: true,
                forward: true,
                is_add: true,
                ..BridgeDomainAddDelV2::default()
            };
            let bd_id = sim.request(&domain).unwrap().bd_id;
            let name = loopback();
            let rx_sw_if_index = index_of(world, &name);
            let port_type = L2PortType::NORMAL;
            let member = SwInterfaceSetL2Bridge { rx_sw_if_index, bd_id, port_type, shg: 0, enable: true };
            sim.request(&member).unwrap();
        }
        3 => {
            let name = loopback();
            let tag = FixedString::try_from(format!("theirs{n}").as_str()).unwrap();
            let rules = Counted::one(AclRule::default());
            let acl = AclAddReplace { acl_index: u32::MAX, tag, r: rules };
            let acls = Counted::one(sim.request(&acl).unwrap().acl_index);
            let sw_if_index = index_of(world, &name);
            sim.request(&AclInterfaceSetAclList { sw_if_index, n_input: 1, acls }).unwrap();
        }
        _ => {
            let name = loopback();
            let hop = IpAddr::from([172, 16, n, 9]);
            let _ = sim.cli_add_route(0, &format!("192.168.{n}.0/24"), hop, &name);
        }
    }
    let after = world.lines();
    // What was left dangling and now seems to lead to the new interface is not theirs.
    let dangling = ["station ", "wire ", "copies "];
    let theirs = |line: &&String| !dangling.iter().any(|kind| line.starts_with(kind));
    // An ACL with the tag of another may have taken its name: that of the one with the lowest number.
    world.foreign.retain(|line| !before.contains(line) || after.contains(line));
    world.foreign.extend(after.difference(&before).filter(theirs).cloned());
    world.note(format!("others made something of kind {kind}, number {n}"));
}

fn index_of(world: &World, name: &str) -> u32 {
    let all = tables::interfaces(&world.sim);
    all.iter().find(|(_, internal, _)| internal == name).map_or(0, |(.., index)| *index)
}

/// Is it a route, a station or a cross-connect to this interface, or a copy of its packets or to it?
fn leads_to(line: &str, interface: &str) -> bool {
    let to = [format!(" on {interface} "), format!(": {interface} static"), format!(": {interface}")];
    let copies = line.strip_prefix("copies ").and_then(|rest| rest.split_once(':'));
    copies.is_some_and(|(pair, _)| pair.split(' ').any(|end| end == interface))
        || ["route ", "station ", "wire "].iter().any(|kind| line.starts_with(kind))
            && (line.contains(&to[0]) || line.contains(&to[1]) || line.ends_with(&to[2]))
}

/// Somebody changes what the agent made. What VPP refuses has no effect, which is fine.
pub fn spoil(world: &mut World) {
    let sim = world.sim.clone();
    let ours: Vec<_> = tables::interfaces(&sim).into_iter().filter(|(tag, ..)| !tag.is_empty()).collect();
    let lines: Vec<String> = world.lines().difference(&world.foreign).cloned().collect();
    let kind = world.rng.below(12);
    let mut event = format!("spoilt, kind {kind}");
    let interface = if ours.is_empty() { None } else { Some(world.rng.pick(&ours).clone()) };
    let row = |start: &str, rng: &mut crate::rng::Rng| {
        let rows: Vec<&String> = lines.iter().filter(|line| line.starts_with(start)).collect();
        let at = rng.below(rows.len());
        rows.get(at).map(|row| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
    match (kind, interface) {
        // Not one that something else leads to: VPP keeps the entry, leading nowhere, and tells of it only with the
        // number of an interface that is no more. (A path beside a dead neighbour makes it crash.)
        (0, Some((tag, internal, _))) if !lines.iter().any(|line| leads_to(line, &tag)) => {
            event += &format!(": {tag} deleted");
            world.gone_behind |= sim.cli_delete_interface(&internal).is_ok();
        }
        (1, Some((tag, internal, sw_if_index))) => {
            let up = world.rng.percent(50);
            event += &format!(": {tag} up {up}");
            let flags = if up { IfStatusFlags::ADMIN_UP } else { IfStatusFlags::default() };
            let _ = sim.request(&SwInterfaceSetFlags { sw_if_index, flags }).map(|_| internal);
        }
        (2, Some((tag, internal, _))) => {
            let n = world.rng.below(2);
            event += &format!(": {tag} has another address {n}");
            let _ = sim.cli_add_address(&internal, &format!("10.77.{n}.1/24"));
        }
        (3, _) => {
            if let Some(row) = row("address ", &mut world.rng) {
                event += &format!(": {row:?} gone");
                let internal = ours.iter().find(|(tag, ..)| *tag == row[1]).map(|(_, internal, _)| internal);
                let _ = internal.map(|internal| sim.cli_delete_address(internal, &row[2]));
            }
        }
        (4, _) => {
            if let Some(row) = row("route ", &mut world.rng)
                && row[4] == "api:"
            {
                event += &format!(": {row:?} gone");
                let _ = sim.cli_delete_route(row[1].parse().unwrap(), &row[2]);
            }
        }
        (5, _) => {
            let n = world.rng.below(3) as u8;
            event += &format!(": another route {n}");
            sim.request(&drop_route(0, [10, 99, n, 0], true)).unwrap();
        }
        (6, Some((tag, _, rx_sw_if_index))) => {
            if let Some(row) = row("member ", &mut world.rng)
                && row[2].trim_end_matches(':') == tag
            {
                event += &format!(": {row:?} gone");
                let none = SwInterfaceSetL2Bridge { rx_sw_if_index, ..SwInterfaceSetL2Bridge::default() };
                sim.request(&none).unwrap();
            }
        }
        (7, _) => {
            let all = BridgeDomainDump { bd_id: u32::MAX, sw_if_index: u32::MAX };
            for domain in sim.dump(&all).unwrap().iter().filter(|d| !d.bd_tag.as_str().is_empty()) {
                for entry in sim.dump(&L2FibTableDump { bd_id: domain.bd_id }).unwrap() {
                    if !entry.bvi_mac {
                        event += &format!(": station {} gone", entry.mac);
                        let mac = entry.mac;
                        let gone = L2fibAddDel { mac, bd_id: domain.bd_id, ..L2fibAddDel::default() };
                        let _ = sim.request(&gone);
                    }
                }
            }
        }
        (8, Some((tag, _, sw_if_index))) => {
            for af in [AddressFamily::IP4, AddressFamily::IP6] {
                for details in sim.dump(&IpNeighborDump { sw_if_index, af }).unwrap() {
                    event += &format!(": neighbour {} of {tag} gone", details.neighbor.ip_address.ip());
                    sim.request(&IpNeighborAddDel { is_add: false, neighbor: details.neighbor }).unwrap();
                }
            }
        }
        (9, Some((tag, _, sw_if_index))) => {
            for copy in sim.dump(&SwInterfaceSpanDump { is_l2: false }).unwrap() {
                let (from, to) = (copy.sw_if_index_from, copy.sw_if_index_to);
                if from == sw_if_index {
                    event += &format!(": packets of {tag} are not copied any more");
                    let (state, is_l2) = (SpanState::DISABLED, false);
                    let off = SwInterfaceSpanEnableDisable {
                        sw_if_index_from: from,
                        sw_if_index_to: to,
                        state,
                        is_l2,
                    };
                    sim.request(&off).unwrap();
                }
            }
        }
        (10, Some((tag, _, sw_if_index))) => {
            for list in sim.dump(&AclInterfaceListDump { sw_if_index }).unwrap() {
                event += &format!(": {tag} applies its ACLs the other way round");
                let acls: Vec<u32> = list.acls.iter().rev().copied().collect();
                let n_input = list.acls.len() as u8 - list.n_input;
                let acls = Counted::try_from(acls).unwrap();
                sim.request(&AclInterfaceSetAclList { sw_if_index, n_input, acls }).unwrap();
            }
        }
        _ => {
            // One that is used stays as long as it is, and nothing shows that nobody holds it any more.
            let used = |id: &str| {
                let by = [format!("route {id} "), format!(": {id}"), format!("table {id}")];
                lines.iter().any(|line| {
                    line.starts_with(&by[0])
                        || line.starts_with("table of") && line.ends_with(&by[1])
                        || line.contains(&by[2])
                })
            };
            if let Some(row) = row("vrf ", &mut world.rng)
                && !used(&row[1])
            {
                event += &format!(": {row:?} gone");
                let is_ip6 = row[2].starts_with("v6");
                let table = IpTable { table_id: row[1].parse().unwrap(), is_ip6, ..IpTable::default() };
                sim.request(&IpTableAddDel { is_add: false, table }).unwrap();
            }
        }
    }
    world.unsettled = true;
    world.note(event);
}
