//! The states of values in a real etcd: they appear, change, go with the agent, and outlive etcd.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use common::etcd::Etcd as Server;
use common::{agent, eventually, interface, put};
use model::proto::ligato::vpp::l3::Route;
use northbound::etcd::{Config, Etcd, source};
use northbound::intake::{Batch, Intake};
use northbound::merge::{Class, Item, Source, Want};
use serde_json::{Value, json};

const STATUSES: &str = "/vnf-agent/vpp1/config-status/";

fn door(server: &Server, intake: &Intake) -> Etcd {
    let config = Config {
        endpoints: vec![server.endpoint()],
        reconnect_interval: Duration::from_millis(200),
        session_ttl: 2,
        publish_statuses: true,
        ..Config::default()
    };
    Etcd::start(config, "vpp1", intake.clone(), None).unwrap()
}

/// What is published, by key without what all have.
fn shown(server: &Server) -> BTreeMap<String, Value> {
    let (_, text) = server.ctl(&["get", "--prefix", STATUSES]);
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines.chunks_exact(2).map(|pair| {
        let key = pair[0].strip_prefix(STATUSES).unwrap();
        (key.to_owned(), serde_json::from_str(pair[1]).unwrap())
    });
    pairs.collect()
}

fn state(server: &Server, name: &str) -> Value {
    shown(server).remove(&format!("vpp/v2/interfaces/{name}")).unwrap_or_default()["state"].take()
}

/// A source that does not depend on etcd.
async fn submit(intake: &Intake, items: Vec<Item>) {
    let grpc = Source::new(Class::Grpc, "grpc");
    intake.submit(grpc, Batch { items, ..Batch::default() }).await.unwrap();
}

fn delete(name: &str) -> Item {
    Item { key: format!("config/vpp/v2/interfaces/{name}").into(), want: Want::Delete }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_appear_and_change_and_go_with_the_agent() {
    let server = Server::start();
    let (world, intake) = agent([source()]);
    world.failing.lock().unwrap().insert("config/vpp/v2/interfaces/bad".into());
    let door = door(&server, &intake);
    server.put_interface("one", 1500);
    server.put_interface("bad", 1500);
    let route = Route {
        dst_network: "10.1.0.0/16".into(),
        next_hop_addr: "10.0.0.9".into(),
        outgoing_interface: "two".into(),
        ..Route::default()
    };
    submit(&intake, vec![put(route)]).await;

    let one = "vpp/v2/interfaces/one";
    eventually("all three", || shown(&server).len() == 3).await;
    eventually("one is there", || state(&server, "one") == "CONFIGURED").await;
    let all = shown(&server);
    let expected = json!({"key": format!("config/{one}"), "state": "CONFIGURED", "last_operation": "CREATE"});
    assert_eq!(all[one], expected);
    let (_, raw) = server.ctl(&["get", "--print-value-only", &format!("{STATUSES}{one}")]);
    assert_eq!(raw.trim(), expected.to_string(), "in the reference's order");
    let waiting = &all["vpp/v2/route/if/two/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9"];
    assert_eq!(waiting["state"], "PENDING");
    assert_eq!(waiting["details"], json!(["config/vpp/v2/interfaces/two"]));
    eventually("the failure", || state(&server, "bad") == "RETRYING").await;
    let bad = &shown(&server)["vpp/v2/interfaces/bad"];
    assert_eq!(bad["error"], "the world refuses this object");

    server.put_interface("one", 1400);
    eventually("the update", || shown(&server)[one]["last_operation"] == "UPDATE").await;
    server.delete("config/vpp/v2/interfaces/one");
    eventually("the removal", || shown(&server)[one]["state"] == "REMOVED").await;
    assert_eq!(shown(&server)[one]["last_operation"], "DELETE");

    drop(door);
    eventually("gone with the agent", || shown(&server).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_while_etcd_was_away_is_told_when_it_is_back() {
    let mut server = Server::start();
    let (_world, intake) = agent([source()]);
    let door = door(&server, &intake);
    let all = ["stays", "changes", "goes", "late"].map(|name| put(interface(name, 1500)));
    submit(&intake, all[..3].to_vec()).await;
    eventually("three states", || shown(&server).len() == 3).await;
    server.kill();
    let connection = door.connection();
    eventually("etcd is known to be away", || connection.borrow().down.is_some()).await;
    submit(&intake, vec![put(interface("changes", 1400)), delete("goes"), all[3].clone()]).await;
    server.run();
    eventually("what came", || state(&server, "late") == "CONFIGURED").await;
    assert_eq!(state(&server, "goes"), "REMOVED");
    assert_eq!(shown(&server)["vpp/v2/interfaces/changes"]["last_operation"], "UPDATE");
    // Longer than the lease of the old connection, and than the new one by itself.
    let start = Instant::now();
    eventually("time passes", || {
        assert_eq!(state(&server, "stays"), "CONFIGURED");
        start.elapsed() > Duration::from_secs(5)
    })
    .await;
    // Another etcd in its place is told everything.
    server.wipe();
    server.run();
    eventually("all in the new one", || shown(&server).len() == 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_states_are_written_together() {
    const MANY: usize = 1000;
    let server = Server::start();
    let (_world, intake) = agent([source()]);
    let door = door(&server, &intake);
    let connection = door.connection();
    eventually("connected", || connection.borrow().down.is_none()).await;
    let before = server.revision();
    submit(&intake, (0..MANY).map(|n| put(interface(&format!("loop{n}"), 1500))).collect()).await;
    eventually("all states", || shown(&server).len() == MANY).await;
    let transactions = server.revision() - before;
    // How many depends on how fast states come: a busy machine sees them in smaller portions.
    assert!(transactions <= 100, "{transactions} transactions for {MANY} states");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_that_etcd_does_not_take_keeps_no_other_back() {
    let server = Server::start();
    let (_world, intake) = agent([source()]);
    let _door = door(&server, &intake);
    // Longer than etcd takes in one request (1.5 MiB), and than it reads (2 MiB).
    for (name, size) in [("long", 1_700_000), ("longer", 3_000_000)] {
        let key = format!("config/vpp/v2/interfaces/{name}").into();
        let refused = Item { key, want: Want::Refused("x".repeat(size).into()) };
        let others = ["first", "last"].map(|place| put(interface(&format!("{place}-{name}"), 1500)));
        submit(&intake, others.into_iter().chain([refused]).collect()).await;
        for place in ["first", "last"] {
            let other = format!("{place}-{name}");
            eventually(&other, || state(&server, &other) == "CONFIGURED").await;
        }
        assert_eq!(state(&server, name), Value::Null);
    }
    submit(&intake, vec![delete("long"), put(interface("longer", 1500))]).await;
    eventually("the next state of the same", || state(&server, "longer") == "CONFIGURED").await;
}
