//! What YAML texts mean here, and that what is written reads back.

use model::Error;
use model::yaml::{parse, render};
use serde_json::{Value, json};

fn read(text: &str) -> Value {
    parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[test]
fn only_true_and_false_are_booleans() {
    for word in ["y", "Y", "n", "N", "yes", "Yes", "no", "NO", "on", "On", "off", "OFF"] {
        assert_eq!(read(&format!("a: {word}")), json!({ "a": word }));
        assert_eq!(read(&format!("{word}: 1")), json!({ word: 1 }), "as a key");
    }
    for (word, value) in [("true", true), ("True", true), ("false", false), ("FALSE", false)] {
        assert_eq!(read(&format!("a: {word}")), json!({ "a": value }));
    }
}

#[test]
fn scalars_of_yaml_1_2() {
    for (text, value) in [
        ("12", json!(12)),
        ("-3", json!(-3)),
        ("0x1F", json!(31)),
        ("0o17", json!(15)),
        ("1.5", json!(1.5)),
        ("18446744073709551615", json!(u64::MAX)),
        ("~", json!(null)),
        ("null", json!(null)),
        ("", json!(null)),
        ("'12'", json!("12")),
        ("\"true\"", json!("true")),
        ("1_000", json!("1_000")),
        ("11:22:33:44:55:66", json!("11:22:33:44:55:66")),
        ("10.0.0.1/24", json!("10.0.0.1/24")),
        ("2001:db8::1", json!("2001:db8::1")),
        ("2001-01-01", json!("2001-01-01")),
        (".inf", json!(".inf")),
        ("1e999", json!(".inf")),
    ] {
        assert_eq!(read(&format!("a: {text}")), json!({ "a": value }), "{text:?}");
    }
    assert_eq!(read(""), json!(null));
    assert_eq!(read("# nothing\n"), json!(null));
}

#[test]
fn json_is_yaml_tabs_included() {
    assert_eq!(read("{\n\t\"a\": [1, \"no\"]\n}"), json!({ "a": [1, "no"] }));
    assert_eq!(read("{a: 1, b: [x, y]}"), json!({ "a": 1, "b": ["x", "y"] }));
}

#[test]
fn faults_have_their_place() {
    for (text, line) in
        [("a: 1\nb: [1, 2\n", 2), ("a: 1\n  b: 2\n", 2), ("a: 1\nb: 2\na: 3\n", 3), ("a: *nowhere\n", 1)]
    {
        match parse(text) {
            Err(Error::Yaml { line: found, column, reason }) => {
                assert_eq!(found, line, "{text:?}: {reason}");
                assert!(column > 0, "{text:?}: {reason}");
                assert!(!reason.contains("line"), "the place twice: {reason}");
            }
            other => panic!("{text:?} gave {other:?}"),
        }
    }
}

#[test]
fn bombs_are_refused_quickly() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(", ")));
    }
    let deep_flow = "[".repeat(100_000);
    let deep_block: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let deep_json = "{\"a\":".repeat(100_000);
    for text in [&bomb, &deep_flow, &deep_block, &deep_json] {
        let fault = parse(text).expect_err("a bomb was read");
        assert!(matches!(fault, Error::Yaml { .. }), "{fault}");
        assert!(fault.to_string().len() < 1000, "{fault}");
    }
    // Honest use of anchors stays possible.
    assert_eq!(read("a: &x {b: 1}\nc: *x\n"), json!({ "a": { "b": 1 }, "c": { "b": 1 } }));
}

#[test]
fn large_documents_are_not_bombs() {
    let text: String = (0..30_000).map(|n| format!("- {{a: {n}, b: x, c: y, d: z}}\n")).collect();
    assert_eq!(read(&text).as_array().map(Vec::len), Some(30_000));
}

#[test]
fn what_is_written_reads_back_and_is_quoted_where_it_must() {
    let texts = [
        "plain",
        "y",
        "No",
        "ON",
        "true",
        "null",
        "~",
        "",
        " lead",
        "trail ",
        "a: b",
        "a:b",
        "a:",
        "a #b",
        "#x",
        "-",
        "- x",
        "12",
        "0x1f",
        "1e3",
        "1.5",
        "1_000",
        "12:30:45",
        "1:2:3:4:5:6:7:8",
        "10.0.0.1",
        "10.0.0.1/24",
        "2001:db8::1/64",
        "::1",
        "02:fe:00:00:00:01",
        "2001-01-01",
        "=",
        "<<",
        "@at",
        "`tick",
        "%dir",
        "!tag",
        "&a",
        "*a",
        "{",
        "[x]",
        "a,b",
        "quote\"back\\slash",
        "tab\there",
        "line\nbreak",
        "cr\r",
        "nul\u{0}",
        "del\u{7f}",
        "nel\u{85}",
        "ls\u{2028}",
        "\u{feff}bom",
        "ünï",
        "emoji \u{1f600}",
        "/run/vpp/memif.sock",
        "GigabitEthernet0/8/0",
        "alloc:net1/GW",
        "-p tcp --dport 80",
        "?",
        "? x",
        "|",
        ">",
    ];
    let value = json!({ "list": texts.as_slice(), "nested": { "empty": {}, "none": [], "lists": [[1, [2]], [], {}] },
        "objects": [{ "a": 1, "b": { "c": [{ "d": true }] } }, { "e": null }], "float": 1.5, "big": u64::MAX, "y": "y" });
    assert_eq!(read(&render(&value)), value, "{}", render(&value));
    for text in texts {
        let alone = json!({ text: text });
        assert_eq!(read(&render(&alone)), alone, "{}", render(&alone));
        assert_eq!(read(&render(&json!(text))), json!(text));
    }
    for (text, written) in [
        ("no", "\"no\""),
        ("12:30:45", "\"12:30:45\""),
        ("1e3", "\"1e3\""),
        ("2001-01-01", "\"2001-01-01\""),
        ("02:fe:00:00:00:01", "\"02:fe:00:00:00:01\""),
        ("10.0.0.1/24", "10.0.0.1/24"),
        ("2001:db8::1/64", "2001:db8::1/64"),
        ("loop1", "loop1"),
    ] {
        assert_eq!(render(&json!(text)), format!("{written}\n"));
    }
}

#[test]
fn layout() {
    let value = json!({ "z": [{ "name": "a", "list": ["x"], "sub": { "k": 1 } }], "a": {}, "b": [] });
    let expected = "z:\n- name: a\n  list:\n  - x\n  sub:\n    k: 1\na: {}\nb: []\n";
    assert_eq!(render(&value), expected);
}
