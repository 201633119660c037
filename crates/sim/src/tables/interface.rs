//! Interfaces of any type: their common attributes, their tables, their deletion.

use super::address::Addresses;
use super::retval;
use super::sub::{Rewrite, Sub};
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::interface::{
    HwInterfaceSetMtu, HwInterfaceSetMtuReply, SwInterfaceDetails, SwInterfaceDump, SwInterfaceGetTable,
    SwInterfaceGetTableReply, SwInterfaceSetFlags, SwInterfaceSetFlagsReply, SwInterfaceSetMacAddress,
    SwInterfaceSetMacAddressReply, SwInterfaceSetMtu, SwInterfaceSetMtuReply, SwInterfaceSetTable,
    SwInterfaceSetTableReply, SwInterfaceSetUnnumbered, SwInterfaceSetUnnumberedReply, SwInterfaceTagAddDel,
    SwInterfaceTagAddDelReply,
};
use binapi::ip::{IpUnnumberedDetails, IpUnnumberedDump};
use binapi::text::FixedString;
use binapi::types::IfStatusFlags;
use std::collections::BTreeMap;

/// What the interfaces of a type have in common.
#[derive(Debug)]
pub(crate) struct Kind {
    /// VPP's name of the type.
    pub(crate) device: &'static str,
    /// It carries Ethernet frames, so it has a MAC address.
    pub(crate) ethernet: bool,
    /// The MTU of packets it starts with.
    pub(crate) mtu: u16,
    /// The link comes up and goes down with the interface; it depends on somebody else if not.
    pub(crate) follows: bool,
    /// How VPP answers to `hw_interface_set_mtu`, if it refuses.
    pub(crate) hardware_mtu: Option<Outcome>,
}

/// `local0`, which is there from the start and good for nothing.
static LOCAL: Kind = Kind {
    device: "local",
    ethernet: false,
    mtu: 0,
    follows: false,
    hardware_mtu: Some(retval::FEATURE_DISABLED),
};

/// An interface.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) kind: &'static Kind,
    pub(crate) name: String,
    pub(crate) mac: MacAddress,
    pub(crate) admin_up: bool,
    pub(crate) link_up: bool,
    pub(crate) link_mtu: u16,
    /// L3, IPv4, IPv6, MPLS.
    pub(crate) mtu: [u32; 4],
    pub(crate) tag: FixedString<64>,
    /// IPv4 and IPv6 table.
    pub(crate) tables: [u32; 2],
    pub(crate) addresses: Addresses,
    /// The interface whose addresses this one borrows.
    pub(crate) unnumbered: Option<u32>,
    /// What it is of another interface, if it is a part of one.
    pub(crate) sub: Option<Sub>,
    /// What is done to the VLAN tags of bridged packets.
    pub(crate) rewrite: Rewrite,
}

impl Interface {
    pub(crate) fn flags(&self) -> IfStatusFlags {
        let mut flags = IfStatusFlags::default();
        if self.admin_up {
            flags |= IfStatusFlags::ADMIN_UP;
        }
        if self.link_up {
            flags |= IfStatusFlags::LINK_UP;
        }
        flags
    }

    /// Is it the one that is there from the start?
    pub(crate) fn is_local(&self) -> bool {
        std::ptr::eq(self.kind, &LOCAL)
    }

    pub(crate) fn table(&self, is_ipv6: bool) -> u32 {
        let [v4, v6] = self.tables;
        if is_ipv6 { v6 } else { v4 }
    }
}

/// All interfaces by index.
#[derive(Debug)]
pub(crate) struct Interfaces {
    by_index: BTreeMap<u32, Interface>,
    /// Indices of deleted interfaces; the last one freed is given out first.
    free: Vec<u32>,
    /// Those that their types keep for the next one that is made; nobody else sees them.
    hidden: BTreeMap<u32, Interface>,
}

impl Default for Interfaces {
    fn default() -> Self {
        let mut interfaces = Interfaces::empty();
        interfaces.add(&LOCAL, "local0".to_owned(), MacAddress::default());
        interfaces
    }
}

impl Interfaces {
    fn empty() -> Self {
        Interfaces { by_index: BTreeMap::new(), free: Vec::new(), hidden: BTreeMap::new() }
    }

    fn add(&mut self, kind: &'static Kind, name: String, mac: MacAddress) -> u32 {
        let index = self.free.pop().unwrap_or((self.by_index.len() + self.hidden.len()) as u32);
        let mtu = kind.mtu;
        let interface = Interface {
            kind,
            name,
            mac,
            admin_up: false,
            link_up: false,
            link_mtu: mtu,
            mtu: [u32::from(mtu), 0, 0, 0],
            tag: FixedString::default(),
            tables: [0, 0],
            addresses: Addresses::default(),
            unnumbered: None,
            sub: None,
            rewrite: Rewrite::default(),
        };
        self.by_index.insert(index, interface);
        index
    }

    pub(crate) fn get(&self, sw_if_index: u32) -> Result<&Interface> {
        self.by_index.get(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)
    }

    pub(crate) fn get_mut(&mut self, sw_if_index: u32) -> Result<&mut Interface> {
        self.by_index.get_mut(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)
    }

    pub(crate) fn contains(&self, sw_if_index: u32) -> bool {
        self.by_index.contains_key(&sw_if_index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Interface)> {
        self.by_index.iter().map(|(index, interface)| (*index, interface))
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<u32> {
        self.iter().find(|(_, i)| i.name == name).map(|(index, _)| index)
    }
}

impl State {
    /// A new interface, down; tells who wants to know.
    pub(crate) fn add_interface(&mut self, kind: &'static Kind, name: String, mac: MacAddress) -> u32 {
        let index = self.interfaces.add(kind, name.clone(), mac);
        self.count(|counters| counters.add_interface(index, &name));
        self.interface_event(index, IfStatusFlags::default(), false);
        index
    }

    /// Deletes an interface with its addresses, its membership and its hold on tables. Routes through it stay, dead.
    pub(crate) fn remove_interface(&mut self, sw_if_index: u32) -> Result<Interface> {
        self.interfaces.get(sw_if_index)?;
        self.remove_all_addresses(sw_if_index)?;
        self.forget_dhcp(sw_if_index);
        self.queues.close(sw_if_index);
        self.leave_bridge(sw_if_index);
        self.leave_bond(sw_if_index)?;
        self.xconnects.0.remove(&sw_if_index);
        let with_static = self.is_at_least("26.02");
        self.neighbours.forget_interface(sw_if_index, with_static);
        self.acls.forget(sw_if_index);
        let interface = self.interfaces.by_index.remove(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
        self.interfaces.free.push(sw_if_index);
        self.count(|counters| counters.remove_interface(sw_if_index));
        for is_ipv6 in [false, true] {
            self.fib.unbind(is_ipv6, interface.table(is_ipv6));
        }
        self.interface_event(sw_if_index, IfStatusFlags::default(), true);
        Ok(interface)
    }

    /// Hides an interface, down, with all that it has, until its type makes the next one from it.
    pub(crate) fn hide_interface(&mut self, sw_if_index: u32) -> Result<()> {
        self.set_admin(sw_if_index, false)?;
        self.leave_bridge(sw_if_index);
        self.xconnects.0.remove(&sw_if_index);
        let interface = self.interfaces.by_index.remove(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
        self.interfaces.hidden.insert(sw_if_index, interface);
        Ok(())
    }

    /// Shows a hidden interface again, under a new name.
    pub(crate) fn show_interface(&mut self, sw_if_index: u32, name: String) -> Result<()> {
        let interface = self.interfaces.hidden.remove(&sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
        self.interfaces.by_index.insert(sw_if_index, Interface { name, ..interface });
        Ok(())
    }

    /// Sets an interface up or down. The link of a loopback follows; that of a memif depends on its peer.
    pub(crate) fn set_admin(&mut self, sw_if_index: u32, up: bool) -> Result<()> {
        let interface = self.interfaces.get_mut(sw_if_index)?;
        if interface.admin_up == up {
            return Ok(());
        }
        interface.admin_up = up;
        if interface.kind.follows {
            interface.link_up = up;
        }
        let flags = interface.flags();
        if !up {
            self.neighbours.forget(sw_if_index, None);
        }
        self.refresh_connected(sw_if_index)?;
        self.refresh_routers(sw_if_index);
        self.interface_event(sw_if_index, flags, false);
        self.refresh_bond(sw_if_index)
    }

    /// Sets the link up or down, as the peer of a memif does.
    pub(crate) fn set_link(&mut self, sw_if_index: u32, up: bool) -> Result<()> {
        let interface = self.interfaces.get_mut(sw_if_index)?;
        if interface.link_up != up {
            interface.link_up = up;
            let flags = interface.flags();
            self.interface_event(sw_if_index, flags, false);
        }
        Ok(())
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.dump(unnumbered_dump);
    handlers.change(set_flags);
    handlers.change(set_mtu);
    handlers.change(set_hardware_mtu);
    handlers.change(set_mac);
    handlers.change(tag);
    handlers.change(set_table);
    handlers.change(set_unnumbered);
    handlers.query(get_table);
}

/// Index 0 stands for all interfaces, as ~0 does.
fn dump(state: &State, request: SwInterfaceDump) -> Vec<SwInterfaceDetails> {
    let filter = request.name_filter.to_ascii_lowercase();
    let one = !request.name_filter_valid && request.sw_if_index != u32::MAX && request.sw_if_index != 0;
    let wanted = |index: u32, name: &str| match (request.name_filter_valid, one) {
        (true, _) => name.to_ascii_lowercase().contains(&filter),
        (false, true) => index == request.sw_if_index,
        (false, false) => true,
    };
    let matching = state.interfaces.iter().filter(|(index, i)| wanted(*index, &i.name));
    matching
        .map(|(sw_if_index, i)| SwInterfaceDetails {
            sw_if_index,
            sup_sw_if_index: i.sub.map_or(sw_if_index, |sub| sub.parent),
            l2_address: if i.kind.ethernet { i.mac } else { MacAddress::default() },
            flags: i.flags(),
            link_mtu: i.link_mtu,
            mtu: i.mtu,
            interface_name: FixedString::cut(&i.name),
            interface_dev_type: FixedString::cut(i.kind.device),
            tag: i.tag,
            sub_id: i.sub.map_or(0, |sub| sub.id),
            sub_number_of_tags: u8::from(i.sub.is_some()),
            sub_outer_vlan_id: i.sub.map_or(0, |sub| sub.id as u16),
            vtr_op: i.rewrite.op,
            vtr_push_dot1q: u32::from(i.rewrite.dot1q),
            vtr_tag1: i.rewrite.tags[0],
            vtr_tag2: i.rewrite.tags[1],
            ..Default::default()
        })
        .collect()
}

fn set_flags(state: &mut State, request: SwInterfaceSetFlags) -> Result<SwInterfaceSetFlagsReply> {
    state.set_admin(request.sw_if_index, request.flags.contains(IfStatusFlags::ADMIN_UP))?;
    Ok(SwInterfaceSetFlagsReply::default())
}

fn set_mtu(state: &mut State, request: SwInterfaceSetMtu) -> Result<SwInterfaceSetMtuReply> {
    state.interfaces.get_mut(request.sw_if_index)?.mtu = request.mtu;
    Ok(SwInterfaceSetMtuReply::default())
}

fn set_hardware_mtu(state: &mut State, request: HwInterfaceSetMtu) -> Result<HwInterfaceSetMtuReply> {
    let interface = state.interfaces.get_mut(request.sw_if_index)?;
    if let Some(refusal) = interface.kind.hardware_mtu {
        return Err(refusal);
    }
    interface.link_mtu = request.mtu;
    let [l3, ..] = &mut interface.mtu;
    *l3 = u32::from(request.mtu);
    Ok(HwInterfaceSetMtuReply::default())
}

/// The BVI's entry in the L2 FIB follows.
fn set_mac(state: &mut State, request: SwInterfaceSetMacAddress) -> Result<SwInterfaceSetMacAddressReply> {
    let interface = state.interfaces.get_mut(request.sw_if_index)?;
    if !interface.kind.ethernet {
        return Err(retval::UNIMPLEMENTED);
    }
    let old = std::mem::replace(&mut interface.mac, request.mac_address);
    if let Some(bd_index) = state.bridge_domains.bvi_of(request.sw_if_index) {
        state.l2fib.remove(bd_index, old, request.sw_if_index);
        state.l2fib.add_bvi(bd_index, request.mac_address, request.sw_if_index);
    }
    Ok(SwInterfaceSetMacAddressReply::default())
}

/// An empty tag cannot be added; removing takes whatever tag there is.
fn tag(state: &mut State, request: SwInterfaceTagAddDel) -> Result<SwInterfaceTagAddDelReply> {
    let interface = state.interfaces.get_mut(request.sw_if_index)?;
    match (request.is_add, request.tag.is_empty()) {
        (true, true) => return Err(retval::INVALID_VALUE),
        (true, false) => interface.tag = request.tag,
        (false, _) => interface.tag = FixedString::default(),
    }
    Ok(SwInterfaceTagAddDelReply::default())
}

/// Refused while the interface has addresses of the family, own or borrowed.
fn set_table(state: &mut State, request: SwInterfaceSetTable) -> Result<SwInterfaceSetTableReply> {
    let is_ipv6 = request.is_ipv6;
    let interface = state.interfaces.get(request.sw_if_index)?;
    let old = interface.table(is_ipv6);
    if !state.fib.can_bind(is_ipv6, request.vrf_id) {
        return Err(retval::NO_SUCH_FIB);
    }
    let lender = interface.unnumbered.and_then(|index| state.interfaces.get(index).ok());
    if interface.addresses.has(is_ipv6) || lender.is_some_and(|i| i.addresses.has(is_ipv6)) {
        return Err(retval::ADDRESS_FOUND_FOR_INTERFACE);
    }
    state.fib.bind(is_ipv6, request.vrf_id);
    state.fib.unbind(is_ipv6, old);
    let [v4, v6] = &mut state.interfaces.get_mut(request.sw_if_index)?.tables;
    *if is_ipv6 { v6 } else { v4 } = request.vrf_id;
    state.move_peers(request.sw_if_index, is_ipv6, [old, request.vrf_id])?;
    Ok(SwInterfaceSetTableReply::default())
}

fn get_table(state: &mut State, request: SwInterfaceGetTable) -> Result<SwInterfaceGetTableReply> {
    Ok(match state.interfaces.get(request.sw_if_index) {
        Ok(interface) => SwInterfaceGetTableReply { retval: 0, vrf_id: interface.table(request.is_ipv6) },
        Err(_) => SwInterfaceGetTableReply { retval: -2, vrf_id: u32::MAX },
    })
}

/// VPP's names are the wrong way round: `unnumbered_sw_if_index` borrows the addresses of `sw_if_index`.
fn set_unnumbered(
    state: &mut State,
    request: SwInterfaceSetUnnumbered,
) -> Result<SwInterfaceSetUnnumberedReply> {
    let borrower = state.interfaces.get(request.unnumbered_sw_if_index)?;
    let lender = if request.is_add {
        let lender = state.interfaces.get(request.sw_if_index).map_err(|_| retval::INVALID_SW_IF_INDEX_2)?;
        if lender.tables != borrower.tables {
            return Err(retval::UNEXPECTED_INTF_STATE);
        }
        Some(request.sw_if_index)
    } else {
        None
    };
    state.interfaces.get_mut(request.unnumbered_sw_if_index)?.unnumbered = lender;
    Ok(SwInterfaceSetUnnumberedReply::default())
}

fn unnumbered_dump(state: &State, request: IpUnnumberedDump) -> Vec<IpUnnumberedDetails> {
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let borrowers = state.interfaces.iter().filter(|(index, _)| wanted(*index));
    borrowers
        .filter_map(|(sw_if_index, i)| {
            Some(IpUnnumberedDetails { sw_if_index, ip_sw_if_index: i.unnumbered? })
        })
        .collect()
}
