//! Failures of a call key by key, as status details (`grpc-status-details-bin`) that programs can read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use prost::Message;
use prost_types::Any;
use sched::{Error, KeyError, Operation};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::advice::{CORRECT, advice};

/// `google.rpc.Status`: what the details of a gRPC status are.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    /// The same text as that of the call: libraries show this one.
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.rpc.ErrorInfo`: what went wrong on one key.
#[derive(Clone, PartialEq, Message)]
pub struct ErrorInfo {
    /// The southbound's name for the cause, such as `NO_SUCH_FIB`, or else the state of the value, such as `INVALID`.
    /// `LEFT_OUT` says that there were more.
    #[prost(string, tag = "1")]
    pub reason: String,
    /// Who gives the reason: always `vpp-agent`.
    #[prost(string, tag = "2")]
    pub domain: String,
    /// `key`, `operation`, `cause` and `hint`; for `LEFT_OUT` their number as `count`, and `hint`.
    #[prost(btree_map = "string, string", tag = "3")]
    pub metadata: BTreeMap<String, String>,
}

const TYPE_URL: &str = "type.googleapis.com/google.rpc.ErrorInfo";
/// Keys that are told.
const MOST: usize = 100;
/// Bytes that the details may take.
const LENGTH: usize = 6 << 10;
/// Bytes that text and details may take as they are sent: with more than 8 KiB of headers, some clients drop the answer.
const HEADERS: usize = 7680;
/// Bytes of a cause; the text of the call has more.
const CAUSE: usize = 500;

/// What went wrong on one key.
pub struct Fault<'a> {
    pub key: &'a str,
    pub operation: Operation,
    pub reason: &'static str,
    pub cause: &'a str,
    pub hint: Hint<'a>,
}

/// What to do. Put into words only for the faults that are told.
pub enum Hint<'a> {
    Text(&'static str),
    Failure(&'a Error),
}

impl<'a> Fault<'a> {
    /// A value that cannot be used.
    pub fn invalid(key: &'a str, cause: &'a str) -> Self {
        Fault { key, operation: Operation::Validate, reason: "INVALID", cause, hint: Hint::Text(CORRECT) }
    }

    /// A key that stands more than once in a request.
    pub fn duplicate(key: &'a str) -> Self {
        let cause = "the request names the key more than once";
        Fault { reason: "DUPLICATE", hint: Hint::Text("send each key once"), ..Fault::invalid(key, cause) }
    }

    fn info(&self) -> ErrorInfo {
        let hint: Cow<'_, str> = match self.hint {
            Hint::Text(text) => text.into(),
            Hint::Failure(error) => advice(error),
        };
        let metadata = [
            ("key", self.key),
            ("operation", self.operation.name()),
            ("cause", &self.cause[..self.cause.floor_char_boundary(CAUSE)]),
            ("hint", &hint),
        ];
        info(self.reason, metadata.map(|(name, text)| (name, text.to_owned())))
    }
}

impl<'a> From<&'a KeyError> for Fault<'a> {
    fn from(failed: &'a KeyError) -> Self {
        let KeyError { key, operation, error } = failed;
        let state = if error.retriable { "RETRYING" } else { "FAILED" };
        if *operation == Operation::Validate {
            return Fault::invalid(key, &error.cause);
        }
        let (reason, hint) = (error.code.unwrap_or(state), Hint::Failure(error));
        Fault { key, operation: *operation, reason, cause: &error.cause, hint }
    }
}

fn info<const N: usize>(reason: &str, metadata: [(&str, String); N]) -> ErrorInfo {
    let metadata = metadata.into_iter().map(|(name, text)| (name.to_owned(), text));
    ErrorInfo { reason: reason.into(), domain: "vpp-agent".into(), metadata: metadata.collect() }
}

/// The status with as many of the faults in its details as fit.
pub fn status<'a>(
    code: Code,
    text: String,
    faults: impl Iterator<Item = Fault<'a>>,
    metadata: MetadataMap,
) -> Status {
    let details = details(code, &text, faults);
    Status::with_details_and_metadata(code, text, details.into(), metadata)
}

fn details<'a>(code: Code, text: &str, mut faults: impl Iterator<Item = Fault<'a>>) -> Vec<u8> {
    // As sent, four bytes carry three of the details.
    let room = HEADERS.saturating_sub(escaped_len(text)) / 4 * 3;
    let mut status = RpcStatus { code: code as i32, message: text.to_owned(), details: Vec::new() };
    let left_out = |count: usize| {
        let hint = "`agentctl values` shows the states of all";
        wrap(&info("LEFT_OUT", [("count", count.to_string()), ("hint", hint.to_owned())]))
    };
    let room = room.min(LENGTH).checked_sub(status.encoded_len() + framed_len(&left_out(usize::MAX)));
    let Some(mut room) = room else { return Vec::new() };
    let mut count = 0;
    for fault in faults.by_ref() {
        let wrapped = wrap(&fault.info());
        match room.checked_sub(framed_len(&wrapped)) {
            Some(left) if status.details.len() < MOST => {
                room = left;
                status.details.push(wrapped);
            }
            _ => {
                count = 1;
                break;
            }
        }
    }
    count += faults.count();
    if count > 0 {
        status.details.push(left_out(count));
    }
    if status.details.is_empty() { Vec::new() } else { status.encode_to_vec() }
}

fn wrap(info: &ErrorInfo) -> Any {
    Any { type_url: TYPE_URL.into(), value: info.encode_to_vec() }
}

/// Bytes of an element of a list of messages.
fn framed_len(any: &Any) -> usize {
    let length = any.encoded_len();
    1 + prost::length_delimiter_len(length) + length
}

/// Bytes of a text as the status of a call sends it: what could be mistaken takes three.
fn escaped_len(text: &str) -> usize {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"#%<>`?{}".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { 1 } else { 3 }).sum()
}

/// What a status says key by key; empty if it does not.
pub fn of(status: &Status) -> Vec<ErrorInfo> {
    let details = RpcStatus::decode(status.details()).unwrap_or_default().details;
    let infos = details.iter().filter(|any| any.type_url == TYPE_URL);
    infos.filter_map(|any| ErrorInfo::decode(&*any.value).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, keys: &[String]) -> (Vec<ErrorInfo>, usize) {
        let faults = keys.iter().map(|key| Fault::invalid(key, "mtu: must be at most 9216"));
        let status = status(Code::FailedPrecondition, text.into(), faults, MetadataMap::new());
        let rpc = RpcStatus::decode(status.details()).unwrap();
        assert!(status.details().is_empty() || (rpc.code == 9 && rpc.message == text));
        let sent = escaped_len(text) + status.details().len().div_ceil(3) * 4;
        (of(&status), sent)
    }

    fn keys(count: usize, length: usize) -> Vec<String> {
        (0..count).map(|n| format!("{n:0length$}")).collect()
    }

    #[test]
    fn however_many_keys() {
        let (infos, _) = told("x", &keys(1, 8));
        assert_eq!(infos.len(), 1);
        assert_eq!((infos[0].reason.as_str(), infos[0].domain.as_str()), ("INVALID", "vpp-agent"));
        let metadata: Vec<_> = infos[0].metadata.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        let expected = [
            ("cause", "mtu: must be at most 9216"),
            ("hint", CORRECT),
            ("key", "00000000"),
            ("operation", "VALIDATE"),
        ];
        assert_eq!(metadata, expected);
        for (count, length, text) in [(50, 8, 10), (100_000, 8, 2400), (3, 3000, 10), (3, 7000, 10)] {
            let (infos, sent) = told(&"x".repeat(text), &keys(count, length));
            let (last, rest) = infos.split_last().unwrap();
            assert_eq!(last.reason, "LEFT_OUT");
            assert_eq!(last.metadata["count"], (count - rest.len()).to_string());
            assert!(rest.len() <= MOST && sent <= HEADERS, "{} keys, {sent} bytes", rest.len());
            assert!(length > 5000 || !rest.is_empty());
        }
    }

    #[test]
    fn a_text_that_needs_all_the_room_has_it() {
        let (infos, _) = told(&"\u{fc}".repeat(2000), &keys(3, 8));
        assert!(infos.is_empty());
        assert!(told("nothing went wrong with keys", &[]).0.is_empty());
    }

    #[test]
    fn a_long_cause_is_cut_between_characters() {
        let cause = format!("x{}", "\u{fc}".repeat(CAUSE));
        let info = Fault::invalid("k", &cause).info();
        assert_eq!(info.metadata["cause"].len(), CAUSE - 1);
    }

    #[test]
    fn the_southbound_has_the_last_word() {
        let error = |code, retriable| KeyError {
            key: "k".into(),
            operation: Operation::Create,
            error: Error { code, retriable, ..Error::new("VPP refused") },
        };
        assert_eq!(Fault::from(&error(Some("NO_SUCH_FIB"), true)).reason, "NO_SUCH_FIB");
        assert_eq!(Fault::from(&error(None, true)).reason, "RETRYING");
        assert_eq!(Fault::from(&error(None, false)).reason, "FAILED");
    }
}
