//! Why a request has no answer, or not the one hoped for.

use binapi::codec::DecodeError;
use std::time::Duration;

/// Why a call or dump failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// VPP answered and refused.
    #[error("{message}: VPP refused: {}", binapi::retval::describe(*.retval))]
    Retval {
        /// The request.
        message: &'static str,
        /// VPP's error number, negative.
        retval: i32,
    },
    /// There is no connection, or it ended before the answer came.
    #[error("{message}: {}", if *.sent {
        "the connection to VPP was lost before the answer came; the request may have taken effect"
    } else {
        "not sent, no connection to VPP"
    })]
    Disconnected {
        /// The request.
        message: &'static str,
        /// Whether the whole request had left for VPP. If not, it had no effect.
        sent: bool,
    },
    /// No answer within the deadline.
    #[error("{message}: no answer within {after:?}; the request may still take effect")]
    Timeout {
        /// The request.
        message: &'static str,
        /// How long the answer was waited for.
        after: Duration,
    },
    /// VPP's message table lacks the message.
    #[error("{message}: this VPP does not offer it (other release, or its plugin is not loaded)")]
    Unknown {
        /// Name and CRC of the message.
        message: &'static str,
    },
    /// The answer's bytes are not the message they should be.
    #[error("{message}: unreadable answer: {cause}")]
    Decode {
        /// The request.
        message: &'static str,
        /// What is wrong with the bytes.
        #[source]
        cause: DecodeError,
    },
    /// The answer is another message than the one that belongs to the request.
    #[error("{message}: answered with message {got} instead of {want}")]
    Unexpected {
        /// The request.
        message: &'static str,
        /// Name and CRC of the message expected.
        want: &'static str,
        /// VPP's number of the message that came.
        got: u16,
    },
    /// Too many requests await their answers.
    #[error("{message}: not sent, {} requests await their answers already", crate::pending::MOST)]
    Overloaded {
        /// The request.
        message: &'static str,
    },
}

impl Error {
    /// Whether the same request may succeed later although nothing else changes: the cause lies in the connection,
    /// not in the request.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Error::Disconnected { .. } | Error::Timeout { .. } | Error::Overloaded { .. })
    }

    /// Whether the request may have taken effect nevertheless, so that VPP has to be asked what it holds.
    pub fn is_uncertain(&self) -> bool {
        match self {
            Error::Disconnected { sent, .. } => *sent,
            Error::Timeout { .. } | Error::Decode { .. } | Error::Unexpected { .. } => true,
            Error::Retval { .. } | Error::Unknown { .. } | Error::Overloaded { .. } => false,
        }
    }

    /// VPP's error number, if VPP refused.
    pub fn retval(&self) -> Option<i32> {
        match self {
            Error::Retval { retval, .. } => Some(*retval),
            _ => None,
        }
    }
}
