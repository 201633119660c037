//! List, watch, resume.

use std::time::Duration;

use futures::{FutureExt, StreamExt};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use super::client::{Client, Dialer, end_of};
use super::proto::etcdserverpb::{
    RangeRequest, WatchCreateRequest, WatchRequest, WatchResponse, watch_request,
};
use super::proto::mvccpb::event::EventType;
use super::{Config, Connection, decode, source};
use crate::intake::{Batch, Intake};
use crate::merge::Item;

/// Keys per page of a list.
const PAGE: i64 = 1000;
/// First pause after a failure; doubles up to `reconnect-interval`.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Keeps what stands in etcd in force.
pub struct Follower {
    config: Config,
    dialer: Dialer,
    /// `/vnf-agent/<label>/`.
    prefix: String,
    intake: Intake,
    told: watch::Sender<Connection>,
    clients: watch::Sender<Option<Client>>,
    /// Where the watch goes on; `None` if everything has to be listed.
    at: Option<Position>,
}

#[derive(Clone, Copy)]
struct Position {
    revision: i64,
    cluster: u64,
}

/// Why following stopped.
enum Stop {
    /// The agent shuts down.
    Closed,
    /// The revision to go on from is not kept, or this is another etcd: list again.
    Forgotten(String),
    /// Connect again.
    Broken(String),
}

impl From<Status> for Stop {
    fn from(status: Status) -> Self {
        if status.code() == Code::OutOfRange {
            return Stop::Forgotten(status.message().to_owned());
        }
        let words = if status.message().is_empty() { status.code().description() } else { status.message() };
        Stop::Broken(format!("etcd: {words}"))
    }
}

impl Follower {
    pub fn new(
        config: Config,
        dialer: Dialer,
        prefix: String,
        intake: Intake,
        told: watch::Sender<Connection>,
        clients: watch::Sender<Option<Client>>,
    ) -> Self {
        Follower { config, dialer, prefix, intake, told, clients, at: None }
    }

    pub async fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let reason = match self.dialer.dial().await {
                Ok(mut client) => match self.follow(&mut client).await {
                    Stop::Closed => return,
                    Stop::Broken(reason) => reason,
                    Stop::Forgotten(reason) => {
                        tracing::warn!("etcd cannot resume ({reason}); everything is listed again");
                        self.at = None;
                        pause = FIRST_PAUSE;
                        tokio::time::sleep(pause).await;
                        continue;
                    }
                },
                Err(reason) => reason,
            };
            // A connection that worked for a while starts the pauses anew.
            if self.told.borrow().down.is_none() {
                pause = FIRST_PAUSE;
            }
            self.is_down(reason);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(self.config.reconnect_interval.max(FIRST_PAUSE));
        }
    }

    /// Says once that etcd is away, however often connecting fails.
    fn is_down(&self, reason: String) {
        self.clients.send_replace(None);
        self.told.send_if_modified(|connection| {
            let first = connection.down.is_none() || connection.down.as_deref() == Some("not connected yet");
            if first {
                tracing::error!("{reason}; trying again until it works, its configuration stays as it is");
            }
            connection.down.replace(reason.clone()) != Some(reason)
        });
    }

    fn is_up(&mut self, position: Position) {
        self.at = Some(position);
        self.told.send_modify(|connection| {
            if connection.down.take().is_some() {
                tracing::info!("etcd: connected, at revision {}", position.revision);
            }
            connection.revision = position.revision;
        });
    }

    async fn follow(&mut self, client: &mut Client) -> Stop {
        match self.try_follow(client).await {
            Ok(never) => match never {},
            Err(stop) => stop,
        }
    }

    async fn try_follow(&mut self, client: &mut Client) -> Result<std::convert::Infallible, Stop> {
        let known = self.at.filter(|_| !self.config.resync_after_reconnect);
        let position = match known {
            Some(position) => position,
            None => {
                let position = self.list(client).await?;
                self.clients.send_replace(Some(client.clone()));
                self.is_up(position);
                position
            }
        };
        // The sender stays open: when it closes, etcd ends the stream.
        let (requests, to_send) = mpsc::channel(1);
        let create = WatchCreateRequest {
            key: self.watched(),
            range_end: end_of(&self.watched()),
            start_revision: position.revision + 1,
            progress_notify: true,
            fragment: true,
        };
        let union = Some(watch_request::RequestUnion::CreateRequest(create));
        requests.send(WatchRequest { request_union: union }).await.map_err(|_| Stop::Closed)?;
        let opening = client.watch.watch(ReceiverStream::new(to_send));
        let opened = super::client::within(client.timeout, opening);
        let mut stream = opened.await?;
        let created = tokio::time::timeout(client.timeout, stream.message()).await;
        let created = created.map_err(|_| Stop::Broken("etcd: no answer to the watch request".into()))??;
        let header = created.as_ref().and_then(|created| created.header).unwrap_or_default();
        if header.cluster_id != position.cluster || header.revision < position.revision {
            return Err(Stop::Forgotten(format!(
                "it is at revision {} of cluster {:x}, we were at {} of {:x}",
                header.revision, header.cluster_id, position.revision, position.cluster
            )));
        }
        if let Some(created) = created {
            check(&created)?;
        }
        self.clients.send_replace(Some(client.clone()));
        self.is_up(position);
        loop {
            self.take_events(&mut stream, position.cluster).await?;
        }
    }

    /// What is watched: only configuration, not the statuses that we write beside it.
    fn watched(&self) -> Vec<u8> {
        format!("{}config/", self.prefix).into_bytes()
    }

    /// Lists everything at one revision and puts it in the place of what was known.
    async fn list(&mut self, client: &mut Client) -> Result<Position, Stop> {
        let end = end_of(&self.watched());
        let mut request =
            RangeRequest { key: self.watched(), range_end: end, limit: PAGE, revision: 0, keys_only: false };
        let mut items = Vec::new();
        let mut position = None;
        loop {
            let page = client.range(request.clone()).await?;
            let header = page.header.unwrap_or_default();
            let position =
                position.get_or_insert(Position { revision: header.revision, cluster: header.cluster_id });
            request.revision = position.revision;
            if let Some(last) = page.kvs.last() {
                request.key = last.key.clone();
                request.key.push(0);
            }
            let more = page.more && !page.kvs.is_empty();
            items.extend(page.kvs.into_iter().filter_map(|kv| self.item(&kv.key, Some(&kv.value))));
            if !more {
                let position = *position;
                let again = self.at.is_some();
                let batch = Batch {
                    items,
                    replace: true,
                    answers: true,
                    resync: again && self.config.resync_after_reconnect,
                    description: format!("etcd: all keys at revision {}", position.revision),
                    ..self.batch()
                };
                self.submit(batch).await?;
                return Ok(position);
            }
        }
    }

    /// Takes in all events that are there, at least one response.
    async fn take_events(&mut self, stream: &mut Streaming<WatchResponse>, cluster: u64) -> Result<(), Stop> {
        let mut items = Vec::new();
        let mut revision = None;
        let mut response = stream.message().await?;
        loop {
            let Some(part) = response else {
                return Err(Stop::Broken("etcd: the watch was closed".into()));
            };
            check(&part)?;
            // With events, the header may be ahead of them while etcd catches up; without, it is up to what was sent.
            revision = match (part.events.last().and_then(|event| event.kv.as_ref()), &part.header) {
                (Some(last), _) => Some(last.mod_revision),
                (None, Some(header)) => Some(header.revision),
                (None, None) => revision,
            };
            for event in &part.events {
                let Some(kv) = &event.kv else { continue };
                let deleted = event.r#type() == EventType::Delete;
                items.extend(self.item(&kv.key, (!deleted).then_some(&kv.value)));
            }
            if part.fragment {
                // The rest of this revision must not be left behind.
                response = stream.message().await?;
                continue;
            }
            match stream.next().now_or_never() {
                Some(next) => response = next.transpose()?,
                None => break,
            }
        }
        let revision = revision.unwrap_or_default();
        if !items.is_empty() {
            let description = format!("etcd: changes up to revision {revision}");
            self.submit(Batch { items, description, ..self.batch() }).await?;
        }
        let last = self.at.map_or(0, |at| at.revision);
        self.is_up(Position { revision: revision.max(last), cluster });
        Ok(())
    }

    fn batch(&self) -> Batch {
        Batch { retry: Some(sched::Retry::default()), ..Batch::default() }
    }

    async fn submit(&self, batch: Batch) -> Result<(), Stop> {
        match self.intake.submit(source(), batch).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Stop::Closed),
        }
    }

    fn item(&self, key: &[u8], value: Option<&Vec<u8>>) -> Option<Item> {
        let Some(key) = str::from_utf8(key).ok().and_then(|key| key.strip_prefix(&self.prefix)) else {
            tracing::error!("etcd: the key {:?} is not used: it is not UTF-8", String::from_utf8_lossy(key));
            return None;
        };
        Some(match value {
            Some(value) => decode::item(key, value, self.config.expand_env_variables),
            None => Item::delete(key),
        })
    }
}

fn check(response: &WatchResponse) -> Result<(), Stop> {
    if response.compact_revision > 0 {
        return Err(Stop::Forgotten(format!(
            "revisions before {} were compacted",
            response.compact_revision
        )));
    }
    if response.canceled {
        return Err(Stop::Broken(format!("etcd ended the watch: {}", response.cancel_reason)));
    }
    Ok(())
}
