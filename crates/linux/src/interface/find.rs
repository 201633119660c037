//! Finding interfaces again: which of the links that are there are ours, and what they are called.

use super::kind::Kind;
use super::link::{get_all, get_all_counted};
use super::shown::details;
use super::sight::Sight;
use super::{Interfaces, LinkId, alias, host_name, is_existing, veth};
use crate::microservice::Microservices;
use crate::netlink::ethtool::{Ethtool, Offload};
use crate::netns::Namespaces;
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use std::collections::HashSet;

/// What stands for the other end of a pair if there is none that points back.
const NONE: &str = "MISSING_PEER";

/// A link of ours.
struct Ours {
    netns: Netns,
    link: Sight,
    name: String,
    kind: Kind,
}

/// What is wanted, by what it is looked for by.
struct Wanted<'i> {
    by_name: HashMap<&'i str, &'i Interface>,
    /// By the alias that a link has if it is this one.
    by_alias: HashMap<String, (&'i Interface, Kind)>,
}

impl<'i> Wanted<'i> {
    fn of(mark: &str, all: impl Iterator<Item = &'i Interface>) -> Wanted<'i> {
        let mut wanted = Wanted { by_name: HashMap::new(), by_alias: HashMap::new() };
        for i in all {
            wanted.by_name.insert(&i.name, i);
            if let Ok(kind) = Kind::of(i) {
                wanted.by_alias.entry(alias::of(mark, &i.name, &kind)).or_insert((i, kind));
            }
        }
        wanted
    }
}

/// All links of a namespace, with what they have counted if that is asked for; none of one that went meanwhile.
pub(crate) async fn links(netns: &Netns, counted: bool) -> Result<Vec<Sight>> {
    let all = if counted { get_all_counted() } else { get_all() };
    match netns.list(all, Sight::read).await {
        Ok(links) => Ok(links),
        Err(Refusal::Gone) => Ok(Vec::new()),
        Err(refusal) => Err(in_words("listing links", refusal)),
    }
}

/// What of checksums is left to the kernel, in namespaces that have pairs. Where it does not tell, nobody has changed it.
async fn offloads(namespaces: &[Netns], dumps: &[Vec<Sight>]) -> HashMap<Netns, HashMap<u32, Offload>> {
    let paired = |links: &[Sight]| {
        links.iter().any(|link| Kind::of_link(link).is_some_and(|kind| matches!(kind, Kind::Veth { .. })))
    };
    let asked =
        namespaces.iter().zip(dumps).filter(|(_, links)| paired(links)).map(|(netns, _)| async move {
            let all = netns.run(|| Ethtool::open()?.all()).await.ok()?;
            let all =
                all.inspect_err(|error| tracing::debug!("checksum offload is not told: {error}")).ok()?;
            Some((netns.clone(), all))
        });
    futures::future::join_all(asked).await.into_iter().flatten().collect()
}

impl Interfaces {
    pub(super) async fn find(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let home = self.0.home();
        let named = seen.present::<Namespaces>();
        let mut namespaces = vec![home.clone()];
        let mut called: HashMap<&Netns, &str> = HashMap::new();
        for (name, netns, _) in &named {
            if called.insert(netns, name).is_none() && netns != home {
                namespaces.push(netns.clone());
            }
        }
        let places: HashMap<&str, &Netns> = named.iter().map(|(name, netns, _)| (*name, netns)).collect();
        let place = |reference: &Reference| places.get(&*reference.name()).copied();
        let wanted = Wanted::of(&self.0.mark(), seen.wanted::<Interfaces>());
        let mut ours = Vec::new();
        let mut found = Vec::new();
        let dumps = namespaces.iter().map(|netns| links(netns, seen.verbose()));
        let dumps = futures::future::try_join_all(dumps).await?;
        let offloads = offloads(&namespaces, &dumps).await;
        for (netns, links) in namespaces.iter().zip(dumps) {
            if netns == home {
                found.extend(self.existing(&wanted, home, &links, seen));
            }
            ours.extend(links.into_iter().filter_map(|link| self.ours(link, netns, &wanted)));
        }
        // The one that is where it should be goes first: it has its name, others get another one.
        let at_home = |ours: &Ours| {
            wanted.by_name.get(&*ours.name).is_some_and(|i| {
                let netns = match Reference::of(i.namespace.as_ref()) {
                    Ok(Some(reference)) => place(&reference),
                    Ok(None) => Some(home),
                    Err(_) => None,
                };
                host_name(i) == ours.link.host && netns == Some(&ours.netns)
            })
        };
        ours.sort_by_cached_key(|ours| !at_home(ours));
        let mut taken = HashSet::new();
        for ours in &mut ours {
            if !taken.insert(ours.name.clone()) {
                ours.name = format!("{}-AGAIN-{}", ours.name, ours.link.host);
            }
        }
        // As long as nobody can tell of its container, the other end may be there.
        let hidden = |name: &str| {
            let wanted = wanted.by_name.get(name).filter(|_| seen.is_partial::<Microservices>());
            let place = wanted.and_then(|i| Reference::of(i.namespace.as_ref()).ok().flatten());
            place.is_some_and(|at| {
                matches!(at, Reference::Microservice(_)) && !places.contains_key(&*at.name())
            })
        };
        self.mend_pairs(&mut ours, hidden);
        for Ours { netns, link, name, kind } in ours {
            let wanted = wanted.by_name.get(&*name);
            let own = wanted.and_then(|i| Reference::of(i.namespace.as_ref()).ok().flatten());
            let namespace = match own.filter(|own| place(own) == Some(&netns)) {
                Some(reference) => Some(reference),
                None if netns == *home => None,
                None => called.get(&netns).and_then(|name| Reference::named(name)),
            };
            let (r#type, section) = kind.section();
            let host = wanted.filter(|i| host_name(i) == link.host).map(|i| i.host_if_name.clone());
            let plain = || if link.host == name { String::new() } else { link.host.clone() };
            let mut value = Interface {
                r#type: r#type.into(),
                namespace: namespace.map(|reference| reference.section()),
                host_if_name: host.unwrap_or_else(plain),
                enabled: link.up,
                phys_address: if kind == Kind::Loopback { String::new() } else { mac_text(&link.mac) },
                mtu: link.mtu,
                link: section,
                link_only: wanted.is_some_and(|i| i.link_only),
                name,
                ..Interface::default()
            };
            if let Some(offload) = offloads.get(&netns).and_then(|all| all.get(&link.index)) {
                veth::found_with(&mut value, wanted.copied(), *offload);
            }
            if netns == *home {
                self.0.is_called(&value.name, Some(&link.host));
            }
            let handle = LinkId { netns, index: link.index };
            found.push(Found::new(value, handle).details(seen, || details(&link)));
        }
        Ok(found)
    }
    /// Those that others made and somebody wants, as others made them.
    fn existing<'f>(
        &'f self,
        wanted: &'f Wanted<'_>,
        home: &'f Netns,
        links: &'f [Sight],
        seen: &'f Seen<'_>,
    ) -> impl Iterator<Item = Found<Self>> + 'f {
        let existing = wanted.by_name.values().filter(|i| is_existing(i));
        let links: HashMap<&str, &Sight> = links.iter().map(|link| (&*link.host, link)).collect();
        existing.filter_map(move |i| {
            let link = *links.get(host_name(i))?;
            let value = Interface {
                enabled: link.up,
                phys_address: mac_text(&link.mac),
                mtu: link.mtu,
                ip_addresses: Vec::new(),
                vrf_master_interface: String::new(),
                ..(*i).clone()
            };
            self.0.is_called(&value.name, Some(&link.host));
            let handle = LinkId { netns: home.clone(), index: link.index };
            Some(Found::new(value, handle).details(seen, || details(link)))
        })
    }
    /// Is the link ours, and what is it called?
    fn ours(&self, link: Sight, netns: &Netns, wanted: &Wanted<'_>) -> Option<Ours> {
        let kind = Kind::of_link(&link)?;
        if link.alias.is_empty() && link.group == self.0.unfinished() {
            // An earlier agent ended before it could finish it. The name is not one that anybody gives.
            let name = format!("UNFINISHED-{}", link.host);
            return Some(Ours { netns: netns.clone(), link, name, kind });
        }
        // A name with a slash in it is told apart from that of the other end by who is looking for it.
        let alias = match kind {
            Kind::Tap { .. } => link.alias.rsplit_once('/')?.0,
            _ => &link.alias,
        };
        let (name, other) = match wanted.by_alias.get(alias) {
            Some((i, Kind::Veth { peer: other } | Kind::Tap { vpp: other })) => {
                (i.name.clone(), other.clone())
            }
            Some((i, _)) => (i.name.clone(), String::new()),
            None => {
                let mark = self.0.mark();
                let (name, other) = alias::read(&mark, alias, kind.has_other_end())?;
                (name.to_owned(), other.unwrap_or_default().to_owned())
            }
        };
        let kind = match kind {
            Kind::Veth { .. } => Kind::Veth { peer: other },
            Kind::Tap { .. } => Kind::Tap { vpp: other },
            kind => kind,
        };
        Some(Ours { netns: netns.clone(), link, name, kind })
    }
    /// An end whose other end is not there, or belongs to another pair, is an end of nothing; unless that may be where nobody
    /// has looked.
    fn mend_pairs(&self, ours: &mut [Ours], hidden: impl Fn(&str) -> bool) {
        let ends: HashMap<String, (String, u32, u32)> = ours
            .iter()
            .filter_map(|ours| match &ours.kind {
                Kind::Veth { peer } => {
                    Some((ours.name.clone(), (peer.clone(), ours.link.index, ours.link.other)))
                }
                _ => None,
            })
            .collect();
        for ours in ours {
            let Kind::Veth { peer } = &mut ours.kind else { continue };
            let whole = match ends.get(peer) {
                Some((back, index, other)) => {
                    *back == ours.name && *index == ours.link.other && *other == ours.link.index
                }
                None => hidden(peer),
            };
            if !whole {
                *peer = NONE.to_owned();
            }
        }
    }
}
