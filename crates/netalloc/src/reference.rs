//! A reference to an allocation, in the place of an address.

use crate::allocation::{Allocation, Allocations, NeighbourGateways, name};
use crate::net::Net;
use sched::{AnyOf, Error, Invalid, Ref, Result, ensure};
use std::fmt;

/// How references start.
const START: &str = "alloc:";
/// What stands at the end of a reference to the gateway.
const GATEWAY: &str = "GW";

/// A reference: the address of an interface in a network, or the gateway it uses there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    network: String,
    interface: String,
    gateway: bool,
}

/// Does it look like a reference?
pub fn is_reference(text: &str) -> bool {
    text.starts_with(START)
}

impl Reference {
    /// Reads `alloc:<network>[/<interface>][/GW]`; `None` if it does not look like one. Without an interface that of the
    /// owner is meant, if the owner has one.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub fn read(field: &'static str, text: &str, owner: &str) -> Result<Option<Reference>, Invalid> {
        let Some(rest) = text.strip_prefix(START) else { return Ok(None) };
        let invalid = |why: &str| Err(Invalid::new(field, format!("{text:?} {why}")));
        let (rest, gateway) = match rest.rsplit_once('/') {
            Some((rest, GATEWAY)) => (rest, true),
            _ => (rest, false),
        };
        let (network, interface) = rest.split_once('/').unwrap_or((rest, owner));
        if network.is_empty() {
            return invalid("names no network; write it as alloc:<network>/<interface>");
        }
        if interface.is_empty() {
            return invalid("names no interface; write it as alloc:<network>/<interface>");
        }
        Ok(Some(Reference { network: network.to_owned(), interface: interface.to_owned(), gateway }))
    }
    /// Is a gateway meant?
    pub fn is_gateway(&self) -> bool {
        self.gateway
    }
    /// The same for an address of the interface itself: neither a gateway, nor what is allocated for another one.
    ///
    /// # Errors
    /// See [`Reference::read`].
    pub fn own(field: &'static str, text: &str, interface: &str) -> Result<Option<Reference>, Invalid> {
        let Some(reference) = Reference::read(field, text, interface)? else { return Ok(None) };
        let no = |why: &str| format!("{text:?} is {why}");
        ensure(!reference.gateway, field, &no("a gateway, which is no address of the interface"))?;
        ensure(reference.interface == interface, field, &no("what is allocated for another interface"))?;
        Ok(Some(reference))
    }
    /// The same for a gateway: of nothing else.
    ///
    /// # Errors
    /// See [`Reference::read`].
    pub fn gateway(field: &'static str, text: &str, owner: &str) -> Result<Option<Reference>, Invalid> {
        let reference = Reference::read(field, text, owner)?;
        let no = || format!("{text:?} is the address of an interface; the gateway that it uses is {text}/GW");
        ensure(reference.as_ref().is_none_or(|reference| reference.gateway), field, &no())?;
        Ok(reference)
    }
    /// The address of the owner in the same network, as he writes it.
    pub fn of_owner(&self) -> String {
        format!("{START}{}", self.network)
    }
    /// Waits until the gateway that is meant is a neighbour: it lies in the network of the address, or somebody else says that
    /// it is on the link.
    pub fn on_link(&self) -> AnyOf<NeighbourGateways> {
        AnyOf::under(&format!("network/{}/", self.network))
            .holding(&format!("/interface/{}/", self.interface))
    }
    /// The name under which somebody else says that, with what stands behind it.
    pub fn said_on_link(&self, by: &str) -> String {
        format!("{}/{by}", self.name())
    }
    /// As the owner writes it, without the interface.
    pub fn brief(&self) -> String {
        let gateway = if self.gateway { "/GW" } else { "" };
        format!("{START}{}{gateway}", self.network)
    }
    /// The name of the allocation.
    pub(crate) fn name(&self) -> String {
        name(&self.network, &self.interface)
    }
    /// What is meant.
    ///
    /// # Errors
    /// A gateway is meant and there is none.
    pub fn resolve(&self, allocation: &Allocation) -> Result<Net> {
        let Reference { network, interface, gateway } = self;
        if !*gateway {
            return Ok(allocation.address);
        }
        let none =
            || format!("the allocation of {interface} in network {network} has no gateway; give it one");
        allocation.gateway.ok_or_else(|| Error::permanent(none()))
    }
}

/// In full, with the interface.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gateway = if self.gateway { "/GW" } else { "" };
        write!(f, "{START}{}/{}{gateway}", self.network, self.interface)
    }
}

/// What is written out, or allocated elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source<T> {
    /// It is written out.
    Given(T),
    /// It is allocated. Boxed, because there are many that are not.
    Allocated(Box<Reference>),
}

impl<T> Source<T> {
    /// The allocation that is needed.
    pub fn allocation(&self) -> Option<Ref<Allocations>> {
        match self {
            Source::Given(_) => None,
            Source::Allocated(reference) => Some(Ref::to(&reference.name())),
        }
    }
    /// What it is, once the allocation that is needed is there. `form` makes it of an address in its network.
    ///
    /// # Errors
    /// See [`Reference::resolve`].
    pub fn resolve(self, allocation: Option<&Allocation>, form: impl FnOnce(Net) -> T) -> Result<T> {
        match (self, allocation) {
            (Source::Given(given), _) => Ok(given),
            (Source::Allocated(reference), Some(allocation)) => reference.resolve(allocation).map(form),
            (Source::Allocated(reference), None) => {
                Err(Error::new(format!("{reference} is not allocated yet")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let read = |text, owner| Reference::read("f", text, owner);
        let full = |text, owner| read(text, owner).unwrap().map(|reference| reference.to_string());
        let cases = [
            ("alloc:net1", "alloc:net1/loop1"),
            ("alloc:net1/GW", "alloc:net1/loop1/GW"),
            ("alloc:net1/tap1", "alloc:net1/tap1"),
            ("alloc:net1/tap1/GW", "alloc:net1/tap1/GW"),
            ("alloc:net1/Ethernet0/8/0", "alloc:net1/Ethernet0/8/0"),
            ("alloc:net1/Ethernet0/8/0/GW", "alloc:net1/Ethernet0/8/0/GW"),
        ];
        for (text, is) in cases {
            assert_eq!(full(text, "loop1").as_deref(), Some(is));
        }
        assert_eq!(full("10.1.2.3/24", "loop1"), None);
        let wrong = |text, owner| read(text, owner).unwrap_err().to_string();
        let network = "names no network; write it as alloc:<network>/<interface>";
        let interface = "names no interface; write it as alloc:<network>/<interface>";
        assert_eq!(wrong("alloc:", "loop1"), format!("f: \"alloc:\" {network}"));
        assert_eq!(wrong("alloc:/tap1", "loop1"), format!("f: \"alloc:/tap1\" {network}"));
        assert_eq!(wrong("alloc:net1", ""), format!("f: \"alloc:net1\" {interface}"));
        assert_eq!(wrong("alloc:net1/GW", ""), format!("f: \"alloc:net1/GW\" {interface}"));
    }

    #[test]
    fn what_a_field_does_not_take_is_told() {
        let wrong = |read: Result<Option<Reference>, Invalid>| read.unwrap_err().to_string();
        assert_eq!(
            wrong(Reference::own("f", "alloc:net1/GW", "a")),
            "f: \"alloc:net1/GW\" is a gateway, which is no address of the interface"
        );
        assert_eq!(
            wrong(Reference::own("f", "alloc:net1/b", "a")),
            "f: \"alloc:net1/b\" is what is allocated for another interface"
        );
        assert_eq!(
            wrong(Reference::gateway("f", "alloc:net1/b", "a")),
            "f: \"alloc:net1/b\" is the address of an interface; the gateway that it uses is alloc:net1/b/GW"
        );
        for text in ["alloc:net1", "alloc:net1/a"] {
            assert!(Reference::own("f", text, "a").unwrap().is_some());
        }
        for text in ["alloc:net1/GW", "alloc:net1/b/GW"] {
            assert!(Reference::gateway("f", text, "a").unwrap().is_some());
        }
        assert_eq!(
            (Reference::own("f", "10.1.1.1", "a"), Reference::gateway("f", "", "a")),
            (Ok(None), Ok(None))
        );
    }

    #[test]
    fn what_is_meant() {
        let net = |text| Net::read(text, None).unwrap();
        let allocation = Allocation { address: net("10.1.2.3/24"), gateway: Some(net("10.1.2.1/24")) };
        let meant = |text: &str, allocation: &Allocation| {
            let reference = Reference::read("f", text, "loop1").unwrap().unwrap();
            Source::Allocated(reference.into()).resolve(Some(allocation), |net| net.to_string())
        };
        assert_eq!(meant("alloc:net1", &allocation).unwrap(), "10.1.2.3/24");
        assert_eq!(meant("alloc:net1/GW", &allocation).unwrap(), "10.1.2.1/24");
        let without = Allocation { gateway: None, ..allocation };
        let error = meant("alloc:net1/GW", &without).unwrap_err();
        assert_eq!(error.cause, "the allocation of loop1 in network net1 has no gateway; give it one".into());
        assert_eq!(Source::Given(7).resolve(None, |_| 0), Ok(7));
    }
}
