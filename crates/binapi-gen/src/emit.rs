//! Writes the Rust of a plan. The code leans on the hand-written parts of `binapi` (`codec`, `text`, `list`, `addr`).

use crate::Error;
use crate::names;
use crate::resolve::{Plan, PlannedMessage, PlannedType, primitive};
use crate::schema::{Body, Field, Header, Schema, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const HEAD: &str = "// Written by binapi-gen from vppapi/; `cargo run -p binapi-gen` writes it anew.\n\n";

/// Types with a hand-written Rust type in `binapi::addr`.
const BY_HAND: &[(&str, &str, usize)] =
    &[("ip4_address", "u8", 4), ("ip6_address", "u8", 16), ("mac_address", "u8", 6)];

/// Types whose `Debug` is written by hand, because the derived one is hard to read in a trace.
const OWN_DEBUG: &[&str] = &["address", "fib_path", "prefix"];

/// A fixed-size type up to this many bytes is `Copy`.
const COPY_LIMIT: usize = 32;

/// What every generated file of messages or types imports.
const IMPORTS: &str = "use crate::codec::{DecodeError, Reader, Wire, field};\nuse crate::list::Counted;\nuse crate::text::FixedString;\n\n";

/// All generated files with their content, by name.
pub fn files(schema: &Schema, plan: &Plan<'_>) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    let mut types = format!("//! Types of VPP's API.\n{HEAD}{IMPORTS}");
    for t in &plan.types {
        emit_type(&mut types, plan, t)?;
    }
    files.insert("types.rs".to_owned(), types);
    let modules: BTreeSet<&str> = plan.messages.iter().map(|m| m.def.module.as_str()).collect();
    for module in &modules {
        let mut out = format!("//! Messages of VPP's module `{module}`.\n{HEAD}use super::types;\n{IMPORTS}");
        for m in plan.messages.iter().filter(|m| m.def.module == *module) {
            emit_message(&mut out, plan, m)?;
        }
        files.insert(format!("{module}.rs"), out);
    }
    files.insert("mod.rs".to_owned(), emit_mod(plan, &modules));
    files.insert("registry.rs".to_owned(), emit_registry(plan));
    files.insert("retvals.rs".to_owned(), emit_retvals(schema));
    files.insert("releases.txt".to_owned(), emit_releases(schema));
    Ok(files)
}

fn emit_mod(plan: &Plan<'_>, modules: &BTreeSet<&str>) -> String {
    let mut out = format!("//! Generated from VPP's API.\n{HEAD}");
    for module in modules.iter().chain([&"types"]) {
        let _ = writeln!(out, "pub mod {};", names::field(module));
    }
    out.push_str("pub(crate) mod registry;\npub(crate) mod retvals;\n\n");
    out.push_str("/// Calls a macro with the paths of all generated message types, separated by commas.\n");
    out.push_str(
        "#[macro_export]\nmacro_rules! for_each_message {\n    ($then:ident) => {\n        $then! {\n",
    );
    for m in &plan.messages {
        let _ = writeln!(out, "            $crate::{}::{},", names::field(&m.def.module), m.rust);
    }
    out.push_str("        }\n    };\n}\n");
    out
}

fn emit_registry(plan: &Plan<'_>) -> String {
    let mut messages: Vec<_> = plan.messages.iter().collect();
    messages.sort_by_key(|m| m.def.id());
    let mut out = format!(
        "//! All generated messages by id.\n{HEAD}use crate::info::MessageInfo;\n\npub(crate) static MESSAGES: &[MessageInfo] = &[\n"
    );
    for m in messages {
        let _ = writeln!(
            out,
            "    MessageInfo::of::<super::{}::{}>({:?}),",
            names::field(&m.def.module),
            m.rust,
            m.def.module
        );
    }
    out + "];\n"
}

fn emit_retvals(schema: &Schema) -> String {
    let mut retvals: Vec<_> = schema.retvals.iter().collect();
    retvals.sort_by_key(|r| r.number);
    let mut out = format!(
        "//! VPP's return values.\n{HEAD}/// Number, name and meaning, by number.\npub(crate) static RETVALS: &[(i32, &str, &str)] = &[\n"
    );
    for r in retvals {
        let lower = r.name.to_ascii_lowercase().replace('_', " ");
        let words = if r.words.is_empty() { &lower } else { &r.words };
        let _ = writeln!(out, "    ({}, {:?}, {words:?}),", r.number, r.name);
    }
    out + "];\n"
}

/// The message tables: the releases in the first line, then `@module` lines and, below each, name_crc and the set of
/// releases in hexadecimal (bit 0 for the first).
fn emit_releases(schema: &Schema) -> String {
    let mut sets: BTreeMap<(&str, String), u32> = BTreeMap::new();
    for m in &schema.messages {
        *sets.entry((&m.module, m.id())).or_default() |= m.releases.0;
    }
    let mut out = schema.releases.join(" ") + "\n";
    let mut current = "";
    for ((module, id), set) in &sets {
        if *module != current {
            current = module;
            let _ = writeln!(out, "@{module}");
        }
        let _ = writeln!(out, "{id} {set:x}");
    }
    out
}

fn emit_type(out: &mut String, plan: &Plan<'_>, t: &PlannedType<'_>) -> Result<(), Error> {
    let release = t.releases.newest().unwrap_or_default();
    let _ = writeln!(out, "/// VPP's `{}`; needed in {}.", t.def.name, t.releases.show(plan.release_names()));
    match &t.def.body {
        Body::Alias(ty, shape) => {
            let by_hand =
                BY_HAND.iter().any(|(n, u, s)| *n == t.def.name && u == ty && Shape::Fixed(*s) == *shape);
            let rust = names::camel(&t.def.name);
            if by_hand {
                let _ = writeln!(out, "pub use crate::addr::{rust};\n");
            } else {
                let _ = writeln!(
                    out,
                    "pub type {} = {};\n",
                    t.rust,
                    rust_type(plan, &t.def.name, ty, shape, None, release, "")?
                );
            }
        }
        Body::Enum { base, flags, .. } => {
            let flags = *flags || t.def.name.ends_with("flags") || t.def.name.ends_with("_flag");
            let _ = writeln!(out, "#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]");
            let _ = writeln!(out, "pub struct {}(pub {base});\n", t.rust);
            let symbols: Vec<&str> = t.values.iter().map(|(s, _)| s.as_str()).collect();
            let cut = names::common_prefix(&symbols);
            let _ = writeln!(
                out,
                "{}! {{\n    {}({base})",
                if flags { "crate::codec::wire_flags" } else { "crate::codec::wire_enum" },
                t.rust
            );
            for (symbol, value) in &t.values {
                let _ = writeln!(
                    out,
                    "    /// `{symbol}`\n    {} = {value},",
                    symbol.get(cut..).unwrap_or(symbol)
                );
            }
            out.push_str("}\n\n");
        }
        Body::Union(members) => emit_union(out, plan, t, members, release)?,
        Body::Struct(fields) => {
            let traits = plan.sum(fields, release, |a, b| a + b)?;
            let mut derives = "Clone".to_owned();
            if traits.size.is_some_and(|s| s <= COPY_LIMIT) {
                derives += ", Copy";
            }
            if !OWN_DEBUG.contains(&t.def.name.as_str()) {
                derives += ", Debug";
            }
            derives += if traits.float { ", PartialEq" } else { ", PartialEq, Eq, Hash" };
            emit_struct(out, plan, &t.rust, &t.def.name, &derives, fields, release, "")?;
        }
    }
    Ok(())
}

fn emit_union(
    out: &mut String,
    plan: &Plan<'_>,
    t: &PlannedType<'_>,
    members: &[Field],
    release: usize,
) -> Result<(), Error> {
    let Some(size) = plan.sum(members, release, Ord::max)?.size else {
        return Err(Error::Unsupported {
            name: t.def.name.clone(),
            reason: "a union with a member of variable size".into(),
        });
    };
    let rust = &t.rust;
    let _ = writeln!(
        out,
        "///\n/// The bytes of one of its members, zeros behind them; another field tells which."
    );
    let _ =
        writeln!(out, "#[derive(Clone, Copy, PartialEq, Eq, Hash)]\npub struct {rust}(pub [u8; {size}]);\n");
    let _ = writeln!(out, "crate::codec::wire_union!({rust}[{size}]);\n\nimpl {rust} {{");
    for m in members {
        let ty = rust_type(plan, &t.def.name, &m.ty, &m.shape, None, release, "")?;
        let name = names::field(&m.name);
        let _ =
            writeln!(out, "    /// The bytes read as `{0}`.\n    pub fn {name}(&self) -> {ty} {{", m.name);
        let _ = writeln!(out, "        Wire::get(&mut Reader::new(&self.0)).unwrap_or_default()\n    }}");
        let _ = writeln!(
            out,
            "    /// The union that holds a `{0}`.\n    pub fn from_{0}(value: {ty}) -> Self {{",
            m.name
        );
        let _ = writeln!(out, "        {rust}(crate::codec::padded(&value))\n    }}");
    }
    out.push_str("}\n\n");
    Ok(())
}

/// The Rust type of a field. `count` is the type of its count, `prefix` the path to the types.
fn rust_type(
    plan: &Plan<'_>,
    owner: &str,
    ty: &str,
    shape: &Shape,
    count: Option<&str>,
    release: usize,
    prefix: &str,
) -> Result<String, Error> {
    if ty == "string" {
        return match shape {
            Shape::Fixed(n) => Ok(format!("FixedString<{n}>")),
            Shape::Rest => Ok("String".to_owned()),
            _ => Err(Error::Unsupported { name: owner.to_owned(), reason: "a string without a size".into() }),
        };
    }
    let one = match primitive(ty) {
        Some(_) => ty.to_owned(),
        None => format!("{prefix}{}", plan.rust_name(ty, release)?),
    };
    Ok(match (shape, count) {
        (Shape::One, _) => one,
        (Shape::Fixed(n), _) => format!("[{one}; {n}]"),
        (Shape::Counted(_), Some(count)) => format!("Counted<{one}, {count}>"),
        (Shape::Counted(by), None) => {
            let reason = format!("an array counted by {by}, which is no u8, u16 or u32 field before it");
            return Err(Error::Unsupported { name: owner.to_owned(), reason });
        }
        (Shape::Rest, _) => format!("Vec<{one}>"),
    })
}

/// A field with what its emission needs to know.
struct Item<'a> {
    field: &'a Field,
    name: String,
    ty: String,
    /// The array that this field counts.
    counts: Option<String>,
}

fn items<'a>(
    plan: &Plan<'_>,
    owner: &str,
    fields: &'a [Field],
    release: usize,
    prefix: &str,
) -> Result<Vec<Item<'a>>, Error> {
    let mut out: Vec<Item<'a>> = Vec::new();
    for (i, field) in fields.iter().enumerate() {
        let mut count = None;
        if let Shape::Counted(by) = &field.shape {
            let name = names::field(&field.name);
            let Some(counter) = out.iter_mut().find(|c| c.field.name == *by && c.field.shape == Shape::One)
            else {
                return Err(Error::Unsupported {
                    name: owner.to_owned(),
                    reason: format!("{} is counted by {by}, which is no field before it", field.name),
                });
            };
            if counter.counts.is_some() {
                return Err(Error::Unsupported {
                    name: owner.to_owned(),
                    reason: format!("{by} counts two arrays"),
                });
            }
            counter.counts = Some(name);
            count = Some(counter.ty.clone()).filter(|t| ["u8", "u16", "u32"].contains(&t.as_str()));
        }
        if field.shape == Shape::Rest && field.ty != "string" && i + 1 != fields.len() {
            let reason = format!("{} goes on to the end, but a field follows", field.name);
            return Err(Error::Unsupported { name: owner.to_owned(), reason });
        }
        let ty = rust_type(plan, owner, &field.ty, &field.shape, count.as_deref(), release, prefix)?;
        out.push(Item { field, name: names::field(&field.name), ty, counts: None });
    }
    Ok(out)
}

#[allow(clippy::too_many_arguments)]
fn emit_struct(
    out: &mut String,
    plan: &Plan<'_>,
    rust: &str,
    owner: &str,
    derives: &str,
    fields: &[Field],
    release: usize,
    prefix: &str,
) -> Result<(), Error> {
    let items = items(plan, owner, fields, release, prefix)?;
    let shown = || items.iter().filter(|i| i.counts.is_none());
    let mut defaults = Vec::new();
    for item in shown() {
        defaults.push(default_of(plan, owner, item, release)?);
    }
    let plain = defaults.iter().all(Option::is_none);
    let _ = writeln!(out, "#[derive({derives}{})]", if plain { ", Default" } else { "" });
    if shown().next().is_none() {
        let _ = writeln!(out, "pub struct {rust} {{}}\n");
    } else {
        let _ = writeln!(out, "pub struct {rust} {{");
        for item in shown() {
            let _ = writeln!(out, "    pub {}: {},", item.name, item.ty);
        }
        out.push_str("}\n\n");
    }
    if !plain {
        let _ = writeln!(out, "impl Default for {rust} {{\n    fn default() -> Self {{\n        {rust} {{");
        for (item, default) in shown().zip(defaults) {
            let default = default.unwrap_or_else(|| "Default::default()".to_owned());
            let _ = writeln!(out, "            {}: {default},", item.name);
        }
        out.push_str("        }\n    }\n}\n\n");
    }
    emit_wire(out, rust, &items);
    Ok(())
}

fn emit_wire(out: &mut String, rust: &str, items: &[Item<'_>]) {
    let _ = writeln!(out, "impl Wire for {rust} {{");
    let sizes: Vec<String> = items.iter().map(|i| format!("<{} as Wire>::MIN_SIZE", i.ty)).collect();
    // An array's own MIN_SIZE is 0, so its count and it may both be added.
    let sum = if sizes.is_empty() { "0".to_owned() } else { sizes.join("\n        + ") };
    let _ = writeln!(out, "    const MIN_SIZE: usize = {sum};");
    let unused = if items.is_empty() { "_" } else { "" };
    let _ = writeln!(out, "    fn put(&self, {unused}out: &mut Vec<u8>) {{");
    for item in items {
        let _ = match &item.counts {
            Some(array) => writeln!(out, "        self.{array}.put_count(out);"),
            None => writeln!(out, "        self.{}.put(out);", item.name),
        };
    }
    let _ =
        writeln!(out, "    }}\n    fn get({unused}reader: &mut Reader<'_>) -> Result<Self, DecodeError> {{");
    for item in items {
        let what = format!("{rust}.{}", item.name);
        let _ = match &item.field.shape {
            Shape::Counted(by) => writeln!(
                out,
                "        let {} = Counted::get_items(reader, {what:?}, {})?;",
                item.name,
                names::field(by)
            ),
            _ => writeln!(out, "        let {}: {} = field(reader, {what:?})?;", item.name, item.ty),
        };
    }
    let names: Vec<&str> = items.iter().filter(|i| i.counts.is_none()).map(|i| i.name.as_str()).collect();
    let body = if names.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", names.join(", ")) };
    let _ = writeln!(out, "        Ok({rust} {body})\n    }}\n}}\n");
}

/// The default of a field as an expression; `None` if `Default::default()` does.
fn default_of(
    plan: &Plan<'_>,
    owner: &str,
    item: &Item<'_>,
    release: usize,
) -> Result<Option<String>, Error> {
    if let Shape::Fixed(n) = item.field.shape
        && n > 32
        && item.field.ty != "string"
    {
        return Ok(Some("std::array::from_fn(|_| Default::default())".to_owned()));
    }
    let Some(default) = &item.field.default else { return Ok(None) };
    let bad = || Error::Unsupported {
        name: owner.to_owned(),
        reason: format!("{} = {default} is no default that can be written", item.field.name),
    };
    if item.field.shape != Shape::One {
        return Err(bad());
    }
    scalar(plan, &item.field.ty, &item.ty, default, release)?.ok_or_else(bad).map(Some)
}

fn scalar(
    plan: &Plan<'_>,
    ty: &str,
    rust: &str,
    default: &str,
    release: usize,
) -> Result<Option<String>, Error> {
    let number = default.parse::<i64>().ok();
    Ok(match ty {
        "bool" => match (default, number) {
            ("true", _) => Some("true".to_owned()),
            ("false", _) => Some("false".to_owned()),
            (_, n) => n.map(|n| (n != 0).to_string()),
        },
        "f64" => default.parse::<f64>().ok().map(|n| format!("{n:?}")),
        _ if primitive(ty).is_some() => number.map(|n| n.to_string()),
        _ => match &plan.find(ty, release)?.body {
            Body::Alias(ty, Shape::One) => scalar(plan, ty, rust, default, release)?,
            Body::Enum { values, .. } => number
                .or_else(|| values.iter().find(|(s, _)| s == default).map(|(_, n)| *n))
                .map(|n| format!("{rust}({n})")),
            _ => None,
        },
    })
}

fn emit_message(out: &mut String, plan: &Plan<'_>, m: &PlannedMessage<'_>) -> Result<(), Error> {
    let def = m.def;
    let (rust, name) = (&m.rust, &def.name);
    let path = |p: &PlannedMessage<'_>| match names::field(&p.def.module) {
        module if p.def.module != def.module => format!("super::{module}::{}", p.rust),
        _ => p.rust.clone(),
    };
    let link = |p: &PlannedMessage<'_>| match path(p) {
        path if path == p.rust => format!("[`{path}`]"),
        path => format!("[`{}`]({path})", p.rust),
    };
    let partner = |name: &Option<String>| name.as_ref().and_then(|n| plan.partner(n, m.releases));
    let (reply, details) = (partner(&def.answer.reply), partner(&def.answer.stream));
    let _ = write!(out, "/// VPP's `{name}`, in {}", m.releases.show(plan.release_names()));
    if !def.status.is_empty() {
        let _ = write!(out, " ({} at the end)", def.status.replace('_', " "));
    }
    out.push_str(".\n");
    if let Some(details) = details {
        let _ = writeln!(out, "///\n/// Answered by any number of {}.", link(details));
        for other in plan.messages.iter().filter(|o| Some(&o.def.name) == def.answer.stream.as_ref()) {
            if other.rust != details.rust && other.releases.0 & m.releases.0 != 0 {
                let releases = other.releases.show(plan.release_names());
                let _ = writeln!(out, "/// In {releases} these are {}.", link(other));
            }
        }
    } else if let Some(reply) = reply {
        let _ = writeln!(out, "///\n/// Answered by {}.", link(reply));
    }
    let prefix = "types::";
    let release = m.releases.newest().unwrap_or_default();
    emit_struct(out, plan, rust, name, "Clone, Debug, PartialEq", &def.fields, release, prefix)?;
    let head = match def.header {
        Header::ClientContext => "ClientContext",
        Header::Context => "Context",
        Header::Client => "Client",
        Header::Nothing => "Nothing",
    };
    let _ = writeln!(out, "impl crate::codec::Message for {rust} {{");
    let _ = writeln!(
        out,
        "    const ID: &'static str = {:?};\n    const NAME: &'static str = {name:?};",
        def.id()
    );
    let _ = writeln!(out, "    const HEAD: crate::codec::Head = crate::codec::Head::{head};\n}}\n");
    let is_reply = plan.messages.iter().any(|o| o.def.answer.reply.as_ref() == Some(name));
    if is_reply {
        let retval = def.fields.iter().find(|f| f.name == "retval" || f.name == "response");
        // A few replies have no return value: they cannot tell of a failure.
        let retval = retval.map_or("0".to_owned(), |f| {
            format!("self.{}{}", f.name, if f.ty == "i32" { "" } else { " as i32" })
        });
        let _ = writeln!(
            out,
            "impl crate::codec::Reply for {rust} {{\n    fn retval(&self) -> i32 {{\n        {retval}\n    }}\n}}\n"
        );
    }
    if let (Some(details), None) = (details, reply) {
        let _ = writeln!(
            out,
            "impl crate::codec::Dump for {rust} {{\n    type Details = {};\n}}\n",
            path(details)
        );
    }
    if let (None, Some(reply)) = (details, reply) {
        let _ = writeln!(
            out,
            "impl crate::codec::Request for {rust} {{\n    type Reply = {};\n}}\n",
            path(reply)
        );
    }
    let event = matches!(def.header, Header::Client | Header::Nothing)
        || plan.messages.iter().any(|o| o.def.answer.events.contains(name));
    if event {
        let _ = writeln!(out, "impl crate::codec::Event for {rust} {{}}\n");
    }
    Ok(())
}
