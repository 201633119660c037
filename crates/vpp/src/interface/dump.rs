//! The REST dumps of interfaces, `/dump/vpp/v2/interfaces…`, as the reference shows them.

use super::Interfaces;
use crate::prelude::*;
use binapi::interface::SwInterfaceDetails;
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::Type;
use types::IfStatusFlags;

/// What only VPP knows about an interface.
pub(super) fn meta(d: &SwInterfaceDetails) -> serde_json::Value {
    use base64::Engine as _;
    json!({
        "sw_if_index": d.sw_if_index,
        "sub_sw_if_index": d.sup_sw_if_index,
        "l2_address": base64::engine::general_purpose::STANDARD.encode(d.l2_address.0),
        "internal_name": d.interface_name.as_str(),
        "dev_type": d.interface_dev_type.as_str(),
        "is_admin_state_up": d.flags.0 & IfStatusFlags::ADMIN_UP.0 != 0,
        "is_link_state_up": d.flags.0 & IfStatusFlags::LINK_UP.0 != 0,
        "link_duplex": d.link_duplex.0,
        "link_mtu": d.link_mtu,
        "mtu": d.mtu,
        "link_speed": d.link_speed,
        "sub_id": d.sub_id,
        "tag": d.tag.as_str(),
        "dhcp": null,
        "vrf_ipv4": 0,
        "vrf_ipv6": 0,
        "pci": 0,
    })
}

/// An element of the dumps: the interface with what only VPP knows about it.
fn element(item: &sched::Item) -> (String, serde_json::Value) {
    let interface = shown(item);
    let mut meta = item.details.clone();
    if let Some(vrf) = interface.get("vrf") {
        let six = interface["ip_addresses"].as_array().into_iter().flatten();
        let mut families = six.map(|text| text.as_str().is_some_and(|text| text.contains(':')));
        let family = if families.any(|six| six) { "vrf_ipv6" } else { "vrf_ipv4" };
        meta[family] = vrf.clone();
    }
    (item.metadata["SwIfIndex"].to_string(), json!({ "interface": interface, "interface_meta": meta }))
}

/// The dump of the interfaces of one type.
fn of_type(item: &sched::Item, wanted: Type) -> Option<(String, serde_json::Value)> {
    let value: &dyn Any = &*item.value;
    let of_type = value.downcast_ref::<Interface>().is_some_and(|i| i.r#type() == wanted);
    of_type.then(|| element(item))
}

const fn listing(
    path: &'static str,
    element: fn(&sched::Item) -> Option<(String, serde_json::Value)>,
) -> Dump {
    Dump { path, descriptor: Interfaces::NAME, shape: Shape::Map, element }
}

pub(crate) const DUMPS: &[Dump] = &[
    listing("/dump/vpp/v2/interfaces", |item| Some(element(item))),
    listing("/dump/vpp/v2/interfaces/loopback", |item| of_type(item, Type::SoftwareLoopback)),
    listing("/dump/vpp/v2/interfaces/ethernet", |item| of_type(item, Type::Dpdk)),
    listing("/dump/vpp/v2/interfaces/memif", |item| of_type(item, Type::Memif)),
    listing("/dump/vpp/v2/interfaces/vxlan", |item| of_type(item, Type::VxlanTunnel)),
    listing("/dump/vpp/v2/interfaces/tap", |item| of_type(item, Type::Tap)),
    listing("/dump/vpp/v2/interfaces/afpacket", |item| of_type(item, Type::AfPacket)),
];
