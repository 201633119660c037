//! iptables: what the kernel does with packets that come in, go out or pass through, by lists of rules.
//!
//! The kernel is told and asked by the programs of iptables, which know the hundreds of matches and targets: many chains in one
//! run, within the network namespace. [`chain`] is the object; `rule`, `save` and `script` are pure: the text of rules, what
//! `iptables-save` says, what `iptables-restore` is told; `queue` gathers what is to be done, `program` runs it.

pub mod chain;
mod program;
mod queue;
mod rule;
mod save;
mod script;
#[cfg(test)]
mod tests;

use model::proto::ligato::linux::iptables::rule_chain::{Protocol, Table};

/// Where a chain is within a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    protocol: Protocol,
    table: Table,
    chain: String,
}

/// What programs call a table.
fn name_of(table: Table) -> &'static str {
    match table {
        Table::Filter => "filter",
        Table::Nat => "nat",
        Table::Mangle => "mangle",
        Table::Raw => "raw",
        Table::Security => "security",
    }
}

/// The table that programs call so.
fn table_of(name: &str) -> Option<Table> {
    [Table::Filter, Table::Nat, Table::Mangle, Table::Raw, Table::Security]
        .into_iter()
        .find(|table| name_of(*table) == name)
}
