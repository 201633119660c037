//! What VPP alone can do: the same messages over the same client, without an agent.

use crate::Failure;
use binapi::interface::{CreateLoopback, SwInterfaceAddDelAddress, SwInterfaceSetFlags};
use binapi::ip::IpRouteAddDel;
use binapi::list::Counted;
use binapi::memclnt::ControlPing;
use binapi::types::{FibPath, FibPathNh, IfStatusFlags, IpRoute, Prefix};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::{Duration, Instant};
use vpp_client::{Config, Vpp};

/// Requests in flight; more gains nothing.
pub const WINDOW: usize = 1024;

pub async fn connect(socket: &Path) -> Result<Vpp, Failure> {
    let vpp = Vpp::connect(Config::new(socket));
    vpp.connected().await.ok_or("the client has stopped")?;
    Ok(vpp)
}

/// The median time of a request that does nothing.
pub async fn round_trip(vpp: &Vpp) -> Result<Duration, Failure> {
    let mut times = Vec::new();
    for _ in 0..1000 {
        let started = Instant::now();
        vpp.call(ControlPing {}).await?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

/// Time to add `n` routes.
pub async fn replay(vpp: &Vpp, n: usize) -> Result<Duration, Failure> {
    let sw_if_index = vpp.call(CreateLoopback::default()).await?.sw_if_index;
    vpp.call(SwInterfaceSetFlags { sw_if_index, flags: IfStatusFlags::ADMIN_UP }).await?;
    let prefix = Prefix { address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)).into(), len: 24 };
    vpp.call(SwInterfaceAddDelAddress { is_add: true, del_all: false, sw_if_index, prefix }).await?;
    let started = Instant::now();
    pipelined(0..n, |i| {
        let added = vpp.call(add(i, sw_if_index));
        async { Ok(added.await.map(drop)?) }
    })
    .await?;
    Ok(started.elapsed())
}

/// Does something for each, as many at a time as make sense; the first requests go out in order.
pub async fn pipelined<I, F: Future<Output = Result<(), Failure>>>(
    each: impl IntoIterator<Item = I>,
    work: impl Fn(I) -> F,
) -> Result<(), Failure> {
    let mut running = FuturesUnordered::new();
    for item in each {
        running.push(work(item));
        if running.len() >= WINDOW
            && let Some(done) = running.next().await
        {
            done?;
        }
    }
    while let Some(done) = running.next().await {
        done?;
    }
    Ok(())
}

fn add(i: usize, sw_if_index: u32) -> IpRouteAddDel {
    let hop = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));
    let path = FibPath {
        sw_if_index,
        weight: 1,
        nh: FibPathNh {
            address: hop.into(),
            via_label: 0x10_0000,
            classify_table_index: u32::MAX,
            ..FibPathNh::default()
        },
        ..FibPath::default()
    };
    let prefix = Prefix { address: IpAddr::V4(network(i)).into(), len: 32 };
    let route = IpRoute { prefix, paths: Counted::one(path), ..IpRoute::default() };
    IpRouteAddDel { is_add: true, is_multipath: true, route }
}

/// The i-th network, each a host.
pub fn network(i: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(20, 0, 0, 0)) + i as u32)
}
