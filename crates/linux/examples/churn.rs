//! An agent of Linux only, for tests that kill it: it brings about pairs of interfaces with addresses, some of them allocated,
//! routes and neighbours, loopbacks and chains of iptables, takes them away, and begins anew, until its input ends.
//! Arguments: the path of the network namespace that it takes for its own, that of another one, and the directory of those that
//! have names.
#![allow(clippy::unwrap_used)] // whoever starts it looks at what it says

use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::interface::{Link, Type};
use model::proto::ligato::linux::interfaces::{Interface, VethLink};
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::l3::route::Scope;
use model::proto::ligato::linux::l3::{ArpEntry, Route};
use model::proto::ligato::linux::namespace::NetNamespace;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use model::proto::ligato::netalloc::IpAllocation;
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

/// The name of a third namespace, which the agent makes.
pub const NAMED: &str = "third";

/// What is wanted, with the right ends in the other namespace, and of the last pair in one that has a name.
pub fn wanted(other: &str) -> Vec<Arc<dyn Value>> {
    let there = || Some(NetNamespace { r#type: ReferenceType::Fd.into(), reference: other.to_owned() });
    let named = || Some(NetNamespace { r#type: ReferenceType::Nsid.into(), reference: NAMED.to_owned() });
    let all = (1..=PAIRS).flat_map(|n| {
        let (left, right) = (format!("left{n}"), format!("right{n}"));
        let route = Route {
            outgoing_interface: left.clone(),
            scope: Scope::Global.into(),
            dst_network: format!("10.{n}.0.0/16"),
            gw_addr: format!("10.100.{n}.2"),
            metric: 0,
        };
        let neighbour = ArpEntry {
            interface: left.clone(),
            ip_address: format!("10.100.{n}.9"),
            hw_address: format!("02:00:00:00:00:{n:02x}"),
        };
        let allocation = IpAllocation {
            network_name: "net".to_owned(),
            interface_name: left.clone(),
            address: format!("10.200.{n}.1/24"),
            ..IpAllocation::default()
        };
        let mut here = end(left.clone(), right.clone(), format!("10.100.{n}.1/24"), None);
        here.ip_addresses.push("alloc:net".to_owned());
        let place = if n == PAIRS { named() } else { there() };
        [
            erase(here),
            erase(end(right, left, format!("10.100.{n}.2/24"), place)),
            erase(route),
            erase(neighbour),
            erase(allocation),
        ]
    });
    let places = || [("here", None), ("there", there()), ("named", named())].into_iter();
    let loopbacks = places().map(|(name, namespace)| {
        let i = end(format!("lo-{name}"), String::new(), "10.99.0.1/32".to_owned(), namespace);
        erase(Interface { r#type: Type::Loopback.into(), link: None, ..i })
    });
    let chains = places().map(|(name, namespace)| {
        let rules = vec!["-p tcp --dport 80 -j ACCEPT".to_owned(), "-s 192.0.2.1 -j DROP".to_owned()];
        let (name, chain_name) = (format!("chain-{name}"), "churn".to_owned());
        erase(RuleChain { name, chain_name, namespace, rules, ..RuleChain::default() })
    });
    all.chain(loopbacks).chain(chains).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap();
    let (home, other, names) = (next(), next(), next());
    // It ends with whoever started it.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_line(&mut String::new());
        std::process::exit(0);
    });
    let linux =
        Linux::start(Config { home: Some(home.into()), names: names.into(), ..Config::new("laws") }).unwrap();
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
