//! Status keys: written under a lease, so that they disappear with the agent.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

use super::client::{Client, within};
use super::proto::etcdserverpb::request_op::Request;
use super::proto::etcdserverpb::{
    LeaseGrantRequest, LeaseKeepAliveRequest, PutRequest, RequestOp, TxnRequest,
};
use super::statuses::Statuses;

/// Most operations in a transaction: what etcd takes unless told otherwise (`--max-txn-ops`).
const TXN_OPS: usize = 128;
/// Bytes of values in a transaction, well below what etcd takes (1.5 MiB).
const TXN_BYTES: usize = 512 << 10;
/// Pause after the first failure in a row; doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Writes what is sent to it, and the states of all values if it is to, whenever there is a client.
pub struct Publisher {
    clients: watch::Receiver<Option<Client>>,
    puts: mpsc::UnboundedReceiver<(String, String)>,
    statuses: Option<Statuses>,
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
        statuses: Option<Statuses>,
        prefix: String,
        ttl: i64,
    ) -> Self {
        Publisher { clients, puts, statuses, prefix, ttl, values: BTreeMap::new(), wrote: false }
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
            () = passed(&mut self.statuses) => true,
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

        lease.put_all(self.values.iter().map(|(key, json)| (key.clone(), json.clone())).collect()).await?;
        if let Some(statuses) = &mut self.statuses {
            lease.put_all(statuses.all().await).await?;
            statuses.written();
        }
        self.wrote = true;
        loop {
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
                    lease.put_all(fresh.into_iter().collect()).await?;
                }
                entries = changed(&mut self.statuses) => {
                    lease.put_all(entries).await?;
                    self.statuses.iter_mut().for_each(Statuses::written);
                }
            }
        }
    }
}

/// What changed; never, if states are not to be published.
async fn changed(statuses: &mut Option<Statuses>) -> Vec<(String, String)> {
    match statuses {
        Some(statuses) => statuses.changed().await,
        None => std::future::pending().await,
    }
}

/// Changes that will be asked for when they can be written.
async fn passed(statuses: &mut Option<Statuses>) {
    match statuses {
        Some(statuses) => statuses.pass().await,
        None => std::future::pending().await,
    }
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
    async fn put_all(&mut self, entries: Vec<(String, String)>) -> Result<(), Status> {
        let mut puts: Vec<PutRequest> = Vec::new();
        let mut bytes = 0;
        for (key, json) in entries {
            let size = key.len() + json.len();
            if puts.len() == TXN_OPS || !puts.is_empty() && bytes + size > TXN_BYTES {
                self.put_some(std::mem::take(&mut puts)).await?;
                bytes = 0;
            }
            bytes += size;
            let key = format!("{}{key}", self.prefix).into_bytes();
            puts.push(PutRequest { key, value: json.into_bytes(), lease: self.id });
        }
        if puts.is_empty() { Ok(()) } else { self.put_some(puts).await }
    }

    async fn put_some(&mut self, puts: Vec<PutRequest>) -> Result<(), Status> {
        if Instant::now() >= self.next {
            self.beat();
        }
        let ops = puts.iter().map(|put| RequestOp { request: Some(Request::RequestPut(put.clone())) });
        let txn = TxnRequest { success: ops.collect() };
        match within(self.client.timeout, self.client.kv.txn(txn)).await {
            Err(status) if is_refused(&status) => {}
            answer => return answer.map(drop),
        }
        // One of them is at fault, or they are too many for this etcd.
        for put in puts {
            if Instant::now() >= self.next {
                self.beat();
            }
            let key = String::from_utf8_lossy(&put.key).into_owned();
            match within(self.client.timeout, self.client.kv.put(put)).await {
                Err(status) if is_refused(&status) => {
                    tracing::warn!("etcd: {key} cannot be written: {}; it is left out", status.message());
                }
                answer => drop(answer?),
            }
        }
        Ok(())
    }
}

/// Refused for what it is: it would be refused again. A message that etcd does not even read is another code.
fn is_refused(status: &Status) -> bool {
    status.code() == Code::InvalidArgument
        || status.code() == Code::ResourceExhausted && status.message().contains("larger than max")
}
