//! Addresses of interfaces and the routes that come with them.

use super::retval;
use super::route::{Path, host_length, mask, to_bits};
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::interface::{SwInterfaceAddDelAddress, SwInterfaceAddDelAddressReply};
use binapi::ip::{IpAddressDetails, IpAddressDump};
use binapi::types::FibPathType;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// VPP's number for routes that stem from an interface's configuration.
const SOURCE_INTERFACE: u8 = 4;

/// The addresses of one interface.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    list: Vec<(IpAddr, u8)>,
    /// The routes that came with them: table and prefix.
    connected: Vec<(u32, IpAddr, u8)>,
}

impl Addresses {
    /// Whether there is an address of the family.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (IpAddr, u8)> {
        self.list.iter().copied()
    }

    pub(crate) fn has(&self, is_ipv6: bool) -> bool {
        self.list.iter().any(|(ip, _)| ip.is_ipv6() == is_ipv6)
    }

    /// Whether this is one of them.
    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        self.list.iter().any(|(own, _)| *own == ip)
    }

    /// The length of the subnet that an address lies in.
    pub(crate) fn length_around(&self, ip: IpAddr) -> Option<u8> {
        self.list.iter().find(|subnet| covers(**subnet, ip)).map(|(_, length)| *length)
    }
}

/// The subnets of all interfaces, by family, table and first address; subnets of one table never overlap.
#[derive(Debug, Default)]
pub(crate) struct Subnets(BTreeMap<(bool, u32, u128), Subnet>);

#[derive(Debug)]
struct Subnet {
    last: u128,
    sw_if_index: u32,
    length: u8,
    addresses: usize,
}

impl Subnets {
    fn range(ip: IpAddr, length: u8) -> (u128, u128) {
        let first = mask(to_bits(ip), length);
        (first, first | !mask(u128::MAX, length))
    }

    /// Whether a subnet overlaps with one that is not the very same on the same interface.
    fn conflicts(&self, table: u32, ip: IpAddr, length: u8, sw_if_index: u32) -> bool {
        let family = ip.is_ipv6();
        let (first, last) = Self::range(ip, length.min(host_length(family)));
        let below = self.0.range((family, table, 0)..=(family, table, last)).next_back();
        below.is_some_and(|(_, s)| s.last >= first && !(s.sw_if_index == sw_if_index && s.length == length))
    }

    fn any(&self, family: bool, table: u32) -> bool {
        self.0.range((family, table, 0)..=(family, table, u128::MAX)).next().is_some()
    }

    fn add(&mut self, table: u32, ip: IpAddr, length: u8, sw_if_index: u32) {
        let (first, last) = Self::range(ip, length);
        let subnet = self.0.entry((ip.is_ipv6(), table, first));
        subnet.or_insert(Subnet { last, sw_if_index, length, addresses: 0 }).addresses += 1;
    }

    fn remove(&mut self, table: u32, ip: IpAddr, length: u8) {
        let key = (ip.is_ipv6(), table, Self::range(ip, length).0);
        if let Some(subnet) = self.0.get_mut(&key) {
            subnet.addresses -= 1;
            if subnet.addresses == 0 {
                self.0.remove(&key);
            }
        }
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(add_del);
}

/// There is no "all interfaces".
fn dump(state: &State, request: IpAddressDump) -> Vec<IpAddressDetails> {
    let Ok(interface) = state.interfaces.get(request.sw_if_index) else { return Vec::new() };
    let addresses = interface.addresses.list.iter().filter(|(ip, _)| ip.is_ipv6() == request.is_ipv6);
    addresses
        .map(|address| IpAddressDetails { sw_if_index: request.sw_if_index, prefix: (*address).into() })
        .collect()
}

fn add_del(state: &mut State, request: SwInterfaceAddDelAddress) -> Result<SwInterfaceAddDelAddressReply> {
    let sw_if_index = request.sw_if_index;
    state.interfaces.get(sw_if_index)?;
    let (ip, length) = (request.prefix.ip(), request.prefix.len);
    if request.del_all {
        state.remove_all_addresses(sw_if_index)?;
    } else if request.is_add {
        state.add_address(sw_if_index, ip, length)?;
    } else {
        state.remove_address(sw_if_index, ip)?;
    }
    Ok(SwInterfaceAddDelAddressReply::default())
}

impl State {
    pub(crate) fn add_address(&mut self, sw_if_index: u32, ip: IpAddr, length: u8) -> Result<()> {
        let family = ip.is_ipv6();
        let interface = self.interfaces.get(sw_if_index)?;
        if interface.is_local() {
            return Err(retval::UNSUPPORTED);
        }
        if let IpAddr::V6(v6) = ip
            && v6.is_unicast_link_local()
        {
            // It replaces the interface's own link-local address, which no dump shows.
            return if length == 128 { Ok(()) } else { Err(retval::ADDRESS_LENGTH_MISMATCH) };
        }
        let conflict = if family { retval::DUPLICATE_IF_ADDRESS } else { retval::ADDRESS_IN_USE };
        let table = interface.table(family);
        let odd = length == 0 || length > host_length(family);
        let twice = interface.addresses.list.iter().any(|(known, _)| *known == ip);
        // A length that makes no sense overlaps with every subnet there is.
        if twice
            || (odd && self.subnets.any(family, table))
            || self.subnets.conflicts(table, ip, length, sw_if_index)
        {
            return Err(conflict);
        }
        if odd {
            return Err(retval::ADDRESS_LENGTH_MISMATCH);
        }
        self.subnets.add(table, ip, length, sw_if_index);
        self.interfaces.get_mut(sw_if_index)?.addresses.list.push((ip, length));
        self.refresh_connected(sw_if_index)
    }

    /// The length of the prefix does not matter.
    pub(crate) fn remove_address(&mut self, sw_if_index: u32, ip: IpAddr) -> Result<()> {
        let interface = self.interfaces.get_mut(sw_if_index)?;
        if interface.is_local() {
            return Err(retval::UNSUPPORTED);
        }
        let table = interface.table(ip.is_ipv6());
        let list = &mut interface.addresses.list;
        let at = list.iter().position(|(known, _)| *known == ip);
        let (ip, length) = list.remove(at.ok_or(retval::ADDRESS_NOT_FOUND_FOR_INTERFACE)?);
        self.subnets.remove(table, ip, length);
        self.neighbours.forget(sw_if_index, Some((ip, length)));
        self.refresh_connected(sw_if_index)
    }

    pub(crate) fn remove_all_addresses(&mut self, sw_if_index: u32) -> Result<()> {
        let interface = self.interfaces.get_mut(sw_if_index)?;
        let tables = interface.tables;
        for (ip, length) in std::mem::take(&mut interface.addresses.list) {
            let [v4, v6] = tables;
            self.subnets.remove(if ip.is_ipv6() { v6 } else { v4 }, ip, length);
            self.neighbours.forget(sw_if_index, Some((ip, length)));
        }
        self.refresh_connected(sw_if_index)
    }

    /// Brings the routes of an interface's addresses up to date: there are some only while it is up.
    pub(crate) fn refresh_connected(&mut self, sw_if_index: u32) -> Result<()> {
        let interface = self.interfaces.get_mut(sw_if_index)?;
        let old = std::mem::take(&mut interface.addresses.connected);
        let tables = interface.tables;
        let list = if interface.admin_up { interface.addresses.list.clone() } else { Vec::new() };
        for (table, ip, length) in old {
            self.fib.delete(table, ip, length, SOURCE_INTERFACE);
        }
        let mut connected = Vec::new();
        for (ip, length) in list {
            let [v4, v6] = tables;
            let table = if ip.is_ipv6() { v6 } else { v4 };
            for (ip, length, path) in routes(sw_if_index, ip, length) {
                if !self.fib.has_source(table, ip, length, SOURCE_INTERFACE)
                    || path.kind == FibPathType::LOCAL
                {
                    self.fib.update(table, ip, length, SOURCE_INTERFACE, vec![path]);
                    connected.push((table, ip, length));
                }
            }
        }
        self.interfaces.get_mut(sw_if_index)?.addresses.connected = connected;
        Ok(())
    }
}

/// Whether an address lies in the subnet of another.
pub(crate) fn covers((of, length): (IpAddr, u8), ip: IpAddr) -> bool {
    of.is_ipv6() == ip.is_ipv6() && mask(to_bits(of), length) == mask(to_bits(ip), length)
}

/// The routes of one address: its subnet, itself, and for IPv4 what must not be used as a neighbour.
fn routes(sw_if_index: u32, ip: IpAddr, length: u8) -> Vec<(IpAddr, u8, Path)> {
    let is_ipv6 = ip.is_ipv6();
    let host = host_length(is_ipv6);
    let mut routes = Vec::new();
    if length < host {
        // The subnet is told with the host bits of its first address; that of IPv6 without.
        let subnet = match ip {
            IpAddr::V4(_) => ip,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(mask(v6.to_bits(), length))),
        };
        routes.push((subnet, length, Path::attached(is_ipv6, sw_if_index)));
    }
    if let IpAddr::V4(v4) = ip
        && length < 32
    {
        let subnet_mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
        let network = v4.to_bits() & subnet_mask;
        if length == 31 {
            let other = IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() ^ 1));
            routes.push((other, 32, Path::neighbour(other, sw_if_index)));
        } else {
            for reserved in [network, network | !subnet_mask] {
                routes.push((IpAddr::V4(Ipv4Addr::from_bits(reserved)), 32, Path::drop(is_ipv6)));
            }
        }
    }
    routes.push((ip, host, Path::local(ip, sw_if_index)));
    routes
}
