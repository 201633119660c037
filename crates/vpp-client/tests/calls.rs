//! Calls: order, matching, cancellation, deadlines, errors.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fake;

use binapi::interface::{
    CreateLoopback, CreateLoopbackReply, DeleteLoopback, DeleteLoopbackReply, SwInterfaceSetFlagsReply,
};
use binapi::memclnt::{ControlPing, MemclntKeepalive, MemclntKeepaliveReply};
use binapi::types::MacAddress;
use binapi::vlib::{CliInband, CliInbandReply};
use fake::{Fake, Out, Then};
use futures::FutureExt;
use futures::future::join_all;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use vpp_client::Error;

/// Answers a deletion with its own interface index as return value, and creations with the MAC's last byte as index.
fn echo(got: &fake::Got, out: &Out) -> Then {
    if let Some(m) = got.as_a::<CreateLoopback>() {
        let sw_if_index = mac_number(&m);
        out.send(got.context, &CreateLoopbackReply { retval: 0, sw_if_index });
    }
    if let Some(m) = got.as_a::<DeleteLoopback>() {
        out.send(got.context, &DeleteLoopbackReply { retval: m.sw_if_index as i32 });
    }
    if let Some(m) = got.as_a::<CliInband>() {
        out.send(got.context, &CliInbandReply { retval: 0, reply: m.cmd.repeat(1000) });
    }
    Then::Go
}

fn loopback(n: u32) -> CreateLoopback {
    let [a, b, c, d] = n.to_be_bytes();
    CreateLoopback { mac_address: MacAddress([2, 0, a, b, c, d]) }
}

fn mac_number(m: &CreateLoopback) -> u32 {
    let MacAddress([_, _, a, b, c, d]) = m.mac_address;
    u32::from_be_bytes([a, b, c, d])
}

#[tokio::test]
async fn ten_thousand_calls_in_flight_get_their_own_replies() {
    let (fake, vpp) = Fake::new(echo).with_client(|_| {}).await;
    let replies = join_all((0..10_000).map(|n| vpp.call(loopback(n)))).await;
    for (n, reply) in replies.into_iter().enumerate() {
        assert_eq!(reply.unwrap().sw_if_index, n as u32);
    }
    assert_eq!(fake.requests().len(), 10_000);
    let stats = vpp.stats();
    let row = stats.iter().find(|s| s.name == "create_loopback").unwrap();
    assert_eq!((row.sent, row.ok, row.failed), (10_000, 10_000, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_share_a_client() {
    let (_fake, vpp) = Fake::new(echo).with_client(|_| {}).await;
    let tasks = (0..8_u32).map(|t| {
        let vpp = vpp.clone();
        tokio::spawn(async move {
            for n in t * 1000..t * 1000 + 300 {
                assert_eq!(vpp.call(loopback(n)).await.unwrap().sw_if_index, n);
            }
        })
    });
    join_all(tasks).await.into_iter().for_each(|t| t.unwrap());
}

#[tokio::test]
async fn requests_leave_in_the_order_of_the_calls_not_of_the_polls() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let fake = Fake::new(move |got, out| {
        log.lock().unwrap().extend(got.as_a::<DeleteLoopback>().map(|m| m.sw_if_index));
        echo(got, out)
    });
    let (_fake, vpp) = fake.with_client(|_| {}).await;
    let mut calls: Vec<_> = (0..100).map(|n| vpp.call(DeleteLoopback { sw_if_index: n })).collect();
    calls.reverse();
    let answers = join_all(calls).await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 100);
    assert_eq!(*seen.lock().unwrap(), (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reply_longer_than_fits_inline_comes_whole() {
    let (_fake, vpp) = Fake::new(echo).with_client(|_| {}).await;
    let reply = vpp.call(CliInband { cmd: "show version ".into() }).await.unwrap();
    assert_eq!(reply.reply.len(), 13_000);
}

#[tokio::test]
async fn a_negative_return_value_is_an_error_with_its_name() {
    let (_fake, vpp) = Fake::new(echo).with_client(|_| {}).await;
    let refused = |n: i32| vpp.call(DeleteLoopback { sw_if_index: n as u32 });
    let error = refused(-2).await.unwrap_err();
    assert_eq!(error, Error::Retval { message: "delete_loopback", retval: -2 });
    assert!(error.to_string().contains("INVALID_SW_IF_INDEX, -2"), "{error}");
    assert!(!error.is_retriable() && !error.is_uncertain());
    assert_eq!(refused(3).await.unwrap().retval, 3, "a positive value is information");
    let raw = vpp.call_raw(DeleteLoopback { sw_if_index: -2_i32 as u32 }).await.unwrap();
    assert_eq!(raw.retval, -2);
    let stats = vpp.stats();
    let row = stats.iter().find(|s| s.name == "delete_loopback").unwrap();
    assert_eq!((row.sent, row.ok, row.failed), (3, 1, 2));
    assert_eq!(row.errors, [("INVALID_SW_IF_INDEX".to_owned(), 2)]);
    assert_eq!((row.latency.count, vpp.replies()["delete_loopback_reply"]), (1, 3));
    assert!(row.latency.min > Duration::ZERO && row.latency.min == row.latency.max);
}

#[tokio::test]
async fn a_message_vpp_lacks_is_known_before_it_is_sent() {
    use binapi::codec::Message;
    let mut fake = Fake::new(echo);
    fake.without = vec![CreateLoopback::ID];
    let (fake, vpp) = fake.with_client(|_| {}).await;
    assert!(!vpp.has::<CreateLoopback>() && vpp.has::<DeleteLoopback>());
    assert!(vpp.offers("control_ping_51077d14") && !vpp.offers("control_ping_00000000"));
    let error = vpp.call(loopback(1)).await.unwrap_err();
    assert_eq!(error, Error::Unknown { message: CreateLoopback::ID });
    assert_eq!(fake.requests(), [""; 0]);
}

#[tokio::test]
async fn a_dropped_future_leaves_no_reply_to_a_stranger() {
    let held = Arc::new(Mutex::new(Vec::new()));
    let hold = held.clone();
    let fake = Fake::new(move |got, out| match got.as_a::<CreateLoopback>() {
        // Kept back until the test says so.
        Some(m) if mac_number(&m) == 1 => {
            hold.lock().unwrap().push((out.clone(), got.context));
            Then::Go
        }
        _ => echo(got, out),
    });
    let (fake, vpp) = fake.with_client(|_| {}).await;
    let mut first = vpp.call(loopback(1));
    assert!((&mut first).now_or_never().is_none());
    drop(first);
    // Many calls later, none of which may take the place of the first.
    for n in 100..200 {
        assert_eq!(vpp.call(loopback(n)).await.unwrap().sw_if_index, n);
    }
    let (out, context) = held.lock().unwrap().pop().unwrap();
    let others = join_all((200..210).map(|n| vpp.call(loopback(n))));
    out.send(context, &CreateLoopbackReply { retval: 0, sw_if_index: 1 });
    // A second reply to the same context belongs to nobody.
    out.send(context, &CreateLoopbackReply { retval: 0, sw_if_index: 1 });
    let others: Vec<u32> = others.await.into_iter().map(|r| r.unwrap().sw_if_index).collect();
    assert_eq!(others, (200..210).collect::<Vec<_>>());
    assert_eq!(fake.requests().len(), 111, "the request of the dropped future was sent");
    let stats = vpp.stats();
    let row = stats.iter().find(|s| s.name == "create_loopback").unwrap();
    assert_eq!((row.sent, row.ok), (111, 111), "its reply was counted, and only once");
}

#[tokio::test]
async fn an_unanswered_call_times_out_and_its_late_reply_reaches_nobody() {
    let held = Arc::new(Mutex::new(None));
    let hold = held.clone();
    let fake = Fake::new(move |got, out| match got.as_a::<CreateLoopback>() {
        Some(m) if mac_number(&m) == 1 => {
            *hold.lock().unwrap() = Some((out.clone(), got.context));
            Then::Go
        }
        _ => echo(got, out),
    });
    let (_fake, vpp) = fake.with_client(|_| {}).await;
    let patient = vpp.call(loopback(1));
    let after = Duration::from_millis(30);
    let error = vpp.call_within(loopback(1), after).await.unwrap_err();
    assert_eq!(error, Error::Timeout { message: "create_loopback", after });
    assert!(error.is_uncertain() && error.is_retriable());
    let (out, context) = held.lock().unwrap().take().unwrap();
    let next = join_all((50..60).map(|n| vpp.call(loopback(n))));
    out.send(context, &CreateLoopbackReply { retval: 0, sw_if_index: 1 });
    let next: Vec<u32> = next.await.into_iter().map(|r| r.unwrap().sw_if_index).collect();
    assert_eq!(next, (50..60).collect::<Vec<_>>());
    assert!(patient.now_or_never().is_none(), "the default deadline is far away");
    let stats = vpp.stats();
    let row = stats.iter().find(|s| s.name == "create_loopback").unwrap();
    assert_eq!((row.sent, row.ok, row.failed), (12, 10, 1), "what came too late is no success");
    assert_eq!(row.errors, [("timeout".to_owned(), 1)]);
}

#[tokio::test]
async fn deadlines_end_each_at_their_own_time() {
    let (_fake, vpp) = Fake::new(|_, _| Then::Go).with_client(|_| {}).await;
    let ms = Duration::from_millis;
    let begun = std::time::Instant::now();
    let long = vpp.call_within(loopback(0), ms(120));
    let short = vpp.call_within(loopback(1), ms(40));
    let timed = |call: vpp_client::Call<_>| call.map(move |r| (r, begun.elapsed()));
    let (long, short) = tokio::join!(timed(long), timed(short));
    assert_eq!(short.0, Err(Error::Timeout { message: "create_loopback", after: ms(40) }));
    assert_eq!(long.0, Err(Error::Timeout { message: "create_loopback", after: ms(120) }));
    assert!(short.1 >= ms(40) && long.1 >= ms(120) && short.1 < long.1, "{short:?} {long:?}");
    // A deadline too far to compute is none.
    let never = vpp.call_within(loopback(2), Duration::MAX);
    assert!(never.now_or_never().is_none());
}

#[tokio::test]
async fn a_wrong_or_short_answer_is_an_error_of_its_call_alone() {
    let fake = Fake::new(|got, out| {
        if let Some(m) = got.as_a::<CreateLoopback>() {
            match mac_number(&m) {
                1 => out.send(got.context, &SwInterfaceSetFlagsReply { retval: 0 }),
                2 => {
                    let mut bytes = Vec::new();
                    let reply = CreateLoopbackReply { retval: 0, sw_if_index: 5 };
                    let number = fake::number("create_loopback_reply_5383d31f").unwrap();
                    vpp_client::frame::put_message(&mut bytes, number, 0, got.context, &reply);
                    bytes.truncate(bytes.len() - 1);
                    bytes[11] -= 1;
                    out.raw(bytes);
                }
                _ => return echo(got, out),
            }
        }
        Then::Go
    });
    let (_fake, vpp) = fake.with_client(|_| {}).await;
    let (wrong, short, right) = (vpp.call(loopback(1)), vpp.call(loopback(2)), vpp.call(loopback(3)));
    let (wrong, short) = (wrong.await.unwrap_err(), short.await.unwrap_err());
    assert!(matches!(wrong, Error::Unexpected { want: "create_loopback_reply_5383d31f", .. }), "{wrong}");
    assert!(matches!(short, Error::Decode { message: "create_loopback", .. }), "{short}");
    assert!(wrong.is_uncertain() && short.is_uncertain());
    assert_eq!(right.await.unwrap().sw_if_index, 3);
    let errors = vpp.stats().into_iter().find(|s| s.name == "create_loopback").unwrap().errors;
    assert_eq!(errors, [("unreadable answer".to_owned(), 2)]);
}

#[tokio::test]
async fn the_trace_shows_what_went_over_the_wire() {
    let (_fake, vpp) = Fake::new(echo).with_client(|_| {}).await;
    vpp.call(loopback(1)).await.unwrap();
    assert_eq!(vpp.trace_json()["messages"], serde_json::json!([]));
    vpp.trace().set(true);
    vpp.call(loopback(9)).await.unwrap();
    vpp.trace().set(false);
    vpp.call(ControlPing::default()).await.unwrap();
    let json = vpp.trace_json();
    let rows: Vec<_> = json["messages"].as_array().unwrap().iter().collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["direction"], &rows[0]["message"]), (&"sent".into(), &"create_loopback".into()));
    assert_eq!(
        (&rows[1]["direction"], &rows[1]["message"]),
        (&"received".into(), &"create_loopback_reply".into())
    );
    assert_eq!(rows[0]["context"], rows[1]["context"]);
    assert!(rows[1]["body"].as_str().unwrap().contains("sw_if_index: 9"), "{json}");
    assert!(rows[0]["time"].as_f64() <= rows[1]["time"].as_f64());
}

#[tokio::test]
async fn a_keepalive_is_answered() {
    let (say, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let fake = Fake::new(move |got, _| {
        if got.as_a::<MemclntKeepaliveReply>().is_some() {
            say.send(got.context).unwrap();
        }
        Then::Go
    });
    let (fake, _vpp) = fake.with_client(|_| {}).await;
    fake.client().send(77, &MemclntKeepalive::default());
    assert_eq!(tokio::time::timeout(Duration::from_secs(20), heard.recv()).await.unwrap(), Some(77));
}
