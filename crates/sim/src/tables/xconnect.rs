//! Cross-connects: an interface in this mode sends all that it receives to another.

use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::l2::{
    L2XconnectDetails, L2XconnectDump, SwInterfaceSetL2Xconnect, SwInterfaceSetL2XconnectReply,
};
use std::collections::BTreeMap;

/// Where an interface sends to, by the one that receives.
#[derive(Debug, Default)]
pub(crate) struct XConnects(pub(crate) BTreeMap<u32, u32>);

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(set);
}

/// An interface has one mode: a member of a bridge domain leaves it, also when the cross-connect is taken away.
fn set(state: &mut State, request: SwInterfaceSetL2Xconnect) -> Result<SwInterfaceSetL2XconnectReply> {
    let (rx, tx) = (request.rx_sw_if_index, request.tx_sw_if_index);
    state.interfaces.get(rx)?;
    if request.enable {
        state.interfaces.get(tx).map_err(|_| super::retval::INVALID_SW_IF_INDEX_2)?;
    }
    state.leave_bridge(rx);
    state.xconnects.0.remove(&rx);
    if request.enable {
        state.xconnects.0.insert(rx, tx);
    }
    Ok(SwInterfaceSetL2XconnectReply::default())
}

fn dump(state: &State, _: L2XconnectDump) -> Vec<L2XconnectDetails> {
    let pairs = state.xconnects.0.iter();
    pairs
        .map(|(&rx_sw_if_index, &tx_sw_if_index)| L2XconnectDetails { rx_sw_if_index, tx_sw_if_index })
        .collect()
}
