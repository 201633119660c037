//! Interface of Linux: where packets enter and leave a network namespace. One model for all types; `kind.rs` lists the types,
//! each has its file.
//! Config `ligato.linux.interfaces.Interface` · rtnetlink `RTM_…LINK`
//!
//! The logical name is kept in the alias of the link: by it an interface is ours, and by it a restarted agent finds it again.
//! Those that others made have none: they are ours as long as somebody wants them. Addresses, and that it is up, are objects
//! of their own.

pub mod address;
mod alias;
mod dummy;
mod existing;
mod find;
pub mod host;
mod kind;
pub(crate) mod link;
mod loopback;
pub mod membership;
mod news;
mod shown;
mod sight;
pub mod state;
mod tap;
mod veth;
mod vrf;

use crate::convert::Mac;
use crate::microservice::Microservices;
use crate::netlink::ethtool::Offload;
use crate::netns::Namespaces;
use crate::netns::namespaces::{There, there};
use crate::prelude::*;
use address::InterfaceAddress;
use host::HostInterfaces;
pub use kind::Kind;
use kind::Making;
use link::{Changes, Which};
use membership::Membership;
use model::proto::ligato::linux::interfaces::Interface;
use model::proto::ligato::linux::interfaces::interface::Type;
use model::proto::ligato::vpp;
use model::value::key_of;
pub use news::OnInterfaces;
pub(crate) use shown::DUMPS;
use sight::Sight;
use state::AdminState;
use std::collections::HashSet;

/// A link: where it is, and its number there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkId {
    /// The namespace.
    pub netns: Netns,
    /// The number, which another one may get once it is free.
    pub index: u32,
}

/// What the kernel is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    name: String,
    kind: Kind,
    pub(crate) namespace: Option<Reference>,
    host: String,
    up: bool,
    mac: Option<Mac>,
    mtu: Option<u32>,
    offload: Offload,
    /// It may have addresses of IPv6.
    v6: bool,
}

/// See the module.
pub struct Interfaces(pub Linux);

/// Its name in Linux.
pub(crate) fn host_name(i: &Interface) -> &str {
    match i.r#type() {
        Type::Loopback => loopback::HOST,
        _ if i.host_if_name.is_empty() => &i.name,
        _ => &i.host_if_name,
    }
}

/// The section of the type is missing, or there is another one in its place.
fn missing(i: &Interface, field: &'static str) -> Invalid {
    match i.link {
        None => Invalid::new(field, "must be given"),
        Some(_) => Invalid::new("link", "is the section of another type of interface"),
    }
}

/// Says what is wrong with a name of a link.
fn check_host(i: &Interface) -> Result<(), Invalid> {
    let host = host_name(i);
    let long = match i.host_if_name.is_empty() {
        true => {
            "is longer than the 15 bytes that Linux takes as the name of an interface; give a shorter host_if_name"
        }
        false => "is longer than the 15 bytes that Linux takes as the name of an interface",
    };
    let field = if i.host_if_name.is_empty() { "name" } else { "host_if_name" };
    ensure(host.len() <= 15, field, long)?;
    let bad = |byte: u8| matches!(byte, b'/' | b':' | 0) || byte.is_ascii_whitespace();
    let good = !matches!(host, "" | "." | "..") && !host.bytes().any(bad);
    ensure(good, field, "is not a name that Linux takes for an interface; give another host_if_name")
}

/// Did others make it?
fn is_existing(i: &Interface) -> bool {
    i.r#type() == Type::Existing
}

/// The namespaces that interfaces of ours are in.
pub(crate) fn namespaces(names: &Names<'_, Interfaces>) -> HashSet<Netns> {
    names.keys().map(|at| at.netns.clone()).collect()
}

/// Asks each namespace that interfaces of ours are in for everything of a kind, each message read in the thread of its
/// namespace, by its kind and the bytes after its header; those that went meanwhile have nothing.
pub(crate) async fn listed<T: Send + 'static>(
    names: &Names<'_, Interfaces>,
    request: Message,
    read: fn(u16, &[u8]) -> Option<T>,
) -> Result<Vec<(Netns, Vec<T>)>> {
    let asked = namespaces(names).into_iter().map(|netns| {
        let answer = netns.list(request.clone(), read);
        async move {
            match answer.await {
                Ok(messages) => Ok((netns, messages)),
                Err(Refusal::Gone) => Ok((netns, Vec::new())),
                Err(refusal) => Err(in_words(LISTING, refusal)),
            }
        }
    });
    futures::future::try_join_all(asked).await
}

/// What is done meanwhile, if that is refused.
pub(crate) const LISTING: &str = "asking for what is there";

impl Interfaces {
    fn doing(what: &str, image: &Image) -> String {
        format!("{what} {}", image.host)
    }
    /// Gives a link that was made all that is set on it; the end of a TAP gets its name and its place, too.
    async fn furnish(&self, new: &Image, alias: String, at: LinkId, netns: &Netns) -> Result<LinkId> {
        let moves = *netns != at.netns;
        // What an earlier agent took is up, and cannot be called anything then, not even what it is called.
        let named = match new.kind {
            Kind::Tap { .. } => {
                let found = at.netns.ask(vec![link::get(Which::Index(at.index))]).await;
                found.is_ok_and(|found| Sight::all(&found).iter().any(|link| link.host == new.host))
            }
            _ => true,
        };
        let changes = Changes {
            host: Some(new.host.clone()).filter(|_| !named),
            alias: Some(alias),
            mac: new.mac,
            mtu: new.mtu.filter(|&mtu| mtu != vrf::MTU),
            up: Some(new.up),
            netns: moves.then(|| netns.fd()),
            master: None,
            group: Some(0),
            keeps_others: true,
        };
        let set = at.netns.ask(vec![link::set(Which::Index(at.index), changes)]).await;
        set.map_err(|refusal| kind::called_so(in_words(&Self::doing("setting up", new), refusal)))?;
        let at = if moves { self.moved(new, netns).await? } else { at };
        if new.offload != Offload::USUAL {
            veth::set_offload(netns, at.index, new.offload).await?;
        }
        if new.v6 {
            keep_addresses(netns, &new.host).await;
        }
        Ok(at)
    }
    /// It may have got another number there.
    async fn moved(&self, new: &Image, netns: &Netns) -> Result<LinkId> {
        let found = netns.ask(vec![link::get(Which::Host(&new.host))]).await;
        let found = found.map_err(|refusal| in_words(&Self::doing("looking for", new), refusal))?;
        let lost = || Error::new(format!("setting up {}: the kernel did not tell of it", new.host));
        Ok(LinkId { netns: netns.clone(), index: Sight::all(&found).first().ok_or_else(lost)?.index })
    }
}

/// Has the kernel keep addresses of IPv6 that it would take away on its own when the link is set down. Where that cannot be had,
/// the next comparison puts them back.
async fn keep_addresses(netns: &Netns, host: &str) {
    let path = format!("/proc/sys/net/ipv6/conf/{host}/keep_addr_on_down");
    let write = move || {
        if let Err(error) = std::fs::write(&path, "1") {
            tracing::debug!("{path} cannot be written: {error}");
        }
    };
    let _ = netns.run(write).await; // a namespace that is gone has no addresses
}

impl Descriptor for Interfaces {
    const NAME: &'static str = "linux-interface";
    const USES: &'static [&'static str] = &[NET_ADMIN];
    const VARIANTS: &'static [Variant] = &[Variant { name: "namespace", uses: &[SYS_ADMIN] }];
    const OWNERSHIP: Ownership = Ownership::Marked;
    const UNIQUE: bool = true;
    type Value = Interface;
    type Image = Image;
    type Handle = LinkId;
    type Needs = (There, veth::Needs, Option<Up<HostInterfaces>>, Option<Key>);
    type Reads = (Microservices, Namespaces);

    fn uses(&self, i: &Interface) -> &'static [&'static str] {
        if i.namespace.is_some() { &[SYS_ADMIN] } else { &[] }
    }
    fn needs(&self, i: &Interface) -> Self::Needs {
        let (peer, host, tap) = match Kind::of(i) {
            Ok(Kind::Veth { peer }) => (veth::needs(&i.name, &peer), None, None),
            Ok(Kind::Existing) => ((None, None), Some(Up::to(host_name(i))), None),
            Ok(Kind::Tap { vpp }) => {
                ((None, None), None, Some(Key::of(key_of::<vpp::interfaces::Interface>(&vpp))))
            }
            _ => ((None, None), None, None),
        };
        (there(i.namespace.as_ref()), peer, host, tap)
    }
    fn image(&self, i: &Interface) -> Result<Image, Invalid> {
        ensure(!i.name.is_empty(), "name", "must not be empty")?;
        let kind = Kind::of(i)?;
        let namespace = Reference::of(i.namespace.as_ref())?;
        check_host(i)?;
        let alias = alias::of(&self.0.mark(), &i.name, &kind);
        ensure(
            alias.len() + LONGEST_HOST <= alias::LONGEST,
            "name",
            "is too long: Linux keeps 255 bytes of it, marks included",
        )?;
        let most = kind.largest_mtu();
        if i.mtu != 0 && !(68..=most).contains(&i.mtu) {
            return Err(Invalid::new("mtu", format!("must be from 68 to {most} bytes")));
        }
        ensure(
            i.vrf_master_interface != i.name || i.name.is_empty(),
            "vrf_master_interface",
            "is the interface itself",
        )?;
        let mut v6 = false;
        for text in &i.ip_addresses {
            let address = address::read_text(&i.name, text)?;
            let allocated = matches!(address, Source::Allocated(_));
            v6 |= allocated || matches!(address, Source::Given(net) if net.address.is_ipv6());
            let theirs = kind == Kind::Existing && i.link_only;
            let no =
                "cannot be allocated for an interface of others with link_only: others give it its addresses";
            ensure(!(allocated && theirs), "ip_addresses", no)?;
        }
        let mac = if i.phys_address.is_empty() { None } else { Some(mac("phys_address", &i.phys_address)?) };
        let own = mac.is_none_or(|mac| mac != Mac::default() && mac[0] & 1 == 0);
        ensure(
            own,
            "phys_address",
            "is no address of an interface: its first byte is odd, or it is all zero",
        )?;
        let plain = Image {
            name: i.name.clone(),
            namespace,
            host: host_name(i).to_owned(),
            up: i.enabled,
            mac: mac.filter(|_| !i.link_only),
            mtu: Some(i.mtu).filter(|&mtu| mtu != 0).or(kind.default_mtu()),
            offload: veth::offload(i),
            v6,
            kind,
        };
        Ok(match plain.kind {
            // Nothing of it is ours to set.
            Kind::Existing => Image { up: false, mac: None, mtu: None, v6: false, ..plain },
            Kind::Loopback => {
                ensure(plain.mac.is_none(), "phys_address", "cannot be set: a loopback has none")?;
                let none = "cannot be given: the kernel puts no loopback into a VRF";
                ensure(i.vrf_master_interface.is_empty(), "vrf_master_interface", none)?;
                plain
            }
            _ => plain,
        })
    }
    fn derive(&self, i: &Interface, out: &mut Derived) {
        out.push(AdminState::of(i));
        out.extend(Membership::of(i));
        out.extend(InterfaceAddress::of(i));
    }
    fn absorb(&self, i: &mut Interface, part: &dyn Value) {
        let part: &dyn Any = part;
        if let Some(part) = part.downcast_ref::<InterfaceAddress>() {
            i.ip_addresses.push(part.text());
        }
        if let Some(part) = part.downcast_ref::<Membership>() {
            i.vrf_master_interface.clone_from(&part.vrf);
        }
    }
    fn settled(&self, want: &Image, seen: &Image) -> bool {
        let mac = want.mac.is_none() || want.mac == seen.mac;
        // Kernels do not agree on that of VRFs.
        let usual = |image: &Image| {
            let vrf = matches!(image.kind, Kind::Vrf { .. });
            image.mtu.filter(|mtu| !vrf || ![vrf::MTU, vrf::OLD_MTU].contains(mtu))
        };
        let plain = |image: &Image| Image { mac: None, mtu: usual(image), v6: false, ..image.clone() };
        mac && plain(want) == plain(seen)
    }
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        let place = |image: &Image| (image.name.clone(), image.namespace.clone(), image.host.clone());
        let same = !moved && old.kind == new.kind && place(old) == place(new);
        if same { Change::InPlace } else { Change::Recreate }
    }
    fn place(&self, i: &Interface) -> Option<String> {
        let namespace = Reference::of(i.namespace.as_ref()).ok()?;
        let namespace = namespace.map_or_else(String::new, |reference| reference.name());
        Some(format!("{namespace} {}", host_name(i)))
    }
    async fn create(&self, new: Image, (_, (other, maker), ..): Resolved<Self>) -> Made<LinkId> {
        let netns = self.0.place(&new.namespace).map_err(|error| Error::new(error.to_string()))?;
        let mut alias = alias::of(&self.0.mark(), &new.name, &new.kind);
        if let Kind::Tap { vpp } = &new.kind {
            alias = format!("{alias}/{}", tap::made_as(&self.0, vpp)?);
        }
        let (linux, name, host) = (&self.0, &*new.name, &*new.host);
        let (other, maker) = (other.flatten(), maker.flatten());
        let (other, maker) = (other.as_ref(), maker.as_ref());
        let at = Making { linux, netns: &netns, name, host, alias: &alias, other, maker };
        let made = new.kind.make(&at).await?;
        if new.namespace.is_none() {
            self.0.is_called(&new.name, Some(&new.host));
        }
        if new.kind == Kind::Existing {
            return Ok(made);
        }
        let furnished = self.furnish(&new, alias, made.clone(), &netns).await;
        furnished.map_err(|error| error.left(made))
    }
    async fn update(&self, old: Image, new: Image, at: LinkId, _: Resolved<Self>) -> Result<()> {
        if new.kind == Kind::Existing {
            return Ok(());
        }
        let changes = Changes {
            mac: new.mac.filter(|_| new.mac != old.mac),
            mtu: new.mtu.filter(|_| new.mtu != old.mtu),
            up: Some(new.up).filter(|_| new.up != old.up),
            ..Changes::default()
        };
        if changes != Changes::default() {
            let set = at.netns.ask(vec![link::set(Which::Index(at.index), changes)]).await;
            set.map(drop).map_err(|refusal| in_words(&Self::doing("changing", &new), refusal))?;
        }
        if new.v6 && !old.v6 {
            keep_addresses(&at.netns, &new.host).await;
        }
        match new.offload == old.offload {
            true => Ok(()),
            false => veth::set_offload(&at.netns, at.index, new.offload).await,
        }
    }
    async fn delete(&self, old: Image, at: LinkId, _: Resolved<Self>) -> Result<()> {
        let doing = || Self::doing("removing", &old);
        self.0.is_called(&old.name, None);
        if old.kind == Kind::Existing {
            return Ok(());
        }
        // The number may be another one's by now, if ours went by itself.
        let found = at.netns.ask(vec![link::get(Which::Index(at.index))]).await;
        let found = match found {
            Ok(found) => Sight::all(&found).into_iter().next(),
            Err(refusal) => return or_gone::<()>(Err(refusal), GONE).map_err(|r| in_words(&doing(), r)),
        };
        let marked =
            |link: &Sight| link.alias.starts_with(&self.0.mark()) || link.group == self.0.unfinished();
        // Somebody may have given it another name.
        let alias = alias::of(&self.0.mark(), &old.name, &old.kind);
        let ours = |link: &Sight| {
            link.host == old.host && marked(link) || alias::is_of(&link.alias, &alias, &old.kind)
        };
        let Some(link) = found.filter(ours) else { return Ok(()) };
        let requests = match old.kind {
            Kind::Existing => return Ok(()),
            Kind::Loopback => vec![loopback::release(at.index)],
            Kind::Veth { .. } | Kind::Dummy | Kind::Vrf { .. } => vec![link::delete(at.index)],
            Kind::Tap { .. } => tap::release(&self.0, &link, &at),
        };
        let removed = at.netns.ask(requests).await;
        or_gone(removed, GONE).map_err(|refusal| in_words(&doing(), refusal))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        self.find(seen).await
    }
    fn metadata(&self, i: &Interface, at: &LinkId) -> serde_json::Value {
        json!({
            "LinuxIfIndex": at.index,
            "VPPTapName": match Kind::of(i) {
                Ok(Kind::Tap { vpp }) => vpp,
                _ => String::new(),
            },
            "Namespace": i.namespace.as_ref().map(|ns| json!({ "type": ns.r#type, "reference": ns.reference })),
            "HostIfName": host_name(i),
            "VrfMasterIf": i.vrf_master_interface,
            "VrfDevRT": match Kind::of(i) {
                Ok(Kind::Vrf { table }) => table,
                _ => 0,
            },
        })
    }
}

/// A slash and the longest name that Linux has for an interface: what the alias of the end of a TAP has at its end.
const LONGEST_HOST: usize = 16;

/// What the kernel says when a link is not there any more.
const GONE: &[&str] = &["ENODEV"];

#[cfg(test)]
mod tests;
