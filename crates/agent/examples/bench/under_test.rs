//! The agent as a process, and a client that speaks gRPC and REST to it.

use crate::{Failure, machine, raw};
use model::proto::ligato::configurator::{Config, UpdateRequest, UpdateResponse};
use model::proto::ligato::vpp::ConfigData;
use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use model::proto::ligato::vpp::l3::Route;
use serde_json::Value;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use testkit::target::Target;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

/// How long anything may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct AgentProcess {
    child: Child,
    pub binary: PathBuf,
    rest: SocketAddr,
    grpc: SocketAddr,
}

impl Drop for AgentProcess {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended by itself
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

impl AgentProcess {
    /// Starts the release binary that stands beside this program's folder.
    pub fn start(socket: &Path, dir: &Path) -> Result<AgentProcess, Failure> {
        let me = std::env::current_exe()?;
        let folder = me.parent().and_then(Path::parent).ok_or("this program stands in no folder")?;
        let binary = folder.join("vpp-agent");
        let (rest, grpc) = (free_port()?, free_port()?);
        std::fs::write(dir.join("grpc.conf"), format!("endpoint: {grpc}\n"))?;
        std::fs::write(dir.join("http.conf"), format!("endpoint: {rest}\n"))?;
        std::fs::write(dir.join("govpp.conf"), format!("binapi-socket-path: {}\n", socket.display()))?;
        let mut command = Command::new(&binary);
        command.arg("--config-dir").arg(dir).arg("--state-dir").arg(dir.join("state"));
        command.env("INITIAL_LOGLVL", "warn").stdin(Stdio::null());
        let child =
            command.spawn().map_err(|error| format!("{} cannot be started: {error}", binary.display()))?;
        Ok(AgentProcess { child, binary, rest, grpc })
    }
    pub fn grpc(&self) -> SocketAddr {
        self.grpc
    }
    pub async fn ready(&self) -> Result<(), Failure> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if self.get("/readiness").is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err("the agent did not become ready".into())
    }
    /// How often VPP has answered a message to this agent.
    pub fn answered(&self, message: &str) -> Result<u64, Failure> {
        let stats: Value = serde_json::from_str(&self.get("/govppmux/stats")?)?;
        let messages = stats["Messages"].as_array().map_or(&[][..], Vec::as_slice);
        Ok(messages
            .iter()
            .find(|row| row["name"] == message)
            .and_then(|row| row["count"].as_u64())
            .unwrap_or(0))
    }
    /// How long these descriptors have retrieved so far, as the agent counts it.
    pub fn retrieving(&self, descriptors: &[&str]) -> Result<Duration, Failure> {
        let stats: Value = serde_json::from_str(&self.get("/scheduler/stats")?)?;
        let calls = descriptors.iter().flat_map(|&name| stats["Descriptors"][name].as_array()).flatten();
        let retrieved =
            calls.filter(|call| call["name"] == "Retrieve").filter_map(|call| call["total"].as_f64());
        Ok(Duration::from_secs_f64(retrieved.sum()))
    }
    pub fn rss_mib(&self) -> Result<Value, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        Ok(machine::mib(kib.ok_or("no VmRSS")?.parse::<f64>()? * 1024.0))
    }
    /// Kills VPP and starts it again. Time from its socket accepting until all routes are back, as the history tells and
    /// a dump confirms.
    pub async fn recover(&self, target: &mut Target, n: usize) -> Result<Duration, Failure> {
        let before = now_ns()?;
        target.restart();
        let accepting = now_ns()?;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let history = self.get(&format!("/scheduler/txn-history?since={before}"))?;
            let history: Value = serde_json::from_str(&history)?;
            let back = history
                .as_array()
                .into_iter()
                .flatten()
                .find(|record| record["ResyncType"] == "DownstreamResync" && record["Stop"].is_string());
            if let Some(stop) = back.and_then(|record| record["Stop"].as_str()) {
                let stop = nanoseconds(stop).ok_or("the history has a time that is none")?;
                let vpp = raw::connect(&target.socket()).await?;
                let table = binapi::types::IpTable::default();
                let routes = vpp.dump(binapi::ip::IpRouteV2Dump { src: 8, table }).await?.len();
                if routes < n {
                    return Err(format!("only {routes} of {n} routes came back").into());
                }
                return Ok(Duration::from_nanos(stop.saturating_sub(accepting)));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("the routes did not come back".into())
    }
    /// The body of a successful answer.
    pub fn get(&self, path: &str) -> Result<String, Failure> {
        self.ask("GET", path)
    }
    /// The same for a request without content.
    pub fn ask(&self, method: &str, path: &str) -> Result<String, Failure> {
        use std::io::{Read, Write};
        let mut stream = TcpStream::connect_timeout(&self.rest, PATIENCE)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: agent\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(head.lines().next().unwrap_or_default().into());
        }
        // Long bodies come in chunks: a line with the length, then the chunk.
        if !head.to_lowercase().contains("transfer-encoding: chunked") {
            return Ok(body.to_owned());
        }
        let (mut whole, mut rest) = (String::new(), body);
        while let Some((length, after)) = rest.split_once("\r\n") {
            let length = usize::from_str_radix(length.trim(), 16)?;
            whole.push_str(after.get(..length).ok_or("a chunk is short")?);
            rest = after.get(length + 2..).unwrap_or_default();
        }
        Ok(whole)
    }
}

fn now_ns() -> Result<u64, Failure> {
    Ok(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos() as u64)
}

/// Nanoseconds since 1970 of a time of the history, `2026-01-31T12:00:00.123456789Z`.
fn nanoseconds(time: &str) -> Option<u64> {
    let number = |range: Range<usize>| time.get(range)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // Days since 1970 in the Gregorian calendar, counting years from March.
    let (y, m) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    let seconds = days * 86_400 + number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
    let fraction = time.get(19..)?.trim_start_matches('.').trim_end_matches('Z');
    let fraction: u64 = format!("{fraction:0<9}").parse().ok()?;
    Some(seconds * 1_000_000_000 + fraction)
}

pub struct Client(Grpc<Channel>);

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Client, Failure> {
        let channel = Channel::from_shared(format!("http://{address}"))?.connect().await?;
        Ok(Client(Grpc::new(channel).max_encoding_message_size(1 << 30)))
    }
    pub async fn update(&mut self, vpp: ConfigData) -> Result<(), Failure> {
        let update = Some(Config { vpp_config: Some(vpp), ..Config::default() });
        let request = UpdateRequest { update, ..UpdateRequest::default() };
        self.0.ready().await?;
        let path = PathAndQuery::from_static("/ligato.configurator.ConfiguratorService/Update");
        let codec = ProstCodec::<UpdateRequest, UpdateResponse>::default();
        self.0.unary(tonic::Request::new(request), path, codec).await?;
        Ok(())
    }
}

/// The interface that the routes use.
pub fn uplink() -> ConfigData {
    let uplink = Interface {
        name: "uplink".to_owned(),
        r#type: Type::SoftwareLoopback.into(),
        enabled: true,
        ip_addresses: vec!["10.0.0.1/24".to_owned()],
        ..Interface::default()
    };
    ConfigData { interfaces: vec![uplink], ..ConfigData::default() }
}

pub fn routes(range: Range<usize>) -> ConfigData {
    let route = |i| Route {
        dst_network: format!("{}/32", raw::network(i)),
        next_hop_addr: "10.0.0.2".to_owned(),
        outgoing_interface: "uplink".to_owned(),
        weight: 1,
        ..Route::default()
    };
    ConfigData { routes: range.map(route).collect(), ..ConfigData::default() }
}
