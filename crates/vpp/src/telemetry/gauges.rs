//! VPP's counters as gauges of Prometheus, by the reference's names.

use super::rest::per_call;
use vpp_stats::interfaces::{self, Interface};
use vpp_stats::{Reading, nodes, pools};

/// Gauges that belong together, as `skipped` of `telemetry.conf` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The work of nodes, if VPP counts it.
    Runtime,
    /// Heaps.
    Memory,
    /// Packet buffers.
    Buffers,
    /// What nodes have counted.
    Nodes,
    /// Interfaces.
    Interfaces,
}

impl Group {
    /// All groups.
    pub const ALL: [Group; 5] =
        [Group::Runtime, Group::Memory, Group::Buffers, Group::Nodes, Group::Interfaces];
    /// How it is called.
    pub fn name(self) -> &'static str {
        match self {
            Group::Runtime => "runtime",
            Group::Memory => "memory",
            Group::Buffers => "buffers",
            Group::Nodes => "nodes",
            Group::Interfaces => "interfaces",
        }
    }
}

/// Labels of a sample.
pub type Labels = Vec<(&'static str, String)>;

/// One gauge with its samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// Its name.
    pub name: String,
    /// What it tells.
    pub help: &'static str,
    /// Labels and values.
    pub samples: Vec<(Labels, f64)>,
}

/// Is the entry needed for any gauge?
pub fn wanted(name: &str) -> bool {
    let by_group = [
        interfaces::wanted,
        nodes::counters_wanted,
        nodes::runtime_wanted,
        pools::buffers_wanted,
        pools::heaps_wanted,
    ];
    by_group.iter().any(|wanted| wanted(name))
}

/// The gauges of these groups. What is there in thousands and has not happened yet is left out.
pub fn gauges(reading: &Reading, groups: &[Group]) -> Vec<Gauge> {
    let mut gauges = Vec::new();
    for group in groups {
        match group {
            Group::Runtime => runtime(reading, &mut gauges),
            Group::Memory => memory(reading, &mut gauges),
            Group::Buffers => buffers(reading, &mut gauges),
            Group::Nodes => counters(reading, &mut gauges),
            Group::Interfaces => of_interfaces(reading, &mut gauges),
        }
    }
    let help = "Entries of VPP's statistics whose type is not known to this agent.";
    let unknown = vec![(Vec::new(), reading.unknown as f64)];
    gauges.push(Gauge { name: "vpp_agent_unknown_statistics".to_owned(), help, samples: unknown });
    gauges
}

/// Name, help, and how the value is read from an item.
type Column<T> = (&'static str, &'static str, fn(&T) -> f64);

/// One gauge for each column, with one sample for each item.
fn table<T>(
    start: &str,
    items: &[T],
    labels: impl Fn(&T) -> Labels,
    columns: &[Column<T>],
    out: &mut Vec<Gauge>,
) {
    out.extend(columns.iter().map(|(name, help, value)| Gauge {
        name: format!("{start}{name}"),
        help,
        samples: items.iter().map(|item| (labels(item), value(item))).collect(),
    }));
}

fn runtime(reading: &Reading, out: &mut Vec<Gauge>) {
    let mut nodes = nodes::runtime(reading).unwrap_or_default();
    nodes.retain(|node| node.calls > 0 || node.suspends > 0);
    let labels = |node: &nodes::NodeRuntime| {
        vec![("item", node.name.clone()), ("thread", "ALL".to_owned()), ("threadID", "0".to_owned())]
    };
    let columns: &[Column<nodes::NodeRuntime>] = &[
        ("calls", "How often a node was called.", |n| n.calls as f64),
        ("vectors", "Packets that a node was given.", |n| n.vectors as f64),
        ("suspends", "How often a node paused.", |n| n.suspends as f64),
        ("clocks", "CPU cycles that a node took.", |n| n.clocks as f64),
        ("vectors_per_call", "Packets per call of a node.", |n| per_call(n.vectors, n.calls)),
    ];
    table("vpp_runtime_", &nodes, labels, columns, out);
}

fn memory(reading: &Reading, out: &mut Vec<Gauge>) {
    let heaps: Vec<_> = pools::heaps(reading).into_iter().enumerate().collect();
    let labels =
        |(id, heap): &(usize, pools::Heap)| vec![("thread", heap.name.clone()), ("threadID", id.to_string())];
    let columns: &[Column<(usize, pools::Heap)>] = &[
        ("used", "Bytes of a heap that are given out.", |(_, h)| h.used as f64),
        ("total", "Bytes of a heap.", |(_, h)| h.total as f64),
        ("free", "Bytes of a heap that are not given out.", |(_, h)| h.free as f64),
        ("trimmable", "Bytes of a heap that could be given back to the system.", |(_, h)| {
            h.releasable as f64
        }),
        ("free_chunks", "Pieces of a heap that are not given out.", |(_, h)| h.free_chunks as f64),
        ("max_total_allocated", "The most bytes that a heap ever had.", |(_, h)| h.most as f64),
        ("size", "Bytes of a heap.", |(_, h)| h.total as f64),
    ];
    table("vpp_memory_", &heaps, labels, columns, out);
}

fn buffers(reading: &Reading, out: &mut Vec<Gauge>) {
    let pools: Vec<_> = pools::buffers(reading).into_iter().enumerate().collect();
    let labels = |(index, pool): &(usize, pools::BufferPool)| {
        vec![("threadID", "0".to_owned()), ("item", pool.name.clone()), ("index", index.to_string())]
    };
    let columns: &[Column<(usize, pools::BufferPool)>] = &[
        ("alloc", "Packet buffers with a packet.", |(_, p)| p.used as f64),
        ("free", "Packet buffers that are free.", |(_, p)| p.available as f64),
        ("num_alloc", "Packet buffers with a packet.", |(_, p)| p.used as f64),
        ("num_free", "Packet buffers that are free.", |(_, p)| p.available as f64),
    ];
    table("vpp_buffers_", &pools, labels, columns, out);
}

fn counters(reading: &Reading, out: &mut Vec<Gauge>) {
    let mut counters = nodes::counters(reading);
    counters.retain(|counter| counter.value > 0);
    let labels = |c: &nodes::NodeCounter| vec![("item", c.node.clone()), ("reason", c.reason.clone())];
    let columns: &[Column<nodes::NodeCounter>] =
        &[("counter", "How often a node did something that is worth counting.", |c| c.value as f64)];
    table("vpp_nodes_", &counters, labels, columns, out);
}

fn of_interfaces(reading: &Reading, out: &mut Vec<Gauge>) {
    let interfaces = interfaces::interfaces(reading);
    let labels = |i: &Interface| vec![("name", i.name.clone()), ("index", i.index.to_string())];
    let columns: &[Column<Interface>] = &[
        ("rx_packets", "Packets that arrived.", |i| i.rx.packets as f64),
        ("rx_bytes", "Bytes that arrived.", |i| i.rx.bytes as f64),
        ("rx_errors", "Packets that arrived with an error.", |i| i.rx_error as f64),
        ("tx_packets", "Packets that left.", |i| i.tx.packets as f64),
        ("tx_bytes", "Bytes that left.", |i| i.tx.bytes as f64),
        ("tx_errors", "Packets that could not be sent.", |i| i.tx_error as f64),
        ("drops", "Packets dropped on their way.", |i| i.drops as f64),
        ("punts", "Packets handed to the host.", |i| i.punts as f64),
        ("ip4", "IPv4 packets.", |i| i.ip4 as f64),
        ("ip6", "IPv6 packets.", |i| i.ip6 as f64),
        ("rx_no_buf", "Packets lost for want of a buffer.", |i| i.rx_no_buf as f64),
        ("rx_miss", "Packets lost before VPP saw them.", |i| i.rx_miss as f64),
    ];
    table("vpp_interfaces_", &interfaces, labels, columns, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::Telemetry;
    use sim::{Sim, SimConfig};
    use testkit::target::Dir;

    fn value(gauges: &[Gauge], name: &str, label: &str) -> Option<f64> {
        let gauge = gauges.iter().find(|gauge| gauge.name == name)?;
        let labelled = |(labels, _): &&(Labels, f64)| labels.iter().any(|(_, value)| value == label);
        gauge.samples.iter().find(labelled).map(|(_, value)| *value)
    }

    async fn counted(per_node_counters: bool) -> (Vec<Gauge>, Telemetry, Sim, Dir) {
        let dir = Dir::new();
        let socket = dir.path().join("stats.sock");
        let config =
            SimConfig { stats_socket: Some(socket.clone()), per_node_counters, ..SimConfig::default() };
        let sim = Sim::spawn(dir.path().join("api.sock"), config).unwrap();
        let loop0 = sim.cli_create_loopback().unwrap();
        sim.count(&loop0, "/if/rx", 0, 5, 300).unwrap();
        sim.count_node("ip4-input", "ip4 ttl <= 1", 0, 4);
        sim.add_statistic(200, 0, "/later");
        let telemetry = Telemetry::at(socket);
        (telemetry.gauges(&Group::ALL).await.unwrap(), telemetry, sim, dir)
    }

    #[tokio::test]
    async fn gauges_tell_what_vpp_counts() {
        let (gauges, telemetry, _sim, _dir) = counted(false).await;
        assert_eq!(value(&gauges, "vpp_interfaces_rx_bytes", "loop0"), Some(300.0));
        assert_eq!(value(&gauges, "vpp_nodes_counter", "ip4-input"), Some(4.0));
        assert_eq!(value(&gauges, "vpp_nodes_counter", "null-node"), None, "it has counted nothing");
        assert_eq!(value(&gauges, "vpp_buffers_free", "default-numa-0"), Some(16_800.0));
        assert_eq!(value(&gauges, "vpp_memory_used", "main heap"), Some(90_000_000.0));
        assert!(
            gauges.iter().all(|gauge| !gauge.name.starts_with("vpp_runtime_") || gauge.samples.is_empty())
        );
        let unknown = gauges.iter().find(|gauge| gauge.name == "vpp_agent_unknown_statistics").unwrap();
        assert_eq!(unknown.samples[0].1, 1.0);
        let few = telemetry.gauges(&[Group::Buffers]).await.unwrap();
        assert!(few.iter().all(|gauge| !gauge.name.starts_with("vpp_interfaces_")));
    }

    #[tokio::test]
    async fn paths_tell_what_vpp_counts_or_that_it_does_not() {
        let (_, telemetry, _sim, _dir) = counted(false).await;
        let memory = telemetry.rest("/vpp/telemetry/memory").await.unwrap();
        assert_eq!(memory["threads"][0]["name"], "main heap");
        let counters = telemetry.rest("/vpp/telemetry/nodecount").await.unwrap();
        let counters = counters["counters"].as_array().unwrap().clone();
        assert!(
            counters.contains(&serde_json::json!({"value": 4, "node": "ip4-input", "name": "ip4 ttl <= 1"}))
        );
        let error = telemetry.rest("/vpp/telemetry/runtime").await.unwrap_err();
        assert!(error.contains("per-node-counters on"), "{error}");
        let (_, telemetry, _sim, _dir) = counted(true).await;
        let runtime = telemetry.rest("/vpp/telemetry/runtime").await.unwrap();
        assert_eq!(runtime["threads"][0]["name"], "ALL");
    }

    #[tokio::test]
    async fn without_a_vpp_there_is_a_reason() {
        let error = Telemetry::at("/nowhere/stats.sock").gauges(&Group::ALL).await.unwrap_err();
        assert!(error.contains("/nowhere/stats.sock") && error.contains("no such socket"), "{error}");
    }
}
