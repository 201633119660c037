//! AF_PACKET interfaces.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::af_packet::{
    AfPacketCreateV3, AfPacketCreateV3Reply, AfPacketDelete, AfPacketDeleteReply, AfPacketDetails,
    AfPacketDump,
};
use binapi::text::FixedString;
use binapi::types::AfPacketMode;
use std::collections::BTreeMap;

static ETHERNET: Kind =
    Kind { device: "af-packet", ethernet: true, mtu: 9000, follows: true, hardware_mtu: None };

const SYSCALL_ERROR_1: Outcome = Outcome::Retval(-11);
const IF_ALREADY_EXISTS: Outcome = Outcome::Retval(-79);

/// All of them by the Linux interface they stand on.
#[derive(Debug, Default)]
pub(crate) struct AfPackets(BTreeMap<String, u32>);

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.dump(dump);
}

fn create(state: &mut State, request: AfPacketCreateV3) -> Result<AfPacketCreateV3Reply> {
    if request.mode != AfPacketMode::ETHERNET {
        return Err(retval::INVALID_VALUE); // that of IP is not simulated
    }
    let host = request.host_if_name.as_str();
    if let Some(&sw_if_index) = state.afpackets.0.get(host) {
        let Outcome::Retval(retval) = IF_ALREADY_EXISTS else { return Err(IF_ALREADY_EXISTS) };
        return Ok(AfPacketCreateV3Reply { retval, sw_if_index });
    }
    if !state.machine.links.contains(host) && !state.taps.has(host) {
        return Err(retval::INVALID_INTERFACE);
    }
    let mac = if request.use_random_hw_addr { state.random_mac() } else { request.hw_addr };
    let sw_if_index = state.add_interface(&ETHERNET, format!("host-{host}"), mac);
    // It is up until it is set down for the first time.
    state.set_link(sw_if_index, true)?;
    state.afpackets.0.insert(host.to_owned(), sw_if_index);
    Ok(AfPacketCreateV3Reply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: AfPacketDelete) -> Result<AfPacketDeleteReply> {
    let sw_if_index = state.afpackets.0.remove(request.host_if_name.as_str()).ok_or(SYSCALL_ERROR_1)?;
    state.remove_interface(sw_if_index)?;
    Ok(AfPacketDeleteReply::default())
}

fn dump(state: &State, _: AfPacketDump) -> Vec<AfPacketDetails> {
    let all = state.afpackets.0.iter();
    all.map(|(host, &sw_if_index)| AfPacketDetails { sw_if_index, host_if_name: FixedString::cut(host) })
        .collect()
}
