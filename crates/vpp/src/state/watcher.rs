//! The task that listens and reads.

use super::Change;
use super::known::{Known, News};
use crate::Vpp;
use crate::interface::link_state::{self, LinkState, LinkStates};
use binapi::interface::{SwInterfaceDetails, SwInterfaceDump, SwInterfaceEvent, WantInterfaceEvents};
use futures::FutureExt;
use futures::future::try_join_all;
use model::proto::ligato::vpp::interfaces::Interface;
use model::value::Model;
use sched::{BaseStatus, Notice as Report, Scheduler, Select, Southbound, StatusWatch, View};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;
use tokio::time::Instant;
use vpp_client::{Error, Events, Notice};

/// With more interfaces to be read, all are read by one request.
const FEW: usize = 64;
/// Reading takes at most this part of the time, so that a flood of events is read in few large portions.
const SHARE: u32 = 10;
/// Pause after a reading that failed.
const AGAIN: Duration = Duration::from_millis(500);
/// Pause until it is seen whether the scheduler has admitted a new connection, which it does at once.
const ADMITTED: Duration = Duration::from_millis(10);
/// VPP's answer to somebody who is told already.
const ALREADY: i32 = -31;

pub(super) struct Watcher {
    vpp: Vpp,
    scheduler: Scheduler,
    events: Events<SwInterfaceEvent>,
    names: StatusWatch,
    link: watch::Receiver<sched::Link>,
    tell: Box<dyn Fn(Vec<Change>) + Send>,
    known: Known,
    /// The life of VPP that the known numbers belong to.
    life: u64,
    /// The connection on which VPP was asked for events.
    asked: u64,
    /// Interfaces to be read.
    unread: BTreeSet<u32>,
    /// All are to be read.
    all: bool,
    /// When there may be a reading.
    next: Instant,
    /// Why reading failed last.
    complaint: String,
}

/// What wakes the task.
enum Wake {
    Event(Option<Notice<SwInterfaceEvent>>),
    Names(Vec<BaseStatus>),
    Link(bool),
    Read,
}

impl Watcher {
    pub fn new(
        vpp: Vpp,
        scheduler: Scheduler,
        events: Events<SwInterfaceEvent>,
        names: StatusWatch,
        tell: Box<dyn Fn(Vec<Change>) + Send>,
    ) -> Self {
        let link = vpp.link();
        Watcher {
            vpp,
            scheduler,
            events,
            names,
            link,
            tell,
            known: Known::default(),
            life: 0,
            asked: 0,
            unread: BTreeSet::new(),
            all: false,
            next: Instant::now(),
            complaint: String::new(),
        }
    }

    pub async fn run(mut self) {
        loop {
            let due = (self.all || !self.unread.is_empty()) && self.link.borrow().down.is_none();
            let wake = tokio::select! {
                biased;
                changed = self.link.changed() => Wake::Link(changed.is_ok()),
                notice = self.events.recv() => Wake::Event(notice),
                names = self.names.next() => Wake::Names(names),
                () = tokio::time::sleep_until(self.next), if due => Wake::Read,
            };
            match wake {
                Wake::Link(false) | Wake::Event(None) => return,
                Wake::Link(true) => self.new_connection().await,
                Wake::Event(Some(notice)) => self.note(notice),
                Wake::Names(statuses) => self.rename(&statuses).await,
                Wake::Read => self.read().await,
            }
            while let Some(Some(notice)) = self.events.recv().now_or_never() {
                self.note(notice);
            }
            self.publish();
        }
    }

    fn note(&mut self, notice: Notice<SwInterfaceEvent>) {
        match notice {
            Notice::Missed => self.all = true,
            Notice::Event(event) => {
                if event.deleted {
                    self.known.gone(event.sw_if_index);
                }
                // Also one that is gone: its number may be another one's by now.
                self.unread.insert(event.sw_if_index);
            }
        }
    }

    async fn new_connection(&mut self) {
        let link = self.link.borrow_and_update().clone();
        if link.down.is_some() || link.generation == self.asked {
            return;
        }
        if std::mem::replace(&mut self.life, link.instance) != link.instance {
            self.known.forget();
            let all =
                Select::Descriptor(<crate::interface::Interfaces as sched::Descriptor>::NAME.to_owned());
            self.take_names(all).await;
        }
        (self.all, self.next) = (true, Instant::now());
    }

    /// Something happened to these interfaces in the scheduler.
    async fn rename(&mut self, statuses: &[BaseStatus]) {
        let keys: Vec<Arc<str>> = statuses.iter().map(|status| status.value.key.clone()).collect();
        let present = self.take_names(Select::Keys(keys.clone())).await;
        let gone = keys.iter().filter(|key| !present.contains(*key));
        for name in gone.filter_map(|key| key.strip_prefix(Interface::PREFIX)) {
            self.known.unname(name);
        }
    }

    /// Asks the scheduler for the numbers of interfaces; returns the keys of those that are there.
    async fn take_names(&mut self, select: Select) -> HashSet<Arc<str>> {
        let mut keys = HashSet::new();
        for item in self.scheduler.values(View::Cached, select).await {
            let number = item.metadata["SwIfIndex"].as_u64().and_then(|number| u32::try_from(number).ok());
            if let (Some(number), Some(name)) = (number, item.key.strip_prefix(Interface::PREFIX)) {
                self.known.name(name, number);
                self.unread.insert(number);
                keys.insert(item.key);
            }
        }
        keys
    }

    /// Reads what is to be read. What happens meanwhile is for the next time.
    async fn read(&mut self) {
        let began = Instant::now();
        let unread = std::mem::take(&mut self.unread);
        // A request for number 0 stands for all.
        let all = std::mem::take(&mut self.all)
            || unread.len() > FEW.min(self.known.count())
            || unread.contains(&0);
        let outcome = if all { self.read_all().await } else { self.read_some(&unread).await };
        let pause = match outcome {
            Ok(()) => {
                self.complaint.clear();
                began.elapsed() * (SHARE - 1)
            }
            Err(error) => {
                let admitted = !matches!(error, Error::Disconnected { sent: false, .. });
                let reason = error.to_string();
                if admitted && reason != self.complaint {
                    tracing::warn!("the state of interfaces cannot be read: {reason}; it is tried again");
                    self.complaint = reason;
                }
                self.all |= all;
                self.unread.extend(unread);
                if admitted { AGAIN } else { ADMITTED }
            }
        };
        self.next = Instant::now() + pause;
    }

    async fn read_all(&mut self) -> Result<(), Error> {
        let client = self.vpp.client();
        let generation = self.link.borrow().generation;
        // Asked for before the reading, so that nothing falls between the two.
        let wanted = (self.asked != generation)
            .then(|| client.call(WantInterfaceEvents { enable_disable: 1, pid: std::process::id() }));
        let all = client.dump(SwInterfaceDump { sw_if_index: u32::MAX, ..SwInterfaceDump::default() });
        if let Some(wanted) = wanted {
            match wanted.await {
                Err(error) if error.retval() != Some(ALREADY) => return Err(error),
                _ => self.asked = generation,
            }
        }
        self.known.saw_all(all.await?);
        Ok(())
    }

    async fn read_some(&mut self, numbers: &BTreeSet<u32>) -> Result<(), Error> {
        let client = self.vpp.client();
        let one =
            |&sw_if_index: &u32| client.dump(SwInterfaceDump { sw_if_index, ..SwInterfaceDump::default() });
        let answers: Vec<Vec<SwInterfaceDetails>> = try_join_all(numbers.iter().map(one)).await?;
        for (answer, number) in answers.into_iter().zip(numbers) {
            match answer.into_iter().find(|details| details.sw_if_index == *number) {
                Some(details) => self.known.saw(details),
                None => self.known.gone(*number),
            }
        }
        Ok(())
    }

    /// Tells what changed.
    fn publish(&mut self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
        let News { changes, links } = self.known.news(now);
        if !links.is_empty() {
            self.scheduler.notify(links.iter().flat_map(|(name, up)| reports(name, *up)).collect());
        }
        if !changes.is_empty() {
            (self.tell)(changes);
        }
    }
}

/// What the scheduler is to know of a link: the one state is there, the other is not.
fn reports(interface: &str, link: Option<bool>) -> [Report; 2] {
    [true, false].map(|up| match link == Some(up) {
        true => Report::present::<LinkStates>(LinkState { interface: interface.to_owned(), up }, ()),
        false => Report::absent::<LinkState>(&link_state::name(interface, up)),
    })
}
