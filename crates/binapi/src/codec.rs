//! How VPP lays values out in a message: big-endian, without padding.
//!
//! A message starts with its id (u16). What follows it before the fields depends on the message ([`Message::HEAD`]):
//! nearly every request has client index and context (u32 each), nearly every reply a context, nearly every event a
//! client index. Those headers belong to the client and the server, not to the types.

use std::fmt::Debug;

pub(crate) use crate::macros::{wire_enum, wire_flags, wire_union};

/// Why bytes are not the message they should be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end before the message does.
    #[error("{what}: {missing} bytes short")]
    Short {
        /// The field or type being read.
        what: &'static str,
        /// How many bytes are missing.
        missing: usize,
    },
    /// A count announces more items than the bytes can hold.
    #[error("{what}: {count} items announced, room for {room} at most")]
    Count {
        /// The field being read.
        what: &'static str,
        /// Items announced.
        count: usize,
        /// Items that could fit.
        room: usize,
    },
}

impl DecodeError {
    /// The same error, at a named field unless it knows its field already.
    #[must_use]
    pub fn at(self, field: &'static str) -> Self {
        let pick = |what: &'static str| if what.contains('.') { what } else { field };
        match self {
            DecodeError::Short { what, missing } => DecodeError::Short { what: pick(what), missing },
            DecodeError::Count { what, count, room } => DecodeError::Count { what: pick(what), count, room },
        }
    }
}

/// Reads a field; an error names it.
pub fn field<T: Wire>(reader: &mut Reader<'_>, name: &'static str) -> Result<T, DecodeError> {
    T::get(reader).map_err(|e| e.at(name))
}

/// The bytes of a value with zeros behind them, cut at `N`: how a union holds one of its members.
pub(crate) fn padded<const N: usize>(value: &impl Wire) -> [u8; N] {
    let mut bytes = Vec::with_capacity(N);
    value.put(&mut bytes);
    bytes.resize(N, 0);
    let mut out = [0; N];
    out.copy_from_slice(&bytes);
    out
}

/// What stands between the id of a message and its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Client index and context: a request, and `sockclnt_create_reply`.
    ClientContext,
    /// Context alone: a reply, and `sockclnt_create`.
    Context,
    /// Client index alone: an event.
    Client,
    /// Nothing.
    Nothing,
}

impl Head {
    /// Where the fields start: bytes from the start of the message, the id (2) included.
    pub const fn fields_at(self) -> usize {
        match self {
            Head::ClientContext => 10,
            Head::Context | Head::Client => 6,
            Head::Nothing => 2,
        }
    }
    /// Where the context stands in the message, if it has one.
    pub const fn context_at(self) -> Option<usize> {
        match self {
            Head::ClientContext => Some(6),
            Head::Context => Some(2),
            Head::Client | Head::Nothing => None,
        }
    }
}

/// Reads a message from front to back. Never panics, never allocates for more than the bytes could hold.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }
    /// Bytes not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
    /// The next `n` bytes.
    pub fn take(&mut self, what: &'static str, n: usize) -> Result<&'a [u8], DecodeError> {
        match self.rest.split_at_checked(n) {
            Some((head, tail)) => {
                self.rest = tail;
                Ok(head)
            }
            None => Err(DecodeError::Short { what, missing: n - self.rest.len() }),
        }
    }
    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], DecodeError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(what, N)?);
        Ok(out)
    }
}

/// A type with a place in a message.
pub trait Wire: Sized {
    /// The fewest bytes a value takes; bounds what a count may announce.
    const MIN_SIZE: usize;
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads a value.
    fn get(r: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// A message of VPP's binary API: a name and the CRC of its layout.
pub trait Message: Wire + Clone + Debug + Default + PartialEq + Send + Sync + 'static {
    /// Name and CRC as in VPP's message table, such as `control_ping_51077d14`.
    const ID: &'static str;
    /// The name alone.
    const NAME: &'static str;
    /// What precedes the fields.
    const HEAD: Head = Head::ClientContext;
}

/// A request that is answered by one message.
pub trait Request: Message {
    /// The answer.
    type Reply: Reply;
}

/// An answer that carries a return value.
pub trait Reply: Message {
    /// 0, or a negative error number (see [`crate::retval`]).
    fn retval(&self) -> i32;
}

/// A request that is answered by any number of messages; their end shows by the reply to a `control_ping` sent after it.
pub trait Dump: Message {
    /// One item of the answer.
    type Details: Message;
}

/// A message VPP sends by itself once asked to.
pub trait Event: Message {}
