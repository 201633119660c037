//! Packets through tunnels.

use crate::pair::{Ends, Side, pair};

/// Both sides reach each other's address 10.2.0.x, and it is the tunnel that carries the packets.
fn through(tunnel: &str, [one, two]: &[Side; 2]) {
    one.reaches("10.2.0.2");
    two.reaches("10.2.0.1");
    // What one side received the other one sent; VPP does not count what some tunnels send.
    for side in [one, two] {
        assert!(side.received(tunnel) > 0, "{tunnel} received nothing");
    }
}

/// An interface that carries frames, and a bridge that joins it to an address.
fn bridged(ends: Ends, interface: &str) -> String {
    format!(
        "    - {interface}
    - {{name: bvi, type: SOFTWARE_LOOPBACK, enabled: true, physAddress: 02:00:00:00:00:0{}, ipAddresses: [10.2.0.{}/24]}}
  bridgeDomains:
    - name: segment
      flood: true
      unknownUnicastFlood: true
      forward: true
      learn: true
      interfaces: [{{name: bvi, bridgedVirtualInterface: true}}, {{name: tunnel}}]
",
        ends.this, ends.this
    )
}

/// An interface that carries packets, with an address.
fn routed(ends: Ends, kind: &str, section: &str) -> String {
    format!(
        "    - {{name: tunnel, type: {kind}, enabled: true, ipAddresses: [10.2.0.{}/24], {section}}}\n",
        ends.this
    )
}

#[test]
fn vxlan() {
    let sides = pair(|ends| {
        let Ends { this, other } = ends;
        let vxlan = format!("vxlan: {{srcAddress: 10.1.0.{this}, dstAddress: 10.1.0.{other}, vni: 5}}");
        bridged(ends, &format!("{{name: tunnel, type: VXLAN_TUNNEL, enabled: true, {vxlan}}}"))
    });
    sides.iter().for_each(|sides| through("vxlan_tunnel0", sides));
}

#[test]
fn gre_with_frames() {
    let sides = pair(|ends| {
        let Ends { this, other } = ends;
        let gre = format!("gre: {{tunnelType: TEB, srcAddr: 10.1.0.{this}, dstAddr: 10.1.0.{other}}}");
        bridged(ends, &format!("{{name: tunnel, type: GRE_TUNNEL, enabled: true, {gre}}}"))
    });
    sides.iter().for_each(|sides| through("gre0", sides));
}

#[test]
fn gre_with_packets() {
    let sides = pair(|ends| {
        let Ends { this, other } = ends;
        let gre = format!("gre: {{tunnelType: L3, srcAddr: 10.1.0.{this}, dstAddr: 10.1.0.{other}}}");
        routed(ends, "GRE_TUNNEL", &gre)
    });
    sides.iter().for_each(|sides| through("gre0", sides));
}

#[test]
fn ipip() {
    let sides = pair(|ends| {
        let Ends { this, other } = ends;
        let ipip = format!("ipip: {{srcAddr: 10.1.0.{this}, dstAddr: 10.1.0.{other}}}");
        routed(ends, "IPIP_TUNNEL", &ipip)
    });
    sides.iter().for_each(|sides| through("ipip0", sides));
}

/// The peers are made by hand.
#[test]
fn wireguard() {
    let keys =
        ["YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=", "NTQzMjEwenl4d3Z1dHNycXBvbm1sa2ppaGdmZWRjYmE="];
    let sides = pair(|ends| {
        let key = keys[usize::from(ends.this) - 1];
        let section = format!("wireguard: {{privateKey: {key}, port: 51820, srcAddr: 10.1.0.{}}}", ends.this);
        // Nothing tells WireGuard who is behind its network; a next hop is a peer's, if it allows the address.
        let peer = format!("10.2.0.{}", ends.other);
        let route = format!(
            "  routes:\n    - {{dstNetwork: {peer}/32, nextHopAddr: {peer}, outgoingInterface: tunnel}}\n"
        );
        routed(ends, "WIREGUARD_TUNNEL", &section) + &route
    });
    if let Some([one, two]) = &sides {
        for (side, other, address) in [(one, two, 2), (two, one, 1)] {
            let told = other.vpp.cli("show wireguard interface");
            let (_, key) = told.split_once("public-key:").unwrap();
            let key = key.split_whitespace().next().unwrap();
            let peer = format!("endpoint 10.1.0.{address} dst-port 51820 allowed-ip 10.2.0.{address}/32");
            let said = side.vpp.cli(&format!("wireguard peer add wg0 public-key {key} {peer}"));
            assert_eq!(said.trim(), "", "the peer is taken");
        }
    }
    sides.iter().for_each(|sides| through("wg0", sides));
}
