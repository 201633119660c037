//! Sub-interfaces, and what is done to the VLAN tags of bridged packets.

use super::interface::Kind;
use super::retval;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::interface::{CreateVlanSubif, CreateVlanSubifReply, DeleteSubif, DeleteSubifReply};
use binapi::l2::{L2InterfaceVlanTagRewrite, L2InterfaceVlanTagRewriteReply};

static VLAN: Kind =
    Kind { device: "", ethernet: true, mtu: 0, follows: false, hardware_mtu: Some(retval::UNSUPPORTED) };

/// What a sub-interface is of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sub {
    pub(crate) parent: u32,
    /// Its number, and the tag of its packets.
    pub(crate) id: u32,
}

/// What is done to VLAN tags, in VPP's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rewrite {
    pub(crate) op: u32,
    pub(crate) dot1q: bool,
    pub(crate) tags: [u32; 2],
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.change(rewrite);
}

fn create(state: &mut State, request: CreateVlanSubif) -> Result<CreateVlanSubifReply> {
    let id = request.vlan_id;
    let parent = state.interfaces.get(request.sw_if_index)?;
    // A part of a part is one of the whole.
    let parent = parent.sub.map_or(request.sw_if_index, |sub| sub.parent);
    if id == 0 || id > 4095 {
        return Err(INVALID_VLAN);
    }
    let sub = Sub { parent, id };
    if state.interfaces.iter().any(|(_, i)| i.sub == Some(sub)) {
        return Err(VLAN_ALREADY_EXISTS);
    }
    let name = format!("{}.{id}", state.interfaces.get(parent)?.name);
    let sw_if_index = state.add_interface(&VLAN, name, MacAddress::default());
    state.interfaces.get_mut(sw_if_index)?.sub = Some(sub);
    Ok(CreateVlanSubifReply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: DeleteSubif) -> Result<DeleteSubifReply> {
    if state.interfaces.get(request.sw_if_index)?.sub.is_none() {
        return Err(retval::INVALID_SW_IF_INDEX);
    }
    state.remove_interface(request.sw_if_index)?;
    Ok(DeleteSubifReply::default())
}

const INVALID_VLAN: Outcome = Outcome::Retval(-55);
const INVALID_VLAN_TAG_COUNT: Outcome = Outcome::Retval(-72);
const VLAN_ALREADY_EXISTS: Outcome = Outcome::Retval(-56);

/// How many tags each operation takes off, and how many it puts on.
const TAGS: [(u32, usize); 9] = [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (1, 1), (1, 2), (2, 1), (2, 2)];

fn rewrite(state: &mut State, request: L2InterfaceVlanTagRewrite) -> Result<L2InterfaceVlanTagRewriteReply> {
    let interface = state.interfaces.get_mut(request.sw_if_index)?;
    let tags = u32::from(interface.sub.is_some());
    let Some(&(off, on)) = TAGS.get(request.vtr_op as usize) else { return Err(retval::INVALID_VALUE) };
    if off > tags {
        return Err(INVALID_VLAN_TAG_COUNT);
    }
    let tag = |at: usize, tag: u32| if at < on { tag & 0xffff } else { 0 };
    interface.rewrite = Rewrite {
        op: request.vtr_op,
        dot1q: on > 0 && request.push_dot1q != 0,
        tags: [tag(0, request.tag1), tag(1, request.tag2)],
    };
    Ok(L2InterfaceVlanTagRewriteReply::default())
}
