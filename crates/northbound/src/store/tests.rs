//! The store under interrupted writes, flipped bits and interrupted compaction.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::record::{HEADER, Live, MAGIC, Writer, scan};
use super::*;
use crate::merge::Class;
use model::proto::ligato::vpp::interfaces::Interface;

struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("store-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }
    fn file(&self) -> PathBuf {
        self.0.join("agent.store")
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn put(name: &str, mtu: u32) -> Op {
    let value: Arc<dyn Value> = Arc::new(Interface { name: name.into(), mtu, ..Interface::default() });
    Op::Put { source: Source::grpc(), key: value.key().into(), value, labels: None }
}

fn delete(name: &str) -> Op {
    Op::Delete { source: Source::grpc(), key: model::value::key_of::<Interface>(name).into() }
}

/// The content as comparable text.
fn shown(content: &Content) -> Vec<String> {
    let values = content.values.iter().map(|stored| {
        let Want::Put(value) = &stored.want else { panic!("{stored:?}") };
        format!("{} {} {:?} {:?}", stored.source, stored.key, value.wire().bytes, stored.labels)
    });
    values.chain(content.made.iter().map(|key| format!("made {key}"))).collect()
}

/// What the file says after each of its records, the first being "nothing yet".
fn history(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
    let scanned = scan(bytes);
    let mut live = Live::default();
    let mut end = MAGIC.len();
    let mut out = vec![(end, Vec::new())];
    for payload in scanned.payloads {
        assert!(live.apply(payload));
        end += HEADER + payload.len();
        let mut state: Vec<String> = live.values.iter().map(|entry| format!("{entry:?}")).collect();
        state.extend(live.made.iter().map(|key| format!("made {key}")));
        state.sort();
        out.push((end, state));
    }
    out
}

fn state(bytes: &[u8]) -> Vec<String> {
    history(bytes).pop().unwrap().1
}

fn reopen(path: &Path) -> Content {
    // The thread that wrote before may still be closing the file.
    loop {
        match Store::open(path) {
            Ok((_, content)) => return content,
            Err(Error::InUse { .. }) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn sample(path: &Path) -> Vec<u8> {
    let (store, content) = Store::open(path).unwrap();
    assert!(content.problems.is_empty());
    store.write(vec![put("loop1", 1500), put("loop2", 9000)]).await.unwrap();
    let labelled = Op::Put {
        source: Source::new(Class::Grpc, "tool"),
        key: "config/vpp/v2/interfaces/memif1".into(),
        value: Arc::new(Interface { name: "memif1".into(), ..Interface::default() }),
        labels: Some(Arc::new([("owner".to_owned(), "me".to_owned())].into())),
    };
    store.write(vec![labelled, delete("loop1")]).await.unwrap();
    store.made(&["config/a".into(), "config/b".into()]).await.unwrap();
    store.unmade(&["config/a".into()]).await.unwrap();
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn remembers_what_was_written() {
    let dir = Dir::new();
    sample(&dir.file()).await;
    let content = reopen(&dir.file());
    assert_eq!(
        shown(&content),
        [
            "grpc config/vpp/v2/interfaces/loop2 [10, 5, 108, 111, 111, 112, 50, 64, 168, 70] None",
            "tool config/vpp/v2/interfaces/memif1 [10, 6, 109, 101, 109, 105, 102, 49] Some({\"owner\": \"me\"})",
            "made config/b",
        ]
    );
    assert!(content.problems.is_empty());
}

#[tokio::test]
async fn an_interrupted_write_loses_only_itself() {
    let dir = Dir::new();
    let bytes = sample(&dir.file()).await;
    let history = history(&bytes);
    for length in 0..bytes.len() {
        let path = dir.0.join(format!("cut-{length}"));
        std::fs::write(&path, &bytes[..length]).unwrap();
        let (store, content) = Store::open(&path).unwrap();
        let expected =
            history.iter().rev().find(|(end, _)| *end <= length).map_or(&[][..], |(_, state)| state);
        let whole = length == 0 || history.iter().any(|(end, _)| *end == length);
        assert_eq!(
            content.problems.is_empty(),
            whole || length < MAGIC.len(),
            "at {length}: {:?}",
            content.problems
        );
        store.write(vec![put("after", 1)]).await.unwrap();
        let written = std::fs::read(&path).unwrap();
        let after = state(&written);
        assert_eq!(after.len(), expected.len() + 1, "at {length}");
        assert!(expected.iter().all(|entry| after.contains(entry)), "at {length}");
    }
}

#[tokio::test]
async fn a_flipped_bit_loses_at_most_its_record_and_is_reported() {
    let dir = Dir::new();
    let bytes = sample(&dir.file()).await;
    let records = scan(&bytes).payloads.len();
    for at in 0..bytes.len() {
        let bit = 1u8 << (at % 8);
        let mut bad = bytes.clone();
        bad[at] ^= bit;
        let path = dir.0.join(format!("flip-{at}-{bit}"));
        std::fs::write(&path, &bad).unwrap();
        let content = match Store::open(&path) {
            Ok((_, content)) => content,
            // The version byte: another digit is another version, and the file is not touched.
            Err(Error::Version { .. }) if at + 1 == MAGIC.len() => {
                assert_eq!(std::fs::read(&path).unwrap(), bad);
                continue;
            }
            Err(error) => panic!("byte {at}: {error}"),
        };
        assert!(!content.problems.is_empty(), "byte {at}");
        let lost = if at < MAGIC.len() { 0 } else { 1 };
        assert!(scan(&bad).payloads.len() >= records - lost, "byte {at}");
        let torn = scan(&bad).torn.is_some();
        let aside = dir.0.join(format!("flip-{at}-{bit}.damaged-1"));
        assert!(torn || std::fs::read(&aside).unwrap() == bad, "byte {at}: the file as it was is kept");
        assert!(scan(&std::fs::read(&path).unwrap()).damaged.is_empty(), "byte {at}: mended");
        assert!(!torn, "byte {at}: a flipped bit is not taken for an interrupted write");
    }
}

#[tokio::test]
async fn compaction_keeps_the_content_and_bounds_the_file() {
    let dir = Dir::new();
    let path = dir.file();
    let (store, _) = Store::open_with(&path, 1000).unwrap();
    store.write(vec![put("keep", 1)]).await.unwrap();
    store.made(&["config/k".into()]).await.unwrap();
    for mtu in 0..500 {
        store.write(vec![put("loop", mtu)]).await.unwrap();
    }
    let last = store.write(vec![put("loop", 7)]);
    last.await.unwrap();
    drop(store);
    let content = reopen(&path);
    assert_eq!(content.values.len(), 2);
    assert_eq!(content.made.len(), 1);
    let length = std::fs::metadata(&path).unwrap().len();
    assert!(length < 1600, "500 writes of 60 bytes and more left {length} bytes");
}

#[tokio::test]
async fn an_interrupted_compaction_changes_nothing() {
    let dir = Dir::new();
    let path = dir.file();
    let bytes = sample(&path).await;
    let scanned = scan(&bytes);
    let mut live = Live::default();
    assert!(scanned.payloads.iter().all(|payload| live.apply(payload)));
    let compacted = live.write().unwrap();
    assert!(compacted.len() < bytes.len());
    let expected = shown(&reopen(&path));
    let beside = dir.0.join("agent.store.new");
    // Before the rename: any part of the new file may be there.
    for length in 0..=compacted.len() {
        std::fs::write(&path, &bytes).unwrap();
        std::fs::write(&beside, &compacted[..length]).unwrap();
        let content = reopen(&path);
        assert_eq!(shown(&content), expected);
        assert!(content.problems.is_empty() && !beside.exists());
    }
    // After it: the new file is the file.
    std::fs::write(&path, &compacted).unwrap();
    assert_eq!(shown(&reopen(&path)), expected);
}

#[tokio::test]
async fn only_one_process_at_a_time() {
    let dir = Dir::new();
    let (_store, _) = Store::open(&dir.file()).unwrap();
    let second = Store::open(&dir.file()).map(drop);
    assert!(matches!(second, Err(Error::InUse { .. })), "{second:?}");
}

#[tokio::test]
async fn a_value_that_cannot_be_used_is_reported_and_kept() {
    let dir = Dir::new();
    let path = dir.file();
    let value: Arc<dyn Value> = Arc::new(Interface { name: "loop1".into(), ..Interface::default() });
    let mut writer = Writer::new();
    writer.op(&Op::Put {
        source: Source::grpc(),
        key: "config/vpp/v2/interfaces/other".into(),
        value,
        labels: None,
    });
    writer.op(&put("loop2", 1));
    let mut bytes = MAGIC.to_vec();
    bytes.extend(writer.finish().unwrap());
    std::fs::write(&path, &bytes).unwrap();
    let content = reopen(&path);
    assert_eq!(content.values.len(), 2);
    assert!(matches!(&content.values[1].want, Want::Refused(why) if why.contains("interfaces/loop1")));
    assert!(matches!(&content.values[0].want, Want::Put(_)));
    assert_eq!(content.problems.len(), 1);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

/// A disk that is full.
struct Full;

impl disk::Disk for Full {
    fn read(&mut self) -> std::io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
    fn write(&mut self, _: u64, _: &[u8]) -> std::io::Result<()> {
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
    fn cut(&mut self, _: u64) -> std::io::Result<()> {
        Ok(())
    }
    fn replace(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.write(0, bytes)
    }
    fn set_aside(&mut self) -> std::io::Result<PathBuf> {
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    }
}

#[tokio::test]
async fn a_failed_write_is_told_and_leaves_the_file_whole() {
    let (mut log, _) = LogFile::open(&Dir::new().file(), COMPACT_ABOVE).unwrap();
    log.fail_into(Full);
    let error = log.append([&put("loop1", 1)].into_iter()).unwrap_err();
    assert!(error.to_string().contains("no storage space"), "{error}");
}

/// What was acknowledged is there after a crash, what was not is there whole or not at all.
#[tokio::test(start_paused = true)]
async fn a_crash_of_the_machine_leaves_what_was_flushed() {
    let (mut kept, mut longest) = (0, usize::MAX);
    while kept <= longest {
        let memory = Memory::new(|| Duration::from_millis(10));
        let (store, content) = Store::in_memory(&memory).unwrap();
        assert!(content.problems.is_empty());
        store.write(vec![put("loop1", 1500)]).await.unwrap();
        assert_eq!(memory.unflushed(), 0);
        let began = tokio::time::Instant::now();
        let mut second = Box::pin(store.write(vec![put("loop2", 1500)]));
        let soon = tokio::time::timeout(Duration::from_millis(5), &mut second).await;
        assert!(soon.is_err(), "acknowledged before it was flushed");
        let unflushed = memory.unflushed();
        longest = unflushed;
        if kept == unflushed {
            second.await.unwrap();
            assert_eq!((began.elapsed(), memory.unflushed()), (Duration::from_millis(10), 0));
        }
        memory.crash(kept);
        drop(store);
        let (_, content) = Store::in_memory(&memory).unwrap();
        let whole = kept == unflushed;
        assert_eq!(content.values.len(), if whole { 2 } else { 1 }, "{kept} of {unflushed}");
        assert_eq!(content.problems.is_empty(), whole || kept == 0, "{:?}", content.problems);
        kept += 1;
    }
    assert!(kept > 60, "a record is longer than that");
}

proptest::proptest! {
    /// Whatever is in the file, reading it ends and tells what it found.
    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), magic: bool) {
        let bytes = if magic { [MAGIC.as_slice(), &bytes].concat() } else { bytes };
        let found = scan(&bytes);
        let payloads: usize = found.payloads.iter().map(|payload| payload.len() + HEADER).sum();
        let damaged: usize = found.damaged.iter().map(std::ops::Range::len).sum();
        let torn = found.torn.map_or(0, |at| bytes.len() - at);
        let magic = if bytes.starts_with(MAGIC) { MAGIC.len() } else { 0 };
        proptest::prop_assert_eq!(magic + payloads + damaged + torn, bytes.len());
        Live::default().apply(&bytes);
    }
}
