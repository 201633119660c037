//! Many objects at a time.

use crate::agent::LABEL;
use crate::features::{pair, veth};
use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use sched::{Intent, Registry, Resync, Scheduler, Select, State, Txn};
use std::time::Instant;
use testkit::laws::{Anything, config};
use testkit::target::Target;

const ROUTES: u32 = 10_000;
const PAIRS: u32 = 500;

async fn start(target: &Target) -> (Linux, Scheduler) {
    let linux = Linux::start(Config { home: Some(target.socket()), ..Config::new(LABEL) }).unwrap();
    let mut registry = Registry::default();
    netalloc::register(&mut registry).unwrap();
    linux::registry::register(&mut registry, &linux).unwrap();
    let scheduler = Scheduler::spawn(registry, config());
    scheduler.health().wait_for(|health| health.compared).await.unwrap();
    (linux, scheduler)
}

async fn put(scheduler: &Scheduler, values: &[Anything], resync: Resync) {
    let changes = values.iter().cloned().map(Intent::put).collect();
    let report = scheduler.commit(Txn { changes, resync, complete: true, ..Txn::default() }).await.unwrap();
    assert!(report.failed.is_empty(), "{:?}", report.failed.first());
}

async fn configured(scheduler: &Scheduler, descriptor: &str) -> usize {
    let statuses = scheduler.statuses(Select::Descriptor(descriptor.to_owned())).await;
    statuses.iter().filter(|status| status.value.state == State::Configured).count()
}

fn route(n: u32) -> Route {
    Route {
        outgoing_interface: "left".into(),
        scope: Scope::Global.into(),
        dst_network: format!("10.{}.{}.{}/30", 64 + (n >> 14), (n >> 6) & 255, (n & 63) << 2),
        gw_addr: "10.1.1.9".into(),
        metric: 0,
    }
}

#[tokio::test]
async fn ten_thousand_routes_take_few_datagrams_in_netns() {
    let target = Target::linux();
    let (linux, scheduler) = start(&target).await;
    let [left, right] = pair();
    let world = [left, Interface { namespace: None, ..right }].map(erase);
    put(&scheduler, &world, Resync::None).await;
    let routes: Vec<Anything> = (0..ROUTES).map(|n| erase(route(n))).collect();
    let (before, began) = (linux.datagrams(), Instant::now());
    put(&scheduler, &routes, Resync::None).await;
    let (took, datagrams) = (began.elapsed(), linux.datagrams() - before);
    println!("{ROUTES} routes: {datagrams} datagrams, {took:?}");
    assert_eq!(configured(&scheduler, "linux-route").await, ROUTES as usize);
    // The less the processors have to do besides, the fewer.
    assert!(datagrams < u64::from(ROUTES) / 10, "{datagrams} datagrams");
    // Another agent finds them all, and has nothing to do.
    let (another, scheduler) = start(&target).await;
    let all: Vec<Anything> = world.into_iter().chain(routes).collect();
    put(&scheduler, &all, Resync::Full).await;
    let changing: Vec<_> =
        another.sent().into_iter().filter(|(name, _)| !testkit::wire::only_asks(name)).collect();
    assert_eq!(changing, []);
    let began = Instant::now();
    put(&scheduler, &[], Resync::Full).await;
    println!("compared and removed: {:?}", began.elapsed());
    assert_eq!(configured(&scheduler, "linux-route").await, 0);
}

#[tokio::test]
async fn many_pairs_are_made_together_in_netns() {
    let target = Target::linux();
    let (linux, scheduler) = start(&target).await;
    let end = |name: String, peer: String, address: String| erase(veth(&name, &peer, &[&address]));
    let pairs = (0..PAIRS).flat_map(|n| {
        let (left, right) = (format!("l{n}"), format!("r{n}"));
        let address = |last| format!("10.{}.{}.{last}/24", 64 + (n >> 8), n & 255);
        [end(left.clone(), right.clone(), address(1)), end(right, left, address(2))]
    });
    let pairs: Vec<Anything> = pairs.collect();
    let (before, began) = (linux.datagrams(), Instant::now());
    put(&scheduler, &pairs, Resync::None).await;
    let (took, datagrams) = (began.elapsed(), linux.datagrams() - before);
    println!("{PAIRS} pairs: {datagrams} datagrams, {took:?}");
    assert_eq!(configured(&scheduler, "linux-interface").await, 2 * PAIRS as usize);
    assert!(datagrams < u64::from(PAIRS), "{datagrams} datagrams");
}
