//! Admin state of an interface, UP or DOWN: whether it is meant to carry packets, and by which table these are routed.
//! Derived from `ligato.linux.interfaces.Interface` · nothing is sent for it
//!
//! What the kernel only takes on an interface that is up waits for [`AdminState`] with `UP` in its key.

use super::link::get_all;
use super::membership::{self, Memberships};
use super::sight::Sight;
use super::{Interfaces, LinkId};
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use netlink_packet_route::route::RouteHeader;

/// The table of an interface that is in no VRF.
pub(crate) const MAIN: u32 = RouteHeader::RT_TABLE_MAIN as u32;

/// The state that an interface is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminState {
    /// Name of the interface.
    pub interface: String,
    /// It is up.
    pub up: bool,
    /// The VRF that it is in first.
    pub vrf: Option<String>,
}

impl AdminState {
    pub(super) fn of(i: &Interface) -> AdminState {
        let vrf = Some(i.vrf_master_interface.clone()).filter(|vrf| !vrf.is_empty());
        AdminState { interface: i.name.clone(), up: i.enabled, vrf }
    }
}

impl Model for AdminState {
    const PREFIX: &'static str = "linux/interface/state/";
    fn name(&self) -> String {
        format!("{}/{}", self.interface, if self.up { "UP" } else { "DOWN" })
    }
}

fn name_of_up(interface: &str) -> String {
    AdminState { interface: interface.to_owned(), up: true, vrf: None }.name()
}

/// Waits until the interface is set up.
pub(crate) fn up(interface: &str) -> Up<AdminStates> {
    Up::to(&name_of_up(interface))
}

/// The same; hands over the number of its table.
pub(crate) fn up_in_table(interface: &str) -> Ref<AdminStates> {
    Ref::to(&name_of_up(interface))
}

/// See the module.
pub struct AdminStates(pub Linux);

impl Descriptor for AdminStates {
    const NAME: &'static str = "linux-interface-state";
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = AdminState;
    type Image = bool;
    /// The number of the table.
    type Handle = u32;
    type Needs = (Ref<Interfaces>, Option<Ref<Memberships>>);
    type Reads = (Interfaces, Memberships);

    fn needs(&self, state: &AdminState) -> Self::Needs {
        let membership = |vrf: &String| Ref::to(&membership::name(&state.interface, vrf));
        (Ref::to(&state.interface), state.vrf.as_ref().map(membership))
    }
    fn image(&self, state: &AdminState) -> Result<bool, Invalid> {
        Ok(state.up)
    }
    async fn create(&self, _: bool, (_, member): Resolved<Self>) -> Made<u32> {
        Ok(member.map_or(MAIN, |member| member.table))
    }
    async fn delete(&self, _: bool, _: u32, _: Resolved<Self>) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let members = members(seen);
        let mut found = Vec::new();
        for (netns, links) in super::listed(&names, get_all(), Sight::read).await? {
            for link in links {
                let at = LinkId { netns: netns.clone(), index: link.index };
                let Some(name) = names.get(&at) else { continue };
                let (vrf, table) = match members.get(&at) {
                    Some((vrf, table)) => (Some((*vrf).to_owned()), *table),
                    None => (None, MAIN),
                };
                // Nothing is set on what others made.
                let wanted = seen.desired::<Interface>(name).filter(|i| super::is_existing(i));
                let up = wanted.map_or(link.up, |i| i.enabled);
                found.push(Found::new(AdminState { interface: (*name).to_owned(), up, vrf }, table));
            }
        }
        Ok(found)
    }
}

/// The VRFs that interfaces are in, and their tables.
pub(crate) fn members<'s>(seen: &Seen<'s>) -> HashMap<LinkId, (&'s str, u32)> {
    let names = seen.names::<Interfaces>();
    let present = seen.present::<Memberships>().into_iter();
    let members = present.filter_map(|(name, member, _)| {
        let vrf = name.strip_prefix(*names.get(&member.at)?)?.strip_prefix("/vrf/")?;
        Some((member.at, (vrf, member.table)))
    });
    members.collect()
}
