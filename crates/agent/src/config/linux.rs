//! `linux-ifplugin.conf`, `linux-nsplugin.conf`, `linux-l3plugin.conf`, `linux-iptablesplugin.conf`: what is configured on Linux.

use super::{FileError, Flags, read};
use serde::Deserialize;
use std::path::PathBuf;

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

/// All files about Linux.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linux {
    /// Interfaces, and with them all else.
    pub interfaces: LinuxPlugin,
    /// Network namespaces. The rest does not go without.
    pub namespaces: LinuxPlugin,
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
        Ok(Linux {
            interfaces: read(flags, "linux-ifplugin", warnings)?.unwrap_or_default(),
            namespaces: read(flags, "linux-nsplugin", warnings)?.unwrap_or_default(),
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
        let (home, l3) = (self.home.clone(), !self.l3.disabled);
        let iptables = usual.iptables.filter(|_| !self.iptables.disabled);
        let config = linux::Config { home, capabilities, l3, iptables, ..usual };
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
        assert!(Linux { namespaces: off(), ..Linux::default() }.start("vpp1").is_none());
        let nowhere = Linux { home: Some("/no/such/namespace".into()), ..Linux::default() };
        assert!(nowhere.start("vpp1").is_none());
    }
}
