//! The scheduler over a fake southbound: random histories against a naive oracle, and directed stories.

mod kinds;
mod oracle;
mod random;
mod setup;
mod world;
