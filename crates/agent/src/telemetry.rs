//! What VPP counts, for the doors: read by `vpp`, with the names that the agent knows.

use futures::FutureExt;
use futures::future::BoxFuture;
use model::proto::ligato::vpp::interfaces::InterfaceStats;
use northbound::interfaces::Interfaces;
use northbound::telemetry::Gauge;
use serde_json::{Value, json};
use vpp::Vpp;
use vpp::telemetry::{Group, Telemetry, interface_stats};

/// The statistics of the VPP that the agent works on.
pub struct Counted {
    /// Where they are read.
    pub telemetry: Telemetry,
    /// Knows the names.
    pub interfaces: Interfaces,
    /// Groups of gauges that Prometheus is told.
    pub groups: Vec<Group>,
    /// The agent's name in stores, a label of every gauge of VPP.
    pub label: String,
}

impl northbound::telemetry::Telemetry for Counted {
    fn interfaces(&self) -> BoxFuture<'static, Result<Vec<InterfaceStats>, String>> {
        let (telemetry, interfaces) = (self.telemetry.clone(), self.interfaces.clone());
        async move {
            let counted = telemetry.interfaces().await?;
            let named = counted.iter().map(|i| interface_stats(i, interfaces.name_of(i.index, &i.name)));
            Ok(named.collect())
        }
        .boxed()
    }
    fn gauges(&self) -> BoxFuture<'static, Vec<Gauge>> {
        if self.groups.is_empty() {
            return std::future::ready(Vec::new()).boxed();
        }
        let (telemetry, groups, label) = (self.telemetry.clone(), self.groups.clone(), self.label.clone());
        async move {
            let gauges = telemetry.gauges(&groups).await.unwrap_or_else(|reason| {
                tracing::debug!("Prometheus is told nothing of what VPP counts: {reason}");
                Vec::new()
            });
            let labelled = |labels: Vec<(&'static str, String)>| {
                std::iter::once(("agent", label.clone())).chain(labels).collect()
            };
            let gauge = |gauge: vpp::telemetry::Gauge| Gauge {
                name: gauge.name,
                help: gauge.help,
                samples: gauge.samples.into_iter().map(|(labels, value)| (labelled(labels), value)).collect(),
            };
            gauges.into_iter().map(gauge).collect()
        }
        .boxed()
    }
}

/// The path of the reference that shows what VPP prints.
pub const PRINTED: &str = "/vpp/telemetry";

/// Commands whose output is shown there as it is.
const COMMANDS: [&str; 5] =
    ["show node counters", "show runtime", "show buffers", "show ip fib", "show ip6 fib"];

/// What VPP prints for people. Looking at its heaps may hold VPP up, so that is not asked for.
pub async fn printed(vpp: &Vpp) -> Result<Value, String> {
    let mut all = Vec::new();
    for command in COMMANDS {
        all.push(json!({ "Command": command, "Output": vpp.command(command).await? }));
    }
    let text = "not asked for, because it may hold VPP up; see /vpp/telemetry/memory";
    all.push(json!({ "Command": "show memory", "Output": text }));
    Ok(Value::Array(all))
}
