//! What is known of interfaces at run time: told by whoever follows them, kept by name, and handed on to clients that
//! listen, to stores and to metrics.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use model::proto::ligato::configurator::Notification;
use model::proto::ligato::configurator::notification::Notification as Part;
use model::proto::ligato::vpp;
use model::proto::ligato::vpp::interfaces::interface_notification::NotifType;
use model::proto::ligato::vpp::interfaces::interface_state::{Statistics, Status};
use model::proto::ligato::vpp::interfaces::{InterfaceNotification, InterfaceState};
use tokio::sync::Notify;

use crate::notify::Notifications;

/// Start of the name of an interface that nobody named: the rest is what VPP calls it.
const UNTAGGED: &str = "UNTAGGED-";

/// The states of all interfaces. Clones share them.
#[derive(Clone)]
pub struct Interfaces(Arc<Shared>);

struct Shared {
    news: Notifications,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    states: BTreeMap<String, InterfaceState>,
    /// Names by the number that VPP gave.
    names: HashMap<u32, String>,
    followers: Vec<Weak<Mailbox>>,
    /// Something was told: from then on what is not here is not there.
    told: bool,
}

#[derive(Default)]
struct Mailbox {
    changed: Mutex<BTreeSet<String>>,
    wake: Notify,
}

/// What an interface has counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The number that VPP gave it.
    pub index: u32,
    /// What VPP calls it.
    pub internal_name: String,
    /// What it has counted.
    pub statistics: Statistics,
}

impl Interfaces {
    /// None so far. Clients that listen are told through `news`.
    pub fn new(news: Notifications) -> Interfaces {
        Interfaces(Arc::new(Shared { news, inner: Mutex::default() }))
    }
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Interfaces changed: the kind of news, and the state of now.
    pub fn tell(&self, changes: impl IntoIterator<Item = (NotifType, InterfaceState)>) {
        let mut inner = self.inner();
        inner.told = true;
        let mut names = BTreeSet::new();
        for (kind, mut state) in changes {
            let gone = state.oper_status() == Status::Deleted;
            if kind == NotifType::Updown || gone {
                self.0.news.push(notification(kind, state.clone()));
            }
            names.insert(state.name.clone());
            let last = inner.states.remove(&state.name);
            if let Some(last) = &last
                && inner.names.get(&last.if_index) == Some(&last.name)
            {
                inner.names.remove(&last.if_index);
            }
            if gone {
                continue;
            }
            let same = |last: &InterfaceState| last.internal_name == state.internal_name;
            state.statistics = last.filter(same).and_then(|last| last.statistics);
            inner.names.insert(state.if_index, state.name.clone());
            inner.states.insert(state.name.clone(), state);
        }
        inner.wake(&names);
    }
    /// What interfaces have counted. Those that nobody told of are left out.
    pub fn count(&self, counted: impl IntoIterator<Item = Counted>) {
        let inner = &mut *self.inner();
        let mut names = BTreeSet::new();
        for Counted { index, internal_name, statistics } in counted {
            let state = inner.names.get(&index).and_then(|name| inner.states.get_mut(name));
            let Some(state) = state.filter(|state| state.internal_name == internal_name) else { continue };
            if state.statistics != Some(statistics) {
                state.statistics = Some(statistics);
                names.insert(state.name.clone());
            }
        }
        inner.wake(&names);
    }
    /// All states, by name.
    pub fn all(&self) -> Vec<InterfaceState> {
        self.inner().states.values().cloned().collect()
    }
    /// The name that users gave the interface with this number and this name in VPP; VPP's own if they gave none.
    pub fn name_of(&self, index: u32, internal_name: &str) -> String {
        let inner = self.inner();
        let named = inner.names.get(&index).filter(|name| {
            let same = inner.states.get(*name).is_some_and(|state| state.internal_name == internal_name);
            same && name.strip_prefix(UNTAGGED) != Some(internal_name)
        });
        named.map_or(internal_name, String::as_str).to_owned()
    }
    /// Follows the states from now on.
    pub fn follow(&self) -> Follower {
        let mailbox = Arc::new(Mailbox::default());
        self.inner().followers.push(Arc::downgrade(&mailbox));
        Follower { interfaces: self.clone(), mailbox }
    }
}

impl Inner {
    fn wake(&mut self, names: &BTreeSet<String>) {
        self.followers.retain(|follower| follower.strong_count() > 0);
        for mailbox in self.followers.iter().filter_map(Weak::upgrade) {
            let mut changed = mailbox.changed.lock().unwrap_or_else(PoisonError::into_inner);
            changed.extend(names.iter().cloned());
            mailbox.wake.notify_one();
        }
    }
}

/// Sees the latest state of each interface that changed, however slowly it looks.
pub struct Follower {
    interfaces: Interfaces,
    mailbox: Arc<Mailbox>,
}

impl Follower {
    /// Waits for changes: names, each with its state unless the interface is gone.
    pub async fn changed(&self) -> Vec<(String, Option<InterfaceState>)> {
        loop {
            let woken = self.mailbox.wake.notified();
            let changed = std::mem::take(&mut *self.changed_names());
            if !changed.is_empty() {
                let inner = self.interfaces.inner();
                return changed
                    .into_iter()
                    .map(|name| (name.clone(), inner.states.get(&name).cloned()))
                    .collect();
            }
            woken.await;
        }
    }
    /// All states; what changed until now is part of them. `None` as long as nothing was told.
    pub fn all(&self) -> Option<Vec<InterfaceState>> {
        self.changed_names().clear();
        self.is_told().then(|| self.interfaces.all())
    }
    /// Was anything told so far?
    pub(crate) fn is_told(&self) -> bool {
        self.interfaces.inner().told
    }
    fn changed_names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.mailbox.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn notification(kind: NotifType, state: InterfaceState) -> Notification {
    let interface = InterfaceNotification { r#type: kind.into(), state: Some(state) };
    let vpp = vpp::Notification { interface: Some(interface) };
    Notification { notification: Some(Part::VppNotification(vpp)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn state(name: &str, index: u32, status: Status) -> InterfaceState {
        InterfaceState {
            name: name.into(),
            internal_name: format!("loop{index}"),
            if_index: index,
            admin_status: status.into(),
            oper_status: status.into(),
            ..InterfaceState::default()
        }
    }
    fn counted(index: u32, in_packets: u64) -> Counted {
        let statistics = Statistics { in_packets, ..Statistics::default() };
        Counted { index, internal_name: format!("loop{index}"), statistics }
    }

    #[tokio::test]
    async fn clients_hear_of_states_and_stores_of_everything() {
        let news = Notifications::default();
        let mut listener = news.listen(0, Vec::new());
        let interfaces = Interfaces::new(news);
        let follower = interfaces.follow();
        assert_eq!(follower.all(), None, "nothing is known, not that there is nothing");
        interfaces.tell([
            (NotifType::Updown, state("a", 1, Status::Up)),
            (NotifType::Unknown, state("b", 2, Status::Down)),
        ]);
        interfaces.tell([(NotifType::Unknown, InterfaceState { mtu: 1500, ..state("a", 1, Status::Up) })]);
        interfaces.count([counted(1, 7), counted(3, 9)]);
        interfaces.tell([(NotifType::Unknown, state("b", 2, Status::Deleted))]);
        let names: Vec<_> = [listener.next().await.1, listener.next().await.1]
            .map(|told| {
                let Some(Part::VppNotification(vpp)) = told.notification.clone() else { panic!() };
                let interface = vpp.interface.unwrap();
                (interface.r#type(), interface.state.unwrap().name)
            })
            .into();
        assert_eq!(names, [(NotifType::Updown, "a".to_owned()), (NotifType::Unknown, "b".to_owned())]);
        assert!(listener.next().now_or_never().is_none());

        let changed = follower.changed().await;
        assert_eq!(changed.len(), 2, "{changed:?}");
        let a = changed[0].1.as_ref().unwrap();
        assert_eq!((a.mtu, a.statistics.unwrap().in_packets), (1500, 7));
        assert_eq!(changed[1], ("b".to_owned(), None));
        // The same counters once more are no news.
        interfaces.count([counted(1, 7)]);
        assert!(follower.changed().now_or_never().is_none());
        interfaces.count([counted(1, 8)]);
        assert_eq!(follower.all().unwrap()[0].statistics.unwrap().in_packets, 8);
        assert!(follower.changed().now_or_never().is_none());
    }

    #[test]
    fn numbers_are_those_of_now() {
        let interfaces = Interfaces::new(Notifications::default());
        interfaces.tell([
            (NotifType::Updown, state("a", 1, Status::Up)),
            (NotifType::Updown, state("UNTAGGED-loop0", 0, Status::Up)),
        ]);
        interfaces.count([counted(1, 7)]);
        assert_eq!(interfaces.name_of(1, "loop1"), "a");
        assert_eq!(interfaces.name_of(1, "memif1/0"), "memif1/0", "it is another one by now");
        assert_eq!(interfaces.name_of(0, "loop0"), "loop0", "nobody named it");
        assert_eq!(interfaces.name_of(9, "loop9"), "loop9");
        // Made anew with another number, and its number given to another one.
        interfaces.tell([
            (NotifType::Updown, state("a", 2, Status::Up)),
            (NotifType::Updown, state("b", 1, Status::Up)),
        ]);
        assert_eq!(
            (interfaces.name_of(1, "loop1"), interfaces.name_of(2, "loop2")),
            ("b".into(), "a".into())
        );
        assert!(interfaces.all().iter().all(|state| state.statistics.is_none()), "others had counted these");
    }
}
