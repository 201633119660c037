//! The laws of `testkit::laws` for every feature of Linux, each in network namespaces of its own.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, not in what they call

mod agent;
mod chains;
mod containers;
mod faults;
mod features;
mod ignored;
mod killed;
mod many;
mod names;
mod outside;
mod overrun;
mod pairs;
mod places;
mod until;

use model::proto::ligato::linux::interfaces::interface::Type;
use std::collections::BTreeSet;
use testkit::laws::{self, Feature};
use testkit::target::Target;

/// One test per law and feature, so that a failure names both. They need network namespaces, so their names say so.
macro_rules! laws {
    ($($law:ident { $($feature:ident)* })*) => {
        mod in_netns {
            $(mod $law {
                $(#[tokio::test]
                async fn $feature() {
                    testkit::laws::$law(crate::agent::start, &crate::features::$feature()).await;
                })*
            })*
        }
        /// Everything that has laws; a descriptor that is missing here fails `every_kind_has_laws_in_netns`.
        fn features() -> Vec<Feature> {
            use features::{chains, neighbours, routes};
            let types = (0..).map_while(|number| Type::try_from(number).ok()).filter_map(of_type);
            types.chain([routes(), neighbours(), chains()]).collect()
        }
    };
}
// An agent that was not told of another namespace yet does not know what is in it, and one that has not heard of EXISTING
// interfaces does not know which: those are not in `takes_over`.
laws! {
    adopts { pairs pairs_elsewhere loopbacks loopbacks_elsewhere existing dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
    takes_over { loopbacks dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains }
    repeats_nothing { pairs pairs_elsewhere loopbacks loopbacks_elsewhere existing dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
    deletes_all { pairs pairs_elsewhere loopbacks loopbacks_elsewhere existing dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
    updates_as_created { pairs pairs_elsewhere loopbacks loopbacks_elsewhere existing dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
    shows_what_was_asked { pairs pairs_elsewhere loopbacks loopbacks_elsewhere existing dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
    sets_change_into_sets { routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
    faults_heal { pairs pairs_elsewhere loopbacks loopbacks_elsewhere existing dummies vrfs vrf_routes routes neighbours allocated_routes allocated_neighbours chains chains_elsewhere }
}

/// The laws of a type of interface.
fn of_type(of: Type) -> Option<Feature> {
    match of {
        Type::Undefined => None,
        Type::Veth => Some(features::pairs()),
        // It is a TAP of VPP, and here is no VPP: stories look at it.
        Type::TapToVpp => None,
        Type::Loopback => Some(features::loopbacks()),
        Type::Existing => Some(features::existing()),
        Type::VrfDevice => Some(features::vrfs()),
        Type::Dummy => Some(features::dummies()),
    }
}

#[tokio::test]
async fn every_kind_has_laws_in_netns() {
    let target = Target::linux();
    let agent = agent::start(&target.socket(), laws::config()).await;
    let known = agent.scheduler.descriptors();
    let kinds = known.iter().filter(|kind| !kind.derived && kind.name.starts_with("linux-"));
    let kinds: BTreeSet<&str> = kinds.map(|kind| kind.name).collect();
    let tested = features().iter().map(|feature| feature.descriptor).collect();
    assert_eq!(kinds, tested);
}
