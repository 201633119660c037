//! The clients that a story speaks through: gRPC and REST, as anybody's would.

use model::ModelSpec;
use model::proto::ligato::configurator::{
    Config, DeleteRequest, DeleteResponse, UpdateRequest, UpdateResponse,
};
use model::proto::ligato::generic::data::Union;
use model::proto::ligato::generic::item::Id;
use model::proto::ligato::generic::{Data, Item, SetConfigRequest, SetConfigResponse, UpdateItem};
use model::value::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;
use tonic_prost::prost::Message;

/// The configurator service.
pub struct Client(Grpc<Channel>);

impl Client {
    pub async fn connect(address: &str) -> Result<Client, String> {
        let channel = Channel::from_shared(format!("http://{address}")).map_err(|error| error.to_string())?;
        let channel = channel.connect().await.map_err(|error| format!("gRPC at {address}: {error}"))?;
        Ok(Client(Grpc::new(channel)))
    }

    /// The refusal, if it is one.
    pub async fn update(&mut self, config: Config) -> Result<Option<String>, String> {
        let request = UpdateRequest { update: Some(config), ..UpdateRequest::default() };
        let path = PathAndQuery::from_static("/ligato.configurator.ConfiguratorService/Update");
        self.call::<_, UpdateResponse>(path, request).await
    }

    /// The refusal, if it is one.
    pub async fn delete(&mut self, config: Config) -> Result<Option<String>, String> {
        let request = DeleteRequest { delete: Some(config), ..DeleteRequest::default() };
        let path = PathAndQuery::from_static("/ligato.configurator.ConfiguratorService/Delete");
        self.call::<_, DeleteResponse>(path, request).await
    }

    /// The same by the service that knows every model: puts values, and removes those of a model by their names.
    pub async fn set_config(&mut self, updates: Vec<UpdateItem>) -> Result<Option<String>, String> {
        let request = SetConfigRequest { updates, ..SetConfigRequest::default() };
        let path = PathAndQuery::from_static("/ligato.generic.ManagerService/SetConfig");
        self.call::<_, SetConfigResponse>(path, request).await
    }

    async fn call<Q, A>(&mut self, path: PathAndQuery, request: Q) -> Result<Option<String>, String>
    where
        Q: Message + Default + 'static,
        A: Message + Default + 'static,
    {
        self.0.ready().await.map_err(|error| format!("gRPC: {error}"))?;
        match self.0.unary(tonic::Request::new(request), path, ProstCodec::<Q, A>::default()).await {
            Ok(_) => Ok(None),
            Err(status) => Ok(Some(format!("{:?}: {}", status.code(), status.message()))),
        }
    }
}

/// A value to be put by [`Client::set_config`].
pub fn put(value: &dyn Value) -> UpdateItem {
    let wire = value.wire();
    let any = prost_types::Any { type_url: format!("models.ligato.io/{}", wire.name), value: wire.bytes };
    let item = Item { id: None, data: Some(Data { union: Some(Union::Any(any)) }) };
    UpdateItem { item: Some(item), ..UpdateItem::default() }
}

/// A value to be removed by [`Client::set_config`].
pub fn delete(spec: &ModelSpec, name: &str) -> UpdateItem {
    let id = Id { model: spec.name(), name: name.to_owned() };
    UpdateItem { item: Some(Item { id: Some(id), data: None }), ..UpdateItem::default() }
}

/// How long a REST answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Status line without the version of HTTP, and body.
pub fn rest(address: SocketAddr, method: &str, path: &str, body: &str) -> Result<(String, String), String> {
    let answer =
        exchange(address, method, path, body).map_err(|error| format!("REST at {address}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("REST: an answer without end of header")?;
    let status = head.lines().next().and_then(|line| line.split_once(' ')).map_or("", |(_, status)| status);
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { joined(body).ok_or("REST: a chunk is cut off")? } else { body.to_owned() };
    Ok((status.to_owned(), body))
}

fn exchange(address: SocketAddr, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: agent\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A body that came in chunks: a line with the length, then the chunk.
fn joined(mut rest: &str) -> Option<String> {
    let mut whole = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).ok()?;
        whole.push_str(after.get(..length)?);
        rest = after.get(length + 2..).unwrap_or_default();
    }
    Some(whole)
}
