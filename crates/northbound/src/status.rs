//! The status of a value as stores and REST show it.

use sched::{Operation, State, Status};
use serde_json::{Map, Value};

/// In proto names and without defaults, as the reference writes it.
pub(crate) fn json(status: &Status) -> Value {
    let mut members = Map::from_iter([("key".to_owned(), Value::from(&*status.key))]);
    if status.state != State::Nonexistent {
        members.insert("state".to_owned(), status.state.name().into());
    }
    if let Some(error) = &status.error {
        members.insert("error".to_owned(), error.as_str().into());
    }
    if status.last_operation != Operation::Undefined {
        members.insert("last_operation".to_owned(), status.last_operation.name().into());
    }
    if !status.details.is_empty() {
        members.insert("details".to_owned(), status.details.iter().map(String::as_str).collect());
    }
    Value::Object(members)
}
