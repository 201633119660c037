//! No field of a model is forgotten: it means something, or it stands here with the reason why it does not.

use crate::world::loopback;
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::{Interface, MemifLink};
use model::proto::ligato::vpp::l2::{BridgeDomain, FibEntry, XConnectPair};
use model::proto::ligato::vpp::l3::route::RouteType;
use model::proto::ligato::vpp::l3::{Route, VrfTable};
use testkit::laws::{Ignored, fields_matter};
use vpp::{Vpp, interface, l2, l3};

const INTERFACE: &[Ignored] = &[];
const VRF: &[Ignored] = &[];
const ROUTE: &[Ignored] = &[];
const DOMAIN: &[Ignored] = &[];
const ENTRY: &[Ignored] = &[];
const XCONNECT: &[Ignored] = &[];

#[tokio::test]
async fn no_field_is_forgotten() {
    // Nobody listens there: what is asked here needs no VPP.
    let vpp = &Vpp::connect(vpp_client::Config::new("/nowhere"));
    let with_address = loopback("sample", 0, &["10.1.1.1/24"]);
    let memif = Interface {
        name: "sample".into(),
        r#type: Type::Memif.into(),
        link: Some(Link::Memif(MemifLink::default())),
        ..Interface::default()
    };
    fields_matter(
        &interface::Interfaces::new(vpp),
        &[loopback("sample", 0, &[]), with_address, memif],
        INTERFACE,
    );
    fields_matter(&l3::vrf::Vrfs(vpp.clone()), &[VrfTable { id: 5, ..VrfTable::default() }], VRF);
    let dst_network = String::from("10.2.0.0/16");
    let inter =
        Route { r#type: RouteType::InterVrf.into(), dst_network: dst_network.clone(), ..Route::default() };
    let intra = Route { dst_network, ..Route::default() };
    fields_matter(&l3::route::Routes(vpp.clone()), &[intra, inter], ROUTE);
    let domain = BridgeDomain { name: "sample".into(), ..BridgeDomain::default() };
    fields_matter(&l2::bridge_domain::BridgeDomains(vpp.clone()), &[domain], DOMAIN);
    let entry = FibEntry {
        phys_address: "02:00:00:00:00:01".into(),
        bridge_domain: "bd".into(),
        outgoing_interface: "sample".into(),
        ..FibEntry::default()
    };
    fields_matter(&l2::fib::FibEntries(vpp.clone()), &[entry], ENTRY);
    let pair = XConnectPair { receive_interface: "sample".into(), transmit_interface: "other".into() };
    fields_matter(&l2::xconnect::XConnects(vpp.clone()), &[pair], XCONNECT);
}
