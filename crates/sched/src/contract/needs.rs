//! Typed dependencies. `Needs` names objects; `Resolved` is their handles.
//!
//! A need is written down once, as a flat list of slots (`slots`), when the value is accepted. When an operation starts,
//! the same type reads the handles back from those slots (`resolve`): no strings, no hashing, no allocation. So `slots`
//! and `resolve` visit leaves in the same order.

use crate::contract::descriptor::Descriptor;
use crate::contract::erased::image;
use crate::state::graph::{Graph, NodeId};
use model::value::key_of;
use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;

/// One leaf of a `Needs`, as the graph stores it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slot {
    /// An object whose handle is passed along.
    Node(NodeId),
    /// Only presence matters.
    Up(NodeId),
    /// Any member of this group node is present.
    Any(NodeId),
    /// An `Option` that was `None`. Those behind everything else are not kept.
    Empty,
    /// Length of a `Vec`.
    Count(u32),
}

/// What a value depends on.
pub trait Needs: Send {
    /// The handles, in the same shape.
    type Resolved: Send;
    /// The descriptor that the first [`Ref`] names.
    fn whole() -> Option<&'static str> {
        None
    }
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
    /// Any object whose key is of this pattern.
    fn any(&mut self, pattern: &Pattern);
    /// A structural slot.
    fn mark(&mut self, slot: Slot);
}

/// The object of descriptor `D` with this name; resolves to its handle.
pub struct Ref<D>(String, PhantomData<fn() -> D>);
/// Like `Ref`, but only presence matters; resolves to `()`. Of two that depend on each other, one has to do so in this way, or by
/// [`Meant`].
pub struct Up<D>(String, PhantomData<fn() -> D>);
/// Like `Ref`, but what depends on the object can be removed without its handle: resolves to that if it is known.
pub struct After<D>(String, PhantomData<fn() -> D>);
/// Like `Up`; resolves to what the object is meant to become, the image of its desired value: for what is made together with it.
/// Nothing if it is not wanted any more.
pub struct Meant<D>(String, PhantomData<fn() -> D>);
/// At least one object of `D` whose name starts so (whole path components); resolves to `()`: which one it is may change
/// without the dependent being told, so its handle must not be kept.
pub struct AnyOf<D>(Pattern, PhantomData<fn() -> D>);

/// Whatever stands under this key, on whatever southbound; only presence matters.
pub struct Key(String);

impl Key {
    /// Depends on the presence of what has this key.
    pub fn of(key: impl Into<String>) -> Self {
        Key(key.into())
    }
}

impl Needs for Key {
    type Resolved = ();
    fn slots(&self, out: &mut dyn Sink) {
        out.up(&self.0);
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<()> {
        slots.take().map(drop)
    }
}

macro_rules! named {
    ($type:ident $make:ident $doc:literal) => {
        impl<D: Descriptor> $type<D> {
            #[doc = $doc]
            pub fn $make(name: &str) -> Self {
                $type(key_of::<D::Value>(name).into(), PhantomData)
            }
        }
    };
}
named!(Ref to "Depends on the object of this name.");
named!(Up to "Depends on the presence of the object of this name.");
named!(After the "Depends on the object of this name.");
named!(Meant to "Depends on the presence of the object of this name.");
named!(AnyOf under "Depends on any object whose name starts so.");

impl<D> AnyOf<D> {
    /// Only those whose name has this text in what comes after the start: a `:` for IPv6 addresses. What begins with a slash
    /// stands for whole components, if it ends with one, too.
    pub fn holding(self, text: &str) -> Self {
        AnyOf(Pattern { holding: text.into(), ..self.0 }, PhantomData)
    }
    /// Only those whose name ends with a network that this address is in, such as `10.1.1.1/24`.
    pub fn around(self, address: IpAddr) -> Self {
        self.holding(&format!("{AROUND}{address}"))
    }
}

/// What an address stands behind in a pattern.
const AROUND: char = '∋';

/// Is the address in the network that the key ends with?
fn ends_around(key: &str, address: &str) -> bool {
    let network = || {
        let (rest, len) = key.rsplit_once('/')?;
        let network = rest.rsplit('/').next()?;
        let (network, len): (IpAddr, u32) = (network.parse().ok()?, len.parse().ok()?);
        match (network, address.parse().ok()?) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                Some((a.to_bits() ^ b.to_bits()).checked_shr(32_u32.checked_sub(len)?).unwrap_or(0) == 0)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                Some((a.to_bits() ^ b.to_bits()).checked_shr(128_u32.checked_sub(len)?).unwrap_or(0) == 0)
            }
            _ => None,
        }
    };
    network() == Some(true)
}

/// Which keys will do for a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// How they start, up to the end of a path component.
    pub prefix: Box<str>,
    /// What stands somewhere after that; empty if it does not matter. Behind a `∋` it is an address, and the end of the key a
    /// network that it is in.
    pub holding: Box<str>,
}

impl Pattern {
    /// Is this a key that will do?
    pub fn fits(&self, key: &str) -> bool {
        let rest = key.strip_prefix(&*self.prefix);
        rest.is_some_and(|rest| {
            (self.prefix.ends_with('/') || rest.is_empty())
                && match self.holding.strip_prefix(AROUND) {
                    Some(address) => ends_around(rest, address),
                    None if self.holding.starts_with('/') => format!("/{rest}/").contains(&*self.holding),
                    None => rest.contains(&*self.holding),
                }
        })
    }
    /// The pattern that is shown so.
    pub(crate) fn shown_as(text: &str) -> Pattern {
        let parts = text.strip_suffix('*').and_then(|text| text.rsplit_once('*'));
        let (prefix, holding) = parts.unwrap_or((text, ""));
        Pattern { prefix: prefix.into(), holding: holding.into() }
    }
}

impl From<String> for Pattern {
    fn from(prefix: String) -> Self {
        Pattern { prefix: prefix.into(), holding: Box::default() }
    }
}

/// As people read it: the start, and `*:*` after it if not every key will do that starts so.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pattern { prefix, holding } = self;
        if holding.is_empty() { f.write_str(prefix) } else { write!(f, "{prefix}*{holding}*") }
    }
}

impl<D: Descriptor> Needs for Ref<D> {
    type Resolved = D::Handle;
    fn whole() -> Option<&'static str> {
        Some(D::NAME)
    }
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

impl<D: Descriptor> Needs for After<D> {
    type Resolved = Option<D::Handle>;
    fn slots(&self, out: &mut dyn Sink) {
        out.node(&self.0);
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<Option<D::Handle>> {
        let one = slots.slots.get(..1)?;
        slots.take()?;
        Some(Slots { slots: one, ..*slots }.handle::<D>())
    }
}

impl<D: Descriptor> Needs for Meant<D> {
    type Resolved = Option<D::Image>;
    fn slots(&self, out: &mut dyn Sink) {
        out.up(&self.0);
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<Option<D::Image>> {
        let Slot::Up(node) = slots.take()? else { return None };
        let want = slots.graph.node(node).want.as_deref();
        Some(want.and_then(image::<D>))
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
    fn whole() -> Option<&'static str> {
        N::whole()
    }
    fn slots(&self, out: &mut dyn Sink) {
        match self {
            Some(need) => need.slots(out),
            None => out.mark(Slot::Empty),
        }
    }
    fn resolve(slots: &mut Slots<'_>) -> Option<Self::Resolved> {
        if matches!(slots.slots.first(), None | Some(Slot::Empty)) {
            slots.take();
            return Some(None);
        }
        N::resolve(slots).map(Some)
    }
}

impl<N: Needs> Needs for Vec<N> {
    type Resolved = Vec<N::Resolved>;
    fn whole() -> Option<&'static str> {
        N::whole()
    }
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
            fn whole() -> Option<&'static str> {
                None$(.or_else($n::whole))*
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_are_left_out_at_the_end_need_no_slots() {
        type Both = (Option<Key>, (Option<Key>, Vec<Option<Key>>));
        let graph = Graph::default();
        let resolve = |slots: &[Slot]| {
            let mut slots = Slots { slots, graph: &graph, ghosts: false };
            Both::resolve(&mut slots)
        };
        assert_eq!(
            resolve(&[Slot::Up(1), Slot::Empty, Slot::Count(2)]),
            Some((Some(()), (None, vec![None, None])))
        );
        assert_eq!(resolve(&[Slot::Empty, Slot::Up(1), Slot::Count(0)]), Some((None, (Some(()), vec![]))));
        assert_eq!(resolve(&[]), None, "only options can be left out");
        assert_eq!(
            <(Option<Key>, Option<Key>)>::resolve(&mut Slots { slots: &[], graph: &graph, ghosts: false }),
            Some((None, None))
        );
    }

    #[test]
    fn whole_components_will_do() {
        let pattern = Pattern { prefix: "network/n/".into(), holding: "/interface/tap1/".into() };
        for (key, fits) in [
            ("network/n/interface/tap1", true),
            ("network/n/interface/tap1/link/a", true),
            ("network/n/interface/tap10", false),
            ("network/n/x-interface/tap1", false),
            ("network/n2/interface/tap1", false),
        ] {
            assert_eq!(pattern.fits(key), fits, "{key}");
        }
        assert_eq!(Pattern::shown_as(&pattern.to_string()), pattern);
    }

    #[test]
    fn networks_around_an_address_will_do() {
        let around = |address: &str| Pattern {
            prefix: "linux/interface/left/".into(),
            holding: format!("{AROUND}{address}").into(),
        };
        for (address, end, fits) in [
            ("10.1.1.9", "address/static/10.1.1.1/24", true),
            ("10.1.1.9", "address/static/10.1.1.1/32", false),
            ("10.1.1.9", "address/static/10.1.1.9/32", true),
            ("10.1.1.9", "address/static/10.1.2.1/24", false),
            ("10.1.1.9", "address/static/0.0.0.0/0", true),
            ("10.1.1.9", "address/static/::/0", false),
            ("2001:db8::9", "address/static/2001:db8::1/64", true),
            ("2001:db8::9", "address/static/2001:db8:1::1/64", false),
            ("2001:db8::9", "address/static/::/0", true),
            ("10.1.1.9", "address/static/10.1.1.1/33", false),
            ("10.1.1.9", "address/static/10.1.1.1", false),
            ("10.1.1.9", "24", false),
            ("nonsense", "address/static/10.1.1.1/24", false),
        ] {
            assert_eq!(around(address).fits(&format!("linux/interface/left/{end}")), fits, "{address} {end}");
        }
        let shown = around("10.1.1.9").to_string();
        assert_eq!(shown, "linux/interface/left/*∋10.1.1.9*");
        assert_eq!(Pattern::shown_as(&shown), around("10.1.1.9"));
        assert!(!around("10.1.1.9").fits("linux/interface/right/address/static/10.1.1.1/24"));
    }
}
