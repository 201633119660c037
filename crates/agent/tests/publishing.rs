//! The program with a real etcd: what becomes of the values that stand there is told there, if the environment asks for it.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that panics has failed, as it should

#[allow(dead_code)] // shared with the stories
#[path = "stories/etcd.rs"]
mod etcd;

use etcd::Etcd;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::target::Target;

/// How long anything may take before the test is given up.
const PATIENCE: Duration = Duration::from_secs(60);
const STATUSES: &str = "/vnf-agent/vpp1/config-status/";
const INTERFACES: &str = "/vnf-agent/vpp1/vpp/status/v2/interface/";
const LOOP: &str = "config/vpp/v2/interfaces/loop1";

struct Agent {
    child: Child,
    rest: String,
}

impl Agent {
    /// Starts the program and waits until it is ready.
    fn start(target: &Target, etcd: &Etcd, publish: bool) -> Agent {
        let rest = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let write = |file: &str, text: String| std::fs::write(target.dir().join(file), text).unwrap();
        write("http.conf", format!("endpoint: {rest}\n"));
        let (api, stats) = (target.socket(), target.stats_socket());
        let sockets =
            format!("binapi-socket-path: {}\nstats-socket-path: {}\n", api.display(), stats.display());
        write("govpp.conf", sockets);
        write("etcd.conf", format!("endpoints: [\"{}\"]\nsession-ttl: 2\n", etcd.endpoint()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_vpp-agent"));
        // What the machine has set must not matter.
        command.env_clear().arg("--config-dir").arg(target.dir());
        command.arg("--state-dir").arg(target.dir().join("state"));
        if publish {
            command.env("ENABLE_STATUS_PUBLISHING", "1").env("VPP_STATUS_PUBLISHERS", "etcd");
        }
        let child = command.stdin(Stdio::null()).spawn().unwrap();
        let agent = Agent { child, rest };
        eventually("the agent is ready", || agent.is_ready());
        agent
    }
    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(&self.rest) else { return false };
        let mut answer = String::new();
        write!(stream, "GET /readiness HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n").is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Agent {
    /// Ends it without a word to anybody.
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended by itself
        let _ = self.child.wait();
    }
}

fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < PATIENCE, "did not happen: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Keys and values below a prefix.
fn list(etcd: &Etcd, prefix: &str) -> BTreeMap<String, String> {
    let mut command = Command::new("etcdctl");
    command.env("ETCDCTL_API", "3").args(["--endpoints", &etcd.endpoint(), "get", "--prefix", prefix]);
    let output = command.output().expect("install the Debian package etcd-client");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    lines.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
}

/// The status of a value in etcd.
fn status(etcd: &Etcd, key: &str) -> Value {
    let key = key.replacen("config/", STATUSES, 1);
    let text = list(etcd, &key).remove(&key).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[test]
fn what_becomes_of_values_is_told_in_etcd_as_long_as_the_agent_lives() {
    let target = Target::new();
    let mut etcd = Etcd::start(target.dir().join("etcd"));
    let agent = Agent::start(&target, &etcd, true);
    etcd.put(LOOP, r#"{"name":"loop1","type":"SOFTWARE_LOOPBACK","enabled":true}"#).unwrap();
    let route = "config/vpp/v2/route/if/loop2/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9";
    let text = r#"{"outgoing_interface":"loop2","dst_network":"10.1.0.0/16","next_hop_addr":"10.0.0.9"}"#;
    etcd.put(route, text).unwrap();
    let made = json!({"key": LOOP, "state": "CONFIGURED", "last_operation": "CREATE"});
    eventually("the interface is told", || status(&etcd, LOOP) == made);
    eventually("the route is told", || status(&etcd, route)["state"] == "PENDING");
    assert_eq!(status(&etcd, route)["details"], json!(["config/vpp/v2/interfaces/loop2"]));
    etcd.put("config/vpp/v2/interfaces/loop2", r#"{"name":"loop2","type":"SOFTWARE_LOOPBACK"}"#).unwrap();
    eventually("the route is made", || status(&etcd, route)["state"] == "CONFIGURED");
    etcd.delete(route).unwrap();
    eventually("the route is gone", || status(&etcd, route)["state"] == "REMOVED");

    etcd.kill();
    etcd.run();
    etcd.put(LOOP, r#"{"name":"loop1","type":"SOFTWARE_LOOPBACK"}"#).unwrap();
    eventually("a change after etcd came back", || status(&etcd, LOOP)["last_operation"] == "UPDATE");

    drop(agent);
    eventually("nothing is told any more", || list(&etcd, STATUSES).is_empty());
    // Nobody asks for it now.
    let _agent = Agent::start(&target, &etcd, false);
    eventually("the agent is told of", || !list(&etcd, "/vnf-agent/vpp1/check/status/v1/agent").is_empty());
    assert_eq!(list(&etcd, STATUSES), BTreeMap::new());
}

/// The state of an interface in etcd.
fn interface(etcd: &Etcd, name: &str) -> Value {
    let key = format!("{INTERFACES}{name}");
    let text = list(etcd, &key).remove(&key).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[test]
fn the_states_of_interfaces_are_told_in_etcd_as_long_as_they_and_the_agent_live() {
    let target = Target::new();
    let mut etcd = Etcd::start(target.dir().join("etcd"));
    let agent = Agent::start(&target, &etcd, true);
    etcd.put(LOOP, r#"{"name":"loop1","type":"SOFTWARE_LOOPBACK","enabled":true}"#).unwrap();
    eventually("the interface is up", || interface(&etcd, "loop1")["oper_status"] == "UP");
    let state = interface(&etcd, "loop1");
    assert_eq!((&state["internal_name"], &state["admin_status"]), (&json!("loop0"), &json!("UP")));
    // What it counts comes by and by.
    if let Some(sim) = target.sim() {
        sim.count("loop0", "/if/rx", 0, 3, 180).unwrap();
        sim.count("loop0", "/if/drops", 0, 2, 0).unwrap();
        let counted = json!({"in_packets": "3", "in_bytes": "180", "drop_packets": "2"});
        eventually("its counters are told", || interface(&etcd, "loop1")["statistics"] == counted);
    } else {
        eventually("its counters are told", || interface(&etcd, "loop1")["statistics"].is_object());
    }
    etcd.put(LOOP, r#"{"name":"loop1","type":"SOFTWARE_LOOPBACK"}"#).unwrap();
    eventually("the interface is down", || interface(&etcd, "loop1")["oper_status"] == "DOWN");
    etcd.delete(LOOP).unwrap();
    eventually("the interface is gone", || interface(&etcd, "loop1").is_null());
    drop(agent);
    eventually("nothing is told any more", || list(&etcd, INTERFACES).is_empty());
}
