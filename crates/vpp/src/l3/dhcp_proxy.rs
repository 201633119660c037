//! DHCP proxy: requests of hosts in one VRF are relayed to servers that may be in others.
//! Config `ligato.vpp.l3.DHCPProxy` · VPP `dhcp.api`
//!
//! VPP tells the addresses of an IPv6 proxy as if they were IPv4; it is asked for each version, so that is known. It keeps
//! no trace of who made a proxy.

use crate::l3::vrf::{self, Vrfs};
use crate::prelude::*;
use binapi::dhcp::{DhcpProxyConfig, DhcpProxyDump};
use model::proto::ligato::vpp::l3::DhcpProxy;
use model::proto::ligato::vpp::l3::dhcp_proxy::DhcpServer;
use std::collections::BTreeSet;
use std::net::IpAddr;
use types::AddressUnion;

/// What VPP is told, server by server.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    rx_vrf_id: u32,
    source: IpAddr,
    /// Each with its table.
    servers: BTreeSet<(u32, IpAddr)>,
}

/// See the module.
pub struct DhcpProxies(pub Vpp);

impl DhcpProxies {
    /// Adds servers to a proxy, or removes them. The first makes it, the last takes it away.
    async fn send(&self, is_add: bool, image: &Image, servers: BTreeSet<(u32, IpAddr)>) -> Result<()> {
        let calls = servers.into_iter().map(|(server_vrf_id, server)| {
            self.0.call(DhcpProxyConfig {
                rx_vrf_id: image.rx_vrf_id,
                server_vrf_id,
                is_add,
                dhcp_server: server.into(),
                dhcp_src_address: image.source.into(),
            })
        });
        try_join_all(calls).await.map(drop)
    }
}

fn host(field: &'static str, text: &str) -> Result<IpAddr, Invalid> {
    let address = ip(field, text)?;
    ensure(!address.is_unspecified(), field, "must not be the unspecified address")?;
    Ok(address)
}

impl Descriptor for DhcpProxies {
    const NAME: &'static str = "dhcp-proxy";
    const USES: &'static [&'static str] = &[DhcpProxyConfig::ID, DhcpProxyDump::ID];
    const OWNERSHIP: Ownership = Ownership::Recorded;
    type Value = DhcpProxy;
    type Image = Image;
    type Handle = ();
    type Needs = Vec<Up<Vrfs>>;
    type Reads = (Vrfs,);

    fn needs(&self, p: &DhcpProxy) -> Self::Needs {
        let is_ip6 = p.source_ip_address.contains(':');
        let tables = p.servers.iter().map(|server| server.vrf_id).chain([p.rx_vrf_id]);
        let tables: BTreeSet<u32> = tables.filter(|&id| id != 0).collect();
        tables.into_iter().map(|id| Up::to(&vrf::name(id, is_ip6))).collect()
    }
    fn image(&self, p: &DhcpProxy) -> Result<Image, Invalid> {
        let source = host("source_ip_address", &p.source_ip_address)?;
        let server = |s: &DhcpServer| {
            let address = host("servers.ip_address", &s.ip_address)?;
            let same = address.is_ipv4() == source.is_ipv4();
            ensure(same, "servers.ip_address", "is of another IP version than source_ip_address")?;
            Ok((s.vrf_id, address))
        };
        let servers: BTreeSet<_> = p.servers.iter().map(server).collect::<Result<_, Invalid>>()?;
        ensure(!servers.is_empty(), "servers", "must not be empty: requests have to go somewhere")?;
        Ok(Image { rx_vrf_id: p.rx_vrf_id, source, servers })
    }
    /// Servers come and go; VPP takes the source address from the first, and keeps it.
    fn change(&self, old: &Image, new: &Image, _: bool) -> Change {
        if old.source == new.source { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, _: Resolved<Self>) -> Made<()> {
        let made = self.send(true, &new, new.servers.clone()).await;
        made.map_err(|error| error.left(()))
    }
    async fn update(&self, old: Image, new: Image, (): (), _: Resolved<Self>) -> Result<()> {
        // The new ones come first, so that there is always one.
        self.send(true, &new, &new.servers - &old.servers).await?;
        self.send(false, &new, &old.servers - &new.servers).await
    }
    async fn delete(&self, old: Image, (): (), _: Resolved<Self>) -> Result<()> {
        self.send(false, &old, old.servers.clone()).await
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let dump = |is_ip6| self.0.dump(DhcpProxyDump { is_ip6 });
        let (v4, v6) = try_join(dump(false), dump(true)).await?;
        let v4 = v4.into_iter().map(|details| (false, details));
        let found = v4.chain(v6.into_iter().map(|details| (true, details))).map(|(is_ip6, details)| {
            let text = |address: &AddressUnion| match is_ip6 {
                false => IpAddr::V4(address.ip4().into()).to_string(),
                true => IpAddr::V6(address.ip6().into()).to_string(),
            };
            let servers = details.servers.iter().map(|server| DhcpServer {
                vrf_id: server.server_vrf_id,
                ip_address: text(&server.dhcp_server.un),
            });
            let value = DhcpProxy {
                source_ip_address: text(&details.dhcp_src_address.un),
                rx_vrf_id: details.rx_vrf_id,
                servers: servers.collect(),
            };
            Found::new(value, ())
        });
        Ok(found.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    #[test]
    fn what_is_wrong_is_said() {
        let server = |ip_address: &str| DhcpServer { vrf_id: 0, ip_address: ip_address.into() };
        let good = DhcpProxy {
            source_ip_address: "10.1.1.1".into(),
            rx_vrf_id: 0,
            servers: vec![server("10.2.2.2"), server("10.2.2.3")],
        };
        let source = |text: &str| DhcpProxy { source_ip_address: text.into(), ..good.clone() };
        let servers = |servers| DhcpProxy { servers, ..good.clone() };
        let cases = [
            (source(""), "source_ip_address: \"\" is not an IP address"),
            (source("0.0.0.0"), "source_ip_address: must not be the unspecified address"),
            (source("fd01::1"), "servers.ip_address: is of another IP version than source_ip_address"),
            (servers(vec![]), "servers: must not be empty: requests have to go somewhere"),
            (servers(vec![server("x")]), "servers.ip_address: \"x\" is not an IP address"),
            (servers(vec![server("0.0.0.0")]), "servers.ip_address: must not be the unspecified address"),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(DhcpProxies, &value), expected);
        }
        assert_eq!(sentence(DhcpProxies, &good), "");
    }
}
