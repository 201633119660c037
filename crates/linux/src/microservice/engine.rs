//! The edge: requests to a container engine, HTTP over its socket. Docker's API as it has been since its first versions.

use super::said::{self, Inspected, Lines};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::UnixStream;

/// Where the engine is, and how it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Its socket; without one nobody is asked.
    pub socket: Option<PathBuf>,
    /// The version of the API to speak, such as `1.41`; the engine's own unless given.
    pub version: Option<String>,
    /// How often the containers are listed though nothing tells that something changed: events may be lost.
    pub list_every: Duration,
}

/// Nobody is asked.
impl Default for Config {
    fn default() -> Self {
        Config { socket: None, version: None, list_every: Duration::from_secs(10) }
    }
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read: a list of very many containers.
const LONGEST: usize = 32 << 20;
/// Events about containers, `{"type":["container"]}`.
const EVENTS: &str = "/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D";

/// Why the engine did not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is none at its socket.
    Absent,
    /// It does not answer.
    Late(String),
    /// It may not be asked, or answers nonsense.
    Other(String),
}

impl Trouble {
    fn of(doing: &str, error: &dyn fmt::Display) -> Trouble {
        Trouble::Other(format!("{doing}: {error}"))
    }
}

/// The engine.
#[derive(Clone)]
pub struct Engine {
    socket: PathBuf,
    prefix: String,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.socket.display())
    }
}

impl Engine {
    pub fn new(socket: PathBuf, version: Option<&str>) -> Engine {
        Engine { socket, prefix: version.map(|version| format!("/v{version}")).unwrap_or_default() }
    }
    async fn ask(&self, path: &str) -> Result<Response<Incoming>, Trouble> {
        let doing = || format!("GET {path}");
        let stream = UnixStream::connect(&self.socket).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Trouble::Absent,
            _ => Trouble::of(&format!("connecting to {}", self.socket.display()), &error),
        })?;
        let connected = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut requests, connection) = connected.map_err(|error| Trouble::of(&doing(), &error))?;
        tokio::spawn(connection); // it ends with the answer
        let request = Request::get(format!("{}{path}", self.prefix))
            .header(header::HOST, "localhost")
            .body(Empty::<Bytes>::new())
            .map_err(|error| Trouble::of(&doing(), &error))?;
        requests.send_request(request).await.map_err(|error| Trouble::of(&doing(), &error))
    }
    async fn get(&self, path: &str) -> Result<(StatusCode, Value), Trouble> {
        let asked = async {
            let answer = self.ask(path).await?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), LONGEST).collect().await;
            let body = body.map_err(|error| Trouble::of(&format!("GET {path}"), &error))?.to_bytes();
            let read = serde_json::from_slice(&body);
            match read {
                Ok(said) => Ok((status, said)),
                Err(_) if !status.is_success() => Ok((status, Value::Null)),
                Err(error) => Err(Trouble::of(&format!("GET {path}"), &error)),
            }
        };
        let late = |_| Trouble::Late(format!("GET {path}: no answer in {PATIENCE:?}"));
        tokio::time::timeout(PATIENCE, asked).await.map_err(late)?
    }
    /// The containers that run.
    pub async fn list(&self) -> Result<Vec<String>, Trouble> {
        let path = "/containers/json";
        let (status, said) = self.get(path).await?;
        match said::list(&said) {
            Some(ids) if status.is_success() => Ok(ids),
            _ => Err(refused(path, status, &said)),
        }
    }
    /// One container.
    pub async fn inspect(&self, id: &str) -> Result<Inspected, Trouble> {
        let path = format!("/containers/{id}/json");
        match self.get(&path).await? {
            (status, said) if status.is_success() => Ok(said::inspected(&said)),
            (StatusCode::NOT_FOUND, _) => Ok(Inspected::Ended),
            (status, said) => Err(refused(&path, status, &said)),
        }
    }
    /// Has the engine tell what happens from now on.
    pub async fn events(&self) -> Result<Events, Trouble> {
        let late = |_| Trouble::Late(format!("GET {EVENTS}: no answer in {PATIENCE:?}"));
        let answer = tokio::time::timeout(PATIENCE, self.ask(EVENTS)).await.map_err(late)??;
        match answer.status() {
            status if status.is_success() => {
                Ok(Events { body: answer.into_body(), lines: Lines::default(), told: Vec::new() })
            }
            status => Err(refused(EVENTS, status, &Value::Null)),
        }
    }
}

fn refused(path: &str, status: StatusCode, said: &Value) -> Trouble {
    let reason = said["message"].as_str().unwrap_or("no reason given");
    Trouble::Other(format!("GET {path}: the container engine answers {status}: {reason}"))
}

/// What the engine tells as it happens.
pub struct Events {
    body: Incoming,
    lines: Lines,
    told: Vec<String>,
}

impl Events {
    /// The containers that the next events are about; `None` when nothing more will come. May be given up and called again.
    pub async fn next(&mut self) -> Option<Vec<String>> {
        while self.told.is_empty() {
            let frame = self.body.frame().await?.ok()?;
            let Some(piece) = frame.data_ref() else { continue };
            let lines = self.lines.take(piece).ok()?;
            self.told.extend(lines.iter().filter_map(said::event));
        }
        Some(std::mem::take(&mut self.told))
    }
}
