//! `vpp-ifplugin.conf`: interfaces and what is told about their state.

use super::InterfaceFlags;
use serde::{Deserialize, Deserializer, de};

/// What `vpp-ifplugin.conf` may say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Ifplugin {
    /// MTU of interfaces that name none; 0 leaves it to VPP.
    #[serde(deserialize_with = "mtu")]
    pub mtu: u16,
    /// Stores that the states of interfaces are written to, such as `etcd`.
    pub status_publishers: Vec<String>,
    /// Leave counters out of the states. Asked for by the environment, not by the file.
    #[serde(skip)]
    pub no_counters: bool,
}

/// A store that the states of interfaces can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publisher {
    /// etcd.
    Etcd,
}

impl Publisher {
    fn name(self) -> &'static str {
        match self {
            Publisher::Etcd => "etcd",
        }
    }
}

impl Ifplugin {
    /// Adds what the environment says.
    pub(super) fn add(&mut self, flags: &InterfaceFlags) {
        self.status_publishers.extend(flags.publishers.iter().cloned());
        if flags.no_publishing {
            self.status_publishers.clear();
        }
        self.no_counters = flags.no_counters;
    }
    /// Are the states to be written there?
    pub fn publishes_to(&self, publisher: Publisher) -> bool {
        self.status_publishers.iter().any(|name| name == publisher.name())
    }
    /// What has no effect. `etcd`: there is one.
    pub(super) fn warnings(&self, etcd: bool) -> Vec<String> {
        let known = Publisher::Etcd.name();
        let unknown = self.status_publishers.iter().filter(|name| *name != known).map(|name| {
            format!("vpp-ifplugin.conf or VPP_STATUS_PUBLISHERS: states of interfaces cannot be written to {name:?}; there is {known}")
        });
        let mut warnings: Vec<String> = unknown.collect();
        if self.publishes_to(Publisher::Etcd) && !etcd {
            warnings.push(
                "states of interfaces are not written to etcd, as `status-publishers` asks: there is no etcd.conf"
                    .to_owned(),
            );
        }
        warnings
    }
}

fn mtu<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let bytes = u32::deserialize(from)?;
    u16::try_from(bytes).map_err(|_| de::Error::custom("must be at most 65535 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(file: &[&str], flags: &InterfaceFlags) -> Ifplugin {
        let status_publishers = file.iter().map(|name| (*name).to_owned()).collect();
        let mut settings = Ifplugin { status_publishers, ..Ifplugin::default() };
        settings.add(flags);
        settings
    }

    #[test]
    fn the_environment_adds_stores_or_has_none() {
        let from_env = InterfaceFlags { publishers: vec!["etcd".into()], ..InterfaceFlags::default() };
        assert!(settings(&[], &from_env).publishes_to(Publisher::Etcd));
        assert!(settings(&["etcd"], &InterfaceFlags::default()).publishes_to(Publisher::Etcd));
        let none = InterfaceFlags { no_publishing: true, ..from_env };
        assert!(!settings(&["etcd"], &none).publishes_to(Publisher::Etcd));
        assert!(settings(&["redis"], &none).warnings(false).is_empty());
    }

    #[test]
    fn stores_that_are_not_there_are_named() {
        let settings = settings(&["redis", "etcd"], &InterfaceFlags::default());
        let warnings = settings.warnings(false);
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].contains("\"redis\"") && warnings[1].contains("no etcd.conf"), "{warnings:?}");
        assert_eq!(settings.warnings(true).len(), 1);
    }
}
