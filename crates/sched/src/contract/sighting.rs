//! What was retrieved, without its type.

use crate::contract::erased::{AnySpec, Handle};
use crate::state::graph::{Graph, NodeId};
use model::value::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// What an object looks like.
pub(crate) enum Looks<V> {
    /// Like this.
    So(V),
    /// Exactly as this node wants it, in these words.
    AsWanted(NodeId, Arc<dyn AnySpec>),
}

/// One object as retrieved.
pub(crate) struct Sighting {
    pub looks: Looks<Keyed>,
    pub handle: Handle,
    pub foreign: bool,
    pub details: Option<Box<serde_json::Value>>,
}

/// A value with its key.
pub(crate) struct Keyed {
    pub key: String,
    pub value: Arc<dyn Value>,
}

impl Keyed {
    pub fn of(value: Arc<dyn Value>) -> Keyed {
        Keyed { key: value.key(), value }
    }
}

impl Looks<Keyed> {
    /// The node that it is at, if there is one.
    pub fn node(&self, graph: &Graph) -> Option<NodeId> {
        match self {
            Looks::So(Keyed { key, .. }) => graph.find(key),
            Looks::AsWanted(n, spec) if graph.wants(*n, spec) => Some(*n),
            Looks::AsWanted(_, spec) => graph.find(&spec.value().key()),
        }
    }
    pub fn key(&self) -> Cow<'_, str> {
        match self {
            Looks::So(keyed) => Cow::Borrowed(&keyed.key),
            Looks::AsWanted(_, spec) => Cow::Owned(spec.value().key()),
        }
    }
    pub fn value(&self) -> &Arc<dyn Value> {
        match self {
            Looks::So(keyed) => &keyed.value,
            Looks::AsWanted(_, spec) => spec.value(),
        }
    }
    /// The same for whoever does not know that node.
    pub fn keyed(self) -> Keyed {
        match self {
            Looks::So(keyed) => keyed,
            Looks::AsWanted(_, spec) => Keyed::of(spec.value().clone()),
        }
    }
}
