//! `/scheduler/txn-history`: what was done, as JSON or as text.

use super::Shared;
use super::log::text;
use super::render::{arguments, failed, format_is_text, number, plain, rendered, rendered_list, wrapped};
use super::time::{nanoseconds, rfc3339};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::value::Value as Modelled;
use sched::{Origin, Record, RecordedOp, Resync, State as ValueState};
use serde_json::{Map, Value, json};
use std::sync::Arc;

pub async fn get(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let history = shared.intake.scheduler().history();
    let query = arguments(query.as_deref());
    let question = match Question::of(&query) {
        Ok(question) => question,
        Err(error) => return failed(StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    if let Some(seq) = question.seq {
        let Some(record) = history.by_seq(seq) else {
            let error = "transaction with such sequence number is not recorded";
            return failed(StatusCode::NOT_FOUND, error);
        };
        return if question.text {
            plain(text(&record, true))
        } else {
            rendered(StatusCode::OK, &shown(&record))
        };
    }
    let records = history.records().into_iter().filter(|record| {
        let start = nanoseconds(record.start);
        question.since.is_none_or(|since| start >= since) && question.until.is_none_or(|until| start <= until)
    });
    let records: Vec<Arc<Record>> = records.collect();
    if question.text {
        let texts =
            records.iter().map(|record| format!("Transaction #{}:\n{}", record.seq, text(record, false)));
        return plain(texts.collect::<Vec<_>>().join("\n"));
    }
    rendered_list(&records, |record| shown(record))
}

struct Question {
    text: bool,
    seq: Option<u64>,
    since: Option<u128>,
    until: Option<u128>,
}

impl Question {
    fn of(query: &[(String, String)]) -> Result<Question, String> {
        let text = format_is_text(query)?;
        let (seq, since) = (number(query, "seq-num")?, number(query, "since")?);
        Ok(Question { text, seq, since, until: number(query, "until")? })
    }
}

fn resync_name(resync: Resync) -> Option<&'static str> {
    match resync {
        Resync::None => None,
        Resync::Full => Some("FullResync"),
        Resync::Upstream => Some("UpstreamResync"),
        Resync::Downstream => Some("DownstreamResync"),
    }
}

/// A transaction as the reference's JSON shows it.
pub fn shown(record: &Record) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    // What is in the history has been done, so the reference's mark for a record before that (PreRecord) never occurs.
    if record.planned.is_some() {
        put("WithSimulation", true.into());
    }
    put("Start", rfc3339(record.start).into());
    put("Stop", rfc3339(record.stop).into());
    put("SeqNum", record.seq.into());
    put("TxnType", record.kind.name().into());
    if let Some(name) = resync_name(record.resync) {
        put("ResyncType", name.into());
    }
    let description = description(record);
    if !description.is_empty() {
        put("Description", description.into());
    }
    if let Some((seq, attempt)) = record.retry_for {
        // Like all numbers that may be missing, 0 is left out.
        if seq > 0 {
            put("RetryForTxn", seq.into());
        }
        put("RetryAttempt", attempt.into());
    }
    if !record.values.is_empty() && record.resync != Resync::Downstream {
        let shown = |(key, value, origin): &(Arc<str>, Option<Arc<dyn Modelled>>, Origin)| {
            let value = value.as_ref().map_or(Value::Null, |value| wrapped(&**value));
            json!({ "Key": &**key, "Value": value, "Origin": *origin as u8 })
        };
        put("Values", record.values.iter().map(shown).collect());
    }
    if let Some(planned) = record.planned.as_ref().filter(|planned| !planned.is_empty()) {
        put("Planned", planned.iter().map(operation).collect());
    }
    if !record.executed.is_empty() {
        put("Executed", record.executed.iter().map(operation).collect());
    }
    Value::Object(members)
}

/// The free text, and what the history leaves out.
pub fn description(record: &Record) -> String {
    match record.omitted {
        0 => record.description.clone(),
        n => format!(
            "{} ({n} values and operations are not recorded, to bound the history)",
            record.description
        ),
    }
}

fn operation(op: &RecordedOp) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    let state = |state: ValueState| (state != ValueState::Nonexistent).then(|| Value::from(state.name()));
    let value = |value: &Option<Arc<dyn Modelled>>| value.as_ref().map(|value| wrapped(&**value));
    let text = |text: &Option<Box<str>>| text.as_deref().map(Value::from);
    let flag = |flag: bool| flag.then_some(Value::Bool(true));
    put("Operation", Some(op.operation.name().into()));
    put("Key", Some((&*op.key).into()));
    put("NewState", state(op.new_state));
    put("NewValue", value(&op.new_value));
    put("NewErrMsg", text(&op.error));
    put("PrevState", state(op.prev_state));
    put("PrevValue", value(&op.prev_value));
    put("PrevErrMsg", text(&op.prev_error));
    put("NOOP", flag(op.noop));
    put("IsDerived", flag(op.derived));
    put("IsProperty", flag(op.property));
    put("IsRevert", flag(op.revert));
    put("IsRetry", flag(op.retry));
    put("IsRecreate", flag(op.recreate));
    Value::Object(members)
}
