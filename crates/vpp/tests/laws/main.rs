//! The laws of `testkit::laws` for every VPP feature, on the simulator or on the VPP that the environment names.

#![allow(clippy::unwrap_used)] // clippy.toml allows it in test functions, not in what they call

mod acl;
mod agent;
mod allocated;
mod by_hand;
mod ignored;
mod interface;
mod l2;
mod l3;
mod many;
mod older;
mod plugins;
mod refusals;
mod span;
mod spelling;
mod tunnel;
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
        interface::subs(),
        tunnel::vxlans(),
        tunnel::gpes(),
        tunnel::gres(),
        tunnel::ipips(),
        tunnel::gtpus(),
        tunnel::ipsecs(),
        tunnel::wireguards(),
        interface::afpackets(),
        interface::bonds(),
        interface::taps(),
        interface::dpdks(),
        interface::vmxnet3s(),
        interface::rdmas(),
        interface::unnumbered(),
        interface::allocated(),
        interface::hosts(),
        l3::vrfs(),
        l3::routes(),
        l3::neighbours(),
        l3::teib_entries(),
        l3::l3xconnects(),
        l3::virtual_routers(),
        l3::dhcp_proxies(),
        l3::ip_scan(),
        l3::proxy_arps(),
        l2::domains(),
        l2::entries(),
        l2::xconnects(),
        acl::acls(),
        span::spans(),
    ]
}

/// One test per law and feature, so that a failure names both.
macro_rules! laws {
    ($($law:ident)*) => {
        $(mod $law {
            laws!(@ $law loopbacks interface);
            laws!(@ $law memifs interface);
            laws!(@ $law subs interface);
            laws!(@ $law vxlans tunnel);
            laws!(@ $law gpes tunnel);
            laws!(@ $law gres tunnel);
            laws!(@ $law ipips tunnel);
            laws!(@ $law gtpus tunnel);
            laws!(@ $law ipsecs tunnel);
            laws!(@ $law wireguards tunnel);
            laws!(@ $law afpackets interface);
            laws!(@ $law bonds interface);
            laws!(@ $law taps interface);
            laws!(@ $law dpdks interface);
            laws!(@ $law vmxnet3s interface);
            laws!(@ $law rdmas interface);
            laws!(@ $law unnumbered interface);
            laws!(@ $law allocated interface);
            laws!(@ $law hosts interface);
            laws!(@ $law vrfs l3);
            laws!(@ $law routes l3);
            laws!(@ $law neighbours l3);
            laws!(@ $law teib_entries l3);
            laws!(@ $law l3xconnects l3);
            laws!(@ $law virtual_routers l3);
            laws!(@ $law dhcp_proxies l3);
            laws!(@ $law ip_scan l3);
            laws!(@ $law proxy_arps l3);
            laws!(@ $law domains l2);
            laws!(@ $law entries l2);
            laws!(@ $law xconnects l2);
            laws!(@ $law acls acl);
            laws!(@ $law spans span);
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
    laws!(@ sets_change_into_sets neighbours l3);
    laws!(@ sets_change_into_sets teib_entries l3);
    laws!(@ sets_change_into_sets entries l2);
    laws!(@ sets_change_into_sets acls acl);
    laws!(@ sets_change_into_sets spans span);
}

#[tokio::test]
async fn every_kind_has_laws() {
    let target = Target::new();
    let agent = start(&target.socket(), laws::config()).await;
    let known = agent.scheduler.descriptors();
    let kinds = known.iter().filter(|kind| !kind.derived && kind.southbound == "VPP");
    let kinds: BTreeSet<&str> = kinds.map(|kind| kind.name).collect();
    let tested = features().iter().map(|feature| feature.descriptor).collect();
    assert_eq!(kinds, tested);
}
