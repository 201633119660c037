//! Dumps: many messages, ended by the reply to a ping.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fake;

use binapi::interface::{CreateLoopback, CreateLoopbackReply};
use binapi::ip::{IpTableDetails, IpTableDump};
use binapi::text::FixedString;
use binapi::types::IpTable;
use fake::{Fake, Got, Out, Then, until};
use futures::FutureExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use vpp_client::{Error, State};

fn table(table_id: u32) -> IpTableDetails {
    IpTableDetails { table: IpTable { table_id, is_ip6: false, name: FixedString::cut("red") } }
}

fn tables(count: u32) -> impl Fn(&Got, &Out) -> Then + Send + Sync {
    move |got, out| {
        if got.as_a::<IpTableDump>().is_some() {
            (0..count).for_each(|n| out.send(got.context, &table(n)));
        }
        if got.as_a::<CreateLoopback>().is_some() {
            out.send(got.context, &CreateLoopbackReply::default());
        }
        Then::Go
    }
}

#[tokio::test]
async fn a_dump_gathers_all_rows_and_ends_with_its_ping() {
    let (fake, vpp) = Fake::new(tables(5000)).with_client(|_| {}).await;
    let rows = vpp.dump(IpTableDump::default());
    let before = vpp.call(CreateLoopback::default());
    let ids = vpp.dump_map(IpTableDump::default(), |d| d.table.table_id);
    let (rows, before, ids) = tokio::join!(rows, before, ids);
    assert_eq!(rows.unwrap(), (0..5000).map(table).collect::<Vec<_>>());
    assert_eq!(ids.unwrap(), (0..5000).collect::<Vec<_>>());
    before.unwrap();
    let log = fake.log.lock().unwrap();
    // The first ping belongs to the handshake.
    let dump = ["ip_table_dump", "control_ping"];
    assert_eq!(log[1..], [&dump[..], &["create_loopback"], &dump[..]].concat());
    let stats = vpp.stats();
    let row = stats.iter().find(|s| s.name == "ip_table_dump").unwrap();
    assert_eq!((row.sent, row.ok, row.failed), (2, 2, 0));
    let replies = vpp.replies();
    assert_eq!((replies["ip_table_details"], replies["control_ping_reply"]), (10_000, 2));
}

#[tokio::test]
async fn an_empty_dump_is_no_error() {
    let (_fake, vpp) = Fake::new(tables(0)).with_client(|_| {}).await;
    assert_eq!(vpp.dump(IpTableDump::default()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_dump_cut_off_by_a_lost_connection_fails() {
    let fake = Fake::new(|got, out| {
        if got.as_a::<IpTableDump>().is_none() {
            return Then::Go;
        }
        (0..10).for_each(|n| out.send(got.context, &table(n)));
        Then::Close
    });
    let (_fake, vpp) = fake.with_client(|_| {}).await;
    let error = vpp.dump(IpTableDump::default()).await.unwrap_err();
    assert_eq!(error, Error::Disconnected { message: "ip_table_dump", sent: true });
}

#[tokio::test]
async fn a_dump_with_an_unreadable_or_foreign_row_fails() {
    let fake = Fake::new(|got, out| {
        if got.as_a::<IpTableDump>().is_some() {
            out.send(got.context, &table(1));
            let mut cut = Vec::new();
            let number = fake::number("ip_table_details_c79fca0f").unwrap();
            vpp_client::frame::put_message(&mut cut, number, 0, got.context, &table(2));
            cut.truncate(cut.len() - 1);
            cut[11] -= 1;
            out.raw(cut);
            out.send(got.context, &CreateLoopbackReply::default());
        }
        Then::Go
    });
    let (_fake, vpp) = fake.with_client(|_| {}).await;
    let error = vpp.dump(IpTableDump::default()).await.unwrap_err();
    assert!(matches!(error, Error::Decode { message: "ip_table_dump", .. }), "{error}");
}

#[tokio::test]
async fn a_dump_whose_future_was_dropped_disturbs_nobody() {
    let (_fake, vpp) = Fake::new(tables(100)).with_client(|_| {}).await;
    let mapped = Arc::new(AtomicUsize::new(0));
    let count = mapped.clone();
    let mut dropped = vpp.dump_map(IpTableDump::default(), move |_| count.fetch_add(1, Relaxed));
    assert!((&mut dropped).now_or_never().is_none());
    drop(dropped);
    assert_eq!(Arc::strong_count(&mapped), 1, "the closure went with the future");
    assert_eq!(vpp.dump(IpTableDump::default()).await.unwrap().len(), 100);
    assert_eq!(mapped.load(Relaxed), 0);
}

#[tokio::test]
async fn a_dump_may_take_longer_than_the_deadline_as_long_as_rows_come() {
    let after = Duration::from_millis(300);
    let fake = Fake::new(move |got, out| {
        if got.as_a::<IpTableDump>().is_none() {
            return Then::Go;
        }
        let (out, context) = (out.clone(), got.context);
        tokio::spawn(async move {
            for n in 0..8 {
                tokio::time::sleep(after / 4).await;
                out.send(context, &table(n));
            }
        });
        // The ping is never answered, so the deadline after the last row ends the dump.
        Then::Hang
    });
    let (_fake, vpp) = fake.with_client(|c| c.reply_timeout = after).await;
    let began = std::time::Instant::now();
    let error = vpp.dump(IpTableDump::default()).await.unwrap_err();
    assert_eq!(error, Error::Timeout { message: "ip_table_dump", after });
    assert!(began.elapsed() >= after / 4 * 8 + after, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_panic_in_a_row_closure_costs_the_connection_and_no_more() {
    let (_fake, vpp) = Fake::new(tables(3)).with_client(|_| {}).await;
    let fails = vpp.dump_map(IpTableDump::default(), |d| assert_eq!(d.table.table_id, 0));
    assert!(matches!(fails.await, Err(Error::Disconnected { .. })));
    until(&vpp, |s| matches!(s, State::Connected(c) if c.generation == 2)).await;
    assert_eq!(vpp.dump(IpTableDump::default()).await.unwrap().len(), 3);
}
