//! What the scheduler tells about itself.

use serde_json::json;

use crate::door::Door;
use crate::exposition;

#[tokio::test]
async fn questions_that_cannot_be_answered() {
    let door = Door::open([]).await;
    let known = "it is one of last-update, error, value-state, unavailable, descriptor, derived";
    for (path, code, error) in [
        ("/scheduler/key-timeline", 500, "missing key argument"),
        ("/scheduler/key-timeline?key=", 500, "missing key argument"),
        ("/scheduler/key-timeline?key=a&key=b", 500, "missing key argument"),
        (
            "/scheduler/key-timeline?key=a&time=x",
            500,
            "argument time is \"x\", which is no number in its range",
        ),
        (
            "/scheduler/graph-snapshot?time=99999999999999999999",
            500,
            "argument time is \"99999999999999999999\", which is no number in its range",
        ),
        ("/scheduler/flag-stats", 500, "missing flag argument"),
        ("/scheduler/flag-stats?flag=colour", 500, &format!("unknown flag \"colour\": {known}")),
        ("/scheduler/graph?format=dot&txn=x", 500, "argument txn is \"x\", which is no number in its range"),
        ("/scheduler/graph?format=dot&txn=777", 404, "transaction with such sequence number is not recorded"),
        ("/scheduler/why", 500, "missing key argument"),
        ("/scheduler/why?key=a&format=xml", 500, "unknown format \"xml\": it is json or text"),
    ] {
        let answer = door.get(path).await;
        assert_eq!((answer.code, answer.json()), (code, json!({ "Error": error })), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json; charset=UTF-8"), "{path}");
    }
    for drawn in ["", "?format=svg", "?format=png"] {
        let answer = door.get(&format!("/scheduler/graph{drawn}")).await;
        let error = answer.json()["Error"].as_str().unwrap().to_owned();
        assert!(answer.code == 501 && error.contains("| dot -Tsvg"), "{drawn}: {answer:?}");
    }
    assert_eq!(door.post("/scheduler/stats").await.code, 405);
}

#[tokio::test]
async fn metrics() {
    let door = Door::sample().await;
    let answer = door.get("/metrics").await;
    assert_eq!(answer.code, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let families = exposition::parse(&answer.body).unwrap();
    let family = |name: &str| families.iter().find(|family| family.name == name);
    let build = family("ligato_build_info").unwrap();
    assert_eq!((build.samples[0].label("version"), build.samples[0].value), (Some("v0.1.0"), 1.0));
    assert!(family("process_resident_memory_bytes").unwrap().samples[0].value > 1e6);
    assert!(family("vpp_agent_keys").unwrap().samples[0].value >= 4.0, "{}", answer.body);
}

#[tokio::test]
async fn the_shape_of_the_statistics() {
    let door = Door::sample().await;
    let body = door.get("/scheduler/stats").await.json();
    let names = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&body), ["TxnStats", "GraphMethods", "AllDescriptors", "Descriptors"]);
    assert_eq!(
        names(&body["TxnStats"]),
        ["TotalProcessed", "OperationCount", "ValueStateCount", "ErrorCount", "Methods"]
    );
}
