//! The gRPC door, called as clients call it.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

#[path = "../common/mod.rs"]
mod common;
mod configurator;
mod door;
mod explain;
mod manager;
mod polling;
mod server;
mod waiting;
