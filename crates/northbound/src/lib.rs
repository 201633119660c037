//! The doors: etcd, gRPC, REST, file, and the store that keeps what came in.

mod advice;
mod capability;
pub mod direct;
pub mod document;
pub mod duration;
pub mod etcd;
pub mod file;
pub mod grpc;
pub mod health;
pub mod intake;
pub mod interfaces;
mod listing;
pub mod merge;
pub mod notify;
pub mod plan;
pub mod rest;
mod status;
pub mod store;
pub mod telemetry;
pub mod why;
