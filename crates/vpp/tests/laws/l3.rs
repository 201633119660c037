//! Values of VRF tables and routes.

use crate::world;
use model::models::erase;
use model::proto::ligato::vpp::l3::route::RouteType;
use model::proto::ligato::vpp::l3::vrf_table::FlowHashSettings;
use model::proto::ligato::vpp::l3::{Route, VrfTable};
use model::value::Value;
use proptest::bool::ANY;
use proptest::prelude::*;
use proptest::sample::select;
use testkit::laws::{Feature, of_type};

pub fn vrfs() -> Feature {
    let hash = prop::option::of((ANY, ANY, ANY, ANY, ANY, ANY, ANY).prop_map(|bits| FlowHashSettings {
        use_src_ip: bits.0,
        use_dst_ip: bits.1,
        use_src_port: bits.2,
        use_dst_port: bits.3,
        use_protocol: bits.4,
        reverse: bits.5,
        symmetric: bits.6,
    }));
    let ids = select(vec![7, 100, u32::MAX - 1]);
    let values = (ids, 0..2, select(vec!["", "red", "a table with a long name"]), hash).prop_map(
        |(id, protocol, label, flow_hash_settings)| VrfTable {
            id,
            protocol,
            label: label.into(),
            flow_hash_settings,
        },
    );
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let &VrfTable { id, protocol, .. } = of_type(a);
        erase(VrfTable { id, protocol, ..of_type::<VrfTable>(b).clone() })
    };
    Feature::new("vpp-vrf-table", Vec::new(), values, rekey).chosen(world::CHOSEN)
}

fn route(vrf_id: u32, dst_network: &str, next_hop_addr: &str, outgoing_interface: &str) -> Route {
    Route {
        vrf_id,
        dst_network: dst_network.into(),
        next_hop_addr: next_hop_addr.into(),
        outgoing_interface: outgoing_interface.into(),
        weight: 1,
        ..Route::default()
    }
}

/// Every kind of route, with a network, a next hop and an interface that fit.
fn shapes() -> Vec<Route> {
    let inter = |route: Route, via_vrf_id| Route { r#type: RouteType::InterVrf.into(), via_vrf_id, ..route };
    let drop = |route: Route| Route { r#type: RouteType::Drop.into(), ..route };
    vec![
        route(0, "10.40.1.0/24", "10.1.1.9", "loop-a"),
        route(0, "10.40.2.0/24", "", "loop-a"),
        route(0, "10.40.3.0/24", "", "loop-c"),
        route(0, "10.40.4.0/24", "10.1.1.8", ""),
        route(0, "10.40.5.7/32", "10.40.1.3", ""),
        route(0, "0.0.0.0/0", "10.1.1.9", "loop-a"),
        // More paths of a network of the world.
        route(0, "10.50.0.0/16", "10.1.1.3", "loop-a"),
        route(0, "10.50.0.0/16", "10.1.1.4", "loop-a"),
        route(0, "10.50.0.0/16", "10.1.1.4", ""),
        route(0, "10.50.0.0/16", "", "loop-c"),
        route(1, "10.40.1.0/24", "10.1.2.9", "loop-b"),
        route(1, "10.40.4.0/24", "10.1.2.8", ""),
        // Into a table through an interface of another.
        route(2, "10.40.1.0/24", "10.1.1.9", "loop-a"),
        inter(route(2, "10.60.0.0/16", "", ""), 1),
        inter(route(2, "10.61.0.0/16", "10.1.2.9", ""), 1),
        inter(route(1, "10.62.0.0/16", "", ""), 0),
        inter(route(1, "10.63.0.0/16", "10.1.1.9", ""), 0),
        drop(route(0, "10.70.0.0/16", "", "")),
        drop(route(3, "10.70.0.0/16", "", "")),
        route(0, "fd40:1::/64", "fd01::9", "loop-a"),
        route(0, "fd40:2::/64", "", "loop-a"),
        route(0, "fd40:4::/64", "fd01::8", ""),
        route(0, "fd40:5::7/128", "fd40:1::3", ""),
        route(0, "::/0", "fd01::9", "loop-a"),
        route(0, "fd50::/64", "fd01::3", "loop-a"),
        route(1, "fd40:1::/64", "fd02::9", "loop-b"),
        route(2, "fd40:1::/64", "fd01::9", "loop-a"),
        inter(route(2, "fd60::/64", "", ""), 1),
        inter(route(2, "fd61::/64", "fd02::9", ""), 1),
        inter(route(1, "fd62::/64", "", ""), 0),
        inter(route(1, "fd63::/64", "fd01::9", ""), 0),
        drop(route(0, "fd70::/64", "", "")),
        drop(route(3, "fd70::/64", "", "")),
        // An IPv4 network behind an IPv6 next hop.
        route(0, "10.80.0.0/16", "fd01::9", "loop-a"),
    ]
}

pub fn routes() -> Feature {
    let mut world = world::vrfs();
    world.extend(world::loopbacks());
    world.push(erase(route(0, "10.50.0.0/16", "10.1.1.2", "loop-a")));
    world.push(erase(Route { weight: 3, ..route(0, "fd50::/64", "fd01::2", "loop-a") }));
    let values = (select(shapes()), select(vec![1, 2, 200]), select(vec![0, 1, 200]))
        .prop_map(|(shape, weight, preference)| Route { weight, preference, ..shape });
    let rekey = |a: &dyn Value, b: &dyn Value| {
        let (a, b): (&Route, &Route) = (of_type(a), of_type(b));
        erase(Route { weight: b.weight, preference: b.preference, ..a.clone() })
    };
    Feature::new("vpp-route", world, values, rekey).chosen(world::CHOSEN)
}
