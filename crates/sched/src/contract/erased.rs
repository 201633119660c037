//! The one generic adapter from a typed `Descriptor` to something the scheduler can keep in a list.

use crate::contract::descriptor::{Change, Derived, Descriptor, Ownership, Resolved, Variant};
use crate::contract::error::{Error, Failed, Invalid, Result};
use crate::contract::needs::{Needs, Sink, Slot, Slots};
use crate::contract::seen::{Found, Seen};
use crate::contract::sighting::{Keyed, Looks, Sighting};
use crate::state::graph::{Graph, Links};
use futures::FutureExt;
use futures::future::BoxFuture;
use model::value::Value;
use std::any::Any;
use std::fmt::{self, Debug};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tracing::warn;

/// A handle of any type.
pub(crate) type Handle = Box<dyn Any + Send + Sync>;
/// Resolves to the new handle for `create`, to `None` otherwise.
pub(crate) type OpFuture<'a> = BoxFuture<'a, std::result::Result<Option<Handle>, Failed<Handle>>>;

/// An accepted value with all that is computed from it once. Immutable; shared by intent and observation.
pub(crate) trait AnySpec: Any + Debug + Send + Sync {
    fn value(&self) -> &Arc<dyn Value>;
    fn links(&self) -> &Links;
    fn invalid(&self) -> Option<&Invalid>;
}

struct Spec<D: Descriptor> {
    value: Arc<dyn Value>,
    image: Result<D::Image, Invalid>,
    links: Links,
}

impl<D: Descriptor> AnySpec for Spec<D> {
    fn value(&self) -> &Arc<dyn Value> {
        &self.value
    }
    fn links(&self) -> &Links {
        &self.links
    }
    fn invalid(&self) -> Option<&Invalid> {
        self.image.as_ref().err()
    }
}

impl<D: Descriptor> Debug for Spec<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A value that no descriptor handles.
#[derive(Debug)]
pub(crate) struct Plain(pub Arc<dyn Value>, pub Links);

impl AnySpec for Plain {
    fn value(&self) -> &Arc<dyn Value> {
        &self.0
    }
    fn links(&self) -> &Links {
        &self.1
    }
    fn invalid(&self) -> Option<&Invalid> {
        None
    }
}

/// An image on its way into a `Spec` (two steps, because links need the graph).
pub(crate) struct Draft {
    image: Box<dyn Any>,
    invalid: bool,
}

impl Draft {
    pub fn invalid(&self) -> bool {
        self.invalid
    }
}

/// A descriptor without its types.
pub(crate) trait Erased: Send + Sync {
    fn name(&self) -> &'static str;
    fn prefix(&self) -> &'static str;
    /// The descriptor whose objects those of this one are parts of, if they are parts.
    fn part_of(&self) -> Option<&'static str>;
    fn uses(&self) -> &'static [&'static str];
    fn variants(&self) -> &'static [Variant];
    /// Calls that this value needs besides.
    fn uses_of(&self, value: &dyn Value) -> &'static [&'static str];
    fn ownership(&self) -> Ownership;
    fn fed(&self) -> bool;
    fn retrieves(&self) -> bool;
    /// By what a handle that is one object's alone is found.
    fn identity(&self, handle: &Handle) -> Option<u64>;
    /// Do the handles name the same object?
    fn same_handle(&self, a: &Handle, b: &Handle) -> bool;
    /// Everything pure: image, needs (into `sink`), and the derived values if somebody wants them.
    fn pure(&self, value: &Arc<dyn Value>, sink: &mut dyn Sink, derived: Option<&mut Derived>) -> Draft;
    fn finish(&self, value: Arc<dyn Value>, draft: Draft, links: Links) -> Arc<dyn AnySpec>;
    /// `None`: equal, nothing to do.
    fn change(&self, have: &dyn AnySpec, want: &dyn AnySpec) -> Option<Change>;
    /// Is what was seen as good as what is wanted?
    fn settled(&self, want: &dyn AnySpec, seen: &dyn AnySpec) -> bool;
    /// The name under which it is found as long as nobody is known to want it.
    fn found_as(&self, value: &dyn Value) -> Option<String>;
    /// Can only retrieving tell under which name it is found?
    fn found_elsewhere(&self, value: &dyn Value) -> bool;
    /// The places that only one can have.
    fn places(&self, value: &dyn Value) -> Vec<String>;
    fn absorb(&self, whole: &mut dyn Value, part: &dyn Value);
    fn metadata(&self, value: &dyn Value, handle: &Handle) -> serde_json::Value;
    fn create<'a>(&'a self, want: &dyn AnySpec, graph: &Graph) -> Option<OpFuture<'a>>;
    fn update<'a>(
        &'a self,
        have: &dyn AnySpec,
        want: &dyn AnySpec,
        handle: &Handle,
        graph: &Graph,
    ) -> Option<OpFuture<'a>>;
    fn delete<'a>(&'a self, have: &dyn AnySpec, handle: &Handle, graph: &Graph) -> Option<OpFuture<'a>>;
    fn retrieve<'a>(&'a self, seen: &'a Seen<'a>) -> BoxFuture<'a, Result<Vec<Sighting>>>;
}

fn spec<D: Descriptor>(spec: &dyn AnySpec) -> Option<&Spec<D>> {
    (spec as &dyn Any).downcast_ref()
}

/// Value and image of a spec of `D`, if it has an image.
pub(crate) fn typed<D: Descriptor>(s: &dyn AnySpec) -> Option<(&D::Value, &D::Image)> {
    let spec = spec::<D>(s)?;
    let value: &dyn Any = &*spec.value;
    Some((value.downcast_ref()?, spec.image.as_ref().ok()?))
}

/// What was computed of a value, if that can be expressed.
pub(crate) fn image<D: Descriptor>(s: &dyn AnySpec) -> Option<D::Image> {
    spec::<D>(s)?.image.clone().ok()
}

fn resolved<D: Descriptor>(s: &dyn AnySpec, graph: &Graph, ghosts: bool) -> Option<Resolved<D>> {
    D::Needs::resolve(&mut Slots { slots: &spec::<D>(s)?.links.slots, graph, ghosts })
}

/// The needs that name an object. Which one of many is there is not told: [`crate::AnyOf`] means none of them.
fn named(slots: &[Slot]) -> impl Iterator<Item = &Slot> {
    slots.iter().filter(|slot| !matches!(slot, Slot::Any(_) | Slot::Empty))
}

/// Contains a panic of a descriptor: it costs its own value, nothing else. What it had done by then is not known.
async fn contained<T, E>(
    operation: impl Future<Output = std::result::Result<T, E>>,
) -> std::result::Result<T, E>
where
    E: From<Error>,
{
    match AssertUnwindSafe(operation).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => {
            let error = Error::permanent(format!("the descriptor panicked: {}", panic_text(&*panic)));
            Err(E::from(Error { uncertain: true, ..error }))
        }
    }
}

/// The same for what is computed; `otherwise` is the answer then.
fn computed<T>(what: &'static str, otherwise: T, compute: impl FnOnce() -> T) -> T {
    std::panic::catch_unwind(AssertUnwindSafe(compute)).unwrap_or_else(|panic| {
        warn!("{what} panicked: {}", panic_text(&*panic));
        otherwise
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

impl<D: Descriptor> Erased for D {
    fn name(&self) -> &'static str {
        D::NAME
    }
    fn prefix(&self) -> &'static str {
        <D::Value as model::value::Model>::PREFIX
    }
    fn part_of(&self) -> Option<&'static str> {
        D::Needs::whole().filter(|_| !self.prefix().starts_with("config/"))
    }
    fn uses(&self) -> &'static [&'static str] {
        D::USES
    }
    fn variants(&self) -> &'static [Variant] {
        D::VARIANTS
    }
    fn uses_of(&self, value: &dyn Value) -> &'static [&'static str] {
        let value = (value as &dyn Any).downcast_ref::<D::Value>();
        let calls = value.map_or(&[][..], |value| computed(D::NAME, &[], || Descriptor::uses(self, value)));
        let listed = |call| D::USES.contains(call) || D::VARIANTS.iter().any(|one| one.uses.contains(call));
        debug_assert!(calls.iter().all(listed), "{} needs a call that its VARIANTS do not name", D::NAME);
        calls
    }
    fn ownership(&self) -> Ownership {
        D::OWNERSHIP
    }
    fn fed(&self) -> bool {
        D::FED
    }
    fn retrieves(&self) -> bool {
        D::RETRIEVES
    }
    fn identity(&self, handle: &Handle) -> Option<u64> {
        let handle: &D::Handle = handle.downcast_ref().filter(|_| D::UNIQUE)?;
        let mut hash = DefaultHasher::new();
        handle.hash(&mut hash);
        Some(hash.finish())
    }
    fn same_handle(&self, a: &Handle, b: &Handle) -> bool {
        a.downcast_ref::<D::Handle>() == b.downcast_ref::<D::Handle>()
    }
    fn pure(&self, value: &Arc<dyn Value>, sink: &mut dyn Sink, derived: Option<&mut Derived>) -> Draft {
        let mut parts = Derived::default();
        let wanted = derived.is_some();
        let any: &dyn Any = &**value;
        let image = match any.downcast_ref::<D::Value>() {
            None => Err(Invalid::new("value", "is of another type than its key")),
            Some(typed) => std::panic::catch_unwind(AssertUnwindSafe(|| {
                let image = self.image(typed);
                if image.is_ok() {
                    self.needs(typed).slots(sink);
                    if wanted {
                        self.derive(typed, &mut parts);
                    }
                }
                image
            }))
            .unwrap_or_else(|panic| {
                Err(Invalid::new("value", format!("the descriptor panicked: {}", panic_text(&*panic))))
            }),
        };
        let invalid = image.is_err();
        if let Some(derived) = derived.filter(|_| !invalid) {
            *derived = parts;
        }
        Draft { image: Box::new(image), invalid }
    }
    fn finish(&self, value: Arc<dyn Value>, draft: Draft, links: Links) -> Arc<dyn AnySpec> {
        let image = match draft.image.downcast::<Result<D::Image, Invalid>>() {
            Ok(image) => *image,
            Err(_) => Err(Invalid::new("value", "was checked as another type")),
        };
        Arc::new(Spec::<D> { value, image, links })
    }
    fn change(&self, have: &dyn AnySpec, want: &dyn AnySpec) -> Option<Change> {
        let (Some(old), Some(new)) = (spec::<D>(have), spec::<D>(want)) else {
            return Some(Change::Recreate);
        };
        let (Ok(a), Ok(b)) = (&old.image, &new.image) else { return Some(Change::Recreate) };
        let (before, after) = (&old.links.slots, &new.links.slots);
        let moved = !named(before).eq(named(after));
        computed(D::NAME, Some(Change::Recreate), || {
            (before != after || a != b).then(|| Descriptor::change(self, a, b, moved))
        })
    }
    fn settled(&self, want: &dyn AnySpec, seen: &dyn AnySpec) -> bool {
        let (Some(want), Some(seen)) = (spec::<D>(want), spec::<D>(seen)) else { return false };
        let (Ok(a), Ok(b)) = (&want.image, &seen.image) else { return false };
        want.links.slots == seen.links.slots && computed(D::NAME, false, || Descriptor::settled(self, a, b))
    }
    fn places(&self, value: &dyn Value) -> Vec<String> {
        let Some(value) = (value as &dyn Any).downcast_ref::<D::Value>() else { return Vec::new() };
        computed(D::NAME, Vec::new(), || Descriptor::places(self, value))
    }
    fn found_as(&self, value: &dyn Value) -> Option<String> {
        let value = (value as &dyn Any).downcast_ref::<D::Value>()?;
        computed(D::NAME, None, || Descriptor::found_as(self, value))
    }
    fn found_elsewhere(&self, value: &dyn Value) -> bool {
        let value = (value as &dyn Any).downcast_ref::<D::Value>();
        value.is_some_and(|value| computed(D::NAME, false, || Descriptor::found_elsewhere(self, value)))
    }
    fn absorb(&self, whole: &mut dyn Value, part: &dyn Value) {
        if let Some(whole) = (whole as &mut dyn Any).downcast_mut::<D::Value>() {
            computed(D::NAME, (), || Descriptor::absorb(self, whole, part));
        }
    }
    fn metadata(&self, value: &dyn Value, handle: &Handle) -> serde_json::Value {
        let value = (value as &dyn Any).downcast_ref::<D::Value>();
        match (value, handle.downcast_ref::<D::Handle>()) {
            (Some(value), Some(handle)) => {
                computed(D::NAME, serde_json::Value::Null, || Descriptor::metadata(self, value, handle))
            }
            _ => serde_json::Value::Null,
        }
    }
    fn create<'a>(&'a self, want: &dyn AnySpec, graph: &Graph) -> Option<OpFuture<'a>> {
        let (image, needs) = (image::<D>(want)?, resolved::<D>(want, graph, false)?);
        Some(Box::pin(async move {
            match contained(async { Descriptor::create(self, image, needs).await }).await {
                Ok(handle) => Ok(Some(Box::new(handle) as Handle)),
                Err(Failed { error, left }) => {
                    Err(Failed { error, left: left.map(|handle| Box::new(handle) as Handle) })
                }
            }
        }))
    }
    fn update<'a>(
        &'a self,
        have: &dyn AnySpec,
        want: &dyn AnySpec,
        handle: &Handle,
        graph: &Graph,
    ) -> Option<OpFuture<'a>> {
        let (old, new, needs) = (image::<D>(have)?, image::<D>(want)?, resolved::<D>(want, graph, false)?);
        let handle: D::Handle = handle.downcast_ref().cloned()?;
        Some(Box::pin(async move {
            contained(async { Descriptor::update(self, old, new, handle, needs).await }).await?;
            Ok(None)
        }))
    }
    fn delete<'a>(&'a self, have: &dyn AnySpec, handle: &Handle, graph: &Graph) -> Option<OpFuture<'a>> {
        let (old, needs) = (image::<D>(have)?, resolved::<D>(have, graph, true)?);
        let handle: D::Handle = handle.downcast_ref().cloned()?;
        Some(Box::pin(async move {
            contained(async { Descriptor::delete(self, old, handle, needs).await }).await?;
            Ok(None)
        }))
    }
    fn retrieve<'a>(&'a self, seen: &'a Seen<'a>) -> BoxFuture<'a, Result<Vec<Sighting>>> {
        Box::pin(async move {
            let found = contained(async { Descriptor::retrieve(self, seen).await }).await?;
            let erase = |found: Found<D>| {
                let looks = match found.looks {
                    Looks::So(value) => Looks::So(Keyed::of(value)),
                    Looks::AsWanted(n, spec) => Looks::AsWanted(n, spec),
                };
                let handle: Handle = Box::new(found.handle);
                Sighting { looks, handle, foreign: found.foreign, details: found.details }
            };
            Ok(found.into_iter().map(erase).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hands_nothing_over_names_nothing() {
        let same = |a: &[Slot], b: &[Slot]| named(a).eq(named(b));
        let before = [Slot::Node(1), Slot::Any(2), Slot::Empty, Slot::Node(4)];
        assert!(same(&before, &[Slot::Node(1), Slot::Any(3), Slot::Any(5), Slot::Node(4)]));
        assert!(!same(&before, &[Slot::Node(1), Slot::Any(2), Slot::Empty, Slot::Node(5)]));
        assert!(!same(&before, &[Slot::Node(1), Slot::Any(2), Slot::Up(4)]));
    }
}
