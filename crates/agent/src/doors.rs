//! Starting and stopping: which door is opened when, and what it is handed.

use crate::config::Settings;
use crate::heart::Heart;
use futures::FutureExt;
use futures::future::BoxFuture;
use northbound::health::{Build, Health};
use northbound::intake::Intake;
use northbound::notify::Notifications;
use northbound::rest::LiveDumps;
use northbound::store::{self, Content, Store};
use northbound::{etcd, file, grpc, rest};
use sched::{RegistryError, Scheduler};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use tokio::sync::watch;

/// Why the agent cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The features do not fit together.
    #[error("the list of features is not well formed: {0}")]
    Registry(#[from] RegistryError),
    /// The store holds something that must not be lost.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// etcd's settings cannot be used.
    #[error("{0}")]
    Etcd(#[from] etcd::ConfigError),
    /// REST cannot listen.
    #[error("{0}")]
    Rest(#[from] rest::Error),
    /// gRPC cannot listen.
    #[error("{0}")]
    Grpc(#[from] grpc::Error),
}

/// The running agent.
pub struct Agent {
    heart: Heart,
    intake: Intake,
    news: Notifications,
    health: Health,
    rest: Option<rest::Server>,
    grpc: Option<grpc::Server>,
    etcd: Option<etcd::Etcd>,
    file: Option<file::Watched>,
}

impl Agent {
    /// Starts everything. A VPP, an etcd or a file that is not there is waited for; a port that is taken is an error.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(settings: Settings) -> Result<Agent, StartError> {
        let (store, mut remembered) = match &settings.state_dir {
            Some(dir) => open_store(dir)?,
            None => (None, Content::default()),
        };
        let made: HashSet<_> = std::mem::take(&mut remembered.made).into_iter().collect();
        let heart = Heart::start(&settings.govpp, &settings.kvscheduler, made, store.clone()).await?;
        let expected =
            [settings.etcd.as_ref().map(|_| etcd::source()), settings.file.as_ref().map(|_| file::source())];
        let scheduler = heart.scheduler.clone();
        for warning in settings.kvscheduler.warnings(&scheduler.descriptors()) {
            tracing::warn!("{warning}");
        }
        let intake = Intake::start(scheduler.clone(), store, remembered, expected.into_iter().flatten());
        let etcd = settings.etcd.map(|config| etcd::Etcd::start(config, &settings.label, intake.clone()));
        let etcd = etcd.transpose()?;
        let file = settings.file.map(|path| file::Watched::start(path, intake.clone()));
        let health = Health::start(Build { version: format!("v{}", crate::VERSION) }, &intake, etcd.as_ref());
        let dumps = Dumps(scheduler.clone());
        let rest = match settings.http.disabled {
            true => None,
            false => Some(
                rest::Server::start(settings.http, crate::VERSION, intake.clone(), health.clone(), dumps)
                    .await?,
            ),
        };
        let news = Notifications::default();
        let grpc = match settings.grpc {
            Some(config) => Some(grpc::Server::start(config, intake.clone(), news.clone()).await?),
            None => None,
        };
        Ok(Agent { heart, intake, news, health, rest, grpc, etcd, file })
    }
    /// Waits until every configured source has answered once and the first comparison with VPP is done.
    pub async fn ready(&self) {
        self.health.ready().await;
    }
    /// The scheduler.
    pub fn scheduler(&self) -> &Scheduler {
        &self.heart.scheduler
    }
    /// The connection to VPP.
    pub fn vpp(&self) -> &vpp::Vpp {
        &self.heart.vpp
    }
    /// Where all doors meet: for sources in the same process.
    pub fn intake(&self) -> &Intake {
        &self.intake
    }
    /// What is pushed here is sent to the clients that listen.
    pub fn news(&self) -> &Notifications {
        &self.news
    }
    /// How the connection to etcd is doing, if etcd is configured.
    pub fn etcd_connection(&self) -> Option<watch::Receiver<etcd::Connection>> {
        self.etcd.as_ref().map(etcd::Etcd::connection)
    }
    /// Where REST listens, if it does.
    pub fn rest_address(&self) -> Option<SocketAddr> {
        self.rest.as_ref().map(rest::Server::address)
    }
    /// Where gRPC listens, in words.
    pub fn grpc_text(&self) -> String {
        self.grpc.as_ref().map_or_else(|| "nowhere (there is no grpc.conf)".to_owned(), |grpc| grpc.address())
    }
    /// Where REST listens, in words.
    pub fn rest_text(&self) -> String {
        self.rest_address().map_or_else(|| "nowhere (disabled by http.conf)".to_owned(), |a| a.to_string())
    }
    /// Closes all doors. VPP keeps its configuration.
    pub async fn stop(self) {
        let Agent { heart, intake, news: _, health, rest, grpc, etcd, file } = self;
        drop((rest, grpc, etcd, file, health, intake));
        heart.stop().await;
    }
}

/// Opens the store. Without a directory to write to, the agent works from memory, and says so.
fn open_store(dir: &Path) -> Result<(Option<Store>, Content), store::Error> {
    if let Err(error) = std::fs::create_dir_all(dir) {
        tracing::warn!(
            "configuration from gRPC and REST will not survive a restart: {dir:?} cannot be made ({error}); name \
             another directory with --state-dir"
        );
        return Ok((None, Content::default()));
    }
    let (store, content) = Store::open(&dir.join("config.log"))?;
    Ok((Some(store), content))
}

/// What REST dumps.
struct Dumps(Scheduler);

impl LiveDumps for Dumps {
    fn paths(&self) -> Vec<&'static str> {
        vpp::dump::paths()
    }
    fn dump(&self, path: &str) -> BoxFuture<'static, Result<serde_json::Value, String>> {
        let (scheduler, path) = (self.0.clone(), path.to_owned());
        async move {
            let dumped = vpp::dump::dump(&scheduler, &path).await;
            dumped.unwrap_or_else(|| Err(format!("nothing is dumped at {path}")))
        }
        .boxed()
    }
}

/// Resolves when the agent is asked to stop. Signals are noticed from the call on, also those that come before anybody
/// waits.
pub fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        let waiting = signals.into_iter().flatten().map(|mut signal| {
            Box::pin(async move {
                signal.recv().await;
            })
        });
        let waiting: Vec<_> = waiting.collect();
        match waiting.is_empty() {
            true => std::future::pending().await, // the system gives no signals: it will end us in its own way
            false => drop(futures::future::select_all(waiting).await),
        }
    }
}
