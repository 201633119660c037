//! AF_PACKET: VPP on an interface of Linux, whose packets it gets and sends through the kernel.
//! Type `AF_PACKET`, section `afpacket` · VPP `af_packet.api`
//!
//! The interface of Linux is named as Linux does, or it is one that this agent configures, by its logical name.
//! VPP sets the Linux interface up and down with its own. It would give it the MAC that is set later, too; the one in the
//! request stays VPP's.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, advised, linux_name, mac_of, missing};
use crate::Hosts;
use crate::prelude::*;
use binapi::af_packet::{AfPacketCreateV3, AfPacketDelete, AfPacketDetails, AfPacketDump};
use binapi::text::FixedString;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{AfpacketLink, Interface};
use model::value::key_of;
use sched::Error;
use std::collections::HashMap;
use types::{AfPacketFlags, AfPacketMode};

/// What the keys of interfaces of Linux begin with that are there, whoever made them.
const THERE: &str = "linux/interface/host-link/";

/// What VPP is told; without `host_if_name` if it stands on an interface of ours.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AfPacket {
    told: AfPacketCreateV3,
    /// The logical name of the interface of Linux; empty if it is named as Linux does.
    on: String,
}

/// What VPP tells, and the names in Linux that help to understand it.
#[derive(Default)]
pub(super) struct Told {
    details: HashMap<SwIfIndex, AfPacketDetails>,
    hosts: Hosts,
}

impl AfPacket {
    /// The name in Linux.
    fn host(&self, links: &Links) -> Result<FixedString<64>> {
        if self.on.is_empty() {
            return Ok(self.told.host_if_name);
        }
        let missing = || {
            Error::new(format!(
                "the interface {} of Linux is not in the network namespace of VPP, which is the agent's own",
                self.on
            ))
        };
        Ok(FixedString::cut(&links.hosts.name_of(&self.on).ok_or_else(missing)?))
    }
}

impl LinkType for AfPacket {
    const TYPE: Type = Type::AfPacket;
    const PREFIX: &'static str = "host-";
    const USES: &'static [&'static str] = &[AfPacketCreateV3::ID, AfPacketDelete::ID, AfPacketDump::ID];
    const MAC: Mac = Mac::Made;
    /// The Linux interface would go down with it.
    const DOWN_FIRST: bool = false;
    type Told = Told;

    fn of(i: &Interface) -> Result<AfPacket, Invalid> {
        let Some(Section::Afpacket(link)) = &i.link else { return Err(missing(i, "link.afpacket")) };
        let on = link.linux_interface.clone();
        let host_if_name = match (on.is_empty(), link.host_if_name.is_empty()) {
            (true, _) => linux_name("link.afpacket.host_if_name", &link.host_if_name)?,
            (false, true) => FixedString::default(),
            (false, false) => {
                let both = "cannot be given together with linux_interface, which says the same";
                return Err(Invalid::new("link.afpacket.host_if_name", both));
            }
        };
        let mac = mac_of(i)?;
        let told = AfPacketCreateV3 {
            mode: AfPacketMode::ETHERNET,
            host_if_name,
            use_random_hw_addr: mac.is_none(),
            hw_addr: mac.unwrap_or_default(),
            // What VPP took for granted before it could be asked for.
            flags: AfPacketFlags::QDISC_BYPASS | AfPacketFlags::CKSUM_GSO,
            ..AfPacketCreateV3::default()
        };
        Ok(AfPacket { told, on })
    }
    fn outside(&self, hosts: &Hosts) -> Option<String> {
        match self.on.is_empty() {
            true => hosts.are_told().then(|| format!("{THERE}{}", self.told.host_if_name)),
            false => Some(key_of::<model::proto::ligato::linux::interfaces::Interface>(&self.on)),
        }
    }
    fn place(&self) -> Option<String> {
        match self.on.is_empty() {
            true => Some(self.told.host_if_name.to_string()),
            false => Some(format!("Linux {}", self.on)),
        }
    }
    /// VPP knows the name in Linux only.
    fn place_as_told(&self, told: &Told) -> Option<String> {
        if self.on.is_empty() { self.place() } else { told.hosts.name_of(&self.on) }
    }
    fn settled(&self, seen: &AfPacket) -> bool {
        self.resembles(seen) && (self.told.use_random_hw_addr || self.told.hw_addr == seen.told.hw_addr)
    }
    fn resembles(&self, seen: &AfPacket) -> bool {
        self.on == seen.on && self.told.host_if_name == seen.told.host_if_name
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let host = self.host(links)?;
        let made = links.vpp.call(AfPacketCreateV3 { host_if_name: host, ..self.told }).await;
        let advice = || format!("{host} must be an interface of Linux in the network namespace of VPP");
        Ok(SwIfIndex(made.map_err(|error| advised(error, "INVALID_INTERFACE", advice))?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        let host_if_name = match self.on.is_empty() {
            true => self.told.host_if_name,
            // That may have another name by now, or none.
            false => {
                let all = Self::ask(links).await?.unwrap_or_default();
                let Some(details) = all.details.get(&index) else { return Ok(()) };
                details.host_if_name
            }
        };
        links.vpp.call(AfPacketDelete { host_if_name }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Told>> {
        let details = links.dump(AfPacketDump {}, |details| details.sw_if_index).await?;
        Ok(details.map(|details| Told { details, hosts: links.hosts.clone() }))
    }
    fn section(told: &Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let host_if_name = told.details.get(&sight.index())?.host_if_name.to_string();
        let on = match sight.section() {
            Some(Section::Afpacket(link)) => link.linux_interface.as_str(),
            _ => "",
        };
        let ours = !on.is_empty() && told.hosts.name_of(on).as_ref() == Some(&host_if_name);
        Some(Some(Section::Afpacket(match ours {
            true => AfpacketLink { linux_interface: on.to_owned(), ..AfpacketLink::default() },
            false => AfpacketLink { host_if_name, ..AfpacketLink::default() },
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(link: AfpacketLink, mac: &str) -> Result<AfPacket, String> {
        let link = Some(Section::Afpacket(link));
        AfPacket::of(&Interface { link, phys_address: mac.into(), ..Interface::default() })
            .map_err(|invalid| invalid.to_string())
    }
    fn on(host: &str) -> AfpacketLink {
        AfpacketLink { host_if_name: host.into(), ..AfpacketLink::default() }
    }

    #[test]
    fn what_is_wrong_names_the_field() {
        let ours = AfpacketLink { linux_interface: "ours".into(), ..on("veth1") };
        let cases = [
            (on(""), "link.afpacket.host_if_name: must be given"),
            (on("sixteen-bytes-xx"), "link.afpacket.host_if_name: is longer than the 15 bytes"),
            (on("a b"), "link.afpacket.host_if_name: is not a name that Linux takes"),
            (on(".."), "link.afpacket.host_if_name: is not a name that Linux takes"),
            (ours, "link.afpacket.host_if_name: cannot be given together with linux_interface"),
        ];
        for (link, reason) in cases {
            let error = of(link, "").unwrap_err();
            assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
        }
        assert!(of(on("veth1"), "nonsense").unwrap_err().starts_with("phys_address: "));
    }

    #[test]
    fn a_mac_matters_if_it_is_asked_for() {
        let made = |mac| of(on("fifteen-bytes-x"), mac).unwrap();
        let seen = made("02:00:00:00:00:01");
        assert!(made("").settled(&seen));
        assert!(made("02:00:00:00:00:01").settled(&seen));
        assert!(!made("02:00:00:00:00:02").settled(&seen));
        assert!(made("02:00:00:00:00:02").resembles(&seen));
    }
}
