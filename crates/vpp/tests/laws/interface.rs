//! Values of `ligato.vpp.interfaces.Interface`, by type.

use crate::world;
use model::models::erase;
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::memif_link::MemifMode;
use model::proto::ligato::vpp::interfaces::{Interface, MemifLink};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use testkit::laws::{Feature, of_type};
use testkit::target::Dir;

/// What all types have in common.
fn any(name: &'static str) -> impl Strategy<Value = Interface> {
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

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

fn feature(values: impl Strategy<Value = Interface> + 'static) -> Feature {
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
