//! What a feature file imports.

pub(crate) use crate::convert::{
    canonical, cidr, fit, ip, ip_source, mac, network, own_address, prefix_text,
};
pub(crate) use crate::southbound::{Vpp, or_gone};
pub(crate) use binapi::codec::Message as _;
pub(crate) use binapi::types;
pub(crate) use futures::future::{join, try_join, try_join_all, try_join3, try_join4};
pub(crate) use model::value::{Model, Value, Wire};
pub(crate) use sched::{
    AnyOf, Change, Derived, Descriptor, Dump, Found, Invalid, Key, Made, Names, Ownership, Ref, Resolved,
    Result, Seen, Shape, Up, Variant, ensure, shown,
};
pub(crate) use serde_json::json;
pub(crate) use std::any::Any;

/// What a user reads about a value that makes no sense; nothing if it makes some.
#[cfg(test)]
pub(crate) fn sentence<D: Descriptor>(make: fn(Vpp) -> D, value: &D::Value) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _entered = runtime.enter();
    // Nobody listens there: what is asked here needs no VPP.
    let descriptor = make(Vpp::connect(vpp_client::Config::new("/nowhere")));
    descriptor.image(value).err().map_or_else(String::new, |invalid| invalid.to_string())
}
