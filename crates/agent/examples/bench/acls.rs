//! ACL rules: ACLs of a hundred rules each, ten on each interface.

use crate::machine::{self, ratio, seconds};
use crate::under_test::{AgentProcess, Client};
use crate::{Failure, raw, timed};
use binapi::acl::{AclAddReplace, AclDump, AclInterfaceListDump, AclInterfaceSetAclList};
use binapi::interface::CreateLoopback;
use binapi::types::{AclAction, AclRule, IpProto, Prefix};
use futures::future::{try_join_all, try_join4};
use model::proto::ligato::vpp::ConfigData;
use model::proto::ligato::vpp::acl::Acl;
use model::proto::ligato::vpp::acl::acl::rule::ip_rule::{Ip, PortRange, Tcp};
use model::proto::ligato::vpp::acl::acl::rule::{Action, IpRule};
use model::proto::ligato::vpp::acl::acl::{Interfaces, Rule};
use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use serde_json::{Map, Value};
use std::net::{IpAddr, Ipv4Addr};
use vpp_client::Vpp;

const RULES: usize = 100;
const ACLS: usize = 10;

pub async fn run(n: usize) -> Result<Map<String, Value>, Failure> {
    let acls = n.div_ceil(RULES);
    let ports = acls.div_ceil(ACLS);
    let mut target = testkit::target::Target::polling();
    let vpp = raw::connect(&target.socket()).await?;
    let loopbacks = try_join_all((0..ports).map(|_| vpp.call(CreateLoopback::default()))).await?;
    let loopbacks: Vec<u32> = loopbacks.iter().map(|made| made.sw_if_index).collect();
    let raw = timed(replay(&vpp, acls, &loopbacks)).await?;
    let raw_replace = timed(replace(&vpp, acls)).await?;
    let raw_dump = timed(dump(&vpp, n)).await?;
    drop(vpp);
    // What was replayed must be gone before the agent is measured.
    target.restart();

    let agent = AgentProcess::start(&target.socket(), target.dir())?;
    agent.ready().await?;
    let mut client = Client::connect(agent.grpc()).await?;
    client.update(interfaces(ports)).await?;
    let total = timed(client.update(config(acls, 80))).await?;
    let lists = agent.answered("acl_interface_set_acl_list")?;
    let change = timed(client.update(config(acls, 81))).await?;
    let repeat = timed(client.update(config(acls, 81))).await?;
    let compare = timed(async { agent.ask("POST", "/scheduler/downstream-resync").map(drop) }).await?;
    let vpp = raw::connect(&target.socket()).await?;
    dump(&vpp, n).await?;

    let mut figures = Map::new();
    let mut add = |name: &str, figure: Value| figures.insert(name.to_owned(), figure);
    add("acls", acls.into());
    add("interfaces", ports.into());
    add("raw_s", seconds(raw));
    add("total_s", seconds(total));
    add("ratio_to_raw", ratio(total, raw));
    add("lists_per_interface", machine::per(lists, ports));
    add("raw_replace_s", seconds(raw_replace));
    add("replace_s", seconds(change));
    add("replace_to_raw", ratio(change, raw_replace));
    add("repeat_s", seconds(repeat));
    add("raw_dump_s", seconds(raw_dump));
    add("compare_s", seconds(compare));
    add("rss_mib", agent.rss_mib()?);
    add("binary_mib", machine::binary_mib(&agent.binary)?);
    Ok(figures)
}

fn name(acl: usize) -> String {
    format!("acl-{acl:05}")
}

/// Where the packets come from that a rule is about.
fn network(acl: usize, rule: usize) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(20, 0, 0, 0)) + ((acl * RULES + rule) as u32) * 256)
}

fn told(acl: usize, acl_index: u32, port: u16) -> Result<AclAddReplace, Failure> {
    let rule = |rule| AclRule {
        is_permit: AclAction::PERMIT,
        src_prefix: Prefix { address: IpAddr::V4(network(acl, rule)).into(), len: 24 },
        proto: IpProto(6),
        srcport_or_icmptype_last: u16::MAX,
        dstport_or_icmpcode_first: port,
        dstport_or_icmpcode_last: port,
        ..AclRule::default()
    };
    let rules: Vec<AclRule> = (0..RULES).map(rule).collect();
    Ok(AclAddReplace { acl_index, tag: name(acl).as_str().try_into()?, r: rules.try_into()? })
}

/// All ACLs, then the lists of the interfaces.
async fn replay(vpp: &Vpp, acls: usize, loopbacks: &[u32]) -> Result<(), Failure> {
    let told: Vec<AclAddReplace> = (0..acls).map(|acl| told(acl, u32::MAX, 80)).collect::<Result<_, _>>()?;
    let made = try_join_all(told.into_iter().map(|acl| vpp.call(acl))).await?;
    let mut lists = Vec::new();
    for (list, &sw_if_index) in made.chunks(ACLS).zip(loopbacks) {
        let acls: Vec<u32> = list.iter().map(|made| made.acl_index).collect();
        let n_input = acls.len() as u8;
        lists.push(AclInterfaceSetAclList { sw_if_index, n_input, acls: acls.try_into()? });
    }
    try_join_all(lists.into_iter().map(|list| vpp.call(list))).await?;
    Ok(())
}

async fn replace(vpp: &Vpp, acls: usize) -> Result<(), Failure> {
    let told: Vec<AclAddReplace> =
        (0..acls).map(|acl| told(acl, acl as u32, 81)).collect::<Result<_, _>>()?;
    try_join_all(told.into_iter().map(|acl| vpp.call(acl))).await?;
    Ok(())
}

/// What has to be asked; fails unless all rules are there and all ACLs are applied.
async fn dump(vpp: &Vpp, n: usize) -> Result<(), Failure> {
    let (acls, lists, macip, macip_lists) = try_join4(
        vpp.dump(AclDump { acl_index: u32::MAX }),
        vpp.dump(AclInterfaceListDump { sw_if_index: u32::MAX }),
        vpp.dump(binapi::acl::MacipAclDump { acl_index: u32::MAX }),
        vpp.dump(binapi::acl::MacipAclInterfaceListDump { sw_if_index: u32::MAX }),
    )
    .await?;
    let rules: usize = acls.iter().map(|acl| acl.r.len()).sum();
    let applied: usize = lists.iter().map(|list| list.acls.len()).sum();
    let whole = rules >= n && applied == acls.len() && macip.is_empty() && macip_lists.is_empty();
    if whole {
        Ok(())
    } else {
        Err(format!("{rules} rules, {applied} of {} ACLs applied", acls.len()).into())
    }
}

fn port_name(port: usize) -> String {
    format!("port-{port}")
}

fn interfaces(ports: usize) -> ConfigData {
    let port = |port| Interface {
        name: port_name(port),
        r#type: Type::SoftwareLoopback.into(),
        enabled: true,
        ..Interface::default()
    };
    ConfigData { interfaces: (0..ports).map(port).collect(), ..ConfigData::default() }
}

fn config(acls: usize, port: u32) -> ConfigData {
    let rule = |acl, rule| {
        let ip = Ip {
            source_network: format!("{}/24", network(acl, rule)),
            destination_network: "0.0.0.0/0".to_owned(),
            protocol: 6,
        };
        let ports = PortRange { lower_port: port, upper_port: port };
        let tcp = Tcp { destination_port_range: Some(ports), ..Tcp::default() };
        let ip_rule = Some(IpRule { ip: Some(ip), tcp: Some(tcp), ..IpRule::default() });
        Rule { action: Action::Permit.into(), ip_rule, macip_rule: None }
    };
    let acl = |acl| Acl {
        name: name(acl),
        rules: (0..RULES).map(|n| rule(acl, n)).collect(),
        interfaces: Some(Interfaces { ingress: vec![port_name(acl / ACLS)], ..Interfaces::default() }),
    };
    ConfigData { acls: (0..acls).map(acl).collect(), ..ConfigData::default() }
}
