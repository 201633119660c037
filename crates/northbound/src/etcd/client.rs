//! A connection to one etcd member.

use std::time::Duration;

use tonic::metadata::AsciiMetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use super::proto::etcdserverpb::auth_client::AuthClient;
use super::proto::etcdserverpb::kv_client::KvClient;
use super::proto::etcdserverpb::lease_client::LeaseClient;
use super::proto::etcdserverpb::watch_client::WatchClient;
use super::proto::etcdserverpb::{AuthenticateRequest, RangeRequest, RangeResponse};
use super::{Config, ConfigError};

/// etcd cuts off clients that ping more often than every 5 s (its `--grpc-keepalive-min-time`).
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_WITHIN: Duration = Duration::from_secs(3);

/// Adds the token of the session to each call.
#[derive(Clone)]
pub struct Token(Option<AsciiMetadataValue>);

impl Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request.metadata_mut().insert("token", token.clone());
        }
        Ok(request)
    }
}

type Transport = InterceptedService<Channel, Token>;

/// The services of one member.
#[derive(Clone)]
pub struct Client {
    pub kv: KvClient<Transport>,
    pub watch: WatchClient<Transport>,
    pub lease: LeaseClient<Transport>,
    pub timeout: Duration,
}

/// Connects to one member after the other.
pub struct Dialer {
    endpoints: Vec<Endpoint>,
    next: usize,
    user: Option<(String, String)>,
    dial_timeout: Duration,
    operation_timeout: Duration,
}

impl Dialer {
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        if !config.insecure_transport {
            let asked = [
                ("cert-file", !config.cert_file.is_empty()),
                ("key-file", !config.key_file.is_empty()),
                ("ca-file", !config.ca_file.is_empty()),
                ("insecure-skip-tls-verify", config.insecure_skip_tls_verify),
                ("an https:// endpoint", config.endpoints.iter().any(|e| e.starts_with("https://"))),
            ];
            if let Some((setting, _)) = asked.into_iter().find(|(_, set)| *set) {
                return Err(ConfigError::Tls(setting));
            }
        }
        let endpoints = config.endpoints.iter().map(|endpoint| {
            let address = endpoint.trim_start_matches("https://").trim_start_matches("http://");
            let parsed = Endpoint::from_shared(format!("http://{address}")).map_err(|cause| {
                ConfigError::Endpoint { endpoint: endpoint.clone(), cause: cause.to_string() }
            })?;
            let parsed = parsed.connect_timeout(config.dial_timeout);
            Ok(parsed.http2_keep_alive_interval(PING_EVERY).keep_alive_timeout(PONG_WITHIN))
        });
        let endpoints = endpoints.collect::<Result<Vec<_>, _>>()?;
        if endpoints.is_empty() {
            return Err(ConfigError::NoEndpoint);
        }
        let user = (!config.username.is_empty()).then(|| (config.username.clone(), config.password.clone()));
        let (dial_timeout, operation_timeout) = (config.dial_timeout, config.operation_timeout);
        Ok(Dialer { endpoints, next: 0, user, dial_timeout, operation_timeout })
    }

    /// Connects to the next member, and logs in if there is a user. The error is a sentence.
    pub async fn dial(&mut self) -> Result<Client, String> {
        let endpoint = self.endpoints[self.next % self.endpoints.len()].clone();
        self.next = self.next.wrapping_add(1);
        let address = endpoint.uri().authority().map(ToString::to_string).unwrap_or_default();
        let connecting = tokio::time::timeout(self.dial_timeout, endpoint.connect());
        let channel = match connecting.await {
            Ok(Ok(channel)) => channel,
            Ok(Err(error)) => {
                return Err(format!("connecting to etcd at {address} failed: {}", cause(&error)));
            }
            Err(_) => {
                return Err(format!(
                    "connecting to etcd at {address} failed: no answer in {:?}",
                    self.dial_timeout
                ));
            }
        };
        let mut token = Token(None);
        if let Some((name, password)) = &self.user {
            let request = AuthenticateRequest { name: name.clone(), password: password.clone() };
            let mut client = AuthClient::new(channel.clone());
            let answer = within(self.operation_timeout, client.authenticate(request)).await;
            let answer = answer.map_err(|status| {
                format!("logging in to etcd at {address} as {name} failed: {}", status.message())
            })?;
            let value = AsciiMetadataValue::try_from(answer.token);
            token =
                Token(Some(value.map_err(|_| format!("etcd at {address} sent a token that is not ASCII"))?));
        }
        let transport = InterceptedService::new(channel, token);
        Ok(Client {
            kv: KvClient::new(transport.clone()).max_decoding_message_size(usize::MAX),
            watch: WatchClient::new(transport.clone()).max_decoding_message_size(usize::MAX),
            lease: LeaseClient::new(transport),
            timeout: self.operation_timeout,
        })
    }
}

impl Client {
    pub async fn range(&mut self, request: RangeRequest) -> Result<RangeResponse, Status> {
        within(self.timeout, self.kv.range(request)).await
    }
}

/// The answer, or an error if it takes longer.
pub async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<tonic::Response<T>, Status>>,
) -> Result<T, Status> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map(tonic::Response::into_inner),
        Err(_) => Err(Status::deadline_exceeded(format!("no answer in {limit:?}"))),
    }
}

/// The innermost cause: the outer ones only say "transport error".
pub fn cause(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// First key behind all keys with this prefix.
pub fn end_of(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return end;
        }
    }
    // Everything is below a prefix of nothing but 0xff: etcd's own sign for "to the end".
    vec![0]
}
