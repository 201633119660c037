//! Protobuf's text format on one line, as logs show values: `name:"x" enabled:true`.

use prost_reflect::{DynamicMessage, Kind, MapKey, ReflectMessage, Value as Field};

use crate::json::{dynamic, fields};
use crate::value::Wire;

/// The value without its braces; empty for a value without content.
pub fn compact(wire: &Wire) -> String {
    dynamic(wire.name, &wire.bytes).map_or_else(String::new, |message| members(&message))
}

fn members(message: &DynamicMessage) -> String {
    let mut texts = Vec::new();
    for field in fields(&message.descriptor()).iter().filter(|field| message.has_field(field)) {
        let name = field.name();
        match &*message.get_field(field) {
            Field::List(items) => texts.extend(items.iter().map(|item| member(name, &field.kind(), item))),
            Field::Map(entries) => texts.extend(entries.iter().map(|(key, value)| {
                let key = map_key(key);
                format!(
                    "{name}:{{{} {}}}",
                    member("key", &Kind::String, &key),
                    member("value", &Kind::String, value)
                )
            })),
            value => texts.push(member(name, &field.kind(), value)),
        }
    }
    texts.join(" ")
}

fn map_key(key: &MapKey) -> Field {
    key.clone().into()
}

fn member(name: &str, kind: &Kind, value: &Field) -> String {
    match value {
        Field::Message(message) => format!("{name}:{{{}}}", members(message)),
        Field::String(text) => format!("{name}:{text:?}"),
        Field::Bytes(bytes) => format!("{name}:\"{}\"", bytes.escape_ascii()),
        Field::EnumNumber(number) => {
            let named =
                kind.as_enum().and_then(|of| of.get_value(*number).map(|value| value.name().to_owned()));
            format!("{name}:{}", named.unwrap_or_else(|| number.to_string()))
        }
        Field::Bool(value) => format!("{name}:{value}"),
        Field::I32(value) => format!("{name}:{value}"),
        Field::U32(value) => format!("{name}:{value}"),
        Field::I64(value) => format!("{name}:{value}"),
        Field::U64(value) => format!("{name}:{value}"),
        Field::F32(value) => format!("{name}:{value}"),
        Field::F64(value) => format!("{name}:{value}"),
        Field::List(_) | Field::Map(_) => String::new(), // lists do not nest in protobuf
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_nesting() {
        let json = serde_json::json!({
            "name": "m \"1\"", "type": "MEMIF", "enabled": true, "ip_addresses": ["10.0.0.1/24", "::1/64"],
            "memif": { "id": 7, "master": true },
        });
        let spec = crate::by_name("vpp.interfaces").unwrap();
        let value = spec.from_json(&json).unwrap();
        assert_eq!(
            compact(&value.wire()),
            r#"name:"m \"1\"" type:MEMIF enabled:true ip_addresses:"10.0.0.1/24" ip_addresses:"::1/64" memif:{master:true id:7}"#
        );
        assert_eq!(compact(&Wire::EMPTY), "");
    }
}
