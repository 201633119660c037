//! What a document would do.

use serde_json::{Value, json};

use crate::door::{Answer, Door, request};

async fn plan(door: &Door, query: &str, body: &[u8]) -> Answer {
    request(door.server.address(), "POST", &format!("/configuration/plan{query}"), "", body).await
}

#[tokio::test]
async fn a_document_that_is_not_understood() {
    let door = Door::open([]).await;
    for bad in [&b"vppConfig: ["[..], &[0xff, 0xfe]] {
        let planned = plan(&door, "", bad).await;
        let put = request(door.server.address(), "PUT", "/configuration", "", bad).await;
        assert_eq!((planned.code, &planned.body), (500, &put.body), "the same fault in the same words");
    }
    let format = plan(&door, "?format=xml", b"").await;
    assert_eq!((format.code, format.json()["Error"].is_string()), (500, true));
    let wrong = door.get("/configuration/plan").await;
    assert_eq!((wrong.code, wrong.body.as_str()), (405, ""));
}

#[tokio::test]
async fn nothing_to_do() {
    let door = Door::sample().await;
    let empty =
        json!({ "changes": 0, "steps": [], "interrupted": [], "waiting": [], "dropped": [], "refused": [] });
    let planned = plan(&door, "", b"").await;
    assert_eq!((planned.code, planned.json()), (200, empty));
    assert_eq!(planned.header("content-type"), Some("application/json; charset=UTF-8"));
    let text = plan(&door, "?format=text", b"").await;
    assert_eq!((text.code, text.body.as_str()), (200, "nothing to do\n"));
    assert_eq!(text.header("content-type"), Some("text/plain; charset=UTF-8"));
}

#[tokio::test]
async fn faults_of_a_document_are_all_named_and_each_once() {
    let door = Door::sample().await;
    let calls = door.world.calls.lock().unwrap().len();
    let document = "vppConfig:\n  interfaces:\n  - name: loop2\n    mtuu: 7\n  - mtu: x\n  - name: loop3\n  \
                    - name: loop3\n";
    // Twice, as the second time the fault is no news.
    for _ in 0..2 {
        let refused = plan(&door, "?replace", document.as_bytes()).await.json()["refused"].clone();
        let refused: Vec<_> = refused.as_array().unwrap().iter().map(entry).collect();
        let of =
            |key: &str| refused.iter().filter(|(other, _)| other == key).map(|(_, e)| e).collect::<Vec<_>>();
        assert!(
            matches!(of("config/vpp/v2/interfaces/loop2")[..], [error] if error.contains("mtuu")),
            "{refused:?}"
        );
        assert!(matches!(of("vppConfig.interfaces[1]")[..], [error] if error.contains("mtu")), "{refused:?}");
        let whole = of("the document");
        assert!(whole.len() == 2 && whole[0].contains("loop3: the document has this key more than once"));
        assert!(whole[1].contains("nothing was removed"), "{whole:?}");
        assert_eq!(refused.len(), 4, "{refused:?}");
        let faulty = request(door.server.address(), "PUT", "/configuration", "", document.as_bytes()).await;
        assert_eq!(faulty.code, 500);
    }
    assert_eq!(door.world.calls.lock().unwrap()[calls..], ["create config/vpp/v2/interfaces/loop3"]);
}

fn entry(refused: &Value) -> (String, String) {
    (refused["key"].as_str().unwrap().to_owned(), refused["error"].as_str().unwrap().to_owned())
}

const DOCUMENT: &str = "\
vppConfig:
  interfaces:
  - {name: loop1, type: SOFTWARE_LOOPBACK, enabled: true, ip_addresses: [10.0.0.1/24], mtu: 1400}
  - {name: loop2}
  - {name: loop3, mtu: 10000}
  routes:
  - {outgoing_interface: none, dst_network: 10.2.0.0/16}
";

#[tokio::test]
async fn what_is_planned_is_what_is_done_then() {
    let door = Door::sample().await;
    let known = door.last();
    let in_words = "\
update     config/vpp/v2/interfaces/loop1  (changed in place: mtu)
create     config/vpp/v2/interfaces/loop2  (wanted and not there)
create     vpp/interface/loop2/x  (part of what is wanted)

waits:
  config/vpp/v2/route/if/none/vrf/0/dst/10.2.0.0/16  (for config/vpp/v2/interfaces/none)

cannot be used, what is in force stays:
  config/vpp/v2/interfaces/loop3  (mtu: must be at most 9216)
";
    assert_eq!(plan(&door, "?format=text", DOCUMENT.as_bytes()).await.body, in_words);
    let planned = plan(&door, "", DOCUMENT.as_bytes()).await.json();
    let loop1 = |mtu: Option<u32>| {
        let mut data = json!({
            "name": "loop1", "type": "SOFTWARE_LOOPBACK", "enabled": true, "ipAddresses": ["10.0.0.1/24"],
        });
        if let Some(mtu) = mtu {
            data["mtu"] = mtu.into();
        }
        json!({ "ProtoMsgName": "ligato.vpp.interfaces.Interface", "ProtoMsgData": data })
    };
    let golden = json!({
        "changes": 3,
        "steps": [
            {
                "operation": "UPDATE",
                "key": "config/vpp/v2/interfaces/loop1",
                "reason": "changed in place: mtu",
                "previous": loop1(None),
                "value": loop1(Some(1400)),
            },
            {
                "operation": "CREATE",
                "key": "config/vpp/v2/interfaces/loop2",
                "reason": "wanted and not there",
                "value": { "ProtoMsgName": "ligato.vpp.interfaces.Interface", "ProtoMsgData": { "name": "loop2" } },
            },
            {
                "operation": "CREATE",
                "key": "vpp/interface/loop2/x",
                "derived": true,
                "reason": "part of what is wanted",
                "value": { "ProtoMsgName": "google.protobuf.Empty", "ProtoMsgData": {} },
            },
        ],
        "interrupted": [],
        "waiting": [{
            "key": "config/vpp/v2/route/if/none/vrf/0/dst/10.2.0.0/16",
            "details": ["config/vpp/v2/interfaces/none"],
        }],
        "dropped": [],
        "refused": [{ "key": "config/vpp/v2/interfaces/loop3", "error": "mtu: must be at most 9216" }],
    });
    assert_eq!(planned, golden);
    assert_eq!(door.last(), known, "a plan is no transaction");
    assert!(door.world.interface("loop2").is_none());

    let put = request(door.server.address(), "PUT", "/configuration", "", DOCUMENT.as_bytes()).await;
    assert!(put.code == 500 && put.body.contains("loop3 (VALIDATE): mtu"), "{put:?}");
    let done = door.get(&format!("/scheduler/txn-history?seq-num={}", door.last())).await.json();
    let sent = done["Executed"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|op| op["NOOP"] != true && op["NewState"] != "INVALID");
    let sent: Vec<_> = sent.map(|op| (&op["Operation"], &op["Key"])).collect();
    let steps = planned["steps"].as_array().unwrap().iter();
    let steps: Vec<_> = steps.map(|step| (&step["operation"], &step["key"])).collect();
    assert_eq!(sorted(sent), sorted(steps));

    let again = plan(&door, "?format=text", DOCUMENT.as_bytes()).await.body;
    assert!(again.starts_with("nothing to do\n"), "{again}");
    assert_eq!(
        plan(&door, "?replace&format=text", b"vppConfig: {interfaces: [{name: loop2}]}").await.body,
        "delete     vpp/interface/loop1/x  (no part of what is wanted any more)\n\
         delete     config/vpp/v2/interfaces/loop1  (not wanted any more)\n\n\
         not wanted any more, and not there:\n  \
         config/linux/iptables/v2/rulechain/r1\n  \
         config/vpp/v2/route/if/missing1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9\n  \
         config/vpp/v2/route/if/none/vrf/0/dst/10.2.0.0/16\n"
    );
}

fn sorted<'a>(mut operations: Vec<(&'a Value, &'a Value)>) -> Vec<(&'a Value, &'a Value)> {
    operations.sort_by_key(|(_, key)| key.as_str());
    operations
}
