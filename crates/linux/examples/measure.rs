//! `cargo xtask bench linux [--n ROUTES] [--pairs N] [--rounds R] [--json]`: what the scheduler with the features of Linux takes,
//! beside `ip -batch` with the same objects, and what finding routes takes beside the kernel's own listing of them. All in one
//! run; each figure is the median of all rounds.
#![allow(clippy::unwrap_used)] // whoever starts it looks at what it says

use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::interface::{Link, Type};
use model::proto::ligato::linux::interfaces::{Interface, VethLink};
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use model::value::Value;
use rustix::buffer::spare_capacity;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv, send, socket_with, sockopt,
};
use sched::{Intent, Registry, Resync, Scheduler, Select, State, Txn};
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::netns::Netns;
use testkit::target::Dir;

const LABEL: &str = "measure";
/// What the agent marks its routes with.
const PROTOCOL: u8 = 176;

/// One address of a pair for each end.
fn address(n: u32, last: u8) -> String {
    format!("10.{}.{}.{last}/24", 64 + (n >> 8), n & 255)
}

/// One of the networks that routes lead to, through the first pair.
fn network(n: u32) -> String {
    format!("11.{}.{}.{}/30", n >> 14, (n >> 6) & 255, (n & 63) << 2)
}
const GATEWAY: &str = "10.64.0.2";

/// What `ip` is told for pairs that look as those of the agent.
fn pairs_for_ip(count: u32) -> String {
    let mut batch = String::new();
    for n in 0..count {
        writeln!(batch, "link add l{n} type veth peer name r{n}").unwrap();
        for (here, there, last) in [('l', 'r', 1), ('r', 'l', 2)] {
            let alias = format!("/vnf-agent/{LABEL}/{here}{n}/{there}{n}");
            writeln!(batch, "link set dev {here}{n} alias {alias} up").unwrap();
            writeln!(batch, "addr add {} brd + dev {here}{n}", address(n, last)).unwrap();
        }
    }
    batch
}

fn routes_for_ip(count: u32) -> String {
    let route = |n| format!("route add {} via {GATEWAY} dev l0 proto {PROTOCOL}\n", network(n));
    (0..count).map(route).collect()
}

fn pairs(count: u32) -> Vec<Arc<dyn Value>> {
    let end = |n: u32, here: char, there: char, last: u8| {
        let link = VethLink { peer_if_name: format!("{there}{n}"), ..VethLink::default() };
        erase(Interface {
            name: format!("{here}{n}"),
            r#type: Type::Veth.into(),
            enabled: true,
            ip_addresses: vec![address(n, last)],
            link: Some(Link::Veth(link)),
            ..Interface::default()
        })
    };
    (0..count).flat_map(|n| [end(n, 'l', 'r', 1), end(n, 'r', 'l', 2)]).collect()
}

fn routes(count: u32) -> Vec<Arc<dyn Value>> {
    let route = |n| Route {
        outgoing_interface: "l0".to_owned(),
        scope: Scope::Global.into(),
        dst_network: network(n),
        gw_addr: GATEWAY.to_owned(),
        metric: 0,
    };
    (0..count).map(|n| erase(route(n))).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

/// How long `ip` takes for these lines.
fn ip(netns: &Netns, dir: &Dir, lines: &str) -> Duration {
    let file = dir.path().join("batch");
    std::fs::write(&file, lines).unwrap();
    netns.inside(|| {
        let (took, out) = timed(|| Command::new("ip").arg("-batch").arg(&file).output().unwrap());
        assert!(out.status.success(), "ip: {}", String::from_utf8_lossy(&out.stderr));
        took
    })
}

/// How long the kernel takes to tell all routes, and how many it told. Nothing is read of them but their lengths.
fn listed(netns: &Netns) -> (Duration, usize) {
    netns.inside(|| {
        let fd = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None).unwrap();
        bind(&fd, &SocketAddrNetlink::new(0, 0)).unwrap();
        sockopt::set_socket_recv_buffer_size_force(&fd, 8 << 20).unwrap();
        timed(|| [2_u8, 10].map(|family| dump(&fd, family)).into_iter().sum())
    })
}

fn dump(fd: &std::os::fd::OwnedFd, family: u8) -> usize {
    let mut buffer = Vec::with_capacity(64 << 10);
    // RTM_GETROUTE of this family, a dump.
    let mut request = [0_u8; 28];
    (request[0], request[4], request[5], request[6], request[7], request[16]) = (28, 26, 0, 1, 3, family);
    send(fd, &request, SendFlags::empty()).unwrap();
    let mut count = 0;
    loop {
        buffer.clear();
        recv(fd, spare_capacity(&mut buffer), RecvFlags::empty()).unwrap();
        let mut rest = &buffer[..];
        while let Some(length) = rest.first_chunk::<4>() {
            let length = u32::from_ne_bytes(*length) as usize;
            if rest[4..6] == [3, 0] {
                return count;
            }
            count += 1;
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
    }
}

/// How often it is looked what is there, in each round.
const LOOKS: u32 = 5;

/// An agent of Linux only.
struct Agent {
    linux: Linux,
    scheduler: Scheduler,
    _following: [linux::reports::Following; 3],
}

impl Agent {
    async fn start(netns: &Netns) -> Agent {
        let linux = Linux::start(Config { home: Some(netns.path().into()), ..Config::new(LABEL) }).unwrap();
        let mut registry = Registry::default();
        netalloc::register(&mut registry).unwrap();
        linux::registry::register(&mut registry, &linux).unwrap();
        let scheduler = Scheduler::spawn(registry, sched::Config::default());
        scheduler.health().wait_for(|health| health.compared).await.unwrap();
        let following = linux::reports::follow(&linux, &scheduler);
        Agent { linux, scheduler, _following: following }
    }
    /// How long it takes for these, and how many datagrams.
    async fn put(&self, values: Vec<Arc<dyn Value>>, resync: Resync) -> (Duration, u64) {
        let (began, before) = (Instant::now(), self.linux.datagrams());
        let changes = values.into_iter().map(Intent::put).collect();
        let txn = Txn { changes, resync, complete: true, ..Txn::default() };
        let report = self.scheduler.commit(txn).await.unwrap();
        assert!(report.failed.is_empty(), "{:?}", report.failed.first());
        (began.elapsed(), self.linux.datagrams() - before)
    }
    async fn configured(&self, descriptor: &str) -> usize {
        let statuses = self.scheduler.statuses(Select::Descriptor(descriptor.to_owned())).await;
        statuses.iter().filter(|status| status.value.state == State::Configured).count()
    }
    /// How long all retrieving of a kind took so far, and how often that was.
    async fn retrieving(&self, descriptor: &str) -> (Duration, u64) {
        let statistics = self.scheduler.statistics().await;
        let calls = statistics.descriptors.get(descriptor).and_then(|calls| calls.get("Retrieve"));
        calls.map_or((Duration::ZERO, 0), |timing| (timing.total, timing.count))
    }
}

/// Figures by name, one for each round.
#[derive(Default)]
struct Figures(BTreeMap<&'static str, Vec<f64>>);

impl Figures {
    fn add(&mut self, name: &'static str, figure: f64) {
        self.0.entry(name).or_default().push(figure);
    }
    fn median(&mut self, name: &str) -> f64 {
        let all = self.0.get_mut(name).unwrap();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    }
}

/// One round. Its namespaces are kept: the kernel takes them apart in the background, and what is measured next would wait for it.
async fn round(figures: &mut Figures, n: u32, count: u32) -> [Netns; 2] {
    let dir = Dir::new();
    let theirs = Netns::new();
    figures.add("ip_pairs_s", ip(&theirs, &dir, &pairs_for_ip(count)).as_secs_f64());
    figures.add("ip_routes_s", ip(&theirs, &dir, &routes_for_ip(n)).as_secs_f64());
    let own = Netns::new();
    let agent = Agent::start(&own).await;
    let (took, datagrams) = agent.put(pairs(count), Resync::None).await;
    figures.add("pairs_s", took.as_secs_f64());
    figures.add("pairs_datagrams", datagrams as f64);
    assert_eq!(agent.configured("linux-interface").await, 2 * count as usize);
    let (took, datagrams) = agent.put(routes(n), Resync::None).await;
    figures.add("routes_s", took.as_secs_f64());
    figures.add("routes_datagrams", datagrams as f64);
    assert_eq!(agent.configured("linux-route").await, n as usize);
    for _ in 0..LOOKS {
        let (took, there) = listed(&own);
        assert!(there >= n as usize, "only {there} are there");
        figures.add("raw_dump_s", took.as_secs_f64());
        let before = agent.retrieving("linux-route").await;
        let (took, _) = agent.put(Vec::new(), Resync::Downstream).await;
        figures.add("compare_s", took.as_secs_f64());
        let after = agent.retrieving("linux-route").await;
        figures.add("retrieve_s", (after.0 - before.0).as_secs_f64() / (after.1 - before.1) as f64);
    }
    let (took, _) = agent.put(Vec::new(), Resync::Full).await;
    figures.add("remove_s", took.as_secs_f64());
    agent.scheduler.stop().await;
    [theirs, own]
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, usual: u32| {
        let at = args.iter().position(|arg| arg == name);
        at.and_then(|at| args.get(at + 1)).map_or(usual, |text| text.parse().unwrap())
    };
    let (n, count, rounds) = (number("--n", 10_000), number("--pairs", 500), number("--rounds", 5));
    let mut figures = Figures::default();
    let mut kept = Vec::new();
    for _ in 0..rounds {
        kept.extend(round(&mut figures, n, count).await);
    }
    let names: Vec<&str> = figures.0.keys().copied().collect();
    let rounded = |figure: f64| json!((figure * 1e4).round() / 1e4);
    let mut out: Map<String, serde_json::Value> =
        names.iter().map(|name| ((*name).to_owned(), rounded(figures.median(name)))).collect();
    for (name, of, to) in [
        ("pairs_to_ip", "pairs_s", "ip_pairs_s"),
        ("routes_to_ip", "routes_s", "ip_routes_s"),
        ("retrieve_to_raw", "retrieve_s", "raw_dump_s"),
    ] {
        let ratio = figures.median(of) / figures.median(to);
        out.insert(name.to_owned(), json!((ratio * 100.0).round() / 100.0));
    }
    if args.iter().any(|arg| arg == "--json") {
        println!("{}", serde_json::Value::Object(out));
    } else {
        println!("{n} routes, {count} pairs, the median of {rounds} rounds");
        out.iter().for_each(|(name, figure)| println!("{name:<16} {figure}"));
    }
}
