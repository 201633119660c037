//! WireGuard: this side of encrypted tunnels; the other sides are its peers.
//! Type `WIREGUARD_TUNNEL`, section `link.wireguard` · VPP `wireguard.api`
//!
//! VPP tells the private key when asked for it. Several interfaces may have the same port.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, missing};
use super::tunnel::source;
use crate::prelude::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use binapi::wireguard::{
    WireguardInterfaceCreate, WireguardInterfaceDelete, WireguardInterfaceDetails, WireguardInterfaceDump,
};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{Interface, WireguardLink};
use std::collections::HashMap;
use std::net::IpAddr;
use types::WireguardInterface;

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wireguard {
    private_key: [u8; 32],
    port: u16,
    src: IpAddr,
}

impl LinkType for Wireguard {
    const TYPE: Type = Type::WireguardTunnel;
    const PREFIX: &'static str = "wg";
    const USES: &'static [&'static str] =
        &[WireguardInterfaceCreate::ID, WireguardInterfaceDelete::ID, WireguardInterfaceDump::ID];
    const TAKES_DEFAULT_MTU: bool = false;
    const DEFAULT_MTU: u32 = 0;
    const MAC: Mac = Mac::None;
    type Told = HashMap<SwIfIndex, WireguardInterfaceDetails>;

    fn of(i: &Interface) -> Result<Wireguard, Invalid> {
        let Some(Section::Wireguard(link)) = &i.link else { return Err(missing(i, "link.wireguard")) };
        let key = BASE64.decode(&link.private_key).ok().and_then(|key| key.try_into().ok());
        // The text is not repeated: it may be a key all the same.
        let bad = "is not a key of 32 bytes in base64, which has 44 characters";
        let private_key = key.ok_or_else(|| Invalid::new("link.wireguard.private_key", bad))?;
        let port = u16::try_from(link.port)
            .map_err(|_| Invalid::new("link.wireguard.port", "is not a UDP port: the highest is 65535"))?;
        Ok(Wireguard { private_key, port, src: source("link.wireguard.src_addr", &link.src_addr)? })
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let interface = WireguardInterface {
            private_key: self.private_key,
            port: self.port,
            src_ip: self.src.into(),
            ..WireguardInterface::default()
        };
        let request = WireguardInterfaceCreate { interface, generate_key: false };
        Ok(SwIfIndex(links.vpp.call(request).await?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(WireguardInterfaceDelete { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        let all = WireguardInterfaceDump { show_private_key: true, sw_if_index: u32::MAX };
        links.dump(all, |details| details.interface.sw_if_index).await
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let interface = &told.get(&sight.index())?.interface;
        Some(Some(Section::Wireguard(WireguardLink {
            private_key: BASE64.encode(interface.private_key),
            port: interface.port.into(),
            src_addr: interface.src_ip.ip().to_string(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_names_its_field() {
        let key = BASE64.encode([7; 32]);
        let field = |private_key: &str, port, src: &str| {
            let link = WireguardLink { private_key: private_key.into(), port, src_addr: src.into() };
            let i = Interface { link: Some(Section::Wireguard(link)), ..Interface::default() };
            Wireguard::of(&i).err().map(|invalid| invalid.field)
        };
        assert_eq!(field(&key, 65535, "10.0.0.1"), None);
        assert_eq!(field(&key, 65536, "10.0.0.1"), Some("link.wireguard.port"));
        assert_eq!(field(&key, 0, ""), Some("link.wireguard.src_addr"));
        for bad in ["", &key[1..], &BASE64.encode([7; 31]), &BASE64.encode([7; 33])] {
            assert_eq!(field(bad, 0, "10.0.0.1"), Some("link.wireguard.private_key"), "{bad}");
        }
    }
}
