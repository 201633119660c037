//! TAP and TUN interfaces.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::tapv2::{
    SwInterfaceTapV2Details, SwInterfaceTapV2Dump, TapCreateV3, TapCreateV3Reply, TapDeleteV2,
    TapDeleteV2Reply,
};
use binapi::text::FixedString;
use binapi::types::TapFlags;
use std::collections::BTreeMap;

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
}

/// All of them by interface index.
#[derive(Debug, Default)]
pub(crate) struct Taps(BTreeMap<u32, Tap>);

impl Taps {
    /// Is one of them called so in Linux?
    pub(crate) fn has(&self, host: &str) -> bool {
        self.0.values().any(|tap| tap.host.as_str() == host)
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.dump(dump);
}

fn create(state: &mut State, request: TapCreateV3) -> Result<TapCreateV3Reply> {
    let used = |id: u32| state.taps.0.values().any(|tap| tap.id == id);
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
    let mac = match (kind.ethernet, request.use_random_mac) {
        (false, _) => MacAddress::default(),
        (true, true) => state.random_mac(),
        (true, false) => request.mac_address,
    };
    let sw_if_index = state.add_interface(kind, format!("{name}{id}"), mac);
    state.set_link(sw_if_index, true)?;
    state.taps.0.insert(sw_if_index, Tap { id, host, flags: request.tap_flags, rx_ring, tx_ring });
    Ok(TapCreateV3Reply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: TapDeleteV2) -> Result<TapDeleteV2Reply> {
    state.taps.0.remove(&request.sw_if_index).ok_or(retval::INVALID_SW_IF_INDEX)?;
    state.remove_interface(request.sw_if_index)?;
    Ok(TapDeleteV2Reply::default())
}

fn dump(state: &State, request: SwInterfaceTapV2Dump) -> Vec<SwInterfaceTapV2Details> {
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let taps = state.taps.0.iter().filter(|(index, _)| wanted(**index));
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
