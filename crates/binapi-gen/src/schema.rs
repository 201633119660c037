//! What a VPP API is made of, for any number of releases at once.

use std::fmt;

/// A set of releases: bit `i` stands for the i-th of [`Schema::releases`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReleaseSet(pub u32);

impl ReleaseSet {
    /// The set of one release.
    pub fn one(index: usize) -> Self {
        ReleaseSet(1 << index)
    }
    /// Whether the release with this index is in the set.
    pub fn has(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }
    /// The index of the newest release, if any.
    pub fn newest(self) -> Option<usize> {
        self.0.checked_ilog2().map(|i| i as usize)
    }
    /// The indices of all releases, oldest first.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |i| self.has(*i))
    }
    /// What is in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        ReleaseSet(self.0 | other.0)
    }
    /// Reads `23.06-25.06`, `24.10`, `25.10-` (that release and all later ones) and lists of these with commas.
    pub fn parse(text: &str, releases: &[String]) -> Option<Self> {
        let find = |name: &str| releases.iter().position(|r| r == name);
        let mut set = 0;
        for part in text.split(',') {
            let (from, to) = match part.split_once('-') {
                Some((from, "")) => (find(from)?, releases.len().checked_sub(1)?),
                Some((from, to)) => (find(from)?, find(to)?),
                None => (find(part)?, find(part)?),
            };
            for i in from..=to {
                set |= 1 << i;
            }
        }
        Some(ReleaseSet(set))
    }
    /// Writes the set as [`ReleaseSet::parse`] reads it; a range up to the last release stays open.
    pub fn show(self, releases: &[String]) -> String {
        let mut parts = Vec::new();
        let mut i = 0;
        while let Some(first) = releases.get(i) {
            let mut end = i;
            while self.has(end) && end < releases.len() {
                end += 1;
            }
            match releases.get(end.wrapping_sub(1)) {
                _ if end == i => {}
                _ if end == releases.len() => parts.push(format!("{first}-")),
                Some(last) if last != first => parts.push(format!("{first}-{last}")),
                _ => parts.push(first.clone()),
            }
            i = end.max(i) + 1;
        }
        parts.join(",")
    }
}

/// What stands between the message id (u16) and the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Header {
    /// Client index and context (u32 each): requests.
    ClientContext,
    /// Context alone: replies and details.
    Context,
    /// Client index alone: events.
    Client,
    /// Nothing.
    Nothing,
}

impl Header {
    /// The letters of the schema's `header` column.
    pub fn letters(self) -> &'static str {
        match self {
            Header::ClientContext => "ic",
            Header::Context => "c",
            Header::Client => "i",
            Header::Nothing => "-",
        }
    }
    /// Reads the letters of the `header` column.
    pub fn parse(letters: &str) -> Option<Self> {
        [Header::ClientContext, Header::Context, Header::Client, Header::Nothing]
            .into_iter()
            .find(|h| h.letters() == letters)
    }
}

/// How VPP answers a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Answer {
    /// The one reply, or the one that ends a stream.
    pub reply: Option<String>,
    /// The item of a stream.
    pub stream: Option<String>,
    /// Events that may follow.
    pub events: Vec<String>,
}

impl Answer {
    /// Reads `x_reply`, `stream x_details`, `stream x_details end x_reply`, `x_reply events a_event b_event`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut answer = Answer::default();
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            match word {
                "stream" => answer.stream = Some(words.next()?.to_owned()),
                "end" => answer.reply = Some(words.next()?.to_owned()),
                "events" => answer.events.extend(words.by_ref().map(str::to_owned)),
                "null" => {}
                reply if answer.reply.is_none() => answer.reply = Some(reply.to_owned()),
                _ => return None,
            }
        }
        Some(answer)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        if let Some(stream) = &self.stream {
            words.extend(["stream", stream]);
        }
        if let Some(reply) = &self.reply {
            words.extend(self.stream.as_ref().map(|_| "end"));
            words.push(reply);
        }
        if !self.events.is_empty() {
            words.push("events");
            words.extend(self.events.iter().map(String::as_str));
        }
        f.write_str(&words.join(" "))
    }
}

/// How often a field's type repeats.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// Once.
    One,
    /// A fixed number of times; for `string` its size in bytes.
    Fixed(usize),
    /// As often as the named field of the same message says.
    Counted(String),
    /// To the end of the message; for `string` with its length (u32) before it.
    Rest,
}

/// A field of a message or type, or a member of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field {
    /// VPP's name.
    pub name: String,
    /// A primitive (`u8`…`u64`, `i8`…`i64`, `f64`, `bool`, `string`) or the name of a type.
    pub ty: String,
    /// How often it repeats.
    pub shape: Shape,
    /// The value it has if the sender does not care.
    pub default: Option<String>,
}

impl Field {
    /// Reads `name:type`, `name:type[4]`, `name:type[n]`, `name:type[]`, each with or without `=default`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once(':')?;
        let (rest, default) = match rest.split_once('=') {
            Some((rest, default)) => (rest, Some(default.to_owned())),
            None => (rest, None),
        };
        let (ty, shape) = parse_shape(rest)?;
        Some(Field { name: name.to_owned(), ty, shape, default })
    }
}

/// Reads `type`, `type[4]`, `type[n]`, `type[]`.
pub fn parse_shape(text: &str) -> Option<(String, Shape)> {
    let Some((ty, size)) = text.split_once('[') else {
        return Some((text.to_owned(), Shape::One));
    };
    let shape = match size.strip_suffix(']')? {
        "" => Shape::Rest,
        n => n.parse().map_or_else(|_| Shape::Counted(n.to_owned()), Shape::Fixed),
    };
    Some((ty.to_owned(), shape))
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.ty)?;
        match &self.shape {
            Shape::One => {}
            Shape::Fixed(n) => write!(f, "[{n}]")?,
            Shape::Counted(by) => write!(f, "[{by}]")?,
            Shape::Rest => f.write_str("[]")?,
        }
        match &self.default {
            Some(default) => write!(f, "={default}"),
            None => Ok(()),
        }
    }
}

/// A message, as it is in one or more releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDef {
    /// The module (file) that defines it; the plugin's name for messages of a plugin.
    pub module: String,
    /// Its name.
    pub name: String,
    /// CRC of its layout, eight hexadecimal digits.
    pub crc: String,
    /// What precedes its fields.
    pub header: Header,
    /// How VPP answers it.
    pub answer: Answer,
    /// `deprecated`, `in_progress` or nothing.
    pub status: String,
    /// The releases that have it exactly so.
    pub releases: ReleaseSet,
    /// Its fields in wire order, header fields left out.
    pub fields: Vec<Field>,
}

impl MessageDef {
    /// The name in VPP's message table.
    pub fn id(&self) -> String {
        format!("{}_{}", self.name, self.crc)
    }
}

/// What a type is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Body {
    /// Fields one after the other.
    Struct(Vec<Field>),
    /// Fields at the same place.
    Union(Vec<Field>),
    /// Named numbers of a primitive type; `flags` if they may be combined.
    Enum {
        /// The primitive type.
        base: String,
        /// Whether VPP declares the numbers as bits.
        flags: bool,
        /// Names and numbers.
        values: Vec<(String, i64)>,
    },
    /// Another name of a type, maybe repeated.
    Alias(String, Shape),
}

/// A type, as it is in one or more releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDef {
    /// Its name, without `vl_api_` and `_t`.
    pub name: String,
    /// What it is.
    pub body: Body,
    /// The releases that have it exactly so.
    pub releases: ReleaseSet,
}

/// A return value of VPP's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retval {
    /// The negative number.
    pub number: i32,
    /// Its name without `VNET_API_ERROR_`.
    pub name: String,
    /// What it means, in words; empty where the name says it all.
    pub words: String,
}

/// The API of some releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Names of the releases, oldest first.
    pub releases: Vec<String>,
    /// All messages, by module and name.
    pub messages: Vec<MessageDef>,
    /// All types, by name.
    pub types: Vec<TypeDef>,
    /// All return values, -1 first.
    pub retvals: Vec<Retval>,
}

impl Schema {
    /// Adds a release: what it has in common with the ones before is marked, the rest is added.
    /// `other` must be of one release; its return values are ignored.
    pub fn add_release(&mut self, other: Schema) {
        let bit = ReleaseSet::one(self.releases.len());
        self.releases.extend(other.releases);
        for m in other.messages {
            let same = |x: &&mut MessageDef| MessageDef { releases: x.releases, ..m.clone() } == **x;
            match self.messages.iter_mut().filter(|x| x.name == m.name).find(same) {
                Some(known) => known.releases = known.releases.union(bit),
                None => self.messages.push(MessageDef { releases: bit, ..m }),
            }
        }
        for t in other.types {
            match self.types.iter_mut().find(|x| x.name == t.name && x.body == t.body) {
                Some(known) => known.releases = known.releases.union(bit),
                None => self.types.push(TypeDef { releases: bit, ..t }),
            }
        }
        self.sort();
    }

    /// Puts everything into the order of the files: stable, so that a change shows as few lines.
    pub fn sort(&mut self) {
        self.messages.sort_by_cached_key(|m| {
            let first = m.releases.0.trailing_zeros();
            (m.module.clone(), m.name.clone(), first, m.crc.clone(), m.status.clone(), m.answer.clone())
        });
        self.types.sort_by_cached_key(|t| (t.name.clone(), t.releases.0.trailing_zeros(), t.body.clone()));
    }
}
