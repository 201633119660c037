//! What a feature file imports.

pub(crate) use crate::convert::{cidr, fit, ip, mac, prefix_text};
pub(crate) use crate::dump::{Dump, Shape};
pub(crate) use crate::southbound::Vpp;
pub(crate) use binapi::codec::Message as _;
pub(crate) use binapi::types;
pub(crate) use futures::future::{join, try_join, try_join_all, try_join3};
pub(crate) use model::value::{Model, Value, Wire};
pub(crate) use sched::{
    Change, Derived, Descriptor, Found, Invalid, Made, Ownership, Ref, Resolved, Result, Seen, Up, ensure,
};
pub(crate) use serde_json::json;
pub(crate) use std::any::Any;
