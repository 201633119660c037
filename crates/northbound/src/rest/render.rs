//! Bodies as the reference writes them.

pub(super) use crate::plan::wrapped;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::str::FromStr;

/// JSON with the characters escaped that could end a script in a page, as Go's encoder does; `indented` by two spaces.
pub fn json_text(body: &impl Serialize, indented: bool) -> String {
    let text = if indented { serde_json::to_string_pretty(body) } else { serde_json::to_string(body) };
    let text = text.unwrap_or_default(); // JSON values can always be written
    if !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            _ => out.push(c),
        }
    }
    out
}

/// The usual answer: indented JSON with a newline at the end.
pub fn rendered(code: StatusCode, body: &impl Serialize) -> Response {
    let text = json_text(body, true) + "\n";
    (code, [(header::CONTENT_TYPE, "application/json; charset=UTF-8")], text).into_response()
}

/// The scheduler's errors.
pub fn failed(code: StatusCode, error: impl Into<String>) -> Response {
    rendered(code, &json!({ "Error": error.into() }))
}

/// The query, decoded, with arguments that are empty left out: they count as absent.
pub fn arguments(query: Option<&str>) -> Vec<(String, String)> {
    let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let decoded = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    });
    decoded.filter(|(_, value)| !value.is_empty()).collect()
}

/// The only value of an argument.
///
/// # Errors
/// It is given more than once.
pub fn single<'a>(arguments: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, String> {
    let mut values = arguments.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(format!("argument {name} is given more than once")),
        (first, None) => Ok(first),
    }
}

/// The number that an argument gives. Given more than once, it is ignored.
///
/// # Errors
/// It is none.
pub fn number<T: FromStr>(arguments: &[(String, String)], name: &str) -> Result<Option<T>, String> {
    let text = single(arguments, name).ok().flatten();
    let number = |text: &str| {
        text.parse().map_err(|_| format!("argument {name} is {text:?}, which is no number in its range"))
    };
    text.map(number).transpose()
}

/// Whether the argument `format` asks for a text instead of JSON.
///
/// # Errors
/// It asks for something else.
pub fn format_is_text(arguments: &[(String, String)]) -> Result<bool, String> {
    match single(arguments, "format").ok().flatten() {
        None | Some("json") => Ok(false),
        Some("text") => Ok(true),
        Some(other) => Err(format!("unknown format {other:?}: it is json or text")),
    }
}

/// A list; an empty one is `null`. Each element is made when it is written: a tree of all of them would take many times
/// the memory of their text.
pub fn rendered_list<T>(items: &[T], shown: impl Fn(&T) -> Value) -> Response {
    match items {
        [] => rendered(StatusCode::OK, &Value::Null),
        items => rendered(StatusCode::OK, &Each(items, shown)),
    }
}

struct Each<'a, T, F>(&'a [T], F);

impl<T, F: Fn(&T) -> Value> Serialize for Each<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// A plain text.
pub fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=UTF-8")], text).into_response()
}

/// Undoes the escaping of a query; what is no escape stays.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        match (first, digit(0), digit(1)) {
            (b'+', ..) => bytes.push(b' '),
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => bytes.push(first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded_and_empty_arguments_count_as_absent() {
        let given = arguments(Some("key=&key-prefix=config%2Fvpp/&a=b+c%zz&a=2&x"));
        assert_eq!(single(&given, "key"), Ok(None));
        assert_eq!(single(&given, "key-prefix"), Ok(Some("config/vpp/")));
        assert!(single(&given, "a").is_err());
        assert_eq!(given[1].1, "b c%zz");
        assert_eq!(single(&given, "x"), Ok(None));
    }

    #[test]
    fn a_list_is_written_as_its_elements_together_would_be() {
        let shown = |n: &u32| json!({ "N": n, "Of": [n] });
        let tree = Value::Array([1, 2].iter().map(shown).collect());
        assert_eq!(json_text(&Each(&[1, 2], shown), true), json_text(&tree, true));
    }

    #[test]
    fn what_could_end_a_script_is_escaped() {
        assert_eq!(json_text(&json!({ "a": "<b> & c" }), false), r#"{"a":"\u003cb\u003e \u0026 c"}"#);
    }
}
