//! The simulator behind its socket, with the part of VPP's command line that tests use.

use binapi::codec::{Reply, Request};
use binapi::interface::SwInterfaceDump;
use binapi::ip::IpTableAddDel;
use binapi::l2::{BdIpMacAddDel, BridgeDomainAddDelV2, L2fibAddDel, SwInterfaceSetL2Bridge};
use binapi::types::{BdIpMac, IpTable};
use sim::{Sim, SimConfig};
use std::net::IpAddr;
use std::path::Path;

pub struct Simulated(Sim);

/// What VPP refused, or why a command makes no sense, in words.
type Refusal = Box<dyn std::error::Error>;

impl Simulated {
    pub fn start(socket: &Path) -> Self {
        Simulated(Sim::spawn(socket, SimConfig::default()).unwrap())
    }
    pub fn sim(&self) -> &Sim {
        &self.0
    }
    /// The socket goes and comes, as with a real one.
    pub fn restart(&mut self) {
        self.0.down();
        self.0.up().unwrap();
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
            _ => return Err(format!("the simulated VPP has no command {command:?}").into()),
        }
        Ok(String::new())
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
