//! GTP-U tunnels. They are made up; one that is deleted is hidden, and the next one is made from it.

use super::interface::Kind;
use super::retval;
use super::tunnel::{Groups, Pool, ip46, plain};
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::gtpu::{GtpuAddDelTunnel, GtpuAddDelTunnelReply, GtpuTunnelDetails, GtpuTunnelDump};
use std::collections::BTreeMap;
use std::net::IpAddr;

static GTPU: Kind = plain("GTPU", 0);

/// Where packets inside go: dropped, to the bridge, to IPv4, to IPv6.
const L2_INPUT: u32 = 1;
const N_NEXT: u32 = 4;

#[derive(Debug, Default)]
pub(crate) struct Gtpus {
    pool: Pool,
    groups: Groups,
    /// By destination and arriving TEID, with their numbers: VPP looks at nothing else.
    tunnels: BTreeMap<(IpAddr, u32), (u32, GtpuTunnelDetails)>,
    hidden: Vec<u32>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(add_del);
    handlers.dump(dump);
}

fn add_del(state: &mut State, request: GtpuAddDelTunnel) -> Result<GtpuAddDelTunnelReply> {
    let (src, dst) = (ip46(&request.src_address), ip46(&request.dst_address));
    state.has_table(dst.is_ipv6(), request.encap_vrf_id, retval::NO_SUCH_FIB)?;
    if src == dst {
        return Err(retval::SAME_SRC_DST);
    }
    if dst.is_multicast() && !state.interfaces.contains(request.mcast_sw_if_index) {
        return Err(retval::INVALID_SW_IF_INDEX);
    }
    let key = (dst, request.teid);
    let there = state.tunnels.gtpu.tunnels.get(&key);
    if !request.is_add {
        let (instance, details) = there.ok_or(retval::NO_SUCH_ENTRY)?;
        let (instance, sw_if_index, encap) = (*instance, details.sw_if_index, details.encap_vrf_id);
        state.hide_interface(sw_if_index)?;
        state.tunnels.gtpu.hidden.push(sw_if_index);
        state.tunnels.gtpu.tunnels.remove(&key);
        state.tunnels.gtpu.groups.leave(encap, dst)?;
        state.tunnels.gtpu.pool.give_back(instance);
        return Ok(GtpuAddDelTunnelReply { retval: 0, sw_if_index });
    }
    if there.is_some() {
        return Err(retval::TUNNEL_EXIST);
    }
    let next = if request.decap_next_index == u32::MAX { L2_INPUT } else { request.decap_next_index };
    if next >= N_NEXT {
        return Err(retval::INVALID_DECAP_NEXT);
    }
    let instance = state.tunnels.gtpu.pool.take(u32::MAX)?;
    let name = format!("gtpu_tunnel{instance}");
    let sw_if_index = match state.tunnels.gtpu.hidden.pop() {
        Some(sw_if_index) => {
            state.show_interface(sw_if_index, name)?;
            sw_if_index
        }
        None => state.add_interface(&GTPU, name, MacAddress::default()),
    };
    state.set_admin(sw_if_index, true)?;
    state.tunnels.gtpu.groups.join(request.encap_vrf_id, dst)?;
    let details = GtpuTunnelDetails {
        sw_if_index,
        src_address: src.into(),
        dst_address: dst.into(),
        mcast_sw_if_index: request.mcast_sw_if_index,
        encap_vrf_id: request.encap_vrf_id,
        decap_next_index: next,
        teid: request.teid,
        tteid: if request.tteid == 0 { request.teid } else { request.tteid },
    };
    state.tunnels.gtpu.tunnels.insert(key, (instance, details));
    Ok(GtpuAddDelTunnelReply { retval: 0, sw_if_index })
}

fn dump(state: &State, request: GtpuTunnelDump) -> Vec<GtpuTunnelDetails> {
    let all = state.tunnels.gtpu.tunnels.values().map(|(_, details)| details);
    let wanted = request.sw_if_index;
    all.filter(|t| wanted == u32::MAX || wanted == t.sw_if_index).cloned().collect()
}
