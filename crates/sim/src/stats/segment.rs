//! The statistics segment as VPP lays it out, in shared memory: see `src/vlib/stats/shared.h` of VPP.

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use std::fs::File;
use std::io::Result;
use std::os::unix::fs::FileExt;

/// Where VPP would see the segment.
const BASE: u64 = 0x7f12_3400_0000;
/// As VPP has it by default; only what is used takes memory.
const SIZE: u64 = 32 << 20;
/// The heap begins after one page.
const HEAP: u64 = 4096;
const ENTRY: u64 = 144;
const NAME: usize = 128;
/// Places of the header.
const EPOCH: u64 = 16;
const IN_PROGRESS: u64 = 24;
const DIRECTORY: u64 = 32;

/// Types of entries.
pub(super) const SCALAR: u32 = 1;
pub(super) const SIMPLE: u32 = 2;
pub(super) const COMBINED: u32 = 3;
pub(super) const NAMES: u32 = 4;
pub(super) const EMPTY: u32 = 5;
pub(super) const LINK: u32 = 6;

/// A vector in the segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vector {
    /// Offset of the first element.
    at: u64,
    len: u64,
    room: u64,
    /// Bytes of an element.
    element: u64,
}

impl Vector {
    pub(super) fn of(element: u64) -> Vector {
        Vector { at: 0, len: 0, room: 0, element }
    }
    pub(super) fn pointer(&self) -> u64 {
        if self.at == 0 { 0 } else { BASE + self.at }
    }
}

/// The memory, and what lies where.
#[derive(Debug)]
pub(super) struct Segment {
    memory: File,
    /// From here on nothing is used yet. Vectors that grow leave their place behind.
    next: u64,
    epoch: u64,
    /// Changes within changes.
    depth: u32,
    directory: Vector,
    free: Vec<u32>,
}

impl Segment {
    pub(super) fn new() -> Result<Segment> {
        let memory = memfd_create("stat segment", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&memory, SIZE)?;
        fcntl_add_seals(&memory, SealFlags::SHRINK)?;
        let memory = File::from(memory);
        let segment = Segment {
            memory,
            next: HEAP,
            epoch: 1,
            depth: 0,
            directory: Vector::of(ENTRY),
            free: Vec::new(),
        };
        segment.put(0, 2)?;
        segment.put(8, BASE)?;
        segment.put(EPOCH, segment.epoch)?;
        Ok(segment)
    }
    pub(super) fn memory(&self) -> &File {
        &self.memory
    }
    fn put(&self, at: u64, value: u64) -> Result<()> {
        self.memory.write_all_at(&value.to_ne_bytes(), at)
    }
    fn get(&self, at: u64) -> Result<u64> {
        let mut bytes = [0; 8];
        self.memory.read_exact_at(&mut bytes, at)?;
        Ok(u64::from_ne_bytes(bytes))
    }
    /// Changes where something lies, or the directory: clients that read meanwhile read again.
    pub(super) fn change<T>(&mut self, change: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.begin()?;
        let changed = change(self);
        self.end()?;
        changed
    }
    /// From here to the [`Segment::end`] that belongs to it, clients see nothing.
    pub(super) fn begin(&mut self) -> Result<()> {
        self.depth += 1;
        self.put(IN_PROGRESS, 1)
    }
    pub(super) fn end(&mut self) -> Result<()> {
        self.depth -= 1;
        if self.depth > 0 {
            return Ok(());
        }
        self.put(DIRECTORY, self.directory.pointer())?;
        self.epoch += 1;
        self.put(EPOCH, self.epoch)?;
        self.put(IN_PROGRESS, 0)
    }
    /// Makes the vector at least so long, with zeros.
    pub(super) fn lengthen(&mut self, vector: &mut Vector, len: u64) -> Result<()> {
        if len > vector.room {
            let room = len.next_power_of_two().max(8);
            // A header of 8 bytes, and elements on a cache line of their own.
            let at = (self.next + 8).next_multiple_of(64);
            let mut old = vec![0; (vector.len * vector.element) as usize];
            if vector.at != 0 {
                self.memory.read_exact_at(&mut old, vector.at)?;
            }
            self.next = at + room * vector.element;
            self.memory.write_all_at(&old, at)?;
            *vector = Vector { at, room, ..*vector };
        }
        if len > vector.len {
            vector.len = len;
            self.memory.write_all_at(&(len as u32).to_ne_bytes(), vector.at - 8)?;
        }
        Ok(())
    }
    /// One number of an element of the vector.
    pub(super) fn set(&self, vector: &Vector, index: u64, number: u64, value: u64) -> Result<()> {
        self.put(vector.at + index * vector.element + number * 8, value)
    }
    pub(super) fn add(&self, vector: &Vector, index: u64, number: u64, value: u64) -> Result<()> {
        let old = self.get(vector.at + index * vector.element + number * 8)?;
        self.set(vector, index, number, old.wrapping_add(value))
    }
    /// A text with its zero at the end.
    pub(super) fn text(&mut self, text: &str) -> Result<Vector> {
        let mut vector = Vector::of(1);
        self.lengthen(&mut vector, text.len() as u64 + 1)?;
        self.memory.write_all_at(text.as_bytes(), vector.at)?;
        Ok(vector)
    }
    /// A new entry of the directory; returns its index.
    pub(super) fn entry(&mut self, kind: u32, value: u64, name: &str) -> Result<u32> {
        let index = self.free.pop().unwrap_or(self.directory.len as u32);
        let mut directory = self.directory;
        self.lengthen(&mut directory, u64::from(index) + 1)?;
        self.directory = directory;
        let mut bytes = [0; ENTRY as usize];
        let (head, space) = bytes.split_at_mut(ENTRY as usize - NAME);
        head.iter_mut()
            .zip(u64::from(kind).to_ne_bytes().into_iter().chain(value.to_ne_bytes()))
            .for_each(|(byte, value)| *byte = value);
        // The last byte stays a zero.
        space.iter_mut().zip(name.bytes().take(NAME - 1)).for_each(|(byte, value)| *byte = value);
        self.memory.write_all_at(&bytes, self.place(index))?;
        Ok(index)
    }
    fn place(&self, entry: u32) -> u64 {
        self.directory.at + u64::from(entry) * ENTRY
    }
    pub(super) fn set_value(&self, entry: u32, value: u64) -> Result<()> {
        self.put(self.place(entry) + 8, value)
    }
    /// Removes an entry; its place is used again.
    pub(super) fn remove(&mut self, entry: u32) -> Result<()> {
        let mut bytes = [0; ENTRY as usize];
        bytes.iter_mut().zip(EMPTY.to_ne_bytes()).for_each(|(byte, value)| *byte = value);
        self.memory.write_all_at(&bytes, self.place(entry))?;
        self.free.push(entry);
        Ok(())
    }
}
