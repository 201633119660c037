//! The FIB: tables, prefixes, and per prefix what each source wants of it.

use super::numbers::Numbers;
use binapi::types::{
    AddressUnion, FibMplsLabel, FibPath, FibPathFlags, FibPathNh, FibPathNhProto, FibPathType,
};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Entries that every table has and nobody overrides.
const SOURCE_SPECIAL: u8 = 1;
/// Entries that only resolve a next hop.
const SOURCE_RESOLUTION: u8 = 18;
/// Entries that every table has until somebody overrides them.
const SOURCE_DEFAULT: u8 = 20;

/// The length of a prefix that is one address.
pub(crate) fn host_length(is_ipv6: bool) -> u8 {
    if is_ipv6 { 128 } else { 32 }
}

/// An address as the high bits of a number.
pub(crate) fn to_bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The first `length` bits.
pub(crate) fn mask(bits: u128, length: u8) -> u128 {
    bits & u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0)
}

/// Length and first bits: entries are dumped from short to long prefixes.
type Key = (u8, u128);

fn key(ip: IpAddr, length: u8) -> Key {
    (length, mask(to_bits(ip), length))
}

/// One way to forward, as the API tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) kind: FibPathType,
    pub(crate) sw_if_index: u32,
    pub(crate) table: u32,
    pub(crate) weight: u8,
    pub(crate) preference: u8,
    pub(crate) flags: FibPathFlags,
    pub(crate) proto: FibPathNhProto,
    pub(crate) next_hop: AddressUnion,
    pub(crate) object: u32,
    pub(crate) labels: Vec<FibMplsLabel>,
}

impl Path {
    fn new(kind: FibPathType, is_ipv6: bool, sw_if_index: u32) -> Self {
        Path {
            kind,
            sw_if_index,
            table: 0,
            weight: 1,
            preference: 0,
            flags: FibPathFlags::NONE,
            proto: if is_ipv6 { FibPathNhProto::IP6 } else { FibPathNhProto::IP4 },
            next_hop: AddressUnion::default(),
            object: 0,
            labels: Vec::new(),
        }
    }
    /// To everything on the link.
    pub(crate) fn attached(is_ipv6: bool, sw_if_index: u32) -> Self {
        Path::new(FibPathType::NORMAL, is_ipv6, sw_if_index)
    }
    /// To one neighbour.
    pub(crate) fn neighbour(ip: IpAddr, sw_if_index: u32) -> Self {
        Path { next_hop: ip.into(), ..Path::attached(ip.is_ipv6(), sw_if_index) }
    }
    /// To VPP itself.
    pub(crate) fn local(ip: IpAddr, sw_if_index: u32) -> Self {
        Path { next_hop: ip.into(), ..Path::new(FibPathType::LOCAL, ip.is_ipv6(), sw_if_index) }
    }
    /// To nowhere.
    pub(crate) fn drop(is_ipv6: bool) -> Self {
        Path::new(FibPathType::DROP, is_ipv6, u32::MAX)
    }

    /// Whether it is resolved by a lookup of its next hop.
    fn is_recursive(&self) -> bool {
        self.is_lookup() && !self.has_no_next_hop()
    }
    /// Whether it leads to a table: for its next hop or, without one, for the packet.
    fn is_lookup(&self) -> bool {
        self.kind == FibPathType::NORMAL
            && self.sw_if_index == u32::MAX
            && [FibPathNhProto::IP4, FibPathNhProto::IP6].contains(&self.proto)
    }
    fn has_no_next_hop(&self) -> bool {
        self.next_hop == AddressUnion::default()
    }
    /// Whether it leads to a neighbour on an interface.
    pub(crate) fn is_neighbour(&self) -> bool {
        self.kind == FibPathType::NORMAL && self.sw_if_index != u32::MAX && !self.has_no_next_hop()
    }
    fn is_ipv6(&self) -> bool {
        self.proto == FibPathNhProto::IP6
    }
    fn next_hop_ip(&self) -> IpAddr {
        match self.is_ipv6() {
            true => IpAddr::V6(self.next_hop.ip6().into()),
            false => IpAddr::V4(self.next_hop.ip4().into()),
        }
    }
    /// Whether both lead to the same place; weight and preference do not count.
    fn same_way(&self, other: &Path) -> bool {
        self.kind == other.kind
            && self.sw_if_index == other.sw_if_index
            && self.next_hop == other.next_hop
            && self.table == other.table
            && self.flags == other.flags
            && self.proto == other.proto
            && self.object == other.object
            && self.labels == other.labels
    }
    /// The order in which paths are told.
    pub(crate) fn order(&self) -> (u8, u8, [u8; 16], u32, u32) {
        let rank = match (self.kind, self.sw_if_index == u32::MAX, self.has_no_next_hop()) {
            (FibPathType::NORMAL, false, false) => 0,
            (FibPathType::NORMAL | FibPathType::DROP, false, true) => 1,
            (FibPathType::NORMAL, true, false) => 2,
            (FibPathType::NORMAL, true, true) => 3,
            _ => 4,
        };
        (self.preference, rank, self.next_hop.0, self.sw_if_index, self.table)
    }

    /// The path as a dump tells it.
    pub(crate) fn to_api(&self) -> FibPath {
        let mut path = FibPath {
            sw_if_index: self.sw_if_index,
            table_id: self.table,
            weight: self.weight,
            preference: self.preference,
            type_: self.kind,
            flags: self.flags,
            proto: self.proto,
            nh: FibPathNh { address: self.next_hop, obj_id: self.object, ..Default::default() },
            n_labels: self.labels.len() as u8,
            ..Default::default()
        };
        for (slot, label) in path.label_stack.iter_mut().zip(&self.labels) {
            *slot = *label;
        }
        path
    }
}

/// What is known of a prefix.
#[derive(Debug)]
struct Entry {
    /// As it was first given: VPP keeps the host bits.
    ip: IpAddr,
    /// What each source wants; the lowest source number wins.
    sources: Vec<(u8, Vec<Path>)>,
    stats_index: u32,
}

/// A prefix as a dump tells it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) ip: IpAddr,
    pub(crate) length: u8,
    pub(crate) source: u8,
    pub(crate) stats_index: u32,
    pub(crate) paths: Vec<FibPath>,
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct Table {
    name: String,
    pub(super) number: u32,
    /// Whether the API wants it; asked for many times, it is given up at once.
    pub(super) wanted: bool,
    /// How many interfaces are in it.
    bound: usize,
    /// How many paths lead to it.
    pub(super) paths: usize,
    /// How many paths need the entry of an address to be resolved.
    resolving: BTreeMap<Key, usize>,
    entries: BTreeMap<Key, Entry>,
}

/// All tables, by family and id.
#[derive(Debug)]
pub(crate) struct Fib {
    pub(super) tables: BTreeMap<(bool, u32), Table>,
    /// For IPv4 and IPv6.
    numbers: [Numbers; 2],
    next_stats_index: u32,
}

/// The two tables 0 with VPP's own entries.
impl Default for Fib {
    fn default() -> Self {
        let mut fib =
            Fib { tables: BTreeMap::new(), numbers: [const { Numbers::new() }; 2], next_stats_index: 1 };
        for is_ipv6 in [false, true] {
            fib.create(is_ipv6, 0, "");
        }
        fib
    }
}

impl Fib {
    /// Makes a table or, if it is there, keeps it (and its name).
    pub(crate) fn create(&mut self, is_ipv6: bool, id: u32, name: &str) {
        if let Some(table) = self.tables.get_mut(&(is_ipv6, id)) {
            table.wanted = true;
            return;
        }
        let family = if is_ipv6 { "ipv6" } else { "ipv4" };
        let name =
            if name.is_empty() { format!("{family}-VRF:{}", id.cast_signed()) } else { name.to_owned() };
        let [v4, v6] = &mut self.numbers;
        let number = if is_ipv6 { v6 } else { v4 }.take();
        self.tables.insert((is_ipv6, id), Table { name, number, wanted: true, ..Table::default() });
        let v4 = |a, b, c, d| IpAddr::V4(Ipv4Addr::new(a, b, c, d));
        let v6 = |first| IpAddr::V6(Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, 0));
        let own = if is_ipv6 {
            vec![
                (v6(0), 0, SOURCE_DEFAULT, Path::drop(true)),
                (v6(0xfe80), 10, SOURCE_SPECIAL, Path::attached(true, u32::MAX)),
            ]
        } else {
            vec![
                (v4(0, 0, 0, 0), 0, SOURCE_DEFAULT, Path::drop(false)),
                (v4(0, 0, 0, 0), 32, SOURCE_DEFAULT, Path::drop(false)),
                (v4(240, 0, 0, 0), 4, SOURCE_SPECIAL, Path::drop(false)),
                (v4(224, 0, 0, 0), 4, SOURCE_SPECIAL, Path::drop(false)),
                (v4(255, 255, 255, 255), 32, SOURCE_DEFAULT, Path::drop(false)),
            ]
        };
        for (ip, length, source, path) in own {
            self.set(id, ip, length, source, vec![path]);
        }
    }

    /// The API gives a table up; it goes once nothing else holds it.
    pub(crate) fn give_up(&mut self, is_ipv6: bool, id: u32) {
        if let Some(table) = self.tables.get_mut(&(is_ipv6, id)) {
            table.wanted = false;
        }
        self.drop_if_unused(is_ipv6, id);
    }

    pub(super) fn drop_if_unused(&mut self, is_ipv6: bool, id: u32) {
        let mut open = vec![(is_ipv6, id)];
        while let Some(at) = open.pop() {
            let unused = self.tables.get(&at).is_some_and(|t| !t.wanted && t.bound == 0 && t.paths == 0);
            if at.1 == 0 || !unused {
                continue;
            }
            let Some(table) = self.tables.remove(&at) else { continue };
            let [v4, v6] = &mut self.numbers;
            if at.0 { v6 } else { v4 }.give_back(table.number);
            let sources = table.entries.into_values().flat_map(|e| e.sources);
            for path in sources.flat_map(|(_, paths)| paths).filter(Path::is_lookup) {
                self.let_go(&path);
                open.push((path.is_ipv6(), path.table));
            }
        }
    }

    /// Whether there is a table.
    pub(crate) fn contains(&self, is_ipv6: bool, id: u32) -> bool {
        self.tables.contains_key(&(is_ipv6, id))
    }

    /// Whether an interface can be put into a table. One that only paths hold has lost its multicast half and is
    /// refused although a dump shows it.
    pub(crate) fn can_bind(&self, is_ipv6: bool, id: u32) -> bool {
        self.tables.get(&(is_ipv6, id)).is_some_and(|t| t.wanted || t.bound > 0)
    }

    /// An interface comes into a table.
    pub(crate) fn bind(&mut self, is_ipv6: bool, id: u32) {
        if let Some(table) = self.tables.get_mut(&(is_ipv6, id)) {
            table.bound += 1;
        }
    }

    /// An interface leaves a table.
    pub(crate) fn unbind(&mut self, is_ipv6: bool, id: u32) {
        if let Some(table) = self.tables.get_mut(&(is_ipv6, id)) {
            table.bound = table.bound.saturating_sub(1);
        }
        self.drop_if_unused(is_ipv6, id);
    }

    /// Ids, families and names of all tables, in the order of VPP's own numbers.
    pub(crate) fn names(&self) -> impl Iterator<Item = (bool, u32, &str)> {
        let mut all: Vec<_> = self.tables.iter().collect();
        all.sort_by_key(|((is_ipv6, _), table)| (*is_ipv6, table.number));
        all.into_iter().map(|((is_ipv6, id), table)| (*is_ipv6, *id, table.name.as_str()))
    }

    /// Whether a source wants anything of a prefix.
    pub(crate) fn has_source(&self, table: u32, ip: IpAddr, length: u8, source: u8) -> bool {
        !self.paths(table, ip, length, source).is_empty()
    }

    /// The paths that a source wants.
    pub(crate) fn paths(&self, table: u32, ip: IpAddr, length: u8, source: u8) -> &[Path] {
        let table = self.tables.get(&(ip.is_ipv6(), table));
        let entry = table.and_then(|t| t.entries.get(&key(ip, length)));
        let sources = entry.map_or(&[][..], |e| e.sources.as_slice());
        sources.iter().find(|(s, _)| *s == source).map_or(&[], |(_, paths)| paths.as_slice())
    }

    /// The first path to an address.
    pub(crate) fn lookup(&self, table: u32, ip: IpAddr) -> Option<&Path> {
        let table = self.tables.get(&(ip.is_ipv6(), table))?;
        let entries =
            (0..=host_length(ip.is_ipv6())).rev().filter_map(|len| table.entries.get(&key(ip, len)));
        entries.flat_map(|entry| &entry.sources).find_map(|(_, paths)| paths.first())
    }

    /// Makes these the paths of a source. Returns the index of the prefix's counters.
    pub(crate) fn update(&mut self, table: u32, ip: IpAddr, length: u8, source: u8, paths: Vec<Path>) -> u32 {
        self.set(table, ip, length, source, paths)
    }

    /// Adds paths to those of a source; one that is there already changes nothing.
    pub(crate) fn add_paths(
        &mut self,
        table: u32,
        ip: IpAddr,
        length: u8,
        source: u8,
        more: Vec<Path>,
    ) -> u32 {
        let mut paths = self.paths(table, ip, length, source).to_vec();
        for path in more {
            if !paths.iter().any(|p| p.same_way(&path)) {
                paths.push(path);
            }
        }
        self.set(table, ip, length, source, paths)
    }

    /// Removes paths of a source; one that is not there changes nothing.
    pub(crate) fn remove_paths(&mut self, table: u32, ip: IpAddr, length: u8, source: u8, gone: &[Path]) {
        let mut paths = self.paths(table, ip, length, source).to_vec();
        let before = paths.len();
        for path in gone {
            if let Some(at) = paths.iter().position(|p| p.same_way(path)) {
                paths.remove(at);
            }
        }
        match paths.is_empty() {
            true => self.delete(table, ip, length, source),
            false if paths.len() < before => {
                self.set(table, ip, length, source, paths);
            }
            false => {}
        }
    }

    /// Forgets what a source wants of a prefix.
    pub(crate) fn delete(&mut self, table: u32, ip: IpAddr, length: u8, source: u8) {
        let old = self.replace(table, ip, length, source, None).1;
        self.let_all_go(old);
    }

    fn set(&mut self, table: u32, ip: IpAddr, length: u8, source: u8, mut paths: Vec<Path>) -> u32 {
        paths.sort_by_key(Path::order);
        let lookups: Vec<Path> = paths.iter().filter(|p| p.is_lookup()).cloned().collect();
        for path in &lookups {
            self.hold(path);
        }
        let (stats_index, old) = self.replace(table, ip, length, source, Some(paths));
        self.let_all_go(old);
        stats_index
    }

    /// Puts paths in the place of a source's former ones, without regard to what they hold.
    fn replace(
        &mut self,
        table: u32,
        ip: IpAddr,
        length: u8,
        source: u8,
        paths: Option<Vec<Path>>,
    ) -> (u32, Vec<Path>) {
        let Some(table) = self.tables.get_mut(&(ip.is_ipv6(), table)) else { return (u32::MAX, Vec::new()) };
        let at = key(ip, length);
        let entry = match (table.entries.get_mut(&at), &paths) {
            (Some(entry), _) => entry,
            (None, None) => return (u32::MAX, Vec::new()),
            (None, Some(_)) => {
                let stats_index = self.next_stats_index;
                self.next_stats_index = self.next_stats_index.wrapping_add(1);
                table.entries.entry(at).or_insert(Entry { ip, sources: Vec::new(), stats_index })
            }
        };
        let stats_index = entry.stats_index;
        let place = entry.sources.binary_search_by_key(&source, |(s, _)| *s);
        let old = match (place, paths) {
            (Ok(i), Some(paths)) => {
                entry.sources.get_mut(i).map(|(_, old)| std::mem::replace(old, paths)).unwrap_or_default()
            }
            (Ok(i), None) => entry.sources.remove(i).1,
            (Err(i), Some(paths)) => {
                entry.sources.insert(i, (source, paths));
                Vec::new()
            }
            (Err(_), None) => Vec::new(),
        };
        if entry.sources.is_empty() {
            table.entries.remove(&at);
        }
        (stats_index, old)
    }

    /// A path begins to need its table and, with a next hop, the entry of that.
    fn hold(&mut self, path: &Path) {
        let (is_ipv6, ip) = (path.is_ipv6(), path.next_hop_ip());
        let host = host_length(is_ipv6);
        let Some(table) = self.tables.get_mut(&(is_ipv6, path.table)) else { return };
        table.paths += 1;
        if path.is_recursive() {
            let count = table.resolving.entry(key(ip, host)).or_default();
            *count += 1;
            if *count == 1 {
                self.replace(path.table, ip, host, SOURCE_RESOLUTION, Some(Vec::new()));
            }
        }
    }

    fn let_go(&mut self, path: &Path) {
        let (is_ipv6, ip) = (path.is_ipv6(), path.next_hop_ip());
        let host = host_length(is_ipv6);
        let Some(table) = self.tables.get_mut(&(is_ipv6, path.table)) else { return };
        table.paths = table.paths.saturating_sub(1);
        if path.is_recursive() {
            let count = table.resolving.entry(key(ip, host)).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                table.resolving.remove(&key(ip, host));
                self.replace(path.table, ip, host, SOURCE_RESOLUTION, None);
            }
        }
    }

    fn let_all_go(&mut self, paths: Vec<Path>) {
        for path in paths.iter().filter(|p| p.is_lookup()) {
            self.let_go(path);
            self.drop_if_unused(path.is_ipv6(), path.table);
        }
    }

    /// The entries of a table, all or those whose winning source is the given one.
    pub(crate) fn dump(&self, is_ipv6: bool, id: u32, source: Option<u8>) -> Vec<Shown> {
        let Some(table) = self.tables.get(&(is_ipv6, id)) else { return Vec::new() };
        let mut shown = Vec::new();
        for ((length, bits), entry) in &table.entries {
            let Some((best, paths)) = entry.sources.first() else { continue };
            if source.is_some_and(|s| s != *best) {
                continue;
            }
            // What only resolves a next hop forwards as the prefix that covers it.
            let paths = match *best {
                SOURCE_RESOLUTION => table.cover(*bits, *length),
                _ => paths,
            };
            shown.push(Shown {
                ip: entry.ip,
                length: *length,
                source: *best,
                stats_index: entry.stats_index,
                paths: paths.iter().map(Path::to_api).collect(),
            });
        }
        shown
    }
}

impl Table {
    /// The paths of the longest shorter prefix that has some of its own.
    fn cover(&self, bits: u128, length: u8) -> &[Path] {
        let candidates = (0..length).rev().filter_map(|l| self.entries.get(&(l, mask(bits, l))));
        let mut sources = candidates.filter_map(|e| e.sources.first());
        sources.find(|(s, _)| *s != SOURCE_RESOLUTION).map_or(&[], |(_, paths)| paths.as_slice())
    }
}
