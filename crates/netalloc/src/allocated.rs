//! What references mean while objects are retrieved.

use crate::allocation::{Allocation, Allocations};
use crate::net::Net;
use crate::reference::Reference;
use model::proto::ligato::netalloc::IpAllocation;
use model::value::Model;
use sched::Seen;
use std::collections::HashMap;

/// All allocations: those in force, and of the others what is wanted. An agent that has just started finds objects of its
/// former life before it has made any allocation.
#[derive(Default)]
pub struct Allocated(HashMap<String, Allocation>);

impl Allocated {
    /// Those of now. Who asks names [`Allocations`] in its `Reads`.
    pub fn of(seen: &Seen<'_>) -> Allocated {
        let Allocated(mut all) = seen.wanted::<Allocations>().collect();
        let present = seen.present::<Allocations>();
        all.extend(present.into_iter().map(|(name, allocation, _)| (name.to_owned(), allocation)));
        Allocated(all)
    }
    /// Are there none, so that no reference means anything?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// What a reference means, if it means anything.
    pub fn resolve(&self, reference: &Reference) -> Option<Net> {
        reference.resolve(self.0.get(&reference.name())?).ok()
    }
    /// What a text means if it is a reference that means anything; see [`Reference::read`].
    pub fn meant(&self, text: &str, owner: &str) -> Option<Net> {
        self.resolve(&Reference::read("", text, owner).ok()??)
    }
}

/// What these values allocate.
impl<'v> FromIterator<&'v IpAllocation> for Allocated {
    fn from_iter<I: IntoIterator<Item = &'v IpAllocation>>(values: I) -> Allocated {
        let named = |value: &IpAllocation| Some((Model::name(value), Allocation::of(value).ok()?));
        Allocated(values.into_iter().filter_map(named).collect())
    }
}
