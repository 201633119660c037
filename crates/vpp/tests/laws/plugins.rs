//! Without its plugin VPP has no interfaces of a type: they are UNIMPLEMENTED, and others are not.

use crate::start;
use crate::{interface, tunnel};
use model::proto::ligato::vpp::interfaces::Interface;
use sched::{Intent, Select, State, Txn};
use sim::{Sim, SimConfig};
use testkit::laws::{self, Feature, of_type};
use testkit::target::Dir;

/// The state of the first value of a feature, and what is said about it, where a plugin is missing.
async fn without(plugin: &str, feature: &Feature) -> (State, String) {
    let dir = Dir::new();
    let socket = dir.path().join("api.sock");
    let config = SimConfig { no_plugins: vec![plugin.to_owned()], ..SimConfig::default() };
    let _sim = Sim::spawn(&socket, config).unwrap();
    let agent = start(&socket, laws::config()).await;
    let value = tunnel::first(feature);
    let name = of_type::<Interface>(&*value).name.clone();
    let changes = feature.world.iter().cloned().chain([value]).map(Intent::put).collect();
    agent.scheduler.commit(Txn { changes, ..Txn::default() }).await.unwrap();
    let key = format!("config/vpp/v2/interfaces/{name}");
    let status = agent.scheduler.statuses(Select::Key(key)).await.remove(0).value;
    (status.state, status.details.concat())
}

#[tokio::test]
async fn types_of_missing_plugins_are_unimplemented() {
    let types = [
        ("vxlan", "vxlan_add_del_tunnel_v3", tunnel::vxlans()),
        ("vxlan_gpe", "vxlan_gpe_add_del_tunnel", tunnel::gpes()),
        ("gre", "gre_tunnel_add_del", tunnel::gres()),
        ("gtpu", "gtpu_add_del_tunnel", tunnel::gtpus()),
        ("wireguard", "wireguard_interface_create", tunnel::wireguards()),
    ];
    for (plugin, message, feature) in types {
        let (state, details) = without(plugin, &feature).await;
        assert_eq!(state, State::Unimplemented, "{plugin}");
        let file = plugin.replace('_', "-"); // as in vxlan-gpe_plugin.so
        let expected = format!("this VPP does not offer {message}: {file}_plugin.so is not loaded");
        assert_eq!(details, expected);
        assert_eq!(without(plugin, &interface::loopbacks()).await.0, State::Configured, "{plugin}");
        assert_eq!(without(plugin, &tunnel::ipips()).await.0, State::Configured, "{plugin}");
    }
}
