//! Configuration documents and the fixed configuration message.
#![allow(clippy::expect_used)] // Helpers of tests may fail as the tests do.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::document::{Document, parse, render, to_json};
use model::proto::ligato::configurator::Config;
use model::value::{Model, Value};
use model::{Error, MODELS, by_proto, config, json};

/// At least one value of each model that can be configured, as the crate writes it.
const EVERYTHING: &str = include_str!("everything.yaml");

fn good(text: &str) -> Vec<Arc<dyn Value>> {
    let Document { items, errors } = parse(text).unwrap_or_else(|error| panic!("{error}"));
    assert!(errors.is_empty(), "{errors:?}");
    items
}

fn keys(items: &[Arc<dyn Value>]) -> Vec<String> {
    items.iter().map(|item| item.key()).collect()
}

fn faults(text: &str) -> Vec<String> {
    parse(text).expect("YAML").errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_document_with_every_model_reads_and_writes_alike() {
    let items = good(EVERYTHING);
    let models: BTreeSet<_> = items.iter().map(|item| item.wire().name).collect();
    let expected: BTreeSet<_> =
        MODELS.iter().filter(|spec| spec.class == "config").map(|spec| spec.proto_name).collect();
    assert_eq!(models, expected);

    let written = render(items.iter().map(|item| &**item));
    assert_eq!(written, EVERYTHING);
    let as_json = to_json(items.iter().map(|item| &**item)).to_string();
    assert_eq!(keys(&good(&as_json)), keys(&items));
}

#[test]
fn order_of_values_does_not_matter_to_the_order_of_fields() {
    let mut items = good(EVERYTHING);
    items.reverse();
    let written = render(items.iter().map(|item| &**item));
    let names = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.starts_with("  ") && line.ends_with(':') && !line.starts_with("   "))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(names(&written), names(EVERYTHING));
}

#[test]
fn nothing_is_a_document_with_all_groups() {
    assert_eq!(render([]), "vppConfig: {}\nlinuxConfig: {}\nnetallocConfig: {}\n");
    for text in [
        "",
        "---\n",
        "# only a comment\n",
        "{}",
        "vppConfig:\n",
        "vppConfig: {}\n",
        "vppConfig:\n  routes:\n",
        "vppConfig: {routes: []}",
    ] {
        assert!(good(text).is_empty(), "{text:?}");
    }
}

#[test]
fn proto_names_and_json_names_are_read() {
    let camel = "vppConfig:\n  bridgeDomains:\n  - name: bd1\n    macAge: 3\n  proxyArp: {}\nnetallocConfig:\n  ipAddresses:\n  - networkName: n\n";
    let snake = "vpp_config:\n  bridge_domains:\n  - name: bd1\n    mac_age: 3\n  proxy_arp: {}\nnetalloc_config:\n  ip_addresses:\n  - network_name: n\n";
    assert_eq!(keys(&good(camel)), keys(&good(snake)));
    assert_eq!(keys(&good(camel)).len(), 3);
}

#[test]
fn one_bad_item_does_not_hurt_the_others() {
    let text = "
vppConfig:
  interfaces:
  - name: good1
  - name: bad1
    enabled: yes
  - {name: bad2, memif: {idd: 1}}
  - name: 7
  - just a text
  - name: good2
  routes:
  - dst_network: 10.0.0.0/8
    next_hop_addr: 10.0.0.1
    weight: -1
  - dst_network: 10.0.0.0/8
    next_hop_addr: 1
  vrfs: {id: 1}
  routs: []
  proxyArp: [1]
vppconfig: {}
linuxConfig: 5
netallocConfig:
  ipAddresses:
  - {networkName: n, interfaceName: i}
";
    let document = parse(text).expect("YAML");
    assert_eq!(
        keys(&document.items),
        [
            "config/vpp/v2/interfaces/good1",
            "config/vpp/v2/interfaces/good2",
            "config/netalloc/v1/ip/network/n/interface/i"
        ]
    );
    let texts: Vec<_> = document.errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            r#"vppConfig.interfaces[1].enabled: expected true or false, found "yes" (in config/vpp/v2/interfaces/bad1)"#,
            r#"vppConfig.interfaces[2].memif.idd: unknown field "idd" in ligato.vpp.interfaces.MemifLink; did you mean "id"? (in config/vpp/v2/interfaces/bad2)"#,
            "vppConfig.interfaces[3].name: expected a text, found 7; put it in quotes",
            r#"vppConfig.interfaces[4]: expected the fields of a ligato.vpp.interfaces.Interface, found "just a text""#,
            "vppConfig.routes[0].weight: expected a whole number from 0 to 4294967295, found -1 (in config/vpp/v2/route/vrf/0/dst/10.0.0.0/8/gw/10.0.0.1)",
            "vppConfig.routes[1].next_hop_addr: expected a text, found 1; put it in quotes",
            "vppConfig.vrfs: expected a list of ligato.vpp.l3.VrfTable",
            r#"vppConfig: unknown field "routs" in vppConfig; did you mean "routes"?"#,
            "vppConfig.proxyArp: expected the fields of a ligato.vpp.l3.ProxyARP, found a list (in config/vpp/v2/proxyarp-global)",
            r#"unknown field "vppconfig" at the root; did you mean "vppConfig"?"#,
            "linuxConfig: expected the fields of the group",
        ]
    );
    let models: Vec<_> = document.errors.iter().map(|error| error.model.map(|spec| spec.name())).collect();
    assert_eq!(models[0].as_deref(), Some("vpp.interfaces"));
    assert_eq!(models[9], None);
}

#[test]
fn what_is_no_document() {
    for text in ["[1, 2]", "5", "just text", "true"] {
        let error = parse(text).expect_err("no document");
        assert!(matches!(error, Error::Document(_)), "{error}");
        assert!(error.to_string().contains("vppConfig"), "{error}");
    }
    assert!(matches!(parse("a: [").expect_err("no YAML"), Error::Yaml { .. }));
    assert_eq!(faults("other: 1").len(), 1);
}

#[test]
fn the_fixed_configuration() {
    let items = good(EVERYTHING);
    let config = config::from_items(items.iter().map(|item| &**item));
    let taken = config::items(&config);
    let mut expected: Vec<String> = keys(&items);
    expected.retain(|key| !["/vrrp/", "/stn/", "/iptables/"].iter().any(|without| key.contains(without)));
    expected.sort();
    let mut found = keys(&taken);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(config::from_items(taken.iter().map(|item| &**item)), config);

    // Every field of the three parts holds a model and comes out as a value.
    let shown = json::of(&config, json::Names::Proto);
    for (part, message) in [
        ("vpp_config", "ligato.vpp.ConfigData"),
        ("linux_config", "ligato.linux.ConfigData"),
        ("netalloc_config", "ligato.netalloc.ConfigData"),
    ] {
        let descriptor = model::pool().get_message_by_name(message).expect("a message");
        for field in descriptor.fields() {
            assert!(shown[part].get(field.name()).is_some(), "{part}.{} is lost", field.name());
            let kind = field.kind();
            let spec = by_proto(kind.as_message().expect("a message").full_name()).expect("a model");
            assert_eq!(spec.is_singleton(), !field.is_list(), "{part}.{}", field.name());
        }
    }
}

#[test]
fn the_parts_of_the_fixed_configuration_are_always_there() {
    let empty = config::from_items([]);
    assert!(empty.vpp_config.is_some() && empty.linux_config.is_some() && empty.netalloc_config.is_some());
    assert!(config::into_items(empty).is_empty());
    assert!(config::into_items(Config::default()).is_empty());
}

/// What a feature derives has no place in a configuration.
#[derive(Debug, PartialEq)]
struct Derived;

impl Model for Derived {
    const PREFIX: &'static str = "vpp/derived/";
    fn name(&self) -> String {
        String::new()
    }
}

#[test]
fn derived_values_and_metrics_are_left_out() {
    let metrics = model::proto::ligato::govppmux::Metrics { requests_sent: 1, ..Default::default() };
    let items: [&dyn Value; 2] = [&Derived, &metrics];
    assert_eq!(render(items), render([]));
    assert_eq!(config::from_items(items), config::from_items([]));
}
