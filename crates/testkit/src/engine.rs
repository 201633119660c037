//! A container engine for tests: as much of Docker's API as a program needs that follows containers, on a Unix socket. Its
//! containers are processes in network namespaces of their own.

use crate::netns::{self, Process};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The engine with its containers. They end with it.
pub struct Engine {
    socket: PathBuf,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    containers: BTreeMap<String, Container>,
    /// Who listens to what happens.
    listeners: Vec<UnixStream>,
    /// What happens is told nobody.
    silent: bool,
    /// Answers nothing at all, though it listens.
    mute: bool,
    /// How often it went and came; what an earlier one accepted is not answered.
    life: u64,
    /// Counts containers made and processes started: as times they are in order.
    clock: u64,
    asked: BTreeMap<String, usize>,
}

struct Container {
    label: String,
    created: u64,
    started: u64,
    process: Option<Process>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As Docker writes times: without zeros at the end.
fn time(clock: u64) -> String {
    format!("2024-01-01T{:02}:{:02}:{:02}.{}Z", clock / 3600 % 24, clock / 60 % 60, clock % 60, clock % 9 + 1)
}

impl Engine {
    /// One that listens on this socket.
    pub fn start(socket: &Path) -> Engine {
        let engine = Engine { socket: socket.to_owned(), state: Arc::default() };
        engine.up();
        engine
    }
    /// The address of its socket.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }
    /// Makes a container whose environment names a label, if one is given, and starts it. Answers its id.
    pub fn run(&self, label: &str) -> String {
        let mut state = lock(&self.state);
        state.clock += 1;
        let created = state.clock;
        let id = format!("{created:064x}");
        let container = Container { label: label.to_owned(), created, started: 0, process: None };
        state.containers.insert(id.clone(), container);
        drop(state);
        self.begin(&id);
        id
    }
    /// Starts it, also again.
    pub fn begin(&self, id: &str) {
        let process = Process::new();
        let mut state = lock(&self.state);
        state.clock += 1;
        let started = state.clock;
        let container = state.containers.get_mut(id).unwrap();
        (container.process, container.started) = (Some(process), started);
        state.tell("start", id);
    }
    /// Its process ends, and this is told.
    pub fn end(&self, id: &str, told: &[&str]) {
        let mut state = lock(&self.state);
        state.containers.get_mut(id).unwrap().process = None;
        told.iter().for_each(|action| state.tell(action, id));
    }
    /// As somebody stops it.
    pub fn stop(&self, id: &str) {
        self.end(id, &["kill", "die", "stop"]);
    }
    /// As somebody kills it, or it ends by itself.
    pub fn kill(&self, id: &str) {
        self.end(id, &["die"]);
    }
    /// As somebody restarts it.
    pub fn restart(&self, id: &str) {
        self.stop(id);
        self.begin(id);
        lock(&self.state).tell("restart", id);
    }
    /// It is not there any more.
    pub fn remove(&self, id: &str) {
        self.end(id, &["die", "destroy"]);
        lock(&self.state).containers.remove(id);
    }
    /// Something happens to it that leaves it as it is.
    pub fn tell(&self, action: &str, id: &str) {
        lock(&self.state).tell(action, id);
    }
    /// The number of its process, as long as it runs.
    pub fn pid(&self, id: &str) -> Option<u32> {
        Some(lock(&self.state).containers.get(id)?.process.as_ref()?.id())
    }
    /// Runs a program in its network namespace.
    ///
    /// # Errors
    /// What it said if it failed, or that the container does not run.
    pub fn attempt(&self, id: &str, words: &str) -> Result<String, String> {
        let pid = self.pid(id).ok_or("it does not run")?;
        netns::attempt(&format!("/proc/{pid}/ns/net"), words)
    }
    /// From now on, what happens is told nobody, or is told again.
    pub fn lose_events(&self, yes: bool) {
        lock(&self.state).silent = yes;
    }
    /// From now on, nothing is answered, or is again.
    pub fn hang(&self, yes: bool) {
        lock(&self.state).mute = yes;
    }
    /// Closes all connections of those who listen.
    pub fn hang_up(&self) {
        let listeners = std::mem::take(&mut lock(&self.state).listeners);
        // It may be closed already.
        listeners.iter().for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
    }
    /// How often a path was asked for; `ID` stands for a container in it.
    pub fn asked(&self, path: &str) -> usize {
        lock(&self.state).asked.get(path).copied().unwrap_or_default()
    }
    /// How many listen.
    pub fn listeners(&self) -> usize {
        lock(&self.state).listeners.len()
    }
    /// It ends; its containers do not.
    pub fn down(&self) {
        lock(&self.state).life += 1;
        drop(UnixStream::connect(&self.socket)); // so that it looks
        std::fs::remove_file(&self.socket).unwrap();
        self.hang_up();
    }
    /// It is there again.
    pub fn up(&self) {
        let listener = UnixListener::bind(&self.socket).unwrap();
        let (state, life) = (self.state.clone(), lock(&self.state).life);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if lock(&state).life != life {
                    return;
                }
                let (state, stream) = (state.clone(), stream.unwrap());
                std::thread::spawn(move || serve(&state, stream));
            }
        });
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.socket.exists() {
            self.down();
        }
    }
}

impl State {
    fn tell(&mut self, action: &str, id: &str) {
        if self.silent {
            return;
        }
        let said = json!({
            "status": action, "id": id, "from": "busybox:1.31", "Type": "container", "Action": action,
            "Actor": { "ID": id, "Attributes": { "image": "busybox:1.31" } }, "scope": "local", "time": self.clock,
        });
        let line = format!("{said}\n");
        let chunk = format!("{:x}\r\n{line}\r\n", line.len());
        // Who does not listen any more is forgotten.
        self.listeners.retain_mut(|stream| stream.write_all(chunk.as_bytes()).is_ok());
    }
    fn answer(&self, path: &str) -> Option<Value> {
        if path == "/containers/json" {
            let running = self.containers.iter().filter(|(_, container)| container.process.is_some());
            let listed = running.map(|(id, container)| {
                json!({ "Id": id, "Names": ["/any"], "State": "running", "Created": container.created })
            });
            return Some(Value::Array(listed.collect()));
        }
        let id = path.strip_prefix("/containers/")?.strip_suffix("/json")?;
        let Container { label, created, started, process } = self.containers.get(id)?;
        let mut env = vec!["PATH=/bin".to_owned()];
        if !label.is_empty() {
            env.push(format!("MICROSERVICE_LABEL={label}"));
        }
        Some(json!({
            "Id": id,
            "Created": time(*created),
            "State": {
                "Status": if process.is_some() { "running" } else { "exited" },
                "Running": process.is_some(),
                "Pid": process.as_ref().map_or(0, Process::id),
                "StartedAt": time(*started),
            },
            "Config": { "Env": env },
        }))
    }
}

/// Answers one request.
fn serve(state: &Mutex<State>, mut stream: UnixStream) -> Option<()> {
    let mut head = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let first = head.next()?;
    head.find(String::is_empty)?;
    let path = first.split(' ').nth(1)?;
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    let mut state = lock(state);
    let named =
        path.split('/').map(|part| if part.len() == 64 { "ID" } else { part }).collect::<Vec<_>>().join("/");
    *state.asked.entry(named).or_default() += 1;
    if state.mute {
        drop(state);
        head.next(); // until the other side gives up
        return None;
    }
    if path == "/events" {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).ok()?;
        state.listeners.push(stream);
        return None;
    }
    let (status, body) = match state.answer(path) {
        Some(body) => ("200 OK", body),
        None => ("404 Not Found", json!({ "message": "No such container" })),
    };
    drop(state);
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).ok()
}
