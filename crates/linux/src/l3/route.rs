//! Route of Linux: where packets for a network go, in the main table of the namespace of the interface that they leave by.
//! Config `ligato.linux.l3.Route` · rtnetlink `RTM_…ROUTE`
//!
//! The kernel keeps a number that says who made a route: by it those of ours are known. Those of others, and those that the
//! kernel makes for addresses, are left alone. A network has one route for each metric, whatever interface it leaves by.

use super::OURS;
use super::link_route::LinkRoute;
use crate::interface::{Interfaces, LinkId, address, of_namespaces, state};
use crate::prelude::*;
use model::proto::ligato::linux::l3::Route;
use model::proto::ligato::linux::l3::route::Scope;
use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE};
use netlink_packet_route::AddressFamily;
use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteFlags, RouteHeader, RouteMessage, RouteProtocol, RouteScope, RouteType,
};

/// What the kernel takes for the metric of a route of IPv6 that has none.
const METRIC_OF_IPV6: u32 = 1024;

/// What the kernel is told, without the interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    network: IpAddr,
    len: u8,
    gateway: Option<IpAddr>,
    /// How far away it leads; always [`RouteScope::Universe`] with IPv6.
    scope: RouteScope,
    metric: u32,
}

/// See the module.
pub struct Routes(pub Linux);

/// The gateway, if there is one.
fn gateway(r: &Route) -> Result<Option<IpAddr>, Invalid> {
    if r.gw_addr.is_empty() {
        return Ok(None);
    }
    ip("gw_addr", &r.gw_addr).map(|gateway| Some(gateway).filter(|gateway| !gateway.is_unspecified()))
}

fn scope(r: &Route) -> Result<RouteScope, Invalid> {
    Ok(match r.scope() {
        Scope::Undefined => {
            return Err(Invalid::new("scope", "must be given for IPv4: GLOBAL, SITE, LINK or HOST"));
        }
        Scope::Global => RouteScope::Universe,
        Scope::Site => RouteScope::Site,
        Scope::Link => RouteScope::Link,
        Scope::Host => RouteScope::Host,
    })
}

impl Image {
    fn of(r: &Route) -> Result<Image, Invalid> {
        let (address, len) = cidr("dst_network", &r.dst_network)?;
        let gateway = gateway(r)?;
        let same = gateway.is_none_or(|gateway| gateway.is_ipv4() == address.is_ipv4());
        ensure(same, "gw_addr", "is of another IP version than the network")?;
        ensure(
            r.scope() != Scope::Link || gateway.is_none(),
            "gw_addr",
            "cannot be given with scope LINK: such networks are reached without a gateway",
        )?;
        let (scope, metric) = match (address.is_ipv4(), r.metric) {
            (true, metric) => (scope(r)?, metric),
            (false, 0) => (RouteScope::Universe, METRIC_OF_IPV6),
            (false, metric) => (RouteScope::Universe, metric),
        };
        Ok(Image { network: network(address, len), len, gateway, scope, metric })
    }
    fn message(&self, on: &LinkId) -> RouteMessage {
        let mut message = RouteMessage::default();
        message.header = RouteHeader {
            address_family: self.network.into(),
            destination_prefix_length: self.len,
            table: RouteHeader::RT_TABLE_MAIN,
            protocol: RouteProtocol::Other(OURS),
            scope: self.scope,
            kind: RouteType::Unicast,
            ..RouteHeader::default()
        };
        message.attributes.push(RouteAttribute::Destination(self.network.into()));
        message.attributes.push(RouteAttribute::Oif(on.index));
        message.attributes.extend(self.gateway.map(|gateway| RouteAttribute::Gateway(gateway.into())));
        if self.metric != 0 {
            message.attributes.push(RouteAttribute::Priority(self.metric));
        }
        message
    }
    fn doing(&self, what: &str) -> String {
        format!("{what} the route to {}/{}", self.network, self.len)
    }
}

/// With what can be done about it.
fn advised(new: &Image, error: Error) -> Error {
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
        Up<state::AdminStates>,
        AnyOf<address::Addresses>,
        Option<AnyOf<address::Addresses>>,
    );
    type Reads = (Interfaces,);

    fn needs(&self, r: &Route) -> Self::Needs {
        let on = &r.outgoing_interface;
        let reach = |gateway| AnyOf::under(&format!("{on}/")).around(gateway);
        (Ref::to(on), state::up(on), address::any(on), gateway(r).ok().flatten().map(reach))
    }
    fn image(&self, r: &Route) -> Result<Image, Invalid> {
        ensure(!r.outgoing_interface.is_empty(), "outgoing_interface", "must be named")?;
        Image::of(r)
    }
    fn derive(&self, r: &Route, out: &mut Derived) {
        out.extend(LinkRoute::of(r));
    }
    /// The kernel knows a route by its network and metric; the rest is replaced.
    fn change(&self, old: &Image, new: &Image, moved: bool) -> Change {
        let same = !moved && (old.network, old.len, old.metric) == (new.network, new.len, new.metric);
        // One of IPv6 with another gateway is another route beside it.
        if same && old.network.is_ipv4() { Change::InPlace } else { Change::Recreate }
    }
    async fn create(&self, new: Image, (on, ..): Resolved<Self>) -> Made<()> {
        let message = Message::NewRoute(new.message(&on));
        let made = on.netns.ask(vec![Request::with(message, NLM_F_CREATE | NLM_F_EXCL)]).await;
        Ok(made.map(drop).map_err(|refusal| advised(&new, in_words(&new.doing("adding"), refusal)))?)
    }
    async fn update(&self, _: Image, new: Image, (): (), (on, ..): Resolved<Self>) -> Result<()> {
        let message = Message::NewRoute(new.message(&on));
        let made = on.netns.ask(vec![Request::with(message, NLM_F_CREATE | NLM_F_REPLACE)]).await;
        made.map(drop).map_err(|refusal| advised(&new, in_words(&new.doing("replacing"), refusal)))
    }
    async fn delete(&self, old: Image, (): (), (on, ..): Resolved<Self>) -> Result<()> {
        let mut message = old.message(&on);
        // One that was there already when it was asked for may bear another number.
        message.header.protocol = RouteProtocol::Unspec;
        let removed = on.netns.ask(vec![Request::new(Message::DelRoute(message))]).await;
        or_gone(removed, GONE).map_err(|refusal| in_words(&old.doing("removing"), refusal))
    }
    async fn retrieve(&self, seen: &Seen<'_>) -> Result<Vec<Found<Self>>> {
        let names = seen.names::<Interfaces>();
        let mut best: HashMap<String, (u8, Route, bool, u32)> = HashMap::new();
        for family in [AddressFamily::Inet, AddressFamily::Inet6] {
            let mut all = RouteMessage::default();
            all.header.address_family = family;
            for (netns, routes) in of_namespaces(&names, Message::GetRoute(all)).await? {
                for (index, ours, mut route) in routes.iter().filter_map(read) {
                    let Some(name) = names.get(&LinkId { netns: netns.clone(), index }) else { continue };
                    (*name).clone_into(&mut route.outgoing_interface);
                    let key = Model::name(&route);
                    let wanted = seen.desired::<Route>(&key);
                    // Where the same is spelled in another way, it is shown as it was asked for.
                    let same = wanted.is_some_and(|wanted| Image::of(wanted).ok() == Image::of(&route).ok());
                    if wanted.is_none() && !ours && !seen.verbose() {
                        continue;
                    }
                    let rank = if same { 2 } else { u8::from(ours) };
                    let value = wanted.filter(|_| same).cloned().unwrap_or(route);
                    // One of several metrics has the key.
                    if best.get(&key).is_none_or(|(known, ..)| *known < rank) {
                        best.insert(key, (rank, value, ours, index));
                    }
                }
            }
        }
        let found = best.into_iter().filter_map(|(key, (rank, value, ours, index))| {
            // What others made there is not what was asked for, and not ours to change into it.
            let strange = !ours && rank < 2;
            if strange && seen.desired::<Route>(&key).is_some() {
                return None;
            }
            let meta = || json!({ "LinuxIfIndex": index, "Protocol": if ours { OURS } else { 0 } });
            Some(Found::new(value, ()).foreign_if(strange).details(seen, meta))
        });
        Ok(found.collect())
    }
}

/// Number of the interface, whether it is ours, and the route, without the name of its interface. Nothing for what this
/// model cannot express.
fn read(message: &Message) -> Option<(u32, bool, Route)> {
    let Message::NewRoute(route) = message else { return None };
    let header = &route.header;
    let cached = header.flags.contains(RouteFlags::Cloned);
    if header.kind != RouteType::Unicast || header.table != RouteHeader::RT_TABLE_MAIN || cached {
        return None;
    }
    let v4 = header.address_family == AddressFamily::Inet;
    let address = |address: &RouteAddress| match address {
        RouteAddress::Inet(address) => Some(IpAddr::V4(*address)),
        RouteAddress::Inet6(address) => Some(IpAddr::V6(*address)),
        _ => None,
    };
    let (mut index, mut destination, mut gateway, mut metric) = (None, None, None, 0);
    for attribute in &route.attributes {
        match attribute {
            RouteAttribute::Oif(oif) => index = Some(*oif),
            RouteAttribute::Destination(to) => destination = address(to),
            RouteAttribute::Gateway(to) => gateway = address(to),
            RouteAttribute::Priority(priority) => metric = *priority,
            RouteAttribute::MultiPath(_) | RouteAttribute::Via(_) | RouteAttribute::NhId(_) => return None,
            _ => {}
        }
    }
    let everywhere = if v4 { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
    let destination = destination.unwrap_or(everywhere);
    if matches!(destination, IpAddr::V6(to) if to.is_unicast_link_local() || to.is_multicast()) {
        return None; // the kernel has those on every interface
    }
    let scope = match header.scope {
        _ if !v4 => Scope::Global,
        RouteScope::Universe => Scope::Global,
        RouteScope::Site => Scope::Site,
        RouteScope::Link => Scope::Link,
        RouteScope::Host => Scope::Host,
        _ => return None,
    };
    let ours = header.protocol == RouteProtocol::Other(OURS);
    let value = Route {
        outgoing_interface: String::new(),
        scope: scope.into(),
        dst_network: format!("{destination}/{}", header.destination_prefix_length),
        gw_addr: gateway.map_or_else(String::new, |gateway| gateway.to_string()),
        metric,
    };
    Some((index?, ours, value))
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
            (route(Scope::Global, "alloc:net1/if", "", 0), "dst_network: is a reference"),
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
        for value in [
            route(Scope::Global, "10.2.0.0/16", "10.1.1.1", 5),
            route(Scope::Link, "10.2.0.1/32", "", 0),
            route(Scope::Global, "0.0.0.0/0", "10.1.1.1", 0),
            route(Scope::Global, "2001:db8::/64", "2001:db8:1::1", 7),
        ] {
            let message = Message::NewRoute(Image::of(&value).unwrap().message(&on));
            let expected = Route { outgoing_interface: String::new(), ..value };
            assert_eq!(read(&message), Some((7, true, expected)));
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
