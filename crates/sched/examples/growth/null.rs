//! A southbound that does everything at once and remembers little: what is left to measure is the scheduler.

use model::proto::ligato::vpp::interfaces::{Interface, interface::Type};
use model::proto::ligato::vpp::l3::{Route, VrfTable, route::RouteType};
use sched::{Descriptor, Error, Found, Invalid, Link, Made, Ownership, Ref, Registry, RegistryError};
use sched::{Seen, Southbound};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Interfaces that the routes share.
pub const INTERFACES: usize = 100;
/// Tables that the routes share.
pub const TABLES: usize = 10;
/// The first network.
const FIRST: u32 = u32::from_be_bytes([20, 0, 0, 0]);

/// What is there, one byte per object: 0 for absent, else its weight.
pub struct World {
    interfaces: Mutex<Vec<u8>>,
    tables: Mutex<Vec<u8>>,
    routes: Mutex<Vec<u8>>,
    size: AtomicUsize,
}

impl World {
    pub fn new(routes: usize) -> Arc<World> {
        let empty = |n| Mutex::new(vec![0; n]);
        let size = AtomicUsize::new(0);
        Arc::new(World { interfaces: empty(INTERFACES), tables: empty(TABLES), routes: empty(routes), size })
    }
    /// Objects that are there.
    pub fn size(&self) -> usize {
        self.size.load(Ordering::Relaxed)
    }
    fn make(&self, list: &Mutex<Vec<u8>>, at: usize, weight: u8) -> Result<(), Error> {
        let old = replace(list, at, weight)?;
        self.size.fetch_add(usize::from(old == 0), Ordering::Relaxed);
        Ok(())
    }
    fn remove(&self, list: &Mutex<Vec<u8>>, at: usize) -> Result<(), Error> {
        let old = replace(list, at, 0)?;
        self.size.fetch_sub(usize::from(old != 0), Ordering::Relaxed);
        Ok(())
    }
}

fn locked(list: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

fn replace(list: &Mutex<Vec<u8>>, at: usize, weight: u8) -> Result<u8, Error> {
    let mut list = locked(list);
    let place = list.get_mut(at).ok_or_else(|| Error::new("there is no place for this object"))?;
    Ok(std::mem::replace(place, weight))
}

fn found<D: Descriptor>(list: &Mutex<Vec<u8>>, make: impl Fn(usize, u8) -> Found<D>) -> Vec<Found<D>> {
    let list = locked(list);
    let there = list.iter().enumerate().filter(|(_, weight)| **weight != 0);
    there.map(|(at, weight)| make(at, *weight)).collect()
}

/// The number at the end of a name such as `uplink-017`.
fn number(field: &'static str, name: &str) -> Result<usize, Invalid> {
    let digits = name.rsplit('-').next().unwrap_or_default();
    digits.parse().map_err(|_| Invalid::new(field, "does not end in a number"))
}

pub fn interface(at: usize) -> Interface {
    Interface {
        name: format!("uplink-{at:03}"),
        r#type: Type::SoftwareLoopback.into(),
        enabled: true,
        ip_addresses: vec![format!("10.{at}.0.1/24")],
        ..Interface::default()
    }
}

pub fn table(at: usize) -> VrfTable {
    VrfTable { id: at as u32 + 1, label: format!("table-{at}"), ..VrfTable::default() }
}

/// A route with a key of about 70 bytes.
pub fn route(at: usize, weight: u8) -> Route {
    Route {
        dst_network: format!("{}/32", Ipv4Addr::from(FIRST + at as u32)),
        next_hop_addr: format!("10.{}.0.2", at % INTERFACES),
        outgoing_interface: format!("uplink-{:03}", at % INTERFACES),
        vrf_id: (at % TABLES) as u32 + 1,
        weight: weight.into(),
        ..Route::default()
    }
}

pub struct Interfaces(Arc<World>);

impl Descriptor for Interfaces {
    const NAME: &'static str = "vpp-interface";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Interface;
    type Image = usize;
    type Handle = usize;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &Interface) {}
    fn image(&self, value: &Interface) -> Result<usize, Invalid> {
        number("name", &value.name)
    }
    async fn create(&self, new: usize, (): ()) -> Made<usize> {
        self.0.make(&self.0.interfaces, new, 1)?;
        Ok(new)
    }
    async fn delete(&self, old: usize, _: usize, (): ()) -> Result<(), Error> {
        self.0.remove(&self.0.interfaces, old)
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>, Error> {
        Ok(found(&self.0.interfaces, |at, _| Found::new(interface(at), at)))
    }
}

pub struct Tables(Arc<World>);

impl Descriptor for Tables {
    const NAME: &'static str = "vpp-vrf-table";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = VrfTable;
    type Image = usize;
    type Handle = usize;
    type Needs = ();
    type Reads = ();

    fn needs(&self, _: &VrfTable) {}
    fn image(&self, value: &VrfTable) -> Result<usize, Invalid> {
        number("label", &value.label)
    }
    async fn create(&self, new: usize, (): ()) -> Made<usize> {
        self.0.make(&self.0.tables, new, 1)?;
        Ok(new)
    }
    async fn delete(&self, old: usize, _: usize, (): ()) -> Result<(), Error> {
        self.0.remove(&self.0.tables, old)
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>, Error> {
        Ok(found(&self.0.tables, |at, _| Found::new(table(at), at)))
    }
}

/// Holds as much as VPP is told about a route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteImage {
    network: IpAddr,
    len: u8,
    next_hop: Option<IpAddr>,
    kind: RouteType,
    weight: u8,
    preference: u8,
    tables: (u32, u32),
}

impl RouteImage {
    fn at(&self) -> usize {
        match self.network {
            IpAddr::V4(network) => u32::from(network).wrapping_sub(FIRST) as usize,
            IpAddr::V6(_) => usize::MAX,
        }
    }
}

pub struct Routes(Arc<World>);

impl Descriptor for Routes {
    const NAME: &'static str = "vpp-route";
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Route;
    type Image = RouteImage;
    type Handle = ();
    type Needs = (Option<Ref<Interfaces>>, Option<Ref<Tables>>);
    type Reads = (Interfaces, Tables);

    fn needs(&self, value: &Route) -> Self::Needs {
        let table = format!("id/{}/protocol/IPV4", value.vrf_id);
        (Some(Ref::to(&value.outgoing_interface)), Some(Ref::to(&table)))
    }
    fn image(&self, value: &Route) -> Result<RouteImage, Invalid> {
        let bad = |field| move |_| Invalid::new(field, "is no address");
        let (network, len) = value
            .dst_network
            .split_once('/')
            .ok_or_else(|| Invalid::new("dst_network", "has no prefix length"))?;
        Ok(RouteImage {
            network: network.parse().map_err(bad("dst_network"))?,
            len: len.parse().map_err(|_| Invalid::new("dst_network", "has a bad prefix length"))?,
            next_hop: Some(value.next_hop_addr.parse().map_err(bad("next_hop_addr"))?),
            kind: value.r#type(),
            weight: u8::try_from(value.weight).map_err(|_| Invalid::new("weight", "is above 255"))?,
            preference: 0,
            tables: (value.vrf_id, value.via_vrf_id),
        })
    }
    async fn create(&self, new: RouteImage, _: (Option<usize>, Option<usize>)) -> Made<()> {
        Ok(self.0.make(&self.0.routes, new.at(), new.weight)?)
    }
    async fn delete(&self, old: RouteImage, (): (), _: (Option<usize>, Option<usize>)) -> Result<(), Error> {
        self.0.remove(&self.0.routes, old.at())
    }
    async fn retrieve(&self, _: &Seen<'_>) -> Result<Vec<Found<Self>>, Error> {
        Ok(found(&self.0.routes, |at, weight| Found::new(route(at, weight), ())))
    }
}

struct Always;

impl Southbound for Always {
    fn name(&self) -> &'static str {
        "null"
    }
    fn link(&self) -> watch::Receiver<Link> {
        Link::always()
    }
    fn lacks(&self, _: &str) -> Option<String> {
        None
    }
}

pub fn registry(world: &Arc<World>) -> Result<Registry, RegistryError> {
    let southbound: Arc<dyn Southbound> = Arc::new(Always);
    let mut registry = Registry::default();
    registry.add(&southbound, Interfaces(world.clone()))?;
    registry.add(&southbound, Tables(world.clone()))?;
    registry.add(&southbound, Routes(world.clone()))?;
    Ok(registry)
}
