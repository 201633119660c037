//! The handle through which everybody talks to VPP.

use crate::call::{Call, Gathered, Rows};
use crate::config::Config;
use crate::connection;
use crate::error::Error;
use crate::events::Events;
use crate::shared::Shared;
use crate::state::{Connection, State};
use crate::stats::MessageStats;
use crate::trace::Trace;
use binapi::codec::{Dump, Event, Message, Reader, Request, Wire};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Ends the connection when the last handle, and the last future made by one, is gone.
pub(crate) struct Handle {
    pub shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.stop.notify_one();
    }
}

/// A VPP, reached through its API socket. Clones share one connection, which is made anew whenever it breaks.
///
/// Requests reach VPP in the order in which `call` and `dump` were called, and are written in batches: whatever is
/// queued before the task that writes gets its turn goes out together.
#[derive(Clone)]
pub struct Vpp(Arc<Handle>);

impl fmt::Debug for Vpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vpp").field(&self.shared().config.socket).finish()
    }
}

impl Vpp {
    /// Starts to connect, and keeps at it for ever. Returns at once; see [`Vpp::state`] and [`Vpp::connected`].
    ///
    /// # Panics
    /// Outside a tokio runtime. The connection lives on the runtime this is called on.
    pub fn connect(config: Config) -> Vpp {
        let shared = Arc::new(Shared::new(config));
        tokio::spawn(connection::run(shared.clone()));
        Vpp(Arc::new(Handle { shared }))
    }

    fn shared(&self) -> &Shared {
        &self.0.shared
    }

    /// Queues a request; the future is its reply. A negative return value is an error.
    pub fn call<R: Request>(&self, request: R) -> Call<R> {
        self.call_within(request, self.shared().config.reply_timeout)
    }

    /// As [`Vpp::call`], waiting for the reply no longer than `after`.
    pub fn call_within<R: Request>(&self, request: R, after: Duration) -> Call<R> {
        Call::new(&self.0, self.shared().call(&request, after), false)
    }

    /// As [`Vpp::call`], but the reply is returned whatever its return value says.
    pub fn call_raw<R: Request>(&self, request: R) -> Call<R> {
        Call::new(&self.0, self.shared().call(&request, self.shared().config.reply_timeout), true)
    }

    /// As [`Vpp::call_raw`], waiting for the reply no longer than `after`.
    pub fn call_raw_within<R: Request>(&self, request: R, after: Duration) -> Call<R> {
        Call::new(&self.0, self.shared().call(&request, after), true)
    }

    /// Queues a dump; the future is all its details messages.
    pub fn dump<D: Dump>(&self, request: D) -> Rows<D::Details> {
        self.dump_map(request, |details| details)
    }

    /// As [`Vpp::dump`], turning each details message into a row as it arrives, in the task that reads. The closure
    /// should be quick.
    pub fn dump_map<D, T, F>(&self, request: D, mut row: F) -> Rows<T>
    where
        D: Dump,
        T: Send + 'static,
        F: FnMut(D::Details) -> T + Send + 'static,
    {
        let gathered = Arc::new(Mutex::new(Gathered { rows: Vec::new(), error: None }));
        let into = gathered.clone();
        let sink = move |body: Result<&[u8], Error>| {
            let details = body.and_then(|b| {
                let decoded = D::Details::get(&mut Reader::new(b));
                decoded.map_err(|cause| Error::Decode { message: D::NAME, cause })
            });
            let row = details.map(&mut row);
            let mut gathered = into.lock().unwrap_or_else(PoisonError::into_inner);
            match row {
                Ok(row) => gathered.rows.push(row),
                Err(e) => gathered.error = gathered.error.take().or(Some(e)),
            }
        };
        let queued = self.shared().dump(&request, self.shared().config.reply_timeout, Box::new(sink));
        Rows::new(&self.0, queued, D::NAME, gathered)
    }

    /// Whether VPP offers the message, by name and CRC. While there is no connection: whether the last one did.
    pub fn has<M: Message>(&self) -> bool {
        self.offers(M::ID)
    }

    /// As [`Vpp::has`], for a name and CRC such as `control_ping_51077d14`.
    pub fn offers(&self, name_crc: &str) -> bool {
        self.shared().lock().table.number(name_crc).is_some()
    }

    /// The CRCs with which VPP offers messages of this name. Looks at the whole table.
    pub fn crcs(&self, name: &str) -> Vec<String> {
        let inner = self.shared().lock();
        inner.table.crcs(name).into_iter().map(str::to_owned).collect()
    }

    /// The state of the connection, to be watched.
    pub fn state(&self) -> watch::Receiver<State> {
        self.shared().state.subscribe()
    }

    /// The connection, as soon as there is one; `None` if the runtime of the client has stopped.
    pub async fn connected(&self) -> Option<Connection> {
        let mut state = self.state();
        let settled = state.wait_for(|s| s.connection().is_some() || *s == State::Closed).await;
        settled.ok()?.connection().cloned()
    }

    /// Accepts calls on the connection of this generation from now on; false if it is not the current one. Needed
    /// only with [`Config::hold`].
    pub fn admit(&self, generation: u64) -> bool {
        match &mut self.shared().lock().link {
            Some(link) if link.generation == generation => {
                link.admitted = true;
                true
            }
            _ => false,
        }
    }

    /// Subscribes to events of one type. At most `limit` wait for the subscriber. VPP has to be asked for events by
    /// the request that belongs to them, on every connection.
    pub fn events<E: Event>(&self, limit: usize) -> Events<E> {
        let (events, subscriber) = Events::new(limit);
        let mut inner = self.shared().lock();
        let number = inner.table.number(E::ID);
        inner.subscribers.add(E::ID, number, subscriber);
        events
    }

    /// How often each request was used, by name.
    pub fn stats(&self) -> Vec<MessageStats> {
        self.shared().lock().methods.stats()
    }

    /// How many answers of each kind came, by name.
    pub fn replies(&self) -> BTreeMap<&'static str, u64> {
        let inner = self.shared().lock();
        inner.replies.by_name(&inner.table)
    }

    /// The API trace, to be turned on and off.
    pub fn trace(&self) -> &Trace {
        &self.shared().trace
    }

    /// What the API trace holds; see [`Trace::json`].
    pub fn trace_json(&self) -> Value {
        self.trace().json()
    }
}
