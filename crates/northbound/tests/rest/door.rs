//! The REST door over a small world, and a client that shows every byte.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use model::proto::ligato::vpp::l3::Route;
use northbound::direct::{Direct, Message, Requests};
use northbound::health::{Build, Health};
use northbound::intake::{Batch, Intake};
use northbound::merge::Source;
use northbound::rest::{Config, LiveDumps, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::{World, agent, put};

pub const ROUTE: &str = "config/vpp/v2/route/if/missing1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9";

pub struct Dumps;

impl LiveDumps for Dumps {
    fn paths(&self) -> Vec<&'static str> {
        vec!["/dump/vpp/v2/interfaces", "/dump/vpp/v2/bd"]
    }
    fn dump(&self, path: &str) -> BoxFuture<'static, Result<Value, String>> {
        let answer = match path {
            "/dump/vpp/v2/bd" => Err("handler is not available".to_owned()),
            _ => Ok(json!({"1": {"interface": {"name": "a<b"}}})),
        };
        async move { answer }.boxed()
    }
}

/// A VPP that repeats what it is told.
#[derive(Clone, Default)]
pub struct Console(pub Arc<AtomicBool>);

impl Direct for Console {
    fn command(&self, line: &str) -> BoxFuture<'static, Result<String, String>> {
        let answer = match line {
            "bad" => Err("cli_inband: VPP refused: unknown input `bad'".to_owned()),
            _ => Ok(format!("you said <{line}>\n")),
        };
        async move { answer }.boxed()
    }
    fn requests(&self) -> Requests {
        let message = Message { name: "control_ping", sent: 2, ..Message::default() };
        Requests { connections: 1, connected: true, messages: vec![message], ..Requests::default() }
    }
    fn trace(&self) -> Value {
        json!({"on": self.0.load(Ordering::Relaxed), "messages": []})
    }
    fn set_trace(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }
    fn clear_trace(&self) {}
}

pub struct Door {
    pub server: Server,
    pub world: Arc<World>,
    pub intake: Intake,
    pub health: Health,
}

#[derive(Debug)]
pub struct Answer {
    pub code: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

pub async fn request(address: SocketAddr, method: &str, path: &str, more: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{more}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let code = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { code, head: head.to_owned(), body: body.to_owned() }
}

impl Door {
    pub async fn open(expected: impl IntoIterator<Item = Source>) -> Door {
        let (world, intake) = agent(expected);
        Door::to(world, intake).await
    }
    pub async fn to(world: Arc<World>, intake: Intake) -> Door {
        let health = Health::start(Build { version: "v0.1.0".into() }, &intake, None);
        let config = Config { endpoint: "127.0.0.1:0".into(), ..Config::default() };
        let server = Server::start(
            config,
            "0.1.0",
            intake.clone(),
            health.clone(),
            Dumps,
            Console::default(),
            crate::observed(),
        )
        .await
        .unwrap();
        Door { server, world, intake, health }
    }
    /// With what the samples of the reference were taken from: two interfaces, a pending route, a rule chain that nobody
    /// handles.
    pub async fn sample() -> Door {
        let door = Door::open([]).await;
        let loop1 = Interface {
            name: "loop1".into(),
            r#type: Type::SoftwareLoopback.into(),
            enabled: true,
            ip_addresses: vec!["10.0.0.1/24".into()],
            ..Interface::default()
        };
        let route = Route {
            outgoing_interface: "missing1".into(),
            dst_network: "10.1.0.0/16".into(),
            next_hop_addr: "10.0.0.9".into(),
            ..Route::default()
        };
        let chain = RuleChain { name: "r1".into(), ..RuleChain::default() };
        let items = vec![put(chain), put(loop1), put(route)];
        door.health.ready().await;
        door.intake.submit(Source::grpc(), Batch { items, ..Batch::default() }).await.unwrap();
        door
    }
    pub async fn get(&self, path: &str) -> Answer {
        request(self.server.address(), "GET", path, "", b"").await
    }
    pub async fn put(&self, path: &str, body: &str) -> Answer {
        request(self.server.address(), "PUT", path, "", body.as_bytes()).await
    }
    pub async fn post(&self, path: &str) -> Answer {
        request(self.server.address(), "POST", path, "", b"").await
    }
    pub fn last(&self) -> u64 {
        self.intake.scheduler().history().records().last().unwrap().seq
    }
}
