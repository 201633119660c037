//! Counters by message, for whoever watches the agent.

use crate::methods::MessageTable;
use std::collections::BTreeMap;
use std::time::Duration;

/// Upper bounds of the latencies that are counted together, in seconds: half a millisecond, and twice as much each time.
pub const LATENCIES: [f64; 13] =
    [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048];

/// How long requests took that VPP carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// How many.
    pub count: u64,
    /// All together.
    pub total: Duration,
    /// The shortest.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
    /// How many took no longer than each of [`LATENCIES`].
    pub buckets: [u64; LATENCIES.len()],
}

impl Latency {
    pub(crate) fn add(&mut self, took: Duration) {
        self.min = if self.count == 0 { took } else { self.min.min(took) };
        self.max = self.max.max(took);
        self.count += 1;
        self.total += took;
        // Kept apart until somebody asks: the bucket of half milliseconds, rounded up to a power of two.
        let halves = took.as_micros().div_ceil(500).max(1) as u64;
        if let Some(bucket) = self.buckets.get_mut(halves.next_power_of_two().trailing_zeros() as usize) {
            *bucket += 1;
        }
    }
    /// With each bucket counting also what is in those before it.
    pub(crate) fn summed(&self) -> Latency {
        let mut sum = 0;
        let buckets = self.buckets.map(|count| {
            sum += count;
            sum
        });
        Latency { buckets, ..*self }
    }
}

/// Why a request failed, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// VPP refused, with this return value.
    Refused(i32),
    Unreadable,
    Late,
    Lost,
}

impl Failure {
    fn name(self) -> String {
        match self {
            Failure::Refused(retval) => {
                binapi::retval::name(retval).map_or_else(|| retval.to_string(), str::to_owned)
            }
            Failure::Unreadable => "unreadable answer".to_owned(),
            Failure::Late => "timeout".to_owned(),
            Failure::Lost => "connection lost".to_owned(),
        }
    }
}

/// How often a request was used since the client was made.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageStats {
    /// Name of the request.
    pub name: &'static str,
    /// Name and CRC of the request.
    pub id: &'static str,
    /// How many were queued for sending. What is neither `ok` nor `failed` is in flight.
    pub sent: u64,
    /// How many VPP carried out.
    pub ok: u64,
    /// How many VPP refused, answered unreadably or too late, or that were lost with a connection.
    pub failed: u64,
    /// The failed ones by reason: the name of VPP's return value, `timeout`, …
    pub errors: Vec<(String, u64)>,
    /// How long those took that VPP carried out.
    pub latency: Latency,
}

/// The same, while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub sent: u64,
    failed: u64,
    errors: Vec<(Failure, u64)>,
    latency: Latency,
}

impl Counts {
    pub fn done(&mut self, took: Duration) {
        self.latency.add(took);
    }
    pub fn failed(&mut self, why: Failure) {
        self.failed += 1;
        match self.errors.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += 1,
            None => self.errors.push((why, 1)),
        }
    }
    pub fn shown(&self, name: &'static str, id: &'static str) -> MessageStats {
        let errors = self.errors.iter().map(|(why, count)| (why.name(), *count)).collect();
        let (ok, latency) = (self.latency.count, self.latency.summed());
        MessageStats { name, id, sent: self.sent, ok, failed: self.failed, errors, latency }
    }
}

/// How many answers of each kind came.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    /// By number, on this connection.
    now: Vec<u64>,
    /// By name, on those before.
    before: BTreeMap<&'static str, u64>,
}

impl Replies {
    pub fn count(&mut self, number: u16, more: u64) {
        let at = usize::from(number);
        if self.now.len() <= at {
            self.now.resize(at + 1, 0);
        }
        if let Some(count) = self.now.get_mut(at) {
            *count += more;
        }
    }
    /// The connection of this table is over.
    pub fn close(&mut self, table: &MessageTable) {
        self.before = self.by_name(table);
        self.now.clear();
    }
    /// Answers so far by name, with the table of this connection.
    pub fn by_name(&self, table: &MessageTable) -> BTreeMap<&'static str, u64> {
        let mut all = self.before.clone();
        for (number, count) in (0..).zip(&self.now).filter(|(_, count)| **count > 0) {
            if let Some(info) = table.info(number) {
                *all.entry(info.name).or_default() += count;
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_counted_in_all_buckets_that_they_fit_into() {
        let mut latency = Latency::default();
        for micros in [1, 500, 501, 1000, 2_048_000, 2_048_001, 9_000_000] {
            latency.add(Duration::from_micros(micros));
        }
        let shown = latency.summed();
        assert_eq!(shown.buckets, [2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5]);
        assert_eq!(
            (shown.count, shown.min, shown.max),
            (7, Duration::from_micros(1), Duration::from_secs(9))
        );
        assert_eq!(
            shown.total,
            Duration::from_micros(1 + 500 + 501 + 1000 + 2_048_000 + 2_048_001 + 9_000_000)
        );
        for (at, bound) in LATENCIES.iter().enumerate() {
            assert_eq!(*bound, 0.0005 * f64::from(1 << at));
        }
    }

    #[test]
    fn answers_are_counted_by_name_across_connections() {
        let id = |name: &str| binapi::messages().iter().find(|info| info.name == name).map(|info| info.id);
        let (one, two) =
            (id("control_ping_reply").unwrap_or_default(), id("ip_table_details").unwrap_or_default());
        let (first, second) = (
            MessageTable::new([(one, 7), (two, 9)].into_iter()),
            MessageTable::new([(one, 9), (two, 3)].into_iter()),
        );
        let mut replies = Replies::default();
        replies.count(9, 2);
        replies.count(7, 1);
        replies.count(1000, 1); // of a message that is not known here
        replies.close(&first);
        replies.count(9, 5);
        let all = replies.by_name(&second);
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [("control_ping_reply", 6), ("ip_table_details", 2)]);
    }
}
