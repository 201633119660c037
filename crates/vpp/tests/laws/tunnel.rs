//! Values of `ligato.vpp.interfaces.Interface`: the tunnels.

use crate::interface::{any, any_bool, feature};
use crate::world;
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::vxlan_link::Gpe;
use model::proto::ligato::vpp::interfaces::{
    GreLink, GtpuLink, Interface, IpSecLink, IpipLink, VxlanLink, WireguardLink,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testkit::laws::{Anything, Feature, of_type};

/// Outer addresses and the interface to a group.
#[derive(Clone, Debug)]
struct Ends {
    src: String,
    dst: String,
    through: String,
}

impl Ends {
    fn ipv6(&self) -> bool {
        self.src.contains(':')
    }
}

/// Two addresses, now and then a group.
fn ends() -> impl Strategy<Value = Ends> {
    let four = (select(vec!["10.8.0.1", "10.8.0.2"]), select(vec!["10.8.1.1", "10.8.1.2", "239.1.1.1"]));
    let six = (select(vec!["fd08::1", "fd08::2"]), select(vec!["fd08::8:1", "fd08::8:2", "ff05::1"]));
    prop_oneof![four, six].prop_map(|(src, dst)| {
        let group = dst.starts_with("239") || dst.starts_with("ff");
        let through = if group { "loop-a" } else { "" };
        Ends { src: src.into(), dst: dst.into(), through: through.into() }
    })
}

/// Two addresses.
fn pair() -> impl Strategy<Value = Ends> {
    ends().prop_filter("no group", |ends| ends.through.is_empty())
}

/// The attributes of a tunnel without Ethernet frames.
fn plain(name: &'static str) -> impl Strategy<Value = Interface> {
    any(name).prop_map(|base| Interface { phys_address: String::new(), ..base })
}

/// With loopbacks to reach groups through.
fn tunnels(values: impl Strategy<Value = Interface> + 'static) -> Feature {
    let mut feature = feature(values);
    feature.world.extend(world::loopbacks());
    feature
}

pub fn vxlans() -> Feature {
    let vni = select(vec![0, 5, (1 << 24) - 1]);
    let values = (any("vxlan-x"), ends(), vni, 0..=3u32).prop_map(|(base, ends, vni, vrf)| Interface {
        r#type: Type::VxlanTunnel.into(),
        // The outer packets are in it, also without addresses.
        vrf,
        link: Some(Link::Vxlan(VxlanLink {
            src_address: ends.src,
            dst_address: ends.dst,
            vni,
            multicast: ends.through,
            gpe: None,
        })),
        ..base
    });
    tunnels(values)
}

pub fn gpes() -> Feature {
    let inside = (1..=4, 0..=3u32);
    let values = (plain("gpe-x"), ends(), 5..7u32, 0..=3u32, inside).prop_map(
        |(base, ends, vni, vrf, (protocol, inner))| {
            let four = !ends.ipv6();
            let decap_vrf_id = if four && protocol == 1 { inner } else { 0 };
            Interface {
                r#type: Type::VxlanTunnel.into(),
                vrf: if four { vrf } else { 0 },
                link: Some(Link::Vxlan(VxlanLink {
                    src_address: ends.src,
                    dst_address: ends.dst,
                    vni,
                    multicast: ends.through,
                    gpe: Some(Gpe { decap_vrf_id, protocol }),
                })),
                ..base
            }
        },
    );
    tunnels(values)
}

pub fn gres() -> Feature {
    let values = (any("gre-x"), pair(), 1..=3, 0..=3u32, select(vec![0, 7, 1023])).prop_map(
        |(base, ends, tunnel_type, outer_fib_id, session)| Interface {
            r#type: Type::GreTunnel.into(),
            phys_address: if tunnel_type == 1 { String::new() } else { base.phys_address.clone() },
            link: Some(Link::Gre(GreLink {
                tunnel_type,
                src_addr: ends.src,
                dst_addr: ends.dst,
                outer_fib_id,
                session_id: if tunnel_type == 3 { session } else { 0 },
            })),
            ..base
        },
    );
    feature(values)
}

pub fn ipips() -> Feature {
    let values = (plain("ipip-x"), pair(), any_bool(), 0..=3u32).prop_map(|(base, ends, many, vrf)| {
        let dst_addr = if many { String::new() } else { ends.dst };
        Interface {
            r#type: Type::IpipTunnel.into(),
            vrf,
            link: Some(Link::Ipip(IpipLink { tunnel_mode: many.into(), src_addr: ends.src, dst_addr })),
            ..base
        }
    });
    feature(values)
}

pub fn gtpus() -> Feature {
    // By number, by name, or VPP's choice.
    let next = select(vec![(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (0, 2), (0, 3)]);
    let ids = (0..=3u32, 0..3u32, 0..3u32, 0..=3u32);
    let values =
        (plain("gtpu-x"), ends(), ids, next).prop_map(|(base, ends, (table, teid, remote, vrf), next)| {
            // Decap by name is deprecated, and still in use.
            #[allow(deprecated)]
            let link = GtpuLink {
                src_addr: ends.src,
                dst_addr: ends.dst,
                multicast: ends.through,
                teid,
                remote_teid: remote,
                encap_vrf_id: table,
                decap_next: next.0,
                decap_next_node: next.1,
            };
            Interface { r#type: Type::GtpuTunnel.into(), vrf, link: Some(Link::Gtpu(link)), ..base }
        });
    tunnels(values)
}

pub fn ipsecs() -> Feature {
    let values = (plain("ipsec-x"), 0..=1).prop_map(|(base, tunnel_mode)| {
        let link = IpSecLink { tunnel_mode, ..IpSecLink::default() };
        // The section is deprecated, and still in use.
        #[allow(deprecated)]
        let link = Some(Link::Ipsec(link));
        Interface { r#type: Type::IpsecTunnel.into(), link, ..base }
    });
    feature(values)
}

pub fn wireguards() -> Feature {
    let keys =
        vec!["YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=", "NTQzMjEwenl4d3Z1dHNycXBvbm1sa2ppaGdmZWRjYmE="];
    let values = (plain("wg-x"), pair(), select(keys), select(vec![51820, 51821, 65535])).prop_map(
        |(base, ends, key, port)| Interface {
            r#type: Type::WireguardTunnel.into(),
            link: Some(Link::Wireguard(WireguardLink { private_key: key.into(), port, src_addr: ends.src })),
            ..base
        },
    );
    feature(values)
}

/// A value of a feature.
pub fn first(feature: &Feature) -> Anything {
    draws(feature).next().unwrap()
}

fn draws(feature: &Feature) -> impl Iterator<Item = Anything> {
    let mut runner = TestRunner::deterministic();
    std::iter::repeat_with(move || feature.values.new_tree(&mut runner).unwrap().current())
}

/// One of each type in which every field can matter.
pub fn samples() -> Vec<Interface> {
    let features = [vxlans(), gpes(), gres(), ipips(), gtpus(), ipsecs(), wireguards()];
    let told = |feature: &Feature| {
        let mut all = draws(feature).map(|value| of_type::<Interface>(&*value).clone());
        all.find(|i| tells_all(i.link.as_ref().unwrap())).unwrap()
    };
    features.iter().map(told).collect()
}

/// Only ERSPAN has a session, only tunnels to one end have a destination, only IPv4 in IPv4 has tables on both sides, and
/// the old name of a node counts only without the number of one.
fn tells_all(link: &Link) -> bool {
    match link {
        Link::Gre(link) => link.tunnel_type == 3,
        Link::Ipip(link) => link.tunnel_mode == 0,
        Link::Gtpu(link) => link.decap_next_node == 0,
        Link::Vxlan(VxlanLink { gpe: Some(gpe), src_address, .. }) => {
            gpe.protocol == 1 && !src_address.contains(':')
        }
        _ => true,
    }
}
