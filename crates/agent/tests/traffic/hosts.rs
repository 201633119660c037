//! Hosts in networks of their own ping each other through VPP, over AF_PACKET. What does not arrive is always shown beside
//! what does.

use crate::site::Site;

/// An interface of VPP on the wire `port`.
fn port(port: &str, more: &str) -> String {
    format!(
        "    - {{name: {port}, type: AF_PACKET, enabled: true, afpacket: {{hostIfName: {port}}}{more}}}\n"
    )
}

fn interfaces(all: &[String]) -> String {
    format!("vppConfig:\n  interfaces:\n{}", all.concat())
}

/// A bridge domain that does what a switch does.
fn switch(name: &str, members: &[&str]) -> String {
    let members: Vec<String> = members.iter().map(|name| format!("{{name: {name}}}")).collect();
    let flags = "flood: true, unknownUnicastFlood: true, forward: true, learn: true";
    format!("    - {{name: {name}, {flags}, interfaces: [{}]}}\n", members.join(", "))
}

#[test]
fn a_host_reaches_vpp_through_af_packet_in_netns() {
    let Some(site) = Site::new() else { return };
    let host = site.host("one", &["10.50.1.2/24", "fd50:1::2/64"]);
    let mac = ", physAddress: \"02:fe:00:00:50:01\", ipAddresses: [10.50.1.1/24, \"fd50:1::1/64\"]";
    site.configure(&interfaces(&[port("one", mac)]));
    host.reaches("10.50.1.1");
    host.reaches("fd50:1::1");
    // Down and up again: VPP takes the wire along.
    site.configure(&interfaces(&[port("one", mac).replace("enabled: true", "enabled: false")]));
    host.loses("10.50.1.1");
    site.configure(&interfaces(&[port("one", mac)]));
    host.reaches("10.50.1.1");
}

#[test]
fn hosts_of_a_bridge_domain_reach_each_other_in_netns() {
    let Some(site) = Site::new() else { return };
    let one = site.host("one", &["10.50.2.1/24"]);
    let two = site.host("two", &["10.50.2.2/24"]);
    let outside = site.host("outside", &["10.50.2.3/24"]);
    let gateway =
        "    - {name: gateway, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.50.2.254/24]}\n";
    let ports = [port("one", ""), port("two", ""), port("outside", ""), gateway.to_owned()];
    let domain = switch("segment", &["one", "two"]);
    let domain =
        domain.replace("interfaces: [", "interfaces: [{name: gateway, bridgedVirtualInterface: true}, ");
    site.configure(&format!("{}  bridgeDomains:\n{domain}", interfaces(&ports)));
    one.reaches("10.50.2.2");
    two.reaches("10.50.2.254");
    outside.loses("10.50.2.1");
}

#[test]
fn routes_lead_from_one_vrf_into_another_in_netns() {
    let Some(site) = Site::new() else { return };
    let one = site.host("one", &["10.50.3.2/24"]);
    let two = site.host("two", &["10.50.4.2/24"]);
    one.gateway("10.50.3.1");
    two.gateway("10.50.4.1");
    let vrfs = "  vrfs:\n    - {id: 1, protocol: IPV4}\n    - {id: 2, protocol: IPV4}\n";
    let ports = [
        port("one", ", vrf: 1, ipAddresses: [10.50.3.1/24]"),
        port("two", ", vrf: 2, ipAddresses: [10.50.4.1/24]"),
    ];
    site.configure(&format!("{}{vrfs}", interfaces(&ports)));
    one.reaches("10.50.3.1");
    two.reaches("10.50.4.1");
    one.loses("10.50.4.2");
    let routes = "vppConfig:\n  routes:\n\
                  \x20   - {type: INTER_VRF, vrfId: 1, dstNetwork: 10.50.4.0/24, viaVrfId: 2}\n\
                  \x20   - {type: INTER_VRF, vrfId: 2, dstNetwork: 10.50.3.0/24, viaVrfId: 1}\n";
    site.configure(routes);
    one.reaches("10.50.4.2");
    two.reaches("10.50.3.2");
    site.remove(routes);
    one.loses("10.50.4.2");
}

/// The end of a memif between two sites.
fn memif(site: &Site, master: bool, more: &str) -> String {
    let file = site.vpp.dir().join("trunk.sock");
    let memif = format!("{{id: 1, master: {master}, socketFilename: {}}}", file.display());
    format!("    - {{name: trunk, type: MEMIF, enabled: true, memif: {memif}{more}}}\n")
}

#[test]
fn two_vpps_are_wired_by_a_memif_in_netns() {
    let Some([left, right]) = Site::pair() else { return };
    let one = left.host("one", &["10.50.5.2/24"]);
    let two = right.host("two", &["10.50.6.2/24"]);
    one.gateway("10.50.5.1");
    two.gateway("10.50.6.1");
    // One socket for both: that of the left.
    let trunk = |master, address: &str| memif(&left, master, &format!(", ipAddresses: [{address}]"));
    let route = |network: &str, hop: &str| {
        format!("  routes:\n    - {{dstNetwork: {network}, nextHopAddr: {hop}, outgoingInterface: trunk}}\n")
    };
    let ports = [port("one", ", ipAddresses: [10.50.5.1/24]"), trunk(true, "10.50.0.1/30")];
    left.configure(&format!("{}{}", interfaces(&ports), route("10.50.6.0/24", "10.50.0.2")));
    let ports = [port("two", ", ipAddresses: [10.50.6.1/24]"), trunk(false, "10.50.0.2/30")];
    right.configure(&format!("{}{}", interfaces(&ports), route("10.50.5.0/24", "10.50.0.1")));
    one.reaches("10.50.6.2");
    two.reaches("10.50.5.2");
}

#[test]
fn vlans_of_a_trunk_stay_apart_in_netns() {
    let Some([left, right]) = Site::pair() else { return };
    // Both VLANs have the same network: only the tags keep them apart.
    let vlan = |id: u32| {
        let sub = format!("{{parentName: trunk, subId: {id}, tagRwOption: POP1}}");
        format!("    - {{name: trunk.{id}, type: SUB_INTERFACE, enabled: true, sub: {sub}}}\n")
    };
    let document = |master| {
        let all = [port("ten", ""), port("twenty", ""), memif(&left, master, ""), vlan(10), vlan(20)];
        let domains = [switch("ten", &["ten", "trunk.10"]), switch("twenty", &["twenty", "trunk.20"])];
        format!("{}  bridgeDomains:\n{}", interfaces(&all), domains.concat())
    };
    let left_ten = left.host("ten", &["10.50.7.1/24"]);
    let left_twenty = left.host("twenty", &["10.50.7.2/24"]);
    let _right_ten = right.host("ten", &["10.50.7.11/24"]);
    let _right_twenty = right.host("twenty", &["10.50.7.12/24"]);
    left.configure(&document(true));
    right.configure(&document(false));
    left_ten.reaches("10.50.7.11");
    left_twenty.reaches("10.50.7.12");
    left_ten.loses("10.50.7.12");
    left_twenty.loses("10.50.7.11");
    left_ten.loses("10.50.7.2");
}

#[test]
fn an_acl_drops_what_it_denies_in_netns() {
    let Some(site) = Site::new() else { return };
    let one = site.host("one", &["10.50.8.2/24"]);
    let two = site.host("two", &["10.50.9.2/24", "10.50.9.3/24"]);
    one.gateway("10.50.8.1");
    two.gateway("10.50.9.1");
    let ports = [port("one", ", ipAddresses: [10.50.8.1/24]"), port("two", ", ipAddresses: [10.50.9.1/24]")];
    site.configure(&interfaces(&ports));
    one.reaches("10.50.9.2");
    one.reaches("10.50.9.3");
    let denied = "{action: DENY, ipRule: {ip: {sourceNetwork: 0.0.0.0/0, destinationNetwork: 10.50.9.2/32}}}";
    let permitted = "{action: PERMIT, ipRule: {}}";
    let acl = format!(
        "vppConfig:\n  acls:\n    - {{name: guard, rules: [{denied}, {permitted}], interfaces: {{ingress: [one]}}}}\n"
    );
    site.configure(&acl);
    one.loses("10.50.9.2");
    one.reaches("10.50.9.3");
    site.remove(&acl);
    one.reaches("10.50.9.2");
}
