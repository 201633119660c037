//! Command line client of the agent. Each command is a file of its own in `commands`.

mod cli;
mod commands;
mod duration;
mod error;
mod grpc;
mod output;
mod rest;
mod time;

#[cfg(test)]
mod canned;

pub use cli::{Exit, Screen, run};
