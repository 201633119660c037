//! No field of a model is forgotten: it means something, or it stands here with the reason why it does not.

use crate::acl::{icmp, macip, tcp, udp};
use crate::tunnel;
use crate::world::loopback;
use model::proto::ligato::vpp::acl::Acl;
use model::proto::ligato::vpp::interfaces::bond_link::BondedInterface;
use model::proto::ligato::vpp::interfaces::interface::{Link, Type};
use model::proto::ligato::vpp::interfaces::span::Direction;
use model::proto::ligato::vpp::interfaces::{
    AfpacketLink, BondLink, Interface, MemifLink, RdmaLink, Span, SubInterface, TapLink, VmxNet3Link,
};
use model::proto::ligato::vpp::l2::{BridgeDomain, FibEntry, XConnectPair};
use model::proto::ligato::vpp::l3::dhcp_proxy::DhcpServer;
use model::proto::ligato::vpp::l3::l3x_connect::Path;
use model::proto::ligato::vpp::l3::route::RouteType;
use model::proto::ligato::vpp::l3::{
    ArpEntry, DhcpProxy, IpScanNeighbor, L3xConnect, ProxyArp, Route, TeibEntry, VrfTable, VrrpEntry,
};
use testkit::laws::{Ignored, fields_matter};
use vpp::registry::Settings;
use vpp::{Vpp, acl, interface, l2, l3};

const OLD: &str = "deprecated in the API: it belongs to a security association";
const INTERFACE: &[Ignored] = &[
    ("ipsec.anti_replay", OLD),
    ("ipsec.crypto_alg", OLD),
    ("ipsec.enable_udp_encap", OLD),
    ("ipsec.esn", OLD),
    ("ipsec.integ_alg", OLD),
    ("ipsec.local_crypto_key", OLD),
    ("ipsec.local_integ_key", OLD),
    ("ipsec.local_ip", OLD),
    ("ipsec.local_spi", OLD),
    ("ipsec.remote_crypto_key", OLD),
    ("ipsec.remote_integ_key", OLD),
    ("ipsec.remote_ip", OLD),
    ("ipsec.remote_spi", OLD),
];
const VRF: &[Ignored] = &[];
const ROUTE: &[Ignored] = &[];
const NEIGHBOUR: &[Ignored] = &[];
const TEIB: &[Ignored] = &[];
const L3XC: &[Ignored] = &[];
const VRRP: &[Ignored] = &[];
const DHCP: &[Ignored] = &[];
const SCAN: &[Ignored] = &[];
const PROXY_ARP: &[Ignored] = &[];
const DOMAIN: &[Ignored] = &[];
const ENTRY: &[Ignored] = &[];
const XCONNECT: &[Ignored] = &[];
const ACL: &[Ignored] = &[];
const SPAN: &[Ignored] = &[];

#[tokio::test]
async fn no_field_is_forgotten() {
    // Nobody listens there: what is asked here needs no VPP.
    let vpp = &Vpp::connect(vpp_client::Config::new("/nowhere"));
    let copies = &interface::span::L2Copies::default();
    let with_address = loopback("sample", 0, &["10.1.1.1/24"]);
    let memif = Interface {
        name: "sample".into(),
        r#type: Type::Memif.into(),
        link: Some(Link::Memif(MemifLink::default())),
        ..Interface::default()
    };
    let sub = SubInterface { parent_name: "other".into(), sub_id: 5, tag_rw_option: 2, ..Default::default() };
    let sub = Interface {
        name: "sample".into(),
        r#type: Type::SubInterface.into(),
        link: Some(Link::Sub(sub)),
        ..Interface::default()
    };
    let of_type = |name: &str, kind: Type, link| Interface {
        name: name.into(),
        r#type: kind.into(),
        link,
        ..Interface::default()
    };
    let host = || "eth0".to_owned();
    let afpacket = Link::Afpacket(AfpacketLink { host_if_name: host(), ..AfpacketLink::default() });
    let on_ours = Link::Afpacket(AfpacketLink { linux_interface: "ours".into(), ..AfpacketLink::default() });
    let bond = BondLink {
        mode: 3,
        bonded_interfaces: vec![BondedInterface { name: "other".into(), ..BondedInterface::default() }],
        ..BondLink::default()
    };
    let tap = Link::Tap(TapLink { version: 2, ..TapLink::default() });
    let rdma = Link::Rdma(RdmaLink { host_if_name: host(), ..RdmaLink::default() });
    let mut samples = vec![
        loopback("sample", 0, &[]),
        with_address,
        memif,
        sub,
        of_type("sample", Type::AfPacket, Some(afpacket)),
        of_type("sample", Type::AfPacket, Some(on_ours)),
        of_type("sample", Type::BondInterface, Some(Link::Bond(bond))),
        of_type("sample", Type::Tap, Some(tap)),
        of_type("sample", Type::Dpdk, None),
        of_type("vmxnet3-0/b/0/0", Type::Vmxnet3Interface, Some(Link::VmxNet3(VmxNet3Link::default()))),
        of_type("sample", Type::Rdma, Some(rdma)),
    ];
    samples.extend(tunnel::samples());
    fields_matter(&interface::Interfaces::new(vpp, &Settings::default()), &samples, INTERFACE);
    fields_matter(&l3::vrf::Vrfs(vpp.clone()), &[VrfTable { id: 5, ..VrfTable::default() }], VRF);
    let dst_network = String::from("10.2.0.0/16");
    let inter =
        Route { r#type: RouteType::InterVrf.into(), dst_network: dst_network.clone(), ..Route::default() };
    let intra = Route { dst_network, ..Route::default() };
    fields_matter(&l3::route::Routes(vpp.clone()), &[intra, inter], ROUTE);
    let neighbour = ArpEntry {
        interface: "sample".into(),
        ip_address: "10.1.1.9".into(),
        phys_address: "02:00:00:00:00:09".into(),
        ..ArpEntry::default()
    };
    fields_matter(&l3::neighbour::Neighbours(vpp.clone()), &[neighbour], NEIGHBOUR);
    let teib = TeibEntry {
        interface: "sample".into(),
        peer_addr: "10.1.1.9".into(),
        next_hop_addr: "10.2.2.9".into(),
        vrf_id: 0,
    };
    fields_matter(&l3::teib::TeibEntries::new(vpp), &[teib], TEIB);
    let way = Path { outgoing_interface: "other".into(), ..Path::default() };
    let l3xc = L3xConnect { interface: "sample".into(), paths: vec![way], ..L3xConnect::default() };
    fields_matter(&l3::l3xc::L3XConnects(vpp.clone()), &[l3xc], L3XC);
    let router = VrrpEntry {
        interface: "sample".into(),
        vr_id: 1,
        priority: 100,
        interval: 1000,
        ip_addresses: vec!["10.1.1.254".into()],
        ..VrrpEntry::default()
    };
    fields_matter(&l3::vrrp::VirtualRouters(vpp.clone()), &[router], VRRP);
    let servers = vec![DhcpServer { vrf_id: 0, ip_address: "10.9.9.9".into() }];
    let proxy = DhcpProxy { source_ip_address: "10.1.1.1".into(), rx_vrf_id: 0, servers };
    fields_matter(&l3::dhcp_proxy::DhcpProxies(vpp.clone()), &[proxy], DHCP);
    let scan = IpScanNeighbor { mode: 3, ..IpScanNeighbor::default() };
    fields_matter(&l3::ip_scan::IpScan::new(vpp.clone()), &[scan], SCAN);
    fields_matter(&l3::proxy_arp::ProxyArps(vpp.clone()), &[ProxyArp::default()], PROXY_ARP);
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
    fields_matter(&l2::xconnect::XConnects::new(vpp, copies), &[pair], XCONNECT);
    let span = Span {
        interface_from: "sample".into(),
        interface_to: "probe".into(),
        direction: Direction::Rx.into(),
        ..Span::default()
    };
    fields_matter(&interface::span::Spans::new(vpp, copies), &[span], SPAN);
    let samples = [udp(), tcp(), icmp(), macip()].map(|rule| Acl {
        name: "sample".into(),
        rules: vec![rule],
        ..Acl::default()
    });
    fields_matter(&acl::list::Acls(vpp.clone()), &samples, ACL);
}
