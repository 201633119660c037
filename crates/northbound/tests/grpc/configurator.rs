//! ConfiguratorService, and what its clients are told about failures.

use crate::common::interface;
use crate::door::{Door, LOOP1, ROUTE, data, put, route, set, update};
use model::proto::ligato::configurator::{DeleteRequest, DumpRequest, GetRequest, UpdateRequest};
use model::proto::ligato::generic::SubscribeRequest;
use northbound::grpc::client::details_of;
use tonic::{Code, Request};

#[tokio::test]
async fn update_get_delete() {
    let door = Door::open().await;
    let mut client = door.configurator();
    let answer = client.update(update(vec![interface("loop1", 1500)], vec![route()])).await.unwrap();
    let first: u64 = answer.metadata().get("seqnum").unwrap().to_str().unwrap().parse().unwrap();
    assert_eq!(door.world.keys(), [LOOP1, ROUTE]);
    let got = client.get(GetRequest {}).await.unwrap().into_inner().config.unwrap();
    let vpp = got.vpp_config.unwrap();
    assert_eq!((vpp.interfaces, vpp.routes), (vec![interface("loop1", 1500)], vec![route()]));
    assert!(got.linux_config.is_some() && got.netalloc_config.is_some());
    let delete = DeleteRequest { delete: data(vec![interface("loop1", 0)], vec![]), wait_done: false };
    let answer = client.delete(delete).await.unwrap();
    let second: u64 = answer.metadata().get("seqnum").unwrap().to_str().unwrap().parse().unwrap();
    assert_eq!(second, first + 1);
    assert!(door.world.keys().is_empty(), "the route needs the interface");
}

#[tokio::test]
async fn full_resync_replaces_only_the_source() {
    let door = Door::open().await;
    let mut client = door.configurator();
    client.update(update(vec![interface("loop1", 1), interface("loop2", 1)], vec![])).await.unwrap();
    let mut other = Request::new(update(vec![interface("loop3", 1)], vec![]));
    other.metadata_mut().insert("datasrc", "tool".parse().unwrap());
    client.update(other).await.unwrap();
    // Changed behind our back: a full resync looks what is there.
    door.world.objects.lock().unwrap().remove("config/vpp/v2/interfaces/loop3");
    let all = UpdateRequest { full_resync: true, ..update(vec![interface("loop2", 1)], vec![]) };
    client.update(all).await.unwrap();
    assert_eq!(door.world.keys(), ["config/vpp/v2/interfaces/loop2", "config/vpp/v2/interfaces/loop3"]);
}

#[tokio::test]
async fn a_failure_names_key_operation_and_cause() {
    let door = Door::open().await;
    door.world.failing.lock().unwrap().insert(LOOP1.into());
    let request = update(vec![interface("loop1", 1), interface("loop2", 1)], vec![]);
    let error = door.configurator().update(request).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert_eq!(error.message(), format!("KeyErrors: [{LOOP1} (CREATE): the world refuses this object]"));
    assert!(error.metadata().contains_key("seqnum"));
    assert!(door.world.interface("loop2").is_some());
    let [info] = &details_of(&error)[..] else { panic!("{error}") };
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("RETRYING", "vpp-agent"));
    let told = ["key", "operation", "cause"].map(|name| info.metadata[name].as_str());
    assert_eq!(told, [LOOP1, "CREATE", "the world refuses this object"]);
    assert!(info.metadata["hint"].contains("agentctl why"));
}

#[tokio::test]
async fn an_invalid_value_is_told_with_field_and_reason() {
    let door = Door::open().await;
    let mut client = door.configurator();
    client.update(update(vec![interface("loop1", 1500)], vec![])).await.unwrap();
    let request = update(vec![interface("loop1", 10_000), interface("loop2", 1)], vec![]);
    let error = client.update(request).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert_eq!(error.message(), format!("KeyErrors: [{LOOP1} (VALIDATE): mtu: must be at most 9216]"));
    assert!(door.world.interface("loop2").is_some());
    assert_eq!(door.world.interface("loop1").unwrap().mtu, 1500, "the last good value stays");
    let error =
        door.manager().set_config(set(vec![put(&interface("loop1", 10_000), &[])])).await.unwrap_err();
    assert!(error.message().contains("(VALIDATE): mtu"), "{error}");
    let [info] = &details_of(&error)[..] else { panic!("{error}") };
    assert_eq!(info.reason, "INVALID");
    let told = ["key", "operation", "cause"].map(|name| info.metadata[name].as_str());
    assert_eq!(told, [LOOP1, "VALIDATE", "mtu: must be at most 9216"]);
}

#[tokio::test]
async fn invalid_values_are_told_however_many_others_there_are() {
    let door = Door::open().await;
    let mut client = door.configurator();
    let mut all: Vec<_> = (0..20_000).map(|n| interface(&format!("loop{n}"), 1500)).collect();
    all[7].mtu = 10_000;
    let error = client.update(update(all, vec![])).await.unwrap_err();
    let text = "KeyErrors: [config/vpp/v2/interfaces/loop7 (VALIDATE): mtu: must be at most 9216]";
    assert_eq!(error.message(), text);
    // A resync looks at everything, but it is not his fault.
    let mut other = Request::new(UpdateRequest { full_resync: true, ..update(vec![], vec![]) });
    other.metadata_mut().insert("datasrc", "tool".parse().unwrap());
    client.update(other).await.unwrap();
}

#[tokio::test]
async fn bad_requests() {
    let door = Door::open().await;
    let mut client = door.configurator();
    let twice = update(vec![interface("loop1", 1), interface("loop1", 2)], vec![]);
    let error = client.update(twice).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert!(error.message().contains(LOOP1) && door.world.keys().is_empty());
    assert_eq!(details_of(&error)[0].reason, "DUPLICATE");

    let nameless = update(vec![interface("", 1), interface("loop2", 2)], vec![]);
    let error = client.update(nameless).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(door.world.interface("loop2").is_some(), "everything else is applied: {error}");
    assert_eq!(details_of(&error)[0].metadata["key"], "config/vpp/v2/interfaces/");

    let error = client.dump(DumpRequest {}).await.unwrap_err();
    assert_eq!(error.code(), Code::Unimplemented);
    let error = door.manager().subscribe(SubscribeRequest::default()).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Unimplemented, "Not implemented yet"));
}

#[tokio::test]
async fn many_failures_fit_into_an_answer() {
    let door = Door::open().await;
    let names = (0..5000).map(|n| format!("loop{n}"));
    let interfaces: Vec<_> = names.map(|name| interface(&name, 1)).collect();
    let keys = interfaces.iter().map(|i| format!("config/vpp/v2/interfaces/{}", i.name));
    door.world.failing.lock().unwrap().extend(keys);
    let error = door.configurator().update(update(interfaces, vec![])).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert!(error.message().ends_with(", and 4980 more]"), "{error}");
    let infos = details_of(&error);
    let (last, told) = infos.split_last().unwrap();
    assert!(!told.is_empty() && told.iter().all(|info| info.metadata["operation"] == "CREATE"));
    assert_eq!(last.metadata["count"], (5000 - told.len()).to_string());
}
