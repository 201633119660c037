//! What a descriptor knows while it retrieves, and what it answers.

use crate::contract::descriptor::Descriptor;
use crate::contract::erased::{AnySpec, typed};
use crate::contract::registry::{Kind, Registry};
use crate::contract::sighting::Looks;
use crate::state::graph::{Graph, NodeId};
use foldhash::fast::FixedState;
use model::value::{Model, key_of};
use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// What is known while retrieving: names of objects by handle, and what was asked for.
pub struct Seen<'a> {
    /// Where names are looked up.
    pub(crate) graph: &'a Graph,
    /// What is wanted.
    pub(crate) intents: &'a Graph,
    pub(crate) registry: &'a Registry,
    pub(crate) verbose: bool,
    /// Kinds of which not all was told yet.
    pub(crate) untold: &'a BTreeSet<Kind>,
    /// The kind at hand is such a one.
    pub(crate) partly: AtomicBool,
}

impl<'a> Seen<'a> {
    /// Names of the present objects of `D` by handle. `D` must stand in `Reads`.
    pub fn names<D: Descriptor>(&self) -> Names<'a, D> {
        Names { graph: self.graph, kind: self.registry.kind_of::<D>(), all: OnceLock::new() }
    }
    /// Names, handles, and whether they are foreign, of the present objects of `D`. `D` must stand in `Reads`.
    pub fn present<D: Descriptor>(&self) -> Vec<(&'a str, D::Handle, bool)> {
        let Some(kind) = self.registry.kind_of::<D>() else { return Vec::new() };
        let named = self.graph.present_of(kind).filter_map(|(key, have)| {
            let handle: &D::Handle = have.handle.downcast_ref()?;
            Some((key.strip_prefix(D::Value::PREFIX)?, handle.clone(), have.foreign))
        });
        named.collect()
    }
    /// Is the object of `D` with this name present?
    pub fn has<D: Descriptor>(&self, name: &str) -> bool {
        self.graph.find(&key_of::<D::Value>(name)).is_some_and(|n| self.graph.present(n))
    }
    /// All desired values of `D`: to find the one that is spelled in another way than the southbound does.
    pub fn wanted<D: Descriptor>(&self) -> impl Iterator<Item = &'a D::Value> + use<'a, D> {
        let kind = self.registry.kind_of::<D>();
        let nodes = self.intents.nodes.iter().filter(move |node| Some(node.kind) == kind);
        nodes.filter_map(|node| {
            let value: &dyn Any = &**node.want.as_ref()?.value();
            value.downcast_ref()
        })
    }
    /// All that is wanted of `D`, with its images: to say of what is there that it is [as wanted](Found::as_wanted) without
    /// making a value of it. Nothing in a dump: the values that it shows are its own.
    pub fn expected<D: Descriptor>(&self) -> impl Iterator<Item = Wanted<'a, D>> + use<'a, D> {
        let kind = self.registry.kind_of::<D>().filter(|_| !self.verbose);
        let nodes = (0..).zip(&self.intents.nodes).filter(move |(_, node)| Some(node.kind) == kind);
        nodes.filter_map(|(node, of)| {
            let spec = of.want.as_ref()?;
            let (value, image) = typed::<D>(&**spec)?;
            Some(Wanted { value, image, node, spec })
        })
    }
    /// Desired values of `D` that are spelled in another way than the southbound does, by the names that it leads to; see
    /// [`Descriptor::found_as`].
    pub fn spelled<D: Descriptor>(&self) -> HashMap<String, &'a D::Value> {
        let Some(kind) = self.registry.kind_of::<D>() else { return HashMap::new() };
        let descriptor = self.registry.get(kind);
        self.wanted::<D>().filter_map(|value| Some((descriptor.found_as(value)?, value))).collect()
    }
    /// The desired value of this name: for what the southbound takes but cannot tell.
    pub fn desired<V: Model>(&self, name: &str) -> Option<&'a V> {
        let node = self.intents.find(&key_of::<V>(name))?;
        let value: &dyn Any = &**self.intents.node(node).want.as_ref()?.value();
        value.downcast_ref()
    }
    /// What is answered is not all that may be there: whoever tells of it was not reached yet. Nothing that hangs on what is
    /// missing goes for that, and nothing that hangs on what waits for it, until [`crate::Notice::all`] says that all can be
    /// told.
    pub fn not_all(&self) {
        self.partly.store(true, Ordering::Relaxed);
    }
    /// Was not all told of `D`? `D` must stand in `Reads`.
    pub fn is_partial<D: Descriptor>(&self) -> bool {
        self.registry.kind_of::<D>().is_some_and(|kind| self.untold.contains(&kind))
    }
    /// Is somebody going to read the details? Only dumps are.
    pub fn verbose(&self) -> bool {
        self.verbose
    }
}

/// Names of objects by handle. They are collected when the first one is looked up: most kinds have nothing to look up.
pub struct Names<'a, D: Descriptor> {
    graph: &'a Graph,
    kind: Option<Kind>,
    all: OnceLock<HashMap<D::Handle, &'a str, FixedState>>,
}

impl<'a, D: Descriptor> Names<'a, D> {
    fn all(&self) -> &HashMap<D::Handle, &'a str, FixedState> {
        self.all.get_or_init(|| {
            let present = self.kind.into_iter().flat_map(|kind| self.graph.present_of(kind));
            let named = present.filter_map(|(key, have)| {
                let handle: &D::Handle = have.handle.downcast_ref()?;
                Some((handle.clone(), key.strip_prefix(D::Value::PREFIX)?))
            });
            named.collect()
        })
    }
    /// The name of the object with this handle.
    pub fn get(&self, handle: &D::Handle) -> Option<&&'a str> {
        self.all().get(handle)
    }
    /// Is there an object with this handle?
    pub fn contains_key(&self, handle: &D::Handle) -> bool {
        self.all().contains_key(handle)
    }
    /// Handles with the names of their objects.
    pub fn iter(&self) -> impl Iterator<Item = (&D::Handle, &'a str)> {
        self.all().iter().map(|(handle, &name)| (handle, name))
    }
    /// The handles.
    pub fn keys(&self) -> impl Iterator<Item = &D::Handle> {
        self.all().keys()
    }
}

/// A value that is wanted, and what was computed of it when it was accepted.
pub struct Wanted<'a, D: Descriptor> {
    /// As the user wrote it.
    pub value: &'a D::Value,
    /// What the southbound is told.
    pub image: &'a D::Image,
    node: NodeId,
    spec: &'a Arc<dyn AnySpec>,
}

impl<D: Descriptor> Clone for Wanted<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<D: Descriptor> Copy for Wanted<'_, D> {}

/// One retrieved object.
pub struct Found<D: Descriptor> {
    /// The value stands where it will stay: there may be very many that are moved about.
    pub(crate) looks: Looks<Arc<D::Value>>,
    pub(crate) handle: D::Handle,
    pub(crate) foreign: bool,
    pub(crate) details: Option<Box<serde_json::Value>>,
}

impl<D: Descriptor> Found<D> {
    /// An object with its handle. Ours, as far as [`Descriptor::OWNERSHIP`] lets `retrieve` decide.
    pub fn new(value: D::Value, handle: D::Handle) -> Self {
        Found { looks: Looks::So(Arc::new(value)), handle, foreign: false, details: None }
    }
    /// The object that is wanted, as it is wanted: a value made of what is there would have the same key, image and needs.
    pub fn as_wanted(wanted: Wanted<'_, D>, handle: D::Handle) -> Self {
        let looks = Looks::AsWanted(wanted.node, wanted.spec.clone());
        Found { looks, handle, foreign: false, details: None }
    }
    /// Made by somebody else: to be listed, never touched.
    pub fn foreign(self) -> Self {
        Found { foreign: true, ..self }
    }
    /// Foreign if `yes`.
    pub fn foreign_if(self, yes: bool) -> Self {
        Found { foreign: self.foreign || yes, ..self }
    }
    /// What a REST dump shows beside the value; computed only if somebody is going to read it.
    pub fn details(self, seen: &Seen<'_>, details: impl FnOnce() -> serde_json::Value) -> Self {
        if seen.verbose { Found { details: Some(Box::new(details())), ..self } } else { self }
    }
}
