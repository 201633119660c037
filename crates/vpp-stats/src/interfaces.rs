//! Counters of interfaces.

use crate::reading::{Count, Reading};

/// What one interface has counted, on all threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// VPP's index (`sw_if_index`).
    pub index: u32,
    /// VPP's own name.
    pub name: String,
    /// All that arrived.
    pub rx: Count,
    /// Arrived for one receiver.
    pub rx_unicast: Count,
    /// Arrived for a group.
    pub rx_multicast: Count,
    /// Arrived for all.
    pub rx_broadcast: Count,
    /// All that left.
    pub tx: Count,
    /// Left for one receiver.
    pub tx_unicast: Count,
    /// Left for a group.
    pub tx_multicast: Count,
    /// Left for all.
    pub tx_broadcast: Count,
    /// Packets dropped on their way.
    pub drops: u64,
    /// Packets handed to the host.
    pub punts: u64,
    /// IPv4 packets.
    pub ip4: u64,
    /// IPv6 packets.
    pub ip6: u64,
    /// MPLS packets.
    pub mpls: u64,
    /// Packets lost for want of a buffer.
    pub rx_no_buf: u64,
    /// Packets lost before VPP saw them.
    pub rx_miss: u64,
    /// Packets that arrived with an error.
    pub rx_error: u64,
    /// Packets that could not be sent.
    pub tx_error: u64,
}

/// What one entry counts, and where it goes.
enum Counter {
    Count(&'static str, fn(&mut Interface) -> &mut Count),
    Number(&'static str, fn(&mut Interface) -> &mut u64),
}

const COUNTERS: &[Counter] = &[
    Counter::Count("/if/rx", |i| &mut i.rx),
    Counter::Count("/if/rx-unicast", |i| &mut i.rx_unicast),
    Counter::Count("/if/rx-multicast", |i| &mut i.rx_multicast),
    Counter::Count("/if/rx-broadcast", |i| &mut i.rx_broadcast),
    Counter::Count("/if/tx", |i| &mut i.tx),
    Counter::Count("/if/tx-unicast", |i| &mut i.tx_unicast),
    Counter::Count("/if/tx-multicast", |i| &mut i.tx_multicast),
    Counter::Count("/if/tx-broadcast", |i| &mut i.tx_broadcast),
    Counter::Number("/if/drops", |i| &mut i.drops),
    Counter::Number("/if/punt", |i| &mut i.punts),
    Counter::Number("/if/ip4", |i| &mut i.ip4),
    Counter::Number("/if/ip6", |i| &mut i.ip6),
    Counter::Number("/if/mpls", |i| &mut i.mpls),
    Counter::Number("/if/rx-no-buf", |i| &mut i.rx_no_buf),
    Counter::Number("/if/rx-miss", |i| &mut i.rx_miss),
    Counter::Number("/if/rx-error", |i| &mut i.rx_error),
    Counter::Number("/if/tx-error", |i| &mut i.tx_error),
];

const NAMES: &str = "/if/names";
/// There is a link with such a name for every interface as long as it exists. Names and counters stay behind.
const LINKS: &str = "/interfaces/";
const LINKED: &str = "/rx";

/// Is the entry needed for [`interfaces`]?
pub fn wanted(name: &str) -> bool {
    name.starts_with("/if/") || name.starts_with(LINKS) && name.ends_with(LINKED)
}

/// The interfaces that exist, by index.
pub fn interfaces(reading: &Reading) -> Vec<Interface> {
    let names = reading.names(NAMES).unwrap_or_default();
    let links = reading.links(LINKS).filter(|(name, link)| name.ends_with(LINKED) && link.to == "/if/rx");
    let mut indices: Vec<u32> = links.map(|(_, link)| link.index).collect();
    indices.sort_unstable();
    indices.dedup();
    let named = indices.into_iter().filter_map(|index| {
        let name = names.get(index as usize).filter(|name| !name.is_empty())?.clone();
        Some(Interface { index, name, ..Interface::default() })
    });
    let mut interfaces: Vec<Interface> = named.collect();
    for counter in COUNTERS {
        match counter {
            Counter::Count(name, field) => fill(&mut interfaces, &reading.counts(name), *field),
            Counter::Number(name, field) => fill(&mut interfaces, &reading.sums(name), *field),
        }
    }
    interfaces
}

fn fill<T: Copy>(interfaces: &mut [Interface], values: &[T], field: fn(&mut Interface) -> &mut T) {
    for interface in interfaces {
        if let Some(value) = values.get(interface.index as usize) {
            *field(interface) = *value;
        }
    }
}
