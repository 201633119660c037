//! Counters of the nodes of VPP's packet graph.

use crate::reading::Reading;
use std::collections::HashSet;

/// How often a node did something with a packet that is worth counting, on all threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeCounter {
    /// The node.
    pub node: String,
    /// What it did, in VPP's words.
    pub reason: String,
    /// How often.
    pub value: u64,
}

/// How much a node has worked, on all threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeRuntime {
    /// Its index.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// How often it was called.
    pub calls: u64,
    /// Packets that it was given.
    pub vectors: u64,
    /// How often it paused.
    pub suspends: u64,
    /// CPU cycles that it took.
    pub clocks: u64,
}

const COUNTERS: &str = "/err/";
const SUMS: &str = "/node/errors";
const INTERFACES: &str = "/if/names";
const NAMES: &str = "/sys/node/names";

/// Is the entry needed for [`counters`]?
pub fn counters_wanted(name: &str) -> bool {
    name.starts_with(COUNTERS) || name == SUMS || name == INTERFACES
}

/// Is the entry needed for [`runtime`]?
pub fn runtime_wanted(name: &str) -> bool {
    name.starts_with("/sys/node/")
}

/// What nodes have counted, by node and reason.
pub fn counters(reading: &Reading) -> Vec<NodeCounter> {
    let sums = reading.sums(SUMS);
    let interfaces = reading.names(INTERFACES).unwrap_or_default();
    let interfaces = interfaces.iter().map(String::as_str).filter(|name| name.contains('/')).collect();
    let counters = reading.links(COUNTERS).filter(|(_, link)| link.to == SUMS).filter_map(|(name, link)| {
        let (node, reason) = node_and_reason(name, &interfaces)?;
        let value = sums.get(link.index as usize).copied().unwrap_or_default();
        Some(NodeCounter { node: node.to_owned(), reason: reason.to_owned(), value })
    });
    counters.collect()
}

/// Both may hold a slash; that of a node comes from the name of an interface, after which a dash follows.
fn node_and_reason<'n>(name: &'n str, interfaces: &HashSet<&str>) -> Option<(&'n str, &'n str)> {
    let mut dashes = name.match_indices('-').map(|(at, _)| at);
    let of_interface = dashes.find(|&at| name.get(..at).is_some_and(|start| interfaces.contains(start)));
    let from = of_interface.unwrap_or_default();
    let slash = from + name.get(from..)?.find('/')?;
    Some((name.get(..slash)?, name.get(slash + 1..)?))
}

/// How much each node has worked; `None` if VPP does not count that, which it does only when told to
/// (`statseg { per-node-counters on }`).
pub fn runtime(reading: &Reading) -> Option<Vec<NodeRuntime>> {
    let names = reading.names(NAMES)?;
    let [calls, vectors, suspends, clocks] =
        ["calls", "vectors", "suspends", "clocks"].map(|what| reading.sums(&format!("/sys/node/{what}")));
    let at = |sums: &[u64], index: usize| sums.get(index).copied().unwrap_or_default();
    let named = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let nodes = named.map(|(index, name)| NodeRuntime {
        index: index as u32,
        name: name.clone(),
        calls: at(&calls, index),
        vectors: at(&vectors, index),
        suspends: at(&suspends, index),
        clocks: at(&clocks, index),
    });
    Some(nodes.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_of_nodes_are_told_from_those_of_reasons() {
        let interfaces = HashSet::from(["memif1/1001", "memif1/1", "GigabitEthernet0/8/0"]);
        for (name, node, reason) in [
            ("ipsec-input-ip4/IPSEC pkts received", "ipsec-input-ip4", "IPSEC pkts received"),
            ("tcp6-input/inconsistent ip/tcp lengths", "tcp6-input", "inconsistent ip/tcp lengths"),
            ("memif1/1001-output/interface is down", "memif1/1001-output", "interface is down"),
            (
                "memif1/1001-output/Unrecognized / unknown chunk",
                "memif1/1001-output",
                "Unrecognized / unknown chunk",
            ),
            ("GigabitEthernet0/8/0-tx/no buffers", "GigabitEthernet0/8/0-tx", "no buffers"),
            ("loop0-output/a/b", "loop0-output", "a/b"),
        ] {
            assert_eq!(node_and_reason(name, &interfaces), Some((node, reason)));
        }
        assert_eq!(node_and_reason("nothing", &interfaces), None);
    }
}
