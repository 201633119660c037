//! IPsec interfaces.

use super::interface::Kind;
use super::loopback::Instances;
use super::retval;
use super::tunnel::plain;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::ipsec::{
    IpsecItfCreate, IpsecItfCreateReply, IpsecItfDelete, IpsecItfDeleteReply, IpsecItfDetails, IpsecItfDump,
};
use binapi::types::{IpsecItf, TunnelMode};
use std::collections::BTreeMap;

static IPSEC: Kind = plain("IPSEC Tunnel", 9000);

#[derive(Debug, Default)]
pub(crate) struct Ipsecs {
    instances: Instances,
    by_interface: BTreeMap<u32, IpsecItf>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.dump(dump);
}

fn create(state: &mut State, request: IpsecItfCreate) -> Result<IpsecItfCreateReply> {
    if request.itf.mode > TunnelMode::MP {
        return Err(retval::INVALID_VALUE_2);
    }
    let wanted = Some(request.itf.user_instance).filter(|&wanted| wanted != u32::MAX);
    let user_instance = state.tunnels.ipsec.instances.take(wanted).ok_or(retval::INVALID_REGISTRATION)?;
    let sw_if_index = state.add_interface(&IPSEC, format!("ipsec{user_instance}"), MacAddress::default());
    let itf = IpsecItf { user_instance, sw_if_index, ..request.itf };
    state.tunnels.ipsec.by_interface.insert(sw_if_index, itf);
    Ok(IpsecItfCreateReply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: IpsecItfDelete) -> Result<IpsecItfDeleteReply> {
    let itf = state.tunnels.ipsec.by_interface.remove(&request.sw_if_index);
    let itf = itf.ok_or(retval::INVALID_SW_IF_INDEX)?;
    state.remove_interface(request.sw_if_index)?;
    state.tunnels.ipsec.instances.give_back(itf.user_instance);
    Ok(IpsecItfDeleteReply::default())
}

fn dump(state: &State, request: IpsecItfDump) -> Vec<IpsecItfDetails> {
    let all = state.tunnels.ipsec.by_interface.values();
    let wanted = request.sw_if_index;
    let all = all.filter(|itf| wanted == u32::MAX || wanted == itf.sw_if_index);
    all.map(|itf| IpsecItfDetails { itf: *itf }).collect()
}
