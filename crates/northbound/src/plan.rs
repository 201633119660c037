//! What a transaction would do, as JSON and in words.

use std::collections::HashSet;
use std::fmt::Write;

use sched::{Operation, Preview, Step};
use serde_json::{Map, Value, json};

/// How many objects would change. The two halves of a re-creation are one change.
pub fn changes(preview: &Preview) -> usize {
    let again = recreated(preview);
    preview.steps.iter().filter(|step| !is_second_half(step, &again)).count()
}

/// The preview with all values, as REST answers it.
pub fn json(preview: &Preview) -> Value {
    let waiting = preview.waiting.iter();
    let waiting = waiting.map(|(key, details)| json!({ "key": &**key, "details": details }));
    let refused = preview.refused.iter();
    let refused = refused.map(|(key, error)| json!({ "key": &**key, "error": error }));
    json!({
        "changes": changes(preview),
        "steps": preview.steps.iter().map(step_json).collect::<Value>(),
        "interrupted": preview.interrupted.iter().map(|key| &**key).collect::<Value>(),
        "waiting": waiting.collect::<Value>(),
        "dropped": preview.dropped.iter().map(|key| &**key).collect::<Value>(),
        "refused": refused.collect::<Value>(),
    })
}

fn step_json(step: &Step) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("operation", step.operation.name().into());
    put("key", (&*step.key).into());
    for (name, flag) in [("derived", step.derived), ("recreate", step.recreate)] {
        if flag {
            put(name, true.into());
        }
    }
    put("reason", step.reason.as_str().into());
    for (name, value) in [("previous", &step.old), ("value", &step.new)] {
        if let Some(value) = value {
            put(name, wrapped(&**value));
        }
    }
    Value::Object(members)
}

/// A value with the name of its message.
pub(crate) fn wrapped(value: &dyn model::value::Value) -> Value {
    let wire = value.wire();
    json!({ "ProtoMsgName": wire.name, "ProtoMsgData": model::json::to_json(&wire) })
}

/// The preview for people: a line per object, then who loses traffic, what would wait, and what cannot be used.
pub fn text(preview: &Preview) -> String {
    let again = recreated(preview);
    let mut out = String::new();
    for step in preview.steps.iter().filter(|step| !is_second_half(step, &again)) {
        let verb = if again.contains(&*step.key) { "re-create" } else { verb(step.operation) };
        line(&mut out, verb, &step.key, &step.reason);
    }
    if out.is_empty() {
        let later = !(preview.waiting.is_empty() && preview.dropped.is_empty());
        out.push_str(if later { "nothing to do yet\n" } else { "nothing to do\n" });
    }
    let mut section = |title: &str, lines: &mut dyn Iterator<Item = String>| {
        for (index, line) in lines.enumerate() {
            if index == 0 {
                out.push_str(title);
            }
            out.push_str("  ");
            out.push_str(&line);
            out.push('\n');
        }
    };
    let interrupted = &mut preview.interrupted.iter().map(|key| key.to_string());
    section("\ngone for a moment, so that whoever uses it loses traffic:\n", interrupted);
    let waiting = &mut preview.waiting.iter().map(|(key, details)| match details.is_empty() {
        true => key.to_string(),
        false => format!("{key}  (for {})", details.join(", ")),
    });
    section("\nwaits:\n", waiting);
    let dropped = &mut preview.dropped.iter().map(|key| key.to_string());
    section("\nnot wanted any more, and not there:\n", dropped);
    let refused = &mut preview.refused.iter().map(|(key, error)| format!("{key}  ({error})"));
    section("\ncannot be used, what is in force stays:\n", refused);
    out
}

fn line(out: &mut String, verb: &str, key: &str, reason: &str) {
    // Writing to a string cannot fail.
    let _ = match reason {
        "" => writeln!(out, "{verb:<9}  {key}"),
        reason => writeln!(out, "{verb:<9}  {key}  ({reason})"),
    };
}

fn verb(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::Delete => "delete",
        Operation::Validate => "validate",
        Operation::Undefined => "nothing",
    }
}

/// Keys of which both halves of a re-creation are planned.
fn recreated(preview: &Preview) -> HashSet<&str> {
    let halves = |operation| {
        let steps = preview.steps.iter().filter(move |step| step.recreate && step.operation == operation);
        steps.map(|step| &*step.key)
    };
    let removed: HashSet<&str> = halves(Operation::Delete).collect();
    halves(Operation::Create).filter(|key| removed.contains(key)).collect()
}

/// The line at the removal stands for both halves.
fn is_second_half(step: &Step, again: &HashSet<&str>) -> bool {
    step.recreate && step.operation == Operation::Create && again.contains(&*step.key)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::proto::ligato::vpp::interfaces::Interface;
    use model::value::Value as Modelled;

    use super::*;

    fn step(operation: Operation, name: &str, old: Option<u32>, new: Option<u32>, reason: &str) -> Step {
        let value = |mtu| -> Arc<dyn Modelled> {
            Arc::new(Interface { name: name.into(), mtu, ..Interface::default() })
        };
        Step {
            operation,
            key: format!("config/vpp/v2/interfaces/{name}").into(),
            derived: false,
            recreate: false,
            reason: reason.into(),
            old: old.map(value),
            new: new.map(value),
        }
    }

    fn example() -> Preview {
        let again = |operation, old, new| Step {
            recreate: true,
            ..step(operation, "b", old, new, "the type cannot be changed in place")
        };
        Preview {
            steps: vec![
                again(Operation::Delete, Some(1), None),
                step(Operation::Create, "a", None, Some(1500), "wanted and not there"),
                again(Operation::Create, None, Some(2)),
                step(Operation::Update, "c", Some(1), Some(2), ""),
                Step {
                    key: "vpp/interface/c/x".into(),
                    derived: true,
                    ..step(Operation::Delete, "c", None, None, "")
                },
            ],
            interrupted: vec!["config/vpp/v2/interfaces/b".into()],
            waiting: vec![("w".into(), vec!["x".into(), "y".into()]), ("v".into(), Vec::new())],
            dropped: vec!["config/gone".into()],
            refused: vec![("r".into(), "mtu: must be at most 9216".into())],
        }
    }

    #[test]
    fn in_words() {
        let expected = "\
re-create  config/vpp/v2/interfaces/b  (the type cannot be changed in place)
create     config/vpp/v2/interfaces/a  (wanted and not there)
update     config/vpp/v2/interfaces/c
delete     vpp/interface/c/x

gone for a moment, so that whoever uses it loses traffic:
  config/vpp/v2/interfaces/b

waits:
  w  (for x, y)
  v

not wanted any more, and not there:
  config/gone

cannot be used, what is in force stays:
  r  (mtu: must be at most 9216)
";
        assert_eq!(text(&example()), expected);
        assert_eq!(text(&Preview::default()), "nothing to do\n");
    }

    #[test]
    fn half_a_recreation_is_no_recreation() {
        let mut preview = example();
        preview.steps.remove(2);
        assert!(
            text(&preview).starts_with("delete     config/vpp/v2/interfaces/b  (the type"),
            "{preview:?}"
        );
    }

    #[test]
    fn as_json() {
        let interface = |name: &str, mtu: u32| {
            let data = json!({ "name": name, "mtu": mtu });
            json!({ "ProtoMsgName": "ligato.vpp.interfaces.Interface", "ProtoMsgData": data })
        };
        let expected = json!({
            "changes": 4,
            "steps": [
                {
                    "operation": "DELETE",
                    "key": "config/vpp/v2/interfaces/b",
                    "recreate": true,
                    "reason": "the type cannot be changed in place",
                    "previous": interface("b", 1),
                },
                {
                    "operation": "CREATE",
                    "key": "config/vpp/v2/interfaces/a",
                    "reason": "wanted and not there",
                    "value": interface("a", 1500),
                },
                {
                    "operation": "CREATE",
                    "key": "config/vpp/v2/interfaces/b",
                    "recreate": true,
                    "reason": "the type cannot be changed in place",
                    "value": interface("b", 2),
                },
                {
                    "operation": "UPDATE",
                    "key": "config/vpp/v2/interfaces/c",
                    "reason": "",
                    "previous": interface("c", 1),
                    "value": interface("c", 2),
                },
                { "operation": "DELETE", "key": "vpp/interface/c/x", "derived": true, "reason": "" },
            ],
            "interrupted": ["config/vpp/v2/interfaces/b"],
            "waiting": [{ "key": "w", "details": ["x", "y"] }, { "key": "v", "details": [] }],
            "dropped": ["config/gone"],
            "refused": [{ "key": "r", "error": "mtu: must be at most 9216" }],
        });
        assert_eq!(json(&example()), expected);
        let nothing = json!({
            "changes": 0, "steps": [], "interrupted": [], "waiting": [], "dropped": [], "refused": [],
        });
        assert_eq!(json(&Preview::default()), nothing);
    }
}
