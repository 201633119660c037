//! Route: where packets for a network go. Routes to one network with different next hops share the load (ECMP).
//! Config `ligato.vpp.l3.Route` · VPP `ip.api`
//!
//! One value is one path of a VPP route. What other protocols and VPP itself put into the tables is left alone: VPP
//! keeps the source of each route, and only those of API clients are retrieved.

use crate::dump::shown;
use crate::interface::{Interfaces, SwIfIndex};
use crate::l3::vrf::{self, TableId, Vrfs};
use crate::prelude::*;
use binapi::ip::{IpRouteAddDel, IpRouteV2Dump};
use binapi::list::Counted;
use model::proto::ligato::vpp::l3::Route;
use model::proto::ligato::vpp::l3::route::RouteType;
use std::collections::HashMap;
use std::net::IpAddr;
use types::{FibPath, FibPathNh, FibPathNhProto, FibPathType, IpRoute, IpTable, Prefix};

/// `FIB_SOURCE_API` of VPP's `fib_source.h`, the same in all releases from 23.06 to 26.06.
const SOURCE_API: u8 = 8;
/// A path without an interface of its own, and an interface without a path.
const NO_INTERFACE: u32 = u32::MAX;
/// A label that means "none": VPP's `MPLS_LABEL_INVALID`.
const NO_LABEL: u32 = 0x10_0000;

/// What VPP is told, without interface and tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    prefix: Prefix,
    next_hop: Option<IpAddr>,
    kind: RouteType,
    weight: u8,
    preference: u8,
    tables: (u32, u32),
}

/// See the module.
pub struct Routes(pub Vpp);

impl Routes {
    async fn send(&self, is_add: bool, image: Image, (via, _, _): Resolved<Self>) -> Result<()> {
        let (table_id, via_table) = image.tables;
        let mut path = FibPath {
            sw_if_index: via.map_or(NO_INTERFACE, |i| i.0),
            table_id: if image.kind == RouteType::InterVrf { via_table } else { table_id },
            weight: image.weight,
            preference: image.preference,
            proto: if image.prefix.address.ip().is_ipv4() {
                FibPathNhProto::IP4
            } else {
                FibPathNhProto::IP6
            },
            ..FibPath::default()
        };
        if image.kind == RouteType::Drop {
            (path.type_, path.table_id) = (FibPathType::DROP, 0);
        }
        if let Some(next_hop) = image.next_hop {
            path.proto = if next_hop.is_ipv4() { FibPathNhProto::IP4 } else { FibPathNhProto::IP6 };
            path.nh = FibPathNh {
                address: next_hop.into(),
                via_label: NO_LABEL,
                classify_table_index: u32::MAX,
                ..FibPathNh::default()
            };
        }
        let paths = Counted::one(path);
        let route = IpRoute { table_id, prefix: image.prefix, paths, ..IpRoute::default() };
        self.0.call(IpRouteAddDel { is_add, is_multipath: true, route }).await.map(drop)
    }
}

impl Descriptor for Routes {
    const NAME: &'static str = "vpp-route";
    const USES: &'static [&'static str] = &[IpRouteAddDel::ID, IpRouteV2Dump::ID];
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Route;
    type Image = Image;
    type Handle = ();
    type Needs = (Option<Ref<Interfaces>>, Option<Ref<Vrfs>>, Option<Ref<Vrfs>>);
    type Reads = (Interfaces, Vrfs);

    fn needs(&self, r: &Route) -> Self::Needs {
        let is_ip6 = r.dst_network.contains(':');
        let table = |id: u32| (id != 0).then(|| Ref::to(&vrf::name(id, is_ip6)));
        let via = if r.r#type() == RouteType::InterVrf { r.via_vrf_id } else { 0 };
        let drop = r.r#type() == RouteType::Drop;
        let interface = (!drop && !r.outgoing_interface.is_empty()).then(|| Ref::to(&r.outgoing_interface));
        (interface, table(r.vrf_id), table(via))
    }
    fn image(&self, r: &Route) -> Result<Image, Invalid> {
        let (address, len) = cidr("dst_network", &r.dst_network)?;
        let network = network(address, len);
        ensure(network == address, "dst_network", &format!("has host bits; the network is {network}/{len}"))?;
        let kind = RouteType::try_from(r.r#type)
            .map_err(|_| Invalid::new("type", "is not a known type of route"))?;
        let next_hop = match r.next_hop_addr.as_str() {
            "" => None,
            text => Some(ip("next_hop_addr", text)?).filter(|hop| !hop.is_unspecified()),
        };
        let byte = |field, n: u32| {
            u8::try_from(n)
                .map_err(|_| Invalid::new(field, format!("{n} is more than VPP takes, which is 255")))
        };
        let drop = kind == RouteType::Drop;
        Ok(Image {
            prefix: Prefix { address: address.into(), len },
            next_hop: next_hop.filter(|_| !drop),
            kind,
            weight: byte("weight", r.weight.max(1))?,
            preference: byte("preference", r.preference)?,
            tables: (r.vrf_id, if kind == RouteType::InterVrf { r.via_vrf_id } else { 0 }),
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
        let spelled = spelled_otherwise(seen);
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
                        let value = spelled.get(&Model::name(&value)).map_or(value, |&wanted| wanted.clone());
                        let meta = || meta(&route.prefix, path);
                        found.push(Found::new(value, ()).foreign_if(foreign).details(seen, meta));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// The network that an address lies in.
fn network(address: IpAddr, len: u8) -> IpAddr {
    match address {
        IpAddr::V4(a) => {
            IpAddr::V4((a.to_bits() & u32::MAX.checked_shl(32 - u32::from(len)).unwrap_or(0)).into())
        }
        IpAddr::V6(a) => {
            IpAddr::V6((a.to_bits() & u128::MAX.checked_shl(128 - u32::from(len)).unwrap_or(0)).into())
        }
    }
}

/// One path as a value. `None` if it goes out of an interface that nobody knows.
fn value(table: u32, prefix: &Prefix, path: &FibPath, names: &HashMap<SwIfIndex, &str>) -> Option<Route> {
    let drop = path.type_ == FibPathType::DROP;
    let through = path.sw_if_index != NO_INTERFACE && !drop;
    let inter = !through && !drop && path.table_id != table;
    let hop = match path.proto {
        FibPathNhProto::IP4 => IpAddr::V4(path.nh.address.ip4().into()),
        _ => IpAddr::V6(path.nh.address.ip6().into()),
    };
    Some(Route {
        r#type: match (drop, inter) {
            (true, _) => RouteType::Drop,
            (_, true) => RouteType::InterVrf,
            _ => RouteType::IntraVrf,
        }
        .into(),
        vrf_id: table,
        dst_network: prefix_text(prefix),
        next_hop_addr: if drop || hop.is_unspecified() { String::new() } else { hop.to_string() },
        outgoing_interface: if through {
            (*names.get(&SwIfIndex(path.sw_if_index))?).to_owned()
        } else {
            String::new()
        },
        weight: path.weight.into(),
        preference: path.preference.into(),
        via_vrf_id: if inter { path.table_id } else { 0 },
    })
}

/// Wanted routes whose key is not the one that a retrieved path has, by that key: a next hop spelled in another way,
/// an explicit `0.0.0.0`, an interface on a drop route.
fn spelled_otherwise<'a>(seen: &Seen<'a>) -> HashMap<String, &'a Route> {
    let plain = |r: &Route| {
        let drop = r.r#type() == RouteType::Drop;
        let hop = r.next_hop_addr.parse::<IpAddr>().ok().filter(|hop| !drop && !hop.is_unspecified());
        Route {
            next_hop_addr: hop.map_or_else(String::new, |hop| hop.to_string()),
            outgoing_interface: if drop { String::new() } else { r.outgoing_interface.clone() },
            ..r.clone()
        }
    };
    let odd = seen.wanted::<Routes>().filter_map(|wanted| {
        let plain = plain(wanted);
        let differs = plain.next_hop_addr != wanted.next_hop_addr
            || plain.outgoing_interface != wanted.outgoing_interface;
        differs.then(|| (Model::name(&plain), wanted))
    });
    odd.collect()
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
