//! The doors: etcd, gRPC, REST, file, and the store that keeps what came in.

pub mod merge;
pub mod store;
