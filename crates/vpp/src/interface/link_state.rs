//! Link state of an interface, UP or DOWN: whether frames can come and go, whatever its admin state says.
//! Derived by nobody: VPP reports it · VPP `interface.api`
//!
//! Objects that only make sense on a link wait for it with [`up`]. The events of VPP are followed in [`crate::state`];
//! after a connection was made anew, and when an agent starts, the states are found with everything else.

use super::Interfaces;
use crate::prelude::*;
use binapi::interface::SwInterfaceDump;
use types::IfStatusFlags;

/// The state that one interface is in.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkState {
    /// Name of the interface.
    pub interface: String,
    /// The link is up.
    pub up: bool,
}

/// The name of a state.
pub(crate) fn name(interface: &str, up: bool) -> String {
    format!("{interface}/link-state/{}", if up { "UP" } else { "DOWN" })
}

/// Depends on the link of the interface being up. While the interface is made anew, the state of the old one may hold for
/// a moment.
pub fn up(interface: &str) -> Up<LinkStates> {
    Up::to(&name(interface, true))
}

impl Model for LinkState {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        name(&self.interface, self.up)
    }
}

/// See the module.
pub struct LinkStates(pub Vpp);

impl Descriptor for LinkStates {
    const NAME: &'static str = "vpp-interface-link-state";
    const USES: &'static [&'static str] = &[SwInterfaceDump::ID];
    const OWNERSHIP: Ownership = Ownership::Marked;
    const FED: bool = true;
    type Value = LinkState;
    type Image = LinkState;
    type Handle = ();
    type Needs = ();
    type Reads = (Interfaces,);

    fn needs(&self, _: &LinkState) {}
    fn image(&self, state: &LinkState) -> Result<LinkState, Invalid> {
        Ok(state.clone())
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let all = SwInterfaceDump { sw_if_index: u32::MAX, ..SwInterfaceDump::default() };
        let interfaces = self.0.dump(all).await?;
        let names = seen.names::<Interfaces>();
        let found = interfaces.iter().filter_map(|details| {
            let interface = (*names.get(&super::SwIfIndex(details.sw_if_index))?).to_owned();
            let up = details.flags.contains(IfStatusFlags::LINK_UP);
            Some(Found::new(LinkState { interface, up }, ()).foreign())
        });
        Ok(found.collect())
    }
}
