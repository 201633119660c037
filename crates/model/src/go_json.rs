//! The JSON that Go's generic encoder makes of a generated protobuf struct.
//!
//! REST answers of the reference are written that way: names as in the `.proto` file, zero values left out,
//! enums and 64-bit numbers as plain numbers, and a oneof as one more level, called by the Go name of the oneof
//! and holding the Go name of the member, or `null` when unset.

use prost_reflect::{DynamicMessage, ReflectMessage, Value as Field};
use serde_json::{Map, Value};

use crate::json::{dynamic, fields, map};
use crate::value::Wire;

/// The value in Go's dialect; `null` when it is no message of this API.
pub fn go_json(wire: &Wire) -> Value {
    encode(wire.name, &wire.bytes)
}

/// As [`go_json`] for any message of the API, also one that is no model.
pub fn of<M: prost::Name>(message: &M) -> Value {
    encode(&M::full_name(), &message.encode_to_vec())
}

fn encode(name: &str, bytes: &[u8]) -> Value {
    match dynamic(name, bytes) {
        Some(message) => object(&message),
        None if name == Wire::EMPTY.name => Value::Object(Map::new()),
        None => Value::Null,
    }
}

fn object(message: &DynamicMessage) -> Value {
    let mut object = Map::new();
    for field in fields(&message.descriptor()) {
        if let Some(oneof) = field.containing_oneof() {
            // The struct has one member for all of them, where the first is declared.
            let name = go_name(oneof.name());
            if message.has_field(field) {
                let wrapper = Map::from_iter([(go_name(field.name()), member(&message.get_field(field)))]);
                object.insert(name, Value::Object(wrapper));
            } else {
                object.entry(name).or_insert(Value::Null);
            }
        } else if message.has_field(field) {
            object.insert(field.name().to_owned(), member(&message.get_field(field)));
        }
    }
    Value::Object(object)
}

fn member(value: &Field) -> Value {
    match value {
        Field::Bool(value) => Value::Bool(*value),
        Field::I32(value) | Field::EnumNumber(value) => Value::from(*value),
        Field::U32(value) => Value::from(*value),
        Field::I64(value) => Value::from(*value),
        Field::U64(value) => Value::from(*value),
        Field::String(value) => Value::String(value.clone()),
        Field::Message(message) => object(message),
        Field::List(items) => items.iter().map(member).collect(),
        Field::Map(entries) => map(entries, member),
        Field::Bytes(bytes) => Value::String(base64(bytes)),
        // Not in this API; a test says so.
        Field::F32(_) | Field::F64(_) => Value::Null,
    }
}

/// The name that generated Go code gives to a oneof or a field: `vmx_net3` becomes `VmxNet3`.
pub(crate) fn go_name(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut raise = true;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '_' && rest.peek().is_some_and(char::is_ascii_lowercase) {
            raise = true;
        } else {
            camel.push(if raise { c.to_ascii_uppercase() } else { c });
            // A letter after a digit starts a word.
            raise = c.is_ascii_digit();
        }
    }
    camel
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let index = bits >> (18 - 6 * position) & 0x3f;
            text.push(if position <= chunk.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_in_generated_go() {
        for (proto, go) in [
            ("link", "Link"),
            ("vmx_net3", "VmxNet3"),
            ("end_function_dx2", "EndFunctionDx2"),
            ("policy_ref", "PolicyRef"),
            ("ip6_nd", "Ip6Nd"),
            ("tag_2", "Tag_2"),
            ("l2_traffic", "L2Traffic"),
            ("nat44s", "Nat44S"),
        ] {
            assert_eq!(go_name(proto), go);
        }
    }

    #[test]
    fn base64_of_any_length() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{ff}~", "w79+"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
