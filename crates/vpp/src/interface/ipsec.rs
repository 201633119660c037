//! IPsec interface: what is routed into it is encrypted by the tunnel protection that is set on it.
//! Type `IPSEC_TUNNEL`, section `link.ipsec`, which is deprecated · VPP `ipsec.api`
//!
//! Of the section only the mode counts; keys and algorithms belong to security associations.

use super::SwIfIndex;
use super::link::{LinkType, Links, Mac, Sight, missing};
use crate::prelude::*;
use binapi::ipsec::{IpsecItfCreate, IpsecItfDelete, IpsecItfDetails, IpsecItfDump};
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::ip_sec_link::Mode;
use model::proto::ligato::vpp::interfaces::{Interface, IpSecLink};
use std::collections::HashMap;
use types::{IpsecItf, TunnelMode};

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ipsec {
    mode: TunnelMode,
}

#[allow(deprecated)] // by our own API, for configurations that have it
fn section(i: &Interface) -> Option<&IpSecLink> {
    match &i.link {
        Some(Section::Ipsec(link)) => Some(link),
        _ => None,
    }
}

impl LinkType for Ipsec {
    const TYPE: Type = Type::IpsecTunnel;
    const PREFIX: &'static str = "ipsec";
    const USES: &'static [&'static str] = &[IpsecItfCreate::ID, IpsecItfDelete::ID, IpsecItfDump::ID];
    const TAKES_DEFAULT_MTU: bool = false;
    const MAC: Mac = Mac::None;
    type Told = HashMap<SwIfIndex, IpsecItfDetails>;

    fn of(i: &Interface) -> Result<Ipsec, Invalid> {
        let link = section(i).ok_or_else(|| missing(i, "link.ipsec"))?;
        let mode = match Mode::try_from(link.tunnel_mode) {
            Ok(Mode::PointToPoint) => TunnelMode::P2P,
            Ok(Mode::PointToMultipoint) => TunnelMode::MP,
            Err(_) => return Err(Invalid::new("link.ipsec.tunnel_mode", "is not a known mode")),
        };
        Ok(Ipsec { mode })
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        let itf = IpsecItf { mode: self.mode, ..IpsecItf::default() };
        Ok(SwIfIndex(links.vpp.call(IpsecItfCreate { itf }).await?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(IpsecItfDelete { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        links.dump(IpsecItfDump { sw_if_index: u32::MAX }, |details| details.itf.sw_if_index).await
    }
    #[allow(deprecated)]
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let details = told.get(&sight.index())?;
        let mode =
            if details.itf.mode == TunnelMode::P2P { Mode::PointToPoint } else { Mode::PointToMultipoint };
        let wanted = sight.wanted.and_then(section).cloned().unwrap_or_default();
        Some(Some(Section::Ipsec(IpSecLink { tunnel_mode: mode.into(), ..wanted })))
    }
}
