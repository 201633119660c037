//! A scheduler with all features of Linux, as the laws want it.

use crate::faults::OnTheWay;
use futures::FutureExt;
use futures::future::BoxFuture;
use linux::{Config, Linux};
use model::proto::ligato::linux::interfaces::Interface;
use sched::{BaseStatus, Item, Origin, Registry, Scheduler, State, Status};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use testkit::laws::Agent;
use testkit::netns::Netns;

thread_local! {
    /// A second namespace for each test: they run in threads of their own.
    static OTHER: Netns = Netns::new();
}

/// The path of the second namespace of this test.
pub fn other() -> String {
    OTHER.with(Netns::path)
}

/// Runs a program in the second namespace of this test.
pub fn run_in_other(words: &str) -> String {
    OTHER.with(|netns| netns.run(words))
}

/// What the agent's interfaces are marked with.
pub const LABEL: &str = "laws";

/// See [`testkit::laws::Start`].
pub fn start(home: &Path, config: sched::Config) -> BoxFuture<'static, Agent> {
    start_naming(home, config, &Config::new(LABEL).names)
}

/// The same, with the directory of namespaces that have names.
pub fn start_naming(home: &Path, config: sched::Config, names: &Path) -> BoxFuture<'static, Agent> {
    let (home, names) = (home.to_owned(), names.to_owned());
    async move {
        let on_the_way = OnTheWay::default();
        let between = Some(Arc::new(on_the_way.clone()) as _);
        let linux =
            Linux::start(Config { home: Some(home.clone()), names, between, ..Config::new(LABEL) }).unwrap();
        let mut registry = Registry::default();
        netalloc::register(&mut registry).unwrap();
        linux::registry::register(&mut registry, &linux).unwrap();
        let scheduler = Scheduler::spawn(registry, config);
        scheduler.health().wait_for(|health| health.compared).await.unwrap();
        // As long as the agent is there.
        let following = linux::reports::follow(&linux, &scheduler);
        let sent = Box::new(move || {
            let _ = &following;
            linux.sent()
        });
        let all = [home, PathBuf::from(other())];
        let raw = Box::new(move || {
            let text: String = all.iter().map(|netns| raw(netns)).collect();
            async { text }.boxed()
        });
        Agent { scheduler, sent, raw, faults: Some(on_the_way.0), offers: Box::new(|_| true), passing, waits }
    }
    .boxed()
}

/// The right end of a pair, or a part of it, as long as nobody wants the left one.
fn waits(all: &[BaseStatus], status: &Status) -> bool {
    let of_right = |key: &str| key.split('/').any(|part| part == "right");
    let left = model::value::key_of::<Interface>("left");
    status.state == State::Pending && of_right(&status.key) && all.iter().all(|base| *base.value.key != *left)
}

/// What the kernel learns of neighbours it forgets again.
fn passing(item: &Item) -> bool {
    item.origin == Origin::Sb && item.key.starts_with("config/linux/l3/v2/arp/")
}

/// What a namespace holds, as `ip` tells it, but for what the kernel does in its own time.
fn raw(netns: &Path) -> String {
    let mut out = String::new();
    for link in ip(netns, &["link"]) {
        let flags = link["flags"].as_array().unwrap();
        let up = flags.iter().any(|flag| flag == "UP");
        let fields = ["ifindex", "ifname", "mtu", "address", "ifalias", "link_netnsid"];
        let fields = fields.map(|field| link[field].to_string());
        writeln!(out, "{fields:?} {up}").unwrap();
    }
    for link in ip(netns, &["addr"]) {
        for address in link["addr_info"].as_array().unwrap() {
            if address["scope"] != "link" {
                let fields =
                    ["local", "prefixlen", "scope", "broadcast"].map(|field| address[field].to_string());
                writeln!(out, "{} {fields:?}", link["ifname"]).unwrap();
            }
        }
    }
    for version in ["-4", "-6"] {
        for route in ip(netns, &[version, "route", "show", "table", "all"]) {
            if route["protocol"] != "kernel" {
                let fields = ["dst", "gateway", "dev", "metric", "scope", "table"]
                    .map(|field| route[field].to_string());
                writeln!(out, "{fields:?}").unwrap();
            }
        }
        for neighbour in ip(netns, &[version, "neigh", "show", "nud", "permanent"]) {
            writeln!(out, "{neighbour}").unwrap();
        }
    }
    for program in ["iptables-save", "ip6tables-save"] {
        out += &chains(netns, program);
    }
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    lines.join("\n") + "\n"
}

/// What a program of iptables tells, without what every table has.
fn chains(netns: &Path, program: &str) -> String {
    let mut command = Command::new("nsenter");
    let out = command.arg(format!("--net={}", netns.display())).arg(program).output().unwrap();
    assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
    let mut table = String::new();
    let mut chains: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8(out.stdout).unwrap().lines() {
        match line.split(' ').next().unwrap_or_default() {
            word if word.starts_with('*') => table = word.to_owned(),
            word if word.starts_with(':') && !line.contains(" ACCEPT [") => {
                let policy = line.split(' ').nth(1).unwrap_or_default();
                chains.entry(format!("{program} {table} {}", &word[1..])).or_default().push_str(policy);
            }
            "-A" => {
                let chain = line.split(' ').nth(1).unwrap_or_default();
                chains
                    .entry(format!("{program} {table} {chain}"))
                    .or_default()
                    .push_str(&format!(" | {line}"));
            }
            _ => {}
        }
    }
    chains.iter().map(|(chain, rules)| format!("{chain} {rules}\n")).collect()
}

fn ip(netns: &Path, words: &[&str]) -> Vec<Value> {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net={}", netns.display())).args(["ip", "-json"]).args(words);
    let out = command.output().unwrap();
    assert!(out.status.success(), "{words:?}: {}", String::from_utf8_lossy(&out.stderr));
    match out.stdout.is_empty() {
        true => Vec::new(),
        false => serde_json::from_slice(&out.stdout).unwrap(),
    }
}
