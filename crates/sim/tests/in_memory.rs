//! A simulated VPP in the same thread as its client, without socket or thread.
#![allow(clippy::unwrap_used)]

use binapi::interface::{CreateLoopback, SwInterfaceDump};
use sim::{Sim, SimConfig};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use vpp_client::{Config, Dial, Error, Line, SocketFile, Unreachable, Vpp};

/// A client whose way to VPP is a pipe; the task behind it serves the newest connection.
fn client(sim: &Arc<Sim>) -> (Vpp, Arc<Mutex<Option<JoinHandle<()>>>>) {
    let served: Arc<Mutex<Option<JoinHandle<()>>>> = Arc::default();
    let (sim, newest) = (sim.clone(), served.clone());
    let mut refused = 0;
    let refuse = Mutex::new(move || {
        refused += 1;
        refused < 3
    });
    let dial = Dial::new(move || {
        let absent = (refuse.lock().unwrap())();
        let line = (!absent).then(|| {
            let (near, far) = tokio::io::duplex(1 << 10);
            *newest.lock().unwrap() = Some(tokio::spawn(sim.attend(far)));
            let (reader, writer) = tokio::io::split(near);
            let socket = SocketFile { device: 0, inode: 0, changed: 0 };
            Line { reader: Box::new(reader), writer: Box::new(writer), started: None, socket }
        });
        async move { line.ok_or(Unreachable { reason: "not yet".to_owned(), absent: true }) }
    });
    let config = Config { dial: Some(dial), ..Config::new("in memory") };
    (Vpp::connect(config), served)
}

#[tokio::test(start_paused = true)]
async fn a_client_reaches_it_by_a_way_of_its_own() {
    let sim = Arc::new(Sim::in_memory(SimConfig { pid: 7, ..SimConfig::default() }).unwrap());
    let began = tokio::time::Instant::now();
    let (vpp, served) = client(&sim);
    let connection = vpp.connected().await.unwrap();
    assert_eq!((connection.pid, connection.generation), (7, 1));
    assert_eq!(began.elapsed(), Duration::from_millis(150), "two refusals, 50 ms and 100 ms of patience");
    vpp.call(CreateLoopback::default()).await.unwrap();

    // The connection is lost, VPP lives on.
    let mut state = vpp.state();
    served.lock().unwrap().take().unwrap().abort();
    state.wait_for(|state| state.connection().is_none()).await.unwrap();
    let connection = vpp.connected().await.unwrap();
    assert_eq!((connection.pid, connection.generation, connection.restarted), (7, 2, false));
    let all = SwInterfaceDump { sw_if_index: u32::MAX, ..SwInterfaceDump::default() };
    assert_eq!(vpp.dump(all.clone()).await.unwrap().len(), 2);
    assert_eq!(sim.clients(), 1);

    // VPP restarts.
    sim.restart();
    state.wait_for(|state| state.connection().is_none()).await.unwrap();
    let connection = vpp.connected().await.unwrap();
    assert_eq!((connection.pid, connection.restarted), (8, true));
    assert_eq!(vpp.dump(all).await.unwrap().len(), 1);
}

/// What waits is told by the clock of the runtime, so that hours pass at once in a test.
#[tokio::test(start_paused = true)]
async fn deadlines_follow_the_clock_of_the_runtime() {
    let sim = Arc::new(Sim::in_memory(SimConfig::default()).unwrap());
    let (vpp, _served) = client(&sim);
    vpp.connected().await.unwrap();
    sim.faults().once("create_loopback", 1, sim::Fault::Silent);
    let began = tokio::time::Instant::now();
    let after = Duration::from_secs(7200);
    let answer = vpp.call_within(CreateLoopback::default(), after).await;
    assert_eq!(answer, Err(Error::Timeout { message: "create_loopback", after }));
    assert!(began.elapsed() >= after && began.elapsed() < after + Duration::from_secs(1));
}
