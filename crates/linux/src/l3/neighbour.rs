//! Neighbour of Linux: the MAC address behind an IP address on a link, told instead of asked for by ARP or neighbour
//! discovery.
//! Config `ligato.linux.l3.ARPEntry` · rtnetlink `RTM_…NEIGH`
//!
//! The address may be allocated: `alloc:<network>/<interface>`, or `alloc:<network>/GW` for the gateway that the interface uses
//! there.
//!
//! The kernel keeps a number that says who told it: by it those of ours are known. What it learned itself is nobody's
//! configuration.

use super::OURS;
use crate::convert::Mac;
use crate::interface::{Interfaces, LinkId, address as addresses, listed, state};
use crate::netlink::frame;
use crate::prelude::*;
use model::proto::ligato::linux::l3::ArpEntry;
use netalloc::Allocation;
use netlink_packet_core::{NLM_F_CREATE, NLM_F_REPLACE};
use netlink_packet_route::AddressFamily;
use netlink_packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourHeader, NeighbourMessage, NeighbourState,
};
use netlink_packet_route::route::RouteProtocol;

/// What the kernel is told, without the interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    address: Source<IpAddr>,
    mac: Mac,
}

/// The same, with what is allocated resolved.
#[derive(Clone, Debug)]
struct Told {
    address: IpAddr,
    mac: Mac,
}

impl Image {
    fn resolve(self, allocation: Option<&Allocation>) -> Result<Told> {
        Ok(Told { address: self.address.resolve(allocation, |net| net.address)?, mac: self.mac })
    }
}

impl Told {
    fn message(&self, on: &LinkId) -> NeighbourMessage {
        let mut message = NeighbourMessage::default();
        message.header = NeighbourHeader {
            family: self.address.into(),
            ifindex: on.index,
            state: NeighbourState::Permanent,
            ..NeighbourHeader::default()
        };
        message.attributes = vec![
            NeighbourAttribute::Destination(self.address.into()),
            NeighbourAttribute::LinkLayerAddress(self.mac.to_vec()),
            NeighbourAttribute::Protocol(RouteProtocol::Other(OURS)),
        ];
        message
    }
}

/// See the module.
pub struct Neighbours(pub Linux);

impl Neighbours {
    async fn tell(&self, new: Told, on: LinkId) -> Result<()> {
        let message = Message::NewNeighbour(new.message(&on));
        let told = on.netns.ask(vec![Request::with(message, NLM_F_CREATE | NLM_F_REPLACE)]).await;
        told.map(drop).map_err(|refusal| in_words(&format!("telling the neighbour {}", new.address), refusal))
    }
}

fn address(n: &ArpEntry) -> Result<Source<IpAddr>, Invalid> {
    const FIELD: &str = "ip_address";
    match netalloc::Reference::read(FIELD, &n.ip_address, &n.interface)? {
        Some(reference) => Ok(Source::Allocated(reference.into())),
        None => ip(FIELD, &n.ip_address).map(Source::Given),
    }
}

/// An address as the kernel's is shown, if it is written in another way, and if that can be said.
fn canonical(n: &ArpEntry, allocated: &Allocated) -> Option<String> {
    let canonical = match address(n).ok()? {
        Source::Given(address) => address.to_string(),
        Source::Allocated(reference) => allocated.resolve(&reference)?.address.to_string(),
    };
    Some(canonical).filter(|canonical| *canonical != n.ip_address)
}

/// Its name if the address is written so.
fn named(n: &ArpEntry, ip_address: String) -> String {
    Model::name(&ArpEntry { ip_address, ..n.clone() })
}

impl Descriptor for Neighbours {
    const NAME: &'static str = "linux-arp";
    const USES: &'static [&'static str] = &[NET_ADMIN];
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = ArpEntry;
    type Image = Image;
    type Handle = ();
    type Needs =
        (Ref<Interfaces>, Up<state::AdminStates>, AnyOf<addresses::Addresses>, Option<Ref<Allocations>>);
    type Reads = (Allocations, Interfaces);

    fn needs(&self, n: &ArpEntry) -> Self::Needs {
        let allocation = address(n).ok().and_then(|address| address.allocation());
        (Ref::to(&n.interface), state::up(&n.interface), addresses::any(&n.interface), allocation)
    }
    /// One address has one MAC on a link, however it is spelled.
    fn place(&self, n: &ArpEntry) -> Option<String> {
        Some(match address(n).ok()? {
            Source::Given(address) => format!("linux {}/{address}", n.interface),
            Source::Allocated(reference) => format!("linux {}/{reference}", n.interface),
        })
    }
    fn found_as(&self, n: &ArpEntry) -> Option<String> {
        Some(named(n, canonical(n, &Allocated::default())?))
    }
    fn found_elsewhere(&self, n: &ArpEntry) -> bool {
        netalloc::is_reference(&n.ip_address)
    }
    fn image(&self, n: &ArpEntry) -> Result<Image, Invalid> {
        ensure(!n.interface.is_empty(), "interface", "must be named")?;
        Ok(Image { address: address(n)?, mac: mac("hw_address", &n.hw_address)? })
    }
    fn change(&self, _: &Image, _: &Image, moved: bool) -> Change {
        if moved { Change::Recreate } else { Change::InPlace }
    }
    async fn create(&self, new: Image, (on, _, _, allocation): Resolved<Self>) -> Made<()> {
        Ok(self.tell(new.resolve(allocation.as_ref())?, on).await?)
    }
    async fn update(&self, _: Image, new: Image, (): (), needs: Resolved<Self>) -> Result<()> {
        let (on, _, _, allocation) = needs;
        self.tell(new.resolve(allocation.as_ref())?, on).await
    }
    async fn delete(&self, old: Image, (): (), (on, _, _, allocation): Resolved<Self>) -> Result<()> {
        let old = old.resolve(allocation.as_ref())?;
        let removed = on.netns.ask(vec![Request::new(Message::DelNeighbour(old.message(&on)))]).await;
        let doing = format!("removing the neighbour {}", old.address);
        or_gone(removed, &["ENOENT", "ENODEV"]).map_err(|refusal| in_words(&doing, refusal))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let allocated = Allocated::of(seen);
        let spelled =
            seen.wanted::<Neighbours>().filter_map(|n| Some((named(n, canonical(n, &allocated)?), n)));
        let spelled: HashMap<String, &ArpEntry> = spelled.collect();
        let mut found = Vec::new();
        for (netns, all) in
            listed(&names, Message::GetNeighbour(NeighbourMessage::default()), frame::message).await?
        {
            for (index, kept, ours, mut value) in all.iter().filter_map(read) {
                let Some(interface) = names.get(&LinkId { netns: netns.clone(), index }) else { continue };
                (*interface).clone_into(&mut value.interface);
                let name = Model::name(&value);
                let otherwise = spelled.get(&name);
                let wanted = otherwise.is_some() || seen.desired::<ArpEntry>(&name).is_some();
                // One that was learned is forgotten again: it does not do for one that is wanted.
                if wanted && !kept || !wanted && !ours && !seen.verbose() {
                    continue;
                }
                if let Some(otherwise) = otherwise {
                    value.ip_address.clone_from(&otherwise.ip_address);
                }
                let family = u8::from(if value.ip_address.contains(':') {
                    AddressFamily::Inet6
                } else {
                    AddressFamily::Inet
                });
                let meta = || json!({ "interface_index": index, "ip_family": family, "vni": 0 });
                found.push(Found::new(value, ()).foreign_if(!wanted && !ours).details(seen, meta));
            }
        }
        Ok(found)
    }
}

/// Number of the interface, whether the kernel keeps it whatever happens, whether it is ours, and the neighbour, without the
/// name of its interface.
fn read(message: &Message) -> Option<(u32, bool, bool, ArpEntry)> {
    let Message::NewNeighbour(message) = message else { return None };
    let (mut address, mut mac, mut ours) = (None, None, false);
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(to)) => address = Some(IpAddr::V4(*to)),
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(to)) => address = Some(IpAddr::V6(*to)),
            NeighbourAttribute::LinkLayerAddress(bytes) if bytes.len() == 6 => mac = Some(mac_text(bytes)),
            NeighbourAttribute::Protocol(protocol) => ours = u8::from(*protocol) == OURS,
            _ => {}
        }
    }
    let address = address.filter(|address| !address.is_multicast())?;
    let kept = message.header.state == NeighbourState::Permanent;
    let value = ArpEntry { interface: String::new(), ip_address: address.to_string(), hw_address: mac? };
    Some((message.header.ifindex, kept, ours && kept, value))
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/linux/v2/arps",
    descriptor: Neighbours::NAME,
    shape: Shape::List,
    element: |item| {
        Some((String::new(), json!({ "linux_arp": shown(item), "linux_arp_meta": item.details })))
    },
}];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_names_the_field() {
        let neighbours = Neighbours(Linux::start(crate::Config::new("vpp1")).unwrap());
        let good = ArpEntry {
            interface: "left".into(),
            ip_address: "10.1.1.9".into(),
            hw_address: "02:00:00:00:00:09".into(),
        };
        let cases = [
            (ArpEntry { interface: String::new(), ..good.clone() }, "interface: must be named"),
            (
                ArpEntry { ip_address: "10.1.1/24".into(), ..good.clone() },
                "ip_address: \"10.1.1/24\" does not start",
            ),
            (
                ArpEntry { hw_address: "02:00".into(), ..good.clone() },
                "hw_address: \"02:00\" is no MAC address",
            ),
        ];
        for (value, reason) in cases {
            let error = neighbours.image(&value).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
        }
        let on = LinkId { netns: neighbours.0.home().clone(), index: 7 };
        let told = neighbours.image(&good).unwrap().resolve(None).unwrap();
        let message = Message::NewNeighbour(told.message(&on));
        let expected = ArpEntry { interface: String::new(), ..good };
        assert_eq!(read(&message), Some((7, true, true, expected)));
    }
}
