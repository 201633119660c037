//! What can go wrong, in sentences: what was called, where, why it failed, and what to do.

use std::error::Error as Cause;
use std::time::Duration;

/// An error that ends a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody answers at the address.
    #[error(
        "cannot reach the agent at {address} for {call}: {cause}; is the agent running there? (--host, {flag})"
    )]
    Connect { call: String, address: String, cause: String, flag: &'static str },
    /// The answer did not come in time.
    #[error(
        "the agent at {address} did not answer {call} within {limit:?}; a longer time may help (--timeout)"
    )]
    Late { call: String, address: String, limit: Duration },
    /// The agent answered with an error.
    #[error("the agent at {address} refused {call}: {code}: {reason}")]
    Refused { call: String, address: String, code: String, reason: String },
    /// The agent has no such path.
    #[error(
        "the agent at {address} knows no {call}; it is an older one, or of another kind, that cannot do this"
    )]
    Unknown { call: String, address: String },
    /// The connection broke, or the answer is not what the API promises.
    #[error("cannot read the answer of the agent at {address} to {call}: {cause}")]
    Answer { call: String, address: String, cause: String },
    /// The file cannot be used.
    #[error("cannot use the file {path}: {cause}")]
    File { path: String, cause: String },
    /// The agent took the request but could not apply all of it.
    #[error("{0}")]
    Incomplete(String),
    /// What was typed cannot be done.
    #[error("{0}")]
    Usage(String),
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Output(std::io::Error),
}

/// The innermost cause, where the reason stands in words; what wraps it mostly says only that something failed.
pub fn innermost(error: &dyn Cause) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
