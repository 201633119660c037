//! The states of interfaces in a real etcd: they appear, change, go with the interface and with the agent, and nothing
//! stale stays.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::etcd::Etcd as Server;
use common::{agent, eventually};
use model::proto::ligato::vpp::interfaces::InterfaceState;
use model::proto::ligato::vpp::interfaces::interface_notification::NotifType;
use model::proto::ligato::vpp::interfaces::interface_state::{Statistics, Status};
use northbound::etcd::{Config, Etcd, source};
use northbound::interfaces::{Counted, Interfaces};
use northbound::notify::Notifications;
use serde_json::{Value, json};

const STATES: &str = "/vnf-agent/vpp1/vpp/status/v2/interface/";

fn door(server: &Server, interfaces: &Interfaces) -> Etcd {
    let (_world, intake) = agent([source()]);
    let config = Config {
        endpoints: vec![server.endpoint()],
        reconnect_interval: Duration::from_millis(200),
        session_ttl: 2,
        ..Config::default()
    };
    Etcd::start(config, "vpp1", intake, Some(interfaces.follow())).unwrap()
}

fn shown(server: &Server) -> BTreeMap<String, Value> {
    let (_, text) = server.ctl(&["get", "--prefix", STATES]);
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines.chunks_exact(2).map(|pair| {
        let key = pair[0].strip_prefix(STATES).unwrap();
        (key.to_owned(), serde_json::from_str(pair[1]).unwrap())
    });
    pairs.collect()
}

fn state(name: &str, index: u32, status: Status) -> InterfaceState {
    InterfaceState {
        name: name.into(),
        internal_name: format!("loop{index}"),
        if_index: index,
        admin_status: status.into(),
        oper_status: status.into(),
        last_change: 1_700_000_000,
        phys_address: "de:ad:00:00:00:01".into(),
        mtu: 9000,
        ..InterfaceState::default()
    }
}

fn up_or_down(interfaces: &Interfaces, names: &[(&str, u32, Status)]) {
    interfaces
        .tell(names.iter().map(|(name, index, status)| (NotifType::Updown, state(name, *index, *status))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_appear_and_change_and_go() {
    let server = Server::start();
    // Left by an agent that used no lease.
    for stale in ["gone", "a/b/gone", "one"] {
        server.ctl(&["put", &format!("{STATES}{stale}"), "{}"]);
    }
    let beside = "/vnf-agent/vpp1/vpp/status/v2/interfaces-of-others";
    server.ctl(&["put", beside, "{}"]);
    let interfaces = Interfaces::new(Notifications::default());
    let door = door(&server, &interfaces);
    eventually("etcd is there", || door.connection().borrow().down.is_none()).await;
    assert_eq!(shown(&server).len(), 3, "nothing is known yet, so nothing is stale");

    up_or_down(&interfaces, &[("one", 1, Status::Up), ("a/b", 2, Status::Down)]);
    eventually("only these two", || shown(&server).into_keys().eq(["a/b", "one"])).await;
    let expected = json!({
        "name": "one", "internal_name": "loop1", "if_index": 1, "admin_status": "UP", "oper_status": "UP",
        "last_change": "1700000000", "phys_address": "de:ad:00:00:00:01", "mtu": 9000
    });
    assert_eq!(shown(&server)["one"], expected);
    let (_, text) = server.ctl(&["get", beside]);
    assert!(text.contains("{}"), "{text}");

    let statistics = Statistics { in_packets: 3, in_bytes: 180, ..Statistics::default() };
    interfaces.count([Counted { index: 1, internal_name: "loop1".into(), statistics }]);
    let counted = json!({"in_packets": "3", "in_bytes": "180"});
    eventually("counters", || shown(&server)["one"]["statistics"] == counted).await;
    up_or_down(&interfaces, &[("one", 1, Status::Down), ("a/b", 2, Status::Deleted)]);
    eventually("one is down, the other is gone", || {
        let shown = shown(&server);
        shown.len() == 1 && shown["one"]["oper_status"] == "DOWN"
    })
    .await;
    assert_eq!(shown(&server)["one"]["statistics"], counted);

    drop(door);
    eventually("all went with the agent", || shown(&server).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_while_etcd_was_away_is_told_when_it_is_back() {
    let mut server = Server::start();
    let interfaces = Interfaces::new(Notifications::default());
    let door = door(&server, &interfaces);
    let many: Vec<String> = (0..1200).map(|n| format!("if{n}")).collect();
    let named: Vec<_> = many.iter().zip(0..).map(|(name, n)| (name.as_str(), n, Status::Up)).collect();
    up_or_down(&interfaces, &named);
    eventually("all are there", || shown(&server).len() == 1200).await;
    server.kill();
    eventually("etcd is missed", || door.connection().borrow().down.is_some()).await;
    up_or_down(
        &interfaces,
        &[("if0", 0, Status::Deleted), ("if1", 1, Status::Down), ("new", 1200, Status::Up)],
    );
    server.run();
    eventually("all is as it is now", || {
        let shown = shown(&server);
        shown.len() == 1200 && shown["if1"]["oper_status"] == "DOWN" && shown.contains_key("new")
    })
    .await;
}
