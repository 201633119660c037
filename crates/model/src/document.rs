//! Configuration documents: the YAML layout of `/configuration`, of initial and watched files, and of `agentctl`.
//!
//! The root has one field per group of models (`vppConfig`), which has one field per model: a list, or a single
//! value for a model that exists once. The names are those of the model table.

use std::sync::Arc;

use prost::Message as _;
use prost_reflect::MessageDescriptor;
use serde_json::{Map, Value as Json};

use crate::error::Error;
use crate::go_json::go_name;
use crate::json::{self, FieldError, quoted, suggestion};
use crate::models::{MODELS, ModelSpec};
use crate::value::Value;
use crate::{pool, yaml};

/// The root fields, in the order in which they are written.
const GROUPS: [(&str, &str); 3] =
    [("vppConfig", "vpp_config"), ("linuxConfig", "linux_config"), ("netallocConfig", "netalloc_config")];

/// What a document holds.
#[derive(Debug, Default)]
pub struct Document {
    /// The values, in the order of the document.
    pub items: Vec<Arc<dyn Value>>,
    /// What could not be taken as a value.
    pub errors: Vec<ItemError>,
}

/// One item of a document that is wrong. The others are not affected.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ItemError {
    /// Where the item is, such as `vppConfig.routes[3]`.
    pub path: String,
    /// The model it would have been, when the place says so.
    pub model: Option<&'static ModelSpec>,
    /// The key of the object that was meant, when the fields that make the key are right. Whoever applies the
    /// document can keep the object's last good value.
    pub key: Option<String>,
    /// The fault; its path is relative to the item.
    pub fault: FieldError,
}

impl ItemError {
    fn sentence(&self) -> String {
        let separator = if self.fault.path.is_empty() || self.path.is_empty() { "" } else { "." };
        let fault = FieldError {
            path: format!("{}{separator}{}", self.path, self.fault.path),
            reason: self.fault.reason.clone(),
        };
        match &self.key {
            Some(key) => format!("{fault} (in {key})"),
            None => fault.to_string(),
        }
    }
}

/// Reads a document from YAML or JSON text. Proto names and JSON names are accepted.
///
/// # Errors
/// [`Error::Yaml`] when the text is no YAML, [`Error::Document`] when it is something else than fields at the root.
/// A single wrong item is no error here: see [`Document::errors`].
pub fn parse(text: &str) -> Result<Document, Error> {
    from_json(&yaml::parse(text)?)
}

/// As [`parse`], for a document that is already JSON.
///
/// # Errors
/// [`Error::Document`] when the value is something else than fields; `null` is an empty document.
pub fn from_json(root: &Json) -> Result<Document, Error> {
    let mut document = Document::default();
    let groups = match root {
        Json::Null => return Ok(document),
        Json::Object(groups) => groups,
        _ => {
            let names = GROUPS.map(|(name, _)| name).join(", ");
            return Err(Error::Document(format!(
                "expected the fields {names} at the root, found a single value or a list"
            )));
        }
    };
    for (name, value) in groups {
        match GROUPS.iter().find(|(json_name, proto_name)| name == json_name || name == proto_name) {
            Some((group, _)) => document.group(group, name, value),
            None => {
                let hint = suggestion(name, GROUPS.iter().map(|(name, _)| *name));
                document.refuse(String::new(), format!("unknown field {} at the root; {hint}", quoted(name)));
            }
        }
    }
    Ok(document)
}

impl Document {
    fn refuse(&mut self, path: String, reason: String) {
        let fault = FieldError { path: String::new(), reason };
        self.errors.push(ItemError { path, model: None, key: None, fault });
    }

    fn group(&mut self, group: &str, path: &str, value: &Json) {
        let fields = match value {
            Json::Null => return,
            Json::Object(fields) => fields,
            _ => return self.refuse(path.to_owned(), "expected the fields of the group".to_owned()),
        };
        let models = || MODELS.iter().filter(|spec| !spec.field.is_empty() && spec.group() == group);
        for (name, value) in fields {
            let Some(spec) = models().find(|spec| spec.field == name || spec.json_field == name) else {
                let hint = suggestion(name, models().map(|spec| spec.json_field));
                self.refuse(path.to_owned(), format!("unknown field {} in {group}; {hint}", quoted(name)));
                continue;
            };
            let path = format!("{path}.{name}");
            // Every model's message is in the pool: a test walks the table.
            let Some(descriptor) = pool().get_message_by_name(spec.proto_name) else { continue };
            match value {
                Json::Null => {}
                _ if spec.is_singleton() => self.item(spec, &descriptor, path, value),
                Json::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.item(spec, &descriptor, format!("{path}[{index}]"), item);
                    }
                }
                _ => self.refuse(path, format!("expected a list of {}", spec.proto_name)),
            }
        }
    }

    fn item(&mut self, spec: &'static ModelSpec, descriptor: &MessageDescriptor, path: String, value: &Json) {
        let reading = json::read(descriptor.clone(), value);
        let decoded = spec.decode(&reading.message.encode_to_vec());
        match (reading.fault, decoded) {
            (None, Ok(item)) => self.items.push(item),
            (Some(fault), decoded) => {
                let spoiled = |number: &u32| {
                    descriptor.get_field(*number).is_some_and(|field| makes_key(spec, field.name()))
                };
                let key = match decoded {
                    Ok(item) if !reading.spoiled.iter().any(spoiled) => Some(item.key()),
                    _ => None,
                };
                let key = key.filter(|key| crate::by_key(key).is_some());
                self.errors.push(ItemError { path, model: Some(spec), key, fault });
            }
            (None, Err(error)) => {
                let fault = FieldError { path: String::new(), reason: error.to_string() };
                self.errors.push(ItemError { path, model: Some(spec), key: None, fault });
            }
        }
    }
}

/// Whether the key of the model's instances is made of this field, among others.
fn makes_key(spec: &ModelSpec, field: &str) -> bool {
    let name = go_name(field);
    let words = spec.name_template.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
    words.filter_map(|word| word.strip_prefix('.')).any(|word| word == name)
}

/// Writes values as a document: all groups, models in the order of the model table, names in camelCase.
///
/// Values that are no configuration (derived values, metrics) are left out.
pub fn render<'a>(items: impl IntoIterator<Item = &'a dyn Value>) -> String {
    yaml::render(&to_json(items))
}

/// As [`render`], as JSON.
pub fn to_json<'a>(items: impl IntoIterator<Item = &'a dyn Value>) -> Json {
    let mut fields: Vec<Vec<Json>> = MODELS.iter().map(|_| Vec::new()).collect();
    for item in items {
        let wire = item.wire();
        let position = crate::by_proto(wire.name)
            .and_then(|wanted| MODELS.iter().position(|spec| std::ptr::eq(spec, wanted)));
        if let Some(values) = position.and_then(|position| fields.get_mut(position)) {
            values.push(json::to_json(&wire));
        }
    }
    let mut root: Map<String, Json> =
        GROUPS.iter().map(|(group, _)| ((*group).to_owned(), Json::Object(Map::new()))).collect();
    for (spec, mut values) in MODELS.iter().zip(fields) {
        let Some(Json::Object(group)) = root.get_mut(&spec.group()) else { continue };
        let value = if spec.is_singleton() { values.pop() } else { Some(Json::Array(values)) };
        match value {
            Some(Json::Array(values)) if values.is_empty() => {}
            Some(value) => {
                group.insert(spec.json_field.to_owned(), value);
            }
            None => {}
        }
    }
    Json::Object(root)
}
