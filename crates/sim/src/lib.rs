//! A simulated VPP: the real socket protocol, the message table of any supported release, and enough of VPP's state
//! to refuse what VPP refuses, with the same return value.
//!
//! What it does was compared with VPP 23.06 message by message, its oddities included: a dumped drop route names
//! `local0`, the static L2 FIB entries of a deleted bridge domain turn up in the next one, a route cannot be removed
//! path by path once its interface is gone. Where the real one crashes ([`Outcome::Crash`]), the simulated one loses
//! its connections and its state as after a crash, and counts it ([`Sim::crashes`]).
//!
//! ```no_run
//! # async fn demo() -> Result<(), sim::Error> {
//! let sim = sim::Sim::start("/tmp/vpp.sock", sim::SimConfig::default()).await?;
//! sim.faults().once("create_loopback", 2, sim::Fault::Refuse(-1));
//! // connect a client, do something
//! assert_eq!(sim.calls().get("create_loopback"), None);
//! sim.stop();
//! # Ok(())
//! # }
//! ```

mod by_hand;
mod config;
mod device;
mod faults;
mod filter;
mod handler;
mod machine;
mod message_table;
mod server;
mod session;
mod sim;
mod state;
mod stats;
mod tables;
mod wire;

pub use by_hand::NotFound;
pub use config::SimConfig;
pub use faults::{Fault, Faults};
pub use handler::Outcome;
pub use machine::Machine;
pub use sim::{Call, Error, Sim};
