//! Starting and stopping: which door is opened when, and what it is handed.

use crate::config::{Publisher, Settings};
use crate::console::Console;
use crate::counters;
use crate::heart::{Heart, OnInterfaces};
use crate::telemetry::{self, Counted};
use futures::FutureExt;
use futures::future::BoxFuture;
use model::proto::ligato::configurator::Notification;
use model::proto::ligato::configurator::notification::Notification as Part;
use model::proto::ligato::vpp::interfaces::interface_notification::NotifType;
use northbound::health::{Build, Health};
use northbound::intake::Intake;
use northbound::interfaces::Interfaces;
use northbound::notify::Notifications;
use northbound::rest::LiveDumps;
use northbound::store::{self, Content, Store};
use northbound::telemetry::Observed;
use northbound::{etcd, file, grpc, rest};
use sched::{RegistryError, Scheduler};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vpp::state::What;
use vpp::telemetry::Telemetry;

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
    counters: Option<Counters>,
}

/// The task that reads counters. It ends with this.
struct Counters(JoinHandle<()>);

impl Drop for Counters {
    fn drop(&mut self) {
        self.0.abort();
    }
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
        let news = Notifications::default();
        let interfaces = Interfaces::new(news.clone());
        let tell = tell_to(interfaces.clone());
        let linux = settings.linux.start(&settings.label);
        if let Some(linux) = &linux {
            linux.on_interfaces(tell_of_linux(news.clone()));
        }
        let heart = Heart::start(
            &settings.govpp,
            &settings.kvscheduler,
            &settings.interfaces,
            linux,
            made,
            store.clone(),
            tell,
        )
        .await?;
        let expected =
            [settings.etcd.as_ref().map(|_| etcd::source()), settings.file.as_ref().map(|_| file::source())];
        let scheduler = heart.scheduler.clone();
        for warning in settings.kvscheduler.warnings(&scheduler.descriptors()) {
            tracing::warn!("{warning}");
        }
        let intake = Intake::start(scheduler.clone(), store, remembered, expected.into_iter().flatten());
        let published = settings.interfaces.publishes_to(Publisher::Etcd);
        let etcd = settings.etcd.map(|config| {
            let follower = published.then(|| interfaces.follow());
            etcd::Etcd::start(config, &settings.label, intake.clone(), follower)
        });
        let etcd = etcd.transpose()?;
        let file = settings.file.map(|path| file::Watched::start(path, intake.clone()));
        let health = Health::start(Build { version: format!("v{}", crate::VERSION) }, &intake, etcd.as_ref());
        let telemetry = Telemetry::at(&settings.govpp.stats_socket_path);
        let counted: Arc<dyn northbound::telemetry::Telemetry> = Arc::new(Counted {
            telemetry: telemetry.clone(),
            interfaces: interfaces.clone(),
            groups: settings.telemetry.groups(),
            label: settings.label.clone(),
        });
        let counted = (!settings.telemetry.disabled).then_some(counted);
        let observed = Observed { interfaces: interfaces.clone(), telemetry: counted.clone() };
        let dumps =
            Dumps { scheduler: scheduler.clone(), telemetry: telemetry.clone(), vpp: heart.vpp.clone() };
        let console = Console(heart.vpp.clone());
        let rest = match settings.http.disabled {
            true => None,
            false => Some(
                rest::Server::start(
                    settings.http,
                    crate::VERSION,
                    intake.clone(),
                    health.clone(),
                    dumps,
                    console,
                    observed,
                )
                .await?,
            ),
        };
        let grpc = match settings.grpc {
            Some(config) => Some(grpc::Server::start(config, intake.clone(), news.clone(), counted).await?),
            None => None,
        };
        // Nobody else is told counters by themselves.
        let counters = (published && etcd.is_some() && !settings.interfaces.no_counters)
            .then(|| Counters(tokio::spawn(counters::follow(telemetry, interfaces))));
        Ok(Agent { heart, intake, news, health, rest, grpc, etcd, file, counters })
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
    /// The Linux that it works on, if it does.
    pub fn linux(&self) -> Option<&linux::Linux> {
        self.heart.linux.as_ref()
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
        let Agent { heart, intake, news: _, health, rest, grpc, etcd, file, counters } = self;
        drop((rest, grpc, etcd, file, counters, health, intake));
        heart.stop().await;
    }
}

/// Hands on what is followed in the scheduler's thread.
fn tell_to(interfaces: Interfaces) -> OnInterfaces {
    Box::new(move |changes| {
        let kind = |what| match what {
            What::State => NotifType::Updown,
            What::Removed | What::Details => NotifType::Unknown,
        };
        interfaces.tell(changes.into_iter().map(|change| (kind(change.what), change.state)));
    })
}

/// News of links of Linux for whoever listens.
fn tell_of_linux(news: Notifications) -> linux::interface::OnInterfaces {
    Box::new(move |told| {
        for interface in told {
            let told = model::proto::ligato::linux::Notification { interface: Some(interface) };
            news.push(Notification { notification: Some(Part::LinuxNotification(told)) });
        }
    })
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

/// What features say about how they are dumped.
fn dumps() -> impl Iterator<Item = &'static sched::Dump> {
    [vpp::registry::DUMPS, linux::registry::DUMPS].into_iter().flatten().copied().flatten()
}

/// What REST dumps.
struct Dumps {
    scheduler: Scheduler,
    telemetry: Telemetry,
    vpp: vpp::Vpp,
}

impl LiveDumps for Dumps {
    fn paths(&self) -> Vec<&'static str> {
        let telemetry = vpp::telemetry::PATHS.into_iter().chain([telemetry::PRINTED]);
        dumps().map(|dump| dump.path).chain(telemetry).collect()
    }
    fn dump(&self, path: &str) -> BoxFuture<'static, Result<serde_json::Value, String>> {
        let (scheduler, path) = (self.scheduler.clone(), path.to_owned());
        let (telemetry, vpp) = (self.telemetry.clone(), self.vpp.clone());
        async move {
            if path == telemetry::PRINTED {
                return telemetry::printed(&vpp).await;
            }
            if vpp::telemetry::PATHS.contains(&path.as_str()) {
                return telemetry.rest(&path).await;
            }
            match dumps().find(|dump| dump.path == path) {
                Some(dump) => dump.take(&scheduler).await,
                None => Err(format!("nothing is dumped at {path}")),
            }
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
