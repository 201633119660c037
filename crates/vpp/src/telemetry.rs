//! What VPP counts, in the words of the northbound API. Everything is read from the statistics segment when it is asked
//! for: nothing here sends VPP a message, and nothing makes VPP look at its heaps.

mod gauges;
mod rest;

pub use gauges::{Gauge, Group};
pub use rest::PATHS;

use model::proto::ligato::vpp::interfaces::InterfaceStats;
use model::proto::ligato::vpp::interfaces::interface_state::Statistics;
use model::proto::ligato::vpp::interfaces::interface_stats::CombinedCounter;
use std::path::PathBuf;
use vpp_stats::interfaces::{self, Interface};
use vpp_stats::{Count, Reading, Stats};

/// What the VPP behind a statistics socket counts.
#[derive(Clone, Debug)]
pub struct Telemetry(Stats);

impl Telemetry {
    /// Of the VPP that hands out its statistics at this socket.
    pub fn at(socket: impl Into<PathBuf>) -> Telemetry {
        Telemetry(Stats::at(socket))
    }
    /// Reads, in a thread where that holds up nobody.
    async fn read(&self, wanted: fn(&str) -> bool) -> Result<Reading, String> {
        let stats = self.0.clone();
        let reading = tokio::task::spawn_blocking(move || stats.read(wanted)).await;
        match reading {
            Ok(reading) => reading.map_err(|error| error.to_string()),
            Err(error) => Err(format!("reading VPP's statistics ended early: {error}")),
        }
    }
    /// What all interfaces have counted.
    ///
    /// # Errors
    /// A sentence that says why there are no statistics.
    pub async fn interfaces(&self) -> Result<Vec<Interface>, String> {
        Ok(interfaces::interfaces(&self.read(interfaces::wanted).await?))
    }
    /// What belongs to one of [`PATHS`], in the reference's shape.
    ///
    /// # Errors
    /// A sentence that says why VPP does not tell it.
    pub async fn rest(&self, path: &str) -> Result<serde_json::Value, String> {
        rest::answer(path, &self.read(rest::wanted).await?)
    }
    /// The gauges of these groups, for Prometheus.
    ///
    /// # Errors
    /// A sentence that says why there are no statistics.
    pub async fn gauges(&self, groups: &[Group]) -> Result<Vec<Gauge>, String> {
        let reading = self.read(gauges::wanted).await?;
        Ok(gauges::gauges(&reading, groups))
    }
}

/// The counters that belong to the state of an interface.
pub fn statistics(i: &Interface) -> Statistics {
    Statistics {
        in_packets: i.rx.packets,
        in_bytes: i.rx.bytes,
        out_packets: i.tx.packets,
        out_bytes: i.tx.bytes,
        drop_packets: i.drops,
        punt_packets: i.punts,
        ipv4_packets: i.ip4,
        ipv6_packets: i.ip6,
        in_nobuf_packets: i.rx_no_buf,
        in_miss_packets: i.rx_miss,
        in_error_packets: i.rx_error,
        out_error_packets: i.tx_error,
    }
}

/// All counters of an interface that is to be known by this name.
pub fn interface_stats(i: &Interface, name: String) -> InterfaceStats {
    let both = |count: Count| Some(CombinedCounter { packets: count.packets, bytes: count.bytes });
    InterfaceStats {
        name,
        rx: both(i.rx),
        tx: both(i.tx),
        rx_unicast: both(i.rx_unicast),
        rx_multicast: both(i.rx_multicast),
        rx_broadcast: both(i.rx_broadcast),
        tx_unicast: both(i.tx_unicast),
        tx_multicast: both(i.tx_multicast),
        tx_broadcast: both(i.tx_broadcast),
        rx_error: i.rx_error,
        tx_error: i.tx_error,
        rx_no_buf: i.rx_no_buf,
        rx_miss: i.rx_miss,
        drops: i.drops,
        punts: i.punts,
        ip4: i.ip4,
        ip6: i.ip6,
        mpls: i.mpls,
    }
}
