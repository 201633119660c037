//! IP tables.

use super::retval;
use super::route::Fib;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::ip::{
    IpTableAddDel, IpTableAddDelReply, IpTableAddDelV2, IpTableAddDelV2Reply, IpTableDetails, IpTableDump,
    SetIpFlowHashV2, SetIpFlowHashV2Reply,
};
use binapi::text::FixedString;
use binapi::types::{AddressFamily, IpTable};

impl Fib {
    /// Something other than routes begins to need a table; one that is not there is made.
    pub(crate) fn hold_table(&mut self, is_ipv6: bool, id: u32) {
        if !self.contains(is_ipv6, id) {
            self.create(is_ipv6, id, "");
            self.tables.entry((is_ipv6, id)).and_modify(|table| table.wanted = false);
        }
        self.tables.entry((is_ipv6, id)).and_modify(|table| table.paths += 1);
    }

    /// It needs the table no more.
    pub(crate) fn let_go_table(&mut self, is_ipv6: bool, id: u32) {
        self.tables.entry((is_ipv6, id)).and_modify(|table| table.paths = table.paths.saturating_sub(1));
        self.drop_if_unused(is_ipv6, id);
    }

    /// VPP's own number of a table.
    pub(crate) fn number(&self, is_ipv6: bool, id: u32) -> Option<u32> {
        self.tables.get(&(is_ipv6, id)).map(|table| table.number)
    }

    /// The table that has this number.
    pub(crate) fn numbered(&self, is_ipv6: bool, number: u32) -> Option<u32> {
        let of_family = self.tables.iter().filter(|((family, _), _)| *family == is_ipv6);
        let mut with_it = of_family.filter(|(_, table)| table.number == number);
        with_it.next().map(|((_, id), _)| *id)
    }
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(|state, request: IpTableAddDel| {
        add_del(state, request.is_add, &request.table);
        Ok(IpTableAddDelReply::default())
    });
    handlers.change(|state, request: IpTableAddDelV2| {
        add_del(state, request.is_add, &request.table);
        Ok(IpTableAddDelV2Reply::default())
    });
    handlers.change(set_flow_hash);
}

fn dump(state: &State, _: IpTableDump) -> Vec<IpTableDetails> {
    let tables = state.fib.names().map(|(is_ip6, table_id, name)| IpTable {
        table_id,
        is_ip6,
        name: FixedString::cut(name),
    });
    tables.map(|table| IpTableDetails { table }).collect()
}

/// Never refused: table 0 is always there, adding twice and deleting nothing do nothing.
fn add_del(state: &mut State, is_add: bool, table: &IpTable) {
    match (table.table_id, is_add) {
        (0, _) => {}
        (id, true) => state.fib.create(table.is_ip6, id, &table.name),
        (id, false) => state.fib.give_up(table.is_ip6, id),
    }
}

/// No message tells the setting, so it is not kept.
fn set_flow_hash(state: &mut State, request: SetIpFlowHashV2) -> Result<SetIpFlowHashV2Reply> {
    let is_ipv6 = match request.af {
        AddressFamily::IP4 => false,
        AddressFamily::IP6 => true,
        _ => return Err(retval::INVALID_ADDRESS_FAMILY),
    };
    if !state.fib.contains(is_ipv6, request.table_id) {
        return Err(retval::NO_SUCH_FIB);
    }
    Ok(SetIpFlowHashV2Reply::default())
}
