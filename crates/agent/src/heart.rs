//! The thread in which the scheduler works and talks to VPP and to Linux.

use crate::config::{Govpp, Ifplugin, Kvscheduler};
use futures::FutureExt;
use linux::Linux;
use northbound::store::Store;
use sched::{Config, Registry, RegistryError, Scheduler};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use vpp::interface::dhcp::{self, Following};
use vpp::registry::Settings;
use vpp::state::Change;
use vpp::{Hosts, TapEnds, Vpp};

/// The running thread. It ends when this and all clones of its scheduler are dropped.
pub struct Heart {
    /// The scheduler.
    pub scheduler: Scheduler,
    /// The VPP it works on.
    pub vpp: Vpp,
    /// The Linux it works on, if it does.
    pub linux: Option<Linux>,
    /// As long as this is here, the states of interfaces are followed.
    _following: oneshot::Sender<()>,
    /// The same for what DHCP servers assign.
    _leases: Following,
    /// And for what comes and goes in Linux.
    _linux: Option<[linux::reports::Following; 3]>,
    ended: oneshot::Receiver<()>,
}

/// Told, in the thread, what changed of interfaces. Must not take long.
pub type OnInterfaces = Box<dyn Fn(Vec<Change>) + Send>;

/// How long an agent that stops waits for the thread. What is left at a door may hold it up.
const PARTING: Duration = Duration::from_secs(1);

impl Heart {
    /// Starts the thread. `made` are the keys that leave no trace in VPP and that the store remembers; `store` is told
    /// about new ones, `interfaces` what changes of interfaces.
    ///
    /// # Errors
    /// The list of features is not well formed: a mistake of the program, caught by its tests.
    pub async fn start(
        govpp: &Govpp,
        kvscheduler: &Kvscheduler,
        ifplugin: &Ifplugin,
        linux: Option<Linux>,
        made: HashSet<Arc<str>>,
        store: Option<Store>,
        interfaces: OnInterfaces,
    ) -> Result<Heart, RegistryError> {
        let mut client = vpp_client::Config::new(&govpp.binapi_socket_path);
        client.reply_timeout = govpp.reply_timeout;
        client.health_interval = govpp.health_check_probe_interval;
        client.unresponsive_after = govpp.health_check_reply_timeout;
        client.trace = govpp.trace_enabled;
        let config = Config { made, on_made: store.map(remember), ..kvscheduler.config() };
        let settings = Settings { default_mtu: ifplugin.mtu, ..Settings::default() };
        let (started, starting) = oneshot::channel();
        std::thread::Builder::new()
            .name("scheduler".to_owned())
            .spawn(move || run(client, linux, config, settings, interfaces, started))
            .ok();
        match starting.await {
            Ok(heart) => heart,
            Err(_) => Err(RegistryError::Name("no thread could be started")),
        }
    }
    /// Ends the thread, and with it the connection to VPP, once nobody else uses it.
    pub async fn stop(self) {
        let Heart { scheduler, vpp, linux, ended, _following, _leases, _linux } = self;
        // What is in flight gets its answer: whatever was begun is known to be done or not.
        scheduler.stop().await;
        drop((scheduler, vpp, linux, _following, _leases, _linux));
        // The thread says nothing; that it is gone closes the channel. If it stays, the process ends with it.
        let _ = tokio::time::timeout(PARTING, ended).await;
    }
}

/// Writes down, in the background on the current runtime, what we made and what leaves no trace.
pub fn remember(store: Store) -> sched::OnMade {
    let runtime = tokio::runtime::Handle::current();
    Box::new(move |key, made| {
        let keys = [Arc::from(key)];
        // Queued now: in the order in which things happen.
        let written = if made { store.made(&keys).boxed() } else { store.unmade(&keys).boxed() };
        let written = runtime.spawn(async move {
            if let Err(error) = written.await {
                tracing::error!("the record of what this agent made could not be written: {error}");
            }
        });
        written.map(drop).boxed()
    })
}

fn run(
    client: vpp_client::Config,
    linux: Option<Linux>,
    config: Config,
    settings: Settings,
    interfaces: OnInterfaces,
    started: oneshot::Sender<Result<Heart, RegistryError>>,
) {
    // Goes after the runtime and all that lives on it.
    let (_end, ended) = oneshot::channel();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("the scheduler's runtime could not be started: {error}");
            return;
        }
    };
    runtime.block_on(async {
        let (vpp, scheduler) = match assemble(client, linux.as_ref(), config, &settings) {
            Ok(parts) => parts,
            Err(error) => {
                let _ = started.send(Err(error)); // whoever waits is told, or gone
                return;
            }
        };
        let (_following, end) = oneshot::channel();
        vpp::state::follow(&vpp, &scheduler, interfaces, end);
        let _leases = dhcp::follow(&vpp, &scheduler);
        let _linux = linux.as_ref().map(|linux| linux::reports::follow(linux, &scheduler));
        let mut health = scheduler.health();
        let heart = Heart { scheduler, vpp, linux, _following, _leases, _linux, ended };
        let _ = started.send(Ok(heart)); // without anybody to use it, it ends at once
        while health.changed().await.is_ok() {} // until the scheduler has ended
    });
}

/// VPP, and the scheduler with all features that works on it and on Linux, on the current runtime.
///
/// # Errors
/// The list of features is not well formed.
pub fn assemble(
    client: vpp_client::Config,
    linux: Option<&Linux>,
    config: Config,
    settings: &Settings,
) -> Result<(Vpp, Scheduler), RegistryError> {
    let vpp = Vpp::connect(client);
    let mut registry = Registry::default();
    netalloc::register(&mut registry)?;
    if let Some(linux) = linux {
        linux::registry::register(&mut registry, linux)?;
    }
    let taps = TapEnds::default();
    if let Some(linux) = linux {
        let taps = taps.clone();
        linux.ask_for_tap_ends(move |tap| taps.name_of(tap));
    }
    let hosts = match linux.cloned() {
        Some(linux) => Hosts::new(move |interface| linux.name_of(interface)),
        None => Hosts::default(),
    };
    vpp::registry::register(&mut registry, &vpp, &Settings { hosts, taps, ..settings.clone() })?;
    Ok((vpp, Scheduler::spawn(registry, config)))
}
