//! One client: its frames in, answers out. Knows nothing of sockets.

use crate::faults::{Fault, Faults};
use crate::handler::{Answer, Handler, Handlers};
use crate::message_table::MessageTable;
use crate::sim::Error;
use crate::state::State;
use crate::{SimConfig, tables};
use binapi::codec::{Message, Wire};
use binapi::interface::SwInterfaceEvent;
use binapi::memclnt::{SockclntCreate, SockclntCreateReply, SockclntDelete};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc::UnboundedSender, watch};

/// Bytes before each message: a queue pointer (u64), the length (u32), a mark (u32); all but the length unused.
pub(crate) const FRAME_HEADER: usize = 16;

/// No message of VPP comes near this; a longer one is nonsense.
const LONGEST: usize = 16 << 20;

/// What all clients share.
pub(crate) struct Shared {
    pub(crate) config: SimConfig,
    pub(crate) table: MessageTable,
    pub(crate) handlers: Handlers,
    pub(crate) faults: Faults,
    core: Mutex<Core>,
    /// Counts restarts; connections of an older count end. Changes only while `core` is locked, together with the state.
    pub(crate) generation: watch::Sender<u64>,
}

/// What changes.
pub(crate) struct Core {
    pub(crate) state: State,
    pub(crate) clients: BTreeMap<u32, UnboundedSender<Vec<u8>>>,
    next_client: u32,
    /// Calls by message.
    pub(crate) calls: BTreeMap<&'static str, u64>,
    pub(crate) log: VecDeque<(&'static str, Vec<u8>)>,
    pub(crate) crashes: u64,
}

/// What follows a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Continue,
    /// The same frame again after this long.
    Wait(Duration),
    /// The connection ends.
    Close,
    /// VPP restarts.
    Restart,
}

impl Shared {
    pub(crate) fn new(config: SimConfig) -> Result<Self, Error> {
        let table = MessageTable::new(&config)?;
        let state = State::new(&config, config.pid, config.machine.clone());
        Ok(Shared {
            table,
            handlers: tables::handlers(),
            faults: Faults::default(),
            core: Mutex::new(Core {
                state,
                clients: BTreeMap::new(),
                next_client: 1,
                calls: BTreeMap::new(),
                log: VecDeque::new(),
                crashes: 0,
            }),
            generation: watch::channel(0).0,
            config,
        })
    }

    /// As [`Shared::new`]; packets find their way.
    pub(crate) fn start(config: SimConfig) -> Result<Arc<Self>, Error> {
        let shared = Arc::new(Shared::new(config)?);
        shared.lock().state.shared = Arc::downgrade(&shared);
        Ok(shared)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Empty state on the same machine, another process id, no clients.
    pub(crate) fn restart(&self) {
        let mut core = self.lock();
        let pid = core.state.pid.wrapping_add(1);
        let machine = std::mem::take(&mut core.state.machine);
        let shared = std::mem::take(&mut core.state.shared);
        core.state = State { shared, ..State::new(&self.config, pid, machine) };
        core.clients.clear();
        self.generation.send_modify(|g| *g += 1);
    }

    /// Sends what happened to those who want to know.
    pub(crate) fn send_events(&self, core: &mut Core) {
        for (client, id, fields) in std::mem::take(&mut core.state.told) {
            let (Some(sender), Some(id)) = (core.clients.get(&client), self.table.number(id)) else {
                continue;
            };
            let mut message = id.to_be_bytes().to_vec();
            client.put(&mut message);
            message.extend(fields);
            let mut out = Vec::new();
            put_frame(&mut out, &message);
            let _ = sender.send(out);
        }
        if core.state.events.is_empty() {
            return;
        }
        let events = std::mem::take(&mut core.state.events);
        let Some(id) = self.table.number(SwInterfaceEvent::ID) else { return };
        for (client, pid) in &core.state.subscribers {
            let Some(sender) = core.clients.get(client) else { continue };
            let mut out = Vec::new();
            for event in &events {
                let mut message = id.to_be_bytes().to_vec();
                client.put(&mut message);
                SwInterfaceEvent { pid: *pid, ..event.clone() }.put(&mut message);
                put_frame(&mut out, &message);
            }
            // A client that is just leaving needs no event.
            let _ = sender.send(out);
        }
    }
}

/// A client from its first byte to its last.
pub(crate) struct Session<'a> {
    shared: &'a Shared,
    /// The life of VPP that it belongs to.
    generation: u64,
    sender: UnboundedSender<Vec<u8>>,
    /// Its index, once it has introduced itself.
    client: Option<u32>,
    /// Whether the fault of the frame at hand has been served.
    struck: bool,
}

impl<'a> Session<'a> {
    pub(crate) fn new(shared: &'a Shared, generation: u64, sender: UnboundedSender<Vec<u8>>) -> Self {
        Session { shared, generation, sender, client: None, struck: false }
    }

    /// Serves the whole frames at the front of `input`; returns how many bytes they took.
    pub(crate) fn serve(&mut self, input: &[u8], out: &mut Vec<u8>) -> (usize, Step) {
        let mut core = self.shared.lock();
        if *self.shared.generation.borrow() != self.generation {
            // What was sent to a VPP that is no more must not reach its successor.
            return (0, Step::Close);
        }
        let mut taken = 0;
        while let Some(rest) = input.get(taken..) {
            let Some(length) = rest.get(8..12).and_then(|l| l.try_into().ok()).map(u32::from_be_bytes) else {
                break;
            };
            let end = FRAME_HEADER.saturating_add(length as usize);
            if end > LONGEST {
                tracing::warn!(length, "a frame of nonsense length; closing the connection");
                return (taken, Step::Close);
            }
            let Some(message) = rest.get(FRAME_HEADER..end) else { break };
            match self.message(&mut core, message, out) {
                Step::Wait(time) => return (taken, Step::Wait(time)),
                step => {
                    taken += end;
                    self.struck = false;
                    self.shared.send_events(&mut core);
                    if step != Step::Continue {
                        return (taken, step);
                    }
                }
            }
        }
        (taken, Step::Continue)
    }

    fn message(&mut self, core: &mut Core, message: &[u8], out: &mut Vec<u8>) -> Step {
        let Some(number) = message.get(..2).and_then(|n| n.try_into().ok()).map(u16::from_be_bytes) else {
            return Step::Continue;
        };
        let Some(id) = self.shared.table.name(number) else {
            tracing::warn!(number, "no message has this number; ignored, as VPP does");
            return Step::Continue;
        };
        if id == SockclntCreate::ID {
            return self.introduce(core, message, out);
        }
        let Some(client) = self.client else {
            tracing::warn!(id, "a message before sockclnt_create; ignored");
            return Step::Continue;
        };
        let Some(handler) = self.shared.handlers.0.get(id) else {
            tracing::warn!(id, "the simulated VPP does not serve this message; ignored");
            return Step::Continue;
        };
        let (Some(index), Some(context), Some(fields)) =
            (message.get(2..6), message.get(6..10), message.get(10..))
        else {
            tracing::warn!(id, "too short for its header; ignored");
            return Step::Continue;
        };
        if index != client.to_be_bytes() {
            tracing::warn!(id, ?index, client, "not the index of this client; ignored, as VPP does");
            return Step::Continue;
        }
        self.request(core, handler, Request { id, client, context, fields }, out)
    }

    fn request(
        &mut self,
        core: &mut Core,
        handler: &Handler,
        request: Request<'_>,
        out: &mut Vec<u8>,
    ) -> Step {
        let mut fault = None;
        if !self.struck {
            *core.calls.entry(handler.name).or_default() += 1;
            self.shared.note(core, request.id, request.fields);
            fault = self.shared.faults.strike(handler.name);
        }
        match fault {
            Some(Fault::Delay(time)) => {
                self.struck = true;
                return Step::Wait(time);
            }
            Some(Fault::DropBefore) => return Step::Close,
            Some(Fault::Restart) => return Step::Restart,
            Some(Fault::Refuse(retval)) => {
                let answer = (handler.refuse)(retval).unwrap_or_default();
                self.shared.put_answer(&answer, request.context, out);
                return Step::Continue;
            }
            Some(Fault::DropAfter | Fault::Short(_) | Fault::Silent) | None => {}
        }
        core.state.caller = request.client;
        let mut answer = match (handler.serve)(&mut core.state, request.fields) {
            Ok(answer) => answer,
            Err(error) => {
                tracing::warn!(id = request.id, %error, "cannot be read; ignored");
                return Step::Continue;
            }
        };
        if answer.crashed {
            tracing::warn!(id = request.id, "VPP crashes here");
            core.crashes += 1;
            return Step::Restart;
        }
        match fault {
            Some(Fault::DropAfter) => return Step::Close,
            Some(Fault::Silent) => return Step::Continue,
            Some(Fault::Short(lacking)) => {
                answer.messages.truncate(answer.messages.len().saturating_sub(lacking));
            }
            _ => {}
        }
        self.shared.put_answer(&answer, request.context, out);
        if handler.name == SockclntDelete::NAME { Step::Close } else { Step::Continue }
    }

    /// `sockclnt_create` has a context, but no client index yet; its reply has both.
    fn introduce(&mut self, core: &mut Core, message: &[u8], out: &mut Vec<u8>) -> Step {
        let Some(context) = message.get(2..6) else { return Step::Continue };
        if self.client.is_some() {
            tracing::warn!("a second sockclnt_create on one connection; ignored");
            return Step::Continue;
        }
        let client = core.next_client;
        core.next_client = core.next_client.wrapping_add(1);
        core.clients.insert(client, self.sender.clone());
        self.client = Some(client);
        *core.calls.entry(SockclntCreate::NAME).or_default() += 1;
        let mut reply = Vec::new();
        self.shared.table.number(SockclntCreateReply::ID).unwrap_or_default().put(&mut reply);
        client.put(&mut reply);
        reply.extend_from_slice(context);
        self.shared.table.hello(client).put(&mut reply);
        put_frame(out, &reply);
        Step::Continue
    }
}

/// The connection is gone.
impl Drop for Session<'_> {
    fn drop(&mut self) {
        if let Some(client) = self.client {
            let mut core = self.shared.lock();
            core.clients.remove(&client);
            core.state.subscribers.remove(&client);
        }
    }
}

/// A request without its number.
struct Request<'a> {
    id: &'static str,
    client: u32,
    /// Returned as the very bytes that came.
    context: &'a [u8],
    fields: &'a [u8],
}

impl Shared {
    fn note(&self, core: &mut Core, id: &'static str, fields: &[u8]) {
        if self.config.log == 0 {
            return;
        }
        if core.log.len() >= self.config.log {
            core.log.pop_front();
        }
        core.log.push_back((id, fields.to_vec()));
    }

    fn put_answer(&self, answer: &Answer, context: &[u8], out: &mut Vec<u8>) {
        for (id, fields) in &answer.messages {
            let Some(number) = self.table.number(id) else {
                tracing::warn!(id, "the answer is no message of this release; not sent");
                continue;
            };
            put_frame_header(out, 6 + fields.len());
            out.extend_from_slice(&number.to_be_bytes());
            out.extend_from_slice(context);
            out.extend_from_slice(fields);
        }
    }
}

fn put_frame_header(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&(length as u32).to_be_bytes());
    out.extend_from_slice(&[0; 4]);
}

fn put_frame(out: &mut Vec<u8>, message: &[u8]) {
    put_frame_header(out, message.len());
    out.extend_from_slice(message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use binapi::interface::CreateLoopback;

    fn frame(message: &[u8]) -> Vec<u8> {
        let mut frame = Vec::new();
        put_frame(&mut frame, message);
        frame
    }

    /// A client may have sent much when VPP dies, and its task may get its turn after the next life has begun.
    #[test]
    fn what_was_sent_to_one_life_does_not_reach_the_next() {
        let shared = Shared::new(SimConfig::default()).unwrap();
        let sender = tokio::sync::mpsc::unbounded_channel().0;
        let mut session = Session::new(&shared, 0, sender);
        let mut hello = vec![0, 15, 0, 0, 0, 1];
        SockclntCreate { name: "test".try_into().unwrap() }.put(&mut hello);
        assert_eq!(session.serve(&frame(&hello), &mut Vec::new()).1, Step::Continue);
        let mut create = shared.table.number(CreateLoopback::ID).unwrap().to_be_bytes().to_vec();
        create.extend([session.client.unwrap(), 7].map(u32::to_be_bytes).concat());
        CreateLoopback::default().put(&mut create);
        let create = frame(&create);
        let interfaces = || shared.lock().state.interfaces.iter().count();
        let before = interfaces();
        assert_eq!(session.serve(&create, &mut Vec::new()), (create.len(), Step::Continue));
        assert_eq!(interfaces(), before + 1);
        shared.restart();
        let mut out = Vec::new();
        assert_eq!(session.serve(&create, &mut out), (0, Step::Close));
        assert!(out.is_empty());
        assert_eq!(interfaces(), before);
    }
}
