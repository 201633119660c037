//! The handle on a simulated VPP.

use crate::config::SimConfig;
use crate::faults::Faults;
use crate::handler::{Answer, bytes};
use crate::machine::Machine;
use crate::server::{self, Command};
use crate::session::Shared;
use crate::stats::Socket;
use binapi::codec::{DecodeError, Dump, Message, Reader, Request, Wire};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Why a simulated VPP does not start or does not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such release.
    #[error("simulated VPP: no release {release}; there are {}", binapi::release::RELEASES.join(", "))]
    UnknownRelease {
        /// The release.
        release: String,
    },
    /// No such plugin, or one that cannot be left out.
    #[error(
        "simulated VPP: release {release} has no plugin {plugin} that could be left out; name the module of its messages"
    )]
    UnknownPlugin {
        /// The plugin.
        plugin: String,
        /// The release.
        release: String,
    },
    /// The socket cannot be made.
    #[error("simulated VPP: cannot listen on {path}: {source}; is another one running there?")]
    Listen {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no thread.
    #[error("simulated VPP: cannot start its thread: {0}")]
    Thread(io::Error),
    /// A message that is not simulated.
    #[error("simulated VPP: it does not serve {0}")]
    NotServed(&'static str),
    /// A message or its answer cannot be read.
    #[error("simulated VPP: {0}")]
    Decode(#[from] DecodeError),
    /// The real one would have crashed.
    #[error("simulated VPP: {0} makes VPP crash")]
    Crash(&'static str),
}

/// A request that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name, without CRC.
    pub message: &'static str,
    /// Whether it is one that changes VPP.
    pub changes: bool,
    /// Its fields as `Debug` shows them.
    pub request: String,
}

/// A running simulated VPP. It ends with [`Sim::stop`] or when dropped.
pub struct Sim {
    path: PathBuf,
    pub(crate) shared: Arc<Shared>,
    commands: Option<UnboundedSender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts a simulated VPP that listens on a Unix socket. It runs in a thread of its own.
    pub async fn start(path: impl AsRef<Path>, config: SimConfig) -> Result<Sim, Error> {
        Sim::spawn(path, config)
    }

    /// As [`Sim::start`], for callers that are not asynchronous.
    pub fn spawn(path: impl AsRef<Path>, config: SimConfig) -> Result<Sim, Error> {
        let path = path.as_ref().to_owned();
        let shared = Shared::start(config)?;
        let listen = |source| Error::Listen { path: path.clone(), source };
        let listener = server::bind(&path).map_err(listen)?;
        let stats = shared.config.stats_socket.as_deref();
        let stats =
            stats.map(|at| Socket::bind(at).map_err(|source| Error::Listen { path: at.to_owned(), source }));
        let stats = stats.transpose()?;
        let (commands, receiver) = unbounded_channel();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Thread)?;
        let run = server::run(shared.clone(), path.clone(), listener, stats, receiver);
        let thread = std::thread::Builder::new().name("vpp-sim".to_owned());
        let thread = thread.spawn(move || {
            if let Err(error) = runtime.block_on(run) {
                tracing::error!(%error, "the simulated VPP cannot serve its socket");
            }
        });
        let thread = Some(thread.map_err(Error::Thread)?);
        Ok(Sim { path, shared, commands: Some(commands), thread })
    }

    /// A simulated VPP that listens nowhere and has no thread: [`Sim::attend`] is the only way to it.
    pub fn in_memory(config: SimConfig) -> Result<Sim, Error> {
        let shared = Shared::start(config)?;
        Ok(Sim { path: PathBuf::new(), shared, commands: None, thread: None })
    }

    /// Serves a client on this stream until it leaves, VPP restarts, or the future is dropped, which to the client is a
    /// lost connection.
    pub fn attend<S>(&self, stream: S) -> impl Future<Output = ()> + Send + use<S>
    where
        S: AsyncRead + AsyncWrite + Send,
    {
        let (read, write) = tokio::io::split(stream);
        server::serve(self.shared.clone(), read, write)
    }

    /// Where it listens; empty if nowhere.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What goes wrong; may be changed at any time.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Changes what there is on the machine. VPP finds a new card at once.
    pub fn machine(&self, change: impl FnOnce(&mut Machine)) {
        let mut core = self.shared.lock();
        change(&mut core.state.machine);
        core.state.find_cards();
        self.shared.send_events(&mut core);
    }

    /// How often each message (by name, without CRC) arrived since the start or [`Sim::clear_calls`].
    pub fn calls(&self) -> BTreeMap<&'static str, u64> {
        self.shared.lock().calls.clone()
    }

    /// As [`Sim::calls`], only messages that change VPP.
    pub fn changing_calls(&self) -> BTreeMap<&'static str, u64> {
        let changing: Vec<&str> =
            self.shared.handlers.0.values().filter(|h| h.changes).map(|h| h.name).collect();
        let mut calls = self.calls();
        calls.retain(|name, _| changing.contains(name));
        calls
    }

    /// The last requests that arrived (see [`SimConfig::log`]), the oldest first.
    pub fn log(&self) -> Vec<Call> {
        let log = self.shared.lock().log.clone();
        let calls = log.into_iter().filter_map(|(id, fields)| {
            let handler = self.shared.handlers.0.get(id)?;
            let shown = binapi::by_id(id).map(|m| (m.debug)(&fields));
            let request = match shown {
                Some(Ok(request)) => request,
                Some(Err(error)) => format!("unreadable: {error}"),
                None => format!("{} bytes", fields.len()),
            };
            Some(Call { message: handler.name, changes: handler.changes, request })
        });
        calls.collect()
    }

    /// Forgets counts and log.
    pub fn clear_calls(&self) {
        let mut core = self.shared.lock();
        core.calls.clear();
        core.log.clear();
    }

    /// How often it was brought to where the real one crashes.
    pub fn crashes(&self) -> u64 {
        self.shared.lock().crashes
    }

    /// Where it hands out its statistics, if it does.
    pub fn stats_socket(&self) -> Option<&Path> {
        self.shared.config.stats_socket.as_deref()
    }

    /// The process id it tells; another one after every restart.
    pub fn pid(&self) -> u32 {
        self.shared.lock().state.pid
    }

    /// How many clients are connected.
    pub fn clients(&self) -> usize {
        self.shared.lock().clients.len()
    }

    /// Restarts with empty state: all connections end, new ones are accepted at once.
    pub fn restart(&self) {
        self.shared.restart();
    }

    /// Dies: all connections end and the socket is gone until [`Sim::up`].
    pub fn down(&self) {
        let (done, wait) = mpsc::channel();
        if let Some(commands) = &self.commands
            && commands.send(Command::Down(done)).is_ok()
        {
            // An error means that the thread has ended, and with it the socket.
            let _ = wait.recv();
        }
        self.shared.restart();
    }

    /// Comes back after [`Sim::down`], with empty state.
    pub fn up(&self) -> Result<(), Error> {
        let (done, wait) = mpsc::channel();
        let sent = self.commands.as_ref().is_some_and(|c| c.send(Command::Up(done)).is_ok());
        let bound = match sent.then(|| wait.recv()) {
            Some(Ok(bound)) => bound,
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        };
        bound.map_err(|source| Error::Listen { path: self.path.clone(), source })
    }

    /// Stops for good; the socket is gone when this returns.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has been reported by its own means.
            let _ = thread.join();
        }
    }

    /// Carries out a request beside all connections, as if another client had sent it: neither counted nor struck by
    /// faults. A refusal is an answer, told by its return value.
    pub fn request<R: Request>(&self, request: &R) -> Result<R::Reply, Error> {
        let answer = self.serve(request)?;
        let (_, fields) = answer.messages.first().ok_or(Error::NotServed(R::NAME))?;
        Ok(R::Reply::get(&mut Reader::new(fields))?)
    }

    /// All items of a dump, as [`Sim::request`].
    pub fn dump<D: Dump>(&self, dump: &D) -> Result<Vec<D::Details>, Error> {
        let answer = self.serve(dump)?;
        let items = answer.messages.iter().map(|(_, fields)| D::Details::get(&mut Reader::new(fields)));
        Ok(items.collect::<Result<_, _>>()?)
    }

    fn serve<M: Message>(&self, message: &M) -> Result<Answer, Error> {
        let handler = self.shared.handlers.0.get(M::ID).ok_or(Error::NotServed(M::NAME))?;
        let mut core = self.shared.lock();
        core.state.caller = u32::MAX;
        let answer = (handler.serve)(&mut core.state, &bytes(message))?;
        self.shared.send_events(&mut core);
        if answer.crashed {
            core.crashes += 1;
            drop(core);
            self.shared.restart();
            return Err(Error::Crash(M::NAME));
        }
        Ok(answer)
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.end();
    }
}

impl std::fmt::Debug for Sim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sim").field("path", &self.path).finish_non_exhaustive()
    }
}
