//! What a feature file imports.

pub(crate) use crate::capability::{NET_ADMIN, SYS_ADMIN};
pub(crate) use crate::convert::{cidr, ip, mac, mac_text, own_address};
pub(crate) use crate::netlink::{Message, Refusal, Request};
pub(crate) use crate::netns::{Netns, Reference};
pub(crate) use crate::southbound::{Linux, in_words, or_gone};
pub(crate) use model::value::{Model, Value};
pub(crate) use netalloc::{Allocated, Allocations, Net, Source};
pub(crate) use sched::{
    After, AnyOf, Change, Derived, Descriptor, Dump, Error, Found, Invalid, Key, Made, Meant, Names,
    Ownership, Ref, Resolved, Result, Seen, Shape, Up, Variant, ensure, shown,
};
pub(crate) use serde_json::json;
pub(crate) use std::any::Any;
pub(crate) use std::collections::{BTreeSet, HashMap};
pub(crate) use std::net::IpAddr;
