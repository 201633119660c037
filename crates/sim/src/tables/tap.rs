//! TAP and TUN interfaces.

use super::interface::Kind;
use super::retval;
use crate::device::Device;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::tapv2::{
    SwInterfaceTapV2Details, SwInterfaceTapV2Dump, TapCreateV3, TapCreateV3Reply, TapDeleteV2,
    TapDeleteV2Reply,
};
use binapi::text::FixedString;
use binapi::types::TapFlags;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

static TAP: Kind = Kind { device: "tap", ethernet: true, mtu: 9000, follows: true, hardware_mtu: None };
static TUN: Kind = Kind { device: "tap", ethernet: false, mtu: 1500, follows: true, hardware_mtu: None };

const SYSCALL_ERROR_1: Outcome = Outcome::Retval(-11);
const SYSCALL_ERROR_3: Outcome = Outcome::Retval(-13);
const INIT_FAILED: Outcome = Outcome::Retval(-144);

#[derive(Debug)]
struct Tap {
    id: u32,
    host: FixedString<64>,
    flags: TapFlags,
    rx_ring: u16,
    tx_ring: u16,
    /// The real Linux end, if it has one.
    device: Option<Device>,
}

/// All of them by interface index, and who was heard behind which interface.
#[derive(Debug, Default)]
pub(crate) struct Taps {
    all: BTreeMap<u32, Tap>,
    heard: HashMap<(u32, IpAddr), [u8; 6]>,
}

impl Taps {
    /// Somebody with this address is behind this interface.
    pub(crate) fn hear(&mut self, sw_if_index: u32, ip: IpAddr, mac: [u8; 6]) {
        self.heard.insert((sw_if_index, ip), mac);
    }
    /// Who has this address there?
    pub(crate) fn who_has(&self, sw_if_index: u32, ip: IpAddr) -> Option<[u8; 6]> {
        self.heard.get(&(sw_if_index, ip)).copied()
    }
    /// Sends a frame, if there is a real end to send it to.
    pub(crate) fn send(&self, sw_if_index: u32, frame: &[u8]) {
        if let Some(device) = self.all.get(&sw_if_index).and_then(|tap| tap.device.as_ref()) {
            device.send(frame);
        }
    }
    /// Is one of them called so in Linux?
    pub(crate) fn has(&self, host: &str) -> bool {
        self.all.values().any(|tap| tap.host.as_str() == host)
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.dump(dump);
}

fn create(state: &mut State, request: TapCreateV3) -> Result<TapCreateV3Reply> {
    let used = |id: u32| state.taps.all.values().any(|tap| tap.id == id);
    let id = match request.id {
        u32::MAX => (0..).find(|&id| !used(id)).unwrap_or_default(),
        id if used(id) => return Err(retval::INVALID_INTERFACE),
        id => id,
    };
    if state.machine.no_taps {
        return Err(SYSCALL_ERROR_1);
    }
    let host = match request.host_if_name_set {
        true => request.host_if_name,
        false => FixedString::cut(&format!("tap{id}")),
    };
    // The kernel says that it is busy.
    if state.machine.links.contains(host.as_str()) || state.taps.has(host.as_str()) {
        return Err(SYSCALL_ERROR_3);
    }
    let ring = |size: u16| if size == 0 { 256 } else { size };
    let (rx_ring, tx_ring) = (ring(request.rx_ring_sz), ring(request.tx_ring_sz));
    if !rx_ring.is_power_of_two() || !tx_ring.is_power_of_two() {
        return Err(INIT_FAILED);
    }
    let (kind, name) = match request.tap_flags.contains(TapFlags::TUN) {
        true => (&TUN, "tun"),
        false => (&TAP, "tap"),
    };
    let device =
        state.machine.linux_taps.as_ref().map(|netns| Device::make(netns, host.as_str(), kind.ethernet));
    let device = device.transpose().map_err(|error| {
        tracing::info!(%error, "no TAP of Linux");
        SYSCALL_ERROR_3
    })?;
    let mac = match (kind.ethernet, request.use_random_mac) {
        (false, _) => MacAddress::default(),
        (true, true) => state.random_mac(),
        (true, false) => request.mac_address,
    };
    let sw_if_index = state.add_interface(kind, format!("{name}{id}"), mac);
    state.set_link(sw_if_index, true)?;
    if let Some(device) = &device {
        device.attend(sw_if_index, state.shared.clone());
    }
    let tap = Tap { id, host, flags: request.tap_flags, rx_ring, tx_ring, device };
    state.taps.all.insert(sw_if_index, tap);
    Ok(TapCreateV3Reply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: TapDeleteV2) -> Result<TapDeleteV2Reply> {
    state.taps.all.remove(&request.sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
    state.taps.heard.retain(|(on, _), _| *on != request.sw_if_index);
    state.remove_interface(request.sw_if_index)?;
    Ok(TapDeleteV2Reply::default())
}

fn dump(state: &State, request: SwInterfaceTapV2Dump) -> Vec<SwInterfaceTapV2Details> {
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let taps = state.taps.all.iter().filter(|(index, _)| wanted(**index));
    taps.filter_map(|(&sw_if_index, tap)| {
        Some(SwInterfaceTapV2Details {
            sw_if_index,
            id: tap.id,
            rx_ring_sz: tap.rx_ring,
            tx_ring_sz: tap.tx_ring,
            tap_flags: tap.flags,
            dev_name: FixedString::cut(&state.interfaces.get(sw_if_index).ok()?.name),
            host_if_name: tap.host,
            ..SwInterfaceTapV2Details::default()
        })
    })
    .collect()
}

#[cfg(test)]
impl State {
    /// A TAP that is up and has an address.
    pub(crate) fn add_tap_for_test(&mut self, mac: [u8; 6], address: IpAddr) -> u32 {
        let index = self.add_interface(&TAP, "tap0".to_owned(), MacAddress(mac));
        self.set_admin(index, true).unwrap();
        self.add_address(index, address, 24).unwrap();
        index
    }
}
