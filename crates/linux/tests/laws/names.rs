//! Network namespaces that have names, and what else stands where one is to be.

use crate::agent::LABEL;
use crate::features::veth;
use crate::places::{inside, put, until};
use crate::until::{PATIENCE, eventually};
use linux::reports::Following;
use linux::{Config, Linux};
use model::models::erase;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::interfaces::interface::Type;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use sched::{Intent, Registry, Retry, Scheduler, State, Txn};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::laws::config;
use testkit::netns::{Netns, Process};
use testkit::target::{Dir, Target};

/// A directory of names that is cleared when this ends, also if it is killed: a program waits for that.
pub struct Names {
    dir: Dir,
    cleaner: Child,
}

impl Names {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
    pub fn new() -> Names {
        let dir = Dir::new();
        let path = dir.path().display();
        let script = format!("read -r line; umount -l {path}/*; umount -l {path}; rm -rf {path}");
        let mut cleaner = Command::new("sh");
        cleaner.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Names { cleaner: cleaner.spawn().unwrap(), dir }
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        drop(self.cleaner.stdin.take());
        self.cleaner.wait().unwrap();
        assert!(!self.dir.path().exists());
    }
}

/// An agent whose namespaces have their names there.
struct Naming {
    target: Target,
    names: Names,
    scheduler: Scheduler,
    _following: [Following; 3],
}

impl Naming {
    fn new() -> Naming {
        let (target, names) = (Target::linux(), Names::new());
        let home = Some(target.socket());
        let linux =
            Linux::start(Config { home, names: names.dir.path().to_owned(), ..Config::new(LABEL) }).unwrap();
        let mut registry = Registry::default();
        netalloc::register(&mut registry).unwrap();
        linux::registry::register(&mut registry, &linux).unwrap();
        let scheduler = Scheduler::spawn(registry, config());
        let _following = linux::reports::follow(&linux, &scheduler);
        Naming { target, names, scheduler, _following }
    }
    fn path(&self, name: &str) -> PathBuf {
        self.names.dir.path().join(name)
    }
    /// Waits until it is told that a pair waits for its place for this reason.
    async fn waits_because(&self, key: &str, reason: &str) {
        let reason = format!("{key}, which cannot be used: {reason}");
        let began = Instant::now();
        loop {
            let why = until(&self.scheduler, "far", State::Pending).await;
            if why.starts_with(&reason) {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "{why:?} does not become {reason:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let explained = self.scheduler.explain("config/linux/interfaces/v2/interface/far").await;
        assert!(explained.summary.contains(reason.split_once("which").unwrap().1), "{explained:?}");
        assert_eq!(explained.advice, "remove the cause: all goes on by itself then");
    }
    /// Something else is not kept waiting.
    async fn goes_on(&self) {
        put(&self.scheduler, &[veth("one", "two", &[]), veth("two", "one", &[])]).await;
        until(&self.scheduler, "one", State::Configured).await;
    }
}

fn pair(kind: ReferenceType, place: &str) -> [Interface; 2] {
    [veth("near", "far", &["10.3.3.1/24"]), inside(kind, place, veth("far", "near", &["10.3.3.2/24"]))]
}

#[tokio::test]
async fn a_namespace_that_was_left_half_made_is_made_in_netns() {
    let agent = Naming::new();
    std::fs::write(agent.path("red"), "").unwrap();
    put(&agent.scheduler, &pair(ReferenceType::Nsid, "red")).await;
    until(&agent.scheduler, "far", State::Configured).await;
    let address = "linux/interface/near/address/static/10.3.3.1/24";
    crate::until::until(&agent.scheduler, address, State::Configured).await;
    agent.target.netns().unwrap().run("ping -c 1 -W 5 10.3.3.2");
    agent.scheduler.stop().await;
}

#[tokio::test]
async fn a_file_that_is_no_namespace_is_said_to_be_none_in_netns() {
    let agent = Naming::new();
    let path = agent.path("red");
    std::fs::write(&path, "notes").unwrap();
    put(&agent.scheduler, &pair(ReferenceType::Nsid, "red")).await;
    let said = format!("{} is a file with content, and no network namespace", path.display());
    agent.waits_because("linux/namespace/nsid/red", &said).await;
    agent.goes_on().await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "notes");
    std::fs::remove_file(&path).unwrap();
    until(&agent.scheduler, "far", State::Configured).await;
    agent.scheduler.stop().await;
}

#[tokio::test]
async fn a_path_to_something_else_keeps_nobody_waiting_in_netns() {
    let agent = Naming::new();
    let path = agent.target.dir().join("place");
    let place = path.to_str().unwrap();
    let key = format!("linux/namespace/fd{place}");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    put(&agent.scheduler, &pair(ReferenceType::Fd, place)).await;
    agent.waits_because(&key, &format!("{place} is a FIFO, and no network namespace")).await;
    agent.goes_on().await;
    for (other, what) in [
        ("/", "is a directory, and no network namespace"),
        ("/dev/null", "is a device, and no network namespace"),
        ("/proc/self/ns/mnt", "is a namespace of another kind, and no network namespace"),
    ] {
        let next = agent.target.dir().join("next");
        std::os::unix::fs::symlink(other, &next).unwrap();
        std::fs::rename(next, &path).unwrap();
        agent.waits_because(&key, &format!("{place} {what}")).await;
    }
    std::fs::remove_file(&path).unwrap();
    let other = Netns::new();
    std::os::unix::fs::symlink(other.path(), &path).unwrap();
    until(&agent.scheduler, "far", State::Configured).await;
    // It goes for no reason but that it is not there.
    std::fs::remove_file(&path).unwrap();
    let why = until(&agent.scheduler, "far", State::Pending).await;
    assert!(!why.contains("cannot be used"), "{why}");
    agent.scheduler.stop().await;
}

#[tokio::test]
async fn a_namespace_with_a_name_is_made_in_netns() {
    let Naming { target: _target, names, scheduler, _following } = Naming::new();
    let red = |i| inside(ReferenceType::Nsid, "red", i);
    let lo = Interface {
        name: "lo-red".into(),
        r#type: Type::Loopback.into(),
        enabled: true,
        ..Interface::default()
    };
    put(&scheduler, &[veth("near", "far", &[]), red(veth("far", "near", &["10.3.3.2/24"])), red(lo)]).await;
    for name in ["near", "far", "lo-red"] {
        until(&scheduler, name, State::Configured).await;
    }
    let inside = |words: &str| {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", names.dir.path().join("red").display())).args(words.split(' '));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(inside("ip addr show far").contains("10.3.3.2/24"));
    assert!(inside("ip link show lo").contains("alias /vnf-agent/laws/lo-red"));
    // Somebody removes the name: another namespace is made under it, and all that was in the old one in that.
    let old = std::fs::metadata(names.dir.path().join("red")).unwrap();
    let status = Command::new("umount").arg("-l").arg(names.dir.path().join("red")).status().unwrap();
    assert!(status.success());
    std::fs::remove_file(names.dir.path().join("red")).unwrap();
    eventually("far is under the name again", || inside("ip addr show far").contains("10.3.3.2/24")).await;
    let new = std::fs::metadata(names.dir.path().join("red")).unwrap();
    assert_ne!(std::os::unix::fs::MetadataExt::ino(&old), std::os::unix::fs::MetadataExt::ino(&new));
    until(&scheduler, "far", State::Configured).await;
    scheduler.stop().await;
}

#[tokio::test]
async fn a_name_that_is_taken_away_under_load_ends_as_wanted_in_netns() {
    let agent = Naming::new();
    let path = agent.path("red");
    let tell = |program: &str, words: &[&str]| {
        let mut command = Command::new(program);
        let status = command.args(words).arg(&path).stderr(Stdio::null()).status().unwrap();
        status.success()
    };
    let wanted = |round: usize| {
        let far = |n: usize| {
            let address = format!("10.{}.{round}.2/24", 50 + n);
            let end = veth(&format!("far{n}"), &format!("near{n}"), &[&address]);
            inside(ReferenceType::Nsid, "red", end)
        };
        let both = |n: usize| [veth(&format!("near{n}"), &format!("far{n}"), &[]), far(n)];
        (0..6).flat_map(both).collect::<Vec<_>>()
    };
    let retry = Some(Retry { period: Duration::from_millis(5), max: 0, backoff: false });
    let put = async |round: usize| {
        let changes = wanted(round).into_iter().map(erase).map(Intent::put).collect();
        agent.scheduler.commit(Txn { changes, retry, ..Txn::default() }).await.unwrap();
    };
    let rounds = 16;
    for round in 0..rounds {
        let disturb = async {
            // Another moment of the transaction each time.
            tokio::time::sleep(Duration::from_millis(round as u64 * 2)).await;
            // What `ip netns del` does, and `ip netns add`; or somebody who is killed before the end of the one or the other.
            let removed = tell("umount", &["-l"]);
            if round % 4 != 3 {
                tell("rm", &["-f"]);
            }
            if round % 4 == 1 && removed {
                let process = Process::new();
                tell("touch", &[]);
                tell("mount", &["--bind", &format!("/proc/{}/ns/net", process.id())]);
            }
        };
        tokio::join!(put(round), disturb);
    }
    put(rounds).await;
    for n in 0..6 {
        until(&agent.scheduler, &format!("far{n}"), State::Configured).await;
        until(&agent.scheduler, &format!("near{n}"), State::Configured).await;
    }
    let inside = |words: &str| {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", path.display())).args(words.split(' '));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let addresses = || inside("ip -o -4 addr").matches(&format!(".{rounds}.2/24")).count();
    eventually("all ends are under the name", || addresses() == 6).await;
    assert_eq!(inside("ip -o link").lines().count(), 1 + 6);
    assert_eq!(agent.target.netns().unwrap().run("ip -o link").lines().count(), 1 + 6);
    agent.scheduler.stop().await;
}
