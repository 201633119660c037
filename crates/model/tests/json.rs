//! Values as JSON: both dialects out, both spellings in, and what is said about faults.
#![allow(clippy::expect_used)] // Helpers of tests may fail as the tests do.

use model::json::{self, Names, from_json, parse, to_json, to_json_proto_names};
use model::proto::ligato::vpp::interfaces::{self, interface, interface_state};
use model::proto::ligato::{generic, vpp};
use model::value::{Model, Wire};
use model::{MODELS, by_name, go_json};
use serde_json::{Value, json};

const INTERFACE: &str = "ligato.vpp.interfaces.Interface";

fn memif() -> interfaces::Interface {
    interfaces::Interface {
        name: "memif1".into(),
        r#type: interface::Type::Memif.into(),
        enabled: true,
        ip_addresses: vec!["10.0.0.1/24".into()],
        rx_modes: vec![interface::RxMode::default()],
        link: Some(interface::Link::Memif(interfaces::MemifLink {
            master: true,
            id: 7,
            ..Default::default()
        })),
        ..Default::default()
    }
}

#[test]
fn canonical_json() {
    let expected = r#"{"name":"memif1","type":"MEMIF","enabled":true,"ipAddresses":["10.0.0.1/24"],"rxModes":[{}],"memif":{"master":true,"id":7}}"#;
    assert_eq!(to_json(&memif().wire()).to_string(), expected);
    let with_proto_names = expected.replace("ipAddresses", "ip_addresses").replace("rxModes", "rx_modes");
    assert_eq!(to_json_proto_names(&memif().wire()).to_string(), with_proto_names);
}

#[test]
fn fields_are_written_in_the_order_of_the_file_and_unknown_enum_numbers_as_numbers() {
    let route = vpp::l3::Route {
        r#type: vpp::l3::route::RouteType::Drop.into(),
        vrf_id: 1,
        dst_network: "10.0.0.0/8".into(),
        ..Default::default()
    };
    assert_eq!(to_json(&route.wire()).to_string(), r#"{"type":"DROP","vrfId":1,"dstNetwork":"10.0.0.0/8"}"#);
    let odd = vpp::l3::Route { r#type: 77, ..route };
    assert_eq!(to_json(&odd.wire())["type"], 77);
}

#[test]
fn wide_numbers_are_texts_and_maps_are_sorted() {
    let state = interfaces::InterfaceState {
        last_change: -5,
        speed: u64::MAX,
        statistics: Some(interface_state::Statistics { in_packets: 3, ..Default::default() }),
        ..Default::default()
    };
    let expected =
        json!({ "lastChange": "-5", "speed": "18446744073709551615", "statistics": { "inPackets": "3" } });
    assert_eq!(json::of(&state, Names::Json), expected);
    let plain = json!({ "last_change": -5, "speed": u64::MAX, "statistics": { "in_packets": 3 } });
    assert_eq!(go_json::of(&state), plain);

    let labels = ["b", "a", "c"].map(|label| (label.to_owned(), "x".to_owned())).into();
    let item = generic::UpdateItem { labels, ..Default::default() };
    assert_eq!(json::of(&item, Names::Proto).to_string(), r#"{"labels":{"a":"x","b":"x","c":"x"}}"#);
    assert_eq!(parse::<generic::UpdateItem>(&json::of(&item, Names::Json)), Ok(item));
}

#[test]
fn a_value_in_any() {
    let any = prost_types::Any::from_msg(&memif()).expect("encodable");
    assert_eq!(any.type_url, "models.ligato.io/ligato.vpp.interfaces.Interface");
    let data = generic::Data { union: Some(generic::data::Union::Any(any)) };
    let shown = json::of(&data, Names::Json);
    assert_eq!(shown["any"]["@type"], "models.ligato.io/ligato.vpp.interfaces.Interface");
    assert_eq!(shown["any"]["name"], "memif1");
    assert_eq!(parse::<generic::Data>(&shown), Ok(data));
    let fault =
        parse::<generic::Data>(&json!({ "any": { "@type": "x/no.Such" } })).expect_err("unknown type");
    assert!(fault.to_string().starts_with("any: no google.protobuf.Any: "), "{fault}");
}

#[test]
fn go_dialect() {
    let expected = r#"{"name":"memif1","type":4,"enabled":true,"ip_addresses":["10.0.0.1/24"],"rx_modes":[{}],"Link":{"Memif":{"master":true,"id":7}}}"#;
    assert_eq!(go_json::go_json(&memif().wire()).to_string(), expected);
    let loopback = interfaces::Interface { name: "loop1".into(), ..Default::default() };
    assert_eq!(go_json::go_json(&loopback.wire()).to_string(), r#"{"name":"loop1","Link":null}"#);
    // A chosen member is there also when it is zero.
    let steering = vpp::srv6::Steering {
        policy_ref: Some(vpp::srv6::steering::PolicyRef::PolicyIndex(0)),
        ..Default::default()
    };
    assert_eq!(
        go_json::go_json(&steering.wire()).to_string(),
        r#"{"PolicyRef":{"PolicyIndex":0},"Traffic":null}"#
    );
    assert_eq!(to_json(&steering.wire()).to_string(), r#"{"policyIndex":0}"#);
}

#[test]
fn what_is_no_message_of_the_api() {
    assert_eq!(to_json(&Wire::EMPTY), json!({}));
    assert_eq!(go_json::go_json(&Wire::EMPTY), json!({}));
    let broken = Wire { name: INTERFACE, bytes: vec![0xff] };
    assert_eq!((to_json(&broken), go_json::go_json(&broken)), (Value::Null, Value::Null));
    let unknown = Wire { name: "no.such.Message", bytes: vec![] };
    assert_eq!(to_json(&unknown), Value::Null);
    let fault = from_json("no.such.Message", &json!({})).expect_err("unknown");
    assert!(fault.to_string().contains("\"no.such.Message\""), "{fault}");
    let fault = by_name("vpp.interfaces").expect("a model").decode(&[0xff]).expect_err("no encoding");
    assert!(fault.to_string().starts_with("decoding ligato.vpp.interfaces.Interface failed: "), "{fault}");
}

#[test]
fn either_spelling_is_read() {
    for value in [
        json!({ "name": "memif1", "type": "MEMIF", "enabled": true, "ip_addresses": ["10.0.0.1/24"],
            "rx_modes": [{}], "memif": { "master": true, "id": 7 } }),
        json!({ "name": "memif1", "type": 4, "enabled": true, "ipAddresses": ["10.0.0.1/24"], "mtu": null,
            "rxModes": [{}], "memif": { "master": true, "id": "7", "secret": null } }),
        json!({ "name": "memif1", "type": 4.0, "enabled": true, "ipAddresses": ["10.0.0.1/24"],
            "rxModes": [{ "queue": 0.0 }], "memif": { "master": true, "id": 7e0 } }),
    ] {
        assert_eq!(parse::<interfaces::Interface>(&value), Ok(memif()), "{value}");
    }
}

#[test]
fn what_is_written_reads_back() {
    let document = model::document::parse(include_str!("everything.yaml")).expect("YAML");
    assert_eq!(document.items.len(), 46);
    for item in document.items {
        let wire = item.wire();
        let spec = model::by_proto(wire.name).expect("a model");
        for value in [to_json(&wire), to_json_proto_names(&wire)] {
            assert!(spec.from_json(&value).expect("a value").same(&*item), "{value}");
        }
        assert!(go_json::go_json(&wire).is_object());
    }
    for spec in MODELS {
        let empty = spec.from_json(&json!({})).expect("the empty value");
        assert!(empty.wire().bytes.is_empty());
        assert_eq!(to_json(&empty.wire()), json!({}));
    }
}

#[test]
fn faults_name_the_field_the_reason_and_the_neighbour() {
    for (value, expected) in [
        (
            json!({ "enabeld": true }),
            r#"enabeld: unknown field "enabeld" in ligato.vpp.interfaces.Interface; did you mean "enabled"?"#,
        ),
        (
            json!({ "ipAdresses": [] }),
            r#"ipAdresses: unknown field "ipAdresses" in ligato.vpp.interfaces.Interface; did you mean "ipAddresses"?"#,
        ),
        (
            json!({ "memif": { "xyzzy": 1 } }),
            r#"memif.xyzzy: unknown field "xyzzy" in ligato.vpp.interfaces.MemifLink; known are mode, master, id, socket_filename, secret, ring_size, buffer_size, rx_queues, tx_queues"#,
        ),
        (
            json!({ "type": "MEMFI" }),
            r#"type: unknown value "MEMFI" of ligato.vpp.interfaces.Interface.Type; did you mean "MEMIF"?"#,
        ),
        (
            json!({ "type": true }),
            "type: expected a name of ligato.vpp.interfaces.Interface.Type, found true",
        ),
        (
            json!({ "type": 3_000_000_000u32 }),
            "type: expected a whole number from -2147483648 to 2147483647, found 3000000000",
        ),
        (json!({ "enabled": "yes" }), r#"enabled: expected true or false, found "yes""#),
        (json!({ "name": 7 }), "name: expected a text, found 7; put it in quotes"),
        (json!({ "name": ["a"] }), "name: expected a text, found a list"),
        (json!({ "mtu": -1 }), "mtu: expected a whole number from 0 to 4294967295, found -1"),
        (
            json!({ "mtu": 4_294_967_296u64 }),
            "mtu: expected a whole number from 0 to 4294967295, found 4294967296",
        ),
        (json!({ "mtu": 1.5 }), "mtu: expected a whole number from 0 to 4294967295, found 1.5"),
        (json!({ "mtu": "many" }), r#"mtu: expected a whole number from 0 to 4294967295, found "many""#),
        (json!({ "mtu": {} }), "mtu: expected a whole number from 0 to 4294967295, found an object"),
        (json!({ "ip_addresses": "10.0.0.1/24" }), r#"ip_addresses: expected a list, found "10.0.0.1/24""#),
        (json!({ "ip_addresses": ["a", null] }), "ip_addresses[1]: expected a text, found null"),
        (
            json!({ "rx_modes": [{}, { "queue": "x" }] }),
            r#"rx_modes[1].queue: expected a whole number from 0 to 4294967295, found "x""#,
        ),
        (
            json!({ "memif": [] }),
            "memif: expected the fields of a ligato.vpp.interfaces.MemifLink, found a list",
        ),
        (
            json!({ "ip_addresses": ["a"], "ipAddresses": ["a"] }),
            r#"ipAddresses: the field is given twice, as "ip_addresses" and as "ipAddresses""#,
        ),
        (json!({ "memif": {}, "tap": {} }), r#"tap: only one of "memif" and "tap" may be given"#),
        (json!([]), "expected the fields of a ligato.vpp.interfaces.Interface, found a list"),
        (Value::Null, "expected the fields of a ligato.vpp.interfaces.Interface, found null"),
    ] {
        let fault = from_json(INTERFACE, &value).expect_err("a fault");
        assert_eq!(fault.to_string(), expected, "for {value}");
    }
    let fault = parse::<generic::UpdateItem>(&json!({ "labels": { "a": 1 } })).expect_err("a fault");
    assert_eq!(fault.to_string(), "labels[\"a\"]: expected a text, found 1; put it in quotes");
    let fault = parse::<generic::UpdateItem>(&json!({ "labels": [] })).expect_err("a fault");
    assert_eq!(fault.to_string(), "labels: expected names with values, found a list");
    let fault = parse::<interfaces::InterfaceState>(&json!({ "speed": "18446744073709551616" }))
        .expect_err("a fault");
    assert!(
        fault.to_string().starts_with("speed: expected a whole number from 0 to 18446744073709551615"),
        "{fault}"
    );
}

#[test]
fn long_input_makes_no_long_message() {
    let long = "x".repeat(1_000_000);
    for value in [json!({ long.as_str(): 1 }), json!({ "type": long }), json!({ "mtu": long }), json!(long)] {
        let fault = from_json(INTERFACE, &value).expect_err("a fault").to_string();
        let reason = fault.rsplit(": ").next().expect("a reason");
        assert!(reason.len() < 1000, "{} bytes", reason.len());
    }
}
