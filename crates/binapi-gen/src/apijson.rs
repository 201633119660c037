//! Reads the `.api.json` files that come with a VPP (`/usr/share/vpp/api/**`).
//!
//! Each file describes one module: `messages`, `types`, `unions` are lists of `[name, [type, field, …]…, {…}]`,
//! `enums` and `enumflags` of `[name, [symbol, number]…, {"enumtype": …}]`; `aliases` and `services` are objects.
//! A file repeats the types of the modules that it imports, so the same type is met many times.

use crate::Error;
use crate::schema::{Answer, Body, Field, Header, MessageDef, ReleaseSet, Schema, Shape, TypeDef};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Reads all `.api.json` files below a directory as the API of `release`.
pub fn read(dir: &Path, release: &str) -> Result<Schema, Error> {
    let mut files = Vec::new();
    collect(dir, &mut files)?;
    if files.is_empty() {
        return Err(Error::Empty(dir.to_owned()));
    }
    files.sort();
    let mut schema = Schema { releases: vec![release.to_owned()], ..Schema::default() };
    let mut types = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let bad = |reason: String| Error::Json { file: file.clone(), reason };
        let json: Value = serde_json::from_str(&crate::read_file(&file)?).map_err(|e| bad(e.to_string()))?;
        let module = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let module = module.strip_suffix(".api.json").unwrap_or(module);
        read_types(&json, &mut types).map_err(bad)?;
        for item in list(&json, "messages") {
            let message = read_message(item, module, &json)
                .ok_or_else(|| bad(format!("cannot read the message {}", brief(item))))?;
            if seen.insert((message.name.clone(), message.crc.clone())) {
                schema.messages.push(message);
            }
        }
    }
    schema.types =
        types.into_iter().map(|(name, body)| TypeDef { name, body, releases: ReleaseSet::one(0) }).collect();
    schema.sort();
    Ok(schema)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |source| Error::Io { path: dir.to_owned(), source };
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.to_string_lossy().ends_with(".api.json") {
            files.push(path);
        }
    }
    Ok(())
}

fn list<'a>(json: &'a Value, key: &str) -> &'a [Value] {
    json.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn brief(item: &Value) -> String {
    item.get(0).and_then(Value::as_str).map_or_else(|| item.to_string(), str::to_owned)
}

fn read_types(json: &Value, types: &mut BTreeMap<String, Body>) -> Result<(), String> {
    let mut add = |kind: &str, item: &Value, body: Option<Body>| {
        let body = body.ok_or_else(|| format!("cannot read the {kind} {}", brief(item)))?;
        types.insert(brief(item), body);
        Ok::<_, String>(())
    };
    for item in list(json, "types") {
        add("type", item, read_fields(item).map(|(fields, _)| Body::Struct(fields)))?;
    }
    for item in list(json, "unions") {
        add("union", item, read_fields(item).map(|(fields, _)| Body::Union(fields)))?;
    }
    for (key, flags) in [("enums", false), ("enumflags", true)] {
        for item in list(json, key) {
            add(key, item, read_enum(item, flags))?;
        }
    }
    let aliases = json.get("aliases").and_then(Value::as_object);
    for (name, alias) in aliases.into_iter().flatten() {
        let ty = alias.get("type").and_then(Value::as_str).map(type_name);
        let shape = match alias.get("length").and_then(Value::as_u64) {
            Some(n) => Shape::Fixed(n as usize),
            None => Shape::One,
        };
        let body = ty.map(|ty| Body::Alias(ty, shape)).ok_or(format!("cannot read the alias {name}"))?;
        types.insert(name.clone(), body);
    }
    Ok(())
}

fn read_enum(item: &Value, flags: bool) -> Option<Body> {
    let mut values = Vec::new();
    let mut base = "u32".to_owned();
    for part in item.as_array()?.get(1..)? {
        match part.get("enumtype") {
            Some(ty) => ty.as_str()?.clone_into(&mut base),
            None => values.push((part.get(0)?.as_str()?.to_owned(), part.get(1)?.as_i64()?)),
        }
    }
    Some(Body::Enum { base, flags, values })
}

/// `vl_api_prefix_t` is the type `prefix`.
fn type_name(text: &str) -> String {
    text.strip_prefix("vl_api_").and_then(|t| t.strip_suffix("_t")).unwrap_or(text).to_owned()
}

/// The fields of `[name, [type, field, …]…, {…}]` and its last part, `_vl_msg_id` left out.
fn read_fields(item: &Value) -> Option<(Vec<Field>, Option<&Value>)> {
    let mut fields = Vec::new();
    let mut options = None;
    for part in item.as_array()?.get(1..)? {
        let Some(field) = part.as_array() else {
            options = Some(part);
            continue;
        };
        let name = field.get(1)?.as_str()?;
        if name == "_vl_msg_id" {
            continue;
        }
        let ty = type_name(field.first()?.as_str()?);
        let shape = match (field.get(2).and_then(Value::as_u64), field.get(3).and_then(Value::as_str)) {
            (Some(_), Some(by)) => Shape::Counted(by.to_owned()),
            (Some(0), None) => Shape::Rest,
            (Some(n), None) => Shape::Fixed(n as usize),
            (None, _) => Shape::One,
        };
        let default = field.get(2).and_then(|o| o.get("default")).map(default_text);
        fields.push(Field { name: name.to_owned(), ty, shape, default });
    }
    Some((fields, options))
}

fn default_text(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.strip_prefix("0x").map(|hex| u64::from_str_radix(hex, 16)) {
        Some(Ok(n)) => n.to_string(),
        _ => text,
    }
}

fn read_message(item: &Value, module: &str, json: &Value) -> Option<MessageDef> {
    let name = item.get(0)?.as_str()?;
    let (mut fields, options) = read_fields(item)?;
    let names: Vec<&str> = fields.iter().take(2).map(|f| f.name.as_str()).collect();
    let (header, length) = match names.as_slice() {
        ["client_index", "context"] => (Header::ClientContext, 2),
        ["context", ..] => (Header::Context, 1),
        ["client_index", ..] => (Header::Client, 1),
        _ => (Header::Nothing, 0),
    };
    fields.drain(..length);
    let crc = options?.get("crc")?.as_str()?;
    let status = ["deprecated", "in_progress"].into_iter().find(|s| {
        options
            .and_then(|o| o.get("options"))
            .is_some_and(|o| o.get(s).is_some() || o.get("status").and_then(Value::as_str) == Some(s))
    });
    Some(MessageDef {
        module: module.to_owned(),
        name: name.to_owned(),
        crc: crc.strip_prefix("0x").unwrap_or(crc).to_owned(),
        header,
        answer: json.get("services").and_then(|s| s.get(name)).map(read_service).unwrap_or_default(),
        status: status.unwrap_or_default().to_owned(),
        releases: ReleaseSet::one(0),
        fields,
    })
}

fn read_service(service: &Value) -> Answer {
    let text = |key| service.get(key).and_then(Value::as_str).filter(|t| *t != "null").map(str::to_owned);
    let events = list(service, "events").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let streams = service.get("stream").and_then(Value::as_bool) == Some(true);
    match (streams, text("stream_msg")) {
        (true, Some(item)) => Answer { reply: text("reply"), stream: Some(item), events },
        (true, None) => Answer { reply: None, stream: text("reply"), events },
        (false, _) => Answer { reply: text("reply"), stream: None, events },
    }
}
