//! What the simulated VPP counts. Nothing passes through it, so counters stand still until somebody moves them.

use super::segment::{COMBINED, LINK, NAMES, SCALAR, SIMPLE, Segment, Vector};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Result;

/// Counters of interfaces.
const PACKETS: &[&str] =
    &["drops", "punt", "ip4", "ip6", "rx-no-buf", "rx-miss", "rx-error", "tx-error", "mpls"];
/// Those that count bytes as well.
const PACKETS_AND_BYTES: &[&str] =
    &["rx", "rx-unicast", "rx-multicast", "rx-broadcast", "tx", "tx-unicast", "tx-multicast", "tx-broadcast"];
/// Some nodes of the packet graph, with what they count.
const NODES: &[(&str, &str)] = &[
    ("null-node", "blackholed packets"),
    ("ethernet-input", "unknown ethernet type"),
    ("ip4-input", "ip4 ttl <= 1"),
    ("tcp6-input", "inconsistent ip/tcp lengths"),
];
const WORK: [&str; 4] = ["clocks", "vectors", "calls", "suspends"];
/// A heap: taken from the system, given out, free, mapped, most, pieces, releasable.
const HEAPS: &[(&str, [u64; 7])] = &[
    ("stat segment", [33_550_304, 1_200_000, 32_350_304, 0, 33_550_304, 12, 32_000_000]),
    ("main heap", [1_073_741_776, 90_000_000, 983_741_776, 0, 1_073_741_776, 80, 983_000_000]),
];
const BUFFERS: [(&str, u64); 3] = [("cached", 0), ("used", 0), ("available", 16_800)];

/// Numbers by thread and index.
#[derive(Debug)]
struct Counter {
    entry: u32,
    threads: Vec<Vector>,
    outer: Vector,
}

/// Names by index.
#[derive(Debug)]
struct Names {
    entry: u32,
    vector: Vector,
}

/// The counters of one life of VPP, in a segment.
#[derive(Debug)]
pub(crate) struct Counters {
    segment: Segment,
    counters: BTreeMap<String, Counter>,
    scalars: HashMap<String, u32>,
    names: Option<Names>,
    /// Links of each interface.
    links: HashMap<u32, Vec<u32>>,
    /// Index of what a node counts.
    reasons: HashMap<String, u64>,
    threads: u64,
    /// The name of an interface does not outlive it.
    forgets_names: bool,
}

impl Counters {
    /// `threads` of VPP, the main one included. `nodes` has the work of every node counted.
    pub(crate) fn new(threads: usize, nodes: bool, release: &str) -> Result<Counters> {
        let mut counters = Counters {
            segment: Segment::new()?,
            counters: BTreeMap::new(),
            scalars: HashMap::new(),
            names: None,
            links: HashMap::new(),
            reasons: HashMap::new(),
            threads: threads as u64,
            // 23.06 leaves the name, 26.06 writes `deleted`.
            forgets_names: release != "23.06",
        };
        for name in ["heartbeat", "last_stats_clear", "boottime", "vector_rate", "num_worker_threads"] {
            counters.set_scalar(&format!("/sys/{name}"), 0)?;
        }
        counters.set_scalar("/sys/num_worker_threads", threads as u64 - 1)?;
        for (what, count) in BUFFERS {
            counters.set_scalar(&format!("/buffer-pools/default-numa-0/{what}"), count)?;
        }
        for (heap, numbers) in HEAPS {
            let name = format!("/mem/{heap}");
            counters.reach(&name, 8, 1, numbers.len() as u64)?;
            for (index, number) in (0..).zip(numbers) {
                counters.add_to(&name, 0, index, &[*number])?;
            }
            counters.link(&name, 1, &format!("{name}/used"))?;
        }
        for (node, reason) in NODES {
            counters.count_node(node, reason, 0, 0)?;
        }
        if nodes {
            let threads = counters.threads;
            let names = NODES.iter().map(|(node, _)| *node);
            counters.segment.change(|segment| name_all(segment, "/sys/node/names", names))?;
            for what in WORK {
                counters.reach(&format!("/sys/node/{what}"), 8, threads, NODES.len() as u64)?;
            }
        }
        for name in PACKETS {
            counters.reach(&format!("/if/{name}"), 8, threads as u64, 1)?;
        }
        for name in PACKETS_AND_BYTES {
            counters.reach(&format!("/if/{name}"), 16, threads as u64, 1)?;
        }
        Ok(counters)
    }
    /// The memory that clients are given.
    pub(crate) fn memory(&self) -> &File {
        self.segment.memory()
    }
    /// A single number.
    pub(crate) fn set_scalar(&mut self, name: &str, value: u64) -> Result<()> {
        if let Some(entry) = self.scalars.get(name) {
            return self.segment.set_value(*entry, value);
        }
        let scalars = &mut self.scalars;
        self.segment.change(|segment| {
            scalars.insert(name.to_owned(), segment.entry(SCALAR, value, name)?);
            Ok(())
        })
    }
    /// An entry of any type, with nothing behind it.
    pub(crate) fn add_entry(&mut self, kind: u32, value: u64, name: &str) -> Result<()> {
        self.segment.change(|segment| segment.entry(kind, value, name).map(drop))
    }
    /// Adds to a counter of an interface.
    pub(crate) fn count(
        &self,
        name: &str,
        thread: u64,
        sw_if_index: u32,
        packets: u64,
        bytes: u64,
    ) -> Result<()> {
        let bytes_too = PACKETS_AND_BYTES.iter().any(|counter| name.strip_prefix("/if/") == Some(counter));
        let both = [packets, bytes];
        let add = if bytes_too { &both[..] } else { &both[..1] };
        self.add_to(name, thread, u64::from(sw_if_index), add)
    }
    /// Adds to what a node has done.
    pub(crate) fn count_node(&mut self, node: &str, reason: &str, thread: u64, add: u64) -> Result<()> {
        const SUMS: &str = "/node/errors";
        let name = format!("/err/{node}/{reason}");
        let index = match self.reasons.get(&name) {
            Some(index) => *index,
            None => {
                let index = self.reasons.len() as u64;
                self.reach(SUMS, 8, self.threads, index + 1)?;
                self.link(SUMS, index, &name)?;
                self.reasons.insert(name, index);
                index
            }
        };
        self.add_to(SUMS, thread, index, &[add])
    }
    fn add_to(&self, name: &str, thread: u64, index: u64, add: &[u64]) -> Result<()> {
        let threads = self.counters.get(name).map(|counter| &counter.threads);
        let Some(vector) = threads.and_then(|threads| threads.get(thread as usize)) else {
            return Err(std::io::Error::other(format!("there is no counter {name} of thread {thread}")));
        };
        (0..).zip(add).try_for_each(|(number, value)| self.segment.add(vector, index, number, *value))
    }
    /// Makes the counter have so many numbers on so many threads.
    fn reach(&mut self, name: &str, element: u64, threads: u64, len: u64) -> Result<()> {
        let counters = &mut self.counters;
        self.segment.change(|segment| {
            if !counters.contains_key(name) {
                let kind = if element == 8 { SIMPLE } else { COMBINED };
                let entry = segment.entry(kind, 0, name)?;
                let counter = Counter { entry, threads: Vec::new(), outer: Vector::of(8) };
                counters.insert(name.to_owned(), counter);
            }
            let Some(counter) = counters.get_mut(name) else { return Ok(()) };
            counter.threads.resize(threads as usize, Vector::of(element));
            segment.lengthen(&mut counter.outer, threads)?;
            for (index, vector) in (0..).zip(&mut counter.threads) {
                segment.lengthen(vector, len)?;
                segment.set(&counter.outer, index, 0, vector.pointer())?;
            }
            segment.set_value(counter.entry, counter.outer.pointer())
        })
    }
    fn link(&mut self, to: &str, index: u64, name: &str) -> Result<u32> {
        let to = self.counters.get(to).map_or(u32::MAX, |counter| counter.entry);
        self.segment.change(|segment| segment.entry(LINK, u64::from(to) | index << 32, name))
    }
    /// An interface appeared.
    pub(crate) fn add_interface(&mut self, sw_if_index: u32, name: &str) -> Result<()> {
        self.segment.begin()?;
        let added = self.link_interface(sw_if_index, name);
        self.segment.end()?;
        added
    }
    fn link_interface(&mut self, sw_if_index: u32, name: &str) -> Result<()> {
        let len = u64::from(sw_if_index) + 1;
        for (names, element) in [(PACKETS, 8), (PACKETS_AND_BYTES, 16)] {
            for counter in names {
                let of = format!("/if/{counter}");
                self.reach(&of, element, self.threads, len)?;
                let called = format!("/interfaces/{}/{counter}", name.replace('/', "_"));
                let link = self.link(&of, u64::from(sw_if_index), &called)?;
                self.links.entry(sw_if_index).or_default().push(link);
            }
        }
        self.name_interface(sw_if_index, name)
    }
    fn name_interface(&mut self, sw_if_index: u32, name: &str) -> Result<()> {
        let names = &mut self.names;
        self.segment.change(|segment| {
            let names = match names {
                Some(names) => names,
                None => {
                    let entry = segment.entry(NAMES, 0, "/if/names")?;
                    names.insert(Names { entry, vector: Vector::of(8) })
                }
            };
            segment.lengthen(&mut names.vector, u64::from(sw_if_index) + 1)?;
            let text = segment.text(name)?;
            segment.set(&names.vector, u64::from(sw_if_index), 0, text.pointer())?;
            segment.set_value(names.entry, names.vector.pointer())
        })
    }
    /// An interface is gone. Its counters stay as they are.
    pub(crate) fn remove_interface(&mut self, sw_if_index: u32) -> Result<()> {
        let links = self.links.remove(&sw_if_index).unwrap_or_default();
        self.segment.begin()?;
        let removed = links.iter().try_for_each(|link| self.segment.remove(*link));
        let named = if self.forgets_names { self.name_interface(sw_if_index, "deleted") } else { Ok(()) };
        self.segment.end()?;
        removed.and(named)
    }
}

fn name_all<'n>(
    segment: &mut Segment,
    entry: &str,
    names: impl ExactSizeIterator<Item = &'n str>,
) -> Result<u32> {
    let mut vector = Vector::of(8);
    segment.lengthen(&mut vector, names.len() as u64)?;
    for (index, name) in (0..).zip(names) {
        let text = segment.text(name)?;
        segment.set(&vector, index, 0, text.pointer())?;
    }
    segment.entry(NAMES, vector.pointer(), entry)
}
