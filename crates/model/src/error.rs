//! What can be wrong with a value or a document that came from outside.

use crate::json::FieldError;

/// Why a value, or a text with values, was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The bytes are no encoding of this message.
    #[error("decoding {message} failed: {cause}; the value must be the protobuf encoding of that message")]
    Decode {
        /// Full protobuf name.
        message: String,
        /// What the decoder met.
        cause: prost::DecodeError,
    },
    /// No message of this name belongs to the API.
    #[error("there is no message {0:?} in this API; see the known models for the names")]
    UnknownMessage(String),
    /// The JSON value does not fit the message.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The text is no YAML (and so no JSON either).
    #[error("reading YAML failed{}: {reason}", at(.line, .column))]
    Yaml {
        /// Line of the fault, counted from 1; 0 when unknown.
        line: u64,
        /// Column of the fault, counted from 1; 0 when unknown.
        column: u64,
        /// What is wrong there.
        reason: String,
    },
    /// The document as a whole has another shape than a configuration.
    #[error("reading the configuration failed: {0}")]
    Document(String),
}

fn at(line: &u64, column: &u64) -> String {
    if *line == 0 { String::new() } else { format!(" at line {line}, column {column}") }
}
