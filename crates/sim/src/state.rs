//! What VPP knows.

use crate::config::SimConfig;
use crate::machine::Machine;
use crate::session::Shared;
use crate::stats::Counters;
use crate::tables::acl::Acls;
use crate::tables::address::Subnets;
use crate::tables::afpacket::AfPackets;
use crate::tables::arp::ProxyArps;
use crate::tables::bond::Bonds;
use crate::tables::bridge_domain::BridgeDomains;
use crate::tables::card::Cards;
use crate::tables::dhcp::DhcpProxies;
use crate::tables::interface::Interfaces;
use crate::tables::l2fib::L2Fib;
use crate::tables::l3xc::L3XConnects;
use crate::tables::loopback::Instances;
use crate::tables::memif::Memifs;
use crate::tables::neighbour::Neighbours;
use crate::tables::route::Fib;
use crate::tables::span::Spans;
use crate::tables::tap::Taps;
use crate::tables::teib::Teib;
use crate::tables::tunnel::Tunnels;
use crate::tables::vrrp::Routers;
use crate::tables::xconnect::XConnects;
use binapi::addr::MacAddress;
use binapi::interface::SwInterfaceEvent;
use binapi::types::IfStatusFlags;
use std::collections::BTreeMap;
use std::sync::Weak;

/// Everything that a restart loses, and the machine, which stays.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) release: String,
    pub(crate) runtime_dir: String,
    /// What `control_ping` and `show_threads` tell; another one after every start.
    pub(crate) pid: u32,
    /// The client index of the request at hand.
    pub(crate) caller: u32,
    pub(crate) machine: Machine,
    pub(crate) interfaces: Interfaces,
    pub(crate) loopbacks: Instances,
    pub(crate) subnets: Subnets,
    pub(crate) fib: Fib,
    pub(crate) bridge_domains: BridgeDomains,
    pub(crate) l2fib: L2Fib,
    pub(crate) memifs: Memifs,
    pub(crate) afpackets: AfPackets,
    pub(crate) taps: Taps,
    pub(crate) bonds: Bonds,
    pub(crate) cards: Cards,
    pub(crate) xconnects: XConnects,
    pub(crate) neighbours: Neighbours,
    pub(crate) teib: Teib,
    pub(crate) acls: Acls,
    pub(crate) tunnels: Tunnels,
    pub(crate) spans: Spans,
    pub(crate) l3xconnects: L3XConnects,
    pub(crate) routers: Routers,
    pub(crate) dhcp_proxies: DhcpProxies,
    pub(crate) proxy_arps: ProxyArps,
    /// Clients that want interface events, with the process id they gave.
    pub(crate) subscribers: BTreeMap<u32, u32>,
    /// Events not sent yet.
    pub(crate) events: Vec<SwInterfaceEvent>,
    /// Events for single clients, not sent yet: the client, the message and its fields.
    pub(crate) told: Vec<(u32, &'static str, Vec<u8>)>,
    pub(crate) dhcp: crate::tables::dhcp_client::Clients,
    pub(crate) queues: crate::tables::queues::Queues,
    /// What it counts, if anybody may look at it.
    pub(crate) counters: Option<Counters>,
    pub(crate) workers: usize,
    /// Where packets come in.
    pub(crate) shared: Weak<Shared>,
}

impl State {
    /// VPP just started.
    pub(crate) fn new(config: &SimConfig, pid: u32, machine: Machine) -> Self {
        let mut state = State {
            release: config.release.clone(),
            runtime_dir: config.runtime_dir.clone(),
            pid,
            caller: 0,
            machine,
            interfaces: Interfaces::default(),
            loopbacks: Instances::default(),
            subnets: Subnets::default(),
            fib: Fib::default(),
            bridge_domains: BridgeDomains::default(),
            l2fib: L2Fib::default(),
            memifs: Memifs::new(&config.runtime_dir),
            afpackets: AfPackets::default(),
            taps: Taps::default(),
            bonds: Bonds::default(),
            cards: Cards::default(),
            xconnects: XConnects::default(),
            neighbours: Neighbours::default(),
            teib: Teib::default(),
            acls: Acls::default(),
            tunnels: Tunnels::default(),
            spans: Spans::default(),
            l3xconnects: L3XConnects::default(),
            routers: Routers::default(),
            dhcp_proxies: DhcpProxies::default(),
            proxy_arps: ProxyArps::default(),
            subscribers: BTreeMap::new(),
            events: Vec::new(),
            told: Vec::new(),
            dhcp: Default::default(),
            queues: Default::default(),
            counters: None,
            workers: config.workers,
            shared: Weak::new(),
        };
        state.find_cards();
        if config.stats_socket.is_some() {
            match Counters::new(config.workers + 1, config.per_node_counters, &config.release) {
                Ok(counters) => state.counters = Some(counters),
                Err(error) => tracing::error!(%error, "the simulated VPP has no memory for its statistics"),
            }
            let interfaces: Vec<_> = state.interfaces.iter().map(|(at, i)| (at, i.name.clone())).collect();
            interfaces.iter().for_each(|(at, name)| state.count(|all| all.add_interface(*at, name)));
        }
        state
    }

    /// Changes what is counted, if it is.
    pub(crate) fn count(&mut self, change: impl FnOnce(&mut Counters) -> std::io::Result<()>) {
        if let Some(Err(error)) = self.counters.as_mut().map(change) {
            tracing::error!(%error, "the statistics of the simulated VPP cannot be changed");
        }
    }

    /// Whether it is this release or a later one: their names sort as they came.
    pub(crate) fn is_at_least(&self, release: &str) -> bool {
        self.release.as_str() >= release
    }

    /// A MAC as VPP chooses them, but the same after every start.
    pub(crate) fn random_mac(&mut self) -> MacAddress {
        let [a, b, c, d] = self.memifs.random().to_be_bytes();
        MacAddress([0x02, 0xfe, a, b, c, d])
    }

    /// Notes an event for all who want it.
    pub(crate) fn interface_event(&mut self, sw_if_index: u32, flags: IfStatusFlags, deleted: bool) {
        self.events.push(SwInterfaceEvent { pid: 0, sw_if_index, flags, deleted });
    }
}
