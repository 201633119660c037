//! What tests share.
//!
//! [`target`] is a VPP to test on, simulated or real; [`netns`] are networks of its own for it; [`wire`] stands between a client and a VPP and makes calls fail;
//! [`engine`] is a container engine; [`laws`] are what every feature must obey.
//!
//! This is test code: it panics where a test would fail.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod engine;
pub mod laws;
pub mod netns;
pub mod target;
pub mod wire;
