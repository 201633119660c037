//! Address of an interface.
//! Derived from `ligato.linux.interfaces.Interface` · rtnetlink `RTM_…ADDR`
//!
//! Those of an interface of others that is to be left as it is are only looked for: whoever needs one waits until others have
//! given it.
//!
//! What the kernel gives an interface by itself stays: link-local addresses of IPv6, those of a loopback, and whatever has
//! an end, as those have that routers announce.
//!
//! An address that is allocated (`alloc:<network>`) waits for its allocation.

use super::host::{HostAddress, HostAddresses};
use super::membership::{self, Memberships};
use super::state::members;
use super::{Interfaces, LinkId};
use crate::netlink::frame;
use crate::prelude::*;
use model::proto::ligato::linux::interfaces::Interface;
use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::AddressFamily;
use netlink_packet_route::address::{AddressAttribute, AddressHeaderFlags, AddressMessage, AddressScope};
use std::net::Ipv4Addr;

/// One address, in its canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct InterfaceAddress {
    /// Name of the interface.
    pub interface: String,
    /// The address and its network.
    pub address: Source<Net>,
    /// Others give it to the interface, which has this name in Linux.
    pub existing: Option<String>,
    /// The VRF that the interface has to be in first.
    pub vrf: Option<String>,
    /// The address at the other end, if others gave it as that of a link between two; nobody can ask for one.
    pub peer: Option<IpAddr>,
}

impl InterfaceAddress {
    /// The addresses of an interface, each once; none if others see to them and nobody can say where.
    pub(super) fn of(i: &Interface) -> impl Iterator<Item = InterfaceAddress> + use<> {
        let existing = (super::is_existing(i) && i.link_only).then(|| super::host_name(i).to_owned());
        let written = i.ip_addresses.iter().filter(|_| !i.link_only || existing.is_some());
        let addresses: BTreeSet<Source<Net>> =
            written.filter_map(|text| read_text(&i.name, text).ok()).collect();
        let interface = i.name.clone();
        let vrf = Some(i.vrf_master_interface.clone()).filter(|vrf| !vrf.is_empty());
        addresses.into_iter().map(move |address| InterfaceAddress {
            interface: interface.clone(),
            address,
            existing: existing.clone(),
            vrf: vrf.clone(),
            peer: None,
        })
    }
    /// As users write it.
    pub(super) fn text(&self) -> String {
        match (&self.address, self.peer) {
            (Source::Given(net), None) => net.to_string(),
            (Source::Given(net), Some(address)) => {
                format!("{} peer {}", net.address, Net { address, len: net.len })
            }
            (Source::Allocated(reference), _) => reference.brief(),
        }
    }
}

/// What stands in the list of addresses of an interface.
pub(super) fn read_text(interface: &str, text: &str) -> Result<Source<Net>, Invalid> {
    const FIELD: &str = "ip_addresses";
    match netalloc::Reference::own(FIELD, text, interface)? {
        Some(reference) => Ok(Source::Allocated(reference.into())),
        None => own_address(FIELD, text).map(Source::Given),
    }
}

impl Model for InterfaceAddress {
    const PREFIX: &'static str = "linux/interface/";
    fn name(&self) -> String {
        let source = match (&self.address, &self.existing) {
            (Source::Allocated(_), _) => "alloc_ref",
            (_, Some(_)) => "existing",
            (_, None) => "static",
        };
        format!("{}/address/{source}/{}", self.interface, self.text())
    }
}

/// Waits for any address of the interface.
pub(crate) fn any(interface: &str) -> AnyOf<Addresses> {
    AnyOf::under(&format!("{interface}/address/"))
}

/// Waits for the address that is allocated for the interface, by the reference to it.
pub(crate) fn allocated(interface: &str, reference: &str) -> AnyOf<Addresses> {
    AnyOf::under(&format!("{interface}/address/alloc_ref/{reference}"))
}

/// What the kernel is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    address: Source<Net>,
    peer: Option<IpAddr>,
    /// Nothing is done about it.
    existing: bool,
}

fn message(net: Net, peer: Option<IpAddr>, index: u32) -> AddressMessage {
    let mut message = AddressMessage::default();
    message.header.family = net.address.into();
    message.header.prefix_len = net.len;
    message.header.index = index;
    message.attributes.push(AddressAttribute::Local(net.address));
    message.attributes.push(AddressAttribute::Address(peer.unwrap_or(net.address)));
    // As everybody expects it of a network of more than two.
    if let (IpAddr::V4(address), 0..=30) = (net.address, net.len) {
        let hosts = u32::MAX.checked_shr(net.len.into()).unwrap_or(0);
        message.attributes.push(AddressAttribute::Broadcast(Ipv4Addr::from_bits(address.to_bits() | hosts)));
    }
    message
}

/// See the module.
pub struct Addresses(pub Linux);

impl Addresses {
    async fn add(&self, new: Net, on: &LinkId) -> Result<(), Refusal> {
        let message = Message::NewAddress(message(new, None, on.index));
        let added = on.netns.ask(vec![Request::with(message, NLM_F_CREATE | NLM_F_EXCL)]).await;
        or_gone(added, &["EEXIST"]) // then it is there, as it should be
    }
    /// Lets the interface have IPv6, and the loopback, by which packets go from the interface to itself.
    async fn enable_ipv6(&self, on: &LinkId) -> Result<(), Refusal> {
        let found = on.netns.ask(vec![super::link::get(super::link::Which::Index(on.index))]).await?;
        let hosts = super::sight::Sight::all(&found).into_iter().map(|link| link.host);
        for host in hosts.chain([super::loopback::HOST.to_owned()]) {
            let path = format!("/proc/sys/net/ipv6/conf/{host}/disable_ipv6");
            let written =
                on.netns.run(move || std::fs::write(&path, "0").map_err(|e| format!("{path}: {e}"))).await?;
            if let Err(error) = written {
                tracing::warn!("IPv6 cannot be enabled: {error}");
            }
        }
        Ok(())
    }
}

/// What the kernel says if an interface may not have IPv6.
const DISABLED: &[&str] = &["EACCES", "EPERM"];
const GONE: &[&str] = &["EADDRNOTAVAIL", "ENODEV"];

impl Descriptor for Addresses {
    const NAME: &'static str = "linux-interface-address";
    const USES: &'static [&'static str] = &[NET_ADMIN];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = InterfaceAddress;
    type Image = Image;
    type Handle = ();
    type Needs =
        (Ref<Interfaces>, Option<Up<Memberships>>, Option<Up<HostAddresses>>, Option<Ref<Allocations>>);
    type Reads = (Allocations, Interfaces, Memberships);

    fn needs(&self, a: &InterfaceAddress) -> Self::Needs {
        let given = |host: &String| Up::to(&HostAddress { host: host.clone(), text: a.text() }.name());
        let membership = |vrf: &String| Up::to(&membership::name(&a.interface, vrf));
        let (existing, vrf) = (a.existing.as_ref().map(given), a.vrf.as_ref().map(membership));
        (Ref::to(&a.interface), vrf, existing, a.address.allocation())
    }
    fn image(&self, a: &InterfaceAddress) -> Result<Image, Invalid> {
        Ok(Image { address: a.address.clone(), peer: a.peer, existing: a.existing.is_some() })
    }
    fn found_elsewhere(&self, a: &InterfaceAddress) -> bool {
        matches!(a.address, Source::Allocated(_))
    }
    async fn create(&self, new: Image, (on, _, _, allocation): Resolved<Self>) -> Made<()> {
        if new.existing {
            return Ok(());
        }
        let new = new.address.resolve(allocation.as_ref(), |net| net)?;
        let doing = format!("adding the address {new}");
        let mut added = self.add(new, &on).await;
        let disabled = |refusal: &Refusal| refusal.name().is_some_and(|name| DISABLED.contains(&name));
        if new.address.is_ipv6() && added.as_ref().is_err_and(disabled) {
            added = match self.enable_ipv6(&on).await {
                Ok(()) => self.add(new, &on).await,
                Err(refusal) => Err(refusal),
            };
        }
        Ok(added.map_err(|refusal| in_words(&doing, refusal))?)
    }
    async fn delete(&self, old: Image, (): (), (on, _, _, allocation): Resolved<Self>) -> Result<()> {
        if old.existing {
            return Ok(());
        }
        let net = old.address.resolve(allocation.as_ref(), |net| net)?;
        let doing = format!("removing the address {net}");
        let message = Message::DelAddress(message(net, old.peer, on.index));
        let removed = on.netns.ask(vec![Request::new(message)]).await;
        or_gone(removed, GONE).map_err(|refusal| in_words(&doing, refusal))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        // What is asked for, by interface: each is read once, however many addresses it has.
        let mut asked: HashMap<&str, HashMap<Net, InterfaceAddress>> = HashMap::new();
        let (allocated, members) = (Allocated::of(seen), members(seen));
        let mut found = Vec::new();
        for (netns, addresses) in
            super::listed(&names, Message::GetAddress(AddressMessage::default()), read).await?
        {
            for Given { index, net, peer, own } in addresses {
                let Some(name) = names.get(&LinkId { netns: netns.clone(), index }) else { continue };
                let wanted = seen.desired::<Interface>(name);
                let asked = asked.entry(name).or_insert_with(|| {
                    let all = wanted.into_iter().flat_map(InterfaceAddress::of);
                    let net = |asked: &InterfaceAddress| match &asked.address {
                        Source::Given(net) => Some(*net),
                        Source::Allocated(reference) => allocated.resolve(reference),
                    };
                    all.filter_map(|asked| Some((net(&asked)?, asked))).collect()
                });
                let theirs = wanted.is_some_and(|i| i.link_only);
                // One of a link between two is another one, unless it is only looked for.
                let same = |asked: &&InterfaceAddress| peer.is_none() || asked.existing.is_some();
                let asked = asked.get(&net).filter(same);
                // The kernel or somebody else sees to those.
                if asked.is_none() && (own || theirs && !seen.verbose()) {
                    continue;
                }
                let value = asked.cloned().unwrap_or_else(|| InterfaceAddress {
                    interface: (*name).to_owned(),
                    address: Source::Given(net),
                    existing: None,
                    vrf: None,
                    peer,
                });
                let at = LinkId { netns: netns.clone(), index };
                let vrf = members.get(&at).map(|(vrf, _)| (*vrf).to_owned());
                found.push(Found::new(InterfaceAddress { vrf, ..value }, ()));
            }
        }
        Ok(found)
    }
}

/// `RTM_NEWADDR`.
const NEW_ADDRESS: u16 = 20;
/// `struct ifaddrmsg`.
const HEADER: usize = 8;
/// The numbers of attributes, as in `IFA_…`.
const ADDRESS: u16 = 1;
const LOCAL: u16 = 2;

/// An address as the kernel tells of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Given {
    /// Number of the interface.
    pub index: u32,
    pub net: Net,
    /// Of a link between two, the address at the other end.
    pub peer: Option<IpAddr>,
    /// It is the kernel's own doing.
    pub own: bool,
}

/// Reads one, by the kind of a message and the bytes after its header.
pub(super) fn read(kind: u16, message: &[u8]) -> Option<Given> {
    let &[family, len, flags, scope, i0, i1, i2, i3] = message.first_chunk::<HEADER>()?;
    let family = AddressFamily::from(family);
    if kind != NEW_ADDRESS {
        return None;
    }
    let (mut local, mut address) = (None, None);
    for (attribute, value) in frame::attributes(message.get(HEADER..)?) {
        match attribute {
            LOCAL => local = frame::address(family, value),
            ADDRESS => address = frame::address(family, value),
            _ => {}
        }
    }
    let passing = !AddressHeaderFlags::from_bits_retain(flags).contains(AddressHeaderFlags::Permanent);
    let near = matches!(AddressScope::from(scope), AddressScope::Link | AddressScope::Host);
    let net = Net { address: local.or(address)?, len };
    let peer = address.filter(|&address| address != net.address);
    Some(Given { index: u32::from_ne_bytes([i0, i1, i2, i3]), net, peer, own: passing || near })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::frame::append;
    use proptest::prelude::*;

    #[test]
    fn a_network_of_more_than_two_has_a_broadcast_address() {
        let broadcast = |text: &str| {
            let message = message(cidr("f", text).unwrap(), None, 7);
            message.attributes.into_iter().find_map(|attribute| match attribute {
                AddressAttribute::Broadcast(address) => Some(address.to_string()),
                _ => None,
            })
        };
        assert_eq!(broadcast("10.1.2.3/24").as_deref(), Some("10.1.2.255"));
        assert_eq!(broadcast("10.1.2.3/0").as_deref(), Some("255.255.255.255"));
        assert_eq!(broadcast("10.1.2.3/30").as_deref(), Some("10.1.2.3"));
        for none in ["10.1.2.3/31", "10.1.2.3/32", "2001:db8::1/64"] {
            assert_eq!(broadcast(none), None, "{none}");
        }
    }

    #[test]
    fn addresses_are_read_back() {
        for (text, peer) in [
            ("10.1.2.3/24", None),
            ("2001:db8::1/64", None),
            ("10.1.2.3/32", Some("10.1.2.4")),
            ("2001:db8::1/128", Some("2001:db8::2")),
        ] {
            let (net, peer) = (cidr("f", text).unwrap(), peer.map(|peer| peer.parse().unwrap()));
            let mut message = message(net, peer, 7);
            message.header.flags = AddressHeaderFlags::Permanent;
            let mut sent = Vec::new();
            append(&mut sent, &Message::NewAddress(message), 0, 1);
            let given = Given { index: 7, net, peer, own: false };
            assert_eq!(read(NEW_ADDRESS, &sent[16..]), Some(given));
            assert_eq!(read(NEW_ADDRESS + 1, &sent[16..]), None, "it went");
        }
    }

    proptest! {
        #[test]
        fn no_message_panics(bytes in prop::collection::vec(prop::num::u8::ANY, 0..60)) {
            let _ = read(NEW_ADDRESS, &bytes);
        }
    }
}
