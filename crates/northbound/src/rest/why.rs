//! `/scheduler/why`: why a value is in its state, as JSON or in words.

use super::Shared;
use super::render::{arguments, failed, format_is_text, plain, rendered, single};
use crate::why;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

pub async fn get(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = arguments(query.as_deref());
    let Some(key) = single(&query, "key").ok().flatten() else {
        return failed(StatusCode::INTERNAL_SERVER_ERROR, "missing key argument");
    };
    let in_words = match format_is_text(&query) {
        Ok(in_words) => in_words,
        Err(error) => return failed(StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    let explanation = shared.intake.scheduler().explain(key).await;
    if in_words { plain(why::text(&explanation)) } else { rendered(StatusCode::OK, &why::json(&explanation)) }
}
