//! `/configuration`: all that is wanted, as one document; and what a document would do.

use super::Shared;
use super::render::{arguments, failed, format_is_text, plain, rendered};
use crate::document;
use crate::intake::Batch;
use crate::listing::joined;
use crate::merge::Source;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::document::Document;
use sched::{Retry, Select, View};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

pub async fn get(State(shared): State<Shared>) -> Response {
    let items = shared.intake.scheduler().values(View::Nb, Select::All).await;
    let text = model::document::render(items.iter().map(|item| &*item.value));
    ([(header::CONTENT_TYPE, "application/yaml; charset=UTF-8")], text).into_response()
}

/// Takes a document in; `replace` makes it all that gRPC and REST want. What is good in it is applied even if something
/// else is wrong, which the answer then says.
pub async fn put(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let (batch, mut problems) = match read(&body) {
        Ok(document) => batch(document, query.as_deref()),
        Err(error) => return refused(&error),
    };
    match shared.intake.submit(Source::grpc(), batch).await {
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

/// What [`put`] would do with the document.
pub async fn plan(State(shared): State<Shared>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let in_words = match format_is_text(&arguments(query.as_deref())) {
        Ok(in_words) => in_words,
        Err(error) => return failed(StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    let document = match read(&body) {
        Ok(document) => document,
        Err(error) => return refused(&error),
    };
    let faults = document.errors.iter().map(|error| {
        let place: Arc<str> = error.key.as_deref().unwrap_or(&error.path).into();
        (place, error.fault.to_string())
    });
    let faults: Vec<_> = faults.collect();
    let (batch, problems) = batch(document, query.as_deref());
    let mut preview = match shared.intake.plan(Source::grpc(), batch).await {
        Ok(preview) => preview,
        Err(error) => return refused(&format!("{error}\n")),
    };
    // The scheduler names those that it got to know; the others have no key, or are as faulty as they were before.
    let named: HashSet<Arc<str>> = preview.refused.iter().map(|(key, _)| key.clone()).collect();
    // The sentences about the faults come first; the others are about the document as a whole.
    let whole = problems.into_iter().skip(faults.len()).map(|problem| (Arc::from("the document"), problem));
    let unnamed = faults.into_iter().filter(|(place, _)| !named.contains(place));
    preview.refused.extend(unnamed.chain(whole));
    match in_words {
        true => plain(crate::plan::text(&preview)),
        false => rendered(StatusCode::OK, &crate::plan::json(&preview)),
    }
}

fn read(body: &[u8]) -> Result<Document, String> {
    let text = str::from_utf8(body).map_err(|error| error.to_string());
    let document = text.and_then(|text| model::document::parse(text).map_err(|error| error.to_string()));
    document.map_err(|error| format!("the configuration cannot be read: {error}\n"))
}

/// The document as a batch, and what is wrong with it.
fn batch(document: Document, query: Option<&str>) -> (Batch, Vec<String>) {
    let replace = query.unwrap_or_default();
    let replace = replace.split('&').any(|argument| argument.split('=').next() == Some("replace"));
    let (mut batch, problems) = document::batch(document, replace);
    batch.resync = replace;
    batch.retry = Some(Retry::default());
    batch.description = if replace { "config replace" } else { "config change" }.to_owned();
    (batch, problems)
}

fn refused(text: &str) -> Response {
    rendered(StatusCode::INTERNAL_SERVER_ERROR, &Value::String(text.to_owned()))
}
