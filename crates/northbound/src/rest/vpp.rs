//! `/vpp/…`: the VPP itself, past the scheduler.

use super::Shared;
use super::render::{arguments, failed, rendered, single};
use crate::capability;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What of the API works with this VPP.
pub async fn capabilities(State(shared): State<Shared>) -> Response {
    rendered(StatusCode::OK, &capability::table(shared.intake.scheduler()).await)
}

/// A line of VPP's own command language, for people: `{"vppclicommand": "show version"}`.
pub async fn command(State(shared): State<Shared>, body: Bytes) -> Response {
    let line = match line(&body) {
        Ok(line) => line,
        Err(error) => {
            return rendered(StatusCode::BAD_REQUEST, &Value::String(format!("400 Bad request: {error}\n")));
        }
    };
    match shared.vpp.command(&line).await {
        Ok(text) => rendered(StatusCode::OK, &Value::String(text)),
        Err(error) => {
            let text = format!("500 Internal server error: request failed: {error}\n");
            rendered(StatusCode::INTERNAL_SERVER_ERROR, &Value::String(text))
        }
    }
}

fn line(body: &[u8]) -> Result<String, String> {
    let members: BTreeMap<String, String> = serde_json::from_slice(body)
        .map_err(|error| format!("the body must be a JSON object of texts, but {error}"))?;
    let line = members.get("vppclicommand").map(|line| line.trim()).unwrap_or_default();
    if line.is_empty() {
        return Err("\"vppclicommand\" must hold a command, such as \"show version\"".to_owned());
    }
    Ok(line.to_owned())
}

/// What the API trace holds.
pub async fn trace(State(shared): State<Shared>) -> Response {
    rendered(StatusCode::OK, &shared.vpp.trace())
}

/// Turns the API trace on or off.
pub async fn set_trace(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = arguments(query.as_deref());
    let on = match single(&query, "on") {
        Ok(Some("true" | "1")) => true,
        Ok(Some("false" | "0")) => false,
        _ => return failed(StatusCode::BAD_REQUEST, "argument on must be true or false"),
    };
    shared.vpp.set_trace(on);
    rendered(StatusCode::OK, &json!({ "on": on }))
}

/// Forgets what the API trace holds.
pub async fn clear_trace(State(shared): State<Shared>) -> Response {
    shared.vpp.clear_trace();
    rendered(StatusCode::OK, &json!({}))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::line;

    #[test]
    fn the_body_is_an_object_of_texts_with_a_command() {
        assert_eq!(line(br#"{"vppclicommand": " show version ", "x": "y"}"#).unwrap(), "show version");
        for (body, told) in [
            ("", "JSON object"),
            ("[]", "JSON object"),
            (r#"{"vppclicommand": 1}"#, "JSON object"),
            ("{}", "must hold a command"),
            (r#"{"vppclicommand": " "}"#, "must hold a command"),
        ] {
            let error = line(body.as_bytes()).unwrap_err();
            assert!(error.contains(told), "{body}: {error}");
        }
    }
}
