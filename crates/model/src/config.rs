//! The fixed `Config` message of the configurator service, taken apart into values and put together again.

use std::any::Any;
use std::sync::Arc;

use crate::models::erase;
use crate::proto::ligato::configurator::Config;
use crate::value::Value;

/// Calls one of two macros for each field of the three parts of a `Config`, in the order of the `.proto` files.
macro_rules! each_field {
    ($vpp:ident, $linux:ident, $netalloc:ident: $many:ident, $one:ident) => {
        each_field!($many $vpp interfaces spans acls abfs bridge_domains fibs xconnect_pairs routes arps);
        each_field!($one $vpp proxy_arp ipscan_neighbor);
        each_field!($many $vpp vrfs l3xconnects dhcp_proxies teib_entries);
        each_field!($one $vpp nat44_global);
        each_field!($many $vpp dnat44s nat44_interfaces nat44_pools nat44_vrf_routes nat44_vrf_tables);
        each_field!($many $vpp ipsec_spds ipsec_sas ipsec_tunnel_protections ipsec_sps);
        each_field!($many $vpp punt_ipredirects punt_tohosts punt_exceptions);
        each_field!($one $vpp srv6_global);
        each_field!($many $vpp srv6_localsids srv6_policies srv6_steerings);
        each_field!($one $vpp ipfix_global ipfix_flowprobe_params);
        each_field!($many $vpp ipfix_flowprobes wg_peers);
        each_field!($one $vpp dns_cache);
        each_field!($many $linux interfaces arp_entries routes);
        each_field!($many $netalloc ip_addresses);
    };
    ($action:ident $part:ident $($field:ident)*) => {
        $($action!($part.$field);)*
    };
}

/// The values of a configuration, moved out of it.
pub fn into_items(config: Config) -> Vec<Arc<dyn Value>> {
    let vpp_config = config.vpp_config.unwrap_or_default();
    let linux_config = config.linux_config.unwrap_or_default();
    let netalloc_config = config.netalloc_config.unwrap_or_default();
    let mut items = Vec::new();
    macro_rules! take {
        ($part:ident . $field:ident) => {
            items.extend($part.$field.into_iter().map(erase))
        };
    }
    each_field!(vpp_config, linux_config, netalloc_config: take, take);
    items
}

/// The values of a configuration, copied.
pub fn items(config: &Config) -> Vec<Arc<dyn Value>> {
    into_items(config.clone())
}

/// A configuration with these values. Its three parts are always present; values of a model that has no field in
/// it (VRRP, STN, iptables, metrics) are left out, and of two values of a model that exists once the last remains.
pub fn from_items<'a>(items: impl IntoIterator<Item = &'a dyn Value>) -> Config {
    let mut vpp_config = crate::proto::ligato::vpp::ConfigData::default();
    let mut linux_config = crate::proto::ligato::linux::ConfigData::default();
    let mut netalloc_config = crate::proto::ligato::netalloc::ConfigData::default();
    for item in items {
        let item: &dyn Any = item;
        macro_rules! push {
            ($part:ident . $field:ident) => {
                if let Some(value) = item.downcast_ref() {
                    $part.$field.push(Clone::clone(value));
                    continue;
                }
            };
        }
        macro_rules! set {
            ($part:ident . $field:ident) => {
                if let Some(value) = item.downcast_ref() {
                    $part.$field = Some(Clone::clone(value));
                    continue;
                }
            };
        }
        each_field!(vpp_config, linux_config, netalloc_config: push, set);
    }
    Config {
        vpp_config: Some(vpp_config),
        linux_config: Some(linux_config),
        netalloc_config: Some(netalloc_config),
    }
}
