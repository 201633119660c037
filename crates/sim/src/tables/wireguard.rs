//! WireGuard interfaces. Public keys are not computed: they are told as zeros.

use super::interface::Kind;
use super::loopback::Instances;
use super::retval;
use super::tunnel::plain;
use crate::handler::{Handlers, Result};
use crate::state::State;
use binapi::addr::MacAddress;
use binapi::types::WireguardInterface;
use binapi::wireguard::{
    WireguardInterfaceCreate, WireguardInterfaceCreateReply, WireguardInterfaceDelete,
    WireguardInterfaceDeleteReply, WireguardInterfaceDetails, WireguardInterfaceDump,
};
use std::collections::BTreeMap;

static WIREGUARD: Kind = plain("Wireguard Tunnel", 0);

#[derive(Debug, Default)]
pub(crate) struct Wireguards {
    instances: Instances,
    by_interface: BTreeMap<u32, WireguardInterface>,
}

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(create);
    handlers.change(delete);
    handlers.dump(dump);
}

fn create(state: &mut State, request: WireguardInterfaceCreate) -> Result<WireguardInterfaceCreateReply> {
    let asked = request.interface;
    let wanted = Some(asked.user_instance).filter(|&wanted| wanted != u32::MAX);
    let taken = state.tunnels.wireguard.instances.take(wanted);
    let user_instance = taken.ok_or(retval::INVALID_REGISTRATION)?;
    let name = format!("wg{user_instance}");
    let sw_if_index = state.add_interface(&WIREGUARD, name, MacAddress::default());
    let mut interface = WireguardInterface { user_instance, sw_if_index, public_key: [0; 32], ..asked };
    if request.generate_key {
        interface.private_key = [sw_if_index as u8; 32]; // a random one
    }
    state.tunnels.wireguard.by_interface.insert(sw_if_index, interface);
    Ok(WireguardInterfaceCreateReply { retval: 0, sw_if_index })
}

fn delete(state: &mut State, request: WireguardInterfaceDelete) -> Result<WireguardInterfaceDeleteReply> {
    state.interfaces.get(request.sw_if_index)?;
    let interface = state.tunnels.wireguard.by_interface.remove(&request.sw_if_index);
    let interface = interface.ok_or(retval::INVALID_VALUE)?;
    state.remove_interface(request.sw_if_index)?;
    state.tunnels.wireguard.instances.give_back(interface.user_instance);
    Ok(WireguardInterfaceDeleteReply::default())
}

/// The private key is told to those who ask for it.
fn dump(state: &State, request: WireguardInterfaceDump) -> Vec<WireguardInterfaceDetails> {
    let all = state.tunnels.wireguard.by_interface.values();
    let wanted = request.sw_if_index;
    let all = all.filter(|interface| wanted == u32::MAX || wanted == interface.sw_if_index).cloned();
    let told = all.map(|interface| match request.show_private_key {
        true => interface,
        false => WireguardInterface { private_key: [0; 32], ..interface },
    });
    told.map(|interface| WireguardInterfaceDetails { interface }).collect()
}
