//! From bytes to typed requests and back.

use crate::state::State;
use binapi::codec::{DecodeError, Dump, Message, Reader, Reply, Request, Wire};
use std::collections::HashMap;

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Refused with this return value.
    Retval(i32),
    /// The real one crashes here.
    Crash,
}

/// The result of a request.
pub(crate) type Result<T> = std::result::Result<T, Outcome>;

/// What is to be sent for a request.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Name and CRC of the messages, and their fields.
    pub(crate) messages: Vec<(&'static str, Vec<u8>)>,
    /// Whether VPP crashed instead.
    pub(crate) crashed: bool,
}

type Serve = dyn Fn(&mut State, &[u8]) -> std::result::Result<Answer, DecodeError> + Send + Sync;
type Refuse = dyn Fn(i32) -> Option<Answer> + Send + Sync;

/// How one message is served.
pub(crate) struct Handler {
    pub(crate) name: &'static str,
    /// Whether it changes VPP.
    pub(crate) changes: bool,
    pub(crate) serve: Box<Serve>,
    /// The answer that refuses it.
    pub(crate) refuse: Box<Refuse>,
}

/// How all messages are served, by name and CRC.
#[derive(Default)]
pub(crate) struct Handlers(pub(crate) HashMap<&'static str, Handler>);

impl Handlers {
    /// A request that changes VPP.
    pub(crate) fn change<R: Request>(&mut self, handle: fn(&mut State, R) -> Result<R::Reply>) {
        self.request(true, handle);
    }

    /// A request that changes nothing.
    pub(crate) fn query<R: Request>(&mut self, handle: fn(&mut State, R) -> Result<R::Reply>) {
        self.request(false, handle);
    }

    fn request<R: Request>(&mut self, changes: bool, handle: fn(&mut State, R) -> Result<R::Reply>) {
        let serve = move |state: &mut State, fields: &[u8]| {
            let request = R::get(&mut Reader::new(fields))?;
            Ok(match handle(state, request) {
                Ok(reply) => one(&reply),
                Err(Outcome::Retval(retval)) => refusal::<R::Reply>(retval).unwrap_or_default(),
                Err(Outcome::Crash) => Answer { crashed: true, ..Answer::default() },
            })
        };
        self.insert::<R>(changes, Box::new(serve), Box::new(refusal::<R::Reply>));
    }

    /// A dump.
    pub(crate) fn dump<D: Dump>(&mut self, handle: fn(&State, D) -> Vec<D::Details>) {
        let serve = move |state: &mut State, fields: &[u8]| {
            let dump = D::get(&mut Reader::new(fields))?;
            let items = handle(state, dump);
            let messages = items.iter().map(|item| (D::Details::ID, bytes(item))).collect();
            Ok(Answer { messages, crashed: false })
        };
        self.insert::<D>(false, Box::new(serve), Box::new(|_| None));
    }

    /// A message that VPP takes without an answer.
    pub(crate) fn ignore<M: Message>(&mut self) {
        self.insert::<M>(false, Box::new(|_, _| Ok(Answer::default())), Box::new(|_| None));
    }

    fn insert<M: Message>(&mut self, changes: bool, serve: Box<Serve>, refuse: Box<Refuse>) {
        self.0.insert(M::ID, Handler { name: M::NAME, changes, serve, refuse });
    }
}

pub(crate) fn bytes(message: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    message.put(&mut out);
    out
}

fn one<M: Message>(message: &M) -> Answer {
    Answer { messages: vec![(M::ID, bytes(message))], crashed: false }
}

/// A reply whose return value is `retval`, wherever in the reply that stands.
fn refusal<R: Reply>(retval: i32) -> Option<Answer> {
    let plain = bytes(&R::default());
    let at = |offset: usize| {
        let mut fields = plain.clone();
        fields.get_mut(offset..offset + 4)?.copy_from_slice(&retval.to_be_bytes());
        let reply = R::get(&mut Reader::new(&fields)).ok()?;
        (reply.retval() == retval).then_some(fields)
    };
    let fields = (0..plain.len()).find_map(at)?;
    Some(Answer { messages: vec![(R::ID, fields)], crashed: false })
}
