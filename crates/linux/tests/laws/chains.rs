//! Chains of iptables beside those of others, many at a time, and what stands in the way of them.

use crate::agent::LABEL;
use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::iptables::rule_chain::{ChainType, Policy, Table};
use sched::{Intent, Registry, Report, Resync, Retry, Scheduler, Select, State, Txn};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use testkit::laws::config;
use testkit::netns::Netns;
use testkit::target::Target;

/// The programs of both kinds: nftables and the older tables are two worlds.
const VARIANTS: [&str; 2] = ["-nft", "-legacy"];

async fn start(home: &Path, variant: &'static str) -> (Linux, Scheduler) {
    let iptables = Some(variant);
    let config_of = Config { home: Some(home.to_owned()), iptables, ..Config::new(LABEL) };
    let linux = Linux::start(config_of).unwrap();
    let mut registry = Registry::default();
    netalloc::register(&mut registry).unwrap();
    linux::registry::register(&mut registry, &linux).unwrap();
    let scheduler = Scheduler::spawn(registry, config());
    scheduler.health().wait_for(|health| health.compared).await.unwrap();
    (linux, scheduler)
}

/// Soon and for ever.
const AGAIN: Option<Retry> = Some(Retry { period: Duration::from_millis(5), max: 0, backoff: false });

async fn put(scheduler: &Scheduler, chains: &[RuleChain], resync: Resync) -> Report {
    let changes = chains.iter().cloned().map(erase).map(Intent::put).collect();
    scheduler.commit(Txn { changes, resync, complete: true, retry: AGAIN, ..Txn::default() }).await.unwrap()
}

async fn delete(scheduler: &Scheduler, name: &str) -> Report {
    let key = model::value::key_of::<RuleChain>(name);
    let txn = Txn { changes: vec![Intent::delete(key)], complete: true, retry: AGAIN, ..Txn::default() };
    scheduler.commit(txn).await.unwrap()
}

fn custom(name: &str, rules: &[&str]) -> RuleChain {
    RuleChain {
        name: name.into(),
        chain_name: name.into(),
        rules: rules.iter().map(|&rule| rule.to_owned()).collect(),
        ..RuleChain::default()
    }
}

fn input(rules: &[&str]) -> RuleChain {
    RuleChain { chain_type: ChainType::Input.into(), chain_name: String::new(), ..custom("input", rules) }
}

/// Tells iptables something by hand.
fn by_hand(netns: &Netns, variant: &str, text: &str) {
    let mut command = netns.command(&format!("iptables{variant}-restore"));
    let mut child = command.arg("--noflush").stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{text}");
}

/// Chains and rules, without those that every table has and without marks.
fn told(netns: &Netns, variant: &str) -> String {
    let saved = netns.run(&format!("iptables{variant}-save"));
    let rules = saved.lines().filter(|line| {
        let usual = line.starts_with(['#', '*']) || *line == "COMMIT" || line.contains(" ACCEPT [");
        !usual && !line.contains("/vnf-agent/")
    });
    let mut rules: Vec<&str> = rules.collect();
    rules.sort_unstable();
    rules.join("\n")
}

#[tokio::test]
async fn what_others_made_stays_in_netns() {
    for variant in VARIANTS {
        let target = Target::linux();
        let netns = target.netns().unwrap();
        by_hand(
            netns,
            variant,
            "*filter\n:theirs - [0:0]\n-A theirs -s 10.0.0.1 -j DROP\n-A INPUT -j theirs\n-A FORWARD -j theirs\nCOMMIT\n\
             *nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n",
        );
        let before = told(netns, variant);
        let (linux, scheduler) = start(&target.socket(), variant).await;
        // One that is named is ours as a whole.
        let chains = [
            RuleChain { default_policy: Policy::Drop.into(), ..input(&["-j web", "-j theirs"]) },
            custom("web", &["-p tcp --dport 80 -j ACCEPT"]),
            RuleChain { table: Table::Nat.into(), ..custom("nat", &["-s 10.0.0.0/8 -j RETURN"]) },
        ];
        let report = put(&scheduler, &chains, Resync::None).await;
        assert!(report.failed.is_empty(), "{:?}", report.failed);
        let theirs = [
            "-A FORWARD -j theirs",
            "-A INPUT -j theirs",
            "-A INPUT -j web",
            "-A POSTROUTING -j MASQUERADE",
            "-A nat -s 10.0.0.0/8 -j RETURN",
            "-A theirs -s 10.0.0.1/32 -j DROP",
            "-A web -p tcp -m tcp --dport 80 -j ACCEPT",
            ":INPUT DROP [0:0]",
            ":nat - [0:0]",
            ":theirs - [0:0]",
            ":web - [0:0]",
        ];
        assert_eq!(told(netns, variant), theirs.join("\n"), "{variant}");
        // Together: written, looked at, and noted down how iptables says it.
        let sent = linux.sent().into_iter().find(|(name, _)| *name == "iptables-restore").unwrap().1;
        assert!(sent <= 4, "{sent} runs");
        // What others put between is removed by a comparison, what they take away is put back.
        by_hand(netns, variant, "*filter\n-A web -j DROP\n-F INPUT\n-P INPUT ACCEPT\nCOMMIT\n");
        put(&scheduler, &[], Resync::Downstream).await;
        assert_eq!(told(netns, variant), theirs.join("\n"), "{variant}");
        // Another agent knows them again, and removes them.
        drop(scheduler);
        let (_, scheduler) = start(&target.socket(), variant).await;
        put(&scheduler, &[], Resync::Full).await;
        let left: Vec<&str> = before.lines().filter(|line| *line != "-A INPUT -j theirs").collect();
        assert_eq!(told(netns, variant), left.join("\n"), "{variant}");
    }
}

#[tokio::test]
async fn one_that_is_refused_does_not_keep_the_others_in_netns() {
    for variant in VARIANTS {
        let target = Target::linux();
        let netns = target.netns().unwrap();
        let (_, scheduler) = start(&target.socket(), variant).await;
        // The first one leads to the last one; the bad ones are all of the same table.
        let mut chains = vec![input(&["-j c29"])];
        chains.extend((0..30).map(|n| custom(&format!("c{n}"), &["-j ACCEPT"])));
        chains[3].rules = vec!["-j RETURN".into(), "--nosuch 5".into()];
        chains[17].rules = vec!["-j nowhere".into()];
        let report = put(&scheduler, &chains, Resync::None).await;
        assert_eq!(report.failed.len(), 2, "{:?}", report.failed);
        let text = format!("{:?}", report.failed);
        assert!(text.contains("writing the chain c2 of table filter of IPV4"), "{text}");
        assert!(text.contains("rule 2 (--nosuch 5): unknown option"), "{text}");
        assert!(text.contains("writing the chain c16 of table filter of IPV4"), "{text}");
        assert_eq!(told(netns, variant).matches("-j ACCEPT").count(), 28, "{variant}");
        // What it leads to comes later.
        let report = put(&scheduler, &[custom("nowhere", &[])], Resync::None).await;
        assert!(report.failed.is_empty(), "{:?}", report.failed);
        crate::until::until(&scheduler, &model::value::key_of::<RuleChain>("c16"), State::Configured).await;
        // And what something leads to cannot go.
        let report = delete(&scheduler, "c29").await;
        let text = format!("{:?}", report.failed);
        assert!(text.contains("rules of other chains must not lead to it any more"), "{text}");
        delete(&scheduler, "input").await;
        crate::until::eventually("c29 goes", || !told(netns, variant).contains("c29")).await;
    }
}

#[tokio::test]
async fn without_the_programs_the_rest_works_in_netns() {
    let target = Target::linux();
    let (_, scheduler) = start(&target.socket(), "-none").await;
    let report = put(&scheduler, &[input(&[])], Resync::Full).await;
    let text = format!("{:?}", report.failed);
    assert!(text.contains("iptables-none-save is not installed; install iptables"), "{text}");
    let lo = model::proto::ligato::linux::interfaces::Interface {
        name: "loop".into(),
        r#type: 3,
        ..Default::default()
    };
    let txn = Txn { changes: vec![Intent::put(erase(lo))], ..Txn::default() };
    scheduler.commit(txn).await.unwrap();
    crate::until::until(&scheduler, "config/linux/interfaces/v2/interface/loop", State::Configured).await;
}

#[tokio::test]
async fn a_thousand_chains_take_few_runs_in_netns() {
    const CHAINS: usize = 1000;
    for variant in VARIANTS {
        let target = Target::linux();
        let (linux, scheduler) = start(&target.socket(), variant).await;
        let chains: Vec<RuleChain> = (0..CHAINS)
            .map(|n| custom(&format!("c{n}"), &["-p tcp --dport 22 -j ACCEPT", "-j RETURN"]))
            .collect();
        let began = std::time::Instant::now();
        let report = put(&scheduler, &chains, Resync::None).await;
        assert!(report.failed.is_empty(), "{:?}", report.failed.first());
        let took = began.elapsed();
        let runs = linux.sent().into_iter().find(|(name, _)| *name == "iptables-restore").unwrap().1;
        println!("{CHAINS} chains{variant}: {runs} runs, {took:?}");
        // How many come together depends on who else works.
        assert!(runs < CHAINS as u64 / 2, "{runs} runs");
        let statuses = scheduler.statuses(Select::Descriptor("linux-ipt-rulechain-descriptor".into())).await;
        assert_eq!(statuses.iter().filter(|s| s.value.state == State::Configured).count(), CHAINS);
    }
}
