//! DHCP proxies.

use super::retval;
use super::route::Fib;
use crate::handler::{Handlers, Outcome, Result};
use crate::state::State;
use binapi::dhcp::{DhcpProxyConfig, DhcpProxyConfigReply, DhcpProxyDetails, DhcpProxyDump};
use binapi::types::{Address, AddressFamily, DhcpServer, VssType};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The address that requests are sent from, and the servers with their tables.
#[derive(Debug)]
struct Proxy {
    source: IpAddr,
    servers: Vec<(u32, IpAddr)>,
}

/// All proxies by family and table.
#[derive(Debug, Default)]
pub(crate) struct DhcpProxies(BTreeMap<(bool, u32), Proxy>);

pub(crate) fn serve(handlers: &mut Handlers) {
    handlers.dump(dump);
    handlers.change(configure);
}

/// Tables that are not there are made, and held as long as the proxy needs them. The source address is that of the first
/// server. To remove what is not there is no mistake.
fn configure(state: &mut State, request: DhcpProxyConfig) -> Result<DhcpProxyConfigReply> {
    let (server, source) = (request.dhcp_server.ip(), request.dhcp_src_address.ip());
    if server.is_ipv6() != source.is_ipv6() {
        return Err(retval::INVALID_ARGUMENT);
    }
    if server.is_unspecified() {
        return Err(Outcome::Retval(-58));
    }
    if source.is_unspecified() {
        return Err(retval::INVALID_SRC_ADDRESS);
    }
    let key = (server.is_ipv6(), request.rx_vrf_id);
    let server = (request.server_vrf_id, server);
    let (fib, proxies) = (&mut state.fib, &mut state.dhcp_proxies.0);
    match request.is_add {
        true => add(fib, proxies, key, server, source),
        false => remove(fib, proxies, key, server),
    }
    Ok(DhcpProxyConfigReply::default())
}

type Proxies = BTreeMap<(bool, u32), Proxy>;

fn add(fib: &mut Fib, proxies: &mut Proxies, key: (bool, u32), server: (u32, IpAddr), source: IpAddr) {
    let proxy = proxies.entry(key).or_insert_with(|| Proxy { source, servers: Vec::new() });
    if proxy.servers.contains(&server) {
        return;
    }
    // That of an IPv6 proxy is held by its multicast half only, which no dump shows.
    if proxy.servers.is_empty() && !key.0 {
        fib.hold_table(key.0, key.1);
    }
    proxy.servers.push(server);
    fib.hold_table(key.0, server.0);
}

fn remove(fib: &mut Fib, proxies: &mut Proxies, key: (bool, u32), server: (u32, IpAddr)) {
    let Some(proxy) = proxies.get_mut(&key) else { return };
    let Some(at) = proxy.servers.iter().position(|known| *known == server) else { return };
    proxy.servers.swap_remove(at);
    let last = proxy.servers.is_empty();
    fib.let_go_table(key.0, server.0);
    if last {
        proxies.remove(&key);
        if !key.0 {
            fib.let_go_table(key.0, key.1);
        }
    }
}

/// All addresses are told as IPv4.
fn dump(state: &State, request: DhcpProxyDump) -> Vec<DhcpProxyDetails> {
    let of_family = state.dhcp_proxies.0.iter().filter(|((is_ipv6, _), _)| *is_ipv6 == request.is_ip6);
    let address = |ip: IpAddr| Address { af: AddressFamily::IP4, un: ip.into() };
    of_family
        .map(|(&(is_ipv6, rx_vrf_id), proxy)| {
            let servers = proxy
                .servers
                .iter()
                .map(|&(server_vrf_id, server)| DhcpServer { server_vrf_id, dhcp_server: address(server) });
            DhcpProxyDetails {
                rx_vrf_id,
                is_ipv6,
                vss_type: VssType(255),
                dhcp_src_address: address(proxy.source),
                servers: servers.collect::<Vec<_>>().try_into().unwrap_or_default(),
                ..DhcpProxyDetails::default()
            }
        })
        .collect()
}
