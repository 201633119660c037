//! Counters of interfaces for those who follow the states of interfaces.

use northbound::interfaces::{Counted, Interfaces};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use vpp::telemetry::{Telemetry, statistics};

/// How often they are read, as the reference does.
const PERIOD: Duration = Duration::from_secs(5);

/// Reads again and again what interfaces have counted, and tells those that changed.
pub async fn follow(telemetry: Telemetry, interfaces: Interfaces) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut complaint = String::new();
    loop {
        ticks.tick().await;
        match telemetry.interfaces().await {
            Ok(all) => {
                complaint.clear();
                interfaces.count(all.iter().map(|interface| Counted {
                    index: interface.index,
                    internal_name: interface.name.clone(),
                    statistics: statistics(interface),
                }));
            }
            Err(reason) if reason != complaint => {
                tracing::warn!("counters of interfaces are not told: {reason}; it is tried again");
                complaint = reason;
            }
            Err(_) => {}
        }
    }
}
