//! The scheduler's task: takes one thing after the other, and answers readers in between.

use crate::contract::registry::{Kind, Registry, RegistryError};
use crate::contract::txn::{Report, Txn};
use crate::doing::core::{Core, Query, SouthboundState};
use crate::doing::drift::Drift;
use crate::doing::notice::Notices;
use crate::doing::retry::RetryJob;
use crate::planning::preview::Preview;
use crate::scheduler::{Descriptors, Health};
use crate::telling::history::TxnKind;
use std::sync::{Arc, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

/// What is asked of the task.
pub(crate) enum Command {
    Commit(Txn, Option<oneshot::Sender<Report>>, std::time::Instant),
    Plan(Txn, oneshot::Sender<Preview>),
    Register(Registration, oneshot::Sender<Result<(), RegistryError>>),
    Check(oneshot::Sender<Drift>),
    Barrier(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// Adds descriptors while the scheduler runs.
pub(crate) type Registration = Box<dyn FnOnce(&mut Registry) -> Result<(), RegistryError> + Send>;

pub(crate) struct Task {
    pub core: Core,
    pub commands: mpsc::Receiver<Command>,
    pub notices: Arc<Notices>,
    pub queries: mpsc::UnboundedReceiver<Query>,
    pub descriptors: Descriptors,
    pub health: watch::Sender<Health>,
}

impl Task {
    pub async fn run(mut self) {
        loop {
            self.report_health();
            let timer = self.next_timer();
            let links = any_link(&mut self.core.southbounds);
            let event = tokio::select! {
                biased;
                Some(query) = self.queries.recv() => Event::Query(query),
                index = links => Event::Link(index),
                () = self.notices.wake.notified() => Event::Notices,
                () = sleep_until(timer) => Event::Timer,
                command = self.commands.recv() => match command {
                    Some(command) => Event::Command(command),
                    None => return,
                },
            };
            if let Event::Command(Command::Stop(reply)) = event {
                let _ = reply.send(()); // whoever asked may have gone
                return;
            }
            self.handle(event).await;
        }
    }
    fn next_timer(&self) -> Option<Instant> {
        if self.core.stopping() {
            return None;
        }
        let retries = self.core.retries.iter().map(|job| job.at).chain(self.core.next_check);
        retries.chain(self.core.southbounds.iter().filter_map(|southbound| southbound.again)).min()
    }
    async fn handle(&mut self, event: Event) {
        match event {
            Event::Query(query) => query(&self.core),
            // Nothing is begun any more.
            Event::Link(_) | Event::Timer | Event::Notices if self.core.stopping() => {}
            Event::Command(_) if self.core.stopping() => {}
            Event::Notices => {
                if let Some(waited) = self.notices.waited() {
                    self.core.counters.waited(TxnKind::SbNotification, waited);
                }
                self.core.notice(self.notices.take(), &mut self.queries).await;
            }
            Event::Link(index) => self.core.follow(index, &mut self.queries).await,
            Event::Timer => {
                let now = Instant::now();
                for index in 0..self.core.southbounds.len() {
                    if self.core.southbounds[index].again.is_some_and(|at| at <= now) {
                        self.core.follow(index, &mut self.queries).await;
                    }
                }
                let (due, later): (Vec<RetryJob>, _) =
                    std::mem::take(&mut self.core.retries).into_iter().partition(|job| job.at <= now);
                self.core.retries = later;
                for job in due {
                    self.core.counters.waited(TxnKind::RetryFailedOps, job.at.elapsed());
                    self.core.retry(job, &mut self.queries).await;
                }
                if self.core.next_check.is_some_and(|at| at <= now) {
                    self.core.check_in_time(&mut self.queries).await;
                }
            }
            Event::Command(Command::Commit(txn, reply, since)) => {
                self.core.counters.waited(TxnKind::NbTransaction, since.elapsed());
                let report = self.core.commit(txn, &mut self.queries).await;
                self.report_health();
                if let Some(reply) = reply {
                    let _ = reply.send(report); // the caller may have given up waiting; the work is done all the same
                }
            }
            Event::Command(Command::Check(reply)) => {
                let drift = self.core.check(&mut self.queries).await;
                let _ = reply.send(drift); // mended all the same
            }
            Event::Command(Command::Plan(txn, reply)) => {
                let _ = reply.send(self.core.preview(txn)); // a reader that went away needs no answer
            }
            Event::Command(Command::Register(add, reply)) => {
                let result = self.register(add).await;
                let _ = reply.send(result); // registered all the same
            }
            Event::Command(Command::Barrier(reply) | Command::Stop(reply)) => {
                let _ = reply.send(()); // whoever asked may have gone
            }
        }
    }
    async fn register(&mut self, add: Registration) -> Result<(), RegistryError> {
        let mut registry = (*self.core.registry).clone();
        add(&mut registry)?;
        let core = &mut self.core;
        let new = core.registry.kinds().count()..registry.kinds().count();
        let southbounds = registry.southbounds().iter().skip(core.southbounds.len());
        core.southbounds.extend(southbounds.map(SouthboundState::new));
        core.registry = Arc::new(registry);
        for kind in new {
            core.blocked.push(None);
            core.looks.push(0);
            core.lacking.push(None);
            core.missing.push(Vec::new());
            core.introduce(kind as Kind);
        }
        *self.descriptors.write().unwrap_or_else(PoisonError::into_inner) =
            core.registry.descriptors().into();
        core.implement(&mut self.queries).await;
        Ok(())
    }
    fn report_health(&self) {
        let named = self.core.registry.southbounds().iter().zip(&self.core.southbounds);
        let named = named.filter(|(southbound, _)| southbound.can_be_away());
        let southbounds =
            named.map(|(southbound, state)| (southbound.name(), state.link.borrow().down.clone()));
        let health = Health {
            southbounds: southbounds.collect(),
            compared: self.core.southbounds.iter().all(|state| state.once),
            complete: self.core.complete,
        };
        self.health.send_if_modified(|old| {
            let changed = *old != health;
            *old = health;
            changed
        });
    }
}

enum Event {
    Query(Query),
    Link(usize),
    Notices,
    Timer,
    Command(Command),
}

/// The first southbound whose link changes.
async fn any_link(southbounds: &mut [SouthboundState]) -> usize {
    let changes = southbounds.iter_mut().map(|southbound| {
        Box::pin(async {
            if southbound.link.changed().await.is_err() {
                std::future::pending::<()>().await; // it cannot change any more
            }
        })
    });
    let changes: Vec<_> = changes.collect();
    if changes.is_empty() {
        return std::future::pending().await;
    }
    futures::future::select_all(changes).await.1
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
