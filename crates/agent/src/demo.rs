//! `vpp-agent demo`: the agent on a simulated VPP, with an example configuration, healing what is broken under it.

use crate::config::{Govpp, Ifplugin, Kvscheduler, Linux, Settings, Telemetry};
use crate::{Agent, stop_signal};
use model::proto::ligato::vpp::interfaces::Interface;
use model::value::key_of;
use northbound::intake::Batch;
use northbound::merge::{Class, Item, Source};
use northbound::{grpc, rest};
use sched::{BaseStatus, Operation, Record, Select, State, StatusWatch};
use sim::{Sim, SimConfig};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::mpsc;

/// The configuration that is applied.
pub const EXAMPLE: &str = include_str!("../../../examples/demo.yaml");

/// How often the demo looks for what was changed behind its back.
const COMPARE_INTERVAL: Duration = Duration::from_secs(2);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the demo; with `once`, until VPP is configured: then 0 if that worked, else 1.
pub async fn run(once: bool) -> ExitCode {
    match show(once).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the demo cannot run: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn show(once: bool) -> Result<bool, Failure> {
    let dir = TempDir::new()?;
    let stats_socket = Some(dir.0.join("stats.sock"));
    let sim = Sim::start(dir.0.join("api.sock"), SimConfig { stats_socket, ..SimConfig::default() }).await?;
    let agent = Agent::start(settings(&dir.0)).await?;
    let document = model::document::parse(EXAMPLE)?;
    let items = document.items.into_iter().map(Item::put).collect();
    let batch = Batch {
        items,
        replace: true,
        statuses: true,
        description: "the demo's example".into(),
        ..Batch::default()
    };
    agent.ready().await;
    let watch = agent.scheduler().watch(Select::All);
    let outcome = agent.intake().submit(Source::new(Class::Local, "demo"), batch).await?;
    let record = agent.scheduler().history().by_seq(outcome.seq);

    println!("A simulated VPP {} is at {}.\n", SimConfig::default().release, sim.path().display());
    print!("{}", table(&outcome.statuses));
    if let Some(record) = record {
        println!("\n{}", transaction(&record));
    }
    let (rest, grpc) = (agent.rest_text(), agent.grpc_text());
    println!("\nREST listens at http://{rest}, gRPC at {grpc}.");
    let good = outcome.statuses.iter().flat_map(all).all(|s| !bad(s.state));
    if once {
        agent.stop().await;
        return Ok(good);
    }
    println!("{}", next_steps(&rest, &grpc));
    follow(&agent, &sim, &watch).await;
    agent.stop().await;
    Ok(good)
}

fn next_steps(rest: &str, grpc: &str) -> String {
    let port = |address: &str| address.rsplit(':').next().unwrap_or_default().to_owned();
    let (http, grpc) = (port(rest), port(grpc));
    format!(
        "\nWhat to try next:\n\
        \x20 cargo run -q -p agentctl -- --http-port {http} --grpc-port {grpc} values\n\
        \x20 curl http://{rest}/scheduler/txn-history?format=text\n\
        \x20 curl http://{rest}/dump/vpp/v2/interfaces\n\
        and here, with Enter:\n\
        \x20 restart        VPP dies and comes back with nothing\n\
        \x20 delete NAME    somebody deletes an interface by hand, such as bvi\n\
        Ctrl-C ends the demo.\n"
    )
}

/// Shows what changes, and breaks what it is told to break, until it is stopped.
async fn follow(agent: &Agent, sim: &Sim, watch: &StatusWatch) {
    let mut lines = typed_lines();
    let mut open = true;
    let stop = stop_signal();
    tokio::pin!(stop);
    // What happened before anybody looked was shown in the table.
    let _ = tokio::time::timeout(Duration::from_millis(1), watch.next()).await;
    loop {
        tokio::select! {
            () = &mut stop => return,
            changed = watch.next() => show_changes(&changed),
            line = lines.recv(), if open => match line {
                Some(line) => act(agent, sim, line.trim()).await,
                None => open = false,
            },
        }
        let _ = std::io::stdout().flush(); // nobody may be looking
    }
}

/// What is typed. Reading blocks, so it has a thread, which ends with the process.
fn typed_lines() -> mpsc::UnboundedReceiver<String> {
    let (tell, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

async fn act(agent: &Agent, sim: &Sim, line: &str) {
    match line.split_once(' ') {
        None if line == "restart" => {
            println!("VPP restarts with nothing.");
            sim.restart();
        }
        Some(("delete", name)) => match sim.cli_delete_interface(&called_in_vpp(agent, name.trim()).await) {
            Ok(()) => println!("{name} is deleted by hand."),
            Err(error) => println!("{error}"),
        },
        _ if line.is_empty() => {}
        _ => println!("restart, or delete NAME"),
    }
}

/// VPP's own name of an interface of ours; of another, the name as it is.
async fn called_in_vpp(agent: &Agent, name: &str) -> String {
    let ours = Select::Key(key_of::<Interface>(name));
    let found = agent.scheduler().retrieve(ours).await.unwrap_or_default();
    let called = found.first().and_then(|item| item.details["internal_name"].as_str());
    called.unwrap_or(name).to_owned()
}

fn show_changes(changed: &[BaseStatus]) {
    const MOST: usize = 12;
    for status in changed.iter().take(MOST) {
        println!("  {:<11} {}{}", status.value.state.name(), short(&status.value.key), reason(&status.value));
    }
    if changed.len() > MOST {
        println!("  … and {} more", changed.len() - MOST);
    }
}

fn all(status: &BaseStatus) -> impl Iterator<Item = &sched::Status> {
    std::iter::once(&status.value).chain(&status.derived)
}

fn bad(state: State) -> bool {
    matches!(state, State::Failed | State::Retrying | State::Invalid | State::Unimplemented | State::Missing)
}

fn short(key: &str) -> &str {
    key.strip_prefix("config/").unwrap_or(key)
}

fn reason(status: &sched::Status) -> String {
    let reasons: Vec<&str> = status.error.iter().chain(&status.details).map(|text| short(text)).collect();
    match (reasons.is_empty(), status.state) {
        (true, _) => String::new(),
        (false, State::Pending) => format!("  waits for {}", reasons.join(", ")),
        (false, _) => format!("  {}", reasons.join(", ")),
    }
}

/// Every object with its state, parts indented below it.
fn table(statuses: &[BaseStatus]) -> String {
    let mut text = format!("{:<12} {}\n", "STATE", "OBJECT");
    for status in statuses {
        for (depth, one) in all(status).enumerate() {
            let indent = if depth == 0 { "" } else { "  " };
            text += &format!("{:<12} {indent}{}{}\n", one.state.name(), short(&one.key), reason(one));
        }
    }
    text
}

/// What a transaction did, in order.
fn transaction(record: &Record) -> String {
    let sent: Vec<_> = record.executed.iter().filter(|op| !op.noop).collect();
    let took = record.stop.duration_since(record.start).unwrap_or_default();
    let mut text = format!("Transaction #{} took {} operations and {:.1?}:", record.seq, sent.len(), took);
    for op in sent {
        let verb = match op.operation {
            Operation::Create => "create",
            Operation::Update => "update",
            Operation::Delete => "delete",
            Operation::Undefined | Operation::Validate => "check",
        };
        text += &format!("\n  {verb} {}", short(&op.key));
    }
    text
}

fn settings(dir: &Path) -> Settings {
    let free = |port: u16| {
        let taken = TcpListener::bind(("127.0.0.1", port)).is_err();
        format!("127.0.0.1:{}", if taken { 0 } else { port })
    };
    Settings {
        label: "demo".to_owned(),
        http: rest::Config { endpoint: free(9191), ..rest::Config::default() },
        grpc: Some(grpc::Config { endpoint: free(9111), ..grpc::Config::default() }),
        etcd: None,
        govpp: Govpp {
            binapi_socket_path: dir.join("api.sock"),
            stats_socket_path: dir.join("stats.sock"),
            ..Govpp::default()
        },
        kvscheduler: Kvscheduler { compare_interval: COMPARE_INTERVAL, ..Kvscheduler::default() },
        interfaces: Ifplugin::default(),
        linux: Linux::off(),
        telemetry: Telemetry::default(),
        file: None,
        state_dir: Some(dir.to_owned()),
    }
}

/// A directory that goes when the demo ends.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> std::io::Result<TempDir> {
        let dir = std::env::temp_dir().join(format!("vpp-agent-demo-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        Ok(TempDir(dir))
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // best effort: it is in the directory for temporary files
    }
}
