//! Bonds and their members.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::bond::{
    BondAddMember, BondAddMemberReply, BondCreate2, BondCreate2Reply, BondDelete, BondDeleteReply,
    BondDetachMember, BondDetachMemberReply, SwBondInterfaceDetails, SwBondInterfaceDump,
    SwMemberInterfaceDetails, SwMemberInterfaceDump,
};
use binapi::text::FixedString;
use binapi::types::{BondLbAlgo, BondMode};
use std::collections::BTreeMap;

/// The link is up while a member is, as in the newest release; 23.06 says so from the start.
static BOND: Kind = Kind { device: "bond", ethernet: true, mtu: 9000, follows: false, hardware_mtu: None };

const VALUE_EXIST: Outcome = Outcome::Retval(-81);
const INSTANCE_IN_USE: Outcome = Outcome::Retval(-147);

#[derive(Debug)]
struct Bond {
    id: u32,
    mode: BondMode,
    lb: BondLbAlgo,
    custom_mac: bool,
    members: Vec<Member>,
    /// How many of them are up.
    active: usize,
}

#[derive(Debug)]
struct Member {
    sw_if_index: u32,
    passive: bool,
    long_timeout: bool,
    /// What it gets back when it leaves.
    mac: MacAddress,
}

/// All bonds by interface index.
#[derive(Debug, Default)]
pub(crate) struct Bonds(BTreeMap<u32, Bond>);

impl Bonds {
    /// The bond that an interface is a member of.
    fn of(&self, member: u32) -> Option<u32> {
        let of = self.0.iter().find(|(_, bond)| bond.members.iter().any(|m| m.sw_if_index == member));
        of.map(|(&bond, _)| bond)
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.change(add_member);
    handlers.change(detach_member);
    handlers.dump(dump);
    handlers.dump(dump_members);
}

fn create(state: &mut State, request: BondCreate2) -> Result<BondCreate2Reply> {
    let BondCreate2 { mode, lb, use_custom_mac, mac_address, .. } = request;
    if !(BondMode::ROUND_ROBIN.0..=BondMode::LACP.0).contains(&mode.0) || lb.0 > BondLbAlgo::L23.0 {
        return Err(retval::INVALID_ARGUMENT);
    }
    let used = |id: u32| state.bonds.0.values().any(|bond| bond.id == id);
    let id = match request.id {
        u32::MAX => (0..).find(|&id| !used(id)).unwrap_or_default(),
        id if used(id) => return Err(INSTANCE_IN_USE),
        id => id,
    };
    let lb = match mode {
        BondMode::ROUND_ROBIN => BondLbAlgo::RR,
        BondMode::BROADCAST => BondLbAlgo::BC,
        BondMode::ACTIVE_BACKUP => BondLbAlgo::AB,
        _ => lb,
    };
    let mac = if use_custom_mac { mac_address } else { state.random_mac() };
    let sw_if_index = state.add_interface(&BOND, format!("BondEthernet{id}"), mac);
    let bond = Bond { id, mode, lb, custom_mac: use_custom_mac, members: Vec::new(), active: 0 };
    state.bonds.0.insert(sw_if_index, bond);
    Ok(BondCreate2Reply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: BondDelete) -> Result<BondDeleteReply> {
    let bond = state.bonds.0.remove(&request.sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
    for member in bond.members {
        state.interfaces.get_mut(member.sw_if_index)?.mac = member.mac;
    }
    state.remove_interface(request.sw_if_index)?;
    Ok(BondDeleteReply::default())
}

fn add_member(state: &mut State, request: BondAddMember) -> Result<BondAddMemberReply> {
    let BondAddMember { sw_if_index, bond_sw_if_index, is_passive, is_long_timeout } = request;
    let own = state.interfaces.get(sw_if_index)?.mac;
    if !state.bonds.0.contains_key(&bond_sw_if_index) {
        return Err(retval::INVALID_INTERFACE);
    }
    if state.bonds.of(sw_if_index).is_some() {
        return Err(VALUE_EXIST);
    }
    if state.bonds.0.contains_key(&sw_if_index) {
        return Err(retval::INVALID_INTERFACE);
    }
    let shared = state.interfaces.get(bond_sw_if_index)?.mac;
    let Some(bond) = state.bonds.0.get_mut(&bond_sw_if_index) else { return Err(retval::INVALID_INTERFACE) };
    // The first one gives its own, unless the bond was given one.
    let gives = !bond.custom_mac && bond.members.is_empty();
    let (passive, long_timeout) = (is_passive, is_long_timeout);
    bond.members.push(Member { sw_if_index, passive, long_timeout, mac: own });
    let (changed, mac) = if gives { (bond_sw_if_index, own) } else { (sw_if_index, shared) };
    state.interfaces.get_mut(changed)?.mac = mac;
    state.refresh_bond(sw_if_index)?;
    Ok(BondAddMemberReply::default())
}

fn detach_member(state: &mut State, request: BondDetachMember) -> Result<BondDetachMemberReply> {
    if !state.leave_bond(request.sw_if_index)? {
        return Err(retval::INVALID_INTERFACE);
    }
    Ok(BondDetachMemberReply::default())
}

impl State {
    /// The interface leaves the bond it is a member of; tells whether it was in one.
    pub(crate) fn leave_bond(&mut self, sw_if_index: u32) -> Result<bool> {
        let Some(index) = self.bonds.of(sw_if_index) else { return Ok(false) };
        let Some(bond) = self.bonds.0.get_mut(&index) else { return Ok(false) };
        let left = bond.members.extract_if(.., |member| member.sw_if_index == sw_if_index);
        for member in left.collect::<Vec<_>>() {
            self.interfaces.get_mut(sw_if_index)?.mac = member.mac;
        }
        self.refresh_link(index)?;
        Ok(true)
    }

    /// The interface may have come up or gone down: so may the bond it belongs to, or is.
    pub(crate) fn refresh_bond(&mut self, sw_if_index: u32) -> Result<()> {
        let bond =
            self.bonds.of(sw_if_index).or(self.bonds.0.contains_key(&sw_if_index).then_some(sw_if_index));
        bond.map_or(Ok(()), |bond| self.refresh_link(bond))
    }

    fn refresh_link(&mut self, index: u32) -> Result<()> {
        let interfaces = &self.interfaces;
        let Some(bond) = self.bonds.0.get_mut(&index) else { return Ok(()) };
        let up = |member: &&Member| interfaces.get(member.sw_if_index).is_ok_and(|i| i.admin_up && i.link_up);
        let active = bond.members.iter().filter(up).count();
        let before = std::mem::replace(&mut bond.active, active);
        // The first one, or who takes over from one that left.
        let takes_over =
            bond.mode == BondMode::ACTIVE_BACKUP && active > 0 && (before == 0 || active < before);
        let interface = interfaces.get(index)?;
        let link_up = active > 0 && interface.admin_up;
        // An address is announced, which the real one looks for where it need not be.
        let found =
            interface.admin_up && interface.addresses.iter().any(|(ip, len)| ip.is_ipv4() && len < 32);
        if takes_over && interface.addresses.has(false) && !found {
            return Err(Outcome::Crash);
        }
        self.set_link(index, link_up)
    }
}

fn dump(state: &State, request: SwBondInterfaceDump) -> Vec<SwBondInterfaceDetails> {
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let bonds = state.bonds.0.iter().filter(|(index, _)| wanted(**index));
    bonds
        .map(|(&sw_if_index, bond)| SwBondInterfaceDetails {
            sw_if_index,
            id: bond.id,
            mode: bond.mode,
            lb: bond.lb,
            members: bond.members.len() as u32,
            interface_name: FixedString::cut(&format!("BondEthernet{}", bond.id)),
            ..SwBondInterfaceDetails::default()
        })
        .collect()
}

fn dump_members(state: &State, request: SwMemberInterfaceDump) -> Vec<SwMemberInterfaceDetails> {
    let members = state.bonds.0.get(&request.sw_if_index).map_or(&[][..], |bond| &bond.members);
    members
        .iter()
        .filter_map(|member| {
            Some(SwMemberInterfaceDetails {
                sw_if_index: member.sw_if_index,
                interface_name: FixedString::cut(&state.interfaces.get(member.sw_if_index).ok()?.name),
                is_passive: member.passive,
                is_long_timeout: member.long_timeout,
                ..SwMemberInterfaceDetails::default()
            })
        })
        .collect()
}
