//! The list of descriptors. A value finds its descriptor by its type.

use crate::contract::descriptor::{Descriptor, Kinds, Variant};
use crate::contract::erased::Erased;
use crate::contract::southbound::Southbound;
use model::value::Model;
use std::any::TypeId;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Index of a descriptor in the registry.
pub(crate) type Kind = u16;
/// The kind of a key that is only referred to, of a group, and of a value without a descriptor.
pub(crate) const NO_KIND: Kind = Kind::MAX;

/// A mistake in the list of descriptors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two descriptors with one name.
    #[error("two descriptors are named {0:?}")]
    Name(&'static str),
    /// Two descriptors for one type of value.
    #[error("descriptors {0:?} and {1:?} handle the same type of value")]
    Value(&'static str, &'static str),
    /// Keys of one are keys of the other as well: nobody could tell whose a key is.
    #[error("descriptors {0:?} and {1:?} both claim keys that start with {2:?}")]
    Prefix(&'static str, &'static str, &'static str),
    /// `Reads` names a descriptor that is not registered yet, so that nothing could be looked up.
    #[error("descriptor {0:?} reads {1:?}, which must be registered before it")]
    Reads(&'static str, &'static str),
    /// Nobody is there any more to register with.
    #[error("the scheduler has stopped; the agent is shutting down")]
    Closed,
}

/// One descriptor, for listings.
#[derive(Clone, Debug, PartialEq)]
pub struct DescriptorInfo {
    /// Its name, such as `vpp-interface`.
    pub name: &'static str,
    /// The start of its keys.
    pub prefix: &'static str,
    /// Its values are parts of other values.
    pub derived: bool,
    /// The descriptor of those other values, if it is always the same.
    pub part_of: Option<&'static str>,
    /// What it talks to, such as `VPP`.
    pub southbound: &'static str,
    /// Calls that must exist; see [`crate::Descriptor::USES`].
    pub uses: &'static [&'static str],
    /// See [`crate::Descriptor::VARIANTS`].
    pub variants: &'static [Variant],
}

#[derive(Clone)]
struct Row {
    descriptor: Arc<dyn Erased>,
    southbound: u16,
    reads: Vec<Kind>,
}

/// The descriptors in the order in which they are retrieved.
#[derive(Clone, Default)]
pub struct Registry {
    rows: Vec<Row>,
    southbounds: Vec<Arc<dyn Southbound>>,
    by_value: HashMap<TypeId, Kind>,
    by_descriptor: HashMap<TypeId, Kind>,
}

impl Registry {
    /// Adds a descriptor that talks to `southbound`.
    ///
    /// # Errors
    /// A name, value type or prefix of base keys that is taken, and `Reads` of a descriptor that is not there yet: so the order of
    /// registration is the order of retrieval, and cycles cannot be written.
    pub fn add<D: Descriptor>(
        &mut self,
        southbound: &Arc<dyn Southbound>,
        descriptor: D,
    ) -> Result<(), RegistryError> {
        let mut reads = Vec::new();
        for (id, name) in D::Reads::list() {
            match self.by_descriptor.get(&id) {
                Some(&kind) => reads.push(kind),
                None => return Err(RegistryError::Reads(D::NAME, name)),
            }
        }
        if self.rows.iter().any(|row| row.descriptor.name() == D::NAME) {
            return Err(RegistryError::Name(D::NAME));
        }
        if let Some(&other) = self.by_value.get(&TypeId::of::<D::Value>()) {
            return Err(RegistryError::Value(self.get(other).name(), D::NAME));
        }
        let own = <D::Value as Model>::PREFIX;
        // Parts share the prefix of what they are parts of: their names tell them apart, or loading finds the collision.
        let base = own.starts_with("config/");
        let overlaps = |other: &str| base && (own.starts_with(other) || other.starts_with(own));
        if let Some(row) = self.rows.iter().find(|row| overlaps(row.descriptor.prefix())) {
            let longer =
                if own.len() < row.descriptor.prefix().len() { row.descriptor.prefix() } else { own };
            return Err(RegistryError::Prefix(row.descriptor.name(), D::NAME, longer));
        }
        let kind = self.rows.len() as Kind;
        self.by_value.insert(TypeId::of::<D::Value>(), kind);
        self.by_descriptor.insert(TypeId::of::<D>(), kind);
        let known = self.southbounds.iter().position(|known| Arc::ptr_eq(known, southbound));
        let index = known.unwrap_or_else(|| {
            self.southbounds.push(southbound.clone());
            self.southbounds.len() - 1
        });
        self.rows.push(Row { descriptor: Arc::new(descriptor), southbound: index as u16, reads });
        Ok(())
    }
    /// All descriptors, in the order in which they are retrieved.
    pub fn descriptors(&self) -> Vec<DescriptorInfo> {
        let info = |kind| {
            let (descriptor, southbound) = (self.get(kind), &self.southbounds[self.southbound_of(kind)]);
            let prefix = descriptor.prefix();
            DescriptorInfo {
                name: descriptor.name(),
                prefix,
                derived: !prefix.starts_with("config/"),
                part_of: descriptor.part_of(),
                southbound: southbound.name(),
                uses: descriptor.uses(),
                variants: descriptor.variants(),
            }
        };
        self.kinds().map(info).collect()
    }
    pub(crate) fn get(&self, kind: Kind) -> &dyn Erased {
        &*self.rows[kind as usize].descriptor
    }
    pub(crate) fn reads(&self, kind: Kind) -> &[Kind] {
        &self.rows[kind as usize].reads
    }
    /// A kind of the same southbound whose objects may hang on those of `kind`, because it reads them, and that is unknown.
    pub(crate) fn unknown_reader(&self, kind: Kind, unknown: impl Fn(Kind) -> bool) -> Option<Kind> {
        let southbound = self.southbound_of(kind);
        self.kinds().find(|&other| {
            unknown(other) && self.southbound_of(other) == southbound && self.reads(other).contains(&kind)
        })
    }
    /// These kinds, and all whose retrieving looks up names that the retrieving of these tells.
    pub(crate) fn with_readers(&self, mut kinds: BTreeSet<Kind>) -> BTreeSet<Kind> {
        if !kinds.is_empty() {
            for kind in self.kinds() {
                // Whatever is read was registered before.
                if self.reads(kind).iter().any(|read| kinds.contains(read)) {
                    kinds.insert(kind);
                }
            }
        }
        kinds
    }
    pub(crate) fn southbound_of(&self, kind: Kind) -> usize {
        self.rows[kind as usize].southbound as usize
    }
    pub(crate) fn southbounds(&self) -> &[Arc<dyn Southbound>] {
        &self.southbounds
    }
    pub(crate) fn kind_of_value(&self, value: TypeId) -> Kind {
        self.by_value.get(&value).copied().unwrap_or(NO_KIND)
    }
    pub(crate) fn kind_of<D: Descriptor>(&self) -> Option<Kind> {
        self.by_descriptor.get(&TypeId::of::<D>()).copied()
    }
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        0..self.rows.len() as Kind
    }
}
