//! Segments of every kind: mutated, cut, random, changing under the reader. Nothing panics, nothing outside is read, and
//! no more is allocated than the memory has.
#![allow(clippy::unwrap_used)]

use sim::{Sim, SimConfig};
use std::cell::Cell;
use std::io;
use std::time::Duration;
use testkit::target::Dir;
use vpp_stats::{Data, Error, Memory, Reading, interfaces, nodes, pools, read};

/// A seeded generator (xorshift): the same bytes on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

const PATIENCE: Duration = Duration::ZERO;

/// The segment of a simulated VPP with some interfaces, as far as it is used.
fn segment() -> Vec<u8> {
    let dir = Dir::new();
    let socket = dir.path().join("stats.sock");
    let config = SimConfig {
        stats_socket: Some(socket.clone()),
        workers: 1,
        per_node_counters: true,
        ..SimConfig::default()
    };
    let sim = Sim::spawn(dir.path().join("api.sock"), config).unwrap();
    for _ in 0..3 {
        let name = sim.cli_create_loopback().unwrap();
        sim.count(&name, "/if/rx", 1, 3, 180).unwrap();
    }
    sim.add_statistic(8, 0, "/ring");
    let mut bytes = sim.statistics_memory().unwrap();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    bytes.truncate(end.next_multiple_of(64));
    bytes
}

/// Everything that is made of a reading.
fn use_it(reading: &Reading) {
    interfaces::interfaces(reading);
    nodes::counters(reading);
    nodes::runtime(reading);
    pools::buffers(reading);
    pools::heaps(reading);
}

/// How many bytes of the segment went into this.
fn weight(reading: &Reading) -> usize {
    let weight = |data: &Data| match data {
        Data::Scalar(_) | Data::Link(_) => 0,
        Data::Simple(threads) => threads.iter().map(|thread| thread.len() * 8).sum(),
        Data::Combined(threads) => threads.iter().map(|thread| thread.len() * 16).sum(),
        Data::Names(names) => names.iter().map(String::len).sum(),
    };
    reading.entries.values().map(weight).sum()
}

#[test]
fn a_whole_segment_is_read() {
    let bytes = segment();
    let reading = read(&bytes[..], |_| true, PATIENCE).unwrap();
    let interfaces = interfaces::interfaces(&reading);
    assert_eq!(interfaces.len(), 4);
    assert_eq!(interfaces[3].rx.bytes, 180);
    assert_eq!(reading.unknown, 1);
}

#[test]
fn a_segment_that_ends_early_is_an_error_or_whole() {
    let bytes = segment();
    let whole = read(&bytes[..], |_| true, PATIENCE).unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut damaged = 0;
    for cut in (0..200).chain((0..400).map(|_| random.below(bytes.len()))) {
        match read(&bytes[..cut], |_| true, PATIENCE) {
            Ok(reading) => assert_eq!(reading, whole),
            Err(Error::Damaged(damage)) => {
                damaged += 1;
                assert!(damage.to_string().contains(&cut.to_string()), "{cut}: {damage}");
            }
            Err(other) => panic!("{cut}: {other}"),
        }
    }
    assert!(damaged > 400);
}

#[test]
fn changed_segments_never_crash_the_reader() {
    let bytes = segment();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut good, mut bad) = (0, 0);
    let word = |at: usize| u64::from_ne_bytes(bytes[at..at + 8].try_into().unwrap());
    // Lengths and pointers, which all the rest hangs on, are hit half of the time.
    let leading = (0..bytes.len()).step_by(8).filter(|&at| word(at) > word(8) || (1..99).contains(&word(at)));
    let leading: Vec<usize> = leading.collect();
    for round in 0..1500 {
        let mut bytes = bytes.clone();
        for _ in 0..=random.below(4) {
            // Whole numbers where numbers are, which hits lengths and pointers, or single bytes.
            let at = match random.below(2) {
                0 => leading[random.below(leading.len())],
                _ => random.below(bytes.len() / 8) * 8,
            };
            let value = match random.below(5) {
                0 => random.next(),
                1 => random.next() % 1000,
                2 => u64::MAX - random.next() % 1000,
                3 => {
                    u64::from_ne_bytes(bytes[8..16].try_into().unwrap()) + random.next() % bytes.len() as u64
                }
                _ => u64::from(random.next() as u32),
            };
            if at >= 40 || round % 2 == 0 {
                bytes[at..at + 8].copy_from_slice(&value.to_ne_bytes());
            } else {
                bytes[at] = value as u8;
            }
        }
        match read(&bytes[..], |_| true, PATIENCE) {
            Ok(reading) => {
                good += 1;
                assert!(weight(&reading) <= bytes.len());
                use_it(&reading);
            }
            Err(_) => bad += 1,
        }
    }
    assert!(good > 100 && bad > 100, "{good} good ones, {bad} bad ones: the changes have no effect");
}

#[test]
fn random_bytes_never_crash_the_reader() {
    let mut random = Random(0xd1b5_4a32_d192_ed03);
    for _ in 0..2000 {
        let len = random.below(4000);
        let mut bytes: Vec<u8> = (0..len).map(|_| random.next() as u8).collect();
        if let Some(header) = bytes.get_mut(..40) {
            // A header that leads somewhere.
            header.fill(0);
            header[0] = 2;
            header[32..34].copy_from_slice(&(random.next() as u16 % 4000).to_ne_bytes());
        }
        if let Ok(reading) = read(&bytes[..], |_| true, PATIENCE) {
            use_it(&reading);
        }
    }
}

#[test]
fn vectors_that_lie_on_top_of_each_other_are_not_copied_again_and_again() {
    // A million pointers to one vector of a million names.
    let mut bytes = vec![0_u8; 16 << 20];
    let put =
        |bytes: &mut [u8], at: usize, value: u64| bytes[at..at + 8].copy_from_slice(&value.to_ne_bytes());
    put(&mut bytes, 0, 2);
    put(&mut bytes, 32, 64);
    put(&mut bytes, 56, 1);
    put(&mut bytes, 64, 4);
    put(&mut bytes, 72, 4096);
    put(&mut bytes, 4088, 1 << 20);
    for n in 0..1 << 20 {
        put(&mut bytes, 4096 + n * 8, 4096);
    }
    let error = read(&bytes[..], |_| true, PATIENCE).unwrap_err();
    assert!(error.to_string().contains("longer than the memory"), "{error}");
}

/// Memory that changes whenever somebody looks at it.
struct Restless {
    bytes: Vec<u8>,
    looks: Cell<u64>,
    /// After so many looks it is quiet.
    until: u64,
}

impl Memory for Restless {
    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
    fn copy(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.bytes[..].copy(offset, into)?;
        let looks = self.looks.get() + 1;
        self.looks.set(looks);
        if offset == 0 && looks < self.until {
            into[16..24].copy_from_slice(&looks.to_ne_bytes());
            into[24] = u8::from(looks.is_multiple_of(7));
        } else if looks < self.until {
            into.fill(0xff); // nonsense that nobody may see
        }
        Ok(())
    }
}

#[test]
fn what_was_read_while_it_changed_is_read_again() {
    let memory = Restless { bytes: segment(), looks: Cell::new(0), until: 50 };
    let reading = read(&memory, |_| true, Duration::from_secs(60)).unwrap();
    assert_eq!(interfaces::interfaces(&reading).len(), 4);
    let memory = Restless { until: u64::MAX, looks: Cell::new(0), ..memory };
    let error = read(&memory, |_| true, Duration::from_millis(5)).unwrap_err();
    assert!(matches!(error, Error::Busy(_)), "{error}");
}

#[test]
fn another_layout_is_refused() {
    let mut bytes = segment();
    bytes[0] = 3;
    let error = read(&bytes[..], |_| true, PATIENCE).unwrap_err();
    assert!(error.to_string().contains("layout 3"), "{error}");
}
