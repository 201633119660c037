//! Getting to whoever listens: a Unix socket, unless a caller brings a way of his own.

use crate::state::SocketFile;
use futures::future::BoxFuture;
use std::fmt;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;

/// Linux's error number for the wrong type of socket.
const EPROTOTYPE: i32 = 91;

/// A way to VPP, tried for each connection. [`Dial::unix`] is the one that VPP offers; another may lead to a VPP in the
/// same process.
#[derive(Clone)]
pub struct Dial(Arc<dyn Fn() -> BoxFuture<'static, Result<Line, Unreachable>> + Send + Sync>);

/// A connection, before the first word was said.
pub struct Line {
    /// What VPP says.
    pub reader: Box<dyn AsyncRead + Send + Unpin>,
    /// What VPP is told.
    pub writer: Box<dyn AsyncWrite + Send + Unpin>,
    /// See [`crate::Instance::started`].
    pub started: Option<u64>,
    /// The socket file that was there before and after connecting.
    pub socket: SocketFile,
}

/// Why VPP cannot be reached.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct Unreachable {
    /// In words.
    pub reason: String,
    /// Nobody listens, so that trying again soon bothers nobody.
    pub absent: bool,
}

impl Dial {
    /// A way that is tried by calling `dial`.
    pub fn new<F>(dial: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Line, Unreachable>> + Send + 'static,
    {
        Dial(Arc::new(move || Box::pin(dial())))
    }

    /// By the Unix socket at `path`.
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        let path: Arc<Path> = path.into().into();
        Dial::new(move || connect(path.clone()))
    }

    pub(crate) fn dial(&self) -> BoxFuture<'static, Result<Line, Unreachable>> {
        (self.0)()
    }
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dial").finish_non_exhaustive()
    }
}

async fn connect(path: Arc<Path>) -> Result<Line, Unreachable> {
    let before = SocketFile::at(&path);
    let stream = UnixStream::connect(&path).await.map_err(|e| unreachable_because(&path, &e))?;
    let socket = match (before, SocketFile::at(&path)) {
        (Ok(before), Ok(after)) if before == after => after,
        _ => {
            let reason = format!("{}: the socket was replaced while connecting to it", path.display());
            return Err(Unreachable { reason, absent: false });
        }
    };
    let started = peer_started(&stream);
    let (reader, writer) = stream.into_split();
    Ok(Line { reader: Box::new(reader), writer: Box::new(writer), started, socket })
}

fn unreachable_because(path: &Path, error: &Error) -> Unreachable {
    let path = path.display();
    let (reason, absent) = match error.kind() {
        ErrorKind::NotFound => {
            ("no such socket; VPP is not running, or its socksvr section names another".to_owned(), true)
        }
        ErrorKind::ConnectionRefused => {
            ("nobody listens at this socket; VPP is not running".to_owned(), true)
        }
        ErrorKind::PermissionDenied => {
            ("permission denied; run as root or as a member of the socket's group".to_owned(), false)
        }
        // Connecting a stream to a socket that is none; VPP's statistics socket is of another kind.
        _ if error.raw_os_error() == Some(EPROTOTYPE) => {
            ("a socket of another kind; the API socket is the one in VPP's socksvr section".to_owned(), false)
        }
        _ => (format!("cannot connect: {error}"), false),
    };
    Unreachable { reason: format!("{path}: {reason}"), absent }
}

/// Start time of the process at the other end, if it can be seen.
fn peer_started(stream: &UnixStream) -> Option<u64> {
    let pid = stream.peer_cred().ok()?.pid().filter(|pid| *pid > 0)?;
    start_time(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Field 22 of `/proc/<pid>/stat`. The second field, the name in parentheses, may hold spaces and parentheses.
fn start_time(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_time_is_found_behind_an_odd_name() {
        let rest = (3..=25).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(start_time(&format!("17 (a) b (c) {rest}")), Some(22));
        assert_eq!(start_time("17 (short) S 1"), None);
        assert_eq!(start_time(""), None);
    }

    #[test]
    fn own_start_time_is_readable() {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
        assert!(start_time(&stat).unwrap() > 0);
    }
}
