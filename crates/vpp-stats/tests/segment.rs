//! What a VPP counts, and what of it is read: the simulated VPP, or the real one that the environment names.
#![allow(clippy::unwrap_used)]

use sim::{Sim, SimConfig};
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::target::{Dir, Target};
use vpp_stats::interfaces::{self, Interface};
use vpp_stats::{Count, Error, Stats, nodes, pools};

fn simulated(dir: &Dir, config: SimConfig) -> (Sim, Stats) {
    let socket = dir.path().join("stats.sock");
    let config = SimConfig { stats_socket: Some(socket.clone()), ..config };
    (Sim::spawn(dir.path().join("api.sock"), config).unwrap(), Stats::at(socket))
}

fn all(stats: &Stats) -> Vec<Interface> {
    interfaces::interfaces(&stats.read(interfaces::wanted).unwrap())
}

fn names(stats: &Stats) -> Vec<(u32, String)> {
    all(stats).into_iter().map(|interface| (interface.index, interface.name)).collect()
}

fn named(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
    expected.iter().map(|(index, name)| (*index, (*name).to_owned())).collect()
}

#[test]
fn counters_of_all_threads_are_added_up() {
    let dir = Dir::new();
    let (sim, stats) = simulated(&dir, SimConfig { workers: 2, ..SimConfig::default() });
    let loop0 = sim.cli_create_loopback().unwrap();
    for thread in 0..3 {
        sim.count(&loop0, "/if/rx", thread, 10, 600).unwrap();
        sim.count(&loop0, "/if/tx-broadcast", thread, 1, 60).unwrap();
        sim.count(&loop0, "/if/mpls", thread, 7, 0).unwrap();
    }
    sim.count("local0", "/if/drops", 0, 5, 0).unwrap();
    let zero = |index, name: &str| Interface { index, name: name.to_owned(), ..Interface::default() };
    let local0 = Interface { drops: 5, ..zero(0, "local0") };
    let loop0 = Interface {
        rx: Count { packets: 30, bytes: 1800 },
        tx_broadcast: Count { packets: 3, bytes: 180 },
        mpls: 21,
        ..zero(1, "loop0")
    };
    assert_eq!(all(&stats), [local0, loop0]);
}

#[test]
fn interfaces_come_and_go_and_their_numbers_are_used_again() {
    // Releases differ in what becomes of the name of an interface that is gone.
    for release in ["23.06", "26.06"] {
        let dir = Dir::new();
        let (sim, stats) = simulated(&dir, SimConfig { release: release.to_owned(), ..SimConfig::default() });
        assert_eq!(names(&stats), named(&[(0, "local0")]));
        for _ in 0..40 {
            sim.cli_create_loopback().unwrap();
        }
        assert_eq!(names(&stats).len(), 41);
        for n in 2..40 {
            sim.cli_delete_interface(&format!("loop{n}")).unwrap();
        }
        assert_eq!(names(&stats), named(&[(0, "local0"), (1, "loop0"), (2, "loop1")]));
        sim.cli_create_loopback().unwrap();
        assert_eq!(names(&stats)[3].1, "loop2", "{release}");
    }
}

#[test]
fn what_is_of_a_type_that_is_not_known_is_counted_and_left_out() {
    let dir = Dir::new();
    let (sim, stats) = simulated(&dir, SimConfig::default());
    for (kind, name) in [(7, "/if/histogram"), (8, "/ring"), (200, "/if/later"), (9, "/sys/gauge")] {
        sim.add_statistic(kind, 4711, name);
    }
    let reading = stats.read(|_| true).unwrap();
    assert_eq!(reading.unknown, 3);
    assert!(reading.entries.keys().all(|name| !["/if/histogram", "/ring", "/if/later"].contains(&&**name)));
    assert_eq!(reading.scalar("/sys/gauge"), Some(4711), "the gauge of newer releases is a number");
    assert_eq!(names(&stats), named(&[(0, "local0")]));
}

#[test]
fn nodes_buffers_and_heaps() {
    let dir = Dir::new();
    let (sim, stats) = simulated(&dir, SimConfig { workers: 1, ..SimConfig::default() });
    sim.count_node("tcp6-input", "inconsistent ip/tcp lengths", 0, 2);
    sim.count_node("tcp6-input", "inconsistent ip/tcp lengths", 1, 3);
    sim.count_node("memif1/1-output", "interface is down", 0, 1);
    sim.set_statistic("/buffer-pools/default-numa-0/used", 12);
    let reading = stats.read(|_| true).unwrap();
    let counters = nodes::counters(&reading);
    let of = |node: &str| counters.iter().find(|counter| counter.node == node).unwrap();
    assert_eq!(
        (of("tcp6-input").reason.as_str(), of("tcp6-input").value),
        ("inconsistent ip/tcp lengths", 5)
    );
    assert_eq!(of("null-node").value, 0);
    let [pool] = &pools::buffers(&reading)[..] else { panic!() };
    assert_eq!((pool.name.as_str(), pool.used, pool.available), ("default-numa-0", 12, 16_800));
    let heaps = pools::heaps(&reading);
    assert_eq!(
        heaps.iter().map(|heap| heap.name.as_str()).collect::<Vec<_>>(),
        ["main heap", "stat segment"]
    );
    assert!(heaps.iter().all(|heap| heap.total == heap.used + heap.free));
    assert_eq!(nodes::runtime(&reading), None, "VPP counts this only when it is told to");
}

#[test]
fn the_work_of_nodes_if_vpp_counts_it() {
    let dir = Dir::new();
    let (_sim, stats) = simulated(&dir, SimConfig { per_node_counters: true, ..SimConfig::default() });
    let work = nodes::runtime(&stats.read(nodes::runtime_wanted).unwrap()).unwrap();
    assert!(work.iter().any(|node| node.name == "ip4-input"), "{work:?}");
}

#[test]
fn every_reading_is_of_the_vpp_that_is_there() {
    let dir = Dir::new();
    let (sim, stats) = simulated(&dir, SimConfig::default());
    sim.cli_create_loopback().unwrap();
    assert_eq!(names(&stats).len(), 2);
    sim.restart();
    assert_eq!(names(&stats), named(&[(0, "local0")]));
    sim.down();
    let error = stats.read(|_| true).unwrap_err();
    assert!(
        matches!(error, Error::NotHandedOver { .. }) && error.to_string().contains("not running"),
        "{error}"
    );
    sim.up().unwrap();
    assert_eq!(names(&stats), named(&[(0, "local0")]));
}

#[test]
fn a_socket_of_another_kind_and_one_without_an_answer_say_so() {
    let dir = Dir::new();
    let reason = |path: &Path| Stats::at(path).read(|_| true).unwrap_err().to_string();
    let (sim, _stats) = simulated(&dir, SimConfig::default());
    let text = reason(sim.path());
    assert!(text.contains("api.sock") && text.contains("a socket of another kind"), "{text}");
    let text = reason(&dir.path().join("none.sock"));
    assert!(text.contains("no such socket"), "{text}");
    let text = reason(&dir.path().join("x".repeat(200)));
    assert!(text.contains("cannot connect"), "{text}");
}

/// While one thread makes and removes interfaces, another reads: what it gets is always whole.
#[test]
fn what_is_read_during_changes_is_whole() {
    let dir = Dir::new();
    let (sim, stats) = simulated(&dir, SimConfig::default());
    let kept = sim.cli_create_loopback().unwrap();
    sim.count(&kept, "/if/rx", 0, 42, 4200).unwrap();
    std::thread::scope(|scope| {
        let changing = scope.spawn(|| {
            for _ in 0..30 {
                let some: Vec<String> = (0..5).map(|_| sim.cli_create_loopback().unwrap()).collect();
                some.iter().for_each(|name| sim.cli_delete_interface(name).unwrap());
            }
        });
        while !changing.is_finished() {
            let interfaces = all(&stats);
            let kept = interfaces.iter().find(|interface| interface.name == kept).unwrap();
            assert_eq!(kept.rx, Count { packets: 42, bytes: 4200 });
            assert!(interfaces.iter().all(|interface| interface.name.starts_with("lo")), "{interfaces:?}");
        }
    });
}

/// The only test here that a real VPP can be asked for: what it counts and how it names things is its own business.
#[test]
fn the_vpp_under_test() {
    let target = Target::new();
    let stats = Stats::at(target.stats_socket());
    // VPP's own look at itself comes a little after its sockets.
    let began = Instant::now();
    let reading = loop {
        match stats.read(|_| true) {
            Ok(reading) if reading.scalar("/sys/heartbeat").is_some_and(|beats| beats > 0) => break reading,
            _ if !target.is_real() => break stats.read(|_| true).unwrap(),
            other => assert!(began.elapsed() < Duration::from_secs(30), "{other:?}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(names(&stats), named(&[(0, "local0")]));
    assert!(!nodes::counters(&reading).is_empty());
    assert!(pools::buffers(&reading).iter().any(|pool| pool.available > 0));
    assert!(pools::heaps(&reading).iter().any(|heap| heap.name.contains("main") && heap.used > 0));
    assert!(nodes::runtime(&reading).is_some_and(|nodes| nodes.iter().any(|node| node.name == "ip4-input")));

    target.cli("create loopback interface");
    target.cli("set interface state loop0 up");
    target.cli("set interface ip address loop0 10.1.1.1/24");
    assert_eq!(names(&stats), named(&[(0, "local0"), (1, "loop0")]));
    if target.is_real() {
        // What is sent into a loopback comes back out of it.
        target.cli("ping 10.1.1.2 repeat 2 interval 0.1");
        let loop0 = &all(&stats)[1];
        assert!(loop0.tx.packets > 0 && loop0.tx.bytes > 0, "{loop0:?}");
    }
    target.cli("delete loopback interface intfc loop0");
    assert_eq!(names(&stats), named(&[(0, "local0")]));
}
