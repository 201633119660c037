//! Calls that wait: for values, and for news.

use std::time::Duration;

use crate::common::{self, interface};
use crate::door::{Door, ROUTE, data, route, update};
use model::proto::ligato::configurator::notification::Notification as Part;
use model::proto::ligato::configurator::{DeleteRequest, Notification, NotifyRequest, UpdateRequest};
use model::proto::ligato::vpp;
use model::proto::ligato::vpp::interfaces::{InterfaceNotification, InterfaceState};
use model::proto::ligato::vpp::l3::Route;
use model::value::Value;
use sched::{Select, State};
use tonic::{Code, Request};

/// Polls until the scheduler knows that the value waits.
async fn until_pending(door: &Door, key: &str) {
    let scheduler = door.intake.scheduler();
    let pending = async {
        while scheduler.statuses(Select::Key(key.to_owned())).await[0].value.state != State::Pending {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), pending).await.unwrap();
}

#[tokio::test]
async fn wait_done_waits_for_what_is_pending() {
    let door = Door::open().await;
    let waiting = UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) };
    let mut client = door.configurator();
    let waiting = tokio::spawn(async move { client.update(waiting).await });
    let mut client = door.configurator();
    until_pending(&door, ROUTE).await;
    assert!(!waiting.is_finished());
    client.update(update(vec![interface("loop1", 1)], vec![])).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert!(door.world.keys().contains(&ROUTE.to_owned()));

    // The caller's deadline ends the wait.
    let delete = DeleteRequest { delete: data(vec![interface("loop1", 1)], vec![]), wait_done: true };
    client.delete(delete).await.unwrap();
    let mut late = Request::new(UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) });
    late.set_timeout(Duration::from_millis(50));
    let error = client.update(late).await.unwrap_err();
    assert!(matches!(error.code(), Code::DeadlineExceeded | Code::Cancelled), "{error}");
}

fn link(name: &str, index: u32) -> Notification {
    let state = InterfaceState { name: name.into(), if_index: index, ..InterfaceState::default() };
    let interface = InterfaceNotification { state: Some(state), ..InterfaceNotification::default() };
    let vpp = vpp::Notification { interface: Some(interface) };
    Notification { notification: Some(Part::VppNotification(vpp)) }
}

#[tokio::test]
async fn notify_replays_and_follows() {
    let door = Door::open().await;
    (1..=3).for_each(|n| door.news.push(link("loop1", n)));
    let mut client = door.configurator();
    let mut all = client.notify(NotifyRequest::default()).await.unwrap().into_inner();
    for n in 1..=3 {
        let next = all.message().await.unwrap().unwrap();
        assert_eq!((next.next_idx, next.notification), (n, Some(link("loop1", n))));
    }
    let filters = vec![link("loop2", 0), link("loop3", 0)];
    let mut some = client.notify(NotifyRequest { idx: 3, filters }).await.unwrap().into_inner();
    door.news.push(link("loop1", 4));
    door.news.push(link("loop2", 5));
    assert_eq!(all.message().await.unwrap().unwrap().next_idx, 4);
    assert_eq!(all.message().await.unwrap().unwrap().next_idx, 5);
    let next = some.message().await.unwrap().unwrap();
    assert_eq!((next.next_idx, next.notification), (5, Some(link("loop2", 5))));
    // Somebody who does not read holds up nobody, and has lost nothing of what is kept.
    (6..=9000).for_each(|n| door.news.push(link("loop1", n)));
    for n in 6..=9000 {
        assert_eq!(all.message().await.unwrap().unwrap().next_idx, n);
    }
    // It ends with the agent.
    drop(door.server);
    assert_eq!(all.message().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(some.message().await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn a_failure_ends_the_wait() {
    let door = Door::open().await;
    door.world.failing.lock().unwrap().insert(ROUTE.into());
    let waiting = UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) };
    let mut client = door.configurator();
    let waiting = tokio::spawn(async move { client.update(waiting).await });
    until_pending(&door, ROUTE).await;
    // What it waited for is there now, but the call fails.
    door.configurator().update(update(vec![interface("loop1", 1)], vec![])).await.unwrap_err();
    waiting.await.unwrap().unwrap();
    let states = common::states(door.intake.scheduler()).await;
    assert_eq!(states[ROUTE], "RETRYING", "the wait is over, and not because all is well");
}

#[tokio::test]
async fn a_removal_ends_the_wait() {
    let door = Door::open().await;
    let waiting = UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) };
    let mut client = door.configurator();
    let waiting = tokio::spawn(async move { client.update(waiting).await });
    until_pending(&door, ROUTE).await;
    let delete = DeleteRequest { delete: data(vec![], vec![route()]), wait_done: false };
    door.configurator().delete(delete).await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_end_of_the_door_ends_the_wait() {
    let door = Door::open().await;
    let waiting = UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) };
    let mut client = door.configurator();
    let waiting = tokio::spawn(async move { client.update(waiting).await });
    until_pending(&door, ROUTE).await;
    drop(door.server);
    assert_eq!(waiting.await.unwrap().unwrap_err().code(), Code::Unavailable);
}

/// Routes that wait for an interface each.
fn waiting_routes(count: usize) -> Vec<Route> {
    let route = |n: usize| Route {
        outgoing_interface: format!("if{n}"),
        dst_network: format!("10.{}.{}.0/24", n / 256, n % 256),
        ..Route::default()
    };
    (0..count).map(route).collect()
}

#[tokio::test]
async fn many_keys_are_waited_for_at_once() {
    const MANY: usize = 10_000;
    let door = Door::open().await;
    let routes = waiting_routes(MANY);
    let last = Value::key(&routes[MANY - 1]);
    let waiting = UpdateRequest { wait_done: true, ..update(vec![], routes) };
    let mut client = door.configurator();
    let waiting = tokio::spawn(async move { client.update(waiting).await });
    until_pending(&door, &last).await;
    let interfaces = |range: std::ops::Range<usize>| {
        let all = range.map(|n| interface(&format!("if{n}"), 1));
        update(all.collect(), vec![])
    };
    let mut client = door.configurator();
    client.update(interfaces(0..MANY - 1)).await.unwrap();
    assert!(!waiting.is_finished(), "one is still waited for");
    client.update(interfaces(MANY - 1..MANY)).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(door.world.keys().len(), 2 * MANY);
}
