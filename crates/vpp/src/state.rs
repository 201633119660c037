//! The state of interfaces as it changes: VPP's events, read and given names.
//!
//! VPP tells by an event that an interface came, went, or changed its admin or link state, but not its name, MAC or MTU,
//! and not in what state it is by now. So an event only says where to look: what is to be looked at is gathered and read
//! with as few requests as possible, also when thousands of interfaces change at a time. Names are the scheduler's.
//!
//! The link states go to the scheduler, where other objects wait for them; everything goes to whoever called [`follow`].

mod known;
mod watcher;

use crate::Vpp;
use binapi::interface::SwInterfaceEvent;
use model::proto::ligato::vpp::interfaces::InterfaceState;
use sched::{Descriptor, Scheduler, Select};
use tokio::sync::oneshot;

/// Events that may wait. If there are more, everything is read anew.
const EVENTS: usize = 4096;

/// What changed of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Its admin or link state, or that it exists.
    State,
    /// It exists no more, because the agent removed it.
    Removed,
    /// Something else, such as the MTU.
    Details,
}

/// An interface that changed, and how it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What changed.
    pub what: What,
    /// How it is now. Of one that is gone, only the name, what VPP called it, and that it is gone are of use.
    pub state: InterfaceState,
}

/// Follows the interfaces of `vpp` on the current runtime, from the start of the scheduler on, until `end` is ready.
/// `tell` must not take long.
pub fn follow(
    vpp: &Vpp,
    scheduler: &Scheduler,
    tell: impl Fn(Vec<Change>) + Send + 'static,
    end: oneshot::Receiver<()>,
) {
    // Now, so that nothing is missed that happens before the task has its first turn.
    let events = vpp.client().events::<SwInterfaceEvent>(EVENTS);
    let names = scheduler.watch(Select::Descriptor(crate::interface::Interfaces::NAME.to_owned()));
    let watcher = watcher::Watcher::new(vpp.clone(), scheduler.clone(), events, names, Box::new(tell));
    tokio::spawn(async move {
        tokio::select! {
            biased;
            _ = end => {}
            () = watcher.run() => {}
        }
    });
}
