//! The law that no field is forgotten: each means something, or is listed as ignored with a reason.

use model::value::Model;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use sched::needs::{Pattern, Sink, Slot};
use sched::{Derived, Descriptor};
use std::collections::BTreeSet;

/// A field that means nothing, and why: its path, such as `link.memif.secret`, and a sentence.
pub type Ignored = (&'static str, &'static str);

#[derive(Default)]
struct Keys(Vec<String>);

impl Sink for Keys {
    fn node(&mut self, key: &str) {
        self.0.push(key.to_owned());
    }
    fn up(&mut self, key: &str) {
        self.0.push(key.to_owned());
    }
    fn any(&mut self, pattern: &Pattern) {
        self.0.push(pattern.to_string());
    }
    fn mark(&mut self, _: Slot) {}
}

/// All that a descriptor makes of a value: image, needs, parts and key.
fn meaning<D: Descriptor>(descriptor: &D, value: &D::Value) -> Result<String, String> {
    let image = descriptor.image(value).map_err(|invalid| invalid.to_string())?;
    let mut needs = Keys::default();
    sched::Needs::slots(&descriptor.needs(value), &mut needs);
    let mut parts = Derived::default();
    descriptor.derive(value, &mut parts);
    let parts: Vec<_> = parts.values().collect();
    Ok(format!("{image:?} {:?} {parts:?} {}", needs.0, value.name()))
}

/// Sets every field of the samples, one at a time, and looks whether the descriptor notices. A field that it rejects
/// as invalid is noticed. Fails for a field that goes unnoticed and is not listed, and for one that is listed and
/// noticed.
pub fn fields_matter<D: Descriptor>(descriptor: &D, samples: &[D::Value], ignored: &[Ignored])
where
    D::Value: prost::Message + Default,
{
    let name = samples[0].wire().name;
    let message = model::pool().get_message_by_name(name).unwrap();
    let mut paths = BTreeSet::new();
    let mut noticed = BTreeSet::new();
    for sample in samples {
        let plain = DynamicMessage::decode(message.clone(), &*sample.wire().bytes).unwrap();
        let before = meaning(descriptor, sample).unwrap();
        for (path, changed) in changes(&plain, &message, "") {
            let value: D::Value = prost::Message::decode(&*prost::Message::encode_to_vec(&changed)).unwrap();
            if meaning(descriptor, &value).as_ref() != Ok(&before) {
                noticed.insert(path.clone());
            }
            paths.insert(path);
        }
    }
    let listed: BTreeSet<String> = ignored.iter().map(|(path, _)| (*path).to_owned()).collect();
    let forgotten: BTreeSet<_> = paths.difference(&noticed).cloned().collect();
    assert_eq!(forgotten, listed, "{name}: fields that mean nothing (left), and those listed so (right)");
}

/// The message with one field changed, for every field and several values, with the field's path.
fn changes(
    plain: &DynamicMessage,
    message: &MessageDescriptor,
    prefix: &str,
) -> Vec<(String, DynamicMessage)> {
    let mut out = Vec::new();
    for field in message.fields() {
        let path = format!("{prefix}{}", field.name());
        if let (Kind::Message(inner), true) = (field.kind(), field.is_list()) {
            // What stands in a list is tried on the first item, if the sample has one.
            let list = plain.get_field(&field).as_list().unwrap().to_vec();
            let first = list.first().and_then(|item| Some(item.as_message()?.clone()));
            for (path, changed) in first.iter().flat_map(|first| changes(first, &inner, &format!("{path}.")))
            {
                let mut list = list.clone();
                list[0] = Value::Message(changed);
                out.push((path, with(plain, &field, Value::List(list))));
            }
        }
        let single_message = !field.is_list() && !field.is_map();
        // Of several sections that exclude each other, the one that the sample has.
        let there = field.containing_oneof().is_none() || plain.has_field(&field);
        if let (Kind::Message(inner), true) = (field.kind(), single_message && there) {
            let value = plain.get_field(&field).as_message().unwrap().clone();
            for (path, changed) in changes(&value, &inner, &format!("{path}.")) {
                out.push((path, with(plain, &field, Value::Message(changed))));
            }
            if inner.fields().len() > 0 && field.containing_oneof().is_none() {
                continue;
            }
        }
        out.extend(others(&field).into_iter().map(|value| (path.clone(), with(plain, &field, value))));
    }
    out
}

fn with(plain: &DynamicMessage, field: &FieldDescriptor, value: Value) -> DynamicMessage {
    let mut changed = plain.clone();
    changed.set_field(field, value);
    changed
}

/// Values to try for a field.
fn others(field: &FieldDescriptor) -> Vec<Value> {
    let plain: Vec<Value> = match field.kind() {
        Kind::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Kind::Uint32 | Kind::Fixed32 => [0, 1, 2, 7].map(Value::U32).to_vec(),
        Kind::Uint64 | Kind::Fixed64 => [0, 1, 2, 7].map(Value::U64).to_vec(),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => [0, 1, 2, 7].map(Value::I32).to_vec(),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => [0, 1, 2, 7].map(Value::I64).to_vec(),
        Kind::Enum(kind) => kind.values().map(|value| Value::EnumNumber(value.number())).collect(),
        Kind::String => {
            let texts = ["other", "10.77.0.0/16", "10.77.0.1", "fd77::/64", "fd77::1", "02:77:00:00:00:01"];
            texts.map(|text| Value::String(text.to_owned())).to_vec()
        }
        Kind::Bytes => vec![Value::Bytes(vec![7].into())],
        Kind::Float => vec![Value::F32(7.0)],
        Kind::Double => vec![Value::F64(7.0)],
        Kind::Message(inner) => vec![Value::Message(DynamicMessage::new(inner))],
    };
    match field.is_list() {
        true => plain.into_iter().map(|value| Value::List(vec![value])).collect(),
        false => plain,
    }
}
