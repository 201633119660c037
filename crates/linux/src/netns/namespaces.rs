//! Network namespaces as objects that others depend on. Named by the `namespace` section of what is in them; reported,
//! never made or removed by a plan.

use super::{Netns, Reference};
use crate::interface::Interfaces;
use crate::iptables::chain::{self, RuleChains};
use crate::microservice::Microservices;
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::namespace::NetNamespace;

/// A namespace by one of the names that it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Namespace(pub Reference);

impl Model for Namespace {
    const PREFIX: &'static str = "linux/namespace/";
    fn name(&self) -> String {
        self.0.name()
    }
}

/// What whatever is in a namespace waits for: that it is there, or the container that it is of. Without its handle: what is in
/// one that went is still to be removed.
pub(crate) type There = (Option<Up<Namespaces>>, Option<Up<Microservices>>);

/// See [`There`]. The agent's own is always there.
pub(crate) fn there(section: Option<&NetNamespace>) -> There {
    match Reference::of(section) {
        Ok(Some(Reference::Microservice(label))) => (None, Some(Up::to(&label))),
        Ok(Some(reference)) => (Some(Up::to(&Namespace(reference).name())), None),
        Ok(None) | Err(_) => (None, None),
    }
}

/// See the module.
pub struct Namespaces(pub Linux);

/// The namespace that something is in, but for the agent's own. What cannot be used as it is written is in none.
pub(crate) fn reference(linux: &Linux, value: &dyn Any) -> Option<Reference> {
    match (value.downcast_ref::<Interface>(), value.downcast_ref::<RuleChain>()) {
        (Some(i), _) => Interfaces(linux.clone()).image(i).ok()?.namespace,
        (_, Some(c)) => chain::namespace(linux, c),
        _ => None,
    }
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
        let interfaces = seen.wanted::<Interfaces>().filter_map(|i| reference(&self.0, i));
        let chains = seen.wanted::<RuleChains>().filter_map(|c| reference(&self.0, c));
        let mut all: BTreeSet<Reference> = interfaces.chain(chains).collect();
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
