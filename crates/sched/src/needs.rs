//! Typed dependencies. `Needs` names objects; `Resolved` is their handles.
//!
//! A need is written down once, as a flat list of slots (`slots`), when the value is accepted. When an operation starts,
//! the same type reads the handles back from those slots (`resolve`): no strings, no hashing, no allocation. So `slots`
//! and `resolve` visit leaves in the same order.

use crate::descriptor::Descriptor;
use crate::graph::{Graph, NodeId};
use model::value::key_of;
use std::marker::PhantomData;

/// One leaf of a `Needs`, as the graph stores it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slot {
    /// An object whose handle is passed along.
    Node(NodeId),
    /// Only presence matters.
    Up(NodeId),
    /// Any member of this group node is present.
    Any(NodeId),
    /// An `Option` that was `None`.
    Empty,
    /// Length of a `Vec`.
    Count(u32),
}

/// What a value depends on.
pub trait Needs: Send {
    /// The handles, in the same shape.
    type Resolved: Send;
    /// Writes the leaves down.
    fn slots(&self, out: &mut dyn Sink);
    /// Reads the handles back; `None` if one is missing.
    fn resolve(slots: &mut Slots<'_>) -> Option<Self::Resolved>;
}

/// Receives the leaves of a `Needs`: the graph interns keys, a test may collect them.
pub trait Sink {
    /// An object by key whose handle is wanted.
    fn node(&mut self, key: &str);
    /// An object by key that must be present.
    fn up(&mut self, key: &str);
    /// Any object under this key prefix (whole path components).
    fn any(&mut self, prefix: &str);
    /// A structural slot.
    fn mark(&mut self, slot: Slot);
}

/// The object of descriptor `D` with this name; resolves to its handle.
pub struct Ref<D>(String, PhantomData<fn() -> D>);
/// Like `Ref`, but only presence matters; resolves to `()`. The only kind that mutual dependencies may use.
pub struct Up<D>(String, PhantomData<fn() -> D>);
/// At least one object of `D` whose name starts so (whole path components); resolves to `()`: which one it is may change
/// without the dependent being told, so its handle must not be kept.
pub struct AnyOf<D>(String, PhantomData<fn() -> D>);

macro_rules! named {
    ($type:ident $make:ident $doc:literal) => {
        impl<D: Descriptor> $type<D> {
            #[doc = $doc]
            pub fn $make(name: &str) -> Self {
                $type(key_of::<D::Value>(name), PhantomData)
            }
        }
    };
}
named!(Ref to "Depends on the object of this name.");
named!(Up to "Depends on the presence of the object of this name.");
named!(AnyOf under "Depends on any object whose name starts so.");

impl<D: Descriptor> Needs for Ref<D> {
    type Resolved = D::Handle;
    fn slots(&self, out: &mut dyn Sink) {
        out.node(&self.0);
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<D::Handle> {
        slots.handle::<D>()
    }
}

impl<D: Descriptor> Needs for Up<D> {
    type Resolved = ();
    fn slots(&self, out: &mut dyn Sink) {
        out.up(&self.0);
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<()> {
        slots.take().map(drop)
    }
}

impl<D: Descriptor> Needs for AnyOf<D> {
    type Resolved = ();
    fn slots(&self, out: &mut dyn Sink) {
        out.any(&self.0);
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<()> {
        slots.take().map(drop)
    }
}

impl<N: Needs> Needs for Option<N> {
    type Resolved = Option<N::Resolved>;
    fn slots(&self, out: &mut dyn Sink) {
        match self {
            Some(need) => need.slots(out),
            None => out.mark(Slot::Empty),
        }
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<Self::Resolved> {
        if slots.slots.first() == Some(&Slot::Empty) {
            slots.take();
            return Some(None);
        }
        N::resolve(slots).map(Some)
    }
}

impl<N: Needs> Needs for Vec<N> {
    type Resolved = Vec<N::Resolved>;
    fn slots(&self, out: &mut dyn Sink) {
        out.mark(Slot::Count(self.len() as u32));
        self.iter().for_each(|need| need.slots(out));
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<Self::Resolved> {
        let Some(Slot::Count(n)) = slots.take() else { return None };
        (0..n).map(|_| N::resolve(slots)).collect()
    }
}

macro_rules! tuple {
    ($($n:ident)*) => {
        #[allow(non_snake_case, unused_variables, clippy::unused_unit)]
        impl<$($n: Needs),*> Needs for ($($n,)*) {
            type Resolved = ($($n::Resolved,)*);
            fn slots(&self, out: &mut dyn Sink) {
                let ($($n,)*) = self;
                $($n.slots(out);)*
            }
            fn resolve(slots: &mut Slots<'_>) -> Option<Self::Resolved> {
                Some(($($n::resolve(slots)?,)*))
            }
        }
    };
}
tuple!();
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);

/// Cursor over a value's slots while its handles are read.
pub struct Slots<'a> {
    pub(crate) slots: &'a [Slot],
    pub(crate) graph: &'a Graph,
    /// Handles of what went by itself will do as well: for removing what it left.
    pub(crate) ghosts: bool,
}

impl Slots<'_> {
    fn take(&mut self) -> Option<Slot> {
        let (first, rest) = self.slots.split_first()?;
        self.slots = rest;
        Some(*first)
    }
    fn handle<D: Descriptor>(&mut self) -> Option<D::Handle> {
        let Slot::Node(node) = self.take()? else { return None };
        let node = self.graph.node(node);
        let ghost = || node.note.as_ref().filter(|_| self.ghosts)?.ghost.as_ref();
        node.have.as_ref().map(|have| &have.handle).or_else(ghost)?.downcast_ref::<D::Handle>().cloned()
    }
}
