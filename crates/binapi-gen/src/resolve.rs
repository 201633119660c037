//! From the names of the used messages to everything that must be generated: which messages, which types, how many
//! variants of each, what they are called.
//!
//! One Rust type stands for one name and CRC. If a message has several CRCs, the one of the newest release keeps the
//! plain name and the others get `V` and their CRC behind it. Types carry no CRC: of their variants the newest keeps
//! the plain name, the others get `UpTo` and the last release that has them (`TunnelUpTo2410`). Enums only grow:
//! their variants are merged unless a symbol changed its number.

use crate::Error;
use crate::names;
use crate::schema::{Body, Field, MessageDef, ReleaseSet, Schema, Shape, TypeDef};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What to generate.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Messages by module and Rust name.
    pub messages: Vec<PlannedMessage<'a>>,
    /// Types by Rust name.
    pub types: Vec<PlannedType<'a>>,
    schema: &'a Schema,
    by_name: HashMap<&'a str, Vec<&'a TypeDef>>,
    variant: BTreeMap<(&'a str, usize), String>,
}

/// A message to generate.
#[derive(Debug)]
pub struct PlannedMessage<'a> {
    /// As the newest release that has it defines it.
    pub def: &'a MessageDef,
    /// Name of the Rust type.
    pub rust: String,
    /// All releases that have this name and CRC.
    pub releases: ReleaseSet,
}

/// A type to generate.
#[derive(Debug)]
pub struct PlannedType<'a> {
    /// As the newest release that has it defines it.
    pub def: &'a TypeDef,
    /// Name of the Rust type.
    pub rust: String,
    /// The releases in which a used message needs this variant.
    pub releases: ReleaseSet,
    /// For enums: the symbols of all those releases.
    pub values: Vec<(String, i64)>,
}

/// What a Rust type can do, as far as that decides on derives.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    /// Bytes on the wire, if that is always the same.
    pub size: Option<usize>,
    /// Whether it holds a floating-point number.
    pub float: bool,
}

/// Sizes of the primitive types; `string` is not among them.
pub fn primitive(ty: &str) -> Option<usize> {
    Some(match ty {
        "u8" | "i8" | "bool" => 1,
        "u16" | "i16" => 2,
        "u32" | "i32" => 4,
        "u64" | "i64" | "f64" => 8,
        _ => return None,
    })
}

/// Finds everything that the used messages need.
pub fn plan<'a>(schema: &'a Schema, used: &[String]) -> Result<Plan<'a>, Error> {
    let mut by_name: HashMap<&str, Vec<&TypeDef>> = HashMap::new();
    for t in &schema.types {
        by_name.entry(&t.name).or_default().push(t);
    }
    let mut plan =
        Plan { messages: Vec::new(), types: Vec::new(), schema, by_name, variant: BTreeMap::new() };
    let rows = select(schema, used)?;
    plan.name_types(&rows)?;
    plan.name_messages(&rows)?;
    Ok(plan)
}

/// The rows of the used messages, of their answers and of the events they switch on.
fn select<'a>(schema: &'a Schema, used: &[String]) -> Result<Vec<&'a MessageDef>, Error> {
    let mut rows: HashMap<&str, Vec<&MessageDef>> = HashMap::new();
    for m in &schema.messages {
        rows.entry(&m.name).or_default().push(m);
    }
    let mut found = BTreeSet::new();
    let mut open: Vec<(String, String)> =
        used.iter().map(|u| (u.clone(), "the list of used messages".into())).collect();
    while let Some((name, by)) = open.pop() {
        let Some((&name, defs)) = rows.get_key_value(name.as_str()) else {
            let nearest = names::nearest(&name, rows.keys().copied()).unwrap_or_default().to_owned();
            return Err(Error::UnknownMessage { name, by, nearest });
        };
        if !found.insert(name) {
            continue;
        }
        for answer in defs.iter().map(|d| &d.answer) {
            let more = answer.reply.iter().chain(&answer.stream).chain(&answer.events);
            open.extend(more.filter(|n| rows.contains_key(n.as_str())).map(|n| (n.clone(), name.to_owned())));
        }
    }
    Ok(schema.messages.iter().filter(|m| found.contains(m.name.as_str())).collect())
}

impl<'a> Plan<'a> {
    /// The definition of a type in a release.
    pub fn find(&self, name: &str, release: usize) -> Result<&'a TypeDef, Error> {
        let known = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        known.iter().copied().find(|t| t.releases.has(release)).ok_or_else(|| Error::UnknownType {
            name: name.to_owned(),
            release: self.schema.releases.get(release).cloned().unwrap_or_default(),
        })
    }

    /// The name of the Rust type that stands for a type in a release.
    pub fn rust_name(&self, name: &str, release: usize) -> Result<&str, Error> {
        match self.variant.iter().find(|((n, r), _)| *n == name && *r == release) {
            Some((_, rust)) => Ok(rust),
            None => self.find(name, release).map(|t| t.name.as_str()),
        }
    }

    /// The layout of a type in a release, spelled out down to primitives.
    fn layout(&self, name: &str, release: usize) -> Result<String, Error> {
        if name == "string" || primitive(name).is_some() {
            return Ok(name.to_owned());
        }
        let def = self.find(name, release)?;
        Ok(match &def.body {
            Body::Struct(fields) => format!("{{{}}}", self.layout_of(fields, release)?),
            Body::Union(fields) => format!("<{}>", self.layout_of(fields, release)?),
            Body::Alias(ty, shape) => format!("{}{shape:?}", self.layout(ty, release)?),
            Body::Enum { base, values, .. } if self.renumbered(name) => format!("{base}{values:?}"),
            Body::Enum { base, .. } => base.clone(),
        })
    }

    fn layout_of(&self, fields: &[Field], release: usize) -> Result<String, Error> {
        let parts: Result<Vec<_>, _> = fields
            .iter()
            .map(|f| Ok(format!("{}:{}{:?}", f.name, self.layout(&f.ty, release)?, f.shape)))
            .collect();
        Ok(parts?.join(" "))
    }

    /// Whether a symbol of this enum has different numbers in different releases.
    fn renumbered(&self, name: &str) -> bool {
        let mut numbers = HashMap::new();
        let defs = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        defs.iter().any(|d| match &d.body {
            Body::Enum { values, .. } => values.iter().any(|(s, n)| *numbers.entry(s).or_insert(n) != n),
            _ => false,
        })
    }

    fn name_types(&mut self, rows: &[&'a MessageDef]) -> Result<(), Error> {
        let mut needed: BTreeSet<(&str, usize)> = BTreeSet::new();
        for row in rows {
            for release in row.releases.iter() {
                self.need(&row.fields, release, &mut needed)?;
            }
        }
        let mut groups: BTreeMap<&str, BTreeMap<String, ReleaseSet>> = BTreeMap::new();
        for &(name, release) in &needed {
            let set = groups.entry(name).or_default().entry(self.layout(name, release)?).or_default();
            *set = set.union(ReleaseSet::one(release));
        }
        for (name, variants) in groups {
            let newest = variants.values().filter_map(|s| s.newest()).max();
            for releases in variants.into_values() {
                let Some(last) = releases.newest() else { continue };
                let suffix = self.schema.releases.get(last).map(|r| r.replace('.', "")).unwrap_or_default();
                let rust = names::camel(name);
                let rust = if Some(last) == newest { rust } else { format!("{rust}UpTo{suffix}") };
                for release in releases.iter() {
                    self.variant.insert((name, release), rust.clone());
                }
                let def = self.find(name, last)?;
                let values = self.values(name, releases);
                self.types.push(PlannedType { def, rust, releases, values });
            }
        }
        Ok(())
    }

    fn need(
        &self,
        fields: &'a [Field],
        release: usize,
        needed: &mut BTreeSet<(&'a str, usize)>,
    ) -> Result<(), Error> {
        for field in fields {
            self.need_type(&field.ty, release, needed)?;
        }
        Ok(())
    }

    fn need_type(
        &self,
        ty: &'a str,
        release: usize,
        needed: &mut BTreeSet<(&'a str, usize)>,
    ) -> Result<(), Error> {
        if ty == "string" || primitive(ty).is_some() || !needed.insert((ty, release)) {
            return Ok(());
        }
        match &self.find(ty, release)?.body {
            Body::Struct(fields) | Body::Union(fields) => self.need(fields, release, needed),
            Body::Alias(ty, _) => self.need_type(ty, release, needed),
            Body::Enum { .. } => Ok(()),
        }
    }

    fn values(&self, name: &str, releases: ReleaseSet) -> Vec<(String, i64)> {
        let mut out: Vec<(String, i64)> = Vec::new();
        for def in self.by_name.get(name).map_or(&[][..], Vec::as_slice) {
            if let Body::Enum { values, .. } = &def.body
                && def.releases.0 & releases.0 != 0
            {
                out.extend(values.clone());
            }
        }
        out.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        out.dedup();
        out
    }

    fn name_messages(&mut self, rows: &[&'a MessageDef]) -> Result<(), Error> {
        let mut variants: BTreeMap<(&str, &str), Vec<&MessageDef>> = BTreeMap::new();
        for row in rows {
            variants.entry((&row.name, &row.crc)).or_default().push(row);
        }
        let mut newest: HashMap<&str, usize> = HashMap::new();
        for row in rows {
            let last = newest.entry(&row.name).or_default();
            *last = row.releases.newest().unwrap_or_default().max(*last);
        }
        for ((name, crc), rows) in variants {
            let mut layouts = BTreeSet::new();
            for row in &rows {
                for release in row.releases.iter() {
                    layouts.insert((row.header, self.layout_of(&row.fields, release)?));
                }
            }
            if layouts.len() > 1 {
                return Err(Error::Ambiguous { id: format!("{name}_{crc}") });
            }
            let Some(def) = rows.iter().copied().max_by_key(|r| r.releases.newest()) else { continue };
            let releases = rows.iter().fold(ReleaseSet::default(), |set, r| set.union(r.releases));
            let rust = names::camel(name);
            let latest = newest.get(name).copied() == releases.newest();
            let rust = if latest { rust } else { format!("{rust}V{crc}") };
            self.messages.push(PlannedMessage { def, rust, releases });
        }
        self.messages.sort_by(|a, b| (&a.def.module, &a.rust).cmp(&(&b.def.module, &b.rust)));
        Ok(())
    }

    /// What a field's type can do.
    pub fn traits(&self, ty: &str, shape: &Shape, release: usize) -> Result<Traits, Error> {
        let one = match (ty, primitive(ty)) {
            ("string", _) => Traits { size: Some(1), float: false },
            (_, Some(size)) => Traits { size: Some(size), float: ty == "f64" },
            _ => match &self.find(ty, release)?.body {
                Body::Struct(fields) => self.sum(fields, release, |a, b| a + b)?,
                Body::Union(fields) => self.sum(fields, release, Ord::max)?,
                Body::Alias(ty, shape) => self.traits(ty, shape, release)?,
                Body::Enum { base, .. } => self.traits(base, &Shape::One, release)?,
            },
        };
        let size = match shape {
            Shape::One => one.size,
            Shape::Fixed(n) => one.size.map(|s| s * n),
            Shape::Counted(_) | Shape::Rest => None,
        };
        Ok(Traits { size, ..one })
    }

    /// What fields can do together.
    pub fn sum(
        &self,
        fields: &[Field],
        release: usize,
        add: impl Fn(usize, usize) -> usize,
    ) -> Result<Traits, Error> {
        fields.iter().try_fold(Traits { size: Some(0), float: false }, |sum, f| {
            let t = self.traits(&f.ty, &f.shape, release)?;
            let size = sum.size.zip(t.size).map(|(a, b)| add(a, b));
            Ok(Traits { size, float: sum.float || t.float })
        })
    }

    /// The generated message that a name means for a message of these releases: the newest they have in common.
    pub fn partner(&self, name: &str, releases: ReleaseSet) -> Option<&PlannedMessage<'a>> {
        self.messages
            .iter()
            .filter(|m| m.def.name == name && m.releases.0 & releases.0 != 0)
            .max_by_key(|m| m.releases.newest())
    }

    /// Names of all releases of the schema, oldest first.
    pub fn release_names(&self) -> &'a [String] {
        &self.schema.releases
    }
}
