//! The tasks behind a client: one makes connections for ever, and one at a time serves the connection there is.

use crate::dispatch::dispatch;
use crate::frame::{Decoder, KEEP};
use crate::handshake::{self, Peer};
use crate::shared::{Inner, Link, Shared};
use crate::state::{Connection, Instance, State};
use crate::stats::Failure;
use binapi::codec::Message;
use binapi::memclnt::{MemclntKeepalive, MemclntKeepaliveReply};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Waker;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

/// Makes connections until the last handle is gone.
pub(crate) async fn run(shared: Arc<Shared>) {
    // Also when the runtime stops and drops this task.
    let closing = Closing(shared.clone());
    tokio::select! {
        biased;
        () = shared.stop.notified() => {}
        () = connect_for_ever(&shared) => {}
    }
    drop(closing);
}

struct Closing(Arc<Shared>);

impl Drop for Closing {
    fn drop(&mut self) {
        let mut wake = Vec::new();
        self.0.disconnect(&mut wake);
        self.0.lock().subscribers.close(&mut wake);
        self.0.state.send_replace(State::Closed);
        wake.into_iter().for_each(Waker::wake);
    }
}

async fn connect_for_ever(shared: &Arc<Shared>) {
    let config = &shared.config;
    let mut pause = config.backoff_min;
    let mut generation = 0;
    let mut last: Option<Instance> = None;
    loop {
        let longest = match handshake::meet(config).await {
            Ok(peer) => {
                generation += 1;
                let restarted = last.as_ref().is_some_and(|l| *l != peer.instance);
                last = Some(peer.instance.clone());
                let pid = peer.instance.pid;
                let connection = Connection { generation, pid, restarted, instance: peer.instance.clone() };
                let began = Instant::now();
                let reason = live(shared, peer, connection).await;
                lose(shared, reason);
                if began.elapsed() >= config.backoff_max {
                    pause = config.backoff_min;
                }
                config.backoff_max
            }
            Err(failure) => {
                lose(shared, failure.reason);
                if failure.absent { config.backoff_absent } else { config.backoff_max }
            }
        };
        pause = pause.min(longest).max(Duration::from_millis(1));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}

/// Fails what is pending and tells why there is no connection.
fn lose(shared: &Shared, reason: String) {
    let mut wake = Vec::new();
    shared.disconnect(&mut wake);
    shared.state.send_if_modified(|state| {
        let next = State::Connecting { reason };
        if *state == next {
            return false;
        }
        if let State::Connecting { reason } = &next {
            tracing::warn!(reason, "no connection to VPP");
        }
        *state = next;
        true
    });
    wake.into_iter().for_each(Waker::wake);
}

/// Serves one connection to its end; returns why it ended.
async fn live(shared: &Arc<Shared>, peer: Peer, connection: Connection) -> String {
    let Peer { reader, writer, decoder, client_index, table, .. } = peer;
    let keepalive = table.number(MemclntKeepalive::ID).zip(table.number(MemclntKeepaliveReply::ID));
    let generation = connection.generation;
    let admitted = generation == 1 || !shared.config.hold;
    let mut wake = Vec::new();
    shared.written.store(0, Relaxed);
    shared.lock().install(Link { client_index, generation, admitted, keepalive }, table, &mut wake);
    tracing::info!(pid = connection.pid, generation, restarted = connection.restarted, "connected to VPP");
    shared.state.send_replace(State::Connected(connection.clone()));
    wake.into_iter().for_each(Waker::wake);
    // A task of its own, so that a panic in the closure of a dump ends this connection and nothing else.
    let serve = Serve { shared: shared.clone(), connection };
    let task = tokio::spawn(async move { serve.run(reader, writer, decoder).await });
    let mut task = AbortOnDrop(task);
    match (&mut task.0).await {
        Ok(reason) => reason,
        Err(e) => format!("the connection's task failed: {e}"),
    }
}

struct AbortOnDrop(tokio::task::JoinHandle<String>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Serve {
    shared: Arc<Shared>,
    connection: Connection,
}

impl Serve {
    /// The order of the branches is fixed, so that the same events always have the same course. None keeps another
    /// from its turn: the first two have little to do at a time.
    async fn run(
        &self,
        reader: impl AsyncRead + Unpin,
        writer: impl AsyncWrite + Unpin,
        decoder: Decoder,
    ) -> String {
        tokio::select! {
            biased;
            reason = self.watch() => reason,
            reason = self.write(writer) => reason,
            reason = self.read(reader, decoder) => reason,
        }
    }

    async fn read(&self, mut reader: impl AsyncRead + Unpin, mut decoder: Decoder) -> String {
        let mut wake = Vec::new();
        loop {
            match reader.read_buf(decoder.space()).await {
                Ok(0) => return "VPP closed the connection".into(),
                Ok(_) => {}
                Err(e) => return format!("cannot read from VPP: {e}"),
            }
            let outcome = dispatch(&self.shared, &mut decoder, &mut wake);
            wake.drain(..).for_each(Waker::wake);
            if let Err(e) = outcome {
                return e.to_string();
            }
        }
    }

    async fn write(&self, mut writer: impl AsyncWrite + Unpin) -> String {
        let mut batch = Vec::new();
        loop {
            self.shared.kick.notified().await;
            // Let whoever is queueing finish: one write instead of many.
            tokio::task::yield_now().await;
            std::mem::swap(&mut batch, &mut self.shared.lock().out);
            let mut rest = batch.as_slice();
            while !rest.is_empty() {
                match writer.write(rest).await {
                    Ok(0) => return "cannot write to VPP: it takes no more".into(),
                    Ok(n) => {
                        rest = rest.get(n..).unwrap_or_default();
                        self.shared.written.fetch_add(n as u64, Relaxed);
                    }
                    Err(e) => return format!("cannot write to VPP: {e}"),
                }
            }
            batch.clear();
            if batch.capacity() > KEEP {
                batch = Vec::new();
            }
        }
    }

    /// Ends the wait of calls whose deadline has passed, and sees whether VPP is alive.
    async fn watch(&self) -> String {
        let interval = self.shared.config.health_interval;
        let mut look = (!interval.is_zero()).then(|| Instant::now() + interval);
        let mut probed = None;
        let mut wake = Vec::new();
        loop {
            let deadline = self.shared.lock().pending.next_deadline();
            let next = [deadline, look].into_iter().flatten().min();
            tokio::select! {
                biased;
                () = self.shared.rearm.notified() => {}
                () = sleep_until(next) => {}
            }
            let now = Instant::now();
            {
                let Inner { pending, methods, .. } = &mut *self.shared.lock();
                pending.expire(now, &mut wake, |late| methods.count_failed(late, Failure::Late));
            }
            wake.drain(..).for_each(Waker::wake);
            if look.is_some_and(|l| l <= now) {
                if let Some(reason) = self.check(now, interval, &mut probed) {
                    return reason;
                }
                look = Some(now + interval);
            }
        }
    }

    /// Sends a ping if VPP has been silent, and draws the conclusions from one unanswered. `probed` is when the last
    /// one was sent. Returns why the connection is to be given up.
    fn check(&self, now: Instant, interval: Duration, probed: &mut Option<Instant>) -> Option<String> {
        let config = &self.shared.config;
        let heard = self.shared.lock().heard.unwrap_or(now);
        let Some(asked) = probed.filter(|asked| heard < *asked) else {
            // Nothing is asked, or something came since.
            self.shared.state.send_if_modified(|state| {
                let back = matches!(state, State::NotResponding { .. });
                if back {
                    tracing::info!("VPP responds again");
                    *state = State::Connected(self.connection.clone());
                }
                back
            });
            if now.duration_since(heard) >= interval {
                *probed = Some(now);
                self.shared.probe();
            }
            return None;
        };
        let silent = now.duration_since(asked);
        if silent >= config.reconnect_after {
            return Some(format!("VPP has not answered a ping for {silent:?}"));
        }
        if silent >= config.unresponsive_after {
            self.shared.state.send_if_modified(|state| {
                let news = matches!(state, State::Connected(_));
                if news {
                    tracing::warn!(?silent, "VPP does not respond");
                    *state =
                        State::NotResponding { connection: self.connection.clone(), since: asked.into_std() };
                }
                news
            });
        }
        None
    }
}

/// For ever, if there is no moment.
async fn sleep_until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
