//! Access control: lists of rules, and the interfaces that apply them.

pub mod binding;
mod ip_rule;
pub mod list;
mod lists;
mod macip_rule;
