//! The futures of calls and dumps. Dropping one leaves its table entry until the answer has come.

use crate::client::Handle;
use crate::error::Error;
use crate::pending::Body;
use binapi::codec::{Reader, Reply, Request, Wire};
use binapi::memclnt::ControlPingReply;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// An entry in the table of pending requests, owned by a future.
struct Ticket {
    handle: Arc<Handle>,
    context: u32,
    /// The entry is gone, or belongs to nobody any more.
    done: bool,
}

impl Ticket {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Body, Error>> {
        let mut unwanted = None;
        let answer = self.handle.shared.lock().pending.poll(self.context, cx, &mut unwanted);
        drop(unwanted);
        self.done = answer.is_ready();
        answer
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.done {
            let unwanted = self.handle.shared.lock().pending.abandon(self.context);
            drop(unwanted);
        }
    }
}

/// What a future holds until it is ready.
enum Wait {
    Ticket(Ticket),
    /// Not even queued.
    Failed(Error),
    Done,
}

impl Wait {
    fn new(handle: &Arc<Handle>, queued: Result<u32, Error>) -> Self {
        match queued {
            Ok(context) => Wait::Ticket(Ticket { handle: handle.clone(), context, done: false }),
            Err(e) => Wait::Failed(e),
        }
    }
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Body, Error>> {
        let answer = match self {
            Wait::Ticket(ticket) => ready!(ticket.poll(cx)),
            Wait::Failed(e) => Err(e.clone()),
            Wait::Done => return Poll::Pending,
        };
        *self = Wait::Done;
        Poll::Ready(answer)
    }
}

/// A reply to come. The request has been queued already, whether or not this is polled; it stays queued when this is
/// dropped. Polled again after it was ready, it is pending for ever.
#[must_use = "the request is queued, but its failure goes unseen"]
pub struct Call<R: Request> {
    wait: Wait,
    raw: bool,
    reply: PhantomData<fn() -> R::Reply>,
}

impl<R: Request> Call<R> {
    pub(crate) fn new(handle: &Arc<Handle>, queued: Result<u32, Error>, raw: bool) -> Self {
        Call { wait: Wait::new(handle, queued), raw, reply: PhantomData }
    }
}

impl<R: Request> Future for Call<R> {
    type Output = Result<R::Reply, Error>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let body = ready!(self.wait.poll(cx))?;
        let message = R::NAME;
        let reply = R::Reply::get(&mut Reader::new(body.bytes()));
        let reply = reply.map_err(|cause| Error::Decode { message, cause })?;
        match reply.retval() {
            retval if retval < 0 && !self.raw => Poll::Ready(Err(Error::Retval { message, retval })),
            _ => Poll::Ready(Ok(reply)),
        }
    }
}

/// What a dump has brought so far.
pub(crate) struct Gathered<T> {
    pub rows: Vec<T>,
    /// The first thing wrong with any of its messages.
    pub error: Option<Error>,
}

/// The rows of a dump to come. As with [`Call`], it has been queued already.
#[must_use = "the dump is queued, but its rows go unseen"]
pub struct Rows<T> {
    wait: Wait,
    message: &'static str,
    gathered: Arc<Mutex<Gathered<T>>>,
}

impl<T> Rows<T> {
    pub(crate) fn new(
        handle: &Arc<Handle>,
        queued: Result<u32, Error>,
        message: &'static str,
        gathered: Arc<Mutex<Gathered<T>>>,
    ) -> Self {
        Rows { wait: Wait::new(handle, queued), message, gathered }
    }
}

impl<T> Future for Rows<T> {
    type Output = Result<Vec<T>, Error>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let body = ready!(self.wait.poll(cx))?;
        let message = self.message;
        let end = ControlPingReply::get(&mut Reader::new(body.bytes()));
        let end = end.map_err(|cause| Error::Decode { message, cause })?;
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(e) = gathered.error.take() {
            return Poll::Ready(Err(e));
        }
        match end.retval() {
            retval if retval < 0 => Poll::Ready(Err(Error::Retval { message, retval })),
            _ => Poll::Ready(Ok(std::mem::take(&mut gathered.rows))),
        }
    }
}
