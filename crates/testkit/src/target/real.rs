//! A VPP process in a directory and a network of its own.

use crate::netns::Netns;
use std::fs::{File, TryLockError};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How many VPPs may run at a time on this machine: each takes memory and a share of a core.
const AT_A_TIME: usize = 2;
/// VPP starts within half a second on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(5);

/// What the environment says about VPP.
pub struct Binary {
    vpp: PathBuf,
    ctl: PathBuf,
    libraries: String,
    plugins: String,
}

impl Binary {
    pub fn of_environment() -> Option<Binary> {
        let vpp = std::env::var_os("VPP_BIN").filter(|path| !path.is_empty())?.into();
        let named = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| panic!("VPP_BIN is set, so {name} must be set as well"))
        };
        Some(Binary {
            vpp,
            ctl: named("VPPCTL").into(),
            libraries: named("VPP_LIB"),
            plugins: named("VPP_PLUGINS"),
        })
    }
}

pub struct Process {
    binary: Binary,
    dir: PathBuf,
    polling: bool,
    netns: Netns,
    /// Physical interfaces that are there whenever it starts.
    cards: Vec<String>,
    /// Not VPP itself, but who ends it; see [`OVERSEER`].
    child: Child,
    /// One of the [`AT_A_TIME`] places, held until this is dropped.
    _place: File,
}

impl Process {
    pub fn start(binary: Binary, dir: &Path, polling: bool) -> Process {
        let place = place();
        configure(&binary, dir, polling, &[]);
        let netns = Netns::new();
        let child = spawn(&binary, dir, &netns);
        let cards = Vec::new();
        let dir = dir.to_owned();
        let mut process = Process { binary, dir, polling, netns, cards, child, _place: place };
        process.wait();
        process
    }
    /// Waits until both sockets accept.
    fn wait(&mut self) {
        let began = Instant::now();
        for socket in ["api.sock", "cli.sock"] {
            while let Err(error) = UnixStream::connect(self.dir.join(socket)) {
                if let Some(status) = self.child.try_wait().unwrap() {
                    panic!("VPP ended with {status}:\n{}", self.log());
                }
                assert!(
                    began.elapsed() < PATIENCE,
                    "VPP does not listen at {socket}: {error}\n{}",
                    self.log()
                );
                std::thread::sleep(POLL);
            }
        }
    }
    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }
    fn kill(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
    pub fn restart(&mut self) {
        self.kill();
        self.child = spawn(&self.binary, &self.dir, &self.netns);
        self.wait();
        self.cards.iter().for_each(|card| self.add_card(card));
    }
    pub fn netns(&self) -> &Netns {
        &self.netns
    }
    /// VPP's packet generator stands for a network card: it is not made through the API either.
    pub fn card(&mut self, name: &str) {
        self.add_card(name);
        self.cards.push(name.to_owned());
    }
    fn add_card(&self, name: &str) {
        self.cli(&format!("create packet-generator interface {name}"));
    }
    pub fn restart_without(&mut self, plugins: &[&str]) {
        configure(&self.binary, &self.dir, self.polling, plugins);
        self.restart();
    }
    pub fn cli(&self, command: &str) -> String {
        let out = Command::new(&self.binary.ctl)
            .env("LD_LIBRARY_PATH", &self.binary.libraries)
            .arg("-s")
            .arg(self.dir.join("cli.sock"))
            .args(command.split_whitespace())
            .output()
            .unwrap();
        assert!(out.status.success(), "vppctl {command}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            eprintln!("VPP had ended with {status}:\n{}", self.log());
        }
        self.kill();
    }
}

/// Writes VPP's start-up configuration.
fn configure(binary: &Binary, dir: &Path, polling: bool, without: &[&str]) {
    let pause = if polling { "" } else { "poll-sleep-usec 100" };
    let d = dir.display();
    let without = without.iter().map(|plugin| format!(" plugin {plugin}_plugin.so {{ disable }}"));
    let without: String = without.collect();
    let startup = format!(
        "unix {{ nodaemon cli-listen {d}/cli.sock runtime-dir {d} {pause} }}\n\
         memory {{ main-heap-page-size 4k }}\n\
         statseg {{ size 256m page-size 4k socket-name {d}/stats.sock per-node-counters on }}\n\
         buffers {{ buffers-per-numa 4096 page-size 4k }}\n\
         socksvr {{ socket-name {d}/api.sock }}\n\
         api-segment {{ prefix {} }}\n\
         plugins {{ path {}{without} }}\n",
        dir.file_name().and_then(|name| name.to_str()).unwrap(),
        binary.plugins
    );
    std::fs::write(dir.join("startup.conf"), startup).unwrap();
}

/// Runs a program, and kills it when the standard input ends: that is also when whoever holds the other end is killed.
const OVERSEER: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
(read -r line <&3; kill -9 $program) &
watcher=$!
exec 3<&-
wait $program
status=$?
kill $watcher 2>/dev/null
exit $status
"#;

fn spawn(binary: &Binary, dir: &Path, netns: &Netns) -> Child {
    for stale in ["api.sock", "cli.sock"] {
        let _ = std::fs::remove_file(dir.join(stale)); // nobody must take the old one for the new one
    }
    let log = File::create(dir.join("log")).unwrap();
    Command::new("sh")
        .env("LD_LIBRARY_PATH", &binary.libraries)
        .args(["-c", OVERSEER, "overseer", "nsenter"])
        .arg(format!("--net={}", netns.path()))
        .arg(&binary.vpp)
        .arg("-c")
        .arg(dir.join("startup.conf"))
        .stdin(Stdio::piped())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {}: {error}", binary.vpp.display()))
}

/// Waits until nobody else takes two places.
pub fn pairs() -> File {
    let file = File::create(std::env::temp_dir().join("vpp-testkit-pairs.lock")).unwrap();
    file.lock().unwrap_or_else(|error| panic!("cannot lock the places for two VPPs: {error}"));
    file
}

/// Waits for a place; the lock goes with the file, also if the test is killed.
fn place() -> File {
    let files = (0..AT_A_TIME)
        .map(|n| File::create(std::env::temp_dir().join(format!("vpp-testkit-{n}.lock"))).unwrap());
    let mut files: Vec<File> = files.collect();
    loop {
        for n in 0..files.len() {
            match files[n].try_lock() {
                Ok(()) => return files.swap_remove(n),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => panic!("cannot lock a place for VPP: {error}"),
            }
        }
        std::thread::sleep(POLL);
    }
}
