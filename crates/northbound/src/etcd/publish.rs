//! Status keys: written under a lease, so that they disappear with the agent.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use futures::future::select_all;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

use super::client::{Client, within};
use super::feed::{Entry, Feed};
use super::proto::etcdserverpb::request_op::Request;
use super::proto::etcdserverpb::{
    DeleteRangeRequest, LeaseGrantRequest, LeaseKeepAliveRequest, PutRequest, RangeRequest, RequestOp,
    TxnRequest,
};

/// Most operations in a transaction: what etcd takes unless told otherwise (`--max-txn-ops`).
const TXN_OPS: usize = 128;
/// Bytes of values in a transaction, well below what etcd takes (1.5 MiB).
const TXN_BYTES: usize = 512 << 10;
/// Keys that are listed at a time.
const PAGE: i64 = 1000;
/// Pause after the first failure in a row; doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Writes what is sent to it and what feeds tell, whenever there is a client.
pub struct Publisher {
    clients: watch::Receiver<Option<Client>>,
    puts: mpsc::UnboundedReceiver<(String, String)>,
    feeds: Vec<Box<dyn Feed>>,
    prefix: String,
    /// Seconds that the lease lives without a sign of life.
    ttl: i64,
    /// The newest value of each key that was sent.
    values: BTreeMap<String, String>,
    /// Keys were written since the last failure.
    wrote: bool,
}

/// Why writing stopped.
enum Stop {
    /// There is another client, or the lease is gone.
    Again,
    /// The agent shuts down.
    Closed,
    Failed(Status),
}

impl From<Status> for Stop {
    fn from(status: Status) -> Self {
        Stop::Failed(status)
    }
}

impl Publisher {
    pub fn new(
        clients: watch::Receiver<Option<Client>>,
        puts: mpsc::UnboundedReceiver<(String, String)>,
        feeds: Vec<Box<dyn Feed>>,
        prefix: String,
        ttl: i64,
    ) -> Self {
        Publisher { clients, puts, feeds, prefix, ttl, values: BTreeMap::new(), wrote: false }
    }

    pub async fn run(mut self) {
        let (mut pause, mut reported) = (FIRST_PAUSE, String::new());
        loop {
            let client = self.clients.borrow_and_update().clone();
            let Some(client) = client else {
                if !self.wait().await {
                    return;
                }
                continue;
            };
            let status = match self.session(client).await {
                Stop::Again => continue,
                Stop::Closed => return,
                Stop::Failed(status) => status,
            };
            // A lost connection is told by whoever follows it.
            let lost = self.clients.has_changed().unwrap_or(true) || status.code() == Code::Unavailable;
            if !lost && status.message() != reported {
                tracing::warn!("etcd: status keys cannot be written: {}; trying again", status.message());
                status.message().clone_into(&mut reported);
            }
            if std::mem::take(&mut self.wrote) {
                (pause, reported) = (FIRST_PAUSE, String::new());
            }
            // Not in a tight loop while etcd answers, but badly.
            tokio::select! { _ = self.clients.changed() => {}, () = tokio::time::sleep(pause) => {} }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Takes note of what comes while there is no client. False at shutdown.
    async fn wait(&mut self) -> bool {
        tokio::select! {
            changed = self.clients.changed() => changed.is_ok(),
            put = self.puts.recv() => {
                let goes_on = put.is_some();
                self.values.extend(put);
                goes_on
            }
            () = passed(&mut self.feeds) => true,
        }
    }

    /// The life of one lease.
    async fn session(&mut self, mut client: Client) -> Stop {
        match self.try_session(&mut client).await {
            Ok(never) => match never {},
            Err(stop) => stop,
        }
    }

    async fn try_session(&mut self, client: &mut Client) -> Result<std::convert::Infallible, Stop> {
        let grant = LeaseGrantRequest { ttl: self.ttl, id: 0 };
        let granted = within(client.timeout, client.lease.lease_grant(grant)).await?;
        let (beats, to_send) = mpsc::channel(1);
        // Sent before the call: etcd answers the call only with its first answer.
        let _ = beats.try_send(LeaseKeepAliveRequest { id: granted.id });
        let alive = within(client.timeout, client.lease.lease_keep_alive(ReceiverStream::new(to_send)));
        let mut alive = alive.await?;
        let third = Duration::from_secs(granted.ttl.max(1).unsigned_abs()) / 3;
        let prefix = self.prefix.clone();
        let next = Instant::now() + third;
        let mut lease = Lease { client: client.clone(), prefix, id: granted.id, beats, third, next };

        lease
            .write_all(self.values.iter().map(|(key, json)| (key.clone(), Some(json.clone()))).collect())
            .await?;
        for feed in &mut self.feeds {
            lease.tell_all(&mut **feed).await?;
        }
        self.wrote = true;
        // Not until they list all there is can it be said what is stale.
        let mut partial: Vec<usize> =
            (0..self.feeds.len()).filter(|&n| !is_complete(&self.feeds, n)).collect();
        loop {
            let whole = |index: &mut usize| is_complete(&self.feeds, *index);
            for index in partial.extract_if(.., whole).collect::<Vec<_>>() {
                if let Some(feed) = self.feeds.get_mut(index) {
                    lease.tell_all(&mut **feed).await?;
                }
            }
            tokio::select! {
                _ = self.clients.changed() => return Err(Stop::Again),
                () = tokio::time::sleep_until(lease.next) => lease.beat(),
                answer = alive.message() => match answer? {
                    Some(answer) if answer.ttl > 0 => {}
                    _ => return Err(Stop::Again),
                },
                first = self.puts.recv() => {
                    let mut fresh = BTreeMap::from([first.ok_or(Stop::Closed)?]);
                    while let Ok((key, json)) = self.puts.try_recv() {
                        fresh.insert(key, json);
                    }
                    self.values.extend(fresh.clone());
                    lease.write_all(fresh.into_iter().map(|(key, json)| (key, Some(json))).collect()).await?;
                }
                (entries, index) = changed(&mut self.feeds) => {
                    lease.write_all(entries).await?;
                    if let Some(feed) = self.feeds.get_mut(index) {
                        feed.written();
                    }
                }
            }
        }
    }
}

fn is_complete(feeds: &[Box<dyn Feed>], index: usize) -> bool {
    feeds.get(index).is_some_and(|feed| feed.is_complete())
}

/// What changed, and which feed tells it; never, if there are none.
async fn changed(feeds: &mut [Box<dyn Feed>]) -> (Vec<Entry>, usize) {
    if feeds.is_empty() {
        return std::future::pending().await;
    }
    let (entries, index, _) = select_all(feeds.iter_mut().map(|feed| feed.changed())).await;
    (entries, index)
}

/// Changes that will be asked for when they can be written.
async fn passed(feeds: &mut [Box<dyn Feed>]) {
    if feeds.is_empty() {
        return std::future::pending().await;
    }
    select_all(feeds.iter_mut().map(|feed| feed.pass())).await;
}

/// A lease that is kept alive, also while much is written.
struct Lease {
    client: Client,
    prefix: String,
    id: i64,
    beats: mpsc::Sender<LeaseKeepAliveRequest>,
    /// A third of its life.
    third: Duration,
    /// When the next sign of life is due.
    next: Instant,
}

impl Lease {
    fn beat(&mut self) {
        // A full queue means that the last one is still on its way.
        let _ = self.beats.try_send(LeaseKeepAliveRequest { id: self.id });
        self.next = Instant::now() + self.third;
    }

    /// Writes all entries, many at a time. What etcd does not take for its own sake is left out with a warning.
    async fn write_all(&mut self, entries: Vec<Entry>) -> Result<(), Status> {
        let mut requests: Vec<Request> = Vec::new();
        let mut bytes = 0;
        for (key, json) in entries {
            let size = key.len() + json.as_ref().map_or(0, String::len);
            if requests.len() == TXN_OPS || !requests.is_empty() && bytes + size > TXN_BYTES {
                self.write_some(std::mem::take(&mut requests)).await?;
                bytes = 0;
            }
            bytes += size;
            let key = format!("{}{key}", self.prefix).into_bytes();
            requests.push(match json {
                Some(json) => {
                    Request::RequestPut(PutRequest { key, value: json.into_bytes(), lease: self.id })
                }
                None => Request::RequestDeleteRange(DeleteRangeRequest { key }),
            });
        }
        if requests.is_empty() { Ok(()) } else { self.write_some(requests).await }
    }

    /// Writes all that a feed knows, and removes its own keys that it does not list.
    async fn tell_all(&mut self, feed: &mut dyn Feed) -> Result<(), Status> {
        let own = feed.own().filter(|_| feed.is_complete());
        let entries = feed.all().await;
        let listed: HashSet<String> = match own {
            Some(_) => entries.iter().map(|(key, _)| key.clone()).collect(),
            None => HashSet::new(),
        };
        self.write_all(entries).await?;
        if let Some(own) = own {
            let keys = self.list(own).await?.into_iter().filter(|key| !listed.contains(key));
            self.write_all(keys.map(|key| (key, None)).collect()).await?;
        }
        feed.written();
        Ok(())
    }

    /// Keys that start so, below the agent's prefix.
    async fn list(&mut self, start: &str) -> Result<Vec<String>, Status> {
        let mut keys = Vec::new();
        let mut from = format!("{}{start}", self.prefix).into_bytes();
        let end = after(&from);
        loop {
            let range =
                RangeRequest { key: from, range_end: end.clone(), limit: PAGE, keys_only: true, revision: 0 };
            let page = within(self.client.timeout, self.client.kv.range(range)).await?;
            let named = page.kvs.iter().filter_map(|kv| std::str::from_utf8(&kv.key).ok());
            keys.extend(named.filter_map(|key| Some(key.strip_prefix(self.prefix.as_str())?.to_owned())));
            match page.kvs.last() {
                Some(last) if page.more => from = [&last.key[..], &[0]].concat(),
                _ => return Ok(keys),
            }
        }
    }

    async fn write_some(&mut self, requests: Vec<Request>) -> Result<(), Status> {
        if Instant::now() >= self.next {
            self.beat();
        }
        let ops = requests.iter().map(|request| RequestOp { request: Some(request.clone()) });
        let txn = TxnRequest { success: ops.collect() };
        match within(self.client.timeout, self.client.kv.txn(txn)).await {
            Err(status) if is_refused(&status) => {}
            answer => return answer.map(drop),
        }
        // One of them is at fault, or they are too many for this etcd.
        for request in requests {
            if Instant::now() >= self.next {
                self.beat();
            }
            let (key, answer) = match request {
                Request::RequestPut(put) => {
                    let key = put.key.clone();
                    (key, within(self.client.timeout, self.client.kv.put(put)).await.map(drop))
                }
                Request::RequestDeleteRange(gone) => {
                    let key = gone.key.clone();
                    (key, within(self.client.timeout, self.client.kv.delete_range(gone)).await.map(drop))
                }
            };
            match answer {
                Err(status) if is_refused(&status) => {
                    let key = String::from_utf8_lossy(&key);
                    tracing::warn!("etcd: {key} cannot be written: {}; it is left out", status.message());
                }
                answer => answer?,
            }
        }
        Ok(())
    }
}

/// The first key that does not start so.
fn after(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    // A key ends in a letter or a slash, so there is always a next one.
    if let Some(last) = end.last_mut() {
        *last = last.saturating_add(1);
    }
    end
}

/// Refused for what it is: it would be refused again. A message that etcd does not even read is another code.
fn is_refused(status: &Status) -> bool {
    status.code() == Code::InvalidArgument
        || status.code() == Code::ResourceExhausted && status.message().contains("larger than max")
}
