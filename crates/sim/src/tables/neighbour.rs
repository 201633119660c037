//! Neighbours of interfaces, and how VPP ages those that it learned.

use super::address::covers;
use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::ip_neighbor::{
    IpNeighborAddDel, IpNeighborAddDelReply, IpNeighborConfig, IpNeighborConfigGet, IpNeighborConfigGetReply,
    IpNeighborConfigReply, IpNeighborDetails, IpNeighborDump,
};
use binapi::types::{AddressFamily, IpNeighbor, IpNeighborFlags};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What a dump tells of a neighbour beside its address; the order of making tells the oldest.
#[derive(Clone, Copy, Debug)]
struct Neighbour {
    mac: MacAddress,
    flags: IpNeighborFlags,
    made: u64,
}

impl Neighbour {
    fn is_static(&self) -> bool {
        self.flags.contains(IpNeighborFlags::STATIC)
    }
}

/// Settings of one family.
#[derive(Clone, Copy, Debug)]
struct Aging {
    max_number: u32,
    max_age: u32,
    recycle: bool,
}

impl Default for Aging {
    fn default() -> Self {
        Aging { max_number: 50_000, max_age: 0, recycle: false }
    }
}

/// One family's neighbours by interface and address, and its settings.
#[derive(Debug, Default)]
struct Family {
    all: BTreeMap<(u32, IpAddr), Neighbour>,
    aging: Aging,
}

/// The neighbours of both families, IPv4 first.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    families: [Family; 2],
    made: u64,
}

impl Family {
    /// Makes room for one more: as many as are allowed may be there, or the oldest that is not static goes.
    fn make_room(&mut self) -> Result<()> {
        let Aging { max_number, recycle, .. } = self.aging;
        if max_number == 0 || self.all.len() < max_number as usize {
            return Ok(());
        }
        let learned = self.all.iter().filter(|(_, n)| recycle && !n.is_static());
        let oldest = learned.min_by_key(|(_, n)| n.made).map(|(key, _)| *key);
        self.all.remove(&oldest.ok_or(retval::LIMIT_EXCEEDED)?);
        Ok(())
    }

    /// Forgets neighbours on an interface.
    fn forget(&mut self, sw_if_index: u32, which: impl Fn(IpAddr, &Neighbour) -> bool) {
        let (first, last) = (IpAddr::from([0; 4]), IpAddr::from([0xff; 16]));
        let of_it = self.all.range((sw_if_index, first)..=(sw_if_index, last));
        let gone: Vec<_> = of_it.filter(|((_, ip), n)| which(*ip, n)).map(|(key, _)| *key).collect();
        for key in gone {
            self.all.remove(&key);
        }
    }
}

impl Neighbours {
    fn family(&mut self, is_ipv6: bool) -> &mut Family {
        let [v4, v6] = &mut self.families;
        if is_ipv6 { v6 } else { v4 }
    }

    /// A static entry keeps its MAC unless a static one replaces it, and stays static.
    fn add(&mut self, key: (u32, IpAddr), mac: MacAddress, flags: IpNeighborFlags) -> Result<()> {
        let is_static = flags.contains(IpNeighborFlags::STATIC);
        self.made += 1;
        let made = self.made;
        let family = self.family(key.1.is_ipv6());
        if let Some(known) = family.all.get_mut(&key) {
            if known.is_static() && !is_static {
                return if known.mac == mac { Ok(()) } else { Err(Outcome::Retval(-2)) };
            }
            if is_static {
                known.flags |= IpNeighborFlags::STATIC;
            }
            known.mac = mac;
            return Ok(());
        }
        family.make_room()?;
        family.all.insert(key, Neighbour { mac, flags, made });
        Ok(())
    }

    /// An interface went down, or lost an address: what is not static goes.
    pub(crate) fn forget(&mut self, sw_if_index: u32, covered_by: Option<(IpAddr, u8)>) {
        let covered = |ip: IpAddr| covered_by.is_none_or(|subnet| covers(subnet, ip));
        for family in &mut self.families {
            family.forget(sw_if_index, |ip, n| !n.is_static() && covered(ip));
        }
    }

    /// An interface is gone. Up to 25.10 its static neighbours stay, and belong to whatever gets its index next.
    pub(crate) fn forget_interface(&mut self, sw_if_index: u32, with_static: bool) {
        for family in &mut self.families {
            family.forget(sw_if_index, |_, n| with_static || !n.is_static());
        }
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(add_del);
    handlers.change(configure);
    handlers.query(configured);
}

/// The reply tells the adjacency, which is ~0 as long as no route uses it.
fn add_del(state: &mut State, request: IpNeighborAddDel) -> Result<IpNeighborAddDelReply> {
    let IpNeighbor { sw_if_index, flags, mac_address, ip_address } = request.neighbor;
    state.interfaces.get(sw_if_index)?;
    let key = (sw_if_index, ip_address.ip());
    match request.is_add {
        true => state.neighbours.add(key, mac_address, flags)?,
        false => {
            let family = state.neighbours.family(key.1.is_ipv6());
            family.all.remove(&key).ok_or(retval::NO_SUCH_ENTRY)?;
        }
    }
    Ok(IpNeighborAddDelReply { retval: 0, stats_index: u32::MAX })
}

fn dump(state: &State, request: IpNeighborDump) -> Vec<IpNeighborDetails> {
    let [v4, v6] = &state.neighbours.families;
    let family = if request.af == AddressFamily::IP6 { v6 } else { v4 };
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let matching = family.all.iter().filter(|((index, _), _)| wanted(*index));
    matching
        .map(|(&(sw_if_index, ip), n)| {
            let neighbor =
                IpNeighbor { sw_if_index, flags: n.flags, mac_address: n.mac, ip_address: ip.into() };
            IpNeighborDetails { age: 0.0, neighbor }
        })
        .collect()
}

fn is_ipv6(af: AddressFamily) -> Result<bool> {
    match af {
        AddressFamily::IP4 => Ok(false),
        AddressFamily::IP6 => Ok(true),
        _ => Err(retval::INVALID_ADDRESS_FAMILY),
    }
}

fn configure(state: &mut State, request: IpNeighborConfig) -> Result<IpNeighborConfigReply> {
    let IpNeighborConfig { af, max_number, max_age, recycle } = request;
    state.neighbours.family(is_ipv6(af)?).aging = Aging { max_number, max_age, recycle };
    Ok(IpNeighborConfigReply::default())
}

fn configured(state: &mut State, request: IpNeighborConfigGet) -> Result<IpNeighborConfigGetReply> {
    let Aging { max_number, max_age, recycle } = state.neighbours.family(is_ipv6(request.af)?).aging;
    Ok(IpNeighborConfigGetReply { retval: 0, af: request.af, max_number, max_age, recycle })
}
