//! `/govppmux/stats` and `/metrics/govppmux.stats`: how often messages to VPP were used, in the reference's shapes.

use super::Shared;
use super::render::{failed, rendered};
use super::stats::times;
use crate::direct::{Latency, Requests};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::go_json::go_json;
use model::proto::ligato::govppmux::Metrics;
use model::value::Value as _;
use serde_json::{Map, Value, json};

/// The only model that is read and not configured.
const STATS: &str = "govppmux.stats";

pub async fn get(State(shared): State<Shared>) -> Response {
    rendered(StatusCode::OK, &shown(&shared.vpp.requests()))
}

/// A model of the class `metrics` by its name.
pub async fn metric(State(shared): State<Shared>, Path(name): Path<String>) -> Response {
    if name == STATS {
        return rendered(StatusCode::OK, &counters(&shared.vpp.requests()));
    }
    match model::by_name(&name) {
        Some(_) => {
            let error = format!("{name} is configured, and no metric; the only metric is {STATS}");
            failed(StatusCode::INTERNAL_SERVER_ERROR, error)
        }
        None => failed(StatusCode::NOT_FOUND, format!("there is no metric {name}; the only one is {STATS}")),
    }
}

fn counters(requests: &Requests) -> Value {
    let (sent, done, failed) = requests.sums();
    let metrics = Metrics {
        channels_created: requests.connections,
        channels_open: requests.connected.into(),
        requests_sent: sent,
        requests_done: done,
        requests_fail: failed,
        request_replies: requests.replies(),
    };
    go_json(&metrics.wire())
}

fn shown(requests: &Requests) -> Value {
    let mut errors: Vec<(String, u64)> = Vec::new();
    let mut all = Latency::default();
    for message in &requests.messages {
        for (error, count) in &message.errors {
            match errors.iter_mut().find(|(known, _)| known == error) {
                Some((_, sum)) => *sum += count,
                None => errors.push((error.clone(), *count)),
            }
        }
        let latency = &message.latency;
        if latency.count > 0 {
            all.min = if all.count == 0 { latency.min } else { all.min.min(latency.min) };
        }
        all.count += latency.count;
        all.total += latency.total;
        all.max = all.max.max(latency.max);
    }
    let done = requests.messages.iter().filter(|message| message.latency.count > 0);
    let messages = done.map(|message| call(message.name, &message.latency)).collect();
    let counted = |(name, count): (&str, u64)| json!({ "name": name, "count": count });
    let errors = errors.iter().map(|(error, count)| counted((error, *count))).collect();
    let replies = requests.replies.iter().map(|&(name, count)| counted((name, count))).collect();
    let mut shown = counters(requests);
    if let Some(members) = shown.as_object_mut() {
        members.insert("Errors".to_owned(), falling(errors));
        members.insert("AllMessages".to_owned(), call("", &all));
        members.insert("Messages".to_owned(), falling(messages));
        members.insert("Replies".to_owned(), falling(replies));
    }
    shown
}

/// In order of falling counts, then as they were; no list is `null`.
fn falling(mut list: Vec<Value>) -> Value {
    list.sort_by_key(|one| std::cmp::Reverse(one["count"].as_u64()));
    if list.is_empty() { Value::Null } else { list.into() }
}

fn call(name: &str, latency: &Latency) -> Value {
    let mut members = Map::new();
    if !name.is_empty() {
        members.insert("name".to_owned(), name.into());
    }
    members.insert("count".to_owned(), latency.count.into());
    members.extend(times(latency.count, latency.total, latency.min, latency.max));
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direct::Message;
    use std::time::Duration;

    fn message(name: &'static str, counts: (u64, u64), millis: &[u64], errors: &[(&str, u64)]) -> Message {
        let all: Vec<Duration> = millis.iter().map(|millis| Duration::from_millis(*millis)).collect();
        let latency = Latency {
            count: all.len() as u64,
            total: all.iter().sum(),
            min: all.iter().min().copied().unwrap_or_default(),
            max: all.iter().max().copied().unwrap_or_default(),
            buckets: Vec::new(),
        };
        let errors = errors.iter().map(|(error, count)| ((*error).to_owned(), *count)).collect();
        Message { name, sent: counts.0, failed: counts.1, errors, latency }
    }

    #[test]
    fn the_shape_is_the_reference_s() {
        let requests = Requests {
            connections: 2,
            connected: true,
            messages: vec![
                message("a", (3, 1), &[2000, 1000], &[("INVALID_VALUE", 1)]),
                message("b", (9, 3), &[1, 1, 2, 2, 500], &[("timeout", 2), ("INVALID_VALUE", 1)]),
                message("c", (1, 0), &[], &[]),
            ],
            replies: vec![("a_reply", 3), ("b_details", 50)],
            bounds: &[],
        };
        assert_eq!(
            shown(&requests).to_string(),
            concat!(
                r#"{"channels_created":2,"channels_open":1,"requests_sent":13,"requests_done":7,"requests_fail":4,"#,
                r#""request_replies":53,"Errors":[{"name":"INVALID_VALUE","count":2},{"name":"timeout","count":2}],"#,
                r#""AllMessages":{"count":7,"total":3.506,"avg":0.501,"min":0.001,"max":2},"#,
                r#""Messages":[{"name":"b","count":5,"total":0.506,"avg":0.101,"min":0.001,"max":0.5},"#,
                r#"{"name":"a","count":2,"total":3,"avg":1.5,"min":1,"max":2}],"#,
                r#""Replies":[{"name":"b_details","count":50},{"name":"a_reply","count":3}]}"#
            )
        );
        assert_eq!(
            shown(&Requests::default()).to_string(),
            r#"{"Errors":null,"AllMessages":{"count":0},"Messages":null,"Replies":null}"#
        );
    }
}
