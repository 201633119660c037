//! The REST door, with the reference's paths and shapes.

mod auth;
mod configuration;
mod govppmux;
mod graph;
mod history;
mod log;
mod metrics;
mod render;
mod scheduler;
mod stats;
mod time;
mod timeline;
mod vpp;
mod why;

use crate::direct::Direct;
use crate::grpc::host_and_port;
use crate::health::{Health, State as HealthState};
use crate::intake::Intake;
use crate::telemetry::Observed;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use futures::future::BoxFuture;
use render::{json_text, rendered};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What `http.conf` may say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Config {
    /// Do not listen at all.
    pub disabled: bool,
    /// Where to listen, `host:port`; port 0 takes a free one.
    pub endpoint: String,
    /// Who may call, as `user:password`; empty lets everybody.
    pub client_basic_auth: Vec<String>,
    /// Log in for a token. Not built in yet.
    pub enable_token_auth: bool,
    /// Our certificate. Not built in yet.
    pub server_cert_file: String,
    /// The key of our certificate. Not built in yet.
    pub server_key_file: String,
    /// Certificates of those who may sign the clients'. Not built in yet.
    pub client_cert_files: Vec<String>,
}

/// Longest document that a client may send, in bytes: what gRPC allows as well.
const MAX_BODY: usize = 64 << 20;

/// Why REST does not listen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken, forbidden, or none.
    #[error(
        "REST cannot listen at {endpoint}: {cause}; choose another endpoint in http.conf, or --http-port"
    )]
    Listen {
        /// As configured.
        endpoint: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Users that cannot be read.
    #[error("http.conf: entry {0} of `client-basic-auth` is not of the form user:password with one colon")]
    Users(usize),
    /// A protection that would silently be missing.
    #[error(
        "http.conf asks for {0}, which is not built in yet; remove that setting and protect REST by other means"
    )]
    Missing(&'static str),
}

/// Live dumps of what a southbound has, served at their paths, most of them below `/dump/`. Their shapes are made by whoever hands them in.
pub trait LiveDumps: Send + Sync + 'static {
    /// All paths.
    fn paths(&self) -> Vec<&'static str>;
    /// The dump of a path.
    fn dump(&self, path: &str) -> BoxFuture<'static, Result<Value, String>>;
}

#[derive(Clone)]
struct Shared {
    intake: Intake,
    health: Health,
    dumps: Arc<dyn LiveDumps>,
    vpp: Arc<dyn Direct>,
    observed: Observed,
    version: &'static str,
}

/// The listening server. Dropping it closes the door.
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Listens from now on.
    ///
    /// # Errors
    /// The address cannot be listened at.
    pub async fn start(
        config: Config,
        version: &'static str,
        intake: Intake,
        health: Health,
        dumps: impl LiveDumps,
        vpp: impl Direct,
        observed: Observed,
    ) -> Result<Server, Error> {
        let asked = [
            ("server-cert-file", !config.server_cert_file.is_empty()),
            ("server-key-file", !config.server_key_file.is_empty()),
            ("client-cert-files", !config.client_cert_files.is_empty()),
            ("enable-token-auth", config.enable_token_auth),
        ];
        if let Some((setting, _)) = asked.into_iter().find(|(_, set)| *set) {
            return Err(Error::Missing(setting));
        }
        let users = auth::Users::new(&config.client_basic_auth).map_err(Error::Users)?;
        let failed = |cause| Error::Listen { endpoint: config.endpoint.clone(), cause };
        let listener = TcpListener::bind(host_and_port(&config.endpoint)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // Without it, the end of an answer may wait for the acknowledgement of its beginning.
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        let (dumps, vpp) = (Arc::new(dumps), Arc::new(vpp));
        let router = router(Shared { intake, health, dumps, vpp, observed, version }, users);
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!("REST has stopped: {error}");
            }
        });
        Ok(Server { address, task })
    }
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

fn router(shared: Shared, users: Option<auth::Users>) -> Router {
    let mut router = Router::new()
        .route("/liveness", get(liveness))
        .route("/readiness", get(readiness))
        .route("/info/version", get(version))
        .route("/configuration", get(configuration::get).put(configuration::put))
        .route("/configuration/plan", post(configuration::plan))
        .route("/govppmux/stats", get(govppmux::get))
        .route("/metrics", get(metrics::get))
        .route("/metrics/{model}", get(govppmux::metric))
        .route("/scheduler/dump", get(scheduler::dump))
        .route("/scheduler/status", get(scheduler::statuses))
        .route("/scheduler/txn-history", get(history::get))
        .route("/scheduler/key-timeline", get(timeline::key_timeline))
        .route("/scheduler/graph-snapshot", get(timeline::graph_snapshot))
        .route("/scheduler/flag-stats", get(timeline::flag_stats))
        .route("/scheduler/graph", get(graph::get))
        .route("/scheduler/stats", get(stats::get))
        .route("/scheduler/why", get(why::get))
        .route("/scheduler/downstream-resync", post(scheduler::downstream_resync))
        .route("/vpp/capabilities", get(vpp::capabilities))
        .route("/vpp/command", post(vpp::command))
        .route("/vpp/trace", get(vpp::trace).put(vpp::set_trace).delete(vpp::clear_trace));
    for path in shared.dumps.paths() {
        router = router.route(path, get(dump));
    }
    if let Some(users) = users {
        router = router.route_layer(middleware::from_fn_with_state(Arc::new(users), auth::check));
    }
    let limit = DefaultBodyLimit::max(MAX_BODY);
    router.layer(limit).fallback(not_found).with_state(shared)
}

async fn not_found() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (StatusCode::NOT_FOUND, headers, "404 page not found\n").into_response()
}

/// Live as long as it answers.
async fn liveness(State(shared): State<Shared>) -> Response {
    probe(StatusCode::OK, &shared.health.status().exposed(None))
}

async fn readiness(State(shared): State<Shared>) -> Response {
    let status = shared.health.status();
    let ready = status.state == HealthState::Ok;
    probe(
        if ready { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR },
        &status.exposed(Some(&shared.observed.interfaces.all())),
    )
}

fn probe(code: StatusCode, body: &Value) -> Response {
    (code, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], json_text(body, false)).into_response()
}

async fn version(State(shared): State<Shared>) -> Response {
    let body = json!({
        "App": "vpp-agent",
        "Version": format!("v{}", shared.version),
        "GitCommit": "",
        "GitBranch": "",
        "BuildUser": "",
        "BuildHost": "",
        "BuildTime": 0,
        "GoVersion": "",
        "OS": std::env::consts::OS,
        "Arch": std::env::consts::ARCH,
        "APIVersion": "",
        "OSType": "",
    });
    rendered(StatusCode::OK, &body)
}

async fn dump(State(shared): State<Shared>, uri: Uri) -> Response {
    match shared.dumps.dump(uri.path()).await {
        Ok(body) => rendered(StatusCode::OK, &body),
        Err(error) => {
            let text = format!("500 Internal server error: request failed: {error}\n");
            rendered(StatusCode::INTERNAL_SERVER_ERROR, &Value::String(text))
        }
    }
}
