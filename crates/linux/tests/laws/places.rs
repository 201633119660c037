//! Network namespaces that come and go.

use crate::agent::start;
use crate::features::veth;
use crate::until::{PATIENCE, eventually};
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::namespace::NetNamespace;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use sched::{Intent, Scheduler, State, Txn};
use std::process::Command;
use std::time::{Duration, Instant};
use testkit::laws::config;
use testkit::netns::{Netns, Process};
use testkit::target::Target;

pub async fn put(scheduler: &Scheduler, interfaces: &[Interface]) {
    let changes = interfaces.iter().cloned().map(erase).map(Intent::put).collect();
    scheduler.commit(Txn { changes, ..Txn::default() }).await.unwrap();
}

/// Waits until the interface has this state; answers why it has.
pub async fn until(scheduler: &Scheduler, name: &str, state: State) -> String {
    crate::until::until(scheduler, &model::value::key_of::<Interface>(name), state).await
}

pub fn inside(kind: ReferenceType, reference: &str, i: Interface) -> Interface {
    Interface { namespace: Some(NetNamespace { r#type: kind.into(), reference: reference.into() }), ..i }
}

#[tokio::test]
async fn what_is_in_the_namespace_of_a_process_waits_when_it_ends_in_netns() {
    let target = Target::linux();
    let agent = start(&target.socket(), config()).await;
    let scheduler = &agent.scheduler;
    let process = Process::new();
    let pid = process.id().to_string();
    let far = inside(ReferenceType::Pid, &pid, veth("far", "near", &["10.3.3.2/24"]));
    let alone = [veth("one", "two", &["10.4.4.1/24"]), veth("two", "one", &[])];
    put(scheduler, &[veth("near", "far", &["10.3.3.1/24"]), far.clone()]).await;
    put(scheduler, &alone).await;
    until(scheduler, "far", State::Configured).await;
    let own = target.netns().unwrap();
    eventually("far answers", || own.attempt("ping -c 1 -W 5 10.3.3.2").is_ok()).await;
    let index = own.run("ip -o link show one");
    drop(process);
    let why = until(scheduler, "far", State::Pending).await;
    assert!(why.starts_with(&format!("linux/namespace/pid/{pid}")), "{why}");
    until(scheduler, "near", State::Pending).await;
    let explained = scheduler.explain(&erase(far.clone()).key()).await;
    assert!(format!("{explained:?}").contains(&format!("linux/namespace/pid/{pid}")), "{explained:?}");
    assert!(own.attempt("ip link show near").is_err());
    // Others are not affected.
    assert_eq!(own.run("ip -o link show one"), index);
    // It comes back as another process.
    let process = Process::new();
    put(
        scheduler,
        &[inside(ReferenceType::Pid, &process.id().to_string(), veth("far", "near", &["10.3.3.2/24"]))],
    )
    .await;
    until(scheduler, "far", State::Configured).await;
    until(scheduler, "near", State::Configured).await;
    eventually("far answers", || own.attempt("ping -c 1 -W 5 10.3.3.2").is_ok()).await;
}

#[tokio::test]
async fn a_path_that_leads_to_another_namespace_is_followed_in_netns() {
    let target = Target::linux();
    let agent = start(&target.socket(), config()).await;
    let (first, second) = (Netns::new(), Netns::new());
    let path = target.dir().join("place");
    std::os::unix::fs::symlink(first.path(), &path).unwrap();
    let far = inside(ReferenceType::Fd, path.to_str().unwrap(), veth("far", "near", &["10.3.3.2/24"]));
    put(&agent.scheduler, &[veth("near", "far", &[]), far]).await;
    until(&agent.scheduler, "far", State::Configured).await;
    eventually("far is in the first namespace", || first.run("ip addr").contains("10.3.3.2/24")).await;
    let other = target.dir().join("other");
    std::os::unix::fs::symlink(second.path(), &other).unwrap();
    std::fs::rename(other, &path).unwrap();
    eventually("far is in the other namespace", || second.run("ip addr").contains("10.3.3.2/24")).await;
    until(&agent.scheduler, "far", State::Configured).await;
    assert!(!first.run("ip addr").contains("10.3.3.2/24"));
}

#[tokio::test]
async fn a_namespace_that_is_replaced_under_load_ends_as_wanted_in_netns() {
    let target = Target::linux();
    let agent = start(&target.socket(), config()).await;
    let scheduler = &agent.scheduler;
    let places = [Netns::new(), Netns::new()];
    let path = target.dir().join("place");
    let lead = |to: &Netns| {
        let next = target.dir().join("next");
        std::os::unix::fs::symlink(to.path(), &next).unwrap();
        std::fs::rename(next, &path).unwrap();
    };
    let wanted = |last: usize| {
        let far = |n: usize| {
            let address = format!("10.{}.{last}.2/24", 50 + n);
            let end = veth(&format!("far{n}"), &format!("near{n}"), &[&address]);
            inside(ReferenceType::Fd, path.to_str().unwrap(), end)
        };
        let both = |n: usize| [veth(&format!("near{n}"), &format!("far{n}"), &[]), far(n)];
        (0..6).flat_map(both).collect::<Vec<_>>()
    };
    let rounds = 16;
    for n in 0..rounds {
        match n % 4 {
            3 => std::fs::remove_file(&path).unwrap(),
            _ => lead(&places[n % 2]),
        }
        put(scheduler, &wanted(n)).await;
    }
    lead(&places[0]);
    put(scheduler, &wanted(rounds)).await;
    for n in 0..6 {
        until(scheduler, &format!("far{n}"), State::Configured).await;
        until(scheduler, &format!("near{n}"), State::Configured).await;
    }
    let ends = |netns: &Netns| netns.run("ip -o -4 addr").lines().filter(|line| line.contains("far")).count();
    eventually("all ends are in one place", || (ends(&places[0]), ends(&places[1])) == (6, 0)).await;
    let addresses = places[0].run("ip -o -4 addr");
    assert_eq!(addresses.matches(&format!(".{rounds}.2/24")).count(), 6, "{addresses}");
    let links = target.netns().unwrap().run("ip -o link") + &places[1].run("ip -o link");
    assert_eq!(links.lines().count(), 2 + 6, "{links}");
}

#[tokio::test]
async fn another_process_with_the_same_number_is_another_place_in_netns() {
    let target = Target::linux();
    let agent = start(&target.socket(), config()).await;
    let scheduler = &agent.scheduler;
    let first = Process::new();
    let pid = first.id();
    let far = inside(ReferenceType::Pid, &pid.to_string(), veth("far", "near", &["10.3.3.2/24"]));
    put(scheduler, &[veth("near", "far", &["10.3.3.1/24"]), far]).await;
    until(scheduler, "far", State::Configured).await;
    let namespace = || std::fs::read_link(format!("/proc/{pid}/ns/net")).unwrap();
    let before = namespace();
    drop(first);
    // The number is free now: the kernel is told to give it away next. Others may be faster, and then they end soon.
    let began = Instant::now();
    let second = loop {
        std::fs::write("/proc/sys/kernel/ns_last_pid", (pid - 1).to_string()).unwrap();
        let process = Process::new();
        if process.id() == pid {
            break process;
        }
        assert!(began.elapsed() < PATIENCE, "no process gets the number {pid}");
    };
    assert_ne!(namespace(), before);
    let shown = || {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/proc/{}/ns/net", second.id())).args(["ip", "-br", "addr"]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    eventually("far is in the namespace of the other process", || shown().contains("10.3.3.2/24")).await;
    until(scheduler, "far", State::Configured).await;
    until(scheduler, "near", State::Configured).await;
    target.netns().unwrap().run("ping -c 1 -W 5 10.3.3.2");
}

#[tokio::test]
async fn processes_that_end_under_load_leave_all_as_wanted_in_netns() {
    let target = Target::linux();
    let agent = start(&target.socket(), config()).await;
    let wanted = |round: usize, pid: u32| {
        let far = |n: usize| {
            let address = format!("10.{}.{round}.2/24", 50 + n);
            let end = veth(&format!("far{n}"), &format!("near{n}"), &[&address]);
            inside(ReferenceType::Pid, &pid.to_string(), end)
        };
        let both = |n: usize| [veth(&format!("near{n}"), &format!("far{n}"), &[]), far(n)];
        (0..6).flat_map(both).collect::<Vec<_>>()
    };
    let rounds = 12;
    let mut process = Process::new();
    for round in 0..rounds {
        let pid = process.id();
        let ends = async {
            // Another moment of the transaction each time.
            tokio::time::sleep(Duration::from_millis(round as u64)).await;
            process = Process::new();
        };
        let wanted = wanted(round, pid);
        tokio::join!(put(&agent.scheduler, &wanted), ends);
    }
    put(&agent.scheduler, &wanted(rounds, process.id())).await;
    for n in 0..6 {
        until(&agent.scheduler, &format!("far{n}"), State::Configured).await;
        until(&agent.scheduler, &format!("near{n}"), State::Configured).await;
    }
    let links = target.netns().unwrap().run("ip -o link");
    assert_eq!(links.lines().count(), 1 + 6, "{links}");
}
