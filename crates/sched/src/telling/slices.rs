//! Answers about very many keys, in slices: between two of them the scheduler goes on with its work.
//!
//! A slice is some nodes in the order in which they lie in memory. A key stays at its node as long as it is known, so
//! what is there all the time is told exactly once, with its parts, as it was when its slice was told.

use crate::doing::core::Core;
use crate::scheduler::Scheduler;
use crate::state::graph::NodeId;
use crate::telling::stats::Read;
use crate::telling::view::{Reader, Select};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Nodes, or keys that somebody asked for, that are looked at in one slice.
const SLICE: usize = 4096;

/// The nodes of one slice, and where the next one begins.
pub(crate) struct Slice {
    pub nodes: Range<usize>,
    pub next: Option<usize>,
}

impl Core {
    /// The slice that begins here.
    pub fn slice(&self, from: usize) -> Slice {
        slice(from, self.graph.nodes.len())
    }
}

fn slice(from: usize, len: usize) -> Slice {
    let end = from.saturating_add(SLICE).min(len);
    Slice { nodes: from.min(end)..end, next: (end < len).then_some(end) }
}

impl Reader<'_> {
    /// The selected base nodes of a slice.
    fn selected(&self, select: &Select, from: usize) -> (Vec<NodeId>, Option<usize>) {
        let (mut nodes, next): (Vec<NodeId>, _) = match select {
            Select::Key(key) => (self.graph.find(key).into_iter().collect(), None),
            Select::Keys(keys) => {
                let slice = slice(from, keys.len());
                let keys = keys.get(slice.nodes).unwrap_or_default();
                (keys.iter().filter_map(|key| self.graph.find(key)).collect(), slice.next)
            }
            _ => {
                let slice = slice(from, self.graph.nodes.len());
                let fits = |n: &NodeId| {
                    let node = self.graph.node(*n);
                    node.is_base() && select.matches(&node.key, self.descriptor(*n))
                };
                (slice.nodes.map(|n| n as NodeId).filter(fits).collect(), slice.next)
            }
        };
        nodes.retain(|&n| self.graph.node(n).known());
        (nodes, next)
    }
}

impl Scheduler {
    /// What `tell` says about each selected base node, in the order of `key`. At shutdown nothing is known.
    pub(crate) async fn tell<T: Send + 'static>(
        &self,
        read: Read,
        select: &Select,
        tell: impl Fn(&Reader<'_>, NodeId) -> Option<T> + Clone + Send + 'static,
        key: fn(&T) -> &Arc<str>,
    ) -> Vec<T> {
        let select = Arc::new(select.clone());
        let slice = move |core: &Core, from: usize| {
            let reader = core.reader();
            let (nodes, next) = reader.selected(&select, from);
            (nodes.into_iter().filter_map(|n| tell(&reader, n)).collect(), next)
        };
        let mut told = self.read_in_slices(read, slice).await;
        told.sort_by(|a, b| key(a).cmp(key(b))); // stable
        keep_later(&mut told, |a, b| key(a) == key(b));
        told
    }
    /// All slices, one question each, counted as one reading. At shutdown nothing is known.
    pub(crate) async fn read_in_slices<T: Send + 'static>(
        &self,
        read: Read,
        slice: impl Fn(&Core, usize) -> (Vec<T>, Option<usize>) + Clone + Send + 'static,
    ) -> Vec<T> {
        let mut took = Duration::ZERO;
        let timed = move |core: &Core, from: usize| {
            let began = std::time::Instant::now();
            let (told, next) = slice(core, from);
            ((told, began.elapsed()), next)
        };
        let mut all = Vec::new();
        let take = |(told, time): (Vec<T>, Duration)| {
            took += time;
            all.extend(told);
        };
        if self.in_slices(timed, take).await.is_none() {
            return Vec::new();
        }
        self.count(read, took);
        all
    }
    /// All slices, one question each; `None` at shutdown.
    pub(crate) async fn in_slices<T: Send + 'static>(
        &self,
        slice: impl Fn(&Core, usize) -> (T, Option<usize>) + Clone + Send + 'static,
        mut take: impl FnMut(T),
    ) -> Option<()> {
        let mut from = 0;
        loop {
            let slice = slice.clone();
            let (told, next) = self.ask(move |core| slice(core, from)).await?;
            take(told);
            match next {
                Some(next) => from = next,
                None => return Some(()),
            }
        }
    }
}

/// Of neighbours that are the same the later stays: it was told later, after the first was forgotten.
pub(crate) fn keep_later<T>(told: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    told.dedup_by(|later, earlier| {
        let same = same(later, earlier);
        if same {
            std::mem::swap(later, earlier);
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_lie_side_by_side_and_end() {
        let (mut from, mut seen) = (0, Vec::new());
        loop {
            let Slice { nodes, next } = slice(from, 2 * SLICE + 1);
            seen.extend(nodes);
            match next {
                Some(next) => from = next,
                None => break,
            }
        }
        assert!(seen.into_iter().eq(0..2 * SLICE + 1));
        assert_eq!(slice(0, 0).nodes, 0..0);
        // There were more when the slice before was told.
        assert_eq!((slice(SLICE, 7).nodes.len(), slice(SLICE, 7).next), (0, None));
    }

    #[test]
    fn of_what_was_told_twice_the_later_stays() {
        let mut told = vec![("a", 1), ("b", 1), ("b", 2), ("b", 3), ("c", 1)];
        keep_later(&mut told, |a, b| a.0 == b.0);
        assert_eq!(told, [("a", 1), ("b", 3), ("c", 1)]);
    }
}
