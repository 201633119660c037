//! `telemetry.conf`: what is told of VPP's counters.

use serde::Deserialize;
use std::time::Duration;
use vpp::telemetry::Group;

/// What `telemetry.conf` may say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Telemetry {
    /// Tell nothing of them, neither by gRPC nor to Prometheus.
    pub disabled: bool,
    /// Do not tell Prometheus.
    pub prometheus_disabled: bool,
    /// Groups of gauges that Prometheus is not told.
    pub skipped: Vec<String>,
    /// Accepted for compatibility: counters are read when they are asked for.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub polling_interval: Duration,
}

impl Default for Telemetry {
    fn default() -> Self {
        Telemetry {
            disabled: false,
            prometheus_disabled: false,
            skipped: Vec::new(),
            polling_interval: Duration::from_secs(30),
        }
    }
}

impl Telemetry {
    /// Groups of gauges that Prometheus is told.
    pub fn groups(&self) -> Vec<Group> {
        let told =
            |group: &Group| !self.prometheus_disabled && !self.skipped.iter().any(|s| s == group.name());
        Group::ALL.into_iter().filter(told).collect()
    }
    /// What has no effect.
    pub(super) fn warnings(&self) -> Vec<String> {
        let names: Vec<&str> = Group::ALL.iter().map(|group| group.name()).collect();
        let unknown = self.skipped.iter().filter(|name| !names.contains(&name.as_str()));
        unknown
            .map(|name| {
                format!("telemetry.conf: `skipped` names {name:?}, but there are {}", names.join(", "))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_can_be_left_out() {
        let all = Telemetry::default();
        assert_eq!(all.groups(), Group::ALL);
        let some = Telemetry { skipped: vec!["memory".into(), "heap".into()], ..Telemetry::default() };
        assert!(!some.groups().contains(&Group::Memory) && some.groups().len() == 4);
        assert!(some.warnings()[0].contains("\"heap\""), "{:?}", some.warnings());
        assert!(Telemetry { prometheus_disabled: true, ..all }.groups().is_empty());
    }
}
