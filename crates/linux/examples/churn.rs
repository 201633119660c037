//! An agent of Linux only, for tests that kill it: it brings about pairs of interfaces with addresses and routes, takes them
//! away, and begins anew, until its input ends. Arguments: the path of the network namespace that it takes for its own, and that of another one.
#![allow(clippy::unwrap_used)] // whoever starts it looks at what it says

use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::interface::{Link, Type};
use model::proto::ligato::linux::interfaces::{Interface, VethLink};
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use model::proto::ligato::linux::namespace::NetNamespace;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use model::value::Value;
use sched::{Intent, Registry, Resync, Scheduler, Txn};
use std::sync::Arc;

/// Pairs of interfaces.
const PAIRS: u8 = 8;

fn end(name: String, peer_if_name: String, address: String, namespace: Option<NetNamespace>) -> Interface {
    Interface {
        name,
        r#type: Type::Veth.into(),
        enabled: true,
        namespace,
        ip_addresses: vec![address],
        link: Some(Link::Veth(VethLink { peer_if_name, ..VethLink::default() })),
        ..Interface::default()
    }
}

/// What is wanted, with the right ends in the other namespace.
pub fn wanted(other: &str) -> Vec<Arc<dyn Value>> {
    let there = || Some(NetNamespace { r#type: ReferenceType::Fd.into(), reference: other.to_owned() });
    let all = (1..=PAIRS).flat_map(|n| {
        let (left, right) = (format!("left{n}"), format!("right{n}"));
        let route = Route {
            outgoing_interface: left.clone(),
            scope: Scope::Global.into(),
            dst_network: format!("10.{n}.0.0/16"),
            gw_addr: format!("10.100.{n}.2"),
            metric: 0,
        };
        [
            erase(end(left.clone(), right.clone(), format!("10.100.{n}.1/24"), None)),
            erase(end(right, left, format!("10.100.{n}.2/24"), there())),
            erase(route),
        ]
    });
    all.collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (home, other) = (arguments.next().unwrap(), arguments.next().unwrap());
    // It ends with whoever started it.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_line(&mut String::new());
        std::process::exit(0);
    });
    let linux = Linux::start(Config { home: Some(home.into()), ..Config::new("laws") }).unwrap();
    let mut registry = Registry::default();
    netalloc::register(&mut registry).unwrap();
    linux::registry::register(&mut registry, &linux).unwrap();
    let scheduler = Scheduler::spawn(registry, sched::Config::default());
    let _following = linux::reports::follow(&linux, &scheduler);
    loop {
        for values in [wanted(&other), Vec::new()] {
            let changes = values.into_iter().map(Intent::put).collect();
            let txn = Txn { changes, resync: Resync::Full, complete: true, ..Txn::default() };
            scheduler.commit(txn).await.unwrap();
        }
    }
}
