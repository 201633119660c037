//! Why a value is in its state, as JSON and in words.

use crate::advice::of_code;
use sched::{Cause, Explanation, Failure, NextRetry, Origin};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::time::Duration;

/// The explanation, as REST answers it. What there is nothing to say about is left out.
pub fn json(explanation: &Explanation) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("key", (&*explanation.key).into());
    put("state", explanation.state.name().into());
    put("summary", explanation.summary.as_str().into());
    let advice = advice(explanation);
    if !advice.is_empty() {
        put("advice", advice.into());
    }
    if !explanation.descriptor.is_empty() {
        put("descriptor", explanation.descriptor.into());
    }
    put("origin", (explanation.origin as u8).into());
    if let Some(base) = &explanation.part_of {
        put("part_of", (&**base).into());
    }
    if !explanation.waits_for.is_empty() {
        put("waits_for", explanation.waits_for.iter().map(cause).collect());
    }
    if let Some(it) = &explanation.failure {
        put("failure", failure(it));
    }
    if let Some(it) = &explanation.retry {
        put("retry", retry(it));
    }
    if let Some(seq) = explanation.seq {
        put("transaction", seq.into());
    }
    if !explanation.parts.is_empty() {
        put("parts", explanation.parts.iter().map(json).collect());
    }
    Value::Object(members)
}

fn cause(cause: &Cause) -> Value {
    let mut members = Map::from_iter([("key".to_owned(), Value::from(cause.key.as_str()))]);
    if cause.any {
        members.insert("any".to_owned(), true.into());
    }
    members.insert("state".to_owned(), cause.state.name().into());
    members.insert("reason".to_owned(), cause.reason.as_str().into());
    Value::Object(members)
}

fn failure(failure: &Failure) -> Value {
    let mut value = json!({ "operation": failure.operation.name(), "cause": failure.cause });
    if let Some(code) = failure.code {
        value["code"] = code.into();
    }
    value["retriable"] = failure.retriable.into();
    if failure.uncertain {
        value["uncertain"] = true.into();
    }
    value
}

fn retry(retry: &NextRetry) -> Value {
    let mut value = match retry.after {
        Some(after) => json!({ "after_seconds": (after.as_secs_f64() * 1000.0).round() / 1000.0 }),
        None => json!({ "when": "southbound returns" }),
    };
    value["attempt"] = retry.attempt.into();
    value["of"] = retry.of.into();
    value
}

/// What to do about it: what the southbound's name of the failure suggests, and what the scheduler knows.
pub(crate) fn advice(explanation: &Explanation) -> String {
    let own = explanation.advice.as_str();
    let Some(failure) = &explanation.failure else {
        // The advice for a part is that for the whole.
        let part = explanation.parts.iter().find(|part| !own.is_empty() && part.advice == own);
        return part.map_or_else(|| own.to_owned(), advice);
    };
    match (failure.code.and_then(of_code), own) {
        (Some(of_code), "") => of_code.to_owned(),
        (Some(of_code), own) => format!("{of_code}; {own}"),
        (None, own) => own.to_owned(),
    }
}

/// The explanation for people. Its last line says what to do.
pub fn text(explanation: &Explanation) -> String {
    let mut out = String::new();
    write(&mut out, explanation, "");
    let mut advice = [explanation].into_iter().chain(&explanation.parts).map(advice);
    let advice = advice.find(|advice| !advice.is_empty()).unwrap_or_else(|| "nothing".to_owned());
    let _ = writeln!(out, "What to do: {}", advice.replace('\n', "\n  "));
    out
}

/// Writing to a string cannot fail.
fn write(out: &mut String, explanation: &Explanation, indent: &str) {
    let _ = writeln!(out, "{indent}{} is {}", explanation.key, explanation.state.name());
    let mut line = |text: &str| {
        let _ = writeln!(out, "{indent}  {}", text.replace('\n', &format!("\n{indent}    ")));
    };
    if !explanation.summary.is_empty() {
        line(&explanation.summary);
    }
    if let Some(base) = &explanation.part_of {
        line(&format!("part of: {base}"));
    }
    if !explanation.descriptor.is_empty() {
        line(&format!("descriptor: {}", explanation.descriptor));
    }
    match explanation.origin {
        Origin::Nb => line("origin: wanted by the configuration"),
        Origin::Sb => line("origin: found there, not asked for"),
        Origin::Unknown => {}
    }
    if !explanation.waits_for.is_empty() {
        line("waits for:");
    }
    for cause in &explanation.waits_for {
        let any = match cause.any {
            true if cause.key.ends_with('*') => "any key like ",
            true => "any key that starts with ",
            false => "",
        };
        // The scheduler's words go on from "which".
        let reason = if cause.reason.is_empty() { "" } else { &format!(", which {}", cause.reason) };
        line(&format!("  - {any}{} ({}){reason}", cause.key, cause.state.name()));
    }
    if let Some(failure) = &explanation.failure {
        let code = failure.code.filter(|code| !failure.cause.contains(code));
        let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
        line(&format!("failed: {}: {}{code}", failure.operation.name(), failure.cause));
        if failure.uncertain {
            line("  whether it took effect is not known");
        }
        if !failure.retriable {
            line("  the same call would fail again");
        }
    }
    if let Some(retry) = &explanation.retry {
        line(&format!("next attempt: {}", next_attempt(retry)));
    }
    if let Some(seq) = explanation.seq {
        line(&format!("last changed by: transaction #{seq}"));
    }
    if !explanation.parts.is_empty() {
        line("parts that are not as wanted:");
    }
    let deeper = format!("{indent}    ");
    for part in &explanation.parts {
        write(out, part, &deeper);
        let advice = advice(part);
        if !advice.is_empty() {
            let _ = writeln!(out, "{deeper}  what to do: {advice}");
        }
    }
}

fn next_attempt(retry: &NextRetry) -> String {
    let when = retry.after.map_or_else(|| "when the southbound is back".to_owned(), within);
    match retry.of {
        0 => format!("{when}, number {} without limit", retry.attempt),
        of => format!("{when}, number {} of {of}", retry.attempt),
    }
}

/// A duration as people say it: to a tenth of a second, and longer ones to the second.
fn within(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("in {:.1} s", time.as_secs_f64()),
        10..120 => format!("in {seconds} s"),
        _ => format!("in {} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sched::{Operation, State as ValueState};

    fn waiting() -> Explanation {
        Explanation {
            key: "config/vpp/v2/route/r1".into(),
            state: ValueState::Pending,
            summary: "It waits for an interface that nobody has configured.".into(),
            advice: "configure the interface missing1".into(),
            descriptor: "vpp-route",
            origin: Origin::Nb,
            waits_for: vec![
                Cause {
                    key: "config/vpp/v2/interfaces/missing1".into(),
                    any: false,
                    state: ValueState::Nonexistent,
                    reason: "nobody has configured".into(),
                },
                Cause { key: "vpp/address/".into(), any: true, ..Cause::default() },
            ],
            seq: Some(0),
            ..Explanation::default()
        }
    }

    fn failing() -> Explanation {
        Explanation {
            key: "config/vpp/v2/interfaces/loop1".into(),
            state: ValueState::Configured,
            summary: "It is as wanted, but a part of it is not.".into(),
            advice: "change the value".into(),
            descriptor: "vpp-interface",
            origin: Origin::Nb,
            seq: Some(7),
            parts: vec![Explanation {
                key: "vpp/interface/loop1/address/static/10.0.0.1/24".into(),
                state: ValueState::Retrying,
                summary: "The last call failed.".into(),
                advice: "change the value".into(),
                descriptor: "vpp-interface-address",
                part_of: Some("config/vpp/v2/interfaces/loop1".into()),
                failure: Some(Failure {
                    operation: Operation::Create,
                    cause: "the address is in use".into(),
                    code: Some("ADDRESS_IN_USE"),
                    retriable: false,
                    uncertain: true,
                }),
                retry: Some(NextRetry { after: Some(Duration::from_millis(1499)), attempt: 2, of: 3 }),
                ..Explanation::default()
            }],
            ..Explanation::default()
        }
    }

    #[test]
    fn in_words() {
        let golden = "\
config/vpp/v2/route/r1 is PENDING
  It waits for an interface that nobody has configured.
  descriptor: vpp-route
  origin: wanted by the configuration
  waits for:
    - config/vpp/v2/interfaces/missing1 (NONEXISTENT), which nobody has configured
    - any key that starts with vpp/address/ (NONEXISTENT)
  last changed by: transaction #0
What to do: configure the interface missing1
";
        assert_eq!(text(&waiting()), golden);
        let golden = "\
config/vpp/v2/interfaces/loop1 is CONFIGURED
  It is as wanted, but a part of it is not.
  descriptor: vpp-interface
  origin: wanted by the configuration
  last changed by: transaction #7
  parts that are not as wanted:
    vpp/interface/loop1/address/static/10.0.0.1/24 is RETRYING
      The last call failed.
      part of: config/vpp/v2/interfaces/loop1
      descriptor: vpp-interface-address
      failed: CREATE: the address is in use (ADDRESS_IN_USE)
        whether it took effect is not known
        the same call would fail again
      next attempt: in 1.5 s, number 2 of 3
      what to do: VPP has another object in its place: remove that one, or give this one another name, number or address; change the value
What to do: VPP has another object in its place: remove that one, or give this one another name, number or address; change the value
";
        assert_eq!(text(&failing()), golden);
        let found = Explanation {
            key: "config/x".into(),
            state: ValueState::Obtained,
            origin: Origin::Sb,
            ..Explanation::default()
        };
        let golden = "config/x is OBTAINED\n  origin: found there, not asked for\nWhat to do: nothing\n";
        assert_eq!(text(&found), golden);
    }

    #[test]
    fn as_json() {
        let golden = concat!(
            r#"{"key":"config/vpp/v2/route/r1","state":"PENDING","#,
            r#""summary":"It waits for an interface that nobody has configured.","#,
            r#""advice":"configure the interface missing1","descriptor":"vpp-route","origin":1,"waits_for":["#,
            r#"{"key":"config/vpp/v2/interfaces/missing1","state":"NONEXISTENT","reason":"nobody has configured"},"#,
            r#"{"key":"vpp/address/","any":true,"state":"NONEXISTENT","reason":""}],"transaction":0}"#
        );
        assert_eq!(json(&waiting()).to_string(), golden);
        let golden = concat!(
            r#"{"key":"config/vpp/v2/interfaces/loop1","state":"CONFIGURED","#,
            r#""summary":"It is as wanted, but a part of it is not.","#,
            r#""advice":"VPP has another object in its place: remove that one, or give this one "#,
            r#"another name, number or address; change the value","descriptor":"vpp-interface","origin":1,"#,
            r#""transaction":7,"parts":[{"key":"vpp/interface/loop1/address/static/10.0.0.1/24","state":"RETRYING","#,
            r#""summary":"The last call failed.","advice":"VPP has another object in its place: remove that one, or give this one "#,
            r#"another name, number or address; change the value","descriptor":"vpp-interface-address","origin":0,"part_of":"config/vpp/v2/interfaces/loop1","#,
            r#""failure":{"operation":"CREATE","cause":"the address is in use","code":"ADDRESS_IN_USE","#,
            r#""retriable":false,"uncertain":true},"retry":{"after_seconds":1.499,"attempt":2,"of":3}}]}"#
        );
        assert_eq!(json(&failing()).to_string(), golden);
        let back = NextRetry { after: None, attempt: 1, of: 0 };
        assert_eq!(retry(&back).to_string(), r#"{"when":"southbound returns","attempt":1,"of":0}"#);
        let lost = Failure {
            operation: Operation::Delete,
            cause: "gone".into(),
            retriable: true,
            ..Failure::default()
        };
        let golden = r#"{"operation":"DELETE","cause":"gone","retriable":true}"#;
        assert_eq!(failure(&lost).to_string(), golden);
    }

    #[test]
    fn the_name_of_a_failure_is_told_once() {
        let failure =
            |cause: &str| Failure { cause: cause.into(), code: Some("NO_SUCH_FIB"), ..Failure::default() };
        for (cause, line) in [
            ("no such table", "no such table (NO_SUCH_FIB)\n"),
            ("no such table (NO_SUCH_FIB, -3)", "no such table (NO_SUCH_FIB, -3)\n"),
        ] {
            let failure = Some(failure(cause));
            let text = text(&Explanation { failure, ..Explanation::default() });
            assert!(text.contains(line), "{text}");
        }
    }

    #[test]
    fn when_it_is_tried_again() {
        let retry = |after, of| next_attempt(&NextRetry { after, attempt: 4, of });
        assert_eq!(retry(None, 0), "when the southbound is back, number 4 without limit");
        assert_eq!(retry(Some(Duration::from_secs(60)), 5), "in 60 s, number 4 of 5");
        assert_eq!(retry(Some(Duration::from_secs(150)), 0), "in 2 min 30 s, number 4 without limit");
    }
}
