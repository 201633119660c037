//! `kvscheduler.conf`: how the scheduler works.

use sched::DescriptorInfo;
use serde::{Deserialize, Deserializer, de};
use std::time::Duration;

/// What becomes of objects in VPP that are not ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignObjects {
    /// They are listed as OBTAINED and never touched.
    #[default]
    Keep,
    /// They are removed, as the reference always does.
    Remove,
}

/// What is done about what was changed behind the agent's back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftAction {
    /// It is mended.
    #[default]
    Repair,
    /// The status of the key says so; it stays until its value is submitted again.
    Report,
    /// It is left.
    Ignore,
}

impl From<DriftAction> for sched::DriftAction {
    fn from(action: DriftAction) -> Self {
        match action {
            DriftAction::Repair => sched::DriftAction::Repair,
            DriftAction::Report => sched::DriftAction::Report,
            DriftAction::Ignore => sched::DriftAction::Ignore,
        }
    }
}

/// What is done about keys that start so; the longest start that fits decides.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DriftRule {
    /// The start of the keys.
    pub prefix: String,
    /// What is done.
    pub action: DriftAction,
}

/// What `kvscheduler.conf` may say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Kvscheduler {
    /// Keep a history of transactions.
    pub record_transaction_history: bool,
    /// Minutes after its end that a transaction is forgotten, if there was room for it until then.
    pub transaction_history_age_limit: u32,
    /// Minutes from the start of the agent whose transactions are not forgotten for their age.
    pub permanently_recorded_init_period: u32,
    /// Keep the plan of each transaction in the history, beside what was done.
    pub enable_txn_simulation: bool,
    /// Log what each transaction did, in one line.
    pub print_txn_summary: bool,
    /// Bytes that the history may take. Of this agent.
    pub history_bytes: usize,
    /// Bytes that past revisions of keys may take, for the timeline and for looking back. Of this agent.
    pub timeline_bytes: usize,
    /// What becomes of objects that are not ours. Of this agent.
    pub foreign_objects: ForeignObjects,
    /// How often what is there is compared with what is wanted, and mended; 0 is never. Of this agent.
    #[serde(deserialize_with = "northbound::duration::deserialize")]
    pub compare_interval: Duration,
    /// What is done about what was changed behind the agent's back. Of this agent.
    pub drift_default: DriftAction,
    /// The same for some keys. Of this agent.
    pub drift: Vec<DriftRule>,
    /// Names of descriptors that are not compared again and again. Of this agent.
    pub drift_skip: Vec<String>,
    /// Operations in flight at most; 1 has each wait for the one before. Of this agent.
    #[serde(deserialize_with = "at_least_one")]
    pub in_flight: usize,
    /// Transactions that may wait. Of this agent.
    #[serde(deserialize_with = "at_least_one")]
    pub queue: usize,
    /// Look after each transaction whether what was done is there. The environment says so, not the file.
    #[serde(skip)]
    pub verify: bool,
    /// How long one operation may take until it counts as failed, with an unknown outcome. Of this agent.
    #[serde(deserialize_with = "some_time")]
    pub operation_timeout: Duration,
}

impl Default for Kvscheduler {
    fn default() -> Self {
        let scheduler = sched::Config::default();
        Kvscheduler {
            record_transaction_history: true,
            transaction_history_age_limit: in_minutes(scheduler.history_age),
            permanently_recorded_init_period: in_minutes(scheduler.history_keep_first),
            enable_txn_simulation: scheduler.simulate,
            print_txn_summary: true,
            history_bytes: scheduler.history_bytes,
            timeline_bytes: scheduler.timeline_bytes,
            foreign_objects: ForeignObjects::Keep,
            compare_interval: Duration::ZERO,
            drift_default: DriftAction::Repair,
            drift: Vec::new(),
            drift_skip: Vec::new(),
            in_flight: scheduler.in_flight,
            queue: scheduler.queue,
            verify: scheduler.verify,
            operation_timeout: scheduler.deadline,
        }
    }
}

impl Kvscheduler {
    /// The same for the scheduler itself.
    pub fn config(&self) -> sched::Config {
        let rules = self.drift.iter();
        sched::Config {
            in_flight: self.in_flight,
            remove_foreign: self.foreign_objects == ForeignObjects::Remove,
            queue: self.queue,
            deadline: self.operation_timeout,
            simulate: self.enable_txn_simulation,
            record: self.record_transaction_history,
            history_bytes: self.history_bytes,
            timeline_bytes: self.timeline_bytes,
            history_age: minutes(self.transaction_history_age_limit),
            history_keep_first: minutes(self.permanently_recorded_init_period),
            summary: self.print_txn_summary,
            verify: self.verify,
            drift: sched::DriftPolicy {
                interval: self.compare_interval,
                rules: rules.map(|rule| (rule.prefix.clone(), rule.action.into())).collect(),
                default: self.drift_default.into(),
                skip: self.drift_skip.clone(),
            },
            ..sched::Config::default()
        }
    }
    /// A sentence for each rule that no key of these descriptors can ever fall under.
    pub fn warnings(&self, descriptors: &[DescriptorInfo]) -> Vec<String> {
        let meant = |prefix: &str| {
            let mut starts = descriptors.iter().map(|descriptor| descriptor.prefix);
            starts.any(|start| start.starts_with(prefix) || prefix.starts_with(start))
        };
        let idle = self.drift.iter().filter(|rule| !meant(&rule.prefix));
        let sentence = |rule: &DriftRule| {
            format!("kvscheduler.conf: drift: no descriptor has keys that start with {:?}", rule.prefix)
        };
        idle.map(sentence).collect()
    }
}

fn minutes(number: u32) -> Duration {
    Duration::from_secs(60 * u64::from(number))
}

fn in_minutes(time: Duration) -> u32 {
    u32::try_from(time.as_secs() / 60).unwrap_or(u32::MAX)
}

fn at_least_one<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    match usize::deserialize(from)? {
        0 => Err(de::Error::custom("must be at least 1")),
        number => Ok(number),
    }
}

fn some_time<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let time = northbound::duration::deserialize(from)?;
    if time.is_zero() { Err(de::Error::custom("must be longer than 0")) } else { Ok(time) }
}
