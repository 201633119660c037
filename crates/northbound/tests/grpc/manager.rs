//! ManagerService.

use crate::common::interface;
use crate::door::{Door, LOOP1, ROUTE, id, put, remove, route, set};
use model::proto::ligato::generic::item::Id;
use model::proto::ligato::generic::{self, GetConfigRequest, SetConfigRequest, UpdateItem, data};
use model::proto::ligato::vpp::l3::Route;
use northbound::grpc::client::{ManagerServiceClient, details_of};
use prost::Message;
use tonic::Code;
use tonic::transport::Channel;

#[tokio::test]
async fn set_config_answers_per_key() {
    let door = Door::open().await;
    let mut client = door.manager();
    let request = set(vec![put(&route(), &[]), put(&interface("loop2", 1), &[])]);
    let results = client.set_config(request).await.unwrap().into_inner().results;
    let shown: Vec<_> = results
        .iter()
        .map(|result| {
            assert!(result.id.is_none() && result.op == 0);
            let status = result.status.as_ref().unwrap();
            (result.key.as_str(), status.status.as_str(), status.message.as_str())
        })
        .collect();
    let (seq, rest) = shown.split_first().unwrap();
    assert_eq!((seq.0, seq.1), ("seqnum", "NONEXISTENT"));
    assert!(seq.2.parse::<u64>().is_ok());
    assert_eq!(rest[0], ("config/vpp/v2/interfaces/loop2", "CONFIGURED", ""));
    assert_eq!((rest[1].0, rest[1].1), (ROUTE, "PENDING"));
    assert!(rest[1].2.contains(LOOP1));
}

#[tokio::test]
async fn a_bad_item_harms_only_itself() {
    let door = Door::open().await;
    let mut client = door.manager();
    client.set_config(set(vec![put(&interface("loop1", 1500), &[])])).await.unwrap();
    let mut broken = put(&interface("loop1", 9000), &[]);
    if let Some(item) = &mut broken.item {
        item.id = Some(id("vpp.interfaces", "loop1"));
        if let Some(data::Union::Any(any)) = item.data.as_mut().and_then(|data| data.union.as_mut()) {
            any.value.push(0xff);
        }
    }
    let mut unknown = put(&interface("x", 1), &[]);
    if let Some(data::Union::Any(any)) =
        unknown.item.as_mut().and_then(|item| item.data.as_mut()?.union.as_mut())
    {
        any.type_url = "models.ligato.io/no.such.Message".into();
    }
    let request = set(vec![broken.clone(), unknown.clone(), put(&interface("loop2", 1), &[])]);
    let results = client.set_config(request).await.unwrap().into_inner().results;
    let states: Vec<_> =
        results.iter().map(|r| (r.key.as_str(), r.status.as_ref().unwrap().status.as_str())).collect();
    assert_eq!(
        states[1..],
        [(LOOP1, "INVALID"), ("config/vpp/v2/interfaces/loop2", "CONFIGURED"), ("", "INVALID")]
    );
    assert!(results[3].status.as_ref().unwrap().message.contains("no.such.Message"));
    assert_eq!(door.world.interface("loop1").unwrap().mtu, 1500, "the last good value stays");

    // With an item of unknown key, a replacement removes nothing.
    let replace = SetConfigRequest {
        overwrite_all: true,
        ..set(vec![unknown.clone(), put(&interface("loop3", 1), &[])])
    };
    client.set_config(replace).await.unwrap();
    assert_eq!(door.world.keys().len(), 3);

    // Nothing good at all: an error, as with the reference.
    let error = client.set_config(set(vec![unknown, UpdateItem::default()])).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().contains("updates[1]: neither id nor data is set"), "{error}");
    assert_eq!(details_of(&error).len(), 2);
}

#[tokio::test]
async fn get_config_filters() {
    let door = Door::open().await;
    let mut client = door.manager();
    let request = set(vec![
        put(&interface("loop1", 1), &[("owner", "me"), ("site", "b")]),
        put(&interface("loop2", 1), &[("owner", "you")]),
        put(&route(), &[]),
    ]);
    client.set_config(request).await.unwrap();
    let get = async |client: &mut ManagerServiceClient<Channel>, ids: Vec<Id>, labels: &[(&str, &str)]| {
        let labels = labels.iter().map(|(n, v)| (String::from(*n), String::from(*v))).collect();
        let items = client.get_config(GetConfigRequest { ids, labels }).await.map(|a| a.into_inner().items);
        items.map(|items| {
            let ids = items.into_iter().map(|item| item.item.unwrap().id.unwrap().name);
            ids.collect::<Vec<_>>()
        })
    };
    let route_name = ROUTE.strip_prefix("config/vpp/v2/route/").unwrap();
    assert_eq!(get(&mut client, vec![], &[]).await.unwrap(), ["loop1", "loop2", route_name]);
    assert_eq!(get(&mut client, vec![], &[("owner", "")]).await.unwrap(), ["loop1", "loop2"]);
    assert_eq!(get(&mut client, vec![], &[("owner", "me")]).await.unwrap(), ["loop1"]);
    assert_eq!(get(&mut client, vec![], &[("!owner", "me")]).await.unwrap(), ["loop2", route_name]);
    assert_eq!(get(&mut client, vec![], &[("!site", ""), ("owner", "")]).await.unwrap(), ["loop2"]);
    let ids = vec![id("vpp.route", route_name), id("vpp.interfaces", "none")];
    assert_eq!(get(&mut client, ids.clone(), &[]).await.unwrap(), [route_name]);
    assert_eq!(get(&mut client, ids, &[("a", "")]).await.unwrap_err().code(), Code::InvalidArgument);

    let all = client.get_config(GetConfigRequest::default()).await.unwrap().into_inner().items;
    let Some(data::Union::Any(any)) = all[2].item.clone().unwrap().data.unwrap().union else { panic!() };
    assert_eq!(any.type_url, "models.ligato.io/ligato.vpp.l3.Route");
    assert_eq!(Route::decode(&*any.value).unwrap(), route());
    assert_eq!(all[2].item.as_ref().unwrap().id.as_ref().unwrap().model, "vpp.route");
    assert_eq!(all[0].status.as_ref().unwrap().status, "CONFIGURED");
    assert_eq!(all[0].labels["site"], "b");

    // An update replaces the labels; a removed item has none.
    client.set_config(set(vec![put(&interface("loop1", 1), &[])])).await.unwrap();
    client.set_config(set(vec![remove("vpp.interfaces", "loop2")])).await.unwrap();
    assert!(get(&mut client, vec![], &[("owner", "")]).await.unwrap().is_empty());
    assert!(door.world.interface("loop2").is_none());
    let state = client.dump_state(generic::DumpStateRequest::default()).await.unwrap().into_inner();
    let names = state.items.into_iter().map(|item| item.item.unwrap().id.unwrap().name);
    assert_eq!(names.collect::<Vec<_>>(), ["loop1", route_name]);
}
