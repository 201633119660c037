//! Calls as the fake southbound sees them.

use crate::world::{Content, Tag};
use sched::Failed;
use std::cell::Cell;
use tokio::time::Instant;

/// What can go wrong with the calls of one key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// Refused; another try may help.
    Refuse,
    /// Refused for good.
    Forbid,
    /// Refused because of something that is there already.
    InTheWay,
    /// A create that ends half way: the object is there, but not as it should be.
    Half,
    /// The answer is that it is done; nothing happened.
    Lie,
    /// The reply is lost; nothing happened.
    LostBefore,
    /// The reply is lost; it did happen.
    LostAfter,
    /// The descriptor panics before it sends anything.
    Panic,
    /// The call does not end until `Fake::release`.
    Hang,
}

/// One call, from its start to its end. Starts and ends of all southbounds of a test are counted through.
#[derive(Clone, Debug)]
pub struct Call {
    pub verb: &'static str,
    pub key: String,
    pub start: u64,
    pub end: u64,
    /// When it ended.
    pub at: Instant,
    /// What it would have there afterwards.
    pub new: Option<(Content, Tag, Vec<u64>)>,
    /// What it believes to be there.
    pub old: Option<Content>,
    /// The handle it was called with, or that came of it.
    pub handle: Option<u64>,
    /// It had its effect.
    pub done: bool,
    /// By half.
    pub half: bool,
    /// It was refused, or what became of it was not told.
    pub failed: bool,
}

thread_local! {
    static TICKS: Cell<u64> = const { Cell::new(0) };
}

/// Counts what happens in the southbounds of this thread.
pub fn tick() -> u64 {
    TICKS.with(|ticks| {
        ticks.set(ticks.get() + 1);
        ticks.get()
    })
}

/// What a call does to an object.
pub enum Act {
    Create(Content, Tag, Vec<u64>),
    Update(Content, Content, Tag, Vec<u64>, u64),
    Delete(Content, Vec<u64>, u64),
}

impl Act {
    pub fn verb(&self) -> &'static str {
        match self {
            Act::Create(..) => "create",
            Act::Update(..) => "update",
            Act::Delete(..) => "delete",
        }
    }
    /// A call that starts now.
    pub fn call(&self, key: &str) -> Call {
        let (new, old, handle) = match self {
            Act::Create(content, tag, with) => {
                (Some((content.clone(), tag.clone(), with.clone())), None, None)
            }
            Act::Update(old, new, tag, with, handle) => {
                (Some((new.clone(), tag.clone(), with.clone())), Some(old.clone()), Some(*handle))
            }
            Act::Delete(old, _, handle) => (None, Some(old.clone()), Some(*handle)),
        };
        let (verb, key, start, at) = (self.verb(), key.to_owned(), tick(), Instant::now());
        Call { verb, key, start, end: 0, at, new, old, handle, done: false, half: false, failed: false }
    }
}

/// How a call ends.
pub enum End {
    Reply(Result<u64, Failed<u64>>),
    Panic,
}

/// What happens to the link at some call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trip {
    /// The connection breaks.
    Cut,
    /// The connection breaks and is there again at once.
    Flap,
    /// The other side starts anew, without anything.
    Restart,
}
