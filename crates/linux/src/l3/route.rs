//! Route of Linux: where packets for a network go, in the table of the VRF that the interface is in that they leave by, or else
//! in the main table of its namespace.
//! Config `ligato.linux.l3.Route` · rtnetlink `RTM_…ROUTE`
//!
//! The kernel keeps a number that says who made a route: by it those of ours are known. Those of others, and those that the
//! kernel makes for addresses, are left alone. A network has one route for each metric, whatever interface it leaves by.
//!
//! Network and gateway may be allocated (`alloc:<network>/<interface>`, `alloc:<network>[/<interface>]/GW`).

use super::OURS;
use super::found::{Expected, Outgoing, Sorting, Wishes, elsewhere};
use super::link_route::{LinkGateway, LinkRoute};
use super::listed::{Kept, Listed, read};
use crate::interface::membership::Memberships;
use crate::interface::{Interfaces, LISTING, LinkId, address, namespaces, state};
use crate::netlink::batch::Piece;
use crate::prelude::*;
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use netalloc::{Allocation, NeighbourGateways};
use netlink_packet_core::{NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL};
use netlink_packet_route::AddressFamily;
use netlink_packet_route::route::{
    RouteAttribute, RouteHeader, RouteMessage, RouteProtocol, RouteScope, RouteType,
};

/// What the kernel takes for the metric of a route of IPv6 that has none.
const METRIC_OF_IPV6: u32 = 1024;

/// What the kernel is told, without the interface, before what is allocated is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    network: Source<Net>,
    gateway: Option<Source<IpAddr>>,
    /// How far away it leads; with IPv6 that means nothing.
    scope: Option<RouteScope>,
    metric: u32,
}

/// The same, resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub network: Net,
    gateway: Option<IpAddr>,
    scope: RouteScope,
    metric: u32,
}

/// See the module.
pub struct Routes(pub Linux);

/// Where it leads to.
pub(super) fn destination(r: &Route) -> Result<Source<Net>, Invalid> {
    const FIELD: &str = "dst_network";
    match netalloc::Reference::read(FIELD, &r.dst_network, "")? {
        Some(reference) => Ok(Source::Allocated(reference.into())),
        None => Ok(Source::Given(cidr(FIELD, &r.dst_network)?.network())),
    }
}

/// The gateway, if there is one.
fn gateway(r: &Route) -> Result<Option<Source<IpAddr>>, Invalid> {
    const FIELD: &str = "gw_addr";
    if r.gw_addr.is_empty() {
        return Ok(None);
    }
    if let Some(reference) = netalloc::Reference::gateway(FIELD, &r.gw_addr, &r.outgoing_interface)? {
        return Ok(Some(Source::Allocated(reference.into())));
    }
    let gateway = Some(ip(FIELD, &r.gw_addr)?).filter(|gateway| !gateway.is_unspecified());
    Ok(gateway.map(Source::Given))
}

const NO_SCOPE: &str = "must be given for IPv4: GLOBAL, SITE, LINK or HOST";

fn scope(scope: Scope) -> Option<RouteScope> {
    match scope {
        Scope::Undefined => None,
        Scope::Global => Some(RouteScope::Universe),
        Scope::Site => Some(RouteScope::Site),
        Scope::Link => Some(RouteScope::Link),
        Scope::Host => Some(RouteScope::Host),
    }
}

impl Image {
    pub(super) fn of(r: &Route) -> Result<Image, Invalid> {
        let (network, gateway, scope) = (destination(r)?, gateway(r)?, scope(r.scope()));
        ensure(
            scope != Some(RouteScope::Link) || gateway.is_none(),
            "gw_addr",
            "cannot be given with scope LINK: such networks are reached without a gateway",
        )?;
        let (scope, metric) = match &network {
            Source::Given(network) => {
                let same = match &gateway {
                    Some(Source::Given(gateway)) => gateway.is_ipv4() == network.address.is_ipv4(),
                    _ => true,
                };
                ensure(same, "gw_addr", "is of another IP version than the network")?;
                ensure(scope.is_some() || network.address.is_ipv6(), "scope", NO_SCOPE)?;
                let (scope, metric) = of_version(network.address, scope, r.metric);
                (Some(scope), metric)
            }
            Source::Allocated(_) => (scope, r.metric),
        };
        Ok(Image { network, gateway, scope, metric })
    }
    /// What the kernel was told to list this.
    pub(super) fn listed(listed: &Listed) -> Image {
        let gateway = listed.gateway.filter(|gateway| !gateway.is_unspecified());
        let (scope, metric) = of_version(listed.network.address, scope(listed.scope), listed.metric);
        Image {
            network: Source::Given(listed.network),
            gateway: gateway.map(Source::Given),
            scope: Some(scope),
            metric,
        }
    }
    /// Where it leads to; nothing if that is allocated and not there.
    pub(super) fn network(&self, allocated: &Allocated) -> Option<Net> {
        match &self.network {
            Source::Given(network) => Some(*network),
            Source::Allocated(reference) => Some(allocated.resolve(reference)?.network()),
        }
    }
    /// It is not allocated where it leads to.
    pub(super) fn has_network(&self) -> bool {
        matches!(self.network, Source::Given(_))
    }
    /// Nothing of it is allocated elsewhere.
    pub(super) fn is_given(&self) -> bool {
        let allocated = |gateway: &Source<IpAddr>| matches!(gateway, Source::Allocated(_));
        self.has_network() && !self.gateway.as_ref().is_some_and(allocated)
    }
    /// What is meant once it is known what is allocated.
    fn resolve(self, network: Option<&Allocation>, gateway: Option<&Allocation>) -> Result<Told> {
        let network = self.network.resolve(network, Net::network)?;
        let gateway = self.gateway.map(|source| source.resolve(gateway, |net| net.address)).transpose()?;
        let other = |gateway: IpAddr| gateway.is_ipv4() != network.address.is_ipv4();
        if gateway.is_some_and(other) {
            let cause = format!("gateway and network {network} are allocated in different versions of IP");
            return Err(Error::permanent(cause));
        }
        if network.address.is_ipv4() && self.scope.is_none() {
            return Err(Error::permanent(format!("the network is {network}, and the scope {NO_SCOPE}")));
        }
        let (scope, metric) = of_version(network.address, self.scope, self.metric);
        Ok(Told { network, gateway, scope, metric })
    }
    /// The same with all allocations of now; nothing if one of them is not there.
    pub(super) fn meant(self, allocated: &Allocated) -> Option<Told> {
        let network = self.network(allocated)?;
        let gateway = match self.gateway {
            Some(Source::Allocated(reference)) => Some(allocated.resolve(&reference)?.address),
            Some(Source::Given(gateway)) => Some(gateway),
            None => None,
        };
        let (scope, metric) = of_version(network.address, self.scope, self.metric);
        Some(Told { network, gateway, scope, metric })
    }
}

/// Scope and metric, as the kernel takes them for this version of IP.
fn of_version(network: IpAddr, scope: Option<RouteScope>, metric: u32) -> (RouteScope, u32) {
    match (network.is_ipv4(), metric) {
        (true, metric) => (scope.unwrap_or(RouteScope::Universe), metric),
        (false, 0) => (RouteScope::Universe, METRIC_OF_IPV6),
        (false, metric) => (RouteScope::Universe, metric),
    }
}

impl Told {
    fn message(&self, on: &LinkId, table: u32) -> RouteMessage {
        let mut message = RouteMessage::default();
        message.header = RouteHeader {
            address_family: self.network.address.into(),
            destination_prefix_length: self.network.len,
            // What does not fit stands in an attribute.
            table: u8::try_from(table).unwrap_or(RouteHeader::RT_TABLE_UNSPEC),
            protocol: RouteProtocol::Other(OURS),
            scope: self.scope,
            kind: RouteType::Unicast,
            ..RouteHeader::default()
        };
        message.attributes.push(RouteAttribute::Destination(self.network.address.into()));
        message.attributes.push(RouteAttribute::Oif(on.index));
        if table > u32::from(u8::MAX) {
            message.attributes.push(RouteAttribute::Table(table));
        }
        message.attributes.extend(self.gateway.map(|gateway| RouteAttribute::Gateway(gateway.into())));
        if self.metric != 0 {
            message.attributes.push(RouteAttribute::Priority(self.metric));
        }
        message
    }
    fn add(&self, on: &LinkId, table: u32, flags: u16) -> Request {
        Request::with(Message::NewRoute(self.message(on, table)), NLM_F_CREATE | flags)
    }
    /// Removes one of ours only, which bears our number: one of others that is just the same stays.
    fn remove(&self, on: &LinkId, table: u32) -> Request {
        Request::new(Message::DelRoute(self.message(on, table)))
    }
    fn doing(&self, what: &str) -> String {
        format!("{what} the route to {}", self.network)
    }
}

/// Puts a route in the place of another one. It is not told with `NLM_F_REPLACE`, which would take one of others, too: it comes
/// behind the old one, which leads until it is removed.
async fn replace(old: &Told, new: &Told, on: &LinkId, table: u32) -> Result<(), Refusal> {
    or_gone(on.netns.ask(vec![new.add(on, table, NLM_F_APPEND)]).await, &["EEXIST"])?;
    match on.netns.ask(vec![old.remove(on, table)]).await {
        // What was there is not ours: the new one has to do without its place.
        Err(refusal) if refusal.name() == Some("ESRCH") => {
            let anew = vec![new.remove(on, table), new.add(on, table, NLM_F_EXCL)];
            on.netns.ask(anew).await.map(drop)
        }
        removed => removed.map(drop),
    }
}

/// With what can be done about it.
fn advised(new: &Told, error: Error) -> Error {
    let advice = match (error.code, new.gateway) {
        (Some("ENETUNREACH" | "EHOSTUNREACH"), Some(gateway)) => format!(
            "give the interface an address in the network of {gateway}, or make a route with scope LINK to it"
        ),
        (Some("EEXIST"), _) => {
            "another route to that network has the same metric; give this one another".to_owned()
        }
        _ => return error,
    };
    Error { cause: format!("{}; {advice}", error.cause).into(), ..error }
}

/// What the kernel says when there is nothing to remove.
const GONE: &[&str] = &["ESRCH", "ENODEV", "ENETUNREACH", "ENETDOWN"];

impl Descriptor for Routes {
    const NAME: &'static str = "linux-route";
    const USES: &'static [&'static str] = &[NET_ADMIN];
    const OWNERSHIP: Ownership = Ownership::Marked;
    type Value = Route;
    type Image = Image;
    type Handle = ();
    type Needs = (
        Ref<Interfaces>,
        Ref<state::AdminStates>,
        AnyOf<address::Addresses>,
        Option<AnyOf<address::Addresses>>,
        Option<AnyOf<NeighbourGateways>>,
        (Option<Ref<Allocations>>, Option<Ref<Allocations>>),
    );
    type Reads = (Allocations, Interfaces, Memberships);

    fn needs(&self, r: &Route) -> Self::Needs {
        let on = &r.outgoing_interface;
        let (network, gateway) = (destination(r).ok(), gateway(r).ok().flatten());
        // The gateway is in the network of an address of the interface, or on its link.
        let (through, on_link) = match &gateway {
            None => (None, None),
            Some(Source::Given(gateway)) => (Some(AnyOf::under(&format!("{on}/")).around(*gateway)), None),
            Some(Source::Allocated(gateway)) => {
                (Some(address::allocated(on, &gateway.of_owner())), Some(gateway.on_link()))
            }
        };
        let allocations = (
            network.and_then(|network| network.allocation()),
            gateway.and_then(|gateway| gateway.allocation()),
        );
        (Ref::to(on), state::up_in_table(on), address::any(on), through, on_link, allocations)
    }
    fn image(&self, r: &Route) -> Result<Image, Invalid> {
        ensure(!r.outgoing_interface.is_empty(), "outgoing_interface", "must be named")?;
        Image::of(r)
    }
    fn derive(&self, r: &Route, out: &mut Derived) {
        out.extend(LinkRoute::of(r));
        out.extend(LinkGateway::of(r));
    }
    fn found_elsewhere(&self, r: &Route) -> bool {
        netalloc::is_reference(&r.dst_network) || netalloc::is_reference(&r.gw_addr)
    }
    /// The kernel knows a route by its network and metric. Where it can tell the old one from the new one, the new one stands
    /// beside it for a moment; for one without a gateway it would take any.
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        let same = !moved && (&old.network, old.metric) == (&new.network, new.metric);
        let told_apart = match (&old.network, &old.gateway) {
            (Source::Given(_), Some(Source::Given(gateway))) => {
                new.gateway != Some(Source::Given(*gateway)) || old.scope != new.scope
            }
            (Source::Given(network), None) => network.address.is_ipv4() && old.scope != new.scope,
            _ => false, // nobody may know any more what was allocated
        };
        if same && told_apart { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, (on, table, .., (network, gateway)): Resolved<Self>) -> Made<()> {
        let new = new.resolve(network.as_ref(), gateway.as_ref())?;
        let made = on.netns.ask(vec![new.add(&on, table, NLM_F_EXCL)]).await;
        Ok(made.map(drop).map_err(|refusal| advised(&new, in_words(&new.doing("adding"), refusal)))?)
    }
    async fn update(&self, old: Image, new: Image, (): (), needs: Resolved<Self>) -> Result<()> {
        let (on, table, .., (network, gateway)) = needs;
        let (old, new) = (old.resolve(None, None)?, new.resolve(network.as_ref(), gateway.as_ref())?);
        let replaced = replace(&old, &new, &on, table).await;
        replaced.map_err(|refusal| advised(&new, in_words(&new.doing("replacing"), refusal)))
    }
    async fn delete(
        &self,
        old: Image,
        (): (),
        (on, table, .., (network, gateway)): Resolved<Self>,
    ) -> Result<()> {
        let old = old.resolve(network.as_ref(), gateway.as_ref())?;
        let removed = on.netns.ask(vec![old.remove(&on, table)]).await;
        or_gone(removed, GONE).map_err(|refusal| in_words(&old.doing("removing"), refusal))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let ask = |netns: Netns| {
            [AddressFamily::Inet, AddressFamily::Inet6].map(|family| {
                let mut all = RouteMessage::default();
                all.header.address_family = family;
                (netns.clone(), netns.pieces(Message::GetRoute(all), read))
            })
        };
        // The kernel is asked first: while it answers, it is looked up what is wanted.
        let asked: Vec<_> = namespaces(&names).into_iter().flat_map(ask).collect();
        let allocated = Allocated::of(seen);
        let wanted = seen.expected::<Routes>().map(|wanted| (wanted, wanted.value, wanted.image));
        let expected = Expected::of(wanted, &allocated);
        let elsewhere = match seen.verbose() {
            true => elsewhere(seen.wanted::<Routes>(), &allocated),
            false => elsewhere(expected.allocated(), &allocated),
        };
        let outgoing = Outgoing::of(&names, &state::members(seen));
        let mut sorting = Sorting::new(expected, seen.verbose());
        for (netns, mut pieces) in asked {
            let before = sorting.so_far();
            loop {
                match pieces.next().await {
                    Ok(Some(Piece::More(routes))) => sorting.take(outgoing.named(&netns, routes)),
                    Ok(Some(Piece::Again)) => sorting.back_to(before),
                    Ok(None) => break,
                    Err(Refusal::Gone) => {
                        sorting.back_to(before); // and what was in it
                        break;
                    }
                    Err(refusal) => return Err(in_words(LISTING, refusal)),
                }
            }
        }
        let (as_wanted, rest) = sorting.end();
        let desired = |name: &str| seen.desired::<Route>(name);
        let values = Wishes { allocated: &allocated, elsewhere, desired }.values(rest, seen.verbose());
        let found = values.into_iter().map(|(value, kept, strange)| {
            let meta = || {
                let Kept { index, table, protocol, scope, mtu } = kept;
                json!({
                    "interface_index": index, "link_scope": scope, "protocol": protocol, "mtu": mtu, "table": table,
                })
            };
            Found::new(value, ()).foreign_if(strange).details(seen, meta)
        });
        Ok(as_wanted.map(|wanted| Found::as_wanted(wanted, ())).chain(found).collect())
    }
}

pub(crate) const DUMPS: &[Dump] = &[Dump {
    path: "/dump/linux/v2/routes",
    descriptor: Routes::NAME,
    shape: Shape::List,
    element: |item| Some((String::new(), json!({ "Route": shown(item), "Meta": item.details }))),
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l3::listed::NEW_ROUTE;
    use crate::netlink::frame::append;

    fn route(scope: Scope, dst_network: &str, gw_addr: &str, metric: u32) -> Route {
        let (dst_network, gw_addr) = (dst_network.into(), gw_addr.into());
        Route { outgoing_interface: "left".into(), scope: scope.into(), dst_network, gw_addr, metric }
    }

    #[test]
    fn what_is_wrong_names_the_field() {
        let routes = Routes(Linux::start(crate::Config::new("vpp1")).unwrap());
        let cases = [
            (
                Route { outgoing_interface: String::new(), ..route(Scope::Global, "10.0.0.0/8", "", 0) },
                "outgoing_interface: ",
            ),
            (route(Scope::Undefined, "10.0.0.0/8", "", 0), "scope: must be given for IPv4"),
            (route(Scope::Link, "10.0.0.0/8", "10.1.1.1", 0), "gw_addr: cannot be given with scope LINK"),
            (route(Scope::Global, "10.0.0.0", "", 0), "dst_network: \"10.0.0.0\" has no prefix length"),
            (route(Scope::Global, "10.0.0.0/8", "10.1.1", 0), "gw_addr: \"10.1.1\" is not an IP address"),
            (route(Scope::Global, "10.0.0.0/8", "2001:db8::1", 0), "gw_addr: is of another IP version"),
            (route(Scope::Global, "alloc:net1", "", 0), "dst_network: \"alloc:net1\" names no interface"),
            (
                route(Scope::Global, "10.0.0.0/8", "alloc:net1", 0),
                "gw_addr: \"alloc:net1\" is the address of an",
            ),
        ];
        for (value, reason) in cases {
            let error = routes.image(&value).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{error:?} is not {reason:?}");
        }
        assert!(routes.image(&route(Scope::Undefined, "2001:db8::/64", "", 0)).is_ok());
    }

    #[test]
    fn routes_are_read_back() {
        let netns = Linux::start(crate::Config::new("vpp1")).unwrap().home().clone();
        let on = LinkId { netns, index: 7 };
        for (table, value) in [
            (state::MAIN, route(Scope::Global, "10.2.0.0/16", "10.1.1.1", 5)),
            (10, route(Scope::Link, "10.2.0.1/32", "", 0)),
            (70_000, route(Scope::Global, "0.0.0.0/0", "10.1.1.1", 0)),
            (255, route(Scope::Global, "2001:db8::/64", "2001:db8:1::1", 7)),
        ] {
            let told = Image::of(&value).unwrap().resolve(None, None).unwrap();
            let mut sent = Vec::new();
            append(&mut sent, &Message::NewRoute(told.message(&on, table)), 0, 1);
            let listed = read(NEW_ROUTE, &sent[16..]).unwrap();
            let (kept, route) = (listed.kept, listed.route("left"));
            assert_eq!((kept.index, kept.table, kept.is_ours(), route), (7, table, true, value));
        }
    }

    #[test]
    fn unset_is_what_the_kernel_makes_of_it() {
        let image = |route: Route| Image::of(&route).unwrap();
        let v6 = |metric| image(route(Scope::Global, "2001:db8::1/64", "::", metric));
        assert_eq!(v6(0), v6(1024));
        let v4 = |network, gateway| image(route(Scope::Global, network, gateway, 0));
        assert_eq!(v4("10.2.3.4/16", "0.0.0.0"), v4("10.2.0.0/16", ""));
    }
}
