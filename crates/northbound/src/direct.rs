//! The VPP itself, past the scheduler: what its users and its operators ask of it. Whoever hands it in speaks to VPP.

use futures::future::BoxFuture;
use serde_json::Value;
use std::time::Duration;

/// A VPP that answers whoever asks, beside the scheduler's work.
pub trait Direct: Send + Sync + 'static {
    /// Has VPP carry out a line of its command language; the answer is what VPP prints.
    ///
    /// # Errors
    /// A sentence that says why there is no answer, or what VPP says against the line.
    fn command(&self, line: &str) -> BoxFuture<'static, Result<String, String>>;
    /// How often messages were used so far.
    fn requests(&self) -> Requests;
    /// What was sent and received while the trace was on.
    fn trace(&self) -> Value;
    /// Starts or stops the trace.
    fn set_trace(&self, on: bool);
    /// Forgets what the trace holds.
    fn clear_trace(&self);
}

/// How often messages were used since the agent started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requests {
    /// Connections made so far.
    pub connections: u64,
    /// There is one now.
    pub connected: bool,
    /// By request, in the order of their names.
    pub messages: Vec<Message>,
    /// Answers by their own names.
    pub replies: Vec<(&'static str, u64)>,
    /// Upper bounds of [`Latency::buckets`], in seconds.
    pub bounds: &'static [f64],
}

/// How often one request was used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// Its name.
    pub name: &'static str,
    /// How many were sent.
    pub sent: u64,
    /// How many failed. What neither failed nor is counted in `latency` is in flight.
    pub failed: u64,
    /// The failed ones by reason.
    pub errors: Vec<(String, u64)>,
    /// Those that VPP carried out.
    pub latency: Latency,
}

/// How long requests took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latency {
    /// How many.
    pub count: u64,
    /// All together.
    pub total: Duration,
    /// The shortest.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
    /// How many took no longer than each of [`Requests::bounds`].
    pub buckets: Vec<u64>,
}

impl Requests {
    /// What all messages come to: sent, carried out, failed.
    pub(crate) fn sums(&self) -> (u64, u64, u64) {
        let sum = |count: fn(&Message) -> u64| self.messages.iter().map(count).sum();
        (sum(|m| m.sent), sum(|m| m.latency.count), sum(|m| m.failed))
    }
    pub(crate) fn replies(&self) -> u64 {
        self.replies.iter().map(|(_, count)| count).sum()
    }
}
