//! VPP as features and the scheduler see it: the client, with errors and states in the scheduler's words.

use binapi::codec::{Dump, Message, Request};
use futures::TryFutureExt;
use sched::{Error, Link, Result, Southbound};
use tokio::sync::watch;
use vpp_client::{Config, State};

/// A VPP. Clones share one connection.
#[derive(Clone)]
pub struct Vpp {
    client: vpp_client::Vpp,
    link: watch::Receiver<Link>,
}

impl Vpp {
    /// Starts to connect and keeps at it for ever; needs a tokio runtime.
    ///
    /// Calls are held back on every new connection until the scheduler has admitted it, so that nothing planned for one
    /// VPP is ever sent to its successor.
    pub fn connect(config: Config) -> Vpp {
        let client = vpp_client::Vpp::connect(Config { hold: true, ..config });
        let (tell, link) = watch::channel(Link {
            generation: 0,
            instance: 0,
            down: Some("VPP is not connected yet".to_owned()),
        });
        tokio::spawn(follow(client.state(), tell));
        Vpp { client, link }
    }
    /// The client itself: for the API trace, statistics and events.
    pub fn client(&self) -> &vpp_client::Vpp {
        &self.client
    }
    /// Queues a request now, in program order; the future is its reply.
    pub fn call<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Reply>> + Send + use<R> {
        self.client.call(request).map_err(in_words)
    }
    /// Queues a dump now; the future is all its details messages.
    pub fn dump<D: Dump>(&self, request: D) -> impl Future<Output = Result<Vec<D::Details>>> + Send + use<D> {
        self.client.dump(request).map_err(in_words)
    }
    /// Why VPP's message table lacks a call.
    fn why_not(&self, call: &str, name: &str, crc: &str) -> String {
        let others = self.client.crcs(name);
        if !others.is_empty() {
            return format!("its release has another form of it ({} instead of {crc})", others.join(", "));
        }
        let module = binapi::by_id(call).map_or("", |info| info.module);
        let of_module = |info: &&binapi::MessageInfo| info.module == module;
        let is_loaded =
            || binapi::messages().iter().filter(of_module).any(|info| self.client.offers(info.id));
        match binapi::plugin::of_module(module) {
            Some(plugin) if !is_loaded() => format!("{plugin}_plugin.so is not loaded"),
            _ => "its release does not have it".to_owned(),
        }
    }
    /// Counts the lives of VPP: another number means that nothing of what was there is left.
    pub fn life(&self) -> u64 {
        self.link.borrow().instance
    }
    /// Does this VPP offer the message?
    pub fn has<M: Message>(&self) -> bool {
        self.client.has::<M>()
    }
}

/// VPP refuses for reasons that may pass, so that trying again makes sense; what it does not offer will not appear.
fn in_words(error: vpp_client::Error) -> Error {
    let code = error.retval().and_then(binapi::retval::name);
    let retriable = !matches!(error, vpp_client::Error::Unknown { .. });
    let stale = code.is_some_and(|code| IN_THE_WAY.contains(&code));
    Error { cause: error.to_string().into(), code, retriable, uncertain: error.is_uncertain(), stale }
}

/// What VPP does not have any more need not be removed: it forgets some things by itself.
pub(crate) fn or_gone<T>(removed: Result<T>) -> Result<()> {
    match removed {
        Err(error) if error.code == Some("NO_SUCH_ENTRY") => Ok(()),
        other => other.map(drop),
    }
}

/// What VPP says if there is something already: perhaps one of ours that nobody knows of, such as a memif that was being
/// made when an earlier agent crashed.
const IN_THE_WAY: &[&str] = &[
    "BD_ALREADY_EXISTS",
    "ENTRY_ALREADY_EXISTS",
    "IF_ALREADY_EXISTS",
    "INSTANCE_IN_USE",
    "SUBIF_ALREADY_EXISTS",
    "TUNNEL_EXIST",
    "VALUE_EXIST",
    "VLAN_ALREADY_EXISTS",
];

/// Translates the client's states into links.
async fn follow(mut state: watch::Receiver<State>, tell: watch::Sender<Link>) {
    let mut last = None;
    let mut instance = 0;
    loop {
        let link = match &*state.borrow_and_update() {
            State::Connecting { reason } => Err(format!("VPP is not connected: {reason}")),
            State::NotResponding { .. } => Err("VPP is connected, but does not answer".to_owned()),
            State::Closed => Err("the connection to VPP was closed".to_owned()),
            State::Connected(connection) => Ok(connection.clone()),
        };
        tell.send_modify(|old| match link {
            Ok(connection) => {
                if last.as_ref() != Some(&connection.instance) {
                    instance += 1;
                    last = Some(connection.instance);
                }
                *old = Link { generation: connection.generation, instance, down: None };
            }
            Err(reason) => old.down = Some(reason),
        });
        if state.changed().await.is_err() {
            return;
        }
    }
}

impl Southbound for Vpp {
    fn name(&self) -> &'static str {
        "VPP"
    }
    fn link(&self) -> watch::Receiver<Link> {
        self.link.clone()
    }
    fn admit(&self, generation: u64) {
        self.client.admit(generation); // if it is gone again, the next one will be announced
    }
    fn lacks(&self, call: &str) -> Option<String> {
        (!self.client.offers(call)).then(|| {
            let (name, crc) = call.rsplit_once('_').unwrap_or((call, ""));
            format!("this VPP does not offer {name}: {}", self.why_not(call, name, crc))
        })
    }
}
