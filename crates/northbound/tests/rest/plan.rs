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
    let empty = json!({ "changes": 0, "steps": [], "interrupted": [], "waiting": [], "refused": [] });
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
