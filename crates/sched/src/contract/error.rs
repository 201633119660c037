//! What can go wrong with one value, in words.

use std::fmt;

/// The result of an operation on one object.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a value cannot be expressed: the field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Invalid {
    /// Path of the field as the user writes it, such as `ip_addresses`.
    pub field: &'static str,
    /// What is wrong.
    pub reason: String,
}

impl Invalid {
    /// `field`: what is wrong with it.
    pub fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Invalid { field, reason: reason.into() }
    }
}

/// Fails with [`Invalid`] unless `ok`.
pub fn ensure(ok: bool, field: &'static str, reason: &str) -> std::result::Result<(), Invalid> {
    if ok { Ok(()) } else { Err(Invalid::new(field, reason)) }
}

/// Why an operation on an object failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The cause in words; names the southbound call.
    pub cause: Box<str>,
    /// The southbound's own name for the cause, such as `NO_SUCH_FIB`.
    pub code: Option<&'static str>,
    /// Trying again may help.
    pub retriable: bool,
    /// The operation may have taken effect all the same (lost reply, lost connection).
    pub uncertain: bool,
    /// It shows that what is there is not what it was believed to be, such as something in the way that nobody knew of:
    /// to be looked at before anything is tried again.
    pub stale: bool,
}

impl Error {
    /// A failure that may pass.
    pub fn new(cause: impl Into<Box<str>>) -> Self {
        Error { cause: cause.into(), code: None, retriable: true, uncertain: false, stale: false }
    }
    /// A failure that trying again cannot mend.
    pub fn permanent(cause: impl Into<Box<str>>) -> Self {
        Error { retriable: false, ..Error::new(cause) }
    }
    pub(crate) fn internal(cause: &str) -> Self {
        Error::permanent(cause)
    }
    /// The object was half made before this happened: keep its handle, so that it is removed before the next try.
    pub fn left<H>(self, handle: H) -> Failed<H> {
        Failed { error: self, left: Some(handle) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Error {}

/// A failed `create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed<H> {
    /// Why.
    pub error: Error,
    /// The handle of what was half made, if anything was.
    pub left: Option<H>,
}

impl<H> From<Error> for Failed<H> {
    fn from(error: Error) -> Self {
        Failed { error, left: None }
    }
}
