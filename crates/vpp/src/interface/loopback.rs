//! Loopback: an interface that is always there, without a wire. Type `SOFTWARE_LOOPBACK`, no `link` section.

use super::SwIfIndex;
use super::link::{LinkType, Links, Sight};
use crate::prelude::*;
use binapi::interface::{CreateLoopback, DeleteLoopback};
use model::proto::ligato::vpp::interfaces::Interface;
use model::proto::ligato::vpp::interfaces::interface::{Link as Section, Type};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Loopback;

impl LinkType for Loopback {
    const TYPE: Type = Type::SoftwareLoopback;
    const PREFIX: &'static str = "loop";
    const USES: &'static [&'static str] = &[CreateLoopback::ID, DeleteLoopback::ID];
    type Told = ();

    fn of(i: &Interface) -> Result<Loopback, Invalid> {
        ensure(i.link.is_none(), "link", "is the section of another type of interface")?;
        Ok(Loopback)
    }
    async fn create(self, links: &Links, _: Option<SwIfIndex>) -> Result<SwIfIndex> {
        Ok(SwIfIndex(links.vpp.call(CreateLoopback::default()).await?.sw_if_index))
    }
    async fn delete(self, links: &Links, index: SwIfIndex) -> Result<()> {
        links.vpp.call(DeleteLoopback { sw_if_index: index.0 }).await.map(drop)
    }
    async fn ask(_: &Links) -> Result<Option<()>> {
        Ok(Some(()))
    }
    /// VPP has no dump of loopbacks: its name for them says it.
    fn section((): &(), sight: &Sight<'_>) -> Option<Option<Section>> {
        let name = sight.internal();
        (name.starts_with("loop") || name.starts_with("local")).then_some(None)
    }
}
