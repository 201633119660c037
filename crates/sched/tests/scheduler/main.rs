//! The scheduler over a fake southbound: random histories against a naive oracle, and directed stories.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail like tests")]

mod case;
mod failures;
mod kinds;
mod observers;
mod oracle;
mod order;
mod ownership;
mod parts;
mod random;
mod resync;
mod retries;
mod setup;
mod southbounds;
mod states;
mod world;
