//! What the scheduler observed: its counters, and what was in force at what time.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use northbound::intake::Batch;
use northbound::merge::{Item, Source};
use serde_json::{Value, json};

use crate::common::{interface, put};
use crate::door::{Door, ROUTE};
use crate::exposition;

const LOOP1: &str = "config/vpp/v2/interfaces/loop1";

/// The world of the samples has a second interface.
async fn sample() -> Door {
    let door = Door::sample().await;
    let memif1 = Interface { name: "memif1".into(), r#type: Type::Memif.into(), ..Interface::default() };
    let batch = Batch { items: vec![put(memif1)], ..Batch::default() };
    door.intake.submit(Source::grpc(), batch).await.unwrap();
    door
}

/// When a transaction started and when it was done, in nanoseconds.
fn times(door: &Door, seq: u64) -> (u128, u128) {
    let record = door.intake.scheduler().history().by_seq(seq).unwrap();
    let nanoseconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_nanos();
    (nanoseconds(record.start), nanoseconds(record.stop))
}

#[tokio::test]
async fn the_timeline_of_a_key() {
    let door = Door::sample().await;
    let created = door.last();
    let path = format!("/scheduler/key-timeline?key={LOOP1}");
    let first = door.get(&path).await.json();
    let since = first[0]["Since"].as_str().unwrap().to_owned();
    let golden = json!([{
        "Since": since,
        "Until": "0001-01-01T00:00:00Z",
        "Key": LOOP1,
        "Label": "loop1",
        "Value": {
            "ProtoMsgName": "ligato.vpp.interfaces.Interface",
            "ProtoMsgData": {
                "name": "loop1", "type": "SOFTWARE_LOOPBACK", "enabled": true, "ipAddresses": ["10.0.0.1/24"],
            },
        },
        "Flags": {
            "last-update": format!("TXN-{created}"), "value-state": "CONFIGURED", "descriptor": "vpp-interface",
        },
        "MetadataFields": { "SwIfIndex": ["1"], "Vrf": ["0"] },
        "Targets": [{
            "Relation": "derives",
            "Label": "vpp/interface/loop1/x",
            "ExpectedKey": "vpp/interface/loop1/x",
            "MatchingKeys": ["vpp/interface/loop1/x"],
        }],
        "TargetUpdateOnly": false,
    }]);
    assert_eq!(first, golden);
    let delete = Batch { items: vec![Item::delete(LOOP1)], ..Batch::default() };
    door.intake.submit(Source::grpc(), delete).await.unwrap();
    let both = door.get(&path).await.json();
    let gone = both.as_array().unwrap();
    assert_eq!((gone.len(), &gone[0]["Since"]), (1, &json!(since)), "{both}");
    assert_ne!(gone[0]["Until"], "0001-01-01T00:00:00Z");
    assert_eq!(gone[0]["Value"], golden[0]["Value"]);

    let (start, stop) = times(&door, created);
    let at = async |time: u128| door.get(&format!("{path}&time={time}")).await.json();
    assert_eq!(at(stop).await, gone[0], "one node, not a list");
    assert_eq!(at(start - 1).await, Value::Null);
    assert_eq!(at(times(&door, door.last()).1 + 1).await, Value::Null);
    assert_eq!(door.get("/scheduler/key-timeline?key=nosuch").await.body, "null\n");
    assert_eq!(door.get("/scheduler/key-timeline?key=nosuch&time=1").await.body, "null\n");
    let pending = door.get(&format!("/scheduler/key-timeline?key={ROUTE}")).await.json();
    assert_eq!(pending[0]["Flags"]["unavailable"], "");
    let expected = "config/vpp/v2/interfaces/missing1";
    assert_eq!(
        pending[0]["Targets"],
        json!([{"Relation": "depends-on", "Label": expected, "ExpectedKey": expected, "MatchingKeys": []}])
    );
    let part = door.get("/scheduler/key-timeline?key=vpp/interface/loop1/x").await.json();
    assert_eq!(part[0]["Flags"]["derived"], LOOP1);
}

#[tokio::test]
async fn all_keys_at_a_time() {
    let door = sample().await;
    let keys = |body: &Value| {
        let nodes = body.as_array().unwrap().iter();
        let mut keys: Vec<_> = nodes.map(|node| node["Key"].as_str().unwrap().to_owned()).collect();
        keys.sort();
        keys
    };
    let chain = "config/linux/iptables/v2/rulechain/r1";
    let memif1 = "config/vpp/v2/interfaces/memif1";
    let (part, memif_part) = ("vpp/interface/loop1/x", "vpp/interface/memif1/x");
    let now = door.get("/scheduler/graph-snapshot").await.json();
    assert_eq!(keys(&now), [chain, LOOP1, memif1, ROUTE, part, memif_part]);
    let before = times(&door, door.last() - 1).1;
    let before = door.get(&format!("/scheduler/graph-snapshot?time={before}")).await.json();
    assert_eq!(keys(&before), [chain, LOOP1, ROUTE, part]);
    assert_eq!(door.get("/scheduler/graph-snapshot?time=1").await.body, "null\n");
}

#[tokio::test]
async fn flags_are_counted() {
    let door = sample().await;
    let states = door.get("/scheduler/flag-stats?flag=value-state").await;
    let golden = "{\n  \"TotalCount\": 6,\n  \"PerValueCount\": {\n    \"CONFIGURED\": 4,\n    \"PENDING\": 1,\n    \
                  \"UNIMPLEMENTED\": 1\n  }\n}\n";
    assert_eq!(states.body, golden);
    let of = async |query: &str| door.get(&format!("/scheduler/flag-stats?{query}")).await.json();
    let both = of("flag=value-state&prefix=config/vpp/v2/route/&prefix=config/vpp/v2/interfaces/").await;
    assert_eq!(both, json!({ "TotalCount": 3, "PerValueCount": { "CONFIGURED": 2, "PENDING": 1 } }));
    assert_eq!(of("flag=error").await, json!({ "TotalCount": 0, "PerValueCount": {} }));
    let bases = json!({ LOOP1: 1, "config/vpp/v2/interfaces/memif1": 1 });
    assert_eq!(of("flag=derived").await, json!({ "TotalCount": 2, "PerValueCount": bases }));
}

#[tokio::test]
async fn the_graph_as_text() {
    let door = sample().await;
    let now = door.get("/scheduler/graph?format=dot").await;
    assert_eq!((now.code, now.header("content-type")), (200, Some("text/plain; charset=UTF-8")));
    assert_eq!(now.body, door.get("/scheduler/graph?format=raw").await.body);
    for line in [
        "digraph scheduler {\n  label=\"6 values\";\n",
        "  subgraph \"cluster_vpp-interface\" {\n",
        &format!("  \"{LOOP1}\" -> \"vpp/interface/loop1/x\" [label=derives style=dotted];\n"),
        &format!(
            "  \"{ROUTE}\" -> \"config/vpp/v2/interfaces/missing1\" [label=\"depends-on\" color=Red];\n"
        ),
        "  \"config/vpp/v2/interfaces/missing1\" [style=dashed tooltip=\"not there\"];\n",
    ] {
        assert!(now.body.contains(line), "{line} in {}", now.body);
    }
    assert!(!now.body.contains("Gold"));
    let last = door.last();
    let touched = door.get(&format!("/scheduler/graph?format=dot&txn={last}")).await.body;
    let golden = |key: &str| {
        touched.lines().any(|l| l.trim_start().starts_with(&format!("\"{key}\" [")) && l.contains("Gold"))
    };
    assert!(golden("config/vpp/v2/interfaces/memif1") && golden("vpp/interface/memif1/x"), "{touched}");
    assert!(!golden(LOOP1), "{touched}");
    let before = door.get(&format!("/scheduler/graph?format=dot&txn={}", last - 1)).await.body;
    assert!(!before.contains("memif1") && before.contains("Gold"), "{before}");
}

#[tokio::test]
async fn counts_of_what_was_done() {
    let door = sample().await;
    let stats = door.get("/scheduler/stats").await.json();
    let txn = &stats["TxnStats"];
    assert_eq!(txn["TotalProcessed"], door.last() + 1, "{stats}");
    assert_eq!(txn["OperationCount"]["DELETE"], 0);
    assert_eq!(txn["ErrorCount"], 0);
    let named = |list: &Value| {
        let names = list.as_array().unwrap().iter().map(|call| call["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    for step in ["preProcessTransaction", "executeTransaction", "processTransaction"] {
        assert!(named(&txn["Methods"]).iter().any(|name| name == step), "{step} in {stats}");
    }
    assert!(named(&stats["Descriptors"]["vpp-interface"]).iter().any(|name| name == "Create"), "{stats}");

    let text = door.get("/metrics").await.body;
    let families = exposition::parse(&text).unwrap();
    let samples = families.iter().flat_map(|family| &family.samples);
    let value = |name: &str, label: Option<(&str, &str)>| {
        let name = format!("ligato_kvscheduler_{name}");
        let found = samples.clone().find(|sample| {
            sample.name == name && label.is_none_or(|(label, content)| sample.label(label) == Some(content))
        });
        found.map(|sample| sample.value).unwrap_or_else(|| panic!("no {name} in {text}"))
    };
    let nb = Some(("txn_type", "NBTransaction"));
    assert_eq!(value("txn_processed", None), (door.last() + 1) as f64);
    assert_eq!(value("queue_capacity", None), 200.0);
    assert_eq!((value("queue_length", None), value("txn_dropped", None)), (0.0, 0.0));
    assert!(value("txn_duration_seconds_count", nb) >= 2.0 && value("queue_wait_seconds_count", nb) >= 2.0);
    assert!(value("txn_duration_seconds_sum", nb) > 0.0);
    assert!(value("txn_process_duration_seconds_count", Some(("slice", "executeTransaction"))) >= 2.0);
}

/// What the metrics count is what the statuses list.
#[tokio::test]
async fn values_are_counted_by_the_state_that_they_are_in() {
    let door = sample().await;
    let counted = async || {
        let families = exposition::parse(&door.get("/metrics").await.body).unwrap();
        let values = families.into_iter().find(|family| family.name == "vpp_agent_values").unwrap();
        let of =
            |sample: exposition::Sample| (sample.label("state").unwrap().to_owned(), sample.value as u64);
        values.samples.into_iter().map(of).collect::<BTreeMap<_, _>>()
    };
    let listed = async || {
        let all = door.get("/scheduler/status").await.json();
        let mut counts = BTreeMap::new();
        for base in all.as_array().unwrap() {
            let parts = base["derived_values"].as_array().cloned().unwrap_or_default();
            for status in parts.iter().chain([&base["value"]]) {
                *counts.entry(status["state"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            }
        }
        counts
    };
    let expected = [("CONFIGURED", 4), ("PENDING", 1), ("UNIMPLEMENTED", 1)];
    assert_eq!(counted().await, expected.map(|(state, count)| (state.to_owned(), count)).into());
    assert_eq!(counted().await, listed().await);
    door.world.failing.lock().unwrap().insert("config/vpp/v2/interfaces/bad".into());
    for (query, document) in [
        (
            "",
            "{vppConfig: {interfaces: [{name: loop1, mtu: 1400}, {name: bad}, {name: missing1, mtu: 10000}]}}",
        ),
        ("", "{vppConfig: {interfaces: [{name: missing1, mtu: 1000}, {name: bad, mtu: 10000}]}}"),
        ("?replace", "{vppConfig: {interfaces: [{name: missing1, mtu: 10000}, {name: bad}]}}"),
        ("?replace", "{vppConfig: {interfaces: [{name: memif1}]}}"),
    ] {
        door.put(&format!("/configuration{query}"), document).await;
        assert_eq!(counted().await, listed().await, "{query} {document}");
    }
    door.world.objects.lock().unwrap().clear();
    door.post("/scheduler/downstream-resync").await;
    assert_eq!(counted().await, listed().await, "after a resync");
    assert_eq!(counted().await, BTreeMap::from([("CONFIGURED".to_owned(), 2)]));
}

#[tokio::test]
async fn why_a_value_is_in_its_state() {
    let door = Door::sample().await;
    let why = async |query: &str| door.get(&format!("/scheduler/why?{query}")).await;
    let waiting = why(&format!("key={ROUTE}")).await.json();
    assert_eq!((&waiting["key"], &waiting["state"]), (&json!(ROUTE), &json!("PENDING")));
    assert_eq!(waiting["waits_for"][0]["key"], "config/vpp/v2/interfaces/missing1");
    assert_eq!(waiting["origin"], 1);
    let text = why(&format!("key={ROUTE}&format=text")).await;
    assert_eq!(text.header("content-type"), Some("text/plain; charset=UTF-8"));
    let golden = format!(
        "{ROUTE} is PENDING\n  It waits for vpp-interface missing1, which nobody has configured.\n  \
         descriptor: vpp-route\n  origin: wanted by the configuration\n  waits for:\n    \
         - config/vpp/v2/interfaces/missing1 (NONEXISTENT), which nobody has configured\n  \
         last changed by: transaction #{}\n\
         What to do: configure config/vpp/v2/interfaces/missing1, or correct the name where it is used\n",
        door.last()
    );
    assert_eq!(text.body, golden);

    door.world.failing.lock().unwrap().insert("config/vpp/v2/interfaces/bad".into());
    let batch = Batch { items: vec![put(interface("bad", 0))], ..Batch::default() };
    door.intake.submit(Source::grpc(), batch).await.unwrap();
    let failed = why("key=config/vpp/v2/interfaces/bad").await.json();
    assert_eq!((&failed["state"], &failed["failure"]["operation"]), (&json!("FAILED"), &json!("CREATE")));
    assert!(failed["failure"]["cause"].as_str().unwrap().contains("the world refuses"), "{failed}");

    let unknown = why("key=nosuch").await;
    assert_eq!((unknown.code, &unknown.json()["state"]), (200, &json!("NONEXISTENT")));
    assert!(!unknown.json()["summary"].as_str().unwrap().is_empty());
}
