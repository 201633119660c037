//! An agent for the tests: it answers what it is told to, on ports of its own.

use std::ffi::OsString;
use std::sync::{Arc, Mutex};

use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::cli::{Screen, run};

/// What a command showed.
pub struct Typed {
    pub succeeded: bool,
    pub out: String,
    pub err: String,
}

/// Types a command with these arguments and an empty environment.
pub async fn type_in(arguments: &[&str]) -> Typed {
    let arguments: Vec<OsString> =
        std::iter::once(&"agentctl").chain(arguments).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let succeeded = run(arguments, |_| None, &mut Screen { out: &mut out, err: &mut err }).await;
    Typed { succeeded, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

/// A port that refuses connections for as long as the socket lives: nobody else can get it meanwhile.
pub fn closed_port() -> (tokio::net::TcpSocket, u16) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

/// A REST API that answers from a function.
pub struct Http {
    /// `host:port`.
    pub address: String,
    /// The `Authorization` headers that came.
    pub authorizations: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Http {
    /// Starts it. The function is given `METHOD path?query`; `None` is a page that does not exist.
    pub fn start(answer: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static) -> Http {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let listener = TcpListener::from_std(listener).unwrap();
        let answer = Arc::new(answer);
        let authorizations = Arc::new(Mutex::new(Vec::new()));
        let seen = authorizations.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, seen) = (answer.clone(), seen.clone());
                let service =
                    hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                        if let Some(value) = request.headers().get("authorization") {
                            seen.lock().unwrap().push(value.to_str().unwrap().to_string());
                        }
                        let (status, body) = answer(&format!("{} {}", request.method(), request.uri()))
                            .unwrap_or((404, "404 page not found\n".to_string()));
                        let response = hyper::Response::builder().status(status).body(body);
                        async move { response }
                    });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Http { address, authorizations, task }
    }

    /// The flag that names its port.
    pub fn port(&self) -> String {
        let (_, port) = self.address.rsplit_once(':').unwrap();
        format!("--http-port={port}")
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.task.abort();
    }
}
