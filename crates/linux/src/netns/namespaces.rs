//! Network namespaces as objects that others depend on. Named by the `namespace` section of what is in them; reported,
//! never made or removed by a plan.

use super::{Netns, Reference};
use crate::interface::Interfaces;
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use std::collections::BTreeSet;

/// A namespace by one of the names that it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Namespace(pub Reference);

impl Model for Namespace {
    const PREFIX: &'static str = "linux/namespace/";
    fn name(&self) -> String {
        self.0.name()
    }
}

/// See the module.
pub struct Namespaces(pub Linux);

/// The namespaces that these interfaces are in, but for the agent's own. One that cannot be used as it is written is in none.
pub(crate) fn references<'i>(
    linux: &Linux,
    interfaces: impl Iterator<Item = &'i Interface>,
) -> BTreeSet<Reference> {
    let kind = Interfaces(linux.clone());
    interfaces.filter_map(|i| kind.image(i).ok()?.namespace).collect()
}

impl Descriptor for Namespaces {
    const NAME: &'static str = "linux-namespace";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    const USES: &'static [&'static str] = &[NET_ADMIN, SYS_ADMIN];
    type Value = Namespace;
    type Image = Reference;
    type Handle = Netns;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &Namespace) {}
    fn image(&self, namespace: &Namespace) -> Result<Reference, Invalid> {
        Ok(namespace.0.clone())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let mut all = references(&self.0, seen.wanted::<Interfaces>());
        // What is in those that nobody names any more is still to be removed.
        let known = seen.present::<Namespaces>();
        all.extend(known.iter().filter_map(|(name, ..)| Reference::named(name)));
        let open = |reference: Reference| {
            let netns = self.0.open(&reference).ok()?;
            self.0.reported().namespaces.found([(reference.clone(), netns.clone())]);
            Some(Found::new(Namespace(reference), netns).foreign())
        };
        Ok(all.into_iter().filter_map(open).collect())
    }
}
