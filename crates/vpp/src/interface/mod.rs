//! Interface: where packets enter and leave VPP. One model for all types; `link.rs` lists the types, each has its file.
//! Config `ligato.vpp.interfaces.Interface` · VPP `interface.api`
//!
//! The logical name is kept in VPP's tag: by it an interface is ours, and by it a restarted agent finds it again.
//! Addresses and the membership in a VRF are objects of their own. MAC and MTU are VPP's to choose unless set.

pub mod address;
mod link;
mod loopback;
mod memif;
mod orphan;
pub mod vrf;

use crate::dump::shown;
use crate::prelude::*;
use address::InterfaceAddress;
use binapi::interface::{
    SwInterfaceDetails, SwInterfaceDump, SwInterfaceSetFlags, SwInterfaceSetMacAddress, SwInterfaceSetMtu,
    SwInterfaceTagAddDel,
};
use binapi::text::FixedString;
use link::{Link, Links};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::Type;
use orphan::Orphans;
use std::collections::{HashMap, HashSet};
use types::{IfStatusFlags, MacAddress};
use vrf::InterfaceVrf;

/// The number VPP chose for the interface; it changes when the interface is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// See the module.
pub struct Interfaces {
    vpp: Vpp,
    links: Links,
    orphans: Orphans,
}

impl Interfaces {
    /// The interfaces of this VPP.
    pub fn new(vpp: &Vpp) -> Self {
        Interfaces { vpp: vpp.clone(), links: Links::new(vpp), orphans: Orphans::default() }
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
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Interface;
    type Image = Image;
    type Handle = SwIfIndex;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &Interface) {}
    fn image(&self, i: &Interface) -> Result<Image, Invalid> {
        ensure(!i.name.is_empty(), "name", "must not be empty")?;
        let tag = fit("name", &i.name)?;
        ensure(i.mtu <= 65535, "mtu", "is more than 65535 bytes")?;
        let unsupported = [
            (i.set_dhcp_client, "set_dhcp_client"),
            (i.unnumbered.is_some(), "unnumbered"),
            (i.ip6_nd.is_some(), "ip6_nd"),
            (!i.rx_modes.is_empty(), "rx_modes"),
            (!i.rx_placements.is_empty(), "rx_placements"),
        ];
        for (set, field) in unsupported {
            ensure(!set, field, "is not supported by this agent yet")?;
        }
        i.ip_addresses.iter().try_for_each(|text| cidr("ip_addresses", text).map(drop))?;
        let link = Link::of(i)?;
        let mac = if i.phys_address.is_empty() { None } else { Some(mac("phys_address", &i.phys_address)?) };
        let mac = mac.filter(|mac| *mac != MacAddress::default()); // VPP's way to say that there is none
        ensure(
            mac.is_none() || link.has_mac(),
            "phys_address",
            "cannot be set: a memif in IP mode has none",
        )?;
        Ok(Image { tag, link, up: i.enabled, mac, mtu: (i.mtu != 0).then_some(i.mtu) })
    }
    fn derive(&self, i: &Interface, out: &mut Derived) {
        out.extend(InterfaceVrf::of(i));
        out.extend(InterfaceAddress::of(i));
    }
    fn absorb(&self, i: &mut Interface, part: &dyn Value) {
        let part: &dyn Any = part;
        if let Some(part) = part.downcast_ref::<InterfaceAddress>() {
            i.ip_addresses.push(part.text());
        }
        if let Some(part) = part.downcast_ref::<InterfaceVrf>() {
            i.vrf = part.vrf;
        }
    }
    fn settled(&self, want: &Image, seen: &Image) -> bool {
        want.tag == seen.tag
            && want.up == seen.up
            && want.link.settled(&seen.link)
            && (want.mac.is_none() || want.mac == seen.mac)
            && (want.mtu.is_none() || want.mtu == seen.mtu)
    }
    fn change(&self, old: &Image, new: &Image, _: bool) -> Change {
        let same = old.tag == new.tag && new.link.settled(&old.link);
        if same { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, (): ()) -> Made<SwIfIndex> {
        let mut making = self.orphans.making(new.tag.as_str(), new.link.clone(), self.vpp.life());
        let index = match self.links.create(new.link.clone()).await {
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
        let rest = try_join3(self.set_mac(index, new.mac), self.set_mtu(index, new.mtu), async {
            if new.up { self.set_flags(index, true).await } else { Ok(()) }
        });
        let (tag, rest) = join(tag, rest).await;
        if tag.is_err() && new.up {
            // A nameless interface is down: that is how it is known again. If this fails as well, nothing more can be done.
            let _ = self.set_flags(index, false).await;
        }
        tag.and(rest).map_err(|error| error.left(index))?;
        making.done();
        Ok(index)
    }
    async fn update(&self, old: Image, new: Image, index: SwIfIndex, (): ()) -> Result<()> {
        let mac = self.set_mac(index, new.mac.filter(|_| new.mac != old.mac));
        // An MTU that is not asked for any more goes back to what VPP starts with.
        let mtu = Some(new.mtu.unwrap_or(link::DEFAULT_MTU));
        let mtu = mtu.filter(|_| new.mtu != old.mtu && mtu != old.mtu);
        let up = async { if new.up == old.up { Ok(()) } else { self.set_flags(index, new.up).await } };
        try_join3(mac, self.set_mtu(index, mtu), up).await.map(drop)
    }
    async fn delete(&self, old: Image, index: SwIfIndex, (): ()) -> Result<()> {
        if index == LOCAL0 {
            return Ok(()); // it is always there
        }
        self.orphans.leaving(index);
        let down = self.set_flags(index, false); // queued before the removal; what matters is that one's answer
        let removed = self.links.delete(old.link, index).await;
        if removed.is_ok() {
            self.orphans.gone(index);
        }
        down.await.and(removed.clone()).or(removed)
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let all = SwInterfaceDump { sw_if_index: u32::MAX, ..SwInterfaceDump::default() };
        let (interfaces, links) = try_join(self.vpp.dump(all), self.links.retrieve()).await?;
        if let Some(d) = interfaces.iter().find(|d| links.lacks(d)) {
            // Taken for what it seems to be, it would be a stranger from now on.
            let name = d.interface_name.as_str();
            return Err(sched::Error::new(format!(
                "VPP lists {name} among its interfaces, but not with its type"
            )));
        }
        let wanted = seen.wanted::<Interfaces>();
        let wanted = wanted.filter_map(|i| Some((i.name.as_str(), Link::of(i).ok()?)));
        let orphans = self.orphans.find(&interfaces, &links, wanted, self.vpp.life());
        try_join_all(orphans.iter().map(|(index, name)| self.set_tag(*index, name))).await?;
        self.orphans.settled(&interfaces);
        let adopted: HashMap<SwIfIndex, String> = orphans.into_iter().collect();
        let mut names = HashSet::new();
        let found = interfaces.iter().map(|details| {
            let adopted = adopted.get(&SwIfIndex(details.sw_if_index));
            let tag = adopted.map_or(details.tag.as_str(), String::as_str);
            let name = match tag {
                "" => format!("UNTAGGED-{}", details.interface_name.as_str()),
                // Made a second time because the first one was not told about: nobody wants two.
                _ if !names.insert(tag.to_owned()) => {
                    format!("{tag}-AGAIN-{}", details.interface_name.as_str())
                }
                _ => tag.to_owned(),
            };
            let (kind, link) = links.of(details, seen.desired::<Interface>(&name));
            let value = Interface {
                name,
                r#type: kind.into(),
                enabled: details.flags.0 & IfStatusFlags::ADMIN_UP.0 != 0,
                phys_address: details.l2_address.to_string(),
                mtu: details.mtu[0],
                link,
                ..Interface::default()
            };
            // What this agent cannot make it must not remove either.
            let foreign = tag.is_empty() || Link::of(&value).is_err();
            Found::new(value, SwIfIndex(details.sw_if_index))
                .foreign_if(foreign)
                .details(seen, || meta(details))
        });
        Ok(found.collect())
    }
    fn metadata(&self, value: &Interface, index: &SwIfIndex) -> serde_json::Value {
        json!({ "SwIfIndex": index.0, "Vrf": value.vrf, "IPAddresses": value.ip_addresses })
    }
}

fn meta(d: &SwInterfaceDetails) -> serde_json::Value {
    use base64::Engine as _;
    json!({
        "sw_if_index": d.sw_if_index,
        "sub_sw_if_index": d.sup_sw_if_index,
        "l2_address": base64::engine::general_purpose::STANDARD.encode(d.l2_address.0),
        "internal_name": d.interface_name.as_str(),
        "dev_type": d.interface_dev_type.as_str(),
        "is_admin_state_up": d.flags.0 & IfStatusFlags::ADMIN_UP.0 != 0,
        "is_link_state_up": d.flags.0 & IfStatusFlags::LINK_UP.0 != 0,
        "link_duplex": d.link_duplex.0,
        "link_mtu": d.link_mtu,
        "mtu": d.mtu,
        "link_speed": d.link_speed,
        "sub_id": d.sub_id,
        "tag": d.tag.as_str(),
        "dhcp": null,
        "vrf_ipv4": 0,
        "vrf_ipv6": 0,
        "pci": 0,
    })
}

/// An element of the dumps: the interface with what only VPP knows about it.
fn element(item: &sched::Item) -> (String, serde_json::Value) {
    let interface = shown(item);
    let mut meta = item.details.clone();
    if let Some(vrf) = interface.get("vrf") {
        let six = interface["ip_addresses"].as_array().into_iter().flatten();
        let mut families = six.map(|text| text.as_str().is_some_and(|text| text.contains(':')));
        let family = if families.any(|six| six) { "vrf_ipv6" } else { "vrf_ipv4" };
        meta[family] = vrf.clone();
    }
    (item.metadata["SwIfIndex"].to_string(), json!({ "interface": interface, "interface_meta": meta }))
}

/// The dump of the interfaces of one type.
fn of_type(item: &sched::Item, wanted: Type) -> Option<(String, serde_json::Value)> {
    let value: &dyn Any = &*item.value;
    let of_type = value.downcast_ref::<Interface>().is_some_and(|i| i.r#type() == wanted);
    of_type.then(|| element(item))
}

const fn listing(
    path: &'static str,
    element: fn(&sched::Item) -> Option<(String, serde_json::Value)>,
) -> Dump {
    Dump { path, descriptor: Interfaces::NAME, shape: Shape::Map, element }
}

pub(crate) const DUMPS: &[Dump] = &[
    listing("/dump/vpp/v2/interfaces", |item| Some(element(item))),
    listing("/dump/vpp/v2/interfaces/loopback", |item| of_type(item, Type::SoftwareLoopback)),
    listing("/dump/vpp/v2/interfaces/memif", |item| of_type(item, Type::Memif)),
];
