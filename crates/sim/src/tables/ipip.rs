//! IPIP tunnels.

use super::interface::Kind;
use super::retval;
use super::tunnel::{Pool, plain};
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::ipip::{
    IpipAddTunnel, IpipAddTunnelReply, IpipDelTunnel, IpipDelTunnelReply, IpipTunnelDetails, IpipTunnelDump,
};
use binapi::types::{IpipTunnel, TunnelMode};
use std::net::{IpAddr, Ipv4Addr};

static IPIP: Kind = plain("IPIP tunnel device", 9000);

#[derive(Debug, Default)]
pub(crate) struct Ipips {
    pool: Pool,
    tunnels: Vec<IpipTunnel>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(add);
    handlers.change(delete);
    handlers.dump(dump);
}

fn add(state: &mut State, request: IpipAddTunnel) -> Result<IpipAddTunnelReply> {
    let tunnel = request.tunnel;
    let (src, dst) = (tunnel.src.ip(), tunnel.dst.ip());
    if src.is_ipv4() != dst.is_ipv4() {
        return Err(retval::INVALID_PROTOCOL);
    }
    if src == dst {
        return Err(retval::SAME_SRC_DST);
    }
    if tunnel.mode > TunnelMode::MP {
        return Err(retval::INVALID_VALUE_2);
    }
    state.has_table(src.is_ipv6(), tunnel.table_id, retval::NO_SUCH_FIB)?;
    if tunnel.mode == TunnelMode::MP && !dst.is_unspecified() {
        return Err(retval::INVALID_DST_ADDRESS);
    }
    let key = |t: &IpipTunnel| (t.mode, t.src.ip(), t.dst.ip(), t.table_id);
    if state.tunnels.ipip.tunnels.iter().any(|other| key(other) == key(&tunnel)) {
        return Err(retval::IF_ALREADY_EXISTS);
    }
    let instance = state.tunnels.ipip.pool.take(tunnel.instance)?;
    let sw_if_index = state.add_interface(&IPIP, format!("ipip{instance}"), MacAddress::default());
    state.tunnels.ipip.tunnels.push(IpipTunnel { sw_if_index, instance, ..tunnel });
    Ok(IpipAddTunnelReply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: IpipDelTunnel) -> Result<IpipDelTunnelReply> {
    let sw_if_index = request.sw_if_index;
    let at = state.tunnels.ipip.tunnels.iter().position(|tunnel| tunnel.sw_if_index == sw_if_index);
    let tunnel = state.tunnels.ipip.tunnels.swap_remove(at.ok_or(retval::NO_SUCH_ENTRY)?);
    state.set_admin(sw_if_index, false)?;
    state.remove_interface(sw_if_index)?;
    state.tunnels.ipip.pool.give_back(tunnel.instance);
    Ok(IpipDelTunnelReply::default())
}

/// 23.06 does not tell the mode, nor the version of a destination that is all zeros.
fn dump(state: &State, request: IpipTunnelDump) -> Vec<IpipTunnelDetails> {
    let all = state.tunnels.ipip.tunnels.iter();
    let wanted = request.sw_if_index;
    let all = all.filter(|t| wanted == u32::MAX || wanted == t.sw_if_index).cloned();
    let old = state.release == "23.06";
    let told = all.map(|tunnel| match (old, tunnel.dst.ip().is_unspecified()) {
        (true, true) => {
            let dst = IpAddr::V4(Ipv4Addr::UNSPECIFIED).into();
            IpipTunnel { mode: TunnelMode::P2P, dst, ..tunnel }
        }
        _ => tunnel,
    });
    told.map(|tunnel| IpipTunnelDetails { tunnel }).collect()
}
