//! VPP itself for REST: its command line, its counters by message, its API trace.

use futures::FutureExt;
use futures::future::BoxFuture;
use northbound::direct::{Direct, Latency, Message, Requests};
use sched::Southbound;
use serde_json::Value;
use vpp::Vpp;
use vpp_client::{LATENCIES, MessageStats};

/// The VPP that the agent works on.
pub struct Console(pub Vpp);

impl Direct for Console {
    fn command(&self, line: &str) -> BoxFuture<'static, Result<String, String>> {
        self.0.command(line).boxed()
    }
    fn requests(&self) -> Requests {
        let client = self.0.client();
        let connected = client.state().borrow().connection().is_some();
        Requests {
            connections: self.0.link().borrow().generation,
            connected,
            messages: client.stats().into_iter().map(message).collect(),
            replies: client.replies().into_iter().collect(),
            bounds: &LATENCIES,
        }
    }
    fn trace(&self) -> Value {
        self.0.client().trace_json()
    }
    fn set_trace(&self, on: bool) {
        self.0.client().trace().set(on);
    }
    fn clear_trace(&self) {
        self.0.client().trace().clear();
    }
}

fn message(stats: MessageStats) -> Message {
    let MessageStats { name, sent, failed, errors, latency, .. } = stats;
    let vpp_client::Latency { count, total, min, max, buckets } = latency;
    Message {
        name,
        sent,
        failed,
        errors,
        latency: Latency { count, total, min, max, buckets: buckets.into() },
    }
}
