//! The reference's REST paths below `/vpp/telemetry/`. What VPP's statistics do not tell is 0 or empty there.

use serde_json::{Value, json};
use vpp_stats::{Reading, nodes, pools};

const MEMORY: &str = "/vpp/telemetry/memory";
const RUNTIME: &str = "/vpp/telemetry/runtime";
const NODES: &str = "/vpp/telemetry/nodecount";

/// All paths.
pub const PATHS: [&str; 3] = [MEMORY, RUNTIME, NODES];

/// Is the entry needed for any of them?
pub fn wanted(name: &str) -> bool {
    nodes::counters_wanted(name) || nodes::runtime_wanted(name) || pools::heaps_wanted(name)
}

pub fn answer(path: &str, reading: &Reading) -> Result<Value, String> {
    match path {
        MEMORY => Ok(json!({ "threads": memory(reading) })),
        RUNTIME => Ok(json!({ "threads": [runtime(reading)?] })),
        NODES => Ok(json!({ "counters": counters(reading) })),
        _ => Err(format!("there are no statistics at {path}")),
    }
}

/// VPP's heaps stand in the place of threads.
fn memory(reading: &Reading) -> Vec<Value> {
    let heaps = pools::heaps(reading).into_iter().enumerate();
    let heap = |(id, heap): (usize, pools::Heap)| {
        json!({
            "id": id,
            "name": heap.name,
            "size": heap.total,
            "pages": 0,
            "page_size": 0,
            "total": heap.total,
            "used": heap.used,
            "free": heap.free,
            "trimmable": heap.releasable,
            "free_chunks": heap.free_chunks,
            "free_fastbin_blks": 0,
            "max_total_allocated": heap.most,
        })
    };
    heaps.map(heap).collect()
}

/// All threads as one, as the reference shows it.
fn runtime(reading: &Reading) -> Result<Value, String> {
    let nodes = nodes::runtime(reading).ok_or(
        "this VPP does not count the work of its nodes; it does with `per-node-counters on` in the statseg section \
         of its start-up configuration",
    )?;
    let item = |node: nodes::NodeRuntime| {
        json!({
            "index": node.index,
            "name": node.name,
            "state": "",
            "calls": node.calls,
            "vectors": node.vectors,
            "suspends": node.suspends,
            "clocks": node.clocks,
            "vectors_per_call": per_call(node.vectors, node.calls),
        })
    };
    Ok(json!({
        "id": 0,
        "name": "ALL",
        "time": 0,
        "avg_vectors_per_node": 0,
        "last_main_loops": 0,
        "vectors_per_main_loop": 0,
        "vector_length_per_node": 0,
        "vector_rates_in": 0,
        "vector_rates_out": 0,
        "vector_rates_drop": 0,
        "vector_rates_punt": 0,
        "items": nodes.into_iter().map(item).collect::<Vec<_>>(),
    }))
}

/// Packets per call; 0 if it was never called.
pub fn per_call(vectors: u64, calls: u64) -> f64 {
    if calls == 0 { 0.0 } else { vectors as f64 / calls as f64 }
}

fn counters(reading: &Reading) -> Vec<Value> {
    let counters = nodes::counters(reading).into_iter();
    counters.map(|c| json!({ "value": c.value, "node": c.node, "name": c.reason })).collect()
}
