//! Which plugin brings a module's messages, for sentences that say what to load.

/// Modules whose messages stand in a plugin of another name, at least in some of the supported releases.
const OTHERWISE: &[(&str, &str)] = &[
    ("dhcp6_ia_na_client_cp", "dhcp"),
    ("dhcp6_pd_client_cp", "dhcp"),
    ("lcp", "linux_cp"),
    ("nat44_ed", "nat"),
    // Part of VPP itself in 23.06, a plugin in 26.06.
    ("tapv2", "tap"),
    ("vhost_user", "vhost"),
    ("vxlan_gpe", "vxlan-gpe"),
];

/// Modules that have a plugin of their own, of the same name.
const OWN: &[&str] = &[
    "abf",
    "acl",
    "af_packet",
    "af_xdp",
    "dhcp",
    "dns",
    "flowprobe",
    "geneve",
    "gre",
    "gtpu",
    "ikev2",
    "l3xc",
    "lacp",
    "memif",
    "nat44_ei",
    "nat64",
    "nat66",
    "ping",
    "policer",
    "rdma",
    "stn",
    "vmxnet3",
    "vrrp",
    "vxlan",
    "wireguard",
];

/// The plugin's name, as VPP writes it without `_plugin.so`; `None` for what is part of VPP itself, or not known here.
pub fn of_module(module: &str) -> Option<&'static str> {
    let otherwise = OTHERWISE.iter().find(|(other, _)| *other == module).map(|(_, plugin)| *plugin);
    otherwise.or_else(|| OWN.iter().find(|own| **own == module).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_those_of_the_message_tables() {
        let table = crate::release::table("26.06").unwrap();
        for module in OTHERWISE.iter().map(|(module, _)| module).chain(OWN) {
            assert!(table.iter().any(|(_, known)| known == module), "{module}");
        }
        assert_eq!(
            (of_module("tapv2"), of_module("memif"), of_module("interface")),
            (Some("tap"), Some("memif"), None)
        );
    }
}
