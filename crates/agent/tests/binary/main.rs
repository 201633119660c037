//! The program as users start it: the demo, its configuration files, Linux, and what it says when something is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that panics has failed, as it should

mod linux;
mod readme;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// How long anything may take before the test is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A directory that goes with the test.
struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Dir {
        let path = std::env::temp_dir().join(format!("vpp-agent-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }
    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.0.join(file), text).unwrap();
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // a leftover bothers nobody
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vpp-agent"));
    // What the machine has set must not matter.
    command.env_clear().env("TMPDIR", std::env::temp_dir()).stdin(Stdio::null());
    command
}

/// The program with configuration files from a directory; REST and gRPC listen anywhere.
fn configured(dir: &Path) -> Command {
    let mut command = program();
    command.arg("--config-dir").arg(dir).arg("--state-dir").arg(dir.join("state")).current_dir(dir);
    command
}

/// One demo at a time: each looks for free ports, and takes them a moment later.
static DEMO: Mutex<()> = Mutex::new(());

fn text(output: &Output) -> (String, String) {
    let utf8 = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (utf8(&output.stdout), utf8(&output.stderr))
}

/// The program running, and what it says.
struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    said: String,
}

impl Running {
    fn start(mut command: Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (say, lines) = mpsc::channel();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let say = say.clone();
            std::thread::spawn(move || {
                // Nobody listens any more when the test is over.
                BufReader::new(stream).lines().map_while(Result::ok).all(|line| say.send(line).is_ok())
            });
        }
        Running { child, lines, said: String::new() }
    }
    /// The next line that has this in it.
    fn wait(&mut self, what: &str) -> String {
        let began = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(began.elapsed());
            let line = self.lines.recv_timeout(left);
            let line = line.unwrap_or_else(|_| panic!("it never says {what:?}, only:\n{}", self.said));
            self.said += &format!("{line}\n");
            if line.contains(what) {
                return line;
            }
        }
    }
    fn tell(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }
    /// Asks it to stop, which it has to do well.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        self.said.extend(self.lines.iter().map(|line| line + "\n"));
        assert!(status.success(), "{status} after\n{}", self.said);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended by itself
        let _ = self.child.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Where the log line says that REST listens.
fn rest_of(line: &str) -> String {
    let (_, rest) = line.split_once("REST at ").unwrap();
    rest.split(',').next().unwrap().to_owned()
}

#[test]
fn the_demo_shows_what_it_did_and_ends_well() {
    let _alone = DEMO.lock().unwrap_or_else(PoisonError::into_inner);
    let output = program().args(["demo", "--once"]).output().unwrap();
    let (out, err) = text(&output);
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
    let has = |parts: &[&str]| out.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(has(&["CONFIGURED", "vpp/v2/interfaces/bvi"]), "{out}");
    assert!(has(&["CONFIGURED", "vpp/bd/segment/interface/left"]), "{out}");
    assert!(has(&["CONFIGURED", "vpp/v2/vrf-table/id/10/protocol/IPV4"]), "{out}");
    assert!(has(&["PENDING", "203.0.113.0/24", "waits for vpp/v2/interfaces/uplink"]), "{out}");
    assert!(has(&["Transaction #", "operations"]), "{out}");
    assert!(has(&["create vpp/v2/interfaces/bvi"]), "{out}");
    assert!(has(&["REST listens at http://127.0.0.1:", "gRPC at 127.0.0.1:"]), "{out}");
    for bad in ["FAILED", "RETRYING", "INVALID", "UNIMPLEMENTED"] {
        assert!(!has(&[bad]), "{out}");
    }
    assert_eq!(err, "", "an agent that is well has nothing to say");
}

#[test]
fn the_demo_heals_what_is_broken_under_it() {
    let _alone = DEMO.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = program();
    command.arg("demo").stdin(Stdio::piped());
    let mut demo = Running::start(command);
    demo.wait("Ctrl-C ends the demo");
    demo.tell("delete bvi");
    demo.wait("bvi is deleted by hand");
    demo.wait("CONFIGURED  vpp/v2/interfaces/bvi");
    demo.tell("restart");
    demo.wait("VPP restarts with nothing");
    demo.wait("CONFIGURED  vpp/v2/interfaces/bvi");
    demo.tell("bend bvi");
    demo.wait("restart, or delete NAME");
    demo.stop();
}

#[test]
fn an_agent_without_vpp_says_so_and_is_live_but_not_ready() {
    let dir = Dir::new("alone");
    dir.write("http.conf", "endpoint: 127.0.0.1:0\n");
    dir.write("grpc.conf", "endpoint: 127.0.0.1:0\n");
    dir.write("govpp.conf", &format!("binapi-socket-path: {}/api.sock\n", dir.0.display()));
    let mut agent = Running::start(configured(&dir.0));
    let address = rest_of(&agent.wait("REST at"));
    assert!(get(&address, "/liveness").starts_with("HTTP/1.1 200 "));
    // The first attempt to reach VPP may still be under way.
    let began = Instant::now();
    loop {
        let answer = get(&address, "/readiness");
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        if answer.contains("api.sock") {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "it never says why: {answer}");
        std::thread::sleep(Duration::from_millis(5));
    }
    agent.stop();
}

#[test]
fn unknown_settings_are_named_in_a_warning() {
    let dir = Dir::new("warnings");
    dir.write("http.conf", "endpoint: 127.0.0.1:0\nendpiont: 1\n");
    dir.write("kvscheduler.conf", "foreign-object: keep\n");
    let mut command = configured(&dir.0);
    command.args(["--kafka-config", "kafka.conf"]);
    let mut agent = Running::start(command);
    agent.wait("REST at");
    for named in [
        "http.conf: the setting \"endpiont\" is unknown and has no effect; did you mean \"endpoint\"?",
        "kvscheduler.conf: the setting \"foreign-object\" is unknown and has no effect; did you mean \"foreign-objects\"?",
        "--kafka-config has no effect",
    ] {
        assert!(agent.said.contains(named), "{named}\n{}", agent.said);
    }
    agent.stop();
}

#[test]
fn what_cannot_be_used_ends_it_with_a_sentence() {
    let dir = Dir::new("unusable");
    dir.write("http.conf", "endpoint: 127.0.0.1:0\n");
    let refused = |arguments: &[&str], code: i32, parts: &[&str]| {
        let output = configured(&dir.0).args(arguments).output().unwrap();
        let (out, err) = text(&output);
        assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
        assert!(parts.iter().all(|part| err.contains(part)), "{err}");
    };
    refused(&["--bogus"], 2, &["unknown flag \"--bogus\"", "--help"]);
    refused(&["--http-port", "many"], 2, &["--http-port", "many"]);
    refused(&["--etcd-config", "missing.conf"], 1, &["missing.conf", "cannot be read"]);
    dir.write("kvscheduler.conf", "in-flight: many\n");
    refused(&[], 1, &["kvscheduler.conf", "in-flight"]);
    dir.write("kvscheduler.conf", "");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    dir.write("http.conf", &format!("endpoint: {address}\n"));
    refused(&[], 1, &["cannot start", &address]);
}

#[test]
fn usage_and_version() {
    let (out, _) = text(&program().arg("--help").output().unwrap());
    assert!(out.contains("usage: vpp-agent") && out.contains("--config-dir"), "{out}");
    let (out, _) = text(&program().arg("-V").output().unwrap());
    assert_eq!(out, format!("vpp-agent v{}\n", env!("CARGO_PKG_VERSION")));
}
