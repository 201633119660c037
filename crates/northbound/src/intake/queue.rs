//! What waits for its turn.

use sched::Preview;
use tokio::sync::{mpsc, oneshot};

use super::{Batch, Error, Outcome};
use crate::merge::Source;

/// A batch, and who waits for what becomes of it.
pub struct Submission<A> {
    pub source: Source,
    pub batch: Batch,
    pub answer: oneshot::Sender<Result<A, Error>>,
}

/// What is asked.
pub enum Request {
    Submit(Submission<Outcome>),
    Plan(Submission<Preview>),
}

/// Hands out what waits, in order, in groups that can share a transaction.
pub struct Queue {
    requests: mpsc::UnboundedReceiver<Request>,
    /// Taken from the queue, but not fit for the group before it.
    next: Option<Request>,
}

/// What is done at one time.
pub enum Work {
    Execute(Vec<Submission<Outcome>>),
    Plan(Submission<Preview>),
}

impl Queue {
    pub fn new(requests: mpsc::UnboundedReceiver<Request>) -> Queue {
        Queue { requests, next: None }
    }

    /// What is next; nothing once nobody can ask any more.
    pub async fn next(&mut self) -> Option<Work> {
        let first = match self.next.take() {
            Some(first) => first,
            None => self.requests.recv().await?,
        };
        let first = match first {
            Request::Submit(first) => first,
            Request::Plan(asked) => return Some(Work::Plan(asked)),
        };
        let retry = first.batch.retry;
        let mut group = vec![first];
        while let Ok(more) = self.requests.try_recv() {
            match more {
                Request::Submit(more) if more.batch.retry == retry => group.push(more),
                other => {
                    self.next = Some(other);
                    break;
                }
            }
        }
        Some(Work::Execute(group))
    }
}
