//! Changes as a person makes them at VPP's command line, for tests of drift and healing.

use crate::handler::Outcome;
use crate::sim::Sim;
use crate::state::State;
use crate::tables::route_message::{Change, SOURCE_API, SOURCE_CLI};
use binapi::addr::MacAddress;
use binapi::types::{FibPath, FibPathNh, FibPathNhProto, Prefix};
use std::net::IpAddr;

/// Why a change by hand was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// No interface has this name.
    #[error("simulated VPP: no interface {0}")]
    Interface(String),
    /// Not an address with a prefix length.
    #[error("simulated VPP: {0:?} is no address with prefix length, such as 10.0.0.1/24")]
    Prefix(String),
    /// VPP refuses.
    #[error("simulated VPP: refused, {}", binapi::retval::describe(*.0))]
    Refused(i32),
}

impl From<Outcome> for NotFound {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Retval(retval) => NotFound::Refused(retval),
            Outcome::Crash => NotFound::Refused(-1),
        }
    }
}

fn prefix(text: &str) -> Result<(IpAddr, u8), NotFound> {
    let parsed = text.split_once('/').and_then(|(ip, length)| Some((ip.parse().ok()?, length.parse().ok()?)));
    parsed.ok_or_else(|| NotFound::Prefix(text.to_owned()))
}

impl Sim {
    fn by_hand<T>(&self, change: impl FnOnce(&mut State) -> Result<T, NotFound>) -> Result<T, NotFound> {
        let mut core = self.shared.lock();
        let done = change(&mut core.state);
        self.shared.send_events(&mut core);
        done
    }

    fn on_interface<T>(
        &self,
        name: &str,
        change: impl FnOnce(&mut State, u32) -> Result<T, NotFound>,
    ) -> Result<T, NotFound> {
        self.by_hand(|state| {
            let index = state.interfaces.by_name(name);
            change(state, index.ok_or_else(|| NotFound::Interface(name.to_owned()))?)
        })
    }

    /// Creates a loopback without a tag; returns its name.
    pub fn cli_create_loopback(&self) -> Result<String, NotFound> {
        self.by_hand(|state| {
            let index = state.create_loopback(MacAddress::default(), None)?;
            Ok(state.interfaces.get(index)?.name.clone())
        })
    }

    /// Deletes an interface of any type.
    pub fn cli_delete_interface(&self, name: &str) -> Result<(), NotFound> {
        self.on_interface(name, |state, index| {
            Ok(state.delete_loopback(index).or_else(|_| state.delete_memif(index))?)
        })
    }

    /// Sets an interface up or down.
    pub fn cli_set_admin(&self, name: &str, up: bool) -> Result<(), NotFound> {
        self.on_interface(name, |state, index| Ok(state.set_admin(index, up)?))
    }

    /// A DHCP server assigns an address to an interface that has a client.
    pub fn set_lease(&self, name: &str, address: &str, router: IpAddr) -> Result<(), NotFound> {
        let address = prefix(address)?;
        self.on_interface(name, |state, index| Ok(state.lease(index, address, router)?))
    }

    /// Connects or disconnects the peer of a memif, which gets its receive queues then.
    pub fn set_link(&self, name: &str, up: bool) -> Result<(), NotFound> {
        self.on_interface(name, |state, index| {
            match state.memifs.queues_of(index).filter(|_| up) {
                Some(count) => state.queues.open(index, count, crate::tables::queues::DEFAULT),
                None => state.queues.close(index),
            }
            Ok(state.set_link(index, up)?)
        })
    }

    /// Virtual routers on an interface that hear no other one become masters, as after some time.
    pub fn elect_routers(&self, name: &str) -> Result<(), NotFound> {
        self.on_interface(name, |state, index| {
            state.elect_routers(index);
            Ok(())
        })
    }

    /// Gives an interface an address, such as `10.0.0.1/24`.
    pub fn cli_add_address(&self, name: &str, address: &str) -> Result<(), NotFound> {
        let (ip, length) = prefix(address)?;
        self.on_interface(name, |state, index| Ok(state.add_address(index, ip, length)?))
    }

    /// Takes an address from an interface.
    pub fn cli_delete_address(&self, name: &str, address: &str) -> Result<(), NotFound> {
        let (ip, _) = prefix(address)?;
        self.on_interface(name, |state, index| Ok(state.remove_address(index, ip)?))
    }

    /// Adds a route through a neighbour on an interface, as `ip route add` does: it belongs to the command line, not
    /// to API clients.
    pub fn cli_add_route(
        &self,
        table: u32,
        destination: &str,
        via: IpAddr,
        interface: &str,
    ) -> Result<(), NotFound> {
        let destination: Prefix = prefix(destination)?.into();
        self.on_interface(interface, |state, index| {
            let path = FibPath {
                sw_if_index: index,
                weight: 1,
                proto: if via.is_ipv6() { FibPathNhProto::IP6 } else { FibPathNhProto::IP4 },
                nh: FibPathNh { address: via.into(), ..Default::default() },
                ..Default::default()
            };
            let change = Change { is_add: true, is_multipath: true, source: SOURCE_CLI };
            state.change_route(change, table, destination, &[path])?;
            Ok(())
        })
    }

    /// Adds packets, and bytes where the counter has them, to a counter of an interface such as `/if/rx`, on one
    /// thread.
    pub fn count(
        &self,
        interface: &str,
        counter: &str,
        thread: u64,
        packets: u64,
        bytes: u64,
    ) -> Result<(), NotFound> {
        self.on_interface(interface, |state, index| {
            state.count(|counters| counters.count(counter, thread, index, packets, bytes));
            Ok(())
        })
    }

    /// Adds to what a node of the packet graph has done with packets, on one thread.
    pub fn count_node(&self, node: &str, reason: &str, thread: u64, times: u64) {
        self.shared.lock().state.count(|counters| counters.count_node(node, reason, thread, times));
    }

    /// Sets a single number among the statistics, such as `/sys/heartbeat`.
    pub fn set_statistic(&self, name: &str, value: u64) {
        self.shared.lock().state.count(|counters| counters.set_scalar(name, value));
    }

    /// A copy of the memory that is handed out, if there is one.
    pub fn statistics_memory(&self) -> Option<Vec<u8>> {
        use std::os::unix::fs::FileExt;
        let core = self.shared.lock();
        let memory = core.state.counters.as_ref()?.memory();
        let mut bytes = vec![0; usize::try_from(memory.metadata().ok()?.len()).ok()?];
        memory.read_exact_at(&mut bytes, 0).ok()?;
        Some(bytes)
    }

    /// Adds an entry of any type to the statistics, as a newer release may have them.
    pub fn add_statistic(&self, kind: u32, value: u64, name: &str) {
        self.shared.lock().state.count(|counters| counters.add_entry(kind, value, name));
    }

    /// Forgets what API clients and the command line want of a destination.
    pub fn cli_delete_route(&self, table: u32, destination: &str) -> Result<(), NotFound> {
        let destination: Prefix = prefix(destination)?.into();
        self.by_hand(|state| {
            for source in [SOURCE_API, SOURCE_CLI] {
                let change = Change { is_add: false, is_multipath: false, source };
                state.change_route(change, table, destination, &[])?;
            }
            Ok(())
        })
    }
}
