//! Allocation: the address of an interface in a network, and the gateway it uses there.
//! Config `ligato.netalloc.IPAllocation`
//!
//! Making one does nothing but let those go on that refer to it. It does not change in place: whoever uses it has the old
//! address taken away before the new one is there.

use crate::net::Net;
use model::proto::ligato::netalloc::IpAllocation;
use model::value::Model;
use sched::{Derived, Descriptor, Found, Invalid, Made, Ownership, Resolved, Result, Seen, Up, ensure};
use std::collections::BTreeMap;

/// What is allocated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Allocation {
    /// The address of the interface.
    pub address: Net,
    /// The gateway of the network, if there is one.
    pub gateway: Option<Net>,
}

impl Allocation {
    /// What a value says.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub fn of(value: &IpAllocation) -> Result<Allocation, Invalid> {
        ensure(!value.network_name.is_empty(), "network_name", "must not be empty")?;
        let plain = !value.network_name.contains('/');
        ensure(plain, "network_name", "must not contain a slash: no reference could name it")?;
        ensure(!value.interface_name.is_empty(), "interface_name", "must not be empty")?;
        let read = |field, text: &str, around| {
            let bad = || {
                Invalid::new(
                    field,
                    format!("{text:?} is no IP address; write it as 10.1.2.3/24, or without a length"),
                )
            };
            Net::read(text, around).ok_or_else(bad)
        };
        let address = read("address", &value.address, None)?;
        let gateway = match value.gw.as_str() {
            "" => None,
            text => Some(read("gw", text, Some(address))?),
        };
        Ok(Allocation { address, gateway })
    }
    /// The value under this name that means the same.
    fn value(&self, name: &str) -> Option<IpAllocation> {
        let (network, interface) = name.strip_prefix("network/")?.split_once("/interface/")?;
        Some(IpAllocation {
            network_name: network.to_owned(),
            interface_name: interface.to_owned(),
            address: self.address.to_string(),
            gw: self.gateway.map_or_else(String::new, |gateway| gateway.to_string()),
        })
    }
}

/// The name of an allocation.
pub(crate) fn name(network: &str, interface: &str) -> String {
    format!("network/{network}/interface/{interface}")
}

/// See the module.
pub struct Allocations;

impl Descriptor for Allocations {
    const NAME: &'static str = "netalloc-ip-address";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = IpAllocation;
    type Image = Allocation;
    type Handle = Allocation;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &IpAllocation) {}
    fn image(&self, value: &IpAllocation) -> Result<Allocation, Invalid> {
        Allocation::of(value)
    }
    fn derive(&self, value: &IpAllocation, out: &mut Derived) {
        out.extend(NeighbourGateway::of(value));
    }
    fn found_elsewhere(&self, _: &IpAllocation) -> bool {
        true
    }
    async fn create(&self, new: Allocation, (): ()) -> Made<Allocation> {
        Ok(new)
    }
    async fn delete(&self, _: Allocation, _: Allocation, (): ()) -> Result<()> {
        Ok(())
    }
    /// Those that are in force, and those that are wanted: they are there as soon as somebody says so.
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let mut all: BTreeMap<String, (IpAllocation, Allocation)> = BTreeMap::new();
        for value in seen.wanted::<Allocations>() {
            if let Ok(allocation) = Allocation::of(value) {
                all.insert(Model::name(value), (value.clone(), allocation));
            }
        }
        for (name, allocation, _) in seen.present::<Allocations>() {
            let as_wanted = all.get(name).is_some_and(|(_, wanted)| *wanted == allocation);
            if let Some(value) = allocation.value(name).filter(|_| !as_wanted) {
                all.insert(name.to_owned(), (value, allocation));
            }
        }
        Ok(all.into_values().map(|(value, allocation)| Found::new(value, allocation)).collect())
    }
}

/// The gateway is a neighbour: it lies in the network of the address. For others to wait for.
#[derive(Clone, Debug, PartialEq)]
pub struct NeighbourGateway {
    /// Name of the network.
    pub network: String,
    /// Name of the interface.
    pub interface: String,
}

impl NeighbourGateway {
    fn of(value: &IpAllocation) -> Option<NeighbourGateway> {
        let Allocation { address, gateway } = Allocation::of(value).ok()?;
        let (network, interface) = (value.network_name.clone(), value.interface_name.clone());
        address.contains(gateway?.address).then_some(NeighbourGateway { network, interface })
    }
}

impl Model for NeighbourGateway {
    const PREFIX: &'static str = "netalloc/neigh-gw/";
    fn name(&self) -> String {
        name(&self.network, &self.interface)
    }
}

/// See [`NeighbourGateway`].
pub struct NeighbourGateways;

impl Descriptor for NeighbourGateways {
    const NAME: &'static str = "netalloc-neighbour-gateway";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = NeighbourGateway;
    type Image = ();
    type Handle = ();
    type Needs = Up<Allocations>;
    type Reads = (Allocations,);

    fn needs(&self, gateway: &NeighbourGateway) -> Up<Allocations> {
        Up::to(&gateway.name())
    }
    fn image(&self, _: &NeighbourGateway) -> Result<(), Invalid> {
        Ok(())
    }
    async fn create(&self, (): (), (): Resolved<Self>) -> Made<()> {
        Ok(())
    }
    async fn delete(&self, (): (), (): (), (): Resolved<Self>) -> Result<()> {
        Ok(())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let values = seen.present::<Allocations>();
        let values = values.into_iter().filter_map(|(name, allocation, _)| allocation.value(name));
        let gateways = values.filter_map(|value| NeighbourGateway::of(&value));
        Ok(gateways.map(|gateway| Found::new(gateway, ())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(address: &str, gw: &str) -> IpAllocation {
        IpAllocation {
            network_name: "net1".into(),
            interface_name: "loop1".into(),
            address: address.into(),
            gw: gw.into(),
        }
    }

    #[test]
    fn a_gateway_without_a_length_is_in_the_network_of_the_address() {
        let gateway = |address, gw| {
            Allocation::of(&value(address, gw)).unwrap().gateway.map(|gateway| gateway.to_string())
        };
        assert_eq!(gateway("10.1.2.3/24", "10.1.2.1").as_deref(), Some("10.1.2.1/24"));
        assert_eq!(gateway("10.1.2.3/24", "10.1.3.1").as_deref(), Some("10.1.3.1/32"));
        assert_eq!(gateway("10.1.2.3/24", ""), None);
        let neighbour = |address, gw| NeighbourGateway::of(&value(address, gw)).map(|gateway| gateway.name());
        assert_eq!(neighbour("10.1.2.3/24", "10.1.2.1").as_deref(), Some("network/net1/interface/loop1"));
        assert_eq!(neighbour("10.1.2.3/32", "10.1.2.1"), None);
        assert_eq!(neighbour("10.1.2.3/24", ""), None);
    }

    #[test]
    fn what_is_in_force_can_be_told_as_a_value() {
        for (address, gw) in [("10.1.2.3/24", "10.1.2.1"), ("FD00::3", "fd00::1/64"), ("10.1.2.3/32", "")] {
            let value = IpAllocation { interface_name: "Ethernet0/8/0".into(), ..value(address, gw) };
            let allocation = Allocation::of(&value).unwrap();
            let told = allocation.value(&Model::name(&value)).unwrap();
            assert_eq!(Model::name(&told), Model::name(&value));
            assert_eq!(Allocation::of(&told), Ok(allocation));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let good = value("10.1.2.3/24", "10.1.2.1");
        let cases = [
            (IpAllocation { network_name: String::new(), ..good.clone() }, "network_name: must not be empty"),
            (
                IpAllocation { network_name: "a/b".into(), ..good.clone() },
                "network_name: must not contain a slash: no reference could name it",
            ),
            (
                IpAllocation { interface_name: String::new(), ..good.clone() },
                "interface_name: must not be empty",
            ),
            (
                IpAllocation { address: "10.1.2/24".into(), ..good.clone() },
                "address: \"10.1.2/24\" is no IP address; write it as 10.1.2.3/24, or without a length",
            ),
            (
                IpAllocation { gw: "x".into(), ..good.clone() },
                "gw: \"x\" is no IP address; write it as 10.1.2.3/24, or without a length",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(Allocation::of(&value).unwrap_err().to_string(), expected);
        }
    }
}
