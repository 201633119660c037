//! Virtual routers. Time does not pass here: nobody becomes master for want of another, unless told to.

use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::types::{Address, VrrpVrConf, VrrpVrFlags, VrrpVrRuntime, VrrpVrState, VrrpVrTracking};
use binapi::vrrp::{
    VrrpVrAddDel, VrrpVrAddDelReply, VrrpVrDetails, VrrpVrDump, VrrpVrStartStop, VrrpVrStartStopReply,
};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The priority of a router whose own the addresses are.
const OWNER: u8 = 255;

/// A virtual router.
#[derive(Clone, Debug)]
struct Router {
    conf: VrrpVrConf,
    addresses: Vec<IpAddr>,
    state: VrrpVrState,
}

impl Router {
    /// Whether a master puts its addresses on the interface.
    fn lends(&self) -> bool {
        self.conf.flags.contains(VrrpVrFlags::ACCEPT) && self.conf.priority != OWNER
    }
}

/// All routers by interface, id and family. They outlive their interfaces.
#[derive(Debug, Default)]
pub(crate) struct Routers(BTreeMap<(u32, u8, bool), Router>);

impl State {
    /// Whether a router could send on its interface.
    fn can_send(&self, sw_if_index: u32, is_ipv6: bool) -> bool {
        let interface = self.interfaces.get(sw_if_index);
        interface.is_ok_and(|i| i.admin_up && i.link_up && i.addresses.has(is_ipv6))
    }

    /// An interface went up or down: routers that run on it notice. That it got or lost an address they do not notice.
    pub(crate) fn refresh_routers(&mut self, sw_if_index: u32) {
        let range = (sw_if_index, 0, false)..=(sw_if_index, u8::MAX, true);
        let on_it: Vec<_> = self.routers.0.range(range).map(|(key, router)| (*key, router.clone())).collect();
        for (key, router) in on_it {
            let next = match (router.state, self.can_send(sw_if_index, key.2)) {
                (VrrpVrState::INIT, _) => continue,
                (_, false) => VrrpVrState::INTF_DOWN,
                (VrrpVrState::INTF_DOWN, true) if router.conf.priority == OWNER => VrrpVrState::MASTER,
                (VrrpVrState::INTF_DOWN, true) => VrrpVrState::BACKUP,
                (same, true) => same,
            };
            self.turn(key, next);
        }
    }

    /// Brings a router into a state; what a master puts on the interface comes and goes with that.
    fn turn(&mut self, key: (u32, u8, bool), next: VrrpVrState) {
        let Some(router) = self.routers.0.get_mut(&key) else { return };
        let before = std::mem::replace(&mut router.state, next);
        let changed = (before == VrrpVrState::MASTER) != (next == VrrpVrState::MASTER);
        let lent = if changed && router.lends() { router.addresses.clone() } else { Vec::new() };
        for ip in lent {
            // What VPP refuses here it only logs.
            let _ = match next {
                VrrpVrState::MASTER => self.add_address(key.0, ip, self.length_for(key.0, ip)),
                _ => self.remove_address(key.0, ip),
            };
        }
    }

    /// The length of the subnet on an interface that an address lies in.
    fn length_for(&self, sw_if_index: u32, ip: IpAddr) -> u8 {
        let plain = if ip.is_ipv6() { 64 } else { 24 };
        let interface = self.interfaces.get(sw_if_index);
        interface.ok().and_then(|i| i.addresses.length_around(ip)).unwrap_or(plain)
    }

    /// All that hear no other one on this interface become masters.
    pub(crate) fn elect_routers(&mut self, sw_if_index: u32) {
        let range = (sw_if_index, 0, false)..=(sw_if_index, u8::MAX, true);
        let backups = self.routers.0.range(range).filter(|(_, r)| r.state == VrrpVrState::BACKUP);
        let backups: Vec<_> = backups.map(|(key, _)| *key).collect();
        backups.into_iter().for_each(|key| self.turn(key, VrrpVrState::MASTER));
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(add_del);
    handlers.change(start_stop);
}

/// All of it is looked at, also to remove one.
fn add_del(state: &mut State, request: VrrpVrAddDel) -> Result<VrrpVrAddDelReply> {
    let VrrpVrAddDel { sw_if_index, vr_id, priority, interval, flags, .. } = request;
    state.interfaces.get(sw_if_index)?;
    if priority == 0 || interval == 0 || vr_id == 0 {
        return Err(retval::INVALID_VALUE);
    }
    let is_ipv6 = flags.contains(VrrpVrFlags::IPV6);
    let key = (sw_if_index, vr_id, is_ipv6);
    if request.is_add == 0 {
        state.routers.0.remove(&key).ok_or(retval::NO_SUCH_ENTRY)?;
        return Ok(VrrpVrAddDelReply::default());
    }
    if state.routers.0.contains_key(&key) {
        return Err(retval::ENTRY_ALREADY_EXISTS);
    }
    let addresses: Vec<IpAddr> = request.addrs.iter().map(Address::ip).collect();
    if addresses.is_empty() {
        return Err(retval::INVALID_SRC_ADDRESS);
    }
    let own = &state.interfaces.get(sw_if_index)?.addresses;
    if priority == OWNER && !addresses.iter().all(|ip| own.contains(*ip)) {
        return Err(retval::ADDRESS_NOT_FOUND_FOR_INTERFACE);
    }
    let range = (sw_if_index, 0, is_ipv6)..=(sw_if_index, u8::MAX, is_ipv6);
    let others = state.routers.0.range(range).flat_map(|(_, router)| &router.addresses);
    if others.into_iter().any(|ip| addresses.contains(ip)) {
        return Err(retval::ADDRESS_IN_USE);
    }
    let conf = VrrpVrConf { sw_if_index, vr_id, priority, interval, flags };
    state.routers.0.insert(key, Router { conf, addresses, state: VrrpVrState::INIT });
    Ok(VrrpVrAddDelReply::default())
}

/// Once more does nothing. A unicast router has no peers here, as nobody can tell them.
fn start_stop(state: &mut State, request: VrrpVrStartStop) -> Result<VrrpVrStartStopReply> {
    let VrrpVrStartStop { sw_if_index, vr_id, .. } = request;
    let key = (sw_if_index, vr_id, request.is_ipv6 != 0);
    let router = state.routers.0.get(&key).ok_or(retval::NO_SUCH_ENTRY)?;
    let (runs, owner) = (router.state != VrrpVrState::INIT, router.conf.priority == OWNER);
    let unicast = router.conf.flags.contains(VrrpVrFlags::UNICAST);
    match (request.is_start != 0, runs) {
        (true, false) if unicast => return Err(Outcome::Retval(-144)),
        (true, false) => {
            let next = match (state.can_send(sw_if_index, key.2), owner) {
                (false, _) => VrrpVrState::INTF_DOWN,
                (true, true) => VrrpVrState::MASTER,
                (true, false) => VrrpVrState::BACKUP,
            };
            state.turn(key, next);
        }
        (false, true) => state.turn(key, VrrpVrState::INIT),
        _ => {}
    }
    Ok(VrrpVrStartStopReply::default())
}

/// Index 0 stands for all interfaces, as ~0 does.
fn dump(state: &State, request: VrrpVrDump) -> Vec<VrrpVrDetails> {
    let wanted = |index: u32| [0, u32::MAX, index].contains(&request.sw_if_index);
    let matching = state.routers.0.iter().filter(|((index, ..), _)| wanted(*index));
    matching
        .map(|(&(_, vr_id, is_ipv6), router)| {
            let addrs: Vec<Address> = router.addresses.iter().map(|ip| (*ip).into()).collect();
            VrrpVrDetails {
                config: router.conf,
                runtime: VrrpVrRuntime {
                    state: router.state,
                    mac: MacAddress([0, 0, 0x5e, 0, if is_ipv6 { 2 } else { 1 }, vr_id]),
                    tracking: VrrpVrTracking { interfaces_dec: 0, priority: router.conf.priority },
                    ..VrrpVrRuntime::default()
                },
                addrs: addrs.try_into().unwrap_or_default(),
            }
        })
        .collect()
}
