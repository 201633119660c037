//! An agent for the tests: it answers what it is told to, on ports of its own.

use std::ffi::OsString;
use std::sync::{Arc, Mutex};

use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::cli::{Exit, Screen, run};

/// What a command showed.
pub struct Typed {
    pub exit: Exit,
    /// It did not end with an error.
    pub succeeded: bool,
    pub out: String,
    pub err: String,
}

/// Types a command with these arguments and an empty environment.
pub async fn type_in(arguments: &[&str]) -> Typed {
    let arguments: Vec<OsString> =
        std::iter::once(&"agentctl").chain(arguments).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen { out: &mut out, err: &mut err, colours: false };
    let exit = run(arguments, |_| None, &mut screen).await;
    let succeeded = exit != Exit::Error;
    Typed { exit, succeeded, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
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
    /// The bodies that came, of the requests that had one.
    pub bodies: Arc<Mutex<Vec<String>>>,
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
        let (authorizations, bodies) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (seen, kept) = (authorizations.clone(), bodies.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, seen, kept) = (answer.clone(), seen.clone(), kept.clone());
                let service =
                    hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                        if let Some(value) = request.headers().get("authorization") {
                            seen.lock().unwrap().push(value.to_str().unwrap().to_string());
                        }
                        let (status, body) = answer(&format!("{} {}", request.method(), request.uri()))
                            .unwrap_or((404, "404 page not found\n".to_string()));
                        let response = hyper::Response::builder().status(status).body(body);
                        let kept = kept.clone();
                        async move {
                            let body = request.into_body().collect().await.unwrap().to_bytes();
                            if !body.is_empty() {
                                kept.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
                            }
                            response
                        }
                    });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Http { address, authorizations, bodies, task }
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

/// A file that is gone at the end.
pub struct File(std::path::PathBuf);

impl File {
    pub fn new(name: &str, text: &str) -> File {
        let path = std::env::temp_dir().join(format!("agentctl-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        File(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
