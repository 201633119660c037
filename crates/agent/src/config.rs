//! Configuration: the reference's files, flags and environment, for what exists here.
//!
//! A flag beats its environment variable, which beats the default. Every component has a file of its own; unknown keys are
//! named in a warning, never silently ignored.

mod file;
mod flags;
mod ifplugin;
mod kvscheduler;
mod linux;
mod telemetry;
#[cfg(test)]
mod tests;

pub use file::{FileError, fields_of, read};
pub use flags::{Command, FlagError, Flags, InterfaceFlags, USAGE};
pub use ifplugin::{Ifplugin, Publisher};
pub use kvscheduler::{ForeignObjects, Kvscheduler};
pub use linux::{Handler, Linux, LinuxPlugin, Nsplugin};
pub use telemetry::Telemetry;

use northbound::etcd;
use northbound::grpc;
use northbound::rest;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// What `govpp.conf` may say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Govpp {
    /// VPP's API socket.
    pub binapi_socket_path: PathBuf,
    /// VPP's statistics socket.
    pub stats_socket_path: PathBuf,
    /// How long VPP may take to answer one request.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub reply_timeout: Duration,
    /// After how much silence VPP is sent a ping.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub health_check_probe_interval: Duration,
    /// How long a ping may go unanswered until VPP counts as not responding.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub health_check_reply_timeout: Duration,
    /// Keep a trace of all messages from the start.
    pub trace_enabled: bool,
    /// Accepted for compatibility: after a reconnect everything is always compared.
    pub resync_after_reconnect: bool,
    /// Accepted for compatibility: connecting is tried for ever.
    pub retry_connect_count: u64,
    /// Accepted for compatibility: the pause between attempts is chosen by what is found.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub retry_connect_timeout: Duration,
    /// Accepted for compatibility: the scheduler decides what is tried again.
    pub retry_request_count: u64,
    /// Accepted for compatibility: see `retry-request-count`.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub retry_request_timeout: Duration,
    /// Accepted for compatibility: a connection is given up after 30 s without an answer.
    pub health_check_threshold: u64,
    /// Accepted for compatibility: there is no proxy yet.
    pub proxy_enabled: bool,
}

impl Default for Govpp {
    fn default() -> Self {
        Govpp {
            binapi_socket_path: "/run/vpp/api.sock".into(),
            stats_socket_path: "/run/vpp/stats.sock".into(),
            reply_timeout: Duration::from_secs(10),
            health_check_probe_interval: Duration::from_secs(1),
            health_check_reply_timeout: Duration::from_secs(3),
            trace_enabled: false,
            resync_after_reconnect: true,
            retry_connect_count: 0,
            retry_connect_timeout: Duration::from_secs(1),
            retry_request_count: 0,
            retry_request_timeout: Duration::from_millis(500),
            health_check_threshold: 1,
            proxy_enabled: true,
        }
    }
}

/// What `initfileregistry.conf` may say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct InitFile {
    /// Take nothing from a file.
    pub disable_initial_configuration: bool,
    /// The watched file; without this setting `initial-config.yaml`, if it exists.
    pub initial_configuration_file_path: Option<PathBuf>,
}

/// All settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The agent's name in stores.
    pub label: String,
    /// REST.
    pub http: rest::Config,
    /// gRPC, if there is a file for it.
    pub grpc: Option<grpc::Config>,
    /// etcd, if there is a file for it.
    pub etcd: Option<etcd::Config>,
    /// VPP.
    pub govpp: Govpp,
    /// The scheduler.
    pub kvscheduler: Kvscheduler,
    /// Interfaces.
    pub interfaces: Ifplugin,
    /// Linux.
    pub linux: Linux,
    /// VPP's counters.
    pub telemetry: Telemetry,
    /// The watched file.
    pub file: Option<PathBuf>,
    /// Where what came in by gRPC and REST is kept; `None` keeps it in memory only.
    pub state_dir: Option<PathBuf>,
}

/// The file that is watched if no other is named.
const DEFAULT_FILE: &str = "initial-config.yaml";

impl Settings {
    /// Reads the files that the flags name. Returns warnings beside the settings.
    ///
    /// # Errors
    /// A file that is named and missing, that is no YAML, or a value of the wrong type.
    pub fn load(flags: &Flags) -> Result<(Settings, Vec<String>), FileError> {
        let mut warnings = Vec::new();
        let mut http: rest::Config = read(flags, "http", &mut warnings)?.unwrap_or_default();
        if http.endpoint.is_empty() {
            http.endpoint = format!("0.0.0.0:{}", flags.http_port);
        }
        let init: InitFile = read(flags, "initfileregistry", &mut warnings)?.unwrap_or_default();
        let default = Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists());
        let file = init.initial_configuration_file_path.or(default);
        let mut etcd: Option<etcd::Config> = read(flags, "etcd", &mut warnings)?;
        if let Some(etcd) = &mut etcd {
            if etcd.endpoints == etcd::Config::default().endpoints && !flags.etcd_endpoints.is_empty() {
                etcd.endpoints.clone_from(&flags.etcd_endpoints);
            }
            etcd.expand_env_variables |= flags.etcd_expand;
            etcd.publish_statuses = flags.publish_statuses;
        } else if flags.publish_statuses {
            let reason = "there is no etcd.conf, so there is no store to publish to";
            warnings.push(format!("ENABLE_STATUS_PUBLISHING has no effect: {reason}"));
        }
        let mut interfaces: Ifplugin = read(flags, "vpp-ifplugin", &mut warnings)?.unwrap_or_default();
        interfaces.add(&flags.interfaces);
        warnings.extend(interfaces.warnings(etcd.is_some()));
        let mut kvscheduler: Kvscheduler = read(flags, "kvscheduler", &mut warnings)?.unwrap_or_default();
        kvscheduler.verify = flags.verify;
        let telemetry: Telemetry = read(flags, "telemetry", &mut warnings)?.unwrap_or_default();
        warnings.extend(telemetry.warnings());
        let settings = Settings {
            label: flags.label.clone(),
            http,
            grpc: read(flags, "grpc", &mut warnings)?,
            etcd,
            govpp: read(flags, "govpp", &mut warnings)?.unwrap_or_default(),
            kvscheduler,
            interfaces,
            linux: Linux::load(flags, &mut warnings)?,
            telemetry,
            file: file.filter(|_| !init.disable_initial_configuration),
            state_dir: Some(flags.state_dir.clone()),
        };
        Ok((settings, warnings))
    }
}
