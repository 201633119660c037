//! `/scheduler/graph`: all values and what they depend on, as text for the program `dot`.

use super::Shared;
use super::render::{arguments, failed, number, plain, single};
use super::timeline::expected;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use sched::{Record, Revision, State as ValueState};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write;

pub async fn get(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let scheduler = shared.intake.scheduler();
    let query = arguments(query.as_deref());
    let seq = match number::<u64>(&query, "txn") {
        Ok(seq) => seq,
        Err(error) => return failed(StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    let format = single(&query, "format").ok().flatten().unwrap_or("svg");
    if !matches!(format, "raw" | "dot") {
        let error = format!(
            "drawing the graph as {format:?} comes with the dashboard; ask for format=dot and draw it yourself: \
             curl 'http://AGENT/scheduler/graph?format=dot' | dot -Tsvg -o graph.svg"
        );
        return failed(StatusCode::NOT_IMPLEMENTED, error);
    }
    let txn = match seq {
        None => None,
        Some(seq) => match scheduler.history().by_seq(seq) {
            Some(record) => Some(record),
            None => {
                let error = "transaction with such sequence number is not recorded";
                return failed(StatusCode::NOT_FOUND, error);
            }
        },
    };
    let revisions = scheduler.snapshot(txn.as_ref().map(|txn| txn.stop)).await;
    plain(text(revisions, txn.as_deref()))
}

/// A quoted text of the language.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An argument of an address.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                out.push(char::from(byte));
            }
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// Colour and style of a node. What is not as wanted keeps the colour of its state, also if it is a part.
fn look(revision: &Revision) -> (&'static str, &'static str) {
    match revision.state {
        ValueState::Configured if revision.derived.is_some() => ("LightYellow", "filled,rounded"),
        ValueState::Configured => ("PaleGreen", "filled"),
        ValueState::Obtained => ("LightCyan", "filled"),
        ValueState::Discovered => ("Lime", "filled"),
        ValueState::Pending => ("Pink", "filled,dashed"),
        ValueState::Invalid => ("Maroon", "filled"),
        ValueState::Failed => ("Orangered", "filled"),
        ValueState::Retrying => ("Deeppink", "filled"),
        ValueState::Missing => ("Dimgray", "filled,dashed"),
        ValueState::Unimplemented => ("Darkkhaki", "filled,dashed"),
        ValueState::Removed | ValueState::Nonexistent => ("Black", "filled"),
    }
}

/// What is shown when the mouse is over a node.
fn tooltip(revision: &Revision) -> String {
    let mut lines = vec![revision.key.to_string(), format!("state: {}", revision.state.name())];
    lines.push(format!("last update: transaction #{}", revision.seq));
    lines.extend(revision.derived.as_ref().map(|base| format!("part of: {base}")));
    lines.extend(revision.error.as_ref().map(|error| format!("error: {error}")));
    if let Some(value) = &revision.value {
        let content = model::text::compact(&value.wire());
        lines.extend((!content.is_empty()).then(|| format!("value: {content}")));
    }
    lines.join("\n")
}

/// The whole graph; the nodes that the transaction touched have a golden border.
fn text(mut revisions: Vec<Revision>, txn: Option<&Record>) -> String {
    revisions.sort_by(|a, b| a.key.cmp(&b.key));
    let touched: HashSet<&str> =
        txn.iter().flat_map(|txn| &txn.executed).map(|operation| &*operation.key).collect();
    let mut clusters: BTreeMap<&str, Vec<&Revision>> = BTreeMap::new();
    for revision in &revisions {
        clusters.entry(revision.descriptor).or_default().push(revision);
    }
    let title = txn.map_or_else(
        || format!("{} values", revisions.len()),
        |txn| format!("{} values after transaction #{} ({})", revisions.len(), txn.seq, txn.kind.name()),
    );
    // Writing to a string cannot fail.
    let mut out = format!("digraph scheduler {{\n  label={};\n  rankdir=LR;\n", quoted(&title));
    out += "  node [shape=box fontname=\"sans-serif\"];\n";
    for (descriptor, revisions) in clusters {
        let indent = if descriptor.is_empty() { "  " } else { "    " };
        if !descriptor.is_empty() {
            let (name, label) = (quoted(&format!("cluster_{descriptor}")), quoted(descriptor));
            let _ = writeln!(out, "  subgraph {name} {{\n    label={label};");
        }
        for revision in revisions {
            let _ = writeln!(out, "{indent}{}", drawn(revision, touched.contains(&*revision.key)));
        }
        if !descriptor.is_empty() {
            out += "  }\n";
        }
    }
    edges(&mut out, &revisions);
    out += "}\n";
    out
}

fn drawn(revision: &Revision, touched: bool) -> String {
    let (colour, style) = look(revision);
    let link = format!("/scheduler/key-timeline?key={}", escaped(&revision.key));
    let mut text = format!(
        "{} [label={} fillcolor={colour} style={} tooltip={} URL={}",
        quoted(&revision.key),
        quoted(if revision.label.is_empty() { &revision.key } else { &revision.label }),
        quoted(style),
        quoted(&tooltip(revision)),
        quoted(&link)
    );
    if matches!(colour, "Maroon" | "Black" | "Dimgray") {
        text += " fontcolor=White";
    }
    if touched {
        text += " color=Gold penwidth=3";
    }
    text + "];"
}

/// Dependencies and parts. A red edge is a dependency that is not met.
fn edges(out: &mut String, revisions: &[Revision]) {
    let known: HashSet<&str> = revisions.iter().map(|revision| &*revision.key).collect();
    let mut missing = BTreeSet::new();
    let mut lines = String::new();
    for revision in revisions {
        let from = quoted(&revision.key);
        for target in &revision.targets {
            let style =
                if target.derives { " [label=derives style=dotted]" } else { " [label=\"depends-on\"]" };
            for key in &target.matching {
                let _ = writeln!(lines, "  {from} -> {}{style};", quoted(key));
            }
            if target.matching.is_empty() {
                let expected = expected(target);
                let name = quoted(&expected);
                let kind = if target.derives { "derives style=dotted" } else { "\"depends-on\"" };
                let _ = writeln!(lines, "  {from} -> {name} [label={kind} color=Red];");
                if !known.contains(expected.as_str()) {
                    missing.insert(name);
                }
            }
        }
    }
    for name in missing {
        let _ = writeln!(out, "  {name} [style=dashed tooltip=\"not there\"];");
    }
    out.push_str(&lines);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use model::proto::ligato::vpp::interfaces::Interface;
    use sched::{RecordedOp, Resync, Target, TxnKind};
    use std::sync::Arc;
    use std::time::UNIX_EPOCH;

    fn revision(key: &str, state: ValueState) -> Revision {
        Revision {
            since: UNIX_EPOCH,
            until: None,
            key: key.into(),
            label: key.rsplit('/').next().unwrap().into(),
            value: None,
            seq: 3,
            state,
            error: None,
            unavailable: false,
            descriptor: "vpp-interface",
            derived: None,
            metadata: serde_json::Value::Null,
            targets: Vec::new(),
        }
    }

    fn target(derives: bool, expected: &str, any: bool, matching: &[&str]) -> Target {
        let matching = matching.iter().map(|key| Arc::from(*key)).collect();
        Target { derives, expected: expected.into(), any, matching }
    }

    /// In no order: the text has one all the same.
    fn example() -> Vec<Revision> {
        let mut route = revision("config/route/r \"1\"", ValueState::Pending);
        route.descriptor = "vpp-route";
        route.targets = vec![
            target(false, "config/if/b", false, &[]),
            target(false, "vpp/address/", true, &[]),
            target(false, "config/if/", true, &["config/if/a"]),
        ];
        let mut a = revision("config/if/a", ValueState::Configured);
        a.value = Some(Arc::new(Interface { name: "a".into(), ..Interface::default() }));
        a.targets = vec![target(true, "vpp/part/a", false, &["vpp/part/a"])];
        let mut part = revision("vpp/part/a", ValueState::Configured);
        part.derived = Some("config/if/a".into());
        part.descriptor = "";
        let mut failed = revision("config/if/c", ValueState::Failed);
        failed.error = Some("line one\nC:\\two".into());
        vec![part, route, failed, a]
    }

    fn txn() -> Record {
        let op = RecordedOp { key: "config/if/a".into(), ..RecordedOp::default() };
        Record {
            seq: 3,
            kind: TxnKind::NbTransaction,
            resync: Resync::None,
            start: UNIX_EPOCH,
            stop: UNIX_EPOCH,
            description: String::new(),
            retry_for: None,
            values: Vec::new(),
            planned: None,
            executed: vec![op],
            omitted: 0,
        }
    }

    const GOLDEN: &str = r#"digraph scheduler {
  label="4 values after transaction #3 (NBTransaction)";
  rankdir=LR;
  node [shape=box fontname="sans-serif"];
  "vpp/part/a" [label="a" fillcolor=LightYellow style="filled,rounded" tooltip="vpp/part/a\nstate: CONFIGURED\nlast update: transaction #3\npart of: config/if/a" URL="/scheduler/key-timeline?key=vpp/part/a"];
  subgraph "cluster_vpp-interface" {
    label="vpp-interface";
    "config/if/a" [label="a" fillcolor=PaleGreen style="filled" tooltip="config/if/a\nstate: CONFIGURED\nlast update: transaction #3\nvalue: name:\"a\"" URL="/scheduler/key-timeline?key=config/if/a" color=Gold penwidth=3];
    "config/if/c" [label="c" fillcolor=Orangered style="filled" tooltip="config/if/c\nstate: FAILED\nlast update: transaction #3\nerror: line one\nC:\\two" URL="/scheduler/key-timeline?key=config/if/c"];
  }
  subgraph "cluster_vpp-route" {
    label="vpp-route";
    "config/route/r \"1\"" [label="r \"1\"" fillcolor=Pink style="filled,dashed" tooltip="config/route/r \"1\"\nstate: PENDING\nlast update: transaction #3" URL="/scheduler/key-timeline?key=config/route/r%20%221%22"];
  }
  "config/if/b" [style=dashed tooltip="not there"];
  "vpp/address/*" [style=dashed tooltip="not there"];
  "config/if/a" -> "vpp/part/a" [label=derives style=dotted];
  "config/route/r \"1\"" -> "config/if/b" [label="depends-on" color=Red];
  "config/route/r \"1\"" -> "vpp/address/*" [label="depends-on" color=Red];
  "config/route/r \"1\"" -> "config/if/a" [label="depends-on"];
}
"#;

    #[test]
    fn text_for_dot() {
        assert_eq!(text(example(), Some(&txn())), GOLDEN);
        let mut turned = example();
        turned.reverse();
        assert_eq!(text(turned, Some(&txn())), GOLDEN, "the order does not depend on the scheduler's");
        let without = text(example(), None);
        assert!(without.contains("label=\"4 values\";") && !without.contains("Gold"), "{without}");
    }

    #[test]
    fn an_unmet_dependency_on_a_value_that_waits_itself_adds_no_node() {
        let mut pending = revision("config/if/b", ValueState::Pending);
        pending.unavailable = true;
        let mut revisions = example();
        revisions.push(pending);
        let text = text(revisions, None);
        assert!(!text.contains("\"config/if/b\" [style=dashed tooltip=\"not there\"]"), "{text}");
        assert!(text.contains("-> \"config/if/b\" [label=\"depends-on\" color=Red];"), "{text}");
    }

    #[test]
    fn each_state_has_its_colour() {
        let of = |state| look(&revision("k", state));
        let all = [
            (ValueState::Nonexistent, "Black", "filled"),
            (ValueState::Missing, "Dimgray", "filled,dashed"),
            (ValueState::Unimplemented, "Darkkhaki", "filled,dashed"),
            (ValueState::Removed, "Black", "filled"),
            (ValueState::Configured, "PaleGreen", "filled"),
            (ValueState::Obtained, "LightCyan", "filled"),
            (ValueState::Discovered, "Lime", "filled"),
            (ValueState::Pending, "Pink", "filled,dashed"),
            (ValueState::Invalid, "Maroon", "filled"),
            (ValueState::Failed, "Orangered", "filled"),
            (ValueState::Retrying, "Deeppink", "filled"),
        ];
        for (state, colour, style) in all {
            assert_eq!(of(state), (colour, style), "{}", state.name());
        }
        let mut part = revision("k", ValueState::Failed);
        part.derived = Some("base".into());
        assert_eq!(look(&part).0, "Orangered", "a part that failed looks like a failure");
    }
}
