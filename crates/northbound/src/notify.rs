//! News for clients that listen: a ring of the latest, which each listener reads at its own pace.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use model::proto::ligato::configurator::Notification;
use prost::Message;
use tokio::sync::watch;

/// News that are kept.
const KEPT: usize = 10_000;
/// News that a listener takes at a time, so that nobody waits long for the ring.
const PORTION: usize = 256;

/// The ring. Clones share it.
#[derive(Clone)]
pub struct Notifications(Arc<Shared>);

struct Shared {
    ring: Mutex<Ring>,
    /// How many news there were; wakes the listeners.
    count: watch::Sender<u64>,
}

struct Ring {
    latest: VecDeque<Arc<Notification>>,
    /// Number of the first one that is kept, from 0.
    first: u64,
    most: usize,
}

impl Default for Notifications {
    fn default() -> Self {
        Notifications::keeping(KEPT)
    }
}

impl Notifications {
    fn keeping(most: usize) -> Self {
        let ring = Ring { latest: VecDeque::new(), first: 0, most };
        Notifications(Arc::new(Shared { ring: Mutex::new(ring), count: watch::channel(0).0 }))
    }

    /// Tells all listeners. Never waits for one: who reads too slowly goes on with the oldest news that is kept, and sees
    /// by the numbers that some are missing.
    pub fn push(&self, news: Notification) {
        let mut ring = self.0.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.latest.len() == ring.most {
            ring.latest.pop_front();
            ring.first += 1;
        }
        ring.latest.push_back(Arc::new(news));
        self.0.count.send_replace(ring.first + ring.latest.len() as u64);
    }

    /// Listens: first to the news from number `from` on, then to all that come. A number that is not kept, be it too old
    /// or from before a restart, stands for the oldest.
    pub fn listen(&self, from: u32, filters: Vec<Notification>) -> Listener {
        let ring = self.0.ring.lock().unwrap_or_else(PoisonError::into_inner);
        // On the wire numbers have 32 bits, and start anew at 0.
        let next = ring.first + ring.latest.len() as u64;
        let behind = u64::from((next as u32).wrapping_sub(from));
        let cursor = if behind <= ring.latest.len() as u64 { next - behind } else { ring.first };
        let filters = filters.iter().map(Message::encode_to_vec).collect();
        let count = self.0.count.subscribe();
        Listener { shared: Arc::clone(&self.0), count, cursor, filters, taken: VecDeque::new() }
    }
}

/// Somebody who listens.
pub struct Listener {
    shared: Arc<Shared>,
    count: watch::Receiver<u64>,
    /// Number of the next news to take from the ring.
    cursor: u64,
    /// Encoded: what is set in one of them must be the same in the news. None: everything fits.
    filters: Vec<Vec<u8>>,
    /// Taken from the ring and not looked at yet, with their numbers.
    taken: VecDeque<(u64, Arc<Notification>)>,
}

impl Listener {
    /// The next news that fits, with its number from 1; waits for it.
    pub async fn next(&mut self) -> (u64, Arc<Notification>) {
        let mut searched = 0;
        loop {
            while let Some((number, news)) = self.taken.pop_front() {
                if self.filters.is_empty() || self.filters.iter().any(|filter| fits(&news, filter)) {
                    return (number + 1, news);
                }
            }
            // Before looking, so that what comes meanwhile is not slept through.
            self.count.mark_unchanged();
            self.take();
            if self.taken.is_empty() {
                // The sender lives as long as this listener.
                let _ = self.count.changed().await;
            } else if searched > 0 {
                tokio::task::yield_now().await; // a long ring in which nothing fits must not hold up others
            }
            searched += 1;
        }
    }

    fn take(&mut self) {
        let ring = self.shared.ring.lock().unwrap_or_else(PoisonError::into_inner);
        self.cursor = self.cursor.max(ring.first);
        let skipped = (self.cursor - ring.first) as usize;
        let portion = ring.latest.iter().skip(skipped).take(PORTION);
        self.taken.extend((self.cursor..).zip(portion.cloned()));
        self.cursor += self.taken.len() as u64;
    }
}

/// Whether what is set in the filter is the same in the news: laid over them, it changes nothing.
fn fits(news: &Notification, filter: &[u8]) -> bool {
    let mut laid_over = news.clone();
    laid_over.merge(filter).is_ok() && laid_over == *news
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use model::proto::ligato::configurator::notification::Notification as Part;
    use model::proto::ligato::vpp;
    use model::proto::ligato::vpp::interfaces::interface_notification::NotifType;
    use model::proto::ligato::vpp::interfaces::{InterfaceNotification, InterfaceState};

    use super::*;

    fn news(name: &str, index: u32) -> Notification {
        let state = InterfaceState { name: name.into(), if_index: index, ..InterfaceState::default() };
        let interface = InterfaceNotification { r#type: NotifType::Updown as i32, state: Some(state) };
        let vpp = vpp::Notification { interface: Some(interface) };
        Notification { notification: Some(Part::VppNotification(vpp)) }
    }

    /// Numbers of all that can be had at once.
    fn ready(listener: &mut Listener) -> Vec<u64> {
        std::iter::from_fn(|| {
            // Who searches long rests in between.
            (0..100).find_map(|_| listener.next().now_or_never()).map(|(number, _)| number)
        })
        .collect()
    }

    fn full(most: usize, pushed: u32) -> Notifications {
        let ring = Notifications::keeping(most);
        (0..pushed).for_each(|n| ring.push(news("loop1", n)));
        ring
    }

    #[test]
    fn replay_then_live_without_gap_or_duplicate() {
        let ring = full(10, 3);
        let mut listener = ring.listen(0, Vec::new());
        assert_eq!(listener.next().now_or_never().map(|(number, _)| number), Some(1));
        ring.push(news("loop1", 3));
        assert_eq!(ready(&mut listener), [2, 3, 4]);
        ring.push(news("loop1", 4));
        assert_eq!(ready(&mut listener), [5]);
        // Where it was interrupted, it goes on.
        assert_eq!(ready(&mut ring.listen(4, Vec::new())), [5]);
        assert_eq!(ready(&mut ring.listen(5, Vec::new())), [0; 0]);
    }

    #[test]
    fn what_is_not_kept_starts_with_the_oldest() {
        let ring = full(10, 25);
        let all: Vec<u64> = (16..=25).collect();
        assert_eq!(ready(&mut ring.listen(0, Vec::new())), all);
        assert_eq!(ready(&mut ring.listen(14, Vec::new())), all);
        assert_eq!(ready(&mut ring.listen(15, Vec::new())), all);
        assert_eq!(ready(&mut ring.listen(23, Vec::new())), [24, 25]);
        assert_eq!(ready(&mut ring.listen(1000, Vec::new())), all, "numbers of an earlier life");
    }

    #[test]
    fn who_falls_behind_sees_the_gap() {
        let ring = full(10, 5);
        let mut listener = ring.listen(0, Vec::new());
        assert_eq!(listener.next().now_or_never().map(|(number, _)| number), Some(1));
        (0..100).for_each(|n| ring.push(news("loop1", n)));
        let told = ready(&mut listener);
        // What he had taken already, then the oldest that is kept.
        assert_eq!(told, [2, 3, 4, 5].into_iter().chain(96..=105).collect::<Vec<_>>());
    }

    #[test]
    fn numbers_pass_the_end_of_32_bits() {
        let ring = full(10, 10);
        ring.0.ring.lock().unwrap().first = u64::from(u32::MAX) - 4;
        let start = u64::from(u32::MAX) - 4;
        let told = ready(&mut ring.listen(u32::MAX - 1, Vec::new()));
        assert_eq!(told, (start + 4..=start + 10).collect::<Vec<_>>());
        assert_eq!(ready(&mut ring.listen(2, Vec::new())), (start + 8..=start + 10).collect::<Vec<_>>());
    }

    #[test]
    fn filters_are_parts_of_what_they_let_through() {
        let ring = Notifications::default();
        for n in 0..1000 {
            ring.push(news(["loop1", "loop2", "loop3"][n % 3], n as u32));
        }
        let of = |filters: Vec<Notification>| ready(&mut ring.listen(0, filters)).len();
        let unset = |part| Notification { notification: Some(part) };
        assert_eq!(of(vec![Notification::default()]), 1000);
        assert_eq!(of(vec![unset(Part::VppNotification(vpp::Notification::default()))]), 1000);
        assert_eq!(of(vec![unset(Part::LinuxNotification(Default::default()))]), 0);
        let named = |name: &str| {
            let state = InterfaceState { name: name.into(), ..InterfaceState::default() };
            let interface = InterfaceNotification { state: Some(state), ..InterfaceNotification::default() };
            unset(Part::VppNotification(vpp::Notification { interface: Some(interface) }))
        };
        assert_eq!(of(vec![named("loop1")]), 334);
        assert_eq!(of(vec![named("loop1"), named("loop2")]), 667, "one of them is enough");
        assert_eq!(of(vec![news("loop1", 1)]), 0, "all of a filter must fit");
        assert_eq!(of(vec![news("loop2", 1)]), 1);
    }

    #[tokio::test]
    async fn listeners_are_woken_at_once() {
        let ring = Notifications::default();
        let waiting: Vec<_> = (0..10)
            .map(|_| {
                let mut listener = ring.listen(0, Vec::new());
                tokio::spawn(async move {
                    let mut numbers = Vec::new();
                    while numbers.len() < 1000 {
                        numbers.push(listener.next().await.0);
                    }
                    numbers
                })
            })
            .collect();
        let pushing = ring.clone();
        let pusher = std::thread::spawn(move || (0..1000).for_each(|n| pushing.push(news("loop1", n))));
        for listener in waiting {
            assert_eq!(listener.await.unwrap(), (1..=1000).collect::<Vec<u64>>());
        }
        pusher.join().unwrap();
    }
}
