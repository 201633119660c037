//! Physical interface: a network card that VPP found at its start. Type `DPDK`, no `link` section.
//!
//! It is taken over and let go, never made or removed: its name is VPP's own, and it has no tag. Whoever lets it go finds
//! MAC and MTU as they were before.

use super::SwIfIndex;
use super::called::by_name;
use super::link::{LinkType, Links, Sight, Told, mac_of};
use crate::prelude::*;
use binapi::interface::{SwInterfaceDetails, SwInterfaceDump, SwInterfaceSetMacAddress, SwInterfaceSetMtu};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use types::MacAddress;

/// What VPP is told. MAC and MTU are here too, because they are given back.
#[derive(Clone, Debug)]
pub(super) struct Dpdk {
    name: String,
    mac: Option<MacAddress>,
    mtu: u32,
}

/// It is what it is, whatever is set on it.
impl PartialEq for Dpdk {
    fn eq(&self, other: &Dpdk) -> bool {
        self.name == other.name
    }
}

/// How a card was before we had it, and whether we changed that.
#[derive(Clone, Copy)]
struct Before {
    mac: (MacAddress, bool),
    mtu: ([u32; 4], bool),
}

#[derive(Default)]
struct Inner {
    /// A VPP that starts finds all cards as they are by themselves.
    life: u64,
    cards: HashMap<String, Before>,
}

/// The cards by VPP's names.
#[derive(Default)]
pub(super) struct Cards(Mutex<Inner>);

impl Cards {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The cards among the interfaces of this life of VPP, with their names; remembers how they are.
    pub(super) fn named(
        &self,
        interfaces: &[SwInterfaceDetails],
        told: &Told,
        life: u64,
    ) -> Vec<(SwIfIndex, String)> {
        let mut inner = self.inner();
        if inner.life != life {
            *inner = Inner { life, ..Inner::default() };
        }
        let none = HashMap::new();
        let cards = interfaces.iter().filter(|d| told.of(&Sight::bare(d, &none)).kind == Type::Dpdk);
        let named = cards.map(|details| {
            inner.notice(details);
            (SwIfIndex(details.sw_if_index), details.interface_name.to_string())
        });
        named.collect()
    }
}

impl Inner {
    /// Remembers how a card is, as far as we did not change it.
    fn notice(&mut self, details: &SwInterfaceDetails) {
        let now = Before { mac: (details.l2_address, false), mtu: (details.mtu, false) };
        let known = self.cards.entry(details.interface_name.to_string()).or_insert(now);
        if !known.mac.1 {
            known.mac = now.mac;
        }
        if !known.mtu.1 {
            known.mtu = now.mtu;
        }
    }
}

impl LinkType for Dpdk {
    const TYPE: Type = Type::Dpdk;
    const PREFIX: &'static str = "";
    const USES: &'static [&'static str] = &[];
    const ADOPTED: bool = true;
    type Told = ();

    fn of(i: &Interface) -> Result<Dpdk, Invalid> {
        ensure(i.link.is_none(), "link", "is the section of another type of interface")?;
        Ok(Dpdk { name: i.name.clone(), mac: mac_of(i)?, mtu: i.mtu })
    }
    fn default_mtu(&self, links: &Links) -> u32 {
        links.cards.inner().cards.get(&self.name).map_or(Self::DEFAULT_MTU, |before| before.mtu.0[0])
    }
    /// Finds it, rather: it was not there when VPP was asked last.
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let name_filter = self.name.clone();
        let like = SwInterfaceDump { name_filter_valid: true, name_filter, ..SwInterfaceDump::default() };
        let found = links.vpp.dump(like).await?.into_iter().find(|d| d.interface_name.as_str() == self.name);
        let found = found.filter(|details| by_name(details) == Type::Dpdk);
        let found = found.ok_or_else(|| {
            sched::Error::new(format!(
                "VPP has no physical interface {}; it must have found it at its start, and calls it by this name",
                self.name
            ))
        })?;
        links.cards.inner().notice(&found);
        Ok(SwIfIndex(found.sw_if_index))
    }
    async fn adjust(self, links: &Links, _: Option<Dpdk>, _: SwIfIndex) -> Result<()> {
        if let Some(before) = links.cards.inner().cards.get_mut(&self.name) {
            before.mac.1 |= self.mac.is_some();
            before.mtu.1 |= self.mtu != 0;
        }
        Ok(())
    }
    /// Lets it go. What we did not change is not told either: not every card takes a MAC.
    async fn delete(self, links: &Links, SwIfIndex(sw_if_index): SwIfIndex) -> Result<()> {
        let Some(before) = links.cards.inner().cards.get(&self.name).copied() else { return Ok(()) };
        let (mac_address, mac) = before.mac;
        let mac = mac.then(|| links.vpp.call(SwInterfaceSetMacAddress { sw_if_index, mac_address }));
        let (mtu, changed) = before.mtu;
        let mtu = changed.then(|| links.vpp.call(SwInterfaceSetMtu { sw_if_index, mtu }));
        if let Some(mac) = mac {
            mac.await?;
        }
        if let Some(mtu) = mtu {
            mtu.await?;
        }
        links.cards.inner().cards.remove(&self.name);
        Ok(())
    }
    async fn ask(_: &Links) -> Result<Option<()>> {
        Ok(Some(()))
    }
    /// What DPDK drives for sure; so is all that no type knows, but only in the end.
    fn section((): &(), sight: &Sight<'_>) -> Option<Option<Section>> {
        (sight.details.interface_dev_type.as_str() == "dpdk").then_some(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use binapi::text::FixedString;

    fn card(mac: u8, mtu: u32) -> SwInterfaceDetails {
        let (sw_if_index, sup_sw_if_index) = (1, 1);
        let interface_name = FixedString::cut("GigabitEthernet0/8/0");
        let l2_address = MacAddress([2, 0, 0, 0, 0, mac]);
        let mtu = [mtu, 0, 0, 0];
        let named = SwInterfaceDetails { sw_if_index, sup_sw_if_index, interface_name, ..Default::default() };
        SwInterfaceDetails { l2_address, mtu, ..named }
    }
    fn noticed(cards: &Cards, details: &SwInterfaceDetails, life: u64) -> (MacAddress, u32) {
        cards.named(std::slice::from_ref(details), &Told::default(), life);
        let before = cards.inner().cards["GigabitEthernet0/8/0"];
        (before.mac.0, before.mtu.0[0])
    }

    #[test]
    fn what_we_changed_is_remembered_as_it_was() {
        let cards = Cards::default();
        let mac = |n| MacAddress([2, 0, 0, 0, 0, n]);
        assert_eq!(noticed(&cards, &card(1, 9000), 1), (mac(1), 9000));
        assert_eq!(noticed(&cards, &card(2, 1500), 1), (mac(2), 1500), "somebody else changed it");
        cards.inner().cards.get_mut("GigabitEthernet0/8/0").unwrap().mac.1 = true;
        assert_eq!(noticed(&cards, &card(3, 1400), 1), (mac(2), 1400));
        assert_eq!(noticed(&cards, &card(4, 9000), 2), (mac(4), 9000), "VPP has started");
    }

    #[test]
    fn other_interfaces_are_no_cards() {
        let named = |name: &str, device: &str| {
            let details = SwInterfaceDetails {
                interface_name: FixedString::cut(name),
                interface_dev_type: FixedString::cut(device),
                ..card(1, 9000)
            };
            Cards::default().named(&[details], &Told::default(), 1).len()
        };
        for (name, device, cards) in [
            ("GigabitEthernet0/8/0", "dpdk", 1),
            ("pg0", "pg", 1),
            ("local0", "local", 0),
            ("loop0", "Loopback", 0),
            ("host-eth0", "af-packet", 0),
            ("memif0/0", "memif", 0),
            ("fast", "RDMA interface", 0),
        ] {
            assert_eq!(named(name, device), cards, "{name}");
        }
    }
}
