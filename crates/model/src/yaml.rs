//! YAML 1.2 to and from JSON values.
//!
//! Only `true` and `false` are booleans: an unquoted `y`, `no` or `on` is a text, as YAML 1.2 says (the reference
//! reads YAML 1.1). What is written is quoted so that readers of either version see the same.

use std::fmt::Write;
use std::net::IpAddr;

use serde_json::Value;
use serde_saphyr::UserMessageFormatter;
use serde_saphyr::options::NonFiniteFloatPolicy;

use crate::error::Error;

/// Deepest nesting that is read. The deepest value of the API needs less than 20.
const DEEPEST: usize = 64;

/// How many parser events aliases may add in all; a document without aliases has no such limit.
const REPLAYED: usize = 100_000;

/// Reads one YAML document; JSON is YAML. Empty text is `null`.
///
/// The work is bounded by the size of the text: nesting, aliases and merge keys have limits.
///
/// # Errors
/// [`Error::Yaml`] with line and column when the text is no YAML, has a key twice, or exceeds a limit.
pub fn parse(text: &str) -> Result<Value, Error> {
    // JSON in its own parser is faster, and may be indented with tabs. What it refuses may still be YAML.
    if text.trim_start().starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str(text)
    {
        return Ok(value);
    }
    // No document has more nodes than bytes, so these limits stop only what aliases multiply.
    let most = text.len().saturating_mul(2).saturating_add(1024);
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_events: most,
            max_nodes: most,
            max_total_scalar_bytes: most,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: REPLAYED },
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |place| (place.line(), place.column()));
        // The library ends some messages with the place, which the error states itself.
        let mut reason = error.render_with_formatter(&UserMessageFormatter);
        if let Some(cut) = reason.find(&format!(" at line {line}, column {column}")) {
            reason.truncate(cut);
        }
        Error::Yaml { line, column, reason }
    })
}

/// Writes a value as block YAML, members in the order of the value.
pub fn render(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => object(&mut text, members, 0, false),
        Value::Array(items) if !items.is_empty() => array(&mut text, items, 0),
        _ => {
            scalar(&mut text, value);
            text.push('\n');
        }
    }
    text
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Writes the members, each on its line. `started`: the first line's indentation is already there.
fn object(text: &mut String, members: &serde_json::Map<String, Value>, depth: usize, started: bool) {
    for (position, (name, value)) in members.iter().enumerate() {
        if position > 0 || !started {
            indent(text, depth);
        }
        string(text, name);
        text.push(':');
        match value {
            Value::Object(members) if !members.is_empty() => {
                text.push('\n');
                object(text, members, depth + 1, false);
            }
            // A list stands below its name, not indented: its dashes are enough.
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                array(text, items, depth);
            }
            _ => {
                text.push(' ');
                scalar(text, value);
                text.push('\n');
            }
        }
    }
}

fn array(text: &mut String, items: &[Value], depth: usize) {
    for item in items {
        indent(text, depth);
        match item {
            Value::Object(members) if !members.is_empty() => {
                text.push_str("- ");
                object(text, members, depth + 1, true);
            }
            Value::Array(items) if !items.is_empty() => {
                text.push_str("-\n");
                array(text, items, depth + 1);
            }
            _ => {
                text.push_str("- ");
                scalar(text, item);
                text.push('\n');
            }
        }
    }
}

fn scalar(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => {
            let _ = write!(text, "{value}");
        }
        Value::String(value) => string(text, value),
        Value::Array(_) => text.push_str("[]"),
        Value::Object(_) => text.push_str("{}"),
    }
}

fn string(text: &mut String, value: &str) {
    if is_plain(value) {
        text.push_str(value);
        return;
    }
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // Line and paragraph separators break lines in YAML 1.1; the byte order mark is dropped by readers.
            c if c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// Whether every YAML reader takes the unquoted text as this very text.
fn is_plain(value: &str) -> bool {
    /// What readers of YAML 1.1 or 1.2 take for a boolean or for nothing.
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let Some(first) = value.chars().next() else { return false };
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./@+: ".contains(c);
    if !value.chars().all(harmless) || value.contains(": ") || value.ends_with([':', ' ']) {
        return false;
    }
    if first.is_ascii_digit() {
        // Could be a number, a date or a time in some version; addresses are the common case and are none of it,
        // except that groups of digits between single colons are a number in YAML 1.1.
        let address = value.split('/').next().unwrap_or_default();
        return address.parse::<IpAddr>().is_ok()
            && (address.contains("::") || address.contains(|c: char| c == '.' || c.is_ascii_alphabetic()));
    }
    (first.is_ascii_alphabetic() || first == '_' || first == '/')
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}
