//! The gRPC door, called as clients call it.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{Dir, World, agent, interface};
use model::proto::ligato::configurator::{
    Config as Data, DeleteRequest, DumpRequest, GetRequest, Notification, NotifyRequest, UpdateRequest,
    notification::Notification as Part,
};
use model::proto::ligato::generic::{
    self, GetConfigRequest, KnownModelsRequest, ProtoFileDescriptorRequest, SetConfigRequest,
    SubscribeRequest, UpdateItem, data, item::Id,
};
use model::proto::ligato::kvscheduler::{TxnOperation, ValueState};
use model::proto::ligato::vpp::interfaces::{Interface, InterfaceNotification, InterfaceState};
use model::proto::ligato::vpp::{self, ConfigData, l3::Route};
use northbound::grpc::client::vppagent::{PlanRequest, WhyRequest, explain_client::ExplainClient};
use northbound::grpc::client::{
    ConfiguratorServiceClient, ManagerServiceClient, MetaServiceClient, details_of,
};
use northbound::grpc::{Config, Server};
use northbound::intake::Intake;
use northbound::notify::Notifications;
use prost::Message;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request};

const LOOP1: &str = "config/vpp/v2/interfaces/loop1";
const ROUTE: &str = "config/vpp/v2/route/if/loop1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9";

struct Door {
    server: Server,
    channel: Channel,
    world: Arc<World>,
    intake: Intake,
    news: Notifications,
}

impl Door {
    async fn open() -> Door {
        Door::with(Config::default()).await
    }
    async fn with(config: Config) -> Door {
        let (world, intake) = agent([]);
        let config = Config { endpoint: "127.0.0.1:0".into(), ..config };
        let news = Notifications::default();
        let server = Server::start(config, intake.clone(), news.clone()).await.unwrap();
        let address = format!("http://{}", server.address());
        let channel = Channel::from_shared(address).unwrap().connect().await.unwrap();
        Door { server, channel, world, intake, news }
    }
    fn configurator(&self) -> ConfiguratorServiceClient<Channel> {
        ConfiguratorServiceClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX)
    }
    fn manager(&self) -> ManagerServiceClient<Channel> {
        ManagerServiceClient::new(self.channel.clone())
    }
    fn explain(&self) -> ExplainClient<Channel> {
        ExplainClient::new(self.channel.clone())
    }
    fn meta(&self) -> MetaServiceClient<Channel> {
        MetaServiceClient::new(self.channel.clone())
    }
}

fn data(interfaces: Vec<Interface>, routes: Vec<Route>) -> Option<Data> {
    let vpp = ConfigData { interfaces, routes, ..ConfigData::default() };
    Some(Data { vpp_config: Some(vpp), ..Data::default() })
}

fn update(interfaces: Vec<Interface>, routes: Vec<Route>) -> UpdateRequest {
    UpdateRequest { update: data(interfaces, routes), ..UpdateRequest::default() }
}

fn route() -> Route {
    Route {
        outgoing_interface: "loop1".into(),
        dst_network: "10.1.0.0/16".into(),
        next_hop_addr: "10.0.0.9".into(),
        ..Route::default()
    }
}

fn put(value: &impl prost::Name, labels: &[(&str, &str)]) -> UpdateItem {
    let value = prost_types::Any {
        type_url: format!("models.ligato.io/{}", full_name(value)),
        value: value.encode_to_vec(),
    };
    let data = Some(generic::Data { union: Some(data::Union::Any(value)) });
    let labels: BTreeMap<_, _> = labels.iter().map(|(n, v)| (String::from(*n), String::from(*v))).collect();
    UpdateItem { item: Some(generic::Item { id: None, data }), labels }
}

fn full_name<M: prost::Name>(_value: &M) -> String {
    M::full_name()
}

fn id(model: &str, name: &str) -> Id {
    Id { model: model.into(), name: name.into() }
}

fn remove(model: &str, name: &str) -> UpdateItem {
    let item = generic::Item { id: Some(id(model, name)), data: None };
    UpdateItem { item: Some(item), ..UpdateItem::default() }
}

fn set(updates: Vec<UpdateItem>) -> SetConfigRequest {
    SetConfigRequest { updates, ..SetConfigRequest::default() }
}

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
async fn wait_done_waits_for_what_is_pending() {
    let door = Door::open().await;
    let waiting = UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) };
    let mut client = door.configurator();
    let waiting = tokio::spawn(async move { client.update(waiting).await });
    let mut client = door.configurator();
    loop {
        let states = common::states(door.intake.scheduler()).await;
        if states.get(ROUTE) == Some(&"PENDING") {
            break;
        }
    }
    assert!(!waiting.is_finished());
    client.update(update(vec![interface("loop1", 1)], vec![])).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert!(door.world.keys().contains(&ROUTE.to_owned()));

    // The caller's deadline ends the wait.
    let delete = DeleteRequest { delete: data(vec![interface("loop1", 1)], vec![]), wait_done: true };
    client.delete(delete).await.unwrap();
    let mut late = Request::new(UpdateRequest { wait_done: true, ..update(vec![], vec![route()]) });
    late.set_timeout(std::time::Duration::from_millis(50));
    let error = client.update(late).await.unwrap_err();
    assert!(matches!(error.code(), Code::DeadlineExceeded | Code::Cancelled), "{error}");
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

#[tokio::test]
async fn models_and_their_files() {
    let door = Door::open().await;
    let mut client = door.meta();
    let all = client.known_models(KnownModelsRequest::default()).await.unwrap().into_inner();
    assert_eq!(all.known_models.len(), 45);
    assert!(all.active_modules.is_empty());
    let request = KnownModelsRequest { class: "metrics".into() };
    let metrics = client.known_models(request).await.unwrap().into_inner().known_models;
    assert_eq!(metrics.len(), 1);
    let spec = metrics[0].spec.clone().unwrap();
    assert_eq!(
        (&*spec.module, &*spec.version, &*spec.r#type, &*spec.class),
        ("govppmux", "v0", "stats", "metrics")
    );
    assert_eq!(metrics[0].proto_name, "ligato.govppmux.Metrics");
    let options: Vec<_> = metrics[0]
        .options
        .iter()
        .map(|o| (o.key.as_str(), o.values.iter().map(String::as_str).collect()))
        .collect();
    let expected: [(&str, Vec<&str>); 2] =
        [("nameTemplate", vec![""]), ("protoFile", vec!["ligato/govppmux/metrics.proto"])];
    assert_eq!(options, expected);

    for model in all.known_models {
        let file = model.options[1].values[0].clone();
        let request = ProtoFileDescriptorRequest { full_proto_file_name: file.clone() };
        let answer = client.proto_file_descriptor(request).await.unwrap().into_inner();
        let bytes = answer.file_descriptor.unwrap();
        let own = prost_types::FileDescriptorProto::decode(&*bytes).unwrap();
        assert_eq!(own.name(), file);
        let message = model.proto_name.rsplit('.').next().unwrap();
        assert!(own.message_type.iter().any(|m| m.name() == message), "{file} defines {message}");
        let imports = answer.file_import_descriptors.unwrap();
        let imports = prost_types::FileDescriptorSet::decode(&*imports).unwrap().file;
        // Complete, and each after what it imports.
        let mut known: Vec<String> = Vec::new();
        for file in imports.iter().chain([&own]) {
            assert!(file.dependency.iter().all(|import| known.contains(import)), "{}", file.name());
            known.push(file.name().to_owned());
        }
    }
    let request = ProtoFileDescriptorRequest { full_proto_file_name: "ligato/vpp/l3/route.proto".into() };
    let answer = client.proto_file_descriptor(request).await.unwrap().into_inner();
    assert!(answer.encoded_len() > answer.file_descriptor.map_or(0, |file| file.len()));
    let request = ProtoFileDescriptorRequest { full_proto_file_name: "none.proto".into() };
    assert_eq!(client.proto_file_descriptor(request).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn long_messages() {
    let long = |n: usize| {
        let name = |i: usize| format!("{i:0100}");
        update((0..n).map(|i| interface(&name(i), 0)).collect(), vec![])
    };
    let small = Door::with(Config { max_msg_size: 10_000, ..Config::default() }).await;
    small.configurator().update(long(50)).await.unwrap();
    let error = small.configurator().update(long(200)).await.unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange, "{error}");
    assert_eq!(small.world.keys().len(), 50);
    // Far more than the 4 MiB that gRPC libraries allow by default.
    let door = Door::open().await;
    let request = long(70_000);
    assert!(request.encoded_len() > 6 << 20);
    door.configurator().update(request).await.unwrap();
    let got = door.configurator().get(GetRequest {}).await.unwrap().into_inner();
    assert_eq!(got.config.unwrap().vpp_config.unwrap().interfaces.len(), 70_000);
}

#[tokio::test]
async fn where_it_listens() {
    let dir = Dir::new();
    let (_world, intake) = agent([]);
    let path = dir.0.join("grpc.sock");
    let config = Config {
        endpoint: path.display().to_string(),
        network: "unix".into(),
        permission: 700,
        ..Config::default()
    };
    let server = Server::start(config.clone(), intake.clone(), Notifications::default()).await.unwrap();
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    let channel = Endpoint::try_from(format!("unix:{}", path.display())).unwrap().connect().await.unwrap();
    ConfiguratorServiceClient::new(channel).get(GetRequest {}).await.unwrap();
    let taken =
        Server::start(config.clone(), intake.clone(), Notifications::default()).await.map(drop).unwrap_err();
    assert!(taken.to_string().contains("grpc.sock"), "{taken}");
    drop(server);
    let config = Config { force_socket_removal: true, ..config };
    let _again = Server::start(config, intake.clone(), Notifications::default()).await.unwrap();

    let tls = Config { cert_file: "x".into(), ..Config::default() };
    let error = Server::start(tls, intake.clone(), Notifications::default()).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("TLS for gRPC is not built in yet"));
    let odd = Config { network: "pigeon".into(), ..Config::default() };
    let error = Server::start(odd, intake, Notifications::default()).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("pigeon"));
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
async fn plan_says_what_set_config_would_do() {
    let door = Door::open().await;
    door.manager().set_config(set(vec![put(&interface("loop1", 1), &[])])).await.unwrap();
    let calls = door.world.calls.lock().unwrap().clone();
    let mut unknown = put(&interface("x", 1), &[]);
    if let Some(data::Union::Any(any)) =
        unknown.item.as_mut().and_then(|item| item.data.as_mut()?.union.as_mut())
    {
        any.type_url = "models.ligato.io/no.such.Message".into();
    }
    let other = Route { outgoing_interface: "none".into(), ..route() };
    let updates = vec![
        put(&interface("loop1", 2), &[]),
        put(&interface("loop2", 10_000), &[]),
        put(&route(), &[]),
        put(&other, &[]),
        unknown.clone(),
    ];
    let mut client = door.explain();
    let request = PlanRequest { updates: updates.clone(), overwrite_all: false };
    let plan = client.plan(request).await.unwrap().into_inner();
    let mut steps: Vec<_> = plan.steps.iter().map(|s| (s.operation(), s.key.as_str())).collect();
    steps.sort_by_key(|(_, key)| *key);
    assert_eq!(steps, [(TxnOperation::Update, LOOP1), (TxnOperation::Create, ROUTE)], "{plan:?}");
    assert_eq!(plan.changes, 2);
    let update = plan.steps.iter().find(|step| step.key == LOOP1).unwrap();
    let mtu = |any: &Option<prost_types::Any>| {
        let any = any.as_ref().unwrap();
        assert_eq!(any.type_url, "models.ligato.io/ligato.vpp.interfaces.Interface");
        Interface::decode(&*any.value).unwrap().mtu
    };
    assert_eq!((mtu(&update.previous), mtu(&update.value)), (1, 2));
    assert!(plan.steps.iter().any(|step| step.previous.is_none()));
    assert_eq!(plan.waiting.len(), 1);
    assert!(plan.waiting[0].key.contains("/none/"));
    assert_eq!(plan.waiting[0].details, ["config/vpp/v2/interfaces/none"]);
    let refused: Vec<_> = plan.refused.iter().map(|r| (r.key.as_str(), r.error.as_str())).collect();
    assert_eq!(refused[0], ("config/vpp/v2/interfaces/loop2", "mtu: must be at most 9216"));
    assert!(refused[1].0.is_empty() && refused[1].1.starts_with("updates[4]: no model has the type"));
    assert!(plan.text.contains(&format!("update     {LOOP1}  (")), "{}", plan.text);

    // With everything named, a replacement removes the rest.
    let request = PlanRequest { updates: vec![put(&interface("loop3", 1), &[])], overwrite_all: true };
    let plan = client.plan(request).await.unwrap().into_inner();
    let removed = plan.steps.iter().filter(|step| step.operation() == TxnOperation::Delete);
    assert!(removed.map(|step| step.key.as_str()).any(|key| key == LOOP1));
    // Another source would hide nothing and remove nothing.
    let mut request = Request::new(PlanRequest { updates: vec![], overwrite_all: true });
    request.metadata_mut().insert("datasrc", "tool".parse().unwrap());
    let plan = client.plan(request).await.unwrap().into_inner();
    assert_eq!((plan.changes, plan.text.as_str()), (0, "nothing to do\n"));

    let error = client.plan(PlanRequest { updates: vec![unknown], overwrite_all: true }).await.unwrap_err();
    assert_eq!((error.code(), details_of(&error).len()), (Code::InvalidArgument, 1));
    assert_eq!(*door.world.calls.lock().unwrap(), calls, "nothing was done");
}

#[tokio::test]
async fn why_names_the_key() {
    let door = Door::open().await;
    let mut client = door.explain();
    let error = client.why(WhyRequest::default()).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    let answer = client.why(WhyRequest { key: ROUTE.into() }).await.unwrap().into_inner();
    let expected = northbound::why::text(&door.intake.scheduler().explain(ROUTE).await);
    assert_eq!(answer.text, expected);
    let explanation = answer.explanation.unwrap();
    assert_eq!(explanation.state(), ValueState::Nonexistent);
}
