//! Links of the agent's own namespace, by their names in Linux; those that are up, and their addresses: whoever made them.
//! Reported by rtnetlink; never made or removed by a plan
//!
//! What stands on an interface of others waits for it: Linux for one that is up; VPP, which sets it up and down itself, for one
//! that is there. An event only says that something changed: then all links are listed.
//! Events that were lost say no less.

use super::LinkId;
use super::address;
use super::find::links;
use super::news::News;
use super::sight::Sight;
use super::vrf;
use crate::netlink::socket;
use crate::netns::Sent;
use crate::prelude::*;
use crate::reports::Following;
use crate::southbound::Reported;
use netlink_packet_route::address::AddressMessage;
use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};
use sched::{Notice, Scheduler};
use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// `RTMGRP_LINK`, `RTMGRP_IPV4_IFADDR`, `RTMGRP_IPV6_IFADDR`: events about links and addresses.
const GROUPS: u32 = 0x1 | 0x10 | 0x100;
/// Listing takes at most this part of the time, so that a flood of events is read in few large portions.
const SHARE: u32 = 10;
/// How often is looked where Linux does not tell.
const UNTOLD: Duration = Duration::from_secs(1);
/// Events that come within this time after one are taken with it: to be woken for each costs whoever causes them.
const GATHER: Duration = Duration::from_millis(3);
/// How long the thread that waits for events sits still before it looks whether anybody listens.
const PATIENCE: Duration = Duration::from_secs(1);

/// A link, up or down.
#[derive(Clone, Debug, PartialEq)]
pub struct HostLink(pub String);

impl Model for HostLink {
    const PREFIX: &'static str = "linux/interface/host-link/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// See the module.
pub struct HostLinks(pub Linux);

impl Descriptor for HostLinks {
    const NAME: &'static str = "linux-interface-link-watcher";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = HostLink;
    type Image = String;
    type Handle = LinkId;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &HostLink) {}
    fn image(&self, link: &HostLink) -> Result<String, Invalid> {
        Ok(link.0.clone())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let home = self.0.home();
        let there = named(home, links(home, false).await?.iter());
        self.0.reported().there.found(there.clone());
        Ok(there.into_iter().map(|(host, at)| Found::new(HostLink(host), at).foreign()).collect())
    }
}

fn named<'l>(netns: &Netns, links: impl Iterator<Item = &'l Sight>) -> BTreeMap<String, LinkId> {
    links.map(|link| (link.host.clone(), LinkId { netns: netns.clone(), index: link.index })).collect()
}

/// A link that is up.
#[derive(Clone, Debug, PartialEq)]
pub struct HostInterface(pub String);

impl Model for HostInterface {
    const PREFIX: &'static str = "linux/interface/host-name/";
    fn name(&self) -> String {
        self.0.clone()
    }
}

/// See the module.
pub struct HostInterfaces(pub Linux);

impl Descriptor for HostInterfaces {
    const NAME: &'static str = "linux-interface-watcher";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = HostInterface;
    type Image = String;
    type Handle = LinkId;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &HostInterface) {}
    fn image(&self, link: &HostInterface) -> Result<String, Invalid> {
        Ok(link.0.clone())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let up = up(self.0.home()).await?;
        self.0.reported().links.found(up.clone());
        Ok(up.into_iter().map(|(host, at)| Found::new(HostInterface(host), at).foreign()).collect())
    }
}

async fn up(netns: &Netns) -> Result<BTreeMap<String, LinkId>> {
    Ok(up_of(netns, &links(netns, false).await?))
}

fn up_of(netns: &Netns, links: &[Sight]) -> BTreeMap<String, LinkId> {
    named(netns, links.iter().filter(|link| link.up))
}

/// An address that a link has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostAddress {
    /// The name of the link in Linux.
    pub host: String,
    /// The address with the length of its network.
    pub text: String,
}

impl Model for HostAddress {
    const PREFIX: &'static str = HostInterface::PREFIX;
    fn name(&self) -> String {
        format!("{}/address/{}", self.host, self.text)
    }
}

/// See the module.
pub struct HostAddresses(pub Linux);

impl Descriptor for HostAddresses {
    const NAME: &'static str = "linux-interface-address-watcher";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = HostAddress;
    type Image = HostAddress;
    type Handle = ();
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &HostAddress) {}
    fn image(&self, address: &HostAddress) -> Result<HostAddress, Invalid> {
        Ok(address.clone())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let netns = self.0.home();
        let given = given(netns, &up(netns).await?).await?;
        self.0.reported().addresses.found(given.clone());
        Ok(given.into_keys().map(|address| Found::new(address, ()).foreign()).collect())
    }
}

/// A link is in a VRF.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostVrf {
    /// The name of the link in Linux.
    pub host: String,
    /// That of the VRF.
    pub vrf: String,
}

/// The end of the key of a link in a VRF.
pub(super) fn host_vrf(host: &str, vrf: &str) -> String {
    format!("{host}/vrf-host-name/{vrf}")
}

impl Model for HostVrf {
    const PREFIX: &'static str = HostInterface::PREFIX;
    fn name(&self) -> String {
        host_vrf(&self.host, &self.vrf)
    }
}

/// See the module.
pub struct HostVrfs(pub Linux);

impl Descriptor for HostVrfs {
    const NAME: &'static str = "linux-interface-vrf-watcher";
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = HostVrf;
    type Image = HostVrf;
    type Handle = ();
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &HostVrf) {}
    fn image(&self, vrf: &HostVrf) -> Result<HostVrf, Invalid> {
        Ok(vrf.clone())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let inside = inside(&links(self.0.home(), false).await?);
        self.0.reported().vrfs.found(inside.clone());
        Ok(inside.into_keys().map(|vrf| Found::new(vrf, ()).foreign()).collect())
    }
}

/// Links that are up and in a VRF.
fn inside(links: &[Sight]) -> BTreeMap<HostVrf, ()> {
    let vrfs = links.iter().filter(|link| link.kind == vrf::KIND);
    let vrfs: HashMap<u32, &String> = vrfs.map(|vrf| (vrf.index, &vrf.host)).collect();
    let inside = links.iter().filter(|link| link.up).filter_map(|link| {
        let vrf = (*vrfs.get(&link.master)?).clone();
        Some((HostVrf { host: link.host.clone(), vrf }, ()))
    });
    inside.collect()
}

/// The addresses that these links have.
async fn given(netns: &Netns, up: &BTreeMap<String, LinkId>) -> Result<BTreeMap<HostAddress, ()>> {
    let hosts: HashMap<u32, &String> = up.iter().map(|(host, at)| (at.index, host)).collect();
    let all = netns.list(Message::GetAddress(AddressMessage::default()), address::read).await;
    let all = all.map_err(|refusal| in_words("listing addresses", refusal))?;
    let addresses = all.into_iter().filter_map(|given| {
        let host = (*hosts.get(&given.index)?).clone();
        Some((HostAddress { host, text: given.net.to_string() }, ()))
    });
    Ok(addresses.collect())
}

/// Follows the links of the agent's own namespace, on the current runtime.
pub(crate) fn follow(linux: &Linux, scheduler: &Scheduler) -> Following {
    Following::by(run(linux.clone(), scheduler.clone()))
}

async fn run(linux: Linux, scheduler: Scheduler) {
    let netns = linux.home();
    let bell = listen(netns, linux.event_room()).await;
    let mut news = News::default();
    loop {
        let began = Instant::now();
        let Reported { there, links: known, addresses: others, vrfs, .. } = linux.reported();
        let before = (known.before(), others.before(), vrfs.before(), there.before());
        if let Ok(all) = links(netns, false).await {
            let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            linux.told(news.of(&linux.mark(), &all, i64::try_from(time).unwrap_or(i64::MAX)));
            let (now, inside) = (up_of(netns, &all), inside(&all));
            let addresses = given(netns, &now).await;
            let gone = |host: &String| Notice::absent::<HostLink>(host);
            let come =
                |host: &String, at: &LinkId| Notice::present::<HostLinks>(HostLink(host.clone()), at.clone());
            if !there.tell(&scheduler, before.3, named(netns, all.iter()), gone, come).await {
                return;
            }
            let name = |host: &String| HostInterface(host.clone());
            let gone = |host: &String| Notice::absent::<HostInterface>(&name(host).name());
            let come = |host: &String, at: &LinkId| Notice::present::<HostInterfaces>(name(host), at.clone());
            if !known.tell(&scheduler, before.0, now, gone, come).await {
                return;
            }
            let gone = |vrf: &HostVrf| Notice::absent::<HostVrf>(&vrf.name());
            let come = |vrf: &HostVrf, (): &()| Notice::present::<HostVrfs>(vrf.clone(), ());
            if !vrfs.tell(&scheduler, before.2, inside, gone, come).await {
                return;
            }
            if let Ok(now) = addresses {
                let gone = |address: &HostAddress| Notice::absent::<HostAddress>(&address.name());
                let come =
                    |address: &HostAddress, (): &()| Notice::present::<HostAddresses>(address.clone(), ());
                if !others.tell(&scheduler, before.1, now, gone, come).await {
                    return;
                }
            }
        }
        tokio::time::sleep(began.elapsed().saturating_mul(SHARE)).await;
        match &bell {
            Some(bell) => bell.notified().await,
            None => tokio::time::sleep(UNTOLD).await,
        }
    }
}

/// Has a thread wait for events and ring; it ends soon after nobody listens any more.
async fn listen(netns: &Netns, room: Option<usize>) -> Option<Arc<Notify>> {
    let opened = netns.run(move || socket::listen(GROUPS, PATIENCE, room)).await.ok()?;
    let bell = Arc::new(Notify::new());
    let rope = Arc::downgrade(&bell);
    let sent = netns.sent();
    let waiting = |socket| {
        std::thread::Builder::new().name("links".to_owned()).spawn(move || wait(socket, rope, &sent))
    };
    let started = opened.and_then(waiting);
    started.inspect_err(|error| tracing::warn!("Linux does not tell of its links: {error}")).ok()?;
    Some(bell)
}

fn wait(socket: OwnedFd, rope: Weak<Notify>, counts: &Sent) {
    let mut datagram = [0_u8; 4096]; // what does not fit is cut off: nobody looks at it
    let mut read = |flags| {
        let told = recv(&socket, &mut datagram, flags);
        counts.overruns.fetch_add(u64::from(matches!(told, Err(Errno::NOBUFS))), Ordering::Relaxed);
        told.map(drop)
    };
    loop {
        let told = read(RecvFlags::empty());
        let Some(bell) = rope.upgrade() else { return };
        match told {
            // Events that were lost are events.
            Ok(()) | Err(Errno::NOBUFS) => {
                std::thread::sleep(GATHER);
                while matches!(read(RecvFlags::DONTWAIT), Ok(()) | Err(Errno::NOBUFS)) {}
                // After that, so that what is looked at then is not older than the events.
                bell.notify_one();
            }
            Err(Errno::AGAIN | Errno::INTR) => {} // nothing for a while
            Err(error) => {
                tracing::warn!("events about links of Linux cannot be read any more: {error}");
                bell.notify_one();
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_are_up_are_seen_in_their_vrfs() {
        let link = |index, host: &str, kind: &str, up, master| Sight {
            index,
            host: host.into(),
            kind: kind.into(),
            up,
            master,
            ..Sight::default()
        };
        let all = [
            link(1, "red", "vrf", true, 0),
            link(2, "eth0", "", true, 1),
            link(3, "eth1", "", false, 1),
            link(4, "br0", "bridge", true, 0),
            link(5, "eth2", "veth", true, 4),
            link(6, "eth3", "veth", true, 0),
        ];
        let inside: Vec<String> = inside(&all).keys().map(HostVrf::name).collect();
        assert_eq!(inside, ["eth0/vrf-host-name/red"]);
    }
}
