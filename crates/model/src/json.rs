//! Protobuf messages as JSON, in the canonical mapping of proto3 (see `go_json` for the other dialect).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use prost::Message as _;
use prost_reflect::{
    DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MapKey, MessageDescriptor, ReflectMessage,
    Value as Field,
};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::nearest::nearest;
use crate::pool;
use crate::value::Wire;

/// A fault in one field of a value that came as JSON or YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where the fault is, such as `rules[2].ip_rule`, in the names that were given; empty for the value itself.
    pub path: String,
    /// What is wrong and what was expected.
    pub reason: String,
}

impl std::error::Error for FieldError {}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.reason)
    }
}

/// How fields are called in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// `ipAddresses`: canonical JSON.
    Json,
    /// `ip_addresses`: as in the `.proto` files; used in key-value stores.
    Proto,
}

/// The value as canonical JSON: camelCase names, enums by name, 64-bit numbers as strings, defaults left out,
/// fields in the order of the `.proto` file. `null` when the value is no message of this API.
pub fn to_json(wire: &Wire) -> Value {
    encode(wire.name, &wire.bytes, Names::Json)
}

/// As [`to_json`], with the field names of the `.proto` file.
pub fn to_json_proto_names(wire: &Wire) -> Value {
    encode(wire.name, &wire.bytes, Names::Proto)
}

/// As [`to_json`] for any message of the API, also one that is no model.
pub fn of<M: prost::Name>(message: &M, names: Names) -> Value {
    encode(&M::full_name(), &message.encode_to_vec(), names)
}

fn encode(name: &str, bytes: &[u8], names: Names) -> Value {
    match dynamic(name, bytes) {
        Some(message) => object(&message, names),
        None if name == Wire::EMPTY.name => Value::Object(Map::new()),
        None => Value::Null,
    }
}

/// The encoded message with its descriptor; `None` when it is no message of this API.
pub(crate) fn dynamic(name: &str, bytes: &[u8]) -> Option<DynamicMessage> {
    DynamicMessage::decode(pool().get_message_by_name(name)?, bytes).ok()
}

/// The fields of a message in the order of the `.proto` file (the library orders them by number).
pub(crate) fn fields(message: &MessageDescriptor) -> &'static [FieldDescriptor] {
    static FIELDS: LazyLock<HashMap<String, Vec<FieldDescriptor>>> = LazyLock::new(|| {
        let declared = |message: &MessageDescriptor| {
            let fields = &message.descriptor_proto().field;
            fields.iter().filter_map(|field| message.get_field_by_name(field.name())).collect()
        };
        pool().all_messages().map(|message| (message.full_name().to_owned(), declared(&message))).collect()
    });
    FIELDS.get(message.full_name()).map(Vec::as_slice).unwrap_or_default()
}

/// Whether the library's own JSON mapping is used: `Any` and its like have one of their own.
fn is_well_known(message: &MessageDescriptor) -> bool {
    message.package_name() == "google.protobuf"
}

fn object(message: &DynamicMessage, names: Names) -> Value {
    let descriptor = message.descriptor();
    if is_well_known(&descriptor) {
        return serde_json::to_value(message).unwrap_or_default();
    }
    let mut object = Map::new();
    for field in fields(&descriptor).iter().filter(|field| message.has_field(field)) {
        let name = match names {
            Names::Json => field.json_name(),
            Names::Proto => field.name(),
        };
        object.insert(name.to_owned(), member(&message.get_field(field), field, names));
    }
    Value::Object(object)
}

fn member(value: &Field, field: &FieldDescriptor, names: Names) -> Value {
    match value {
        Field::Bool(value) => Value::Bool(*value),
        Field::I32(value) => Value::from(*value),
        Field::U32(value) => Value::from(*value),
        Field::I64(value) => Value::String(value.to_string()),
        Field::U64(value) => Value::String(value.to_string()),
        Field::String(value) => Value::String(value.clone()),
        Field::EnumNumber(number) => enum_name(field, *number).map_or(Value::from(*number), Value::String),
        Field::Message(message) => object(message, names),
        Field::List(items) => items.iter().map(|item| member(item, field, names)).collect(),
        Field::Map(entries) => map(entries, |value| member(value, field, names)),
        // Not in this API; a test says so.
        Field::F32(_) | Field::F64(_) | Field::Bytes(_) => Value::Null,
    }
}

/// A map with string keys, sorted by key.
pub(crate) fn map(entries: &HashMap<MapKey, Field>, member: impl Fn(&Field) -> Value) -> Value {
    let sorted: BTreeMap<&str, &Field> =
        entries.iter().filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
    Value::Object(sorted.into_iter().map(|(key, value)| (key.to_owned(), member(value))).collect())
}

fn enum_name(field: &FieldDescriptor, number: i32) -> Option<String> {
    let kind = field.kind();
    Some(kind.as_enum()?.get_value(number)?.name().to_owned())
}

/// The protobuf encoding of the message `full_name` given as JSON.
///
/// Proto names and JSON names are accepted, enums by name or number, 64-bit numbers also as strings; `null`
/// leaves a field unset.
///
/// # Errors
/// [`Error::Field`] for the first field that is unknown, of another type or out of range;
/// [`Error::UnknownMessage`] when the API has no such message.
pub fn from_json(full_name: &str, value: &Value) -> Result<Vec<u8>, Error> {
    let Some(descriptor) = pool().get_message_by_name(full_name) else {
        return Err(Error::UnknownMessage(full_name.to_owned()));
    };
    let reading = read(descriptor, value);
    match reading.fault {
        Some(fault) => Err(fault.into()),
        None => Ok(reading.message.encode_to_vec()),
    }
}

/// A message of a type known at compile time from its JSON; see [`from_json`].
///
/// # Errors
/// As [`from_json`].
pub fn parse<M: prost::Name + Default>(value: &Value) -> Result<M, Error> {
    let name = M::full_name();
    let bytes = from_json(&name, value)?;
    M::decode(bytes.as_slice()).map_err(|cause| Error::Decode { message: name, cause })
}

/// What could be read of a message.
pub(crate) struct Reading {
    /// All that was right.
    pub(crate) message: DynamicMessage,
    /// The first fault.
    pub(crate) fault: Option<FieldError>,
    /// Numbers of the message's own fields that have a fault in them.
    pub(crate) spoiled: Vec<u32>,
}

/// Reads a message and goes on after a fault, so that the caller can tell which object was meant.
pub(crate) fn read(descriptor: MessageDescriptor, value: &Value) -> Reading {
    let mut reader = Reader { path: Vec::new(), fault: None, spoiled: Vec::new() };
    let message = reader.message(&descriptor, value).unwrap_or_else(|| DynamicMessage::new(descriptor));
    Reading { message, fault: reader.fault, spoiled: reader.spoiled }
}

enum Step<'a> {
    Field(&'a str, u32),
    Item(usize),
    Entry(&'a str),
}

struct Reader<'a> {
    path: Vec<Step<'a>>,
    fault: Option<FieldError>,
    spoiled: Vec<u32>,
}

impl<'a> Reader<'a> {
    /// Notes a fault at the current place. Always `None`, for use in expressions.
    fn fault<T>(&mut self, reason: impl FnOnce() -> String) -> Option<T> {
        if let Some(Step::Field(_, number)) = self.path.first()
            && !self.spoiled.contains(number)
        {
            self.spoiled.push(*number);
        }
        // Only the first is reported, and only that one costs the search for what was meant.
        if self.fault.is_none() {
            self.fault = Some(FieldError { path: self.place(), reason: reason() });
        }
        None
    }

    fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            match step {
                Step::Field(name, _) if place.is_empty() => place.push_str(name),
                Step::Field(name, _) => place.extend([".", name]),
                Step::Item(index) => place.push_str(&format!("[{index}]")),
                Step::Entry(key) => place.push_str(&format!("[{}]", quoted(key))),
            }
        }
        place
    }

    fn message(&mut self, descriptor: &MessageDescriptor, value: &'a Value) -> Option<DynamicMessage> {
        if is_well_known(descriptor) {
            return match DynamicMessage::deserialize(descriptor.clone(), value) {
                Ok(message) => Some(message),
                Err(error) => self.fault(|| format!("no {}: {error}", descriptor.full_name())),
            };
        }
        let Value::Object(members) = value else {
            return self.fault(|| expected(&format!("the fields of a {}", descriptor.full_name()), value));
        };
        let mut message = DynamicMessage::new(descriptor.clone());
        for (name, value) in members {
            self.member(&mut message, descriptor, name, value);
        }
        Some(message)
    }

    fn member(
        &mut self,
        message: &mut DynamicMessage,
        descriptor: &MessageDescriptor,
        name: &'a str,
        value: &'a Value,
    ) {
        let known = descriptor.get_field_by_name(name).or_else(|| descriptor.get_field_by_json_name(name));
        // Number 0 is no field's number.
        self.path.push(Step::Field(name, known.as_ref().map_or(0, FieldDescriptor::number)));
        if let Some(field) = known {
            let sibling = field
                .containing_oneof()
                .and_then(|oneof| oneof.fields().find(|other| *other != field && message.has_field(other)));
            if value.is_null() {
                // Unset, as if it were not there.
            } else if message.has_field(&field) {
                self.fault::<()>(|| {
                    format!("the field is given twice, as {:?} and as {:?}", field.name(), field.json_name())
                });
            } else if let Some(sibling) = sibling {
                self.fault::<()>(|| {
                    format!("only one of {:?} and {:?} may be given", sibling.name(), field.name())
                });
            } else if let Some(value) = self.field(&field, value) {
                message.set_field(&field, value);
            }
        } else {
            self.fault::<()>(|| unknown_field(descriptor, name));
        }
        self.path.pop();
    }

    fn field(&mut self, field: &FieldDescriptor, value: &'a Value) -> Option<Field> {
        if field.is_map() {
            let Value::Object(members) = value else {
                return self.fault(|| expected("names with values", value));
            };
            let kind = field.kind();
            let entry = kind.as_message()?.map_entry_value_field();
            let mut entries = HashMap::with_capacity(members.len());
            for (key, value) in members {
                self.path.push(Step::Entry(key));
                if let Some(value) = self.single(&entry, value) {
                    entries.insert(MapKey::String(key.clone()), value);
                }
                self.path.pop();
            }
            return Some(Field::Map(entries));
        }
        if field.is_list() {
            let Value::Array(items) = value else {
                return self.fault(|| expected("a list", value));
            };
            let mut list = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                self.path.push(Step::Item(index));
                list.extend(self.single(field, item));
                self.path.pop();
            }
            return Some(Field::List(list));
        }
        self.single(field, value)
    }

    fn single(&mut self, field: &FieldDescriptor, value: &'a Value) -> Option<Field> {
        match field.kind() {
            Kind::Message(descriptor) => self.message(&descriptor, value).map(Field::Message),
            Kind::Enum(descriptor) => self.enum_number(&descriptor, value).map(Field::EnumNumber),
            Kind::Bool => match value {
                Value::Bool(value) => Some(Field::Bool(*value)),
                _ => self.fault(|| expected("true or false", value)),
            },
            Kind::String => match value {
                Value::String(value) => Some(Field::String(value.clone())),
                Value::Number(_) | Value::Bool(_) => {
                    self.fault(|| format!("{}; put it in quotes", expected("a text", value)))
                }
                _ => self.fault(|| expected("a text", value)),
            },
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                self.integer(i32::MIN, i32::MAX, value).map(Field::I32)
            }
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                self.integer(i64::MIN, i64::MAX, value).map(Field::I64)
            }
            Kind::Uint32 | Kind::Fixed32 => self.integer(u32::MIN, u32::MAX, value).map(Field::U32),
            Kind::Uint64 | Kind::Fixed64 => self.integer(u64::MIN, u64::MAX, value).map(Field::U64),
            // Not in this API; a test says so.
            Kind::Double | Kind::Float | Kind::Bytes => {
                self.fault(|| "this type of field has no JSON form".into())
            }
        }
    }

    fn integer<N: TryFrom<i128> + std::fmt::Display>(&mut self, low: N, high: N, value: &Value) -> Option<N> {
        let number = match value {
            Value::Number(number) => whole(number),
            // 64-bit numbers are written as texts.
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        match number.map(N::try_from) {
            Some(Ok(number)) => Some(number),
            _ => self.fault(|| expected(&format!("a whole number from {low} to {high}"), value)),
        }
    }

    fn enum_number(&mut self, descriptor: &EnumDescriptor, value: &Value) -> Option<i32> {
        match value {
            Value::String(name) => match descriptor.get_value_by_name(name) {
                Some(value) => Some(value.number()),
                None => self.fault(|| {
                    let names: Vec<String> =
                        descriptor.values().map(|value| value.name().to_owned()).collect();
                    let hint = suggestion(name, names.iter().map(String::as_str));
                    format!("unknown value {} of {}; {hint}", quoted(name), descriptor.full_name())
                }),
            },
            // Numbers without a name are kept: enums are open, a newer client may know more names.
            Value::Number(_) => self.integer(i32::MIN, i32::MAX, value),
            _ => self.fault(|| expected(&format!("a name of {}", descriptor.full_name()), value)),
        }
    }
}

/// The number when it has no fraction (`1e3` has none).
fn whole(number: &serde_json::Number) -> Option<i128> {
    /// Above, not every whole number has a floating form of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(number) = number.as_i64() {
        return Some(number.into());
    }
    if let Some(number) = number.as_u64() {
        return Some(number.into());
    }
    number
        .as_f64()
        .filter(|number| number.fract() == 0.0 && number.abs() <= EXACT)
        .map(|number| number as i128)
}

fn unknown_field(descriptor: &MessageDescriptor, name: &str) -> String {
    let fields = fields(descriptor);
    // Answer in the spelling of the question.
    let camel = name.contains(|c: char| c.is_ascii_uppercase());
    let names = fields.iter().map(|field| if camel { field.json_name() } else { field.name() });
    format!("unknown field {} in {}; {}", quoted(name), descriptor.full_name(), suggestion(name, names))
}

/// `did you mean "x"?`, or all that would have been right.
pub(crate) fn suggestion<'a>(given: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(given, names.clone()) {
        Some(name) => format!("did you mean {name:?}?"),
        None => format!("known are {}", names.collect::<Vec<_>>().join(", ")),
    }
}

fn expected(what: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => Cow::Borrowed("null"),
        Value::Bool(value) => Cow::Owned(value.to_string()),
        Value::Number(value) => Cow::Owned(value.to_string()),
        Value::String(value) => Cow::Owned(quoted(value)),
        Value::Array(_) => Cow::Borrowed("a list"),
        Value::Object(_) => Cow::Borrowed("an object"),
    };
    format!("expected {what}, found {found}")
}

/// The text in quotes, cut when it is long: it may be anything.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}...", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
