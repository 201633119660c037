//! Addresses that are allocated in one place and referred to from others: `alloc:<network>[/<interface>][/GW]`.
//!
//! An [`allocation`] is told to nobody; it is there for those who refer to it. A kind that takes references reads its field
//! as a [`Source`], names [`Source::allocation`] among its needs, and gets the allocation handed over when it is made or
//! removed. So a value waits for what it refers to, and another address takes its users down and puts them back.
//! [`Allocated`] is for the way back: which allocation an address that was found stands for.

mod allocated;
pub mod allocation;
mod net;
mod reference;

pub use allocated::Allocated;
pub use allocation::{Allocation, Allocations, NeighbourGateways};
pub use net::Net;
pub use reference::{Reference, Source, is_reference};

use sched::{Link, Registry, RegistryError, Southbound};
use std::sync::Arc;
use tokio::sync::watch;

/// Nothing is behind it: allocations are there as soon as somebody wants them.
struct Here;

impl Southbound for Here {
    fn name(&self) -> &'static str {
        "netalloc"
    }
    fn link(&self) -> watch::Receiver<Link> {
        Link::always()
    }
    fn can_be_away(&self) -> bool {
        false
    }
    fn lacks(&self, _: &str) -> Option<String> {
        None
    }
}

/// Adds the kinds of this crate. Whoever refers to allocations is registered later.
///
/// # Errors
/// See [`RegistryError`].
pub fn register(registry: &mut Registry) -> Result<(), RegistryError> {
    let here: Arc<dyn Southbound> = Arc::new(Here);
    registry.add(&here, Allocations)?;
    registry.add(&here, NeighbourGateways)
}
