//! Proxy ARP.

use super::retval;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::arp::{
    ProxyArpAddDel, ProxyArpAddDelReply, ProxyArpDetails, ProxyArpDump, ProxyArpIntfcDetails,
    ProxyArpIntfcDump, ProxyArpIntfcEnableDisable, ProxyArpIntfcEnableDisableReply,
};
use binapi::types::ProxyArp;
use std::collections::BTreeSet;

/// Ranges, whose tables are numbers of VPP's own, and interfaces that are answered on. These outlive the tables and the
/// interfaces.
#[derive(Debug, Default)]
pub(crate) struct ProxyArps {
    ranges: Vec<ProxyArp>,
    interfaces: BTreeSet<u32>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.dump(interface_dump);
    handlers.change(add_del);
    handlers.change(enable_disable);
}

/// Adding twice does nothing.
fn add_del(state: &mut State, request: ProxyArpAddDel) -> Result<ProxyArpAddDelReply> {
    let number = state.fib.number(false, request.proxy.table_id).ok_or(retval::NO_SUCH_FIB)?;
    let range = ProxyArp { table_id: number, ..request.proxy };
    let ranges = &mut state.proxy_arps.ranges;
    let known = ranges.iter().position(|known| *known == range);
    match (request.is_add, known) {
        (true, Some(_)) => {}
        (true, None) => ranges.push(range),
        (false, Some(at)) => drop(ranges.remove(at)),
        (false, None) => return Err(retval::NO_SUCH_ENTRY),
    }
    Ok(ProxyArpAddDelReply::default())
}

/// Before 25.10 the number is told instead of the table.
fn dump(state: &State, _: ProxyArpDump) -> Vec<ProxyArpDetails> {
    let tells_table = state.is_at_least("25.10");
    let ranges = state.proxy_arps.ranges.iter().map(|range| {
        let table = state.fib.numbered(false, range.table_id).filter(|_| tells_table);
        ProxyArp { table_id: table.unwrap_or(range.table_id), ..*range }
    });
    ranges.map(|proxy| ProxyArpDetails { proxy }).collect()
}

fn enable_disable(
    state: &mut State,
    request: ProxyArpIntfcEnableDisable,
) -> Result<ProxyArpIntfcEnableDisableReply> {
    state.interfaces.get(request.sw_if_index)?;
    match request.enable {
        true => state.proxy_arps.interfaces.insert(request.sw_if_index),
        false => state.proxy_arps.interfaces.remove(&request.sw_if_index),
    };
    Ok(ProxyArpIntfcEnableDisableReply::default())
}

fn interface_dump(state: &State, _: ProxyArpIntfcDump) -> Vec<ProxyArpIntfcDetails> {
    let interfaces = state.proxy_arps.interfaces.iter();
    interfaces.map(|&sw_if_index| ProxyArpIntfcDetails { sw_if_index }).collect()
}
