//! What the scheduler observed: its counters, and what was in force at what time.

use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use northbound::intake::Batch;
use northbound::merge::Source;
use serde_json::Value;

use crate::common::put;
use crate::door::Door;
use crate::exposition;

/// The world of the samples has a second interface.
async fn sample() -> Door {
    let door = Door::sample().await;
    let memif1 = Interface { name: "memif1".into(), r#type: Type::Memif.into(), ..Interface::default() };
    let batch = Batch { items: vec![put(memif1)], ..Batch::default() };
    door.intake.submit(Source::grpc(), batch).await.unwrap();
    door
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
