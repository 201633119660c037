//! DHCP clients. No server is ever found by itself; [`crate::Sim::set_lease`] plays one.

use super::retval;
use crate::handler::{Handlers, Result, bytes};
use crate::state::State;
use binapi::codec::Message as _;
use binapi::dhcp::{
    DhcpClientConfig, DhcpClientConfigReply, DhcpClientDetails, DhcpClientDump, DhcpComplEvent,
};
use binapi::types::{Address, DhcpClient, DhcpClientState, DhcpLease};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

#[derive(Debug)]
struct Client {
    /// Who made it, and is told about leases.
    owner: u32,
    config: DhcpClient,
    lease: DhcpLease,
}

/// All clients by interface index.
#[derive(Debug, Default)]
pub(crate) struct Clients(BTreeMap<u32, Client>);

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.change(config);
    handlers.dump(dump);
}

/// An interface has one client: a second one is refused, and so is the removal of none.
fn config(state: &mut State, request: DhcpClientConfig) -> Result<DhcpClientConfigReply> {
    let config = request.client;
    let sw_if_index = config.sw_if_index;
    let interface = state.interfaces.get(sw_if_index)?;
    if state.dhcp.0.contains_key(&sw_if_index) == request.is_add {
        return Err(retval::INVALID_VALUE);
    }
    if request.is_add {
        let unassigned = Address::from(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let lease = DhcpLease {
            sw_if_index,
            state: DhcpClientState::DISCOVER,
            hostname: config.hostname,
            host_address: unassigned,
            router_address: unassigned,
            host_mac: interface.mac,
            ..DhcpLease::default()
        };
        state.dhcp.0.insert(sw_if_index, Client { owner: state.caller, config, lease });
    } else {
        state.give_back(sw_if_index)?;
        state.dhcp.0.remove(&sw_if_index);
    }
    Ok(DhcpClientConfigReply::default())
}

fn dump(state: &State, _: DhcpClientDump) -> Vec<DhcpClientDetails> {
    let clients = state.dhcp.0.values();
    clients.map(|c| DhcpClientDetails { client: c.config.clone(), lease: c.lease.clone() }).collect()
}

impl State {
    /// The interface goes, and its client with it.
    pub(crate) fn forget_dhcp(&mut self, sw_if_index: u32) {
        self.dhcp.0.remove(&sw_if_index);
    }
    /// The leased address leaves the interface.
    fn give_back(&mut self, sw_if_index: u32) -> Result<()> {
        let Some(client) = self.dhcp.0.get(&sw_if_index) else { return Ok(()) };
        let address = client.lease.host_address.ip();
        if address.is_unspecified() { Ok(()) } else { self.remove_address(sw_if_index, address) }
    }
    /// A server assigns an address.
    pub(crate) fn lease(&mut self, sw_if_index: u32, address: (IpAddr, u8), router: IpAddr) -> Result<()> {
        self.give_back(sw_if_index)?;
        self.add_address(sw_if_index, address.0, address.1)?;
        let client = self.dhcp.0.get_mut(&sw_if_index).ok_or(retval::NO_SUCH_ENTRY)?;
        client.lease = DhcpLease {
            state: DhcpClientState::BOUND,
            mask_width: address.1,
            host_address: address.0.into(),
            router_address: router.into(),
            ..client.lease.clone()
        };
        if client.config.want_dhcp_event {
            let event = DhcpComplEvent { pid: client.config.pid, lease: client.lease.clone() };
            self.told.push((client.owner, DhcpComplEvent::ID, bytes(&event)));
        }
        Ok(())
    }
}
