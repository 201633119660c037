//! The agent's gRPC API.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use crate::cli::Agent;
use crate::error::{Error, innermost};
use configurator::configurator_service_client::ConfiguratorServiceClient;
use generic::manager_service_client::ManagerServiceClient;

/// The stubs of `ligato.generic`.
#[allow(missing_docs, unused_qualifications, clippy::all)]
pub mod generic {
    tonic::include_proto!("ligato.generic");
}

/// The stubs of `ligato.configurator`.
#[allow(missing_docs, unused_qualifications, clippy::all, dead_code)]
pub mod configurator {
    tonic::include_proto!("ligato.configurator");
}

/// The gRPC API of one agent.
pub struct Grpc {
    address: String,
    timeout: Duration,
}

impl Grpc {
    /// For the agent that the command line names; connects only when something is called.
    pub fn new(agent: &Agent) -> Grpc {
        Grpc { address: agent.address(agent.grpc_port), timeout: agent.timeout() }
    }

    /// The same with another time for a call.
    pub fn within(self, timeout: Duration) -> Grpc {
        Grpc { timeout, ..self }
    }

    /// `host:port` of the agent.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The service for all models.
    pub async fn manager(&self) -> Result<ManagerServiceClient<Channel>, Error> {
        let channel = self.connect("ligato.generic.ManagerService").await?;
        // What an agent holds may well be larger than the library's idea of a message.
        Ok(ManagerServiceClient::new(channel)
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX))
    }

    /// The service for the models of the fixed configuration message.
    pub async fn configurator(&self) -> Result<ConfiguratorServiceClient<Channel>, Error> {
        let channel = self.connect("ligato.configurator.ConfiguratorService").await?;
        Ok(ConfiguratorServiceClient::new(channel)
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX))
    }

    async fn connect(&self, call: &str) -> Result<Channel, Error> {
        let failed = |cause: &dyn std::error::Error| Error::Connect {
            call: call.to_string(),
            address: self.address.clone(),
            cause: innermost(cause),
            flag: "--grpc-port",
        };
        let endpoint =
            Endpoint::from_shared(format!("http://{}", self.address)).map_err(|error| failed(&error))?;
        let connecting = endpoint.connect();
        let channel = tokio::time::timeout(self.timeout, connecting).await.map_err(|_| self.late(call))?;
        channel.map_err(|error| failed(&error))
    }

    /// Waits for the reply of a call.
    pub async fn reply<R>(
        &self,
        call: &str,
        reply: impl Future<Output = Result<tonic::Response<R>, tonic::Status>>,
    ) -> Result<tonic::Response<R>, Error> {
        let reply = tokio::time::timeout(self.timeout, reply).await.map_err(|_| self.late(call))?;
        reply.map_err(|status| self.refused(call, &status))
    }

    /// The error of a call that ended so.
    pub fn refused(&self, call: &str, status: &tonic::Status) -> Error {
        Error::Refused {
            call: call.to_string(),
            address: self.address.clone(),
            code: format!("{:?}", status.code()),
            reason: match status.message() {
                "" => "no reason given".to_string(),
                words => words.to_string(),
            },
        }
    }

    fn late(&self, call: &str) -> Error {
        Error::Late { call: call.to_string(), address: self.address.clone(), limit: self.timeout }
    }
}
