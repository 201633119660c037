//! What keeps status keys up to date: feeds say what stands where, the publisher writes.

use futures::future::BoxFuture;

/// A key below the agent's prefix with what is to stand there; `None` removes it.
pub type Entry = (String, Option<String>);

/// Tells what status keys should say.
pub trait Feed: Send {
    /// Waits for changes, and returns what the keys should say now. To be called again only after these are written, or
    /// after [`Feed::all`]: what is slow skips what is outdated.
    fn changed(&mut self) -> BoxFuture<'_, Vec<Entry>>;
    /// Waits for changes that cannot be written; [`Feed::all`] will tell.
    fn pass(&mut self) -> BoxFuture<'_, ()>;
    /// All that is known now.
    fn all(&mut self) -> BoxFuture<'_, Vec<Entry>>;
    /// All that was handed out is written.
    fn written(&mut self) {}
    /// The start of keys that are nobody else's. Those that [`Feed::all`] does not list any more are removed, once that
    /// lists all there is.
    fn own(&self) -> Option<&'static str> {
        None
    }
    /// Does [`Feed::all`] list all there is?
    fn is_complete(&self) -> bool {
        true
    }
}
