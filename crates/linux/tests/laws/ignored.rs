//! No field of a model is forgotten: it means something, or it stands here with the reason why it does not.

use crate::features::{pair, veth};
use linux::iptables::chain::RuleChains;
use linux::{Config, Linux, interface, l3};
use model::proto::ligato::linux::interfaces::interface::{Link, Type};
use model::proto::ligato::linux::interfaces::{Interface, TapLink, VrfDevLink};
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::l3::route::Scope;
use model::proto::ligato::linux::l3::{ArpEntry, Route};
use testkit::laws::{Ignored, fields_matter};

const INTERFACE: &[Ignored] = &[];
const ROUTE: &[Ignored] = &[];
const NEIGHBOUR: &[Ignored] = &[];
const CHAIN: &[Ignored] = &[];

#[test]
fn no_field_is_forgotten_in_netns() {
    // What is asked here sends nothing.
    let linux = Linux::start(Config::new("laws")).unwrap();
    let [left, right] = pair();
    let loopback = Interface { name: "loop".into(), r#type: Type::Loopback.into(), ..Interface::default() };
    let vrf = Interface {
        name: "red".into(),
        r#type: Type::VrfDevice.into(),
        link: Some(Link::VrfDev(VrfDevLink { routing_table: 10 })),
        ..Interface::default()
    };
    let end = Link::Tap(TapLink { vpp_tap_if_name: "to-linux".into() });
    let tap = Interface {
        name: "tap".into(),
        r#type: Type::TapToVpp.into(),
        link: Some(end),
        ..Interface::default()
    };
    let samples = [left, right, loopback, veth("bare", "other", &[]), vrf, tap];
    fields_matter(&interface::Interfaces(linux.clone()), &samples, INTERFACE);
    let route = Route {
        outgoing_interface: "left".into(),
        scope: Scope::Global.into(),
        dst_network: "10.2.0.0/16".into(),
        ..Route::default()
    };
    fields_matter(&l3::route::Routes(linux.clone()), &[route], ROUTE);
    let neighbour = ArpEntry {
        interface: "left".into(),
        ip_address: "10.1.1.9".into(),
        hw_address: "02:00:00:00:00:09".into(),
    };
    fields_matter(&l3::neighbour::Neighbours(linux.clone()), &[neighbour], NEIGHBOUR);
    let custom = RuleChain { name: "web".into(), chain_name: "web".into(), ..RuleChain::default() };
    let input = RuleChain { chain_type: 1, ..custom.clone() };
    fields_matter(&RuleChains::new(&linux, ""), &[custom, input], CHAIN);
}
