//! The commands that go over gRPC, against a server that keeps what it is asked and answers as it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use model::proto::ligato::configurator::{Notification, *};
use model::proto::ligato::generic::item::Id;
use model::proto::ligato::generic::*;
use model::proto::ligato::vpp;
use tonic::codegen::{BoxStream, tokio_stream};
use tonic::{Request, Response, Status};

use crate::canned::{File, Http, closed_port, type_in};
use crate::grpc::configurator::configurator_service_server::{
    ConfiguratorService, ConfiguratorServiceServer,
};
use crate::grpc::generic::manager_service_server::{ManagerService, ManagerServiceServer};

/// What came in, and what is answered.
#[derive(Default)]
struct Canned {
    sets: Vec<SetConfigRequest>,
    gets: Vec<GetConfigRequest>,
    deletes: Vec<DeleteRequest>,
    notifies: Vec<NotifyRequest>,
    /// What happens, in order; after it the stream ends.
    news: Vec<Result<NotifyResponse, Status>>,
    /// The state that is told for every value; the last one stays.
    states: Vec<&'static str>,
    /// Instead of an answer.
    error: Option<Status>,
}

impl Canned {
    fn state(&mut self) -> ItemStatus {
        let state = if self.states.len() > 1 { self.states.remove(0) } else { self.states[0] };
        ItemStatus { status: state.to_string(), message: "why".to_string() }
    }
}

#[derive(Clone, Default)]
struct Agent(Arc<Mutex<Canned>>);

type Stream<T> = tonic::codec::Streaming<T>;

#[tonic::async_trait]
impl ManagerService for Agent {
    async fn set_config(
        &self,
        request: Request<SetConfigRequest>,
    ) -> Result<Response<SetConfigResponse>, Status> {
        let mut canned = self.0.lock().unwrap();
        if let Some(error) = canned.error.clone() {
            return Err(error);
        }
        let request = request.into_inner();
        let number = ItemStatus { status: "NONEXISTENT".to_string(), message: "3".to_string() };
        let mut results =
            vec![UpdateResult { key: "seqnum".to_string(), status: Some(number), ..UpdateResult::default() }];
        let status = canned.state();
        for update in &request.updates {
            let id = update.item.clone().unwrap().id.unwrap();
            let key = model::by_name(&id.model).unwrap().key(&id.name);
            results.push(UpdateResult { key, status: Some(status.clone()), ..UpdateResult::default() });
        }
        canned.sets.push(request);
        Ok(Response::new(SetConfigResponse { results }))
    }

    async fn get_config(
        &self,
        request: Request<GetConfigRequest>,
    ) -> Result<Response<GetConfigResponse>, Status> {
        let mut canned = self.0.lock().unwrap();
        canned.gets.push(request.into_inner());
        let status = canned.state();
        let items = canned.sets.iter().flat_map(|set| &set.updates).map(|update| ConfigItem {
            item: update.item.clone(),
            status: Some(status.clone()),
            labels: update.labels.clone(),
        });
        Ok(Response::new(GetConfigResponse { items: items.collect() }))
    }

    async fn dump_state(&self, _: Request<DumpStateRequest>) -> Result<Response<DumpStateResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    type SubscribeStream = Stream<SubscribeResponse>;

    async fn subscribe(
        &self,
        _: Request<SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
}

#[tonic::async_trait]
impl ConfiguratorService for Agent {
    async fn get(&self, _: Request<GetRequest>) -> Result<Response<GetResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    async fn update(&self, _: Request<UpdateRequest>) -> Result<Response<UpdateResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    async fn delete(&self, request: Request<DeleteRequest>) -> Result<Response<DeleteResponse>, Status> {
        self.0.lock().unwrap().deletes.push(request.into_inner());
        let mut response = Response::new(DeleteResponse {});
        response.metadata_mut().insert("seqnum", "7".parse().unwrap());
        Ok(response)
    }

    async fn dump(&self, _: Request<DumpRequest>) -> Result<Response<DumpResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }

    type NotifyStream = BoxStream<NotifyResponse>;

    async fn notify(&self, request: Request<NotifyRequest>) -> Result<Response<Self::NotifyStream>, Status> {
        let mut canned = self.0.lock().unwrap();
        canned.notifies.push(request.into_inner());
        let news = std::mem::take(&mut canned.news);
        Ok(Response::new(Box::pin(tokio_stream::iter(news))))
    }
}

impl Agent {
    /// Starts it; the flag names its port.
    async fn start(states: &[&'static str]) -> (Agent, String) {
        let agent = Agent::default();
        agent.0.lock().unwrap().states = states.to_vec();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = format!("--grpc-port={}", listener.local_addr().unwrap().port());
        let server = tonic::transport::Server::builder()
            .add_service(ManagerServiceServer::new(agent.clone()))
            .add_service(ConfiguratorServiceServer::new(agent.clone()))
            .serve_with_incoming(tonic::transport::server::TcpIncoming::from(listener));
        tokio::spawn(server);
        (agent, port)
    }
}

const DOCUMENT: &str = "\
vppConfig:
  interfaces:
  - name: loop1
    type: SOFTWARE_LOOPBACK
    enabled: true
  routes:
  - dstNetwork: 10.1.0.0/16
    nextHopAddr: 10.0.0.9
";

#[tokio::test]
async fn what_update_sends_is_what_get_shows() {
    let (agent, port) = Agent::start(&["CONFIGURED"]).await;
    let file = File::new("update.yaml", DOCUMENT);
    let typed = type_in(&["config", "update", file.path(), &port]).await;
    assert_eq!((typed.out.as_str(), typed.err.as_str()), ("OK\n", ""));

    let sent = agent.0.lock().unwrap().sets[0].clone();
    assert!(!sent.overwrite_all);
    let ids: Vec<Id> = sent.updates.iter().map(|update| update.item.clone().unwrap().id.unwrap()).collect();
    let id = |model: &str, name: &str| Id { model: model.to_string(), name: name.to_string() };
    assert_eq!(ids, [id("vpp.interfaces", "loop1"), id("vpp.route", "vrf/0/dst/10.1.0.0/16/gw/10.0.0.9")]);
    let labels: BTreeMap<String, String> =
        [("io.ligato.from-client".to_string(), "agentctl".to_string())].into();
    assert!(sent.updates.iter().all(|update| update.labels == labels));
    let Some(data::Union::Any(any)) = sent.updates[0].item.clone().unwrap().data.unwrap().union else {
        panic!("no data");
    };
    assert_eq!(any.type_url, "models.ligato.io/ligato.vpp.interfaces.Interface");

    let typed = type_in(&["config", "get", "--labels", "a=b,!c", &port]).await;
    assert_eq!(
        (typed.out.as_str(), typed.err.as_str()),
        (format!("{DOCUMENT}linuxConfig: {{}}\nnetallocConfig: {{}}\n").as_str(), "")
    );
    let asked = agent.0.lock().unwrap().gets[0].labels.clone();
    assert_eq!(asked, BTreeMap::from([("!c".into(), String::new()), ("a".into(), "b".into())]));

    let typed = type_in(&["config", "get", "-f", "json", &port]).await;
    let json: serde_json::Value = serde_json::from_str(&typed.out).unwrap();
    assert_eq!(json["vppConfig"]["interfaces"][0]["name"], "loop1");
}

#[tokio::test]
async fn replace_and_labels_are_handed_on() {
    let (agent, port) = Agent::start(&["CONFIGURED"]).await;
    let file = File::new("replace.json", r#"{"vppConfig": {"interfaces": [{"name": "loop1", "type": 1}]}}"#);
    let typed =
        type_in(&["config", "update", "--replace", "--labels=team=net", "-f", "table", file.path(), &port])
            .await;
    assert!(typed.succeeded, "{}", typed.err);
    let mut lines = typed.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    assert_eq!(lines.next(), Some(vec!["KEY", "STATE", "DETAILS"]));
    assert_eq!(lines.next(), Some(vec!["config/vpp/v2/interfaces/loop1", "CONFIGURED", "why"]));
    let sent = agent.0.lock().unwrap().sets[0].clone();
    assert!(sent.overwrite_all);
    assert_eq!(sent.updates[0].labels, BTreeMap::from([("team".to_string(), "net".to_string())]));
}

#[tokio::test]
async fn a_mistake_in_the_file_is_named_and_nothing_is_sent() {
    let (agent, port) = Agent::start(&["CONFIGURED"]).await;
    let file = File::new("mistake.yaml", &DOCUMENT.replace("enabled", "enabeld"));
    let typed = type_in(&["config", "update", "--replace", file.path(), &port]).await;
    assert!(!typed.succeeded);
    assert!(typed.err.contains("nothing was sent") && typed.err.contains("enabeld"), "{}", typed.err);
    assert!(typed.err.contains("vppConfig.interfaces[0]"), "{}", typed.err);
    assert!(agent.0.lock().unwrap().sets.is_empty());

    let typed = type_in(&["config", "update", "no/such/file", &port]).await;
    assert!(typed.err.starts_with("ERROR: cannot use the file no/such/file: No such file"), "{}", typed.err);
}

#[tokio::test]
async fn values_that_are_not_in_force_make_the_update_fail() {
    let (_agent, port) = Agent::start(&["INVALID"]).await;
    let file = File::new("invalid.yaml", DOCUMENT);
    let typed = type_in(&["config", "update", file.path(), &port]).await;
    assert!(!typed.succeeded && typed.out.is_empty(), "{}", typed.out);
    assert!(typed.err.starts_with("ERROR: 2 of 2 values are not in force:\n"), "{}", typed.err);
    assert!(typed.err.contains("config/vpp/v2/interfaces/loop1: INVALID: why"), "{}", typed.err);
}

#[tokio::test]
async fn waitdone_looks_until_nothing_is_pending() {
    let (agent, port) = Agent::start(&["PENDING", "PENDING", "CONFIGURED"]).await;
    let file = File::new("wait.yaml", DOCUMENT);
    let typed = type_in(&["config", "update", "--waitdone", file.path(), &port]).await;
    assert_eq!((typed.out.as_str(), typed.err.as_str()), ("OK\n", ""));
    assert_eq!(agent.0.lock().unwrap().gets.len(), 2);
    assert_eq!(agent.0.lock().unwrap().gets[0].ids.len(), 2);

    let (_agent, port) = Agent::start(&["PENDING"]).await;
    let typed = type_in(&["config", "update", "--waitdone", "--timeout=100ms", file.path(), &port]).await;
    assert!(!typed.succeeded && typed.err.contains("still pending"), "{}", typed.err);
    let typed = type_in(&["config", "update", file.path(), &port]).await;
    assert!(typed.succeeded, "without the flag a pending value is no failure: {}", typed.err);
}

#[tokio::test]
async fn a_refusal_is_told_with_code_and_reason() {
    let (agent, port) = Agent::start(&["CONFIGURED"]).await;
    agent.0.lock().unwrap().error = Some(Status::failed_precondition("the store is full"));
    let file = File::new("refused.yaml", DOCUMENT);
    let typed = type_in(&["config", "update", file.path(), &port]).await;
    let address = port.replace("--grpc-port=", "127.0.0.1:");
    assert_eq!(
        typed.err,
        format!(
            "ERROR: the agent at {address} refused ManagerService/SetConfig: FailedPrecondition: the store is full\n"
        )
    );
}

#[tokio::test]
async fn delete_sends_the_fixed_configuration_and_shows_the_transaction() {
    let (agent, grpc) = Agent::start(&["CONFIGURED"]).await;
    let http = Http::start(|call| {
        (call == "GET /scheduler/txn-history?seq-num=7").then(|| (200, r#"{"SeqNum":7}"#.to_string()))
    });
    let file = File::new("delete.yaml", DOCUMENT);
    let typed = type_in(&["config", "delete", file.path(), "--waitdone", &grpc]).await;
    assert_eq!((typed.out.as_str(), typed.err.as_str()), ("OK\n", ""));
    let typed = type_in(&["config", "delete", "-v", file.path(), &grpc, &http.port()]).await;
    assert_eq!((typed.out.as_str(), typed.err.as_str()), ("{\n  \"SeqNum\": 7\n}\n", ""));

    let deletes = agent.0.lock().unwrap().deletes.clone();
    assert!(deletes[0].wait_done && !deletes[1].wait_done);
    let vpp = deletes[0].delete.clone().unwrap().vpp_config.unwrap();
    assert_eq!((vpp.interfaces.len(), vpp.routes.len()), (1, 1));

    let other = File::new("other.yaml", "linuxConfig: {RuleChain: [{name: r1}]}");
    let typed = type_in(&["config", "delete", other.path(), &grpc]).await;
    assert!(!typed.succeeded && typed.err.contains("RuleChain"), "{}", typed.err);
    assert_eq!(agent.0.lock().unwrap().deletes.len(), 2);
}

/// Two notifications, number 1 of VPP and number 2 without content.
fn news() -> Vec<Result<NotifyResponse, Status>> {
    use vpp::interfaces::{InterfaceNotification, InterfaceState, interface_notification::NotifType};
    let state = InterfaceState { name: "loop1".to_string(), if_index: 3, ..InterfaceState::default() };
    let interface = InterfaceNotification { r#type: NotifType::Updown.into(), state: Some(state) };
    let of_vpp =
        notification::Notification::VppNotification(vpp::Notification { interface: Some(interface) });
    vec![
        Ok(NotifyResponse { next_idx: 1, notification: Some(Notification { notification: Some(of_vpp) }) }),
        Ok(NotifyResponse { next_idx: 2, notification: None }),
    ]
}

#[tokio::test]
async fn watch_shows_what_comes_until_it_ends() {
    let (agent, port) = Agent::start(&["CONFIGURED"]).await;
    agent.0.lock().unwrap().news = news();
    let typed = type_in(&["config", "watch", &port]).await;
    assert_eq!(typed.err, "");
    assert_eq!(
        typed.out,
        "\
------------------
 NOTIFICATION #1
------------------
Source: VPP
Value:
  interface:
    type: UPDOWN
    state:
      name: loop1
      ifIndex: 3

------------------
 NOTIFICATION #2
------------------
Source: not known
Value: null

"
    );

    agent.0.lock().unwrap().news = news();
    let typed = type_in(&["config", "notify", "-f", "json", "-n", "1", &port]).await;
    let json = r#"{"nextIdx":1,"notification":{"vppNotification":{"interface":{"type":"UPDOWN","state":{"name":"loop1","ifIndex":3}}}}}"#;
    assert_eq!((typed.out.as_str(), typed.err.as_str()), (format!("{json}\n").as_str(), ""));

    let mut cut_off = news();
    cut_off[1] = Err(Status::unavailable("the agent stops"));
    agent.0.lock().unwrap().news = cut_off;
    let typed = type_in(&["config", "watch", "-f", "yaml", &port]).await;
    assert!(typed.out.starts_with("---\nnextIdx: 1\nnotification:\n"), "{}", typed.out);
    assert!(!typed.succeeded && typed.err.contains("Notify: Unavailable: the agent stops"), "{}", typed.err);
}

#[tokio::test]
async fn watch_hands_its_filters_on() {
    let (agent, port) = Agent::start(&["CONFIGURED"]).await;
    let by_name = r#"{"vpp_notification": {"interface": {"state": {"name": "loop1"}}}}"#;
    let by_type = r#"--filter={"vppNotification": {"interface": {"type": "UPDOWN"}}}"#;
    let typed = type_in(&["config", "watch", "--filter", by_name, by_type, &port]).await;
    assert_eq!((typed.out.as_str(), typed.err.as_str()), ("", ""));
    let asked = agent.0.lock().unwrap().notifies[0].clone();
    assert_eq!((asked.idx, asked.filters.len()), (0, 2));
    let Some(notification::Notification::VppNotification(of_vpp)) = &asked.filters[0].notification else {
        panic!("{asked:?}");
    };
    assert_eq!(of_vpp.interface.clone().unwrap().state.unwrap().name, "loop1");

    for (wrong, reason) in [("{", "EOF"), (r#"{"vpp_notification": {"interfaces": {}}}"#, "unknown field")] {
        let typed = type_in(&["config", "watch", "--filter", wrong, &port]).await;
        assert!(!typed.succeeded && typed.err.contains(reason), "{}", typed.err);
    }
    assert_eq!(agent.0.lock().unwrap().notifies.len(), 1);
}

#[tokio::test]
async fn no_agent_is_told_with_what_to_do() {
    let (_closed, port) = closed_port();
    let typed = type_in(&["config", "get", &format!("--grpc-port={port}")]).await;
    assert_eq!(
        typed.err,
        format!(
            "ERROR: cannot reach the agent at 127.0.0.1:{port} for ligato.generic.ManagerService: Connection refused \
             (os error 111); is the agent running there? (--host, --grpc-port)\n"
        )
    );
}
