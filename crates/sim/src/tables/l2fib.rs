//! The L2 FIB: MAC addresses and where they are.

use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::l2::{L2FibTableDetails, L2FibTableDump, L2fibAddDel, L2fibAddDelReply};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
struct Entry {
    sw_if_index: u32,
    is_static: bool,
    is_filter: bool,
    is_bvi: bool,
}

/// Entries by the bridge domain's inner number and MAC.
#[derive(Debug, Default)]
pub(crate) struct L2Fib(BTreeMap<(u32, MacAddress), Entry>);

impl L2Fib {
    /// The entry that a BVI brings with it.
    pub(crate) fn add_bvi(&mut self, bd_index: u32, mac: MacAddress, sw_if_index: u32) {
        let entry = Entry { sw_if_index, is_static: true, is_filter: false, is_bvi: true };
        self.0.insert((bd_index, mac), entry);
    }

    /// Removes an entry if it is for this interface; interface 0 stands for any. Whether there was one.
    pub(crate) fn remove(&mut self, bd_index: u32, mac: MacAddress, sw_if_index: u32) -> bool {
        let found = self.0.get(&(bd_index, mac));
        let matches = found.is_some_and(|e| sw_if_index == 0 || e.sw_if_index == sw_if_index);
        matches && self.0.remove(&(bd_index, mac)).is_some()
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(add_del);
}

/// An interface must be in bridge mode, in whatever bridge domain. A filter entry is static and has no interface.
fn add_del(state: &mut State, request: L2fibAddDel) -> Result<L2fibAddDelReply> {
    let L2fibAddDel { mac, sw_if_index, .. } = request;
    let bd_index = state.bridge_domains.index(request.bd_id).ok_or(retval::NO_SUCH_ENTRY)?;
    let entry = match (request.is_add, request.filter_mac) {
        (false, _) => {
            let removed = state.l2fib.remove(bd_index, mac, sw_if_index);
            return if removed { Ok(L2fibAddDelReply::default()) } else { Err(retval::NO_SUCH_ENTRY) };
        }
        (true, true) => Entry { sw_if_index: u32::MAX, is_static: true, is_filter: true, is_bvi: false },
        (true, false) => {
            state.interfaces.get(sw_if_index)?;
            if !state.bridge_domains.has_member(sw_if_index) {
                return Err(retval::INVALID_SW_IF_INDEX);
            }
            let (is_static, is_bvi) = (request.static_mac, request.bvi_mac);
            Entry { sw_if_index, is_static, is_filter: false, is_bvi }
        }
    };
    state.l2fib.0.insert((bd_index, mac), entry);
    Ok(L2fibAddDelReply::default())
}

/// What a deleted bridge domain left behind is told with id ~0.
fn dump(state: &State, request: L2FibTableDump) -> Vec<L2FibTableDetails> {
    let only = state.bridge_domains.index(request.bd_id);
    if only.is_none() && request.bd_id != u32::MAX {
        return Vec::new();
    }
    let entries = state.l2fib.0.iter().filter(|((index, _), _)| only.is_none_or(|i| i == *index));
    entries
        .map(|((index, mac), e)| L2FibTableDetails {
            bd_id: state.bridge_domains.id(*index).unwrap_or(u32::MAX),
            mac: *mac,
            sw_if_index: e.sw_if_index,
            static_mac: e.is_static,
            filter_mac: e.is_filter,
            bvi_mac: e.is_bvi,
        })
        .collect()
}
