//! Routes that the kernel lists, beside those that are wanted. Pure.
//!
//! There may be very many, and nearly all are as wanted: those are known by what they are, and no value is made of them.

use super::listed::{Kept, Listed};
use super::route::Image;
use crate::interface::{Interfaces, LinkId, state};
use crate::prelude::*;
use foldhash::fast::FixedState;
use model::proto::ligato::linux::l3::Route;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;

/// The interfaces that routes of ours can lead through, each with the table that these are in.
pub(super) struct Outgoing<'s>(HashMap<Netns, HashMap<u32, (&'s str, u32), FixedState>>);

impl<'s> Outgoing<'s> {
    pub fn of(names: &Names<'s, Interfaces>, members: &HashMap<LinkId, (&str, u32)>) -> Self {
        let mut all: HashMap<Netns, HashMap<_, _, _>> = HashMap::new();
        for (at, name) in names.iter() {
            let table = members.get(at).map_or(state::MAIN, |(_, table)| *table);
            all.entry(at.netns.clone()).or_default().insert(at.index, (name, table));
        }
        Outgoing(all)
    }
    /// Those that lead through them, each with the name of its interface.
    pub fn named(&self, netns: &Netns, routes: Vec<Listed>) -> impl Iterator<Item = (&'s str, Listed)> {
        let here = self.0.get(netns);
        routes.into_iter().filter_map(move |listed| {
            let (name, table) = here?.get(&listed.kept.index)?;
            (*table == listed.kept.table).then_some((*name, listed))
        })
    }
}

/// The routes to one network through one interface, and what is wanted of them.
struct Place<'s, W> {
    interface: &'s str,
    network: Net,
    what: What<'s, W>,
}

enum What<'s, W> {
    /// This.
    Wanted(W, &'s Image),
    /// This, and it was found.
    Found(&'s Image),
    /// Something that is not known by what it is alone.
    Unclear,
}

/// What is wanted, by interface and network.
pub(super) struct Expected<'s, W> {
    places: Vec<Place<'s, W>>,
    /// Where each stands, by its hash: there may be very many, and so the index is small.
    index: HashMap<u64, usize, FixedState>,
    /// Those that lead to a network that is allocated.
    allocated: Vec<&'s Route>,
}

/// What stands in the index.
enum Indexed {
    Nothing,
    At(usize),
    /// Another place that has the same hash.
    Another,
}

impl<'s, W> Expected<'s, W> {
    pub fn of(wanted: impl Iterator<Item = (W, &'s Route, &'s Image)>, allocated: &Allocated) -> Self {
        let mut all = Expected { places: Vec::new(), index: HashMap::default(), allocated: Vec::new() };
        for (wanted, value, image) in wanted {
            if !image.has_network() {
                all.allocated.push(value);
            }
            let Some(network) = image.network(allocated) else { continue };
            let what = if image.is_given() { What::Wanted(wanted, image) } else { What::Unclear };
            all.places.push(Place { interface: &value.outgoing_interface, network, what });
        }
        all.index.reserve(all.places.len());
        for at in 0..all.places.len() {
            let Some(place) = all.places.get(at) else { continue };
            let first = *all.index.entry(hash(place.interface, place.network)).or_insert(at);
            // Neither of several can be told by what it is.
            for at in [first, at].into_iter().filter(|_| first != at) {
                if let Some(place) = all.places.get_mut(at) {
                    place.what = What::Unclear;
                }
            }
        }
        all
    }
    /// Those that lead to a network that is allocated.
    pub fn allocated(&self) -> impl Iterator<Item = &'s Route> {
        self.allocated.iter().copied()
    }
    fn look(&self, interface: &str, network: Net) -> Indexed {
        let Some(&at) = self.index.get(&hash(interface, network)) else { return Indexed::Nothing };
        let same = |place: &Place<'_, W>| place.network == network && place.interface == interface;
        if self.places.get(at).is_some_and(same) { Indexed::At(at) } else { Indexed::Another }
    }
}

/// What is listed, sorted as it comes.
pub(super) struct Sorting<'s, W> {
    expected: Expected<'s, W>,
    /// Also what is neither ours nor wanted.
    all: bool,
    /// What is there as wanted, with its place.
    found: Vec<(usize, W)>,
    /// What has to be looked at closer.
    rest: Vec<(&'s str, Listed)>,
}

/// How much was sorted so far.
#[derive(Clone, Copy)]
pub(super) struct Sorted {
    found: usize,
    rest: usize,
}

impl<'s, W> Sorting<'s, W> {
    /// Nothing yet; `all`: also what is neither ours nor wanted is looked at.
    pub fn new(expected: Expected<'s, W>, all: bool) -> Self {
        let found = Vec::with_capacity(expected.places.len());
        Sorting { expected, all, found, rest: Vec::new() }
    }
    pub fn so_far(&self) -> Sorted {
        Sorted { found: self.found.len(), rest: self.rest.len() }
    }
    /// What came after that comes again.
    pub fn back_to(&mut self, Sorted { found, rest }: Sorted) {
        for (at, wanted) in self.found.drain(found..) {
            if let Some(Place { what, .. }) = self.expected.places.get_mut(at)
                && let What::Found(image) = *what
            {
                *what = What::Wanted(wanted, image);
            }
        }
        self.rest.truncate(rest);
    }
    pub fn take(&mut self, listed: impl Iterator<Item = (&'s str, Listed)>) {
        for (interface, listed) in listed {
            let is_it = |image: &Image| *image == Image::listed(&listed);
            let at = match self.expected.look(interface, listed.network) {
                Indexed::Nothing if !self.all && !listed.kept.is_ours() => continue,
                Indexed::At(at) => Some(at),
                Indexed::Nothing | Indexed::Another => None,
            };
            let place = at.and_then(|at| Some((at, &mut self.expected.places.get_mut(at)?.what)));
            match place {
                Some((_, What::Found(_))) => {}
                Some((at, what @ &mut What::Wanted(_, image))) if is_it(image) => {
                    if let What::Wanted(wanted, _) = std::mem::replace(what, What::Found(image)) {
                        self.found.push((at, wanted));
                    }
                }
                _ => self.rest.push((interface, listed)),
            }
        }
    }
    /// What is there as wanted, and what has to be looked at closer.
    pub fn end(self) -> (impl Iterator<Item = W>, Vec<(&'s str, Listed)>) {
        let Sorting { expected, found, mut rest, .. } = self;
        // One of several metrics has the key.
        rest.retain(|(interface, listed)| match expected.look(interface, listed.network) {
            Indexed::At(at) => !matches!(expected.places.get(at), Some(Place { what: What::Found(_), .. })),
            _ => true,
        });
        (found.into_iter().map(|(_, wanted)| wanted), rest)
    }
}

fn hash(interface: &str, network: Net) -> u64 {
    FixedState::default().hash_one((interface, network))
}

/// What is wanted, by key.
pub(super) struct Wishes<'s, D> {
    pub allocated: &'s Allocated,
    /// What leads to a network that is allocated, by the name that it would have if that was written out.
    pub elsewhere: HashMap<String, &'s Route>,
    /// The value of this name.
    pub desired: D,
}

/// What leads to a network that is allocated, by the name that it would have if that was written out.
pub(super) fn elsewhere<'s>(
    wanted: impl Iterator<Item = &'s Route>,
    allocated: &Allocated,
) -> HashMap<String, &'s Route> {
    let elsewhere = wanted.filter(|r| netalloc::is_reference(&r.dst_network));
    let elsewhere = elsewhere.filter_map(|r| {
        let dst_network = Image::of(r).ok()?.meant(allocated)?.network.to_string();
        Some((Model::name(&Route { dst_network, ..r.clone() }), r))
    });
    elsewhere.collect()
}

impl<'s, D: Fn(&str) -> Option<&'s Route>> Wishes<'s, D> {
    /// What is listed as values, each with what else is known of it and whether it is another's; `all`: also what is neither
    /// ours nor wanted.
    pub fn values<'n>(
        &self,
        listed: impl IntoIterator<Item = (&'n str, Listed)>,
        all: bool,
    ) -> Vec<(Route, Kept, bool)> {
        let Wishes { allocated, elsewhere, desired } = self;
        let mut best: HashMap<String, (u8, Route, Kept)> = HashMap::new();
        for (interface, listed) in listed {
            let (kept, route) = (listed.kept, listed.route(interface));
            let (key, ours) = (Model::name(&route), kept.is_ours());
            let told = |r: &Route| Image::of(r).ok()?.meant(allocated);
            let is_it = |wanted: &&Route| {
                **wanted == route || told(wanted).is_some_and(|one| Some(one) == told(&route))
            };
            let (wanted, other) = (desired(&key), elsewhere.get(&key).copied());
            if wanted.is_none() && other.is_none() && !ours && !all {
                continue;
            }
            // Where the same is spelled in another way, it is shown as it was asked for.
            let same = wanted.filter(is_it).or_else(|| other.filter(is_it)).cloned();
            let rank = if same.is_some() { 2 } else { u8::from(ours) };
            let value = same.unwrap_or(route);
            // One of several metrics has the key.
            match best.entry(key) {
                Entry::Vacant(place) => drop(place.insert((rank, value, kept))),
                Entry::Occupied(mut known) if known.get().0 < rank => {
                    drop(known.insert((rank, value, kept)));
                }
                Entry::Occupied(_) => {}
            }
        }
        let found = best.into_iter().filter_map(|(key, (rank, value, kept))| {
            // What others made there is not what was asked for, and not ours to change into it.
            let strange = !kept.is_ours() && rank < 2;
            let claimed = strange && (desired(&key).is_some() || elsewhere.contains_key(&key));
            (!claimed).then_some((value, kept, strange))
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::OURS;
    use super::*;
    use model::proto::ligato::linux::l3::route::Scope;
    use model::proto::ligato::netalloc::IpAllocation;
    use proptest::option::weighted;
    use proptest::prelude::*;
    use proptest::sample::select;
    use std::collections::BTreeMap;

    const SCOPES: [Scope; 4] = [Scope::Global, Scope::Site, Scope::Link, Scope::Host];

    prop_compose! {
        fn listed()(
            interface in select(vec!["left", "right"]),
            network in select(vec![
                "10.1.0.0/16", "10.2.0.0/24", "0.0.0.0/0", "::/0", "2001:db8::/64", "::ffff:10.1.0.0/112",
            ]),
            gateway in select(vec![None, Some("10.1.1.1"), Some("0.0.0.0"), Some("2001:db8::1"), Some("::")]),
            scope in select(SCOPES.to_vec()),
            metric in select(vec![0, 5, 1024]),
            protocol in select(vec![OURS, OURS, 4]),
        ) -> (&'static str, Listed) {
            let (address, len) = network.split_once('/').unwrap();
            let network = Net { address: address.parse().unwrap(), len: len.parse().unwrap() };
            let same = |gateway: &IpAddr| gateway.is_ipv4() == network.address.is_ipv4();
            let gateway = gateway.map(|text| text.parse().unwrap()).filter(same);
            // The kernel tells no scopes of IPv6.
            let scope = if network.address.is_ipv4() { scope } else { Scope::Global };
            let kept = Kept { index: 7, table: state::MAIN, protocol, scope: 0, mtu: 0 };
            (interface, Listed { kept, network, gateway, scope, metric })
        }
    }
    prop_compose! {
        /// A value beside what is listed of it: spelled otherwise in some fields, or something else.
        fn wanted()(
            (interface, listed) in listed(),
            network in weighted(0.3, select(vec![
                "10.1.2.3/16", "2001:DB8:0::7/64", "::ffff:10.1.2.3/112", "alloc:net1/left", "alloc:net2/left",
                "alloc:net3/left",
            ])),
            gateway in weighted(0.3, select(vec![
                "", "0.0.0.0", "::", "10.1.1.1", "2001:DB8:0::1", "alloc:net1/left/GW", "alloc:net3/left/GW",
            ])),
            scope in weighted(0.2, select(SCOPES.to_vec())),
            metric in weighted(0.2, select(vec![0, 5, 1024])),
        ) -> (Route, (&'static str, Listed)) {
            let route = listed.route(interface);
            let route = Route {
                dst_network: network.map_or(route.dst_network, str::to_owned),
                gw_addr: gateway.map_or(route.gw_addr, str::to_owned),
                scope: scope.map_or(route.scope, Into::into),
                metric: metric.unwrap_or(route.metric),
                ..route
            };
            (route, (interface, listed))
        }
    }
    fn allocated() -> Allocated {
        let one = |network: &str, address: &str, gw: &str| IpAllocation {
            network_name: network.to_owned(),
            interface_name: "left".to_owned(),
            address: address.to_owned(),
            gw: gw.to_owned(),
        };
        [&one("net1", "10.1.7.7/16", "10.1.1.1"), &one("net2", "2001:db8::7/64", "")].into_iter().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn what_is_known_by_what_it_is_is_what_values_of_everything_say(
            wanted in prop::collection::vec(wanted(), 0..8),
            others in prop::collection::vec(listed(), 0..8),
            order in any::<prop::sample::Index>(),
            again in any::<prop::sample::Index>(),
        ) {
            let mut there: Vec<_> = wanted.iter().map(|(_, listed)| *listed).chain(others).collect();
            if !there.is_empty() {
                let first = order.index(there.len());
                there.rotate_left(first);
            }
            let valid = |(route, _): (Route, _)| Some((route.name(), (Image::of(&route).ok()?, route)));
            let wanted: BTreeMap<String, (Image, Route)> = wanted.into_iter().filter_map(valid).collect();
            let allocated = allocated();
            let wishes = Wishes {
                allocated: &allocated,
                elsewhere: elsewhere(wanted.values().map(|(_, route)| route), &allocated),
                desired: |name: &str| wanted.get(name).map(|(_, route)| route),
            };
            let slow = wishes.values(there.iter().copied(), false).into_iter();
            let mut slow: Vec<_> = slow.map(|(route, _, strange)| (route, strange)).collect();
            let expected = wanted.values().map(|(image, route)| (route, route, image));
            let mut sorting = Sorting::new(Expected::of(expected, &allocated), false);
            let (first, second) = there.split_at(again.index(there.len() + 1));
            sorting.take(first.iter().copied());
            let before = sorting.so_far();
            // What comes again is the same, or not: the last time counts.
            sorting.take(second.iter().rev().chain(first).copied());
            sorting.back_to(before);
            sorting.take(second.iter().copied());
            let (as_wanted, rest) = sorting.end();
            let as_wanted = as_wanted.map(|route| (route.clone(), false));
            let rest = wishes.values(rest, false).into_iter().map(|(route, _, strange)| (route, strange));
            let mut fast: Vec<_> = as_wanted.chain(rest).collect();
            for found in [&mut fast, &mut slow] {
                found.sort_by_key(|found| format!("{found:?}"));
            }
            prop_assert_eq!(fast, slow);
        }
    }
}
