//! Interface: where packets enter and leave VPP. One model for all types; `link.rs` lists the types, each has its file.
//! Config `ligato.vpp.interfaces.Interface` · VPP `interface.api`
//!
//! The logical name is kept in VPP's tag: by it an interface is ours, and by it a restarted agent finds it again. Physical
//! interfaces have none: they are ours as long as somebody wants them.
//! Addresses and the membership in a VRF are objects of their own. MAC and MTU are VPP's to choose unless set.

pub mod address;
mod afpacket;
pub mod asked;
mod bond;
pub mod bond_member;
mod called;
pub mod dhcp;
mod dpdk;
mod dump;
mod gre;
mod group;
mod gtpu;
pub mod ip6nd;
mod ipip;
mod ipsec;
mod link;
pub mod link_state;
mod loopback;
mod memif;
mod orphan;
mod rdma;
pub mod rx_mode;
pub mod rx_placement;
pub mod span;
mod sub;
mod tap;
mod tunnel;
pub mod unnumbered;
mod vmxnet3;
pub mod vrf;
mod vxlan;
mod vxlan_gpe;
mod wireguard;

use crate::l3::vrf as table;
use crate::l3::vrf::Vrfs;
use crate::prelude::*;
use crate::registry::Settings;
use address::InterfaceAddress;
use binapi::interface::{
    SwInterfaceDetails, SwInterfaceDump, SwInterfaceSetFlags, SwInterfaceSetMacAddress, SwInterfaceSetMtu,
    SwInterfaceTagAddDel,
};
use binapi::text::FixedString;
use bond_member::BondMember;
pub(crate) use dump::DUMPS;
use link::{Known, Link, Links, Mac, Sight, Told, mac_of};
use model::proto::ligato::vpp::interfaces::interface::Link as Section;
use model::proto::ligato::vpp::interfaces::{Interface, interface};
use orphan::Orphans;
use std::collections::{HashMap, HashSet};
use types::{IfStatusFlags, MacAddress};
use unnumbered::{InheritedVrf, Unnumbered};
use vrf::InterfaceVrf;

/// The number VPP chose for the interface; it changes when the interface is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SwIfIndex(pub u32);

/// VPP's own interface, which nobody can remove.
const LOCAL0: SwIfIndex = SwIfIndex(0);

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    tag: FixedString<64>,
    link: Link,
    up: bool,
    mac: Option<MacAddress>,
    mtu: Option<u32>,
}

/// What was seen at one time.
struct Look {
    /// So many of ours were begun before.
    begun: u64,
    interfaces: Vec<SwInterfaceDetails>,
    told: Told,
    names: HashMap<u32, String>,
    /// Those that had no name and are ours.
    adopted: HashSet<u32>,
    /// One of ours that may be there without a name is not among them.
    misses: bool,
}

/// See the module.
pub struct Interfaces {
    vpp: Vpp,
    links: Links,
    orphans: Orphans,
    /// The MTU of those that name none, where that makes sense; 0 leaves it to VPP.
    default_mtu: u16,
}

impl Interfaces {
    /// The interfaces of this VPP.
    pub fn new(vpp: &Vpp, settings: &Settings) -> Self {
        let links = Links::new(vpp, settings.hosts.clone(), settings.taps.clone());
        let default_mtu = settings.default_mtu;
        Interfaces { vpp: vpp.clone(), links, orphans: Orphans::default(), default_mtu }
    }
    async fn set_tag(&self, SwIfIndex(sw_if_index): SwIfIndex, name: &str) -> Result<()> {
        let tag = FixedString::cut(name); // it was tried for its length when the image was made
        self.vpp.call(SwInterfaceTagAddDel { is_add: true, sw_if_index, tag }).await.map(drop)
    }
    fn set_flags(
        &self,
        SwIfIndex(sw_if_index): SwIfIndex,
        up: bool,
    ) -> impl Future<Output = Result<()>> + use<> {
        let flags = if up { IfStatusFlags::ADMIN_UP } else { IfStatusFlags::default() };
        let queued = self.vpp.call(SwInterfaceSetFlags { sw_if_index, flags });
        async { queued.await.map(drop) }
    }
    async fn set_mac(&self, SwIfIndex(sw_if_index): SwIfIndex, mac: Option<MacAddress>) -> Result<()> {
        let Some(mac_address) = mac else { return Ok(()) };
        self.vpp.call(SwInterfaceSetMacAddress { sw_if_index, mac_address }).await.map(drop)
    }
    /// Takes over what is not ours to make: there is nothing to name, and it may be up.
    async fn adopt(&self, new: Image) -> Made<SwIfIndex> {
        let index = self.links.create(new.link.clone(), None).await?;
        let adjusted = self.links.adjust(new.link, None, index);
        let set = (self.set_mac(index, new.mac), self.set_mtu(index, new.mtu), self.set_flags(index, new.up));
        try_join4(adjusted, set.0, set.1, set.2).await.map_err(|error| error.left(index))?;
        Ok(index)
    }
    /// Lists what is there, and names what is ours and has no name yet.
    async fn look(&self, seen: &Seen<'_>) -> Result<Look> {
        let all = SwInterfaceDump { sw_if_index: u32::MAX, ..SwInterfaceDump::default() };
        let begun = self.orphans.begun();
        let (interfaces, told) = try_join(self.vpp.dump(all), self.links.ask()).await?;
        let life = self.vpp.life();
        let mut named = self.links.cards.named(&interfaces, &told, life);
        let mut names = names_of(&interfaces, &named);
        if let Some(d) = interfaces.iter().find(|&d| told.lacks(&Sight::bare(d, &names))) {
            // Taken for what it seems to be, it would be a stranger from now on.
            let name = d.interface_name.as_str();
            return Err(sched::Error::new(format!(
                "VPP lists {name} among its interfaces, but not with its type"
            )));
        }
        let wanted = seen.wanted::<Interfaces>();
        let wanted = wanted.filter_map(|i| Some((i.name.as_str(), Link::of(i).ok()?)));
        let link = |d: &SwInterfaceDetails| told.link(&Sight::bare(d, &names));
        let orphans = self.orphans.find(begun, &interfaces, link, |link| told.place(link), wanted, life);
        try_join_all(orphans.iter().map(|(index, name)| self.set_tag(*index, name))).await?;
        let misses = self.orphans.misses(begun, life, &orphans);
        let adopted = orphans.iter().map(|(index, _)| index.0).collect();
        if !orphans.is_empty() {
            named.extend(orphans);
            names = names_of(&interfaces, &named);
        }
        Ok(Look { begun, interfaces, told, names, adopted, misses })
    }
    /// The MTU of packets; VPP refuses to set the one of frames on some types (-126 on a loopback).
    async fn set_mtu(&self, SwIfIndex(sw_if_index): SwIfIndex, mtu: Option<u32>) -> Result<()> {
        let Some(mtu) = mtu else { return Ok(()) };
        self.vpp.call(SwInterfaceSetMtu { sw_if_index, mtu: [mtu, 0, 0, 0] }).await.map(drop)
    }
}

impl Descriptor for Interfaces {
    const NAME: &'static str = "vpp-interface";
    const USES: &'static [&'static str] =
        &[SwInterfaceDump::ID, SwInterfaceTagAddDel::ID, SwInterfaceSetFlags::ID, SwInterfaceSetMtu::ID];
    const VARIANTS: &'static [Variant] = link::TYPES;
    const OWNERSHIP: Ownership = Ownership::Marked;
    const UNIQUE: bool = true;
    type Value = Interface;
    type Image = Image;
    type Handle = SwIfIndex;
    type Needs = (Option<Ref<Interfaces>>, Vec<Up<Vrfs>>, Option<Key>);
    type Reads = ();

    fn needs(&self, i: &Interface) -> Self::Needs {
        let Ok(link) = Link::of(i) else { return (None, Vec::new(), None) };
        let tables = link.tables().into_iter().filter(|&(id, _)| id != 0);
        let tables = tables.map(|(id, ipv6)| Up::to(&table::name(id, ipv6))).collect();
        (link.over().map(Ref::to), tables, link.outside(&self.links.hosts).map(Key::of))
    }
    fn uses(&self, i: &Interface) -> &'static [&'static str] {
        Link::of(i).map_or(&[], |link| link.uses())
    }
    fn image(&self, i: &Interface) -> Result<Image, Invalid> {
        ensure(!i.name.is_empty(), "name", "must not be empty")?;
        let tag = fit("name", &i.name)?;
        ensure(i.mtu <= 65535, "mtu", "is more than 65535 bytes")?;
        rx_mode::image(i)?;
        let queues: HashSet<u32> = i.rx_placements.iter().map(|placement| placement.queue).collect();
        ensure(queues.len() == i.rx_placements.len(), "rx_placements", "has two entries for one queue")?;
        if let Some(unnumbered) = &i.unnumbered {
            let lender = &unnumbered.interface_with_ip;
            ensure(
                !lender.is_empty(),
                "unnumbered.interface_with_ip",
                "must be given: whose addresses are used",
            )?;
            ensure(*lender != i.name, "unnumbered.interface_with_ip", "is the interface itself")?;
            let none = i.ip_addresses.is_empty();
            ensure(none, "ip_addresses", "must be empty: an unnumbered interface uses those of another")?;
            ensure(
                !i.set_dhcp_client,
                "set_dhcp_client",
                "cannot be set: an unnumbered interface uses the addresses of another",
            )?;
        }
        i.ip_addresses.iter().try_for_each(|text| address::read(&i.name, text).map(drop))?;
        let link = Link::of(i)?;
        let mac = mac_of(i)?;
        let mac = match link.mac() {
            Mac::Set => mac,
            Mac::Made => None,
            Mac::None => {
                ensure(mac.is_none(), "phys_address", "cannot be set: this type of interface has none")?;
                None
            }
        };
        let default = if link.takes_default_mtu() { self.default_mtu.into() } else { 0 };
        let mtu = Some(if i.mtu == 0 { default } else { i.mtu }).filter(|&mtu| mtu != 0);
        Ok(Image { tag, link, up: i.enabled, mac, mtu })
    }
    fn derive(&self, i: &Interface, out: &mut Derived) {
        out.extend(InterfaceVrf::of(i));
        out.extend(InterfaceAddress::of(i));
        out.extend(BondMember::of(i));
        out.extend(InheritedVrf::of(i));
        out.extend(Unnumbered::of(i));
        out.extend(dhcp::Client::of(i));
        out.extend(ip6nd::Autoconfig::of(i));
        out.extend(rx_mode::RxModes::of(i));
        out.extend(rx_placement::Placement::of(i));
    }
    fn absorb(&self, i: &mut Interface, part: &dyn Value) {
        let part: &dyn Any = part;
        if let Some(part) = part.downcast_ref::<InterfaceAddress>() {
            i.ip_addresses.push(part.text());
        }
        if let Some(part) = part.downcast_ref::<InterfaceVrf>() {
            i.vrf = part.vrf;
        }
        if let (Some(part), Some(Section::Bond(bond))) = (part.downcast_ref::<BondMember>(), &mut i.link) {
            bond.bonded_interfaces.push(part.member.clone());
        }
        i.set_dhcp_client |= part.is::<dhcp::Client>();
        if let Some(rx_mode::RxModes(part)) = part.downcast_ref() {
            i.rx_modes.clone_from(&part.rx_modes);
        }
        if let Some(rx_placement::Placement { placement, .. }) = part.downcast_ref() {
            i.rx_placements.push(*placement);
        }
        if let Some(ip6nd::Autoconfig { nd, .. }) = part.downcast_ref() {
            i.ip6_nd = Some(*nd);
        }
        // The part hangs on its lender as well.
        if let Some(Unnumbered { interface, lender }) = part.downcast_ref()
            && *interface == i.name
        {
            i.unnumbered = Some(interface::Unnumbered { interface_with_ip: lender.clone() });
        }
    }
    fn settled(&self, want: &Image, seen: &Image) -> bool {
        want.tag == seen.tag
            && want.up == seen.up
            && want.link.settled(&seen.link)
            && (want.mac.is_none() || want.mac == seen.mac)
            && (want.mtu.is_none() || want.mtu == seen.mtu)
    }
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        let same =
            !moved && old.tag == new.tag && (new.link.settled(&old.link) || new.link.in_place(&old.link));
        if same { Change::InPlace } else { Change::Recreate }
    }
    fn place(&self, i: &Interface) -> Option<String> {
        Link::of(i).ok()?.place()
    }
    async fn create(&self, new: Image, (over, ..): Resolved<Self>) -> Made<SwIfIndex> {
        if new.link.adopted() {
            return self.adopt(new).await;
        }
        let mut making = self.orphans.making(new.tag.as_str(), new.link.clone(), self.vpp.life());
        let index = match self.links.create(new.link.clone(), over).await {
            Ok(index) => index,
            Err(error) => {
                if !error.uncertain {
                    making.done();
                }
                return Err(error.into());
            }
        };
        making.made(index);
        let tag = self.set_tag(index, new.tag.as_str());
        // All that follows is queued at once; only the index had to be waited for.
        let is_up = new.link.made_up();
        let mtu = new.mtu.or_else(|| new.link.reused().then(|| self.links.default_mtu(&new.link)));
        let adjusted = self.links.adjust(new.link, None, index);
        let rest = try_join3(self.set_mac(index, new.mac), self.set_mtu(index, mtu), adjusted);
        let (tag, rest) = join(tag, rest).await;
        match tag.is_ok() {
            true => making.done(), // whatever else failed, it can be told by its name
            // A nameless interface is left down: one that is up may be a stranger's. If this fails as well, nothing more
            // can be done.
            false if is_up => drop(self.set_flags(index, false).await),
            false => {}
        }
        tag.and(rest).map_err(|error| error.left(index))?;
        // Not before it has its name, so that it is never up without, whenever the agent ends.
        if new.up != is_up {
            self.set_flags(index, new.up).await.map_err(|error| error.left(index))?;
        }
        Ok(index)
    }
    async fn update(&self, old: Image, new: Image, index: SwIfIndex, _: Resolved<Self>) -> Result<()> {
        let mac = self.set_mac(index, new.mac.filter(|_| new.mac != old.mac));
        // An MTU that is not asked for any more goes back to what VPP starts with.
        let mtu = Some(new.mtu.unwrap_or(self.links.default_mtu(&new.link)));
        let mtu = mtu.filter(|_| new.mtu != old.mtu && mtu != old.mtu);
        let up = async { if new.up == old.up { Ok(()) } else { self.set_flags(index, new.up).await } };
        let adjusted = self.links.adjust(new.link, Some(old.link), index);
        try_join4(mac, self.set_mtu(index, mtu), adjusted, up).await.map(drop)
    }
    async fn delete(&self, old: Image, index: SwIfIndex, _: Resolved<Self>) -> Result<()> {
        if index == LOCAL0 {
            return Ok(()); // it is always there
        }
        self.orphans.leaving(index);
        // Queued before the removal; what is gone need not have been down, but what stays must be.
        let stays = old.link.adopted();
        let down = old.link.down_first().then(|| self.set_flags(index, false));
        let removed = self.links.delete(old.link, index).await;
        if removed.is_ok() {
            self.orphans.gone(index);
        }
        let down = match down {
            Some(down) => down.await,
            None => Ok(()),
        };
        if stays { down.and(removed) } else { removed }
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let mut look = self.look(seen).await?;
        if look.misses {
            look = self.look(seen).await?; // an answer can be short
        }
        self.orphans.settled(look.begun);
        let Look { interfaces, told, names, adopted, .. } = look;
        let found = interfaces.iter().map(|details| {
            let name = names.get(&details.sw_if_index).cloned().unwrap_or_default();
            let wanted = seen.desired::<Interface>(&name);
            let Known { kind, link, vrf } = told.of(&Sight { details, wanted, names: &names });
            let value = Interface {
                name,
                r#type: kind.into(),
                enabled: details.flags.0 & IfStatusFlags::ADMIN_UP.0 != 0,
                phys_address: details.l2_address.to_string(),
                mtu: details.mtu[0],
                vrf,
                link,
                ..Interface::default()
            };
            // What this agent cannot make it must not remove either.
            let nameless = details.tag.is_empty() && !adopted.contains(&details.sw_if_index);
            let foreign = nameless || Link::of(&value).is_err();
            Found::new(value, SwIfIndex(details.sw_if_index))
                .foreign_if(foreign)
                .details(seen, || dump::meta(details))
        });
        Ok(found.collect())
    }
    fn metadata(&self, value: &Interface, index: &SwIfIndex) -> serde_json::Value {
        json!({ "SwIfIndex": index.0, "Vrf": value.vrf, "IPAddresses": value.ip_addresses })
    }
}

/// The logical names by index; `named` are those whose tag was set since they were listed, and those that have none.
fn names_of(interfaces: &[SwInterfaceDetails], named: &[(SwIfIndex, String)]) -> HashMap<u32, String> {
    let given: HashMap<u32, &str> = named.iter().map(|(index, name)| (index.0, name.as_str())).collect();
    let mut taken = HashSet::new();
    let named = interfaces.iter().map(|d| {
        let internal = d.interface_name.as_str();
        let name = match given.get(&d.sw_if_index).copied().unwrap_or(d.tag.as_str()) {
            "" => format!("UNTAGGED-{internal}"),
            // Made a second time because the first one was not told about: nobody wants two.
            tag if !taken.insert(tag.to_owned()) => format!("{tag}-AGAIN-{internal}"),
            tag => tag.to_owned(),
        };
        (d.sw_if_index, name)
    });
    named.collect()
}
