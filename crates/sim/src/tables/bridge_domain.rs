//! Bridge domains, their members and their ARP termination.

use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::l2::{
    BdIpMacAddDel, BdIpMacAddDelReply, BdIpMacDetails, BdIpMacDump, BridgeDomainAddDel,
    BridgeDomainAddDelReply, BridgeDomainAddDelV2, BridgeDomainAddDelV2Reply, BridgeDomainDetails,
    BridgeDomainDump, SwInterfaceSetL2Bridge, SwInterfaceSetL2BridgeReply,
};
use binapi::text::FixedString;
use binapi::types::{BdIpMac, BridgeDomainSwIf, L2PortType};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

/// The greatest id of a bridge domain.
const MAX_ID: u32 = 0x00ff_ffff;

/// A bridge domain.
#[derive(Debug, Default)]
struct BridgeDomain {
    id: u32,
    flood: bool,
    uu_flood: bool,
    forward: bool,
    learn: bool,
    arp_term: bool,
    arp_ufwd: bool,
    mac_age: u8,
    tag: FixedString<64>,
    bvi: Option<u32>,
    uu_forward: Option<u32>,
    /// Interfaces with their split-horizon groups.
    members: Vec<(u32, u8)>,
    neighbours: BTreeMap<IpAddr, MacAddress>,
}

/// All bridge domains. VPP numbers them by itself beneath their ids, and that number lives on in the L2 FIB.
#[derive(Debug)]
pub(crate) struct BridgeDomains {
    by_index: BTreeMap<u32, BridgeDomain>,
    index_by_id: HashMap<u32, u32>,
    /// Numbers of deleted ones; the lowest is given out first.
    free: BTreeSet<u32>,
    /// Interfaces in bridge mode: which number, and whether as BVI.
    members: HashMap<u32, u32>,
    /// Where to look for an unused id.
    next_unused: u32,
}

/// Bridge domain 0, which is there from the start and cannot be changed.
impl Default for BridgeDomains {
    fn default() -> Self {
        let mut domains = BridgeDomains {
            by_index: BTreeMap::new(),
            index_by_id: HashMap::new(),
            free: BTreeSet::new(),
            members: HashMap::new(),
            next_unused: 0x0080_0000,
        };
        domains.add(BridgeDomain::default());
        domains
    }
}

impl BridgeDomains {
    fn add(&mut self, domain: BridgeDomain) -> u32 {
        let index = self.free.pop_first().unwrap_or(self.by_index.len() as u32);
        self.index_by_id.insert(domain.id, index);
        self.by_index.insert(index, domain);
        index
    }

    /// The number of a bridge domain.
    pub(crate) fn index(&self, id: u32) -> Option<u32> {
        self.index_by_id.get(&id).copied()
    }

    /// The id to a number, if there is such a bridge domain now.
    pub(crate) fn id(&self, index: u32) -> Option<u32> {
        self.by_index.get(&index).map(|d| d.id)
    }

    /// Whether an interface is in bridge mode.
    pub(crate) fn has_member(&self, sw_if_index: u32) -> bool {
        self.members.contains_key(&sw_if_index)
    }

    /// The bridge domain of which an interface is the BVI.
    pub(crate) fn bvi_of(&self, sw_if_index: u32) -> Option<u32> {
        let index = *self.members.get(&sw_if_index)?;
        let domain = self.by_index.get(&index)?;
        (domain.bvi == Some(sw_if_index)).then_some(index)
    }

    /// The BVI and the members of the bridge domain that an interface is in.
    pub(crate) fn around(&self, sw_if_index: u32) -> Option<(Option<u32>, Vec<u32>)> {
        let domain = self.by_index.get(self.members.get(&sw_if_index)?)?;
        Some((domain.bvi, domain.members.iter().map(|(member, _)| *member).collect()))
    }

    fn unused_id(&mut self) -> u32 {
        while self.index_by_id.contains_key(&self.next_unused) {
            self.next_unused = (self.next_unused + 1) & MAX_ID;
        }
        self.next_unused
    }

    fn create(&mut self, domain: BridgeDomain) -> Result<()> {
        if self.index_by_id.contains_key(&domain.id) {
            return Err(retval::BD_ALREADY_EXISTS);
        }
        if domain.id > MAX_ID {
            return Err(retval::BD_ID_EXCEED_MAX);
        }
        self.add(domain);
        Ok(())
    }

    /// Its L2 FIB entries stay and will belong to whatever gets its number next.
    fn delete(&mut self, id: u32) -> Result<()> {
        let index = self.index(id).ok_or(retval::NO_SUCH_ENTRY)?;
        if index == 0 {
            return Err(retval::BD_NOT_MODIFIABLE);
        }
        if self.by_index.get(&index).is_some_and(|d| !d.members.is_empty()) {
            return Err(retval::BD_IN_USE);
        }
        self.by_index.remove(&index);
        self.index_by_id.remove(&id);
        self.members.retain(|_, member_of| *member_of != index);
        self.free.insert(index);
        Ok(())
    }
}

impl State {
    /// Takes an interface out of its bridge domain, if it is in one.
    pub(crate) fn leave_bridge(&mut self, sw_if_index: u32) {
        let Some(index) = self.bridge_domains.members.remove(&sw_if_index) else { return };
        let Some(domain) = self.bridge_domains.by_index.get_mut(&index) else { return };
        domain.members.retain(|(member, _)| *member != sw_if_index);
        if domain.uu_forward == Some(sw_if_index) {
            domain.uu_forward = None;
        }
        if domain.bvi == Some(sw_if_index) {
            domain.bvi = None;
            if let Ok(interface) = self.interfaces.get(sw_if_index) {
                self.l2fib.remove(index, interface.mac, sw_if_index);
            }
        }
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.dump(neighbour_dump);
    handlers.change(|state, request: BridgeDomainAddDel| {
        match request.is_add {
            true => state.bridge_domains.create(from_request(&request.into_v2()))?,
            false => state.bridge_domains.delete(request.bd_id)?,
        }
        Ok(BridgeDomainAddDelReply::default())
    });
    handlers.change(add_del);
    handlers.change(set_bridge);
    handlers.change(neighbour);
}

trait IntoV2 {
    fn into_v2(self) -> BridgeDomainAddDelV2;
}

impl IntoV2 for &BridgeDomainAddDel {
    fn into_v2(self) -> BridgeDomainAddDelV2 {
        BridgeDomainAddDelV2 {
            bd_id: self.bd_id,
            flood: self.flood,
            uu_flood: self.uu_flood,
            forward: self.forward,
            learn: self.learn,
            arp_term: self.arp_term,
            arp_ufwd: self.arp_ufwd,
            mac_age: self.mac_age,
            bd_tag: self.bd_tag,
            is_add: self.is_add,
        }
    }
}

fn from_request(request: &BridgeDomainAddDelV2) -> BridgeDomain {
    BridgeDomain {
        id: request.bd_id,
        flood: request.flood,
        uu_flood: request.uu_flood,
        forward: request.forward,
        learn: request.learn,
        arp_term: request.arp_term,
        arp_ufwd: request.arp_ufwd,
        mac_age: request.mac_age,
        tag: request.bd_tag,
        ..BridgeDomain::default()
    }
}

/// Chooses an id if it is given ~0. The reply tells the id also when it refuses.
fn add_del(state: &mut State, mut request: BridgeDomainAddDelV2) -> Result<BridgeDomainAddDelV2Reply> {
    if request.is_add && request.bd_id == u32::MAX {
        request.bd_id = state.bridge_domains.unused_id();
    }
    let bd_id = request.bd_id;
    let done = match request.is_add {
        true => state.bridge_domains.create(from_request(&request)),
        false => state.bridge_domains.delete(bd_id),
    };
    match done {
        Ok(()) => Ok(BridgeDomainAddDelV2Reply { retval: 0, bd_id }),
        Err(crate::handler::Outcome::Retval(retval)) => Ok(BridgeDomainAddDelV2Reply { retval, bd_id }),
        Err(crash) => Err(crash),
    }
}

/// Only "all" and a single id are possible; nobody filters by interface. Bridge domain 0 is not told.
fn dump(state: &State, request: BridgeDomainDump) -> Vec<BridgeDomainDetails> {
    if request.sw_if_index != u32::MAX {
        return Vec::new();
    }
    let wanted = |d: &&BridgeDomain| d.id != 0 && (request.bd_id == u32::MAX || d.id == request.bd_id);
    let domains = state.bridge_domains.by_index.values().filter(wanted);
    domains
        .map(|d| {
            let members = d.members.iter();
            let members: Vec<_> = members
                .map(|&(sw_if_index, shg)| BridgeDomainSwIf { context: 0, sw_if_index, shg })
                .collect();
            BridgeDomainDetails {
                bd_id: d.id,
                flood: d.flood,
                uu_flood: d.uu_flood,
                forward: d.forward,
                learn: d.learn,
                arp_term: d.arp_term,
                arp_ufwd: d.arp_ufwd,
                mac_age: d.mac_age,
                bd_tag: d.tag,
                bvi_sw_if_index: d.bvi.unwrap_or(u32::MAX),
                uu_fwd_sw_if_index: d.uu_forward.unwrap_or(u32::MAX),
                sw_if_details: members.try_into().unwrap_or_default(),
            }
        })
        .collect()
}

/// A bridge domain that is not there is made. A second BVI is refused, but by then the interface has left its former
/// bridge domain.
fn set_bridge(state: &mut State, request: SwInterfaceSetL2Bridge) -> Result<SwInterfaceSetL2BridgeReply> {
    let sw_if_index = request.rx_sw_if_index;
    let mac = state.interfaces.get(sw_if_index)?.mac;
    if request.port_type.0 > L2PortType::UU_FWD.0 {
        return Err(retval::INVALID_VALUE);
    }
    if request.enable && request.bd_id > MAX_ID {
        return Err(retval::BD_ID_EXCEED_MAX);
    }
    state.leave_bridge(sw_if_index);
    state.xconnects.0.remove(&sw_if_index);
    if !request.enable {
        return Ok(SwInterfaceSetL2BridgeReply::default());
    }
    let domains = &mut state.bridge_domains;
    let index = domains.index(request.bd_id).unwrap_or_else(|| {
        domains.add(BridgeDomain {
            id: request.bd_id,
            flood: true,
            uu_flood: true,
            forward: true,
            learn: true,
            ..BridgeDomain::default()
        })
    });
    let domain = domains.by_index.get_mut(&index).ok_or(retval::NO_SUCH_ENTRY)?;
    match request.port_type {
        L2PortType::BVI => {
            if domain.bvi.is_some() {
                return Err(retval::BD_ALREADY_HAS_BVI);
            }
            domain.bvi = Some(sw_if_index);
            domain.members.push((sw_if_index, request.shg));
            state.l2fib.add_bvi(index, mac, sw_if_index);
        }
        L2PortType::UU_FWD => domain.uu_forward = Some(sw_if_index),
        _ => domain.members.push((sw_if_index, request.shg)),
    }
    domains.members.insert(sw_if_index, index);
    Ok(SwInterfaceSetL2BridgeReply::default())
}

/// Adding replaces; removing needs the very MAC.
fn neighbour(state: &mut State, request: BdIpMacAddDel) -> Result<BdIpMacAddDelReply> {
    let BdIpMac { bd_id, ip, mac } = request.entry;
    if bd_id == 0 {
        return Err(retval::BD_NOT_MODIFIABLE);
    }
    let index = state.bridge_domains.index(bd_id).ok_or(retval::NO_SUCH_ENTRY)?;
    let domain = state.bridge_domains.by_index.get_mut(&index).ok_or(retval::NO_SUCH_ENTRY)?;
    let ip = ip.ip();
    if request.is_add {
        domain.neighbours.insert(ip, mac);
    } else if domain.neighbours.get(&ip) == Some(&mac) {
        domain.neighbours.remove(&ip);
    } else {
        return Err(retval::UNSPECIFIED);
    }
    Ok(BdIpMacAddDelReply::default())
}

fn neighbour_dump(state: &State, request: BdIpMacDump) -> Vec<BdIpMacDetails> {
    let wanted = |d: &&BridgeDomain| request.bd_id == u32::MAX || d.id == request.bd_id;
    let domains = state.bridge_domains.by_index.values().filter(wanted);
    domains
        .flat_map(|d| {
            let entries = d.neighbours.iter();
            entries.map(|(ip, mac)| BdIpMac { bd_id: d.id, ip: (*ip).into(), mac: *mac })
        })
        .map(|entry| BdIpMacDetails { entry })
        .collect()
}
