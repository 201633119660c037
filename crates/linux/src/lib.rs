//! The Linux features: one file per object, one line each in [`registry`].
//!
//! [`netlink`] is how the kernel is spoken to, [`netns`] where; [`southbound`] is what features talk to.

// Links are looked up by namespace and number. A namespace has a queue, but is equal and hashed by its serial number alone.
#![allow(clippy::mutable_key_type)]

mod capability;
mod convert;
pub mod interface;
pub mod iptables;
pub mod l3;
pub mod microservice;
pub mod netlink;
pub mod netns;
mod prelude;
pub mod registry;
pub mod reports;
pub mod southbound;

pub use capability::Capabilities;
pub use southbound::{Config, Linux};
