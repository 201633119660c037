//! Loopbacks with one address each: made, and retrieved.

use crate::machine::{self, median, ratio, seconds};
use crate::under_test::{AgentProcess, Client};
use crate::{Failure, raw, timed};
use binapi::interface::{
    CreateLoopback, SwInterfaceAddDelAddress, SwInterfaceDump, SwInterfaceGetTable, SwInterfaceSetFlags,
    SwInterfaceTagAddDel,
};
use binapi::ip::IpAddressDump;
use binapi::text::FixedString;
use binapi::types::{IfStatusFlags, Prefix};
use futures::future::{try_join, try_join_all, try_join3};
use model::proto::ligato::vpp::ConfigData;
use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use serde_json::{Map, Value};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use vpp_client::Vpp;

/// How often what is there is asked for; the figure is the median.
const ROUNDS: usize = 5;
/// Who retrieves the interfaces, the tables they are in, and their addresses.
const INTERFACES: [&str; 3] = ["vpp-interface", "vpp-interface-vrf", "vpp-interface-address"];

pub async fn run(n: usize) -> Result<Map<String, Value>, Failure> {
    let mut target = testkit::target::Target::polling();
    let vpp = raw::connect(&target.socket()).await?;
    let raw = timed(replay(&vpp, n)).await?;
    let mut dumps = Vec::new();
    for _ in 0..ROUNDS {
        dumps.push(timed(dump(&vpp, n)).await?);
    }
    drop(vpp);
    // What was replayed must be gone before the agent is measured.
    target.restart();

    let agent = AgentProcess::start(&target.socket(), target.dir())?;
    agent.ready().await?;
    let mut client = Client::connect(agent.grpc()).await?;
    let total = timed(client.update(loopbacks(n))).await?;
    let asked = |before: u64| target.sim().map(|sim| sim.calls().values().sum::<u64>() - before);
    let before = asked(0);
    let retrieved_before = agent.retrieving(&INTERFACES)?;
    let (mut comparisons, mut shown) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        comparisons.push(asking(|| agent.ask("POST", "/scheduler/downstream-resync"))?);
    }
    let messages = before.and_then(asked);
    let retrieved = (agent.retrieving(&INTERFACES)? - retrieved_before) / ROUNDS as u32;
    for _ in 0..ROUNDS {
        shown.push(asking(|| agent.get("/dump/vpp/v2/interfaces"))?);
    }
    let all: Value = serde_json::from_str(&agent.get("/dump/vpp/v2/interfaces")?)?;
    let there = all.as_object().map_or(0, Map::len);
    if there < n {
        return Err(format!("only {there} of {n} loopbacks are there").into());
    }

    let mut figures = Map::new();
    let mut add = |name: &str, figure: Value| figures.insert(name.to_owned(), figure);
    let (dumped, compared, shown) = (median(dumps), median(comparisons), median(shown));
    add("raw_s", seconds(raw));
    add("total_s", seconds(total));
    add("ratio_to_raw", ratio(total, raw));
    add("raw_dump_s", seconds(dumped));
    add("retrieve_s", seconds(retrieved));
    add("retrieve_to_raw", ratio(retrieved, dumped));
    add("compare_s", seconds(compared));
    add("compare_to_raw", ratio(compared, dumped));
    add("messages_per_interface", messages.map_or(Value::Null, |all| machine::per(all, ROUNDS * n)));
    add("rest_dump_s", seconds(shown));
    add("rest_dump_to_raw", ratio(shown, dumped));
    add("rss_mib", agent.rss_mib()?);
    add("binary_mib", machine::binary_mib(&agent.binary)?);
    Ok(figures)
}

fn asking(ask: impl Fn() -> Result<String, Failure>) -> Result<Duration, Failure> {
    let started = Instant::now();
    ask()?;
    Ok(started.elapsed())
}

fn name(i: usize) -> String {
    format!("loop-{i}")
}

fn address(i: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 1)) + (i as u32) * 256)
}

/// What VPP is told for a loopback: its number has to be waited for.
async fn replay(vpp: &Vpp, n: usize) -> Result<(), Failure> {
    let made = |i| async move {
        let sw_if_index = vpp.call(CreateLoopback::default()).await?.sw_if_index;
        let prefix = Prefix { address: IpAddr::V4(address(i)).into(), len: 24 };
        let tag = FixedString::cut(&name(i));
        try_join3(
            vpp.call(SwInterfaceTagAddDel { is_add: true, sw_if_index, tag }),
            vpp.call(SwInterfaceSetFlags { sw_if_index, flags: IfStatusFlags::ADMIN_UP }),
            vpp.call(SwInterfaceAddDelAddress { is_add: true, del_all: false, sw_if_index, prefix }),
        )
        .await?;
        Ok(())
    };
    raw::pipelined(0..n, made).await
}

/// What has to be asked: all interfaces, and of each both tables and the addresses of both versions of IP.
async fn dump(vpp: &Vpp, n: usize) -> Result<(), Failure> {
    let all = vpp.dump(SwInterfaceDump { sw_if_index: u32::MAX, ..SwInterfaceDump::default() }).await?;
    let both = all.iter().flat_map(|details| [false, true].map(|v6| (details.sw_if_index, v6)));
    let asked = both.map(|(sw_if_index, is_ipv6)| {
        try_join(
            vpp.call(SwInterfaceGetTable { sw_if_index, is_ipv6 }),
            vpp.dump(IpAddressDump { sw_if_index, is_ipv6 }),
        )
    });
    let addresses: usize = try_join_all(asked).await?.iter().map(|(_, addresses)| addresses.len()).sum();
    if addresses < n { Err(format!("{addresses} of {n} addresses are there").into()) } else { Ok(()) }
}

fn loopbacks(n: usize) -> ConfigData {
    let loopback = |i| Interface {
        name: name(i),
        r#type: Type::SoftwareLoopback.into(),
        enabled: true,
        ip_addresses: vec![format!("{}/24", address(i))],
        ..Interface::default()
    };
    ConfigData { interfaces: (0..n).map(loopback).collect(), ..ConfigData::default() }
}
