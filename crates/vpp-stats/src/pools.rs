//! Packet buffers and heaps.

use crate::reading::Reading;
use std::collections::BTreeMap;

/// Packet buffers of one pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BufferPool {
    /// Its name.
    pub name: String,
    /// In the hands of threads that need none at the moment.
    pub cached: u64,
    /// With a packet.
    pub used: u64,
    /// Free.
    pub available: u64,
}

/// A heap of VPP's, in bytes, as of its last look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// Its name.
    pub name: String,
    /// Taken from the system.
    pub total: u64,
    /// Given out.
    pub used: u64,
    /// Not given out.
    pub free: u64,
    /// The most that was ever taken from the system.
    pub most: u64,
    /// How many pieces are not given out.
    pub free_chunks: u64,
    /// Could be given back to the system.
    pub releasable: u64,
}

const POOLS: &str = "/buffer-pools/";
const HEAPS: &str = "/mem/";

/// Is the entry needed for [`buffers`]?
pub fn buffers_wanted(name: &str) -> bool {
    name.starts_with(POOLS)
}

/// Is the entry needed for [`heaps`]?
pub fn heaps_wanted(name: &str) -> bool {
    name.starts_with(HEAPS)
}

/// The pools, by name.
pub fn buffers(reading: &Reading) -> Vec<BufferPool> {
    let mut pools: BTreeMap<&str, BufferPool> = BTreeMap::new();
    for name in reading.entries.keys() {
        let Some((pool, what)) = name.strip_prefix(POOLS).and_then(|rest| rest.rsplit_once('/')) else {
            continue;
        };
        let value = reading.scalar(name).unwrap_or_default();
        let buffers = pools.entry(pool).or_default();
        match what {
            "cached" => buffers.cached = value,
            "used" => buffers.used = value,
            "available" => buffers.available = value,
            _ => continue,
        }
        pool.clone_into(&mut buffers.name);
    }
    pools.into_values().filter(|pool| !pool.name.is_empty()).collect()
}

/// The heaps, by name.
pub fn heaps(reading: &Reading) -> Vec<Heap> {
    let named = reading.entries.keys().filter_map(|name| {
        // What has a longer name is a link to one of the numbers.
        let heap = name.strip_prefix(HEAPS)?;
        let &[total, used, free, _mapped, most, free_chunks, releasable, ..] = &*reading.sums(name) else {
            return None;
        };
        Some(Heap { name: heap.to_owned(), total, used, free, most, free_chunks, releasable })
    });
    named.collect()
}
