//! An agent that is killed in the middle of its work leaves nothing that the next one does not find.

#[path = "../../examples/churn.rs"]
#[allow(dead_code)] // what the program does by itself
mod churn;

use crate::agent::{other, run_in_other, start_naming};
use crate::names::Names;
use crate::until::{PATIENCE, until};
use sched::State;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use testkit::laws::config;
use testkit::target::Target;

/// How often it is killed, unless `KILLS` in the environment says otherwise.
const TIMES: usize = 100;

/// A moment within the work that is going on, another one each time, and the same each time the test is run.
fn moment(n: usize) -> Duration {
    Duration::from_micros((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) / 300
}

#[tokio::test]
async fn nothing_is_orphaned_in_netns() {
    let target = Target::linux();
    let own = target.netns().unwrap();
    let (home, names) = (target.socket(), Names::new());
    let named = names.path().join(churn::NAMED);
    let start = || start_naming(&home, config(), names.path());
    let program = std::env::current_exe().unwrap();
    let program = program.parent().and_then(|deps| deps.parent()).unwrap().join("examples/churn");
    let empty = (start().await.raw)().await;
    let times = std::env::var("KILLS").ok().map_or(TIMES, |times| times.parse().unwrap());
    for n in 0..times {
        let mut command = Command::new(&program);
        let child = command.arg(&home).arg(other()).arg(names.path()).stdin(Stdio::piped()).spawn();
        let mut child =
            child.expect("build it: `cargo test -p linux` does, with `--test laws` alone it is missing");
        // Each time it is killed at another point: when so many links are there, after the first round on its way down.
        let began = Instant::now();
        while own.run("ip -o link").lines().count() < 2 + n % 8 {
            assert!(began.elapsed() < PATIENCE, "the agent does not do its work");
        }
        std::thread::sleep(moment(n));
        child.kill().unwrap();
        child.wait().unwrap();
        let agent = start().await;
        agent.all(&churn::wanted(&other())).await;
        until(&agent.scheduler, "config/linux/iptables/v2/rulechain/chain-named", State::Configured).await;
        until(&agent.scheduler, "config/linux/interfaces/v2/interface/left8", State::Configured).await;
        let in_named = |words: &str| {
            let mut command = Command::new("nsenter");
            command.arg(format!("--net={}", named.display())).args(words.split(' '));
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        let links = own.run("ip -o link") + &run_in_other("ip -o link") + &in_named("ip -o link");
        assert_eq!(links.lines().count(), 3 + 16, "left behind after {n}: {links}");
        assert_eq!(own.run("ip route show proto 176").lines().count(), 8);
        assert_eq!(own.run("ip neigh show nud permanent").lines().count(), 8);
        assert_eq!(own.run("ip -o -4 addr show").matches("10.200.").count(), 2 * 8); // with the address of broadcasts
        let rules = own.run("iptables-save") + &run_in_other("iptables-save") + &in_named("iptables-save");
        assert_eq!(rules.matches("-A churn -s 192.0.2.1/32 -j DROP").count(), 3, "{rules}");
        agent.all(&[]).await;
        assert_eq!((agent.raw)().await, empty, "left behind after {n}");
        let left = in_named("ip -o link") + &in_named("ip -o -4 addr") + &in_named("iptables-save");
        assert!(!left.contains("right") && !left.contains("churn") && !left.contains("10.99"), "{left}");
        agent.scheduler.stop().await;
        // The next one has to make it again, and may be killed while it does.
        assert!(Command::new("umount").arg("-l").arg(&named).status().unwrap().success());
        std::fs::remove_file(&named).unwrap();
    }
}
