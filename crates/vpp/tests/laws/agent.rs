//! A scheduler with all VPP features, as the laws want it.

use binapi::codec::Dump;
use futures::FutureExt;
use futures::future::BoxFuture;
use sched::{Config, Registry, Scheduler};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;
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
        vpp::registry::register(&mut registry, &vpp).unwrap();
        let scheduler = Scheduler::spawn(registry, config);
        scheduler.health().wait_for(|health| health.compared).await.unwrap();
        let client = vpp.client().clone();
        let sent = Box::new(move || client.stats().iter().map(|row| (row.name, row.sent)).collect());
        let client = vpp.client().clone();
        let raw = Box::new(move || patiently(client.clone()).boxed());
        Agent { scheduler, sent, raw }
    }
    .boxed()
}

/// What VPP holds; waits for a connection.
async fn patiently(vpp: vpp_client::Vpp) -> String {
    loop {
        match raw(&vpp).await {
            Ok(text) => return text,
            Err(error) if error.is_retriable() => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

async fn raw(vpp: &vpp_client::Vpp) -> Result<String, vpp_client::Error> {
    use binapi::interface::*;
    use binapi::ip::*;
    use binapi::l2::*;
    use binapi::memif::MemifDump;
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
    Ok(out)
}

async fn show<D: Dump>(vpp: &vpp_client::Vpp, out: &mut String, dump: D) -> Result<(), vpp_client::Error> {
    let mut rows: Vec<_> = vpp.dump(dump).await?.iter().map(|details| format!("{details:?}\n")).collect();
    rows.sort();
    out.extend(rows);
    Ok(())
}
