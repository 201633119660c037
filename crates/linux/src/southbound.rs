//! Linux as features and the scheduler see it: namespaces to work in, errors in the scheduler's words.

use crate::capability::{self, Capabilities};
use crate::interface::host::{HostAddress, HostVrf};
use crate::interface::{LinkId, OnInterfaces};
use crate::microservice::{self, Standing, Tracker};
use crate::netlink::Refusal;
use crate::netns::{self, Between, HalfMade, Identity, Netns, Reference};
use crate::reports::Known;
use model::proto::ligato::linux::interfaces::InterfaceNotification;
use sched::{Error, Link, Southbound};
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use tokio::sync::watch;

/// How the agent works on Linux.
#[derive(Clone, Debug)]
pub struct Config {
    /// The agent's own name: what it makes bears it.
    pub label: String,
    /// The network namespace that the agent takes for its own; `None` is the one that it is started in.
    pub home: Option<PathBuf>,
    /// The directory of namespaces that have names.
    pub names: PathBuf,
    /// What the system lets the agent do.
    pub capabilities: Capabilities,
    /// Routes and neighbours are configured, too.
    pub l3: bool,
    /// And chains of rules of iptables: by the programs that have this between their name and its end, such as `-legacy`.
    pub iptables: Option<&'static str>,
    /// Whom to ask about containers.
    pub engine: microservice::Config,
    /// Bytes of room for events about links that were not read yet, if not what is usual; only tests want little.
    pub event_room: Option<usize>,
    /// What requests and answers pass on their way; only tests want something there.
    pub between: Option<Arc<dyn Between>>,
}

impl Config {
    /// What is usual.
    pub fn new(label: &str) -> Config {
        Config {
            label: label.to_owned(),
            home: None,
            names: PathBuf::from("/var/run/netns"),
            capabilities: Capabilities::own(),
            l3: true,
            iptables: Some(""),
            engine: microservice::Config::default(),
            event_room: None,
            between: None,
        }
    }
}

/// The Linux that the agent runs on.
#[derive(Clone)]
pub struct Linux(Arc<Inner>);

struct Inner {
    config: Config,
    home: Netns,
    known: Mutex<HashMap<Identity, Weak<netns::Inside>>>,
    way: netns::Way,
    /// Names in Linux of the interfaces in the agent's own namespace.
    called: Mutex<HashMap<String, String>>,
    reported: Reported,
    tracker: Arc<Tracker>,
    /// Who is told of links.
    news: OnceLock<OnInterfaces>,
    tap_ends: OnceLock<Names>,
}

/// Names by names.
type Names = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What the scheduler knows of what comes and goes by itself.
#[derive(Default)]
pub(crate) struct Reported {
    pub microservices: Known<String, Standing>,
    pub namespaces: Known<Reference, Netns>,
    /// All links, and those that are up.
    pub there: Known<String, LinkId>,
    pub links: Known<String, LinkId>,
    pub addresses: Known<HostAddress, ()>,
    pub vrfs: Known<HostVrf, ()>,
}

impl Linux {
    /// Starts to work in the agent's own namespace.
    ///
    /// # Errors
    /// The namespace cannot be entered, or the kernel has no rtnetlink.
    pub fn start(config: Config) -> io::Result<Linux> {
        let way = netns::Way { between: config.between.clone(), ..netns::Way::default() };
        let own = PathBuf::from("/proc/self/ns/net");
        let file = netns::open(config.home.as_ref().unwrap_or(&own))?;
        let home = Netns::start(file, config.home.is_some(), &way)?;
        let known = HashMap::from([(home.0.identity, Arc::downgrade(&home.0))]);
        let tracker = Tracker::new(&config.engine);
        Ok(Linux(Arc::new(Inner {
            config,
            tracker,
            tap_ends: OnceLock::new(),
            home,
            known: Mutex::new(known),
            way,
            called: Mutex::default(),
            reported: Reported::default(),
            news: OnceLock::new(),
        })))
    }
    /// How often each kind of request was sent to the kernel so far, by the kernel's name for it.
    pub fn sent(&self) -> Vec<(&'static str, u64)> {
        self.0.way.sent.counts()
    }
    /// How many datagrams that took.
    pub fn datagrams(&self) -> u64 {
        self.0.way.sent.datagrams.load(Ordering::Relaxed)
    }
    /// How often events about links were lost because they came faster than they were read. What is there is looked at then.
    pub fn overruns(&self) -> u64 {
        self.0.way.sent.overruns.load(Ordering::Relaxed)
    }
    pub(crate) fn event_room(&self) -> Option<usize> {
        self.0.config.event_room
    }
    /// What an interface in the agent's own namespace is called in Linux, by its logical name, as long as it is there.
    pub fn name_of(&self, interface: &str) -> Option<String> {
        self.0.called.lock().unwrap_or_else(PoisonError::into_inner).get(interface).cloned()
    }
    /// An interface has this name in Linux now, or is gone.
    pub(crate) fn is_called(&self, interface: &str, host: Option<&str>) {
        let mut called = self.0.called.lock().unwrap_or_else(PoisonError::into_inner);
        match host {
            Some(host) => drop(called.insert(interface.to_owned(), host.to_owned())),
            None => drop(called.remove(interface)),
        }
    }
    /// From now on, this tells what VPP calls the Linux ends of its TAPs when it makes them, by the logical names of the TAPs.
    /// Whoever was told first is asked.
    pub fn ask_for_tap_ends(&self, names: impl Fn(&str) -> Option<String> + Send + Sync + 'static) {
        let _ = self.0.tap_ends.set(Box::new(names));
    }
    /// What VPP called the Linux end of one.
    pub(crate) fn tap_end(&self, tap: &str) -> Option<String> {
        self.0.tap_ends.get()?(tap)
    }
    /// What is known of microservices.
    pub(crate) fn tracker(&self) -> &Arc<Tracker> {
        &self.0.tracker
    }
    /// Has somebody told, once things are followed, what changes of the links of the agent's own namespace. There is one who
    /// is told: the first who wants to be.
    pub fn on_interfaces(&self, tell: OnInterfaces) {
        let _ = self.0.news.set(tell); // another one listens already
    }
    pub(crate) fn told(&self, news: Vec<InterfaceNotification>) {
        if let Some(tell) = self.0.news.get().filter(|_| !news.is_empty()) {
            tell(news);
        }
    }
    pub(crate) fn reported(&self) -> &Reported {
        &self.0.reported
    }
    /// The agent's own namespace.
    pub fn home(&self) -> &Netns {
        &self.0.home
    }
    /// Are routes and neighbours configured?
    pub(crate) fn has_l3(&self) -> bool {
        self.0.config.l3
    }
    /// The variant of iptables, if its chains are configured.
    pub(crate) fn iptables(&self) -> Option<&'static str> {
        self.0.config.iptables
    }
    /// What the alias of an interface of ours begins with.
    pub(crate) fn mark(&self) -> String {
        format!("/vnf-agent/{}/", self.0.config.label)
    }
    /// The group of links that were made, and not finished yet: with all that belongs to one it gets its mark, and leaves the
    /// group. A number that nobody else chooses, and the same after a restart.
    pub(crate) fn unfinished(&self) -> u32 {
        // FNV-1a. The highest bit is not set, because some programs show the number with its sign.
        let hash = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        self.0.config.label.bytes().fold(0x811c_9dc5, hash) >> 1 | 1 << 30
    }
    /// The namespace that something is to be in: the agent's own, or one that is called so now.
    ///
    /// # Errors
    /// As with [`Linux::open`].
    pub(crate) fn place(&self, reference: &Option<Reference>) -> io::Result<Netns> {
        reference.as_ref().map_or_else(|| Ok(self.home().clone()), |reference| self.open(reference))
    }
    /// The namespace that is called so now.
    ///
    /// # Errors
    /// It is not there, is no network namespace, or may not be entered.
    pub(crate) fn open(&self, reference: &Reference) -> io::Result<Netns> {
        let standing = match reference {
            Reference::Microservice(label) => self.0.tracker.of_label(label),
            _ => None,
        };
        let missing = || io::Error::new(io::ErrorKind::NotFound, "no container that runs has this label");
        let path =
            reference.file(&self.0.config.names, |_| Some(standing.as_ref()?.pid)).ok_or_else(missing)?;
        let file = netns::open(&path)?;
        let identity = Identity::of(&file.metadata()?);
        if standing.is_some_and(|standing| standing.netns != identity) {
            return Err(missing()); // it ended, and its process has got another's number
        }
        let known = || self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(netns) = known().get(&identity).and_then(Weak::upgrade) {
            return Ok(Netns(netns));
        }
        let netns =
            Netns::start(file, true, &self.0.way).map_err(|error| netns::not_entered(&path, &error))?;
        let mut known = known();
        known.retain(|_, netns| netns.strong_count() > 0);
        known.insert(netns.0.identity, Arc::downgrade(&netns.0));
        Ok(netns)
    }
    /// The same; one that has a name is made if it is not there, or was left half made.
    ///
    /// # Errors
    /// As with [`Linux::open`], or it cannot be made.
    pub(crate) fn open_or_create(&self, reference: &Reference, half: &mut HalfMade) -> io::Result<Netns> {
        let Reference::Name(name) = reference else { return self.open(reference) };
        let names = &self.0.config.names;
        let path = names.join(name);
        match self.open(reference) {
            Err(error) => {
                let left = half.is_given_up(&path);
                if error.kind() != io::ErrorKind::NotFound && !left {
                    return Err(error);
                }
                netns::create(names, name, left)?;
                self.open(reference)
            }
            opened => {
                half.forget(&path);
                opened
            }
        }
    }
}

impl Southbound for Linux {
    fn name(&self) -> &'static str {
        "Linux"
    }
    fn link(&self) -> watch::Receiver<Link> {
        Link::always()
    }
    fn lacks(&self, call: &str) -> Option<String> {
        self.0.config.capabilities.lack(call)
    }
    fn lacks_all(&self, missing: &[&(&'static str, String)]) -> String {
        capability::lacking(missing.iter().map(|(needed, _)| *needed))
    }
    fn remedy(&self, missing: &[&(&'static str, String)]) -> Option<String> {
        Some(format!("give the agent {}", capability::names(missing.iter().map(|(needed, _)| *needed))))
    }
}

/// What the kernel says if there is something already: perhaps one of ours that nobody knows of.
const IN_THE_WAY: &str = "EEXIST";

/// A refusal of what was done to an object, in the scheduler's words.
pub(crate) fn in_words(doing: &str, refusal: Refusal) -> Error {
    let code = refusal.name();
    Error {
        cause: format!("{doing}: {refusal}").into(),
        code,
        retriable: true,
        uncertain: matches!(refusal, Refusal::Lost(_)),
        stale: code == Some(IN_THE_WAY),
    }
}

/// What is not there any more need not be removed: it goes with its interface, or with its namespace.
pub(crate) fn or_gone<T>(removed: Result<T, Refusal>, gone: &[&str]) -> Result<(), Refusal> {
    match removed {
        Err(Refusal::Gone) => Ok(()),
        Err(refusal) if refusal.name().is_some_and(|name| gone.contains(&name)) => Ok(()),
        other => other.map(drop),
    }
}
