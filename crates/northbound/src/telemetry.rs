//! What a southbound counts, for whoever asks.

use std::sync::Arc;

use futures::future::BoxFuture;
use model::proto::ligato::vpp::interfaces::InterfaceStats;

use crate::interfaces::Interfaces;

/// What a southbound counts, read when it is asked for. The shapes are made by whoever hands this in.
pub trait Telemetry: Send + Sync + 'static {
    /// All counters of all interfaces, in the order of their numbers; the error says why there are none.
    fn interfaces(&self) -> BoxFuture<'static, Result<Vec<InterfaceStats>, String>>;
    /// What Prometheus is told; nothing if there are no statistics.
    fn gauges(&self) -> BoxFuture<'static, Vec<Gauge>>;
}

/// One gauge with its samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// Its name.
    pub name: String,
    /// What it tells.
    pub help: &'static str,
    /// Labels and values.
    pub samples: Vec<(Vec<(&'static str, String)>, f64)>,
}

/// What is observed of VPP besides what is configured there.
#[derive(Clone)]
pub struct Observed {
    /// States of interfaces.
    pub interfaces: Interfaces,
    /// What VPP counts, if that is to be told.
    pub telemetry: Option<Arc<dyn Telemetry>>,
}
