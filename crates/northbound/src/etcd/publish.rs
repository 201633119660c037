//! Status keys: written under a lease, so that they disappear with the agent.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::client::{Client, within};
use super::proto::etcdserverpb::{LeaseGrantRequest, LeaseKeepAliveRequest, PutRequest};

/// Writes what is sent to it, the newest value of each key, whenever there is a client.
pub async fn run(
    mut clients: watch::Receiver<Option<Client>>,
    mut statuses: mpsc::UnboundedReceiver<(String, String)>,
    prefix: String,
    ttl: i64,
) {
    let mut values = BTreeMap::new();
    loop {
        let client = clients.borrow_and_update().clone();
        let Some(client) = client else {
            tokio::select! {
                changed = clients.changed() => if changed.is_err() { return },
                status = statuses.recv() => match status {
                    Some((key, json)) => drop(values.insert(key, json)),
                    None => return,
                },
            }
            continue;
        };
        let session = Session { client, prefix: &prefix, ttl, lease: 0 };
        match session.run(&mut values, &mut statuses, &mut clients).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(status) => {
                tracing::debug!("etcd: writing statuses failed: {}", status.message());
                // Not in a tight loop while etcd answers, but badly.
                let pause = tokio::time::sleep(Duration::from_secs(1));
                tokio::select! { _ = clients.changed() => {}, () = pause => {} }
            }
        }
    }
}

/// The life of one lease.
struct Session<'a> {
    client: Client,
    prefix: &'a str,
    ttl: i64,
    lease: i64,
}

impl Session<'_> {
    /// Ends with true when there is another client or the lease is gone, with false when nobody sends any more.
    async fn run(
        mut self,
        values: &mut BTreeMap<String, String>,
        statuses: &mut mpsc::UnboundedReceiver<(String, String)>,
        clients: &mut watch::Receiver<Option<Client>>,
    ) -> Result<bool, Status> {
        let timeout = self.client.timeout;
        let grant = LeaseGrantRequest { ttl: self.ttl, id: 0 };
        let granted = within(timeout, self.client.lease.lease_grant(grant)).await?;
        self.lease = granted.id;
        let (beats, to_send) = mpsc::channel(1);
        // Sent before the call: etcd answers the call only with its first answer.
        let beat = LeaseKeepAliveRequest { id: self.lease };
        let _ = beats.try_send(beat);
        let alive = within(timeout, self.client.lease.lease_keep_alive(ReceiverStream::new(to_send)));
        let mut alive = alive.await?;
        for (key, json) in values.iter() {
            self.put(key, json).await?;
        }
        let third = Duration::from_secs(granted.ttl.max(1).unsigned_abs()) / 3;
        let mut clock = tokio::time::interval(third);
        loop {
            tokio::select! {
                _ = clients.changed() => return Ok(true),
                _ = clock.tick() => {
                    // A full queue means that the last beat is still on its way.
                    let _ = beats.try_send(beat);
                }
                answer = alive.message() => match answer? {
                    Some(answer) if answer.ttl > 0 => {}
                    _ => return Ok(true),
                },
                first = statuses.recv() => {
                    let Some((key, json)) = first else { return Ok(false) };
                    let mut fresh = BTreeSet::from([key.clone()]);
                    values.insert(key, json);
                    while let Ok((key, json)) = statuses.try_recv() {
                        fresh.insert(key.clone());
                        values.insert(key, json);
                    }
                    for key in fresh {
                        if let Some(json) = values.get(&key) {
                            self.put(&key, json).await?;
                        }
                    }
                }
            }
        }
    }

    async fn put(&mut self, key: &str, json: &str) -> Result<(), Status> {
        let key = format!("{}{key}", self.prefix).into_bytes();
        let request = PutRequest { key, value: json.as_bytes().to_vec(), lease: self.lease };
        within(self.client.timeout, self.client.kv.put(request)).await.map(drop)
    }
}
