//! The gRPC door: the services of the reference, method for method, and our own beside them.

mod configurator;
mod details;
mod explain;
mod manager;
pub(crate) mod meta;
mod stats;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use model::value::Value;
use prost_types::Any;
use serde::Deserialize;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::metadata::MetadataMap;
use tonic::transport::server::{Router, TcpIncoming};
use tonic::{Code, Status};

use self::details::Fault;
use crate::intake::{self, Batch, Intake, Outcome};
use crate::listing::joined;
use crate::merge::{Class, Item, Source};
use crate::notify::Notifications;
use crate::telemetry::Telemetry;

/// Service stubs; their messages are `model`'s.
#[allow(missing_docs, unused_qualifications, clippy::all, rustdoc::all)]
mod stubs {
    pub mod generic {
        include!(concat!(env!("OUT_DIR"), "/ligato.generic.rs"));
    }
    pub mod configurator {
        include!(concat!(env!("OUT_DIR"), "/ligato.configurator.rs"));
    }
    pub mod vppagent {
        include!(concat!(env!("OUT_DIR"), "/vppagent.rs"));
    }
}

/// Clients of the services that this door serves, for tests and tools.
pub mod client {
    pub use super::details::{ErrorInfo, of as details_of};
    pub use super::meta::FileAnswer;
    pub use super::stubs::configurator::configurator_service_client::ConfiguratorServiceClient;
    pub use super::stubs::configurator::stats_poller_service_client::StatsPollerServiceClient;
    pub use super::stubs::generic::manager_service_client::ManagerServiceClient;
    pub use super::stubs::generic::meta_service_client::MetaServiceClient;
    pub use super::stubs::vppagent;
}

/// What `grpc.conf` may say. Without the file nothing listens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Config {
    /// Where to listen: `host:port`, or the path of a Unix socket.
    pub endpoint: String,
    /// `tcp`, `tcp4`, `tcp6` or `unix`; empty is `tcp`.
    pub network: String,
    /// Permission of the Unix socket: a number whose decimal digits are read as octal; 0 is 777.
    pub permission: u32,
    /// Remove what is in the way of the Unix socket.
    pub force_socket_removal: bool,
    /// Longest message in bytes, either way; 0 is 64 MiB.
    pub max_msg_size: usize,
    /// Calls at a time per connection; 0 is without limit.
    pub max_concurrent_streams: u32,
    /// Do not use TLS, whatever the other settings say.
    pub insecure_transport: bool,
    /// Our certificate. Not built in yet.
    pub cert_file: String,
    /// The key of our certificate. Not built in yet.
    pub key_file: String,
    /// Certificates of those who may sign the clients'. Not built in yet.
    pub ca_files: Vec<String>,
    /// Accepted for compatibility; the log level decides what is logged.
    pub extended_logging: bool,
    /// Accepted for compatibility; there are no metrics of gRPC calls yet.
    pub prometheus_metrics: bool,
}

/// Longest message unless the settings name another: enough for half a million routes.
const MAX_MESSAGE: usize = 64 << 20;
/// What a client may send before it has to wait for us to read: without it, a long message travels in small portions.
const WINDOW: u32 = 4 << 20;

/// Why gRPC does not listen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken, forbidden, or none.
    #[error(
        "gRPC cannot listen at {endpoint:?}: {cause}; correct `endpoint` in grpc.conf or stop who listens there"
    )]
    Listen {
        /// As configured.
        endpoint: String,
        /// Why.
        cause: std::io::Error,
    },
    /// A kind of socket that is not known.
    #[error("grpc.conf: the network {0:?} is not known; use tcp, tcp4, tcp6 or unix")]
    Network(String),
    /// TLS was asked for.
    #[error(
        "TLS for gRPC is not built in yet, but grpc.conf asks for it with {0}; remove that setting or set \
         `insecure-transport: true`, and protect the connection by other means"
    )]
    Tls(&'static str),
}

/// The running door. Dropping it closes it.
pub struct Server {
    address: String,
    task: JoinHandle<()>,
    /// Goes with the server: what waits for news then ends.
    _open: watch::Sender<()>,
}

impl Server {
    /// Listens on the current runtime. Clients that listen are sent the `news`, those that poll what `telemetry` counts.
    ///
    /// # Errors
    /// If it cannot listen there.
    pub async fn start(
        config: Config,
        intake: Intake,
        news: Notifications,
        telemetry: Option<Arc<dyn Telemetry>>,
    ) -> Result<Server, Error> {
        if !config.insecure_transport {
            let asked = [
                ("cert-file", !config.cert_file.is_empty()),
                ("key-file", !config.key_file.is_empty()),
                ("ca-files", !config.ca_files.is_empty()),
            ];
            if let Some((setting, _)) = asked.into_iter().find(|(_, set)| *set) {
                return Err(Error::Tls(setting));
            }
        }
        let failed = |cause| Error::Listen { endpoint: config.endpoint.clone(), cause };
        let (open, closing) = watch::channel(());
        let router = router(&config, intake, news, telemetry, closing);
        let (address, serving) = match config.network.as_str() {
            "" | "tcp" | "tcp4" | "tcp6" => {
                let listener = TcpListener::bind(host_and_port(&config.endpoint)).await.map_err(failed)?;
                let address = listener.local_addr().map_err(failed)?.to_string();
                let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
                (address, tokio::spawn(router.serve_with_incoming(incoming)))
            }
            "unix" | "unixpacket" => {
                let listener = bind_unix(&config).map_err(failed)?;
                let incoming = UnixListenerStream::new(listener);
                (config.endpoint.clone(), tokio::spawn(router.serve_with_incoming(incoming)))
            }
            _ => return Err(Error::Network(config.network)),
        };
        let abort = serving.abort_handle();
        let task = tokio::spawn(async move {
            let _abort = AbortOnDrop(abort);
            if let Ok(Err(error)) = serving.await {
                tracing::error!("gRPC stopped serving: {error}");
            }
        });
        Ok(Server { address, task, _open: open })
    }

    /// Where it listens: address and port, or the path of the socket.
    pub fn address(&self) -> String {
        self.address.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `:9111`, as Go writes it, listens everywhere.
pub(crate) fn host_and_port(endpoint: &str) -> String {
    if endpoint.starts_with(':') { format!("0.0.0.0{endpoint}") } else { endpoint.to_owned() }
}

fn bind_unix(config: &Config) -> std::io::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt;
    let path = Path::new(&config.endpoint);
    if config.force_socket_removal && path.exists() {
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    let octal = match config.permission {
        0 => 0o777,
        digits => u32::from_str_radix(&digits.to_string(), 8).map_err(|_| {
            std::io::Error::other(format!("`permission: {digits}` is no file mode; its digits are octal"))
        })?,
    };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(octal))?;
    Ok(listener)
}

fn router(
    config: &Config,
    intake: Intake,
    news: Notifications,
    telemetry: Option<Arc<dyn Telemetry>>,
    closing: watch::Receiver<()>,
) -> Router {
    use stubs::configurator::configurator_service_server::ConfiguratorServiceServer;
    use stubs::configurator::stats_poller_service_server::StatsPollerServiceServer;
    use stubs::generic::manager_service_server::ManagerServiceServer;
    use stubs::generic::meta_service_server::MetaServiceServer;
    use stubs::vppagent::explain_server::ExplainServer;
    let limit = if config.max_msg_size == 0 { MAX_MESSAGE } else { config.max_msg_size };
    let streams = (config.max_concurrent_streams > 0).then_some(config.max_concurrent_streams);
    let manager = ManagerServiceServer::new(manager::Manager(intake.clone()));
    let explain = ExplainServer::new(explain::Explain(intake.clone()));
    let poller = StatsPollerServiceServer::new(stats::StatsPoller { telemetry, closing: closing.clone() });
    let configurator = ConfiguratorServiceServer::new(configurator::Configurator { intake, news, closing });
    tonic::transport::Server::builder()
        .max_concurrent_streams(streams)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .add_service(manager.max_decoding_message_size(limit).max_encoding_message_size(limit))
        .add_service(configurator.max_decoding_message_size(limit).max_encoding_message_size(limit))
        .add_service(explain.max_decoding_message_size(limit).max_encoding_message_size(limit))
        .add_service(poller)
        .add_service(MetaServiceServer::new(meta::Meta))
}

/// The source that the client names in its metadata.
fn source_of(metadata: &MetadataMap) -> Source {
    let mut named = metadata.get_all("datasrc").iter();
    match (named.next().and_then(|name| name.to_str().ok()), named.next()) {
        (Some(name), None) if !name.is_empty() => Source::new(Class::Grpc, name),
        _ => Source::grpc(),
    }
}

/// A key that stands more than once in a request: nobody can know which one is meant.
fn refuse_duplicates(items: &[Item]) -> Result<(), Status> {
    let mut seen = HashSet::with_capacity_and_hasher(items.len(), foldhash::fast::RandomState::default());
    match items.iter().find(|item| !seen.insert(&*item.key)) {
        Some(twice) => {
            let key = &twice.key;
            let text = format!(
                "the request names the key {key} more than once; nothing was applied, send each key once"
            );
            let fault = std::iter::once(Fault::duplicate(key));
            Err(details::status(Code::FailedPrecondition, text, fault, MetadataMap::new()))
        }
        None => Ok(()),
    }
}

/// Whether this is only the start of keys: the fields that name the value are empty.
fn nameless(key: &str) -> bool {
    key.ends_with('/') && model::by_key(key).is_none()
}

/// What stands before the protobuf name in the type of a value.
const TYPE_URL: &str = "models.ligato.io/";

/// A value as messages carry those of any type.
fn any(value: &dyn Value) -> Any {
    let wire = value.wire();
    Any { type_url: format!("{TYPE_URL}{}", wire.name), value: wire.bytes }
}

/// An item of a request that cannot be used.
struct Bad {
    /// The key that was meant; empty if nobody can tell.
    key: String,
    /// What is wrong.
    text: String,
}

/// What is wrong with the items.
fn reasons(bad: &[Bad]) -> String {
    joined(bad.iter().map(|bad| bad.text.clone()), "; ")
}

fn faults(bad: &[Bad]) -> impl Iterator<Item = Fault<'_>> {
    bad.iter().map(|bad| Fault::invalid(&bad.key, &bad.text))
}

/// Applies a batch. What failed becomes an error that carries the number of the transaction.
async fn apply(intake: &Intake, source: Source, batch: Batch, bad: &[Bad]) -> Result<Outcome, Status> {
    let outcome = intake.submit(source, batch).await.map_err(not_taken)?;
    let (code, mut text) = if !outcome.failed.is_empty() {
        (Code::FailedPrecondition, format!("KeyErrors: [{}]", joined(outcome.key_errors(), ", ")))
    } else if let Some(error) = &outcome.not_stored {
        (Code::Internal, format!("the configuration was applied, but {error}"))
    } else {
        return Ok(outcome);
    };
    if !bad.is_empty() {
        text.push_str("; ");
        text.push_str(&reasons(bad));
    }
    let all = outcome.failed.iter().map(Fault::from).chain(faults(bad));
    Err(details::status(code, text, all, seqnum(&outcome)))
}

/// The status of a call whose batch was not taken.
fn not_taken(error: intake::Error) -> Status {
    match error {
        intake::Error::Closed => Status::unavailable(error.to_string()),
        intake::Error::TooManySources(_) => Status::resource_exhausted(error.to_string()),
    }
}

/// The status of a call that waited when the agent stopped.
fn closed() -> Status {
    Status::unavailable("the agent is shutting down; call again when it is back")
}

/// The number of the transaction, as metadata.
fn seqnum(outcome: &Outcome) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    metadata.insert("seqnum", outcome.seq.into());
    metadata
}
