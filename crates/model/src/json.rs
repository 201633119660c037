//! Protobuf messages as JSON.

use prost::Message as _;
use prost_reflect::DynamicMessage;

use crate::error::Error;
use crate::pool;

/// A fault in one field of a value that came as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct FieldError {
    /// Where the fault is, such as `rules[2].ip_rule`; empty for the value itself.
    pub path: String,
    /// What is wrong and what was expected.
    pub reason: String,
}

/// The protobuf encoding of the message `full_name` given as JSON.
///
/// # Errors
/// [`Error::Field`] when the value does not fit the message, [`Error::UnknownMessage`] for an unknown name.
pub fn from_json(full_name: &str, value: &serde_json::Value) -> Result<Vec<u8>, Error> {
    let Some(descriptor) = pool().get_message_by_name(full_name) else {
        return Err(Error::UnknownMessage(full_name.to_owned()));
    };
    DynamicMessage::deserialize(descriptor, value)
        .map(|message| message.encode_to_vec())
        .map_err(|error| FieldError { path: String::new(), reason: error.to_string() }.into())
}
