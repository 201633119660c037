//! `/scheduler/stats`: how often things happened and how long they took.

use super::Shared;
use super::render::rendered;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use sched::{Operation, State as ValueState, Statistics, Timing};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const STATES: [ValueState; 11] = [
    ValueState::Nonexistent,
    ValueState::Missing,
    ValueState::Unimplemented,
    ValueState::Removed,
    ValueState::Configured,
    ValueState::Obtained,
    ValueState::Discovered,
    ValueState::Pending,
    ValueState::Invalid,
    ValueState::Failed,
    ValueState::Retrying,
];

pub async fn get(State(shared): State<Shared>) -> Response {
    rendered(StatusCode::OK, &shown(&shared.intake.scheduler().statistics().await))
}

fn shown(statistics: &Statistics) -> Value {
    let operation = |operation: Operation| {
        let count = statistics.operations.get(&operation).copied().unwrap_or_default();
        (operation.name().to_owned(), Value::from(count))
    };
    let operations = [Operation::Create, Operation::Update, Operation::Delete].map(operation);
    let states = STATES.map(|state| {
        let count = statistics.states.get(&state).copied().unwrap_or_default();
        (state.name().to_owned(), Value::from(count))
    });
    let all = all_descriptors(&statistics.descriptors);
    let descriptors = statistics.descriptors.iter().map(|(name, calls)| {
        let calls = call_stats(calls.iter().map(|(call, timing)| (*call, timing)));
        ((*name).to_owned(), calls)
    });
    json!({
        "TxnStats": {
            "TotalProcessed": statistics.processed,
            "OperationCount": Map::from_iter(operations),
            "ValueStateCount": Map::from_iter(states),
            "ErrorCount": statistics.errors,
            "Methods": call_stats(statistics.slices.iter().map(|(name, timing)| (*name, timing))),
        },
        "GraphMethods": call_stats(statistics.reads.iter().map(|(name, timing)| (*name, timing))),
        "AllDescriptors": call_stats(all.iter().map(|(name, timing)| (*name, timing))),
        "Descriptors": Map::from_iter(descriptors),
    })
}

/// Calls of all descriptors together, by operation.
fn all_descriptors(
    each: &BTreeMap<&'static str, BTreeMap<&'static str, Timing>>,
) -> BTreeMap<&'static str, Timing> {
    let mut all: BTreeMap<&str, Timing> = BTreeMap::new();
    for (call, timing) in each.values().flatten().filter(|(_, timing)| timing.count > 0) {
        let sum = all.entry(call).or_default();
        sum.min = if sum.count == 0 { timing.min } else { sum.min.min(timing.min) };
        sum.max = sum.max.max(timing.max);
        sum.count += timing.count;
        sum.total += timing.total;
    }
    all
}

/// In order of falling counts, then by name.
fn call_stats<'a>(calls: impl Iterator<Item = (&'a str, &'a Timing)>) -> Value {
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by(|(a, x), (b, y)| y.count.cmp(&x.count).then(a.cmp(b)));
    calls.into_iter().map(|(name, timing)| one(name, timing)).collect()
}

fn one(name: &str, timing: &Timing) -> Value {
    let mut members = Map::new();
    members.insert("name".to_owned(), name.into());
    members.insert("count".to_owned(), timing.count.into());
    members.extend(times(timing.count, timing.total, timing.min, timing.max));
    Value::Object(members)
}

/// How long calls took; what is 0 is left out.
pub(super) fn times(
    count: u64,
    total: Duration,
    min: Duration,
    max: Duration,
) -> impl Iterator<Item = (String, Value)> {
    let average = total.div_f64(count.max(1) as f64);
    let times = [("total", total), ("avg", average), ("min", min), ("max", max)];
    times.into_iter().filter_map(|(name, time)| Some((name.to_owned(), seconds(time)?)))
}

/// Seconds, rounded to the millisecond; nothing instead of 0.
fn seconds(time: Duration) -> Option<Value> {
    let millis = (time.as_micros() + 500) / 1000;
    match millis {
        0 => None,
        // As Go writes a whole number: without a fraction.
        _ if millis.is_multiple_of(1000) => u64::try_from(millis / 1000).ok().map(Value::from),
        _ => Some((millis as f64 / 1000.0).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::render::json_text;
    use super::*;

    fn timing(count: u64, total: u64, min: u64, max: u64) -> Timing {
        let [total, min, max] = [total, min, max].map(Duration::from_micros);
        Timing { count, total, min, max, ..Timing::default() }
    }

    #[test]
    fn the_shape_of_the_reference() {
        let statistics = Statistics {
            processed: 3,
            operations: BTreeMap::from([(Operation::Create, 5), (Operation::Delete, 1)]),
            states: BTreeMap::from([(ValueState::Configured, 4), (ValueState::Pending, 1)]),
            errors: 2,
            slices: BTreeMap::from([
                ("executeTransaction", timing(3, 30_000, 0, 20_400)),
                ("processTransaction", timing(4, 2_000_000, 500, 1_000_000)),
            ]),
            descriptors: BTreeMap::from([
                ("vpp-interface", BTreeMap::from([("Create", timing(2, 9_000, 4_000, 5_000))])),
                (
                    "vpp-route",
                    BTreeMap::from([
                        ("Create", timing(1, 1_000, 1_000, 1_000)),
                        ("Delete", timing(0, 0, 0, 0)),
                    ]),
                ),
            ]),
            reads: BTreeMap::from([("snapshot", timing(1, 400, 400, 400))]),
            ..Statistics::default()
        };
        let golden = concat!(
            r#"{"TxnStats":{"TotalProcessed":3,"OperationCount":{"CREATE":5,"UPDATE":0,"DELETE":1},"#,
            r#""ValueStateCount":{"NONEXISTENT":0,"MISSING":0,"UNIMPLEMENTED":0,"REMOVED":0,"CONFIGURED":4,"#,
            r#""OBTAINED":0,"DISCOVERED":0,"PENDING":1,"INVALID":0,"FAILED":0,"RETRYING":0},"ErrorCount":2,"#,
            r#""Methods":[{"name":"processTransaction","count":4,"total":2,"avg":0.5,"min":0.001,"max":1},"#,
            r#"{"name":"executeTransaction","count":3,"total":0.03,"avg":0.01,"max":0.02}]},"#,
            r#""GraphMethods":[{"name":"snapshot","count":1}],"#,
            r#""AllDescriptors":[{"name":"Create","count":3,"total":0.01,"avg":0.003,"min":0.001,"max":0.005}],"#,
            r#""Descriptors":{"vpp-interface":[{"name":"Create","count":2,"total":0.009,"avg":0.005,"min":0.004,"#,
            r#""max":0.005}],"vpp-route":[{"name":"Create","count":1,"total":0.001,"avg":0.001,"min":0.001,"#,
            r#""max":0.001},{"name":"Delete","count":0}]}}"#
        );
        assert_eq!(json_text(&shown(&statistics), false), golden);
    }

    #[test]
    fn lists_are_there_when_nothing_has_happened() {
        let empty = shown(&Statistics::default());
        assert_eq!(empty["TxnStats"]["Methods"], json!([]));
        assert_eq!((&empty["GraphMethods"], &empty["AllDescriptors"]), (&json!([]), &json!([])));
        assert_eq!(empty["Descriptors"], json!({}));
    }
}
