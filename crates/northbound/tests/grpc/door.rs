//! An agent with the gRPC door, and requests to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::common::{World, agent};
use model::proto::ligato::configurator::{Config as Data, UpdateRequest};
use model::proto::ligato::generic::item::Id;
use model::proto::ligato::generic::{self, SetConfigRequest, UpdateItem, data};
use model::proto::ligato::vpp::ConfigData;
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::l3::Route;
use northbound::grpc::client::vppagent::explain_client::ExplainClient;
use northbound::grpc::client::{ConfiguratorServiceClient, ManagerServiceClient, MetaServiceClient};
use northbound::grpc::{Config, Server};
use northbound::intake::Intake;
use northbound::notify::Notifications;
use tonic::transport::Channel;

pub const LOOP1: &str = "config/vpp/v2/interfaces/loop1";
pub const ROUTE: &str = "config/vpp/v2/route/if/loop1/vrf/0/dst/10.1.0.0/16/gw/10.0.0.9";

pub struct Door {
    pub server: Server,
    pub channel: Channel,
    pub world: Arc<World>,
    pub intake: Intake,
    pub news: Notifications,
}

impl Door {
    pub async fn open() -> Door {
        Door::with(Config::default()).await
    }
    pub async fn with(config: Config) -> Door {
        let (world, intake) = agent([]);
        let config = Config { endpoint: "127.0.0.1:0".into(), ..config };
        let news = Notifications::default();
        let server = Server::start(config, intake.clone(), news.clone(), None).await.unwrap();
        let address = format!("http://{}", server.address());
        let channel = Channel::from_shared(address).unwrap().connect().await.unwrap();
        Door { server, channel, world, intake, news }
    }
    pub fn configurator(&self) -> ConfiguratorServiceClient<Channel> {
        ConfiguratorServiceClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX)
    }
    pub fn manager(&self) -> ManagerServiceClient<Channel> {
        ManagerServiceClient::new(self.channel.clone())
    }
    pub fn explain(&self) -> ExplainClient<Channel> {
        ExplainClient::new(self.channel.clone())
    }
    pub fn meta(&self) -> MetaServiceClient<Channel> {
        MetaServiceClient::new(self.channel.clone())
    }
}

pub fn data(interfaces: Vec<Interface>, routes: Vec<Route>) -> Option<Data> {
    let vpp = ConfigData { interfaces, routes, ..ConfigData::default() };
    Some(Data { vpp_config: Some(vpp), ..Data::default() })
}

pub fn update(interfaces: Vec<Interface>, routes: Vec<Route>) -> UpdateRequest {
    UpdateRequest { update: data(interfaces, routes), ..UpdateRequest::default() }
}

pub fn route() -> Route {
    Route {
        outgoing_interface: "loop1".into(),
        dst_network: "10.1.0.0/16".into(),
        next_hop_addr: "10.0.0.9".into(),
        ..Route::default()
    }
}

pub fn put(value: &impl prost::Name, labels: &[(&str, &str)]) -> UpdateItem {
    let value = prost_types::Any {
        type_url: format!("models.ligato.io/{}", full_name(value)),
        value: value.encode_to_vec(),
    };
    let data = Some(generic::Data { union: Some(data::Union::Any(value)) });
    let labels: BTreeMap<_, _> = labels.iter().map(|(n, v)| (String::from(*n), String::from(*v))).collect();
    UpdateItem { item: Some(generic::Item { id: None, data }), labels }
}

pub fn full_name<M: prost::Name>(_value: &M) -> String {
    M::full_name()
}

pub fn id(model: &str, name: &str) -> Id {
    Id { model: model.into(), name: name.into() }
}

pub fn remove(model: &str, name: &str) -> UpdateItem {
    let item = generic::Item { id: Some(id(model, name)), data: None };
    UpdateItem { item: Some(item), ..UpdateItem::default() }
}

pub fn set(updates: Vec<UpdateItem>) -> SetConfigRequest {
    SetConfigRequest { updates, ..SetConfigRequest::default() }
}
