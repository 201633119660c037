//! `/scheduler/key-timeline`, `/scheduler/graph-snapshot` and `/scheduler/flag-stats`: what was in force at what time.

use super::Shared;
use super::render::{arguments, failed, rendered, rendered_list, single, wrapped};
use super::time::{ZERO, at, rfc3339};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use sched::{Flag, Revision, Target};
use serde_json::{Map, Value, json};
use std::time::SystemTime;

const OOPS: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// The names of flags as clients know them.
const FLAGS: [(&str, Flag); 6] = [
    ("last-update", Flag::LastUpdate),
    ("error", Flag::Error),
    ("value-state", Flag::ValueState),
    ("unavailable", Flag::Unavailable),
    ("descriptor", Flag::Descriptor),
    ("derived", Flag::Derived),
];

pub async fn key_timeline(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = arguments(query.as_deref());
    let Some(key) = single(&query, "key").ok().flatten() else {
        return failed(OOPS, "missing key argument");
    };
    let time = match at(&query, "time") {
        Ok(time) => time,
        Err(error) => return failed(OOPS, error),
    };
    let revisions = shared.intake.scheduler().timeline(key).await;
    match time {
        None => rendered_list(&revisions, node),
        Some(time) => {
            let valid = revisions.iter().find(|revision| covers(revision, time));
            rendered(StatusCode::OK, &valid.map_or(Value::Null, node))
        }
    }
}

fn covers(revision: &Revision, time: SystemTime) -> bool {
    revision.since <= time && revision.until.is_none_or(|until| time < until)
}

pub async fn graph_snapshot(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = arguments(query.as_deref());
    let time = match at(&query, "time") {
        Ok(time) => time,
        Err(error) => return failed(OOPS, error),
    };
    let revisions = shared.intake.scheduler().snapshot(time).await;
    rendered_list(&revisions, node)
}

pub async fn flag_stats(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = arguments(query.as_deref());
    let Some(name) = single(&query, "flag").ok().flatten() else {
        return failed(OOPS, "missing flag argument");
    };
    let Some((_, flag)) = FLAGS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = FLAGS.iter().map(|(name, _)| *name).collect();
        return failed(OOPS, format!("unknown flag {name:?}: it is one of {}", known.join(", ")));
    };
    let prefixes = query.iter().filter(|(name, _)| name == "prefix").map(|(_, prefix)| prefix.clone());
    let counts = shared.intake.scheduler().count_flag(*flag, prefixes.collect()).await;
    let body = json!({ "TotalCount": counts.values().sum::<u64>(), "PerValueCount": counts });
    rendered(StatusCode::OK, &body)
}

/// A revision in the form of the reference.
fn node(revision: &Revision) -> Value {
    json!({
        "Since": rfc3339(revision.since),
        "Until": revision.until.map_or_else(|| ZERO.to_owned(), rfc3339),
        "Key": &*revision.key,
        "Label": revision.label,
        "Value": revision.value.as_ref().map_or(Value::Null, |value| wrapped(&**value)),
        "Flags": flags(revision),
        "MetadataFields": fields(&revision.metadata),
        "Targets": revision.targets.iter().map(target).collect::<Vec<_>>(),
        "TargetUpdateOnly": false,
    })
}

/// Those flags that the revision has.
fn flags(revision: &Revision) -> Value {
    let mut flags = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        flags.extend(value.map(|value| (name.to_owned(), Value::String(value))));
    };
    put("last-update", Some(format!("TXN-{}", revision.seq)));
    put("error", revision.error.as_deref().map(str::to_owned));
    put("value-state", Some(revision.state.name().to_owned()));
    put("unavailable", revision.unavailable.then(String::new));
    put("descriptor", (!revision.descriptor.is_empty()).then(|| revision.descriptor.to_owned()));
    put("derived", revision.derived.as_deref().map(str::to_owned));
    Value::Object(flags)
}

/// Each field of the metadata with its values as texts.
fn fields(metadata: &Value) -> Value {
    fn text(value: &Value) -> Value {
        match value {
            Value::String(text) => text.as_str().into(),
            other => other.to_string().into(),
        }
    }
    let values = |value: &Value| match value {
        Value::Null => json!([]),
        Value::Array(values) => values.iter().map(text).collect(),
        one => json!([text(one)]),
    };
    let fields = metadata.as_object().into_iter().flatten();
    Value::Object(fields.map(|(name, value)| (name.clone(), values(value))).collect())
}

fn target(target: &Target) -> Value {
    let expected = expected(target);
    json!({
        "Relation": if target.derives { "derives" } else { "depends-on" },
        "Label": expected,
        "ExpectedKey": expected,
        "MatchingKeys": target.matching.iter().map(|key| &**key).collect::<Vec<_>>(),
    })
}

/// The key that is expected; of several that would do, what they start with, and an asterisk.
pub fn expected(target: &Target) -> String {
    let star = if target.any && !target.expected.ends_with('*') { "*" } else { "" };
    format!("{}{star}", target.expected)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::render::json_text;
    use super::*;
    use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
    use sched::State as ValueState;
    use std::sync::Arc;
    use std::time::{Duration, UNIX_EPOCH};

    fn loop1() -> Revision {
        let value = Interface {
            name: "loop1".into(),
            r#type: Type::SoftwareLoopback.into(),
            enabled: true,
            ..Interface::default()
        };
        Revision {
            since: UNIX_EPOCH + Duration::new(1_795_332_611, 4_731_530),
            until: None,
            key: "config/vpp/v2/interfaces/loop1".into(),
            label: "loop1".into(),
            value: Some(Arc::new(value)),
            seq: 1,
            state: ValueState::Configured,
            error: None,
            unavailable: false,
            descriptor: "vpp-interface",
            derived: None,
            metadata: Value::Null,
            targets: vec![Target {
                derives: true,
                expected: "vpp/interface/loop1/x".into(),
                any: false,
                matching: vec!["vpp/interface/loop1/x".into()],
            }],
        }
    }

    #[test]
    fn a_node_that_is_in_force() {
        let golden = r#"{
  "Since": "2026-11-22T07:30:11.00473153Z",
  "Until": "0001-01-01T00:00:00Z",
  "Key": "config/vpp/v2/interfaces/loop1",
  "Label": "loop1",
  "Value": {
    "ProtoMsgName": "ligato.vpp.interfaces.Interface",
    "ProtoMsgData": {
      "name": "loop1",
      "type": "SOFTWARE_LOOPBACK",
      "enabled": true
    }
  },
  "Flags": {
    "last-update": "TXN-1",
    "value-state": "CONFIGURED",
    "descriptor": "vpp-interface"
  },
  "MetadataFields": {},
  "Targets": [
    {
      "Relation": "derives",
      "Label": "vpp/interface/loop1/x",
      "ExpectedKey": "vpp/interface/loop1/x",
      "MatchingKeys": [
        "vpp/interface/loop1/x"
      ]
    }
  ],
  "TargetUpdateOnly": false
}"#;
        assert_eq!(json_text(&node(&loop1()), true), golden);
    }

    #[test]
    fn a_node_that_failed_and_is_gone() {
        let gone = Revision {
            until: Some(UNIX_EPOCH + Duration::from_secs(1_795_332_612)),
            value: None,
            state: ValueState::Failed,
            error: Some("the \"world\" refuses".into()),
            unavailable: true,
            derived: Some("config/base".into()),
            descriptor: "",
            metadata: json!({ "SwIfIndex": 7, "Names": ["a", "b"], "Vrf": null, "Tag": "x" }),
            targets: vec![Target {
                derives: false,
                expected: "vpp/address/".into(),
                any: true,
                matching: vec![],
            }],
            ..loop1()
        };
        let text = json_text(&node(&gone), false);
        let golden = concat!(
            r#""Until":"2026-11-22T07:30:12Z","Key":"config/vpp/v2/interfaces/loop1","Label":"loop1","Value":null,"#,
            r#""Flags":{"last-update":"TXN-1","error":"the \"world\" refuses","value-state":"FAILED","#,
            r#""unavailable":"","derived":"config/base"},"#,
            r#""MetadataFields":{"SwIfIndex":["7"],"Names":["a","b"],"Vrf":[],"Tag":["x"]},"#,
            r#""Targets":[{"Relation":"depends-on","Label":"vpp/address/*","ExpectedKey":"vpp/address/*","#,
            r#""MatchingKeys":[]}],"TargetUpdateOnly":false}"#
        );
        assert!(text.ends_with(golden), "{text}");
    }

    #[test]
    fn a_revision_covers_its_beginning_but_not_its_end() {
        let second = |n| UNIX_EPOCH + Duration::from_secs(n);
        let revision = Revision { since: second(2), until: Some(second(4)), ..loop1() };
        let covered: Vec<_> = (1..6).filter(|n| covers(&revision, second(*n))).collect();
        assert_eq!(covered, [2, 3]);
        assert!(covers(&Revision { until: None, ..revision }, second(9)));
    }
}
