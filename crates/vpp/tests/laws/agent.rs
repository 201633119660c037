//! A scheduler with all VPP features, as the laws want it.

use binapi::codec::Dump;
use futures::FutureExt;
use futures::future::BoxFuture;
use model::proto::ligato::vpp::l3::ArpEntry;
use sched::{Config, Item, Origin, Registry, Scheduler};
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::laws::Agent;
use vpp::Vpp;

/// See [`testkit::laws::Start`].
pub fn start(socket: &Path, config: Config) -> BoxFuture<'static, Agent> {
    let socket = socket.to_owned();
    async move {
        let soon = Duration::from_millis(1);
        let plain = vpp_client::Config::new(socket);
        let soon = vpp_client::Config { backoff_min: soon, backoff_absent: soon, backoff_max: soon, ..plain };
        let vpp = Vpp::connect(soon);
        let mut registry = Registry::default();
        netalloc::register(&mut registry).unwrap();
        vpp::registry::register(&mut registry, &vpp, &vpp::registry::Settings::default()).unwrap();
        let scheduler = Scheduler::spawn(registry, config);
        scheduler.health().wait_for(|health| health.compared).await.unwrap();
        let client = vpp.client().clone();
        let sent = Box::new(move || client.stats().iter().map(|row| (row.name, row.sent)).collect());
        let client = vpp.client().clone();
        let raw = Box::new(move || patiently(client.clone()).boxed());
        let client = vpp.client().clone();
        let offers = Box::new(move |message: &str| client.offers(message));
        Agent { scheduler, sent, raw, faults: None, offers, passing, waits: |_, _| false }
    }
    .boxed()
}

/// What VPP learns it learns when it likes, also from its own virtual routers.
fn passing(item: &Item) -> bool {
    let value: &dyn std::any::Any = &*item.value;
    item.origin == Origin::Sb && value.downcast_ref::<ArpEntry>().is_some_and(|entry| !entry.r#static)
}

/// What VPP holds; waits for a connection, but not for a VPP that has ended.
async fn patiently(vpp: vpp_client::Vpp) -> String {
    let began = Instant::now();
    loop {
        assert!(began.elapsed() < Duration::from_secs(60), "VPP does not come back");
        match raw(&vpp).await {
            Ok(text) => return text,
            Err(error) if error.is_retriable() => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

async fn raw(vpp: &vpp_client::Vpp) -> Result<String, vpp_client::Error> {
    use binapi::acl::*;
    use binapi::af_packet::AfPacketDump;
    use binapi::arp::{ProxyArpDump, ProxyArpIntfcDump};
    use binapi::bond::{SwBondInterfaceDump, SwMemberInterfaceDump};
    use binapi::dhcp::DhcpProxyDump;
    use binapi::interface::*;
    use binapi::ip::*;
    use binapi::ip_neighbor::{IpNeighborConfigGet, IpNeighborDump};
    use binapi::l2::*;
    use binapi::l3xc::L3xcDump;
    use binapi::memif::MemifDump;
    use binapi::span::SwInterfaceSpanDump;
    use binapi::tapv2::SwInterfaceTapV2Dump;
    use binapi::teib::TeibDump;
    use binapi::types::AddressFamily;
    use binapi::vlib::CliInband;
    use binapi::vmxnet3::SwVmxnet3InterfaceDump;
    use binapi::vrrp::VrrpVrDump;
    let mut out = String::new();
    let interfaces = vpp.dump(SwInterfaceDump { sw_if_index: u32::MAX, ..Default::default() }).await?;
    let own: Vec<_> = interfaces.iter().map(|interface| interface.l2_address).collect();
    for mut interface in interfaces {
        let sw_if_index = interface.sw_if_index;
        // The kernel and VPP's timers bring links up in their own time.
        interface.flags.0 &= binapi::types::IfStatusFlags::ADMIN_UP.0;
        writeln!(out, "{interface:?}").unwrap();
        for is_ipv6 in [false, true] {
            show(vpp, &mut out, IpAddressDump { sw_if_index, is_ipv6 }).await?;
            let table = vpp.call(SwInterfaceGetTable { sw_if_index, is_ipv6 }).await?;
            writeln!(out, "{} {is_ipv6}: table {}", interface.interface_name, table.vrf_id).unwrap();
        }
    }
    for details in vpp.dump(binapi::dhcp::DhcpClientDump {}).await? {
        writeln!(out, "{:?}", details.client).unwrap(); // what is leased is not what was configured
    }
    show(vpp, &mut out, IpUnnumberedDump { sw_if_index: u32::MAX }).await?;
    show(vpp, &mut out, IpTableDump {}).await?;
    for table in vpp.dump(IpTableDump {}).await? {
        for mut details in vpp.dump(IpRouteV2Dump { src: 0, table: table.table.clone() }).await? {
            details.route.stats_index = 0; // VPP counts them up
            writeln!(out, "{:?}", details.route).unwrap();
        }
    }
    show(vpp, &mut out, BridgeDomainDump { bd_id: u32::MAX, sw_if_index: u32::MAX }).await?;
    show(vpp, &mut out, BdIpMacDump { bd_id: u32::MAX }).await?;
    let mut entries = vpp.dump(L2FibTableDump { bd_id: u32::MAX }).await?;
    // VPP learns the addresses of its own interfaces when it likes, and forgets those of a domain that is gone later.
    let configured =
        |entry: &L2FibTableDetails| entry.static_mac || !own.contains(&entry.mac) && entry.bd_id != u32::MAX;
    entries.retain(configured);
    entries.sort_by_key(|entry| (entry.bd_id, entry.mac.0));
    entries.iter().for_each(|entry| writeln!(out, "{entry:?}").unwrap());
    show(vpp, &mut out, L2XconnectDump {}).await?;
    show(vpp, &mut out, MemifDump {}).await?;
    for af in [AddressFamily::IP4, AddressFamily::IP6] {
        let neighbours = vpp.dump(IpNeighborDump { sw_if_index: u32::MAX, af }).await?;
        // What VPP learns it learns when it likes, also from its own virtual routers.
        let configured = neighbours.iter().filter(|n| n.neighbor.flags.0 != 0);
        let mut rows: Vec<_> = configured.map(|n| format!("{:?}\n", n.neighbor)).collect();
        rows.sort();
        out.extend(rows);
    }
    show(vpp, &mut out, TeibDump {}).await?;
    show(vpp, &mut out, SwInterfaceSpanDump { is_l2: true }).await?;
    show(vpp, &mut out, SwInterfaceSpanDump { is_l2: false }).await?;
    show(vpp, &mut out, AclDump { acl_index: u32::MAX }).await?;
    show(vpp, &mut out, MacipAclDump { acl_index: u32::MAX }).await?;
    // An empty one says nothing; VPP lists it also for interfaces that are hidden.
    let lists = vpp.dump(AclInterfaceListDump { sw_if_index: u32::MAX }).await?;
    let lists = lists.iter().filter(|list| !list.acls.is_empty());
    lists.for_each(|list| writeln!(out, "{list:?}").unwrap());
    show(vpp, &mut out, MacipAclInterfaceListDump { sw_if_index: u32::MAX }).await?;
    show(vpp, &mut out, AfPacketDump {}).await?;
    for mut bond in vpp.dump(SwBondInterfaceDump { sw_if_index: u32::MAX }).await? {
        bond.active_members = 0; // links come up in their own time
        writeln!(out, "{bond:?}").unwrap();
        show(vpp, &mut out, SwMemberInterfaceDump { sw_if_index: bond.sw_if_index }).await?;
    }
    // Plugins that not every VPP has.
    offered(vpp, &mut out, SwInterfaceTapV2Dump { sw_if_index: u32::MAX }).await?;
    offered(vpp, &mut out, SwVmxnet3InterfaceDump { sw_if_index: u32::MAX }).await?;
    tunnels(vpp, &mut out).await?;
    show(vpp, &mut out, L3xcDump { sw_if_index: u32::MAX }).await?;
    show(vpp, &mut out, VrrpVrDump { sw_if_index: u32::MAX }).await?;
    show(vpp, &mut out, ProxyArpDump {}).await?;
    show(vpp, &mut out, ProxyArpIntfcDump {}).await?;
    for is_ip6 in [false, true] {
        show(vpp, &mut out, DhcpProxyDump { is_ip6 }).await?;
    }
    match vpp.has::<IpNeighborConfigGet>() {
        true => {
            for af in [AddressFamily::IP4, AddressFamily::IP6] {
                writeln!(out, "{:?}", vpp.call(IpNeighborConfigGet { af }).await?).unwrap();
            }
        }
        // No message tells it; a simulated VPP has no command line.
        false => {
            let shown = vpp.call(CliInband { cmd: "show ip neighbor-config".into() }).await;
            out += &shown.map_or_else(|_| String::new(), |answer| answer.reply);
        }
    }
    Ok(out)
}

async fn tunnels(vpp: &vpp_client::Vpp, out: &mut String) -> Result<(), vpp_client::Error> {
    let sw_if_index = u32::MAX;
    show(vpp, out, binapi::vxlan::VxlanTunnelV2Dump { sw_if_index }).await?;
    show(vpp, out, binapi::vxlan_gpe::VxlanGpeTunnelDump { sw_if_index }).await?;
    show(vpp, out, binapi::gre::GreTunnelDump { sw_if_index }).await?;
    show(vpp, out, binapi::ipip::IpipTunnelDump { sw_if_index }).await?;
    show(vpp, out, binapi::gtpu::GtpuTunnelDump { sw_if_index }).await?;
    show(vpp, out, binapi::ipsec::IpsecItfDump { sw_if_index }).await?;
    let show_private_key = true;
    show(vpp, out, binapi::wireguard::WireguardInterfaceDump { show_private_key, sw_if_index }).await
}

async fn offered<D: Dump>(vpp: &vpp_client::Vpp, out: &mut String, dump: D) -> Result<(), vpp_client::Error> {
    if vpp.has::<D>() { show(vpp, out, dump).await } else { Ok(()) }
}

async fn show<D: Dump>(vpp: &vpp_client::Vpp, out: &mut String, dump: D) -> Result<(), vpp_client::Error> {
    let mut rows: Vec<_> = vpp.dump(dump).await?.iter().map(|details| format!("{details:?}\n")).collect();
    rows.sort();
    out.extend(rows);
    Ok(())
}
