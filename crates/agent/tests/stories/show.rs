//! How answers look: nothing in them is chosen by VPP or by the clock.

use model::ModelSpec;
use sched::{BaseStatus, Item, State, Status};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use testkit::laws::ORDERED;

/// More objects than this are counted instead of listed.
const MOST: usize = 20;

/// Fields that VPP chooses unless they are configured.
const CHOSEN: &[(&str, &[&str])] = &[
    ("vpp.interfaces", &["phys_address", "mtu"]),
    ("vpp.vrf-table", &["label"]),
    ("linux.interfaces.interface", &["phys_address", "mtu"]),
];

/// Members of REST answers that are different each time.
const VOLATILE: &[&str] = &[
    "build_date",
    "commit_hash",
    "build_version",
    "start_time",
    "last_change",
    "last_update",
    "sw_if_index",
    "sub_sw_if_index",
    "l2_address",
    "bridge_domain_id",
    "outgoing_interface_sw_if_idx",
    "receive_interface_sw_if_idx",
    "transmit_interface_sw_if_idx",
    "acl_index",
    "OutgoingIfIdx",
    "SwIfIndex",
    "linux_if_index",
    "parent_index",
    "interface_index",
    "oper_state",
    "flags",
    "num_rx_queue",
    "num_tx_queue",
    "rx_packets",
    "tx_packets",
    "rx_bytes",
    "tx_bytes",
    "MAC",
    "Start",
    "Stop",
    "SeqNum",
    "stats_index",
];

/// A value with its parts, a line each.
pub fn block(status: &BaseStatus) -> String {
    let mut text = line(&status.value, "");
    status.derived.iter().for_each(|part| text += &format!("\n{}", line(part, "  ")));
    text
}

pub fn gone(key: &str) -> String {
    format!("{:<13} {key}", State::Nonexistent.name())
}

fn line(status: &Status, indent: &str) -> String {
    let mut text = format!("{:<13} {indent}{}", status.state.name(), status.key);
    let waits = status.state == State::Pending && status.error.is_none();
    for (n, reason) in status.error.iter().chain(&status.details).enumerate() {
        text += match (n, waits) {
            (0, true) => "  waits for ",
            (0, false) => "  ",
            _ => ", ",
        };
        text += &reason.replace('\n', " ");
    }
    text
}

/// The blocks by key; if there are many, how many there are in which state.
pub fn blocks(blocks: &BTreeMap<String, String>) -> Vec<String> {
    if blocks.len() <= MOST {
        return blocks.values().flat_map(|block| block.lines()).map(str::to_owned).collect();
    }
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (key, block) in blocks {
        // Parts that were found without what they are parts of have keys of no model.
        let parts = || key.match_indices('/').nth(1).map_or(key.as_str(), |(slash, _)| &key[..=slash]);
        let prefix = model::by_key(key).map_or_else(parts, |(spec, _)| spec.prefix);
        let state = block.split_whitespace().next().unwrap_or_default();
        *counts.entry((prefix, state)).or_default() += 1;
    }
    counts.iter().map(|((prefix, state), count)| format!("{state:<13} {prefix}…  {count} of them")).collect()
}

/// What VPP has, a line of JSON each, without what it chose itself.
pub fn objects(spec: &ModelSpec, mut items: Vec<Item>, wanted: &[Item]) -> Vec<String> {
    if items.is_empty() {
        return vec!["none".to_owned()];
    }
    if items.len() > MOST {
        return vec![format!("{} of them", items.len())];
    }
    let wanted: HashMap<&str, Value> = wanted
        .iter()
        .map(|item| (&*item.key, model::json::to_json_proto_names(&item.value.wire())))
        .collect();
    let name = spec.name();
    let chosen = CHOSEN.iter().find(|(model, _)| *model == name).map_or(&[][..], |(_, fields)| fields);
    items.sort_by(|a, b| a.key.cmp(&b.key));
    let shown = items.iter().map(|item| {
        let mut value = model::json::to_json_proto_names(&item.value.wire());
        for field in chosen {
            let asked = wanted.get(&*item.key).is_some_and(|wanted| wanted.get(field).is_some());
            if let Some(members) = value.as_object_mut().filter(|_| !asked) {
                members.remove(*field);
            }
        }
        sort(&mut value);
        value.to_string()
    });
    shown.collect()
}

/// Lists whose order means nothing, in one order.
fn sort(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(sort);
            list.sort_by_key(Value::to_string);
        }
        Value::Object(members) => members.iter_mut().for_each(|(name, member)| match member {
            Value::Array(list) if ORDERED.contains(&name.as_str()) => list.iter_mut().for_each(sort),
            member => sort(member),
        }),
        _ => {}
    }
}

/// The body of a REST answer: JSON with a line for each element of a list or map of objects, other text as it is. The
/// order of what is dumped is VPP's, so it is not shown.
pub fn body(text: &str) -> Vec<String> {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            mask(&mut value);
            match &value {
                Value::Array(list) if list.iter().all(Value::is_object) => {
                    let mut lines: Vec<String> = list.iter().map(Value::to_string).collect();
                    lines.sort();
                    lines
                }
                Value::Object(members) if !members.is_empty() && members.values().all(Value::is_object) => {
                    members.iter().map(|(key, member)| format!("{key}: {member}")).collect()
                }
                _ => vec![value.to_string()],
            }
        }
        Err(_) => text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
    }
}

/// What somebody reads in a terminal, without what the clock chose.
pub fn typed(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::trim_end).map(str::to_owned).collect();
    // In the history: how long ago a transaction started.
    let start = lines.first().and_then(|titles| Some((titles.find("START")?, titles.find("INPUT")?)));
    if let Some((start, end)) = start {
        for line in lines.iter_mut().skip(1).filter(|line| line.len() > end) {
            line.replace_range(start..end, &format!("{:<1$}", "…", end - start));
        }
    }
    let chosen = [("executed operations (", ")"), ("next attempt: in ", ","), ("next attempt is in ", ",")];
    for (before, after) in chosen {
        for line in &mut lines {
            let begin = line.find(before).map(|at| at + before.len());
            let end = begin.and_then(|begin| Some(begin + line.get(begin..)?.find(after)?));
            if let (Some(begin), Some(end)) = (begin, end) {
                line.replace_range(begin..end, "…");
            }
        }
    }
    // How often VPP was compared by then is a matter of time.
    for before in ["changed by: transaction #", "since transaction "] {
        for line in &mut lines {
            let Some(begin) = line.find(before).map(|at| at + before.len()) else { continue };
            let digits = line[begin..].bytes().take_while(u8::is_ascii_digit).count();
            line.replace_range(begin..begin + digits, "…");
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn mask(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if VOLATILE.contains(&name.as_str()) {
                    *member = Value::from("…");
                } else {
                    mask(member);
                }
            }
        }
        _ => {}
    }
}

/// What a program says, without what the kernel chose: numbers of links and MAC addresses.
pub fn of_program(line: &str) -> String {
    let numbered = line.split_once(": ").filter(|(number, _)| number.parse::<u32>().is_ok());
    let words = numbered.map_or(line, |(_, rest)| rest).split_whitespace().map(|word| {
        let chosen = word.split(':').count() == 6 && word.split(':').all(|part| part.len() == 2);
        match word.split_once("@if") {
            Some((name, _)) => format!("{name}@…"),
            None if chosen && !word.starts_with("02:") && word != "ff:ff:ff:ff:ff:ff" => "…".to_owned(),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a message to VPP changes nothing there.
fn only_asks(message: &str) -> bool {
    message.ends_with("_dump")
        || message.contains("_get_")
        || message.ends_with("_get")
        || ["RTM_GET", "control_ping", "show_", "want_", "get_", "memclnt_", "sockclnt_"]
            .iter()
            .any(|start| message.starts_with(start))
}

/// Messages that change VPP, with how often each was sent since `before`; `before` becomes now.
pub fn sent(
    stats: impl Iterator<Item = (&'static str, u64)>,
    before: &mut HashMap<&'static str, u64>,
) -> Vec<String> {
    let mut now: HashMap<&'static str, u64> = HashMap::new();
    for (name, count) in stats {
        *now.entry(name).or_default() += count;
    }
    let mut lines: Vec<String> = Vec::new();
    for (name, count) in &now {
        let more = count - before.get(name).copied().unwrap_or_default();
        if more > 0 && !only_asks(name) {
            lines.push(format!("{more} {name}"));
        }
    }
    *before = now;
    lines.sort_by(|a, b| a.split(' ').nth(1).cmp(&b.split(' ').nth(1)));
    if lines.is_empty() {
        lines.push("none".to_owned());
    }
    lines
}
