//! Receive queues: how they are read, and by which thread. Only the main thread is there.

use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::interface::{
    SwInterfaceRxPlacementDetails, SwInterfaceRxPlacementDump, SwInterfaceSetRxMode,
    SwInterfaceSetRxModeReply, SwInterfaceSetRxPlacement, SwInterfaceSetRxPlacementReply,
};
use binapi::types::RxMode;
use std::collections::BTreeMap;

/// Modes by interface and queue.
#[derive(Debug, Default)]
pub(crate) struct Queues(BTreeMap<(u32, u32), RxMode>);

impl Queues {
    /// An interface gets its queues, which are read as its type is read at first.
    pub(crate) fn open(&mut self, sw_if_index: u32, count: u32, mode: RxMode) {
        self.0.extend((0..count).map(|queue| ((sw_if_index, queue), mode)));
    }
    /// It has them no more.
    pub(crate) fn close(&mut self, sw_if_index: u32) {
        self.0.retain(|(of, _), _| *of != sw_if_index);
    }
    fn of(&mut self, sw_if_index: u32) -> impl Iterator<Item = (u32, &mut RxMode)> {
        let all = self.0.range_mut((sw_if_index, 0)..=(sw_if_index, u32::MAX));
        all.map(|((_, queue), mode)| (*queue, mode))
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(set_mode);
    handlers.change(set_placement);
    handlers.dump(dump);
}

fn set_mode(state: &mut State, request: SwInterfaceSetRxMode) -> Result<SwInterfaceSetRxModeReply> {
    state.interfaces.get(request.sw_if_index)?;
    let wanted = |queue: u32| !request.queue_id_valid || queue == request.queue_id;
    let mut queues: Vec<_> =
        state.queues.of(request.sw_if_index).filter(|(queue, _)| wanted(*queue)).collect();
    if queues.is_empty() && request.queue_id_valid {
        return Err(retval::INVALID_VALUE);
    }
    for (_, mode) in &mut queues {
        **mode = if request.mode == RxMode::DEFAULT { DEFAULT } else { request.mode };
    }
    Ok(SwInterfaceSetRxModeReply::default())
}

/// What a queue is read like unless told.
pub(crate) const DEFAULT: RxMode = RxMode::POLLING;

fn set_placement(
    state: &mut State,
    request: SwInterfaceSetRxPlacement,
) -> Result<SwInterfaceSetRxPlacementReply> {
    state.interfaces.get(request.sw_if_index)?;
    let there = state.queues.of(request.sw_if_index).any(|(queue, _)| queue == request.queue_id);
    // There is no worker that a queue could be given to.
    if !there || !request.is_main {
        return Err(retval::INVALID_VALUE);
    }
    Ok(SwInterfaceSetRxPlacementReply::default())
}

fn dump(state: &State, request: SwInterfaceRxPlacementDump) -> Vec<SwInterfaceRxPlacementDetails> {
    let wanted = |of: u32| request.sw_if_index == u32::MAX || of == request.sw_if_index;
    let queues = state.queues.0.iter().filter(|((of, _), _)| wanted(*of));
    queues
        .map(|((sw_if_index, queue_id), mode)| SwInterfaceRxPlacementDetails {
            sw_if_index: *sw_if_index,
            queue_id: *queue_id,
            worker_id: 0,
            mode: *mode,
        })
        .collect()
}
