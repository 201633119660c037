//! Admin state of an interface, UP or DOWN: whether it is meant to carry packets.
//! Derived from `ligato.linux.interfaces.Interface` · nothing is sent for it
//!
//! What the kernel only takes on an interface that is up waits for [`AdminState`] with `UP` in its key.

use super::link::{Sight, get_all};
use super::{Interfaces, LinkId};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;

/// The state that an interface is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminState {
    /// Name of the interface.
    pub interface: String,
    /// It is up.
    pub up: bool,
}

impl AdminState {
    pub(super) fn of(i: &Interface) -> AdminState {
        AdminState { interface: i.name.clone(), up: i.enabled }
    }
}

impl Model for AdminState {
    const PREFIX: &'static str = "linux/interface/state/";
    fn name(&self) -> String {
        format!("{}/{}", self.interface, if self.up { "UP" } else { "DOWN" })
    }
}

/// Waits until the interface is set up.
pub(crate) fn up(interface: &str) -> Up<AdminStates> {
    Up::to(&AdminState { interface: interface.to_owned(), up: true }.name())
}

/// See the module.
pub struct AdminStates(pub Linux);

impl Descriptor for AdminStates {
    const NAME: &'static str = "linux-interface-state";
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = AdminState;
    type Image = bool;
    type Handle = ();
    type Needs = Ref<Interfaces>;
    type Reads = (Interfaces,);

    fn needs(&self, state: &AdminState) -> Self::Needs {
        Ref::to(&state.interface)
    }
    fn image(&self, state: &AdminState) -> Result<bool, Invalid> {
        Ok(state.up)
    }
    async fn create(&self, _: bool, _: LinkId) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, _: bool, (): (), _: LinkId) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let mut found = Vec::new();
        for (netns, links) in super::of_namespaces(&names, get_all()).await? {
            for link in Sight::all(&links) {
                let at = LinkId { netns: netns.clone(), index: link.index };
                let Some(name) = names.get(&at) else { continue };
                let state = AdminState { interface: (*name).to_owned(), up: link.up };
                // Nothing is set on what others made.
                let wanted = seen.desired::<Interface>(name).filter(|i| super::is_existing(i));
                found.push(Found::new(wanted.map_or(state, AdminState::of), ()));
            }
        }
        Ok(found)
    }
}
