//! What can be made to go wrong, and what is counted meanwhile.

mod common;

use binapi::acl::AclAddReplace;
use binapi::codec::Reply;
use binapi::interface::{CreateLoopback, SwInterfaceDump, WantInterfaceEvents};
use binapi::memclnt::ControlPing;
use binapi::types::MemifMode;
use common::{Client, vpp};
use sim::Fault;
use std::time::{Duration, Instant};

#[test]
fn the_nth_call_is_refused_without_effect() {
    let (sim, mut client) = vpp();
    sim.faults().once("create_loopback", 2, Fault::Refuse(-144));
    let retvals: Vec<i32> = (0..3).map(|_| client.retval(&CreateLoopback::default())).collect();
    assert_eq!(retvals, [0, -144, 0]);
    assert_eq!(client.dump(&SwInterfaceDump::default()).len(), 3);
    // Here the return value is not the first field of the reply.
    sim.faults().once("acl_add_replace", 1, Fault::Refuse(-144));
    assert_eq!(client.retval(&AclAddReplace::default()), -144);
}

#[test]
fn a_connection_is_dropped_before_or_after_the_effect() {
    for (fault, interfaces) in [(Fault::DropBefore, 1), (Fault::DropAfter, 2)] {
        let (sim, mut client) = vpp();
        sim.faults().once("create_loopback", 1, fault);
        assert_eq!(client.try_call(&CreateLoopback::default()), None);
        let mut again = Client::connect(sim.path());
        assert_eq!(again.dump(&SwInterfaceDump::default()).len(), interfaces);
    }
}

#[test]
fn a_restart_loses_everything_but_the_faults() {
    let (sim, mut client) = vpp();
    let mut bystander = Client::connect(sim.path());
    client.loopback();
    let pid = client.ok(&ControlPing {}).vpe_pid;
    sim.faults().once("show_version", 1, Fault::Restart);
    sim.faults().once("create_loopback", 1, Fault::Refuse(-1));
    assert_eq!(client.try_call(&binapi::vpe::ShowVersion {}), None);
    assert!(bystander.read_frame().is_none(), "all connections end");
    let mut again = Client::connect(sim.path());
    assert_ne!(again.ok(&ControlPing {}).vpe_pid, pid);
    assert_eq!(again.dump(&SwInterfaceDump::default()).len(), 1);
    assert_eq!(again.retval(&CreateLoopback::default()), -1);
}

#[test]
fn down_and_up() {
    let (sim, mut client) = vpp();
    client.loopback();
    sim.down();
    assert!(client.read_frame().is_none());
    assert!(std::os::unix::net::UnixStream::connect(sim.path()).is_err());
    sim.up().unwrap();
    assert_eq!(Client::connect(sim.path()).dump(&SwInterfaceDump::default()).len(), 1);
}

#[test]
fn a_dump_may_be_short() {
    let (sim, mut client) = vpp();
    client.loopback();
    client.loopback();
    sim.faults().once("sw_interface_dump", 1, Fault::Short(2));
    assert_eq!(client.dump(&SwInterfaceDump::default()).len(), 1);
    assert_eq!(client.dump(&SwInterfaceDump::default()).len(), 3);
}

#[test]
fn an_answer_may_never_come() {
    let (sim, mut client) = vpp();
    sim.faults().once("create_loopback", 1, Fault::Silent);
    let unanswered = client.send(&CreateLoopback::default());
    let ping = client.send(&ControlPing {});
    let answer = client.read_frame().unwrap();
    assert_ne!(answer[2..6], unanswered.to_be_bytes());
    assert_eq!(answer[2..6], ping.to_be_bytes());
    assert_eq!(client.dump(&SwInterfaceDump::default()).len(), 2, "it took effect");
}

#[test]
fn a_delay_holds_back_what_follows() {
    let (sim, mut client) = vpp();
    sim.faults().once("create_loopback", 1, Fault::Delay(Duration::from_millis(60)));
    let start = Instant::now();
    client.send(&CreateLoopback::default());
    let ping = client.send(&ControlPing {});
    assert_ne!(client.read_frame().unwrap()[2..6], ping.to_be_bytes());
    assert_eq!(client.read_frame().unwrap()[2..6], ping.to_be_bytes());
    assert!(start.elapsed() >= Duration::from_millis(60));
    assert_eq!(sim.calls()["create_loopback"], 1, "counted once although served later");
}

#[test]
fn always_until_cleared() {
    let (sim, mut client) = vpp();
    sim.faults().always("create_loopback", Fault::Refuse(-7));
    assert_eq!(
        [client.retval(&CreateLoopback::default()), client.retval(&CreateLoopback::default())],
        [-7, -7]
    );
    sim.faults().clear();
    client.ok(&CreateLoopback::default());
}

#[test]
fn calls_are_counted_and_logged() {
    let (sim, mut client) = vpp();
    client.dump(&SwInterfaceDump::default());
    assert!(sim.changing_calls().is_empty());
    let index = client.loopback();
    client.set_up(index, true);
    assert_eq!(
        sim.changing_calls().into_iter().collect::<Vec<_>>(),
        [("create_loopback", 1), ("sw_interface_set_flags", 1)]
    );
    assert_eq!(sim.calls()["sw_interface_dump"], 1);
    let log = sim.log();
    let last = log.last().unwrap();
    assert_eq!((last.message, last.changes), ("sw_interface_set_flags", true));
    assert_eq!(last.request, "SwInterfaceSetFlags { sw_if_index: 1, flags: ADMIN_UP }");
    sim.clear_calls();
    assert!(sim.calls().is_empty() && sim.log().is_empty());
}

#[test]
fn requests_from_within_do_not_count() {
    let (sim, mut client) = vpp();
    sim.clear_calls();
    sim.faults().always("create_loopback", Fault::Refuse(-7));
    assert_eq!(sim.request(&CreateLoopback::default()).unwrap().retval(), 0);
    assert!(sim.calls().is_empty());
    assert_eq!(sim.dump(&SwInterfaceDump::default()).unwrap().len(), 2);
    assert_eq!(client.dump(&SwInterfaceDump::default()).len(), 2);
}

#[test]
fn where_the_real_one_crashes() {
    let (sim, mut client) = vpp();
    let request = binapi::memif::MemifCreate { mode: MemifMode::PUNT_INJECT, ..Default::default() };
    assert_eq!(client.try_call(&request), None);
    assert_eq!(sim.crashes(), 1);
    Client::connect(sim.path()).ok(&ControlPing {});
}

#[test]
fn a_client_that_left_gets_no_events() {
    let (sim, mut client) = vpp();
    client.ok(&WantInterfaceEvents { enable_disable: 1, pid: 1 });
    drop(client);
    common::eventually("the client is forgotten", || sim.clients() == 0);
    let mut other = Client::connect(sim.path());
    other.loopback();
    other.ok(&WantInterfaceEvents { enable_disable: 1, pid: 1 });
}
