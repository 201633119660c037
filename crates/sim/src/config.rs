//! What a simulated VPP is started with.

use crate::machine::Machine;
use std::path::PathBuf;

/// What a simulated VPP is started with.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// The release whose message table it serves and whose version it reports, one of
    /// [`binapi::release::RELEASES`].
    pub release: String,
    /// Plugins that are not loaded, by the module of their messages (`memif`): their messages are not in the table.
    pub no_plugins: Vec<String>,
    /// How many requests [`crate::Sim::log`] keeps; the oldest fall out. 0 keeps none.
    pub log: usize,
    /// The directory that relative memif socket names are put under, as VPP's `runtime-dir`.
    pub runtime_dir: String,
    /// The process id it tells first; after every restart it is one more. Default: that of this process.
    pub pid: u32,
    /// Where it hands out its statistics; `None`, the default, is nowhere, and then it has none.
    pub stats_socket: Option<PathBuf>,
    /// Worker threads besides the main one, as far as statistics and `show_threads` go.
    pub workers: usize,
    /// Count the work of every node, as with `statseg { per-node-counters on }`.
    pub per_node_counters: bool,
    /// The machine it runs on.
    pub machine: Machine,
}

/// The newest release with all plugins.
impl Default for SimConfig {
    fn default() -> Self {
        SimConfig {
            release: binapi::release::RELEASES.last().copied().unwrap_or_default().to_owned(),
            no_plugins: Vec::new(),
            log: 10_000,
            runtime_dir: "/run/vpp".to_owned(),
            pid: std::process::id(),
            stats_socket: None,
            workers: 0,
            per_node_counters: false,
            machine: Machine::default(),
        }
    }
}
