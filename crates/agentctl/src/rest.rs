//! The agent's REST API: HTTP/1.1, one request per connection.

use std::time::Duration;

use base64::Engine;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::header;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::cli::Agent;
use crate::error::{Error, innermost};

/// The REST API of one agent.
pub struct Rest {
    address: String,
    authorization: Option<String>,
    prefix: String,
    timeout: Duration,
}

/// An answer of any status.
pub struct Response {
    /// HTTP status, such as 200.
    pub status: u16,
    /// The body as JSON.
    pub json: Value,
}

impl Rest {
    /// For the agent that the command line names; connects only when something is asked.
    pub fn new(agent: &Agent) -> Rest {
        let encode = |account: &String| base64::engine::general_purpose::STANDARD.encode(account);
        Rest {
            address: agent.address(agent.http_port),
            authorization: agent.http_basic_auth.as_ref().map(|account| format!("Basic {}", encode(account))),
            prefix: agent.api_version.as_ref().map(|version| format!("/v{version}")).unwrap_or_default(),
            timeout: agent.timeout(),
        }
    }

    /// `host:port` of the agent.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Asks with GET for JSON. A status of 400 and above is an error.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let body = self.successful("GET", path, Bytes::new()).await?;
        self.parsed(&format!("GET {path}"), &body)
    }

    /// Asks with GET for a text. A status of 400 and above is an error.
    pub async fn get_text(&self, path: &str) -> Result<String, Error> {
        let body = self.successful("GET", path, Bytes::new()).await?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// Asks with POST and this body for JSON. A status of 400 and above is an error.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: impl Into<Bytes>) -> Result<T, Error> {
        let body = self.successful("POST", path, body.into()).await?;
        self.parsed(&format!("POST {path}"), &body)
    }

    /// Asks with this method and without a body for a change. A status of 400 and above is an error.
    pub async fn change(&self, method: &'static str, path: &str) -> Result<(), Error> {
        self.successful(method, path, Bytes::new()).await.map(drop)
    }

    /// Asks without a body, and returns what was answered, whatever the status.
    pub async fn ask(&self, method: &'static str, path: &str) -> Result<Response, Error> {
        let (status, body) = self.in_time(method, path, Bytes::new()).await?;
        let json = match status {
            ..400 => self.parsed(&format!("{method} {path}"), &body)?,
            _ => explained(&body),
        };
        Ok(Response { status, json })
    }

    async fn successful(&self, method: &'static str, path: &str, body: Bytes) -> Result<Bytes, Error> {
        let (status, body) = self.in_time(method, path, body).await?;
        if status < 400 {
            return Ok(body);
        }
        let (call, address) = (format!("{method} {path}"), self.address.clone());
        if status == 404 && body.starts_with(NO_PAGE) {
            return Err(Error::Unknown { call, address });
        }
        Err(Error::Refused { call, address, code: status.to_string(), reason: reason(&explained(&body)) })
    }

    fn parsed<T: DeserializeOwned>(&self, call: &str, body: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(body).map_err(|error| Error::Answer {
            call: call.to_string(),
            address: self.address.clone(),
            cause: error.to_string(),
        })
    }

    async fn in_time(&self, method: &'static str, path: &str, body: Bytes) -> Result<(u16, Bytes), Error> {
        let path = format!("{}{path}", self.prefix);
        let call = format!("{method} {path}");
        let late = Error::Late { call: call.clone(), address: self.address.clone(), limit: self.timeout };
        tokio::time::timeout(self.timeout, self.exchange(method, &path, body, &call))
            .await
            .map_err(|_| late)?
    }

    async fn exchange(
        &self,
        method: &'static str,
        path: &str,
        body: Bytes,
        call: &str,
    ) -> Result<(u16, Bytes), Error> {
        let connect = |cause: &dyn std::error::Error| Error::Connect {
            call: call.to_string(),
            address: self.address.clone(),
            cause: innermost(cause),
            flag: "--http-port",
        };
        let answer = |cause: &dyn std::error::Error| Error::Answer {
            call: call.to_string(),
            address: self.address.clone(),
            cause: innermost(cause),
        };
        let stream = TcpStream::connect(&self.address).await.map_err(|error| connect(&error))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| connect(&error))?;

        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.address)
            .header(header::USER_AGENT, concat!("agentctl/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close");
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/yaml");
        }
        let request = request.body(Full::new(body)).map_err(|error| {
            // Only what was typed can make an unusable header or path.
            Error::Usage(format!(
                "cannot ask {call}: {error}; see the API version and the account that were given"
            ))
        })?;
        // The sender is gone with the answer, and with it the connection, whatever the other side does.
        let exchange = async move {
            let response = sender.send_request(request).await?;
            let status = response.status().as_u16();
            Ok::<_, hyper::Error>((status, response.into_body().collect().await?.to_bytes()))
        };
        // The connection is driven beside the request; its own end says nothing that the request does not.
        let (result, _) = tokio::join!(exchange, connection);
        result.map_err(|error| answer(&error))
    }
}

/// What every path answers with that does not exist.
const NO_PAGE: &[u8] = b"404 page not found";

/// The body of an error: JSON, or plain text from the HTTP layer below the API.
fn explained(body: &[u8]) -> Value {
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).trim().to_string()))
}

/// The words in the body of an error, in any of the forms that the API has for them.
fn reason(body: &Value) -> String {
    let words = match body {
        Value::String(text) => Some(text.as_str()),
        Value::Object(fields) => ["Error", "message"].iter().find_map(|name| fields.get(*name)?.as_str()),
        _ => None,
    };
    match words {
        Some("") => "no reason given".to_string(),
        Some(words) => words.trim().to_string(),
        None => body.to_string(),
    }
}

/// The text as the value of a parameter in a path.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_encoded() {
        assert_eq!(encode("config/vpp/v2/route/"), "config/vpp/v2/route/");
        assert_eq!(encode("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }

    #[test]
    fn the_reason_is_found_in_every_form_of_error() {
        assert_eq!(reason(&json!({"Error": "unknown key prefix"})), "unknown key prefix");
        assert_eq!(reason(&json!({"message": "no"})), "no");
        assert_eq!(
            reason(&json!("500 Internal server error: request failed: gone\n")),
            "500 Internal server error: request failed: gone"
        );
        assert_eq!(reason(&json!("")), "no reason given");
        assert_eq!(reason(&json!([1])), "[1]");
    }

    #[tokio::test]
    async fn account_and_version_of_the_api_are_sent() {
        use crate::canned::{Http, type_in};
        let http = Http::start(|call| {
            (call == "POST /v9/scheduler/downstream-resync").then(|| (200, "{}".to_string()))
        });
        let flags = ["config", "resync", "--http-basic-auth", "user:pass", "--api-version", "9"];
        let typed = type_in(&[&flags[..], &[http.port().as_str()]].concat()).await;
        assert_eq!((typed.out.as_str(), typed.err.as_str()), ("{}\n", ""));
        assert_eq!(*http.authorizations.lock().unwrap(), ["Basic dXNlcjpwYXNz"]);
    }

    #[tokio::test]
    async fn an_agent_that_keeps_silent_is_late() {
        use crate::canned::type_in;
        // It accepts, as every listener does, and never answers.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let port = format!("--http-port={}", address.port());
        let typed = type_in(&["config", "resync", "--timeout", "50ms", &port]).await;
        assert!(
            typed.err.starts_with(&format!(
                "ERROR: the agent at {address} did not answer POST /scheduler/downstream-resync within 50ms"
            )),
            "{}",
            typed.err
        );
    }

    #[tokio::test]
    async fn an_answer_that_is_no_json_is_told() {
        use crate::canned::{Http, type_in};
        let http = Http::start(|_| Some((200, "<html>".to_string())));
        let typed = type_in(&["values", &http.port()]).await;
        assert!(
            typed.err.contains("cannot read the answer") && typed.err.contains(&http.address),
            "{}",
            typed.err
        );
    }
}
