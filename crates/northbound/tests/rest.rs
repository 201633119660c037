//! The REST door: every path, byte for byte where the reference's answers are known.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::net::SocketAddr;
use std::sync::Arc;

use common::{Dir, World, agent, eventually, interface, put, scheduler_over};
use futures::FutureExt;
use futures::future::BoxFuture;
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use model::proto::ligato::vpp::l3::Route;
use northbound::health::{Build, Health};
use northbound::intake::{Batch, Intake};
use northbound::merge::{Class, Source};
use northbound::rest::{Config, LiveDumps, Server};
use northbound::store::Content;
use sched::Link;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ROUTE: &str = "config/vpp/v2/route/if/missing1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9";

struct Dumps;

impl LiveDumps for Dumps {
    fn paths(&self) -> Vec<&'static str> {
        vec!["/dump/vpp/v2/interfaces", "/dump/vpp/v2/bd"]
    }
    fn dump(&self, path: &str) -> BoxFuture<'static, Result<Value, String>> {
        let answer = match path {
            "/dump/vpp/v2/bd" => Err("handler is not available".to_owned()),
            _ => Ok(json!({"1": {"interface": {"name": "a<b"}}})),
        };
        async move { answer }.boxed()
    }
}

struct Door {
    server: Server,
    world: Arc<World>,
    intake: Intake,
    health: Health,
}

#[derive(Debug)]
struct Answer {
    code: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

async fn request(address: SocketAddr, method: &str, path: &str, more: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{more}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let code = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { code, head: head.to_owned(), body: body.to_owned() }
}

impl Door {
    async fn open(expected: impl IntoIterator<Item = Source>) -> Door {
        let (world, intake) = agent(expected);
        Door::to(world, intake).await
    }
    async fn to(world: Arc<World>, intake: Intake) -> Door {
        let health = Health::start(Build { version: "v0.1.0".into() }, &intake, None);
        let config = Config { endpoint: "127.0.0.1:0".into(), ..Config::default() };
        let server = Server::start(config, "0.1.0", intake.clone(), health.clone(), Dumps).await.unwrap();
        Door { server, world, intake, health }
    }
    /// With what the samples of the reference were taken from: two interfaces, a pending route, a rule chain that nobody
    /// handles.
    async fn sample() -> Door {
        let door = Door::open([]).await;
        let loop1 = Interface {
            name: "loop1".into(),
            r#type: Type::SoftwareLoopback.into(),
            enabled: true,
            ip_addresses: vec!["10.0.0.1/24".into()],
            ..Interface::default()
        };
        let route = Route {
            outgoing_interface: "missing1".into(),
            dst_network: "10.1.0.0/16".into(),
            next_hop_addr: "10.0.0.9".into(),
            ..Route::default()
        };
        let chain = RuleChain { name: "r1".into(), ..RuleChain::default() };
        let items = vec![put(chain), put(loop1), put(route)];
        door.health.ready().await;
        door.intake.submit(Source::grpc(), Batch { items, ..Batch::default() }).await.unwrap();
        door
    }
    async fn get(&self, path: &str) -> Answer {
        request(self.server.address(), "GET", path, "", b"").await
    }
    async fn put(&self, path: &str, body: &str) -> Answer {
        request(self.server.address(), "PUT", path, "", body.as_bytes()).await
    }
    async fn post(&self, path: &str) -> Answer {
        request(self.server.address(), "POST", path, "", b"").await
    }
    fn last(&self) -> u64 {
        self.intake.scheduler().history().records().last().unwrap().seq
    }
}

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
async fn users() {
    let (_world, intake) = agent([]);
    let health = Health::start(Build::default(), &intake, None);
    let config = |users: &[&str]| Config {
        endpoint: "127.0.0.1:0".into(),
        client_basic_auth: users.iter().map(|user| (*user).to_owned()).collect(),
        ..Config::default()
    };
    let start = |config| Server::start(config, "0", intake.clone(), health.clone(), Dumps);
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
    let server = Server::start(config, "0", intake.clone(), health, Dumps).await.unwrap();
    let body = b"vppConfig:\n  interfaces:\n  - name: loop1\n";
    assert_eq!(request(server.address(), "PUT", "/configuration", "", body).await.code, 200);
    drop((server, intake));
    let fresh = Arc::new(World::default());
    let _intake = common::stored_agent(&fresh, &path).await;
    eventually("loop1", || fresh.interface("loop1").is_some()).await;
    assert_eq!(fresh.interface("loop1").unwrap(), interface("loop1", 0));
}
