//! What is known of microservices, and asking the engine about them: one question at a time, so that an older answer never
//! hides a newer one.

use super::Standing;
use super::containers::Containers;
use super::engine::{Config, Engine, Events, Trouble};
use crate::netns::Identity;
use futures::StreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many containers are asked about at a time.
const TOGETHER: usize = 8;

/// See the module.
pub(crate) struct Tracker {
    engine: Option<Engine>,
    pub(super) list_every: Duration,
    known: tokio::sync::Mutex<Known>,
    /// The engine was asked once, with or without success.
    asked: AtomicBool,
    /// It has listed its containers once, and what the labels mean was looked at since; or there is nobody to ask.
    listed: AtomicBool,
    /// What the labels mean, for who wants to know without waiting.
    standing: Mutex<BTreeMap<String, Standing>>,
}

#[derive(Default)]
struct Known {
    containers: Containers,
    /// They were listed.
    listed: bool,
    /// Why the last question had no answer, so that it is said once.
    trouble: Option<Trouble>,
    /// Containers that run as processes that cannot be seen, for the same reason.
    unseen: BTreeSet<(String, u32)>,
}

/// The network namespace of a process.
fn place(pid: u32) -> Option<Identity> {
    std::fs::metadata(format!("/proc/{pid}/ns/net")).ok().map(|file| Identity::of(&file))
}

impl Tracker {
    pub fn new(config: &Config) -> Arc<Tracker> {
        let engine = config.socket.clone().map(|socket| Engine::new(socket, config.version.as_deref()));
        Arc::new(Tracker {
            engine,
            list_every: config.list_every,
            known: tokio::sync::Mutex::default(),
            asked: AtomicBool::new(false),
            listed: AtomicBool::new(config.socket.is_none()),
            standing: Mutex::default(),
        })
    }
    /// Is there anybody to ask?
    pub fn has_engine(&self) -> bool {
        self.engine.is_some()
    }
    /// What a label means, as it was last looked.
    pub fn of_label(&self, label: &str) -> Option<Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).get(label).cloned()
    }
    /// Have all containers been listed since the agent started?
    pub fn has_listed(&self) -> bool {
        self.listed.load(Ordering::Acquire)
    }
    fn last(&self) -> (BTreeMap<String, Standing>, bool) {
        let listed = self.has_listed(); // before: what was looked at later is no worse
        (self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone(), listed)
    }
    /// What the labels mean now, or, as long as the engine is being asked, meant when it was last looked; and whether the
    /// engine has ever listed them all. Asks the engine only if nobody has yet: whoever follows it keeps up.
    pub async fn standing(&self) -> (BTreeMap<String, Standing>, bool) {
        let mut known = match self.known.try_lock() {
            Ok(known) => known,
            Err(_) if self.asked.load(Ordering::Relaxed) => return self.last(),
            Err(_) => self.known.lock().await,
        };
        if !self.asked.load(Ordering::Relaxed) {
            let _ = self.ask_all(&mut known).await; // said there
        }
        (self.look(&mut known), self.has_listed())
    }
    /// Has the engine tell what happens, and then lists what there is: so nothing is missed in between.
    pub(super) async fn begin(&self) -> Result<Events, Trouble> {
        let engine = self.engine.as_ref().ok_or(Trouble::Absent)?;
        let events = engine.events().await;
        let mut known = self.known.lock().await;
        match events {
            Ok(events) => self.ask_all(&mut known).await.map(|()| events),
            Err(trouble) => Err(self.failed(&mut known, trouble)),
        }
    }
    /// Lists what there is.
    pub(super) async fn list(&self) -> Result<(), Trouble> {
        self.ask_all(&mut *self.known.lock().await).await
    }
    /// Asks about these containers.
    pub(super) async fn inspect(&self, ids: Vec<String>) -> Result<(), Trouble> {
        let mut known = self.known.lock().await;
        let done = self.ask_about(&mut known, ids).await;
        done.map_err(|trouble| self.failed(&mut known, trouble))
    }
    async fn ask_all(&self, known: &mut Known) -> Result<(), Trouble> {
        let Some(engine) = &self.engine else { return Ok(()) };
        let listed = async {
            let running = engine.list().await?;
            let ids = known.containers.listed(running);
            self.ask_about(known, ids).await
        };
        let listed = listed.await;
        match listed {
            Ok(()) => {
                known.listed = true;
                let first = !self.asked.swap(true, Ordering::Relaxed);
                if known.trouble.take().is_some() || first {
                    tracing::info!("containers are followed, at {engine}");
                }
                Ok(())
            }
            Err(trouble) => Err(self.failed(known, trouble)),
        }
    }
    async fn ask_about(&self, known: &mut Known, ids: Vec<String>) -> Result<(), Trouble> {
        let Some(engine) = &self.engine else { return Ok(()) };
        let ids: BTreeSet<String> = ids.into_iter().collect();
        let asked = ids.into_iter().map(|id| async move {
            let said = engine.inspect(&id).await;
            (id, said)
        });
        let mut answers = futures::stream::iter(asked).buffered(TOGETHER);
        let mut trouble = None;
        while let Some((id, said)) = answers.next().await {
            match said {
                Ok(said) => known.containers.inspected(id, said, place),
                // The others will not be answered either.
                Err(late @ Trouble::Late(_)) => return Err(late),
                Err(error) => trouble = Some(error),
            }
        }
        trouble.map_or(Ok(()), Err)
    }
    /// Says what is wrong, once. What is known is kept: containers run on without their engine.
    fn failed(&self, known: &mut Known, trouble: Trouble) -> Trouble {
        self.asked.store(true, Ordering::Relaxed);
        if let Some(engine) = self.engine.as_ref().filter(|_| known.trouble.as_ref() != Some(&trouble)) {
            match &trouble {
                Trouble::Absent => tracing::info!(
                    "there is no container engine at {engine}: what is in microservices waits; name another socket \
                     with container-engine in linux-nsplugin.conf"
                ),
                Trouble::Late(why) | Trouble::Other(why) => {
                    tracing::warn!("containers are not followed for now: {why}")
                }
            }
        }
        known.trouble = Some(trouble.clone());
        trouble
    }
    /// Looks what of it is still there.
    pub(super) async fn refresh(&self) -> BTreeMap<String, Standing> {
        self.look(&mut *self.known.lock().await)
    }
    fn look(&self, known: &mut Known) -> BTreeMap<String, Standing> {
        let now = known.containers.standing(place);
        let unseen: BTreeSet<(String, u32)> =
            known.containers.unseen().map(|(label, pid)| (label.to_owned(), pid)).collect();
        for (label, pid) in unseen.difference(&known.unseen) {
            tracing::warn!(
                "the microservice {label} runs as process {pid}, which this agent does not see; an agent in a container \
                 must share the processes of its host"
            );
        }
        known.unseen = unseen;
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&now);
        self.listed.fetch_or(known.listed, Ordering::Release);
        now
    }
}
