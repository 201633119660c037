//! Whatever comes in, the answer is a value or an error: never a panic, never a wait.
#![allow(clippy::expect_used)] // Helpers of tests may fail as the tests do.

use model::{MODELS, by_key, by_name, document, go_json, json, yaml};

/// A small generator of pseudo-random numbers with a fixed start, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "-",
    "- ",
    "\n",
    "\n  ",
    "\"",
    "'",
    "&a ",
    "*a",
    "<<: *a",
    "!!int ",
    "!x",
    "|\n",
    ">\n",
    "#",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "?",
    "null",
    "true",
    "yes",
    "-1",
    "1e400",
    "99999999999999999999",
    ".nan",
    "\u{0}",
    "\u{feff}",
    "\t",
    "\\u0000",
    "\u{1f600}",
    "vppConfig:",
    "routes:",
    "name: ",
];

fn mutated(random: &mut Random, valid: &str) -> String {
    let mut bytes = valid.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes.truncate(at),
            1 => {
                let piece = PIECES[random.below(PIECES.len())].bytes();
                bytes.splice(at..at, piece);
            }
            2 if !bytes.is_empty() => bytes[at] = random.next() as u8,
            3 => {
                let end = bytes.len().min(at + random.below(30));
                bytes.drain(at..end);
            }
            _ => {
                let end = bytes.len().min(at + random.below(60));
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What was read must be writable, and read back as the same.
fn check_document(text: &str) {
    let Ok(document) = document::parse(text) else { return };
    for error in &document.errors {
        assert!(!error.to_string().is_empty());
    }
    let written = document::render(document.items.iter().map(|item| &**item));
    let again = document::parse(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert!(again.errors.is_empty(), "{:?}\n{written}", again.errors);
    assert_eq!(document::render(again.items.iter().map(|item| &**item)), written);
}

#[test]
fn mutated_documents() {
    let mut random = Random(0x5eed_0001);
    // Pieces of the example, small so that many can be tried.
    let lines: Vec<&str> = include_str!("everything.yaml").lines().collect();
    for _ in 0..1500 {
        let start = 1 + random.below(lines.len() - 20);
        let valid = format!("vppConfig:\n{}\n", lines[start..start + 20].join("\n"));
        check_document(&mutated(&mut random, &valid));
    }
}

#[test]
fn mutated_json() {
    let mut random = Random(0x5eed_0002);
    let example = document::parse(include_str!("everything.yaml")).expect("YAML");
    let values: Vec<_> = example.items.iter().map(|item| item.wire()).collect();
    for _ in 0..3000 {
        let wire = &values[random.below(values.len())];
        let spec = model::by_proto(wire.name).expect("a model");
        let text = mutated(&mut random, &json::to_json(wire).to_string());
        let Ok(value) = yaml::parse(&text) else { continue };
        if let Ok(value) = spec.from_json(&value) {
            let shown = json::to_json(&value.wire());
            assert!(spec.from_json(&shown).expect("what was written").same(&*value), "{text}");
            assert!(go_json::go_json(&value.wire()).is_object());
        }
    }
}

#[test]
fn json_of_another_model() {
    let example = document::parse(include_str!("everything.yaml")).expect("YAML");
    for item in &example.items {
        let value = json::to_json(&item.wire());
        for spec in MODELS {
            if let Err(error) = spec.from_json(&value) {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

#[test]
fn mutated_encodings() {
    let mut random = Random(0x5eed_0003);
    let example = document::parse(include_str!("everything.yaml")).expect("YAML");
    for _ in 0..3000 {
        let item = &example.items[random.below(example.items.len())];
        let mut bytes = item.wire().bytes;
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, random.next() as u8),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.next() as u8),
            }
        }
        let spec = &MODELS[random.below(MODELS.len())];
        if let Ok(value) = spec.decode(&bytes) {
            assert!(value.key().starts_with(spec.prefix));
            assert!(json::to_json(&value.wire()).is_object());
        }
    }
}

#[test]
fn random_bytes_as_text_and_as_encoding() {
    let mut random = Random(0x5eed_0004);
    for _ in 0..1500 {
        let bytes: Vec<u8> = (0..random.below(80)).map(|_| random.next() as u8).collect();
        check_document(&String::from_utf8_lossy(&bytes));
        let pieces: String = (0..random.below(12)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        check_document(&pieces);
        let spec = &MODELS[random.below(MODELS.len())];
        let _ = spec.decode(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        assert!(by_name(&text).is_none());
        assert!(by_key(&text).is_none());
    }
}
