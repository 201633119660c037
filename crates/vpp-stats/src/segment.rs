//! How a segment is laid out, and how it is read while VPP changes it.
//!
//! All numbers are the machine's own. The segment starts with a header:
//!
//! | offset | |
//! |---|---|
//! | 0 | layout, 2 in all releases so far |
//! | 8 | where VPP itself sees the segment: all pointers count from there |
//! | 16 | epoch, counted up by every change of the directory or of where a vector lies |
//! | 24 | not 0 while such a change is made |
//! | 32 | pointer to the directory |
//!
//! A pointer to a vector points to its first element; the number of elements (32 bits) stands 8 bytes before it, and a
//! null pointer is an empty vector. The directory is a vector of entries of 144 bytes: the type (32 bits), at 8 a number
//! or a pointer, at 16 the name, which ends with a zero. Counters lie in a vector for each thread, and these in a vector
//! of pointers.
//!
//! What was read while the epoch changed is thrown away, sense or nonsense, and read again.

use crate::error::{Damage, Error};
use crate::memory::Memory;
use crate::reading::{Count, Data, Link, Reading};
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::atomic::{Ordering, fence};
use std::time::{Duration, Instant};

const LAYOUT: u64 = 2;
const HEADER: usize = 40;
const ENTRY: usize = 144;
/// What stands before the elements of a vector.
const LENGTH: u64 = 8;
/// So much is read with the length, in the hope that it is all.
const SHORT: u64 = 120;
/// Bytes of VPP's heap that every vector takes besides its elements, at least.
const OVERHEAD: u64 = 16;
/// No reading takes more memory, whatever size the segment has.
const MOST: u64 = 256 << 20;
/// Pause before looking again at what is being changed. VPP needs much less.
const PAUSE: Duration = Duration::from_micros(100);

/// Copies the wanted entries of a segment, all of one epoch.
///
/// # Errors
/// It cannot be read or makes no sense, or was being changed as long as `patience` lasted.
pub fn read<M: Memory + ?Sized>(
    memory: &M,
    wanted: impl Fn(&str) -> bool,
    patience: Duration,
) -> Result<Reading, Error> {
    let began = Instant::now();
    loop {
        let before = Header::of(memory)?;
        if before.changing == 0 {
            fence(Ordering::Acquire);
            let reading = Segment::new(memory, &before).and_then(|segment| segment.reading(&wanted));
            fence(Ordering::Acquire);
            let after = Header::of(memory)?;
            if (after.changing, after.epoch) == (0, before.epoch) {
                return reading;
            }
        }
        if began.elapsed() >= patience {
            return Err(Error::Busy(patience));
        }
        std::thread::sleep(PAUSE);
    }
}

struct Header {
    base: u64,
    epoch: u64,
    changing: u64,
    directory: u64,
}

impl Header {
    fn of<M: Memory + ?Sized>(memory: &M) -> Result<Header, Error> {
        let size = memory.size()?;
        if size < HEADER as u64 {
            return Err(Damage::Outside { what: "the header", size }.into());
        }
        let mut bytes = [0; HEADER];
        memory.copy(0, &mut bytes)?;
        match word(&bytes, 0) {
            LAYOUT => {}
            other => return Err(Error::Layout(other)),
        }
        let [base, epoch, changing, directory] = [8, 16, 24, 32].map(|at| word(&bytes, at));
        Ok(Header { base, epoch, changing, directory })
    }
}

struct Segment<'m, M: ?Sized> {
    memory: &'m M,
    size: u64,
    base: u64,
    directory: u64,
    /// Bytes that may still be copied: no two vectors share memory.
    left: Cell<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Scalar,
    Simple,
    Combined,
    Names,
    Link,
    Empty,
    Unknown,
}

/// What an entry of the directory is.
fn kind(entry: &[u8]) -> Kind {
    match word(entry, 0) as u32 {
        1 | 9 => Kind::Scalar, // 9 is the gauge of newer releases
        2 => Kind::Simple,
        3 => Kind::Combined,
        4 => Kind::Names,
        0 | 5 => Kind::Empty,
        6 => Kind::Link,
        _ => Kind::Unknown,
    }
}

fn name(entry: &[u8]) -> Cow<'_, str> {
    text(entry.get(16..).unwrap_or_default())
}

impl<'m, M: Memory + ?Sized> Segment<'m, M> {
    fn new(memory: &'m M, header: &Header) -> Result<Self, Error> {
        let size = memory.size()?;
        let left = Cell::new(size.min(MOST));
        Ok(Segment { memory, size, base: header.base, directory: header.directory, left })
    }
    fn reading(&self, wanted: impl Fn(&str) -> bool) -> Result<Reading, Error> {
        let directory = self.vector("the directory", self.directory, ENTRY)?;
        let mut reading = Reading::default();
        for entry in directory.chunks_exact(ENTRY) {
            let kind = kind(entry);
            reading.unknown += u64::from(kind == Kind::Unknown);
            let name = name(entry);
            if kind != Kind::Empty && wanted(&name) {
                let data = self.data(kind, word(entry, 8), &directory)?;
                reading.entries.extend(data.map(|data| (name.into_owned(), data)));
            }
        }
        Ok(reading)
    }
    /// What an entry with this value holds; `None` if its type is not known.
    fn data(&self, kind: Kind, value: u64, directory: &[u8]) -> Result<Option<Data>, Error> {
        Ok(Some(match kind {
            Kind::Scalar => Data::Scalar(value),
            Kind::Simple => {
                let threads = self.vectors(value, 8)?;
                Data::Simple(threads.iter().map(|thread| words(thread).collect()).collect())
            }
            Kind::Combined => {
                let counts = |thread: &Vec<u8>| {
                    let both = thread.chunks_exact(16);
                    both.map(|both| Count { packets: word(both, 0), bytes: word(both, 8) }).collect()
                };
                Data::Combined(self.vectors(value, 16)?.iter().map(counts).collect())
            }
            Kind::Names => {
                let names = self.vectors(value, 1)?;
                Data::Names(names.iter().map(|name| text(name).into_owned()).collect())
            }
            Kind::Link => {
                let (to, index) = (value as u32 as usize, (value >> 32) as u32);
                let to = directory.chunks_exact(ENTRY).nth(to).map(name).unwrap_or_default();
                Data::Link(Link { to: to.into_owned(), index })
            }
            Kind::Empty | Kind::Unknown => return Ok(None),
        }))
    }
    /// The vectors that a vector of pointers leads to.
    fn vectors(&self, pointer: u64, element: usize) -> Result<Vec<Vec<u8>>, Error> {
        let pointers = self.vector("a vector", pointer, 8)?;
        words(&pointers).map(|pointer| self.vector("a vector", pointer, element)).collect()
    }
    /// The elements of a vector.
    fn vector(&self, what: &'static str, pointer: u64, element: usize) -> Result<Vec<u8>, Error> {
        if pointer == 0 {
            return Ok(Vec::new());
        }
        let outside = Damage::Outside { what, size: self.size };
        let first =
            pointer.checked_sub(self.base).filter(|&at| at >= HEADER as u64 + LENGTH && at <= self.size);
        let first = first.ok_or(outside.clone())?;
        let short = (self.size - first).min(SHORT);
        let mut bytes = vec![0; (LENGTH + short) as usize];
        self.memory.copy(first - LENGTH, &mut bytes)?;
        let bytes_of_all = u64::from(word(&bytes, 0) as u32) * element as u64;
        if bytes_of_all > self.size - first {
            return Err(outside.into());
        }
        let taken = bytes_of_all + OVERHEAD;
        self.left.set(self.left.get().checked_sub(taken).ok_or(Damage::TooMuch)?);
        bytes.drain(..LENGTH as usize);
        bytes.resize(bytes_of_all as usize, 0);
        if let Some(rest) = bytes.get_mut(short as usize..).filter(|rest| !rest.is_empty()) {
            self.memory.copy(first + short, rest)?;
        }
        Ok(bytes)
    }
}

/// The number at this place; 0 if there is none.
fn word(bytes: &[u8], at: usize) -> u64 {
    let bytes = bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u64::from_ne_bytes)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.chunks_exact(8).map(|bytes| word(bytes, 0))
}

/// What stands before the first zero.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.split(|&byte| byte == 0).next().unwrap_or_default())
}
