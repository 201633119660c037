//! What was copied of a segment.

use std::collections::BTreeMap;
use std::ops::AddAssign;

/// Packets with their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Packets.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.packets = self.packets.wrapping_add(other.packets);
        self.bytes = self.bytes.wrapping_add(other.bytes);
    }
}

/// One entry of the directory.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// One number.
    Scalar(u64),
    /// Numbers by thread and index.
    Simple(Vec<Vec<u64>>),
    /// Packets and bytes by thread and index.
    Combined(Vec<Vec<Count>>),
    /// Names by index; empty where there is none.
    Names(Vec<String>),
    /// One index of another entry.
    Link(Link),
}

/// Another name for one index of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Name of that entry; empty if the directory has no such.
    pub to: String,
    /// The index.
    pub index: u32,
}

/// What was copied of a segment, all of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The wanted entries, by name.
    pub entries: BTreeMap<String, Data>,
    /// Entries of the directory, wanted or not, whose type is not known here. They are left out.
    pub unknown: u64,
}

impl Reading {
    /// A single number.
    pub fn scalar(&self, name: &str) -> Option<u64> {
        match self.entries.get(name)? {
            Data::Scalar(value) => Some(*value),
            _ => None,
        }
    }
    /// Names by index.
    pub fn names(&self, name: &str) -> Option<&[String]> {
        match self.entries.get(name)? {
            Data::Names(names) => Some(names),
            _ => None,
        }
    }
    /// Numbers by index, those of all threads added up.
    pub fn sums(&self, name: &str) -> Vec<u64> {
        match self.entries.get(name) {
            Some(Data::Simple(threads)) => added(threads, |sum, value| *sum = sum.wrapping_add(*value)),
            _ => Vec::new(),
        }
    }
    /// Packets and bytes by index, those of all threads added up.
    pub fn counts(&self, name: &str) -> Vec<Count> {
        match self.entries.get(name) {
            Some(Data::Combined(threads)) => added(threads, |sum, count| *sum += *count),
            _ => Vec::new(),
        }
    }
    /// Links whose names start so, without that start.
    pub fn links<'r>(&'r self, start: &'r str) -> impl Iterator<Item = (&'r str, &'r Link)> {
        let from =
            self.entries.range::<str, _>((std::ops::Bound::Included(start), std::ops::Bound::Unbounded));
        let named = from.map_while(move |(name, data)| Some((name.strip_prefix(start)?, data)));
        named.filter_map(|(rest, data)| match data {
            Data::Link(link) => Some((rest, link)),
            _ => None,
        })
    }
}

fn added<T: Copy + Default>(threads: &[Vec<T>], add: impl Fn(&mut T, &T)) -> Vec<T> {
    let mut sums = Vec::new();
    for thread in threads {
        if sums.len() < thread.len() {
            sums.resize(thread.len(), T::default());
        }
        sums.iter_mut().zip(thread).for_each(|(sum, value)| add(sum, value));
    }
    sums
}
