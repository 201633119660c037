//! The scheduler over a fake southbound: random histories against a naive oracle, and directed stories.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail like tests")]

#[allow(dead_code, reason = "the tests of the invariants use all of it")]
mod calls;
#[allow(dead_code, reason = "the tests of the invariants use all of it")]
mod case;
mod drift;
mod explaining;
mod failures;
mod fed;
mod kinds;
mod limits;
mod logged;
mod newcomers;
mod observers;
mod observing;
mod oracle;
mod order;
mod ownership;
mod parts;
mod previews;
mod random;
mod readers;
mod resync;
mod retries;
mod reverting;
#[allow(dead_code, reason = "the tests of the invariants use all of it")]
mod seeds;
mod setup;
mod southbounds;
mod states;
mod timeline;
mod traces;
mod verifying;
#[allow(dead_code, reason = "the tests of the invariants use all of it")]
mod world;
