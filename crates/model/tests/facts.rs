//! The compiled API against the tables of facts in `tests/facts`, row by row and in both directions.
#![allow(clippy::expect_used)] // Helpers of tests may fail as the tests do.

use std::collections::{BTreeMap, BTreeSet};

use model::{MODELS, by_key, by_name, by_proto, pool};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor, Value};

/// The rows of a table without its heading; missing cells at the end are empty.
fn table(text: &str) -> Vec<Vec<&str>> {
    let mut lines = text.lines();
    let width = lines.next().expect("a heading").split('\t').count();
    let rows = lines.filter(|line| !line.is_empty()).map(|line| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        cells.resize(width, "");
        cells
    });
    rows.collect()
}

/// Rows by the group that the first two cells name; the order within a group counts.
type Groups = BTreeMap<(String, String), Vec<Vec<String>>>;

fn groups(rows: Vec<Vec<&str>>) -> Groups {
    let mut groups = Groups::new();
    for row in rows {
        let cells = row.iter().skip(2).map(|cell| (*cell).to_owned()).collect();
        groups.entry((row[0].to_owned(), row[1].to_owned())).or_default().push(cells);
    }
    groups
}

fn assert_same(facts: &Groups, compiled: &Groups) {
    for (group, rows) in facts {
        assert_eq!(Some(rows), compiled.get(group), "{group:?} differs");
    }
    let extra: Vec<_> = compiled.keys().filter(|group| !facts.contains_key(*group)).collect();
    assert!(extra.is_empty(), "not in the tables: {extra:?}");
}

fn is_ours(file: &str) -> bool {
    file.starts_with("ligato/")
}

fn type_of(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(values) => values.full_name().to_owned(),
        scalar => format!("{scalar:?}"),
    }
}

/// Annotations as the tables write them: `IP_WITH_MASK`, `range[0,255]`, `deprecated`.
fn notes(field: &FieldDescriptor) -> String {
    let mut notes = Vec::new();
    let options = field.options();
    let annotation = pool().get_extension_by_name("ligato.ligato_options").expect("the extension");
    if options.has_extension(&annotation) {
        let value = options.get_extension(&annotation).into_owned();
        let Value::Message(message) = value else { panic!("the annotation is a message") };
        let kind = message.get_field_by_name("type").and_then(|value| value.as_enum_number()).unwrap_or(0);
        if kind != 0 {
            let values = pool().get_enum_by_name("ligato.LigatoOptions.Type").expect("the enum");
            notes.push(values.get_value(kind).expect("a known type").name().to_owned());
        }
        if message.has_field_by_name("int_range") {
            let range = message.get_field_by_name("int_range").expect("the range").into_owned();
            let range = range.as_message().expect("a message").clone();
            let minimum =
                range.get_field_by_name("minimum").and_then(|value| value.as_i64()).expect("a number");
            let maximum =
                range.get_field_by_name("maximum").and_then(|value| value.as_u64()).expect("a number");
            notes.push(format!("range[{minimum},{maximum}]"));
        }
    }
    if field.field_descriptor_proto().options.as_ref().is_some_and(|options| options.deprecated()) {
        notes.push("deprecated".to_owned());
    }
    notes.join(" ")
}

fn message_rows(message: &MessageDescriptor) -> Vec<Vec<String>> {
    let declared = &message.descriptor_proto().field;
    if declared.is_empty() {
        return vec![[&["(no fields)"][..], &[""; 5]].concat().into_iter().map(str::to_owned).collect()];
    }
    let row = |field: FieldDescriptor| {
        let (label, kind) = match field.kind() {
            Kind::Message(entry) if field.is_map() => {
                let [key, value] = [entry.map_entry_key_field(), entry.map_entry_value_field()];
                ("", format!("map<{},{}>", type_of(&key.kind()), type_of(&value.kind())))
            }
            kind => {
                (if field.cardinality() == Cardinality::Repeated { "repeated" } else { "" }, type_of(&kind))
            }
        };
        let oneof = field.containing_oneof().map(|oneof| oneof.name().to_owned()).unwrap_or_default();
        vec![
            field.name().to_owned(),
            field.number().to_string(),
            label.to_owned(),
            kind,
            oneof,
            notes(&field),
        ]
    };
    declared.iter().map(|field| row(message.get_field_by_name(field.name()).expect("declared"))).collect()
}

#[test]
fn messages_are_those_of_the_table() {
    let mut compiled = Groups::new();
    let messages = pool().all_messages().filter(|message| !message.is_map_entry());
    for message in messages.filter(|message| is_ours(message.parent_file().name())) {
        let group = (message.parent_file().name().to_owned(), message.full_name().to_owned());
        compiled.insert(group, message_rows(&message));
    }
    for extension in pool().all_extensions() {
        let file = extension.parent_file().name().to_owned();
        let group = (file, format!("extend {}", extension.containing_message().full_name()));
        let row =
            [extension.name(), &extension.number().to_string(), "", &type_of(&extension.kind()), "", ""];
        compiled.entry(group).or_default().push(row.map(str::to_owned).to_vec());
    }
    assert_same(&groups(table(include_str!("facts/messages.tsv"))), &compiled);
}

#[test]
fn enums_are_those_of_the_table() {
    let mut compiled = Groups::new();
    for values in pool().all_enums().filter(|values| is_ours(values.parent_file().name())) {
        let group = (values.parent_file().name().to_owned(), values.full_name().to_owned());
        let declared = &values.enum_descriptor_proto().value;
        let rows = declared
            .iter()
            .map(|value| vec![value.name().to_owned(), value.number().to_string(), String::new()]);
        compiled.insert(group, rows.collect());
    }
    assert_same(&groups(table(include_str!("facts/enums.tsv"))), &compiled);
}

#[test]
fn services_are_those_of_the_table() {
    let mut compiled = Groups::new();
    for service in pool().services() {
        let group = (service.parent_file().name().to_owned(), service.full_name().to_owned());
        let rows = service.methods().map(|method| {
            assert!(!method.is_client_streaming(), "{} streams requests", method.full_name());
            let stream = if method.is_server_streaming() { "stream " } else { "" };
            let response = format!("{stream}{}", method.output().full_name());
            vec![method.name().to_owned(), method.input().full_name().to_owned(), response]
        });
        compiled.insert(group, rows.collect());
    }
    assert_same(&groups(table(include_str!("facts/services.tsv"))), &compiled);
}

#[test]
fn files_and_packages() {
    let ours: Vec<_> = pool().files().filter(|file| is_ours(file.name())).collect();
    assert_eq!(ours.len(), 44);
    for file in ours {
        let (folder, _) = file.name().rsplit_once('/').expect("a folder");
        assert_eq!(file.package_name(), folder.replace('/', "."), "package of {}", file.name());
    }
    let mut seen = BTreeSet::new();
    for file in pool().file_descriptor_protos() {
        for import in &file.dependency {
            assert!(seen.contains(import.as_str()), "{} comes before its import {import}", file.name());
        }
        seen.insert(file.name());
    }
    for needed in
        ["google/protobuf/descriptor.proto", "google/protobuf/any.proto", "ligato/annotations.proto"]
    {
        assert!(seen.contains(needed), "{needed} is not in the set");
    }
}

/// The JSON conversions rely on it.
#[test]
fn no_field_has_a_type_without_json_form() {
    let ours = pool().all_messages().filter(|message| is_ours(message.parent_file().name()));
    for field in ours.flat_map(|message| message.fields().collect::<Vec<_>>()) {
        assert!(!matches!(field.kind(), Kind::Bytes | Kind::Float | Kind::Double), "{}", field.full_name());
        assert!(
            !field.supports_presence()
                || field.kind().as_message().is_some()
                || field.containing_oneof().is_some()
        );
    }
}

#[test]
fn models_are_those_of_the_table() {
    let facts = table(include_str!("facts/models.tsv"));
    assert_eq!(facts.len(), 45);
    assert_eq!(MODELS.len(), facts.len());
    for row in facts {
        let [name, class, module, version, kind, message, key_name, ..] = row[..] else {
            panic!("a short row")
        };
        let spec = by_name(name).unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(
            (spec.class, spec.module, spec.version, spec.kind),
            (class, module, version, kind),
            "{name}"
        );
        assert_eq!(spec.proto_name, message, "{name}");
        assert_eq!(spec.key_pattern, if key_name == "-" { "" } else { key_name }, "{name}");
        assert_eq!(spec.is_singleton(), key_name == "-", "{name}");

        let path = |text: &str| text.replace('.', "/");
        let slash = if spec.is_singleton() { "" } else { "/" };
        assert_eq!(
            spec.prefix,
            format!("{class}/{}/{version}/{}{slash}", path(module), path(kind)),
            "{name}"
        );

        let descriptor = pool().get_message_by_name(message).expect("a message of the API");
        assert_eq!(spec.file(), descriptor.parent_file().name());
        assert!(std::ptr::eq(by_proto(message).expect("found by message"), spec));

        let empty = spec.decode(&[]).expect("the empty message");
        assert_eq!(empty.wire().name, message, "the row of {name} names another type");
        assert!(empty.key().starts_with(spec.prefix), "{} is no key of {name}", empty.key());
    }
}

#[test]
fn document_names_are_unique_and_in_both_spellings() {
    let mut seen = BTreeSet::new();
    for spec in MODELS.iter().filter(|spec| spec.class == "config") {
        assert!(seen.insert((spec.group(), spec.field)), "{} twice", spec.field);
        let camel = spec.field.starts_with(|c: char| c.is_ascii_lowercase());
        let expected = if camel { camel_case(spec.field) } else { spec.field.to_owned() };
        assert_eq!(spec.json_field, expected);
    }
    assert_eq!(seen.len(), 44);
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        camel.push_str(&word[..1].to_uppercase());
        camel.push_str(&word[1..]);
    }
    camel
}

#[test]
fn key_vectors() {
    let facts = table(include_str!("facts/key_vectors.tsv"));
    let mut covered = BTreeSet::new();
    for row in &facts {
        let [name, value, key] = row[..] else { panic!("a short row") };
        let spec = by_name(name).expect("a model");
        let value = spec.from_json(&serde_json::from_str(value).expect("JSON")).expect("a value");
        assert_eq!(value.key(), key, "{name} of {row:?}");
        let (found, instance) = by_key(key).expect("a key of a model");
        assert_eq!((found.name(), spec.key(instance)), (name.to_owned(), key.to_owned()));
        assert!(spec.decode(&value.wire().bytes).expect("its own encoding").same(&*value));
        covered.insert(name);
    }
    let missing: Vec<_> = MODELS
        .iter()
        .filter(|spec| spec.class == "config" && !covered.contains(spec.name().as_str()))
        .collect();
    assert!(missing.is_empty(), "no vector for {missing:?}");
}

#[test]
fn keys_beyond_the_vectors() {
    for (name, value, key) in [
        ("vpp.route", r#"{"dst_network":"alloc:net1/if1"}"#, "config/vpp/v2/route/vrf/0/dst/alloc:net1/if1"),
        (
            "vpp.route",
            r#"{"dst_network":"10.0.0.0/8","next_hop_addr":"0.0.0.0"}"#,
            "config/vpp/v2/route/vrf/0/dst/10.0.0.0/8/gw/0.0.0.0",
        ),
        (
            "linux.l3.route",
            r#"{"dst_network":"alloc:net1","outgoing_interface":"v"}"#,
            "config/linux/l3/v2/route/alloc:net1/v",
        ),
        ("vpp.interfaces", r#"{"name":"//a//b/"}"#, "config/vpp/v2/interfaces/a/b"),
        ("vpp.dhcp-proxy", r#"{"source_ip_address":"x"}"#, "config/vpp/v2/dhcp-proxy/<invalid>/rx-vrf/0"),
        (
            "vpp.dhcp-proxy",
            r#"{"source_ip_address":"::ffff:1.2.3.4"}"#,
            "config/vpp/v2/dhcp-proxy/IPv4/rx-vrf/0",
        ),
        ("vpp.vrf-table", r#"{"protocol":77}"#, "config/vpp/v2/vrf-table/id/0/protocol/77"),
        ("govppmux.stats", "{}", "metrics/govppmux/v0/stats"),
    ] {
        let spec = by_name(name).expect("a model");
        let value = spec.from_json(&serde_json::from_str(value).expect("JSON")).expect("a value");
        assert_eq!(value.key(), key);
    }
}

#[test]
fn only_whole_keys_belong_to_a_model() {
    for key in [
        "",
        "/",
        "config",
        "config/",
        "config/vpp/v2/interfaces",
        "config/vpp/v2/interfaces/",
        "config/vpp/v2/nosuch/x",
        "config/vpp/v2/proxyarp-global/",
        "config/vpp/v2/proxyarp-global/x",
        "vpp/interface/loop1/address/static/10.0.0.1/24",
        "/config/vpp/v2/interfaces/loop1",
    ] {
        assert!(by_key(key).is_none(), "{key:?} is no key");
    }
    let instance = |key| by_key(key).map(|(spec, name)| (spec.name(), name.to_owned()));
    assert_eq!(
        instance("config/vpp/v2/proxyarp-global"),
        Some(("vpp.proxyarp-global".into(), String::new()))
    );
    assert_eq!(instance("config/vpp/v2/interfaces/a/b"), Some(("vpp.interfaces".into(), "a/b".into())));
}
