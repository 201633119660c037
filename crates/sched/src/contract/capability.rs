//! What a southbound offers, as far as descriptors need it: kinds and single values that lack a call are not supported.

use crate::contract::descriptor::Variant;
use crate::contract::erased::{AnySpec, Erased};
use crate::contract::registry::{DescriptorInfo, Kind, NO_KIND, Registry};
use crate::contract::southbound::Southbound;
use crate::doing::core::Core;

/// Calls of one kind that do not exist here, and why.
pub(crate) type Missing = Vec<(&'static str, String)>;

/// What a southbound, as it is now, has of what one descriptor needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Capability {
    /// The descriptor.
    pub of: DescriptorInfo,
    /// The southbound has been asked. If not, nothing is known to be missing.
    pub known: bool,
    /// Calls that it lacks, of those that the descriptor names, each with the southbound's sentence.
    pub missing: Vec<(&'static str, String)>,
}

impl Capability {
    /// What is missing of these calls.
    pub fn missing_of(&self, calls: &[&'static str]) -> impl Iterator<Item = &(&'static str, String)> {
        self.missing.iter().filter(move |(call, _)| calls.contains(call))
    }
}

impl Core {
    /// What each descriptor's southbound has of what it needs.
    pub fn capabilities(&self) -> Vec<Capability> {
        let all = self.registry.descriptors().into_iter().zip(self.registry.kinds());
        let all = all.map(|(of, kind)| Capability {
            of,
            known: self.southbounds[self.registry.southbound_of(kind)].assessed,
            missing: self.missing[kind as usize].clone(),
        });
        all.collect()
    }
}

/// Asks for each call that the kind, or some of its values, may need.
pub(crate) fn missing(descriptor: &dyn Erased, southbound: &dyn Southbound) -> Missing {
    let more = descriptor.variants().iter().flat_map(|Variant { uses, .. }| uses.iter());
    let mut out = Missing::new();
    for &call in descriptor.uses().iter().chain(more) {
        if out.iter().all(|(known, _)| *known != call) {
            out.extend(southbound.lacks(call).map(|reason| (call, reason)));
        }
    }
    out
}

/// Why there can be nothing of this kind at all.
pub(crate) fn lacking(descriptor: &dyn Erased, missing: &Missing) -> Option<String> {
    let needed = |(call, _): &&(&str, String)| descriptor.uses().contains(call);
    missing.iter().find(needed).map(|(_, reason)| reason.clone())
}

/// What is missing, by kind.
#[derive(Clone, Copy)]
pub(crate) struct Lacks<'a> {
    pub registry: &'a Registry,
    pub missing: &'a [Missing],
}

impl<'a> Lacks<'a> {
    /// All that is missing: what its kind needs, if the kind counts, and what this value needs besides.
    pub fn all(
        self,
        kind: Kind,
        of_kind: bool,
        want: Option<&dyn AnySpec>,
    ) -> Vec<&'a (&'static str, String)> {
        let missing = self.missing.get(kind as usize).filter(|missing| !missing.is_empty());
        let Some(missing) = missing.filter(|_| kind != NO_KIND) else { return Vec::new() };
        let descriptor = self.registry.get(kind);
        let general = if of_kind { descriptor.uses() } else { &[] };
        let special = want.map_or(&[][..], |want| descriptor.uses_of(&**want.value()));
        missing.iter().filter(|(call, _)| general.contains(call) || special.contains(call)).collect()
    }
    /// Why there cannot be what this value says, although others of its kind can be. Values are looked at only if
    /// something is missing that some of them may need.
    pub fn of(self, kind: Kind, want: &dyn AnySpec) -> Option<&'a str> {
        if kind == NO_KIND {
            return None;
        }
        let missing = self.missing.get(kind as usize).filter(|missing| !missing.is_empty())?;
        let uses = self.registry.get(kind).uses_of(&**want.value());
        missing.iter().find(|(call, _)| uses.contains(call)).map(|(_, reason)| &**reason)
    }
}
