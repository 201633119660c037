//! SPAN: copies of the packets of one interface leave by another. Nothing looks whether the interfaces are there, and
//! nothing is forgotten when they go.

use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::span::{
    SwInterfaceSpanDetails, SwInterfaceSpanDump, SwInterfaceSpanEnableDisable,
    SwInterfaceSpanEnableDisableReply,
};
use binapi::types::SpanState;
use std::collections::BTreeMap;

/// What is copied, by level (L2 or device), from and to.
#[derive(Debug, Default)]
pub(crate) struct Spans(BTreeMap<(bool, u32, u32), SpanState>);

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(set);
}

/// To interface ~0 nothing can be copied; taken away from there is what is copied to anywhere.
fn set(
    state: &mut State,
    request: SwInterfaceSpanEnableDisable,
) -> Result<SwInterfaceSpanEnableDisableReply> {
    let (from, to, level) = (request.sw_if_index_from, request.sw_if_index_to, request.is_l2);
    if request.state > SpanState::RX_TX {
        return Err(retval::UNIMPLEMENTED);
    }
    let off = request.state == SpanState::DISABLED;
    if from == u32::MAX || to == u32::MAX && !off || from == to {
        return Err(retval::INVALID_INTERFACE);
    }
    match off {
        true if to == u32::MAX => state.spans.0.retain(|&(l2, source, _), _| l2 != level || source != from),
        true => drop(state.spans.0.remove(&(level, from, to))),
        false => drop(state.spans.0.insert((level, from, to), request.state)),
    }
    Ok(SwInterfaceSpanEnableDisableReply::default())
}

fn dump(state: &State, request: SwInterfaceSpanDump) -> Vec<SwInterfaceSpanDetails> {
    let of_level = state.spans.0.iter().filter(|((is_l2, ..), _)| *is_l2 == request.is_l2);
    of_level
        .map(|(&(is_l2, sw_if_index_from, sw_if_index_to), &state)| SwInterfaceSpanDetails {
            sw_if_index_from,
            sw_if_index_to,
            state,
            is_l2,
        })
        .collect()
}
