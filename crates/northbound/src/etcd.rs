//! The etcd door: configuration below `/vnf-agent/<label>/config/`, and the keys that say how the agent is doing.
//!
//! The prefix is listed once, at one revision, and watched from the next. After any break the watch resumes where it was;
//! only if etcd has forgotten that revision, or is another etcd, the prefix is listed again and what is gone from it
//! counts as deleted. A missing etcd is waited for. Status keys, and if asked for the states of all values, are written
//! under a lease of the agent's.

mod client;
mod decode;
mod feed;
mod follow;
mod interfaces;
mod publish;
mod statuses;

use std::time::Duration;

use serde::Deserialize;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use self::feed::Feed;

use crate::duration;
use crate::intake::Intake;
use crate::interfaces::Follower;
use crate::merge::{Class, Source};

/// The calls of etcd's API; see `proto/etcd`.
#[allow(missing_docs, unused_qualifications, clippy::all, rustdoc::all)]
mod proto {
    pub mod mvccpb {
        include!(concat!(env!("OUT_DIR"), "/mvccpb.rs"));
    }
    pub mod etcdserverpb {
        include!(concat!(env!("OUT_DIR"), "/etcdserverpb.rs"));
    }
}

/// What `etcd.conf` may say. Without the file there is no etcd.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Config {
    /// Addresses of the members, as `host:port` or `http://host:port`; the next is tried when one fails.
    pub endpoints: Vec<String>,
    /// Time to connect.
    #[serde(deserialize_with = "duration::deserialize")]
    pub dial_timeout: Duration,
    /// Time for one call to be answered.
    #[serde(deserialize_with = "duration::deserialize")]
    pub operation_timeout: Duration,
    /// Do not use TLS, whatever the other settings say.
    pub insecure_transport: bool,
    /// Use TLS without checking the server's certificate. Not built in yet.
    pub insecure_skip_tls_verify: bool,
    /// Our certificate. Not built in yet.
    pub cert_file: String,
    /// The key of our certificate. Not built in yet.
    pub key_file: String,
    /// Certificates of those who may sign the server's. Not built in yet.
    pub ca_file: String,
    /// User, if etcd wants one.
    pub username: String,
    /// Password of the user.
    pub password: String,
    /// Period at which etcd should be told to compact. Not done by this agent: etcd has settings of its own for it.
    #[serde(deserialize_with = "duration::deserialize")]
    pub auto_compact: Duration,
    /// List everything and compare it with what is really there after each break, instead of resuming.
    pub resync_after_reconnect: bool,
    /// Accepted for compatibility: the agent always starts without etcd if it must.
    pub allow_delayed_start: bool,
    /// Longest pause between two attempts to connect.
    #[serde(deserialize_with = "duration::deserialize")]
    pub reconnect_interval: Duration,
    /// Seconds after which the status keys of a dead agent disappear.
    pub session_ttl: u32,
    /// Replace `$NAME` and `${NAME}` in values by variables of the agent's environment.
    pub expand_env_variables: bool,
    /// Publish the state of every value below `config-status/`. Asked for by the environment, not by the file.
    #[serde(skip)]
    pub publish_statuses: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            endpoints: vec!["127.0.0.1:2379".into()],
            dial_timeout: Duration::from_secs(1),
            operation_timeout: Duration::from_secs(3),
            insecure_transport: false,
            insecure_skip_tls_verify: false,
            cert_file: String::new(),
            key_file: String::new(),
            ca_file: String::new(),
            username: String::new(),
            password: String::new(),
            auto_compact: Duration::ZERO,
            resync_after_reconnect: false,
            allow_delayed_start: false,
            reconnect_interval: Duration::from_secs(2),
            session_ttl: 5,
            expand_env_variables: false,
            publish_statuses: false,
        }
    }
}

/// The settings ask for something that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// TLS was asked for.
    #[error(
        "TLS for etcd is not built in yet, but etcd.conf asks for it with {0}; remove that setting or set \
         `insecure-transport: true`, and protect the connection by other means"
    )]
    Tls(&'static str),
    /// An address cannot be used.
    #[error("etcd.conf: the endpoint {endpoint:?} is no address: {cause}; write host:port")]
    Endpoint {
        /// As written.
        endpoint: String,
        /// What is wrong.
        cause: String,
    },
    /// There is no address.
    #[error("etcd.conf: `endpoints` is empty; name at least one, such as 127.0.0.1:2379")]
    NoEndpoint,
}

/// The source of what stands in etcd.
pub fn source() -> Source {
    Source::new(Class::Kv, "etcd")
}

/// How the connection is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// Why etcd cannot be used now; `None` if it can.
    pub down: Option<String>,
    /// Revision up to which everything was taken over; 0 before the first list.
    pub revision: i64,
}

/// The running door. Dropping it stops the door; what it brought stays in force.
pub struct Etcd {
    connection: watch::Receiver<Connection>,
    statuses: mpsc::UnboundedSender<(String, String)>,
    tasks: Vec<JoinHandle<()>>,
}

impl Etcd {
    /// Starts the door for the agent of this label on the current runtime. Does not wait for etcd. States of interfaces
    /// are published if somebody is handed in who follows them.
    ///
    /// # Errors
    /// If the settings ask for something that cannot be.
    pub fn start(
        config: Config,
        label: &str,
        intake: Intake,
        interfaces: Option<Follower>,
    ) -> Result<Etcd, ConfigError> {
        let dialer = client::Dialer::new(&config)?;
        if !config.auto_compact.is_zero() {
            tracing::warn!("etcd.conf: `auto-compact` has no effect; use etcd's --auto-compaction-retention");
        }
        let prefix = format!("/vnf-agent/{label}/");
        let (told, connection) =
            watch::channel(Connection { down: Some("not connected yet".into()), revision: 0 });
        let (clients, shared) = watch::channel(None);
        let (statuses, to_publish) = mpsc::unbounded_channel();
        // From the start, so that no change is missed.
        let statuses_of = || statuses::Statuses::new(intake.scheduler().clone());
        let followed = config.publish_statuses.then(|| Box::new(statuses_of()) as Box<dyn Feed>);
        let interfaces = interfaces.map(|follower| Box::new(follower) as Box<dyn Feed>);
        let feeds = followed.into_iter().chain(interfaces).collect();
        let ttl = i64::from(config.session_ttl.max(1));
        let publisher = publish::Publisher::new(shared, to_publish, feeds, prefix.clone(), ttl);
        let follower = follow::Follower::new(config, dialer, prefix, intake, told, clients);
        let tasks = vec![tokio::spawn(follower.run()), tokio::spawn(publisher.run())];
        Ok(Etcd { connection, statuses, tasks })
    }

    /// How the connection is doing.
    pub fn connection(&self) -> watch::Receiver<Connection> {
        self.connection.clone()
    }

    /// Where to send what [`Etcd::put_status`] takes.
    pub fn status_sender(&self) -> StatusSender {
        StatusSender(self.statuses.clone())
    }

    /// Writes a value below `/vnf-agent/<label>/`, such as `check/status/v1/agent`, as soon as etcd can be reached. It
    /// disappears `session-ttl` after the agent.
    pub fn put_status(&self, key: &str, json: String) {
        self.status_sender().put(key, json);
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Writes status keys; see [`Etcd::put_status`].
#[derive(Clone)]
pub struct StatusSender(mpsc::UnboundedSender<(String, String)>);

impl StatusSender {
    /// As [`Etcd::put_status`].
    pub fn put(&self, key: &str, json: String) {
        // After the door was stopped there is nobody to tell.
        let _ = self.0.send((key.to_owned(), json));
    }
}
