//! What iptables is told, what it says, and what is wrong with a chain.

use super::chain::RuleChains;
use super::rule::{Mark, fingerprint};
use super::save::Saved;
use super::script::{Script, Task, Written};
use super::{Place, Protocol, Table};
use crate::netns::Reference;
use crate::{Config, Linux};
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::iptables::rule_chain::{ChainType, Policy};
use proptest::prelude::*;
use sched::{Change, Descriptor};

const OURS: &str = "/vnf-agent/vpp1/";

fn place(table: Table, chain: &str) -> Place {
    Place { protocol: Protocol::Ipv4, table, chain: chain.into() }
}
fn write(table: Table, chain: &str, custom: bool, rules: &[&str]) -> Task {
    let mark = Mark { name: chain.to_lowercase(), policy: false, fingerprint: None };
    let rules = rules.iter().map(|&rule| rule.to_owned()).collect();
    Task { place: place(table, chain), custom, policy: None, mark, rules: Some(rules) }
}

#[test]
fn tables_change_as_a_whole_and_chains_come_before_what_leads_to_them() {
    let gone = Task { rules: None, ..write(Table::Filter, "old", true, &[]) };
    let freed = Task { rules: None, policy: Some("ACCEPT"), ..write(Table::Filter, "FORWARD", false, &[]) };
    let input = Task {
        policy: Some("DROP"),
        ..write(Table::Filter, "INPUT", false, &["-j web", "-p icmp -j ACCEPT"])
    };
    let web = write(Table::Filter, "web", true, &["-p tcp --dport 80 -j ACCEPT"]);
    let nat = write(Table::Nat, "POSTROUTING", false, &[]);
    let script = Script::doing(OURS, [&gone, &freed, &input, &web, &nat]);
    let marked = |chain: &str, name: &str, rules: &[&str]| {
        let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
        let print = fingerprint(&rules, &rules);
        format!("-A {chain} -m comment --comment \"{OURS}{name}/{print:016x}\"\n")
    };
    let expected = [
        "*filter\n-F old\n-F FORWARD\n-F INPUT\n:web - [0:0]\n",
        &marked("INPUT", "input", &["-j web", "-p icmp -j ACCEPT"]),
        "-A INPUT -j web\n-A INPUT -p icmp -j ACCEPT\n",
        &marked("web", "web", &["-p tcp --dport 80 -j ACCEPT"]),
        "-A web -p tcp --dport 80 -j ACCEPT\n-X old\n-P FORWARD ACCEPT\n-P INPUT DROP\nCOMMIT\n",
        "*nat\n-F POSTROUTING\n",
        &marked("POSTROUTING", "postrouting", &[]),
        "COMMIT\n",
    ];
    assert_eq!(script.text, expected.concat());
}

#[test]
fn what_is_anothers_is_left_to_him() {
    let task = write(Table::Filter, "web", true, &[]);
    let gone = Task { rules: None, ..task.clone() };
    let before = |task: &Task, rules: &str| {
        task.before(OURS, &Saved::read(&format!("*filter\n:web - [0:0]\n{rules}COMMIT\n")))
    };
    let ours = format!("-A web {}\n", task.mark.rule(OURS));
    let other = format!("-A web {}\n", Mark { name: "other".into(), ..task.mark.clone() }.rule(OURS));
    assert_eq!(
        (before(&task, &ours), before(&task, ""), before(&task, "-A web -j DROP\n")),
        (None, None, None)
    );
    assert!(before(&task, &other).unwrap().unwrap_err().starts_with("it is that of \"other\" already"));
    assert_eq!(before(&gone, &ours), None);
    assert_eq!((before(&gone, &other), before(&gone, "")), (Some(Ok(())), Some(Ok(()))));
}

#[test]
fn complaints_name_the_rule() {
    let script = Script::doing(OURS, [&write(Table::Filter, "INPUT", false, &["-j web", "--nosuch 5"])]);
    let cases = [
        (
            "iptables-restore v1.8.9 (nf_tables): unknown option \"--nosuch\"\nError occurred at line: 5\n\
             Try `iptables-restore -h' or 'iptables-restore --help' for more information.\n",
            "iptables-restore: rule 2 (--nosuch 5): unknown option \"--nosuch\"",
        ),
        (
            "iptables-restore v1.8.9 (nf_tables): \nline 4: RULE_APPEND failed (No such file or directory): rule in chain INPUT\n",
            "iptables-restore: rule 1 (-j web): line 4: RULE_APPEND failed (No such file or directory): rule in chain INPUT",
        ),
        ("iptables-restore: line 6 failed\n", "iptables-restore: line 6 failed"),
        (
            "iptables-restore: line 2 failed: No chain/target/match by that name.\n",
            "iptables-restore: line 2 failed: No chain/target/match by that name.",
        ),
        (
            "iptables-legacy-restore v1.8.9 (legacy): Couldn't load target `web':No such file or directory\n\nError occurred at line: 4\n",
            "iptables-restore: rule 1 (-j web): Couldn't load target `web':No such file or directory",
        ),
        ("", "iptables-restore: it does not say why"),
    ];
    for (said, complaint) in cases {
        assert_eq!(script.complaint("iptables-restore", said), complaint);
    }
}

#[test]
fn what_was_written_is_looked_at() {
    let mark = Mark { name: "web".into(), policy: true, fingerprint: None };
    let asked = vec!["-p tcp --dport 80".to_owned()];
    let told = vec!["-p tcp -m tcp --dport 80".to_owned()];
    let look = |rules: &str| {
        let saved = Saved::read(&format!("*filter\n:web - [0:0]\n{rules}COMMIT\n"));
        Written::look(OURS, &saved, &place(Table::Filter, "web"), &mark, &asked)
    };
    let line = |mark: &Mark, rules: &[String]| {
        let rules: String = rules.iter().map(|rule| format!("-A web {rule}\n")).collect();
        format!("-A web {}\n{rules}", mark.rule(OURS))
    };
    let with = |told: &[String]| Mark { fingerprint: Some(fingerprint(&asked, told)), ..mark.clone() };
    assert_eq!(look(&line(&with(&asked), &asked)), Written::Well);
    assert_eq!(look(&line(&with(&asked), &told)), Written::As(with(&told)));
    assert_eq!(look(&line(&with(&told), &told)), Written::Well);
    for nothing in ["", "-A web -j ACCEPT\n", &line(&Mark { name: "other".into(), ..with(&told) }, &told)] {
        assert_eq!(look(nothing), Written::Not);
    }
}

fn chains() -> RuleChains {
    // What is asked here runs nothing.
    RuleChains::new(&Linux::start(Config::new("vpp1")).unwrap(), "")
}

fn custom() -> RuleChain {
    RuleChain {
        name: "web".into(),
        chain_name: "web".into(),
        rules: vec!["-j ACCEPT".into()],
        ..RuleChain::default()
    }
}
fn of(table: Table, chain: ChainType) -> RuleChain {
    RuleChain { table: table.into(), chain_type: chain.into(), chain_name: String::new(), ..custom() }
}

#[test]
fn what_is_wrong_names_the_field() {
    let chains = chains();
    let named = |name: &str| RuleChain { chain_name: name.into(), ..custom() };
    let policy =
        |policy: Policy| RuleChain { default_policy: policy.into(), ..of(Table::Filter, ChainType::Input) };
    let cases = [
        (RuleChain { name: String::new(), ..custom() }, "name: must not be empty"),
        (RuleChain { name: "long".repeat(60), ..custom() }, "name: is too long"),
        (named(""), "chain_name: must be given for a chain of type CUSTOM"),
        (named(&"x".repeat(29)), "chain_name: is longer than the 28 bytes"),
        (named("a b"), "chain_name: is not a name"),
        (named("-x"), "chain_name: is not a name"),
        (named("INPUT"), "chain_name: is that of a chain of the kernel"),
        (named("DROP"), "chain_name: is that of a target"),
        (of(Table::Filter, ChainType::Prerouting), "chain_type: is not a chain of table FILTER"),
        (of(Table::Security, ChainType::Postrouting), "chain_type: is not a chain of table SECURITY"),
        (of(Table::Nat, ChainType::Forward), "chain_type: is not a chain of table NAT"),
        (of(Table::Raw, ChainType::Input), "chain_type: is not a chain of table RAW"),
        (RuleChain { table: 9, ..custom() }, "table: is not one of those"),
        (RuleChain { protocol: 9, ..custom() }, "protocol: is not one of those"),
        (RuleChain { chain_type: 9, ..custom() }, "chain_type: is not one of those"),
        (RuleChain { default_policy: 9, ..custom() }, "default_policy: is not one of those"),
        (policy(Policy::Queue), "default_policy: must be ACCEPT or DROP"),
        (
            RuleChain { default_policy: 2, ..of(Table::Mangle, ChainType::Input) },
            "default_policy: can only be set in table FILTER",
        ),
        (
            RuleChain { default_policy: 2, ..custom() },
            "default_policy: cannot be set on a chain of type CUSTOM",
        ),
        (
            RuleChain { rules: vec!["-j ACCEPT\n-F".into()], ..custom() },
            "rules: \"-j ACCEPT\\n-F\" is not one line",
        ),
        (RuleChain { rules: vec!["-t nat".into()], ..custom() }, "rules: \"-t nat\" holds -t"),
        (RuleChain { namespace: Some(Default::default()), ..custom() }, "namespace.type: must be given"),
    ];
    for (value, reason) in cases {
        let error = chains.image(&value).unwrap_err().to_string();
        assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
    }
    for good in [
        custom(),
        policy(Policy::Drop),
        of(Table::Mangle, ChainType::Forward),
        of(Table::Nat, ChainType::Output),
    ] {
        chains.image(&good).unwrap();
    }
}

#[test]
fn rules_and_policy_change_in_place() {
    let chains = chains();
    let image = |c: &RuleChain| chains.image(c).unwrap();
    let input = of(Table::Filter, ChainType::Input);
    for other in [
        RuleChain { default_policy: Policy::Drop.into(), ..input.clone() },
        RuleChain { rules: Vec::new(), ..input.clone() },
    ] {
        assert_eq!(chains.change(&image(&input), &image(&other), false), Change::InPlace);
        assert_eq!(chains.place(&input), chains.place(&other));
    }
    for other in [
        of(Table::Mangle, ChainType::Input),
        of(Table::Filter, ChainType::Output),
        custom(),
        RuleChain { protocol: Protocol::Ipv6.into(), ..input.clone() },
        RuleChain { namespace: Some(Reference::Pid(1).section()), ..input.clone() },
    ] {
        assert_eq!(chains.change(&image(&input), &image(&other), false), Change::Recreate);
        assert_ne!(chains.place(&input), chains.place(&other));
    }
}

proptest! {
    #[test]
    fn no_complaint_panics(said in "(line:? ?[0-9]{0,30}|[a-z: ()v.]{0,20}|\\PC{0,9}|\n){0,8}") {
        let script = Script::doing(OURS, [&write(Table::Filter, "INPUT", false, &["-j web"])]);
        prop_assert!(script.complaint("iptables-restore", &said).starts_with("iptables-restore: "));
    }
}
