//! GRE: packets or Ethernet frames behind a small header, between two ends; ERSPAN is its form for mirrored frames.
//! Type `GRE_TUNNEL`, section `link.gre` · VPP `gre.api`
//!
//! Only what carries frames has a MAC address. The VRF of the interface is that of the packets inside.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight, mac_of, missing};
use super::tunnel::Ends;
use crate::prelude::*;
use binapi::gre::{GreTunnelAddDel, GreTunnelDetails, GreTunnelDump};
use model::proto::ligato::vpp::interfaces::gre_link::Type as Carries;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};
use model::proto::ligato::vpp::interfaces::{GreLink, Interface};
use std::collections::HashMap;
use types::{GreTunnel, GreTunnelType};

/// What VPP is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gre {
    carries: GreTunnelType,
    ends: Ends,
    table: u32,
    /// Of ERSPAN.
    session: u16,
}

impl Gre {
    fn request(&self, is_add: bool) -> GreTunnelAddDel {
        let tunnel = GreTunnel {
            type_: self.carries,
            session_id: self.session,
            instance: u32::MAX, // any
            outer_table_id: self.table,
            src: self.ends.src.into(),
            dst: self.ends.dst.into(),
            ..GreTunnel::default()
        };
        GreTunnelAddDel { is_add, tunnel }
    }
}

impl LinkType for Gre {
    const TYPE: Type = Type::GreTunnel;
    const PREFIX: &'static str = "gre";
    const USES: &'static [&'static str] = &[GreTunnelAddDel::ID, GreTunnelDump::ID];
    type Told = HashMap<SwIfIndex, GreTunnelDetails>;

    fn of(i: &Interface) -> Result<Gre, Invalid> {
        let Some(Section::Gre(link)) = &i.link else { return Err(missing(i, "link.gre")) };
        let field = "link.gre.tunnel_type";
        let carries = match Carries::try_from(link.tunnel_type) {
            Ok(Carries::L3) => GreTunnelType::L3,
            Ok(Carries::Teb) => GreTunnelType::TEB,
            Ok(Carries::Erspan) => GreTunnelType::ERSPAN,
            Ok(Carries::Unknown) => return Err(Invalid::new(field, "must be given: L3, TEB or ERSPAN")),
            Err(_) => return Err(Invalid::new(field, "is not a known type")),
        };
        let ends = Ends::of(("link.gre.src_addr", &link.src_addr), ("link.gre.dst_addr", &link.dst_addr))?;
        // Others have no session, so that it means nothing there.
        let session = if carries == GreTunnelType::ERSPAN { link.session_id } else { 0 };
        let session = u16::try_from(session).ok().filter(|&session| session <= 1023);
        let session = session
            .ok_or_else(|| Invalid::new("link.gre.session_id", "is more than 1023, what 10 bits can hold"))?;
        ensure(
            carries != GreTunnelType::L3 || mac_of(i)?.is_none(),
            "phys_address",
            "cannot be set: a GRE tunnel of type L3 has none",
        )?;
        Ok(Gre { carries, ends, table: link.outer_fib_id, session })
    }
    fn tables(&self) -> Vec<(u32, bool)> {
        vec![(self.table, self.ends.ipv6())]
    }
    fn place(&self) -> Option<String> {
        let Ends { src, dst } = self.ends;
        Some(format!("{:?} {src} to {dst} table {} session {}", self.carries, self.table, self.session))
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        Ok(SwIfIndex(links.vpp.call(self.request(true)).await?.sw_if_index))
    }
    async fn delete(self, links: &Links, _: SwIfIndex) -> Result<()> {
        links.vpp.call(self.request(false)).await.map(drop)
    }
    async fn ask(links: &Links) -> Result<Option<Self::Told>> {
        links.dump(GreTunnelDump { sw_if_index: u32::MAX }, |details| details.tunnel.sw_if_index).await
    }
    fn section(told: &Self::Told, sight: &Sight<'_>) -> Option<Option<Section>> {
        let tunnel = &told.get(&sight.index())?.tunnel;
        let carries = match tunnel.type_ {
            GreTunnelType::TEB => Carries::Teb,
            GreTunnelType::ERSPAN => Carries::Erspan,
            _ => Carries::L3,
        };
        Some(Some(Section::Gre(GreLink {
            tunnel_type: carries.into(),
            src_addr: tunnel.src.ip().to_string(),
            dst_addr: tunnel.dst.ip().to_string(),
            outer_fib_id: tunnel.outer_table_id,
            session_id: tunnel.session_id.into(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_names_its_field() {
        let field = |carries: Carries, session_id, mac: &str| {
            let link = GreLink {
                tunnel_type: carries.into(),
                src_addr: "10.0.0.1".into(),
                dst_addr: "10.0.0.2".into(),
                session_id,
                ..GreLink::default()
            };
            let link = Some(Section::Gre(link));
            let i = Interface { phys_address: mac.to_owned(), link, ..Interface::default() };
            Gre::of(&i).err().map(|invalid| invalid.field)
        };
        assert_eq!(field(Carries::Unknown, 0, ""), Some("link.gre.tunnel_type"));
        assert_eq!(field(Carries::Erspan, 1023, ""), None);
        assert_eq!(field(Carries::Erspan, 1024, ""), Some("link.gre.session_id"));
        assert_eq!(field(Carries::Teb, 1024, "02:00:00:00:00:01"), None);
        assert_eq!(field(Carries::L3, 0, "02:00:00:00:00:01"), Some("phys_address"));
    }
}
