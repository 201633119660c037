//! Loopback: an interface that is always there, without a wire. Type `SOFTWARE_LOOPBACK`, no `link` section.

use super::SwIfIndex;
use crate::prelude::*;
use binapi::interface::{CreateLoopback, DeleteLoopback};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Loopback;

impl Loopback {
    pub(super) async fn create(self, vpp: &Vpp) -> Result<SwIfIndex> {
        Ok(SwIfIndex(vpp.call(CreateLoopback::default()).await?.sw_if_index))
    }
    pub(super) async fn delete(self, vpp: &Vpp, index: SwIfIndex) -> Result<()> {
        vpp.call(DeleteLoopback { sw_if_index: index.0 }).await.map(drop)
    }
}
