//! What clients hear of interfaces: from VPP's events, through the agent, by gRPC.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that panics has failed, as it should

#[allow(dead_code)] // shared with the stories
#[path = "stories/client.rs"]
mod client;

use agent::Agent;
use agent::config::{Govpp, Ifplugin, Kvscheduler, Linux, Settings, Telemetry};
use futures::StreamExt;
use model::proto::ligato::configurator::notification::Notification as Part;
use model::proto::ligato::configurator::stats::Stats as Counted;
use model::proto::ligato::configurator::{
    NotifyRequest, NotifyResponse, PollStatsRequest, PollStatsResponse,
};
use model::proto::ligato::linux::interfaces::interface::{Link, Type as LinuxType};
use model::proto::ligato::linux::interfaces::interface_state::Status as LinkStatus;
use model::proto::ligato::linux::interfaces::{
    Interface as LinuxInterface, InterfaceState as LinkState, VethLink,
};
use model::proto::ligato::vpp::interfaces::interface::Type;
use model::proto::ligato::vpp::interfaces::interface_notification::NotifType;
use model::proto::ligato::vpp::interfaces::interface_state::Status as IfStatus;
use model::proto::ligato::vpp::interfaces::{Interface, InterfaceState, InterfaceStats};
use model::value::key_of;
use northbound::intake::Batch;
use northbound::merge::{Class, Item, Source};
use northbound::{grpc, rest};
use sched::{Scheduler, Select, State};
use std::sync::Arc;
use std::time::Duration;
use testkit::netns::Netns;
use testkit::target::Target;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tonic_prost::ProstCodec;

const PATIENCE: Duration = Duration::from_secs(60);

async fn start(target: &Target) -> Agent {
    start_with(target, Linux::off()).await
}

async fn start_with(target: &Target, linux: Linux) -> Agent {
    let anywhere = "127.0.0.1:0".to_owned();
    let settings = Settings {
        label: "vpp1".to_owned(),
        http: rest::Config { endpoint: anywhere.clone(), ..rest::Config::default() },
        grpc: Some(grpc::Config { endpoint: anywhere, ..grpc::Config::default() }),
        etcd: None,
        govpp: Govpp {
            binapi_socket_path: target.socket(),
            stats_socket_path: target.stats_socket(),
            ..Govpp::default()
        },
        kvscheduler: Kvscheduler::default(),
        interfaces: Ifplugin::default(),
        linux,
        telemetry: Telemetry::default(),
        file: None,
        state_dir: None,
    };
    let agent = Agent::start(settings).await.unwrap();
    soon("the agent is ready", agent.ready()).await;
    agent
}

async fn soon<T>(what: &str, wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("waited in vain for: {what}"))
}

async fn submit(agent: &Agent, items: Vec<Item>) {
    let batch = Batch { items, ..Batch::default() };
    let outcome = agent.intake().submit(Source::new(Class::Local, "test"), batch).await.unwrap();
    assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
}

fn put(name: &str, enabled: bool) -> Item {
    let r#type = Type::SoftwareLoopback.into();
    Item::put(Arc::new(Interface { name: name.to_owned(), r#type, enabled, ..Interface::default() }))
}

fn gone(name: &str) -> Item {
    Item::delete(key_of::<Interface>(name))
}

/// Polls once for counters: number of the poll and counters, by name.
async fn polled(agent: &Agent, request: PollStatsRequest) -> Result<Vec<(u32, InterfaceStats)>, Status> {
    let channel = Channel::from_shared(format!("http://{}", agent.grpc_text())).unwrap();
    let mut grpc = Grpc::new(channel.connect().await.unwrap());
    grpc.ready().await.unwrap();
    let path = PathAndQuery::from_static("/ligato.configurator.StatsPollerService/PollStats");
    let codec = ProstCodec::<PollStatsRequest, PollStatsResponse>::default();
    let mut stream = grpc.server_streaming(tonic::Request::new(request), path, codec).await?.into_inner();
    let mut answers = Vec::new();
    while let Some(answer) = soon("statistics", stream.next()).await {
        let PollStatsResponse { poll_seq, stats } = answer?;
        let Some(Counted::VppStats(vpp)) = stats.unwrap().stats else { panic!() };
        answers.push((poll_seq, vpp.interface.unwrap()));
    }
    Ok(answers)
}

/// What a client hears.
struct Heard(Streaming<NotifyResponse>);

impl Heard {
    async fn from(agent: &Agent) -> Heard {
        let channel = Channel::from_shared(format!("http://{}", agent.grpc_text())).unwrap();
        let mut grpc = Grpc::new(channel.connect().await.unwrap());
        grpc.ready().await.unwrap();
        let path = PathAndQuery::from_static("/ligato.configurator.ConfiguratorService/Notify");
        let request = tonic::Request::new(NotifyRequest::default());
        let codec = ProstCodec::<NotifyRequest, NotifyResponse>::default();
        Heard(grpc.server_streaming(request, path, codec).await.unwrap().into_inner())
    }
    /// Skips news until a link of Linux is in this state.
    async fn until_link(&mut self, host: &str, status: LinkStatus) -> LinkState {
        loop {
            let response = soon("news", self.0.next()).await.unwrap().unwrap();
            let Some(Part::LinuxNotification(linux)) = response.notification.unwrap().notification else {
                continue;
            };
            let state = linux.interface.unwrap().state.unwrap();
            if state.internal_name == host && state.oper_status() == status {
                return state;
            }
        }
    }
    async fn next(&mut self) -> (NotifType, InterfaceState) {
        let response = soon("news", self.0.next()).await.unwrap().unwrap();
        let Some(Part::VppNotification(vpp)) = response.notification.unwrap().notification else { panic!() };
        let interface = vpp.interface.unwrap();
        (interface.r#type(), interface.state.unwrap())
    }
    /// Skips news until an interface is in this state.
    async fn until(&mut self, name: &str, status: IfStatus) -> (NotifType, InterfaceState) {
        loop {
            let (kind, state) = self.next().await;
            if state.name == name && state.oper_status() == status {
                return (kind, state);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_hears_of_an_interface_all_its_life() {
    let mut target = Target::new();
    let agent = start(&target).await;
    let mut heard = Heard::from(&agent).await;
    submit(&agent, vec![put("loop1", true)]).await;
    let (kind, state) = heard.until("loop1", IfStatus::Up).await;
    assert_eq!((kind, state.admin_status()), (NotifType::Updown, IfStatus::Up));
    assert_eq!((state.internal_name.as_str(), state.mtu), ("loop0", 9000));
    assert!(state.last_change > 1_700_000_000 && state.phys_address.len() == 17, "{state:?}");
    // The name may have come before the state; what came last holds.
    submit(&agent, vec![put("loop1", false)]).await;
    let (kind, down) = heard.until("loop1", IfStatus::Down).await;
    assert_eq!(
        (kind, down.admin_status(), down.if_index),
        (NotifType::Updown, IfStatus::Down, state.if_index)
    );
    target.cli("set interface state loop0 up");
    heard.until("loop1", IfStatus::Up).await;
    submit(&agent, vec![gone("loop1")]).await;
    let (_, state) = heard.until("loop1", IfStatus::Deleted).await;
    assert_eq!(state.admin_status(), IfStatus::Deleted);

    // A VPP that comes back is another one, and what is made in it is heard of as well.
    submit(&agent, vec![put("loop2", true)]).await;
    heard.until("loop2", IfStatus::Up).await;
    target.restart();
    heard.until("loop2", IfStatus::Deleted).await;
    heard.until("loop2", IfStatus::Up).await;
    agent.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_somebody_does_by_hand_is_heard_of_also_later() {
    let target = Target::new();
    let agent = start(&target).await;
    submit(&agent, vec![put("loop1", true)]).await;
    Heard::from(&agent).await.until("loop1", IfStatus::Up).await;
    target.cli("delete loopback interface intfc loop0");
    // Who begins to listen is told what was before.
    let (kind, _) = Heard::from(&agent).await.until("loop1", IfStatus::Deleted).await;
    assert_eq!(kind, NotifType::Updown);
    agent.stop().await;
}

async fn link_is_up(scheduler: &Scheduler, name: &str) -> bool {
    let key = format!("vpp/interface/{name}/link-state/UP");
    scheduler.statuses(Select::Key(key)).await[0].value.state == State::Obtained
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_flood_of_events_is_read_in_few_portions() {
    const COUNT: usize = 1500;
    let target = Target::new();
    let agent = start(&target).await;
    let asked = || {
        let stats = agent.vpp().client().stats();
        stats.iter().find(|row| row.name == "sw_interface_dump").map_or(0, |row| row.sent)
    };
    let before = asked();
    let names: Vec<String> = (0..COUNT).map(|n| format!("loop-{n}")).collect();
    submit(&agent, names.iter().map(|name| put(name, true)).collect()).await;
    soon("all links are up", async {
        for name in &names {
            while !link_is_up(agent.scheduler(), name).await {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    })
    .await;
    // Each of them was created and set up: two events, and news of the scheduler.
    assert!(asked() - before < 200, "{} requests for the states of {COUNT} interfaces", asked() - before);
    submit(&agent, names.iter().map(|name| gone(name)).collect()).await;
    let last = names.last().unwrap();
    soon("all links are gone", async {
        while link_is_up(agent.scheduler(), last).await || link_is_up(agent.scheduler(), &names[0]).await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    agent.stop().await;
}

/// As the reference's test 200 polls, with loopbacks instead of TAPs.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn counters_are_polled_for() {
    let target = Target::new();
    let agent = start(&target).await;
    submit(&agent, vec![put("loop1", true), put("a/b", true)]).await;
    let mut heard = Heard::from(&agent).await;
    let (_, loop1) = heard.until("loop1", IfStatus::Up).await;
    Heard::from(&agent).await.until("a/b", IfStatus::Up).await;

    let poll = |period_sec, num_polls| PollStatsRequest { period_sec, num_polls };
    let names = |answers: &[(u32, InterfaceStats)]| {
        let mut names: Vec<_> = answers.iter().map(|(number, i)| (*number, i.name.clone())).collect();
        names.sort();
        names
    };
    let all = |number| ["a/b", "local0", "loop1"].map(|name| (number, name.to_owned()));
    assert_eq!(names(&polled(&agent, poll(0, 0)).await.unwrap()), all(0));
    assert_eq!(names(&polled(&agent, poll(1, 1)).await.unwrap()), all(1));
    let refused = polled(&agent, poll(0, 2)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);

    let of_loop1 = |answers: Vec<(u32, InterfaceStats)>| {
        answers.into_iter().map(|(_, i)| i).find(|i| i.name == "loop1").unwrap()
    };
    match target.sim() {
        Some(sim) => {
            sim.count(&loop1.internal_name, "/if/rx-multicast", 0, 4, 240).unwrap();
            sim.count(&loop1.internal_name, "/if/punt", 0, 2, 0).unwrap();
            let counted = of_loop1(polled(&agent, poll(0, 0)).await.unwrap());
            let multicast = counted.rx_multicast.unwrap();
            assert_eq!((multicast.packets, multicast.bytes, counted.punts), (4, 240, 2));
        }
        None => {
            // What is sent into a loopback is counted, whatever becomes of it.
            target.cli(&format!("set interface ip address {} 10.1.1.1/24", loop1.internal_name));
            target.cli("ping 10.1.1.2 repeat 2 interval 0.1");
            let counted = of_loop1(polled(&agent, poll(0, 0)).await.unwrap());
            assert!(counted.tx.unwrap().packets > 0, "{counted:?}");
        }
    }
    // The same by REST.
    let get = |path: &str| {
        let (status, body) = client::rest(agent.rest_address().unwrap(), "GET", path, "").unwrap();
        assert_eq!(status, "200 OK", "{path}: {body}");
        body
    };
    let metrics = get("/metrics");
    for line in [
        format!("ligato_ifplugin_operational_state{{name=\"{}\"}} 1\n", loop1.internal_name),
        "ligato_ifplugin_admin_state{name=\"local0\"} 2\n".to_owned(),
        "vpp_interfaces_punts{agent=\"vpp1\",name=\"local0\",index=\"0\"} 0\n".to_owned(),
    ] {
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
    let json = |path: &str| serde_json::from_str::<serde_json::Value>(&get(path)).unwrap();
    assert!(json("/vpp/telemetry/memory")["threads"][0]["used"].as_u64().unwrap() > 0);
    assert!(json("/vpp/telemetry/nodecount")["counters"].as_array().unwrap().len() > 3);
    let runtime = &json("/vpp/telemetry/runtime")["threads"][0];
    assert!(runtime["items"].as_array().unwrap().iter().any(|item| item["name"] == "ip4-input"));
    if target.is_real() {
        let printed = json("/vpp/telemetry");
        assert!(
            printed[1]["Command"] == "show runtime" && printed[1]["Output"].as_str().unwrap().len() > 100
        );
    }
    agent.stop().await;
}

#[tokio::test]
async fn links_of_linux_are_told_in_netns() {
    let (target, netns) = (Target::new(), Netns::new());
    let linux = Linux { home: Some(netns.path().into()), ..Linux::default() };
    let agent = start_with(&target, linux).await;
    let mut heard = Heard::from(&agent).await;
    // What there is when it is looked for the first time is no news: something has to change after that.
    let mut made = 0;
    let state = loop {
        netns.run(&format!("ip link add name ext{made} type veth peer name peer{made}"));
        let host = format!("ext{made}");
        match tokio::time::timeout(Duration::from_secs(2), heard.until_link(&host, LinkStatus::Down)).await {
            Ok(state) => break state,
            Err(_) => made += 1,
        }
    };
    assert_eq!((state.admin_status(), state.name.as_str(), state.mtu), (LinkStatus::Down, "", 1500));
    netns.run(&format!("ip link set dev ext{made} alias uplink"));
    netns.run(&format!("ip link set ext{made} up"));
    netns.run(&format!("ip link set peer{made} up"));
    let state = heard.until_link(&format!("ext{made}"), LinkStatus::Up).await;
    assert_eq!((state.admin_status(), state.name.as_str()), (LinkStatus::Up, "uplink"));
    assert!(state.last_change > 0 && state.if_index > 0 && !state.phys_address.is_empty(), "{state:?}");
    // Those of this agent go by their logical names.
    let veth = |name: &str, peer: &str| LinuxInterface {
        name: name.into(),
        r#type: LinuxType::Veth.into(),
        host_if_name: format!("h-{name}"),
        enabled: true,
        link: Some(Link::Veth(VethLink { peer_if_name: peer.into(), ..VethLink::default() })),
        ..LinuxInterface::default()
    };
    let pair = [veth("left", "right"), veth("right", "left")];
    submit(&agent, pair.into_iter().map(|i| Item::put(Arc::new(i))).collect()).await;
    let state = heard.until_link("h-left", LinkStatus::Up).await;
    assert_eq!((state.name.as_str(), state.r#type()), ("left", LinuxType::Veth));
    submit(&agent, ["left", "right"].map(|name| Item::delete(key_of::<LinuxInterface>(name))).into()).await;
    let state = heard.until_link("h-left", LinkStatus::Deleted).await;
    assert_eq!((state.name.as_str(), state.admin_status()), ("left", LinkStatus::Deleted));
    agent.stop().await;
}
