//! What is in the file: records, each a batch of entries under a checksum. See ADR 0004 for the layout.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::crc::crc32;
use super::{Labels, Op};
use crate::merge::{Class, Source};

/// First bytes of the file. The last is the version of the layout.
pub const MAGIC: &[u8; 8] = b"VPPAGST1";
/// Start of a record: lets a reader find the next one behind damage.
const MARKER: [u8; 4] = [0x9E, b'R', b'E', b'C'];
/// Marker, length, checksum of the payload, checksum of these three.
pub const HEADER: usize = 16;

const SOURCE: u8 = 1;
const MODEL: u8 = 2;
const PUT: u8 = 3;
const PUT_LABELLED: u8 = 4;
const DELETE: u8 = 5;
const MADE: u8 = 6;
const UNMADE: u8 = 7;

/// Builds one record. Source and model are written only where they change.
pub struct Writer {
    bytes: Vec<u8>,
    source: Option<(Class, String)>,
    model: String,
}

impl Writer {
    pub fn new() -> Self {
        Writer { bytes: vec![0; HEADER], source: None, model: String::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER
    }

    pub fn op(&mut self, op: &Op) {
        match op {
            Op::Put { source, key, value, labels } => {
                let wire = value.wire();
                let labels = labels.iter().flat_map(|labels| labels.iter());
                let labels: Vec<_> = labels.map(|(k, v)| (k.as_str(), v.as_str())).collect();
                let raw = Raw { model: wire.name, value: &wire.bytes, labels };
                self.put((source.class, &source.name), key, &raw);
            }
            Op::Delete { source, key } => {
                self.source((source.class, &source.name));
                self.tagged(DELETE, key.as_bytes());
            }
            Op::Made(key) => self.tagged(MADE, key.as_bytes()),
            Op::Unmade(key) => self.tagged(UNMADE, key.as_bytes()),
        }
    }

    fn put(&mut self, source: (Class, &str), key: &str, raw: &Raw<'_>) {
        self.source(source);
        if self.model != raw.model {
            self.model = raw.model.to_owned();
            self.tagged(MODEL, raw.model.as_bytes());
        }
        self.tagged(if raw.labels.is_empty() { PUT } else { PUT_LABELLED }, key.as_bytes());
        self.text(raw.value);
        if !raw.labels.is_empty() {
            self.bytes.extend((raw.labels.len() as u32).to_le_bytes());
            for (name, value) in &raw.labels {
                self.text(name.as_bytes());
                self.text(value.as_bytes());
            }
        }
    }

    fn source(&mut self, (class, name): (Class, &str)) {
        if self.source.as_ref().is_some_and(|(c, n)| *c == class && n == name) {
            return;
        }
        self.source = Some((class, name.to_owned()));
        self.bytes.extend([SOURCE, class_number(class)]);
        self.text(name.as_bytes());
    }

    fn tagged(&mut self, tag: u8, text: &[u8]) {
        self.bytes.push(tag);
        self.text(text);
    }

    fn text(&mut self, text: &[u8]) {
        self.bytes.extend((text.len() as u32).to_le_bytes());
        self.bytes.extend(text);
    }

    /// The finished record; `None` if it is too long for its length field.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        let payload = &self.bytes[HEADER..];
        let length = u32::try_from(payload.len()).ok()?;
        let sum = crc32(payload);
        self.bytes[..4].copy_from_slice(&MARKER);
        self.bytes[4..8].copy_from_slice(&length.to_le_bytes());
        self.bytes[8..12].copy_from_slice(&sum.to_le_bytes());
        let head = crc32(&self.bytes[..12]);
        self.bytes[12..16].copy_from_slice(&head.to_le_bytes());
        Some(self.bytes)
    }
}

fn class_number(class: Class) -> u8 {
    match class {
        Class::Kv => 0,
        Class::Grpc => 1,
        Class::Local => 2,
        Class::File => 3,
    }
}

fn class_of(number: u8) -> Option<Class> {
    [Class::Kv, Class::Grpc, Class::Local, Class::File].get(usize::from(number)).copied()
}

/// What a file holds, record by record.
#[derive(Debug, Default, PartialEq)]
pub struct Scan<'a> {
    /// Payloads of the records whose checksums fit.
    pub payloads: Vec<&'a [u8]>,
    /// Where an incomplete last record starts: its writing was interrupted.
    pub torn: Option<usize>,
    /// Ranges that are neither a record nor an interrupted write.
    pub damaged: Vec<std::ops::Range<usize>>,
}

/// Finds the records; behind damage it goes on with the next whole record.
pub fn scan(bytes: &[u8]) -> Scan<'_> {
    let mut out = Scan::default();
    let mut at = if bytes.starts_with(MAGIC) { MAGIC.len() } else { 0 };
    while at < bytes.len() {
        // Without the magic the beginning is damage, up to the first whole record.
        let record = if at == 0 { Found::No } else { record(&bytes[at..]) };
        if let Found::Whole(payload) = record {
            out.payloads.push(payload);
            at += HEADER + payload.len();
            continue;
        }
        let rest = &bytes[at..];
        let next = (1..rest.len()).find(|skip| {
            rest[*skip..].starts_with(&MARKER) && matches!(self::record(&rest[*skip..]), Found::Whole(_))
        });
        match next {
            Some(skip) => {
                out.damaged.push(at..at + skip);
                at += skip;
            }
            None => {
                let unwritten = rest.iter().all(|byte| *byte == 0);
                if matches!(record, Found::Short) || at + rest.len() < MAGIC.len() || unwritten {
                    out.torn = Some(at);
                } else {
                    out.damaged.push(at..bytes.len());
                }
                break;
            }
        }
    }
    out
}

enum Found<'a> {
    Whole(&'a [u8]),
    /// Its beginning is sound, but the file ends before the record does.
    Short,
    No,
}

fn record(bytes: &[u8]) -> Found<'_> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else { return Found::Short };
    let field = |n: usize| u32::from_le_bytes([header[n], header[n + 1], header[n + 2], header[n + 3]]);
    if header[..4] != MARKER || field(12) != crc32(&header[..12]) {
        return Found::No;
    }
    match rest.get(..field(4) as usize) {
        None => Found::Short,
        Some(payload) if crc32(payload) == field(8) => Found::Whole(payload),
        Some(_) => Found::No,
    }
}

/// A stored value as it lies in the file.
#[derive(Debug, PartialEq)]
pub struct Raw<'a> {
    pub model: &'a str,
    pub value: &'a [u8],
    pub labels: Vec<(&'a str, &'a str)>,
}

/// What is left when later entries have replaced earlier ones.
#[derive(Debug, Default, PartialEq)]
pub struct Live<'a> {
    pub values: HashMap<(Class, &'a str, &'a str), Raw<'a>, RandomState>,
    pub made: HashSet<&'a str, RandomState>,
}

impl<'a> Live<'a> {
    /// Takes in one record. False if an entry cannot be read: the record was written by something else than this.
    pub fn apply(&mut self, payload: &'a [u8]) -> bool {
        let mut reader = Reader(payload);
        let (mut source, mut model) = (None, "");
        while !reader.0.is_empty() {
            if self.entry(&mut reader, &mut source, &mut model).is_none() {
                return false;
            }
        }
        true
    }

    fn entry(
        &mut self,
        reader: &mut Reader<'a>,
        source: &mut Option<(Class, &'a str)>,
        model: &mut &'a str,
    ) -> Option<()> {
        match reader.byte()? {
            SOURCE => *source = Some((class_of(reader.byte()?)?, reader.text()?)),
            MODEL => *model = reader.text()?,
            tag @ (PUT | PUT_LABELLED) => {
                let (class, name) = (*source)?;
                let (key, value) = (reader.text()?, reader.slice()?);
                let count = if tag == PUT { 0 } else { reader.number()? };
                let labels = (0..count).map(|_| Some((reader.text()?, reader.text()?)));
                let labels = labels.collect::<Option<Vec<_>>>()?;
                self.values.insert((class, name, key), Raw { model, value, labels });
            }
            DELETE => {
                let (class, name) = (*source)?;
                self.values.remove(&(class, name, reader.text()?));
            }
            MADE => drop(self.made.insert(reader.text()?)),
            UNMADE => drop(self.made.remove(reader.text()?)),
            _ => return None,
        }
        Some(())
    }

    /// About as many bytes as [`Live::write`] makes.
    pub fn size(&self) -> u64 {
        let values = self.values.iter().map(|((_, _, key), raw)| {
            let labels: usize = raw.labels.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
            key.len() + raw.value.len() + labels + 9
        });
        let made = self.made.iter().map(|key| key.len() + 5);
        (MAGIC.len() + HEADER + values.sum::<usize>() + made.sum::<usize>()) as u64
    }

    /// A whole file with nothing else in it, the same for the same content.
    pub fn write(&self) -> Option<Vec<u8>> {
        let mut values: Vec<_> = self.values.iter().collect();
        values.sort_by_key(|((class, name, key), raw)| (*class, *name, raw.model, *key));
        let mut writer = Writer::new();
        for ((class, name, key), raw) in values {
            writer.put((*class, name), key, raw);
        }
        let mut made: Vec<_> = self.made.iter().collect();
        made.sort();
        made.into_iter().for_each(|key| writer.tagged(MADE, key.as_bytes()));
        let mut file = MAGIC.to_vec();
        if !writer.is_empty() {
            file.extend(writer.finish()?);
        }
        Some(file)
    }
}

impl Raw<'_> {
    pub fn labels(&self) -> Option<std::sync::Arc<Labels>> {
        let labels = self.labels.iter().map(|(name, value)| (String::from(*name), String::from(*value)));
        (!self.labels.is_empty()).then(|| std::sync::Arc::new(labels.collect()))
    }
}

/// The source of a stored value.
pub fn source((class, name): (Class, &str)) -> Source {
    Source::new(class, name)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
    fn number(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*first))
    }
    fn slice(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (first, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(first)
    }
    fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(self.slice()?).ok()
    }
}
