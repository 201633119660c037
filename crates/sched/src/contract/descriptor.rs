//! THE contract: what a feature file implements.
//!
//! A value becomes an *image*: what the southbound is told, without handles. Two values are equal if their images and
//! needs are. The planner only ever calls the pure half (`needs`, `uses`, `image`, `derive`, `settled`, `change`); the executor
//! only ever calls the other half, and decides nothing.

use crate::contract::error::{Error, Failed, Invalid, Result};
use crate::contract::needs::Needs;
use crate::contract::seen::{Found, Seen};
use model::value::{Model, Value};
use std::any::TypeId;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

/// The handles that `create`, `update` and `delete` get for their `Needs`, already looked up.
pub type Resolved<D> = <<D as Descriptor>::Needs as Needs>::Resolved;

/// What `create` answers: the handle, or an error that may carry the handle of what was half made.
pub type Made<H> = std::result::Result<H, Failed<H>>;

/// One kind of object: how it is checked, what it needs, how it is made, changed, removed and found.
///
/// `needs`, `uses`, `image`, `derive`, `settled` and `change` are pure. The other four talk to the southbound and may be written
/// as plain `async fn`. The executor polls a new operation at once, in plan order, so the first request of an operation
/// goes out in plan order.
pub trait Descriptor: Send + Sync + Sized + 'static {
    /// The name under which clients know the descriptor, such as `vpp-interface`.
    const NAME: &'static str;
    /// What the user writes.
    type Value: Model;
    /// What the southbound is told. Equal images (and equal needs) mean: nothing to do.
    type Image: PartialEq + Clone + Debug + Send + Sync + 'static;
    /// What the southbound answered and dependents want to know. `()` if nothing.
    type Handle: Clone + Eq + Hash + Debug + Send + Sync + 'static;
    /// Typed dependencies; see [`crate::needs`]. The first [`crate::Ref`] of a part names what it is a part of.
    type Needs: Needs;
    /// Descriptors whose names `retrieve` looks up. They are registered, and so retrieved, earlier.
    type Reads: Kinds;

    /// Southbound calls that must exist for this kind, such as `ip_route_add_del_b8ecfe0d`. If one is missing, values of
    /// this kind are UNIMPLEMENTED, with the reason.
    const USES: &'static [&'static str] = &[];
    /// Sorts of values that need more calls than [`Descriptor::USES`], such as the types of an interface.
    const VARIANTS: &'static [Variant] = &[];
    /// How a retrieved object is known to be ours.
    const OWNERSHIP: Ownership;
    /// What is there can be asked for. If not, `retrieve` is never called, and what is known of the objects is what the
    /// operations on them told.
    const RETRIEVES: bool = true;
    /// A handle is one object's alone, such as a number that the southbound gives again only once it is free: whoever was
    /// believed to have the handle that another one gets is gone.
    const UNIQUE: bool = false;
    /// Objects of this kind come and go by [`crate::Scheduler::notify`]; nobody creates or deletes them. What is there
    /// at a comparison is retrieved all the same, if it [can be](Descriptor::RETRIEVES): whoever waits for it need not
    /// wait for news.
    const FED: bool = false;

    /// Southbound calls that must exist for this value, besides [`Descriptor::USES`]. If one is missing, the value is
    /// UNIMPLEMENTED, with the reason, and others of its kind are not. Each of them is in [`Descriptor::VARIANTS`]; nobody
    /// asks for those of a value as long as none of these is missing.
    fn uses(&self, _value: &Self::Value) -> &'static [&'static str] {
        &[]
    }
    /// What must exist before this value can.
    fn needs(&self, value: &Self::Value) -> Self::Needs;
    /// The value as the southbound will be told. Failing to make an image *is* validation.
    fn image(&self, value: &Self::Value) -> std::result::Result<Self::Image, Invalid>;
    /// Objects that are part of this value but live, fail and wait on their own.
    fn derive(&self, _value: &Self::Value, _out: &mut Derived) {}
    /// The inverse of `derive`, for showing what was retrieved: puts a part back into the whole it came from.
    fn absorb(&self, _whole: &mut Self::Value, _part: &dyn Value) {}
    /// Does what was retrieved already satisfy what is wanted? Override where "unset" means that the southbound decides.
    fn settled(&self, want: &Self::Image, seen: &Self::Image) -> bool {
        want == seen
    }
    /// Asked when the images differ, or the needs; `moved` says that one of these points at another object. [`crate::AnyOf`]
    /// points at none.
    fn change(&self, _old: &Self::Image, _new: &Self::Image, _moved: bool) -> Change {
        Change::Recreate
    }

    /// A place that only one object can have at a time, such as what an interface is on layer 2: member of a bridge domain
    /// or end of a cross-connect. Kinds that name the same places share them. Whoever wants a place waits until the one
    /// who has it is gone, also if that could not be removed at first.
    fn place(&self, _value: &Self::Value) -> Option<String> {
        None
    }
    /// All of them, for an object that takes more than one.
    fn places(&self, value: &Self::Value) -> Vec<String> {
        self.place(value).into_iter().collect()
    }

    /// The name under which it is found as long as nobody is known to want it, if that is another one: an address may be
    /// spelled in many ways.
    fn found_as(&self, _value: &Self::Value) -> Option<String> {
        None
    }

    /// It, or what depends on it, may have been found under a name that only retrieving can tell, now that it is known to be
    /// wanted.
    fn found_elsewhere(&self, _value: &Self::Value) -> bool {
        false
    }

    /// Makes the object. Kinds that are [`FED`](Descriptor::FED) need not write it: it is not called for them.
    fn create(
        &self,
        _new: Self::Image,
        _needs: Resolved<Self>,
    ) -> impl Future<Output = Made<Self::Handle>> + Send {
        async { Err(Error::internal("it is to be made, but create() is not written").into()) }
    }
    /// Changes the object; called only if `change` said `InPlace`. The handle stays: dependents hold it.
    fn update(
        &self,
        _old: Self::Image,
        _new: Self::Image,
        _handle: Self::Handle,
        _needs: Resolved<Self>,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Err(Error::internal("change() said InPlace, but update() is not written")) }
    }
    /// Removes the object. `old` is what is there, which need not be what was wanted last. Kinds that are
    /// [`FED`](Descriptor::FED) need not write it, as with `create`.
    fn delete(
        &self,
        _old: Self::Image,
        _handle: Self::Handle,
        _needs: Resolved<Self>,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Err(Error::internal("it is to be removed, but delete() is not written")) }
    }
    /// All objects of this kind that are there now. Parts that have a descriptor of their own are left out.
    fn retrieve(&self, seen: &Seen<'_>) -> impl Future<Output = Result<Vec<Found<Self>>>> + Send;

    /// What `/scheduler/dump` shows as metadata.
    fn metadata(&self, _value: &Self::Value, _handle: &Self::Handle) -> serde_json::Value {
        serde_json::Value::Null
    }
}

/// How a retrieved object is known to be ours. What is not ours is listed as OBTAINED and never touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// `retrieve` can tell, by a tag of ours or by the source the southbound keeps; it marks others with
    /// [`Found::foreign`].
    Marked,
    /// Ours if everything it hangs on by handle is ours: an address on an interface of ours.
    Attached,
    /// The southbound keeps no trace of who made it: ours if the durable record says that we made it.
    Recorded,
}

/// A sort of values of one kind that needs calls of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What the user calls it, such as `VXLAN_TUNNEL`.
    pub name: &'static str,
    /// The calls.
    pub uses: &'static [&'static str],
}

/// How a difference is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// By `update`; the handle and all dependents stay.
    InPlace,
    /// By `delete` and `create`; dependents are taken down and put back.
    Recreate,
}

/// Collects derived values; each finds its descriptor by its type.
#[derive(Default)]
pub struct Derived {
    pub(crate) items: Vec<(TypeId, Arc<dyn Value>)>,
}

impl Derived {
    /// Adds one part.
    pub fn push<V: Model>(&mut self, value: V) {
        self.items.push((TypeId::of::<V>(), Arc::new(value)));
    }
    /// The parts collected so far.
    pub fn values(&self) -> impl Iterator<Item = &Arc<dyn Value>> {
        self.items.iter().map(|(_, value)| value)
    }
}

impl<V: Model> Extend<V> for Derived {
    fn extend<I: IntoIterator<Item = V>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

/// A list of descriptor types: `()`, `(A,)`, `(A, B)`.
pub trait Kinds {
    /// The types with their names.
    fn list() -> Vec<(TypeId, &'static str)>;
}

macro_rules! kinds {
    ($($d:ident)*) => {
        impl<$($d: Descriptor),*> Kinds for ($($d,)*) {
            fn list() -> Vec<(TypeId, &'static str)> {
                vec![$((TypeId::of::<$d>(), $d::NAME)),*]
            }
        }
    };
}
kinds!();
kinds!(A);
kinds!(A B);
kinds!(A B C);
kinds!(A B C D);
