//! What users read when VPP refuses, or when a value makes no sense.

use crate::start;
use crate::world::loopback;
use model::models::erase;
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::{Interface, MemifLink};
use model::proto::ligato::vpp::l3::Route;
use sched::{Intent, State, Status, Txn};
use testkit::laws::{self, Anything};
use testkit::target::{Dir, Target};

/// Statuses of the values, and of their parts that are not as wanted.
async fn statuses(values: &[Anything]) -> Vec<Status> {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let changes = values.iter().cloned().map(Intent::put).collect();
    let report = agent.scheduler.commit(Txn { changes, statuses: true, ..Txn::default() }).await.unwrap();
    let all = report.statuses.into_iter().flat_map(|base| std::iter::once(base.value).chain(base.derived));
    all.filter(|status| status.state != State::Configured).collect()
}

fn memif(name: &str, socket_filename: &str) -> Anything {
    let link = MemifLink { id: 3, socket_filename: socket_filename.into(), ..MemifLink::default() };
    erase(Interface {
        name: name.into(),
        r#type: Type::Memif.into(),
        link: Some(Link::Memif(link)),
        ..Interface::default()
    })
}

#[tokio::test]
async fn an_address_that_another_interface_has() {
    let both = ["one", "two"].map(|name| erase(loopback(name, 0, &["10.1.1.1/24"])));
    let bad = statuses(&both).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert!(bad[0].key.ends_with("/address/static/10.1.1.1/24"), "{bad:?}");
    assert_eq!(bad[0].state, State::Failed);
    let text = bad[0].error.clone().unwrap();
    assert!(text.starts_with("sw_interface_add_del_address: VPP refused: "), "{text}");
    assert!(text.ends_with(", -105)"), "{text}");
}

#[tokio::test]
async fn a_memif_id_that_is_taken() {
    let dir = Dir::new();
    let file = dir.path().join("memif.sock").to_string_lossy().into_owned();
    let bad = statuses(&[memif("one", &file), memif("two", &file)]).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    let text = bad[0].error.clone().unwrap();
    assert!(text.starts_with("memif_create: VPP refused: "), "{text}");
    assert!(text.ends_with(" (SUBIF_ALREADY_EXISTS, -68)"), "{text}");
}

#[tokio::test]
async fn a_route_that_waits_says_for_what() {
    let route = Route {
        vrf_id: 5,
        dst_network: "10.2.0.0/16".into(),
        outgoing_interface: "missing".into(),
        ..Route::default()
    };
    let waiting = statuses(&[erase(route)]).await;
    assert_eq!(waiting[0].state, State::Pending);
    let expected = ["config/vpp/v2/interfaces/missing", "config/vpp/v2/vrf-table/id/5/protocol/IPV4"];
    assert_eq!(waiting[0].details, expected);
}

#[tokio::test]
async fn what_cannot_be_expressed_names_the_field() {
    let route = |dst: &str, hop: &str| {
        erase(Route { dst_network: dst.into(), next_hop_addr: hop.into(), ..Route::default() })
    };
    let long = "x".repeat(64);
    let cases = [
        (route("10.2.0.1/16", ""), "dst_network: has host bits; the network is 10.2.0.0/16"),
        (route("10.2.0.0/33", ""), "dst_network: \"10.2.0.0/33\" needs a prefix length from 0 to 32"),
        (route("10.2.0.0/16", "nowhere"), "next_hop_addr: \"nowhere\" is not an IP address"),
        (erase(loopback("one", 0, &["10.1.1.1"])), "ip_addresses: \"10.1.1.1\" has no prefix length"),
        (erase(loopback(&long, 0, &[])), "name: "),
        (erase(Interface { phys_address: "mac".into(), ..loopback("one", 0, &[]) }), "phys_address: "),
        (erase(Interface { mtu: 1 << 20, ..loopback("one", 0, &[]) }), "mtu: is more than 65535 bytes"),
        (erase(Interface { name: "one".into(), ..Interface::default() }), "type: must be given"),
    ];
    for (value, reason) in cases {
        let bad = statuses(std::slice::from_ref(&value)).await;
        assert_eq!(bad[0].state, State::Invalid, "{value:?}");
        assert!(bad[0].details[0].starts_with(reason), "{value:?}: {:?} is not {reason:?}", bad[0].details);
    }
}
