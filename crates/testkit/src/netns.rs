//! Network namespaces of tests.

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::fd::{AsFd, AsRawFd};
use std::process::{Child, Command, Stdio};

/// A network namespace that goes with its owner, also if that is killed: nothing but an open file holds it, and the
/// processes in it.
pub struct Netns(File);

impl Netns {
    /// A fresh one; its loopback is up.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Netns {
        let mut first = Command::new("unshare");
        first.args(["--net", "sh", "-c", "echo; read -r line"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut first = first.spawn().unwrap_or_else(|error| panic!("unshare: {error}"));
        let mut said = String::new();
        BufReader::new(first.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert!(
            !said.is_empty(),
            "this user may not make network namespaces, which tests on a real VPP need"
        );
        // It has said something, so it is inside.
        let netns = Netns(File::open(format!("/proc/{}/ns/net", first.id())).unwrap());
        drop(first.stdin.take());
        first.wait().unwrap();
        netns.run("ip link set lo up");
        netns
    }
    /// A path that other processes find it by, for `ip link set NAME netns PATH`.
    pub fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd())
    }
    /// A program that will run inside. It becomes the program itself, with the same process id.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.path())).arg(program);
        command
    }
    /// Runs a program inside; words are separated by blanks. Panics if it fails.
    pub fn run(&self, words: &str) -> String {
        self.attempt(words).unwrap_or_else(|error| panic!("{error}"))
    }
    /// Runs a program inside, and says what it said.
    ///
    /// # Errors
    /// What it said if it failed.
    pub fn attempt(&self, words: &str) -> Result<String, String> {
        attempt(&self.path(), words)
    }
    /// Does something on a thread that is inside, and waits for it. Sockets that it makes stay inside wherever they are used.
    pub fn inside<T: Send>(&self, what: impl FnOnce() -> T + Send) -> T {
        let there = || {
            move_into_link_name_space(self.0.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            what()
        };
        std::thread::scope(|scope| scope.spawn(there).join().unwrap())
    }
    /// Can interfaces of this type be made? It is tried, and the one that is made for it is removed.
    pub fn makes(&self, words: &str) -> bool {
        let made = self.attempt(&format!("ip link add name probe type {words}"));
        made.is_ok() && self.attempt("ip link del probe").is_ok()
    }
    /// Adds two interfaces that are wired together, both up: one here, the other there.
    pub fn wire(&self, here: &str, other: &Netns, there: &str) {
        self.run(&format!("ip link add {here} type veth peer name {there} netns {}", other.path()));
        self.run(&format!("ip link set {here} up"));
        other.run(&format!("ip link set {there} up"));
    }
}

/// A process in a network namespace of its own; the namespace goes with it, and it goes with its owner.
pub struct Process(Child);

impl Process {
    /// A fresh one; its loopback is down.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Process {
        // It waits for what nobody ever says, so it ends when nobody can say anything any more.
        let mut command = Command::new("unshare");
        command.args(["--net", "sh", "-c", "echo; exec cat"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("unshare: {error}"));
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert!(!said.is_empty(), "this user may not make network namespaces");
        Process(child)
    }
    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Runs a program in a network namespace, and says what it said.
pub(crate) fn attempt(path: &str, words: &str) -> Result<String, String> {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net={path}")).args(words.split_whitespace()).stdin(Stdio::null());
    let out = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match out.status.success() {
        true => Ok(text(&out.stdout)),
        false => Err(format!("{words}: {}{}", text(&out.stdout), text(&out.stderr))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_stay_inside_in_netns() {
        let (one, two) = (Netns::new(), Netns::new());
        one.wire("here", &two, "there");
        assert!(one.run("ip -br link").contains("here@"));
        assert!(two.run("ip -br link").contains("there@"));
        assert!(one.makes("veth") && !one.makes("nonsense"));
        assert!(one.attempt("ip link show there").unwrap_err().contains("does not exist"));
        let links = one.inside(|| std::fs::read_to_string("/proc/thread-self/net/dev").unwrap());
        assert!(links.contains("here:"), "{links}");
        let path = one.path();
        drop(one);
        assert!(!std::path::Path::new(&path).exists());
    }
}
