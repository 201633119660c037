//! TAP: an interface of VPP and one of Linux with a wire between them. TUN is the same without Ethernet.
//! Type `TAP`, section `tap` · VPP `tapv2.api`
//!
//! Both ends come and go together. VPP needs `/dev/net/tun` and `/dev/vhost-net`. The Linux end is an object of its own for
//! who configures it: type `TAP_TO_VPP` of Linux. One that is to go into a container waits until that runs: the end would be
//! lost with it.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight, advised, linux_name, mac_of, missing};
use crate::prelude::*;
use crate::{Hosts, TapEnds};
use binapi::tapv2::{SwInterfaceTapV2Details, SwInterfaceTapV2Dump, TapCreateV3, TapDeleteV2};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{Interface, TapLink};
use std::collections::HashMap;
use types::TapFlags;

/// What VPP is told, and what that is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tap {
    told: TapCreateV3,
    name: String,
    /// The container that the Linux end goes into, by its label; empty if it goes into none.
    microservice: String,
}

/// What VPP tells, and where it is told on.
#[derive(Default)]
pub(super) struct Told {
    details: HashMap<SwIfIndex, SwInterfaceTapV2Details>,
    ends: TapEnds,
}

/// The keys of containers that run begin so.
const MICROSERVICE: &str = "linux/microservice/";

/// VPP's defaults: entries of a ring, and the MTU of a TUN.
const RING_SIZE: u16 = 256;
const TUN_MTU: u32 = 1500;

/// The name of the Linux end if none is given, as the reference makes it: by the FNV-1a hash of the logical name.
fn generated(name: &str) -> String {
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("tap-{hash}")
}

/// The entries of a ring; 0 is VPP's to choose.
fn ring(field: &'static str, size: u32) -> Result<u16, Invalid> {
    let good = u16::try_from(size).ok().filter(|size| *size == 0 || size.is_power_of_two());
    match good.ok_or_else(|| Invalid::new(field, "must be a power of two up to 32768"))? {
        0 => Ok(RING_SIZE),
        size => Ok(size),
    }
}

impl LinkType for Tap {
    const TYPE: Type = Type::Tap;
    const PREFIX: &'static str = "tap";
    const USES: &'static [&'static str] = &[TapCreateV3::ID, TapDeleteV2::ID, SwInterfaceTapV2Dump::ID];
    type Told = Told;

    fn of(i: &Interface) -> Result<Tap, Invalid> {
        let Some(Section::Tap(link)) = &i.link else { return Err(missing(i, "link.tap")) };
        ensure(link.version == 2, "link.tap.version", "must be 2: VPP has no other any more")?;
        let host = match &*link.host_if_name {
            "" => generated(&i.name),
            name => name.to_owned(),
        };
        let mut flags = TapFlags::default();
        if link.enable_gso {
            flags |= TapFlags::GSO;
        }
        if link.enable_tunnel {
            flags |= TapFlags::TUN;
            ensure(mac_of(i)?.is_none(), "phys_address", "cannot be set: a TUN has none")?;
        }
        let told = TapCreateV3 {
            host_if_name_set: true,
            host_if_name: linux_name("link.tap.host_if_name", &host)?,
            rx_ring_sz: ring("link.tap.rx_ring_size", link.rx_ring_size)?,
            tx_ring_sz: ring("link.tap.tx_ring_size", link.tx_ring_size)?,
            tap_flags: flags,
            ..TapCreateV3::default()
        };
        Ok(Tap { told, name: i.name.clone(), microservice: link.to_microservice.clone() })
    }
    fn outside(&self, _: &Hosts) -> Option<String> {
        let label = &self.microservice;
        (!label.is_empty()).then(|| format!("{MICROSERVICE}{label}"))
    }
    fn resembles(&self, seen: &Tap) -> bool {
        self.told == seen.told
    }
    fn default_mtu(&self, _: &Links) -> u32 {
        if self.told.tap_flags.contains(TapFlags::TUN) { TUN_MTU } else { Self::DEFAULT_MTU }
    }
    fn place(&self) -> Option<String> {
        Some(self.told.host_if_name.to_string())
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let host = self.told.host_if_name;
        let made = links.vpp.call(self.told).await;
        let device = || "is there /dev/vhost-net, and may VPP use it?".to_owned();
        let name = || format!("has Linux an interface {host} already?");
        let advise = |error| advised(advised(error, "SYSCALL_ERROR_1", device), "SYSCALL_ERROR_3", name);
        let index = SwIfIndex(made.map_err(advise)?.sw_if_index);
        links.taps.has(&self.name, host.as_str());
        Ok(index)
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.taps.lost(&self.name);
        links.vpp.call(TapDeleteV2 { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        let request = SwInterfaceTapV2Dump { sw_if_index: u32::MAX };
        let details = links.dump(request, |details| details.sw_if_index).await?;
        Ok(details.map(|details| Told { details, ends: links.taps.clone() }))
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.details.get(&sight.index())?;
        let host = details.host_if_name.as_str();
        let tag = sight.details.tag.as_str();
        told.ends.has(sight.wanted.map_or(tag, |i| &i.name), host);
        let wanted = match sight.section() {
            Some(Section::Tap(section)) => section.clone(),
            _ => TapLink::default(),
        };
        let own = sight.wanted.is_some_and(|i| wanted.host_if_name.is_empty() && host == generated(&i.name));
        let ring = |size: u16, wanted: u32| if size == RING_SIZE && wanted == 0 { 0 } else { size.into() };
        Some(Some(Section::Tap(TapLink {
            version: 2,
            host_if_name: if own { String::new() } else { host.to_owned() },
            to_microservice: wanted.to_microservice,
            rx_ring_size: ring(details.rx_ring_sz, wanted.rx_ring_size),
            tx_ring_size: ring(details.tx_ring_sz, wanted.tx_ring_size),
            enable_gso: details.tap_flags.contains(TapFlags::GSO),
            enable_tunnel: details.tap_flags.contains(TapFlags::TUN),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_generated_as_the_reference_does() {
        // Go: h := fnv.New32a(); h.Write([]byte(name)); "tap-" + h.Sum32()
        assert_eq!(generated(""), "tap-2166136261");
        assert_eq!(generated("a"), "tap-3826002220");
        assert_eq!(generated("foobar"), "tap-3214735720");
    }

    #[test]
    fn what_is_wrong_names_the_field() {
        let two = || TapLink { version: 2, ..TapLink::default() };
        let cases = [
            (TapLink { version: 1, ..two() }, "link.tap.version: must be 2"),
            (TapLink { host_if_name: "a/b".into(), ..two() }, "link.tap.host_if_name: is not a name"),
            (TapLink { rx_ring_size: 3, ..two() }, "link.tap.rx_ring_size: must be a power of two"),
            (TapLink { tx_ring_size: 65536, ..two() }, "link.tap.tx_ring_size: must be a power of two"),
            (TapLink { enable_tunnel: true, ..two() }, "phys_address: cannot be set"),
        ];
        for (link, reason) in cases {
            let (name, link) = ("tap".into(), Some(Section::Tap(link)));
            let phys_address = "02:00:00:00:00:01".into();
            let value = Interface { name, link, phys_address, ..Interface::default() };
            let error = Tap::of(&value).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
        }
    }
}
