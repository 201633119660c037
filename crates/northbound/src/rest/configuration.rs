//! `/configuration`: all that is wanted, as one document.

use super::Shared;
use super::render::rendered;
use crate::document;
use crate::listing::joined;
use crate::merge::Source;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sched::{Retry, Select, View};
use serde_json::{Value, json};

pub async fn get(State(shared): State<Shared>) -> Response {
    let items = shared.intake.scheduler().values(View::Nb, Select::All).await;
    let text = model::document::render(items.iter().map(|item| &*item.value));
    ([(header::CONTENT_TYPE, "application/yaml; charset=UTF-8")], text).into_response()
}

/// Takes a document in; `replace` makes it all that gRPC and REST want. What is good in it is applied even if something
/// else is wrong, which the answer then says.
pub async fn put(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let replace = query.as_deref().unwrap_or_default();
    let replace = replace.split('&').any(|argument| argument.split('=').next() == Some("replace"));
    let text = str::from_utf8(&body).map_err(|error| error.to_string());
    let document = match text.and_then(|text| model::document::parse(text).map_err(|error| error.to_string()))
    {
        Ok(document) => document,
        Err(error) => return refused(&format!("the configuration cannot be read: {error}\n")),
    };
    let (mut batch, mut problems) = document::batch(document, replace);
    batch.resync = replace;
    batch.retry = Some(Retry::default());
    batch.description = if replace { "config replace" } else { "config change" }.to_owned();
    match shared.intake.submit(Source::grpc(), batch.telling_invalid()).await {
        Ok(outcome) => {
            problems.extend(outcome.key_errors());
            problems.extend(outcome.not_stored.map(|error| error.to_string()));
        }
        Err(error) => problems.push(error.to_string()),
    }
    match problems.is_empty() {
        true => rendered(StatusCode::OK, &json!({})),
        false => refused(&format!(
            "not all of the configuration was applied: {}\n",
            joined(problems.into_iter(), "; ")
        )),
    }
}

fn refused(text: &str) -> Response {
    rendered(StatusCode::INTERNAL_SERVER_ERROR, &Value::String(text.to_owned()))
}
