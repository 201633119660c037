//! Events about links that come faster than they are read.

use crate::agent::LABEL;
use crate::until::{PATIENCE, until};
use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::interfaces::interface::Type;
use sched::{Intent, Registry, Scheduler, Select, State, Txn};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use testkit::laws::config;
use testkit::target::Target;

#[tokio::test]
async fn what_events_that_were_lost_would_have_told_is_known_all_the_same_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    // There is room for two events or so.
    let home = Some(target.socket());
    let linux = Linux::start(Config { home, event_room: Some(1), ..Config::new(LABEL) }).unwrap();
    let mut registry = Registry::default();
    netalloc::register(&mut registry).unwrap();
    linux::registry::register(&mut registry, &linux).unwrap();
    let scheduler = Scheduler::spawn(registry, config());
    let _following = linux::reports::follow(&linux, &scheduler);
    let uplink = Interface {
        name: "uplink".into(),
        r#type: Type::Existing.into(),
        host_if_name: "ext0".into(),
        ..Interface::default()
    };
    let txn = Txn { changes: vec![Intent::put(erase(uplink))], ..Txn::default() };
    scheduler.commit(txn).await.unwrap();
    let base = "config/linux/interfaces/v2/interface/uplink";
    let batch = target.dir().join("batch");
    let many = |each: fn(usize) -> String, last: &str| {
        let text: String = (0..50).map(each).collect();
        std::fs::write(&batch, text + last).unwrap();
        own.run(&format!("ip -batch {}", batch.display()));
    };
    for _ in 0..5 {
        many(
            |n| format!("link add name a{n} type veth peer name b{n}\nlink set a{n} up\n"),
            "link add name ext0 type veth peer name ext1\nlink set ext0 up\n",
        );
        until(&scheduler, base, State::Configured).await;
        let names = |text: &str| -> BTreeSet<String> {
            let name = |line: &str| line.split([' ', '@', ':']).nth(2).unwrap_or_default().to_owned();
            text.lines().map(name).collect()
        };
        let there = names(&own.run("ip -o link"));
        let began = Instant::now();
        loop {
            let prefix = "linux/interface/host-link/";
            let all = scheduler.statuses(Select::Prefix(prefix.to_owned())).await;
            let all = all.iter().filter(|one| one.value.state == State::Obtained);
            let known: BTreeSet<String> = all.map(|one| one.value.key[prefix.len()..].to_owned()).collect();
            if known == there {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "{known:?} is not {there:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        many(|n| format!("link del a{n}\n"), "link del ext0\n");
        until(&scheduler, base, State::Pending).await;
    }
    assert!(linux.overruns() > 0, "no event was lost");
}
