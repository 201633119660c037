//! DHCP client: gets the IPv4 address of an interface from a server.
//! Derived from `ligato.vpp.interfaces.Interface`, field `set_dhcp_client` · VPP `dhcp.api`
//!
//! What the server assigns is a lease, an object that VPP reports ([`Leases`]), and so is the leased address: others can
//! depend on both. VPP tells the client's connection about a lease, which an agent that starts later does not have, so as
//! long as there are clients the leases are read from time to time as well.

use super::vrf::{self, InterfaceVrfs};
use super::{Interfaces, SwIfIndex};
use crate::prelude::*;
use binapi::dhcp::{DhcpClientConfig, DhcpClientDump, DhcpComplEvent};
use binapi::text::FixedString;
use futures::StreamExt;
use model::proto::ligato::vpp::interfaces::{DhcpLease, Interface};
use sched::{Notice, Scheduler};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::oneshot;
use types::{DhcpClient, DhcpLease as Told};

/// A client.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Name of the interface, which is also the host name the client announces.
    pub interface: String,
    /// The VRF the interface has to be in, if that is known.
    pub vrf: Option<u32>,
}

impl Client {
    pub(super) fn of(i: &Interface) -> Option<Client> {
        i.set_dhcp_client.then(|| Client { interface: i.name.clone(), vrf: Some(i.vrf) })
    }
}

impl Model for Client {
    const PREFIX: &'static str = "vpp/interface/dhcp-client/";
    fn name(&self) -> String {
        self.interface.clone()
    }
}

/// See the module.
pub struct Clients(pub Vpp);

impl Clients {
    async fn send(
        &self,
        is_add: bool,
        name: FixedString<64>,
        SwIfIndex(sw_if_index): SwIfIndex,
    ) -> Result<()> {
        let client =
            DhcpClient { sw_if_index, hostname: name, want_dhcp_event: true, ..DhcpClient::default() };
        self.0.call(DhcpClientConfig { is_add, client }).await.map(drop)
    }
}

impl Descriptor for Clients {
    const NAME: &'static str = "vpp-dhcp";
    const USES: &'static [&'static str] = &[DhcpClientConfig::ID, DhcpClientDump::ID];
    const OWNERSHIP: Ownership = Ownership::Attached;
    type Value = Client;
    type Image = FixedString<64>;
    type Handle = ();
    type Needs = (Ref<Interfaces>, Option<Up<InterfaceVrfs>>);
    type Reads = (Interfaces,);

    fn needs(&self, c: &Client) -> Self::Needs {
        (Ref::to(&c.interface), c.vrf.map(|id| Up::to(&vrf::name(&c.interface, id, false))))
    }
    fn image(&self, c: &Client) -> Result<FixedString<64>, Invalid> {
        fit("name", &c.interface)
    }
    async fn create(&self, new: FixedString<64>, (index, _): Resolved<Self>) -> Made<()> {
        Ok(self.send(true, new, index).await?)
    }
    async fn delete(&self, old: FixedString<64>, (): (), (index, _): Resolved<Self>) -> Result<()> {
        self.send(false, old, index).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let clients = self.0.dump(DhcpClientDump {}).await?;
        let found = clients.iter().filter_map(|d| {
            let interface = (*names.get(&SwIfIndex(d.client.sw_if_index))?).to_owned();
            let vrf = seen.desired::<Interface>(&interface).map(|i| i.vrf);
            Some(Found::new(Client { interface, vrf }, ()))
        });
        Ok(found.collect())
    }
}

/// What a server assigned.
#[derive(Clone, Debug, PartialEq)]
pub struct Lease(pub DhcpLease);

impl Lease {
    /// `None` as long as nothing is assigned.
    fn of(interface: &str, told: &Told) -> Option<Lease> {
        let (address, router) = (told.host_address.ip(), told.router_address.ip());
        let len = told.mask_width;
        (!address.is_unspecified()).then(|| {
            Lease(DhcpLease {
                interface_name: interface.to_owned(),
                host_name: told.hostname.to_string(),
                is_ipv6: told.is_ipv6,
                host_phys_address: told.host_mac.to_string(),
                host_ip_address: format!("{address}/{len}"),
                router_ip_address: format!("{router}/{len}"),
            })
        })
    }
    fn address(&self) -> LeasedAddress {
        let DhcpLease { interface_name, host_ip_address, .. } = self.0.clone();
        LeasedAddress { interface: interface_name, address: host_ip_address }
    }
}

impl Model for Lease {
    const PREFIX: &'static str = "vpp/interface/dhcp-lease/";
    fn name(&self) -> String {
        self.0.interface_name.clone()
    }
    fn wire(&self) -> Wire {
        Wire { name: "ligato.vpp.interfaces.DHCPLease", bytes: prost::Message::encode_to_vec(&self.0) }
    }
}

/// The address of a lease.
#[derive(Clone, Debug, PartialEq)]
pub struct LeasedAddress {
    /// Name of the interface.
    pub interface: String,
    /// With its prefix length.
    pub address: String,
}

impl Model for LeasedAddress {
    const PREFIX: &'static str = "vpp/interface/";
    fn name(&self) -> String {
        format!("{}/address/from_dhcp/{}", self.interface, self.address)
    }
}

/// The addresses that servers assigned: no addresses that anybody configured.
pub(super) async fn addresses(vpp: &Vpp) -> Result<HashMap<SwIfIndex, IpAddr>> {
    if !vpp.has::<DhcpClientDump>() {
        return Ok(HashMap::new());
    }
    let clients = vpp.dump(DhcpClientDump {}).await?;
    Ok(clients.iter().map(|d| (SwIfIndex(d.lease.sw_if_index), d.lease.host_address.ip())).collect())
}

/// The leases of all clients of ours, by interface.
async fn leases(vpp: &Vpp, seen: &Seen<'_>) -> Result<Vec<Lease>> {
    let names = seen.names::<Interfaces>();
    let clients = vpp.dump(DhcpClientDump {}).await?;
    let leases =
        clients.iter().filter_map(|d| Lease::of(names.get(&SwIfIndex(d.lease.sw_if_index))?, &d.lease));
    Ok(leases.collect())
}

/// The leases, as VPP reports them.
pub struct Leases(pub Vpp);
/// Their addresses.
pub struct LeasedAddresses(pub Vpp);

macro_rules! reported {
    ($kind:ty, $value:ty, $name:literal, $of:expr) => {
        impl Descriptor for $kind {
            const NAME: &'static str = $name;
            const USES: &'static [&'static str] = &[DhcpClientDump::ID];
            const OWNERSHIP: Ownership = Ownership::Marked;
            const FED: bool = true;
            type Value = $value;
            type Image = $value;
            type Handle = ();
            type Needs = ();
            type Reads = (Interfaces,);

            fn needs(&self, _: &$value) {}
            fn image(&self, value: &$value) -> Result<$value, Invalid> {
                Ok(value.clone())
            }
            async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
                let of: fn(Lease) -> $value = $of;
                let leases = leases(&self.0, seen).await?;
                Ok(leases.into_iter().map(|lease| Found::new(of(lease), ()).foreign()).collect())
            }
        }
    };
}
reported!(Leases, Lease, "vpp-dhcp-lease", |lease| lease);
reported!(LeasedAddresses, LeasedAddress, "vpp-dhcp-address", |lease| lease.address());

/// How often leases are read while there are clients.
const EVERY: Duration = Duration::from_secs(5);
/// Events that may wait; each makes all leases be read anew.
const EVENTS: usize = 64;

/// Reports leases to the scheduler on the current runtime, until what it gives back is dropped.
pub fn follow(vpp: &Vpp, scheduler: &Scheduler) -> Following {
    let events = vpp.client().events::<DhcpComplEvent>(EVENTS);
    let follower = Follower { vpp: vpp.clone(), scheduler: scheduler.clone(), known: BTreeMap::new() };
    let (following, end) = oneshot::channel();
    tokio::spawn(async move {
        tokio::select! {
            biased;
            _ = end => {}
            () = follower.run(events) => {}
        }
    });
    Following { _end: following }
}

/// As long as this is there, leases are followed.
pub struct Following {
    _end: oneshot::Sender<()>,
}

struct Follower {
    vpp: Vpp,
    scheduler: Scheduler,
    /// What the scheduler was told last, by interface.
    known: BTreeMap<String, Lease>,
}

impl Follower {
    async fn run(
        mut self,
        mut events: impl futures::Stream<Item = vpp_client::Notice<DhcpComplEvent>> + Unpin,
    ) {
        let mut clients = true; // until VPP says that there are none: they may be older than this agent
        loop {
            // An event, a new connection, or the time: in each case all that VPP knows is read.
            let pause = async {
                if clients { tokio::time::sleep(EVERY).await } else { std::future::pending().await }
            };
            tokio::select! {
                event = events.next() => if event.is_none() { return },
                () = pause => {}
            }
            if !self.vpp.has::<DhcpClientDump>() {
                continue;
            }
            if let Ok(told) = self.vpp.dump(DhcpClientDump {}).await {
                clients = !told.is_empty();
                // A client of ours announces the name of its interface.
                let leases = told.iter().filter_map(|d| Lease::of(d.client.hostname.as_str(), &d.lease));
                self.report(leases.map(|lease| (lease.0.interface_name.clone(), lease)).collect());
            }
        }
    }
    fn report(&mut self, now: BTreeMap<String, Lease>) {
        let mut notices = Vec::new();
        for (interface, old) in &self.known {
            let new = now.get(interface);
            if new.is_none() {
                notices.push(Notice::absent::<Lease>(interface));
            }
            let address = old.address();
            if new.is_none_or(|new| new.address() != address) {
                notices.push(Notice::absent::<LeasedAddress>(&Model::name(&address)));
            }
        }
        for (interface, new) in now.iter().filter(|(interface, new)| self.known.get(*interface) != Some(new))
        {
            tracing::info!(interface, address = new.0.host_ip_address, "DHCP lease");
            notices.push(Notice::present::<Leases>(new.clone(), ()));
            notices.push(Notice::present::<LeasedAddresses>(new.address(), ()));
        }
        self.known = now;
        if !notices.is_empty() {
            self.scheduler.notify(notices);
        }
    }
}
