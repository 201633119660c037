//! Two layouts against byte offsets worked out by hand from VPP's field lists.

use binapi::addr::MacAddress;
use binapi::codec::{Message, Reader, Wire};
use binapi::interface::SwInterfaceDetails;
use binapi::ip::IpRouteAddDel;
use binapi::types::{
    FibPath, FibPathFlags, FibPathNh, FibPathNhProto, FibPathType, IfStatusFlags, IfType, IpRoute,
    LinkDuplex, SubIfFlags,
};
use std::net::IpAddr;

fn bytes(message: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    message.put(&mut out);
    out
}

#[test]
fn sw_interface_details() {
    let details = SwInterfaceDetails {
        sw_if_index: 0x01020304,
        sup_sw_if_index: 0x05060708,
        l2_address: MacAddress([1, 2, 3, 4, 5, 6]),
        flags: IfStatusFlags::ADMIN_UP | IfStatusFlags::LINK_UP,
        type_: IfType::PIPE,
        link_duplex: LinkDuplex::FULL,
        link_speed: 1_000_000,
        link_mtu: 9216,
        mtu: [9000, 1500, 1280, 0],
        sub_id: 7,
        sub_number_of_tags: 2,
        sub_outer_vlan_id: 100,
        sub_inner_vlan_id: 200,
        sub_if_flags: SubIfFlags::EXACT_MATCH,
        vtr_op: 3,
        vtr_push_dot1q: 1,
        vtr_tag1: 11,
        vtr_tag2: 12,
        outer_tag: 13,
        b_dmac: MacAddress([0xd; 6]),
        b_smac: MacAddress([0x5; 6]),
        b_vlanid: 14,
        i_sid: 15,
        interface_name: "loop0".try_into().unwrap(),
        interface_dev_type: "Loopback".try_into().unwrap(),
        tag: "mine".try_into().unwrap(),
    };
    let b = bytes(&details);
    assert_eq!(b.len(), 289);
    assert_eq!(b[0..4], [1, 2, 3, 4]);
    assert_eq!(b[4..8], [5, 6, 7, 8]);
    assert_eq!(b[8..14], [1, 2, 3, 4, 5, 6]);
    assert_eq!(b[14..18], [0, 0, 0, 3]);
    assert_eq!(b[18..22], [0, 0, 0, 3]);
    assert_eq!(b[22..26], [0, 0, 0, 2]);
    assert_eq!(b[26..30], 1_000_000u32.to_be_bytes());
    assert_eq!(b[30..32], [0x24, 0]);
    assert_eq!(b[32..48], [0, 0, 0x23, 0x28, 0, 0, 5, 0xdc, 0, 0, 5, 0, 0, 0, 0, 0]);
    assert_eq!(b[48..52], [0, 0, 0, 7]);
    assert_eq!(b[52..57], [2, 0, 100, 0, 200]);
    assert_eq!(b[57..61], [0, 0, 0, 16]);
    assert_eq!(b[61..77], [0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 11, 0, 0, 0, 12]);
    assert_eq!(b[77..79], [0, 13]);
    assert_eq!(b[79..91], [0xd, 0xd, 0xd, 0xd, 0xd, 0xd, 5, 5, 5, 5, 5, 5]);
    assert_eq!(b[91..97], [0, 14, 0, 0, 0, 15]);
    assert_eq!(&b[97..103], b"loop0\0");
    assert_eq!(&b[161..170], b"Loopback\0");
    assert_eq!(&b[225..230], b"mine\0");
    assert_eq!(SwInterfaceDetails::get(&mut Reader::new(&b)), Ok(details));
}

#[test]
fn ip_route_add_del() {
    let path = FibPath {
        sw_if_index: 3,
        table_id: 4,
        rpf_id: 5,
        weight: 6,
        preference: 7,
        type_: FibPathType::DROP,
        flags: FibPathFlags::RESOLVE_VIA_HOST,
        proto: FibPathNhProto::IP6,
        nh: FibPathNh {
            address: "2001:db8::9".parse::<IpAddr>().unwrap().into(),
            via_label: 8,
            obj_id: 9,
            classify_table_index: 10,
        },
        n_labels: 1,
        ..Default::default()
    };
    let request = IpRouteAddDel {
        is_add: true,
        is_multipath: false,
        route: IpRoute {
            table_id: 1,
            stats_index: 2,
            prefix: ("10.1.2.0".parse::<IpAddr>().unwrap(), 24).into(),
            paths: vec![path.clone(), path].try_into().unwrap(),
        },
    };
    let b = bytes(&request);
    assert_eq!(b.len(), 29 + 2 * 167);
    assert_eq!(b[0..2], [1, 0]);
    assert_eq!(b[2..10], [0, 0, 0, 1, 0, 0, 0, 2]);
    assert_eq!(b[10..28], [0, 10, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24]);
    assert_eq!(b[28], 2);
    assert_eq!(b[29..41], [0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]);
    assert_eq!(b[41..43], [6, 7]);
    assert_eq!(b[43..55], [0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1]);
    assert_eq!(b[55..71], [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    assert_eq!(b[71..83], [0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 10]);
    assert_eq!(b[83], 1);
    assert!(b[84..196].iter().all(|b| *b == 0));
    assert_eq!(b[29..196], b[196..363]);
    assert_eq!(IpRouteAddDel::get(&mut Reader::new(&b)), Ok(request));
}

#[test]
fn unknown_numbers_are_kept() {
    let bytes_in = [0, 0, 0, 99];
    let ty = FibPathType::get(&mut Reader::new(&bytes_in)).unwrap();
    assert_eq!((ty.0, ty.symbol(), format!("{ty:?}")), (99, None, "99".to_owned()));
    assert_eq!(bytes(&ty), bytes_in);
    assert_eq!(format!("{:?}", IfStatusFlags(0x41)), "ADMIN_UP|0x40");
}

#[test]
fn defaults_are_those_of_vpp() {
    assert!(binapi::ip::IpTableAddDel::default().is_add);
    assert_eq!(binapi::l2::BridgeDomainDump::default().bd_id, u32::MAX);
    assert!(!binapi::interface::SwInterfaceAddDelAddress::default().is_add);
}

#[test]
fn ids() {
    assert_eq!(IpRouteAddDel::ID, "ip_route_add_del_b8ecfe0d");
    assert_eq!(IpRouteAddDel::NAME, "ip_route_add_del");
    assert_eq!(binapi::memclnt::SockclntCreate::HEAD.fields_at(), 6);
    assert_eq!(binapi::memclnt::SockclntCreateReply::HEAD.fields_at(), 10);
    assert_eq!(binapi::interface::SwInterfaceEvent::HEAD.context_at(), None);
}
