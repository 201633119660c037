//! `ligato.configurator.ConfiguratorService`: configuration in one fixed message.

use std::collections::HashSet;
use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt};
use model::config;
use model::proto::ligato::configurator::{
    Config, DeleteRequest, DeleteResponse, DumpRequest, DumpResponse, GetRequest, GetResponse, NotifyRequest,
    NotifyResponse, UpdateRequest, UpdateResponse,
};
use model::value::Value;
use sched::{BaseStatus, Retry, Scheduler, Select, State, View};
use tokio::sync::watch;
use tonic::{Code, Request, Response, Status};

use super::stubs::configurator::configurator_service_server::ConfiguratorService;
use super::{Bad, apply, closed, details, faults, nameless, reasons, refuse_duplicates, seqnum, source_of};
use crate::intake::{Batch, Intake, Outcome};
use crate::merge::Item;
use crate::notify::Notifications;

pub struct Configurator {
    pub intake: Intake,
    pub news: Notifications,
    /// Its sender is gone when the door closes.
    pub closing: watch::Receiver<()>,
}

#[tonic::async_trait]
impl ConfiguratorService for Configurator {
    type NotifyStream = BoxStream<'static, Result<NotifyResponse, Status>>;

    async fn get(&self, _request: Request<GetRequest>) -> Result<Response<GetResponse>, Status> {
        let items = self.intake.scheduler().values(View::Nb, Select::All).await;
        let config = config::from_items(items.iter().map(|item| &*item.value));
        Ok(Response::new(GetResponse { config: Some(config) }))
    }

    async fn update(&self, request: Request<UpdateRequest>) -> Result<Response<UpdateResponse>, Status> {
        let source = source_of(request.metadata());
        let UpdateRequest { update, full_resync, wait_done } = request.into_inner();
        let batch = Batch { replace: full_resync, resync: full_resync, ..Batch::default() };
        let outcome = self.change(source, update, Item::put, batch, wait_done).await?;
        Ok(answer(UpdateResponse {}, &outcome))
    }

    async fn delete(&self, request: Request<DeleteRequest>) -> Result<Response<DeleteResponse>, Status> {
        let source = source_of(request.metadata());
        let DeleteRequest { delete, wait_done } = request.into_inner();
        let item = |value: Arc<dyn Value>| Item::delete(value.key());
        let outcome = self.change(source, delete, item, Batch::default(), wait_done).await?;
        Ok(answer(DeleteResponse {}, &outcome))
    }

    async fn dump(&self, _request: Request<DumpRequest>) -> Result<Response<DumpResponse>, Status> {
        Err(Status::unimplemented(
            "Dump is not implemented yet; use DumpState of ligato.generic.ManagerService, or REST below /dump/",
        ))
    }

    async fn notify(&self, request: Request<NotifyRequest>) -> Result<Response<Self::NotifyStream>, Status> {
        let NotifyRequest { idx, filters } = request.into_inner();
        let open = Some((self.news.listen(idx, filters), self.closing.clone()));
        let stream = stream::unfold(open, |open| async {
            let (mut listener, mut closing) = open?;
            tokio::select! {
                (number, news) = listener.next() => {
                    let notification = Some(Arc::unwrap_or_clone(news));
                    let response = NotifyResponse { next_idx: number as u32, notification };
                    Some((Ok(response), Some((listener, closing))))
                }
                _ = closing.changed() => Some((Err(closed()), None)),
            }
        });
        Ok(Response::new(stream.boxed()))
    }
}

impl Configurator {
    async fn change(
        &self,
        source: crate::merge::Source,
        config: Option<Config>,
        item: impl Fn(Arc<dyn Value>) -> Item,
        batch: Batch,
        wait_done: bool,
    ) -> Result<Outcome, Status> {
        let values = config::into_items(config.unwrap_or_default());
        let mut items: Vec<Item> = values.into_iter().map(item).collect();
        let mut bad = Vec::new();
        items.retain(|item| {
            let keyed = !nameless(&item.key);
            if !keyed {
                let key = item.key.to_string();
                let text = format!("a value has the key {key} without a name; set the fields that name it");
                bad.push(Bad { key, text });
            }
            keyed
        });
        refuse_duplicates(&items)?;
        // What has no name could be anything, so nothing is removed for its sake.
        let replace = batch.replace && bad.is_empty();
        let retry = Some(Retry::default());
        let batch = Batch { items, replace, retry, statuses: wait_done, ..batch };
        let outcome = apply(&self.intake, source, batch, &bad).await?;
        if !bad.is_empty() {
            let text = format!("{}; everything else was applied", reasons(&bad));
            return Err(details::status(Code::InvalidArgument, text, faults(&bad), seqnum(&outcome)));
        }
        let pending = outcome.statuses.iter().filter(|status| wait_done && is_pending(status));
        let pending: HashSet<_> = pending.map(|status| Arc::clone(&status.value.key)).collect();
        let mut closing = self.closing.clone();
        tokio::select! {
            () = until_none_is_pending(self.intake.scheduler(), pending) => Ok(outcome),
            _ = closing.changed() => Err(closed()),
        }
    }
}

fn answer<T>(message: T, outcome: &Outcome) -> Response<T> {
    let mut response = Response::new(message);
    *response.metadata_mut() = seqnum(outcome);
    response
}

fn is_pending(status: &BaseStatus) -> bool {
    status.value.state == State::Pending
}

/// Waits until the scheduler says that none of the keys is pending any more. The caller's deadline ends the wait.
async fn until_none_is_pending(scheduler: &Scheduler, mut pending: HashSet<Arc<str>>) {
    /// With more keys it is cheaper to hear of all changes than to have each compared with the list.
    const LISTED: usize = 16;
    if pending.is_empty() {
        return;
    }
    let keys: Vec<_> = pending.iter().cloned().collect();
    let heard = if keys.len() <= LISTED { Select::Keys(keys.clone()) } else { Select::All };
    // Followed before asking, so that no change falls between the two.
    let watch = scheduler.watch(heard);
    let known = scheduler.statuses(Select::Keys(keys)).await;
    let known = known.into_iter().filter(is_pending).map(|status| status.value.key);
    pending = known.collect();
    while !pending.is_empty() {
        for status in watch.next().await {
            if !is_pending(&status) {
                pending.remove(&status.value.key);
            }
        }
    }
}
