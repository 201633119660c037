//! The REST door: every path, byte for byte where the reference's answers are known.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

#[path = "../common/mod.rs"]
mod common;
mod door;
mod exposition;
mod history;
mod observed;
mod plan;
mod scheduler;

use std::sync::Arc;

use common::{Dir, World, agent, eventually, interface, scheduler_over};
use door::{Console, Door, Dumps, ROUTE, request};
use northbound::health::{Build, Health};
use northbound::intake::{Batch, Intake};
use northbound::merge::{Class, Source};
use northbound::notify::Notifications;
use northbound::rest::{Config, Server};
use northbound::store::Content;
use northbound::telemetry::Observed;
use sched::Link;
use serde_json::{Value, json};

#[tokio::test]
async fn probes() {
    let file = Source::new(Class::File, "file");
    let door = Door::open([file.clone()]).await;
    let live = door.get("/liveness").await;
    assert_eq!(live.code, 200);
    assert_eq!(live.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(live.json().get("state").is_none(), "INIT is 0 and left out: {}", live.body);
    assert_eq!(door.get("/readiness").await.code, 500);
    let answer = Batch { replace: true, answers: true, ..Batch::default() };
    door.intake.submit(file, answer).await.unwrap();
    door.health.ready().await;
    let ready = door.get("/readiness").await;
    assert_eq!(ready.code, 200);
    assert!(!ready.body.contains('\n'), "compact");
    let body = ready.json();
    assert_eq!(body["state"], 1);
    assert_eq!(body["interface_stats"], json!({}));
    assert_eq!(body["plugins"][0], json!({"name": "VPPAgent", "state": 1}));
    assert_eq!(body["NonFatalPlugins"], Value::Null);
    assert!(!door.get("/liveness").await.body.contains("interface_stats"));
}

#[tokio::test]
async fn what_works_is_told_model_by_model() {
    let door = Door::open([]).await;
    door.health.ready().await;
    let answer = door.get("/vpp/capabilities").await;
    let rows = answer.json();
    let models = model::MODELS.iter().filter(|spec| spec.class == "config").map(model::ModelSpec::name);
    let told = rows.as_array().unwrap().iter().map(|row| row["model"].as_str().unwrap().to_owned());
    assert_eq!(told.collect::<Vec<_>>(), models.collect::<Vec<_>>());
    let row = |name: &str| rows.as_array().unwrap().iter().find(|row| row["model"] == name).unwrap().clone();
    let interfaces = row("vpp.interfaces");
    assert_eq!(
        (&interfaces["support"], &interfaces["descriptor"]),
        (&json!("supported"), &json!("vpp-interface"))
    );
    assert_eq!(row("vpp.stn.rule")["support"], "unimplemented");
}

#[tokio::test]
async fn vpp_itself_is_asked_by_command_and_traced() {
    let door = Door::open([]).await;
    let post =
        |body: &'static str| request(door.server.address(), "POST", "/vpp/command", "", body.as_bytes());
    let answer = post(r#"{"vppclicommand":"show version"}"#).await;
    let body = "\"you said \\u003cshow version\\u003e\\n\"\n";
    assert_eq!((answer.code, &*answer.body), (200, body));
    assert_eq!(answer.header("content-type"), Some("application/json; charset=UTF-8"));
    let answer = post(r#"{"vppclicommand":"bad"}"#).await;
    let text = "500 Internal server error: request failed: cli_inband: VPP refused: unknown input `bad'\n";
    assert_eq!((answer.code, answer.json()), (500, json!(text)));
    let answer = post("{}").await;
    assert_eq!(answer.code, 400);
    assert!(
        answer.json().as_str().unwrap().starts_with("400 Bad request: \"vppclicommand\" must"),
        "{}",
        answer.body
    );

    assert_eq!(door.get("/vpp/trace").await.json(), json!({"on": false, "messages": []}));
    assert_eq!(door.put("/vpp/trace?on=true", "").await.json(), json!({"on": true}));
    assert_eq!(door.get("/vpp/trace").await.json()["on"], true);
    assert_eq!(door.put("/vpp/trace?on=perhaps", "").await.code, 400);
    let cleared = request(door.server.address(), "DELETE", "/vpp/trace", "", b"").await;
    assert_eq!((cleared.code, cleared.json()), (200, json!({})));
}

#[tokio::test]
async fn messages_to_vpp_are_counted_in_the_reference_s_shapes() {
    let door = Door::open([]).await;
    let counters = json!({"channels_created": 1, "channels_open": 1, "requests_sent": 2});
    assert_eq!(door.get("/metrics/govppmux.stats").await.json(), counters);
    let stats = door.get("/govppmux/stats").await.json();
    assert_eq!((&stats["requests_sent"], &stats["Errors"]), (&json!(2), &Value::Null));
    let text = door.get("/metrics").await.body;
    assert!(text.contains("\nligato_govppmux_requests_total{message=\"control_ping\"} 2\n"), "{text}");
    let unknown = door.get("/metrics/nothing").await;
    assert_eq!((unknown.code, unknown.json()["Error"].is_string()), (404, true));
    assert_eq!(door.get("/metrics/vpp.route").await.code, 500);
}

#[tokio::test]
async fn a_southbound_that_is_away_makes_the_agent_not_ready_but_not_dead() {
    let world = Arc::new(World::default());
    let up = Link { generation: 1, instance: 1, down: None };
    let (tell, link) = tokio::sync::watch::channel(up.clone());
    let intake = Intake::start(scheduler_over(&world, link), None, Content::default(), []);
    let door = Door::to(world, intake).await;
    door.health.ready().await;
    tell.send(Link { down: Some("the world is away".into()), ..up.clone() }).unwrap();
    while door.get("/readiness").await.code == 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(door.get("/liveness").await.code, 200);
    assert!(door.get("/readiness").await.body.contains("the world is away"));
    tell.send(Link { generation: 2, ..up }).unwrap();
    door.health.ready().await;
    assert_eq!(door.get("/readiness").await.code, 200);
}

#[tokio::test]
async fn paths_and_methods() {
    let door = Door::open([]).await;
    for path in ["/nosuch", "/liveness/", "/"] {
        let unknown = door.get(path).await;
        assert_eq!((unknown.code, unknown.body.as_str()), (404, "404 page not found\n"));
        assert_eq!(unknown.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(unknown.header("x-content-type-options"), Some("nosniff"));
    }
    for (method, path) in
        [("POST", "/liveness"), ("GET", "/scheduler/downstream-resync"), ("POST", "/configuration")]
    {
        let wrong = request(door.server.address(), method, path, "", b"").await;
        assert_eq!((wrong.code, wrong.body.as_str(), wrong.header("content-type")), (405, "", None));
    }
    let version = door.get("/info/version").await;
    assert_eq!(version.header("content-type"), Some("application/json; charset=UTF-8"));
    assert!(
        version.body.starts_with("{\n  \"App\": \"vpp-agent\",\n  \"Version\": \"v0.1.0\",\n"),
        "{}",
        version.body
    );
    let body = version.json();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "App",
            "Version",
            "GitCommit",
            "GitBranch",
            "BuildUser",
            "BuildHost",
            "BuildTime",
            "GoVersion",
            "OS",
            "Arch",
            "APIVersion",
            "OSType"
        ]
    );
}

#[tokio::test]
async fn configuration() {
    let door = Door::sample().await;
    let got = door.get("/configuration").await;
    assert_eq!(got.header("content-type"), Some("application/yaml; charset=UTF-8"));
    let document = model::document::parse(&got.body).unwrap();
    assert_eq!(document.items.len(), 3, "{}", got.body);
    assert!(got.body.contains("ipAddresses:") && got.body.contains("netallocConfig:"));

    // What was read can be sent back, and changes nothing.
    let calls = door.world.calls.lock().unwrap().len();
    let same = door.put("/configuration", &got.body).await;
    assert_eq!((same.code, same.body.as_str()), (200, "{}\n"));
    assert_eq!(door.world.calls.lock().unwrap().len(), calls);

    let more = r#"{"vppConfig": {"interfaces": [{"name": "loop2", "ip_addresses": ["10.0.0.2/24"]}]}}"#;
    assert_eq!(door.put("/configuration", more).await.code, 200);
    assert!(door.world.interface("loop1").is_some() && door.world.interface("loop2").is_some());
    assert_eq!(door.put("/configuration?replace", more).await.code, 200);
    assert_eq!(door.world.keys(), ["config/vpp/v2/interfaces/loop2"]);

    let unreadable = door.put("/configuration", "vppConfig: [").await;
    assert_eq!(unreadable.code, 500);
    assert!(unreadable.json().as_str().unwrap().ends_with('\n'));
    let binary = request(door.server.address(), "PUT", "/configuration", "", &[0xff, 0xfe]).await;
    assert_eq!(binary.code, 500);

    let partly = "vppConfig:\n  interfaces:\n  - name: loop2\n    mtuu: 7\n  - name: loop3\n";
    let partly = door.put("/configuration?replace=1", partly).await;
    assert_eq!(partly.code, 500);
    let text = partly.json().as_str().unwrap().to_owned();
    assert!(text.contains("mtuu") && text.contains("config/vpp/v2/interfaces/loop2"), "{text}");
    assert!(door.world.interface("loop2").is_some(), "its last good value stays");
    assert!(door.world.interface("loop3").is_some(), "the others are applied");

    let invalid =
        door.put("/configuration", "vppConfig:\n  interfaces:\n  - name: loop3\n    mtu: 10000\n").await;
    let text = "config/vpp/v2/interfaces/loop3 (VALIDATE): mtu: must be at most 9216";
    assert!(invalid.code == 500 && invalid.body.contains(text), "{invalid:?}");

    door.world.failing.lock().unwrap().insert("config/vpp/v2/interfaces/loop4".into());
    let failing = door.put("/configuration", "vppConfig:\n  interfaces:\n  - name: loop4\n").await;
    assert!(
        failing.body.contains("config/vpp/v2/interfaces/loop4 (CREATE): the world refuses"),
        "{failing:?}"
    );
}

#[tokio::test]
async fn a_long_document() {
    let door = Door::open([]).await;
    let mut text = String::from("vppConfig:\n  interfaces:\n");
    for n in 0..40_000 {
        text.push_str(&format!("  - name: x{n:0>60}\n"));
    }
    assert!(text.len() > 2 << 20, "more than the library takes by default");
    let answer = door.put("/configuration", &text).await;
    assert_eq!(answer.code, 200, "{}", answer.body);
    assert_eq!(door.world.keys().len(), 40_000);
}

#[tokio::test]
async fn dumps() {
    let door = Door::sample().await;
    let index = door.get("/scheduler/dump").await;
    assert_eq!(
        index.json(),
        json!({
            "Descriptors": ["vpp-interface", "interface-part", "vpp-route"],
            "KeyPrefixes": ["config/vpp/v2/interfaces/", "", "config/vpp/v2/route/"],
            "Views": ["SB", "NB", "cached"],
        })
    );
    let expected = json!([{
        "Key": "config/vpp/v2/interfaces/loop1",
        "Value": {
            "ProtoMsgName": "ligato.vpp.interfaces.Interface",
            "ProtoMsgData": {
                "name": "loop1", "type": "SOFTWARE_LOOPBACK", "enabled": true, "ipAddresses": ["10.0.0.1/24"],
            },
        },
        "Origin": 1,
        "Metadata": {"SwIfIndex": 1, "Vrf": 0},
    }]);
    let prefix = "key-prefix=config/vpp/v2/interfaces/";
    assert_eq!(door.get(&format!("/scheduler/dump?{prefix}&view=cached")).await.json(), expected);
    assert_eq!(door.get("/scheduler/dump?descriptor=vpp-interface&view=NB").await.json(), expected);
    let sb = door.get(&format!("/scheduler/dump?{prefix}&key=")).await.json();
    assert_eq!(sb[0]["Value"], expected[0]["Value"]);
    assert_eq!(door.get("/scheduler/dump?descriptor=vpp-route&view=cached").await.body, "null\n");

    let unknown = door.get("/scheduler/dump?key-prefix=config/none/").await;
    assert_eq!(unknown.code, 404);
    assert_eq!(unknown.body, "{\n  \"Error\": \"no descriptor found matching the key prefix\"\n}\n");
    for bad in
        [format!("{prefix}&view=sb"), format!("{prefix}&{prefix}"), format!("{prefix}&view=SB&view=NB")]
    {
        let bad = door.get(&format!("/scheduler/dump?{bad}")).await;
        assert_eq!(bad.code, 500);
        assert!(bad.json()["Error"].is_string());
    }

    let live = door.get("/dump/vpp/v2/interfaces").await;
    assert_eq!(
        live.body,
        "{\n  \"1\": {\n    \"interface\": {\n      \"name\": \"a\\u003cb\"\n    }\n  }\n}\n"
    );
    let failed = door.get("/dump/vpp/v2/bd").await;
    let text = "\"500 Internal server error: request failed: handler is not available\\n\"\n";
    assert_eq!((failed.code, failed.body.as_str()), (500, text));
}

#[tokio::test]
async fn statuses() {
    let door = Door::sample().await;
    let all = door.get("/scheduler/status?key=&key-prefix=").await.json();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), 3);
    let chain = &all[0]["value"];
    assert_eq!(chain["key"], "config/linux/iptables/v2/rulechain/r1");
    assert_eq!(chain["state"], "UNIMPLEMENTED");
    assert_eq!(
        all[1],
        json!({
            "value": {"key": "config/vpp/v2/interfaces/loop1", "state": "CONFIGURED", "last_operation": "CREATE"},
            "derived_values": [
                {"key": "vpp/interface/loop1/x", "state": "CONFIGURED", "last_operation": "CREATE"},
            ],
        })
    );
    assert_eq!((&all[2]["value"]["key"], &all[2]["value"]["state"]), (&json!(ROUTE), &json!("PENDING")));
    assert!(all[2]["value"]["details"][0].as_str().unwrap().contains("missing1"));
    assert_eq!(door.get("/scheduler/status?key=nosuch").await.json(), json!({"value": {"key": "nosuch"}}));
    let one = door.get("/scheduler/status?key=vpp/interface/loop1/x").await.json();
    assert_eq!(one["value"]["state"], "CONFIGURED");
    assert_eq!(door.get("/scheduler/status?descriptor=vpp-route").await.json().as_array().unwrap().len(), 1);
    assert_eq!(door.get("/scheduler/status?key-prefix=config/vpp/acls/v2/acl/").await.body, "null\n");
    let unknown = door.get("/scheduler/status?key-prefix=nosuch").await;
    assert_eq!((unknown.code, unknown.json()), (500, json!({"Error": "unknown key prefix"})));
}

#[tokio::test]
async fn users() {
    let (_world, intake) = agent([]);
    let health = Health::start(Build::default(), &intake, None);
    let config = |users: &[&str]| Config {
        endpoint: "127.0.0.1:0".into(),
        client_basic_auth: users.iter().map(|user| (*user).to_owned()).collect(),
        ..Config::default()
    };
    let start = |config| {
        Server::start(config, "0", intake.clone(), health.clone(), Dumps, Console::default(), observed())
    };
    let server = start(config(&["me:secret"])).await.unwrap();
    let get = async |path: &str, header: &str| request(server.address(), "GET", path, header, b"").await;
    // "me:secret" and "me:wrong" in base64.
    let right = get("/info/version", "Authorization: Basic bWU6c2VjcmV0\r\n").await;
    assert_eq!((right.code, right.header("x-ligato-auth-username")), (200, Some("me")));
    for bad in ["", "Authorization: Basic bWU6d3Jvbmc=\r\n", "Authorization: Basic !\r\n"] {
        let refused = get("/info/version", bad).await;
        assert_eq!((refused.code, refused.body.as_str()), (401, "auth: invalid username or password\n"));
        assert_eq!(refused.header("www-authenticate"), None);
    }
    assert_eq!(get("/nosuch", "").await.code, 404);
    assert!(start(config(&["me:a:b"])).await.is_err());
    let token = Config { enable_token_auth: true, ..config(&[]) };
    let error = start(token).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("enable-token-auth"), "{error}");
    let taken = Config { endpoint: server.address().to_string(), ..config(&[]) };
    let error = start(taken).await.map(drop).unwrap_err();
    assert!(error.to_string().contains(&server.address().to_string()), "{error}");
}

#[tokio::test]
async fn what_came_by_rest_survives_a_restart() {
    let dir = Dir::new();
    let path = dir.0.join("agent.store");
    let world = Arc::new(World::default());
    let intake = common::stored_agent(&world, &path).await;
    let health = Health::start(Build::default(), &intake, None);
    let config = Config { endpoint: "127.0.0.1:0".into(), ..Config::default() };
    let server = Server::start(config, "0", intake.clone(), health, Dumps, Console::default(), observed())
        .await
        .unwrap();
    let body = b"vppConfig:\n  interfaces:\n  - name: loop1\n";
    assert_eq!(request(server.address(), "PUT", "/configuration", "", body).await.code, 200);
    drop((server, intake));
    let fresh = Arc::new(World::default());
    let _intake = common::stored_agent(&fresh, &path).await;
    eventually("loop1", || fresh.interface("loop1").is_some()).await;
    assert_eq!(fresh.interface("loop1").unwrap(), interface("loop1", 0));
}

fn observed() -> Observed {
    Observed {
        interfaces: northbound::interfaces::Interfaces::new(Notifications::default()),
        telemetry: None,
    }
}
