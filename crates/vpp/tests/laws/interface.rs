//! Values of `ligato.vpp.interfaces.Interface`, by type.

use crate::world;
use model::models::erase;
use model::proto::ligato::vpp::interfaces::bond_link::{BondedInterface, LoadBalance, Mode};
use model::proto::ligato::vpp::interfaces::interface::{Link, Type, Unnumbered};
use model::proto::ligato::vpp::interfaces::memif_link::MemifMode;
use model::proto::ligato::vpp::interfaces::{
    AfpacketLink, BondLink, Interface, MemifLink, RdmaLink, SubInterface, TapLink, VmxNet3Link,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use testkit::laws::{Feature, of_type};
use testkit::target::{Dir, Needed};

/// What all types have in common.
pub fn any(name: &'static str) -> impl Strategy<Value = Interface> {
    let addresses = vec!["10.9.1.1/24", "10.9.2.1/31", "10.9.3.7/32", "fd09:1::1/64", "fd09:2::5/128"];
    let addresses = subsequence(addresses, 0..=4).prop_shuffle();
    let mac = select(vec!["", "02:00:00:00:00:0a", "fe:12:34:56:78:9a"]);
    (any_bool(), 0..=3u32, addresses, mac, select(vec![0, 1280, 1500, 8999])).prop_map(
        move |(enabled, vrf, addresses, mac, mtu)| Interface {
            name: name.into(),
            enabled,
            // Without addresses an interface is in no table of its own.
            vrf: if addresses.is_empty() { 0 } else { vrf },
            ip_addresses: addresses.into_iter().map(str::to_owned).collect(),
            phys_address: mac.into(),
            mtu,
            ..Interface::default()
        },
    )
}

pub fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

pub fn feature(values: impl Strategy<Value = Interface> + 'static) -> Feature {
    let rekey = |a: &dyn model::value::Value, b: &dyn model::value::Value| {
        erase(Interface { name: of_type::<Interface>(a).name.clone(), ..of_type::<Interface>(b).clone() })
    };
    Feature::new("vpp-interface", world::vrfs(), values, rekey).chosen(world::CHOSEN)
}

pub fn loopbacks() -> Feature {
    // A tag has room for 63 bytes.
    let name = select(vec!["loop-x", "sixty-three-bytes-sixty-three-bytes-sixty-three-bytes-sixty-thr"]);
    let values = name.prop_flat_map(|name| {
        any(name).prop_map(|base| Interface { r#type: Type::SoftwareLoopback.into(), ..base })
    });
    feature(values)
}

fn memif() -> impl Strategy<Value = MemifLink> {
    let dir = Dir::new(); // its files go with the strategy that holds it
    let file = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let file = select(vec![String::new(), file("a.sock"), file("b.sock")]);
    let sizes = (select(vec![0, 256, 1024, 2048]), select(vec![0, 1500, 2048]));
    let queues = (0..3u32, 0..3u32);
    let secret = select(vec!["", "secret", "twenty-three-bytes-here"]);
    (0..2, any_bool(), 0..9u32, file, sizes, queues, secret).prop_map(
        move |(mode, master, id, socket_filename, sizes, queues, secret)| {
            assert!(dir.path().is_dir());
            MemifLink {
                mode,
                master,
                id,
                socket_filename,
                secret: secret.into(),
                ring_size: sizes.0,
                buffer_size: sizes.1,
                rx_queues: queues.0,
                tx_queues: queues.1,
            }
        },
    )
}

pub fn memifs() -> Feature {
    let values = (any("memif-x"), memif()).prop_map(|(base, link)| Interface {
        r#type: Type::Memif.into(),
        phys_address: if link.mode() == MemifMode::Ethernet { base.phys_address } else { String::new() },
        link: Some(Link::Memif(link)),
        ..base
    });
    feature(values)
}

pub fn subs() -> Feature {
    // Tag rewrites that VPP takes, with how many tags are pushed.
    let rewrites = vec![(0, 0), (1, 1), (2, 2), (3, 0), (5, 1), (6, 2)];
    let tags = (any_bool(), 1..4095u32, 1..4095u32);
    let sub = (select(vec!["loop-a", "loop-c"]), 1..4095u32, select(rewrites), tags);
    let values = (any("sub-x"), sub).prop_map(|(base, (parent, sub_id, (option, pushed), tags))| {
        let link = SubInterface {
            parent_name: parent.into(),
            sub_id,
            tag_rw_option: option,
            push_dot1q: tags.0 && pushed > 0,
            tag1: if pushed > 0 { tags.1 } else { 0 },
            tag2: if pushed > 1 { tags.2 } else { 0 },
        };
        // Its MAC is that of its parent.
        Interface {
            r#type: Type::SubInterface.into(),
            phys_address: String::new(),
            link: Some(Link::Sub(link)),
            ..base
        }
    });
    let mut feature = feature(values);
    feature.world.extend(world::loopbacks());
    feature
}

pub fn afpackets() -> Feature {
    let values = (any("host-x"), select(vec!["veth-a", "veth-b"])).prop_map(|(base, host)| {
        let link = AfpacketLink { host_if_name: host.into(), ..AfpacketLink::default() };
        Interface { r#type: Type::AfPacket.into(), link: Some(Link::Afpacket(link)), ..base }
    });
    let needed = vec![Needed::Link("veth-a"), Needed::Link("veth-b")];
    Feature { needed, ..feature(values) }
}

pub fn bonds() -> Feature {
    let hashes = vec![LoadBalance::L2, LoadBalance::L34, LoadBalance::L23];
    let hashed = (select(vec![Mode::Xor, Mode::Lacp]), select(hashes));
    let other = vec![
        (Mode::RoundRobin, LoadBalance::Rr),
        (Mode::ActiveBackup, LoadBalance::Ab),
        (Mode::Broadcast, LoadBalance::L2),
    ];
    let mode = prop_oneof![hashed, select(other)];
    let member = |name: &str, (is_passive, is_long_timeout): (bool, bool)| BondedInterface {
        name: name.into(),
        is_passive,
        is_long_timeout,
    };
    let how = || (any_bool(), any_bool());
    let members = (how(), how()).prop_map(move |(a, c)| vec![member("loop-a", a), member("loop-c", c)]);
    let members = members.prop_flat_map(|members| subsequence(members, 0..=2).prop_shuffle());
    let values = (any("bond-x"), 0..3u32, mode, members).prop_map(|(mut base, id, (mode, lb), members)| {
        if mode == Mode::ActiveBackup {
            // Anything else ends VPP.
            base.enabled = true;
            base.ip_addresses.retain(|text| text != "10.9.3.7/32");
            base.vrf = if base.ip_addresses.is_empty() { 0 } else { base.vrf };
        }
        let link = BondLink { id, mode: mode.into(), lb: lb.into(), bonded_interfaces: members };
        // Without one the first member decides, and that need not be the one that is the first when all is made at once.
        let none = !link.bonded_interfaces.is_empty() && base.phys_address.is_empty();
        let phys_address = if none { "02:00:00:00:00:0b".into() } else { base.phys_address };
        Interface { r#type: Type::BondInterface.into(), phys_address, link: Some(Link::Bond(link)), ..base }
    });
    let mut feature = feature(values);
    feature.world.extend(world::loopbacks());
    feature
}

pub fn taps() -> Feature {
    let host = select(vec!["", "tap-a", "tap-b"]);
    let rings = (select(vec![0, 128, 1024]), select(vec![0, 512]));
    let values = (any("tap-x"), host, rings, any_bool(), any_bool()).prop_map(
        |(base, host, (rx_ring_size, tx_ring_size), enable_gso, enable_tunnel)| {
            let link = TapLink {
                version: 2,
                host_if_name: host.into(),
                to_microservice: String::new(),
                rx_ring_size,
                tx_ring_size,
                enable_gso,
                enable_tunnel,
            };
            Interface {
                r#type: Type::Tap.into(),
                phys_address: if enable_tunnel { String::new() } else { base.phys_address },
                link: Some(Link::Tap(link)),
                ..base
            }
        },
    );
    Feature { needed: vec![Needed::Tap], ..feature(values) }
}

pub fn dpdks() -> Feature {
    // One that is as it was found changes nothing.
    let values = any("pg0").prop_map(|base| Interface { r#type: Type::Dpdk.into(), enabled: true, ..base });
    Feature { needed: vec![Needed::Card("pg0")], ..feature(values) }
}

pub fn vmxnet3s() -> Feature {
    let sizes = (any_bool(), select(vec![0, 64, 4096]), select(vec![0, 512]));
    let values =
        (any("vmxnet3-0/b/1/2"), sizes).prop_map(|(base, (enable_elog, rxq_size, txq_size))| Interface {
            r#type: Type::Vmxnet3Interface.into(),
            link: Some(Link::VmxNet3(VmxNet3Link { enable_elog, rxq_size, txq_size })),
            ..base
        });
    Feature { needed: vec![Needed::Vmxnet3(2 << 29 | 1 << 24 | 0xb << 16)], ..feature(values) }
}

pub fn rdmas() -> Feature {
    let sizes = (0..3u32, select(vec![0, 256, 1024]), select(vec![0, 32768]));
    // VPP gives it the logical name, and does not tell which interface of Linux it stands on.
    let name = select(vec![("rdma-x", "mlx-a"), ("loop7", "mlx-b"), ("memif7", "mlx-c")]);
    let values = (name.prop_flat_map(|(name, host)| (any(name), Just(host))), 0..3, sizes).prop_map(
        |((base, host), mode, (rxq_num, rxq_size, txq_size))| {
            let host_if_name = host.into();
            let link = RdmaLink { host_if_name, mode, rxq_num, rxq_size, txq_size };
            Interface { r#type: Type::Rdma.into(), link: Some(Link::Rdma(link)), ..base }
        },
    );
    Feature { needed: ["mlx-a", "mlx-b", "mlx-c"].map(Needed::Rdma).into(), ..feature(values) }
}

/// Some of whose addresses are allocated.
pub fn allocated() -> Feature {
    let addresses = vec!["10.9.1.1/24", "alloc:blue", "fd09:1::1/64", "alloc:red"];
    let addresses = subsequence(addresses, 1..=4).prop_shuffle();
    let values = (any("loop-x"), addresses, 0..=3u32).prop_map(|(base, addresses, vrf)| Interface {
        r#type: Type::SoftwareLoopback.into(),
        vrf,
        ip_addresses: addresses.into_iter().map(str::to_owned).collect(),
        ..base
    });
    let mut feature = feature(values);
    feature.world.extend(world::allocations());
    feature
}

pub fn unnumbered() -> Feature {
    let lender = select(vec!["loop-a", "loop-b"]);
    let values = (any("loop-x"), lender).prop_map(|(base, lender)| Interface {
        r#type: Type::SoftwareLoopback.into(),
        ip_addresses: Vec::new(),
        vrf: 0,
        unnumbered: Some(Unnumbered { interface_with_ip: lender.into() }),
        ..base
    });
    let mut feature = feature(values);
    feature.world.extend(world::loopbacks());
    feature
}

/// Interfaces that get their addresses from a server. (What VPP does not tell, such as who listens to routers, has no laws.)
pub fn hosts() -> Feature {
    // A client is in the VRF without addresses, too.
    let values = (any("loop-x"), any_bool(), 0..=3u32).prop_map(|(base, dhcp, vrf)| Interface {
        r#type: Type::SoftwareLoopback.into(),
        set_dhcp_client: dhcp,
        vrf: if dhcp { vrf } else { base.vrf },
        ..base
    });
    feature(values)
}
