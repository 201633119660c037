//! `/scheduler/txn-history`: what was done, as JSON or as text.

use super::Shared;
use super::render::{arguments, failed, rendered, single, wrapped};
use super::time::{duration, in_log, nanoseconds, rfc3339};
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::value::Value as Modelled;
use sched::{Operation, Origin, Record, RecordedOp, Resync, State as ValueState, TxnKind};
use serde_json::{Map, Value, json};
use std::fmt::Write;
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
    let list: Vec<Value> = records.iter().map(|record| shown(record)).collect();
    rendered(StatusCode::OK, &if list.is_empty() { Value::Null } else { Value::Array(list) })
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=UTF-8")], text).into_response()
}

struct Question {
    text: bool,
    seq: Option<u64>,
    since: Option<u128>,
    until: Option<u128>,
}

impl Question {
    fn of(query: &[(String, String)]) -> Result<Question, String> {
        fn number<T: std::str::FromStr>(query: &[(String, String)], name: &str) -> Result<Option<T>, String> {
            let text = single(query, name).ok().flatten(); // given twice, it is ignored
            text.map(|text| {
                text.parse().map_err(|_| format!("argument {name} is {text:?}, which is no number"))
            })
            .transpose()
        }
        let text = match single(query, "format").ok().flatten() {
            None | Some("json") => false,
            Some("text") => true,
            Some(other) => return Err(format!("unknown format {other:?}: it is json or text")),
        };
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
        put("RetryForTxn", seq.into());
        put("RetryAttempt", attempt.into());
    }
    if !record.values.is_empty() && record.resync != Resync::Downstream {
        let shown = |(key, value, origin): &(Arc<str>, Option<Arc<dyn Modelled>>, Origin)| {
            let value = value.as_ref().map_or(Value::Null, |value| wrapped(&**value));
            json!({ "Key": &**key, "Value": value, "Origin": *origin as u8 })
        };
        put("Values", record.values.iter().map(shown).collect());
    }
    if !record.executed.is_empty() {
        put("Executed", record.executed.iter().map(operation).collect());
    }
    Value::Object(members)
}

fn description(record: &Record) -> String {
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
    put("IsRetry", flag(op.retry));
    put("IsRecreate", flag(op.recreate));
    Value::Object(members)
}

/// A transaction as the reference's log shows it; a single one with its states.
fn text(record: &Record, verbose: bool) -> String {
    let mut out = String::new();
    let kind = match record.kind {
        TxnKind::NbTransaction => "NB Transaction".to_owned(),
        TxnKind::SbNotification => "SB Notification".to_owned(),
        TxnKind::RetryFailedOps => "Retry Transaction".to_owned(),
        TxnKind::RetryUnimplOps => "RetryUnimplOps".to_owned(),
    };
    let suffix = match (record.retry_for, record.resync) {
        (Some((seq, attempt)), _) => format!(" (for txn #{seq}, attempt #{attempt})"),
        (None, Resync::None) => String::new(),
        (None, Resync::Full) => ", Full Resync".to_owned(),
        (None, Resync::Upstream) => ", NB Sync".to_owned(),
        (None, Resync::Downstream) => ", SB Sync".to_owned(),
    };
    out += &format!("* transaction arguments:\n    - seqNum: {}\n    - type: {kind}{suffix}\n", record.seq);
    let description = description(record);
    if !description.is_empty() {
        let _ = writeln!(out, "    - Description: {}", description.replace('\n', "\n        "));
    }
    match record.values.is_empty() {
        _ if record.resync == Resync::Downstream => {}
        true => out += "    - values: NONE\n",
        false => {
            out += "    - values:\n";
            for (key, value, _) in &record.values {
                let _ = writeln!(out, "        - key: {key}\n          val: {}", value_text(value.as_ref()));
            }
        }
    }
    let took = record.stop.duration_since(record.start).unwrap_or_default();
    let (start, stop) = (in_log(record.start), in_log(record.stop));
    let _ = writeln!(out, "* executed operations ({start} -> {stop}, dur: {}):", duration(took));
    if record.executed.is_empty() {
        out += "    <NONE>\n";
    }
    for (i, op) in record.executed.iter().enumerate() {
        operation_text(&mut out, i + 1, op, verbose);
    }
    out
}

fn value_text(value: Option<&Arc<dyn Modelled>>) -> String {
    match value {
        None => "<NIL>".to_owned(),
        Some(value) => match model::text::compact(&value.wire()).as_str() {
            "" => "<EMPTY>".to_owned(),
            text => format!("{{ {text} }}"),
        },
    }
}

fn operation_text(out: &mut String, number: usize, op: &RecordedOp, verbose: bool) {
    let flags = flags(op);
    let flags = if flags.is_empty() { String::new() } else { format!(" [{}]", flags.join(" ")) };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "    {number}. {}{flags}:\n        - key: {}", op.operation.name(), op.key);
    match op.operation {
        Operation::Update => {
            let _ = writeln!(out, "        - prev-value: {} ", value_text(op.prev_value.as_ref()));
            let _ = writeln!(out, "        - new-value: {} ", value_text(op.new_value.as_ref()));
        }
        Operation::Delete => {
            let _ = writeln!(out, "        - value: {} ", value_text(op.prev_value.as_ref()));
        }
        _ => {
            let _ = writeln!(out, "        - value: {} ", value_text(op.new_value.as_ref()));
        }
    }
    if let Some(error) = &op.prev_error {
        let _ = writeln!(out, "        - prev-error: {error}");
    }
    if let Some(error) = &op.error {
        let _ = writeln!(out, "        - error: {error}");
    }
    if verbose {
        let _ = writeln!(out, "        - prev-state: {} ", op.prev_state.name());
        let _ = writeln!(out, "        - new-state: {} ", op.new_state.name());
    }
}

/// What is remarkable about an operation, in the reference's words and order.
fn flags(op: &RecordedOp) -> Vec<&'static str> {
    let mut flags = Vec::new();
    let mut put = |on: bool, name| flags.extend(on.then_some(name));
    let (was, is) = (op.prev_state, op.new_state);
    let deleting = op.operation == Operation::Delete;
    put(op.derived && !op.property, "DERIVED");
    put(op.property, "PROPERTY");
    put(op.noop && !op.property, "NOOP");
    put(op.retry && !op.property, "RETRY");
    put(op.recreate, "RECREATE");
    put(is == ValueState::Obtained, "OBTAINED");
    put(was == ValueState::Obtained && is != ValueState::Obtained, "WAS-OBTAINED");
    put(is == ValueState::Unimplemented, "UNIMPLEMENTED");
    put(was == ValueState::Unimplemented && is != ValueState::Unimplemented, "WAS-UNIMPLEMENTED");
    put(was == ValueState::Removed && deleting, "ALREADY-REMOVED");
    put(was == ValueState::Missing && is == ValueState::Removed, "ALREADY-MISSING");
    put(was == ValueState::Missing && is != ValueState::Removed, "WAS-MISSING");
    put(is == ValueState::Discovered, "DISCOVERED");
    match (was == ValueState::Pending, is == ValueState::Pending) {
        (true, true) => put(true, "STILL-PENDING"),
        (true, false) => put(true, "WAS-PENDING"),
        (false, true) => put(true, "IS-PENDING"),
        (false, false) => {}
    }
    let failing = |state| matches!(state, ValueState::Failed | ValueState::Retrying);
    match (failing(was), failing(is)) {
        (true, true) => put(true, "STILL-FAILING"),
        (true, false) => put(true, "FIXED"),
        (false, true) => put(true, "FAILED"),
        (false, false) => {}
    }
    match (was == ValueState::Invalid, is == ValueState::Invalid) {
        (true, true) => put(true, "STILL-INVALID"),
        (true, false) => put(true, "FIXED"),
        (false, true) => put(true, "INVALID"),
        (false, false) => {}
    }
    flags
}
