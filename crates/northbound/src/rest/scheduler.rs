//! `/scheduler/…`: what the scheduler knows.

use super::Shared;
use super::history::shown;
use super::render::{arguments, failed, rendered, rendered_list, single, wrapped};
use crate::listing::joined;
use crate::status;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use sched::{BaseStatus, Item, Resync, Retry, Scheduler, Select, Txn, View};
use serde_json::{Map, Value, json};

const OOPS: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// Base kinds with a descriptor, for listings.
fn index(scheduler: &Scheduler) -> Value {
    let prefix = |derived: bool, prefix: &'static str| if derived { "" } else { prefix };
    let (names, prefixes): (Vec<_>, Vec<_>) =
        scheduler.descriptors().iter().map(|d| (d.name, prefix(d.derived, d.prefix))).unzip();
    json!({ "Descriptors": names, "KeyPrefixes": prefixes, "Views": ["SB", "NB", "cached"] })
}

/// What the arguments `descriptor` and `key-prefix` select.
fn selection(query: &[(String, String)]) -> Result<Option<Select>, String> {
    let descriptor = single(query, "descriptor")?.map(|name| Select::Descriptor(name.to_owned()));
    let prefix = single(query, "key-prefix")?.map(|prefix| Select::Prefix(prefix.to_owned()));
    Ok(descriptor.or(prefix))
}

fn has_descriptor(scheduler: &Scheduler, select: &Select) -> bool {
    scheduler.descriptors().iter().any(|d| match select {
        Select::Descriptor(name) => name == d.name,
        Select::Prefix(prefix) => {
            !d.derived && (prefix.starts_with(d.prefix) || d.prefix.starts_with(prefix.as_str()))
        }
        _ => true,
    })
}

pub async fn dump(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let scheduler = shared.intake.scheduler();
    let query = arguments(query.as_deref());
    let select = match selection(&query) {
        Ok(Some(select)) => select,
        Ok(None) => return rendered(StatusCode::OK, &index(scheduler)),
        Err(error) => return failed(OOPS, error),
    };
    let view = match single(&query, "view") {
        Ok(view) => view.unwrap_or("SB"),
        Err(error) => return failed(OOPS, error),
    };
    if !has_descriptor(scheduler, &select) {
        let error = match select {
            Select::Descriptor(name) => format!("no descriptor found with the name {name:?}"),
            _ => "no descriptor found matching the key prefix".to_owned(),
        };
        return failed(StatusCode::NOT_FOUND, error);
    }
    let items = match view {
        "NB" => scheduler.values(View::Nb, select).await,
        "cached" => scheduler.values(View::Cached, select).await,
        "SB" => match scheduler.retrieve(select).await {
            Ok(items) => items,
            Err(error) => return failed(OOPS, error.to_string()),
        },
        other => return failed(OOPS, format!("unknown view {other:?}: it is SB, NB or cached")),
    };
    let element = |item: &Item| {
        json!({
            "Key": &*item.key,
            "Value": wrapped(&*item.value),
            "Origin": item.origin as u8,
            "Metadata": item.metadata,
        })
    };
    rendered_list(&items, element)
}

pub async fn statuses(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let scheduler = shared.intake.scheduler();
    let query = arguments(query.as_deref());
    let (key, select) = match (single(&query, "key"), selection(&query)) {
        (Ok(key), Ok(select)) => (key, select),
        (Err(error), _) | (_, Err(error)) => return failed(OOPS, error),
    };
    if let Some(key) = key {
        let found = scheduler.statuses(Select::Key(key.to_owned())).await;
        let status = found.first().map_or(Value::Null, base_status);
        return rendered(StatusCode::OK, &status);
    }
    let select = select.unwrap_or(Select::All);
    let of_model = |prefix: &str| {
        model::MODELS.iter().any(|m| prefix.starts_with(m.prefix) || m.prefix.starts_with(prefix))
    };
    let known = match &select {
        Select::Prefix(prefix) => of_model(prefix),
        other => has_descriptor(scheduler, other),
    };
    if !known {
        return failed(OOPS, "unknown key prefix");
    }
    let found = scheduler.statuses(select).await;
    rendered_list(&found, base_status)
}

fn base_status(status: &BaseStatus) -> Value {
    let mut members = Map::from_iter([("value".to_owned(), status::json(&status.value))]);
    if !status.derived.is_empty() {
        members.insert("derived_values".to_owned(), status.derived.iter().map(status::json).collect());
    }
    Value::Object(members)
}

pub async fn downstream_resync(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = arguments(query.as_deref());
    let on = |name: &str| matches!(single(&query, name), Ok(Some("1" | "true")));
    let retry = on("retry").then(Retry::default);
    let txn = Txn { resync: Resync::Downstream, retry, verbose: on("verbose"), ..Txn::default() };
    let report = match shared.intake.scheduler().commit(txn).await {
        Ok(report) => report,
        Err(closed) => return failed(OOPS, closed.to_string()),
    };
    if !report.failed.is_empty() {
        let errors = report.failed.iter().map(|f| format!("{} ({}): {}", f.key, f.operation.name(), f.error));
        return failed(OOPS, format!("KeyErrors: [{}]", joined(errors, ", ")));
    }
    if let Some((_, first)) = report.unread.first() {
        // One reason stands for all that share it: a VPP that is away has many kinds.
        let others = report.unread.iter().filter(|(_, reason)| reason != first);
        let others = others.map(|(name, reason)| format!("{name}: {reason}"));
        let reasons = joined(std::iter::once(first.clone()).chain(others), "; ");
        return failed(
            OOPS,
            format!("not everything could be compared: {reasons}; this is done as soon as possible"),
        );
    }
    let record = shared.intake.scheduler().history().by_seq(report.seq);
    rendered(StatusCode::OK, &record.map_or(Value::Null, |record| shown(&record)))
}
