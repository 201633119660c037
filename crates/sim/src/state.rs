//! What VPP knows.

use crate::config::SimConfig;
use crate::tables::address::Subnets;
use crate::tables::bridge_domain::BridgeDomains;
use crate::tables::interface::Interfaces;
use crate::tables::l2fib::L2Fib;
use crate::tables::loopback::Instances;
use crate::tables::memif::Memifs;
use crate::tables::route::Fib;
use crate::tables::xconnect::XConnects;
use binapi::interface::SwInterfaceEvent;
use binapi::types::IfStatusFlags;
use std::collections::BTreeMap;

/// Everything that a restart loses.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) release: String,
    pub(crate) runtime_dir: String,
    /// What `control_ping` and `show_threads` tell; another one after every start.
    pub(crate) pid: u32,
    /// The client index of the request at hand.
    pub(crate) caller: u32,
    pub(crate) interfaces: Interfaces,
    pub(crate) loopbacks: Instances,
    pub(crate) subnets: Subnets,
    pub(crate) fib: Fib,
    pub(crate) bridge_domains: BridgeDomains,
    pub(crate) l2fib: L2Fib,
    pub(crate) memifs: Memifs,
    pub(crate) xconnects: XConnects,
    /// Clients that want interface events, with the process id they gave.
    pub(crate) subscribers: BTreeMap<u32, u32>,
    /// Events not sent yet.
    pub(crate) events: Vec<SwInterfaceEvent>,
}

impl State {
    /// VPP just started.
    pub(crate) fn new(config: &SimConfig, pid: u32) -> Self {
        State {
            release: config.release.clone(),
            runtime_dir: config.runtime_dir.clone(),
            pid,
            caller: 0,
            interfaces: Interfaces::default(),
            loopbacks: Instances::default(),
            subnets: Subnets::default(),
            fib: Fib::default(),
            bridge_domains: BridgeDomains::default(),
            l2fib: L2Fib::default(),
            memifs: Memifs::new(&config.runtime_dir),
            xconnects: XConnects::default(),
            subscribers: BTreeMap::new(),
            events: Vec::new(),
        }
    }

    /// Notes an event for all who want it.
    pub(crate) fn interface_event(&mut self, sw_if_index: u32, flags: IfStatusFlags, deleted: bool) {
        self.events.push(SwInterfaceEvent { pid: 0, sw_if_index, flags, deleted });
    }
}
