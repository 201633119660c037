//! The values and descriptors that the tests use.

use crate::calls::Act;
use crate::world::{Content, Fake, Tag};
use model::value::{Model, Value, Wire};
use sched::*;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Has everything: needs by handle, by presence and any-of, parts, a field that the southbound may choose, one that it
/// cannot tell.
#[derive(Clone, PartialEq, Default)]
pub struct Thing {
    pub name: String,
    /// 13 cannot be expressed.
    pub rev: u32,
    /// Changes only by being made anew.
    pub stiff: bool,
    /// Unset: the southbound chooses.
    pub auto: Option<u32>,
    /// What retrieving cannot tell.
    pub secret: u32,
    /// Means nothing.
    pub comment: u32,
    /// Names of things, whose handles it is made with.
    pub refs: Vec<String>,
    /// Names of things that must be there.
    pub ups: Vec<String>,
    /// Name of a thing of which some part must be there.
    pub any: Option<String>,
    /// Name of a signal that must be there.
    pub signal: Option<String>,
    /// A place that it takes for itself.
    pub seat: Option<String>,
    pub parts: Vec<Part>,
}

/// A part of a thing.
#[derive(Clone, PartialEq, Default)]
pub struct Part {
    pub of: String,
    pub id: u32,
    /// 13 cannot be expressed.
    pub rev: u32,
    /// Names of things that must be there.
    pub ups: Vec<String>,
}

/// Leaves no trace of who made it; lives in another southbound.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Mark {
    pub name: String,
    pub rev: u32,
    /// Name of a thing, whose handle it is made with; empty if it was found on one that is no more.
    pub on: Option<String>,
}

/// Comes and goes by itself.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Signal(pub String);

/// Nobody handles it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Stranger(pub String);

// Histories are long: what is not there is not worth a word.
impl fmt::Debug for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rev {}{}", self.name, self.rev, if self.stiff { " stiff" } else { "" })?;
        for (what, names) in
            [("refs", &self.refs), ("ups", &self.ups)].iter().filter(|list| !list.1.is_empty())
        {
            write!(f, " {what} {}", names.join(","))?;
        }
        for (what, name) in [("any", &self.any), ("signal", &self.signal)] {
            name.iter().try_for_each(|name| write!(f, " {what} {name}"))?;
        }
        self.auto.iter().try_for_each(|auto| write!(f, " auto {auto}"))?;
        if self.parts.is_empty() { Ok(()) } else { write!(f, " parts {:?}", self.parts) }
    }
}
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rev {}", self.name(), self.rev)?;
        if self.ups.is_empty() { Ok(()) } else { write!(f, " ups {}", self.ups.join(",")) }
    }
}

impl Model for Thing {
    const PREFIX: &'static str = "config/t/";
    fn name(&self) -> String {
        self.name.clone()
    }
}
impl Model for Part {
    const PREFIX: &'static str = "p/";
    fn name(&self) -> String {
        format!("{}/{}", self.of, self.id)
    }
    fn wire(&self) -> Wire {
        Wire::EMPTY
    }
}
impl Model for Mark {
    const PREFIX: &'static str = "config/m/";
    fn name(&self) -> String {
        self.name.clone()
    }
}
impl Model for Signal {
    const PREFIX: &'static str = "s/";
    fn name(&self) -> String {
        self.0.clone()
    }
}
impl Model for Stranger {
    const PREFIX: &'static str = "config/x/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

pub fn thing(name: &str, rev: u32) -> Thing {
    Thing { name: name.into(), rev, ..Thing::default() }
}
pub fn part(of: &str, id: u32, rev: u32) -> Part {
    Part { of: of.into(), id, rev, ups: Vec::new() }
}
pub fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
pub fn t(name: &str) -> String {
    format!("config/t/{name}")
}
pub fn put<M: Model>(value: M) -> Intent {
    Intent::put(Arc::new(value))
}
pub fn gone(key: &str) -> Intent {
    Intent::delete(key)
}

/// What a thing is told, without handles. The tag goes along, but does not make a difference.
#[derive(Clone, Debug)]
pub struct Image {
    key: String,
    content: Content,
    secret: u32,
    tag: Tag,
}
impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        (&self.key, &self.content, self.secret) == (&other.key, &other.content, other.secret)
    }
}

pub struct Things(pub Arc<Fake>);
pub struct Parts(pub Arc<Fake>);
pub struct Marks(pub Arc<Fake>);
pub struct Signals;

/// What is wanted of a kind. Of what is there as wanted, every second object is told so, the others by what they look like.
struct Expected<'s, D: Descriptor>(HashMap<String, Wanted<'s, D>>);

impl<'s, D: Descriptor<Handle = u64>> Expected<'s, D> {
    fn of(seen: &Seen<'s>) -> Self {
        Expected(seen.expected::<D>().map(|wanted| (wanted.value.name(), wanted)).collect())
    }
    fn found(
        &self,
        of: &D,
        value: D::Value,
        handle: u64,
        same: fn(&D::Value, &D::Value) -> bool,
    ) -> Found<D> {
        let wanted =
            self.0.get(&value.name()).filter(|wanted| handle.is_multiple_of(2) && same(wanted.value, &value));
        let image = wanted.and_then(|_| of.image(&value).ok());
        match wanted.zip(image).filter(|(wanted, image)| of.settled(wanted.image, image)) {
            Some((wanted, _)) => Found::as_wanted(*wanted, handle),
            None => Found::new(value, handle),
        }
    }
}

impl Descriptor for Things {
    const NAME: &'static str = "thing";
    type Value = Thing;
    type Image = Image;
    type Handle = u64;
    type Needs = (Vec<Ref<Things>>, Vec<Up<Things>>, Option<AnyOf<Parts>>, Option<Up<Signals>>);
    type Reads = ();
    const USES: &'static [&'static str] = &["thing_add"];
    const VARIANTS: &'static [Variant] = &[Variant { name: "stiff", uses: &["thing_stiff"] }];
    const OWNERSHIP: Ownership = Ownership::Marked;
    const UNIQUE: bool = true;

    fn uses(&self, t: &Thing) -> &'static [&'static str] {
        self.0.think();
        if t.stiff { &["thing_stiff"] } else { &[] }
    }
    fn needs(&self, t: &Thing) -> Self::Needs {
        self.0.think();
        (
            t.refs.iter().map(|name| Ref::to(name)).collect(),
            t.ups.iter().map(|name| Up::to(name)).collect(),
            t.any.as_ref().map(|name| AnyOf::under(&format!("{name}/"))),
            t.signal.as_ref().map(|name| Up::to(name)),
        )
    }
    fn image(&self, t: &Thing) -> Result<Image, Invalid> {
        self.0.think();
        ensure(t.rev != 13, "rev", "must not be 13")?;
        assert!(t.rev != 666, "cannot even look at it");
        let ups = t.ups.iter().map(|name| crate::kinds::t(name)).collect();
        let tag = Tag { ups, any: t.any.clone(), signal: t.signal.clone(), seat: t.seat.clone() };
        let content = Content { rev: t.rev, stiff: t.stiff, auto: t.auto, uses: Vec::new() };
        Ok(Image { key: t.key(), content, secret: t.secret, tag })
    }
    fn place(&self, t: &Thing) -> Option<String> {
        t.seat.clone()
    }
    fn found_as(&self, t: &Thing) -> Option<String> {
        self.0.world().modest.get(&t.key()).cloned().flatten()
    }
    fn derive(&self, t: &Thing, out: &mut Derived) {
        out.extend(t.parts.iter().cloned());
    }
    fn absorb(&self, whole: &mut Thing, part: &dyn Value) {
        let part = (part as &dyn std::any::Any).downcast_ref::<Part>();
        whole.parts.extend(part.filter(|part| part.of == whole.name).cloned());
    }
    fn settled(&self, want: &Image, seen: &Image) -> bool {
        let mut seen = seen.clone();
        if want.content.auto.is_none() {
            seen.content.auto = None;
        }
        *want == seen
    }
    fn change(&self, old: &Image, new: &Image, _moved: bool) -> Change {
        self.0.think();
        if old.content.stiff || new.content.stiff { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Image, (with, ..): Resolved<Self>) -> Made<u64> {
        self.0.call(&new.key, Act::Create(new.content, new.tag, with)).await
    }
    async fn update(&self, old: Image, new: Image, handle: u64, (with, ..): Resolved<Self>) -> Result<()> {
        let act = Act::Update(old.content, new.content, new.tag, with, handle);
        self.0.call(&new.key, act).await.map(drop).map_err(|failed| failed.error)
    }
    async fn delete(&self, old: Image, handle: u64, (with, ..): Resolved<Self>) -> Result<()> {
        let act = Act::Delete(old.content, with, handle);
        self.0.call(&old.key, act).await.map(drop).map_err(|failed| failed.error)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let objects = self.0.dump("thing", Thing::PREFIX).await?;
        let modest = self.0.world().modest.clone();
        let imagined = self.0.world().imagined;
        let expected = Expected::of(seen);
        let same = |a: &Thing, b: &Thing| {
            let needs = |t: &Thing| (t.refs.clone(), t.ups.clone(), t.any.clone(), t.signal.clone());
            needs(a) == needs(b)
        };
        let found = objects.into_iter().filter_map(|(key, object)| {
            let name = key[Thing::PREFIX.len()..].to_owned();
            let name = match modest.get(&key) {
                Some(otherwise) if seen.desired::<Thing>(&name).is_none() => otherwise.clone()?,
                _ => name,
            };
            let bare =
                |keys: Vec<String>| keys.iter().map(|key| key[Thing::PREFIX.len()..].to_owned()).collect();
            let desired = seen.desired::<Thing>(&name);
            let value = Thing {
                rev: if object.half { 404 } else { object.content.rev },
                stiff: object.content.stiff,
                auto: Some(object.content.auto.unwrap_or(1500)),
                secret: desired.map_or(0, |desired| desired.secret),
                comment: 0,
                refs: bare(object.content.uses),
                ups: bare(object.tag.ups),
                any: object.tag.any,
                signal: object.tag.signal,
                seat: object.tag.seat,
                parts: imagined.map(|id| part(&name, id, 0)).into_iter().collect(),
                name,
            };
            let details = || serde_json::json!({ "handle": object.handle });
            let found = expected.found(self, value, object.handle, same);
            Some(found.foreign_if(!object.ours).details(seen, details))
        });
        Ok(found.collect())
    }
    fn metadata(&self, _: &Thing, handle: &u64) -> serde_json::Value {
        serde_json::json!({ "index": handle })
    }
}

impl Descriptor for Parts {
    const NAME: &'static str = "part";
    type Value = Part;
    type Image = Image;
    type Handle = u64;
    type Needs = (Ref<Things>, Vec<Up<Things>>);
    type Reads = (Things,);
    const OWNERSHIP: Ownership = Ownership::Attached;

    fn needs(&self, p: &Part) -> Self::Needs {
        (Ref::to(&p.of), p.ups.iter().map(|name| Up::to(name)).collect())
    }
    fn image(&self, p: &Part) -> Result<Image, Invalid> {
        ensure(p.rev != 13, "rev", "must not be 13")?;
        let tag = Tag { ups: p.ups.iter().map(|name| t(name)).collect(), ..Tag::default() };
        Ok(Image { key: p.key(), content: Content { rev: p.rev, ..Content::default() }, secret: 0, tag })
    }
    async fn create(&self, new: Image, (of, _): Resolved<Self>) -> Made<u64> {
        self.0.call(&new.key, Act::Create(new.content, new.tag, vec![of])).await
    }
    async fn delete(&self, old: Image, handle: u64, (of, _): Resolved<Self>) -> Result<()> {
        let act = Act::Delete(old.content, vec![of], handle);
        self.0.call(&old.key, act).await.map(drop).map_err(|failed| failed.error)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let objects = self.0.dump("part", Part::PREFIX).await?;
        let (things, expected) = (seen.names::<Things>(), Expected::of(seen));
        let found = objects.into_iter().filter_map(|(key, object)| {
            let of = (*things.get(&object.with[0])?).to_owned();
            let id = key[Part::PREFIX.len() + of.len() + 1..].parse().unwrap();
            let rev = if object.half { 404 } else { object.content.rev };
            let bare = |key: &String| key[Thing::PREFIX.len()..].to_owned();
            let ups = object.tag.ups.iter().map(bare).collect();
            let part = Part { of, id, rev, ups };
            Some(expected.found(self, part, object.handle, |a, b| a.ups == b.ups))
        });
        Ok(found.collect())
    }
}

impl Descriptor for Marks {
    const NAME: &'static str = "mark";
    type Value = Mark;
    type Image = Image;
    type Handle = u64;
    type Needs = Option<Ref<Things>>;
    type Reads = (Things,);
    const OWNERSHIP: Ownership = Ownership::Recorded;

    fn needs(&self, m: &Mark) -> Self::Needs {
        m.on.as_ref().filter(|name| !name.is_empty()).map(|name| Ref::to(name))
    }
    fn image(&self, m: &Mark) -> Result<Image, Invalid> {
        let content = Content { rev: m.rev, ..Content::default() };
        // Nobody asks for one that is on nothing known: what is told with it is told anew.
        let adrift = m.on.as_ref().is_some_and(|name| name.is_empty());
        Ok(Image { key: m.key(), content, secret: adrift.into(), tag: Tag::default() })
    }
    fn change(&self, _: &Image, _: &Image, _: bool) -> Change {
        Change::InPlace
    }
    async fn create(&self, new: Image, on: Option<u64>) -> Made<u64> {
        self.0.call(&new.key, Act::Create(new.content, mark_tag(on), Vec::new())).await
    }
    async fn update(&self, old: Image, new: Image, handle: u64, on: Option<u64>) -> Result<()> {
        let act = Act::Update(old.content, new.content, mark_tag(on), Vec::new(), handle);
        self.0.call(&new.key, act).await.map(drop).map_err(|failed| failed.error)
    }
    async fn delete(&self, old: Image, handle: u64, _: Option<u64>) -> Result<()> {
        let act = Act::Delete(old.content, Vec::new(), handle);
        self.0.call(&old.key, act).await.map(drop).map_err(|failed| failed.error)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let objects = self.0.dump("mark", Mark::PREFIX).await?;
        let (things, expected) = (seen.names::<Things>(), Expected::of(seen));
        let found = objects.into_iter().map(|(key, object)| {
            // On something that is no more is not the same as on nothing.
            let on = object.tag.signal.map(|handle| {
                things.get(&handle.parse().unwrap()).map_or(String::new(), |name| (*name).to_owned())
            });
            let name = key[Mark::PREFIX.len()..].to_owned();
            let rev = if object.half { 404 } else { object.content.rev };
            expected.found(self, Mark { name, rev, on }, object.handle, |a, b| a.on == b.on)
        });
        Ok(found.collect())
    }
}
/// The other southbound knows the thing by its handle alone.
fn mark_tag(on: Option<u64>) -> Tag {
    Tag { signal: on.map(|handle| handle.to_string()), ..Tag::default() }
}

impl Descriptor for Signals {
    const NAME: &'static str = "signal";
    type Value = Signal;
    type Image = ();
    type Handle = ();
    type Needs = ();
    type Reads = ();
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    const RETRIEVES: bool = false;

    fn needs(&self, _: &Signal) {}
    fn image(&self, _: &Signal) -> Result<(), Invalid> {
        Ok(())
    }
    async fn create(&self, _: (), _: ()) -> Made<()> {
        panic!("nobody creates a signal")
    }
    async fn delete(&self, _: (), _: (), _: ()) -> Result<()> {
        panic!("nobody deletes a signal")
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        panic!("nobody retrieves signals")
    }
}
