//! Pipelined client of VPP's binary API socket.
//!
//! [`Vpp::connect`] starts it, [`Vpp::call`] and [`Vpp::dump`] talk to VPP, [`Vpp::state`] tells what the connection
//! does. Requests are encoded into one buffer when they are called, in program order; one task writes what has
//! gathered, reads what comes and matches it by context; see [`frame`] for how messages lie on the stream.

mod call;
mod client;
mod config;
mod connection;
mod dial;
mod dispatch;
mod error;
mod events;
pub mod frame;
mod handshake;
mod methods;
mod pending;
mod shared;
mod state;
mod stats;
mod trace;

pub use call::{Call, Rows};
pub use client::Vpp;
pub use config::Config;
pub use dial::{Dial, Line, Unreachable};
pub use error::Error;
pub use events::{Events, Notice};
pub use state::{Connection, Instance, SocketFile, State};
pub use stats::{LATENCIES, Latency, MessageStats};
pub use trace::Trace;
