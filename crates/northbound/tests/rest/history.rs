//! What was done, and having it done again.

use std::sync::Arc;

use sched::{Intent, Txn};
use serde_json::json;

use crate::common::{eventually, interface};
use crate::door::{Door, ROUTE};

#[tokio::test]
async fn history() {
    let door = Door::sample().await;
    let last = door.last();
    let one = door.get(&format!("/scheduler/txn-history?seq-num={last}&since=nonsense&since=twice")).await;
    assert_eq!(one.code, 200, "{}", one.body);
    let one = one.json();
    assert_eq!((&one["SeqNum"], &one["TxnType"]), (&json!(last), &json!("NBTransaction")));
    assert!(one.get("ResyncType").is_none());
    let start = one["Start"].as_str().unwrap();
    assert!(start.len() > 20 && start.ends_with('Z') && start.contains('T'), "{start}");
    let keys: Vec<_> = one["Values"].as_array().unwrap().iter().map(|v| v["Key"].as_str().unwrap()).collect();
    assert_eq!(
        keys,
        ["config/linux/iptables/v2/rulechain/r1", "config/vpp/v2/interfaces/loop1", ROUTE],
        "sorted by key"
    );
    assert_eq!(one["Values"][0]["Origin"], 1);
    assert_eq!(one["Values"][0]["Value"]["ProtoMsgData"], json!({"name": "r1"}));
    let ops = one["Executed"].as_array().unwrap();
    let op = |key: &str| ops.iter().find(|op| op["Key"] == key).unwrap();
    assert_eq!(op("config/vpp/v2/interfaces/loop1")["NewState"], "CONFIGURED");
    assert!(op("config/vpp/v2/interfaces/loop1").get("PrevState").is_none(), "NONEXISTENT is left out");
    assert_eq!(op("config/vpp/v2/interfaces/loop1")["Operation"], "CREATE");
    assert_eq!((&op(ROUTE)["NewState"], &op(ROUTE)["NOOP"]), (&json!("PENDING"), &json!(true)));
    assert_eq!(op("vpp/interface/loop1/x")["IsDerived"], true);

    let all = door.get("/scheduler/txn-history").await.json();
    assert_eq!(all.as_array().unwrap().last().unwrap(), &one);
    assert_eq!(door.get("/scheduler/txn-history?since=99999999999999999999").await.body, "null\n");
    let unknown = door.get("/scheduler/txn-history?seq-num=777").await;
    assert_eq!(unknown.code, 404);
    assert_eq!(unknown.json(), json!({"Error": "transaction with such sequence number is not recorded"}));
    for bad in ["format=xml", "seq-num=x"] {
        assert_eq!(door.get(&format!("/scheduler/txn-history?{bad}")).await.code, 500);
    }
}

#[tokio::test]
async fn history_as_text() {
    let door = Door::sample().await;
    let last = door.last();
    let one = door.get(&format!("/scheduler/txn-history?format=text&seq-num={last}")).await;
    assert_eq!(one.header("content-type"), Some("text/plain; charset=UTF-8"));
    let start = format!(
        "* transaction arguments:\n    - seqNum: {last}\n    - type: NB Transaction\n    - values:\n        \
         - key: config/linux/iptables/v2/rulechain/r1\n          val: {{ name:\"r1\" }}\n"
    );
    assert!(one.body.starts_with(&start), "{}", one.body);
    assert!(one.body.contains("* executed operations (20"), "{}", one.body);
    let chain = "CREATE [NOOP UNIMPLEMENTED]:\n        - key: config/linux/iptables/v2/rulechain/r1\n        \
                 - value: { name:\"r1\" } \n        - prev-state: NONEXISTENT \n        \
                 - new-state: UNIMPLEMENTED \n";
    assert!(one.body.contains(chain), "{}", one.body);
    assert!(one.body.contains("CREATE [DERIVED]:\n        - key: vpp/interface/loop1/x\n"), "{}", one.body);
    assert!(
        one.body.contains(&format!("CREATE [NOOP IS-PENDING]:\n        - key: {ROUTE}\n")),
        "{}",
        one.body
    );
    let all = door.get("/scheduler/txn-history?format=text").await.body;
    assert!(all.contains(&format!("\nTransaction #{last}:\n")), "{all}");
    assert!(!all.contains("new-state"), "states only for a single one");
}

#[tokio::test]
async fn downstream_resync() {
    let door = Door::sample().await;
    door.world.objects.lock().unwrap().clear();
    let answer = door.post("/scheduler/downstream-resync?retry=1&verbose=true").await;
    assert_eq!(answer.code, 200, "{}", answer.body);
    let record = answer.json();
    assert_eq!(
        (&record["TxnType"], &record["ResyncType"]),
        (&json!("NBTransaction"), &json!("DownstreamResync"))
    );
    assert!(record.get("Values").is_none());
    eventually("the interface is back", || door.world.interface("loop1").is_some()).await;

    door.world.objects.lock().unwrap().clear();
    door.world.failing.lock().unwrap().insert("config/vpp/v2/interfaces/loop1".into());
    let failed = door.post("/scheduler/downstream-resync").await;
    assert_eq!(failed.code, 500);
    assert!(failed.json()["Error"].as_str().unwrap().contains("the world refuses"), "{}", failed.body);
}

#[tokio::test]
async fn a_transaction_that_was_planned_first() {
    let door = Door::sample().await;
    let changes = vec![Intent::put(Arc::new(interface("loop2", 9000)))];
    let txn = Txn { changes, simulate: true, ..Txn::default() };
    let seq = door.intake.scheduler().commit(txn).await.unwrap().seq;
    let record = door.get(&format!("/scheduler/txn-history?seq-num={seq}")).await.json();
    let names: Vec<_> = record.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["WithSimulation", "Start", "Stop", "SeqNum", "TxnType", "Values", "Planned", "Executed"]
    );
    assert_eq!(record["WithSimulation"], true);
    assert_eq!(record["Planned"], record["Executed"], "nothing failed, so what was planned was done");
    assert_eq!(record["Planned"][0]["Key"], "config/vpp/v2/interfaces/loop2");
    let text = door.get(&format!("/scheduler/txn-history?seq-num={seq}&format=text")).await.body;
    let planned = text.split_once("* planned operations:\n").unwrap().1;
    let (planned, executed) = planned.split_once("* executed operations (").unwrap();
    assert!(planned.starts_with("    1. CREATE:\n        - key: config/vpp/v2/interfaces/loop2\n"), "{text}");
    assert_eq!(executed.split_once("):\n").unwrap().1, planned);
}
