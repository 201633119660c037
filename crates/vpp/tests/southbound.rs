//! What VPP lacks is said with the reason, and what would bring it.
#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

use binapi::codec::Message;
use binapi::ip::IpTableAddDelV2;
use binapi::memif::MemifCreate;
use binapi::tapv2::TapCreateV2;
use sched::Southbound;
use sim::{Sim, SimConfig};
use vpp::Vpp;

/// What a VPP lacks of these calls.
async fn lacks(config: SimConfig, calls: &[&str]) -> Vec<Option<String>> {
    let dir = testkit::target::Dir::new();
    let socket = dir.path().join("api.sock");
    let _sim = Sim::start(&socket, config).await.unwrap();
    let vpp = Vpp::connect(vpp_client::Config::new(&socket));
    vpp.client().connected().await;
    calls.iter().map(|call| vpp.lacks(call)).collect()
}

#[tokio::test]
async fn what_is_missing_is_told_with_what_would_bring_it() {
    let changed = "create_loopback_00000000";
    let calls = [MemifCreate::ID, TapCreateV2::ID, IpTableAddDelV2::ID, changed, "no_such_call_00000000"];
    let no_plugins = vec!["memif".to_owned(), "tapv2".to_owned()];
    let older =
        lacks(SimConfig { release: "23.06".into(), no_plugins, ..SimConfig::default() }, &calls).await;
    let older: Vec<&str> = older.iter().map(|reason| reason.as_deref().unwrap_or_default()).collect();
    assert_eq!(
        older,
        [
            "this VPP does not offer memif_create: memif_plugin.so is not loaded",
            "this VPP does not offer tap_create_v2: tap_plugin.so is not loaded",
            "this VPP does not offer ip_table_add_del_v2: its release does not have it",
            "this VPP does not offer create_loopback: its release has another form of it (42bb5d22 instead of 00000000)",
            "this VPP does not offer no_such_call: its release does not have it",
        ]
    );
    let newest = lacks(SimConfig::default(), &calls[..3]).await;
    assert_eq!(newest, [None, None, None]);
}
