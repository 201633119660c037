//! The laws of `testkit::laws` for every VPP feature, on the simulator or on the VPP that the environment names.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, not in what they call

mod agent;
mod by_hand;
mod ignored;
mod interface;
mod l2;
mod l3;
mod many;
mod refusals;
mod world;

use agent::start;
use std::collections::BTreeSet;
use testkit::laws::{self, Feature};
use testkit::target::Target;

/// Everything that has laws; a descriptor that is missing here fails `every_kind_has_laws`.
fn features() -> Vec<Feature> {
    vec![
        interface::loopbacks(),
        interface::memifs(),
        l3::vrfs(),
        l3::routes(),
        l2::domains(),
        l2::entries(),
        l2::xconnects(),
    ]
}

/// One test per law and feature, so that a failure names both.
macro_rules! laws {
    ($($law:ident)*) => {
        $(mod $law {
            laws!(@ $law loopbacks interface);
            laws!(@ $law memifs interface);
            laws!(@ $law vrfs l3);
            laws!(@ $law routes l3);
            laws!(@ $law domains l2);
            laws!(@ $law entries l2);
            laws!(@ $law xconnects l2);
        })*
    };
    (@ $law:ident $feature:ident $module:ident) => {
        #[tokio::test]
        async fn $feature() {
            testkit::laws::$law(crate::start, &crate::$module::$feature()).await;
        }
    };
}
laws!(adopts takes_over repeats_nothing deletes_all updates_as_created shows_what_was_asked faults_heal restarts_heal);

/// For kinds of which many stand side by side.
mod sets_change_into_sets {
    laws!(@ sets_change_into_sets vrfs l3);
    laws!(@ sets_change_into_sets routes l3);
    laws!(@ sets_change_into_sets entries l2);
}

#[tokio::test]
async fn every_kind_has_laws() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let known = agent.scheduler.descriptors();
    let kinds = known.iter().filter(|kind| !kind.derived);
    let kinds: BTreeSet<&str> = kinds.map(|kind| kind.name).collect();
    let tested = features().iter().map(|feature| feature.descriptor).collect();
    assert_eq!(kinds, tested);
}
