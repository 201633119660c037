//! The connection: made, lost, made anew; its state and the fate of what was under way.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fake;

use binapi::codec::Message;
use binapi::interface::{
    CreateLoopback, CreateLoopbackReply, DeleteLoopback, DeleteLoopbackReply, SwInterfaceEvent,
    WantInterfaceEvents, WantInterfaceEventsReply,
};
use binapi::memclnt::ControlPing;
use fake::{Fake, Got, Out, Then, parrot, until};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use vpp_client::{Config, Error, Notice, State, Vpp};

fn answer(got: &Got, out: &Out) -> Then {
    if got.as_a::<CreateLoopback>().is_some() {
        out.send(got.context, &CreateLoopbackReply::default());
    }
    if got.as_a::<WantInterfaceEvents>().is_some() {
        out.send(got.context, &WantInterfaceEventsReply::default());
    }
    Then::Go
}

fn reason(state: &State) -> &str {
    match state {
        State::Connecting { reason } => reason,
        _ => "",
    }
}

#[tokio::test]
async fn a_missing_socket_is_waited_for() {
    let mut fake = Fake::new(answer);
    let vpp = Vpp::connect(fake.config());
    until(&vpp, |s| reason(s).contains("no such socket")).await;
    let error = vpp.call(CreateLoopback::default()).await.unwrap_err();
    assert_eq!(error, Error::Disconnected { message: "create_loopback", sent: false });
    assert!(error.is_retriable() && !error.is_uncertain());
    fake.listen(42);
    let connection = vpp.connected().await.unwrap();
    assert_eq!((connection.generation, connection.pid, connection.restarted), (1, 42, false));
    vpp.call(CreateLoopback::default()).await.unwrap();
}

#[tokio::test]
async fn a_socket_without_a_listener_is_told() {
    let fake = Fake::new(answer);
    drop(std::os::unix::net::UnixListener::bind(&fake.path).unwrap());
    let vpp = Vpp::connect(fake.config());
    until(&vpp, |s| reason(s).contains("nobody listens")).await;
}

#[tokio::test]
async fn a_socket_of_another_kind_is_told() {
    let fake = Fake::new(answer);
    let _statistics = std::os::unix::net::UnixDatagram::bind(&fake.path).unwrap();
    let vpp = Vpp::connect(fake.config());
    until(&vpp, |s| reason(s).contains("a socket of another kind")).await;
}

#[tokio::test]
async fn the_command_line_socket_is_recognized() {
    let fake = Fake::new(answer);
    parrot(&fake.path, b"\xff\xfe\x22\xff\xfd\x03vpp# ");
    let vpp = Vpp::connect(Config { handshake_timeout: Duration::from_millis(50), ..fake.config() });
    let state = until(&vpp, |s| reason(s).contains("command line")).await;
    assert!(
        reason(&state).contains("no answer within 50ms") || reason(&state).contains("bytes"),
        "{state:?}"
    );
}

#[tokio::test]
async fn whoever_does_not_speak_the_protocol_is_told_apart() {
    let cases: [(&'static [u8], &str); 3] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "are allowed; this is not VPP's binary API"),
        (&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 2, 3], "unreadable answer to sockclnt_create"),
        (&[0; 16 + 20], "unreadable answer to sockclnt_create"),
    ];
    for (words, told) in cases {
        let fake = Fake::new(answer);
        parrot(&fake.path, words);
        let vpp = Vpp::connect(fake.config());
        until(&vpp, |s| reason(s).contains(told)).await;
    }
}

#[tokio::test]
async fn a_lost_connection_fails_what_is_under_way_and_is_made_anew() {
    let fake = Fake::new(
        |got, out| if got.as_a::<DeleteLoopback>().is_some() { Then::Close } else { answer(got, out) },
    );
    let (_fake, vpp) = fake.with_client(|_| {}).await;
    let last = vpp.call(DeleteLoopback::default());
    let behind = vpp.call(CreateLoopback::default());
    let (last, behind) = tokio::join!(last, behind);
    let error = last.unwrap_err();
    assert_eq!(error, Error::Disconnected { message: "delete_loopback", sent: true });
    assert!(error.is_uncertain() && error.is_retriable());
    assert!(error.to_string().contains("may have taken effect"), "{error}");
    assert!(behind.unwrap_err().is_uncertain());
    let state = until(&vpp, |s| matches!(s, State::Connected(c) if c.generation == 2)).await;
    assert!(!state.connection().unwrap().restarted, "the same server");
    vpp.call(CreateLoopback::default()).await.unwrap();
}

#[tokio::test]
async fn what_never_left_had_no_effect() {
    // Nothing is read after the greeting, so that the socket fills and the rest stays here.
    let fake = Fake::new(|got, _| if got.as_a::<CreateLoopback>().is_some() { Then::Hang } else { Then::Go });
    let (mut fake, vpp) = fake.with_client(|_| {}).await;
    let calls: Vec<_> = (0..200_000).map(|_| vpp.call(CreateLoopback::default())).collect();
    // The first batch fills the socket's buffer; until the server stops, nothing else can move.
    tokio::time::timeout(Duration::from_secs(20), async {
        while fake.requests().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    fake.stop().await;
    let outcomes = futures::future::join_all(calls).await;
    let uncertain = outcomes.iter().filter(|o| o.as_ref().unwrap_err().is_uncertain()).count();
    assert!(uncertain > 0 && uncertain < 200_000, "{uncertain}");
    assert!(
        outcomes.iter().take(uncertain).all(|o| o.as_ref().unwrap_err().is_uncertain()),
        "the first ones"
    );
}

#[tokio::test]
async fn a_restarted_server_is_noticed_and_its_table_used() {
    let (mut fake, vpp) = Fake::new(answer).with_client(|_| {}).await;
    let first = vpp.connected().await.unwrap();
    fake.stop().await;
    until(&vpp, |s| reason(s).contains("no such socket")).await;
    assert!(vpp.has::<CreateLoopback>(), "the last connection's table");
    fake.without = vec![CreateLoopback::ID];
    fake.listen(1);
    let state = until(&vpp, |s| matches!(s, State::Connected(c) if c.generation == 2)).await;
    let second = state.connection().unwrap();
    assert_eq!((second.pid, second.restarted), (first.pid, true), "same number, another socket file");
    assert_ne!(first.instance, second.instance);
    assert!(!vpp.has::<CreateLoopback>());
    let refused = vpp.call(CreateLoopback::default()).await;
    assert_eq!(refused, Err(Error::Unknown { message: CreateLoopback::ID }));
}

#[tokio::test]
async fn a_held_connection_takes_calls_when_admitted() {
    let fake = Fake::new(
        |got, out| if got.as_a::<DeleteLoopback>().is_some() { Then::Close } else { answer(got, out) },
    );
    let (_fake, vpp) = fake.with_client(|c| c.hold = true).await;
    vpp.call(CreateLoopback::default()).await.unwrap();
    vpp.call(DeleteLoopback::default()).await.unwrap_err();
    until(&vpp, |s| matches!(s, State::Connected(c) if c.generation == 2)).await;
    let held = vpp.call(CreateLoopback::default()).await;
    assert_eq!(held, Err(Error::Disconnected { message: "create_loopback", sent: false }));
    assert!(!vpp.admit(1) && vpp.admit(2));
    vpp.call(CreateLoopback::default()).await.unwrap();
}

#[tokio::test]
async fn garbage_in_the_middle_ends_the_connection_with_a_reason() {
    for (words, told) in [
        (vec![0x20; 400], "bytes is announced, 67108864 are allowed"),
        ([&[0; 8][..], &[0, 0, 0, 3], &[0; 4], b"abc"].concat(), "a message of 3 bytes came, too short"),
    ] {
        let (fake, vpp) = Fake::new(answer).with_client(|c| c.backoff_min = Duration::from_millis(300)).await;
        let mut states = vpp.state();
        let pending = vpp.call(DeleteLoopback::default());
        vpp.call(ControlPing::default()).await.unwrap();
        fake.client().raw(words);
        assert!(pending.await.unwrap_err().is_uncertain());
        let told = |s: &State| reason(s).contains(told);
        tokio::time::timeout(Duration::from_secs(20), states.wait_for(told)).await.unwrap().unwrap();
        until(&vpp, |s| matches!(s, State::Connected(c) if c.generation == 2)).await;
        vpp.call(CreateLoopback::default()).await.unwrap();
    }
}

#[tokio::test]
async fn stray_messages_disturb_nobody() {
    let (fake, vpp) = Fake::new(answer).with_client(|_| {}).await;
    fake.client().send(12345, &CreateLoopbackReply::default());
    fake.client().send(0, &SwInterfaceEvent::default());
    let mut unknown = Vec::new();
    vpp_client::frame::put_message(&mut unknown, 60_000, 0, 1, &DeleteLoopbackReply::default());
    fake.client().raw(unknown);
    vpp.call(CreateLoopback::default()).await.unwrap();
    assert_eq!(vpp.connected().await.unwrap().generation, 1);
}

/// A server that is deaf while the flag is set, and a client that notices in no time.
async fn sometimes_deaf(reconnect_after: Duration) -> (Fake, Vpp, Arc<AtomicBool>) {
    let deaf = Arc::new(AtomicBool::new(false));
    let ear = deaf.clone();
    let fake = Fake::new(move |got, out| if ear.load(Relaxed) { Then::Silent } else { answer(got, out) });
    let (fake, vpp) = fake
        .with_client(|c| {
            c.health_interval = Duration::from_millis(10);
            c.unresponsive_after = Duration::from_millis(30);
            c.reconnect_after = reconnect_after;
        })
        .await;
    (fake, vpp, deaf)
}

#[tokio::test]
async fn a_silent_server_is_pinged_and_told() {
    let (fake, vpp, deaf) = sometimes_deaf(Duration::from_secs(600)).await;
    let pinged = async {
        while fake.log.lock().unwrap().len() < 4 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), pinged).await.expect("pings without being asked");
    deaf.store(true, Relaxed);
    until(&vpp, |s| matches!(s, State::NotResponding { .. })).await;
    deaf.store(false, Relaxed);
    vpp.call(CreateLoopback::default()).await.unwrap();
    let back = until(&vpp, |s| matches!(s, State::Connected(_))).await;
    assert_eq!(back.connection().unwrap().generation, 1);
}

#[tokio::test]
async fn a_server_silent_for_too_long_is_left() {
    let (_fake, vpp, deaf) = sometimes_deaf(Duration::from_millis(60)).await;
    deaf.store(true, Relaxed);
    let pending = vpp.call(CreateLoopback::default());
    assert!(matches!(pending.await, Err(Error::Disconnected { .. })));
    deaf.store(false, Relaxed);
    until(&vpp, |s| matches!(s, State::Connected(c) if c.generation > 1)).await;
    vpp.call(CreateLoopback::default()).await.unwrap();
}

#[tokio::test]
async fn events_reach_subscribers_across_connections() {
    let (fake, vpp) = Fake::new(answer).with_client(|_| {}).await;
    let mut events = vpp.events::<SwInterfaceEvent>(3);
    let mut others = vpp.events::<SwInterfaceEvent>(100);
    vpp.call(WantInterfaceEvents { enable_disable: 1, pid: 7 }).await.unwrap();
    let event = |sw_if_index| SwInterfaceEvent { pid: 7, sw_if_index, ..Default::default() };
    fake.client().send(0, &event(1));
    assert_eq!(events.recv().await, Some(Notice::Event(event(1))));
    // More than the queue holds: what was lost is told first, what comes after is delivered.
    (2..6).for_each(|n| fake.client().send(0, &event(n)));
    vpp.call(ControlPing::default()).await.unwrap();
    fake.client().send(0, &event(6));
    assert_eq!(events.recv().await, Some(Notice::Missed));
    assert_eq!(events.recv().await, Some(Notice::Event(event(6))));
    for n in 1..7 {
        assert_eq!(others.recv().await, Some(Notice::Event(event(n))));
    }
    fake.client().raw([]);
    until(&vpp, |s| matches!(s, State::Connected(c) if c.generation == 2)).await;
    fake.client().send(0, &event(7));
    assert_eq!(events.recv().await, Some(Notice::Missed), "a new connection");
    assert_eq!(events.recv().await, Some(Notice::Event(event(7))));
    drop(vpp);
    assert_eq!(events.recv().await, None);
}

#[tokio::test]
async fn the_last_handle_closes_the_connection() {
    let (_fake, vpp) = Fake::new(answer).with_client(|_| {}).await;
    let mut state = vpp.state();
    let other = vpp.clone();
    drop(vpp);
    other.call(CreateLoopback::default()).await.unwrap();
    drop(other);
    tokio::time::timeout(Duration::from_secs(20), state.wait_for(|s| *s == State::Closed))
        .await
        .unwrap()
        .unwrap();
}

#[test]
fn a_stopped_runtime_fails_what_is_under_way() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let (vpp, fake) = first.block_on(async {
        let (fake, vpp) = Fake::new(|_, _| Then::Go).with_client(|_| {}).await;
        (vpp, fake)
    });
    let pending = vpp.call(CreateLoopback::default());
    drop(first);
    let error = second.block_on(pending).unwrap_err();
    assert_eq!(error, Error::Disconnected { message: "create_loopback", sent: false });
    assert_eq!(second.block_on(vpp.connected()), None);
    drop(fake);
}
