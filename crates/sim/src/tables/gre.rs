//! GRE tunnels. Those that carry frames have a MAC address.

use super::interface::Kind;
use super::retval;
use super::tunnel::{Pool, plain};
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::gre::{GreTunnelAddDel, GreTunnelAddDelReply, GreTunnelDetails, GreTunnelDump};
use binapi::types::{GreTunnel, GreTunnelType, TunnelMode};
use std::net::IpAddr;

const DEVICE: &str = "GRE tunnel device";
static FRAMES: Kind = Kind {
    device: DEVICE,
    ethernet: true,
    mtu: 9000,
    follows: true,
    hardware_mtu: Some(retval::UNSUPPORTED),
};
static PACKETS: Kind = plain(DEVICE, 9000);

/// A session has 10 bits.
const MAX_SESSION: u16 = 1023;

#[derive(Debug, Default)]
pub(crate) struct Gres {
    pool: Pool,
    tunnels: Vec<GreTunnel>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(add_del);
    handlers.dump(dump);
}

/// What arriving packets are told apart by.
fn key(tunnel: &GreTunnel) -> (GreTunnelType, TunnelMode, IpAddr, IpAddr, u32, u16) {
    let session = if tunnel.type_ == GreTunnelType::ERSPAN { tunnel.session_id } else { 0 };
    (tunnel.type_, tunnel.mode, tunnel.src.ip(), tunnel.dst.ip(), tunnel.outer_table_id, session)
}

fn add_del(state: &mut State, request: GreTunnelAddDel) -> Result<GreTunnelAddDelReply> {
    let mut tunnel = request.tunnel;
    let (src, dst) = (tunnel.src.ip(), tunnel.dst.ip());
    if src.is_ipv4() != dst.is_ipv4() {
        return Err(retval::INVALID_PROTOCOL);
    }
    if src == dst {
        return Err(retval::SAME_SRC_DST);
    }
    if tunnel.type_ > GreTunnelType::ERSPAN {
        return Err(retval::INVALID_VALUE);
    }
    if tunnel.mode > TunnelMode::MP {
        return Err(retval::INVALID_VALUE_2);
    }
    state.has_table(src.is_ipv6(), tunnel.outer_table_id, retval::NO_SUCH_FIB)?;
    if tunnel.session_id > MAX_SESSION {
        return Err(retval::INVALID_SESSION_ID);
    }
    if tunnel.mode == TunnelMode::MP && !dst.is_unspecified() {
        return Err(retval::INVALID_DST_ADDRESS);
    }
    let there = state.tunnels.gre.tunnels.iter().position(|other| key(other) == key(&tunnel));
    if !request.is_add {
        let GreTunnel { sw_if_index, instance, .. } =
            state.tunnels.gre.tunnels.swap_remove(there.ok_or(retval::NO_SUCH_ENTRY)?);
        state.set_admin(sw_if_index, false)?;
        state.remove_interface(sw_if_index)?;
        state.tunnels.gre.pool.give_back(instance);
        return Ok(GreTunnelAddDelReply { retval: 0, sw_if_index });
    }
    if there.is_some() {
        return Err(retval::IF_ALREADY_EXISTS);
    }
    let instance = state.tunnels.gre.pool.take(tunnel.instance)?;
    let [.., high, low] = instance.to_be_bytes();
    let (kind, mac) = match tunnel.type_ {
        GreTunnelType::L3 => (&PACKETS, MacAddress::default()),
        _ => (&FRAMES, MacAddress([0xd0, 0x0b, 0xee, 0xd0, high, low])),
    };
    tunnel.sw_if_index = state.add_interface(kind, format!("gre{instance}"), mac);
    tunnel.instance = instance;
    if tunnel.type_ != GreTunnelType::ERSPAN {
        tunnel.session_id = 0;
    }
    let sw_if_index = tunnel.sw_if_index;
    state.tunnels.gre.tunnels.push(tunnel);
    Ok(GreTunnelAddDelReply { retval: 0, sw_if_index })
}

fn dump(state: &State, request: GreTunnelDump) -> Vec<GreTunnelDetails> {
    let all = state.tunnels.gre.tunnels.iter();
    let wanted = request.sw_if_index;
    let all = all.filter(|t| wanted == u32::MAX || wanted == t.sw_if_index);
    all.map(|tunnel| GreTunnelDetails { tunnel: tunnel.clone() }).collect()
}
