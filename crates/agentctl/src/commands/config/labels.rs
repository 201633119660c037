//! Labels of values, as they are typed: `team=net,canary,!old`.

use std::collections::BTreeMap;

/// Labels and their values; a name without `=` has an empty value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(pub BTreeMap<String, String>);

/// Reads labels that are separated by commas.
pub fn parse_labels(text: &str) -> Result<Labels, String> {
    let mut labels = BTreeMap::new();
    for label in text.split(',') {
        let (name, value) = label.split_once('=').unwrap_or((label, ""));
        if name.is_empty() || name == "!" {
            return Err(
                "a label has no name; write name, name=value, or several of them with commas".to_string()
            );
        }
        if labels.insert(name.to_string(), value.to_string()).is_some() {
            return Err(format!("the label {name} is there twice"));
        }
    }
    Ok(Labels(labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read() {
        let Labels(labels) = parse_labels("a=b,c,d=,!e=f=g").unwrap();
        let pairs: Vec<(&str, &str)> =
            labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("!e", "f=g"), ("a", "b"), ("c", ""), ("d", "")]);
    }

    #[test]
    fn a_label_without_name_or_twice_is_refused() {
        for text in ["", "a,,b", "=x", "!", "a=1,a=2"] {
            assert!(parse_labels(text).is_err(), "{text}");
        }
    }
}
