//! `linux-ifplugin.conf`, `linux-nsplugin.conf`, `linux-l3plugin.conf`, `linux-iptablesplugin.conf`: what is configured on Linux.

use super::{FileError, Flags, read};
use linux::microservice;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// What the file of a plugin of Linux may say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct LinuxPlugin {
    /// Do without it.
    pub disabled: bool,
    /// Accepted for compatibility: each namespace has a thread.
    pub go_routines_count: u32,
    /// Of iptables. Accepted for compatibility: rules are always added together.
    pub handler: Handler,
}

/// See [`LinuxPlugin::handler`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Handler {
    /// From how many rules on they are added together.
    pub min_rule_count_for_performance_rule_addition: u32,
}

impl Default for Handler {
    fn default() -> Self {
        Handler { min_rule_count_for_performance_rule_addition: i32::MAX as u32 }
    }
}

impl Default for LinuxPlugin {
    fn default() -> Self {
        LinuxPlugin { disabled: false, go_routines_count: 10, handler: Handler::default() }
    }
}

/// What `linux-nsplugin.conf` may say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Nsplugin {
    /// Do without namespaces, and so without Linux.
    pub disabled: bool,
    /// The socket of the container engine, such as `unix:///run/podman/podman.sock`; an empty one follows no containers.
    pub container_engine: Option<String>,
    /// The version of the engine's API to speak; its own unless given.
    pub container_engine_version: Option<String>,
    /// How often the containers are listed, in case that events were lost.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub container_list_interval: Duration,
}

impl Default for Nsplugin {
    fn default() -> Self {
        let container_list_interval = microservice::Config::default().list_every;
        Nsplugin {
            disabled: false,
            container_engine: None,
            container_engine_version: None,
            container_list_interval,
        }
    }
}

/// Where Docker's engine is.
const DOCKER: &str = "unix:///var/run/docker.sock";

impl Nsplugin {
    fn engine(&self) -> Result<microservice::Config, String> {
        let address = self.container_engine.as_deref().unwrap_or_default();
        let socket = match address.strip_prefix("unix://").unwrap_or(address) {
            "" => None,
            path if path.starts_with('/') => Some(path.into()),
            _ => {
                return Err(format!(
                    "containers are not followed: {address:?} is no Unix socket; name one, such as {DOCKER}, with \
                     container-engine in linux-nsplugin.conf"
                ));
            }
        };
        let version = self.container_engine_version.clone();
        Ok(microservice::Config { socket, version, list_every: self.container_list_interval })
    }
}

/// All files about Linux.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linux {
    /// Interfaces, and with them all else.
    pub interfaces: LinuxPlugin,
    /// Network namespaces. The rest does not go without.
    pub namespaces: Nsplugin,
    /// Routes and neighbours.
    pub l3: LinuxPlugin,
    /// Chains of rules of iptables.
    pub iptables: LinuxPlugin,
    /// The network namespace that the agent takes for its own instead of the one that it is started in. Not for files.
    pub home: Option<PathBuf>,
    /// What the system lets the agent do, if that is not to be looked up. Not for files.
    pub capabilities: Option<linux::Capabilities>,
}

impl Linux {
    /// Without Linux.
    pub fn off() -> Linux {
        let interfaces = LinuxPlugin { disabled: true, ..LinuxPlugin::default() };
        Linux { interfaces, ..Linux::default() }
    }
    pub(super) fn load(flags: &Flags, warnings: &mut Vec<String>) -> Result<Linux, FileError> {
        let mut namespaces: Nsplugin = read(flags, "linux-nsplugin", warnings)?.unwrap_or_default();
        let host = || flags.docker_host.clone().unwrap_or_else(|| DOCKER.to_owned());
        namespaces.container_engine.get_or_insert_with(host);
        if namespaces.container_engine_version.is_none() {
            namespaces.container_engine_version.clone_from(&flags.docker_api_version);
        }
        warnings.extend(namespaces.engine().err());
        Ok(Linux {
            interfaces: read(flags, "linux-ifplugin", warnings)?.unwrap_or_default(),
            namespaces,
            l3: read(flags, "linux-l3plugin", warnings)?.unwrap_or_default(),
            iptables: read(flags, "linux-iptablesplugin", warnings)?.unwrap_or_default(),
            home: None,
            capabilities: None,
        })
    }
    /// Linux, unless it is disabled or cannot be worked on, which is said.
    pub fn start(&self, label: &str) -> Option<linux::Linux> {
        if self.interfaces.disabled || self.namespaces.disabled {
            return None;
        }
        let usual = linux::Config::new(label);
        let capabilities = self.capabilities.unwrap_or(usual.capabilities);
        let engine = self.namespaces.engine().unwrap_or_default(); // what is wrong with it was said
        let (home, l3) = (self.home.clone(), !self.l3.disabled);
        let iptables = usual.iptables.filter(|_| !self.iptables.disabled);
        let config = linux::Config { home, capabilities, l3, iptables, engine, ..usual };
        let started = linux::Linux::start(config);
        started
            .inspect_err(|error| {
                tracing::warn!("nothing of Linux can be configured: {error}; VPP can");
            })
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_file_disables_all() {
        let off = || LinuxPlugin { disabled: true, ..LinuxPlugin::default() };
        assert!(Linux { interfaces: off(), ..Linux::default() }.start("vpp1").is_none());
        let namespaces = Nsplugin { disabled: true, ..Nsplugin::default() };
        assert!(Linux { namespaces, ..Linux::default() }.start("vpp1").is_none());
        let nowhere = Linux { home: Some("/no/such/namespace".into()), ..Linux::default() };
        assert!(nowhere.start("vpp1").is_none());
    }

    #[test]
    fn the_engine_is_found_at_a_unix_socket() {
        let engine = |address: &str| {
            let container_engine = Some(address.to_owned());
            Nsplugin { container_engine, ..Nsplugin::default() }.engine().map(|engine| engine.socket)
        };
        assert_eq!(engine("unix:///run/e.sock"), Ok(Some("/run/e.sock".into())));
        assert_eq!(engine("/run/e.sock"), Ok(Some("/run/e.sock".into())));
        assert_eq!(engine(""), Ok(None));
        assert!(engine("tcp://127.0.0.1:2375").unwrap_err().contains("is no Unix socket; name one"));
    }

    #[test]
    fn the_environment_names_the_engine_unless_the_file_does() {
        let flags = |env: &'static [(&str, &str)], args: &[&str]| {
            let find =
                |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            Flags::parse(args.iter().map(|arg| (*arg).to_owned()), find).unwrap()
        };
        let load = |flags: &Flags| Linux::load(flags, &mut Vec::new()).unwrap().namespaces;
        assert_eq!(load(&flags(&[], &[])).container_engine.as_deref(), Some(DOCKER));
        let env: &[_] = &[("DOCKER_HOST", "unix:///run/other.sock"), ("DOCKER_API_VERSION", "1.41")];
        let of_env = load(&flags(env, &[]));
        assert_eq!(of_env.container_engine.as_deref(), Some("unix:///run/other.sock"));
        assert_eq!(of_env.container_engine_version.as_deref(), Some("1.41"));
        let file = std::env::temp_dir().join(format!("nsplugin-{}.conf", std::process::id()));
        std::fs::write(&file, "container-engine: /run/podman.sock\ncontainer-list-interval: 3s\n").unwrap();
        let of_file = load(&flags(env, &["--linux-nsplugin-config", file.to_str().unwrap()]));
        std::fs::remove_file(file).unwrap();
        assert_eq!(of_file.container_engine.as_deref(), Some("/run/podman.sock"));
        assert_eq!(of_file.container_list_interval, Duration::from_secs(3));
    }
}
