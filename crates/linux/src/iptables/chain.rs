//! Chain of rules of iptables, with all that is in it: what becomes of packets that come in, go out or pass through.
//! Config `ligato.linux.iptables.RuleChain` · programs `iptables-restore` and `iptables-save`, or those of `ip6tables`
//!
//! A chain that is named is ours as a whole: rules of others in it are replaced. A first rule that does nothing bears a comment
//! by which it is found again. Chains that nobody names are left alone.
//!
//! Rules may lead to chains of other values; these are made together, or one after the other.

use super::queue::Queue;
use super::rule::{LONGEST_COMMENT, Mark, check, fingerprint};
use super::save::{Chain, Saved};
use super::script::Task;
use super::{Place, name_of, table_of};
use crate::interface::Interfaces;
use crate::netns::namespaces::{There, there};
use crate::netns::{Identity, Namespaces};
use crate::prelude::*;
use model::proto::ligato::linux::iptables::RuleChain;
use model::proto::ligato::linux::iptables::rule_chain::{ChainType, Policy, Protocol, Table};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The longest name of a chain.
const LONGEST: usize = 28;
/// What packets of a chain meet that no rule decides about, unless somebody says otherwise.
const USUAL: &str = "ACCEPT";

/// What the kernel is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    name: String,
    namespace: Option<Reference>,
    place: Place,
    policy: Option<&'static str>,
    rules: Vec<String>,
}

impl Image {
    fn custom(&self) -> bool {
        builtin(&self.place.chain).is_none()
    }
    fn mark(&self) -> Mark {
        Mark { name: self.name.clone(), policy: self.policy.is_some(), fingerprint: None }
    }
    /// What brings it about, whatever policy was set before.
    fn task(&self, before: Option<&'static str>) -> Task {
        Task {
            place: self.place.clone(),
            custom: self.custom(),
            policy: self.policy.or(before.map(|_| USUAL)),
            mark: self.mark(),
            rules: Some(self.rules.clone()),
        }
    }
    fn doing(&self, what: &str) -> String {
        let Place { protocol, table, chain } = &self.place;
        format!("{what} the chain {chain} of table {} of {}", name_of(*table), protocol.as_str_name())
    }
}

/// See the module.
pub struct RuleChains {
    linux: Linux,
    queue: Queue,
    /// Where chains of an earlier agent were looked for.
    searched: Mutex<HashSet<Identity>>,
}

const BUILTIN: &[ChainType] =
    &[ChainType::Input, ChainType::Output, ChainType::Forward, ChainType::Prerouting, ChainType::Postrouting];

/// The chain of this name that the kernel has by itself.
fn builtin(name: &str) -> Option<ChainType> {
    BUILTIN.iter().copied().find(|chain| chain.as_str_name() == name)
}

/// Is there such a chain in this table?
fn exists(table: Table, chain: ChainType) -> bool {
    use ChainType::{Custom, Forward, Input, Postrouting, Prerouting};
    chain == Custom
        || match table {
            Table::Filter | Table::Security => !matches!(chain, Prerouting | Postrouting),
            Table::Nat => !matches!(chain, Input | Forward),
            Table::Raw => !matches!(chain, Input | Forward | Postrouting),
            Table::Mangle => true,
        }
}

fn chain_name(c: &RuleChain) -> Result<String, Invalid> {
    const FIELD: &str = "chain_name";
    if c.chain_type() != ChainType::Custom {
        return Ok(c.chain_type().as_str_name().to_owned());
    }
    let name = c.chain_name.as_str();
    ensure(!name.is_empty(), FIELD, "must be given for a chain of type CUSTOM")?;
    ensure(name.len() <= LONGEST, FIELD, &format!("is longer than the {LONGEST} bytes that iptables takes"))?;
    let plain = name.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'\\".contains(&byte));
    ensure(plain && !name.starts_with(['-', '!']), FIELD, "is not a name that iptables takes")?;
    ensure(builtin(name).is_none(), FIELD, "is that of a chain of the kernel; give its chain_type")?;
    let target = ["ACCEPT", "DROP", "QUEUE", "RETURN"].contains(&name);
    ensure(!target, FIELD, "is that of a target of rules")?;
    Ok(name.to_owned())
}

fn policy(c: &RuleChain) -> Result<Option<&'static str>, Invalid> {
    const FIELD: &str = "default_policy";
    let policy = match c.default_policy() {
        Policy::None => return Ok(None),
        Policy::Accept => "ACCEPT",
        Policy::Drop => "DROP",
        Policy::Queue | Policy::Return => {
            return Err(Invalid::new(FIELD, "must be ACCEPT or DROP: iptables takes no other"));
        }
    };
    ensure(c.table() == Table::Filter, FIELD, "can only be set in table FILTER")?;
    ensure(c.chain_type() != ChainType::Custom, FIELD, "cannot be set on a chain of type CUSTOM")?;
    Ok(Some(policy))
}

fn image(ours: &str, c: &RuleChain) -> Result<Image, Invalid> {
    ensure(!c.name.is_empty(), "name", "must not be empty")?;
    let namespace = Reference::of(c.namespace.as_ref())?;
    let known = |field, known: bool| ensure(known, field, "is not one of those that there are");
    known("protocol", Protocol::try_from(c.protocol).is_ok())?;
    known("table", Table::try_from(c.table).is_ok())?;
    known("chain_type", ChainType::try_from(c.chain_type).is_ok())?;
    known("default_policy", Policy::try_from(c.default_policy).is_ok())?;
    let none = format!("is not a chain of table {}", c.table().as_str_name());
    ensure(exists(c.table(), c.chain_type()), "chain_type", &none)?;
    let place = Place { protocol: c.protocol(), table: c.table(), chain: chain_name(c)? };
    c.rules.iter().try_for_each(|rule| check(rule))?;
    let (name, policy, rules) = (c.name.clone(), policy(c)?, c.rules.clone());
    let image = Image { name, namespace, place, policy, rules };
    let mark = Mark { policy: true, fingerprint: Some(0), ..image.mark() };
    let length = mark.comment(ours).len();
    ensure(length <= LONGEST_COMMENT, "name", "is too long for the comment that the chain bears")?;
    Ok(image)
}

/// The namespace that a chain is in, unless that is the agent's own, or nothing can be made of it.
pub(crate) fn namespace(linux: &Linux, c: &RuleChain) -> Option<Reference> {
    linux.iptables()?;
    image(&linux.mark(), c).ok()?.namespace
}

/// The chains of one protocol in one namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chains {
    netns: Netns,
    protocol: Protocol,
}

/// Where one of ours may be.
#[derive(Default)]
struct Search {
    /// One of ours is known to be there.
    known: bool,
    /// One of ours is known, or wanted.
    used: bool,
}

impl RuleChains {
    /// Works there with this variant of the programs.
    pub fn new(linux: &Linux, variant: &'static str) -> RuleChains {
        let queue = Queue::new(linux.mark(), variant);
        RuleChains { linux: linux.clone(), queue, searched: Mutex::default() }
    }
    /// Where chains are to be looked for: where there are some, or should be, and once in every other place.
    fn searches(&self, seen: &Seen<'_>, places: &HashMap<String, Netns>) -> HashMap<Chains, Search> {
        let mut searches: HashMap<Chains, Search> = HashMap::new();
        let mut add = |at: Chains, known, used| {
            let search = searches.entry(at).or_default();
            search.known |= known;
            search.used |= used;
        };
        seen.present::<RuleChains>().into_iter().for_each(|(_, at, _)| add(at, true, true));
        for image in seen.wanted::<RuleChains>().filter_map(|c| self.image(c).ok()) {
            let netns = match &image.namespace {
                None => Some(self.linux.home()),
                Some(reference) => places.get(&reference.name()),
            };
            let at = |netns: &Netns| Chains { netns: netns.clone(), protocol: image.place.protocol };
            netns.map(at).into_iter().for_each(|at| add(at, false, true));
        }
        let mut searched = self.searched.lock().unwrap_or_else(PoisonError::into_inner);
        for netns in places.values().chain([self.linux.home()]) {
            if searched.insert(netns.0.identity) {
                for protocol in [Protocol::Ipv4, Protocol::Ipv6] {
                    add(Chains { netns: netns.clone(), protocol }, false, false);
                }
            }
        }
        searches
    }
    /// What is there; nothing where nothing can be said.
    async fn saved(&self, at: &Chains, search: &Search) -> Result<Saved> {
        match self.queue.save(&at.netns, at.protocol).await {
            Ok(Ok(saved)) => Ok(saved),
            Err(_) => Ok(Saved::default()), // the namespace is gone
            Ok(Err(error)) if search.known => Err(error),
            Ok(Err(error)) => {
                match search.used {
                    true => tracing::warn!("chains of iptables cannot be looked for: {error}"),
                    false => tracing::debug!("chains of iptables cannot be looked for: {error}"),
                }
                Ok(Saved::default())
            }
        }
    }
    /// A chain with a mark of ours as a value; whether it is where it should be.
    fn value(
        &self,
        wanted: Option<&RuleChain>,
        mark: &Mark,
        place: Place,
        namespace: Option<&Reference>,
        chain: &Chain,
    ) -> (RuleChain, bool) {
        let image = wanted.and_then(|wanted| self.image(wanted).ok());
        let at_home =
            image.is_some_and(|image| image.place == place && image.namespace.as_ref() == namespace);
        let told = chain.rules.get(1..).unwrap_or_default();
        let policy = match chain.policy.as_deref().filter(|_| mark.policy) {
            None => Policy::None,
            Some("DROP") => Policy::Drop,
            Some(_) => Policy::Accept,
        };
        let base = match wanted.filter(|_| at_home) {
            Some(wanted) => wanted.clone(),
            None => {
                let chain_type = builtin(&place.chain).unwrap_or(ChainType::Custom);
                RuleChain {
                    namespace: namespace.map(Reference::section),
                    protocol: place.protocol.into(),
                    table: place.table.into(),
                    chain_type: chain_type.into(),
                    chain_name: if chain_type == ChainType::Custom { place.chain } else { String::new() },
                    ..RuleChain::default()
                }
            }
        };
        let same = mark.fingerprint == Some(fingerprint(&base.rules, told));
        let rules = if same { base.rules } else { told.to_vec() };
        let value = RuleChain { name: mark.name.clone(), default_policy: policy.into(), rules, ..base };
        (value, at_home)
    }
}

impl Descriptor for RuleChains {
    const NAME: &'static str = "linux-ipt-rulechain-descriptor";
    const USES: &'static [&'static str] = &[NET_ADMIN];
    const VARIANTS: &'static [Variant] = &[Variant { name: "namespace", uses: &[SYS_ADMIN] }];
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = RuleChain;
    type Image = Image;
    type Handle = Chains;
    type Needs = (There, Vec<Up<Interfaces>>);
    type Reads = (Namespaces,);

    fn uses(&self, c: &RuleChain) -> &'static [&'static str] {
        if c.namespace.is_some() { &[SYS_ADMIN] } else { &[] }
    }
    fn needs(&self, c: &RuleChain) -> Self::Needs {
        let interfaces: BTreeSet<&String> = c.interfaces.iter().collect();
        (there(c.namespace.as_ref()), interfaces.into_iter().map(|interface| Up::to(interface)).collect())
    }
    fn image(&self, c: &RuleChain) -> Result<Image, Invalid> {
        image(self.queue.ours(), c)
    }
    /// Two lists of rules do not fit into one chain.
    fn place(&self, c: &RuleChain) -> Option<String> {
        let Image { namespace, place: Place { protocol, table, chain }, .. } = self.image(c).ok()?;
        let namespace = namespace.map_or_else(String::new, |reference| reference.name());
        Some(format!("{} {} {chain} {namespace}", protocol.as_str_name(), name_of(table)))
    }
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        let same = !moved && old.name == new.name && old.place == new.place && old.namespace == new.namespace;
        if same { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, _: Resolved<Self>) -> Made<Chains> {
        let netns = match &new.namespace {
            None => self.linux.home().clone(),
            Some(reference) => self.linux.open(reference).map_err(|error| Error::new(error.to_string()))?,
        };
        let written = self.queue.run(&netns, new.task(None)).await;
        // What is there of it is found by the next comparison.
        written.map_err(|error| about(&new.doing("writing"), error))?;
        Ok(Chains { netns, protocol: new.place.protocol })
    }
    async fn update(&self, old: Image, new: Image, at: Chains, _: Resolved<Self>) -> Result<()> {
        let written = self.queue.run(&at.netns, new.task(old.policy)).await;
        written.map_err(|error| about(&new.doing("writing"), error))
    }
    async fn delete(&self, old: Image, at: Chains, _: Resolved<Self>) -> Result<()> {
        let policy = old.policy.map(|_| USUAL);
        let task = Task { policy, rules: None, ..old.task(None) };
        let removed = self.queue.run(&at.netns, task).await;
        let advice = |error: Error| {
            let cause = format!("{}; rules of other chains must not lead to it any more", error.cause);
            if old.custom() { Error { cause: cause.into(), ..error } } else { error }
        };
        removed.map_err(|error| about(&old.doing("removing"), advice(error)))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let named = seen.present::<Namespaces>();
        let places: HashMap<String, Netns> =
            named.iter().map(|(name, netns, _)| ((*name).to_owned(), netns.clone())).collect();
        let searches = self.searches(seen, &places);
        let saved = searches.iter().map(|(at, search)| self.saved(at, search));
        let saved = futures::future::try_join_all(saved).await?;
        let mut found = Vec::new();
        for (at, saved) in searches.keys().zip(&saved) {
            for (table, chain_name, chain) in saved.chains() {
                let mark = chain.rules.first().and_then(|rule| Mark::of_rule(self.queue.ours(), rule));
                let (Some(mark), Some(table)) = (mark, table_of(table)) else { continue };
                let wanted = seen.desired::<RuleChain>(&mark.name);
                let place = Place { protocol: at.protocol, table, chain: chain_name.to_owned() };
                let reference = called(&at.netns, wanted, self.linux.home(), &places);
                let (value, at_home) = self.value(wanted, &mark, place, reference.as_ref(), chain);
                found.push((at_home, at.clone(), value));
            }
        }
        // The one that is where it should be goes first: it has its name, others get another one.
        found.sort_by_cached_key(|(at_home, _, value)| (!at_home, value.chain_name.clone()));
        let mut taken = HashSet::new();
        let named = found.into_iter().enumerate().map(|(n, (_, at, mut value))| {
            if !taken.insert(value.name.clone()) {
                value.name = format!("{}-AGAIN-{n}", value.name);
            }
            Found::new(value, at)
        });
        Ok(named.collect())
    }
}

/// What a namespace is called: as it is wanted, if that is right.
fn called(
    netns: &Netns,
    wanted: Option<&RuleChain>,
    home: &Netns,
    places: &HashMap<String, Netns>,
) -> Option<Reference> {
    let own = wanted.and_then(|c| Reference::of(c.namespace.as_ref()).ok().flatten());
    let is_it = |reference: &Reference| places.get(&reference.name()) == Some(netns);
    match own.filter(is_it) {
        Some(reference) => Some(reference),
        None if netns == home => None,
        None => places.iter().filter(|(_, at)| *at == netns).find_map(|(name, _)| Reference::named(name)),
    }
}

fn about(doing: &str, error: Error) -> Error {
    Error { cause: format!("{doing}: {}", error.cause).into(), ..error }
}
