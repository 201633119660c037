//! The watched file: appears, changes, is replaced, is broken, disappears.

mod common;

use common::{Dir, agent, eventually, states};
use northbound::file::{Watched, source};

const ONE: &str = "vppConfig:\n  interfaces:\n  - name: loop1\n    mtu: 1500\n";
const TWO: &str = "vppConfig:\n  interfaces:\n  - name: loop1\n    mtu: 1500\n  - name: loop2\n";

#[tokio::test]
async fn follows_the_file() {
    let dir = Dir::new();
    let path = dir.0.join("config.yaml");
    let (world, intake) = agent([source()]);
    let _door = Watched::start(&path, intake.clone());
    let sources = intake.sources();
    let start = std::time::Instant::now();
    eventually("two looks", || start.elapsed().as_millis() > 1000).await;
    assert!(!sources.borrow().all_answered(), "unknown, not empty");

    std::fs::write(&path, ONE).unwrap();
    eventually("loop1", || world.interface("loop1").is_some()).await;
    assert!(sources.borrow().all_answered());

    // Replaced by rename, as editors do.
    std::fs::write(dir.0.join("new"), TWO).unwrap();
    std::fs::rename(dir.0.join("new"), &path).unwrap();
    eventually("loop2", || world.interface("loop2").is_some()).await;

    // Unreadable, then absent: what it said stays.
    std::fs::write(&path, "vppConfig: [").unwrap();
    let start = std::time::Instant::now();
    eventually("two looks", || start.elapsed().as_millis() > 1200).await;
    std::fs::remove_file(&path).unwrap();
    let start = std::time::Instant::now();
    eventually("two looks", || start.elapsed().as_millis() > 1200).await;
    assert_eq!(world.keys().len(), 2);

    std::fs::write(&path, "vppConfig:\n  interfaces:\n  - name: loop2\n").unwrap();
    eventually("loop1 is gone", || world.interface("loop1").is_none()).await;
    assert!(world.interface("loop2").is_some());
}

#[tokio::test]
async fn a_bad_item_harms_only_itself() {
    let dir = Dir::new();
    let path = dir.0.join("config.yaml");
    std::fs::write(&path, TWO).unwrap();
    let (world, intake) = agent([source()]);
    let _door = Watched::start(&path, intake.clone());
    eventually("both", || world.keys().len() == 2).await;
    let bad =
        "vppConfig:\n  interfaces:\n  - name: loop1\n    mtuu: 9000\n  - name: loop2\n  - name: loop3\n";
    std::fs::write(&path, bad).unwrap();
    eventually("loop3", || world.interface("loop3").is_some()).await;
    assert_eq!(world.interface("loop1").unwrap().mtu, 1500, "its last good value");
    assert_eq!(states(intake.scheduler()).await["config/vpp/v2/interfaces/loop1"], "INVALID");

    // What has no key could be anything: nothing is removed, the rest is applied.
    std::fs::write(&path, "vppConfig:\n  interface: []\n  interfaces:\n  - name: loop4\n").unwrap();
    eventually("loop4", || world.interface("loop4").is_some()).await;
    assert_eq!(world.keys().len(), 4);
    std::fs::write(&path, "vppConfig:\n  interfaces:\n  - name: loop4\n").unwrap();
    eventually("the others are gone", || world.keys().len() == 1).await;
}
