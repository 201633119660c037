//! VXLAN-GPE tunnels. They are made up; one that is deleted is hidden, and the next one is made from it.

use super::interface::Kind;
use super::retval;
use super::tunnel::{Groups, Pool, ip46, plain};
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::vxlan_gpe::{
    VxlanGpeAddDelTunnel, VxlanGpeAddDelTunnelReply, VxlanGpeTunnelDetails, VxlanGpeTunnelDump,
};
use std::collections::BTreeMap;
use std::net::IpAddr;

static GPE: Kind = plain("VXLAN_GPE", 0);

/// The protocol whose table inside is looked up; for others it is taken as it is.
const IP4: u8 = 1;

/// Local and remote address and VNI: VPP does not look at the table.
type Key = (IpAddr, IpAddr, u32);

#[derive(Debug, Default)]
pub(crate) struct Gpes {
    pool: Pool,
    groups: Groups,
    tunnels: BTreeMap<Key, (u32, VxlanGpeTunnelDetails)>,
    hidden: Vec<u32>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(add_del);
    handlers.dump(dump);
}

fn add_del(state: &mut State, request: VxlanGpeAddDelTunnel) -> Result<VxlanGpeAddDelTunnelReply> {
    // Among the IPv4 tables, whatever the addresses.
    state.has_table(false, request.encap_vrf_id, retval::NO_SUCH_FIB)?;
    if request.protocol.0 == IP4 {
        state.has_table(false, request.decap_vrf_id, retval::NO_SUCH_INNER_FIB)?;
    }
    let (local, remote) = (ip46(&request.local), ip46(&request.remote));
    if local == remote {
        return Err(retval::SAME_SRC_DST);
    }
    let key = (local, remote, request.vni & 0xff_ffff);
    let there = state.tunnels.gpe.tunnels.get(&key);
    if !request.is_add {
        let (instance, details) = there.ok_or(retval::NO_SUCH_ENTRY)?;
        let (instance, sw_if_index, encap) = (*instance, details.sw_if_index, details.encap_vrf_id);
        state.hide_interface(sw_if_index)?;
        state.tunnels.gpe.hidden.push(sw_if_index);
        state.tunnels.gpe.tunnels.remove(&key);
        state.tunnels.gpe.groups.leave(encap, remote)?;
        state.tunnels.gpe.pool.give_back(instance);
        return Ok(VxlanGpeAddDelTunnelReply { retval: 0, sw_if_index });
    }
    if there.is_some() {
        return Err(retval::TUNNEL_EXIST);
    }
    let instance = state.tunnels.gpe.pool.take(u32::MAX)?;
    let name = format!("vxlan_gpe_tunnel{instance}");
    let sw_if_index = match state.tunnels.gpe.hidden.pop() {
        Some(sw_if_index) => {
            state.show_interface(sw_if_index, name)?;
            sw_if_index
        }
        None => state.add_interface(&GPE, name, MacAddress::default()),
    };
    state.set_admin(sw_if_index, true)?;
    state.tunnels.gpe.groups.join(request.encap_vrf_id, remote)?;
    let details = VxlanGpeTunnelDetails {
        sw_if_index,
        local: local.into(),
        remote: remote.into(),
        vni: request.vni,
        protocol: request.protocol,
        mcast_sw_if_index: request.mcast_sw_if_index,
        encap_vrf_id: request.encap_vrf_id,
        decap_vrf_id: request.decap_vrf_id,
        is_ipv6: false, // VPP does not set it
    };
    state.tunnels.gpe.tunnels.insert(key, (instance, details));
    Ok(VxlanGpeAddDelTunnelReply { retval: 0, sw_if_index })
}

fn dump(state: &State, request: VxlanGpeTunnelDump) -> Vec<VxlanGpeTunnelDetails> {
    let all = state.tunnels.gpe.tunnels.values().map(|(_, details)| details);
    let wanted = request.sw_if_index;
    all.filter(|t| wanted == u32::MAX || wanted == t.sw_if_index).cloned().collect()
}
