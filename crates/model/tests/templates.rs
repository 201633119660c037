//! The announced name templates mean what the typed names compute: Go clients execute the templates themselves.
#![allow(clippy::expect_used)] // Helpers of tests may fail as the tests do.

use std::net::IpAddr;

use model::{MODELS, ModelSpec, by_name, pool};
use prost_reflect::{DynamicMessage, Value};

/// What a term of a template evaluates to.
#[derive(Clone, PartialEq)]
enum Term {
    Text(String),
    Network(String, u32),
    Nothing,
}

impl Term {
    fn is_true(&self) -> bool {
        match self {
            Term::Text(text) => !text.is_empty(),
            Term::Network(..) => true,
            Term::Nothing => false,
        }
    }

    fn text(&self) -> String {
        match self {
            Term::Text(text) => text.clone(),
            _ => panic!("not a text"),
        }
    }
}

/// The dot: the message, or what `with` chose.
struct Dot<'a> {
    message: &'a DynamicMessage,
    with: Option<Term>,
}

/// A field by its Go name; booleans are empty when false so that `if` works on them.
fn field(dot: &Dot, name: &str) -> Term {
    if let Some(Term::Network(address, size)) = &dot.with {
        return Term::Text(match name {
            "IP" => address.clone(),
            "MaskSize" => size.to_string(),
            _ => panic!("a network has no {name}"),
        });
    }
    use prost_reflect::ReflectMessage;
    let upper = |json: &str| json[..1].to_uppercase() + &json[1..];
    let descriptor = dot.message.descriptor();
    let field = descriptor.fields().find(|field| upper(field.json_name()) == name);
    let field = field.unwrap_or_else(|| panic!("{} has no {name}", descriptor.full_name()));
    Term::Text(match &*dot.message.get_field(&field) {
        Value::String(text) => text.clone(),
        Value::U32(number) => number.to_string(),
        Value::Bool(value) => if *value { "true" } else { "" }.to_owned(),
        Value::EnumNumber(number) => {
            let kind = field.kind();
            let value = kind.as_enum().and_then(|values| values.get_value(*number)).expect("a named value");
            value.name().to_owned()
        }
        other => panic!("{name} is {other:?}"),
    })
}

fn network(text: &str) -> Term {
    if text.starts_with("alloc:") {
        return Term::Nothing;
    }
    let parsed = text
        .split_once('/')
        .and_then(|(address, size)| Some((address.parse().ok()?, size.parse::<u32>().ok()?)));
    match parsed {
        Some((IpAddr::V4(address), size)) if size <= 32 => {
            let bits = u64::from(u32::from(address)) >> (32 - size) << (32 - size);
            Term::Network(std::net::Ipv4Addr::from(bits as u32).to_string(), size)
        }
        Some((IpAddr::V6(address), size)) if size <= 128 => {
            let mut octets = address.octets();
            for bit in size as usize..128 {
                octets[bit / 8] &= !(0x80 >> (bit % 8));
            }
            Term::Network(std::net::Ipv6Addr::from(octets).to_string(), size)
        }
        _ => Term::Network("<invalid>".into(), 0),
    }
}

/// Splits `printf "a/%s" .X (ne .A .B)` into its words.
fn words(action: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut depth) = (false, 0);
    for c in action.trim().chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if c == ' ' && !quoted && depth == 0 {
            words.push(String::new());
        } else {
            words.last_mut().expect("one at least").push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn evaluate(dot: &Dot, action: &str) -> Term {
    let words = words(action);
    let value = |word: &String| match word.strip_prefix('.') {
        Some(name) => field(dot, name),
        None => {
            evaluate(dot, word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).expect("a term"))
        }
    };
    let [name, arguments @ ..] = &words[..] else { panic!("an empty action") };
    match name.as_str() {
        "printf" => {
            let mut text = arguments[0].trim_matches('"').to_owned();
            for argument in &arguments[1..] {
                let position = text.find("%s").into_iter().chain(text.find("%d")).min().expect("a verb");
                text.replace_range(position..position + 2, &value(argument).text());
            }
            Term::Text(text)
        }
        "ipnet" => network(&value(&arguments[0]).text()),
        "protoip" => Term::Text(match value(&arguments[0]).text().parse() {
            Ok(IpAddr::V4(_)) => "IPv4".into(),
            Ok(IpAddr::V6(_)) => "IPv6".into(),
            Err(_) => "<invalid>".into(),
        }),
        "and" => {
            arguments.iter().map(value).find(|term| !term.is_true()).unwrap_or(Term::Text("true".into()))
        }
        "ne" => Term::Text(if value(&arguments[0]) == value(&arguments[1]) { "" } else { "true" }.into()),
        _ => value(name),
    }
}

/// Runs the template up to the end, or to the `else` or `end` of the block it is in, which is returned.
fn run<'t>(mut rest: &'t str, dot: &Dot, output: &mut String) -> (&'t str, &'t str) {
    while let Some(start) = rest.find("{{") {
        output.push_str(&rest[..start]);
        let end = rest.find("}}").expect("a closed action");
        let action = rest[start + 2..end].trim();
        rest = &rest[end + 2..];
        let (keyword, condition) = action.split_once(' ').unwrap_or((action, ""));
        match keyword {
            "else" | "end" => return (keyword, rest),
            "if" | "with" => {
                let term = evaluate(dot, condition);
                let inner = (keyword == "with" && term.is_true()).then(|| term.clone());
                let chosen = Dot { message: dot.message, with: inner };
                let mut skipped = String::new();
                let (closed, after) = if term.is_true() { run(rest, &chosen, output) } else { skip(rest) };
                rest = after;
                if closed == "else" {
                    let target = if term.is_true() { &mut skipped } else { &mut *output };
                    rest = if term.is_true() { skip(rest).1 } else { run(rest, dot, target).1 };
                }
            }
            _ => output.push_str(&evaluate(dot, action).text()),
        }
    }
    output.push_str(rest);
    ("", "")
}

/// Passes over a block without evaluating it.
fn skip(mut rest: &str) -> (&str, &str) {
    let mut depth = 0;
    loop {
        let start = rest.find("{{").expect("the end of the block");
        let end = rest.find("}}").expect("a closed action");
        let keyword = rest[start + 2..end].split_whitespace().next().expect("an action");
        rest = &rest[end + 2..];
        match keyword {
            "if" | "with" => depth += 1,
            "else" if depth == 0 => return ("else", rest),
            "end" if depth == 0 => return ("end", rest),
            "end" => depth -= 1,
            _ => {}
        }
    }
}

/// The key as a Go client computes it: the template's result joined to the prefix.
fn key_of_template(spec: &ModelSpec, json: &serde_json::Value) -> String {
    let bytes = model::json::from_json(spec.proto_name, json).expect("a value");
    let descriptor = pool().get_message_by_name(spec.proto_name).expect("a message");
    let message = DynamicMessage::decode(descriptor, bytes.as_slice()).expect("its own encoding");
    let mut name = String::new();
    run(spec.name_template, &Dot { message: &message, with: None }, &mut name);
    let path = format!("{}/{name}", spec.prefix);
    path.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>().join("/")
}

#[test]
fn templates_and_typed_names_agree() {
    let vectors = include_str!("facts/key_vectors.tsv").lines().skip(1);
    let mut values: Vec<(String, String)> = vectors
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>())
        .map(|cells| (cells[0].clone(), cells[1].clone()))
        .collect();
    for (model, value) in [
        (
            "vpp.route",
            r#"{"dst_network":"alloc:net1/if1","next_hop_addr":"alloc:net1/GW","outgoing_interface":"a/b"}"#,
        ),
        ("vpp.route", r#"{"dst_network":"nonsense"}"#),
        ("linux.l3.route", r#"{"dst_network":"alloc:net1","outgoing_interface":"veth"}"#),
        ("vpp.dhcp-proxy", r#"{"source_ip_address":"nonsense"}"#),
        ("vpp.tohost", "{}"),
        ("vpp.nat.nat44-pool", "{}"),
        ("vpp.ipsec.sp", "{}"),
        ("vpp.l2.fib", r#"{"bridge_domain":"a//b"}"#),
    ] {
        values.push((model.to_owned(), value.to_owned()));
    }
    for (model, value) in values {
        let spec = by_name(&model).expect("a model");
        let json = serde_json::from_str(&value).expect("JSON");
        let typed = spec.from_json(&json).expect("a value").key();
        assert_eq!(key_of_template(spec, &json), typed, "{model} of {value}");
    }
}

#[test]
fn every_template_can_be_executed() {
    for spec in MODELS {
        assert!(!key_of_template(spec, &serde_json::json!({})).is_empty());
    }
}
