//! Route: where packets for a network go. Routes to one network with different next hops share the load (ECMP).
//! Config `ligato.vpp.l3.Route` · VPP `ip.api`
//!
//! One value is one path of a VPP route. What other protocols and VPP itself put into the tables is left alone: VPP
//! keeps the source of each route, and only those of API clients are retrieved.
//!
//! Destination and next hop may be allocated (`alloc:<network>/<interface>[/GW]`): the network of the address, and the
//! address alone.

use crate::interface::Interfaces;
use crate::l3::path::{byte, hop, next_hop_source, out, path};
use crate::l3::vrf::{self, TableId, Vrfs};
use crate::prelude::*;
use binapi::ip::{IpRouteAddDel, IpRouteV2Dump};
use binapi::list::Counted;
use model::proto::ligato::vpp::l3::Route;
use model::proto::ligato::vpp::l3::route::RouteType;
use netalloc::{Allocated, Allocations, Net, Reference, Source, is_reference};
use std::collections::HashMap;
use std::net::IpAddr;
use types::{FibPath, FibPathType, IpRoute, IpTable, Prefix};

/// `FIB_SOURCE_API` of VPP's `fib_source.h`, the same in all releases from 23.06 to 26.06.
const SOURCE_API: u8 = 8;

/// Where packets go.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    /// Nowhere.
    Drop,
    /// Out of an interface, which is a need: to this neighbour, or to whoever the packet is for.
    Through(Option<Source<IpAddr>>),
    /// Wherever a table leads: for this address, or for the one the packet is for.
    Lookup(u32, Option<Source<IpAddr>>),
}

impl Way {
    fn hop(&self) -> Option<&Source<IpAddr>> {
        match self {
            Way::Drop => None,
            Way::Through(hop) | Way::Lookup(_, hop) => hop.as_ref(),
        }
    }
}

/// What VPP is told, without interface and tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    table: u32,
    network: Source<Net>,
    /// The version of the table that was waited for.
    is_ip6: bool,
    way: Way,
    weight: u8,
    preference: u8,
}

/// See the module.
pub struct Routes(pub Vpp);

impl Routes {
    async fn send(&self, is_add: bool, image: Image, needs: Resolved<Self>) -> Result<()> {
        let (through, _, _, network_allocation, hop_allocation) = needs;
        let Image { table: table_id, network, is_ip6, way, weight, preference } = image;
        let network = network.resolve(network_allocation.as_ref(), Net::network)?;
        in_version("destination", network.address, table_id, is_ip6)?;
        let resolve = |hop: Option<Source<IpAddr>>| -> Result<Option<IpAddr>> {
            let address = |hop: Source<IpAddr>| hop.resolve(hop_allocation.as_ref(), |net| net.address);
            hop.map(address).transpose()
        };
        let own = network.address.is_ipv6();
        let path = match way {
            Way::Drop => FibPath { type_: FibPathType::DROP, ..path(None, None, own) },
            Way::Through(hop) => FibPath { table_id, ..path(through, resolve(hop)?, own) },
            Way::Lookup(table_id, hop) => {
                let allocated = matches!(hop, Some(Source::Allocated(_)));
                let hop = resolve(hop)?;
                if let Some(hop) = hop.filter(|_| allocated) {
                    in_version("next hop", hop, table_id, is_ip6)?;
                }
                FibPath { table_id, ..path(None, hop, own) }
            }
        };
        let prefix = Prefix { address: network.address.into(), len: network.len };
        let paths = Counted::one(FibPath { weight, preference, ..path });
        let route = IpRoute { table_id, prefix, paths, ..IpRoute::default() };
        self.0.call(IpRouteAddDel { is_add, is_multipath: true, route }).await.map(drop)
    }
}

/// What is allocated may turn out to be of another version than the table that was waited for.
fn in_version(what: &str, address: IpAddr, table: u32, is_ip6: bool) -> Result<()> {
    if table == 0 || address.is_ipv6() == is_ip6 {
        return Ok(());
    }
    let version = |is_ip6| if is_ip6 { "IPv6" } else { "IPv4" };
    Err(sched::Error::permanent(format!(
        "the {what} that is allocated is {} ({address}), but the route waited for table {table} of {}: write an address of \
         that version out, or use table 0",
        version(address.is_ipv6()),
        version(is_ip6)
    )))
}

/// The destination.
fn destination(r: &Route) -> Result<Source<Net>, Invalid> {
    const FIELD: &str = "dst_network";
    if let Some(reference) = Reference::read(FIELD, &r.dst_network, "")? {
        return Ok(Source::Allocated(reference.into()));
    }
    let (address, len) = cidr(FIELD, &r.dst_network)?;
    let network = network(address, len);
    ensure(network == address, FIELD, &format!("has host bits; the network is {network}/{len}"))?;
    Ok(Source::Given(Net { address, len }))
}

/// Is it for IPv6? An allocated destination tells only when it is there; until then a next hop that is written out decides,
/// else it is taken for IPv4.
fn is_ip6(r: &Route, way: Option<&Way>) -> bool {
    if !is_reference(&r.dst_network) {
        return r.dst_network.contains(':');
    }
    matches!(way.and_then(Way::hop), Some(Source::Given(hop)) if hop.is_ipv6())
}

/// Routes into another table and routes within one differ in nothing else.
fn way(r: &Route) -> Result<Way, Invalid> {
    let hop = next_hop_source("next_hop_addr", &r.next_hop_addr, &r.outgoing_interface)?;
    let kind = RouteType::try_from(r.r#type);
    Ok(match kind.map_err(|_| Invalid::new("type", "is not a known type of route"))? {
        RouteType::Drop => Way::Drop,
        _ if !r.outgoing_interface.is_empty() => Way::Through(hop),
        RouteType::InterVrf => Way::Lookup(r.via_vrf_id, hop),
        RouteType::IntraVrf => Way::Lookup(r.vrf_id, hop),
    })
}

/// The route as it is found as long as nobody is known to want it. A next hop may be spelled in another way, be an explicit
/// `0.0.0.0`, or stand on a route that drops; so may an interface. `None` if that cannot be said.
fn plain(r: &Route, allocated: &Allocated) -> Option<Route> {
    let drop = r.r#type() == RouteType::Drop;
    let hop = next_hop_source("next_hop_addr", &r.next_hop_addr, &r.outgoing_interface).ok()?;
    let hop = match hop.filter(|_| !drop) {
        None => String::new(),
        Some(Source::Given(hop)) => hop.to_string(),
        Some(Source::Allocated(reference)) => allocated.resolve(&reference)?.address.to_string(),
    };
    let network = match is_reference(&r.dst_network) {
        true => allocated.meant(&r.dst_network, "")?.network().to_string(),
        false => r.dst_network.clone(),
    };
    let through = if drop { String::new() } else { r.outgoing_interface.clone() };
    Some(Route { dst_network: network, next_hop_addr: hop, outgoing_interface: through, ..r.clone() })
}

/// Are they written in the same way?
fn alike(a: &Route, b: &Route) -> bool {
    a.dst_network == b.dst_network
        && a.next_hop_addr == b.next_hop_addr
        && a.outgoing_interface == b.outgoing_interface
}

impl Descriptor for Routes {
    const NAME: &'static str = "vpp-route";
    const USES: &'static [&'static str] = &[IpRouteAddDel::ID, IpRouteV2Dump::ID];
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Route;
    type Image = Image;
    type Handle = ();
    type Needs = (
        Option<Ref<Interfaces>>,
        Option<Ref<Vrfs>>,
        Option<Ref<Vrfs>>,
        Option<Ref<Allocations>>,
        Option<Ref<Allocations>>,
    );
    type Reads = (Allocations, Interfaces, Vrfs);

    fn needs(&self, r: &Route) -> Self::Needs {
        let way = way(r).ok();
        let is_ip6 = is_ip6(r, way.as_ref());
        let table = |id: u32, is_ip6| (id != 0).then(|| Ref::to(&vrf::name(id, is_ip6)));
        let own = table(r.vrf_id, is_ip6);
        let network = destination(r).ok().and_then(|network| network.allocation());
        let hop = way.as_ref().and_then(Way::hop).and_then(Source::allocation);
        match way {
            Some(Way::Through(_)) => (Some(Ref::to(&r.outgoing_interface)), own, None, network, hop),
            // A next hop is looked up in a table of its own version.
            Some(Way::Lookup(id, via)) => {
                let of_hop = match via {
                    Some(Source::Given(hop)) => hop.is_ipv6(),
                    _ => is_ip6,
                };
                (None, own, table(id, of_hop), network, hop)
            }
            _ => (None, own, None, network, hop),
        }
    }
    fn found_as(&self, r: &Route) -> Option<String> {
        let plain = plain(r, &Allocated::default())?;
        (!alike(&plain, r)).then(|| Model::name(&plain))
    }
    fn found_elsewhere(&self, r: &Route) -> bool {
        is_reference(&r.dst_network) || is_reference(&r.next_hop_addr)
    }
    fn image(&self, r: &Route) -> Result<Image, Invalid> {
        let network = destination(r)?;
        let way = way(r)?;
        Ok(Image {
            table: r.vrf_id,
            network,
            is_ip6: is_ip6(r, Some(&way)),
            way,
            weight: byte("weight", r.weight.max(1))?,
            preference: byte("preference", r.preference)?,
        })
    }
    async fn create(&self, new: Image, to: Resolved<Self>) -> Made<()> {
        Ok(self.send(true, new, to).await?)
    }
    async fn delete(&self, old: Image, (): (), to: Resolved<Self>) -> Result<()> {
        self.send(false, old, to).await
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let allocated = Allocated::of(seen);
        let spelled = seen.wanted::<Routes>().filter_map(|r| {
            let plain = plain(r, &allocated)?;
            (!alike(&plain, r)).then(|| (Model::name(&plain), r))
        });
        let spelled: HashMap<String, &Route> = spelled.collect();
        let tables = seen.present::<Vrfs>();
        let dumps = tables.iter().map(|&(name, TableId(table_id), _)| {
            let table = IpTable { table_id, is_ip6: name.ends_with("IPV6"), ..IpTable::default() };
            self.0.dump(IpRouteV2Dump { src: SOURCE_API, table })
        });
        let mut found = Vec::new();
        for (dumped, &(_, table, foreign)) in try_join_all(dumps).await?.into_iter().zip(&tables) {
            // In a table of somebody else, an API client with our source need not be us.
            let foreign = foreign && table.0 != 0;
            for route in dumped.into_iter().map(|details| details.route) {
                for path in route.paths.iter() {
                    if let Some(value) = value(route.table_id, &route.prefix, path, &names) {
                        let value = match spelled.get(&Model::name(&value)) {
                            None => value,
                            Some(otherwise) => Route {
                                dst_network: otherwise.dst_network.clone(),
                                next_hop_addr: otherwise.next_hop_addr.clone(),
                                outgoing_interface: otherwise.outgoing_interface.clone(),
                                ..value
                            },
                        };
                        let meta = || meta(&route.prefix, path);
                        found.push(Found::new(value, ()).foreign_if(foreign).details(seen, meta));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// One path as a value. `None` if it goes out of an interface that nobody knows.
fn value(table: u32, prefix: &Prefix, path: &FibPath, names: &Names<'_, Interfaces>) -> Option<Route> {
    let (through, drop) = (out(path), path.type_ == FibPathType::DROP);
    let inter = through.is_none() && !drop && path.table_id != table;
    Some(Route {
        r#type: match (drop, inter) {
            (true, _) => RouteType::Drop,
            (_, true) => RouteType::InterVrf,
            _ => RouteType::IntraVrf,
        }
        .into(),
        vrf_id: table,
        dst_network: prefix_text(prefix),
        next_hop_addr: hop(path).map_or_else(String::new, |hop| hop.to_string()),
        outgoing_interface: match through {
            Some(index) => (*names.get(&index)?).to_owned(),
            None => String::new(),
        },
        weight: path.weight.into(),
        preference: path.preference.into(),
        via_vrf_id: if inter { path.table_id } else { 0 },
    })
}

fn meta(prefix: &Prefix, path: &FibPath) -> serde_json::Value {
    let is = |kind: FibPathType| path.type_ == kind;
    json!({
        "TableName": "",
        "OutgoingIfIdx": path.sw_if_index,
        "IsIPv6": !prefix.address.ip().is_ipv4(),
        "Afi": path.proto.0,
        "IsLocal": is(FibPathType::LOCAL),
        "IsUDPEncap": is(FibPathType::UDP_ENCAP),
        "IsUnreach": is(FibPathType::ICMP_UNREACH),
        "IsProhibit": is(FibPathType::ICMP_PROHIBIT),
        "IsResolveHost": path.flags.0 & 2 != 0,
        "IsResolveAttached": path.flags.0 & 1 != 0,
        "IsDvr": is(FibPathType::DVR),
        "IsSourceLookup": is(FibPathType::SOURCE_LOOKUP),
        "NextHopID": path.nh.obj_id,
        "RpfID": path.rpf_id,
        "LabelStack": path.label_stack.iter().take(usize::from(path.n_labels)).map(|label| json!({
            "IsUniform": label.is_uniform != 0, "Label": label.label, "TTL": label.ttl, "Exp": label.exp,
        })).collect::<Vec<_>>(),
    })
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/vpp/v2/routes",
    descriptor: Routes::NAME,
    shape: Shape::List,
    element: |item| Some((String::new(), json!({ "Route": shown(item), "Meta": item.details }))),
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::sentence;

    /// There are more routes than anything else. References to allocations are rare, and boxed.
    #[test]
    fn an_image_stays_small() {
        assert_eq!(size_of::<Source<Net>>(), 24);
        assert_eq!(size_of::<Image>(), 64);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let good =
            Route { dst_network: "10.2.0.0/16".into(), next_hop_addr: "10.1.1.9".into(), ..Route::default() };
        let cases = [
            (
                Route { dst_network: "10.2.0.1/16".into(), ..good.clone() },
                "dst_network: has host bits; the network is 10.2.0.0/16",
            ),
            (
                Route { dst_network: "alloc:net1".into(), ..good.clone() },
                "dst_network: \"alloc:net1\" names no interface; write it as alloc:<network>/<interface>",
            ),
            (
                Route { next_hop_addr: "alloc:net1/GW".into(), ..good.clone() },
                "next_hop_addr: \"alloc:net1/GW\" names no interface; write it as alloc:<network>/<interface>",
            ),
            (
                Route { next_hop_addr: "10.1.1.9/24".into(), ..good.clone() },
                "next_hop_addr: \"10.1.1.9/24\" is not an IP address",
            ),
            (Route { r#type: 7, ..good.clone() }, "type: is not a known type of route"),
            (Route { weight: 256, ..good.clone() }, "weight: 256 is more than VPP takes, which is 255"),
            (
                Route { preference: 256, ..good.clone() },
                "preference: 256 is more than VPP takes, which is 255",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(sentence(Routes, &value), expected);
        }
        assert_eq!(sentence(Routes, &good), "");
    }
}
