//! What stands in etcd as values: JSON in proto names or JSON names.

use std::sync::Arc;

use model::value::Value;

use crate::merge::{Item, Want};

/// The value of a key, or why it cannot be used.
pub fn item(key: &str, bytes: &[u8], expand: bool) -> Item {
    let want = match value(key, bytes, expand) {
        Ok(value) => Want::Put(value),
        Err(reason) => {
            tracing::error!(
                "etcd: the value of {key} is not used: {reason}; its last good value stays in force"
            );
            Want::Refused(reason.into())
        }
    };
    Item { key: key.into(), want }
}

fn value(key: &str, bytes: &[u8], expand: bool) -> Result<Arc<dyn Value>, String> {
    let Some((spec, _)) = model::by_key(key) else {
        return Err("no model has such keys; compare the key with the prefixes that KnownModels lists".into());
    };
    let expanded;
    let bytes = if expand {
        expanded = expand_variables(&String::from_utf8_lossy(bytes), |name| std::env::var(name).ok())?;
        expanded.as_bytes()
    } else {
        bytes
    };
    let json: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| format!("the value is not JSON: {error}"))?;
    let value = spec.from_json(&json).map_err(|error| error.to_string())?;
    match value.key() {
        own if own == key => Ok(value),
        own => Err(format!("the fields of the value make the key {own}; correct them or the key")),
    }
}

/// Replaces `$NAME` and `${NAME}`. A dollar sign that starts no name stays.
fn expand_variables(text: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let after = &after[1..];
        let braced = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let word = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let (name, behind) = braced.unwrap_or_else(|| after.split_at(word));
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('$');
            rest = after;
            continue;
        }
        let value = lookup(name).ok_or_else(|| {
            format!("it names the environment variable {name}, which the agent does not have")
        })?;
        out.push_str(&value);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(key: &str, text: &str) -> String {
        match item(key, text.as_bytes(), false).want {
            Want::Refused(reason) => reason.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn proto_names_json_names_and_numbers() {
        let key = "config/vpp/v2/interfaces/loop1";
        let written = [
            r#"{"name":"loop1","type":"SOFTWARE_LOOPBACK","ip_addresses":["10.0.0.1/24"]}"#,
            r#"{"name":"loop1","type":2,"ipAddresses":["10.0.0.1/24"]}"#,
        ];
        let [one, other] = written.map(|text| value(key, text.as_bytes(), false).unwrap());
        assert!(one.same(&*other));
    }

    #[test]
    fn reasons_name_the_fault() {
        let key = "config/vpp/v2/interfaces/loop1";
        assert!(reason(key, "not json").contains("not JSON"));
        assert!(reason(key, r#"{"name":"loop1","mtuu":3}"#).contains("mtuu"));
        assert!(reason(key, r#"{"name":"loop2"}"#).contains("config/vpp/v2/interfaces/loop2"));
        assert!(reason("config/vpp/v9/x/y", "{}").contains("no model"));
        assert!(reason(key, "").contains("not JSON"));
    }

    #[test]
    fn variables() {
        let lookup = |name: &str| (name == "HOST_1").then(|| "value".to_owned());
        let expand = |text: &str| expand_variables(text, lookup);
        assert_eq!(expand("a $HOST_1/${HOST_1}b $ $5 $$").unwrap(), "a value/valueb $ $5 $$");
        assert!(expand("$MISSING").unwrap_err().contains("MISSING"));
    }

    proptest::proptest! {
        /// Whatever stands in etcd becomes a value of that very key, or a reason.
        #[test]
        fn any_bytes_have_an_answer(
            bytes in proptest::prelude::any::<Vec<u8>>(),
            name in "[a-z0-9/.]{0,12}",
            text in "[{]\"(name|mtu|type|link|x)\":(1|-1|99999999999|\"[a-z$]{0,3}\"|null|[{][}]|[\\[][]])[}]",
            expand: bool,
        ) {
            let key = format!("config/vpp/v2/interfaces/{name}");
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                match item(&key, bytes, expand).want {
                    Want::Put(value) => proptest::prop_assert_eq!(value.key(), key.clone()),
                    Want::Refused(reason) => proptest::prop_assert!(!reason.is_empty()),
                    Want::Delete => proptest::prop_assert!(false),
                }
            }
        }
    }
}
