//! The simulator behind its socket, with the part of VPP's command line that tests use.

use super::Needed;
use binapi::acl::{AclAddReplace, AclDel, AclInterfaceAddDel};
use binapi::codec::{Reply, Request};
use binapi::interface::{SwInterfaceDump, SwInterfaceSetMtu};
use binapi::ip::IpTableAddDel;
use binapi::ip_neighbor::IpNeighborAddDel;
use binapi::l2::{BdIpMacAddDel, BridgeDomainAddDelV2, L2fibAddDel, SwInterfaceSetL2Bridge};
use binapi::list::Counted;
use binapi::span::SwInterfaceSpanEnableDisable;
use binapi::types::{AclAction, AclRule, BdIpMac, IpNeighbor, IpNeighborFlags, IpTable, Prefix, SpanState};
use sim::{Machine, Sim, SimConfig};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;

pub struct Simulated(Sim);

/// What VPP refused, or why a command makes no sense, in words.
type Refusal = Box<dyn std::error::Error>;

/// What a simulated VPP is started with for tests.
fn config(socket: &Path) -> SimConfig {
    let stats_socket = Some(socket.with_file_name("stats.sock"));
    SimConfig { stats_socket, per_node_counters: true, ..SimConfig::default() }
}

impl Simulated {
    pub fn start(socket: &Path) -> Self {
        Simulated(Sim::spawn(socket, config(socket)).unwrap())
    }
    pub fn sim(&self) -> &Sim {
        &self.0
    }
    pub fn plug(&self, needed: Needed<'_>) {
        self.0.machine(|machine| match needed {
            Needed::Link(name) => machine.links.extend([name.to_owned()]),
            Needed::Card(name) => machine.cards.extend([name.to_owned()]),
            Needed::Tap => machine.no_taps = false,
            Needed::Vmxnet3(address) => machine.vmxnet3.extend([address]),
            Needed::Rdma(name) => machine.rdma.extend([name.to_owned()]),
            Needed::LinkType(_) => {} // nothing is asked of Linux
        });
    }
    /// The socket goes and comes, as with a real one.
    pub fn restart(&mut self) {
        self.0.down();
        self.0.up().unwrap();
    }
    /// Another one takes its place, on the same machine.
    pub fn restart_as(&mut self, socket: &Path, release: Option<&str>, without: &[&str]) {
        let mut machine = Machine::default();
        self.0.machine(|there| machine.clone_from(there));
        let nobody = Sim::in_memory(SimConfig::default()).unwrap();
        std::mem::replace(&mut self.0, nobody).stop(); // its socket is gone before the next one takes the place
        let mut config = SimConfig { machine, ..config(socket) };
        if let Some(release) = release {
            config.release = release.to_owned();
        }
        // A plugin may bring messages under another name than its own.
        let table = binapi::release::table(&config.release).unwrap();
        let modules: BTreeSet<&str> = table.iter().map(|(_, module)| *module).collect();
        let left_out =
            |module: &&str| binapi::plugin::of_module(module).is_some_and(|plugin| without.contains(&plugin));
        config.no_plugins = modules.into_iter().filter(left_out).map(str::to_owned).collect();
        self.0 = Sim::spawn(socket, config).unwrap();
    }
    /// As with the real one, a refusal is an answer.
    pub fn cli(&self, command: &str) -> String {
        self.obey(command).unwrap_or_else(|refusal| refusal.to_string())
    }
    fn obey(&self, command: &str) -> Result<String, Refusal> {
        let words: Vec<&str> = command.split_whitespace().collect();
        match *words {
            ["create", "loopback", "interface"] => return Ok(self.0.cli_create_loopback()?),
            ["delete", "loopback", "interface", "intfc", name] => self.0.cli_delete_interface(name)?,
            ["set", "interface", "state", name, state] => self.0.cli_set_admin(name, state == "up")?,
            ["set", "interface", "ip", "address", "del", name, address] => {
                self.0.cli_delete_address(name, address)?;
            }
            ["set", "interface", "ip", "address", name, address] => self.0.cli_add_address(name, address)?,
            ["set", "interface", "mtu", "packet", mtu, name] => {
                let (sw_if_index, mtu) = (self.index(name)?, [mtu.parse()?, 0, 0, 0]);
                self.ask(&SwInterfaceSetMtu { sw_if_index, mtu })?;
            }
            ["set", "interface", "l3", name] => {
                let rx_sw_if_index = self.index(name)?;
                self.ask(&SwInterfaceSetL2Bridge { rx_sw_if_index, enable: false, ..Default::default() })?;
            }
            ["ip", "route", "add", network, "via", hop, name] => {
                self.0.cli_add_route(0, network, hop.parse()?, name)?;
            }
            ["ip", "route", "del", network] => self.0.cli_delete_route(0, network)?,
            ["ip", "table", verb @ ("add" | "del"), id] => {
                let table = IpTable { table_id: id.parse()?, ..IpTable::default() };
                self.ask(&IpTableAddDel { is_add: verb == "add", table })?;
            }
            ["set", "ip", "neighbor", "del", name, ip, mac] => {
                self.neighbour(false, name, ip, mac, IpNeighborFlags::NONE)?;
            }
            ["set", "ip", "neighbor", name, ip, mac] => {
                self.neighbour(true, name, ip, mac, IpNeighborFlags::NONE)?;
            }
            ["set", "ip", "neighbor", name, ip, mac, "static"] => {
                self.neighbour(true, name, ip, mac, IpNeighborFlags::STATIC)?;
            }
            ["create", "bridge-domain", id] => {
                let flags =
                    BridgeDomainAddDelV2 { flood: true, uu_flood: true, forward: true, ..Default::default() };
                self.ask(&BridgeDomainAddDelV2 { bd_id: id.parse()?, learn: true, is_add: true, ..flags })?;
            }
            ["set", "bridge-domain", "arp", "entry", id, ip, mac, "del"] => {
                let ip: IpAddr = ip.parse()?;
                let entry = BdIpMac { bd_id: id.parse()?, ip: ip.into(), mac: mac.parse()? };
                self.ask(&BdIpMacAddDel { is_add: false, entry })?;
            }
            ["l2fib", "del", mac, id] => {
                let entry = L2fibAddDel { mac: mac.parse()?, bd_id: id.parse()?, ..Default::default() };
                self.ask(&L2fibAddDel { is_add: false, ..entry })?;
            }
            ["set", "acl-plugin", "acl", action, "src", src, "dst", dst] => {
                self.put_acl(u32::MAX, action, src, dst)?;
            }
            ["set", "acl-plugin", "acl", "index", index, action, "src", src, "dst", dst] => {
                self.put_acl(index.parse()?, action, src, dst)?;
            }
            ["set", "acl-plugin", "interface", name, side, "acl", index, ref del @ ..] => {
                let (sw_if_index, acl_index) = (self.index(name)?, index.parse()?);
                let (is_add, is_input) = (del.is_empty(), side == "input");
                self.ask(&AclInterfaceAddDel { is_add, is_input, sw_if_index, acl_index })?;
            }
            ["delete", "acl-plugin", "acl", "index", index] => {
                self.ask(&AclDel { acl_index: index.parse()? })?;
            }
            ["set", "interface", "span", from, "destination", to, state] => {
                self.span(from, to, state, false)?;
            }
            ["set", "interface", "span", from, "l2", "destination", to, state] => {
                self.span(from, to, state, true)?;
            }
            _ => return Err(format!("the simulated VPP has no command {command:?}").into()),
        }
        Ok(String::new())
    }
    fn neighbour(
        &self,
        is_add: bool,
        name: &str,
        ip: &str,
        mac: &str,
        flags: IpNeighborFlags,
    ) -> Result<(), Refusal> {
        let (sw_if_index, ip): (u32, IpAddr) = (self.index(name)?, ip.parse()?);
        let mac_address = mac.parse()?;
        let neighbor = IpNeighbor { sw_if_index, flags, mac_address, ip_address: ip.into() };
        self.ask(&IpNeighborAddDel { is_add, neighbor })
    }
    fn span(&self, from: &str, to: &str, state: &str, is_l2: bool) -> Result<(), Refusal> {
        let (sw_if_index_from, sw_if_index_to) = (self.index(from)?, self.index(to)?);
        let state = match state {
            "rx" => SpanState::RX,
            "tx" => SpanState::TX,
            "both" => SpanState::RX_TX,
            _ => return Err(format!("{state} is no direction").into()),
        };
        self.ask(&SwInterfaceSpanEnableDisable { sw_if_index_from, sw_if_index_to, state, is_l2 })
    }
    /// One rule for all ports; the tag is the one that the command line gives.
    fn put_acl(&self, acl_index: u32, action: &str, src: &str, dst: &str) -> Result<(), Refusal> {
        let prefix = |text: &str| -> Result<Prefix, Refusal> {
            let (ip, len) = text.split_once('/').ok_or("a network is an address and a length")?;
            Ok((ip.parse::<IpAddr>()?, len.parse()?).into())
        };
        let rule = AclRule {
            is_permit: if action == "permit" { AclAction::PERMIT } else { AclAction::DENY },
            src_prefix: prefix(src)?,
            dst_prefix: prefix(dst)?,
            srcport_or_icmptype_last: u16::MAX,
            dstport_or_icmpcode_last: u16::MAX,
            ..AclRule::default()
        };
        self.ask(&AclAddReplace { acl_index, tag: "cli".try_into()?, r: Counted::one(rule) })
    }
    fn ask<R: Request>(&self, request: &R) -> Result<(), Refusal> {
        match self.0.request(request)?.retval() {
            0 => Ok(()),
            retval => Err(format!("{}: {}", R::NAME, binapi::retval::describe(retval)).into()),
        }
    }
    fn index(&self, name: &str) -> Result<u32, Refusal> {
        let all = self.0.dump(&SwInterfaceDump { sw_if_index: u32::MAX, ..Default::default() })?;
        let found = all.iter().find(|interface| interface.interface_name.as_str() == name);
        Ok(found.ok_or_else(|| format!("no interface {name}"))?.sw_if_index)
    }
}
