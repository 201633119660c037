//! VXLAN tunnels. They are made up, and carry Ethernet frames unless the client wants packets.

use super::interface::Kind;
use super::retval;
use super::tunnel::{Groups, Pool, ip46, plain};
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::vxlan::{VxlanAddDelTunnelV3, VxlanAddDelTunnelV3Reply, VxlanTunnelV2Details, VxlanTunnelV2Dump};
use std::collections::BTreeMap;
use std::net::IpAddr;

static VXLAN: Kind = Kind { device: "VXLAN", ethernet: true, mtu: 9000, follows: true, hardware_mtu: None };
static L3: Kind = plain("VXLAN", 0);

const PORT: u16 = 4789;
/// Where packets inside go: to the bridge. 0 drops them, others a client must have made.
const L2_INPUT: u32 = 1;

/// What arriving packets are told apart by; the source only if it is unicast IPv4.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    source: Option<IpAddr>,
    destination: IpAddr,
    table: u32,
    vni: u32,
    port: u16,
}

#[derive(Debug, Default)]
pub(crate) struct Vxlans {
    pool: Pool,
    groups: Groups,
    tunnels: BTreeMap<Key, VxlanTunnelV2Details>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(add_del);
    handlers.dump(dump);
}

fn add_del(state: &mut State, request: VxlanAddDelTunnelV3) -> Result<VxlanAddDelTunnelV3Reply> {
    let (src, dst) = (ip46(&request.src_address), ip46(&request.dst_address));
    state.has_table(src.is_ipv6(), request.encap_vrf_id, retval::NO_SUCH_FIB)?;
    if src.is_ipv4() != dst.is_ipv4() {
        return Err(retval::INVALID_VALUE);
    }
    if src == dst {
        return Err(retval::SAME_SRC_DST);
    }
    if dst.is_multicast() && !state.interfaces.contains(request.mcast_sw_if_index) {
        return Err(retval::INVALID_SW_IF_INDEX);
    }
    let port = |port: u16| if port == 0 { PORT } else { port };
    let key = Key {
        source: Some(src).filter(|src| src.is_ipv4() && !dst.is_multicast()),
        destination: dst,
        table: request.encap_vrf_id,
        vni: request.vni & 0xff_ffff,
        port: port(request.src_port),
    };
    let there = state.tunnels.vxlan.tunnels.get(&key);
    if !request.is_add {
        let there = there.ok_or(retval::NO_SUCH_ENTRY)?;
        let (sw_if_index, instance) = (there.sw_if_index, there.instance);
        state.set_admin(sw_if_index, false)?;
        state.remove_interface(sw_if_index)?;
        state.tunnels.vxlan.tunnels.remove(&key);
        state.tunnels.vxlan.groups.leave(request.encap_vrf_id, dst)?;
        state.tunnels.vxlan.pool.give_back(instance);
        return Ok(VxlanAddDelTunnelV3Reply { retval: 0, sw_if_index });
    }
    if there.is_some() {
        return Err(retval::TUNNEL_EXIST);
    }
    let next = if request.decap_next_index == u32::MAX { L2_INPUT } else { request.decap_next_index };
    if next > L2_INPUT {
        return Err(retval::INVALID_DECAP_NEXT);
    }
    let instance = state.tunnels.vxlan.pool.take(request.instance)?;
    let kind = if request.is_l3 { &L3 } else { &VXLAN };
    let [a, b, c, d] = instance.wrapping_mul(2_654_435_761).to_be_bytes(); // VPP takes a random one
    let mac = if request.is_l3 { MacAddress::default() } else { MacAddress([0x02, 0xfe, a, b, c, d]) };
    let sw_if_index = state.add_interface(kind, format!("vxlan_tunnel{instance}"), mac);
    state.set_admin(sw_if_index, true)?;
    state.tunnels.vxlan.groups.join(request.encap_vrf_id, dst)?;
    let details = VxlanTunnelV2Details {
        sw_if_index,
        instance,
        src_address: src.into(),
        dst_address: dst.into(),
        src_port: port(request.src_port),
        dst_port: port(request.dst_port),
        mcast_sw_if_index: request.mcast_sw_if_index,
        encap_vrf_id: request.encap_vrf_id,
        decap_next_index: next,
        vni: request.vni,
    };
    state.tunnels.vxlan.tunnels.insert(key, details);
    Ok(VxlanAddDelTunnelV3Reply { retval: 0, sw_if_index })
}

fn dump(state: &State, request: VxlanTunnelV2Dump) -> Vec<VxlanTunnelV2Details> {
    let all = state.tunnels.vxlan.tunnels.values();
    let wanted = request.sw_if_index;
    all.filter(|t| wanted == u32::MAX || wanted == t.sw_if_index).cloned().collect()
}
