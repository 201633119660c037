//! The checked-in Rust is what the generator writes now, from both kinds of source.
#![allow(clippy::unwrap_used)]

use binapi_gen::schema::{ReleaseSet, Schema};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// A directory of its own, gone at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("binapi-gen-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }
    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_checked_in_files_are_current() {
    let root = root();
    let out = root.join("crates/binapi/src/generated");
    let stale = binapi_gen::check(&root.join("vppapi"), &root.join("vppapi/used.txt"), &out).unwrap();
    assert!(stale.is_empty(), "run `cargo run -p binapi-gen`; stale: {stale:?}");
}

#[test]
fn our_tables_are_written_as_they_are_read() {
    let dir = root().join("vppapi");
    let schema = binapi_gen::tables::read(&dir).unwrap();
    for (file, content) in binapi_gen::tables::write(&schema) {
        assert!(
            content == std::fs::read_to_string(dir.join(file)).unwrap(),
            "{file} is not in its normal form"
        );
    }
}

#[test]
fn every_message_of_every_release_can_be_generated() {
    let schema = binapi_gen::tables::read(&root().join("vppapi")).unwrap();
    let names: Vec<String> = schema.messages.iter().map(|m| m.name.clone()).collect();
    let files = binapi_gen::render(&schema, &names).unwrap();
    let structs = files.values().map(|f| f.matches("impl crate::codec::Message for").count()).sum::<usize>();
    assert!(structs > 2100, "{structs}");
}

#[test]
fn a_release_more_marks_what_is_as_before() {
    let dir = root().join("vppapi");
    let mut schema = binapi_gen::tables::read(&dir).unwrap();
    let newest = schema.releases.len() - 1;
    let last = ReleaseSet::one(newest);
    let mut next = Schema { releases: vec!["99.02".into()], ..Schema::default() };
    for m in schema.messages.iter().filter(|m| m.releases.has(newest)) {
        next.messages.push(binapi_gen::schema::MessageDef { releases: ReleaseSet::one(0), ..m.clone() });
    }
    for t in schema.types.iter().filter(|t| t.releases.has(newest)) {
        next.types.push(binapi_gen::schema::TypeDef { releases: ReleaseSet::one(0), ..t.clone() });
    }
    next.messages[0].crc = "00000001".into();
    let (name, rows) = (next.messages[0].name.clone(), schema.messages.len());
    schema.add_release(next);
    assert_eq!(schema.messages.len(), rows + 1);
    let changed: Vec<_> = schema.messages.iter().filter(|m| m.name == name).collect();
    assert_eq!(changed.last().unwrap().releases.show(&schema.releases), "99.02-");
    let same = schema.messages.iter().filter(|m| m.releases.0 & last.0 != 0 && m.releases.has(newest + 1));
    assert!(same.count() > 2000);
}

#[test]
fn sets_of_releases() {
    let releases: Vec<String> = ["1", "2", "3", "4"].map(String::from).to_vec();
    for text in ["1-", "2", "1-3", "1,3-", "1-2,4-", "4-"] {
        assert_eq!(ReleaseSet::parse(text, &releases).unwrap().show(&releases), text);
    }
    assert_eq!(ReleaseSet::parse("5", &releases), None);
}

#[test]
fn what_is_wrong_is_named() {
    let dir = Scratch::new("bad");
    let generate = |used: &str| {
        let used = dir.file("used.txt", used);
        binapi_gen::check(&root().join("vppapi"), &used, &dir.0).unwrap_err().to_string()
    };
    assert_eq!(
        generate("control_ping\nip_route_ad_del # a slip\n"),
        "the list of used messages names the message ip_route_ad_del, which no release has; \
         the nearest name is ip_route_add_del"
    );
    dir.file("releases.txt", "1\n");
    let table = dir.file(
        "messages.tsv",
        "module\tmessage\tcrc\theader\tanswer\tstatus\treleases\tfields\nm\tx\t12345678\tic\t\t\t2-\t\n",
    );
    let error = binapi_gen::read(&dir.0).unwrap_err().to_string();
    assert_eq!(error, format!("{}:2: cannot read the releases", table.display()));
}

const DEMO: &str = r#"{
  "types": [["pair", ["u16", "left"], ["vl_api_colour_t", "right"]]],
  "unions": [["either", ["u8", "small"], ["vl_api_pair_t", "both"]]],
  "enums": [["colour", ["COLOUR_RED", 0], ["COLOUR_BLUE", 1], {"enumtype": "u8"}]],
  "enumflags": [["mood_flags", ["MOOD_GLAD", 1], ["MOOD_CALM", 2], {"enumtype": "u32"}]],
  "aliases": {"token": {"type": "u8", "length": 40}, "level": {"type": "u32"}},
  "services": {
    "demo_set": {"reply": "demo_set_reply", "events": ["demo_event"]},
    "demo_dump": {"reply": "demo_details", "stream": true},
    "demo_get": {"reply": "demo_get_reply", "stream": true, "stream_msg": "demo_details"}
  },
  "messages": [
    ["demo_set", ["u16", "_vl_msg_id"], ["u32", "client_index"], ["u32", "context"],
      ["vl_api_level_t", "level", {"default": "0xffffffff"}], ["vl_api_colour_t", "colour", {"default": 1}],
      ["vl_api_token_t", "token"], ["u8", "n_items"], ["vl_api_pair_t", "items", 0, "n_items"],
      ["string", "type", 0], {"crc": "0x01020304", "options": {"deprecated": ""}}],
    ["demo_set_reply", ["u16", "_vl_msg_id"], ["u32", "context"], ["i32", "retval"], {"crc": "0x01020305", "options": {}}],
    ["demo_event", ["u16", "_vl_msg_id"], ["u32", "client_index"], ["u32", "pid"], {"crc": "0x01020306"}],
    ["demo_dump", ["u16", "_vl_msg_id"], ["u32", "client_index"], ["u32", "context"], {"crc": "0x01020307"}],
    ["demo_details", ["u16", "_vl_msg_id"], ["u32", "context"], ["vl_api_either_t", "value"],
      ["vl_api_mood_flags_t", "mood"], ["string", "name", 16], ["u32", "ports", 2], {"crc": "0x01020308"}],
    ["demo_get", ["u16", "_vl_msg_id"], ["u32", "client_index"], ["u32", "context"], {"crc": "0x01020309"}],
    ["demo_get_reply", ["u16", "_vl_msg_id"], ["u32", "context"], ["i32", "retval"], {"crc": "0x0102030a"}],
    ["demo_odd_reply", ["u16", "_vl_msg_id"], ["u32", "context"], ["i32", "retval"], ["u32", "client_index"], {"crc": "0x0102030b"}]
  ],
  "vl_api_version": "0x00000001"
}"#;

#[test]
fn the_files_of_a_vpp_are_read() {
    let dir = Scratch::new("json");
    dir.file("api/plugins/demo.api.json", DEMO);
    let schema = binapi_gen::read(&dir.0.join("api")).unwrap();
    let rows: Vec<String> = schema
        .messages
        .iter()
        .map(|m| {
            let fields: Vec<String> = m.fields.iter().map(ToString::to_string).collect();
            format!(
                "{} {} {} {:?} [{}] {}",
                m.module,
                m.id(),
                m.header.letters(),
                m.status,
                m.answer,
                fields.join(" ")
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "demo demo_details_01020308 c \"\" [] value:either mood:mood_flags name:string[16] ports:u32[2]",
            "demo demo_dump_01020307 ic \"\" [stream demo_details] ",
            "demo demo_event_01020306 i \"\" [] pid:u32",
            "demo demo_get_01020309 ic \"\" [stream demo_details end demo_get_reply] ",
            "demo demo_get_reply_0102030a c \"\" [] retval:i32",
            "demo demo_odd_reply_0102030b c \"\" [] retval:i32 client_index:u32",
            "demo demo_set_01020304 ic \"deprecated\" [demo_set_reply events demo_event] \
             level:level=4294967295 colour:colour=1 token:token n_items:u8 items:pair[n_items] type:string[]",
            "demo demo_set_reply_01020305 c \"\" [] retval:i32",
        ]
    );
    let files =
        binapi_gen::render(&schema, &["demo_set".into(), "demo_dump".into(), "demo_get".into()]).unwrap();
    let (demo, types) = (&files["demo.rs"], &files["types.rs"]);
    for part in [
        "pub items: Counted<types::Pair, u8>,",
        "pub type_: String,",
        "level: 4294967295,",
        "colour: types::Colour(1),",
        "impl crate::codec::Event for DemoEvent {}",
        "type Details = DemoDetails;",
        "type Reply = DemoSetReply;",
    ] {
        assert!(demo.contains(part), "{part} is missing in\n{demo}");
    }
    assert!(!demo.contains("n_items:  u8") && !demo.contains("for DemoGet {\n    type"), "{demo}");
    for part in [
        "pub struct Either(pub [u8; 3]);",
        "pub type Token = [u8; 40];",
        "GLAD = 1,",
        "pub fn from_both(value: Pair)",
    ] {
        assert!(types.contains(part), "{part} is missing in\n{types}");
    }
    dir.file("api/broken.api.json", "{");
    let error = binapi_gen::read(&dir.0.join("api")).unwrap_err().to_string();
    assert!(error.contains("broken.api.json"), "{error}");
}

#[test]
fn old_layouts_get_a_name_of_their_own() {
    let dir = Scratch::new("old");
    dir.file("releases.txt", "1.0\n2.0\n");
    dir.file("retvals.tsv", "retval\tname\twords\n");
    dir.file(
        "types.tsv",
        "kind\ttype\tbase\treleases\tmembers\ntype\tspot\t\t1.0\tx:u8\ntype\tspot\t\t2.0-\tx:u16\n",
    );
    dir.file(
        "messages.tsv",
        "module\tmessage\tcrc\theader\tanswer\tstatus\treleases\tfields\n\
         m\tput\t0000000a\tic\tput_reply\t\t1.0\tspot:spot\n\
         m\tput\t0000000b\tic\tput_reply\t\t2.0-\tspot:spot\n\
         m\tput_reply\t0000000c\tc\t\t\t1.0-\tretval:i32\n",
    );
    let schema = binapi_gen::read(&dir.0).unwrap();
    let files = binapi_gen::render(&schema, &["put".into()]).unwrap();
    assert!(
        files["m.rs"].contains("pub struct PutV0000000a {\n    pub spot: types::SpotUpTo10,"),
        "{}",
        files["m.rs"]
    );
    assert!(files["m.rs"].contains("pub struct Put {\n    pub spot: types::Spot,"));
    assert_eq!(files["releases.txt"], "1.0 2.0\n@m\nput_0000000a 1\nput_0000000b 2\nput_reply_0000000c 3\n");
}
