//! Layer 3 cross-connects.

use super::retval;
use super::route::Path;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::l3xc::{L3xcDel, L3xcDelReply, L3xcDetails, L3xcDump, L3xcUpdate, L3xcUpdateReply};
use binapi::types::L3xc;
use std::collections::BTreeMap;

/// Paths by interface and family. They outlive their interfaces.
#[derive(Debug, Default)]
pub(crate) struct L3XConnects(BTreeMap<(u32, bool), Vec<Path>>);

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(update);
    handlers.change(delete);
}

/// The paths replace those that are there, which the real one goes on forwarding by.
fn update(state: &mut State, request: L3xcUpdate) -> Result<L3xcUpdateReply> {
    let L3xc { sw_if_index, is_ip6, paths } = request.l3xc;
    state.interfaces.get(sw_if_index)?;
    if paths.is_empty() {
        return Err(retval::INVALID_VALUE);
    }
    let mut paths: Vec<Path> = paths.iter().map(|path| state.read_path(path)).collect::<Result<_>>()?;
    paths.sort_by_key(Path::order);
    state.l3xconnects.0.insert((sw_if_index, is_ip6), paths);
    Ok(L3xcUpdateReply::default())
}

fn delete(state: &mut State, request: L3xcDel) -> Result<L3xcDelReply> {
    state.interfaces.get(request.sw_if_index)?;
    let removed = state.l3xconnects.0.remove(&(request.sw_if_index, request.is_ip6));
    removed.map(|_| L3xcDelReply::default()).ok_or(retval::INVALID_VALUE)
}

/// The family is never told.
fn dump(state: &State, request: L3xcDump) -> Vec<L3xcDetails> {
    let wanted = |index: u32| request.sw_if_index == u32::MAX || request.sw_if_index == index;
    let matching = state.l3xconnects.0.iter().filter(|((index, _), _)| wanted(*index));
    matching
        .map(|(&(sw_if_index, _), paths)| {
            let paths: Vec<_> = paths.iter().map(Path::to_api).collect();
            L3xcDetails {
                l3xc: L3xc { sw_if_index, is_ip6: false, paths: paths.try_into().unwrap_or_default() },
            }
        })
        .collect()
}
