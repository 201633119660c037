//! The etcd door against a real etcd: list, watch, resume, re-list, bad items, absence.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::time::Duration;

use common::etcd::Etcd as Server;
use common::{agent, eventually, states};
use northbound::etcd::{Config, ConfigError, Etcd, source};
use northbound::health::{Build, Health};
use northbound::intake::Intake;

fn config(server: &Server) -> Config {
    Config {
        endpoints: vec![server.endpoint()],
        reconnect_interval: Duration::from_millis(200),
        ..Config::default()
    }
}

fn door(server: &Server, intake: &Intake) -> Etcd {
    Etcd::start(config(server), "vpp1", intake.clone(), None).unwrap()
}

const INTERFACE: &str = "config/vpp/v2/interfaces/";

#[tokio::test]
async fn lists_what_is_there_and_follows_changes() {
    let server = Server::start();
    server.put_interface("loop1", 1500);
    server.put(
        "config/vpp/v2/route/if/loop1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9",
        r#"{"outgoing_interface":"loop1","dst_network":"10.1.0.0/16","next_hop_addr":"10.0.0.9"}"#,
    );
    server.put("check/status/v1/agent", "not ours to read");
    let (world, intake) = agent([source()]);
    assert!(!intake.sources().borrow().all_answered());
    let door = door(&server, &intake);
    eventually("loop1 with its route", || world.keys().len() == 2).await;
    assert!(intake.sources().borrow().all_answered());

    server.put_interface("loop2", 9000);
    eventually("loop2", || world.interface("loop2").is_some()).await;
    server.put_interface("loop2", 1400);
    eventually("the new MTU", || world.interface("loop2").is_some_and(|i| i.mtu == 1400)).await;
    server.delete(&format!("{INTERFACE}loop2"));
    eventually("loop2 is gone", || world.interface("loop2").is_none()).await;
    assert_eq!(door.connection().borrow().down, None);
}

#[tokio::test]
async fn a_transaction_of_etcd_is_one_of_ours() {
    let server = Server::start();
    let (world, intake) = agent([source()]);
    let _door = door(&server, &intake);
    let sources = intake.sources();
    eventually("the first list", || sources.borrow().all_answered()).await;
    let puts = (0..100).map(|n| (format!("{INTERFACE}loop{n}"), format!(r#"{{"name":"loop{n}"}}"#)));
    server.transaction(&puts.collect::<Vec<_>>());
    eventually("100 interfaces", || world.keys().len() == 100).await;
    let history = intake.scheduler().history();
    let with_values = || history.records().iter().filter(|record| !record.values.is_empty()).count();
    eventually("the record", || with_values() > 0).await;
    assert_eq!(with_values(), 1);
}

#[tokio::test]
async fn a_list_of_several_pages() {
    let server = Server::start();
    for hundred in 0..25 {
        let puts = (0..100).map(|n| {
            let name = format!("loop{hundred:02}{n:02}");
            (format!("{INTERFACE}{name}"), format!(r#"{{"name":"{name}"}}"#))
        });
        server.transaction(&puts.collect::<Vec<_>>());
    }
    let (world, intake) = agent([source()]);
    let _door = door(&server, &intake);
    eventually("2500 interfaces", || world.keys().len() == 2500).await;
    assert_eq!(intake.scheduler().history().records().iter().filter(|r| !r.executed.is_empty()).count(), 1);
}

#[tokio::test]
async fn a_killed_etcd_is_resumed_without_loss() {
    let mut server = Server::start();
    server.put_interface("loop1", 1500);
    let (world, intake) = agent([source()]);
    let door = door(&server, &intake);
    eventually("loop1", || world.interface("loop1").is_some()).await;
    for round in 0..3 {
        server.kill();
        let connection = door.connection();
        eventually("etcd is known to be away", || connection.borrow().down.is_some()).await;
        assert!(world.interface("loop1").is_some(), "nothing is removed meanwhile");
        server.run();
        // At once, so that some of it comes before and some after the watch is back.
        for n in 0..10 {
            server.put_interface(&format!("round{round}-{n}"), 1500);
        }
        if round == 1 {
            server.delete(&format!("{INTERFACE}round0-3"));
        }
        eventually("all of the round", || {
            (0..10).all(|n| world.interface(&format!("round{round}-{n}")).is_some() || (round, n) == (0, 3))
        })
        .await;
    }
    eventually("what was deleted is gone", || world.interface("round0-3").is_none()).await;
    let lists =
        intake.scheduler().history().records().iter().filter(|r| r.description.contains("all keys")).count();
    assert_eq!(lists, 1, "resumed, not listed again");
}

#[tokio::test]
async fn after_compaction_everything_is_listed_again() {
    let mut server = Server::start();
    for n in 0..5 {
        server.put_interface(&format!("loop{n}"), 1500);
    }
    let (world, intake) = agent([source()]);
    // Reached through a port that can be closed while etcd runs.
    let gate = Gate::open(server.endpoint()).await;
    let config = Config { endpoints: vec![gate.address.clone()], ..config(&server) };
    let door = Etcd::start(config, "vpp1", intake.clone(), None).unwrap();
    eventually("five interfaces", || world.keys().len() == 5).await;
    gate.shut(true);
    let connection = door.connection();
    eventually("etcd is known to be away", || connection.borrow().down.is_some()).await;
    server.delete(&format!("{INTERFACE}loop1"));
    server.put_interface("loop7", 1500);
    server.put_interface("loop2", 1400);
    assert!(server.ctl(&["compact", &server.revision().to_string()]).0);
    gate.shut(false);
    eventually("the new state", || world.interface("loop7").is_some() && world.interface("loop1").is_none())
        .await;
    assert_eq!(world.keys().len(), 5);
    assert_eq!(world.interface("loop2").unwrap().mtu, 1400);
    let touched: Vec<String> = world.calls.lock().unwrap().split_off(5);
    assert_eq!(touched.len(), 3, "only the difference: {touched:?}");
    server.put_interface("loop8", 1);
    eventually("the watch goes on", || world.interface("loop8").is_some()).await;

    // Another etcd in the old one's place starts counting anew: its few revisions are noticed all the same.
    server.wipe();
    eventually("etcd is known to be away", || connection.borrow().down.is_some()).await;
    server.run();
    server.put_interface("only", 1);
    eventually("the other etcd's content", || world.keys() == [format!("{INTERFACE}only")]).await;
}

#[tokio::test]
async fn a_bad_item_harms_only_itself() {
    let server = Server::start();
    server.put(&format!("{INTERFACE}early"), r#"{"name":"early","mtu":"#);
    server.put(&format!("{INTERFACE}good"), r#"{"name":"good","mtu":1500}"#);
    let (world, intake) = agent([source()]);
    let _door = door(&server, &intake);
    eventually("the good one", || world.interface("good").is_some()).await;
    let states_now = states(intake.scheduler()).await;
    assert_eq!(states_now[&format!("{INTERFACE}early")], "INVALID");

    let bad = [
        ("good", r#"{"name":"good","mtuu":9000}"#),
        ("wrong", r#"{"name":"another"}"#),
        ("range", r#"{"name":"range","mtu":4294967296}"#),
        ("semantic", r#"{"name":"semantic","mtu":9999}"#),
    ];
    let mut puts: Vec<_> = bad.iter().map(|(n, v)| (format!("{INTERFACE}{n}"), (*v).to_owned())).collect();
    puts.push(("config/nonsense".into(), "{}".into()));
    puts.push((format!("{INTERFACE}other"), r#"{"name":"other","mtu":1400}"#.into()));
    server.transaction(&puts);
    eventually("the others of the same batch", || world.interface("other").is_some()).await;
    assert_eq!(world.interface("good").unwrap().mtu, 1500, "the last good value stays in force");
    let states_now = states(intake.scheduler()).await;
    for name in ["good", "wrong", "range", "semantic"] {
        assert_eq!(states_now[&format!("{INTERFACE}{name}")], "INVALID", "{name}");
    }
    let status = intake.scheduler().statuses(sched::Select::Key(format!("{INTERFACE}good"))).await;
    assert!(status[0].value.details[0].contains("mtuu"), "{status:?}");
    server.put(&format!("{INTERFACE}good"), r#"{"name":"good","mtu":1300}"#);
    eventually("mended", || world.interface("good").unwrap().mtu == 1300).await;
    assert_eq!(states(intake.scheduler()).await[&format!("{INTERFACE}good")], "CONFIGURED");
}

#[tokio::test]
async fn a_missing_etcd_is_waited_for() {
    let mut server = Server::prepare();
    let (world, intake) = agent([source()]);
    let door = door(&server, &intake);
    let connection = door.connection();
    eventually("the reason is known", || {
        connection.borrow().down.as_deref().is_some_and(|down| down.contains(&server.endpoint()))
    })
    .await;
    assert!(!intake.sources().borrow().all_answered(), "unknown, not empty");
    server.run();
    server.put_interface("loop1", 1500);
    eventually("loop1", || world.interface("loop1").is_some()).await;
    assert!(intake.sources().borrow().all_answered());
}

#[tokio::test]
async fn the_next_endpoint_is_tried() {
    let (absent, server) = (Server::prepare(), Server::start());
    server.put_interface("loop1", 1500);
    let (world, intake) = agent([source()]);
    let config = Config { endpoints: vec![absent.endpoint(), server.endpoint()], ..config(&server) };
    let _door = Etcd::start(config, "vpp1", intake, None).unwrap();
    eventually("loop1", || world.interface("loop1").is_some()).await;
}

#[tokio::test]
async fn a_frozen_etcd_is_noticed() {
    let server = Server::start();
    let (_world, intake) = agent([source()]);
    let door = door(&server, &intake);
    let connection = door.connection();
    eventually("connected", || connection.borrow().down.is_none()).await;
    server.signal("-STOP");
    eventually("the silence is noticed", || connection.borrow().down.is_some()).await;
    server.signal("-CONT");
    eventually("connected again", || connection.borrow().down.is_none()).await;
}

#[tokio::test]
async fn statuses_live_as_long_as_the_agent() {
    let mut server = Server::start();
    let (_world, intake) = agent([source()]);
    let config = Config { session_ttl: 2, ..config(&server) };
    let door = Etcd::start(config, "vpp1", intake, None).unwrap();
    let key = "/vnf-agent/vpp1/check/status/v1/agent";
    let shown = |server: &Server| server.ctl(&["get", "--print-value-only", key]).1.trim().to_owned();
    door.put_status("check/status/v1/agent", "one".into());
    door.put_status("check/status/v1/agent", "two".into());
    eventually("the newest status", || shown(&server) == "two").await;
    // Longer than the lease lives by itself.
    let start = std::time::Instant::now();
    eventually("time passes", || {
        assert_eq!(shown(&server), "two");
        start.elapsed() > Duration::from_secs(4)
    })
    .await;
    server.wipe();
    server.run();
    eventually("written again to the new etcd", || shown(&server) == "two").await;
    drop(door);
    eventually("gone with the agent", || shown(&server).is_empty()).await;
}

#[tokio::test]
async fn health_stands_in_etcd() {
    let server = Server::start();
    let (_world, intake) = agent([source()]);
    let door = door(&server, &intake);
    let health = Health::start(Build { version: "v0.1.0".into() }, &intake, Some(&door));
    health.ready().await;
    let shown = |key: &str| {
        let (_, text) = server.ctl(&["get", "--print-value-only", &format!("/vnf-agent/vpp1/{key}")]);
        serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default()
    };
    eventually("the agent is OK", || shown("check/status/v1/agent")["state"] == "OK").await;
    eventually("etcd is OK", || shown("check/status/v1/plugin/etcd")["state"] == "OK").await;
    let agent = shown("check/status/v1/agent");
    assert_eq!(agent["build_version"], "v0.1.0");
    assert!(agent["start_time"].as_str().is_some_and(|time| time.parse::<u64>().is_ok()), "{agent}");
}

#[tokio::test]
async fn a_user_is_logged_in() {
    let server = Server::start();
    server.put_interface("loop1", 1500);
    assert!(server.ctl(&["user", "add", "root:secret"]).0);
    assert!(server.ctl(&["user", "grant-role", "root", "root"]).0);
    assert!(server.ctl(&["auth", "enable"]).0);
    let (world, intake) = agent([source()]);
    let wrong = Config { username: "root".into(), password: "wrong".into(), ..config(&server) };
    let refused = Etcd::start(wrong, "vpp1", intake.clone(), None).unwrap();
    let connection = refused.connection();
    eventually("the refusal", || {
        connection.borrow().down.as_deref().is_some_and(|down| down.contains("logging in to etcd"))
    })
    .await;
    drop(refused);
    let right = Config { username: "root".into(), password: "secret".into(), ..config(&server) };
    let _door = Etcd::start(right, "vpp1", intake, None).unwrap();
    eventually("loop1", || world.interface("loop1").is_some()).await;
}

#[tokio::test]
async fn tls_is_refused_in_words() {
    let (_world, intake) = agent([]);
    let tls = Config { ca_file: "ca.pem".into(), ..Config::default() };
    let error = Etcd::start(tls, "vpp1", intake.clone(), None).map(drop).unwrap_err();
    assert_eq!(error, ConfigError::Tls("ca-file"));
    assert!(error.to_string().contains("TLS for etcd is not built in yet"));
    let none = Config { endpoints: Vec::new(), ..Config::default() };
    assert_eq!(Etcd::start(none, "vpp1", intake, None).map(drop).unwrap_err(), ConfigError::NoEndpoint);
}

/// A port that leads to another address and can be shut.
struct Gate {
    address: String,
    shut: tokio::sync::watch::Sender<bool>,
}

impl Gate {
    async fn open(target: String) -> Gate {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (shut, is_shut) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let (target, mut is_shut) = (target.clone(), is_shut.clone());
                tokio::spawn(async move {
                    if *is_shut.borrow() {
                        return;
                    }
                    let Ok(mut far) = tokio::net::TcpStream::connect(&target).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = is_shut.wait_for(|shut| *shut) => {}
                    }
                });
            }
        });
        Gate { address, shut }
    }
    fn shut(&self, shut: bool) {
        self.shut.send_replace(shut);
    }
}
